//! The containers and tables of a redline as HTML.
//!
//! In: a leaf and where it is. Out: the start and end tags that bring the page there, rows of tables. Must not know: pages.

use super::flat::ContainerKind;
use super::html::{Open, Writer};
use super::inline::{Inlines, hidden, push_tag};
use super::tree::Step;
use super::{Entry, EntryKind, Side, Span};
use crate::html::{push_named, push_text};
use std::fmt::Write as _;

impl Writer<'_, '_> {
    pub(super) fn row(&mut self, entry: &Entry, side: Side, leaf: usize, head: bool, spans: Option<&[Span]>) {
        self.table_part(head);
        self.out.push_str(match entry.kind {
            EntryKind::Inserted => "<tr class=\"added\">",
            EntryKind::Deleted => "<tr class=\"removed\">",
            _ => "<tr>",
        });
        let here = &self.redline.flat(side).leaves[leaf];
        let columns = self.redline.row_columns(entry, leaf);
        let own = |(old, new): &(Option<usize>, Option<usize>)| if side == Side::Old { *old } else { *new };
        let is_own = |column: &(Option<usize>, Option<usize>)| own(column).is_some();
        let first = columns.iter().position(is_own).unwrap_or(0);
        let last = columns.iter().rposition(is_own).unwrap_or(0);
        for (at, column) in columns.iter().enumerate() {
            let part = own(column).map(|cell| here.parts.start + cell).filter(|part| here.parts.contains(part));
            let part = part.map(|part| &self.redline.flat(side).parts[part]);
            let start = self.out.len();
            self.out.push_str(if head { "<th scope=\"col\"" } else { "<td" });
            part.iter().for_each(|part| push_spanning(&mut self.out, part.tag));
            self.out.push('>');
            let inside = self.out.len();
            if at == 0 {
                self.take_note("<span class=\"note\"", "</span> ");
            }
            match (spans, part) {
                (Some(spans), _) => {
                    let spans: Vec<Span> = spans.iter().filter(|span| span.cell == at).cloned().collect();
                    self.words(entry, side, 0..0, Some(&spans));
                }
                (None, Some(part)) => {
                    // One row is one mark to the ear.
                    let stretches = self.stretches(entry, side, part.text.clone(), None, (at == first, at == last));
                    Inlines::new(self.redline, self.options, &mut self.out).write(&stretches);
                }
                (None, None) => {}
            }
            if at == last {
                self.looks(entry, leaf);
            }
            if head && self.out.len() == inside {
                // A header without words would be announced as one.
                self.out.truncate(start);
                self.out.push_str("<td></td>");
                continue;
            }
            self.out.push_str(if head { "</th>" } else { "</td>" });
        }
        self.out.push_str("</tr>\n");
    }

    /// Opens the head or the body of the table.
    pub(super) fn table_part(&mut self, head: bool) {
        let Some(open) = self.stack.last_mut() else { return };
        if open.part == Some(head) {
            return;
        }
        match open.part.replace(head) {
            Some(true) => self.out.push_str("</thead>\n"),
            Some(false) => self.out.push_str("</tbody>\n"),
            None => {}
        }
        self.out.push_str(if head { "<thead>\n" } else { "<tbody>\n" });
    }

    /// Opens and closes containers until the leaf's own are open.
    pub(super) fn open_path(&mut self, side: Side, leaf: usize) {
        let mut path = std::mem::take(&mut self.path);
        self.redline.path(side, leaf, &mut path);
        let same = self.stack.iter().zip(&path).take_while(|(open, step)| open.step == **step).count();
        self.close_to(same);
        for step in &path[same..] {
            self.open(*step);
        }
        self.path = path;
        if !self.out.ends_with('\n') && self.stack.last().is_some_and(|open| open.filled) {
            self.out.push('\n');
        }
    }

    fn open(&mut self, step: Step) {
        let words = self.options.words;
        let mut next = 0;
        match self.redline.kind(step) {
            ContainerKind::List { start: None, .. } => self.out.push_str("<ul>\n"),
            ContainerKind::List { start: Some(start), numbering } => {
                next = start;
                self.out.push_str("<ol");
                if let Some(kind) = numbering.html() {
                    push_named(&mut self.out, "type", kind);
                }
                if start != 1 {
                    let _ = write!(self.out, " start=\"{start}\"");
                }
                self.out.push_str(">\n");
            }
            ContainerKind::Item { number, task, .. } => self.open_item(number, task),
            ContainerKind::Quote => self.out.push_str("<blockquote>\n"),
            ContainerKind::Alert { kind, titled } => {
                let _ = writeln!(self.out, "<div role=\"note\" class=\"alert {kind}\">");
                if !titled {
                    self.out.push_str("<p class=\"title\">");
                    push_text(&mut self.out, &(words.alert)(kind));
                    self.out.push_str("</p>\n");
                }
            }
            ContainerKind::Summary => {
                self.out.push_str("<div class=\"summary\" role=\"note\">\n<p class=\"title\">");
                push_text(&mut self.out, &words.summary);
                self.out.push_str("</p>\n");
            }
            ContainerKind::Element { open, .. } => {
                push_tag(&mut self.out, open, self.options);
                self.out.push('\n');
            }
            ContainerKind::Definitions => self.out.push_str("<dl>\n"),
            ContainerKind::Details { .. } => self.out.push_str("<dd>"),
            ContainerKind::Table { .. } => {
                self.out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
                self.tables += 1;
                // Regions of one page need different names.
                let label = match self.tables {
                    1 => words.table.clone(),
                    number => format!("{} {number}", words.table),
                };
                push_named(&mut self.out, "aria-label", &label);
                self.out.push_str(">\n<table>\n");
            }
            ContainerKind::Notes => {
                self.out.push_str("<section class=\"footnotes\">\n<h2>");
                push_text(&mut self.out, &words.footnotes);
                self.out.push_str("</h2>\n<ol>\n");
            }
            ContainerKind::Note { note, .. } => {
                let _ = write!(self.out, "<li value=\"{}\">", note + 1);
            }
        }
        self.stack.push(Open { step, part: None, filled: false, next });
    }

    /// An item keeps its own number, whatever was added or removed before it.
    fn open_item(&mut self, number: Option<usize>, task: Option<bool>) {
        self.out.push_str("<li");
        if let (Some(number), Some(list)) = (number, self.stack.last_mut()) {
            if number != list.next {
                let _ = write!(self.out, " value=\"{number}\"");
            }
            list.next = number + 1;
        }
        self.out.push('>');
        let words = self.options.words;
        if let Some(done) = task {
            let (sign, label) = if done { ("☑", &words.task_done) } else { ("☐", &words.task_open) };
            let _ = write!(self.out, "<span aria-hidden=\"true\">{sign}</span> ");
            hidden(&mut self.out, "", label, " ");
        }
    }

    pub(super) fn close_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            let Some(open) = self.stack.pop() else { return };
            match self.redline.kind(open.step) {
                ContainerKind::List { start, .. } => {
                    self.out.push_str(if start.is_some() { "</ol>\n" } else { "</ul>\n" })
                }
                ContainerKind::Item { .. } | ContainerKind::Note { .. } => self.out.push_str("</li>\n"),
                ContainerKind::Quote => self.out.push_str("</blockquote>\n"),
                ContainerKind::Alert { .. } | ContainerKind::Summary => self.out.push_str("</div>\n"),
                ContainerKind::Element { name, .. } => {
                    let _ = writeln!(self.out, "</{name}>");
                }
                ContainerKind::Definitions => self.out.push_str("</dl>\n"),
                ContainerKind::Details { .. } => self.out.push_str("</dd>\n"),
                ContainerKind::Table { .. } => {
                    self.out.push_str(match open.part {
                        Some(true) => "</thead>\n",
                        Some(false) => "</tbody>\n",
                        None => "",
                    });
                    self.out.push_str("</table>\n</div>\n");
                }
                ContainerKind::Notes => self.out.push_str("</ol>\n</section>\n"),
            }
        }
    }
}

/// The columns and rows that a cell of raw HTML spans.
fn push_spanning(out: &mut String, tag: &str) {
    for name in ["colspan", "rowspan"] {
        let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next());
        if let Some(value) = value.filter(|value| value.bytes().all(|byte| byte.is_ascii_digit())) {
            push_named(out, name, value);
        }
    }
}
