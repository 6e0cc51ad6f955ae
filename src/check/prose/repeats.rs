//! The same sentence twice, and one thing under two names.
//!
//! In: a text. Out: findings at the second place. Must not know: what the sentences mean.

use super::piece::{Kind, Piece};
use super::{Genre, Text, quote};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// So many words in a row are no accident.
const RUN: usize = 8;
/// So many are one, however long the sentence.
const LONG: usize = 24;
/// Items so close to one another in a list are alike on purpose.
const NEAR: usize = 6;
/// So many findings in one text.
const MOST: usize = 3;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    // Contracts repeat themselves on purpose.
    if text.genre != Genre::Terms {
        sentences(text, findings);
    }
    names(text, findings);
}

fn sentences(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<u64, (usize, Range<usize>)> = HashMap::new();
    let pieces: Vec<&Piece> = text.sayings().filter(|piece| piece.kind != Kind::Cell).collect();
    let mut told = 0;
    for (index, piece) in pieces.iter().enumerate() {
        let mut fresh = Vec::new();
        for sentence in &piece.sentences {
            let all = words(&piece.lower, sentence);
            let hashes: Vec<u64> = all.iter().map(|word| hash(&piece.lower[word.clone()])).collect();
            let mut skip = 0;
            for (first, run) in all.windows(RUN).enumerate() {
                let hash = hashes[first..first + RUN]
                    .iter()
                    .fold(0, |sum: u64, word| (sum.rotate_left(7) ^ word).wrapping_mul(PRIME));
                if first >= skip
                    && told < MOST
                    && let Some((other, place)) = seen.get(&hash)
                {
                    let before = pieces[*other];
                    let same = same_words(before, place, piece, &all[first..]);
                    skip = first + same.max(RUN);
                    let theirs = words(&before.lower, &before.sentence(place.start)).len();
                    let (shorter, longer) = (theirs.min(all.len()), theirs.max(all.len()));
                    // A hash may lie: the words themselves decide. A part of a sentence is a turn of phrase.
                    let whole = (same * 5 >= shorter * 4 && same * 2 >= longer) || same >= LONG;
                    let parallel = piece.group != 0 && piece.group == before.group && index - other <= NEAR;
                    let address = piece.lower[run[0].start..words_end(&all, first, same)].contains('@')
                        || piece
                            .links
                            .iter()
                            .any(|(link, _)| link.start < words_end(&all, first, same) && run[0].start < link.end);
                    if same >= RUN && whole && !parallel && !address {
                        told += 1;
                        let range = run[0].start..words_end(&all, first, same);
                        let end = before.sentence(place.start).end.max(place.end);
                        let there =
                            words(&before.lower, &(place.start..end)).get(same - 1).map_or(end, |word| word.end);
                        findings.push(
                            text.at(
                                "duplicate-sentence",
                                piece,
                                range.clone(),
                                format!("`{}` stands twice", quote(&piece.text[range])),
                            )
                            .also(text.work.path, before.span(place.start..there), "here before")
                            .help("say it once: what is said twice is changed once"),
                        );
                    }
                }
                fresh.push((hash, run[0].start..run[RUN - 1].end));
            }
        }
        for (hash, place) in fresh {
            if let Entry::Vacant(slot) = seen.entry(hash) {
                slot.insert((index, place));
            }
        }
    }
}

/// Words of a sentence, with their places.
fn words(lower: &str, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in lower[sentence.clone()].char_indices() {
        let at = sentence.start + at;
        match (c.is_alphanumeric() || c == '\'', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| from..sentence.end));
    out
}

/// Where a run of so many words ends.
fn words_end(all: &[Range<usize>], first: usize, count: usize) -> usize {
    all[(first + count.max(1) - 1).min(all.len() - 1)].end
}

/// How many words are the same from two places on.
fn same_words(before: &Piece, place: &Range<usize>, piece: &Piece, ours: &[Range<usize>]) -> usize {
    let end = before.sentence(place.start).end;
    let theirs = words(&before.lower, &(place.start..end.max(place.end)));
    let pairs = theirs.iter().zip(ours);
    pairs.take_while(|(a, b)| before.lower[(*a).clone()] == piece.lower[(*b).clone()]).count()
}

const PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a: the same on every machine.
fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// Words for one thing that a reader takes for two.
fn names(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    for variants in &text.words.variants {
        let mut found: Vec<(&Piece, Range<usize>)> = Vec::new();
        for variant in variants {
            found.extend(text.sayings().find_map(|piece| Some((piece, variant.get().find(&piece.lower)?.range()))));
        }
        let [(one, at), (other, range), ..] = found.as_slice() else { continue };
        let (first, second) = (quote(&one.text[at.clone()]), quote(&other.text[range.clone()]));
        findings.push(
            text.at(
                "inconsistent-terminology",
                other,
                range.clone(),
                format!("`{second}` here and `{first}` elsewhere: one thing or two?"),
            )
            .also(text.work.path, one.span(at.clone()), "elsewhere")
            .help("use one word for one thing; if they are two, say how they differ"),
        );
    }
}
