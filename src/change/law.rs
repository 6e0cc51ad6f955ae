//! The two laws of redlines.
//!
//! In: a redline. Out: the texts that it stands for when every change is accepted, or none. Made from its entries and
//! spans alone, so that a mistake in them shows. Must not know: how redlines are made or look.

use super::flat::Flat;
use super::{Entry, EntryKind, Mark, Op, Redline, tidy};
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
        if entry.kind != EntryKind::Changed {
            for leaf in leaves.clone() {
                push(flat, leaf, flat.leaf_text(leaf), out);
            }
            return;
        }
        let spans = self.spans(entry).iter().filter(|span| span.op == Op::Same || span.op == op);
        if entry.old.len() == 1 && entry.new.len() == 1 && flat.leaves[leaves.start].kind.is_row() {
            let other =
                if op == Op::Inserted { &self.old.leaves[entry.old.start] } else { &self.new.leaves[entry.new.start] };
            if other.kind.is_row() {
                let columns = self.row_columns(entry, leaves.start);
                let side = |(old, new): &(Option<usize>, Option<usize>)| if op == Op::Inserted { *new } else { *old };
                let mut row = vec![String::new(); flat.leaves[leaves.start].parts.len()];
                for span in spans {
                    if let Some(cell) = columns.get(span.cell).and_then(side).and_then(|at| row.get_mut(at)) {
                        cell.push_str(&flat.text[if op == Op::Inserted { span.new.clone() } else { span.old.clone() }]);
                    }
                }
                return push(flat, leaves.start, &row.join("\t"), out);
            }
        }
        let (mut texts, mut text) = (Vec::new(), String::new());
        for span in spans {
            match span.mark {
                Mark::Paragraph => texts.push(std::mem::take(&mut text)),
                Mark::Cell => text.push('\t'),
                Mark::Words => {
                    text.push_str(&flat.text[if op == Op::Inserted { span.new.clone() } else { span.old.clone() }])
                }
            }
        }
        texts.push(text);
        for (leaf, text) in leaves.clone().zip(texts) {
            push(flat, leaf, &text, out);
        }
    }
}

fn push(flat: &Flat, leaf: usize, text: &str, out: &mut Vec<String>) {
    let leaf = &flat.leaves[leaf];
    let text = match leaf.kind.is_row() {
        true => text.split('\t').map(tidy).collect::<Vec<_>>().join("\t"),
        false => tidy(text),
    };
    let text = match &leaf.number {
        Some(number) => format!("{number} {text}"),
        None => text,
    };
    if !text.trim().is_empty() {
        out.push(text);
    }
}
