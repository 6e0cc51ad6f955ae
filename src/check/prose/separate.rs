//! A notice and a contract in one text.
//!
//! In: a text. Out: a finding where its headings are those of both. Must not know: other documents.

use super::{Genre, Text};
use crate::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// Minimum number of subjects of each kind: terms have a section on privacy, and notices have one on disputes.
const ENOUGH: usize = 3;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    if text.genre == Genre::Other || is_about_processing(text) {
        return;
    }
    let words = text.words;
    let of_kind = |name: &str| {
        let pattern = words.pattern(name);
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for section in &text.prose.sections {
            let (Some(hit), Some(piece)) = (pattern.find(&section.title), section.piece) else { continue };
            found.entry(hit.as_str()).or_insert(piece);
        }
        found.into_values().collect::<Vec<usize>>()
    };
    let (terms, privacy) = (of_kind("terms_heading"), of_kind("privacy_heading"));
    if terms.len() < ENOUGH || privacy.len() < ENOUGH {
        return;
    }
    let first = |found: &[usize]| &text.prose.pieces[found.iter().copied().min().unwrap_or(0)];
    let (own, other) = match text.genre {
        Genre::Terms => (first(&privacy), first(&terms)),
        _ => (first(&terms), first(&privacy)),
    };
    findings.push(
        text.at(
            "notice-with-terms",
            own,
            0..own.text.len(),
            format!("{} headings belong to terms and {} to a privacy notice", terms.len(), privacy.len()),
        )
        .also(text.work.path, other.span(0..other.text.len()), "and here")
        .help("split it into two documents, such as content/privacy/policy.md and content/terms/policy.md, each with its own versions and notice"),
    );
}

/// An agreement on the processing of data has both by its nature.
fn is_about_processing(text: &Text<'_>) -> bool {
    const NAMES: &[&str] =
        &["processing", "dpa", "addendum", "tratamiento", "encargo", "traitement", "auftragsverarbeitung", "avv"];
    let first = text.prose.sections.iter().find(|section| section.level == 1).map(|section| section.title.as_str());
    let names = [text.work.title, Some(text.work.slug), first];
    names.into_iter().flatten().any(|name| {
        let name = name.to_lowercase();
        NAMES.iter().any(|known| name.contains(known))
    })
}
