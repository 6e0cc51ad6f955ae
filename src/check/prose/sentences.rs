//! The sentences of a text, for readers of prose that are no rules.
//!
//! In: a tree and its language. Out: [`Sentence`]s in lower case, each with its place and the lengths of time that it names.
//! Must not know: what is looked for in them.
//!
//! An item of a list is one sentence with the words above the list, and the cells of a row are one sentence with each other:
//! “We share your data with:” says it of every item.

use super::lexicon::Lexicon;
use super::numbers;
use super::piece::{Above, Kind, Piece};
use super::view::Prose;
use crate::markdown::Document;
use crate::words::Duration;
use std::ops::Range;

/// One statement of a text.
pub struct Sentence {
    pub lower: String,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// Lengths of time and where they begin in the words, working days left out.
    pub durations: Vec<(Duration, usize)>,
    /// True if it holds a placeholder or a note of the author.
    pub is_unfinished: bool,
}

/// Every statement outside headings and quotations, questions left out.
pub fn sentences(document: &Document, tag: &str) -> Vec<Sentence> {
    let prose = Prose::new(document);
    let lexicon = Lexicon::of(tag);
    let mut above = Above::default();
    let mut out: Vec<Sentence> = Vec::new();
    let mut row: Option<(usize, usize)> = None;
    for piece in prose.pieces.iter().filter(|piece| !piece.quoted) {
        let intro = above.of(piece);
        if piece.kind == Kind::Heading {
            continue;
        }
        let next = (piece.group, piece.column);
        if piece.kind == Kind::Cell {
            let same = row.is_some_and(|(group, column)| group == next.0 && column < next.1);
            row = Some(next);
            if let Some(last) = out.last_mut().filter(|_| same) {
                last.lower.push_str(" · ");
                let begin = last.lower.len();
                last.lower.push_str(&piece.lower);
                last.durations.extend(durations(lexicon, piece, 0..piece.lower.len(), begin));
                continue;
            }
            out.push(sentence(lexicon, piece, 0..piece.lower.len(), None));
            continue;
        }
        row = None;
        let intro = intro.map(|intro| &intro.lower[intro.sentences.last().cloned().unwrap_or_default()]);
        for range in &piece.sentences {
            if !piece.lower[range.clone()].trim_end().ends_with('?') {
                out.push(sentence(lexicon, piece, range.clone(), intro));
            }
        }
    }
    out
}

fn sentence(lexicon: Option<&Lexicon>, piece: &Piece, range: Range<usize>, intro: Option<&str>) -> Sentence {
    let mut lower = intro.map(|intro| format!("{intro} ")).unwrap_or_default();
    let begin = lower.len();
    lower.push_str(&piece.lower[range.clone()]);
    Sentence {
        lower,
        span: piece.span(range.clone()),
        durations: durations(lexicon, piece, range.clone(), begin),
        is_unfinished: is_unfinished(&piece.text[range]),
    }
}

fn durations(lexicon: Option<&Lexicon>, piece: &Piece, range: Range<usize>, begin: usize) -> Vec<(Duration, usize)> {
    let Some(lexicon) = lexicon else { return Vec::new() };
    let start = range.start;
    let found = numbers::lengths_by(lexicon, piece, range).into_iter();
    found.filter(|length| !length.working).map(|length| (length.duration, begin + length.range.start - start)).collect()
}

/// True if words in capitals stand in brackets, or if a marker such as `TODO` is there.
fn is_unfinished(text: &str) -> bool {
    let bracketed = text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).any(|(inside, _)| {
        let letters = inside.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 2 && letters.clone().all(char::is_uppercase)
    });
    bracketed || ["TODO", "TBD", "FIXME", "XXX", "lorem ipsum", "____"].iter().any(|mark| text.contains(mark))
}
