//! Recipients that a text tells by what they do, and not by who they are.
//!
//! In: a text, the known vendors, the lists that name some. Out: findings at roles where a name belongs, and where one who
//! decides for itself stands beside “all of them act for us”. Must not know: which vendors there are.

use super::piece::{Kind, Piece};
use super::vendors::is_contract;
use super::{Genre, Text, quote, weighing, whole_words};
use crate::center::register::{Row, Value};
use crate::diagnostic::{Diagnostic, Severity};
use crate::vendors::Directory;
use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ops::Range;

pub fn check(text: &Text<'_>, directories: &[&Directory], naming: &BTreeSet<usize>, findings: &mut Vec<Diagnostic>) {
    listed(text, directories, naming, findings);
    in_passing(text, directories, findings);
    roles(text, findings);
}

/// “Transactional e-mail provider” in a list of names.
fn listed(text: &Text<'_>, directories: &[&Directory], naming: &BTreeSet<usize>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let has_vendor = |piece: &Piece| directories.iter().any(|directory| !directory.in_words(&piece.text).is_empty());
    for piece in text.sayings().filter(|piece| piece.kind != Kind::Term) {
        if !text.prose.is_about(piece, words.pattern("sharing_topic")) || is_contract(text, piece) {
            continue;
        }
        let mut at = 0;
        for line in piece.lower.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let Some(hit) = words.pattern("unnamed_vendor").find(line) else { continue };
            let range = start + hit.start()..start + hit.end();
            // Pasted lists and tables have their own marks.
            let marked = line.trim_start().starts_with(['•', '|', '-', '–', '*', '·']);
            let labelled = line.len() < piece.lower.len() && line[hit.end()..].starts_with(':');
            // All that a section says: “Hosting providers (servers, backups).”
            let whole = piece.kind == Kind::Paragraph
                && hit.start() == 0
                && piece.text.split_whitespace().nth(12).is_none()
                && text.prose.of_section(piece.section).len() == 1;
            let listed = whole
                || piece.kind == Kind::Item
                || (piece.kind == Kind::Cell && piece.column == 0)
                || marked
                || labelled;
            let starts =
                line[..hit.start()].split_whitespace().filter(|word| word.starts_with(char::is_alphabetic)).count()
                    <= 3;
            let line = piece.slice(start..at, piece.kind);
            // “Our payment processor Acme Pay” has its name.
            let after = piece.text[range.end..at].split(['|', ':', ';', ',', '.', '\u{2014}']).next().unwrap_or("");
            let named = after
                .split_whitespace()
                .take(3)
                .any(|word| word.trim_start_matches('(').starts_with(char::is_uppercase));
            if !listed || !starts || named || has_vendor(&line) {
                continue;
            }
            let others = (piece.group != 0 && naming.contains(&piece.group)) || (marked && has_vendor(piece));
            let finding = text
                .at("vendor-unnamed", piece, range.clone(), format!("`{}` is not named", quote(&piece.text[range])))
                .help("name the company, or insert the register: `:::register processors` and a line `:::`");
            findings.push(weighing(finding, if others { Severity::Warning } else { Severity::Info }));
        }
    }
}

/// “through one of the …”: so many letters lead to a role.
const NEAR: usize = 24;

/// Words of each language for the work that vendors of a category do.
const KINDS: &[(&str, &[&str])] = &[
    ("payment", &["payment", "pago", "paiement", "zahlung"]),
    ("hosting", &["hosting", "cloud", "infrastru", "alojamiento", "hébergement"]),
    ("email", &["mail", "correo", "courriel"]),
    ("analytics", &["analy", "analí", "audience", "statisti"]),
];

/// Returns the categories of the vendors that a text names.
fn categories<'d>(text: &Text<'_>, directories: &[&'d Directory]) -> BTreeSet<&'d str> {
    let mut out = BTreeSet::new();
    for piece in text.pieces() {
        for directory in directories {
            out.extend(directory.in_words(&piece.text).iter().map(|(vendor, ..)| vendor.category.as_str()));
        }
    }
    out
}

/// “Handled by our payment processor”, in a text that names none.
fn in_passing(text: &Text<'_>, directories: &[&Directory], findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    // Read once, and only for a text that has such words.
    let categories = LazyCell::new(|| categories(text, directories));
    // A company may be any of them.
    let named =
        |category: &str| categories.contains(category) || (category != "payment" && categories.contains("company"));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for piece in text.sayings() {
        for hit in words.pattern("unnamed_vendor").find_iter(&piece.lower) {
            let before = &piece.lower[..hit.start()];
            let near = before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
            let lead = words.pattern("by_someone").is_match(&before[near..]);
            let category = KINDS.iter().find(|(_, parts)| parts.iter().any(|part| hit.as_str().contains(part)));
            let Some((category, _)) = category.filter(|(category, _)| lead && !named(category)) else { continue };
            let after = &piece.text[hit.end()..];
            let name = after
                .split_whitespace()
                .take(2)
                .any(|word| word.trim_start_matches('(').starts_with(char::is_uppercase));
            let ends = after.starts_with(['.', ',', ';']);
            if (name && !ends) || is_contract(text, piece) || !told.insert(category) {
                continue;
            }
            let range = hit.range();
            let message = format!("`{}` is not named here or elsewhere", quote(&piece.text[range.clone()]));
            let finding = text
                .at("vendor-unnamed", piece, range, message)
                .help("name the company, or insert the register: `:::register processors` and a line `:::`");
            findings.push(weighing(finding, Severity::Info));
        }
    }
}

/// “All of them only act for us” beside one who decides for itself.
fn roles(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    if text.genre == Genre::Terms {
        return;
    }
    let find = |name: &str| {
        text.sayings().find_map(|piece| {
            let hit = words.pattern(name).find(&piece.lower)?;
            let sentence = piece.sentence(hit.start());
            (!words.pattern("negation").is_match(&piece.lower[sentence]))
                .then(|| (piece, whole_words(piece, hit.range())))
        })
    };
    let Some((all, at)) = find("role_blanket") else { return };
    let Some((one, here)) = find("role_independent") else { return roles_of_rows(text, all, at, findings) };
    findings.push(
        text.at(
            "roles-contradict",
            one,
            here.clone(),
            format!("`{}` here, but elsewhere all of them act only on your behalf", quote(&one.text[here])),
        )
        .also(text.work.path, all.span(at), "all of them")
        .help("name the exceptions in the general sentence, or give each row of content/processors.toml its `role`"),
    );
}

/// “All of them only act for us” above a register in which one decides for itself.
fn roles_of_rows(text: &Text<'_>, piece: &Piece, range: Range<usize>, findings: &mut Vec<Diagnostic>) {
    let Some(register) = text.register("processors") else { return };
    let alone = Value::Terms(vec!["independent-controller"]);
    let active = |row: &&Row| row.date("until").is_none_or(|until| until > text.work.date);
    let Some(row) = register.rows.iter().filter(active).find(|row| row.value("role") == Some(&alone)) else { return };
    findings.push(
        text.at(
            "roles-contradict",
            piece,
            range.clone(),
            format!("`{}`, but `processors.{}` is an independent controller", quote(&piece.text[range]), row.id),
        )
        .also(&register.path, row.span.clone(), "the register")
        .help("name the exceptions in the sentence, or correct the `role` of that row"),
    );
}
