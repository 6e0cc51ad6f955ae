//! References to sections by number.
//!
//! In: a text and its clauses. Out: findings at numbers that no clause of the text has, and at numbers that nothing keeps
//! right. Must not know: other documents, versions.
//!
//! Whose section a number names is decided from the words around it. Where another instrument is near, or the text does not
//! count in a way that shows which numbers there are, nothing is said: a false alarm about a reference costs more than a missed one.

use super::piece::{Kind, Piece};
use super::references::family;
use super::{Text, quote};
use crate::clauses::{Clause, Clauses, numerals};
use crate::diagnostic::Diagnostic;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// An abbreviation in capitals is most likely a law or a standard: "FIPPA section 30.1", "Section 5 of the TKG".
static CAPITALS_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\b[A-Z][A-Za-z]*[A-Z]{1,}[A-Z0-9]*(?: \d+)?[)",]* ?$"#).expect("a constant"));
static CAPITALS_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[ ,(]*(?:(?:of|in|under|du|de|des|del|de la|der|des|dem|im) )?(?:(?:the|la|el|le|der|die|das) )?[A-Z][A-Za-z]*[A-Z]{1,}\b")
        .expect("a constant")
});
/// An item behind a number: "7 (v)".
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^ ?\((?P<item>[ivx]{1,5}|[a-z]|\d{1,2})\)").expect("a constant"));

/// Sections as a reader counts them, and where the text refers to them by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbered {
    /// Number and title, in lower case.
    pub sections: Vec<(String, String)>,
    /// Number and place.
    pub references: Vec<(String, Range<usize>)>,
}

/// Where a section of this text is named.
struct Reference<'t> {
    piece: &'t Piece,
    range: Range<usize>,
    number: String,
    item: Option<usize>,
    /// The words themselves say that this text is meant.
    certain: bool,
}

/// Returns also what the text refers to by numbers that nothing keeps right.
pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) -> Numbered {
    let pattern = text.words.pattern("section_ref");
    let articles = text.words.pattern("article_ref");
    if !text.pieces().any(|piece| pattern.is_match(&piece.lower) || articles.is_match(&piece.lower)) {
        return Numbered::default();
    }
    let clauses = Clauses::of(text.work.document);
    let mut references = Vec::new();
    for piece in text.pieces().filter(|piece| !piece.quoted) {
        for pattern in [pattern, articles] {
            references.extend(pattern.captures_iter(&piece.lower).filter_map(|hit| {
                let (whole, number) = (hit.get(0)?, hit.name("n")?);
                own(text, &clauses, piece, whole.range(), number.as_str())
            }));
        }
    }
    report(text, &clauses, &references, findings);
    if references.is_empty() {
        return Numbered::default();
    }
    let titled = clauses.list.iter().filter(|clause| clause.part == 0 && !clause.title.is_empty());
    Numbered {
        sections: titled.map(|clause| (clause.numbers[0].clone(), clause.title.clone())).collect(),
        references: references
            .into_iter()
            .map(|reference| (reference.number, reference.piece.span(reference.range)))
            .collect(),
    }
}

/// A reference, if it surely names a section of this text.
fn own<'t>(
    text: &Text<'t>,
    clauses: &Clauses,
    piece: &'t Piece,
    range: Range<usize>,
    number: &str,
) -> Option<Reference<'t>> {
    let words = text.words;
    let sentence = piece.sentence(range.start);
    let before = &piece.lower[sentence.start..range.start];
    let after = &piece.lower[range.end..];
    // A number that goes on is another number: "12.212-5", "8.1(3)".
    if piece.link(range.start).is_some() || number.split('.').next().is_some_and(|first| first.len() > 2) {
        return None;
    }
    // A heading that says its own number, and a paragraph or an item that begins with it.
    if before.trim().is_empty()
        && (piece.kind == Kind::Heading || after.trim_start().starts_with([':', '.', '-', '–', '—']))
    {
        return None;
    }
    let certain = words.pattern("section_here").is_match(after);
    let named = words.pattern("document_ref").find(&after[..after.floor_char_boundary(60)]);
    if let Some(named) = named {
        let own = text.work.title.map(str::to_lowercase).unwrap_or_default();
        let same =
            words.pattern("document_ref").find(&own).is_some_and(|own| family(own.as_str()) == family(named.as_str()));
        if !same {
            return None;
        }
    }
    let word = &piece.lower[range.clone()];
    let typed = |wanted: &str| clauses.list.iter().any(|clause| clause.heading && clause.word.starts_with(wanted));
    if word.starts_with('§') && !typed("§")
        || !word.starts_with('§') && words.pattern("article_ref").is_match(word) && !certain && !typed("art")
    {
        return None;
    }
    if !certain {
        let foreign = words.pattern("section_law").is_match(after)
            || words.pattern("section_law_before").is_match(before)
            || CAPITALS_BEFORE.is_match(&piece.text[sentence.start..range.start])
            || CAPITALS_AFTER.is_match(&piece.text[range.end..])
            || words.pattern("instrument").is_match(&piece.lower)
            || words.pattern("instrument").is_match(&text.prose.sections[piece.section].title);
        if foreign {
            return None;
        }
    }
    let item = ITEM.captures(after).and_then(|hit| {
        let item = hit.name("item")?.as_str();
        let roman = || item.chars().all(|c| matches!(c, 'i' | 'v' | 'x')).then(|| numerals::of_roman(item)).flatten();
        item.parse().ok().or_else(roman).or_else(|| numerals::of_letter(item))
    });
    Some(Reference { piece, range, number: number.to_string(), item, certain })
}

/// References that lead nowhere, and the first of those that are right until somebody adds a section.
fn report(text: &Text<'_>, clauses: &Clauses, references: &[Reference<'_>], findings: &mut Vec<Diagnostic>) {
    let headings = text.prose.sections.len().saturating_sub(1);
    let typed = text.prose.sections.iter().any(|section| section.typed);
    let mut told = false;
    for reference in references {
        let Reference { piece, range, number, .. } = reference;
        let named = quote(&piece.text[range.clone()]);
        if let Some(help) = missing(clauses, reference, headings) {
            findings.push(
                text.at("unknown-section-number", piece, range.clone(), format!("`{named}` does not exist"))
                    .help(help)
                    .help("refer to the section by its id, `{{ section.ID }}`, which updates its number and title automatically"),
            );
        } else if typed && !told && clauses.numbered(number).next().is_some() {
            told = true;
            let help = "give the heading an id, `## Your rights {#rights}`, and write `{{ section.rights }}`, which stays correct";
            findings.push(
                text.at(
                    "hard-coded-section-number",
                    piece,
                    range.clone(),
                    format!("`{named}` becomes wrong when a section is added or moved"),
                )
                .help(help),
            );
        }
    }
}

/// Returns the clauses that the text has instead, if it surely has no such clause.
fn missing(clauses: &Clauses, reference: &Reference<'_>, headings: usize) -> Option<String> {
    let Reference { number, item, certain, .. } = reference;
    let mut there = clauses.numbered(number).peekable();
    if there.peek().is_some() {
        let item = item.filter(|_| *certain)?;
        let items = there.map(|clause| clause.items).max().filter(|items| *items >= 2)?;
        // Items that are typed as paragraphs are not counted with the list.
        let typed = |clause: &Clause| clause.numbers[0].starts_with(|c: char| c.is_ascii_alphabetic());
        let nested = clauses.last_below(number).is_some() || clauses.list.iter().any(typed);
        return (item > items && !nested).then(|| format!("section {number} has {items} items"));
    }
    if clauses.list.is_empty() {
        return (*certain && headings >= 3).then(|| "no section of this text has a number".to_string());
    }
    // The main text and a schedule count apart, and either may be meant.
    if clauses.parts > 0 && !certain {
        return None;
    }
    let (above, own) = match number.rsplit_once('.') {
        Some((above, own)) => (Some(above), own),
        None => (None, number.as_str()),
    };
    let last = clauses.last()?;
    if number.split('.').next()?.parse::<usize>().ok()? > last {
        return Some(format!("this text has the sections 1 to {last}"));
    }
    let below = clauses.last_below(above?)?;
    (own.parse::<usize>().ok()? > below)
        .then(|| format!("section {} has the numbers up to {below}", above.unwrap_or("")))
}
