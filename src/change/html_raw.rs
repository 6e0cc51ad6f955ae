//! Raw HTML in a redline.
//!
//! In: a piece of raw HTML as the sanitizer let it pass, and what changed in its texts. Out: the same HTML with marks
//! inside its texts and nowhere else. Must not know: other blocks.

use super::flat::{Form, tag_end};
use super::html::Writer;
use super::inline::{Inlines, Stretch, push_tag};
use super::{Entry, EntryKind, Op, Span};
use crate::markdown::BlockKind;
use std::ops::Range;

impl Writer<'_, '_> {
    /// Raw HTML: its tags as they are, marks only inside its texts.
    pub(super) fn raw(&mut self, entry: &Entry, old: bool, leaf: usize, spans: Option<&[Span]>) {
        let flat = self.redline.flat(old);
        let here = &flat.leaves[leaf];
        let Some(BlockKind::Html(html)) = here.block.map(|block| &block.kind) else { return };
        let stretches = self.stretches(entry, old, here.text.clone(), spans, (true, true));
        let pieces = flat.parts[here.parts.start].pieces.clone();
        let mut done = 0;
        for (at, piece) in flat.pieces[pieces.clone()].iter().enumerate() {
            let Form::Raw { start, end } = piece.form else { continue };
            self.tags(&html[done..start]);
            done = end;
            let last = at + 1 == pieces.len();
            // What was removed stands before the text that follows it, or after the last.
            let inside: Vec<Stretch> = self.cut(entry, &stretches, spans, &piece.text, (at == 0, last));
            // Text that stands in a list without an item, where no mark may stand.
            let stray = inside.iter().any(|stretch| stretch.op != Op::Same) && stray(&html[..start]);
            self.out.push_str(if stray { "<li>" } else { "" });
            Inlines::new(self.redline, self.options, &mut self.out).write(&inside);
            self.out.push_str(if stray { "</li>" } else { "" });
        }
        if pieces.is_empty() && old {
            return;
        }
        self.tags(&html[done..]);
        self.out.push('\n');
    }

    /// The stretches that belong to one text of raw HTML.
    fn cut(
        &self,
        entry: &Entry,
        stretches: &[Stretch],
        spans: Option<&[Span]>,
        text: &Range<usize>,
        (first, last): (bool, bool),
    ) -> Vec<Stretch> {
        let old = entry.new.is_empty();
        let spans = spans.unwrap_or(&[]);
        let mut out = Vec::new();
        for (at, stretch) in stretches.iter().enumerate() {
            if stretch.old != old {
                let place = spans.get(at).map_or(0, |span| span.new.start);
                let here = (first || place >= text.start) && (last || place < text.end);
                out.extend(here.then(|| stretch.clone()));
                continue;
            }
            let range = stretch.range.start.max(text.start)..stretch.range.end.min(text.end);
            if range.start < range.end {
                let id = stretch
                    .id
                    .filter(|_| range.start == stretch.range.start || entry.kind != EntryKind::Changed && first);
                out.push(Stretch { range, id, ..stretch.clone() });
            }
        }
        out
    }

    fn tags(&mut self, html: &str) {
        let mut at = 0;
        while let Some(start) = html[at..].find('<').map(|start| at + start) {
            self.out.push_str(&html[at..start]);
            at = tag_end(html, start);
            push_tag(&mut self.out, &html[start..at], self.options);
        }
        self.out.push_str(&html[at..]);
    }
}

/// True if the element that is open at the end of this HTML is a list.
fn stray(html: &str) -> bool {
    let mut depth = 0;
    let mut end = html.len();
    while let Some(start) = html[..end].rfind('<') {
        let tag = &html[start..];
        let name = tag[1..].split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/').next().unwrap_or("");
        end = start;
        match name {
            "br" | "img" | "hr" | "wbr" | "input" | "col" | "" => {}
            name if name.starts_with('/') => depth += 1,
            _ if depth > 0 => depth -= 1,
            name => return matches!(name, "ul" | "ol"),
        }
    }
    false
}
