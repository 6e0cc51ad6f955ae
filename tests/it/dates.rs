//! Notice arithmetic as a table that a lawyer could read, and its laws over random dates.

use fineprint::notice::Counting::{self, ClearDays, DateDifference};
use fineprint::notice::{NoticePeriod, Reckoning};
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// Announced on, period promised, way of counting, earliest day on which the version may apply.
const CASES: &[(&str, &str, Counting, &str)] = &[
    // Fourteen and fifteen days, the commonest promises.
    ("2026-11-21", "14 days", ClearDays, "2026-12-06"),
    ("2026-11-21", "15 days", ClearDays, "2026-12-07"),
    ("2026-11-21", "14 days", DateDifference, "2026-12-05"),
    ("2026-11-21", "15 days", DateDifference, "2026-12-06"),
    // One day: announced on Monday, Tuesday counts whole, Wednesday it may apply.
    ("2026-11-23", "1 day", ClearDays, "2026-11-25"),
    ("2026-11-23", "1 day", DateDifference, "2026-11-24"),
    // No notice promised: it may apply on the day of the announcement.
    ("2026-11-23", "0 days", ClearDays, "2026-11-23"),
    ("2026-11-23", "0 days", DateDifference, "2026-11-23"),
    // Over the end of a month, of a year, of February in common and leap years.
    ("2026-12-25", "14 days", ClearDays, "2027-01-09"),
    ("2027-02-20", "14 days", ClearDays, "2027-03-07"),
    ("2028-02-20", "14 days", ClearDays, "2028-03-06"),
    ("2028-02-29", "30 days", ClearDays, "2028-03-31"),
    ("2100-02-20", "14 days", ClearDays, "2100-03-07"),
    // Over a change to and from summer time: days are days, not hours.
    ("2026-03-20", "14 days", ClearDays, "2026-04-04"),
    ("2026-10-20", "14 days", ClearDays, "2026-11-04"),
    // Ends on a Saturday, a Sunday or a holiday: the author may set a later day, the arithmetic does not.
    ("2026-12-11", "14 days", ClearDays, "2026-12-26"),
    // Long promises.
    ("2026-11-21", "60 days", ClearDays, "2027-01-21"),
    ("2026-11-21", "365 days", ClearDays, "2027-11-22"),
    // The calendar's end.
    ("9999-12-31", "14 days", ClearDays, "9999-12-31"),
    ("9999-12-20", "120 months", ClearDays, "9999-12-31"),
    // A month ends on the day of the same number, or on the last day of a month that has none.
    ("2026-11-28", "1 month", ClearDays, "2026-12-29"),
    ("2026-11-28", "1 month", DateDifference, "2026-12-28"),
    ("2027-01-31", "1 month", ClearDays, "2027-03-01"),
    ("2028-01-31", "1 month", ClearDays, "2028-03-01"),
    ("2026-12-31", "6 months", ClearDays, "2027-07-01"),
    // Weeks end on the day of the same name.
    ("2026-11-28", "2 weeks", ClearDays, "2026-12-13"),
    // Ten business days from a Saturday end on a Friday; the day after may be a Saturday.
    ("2026-11-28", "10 business days", ClearDays, "2026-12-12"),
    ("2026-11-27", "10 business days", ClearDays, "2026-12-12"),
    ("2026-11-30", "10 business days", ClearDays, "2026-12-15"),
];

fn earliest_effective(published: Date, period: NoticePeriod, counting: Counting) -> Date {
    Reckoning::new(counting, []).earliest_effective(published, period)
}

#[test]
fn the_table_of_cases() {
    for (published, period, counting, expected) in CASES {
        let published: Date = published.parse().expect("a date");
        let period: NoticePeriod = period.parse().expect("a period");
        let expected: Date = expected.parse().expect("a date");
        assert_eq!(earliest_effective(published, period, *counting), expected, "{published} + {period} {counting:?}");
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    (0..60_000i64).prop_map(|days| date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)))
}

proptest! {
    #[test]
    fn a_promise_of_n_days_leaves_n_whole_days_between(published in any_date(), days in 1u32..400) {
        let promise = NoticePeriod::days(days);
        let effective = earliest_effective(published, promise, ClearDays);
        let between = (effective - published).get_days() - 1;
        prop_assert_eq!(between, days as i32);
        prop_assert_eq!((earliest_effective(published, promise, DateDifference) - published).get_days(), days as i32);
    }

    #[test]
    fn a_longer_promise_never_ends_sooner(published in any_date(), days in 0u32..400) {
        let [promise, longer] = [days, days + 1].map(NoticePeriod::days);
        for counting in [ClearDays, DateDifference] {
            prop_assert!(earliest_effective(published, longer, counting) > earliest_effective(published, promise, counting));
        }
    }
}
