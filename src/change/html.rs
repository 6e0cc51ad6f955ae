//! A redline as HTML.
//!
//! In: a redline, the words of the page's language, a way to rewrite links. Out: one valid fragment that needs no script:
//! every changed word in `ins` or `del`, every change with an id, long unchanged stretches folded.
//! Must not know: pages, languages.

pub use super::html_words::{Options, Unchanged, Words};

use super::flat::{ContainerKind, LeafKind};
use super::inline::{Inlines, Stretch};
use super::tree::Step;
use super::{Entry, EntryKind, Mark, Op, Redline, Side, Span};
use crate::html::push_text;
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
            push_text(&mut writer.out, &(options.words.unchanged)(leaves));
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

/// A container that is open, and what is in it so far.
pub(super) struct Open {
    pub(super) step: Step,
    /// True for the head of a table, false for its body, if either is open.
    pub(super) part: Option<bool>,
    /// Text without a paragraph of its own is here.
    pub(super) filled: bool,
    /// The number of the next item of a list, as a browser would count.
    pub(super) next: usize,
}

pub(super) struct Writer<'w, 'a> {
    pub(super) out: String,
    pub(super) redline: &'w Redline<'a>,
    pub(super) options: &'w Options<'w>,
    pub(super) stack: Vec<Open>,
    pub(super) path: Vec<Step>,
    /// A move that begins inside the next leaf.
    pub(super) note: Option<usize>,
    last_id: usize,
    pub(super) tables: usize,
}

impl<'w, 'a> Writer<'w, 'a> {
    fn entry(&mut self, entry: &Entry) {
        if let EntryKind::Away(moved) = entry.kind {
            return self.away(entry, moved);
        }
        let (side, leaves) = self.redline.shown(entry);
        match entry.kind {
            EntryKind::Changed => {
                for (leaf, spans) in leaves.zip(self.redline.by_leaf(entry)) {
                    self.leaf(entry, side, leaf, Some(spans));
                }
            }
            _ => {
                for leaf in leaves {
                    self.leaf(entry, side, leaf, None);
                }
            }
        }
    }

    /// True for an unchanged row or bullet of a table or list in which something else changed. Items that are counted stay.
    fn is_beside_the_change(&self, entry: &Entry) -> bool {
        if entry.kind != EntryKind::Same || entry.within.is_some() {
            return false;
        }
        let (side, leaves) = self.redline.shown(entry);
        if let LeafKind::Row { head } = self.redline.flat(side).leaves[leaves.start].kind {
            return !head;
        }
        let mut path = Vec::new();
        self.redline.path(side, leaves.start, &mut path);
        let kinds = || path.iter().map(|step| self.redline.kind(*step));
        let counted = |kind: &ContainerKind| matches!(kind, ContainerKind::List { start: Some(_), .. });
        kinds().any(|kind| matches!(kind, ContainerKind::Item { .. })) && !kinds().any(|kind| counted(&kind))
    }

    fn leaf(&mut self, entry: &Entry, side: Side, leaf: usize, spans: Option<&[Span]>) {
        self.open_path(side, leaf);
        let flat = self.redline.flat(side);
        let here = &flat.leaves[leaf];
        match here.kind {
            LeafKind::Rule => {
                if side == Side::New {
                    self.out.push_str("<hr>\n");
                }
            }
            LeafKind::Row { head } => self.row(entry, side, leaf, head, spans),
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
                    push_text(&mut self.out, number);
                    self.out.push_str(close);
                }
                self.words(entry, side, here.text.clone(), spans);
                if let Some((Some(was), _)) = self.redline.renumbered(entry) {
                    self.out.push_str(" <small class=\"renumbered\">(");
                    push_text(&mut self.out, &self.options.words.formerly);
                    self.out.push(' ');
                    push_text(&mut self.out, was);
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
                self.words(entry, side, here.text.clone(), spans);
                if kind == LeafKind::Code {
                    self.out.push_str(close);
                    return self.looks_alone(entry, leaf);
                }
                self.looks(entry, leaf);
                self.out.push_str(close);
            }
        }
    }

    /// True if a paragraph stands here without `p`: first in an item of a tight list and the like.
    fn bare(&mut self) -> bool {
        let Some(open) = self.stack.last_mut() else { return false };
        let bare = match self.redline.kind(open.step) {
            ContainerKind::Item { tight, .. } => tight,
            ContainerKind::Details { single } | ContainerKind::Note { single, .. } => single,
            ContainerKind::Element { name, .. } => matches!(name, "summary" | "figcaption"),
            _ => false,
        };
        bare && !std::mem::replace(&mut open.filled, true)
    }

    /// The words of a leaf or a cell.
    pub(super) fn words(&mut self, entry: &Entry, side: Side, range: Range<usize>, spans: Option<&[Span]>) {
        let stretches = self.stretches(entry, side, range, spans, (true, true));
        Inlines::new(self.redline, self.options, &mut self.out).write(&stretches);
    }

    pub(super) fn stretches(
        &mut self,
        entry: &Entry,
        side: Side,
        range: Range<usize>,
        spans: Option<&[Span]>,
        says: (bool, bool),
    ) -> Vec<Stretch> {
        let whole = |op, id| vec![Stretch { op, side, range: range.clone(), id, paragraph: false, says, blank: false }];
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
                .filter(|(_, span)| span.mark != Mark::Cell && (span.mark == Mark::Words || span.op != Op::Same))
                .map(|(at, span)| {
                    let (side, range) = match span.op {
                        Op::Deleted => (Side::Old, span.old.clone()),
                        _ => (Side::New, span.new.clone()),
                    };
                    let blank = self.redline.lost_blank(spans, at);
                    let id = if span.op == Op::Same { None } else { id(span.change) };
                    Stretch {
                        op: span.op,
                        side,
                        range,
                        id,
                        paragraph: span.mark == Mark::Paragraph,
                        says: (true, true),
                        blank,
                    }
                })
                .collect(),
        }
    }
}
