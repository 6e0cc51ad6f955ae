//! Notices: what was promised, what was given, from when, until when.
//!
//! In: a document's versions and their states, and how days are counted. Out: the window of each material version, and what it
//! has to keep. Must not know: what was delivered to whom.

use super::{DocumentTimeline, State};
use crate::center::{Document, FrontMatter, Significance, Version};
use crate::notice::{NoticePeriod, Reckoning};
use jiff::civil::Date;

/// The announcement of a material version, open from `published` until `effective`.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Index into the center's documents.
    pub document: usize,
    /// Index into the document's versions.
    pub version: usize,
    pub published: Date,
    /// The first day on which the notice is over and the version applies.
    pub effective: Date,
    /// The period that the texts promise, and its length in this window.
    pub promised: NoticePeriod,
    pub days_promised: u32,
    /// What the window gives, in days of the calendar.
    pub days_given: u32,
    /// What the window gives where that is less than was promised: an exemption or a correction shortened it.
    pub shortened_to: Option<NoticePeriod>,
    pub open: bool,
    pub withdrawn: Option<Date>,
}

/// The notices that a document has given, as seen on a day.
pub fn of(
    index: usize,
    document: &Document,
    timeline: &DocumentTimeline,
    reckoning: &Reckoning,
    date: Date,
) -> Vec<Notice> {
    timeline
        .visible()
        .filter(|at| document.versions[*at].significance == Some(Significance::Material))
        .filter(|at| !document.versions[*at].imported)
        .map(|at| {
            let version = &document.versions[at];
            let withdrawn = version.withdrawn.as_ref().map(|withdrawal| withdrawal.date).filter(|day| *day <= date);
            let Owed { period: promised, earliest } = owed(document, at, reckoning);
            let (published, effective) = (version.published, version.effective);
            Notice {
                document: index,
                version: at,
                published,
                effective,
                promised,
                days_promised: reckoning.days_promised(published, promised),
                days_given: reckoning.days_given(published, effective),
                shortened_to: (effective < earliest).then(|| reckoning.given(published, effective, promised.unit)),
                open: timeline.states[at] == State::Upcoming,
                withdrawn,
            }
        })
        .collect()
}

/// The notice that a version has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The promise that reaches furthest.
    pub period: NoticePeriod,
    /// The first day of effect that it allows.
    pub earliest: Date,
}

impl Owed {
    /// Returns the promise that gives the latest date when announced on a day. Dates are compared, not numbers: 15 business
    /// days reach further than two weeks.
    pub fn latest(promises: &[NoticePeriod], announced: Date, reckoning: &Reckoning) -> Owed {
        let dated = promises
            .iter()
            .map(|period| Owed { period: *period, earliest: reckoning.earliest_effective(announced, *period) });
        dated.max_by_key(|owed| owed.earliest).unwrap_or(Owed { period: NoticePeriod::NONE, earliest: announced })
    }
}

/// Returns the notice that a version has to keep: the later of the dates that the version in force on the day of its
/// publication promised and that it states itself.
pub fn owed(document: &Document, at: usize, reckoning: &Reckoning) -> Owed {
    let version = &document.versions[at];
    let promises = [promised_on(document, version.published, Some(at)), version.front.notice()];
    Owed::latest(&promises, version.published, reckoning)
}

/// Returns the notice that a release of the draft would have to keep if it were announced on a day.
pub fn owed_by_draft(document: &Document, announced: Date, reckoning: &Reckoning) -> Owed {
    of_draft(document, announced, reckoning, FrontMatter::notice)
}

/// Returns the notice that the text in force and the draft promise before a new processor starts.
pub fn owed_before_processor(document: &Document, announced: Date, reckoning: &Reckoning) -> Owed {
    of_draft(document, announced, reckoning, FrontMatter::notice_subprocessors)
}

fn of_draft(
    document: &Document,
    announced: Date,
    reckoning: &Reckoning,
    promise: fn(&FrontMatter) -> NoticePeriod,
) -> Owed {
    let fronts = [in_force_on(document, announced, None), document.draft.as_ref().map(|draft| &draft.front)];
    let promises: Vec<NoticePeriod> = fronts.into_iter().flatten().map(promise).collect();
    Owed::latest(&promises, announced, reckoning)
}

/// Returns the day on which a material change of the draft takes effect if it is announced on a day: not before its notice
/// has run, nor before the versions that are announced already.
pub fn first_day_of_draft(document: &Document, announced: Date, reckoning: &Reckoning) -> Date {
    on_top(document, owed_by_draft(document, announced, reckoning).earliest)
}

/// Returns the first day from `earliest` on that is free for a version on top of those that stand.
pub fn on_top(document: &Document, earliest: Date) -> Date {
    let last = document.versions.iter().rfind(|version| version.withdrawn.is_none());
    let mut day = last.map_or(earliest, |last| earliest.max(last.effective.tomorrow().unwrap_or(Date::MAX)));
    // Names of withdrawn versions are taken for good.
    while day < Date::MAX && document.version(&day.to_string()).is_some() {
        day = day.tomorrow().unwrap_or(Date::MAX);
    }
    day
}

fn promised_on(document: &Document, day: Date, except: Option<usize>) -> NoticePeriod {
    in_force_on(document, day, except).map_or(NoticePeriod::NONE, FrontMatter::notice)
}

/// Returns the front matter of the version in force on a day, leaving one version out of account.
fn in_force_on(document: &Document, day: Date, except: Option<usize>) -> Option<&FrontMatter> {
    let others = document.versions.iter().enumerate().rev().filter(|(index, _)| Some(*index) != except);
    others.map(|(_, version)| version).find(|version| applied_on(version, day)).map(|version| &version.front)
}

fn applied_on(version: &Version, day: Date) -> bool {
    version.published <= day
        && version.effective <= day
        && version.withdrawn.as_ref().is_none_or(|withdrawal| withdrawal.date > day)
}
