//! The languages that rules know: one data file for each in `check/prose/data`, embedded and read once.
//!
//! In: the embedded files. Out: [`LanguageFile`], the lists of one language. Must not know: texts, findings, rules.
//!
//! A new language is a new file `<tag>.toml` with every key, and its cases in `tests/prose/cases.tsv`; the build finds it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every list that rules need of a language. No key is optional, so that a file that is read is complete.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageFile {
    /// First subtag of the language; the name of the file.
    #[serde(skip)]
    pub tag: &'static str,
    /// Words that are frequent in this language and rare in the others: they tell the language of a file.
    pub common_words: Vec<String>,
    /// Words that any text in the language is full of.
    pub stop_words: Vec<String>,
    /// Words that deny or permit: an editorial change leaves them alone.
    pub obligation_words: Vec<String>,
    /// Words before a vendor's name that is an everyday word too.
    pub vendor_leads: Vec<String>,
    /// Words in the title of a privacy policy.
    pub privacy_titles: Vec<String>,
    /// Words for a right, in a passage that lists rights.
    pub right_words: Vec<String>,
    /// Beginnings of the words by which a text names a right of the GDPR.
    pub right_stems: RightStems,
    /// The words for one, two and so on up to a hundred; several words for one number are separated by `|`.
    #[serde(deserialize_with = "numbers")]
    pub numbers: BTreeMap<String, u32>,
    pub units: BTreeMap<String, Vec<String>>,
    /// January first; several names are separated by `|`.
    pub months: Vec<String>,
    /// Single patterns by name.
    pub patterns: BTreeMap<String, String>,
    /// Different words for one thing, one pattern for each.
    pub variants: Vec<Vec<String>>,
    pub phrase: Vec<PhraseFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightStems {
    pub access: Vec<String>,
    pub rectification: Vec<String>,
    pub erasure: Vec<String>,
    pub restriction: Vec<String>,
    pub objection: Vec<String>,
    pub portability: Vec<String>,
}

/// Words whose mere presence is a finding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseFile {
    pub rule: String,
    pub hints: Vec<String>,
    pub find: Vec<String>,
    #[serde(default)]
    pub unless: Vec<String>,
}

/// Reads a list of the words for one, two and so on; several words for one number are separated by `|`.
fn numbers<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, u32>, D::Error> {
    let list = Vec::<String>::deserialize(deserializer)?;
    let named = |(names, number): (&String, u32)| {
        names.split('|').map(move |name| (name.to_string(), number)).collect::<Vec<_>>()
    };
    Ok(list.iter().zip(1..).flat_map(named).collect())
}

/// Every `<tag>.toml`, English first. Written by `build.rs`.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));

static ALL: LazyLock<Vec<LanguageFile>> = LazyLock::new(|| {
    let read = |(tag, text): &(&'static str, &str)| {
        let file: LanguageFile = toml::from_str(text).unwrap_or_else(|error| panic!("data/{tag}.toml: {error}"));
        LanguageFile { tag, ..file }
    };
    FILES.iter().map(read).collect()
});

impl LanguageFile {
    /// Returns the lists of every language, English first.
    pub fn all() -> &'static [LanguageFile] {
        &ALL
    }

    /// Returns the lists of a language, by its first subtag.
    pub fn of(tag: &str) -> Option<&'static LanguageFile> {
        let plain = tag.split('-').next().unwrap_or(tag);
        ALL.iter().find(|file| file.tag == plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_fills_every_list() {
        assert_eq!(LanguageFile::all()[0].tag, "en");
        for file in LanguageFile::all() {
            let stems = &file.right_stems;
            let lists = [
                &file.common_words,
                &file.stop_words,
                &file.obligation_words,
                &file.vendor_leads,
                &file.privacy_titles,
                &file.right_words,
                &file.months,
                &stems.access,
                &stems.rectification,
                &stems.erasure,
                &stems.restriction,
                &stems.objection,
                &stems.portability,
            ];
            for list in lists {
                assert!(
                    !list.is_empty() && list.iter().all(|word| *word == word.to_lowercase()),
                    "{}: {list:?}",
                    file.tag
                );
            }
            assert!(file.numbers.values().any(|number| *number == 14), "{}", file.tag);
        }
    }
}
