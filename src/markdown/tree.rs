//! The document tree: what a reader would read, owned, with the place of each block in its file.
//!
//! In: nothing. Out: the types that rendering, redlines and checks share. Must not know: comrak, HTML, files.

use super::SourceMap;
use std::ops::Range;

/// A parsed text: blocks in reading order, footnotes apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// In order of first reference.
    pub footnotes: Vec<Footnote>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Footnote {
    /// The author's label, `[^label]`.
    pub label: String,
    /// How often the text refers to it.
    pub references: usize,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Bytes of the whole file, front matter included.
    pub span: Range<usize>,
    pub kind: BlockKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    Heading(Heading),
    Paragraph(Vec<Inline>),
    List(List),
    Table(Table),
    Quote(Vec<Block>),
    /// `> [!NOTE]`; `kind` is one of note, tip, important, warning, caution; `title` is the author's own.
    Alert {
        kind: &'static str,
        title: Option<String>,
        blocks: Vec<Block>,
    },
    Code {
        info: String,
        text: String,
        /// Not between fences, but indented.
        indented: bool,
        /// Where the text is written.
        map: SourceMap,
    },
    /// Terms and their definitions.
    Definitions(Vec<Definition>),
    /// `:::summary`
    Summary(Vec<Block>),
    /// Raw HTML as the sanitizer let it pass: whole elements, never half of one.
    Html {
        html: String,
        /// Its words and links in order, as texts, links without words and images.
        content: Vec<Inline>,
    },
    /// A raw HTML element around Markdown (`<details>`, a blank line, text, a blank line, `</details>`):
    /// the opening tag as the sanitizer let it pass, and the element's name.
    Element {
        open: String,
        name: String,
        blocks: Vec<Block>,
    },
    Rule,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    pub level: u8,
    /// Unique in the document: explicit, or made from the title.
    pub id: String,
    pub explicit: bool,
    /// Former ids of this section, which keep working.
    pub was: Vec<String>,
    /// "3.1", when the document numbers its sections.
    pub number: Option<String>,
    pub content: Vec<Inline>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The first number of an ordered list.
    pub start: Option<usize>,
    pub tight: bool,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub span: Range<usize>,
    /// A task's box: ticked or not.
    pub task: Option<bool>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    None,
    Left,
    Center,
    Right,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The register's name, when the table came from one.
    pub register: Option<String>,
    pub align: Vec<Align>,
    pub head: Vec<Cell>,
    pub rows: Vec<Row>,
}

pub type Cell = Vec<Inline>;

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub span: Range<usize>,
    /// The row's id in its register.
    pub key: Option<String>,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub term: Vec<Inline>,
    pub details: Vec<Vec<Block>>,
}

/// A piece of a line, and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Inline {
    /// Bytes of the whole file, with the piece's own markup. A register's cell has the place of its directive.
    pub span: Range<usize>,
    pub kind: InlineKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum InlineKind {
    Text {
        words: String,
        /// Empty if the words are written as they are read, byte by byte, or stand for their place as a whole.
        map: SourceMap,
    },
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Strike(Vec<Inline>),
    Code(String),
    Link {
        url: String,
        title: String,
        /// Bytes of the whole file in which the address is written; of a link whose address is written elsewhere, all of it.
        target: Range<usize>,
        children: Vec<Inline>,
    },
    Image {
        url: String,
        title: String,
        /// As for a link.
        target: Range<usize>,
        alt: String,
    },
    SoftBreak,
    HardBreak,
    /// Index into [`Document::footnotes`] and which reference to it this is, both from 0.
    FootnoteRef {
        note: usize,
        occurrence: usize,
    },
    /// A pair of raw HTML tags around content: the opening tag as the sanitizer let it pass, and the element's name.
    Element {
        open: String,
        name: String,
        children: Vec<Inline>,
    },
}

impl Inline {
    /// Words that stand for one place as a whole.
    pub fn whole(words: String, span: Range<usize>) -> Inline {
        Inline { span, kind: InlineKind::Text { words, map: SourceMap::default() } }
    }

    /// The bytes of the file that a part of a text's words is written as.
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        match &self.kind {
            InlineKind::Text { map, .. } if !map.is_empty() => map.span(part),
            InlineKind::Text { words, .. } if words.len() == self.span.len() => {
                self.span.start + part.start..self.span.start + part.end
            }
            _ => self.span.clone(),
        }
    }
}

/// Every run of inline content in a block, in the order of reading, with the register that it comes from if it comes from
/// one. Code holds none.
pub fn for_each_run<'b>(block: &'b Block, visit: &mut impl FnMut(&'b [Inline], Option<&'b str>)) {
    match &block.kind {
        BlockKind::Heading(heading) => visit(&heading.content, None),
        BlockKind::Paragraph(content) => visit(content, None),
        BlockKind::Table(table) => {
            let cells = table.head.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
            cells.for_each(|cell| visit(cell, table.register.as_deref()));
        }
        BlockKind::List(list) => {
            list.items.iter().flat_map(|item| &item.blocks).for_each(|block| for_each_run(block, visit));
        }
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                visit(&definition.term, None);
                definition.details.iter().flatten().for_each(|block| for_each_run(block, visit));
            }
        }
        BlockKind::Quote(inner)
        | BlockKind::Summary(inner)
        | BlockKind::Alert { blocks: inner, .. }
        | BlockKind::Element { blocks: inner, .. } => inner.iter().for_each(|block| for_each_run(block, visit)),
        BlockKind::Html { content, .. } => visit(content, None),
        BlockKind::Code { .. } | BlockKind::Rule => {}
    }
}

/// True if some of the blocks show a register.
pub fn places_register(blocks: &[Block], name: &str) -> bool {
    blocks.iter().any(|block| match &block.kind {
        BlockKind::Table(table) => table.register.as_deref() == Some(name),
        BlockKind::Quote(inner)
        | BlockKind::Summary(inner)
        | BlockKind::Alert { blocks: inner, .. }
        | BlockKind::Element { blocks: inner, .. } => places_register(inner, name),
        BlockKind::List(list) => list.items.iter().any(|item| places_register(&item.blocks, name)),
        _ => false,
    })
}

/// The words of inline content, as a reader would hear them.
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text { words: text, .. } | InlineKind::Code(text) => out.push_str(text),
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Strike(children)
            | InlineKind::Link { children, .. }
            | InlineKind::Element { children, .. } => push_plain(children, out),
            InlineKind::Image { alt, .. } => out.push_str(alt),
            InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            InlineKind::FootnoteRef { .. } => {}
        }
    }
}
