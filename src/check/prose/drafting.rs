//! Notes that authors leave for themselves: TODO, a warning sign, “before launch, ask your lawyer”.
//!
//! In: a text. Out: findings, errors where a block leaves no doubt. Must not know: which language the text should have.

use super::lexicon::notes;
use super::piece::{Kind, Piece};
use super::{Text, quote, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use std::ops::Range;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let notes = notes();
    let pieces: Vec<&Piece> = text.pieces().collect();
    for (index, piece) in pieces.iter().enumerate() {
        let signs = signs(piece);
        let mut cues: Vec<Range<usize>> = Vec::new();
        if notes.may_be_note(&piece.lower) {
            cues.extend(notes.cues.iter().flat_map(|cue| cue.get().find_iter(&piece.lower)).map(|hit| hit.range()));
        }
        let weak = match cues.is_empty() && signs.is_empty() {
            true => None,
            false => notes.weak.iter().find_map(|cue| cue.get().find(&piece.lower)).map(|hit| hit.range()),
        };
        let count = signs.len() + cues.len() + usize::from(weak.is_some());
        // A warning sign alone may be meant for readers.
        let Some(first) = cues.first().or(signs.first().filter(|_| count > 1)) else {
            unfinished(text, piece, findings);
            continue;
        };
        let (range, at) = (first.clone(), first.start);
        let words = quote(&piece.text[whole_line(piece, &range)]);
        let mut finding = text
            .at("drafting-note-left", piece, range, format!("an author's note would be published: `{words}`"))
            .help("do what it says, then remove it; to keep it, make it a comment: `<!-- … -->`");
        if let Some((claim, place)) = claim_beside(text, &pieces, index, at) {
            finding = finding.also(text.work.path, claim.span(place), "while the text claims this already");
        }
        findings.push(if count >= 2 { finding } else { weighing(finding, Severity::Warning) });
    }
}

/// Signs that open a line.
fn signs(piece: &Piece) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in piece.text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        if let Some(sign) = notes().signs.iter().find(|sign| piece.text[start..].starts_with(sign.as_str())) {
            out.push(start..start + sign.len());
        }
        at += line.len();
    }
    out
}

/// The line around a cue.
fn whole_line(piece: &Piece, range: &Range<usize>) -> Range<usize> {
    let start = piece.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = piece.text[range.end..].find('\n').map_or(piece.text.len(), |at| range.end + at);
    start..end
}

/// An absolute claim shortly before a note that says that the work is still to be done.
fn claim_beside<'a>(
    text: &Text<'_>,
    pieces: &[&'a Piece],
    index: usize,
    at: usize,
) -> Option<(&'a Piece, Range<usize>)> {
    let own =
        pieces[index].sentences.iter().filter(|sentence| sentence.end <= at).map(|sentence| (pieces[index], sentence));
    let before = pieces[index.saturating_sub(2)..index].iter().filter(|piece| piece.kind != Kind::Heading);
    let others = before.flat_map(|piece| piece.sentences.last().map(|sentence| (*piece, sentence)));
    let claims = |(piece, sentence): &(&Piece, &Range<usize>)| {
        let words = &piece.lower[(*sentence).clone()];
        text.words.pattern("open_claim").is_match(words) && !notes().may_be_note(words)
    };
    let found = own.rev().take(2).find(claims);
    found.or_else(|| others.rev().find(claims)).map(|(piece, sentence)| (piece, sentence.clone()))
}

/// TODO and its kin, and cells that say that they will be filled.
fn unfinished(text: &Text<'_>, piece: &Piece, findings: &mut Vec<Diagnostic>) {
    let notes = notes();
    if let Some((range, certain)) = marker(text, piece) {
        let finding = text
            .at("unfinished-text", piece, range.clone(), format!("`{}` marks unfinished text", &piece.text[range]))
            .help("write the missing text, or remove the marker");
        findings.push(if certain { finding } else { weighing(finding, Severity::Warning) });
        return;
    }
    if (piece.kind == Kind::Cell || piece.text.split_whitespace().nth(8).is_none())
        && let Some(hit) = notes.open_ends.find(&piece.lower)
    {
        let words = quote(&piece.text[hit.range()]);
        findings.push(weighing(
            text.at("unfinished-text", piece, hit.range(), format!("`{words}` is unfinished"))
                .help("write what you know today, or remove the entry for now"),
            Severity::Warning,
        ));
    }
}

/// A marker in capitals, and whether nothing else can be meant by it.
fn marker(text: &Text<'_>, piece: &Piece) -> Option<(Range<usize>, bool)> {
    let notes = notes();
    for (pattern, certain) in [(&notes.markers, true), (&notes.weak_markers, false)] {
        let Some(hit) = pattern.find(&piece.text) else { continue };
        let (before, after) = (&piece.text[..hit.start()], &piece.text[hit.end()..]);
        // `XXX` in a row of digits, or in a name, is a part that was made unreadable on purpose.
        let joined = after.starts_with(['-', '.', '@', '_', '/']) && !after.starts_with(". ") && after != "."
            || before.ends_with(['-', '.', '@', '/', '_', '(']) && !certain;
        let defined = !certain
            && (notes.marker_before.is_match(&before.to_lowercase())
                || notes.marker_after.is_match(&after.to_lowercase())
                || text.pieces().map(|other| other.text.matches(hit.as_str()).count()).sum::<usize>() > 2);
        if !joined && !defined && !piece.in_quotes(&hit.range()) && !notes.marker_things.is_match(after) {
            return Some((hit.range(), certain));
        }
    }
    None
}
