//! TOML → typed values, with a finding for everything that does not fit; the first problem never hides the second.
//!
//! In: a parsed table and the place of its file. Out: values, and findings with spans of the whole file.
//! Must not know: which file it is, what the keys mean.

use super::text::Text;
use crate::diagnostic::{Diagnostic, did_you_mean};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file being read: where it is, and what was found.
pub struct Reader<'f> {
    pub path: Arc<str>,
    /// Added to every span: front matter starts somewhere inside its file.
    pub offset: usize,
    pub findings: &'f mut Vec<Diagnostic>,
}

pub type Value<'t> = Spanned<DeValue<'t>>;

/// One table: keys are taken from it; what is left at the end is unknown.
pub struct Keys<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'f> Reader<'f> {
    pub fn new(path: &Arc<str>, offset: usize, findings: &'f mut Vec<Diagnostic>) -> Self {
        Reader { path: path.clone(), offset, findings }
    }

    /// Parses TOML; every syntax error becomes a finding and the rest is used.
    pub fn parse<'t>(&mut self, text: &'t str) -> Spanned<DeTable<'t>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.problem(
                "invalid-toml",
                span,
                format!("invalid TOML: {}", error.message().replace('\n', " ")),
                "correct it here",
            );
        }
        table
    }

    pub fn at(&self, span: Range<usize>) -> Range<usize> {
        span.start + self.offset..span.end + self.offset
    }

    pub fn problem(&mut self, code: &'static str, span: Range<usize>, message: String, help: impl Into<String>) {
        let at = self.at(span);
        self.findings.push(Diagnostic::new(code, message).at(&self.path, at).help(help));
    }

    /// `2026-02-30` is a fault of syntax for the parser already; what the date's own finding says is enough.
    fn forget_syntax(&mut self, span: Range<usize>) {
        let at = self.at(span);
        let inside = |label: &crate::diagnostic::Label| {
            label.path == self.path && at.start <= label.span.start && label.span.end <= at.end
        };
        self.findings.retain(|finding| finding.code != "invalid-toml" || !finding.primary.as_ref().is_some_and(inside));
    }

    pub fn wrong_type(&mut self, value: &Value<'_>, key: &str, expected: &str) {
        self.problem(
            "wrong-type",
            value.span(),
            format!("`{key}` is {}, not {expected}", article(value.get_ref().type_str())),
            format!("write {expected}"),
        );
    }
}

fn article(type_name: &str) -> String {
    let vowel = type_name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {type_name}", if vowel { "an" } else { "a" })
}

impl<'t> Keys<'t> {
    pub fn new(table: &'t Spanned<DeTable<'t>>) -> Self {
        Keys { table: table.get_ref(), span: table.span(), asked: Vec::new() }
    }

    pub fn of(table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        Keys { table, span, asked: Vec::new() }
    }

    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'t str, Range<usize>, &'t Value<'t>)> + use<'t> {
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
    }

    pub fn value(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        self.asked.push(key);
        self.table.get(key)
    }

    pub fn string(&mut self, reader: &mut Reader, key: &'static str) -> Option<Spanned<String>> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.to_string())),
            _ => {
                reader.wrong_type(value, key, "a string");
                None
            }
        }
    }

    pub fn text(&mut self, reader: &mut Reader, key: &'static str) -> Option<Text> {
        let value = self.value(key)?;
        text(reader, key, value)
    }

    pub fn date(&mut self, reader: &mut Reader, key: &'static str) -> Option<Spanned<Date>> {
        let value = self.value(key)?;
        date(reader, key, value).map(|date| Spanned::new(value.span(), date))
    }

    pub fn boolean(&mut self, reader: &mut Reader, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                reader.wrong_type(value, key, "true or false");
                None
            }
        }
    }

    pub fn integer(&mut self, reader: &mut Reader, key: &'static str, range: Range<i64>) -> Option<i64> {
        let value = self.value(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            reader.wrong_type(value, key, "a whole number");
            return None;
        };
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let (low, high) = (range.start, range.end - 1);
                reader.problem(
                    "value-out-of-range",
                    value.span(),
                    format!("`{key}` is {}, outside {low} to {high}", number.as_str()),
                    format!("write a number from {low} to {high}"),
                );
                None
            }
        }
    }

    /// One of a fixed set of words.
    pub fn word(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let value = self.value(key)?;
        word(reader, key, value, words)
    }

    pub fn strings(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Spanned<String>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            reader.wrong_type(value, key, "a list of strings");
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => out.push(Spanned::new(item.span(), text.to_string())),
                _ => reader.wrong_type(item, key, "a string"),
            }
        }
        out
    }

    /// A list of dates; what is not a date is a finding and left out.
    pub fn dates(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Date> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            reader.wrong_type(value, key, "a list of dates such as [2026-12-25]");
            return Vec::new();
        };
        items.iter().filter_map(|item| date(reader, key, item)).collect()
    }

    pub fn table(&mut self, reader: &mut Reader, key: &'static str) -> Option<Keys<'t>> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Keys::of(table, value.span())),
            _ => {
                reader.wrong_type(value, key, "a table");
                None
            }
        }
    }

    /// `[[key]]`, one after the other.
    pub fn tables(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Keys<'t>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            reader.wrong_type(value, key, &format!("a list of tables, each under `[[{key}]]`"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => out.push(Keys::of(table, item.span())),
                _ => reader.wrong_type(item, key, "a table"),
            }
        }
        out
    }

    pub fn missing(&self, reader: &mut Reader, key: &str, whose: &str) {
        reader.problem("missing-key", self.span.clone(), format!("{whose} has no `{key}`"), format!("add `{key} = …`"));
    }

    /// Every key that nobody asked for is a finding.
    pub fn finish(self, reader: &mut Reader) {
        for (key, span, _) in self.iter() {
            if !self.asked.contains(&key) {
                unknown_key(reader, key, span, &self.asked);
            }
        }
    }
}

pub fn unknown_key(reader: &mut Reader, key: &str, span: Range<usize>, known: &[&str]) {
    let help = match did_you_mean(key, known.iter().copied()) {
        None if key.starts_with("notice_day") && known.contains(&"notice") => {
            "write the length with its unit: notice = \"14 days\"".to_string()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let mut known = known.to_vec();
            known.sort_unstable();
            format!("known here: {}", known.join(", "))
        }
    };
    reader.problem("unknown-key", span, format!("unknown key `{key}`"), help);
}

pub fn text(reader: &mut Reader, key: &str, value: &Value<'_>) -> Option<Text> {
    match value.get_ref() {
        DeValue::String(text) => Some(Text::One(text.to_string())),
        DeValue::Table(table) => {
            let mut by = BTreeMap::new();
            for (language, value) in table {
                match value.get_ref() {
                    DeValue::String(text) => {
                        by.insert(language.get_ref().to_string(), text.to_string());
                    }
                    _ => reader.wrong_type(value, key, "a string"),
                }
            }
            Some(Text::ByLanguage(by))
        }
        _ => {
            reader.wrong_type(value, key, "a text, or a table of texts by language");
            None
        }
    }
}

/// A TOML date or a string of ten characters; no time, no other spelling.
pub fn date(reader: &mut Reader, key: &str, value: &Value<'_>) -> Option<Date> {
    let parsed = match value.get_ref() {
        DeValue::Datetime(toml::value::Datetime { date: Some(date), time: None, offset: None }) => {
            Date::new(date.year as i16, date.month as i8, date.day as i8).ok()
        }
        DeValue::String(text) => parse_date(text),
        _ => None,
    };
    if parsed.is_none() {
        reader.forget_syntax(value.span());
        reader.problem(
            "invalid-date",
            value.span(),
            format!("`{key}` is not a date"),
            "write a calendar date such as 2026-12-08",
        );
    }
    parsed
}

/// `2026-12-08` and nothing else.
pub fn parse_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, byte)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !shape {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?).ok()
}

pub fn word(reader: &mut Reader, key: &str, value: &Value<'_>, words: &'static [&'static str]) -> Option<&'static str> {
    let DeValue::String(typed) = value.get_ref() else {
        reader.wrong_type(value, key, "a string");
        return None;
    };
    let found = words.iter().find(|word| *word == typed).copied();
    if found.is_none() {
        let help = match did_you_mean(typed, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of: {}", words.join(", ")),
        };
        reader.problem("unknown-value", value.span(), format!("`{typed}` is not a value of `{key}`"), help);
    }
    found
}
