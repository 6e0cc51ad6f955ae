//! Translations: that they are there, have the same sections, and state the same numbers.
//!
//! In: the texts of each document. Out: findings at the translation. Must not know: what the words mean.

use super::CheckedDraft;
use crate::center::{Center, Document};
use crate::diagnostic::Diagnostic;
use crate::markdown::{BlockKind, for_each_run, plain_text};
use crate::text::{DraftTexts, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The translations of one document.
pub fn check(center: &Center, document: &Document, draft: &DraftTexts, findings: &mut Vec<Diagnostic>) {
    let Some(original) = draft.authoritative() else { return };
    for language in center.settings.languages.iter().filter(|language| language.tag() != original.tag) {
        let Some(translation) = draft.texts.get(language.tag()) else { continue };
        match behind(document, original, translation) {
            Some(finding) => findings.push(finding),
            None => compare(original, translation, findings),
        }
    }
}

/// Documents without a text in a language that others have. One in which nothing is written yet was promised to nobody.
pub fn missing(center: &Center, drafts: &[Arc<CheckedDraft>], findings: &mut Vec<Diagnostic>) {
    let written: BTreeSet<&str> = drafts.iter().flat_map(|draft| &draft.texts).map(|text| text.tag.as_str()).collect();
    for draft in drafts {
        let Some(original) = draft.authoritative() else { continue };
        let lacks = |tag: &&str| written.contains(tag) && !draft.texts.iter().any(|text| text.tag == *tag);
        for tag in center.settings.languages.iter().map(|language| language.tag()).filter(lacks) {
            findings.push(
                Diagnostic::new(
                    "translation-missing",
                    format!("`{}` is not translated into `{tag}`", original.document),
                )
                .at(&original.path, 0..0)
                .help(format!(
                    "write content/{}/policy.{tag}.md; until then, readers see the text in `{}` with a remark",
                    original.document, original.tag
                )),
            );
        }
    }
}

/// A translation that still says what an earlier version said.
fn behind(document: &Document, original: &Text, translation: &Text) -> Option<Diagnostic> {
    let made_from = &document.versions[document.draft_lags(&translation.tag, &original.tag)?].id;
    let source = document.draft.as_ref()?.texts.get(&original.tag)?;
    let digits = &source.digest.hex()[..12];
    Some(
        Diagnostic::new("translation-outdated", format!("`{}` still translates version {made_from}", translation.path))
            .at(&translation.path, 0..0)
            .help(format!("see the missing changes: fineprint diff {} {made_from}", document.slug))
            .help(format!(
                "or, if the translation needs no change, add to its front matter: source_digest = \"{digits}\""
            ))
            .help("if you release it unchanged, its page states that it is older and links to the missing changes"),
    )
}

fn compare(original: &Text, translation: &Text, findings: &mut Vec<Diagnostic>) {
    let (ours, theirs) = (sections(original), sections(translation));
    let lacking: Vec<String> = ours
        .iter()
        .filter(|ours| ours.explicit && !theirs.iter().any(|theirs| theirs.id == ours.id))
        .map(|section| format!("`{{#{}}}`", section.id))
        .collect();
    let more: Vec<&Section> =
        theirs.iter().filter(|theirs| theirs.explicit && !ours.iter().any(|ours| ours.id == theirs.id)).collect();
    if !lacking.is_empty() || !more.is_empty() {
        let mut finding = match lacking.as_slice() {
            [] => Diagnostic::new(
                "translation-sections-differ",
                format!("`{}` has sections that `{}` does not have", translation.path, original.path),
            ),
            _ => Diagnostic::new(
                "translation-sections-differ",
                format!("`{}` is missing sections of `{}`: {}", translation.path, original.path, lacking.join(", ")),
            ),
        };
        finding = match more.first() {
            Some(section) => finding.at(&translation.path, section.span.clone()),
            None => finding.at(&translation.path, 0..0),
        };
        if !more.is_empty() {
            let ids: Vec<String> = more.iter().map(|section| format!("`{{#{}}}`", section.id)).collect();
            finding = finding
                .help(format!("only the translation has {}: add it to the original, or remove it", ids.join(", ")));
        }
        findings.push(finding.help("give each section the same id in every language: `## Título {#id}`"));
    }
    for theirs in &theirs {
        let Some(ours) = ours.iter().find(|ours| ours.id == theirs.id) else { continue };
        let only_ours: Vec<&str> = ours.numbers.difference(&theirs.numbers).map(String::as_str).collect();
        let only_theirs: Vec<&str> = theirs.numbers.difference(&ours.numbers).map(String::as_str).collect();
        // A number that one language writes as a word is missing on one side alone.
        if only_ours.is_empty() || only_theirs.is_empty() {
            continue;
        }
        findings.push(
            Diagnostic::new(
                "translation-numbers-differ",
                format!(
                    "section `{}` says {} in `{}`, and {} in `{}`",
                    theirs.id,
                    only_theirs.join(", "),
                    translation.tag,
                    only_ours.join(", "),
                    original.tag
                ),
            )
            .at(&translation.path, theirs.span.clone())
            .also(&original.path, ours.span.clone(), "the authoritative text")
            .help("make both say the same; a number from a register or `{{ notice }}` cannot differ"),
        );
    }
}

struct Section {
    id: String,
    explicit: bool,
    /// Place of the heading.
    span: std::ops::Range<usize>,
    numbers: BTreeSet<String>,
}

fn sections(text: &Text) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    for block in &text.parsed.document.blocks {
        if let BlockKind::Heading(heading) = &block.kind {
            out.push(Section {
                id: heading.id.clone(),
                explicit: heading.explicit,
                span: block.span.clone(),
                numbers: numbers(&plain_text(&heading.content)),
            });
        } else if let Some(section) = out.last_mut() {
            // Registers are left out, because facts are the same in every language.
            for_each_run(block, &mut |run, register| {
                if register.is_none() {
                    section.numbers.extend(numbers(&plain_text(run)));
                }
            });
        }
    }
    // A heading twice is told where ids are given.
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    out.retain(|section| seen.insert(section.id.clone(), ()).is_none());
    out
}

/// The numbers of a text as they compare in every language: without separators of thousands and leading zeros.
fn numbers(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        if at > 0 && letters[at - 1].is_alphabetic() {
            // Part of a name: SHA256.
            at += letters[at..].iter().take_while(|c| c.is_alphanumeric()).count();
            continue;
        }
        let mut digits = String::new();
        while at < letters.len() {
            if letters[at].is_ascii_digit() {
                digits.push(letters[at]);
                at += 1;
                continue;
            }
            let group = |from: usize| letters[from..].iter().take_while(|c| c.is_ascii_digit()).count();
            let separates =
                matches!(letters[at], ',' | '.' | '\u{a0}' | '\u{202f}') && group(at + 1) == 3 && digits.len() <= 3;
            if !separates {
                break;
            }
            at += 1;
        }
        let digits = digits.trim_start_matches('0');
        out.insert(if digits.is_empty() { "0".to_string() } else { digits.to_string() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_compare_across_languages() {
        let list = |text: &str| numbers(text).into_iter().collect::<Vec<_>>();
        assert_eq!(list("1,000 requests in 05 minutes"), list("1.000 peticiones en 5 minutos"));
        assert_eq!(list("Art. 6(1)(b)"), list("art. 6.1.b"));
        assert_eq!(list("SHA256 and IPv4"), Vec::<String>::new());
        assert_eq!(list("1 000 000"), ["0", "1"]);
    }
}
