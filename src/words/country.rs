//! In: an ISO 3166-1 alpha-2 code. Out: the country's name.

use super::language::column;
use super::{Language, label, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

const COUNTRIES: &str = include_str!("data/countries.tsv");
static NAMES: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| rows(COUNTRIES).map(|row| (row[0], row)).collect());

/// The name of a country in this language, else in English. `None` for a code that does not exist, so also for `UK` and
/// `es`. `XK`, `EU` and `EEA` have names, though ISO 3166-1 has no such country.
pub fn country(language: &Language, code: &str) -> Option<String> {
    if code == "EEA" {
        return Some(label(language, "country.EEA").to_string());
    }
    NAMES.get(code).map(|row| row[language.country_column()].to_string())
}

pub(super) fn is_country(code: &str) -> bool {
    code != "EU" && NAMES.contains_key(code)
}

/// Every code with each of its names.
pub(super) fn codes_and_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(COUNTRIES).flat_map(|row| {
        let code = row[0];
        row.into_iter().skip(1).map(move |name| (code, name)).collect::<Vec<_>>()
    })
}

/// The column of the first of these languages that has one. English always has.
pub(super) fn column_of(fallbacks: &[String]) -> usize {
    fallbacks.iter().find_map(|tag| column(COUNTRIES, tag)).unwrap_or(1)
}
