//! A promised length of notice: how it is written, read and compared.

use super::Reckoning;
use crate::words::{self, Duration, Language, Unit};
use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

/// The unit in which a notice is promised. Units are never converted: a month is not thirty days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoticeUnit {
    Day,
    /// Monday to Friday without the days that the company names.
    BusinessDay,
    Week,
    Month,
}

/// A number of days, business days, weeks or months. Zero is no promise at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoticePeriod {
    pub count: u32,
    pub unit: NoticeUnit,
}

/// Why a text is not a notice period; the display says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticePeriodError {
    #[error("write a length with its unit: \"15 days\", \"10 business days\", \"2 weeks\" or \"1 month\"")]
    NotALength,
    #[error("write {0}")]
    Meant(String),
    #[error("write at most {0}")]
    TooLong(NoticePeriod),
}

impl NoticeUnit {
    const ALL: [(NoticeUnit, &'static str, &'static str); 4] = [
        (NoticeUnit::Day, "day", "duration.day"),
        (NoticeUnit::BusinessDay, "business day", "duration.business-day"),
        (NoticeUnit::Week, "week", "duration.week"),
        (NoticeUnit::Month, "month", "duration.month"),
    ];

    fn name(self) -> &'static str {
        NoticeUnit::ALL[self as usize].1
    }

    /// About ten years: no policy promises more, and a typo should not move a date into another age.
    fn longest(self) -> u32 {
        match self {
            NoticeUnit::Day => 3_660,
            NoticeUnit::BusinessDay => 2_600,
            NoticeUnit::Week => 520,
            NoticeUnit::Month => 120,
        }
    }
}

impl NoticePeriod {
    /// The period of a document that names none.
    pub const DEFAULT: NoticePeriod = NoticePeriod::days(14);
    pub const NONE: NoticePeriod = NoticePeriod::days(0);

    pub const fn new(count: u32, unit: NoticeUnit) -> NoticePeriod {
        NoticePeriod { count, unit }
    }

    pub const fn days(count: u32) -> NoticePeriod {
        NoticePeriod::new(count, NoticeUnit::Day)
    }

    /// True if nothing is promised: the version may take effect at once.
    pub fn is_none(self) -> bool {
        self.count == 0
    }

    /// True if both give the same dates on every day. Two weeks are fourteen days; a month is not thirty.
    pub fn is_same_as(self, other: NoticePeriod) -> bool {
        self.normal() == other.normal() || (self.is_none() && other.is_none())
    }

    /// The period before the word "notice": "15 days'", "1 month's".
    pub fn possessive(self) -> String {
        format!("{self}{}", if self.count == 1 { "'s" } else { "'" })
    }

    fn normal(self) -> (NoticeUnit, u32) {
        match self.unit {
            NoticeUnit::Week => (NoticeUnit::Day, self.count * 7),
            unit => (unit, self.count),
        }
    }

    /// True if an announcement on `day` would run for a shorter time than `other`. Dates are compared, not numbers: 15 business
    /// days are longer than two weeks.
    pub fn is_shorter_on(self, other: NoticePeriod, day: Date, reckoning: &Reckoning) -> bool {
        reckoning.earliest_effective(day, self) < reckoning.earliest_effective(day, other)
    }

    /// True if there is a day on which an announcement would run for a shorter time than `other`.
    ///
    /// For the question whether a promise was weakened, where no day of announcement is at hand. "1 month" can be shorter
    /// than "30 days" (in February), and "30 days" can be shorter than "1 month" (in January).
    pub fn can_be_shorter_than(self, other: NoticePeriod) -> bool {
        let ((unit, count), (other_unit, other_count)) = (self.normal(), other.normal());
        if unit == other_unit || self.is_none() || other.is_none() {
            return count < other_count;
        }
        // Weekdays and lengths of months repeat together every 28 years.
        let reckoning = Reckoning::default();
        let first = jiff::civil::date(2024, 1, 1);
        (0..28 * 366).any(|day| self.is_shorter_on(other, first.saturating_add(day.days()), &reckoning))
    }

    /// The period in the language of a reader: `10 business days`, `1 mes`.
    pub fn words(self, language: &Language) -> String {
        let (_, _, key) = NoticeUnit::ALL[self.unit as usize];
        words::length(language, key, self.count).unwrap_or_else(|| self.to_string())
    }

    /// The same length as the registers know it. None for business days, which no other fact has.
    pub fn duration(self) -> Option<Duration> {
        let unit = match self.unit {
            NoticeUnit::Day => Unit::Day,
            NoticeUnit::Week => Unit::Week,
            NoticeUnit::Month => Unit::Month,
            NoticeUnit::BusinessDay => return None,
        };
        Some(Duration { count: self.count, unit })
    }
}

impl Default for NoticePeriod {
    fn default() -> Self {
        NoticePeriod::DEFAULT
    }
}

impl FromStr for NoticePeriod {
    type Err = NoticePeriodError;

    /// Reads `15 days`, `10 business days`, `2 weeks`, `1 month`, or ISO 8601 of one unit (`P15D`, `P1M`).
    fn from_str(text: &str) -> Result<NoticePeriod, NoticePeriodError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let period = match words[..] {
            [count, kind, "day" | "days"] => {
                let count =
                    format!("{count} days").parse::<Duration>().map_err(|_| NoticePeriodError::NotALength)?.count;
                match kind {
                    "business" => NoticePeriod::new(count, NoticeUnit::BusinessDay),
                    "working" => {
                        let meant = NoticePeriod::new(count, NoticeUnit::BusinessDay);
                        return Err(NoticePeriodError::Meant(format!("\"{meant}\"")));
                    }
                    "calendar" => {
                        return Err(NoticePeriodError::Meant(format!("\"{}\"", NoticePeriod::days(count))));
                    }
                    _ => return Err(NoticePeriodError::NotALength),
                }
            }
            _ => NoticePeriod::of(&text.parse().map_err(|_| NoticePeriodError::NotALength)?)?,
        };
        let longest = period.unit.longest();
        match period.count <= longest {
            true => Ok(period),
            false => Err(NoticePeriodError::TooLong(NoticePeriod::new(longest, period.unit))),
        }
    }
}

impl NoticePeriod {
    fn of(length: &Duration) -> Result<NoticePeriod, NoticePeriodError> {
        let unit = match length.unit {
            Unit::Day => NoticeUnit::Day,
            Unit::Week => NoticeUnit::Week,
            Unit::Month => NoticeUnit::Month,
            Unit::Year => {
                let months = NoticePeriod::new(length.count.saturating_mul(12), NoticeUnit::Month);
                return Err(NoticePeriodError::Meant(format!("\"{months}\"")));
            }
            Unit::Hour => {
                let days = NoticePeriod::days(length.count.div_ceil(24));
                return Err(NoticePeriodError::Meant(format!("whole days, such as \"{days}\"")));
            }
        };
        Ok(NoticePeriod::new(length.count, unit))
    }
}

impl fmt::Display for NoticePeriod {
    /// In English, the way that files write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.count, self.unit.name(), if self.count == 1 { "" } else { "s" })
    }
}

impl serde::Serialize for NoticePeriod {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
