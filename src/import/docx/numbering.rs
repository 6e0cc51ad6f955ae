//! The numbers that Word computes for paragraphs: "3.1", "(a)", a bullet.
//!
//! In: numbering.xml as levels, and each paragraph's list and level in order. Out: its mark. Must not know: XML, styles.

use crate::import::html::{alphabetic, roman};
use std::collections::HashMap;

/// One level of a list.
#[derive(Clone, Debug)]
pub struct Level {
    pub format: String,
    /// `%1.%2` and the like.
    pub text: String,
    pub start: usize,
}

/// The lists of a document: the id of a list → its abstract list and the starts that it sets itself.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    pub levels: HashMap<String, HashMap<usize, Level>>,
    pub lists: HashMap<String, (String, HashMap<usize, usize>)>,
    counters: HashMap<String, [usize; 9]>,
}

/// Returns the number or bullet before a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    Bullet,
    /// A plain number with a dot, as Markdown's lists have.
    Number(usize),
    /// Any other mark, as it is shown.
    Shown(String),
    None,
}

impl Numbering {
    /// The mark of the next paragraph of a list.
    pub fn next(&mut self, list: &str, level: usize) -> Mark {
        let level = level.min(8);
        let Some((base, starts)) = self.lists.get(list) else { return Mark::None };
        let Some(levels) = self.levels.get(base) else { return Mark::None };
        let Some(own) = levels.get(&level) else { return Mark::None };
        if own.format == "bullet" {
            return Mark::Bullet;
        }
        if own.format == "none" {
            return Mark::None;
        }
        let start = |at: usize| starts.get(&at).copied().or(levels.get(&at).map(|level| level.start)).unwrap_or(1);
        // A list that sets its own start counts for itself; others of the same base go on.
        let key = if starts.is_empty() { base.clone() } else { format!("{base}/{list}") };
        let counters = self.counters.entry(key).or_insert([usize::MAX; 9]);
        counters[level] = if counters[level] == usize::MAX { start(level) } else { counters[level] + 1 };
        for (at, counter) in counters.iter_mut().enumerate() {
            if at > level {
                *counter = usize::MAX;
            } else if *counter == usize::MAX {
                *counter = start(at);
            }
        }
        let mut text = own.text.clone();
        for at in 0..9 {
            let value = counters[at];
            let format = levels.get(&at).map_or("decimal", |level| level.format.as_str());
            if text.contains(&format!("%{}", at + 1)) {
                text = text.replace(&format!("%{}", at + 1), &shown(value, format));
            }
        }
        let text = text.trim().to_string();
        if own.format == "decimal" && text == format!("{}.", counters[level]) {
            return Mark::Number(counters[level]);
        }
        if text.is_empty() { Mark::None } else { Mark::Shown(text) }
    }
}

fn shown(value: usize, format: &str) -> String {
    match format {
        "lowerLetter" => alphabetic(value),
        "upperLetter" => alphabetic(value).to_uppercase(),
        "lowerRoman" => roman(value),
        "upperRoman" => roman(value).to_uppercase(),
        "decimalZero" => format!("{value:02}"),
        _ => value.to_string(),
    }
}
