//! The words of a redline's HTML besides the author's words, and the options for writing it.
//!
//! In: nothing. Out: words by place, with an English set. Must not know: redlines.

use super::structure::StructureNote;

/// The words around the author's words. An empty marker is not written.
pub struct Words<'w> {
    /// "added", "end added": said to those who do not see the marks.
    pub added: String,
    pub added_end: String,
    pub removed: String,
    pub removed_end: String,
    /// At the mark of a new paragraph: "new paragraph".
    pub split: String,
    /// At the mark of a paragraph that goes on: "joined with the next paragraph".
    pub merged: String,
    /// Before the words that stand elsewhere now: "Moved from here:".
    pub away: String,
    /// Before a link to the old place: "Moved here from:".
    pub here: String,
    /// Note for a moved section, before a link to its old position: "Moved here; it stood after:".
    pub here_after: String,
    /// A link to the old place in the same section: "Moved within this section".
    pub here_within: String,
    /// Where it stood if nothing stood before it: "the beginning".
    pub beginning: String,
    /// Before a heading's former number: "formerly".
    pub formerly: String,
    /// Former structure of a block: "was at list level 2".
    pub structure: &'w dyn Fn(&StructureNote) -> String,
    /// Where words stayed: "formatting changed".
    pub formatted: String,
    /// Before the address that a link led to: "link, formerly to".
    pub link_was: String,
    /// "12 paragraphs unchanged"
    pub unchanged: &'w dyn Fn(usize) -> String,
    pub footnotes: String,
    /// Label of a summary, of a table.
    pub summary: String,
    pub table: String,
    /// The name of an alert: note, tip, important, warning, caution.
    pub alert: &'w dyn Fn(&str) -> String,
    pub task_done: String,
    pub task_open: String,
}

pub struct Options<'w> {
    pub words: &'w Words<'w>,
    pub link: &'w dyn Fn(&str) -> String,
    /// Prefix of the ids of changes: `c` for `c1`, `c2`…
    pub prefix: &'w str,
    pub unchanged: Unchanged,
}

/// Treatment of long unchanged passages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unchanged {
    #[default]
    Shown,
    /// In a `details` that is closed.
    Folded,
    /// A line says how much there is; what stands in a block that changed stays.
    Omitted,
    /// Unchanged passages are folded, and in a changed block a few words around each change stay.
    Excerpts,
}

impl Unchanged {
    pub fn omits(self) -> bool {
        matches!(self, Unchanged::Omitted | Unchanged::Excerpts)
    }
}

pub fn unchanged_english(count: usize) -> String {
    if count == 1 { "1 paragraph unchanged".into() } else { format!("{count} paragraphs unchanged") }
}

pub fn structure_english(note: &StructureNote) -> String {
    match note {
        StructureNote::Level(0) => "was not in a list".into(),
        StructureNote::Level(level) => format!("was at list level {level}"),
        StructureNote::Continued => "was part of the item before".into(),
        StructureNote::Item => "was an item of its own".into(),
        StructureNote::Bullet => "was a bullet".into(),
        StructureNote::Number(number) => format!("was {number}"),
        StructureNote::Task(Some(true)) => "was ticked".into(),
        StructureNote::Task(Some(false)) => "was not ticked".into(),
        StructureNote::Task(None) => "had no box".into(),
        StructureNote::Quoted => "was a quotation".into(),
        StructureNote::NotQuoted => "was not a quotation".into(),
        StructureNote::Frame => "was set apart differently".into(),
        StructureNote::Columns => "columns changed places".into(),
    }
}

pub fn alert_english(kind: &str) -> String {
    let mut name = kind.to_string();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

impl Words<'static> {
    pub fn english() -> Self {
        Words {
            added: "added".into(),
            added_end: "end added".into(),
            removed: "removed".into(),
            removed_end: "end removed".into(),
            split: "new paragraph".into(),
            merged: "joined with the next paragraph".into(),
            away: "Moved from here:".into(),
            here: "Moved here from:".into(),
            here_after: "Moved here; it stood after:".into(),
            here_within: "Moved within this section".into(),
            beginning: "the beginning".into(),
            formerly: "formerly".into(),
            structure: &structure_english,
            formatted: "formatting changed".into(),
            link_was: "link, formerly to".into(),
            unchanged: &unchanged_english,
            footnotes: "Footnotes".into(),
            summary: "In short".into(),
            table: "Table".into(),
            alert: &alert_english,
            task_done: "Done:".into(),
            task_open: "To do:".into(),
        }
    }
}
