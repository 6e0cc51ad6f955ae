//! From the day of an announcement to the first day of effect, and back.

use super::{NoticePeriod, NoticeUnit};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use std::sync::Arc;

/// How days of notice are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// The day of the announcement is not counted, and the last day counts whole: P + N + 1.
    #[default]
    ClearDays,
    /// The plain difference of the dates: P + N.
    DateDifference,
}

impl Counting {
    pub const NAMES: &'static [&'static str] = &["clear-days", "date-difference"];

    pub fn name(self) -> &'static str {
        Counting::NAMES[self as usize]
    }

    pub fn named(name: &str) -> Option<Counting> {
        [Counting::ClearDays, Counting::DateDifference].into_iter().find(|counting| counting.name() == name)
    }
}

/// How one text counts its notice: frozen with the version that it belongs to, so that no later setting moves a date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reckoning {
    pub counting: Counting,
    /// The days that the company names as not being business days, in order.
    holidays: Arc<[Date]>,
}

impl Reckoning {
    pub fn new(counting: Counting, holidays: impl IntoIterator<Item = Date>) -> Reckoning {
        let mut holidays: Vec<Date> = holidays.into_iter().collect();
        holidays.sort_unstable();
        holidays.dedup();
        Reckoning { counting, holidays: holidays.into() }
    }

    pub fn holidays(&self) -> &[Date] {
        &self.holidays
    }

    pub fn is_business_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && self.holidays.binary_search(&day).is_err()
    }

    /// Returns the first day on which a version announced on `announced` may take effect.
    ///
    /// ```
    /// use fineprint::notice::{Counting, NoticePeriod, Reckoning};
    /// use jiff::civil::date;
    ///
    /// let clear = Reckoning::default();
    /// assert_eq!(clear.earliest_effective(date(2026, 11, 21), NoticePeriod::days(14)), date(2026, 12, 6));
    /// assert_eq!(clear.earliest_effective(date(2026, 11, 28), "1 month".parse().unwrap()), date(2026, 12, 29));
    /// let difference = Reckoning::new(Counting::DateDifference, []);
    /// assert_eq!(difference.earliest_effective(date(2026, 11, 21), NoticePeriod::days(14)), date(2026, 12, 5));
    /// ```
    pub fn earliest_effective(&self, announced: Date, period: NoticePeriod) -> Date {
        if period.is_none() {
            return announced;
        }
        self.after(self.last_day(announced, period))
    }

    /// The last day of the period, which ends with it: weeks and months on the day of the same name or number, or on the last
    /// day of a month that has no such number. Saturates at the year 9999.
    fn last_day(&self, announced: Date, period: NoticePeriod) -> Date {
        let count = i64::from(period.count);
        match period.unit {
            NoticeUnit::Day => later(announced, count.days()),
            NoticeUnit::Week => later(announced, count.weeks()),
            NoticeUnit::Month => later(announced, count.months()),
            NoticeUnit::BusinessDay => {
                let (mut day, mut left) = (announced, period.count);
                while left > 0 && day < Date::MAX {
                    day = later(day, 1.day());
                    left -= u32::from(self.is_business_day(day));
                }
                day
            }
        }
    }

    /// The first day of effect after a period that ends with `last`.
    fn after(&self, last: Date) -> Date {
        match self.counting {
            Counting::ClearDays => later(last, 1.day()),
            Counting::DateDifference => last,
        }
    }

    /// Returns the days of the calendar that a period promises to whoever is told on `announced`.
    pub fn days_promised(&self, announced: Date, period: NoticePeriod) -> u32 {
        self.days_given(announced, self.earliest_effective(announced, period))
    }

    /// Returns the days of the calendar that lie between an announcement and its effect, counted in this way.
    pub fn days_given(&self, announced: Date, effective: Date) -> u32 {
        let days = i64::from((effective - announced).get_days());
        let whole = match self.counting {
            Counting::ClearDays => days - 1,
            Counting::DateDifference => days,
        };
        u32::try_from(whole.max(0)).unwrap_or(0)
    }

    /// Returns what a window gives, in the unit of the promise where that unit counts single days: business days for a promise
    /// of business days, else days.
    pub fn given(&self, announced: Date, effective: Date, unit: NoticeUnit) -> NoticePeriod {
        let days = self.days_given(announced, effective);
        if unit != NoticeUnit::BusinessDay {
            return NoticePeriod::days(days);
        }
        let business = (1..=i64::from(days)).filter(|day| self.is_business_day(later(announced, day.days()))).count();
        NoticePeriod::new(u32::try_from(business).unwrap_or(u32::MAX), NoticeUnit::BusinessDay)
    }
}

/// Returns the latest day on which an announcement still gives `effective`, or none if no day does.
///
/// The day is searched and not subtracted, because months have no inverse: a month from 28, 29, 30 and 31 January ends on the
/// same day. `earliest` gives the earliest date of effect of an announcement and must not decrease.
pub fn last_dispatch(effective: Date, earliest: impl Fn(Date) -> Date) -> Option<Date> {
    let fits = |day: Date| earliest(day) <= effective;
    if fits(effective) {
        return Some(effective);
    }
    // The latest day that is known to fit, and one after it that does not.
    let (mut step, mut late) = (1_i64, effective);
    let mut early = loop {
        let day = effective.checked_sub(step.days()).ok()?;
        if fits(day) {
            break day;
        }
        (step, late) = (step * 2, day);
    };
    loop {
        let apart = i64::from((late - early).get_days());
        if apart <= 1 {
            return Some(early);
        }
        let middle = later(early, (apart / 2).days());
        if fits(middle) {
            early = middle;
        } else {
            late = middle;
        }
    }
}

fn later(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}
