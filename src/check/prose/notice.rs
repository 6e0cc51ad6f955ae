//! The notice that prose promises, against the notice that the settings of the document give.
//!
//! In: a text and its front matter. Out: findings where the days or the channels differ. Must not know: the ledger.

use super::numbers::lengths;
use super::{Genre, Text, quote, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use crate::words::Unit;

/// Also the days that the text promises first, and where.
pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) -> Option<(u32, std::ops::Range<usize>)> {
    let words = text.words;
    let mut stated: Option<(u32, std::ops::Range<usize>)> = None;
    for piece in text.sayings() {
        if !words.pattern("notice_context").is_match(&piece.lower) {
            continue;
        }
        for sentence in &piece.sentences {
            let lower = &piece.lower[sentence.clone()];
            if !words.pattern("notice_context").is_match(lower)
                || !words.pattern("notice_subject").is_match(lower)
                || words.pattern("notice_other").is_match(lower)
            {
                continue;
            }
            let found = lengths(text, piece, sentence.clone());
            let Some(length) = found.iter().find(|length| {
                // “15 days before”: the words around the number say that it is notice.
                let from = length.range.start.saturating_sub(sentence.start);
                let near_start = lower.floor_char_boundary(from.saturating_sub(48));
                let near_end = lower.floor_char_boundary(length.range.end - sentence.start + 40);
                length.duration.unit == Unit::Day && words.pattern("notice_lead").is_match(&lower[near_start..near_end])
            }) else {
                continue;
            };
            let days = length.duration.count;
            let named = quote(&piece.text[length.range.clone()]);
            let place = piece.span(length.range.clone());
            if length.working {
                findings.push(weighing(
                    text.at(
                        "notice-in-working-days",
                        piece,
                        length.range.clone(),
                        format!("`{named}` of notice, and notice is counted in days of the calendar"),
                    )
                    .help("promise days of the calendar, such as 14 for ten working days: holidays differ from place to place"),
                    Severity::Warning,
                ));
            }
            if let Some((other, before)) = &stated
                && *other != days
            {
                findings.push(
                    text.at(
                        "notice-days-mismatch",
                        piece,
                        length.range.clone(),
                        format!("`{named}` of notice here, {other} elsewhere in this text"),
                    )
                    .also(text.work.path, before.clone(), format!("{other} here"))
                    .help("promise one number, and write it as `{{ notice_days }}`"),
                );
                continue;
            }
            if stated.is_some() {
                continue;
            }
            stated = Some((days, place));
            let set = text.work.front.notice_days();
            if text.work.facts.is_some() && set != days && text.genre != Genre::Other {
                let from = if text.work.front.notice_days.is_some() {
                    "the front matter says"
                } else {
                    "without `notice_days` it is"
                };
                findings.push(
                    text.at(
                        "notice-days-mismatch",
                        piece,
                        length.range.clone(),
                        format!("the text promises `{named}` of notice, and {from} {set}"),
                    )
                    .help(format!("write notice_days = {days} into the front matter, and `{{{{ notice_days }}}}` here"))
                    .help(format!("or promise {set} days")),
                );
            }
            channels(text, piece, sentence, findings);
        }
    }
    stated
}

/// Ways of telling people that the document's notices do not list.
fn channels(
    text: &Text<'_>,
    piece: &super::piece::Piece,
    sentence: &std::ops::Range<usize>,
    findings: &mut Vec<Diagnostic>,
) {
    let words = text.words;
    if text.work.facts.is_none() {
        return;
    }
    let lower = &piece.lower[sentence.clone()];
    for (pattern, channel) in [("channel_email", "email"), ("channel_app", "in-app")] {
        let Some(hit) = words.pattern(pattern).find(lower) else { continue };
        // The banner of the center's own snippet is shown inside the product.
        let banner = channel == "in-app" && text.work.front.notice_channels.contains(&"banner");
        if banner || text.work.front.notice_channels.contains(&channel) {
            continue;
        }
        let range = sentence.start + hit.start()..sentence.start + hit.end();
        let mut all: Vec<&str> = text.work.front.notice_channels.clone();
        all.push(channel);
        let listed = all.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        findings.push(
            text.at(
                "notice-channel-not-listed",
                piece,
                range.clone(),
                format!(
                    "the text promises notice by `{}`, which `notice_channels` does not list",
                    quote(&piece.text[range])
                ),
            )
            .help(format!("write notice_channels = [{listed}] into the front matter"))
            .help("or remove the channel from the text"),
        );
    }
}
