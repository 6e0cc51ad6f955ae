//! Rules that read prose: what a text leaves open, where it contradicts itself or the facts beside it.
//!
//! In: one working text with its tree and its facts. Out: findings at the words they are about. Must not know: files of other
//! documents, versions, HTML. Frozen versions are not read: what is on record cannot be mended, and its draft is read anyway.
//!
//! [`view`] makes stretches of normalised prose of the tree, [`lexicon`] holds the words of each language, and every other
//! module is one family of rules. A text in a language without a lexicon gets one finding that says so.

mod changes;
mod claims;
mod contacts;
mod cookies;
mod dates;
mod drafting;
mod headings;
mod layers;
mod lexicon;
mod mixed_language;
mod notice;
mod numbers;
mod outdated;
mod piece;
mod placeholders;
mod promised;
mod references;
mod repeats;
mod retention;
mod rights;
mod section_numbers;
mod sentences;
mod separate;
mod unnamed;
mod vendors;
mod view;

pub use dates::{StatedDay, language_of, stated_days};
pub use placeholders::places as placeholders;
pub use promised::promised_notice;
pub use sentences::{Sentence, sentences};

#[cfg(test)]
mod tests;

use crate::center::register::Value;
use crate::center::{FrontMatter, Register, Settings, VersionFacts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::markdown::Document;
use crate::notice::NoticePeriod;
use crate::words::Language;
use jiff::civil::Date;
use lexicon::Lexicon;
use piece::{Kind, Piece};
use rayon::prelude::*;
pub use section_numbers::Numbered;
use std::ops::Range;
use std::sync::Arc;
use view::Prose;

/// Findings of one rule in one text: after so many, more of them help nobody.
const MAX_FINDINGS: usize = 50;

/// One working text and what is known beside it.
pub struct Work<'a> {
    pub path: &'a Arc<str>,
    /// The whole file.
    pub source: &'a str,
    /// The document's folder; empty for a file outside a site.
    pub slug: &'a str,
    pub title: Option<&'a str>,
    pub language: &'a Language,
    pub front: &'a FrontMatter,
    pub document: &'a Document,
    /// None outside a site.
    pub facts: Option<&'a VersionFacts>,
    pub settings: Option<&'a Settings>,
    pub date: Date,
}

/// Claims of a text that are compared with other texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparableClaims {
    /// The notice that it promises before its changes take effect, and where it says so.
    pub notice: Option<(NoticePeriod, Range<usize>)>,
    /// Its sections by number, where it refers to some so.
    pub numbered: Numbered,
}

type Family = fn(&Text<'_>, &mut Vec<Diagnostic>);

/// Every family but those that others ask, too: for days of notice, for references by number.
const FAMILIES: &[Family] = &[
    placeholders::check,
    drafting::check,
    headings::check,
    dates::check,
    claims::check,
    changes::check,
    layers::check,
    separate::check,
    numbers::check,
    retention::check,
    vendors::check,
    cookies::check,
    rights::check,
    contacts::check,
    references::check,
    repeats::check,
    mixed_language::check,
    outdated::check,
];

/// Runs every rule over one text.
pub fn check(work: &Work<'_>, findings: &mut Vec<Diagnostic>) -> ComparableClaims {
    let prose = Prose::new(work.document);
    let lexicon = Lexicon::of(work.language.tag());
    let mut found = Vec::new();
    let Some(words) = lexicon else {
        if !prose.pieces.is_empty() {
            let tag = work.language.tag();
            found.push(
                Diagnostic::new("prose-not-checked", format!("no rule that reads prose knows the language `{tag}`"))
                    .at(work.path, 0..0)
                    .help("read this text with care yourself: such rules know en, es, fr and de"),
            );
        }
        let text = Text::new(work, &prose, Lexicon::all().first().expect("there is English"));
        placeholders::check(&text, &mut found);
        drafting::check(&text, &mut found);
        findings.extend(found);
        return ComparableClaims::default();
    };
    let text = Text::new(work, &prose, words);
    // A long text keeps every processor busy.
    let (families, ((notice, of_notice), (numbered, of_references))) = rayon::join(
        || FAMILIES.par_iter().map(|family| gather(|found| family(&text, found))).collect::<Vec<_>>(),
        || (gather(|found| notice::check(&text, found)), gather(|found| section_numbers::check(&text, found))),
    );
    families.into_iter().for_each(|(_, family)| found.extend(family));
    found.extend(of_notice);
    found.extend(of_references);
    bounded(&mut found);
    findings.extend(found);
    ComparableClaims { notice, numbered }
}

fn gather<T>(run: impl FnOnce(&mut Vec<Diagnostic>) -> T) -> (T, Vec<Diagnostic>) {
    let mut found = Vec::new();
    (run(&mut found), found)
}

fn bounded(findings: &mut Vec<Diagnostic>) {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    findings.retain(|finding| {
        let at = match counts.iter().position(|(code, _)| *code == finding.code) {
            Some(at) => at,
            None => {
                counts.push((finding.code, 0));
                counts.len() - 1
            }
        };
        counts[at].1 += 1;
        counts[at].1 <= MAX_FINDINGS
    });
}

/// Kind of a document, as far as rules need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Genre {
    /// A privacy or cookie notice: it informs.
    Notice,
    /// Terms: they are agreed to.
    Terms,
    Other,
}

/// A text as rules see it.
struct Text<'a> {
    work: &'a Work<'a>,
    prose: &'a Prose,
    words: &'static Lexicon,
    genre: Genre,
}

impl<'a> Text<'a> {
    fn new(work: &'a Work<'a>, prose: &'a Prose, words: &'static Lexicon) -> Text<'a> {
        Text { genre: genre(work, prose, words), work, prose, words }
    }

    fn pieces(&self) -> impl Iterator<Item = &'a Piece> {
        self.prose.pieces.iter()
    }

    /// Stretches that say something themselves: no headings, no quotations of others.
    fn sayings(&self) -> impl Iterator<Item = &'a Piece> {
        self.prose.pieces.iter().filter(|piece| piece.kind != Kind::Heading && !piece.quoted)
    }

    /// A finding at some words of a piece.
    fn at(&self, code: &'static str, piece: &Piece, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.work.path, piece.span(range))
    }

    fn register(&self, name: &str) -> Option<&'a Register> {
        self.work.facts?.registers.get(name).map(|register| &**register)
    }

    /// The words of a row's field in the language of the text.
    fn field(&self, register: &Register, row: &crate::center::register::Row, field: &str) -> Option<String> {
        let value = row.value(field).filter(|value| !matches!(value, Value::Unknown | Value::None))?;
        Some(register.words(self.work.language, field, value))
    }
}

fn genre(work: &Work<'_>, prose: &Prose, words: &Lexicon) -> Genre {
    let first_heading = prose.sections.iter().find(|section| section.level == 1).map(|section| section.title.as_str());
    let slug = work.slug.to_lowercase();
    for name in [work.title, first_heading, Some(&*slug)].into_iter().flatten() {
        let name = name.to_lowercase();
        let terms = words.pattern("terms_kind").is_match(&name) || name.contains("terms");
        let notice =
            words.pattern("notice_kind").is_match(&name) || name.contains("privacy") || name.contains("cookie");
        match (notice, terms) {
            (true, _) => return Genre::Notice,
            (false, true) => return Genre::Terms,
            _ => {}
        }
    }
    let mentions =
        prose.pieces.iter().take(60).filter(|piece| words.pattern("notice_kind").is_match(&piece.lower)).count();
    if work.title.is_none() && mentions >= 3 { Genre::Notice } else { Genre::Other }
}

/// Words of the text for a message, cut where they get long.
fn quote(text: &str) -> String {
    const LONGEST: usize = 64;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    match words.char_indices().nth(LONGEST) {
        None => words,
        Some((end, _)) => {
            let cut = words[..end].rfind(' ').filter(|cut| *cut > end / 2).unwrap_or(end);
            format!("{} …", &words[..cut])
        }
    }
}

/// The range up to the end of its last word.
fn whole_words(piece: &Piece, range: Range<usize>) -> Range<usize> {
    let rest = &piece.text[range.end..];
    let inside = piece.text[..range.end].chars().next_back().is_some_and(char::is_alphanumeric);
    let more = if inside { rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()) } else { 0 };
    range.start..range.end + more
}

fn weighing(mut finding: Diagnostic, severity: Severity) -> Diagnostic {
    finding.severity = severity;
    finding
}
