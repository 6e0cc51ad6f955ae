//! Puts two documents into one reading order.
//!
//! In: two documents. Out: their redline. What was taken out stands before what was put in; a move leaves a mark at its
//! old place. Must not know: HTML, languages.

use super::align::{Aligner, Link, Moved};
use super::columns::{self, Columns};
use super::flat::{Flat, LeafKind, NONE};
use super::formatting::{self, Formatting};
use super::indexed::{Indexed, keys};
use super::spans::{enough, loose_end, push_spans};
use super::structure::{self, Structure};
use super::token::{Interner, Token};
use super::tree;
use super::words::{Differ, Hunk};
use super::{Entry, EntryKind, Mark, Move, Op, Redline, Side, Span};
use crate::markdown::Document;
use std::ops::Range;

/// Separator between two documents.
pub fn redline<'a>(old: &'a Document, new: &'a Document) -> Redline<'a> {
    let (old, new) = (Flat::new(old, 16 * 1024), Flat::new(new, 16 * 1024));
    let mut composed = compose(&old, &new);
    (composed.old, composed.new) = (old, new);
    composed
}

fn compose<'f, 'a>(old: &'f Flat<'a>, new: &'f Flat<'a>) -> Redline<'a> {
    let (mut a, mut b) = (Indexed::new(old), Indexed::new(new));
    keys(&mut a, &mut b);
    let mut interner = Interner::default();
    let mut aligner = Aligner::new(&mut a, &mut b, &mut interner);
    aligner.align();
    let Aligner { links, old_link, new_link, moved, .. } = aligner;
    let mut composer = Composer {
        container: tree::containers(old, new, &links),
        old: &mut a,
        new: &mut b,
        interner: &mut interner,
        differ: Differ::default(),
        links,
        old_link,
        new_link,
        old_moves: Vec::new(),
        new_moves: Vec::new(),
        moves: Vec::new(),
        moved,
        spans: Vec::new(),
        found: Vec::new(),
        columns: Vec::new(),
        entries: Vec::new(),
    };
    composer.compare();
    composer.broken();
    composer.moves = composer.moved.iter().map(|moved| composer.moved(moved)).collect();
    composer.region(0..old.leaves.len(), 0..new.leaves.len(), None);
    let Composer { mut entries, mut spans, mut moves, container, columns, .. } = composer;
    let counts = super::numbering::number(old, new, &mut entries, &mut spans, &mut moves);
    Redline { entries, spans, moves, counts, container, columns, ..Redline::default() }
}

/// By leaf: the section and the smaller move that start there.
fn starts(moved: &[Moved], start: impl Fn(&Moved) -> usize) -> Vec<(usize, usize, bool)> {
    let mut out: Vec<(usize, usize, bool)> =
        moved.iter().enumerate().map(|(at, moved)| (start(moved), at, moved.section)).collect();
    out.sort_unstable_by_key(|(leaf, at, section)| (*leaf, !section, *at));
    out
}

struct Composer<'s, 'f, 'a> {
    old: &'s mut Indexed<'f, 'a>,
    new: &'s mut Indexed<'f, 'a>,
    interner: &'s mut Interner<'f>,
    differ: Differ,
    links: Vec<Link>,
    old_link: Vec<u32>,
    new_link: Vec<u32>,
    moved: Vec<Moved>,
    old_moves: Vec<(usize, usize, bool)>,
    new_moves: Vec<(usize, usize, bool)>,
    moves: Vec<Move>,
    spans: Vec<Span>,
    /// By link: its spans; none for the same words.
    found: Vec<Range<usize>>,
    container: Vec<u32>,
    columns: Vec<Columns>,
    entries: Vec<Entry>,
}

/// A leaf, or a whole move.
#[derive(Clone, Copy)]
enum Item {
    Leaf(usize),
    Moved(usize),
}

impl Composer<'_, '_, '_> {
    /// Finds the words that changed in every link; takes links apart that have too little in common.
    fn compare(&mut self) {
        for at in 0..self.links.len() {
            let from = self.spans.len();
            let link = self.links[at].clone();
            // Became part of another one.
            if link.old.is_empty() {
                self.found.push(from..from);
                continue;
            }
            let single = link.old.len() == 1 && link.new.len() == 1;
            let rows = single && self.old.kind(link.old.start).is_row() && self.new.kind(link.new.start).is_row();
            let same = single && self.old.keys[link.old.start] == self.new.keys[link.new.start];
            if same
                && (!rows
                    || self.old.flat.leaves[link.old.start].parts.len()
                        == self.new.flat.leaves[link.new.start].parts.len())
            {
                self.found.push(from..from);
                continue;
            }
            for leaf in link.old.clone() {
                self.old.load(leaf, self.interner);
            }
            for leaf in link.new.clone() {
                self.new.load(leaf, self.interner);
            }
            let keep = if rows { self.rows(&link) } else { self.texts(at) };
            if !keep && !link.firm {
                self.spans.truncate(from);
                self.unlink(at);
            }
            self.found.push(from..self.spans.len());
        }
    }

    /// Cuts from moves what did not stay alike, from either end: it is something else that stands elsewhere.
    fn broken(&mut self) {
        let (olds, news) = (&self.old_link, &self.new_link);
        let apart = |old: usize, new: usize| olds[old] == NONE && news[new] == NONE;
        for moved in self.moved.iter_mut().filter(|moved| !moved.section) {
            while !moved.old.is_empty() && apart(moved.old.start, moved.new.start) {
                (moved.old.start, moved.new.start) = (moved.old.start + 1, moved.new.start + 1);
            }
            while !moved.old.is_empty() && apart(moved.old.end - 1, moved.new.end - 1) {
                (moved.old.end, moved.new.end) = (moved.old.end - 1, moved.new.end - 1);
            }
        }
        self.moved.retain(|moved| !moved.old.is_empty());
        self.old_moves = starts(&self.moved, |moved| moved.old.start);
        self.new_moves = starts(&self.moved, |moved| moved.new.start);
    }

    /// A move before anything is written; inside a section if both titles are one.
    fn moved(&self, moved: &Moved) -> Move {
        let title = |flat: &Flat, leaf: usize, links: &[u32]| {
            let section = &flat.sections[flat.leaves[leaf].section as usize];
            section.heading.map(|_| links[section.leaves.start])
        };
        let (from, to) = (
            title(self.old.flat, moved.old.start, &self.old_link),
            title(self.new.flat, moved.new.start, &self.new_link),
        );
        let inside = !moved.section && from == to && from != Some(NONE);
        Move { away: 0, entries: 0..0, section: moved.section, inside, change: 0 }
    }

    fn unlink(&mut self, at: usize) {
        let Link { old, new, .. } = self.links[at].clone();
        self.old_link[old].fill(NONE);
        self.new_link[new].fill(NONE);
    }

    /// Spans of texts; whether enough of the words stayed.
    fn texts(&mut self, at: usize) -> bool {
        loop {
            let link = self.links[at].clone();
            let (old, new) = (self.old.joined(link.old.clone()), self.new.joined(link.new.clone()));
            let hunks = self.differ.diff(&old, &new);
            // A leaf of a split or merge whose words are elsewhere after all goes its own way.
            let split = link.new.len() > 1;
            if split != (link.old.len() > 1) {
                let (one, many) = if split { (&old, &new) } else { (&new, &old) };
                let changed: Vec<(&Range<usize>, &Range<usize>)> = hunks
                    .iter()
                    .map(|hunk| if split { (&hunk.old, &hunk.new) } else { (&hunk.new, &hunk.old) })
                    .collect();
                // The one that opens with the same label stays.
                if let Some(first) = loose_end(one, many, &changed).filter(|first| !(*first && link.firm)) {
                    let (side, range) = if split {
                        (&mut self.new_link, &mut self.links[at].new)
                    } else {
                        (&mut self.old_link, &mut self.links[at].old)
                    };
                    let leaf = if first { range.start } else { range.end - 1 };
                    side[leaf] = NONE;
                    *range = if first { leaf + 1..range.end } else { range.start..leaf };
                    continue;
                }
            }
            let enough = enough(&old, &new, &hunks);
            let ends =
                (self.old.flat.leaves[link.old.end - 1].text.end, self.new.flat.leaves[link.new.end - 1].text.end);
            let from = self.spans.len();
            push_spans(&old, &new, &hunks, ends, 0, &mut self.spans);
            number_cells(&mut self.spans[from..]);
            return enough || link.old.len() + link.new.len() > 2;
        }
    }

    /// Spans of a row, cell by cell.
    fn rows(&mut self, link: &Link) -> bool {
        let (a, b) = (&self.old.flat.leaves[link.old.start], &self.new.flat.leaves[link.new.start]);
        let columns = self.columns_of(a.container, b.container);
        let (mut same, mut all) = (0, 0);
        for (cell, (i, j)) in self.columns[columns].columns.clone().into_iter().enumerate() {
            let i = i.map(|i| a.parts.start + i).filter(|part| a.parts.contains(part));
            let j = j.map(|j| b.parts.start + j).filter(|part| b.parts.contains(part));
            let old = i.map_or(&[][..], |part| self.old.part(part));
            let new = j.map_or(&[][..], |part| self.new.part(part));
            let mut hunks = self.differ.diff(old, new);
            // A cell with nothing in common is replaced whole.
            if !enough(old, new, &hunks) {
                hunks = vec![Hunk { old: 0..old.len(), new: 0..new.len() }];
            }
            let ends = (
                i.map_or(0, |part| self.old.flat.parts[part].text.end),
                j.map_or(0, |part| self.new.flat.parts[part].text.end),
            );
            let weight = |tokens: &[Token]| tokens.iter().map(|token| u32::from(token.weight)).sum::<u32>();
            same += weight(new) - hunks.iter().map(|hunk| weight(&new[hunk.new.clone()])).sum::<u32>();
            all += weight(old).max(weight(new));
            push_spans(old, new, &hunks, ends, cell, &mut self.spans);
        }
        same * 2 >= all
    }

    fn columns_of(&mut self, old: u32, new: u32) -> usize {
        match self.columns.iter().position(|columns| columns.old == old && columns.new == new) {
            Some(at) => at,
            None => {
                self.columns.push(columns::columns(self.old.flat, self.new.flat, old, new));
                self.columns.len() - 1
            }
        }
    }

    /// Writes the entries of two regions that belong together, `within` a move or in the whole.
    fn region(&mut self, old: Range<usize>, new: Range<usize>, within: Option<usize>) {
        let (mut i, mut j) = (old.start, new.start);
        loop {
            let (mut olds, mut news) = (Vec::new(), Vec::new());
            while i < old.end {
                if let Some(moved) = child(&self.old_moves, i, within) {
                    olds.push(Item::Moved(moved));
                    i = self.moved[moved].old.end;
                } else if self.old_link[i] == NONE {
                    olds.push(Item::Leaf(i));
                    i += 1;
                } else {
                    break;
                }
            }
            while j < new.end {
                if let Some(moved) = child(&self.new_moves, j, within) {
                    news.push(Item::Moved(moved));
                    j = self.moved[moved].new.end;
                } else if self.new_link[j] == NONE {
                    news.push(Item::Leaf(j));
                    j += 1;
                } else {
                    break;
                }
            }
            let next = (i < old.end && j < new.end && self.old_link[i] == self.new_link[j]).then_some((i, j));
            self.flush(&olds, &news, next, within);
            match (i < old.end, j < new.end) {
                (true, true) if self.old_link[i] == self.new_link[j] => {
                    let at = self.old_link[i] as usize;
                    let Link { old, new, .. } = self.links[at].clone();
                    (i, j) = (old.end, new.end);
                    self.linked(at, old, new, within);
                }
                (false, false) => return,
                // Links never cross inside a region; if they did, nothing would be lost but the link.
                (true, _) => {
                    self.old_link[i] = NONE;
                }
                (false, true) => {
                    self.new_link[j] = NONE;
                }
            }
        }
    }

    /// Writes the removed and added leaves between two unchanged leaves, section by section, so that both are below
    /// their own title, and what belongs to the list or table of the leaf before, or of the one after, beside it.
    fn flush(&mut self, olds: &[Item], news: &[Item], next: Option<(usize, usize)>, within: Option<usize>) {
        if olds.is_empty() || news.is_empty() {
            return self.write(olds, news, within);
        }
        let title = |side: &Indexed, moved: &[Moved], item: &Item| match item {
            Item::Leaf(leaf) => matches!(side.kind(*leaf), LeafKind::Heading(_)),
            Item::Moved(at) => moved[*at].section,
        };
        let cut_old = olds.iter().position(|item| title(self.old, &self.moved, item)).unwrap_or(olds.len());
        let cut_new = news.iter().position(|item| title(self.new, &self.moved, item)).unwrap_or(news.len());
        let last = self.entries.last().filter(|entry| matches!(entry.kind, EntryKind::Same | EntryKind::Changed));
        let (mut i, mut j) = (0, 0);
        if let Some((old, new)) = last.map(|last| (last.old.end - 1, last.new.end - 1)) {
            for (a, b) in levels(self.old.flat, self.new.flat, old, new) {
                let (from_i, from_j) = (i, j);
                i += inside(self.old.flat, a, olds[i..cut_old].iter(), &|item| self.first(Side::Old, item));
                j += inside(self.new.flat, b, news[j..cut_new].iter(), &|item| self.first(Side::New, item));
                self.write(&olds[from_i..i], &news[from_j..j], within);
            }
        }
        let (mut tail, mut end_i, mut end_j) = (Vec::new(), olds.len(), news.len());
        if let Some((old, new)) = next {
            for (a, b) in levels(self.old.flat, self.new.flat, old, new) {
                let (to_i, to_j) = (end_i, end_j);
                end_i -= inside(self.old.flat, a, olds[i..end_i].iter().rev(), &|item| self.first(Side::Old, item));
                end_j -= inside(self.new.flat, b, news[j..end_j].iter().rev(), &|item| self.first(Side::New, item));
                tail.push((end_i..to_i, end_j..to_j));
            }
        }
        let (cut_old, cut_new) = (cut_old.clamp(i, end_i), cut_new.clamp(j, end_j));
        self.write(&olds[i..cut_old], &news[j..cut_new], within);
        self.write(&olds[cut_old..end_i], &news[cut_new..end_j], within);
        for (i, j) in tail.into_iter().rev() {
            self.write(&olds[i], &news[j], within);
        }
    }

    fn write(&mut self, olds: &[Item], news: &[Item], within: Option<usize>) {
        for item in olds {
            match *item {
                Item::Leaf(leaf) => self.lone(EntryKind::Deleted, leaf..leaf + 1, 0..0, within),
                Item::Moved(at) => {
                    self.moves[at].away = self.entries.len();
                    let old = self.moved[at].old.clone();
                    self.lone(EntryKind::Away(at), old.start..old.start + 1, 0..0, within);
                }
            }
        }
        for item in news {
            match *item {
                Item::Leaf(leaf) => self.lone(EntryKind::Inserted, 0..0, leaf..leaf + 1, within),
                Item::Moved(at) => {
                    let Moved { old, new, .. } = self.moved[at].clone();
                    let from = self.entries.len();
                    self.region(old, new, Some(at));
                    self.moves[at].entries = from..self.entries.len();
                }
            }
        }
    }

    fn first(&self, side: Side, item: &Item) -> usize {
        match (item, side) {
            (Item::Leaf(leaf), _) => *leaf,
            (Item::Moved(at), Side::Old) => self.moved[*at].old.start,
            (Item::Moved(at), Side::New) => self.moved[*at].new.start,
        }
    }

    fn lone(&mut self, kind: EntryKind, old: Range<usize>, new: Range<usize>, within: Option<usize>) {
        let mut words = 0;
        let side = match kind {
            EntryKind::Inserted => Some((&mut *self.new, &new)),
            EntryKind::Deleted => Some((&mut *self.old, &old)),
            _ => None,
        };
        if let Some((side, leaves)) = side {
            for leaf in leaves.clone() {
                side.load(leaf, self.interner);
                words += side.joined(leaf..leaf + 1).iter().filter(|token| token.word).count();
            }
        }
        self.entries.push(Entry {
            kind,
            old,
            new,
            within,
            spans: 0..0,
            change: 0,
            formatting: Formatting::default(),
            structure: Structure::default(),
            note: 0,
            words,
        });
    }

    fn linked(&mut self, at: usize, old: Range<usize>, new: Range<usize>, within: Option<usize>) {
        let spans = self.found[at].clone();
        let changed = self.spans[spans.clone()].iter().any(|span| span.op != Op::Same);
        let kind = if changed { EntryKind::Changed } else { EntryKind::Same };
        let mut formatting = formatting::compare(self.old.flat, self.new.flat, old.clone(), new.clone(), !changed);
        if self.columns.iter().any(|columns| {
            columns.moved
                && columns.old == self.old.flat.leaves[old.start].container
                && columns.new == self.new.flat.leaves[new.start].container
        }) {
            // The cells in another order are no other words.
            formatting.typography = false;
        }
        let mut structure = Structure::default();
        if old.len() == 1 && new.len() == 1 {
            structure = structure::compare(self.old.flat, self.new.flat, old.start, new.start);
            structure.columns = self.columns_moved(old.start, new.start);
        } else {
            let rows = |flat: &Flat, leaves: &Range<usize>| leaves.clone().all(|leaf| flat.leaves[leaf].kind.is_row());
            structure.frame = rows(self.old.flat, &old) != rows(self.new.flat, &new);
        }
        self.entries.push(Entry { kind, old, new, within, spans, change: 0, formatting, structure, note: 0, words: 0 });
    }

    /// True for the first row of a table whose columns changed places.
    fn columns_moved(&mut self, old: usize, new: usize) -> bool {
        let first = |flat: &Flat, leaf: usize| match flat.kind_around(leaf) {
            Some(super::flat::ContainerKind::Table { first, .. }) => first == leaf,
            _ => false,
        };
        if !first(self.old.flat, old) || !first(self.new.flat, new) {
            return false;
        }
        let columns = self.columns_of(self.old.flat.leaves[old].container, self.new.flat.leaves[new].container);
        self.columns[columns].moved
    }
}

/// Tells the spans of rows in which cell they are, leaf by leaf of the new side.
fn number_cells(spans: &mut [Span]) {
    let mut cell = 0;
    for span in spans.iter_mut() {
        span.cell = cell;
        match (span.mark, span.op) {
            (_, Op::Deleted) | (Mark::Words, _) => {}
            (Mark::Cell, _) => cell += 1,
            (Mark::Paragraph, _) => cell = 0,
        }
    }
}

/// The containers around two leaves that belong together, innermost first; [`NONE`] where one has fewer.
fn levels(old: &Flat, new: &Flat, a: usize, b: usize) -> Vec<(u32, u32)> {
    let (a, b) = (old.path(old.leaves[a].container), new.path(new.leaves[b].container));
    let at = |path: &[u32], depth: usize| path.get(depth).copied().unwrap_or(NONE);
    (0..a.len().max(b.len())).rev().map(|depth| (at(&a, depth), at(&b, depth))).collect()
}

/// How many of these stand in a container, up to the first that does not.
fn inside<'i>(
    flat: &Flat,
    container: u32,
    items: impl Iterator<Item = &'i Item>,
    first: &dyn Fn(&Item) -> usize,
) -> usize {
    if container == NONE {
        return 0;
    }
    items.take_while(|item| flat.path(flat.leaves[first(item)].container).contains(&container)).count()
}

/// The move that starts at a leaf, unless it is the one that we are in.
fn child(moves: &[(usize, usize, bool)], leaf: usize, within: Option<usize>) -> Option<usize> {
    let from = moves.partition_point(|(start, _, _)| *start < leaf);
    moves[from..].iter().take_while(|(start, _, _)| *start == leaf).map(|(_, at, _)| *at).find(|at| Some(*at) != within)
}
