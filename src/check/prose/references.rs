//! References to tables, to other documents, to addresses that are not links.
//!
//! In: a text. Out: findings where a reader would look and find nothing. Must not know: other documents, the network.

use super::{Genre, Text, quote, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s\[\]]+)\]").expect("a constant")
});

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    tables(text, findings);
    documents(text, findings);
    addresses(text, findings);
    bracketed(text, findings);
    elsewhere(text, findings);
}

/// “The table below” where there is none.
fn tables(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    if text.prose.tables > 0 {
        return;
    }
    let words = text.words;
    for piece in text.sayings() {
        for name in ["table_below", "table_above"] {
            let Some(hit) = words.pattern(name).find(&piece.lower) else { continue };
            let is_list = hit.as_str().contains("list");
            if is_list || piece.text.contains("<table") {
                continue;
            }
            findings.push(
                text.at(
                    "reference-dangling",
                    piece,
                    hit.range(),
                    format!("`{}`, but this text has no table", quote(&piece.text[hit.range()])),
                )
                .help("add the table with `:::register processors` and a line `:::`, or link to it"),
            );
        }
    }
}

/// “See our Terms of Service” without a link, anywhere in the text.
fn documents(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let pattern = words.pattern("document_ref");
    let mut linked: BTreeSet<String> = BTreeSet::new();
    for piece in text.pieces() {
        for (range, _) in &piece.links {
            linked.extend(pattern.find_iter(&piece.lower[range.clone()]).map(|hit| family(hit.as_str())));
        }
    }
    let sections = &text.prose.sections;
    let own = text.work.title.map(str::to_lowercase).unwrap_or_default();
    let own_family = pattern.find(&own).map(|hit| family(hit.as_str()));
    let mut told = BTreeSet::new();
    for piece in text.sayings() {
        for hit in pattern.find_iter(&piece.lower) {
            let name = family(hit.as_str());
            // Most are told or linked already; headings are many.
            if linked.contains(&name) || told.contains(&name) {
                continue;
            }
            let sentence = piece.sentence(hit.start());
            let before = &piece.lower[sentence.start..hit.start()];
            let itself = own_family.as_ref() == Some(&name)
                || (name == "subprocessors" && own.contains("processor"))
                || sections
                    .iter()
                    .enumerate()
                    .any(|(at, section)| at != piece.section && section.title.contains(hit.as_str()))
                || (text.genre == Genre::Notice && name == "privacy")
                || (text.genre == Genre::Terms && name == "terms");
            if itself || piece.in_quotes(&hit.range()) {
                continue;
            }
            // Whatever page is linked beside it is most likely meant.
            if piece.links.iter().any(|(link, url)| {
                link.start < sentence.end && sentence.start < link.end && !url.starts_with("mailto:")
            }) {
                continue;
            }
            let here = words.pattern("section_here").is_match(&piece.lower[hit.end()..]);
            if here {
                continue;
            }
            // The words just before say that the reader should look there: “see our …”.
            let near = &before[before.floor_char_boundary(before.len().saturating_sub(48))..];
            if !words.pattern("document_verb").is_match(near) || words.pattern("negation").is_match(near) {
                continue;
            }
            // Where a document of that kind would most likely be.
            let address = name.clone();
            told.insert(name);
            let named = quote(&piece.text[hit.range()]);
            findings.push(
                text.at(
                    "document-not-linked",
                    piece,
                    hit.range(),
                    format!("the text refers to `{named}` without a link"),
                )
                .help(format!("make it a link: `[{named}](/{address}/)`, with the document's address")),
            );
        }
    }
}

/// One name for what a document may be called.
pub fn family(name: &str) -> String {
    let is = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let family = if is(&["cookie"]) {
        "cookies"
    } else if is(&["sub-processor", "subprocessor", "subencargad", "sous-traitant"]) {
        "subprocessors"
    } else if is(&["processing", "tratamiento", "encargo", "traitement", "auftragsverarbeitung"]) {
        "dpa"
    } else if is(&["acceptable"]) {
        "acceptable-use"
    } else if is(&["privacy", "privacidad", "confidentialité", "datenschutz"]) {
        "privacy"
    } else {
        "terms"
    };
    family.to_string()
}

/// `stripe.com/privacy` as bare words: one finding, however many there are.
fn addresses(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    for piece in text.sayings() {
        if !piece.text.contains('/') {
            continue;
        }
        for hit in text.words.pattern("bare_address").find_iter(&piece.lower) {
            let before = piece.lower[..hit.start()].chars().next_back();
            let inside = before.is_some_and(|c| matches!(c, '/' | '@' | '.' | '-' | '_' | ':'));
            // Markup inside an address shows that a part of it stands for others.
            let plain = text.work.source[piece.span(hit.range())].len() == hit.len();
            if plain && !inside && piece.link(hit.start()).is_none() {
                found.push((piece, hit.range()));
            }
        }
    }
    let Some(((piece, range), others)) = found.split_first() else { return };
    let typed = &piece.text[range.clone()];
    let message = match others.len() {
        0 => format!("`{}` is not a link", quote(typed)),
        1 => format!("`{}` and one more address are not links", quote(typed)),
        more => format!("`{}` and {more} more addresses are not links", quote(typed)),
    };
    let mut finding = text
        .at("address-not-linked", piece, range.clone(), message)
        .help(format!("write `https://{typed}`, or a link with words: `[…](https://{typed})`"));
    for (piece, range) in others.iter().take(5) {
        finding = finding.also(text.work.path, piece.span(range.clone()), "this one too");
    }
    findings.push(finding);
}

/// Maximum number of references examined in one passage.
const MOST: usize = 50;

/// `[help@acme.example]`: half a link, whose brackets every reader sees.
fn bracketed(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    for piece in text.sayings().filter(|piece| piece.text.contains('[')) {
        for hit in BRACKETED.find_iter(&piece.text).take(MOST) {
            let typed = &piece.text[hit.start() + 1..hit.end() - 1];
            // Parts of an address that stand for others are meant so.
            if piece.text[hit.end()..].starts_with(['(', '[', ':', '/', '@']) || piece.in_quotes(&hit.range()) {
                continue;
            }
            findings.push(
                text.at(
                    "address-not-linked",
                    piece,
                    hit.range(),
                    format!("`{}` is an unfinished link", quote(hit.as_str())),
                )
                .help(format!("write `{typed}` without brackets: addresses become links automatically")),
            );
        }
    }
}

/// “The contact link on our home page”: a reader of this page, or of a printout, has no such link.
fn elsewhere(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    for piece in text.sayings() {
        let Some(hit) = text.words.pattern("contact_elsewhere").find(&piece.lower) else { continue };
        let sentence = piece.sentence(hit.start());
        if piece.links.iter().any(|(range, _)| range.start < sentence.end && sentence.start < range.end) {
            continue;
        }
        // “When you write through the form, we collect …” sends nobody there.
        let told = ["when ", "if you ", "cuando ", "lorsque ", "quand ", "wenn "];
        let lower = &piece.lower[sentence.start..hit.start()];
        let condition = |word: &str| lower.starts_with(word) || lower.contains(&format!(" {word}"));
        let source = text.words.pattern("collects").is_match(&piece.lower[sentence]);
        if told.iter().any(|word| condition(word)) && source {
            continue;
        }
        let finding = text
            .at(
                "contact-details-not-linked",
                piece,
                hit.range(),
                format!("the text refers to `{}` without a link", quote(&piece.text[hit.range()])),
            )
            .help("write the address itself: `{{ organization.contacts.privacy }}`, or link the page");
        findings.push(weighing(finding, Severity::Warning));
    }
}
