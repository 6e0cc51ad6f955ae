//! Notices: what is owed and to when, which versions apply until then, what was in force on a day, and what happens next.

use super::life::Lifecycle;
use super::{PromiseText, RecordVersion, Significance, day_of, end_of_day, start_of_day};
use crate::notice::{NoticePeriod, last_dispatch};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// The notice of one version, with everything that applies until it takes effect.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeWindow {
    pub version: String,
    pub announced: Date,
    pub effective: Date,
    /// The versions that apply from now until then, each with the day of the one that follows it.
    pub until_then: Vec<(String, Date)>,
    pub exemption: Option<&'static str>,
    pub last_dispatch: Option<Date>,
}

/// A version that was in force at some time of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    pub version: String,
    pub from: Timestamp,
}

/// Something that happens at an instant, so that a rebuild shows something else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occurrence {
    Published(String),
    TakesEffect(String),
    Ends,
}

impl<T: PromiseText> Lifecycle<T> {
    /// Versions of the chain that are in force at any time from an instant until the version at a place begins.
    pub fn window(&self, place: usize, from: Timestamp) -> impl Iterator<Item = &RecordVersion<T>> {
        let first = self.live().take(place).rposition(|version| version.begins_at() <= from).unwrap_or(0);
        self.live().take(place).skip(first)
    }

    /// The earliest effective date of a version: the latest of what all texts promise that apply between its announcement and
    /// its effect, its own included. None if no notice is owed.
    pub fn earliest(&self, id: &str) -> Option<Date> {
        let version = self.version(id)?;
        self.earliest_if_announced(version, version.notice_from())
    }

    fn earliest_if_announced(&self, version: &RecordVersion<T>, announced: Date) -> Option<Date> {
        let place = self.place(&version.id)?;
        let owes = place > 0 && version.exemption.is_none() && version.significance == Some(Significance::Material);
        if !owes {
            return None;
        }
        let texts = self.window(place, version.announced_at).chain([version]);
        texts.map(|text| text.promises(announced)).max()
    }

    /// The promise that decides the earliest effective date of a version, whether or not it is exempt from it, and that date.
    pub fn promise(&self, id: &str) -> Option<(NoticePeriod, Date)> {
        let version = self.version(id)?;
        let announced = version.notice_from();
        let before: Vec<&RecordVersion<T>> = match self.place(id) {
            Some(place) => self.window(place, version.announced_at).collect(),
            None => version.base.iter().filter_map(|base| self.version(base)).collect(),
        };
        let texts = before.into_iter().chain([version]);
        texts.map(|text| (text.text.notice(), text.promises(announced))).max_by_key(|(_, date)| *date)
    }

    /// The last day on which the announcement may go out without moving the date. With an exemption there is none.
    pub fn last_dispatch(&self, id: &str) -> Option<Date> {
        let version = self.version(id)?;
        self.earliest(id)?;
        last_dispatch(version.effective, |day| self.earliest_if_announced(version, day).unwrap_or(day))
    }

    /// The notices that are open at an instant, in the order in which their versions apply.
    pub fn open_notices(&self, at: Timestamp) -> Vec<NoticeWindow> {
        let open =
            |version: &&RecordVersion<T>| version.noticed && version.public_at() <= at && at < version.begins_at();
        let window = |version: &RecordVersion<T>| NoticeWindow {
            version: version.id.clone(),
            announced: version.notice_from(),
            effective: version.effective,
            until_then: self.until(&version.id, at),
            exemption: version.exemption,
            last_dispatch: self.last_dispatch(&version.id),
        };
        self.live().skip(1).filter(open).map(window).collect()
    }

    /// The versions that apply from an instant until a version begins, each with the day on which the next one takes over.
    /// What begins together with its successor never applies.
    pub fn until(&self, id: &str, at: Timestamp) -> Vec<(String, Date)> {
        let Some(place) = self.place(id) else { return Vec::new() };
        let pairs = self.live().take(place).zip(self.live().skip(1));
        pairs
            .filter(|(version, next)| at < next.begins_at() && version.begins_at() < next.begins_at())
            .map(|(version, next)| (version.id.clone(), next.effective))
            .collect()
    }

    /// True if a version has been announced, with a notice or without, and has not begun.
    pub fn is_open(&self, id: &str, at: Timestamp) -> bool {
        self.version(id).is_some_and(|version| version.public_at() <= at && at < version.begins_at())
            && self.place(id).is_some()
    }

    /// What happens after an instant, by what is known now.
    pub fn occurrences(&self, after: Timestamp) -> BTreeSet<(Timestamp, Occurrence)> {
        let mut out = BTreeSet::new();
        for version in self.live().filter(|version| !version.imported) {
            out.insert((version.public_at(), Occurrence::Published(version.id.clone())));
            out.insert((version.begins_at(), Occurrence::TakesEffect(version.id.clone())));
        }
        out.extend(self.retirement.as_ref().map(|end| (end.ends_at(), Occurrence::Ends)));
        out.retain(|(at, _)| *at > after);
        out
    }

    /// All instants of a day at which another version of the chain takes over, its first one included.
    pub fn turns(&self, day: Date, zone: &TimeZone) -> BTreeSet<Timestamp> {
        let (first, last) = (start_of_day(day, zone), end_of_day(day, zone));
        let begins = self.live().map(RecordVersion::begins_at).filter(|begins| first < *begins && *begins <= last);
        begins.chain([first]).collect()
    }

    /// The last day on which anything of the document is still to come.
    pub fn last_day(&self, zone: &TimeZone) -> Option<Date> {
        self.live().map(|version| day_of(version.begins_at(), zone)).max()
    }
}
