//! A register: rows of structured facts, keyed by `id`.
//!
//! In: the text of a TOML file. Out: rows with typed values, and their words in a language.
//! Must not know: which document uses it, how a page shows it.

use super::reader::{Keys, Reader, Value as TomlValue, date, text, unknown_key, word};
use super::schema::{Field, Kind, Schema, schema};
use super::text::Text;
use crate::diagnostic::Diagnostic;
use crate::words::{self, Duration, Keep, Language};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::de::DeValue;

#[derive(Clone, Debug)]
pub struct Register {
    pub name: String,
    pub path: Arc<str>,
    pub title: Option<Text>,
    pub description: Option<Text>,
    /// Whether the center shows it as a page of its own.
    pub page: bool,
    /// Labels of columns, by field.
    pub labels: Vec<(String, Text)>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub span: Range<usize>,
    /// In the order of the schema, or of the file for the user's own registers; `id` left out.
    pub fields: Vec<(String, Value)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(Text),
    Texts(Texts),
    Countries(Vec<String>),
    /// One of the schema's words.
    Terms(Vec<&'static str>),
    Date(Date),
    Url(String),
    Duration(Duration),
    Keep(KeepFact),
    Number(String),
    Yes(bool),
    Unknown,
    None,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Texts {
    Each(Vec<Text>),
    ByLanguage(BTreeMap<String, Vec<String>>),
}

/// How long something is kept, its words still by language.
#[derive(Clone, Debug, PartialEq)]
pub enum KeepFact {
    Exact(Duration),
    AtMost(Duration),
    Range(Duration, Duration),
    Event { after: Text, offset: Duration },
    Criterion { text: Text, plus: Option<Duration> },
    Indefinite,
}

impl Row {
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value)
    }

    pub fn date(&self, field: &str) -> Option<Date> {
        match self.value(field) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Where a processor is in its life on a day.
    pub fn life(&self, on: Date) -> Life {
        match (self.date("since"), self.date("until")) {
            (_, Some(until)) if until <= on => Life::Former,
            (Some(since), _) if since > on => Life::Announced,
            _ => Life::Active,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    Announced,
    Active,
    Former,
}

impl Register {
    pub fn read(name: &str, path: &Arc<str>, source: &str, findings: &mut Vec<Diagnostic>) -> Register {
        let reader = &mut Reader::new(path, 0, findings);
        let table = reader.parse(source);
        let mut keys = Keys::new(&table);
        let mut register = Register {
            name: name.to_string(),
            path: path.clone(),
            title: keys.text(reader, "title"),
            description: keys.text(reader, "description"),
            page: keys.boolean(reader, "page").unwrap_or(false),
            labels: Vec::new(),
            rows: Vec::new(),
        };
        if let Some(columns) = keys.table(reader, "columns") {
            for (field, _, value) in columns.iter() {
                if let Some(label) = text(reader, field, value) {
                    register.labels.push((field.to_string(), label));
                }
            }
        }
        let schema = schema(name);
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for mut keys in keys.tables(reader, "row") {
            let span = keys.span();
            let Some(id) = keys.string(reader, "id") else {
                if !keys.has("id") {
                    keys.missing(reader, "id", "a row");
                }
                continue;
            };
            let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
            if id.get_ref().is_empty() || !id.get_ref().chars().all(shape) {
                reader.problem(
                    "invalid-id",
                    id.span(),
                    format!("`{}` is not an id", id.get_ref()),
                    format!(
                        "{}an id has lower-case letters, digits, `-` and `_`, and stays the same for ever",
                        id_meant(id.get_ref())
                    ),
                );
            }
            if let Some(first) = seen.get(id.get_ref()) {
                let at = reader.at(id.span());
                reader.findings.push(
                    Diagnostic::new("duplicate-id", format!("two rows have the id `{}`", id.get_ref()))
                        .at(path, at)
                        .also(path, first.clone(), "the first is here")
                        .help("give each row an id of its own"),
                );
                continue;
            }
            seen.insert(id.get_ref().clone(), id.span());
            let fields = match schema {
                Some(schema) => typed(reader, schema, &keys, id.get_ref()),
                None => free(reader, &keys),
            };
            register.rows.push(Row { id: id.into_inner(), span, fields });
        }
        keys.finish(reader);
        register
    }

    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Every field that the register may have, in order.
    pub fn fields(&self) -> Vec<String> {
        if let Some(schema) = schema(&self.name) {
            return schema.fields.iter().map(|field| field.name.to_string()).collect();
        }
        let mut out: Vec<String> = self.labels.iter().map(|(field, _)| field.clone()).collect();
        for (field, _) in self.rows.iter().flat_map(|row| &row.fields) {
            if !out.contains(field) {
                out.push(field.clone());
            }
        }
        out
    }

    /// The fields that some row fills, in order.
    pub fn filled_fields(&self) -> Vec<String> {
        let mut fields = self.fields();
        fields.retain(|field| self.rows.iter().any(|row| row.value(field).is_some()));
        fields
    }

    pub fn label(&self, language: &Language, field: &str) -> String {
        if let Some((_, label)) = self.labels.iter().find(|(name, _)| name == field) {
            return label.get(language.fallbacks().iter().map(String::as_str)).to_string();
        }
        let key = format!("{}.{field}", self.name);
        let label = words::label(language, &key);
        if schema(&self.name).is_some() && label != key {
            return label.to_string();
        }
        let mut words = field.replace(['_', '-'], " ");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        words
    }

    pub fn title(&self, language: &Language) -> String {
        match &self.title {
            Some(title) => title.get(language.fallbacks().iter().map(String::as_str)).to_string(),
            None if schema(&self.name).is_some() => {
                words::label(language, &format!("register.{}", self.name)).to_string()
            }
            None => {
                let mut words = self.name.replace(['_', '-'], " ");
                if let Some(first) = words.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                words
            }
        }
    }

    /// A code that a reader knows by another name, such as `gdpr` or a lifetime of `session`; else the text as it is.
    fn own_word(&self, language: &Language, field: &str, text: &str) -> String {
        let known = schema(&self.name).is_some_and(|schema| schema.fields.iter().any(|known| known.name == field));
        let label = known.then(|| words::find_label(language, &format!("{}.{field}.{text}", self.name))).flatten();
        label.unwrap_or(text).to_string()
    }

    /// The words of a value for a reader.
    pub fn words(&self, language: &Language, field: &str, value: &Value) -> String {
        let fallbacks = language.fallbacks();
        let tags = || fallbacks.iter().map(String::as_str);
        match value {
            Value::Text(text) => self.own_word(language, field, text.get(tags())),
            Value::Texts(Texts::Each(texts)) => {
                let words: Vec<String> =
                    texts.iter().map(|text| self.own_word(language, field, text.get(tags()))).collect();
                words::list(language, &words)
            }
            Value::Texts(Texts::ByLanguage(by)) => {
                let list = tags().find_map(|tag| by.get(tag)).or_else(|| by.values().next());
                let words: Vec<String> =
                    list.into_iter().flatten().map(|text| self.own_word(language, field, text)).collect();
                words::list(language, &words)
            }
            Value::Countries(codes) => {
                let names: Vec<String> =
                    codes.iter().map(|code| words::country(language, code).unwrap_or_else(|| code.clone())).collect();
                words::list(language, &names)
            }
            Value::Terms(terms) => {
                let names: Vec<String> = terms
                    .iter()
                    .map(|term| words::label(language, &format!("{}.{field}.{term}", self.name)).to_string())
                    .collect();
                words::list(language, &names)
            }
            Value::Date(date) => words::date(language, *date),
            Value::Url(url) => shown_url(url),
            Value::Duration(duration) => words::duration(language, duration),
            Value::Keep(keep) => words::keep(language, &keep.words(tags)),
            Value::Number(number) => number.clone(),
            Value::Yes(yes) => words::label(language, if *yes { "value.yes" } else { "value.no" }).to_string(),
            Value::Unknown => words::label(language, "value.unknown").to_string(),
            Value::None => words::label(language, "value.none").to_string(),
        }
    }
}

/// An address as people write it: without scheme and closing slash.
fn shown_url(url: &str) -> String {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    rest.strip_suffix('/').unwrap_or(rest).to_string()
}

impl KeepFact {
    fn words<'a, I: Iterator<Item = &'a str>>(&self, tags: impl Fn() -> I) -> Keep {
        match self {
            KeepFact::Exact(duration) => Keep::Exact(duration.clone()),
            KeepFact::AtMost(duration) => Keep::AtMost(duration.clone()),
            KeepFact::Range(low, high) => Keep::Range(low.clone(), high.clone()),
            KeepFact::Event { after, offset } => {
                Keep::Event { after: after.get(tags()).to_string(), offset: offset.clone() }
            }
            KeepFact::Criterion { text, plus } => {
                Keep::Criterion { text: text.get(tags()).to_string(), plus: plus.clone() }
            }
            KeepFact::Indefinite => Keep::Indefinite,
        }
    }
}

fn typed(reader: &mut Reader, schema: &Schema, keys: &Keys<'_>, id: &str) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    let names: Vec<&str> = std::iter::once("id").chain(schema.fields.iter().map(|field| field.name)).collect();
    for (key, span, _) in keys.iter() {
        if !names.contains(&key) {
            unknown_key(reader, key, span, &names);
        }
    }
    for field in schema.fields {
        match keys.iter().find(|(key, _, _)| *key == field.name) {
            Some((_, _, value)) => {
                if let Some(value) = read_value(reader, field, value) {
                    fields.push((field.name.to_string(), value));
                }
            }
            None if field.required => keys.missing(reader, field.name, &format!("row `{id}`")),
            None => {}
        }
    }
    fields
}

fn read_value(reader: &mut Reader, field: &Field, value: &TomlValue<'_>) -> Option<Value> {
    match value.get_ref() {
        DeValue::String(word) if word == "unknown" => return Some(Value::Unknown),
        DeValue::String(word) if word == "none" => return Some(Value::None),
        _ => {}
    }
    let name = field.name;
    match field.kind {
        Kind::Text => text(reader, name, value).map(Value::Text),
        Kind::Texts => texts(reader, name, value).map(Value::Texts),
        Kind::Countries => {
            let mut codes = Vec::new();
            for (code, span) in strings(reader, name, value, "a list of country codes such as [\"DE\"]")? {
                super::organization::check_country(reader, &code, span);
                codes.push(code);
            }
            Some(Value::Countries(codes))
        }
        Kind::Term(words) => word(reader, name, value, words).map(|term| Value::Terms(vec![term])),
        Kind::Terms(words) => match value.get_ref() {
            DeValue::Array(items) => {
                let terms = items.iter().filter_map(|item| word(reader, name, item, words)).collect();
                Some(Value::Terms(terms))
            }
            _ => word(reader, name, value, words).map(|term| Value::Terms(vec![term])),
        },
        Kind::Date => date(reader, name, value).map(Value::Date),
        Kind::Url => match value.get_ref() {
            DeValue::String(address)
                if url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) =>
            {
                Some(Value::Url(address.to_string()))
            }
            DeValue::String(address) => {
                reader.problem(
                    "invalid-url",
                    value.span(),
                    format!("`{address}` is not a web address"),
                    "write it whole, from `https://` on",
                );
                None
            }
            _ => {
                reader.wrong_type(value, name, "a web address");
                None
            }
        },
        Kind::Duration => duration(reader, name, value).map(Value::Duration),
        Kind::Keep => keep(reader, value),
    }
}

fn duration(reader: &mut Reader, name: &str, value: &TomlValue<'_>) -> Option<Duration> {
    let parsed = match value.get_ref() {
        DeValue::String(typed) => typed.parse().ok(),
        _ => None,
    };
    if parsed.is_none() {
        reader.problem(
            "invalid-duration",
            value.span(),
            format!("`{name}` is not a length of time"),
            "write a number and a unit, such as \"30 days\", \"12 months\" or \"72 hours\"",
        );
    }
    parsed
}

fn keep(reader: &mut Reader, value: &TomlValue<'_>) -> Option<Value> {
    let fact = match value.get_ref() {
        DeValue::String(typed) => {
            let typed = typed.trim();
            if typed == "indefinite" {
                Some(KeepFact::Indefinite)
            } else if let Some(most) = typed.strip_prefix("at most ") {
                most.parse().ok().map(KeepFact::AtMost)
            } else if let Some((low, high)) = typed.split_once(" to ") {
                range(low, high)
            } else {
                typed.parse().ok().map(KeepFact::Exact)
            }
        }
        DeValue::Table(table) => {
            let mut keys = Keys::of(table, value.span());
            let after = keys.text(reader, "after");
            let criterion = keys.text(reader, "criterion");
            let offset = keys.value("for").and_then(|value| duration(reader, "for", value));
            let plus = keys.value("plus").and_then(|value| duration(reader, "plus", value));
            let given = [
                ("after", after.is_some()),
                ("criterion", criterion.is_some()),
                ("for", offset.is_some()),
                ("plus", plus.is_some()),
            ];
            let reported = given.iter().any(|(key, read)| keys.has(key) && !read);
            keys.finish(reader);
            if reported {
                return None;
            }
            match (after, criterion, offset) {
                (Some(after), None, Some(offset)) => Some(KeepFact::Event { after, offset }),
                (None, Some(text), None) => Some(KeepFact::Criterion { text, plus }),
                _ => None,
            }
        }
        _ => None,
    };
    if fact.is_none() {
        let at = reader.at(value.span());
        reader.findings.push(
            Diagnostic::new("invalid-retention", "`keep` does not say how long")
                .at(&reader.path, at)
                .help("a fixed length: \"90 days\", \"at most 90 days\", \"7 to 90 days\" or \"indefinite\"")
                .help("from an event on: { after = \"your last order\", for = \"6 years\" }")
                .help("as long as something holds: { criterion = \"while the account is open\" }"),
        );
    }
    fact.map(Value::Keep)
}

/// What an id that cannot be one could be: `write "order-history"; `.
fn id_meant(typed: &str) -> String {
    let plain: String =
        typed.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let meant: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    if meant.is_empty() { String::new() } else { format!("write \"{}\"; ", meant.join("-")) }
}

/// `7 to 90 days`, `7 days to 3 months`.
fn range(low: &str, high: &str) -> Option<KeepFact> {
    let high: Duration = high.parse().ok()?;
    let low = match low.trim().parse::<u32>() {
        Ok(count) => Duration { count, unit: high.unit },
        Err(_) => low.parse().ok()?,
    };
    Some(KeepFact::Range(low, high))
}

fn texts(reader: &mut Reader, name: &str, value: &TomlValue<'_>) -> Option<Texts> {
    match value.get_ref() {
        DeValue::Array(items) => {
            let mut out = Vec::new();
            for item in items.iter() {
                out.extend(text(reader, name, item));
            }
            Some(Texts::Each(out))
        }
        DeValue::Table(by) => {
            let mut out = BTreeMap::new();
            for (language, value) in by {
                if let Some(list) = strings(reader, name, value, "a list of texts") {
                    out.insert(language.get_ref().to_string(), list.into_iter().map(|(text, _)| text).collect());
                }
            }
            Some(Texts::ByLanguage(out))
        }
        DeValue::String(one) => Some(Texts::Each(vec![Text::One(one.to_string())])),
        _ => {
            reader.wrong_type(value, name, "a list of texts, or a table of lists by language");
            None
        }
    }
}

fn strings(
    reader: &mut Reader,
    name: &str,
    value: &TomlValue<'_>,
    expected: &str,
) -> Option<Vec<(String, Range<usize>)>> {
    match value.get_ref() {
        DeValue::String(one) => Some(vec![(one.to_string(), value.span())]),
        DeValue::Array(items) => {
            let mut out = Vec::new();
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::String(text) => out.push((text.to_string(), item.span())),
                    _ => reader.wrong_type(item, name, "a string"),
                }
            }
            Some(out)
        }
        _ => {
            reader.wrong_type(value, name, expected);
            None
        }
    }
}

/// A row of the user's own register: whatever the TOML says.
fn free(reader: &mut Reader, keys: &Keys<'_>) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    for (key, _, value) in keys.iter() {
        if key == "id" {
            continue;
        }
        let value = match value.get_ref() {
            DeValue::String(word) if word == "unknown" => Some(Value::Unknown),
            DeValue::String(word) if word == "none" => Some(Value::None),
            DeValue::String(address) if address.starts_with("https://") && url::Url::parse(address).is_ok() => {
                Some(Value::Url(address.to_string()))
            }
            DeValue::Integer(number) => Some(Value::Number(number.as_str().to_string())),
            DeValue::Float(number) => Some(Value::Number(number.as_str().to_string())),
            DeValue::Boolean(yes) => Some(Value::Yes(*yes)),
            DeValue::Datetime(_) => date(reader, key, value).map(Value::Date),
            DeValue::Array(_) => texts(reader, key, value).map(Value::Texts),
            _ => text(reader, key, value).map(Value::Text),
        };
        if let Some(value) = value {
            fields.push((key.to_string(), value));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_readers_know_by_another_name_are_shown_by_it() {
        let source = "[[row]]\nid = \"a\"\ntitle = \"Access\"\ntext = \"…\"\nlaws = [\"gdpr\", \"local law\"]\n";
        let mut findings = Vec::new();
        let register = Register::read("rights", &"content/rights.toml".into(), source, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        let laws = register.rows[0].value("laws").unwrap();
        assert_eq!(register.words(&Language::english(), "laws", laws), "GDPR (EU) and local law");
        // The user's own register has its own words.
        let own = Register::read("laws", &"content/laws.toml".into(), source, &mut findings);
        assert_eq!(own.words(&Language::english(), "laws", laws), "gdpr and local law");
    }
}
