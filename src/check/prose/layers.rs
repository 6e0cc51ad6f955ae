//! Layers of one text: what a summary or the description says in numbers, the text itself says too.
//!
//! In: a text. Out: findings at lengths of time that only the first layer states. Must not know: pages, embeds; their dates
//! come from the record.

use super::numbers::{Length, lengths};
use super::piece::{Builder, Kind, Piece};
use super::{Text, quote};
use crate::diagnostic::Diagnostic;
use crate::markdown::{Block, BlockKind, plain_text};
use crate::words::{Duration, Unit};

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let described = text.work.front.description.as_deref().filter(|words| words.contains(|c: char| c.is_ascii_digit()));
    if described.is_none() && !text.pieces().any(|piece| piece.summary) {
        return;
    }
    let all = |piece: &Piece| lengths(text, piece, 0..piece.text.len());
    let mut below: Vec<Length> = text.pieces().filter(|piece| !piece.summary).flat_map(&all).collect();
    let mut cells = Vec::new();
    tables(&text.work.document.blocks, &mut cells);
    below.extend(cells.iter().map(|cell| stretch(cell)).flat_map(|piece| all(&piece)));
    let missing = |piece: &Piece| {
        let found = all(piece).into_iter();
        found.filter(|length| !below.iter().any(|other| near(&other.duration, &length.duration))).collect::<Vec<_>>()
    };
    let help = "let both say the same; a fact such as `{{ notice }}` or `{{ retention.ROW.keep }}` cannot differ";
    for piece in text.pieces().filter(|piece| piece.summary) {
        for length in missing(piece) {
            let named = quote(&piece.text[length.range.clone()]);
            let message = format!("`{named}` is in the summary but not in the text");
            findings.push(text.at("summary-mismatch", piece, length.range, message).help(help));
        }
    }
    // A translation has the words of the other text beside it, not in it.
    let head = &text.work.source[..head_end(text)];
    let place = described.and_then(|words| Some((words, head.find(words)?)));
    let Some((description, at)) = place else { return };
    let piece = stretch(description);
    for length in missing(&piece) {
        let named = quote(&piece.text[length.range]);
        let message = format!("`{named}` is in the description but not in the text");
        let finding = Diagnostic::new("summary-mismatch", message).at(text.work.path, at..at + description.len());
        findings.push(finding.help(help));
    }
}

/// Where the first piece begins: what stands before it is front matter.
fn head_end(text: &Text<'_>) -> usize {
    let first = text.pieces().find(|piece| !piece.text.is_empty());
    first.map_or(0, |piece| piece.span(0..1).start.min(text.work.source.len()))
}

/// Words that stand in no text of the file.
fn stretch(words: &str) -> Piece {
    let mut builder = Builder::default();
    builder.words(words, |_| 0..0);
    builder.finish(Kind::Cell)
}

/// The cells of registers, which are no prose.
fn tables(blocks: &[Block], out: &mut Vec<String>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Table(table) if table.register.is_some() => {
                out.extend(table.rows.iter().flat_map(|row| &row.cells).map(|cell| plain_text(cell)));
            }
            BlockKind::Quote(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => {
                tables(inner, out);
            }
            BlockKind::List(list) => list.items.iter().for_each(|item| tables(&item.blocks, out)),
            _ => {}
        }
    }
}

/// A summary rounds: thirty days are a month there.
fn near(a: &Duration, b: &Duration) -> bool {
    let days = |length: &Duration| {
        let count = f64::from(length.count);
        match length.unit {
            Unit::Hour => count / 24.0,
            Unit::Day => count,
            Unit::Week => count * 7.0,
            Unit::Month => count * 30.4375,
            Unit::Year => count * 365.25,
        }
    };
    let (a, b) = (days(a), days(b));
    (a - b).abs() <= 0.035 * a.max(b)
}
