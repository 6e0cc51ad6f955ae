//! Paragraphs in another language than the page.
//!
//! In: a text. Out: findings at stretches whose commonest words are another language's. Must not know: more languages than
//! there are lexicons.

use super::lexicon::Lexicon;
use super::piece::Kind;
use super::{Text, quote};
use crate::diagnostic::Diagnostic;

/// Shorter stretches are names and titles.
const FEWEST_WORDS: usize = 12;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let mut last = None;
    let lines = text.pieces().filter(|piece| !piece.quoted && piece.kind != Kind::Heading).flat_map(|piece| {
        let mut at = 0;
        piece.text.split_inclusive('\n').map(move |line| {
            at += line.len();
            (piece, at - line.len()..at - line.len() + line.trim_end().len())
        })
    });
    for (index, (piece, line)) in lines.enumerate() {
        let words: Vec<&str> =
            piece.lower[line.clone()].split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        if words.len() < FEWEST_WORDS {
            continue;
        }
        let mut votes = vec![0usize; Lexicon::all().len()];
        for stop in words.iter().map(|word| Lexicon::stop_word(word)) {
            votes.iter_mut().enumerate().for_each(|(index, count)| *count += usize::from(stop >> index & 1));
        }
        let named = Lexicon::all().iter().map(|lexicon| lexicon.tag).zip(votes);
        let (ours, others): (Vec<_>, Vec<_>) = named.partition(|(tag, _)| *tag == text.words.tag);
        let own = ours.first().map_or(0, |(_, count)| *count);
        let Some((other, most)) = others.into_iter().max_by_key(|(_, count)| *count) else { continue };
        // A fifth of any prose, at the least, is such words.
        if most * 5 < words.len() || most < 3 * own.max(1) {
            continue;
        }
        // “Lire en français”: the way to the other text.
        let linked: usize =
            piece.links.iter().map(|(link, _)| link.end.min(line.end).saturating_sub(link.start.max(line.start))).sum();
        if linked * 3 >= line.len() {
            continue;
        }
        // One finding for a stretch of neighbours.
        if last.replace(index).is_some_and(|before| before + 1 == index) {
            continue;
        }
        let here = text.work.language.tag();
        findings.push(
            text.at(
                "mixed-languages",
                piece,
                line.clone(),
                format!("`{}` is `{other}`, and the text is `{here}`", quote(&piece.text[line])),
            )
            .help(format!("translate it, or move it to the text in `{other}`")),
        );
    }
}
