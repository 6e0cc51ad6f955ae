//! Decides whether the line breaks of a text are intended or come from wrapping at some width.
//!
//! In: a tree. Out: yes or no, for the whole text. Must not know: HTML. Text pasted from elsewhere often has a line for each
//! entry or label and no blank lines between; text wrapped by an editor has long lines that end in the middle of a sentence.

use super::{Block, BlockKind, Document, Inline, InlineKind, plain_text};

/// A shorter line that ends in the middle of a sentence is a label, not a wrapped line.
const WRAPPED: usize = 40;

/// True if each line end inside a paragraph is to be shown as one.
pub(super) fn meant(document: &Document) -> bool {
    let mut count = Count::default();
    count.blocks(&document.blocks);
    count.ends > 0 && count.wrapped * 10 <= count.ends
}

#[derive(Default)]
struct Count {
    ends: usize,
    wrapped: usize,
}

impl Count {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(inlines) => self.paragraph(inlines),
                BlockKind::List(list) => list.items.iter().for_each(|item| self.blocks(&item.blocks)),
                BlockKind::Quote(blocks) | BlockKind::Summary(blocks) | BlockKind::Alert { blocks, .. } => {
                    self.blocks(blocks);
                }
                BlockKind::Definitions(definitions) => {
                    definitions
                        .iter()
                        .flat_map(|definition| &definition.details)
                        .for_each(|blocks| self.blocks(blocks));
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, inlines: &[Inline]) {
        let mut line = 0;
        let mut last = None;
        for inline in inlines {
            match &inline.kind {
                InlineKind::SoftBreak => {
                    self.ends += 1;
                    let ended = last.is_none_or(|c: char| {
                        matches!(c, '.' | ':' | ';' | '!' | '?' | ')' | '”' | '"' | '»' | '。' | '؟')
                    });
                    self.wrapped += usize::from(line >= WRAPPED && !ended);
                    line = 0;
                    last = None;
                }
                InlineKind::HardBreak => {
                    line = 0;
                    last = None;
                }
                _ => {
                    let text = plain_text(std::slice::from_ref(inline));
                    line += text.chars().count();
                    last = text.trim_end().chars().next_back().or(last);
                }
            }
        }
    }
}
