//! Where a text leads: its links and pictures, and the ids that links may name.
//!
//! In: a tree. Out: addresses with their places, ids. Must not know: what an address leads to.

use crate::markdown::{self, Document, Inline, InlineKind, for_each_run};
use crate::text::Text;
use std::collections::BTreeSet;
use std::ops::Range;

/// Where a text leads, and where one can be led in it.
pub struct Outgoing {
    pub links: Vec<Link>,
    pub ids: BTreeSet<String>,
}

impl Outgoing {
    pub fn of(text: &Text) -> Outgoing {
        let document = &text.parsed.document;
        Outgoing { links: outgoing(document), ids: markdown::ids(document).into_iter().collect() }
    }
}

/// A link or a picture in a text.
pub struct Link {
    pub url: String,
    /// The address as it is written; of a link whose address is written elsewhere, the link.
    pub span: Range<usize>,
    pub picture: bool,
}

/// Every link and picture of a text; what comes from a register is left out, because it is the register's.
pub fn outgoing(document: &Document) -> Vec<Link> {
    let mut out = Vec::new();
    let notes = document.footnotes.iter().flat_map(|note| &note.blocks);
    for block in document.blocks.iter().chain(notes) {
        for_each_run(block, &mut |content, register| {
            if register.is_none() {
                in_line(content, &mut out);
            }
        });
    }
    out
}

fn in_line(content: &[Inline], out: &mut Vec<Link>) {
    for inline in content {
        match &inline.kind {
            InlineKind::Link { url, target, children, .. } => {
                out.push(Link { url: url.clone(), span: target.clone(), picture: false });
                in_line(children, out);
            }
            InlineKind::Image { url, target, .. } => {
                out.push(Link { url: url.clone(), span: target.clone(), picture: true });
            }
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Strike(children)
            | InlineKind::Element { children, .. } => in_line(children, out),
            InlineKind::Text { .. }
            | InlineKind::Code(_)
            | InlineKind::SoftBreak
            | InlineKind::HardBreak
            | InlineKind::FootnoteRef { .. } => {}
        }
    }
}
