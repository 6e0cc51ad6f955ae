//! A document as a row of leaves: headings, paragraphs, table rows, code; containers become the path to a leaf.
//!
//! In: a document. Out: one text, the leaves' places in it, the formatting of each stretch. Two texts that differ only
//! in lists, quotes and other containers have the same leaves, which is why a paragraph that became a list is found.
//! Must not know: the other document.

use super::number::leading_number;
use crate::markdown::{Block, BlockKind, Document, Inline, InlineKind, Item, List, Table};
use std::ops::Range;

/// Stands in the text for what has no words: a reference to a note, an image without a description.
pub const ATOM: char = '\u{FFFC}';
/// Stands for a line break inside a paragraph.
pub const BREAK: char = '\u{2028}';
/// No wrapper, no container.
pub const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    Heading(u8),
    Paragraph,
    /// The author's own title of an alert.
    Title,
    /// The term of a definition.
    Term,
    Code,
    /// Raw HTML; its words are what stands between the tags.
    Html,
    Row {
        head: bool,
    },
    Rule,
}

impl LeafKind {
    /// Kinds of one class can continue each other: a paragraph may become a heading, never a table row.
    pub fn class(self) -> u8 {
        match self {
            LeafKind::Heading(_) | LeafKind::Paragraph | LeafKind::Title | LeafKind::Term | LeafKind::Html => 0,
            LeafKind::Code => 1,
            LeafKind::Row { head: false } => 2,
            LeafKind::Row { head: true } => 3,
            LeafKind::Rule => 4,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Leaf<'a> {
    pub kind: LeafKind,
    pub container: u32,
    pub text: Range<usize>,
    /// Into [`Flat::parts`]: one for most, one for each cell of a row.
    pub parts: Range<usize>,
    /// Of a heading: "7." as typed or given.
    pub number: Option<String>,
    /// Equal in both documents when the words are; see [`super::keys`].
    pub key: u32,
    /// Of a row: equal when the row speaks of the same thing.
    pub row: u32,
    /// Into [`Flat::sections`].
    pub section: u32,
    pub block: Option<&'a Block>,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub text: Range<usize>,
    pub pieces: Range<usize>,
}

/// A stretch of text with one formatting.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    pub text: Range<usize>,
    /// Innermost wrapper.
    pub wrap: u32,
    pub form: Form<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form<'a> {
    Text,
    Code,
    Image {
        url: &'a str,
        title: &'a str,
    },
    Note {
        note: usize,
    },
    /// Where the stretch stands in the raw HTML.
    Raw {
        start: usize,
        end: usize,
    },
}

#[derive(Clone, Debug)]
pub struct Wrap<'a> {
    pub parent: u32,
    pub inline: &'a Inline,
}

#[derive(Clone, Debug)]
pub struct Container<'a> {
    pub parent: u32,
    pub kind: ContainerKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum ContainerKind<'a> {
    List(&'a List),
    Item { item: &'a Item, tight: bool },
    Quote,
    Alert { kind: &'static str, titled: bool },
    Summary,
    Element { open: &'a str, name: &'a str },
    Definitions,
    Details { single: bool },
    Table(&'a Table),
    Notes,
    Note { note: usize, label: &'a str, single: bool },
}

/// A heading and what follows it up to the next heading of any level; the first has no heading.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    pub leaves: Range<usize>,
    pub heading: Option<&'a crate::markdown::Heading>,
}

#[derive(Debug, Default)]
pub struct Flat<'a> {
    pub text: String,
    pub leaves: Vec<Leaf<'a>>,
    pub parts: Vec<Part>,
    pub pieces: Vec<Piece<'a>>,
    pub wraps: Vec<Wrap<'a>>,
    pub containers: Vec<Container<'a>>,
    pub sections: Vec<Section<'a>>,
}

impl<'a> Flat<'a> {
    pub fn new(document: &'a Document, bytes: usize) -> Flat<'a> {
        let mut flat = Flat {
            text: String::with_capacity(bytes),
            sections: vec![Section { leaves: 0..0, heading: None }],
            ..Flat::default()
        };
        flat.blocks(&document.blocks, NONE);
        if !document.footnotes.is_empty() {
            let notes = flat.open(NONE, ContainerKind::Notes);
            for (index, note) in document.footnotes.iter().enumerate() {
                let note_in = flat.open(
                    notes,
                    ContainerKind::Note { note: index, label: &note.label, single: note.blocks.len() == 1 },
                );
                flat.blocks(&note.blocks, note_in);
            }
        }
        let end = flat.leaves.len();
        if let Some(last) = flat.sections.last_mut() {
            last.leaves.end = end;
        }
        flat
    }

    fn open(&mut self, parent: u32, kind: ContainerKind<'a>) -> u32 {
        self.containers.push(Container { parent, kind });
        index(self.containers.len() - 1)
    }

    fn blocks(&mut self, blocks: &'a [Block], container: u32) {
        for block in blocks {
            self.block(block, container);
        }
    }

    fn block(&mut self, block: &'a Block, container: u32) {
        match &block.kind {
            BlockKind::Heading(heading) => {
                if self.is_section(container) {
                    let next = self.leaves.len();
                    if let Some(last) = self.sections.last_mut() {
                        last.leaves.end = next;
                    }
                    self.sections.push(Section { leaves: next..next, heading: Some(heading) });
                }
                let from = self.text.len();
                let part = self.part(|flat| flat.inlines(&heading.content, NONE));
                // The number is no word of the title: "7. Security" and "8. Security" are the same section.
                let (number, skip) = match &heading.number {
                    Some(number) => (Some(format!("{number}.")), 0),
                    None => leading_number(&self.text[from..]).map_or((None, 0), |(number, skip)| (Some(number), skip)),
                };
                if skip > 0 {
                    self.skip(part, skip);
                }
                self.leaf(LeafKind::Heading(heading.level), container, part..part + 1, number, Some(block), true);
            }
            BlockKind::Paragraph(content) => {
                let part = self.part(|flat| flat.inlines(content, NONE));
                self.leaf(LeafKind::Paragraph, container, part..part + 1, None, Some(block), false);
            }
            BlockKind::List(list) => {
                let list_in = self.open(container, ContainerKind::List(list));
                for item in &list.items {
                    let item_in = self.open(list_in, ContainerKind::Item { item, tight: list.tight });
                    self.blocks(&item.blocks, item_in);
                }
            }
            BlockKind::Table(table) => {
                let table_in = self.open(container, ContainerKind::Table(table));
                self.row(&table.head, LeafKind::Row { head: true }, table_in, block);
                for row in &table.rows {
                    self.row(&row.cells, LeafKind::Row { head: false }, table_in, block);
                }
            }
            BlockKind::Quote(blocks) => {
                let inner = self.open(container, ContainerKind::Quote);
                self.blocks(blocks, inner);
            }
            BlockKind::Alert { kind, title, blocks } => {
                let inner = self.open(container, ContainerKind::Alert { kind, titled: title.is_some() });
                if let Some(title) = title {
                    let part = self.part(|flat| flat.plain(title, NONE, Form::Text));
                    self.leaf(LeafKind::Title, inner, part..part + 1, None, None, false);
                }
                self.blocks(blocks, inner);
            }
            BlockKind::Summary(blocks) => {
                let inner = self.open(container, ContainerKind::Summary);
                self.blocks(blocks, inner);
            }
            BlockKind::Element { open, name, blocks } => {
                let inner = self.open(container, ContainerKind::Element { open, name });
                self.blocks(blocks, inner);
            }
            BlockKind::Definitions(definitions) => {
                let list = self.open(container, ContainerKind::Definitions);
                for definition in definitions {
                    let part = self.part(|flat| flat.inlines(&definition.term, NONE));
                    self.leaf(LeafKind::Term, list, part..part + 1, None, None, false);
                    for details in &definition.details {
                        let single = matches!(details.as_slice(), [Block { kind: BlockKind::Paragraph(_), .. }]);
                        let inner = self.open(list, ContainerKind::Details { single });
                        self.blocks(details, inner);
                    }
                }
            }
            BlockKind::Code { text, .. } => {
                let part = self.part(|flat| flat.plain(text, NONE, Form::Text));
                self.leaf(LeafKind::Code, container, part..part + 1, None, Some(block), false);
            }
            BlockKind::Html { html, .. } => {
                let part = self.part(|flat| flat.raw(html));
                self.leaf(LeafKind::Html, container, part..part + 1, None, Some(block), false);
            }
            BlockKind::Rule => {
                let part = self.part(|_| ());
                self.leaf(LeafKind::Rule, container, part..part + 1, None, Some(block), true);
            }
        }
    }

    /// A heading starts a section unless it stands in a list, a quote, a note.
    fn is_section(&self, mut container: u32) -> bool {
        while container != NONE {
            let Container { parent, kind } = &self.containers[container as usize];
            if !matches!(kind, ContainerKind::Element { .. }) {
                return false;
            }
            container = *parent;
        }
        true
    }

    fn row(&mut self, cells: &'a [Vec<Inline>], kind: LeafKind, container: u32, block: &'a Block) {
        let first = self.parts.len();
        for cell in cells {
            self.part(|flat| flat.inlines(cell, NONE));
            self.text.push('\t');
        }
        self.leaf(kind, container, first..self.parts.len(), None, Some(block), true);
    }

    fn leaf(
        &mut self,
        kind: LeafKind,
        container: u32,
        parts: Range<usize>,
        number: Option<String>,
        block: Option<&'a Block>,
        keep: bool,
    ) {
        let text = match self.parts.get(parts.clone()) {
            Some([first, .., last]) => first.text.start..last.text.end,
            Some([one]) => one.text.clone(),
            _ => self.text.len()..self.text.len(),
        };
        let empty = text.is_empty() && kind != LeafKind::Html;
        if !keep && empty {
            self.parts.truncate(parts.start);
            return;
        }
        let section = index(self.sections.len() - 1);
        self.leaves.push(Leaf { kind, container, text, parts, number, key: 0, row: NONE, section, block });
        // Between two leaves: the mark that a split inserts and a merge deletes.
        self.text.push('\n');
    }

    fn part(&mut self, fill: impl FnOnce(&mut Self)) -> usize {
        let (text, pieces) = (self.text.len(), self.pieces.len());
        fill(self);
        self.parts.push(Part { text: text..self.text.len(), pieces: pieces..self.pieces.len() });
        self.parts.len() - 1
    }

    /// Takes the first bytes off a part.
    fn skip(&mut self, part: usize, bytes: usize) {
        let part = &mut self.parts[part];
        part.text.start += bytes;
        for piece in &mut self.pieces[part.pieces.clone()] {
            piece.text.start = piece.text.start.max(part.text.start);
            piece.text.end = piece.text.end.max(part.text.start);
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline], wrap: u32) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text { words: text, .. } => self.plain(text, wrap, Form::Text),
                InlineKind::Code(text) => self.plain(text, wrap, Form::Code),
                InlineKind::Emphasis(children)
                | InlineKind::Strong(children)
                | InlineKind::Strike(children)
                | InlineKind::Link { children, .. }
                | InlineKind::Element { children, .. } => {
                    self.wraps.push(Wrap { parent: wrap, inline });
                    let inner = index(self.wraps.len() - 1);
                    self.inlines(children, inner);
                }
                InlineKind::Image { url, title, alt, .. } => {
                    // The description is one word: half an image cannot be shown.
                    let shown = if alt.trim().is_empty() { ATOM.to_string() } else { alt.clone() };
                    self.plain(&shown, wrap, Form::Image { url, title });
                }
                InlineKind::SoftBreak => self.plain(" ", wrap, Form::Text),
                InlineKind::HardBreak => self.plain("\u{2028}", wrap, Form::Text),
                InlineKind::FootnoteRef { note, .. } => self.plain("\u{FFFC}", wrap, Form::Note { note: *note }),
            }
        }
    }

    fn plain(&mut self, text: &str, wrap: u32, form: Form<'a>) {
        let start = self.text.len();
        self.text.push_str(text);
        // Neighbours of one formatting are one piece: the parser cuts texts at every entity.
        if form == Form::Text
            && let Some(last) = self.pieces.last_mut()
            && last.form == Form::Text
            && last.wrap == wrap
            && last.text.end == start
            && self.parts.last().is_none_or(|part| part.pieces.end < self.pieces.len())
            && let Some(last) = self.pieces.last_mut()
        {
            last.text.end = self.text.len();
            return;
        }
        self.pieces.push(Piece { text: start..self.text.len(), wrap, form });
    }

    fn raw(&mut self, html: &'a str) {
        let mut at = 0;
        while at < html.len() {
            let rest = &html[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                at = comment.find("-->").map_or(html.len(), |end| at + end + 7);
                continue;
            }
            if rest.starts_with('<') {
                at = tag_end(html, at);
                continue;
            }
            let end = rest.find('<').map_or(html.len(), |end| at + end);
            let start = self.text.len();
            unescape(&html[at..end], &mut self.text);
            if self.text[start..].trim().is_empty() {
                self.text.truncate(start);
                // Tags end words here, as a browser shows them.
                if start > 0 && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                    if let Some(piece) = self.pieces.last_mut().filter(|piece| piece.text.end == start) {
                        piece.text.end = start + 1;
                    }
                }
            } else {
                self.text.push(' ');
                self.pieces.push(Piece {
                    text: start..self.text.len(),
                    wrap: NONE,
                    form: Form::Raw { start: at, end },
                });
            }
            at = end;
        }
    }

    /// The wrappers around a piece, outermost first.
    pub fn chain(&self, wrap: u32) -> Vec<u32> {
        let mut chain = Vec::new();
        self.push_chain(wrap, &mut chain);
        chain
    }

    pub fn push_chain(&self, mut wrap: u32, chain: &mut Vec<u32>) {
        let from = chain.len();
        while wrap != NONE {
            chain.push(wrap);
            wrap = self.wraps[wrap as usize].parent;
        }
        chain[from..].reverse();
    }

    /// The containers around a leaf, outermost first.
    pub fn path(&self, mut container: u32) -> Vec<u32> {
        let mut path = Vec::new();
        while container != NONE {
            path.push(container);
            container = self.containers[container as usize].parent;
        }
        path.reverse();
        path
    }

    /// What the author calls the note that a leaf stands in; a number is no name.
    pub fn note_label(&self, leaf: usize) -> Option<&'a str> {
        let mut container = self.leaves[leaf].container;
        while container != NONE {
            let here = &self.containers[container as usize];
            if let ContainerKind::Note { label, .. } = here.kind {
                return (!label.bytes().all(|byte| byte.is_ascii_digit())).then_some(label);
            }
            container = here.parent;
        }
        None
    }

    pub fn leaf_text(&self, leaf: usize) -> &str {
        &self.text[self.leaves[leaf].text.clone()]
    }
}

/// Texts are far below 4 GB: the parser refuses more.
pub fn index(at: usize) -> u32 {
    at as u32
}

/// Where the tag that starts at `at` ends; quotes may hide a `>`.
pub fn tag_end(html: &str, at: usize) -> usize {
    let mut quote = 0;
    for (offset, byte) in html.as_bytes()[at..].iter().enumerate() {
        match byte {
            b'"' | b'\'' if quote == 0 => quote = *byte,
            byte if quote == *byte => quote = 0,
            b'>' if quote == 0 => return at + offset + 1,
            _ => {}
        }
    }
    html.len()
}

/// The sanitizer writes few references; others stay as typed.
fn unescape(html: &str, out: &mut String) {
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known =
            [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{A0}"), ("&#39;", "'")];
        match known.iter().find(|(reference, _)| rest.starts_with(reference)) {
            Some((reference, letter)) => {
                out.push_str(letter);
                rest = &rest[reference.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}
