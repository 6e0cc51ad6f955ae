//! Laws of notice periods: the calendar cases that a lawyer would check, and what holds on every day.

use super::*;
use crate::words::Language;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn period(text: &str) -> NoticePeriod {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Announced on, period, the last day of the period as a lawyer would count it.
const CASES: &[(&str, &str, &str)] = &[
    ("2026-11-28", "14 days", "2026-12-12"),
    ("2026-11-28", "2 weeks", "2026-12-12"),
    ("2026-11-28", "1 month", "2026-12-28"),
    // A month without such a day ends on its last one, in leap years, too.
    ("2027-01-31", "1 month", "2027-02-28"),
    ("2028-01-31", "1 month", "2028-02-29"),
    ("2028-02-29", "12 months", "2029-02-28"),
    ("2026-12-31", "2 months", "2027-02-28"),
    ("2026-03-31", "1 month", "2026-04-30"),
    // From a Saturday, Monday is the first business day.
    ("2026-11-28", "1 business day", "2026-11-30"),
    ("2026-11-28", "10 business days", "2026-12-11"),
    ("2026-11-27", "1 business day", "2026-11-30"),
    ("2026-11-26", "1 business day", "2026-11-27"),
    ("2028-02-28", "1 day", "2028-02-29"),
    ("2027-02-28", "1 day", "2027-03-01"),
];

#[test]
fn a_period_ends_on_the_day_that_the_calendar_gives() {
    for (announced, length, last) in CASES {
        let (announced, length, last) = (day(announced), period(length), day(last));
        let difference = Reckoning::new(Counting::DateDifference, []);
        assert_eq!(difference.earliest_effective(announced, length), last, "{announced} + {length}");
        let clear = Reckoning::default().earliest_effective(announced, length);
        assert_eq!(clear, last.tomorrow().unwrap(), "{announced} + {length}, clear days");
    }
}

#[test]
fn business_days_leave_out_the_days_that_the_company_names() {
    let holidays = [date(2026, 12, 8), date(2026, 12, 7), date(2026, 12, 8)];
    let reckoning = Reckoning::new(Counting::ClearDays, holidays);
    assert_eq!(reckoning.holidays(), [date(2026, 12, 7), date(2026, 12, 8)]);
    let promised = period("10 business days");
    assert_eq!(reckoning.earliest_effective(date(2026, 11, 28), promised), date(2026, 12, 16));
    // Days of the calendar do not know them.
    assert_eq!(reckoning.earliest_effective(date(2026, 11, 28), NoticePeriod::days(14)), date(2026, 12, 13));
    let given = reckoning.given(date(2026, 11, 28), date(2026, 12, 9), NoticeUnit::BusinessDay);
    assert_eq!(given, period("5 business days"));
}

#[test]
fn nothing_promised_is_effective_at_once() {
    for none in ["0 days", "0 weeks", "0 months", "0 business days"] {
        assert!(period(none).is_none() && period(none).is_same_as(NoticePeriod::NONE));
        for counting in [Counting::ClearDays, Counting::DateDifference] {
            assert_eq!(
                Reckoning::new(counting, []).earliest_effective(date(2026, 1, 1), period(none)),
                date(2026, 1, 1)
            );
        }
    }
}

#[test]
fn periods_are_compared_by_dates() {
    assert!(period("2 weeks").is_same_as(NoticePeriod::days(14)));
    assert!(!period("1 month").is_same_as(NoticePeriod::days(30)));
    let clear = Reckoning::default();
    assert!(period("2 weeks").is_shorter_on(period("15 business days"), date(2026, 11, 28), &clear));
    // Each of the two is the shorter one in some month.
    assert!(period("1 month").can_be_shorter_than(NoticePeriod::days(30)));
    assert!(NoticePeriod::days(30).can_be_shorter_than(period("1 month")));
    assert!(!period("1 month").can_be_shorter_than(NoticePeriod::days(28)));
    assert!(!period("10 business days").can_be_shorter_than(NoticePeriod::days(12)));
    assert!(period("10 business days").can_be_shorter_than(NoticePeriod::days(15)));
    assert!(period("10 business days").can_be_shorter_than(period("11 business days")));
}

#[test]
fn what_is_written_is_read_or_answered_with_what_to_write() {
    for text in ["15 days", "1 day", "10 business days", "1 business day", "2 weeks", "1 month", "0 days"] {
        assert_eq!(period(text).to_string(), text);
    }
    assert_eq!(period("P15D"), NoticePeriod::days(15));
    assert_eq!(period("P2W"), period("2 weeks"));
    let wrong = |text: &str| text.parse::<NoticePeriod>().unwrap_err().to_string();
    assert_eq!(wrong("10 working days"), "write \"10 business days\"");
    assert_eq!(wrong("14 calendar days"), "write \"14 days\"");
    assert_eq!(wrong("1 year"), "write \"12 months\"");
    assert_eq!(wrong("72 hours"), "write whole days, such as \"3 days\"");
    assert_eq!(wrong("3661 days"), "write at most 3660 days");
    for text in ["", "14", "days", "-3 days", "+3 days", "1.5 months", "ten days", "14 fortnights", "4294967296 days"] {
        assert!(wrong(text).contains("with its unit"), "{text}: {}", wrong(text));
    }
}

#[test]
fn a_period_is_told_in_the_language_of_its_reader() {
    let said = |tag: &str, text: &str| period(text).words(&Language::parse(tag).unwrap());
    assert_eq!(said("en", "1 business day"), "1 business day");
    assert_eq!(said("en-US", "10 business days"), "10 business days");
    assert_eq!(said("es", "10 business days"), "10 días hábiles");
    assert_eq!(said("es", "1 month"), "1 mes");
    assert_eq!(said("fr", "10 business days"), "10 jours ouvrés");
    assert_eq!(said("de", "1 business day"), "1 Arbeitstag");
    assert_eq!(said("de", "2 weeks"), "2 Wochen");
    assert_eq!(said("ja", "10 business days"), "10営業日");
    assert_eq!(said("pt", "1 month"), "1 mês");
    // A language without words of ours reads English.
    assert_eq!(said("fi", "10 business days"), "10 business days");
}

#[test]
fn the_last_day_of_dispatch_is_searched() {
    let month = |day| Reckoning::new(Counting::DateDifference, []).earliest_effective(day, period("1 month"));
    // A month from each of the last days of January ends on 28 February.
    assert_eq!(last_dispatch(date(2027, 2, 28), month), Some(date(2027, 1, 31)));
    assert_eq!(last_dispatch(date(2027, 3, 1), month), Some(date(2027, 2, 1)));
    assert_eq!(last_dispatch(date(2026, 5, 5), |day| day), Some(date(2026, 5, 5)));
    assert_eq!(last_dispatch(Date::MIN, |_| Date::MAX), None);
}

#[test]
fn the_statutory_period_of_platforms_never_ends_on_a_weekend() {
    // 13 December 2026 is a Sunday, so the period ends with Monday.
    let none = Reckoning::default();
    assert_eq!(p2b::earliest_effective(date(2026, 11, 28), &none), date(2026, 12, 15));
    assert_eq!(p2b::earliest_effective(date(2026, 11, 30), &none), date(2026, 12, 16));
    let holiday = Reckoning::new(Counting::DateDifference, [date(2026, 12, 14)]);
    assert_eq!(p2b::earliest_effective(date(2026, 11, 28), &holiday), date(2026, 12, 16));
    // The company's own promise of 15 days is not moved.
    assert_eq!(none.earliest_effective(date(2026, 11, 28), p2b::PERIOD), date(2026, 12, 14));
}

fn periods() -> impl Strategy<Value = NoticePeriod> {
    let unit = prop_oneof![
        Just(NoticeUnit::Day),
        Just(NoticeUnit::BusinessDay),
        Just(NoticeUnit::Week),
        Just(NoticeUnit::Month)
    ];
    (0_u32..120, unit).prop_map(|(count, unit)| NoticePeriod::new(count, unit))
}

fn days() -> impl Strategy<Value = Date> {
    // Four centuries, so that every kind of leap year is met.
    (0_i64..400 * 366).prop_map(|day| date(1900, 1, 1).saturating_add(day.days()))
}

fn reckonings() -> impl Strategy<Value = Reckoning> {
    let holidays = prop::collection::vec(days(), 0..20);
    (prop_oneof![Just(Counting::ClearDays), Just(Counting::DateDifference)], holidays)
        .prop_map(|(counting, holidays)| Reckoning::new(counting, holidays))
}

proptest! {
    #[test]
    fn a_period_is_read_as_it_is_written(period in periods()) {
        prop_assert_eq!(period.to_string().parse::<NoticePeriod>().unwrap(), period);
    }

    #[test]
    fn a_later_announcement_never_takes_effect_earlier(from in days(), period in periods(), reckoning in reckonings()) {
        let next = from.tomorrow().unwrap();
        prop_assert!(reckoning.earliest_effective(from, period) <= reckoning.earliest_effective(next, period));
    }

    #[test]
    fn a_longer_promise_takes_effect_later(from in days(), period in periods(), reckoning in reckonings()) {
        let longer = NoticePeriod::new(period.count + 1, period.unit);
        prop_assert!(reckoning.earliest_effective(from, longer) > reckoning.earliest_effective(from, period));
        prop_assert!(!longer.can_be_shorter_than(period) && period.can_be_shorter_than(longer));
    }

    #[test]
    fn clear_days_are_one_more_than_the_difference(from in days(), period in periods()) {
        let [clear, difference] = [Counting::ClearDays, Counting::DateDifference]
            .map(|counting| Reckoning::new(counting, []).earliest_effective(from, period));
        let apart = if period.is_none() { 0 } else { 1 };
        prop_assert_eq!((clear - difference).get_days(), apart);
    }

    #[test]
    fn a_window_that_keeps_the_promise_gives_at_least_what_it_promises(
        from in days(), period in periods(), more in 0_i64..40, reckoning in reckonings(),
    ) {
        let earliest = reckoning.earliest_effective(from, period);
        let effective = earliest.saturating_add(more.days());
        prop_assert!(reckoning.days_given(from, effective) >= reckoning.days_promised(from, period));
        if matches!(period.unit, NoticeUnit::Day | NoticeUnit::BusinessDay) && !period.is_none() {
            prop_assert!(reckoning.given(from, effective, period.unit).count >= period.count);
            // One day less breaks it.
            let short = earliest.yesterday().unwrap();
            prop_assert!(reckoning.given(from, short, period.unit).count < period.count);
        }
    }

    #[test]
    fn the_day_after_the_last_day_of_dispatch_would_move_the_date(
        effective in days(), periods in prop::collection::vec(periods(), 1..4), reckoning in reckonings(),
    ) {
        let earliest = |day: Date| periods.iter().map(|period| reckoning.earliest_effective(day, *period)).max().unwrap();
        let last = last_dispatch(effective, earliest).unwrap();
        prop_assert!(earliest(last) <= effective && last <= effective);
        if last < effective {
            prop_assert!(earliest(last.tomorrow().unwrap()) > effective);
        }
    }

    #[test]
    fn the_statutory_period_is_never_shorter_than_fifteen_clear_days(from in days(), reckoning in reckonings()) {
        let plain = Reckoning::default().earliest_effective(from, p2b::PERIOD);
        let moved = p2b::earliest_effective(from, &reckoning);
        prop_assert!(moved >= plain && reckoning.is_business_day(moved.yesterday().unwrap()));
    }
}
