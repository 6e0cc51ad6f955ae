//! Checks that a notice says how people are notified of its changes, with a channel and a time.
//!
//! In: a text. Out: a finding where it says nothing of its changes, or promises to tell without saying how or when.
//! Must not know: the ledger; days that differ have a file of their own.

use super::numbers::lengths;
use super::piece::{Kind, Piece};
use super::{Genre, Text, quote, whole_words};
use crate::diagnostic::Diagnostic;

/// A shorter sentence names a section, in a table of contents.
const SENTENCE: usize = 6;

/// Shorter texts are a beginning, or a part of something.
const SHORTEST: usize = 200;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    if text.genre != Genre::Notice {
        return;
    }
    let words = text.words;
    let (topic, context, subject) =
        (words.pattern("changes_topic"), words.pattern("notice_context"), words.pattern("notice_subject"));
    // By section: a section is about it if one around it is, and those stand before it.
    let mut of_section: Vec<bool> = Vec::with_capacity(text.prose.sections.len());
    for section in &text.prose.sections {
        let around = section.parent.and_then(|at| of_section.get(at).copied()).unwrap_or(false);
        of_section.push(around || topic.is_match(&section.title));
    }
    let about = |piece: &Piece| of_section.get(piece.section).copied().unwrap_or(false);
    let says = |lower: &str| context.is_match(lower) && subject.is_match(lower);
    let told: Vec<&Piece> =
        text.sayings().filter(|piece| about(piece) || (piece.kind != Kind::Cell && says(&piece.lower))).collect();
    if told.is_empty() {
        let count: usize = text.sayings().map(|piece| piece.text.split_whitespace().count()).sum();
        // Supplements and cookie pages stand beside the text that says it.
        let policy = title(text).is_some_and(|title| {
            let title = title.to_lowercase();
            let named = words.pattern("document_ref").is_match(&title);
            named && !title.contains("cookie")
        });
        let heading = of_section.contains(&true);
        if let Some(last) = text.prose.pieces.last().filter(|_| count >= SHORTEST && !heading && policy) {
            findings.push(
                text.at("missing-change-process", last, last.text.len()..last.text.len(), "the text does not say how people are told when it changes")
                    .help("add a section, such as `## Changes {#changes}`: by which channel, and `{{ notice }}` before a change takes effect"),
            );
        }
        return;
    }
    // What a sentence says is surer than what a paragraph may speak of.
    let surely = |piece: &Piece| piece.sentences.iter().any(|sentence| says(&piece.lower[sentence.clone()]));
    let told: Vec<&Piece> = told.into_iter().filter(|piece| about(piece) || surely(piece)).collect();
    vague(text, &told, findings);
}

/// The title, or the first line where a text has none.
fn title<'t>(text: &Text<'t>) -> Option<&'t str> {
    const SHORT: usize = 6;
    let first = || text.pieces().next().and_then(|piece| piece.text.lines().next());
    text.work.title.or_else(|| first().filter(|line| line.split_whitespace().count() <= SHORT))
}

/// “We will provide additional notice”: by what, and when?
fn vague(text: &Text<'_>, told: &[&Piece], findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let concrete = |piece: &&Piece| {
        words.pattern("channel_any").is_match(&piece.lower) || !lengths(text, piece, 0..piece.text.len()).is_empty()
    };
    if told.iter().any(concrete) {
        return;
    }
    let promise = told.iter().find_map(|piece| {
        piece.sentences.iter().find_map(|sentence| {
            let lower = &piece.lower[sentence.clone()];
            let named = words.pattern("document_ref").find_iter(lower).map(|hit| hit.range()).collect::<Vec<_>>();
            // “Changes to this privacy notice” promises nothing.
            let hit = words
                .pattern("channel_sentence")
                .find_iter(lower)
                .find(|hit| !named.iter().any(|name| name.start <= hit.start() && hit.end() <= name.end))?;
            let denied = words.pattern("negation").is_match(lower);
            let short = lower.split_whitespace().count() < SENTENCE;
            (!denied && !short).then(|| (*piece, sentence.start + hit.start()..sentence.start + hit.end()))
        })
    });
    let Some((piece, range)) = promise else { return };
    let range = whole_words(piece, range);
    findings.push(
        text.at(
            "vague-change-process",
            piece,
            range.clone(),
            format!("`{}` names neither a channel nor a notice period", quote(&piece.text[range])),
        )
        .help("name the channel and the period: “by email, at least {{ notice }} before it takes effect”"),
    );
}
