//! Markdown behind one door.
//!
//! In: the text of a document and what it may look up. Out: a tree of what a reader reads, the same text with every
//! fact and table written out, and HTML. Must not know: files, dates, versions, pages.
//!
//! A text is read in four steps:
//! 1. [`scan`] replaces each `{{ path }}` by a token of the same length, so that Markdown cannot tear it and every
//!    byte keeps its place;
//! 2. comrak parses (`parse`), and `sections` gathers headings first, because any part of the text may refer to one;
//! 3. `parse`, `inline` and `directive` turn the nodes into our own tree, putting values where tokens stood and noting
//!    for each expression how its value is written in Markdown at that place;
//! 4. `resolve` writes those into the source. Nothing is parsed twice.

mod blocks;
mod directive;
mod escape;
mod expand;
mod foreign;
mod hidden;
mod html;
mod ids;
mod inline;
mod lines;
mod linkify;
mod parse;
mod place;
mod raw;
mod raw_block;
mod reader;
mod resolve;
mod scan;
mod sections;
mod source_map;
mod suppress;
mod tree;

#[cfg(test)]
mod law;
#[cfg(test)]
mod tests;

pub use html::{HtmlOptions, HtmlWords, html};
pub use ids::ids;
pub use parse::parse;
pub use source_map::SourceMap;
pub use suppress::SuppressionComment;
pub use tree::*;

/// Containers inside containers. Nobody nests so deep by intention, and nothing below may exhaust the stack.
const MAX_DEPTH: usize = 48;

/// Facts that the text can look up.
pub trait Facts {
    /// The words that stand for a dotted path: plain text, no Markdown. The path is as typed, without blanks around
    /// it, and never starts with `section.`, which is answered here.
    fn lookup(&self, path: &str) -> Result<String, FactError>;
    /// Returns the table for `:::register NAME columns="…"`.
    fn register(&self, name: &str, columns: Option<&[String]>) -> Result<RegisterTable, FactError>;
}

/// Why there is no such fact; becomes a finding at the expression's place.
#[derive(Clone, Debug, PartialEq)]
pub struct FactError {
    pub code: &'static str,
    pub message: String,
    pub help: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterTable {
    pub head: Vec<String>,
    /// Each with its row's id.
    pub rows: Vec<(String, Vec<RegisterCell>)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterCell {
    pub text: String,
    pub href: Option<String>,
}

/// A text that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    pub document: Document,
    /// Markdown of the body with every fact and table expanded.
    pub resolved: String,
    /// Suppressions, which are no part of the text.
    pub suppression_comments: Vec<SuppressionComment>,
}

/// A section in the table of contents.
#[derive(Clone, Debug, PartialEq)]
pub struct TocEntry {
    pub id: String,
    pub number: Option<String>,
    pub title: String,
    pub level: u8,
}

/// The document's sections in order. Headings inside quotes, lists and the like are no sections.
pub fn toc(document: &Document) -> Vec<TocEntry> {
    let mut entries = Vec::new();
    push_toc(&document.blocks, &mut entries);
    entries
}

fn push_toc(blocks: &[Block], entries: &mut Vec<TocEntry>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading(heading) => entries.push(TocEntry {
                id: heading.id.clone(),
                number: heading.number.clone(),
                title: plain_text(&heading.content),
                level: heading.level,
            }),
            BlockKind::Element { blocks, .. } => push_toc(blocks, entries),
            _ => {}
        }
    }
}
