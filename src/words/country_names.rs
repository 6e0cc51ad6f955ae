//! In: the name of a country or region as people write it. Out: its code.

use super::country::{codes_and_names, is_country};
use super::{Language, country};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Names that tables of vendors use beside those of the CLDR.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("usa", "US"),
    ("u.s.", "US"),
    ("u.s.a.", "US"),
    ("us", "US"),
    ("united states of america", "US"),
    ("the united states", "US"),
    ("the us", "US"),
    ("america", "US"),
    ("uk", "GB"),
    ("u.k.", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("the netherlands", "NL"),
    ("holland", "NL"),
    ("czech republic", "CZ"),
    ("south korea", "KR"),
    ("korea", "KR"),
    ("uae", "AE"),
    ("republic of ireland", "IE"),
    ("eu", "EU"),
    ("european union", "EU"),
    ("the eu", "EU"),
    ("eea", "EEA"),
    ("european economic area", "EEA"),
    ("ee.uu.", "US"),
    ("ee. uu.", "US"),
    ("eeuu", "US"),
];

static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut out: HashMap<String, &'static str> = HashMap::new();
    for (code, name) in codes_and_names() {
        out.entry(name.to_lowercase()).or_insert(code);
    }
    out.extend(OTHER_NAMES.iter().map(|(name, code)| (name.to_string(), *code)));
    out
});

/// The code of a country or region by its name in any language that has names, or by the code itself.
pub fn country_code(language: &Language, name: &str) -> Option<String> {
    let name = name.trim();
    if is_country(name) || country(language, name).is_some() {
        return Some(name.to_string());
    }
    let lower = name.to_lowercase();
    let lower = lower
        .split_once(" (")
        .map_or(lower.as_str(), |(name, rest)| if rest.ends_with(')') { name } else { lower.as_str() });
    CODES.get(lower).map(|code| code.to_string())
}

/// Names that are also names of people, of companies or of a state of another country, or words.
const AMBIGUOUS: &[&str] = &["georgia", "jordan", "chad", "jersey", "guinea", "turkey", "america", "us", "man", "mali"];

/// The codes of the countries that some words name, in any language that has names.
pub fn named_countries(text: &str) -> BTreeSet<String> {
    /// The longest name that is looked for, in words.
    const LONGEST: usize = 5;
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(['(', ')', ',', ';', ':', '"'])).collect();
    let mut out = BTreeSet::new();
    let mut at = 0;
    while at < words.len() {
        let begins = words[at].starts_with(char::is_uppercase);
        let name = |count: usize| {
            let name = words[at..at + count].join(" ");
            let plain = name.trim_end_matches(['.', '’', '\'']).to_lowercase();
            let exact = name.len() > 3 || name.chars().all(char::is_uppercase);
            let known = !AMBIGUOUS.contains(&plain.as_str()) && exact;
            CODES.get(plain.as_str()).filter(|_| known).map(|code| code.to_string())
        };
        let longest = LONGEST.min(words.len() - at);
        let found = (1..=longest).rev().filter(|_| begins).find_map(|count| Some((name(count)?, count)));
        at += match found {
            Some((code, count)) => {
                out.insert(code);
                count
            }
            None => 1,
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::named_countries;

    #[test]
    fn countries_in_a_sentence() {
        let codes = |text: &str| named_countries(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(codes("Stored in Germany, Ireland and the United States."), "DE IE US");
        assert_eq!(codes("In den Vereinigten Staaten und in Norwegen"), "NO");
        assert_eq!(codes("Tell us, Jordan, in may"), "");
        assert_eq!(codes("Kept in the EU and the UK"), "EU GB");
    }
}
