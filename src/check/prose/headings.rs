//! Numbers that authors typed before headings, and titles that stand twice.
//!
//! In: a text. Out: findings at headings. Must not know: levels and empty sections, which need no words.

use super::piece::Kind;
use super::view::{Section, typed_number};
use super::{Text, quote};
use crate::clauses::Clauses;
use crate::diagnostic::Diagnostic;
use std::cell::LazyCell;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    doubled(text, findings);
    sequence(text, findings);
    title_twice(text, findings);
}

/// `1. 01Information`, or a typed number where numbering is automatic.
fn doubled(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    for section in &text.prose.sections {
        let Some(piece) = section.piece.map(|at| &text.prose.pieces[at]) else { continue };
        // An item of a list may begin with a quantity: "1. 1 percent of the fees".
        let has_number = !section.typed && section.number.is_some();
        let (first, rest) = typed_number(&piece.text);
        let rest = if has_number || first.is_none() { piece.text.as_str() } else { rest };
        if piece.number.is_some() || first.is_none() && !has_number {
            continue;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let behind = rest[digits..].trim_start();
        let own = section.number.as_deref().unwrap_or("");
        let typed = &rest[..digits];
        let second = typed.trim_end_matches('.');
        // A quantity has no zero before it, no dot after it, and a blank before the word.
        let is_number = typed.starts_with('0') || typed.contains('.') || behind.len() == rest.len() - digits;
        let same =
            second.trim_start_matches('0') == own || (second.contains('.') && behind.len() < rest.len() - digits);
        if digits == 0 || digits > 8 || !same || !is_number || !behind.starts_with(char::is_uppercase) {
            continue;
        }
        let start = piece.text.len() - rest.len();
        let range = start..start + digits;
        let words = quote(&piece.text[start..]);
        findings.push(
            text.at(
                "duplicate-heading-number",
                piece,
                range,
                format!("the heading `{words}` already has the number {own}"),
            )
            .help(format!("write `{}` alone", quote(behind))),
        );
    }
}

/// Typed numbers follow one another. A number is missing only if no other clause has it: a section may be an item or a
/// paragraph in one place and a heading in another.
fn sequence(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let mut last: Vec<Option<(u32, &Section)>> = Vec::new();
    let marked = |section: &Section| section.piece.is_some_and(|at| is_marked(text, &text.prose.pieces[at]));
    // Where headings have their marks, a line that only looks like one counts something of its own.
    let only_marked = text.prose.sections.iter().any(|section| section.typed && marked(section));
    let clauses = LazyCell::new(|| Clauses::of(text.work.document));
    for section in &text.prose.sections {
        let Some(piece) = section.piece.map(|at| &text.prose.pieces[at]) else { continue };
        // Markdown counts the items of a list itself.
        if piece.number.is_some() || (only_marked && !marked(section)) {
            continue;
        }
        let Some(number) = section.number.as_ref().filter(|_| section.typed) else { continue };
        let mut parts: Vec<u32> = number.split('.').filter_map(|part| part.parse().ok()).collect();
        // "3.0" is the third section.
        if parts.len() > 1 && parts.last() == Some(&0) {
            parts.pop();
        }
        let Some((&own, around)) = parts.split_last() else { continue };
        let depth = around.len();
        if own > 200 {
            continue;
        }
        last.resize(last.len().max(depth + 1), None);
        let before = last[depth];
        last[depth] = Some((own, section));
        last.truncate(depth + 1);
        let Some((previous, other)) = before else { continue };
        // Starting again at one is a part of its own.
        if own == previous + 1 || own == 1 || (own == 0 && previous != 0) {
            continue;
        }
        let Some(other) = other.piece.map(|at| &text.prose.pieces[at]) else { continue };
        let between = |number: u32| {
            let path = around.iter().chain([&number]).map(u32::to_string).collect::<Vec<_>>().join(".");
            clauses.numbered(&path).next().is_some()
        };
        if own > previous + 1 && (previous + 1..own).all(between) {
            continue;
        }
        let message = match own == previous {
            true if !marked(section) => continue,
            true => format!("two headings have the number {number}"),
            false => format!("heading {number} follows heading {previous}"),
        };
        findings.push(
            text.at("heading-number-out-of-order", piece, 0..piece.text.len(), message)
                .also(text.work.path, other.span(0..other.text.len()), "the one before")
                .help("remove the typed numbers and add numbering = \"decimal\" to the front matter")
                .help("or, if you removed a section, check for references to its number"),
        );
    }
}

/// True if a heading has its Markdown marks, and was not only taken for one.
fn is_marked(text: &Text<'_>, piece: &super::piece::Piece) -> bool {
    let start = piece.span(0..1).start;
    let line = text.work.source[..start].rfind('\n').map_or(0, |at| at + 1);
    piece.kind == Kind::Heading && text.work.source[line..].starts_with('#')
}

/// The title as a line of the text, as pages copy it along with their menus.
fn title_twice(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let same = |a: &str, b: &str| {
        let words = |text: &str| {
            text.to_lowercase()
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(String::from)
                .collect::<Vec<_>>()
        };
        let (a, b) = (words(a), words(b));
        let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
        !short.is_empty() && long.len() <= short.len() + 1 && short.iter().all(|word| long.contains(word))
    };
    let mut first: Option<&str> = text.work.title;
    for piece in text.pieces().take(3) {
        let line = piece.text.lines().next().unwrap_or("").trim();
        let short = line.split_whitespace().count() <= 6 && !line.ends_with(['.', ':', '?', '!']);
        if !short || !matches!(piece.kind, Kind::Paragraph | Kind::Heading) {
            break;
        }
        match first {
            // A heading of the first level is a finding of its own.
            Some(title) if same(title, line) && !is_marked(text, piece) => {
                let start = piece.text.find(line).unwrap_or(0);
                findings.push(
                    text.at(
                        "title-repeated",
                        piece,
                        start..start + line.len(),
                        format!("`{}` repeats the title", quote(line)),
                    )
                    .help("remove this line: the title in the front matter is the heading of the page"),
                );
                break;
            }
            Some(_) => {}
            None => first = Some(line),
        }
    }
}
