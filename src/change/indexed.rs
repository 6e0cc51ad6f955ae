//! One of the two documents while they are compared: its leaves, and the words of those that were looked at.
//!
//! In: a flat document. Out: tokens and bags of words, made once, only for leaves that need them.
//! Must not know: which leaf belongs to which.

use super::flat::{Flat, LeafKind, NONE, index};
use super::token::{CELL, Fast, FastMap, Interner, PARAGRAPH, Token, fold, tokenize};
use std::borrow::Cow;
use std::hash::Hasher;
use std::ops::Range;

/// Weight of a sentence that is known again wherever it is.
const SENTENCE: u32 = 40;

pub struct Indexed<'f, 'a> {
    pub flat: &'f Flat<'a>,
    pub keys: Vec<u32>,
    /// Subject of a row.
    pub rows: Vec<u32>,
    /// Rows are known by ids, which say for certain what is another row.
    pub by_id: bool,
    tokens: Vec<Token>,
    by_part: Vec<Range<u32>>,
    loaded: Vec<Option<Loaded>>,
    bags: Vec<(u32, u8)>,
    sentences: Vec<u64>,
}

#[derive(Clone)]
struct Loaded {
    tokens: Range<usize>,
    bag: Range<usize>,
    sentences: Range<usize>,
    weight: u32,
    label: u64,
}

impl<'f, 'a> Indexed<'f, 'a> {
    pub fn new(flat: &'f Flat<'a>) -> Self {
        let leaves = flat.leaves.len();
        Indexed {
            flat,
            keys: Vec::with_capacity(leaves),
            rows: vec![NONE; leaves],
            by_id: false,
            tokens: Vec::new(),
            by_part: vec![0..0; flat.parts.len()],
            loaded: vec![None; leaves],
            bags: Vec::new(),
            sentences: Vec::new(),
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
            self.tokenize(part, interner);
            self.by_part[part] = index(start)..index(self.tokens.len());
        }
        let from = self.bags.len();
        self.bags
            .extend(self.tokens[first..].iter().filter(|token| token.weight > 1).map(|token| (token.id, token.weight)));
        self.bags[from..].sort_unstable();
        let weight = self.bags[from..].iter().map(|(_, weight)| u32::from(*weight)).sum();
        let label = label(self.flat.leaf_text(leaf));
        let sentences = self.sentences.len();
        push_sentences(&self.tokens[first..], &mut self.sentences);
        self.loaded[leaf] = Some(Loaded {
            tokens: first..self.tokens.len(),
            bag: from..self.bags.len(),
            sentences: sentences..self.sentences.len(),
            weight,
            label,
        });
    }

    /// Numbers of the long sentences of a leaf, sorted.
    pub fn sentences(&self, leaf: usize) -> &[u64] {
        self.loaded[leaf].as_ref().map_or(&[], |loaded| &self.sentences[loaded.sentences.clone()])
    }

    /// Words that the author struck are other words than those that stand.
    fn tokenize(&mut self, part: usize, interner: &mut Interner<'f>) {
        let flat: &'f Flat<'a> = self.flat;
        let text = flat.parts[part].text.clone();
        let first = self.tokens.len();
        let mut at = text.start;
        for struck in flat.struck_in(&text) {
            tokenize(&flat.text[at..struck.start], at, interner, &mut self.tokens);
            let from = self.tokens.len();
            tokenize(&flat.text[struck.clone()], struck.start, interner, &mut self.tokens);
            for token in &mut self.tokens[from..] {
                token.id = interner.struck(token.id);
            }
            at = struck.end;
        }
        tokenize(&flat.text[at..text.end], at, interner, &mut self.tokens);
        if let Some(token) = self.tokens.get_mut(first) {
            token.start = index(text.start);
        }
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

    /// Several leaves in a row, with a mark between two, and one between the cells of a row.
    pub fn joined(&self, leaves: Range<usize>) -> Cow<'_, [Token]> {
        let tokens =
            |leaf: usize| self.loaded[leaf].as_ref().map_or(&[][..], |loaded| &self.tokens[loaded.tokens.clone()]);
        if leaves.len() == 1 && !self.kind(leaves.start).is_row() {
            return Cow::Borrowed(tokens(leaves.start));
        }
        let mark = |start: usize, id: u32| Token { start: index(start), id, weight: 4, end: false, word: false };
        let mut out = Vec::new();
        for leaf in leaves.clone() {
            let here = &self.flat.leaves[leaf];
            if leaf > leaves.start {
                out.push(mark(self.flat.leaves[leaf - 1].text.end, PARAGRAPH));
            }
            if !here.kind.is_row() {
                out.extend_from_slice(tokens(leaf));
                continue;
            }
            for part in here.parts.clone() {
                if part > here.parts.start {
                    out.push(mark(self.flat.parts[part - 1].text.end, CELL));
                }
                out.extend_from_slice(self.part(part));
            }
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

/// Appends a number for each sentence that is long enough to be known again.
fn push_sentences(tokens: &[Token], out: &mut Vec<u64>) {
    let from = out.len();
    let (mut number, mut weight) = (Fast::default(), 0);
    for token in tokens {
        number.write_u32(token.id);
        weight += u32::from(token.weight);
        if token.end {
            if weight >= SENTENCE {
                out.push(number.finish());
            }
            (number, weight) = (Fast::default(), 0);
        }
    }
    out[from..].sort_unstable();
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
        _ => super::token::number(words),
    }
}

/// Numbers the words of all leaves: equal when the words are, in whatever kind of block.
pub fn keys<'f, 'a>(old: &mut Indexed<'f, 'a>, new: &mut Indexed<'f, 'a>) {
    let mut ids: FastMap<(u8, Cow<'f, str>), u32> = FastMap::default();
    for side in [&mut *old, &mut *new] {
        let flat: &'f Flat = side.flat;
        for (at, leaf) in flat.leaves.iter().enumerate() {
            let next = index(ids.len()) + 1;
            let key = *ids.entry((leaf.kind.class(), comparable(flat, at))).or_insert(next);
            side.keys.push(key);
        }
    }
    super::rows::names(old, new);
}

/// The words of a leaf as they are compared; a stroke through some of them makes other words.
fn comparable<'f>(flat: &'f Flat<'_>, leaf: usize) -> Cow<'f, str> {
    let text = flat.leaves[leaf].text.clone();
    let mut struck = flat.struck_in(&text).peekable();
    if struck.peek().is_none() {
        return fold(&flat.text[text]);
    }
    let mut out = String::new();
    let mut at = text.start;
    for stretch in struck {
        out.push_str(&fold(&flat.text[at..stretch.start]));
        out.push('\u{336}');
        out.push_str(&fold(&flat.text[stretch.clone()]));
        out.push('\u{336}');
        at = stretch.end;
    }
    out.push_str(&fold(&flat.text[at..text.end]));
    Cow::Owned(out)
}

/// Returns the weight that two sorted bags have in common.
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
