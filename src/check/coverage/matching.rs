//! Sentences against the patterns of an item: the act and its object near each other in one sentence, a denial told from a
//! promise.
//!
//! In: sentences, patterns. Out: [`Saying`], and where. Must not know: which item asks, what an answer means.

use super::stretch::begins_at;
use crate::check::prose::Sentence;
use crate::check::registers::at_most;
use crate::words::Duration;
use std::ops::Range;

/// How the sentences of a center answer a pattern, the clearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Saying {
    Said,
    /// It names a longer time than the one that was asked for.
    OtherTime,
    /// It denies the act.
    Denied,
    /// It is there, with a placeholder or a note in it.
    Unfinished,
}

/// A pattern that is looked for in sentences.
pub struct Pattern<'p> {
    groups: Vec<Group<'p>>,
    within: Option<Duration>,
}

/// Bytes between the first word of a match and its last: what is farther apart is about something else.
const NEAR: usize = 90;

enum Group<'p> {
    Words(Vec<&'p str>),
    Not(Vec<&'p str>),
    Duration,
}

impl<'p> Pattern<'p> {
    pub fn new(pattern: &'p str, within: Option<Duration>) -> Pattern<'p> {
        let words = |group: &'p str| group.split('|').map(str::trim_start).collect();
        let group = |group: &'p str| match group {
            "#duration" => Group::Duration,
            _ => match group.strip_prefix('!') {
                Some(rest) => Group::Not(words(rest)),
                None => Group::Words(words(group)),
            },
        };
        Pattern { groups: pattern.split(" + ").map(group).collect(), within }
    }

    /// How a sentence answers, and with which of its words.
    pub fn of(&self, sentence: &Sentence, language: &str) -> Option<(Saying, Range<usize>)> {
        let lower = sentence.lower.as_str();
        let (Group::Words(acts), objects) = (self.groups.first()?, &self.groups[1..]) else { return None };
        let forbidden = |group: &Group| match group {
            Group::Not(words) => words.iter().any(|word| !all(lower, word).is_empty()),
            _ => false,
        };
        if objects.iter().any(forbidden) {
            return None;
        }
        let acts = acts.iter().flat_map(|word| all(lower, word));
        let met: Vec<Met> = acts.filter_map(|act| self.meets(sentence, act)).collect();
        let first = met.first()?;
        if sentence.is_unfinished {
            return Some((Saying::Unfinished, first.words.clone()));
        }
        // One act that is not denied is enough: “we share no more than we said, and we never sell”.
        let Some(said) = met.iter().find(|met| !denied(lower, &met.act, language)) else {
            return Some((Saying::Denied, first.words.clone()));
        };
        let shorter = |limit: &Duration| met.iter().flat_map(|met| &met.durations).any(|length| at_most(length, limit));
        match self.within.as_ref().is_none_or(shorter) {
            true => Some((Saying::Said, said.words.clone())),
            false => Some((Saying::OtherTime, said.words.clone())),
        }
    }

    /// The objects that stand near an act.
    fn meets(&self, sentence: &Sentence, act: Range<usize>) -> Option<Met> {
        let mut met = Met { words: act.clone(), act, durations: Vec::new() };
        for group in &self.groups[1..] {
            let places: Vec<Range<usize>> = match group {
                Group::Words(words) => words.iter().flat_map(|word| all(&sentence.lower, word)).collect(),
                Group::Duration => sentence.durations.iter().map(|(_, at)| *at..*at + 1).collect(),
                Group::Not(_) => continue,
            };
            let distance = |place: &Range<usize>| place.start.abs_diff(met.act.start);
            let nearest = places.into_iter().min_by_key(distance)?;
            met.words = met.words.start.min(nearest.start)..met.words.end.max(nearest.end);
        }
        if met.words.len() > NEAR + met.act.len() {
            return None;
        }
        let near = |at: usize| at.abs_diff(met.act.start) <= NEAR;
        met.durations =
            sentence.durations.iter().filter(|(_, at)| near(*at)).map(|(length, _)| length.clone()).collect();
        Some(met)
    }
}

/// An act and its objects.
struct Met {
    act: Range<usize>,
    words: Range<usize>,
    durations: Vec<Duration>,
}

/// Every place of a word or a phrase. `@` is part of an address, and stands anywhere.
fn all(text: &str, word: &str) -> Vec<Range<usize>> {
    if word == "@" {
        return text.match_indices('@').map(|(at, _)| at..at + 1).collect();
    }
    let (mut from, mut out) = (0, Vec::new());
    while let Some(at) = begins_at(&text[from..], word) {
        out.push(from + at..from + at + word.len());
        from += at + word.len().max(1);
        from = text.ceil_char_boundary(from);
    }
    out
}

/// True if a word that denies stands right before an act, or, in German, right after it.
fn denied(text: &str, act: &Range<usize>, language: &str) -> bool {
    let no = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'');
        match language {
            "es" => matches!(word, "no" | "nunca" | "jamás" | "ni" | "sin" | "tampoco"),
            "fr" => {
                matches!(word, "ne" | "pas" | "jamais" | "aucun" | "aucune" | "sans" | "ni") || word.starts_with("n'")
            }
            "de" => matches!(word, "nicht" | "nie" | "niemals" | "ohne" | "weder") || word.starts_with("kein"),
            "pt" => matches!(word, "não" | "nunca" | "jamais" | "nem" | "sem"),
            _ => {
                matches!(word, "not" | "never" | "no" | "neither" | "nor" | "without" | "cannot" | "refrain")
                    || word.ends_with("n't")
            }
        }
    };
    let stops = |c: char| matches!(c, ',' | ';' | ':' | '.' | '(' | ')' | '·' | '–' | '—');
    let before = text[..act.start].rsplit(stops).next().unwrap_or("");
    let mut near = before.split_whitespace().rev().take(3).collect::<Vec<_>>();
    // “Not only … but also” denies nothing.
    if near.contains(&"only") {
        near.clear();
    }
    let after = text[act.end..].split(stops).next().unwrap_or("");
    let follows = language == "de" && after.split_whitespace().take(6).any(no);
    near.into_iter().any(no) || follows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str, words: &str, language: &str) -> Option<Saying> {
        let sentence = Sentence {
            lower: words.to_lowercase(),
            span: 0..0,
            durations: Vec::new(),
            is_unfinished: words.contains("[NAME]"),
        };
        Pattern::new(pattern, None).of(&sentence, language).map(|(saying, _)| saying)
    }

    #[test]
    fn an_act_and_its_object_meet_in_one_sentence() {
        let pattern = "complain|complaint + supervisory authority";
        for (words, said) in [
            ("You may lodge a complaint with a supervisory authority.", Some(Saying::Said)),
            ("If you are not satisfied, you may complain to a supervisory authority.", Some(Saying::Said)),
            ("If data leaks, we tell the supervisory authority.", None),
            ("You cannot complain to a supervisory authority.", Some(Saying::Denied)),
            ("There is no right to complain to a supervisory authority.", Some(Saying::Denied)),
            ("At no cost you can complain to a supervisory authority.", Some(Saying::Said)),
            (
                "You may complain to us in writing, and we forward whatever reaches us to the offices of the competent supervisory authority.",
                None,
            ),
            ("Complain to [NAME], the supervisory authority.", Some(Saying::Unfinished)),
        ] {
            assert_eq!(of(pattern, words, "en"), said, "{words}");
        }
    }

    #[test]
    fn denials_are_known_in_every_language() {
        for (language, pattern, words) in [
            ("en", "sell|sold + data", "We don't sell your data."),
            ("es", "vend + datos", "No vendemos tus datos."),
            ("fr", "vend + données", "Nous ne vendons pas vos données."),
            ("de", "verkauf + daten", "Wir verkaufen Ihre Daten nicht."),
            ("pt", "vend + dados", "Não vendemos seus dados."),
        ] {
            assert_eq!(of(pattern, words, language), Some(Saying::Denied), "{words}");
        }
    }

    #[test]
    fn words_that_must_not_be_there_are_heeded() {
        let pattern = "train + model|models + !staff";
        assert_eq!(of(pattern, "We train our staff on the newest models.", "en"), None);
        assert_eq!(of(pattern, "We train models on your messages.", "en"), Some(Saying::Said));
    }
}
