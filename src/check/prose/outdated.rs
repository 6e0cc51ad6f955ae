//! References to law and services that are out of date.
//!
//! In: a text. Out: findings at the references, each reference once in a text. Must not know: what a law says; the files of
//! law say it, with the day and with what is there instead.

use super::{Text, quote};
use crate::diagnostic::Diagnostic;
use crate::law::{self, Outdated};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

struct Entry {
    reference: &'static Outdated,
    find: Regex,
    unless: Option<Regex>,
}

struct Known {
    entries: Vec<Entry>,
    hints: AhoCorasick,
    hinted: Vec<usize>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let compile = super::lexicon::compile;
    let entry = |reference: &'static Outdated| Entry {
        reference,
        find: compile(&reference.find),
        unless: reference.unless.as_deref().map(compile),
    };
    let entries: Vec<Entry> = law::outdated().map(entry).collect();
    let hinted = entries.iter().enumerate().flat_map(|(index, entry)| entry.reference.hints.iter().map(move |_| index));
    let hinted = hinted.collect();
    let hints = AhoCorasick::new(entries.iter().flat_map(|entry| &entry.reference.hints));
    let hints = hints.unwrap_or_else(|error| panic!("hints of outdated references: {error}"));
    Known { entries, hints, hinted }
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
            let Entry { reference, find, unless } = &known.entries[index];
            if told[index] {
                continue;
            }
            // A text may tell in one sentence that a law is gone, and rest on it in the next.
            let rests = |hit: &regex::Match| {
                // “U.S.” may end a sentence, and does not in a name.
                let sentence = piece.sentence(hit.start()).start..piece.sentence(hit.end().saturating_sub(1)).end;
                !unless.as_ref().is_some_and(|unless| unless.is_match(&piece.lower[sentence]))
            };
            let Some(hit) = find.find_iter(&piece.lower).find(rests) else { continue };
            let named = quote(&piece.text[hit.range()]);
            let since = reference.since;
            let message = match reference.name.to_lowercase().contains(&named.to_lowercase()) {
                true => format!("`{named}` has been out of date since {since}"),
                false => format!("`{named}`: {} has been out of date since {since}", reference.name),
            };
            findings.push(text.at("reference-outdated", piece, hit.range(), message).help(reference.now.clone()));
            told[index] = true;
        }
    }
}
