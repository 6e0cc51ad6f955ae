//! The words of a text for comparing two texts. In: a tree. Out: its words and the targets of its links.
//! Must not know: markup, white space.

use crate::markdown::{Block, BlockKind, Cell, Document, Inline, InlineKind};

/// Words and the targets of links, one blank between two words.
pub fn says(document: &Document) -> String {
    let mut out = Says(String::new());
    out.blocks(&document.blocks);
    for note in &document.footnotes {
        out.blocks(&note.blocks);
    }
    // No-break spaces count as white space, and marks without width are not there to be read.
    let seen: String =
        out.0.chars().filter(|letter| !matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}')).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Says(String);

impl Says {
    fn end(&mut self) {
        self.0.push(' ');
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.end();
            match &block.kind {
                BlockKind::Heading(heading) => self.inlines(&heading.content),
                BlockKind::Paragraph(content) => self.inlines(content),
                BlockKind::List(list) => {
                    for item in &list.items {
                        self.blocks(&item.blocks);
                    }
                }
                BlockKind::Table(table) => {
                    self.cells(&table.head);
                    table.rows.iter().for_each(|row| self.cells(&row.cells));
                }
                BlockKind::Quote(inner) | BlockKind::Summary(inner) | BlockKind::Element { blocks: inner, .. } => {
                    self.blocks(inner);
                }
                BlockKind::Alert { title, blocks, .. } => {
                    self.0.push_str(title.as_deref().unwrap_or(""));
                    self.blocks(blocks);
                }
                BlockKind::Code { text, .. } => self.0.push_str(text),
                BlockKind::Definitions(definitions) => {
                    for definition in definitions {
                        self.end();
                        self.inlines(&definition.term);
                        definition.details.iter().for_each(|blocks| self.blocks(blocks));
                    }
                }
                BlockKind::Html { html, .. } => self.0.push_str(html),
                BlockKind::Rule => {}
            }
        }
    }

    fn cells(&mut self, cells: &[Cell]) {
        for cell in cells {
            self.end();
            self.inlines(cell);
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text { words: text, .. } | InlineKind::Code(text) => self.0.push_str(text),
                InlineKind::Emphasis(children)
                | InlineKind::Strong(children)
                | InlineKind::Strike(children)
                | InlineKind::Element { children, .. } => self.inlines(children),
                InlineKind::Link { url, children, .. } => {
                    self.inlines(children);
                    // A link that leads elsewhere does not say the same.
                    self.0.push_str(" <");
                    self.0.push_str(url);
                    self.0.push_str("> ");
                }
                InlineKind::Image { url, alt, .. } => {
                    self.0.push_str(alt);
                    self.0.push_str(url);
                }
                InlineKind::SoftBreak | InlineKind::HardBreak => self.end(),
                InlineKind::FootnoteRef { .. } => {}
            }
        }
    }
}
