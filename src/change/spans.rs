//! Hunks of tokens as spans of bytes, and whether they are worth showing.
//!
//! In: tokens of two texts and the hunks between them. Out: spans that cover both texts; whether the texts have enough in
//! common. Must not know: leaves, order.

use super::token::{CELL, PARAGRAPH, Token};
use super::words::Hunk;
use super::{Mark, Op, Span};
use std::ops::Range;

/// True if two texts that belong together have enough in common to be shown as one that changed.
pub fn enough(old: &[Token], new: &[Token], hunks: &[Hunk]) -> bool {
    let weight = |tokens: &[Token]| tokens.iter().map(|token| u32::from(token.weight)).sum::<u32>();
    let (mut i, mut same, mut sentence) = (0, 0, false);
    for (start, end) in hunks.iter().map(|hunk| (hunk.old.start, hunk.old.end)).chain([(old.len(), old.len())]) {
        let stretch = weight(&old[i..start]);
        same += stretch;
        sentence |= stretch >= 40;
        i = end;
    }
    let (a, b) = (weight(old), weight(new));
    sentence || 200 * same >= 30 * (a + b) || (a.min(b) >= 16 && 10 * same >= 7 * a.min(b))
}

/// True if the first leaf (`true`) or the last of several has too little of the one that they are made from.
pub fn loose_end(one: &[Token], many: &[Token], changed: &[(&Range<usize>, &Range<usize>)]) -> Option<bool> {
    let first = many.iter().position(|token| token.id == PARAGRAPH)?;
    let last = many.iter().rposition(|token| token.id == PARAGRAPH)?;
    let weight = |tokens: &[Token]| {
        tokens.iter().filter(|token| token.weight > 1).map(|token| u32::from(token.weight)).sum::<u32>()
    };
    let kept = |range: Range<usize>| {
        let lost = changed.iter().map(|(_, hunk)| {
            let start = hunk.start.clamp(range.start, range.end);
            weight(&many[start..hunk.end.clamp(start, range.end)])
        });
        weight(&many[range.clone()]) - lost.sum::<u32>()
    };
    let all = kept(0..many.len());
    let loose = |range: Range<usize>| {
        let here = kept(range.clone());
        let least = weight(&many[range]).min((weight(one) - (all - here)).max(40));
        here * 2 < least || here == 0
    };
    if loose(last + 1..many.len()) {
        Some(false)
    } else if loose(0..first) {
        Some(true)
    } else {
        None
    }
}

/// Hunks of tokens as spans of bytes that cover both texts.
pub fn push_spans(
    old: &[Token],
    new: &[Token],
    hunks: &[Hunk],
    ends: (usize, usize),
    cell: usize,
    out: &mut Vec<Span>,
) {
    let place = |tokens: &[Token], at: usize, end: usize| tokens.get(at).map_or(end, |token| token.start as usize);
    let mut push = |op: Op, a: Range<usize>, b: Range<usize>| {
        // The ends of paragraphs and cells are spans of their own.
        let (tokens, range) = if op == Op::Deleted { (old, a.clone()) } else { (new, b.clone()) };
        let mut from = range.start;
        let marks: Vec<usize> = range.clone().filter(|at| tokens[*at].id <= CELL).collect();
        for mark in marks.into_iter().chain([range.end]) {
            let end = match tokens.get(mark).map(|token| token.id) {
                Some(CELL) => Mark::Cell,
                _ => Mark::Paragraph,
            };
            for (piece, mark) in [(from..mark, Mark::Words), (mark..(mark + 1).min(range.end), end)] {
                if piece.is_empty() {
                    continue;
                }
                let shifted = |base: usize| base + piece.start - range.start..base + piece.end - range.start;
                let (a, b) = match op {
                    Op::Same => (shifted(a.start), shifted(b.start)),
                    Op::Deleted => (piece.clone(), b.clone()),
                    Op::Inserted => (a.clone(), piece.clone()),
                };
                let words = tokens[piece.clone()].iter().filter(|token| token.word).count();
                let bytes = |tokens: &[Token], range: Range<usize>, end: usize| {
                    place(tokens, range.start, end)..place(tokens, range.end, end)
                };
                out.push(Span {
                    op,
                    old: bytes(old, a, ends.0),
                    new: bytes(new, b, ends.1),
                    mark,
                    cell,
                    change: 0,
                    words,
                });
            }
            from = mark + 1;
        }
    };
    let (mut i, mut j) = (0, 0);
    for hunk in hunks.iter().chain([&Hunk { old: old.len()..old.len(), new: new.len()..new.len() }]) {
        if i < hunk.old.start {
            push(Op::Same, i..hunk.old.start, j..hunk.new.start);
        }
        if !hunk.old.is_empty() {
            push(Op::Deleted, hunk.old.clone(), hunk.new.start..hunk.new.start);
        }
        if !hunk.new.is_empty() {
            push(Op::Inserted, hunk.old.end..hunk.old.end, hunk.new.clone());
        }
        (i, j) = (hunk.old.end, hunk.new.end);
    }
}
