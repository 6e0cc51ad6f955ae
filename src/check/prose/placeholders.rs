//! Words that were never filled in: `[COMPANY NAME]`, `${company}`, a line to write on.
//!
//! In: a text. Out: an error for each, because it is published as it stands. Must not know: any fact that could stand there.

use super::lexicon::{Notes, notes};
use super::piece::Piece;
use super::{Text, quote, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use std::ops::Range;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let notes = notes();
    for piece in text.pieces() {
        if !piece.text.contains(['[', '{', '$', '%', '<', '_', '.', '…', 'Y', 'M', 'A', 'E', 'm', 'y', 'e']) {
            continue;
        }
        let mut taken: Vec<Range<usize>> = Vec::new();
        for (range, what) in found(notes, piece) {
            if taken.iter().any(|other| other.start < range.end && range.start < other.end) {
                continue;
            }
            taken.push(range.clone());
            let words = quote(&piece.text[range.clone()]);
            let finding = match what {
                What::Filler => text
                    .at("placeholder-left", piece, range, format!("`{words}` is a placeholder"))
                    .help("write the text, or remove it"),
                What::Blank => text
                    .at("placeholder-left", piece, range, "the text contains a blank to fill in")
                    .help("fill it in; a fact goes in braces, such as `{{ organization.address }}`"),
                What::Reserved => weighing(
                    text.at(
                        "placeholder-left",
                        piece,
                        range,
                        format!("`{words}` is an example: the name is reserved for documentation"),
                    )
                    .help("write your own address, or put an intended example in backticks"),
                    Severity::Warning,
                ),
                What::Name => text
                    .at("placeholder-left", piece, range, format!("`{words}` was not filled in"))
                    .help("fill it in; a fact goes in braces, such as `{{ organization.legal_name }}`")
                    .help("put intended brackets in backticks"),
            };
            findings.push(finding);
        }
    }
}

enum What {
    Name,
    Filler,
    Blank,
    Reserved,
}

fn found(notes: &'static Notes, piece: &Piece) -> Vec<(Range<usize>, What)> {
    let mut out = Vec::new();
    for hit in notes.capitals.find_iter(&piece.text).chain(notes.bracket_words.find_iter(&piece.text)) {
        let after = piece.text[hit.end()..].chars().next();
        // A link of Markdown that was not closed, or a letter that was changed in a quotation: [T]he.
        if matches!(after, Some('(' | '[' | ':')) || after.is_some_and(char::is_alphanumeric) {
            continue;
        }
        if notes.meant.is_match(hit.as_str()) || piece.link(hit.start()).is_some() {
            continue;
        }
        out.push((hit.range(), What::Name));
    }
    out.extend(notes.template.find_iter(&piece.text).map(|hit| (hit.range(), What::Name)));
    out.extend(notes.names.find_iter(&piece.text).map(|hit| (hit.range(), What::Name)));
    // Addresses are rare, and their pattern begins with anything.
    if piece.text.contains('.')
        && ["your", "my", "domain", "site", "empresa", "votre", "firma"].iter().any(|part| piece.lower.contains(part))
    {
        out.extend(notes.hosts.find_iter(&piece.text).map(|hit| (hit.range(), What::Name)));
    }
    out.extend(notes.fillers.find_iter(&piece.lower).map(|hit| (hit.range(), What::Filler)));
    for hit in notes.blank.find_iter(&piece.text) {
        out.push((hit.range(), What::Blank));
    }
    let reserved = piece.lower.contains("example.").then_some(&notes.reserved);
    for hit in reserved.into_iter().flat_map(|reserved| reserved.find_iter(&piece.text)) {
        let sentence = &piece.lower[piece.sentence(hit.start())];
        let example = ["e.g", "such as", "example,", "for example", "ejemplo", "exemple", "beispiel", "like "];
        let bracketed = piece.text[..hit.start()].ends_with('(') && piece.text[hit.end()..].starts_with(')');
        if !bracketed && !example.iter().any(|word| sentence.contains(word)) {
            out.push((hit.range(), What::Reserved));
        }
    }
    out
}
