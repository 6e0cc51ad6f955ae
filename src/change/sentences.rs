//! The sentences in which the words of a paragraph changed, so that a list of changes can quote them.
//!
//! In: an entry of a redline. Out: a sentence as it was and as it is. Must not know: sections, languages, counts of a document.

use super::flat::{Flat, LeafKind};
use super::{Entry, EntryKind, Mark, Op, Redline, Side, tidy};
use std::ops::Range;

/// A sentence that changed, that is new, or that is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SentenceChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// The longest sentence that is quoted; readers find a longer one in the redline.
const LONGEST: usize = 220;

impl Redline<'_> {
    /// Returns the sentence in which all changes of an entry are, if it is one sentence that can be quoted.
    pub fn sentence_change(&self, entry: &Entry) -> Option<SentenceChange> {
        let out = match entry.kind {
            EntryKind::Inserted if entry.change > 0 => {
                SentenceChange { old: None, new: Some(self.only_sentence(Side::New, &entry.new)?) }
            }
            EntryKind::Deleted if entry.change > 0 => {
                SentenceChange { old: Some(self.only_sentence(Side::Old, &entry.old)?), new: None }
            }
            EntryKind::Changed => self.reworded(entry)?,
            _ => return None,
        };
        let fits = |sentence: &Option<String>| {
            sentence.as_ref().is_none_or(|words| !words.is_empty() && words.chars().count() <= LONGEST)
        };
        (fits(&out.old) && fits(&out.new) && out.old != out.new).then_some(out)
    }

    /// The words of a paragraph that is one sentence.
    fn only_sentence(&self, side: Side, leaves: &Range<usize>) -> Option<String> {
        let flat = self.flat(side);
        let text = paragraph(flat, leaves)?;
        let sentences = sentences(&flat.text[text.clone()]);
        (sentences.len() == 1).then(|| tidy(&flat.text[text]))
    }

    fn reworded(&self, entry: &Entry) -> Option<SentenceChange> {
        let side = |side: Side, leaves: &Range<usize>, op: Op| {
            let flat = self.flat(side);
            let text = paragraph(flat, leaves)?;
            let all = sentences(&flat.text[text.clone()]);
            // A sentence is touched where words came or went; where they went, the place of the others is inside of it.
            let mut touched: Vec<usize> = Vec::new();
            let mut own = 0;
            for span in self.spans(entry).iter().filter(|span| span.op != Op::Same) {
                if span.mark != Mark::Words {
                    return None;
                }
                let range = if side == Side::Old { &span.old } else { &span.new };
                let (start, end) = (range.start.checked_sub(text.start)?, range.end.checked_sub(text.start)?);
                own += usize::from(span.op == op);
                let hit = |sentence: &Range<usize>| {
                    if start == end {
                        sentence.start < start && start < sentence.end
                    } else {
                        start < sentence.end && sentence.start < end
                    }
                };
                touched.extend(all.iter().enumerate().filter(|(_, sentence)| hit(sentence)).map(|(at, _)| at));
            }
            touched.sort_unstable();
            touched.dedup();
            let words = |at: usize| tidy(&flat.text[text.start + all[at].start..text.start + all[at].end]);
            match touched.as_slice() {
                [] => Some((None, own)),
                [one] => Some((Some(words(*one)), own)),
                _ => None,
            }
        };
        let (old, _) = side(Side::Old, &entry.old, Op::Deleted)?;
        let (new, _) = side(Side::New, &entry.new, Op::Inserted)?;
        (old.is_some() || new.is_some()).then_some(SentenceChange { old, new })
    }
}

/// The text of one paragraph or item; none for titles, rows and several at once, nor where a quotation would not show what the
/// page shows: struck words, characters that turn the direction.
fn paragraph(flat: &Flat, leaves: &Range<usize>) -> Option<Range<usize>> {
    let leaf = leaves.clone().next().filter(|_| leaves.len() == 1)?;
    let text = flat.leaves[leaf].text.clone();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let plain = matches!(flat.leaves[leaf].kind, LeafKind::Paragraph)
        && flat.struck_in(&text).next().is_none()
        && !flat.text[text.clone()].contains(turns);
    plain.then_some(text)
}

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "no", "nr", "nos", "núm", "art", "arts", "abs", "sec", "mr", "ms", "mrs", "dr", "vs", "st", "co", "cf", "bzw",
    "vgl", "ca",
];

/// Sentences by their full stops. A stop after an abbreviation or an initial does not end one.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let wide = matches!(letter, '。' | '！' | '？');
        if !wide && !matches!(letter, '.' | '!' | '?') {
            continue;
        }
        let end = at + letter.len_utf8();
        let rest = text[end..].trim_start_matches(['"', '”', '’', ')', '»']);
        let word = text[start..at].rsplit(char::is_whitespace).next().unwrap_or("");
        let plain = word.trim_start_matches(['(', '"', '“']).to_lowercase();
        let short = letter == '.'
            && (plain.chars().count() <= 1 || plain.contains('.') || ABBREVIATIONS.contains(&plain.as_str()));
        let begins = rest.trim_start().chars().next().is_some_and(|next| !next.is_lowercase());
        let apart = rest.starts_with(char::is_whitespace);
        if wide || (apart && begins && !short) {
            let end = text.len() - rest.len();
            let end = if wide { at + letter.len_utf8() } else { end };
            out.push(start..end);
            start = end;
        }
    }
    if !text[start..].trim().is_empty() {
        out.push(start..text.len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn stops_that_end_a_sentence() {
        let split =
            |text: &str| sentences(text).into_iter().map(|range| text[range].trim().to_string()).collect::<Vec<_>>();
        assert_eq!(split("We keep it. You may ask!  Then?"), ["We keep it.", "You may ask!", "Then?"]);
        assert_eq!(split("See No. 4 and e.g. This one."), ["See No. 4 and e.g. This one."]);
        assert_eq!(split("It is 1.5 days. (More.) End"), ["It is 1.5 days.", "(More.)", "End"]);
        assert_eq!(split("一。二。"), ["一。", "二。"]);
    }
}
