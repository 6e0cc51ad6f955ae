//! Notes about blocks in the HTML of a redline: where they moved, and how their formatting changed.
//!
//! In: a redline, the words of the page's language. Out: notes at their places. Must not know: pages, languages.

use super::flat::{ContainerKind, LeafKind};
use super::html::{Writer, push_escaped};
use super::plain::snippet;
use super::{Entry, EntryKind, Side};
use std::fmt::Write as _;

impl Writer<'_, '_> {
    pub(super) fn open_move(&mut self, moved: usize, divs: &mut Vec<usize>) {
        let entries = self.redline.moves[moved].entries.clone();
        let root = self.redline.entries[entries.clone()].iter().all(|entry| {
            let (side, leaves) = self.redline.shown(entry);
            self.redline.flat(side).leaves[leaves.start].container == super::flat::NONE
        });
        if !root && !self.redline.moves[moved].section {
            self.note = Some(moved);
            return;
        }
        self.close_to(0);
        self.out.push_str("<div class=\"moved\"");
        self.note_id(moved);
        self.out.push_str(">\n<p class=\"note\">");
        self.note_words(moved);
        self.out.push_str("</p>\n");
        divs.push(entries.end);
    }

    fn note_id(&mut self, moved: usize) {
        let _ = write!(self.out, " id=\"{}{}\"", self.options.prefix, self.redline.moves[moved].change);
    }

    /// "Moved here from: …", with a link to the old place.
    fn note_words(&mut self, moved: usize) {
        let words = self.options.words;
        let title = self.redline.origin(moved);
        let moved = &self.redline.moves[moved];
        let (before, link) = match (moved.section, moved.inside) {
            (false, true) => ("", words.here_within.as_str()),
            (section, _) => (
                if section { words.here_after.as_str() } else { words.here.as_str() },
                title.as_deref().unwrap_or(&words.beginning),
            ),
        };
        push_escaped(&mut self.out, before);
        if !before.is_empty() {
            self.out.push(' ');
        }
        let _ = write!(self.out, "<a href=\"#{}{}-from\">", self.options.prefix, moved.change);
        push_escaped(&mut self.out, link);
        self.out.push_str("</a>");
    }

    /// The mark at the place that something moved away from.
    pub(super) fn away(&mut self, entry: &Entry, moved: usize) {
        let leaf = entry.old.start;
        self.open_path(Side::Old, leaf);
        let kind = self.redline.old.leaves[leaf].kind;
        let change = self.redline.moves[moved].change;
        let (open, close) = match kind {
            LeafKind::Row { .. } => {
                self.table_part(false);
                let width = self.redline.row_columns(entry, leaf).len().max(1);
                (format!("<tr class=\"away\"><td colspan=\"{width}\"><span"), "</span></td></tr>\n")
            }
            LeafKind::Term => ("<dt><span".to_string(), "</span></dt>\n"),
            _ if matches!(
                self.stack.last().map(|open| self.redline.kind(open.step)),
                Some(ContainerKind::Definitions)
            ) =>
            {
                ("<dd><span".to_string(), "</span></dd>\n")
            }
            _ => ("<p".to_string(), "</p>\n"),
        };
        self.out.push_str(&open);
        let _ = write!(self.out, " class=\"away\" id=\"{}{change}-from\">", self.options.prefix);
        push_escaped(&mut self.out, &self.options.words.away);
        let _ = write!(self.out, " <a href=\"#{}{change}\">", self.options.prefix);
        let text = match kind {
            LeafKind::Heading(_) => super::outline::title(&self.redline.old, leaf),
            _ => snippet(self.redline.old.leaf_text(leaf)),
        };
        push_escaped(&mut self.out, if text.is_empty() { "↑↓" } else { &text });
        self.out.push_str("</a>");
        self.out.push_str(close);
    }

    pub(super) fn take_note(&mut self, open: &str, close: &str) {
        if let Some(moved) = self.note.take() {
            self.out.push_str(open);
            self.note_id(moved);
            self.out.push('>');
            self.note_words(moved);
            self.out.push_str(close);
        }
    }

    /// After the last words of an entry: what it was in its list, that it looks different, where its links led.
    pub(super) fn looks(&mut self, entry: &Entry, leaf: usize) {
        if leaf + 1 != entry.new.end {
            return;
        }
        self.structure(entry);
        let looks = entry.formatting;
        if !looks.any() {
            return;
        }
        let words = self.options.words;
        let mut notes: Vec<String> =
            self.redline.links(entry).iter().map(|(was, _)| format!("{} {was}", words.link_was)).collect();
        // A title of another level is a title still.
        let titles = self.redline.old.leaves[entry.old.start].kind.is_heading()
            && self.redline.new.leaves[leaf].kind.is_heading();
        let others = looks.emphasis || looks.images || looks.block && !titles || looks.links && notes.is_empty();
        if entry.kind == EntryKind::Same && others {
            notes.push(words.formatted.clone());
        }
        if !notes.is_empty() {
            self.out.push_str(" <small class=\"looks\">(");
            push_escaped(&mut self.out, &notes.join("; "));
            self.out.push_str(")</small>");
        }
    }

    /// Writes the note after a block that contains only code.
    pub(super) fn looks_alone(&mut self, entry: &Entry, leaf: usize) {
        let start = self.out.len();
        self.out.push_str("<p>");
        let inside = self.out.len();
        self.looks(entry, leaf);
        if self.out.len() == inside {
            self.out.truncate(start);
        } else {
            self.out.push_str("</p>\n");
        }
    }

    fn structure(&mut self, entry: &Entry) {
        let notes = self.redline.structure_notes(entry);
        if notes.is_empty() {
            return;
        }
        self.out.push_str(" <small class=\"looks\"");
        if entry.note > 0 {
            let _ = write!(self.out, " id=\"{}{}\"", self.options.prefix, entry.note);
        }
        self.out.push_str(">(");
        let notes: Vec<String> = notes.iter().map(|note| (self.options.words.structure)(note)).collect();
        push_escaped(&mut self.out, &notes.join("; "));
        self.out.push_str(")</small>");
    }
}
