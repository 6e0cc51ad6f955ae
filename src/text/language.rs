//! The language of a text that nobody has named.
//!
//! In: the name of a file and its words. Out: a language. Must not know: rules.

use crate::words::Language;

/// The language of a single file: by its name (`policy.es.md`), else by its commonest words, else English.
pub fn language_of(path: &str, source: &str) -> Language {
    let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown")).unwrap_or(path);
    let named = stem.rsplit('/').next().and_then(|name| name.split_once('.')).and_then(|(_, tag)| Language::parse(tag));
    if let Some(language) = named {
        return language;
    }
    let votes = COMMON.map(|(tag, words)| {
        let count = source
            .split(|c: char| !c.is_alphabetic())
            .take(4000)
            .filter(|word| words.iter().any(|common| common.eq_ignore_ascii_case(word)))
            .count();
        (count, tag)
    });
    let winner = votes.iter().max_by_key(|(count, tag)| (*count, *tag == "en")).map_or("en", |(_, tag)| *tag);
    Language::parse(winner).unwrap_or_else(Language::english)
}

/// Words that are frequent in one of these languages and rare in the others.
const COMMON: [(&str, &[&str]); 4] = [
    ("en", &["the", "and", "of", "you", "your", "we", "this", "with", "may", "or"]),
    ("es", &["el", "los", "las", "y", "usted", "para", "por", "una", "del", "sus"]),
    ("fr", &["le", "les", "et", "vous", "nous", "des", "une", "dans", "sont", "votre"]),
    ("de", &["der", "die", "das", "und", "wir", "sie", "ist", "werden", "mit", "für"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_a_file_is_its_names_then_its_words() {
        let tag = |path: &str, text: &str| language_of(path, text).tag().to_string();
        assert_eq!(tag("a/policy.fr.md", "the and of"), "fr");
        assert_eq!(tag("policy.md", "Los datos del usuario y las cookies que usted acepta"), "es");
        assert_eq!(tag("policy.md", "Wir verarbeiten die Daten und das ist alles"), "de");
        assert_eq!(tag("policy.md", ""), "en");
    }
}
