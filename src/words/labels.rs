//! In: a key. Out: our own words for it, from the catalogues under `data/labels/`.

use super::Language;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

pub(super) struct Catalogue {
    pub(super) tag: &'static str,
    #[cfg(test)]
    pub(super) source: &'static str,
    /// Plural forms stand under their key and category: `duration.day.one`.
    words: LazyLock<HashMap<String, String>>,
}

impl Catalogue {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    Text(String),
    Forms(BTreeMap<String, String>),
}

macro_rules! catalogue {
    ($tag:literal) => {
        Catalogue {
            tag: $tag,
            #[cfg(test)]
            source: include_str!(concat!("data/labels/", $tag, ".toml")),
            words: LazyLock::new(|| read(include_str!(concat!("data/labels/", $tag, ".toml")))),
        }
    };
}

/// `pt-PT` holds only what it writes otherwise than `pt`; the others are complete.
pub(super) static CATALOGUES: [Catalogue; 10] = [
    catalogue!("en"),
    catalogue!("es"),
    catalogue!("fr"),
    catalogue!("de"),
    catalogue!("pt"),
    catalogue!("it"),
    catalogue!("nl"),
    catalogue!("ar"),
    catalogue!("ja"),
    catalogue!("pt-PT"),
];

fn read(source: &str) -> HashMap<String, String> {
    let mut words = HashMap::new();
    for (key, entry) in entries(source) {
        match entry {
            Entry::Text(text) => {
                words.insert(key, text);
            }
            Entry::Forms(forms) => {
                words.extend(forms.into_iter().map(|(category, text)| (format!("{key}.{category}"), text)));
            }
        }
    }
    words
}

pub(super) fn entries(source: &str) -> BTreeMap<String, Entry> {
    toml::from_str(source).expect("a catalogue is part of the binary; a test reads every one")
}

/// The catalogues of these languages, in their order.
pub(super) fn catalogues(fallbacks: &[String]) -> Vec<&'static Catalogue> {
    fallbacks.iter().filter_map(|tag| CATALOGUES.iter().find(|catalogue| catalogue.tag == tag)).collect()
}

/// The languages with a complete catalogue of labels. All others, but for the regional forms of these, read English.
pub fn supported() -> &'static [&'static str] {
    &["en", "es", "fr", "de", "pt", "it", "nl", "ar", "ja"]
}

/// Our words for a key such as `processors.role.sub-processor`; the key itself if it is none of ours.
pub fn label<'a>(language: &Language, key: &'a str) -> &'a str {
    find_label(language, key).unwrap_or(key)
}

pub fn find_label(language: &Language, key: &str) -> Option<&'static str> {
    language.catalogues().iter().find_map(|catalogue| catalogue.get(key))
}

/// A label as it stands inside a sentence: without its capital, where the language does not write nouns with one.
pub fn inside(language: &Language, label: &str) -> String {
    let nouns = language.family().iter().any(|tag| tag == "de");
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        // "URL" stays as it is.
        (Some(first), Some(second)) if !nouns && !second.is_uppercase() => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_string(),
    }
}
