//! In: a civil date. Out: its long form, in the Gregorian calendar whatever the language, in the language's own digits.
//!
//! Dates appear in texts whose digests are on record, so the patterns of the languages that have a catalogue of labels are a
//! table of ours: a new version of CLDR in a library changes no word of them. Other languages take their pattern from CLDR.

use super::{Language, rows};
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::YMD;
use icu_datetime::options::YearStyle;
use icu_datetime::{FixedCalendarDateTimeFormatter, input};
use icu_locale_core::Locale;
use std::collections::HashMap;
use std::sync::LazyLock;

/// By tag; a tag that writes dates as its parent does has no row.
static PATTERNS: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| rows(include_str!("data/dates.tsv")).map(|row| (row[0], row)).collect());

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
        let found = Dates::from_table(language).or_else(|| Dates::from_cldr(language));
        let Some(mut dates) = found else {
            return Dates {
                months: (1..=12).map(iso_month).collect(),
                days: two_digits(),
                digits: ('0'..='9').collect(),
            };
        };
        if let Some(first) = first_of_month(language) {
            dates.days[0] = first.to_string();
        }
        dates
    }

    /// The row of the language or of its nearest parent: a pattern for each month, the digits, how many a day has at least.
    fn from_table(language: &Language) -> Option<Dates> {
        let row = language.family().iter().find_map(|tag| PATTERNS.get(tag.as_str()))?;
        let [_, months, digits, least] = row.as_slice() else { return None };
        let digits: Vec<char> = digits.chars().collect();
        let least = least.parse().ok()?;
        let day = |day: usize| -> String {
            let written = format!("{day:0least$}");
            written.bytes().map(|digit| digits[usize::from(digit - b'0')]).collect()
        };
        Some(Dates { months: months.split('|').map(pattern).collect(), days: (1..=31).map(day).collect(), digits })
    }

    fn from_cldr(language: &Language) -> Option<Dates> {
        let long = formatter(language)?;
        let days: Vec<String> = (1..=31).map(|day| day_of(&long, day)).collect::<Option<_>>()?;
        let months = (1..=12).map(|month| pieces(&long, month)).collect::<Option<_>>()?;
        let digits = days[9..19].iter().filter_map(|day| day.chars().last()).collect();
        Some(Dates { months, days, digits })
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

/// `{d} de enero de {y}`, taken to pieces.
fn pattern(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push(Piece::Text(before.to_string()));
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push(if name == "d" { Piece::Day } else { Piece::Year });
        rest = tail;
    }
    out.push(Piece::Text(rest.to_string()));
    out
}

fn iso_month(month: u8) -> Vec<Piece> {
    vec![Piece::Year, Piece::Text(format!("-{month:02}-")), Piece::Day]
}

fn two_digits() -> Vec<String> {
    (1..=31).map(|day| format!("{day:02}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::supported;
    use std::collections::BTreeMap;

    const HEAD: &str = "# How the languages with a catalogue of labels write a long date, where it differs from their parent.\n# Unicode CLDR, license Unicode-3.0; written by `UPDATE=1 cargo test patterns_of_dates`.\n# tag\tone pattern for each month\tdigits\tleast digits of a day\n";

    fn row(dates: &Dates) -> String {
        let months = dates.months.iter().map(|pieces| {
            let written = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Day => "{d}".to_string(),
                Piece::Year => "{y}".to_string(),
            });
            written.collect::<String>()
        });
        let least = dates.days[0].chars().count();
        let digits: String = dates.digits.iter().collect();
        format!("{}\t{digits}\t{least}", months.collect::<Vec<_>>().join("|"))
    }

    /// What CLDR writes for these languages in the version at hand. A difference is a decision: take it, and texts that are
    /// frozen from then on have the new words; the old ones keep theirs.
    #[test]
    fn patterns_of_dates_are_those_of_cldr() {
        let tags = rows(include_str!("data/languages.tsv")).map(|row| row[0]);
        let languages: Vec<Language> = tags.filter_map(Language::parse).collect();
        let ours = languages.iter().filter(|language| {
            let root = language.family().last().map(String::as_str).unwrap_or_default();
            supported().contains(&root)
        });
        let all: BTreeMap<&str, String> =
            ours.map(|language| (language.tag(), row(&Dates::from_cldr(language).expect("CLDR has it")))).collect();
        let differs = |tag: &str| {
            let parents = Language::parse(tag).expect("a tag of the table").family()[1..].to_vec();
            let parent = parents.iter().find_map(|parent| all.get(parent.as_str()));
            parent != all.get(tag)
        };
        let lines: String =
            all.iter().filter(|(tag, _)| differs(tag)).map(|(tag, row)| format!("{tag}\t{row}\n")).collect();
        let wanted = format!("{HEAD}{lines}");
        if std::env::var_os("UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/words/data/dates.tsv");
            std::fs::write(path, &wanted).expect("the table can be written");
            return;
        }
        assert_eq!(include_str!("data/dates.tsv"), wanted);
        for language in languages.iter().filter(|language| all.contains_key(language.tag())) {
            let (own, cldr) = (Dates::from_table(language).expect("a row"), Dates::from_cldr(language).expect("CLDR"));
            assert_eq!(row(&own), row(&cldr), "{language}");
            assert_eq!(own.days, cldr.days, "{language}");
        }
    }
}
