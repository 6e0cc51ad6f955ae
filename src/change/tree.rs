//! Where each leaf stands in the redline: containers of both documents as one tree.
//!
//! In: leaves and links. Out: paths, columns of rows, what a renderer walks over. Must not know: HTML.

use super::align::Link;
use super::flat::{ContainerKind, Flat, NONE};
use super::{Entry, EntryKind, Redline, Span};
use std::mem::discriminant;
use std::ops::Range;

/// A container of one of the documents; those that became one are the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub old: bool,
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
    pub fn flat(&self, old: bool) -> &Flat<'a> {
        if old { &self.old } else { &self.new }
    }

    pub fn kind(&self, step: Step) -> ContainerKind<'a> {
        self.flat(step.old).containers[step.container as usize].kind
    }

    /// The containers around a leaf, outermost first.
    pub fn path(&self, old: bool, leaf: usize, path: &mut Vec<Step>) {
        path.clear();
        let mut container = self.flat(old).leaves[leaf].container;
        while container != NONE {
            path.push(Step { old, container });
            container = self.flat(old).containers[container as usize].parent;
        }
        path.reverse();
        if !old {
            return;
        }
        let mut parent = NONE;
        for step in path {
            let became = self.container.get(step.container as usize).copied().unwrap_or(NONE);
            if became == NONE || self.new.containers[became as usize].parent != parent {
                return;
            }
            *step = Step { old: false, container: became };
            parent = became;
        }
    }

    /// The columns of a row over both tables: which column of either it is.
    pub fn row_columns(&self, entry: &Entry) -> Vec<(Option<usize>, Option<usize>)> {
        let table =
            |old: bool, leaves: &Range<usize>| leaves.clone().next().map(|leaf| self.flat(old).leaves[leaf].container);
        let (old, new) = (table(true, &entry.old), table(false, &entry.new));
        let found = self.columns.iter().find(|columns| match (old, new) {
            (Some(old), Some(new)) if entry.kind == EntryKind::Changed => columns.old == old && columns.new == new,
            (_, Some(new)) => columns.new == new && self.container.get(columns.old as usize) == Some(&new),
            (Some(old), None) => columns.old == old && self.container.get(old as usize) == Some(&columns.new),
            (None, None) => false,
        });
        if let Some(found) = found {
            return found.columns.clone();
        }
        let leaf = match (entry.old.clone().next(), entry.new.clone().next()) {
            (_, Some(leaf)) => &self.new.leaves[leaf],
            (Some(leaf), None) => &self.old.leaves[leaf],
            (None, None) => return Vec::new(),
        };
        (0..leaf.parts.len()).map(|at| (Some(at), Some(at))).collect()
    }

    /// The side and the leaves that an entry is shown with.
    pub fn shown(&self, entry: &Entry) -> (bool, Range<usize>) {
        if entry.new.is_empty() { (true, entry.old.clone()) } else { (false, entry.new.clone()) }
    }

    /// The number that a heading had and the one that it has, if they differ.
    pub fn renumbered(&self, entry: &Entry) -> Option<(Option<&str>, Option<&str>)> {
        if !matches!(entry.kind, EntryKind::Same | EntryKind::Changed) {
            return None;
        }
        let number =
            |flat: &'_ Flat<'a>, leaves: &Range<usize>| flat.leaves[leaves.start].number.as_ref().map(String::len);
        let (old, new) =
            (self.old.leaves[entry.old.start].number.as_deref(), self.new.leaves[entry.new.start].number.as_deref());
        let any = number(&self.old, &entry.old).is_some() || number(&self.new, &entry.new).is_some();
        (any && old != new).then_some((old, new))
    }

    /// Where something moved from: the title of its old section; of a section, the title before it.
    pub fn origin(&self, moved: usize) -> Option<String> {
        let moved = &self.moves[moved];
        let leaf = self.entries[moved.away].old.start;
        let at = self.old.leaves[leaf].section as usize;
        let section = self.old.sections.get(if moved.section { at.checked_sub(1)? } else { at })?;
        section.heading.map(|_| super::html::snippet(&super::outline::title(&self.old, section.leaves.start)))
    }

    /// True if removed words follow words that lost the blank after them: it is shown with what was removed.
    pub fn lost_blank(&self, spans: &[Span], at: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| &spans[before]) else { return false };
        let here = &spans[at];
        here.op == super::Op::Deleted
            && !here.paragraph
            && !before.paragraph
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
            if span.paragraph && span.op != super::Op::Deleted {
                out.push(&spans[from..at + 1]);
                from = at + 1;
            }
        }
        out.push(&spans[from..]);
        out
    }
}
