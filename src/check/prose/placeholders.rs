//! Words that were never filled in: `[COMPANY NAME]`, `${company}`, a line to write on.
//!
//! In: a text. Out: an error where nothing else can be meant, because it is published as it stands; a warning where an author
//! may mean it. Must not know: any fact that could stand there.
//!
//! A name of a cookie, a label of a screen and the signature line of a form are finished text, whatever they look like.

use super::lexicon::{Notes, notes};
use super::piece::{Kind, Piece};
use super::view::Prose;
use super::{Text, quote, weighing};
use crate::clauses::label;
use crate::diagnostic::{Diagnostic, Severity};
use crate::markdown::Document;
use std::ops::Range;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let notes = notes();
    let mut in_form = false;
    for piece in text.pieces() {
        in_form |= opens_form(piece);
        if !piece.text.contains(['[', '{', '$', '%', '<', '_', '.', '…', 'Y', 'M', 'A', 'E', 'm', 'y', 'e']) {
            continue;
        }
        let mut taken: Vec<Range<usize>> = Vec::new();
        for (range, what) in found(notes, piece) {
            if taken.iter().any(|other| other.start < range.end && range.start < other.end) {
                continue;
            }
            taken.push(range.clone());
            if is_shown(notes, text, piece, &range) {
                continue;
            }
            let words = quote(&piece.text[range.clone()]);
            let certain = match what {
                What::Filler => true,
                // Those who sign an annex fill it in.
                What::Name | What::Blank if in_form => continue,
                What::Name => notes.form_words.is_match(&piece.text[range.clone()]),
                What::Template => !names_an_object(text, piece),
                What::Reserved | What::Example => false,
                What::Blank if is_drawn(notes, text, piece, &range) => continue,
                What::Blank => false,
            };
            let finding = match what {
                What::Filler => text
                    .at("placeholder-left", piece, range, format!("`{words}` is a placeholder"))
                    .help("write the text, or remove it"),
                What::Blank => text
                    .at("placeholder-left", piece, range, "the text contains a blank to fill in")
                    .help("fill it in; a fact goes in braces, such as `{{ organization.address }}`"),
                What::Reserved => text
                    .at(
                        "placeholder-left",
                        piece,
                        range,
                        format!("`{words}` is an example: the name is reserved for documentation"),
                    )
                    .help("write your own address, or put an intended example in backticks"),
                What::Name | What::Template | What::Example => text
                    .at("placeholder-left", piece, range, format!("`{words}` was not filled in"))
                    .help("fill it in; a fact goes in braces, such as `{{ organization.legal_name }}`")
                    .help("put intended brackets in backticks"),
            };
            findings.push(if certain { finding } else { weighing(finding, Severity::Warning) });
        }
    }
}

/// The places in a document that were never filled in; places are bytes of its file. Examples are not among them.
pub fn places(document: &Document) -> Vec<Range<usize>> {
    let prose = Prose::new(document);
    let mut places = Vec::new();
    for piece in &prose.pieces {
        let hits = found(notes(), piece)
            .into_iter()
            .filter(|(_, what)| matches!(what, What::Name | What::Template | What::Blank));
        places.extend(hits.map(|(range, _)| piece.span(range)));
    }
    places.sort_by_key(|place| place.start);
    places.dedup();
    places
}

#[derive(Clone, Copy)]
enum What {
    /// Brackets around the words of a form.
    Name,
    /// A mark that a template engine would have replaced.
    Template,
    /// A name that stands for any, such as `yourdomain.com`.
    Example,
    Filler,
    Blank,
    Reserved,
}

/// True if the words show something instead of standing for it: a part of a name, a label of a screen, a quotation.
fn is_shown(notes: &Notes, text: &Text<'_>, piece: &Piece, range: &Range<usize>) -> bool {
    let (before, after) = (&piece.text[..range.start], &piece.text[range.end..]);
    let joins = |c: char| matches!(c, '-' | '_' | '/' | '\\' | '=' | '@' | '~' | '#' | ':') || c.is_ascii_digit();
    let is_blank = piece.text[range.clone()].starts_with(['_', '.', '…']);
    if !is_blank {
        let braces = piece.text[range.clone()].starts_with('{');
        let joined = before.chars().next_back().is_some_and(|c| joins(c) && c != ':' || braces && c.is_alphanumeric())
            || after.chars().next().is_some_and(|c| joins(c) && c != ':' || braces && c.is_alphanumeric())
            || after.starts_with('.') && after[1..].starts_with(char::is_alphanumeric);
        if joined || piece.in_quotes(range) {
            return true;
        }
    }
    let sentence = piece.sentence(range.start);
    let start = piece.text[..range.start].rfind('\n').map_or(sentence.start, |line| (line + 1).max(sentence.start));
    !is_blank && notes.interface.is_match(&piece.lower[start..range.start])
        || text.prose.sections[piece.section].title.contains("template")
}

/// True where cells and sections list names, of cookies for instance, whose braces stand for a part that varies.
fn names_an_object(text: &Text<'_>, piece: &Piece) -> bool {
    let cookies = |words: &str| words.contains("cookie") || words.contains("local storage");
    piece.kind == Kind::Cell || cookies(&piece.lower) || cookies(&text.prose.sections[piece.section].title)
}

/// True if a piece opens an annex, a schedule or a form: the line that names it is short.
fn opens_form(piece: &Piece) -> bool {
    let line = piece.text.lines().next().unwrap_or("").trim();
    let short =
        line.split_whitespace().count() <= 10 && !line.ends_with(['.', ';', ',']) || piece.kind == Kind::Heading;
    short && matches!(piece.kind, Kind::Heading | Kind::Paragraph | Kind::Item) && label::part(line).is_some()
}

/// True for a line that is no blank: the leader of a table of contents, a rule, a pause.
fn is_drawn(notes: &Notes, text: &Text<'_>, piece: &Piece, range: &Range<usize>) -> bool {
    let start = piece.text[..range.start].rfind('\n').map_or(0, |line| line + 1);
    let end = piece.text[range.end..].find('\n').map_or(piece.text.len(), |line| range.end + line);
    let (before, after) = (piece.lower[start..range.start].trim(), piece.lower[range.end..end].trim());
    let leader = !after.is_empty() && after.chars().all(|c| c.is_ascii_digit());
    let words = |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    let dots = piece.text[range.clone()].starts_with(['.', '…']) && !after.is_empty();
    let titled = || {
        let mut section = Some(piece.section);
        while let Some(around) = section.map(|at| &text.prose.sections[at]) {
            if label::part(&around.title).is_some() || notes.form_titles.is_match(&around.title) {
                return true;
            }
            section = around.parent;
        }
        false
    };
    leader || dots || words(before) + words(after) == 0 || piece.kind == Kind::Cell || titled()
}

fn found(notes: &'static Notes, piece: &Piece) -> Vec<(Range<usize>, What)> {
    let mut out = Vec::new();
    for hit in notes.capitals.find_iter(&piece.text).chain(notes.bracket_words.find_iter(&piece.text)) {
        let after = piece.text[hit.end()..].chars().next();
        // A link of Markdown that was not closed, or a letter that was changed in a quotation: [T]he.
        if matches!(after, Some('(' | '[' | ':')) || after.is_some_and(char::is_alphanumeric) {
            continue;
        }
        if notes.meant.is_match(hit.as_str()) || piece.link(hit.start()).is_some() {
            continue;
        }
        out.push((hit.range(), What::Name));
    }
    let paths = |hit: &str| hit.starts_with('%') && notes.variables.is_match(hit);
    let template = notes.template.find_iter(&piece.text).filter(|hit| !paths(hit.as_str()));
    out.extend(template.map(|hit| (hit.range(), What::Template)));
    out.extend(notes.names.find_iter(&piece.text).map(|hit| (hit.range(), What::Example)));
    // Addresses are rare, and their pattern begins with anything.
    if piece.text.contains('.')
        && ["your", "my", "domain", "site", "empresa", "votre", "firma"].iter().any(|part| piece.lower.contains(part))
    {
        out.extend(notes.hosts.find_iter(&piece.text).map(|hit| (hit.range(), What::Example)));
    }
    out.extend(notes.fillers.find_iter(&piece.lower).map(|hit| (hit.range(), What::Filler)));
    for hit in notes.blank.find_iter(&piece.text) {
        out.push((hit.range(), What::Blank));
    }
    let reserved = piece.lower.contains("example.").then_some(&notes.reserved);
    for hit in reserved.into_iter().flat_map(|reserved| reserved.find_iter(&piece.text)) {
        let sentence = &piece.lower[piece.sentence(hit.start())];
        let example = ["e.g", "such as", "example,", "for example", "ejemplo", "exemple", "beispiel", "like "];
        let bracketed = piece.text[..hit.start()].ends_with('(') && piece.text[hit.end()..].starts_with(')');
        if !bracketed && !example.iter().any(|word| sentence.contains(word)) {
            out.push((hit.range(), What::Reserved));
        }
    }
    out
}
