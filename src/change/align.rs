//! Which leaf of the old document became which of the new one.
//!
//! In: two sides. Out: links, each between one or several leaves of either side, and the moves. Unchanged leaves are
//! matched first, inside sections that kept their order; then what is similar; then splits and merges; then moves.
//! Must not know: how words are marked.

use super::flat::{LeafKind, NONE, index};
use super::flow::{flows, may_flow};
use super::indexed::{Indexed, shared};
use super::sections::{self, chain};
use super::token::{FastMap, Interner, Token};
use super::words::common;
use std::ops::Range;

/// Several leaves on one side: a split or a merge.
#[derive(Clone, Debug)]
pub struct Link {
    pub old: Range<usize>,
    pub new: Range<usize>,
    /// The two belong together whatever their words are: titles of one section, rows of one name.
    pub firm: bool,
}

/// Moves: from which leaves to which.
#[derive(Clone, Debug)]
pub struct Moved {
    pub old: Range<usize>,
    pub new: Range<usize>,
    pub section: bool,
}

pub struct Aligner<'s, 'f, 'a> {
    pub old: &'s mut Indexed<'f, 'a>,
    pub new: &'s mut Indexed<'f, 'a>,
    pub interner: &'s mut Interner<'f>,
    pub links: Vec<Link>,
    pub old_link: Vec<u32>,
    pub new_link: Vec<u32>,
    pub moved: Vec<Moved>,
}

/// Pairs that are all compared; beyond, only those that share a rare word.
const ALL_PAIRS: usize = 4096;

impl<'s, 'f, 'a> Aligner<'s, 'f, 'a> {
    pub fn new(old: &'s mut Indexed<'f, 'a>, new: &'s mut Indexed<'f, 'a>, interner: &'s mut Interner<'f>) -> Self {
        let (old_link, new_link) = (vec![NONE; old.flat.leaves.len()], vec![NONE; new.flat.leaves.len()]);
        Aligner { old, new, interner, links: Vec::new(), old_link, new_link, moved: Vec::new() }
    }

    pub fn align(&mut self) {
        let sections = sections::sections(self.old, self.new);
        let (old_sections, new_sections) = (&self.old.flat.sections, &self.new.flat.sections);
        let (mut away, mut here) = (vec![false; old_sections.len()], vec![false; new_sections.len()]);
        for (olds, news) in &sections.moved {
            away[olds.clone()].fill(true);
            here[news.clone()].fill(true);
        }
        let (mut i, mut j) = (0, 0);
        let stay = |flags: &[bool], lists: &[super::flat::Section], range: Range<usize>| -> Vec<usize> {
            range.filter(|section| !flags[*section]).flat_map(|section| lists[section].leaves.clone()).collect()
        };
        // From one kept title to the next.
        for (a, b) in sections.kept.iter().copied().chain([(old_sections.len(), new_sections.len())]) {
            let olds = stay(&away, old_sections, i..a);
            let news = stay(&here, new_sections, j..b);
            self.section(&olds, &news, i > 0);
            (i, j) = (a, b);
        }
        for (olds, news) in sections.moved {
            let old_leaves = old_sections[olds.start].leaves.start..old_sections[olds.end - 1].leaves.end;
            let new_leaves = new_sections[news.start].leaves.start..new_sections[news.end - 1].leaves.end;
            for (a, b) in olds.zip(news) {
                let (olds, news): (Vec<usize>, Vec<usize>) =
                    (old_sections[a].leaves.clone().collect(), new_sections[b].leaves.clone().collect());
                self.section(&olds, &news, true);
            }
            self.moved.push(Moved { old: old_leaves, new: new_leaves, section: true });
        }
        self.find_moves();
    }

    /// Two sections that belong together; `titled` if they start with their titles.
    fn section(&mut self, olds: &[usize], news: &[usize], titled: bool) {
        let (mut olds, mut news) = (olds, news);
        if titled && let ([a, rest_a @ ..], [b, rest_b @ ..]) = (olds, news) {
            self.link(*a..*a + 1, *b..*b + 1, true);
            (olds, news) = (rest_a, rest_b);
        }
        let keys =
            |side: &Indexed, leaves: &[usize]| -> Vec<u32> { leaves.iter().map(|leaf| side.keys[*leaf]).collect() };
        let (x, y) = (keys(self.old, olds), keys(self.new, news));
        let lengths: Vec<u32> = olds.iter().map(|leaf| 1 + index(self.old.length(*leaf).min(400))).collect();
        let same = common(&x, &y, |at| lengths[at]);
        let (mut i, mut j) = (0, 0);
        for (a, b) in same.into_iter().chain([(olds.len(), news.len())]) {
            self.gap(&olds[i..a], &news[j..b]);
            if a < olds.len() && b < news.len() {
                self.link(olds[a]..olds[a] + 1, news[b]..news[b] + 1, false);
            }
            (i, j) = (a + 1, b + 1);
        }
    }

    pub(super) fn link(&mut self, old: Range<usize>, new: Range<usize>, firm: bool) {
        let id = index(self.links.len());
        self.old_link[old.clone()].fill(id);
        self.new_link[new.clone()].fill(id);
        self.links.push(Link { old, new, firm });
    }

    /// Leaves between two that stayed: the similar ones belong together.
    fn gap(&mut self, olds: &[usize], news: &[usize]) {
        if olds.is_empty() || news.is_empty() {
            return;
        }
        for leaf in olds {
            self.old.load(*leaf, self.interner);
        }
        for leaf in news {
            self.new.load(*leaf, self.interner);
        }
        let first = self.links.len();
        let mut pairs: Vec<(usize, usize, u64)> = Vec::new();
        if olds.len() * news.len() <= ALL_PAIRS {
            let alone = olds.len() == 1 && news.len() == 1;
            for (i, a) in olds.iter().enumerate() {
                for (j, b) in news.iter().enumerate().rev() {
                    pairs.extend(self.score(*a, *b, alone).map(|score| (i, j, score)));
                }
            }
        } else {
            for (i, j) in self.candidates(olds, news) {
                pairs.extend(self.score(olds[i], news[j], false).map(|score| (i, j, score)));
            }
        }
        for at in chain(&pairs) {
            let (a, b) = (olds[pairs[at].0], news[pairs[at].1]);
            let row = self.one_row(a, b);
            let heads = matches!(
                (self.old.kind(a), self.new.kind(b)),
                (LeafKind::Row { head: true }, LeafKind::Row { head: true })
            );
            let titles = matches!((self.old.kind(a), self.new.kind(b)), (LeafKind::Heading(_), LeafKind::Heading(_)));
            let firm = row || heads || self.one_label(a, b) || titles && olds.len() == 1 && news.len() == 1;
            self.link(a..a + 1, b..b + 1, firm);
        }
        for at in first..self.links.len() {
            self.grow(at, olds, news);
        }
        self.crossings(first);
        self.flow(olds, news);
    }

    /// Links leaves whose words go on in leaves of another division, in place of the links that hold but a part of them.
    fn flow(&mut self, olds: &[usize], news: &[usize]) {
        let free = |links: &[u32], leaves: &[usize]| -> Vec<usize> {
            leaves.iter().copied().filter(|leaf| links[*leaf] == NONE).collect()
        };
        let (free_old, free_new) = (free(&self.old_link, olds), free(&self.new_link, news));
        if !may_flow(self.new, self.old, &free_new, olds) && !may_flow(self.old, self.new, &free_old, news) {
            return;
        }
        for flow in flows(self.old, self.new, olds, news) {
            let (a, b) = (&olds[flow.old.clone()], &news[flow.new.clone()]);
            let is_free = |links: &[u32], leaf: usize| links[leaf] == NONE;
            let any = a.iter().any(|leaf| is_free(&self.old_link, *leaf))
                || b.iter().any(|leaf| is_free(&self.new_link, *leaf));
            // Two leaves of one class were looked at already.
            let pair = a.len() + b.len() == 2 && self.old.kind(a[0]).class() == self.new.kind(b[0]).class();
            if !any || pair {
                continue;
            }
            let (old, new) = (a[0]..a[a.len() - 1] + 1, b[0]..b[b.len() - 1] + 1);
            for leaf in old.clone() {
                self.drop_link(self.old_link[leaf]);
            }
            for leaf in new.clone() {
                self.drop_link(self.new_link[leaf]);
            }
            self.link(old, new, false);
        }
    }

    fn drop_link(&mut self, link: u32) {
        if link == NONE {
            return;
        }
        let Link { old, new, .. } = self.links[link as usize].clone();
        self.old_link[old.clone()].fill(NONE);
        self.new_link[new.clone()].fill(NONE);
        self.links[link as usize] = Link { old: old.start..old.start, new: new.start..new.start, firm: false };
    }

    /// How well two leaves fit, if they may be one.
    fn score(&self, a: usize, b: usize, alone: bool) -> Option<u64> {
        let (kind_a, kind_b) = (self.old.kind(a), self.new.kind(b));
        if kind_a.class() != kind_b.class() {
            return None;
        }
        let (weight_a, weight_b) = (self.old.weight(a), self.new.weight(b));
        let both = shared(self.old.bag(a), self.new.bag(b));
        let (sum, least) = (weight_a + weight_b, weight_a.min(weight_b));
        let row = self.one_row(a, b);
        let rows = kind_a == LeafKind::Row { head: false };
        if rows && !row && self.old.by_id && self.old.rows[a] != NONE && self.new.rows[b] != NONE {
            return None;
        }
        let titles = alone && kind_a == kind_b && matches!(kind_a, LeafKind::Heading(_));
        let dice = 200 * both / sum.max(1);
        let headings = matches!(kind_a, LeafKind::Heading(_)) == matches!(kind_b, LeafKind::Heading(_));
        let labels = self.one_label(a, b);
        let named = self.old.flat.note_label(a).is_some_and(|label| self.new.flat.note_label(b) == Some(label));
        let fits = row
            || named
            || titles
            || matches!(kind_a, LeafKind::Row { head: true })
            // Rows are much alike by nature: the same country and purpose make no same provider.
            || rows && (dice >= 70 || dice >= 40 && self.one_sentence(a, b))
            || labels && headings
            || !rows && headings && dice >= if alone { 25 } else { 35 }
            || dice >= 80
            || !rows && headings && least >= 24 && both * 4 >= least * 3
            || !rows && headings && self.one_sentence(a, b);
        let same_kind = if kind_a == kind_b { 11 } else { 10 };
        let row = if row || named || labels { 100_000 } else { 0 };
        fits.then_some(1 + row + u64::from(both) * u64::from(dice.max(10)) * same_kind)
    }

    /// Pairs worth a look among many: those that share their rarest words.
    pub(super) fn candidates(&self, olds: &[usize], news: &[usize]) -> Vec<(usize, usize)> {
        let mut postings: FastMap<u32, Vec<u32>> = FastMap::default();
        for (i, leaf) in olds.iter().enumerate() {
            let mut last = NONE;
            for (id, weight) in self.old.bag(*leaf) {
                if *weight >= 4 && *id != last {
                    last = *id;
                    postings.entry(*id).or_default().push(index(i));
                }
            }
        }
        let mut rows: FastMap<u32, usize> = FastMap::default();
        for (i, leaf) in olds.iter().enumerate().filter(|(_, leaf)| self.old.rows[**leaf] != NONE) {
            rows.entry(self.old.rows[*leaf]).or_insert(i);
        }
        let mut out = Vec::new();
        let mut votes: FastMap<u32, u32> = FastMap::default();
        for (j, leaf) in news.iter().enumerate() {
            votes.clear();
            let mut rare: Vec<&Vec<u32>> = self
                .new
                .bag(*leaf)
                .iter()
                .filter_map(|(id, _)| postings.get(id))
                .filter(|list| list.len() <= 40)
                .collect();
            rare.sort_by_key(|list| list.len());
            for list in rare.iter().take(12) {
                for i in *list {
                    *votes.entry(*i).or_default() += 1;
                }
            }
            let mut best: Vec<(u32, u32)> = votes.iter().map(|(i, votes)| (u32::MAX - votes, *i)).collect();
            best.sort_unstable();
            out.extend(best.iter().take(6).map(|(_, i)| (*i as usize, j)));
            if let Some(i) = rows.get(&self.new.rows[*leaf]).filter(|_| self.new.rows[*leaf] != NONE) {
                out.push((*i, j));
            }
        }
        out.sort_unstable_by_key(|(i, j)| (*i, std::cmp::Reverse(*j)));
        out.dedup();
        out
    }

    /// Takes neighbours into a link whose words the other side has, too: a paragraph was split, or several were merged,
    /// perhaps around a new one.
    fn grow(&mut self, at: usize, olds: &[usize], news: &[usize]) {
        for _ in 0..24 {
            let Link { old, new, .. } = self.links[at].clone();
            let split = old.len() == 1
                && self.neighbour(true, old.start, &new, news).is_some_and(|range| self.widen(at, true, range));
            let merged = !split
                && new.len() == 1
                && self.neighbour(false, new.start, &old, olds).is_some_and(|range| self.widen(at, false, range));
            if !split && !merged && !self.cross(at, true, olds) && !self.cross(at, false, news) {
                return;
            }
        }
    }

    /// Takes a neighbour into a link when the other side has its words to spare: a sentence crossed from one paragraph
    /// to the next.
    fn cross(&mut self, at: usize, old: bool, gap: &[usize]) -> bool {
        let Link { old: olds, new: news, .. } = self.links[at].clone();
        let (own, other, links): (&Indexed, &Indexed, &[u32]) =
            if old { (self.old, self.new, &self.old_link) } else { (self.new, self.old, &self.new_link) };
        let (mine, theirs) = if old { (olds, news) } else { (news, olds) };
        let bag = |side: &Indexed, leaves: Range<usize>| {
            let mut bag: Vec<(u32, u8)> = leaves.flat_map(|leaf| side.bag(leaf)).copied().collect();
            bag.sort_unstable();
            bag
        };
        let paragraph = |leaf: usize| {
            gap.binary_search(&leaf).is_ok() && links[leaf] == NONE && own.kind(leaf) == LeafKind::Paragraph
        };
        if own.kind(mine.start) != LeafKind::Paragraph || other.kind(theirs.start) != LeafKind::Paragraph {
            return false;
        }
        let spare = left(&bag(other, theirs), &bag(own, mine.clone()));
        let found =
            [(mine.end, mine.start..mine.end + 1), (mine.start.wrapping_sub(1), mine.start.wrapping_sub(1)..mine.end)]
                .into_iter()
                .find(|(leaf, _)| {
                    paragraph(*leaf)
                        && own.weight(*leaf) >= 24
                        && shared(own.bag(*leaf), &spare) * 5 >= own.weight(*leaf) * 4
                });
        found.is_some_and(|(_, range)| self.widen(at, !old, range))
    }

    fn widen(&mut self, at: usize, split: bool, range: Range<usize>) -> bool {
        if split {
            self.new_link[range.clone()].fill(index(at));
            self.links[at].new = range;
        } else {
            self.old_link[range.clone()].fill(index(at));
            self.links[at].old = range;
        }
        true
    }

    /// The `parts` of a `split` (or merge), widened by the nearest leaf that continues them.
    fn neighbour(&self, split: bool, whole: usize, parts: &Range<usize>, gap: &[usize]) -> Option<Range<usize>> {
        let (one, many, links): (&Indexed, &Indexed, &[u32]) =
            if split { (self.old, self.new, &self.new_link) } else { (self.new, self.old, &self.old_link) };
        let paragraph = |side: &Indexed, leaf: usize| side.kind(leaf) == LeafKind::Paragraph;
        if !paragraph(one, whole) || !paragraph(many, parts.end - 1) {
            return None;
        }
        // A title that the paragraph began with.
        if let Some(title) = parts.start.checked_sub(1)
            && gap.binary_search(&title).is_ok()
            && links[title] == NONE
            && matches!(many.kind(title), LeafKind::Heading(_))
            && begins(&one.joined(whole..whole + 1), &many.joined(title..title + 1))
        {
            return Some(title..parts.end);
        }
        let free = |leaf: usize| gap.binary_search(&leaf).is_ok() && links[leaf] == NONE && paragraph(many, leaf);
        let next = (0..=2).map(|skip| (skip, parts.end + skip, parts.start..parts.end + skip + 1));
        let previous = (0..=2)
            .filter_map(|skip| Some((skip, parts.start.checked_sub(skip + 1)?, parts.start - skip - 1..parts.end)));
        next.chain(previous)
            .filter(|(_, _, range)| range.clone().filter(|leaf| !parts.contains(leaf)).all(free))
            .find(|(skip, leaf, _)| gains(one, many, whole, parts.clone(), *leaf, *skip > 0))
            .map(|(_, _, range)| range)
    }

    /// A sentence that crossed from one paragraph to its neighbour stays one when both are looked at together.
    fn crossings(&mut self, first: usize) {
        let mut starts: FastMap<(usize, usize), usize> = FastMap::default();
        for (at, link) in self.links.iter().enumerate().skip(first).filter(|(_, link)| !link.old.is_empty()) {
            starts.insert((link.old.start, link.new.start), at);
        }
        for at in first..self.links.len() {
            let Link { old, new, firm } = self.links[at].clone();
            let next = starts.get(&(old.end, new.end)).copied();
            let Some(next) = next.filter(|_| !firm && !old.is_empty() && old.len() + new.len() == 2) else { continue };
            let (after_old, after_new) = (self.links[next].old.clone(), self.links[next].new.clone());
            let paragraphs =
                [old.start, after_old.start].iter().all(|leaf| self.old.kind(*leaf) == LeafKind::Paragraph)
                    && [new.start, after_new.start].iter().all(|leaf| self.new.kind(*leaf) == LeafKind::Paragraph);
            if !paragraphs || after_old.len() + after_new.len() != 2 {
                continue;
            }
            let forth = shared(
                &left(self.old.bag(old.start), self.new.bag(new.start)),
                &left(self.new.bag(after_new.start), self.old.bag(after_old.start)),
            );
            let back = shared(
                &left(self.old.bag(after_old.start), self.new.bag(after_new.start)),
                &left(self.new.bag(new.start), self.old.bag(old.start)),
            );
            let lost =
                |a: &[(u32, u8)], b: &[(u32, u8)]| left(a, b).iter().map(|(_, weight)| u32::from(*weight)).sum::<u32>();
            let enough = |crossed: u32, leaf: usize, stays: usize| {
                crossed >= 48 && crossed * 5 >= lost(self.old.bag(leaf), self.new.bag(stays)) * 3
            };
            if enough(forth, old.start, new.start) || enough(back, after_old.start, after_new.start) {
                let id = index(next);
                self.old_link[old.start] = id;
                self.new_link[new.start] = id;
                self.links[next].old.start = old.start;
                self.links[next].new.start = new.start;
                starts.insert((old.start, new.start), next);
                self.links[at] = Link { old: old.start..old.start, new: new.start..new.start, firm: false };
            }
        }
    }

    /// True if two paragraphs open with one label, which tells what they are about.
    pub(super) fn one_label(&self, a: usize, b: usize) -> bool {
        let paragraphs = self.old.kind(a) == LeafKind::Paragraph && self.new.kind(b) == LeafKind::Paragraph;
        paragraphs && self.old.label(a) != 0 && self.old.label(a) == self.new.label(b)
    }

    /// True if a whole sentence is in both.
    fn one_sentence(&self, a: usize, b: usize) -> bool {
        let other = self.new.sentences(b);
        self.old.sentences(a).iter().any(|sentence| other.binary_search(sentence).is_ok())
    }

    /// True if two rows speak of the same.
    pub(super) fn one_row(&self, a: usize, b: usize) -> bool {
        self.old.rows[a] != NONE && self.old.rows[a] == self.new.rows[b]
    }
}

/// True if `leaf` continues `parts` as a piece of `whole`: most of its words, or most of those that `whole` has left,
/// are in both. A leaf further away must be there nearly whole.
fn gains(one: &Indexed, many: &Indexed, whole: usize, parts: Range<usize>, leaf: usize, far: bool) -> bool {
    let weight = many.weight(leaf);
    if weight < 8 {
        return false;
    }
    let mut bag: Vec<(u32, u8)> = parts.flat_map(|part| many.bag(part)).copied().collect();
    bag.sort_unstable();
    let before = shared(one.bag(whole), &bag);
    bag.extend_from_slice(many.bag(leaf));
    bag.sort_unstable();
    let gain = shared(one.bag(whole), &bag) - before;
    let rest = one.weight(whole) - before;
    match (far, weight) {
        (true, _) => gain >= 40 && gain * 5 >= weight * 4,
        // Of a few words all must be there.
        (false, ..12) => gain == weight,
        (false, _) => gain * 5 >= weight * 3 || gain >= 40 && gain * 5 >= rest * 3,
    }
}

/// True if a text begins with these words.
fn begins(text: &[Token], words: &[Token]) -> bool {
    words.iter().any(|token| token.weight > 1)
        && text.len() > words.len()
        && words.iter().zip(text).all(|(a, b)| a.id == b.id)
}

/// Returns the elements of one sorted bag that the other does not have.
fn left(a: &[(u32, u8)], b: &[(u32, u8)]) -> Vec<(u32, u8)> {
    let mut rest = b.iter().peekable();
    let mut out = Vec::new();
    for item in a {
        while rest.next_if(|other| other.0 < item.0).is_some() {}
        if rest.next_if(|other| other.0 == item.0).is_none() {
            out.push(*item);
        }
    }
    out
}
