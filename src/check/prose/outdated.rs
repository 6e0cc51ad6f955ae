//! References to law and services that are no more.
//!
//! In: a text. Out: findings at the references. Must not know: what a law says; the data file is dated.

use super::{Text, quote};
use crate::diagnostic::Diagnostic;
use aho_corasick::AhoCorasick;
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    as_of: String,
    reference: Vec<ReferenceFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceFile {
    name: String,
    hints: Vec<String>,
    find: String,
    unless: Option<String>,
    now: String,
}

struct Entry {
    name: String,
    find: Regex,
    unless: Option<Regex>,
    /// Replacement to suggest.
    now: String,
}

struct Known {
    as_of: String,
    entries: Vec<Entry>,
    hints: AhoCorasick,
    hinted: Vec<usize>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("data/stale.toml")).unwrap_or_else(|error| panic!("data/stale.toml: {error}"));
    let mut entries = Vec::new();
    let mut hints = Vec::new();
    let mut hinted = Vec::new();
    for entry in file.reference {
        hinted.extend(entry.hints.iter().map(|_| entries.len()));
        hints.extend(entry.hints);
        let unless = entry.unless.map(|unless| super::lexicon::compile(&unless));
        entries.push(Entry { name: entry.name, find: super::lexicon::compile(&entry.find), unless, now: entry.now });
    }
    let hints = AhoCorasick::new(&hints).unwrap_or_else(|error| panic!("hints of data/stale.toml: {error}"));
    Known { as_of: file.as_of, entries, hints, hinted }
});

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let known = &*KNOWN;
    let mut told = vec![false; known.entries.len()];
    for piece in text.pieces().filter(|piece| !piece.quoted) {
        let mut hinted: Vec<usize> =
            known.hints.find_overlapping_iter(&piece.lower).map(|hit| known.hinted[hit.pattern().as_usize()]).collect();
        hinted.sort_unstable();
        hinted.dedup();
        for index in hinted {
            let entry = &known.entries[index];
            let Some(hit) = entry.find.find(&piece.lower).filter(|_| !told[index]) else { continue };
            let sentence = piece.sentence(hit.start());
            if entry.unless.as_ref().is_some_and(|unless| unless.is_match(&piece.lower[sentence])) {
                continue;
            }
            let named = quote(&piece.text[hit.range()]);
            let message = match entry.name.to_lowercase().contains(&named.to_lowercase()) {
                true => format!("`{named}` no longer exists"),
                false => format!("`{named}`: {} no longer exists", entry.name),
            };
            findings.push(
                text.at("reference-outdated", piece, hit.range(), message)
                    .help(format!("as of {}: {}", known.as_of, entry.now)),
            );
            told[index] = true;
        }
    }
}
