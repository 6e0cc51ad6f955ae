//! In: a civil date. Out: its long form, in the Gregorian calendar whatever the language, in the language's own digits.

use super::Language;
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::YMD;
use icu_datetime::options::YearStyle;
use icu_datetime::{FixedCalendarDateTimeFormatter, input};
use icu_locale_core::Locale;

type Formatter = FixedCalendarDateTimeFormatter<Gregorian, YMD>;

/// `8 December 2026`.
pub fn date(language: &Language, date: jiff::civil::Date) -> String {
    let dates = language.dates();
    match u16::try_from(date.year()) {
        Ok(year @ 1000..=9999) => dates.write(year, date.month(), date.day()),
        // Nothing that a policy says; but nothing may be refused here either.
        _ => formatter(language).map_or_else(
            || date.to_string(),
            |long| whole(&long, i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs()),
        ),
    }
}

/// CLDR's long date taken to pieces: its formatter is slower, and does not go from thread to thread.
pub(super) struct Dates {
    months: Vec<Vec<Piece>>,
    /// As the pattern writes them, so `8` or `08`.
    days: Vec<String>,
    digits: Vec<char>,
}

enum Piece {
    Text(String),
    Day,
    Year,
}

impl Dates {
    pub(super) fn new(language: &Language) -> Dates {
        let plain =
            Dates { months: (1..=12).map(iso_month).collect(), days: two_digits(), digits: ('0'..='9').collect() };
        let Some(long) = formatter(language) else { return plain };
        let days: Option<Vec<String>> = (1..=31).map(|day| day_of(&long, day)).collect();
        let months: Option<Vec<Vec<Piece>>> = (1..=12).map(|month| pieces(&long, month)).collect();
        let (Some(mut days), Some(months)) = (days, months) else { return plain };
        let digits = days[9..19].iter().filter_map(|day| day.chars().last()).collect();
        if let Some(first) = first_of_month(language) {
            days[0] = first.to_string();
        }
        Dates { months, days, digits }
    }

    fn write(&self, year: u16, month: i8, day: i8) -> String {
        let mut out = String::with_capacity(32);
        for piece in &self.months[usize::from(month.unsigned_abs()) - 1] {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Day => out.push_str(&self.days[usize::from(day.unsigned_abs()) - 1]),
                Piece::Year => self.number(u32::from(year), &mut out),
            }
        }
        out
    }

    /// A whole number in the language's digits.
    pub(super) fn number(&self, number: u32, out: &mut String) {
        let mut power = 10u32.pow(number.checked_ilog10().unwrap_or(0));
        while power > 0 {
            out.push(self.digits[(number / power % 10) as usize]);
            power /= 10;
        }
    }
}

/// An ordinal that the languages themselves ask for on the first of a month, where CLDR has a bare 1.
fn first_of_month(language: &Language) -> Option<&'static str> {
    let family = language.family();
    match family.last().map(String::as_str) {
        Some("fr") => Some("1er"),
        Some("pt") if !family.iter().any(|tag| tag == "pt-PT") => Some("1º"),
        _ => None,
    }
}

fn formatter(language: &Language) -> Option<Formatter> {
    let tag = if language.tag() == "en" { "en-GB" } else { language.tag() };
    let locale: Locale = tag.parse().ok()?;
    Formatter::try_new(locale.into(), YMD::long().with_year_style(YearStyle::Full)).ok()
}

fn whole(long: &Formatter, year: i32, month: u8, day: u8) -> String {
    let date: input::Date<Gregorian> =
        Date::try_new_gregorian(year, month, day).expect("a civil date of jiff, or one of the samples below");
    long.format(&date).to_string()
}

/// Numbers and what stands between them, in turns; the first is never a number.
fn runs(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut numeric = false;
    for (at, letter) in text.char_indices() {
        if letter.is_numeric() != numeric {
            out.push(&text[from..at]);
            (from, numeric) = (at, !numeric);
        }
    }
    out.push(&text[from..]);
    out
}

/// The only run in which two dates differ.
fn difference(one: &str, other: &str) -> Option<usize> {
    let (one, other) = (runs(one), runs(other));
    let mut differing = (0..one.len()).filter(|at| other.get(*at) != one.get(*at));
    let first = differing.next()?;
    (one.len() == other.len() && differing.next().is_none() && first % 2 == 1).then_some(first)
}

fn pieces(long: &Formatter, month: u8) -> Option<Vec<Piece>> {
    let sample = whole(long, 2026, month, 27);
    let day = difference(&sample, &whole(long, 2026, month, 28))?;
    let year = difference(&sample, &whole(long, 2027, month, 27))?;
    let pieces = runs(&sample).into_iter().enumerate().map(|(at, run)| match at {
        at if at == day => Piece::Day,
        at if at == year => Piece::Year,
        _ => Piece::Text(run.to_string()),
    });
    Some(pieces.collect())
}

fn day_of(long: &Formatter, day: u8) -> Option<String> {
    let text = whole(long, 2026, 1, day);
    let at = difference(&text, &whole(long, 2026, 1, if day == 28 { 27 } else { 28 }))?;
    runs(&text).get(at).map(|run| run.to_string())
}

fn iso_month(month: u8) -> Vec<Piece> {
    vec![Piece::Year, Piece::Text(format!("-{month:02}-")), Piece::Day]
}

fn two_digits() -> Vec<String> {
    (1..=31).map(|day| format!("{day:02}")).collect()
}
