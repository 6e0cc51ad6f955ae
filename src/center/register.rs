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
    /// True if the center shows it as a page of its own.
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
    Places(Vec<Place>),
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

/// Where data is processed: a country or a region, with a place in words if the row names one.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// ISO 3166-1 alpha-2, `EU`, `EEA` or `worldwide`.
    pub code: String,
    pub name: Option<Text>,
}

/// Where data goes that is not tied to a country.
pub const WORLDWIDE: &str = "worldwide";

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
            let mut labels = Vec::new();
            for (field, span, value) in columns.iter() {
                labels.extend(text(reader, field, value).map(|label| (span.start, field.to_string(), label)));
            }
            // The first column of the file names the rows.
            labels.sort_by_key(|(start, _, _)| *start);
            register.labels.extend(labels.into_iter().map(|(_, field, label)| (field, label)));
        }
        let schema = schema(name);
        let own = register.own_columns();
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
                        "{}use lower-case letters, digits, `-` and `_`; an id is permanent",
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
                        .help("give each row its own id"),
                );
                continue;
            }
            seen.insert(id.get_ref().clone(), id.span());
            let fields = match schema {
                Some(schema) => typed(reader, schema, &own, &keys, id.get_ref()),
                None => free(reader, &keys),
            };
            register.rows.push(Row { id: id.into_inner(), span, fields });
        }
        keys.finish(reader);
        register
    }

    /// The first column of a register of the user's own, as its `[columns]` say.
    pub fn first_column(&self) -> Option<&str> {
        let own = schema(&self.name).is_none();
        self.labels.first().filter(|_| own).map(|(field, _)| field.as_str())
    }

    /// The rows by their ids, for whoever asks for many.
    pub fn by_id(&self) -> std::collections::HashMap<&str, &Row> {
        self.rows.iter().map(|row| (row.id.as_str(), row)).collect()
    }

    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Every field that the register may have, in order.
    pub fn fields(&self) -> Vec<String> {
        if let Some(schema) = schema(&self.name) {
            let known = schema.fields.iter().map(|field| field.name.to_string());
            return known.chain(self.own_columns()).collect();
        }
        let mut out: Vec<String> = self.labels.iter().map(|(field, _)| field.clone()).collect();
        for (field, _) in self.rows.iter().flat_map(|row| &row.fields) {
            if !out.contains(field) {
                out.push(field.clone());
            }
        }
        out
    }

    /// The columns of a known register that are the user's own: named under `[columns]`, and not among its fields.
    pub fn own_columns(&self) -> Vec<String> {
        let Some(schema) = schema(&self.name) else { return Vec::new() };
        let own = self.labels.iter().map(|(field, _)| field);
        own.filter(|field| *field != "id" && schema.fields.iter().all(|known| known.name != *field)).cloned().collect()
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
            Value::Places(places) => {
                let names: Vec<String> = places.iter().map(|place| place.words(language)).collect();
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

impl Place {
    /// The country or region in a language, then the place: `Germany (Frankfurt)`.
    pub fn words(&self, language: &Language) -> String {
        let region = self.region(language);
        let fallbacks = language.fallbacks();
        match &self.name {
            Some(name) => format!("{region} ({})", name.get(fallbacks.iter().map(String::as_str))),
            None => region,
        }
    }

    /// The country or region alone.
    pub fn region(&self, language: &Language) -> String {
        match self.code.as_str() {
            WORLDWIDE => words::label(language, "place.worldwide").to_string(),
            code => words::country(language, code).unwrap_or_else(|| code.to_string()),
        }
    }

    /// As a file writes it in one language: `DE (Frankfurt)`.
    pub fn written(&self, language: &Language) -> String {
        let fallbacks = language.fallbacks();
        match &self.name {
            Some(name) => format!("{} ({})", self.code, name.get(fallbacks.iter().map(String::as_str))),
            None => self.code.clone(),
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

/// A row of a known register. Columns that the file names under `[columns]` are the user's own and come last.
fn typed(reader: &mut Reader, schema: &Schema, own: &[String], keys: &Keys<'_>, id: &str) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    let known = schema.fields.iter().map(|field| field.name);
    let names: Vec<&str> = std::iter::once("id").chain(known).chain(own.iter().map(String::as_str)).collect();
    for (key, span, _) in keys.iter() {
        if !names.contains(&key) {
            unknown_key(reader, key, span, &names);
            if let Some(finding) = reader.findings.last_mut() {
                finding.help.push(format!("or name it under [columns] as a column of your own: {key} = \"…\""));
            }
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
    for column in own {
        let value = keys.iter().find(|(key, _, _)| key == column);
        fields.extend(value.and_then(|(key, _, value)| Some((key.to_string(), free_value(reader, key, value)?))));
    }
    fields
}

/// Places such as `DE`, `EU (Frankfurt)` or `worldwide`; or tables, where the place has a name in each language.
fn places(reader: &mut Reader, name: &str, value: &TomlValue<'_>) -> Option<Vec<Place>> {
    let expected = "a list of places such as [\"DE\", \"EU (Frankfurt)\", \"worldwide\"]";
    let items: Vec<&TomlValue<'_>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        DeValue::String(_) | DeValue::Table(_) => vec![value],
        _ => {
            reader.wrong_type(value, name, expected);
            return None;
        }
    };
    let mut places = Vec::new();
    for item in items {
        match item.get_ref() {
            DeValue::String(typed) => {
                let (code, place) = match typed.split_once('(') {
                    Some((code, place)) => (code.trim(), Some(place.trim().trim_end_matches(')').trim())),
                    None => (typed.trim(), None),
                };
                let code = region(reader, code, item.span());
                let name = place.filter(|place| !place.is_empty()).map(|place| Text::One(place.to_string()));
                places.push(Place { code, name });
            }
            DeValue::Table(table) => {
                let mut keys = Keys::of(table, item.span());
                let code = keys.string(reader, "code");
                let name = keys.text(reader, "place");
                if !keys.has("code") {
                    keys.missing(reader, "code", "the place");
                }
                keys.finish(reader);
                if let Some(code) = code {
                    let code = region(reader, code.get_ref(), code.span());
                    places.push(Place { code, name });
                }
            }
            _ => reader.wrong_type(item, name, "a place"),
        }
    }
    Some(places)
}

fn region(reader: &mut Reader, code: &str, span: Range<usize>) -> String {
    if code.eq_ignore_ascii_case(WORLDWIDE) {
        return WORLDWIDE.to_string();
    }
    // The code of a subdivision, such as `US-VA`, holds the country.
    match code.split_once('-').filter(|(country, part)| country.len() == 2 && (1..=3).contains(&part.len())) {
        Some((country, part)) if words::country(&Language::english(), country).is_some() => reader.problem(
            "unknown-country",
            span,
            format!("`{code}` is a part of a country, not a country code"),
            format!("write the country, and the place in words: \"{country} ({part})\""),
        ),
        _ => super::organization::check_country(reader, code, span),
    }
    code.to_string()
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
        Kind::Places => places(reader, name, value).map(Value::Places),
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
                    "write the complete address, with `https://`",
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
            format!("`{name}` is not a period"),
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
            Diagnostic::new("invalid-retention", "`keep` does not state a period")
                .at(&reader.path, at)
                .help("a fixed period: \"90 days\", \"at most 90 days\", \"7 to 90 days\" or \"indefinite\"")
                .help("a period after an event: { after = \"your last order\", for = \"6 years\" }")
                .help("a criterion: { criterion = \"while the account is open\" }"),
        );
    }
    fact.map(Value::Keep)
}

/// Suggests a valid id: `write "order-history"; `.
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
    let columns = keys.iter().filter(|(key, _, _)| *key != "id");
    columns.filter_map(|(key, _, value)| Some((key.to_string(), free_value(reader, key, value)?))).collect()
}

/// A value in a column of the user's own.
fn free_value(reader: &mut Reader, key: &str, value: &TomlValue<'_>) -> Option<Value> {
    match value.get_ref() {
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> (Register, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let register = Register::read("processors", &"content/processors.toml".into(), source, &mut findings);
        (register, findings)
    }

    const ROW: &str = "[[row]]\nid = \"a\"\nname = \"A\"\npurpose = \"p\"\ndata = [\"d\"]\n";

    #[test]
    fn places_are_countries_and_regions_with_words_beside_them() {
        let location = "location = [\"US (Virginia)\", \"EU\", \"Worldwide\", { code = \"DE\", place = { en = \"Munich\", de = \"München\" } }]\n";
        let (register, findings) = read(&format!("{ROW}{location}"));
        assert!(findings.is_empty(), "{findings:?}");
        let value = register.rows[0].value("location").unwrap();
        let said = |tag: &str| register.words(&Language::parse(tag).unwrap(), "location", value);
        assert_eq!(said("en"), "United States (Virginia), European Union, worldwide and Germany (Munich)");
        assert_eq!(said("de"), "Vereinigte Staaten (Virginia), Europäische Union, weltweit und Deutschland (München)");
        for (code, help) in [("UK", "`GB`"), ("US-VA", "\"US (VA)\""), ("UK (London)", "`GB`")] {
            let (_, findings) = read(&format!("{ROW}location = [\"{code}\"]\n"));
            assert!(findings.len() == 1 && findings[0].help.concat().contains(help), "{code}: {findings:?}");
        }
    }

    #[test]
    fn groups_products_and_columns_of_the_users_own_have_a_place_in_a_known_register() {
        let columns = "[columns]\nregion = \"Region\"\nname = \"Company\"\n";
        let more = "location = [\"DE\"]\ngroup = \"Infrastructure\"\nproducts = [\"AI\", \"Mail\"]\n";
        let (register, findings) = read(&format!("{columns}{ROW}{more}region = \"Nuremberg\"\n"));
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(register.own_columns(), ["region"]);
        assert!(register.filled_fields().ends_with(&["region".to_string()]), "{:?}", register.filled_fields());
        let english = Language::english();
        assert_eq!(register.label(&english, "region"), "Region");
        assert_eq!(register.label(&english, "products"), "Products");
        let said = |field: &str| register.words(&english, field, register.rows[0].value(field).unwrap());
        assert_eq!([said("group"), said("products"), said("region")], ["Infrastructure", "AI and Mail", "Nuremberg"]);
        // What is named nowhere stays an error, and the help says where to name it.
        let (_, findings) = read(&format!("{ROW}{more}region = \"Nuremberg\"\n"));
        assert!(findings.len() == 1 && findings[0].help.concat().contains("[columns]"), "{findings:?}");
    }

    #[test]
    fn a_register_that_is_known_takes_columns_of_the_users_own() {
        let row = "\n[[row]]\nid = \"a\"\ndata = \"Logs\"\nkeep = \"30 days\"\nsystem = \"Mail\"\n";
        let path = "content/retention.toml".into();
        let mut findings = Vec::new();
        let source = format!("[columns]\nsystem = \"System\"\n{row}");
        let register = Register::read("retention", &path, &source, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(register.filled_fields(), ["data", "keep", "system"]);
        assert_eq!(register.label(&Language::english(), "system"), "System");
        // Without its name in `[columns]` it may be a typing mistake.
        Register::read("retention", &path, row, &mut findings);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["unknown-key"]);
    }

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
