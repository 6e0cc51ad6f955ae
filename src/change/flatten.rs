//! Lays a document out as a row of leaves.
//!
//! In: a document. Out: a [`Flat`]. Raw HTML becomes the leaves that Markdown would have made ([`super::flatten_html`]), so
//! that a list typed as tags is compared with a list typed as lines. Must not know: the other document.

use super::flat::{
    Container, ContainerKind, Flat, Form, Leaf, LeafKind, NONE, Numbering, Part, Piece, Section, Style, Wrap, index,
};
use crate::clauses::label::leading;
use crate::markdown::{Block, BlockKind, Document, Inline, InlineKind, is_block_element};
use std::borrow::Cow;
use std::ops::Range;

/// Room for the words of an ordinary policy.
const TEXT: usize = 16 * 1024;

impl<'a> Flat<'a> {
    pub fn new(document: &'a Document) -> Flat<'a> {
        let mut flat = Flat {
            text: String::with_capacity(TEXT),
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
        flat.find_struck();
        flat.number_leaves();
        flat
    }

    pub(super) fn open(&mut self, parent: u32, kind: ContainerKind<'a>) -> u32 {
        let (mut shape, mut depth, mut quotes) = self
            .containers
            .get(parent as usize)
            .map_or((0, 0, 0), |around| (around.shape, around.depth, around.quotes));
        // Frames that only group what is inside leave the shape as it is.
        let step = match kind {
            ContainerKind::Item { number: None, .. } => 1,
            ContainerKind::Item { .. } => 2,
            ContainerKind::Quote | ContainerKind::Element { name: "blockquote", .. } => 3,
            ContainerKind::Summary => 4,
            ContainerKind::Details { .. } => 5,
            ContainerKind::Alert { kind, .. } => 6 + kind.bytes().map(u64::from).sum::<u64>(),
            _ => 0,
        };
        if step > 0 {
            shape = (shape.rotate_left(7) ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        depth += u32::from(matches!(step, 1 | 2));
        quotes += u32::from(step == 3);
        self.containers.push(Container { parent, kind, shape, depth, quotes });
        index(self.containers.len() - 1)
    }

    fn blocks(&mut self, blocks: &'a [Block], container: u32) {
        for block in blocks {
            self.block(block, container);
        }
    }

    fn block(&mut self, block: &'a Block, container: u32) {
        match &block.kind {
            BlockKind::Heading(heading) => self.heading(heading, container),
            BlockKind::Paragraph(content) => {
                let part = self.part(|flat| flat.inlines(content, NONE));
                self.leaf(LeafKind::Paragraph, container, part..part + 1);
            }
            BlockKind::List(list) => {
                let numbering = Numbering::Decimal;
                let list_in = self.open(container, ContainerKind::List { start: list.start, numbering });
                for (at, item) in list.items.iter().enumerate() {
                    let kind = ContainerKind::Item {
                        number: list.start.map(|start| start + at),
                        numbering,
                        task: item.task,
                        tight: list.tight,
                    };
                    let item_in = self.open(list_in, kind);
                    let first = self.leaves.len();
                    self.blocks(&item.blocks, item_in);
                    self.begins_item(first, item_in);
                }
            }
            BlockKind::Table(table) => {
                let first = self.leaves.len();
                let table_in = self.open(container, ContainerKind::Table { first, end: first });
                self.row(&table.head, LeafKind::Row { head: true }, table_in, None);
                for row in &table.rows {
                    self.row(&row.cells, LeafKind::Row { head: false }, table_in, row.key.as_deref());
                }
                self.ends_table(table_in);
            }
            BlockKind::Quote(blocks) => {
                let inner = self.open(container, ContainerKind::Quote);
                self.blocks(blocks, inner);
            }
            BlockKind::Alert { kind, title, blocks } => {
                let inner = self.open(container, ContainerKind::Alert { kind, titled: title.is_some() });
                if let Some(title) = title {
                    let part = self.part(|flat| flat.plain(title, NONE, Form::Text));
                    self.leaf(LeafKind::Title, inner, part..part + 1);
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
                    self.leaf(LeafKind::Term, list, part..part + 1);
                    for details in &definition.details {
                        let single = matches!(details.as_slice(), [Block { kind: BlockKind::Paragraph(_), .. }]);
                        let inner = self.open(list, ContainerKind::Details { single });
                        self.blocks(details, inner);
                    }
                }
            }
            BlockKind::Code { text, .. } => {
                let part = self.part(|flat| flat.plain(text, NONE, Form::Text));
                self.leaf(LeafKind::Code, container, part..part + 1);
            }
            BlockKind::Html { html, .. } => super::flatten_html::flatten(self, html, container),
            BlockKind::Rule => self.rule(container),
        }
    }

    fn heading(&mut self, heading: &'a crate::markdown::Heading, container: u32) {
        if self.is_section(container) {
            let next = self.leaves.len();
            if let Some(last) = self.sections.last_mut() {
                last.leaves.end = next;
            }
            self.sections.push(Section { leaves: next..next, heading: Some(heading) });
        }
        let from = self.text.len();
        let part = self.part(|flat| flat.inlines(&heading.content, NONE));
        // The number is not a word of the title: "7. Security" and "8. Security" are the same section.
        let (number, skip) = match &heading.number {
            Some(number) => (Some(format!("{number}.")), 0),
            None => match leading(&self.text[from..]).filter(|label| label.closed) {
                Some(label) => (Some(label.typed.to_string()), label.len),
                None => (None, 0),
            },
        };
        if skip > 0 {
            self.skip(part, skip);
        }
        let leaf = self.push_leaf(LeafKind::Heading(heading.level), container, part..part + 1);
        self.leaves[leaf].number = number;
    }

    /// A heading starts a section unless it is in a list, a quotation, a note.
    fn is_section(&self, container: u32) -> bool {
        self.ancestors(container).all(|at| matches!(self.containers[at as usize].kind, ContainerKind::Element { .. }))
    }

    fn row(&mut self, cells: &'a [Vec<Inline>], kind: LeafKind, container: u32, id: Option<&'a str>) {
        let first = self.parts.len();
        for cell in cells {
            let (text, pieces) = (self.text.len(), self.pieces.len());
            self.inlines(cell, NONE);
            self.end_cell("", text, pieces);
        }
        let leaf = self.push_leaf(kind, container, first..self.parts.len());
        self.leaves[leaf].row_id = id;
    }

    /// Ends a cell with a tab, which no cell contains.
    pub(super) fn end_cell(&mut self, tag: &'a str, text: usize, pieces: usize) {
        if self.text[text..].contains('\t') {
            let cell = self.text.split_off(text).replace('\t', " ");
            self.text.push_str(&cell);
        }
        self.part_from(tag, text, pieces);
        self.text.push('\t');
    }

    pub(super) fn rule(&mut self, container: u32) {
        let part = self.part(|_| ());
        self.push_leaf(LeafKind::Rule, container, part..part + 1);
    }

    pub(super) fn ends_table(&mut self, table: u32) {
        let last = self.leaves.len();
        if let ContainerKind::Table { end, .. } = &mut self.containers[table as usize].kind {
            *end = last;
        }
    }

    /// Ties an item to the leaf that its number or bullet is shown before.
    pub(super) fn begins_item(&mut self, first: usize, item: u32) {
        if let Some(leaf) = self.leaves.get_mut(first).filter(|leaf| leaf.item == NONE) {
            leaf.item = item;
        }
    }

    /// Ends a leaf, unless it is empty.
    pub(super) fn leaf(&mut self, kind: LeafKind, container: u32, parts: Range<usize>) {
        if self.parts[parts.clone()].iter().all(|part| part.text.is_empty()) {
            self.parts.truncate(parts.start);
            return;
        }
        self.push_leaf(kind, container, parts);
    }

    pub(super) fn push_leaf(&mut self, kind: LeafKind, container: u32, parts: Range<usize>) -> usize {
        let text = match self.parts.get(parts.clone()) {
            Some([first, .., last]) => first.text.start..last.text.end,
            Some([one]) => one.text.clone(),
            _ => self.text.len()..self.text.len(),
        };
        let section = index(self.sections.len() - 1);
        self.leaves.push(Leaf { kind, container, text, parts, number: None, item: NONE, section, row_id: None });
        // Between two leaves: the mark that a split inserts and a merge deletes.
        self.text.push('\n');
        self.leaves.len() - 1
    }

    fn part(&mut self, fill: impl FnOnce(&mut Self)) -> usize {
        let (text, pieces) = (self.text.len(), self.pieces.len());
        fill(self);
        self.part_from("", text, pieces)
    }

    /// Makes a part of everything that was added since `text` and `pieces`.
    pub(super) fn part_from(&mut self, tag: &'a str, text: usize, pieces: usize) -> usize {
        self.parts.push(Part { text: text..self.text.len(), pieces: pieces..self.pieces.len(), tag });
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
            let (style, children) = match &inline.kind {
                InlineKind::Text { words: text, .. } => {
                    self.plain(text, wrap, Form::Text);
                    continue;
                }
                InlineKind::Code(text) => {
                    self.plain(text, wrap, Form::Code);
                    continue;
                }
                InlineKind::Image { url, title, alt, .. } => {
                    self.image(Cow::Borrowed(url), Cow::Borrowed(title), alt, wrap);
                    continue;
                }
                InlineKind::SoftBreak => {
                    self.plain(" ", wrap, Form::Text);
                    continue;
                }
                InlineKind::HardBreak => {
                    self.plain("\u{2028}", wrap, Form::Text);
                    continue;
                }
                InlineKind::FootnoteRef { note, .. } => {
                    self.plain("\u{FFFC}", wrap, Form::Note { note: *note });
                    continue;
                }
                InlineKind::Emphasis(children) => (Style::Emphasis, children),
                InlineKind::Strong(children) => (Style::Strong, children),
                InlineKind::Strike(children) => (Style::Strike, children),
                InlineKind::Link { url, title, children, .. } => {
                    (Style::Link { url: Cow::Borrowed(url), title: Cow::Borrowed(title) }, children)
                }
                // The lists and paragraphs of a cell are its words.
                InlineKind::Element { name, children, .. } if is_block_element(name) => {
                    self.inlines(children, wrap);
                    continue;
                }
                InlineKind::Element { open, name, children } => (Style::Element { open, name }, children),
            };
            let inner = self.wrap(wrap, style);
            self.inlines(children, inner);
        }
    }

    pub(super) fn wrap(&mut self, parent: u32, style: Style<'a>) -> u32 {
        self.wraps.push(Wrap { parent, style });
        index(self.wraps.len() - 1)
    }

    /// Adds an image. Its description is one piece: half an image cannot be shown.
    pub(super) fn image(&mut self, url: Cow<'a, str>, title: Cow<'a, str>, alt: &str, wrap: u32) {
        let form = Form::Image { url, title };
        if alt.trim().is_empty() { self.plain("\u{FFFC}", wrap, form) } else { self.plain(alt, wrap, form) }
    }

    pub(super) fn plain(&mut self, text: &str, wrap: u32, form: Form<'a>) {
        let start = self.text.len();
        self.text.push_str(text);
        // Neighbors of one formatting are one piece: the parser cuts texts at every entity.
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

    fn find_struck(&mut self) {
        if !self.wraps.iter().any(|wrap| wrap.style.strikes()) {
            return;
        }
        // Wrappers come after those around them.
        let mut struck = Vec::with_capacity(self.wraps.len());
        for wrap in &self.wraps {
            struck.push(wrap.style.strikes() || wrap.parent != NONE && struck[wrap.parent as usize]);
        }
        for piece in self.pieces.iter().filter(|piece| piece.wrap != NONE && struck[piece.wrap as usize]) {
            match self.struck.last_mut() {
                Some(last) if last.end == piece.text.start => last.end = piece.text.end,
                _ => self.struck.push(piece.text.clone()),
            }
        }
    }
}
