//! In: items. Out: one text that lists them as the language does.

use super::{Language, fill, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

struct Joints {
    two: &'static str,
    start: &'static str,
    middle: &'static str,
    end: &'static str,
}

static JOINTS: LazyLock<HashMap<&'static str, Joints>> = LazyLock::new(|| {
    rows(include_str!("data/lists.tsv"))
        .map(|row| (row[0], Joints { two: row[1], start: row[2], middle: row[3], end: row[4] }))
        .collect()
});

const COMMAS: Joints = Joints { two: "{0}, {1}", start: "{0}, {1}", middle: "{0}, {1}", end: "{0}, {1}" };

/// `a, b and c`.
pub fn list(language: &Language, items: &[String]) -> String {
    let joints = language.family().iter().find_map(|tag| JOINTS.get(tag.as_str())).unwrap_or(&COMMAS);
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first, last] => join(language, joints.two, first, last),
        [first, rest @ .., last] => {
            let mut out = first.clone();
            for (index, item) in rest.iter().enumerate() {
                out = fill(if index == 0 { joints.start } else { joints.middle }, &[("0", &out), ("1", item)]);
            }
            join(language, joints.end, &out, last)
        }
    }
}

fn join(language: &Language, pattern: &str, before: &str, last: &str) -> String {
    if pattern == "{0} y {1}" && language.family().iter().any(|tag| tag == "es") && sounds_like_y(last) {
        return format!("{before} e {last}");
    }
    fill(pattern, &[("0", before), ("1", last)])
}

/// Before such a word Spanish says `e` for `y`: `Francia e Italia`, but `agua y hielo`.
fn sounds_like_y(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.strip_prefix('h').unwrap_or(&word);
    let mut letters = word.chars();
    match letters.next() {
        Some('í') => true,
        Some('i') => !matches!(letters.next(), Some('a' | 'e' | 'o' | 'u' | 'á' | 'é' | 'ó' | 'ú')),
        _ => false,
    }
}
