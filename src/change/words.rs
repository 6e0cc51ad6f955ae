//! Which words changed between two rows of tokens.
//!
//! In: tokens. Out: hunks, few and readable. Whole sentences are matched first, so that one that stayed is never
//! marked; between them, an alignment that pays for every mark it makes joins what would be confetti. Bounded by counts.
//! Must not know: documents, text.

use super::token::{CELL, FastMap, Token};
use imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;

/// A replacement: old and new tokens. One of them may be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Hunk {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Cells of one alignment.
const CELLS: usize = 400_000;
/// Cells of all alignments of a redline: a bound of the work, the same on every machine.
const ALL_CELLS: usize = 8_000_000;
/// Cost of a token in cells, for the histogram algorithm.
const TOKEN: usize = 200;
/// Cost of a mark; compare with the weights of tokens.
const MARK: i32 = 3;
/// Below this, a sentence ("Yes.") holds nothing in its place.
const SENTENCE: u32 = 12;
const NEVER: i32 = i32::MIN / 4;

/// Memory that is used again for every pair.
#[derive(Default)]
pub struct Differ {
    spent: usize,
    trace: Vec<u8>,
    row: Vec<Cell>,
    hunks: Vec<Hunk>,
}

/// Best scores that end in a match, a deletion, an insertion.
#[derive(Clone, Copy)]
struct Cell {
    same: i32,
    old: i32,
    new: i32,
}

impl Differ {
    /// The hunks between two rows of tokens, in order, never touching each other.
    pub fn diff(&mut self, old: &[Token], new: &[Token]) -> Vec<Hunk> {
        self.hunks.clear();
        let (mut i, mut j) = (0, 0);
        // Most cells of a table that changed did not.
        if old.len() == new.len() && old.iter().zip(new).all(|(a, b)| a.id == b.id) {
            return Vec::new();
        }
        for (a, b) in sentences_in_common(old, new) {
            self.gap(old, new, i..a.start, j..b.start);
            (i, j) = (a.end, b.end);
        }
        self.gap(old, new, i..old.len(), j..new.len());
        let hunks = std::mem::take(&mut self.hunks);
        join(old, slide(old, new, touching(hunks)))
    }

    fn gap(&mut self, old: &[Token], new: &[Token], mut a: Range<usize>, mut b: Range<usize>) {
        while !a.is_empty() && !b.is_empty() && old[a.start].id == new[b.start].id {
            (a.start, b.start) = (a.start + 1, b.start + 1);
        }
        while !a.is_empty() && !b.is_empty() && old[a.end - 1].id == new[b.end - 1].id {
            (a.end, b.end) = (a.end - 1, b.end - 1);
        }
        if a.is_empty() && b.is_empty() {
            return;
        }
        if a.is_empty() || b.is_empty() {
            self.hunks.push(Hunk { old: a, new: b });
            return;
        }
        let cells = (a.len() + 1) * (b.len() + 1);
        if cells <= CELLS && self.spent + cells <= ALL_CELLS {
            self.spent += cells;
            self.align(&old[a.clone()], &new[b.clone()], a.start, b.start);
            return;
        }
        let cells = (a.len() + b.len()) * TOKEN;
        if cells <= ALL_CELLS / 2 && self.spent + cells <= ALL_CELLS {
            self.spent += cells;
            self.histogram(&old[a.clone()], &new[b.clone()], a.start, b.start);
        } else {
            self.hunks.push(Hunk { old: a, new: b });
        }
    }

    /// Needleman and Wunsch with a price for every mark (Gotoh).
    fn align(&mut self, old: &[Token], new: &[Token], a0: usize, b0: usize) {
        let width = new.len() + 1;
        self.trace.clear();
        self.trace.resize((old.len() + 1) * width, 0);
        self.row.clear();
        self.row.push(Cell { same: 0, old: NEVER, new: NEVER });
        for j in 1..width {
            self.row.push(Cell { same: NEVER, old: NEVER, new: -MARK });
            self.trace[j] = if j == 1 { 1 << 3 } else { 0 };
        }
        for (i, a) in old.iter().enumerate() {
            let trace = &mut self.trace[(i + 1) * width..(i + 2) * width];
            let mut diagonal = self.row[0];
            self.row[0] = Cell { same: NEVER, old: -MARK, new: NEVER };
            trace[0] = if i == 0 { 0 } else { 1 << 2 };
            let mut left = self.row[0];
            for (j, b) in new.iter().enumerate() {
                let above = self.row[j + 1];
                let mut steps = 0;
                let mut cell = Cell { same: NEVER, old: above.same - MARK, new: left.new };
                if a.id == b.id {
                    let gain = if a.end && b.end { 7 } else { i32::from(a.weight) };
                    let (best, from) = max3(diagonal.same, diagonal.old, diagonal.new);
                    cell.same = best + gain;
                    steps |= from;
                }
                if above.old >= cell.old {
                    cell.old = above.old;
                    steps |= 1 << 2;
                }
                if left.same - MARK > cell.new {
                    cell.new = left.same - MARK;
                    steps |= 1 << 3;
                }
                if left.old - MARK > cell.new {
                    cell.new = left.old - MARK;
                    steps = steps & 0b111 | 2 << 3;
                }
                trace[j + 1] = steps;
                diagonal = above;
                self.row[j + 1] = cell;
                left = cell;
            }
        }
        let last = self.row[new.len()];
        let (_, mut state) = max3(last.same, last.old, last.new);
        let (mut i, mut j) = (old.len(), new.len());
        let first = self.hunks.len();
        let (mut end_i, mut end_j) = (i, j);
        while i > 0 || j > 0 {
            let steps = self.trace[i * width + j];
            match state {
                0 => {
                    if (i, j) != (end_i, end_j) {
                        self.hunks.push(Hunk { old: a0 + i..a0 + end_i, new: b0 + j..b0 + end_j });
                    }
                    (i, j) = (i - 1, j - 1);
                    (end_i, end_j) = (i, j);
                    state = steps & 0b11;
                }
                1 => {
                    i -= 1;
                    state = if steps & 1 << 2 != 0 { 1 } else { 0 };
                }
                _ => {
                    j -= 1;
                    state = match steps >> 3 {
                        0 => 2,
                        1 => 0,
                        _ => 1,
                    };
                }
            }
        }
        if (end_i, end_j) != (0, 0) {
            self.hunks.push(Hunk { old: a0..a0 + end_i, new: b0..b0 + end_j });
        }
        self.hunks[first..].reverse();
    }

    fn histogram(&mut self, old: &[Token], new: &[Token], a0: usize, b0: usize) {
        let mut input = InternedInput::default();
        input.update_before(old.iter().map(|token| token.id));
        input.update_after(new.iter().map(|token| token.id));
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_no_heuristic(&input);
        let at = |range: Range<u32>, base: usize| base + range.start as usize..base + range.end as usize;
        self.hunks.extend(diff.hunks().map(|hunk| Hunk { old: at(hunk.before, a0), new: at(hunk.after, b0) }));
    }
}

fn max3(same: i32, old: i32, new: i32) -> (i32, u8) {
    if same >= old && same >= new {
        (same, 0)
    } else if old >= new {
        (old, 1)
    } else {
        (new, 2)
    }
}

/// Sentences by their last token: ranges of tokens with what they weigh.
fn sentences(tokens: &[Token]) -> Vec<(Range<usize>, u32)> {
    let mut out = Vec::new();
    let (mut start, mut weight) = (0, 0);
    for (at, token) in tokens.iter().enumerate() {
        if token.id <= CELL {
            if start < at {
                out.push((start..at, weight));
            }
            (start, weight) = (at + 1, 0);
            continue;
        }
        weight += u32::from(token.weight);
        if token.end {
            out.push((start..at + 1, weight));
            (start, weight) = (at + 1, 0);
        }
    }
    if start < tokens.len() {
        out.push((start..tokens.len(), weight));
    }
    out
}

/// The heaviest row of sentences that both have in this order.
fn sentences_in_common(old: &[Token], new: &[Token]) -> Vec<(Range<usize>, Range<usize>)> {
    let (a, b) = (sentences(old), sentences(new));
    if a.len() < 2 && b.len() < 2 {
        return Vec::new();
    }
    let mut ids: FastMap<Vec<u32>, u32> = FastMap::default();
    let mut number = |tokens: &[Token], list: &[(Range<usize>, u32)]| -> Vec<u32> {
        let key = |range: &Range<usize>| tokens[range.clone()].iter().map(|token| token.id).collect();
        list.iter()
            .map(|(range, _)| {
                let next = super::flat::index(ids.len());
                *ids.entry(key(range)).or_insert(next)
            })
            .collect()
    };
    let (x, y) = (number(old, &a), number(new, &b));
    let pairs = common(&x, &y, |at| if a[at].1 >= SENTENCE { a[at].1 } else { 0 });
    pairs.into_iter().map(|(i, j)| (a[i].0.clone(), b[j].0.clone())).collect()
}

/// The heaviest common subsequence; beyond a count of cells, what a histogram finds. What weighs nothing is not matched.
pub fn common(old: &[u32], new: &[u32], weight: impl Fn(usize) -> u32) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut first, mut a, mut b) = (0, old.len(), new.len());
    while first < a && first < b && old[first] == new[first] {
        pairs.push((first, first));
        first += 1;
    }
    let mut tail = Vec::new();
    while a > first && b > first && old[a - 1] == new[b - 1] {
        (a, b) = (a - 1, b - 1);
        tail.push((a, b));
    }
    let (x, y) = (&old[first..a], &new[first..b]);
    if x.len() * y.len() <= 250_000 {
        let width = y.len() + 1;
        let mut best = vec![0u32; (x.len() + 1) * width];
        for i in (0..x.len()).rev() {
            for j in (0..y.len()).rev() {
                let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
                let take = if x[i] == y[j] { best[(i + 1) * width + j + 1] + weight(first + i) } else { 0 };
                best[i * width + j] = skip.max(take);
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < x.len() && j < y.len() {
            let here = best[i * width + j];
            let gain = weight(first + i);
            if x[i] == y[j] && gain > 0 && here == best[(i + 1) * width + j + 1] + gain {
                pairs.push((first + i, first + j));
                (i, j) = (i + 1, j + 1);
            } else if here == best[(i + 1) * width + j] {
                i += 1;
            } else {
                j += 1;
            }
        }
    } else {
        let mut input = InternedInput::default();
        input.update_before(x.iter().copied());
        input.update_after(y.iter().copied());
        let diff = Diff::compute(Algorithm::Histogram, &input);
        let (mut i, mut j) = (0, 0);
        let ends = Range { start: x.len(), end: y.len() };
        let hunks =
            diff.hunks().map(|hunk| (hunk.before.start as usize, hunk.before.end as usize, hunk.after.end as usize));
        for (start, end, next) in hunks.chain([(ends.start, ends.start, ends.end)]) {
            while i < start {
                if weight(first + i) > 0 {
                    pairs.push((first + i, first + j));
                }
                (i, j) = (i + 1, j + 1);
            }
            (i, j) = (end, next);
        }
    }
    tail.reverse();
    pairs.extend(tail);
    pairs
}

/// Hunks that touch become one.
fn touching(hunks: Vec<Hunk>) -> Vec<Hunk> {
    let mut out: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        match out.last_mut() {
            Some(last) if last.old.end == hunk.old.start && last.new.end == hunk.new.start => {
                last.old.end = hunk.old.end;
                last.new.end = hunk.new.end;
            }
            _ => out.push(hunk),
        }
    }
    out
}

/// An insertion or deletion often fits in several places; the start of a sentence reads best, then the end of a clause.
fn slide(old: &[Token], new: &[Token], mut hunks: Vec<Hunk>) -> Vec<Hunk> {
    for at in 0..hunks.len() {
        let (low_i, low_j) = if at > 0 { (hunks[at - 1].old.end, hunks[at - 1].new.end) } else { (0, 0) };
        let (high_i, high_j) =
            hunks.get(at + 1).map_or((old.len(), new.len()), |next| (next.old.start, next.new.start));
        let hunk = &mut hunks[at];
        let insertion = hunk.old.is_empty();
        if !insertion && !hunk.new.is_empty() {
            continue;
        }
        let (side, run, other) = if insertion { (new, &hunk.new, &hunk.old) } else { (old, &hunk.old, &hunk.new) };
        let (low, high, low_other, high_other) =
            if insertion { (low_j, high_j, low_i, high_i) } else { (low_i, high_i, low_j, high_j) };
        // At least one word stays between two hunks.
        let edge = |first: bool| usize::from(if first { at > 0 } else { high < side.len() });
        let mut back = 0;
        while run.start - back > low + edge(true)
            && other.start - back > low_other + edge(true)
            && side[run.start - back - 1].id == side[run.end - back - 1].id
        {
            back += 1;
        }
        let mut forth = 0;
        while run.end + forth + edge(false) < high
            && other.end + forth + edge(false) < high_other
            && side[run.start + forth].id == side[run.end + forth].id
        {
            forth += 1;
        }
        let score = |shift: isize| {
            let (start, end) = (run.start.saturating_add_signed(shift), run.end.saturating_add_signed(shift));
            let mut score = 0;
            match start.checked_sub(1).map(|before| &side[before]) {
                None => score += 4,
                Some(token) if token.end || token.id <= CELL => score += 4,
                Some(token) if !token.word => score += 1,
                _ => {}
            }
            let last = &side[end - 1];
            if last.end || last.id <= CELL {
                score += 4;
            } else if !last.word {
                score += 1;
            }
            score
        };
        let shifts = (-(back as isize)..=forth as isize).rev();
        let best = shifts.max_by_key(|shift| (score(*shift), -shift.abs())).unwrap_or(0);
        let moved =
            |range: &Range<usize>| range.start.saturating_add_signed(best)..range.end.saturating_add_signed(best);
        (hunk.old, hunk.new) = (moved(&hunk.old), moved(&hunk.new));
    }
    touching(hunks)
}

/// Two replacements with a short word or two between them read better as one.
fn join(old: &[Token], hunks: Vec<Hunk>) -> Vec<Hunk> {
    let mut out: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        if let Some(last) = out.last_mut() {
            let between = &old[last.old.end..hunk.old.start];
            let short = between.len() <= 2
                && between.iter().map(|token| u32::from(token.weight)).sum::<u32>() <= 4
                && !between.iter().any(|token| token.end || token.id <= CELL);
            let marks = |hunk: &Hunk| usize::from(!hunk.old.is_empty()) + usize::from(!hunk.new.is_empty());
            let fewer = marks(last) + marks(&hunk);
            if short && (fewer == 4 || fewer == 3 && between.len() == 1) {
                last.old.end = hunk.old.end;
                last.new.end = hunk.new.end;
                continue;
            }
        }
        out.push(hunk);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::token::{Interner, tokenize};
    use super::*;

    /// `[-old-]{+new+}`
    fn shown(old: &str, new: &str) -> String {
        let mut interner = Interner::default();
        let (mut a, mut b) = (Vec::new(), Vec::new());
        tokenize(old, 0, &mut interner, &mut a);
        tokenize(new, 0, &mut interner, &mut b);
        let cut = |text: &str, tokens: &[Token], range: Range<usize>| {
            let place = |at: usize| tokens.get(at).map_or(text.len(), |token| token.start as usize);
            text[place(range.start)..place(range.end)].to_string()
        };
        let mut out = String::new();
        let mut at = 0;
        for hunk in Differ::default().diff(&a, &b) {
            out += &cut(new, &b, at..hunk.new.start);
            if !hunk.old.is_empty() {
                out += &format!("[-{}-]", cut(old, &a, hunk.old.clone()));
            }
            if !hunk.new.is_empty() {
                out += &format!("{{+{}+}}", cut(new, &b, hunk.new.clone()));
            }
            at = hunk.new.end;
        }
        out + &cut(new, &b, at..b.len())
    }

    #[test]
    fn a_word_is_one_mark() {
        assert_eq!(shown("We keep it for 30 days.", "We keep it for 90 days."), "We keep it for [-30 -]{+90 +}days.");
        assert_eq!(shown("您的数据保留30天。", "您的个人数据保留14天。"), "您的{+个人+}数据保留[-30-]{+14+}天。");
    }

    #[test]
    fn short_words_between_replacements_join() {
        assert_eq!(
            shown("We sell cars to people.", "We rent boats to visitors."),
            "We [-sell cars to people-]{+rent boats to visitors+}."
        );
    }

    #[test]
    fn a_new_sentence_is_marked_from_its_start() {
        assert_eq!(
            shown("We keep logs. We keep backups.", "We keep logs. We keep mail for years. We keep backups."),
            "We keep logs. {+We keep mail for years. +}We keep backups."
        );
    }

    #[test]
    fn nothing_to_mark() {
        assert_eq!(shown("the user’s data", "the user's  data"), "the user's  data");
    }
}
