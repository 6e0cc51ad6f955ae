//! Changes between two sets of facts: rows of registers by id, and facts of the organization.
//!
//! In: two sets, a reader's language. Out: rows added, removed and changed, each field with both values in words; and
//! sentences by a set of phrases. Must not know: versions, dates, pages.

use crate::center::organization::Party;
use crate::center::register::{Row, Texts, Value};
use crate::center::{Known, Organization, Register, Text};
use crate::law::Practice;
use crate::words::{self, Language};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The facts beside one version.
#[derive(Clone, Copy)]
pub struct FactSet<'f> {
    pub organization: &'f Organization,
    pub registers: &'f BTreeMap<String, Arc<Register>>,
}

#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct FactChanges {
    pub organization: Vec<FieldChange>,
    /// In order of names; only those in which a row changed.
    pub registers: Vec<RegisterChange>,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RegisterChange {
    pub register: String,
    pub title: String,
    pub rows: Vec<RowChange>,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RowChange {
    pub id: String,
    /// Display name of the row: its first field.
    pub name: String,
    pub fate: RowFate,
    /// Every field of a row that was added or removed, on one side only.
    pub fields: Vec<FieldChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowFate {
    Added,
    Removed,
    Changed,
}

#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct FieldChange {
    pub field: String,
    pub label: String,
    pub old: Option<String>,
    pub new: Option<String>,
    /// Sentences of the author's own, which want quotation marks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prose: bool,
    /// Items that were added to a list and removed from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
}

impl FactChanges {
    pub fn is_empty(&self) -> bool {
        self.organization.is_empty() && self.registers.is_empty()
    }
}

pub fn facts(old: FactSet, new: FactSet, language: &Language) -> FactChanges {
    let names: std::collections::BTreeSet<&String> = old.registers.keys().chain(new.registers.keys()).collect();
    let registers = names
        .into_iter()
        .filter_map(|name| register(old.registers.get(name), new.registers.get(name), language))
        .collect();
    FactChanges { organization: organization(old.organization, new.organization, language), registers }
}

fn register(old: Option<&Arc<Register>>, new: Option<&Arc<Register>>, language: &Language) -> Option<RegisterChange> {
    let either = new.or(old)?;
    let mut rows = Vec::new();
    let (olds, news) = (old.map(|old| old.by_id()).unwrap_or_default(), new.map(|new| new.by_id()).unwrap_or_default());
    for row in new.iter().flat_map(|register| &register.rows) {
        match olds.get(row.id.as_str()) {
            None => rows.push(whole(either, row, RowFate::Added, language)),
            Some(before) => rows.extend(changed(either, before, row, language)),
        }
    }
    for row in old.iter().flat_map(|register| &register.rows) {
        if !news.contains_key(row.id.as_str()) {
            rows.push(whole(either, row, RowFate::Removed, language));
        }
    }
    let title = either.title(language);
    (!rows.is_empty()).then(|| RegisterChange { register: either.name.clone(), title, rows })
}

/// Returns the display name of a row: its first column of the user's own, else its first text.
pub fn row_name(register: &Register, row: &Row, language: &Language) -> String {
    if let Some((field, value)) = register.first_column().and_then(|field| Some((field, row.value(field)?))) {
        let words = register.words(language, field, value);
        if !words.is_empty() {
            return words;
        }
    }
    let first = row.fields.iter().find(|(_, value)| matches!(value, Value::Text(text) if !text.is_empty()));
    first.map_or_else(|| row.id.clone(), |(field, value)| register.words(language, field, value))
}

fn whole(register: &Register, row: &Row, fate: RowFate, language: &Language) -> RowChange {
    let field = |(field, value): &(String, Value)| {
        let words = Some(register.words(language, field, value)).filter(|words| !words.is_empty())?;
        let (old, new) = if fate == RowFate::Added { (None, Some(words)) } else { (Some(words), None) };
        Some(FieldChange {
            field: field.clone(),
            label: register.label(language, field),
            old,
            new,
            ..FieldChange::default()
        })
    };
    RowChange {
        id: row.id.clone(),
        name: row_name(register, row, language),
        fate,
        fields: row.fields.iter().filter_map(field).collect(),
    }
}

fn changed(register: &Register, old: &Row, new: &Row, language: &Language) -> Option<RowChange> {
    let mut names: Vec<&String> = new.fields.iter().map(|(field, _)| field).collect();
    names.extend(old.fields.iter().map(|(field, _)| field).filter(|field| new.value(field).is_none()));
    let mut fields = Vec::new();
    for field in names {
        let (a, b) = (old.value(field), new.value(field));
        if a == b {
            continue;
        }
        let say = |value: Option<&Value>| value.map(|value| register.words(language, field, value));
        let (before, after) = (say(a), say(b));
        // Another language's words changed, not this one's.
        if before == after {
            continue;
        }
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        let (was, is) = (
            a.map(|value| items(register, field, value, language)),
            b.map(|value| items(register, field, value, language)),
        );
        if let (Some(Some(was)), Some(Some(is))) = (was, is) {
            added.extend(is.iter().filter(|item| !was.contains(item)).cloned());
            removed.extend(was.iter().filter(|item| !is.contains(item)).cloned());
        }
        let text = [a, b].into_iter().flatten().all(|value| matches!(value, Value::Text(_)));
        let prose = text && [&before, &after].into_iter().flatten().any(|words| is_prose(words));
        fields.push(FieldChange {
            field: field.clone(),
            label: register.label(language, field),
            prose,
            old: before,
            new: after,
            added,
            removed,
        });
    }
    (!fields.is_empty()).then(|| RowChange {
        id: new.id.clone(),
        name: row_name(register, new, language),
        fate: RowFate::Changed,
        fields,
    })
}

/// More than a name or two.
fn is_prose(words: &str) -> bool {
    words.split_whitespace().count() > 3 || (!words.is_ascii() && words.chars().count() > 24)
}

/// The members of a list, each in words.
pub fn items(register: &Register, field: &str, value: &Value, language: &Language) -> Option<Vec<String>> {
    let fallbacks = language.fallbacks();
    let tags = || fallbacks.iter().map(String::as_str);
    Some(match value {
        Value::Texts(Texts::Each(texts)) => texts.iter().map(|text| text.get(tags()).to_string()).collect(),
        Value::Texts(Texts::ByLanguage(by)) => {
            tags().find_map(|tag| by.get(tag)).or_else(|| by.values().next()).cloned().unwrap_or_default()
        }
        Value::Places(places) => places.iter().map(|place| place.words(language)).collect(),
        Value::Terms(terms) => {
            terms.iter().map(|term| register.words(language, field, &Value::Terms(vec![term]))).collect()
        }
        _ => return None,
    })
}

fn organization(old: &Organization, new: &Organization, language: &Language) -> Vec<FieldChange> {
    let (old, new) = (told(old, language), told(new, language));
    let mut fields: Vec<&String> = new.iter().map(|(field, _)| field).collect();
    fields.extend(old.iter().map(|(field, _)| field).filter(|field| !new.iter().any(|(known, _)| known == *field)));
    let value = |facts: &[(String, String)], field: &str| {
        facts.iter().find(|(known, _)| known == field).map(|(_, value)| value.clone())
    };
    let change = |field: &String| {
        let (before, after) = (value(&old, field), value(&new, field));
        let label = || {
            words::find_label(language, &format!("organization.{field}")).map_or_else(|| label(field), str::to_string)
        };
        (before != after).then(|| FieldChange {
            field: field.clone(),
            label: label(),
            old: before,
            new: after,
            ..FieldChange::default()
        })
    };
    fields.into_iter().filter_map(change).collect()
}

/// `contacts.privacy` → "Privacy contact"; `tax_id` → "Tax id".
fn label(field: &str) -> String {
    let words = match field.split_once('.') {
        Some(("contacts", role)) => format!("{role} contact"),
        Some(("facts", name)) => name.to_string(),
        Some((party, part)) => format!("{party} {part}"),
        None => field.to_string(),
    };
    let mut words = words.replace(['_', '-'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Every fact that is there, in words, by path.
fn told(organization: &Organization, language: &Language) -> Vec<(String, String)> {
    let fallbacks = language.fallbacks();
    // Lines of an address stand behind each other in a sentence.
    let say = |text: &Text| {
        let words = text.get(fallbacks.iter().map(String::as_str)).to_string();
        words.lines().map(|line| line.trim_end_matches(',')).collect::<Vec<_>>().join(", ")
    };
    let country = |code: &String| words::country(language, code).unwrap_or_else(|| code.clone());
    let mut out: Vec<(String, String)> = Vec::new();
    let mut put = |field: &str, value: Option<String>| {
        out.extend(value.filter(|value| !value.is_empty()).map(|value| (field.to_string(), value)))
    };
    put("legal_name", organization.legal_name.as_ref().map(say));
    put("brand", organization.brand.as_ref().map(say));
    put("form", organization.form.as_ref().map(say));
    put("address", organization.address.as_ref().map(say));
    put("country", organization.country.as_ref().map(country));
    put("tax_id", organization.tax_id.as_ref().map(say));
    put("registration", organization.registration.as_ref().map(say));
    put("website", organization.website.as_ref().map(say));
    for (role, address) in &organization.contacts {
        put(&format!("contacts.{role}"), Some(address.clone()));
    }
    for (whose, party) in [
        ("dpo", &organization.dpo),
        ("representative", &organization.representative),
        ("authority", &organization.authority),
    ] {
        match party {
            Known::Absent => {}
            Known::None => put(whose, Some(words::label(language, "value.none").to_string())),
            Known::Unknown => put(whose, Some(words::label(language, "value.unknown").to_string())),
            // One fact: who it is and how to reach them.
            Known::Is(Party { name, email, website, address, country: code }) => {
                let parts = [
                    name.as_ref().map(say),
                    email.clone(),
                    website.clone(),
                    address.as_ref().map(say),
                    code.as_ref().map(country),
                ];
                let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
                put(whose, Some(parts.join(", ")));
            }
        }
    }
    let practices = &organization.practices;
    for question in Practice::FACTS {
        let name = question.key();
        let said = practices.answer(*question).map(|yes| if yes { "value.yes" } else { "value.no" });
        put(&format!("practices.{name}"), said.map(|word| words::label(language, word).to_string()));
    }
    put("practices.minimum_age", practices.minimum_age.map(|age| age.to_string()));
    for (name, value) in &organization.facts {
        put(&format!("facts.{name}"), Some(say(value)));
    }
    out
}

/// Wording of the sentences in one language.
pub trait FactPhrases {
    /// `details`: the first few values of the row.
    fn added(&self, name: &str, details: &[&str]) -> String;
    fn removed(&self, name: &str) -> String;
    /// Around words of the author's.
    fn quoted(&self, words: &str) -> String;
    fn changed(&self, name: &str, label: &str, old: Option<&str>, new: Option<&str>) -> String;
    fn listed(&self, name: &str, label: &str, added: &[String], removed: &[String]) -> String;
    fn fact(&self, label: &str, old: Option<&str>, new: Option<&str>) -> String;
}

pub struct English;

impl FactPhrases for English {
    fn added(&self, name: &str, details: &[&str]) -> String {
        if details.is_empty() { format!("Added: {name}") } else { format!("Added: {name} ({})", details.join(", ")) }
    }

    fn removed(&self, name: &str) -> String {
        format!("Removed: {name}")
    }

    fn quoted(&self, words: &str) -> String {
        format!("“{words}”")
    }

    fn changed(&self, name: &str, label: &str, old: Option<&str>, new: Option<&str>) -> String {
        format!("{name}: {}", self.fact(&words::inside(&Language::english(), label), old, new))
    }

    fn listed(&self, name: &str, label: &str, added: &[String], removed: &[String]) -> String {
        let mut parts = Vec::new();
        if !added.is_empty() {
            parts.push(format!("now with {}", added.join(", ")));
        }
        if !removed.is_empty() {
            parts.push(format!("no longer with {}", removed.join(", ")));
        }
        format!("{name}: {} {}", words::inside(&Language::english(), label), parts.join(", "))
    }

    fn fact(&self, label: &str, old: Option<&str>, new: Option<&str>) -> String {
        match (old, new) {
            (Some(old), Some(new)) => format!("{label} now {new} (was {old})"),
            (None, Some(new)) => format!("{label} now stated: {new}"),
            (Some(old), None) => format!("{label} no longer stated (was {old})"),
            (None, None) => String::new(),
        }
    }
}

/// One sentence for each change, without full stops.
pub fn sentences(changes: &FactChanges, phrases: &dyn FactPhrases) -> Vec<String> {
    let mut out: Vec<String> = changes
        .organization
        .iter()
        .map(|change| phrases.fact(&change.label, change.old.as_deref(), change.new.as_deref()))
        .collect();
    for row in changes.registers.iter().flat_map(|register| &register.rows) {
        let name = if is_prose(&row.name) { phrases.quoted(&row.name) } else { row.name.clone() };
        match row.fate {
            RowFate::Added => {
                let detail = |field: &&FieldChange| {
                    matches!(
                        field.field.as_str(),
                        "purpose" | "location" | "keep" | "lifetime" | "category" | "basis" | "deadline"
                    )
                };
                let details: Vec<&str> = row
                    .fields
                    .iter()
                    .filter(detail)
                    .filter_map(|field| field.new.as_deref())
                    .filter(|words| *words != row.name)
                    .collect();
                out.push(phrases.added(&name, &details));
            }
            RowFate::Removed => out.push(phrases.removed(&name)),
            RowFate::Changed => {
                out.extend(row.fields.iter().map(|field| match field.added.is_empty() && field.removed.is_empty() {
                    true => {
                        let quote = |words: &Option<String>| {
                            words.as_ref().map(|words| if field.prose { phrases.quoted(words) } else { words.clone() })
                        };
                        let (old, new) = (quote(&field.old), quote(&field.new));
                        phrases.changed(&name, &field.label, old.as_deref(), new.as_deref())
                    }
                    false => phrases.listed(&name, &field.label, &field.added, &field.removed),
                }))
            }
        }
    }
    out
}
