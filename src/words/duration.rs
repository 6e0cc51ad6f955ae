//! In: how long. Out: how long, in words.

use super::language::category;
use super::{Language, fill, label};
use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// A number of one unit. Never converted: a month is not thirty days.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Duration {
    pub count: u32,
    pub unit: Unit,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a duration such as `30 days` or `P30D`")]
pub struct DurationError(String);

/// How long something is kept. Texts are in the reader's language already.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Keep {
    Exact(Duration),
    AtMost(Duration),
    Range(Duration, Duration),
    Event { after: String, offset: Duration },
    Criterion { text: String, plus: Option<Duration> },
    Indefinite,
    Unknown,
}

impl Unit {
    const ALL: [(Unit, &'static str, &'static str); 5] = [
        (Unit::Hour, "hour", "duration.hour"),
        (Unit::Day, "day", "duration.day"),
        (Unit::Week, "week", "duration.week"),
        (Unit::Month, "month", "duration.month"),
        (Unit::Year, "year", "duration.year"),
    ];

    fn row(self) -> (&'static str, &'static str) {
        let (_, name, key) = Unit::ALL[self as usize];
        (name, key)
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    /// `30 days`, `1 month`, `72 hours`; or ISO 8601 of one unit, `P30D`, `P1M`, `PT72H`.
    fn from_str(text: &str) -> Result<Duration, DurationError> {
        written(text).or_else(|| iso(text)).ok_or_else(|| DurationError(text.to_string()))
    }
}

fn written(text: &str) -> Option<Duration> {
    let mut words = text.split_whitespace();
    let (count, name, None) = (number(words.next()?)?, words.next()?, words.next()) else { return None };
    let name = name.strip_suffix('s').unwrap_or(name);
    let (unit, ..) = Unit::ALL.into_iter().find(|(_, known, _)| *known == name)?;
    Some(Duration { count, unit })
}

fn iso(text: &str) -> Option<Duration> {
    let rest = text.strip_prefix('P')?;
    let (hours, rest) = match rest.strip_prefix('T') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let designator = rest.chars().next_back()?;
    let unit = match (hours, designator) {
        (true, 'H') => Unit::Hour,
        (false, 'D') => Unit::Day,
        (false, 'W') => Unit::Week,
        (false, 'M') => Unit::Month,
        (false, 'Y') => Unit::Year,
        _ => return None,
    };
    Some(Duration { count: number(rest.strip_suffix(designator)?)?, unit })
}

/// `u32` itself would take a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

impl fmt::Display for Duration {
    /// In English, the way that files write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, _) = self.unit.row();
        write!(f, "{} {name}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// Returns a length in the words of a language: `30 días`.
pub fn duration(language: &Language, duration: &Duration) -> String {
    let (_, key) = duration.unit.row();
    length(language, key, duration.count).unwrap_or_else(|| duration.to_string())
}

/// Returns a number of the unit that has this key, in the plural form that the number asks for. None for an unknown key.
pub fn length(language: &Language, key: &str, number: u32) -> Option<String> {
    // The form follows the language of the words, which may be English for want of a catalogue.
    let pattern = language.catalogues().iter().find_map(|catalogue| {
        let other = catalogue.get(&format!("{key}.other"))?;
        let form = category(catalogue.tag, u64::from(number));
        Some(catalogue.get(&format!("{key}.{form}")).unwrap_or(other))
    })?;
    Some(fill(pattern, &[("n", &digits(language, number))]))
}

/// A number in the language's digits, unless the words around it are in another language.
fn digits(language: &Language, number: u32) -> String {
    let own = language.catalogues().first().is_some_and(|words| language.family().iter().any(|tag| tag == words.tag));
    if !own {
        return number.to_string();
    }
    let mut out = String::new();
    language.dates().number(number, &mut out);
    out
}

/// `at most 90 days`, `30 days after closure of the account`.
pub fn keep(language: &Language, keep: &Keep) -> String {
    let words = |length: &Duration| duration(language, length);
    match keep {
        Keep::Exact(length) => words(length),
        Keep::AtMost(length) => fill(label(language, "keep.at-most"), &[("duration", &words(length))]),
        Keep::Range(low, high) => {
            let key = if low.unit == high.unit { "keep.range.same-unit" } else { "keep.range" };
            let values = [("low", &*words(low)), ("low_count", &*digits(language, low.count)), ("high", &*words(high))];
            fill(label(language, key), &values)
        }
        Keep::Event { after, offset } => {
            fill(label(language, "keep.event"), &[("after", after), ("duration", &words(offset))])
        }
        Keep::Criterion { text, plus: None } => text.clone(),
        Keep::Criterion { text, plus: Some(plus) } => {
            fill(label(language, "keep.criterion-plus"), &[("criterion", text), ("duration", &words(plus))])
        }
        Keep::Indefinite => label(language, "keep.indefinite").to_string(),
        Keep::Unknown => label(language, "value.unknown").to_string(),
    }
}
