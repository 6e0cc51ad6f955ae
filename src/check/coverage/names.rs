//! Laws that a text names.
//!
//! In: texts, the names of the files of law. Out: the laws that a text names, and a finding for each that is not declared.
//! Must not know: what a law asks.

use crate::center::Center;
use crate::check::CheckedDraft;
use crate::diagnostic::Diagnostic;
use crate::law::{self, LawName};
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;

/// A law that a text names.
pub struct Named {
    /// Its place among the names of the files of law.
    law: usize,
    span: Range<usize>,
}

/// Laws that a text names and that were not declared: one finding for each.
pub fn undeclared(center: &Center, drafts: &[Arc<CheckedDraft>], findings: &mut Vec<Diagnostic>) {
    let settings = &center.settings;
    let declared = |scope: &String| settings.jurisdictions.contains(scope) || settings.profiles.contains(scope);
    for (index, law) in law::names().enumerate().filter(|(_, law)| !law.codes.iter().any(declared)) {
        let named = drafts.iter().find_map(|draft| {
            let text = draft.authoritative()?;
            Some((text, draft.laws.iter().find(|named| named.law == index)?))
        });
        let Some((text, named)) = named else { continue };
        let words = &text.source[named.span.clone()];
        let finding = match law.codes.as_slice() {
            [] => Diagnostic::new(
                "undeclared-law",
                format!("a text mentions `{words}`, and fineprint knows no items of that law"),
            )
            .help(
                "add what the law asks for as [[check.item]] in fineprint.toml if `check --coverage` is to look for it",
            ),
            codes => {
                let scopes: Vec<String> = codes.iter().map(|scope| format!("\"{scope}\"")).collect();
                Diagnostic::new(
                    "undeclared-law",
                    format!("a text mentions `{words}`, but none of its jurisdictions is declared"),
                )
                .help(format!("if that law applies to you, add {} to `jurisdictions` or `profiles` of `[check]` in fineprint.toml; `check --coverage` then lists what it asks for", scopes.join(" or ")))
            }
        };
        findings.push(finding.at(&text.path, named.span.clone()));
    }
}

/// The laws that a text names, each at its first place.
pub fn laws_in(text: &Text) -> Vec<Named> {
    let Some(body) = text.source.get(text.body..) else { return Vec::new() };
    let first = |(law, known): (usize, &LawName)| {
        let (name, at) = known.words.iter().find_map(|name| Some((name, text.body + alone(body, name)?)))?;
        Some(Named { law, span: at..at + name.len() })
    };
    law::names().enumerate().filter_map(first).collect()
}

/// Where a name stands as a word, and not as part of a longer name of another law.
fn alone(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, after) = (&text[..*at], &text[at + name.len()..]);
        let inside = before.ends_with(|c: char| c.is_alphanumeric() || c == '/' || c == '-' || c == '.')
            || after.starts_with(|c: char| c.is_alphanumeric())
            || (name == "GDPR" && before.ends_with("UK "));
        !inside
    })
}
