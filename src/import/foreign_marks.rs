//! Braces and colons that mean something here and meant nothing where a text comes from.
//!
//! In: a text. Out: the same with those marks escaped. Must not know: dialects, titles.

use super::convert::parse;
use crate::markdown::{Block, BlockKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// Findings that mean: this brace or colon was no expression and no directive where the text comes from.
const NOT_OURS: &[&str] = &[
    "invalid-expression",
    "directive-argument",
    "unclosed-directive",
    "unknown-directive",
    "unknown-fact",
    "unknown-register",
    "unknown-section",
    "unmatched-brace",
    "unnamed-directive",
];

/// Escapes each brace and colon that the parser would take for one of ours; it alone knows what is code.
pub fn escape(text: &mut String, body: usize) -> bool {
    let mut escaped = false;
    for own in ["{{ section.", "{{section."] {
        // The one expression that needs no facts.
        if text[body..].contains(own) {
            *text = format!("{}{}", &text[..body], text[body..].replace(own, &format!("\\{own}")));
            escaped = true;
        }
    }
    // The parser reports so many of one code and no more; every round takes those away.
    for _ in 0..200 {
        let mut findings = Vec::new();
        let parsed = parse(text, body, &mut findings);
        let places: BTreeSet<usize> = findings
            .iter()
            .filter(|finding| NOT_OURS.contains(&finding.code))
            .filter_map(|finding| finding.primary.as_ref())
            .filter_map(|place| mark(text, place.span.start))
            .collect();
        if places.is_empty() {
            break;
        }
        let mut raw = Vec::new();
        raw_html(&parsed.document.blocks, &mut raw);
        for at in places.into_iter().rev() {
            // In raw HTML a backslash would be read.
            if raw.iter().any(|span| span.contains(&at)) || in_tag(text, at) {
                let letter = format!("&#{};", text.as_bytes()[at]);
                text.replace_range(at..at + 1, &letter);
            } else {
                text.insert(at, '\\');
            }
        }
        escaped = true;
    }
    escaped
}

/// The places of blocks of raw HTML.
fn raw_html(blocks: &[Block], spans: &mut Vec<Range<usize>>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Html { .. } => spans.push(block.span.clone()),
            BlockKind::List(list) => list.items.iter().for_each(|item| raw_html(&item.blocks, spans)),
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => raw_html(inner, spans),
            BlockKind::Definitions(definitions) => {
                definitions.iter().flat_map(|definition| &definition.details).for_each(|inner| raw_html(inner, spans));
            }
            _ => {}
        }
    }
}

/// True if a place lies between `<name` and its `>` on one line.
fn in_tag(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line..at];
    before.rfind('<').is_some_and(|open| {
        before[open + 1..].starts_with(|letter: char| letter.is_ascii_alphabetic()) && !before[open..].contains('>')
    })
}

/// The brace or colon at a place, or just before it.
fn mark(text: &str, at: usize) -> Option<usize> {
    let here =
        |at: usize| text.get(at..).is_some_and(|rest| ["{{", "}}", ":::"].iter().any(|mark| rest.starts_with(mark)));
    if here(at) {
        return Some(at);
    }
    let line = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    text[line..at].rfind("{{").or_else(|| text[line..at].rfind(":::")).map(|found| line + found)
}
