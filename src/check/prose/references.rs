//! References: to sections by number, to tables, to other documents, to addresses that are no links.
//!
//! In: a text. Out: findings where a reader would look and find nothing. Must not know: other documents, the network.

use super::piece::{Kind, Piece};
use super::{Genre, Text, quote, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use regex::Regex;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s\[\]]+)\]").expect("a constant")
});

/// Also what the text refers to by numbers that nothing keeps right.
pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) -> Numbered {
    let references = by_number(text);
    sections(text, &references, findings);
    tables(text, findings);
    documents(text, findings);
    addresses(text, findings);
    bracketed(text, findings);
    elsewhere(text, findings);
    numbered(text, references)
}

/// Sections as a reader counts them, and where the text refers to them by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbered {
    /// Number and title, in lower case.
    pub sections: Vec<(String, String)>,
    /// Number and place.
    pub references: Vec<(String, Range<usize>)>,
}

fn numbered(text: &Text<'_>, references: Vec<Reference<'_>>) -> Numbered {
    let references: Vec<_> = references.into_iter().map(|(piece, range, number)| (number, piece.span(range))).collect();
    if references.is_empty() {
        return Numbered::default();
    }
    let sections = text.prose.sections.iter();
    let sections = sections.filter_map(|section| Some((section.number.clone()?, section.title.clone()))).collect();
    Numbered { sections, references }
}

/// Where a section is named, and its number.
type Reference<'t> = (&'t Piece, Range<usize>, String);

/// “Section 9”, of this text and no law's or other document's.
fn by_number<'t>(text: &Text<'t>) -> Vec<Reference<'t>> {
    let words = text.words;
    let mut out = Vec::new();
    for piece in text.pieces().filter(|piece| !piece.quoted) {
        for hit in words.pattern("section_ref").captures_iter(&piece.lower) {
            let (Some(whole), Some(number)) = (hit.get(0), hit.name("n")) else { continue };
            let sentence = piece.sentence(whole.start());
            let before = &piece.lower[sentence.start..whole.start()];
            let after = &piece.lower[whole.end()..];
            let here = words.pattern("section_here").is_match(after);
            let law = words.pattern("section_law").is_match(after)
                || words.pattern("section_law_before").is_match(before)
                || number.as_str().split('.').next().is_some_and(|first| first.len() > 2);
            if (law && !here) || piece.link(whole.start()).is_some() {
                continue;
            }
            // A heading that says its own number.
            if piece.kind == Kind::Heading && before.trim().is_empty() {
                continue;
            }
            // Another document's section: “Section 3 of the Terms”.
            let foreign = after.trim_start().starts_with(|c: char| c == ',' || c.is_alphabetic())
                && words.pattern("document_ref").is_match(&after[..floor(after, 60)]);
            if foreign && !here {
                continue;
            }
            out.push((piece, whole.range(), number.as_str().to_string()));
        }
    }
    out
}

/// References that lead nowhere, and those that are right until somebody adds a section.
fn sections(text: &Text<'_>, references: &[Reference<'_>], findings: &mut Vec<Diagnostic>) {
    let sections = &text.prose.sections;
    let numbers: BTreeSet<&str> = sections.iter().filter_map(|section| section.number.as_deref()).collect();
    let typed = sections.iter().any(|section| section.typed);
    let mut told = false;
    for (piece, range, number) in references {
        let range = range.clone();
        let named = quote(&piece.text[range.clone()]);
        if !numbers.contains(number.as_str()) {
            if numbers.is_empty() && sections.len() < 3 {
                continue;
            }
            let mut finding = text.at("unknown-section-number", piece, range, format!("`{named}` leads nowhere"));
            finding = match numbers.iter().next_back() {
                Some(_) => finding.help(format!("this text has the sections {}", some(&numbers))),
                None => finding.help("no section of this text has a number"),
            };
            findings.push(finding.help(
                "refer to the section by its id, `{{ section.ID }}`: the number and the title follow by themselves",
            ));
        } else if typed && !told {
            told = true;
            let help = "give the heading an id, `## Your rights {#rights}`, and write `{{ section.rights }}`: then it stays right";
            findings.push(
                text.at(
                    "hard-coded-section-number",
                    piece,
                    range,
                    format!("`{named}` is right only until a section is added or moved"),
                )
                .help(help),
            );
        }
    }
}

fn some(numbers: &BTreeSet<&str>) -> String {
    let top: Vec<u32> = numbers.iter().filter_map(|number| number.split('.').next()?.parse().ok()).collect();
    match (top.iter().min(), top.iter().max()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(only), _) => only.to_string(),
        _ => "without numbers".to_string(),
    }
}

/// The last place at which a text of at most `limit` bytes can be cut.
fn floor(text: &str, limit: usize) -> usize {
    let mut at = limit.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
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
                text.at("reference-dangling", piece, hit.range(), format!("`{}`: this text has no table", quote(&piece.text[hit.range()])))
                    .help("put the table in, such as `:::register processors` and a line `:::`, or say where it is with a link"),
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
            let near = &before[floor(before, before.len().saturating_sub(48))..];
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
                    format!("the reader is sent to `{named}`, and nothing leads there"),
                )
                .help(format!("make it a link: `[{named}](/{address}/)`, with the address that the document has")),
            );
        }
    }
}

/// One name for what a document may be called.
fn family(name: &str) -> String {
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
        0 => format!("`{}` is printed, not linked", quote(typed)),
        1 => format!("`{}` and one more address are printed, not linked", quote(typed)),
        more => format!("`{}` and {more} more addresses are printed, not linked", quote(typed)),
    };
    let mut finding = text
        .at("address-not-linked", piece, range.clone(), message)
        .help(format!("write it whole: `https://{typed}`, or as a link with words: `[…](https://{typed})`"));
    for (piece, range) in others.iter().take(5) {
        finding = finding.also(text.work.path, piece.span(range.clone()), "this one too");
    }
    findings.push(finding);
}

/// So many of them in one stretch are looked at.
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
                    format!("`{}` was to be a link, and its brackets are printed", quote(hit.as_str())),
                )
                .help(format!("write `{typed}` without brackets: addresses become links by themselves")),
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
        let lower = &piece.lower[sentence];
        if told.iter().any(|word| lower.starts_with(word)) && text.words.pattern("collects").is_match(lower) {
            continue;
        }
        let finding = text
            .at(
                "contact-details-not-linked",
                piece,
                hit.range(),
                format!("the reader is sent to `{}` without a link", quote(&piece.text[hit.range()])),
            )
            .help("write the address itself: `{{ organization.contacts.privacy }}`, or link the page");
        findings.push(weighing(finding, Severity::Warning));
    }
}
