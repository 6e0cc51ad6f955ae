//! A redline for programs.
//!
//! In: a redline. Out: blocks in reading order with their words and places, enough to rebuild either text.
//! Must not know: how it is written down.

use super::flat::{Flat, LeafKind};
use super::outline::{Outline, outline};
use super::structure::Place;
use super::{Counts, Entry, EntryKind, Formatting, Mark, Op, Redline, Structure};
use serde::Serialize;
use std::ops::Range;

/// To accept all changes: skip blocks that are `away` or `deleted`, and of every other block take the words that are not
/// `deleted`. To reject them: skip blocks that are `inserted` and blocks with `moved_in`; where a block is `away`, put the
/// blocks whose `moved_in` is its number, and do the same with each `away` among them; take the words that are not
/// `inserted`, and of `same` words `was` if it is there. docs/diff.md says it in full.
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
    /// The number of a heading in the new text and in the old one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_number: Option<String>,
    /// The lists and quotations around the block in the new text and in the old one; absent outside of both kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_place: Option<PlaceJson>,
    /// The paragraphs, items and rows of either text that the words are divided into, if one of them has more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old_parts: Vec<PartJson>,
    /// The move at whose new place the block is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_in: Option<usize>,
    /// The move whose blocks were here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away: Option<usize>,
    /// The id of its change in the HTML is this behind the prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatting: Option<Formatting>,
    /// Changes in lists, boxes, quotations and columns around the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub structure: Option<Structure>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordsJson>,
}

/// Where a block is.
#[derive(Debug, PartialEq, Serialize)]
pub struct PlaceJson {
    /// The number of list items around it.
    pub depth: u32,
    /// The number of quotations around it.
    pub quotations: u32,
    /// Marker of the item: "•" or a number. Absent if the block does not begin an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The box of a task: ticked or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<bool>,
}

/// One of several paragraphs, items or rows of a block.
#[derive(Debug, Serialize)]
pub struct PartJson {
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceJson>,
}

#[derive(Debug, Serialize)]
pub struct WordsJson {
    pub op: Op,
    pub text: String,
    /// The words in the old text, if punctuation or spaces differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// True for the end of a paragraph, an item or a row; the text is empty.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paragraph: bool,
    /// True for the end of a cell; the text is empty.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cell: bool,
    /// The stretches of the text that the author struck: characters from and to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub struck: Vec<(usize, usize)>,
    /// Column of a row, counted over both tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

pub fn json(redline: &Redline) -> Json {
    let blocks = redline.entries.iter().map(|entry| block(redline, entry)).collect();
    Json { counts: redline.counts, outline: outline(redline), blocks }
}

fn kind(kind: LeafKind) -> (&'static str, Option<u8>) {
    match kind {
        LeafKind::Heading(level) => ("heading", Some(level)),
        LeafKind::Paragraph => ("paragraph", None),
        LeafKind::Title => ("title", None),
        LeafKind::Term => ("term", None),
        LeafKind::Code => ("code", None),
        LeafKind::Row { head: true } => ("head", None),
        LeafKind::Row { head: false } => ("row", None),
        LeafKind::Rule => ("rule", None),
    }
}

fn place(flat: &Flat, leaf: usize) -> Option<PlaceJson> {
    let Place { depth, quotes, item, .. } = flat.place(leaf);
    let label = item.map(|item| item.typed().unwrap_or_else(|| "•".into()));
    let place = PlaceJson { depth, quotations: quotes, item: label, task: item.and_then(|item| item.task) };
    (depth + quotes > 0).then_some(place)
}

fn parts(flat: &Flat, leaves: &Range<usize>) -> Vec<PartJson> {
    let part = |leaf: usize| {
        let (kind, level) = kind(flat.leaves[leaf].kind);
        PartJson { kind, level, number: flat.leaves[leaf].number.clone(), place: place(flat, leaf) }
    };
    leaves.clone().map(part).collect()
}

/// The stretches of a range that the author struck, in characters from its start.
fn struck(flat: &Flat, range: &Range<usize>) -> Vec<(usize, usize)> {
    let characters = |to: usize| flat.text[range.start..to].chars().count();
    flat.struck_in(range).map(|struck| (characters(struck.start), characters(struck.end))).collect()
}

fn block(redline: &Redline, entry: &Entry) -> BlockJson {
    let (side, leaves) = redline.shown(entry);
    let flat = redline.flat(side);
    let leaf = &flat.leaves[leaves.start];
    let (kind, level) = kind(leaf.kind);
    let (op, away) = match entry.kind {
        EntryKind::Same => ("same", None),
        EntryKind::Changed => ("changed", None),
        EntryKind::Inserted => ("inserted", None),
        EntryKind::Deleted => ("deleted", None),
        EntryKind::Away(moved) => ("away", Some(moved)),
    };
    let words = match entry.kind {
        EntryKind::Away(_) => Vec::new(),
        EntryKind::Changed => changed_words(redline, entry, leaf.kind.is_row()),
        _ => whole_words(redline, entry),
    };
    let stays = matches!(entry.kind, EntryKind::Same | EntryKind::Changed);
    let old = Some(entry.old.start).filter(|_| !entry.old.is_empty() && away.is_none());
    let new = Some(entry.new.start).filter(|_| !entry.new.is_empty());
    let several = stays && entry.old.len() + entry.new.len() > 2;
    BlockJson {
        op,
        kind,
        level,
        number: new.and_then(|leaf| redline.new.leaves[leaf].number.clone()),
        old_number: old.and_then(|leaf| redline.old.leaves[leaf].number.clone()),
        place: new.and_then(|leaf| place(&redline.new, leaf)),
        old_place: old.and_then(|leaf| place(&redline.old, leaf)),
        parts: if several { parts(&redline.new, &entry.new) } else { Vec::new() },
        old_parts: if several { parts(&redline.old, &entry.old) } else { Vec::new() },
        moved_in: entry.within,
        away,
        change: (entry.change > 0).then_some(entry.change),
        formatting: entry.formatting.any().then_some(entry.formatting),
        structure: entry.structure.any().then_some(entry.structure),
        words,
    }
}

fn changed_words(redline: &Redline, entry: &Entry, row: bool) -> Vec<WordsJson> {
    let words = redline.spans(entry).iter().map(|span| {
        let (was, is) = (&redline.old.text[span.old.clone()], &redline.new.text[span.new.clone()]);
        let words = span.mark == Mark::Words;
        let (flat, range, text) = match span.op {
            Op::Deleted => (&redline.old, &span.old, was),
            _ => (&redline.new, &span.new, is),
        };
        WordsJson {
            op: span.op,
            text: if words { text.to_string() } else { String::new() },
            was: (words && span.op == Op::Same && was != is).then(|| was.to_string()),
            paragraph: span.mark == Mark::Paragraph,
            cell: span.mark == Mark::Cell,
            struck: if words { struck(flat, range) } else { Vec::new() },
            column: row.then_some(span.cell),
        }
    });
    words.collect()
}

/// The words of an entry that is the same, or all new, or all gone.
fn whole_words(redline: &Redline, entry: &Entry) -> Vec<WordsJson> {
    let (side, leaves) = redline.shown(entry);
    let flat = redline.flat(side);
    let leaf = &flat.leaves[leaves.start];
    let op = match entry.kind {
        EntryKind::Inserted => Op::Inserted,
        EntryKind::Deleted => Op::Deleted,
        _ => Op::Same,
    };
    let columns = if leaf.kind.is_row() { redline.row_columns(entry, leaves.start) } else { Vec::new() };
    let mut out = Vec::new();
    for (at, part) in leaf.parts.clone().enumerate() {
        let range = &flat.parts[part].text;
        let text = &flat.text[range.clone()];
        if text.is_empty() {
            continue;
        }
        let old = (op == Op::Same).then(|| redline.old.leaves[entry.old.start].parts.start + at);
        let was = old.map(|part| &redline.old.text[redline.old.parts[part].text.clone()]).filter(|was| *was != text);
        let own = |(old, new): &(Option<usize>, Option<usize>)| if op == Op::Deleted { *old } else { *new };
        let column =
            leaf.kind.is_row().then(|| columns.iter().position(|column| own(column) == Some(at)).unwrap_or(at));
        out.push(WordsJson {
            op,
            text: text.to_string(),
            was: was.map(str::to_string),
            paragraph: false,
            cell: false,
            struck: struck(flat, range),
            column,
        });
    }
    out
}
