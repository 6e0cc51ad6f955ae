//! A version as the rules see it: its dates as instants, and the ground on which it stands.

use super::PromiseText;
use crate::notice::Reckoning;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// How much a version changes for its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Significance {
    Material,
    /// The meaning changes, but not materially.
    Minor,
    /// Typos and style.
    Editorial,
}

impl Significance {
    pub const NAMES: &'static [&'static str] = &["material", "minor", "editorial"];

    pub fn name(self) -> &'static str {
        Significance::NAMES[self as usize]
    }

    pub fn named(name: &str) -> Option<Significance> {
        use Significance::{Editorial, Material, Minor};
        [Material, Minor, Editorial].into_iter().find(|significance| significance.name() == name)
    }

    /// The graver of two.
    pub fn graver(self, other: Significance) -> Significance {
        self.min(other)
    }
}

/// Grounds on which a material change may take effect before its notice has run.
pub const EXEMPTIONS: &[&str] = &["legal-obligation", "security", "user-benefit", "waived-by-users"];

/// A frozen release of a document.
#[derive(Clone, Debug)]
pub struct RecordVersion<T> {
    pub id: String,
    /// The version that it follows and with which its change was compared. None for a first version.
    pub base: Option<String>,
    /// The version whose place it takes, because that one was amended or frozen again.
    pub amends: Option<String>,
    /// How grave the amendment alone is. None if these words were only frozen again around the same change.
    pub amendment: Option<Significance>,
    pub recorded: Timestamp,
    /// The first day on which these words can be seen.
    pub published: Date,
    pub effective: Date,
    /// Where its days begin.
    pub zone: TimeZone,
    /// How it counts its notice.
    pub reckoning: Reckoning,
    /// None for a first version, and for an imported one of which nobody has said it.
    pub significance: Option<Significance>,
    /// One of [`EXEMPTIONS`].
    pub exemption: Option<&'static str>,
    pub imported: bool,
    pub text: T,
    /// The instant from which its change has been announced: kept when the version is frozen again.
    pub announced_at: Timestamp,
    /// A notice was opened for it. Stays true when its significance is corrected downwards.
    pub noticed: bool,
    /// It was corrected to material after it took effect: no notice was given.
    pub missed: bool,
}

impl<T> RecordVersion<T> {
    /// The instant from which anybody can see it.
    pub fn public_at(&self) -> Timestamp {
        let start = start_of_day(self.published, &self.zone);
        if self.imported { start } else { start.max(self.recorded) }
    }

    /// The instant from which it applies: its day's first, but never before it was published. Nobody is bound backwards, not
    /// even for hours.
    pub fn begins_at(&self) -> Timestamp {
        let start = start_of_day(self.effective, &self.zone);
        if self.imported { start } else { start.max(self.public_at()) }
    }

    /// The day of its announcement, where its own days begin.
    pub fn notice_from(&self) -> Date {
        day_of(self.announced_at, &self.zone)
    }
}

impl<T: PromiseText> RecordVersion<T> {
    /// The earliest day of effect that this text promises after an announcement.
    pub fn promises(&self, announced: Date) -> Date {
        self.reckoning.earliest_effective(announced, self.text.notice())
    }
}

/// 00:00, or the first instant after it where clocks skip that hour. The calendar's last instants stand for those beyond it.
pub fn start_of_day(day: Date, zone: &TimeZone) -> Timestamp {
    zone.to_zoned_datetime(day.at(0, 0, 0, 0))
        .map_or(if day.year() > 0 { Timestamp::MAX } else { Timestamp::MIN }, |zoned| zoned.timestamp())
}

pub fn end_of_day(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.tomorrow().map_or(Timestamp::MAX, |next| start_of_day(next, zone));
    next.saturating_sub(1.second()).unwrap_or(Timestamp::MAX)
}

pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The day itself, or the next one where the zone skipped it.
pub fn existing(day: Date, zone: &TimeZone) -> Date {
    day.max(day_of(start_of_day(day, zone), zone))
}
