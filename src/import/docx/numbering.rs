//! The numbers that Word computes for paragraphs: "3.1", "(a)", a bullet.
//!
//! In: numbering.xml as levels, and each paragraph's list and level in order. Out: its mark. Must not know: styles.

use super::xml::Xml;
use crate::clauses::numerals::{letters, roman};
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

/// What stands before a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    Bullet,
    /// A plain number with a dot, as Markdown's lists have.
    Number(usize),
    /// No mark, as far in as the words of an item: the paragraph goes on with the item before it.
    Continued,
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
            let blank = !own.text.is_empty() && own.text.trim().is_empty();
            return if blank { Mark::Continued } else { Mark::Bullet };
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
        for (at, value) in counters.iter().copied().enumerate() {
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
        "lowerLetter" => letters(value),
        "upperLetter" => letters(value).to_uppercase(),
        "lowerRoman" => roman(value),
        "upperRoman" => roman(value).to_uppercase(),
        "decimalZero" => format!("{value:02}"),
        _ => value.to_string(),
    }
}

/// The lists that numbering.xml defines.
pub fn numbering(xml: Option<&Xml>) -> Numbering {
    let mut out = Numbering::default();
    for item in xml.and_then(|xml| xml.child("numbering")).iter().flat_map(|numbering| &numbering.children) {
        match item.name.as_str() {
            "abstractNum" => {
                let id = item.attribute("abstractNumId").unwrap_or("").to_string();
                let levels = item.children.iter().filter(|child| child.name == "lvl").filter_map(|level| {
                    let number: usize = level.attribute("ilvl")?.parse().ok()?;
                    let start = level.value("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                    let format = level.value("numFmt").unwrap_or("decimal").to_string();
                    let text = level.value("lvlText").unwrap_or("").to_string();
                    Some((number, Level { format, text, start }))
                });
                out.levels.insert(id, levels.collect());
            }
            "num" => {
                let id = item.attribute("numId").unwrap_or("").to_string();
                let base = item.value("abstractNumId").unwrap_or("").to_string();
                let starts = item.children.iter().filter(|child| child.name == "lvlOverride").filter_map(|own| {
                    let level: usize = own.attribute("ilvl")?.parse().ok()?;
                    Some((level, own.value("startOverride")?.parse().ok()?))
                });
                out.lists.insert(id, (base, starts.collect()));
            }
            _ => {}
        }
    }
    out
}
