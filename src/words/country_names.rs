//! In: the name of a country or region as people write it. Out: its code.

use super::country::{codes_and_names, is_country};
use super::{Language, country};
use std::collections::HashMap;
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
