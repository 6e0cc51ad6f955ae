//! How long data is kept: periods that say nothing, and periods that differ from the register.
//!
//! In: a text. Out: findings in what it says about keeping. Must not know: which periods a law asks for.

use super::numbers::{lengths, same};
use super::piece::{Kind, Piece};
use super::{Text, quote};
use crate::center::register::{KeepFact, Row, Value};
use crate::diagnostic::Diagnostic;
use crate::words::{Duration, Unit};

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    vague(text, findings);
    differs(text, findings);
}

/// “As long as necessary”, and nothing else.
fn vague(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    // Whether a section says a time anywhere, by section.
    let mut told: Vec<Option<bool>> = vec![None; text.prose.sections.len()];
    let listed = text.register("retention").is_some_and(|register| !register.rows.is_empty());
    for piece in text.sayings() {
        let Some(_) = words.pattern("retention_vague").find(&piece.lower) else { continue };
        for sentence in &piece.sentences {
            let lower = &piece.lower[sentence.clone()];
            // One sentence may leave two times open.
            let hits: Vec<_> = words.pattern("retention_vague").find_iter(lower).map(|hit| hit.range()).collect();
            if hits.is_empty() || !words.pattern("retention_verb").is_match(lower) {
                continue;
            }
            // Said in the same item; elsewhere in the section; or by the list that follows.
            let says = || text.prose.of_section(piece.section).iter().any(|other| has_period(text, other));
            let answered = listed
                || words.pattern("retention_criterion").is_match(lower)
                || match piece.kind {
                    Kind::Item => has_period(text, piece),
                    _ => *told[piece.section].get_or_insert_with(says),
                };
            if answered {
                continue;
            }
            for hit in hits {
                let range = sentence.start + hit.start..sentence.start + hit.end;
                let message = format!("`{}` does not tell the reader how long", quote(&piece.text[range.clone()]));
                findings.push(
                    text.at("retention-vague", piece, range, message)
                        .help("say the time for each kind of data, or what decides it: “90 days”, “until the account is closed, and 30 days more”")
                        .help("a table does it best: content/retention.toml, and `:::register retention` in the text"),
                );
            }
        }
    }
}

fn has_period(text: &Text<'_>, piece: &Piece) -> bool {
    lengths(text, piece, 0..piece.text.len())
        .iter()
        .any(|length| length.duration.unit != Unit::Hour || length.duration.count >= 24)
}

/// A period next to a kind of data that the register keeps for another time.
fn differs(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(register) = text.register("retention") else { return };
    let words = text.words;
    let rows: Vec<(&Row, Vec<String>, Vec<Duration>)> = register
        .rows
        .iter()
        .filter_map(|row| {
            let data = text.field(register, row, "data")?;
            let Some(Value::Keep(keep)) = row.value("keep") else { return None };
            let periods = periods(keep);
            (!periods.is_empty()).then(|| (row, stems(&data), periods))
        })
        .collect();
    for piece in text.sayings().filter(|piece| matches!(piece.kind, Kind::Item | Kind::Paragraph)) {
        if !text.prose.is_about(piece, words.pattern("retention_topic")) {
            continue;
        }
        for sentence in &piece.sentences {
            let lower = &piece.lower[sentence.clone()];
            let found = lengths(text, piece, sentence.clone());
            if found.is_empty()
                || words.pattern("response_context").is_match(lower)
                || words.pattern("notice_context").is_match(lower)
            {
                continue;
            }
            // An item is about what it begins with; a sentence of a paragraph about what it names.
            let about = if piece.kind == Kind::Item { 0..piece.lower.len() } else { sentence.clone() };
            let Some((row, _, periods)) = best(&rows, &stems(&piece.lower[about])) else { continue };
            if found.iter().any(|length| periods.iter().any(|period| same(period, &length.duration))) {
                continue;
            }
            let length = &found[0];
            let told = text.field(register, row, "keep").unwrap_or_default();
            findings.push(
                text.at(
                    "retention-mismatch",
                    piece,
                    length.range.clone(),
                    format!(
                        "`{}` here, and `retention.{}` says {told}",
                        quote(&piece.text[length.range.clone()]),
                        row.id
                    ),
                )
                .also(&register.path, row.span.clone(), "the register")
                .help(format!("write `{{{{ retention.{}.keep }}}}` here, so that both are one", row.id)),
            );
        }
    }
}

fn periods(keep: &KeepFact) -> Vec<Duration> {
    match keep {
        KeepFact::Exact(period) | KeepFact::AtMost(period) => vec![period.clone()],
        KeepFact::Range(low, high) => vec![low.clone(), high.clone()],
        KeepFact::Event { offset, .. } => vec![offset.clone()],
        KeepFact::Criterion { plus, .. } => plus.iter().cloned().collect(),
        KeepFact::Indefinite => Vec::new(),
    }
}

/// The row whose words stand in the sentence, if one fits better than all others.
fn best<'a>(
    rows: &'a [(&'a Row, Vec<String>, Vec<Duration>)],
    said: &[String],
) -> Option<&'a (&'a Row, Vec<String>, Vec<Duration>)> {
    let score = |data: &[String]| {
        let there = data.iter().filter(|word| said.contains(word)).count();
        if there > 0 && there * 3 >= data.len() * 2 { there } else { 0 }
    };
    let mut scored: Vec<(usize, usize)> = rows
        .iter()
        .enumerate()
        .map(|(index, (_, data, _))| (score(data), index))
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by(|a, b| b.cmp(a));
    match scored.as_slice() {
        [(_, index)] => rows.get(*index),
        [(first, index), (second, _), ..] if first > second => rows.get(*index),
        _ => None,
    }
}

/// The beginnings of words that carry meaning.
fn stems(words: &str) -> Vec<String> {
    const EMPTY: &[&str] =
        &["data", "datos", "données", "daten", "information", "records", "your", "and", "for", "the", "información"];
    words
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 && !EMPTY.contains(word))
        .map(|word| word.chars().take(6).collect::<String>().trim_end_matches('s').to_string())
        .collect()
}
