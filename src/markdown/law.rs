//! The law of the resolved text: read again, it is the same tree.
//!
//! In: a tree. Out: the tree without what may differ: places, registers, how a number was made.
//! Must not know: how texts are read.

use super::{Block, BlockKind, Document, Inline};

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
                    match heading.content.first_mut() {
                        Some(Inline::Text(text)) => text.insert_str(0, &format!("{number}. ")),
                        _ => heading.content.insert(0, Inline::Text(format!("{number}. "))),
                    }
                }
            }
            BlockKind::List(list) => {
                for item in &mut list.items {
                    item.span = 0..0;
                    blocks(&mut item.blocks);
                }
            }
            BlockKind::Table(table) => {
                table.register = None;
                for row in &mut table.rows {
                    row.span = 0..0;
                    row.key = None;
                }
            }
            BlockKind::Definitions(definitions) => {
                definitions
                    .iter_mut()
                    .flat_map(|definition| &mut definition.details)
                    .for_each(|details| blocks(details));
            }
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => blocks(inner),
            BlockKind::Paragraph(_) | BlockKind::Code { .. } | BlockKind::Html(_) | BlockKind::Rule => {}
        }
    }
}
