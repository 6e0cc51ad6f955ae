//! The statutory notice to business users of online platforms: Regulation (EU) 2019/1150, Art. 3(2).
//!
//! It forbids a change of the terms before a period that is "at least 15 days from the date on which the provider notifies".
//! Regulation 1182/71 governs periods in acts of the Union, so this one is moved by its Art. 3(4): where the last day is a
//! Saturday, Sunday or public holiday, the period ends with the following working day. A company's own promise is not moved.

use super::{NoticePeriod, Reckoning};
use jiff::ToSpan;
use jiff::civil::Date;

pub const PERIOD: NoticePeriod = NoticePeriod::days(15);

/// Returns the first day on which terms may change whose users were notified on `notified`. Holidays are those of `reckoning`;
/// its way of counting is not used, because the law sets its own.
pub fn earliest_effective(notified: Date, reckoning: &Reckoning) -> Date {
    let mut last = notified.saturating_add(i64::from(PERIOD.count).days());
    while !reckoning.is_business_day(last) && last < Date::MAX {
        last = last.saturating_add(1.day());
    }
    last.saturating_add(1.day())
}
