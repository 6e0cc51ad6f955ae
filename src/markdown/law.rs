//! The law of the resolved text: read again, it is the same tree.
//!
//! In: a tree. Out: the tree without what may differ: places, registers, how a number was made.
//! Must not know: how texts are read.

use super::{Block, BlockKind, Document, Inline, InlineKind, SourceMap};

pub fn comparable(document: &Document) -> Document {
    let mut document = document.clone();
    blocks(&mut document.blocks);
    for note in &mut document.footnotes {
        blocks(&mut note.blocks);
    }
    document
}

fn blocks(list: &mut [Block]) {
    for block in list {
        block.span = 0..0;
        match &mut block.kind {
            BlockKind::Heading(heading) => {
                heading.explicit = false;
                if let Some(number) = heading.number.take() {
                    match heading.content.first_mut().map(|inline| &mut inline.kind) {
                        Some(InlineKind::Text { words, .. }) => words.insert_str(0, &format!("{number}. ")),
                        _ => heading.content.insert(0, Inline::whole(format!("{number}. "), 0..0)),
                    }
                }
                inlines(&mut heading.content);
            }
            BlockKind::List(list) => {
                for item in &mut list.items {
                    item.span = 0..0;
                    blocks(&mut item.blocks);
                }
            }
            BlockKind::Table(table) => {
                table.register = None;
                table.head.iter_mut().for_each(|cell| inlines(cell));
                for row in &mut table.rows {
                    row.span = 0..0;
                    row.key = None;
                    row.cells.iter_mut().for_each(|cell| inlines(cell));
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    inlines(&mut definition.term);
                    definition.details.iter_mut().for_each(|details| blocks(details));
                }
            }
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => blocks(inner),
            BlockKind::Paragraph(content) => inlines(content),
            BlockKind::Html { content, .. } => content.clear(),
            BlockKind::Code { indented, map, .. } => {
                *indented = false;
                *map = SourceMap::default();
            }
            BlockKind::Rule => {}
        }
    }
}

fn inlines(list: &mut [Inline]) {
    for inline in list {
        inline.span = 0..0;
        match &mut inline.kind {
            InlineKind::Text { map, .. } => *map = SourceMap::default(),
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Strike(children)
            | InlineKind::Element { children, .. } => inlines(children),
            InlineKind::Link { target, children, .. } => {
                *target = 0..0;
                inlines(children);
            }
            InlineKind::Image { target, .. } => *target = 0..0,
            InlineKind::Code(_) | InlineKind::SoftBreak | InlineKind::HardBreak | InlineKind::FootnoteRef { .. } => {}
        }
    }
}
