//! Sentences against the patterns of an item: the act and its object in one sentence, a denial told from a promise.
//!
//! In: sentences, patterns. Out: [`Said`]. Must not know: which item asks, what an answer means.

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

/// What is looked for in sentences.
pub struct Pattern<'p> {
    groups: Vec<Group<'p>>,
    within: Option<Duration>,
}

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

    pub fn of(&self, sentence: &Sentence, language: &str) -> Option<Saying> {
        let lower = sentence.lower.as_str();
        let Some(Group::Words(acts)) = self.groups.first() else { return None };
        let acts: Vec<Range<usize>> = acts.iter().flat_map(|word| all(lower, word)).collect();
        if acts.is_empty() {
            return None;
        }
        let object = |group: &Group| match group {
            Group::Words(words) => words.iter().any(|word| !all(lower, word).is_empty()),
            Group::Not(words) => words.iter().all(|word| all(lower, word).is_empty()),
            Group::Duration => !sentence.durations.is_empty(),
        };
        if !self.groups[1..].iter().all(object) {
            return None;
        }
        if sentence.is_unfinished {
            return Some(Saying::Unfinished);
        }
        // One act that is not denied is enough: “we share no more than we said, and we never sell”.
        if acts.iter().all(|act| denied(lower, act, language)) {
            return Some(Saying::Denied);
        }
        let longer = |limit: &Duration| !sentence.durations.iter().any(|length| at_most(length, limit));
        match self.within.as_ref().is_some_and(longer) {
            true => Some(Saying::OtherTime),
            false => Some(Saying::Said),
        }
    }
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
        Pattern::new(pattern, None).of(&sentence, language)
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
