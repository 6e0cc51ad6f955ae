//! One of the two documents while they are compared: its leaves, and the words of those that were looked at.
//!
//! In: a flat document. Out: tokens and bags of words, made once, only for leaves that need them.
//! Must not know: which leaf belongs to which.

use super::flat::{Flat, LeafKind, NONE, index};
use super::token::{FastMap, Interner, PARAGRAPH, Token, fold, tokenize};
use crate::markdown::BlockKind;
use std::borrow::Cow;
use std::ops::Range;

pub struct Side<'f, 'a> {
    pub flat: &'f Flat<'a>,
    pub keys: Vec<u32>,
    /// Of a row: what it speaks of.
    pub rows: Vec<u32>,
    /// Rows are known by ids, which say for certain what is another row.
    pub by_id: bool,
    tokens: Vec<Token>,
    by_part: Vec<Range<u32>>,
    loaded: Vec<Option<Loaded>>,
    bags: Vec<(u32, u8)>,
}

#[derive(Clone)]
struct Loaded {
    tokens: Range<usize>,
    bag: Range<usize>,
    weight: u32,
    label: u64,
}

impl<'f, 'a> Side<'f, 'a> {
    pub fn new(flat: &'f Flat<'a>) -> Self {
        let leaves = flat.leaves.len();
        Side {
            flat,
            keys: Vec::with_capacity(leaves),
            rows: vec![NONE; leaves],
            by_id: false,
            tokens: Vec::new(),
            by_part: vec![0..0; flat.parts.len()],
            loaded: vec![None; leaves],
            bags: Vec::new(),
        }
    }

    /// Makes the leaf's tokens, unless they are there.
    pub fn load(&mut self, leaf: usize, interner: &mut Interner<'f>) {
        if self.loaded[leaf].is_some() {
            return;
        }
        let first = self.tokens.len();
        for part in self.flat.leaves[leaf].parts.clone() {
            let start = self.tokens.len();
            let text = self.flat.parts[part].text.clone();
            tokenize(&self.flat.text[text.clone()], text.start, interner, &mut self.tokens);
            self.by_part[part] = index(start)..index(self.tokens.len());
        }
        let from = self.bags.len();
        self.bags
            .extend(self.tokens[first..].iter().filter(|token| token.weight > 1).map(|token| (token.id, token.weight)));
        self.bags[from..].sort_unstable();
        let weight = self.bags[from..].iter().map(|(_, weight)| u32::from(*weight)).sum();
        let label = label(self.flat.leaf_text(leaf));
        self.loaded[leaf] =
            Some(Loaded { tokens: first..self.tokens.len(), bag: from..self.bags.len(), weight, label });
    }

    /// Stands for the few words that a leaf opens with, as if they were its title: "Right to know:"; 0 for none.
    pub fn label(&self, leaf: usize) -> u64 {
        self.loaded[leaf].as_ref().map_or(0, |loaded| loaded.label)
    }

    /// The words of a leaf with their weights, sorted; empty before [`Self::load`].
    pub fn bag(&self, leaf: usize) -> &[(u32, u8)] {
        self.loaded[leaf].as_ref().map_or(&[], |loaded| &self.bags[loaded.bag.clone()])
    }

    pub fn weight(&self, leaf: usize) -> u32 {
        self.loaded[leaf].as_ref().map_or(0, |loaded| loaded.weight)
    }

    pub fn part(&self, part: usize) -> &[Token] {
        let range = &self.by_part[part];
        &self.tokens[range.start as usize..range.end as usize]
    }

    /// Several leaves in a row, with a mark between two.
    pub fn joined(&self, leaves: Range<usize>) -> Cow<'_, [Token]> {
        let of = |leaf: usize| self.loaded[leaf].as_ref().map_or(&[][..], |loaded| &self.tokens[loaded.tokens.clone()]);
        if leaves.len() == 1 {
            return Cow::Borrowed(of(leaves.start));
        }
        let mut out = Vec::new();
        for leaf in leaves.clone() {
            if leaf > leaves.start {
                let start = index(self.flat.leaves[leaf - 1].text.end);
                out.push(Token { start, id: PARAGRAPH, weight: 4, end: false, word: false });
            }
            out.extend_from_slice(of(leaf));
        }
        Cow::Owned(out)
    }

    pub fn kind(&self, leaf: usize) -> LeafKind {
        self.flat.leaves[leaf].kind
    }

    /// How much text there is; a measure before words are known.
    pub fn length(&self, leaf: usize) -> usize {
        self.flat.leaves[leaf].text.len()
    }
}

fn label(text: &str) -> u64 {
    let end = text.char_indices().take(60).find(|(at, letter)| match letter {
        ':' | '：' => true,
        '.' | '—' | '–' => text[at + letter.len_utf8()..].starts_with(' '),
        _ => false,
    });
    let words = end.map_or("", |(end, _)| text[..end].trim());
    match words.len() {
        0..6 => 0,
        _ => super::sections::number(words),
    }
}

/// Numbers the words of all leaves: equal when the words are, in whatever kind of block.
pub fn keys<'f, 'a>(old: &mut Side<'f, 'a>, new: &mut Side<'f, 'a>) {
    let mut ids: FastMap<(u8, Cow<'f, str>), u32> = FastMap::default();
    for side in [&mut *old, &mut *new] {
        let flat: &'f Flat = side.flat;
        for (at, leaf) in flat.leaves.iter().enumerate() {
            let next = index(ids.len()) + 1;
            let key = *ids.entry((leaf.kind.class(), fold(flat.leaf_text(at)))).or_insert(next);
            side.keys.push(key);
        }
    }
    // Rows go by the id in their register if both documents have such, else by the cell that names them.
    let by_id = has_ids(old.flat) && has_ids(new.flat);
    let mut ids: FastMap<Cow<'f, str>, u32> = FastMap::default();
    (old.by_id, new.by_id) = (by_id, by_id);
    for side in [old, new] {
        let flat: &'f Flat = side.flat;
        let mut at = 0;
        while at < flat.leaves.len() {
            let (first, block) = (at, flat.leaves[at].block);
            at += 1;
            let (LeafKind::Row { .. }, Some(block)) = (flat.leaves[first].kind, block) else { continue };
            let BlockKind::Table(table) = &block.kind else { continue };
            let same = |leaf: &super::flat::Leaf| leaf.block.is_some_and(|other| std::ptr::eq(other, block));
            at += flat.leaves[at..].iter().take_while(|leaf| same(leaf)).count();
            let rows: Vec<usize> =
                (first..at).filter(|leaf| flat.leaves[*leaf].kind == LeafKind::Row { head: false }).collect();
            let names = names(flat, &rows);
            for (row, (leaf, name)) in rows.into_iter().zip(names).enumerate() {
                let id = table.rows.get(row).and_then(|row| row.key.as_deref()).filter(|_| by_id);
                let name = id.map_or(name, Cow::Borrowed);
                if !name.is_empty() {
                    let next = index(ids.len());
                    side.rows[leaf] = *ids.entry(name).or_insert(next);
                }
            }
        }
    }
}

/// What the rows of a table speak of: the first column that tells nearly every row from the others, else the first.
fn names<'f>(flat: &'f Flat, rows: &[usize]) -> Vec<Cow<'f, str>> {
    let cell = |leaf: usize, column: usize| {
        let parts = flat.leaves[leaf].parts.clone();
        let part = Some(parts.start + column).filter(|part| parts.contains(part));
        part.map(|part| name(&flat.text[flat.parts[part].text.clone()])).unwrap_or_default()
    };
    let column = |column: usize| -> Vec<Cow<'f, str>> { rows.iter().map(|leaf| cell(*leaf, column)).collect() };
    let width = rows.iter().map(|leaf| flat.leaves[*leaf].parts.len()).max().unwrap_or(0);
    let first = column(0);
    let telling = |names: &[Cow<str>]| {
        let mut seen: Vec<&str> = names.iter().map(|name| name.as_ref()).filter(|name| !name.is_empty()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len() * 4 >= names.len() * 3
    };
    if telling(&first) {
        return first;
    }
    (1..width.min(4)).map(column).find(|names| telling(names)).unwrap_or(first)
}

/// What a cell names, whatever the order, case and stops of its words: "Azure (Microsoft)", "Microsoft Azure".
fn name(cell: &str) -> Cow<'_, str> {
    if !cell.contains([' ', '.', ',', '(', ')']) && !cell.contains(char::is_uppercase) {
        return fold(cell);
    }
    let folded = fold(cell).to_lowercase();
    let mut words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| word.trim_matches(|letter| matches!(letter, '(' | ')' | '[' | ']' | ',' | '.' | ';')))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    if words.is_empty() { Cow::Owned(folded) } else { Cow::Owned(words.join(" ")) }
}

fn has_ids(flat: &Flat) -> bool {
    flat.leaves.iter().any(|leaf| match leaf.block.map(|block| &block.kind) {
        Some(BlockKind::Table(table)) => table.rows.iter().any(|row| row.key.is_some()),
        _ => false,
    })
}

/// What two sorted bags have in common, by weight.
pub fn shared(a: &[(u32, u8)], b: &[(u32, u8)]) -> u32 {
    let (mut i, mut j, mut sum) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += u32::from(x.1);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}
