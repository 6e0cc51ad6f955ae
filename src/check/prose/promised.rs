//! The notice that a document promises in its own words, for a document whose front matter does not say it yet.
//!
//! In: prose and its language. Out: a length and its unit. Must not know: front matter, findings.

use super::lexicon::Lexicon;
use regex::Regex;
use std::sync::LazyLock;

/// A length in figures, in the languages that have a lexicon.
static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(\d{1,3})\)?[- ](?:calendar )?((?:business|working) days?|days?|weeks?|months?|días? (?:hábiles|laborables)|días?|semanas?|meses|mes|jours? ouvr(?:és|ables)|jours?|semaines?|mois|werktagen?|arbeitstagen?|tagen?|wochen?|monaten?)")
        .expect("a constant")
});

/// The notice of changes that prose promises, such as `15 days`, as front matter writes it.
pub fn promised_notice(tag: &str, prose: &str) -> Option<String> {
    let words = Lexicon::of(tag)?;
    let lower = prose.to_lowercase();
    for sentence in lower.split_inclusive(['.', ';', '!', '?', '\n']) {
        let about = words.pattern("notice_context").is_match(sentence)
            && words.pattern("notice_subject").is_match(sentence)
            && !words.pattern("notice_other").is_match(sentence)
            && words.pattern("notice_lead").is_match(sentence);
        let Some(found) = LENGTH.captures(sentence).filter(|_| about) else { continue };
        let unit = &found[2];
        let has = |marks: &[&str]| marks.iter().any(|mark| unit.contains(mark));
        let unit = if has(&["business", "working", "hábil", "laborab", "ouvr", "werktag", "arbeitstag"]) {
            "business days"
        } else if has(&["week", "seman", "semain", "woche"]) {
            "weeks"
        } else if has(&["month", "mes", "mois", "monat"]) {
            "months"
        } else {
            "days"
        };
        let count = &found[1];
        let unit = if count == "1" { unit.trim_end_matches('s') } else { unit };
        return Some(format!("{count} {unit}"));
    }
    None
}
