//! Which leaves without a partner are at another place now.
//!
//! In: two documents of which most leaves are linked. Out: more links, and the moves that they mean. Leaves that kept their
//! place among their neighbors are linked and did not move. Must not know: how words are marked.

use super::align::{Aligner, Moved};
use super::flat::{LeafKind, NONE};
use super::indexed::{Indexed, shared};
use super::sections::chain;
use super::token::FastMap;
use std::ops::Range;

impl Aligner<'_, '_, '_> {
    /// Leaves without a partner that stand, perhaps changed a little, at another place.
    pub(super) fn find_moves(&mut self) {
        let free = |links: &[u32]| -> Vec<usize> {
            links.iter().enumerate().filter(|(_, link)| **link == NONE).map(|(leaf, _)| leaf).collect()
        };
        let (olds, news) = (free(&self.old_link), free(&self.new_link));
        if olds.is_empty() || news.is_empty() {
            return;
        }
        let mut found: Vec<(usize, usize)> = Vec::new();
        // Unchanged, and there only once.
        let mut by_key: FastMap<u32, (usize, usize)> = FastMap::default();
        for leaf in &olds {
            self.old.load(*leaf, self.interner);
            let entry = by_key.entry(self.old.keys[*leaf]).or_insert((*leaf, 0));
            entry.1 += 1;
        }
        for leaf in &news {
            self.new.load(*leaf, self.interner);
            if let Some((old, count @ 1)) = by_key.get_mut(&self.new.keys[*leaf])
                && self.moves(self.old.weight(*old), *old, *leaf)
            {
                found.push((*old, *leaf));
                *count = 0;
            }
        }
        for (old, new) in &found {
            self.link(*old..*old + 1, *new..*new + 1, false);
        }
        // Changed a little.
        let weighty = |side: &Indexed, links: &[u32], leaf: &usize| {
            links[*leaf] == NONE
                && (side.weight(*leaf) >= 32 || side.rows[*leaf] != NONE)
                && !matches!(side.kind(*leaf), LeafKind::Heading(_))
        };
        let olds: Vec<usize> = olds.into_iter().filter(|leaf| weighty(self.old, &self.old_link, leaf)).collect();
        let news: Vec<usize> = news.into_iter().filter(|leaf| weighty(self.new, &self.new_link, leaf)).collect();
        if !olds.is_empty() && !news.is_empty() {
            let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
            for (i, j) in self.candidates(&olds, &news) {
                let (a, b) = (olds[i], news[j]);
                let both = shared(self.old.bag(a), self.new.bag(b));
                let dice = 200 * both / (self.old.weight(a) + self.new.weight(b)).max(1);
                let short = self.old.weight(a).min(self.new.weight(b)) < 64;
                let least = match (self.one_row(a, b), short) {
                    (true, _) => 40,
                    // Of few words nearly all must be there.
                    (false, true) => 88,
                    (false, false) => 65,
                };
                if dice >= least && self.old.kind(a).class() == self.new.kind(b).class() {
                    pairs.push((u32::MAX - dice, a, b));
                }
            }
            pairs.sort_unstable();
            for (_, a, b) in pairs {
                if self.old_link[a] == NONE && self.new_link[b] == NONE {
                    found.push((a, b));
                    let firm = self.one_row(a, b);
                    self.link(a..a + 1, b..b + 1, firm);
                }
            }
        }
        found.sort_unstable();
        for (a, b) in self.out_of_place(found) {
            let together = a > 0 && b > 0 && self.together(a, b);
            match self.moved.last_mut().filter(|moved| !moved.section) {
                Some(moved) if moved.old.end == a && moved.new.end == b && together => {
                    moved.old.end += 1;
                    moved.new.end += 1;
                }
                _ => self.moved.push(Moved { old: a..a + 1, new: b..b + 1, section: false }),
            }
        }
    }

    /// Returns the pairs, among those linked last, that changed their place among the leaves that were linked before.
    fn out_of_place(&self, found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        let (mut olds, mut news) = (vec![false; self.old_link.len()], vec![false; self.new_link.len()]);
        for (a, b) in &found {
            (olds[*a], news[*b]) = (true, true);
        }
        let old_places = places(&self.old_link, &olds, self.moved.iter().map(|moved| &moved.old));
        let new_places = places(&self.new_link, &news, self.moved.iter().map(|moved| &moved.new));
        let (mut stays, mut moved): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(a, b)| old_places[*a] == new_places[*b]);
        stays.sort_by_key(|(a, _)| (old_places[*a], *a));
        for gap in stays.chunk_by(|one, other| old_places[one.0] == old_places[other.0]) {
            let weight = |leaf: usize| u64::from(self.old.weight(leaf)) + 1;
            let scored: Vec<(usize, usize, u64)> = gap.iter().map(|(a, b)| (*a, *b, weight(*a))).collect();
            let mut kept = vec![false; gap.len()];
            chain(&scored).into_iter().for_each(|at| kept[at] = true);
            moved.extend(gap.iter().zip(kept).filter(|(_, kept)| !kept).map(|(pair, _)| *pair));
        }
        moved.sort_unstable();
        moved
    }

    /// True if a leaf and the one before it are in one section on both sides: a move never reaches over a title.
    fn together(&self, a: usize, b: usize) -> bool {
        self.old.flat.leaves[a].section == self.old.flat.leaves[a - 1].section
            && self.new.flat.leaves[b].section == self.new.flat.leaves[b - 1].section
    }

    /// True if so few words may be called moved.
    fn moves(&self, weight: u32, a: usize, b: usize) -> bool {
        let row = self.one_row(a, b);
        let title = matches!(self.old.kind(a), LeafKind::Heading(_));
        !title && !matches!(self.old.kind(a), LeafKind::Rule | LeafKind::Row { head: true }) && (row || weight >= 32)
    }
}

/// By leaf: the section that moved around it, and the link before it there, not counting leaves that were `taken` last.
fn places<'m>(
    links: &[u32],
    taken: &[bool],
    moved: impl Iterator<Item = &'m Range<usize>>,
) -> Vec<(Option<usize>, Option<u32>)> {
    let mut around = vec![None; links.len()];
    for (at, range) in moved.enumerate() {
        around[range.clone()].fill(Some(at));
    }
    let mut last: FastMap<usize, u32> = FastMap::default();
    let mut out = Vec::with_capacity(links.len());
    for (leaf, link) in links.iter().enumerate() {
        let here = around[leaf].map_or(0, |at| at + 1);
        out.push((around[leaf], last.get(&here).copied()));
        if *link != NONE && !taken[leaf] {
            last.insert(here, *link);
        }
    }
    out
}
