//! The wording that an editorial change must not touch: the numbers of a text, and its words of obligation.
//!
//! In: two documents and their language. Out: which numbers came and went, which such words are more or fewer. Counted over
//! the whole text, so that what only moved is no change. Must not know: facts, releases.
//!
//! A change of spelling or style is no change of a promise (guidelines on transparency, WP260 rev.01, paragraph 29); one
//! number, or one “not”, may be. Names are not compared: a capital letter proves no name.

use crate::lexicon::LanguageFile;
use crate::markdown::{Block, BlockKind, Document, Inline, InlineKind};
use crate::words::Language;
use std::collections::BTreeMap;

/// Counts in the old text and in the new, where they differ.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wording {
    pub numbers: BTreeMap<String, (usize, usize)>,
    /// Numbers in sentences that say how long something is kept.
    pub retention: BTreeMap<String, (usize, usize)>,
    pub words: BTreeMap<String, (usize, usize)>,
}

pub fn wording(old: &Document, new: &Document, language: &Language) -> Wording {
    let words = LanguageFile::of(language.tag());
    let mut out = Wording::default();
    for (document, is_new) in [(old, false), (new, true)] {
        count(&words_of(document), words, is_new, &mut out);
    }
    out.numbers.retain(|_, (old, new)| old != new);
    out.retention.retain(|_, (old, new)| old != new);
    out.words.retain(|_, (old, new)| old != new);
    out
}

/// The words of a document, a line for each block. Registers are left out: what changes in them is told as a change of facts.
pub fn words_of(document: &Document) -> String {
    let mut text = String::new();
    document.blocks.iter().for_each(|block| push_block(block, &mut text));
    document.footnotes.iter().flat_map(|note| &note.blocks).for_each(|block| push_block(block, &mut text));
    text
}

impl Wording {
    /// The numbers that changed, in a sentence without a full stop.
    pub fn of_numbers(&self) -> Option<String> {
        let list = |wanted: &dyn Fn(usize, usize) -> bool| {
            let numbers = self.numbers.iter().filter(|(_, (old, new))| wanted(*old, *new));
            numbers.map(|(number, _)| number.as_str()).take(MOST).collect::<Vec<_>>().join(", ")
        };
        let (came, went) = (list(&|old, new| new > old), list(&|old, new| new < old));
        match (came.is_empty(), went.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("numbers added to the text: {came}")),
            (true, false) => Some(format!("numbers removed from the text: {went}")),
            (false, false) => Some(format!("numbers in the text changed: {came} added, {went} removed")),
        }
    }

    /// The words of obligation that changed, in a sentence without a full stop.
    pub fn of_words(&self) -> Option<String> {
        let told: Vec<String> = self
            .words
            .iter()
            .take(MOST)
            .map(|(word, (old, new))| format!("“{word}” {new} times (was {old})").replace(" 1 times", " once"))
            .collect();
        (!told.is_empty()).then(|| format!("words of obligation changed: {}", told.join("; ")))
    }
}

/// Maximum number of changes that a sentence lists.
const MOST: usize = 8;

fn count(text: &str, words: Option<&LanguageFile>, is_new: bool, out: &mut Wording) {
    // “One” is more than a number.
    let spelled = |word: &str| words?.numbers.get(word).filter(|number| **number > 1);
    let obliges = |word: &str| words.is_some_and(|words| words.obligation_words.iter().any(|known| known == word));
    let mut add = |map: fn(&mut Wording) -> &mut BTreeMap<String, (usize, usize)>, key: String| {
        let entry = map(out).entry(key).or_default();
        *(if is_new { &mut entry.1 } else { &mut entry.0 }) += 1;
    };
    let text = text.replace('’', "'");
    let words = || text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '.' | ','));
    let digit = |word: Option<&str>| word.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let mut next = words().skip(1);
    let mut last = None;
    for whole in words() {
        let after = next.next();
        let before = last.replace(whole);
        // The month, and the abbreviation of "number".
        let month = whole.starts_with("May") && (digit(before) || digit(after) || whole == "May,");
        if month || matches!(whole, "No." | "no." | "Nos." | "nos.") && digit(after) {
            continue;
        }
        let word = whole.to_lowercase();
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            add(|out| &mut out.numbers, word.to_string());
        } else if let Some(number) = spelled(word) {
            add(|out| &mut out.numbers, number.to_string());
        } else if obliges(word) {
            add(|out| &mut out.words, word.to_string());
        }
    }
}

fn push_block(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Heading(heading) => push_inlines(&heading.content, out),
        BlockKind::Paragraph(content) => push_inlines(content, out),
        BlockKind::Table(table) if table.register.is_none() => {
            for cell in table.head.iter().chain(table.rows.iter().flat_map(|row| &row.cells)) {
                push_inlines(cell, out);
                out.push(' ');
            }
        }
        BlockKind::List(list) => {
            list.items.iter().flat_map(|item| &item.blocks).for_each(|inner| push_block(inner, out))
        }
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                push_inlines(&definition.term, out);
                out.push(' ');
                definition.details.iter().flatten().for_each(|inner| push_block(inner, out));
            }
        }
        BlockKind::Quote(inner)
        | BlockKind::Summary(inner)
        | BlockKind::Alert { blocks: inner, .. }
        | BlockKind::Element { blocks: inner, .. } => inner.iter().for_each(|inner| push_block(inner, out)),
        BlockKind::Code { text, .. } => out.push_str(text),
        BlockKind::Html { html, .. } => out.push_str(html),
        BlockKind::Table(_) | BlockKind::Rule => {}
    }
    out.push('\n');
}

/// A link inside the text is left out: the number and the title of a section follow it by themselves.
fn push_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text { words: text, .. } | InlineKind::Code(text) => out.push_str(text),
            InlineKind::Link { url, .. } if url.starts_with('#') => out.push(' '),
            // What is struck is not said.
            InlineKind::Strike(_) => {}
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Link { children, .. }
            | InlineKind::Element { children, .. } => push_inlines(children, out),
            InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            InlineKind::Image { alt, .. } => out.push_str(alt),
            InlineKind::FootnoteRef { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use crate::text::NoFacts;

    fn changed(old: &str, new: &str) -> (Option<String>, Option<String>) {
        let read = |text: &str| parse(&"policy.md".into(), text, 0, false, &NoFacts, &mut Vec::new()).document;
        let found = wording(&read(old), &read(new), &Language::english());
        (found.of_numbers(), found.of_words())
    }

    #[test]
    fn spelling_order_and_references_are_no_change() {
        let old =
            "## Keeping {#keeping}\n\nWe keep the logs 30 days and do not sell them.\n\nSee [4. Rights](#rights).\n";
        let new =
            "## Keeping {#keeping}\n\nSee [5. Rights](#rights).\n\nWe keep logs 30 days, and we do not sell them.\n";
        assert_eq!(changed(old, new), (None, None));
    }

    #[test]
    fn a_number_and_a_denial_are() {
        let (numbers, words) =
            changed("We keep logs 30 days and do not sell them.", "We keep logs 90 days and sell them.");
        assert_eq!(numbers.as_deref(), Some("numbers in the text changed: 90 added, 30 removed"));
        assert_eq!(words.as_deref(), Some("words of obligation changed: “not” 0 times (was 1)"));
        assert_eq!(changed("Kept ninety days.", "Kept 90 days.").0, None);
        assert!(changed("Kept for six years.", "Kept for seven years.").0.is_some());
        assert_eq!(changed("In force since 1 May 2026.", "In force since 1 June 2026.").1, None);
        assert_eq!(changed("Registered under No. 12.", "Registered under number 12.").1, None);
        let (numbers, words) = changed("We may share it.", "We will share it within 1.5 days.");
        assert_eq!(numbers.as_deref(), Some("numbers added to the text: 1.5"));
        assert!(words.is_some_and(|words| words.contains("“may”") && words.contains("“will” once")));
    }
}
