//! Notice arithmetic as a table that a lawyer could read, and its laws over random dates.

use fineprint::center::Counting::{self, ClearDays, Difference};
use fineprint::timeline::earliest_effective;
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// Announced on, days promised, way of counting, earliest day on which the version may apply.
const CASES: &[(&str, u32, Counting, &str)] = &[
    // Fourteen and fifteen days, the commonest promises.
    ("2026-11-21", 14, ClearDays, "2026-12-06"),
    ("2026-11-21", 15, ClearDays, "2026-12-07"),
    ("2026-11-21", 14, Difference, "2026-12-05"),
    ("2026-11-21", 15, Difference, "2026-12-06"),
    // One day: announced on Monday, Tuesday counts whole, Wednesday it may apply.
    ("2026-11-23", 1, ClearDays, "2026-11-25"),
    ("2026-11-23", 1, Difference, "2026-11-24"),
    // No notice promised: it may apply on the day of the announcement.
    ("2026-11-23", 0, ClearDays, "2026-11-23"),
    ("2026-11-23", 0, Difference, "2026-11-23"),
    // Over the end of a month, of a year, of February in common and leap years.
    ("2026-12-25", 14, ClearDays, "2027-01-09"),
    ("2027-02-20", 14, ClearDays, "2027-03-07"),
    ("2028-02-20", 14, ClearDays, "2028-03-06"),
    ("2028-02-29", 30, ClearDays, "2028-03-31"),
    ("2100-02-20", 14, ClearDays, "2100-03-07"),
    // Over a change to and from summer time: days are days, not hours.
    ("2026-03-20", 14, ClearDays, "2026-04-04"),
    ("2026-10-20", 14, ClearDays, "2026-11-04"),
    // Ends on a Saturday, a Sunday or a holiday: the author may set a later day, the arithmetic does not.
    ("2026-12-11", 14, ClearDays, "2026-12-26"),
    // Long promises.
    ("2026-11-21", 60, ClearDays, "2027-01-21"),
    ("2026-11-21", 365, ClearDays, "2027-11-22"),
    // The calendar's end.
    ("9999-12-31", 14, ClearDays, "9999-12-31"),
];

#[test]
fn the_table_of_cases() {
    for (published, days, counting, expected) in CASES {
        let published: Date = published.parse().expect("a date");
        let expected: Date = expected.parse().expect("a date");
        assert_eq!(earliest_effective(published, *days, *counting), expected, "{published} + {days} {counting:?}");
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    (0..60_000i64).prop_map(|days| date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)))
}

proptest! {
    #[test]
    fn a_promise_of_n_days_leaves_n_whole_days_between(published in any_date(), days in 1u32..400) {
        let effective = earliest_effective(published, days, ClearDays);
        let between = (effective - published).get_days() - 1;
        prop_assert_eq!(between, days as i32);
        prop_assert_eq!((earliest_effective(published, days, Difference) - published).get_days(), days as i32);
    }

    #[test]
    fn a_longer_promise_never_ends_sooner(published in any_date(), days in 0u32..400) {
        for counting in [ClearDays, Difference] {
            prop_assert!(earliest_effective(published, days + 1, counting) > earliest_effective(published, days, counting));
        }
    }
}
