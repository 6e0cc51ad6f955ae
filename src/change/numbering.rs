//! Numbers the changes of a redline in reading order and counts them.
//!
//! In: entries in one order. Out: counts; a number for each place that a reader has to look at. Neighbors that were added or
//! removed together are one change, and so are list items that changed in the same way. Must not know: how they look.

use super::flat::{ContainerKind, Flat, LeafKind};
use super::structure::Structure;
use super::{Counts, Entry, EntryKind, Mark, Move, Op, Span};
use std::ops::Range;

pub fn number(old: &Flat, new: &Flat, entries: &mut [Entry], spans: &mut [Span], moves: &mut [Move]) -> Counts {
    let mut counts = Counts::default();
    let mut last: Option<(Op, Option<usize>)> = None;
    let mut opened: Option<usize> = None;
    let mut lists = Lists::default();
    for (at, entry) in entries.iter_mut().enumerate() {
        let within = entry.within;
        if let Some(moved) = within.filter(|moved| Some(*moved) != opened && moves[*moved].entries.start == at) {
            counts.changes += 1;
            counts.moved += 1;
            moves[moved].change = counts.changes;
            last = None;
        }
        opened = within;
        let this = match entry.kind {
            EntryKind::Inserted => Some((Op::Inserted, within)),
            EntryKind::Deleted => Some((Op::Deleted, within)),
            _ => None,
        };
        let Some((op, _)) = this else {
            last = None;
            inside(entry, spans, &mut counts);
            if !matches!(entry.kind, EntryKind::Away(_)) {
                around(old, new, entry, &mut lists, &mut counts);
            }
            continue;
        };
        // Nothing to read: a rule, an empty cell.
        if entry.words == 0 && is_silent(old, new, entry) {
            continue;
        }
        // What was put in instead of what was taken out is one change with it.
        let joined = last.is_some_and(|(before, place)| place == within && (before == op || before == Op::Deleted));
        if !joined {
            counts.changes += 1;
        }
        let stretch = last != this;
        entry.change = counts.changes;
        if op == Op::Inserted {
            counts.words_added += entry.words;
            counts.insertions += usize::from(stretch);
        } else {
            counts.words_removed += entry.words;
            counts.deletions += usize::from(stretch);
        }
        last = this;
    }
    counts
}

/// Numbers what changed in the words of an entry that stayed.
fn inside(entry: &mut Entry, spans: &mut [Span], counts: &mut Counts) {
    counts.formatting += usize::from(entry.kind == EntryKind::Same && entry.formatting.any());
    let (mut split, mut merged) = (false, false);
    let mut open = false;
    let mut cell = 0;
    for span in &mut spans[entry.spans.clone()] {
        if span.op == Op::Same || span.cell != cell {
            open = false;
            cell = span.cell;
        }
        // The end of a cell is not shown: the borders of the table are.
        if span.op == Op::Same || span.mark == Mark::Cell {
            continue;
        }
        if !open {
            counts.changes += 1;
            open = true;
        }
        span.change = counts.changes;
        if entry.change == 0 {
            entry.change = counts.changes;
        }
        if span.mark == Mark::Paragraph {
            split |= span.op == Op::Inserted;
            merged |= span.op == Op::Deleted;
        } else if span.op == Op::Inserted {
            counts.words_added += span.words;
            counts.insertions += 1;
        } else {
            counts.words_removed += span.words;
            counts.deletions += 1;
        }
    }
    counts.split += usize::from(split);
    counts.merged += usize::from(merged);
}

/// The change of structure before, and the lists whose numbers were told of.
#[derive(Default)]
struct Lists {
    last: Structure,
    told: Option<(u32, u32)>,
}

/// Numbers what changed around the words of an entry that stayed: its number, its level, its box.
fn around(old: &Flat, new: &Flat, entry: &mut Entry, lists: &mut Lists, counts: &mut Counts) {
    let number =
        |flat: &Flat, leaves: &Range<usize>| leaves.clone().next().and_then(|leaf| flat.leaves[leaf].number.clone());
    counts.renumbered += usize::from(number(old, &entry.old) != number(new, &entry.new));
    let structure = entry.structure;
    counts.renumbered += usize::from(structure.number);
    let mut counted = structure;
    if structure.number {
        // An item that came or went before it explains the number, unless the list counts from another number now.
        let (a, b) = (list(old, entry.old.start), list(new, entry.new.start));
        let told = (a.0, b.0);
        counted.number = a.1 != b.1 && lists.told != Some(told);
        lists.told = Some(told);
    }
    counts.structure += usize::from(counted.any());
    let joined = Structure { columns: false, task: false, number: false, ..counted };
    if counted.any() && !(joined == counted && counted == lists.last) {
        counts.changes += 1;
        entry.note = counts.changes;
        if entry.change == 0 {
            entry.change = counts.changes;
        }
    }
    lists.last = counted;
}

/// The list of an item and its first number.
fn list(flat: &Flat, leaf: usize) -> (u32, Option<usize>) {
    let item = &flat.containers[flat.leaves[leaf].item as usize];
    match flat.containers[item.parent as usize].kind {
        ContainerKind::List { start, .. } => (item.parent, start),
        _ => (item.parent, None),
    }
}

fn is_silent(old: &Flat, new: &Flat, entry: &Entry) -> bool {
    let (flat, leaf) = if entry.new.is_empty() { (old, entry.old.start) } else { (new, entry.new.start) };
    flat.leaves[leaf].kind == LeafKind::Rule || flat.leaf_text(leaf).trim().is_empty()
}
