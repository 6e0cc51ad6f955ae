//! Lengths of time in prose, and the rules about deadlines and ages.
//!
//! In: a text. Out: durations with their places; findings where a deadline or an age contradicts what is said elsewhere.
//! Must not know: retention and notice, which have their own files.

use super::lexicon::Lexicon;
use super::piece::{Above, Piece};
use super::{Text, quote, weighing};
use crate::center::register::Value;
use crate::diagnostic::{Diagnostic, Severity};
use crate::words::{self, Duration, Unit};
use std::collections::BTreeMap;
use std::ops::Range;

/// A length of time as it is written.
pub struct Length {
    pub duration: Duration,
    /// Range in the piece.
    pub range: Range<usize>,
    /// Working days, not days of the calendar.
    pub working: bool,
}

/// Every length of time in a part of a piece.
pub fn lengths(text: &Text<'_>, piece: &Piece, within: Range<usize>) -> Vec<Length> {
    lengths_by(text.words, piece, within)
}

/// Lengths of time by the words of a language.
pub fn lengths_by(words: &Lexicon, piece: &Piece, within: Range<usize>) -> Vec<Length> {
    let part = &piece.lower[within.clone()];
    let mut out = Vec::new();
    for hit in words.pattern("duration").captures_iter(part) {
        let (Some(whole), Some(number), Some(unit)) = (hit.get(0), hit.name("n"), hit.name("unit")) else { continue };
        let Some(count) = words.number(number.as_str()) else { continue };
        // The end of a longer number word that the language does not list.
        let before = &part[..whole.start()];
        if before.strip_suffix('-').is_some_and(|rest| rest.ends_with(char::is_alphabetic)) {
            continue;
        }
        let kind = hit.name("kind").map_or("", |kind| kind.as_str());
        let range = within.start + whole.start()..within.start + whole.end();
        out.extend(named(words, count, unit.as_str(), kind, range));
    }
    out
}

/// A number of what a language calls this unit.
pub fn named(words: &Lexicon, count: u32, unit: &str, kind: &str, range: Range<usize>) -> Option<Length> {
    let (name, _) = words.units.iter().find(|(_, names)| names.iter().any(|name| name == unit))?;
    let working = words.pattern("working_days");
    let working = working.is_match(kind.trim()) || working.is_match(unit);
    Some(Length { duration: Duration { count, unit: unit_named(name)? }, range, working })
}

fn unit_named(name: &str) -> Option<Unit> {
    Some(match name {
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    })
}

/// True if two lengths are the same time. A month is not thirty days, but twelve months are a year and a day is 24 hours.
pub fn same(a: &Duration, b: &Duration) -> bool {
    let base = |length: &Duration| {
        let count = u64::from(length.count);
        match length.unit {
            Unit::Hour => (0, count),
            Unit::Day => (0, count * 24),
            Unit::Week => (0, count * 24 * 7),
            Unit::Month => (1, count),
            Unit::Year => (1, count * 12),
        }
    };
    base(a) == base(b)
}

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    deadlines(text, findings);
    breaches(text, findings);
    ages(text, findings);
}

/// “We answer within 30 days” against the deadlines of the rights register.
fn deadlines(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(register) = text.register("rights") else { return over_a_month(text, findings) };
    let rows: Vec<_> = register
        .rows
        .iter()
        .filter_map(|row| match row.value("deadline") {
            Some(Value::Duration(duration)) => Some((row, duration)),
            _ => None,
        })
        .collect();
    if rows.is_empty() {
        return over_a_month(text, findings);
    }
    for (piece, length) in promised_deadlines(text) {
        if rows.iter().any(|(_, deadline)| same(deadline, &length.duration)) {
            continue;
        }
        let (row, deadline) = rows[0];
        let promised = words::duration(text.work.language, deadline);
        findings.push(
            text.at(
                "deadline-mismatch",
                piece,
                length.range.clone(),
                format!(
                    "`{}` here, and `rights.{}.deadline` says {promised}",
                    quote(&piece.text[length.range.clone()]),
                    row.id
                ),
            )
            .also(&register.path, row.span.clone(), "the register")
            .help(format!("write `{{{{ rights.{}.deadline }}}}` here, so that both stay the same", row.id)),
        );
    }
}

/// “We answer within 30 days”, where it is about requests and the only time in its sentence.
fn promised_deadlines<'t>(text: &Text<'t>) -> Vec<(&'t Piece, Length)> {
    let words = text.words;
    let mut out = Vec::new();
    for piece in text.sayings() {
        let about = words.pattern("response_context").is_match(&piece.lower)
            || text.prose.is_about(piece, words.pattern("rights_topic"));
        if !about {
            continue;
        }
        for sentence in &piece.sentences {
            let lower = &piece.lower[sentence.clone()];
            if !words.pattern("response").is_match(lower) || words.pattern("response_other").is_match(lower) {
                continue;
            }
            let found = lengths(text, piece, sentence.clone());
            if found.len() == 1 && !found[0].working {
                out.extend(found.into_iter().map(|length| (piece, length)));
            }
        }
    }
    out
}

/// Without a register of deadlines: more than the month of GDPR Art. 12(3), where no law of the United States gives more.
fn over_a_month(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(settings) = text.work.settings else { return };
    let declared =
        |names: &[&str]| settings.jurisdictions.iter().any(|name| names.contains(&&name[..name.len().min(2)]));
    if !declared(&["eu", "es", "fr", "de", "uk"]) || declared(&["us"]) {
        return;
    }
    for (piece, length) in promised_deadlines(text) {
        let longer = match length.duration.unit {
            Unit::Month => length.duration.count > 1,
            Unit::Year => true,
            Unit::Week => length.duration.count > 4,
            Unit::Day => length.duration.count > 31,
            Unit::Hour => false,
        };
        if longer {
            findings.push(
                text.at(
                    "deadline-differs-from-cited-period",
                    piece,
                    length.range.clone(),
                    format!(
                        "`{}` is longer than the month of {}",
                        quote(&piece.text[length.range]),
                        crate::law::cite("gdpr/12-3")
                    ),
                )
                .help("shorten it; if it includes an extension, state the period without it and explain the extension"),
            );
        }
    }
}

/// Maximum number of letters between a promise and its hours.
const LONGEST: usize = 160;

/// Hours after a breach that are promised to people.
fn breaches(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let breach = words.pattern("breach");
    let titled: Vec<bool> = text.prose.sections.iter().map(|section| breach.is_match(&section.title)).collect();
    let mut above = Above::default();
    let mut spoken: Option<(&Piece, bool)> = None;
    for piece in text.sayings() {
        // “After a breach we will:” above a list says it of every item, as a heading does of what stands below it.
        let intro = above.of(piece);
        if intro.map(|intro| intro as *const Piece) != spoken.map(|(known, _)| known as *const Piece) {
            spoken = intro.map(|intro| (intro, breach.is_match(&intro.lower)));
        }
        let about = titled[piece.section] || spoken.is_some_and(|(_, is)| is);
        if !about && !breach.is_match(&piece.lower) {
            continue;
        }
        for sentence in &piece.sentences {
            let lower = &piece.lower[sentence.clone()];
            if !(about || breach.is_match(lower)) {
                continue;
            }
            let Some(length) =
                lengths(text, piece, sentence.clone()).into_iter().find(|length| length.duration.unit == Unit::Hour)
            else {
                continue;
            };
            // Whom the hours are promised to is named between the promise and them, or behind both.
            let at = length.range.start - sentence.start;
            let told = words.pattern("channel_sentence").find_iter(lower).any(|hit| {
                let rest = &lower[hit.end()..];
                let whom = if hit.end() < at { &lower[hit.end()..at] } else { rest };
                let whom = whom.char_indices().nth(LONGEST).map_or(whom, |(end, _)| &whom[..end]);
                let people = words.pattern("breach_people").find(whom).filter(|people| people.start() < 60);
                people.is_some() && !words.pattern("breach_authority").is_match(whom)
            });
            if !told {
                continue;
            }
            let named = quote(&piece.text[length.range.clone()]);
            findings.push(
                text.at("breach-hours-to-people", piece, length.range.clone(), format!("`{named}` promises people information within hours of a breach"))
                    .help(format!("if you mean the authority, say so: {} speaks of hours for the authority", crate::law::cite("gdpr/33")))
                    .help("if you mean people, make sure that you can keep it on a weekend, and add above it: `<!-- fineprint-suppress breach-hours-to-people reason=\"…\" until=2027-06-01 -->`"),
            );
        }
    }
}

/// Children under 13 here, under 16 there.
fn ages(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let mut first: BTreeMap<u32, (&Piece, Range<usize>)> = BTreeMap::new();
    for piece in text.sayings() {
        for hit in words.pattern("age").captures_iter(&piece.lower) {
            let (Some(whole), Some(number)) = (hit.get(0), hit.name("n")) else { continue };
            let sentence = piece.sentence(whole.start());
            if words.pattern("age_region").is_match(&piece.lower[sentence]) {
                continue;
            }
            if let Some(age) = words.number(number.as_str()) {
                first.entry(age).or_insert((piece, whole.range()));
            }
        }
    }
    let minimum = text.work.facts.and_then(|facts| facts.organization.practices.minimum_age);
    let other = first.iter().find(|(age, _)| minimum.is_some_and(|minimum| minimum != **age));
    if let (Some(minimum), Some((age, (piece, range)))) = (minimum, other.filter(|_| first.len() == 1)) {
        findings.push(
            text.at(
                "ages-mismatch",
                piece,
                range.clone(),
                format!("children are under {age} here, but the organization's `minimum_age` is {minimum}"),
            )
            .help("write `{{ organization.practices.minimum_age }}` here, or correct it under [practices] in content/organization.toml"),
        );
        return;
    }
    let mut places: Vec<_> = first.into_iter().collect();
    places.sort_by_key(|(_, (piece, range))| piece.span(range.clone()).start);
    if let [(one, (before, at)), (other, (piece, range)), ..] = places.as_slice() {
        let finding = text
            .at(
                "ages-mismatch",
                piece,
                range.clone(),
                format!("children are under {other} here but under {one} elsewhere"),
            )
            .also(text.work.path, before.span(at.clone()), format!("{one} here"))
            .help("state one age, or the countries to which each applies");
        findings.push(weighing(finding, Severity::Warning));
    }
}
