//! Notices: what was promised, what was given, from when, until when.
//!
//! In: a document's versions and what the record says of them by an instant. Out: the window of each version that was announced
//! as material, and what it has to keep. Must not know: what was delivered to whom.

use super::{DocumentTimeline, State};
use crate::center::{Document, FrontMatter};
use crate::notice::{NoticePeriod, Reckoning};
use crate::record::{day_of, start_of_day};
use jiff::Timestamp;
use jiff::civil::Date;

/// The announcement of a material version, open from the day on which its change was first announced until it takes effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Index into the center's documents.
    pub document: usize,
    /// Index into the document's versions.
    pub version: usize,
    /// The day on which the change was first announced, also where its words were frozen again later.
    pub published: Date,
    /// The first day on which the notice is over and the version applies.
    pub effective: Date,
    /// The period that the texts promise, and its length in this window.
    pub promised: NoticePeriod,
    pub days_promised: u32,
    /// Length of the window, in days of the calendar.
    pub days_given: u32,
    /// The notice given, if an exemption or a correction made it shorter than promised.
    pub shortened_to: Option<NoticePeriod>,
    pub open: bool,
    pub withdrawn: Option<Date>,
    /// The version that has its place, if it was amended.
    pub heir: Option<usize>,
    /// Versions that apply until then, each with the day of the next, in order.
    pub until_then: Vec<(usize, Date)>,
    /// The last day on which the announcement may go out without moving the date.
    pub last_dispatch: Option<Date>,
}

/// The notices that a document has given, as seen at an instant.
pub fn of(index: usize, document: &Document, timeline: &DocumentTimeline, at: Timestamp) -> Vec<Notice> {
    let Some(life) = &timeline.life else { return Vec::new() };
    let place = |id: &str| document.versions.iter().position(|version| version.id == id);
    let mut notices = Vec::new();
    for version in timeline.visible() {
        let frozen = &document.versions[version];
        let Some(known) = life.version(&frozen.id).filter(|known| known.noticed) else { continue };
        let Some((promised, earliest)) = life.promise(&frozen.id) else { continue };
        let (published, effective) = (known.notice_from(), known.effective);
        let gone = life.gone.get(&frozen.id);
        let reckoning = &frozen.reckoning;
        let until_then = life.until(&frozen.id, at.max(known.public_at()));
        notices.push(Notice {
            document: index,
            version,
            published,
            effective,
            promised,
            days_promised: reckoning.days_promised(published, promised),
            days_given: reckoning.days_given(published, effective),
            shortened_to: (effective < earliest).then(|| reckoning.given(published, effective, promised.unit)),
            open: timeline.states[version] == State::Upcoming,
            withdrawn: gone.filter(|gone| gone.heir.is_none()).map(|gone| day_of(gone.at, &frozen.zone)),
            heir: gone.and_then(|gone| gone.heir.as_deref()).and_then(place),
            until_then: until_then.iter().filter_map(|(id, day)| Some((place(id)?, *day))).collect(),
            last_dispatch: life.last_dispatch(&frozen.id),
        });
    }
    notices
}

/// The notice that a version has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The promise that reaches furthest.
    pub period: NoticePeriod,
    /// The first day of effect that it allows.
    pub earliest: Date,
}

/// Returns the notice that a version has to keep: the latest of the dates that are promised by every text that applies between
/// its announcement and its effect, and by itself.
pub fn owed(document: &Document, at: usize) -> Owed {
    let version = &document.versions[at];
    let promise = document.life().and_then(|life| life.promise(&version.id));
    let (period, earliest) = promise.unwrap_or((version.front.notice(), version.effective));
    Owed { period, earliest }
}

/// Returns the notice that a release of the draft would have to keep if it were announced on a day, after everything that is
/// announced already.
pub fn owed_by_draft(document: &Document, announced: Date, reckoning: &Reckoning) -> Owed {
    let mut owed = owed_for(document, announced, reckoning, FrontMatter::notice);
    let top = document.life().and_then(|life| life.top().map(|top| top.effective));
    owed.earliest = owed.earliest.max(top.unwrap_or(announced));
    owed
}

/// Returns the notice that the texts that will have applied by then and the draft promise before a new processor starts.
pub fn owed_before_processor(document: &Document, announced: Date, reckoning: &Reckoning) -> Owed {
    owed_for(document, announced, reckoning, FrontMatter::notice_subprocessors)
}

/// Returns the latest date that one of a document's promises asks for, with the promise that does: those of the draft, and of
/// each version that applies on the way.
fn owed_for(
    document: &Document,
    announced: Date,
    reckoning: &Reckoning,
    promise: fn(&FrontMatter) -> NoticePeriod,
) -> Owed {
    let stated = document.draft.as_ref().map_or(NoticePeriod::NONE, |draft| promise(&draft.front));
    let mut owed = Owed { period: stated, earliest: reckoning.earliest_effective(announced, stated) };
    let Some(life) = document.life() else { return owed };
    let from = life.top().map_or(Timestamp::MAX, |top| start_of_day(announced, &top.zone));
    for version in life.window(life.chain.len(), from) {
        let Some(frozen) = document.version(&version.id) else { continue };
        let period = promise(&frozen.front);
        let earliest = version.reckoning.earliest_effective(announced, period);
        if earliest > owed.earliest {
            owed = Owed { period, earliest };
        }
    }
    owed
}
