//! A redline as HTML.
//!
//! In: a redline, the words of the page's language, a way to rewrite links. Out: one valid fragment that needs no script:
//! every changed word in `ins` or `del`, every change with an id, long unchanged stretches folded.
//! Must not know: pages, languages.

pub use super::html_words::{Options, Unchanged, Words};

use super::flat::{ContainerKind, LeafKind};
use super::inline::{Inlines, Stretch, hidden, named, push_tag};
use super::tree::Step;
use super::{Entry, EntryKind, Op, Redline, Span};
use std::fmt::Write as _;
use std::ops::Range;

/// The redline as one element.
pub fn html(redline: &Redline, options: &Options) -> String {
    let mut writer = Writer {
        out: String::with_capacity(redline.new.text.len() * 3 / 2 + 1024),
        redline,
        options,
        stack: Vec::new(),
        path: Vec::new(),
        note: None,
        last_id: 0,
        tables: 0,
    };
    writer.out.push_str("<div class=\"redline\">\n");
    let folds = if options.unchanged == Unchanged::Shown {
        Vec::new()
    } else {
        super::html_fold::folds(redline, options.unchanged.omits())
    };
    let mut folds = folds.into_iter().peekable();
    let mut divs: Vec<usize> = Vec::new();
    let mut details = None;
    let mut omitted = 0;
    for (at, entry) in redline.entries.iter().enumerate() {
        if let Some(moved) = entry.within.filter(|moved| redline.moves[*moved].entries.start == at) {
            writer.open_move(moved, &mut divs);
        }
        if let Some((range, leaves)) = folds.next_if(|(range, _)| range.start == at) {
            writer.close_to(0);
            let omits = options.unchanged.omits();
            let (open, close) = match omits {
                true => ("<p class=\"unchanged\">", "</p>\n"),
                false => ("<details class=\"unchanged\">\n<summary>", "</summary>\n"),
            };
            writer.out.push_str(open);
            push_escaped(&mut writer.out, &(options.words.unchanged)(leaves));
            writer.out.push_str(close);
            if omits {
                omitted = range.end;
            } else {
                details = Some(range.end);
            }
        }
        if at >= omitted && !(options.unchanged == Unchanged::Excerpts && writer.is_beside_the_change(entry)) {
            writer.entry(entry);
        }
        if details == Some(at + 1) {
            writer.close_to(0);
            writer.out.push_str("</details>\n");
            details = None;
        }
        while divs.last() == Some(&(at + 1)) {
            divs.pop();
            writer.close_to(0);
            writer.out.push_str("</div>\n");
        }
    }
    writer.close_to(0);
    writer.out.push_str("</div>\n");
    writer.out
}

/// A container that is open, and what stands in it so far.
pub(super) struct Open {
    pub(super) step: Step,
    /// Of a table: its head or its body is open.
    part: Option<bool>,
    /// Text without a paragraph of its own stands here.
    filled: bool,
}

pub(super) struct Writer<'w, 'a> {
    pub(super) out: String,
    pub(super) redline: &'w Redline<'a>,
    pub(super) options: &'w Options<'w>,
    pub(super) stack: Vec<Open>,
    path: Vec<Step>,
    /// A move that begins inside the next leaf.
    pub(super) note: Option<usize>,
    last_id: usize,
    tables: usize,
}

impl<'w, 'a> Writer<'w, 'a> {
    fn entry(&mut self, entry: &Entry) {
        if let EntryKind::Away(moved) = entry.kind {
            return self.away(entry, moved);
        }
        let (old, leaves) = self.redline.shown(entry);
        match entry.kind {
            EntryKind::Changed => {
                for (leaf, spans) in leaves.zip(self.redline.by_leaf(entry)) {
                    self.leaf(entry, old, leaf, Some(spans));
                }
            }
            _ => {
                for leaf in leaves {
                    self.leaf(entry, old, leaf, None);
                }
            }
        }
    }

    /// True for an unchanged row or bullet of a table or list in which something else changed. Items that are counted stay.
    fn is_beside_the_change(&self, entry: &Entry) -> bool {
        if entry.kind != EntryKind::Same || entry.within.is_some() {
            return false;
        }
        let (old, leaves) = self.redline.shown(entry);
        if let LeafKind::Row { head } = self.redline.flat(old).leaves[leaves.start].kind {
            return !head;
        }
        let mut path = Vec::new();
        self.redline.path(old, leaves.start, &mut path);
        let kinds = || path.iter().map(|step| self.redline.kind(*step));
        let counted = |kind: &ContainerKind| matches!(kind, ContainerKind::List(list) if list.start.is_some());
        kinds().any(|kind| matches!(kind, ContainerKind::Item { .. })) && !kinds().any(|kind| counted(&kind))
    }

    fn leaf(&mut self, entry: &Entry, old: bool, leaf: usize, spans: Option<&[Span]>) {
        self.open_path(old, leaf);
        let flat = self.redline.flat(old);
        let here = &flat.leaves[leaf];
        match here.kind {
            LeafKind::Rule => {
                if !old {
                    self.out.push_str("<hr>\n");
                }
            }
            LeafKind::Row { head } => self.row(entry, old, leaf, head, spans),
            LeafKind::Html => {
                self.take_note("<p class=\"note\"", "</p>\n");
                self.raw(entry, old, leaf, spans);
            }
            LeafKind::Heading(level) => {
                let _ = write!(self.out, "<h{level}>");
                self.take_note("<span class=\"note\"", "</span> ");
                if let Some(number) = &here.number {
                    // A number goes with its title, but is no word of it.
                    let (open, close) = match entry.kind {
                        EntryKind::Inserted => ("<ins class=\"number\">", "</ins> "),
                        EntryKind::Deleted => ("<del class=\"number\">", "</del> "),
                        _ => ("<span class=\"number\">", "</span> "),
                    };
                    self.out.push_str(open);
                    push_escaped(&mut self.out, number);
                    self.out.push_str(close);
                }
                self.words(entry, old, here.text.clone(), spans);
                if let Some((Some(was), _)) = self.redline.renumbered(entry) {
                    self.out.push_str(" <small class=\"renumbered\">(");
                    push_escaped(&mut self.out, &self.options.words.formerly);
                    self.out.push(' ');
                    push_escaped(&mut self.out, was);
                    self.out.push_str(")</small>");
                }
                self.looks(entry, leaf);
                let _ = writeln!(self.out, "</h{level}>");
            }
            kind => {
                let bare = kind == LeafKind::Paragraph && self.bare();
                let (open, close) = match kind {
                    LeafKind::Code => ("<pre tabindex=\"0\"><code>", "</code></pre>\n"),
                    LeafKind::Title => ("<p class=\"title\">", "</p>\n"),
                    LeafKind::Term => ("<dt>", "</dt>\n"),
                    _ if bare => ("", ""),
                    _ => ("<p>", "</p>\n"),
                };
                self.out.push_str(open);
                if kind != LeafKind::Code {
                    self.take_note("<span class=\"note\"", "</span> ");
                }
                self.words(entry, old, here.text.clone(), spans);
                if kind != LeafKind::Code {
                    self.looks(entry, leaf);
                }
                self.out.push_str(close);
            }
        }
    }

    /// Whether a paragraph stands here without `p`: first in an item of a tight list and the like.
    fn bare(&mut self) -> bool {
        let Some(open) = self.stack.last_mut() else { return false };
        let bare = match self.redline.kind(open.step) {
            ContainerKind::Item { tight, .. } => tight,
            ContainerKind::Details { single } | ContainerKind::Note { single, .. } => single,
            _ => false,
        };
        bare && !std::mem::replace(&mut open.filled, true)
    }

    /// The words of a leaf or a cell.
    fn words(&mut self, entry: &Entry, old: bool, range: Range<usize>, spans: Option<&[Span]>) {
        let stretches = self.stretches(entry, old, range, spans, (true, true));
        Inlines::new(self.redline, self.options, &mut self.out).write(&stretches);
    }

    pub(super) fn stretches(
        &mut self,
        entry: &Entry,
        old: bool,
        range: Range<usize>,
        spans: Option<&[Span]>,
        says: (bool, bool),
    ) -> Vec<Stretch> {
        let whole = |op, id| vec![Stretch { op, old, range: range.clone(), id, paragraph: false, says, blank: false }];
        let mut id =
            |change: usize| (change > 0 && std::mem::replace(&mut self.last_id, change) != change).then_some(change);
        match (entry.kind, spans) {
            (EntryKind::Inserted | EntryKind::Deleted, _) if range.is_empty() || entry.change == 0 => {
                whole(Op::Same, None)
            }
            (EntryKind::Inserted, _) => whole(Op::Inserted, id(entry.change)),
            (EntryKind::Deleted, _) => whole(Op::Deleted, id(entry.change)),
            (_, None) => whole(Op::Same, None),
            (_, Some(spans)) => spans
                .iter()
                .enumerate()
                .filter(|(_, span)| !(span.paragraph && span.op == Op::Same))
                .map(|(at, span)| {
                    let old = span.op == Op::Deleted;
                    let range = if old { span.old.clone() } else { span.new.clone() };
                    let id = if span.op == Op::Same { None } else { id(span.change) };
                    Stretch {
                        op: span.op,
                        old,
                        range,
                        id,
                        paragraph: span.paragraph,
                        says: (true, true),
                        blank: self.redline.lost_blank(spans, at),
                    }
                })
                .collect(),
        }
    }

    fn row(&mut self, entry: &Entry, old: bool, leaf: usize, head: bool, spans: Option<&[Span]>) {
        self.table_part(head);
        self.out.push_str(match entry.kind {
            EntryKind::Inserted => "<tr class=\"added\">",
            EntryKind::Deleted => "<tr class=\"removed\">",
            _ => "<tr>",
        });
        let here = &self.redline.flat(old).leaves[leaf];
        let columns = self.redline.row_columns(entry);
        let first = columns.iter().position(|(a, b)| if old { a.is_some() } else { b.is_some() }).unwrap_or(0);
        let last = columns.iter().rposition(|(a, b)| if old { a.is_some() } else { b.is_some() }).unwrap_or(0);
        for (at, (a, b)) in columns.iter().enumerate() {
            let name = if head { "th" } else { "td" };
            let start = self.out.len();
            let _ = write!(self.out, "<{name}{}>", if head { " scope=\"col\"" } else { "" });
            let inside = self.out.len();
            if at == 0 {
                self.take_note("<span class=\"note\"", "</span> ");
            }
            match spans {
                Some(spans) => {
                    let spans: Vec<Span> = spans.iter().filter(|span| span.cell == at).cloned().collect();
                    self.words(entry, old, 0..0, Some(&spans));
                }
                None => {
                    let cell = if old { a } else { b };
                    let part = cell.map(|cell| here.parts.start + cell).filter(|part| here.parts.contains(part));
                    if let Some(part) = part {
                        let text = self.redline.flat(old).parts[part].text.clone();
                        // One row is one mark to the ear.
                        let stretches = self.stretches(entry, old, text, None, (at == first, at == last));
                        Inlines::new(self.redline, self.options, &mut self.out).write(&stretches);
                    }
                }
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
            let _ = write!(self.out, "</{name}>");
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
    pub(super) fn open_path(&mut self, old: bool, leaf: usize) {
        let mut path = std::mem::take(&mut self.path);
        self.redline.path(old, leaf, &mut path);
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
        match self.redline.kind(step) {
            ContainerKind::List(list) => match list.start {
                None => self.out.push_str("<ul>\n"),
                Some(1) => self.out.push_str("<ol>\n"),
                Some(start) => {
                    let _ = writeln!(self.out, "<ol start=\"{start}\">");
                }
            },
            ContainerKind::Item { item, .. } => {
                self.out.push_str("<li>");
                if let Some(done) = item.task {
                    self.out.push_str(if done {
                        "<span aria-hidden=\"true\">☑</span> "
                    } else {
                        "<span aria-hidden=\"true\">☐</span> "
                    });
                    hidden(&mut self.out, "", if done { &words.task_done } else { &words.task_open }, " ");
                }
            }
            ContainerKind::Quote => self.out.push_str("<blockquote>\n"),
            ContainerKind::Alert { kind, titled } => {
                let _ = writeln!(self.out, "<div role=\"note\" class=\"alert {kind}\">");
                if !titled {
                    self.out.push_str("<p class=\"title\">");
                    push_escaped(&mut self.out, &(words.alert)(kind));
                    self.out.push_str("</p>\n");
                }
            }
            ContainerKind::Summary => {
                self.out.push_str("<div class=\"summary\" role=\"note\">\n<p class=\"title\">");
                push_escaped(&mut self.out, &words.summary);
                self.out.push_str("</p>\n");
            }
            ContainerKind::Element { open, .. } => {
                push_tag(&mut self.out, open, self.options);
                self.out.push('\n');
            }
            ContainerKind::Definitions => self.out.push_str("<dl>\n"),
            ContainerKind::Details { .. } => self.out.push_str("<dd>"),
            ContainerKind::Table(_) => {
                self.out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
                self.tables += 1;
                // Regions of one page need different names.
                let label = match self.tables {
                    1 => words.table.clone(),
                    number => format!("{} {number}", words.table),
                };
                named(&mut self.out, "aria-label", &label);
                self.out.push_str(">\n<table>\n");
            }
            ContainerKind::Notes => {
                self.out.push_str("<section class=\"footnotes\">\n<h2>");
                push_escaped(&mut self.out, &words.footnotes);
                self.out.push_str("</h2>\n<ol>\n");
            }
            ContainerKind::Note { note, .. } => {
                let _ = write!(self.out, "<li value=\"{}\">", note + 1);
            }
        }
        self.stack.push(Open { step, part: None, filled: false });
    }

    pub(super) fn close_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            let Some(open) = self.stack.pop() else { return };
            match self.redline.kind(open.step) {
                ContainerKind::List(list) => {
                    self.out.push_str(if list.start.is_some() { "</ol>\n" } else { "</ul>\n" })
                }
                ContainerKind::Item { .. } | ContainerKind::Note { .. } => self.out.push_str("</li>\n"),
                ContainerKind::Quote => self.out.push_str("</blockquote>\n"),
                ContainerKind::Alert { .. } | ContainerKind::Summary => self.out.push_str("</div>\n"),
                ContainerKind::Element { name, .. } => {
                    let _ = writeln!(self.out, "</{name}>");
                }
                ContainerKind::Definitions => self.out.push_str("</dl>\n"),
                ContainerKind::Details { .. } => self.out.push_str("</dd>\n"),
                ContainerKind::Table(_) => {
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

/// The first words of a text.
pub fn snippet(text: &str) -> String {
    let text = super::tidy(text);
    let mut out = String::new();
    for word in text.split(' ') {
        if out.chars().count() + word.chars().count() > 48 {
            if out.is_empty() {
                out.extend(word.chars().take(47));
            }
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

pub fn push_escaped(out: &mut String, text: &str) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        // The controls from U+0080 on, which HTML forbids, take two bytes.
        if byte == 0xC2 && matches!(text.as_bytes()[at + 1], 0x80..=0x9F) {
            out.push_str(&text[done..at]);
            out.push('\u{FFFD}');
            done = at + 2;
            continue;
        }
        let instead = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            0x7F => "\u{FFFD}",
            byte if byte < 0x20 && !matches!(byte, b'\n' | b'\t') => "\u{FFFD}",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(instead);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}
