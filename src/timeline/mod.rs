//! ([`Center`], date) → [`Timeline`]: what is in force, what is coming, which notices are open.
//!
//! In: documents with their dates, and the day as an argument. Out: a state for every version, notices with both ends, the
//! next day on which any of this changes. Must not know: a clock, texts, pages.

pub mod notice;

use crate::center::{Center, Document, Register, Version};
use crate::memo::GenerationalCache;
use crate::notice::Reckoning;
use crate::source::Digest;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use notice::{Notice, Owed, owed};

/// Where a version is in its life on the timeline's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not announced yet: nothing of it appears anywhere.
    Scheduled,
    Upcoming,
    InForce,
    Superseded,
    Withdrawn,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Scheduled => "scheduled",
            State::Upcoming => "upcoming",
            State::InForce => "in-force",
            State::Superseded => "superseded",
            State::Withdrawn => "withdrawn",
        }
    }
}

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
    /// Announced and to come, soonest first.
    pub upcoming: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Event {
    pub date: Date,
    /// A document's slug, or `register/row`.
    pub of: String,
    pub version: Option<String>,
    pub what: EventKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    Announced,
    TakesEffect,
    Withdrawn,
    ProcessorStarts,
    ProcessorEnds,
}

type Known = (Arc<DocumentTimeline>, Vec<Notice>);

/// What one timeline leaves for the next: documents by their history, their place in the center, the day and the counting.
#[derive(Default)]
pub struct Memory {
    documents: GenerationalCache<(Digest, usize, Date, Reckoning), Known>,
}

impl Timeline {
    pub fn at(center: &Center, date: Date) -> Timeline {
        Timeline::at_again(center, date, &Memory::default())
    }

    /// The same, looking only at documents whose history has changed.
    pub fn at_again(center: &Center, date: Date, memory: &Memory) -> Timeline {
        let at = |(index, document): (usize, &Document)| {
            let reckoning = &center.settings.reckoning;
            memory.documents.get((document.history, index, date, reckoning.clone()), || {
                let timeline = Arc::new(document_at(document, date));
                let notices = notice::of(index, document, &timeline, reckoning, date);
                (timeline, notices)
            })
        };
        let known: Vec<Arc<_>> = center.documents.par_iter().enumerate().map(at).collect();
        memory.documents.end();
        let documents = known.iter().map(|known| known.0.clone()).collect();
        let mut notices: Vec<Notice> = known.iter().flat_map(|known| known.1.iter().cloned()).collect();
        notices.sort_by(|a, b| (b.published, b.effective, a.document).cmp(&(a.published, a.effective, b.document)));
        let events = events(center, date);
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
    /// The version shown at the document's address: in force, else announced.
    pub fn shown(&self) -> Option<usize> {
        self.in_force.or_else(|| self.upcoming.first().copied())
    }

    /// The version that names the document: the one shown, else the last that was announced.
    pub fn naming(&self) -> Option<usize> {
        self.shown().or_else(|| self.visible().next_back())
    }

    pub fn visible(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.states.len()).filter(|index| self.is_visible(*index))
    }

    pub fn is_visible(&self, index: usize) -> bool {
        self.states[index] != State::Scheduled
    }

    /// Versions that applied or will: neither scheduled nor withdrawn.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.states.len()).filter(|index| self.stands(*index))
    }

    /// Whether a version applied or will.
    pub fn stands(&self, index: usize) -> bool {
        !matches!(self.states[index], State::Scheduled | State::Withdrawn)
    }

    /// The first day on which a later version applies, as far as it is known.
    pub fn until(&self, document: &Document, index: usize) -> Option<Date> {
        (index + 1..self.states.len()).find(|later| self.stands(*later)).map(|later| document.versions[later].effective)
    }
}

fn withdrawn(version: &Version, date: Date) -> bool {
    version.withdrawn.as_ref().is_some_and(|withdrawal| withdrawal.date <= date)
}

fn document_at(document: &Document, date: Date) -> DocumentTimeline {
    let published = |version: &Version| version.published <= date;
    let in_force = document
        .versions
        .iter()
        .rposition(|version| published(version) && version.effective <= date && !withdrawn(version, date));
    let states: Vec<State> = document
        .versions
        .iter()
        .enumerate()
        .map(|(index, version)| match () {
            _ if !published(version) => State::Scheduled,
            _ if withdrawn(version, date) => State::Withdrawn,
            _ if version.effective > date => State::Upcoming,
            _ if Some(index) == in_force => State::InForce,
            _ => State::Superseded,
        })
        .collect();
    let upcoming =
        states.iter().enumerate().filter(|(_, state)| **state == State::Upcoming).map(|(index, _)| index).collect();
    DocumentTimeline { states, in_force, upcoming }
}

fn events(center: &Center, date: Date) -> Vec<Event> {
    let mut events = BTreeSet::new();
    let mut add = |on: Date, of: &str, version: Option<&str>, what: EventKind| {
        if on > date {
            events.insert(Event { date: on, of: of.to_string(), version: version.map(str::to_string), what });
        }
    };
    for document in &center.documents {
        for version in &document.versions {
            add(version.published, &document.slug, Some(&version.id), EventKind::Announced);
            let withdrawal = version.withdrawn.as_ref().map(|withdrawal| withdrawal.date);
            if let Some(withdrawal) = withdrawal {
                add(withdrawal, &document.slug, Some(&version.id), EventKind::Withdrawn);
            } else {
                add(version.effective, &document.slug, Some(&version.id), EventKind::TakesEffect);
            }
        }
    }
    for register in center.registers.values().filter(|register| register.page) {
        register_events(register, &mut add);
    }
    events.into_iter().collect()
}

fn register_events(register: &Register, add: &mut impl FnMut(Date, &str, Option<&str>, EventKind)) {
    for row in &register.rows {
        let of = format!("{}/{}", register.name, row.id);
        for (field, what) in [("since", EventKind::ProcessorStarts), ("until", EventKind::ProcessorEnds)] {
            if let Some(on) = row.date(field) {
                add(on, &of, None, what);
            }
        }
    }
}
