//! What the HTML of a redline says about blocks: where they moved from and to, what changed in their looks.
//!
//! In: a redline, the words of the page's language. Out: notes at their places. Must not know: pages, languages.

use super::flat::{ContainerKind, LeafKind};
use super::html::{Writer, push_escaped, snippet};
use super::{Entry, EntryKind};
use std::fmt::Write as _;

impl Writer<'_, '_> {
    pub(super) fn open_move(&mut self, moved: usize, divs: &mut Vec<usize>) {
        let entries = self.redline.moves[moved].entries.clone();
        let root = self.redline.entries[entries.clone()].iter().all(|entry| {
            let (old, leaves) = self.redline.shown(entry);
            self.redline.flat(old).leaves[leaves.start].container == super::flat::NONE
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
        self.open_path(true, leaf);
        let kind = self.redline.old.leaves[leaf].kind;
        let change = self.redline.moves[moved].change;
        let (open, close) = match kind {
            LeafKind::Row { .. } => {
                self.table_part(false);
                let width = self.redline.row_columns(entry).len().max(1);
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

    /// After the last words of an entry: that it looks otherwise, where its links led.
    pub(super) fn looks(&mut self, entry: &Entry, leaf: usize) {
        let looks = entry.formatting;
        if !looks.any() || leaf + 1 != entry.new.end {
            return;
        }
        let mut parts = 0;
        for (was, _) in self.redline.links(entry) {
            self.out.push_str(if parts == 0 { " <small class=\"looks\">(" } else { "; " });
            push_escaped(&mut self.out, &self.options.words.link_was);
            self.out.push(' ');
            push_escaped(&mut self.out, was);
            parts += 1;
        }
        // A title of another level is a title still.
        let titles = [&self.redline.old.leaves[entry.old.start], &self.redline.new.leaves[leaf]]
            .iter()
            .all(|leaf| matches!(leaf.kind, LeafKind::Heading(_)));
        let others = looks.emphasis || looks.images || looks.block && !titles || looks.links && parts == 0;
        if entry.kind == EntryKind::Same && others {
            self.out.push_str(if parts == 0 { " <small class=\"looks\">(" } else { "; " });
            push_escaped(&mut self.out, &self.options.words.formatted);
            parts += 1;
        }
        if parts > 0 {
            self.out.push_str(")</small>");
        }
    }
}
