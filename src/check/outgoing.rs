//! Where a text leads: its links and pictures, and the ids that links may name.
//!
//! In: a tree and the source that it was read from. Out: addresses with their places, ids. Must not know: what an address leads to.

use crate::markdown::{self, Block, BlockKind, Document, Inline};
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
        Outgoing { links: outgoing(document, &text.source), ids: markdown::ids(document).into_iter().collect() }
    }
}

/// A link or a picture in a text.
pub struct Link {
    pub url: String,
    /// Of the block that holds it, or of the address itself if it stands there as it is.
    pub span: Range<usize>,
    pub picture: bool,
}

/// Every link and picture of a text; what comes from a register is left out, because it is the register's.
pub fn outgoing(document: &Document, source: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let notes = document.footnotes.iter().flat_map(|note| &note.blocks);
    for block in document.blocks.iter().chain(notes) {
        in_block(block, source, &mut out);
    }
    out
}

fn in_block(block: &Block, source: &str, out: &mut Vec<Link>) {
    let span = &block.span;
    match &block.kind {
        BlockKind::Heading(heading) => in_line(&heading.content, span, source, out),
        BlockKind::Paragraph(content) => in_line(content, span, source, out),
        BlockKind::List(list) => {
            list.items.iter().flat_map(|item| &item.blocks).for_each(|block| in_block(block, source, out));
        }
        BlockKind::Table(table) if table.register.is_none() => {
            table.head.iter().for_each(|cell| in_line(cell, span, source, out));
            for row in &table.rows {
                row.cells.iter().for_each(|cell| in_line(cell, &row.span, source, out));
            }
        }
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                in_line(&definition.term, span, source, out);
                definition.details.iter().flatten().for_each(|block| in_block(block, source, out));
            }
        }
        BlockKind::Quote(inner)
        | BlockKind::Summary(inner)
        | BlockKind::Alert { blocks: inner, .. }
        | BlockKind::Element { blocks: inner, .. } => inner.iter().for_each(|block| in_block(block, source, out)),
        BlockKind::Html(html) => {
            for (attribute, picture) in [(" href=\"", false), (" src=\"", true)] {
                for (at, _) in html.match_indices(attribute) {
                    let value = html[at + attribute.len()..].split('"').next().unwrap_or("");
                    out.push(Link { url: value.replace("&amp;", "&"), span: place(value, span, source), picture });
                }
            }
        }
        BlockKind::Table(_) | BlockKind::Code { .. } | BlockKind::Rule => {}
    }
}

fn in_line(content: &[Inline], span: &Range<usize>, source: &str, out: &mut Vec<Link>) {
    for inline in content {
        match inline {
            Inline::Link { url, children, .. } => {
                out.push(Link { url: url.clone(), span: place(url, span, source), picture: false });
                in_line(children, span, source, out);
            }
            Inline::Image { url, .. } => {
                out.push(Link { url: url.clone(), span: place(url, span, source), picture: true });
            }
            Inline::Emphasis(children)
            | Inline::Strong(children)
            | Inline::Strike(children)
            | Inline::Element { children, .. } => in_line(children, span, source, out),
            Inline::Text(_) | Inline::Code(_) | Inline::SoftBreak | Inline::HardBreak | Inline::FootnoteRef { .. } => {}
        }
    }
}

/// The bytes of an address inside a block, or the block.
fn place(url: &str, block: &Range<usize>, source: &str) -> Range<usize> {
    let found = source.get(block.clone()).filter(|_| !url.is_empty()).and_then(|text| text.find(url));
    found.map_or_else(|| block.clone(), |at| block.start + at..block.start + at + url.len())
}
