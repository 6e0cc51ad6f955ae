//! A redline for programs.
//!
//! In: a redline. Out: blocks in reading order with their words, enough to rebuild either text.
//! Must not know: how it is written down.

use super::flat::LeafKind;
use super::outline::{Outline, outline};
use super::{Counts, Entry, EntryKind, Formatting, Op, Redline};
use serde::Serialize;

/// Accepting: skip `away`, and of every block take the words that are not `deleted`. Rejecting: skip blocks with
/// `moved`, put in their place the blocks that `away` names, and take the words that are not `inserted` (of `same`
/// words, `was` if it is there).
#[derive(Debug, Serialize)]
pub struct Json {
    pub counts: Counts,
    pub outline: Outline,
    pub blocks: Vec<BlockJson>,
}

#[derive(Debug, Serialize)]
pub struct BlockJson {
    pub op: &'static str,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Numbers of a heading in the new and the old text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was_number: Option<String>,
    /// The move at whose new place the block stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<usize>,
    /// The move whose blocks stood here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away: Option<usize>,
    /// The id of its change in the HTML is this behind the prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatting: Option<Formatting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordsJson>,
}

#[derive(Debug, Serialize)]
pub struct WordsJson {
    pub op: Op,
    pub text: String,
    /// The same words as the old text has them, if signs or blanks differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Not words but the end of a paragraph.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paragraph: bool,
    /// Column of a row, counted over both tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

pub fn json(redline: &Redline) -> Json {
    let blocks = redline.entries.iter().map(|entry| block(redline, entry)).collect();
    Json { counts: redline.counts, outline: outline(redline), blocks }
}

fn block(redline: &Redline, entry: &Entry) -> BlockJson {
    let (old, leaves) = redline.shown(entry);
    let flat = redline.flat(old);
    let leaf = &flat.leaves[leaves.start];
    let (kind, level) = match leaf.kind {
        LeafKind::Heading(level) => ("heading", Some(level)),
        LeafKind::Paragraph => ("paragraph", None),
        LeafKind::Title => ("title", None),
        LeafKind::Term => ("term", None),
        LeafKind::Code => ("code", None),
        LeafKind::Html => ("html", None),
        LeafKind::Row { head: true } => ("head", None),
        LeafKind::Row { head: false } => ("row", None),
        LeafKind::Rule => ("rule", None),
    };
    let (op, away) = match entry.kind {
        EntryKind::Same => ("same", None),
        EntryKind::Changed => ("changed", None),
        EntryKind::Inserted => ("inserted", None),
        EntryKind::Deleted => ("deleted", None),
        EntryKind::Away(moved) => ("away", Some(moved)),
    };
    let row = matches!(leaf.kind, LeafKind::Row { .. });
    let words = match entry.kind {
        EntryKind::Away(_) => Vec::new(),
        EntryKind::Changed => redline
            .spans(entry)
            .iter()
            .map(|span| {
                let (was, is) = (&redline.old.text[span.old.clone()], &redline.new.text[span.new.clone()]);
                WordsJson {
                    op: span.op,
                    text: if span.op == Op::Deleted { was } else { is }.to_string(),
                    was: (span.op == Op::Same && was != is).then(|| was.to_string()),
                    paragraph: span.paragraph,
                    column: row.then_some(span.cell),
                }
            })
            .collect(),
        _ => {
            let op = match entry.kind {
                EntryKind::Inserted => Op::Inserted,
                EntryKind::Deleted => Op::Deleted,
                _ => Op::Same,
            };
            let columns = redline.row_columns(entry);
            let text = |at: usize, part: usize| {
                let text = &flat.text[flat.parts[part].text.clone()];
                let same = op == Op::Same;
                let was = same
                    .then(|| redline.old.leaves[entry.old.start].parts.start + at)
                    .and_then(|part| redline.old.parts.get(part));
                let was = was.map(|was| &redline.old.text[was.text.clone()]).filter(|was| *was != text);
                let column =
                    row.then(|| columns.iter().position(|(a, b)| if old { *a } else { *b } == Some(at)).unwrap_or(at));
                WordsJson { op, text: text.to_string(), was: was.map(str::to_string), paragraph: false, column }
            };
            leaf.parts
                .clone()
                .enumerate()
                .map(|(at, part)| text(at, part))
                .filter(|words| !words.text.is_empty())
                .collect()
        }
    };
    let was_number = match entry.kind {
        EntryKind::Same | EntryKind::Changed => redline.old.leaves[entry.old.start].number.clone(),
        EntryKind::Deleted => leaf.number.clone(),
        _ => None,
    };
    BlockJson {
        op,
        kind,
        level,
        number: leaf.number.clone().filter(|_| !old),
        was_number,
        moved: entry.within,
        away,
        change: (entry.change > 0).then_some(entry.change),
        formatting: entry.formatting.any().then_some(entry.formatting),
        words,
    }
}
