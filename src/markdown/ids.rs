//! The ids of a document's HTML.
//!
//! In: a document. Out: every id that a link may lead to, and how notes are named. Must not know: how HTML is written.

use super::{Block, BlockKind, Document, Inline, InlineKind, raw};

/// Every id that a link into the document's HTML may lead to, former ones too.
pub fn ids(document: &Document) -> Vec<String> {
    let mut ids = Vec::new();
    block_ids(&document.blocks, &mut ids);
    for note in &document.footnotes {
        block_ids(&note.blocks, &mut ids);
    }
    footnote_ids(document, &mut ids);
    ids
}

pub(super) fn reference(prefix: &str, note: usize, occurrence: usize) -> String {
    match occurrence {
        0 => format!("{prefix}ref-{}", note + 1),
        _ => format!("{prefix}ref-{}-{}", note + 1, occurrence + 1),
    }
}

/// Returns a prefix for the ids of notes that no other id has.
pub(super) fn prefix(document: &Document) -> &'static str {
    if document.footnotes.is_empty() {
        return "fn";
    }
    let mut ids = Vec::new();
    block_ids(&document.blocks, &mut ids);
    for note in &document.footnotes {
        block_ids(&note.blocks, &mut ids);
    }
    let free = |prefix: &&str| !ids.iter().any(|id| id.starts_with(*prefix));
    ["fn", "note", "footnote", "text-note"].into_iter().find(free).unwrap_or("document-footnote")
}

fn footnote_ids(document: &Document, ids: &mut Vec<String>) {
    let prefix = prefix(document);
    for (note, footnote) in document.footnotes.iter().enumerate() {
        ids.push(format!("{prefix}-{}", note + 1));
        ids.extend((0..footnote.references).map(|occurrence| reference(prefix, note, occurrence)));
    }
}

fn block_ids(blocks: &[Block], ids: &mut Vec<String>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading(heading) => {
                ids.push(heading.id.clone());
                ids.extend(heading.was.iter().cloned());
                inline_ids(&heading.content, ids);
            }
            BlockKind::Paragraph(content) => inline_ids(content, ids),
            BlockKind::List(list) => list.items.iter().for_each(|item| block_ids(&item.blocks, ids)),
            BlockKind::Table(table) => {
                let rows = table.rows.iter().map(|row| &row.cells);
                rows.chain([&table.head]).flatten().for_each(|cell| inline_ids(cell, ids));
            }
            BlockKind::Quote(blocks) | BlockKind::Summary(blocks) | BlockKind::Alert { blocks, .. } => {
                block_ids(blocks, ids)
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    inline_ids(&definition.term, ids);
                    definition.details.iter().for_each(|details| block_ids(details, ids));
                }
            }
            BlockKind::Html { html, .. } => ids.extend(raw::values(html, "id")),
            BlockKind::Element { open, blocks, .. } => {
                ids.extend(raw::values(open, "id"));
                block_ids(blocks, ids);
            }
            BlockKind::Code { .. } | BlockKind::Rule => {}
        }
    }
}

fn inline_ids(inlines: &[Inline], ids: &mut Vec<String>) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Strike(children)
            | InlineKind::Link { children, .. } => {
                inline_ids(children, ids);
            }
            InlineKind::Element { open, children, .. } => {
                ids.extend(raw::values(open, "id"));
                inline_ids(children, ids);
            }
            _ => {}
        }
    }
}
