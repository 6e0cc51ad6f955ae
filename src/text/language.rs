//! Guesses the language of a text that does not name it.
//!
//! In: the name of a file and its words. Out: a language. Must not know: rules.

use crate::lexicon::LanguageFile;
use crate::words::Language;
use std::collections::BTreeMap;

/// Returns the language of a single file: from its name (`policy.es.md`), or else from its most common words, or else
/// English.
pub fn language_of(path: &str, source: &str) -> Language {
    let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown")).unwrap_or(path);
    let named = stem.rsplit('/').next().and_then(|name| name.split_once('.')).and_then(|(_, tag)| Language::parse(tag));
    if let Some(language) = named {
        return language;
    }
    if let Some(language) = by_script(source).and_then(Language::parse) {
        return language;
    }
    let words = || source.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(4000);
    let count = |known: &dyn Fn(&str) -> bool| words().filter(|word| known(&word.to_lowercase())).count();
    let read = LanguageFile::all()
        .iter()
        .map(|file| (count(&|word| file.common_words.iter().any(|common| common == word)), file.tag));
    let others = OTHERS.iter().map(|(tag, common)| (count(&|word| common.contains(&word)), *tag));
    let winner = read.chain(others).max_by_key(|(count, tag)| (*count, *tag == "en")).map_or("en", |(_, tag)| tag);
    Language::parse(winner).unwrap_or_else(Language::english)
}

/// Languages in the Latin script that no rule reads, with words that are frequent in each and rare in the others: a text in
/// one of them is not taken for English.
const OTHERS: &[(&str, &[&str])] = &[
    ("it", &["il", "che", "di", "della", "gli", "sono", "nel", "dei", "questo", "per"]),
    ("pt", &["não", "são", "uma", "você", "os", "dos", "ou", "seus", "nós", "ao"]),
    ("nl", &["het", "een", "van", "wij", "zijn", "niet", "voor", "uw", "met", "onze"]),
    ("pl", &["się", "nie", "jest", "dla", "oraz", "przez", "lub", "są", "na", "ich"]),
    ("sv", &["och", "att", "är", "för", "som", "din", "inte", "vi", "av", "till"]),
    ("da", &["og", "af", "ikke", "til", "vores", "dine", "på", "det", "vi", "kan"]),
    ("cs", &["je", "nebo", "jsou", "pro", "při", "jako", "které", "vás", "naše", "údaje"]),
    ("tr", &["ve", "bir", "için", "bu", "veya", "ile", "olarak", "kişisel", "bizim", "değil"]),
];

/// The language of a script that is not Latin, if most letters are written in it.
fn by_script(source: &str) -> Option<&'static str> {
    let script = |c: char| match c {
        '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' => Some("ko"),
        '\u{3040}'..='\u{30ff}' => Some("ja"),
        '\u{4e00}'..='\u{9fff}' => Some("zh"),
        '\u{400}'..='\u{4ff}' => Some("ru"),
        '\u{370}'..='\u{3ff}' => Some("el"),
        '\u{590}'..='\u{5ff}' => Some("he"),
        '\u{600}'..='\u{6ff}' => Some("ar"),
        '\u{900}'..='\u{97f}' => Some("hi"),
        '\u{e00}'..='\u{e7f}' => Some("th"),
        _ => None,
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for letter in source.chars().filter(|letter| letter.is_alphabetic()).take(8000) {
        all += 1;
        if let Some(tag) = script(letter) {
            *counts.entry(tag).or_default() += 1;
        }
    }
    // Japanese is written with Chinese characters, too.
    if counts.get("ja").is_some_and(|kana| kana * 10 > all) {
        return Some("ja");
    }
    counts.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| count * 2 > all).map(|(tag, _)| tag)
}

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
        assert_eq!(tag("policy.md", "개인정보 처리방침 — Acme"), "ko");
        assert_eq!(tag("policy.md", "お客様の個人情報を保護します"), "ja");
        assert_eq!(tag("policy.md", "I dati sono trattati per gli scopi che il titolare indica"), "it");
        assert_eq!(tag("policy.md", "We keep the data of users in Milano"), "en");
    }
}
