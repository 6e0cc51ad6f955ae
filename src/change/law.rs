//! The two laws of redlines.
//!
//! In: a redline. Out: the texts that it stands for when every change is accepted, or none. Made from its entries and
//! spans alone, so that a mistake in them shows. Must not know: how redlines are made or look.

use super::flat::Flat;
use super::{Entry, EntryKind, Op, Redline, tidy};
use std::ops::Range;

impl Redline<'_> {
    /// The words of the new document, block by block; as [`super::plain`] tells them.
    pub fn accept(&self) -> Vec<String> {
        let mut out = Vec::new();
        for entry in &self.entries {
            self.push(entry, Op::Inserted, &mut out);
        }
        out
    }

    /// The words of the old document; what moved counts at its old place.
    pub fn reject(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.reject_within(None, 0..self.entries.len(), &mut out);
        out
    }

    fn reject_within(&self, within: Option<usize>, entries: Range<usize>, out: &mut Vec<String>) {
        for entry in self.entries[entries].iter().filter(|entry| entry.within == within) {
            match entry.kind {
                EntryKind::Away(moved) => self.reject_within(Some(moved), self.moves[moved].entries.clone(), out),
                _ => self.push(entry, Op::Deleted, out),
            }
        }
    }

    /// One side of an entry: `op` says which changes it has.
    fn push(&self, entry: &Entry, op: Op, out: &mut Vec<String>) {
        let (flat, leaves) = if op == Op::Inserted { (&self.new, &entry.new) } else { (&self.old, &entry.old) };
        let mut push = |flat: &Flat, first: usize, text: &str| {
            let number = flat.leaves[first].number.as_deref().unwrap_or("");
            let text = text.split('\t').map(tidy).collect::<Vec<_>>().join("\t");
            let text = if number.is_empty() { text } else { format!("{number} {text}") };
            if !text.trim().is_empty() {
                out.push(text);
            }
        };
        if entry.kind != EntryKind::Changed {
            for leaf in leaves.clone() {
                if matches!(flat.leaves[leaf].kind, super::flat::LeafKind::Code) {
                    push(flat, leaf, &tidy(flat.leaf_text(leaf)));
                } else {
                    push(flat, leaf, flat.leaf_text(leaf));
                }
            }
            return;
        }
        let row = matches!(flat.leaves[leaves.start].kind, super::flat::LeafKind::Row { .. });
        let mut cells: Vec<(usize, String)> = vec![(0, String::new())];
        let (mut texts, mut text) = (Vec::new(), String::new());
        for span in self.spans(entry).iter().filter(|span| span.op == Op::Same || span.op == op) {
            let range = if op == Op::Inserted { &span.new } else { &span.old };
            if span.paragraph {
                texts.push(std::mem::take(&mut text));
                continue;
            }
            let words = &flat.text[range.clone()];
            text.push_str(words);
            match cells.last_mut() {
                Some((cell, text)) if *cell == span.cell => text.push_str(words),
                _ => cells.push((span.cell, words.to_string())),
            }
        }
        texts.push(text);
        if row {
            let columns = self.row_columns(entry);
            let side = |(old, new): &(Option<usize>, Option<usize>)| if op == Op::Inserted { *new } else { *old };
            let mut row = vec![String::new(); flat.leaves[leaves.start].parts.len()];
            for (cell, text) in cells {
                if let Some(place) = columns.get(cell).and_then(side).and_then(|at| row.get_mut(at)) {
                    *place = text;
                }
            }
            push(flat, leaves.start, &row.join("\t"));
            return;
        }
        for (leaf, text) in leaves.clone().zip(texts) {
            push(flat, leaf, &tidy(&text));
        }
    }
}
