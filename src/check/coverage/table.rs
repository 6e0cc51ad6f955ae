//! The table of what is looked for: `law.toml`, which is part of the program.
//!
//! In: nothing. Out: items and names of laws. Must not know: any center.

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // A test reads it, so that no user ever meets a fault in it.
    toml::from_str(include_str!("law.toml")).expect("law.toml is part of the program")
});

pub fn table() -> &'static Table {
    &TABLE
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(deserialize_with = "date")]
    pub law_as_of: Date,
    #[serde(rename = "item")]
    pub items: Vec<Item>,
    #[serde(rename = "law")]
    pub laws: Vec<Law>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    pub scope: Vec<String>,
    pub title: String,
    pub cite: String,
    pub mark: Mark,
    pub when: Option<String>,
    #[serde(default)]
    pub facts: Vec<String>,
    #[serde(default)]
    pub ids: Vec<String>,
    /// By language: alternatives, each of words that stand in one block, apart by `+`.
    #[serde(default)]
    pub cues: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub weak: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub against: Vec<String>,
    pub unseen: Option<String>,
}

/// How a citation was checked.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Mark {
    /// The wording was read.
    P,
    /// A secondary source was read.
    S,
    /// It was not checked.
    M,
}

impl Mark {
    pub fn name(self) -> &'static str {
        match self {
            Mark::P => "primary",
            Mark::S => "secondary",
            Mark::M => "unverified",
        }
    }
}

/// Names by which a text speaks of a law.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    pub names: Vec<String>,
    /// Jurisdictions or profiles of which one is enough.
    pub scope: Vec<String>,
}

fn date<'d, D: serde::Deserializer<'d>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    let date = written.date.ok_or_else(|| serde::de::Error::custom("no date"))?;
    Date::new(date.year as i16, date.month as i8, date.day as i8).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::center::checks::{JURISDICTIONS, PROFILES};
    use crate::diagnostic::rule;

    #[test]
    fn every_item_can_be_looked_for_and_is_named_once() {
        let known = |scope: &String| JURISDICTIONS.contains(&scope.as_str()) || PROFILES.contains(&scope.as_str());
        let mut seen = std::collections::BTreeSet::new();
        for item in &table().items {
            assert!(seen.insert(&item.id), "{} twice", item.id);
            assert!(!item.scope.is_empty() && item.scope.iter().all(known), "{}: {:?}", item.id, item.scope);
            assert!(!item.title.is_empty() && !item.cite.is_empty(), "{}", item.id);
            let looked =
                !item.facts.is_empty() || !item.ids.is_empty() || !item.cues.is_empty() || !item.weak.is_empty();
            assert_ne!(looked, item.unseen.is_some(), "{}: either looked for, or it is said why not", item.id);
            for name in &item.facts {
                assert!(super::super::facts::NAMES.contains(&name.as_str()), "{}: no fact `{name}`", item.id);
            }
            if let Some(name) = &item.when {
                assert!(super::super::conditions::NAMES.contains(&name.as_str()), "{}: no condition `{name}`", item.id);
            }
            for code in &item.against {
                assert!(rule(code).is_some(), "{}: no rule `{code}`", item.id);
            }
            for words in item.cues.values().chain(item.weak.values()).flatten() {
                assert_eq!(*words, words.to_lowercase(), "{}: words are compared in lower case", item.id);
                assert!(words.split('+').all(|word| !word.trim().is_empty()), "{}: {words}", item.id);
            }
        }
        assert!(table().laws.iter().all(|law| law.scope.iter().all(known)));
        for scope in JURISDICTIONS.iter().chain(PROFILES) {
            assert!(table().items.iter().any(|item| item.scope.iter().any(|own| own == scope)), "nothing for {scope}");
        }
    }
}
