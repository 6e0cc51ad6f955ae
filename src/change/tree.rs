//! Where each leaf stands in the redline: containers of both documents as one tree.
//!
//! In: leaves and links. Out: paths, columns of rows, what a renderer walks over. Must not know: how it looks.

use super::align::Link;
use super::flat::{ContainerKind, Flat, NONE};
use super::plain::snippet;
use super::{Entry, EntryKind, Mark, Redline, Side, Span};
use std::mem::discriminant;
use std::ops::Range;

/// A container of one of the documents; those that became one are the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub side: Side,
    pub container: u32,
}

/// By container of the old document, what it became: told by the leaves in it.
pub fn containers(old: &Flat, new: &Flat, links: &[Link]) -> Vec<u32> {
    let mut map = vec![NONE; old.containers.len()];
    for link in links.iter().filter(|link| !link.old.is_empty()) {
        let (a, b) = (&old.leaves[link.old.start], &new.leaves[link.new.start]);
        if a.container == NONE || b.container == NONE {
            continue;
        }
        let mut parent = NONE;
        for (x, y) in old.path(a.container).into_iter().zip(new.path(b.container)) {
            let same = discriminant(&old.containers[x as usize].kind) == discriminant(&new.containers[y as usize].kind);
            if !same
                || new.containers[y as usize].parent != parent
                || !matches!(map[x as usize], at if at == NONE || at == y)
            {
                break;
            }
            map[x as usize] = y;
            parent = y;
        }
    }
    map
}

impl<'a> Redline<'a> {
    pub fn flat(&self, side: Side) -> &Flat<'a> {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    pub fn kind(&self, step: Step) -> ContainerKind<'a> {
        self.flat(step.side).containers[step.container as usize].kind
    }

    /// The containers around a leaf, outermost first.
    pub fn path(&self, side: Side, leaf: usize, path: &mut Vec<Step>) {
        path.clear();
        let flat = self.flat(side);
        path.extend(flat.ancestors(flat.leaves[leaf].container).map(|container| Step { side, container }));
        path.reverse();
        if side == Side::New {
            return;
        }
        let mut parent = NONE;
        for step in path {
            let became = self.container.get(step.container as usize).copied().unwrap_or(NONE);
            if became == NONE || self.new.containers[became as usize].parent != parent {
                return;
            }
            *step = Step { side: Side::New, container: became };
            parent = became;
        }
    }

    /// The columns of a row over both tables: which column of either it is.
    pub fn row_columns(&self, entry: &Entry, leaf: usize) -> Vec<(Option<usize>, Option<usize>)> {
        let rows = |side: Side, leaves: &Range<usize>| {
            let flat = self.flat(side);
            leaves
                .clone()
                .next()
                .filter(|leaf| flat.leaves[*leaf].kind.is_row())
                .map(|leaf| flat.leaves[leaf].container)
        };
        let single = entry.old.len() <= 1 && entry.new.len() <= 1;
        let (old, new) = (rows(Side::Old, &entry.old), rows(Side::New, &entry.new));
        let linked = matches!(entry.kind, EntryKind::Changed | EntryKind::Same);
        let found = self.columns.iter().filter(|_| single).find(|columns| match (old, new) {
            (Some(old), Some(new)) if linked => columns.old == old && columns.new == new,
            (None, Some(_)) if linked => false,
            (_, Some(new)) => columns.new == new && self.container.get(columns.old as usize) == Some(&new),
            (Some(old), None) => columns.old == old && self.container.get(old as usize) == Some(&columns.new),
            (None, None) => false,
        });
        if let Some(found) = found {
            return found.columns.clone();
        }
        let (side, _) = self.shown(entry);
        (0..self.flat(side).leaves[leaf].parts.len()).map(|at| (Some(at), Some(at))).collect()
    }

    /// The side and the leaves that an entry is shown with.
    pub fn shown(&self, entry: &Entry) -> (Side, Range<usize>) {
        if entry.new.is_empty() { (Side::Old, entry.old.clone()) } else { (Side::New, entry.new.clone()) }
    }

    /// The number that a heading had and the one that it has, if they differ.
    pub fn renumbered(&self, entry: &Entry) -> Option<(Option<&str>, Option<&str>)> {
        if !matches!(entry.kind, EntryKind::Same | EntryKind::Changed) {
            return None;
        }
        let (old, new) =
            (self.old.leaves[entry.old.start].number.as_deref(), self.new.leaves[entry.new.start].number.as_deref());
        (old != new).then_some((old, new))
    }

    /// Where something moved from: the title of its old section; of a section, the title before it.
    pub fn origin(&self, moved: usize) -> Option<String> {
        let moved = &self.moves[moved];
        let leaf = self.entries[moved.away].old.start;
        let at = self.old.leaves[leaf].section as usize;
        let section = self.old.sections.get(if moved.section { at.checked_sub(1)? } else { at })?;
        section.heading.map(|_| snippet(&super::outline::title(&self.old, section.leaves.start)))
    }

    /// True if removed words follow words that lost the blank after them: it is shown with what was removed.
    pub fn lost_blank(&self, spans: &[Span], at: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| &spans[before]) else { return false };
        let here = &spans[at];
        // Words of two cells are apart.
        if before.mark == Mark::Cell {
            return here.mark == Mark::Words && here.op == super::Op::Deleted && before.op == super::Op::Deleted;
        }
        here.op == super::Op::Deleted
            && here.mark == Mark::Words
            && before.mark == Mark::Words
            && before.op == super::Op::Same
            && before.cell == here.cell
            && self.old.text[before.old.clone()].ends_with(' ')
            && !self.new.text[before.new.clone()].ends_with([' ', '\n'])
    }

    /// Spans of an entry, cut where a new leaf begins.
    pub fn by_leaf(&self, entry: &Entry) -> Vec<&[Span]> {
        let spans = self.spans(entry);
        let mut out = Vec::new();
        let mut from = 0;
        for (at, span) in spans.iter().enumerate() {
            if span.mark == Mark::Paragraph && span.op != super::Op::Deleted {
                out.push(&spans[from..at + 1]);
                from = at + 1;
            }
        }
        out.push(&spans[from..]);
        out
    }
}
