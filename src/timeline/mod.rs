//! ([`Center`], date) → [`Timeline`]: what is in force, what is coming, which notices are open.
//!
//! In: documents with their dates, and the day as an argument. Out: a state for every version, notices with both ends, the
//! next day on which any of this changes. Must not know: a clock, texts, pages.

pub mod notice;

use crate::center::{Center, Document, Promise, Register, Version};
use crate::memo::GenerationalCache;
use crate::record::{Lifecycle, Occurrence, RecordEvent, day_of, end_of_day};
use crate::source::Digest;
use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use crate::record::State;
pub use notice::{Notice, Owed, owed};

#[derive(Clone, Debug)]
pub struct Timeline {
    pub date: Date,
    /// In the order of [`Center::documents`].
    pub documents: Vec<Arc<DocumentTimeline>>,
    /// Open and past, newest first.
    pub notices: Vec<Notice>,
    /// Days after `date` on which a rebuild shows something else, in order, with what happens.
    pub events: Vec<Event>,
}

/// The state of one document's versions; indices are those of [`Document::versions`].
#[derive(Clone, Debug)]
pub struct DocumentTimeline {
    pub states: Vec<State>,
    pub in_force: Option<usize>,
    /// Announced and to come, in the order in which they apply.
    pub upcoming: Vec<usize>,
    /// The last version of a document that has ended.
    pub retired: Option<usize>,
    /// The day on which the document ends or ended, if its end has been announced.
    pub ends: Option<Date>,
    /// The document's life on the record by the timeline's day.
    pub life: Option<Lifecycle<Promise>>,
}

/// Something that happens on a day to a document or to a row of a register.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub date: Date,
    /// A document's name, or `register/row`.
    pub subject: String,
    pub version: Option<String>,
    pub kind: EventKind,
}

impl serde::Serialize for Event {
    /// Members: `date`, `document` or `register` and `row`, `version`, `type`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("date", &self.date)?;
        match self.subject.split_once('/') {
            Some((register, row)) => {
                map.serialize_entry("register", register)?;
                map.serialize_entry("row", row)?;
            }
            None => map.serialize_entry("document", &self.subject)?,
        }
        map.serialize_entry("version", &self.version)?;
        map.serialize_entry("type", &self.kind)?;
        map.end()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    Announced,
    TakesEffect,
    Withdrawn,
    Ends,
    ProcessorStarts,
    ProcessorEnds,
}

type Known = (Arc<DocumentTimeline>, Vec<Notice>);

/// Cache that one timeline leaves for the next: documents by their history, their place in the center and the instant.
#[derive(Default)]
pub struct Memory {
    documents: GenerationalCache<(Digest, usize, Timestamp), Known>,
}

impl Timeline {
    /// The state of a center on a day.
    pub fn at(center: &Center, date: Date) -> Timeline {
        Timeline::at_with(center, date, &Memory::default())
    }

    /// The same with what an earlier timeline left: only documents whose history has changed since are computed.
    pub fn at_with(center: &Center, date: Date, memory: &Memory) -> Timeline {
        let at = end_of_day(date, &center.settings.zone);
        let known = |(index, document): (usize, &Document)| {
            memory.documents.get((document.history, index, at), || {
                let timeline = Arc::new(document_at(document, at));
                let notices = notice::of(index, document, &timeline, at);
                (timeline, notices)
            })
        };
        let known: Vec<Arc<_>> = center.documents.par_iter().enumerate().map(known).collect();
        memory.documents.end();
        let documents: Vec<Arc<_>> = known.iter().map(|known| known.0.clone()).collect();
        let mut notices: Vec<Notice> = known.iter().flat_map(|known| known.1.iter().cloned()).collect();
        notices.sort_by(|a, b| (b.published, b.effective, a.document).cmp(&(a.published, a.effective, b.document)));
        let events = events(center, &documents, date);
        Timeline { date, documents, notices, events }
    }

    pub fn open_notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.iter().filter(|notice| notice.open)
    }

    /// The day for which a document's draft is read: today, or later if an announced version applies only then.
    pub fn draft_day(&self, center: &Center, document: usize) -> Date {
        let announced = self.documents[document].upcoming.last();
        announced.map_or(self.date, |version| center.documents[document].versions[*version].effective)
    }

    /// The next day on which a rebuild is due.
    pub fn next_change(&self) -> Option<Date> {
        self.events.first().map(|event| event.date)
    }
}

impl DocumentTimeline {
    /// The version shown at the document's address: in force, else the last of an ended document, else announced.
    pub fn shown(&self) -> Option<usize> {
        self.in_force.or(self.retired).or_else(|| self.upcoming.first().copied())
    }

    /// The version that names the document: the one shown, else the last that was announced.
    pub fn naming(&self) -> Option<usize> {
        self.shown().or_else(|| self.visible().next_back())
    }

    pub fn visible(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.states.len()).filter(|index| self.is_visible(*index))
    }

    pub fn is_visible(&self, index: usize) -> bool {
        self.states[index].is_visible()
    }

    /// Versions that applied or will: neither withdrawn nor amended, nor scheduled.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.states.len()).filter(|index| self.stands(*index))
    }

    /// True if a version applied or will.
    pub fn stands(&self, index: usize) -> bool {
        self.states[index].stands()
    }

    /// The neighbors of a version among those that stand. What was withdrawn or amended is next to nothing that applies.
    pub fn before(&self, index: usize) -> Option<usize> {
        (0..index).rev().find(|before| self.stands(*before))
    }

    pub fn after(&self, index: usize) -> Option<usize> {
        (index + 1..self.states.len()).find(|after| self.stands(*after))
    }

    /// The first day on which the version does not apply any more, as far as it is known. None for one that never applied.
    pub fn until(&self, document: &Document, index: usize) -> Option<Date> {
        if !self.stands(index) {
            return None;
        }
        let next = self.after(index).map(|after| document.versions[after].effective);
        next.or(self.ends)
    }
}

fn document_at(document: &Document, at: Timestamp) -> DocumentTimeline {
    let life = Lifecycle::at(document.entries.iter(), at);
    let state = |version: &Version| life.as_ref()?.state(&version.id, at);
    let states: Vec<State> =
        document.versions.iter().map(|version| state(version).unwrap_or(State::Scheduled)).collect();
    let every = |wanted: State| states.iter().enumerate().filter(move |(_, state)| **state == wanted).map(|(at, _)| at);
    DocumentTimeline {
        in_force: every(State::InForce).next(),
        upcoming: every(State::Upcoming).collect(),
        retired: every(State::Retired).next(),
        ends: life.as_ref().and_then(|life| life.retirement.as_ref()).map(|end| end.on),
        states,
        life,
    }
}

fn events(center: &Center, documents: &[Arc<DocumentTimeline>], date: Date) -> Vec<Event> {
    let mut events = BTreeSet::new();
    let mut add = |on: Date, subject: &str, version: Option<&str>, kind: EventKind| {
        if on > date {
            events.insert(Event { date: on, subject: subject.to_string(), version: version.map(str::to_string), kind });
        }
    };
    let at = end_of_day(date, &center.settings.zone);
    for (document, timeline) in center.documents.iter().zip(documents) {
        for (instant, occurrence) in timeline.life.iter().flat_map(|life| life.occurrences(at)) {
            let (version, what) = match &occurrence {
                Occurrence::Published(id) => (Some(id.as_str()), EventKind::Announced),
                Occurrence::TakesEffect(id) => (Some(id.as_str()), EventKind::TakesEffect),
                Occurrence::Ends => (None, EventKind::Ends),
            };
            add(day_of(instant, &center.settings.zone), &document.slug, version, what);
        }
    }
    for document in &center.documents {
        later_acts(document, at, |on, version, what| {
            add(day_of(on, &center.settings.zone), &document.slug, Some(version), what);
        });
    }
    for register in center.registers.values().filter(|register| register.page) {
        register_events(register, &mut add);
    }
    events.into_iter().collect()
}

/// Adds what has been recorded since, if the ledger is read as of an earlier day.
fn later_acts(document: &Document, at: Timestamp, mut add: impl FnMut(Timestamp, &str, EventKind)) {
    for entry in document.entries.iter().filter(|entry| entry.recorded > at) {
        match &entry.event {
            RecordEvent::Version(version) if !version.imported => {
                add(version.public_at(), &version.id, EventKind::Announced);
                add(version.begins_at(), &version.id, EventKind::TakesEffect);
            }
            RecordEvent::Withdraw(version) => add(entry.recorded, version, EventKind::Withdrawn),
            _ => {}
        }
    }
}

fn register_events(register: &Register, add: &mut impl FnMut(Date, &str, Option<&str>, EventKind)) {
    for row in &register.rows {
        let subject = format!("{}/{}", register.name, row.id);
        for (field, kind) in [("since", EventKind::ProcessorStarts), ("until", EventKind::ProcessorEnds)] {
            if let Some(on) = row.date(field) {
                add(on, &subject, None, kind);
            }
        }
    }
}
