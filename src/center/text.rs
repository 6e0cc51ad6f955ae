//! A text that may differ by language. In: what was typed. Out: the words for one reader. Must not know: where it stands.

use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// One text for every language.
    One(String),
    ByLanguage(BTreeMap<String, String>),
}

impl Text {
    /// The words in the first of these languages that has them, else in any.
    pub fn get<'l>(&self, languages: impl IntoIterator<Item = &'l str>) -> &str {
        match self {
            Text::One(text) => text,
            Text::ByLanguage(by) => languages
                .into_iter()
                .find_map(|language| by.get(language))
                .or_else(|| by.values().next())
                .map_or("", String::as_str),
        }
    }

    /// The words in just this language, if they are there.
    pub fn exactly(&self, language: &str) -> Option<&str> {
        match self {
            Text::One(text) => Some(text),
            Text::ByLanguage(by) => by.get(language).map(String::as_str),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Text::One(text) => text.trim().is_empty(),
            Text::ByLanguage(by) => by.values().all(|text| text.trim().is_empty()),
        }
    }
}
