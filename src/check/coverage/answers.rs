//! Answers of items: facts before sentences, and hints that are no answers.
//!
//! In: an item, and what is known. Out: its outcome, or what is lacking. Must not know: when an item is asked.

use super::facts::{self, Fact};
use super::matching::{Pattern, Saying};
use super::stretch::{Stretch, begins};
use super::{ItemStatus, Look, Outcome, Spoken, base};
use crate::law::{Item, LookIn, Practice};
use crate::words::Duration;
use std::collections::BTreeMap;
use std::ops::Range;

/// The outcome of an item, or what is lacking.
pub fn answer(look: &Look, item: &Item, code: &str) -> Result<ItemStatus, Vec<String>> {
    let known = match by_facts(look, item, code) {
        Known::Status(status) => return Ok(status),
        Known::Short(known) => known,
    };
    let rest = if known.partly { more(&known.lacking) } else { String::new() };
    if let Some((outcome, spoken, detail)) = by_sentences(look, item) {
        // Where some facts are there and others not, a sentence proves little.
        let outcome = if known.partly && outcome == Outcome::Found { Outcome::Unclear } else { outcome };
        return Ok((outcome, Some(look.place(spoken)), detail + &rest));
    }
    if let Some(stretch) = look.stretches.iter().find(|stretch| item.sections.contains(&stretch.id)) {
        let detail = format!("the section `{}` may answer; no sentence in it was recognized{rest}", stretch.id);
        return Ok((Outcome::Unclear, Some(stretch.place()), detail));
    }
    if let Some((stretch, words)) = by_words(look, &item.hints) {
        let detail = format!("only words point to it: {words}{}", more(&known.lacking));
        return Ok((Outcome::Unclear, Some(stretch.place()), detail));
    }
    match known.hint {
        Some(hint) => Ok((Outcome::Unclear, None, hint)),
        None => Err(known.lacking),
    }
}

/// A pattern for people: “complain” … “authority”.
pub fn shown(pattern: &str) -> String {
    let first = |group: &str| group.split('|').next().unwrap_or_default().trim().to_string();
    let groups = pattern.split(" + ").filter(|group| !group.starts_with('!'));
    let words = groups.map(|group| match group {
        "#duration" => "a length of time".to_string(),
        "@" => "an address".to_string(),
        _ => format!("“{}”", first(group)),
    });
    words.collect::<Vec<_>>().join(" … ")
}

fn more(lacking: &[String]) -> String {
    if lacking.is_empty() { String::new() } else { format!("; not there: {}", lacking.join("; ")) }
}

enum Known {
    Status(ItemStatus),
    Short(MissingFacts),
}

/// Facts that do not answer an item.
struct MissingFacts {
    /// The fact is known, but no text states it.
    hint: Option<String>,
    lacking: Vec<String>,
    /// Others are there.
    partly: bool,
}

/// All facts there; else what hints at an answer, and what is lacking.
fn by_facts(look: &Look, item: &Item, code: &str) -> Known {
    let (mut place, mut details, mut hint, mut lacking) = (None, Vec::new(), None, Vec::new());
    let mut partly = false;
    for question in &item.facts {
        match facts::fact(look, question, code) {
            Fact::There(found, detail) => {
                partly = true;
                place = place.or(found);
                details.extend(Some(detail).filter(|detail| !detail.is_empty()));
            }
            Fact::SaidNone(why) => return Known::Status((Outcome::NotApplicable, None, why)),
            Fact::Contradicts(why) => return Known::Status((Outcome::Contradictory, None, why)),
            Fact::Untold(why) => {
                hint.get_or_insert(why.clone());
                lacking.push(why);
            }
            Fact::Lacking(what) => lacking.push(what),
        }
    }
    if item.facts.is_empty() || !lacking.is_empty() {
        // What is half there is not untold.
        let hint = hint.filter(|_| lacking.len() == 1);
        return Known::Short(MissingFacts { hint, lacking, partly });
    }
    // A section of its own is the better place to read on.
    let section = look.stretches.iter().find(|stretch| item.sections.contains(&stretch.id)).map(Stretch::place);
    Known::Status((Outcome::Found, section.or(place), details.join("; ")))
}

/// The clearest of the sentences that speak of an item.
fn by_sentences<'l>(look: &'l Look, item: &Item) -> Option<(Outcome, &'l Spoken, String)> {
    let within: Option<Duration> = item.within.as_ref().and_then(|length| length.parse().ok());
    let patterns: BTreeMap<&str, Vec<Pattern>> = item
        .says
        .iter()
        .map(|(language, says)| {
            (language.as_str(), says.iter().map(|says| Pattern::new(says, within.clone())).collect())
        })
        .collect();
    let mut clearest: BTreeMap<Saying, Words> = BTreeMap::new();
    for spoken in look.spoken.iter().filter(|spoken| spoken.is_notice || item.place == LookIn::Anywhere) {
        let language = base(&look.texts[spoken.text].tag);
        for pattern in patterns.get(language).into_iter().flatten() {
            if let Some((saying, at)) = pattern.of(&spoken.sentence, language) {
                clearest.entry(saying).or_insert(Words { spoken, at });
            }
        }
    }
    let question = item.states.filter(|_| !clearest.is_empty());
    if let Some(status) = question.and_then(|question| stated(look, question, &clearest)) {
        return Some(status);
    }
    let (saying, words) = clearest.into_iter().next()?;
    let (spoken, words) = (words.spoken, quote(look, &words));
    Some(match saying {
        Saying::Said => (Outcome::Found, spoken, format!("speaks of it: {words}")),
        Saying::OtherTime => {
            let limit = item.within.as_deref().unwrap_or_default();
            (Outcome::Contradictory, spoken, format!("names a longer time than {limit}: {words}"))
        }
        Saying::Denied if item.or_none => (Outcome::Found, spoken, format!("speaks of it, and denies it: {words}")),
        Saying::Denied => (Outcome::Unclear, spoken, format!("the text denies it: {words}")),
        Saying::Unfinished => (Outcome::Unclear, spoken, format!("a placeholder or a note is in it: {words}")),
    })
}

/// Compares the text with the answer of the company.
fn stated<'l>(
    look: &Look,
    question: Practice,
    clearest: &BTreeMap<Saying, Words<'l>>,
) -> Option<(Outcome, &'l Spoken, String)> {
    let answer = look.center.practice(question);
    let (same, other) = match answer {
        Some(false) => (Saying::Denied, Saying::Said),
        Some(true) => (Saying::Said, Saying::Denied),
        None => {
            let words = clearest.get(&Saying::Said).or_else(|| clearest.get(&Saying::Denied))?;
            return Some((Outcome::Found, words.spoken, format!("speaks of it: {}", quote(look, words))));
        }
    };
    if let Some(words) = clearest.get(&same) {
        return Some((Outcome::Found, words.spoken, format!("speaks of it: {}", quote(look, words))));
    }
    let words = clearest.get(&other)?;
    let answer = answer.unwrap_or_default();
    let detail = format!("`{} = {answer}`, but the text says: {}", question.key(), quote(look, words));
    Some((Outcome::Contradictory, words.spoken, detail))
}

/// A sentence, and the part of it that answers.
struct Words<'l> {
    spoken: &'l Spoken,
    at: Range<usize>,
}

/// A short sentence as it stands in the file; of a long one the words that answer.
fn quote(look: &Look, words: &Words) -> String {
    const LONGEST: usize = 120;
    let sentence = &words.spoken.sentence;
    let source = look.texts[words.spoken.text].source.get(sentence.span.clone());
    let whole = source.unwrap_or(&sentence.lower).split_whitespace().collect::<Vec<_>>().join(" ");
    if whole.chars().count() <= LONGEST {
        return format!("“{whole}”");
    }
    let begin = sentence.lower[..words.at.start].rfind(' ').map_or(0, |at| at + 1);
    let end = sentence.lower[words.at.end..].find(' ').map_or(sentence.lower.len(), |at| words.at.end + at);
    format!("“… {} …”", sentence.lower[begin..end].split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The first stretch that has one of the words for its language.
fn by_words<'l>(look: &'l Look, hints: &BTreeMap<String, Vec<String>>) -> Option<(&'l Stretch, String)> {
    look.stretches.iter().find_map(|stretch| {
        let hint = hints.get(base(&stretch.tag))?.iter().find(|hint| begins(&stretch.words, hint))?;
        Some((stretch, format!("“{hint}”")))
    })
}
