//! The changes between two versions of a document: data first, then its renderings.
//!
//! In: two documents. Out: a [`Redline`], and what it looks like as HTML, text, Markdown, JSON and as a list in words.
//! Must not know: the center, facts, files, dates, pages, which version is which.
//!
//! A redline is made in five steps, each a file:
//! 1. [`flat`] lays each document out as a row of leaves (headings, paragraphs, table rows), containers being paths;
//! 2. [`indexed`] numbers them, so that equal words are equal numbers, and makes words of those that need it;
//! 3. `sections`, `align` and `flow` find which leaf became which: unchanged, similar, split, merged, moved;
//! 4. `words` finds the words that changed between two leaves that belong together, [`structure`] what changed around them;
//! 5. `compose` puts both documents into one reading order, `numbering` counts what a reader has to look at.
//!
//! Three laws hold for any two documents: [`Redline::accept`] is [`plain`] of the new one, [`Redline::reject`] of the old,
//! and if the redline [shows nothing](Redline::is_empty), both documents have the same [`shape`].

mod align;
mod columns;
mod compose;
pub mod flat;
mod flatten;
mod flatten_html;
mod flow;
mod formatting;
pub mod html;
mod html_blocks;
mod html_fold;
mod html_notes;
mod html_words;
pub mod indexed;
mod inline;
pub mod json;
pub mod law;
pub mod markdown;
mod moves;
mod number;
mod numbering;
pub mod outline;
pub mod phrases;
mod plain;
mod references;
mod rows;
mod sections;
mod spans;
pub mod structure;
pub mod text;
mod token;
mod tree;
mod words;

pub use compose::redline;
pub use formatting::Formatting;
pub use plain::{plain, shape, tidy};
pub use structure::Structure;

use flat::Flat;
use std::ops::Range;

/// One of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

/// Both documents in one reading order. Borrows them: what is kept for long is a rendering.
#[derive(Debug, Default)]
pub struct Redline<'a> {
    pub old: Flat<'a>,
    pub new: Flat<'a>,
    pub entries: Vec<Entry>,
    /// Counts of changed entries.
    pub spans: Vec<Span>,
    pub moves: Vec<Move>,
    pub counts: Counts,
    /// By container of the old document: the container of the new one that it became.
    pub(crate) container: Vec<u32>,
    pub(crate) columns: Vec<columns::Columns>,
}

/// A leaf, or several that were one.
#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: EntryKind,
    /// Leaves of either document.
    pub old: Range<usize>,
    pub new: Range<usize>,
    /// The move at whose new place it stands.
    pub within: Option<usize>,
    /// Into [`Redline::spans`].
    pub spans: Range<usize>,
    /// The number of its change, from 1; neighbours that were added or removed together share it.
    pub change: usize,
    pub formatting: Formatting,
    pub structure: Structure,
    /// The change that the note on its structure is the place of; 0 for none.
    pub note: usize,
    /// Words, when the whole entry was added or removed.
    pub words: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    Same,
    Changed,
    Inserted,
    Deleted,
    /// Something stood here that stands elsewhere now.
    Away(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    Same,
    Deleted,
    Inserted,
}

/// Words next to each other that share a fate. Ranges are bytes of [`Flat::text`].
#[derive(Clone, Debug)]
pub struct Span {
    pub op: Op,
    pub old: Range<usize>,
    pub new: Range<usize>,
    pub mark: Mark,
    /// The column of a row, counted over both tables.
    pub cell: usize,
    /// The number of its change, from 1.
    pub change: usize,
    pub words: usize,
}

/// Kind of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Words,
    /// The end of a paragraph: inserted where one was split, deleted where two were merged.
    Paragraph,
    /// The end of a cell in a row that is compared with paragraphs or with several rows.
    Cell,
}

#[derive(Clone, Debug)]
pub struct Move {
    /// The entry that stands at the old place.
    pub away: usize,
    /// Entries at the new place.
    pub entries: Range<usize>,
    /// A whole section, title and all.
    pub section: bool,
    /// To another place in its section.
    pub inside: bool,
    pub change: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub words_added: usize,
    pub words_removed: usize,
    /// Separate stretches of inserted and of deleted words.
    pub insertions: usize,
    pub deletions: usize,
    pub moved: usize,
    pub split: usize,
    pub merged: usize,
    /// Headings and list items whose number changed.
    pub renumbered: usize,
    /// Blocks whose place in lists, quotations or tables changed.
    pub structure: usize,
    /// Blocks whose formatting changed and nothing else.
    pub formatting: usize,
    /// Places to go to, one after the other.
    pub changes: usize,
}

impl Entry {
    /// True if words or structure changed, or the entry came, went or left.
    pub fn is_changed(&self) -> bool {
        self.kind != EntryKind::Same || self.structure.any()
    }
}

impl Redline<'_> {
    /// True if nothing changed that a reader would read.
    pub fn is_empty(&self) -> bool {
        self.counts.changes == 0 && self.counts.renumbered == 0
    }

    pub fn spans(&self, entry: &Entry) -> &[Span] {
        &self.spans[entry.spans.clone()]
    }
}
