//! Notices: how many days are owed, from when, until when.
//!
//! In: a document's versions and their states. Out: the window of each material version; the arithmetic for checks and releases.
//! Must not know: what was delivered to whom.

use super::{DocumentTimeline, State};
use crate::center::{Counting, Document, Significance, Version};
use jiff::ToSpan;
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
    /// Days that are owed, by promise.
    pub days: u32,
    pub open: bool,
    pub withdrawn: Option<Date>,
}

/// The notices that a document has given, as seen on a day.
pub fn of(index: usize, document: &Document, timeline: &DocumentTimeline, date: Date) -> Vec<Notice> {
    timeline
        .visible()
        .filter(|at| document.versions[*at].significance == Some(Significance::Material))
        .filter(|at| !document.versions[*at].imported)
        .map(|at| {
            let version = &document.versions[at];
            let withdrawn = version.withdrawn.as_ref().map(|withdrawal| withdrawal.date).filter(|day| *day <= date);
            Notice {
                document: index,
                version: at,
                published: version.published,
                effective: version.effective,
                days: owed_days(document, at),
                open: timeline.states[at] == State::Upcoming,
                withdrawn,
            }
        })
        .collect()
}

/// The notice that a version owes: the larger of what the version in force on the day of its publication promised and
/// what it states itself.
pub fn owed_days(document: &Document, at: usize) -> u32 {
    let version = &document.versions[at];
    promised_on(document, version.published, Some(at)).max(version.front.notice_days())
}

/// The days promised by the version in force on a day, leaving one version out of account.
pub fn promised_on(document: &Document, day: Date, except: Option<usize>) -> u32 {
    document
        .versions
        .iter()
        .enumerate()
        .rev()
        .filter(|(index, _)| Some(*index) != except)
        .map(|(_, version)| version)
        .find(|version| applied_on(version, day))
        .map_or(0, |version| version.front.notice_days())
}

fn applied_on(version: &Version, day: Date) -> bool {
    version.published <= day
        && version.effective <= day
        && version.withdrawn.as_ref().is_none_or(|withdrawal| withdrawal.date > day)
}

/// The first day on which a version announced on `published` may take effect.
///
/// ```
/// use fineprint::center::Counting;
/// use fineprint::timeline::earliest_effective;
/// use jiff::civil::date;
/// assert_eq!(earliest_effective(date(2026, 11, 21), 14, Counting::ClearDays), date(2026, 12, 6));
/// assert_eq!(earliest_effective(date(2026, 11, 21), 14, Counting::Difference), date(2026, 12, 5));
/// ```
pub fn earliest_effective(published: Date, days: u32, counting: Counting) -> Date {
    let days = match (counting, days) {
        (_, 0) => 0,
        (Counting::ClearDays, days) => i64::from(days) + 1,
        (Counting::Difference, days) => i64::from(days),
    };
    // Saturates at the year 9999, where nobody is owed anything more.
    published.saturating_add(days.days())
}

/// The days of notice that a window gives, counted in the site's way.
pub fn days_given(published: Date, effective: Date, counting: Counting) -> i64 {
    let days = i64::from((effective - published).get_days());
    match counting {
        Counting::ClearDays => (days - 1).max(0),
        Counting::Difference => days,
    }
}
