//! Which section of the old document is which of the new one, and which of them moved.
//!
//! In: two sides. Out: pairs of sections; those that kept their order, those that moved with their neighbours.
//! Ids say it first, then titles (without numbers), then what stands below them. Must not know: words.

use super::indexed::Indexed;
use super::token::{FastMap, number};
use std::ops::Range;

/// A section of the old document, one of the new.
type Pair = (usize, usize);

#[derive(Debug, Default)]
pub struct Sections {
    /// Pairs that keep their order.
    pub kept: Vec<(usize, usize)>,
    /// Runs of sections that moved together: old and new sections, of one length.
    pub moved: Vec<(Range<usize>, Range<usize>)>,
}

pub fn sections(old: &Indexed, new: &Indexed) -> Sections {
    let pairs = pairs(old, new);
    let (kept, others) = heaviest_chain(&pairs, |old_at, new_at| 1 + length(old, old_at).min(length(new, new_at)));
    let mut moved: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (a, b) in others {
        // A title alone is no move: what stands below must be the same, at least in part.
        if !alike(old, new, a, b) {
            continue;
        }
        match moved.last_mut() {
            Some((olds, news)) if olds.end == a && news.end == b => {
                olds.end += 1;
                news.end += 1;
            }
            _ => moved.push((a..a + 1, b..b + 1)),
        }
    }
    Sections { kept, moved }
}

fn leaves(side: &Indexed, section: usize) -> Range<usize> {
    side.flat.sections[section].leaves.clone()
}

fn length(side: &Indexed, section: usize) -> usize {
    leaves(side, section).map(|leaf| side.length(leaf)).sum()
}

fn pairs(old: &Indexed, new: &Indexed) -> Vec<(usize, usize)> {
    let (a, b) = (&old.flat.sections, &new.flat.sections);
    let mut to_new = vec![None; a.len()];
    let mut to_old = vec![None; b.len()];
    let mut pair = |i: usize, j: usize, to_new: &mut Vec<Option<usize>>| {
        if to_new[i].is_none() && to_old[j].is_none() {
            to_new[i] = Some(j);
            to_old[j] = Some(i);
        }
    };
    pair(0, 0, &mut to_new);
    // What the author calls by one id is one section, whatever it says.
    let mut by_id: FastMap<&str, usize> = FastMap::default();
    for (j, section) in b.iter().enumerate() {
        if let Some(heading) = section.heading.filter(|heading| heading.explicit) {
            by_id.insert(&heading.id, j);
        }
    }
    for section in b.iter().enumerate() {
        for was in section.1.heading.iter().flat_map(|heading| &heading.was) {
            by_id.entry(was).or_insert(section.0);
        }
    }
    for (i, section) in a.iter().enumerate() {
        if let Some(heading) = section.heading
            && let Some(j) = by_id.get(heading.id.as_str())
        {
            pair(i, *j, &mut to_new);
        }
    }
    // Titles; among equal ones, those with most in common, then in order.
    let mut by_title: FastMap<u32, (Vec<usize>, Vec<usize>)> = FastMap::default();
    for (i, section) in a.iter().enumerate().filter(|(i, section)| section.heading.is_some() && to_new[*i].is_none()) {
        by_title.entry(old.keys[section.leaves.start]).or_default().0.push(i);
    }
    for (j, section) in b.iter().enumerate().filter(|(_, section)| section.heading.is_some()) {
        if let Some((olds, news)) = by_title.get_mut(&new.keys[section.leaves.start])
            && !olds.is_empty()
        {
            news.push(j);
        }
    }
    let mut groups: Vec<_> = by_title.into_values().filter(|(_, news)| !news.is_empty()).collect();
    groups.sort_unstable();
    for (olds, news) in groups {
        if let ([i], [j]) = (olds.as_slice(), news.as_slice()) {
            pair(*i, *j, &mut to_new);
            continue;
        }
        let mut best: Vec<(usize, usize, usize)> = Vec::new();
        for i in olds.iter().take(64) {
            best.extend(news.iter().take(64).map(|j| (in_common(old, new, *i, *j), *i, *j)));
        }
        best.sort_by_key(|(score, i, j)| (std::cmp::Reverse(*score), i.abs_diff(*j), *i));
        for (_, i, j) in best {
            pair(i, j, &mut to_new);
        }
    }
    // A new title over the same text.
    let mut by_leaf: FastMap<u32, usize> = FastMap::default();
    for (i, section) in a.iter().enumerate().filter(|(i, _)| to_new[*i].is_none()) {
        by_leaf.extend(section.leaves.clone().filter(|leaf| old.length(*leaf) >= 40).map(|leaf| (old.keys[leaf], i)));
    }
    for (j, section) in b.iter().enumerate() {
        let best = section
            .leaves
            .clone()
            .filter_map(|leaf| by_leaf.get(&new.keys[leaf]))
            .max_by_key(|i| in_common(old, new, **i, j));
        if let Some(i) = best
            && in_common(old, new, *i, j) * 2 >= length(old, *i).max(length(new, j))
        {
            pair(*i, j, &mut to_new);
        }
    }
    for (i, j) in retitled(old, new, &to_new) {
        pair(i, j, &mut to_new);
    }
    to_new.into_iter().enumerate().filter_map(|(i, j)| Some((i, j?))).collect()
}

/// Sections without a partner that say, in changed words, what another says under another title: most of their runs of
/// four words are the same. One look at every word.
fn retitled(old: &Indexed, new: &Indexed, to_new: &[Option<usize>]) -> Vec<Pair> {
    let mut taken = vec![false; new.flat.sections.len()];
    for j in to_new.iter().flatten() {
        taken[*j] = true;
    }
    if !taken.contains(&false) {
        return Vec::new();
    }
    let mut places: FastMap<u64, usize> = FastMap::default();
    let mut counts = vec![0; to_new.len()];
    for (i, _) in to_new.iter().enumerate().filter(|(_, j)| j.is_none()) {
        let runs = runs(old, i);
        counts[i] = runs.len();
        places.extend(runs.into_iter().map(|run| (run, i)));
    }
    let mut out: Vec<(usize, usize, usize)> = Vec::new();
    let mut votes: FastMap<usize, usize> = FastMap::default();
    for (j, _) in taken.iter().enumerate().filter(|(_, taken)| !**taken) {
        let runs = runs(new, j);
        votes.clear();
        for run in &runs {
            if let Some(i) = places.get(run) {
                *votes.entry(*i).or_default() += 1;
            }
        }
        let best = votes.iter().map(|(i, votes)| (*votes, *i)).max();
        out.extend(
            best.filter(|(votes, i)| votes * 2 >= runs.len().max(counts[*i]) && *votes >= 8).map(|(n, i)| (n, i, j)),
        );
    }
    out.sort_unstable_by_key(|(votes, i, j)| (std::cmp::Reverse(*votes), *i, *j));
    out.into_iter().map(|(_, i, j)| (i, j)).collect()
}

/// Numbers of all runs of four words below a title.
fn runs(side: &Indexed, section: usize) -> Vec<u64> {
    let mut out = Vec::new();
    for leaf in leaves(side, section).skip(1) {
        let mut last = [0u64; 4];
        let words = side.flat.leaf_text(leaf).split(|letter: char| !letter.is_alphanumeric());
        for (at, word) in words.filter(|word| !word.is_empty()).enumerate() {
            let hash = number(word);
            last = [last[1], last[2], last[3], hash];
            if at >= 3 {
                out.push(last.iter().fold(0, |run: u64, word| run.rotate_left(17) ^ word));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// How many bytes of unchanged leaves two sections share.
fn in_common(old: &Indexed, new: &Indexed, a: usize, b: usize) -> usize {
    let mut there: Vec<u32> = leaves(old, a).map(|leaf| old.keys[leaf]).collect();
    there.sort_unstable();
    leaves(new, b).filter(|leaf| there.binary_search(&new.keys[*leaf]).is_ok()).map(|leaf| new.length(leaf)).sum()
}

fn alike(old: &Indexed, new: &Indexed, a: usize, b: usize) -> bool {
    let least = length(old, a).min(length(new, b));
    if in_common(old, new, a, b) * 10 >= least * 4 {
        return true;
    }
    // Unchanged words in one order would need tokens; runs of letters by themselves tell enough.
    let words = |side: &Indexed, section: usize| {
        let mut words: Vec<String> = leaves(side, section)
            .flat_map(|leaf| side.flat.leaf_text(leaf).split_whitespace().filter(|word| word.len() > 4))
            .map(str::to_string)
            .collect();
        words.sort_unstable();
        words
    };
    let (x, y) = (words(old, a), words(new, b));
    let both = x.iter().filter(|word| y.binary_search(word).is_ok()).count();
    both * 2 >= x.len().max(y.len()).max(1)
}

/// The heaviest pairs that keep their order on both sides, and the others. Pairs come sorted by the old side.
pub fn heaviest_chain(pairs: &[Pair], weight: impl Fn(usize, usize) -> usize) -> (Vec<Pair>, Vec<Pair>) {
    let scored: Vec<(usize, usize, u64)> = pairs.iter().map(|(i, j)| (*i, *j, weight(*i, *j) as u64)).collect();
    let mut chosen = chain(&scored);
    chosen.sort_unstable();
    let mut next = chosen.iter().peekable();
    let (mut kept, mut others) = (Vec::new(), Vec::new());
    for (at, pair) in pairs.iter().enumerate() {
        if next.next_if_eq(&&at).is_some() { kept.push(*pair) } else { others.push(*pair) }
    }
    (kept, others)
}

/// Indices of the heaviest row of pairs that rises on both sides. Pairs come sorted by the first side, falling by the
/// second among equals, so that none is taken twice.
pub fn chain(pairs: &[(usize, usize, u64)]) -> Vec<usize> {
    let width = pairs.iter().map(|(_, j, _)| j + 2).max().unwrap_or(1);
    // A Fenwick tree of the best chain that ends below a place.
    let mut tree: Vec<(u64, Option<usize>)> = vec![(0, None); width + 1];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let mut best = (0, None);
    for (at, (_, j, weight)) in pairs.iter().enumerate() {
        let mut found = (0, None);
        let mut place = *j;
        while place > 0 {
            if tree[place].0 > found.0 {
                found = tree[place];
            }
            place -= place & place.wrapping_neg();
        }
        before.push(found.1);
        let total = (found.0 + weight, Some(at));
        if total.0 > best.0 {
            best = total;
        }
        let mut place = j + 1;
        while place < tree.len() {
            if total.0 > tree[place].0 {
                tree[place] = total;
            }
            place += place & place.wrapping_neg();
        }
    }
    let mut out = Vec::new();
    let mut at = best.1;
    while let Some(here) = at {
        out.push(here);
        at = before[here];
    }
    out.reverse();
    out
}
