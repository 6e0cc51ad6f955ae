//! The rights that prose lists against the register of rights.
//!
//! In: a text and the register. Out: findings where the text lists one that the register lacks, or leaves out one that the
//! register has. Must not know: which law gives which right.

use super::piece::{Kind, Piece};
use super::{Genre, Text, quote};
use crate::center::Register;
use crate::diagnostic::Diagnostic;
use crate::markdown::places_register;
use regex::Regex;

const RIGHTS: &[(&str, &str)] = &[
    ("access", "right_access"),
    ("rectification", "right_rectification"),
    ("erasure", "right_erasure"),
    ("restriction", "right_restriction"),
    ("portability", "right_portability"),
    ("objection", "right_objection"),
    ("withdrawal of consent", "right_withdrawal"),
];

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(register) = text.register("rights").filter(|register| !register.rows.is_empty()) else { return };
    let words = text.words;
    let mut titles = String::new();
    for row in &register.rows {
        titles.push_str(&row.id.replace('-', " "));
        titles.push(' ');
        for field in ["title", "text"] {
            titles.push_str(&text.field(register, row, field).unwrap_or_default().to_lowercase());
            titles.push('\n');
        }
    }
    let items: Vec<&Piece> = text
        .sayings()
        .filter(|piece| piece.kind == Kind::Item && text.prose.is_about(piece, words.pattern("rights_topic")))
        .collect();
    untold(text, register, &items, findings);
    for (name, pattern) in RIGHTS {
        let pattern = words.pattern(pattern);
        if pattern.is_match(&titles)
            || super::lexicon::Lexicon::of("en").is_some_and(|en| {
                en.pattern(&format!("right_{}", name.split(' ').next().unwrap_or(name))).is_match(&titles)
            })
        {
            continue;
        }
        // The right that an item is about stands at its beginning.
        let found = items.iter().find_map(|piece| {
            let hit = pattern.find(&piece.lower)?;
            (piece.lower[..hit.start()].split_whitespace().count() <= 4).then(|| (piece, hit.range()))
        });
        let Some((piece, range)) = found else { continue };
        findings.push(
            text.at(
                "right-missing-from-register",
                piece,
                range.clone(),
                format!(
                    "the text gives the right of {name} (`{}`), and the register has no such row",
                    quote(&piece.text[range])
                ),
            )
            .help(format!("add it to {}, so that the table and the text say the same", register.path))
            .help("or place the register instead of the list: `:::register rights` and a line `:::`"),
        );
    }
}

/// So many rights in items are a list of them.
const LIST: usize = 3;

/// Rights of the register of which a text that lists rights says nothing at all.
fn untold(text: &Text<'_>, register: &Register, items: &[&Piece], findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let listed = |pattern: &Regex| items.iter().find(|piece| pattern.is_match(&piece.lower));
    let list: Vec<&&Piece> = RIGHTS.iter().filter_map(|(_, name)| listed(words.pattern(name))).collect();
    let Some(first) = list.first().filter(|_| list.len() >= LIST && text.genre == Genre::Notice) else { return };
    // The text shows the register itself.
    if places_register(&text.work.document.blocks, "rights") {
        return;
    }
    for (name, pattern) in RIGHTS {
        let pattern = words.pattern(pattern);
        let row = register.rows.iter().find(|row| {
            let title = text.field(register, row, "title").unwrap_or_default().to_lowercase();
            pattern.is_match(&title) || pattern.is_match(&row.id.replace('-', " "))
        });
        let Some(row) = row.filter(|_| !text.pieces().any(|piece| pattern.is_match(&piece.lower))) else { continue };
        findings.push(
            text.at(
                "right-missing-from-text",
                first,
                0..first.text.len(),
                format!("the text lists rights without that of {name}, which the register has as `{}`", row.id),
            )
            .also(&register.path, row.span.clone(), "the register")
            .help("add it to the list")
            .help("or place the register instead of the list: `:::register rights` and a line `:::`"),
        );
    }
}
