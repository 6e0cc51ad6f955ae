//! Words that stayed in their order while the division into leaves changed: a paragraph that was split, lines that were
//! merged, words that became the rows of a table, a heading that became a line.
//!
//! In: leaves between two that stayed. Out: ranges of leaves that belong together, whatever their kinds.
//! Must not know: how words are marked. Time grows with the words, not with the number of pieces.

use super::indexed::Indexed;
use super::token::FastMap;
use imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;

/// Leaves of either side that have their words in common; places in the lists of leaves that were given.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Weight below which a leaf is too short to say where its words come from.
const SHORT: u32 = 12;

/// True if the words of some leaf without a partner are among those of the other side.
pub fn may_flow(one: &Indexed, other: &Indexed, free: &[usize], all: &[usize]) -> bool {
    if free.is_empty() || all.is_empty() {
        return false;
    }
    let mut there: FastMap<u32, u32> = FastMap::default();
    for (id, _) in all.iter().flat_map(|leaf| other.bag(*leaf)) {
        *there.entry(*id).or_default() += 1;
    }
    free.iter().any(|leaf| {
        let weight = one.weight(*leaf);
        let known = one.bag(*leaf).iter().filter(|(id, _)| there.contains_key(id));
        weight >= SHORT && known.map(|(_, weight)| u32::from(*weight)).sum::<u32>() * 4 >= weight * 3
    })
}

/// The words of leaves in a row, each with its weight and the place of its leaf.
struct Words {
    ids: Vec<u32>,
    weights: Vec<u32>,
    leaves: Vec<usize>,
    /// By leaf.
    totals: Vec<u32>,
}

impl Words {
    fn new(side: &Indexed, leaves: &[usize]) -> Words {
        let mut words =
            Words { ids: Vec::new(), weights: Vec::new(), leaves: Vec::new(), totals: vec![0; leaves.len()] };
        for (at, leaf) in leaves.iter().enumerate() {
            for part in side.flat.leaves[*leaf].parts.clone() {
                for token in side.part(part).iter().filter(|token| token.word) {
                    words.ids.push(token.id);
                    words.weights.push(u32::from(token.weight));
                    words.leaves.push(at);
                    words.totals[at] += u32::from(token.weight);
                }
            }
        }
        words
    }
}

/// Returns what a leaf of each side has in common.
struct Shared {
    old: usize,
    new: usize,
    weight: u32,
}

pub fn flows(old: &Indexed, new: &Indexed, olds: &[usize], news: &[usize]) -> Vec<Flow> {
    let (a, b) = (Words::new(old, olds), Words::new(new, news));
    let shared = in_order(&a, &b);
    let mut out: Vec<Flow> = Vec::new();
    for pair in &shared {
        let least = a.totals[pair.old].min(b.totals[pair.new]);
        if least < SHORT || pair.weight * 10 < least * 7 {
            continue;
        }
        match out.last_mut() {
            Some(flow) if pair.old < flow.old.end || pair.new < flow.new.end => {
                flow.old.end = flow.old.end.max(pair.old + 1);
                flow.new.end = flow.new.end.max(pair.new + 1);
            }
            _ => out.push(Flow { old: pair.old..pair.old + 1, new: pair.new..pair.new + 1 }),
        }
    }
    for at in 0..out.len() {
        extend(&mut out, at, &shared, &a, &b);
    }
    let runs =
        |leaves: &[usize], range: &Range<usize>| leaves[range.clone()].windows(2).all(|pair| pair[0] + 1 == pair[1]);
    out.retain(|flow| {
        let all = a.totals[flow.old.clone()].iter().sum::<u32>().max(b.totals[flow.new.clone()].iter().sum());
        let inside = shared.iter().filter(|pair| flow.old.contains(&pair.old) && flow.new.contains(&pair.new));
        let both = inside.map(|pair| pair.weight).sum::<u32>();
        runs(olds, &flow.old) && runs(news, &flow.new) && both * 2 >= all
    });
    out
}

/// Takes short leaves at either end in whose words all are there: "Yes." says nothing by itself.
fn extend(flows: &mut [Flow], at: usize, shared: &[Shared], a: &Words, b: &Words) {
    let (low, high) = (
        at.checked_sub(1).map_or((0, 0), |before| (flows[before].old.end, flows[before].new.end)),
        flows.get(at + 1).map_or((a.totals.len(), b.totals.len()), |next| (next.old.start, next.new.start)),
    );
    let flow = &mut flows[at];
    loop {
        let ends = |pair: &&Shared| {
            let first = pair.old == flow.old.start && pair.new + 1 == flow.new.start && pair.new >= low.1
                || pair.new == flow.new.start && pair.old + 1 == flow.old.start && pair.old >= low.0;
            let last = pair.old + 1 == flow.old.end && pair.new == flow.new.end && pair.new < high.1
                || pair.new + 1 == flow.new.end && pair.old == flow.old.end && pair.old < high.0;
            let (outside, least) = match (flow.old.contains(&pair.old), flow.new.contains(&pair.new)) {
                (true, false) => (true, b.totals[pair.new]),
                (false, true) => (true, a.totals[pair.old]),
                _ => (false, 0),
            };
            outside && (first || last) && least < SHORT && pair.weight == least
        };
        let Some(pair) = shared.iter().find(ends) else { return };
        flow.old = flow.old.start.min(pair.old)..flow.old.end.max(pair.old + 1);
        flow.new = flow.new.start.min(pair.new)..flow.new.end.max(pair.new + 1);
    }
}

/// Pairs of leaves with the words that both have in one order, in that order.
fn in_order(a: &Words, b: &Words) -> Vec<Shared> {
    let mut input = InternedInput::default();
    input.update_before(a.ids.iter().copied());
    input.update_after(b.ids.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut out: Vec<Shared> = Vec::new();
    let mut take = |i: usize, j: usize| {
        let (old, new, weight) = (a.leaves[i], b.leaves[j], a.weights[i]);
        match out.last_mut() {
            Some(last) if last.old == old && last.new == new => last.weight += weight,
            _ => out.push(Shared { old, new, weight }),
        }
    };
    let (mut i, mut j) = (0, 0);
    let hunks =
        diff.hunks().map(|hunk| (hunk.before.start as usize, hunk.before.end as usize, hunk.after.end as usize));
    for (start, end, next) in hunks.chain([(a.ids.len(), a.ids.len(), b.ids.len())]) {
        while i < start {
            take(i, j);
            (i, j) = (i + 1, j + 1);
        }
        (i, j) = (end, next);
    }
    out
}
