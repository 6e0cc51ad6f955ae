//! A document as a person reads it: stretches of prose in order, with their sections.
//!
//! In: the parsed tree. Out: [`Prose`]. Must not know: rules, patterns.
//!
//! Texts that were pasted have no Markdown headings; a short line of its own above other lines, numbered or not, is
//! taken for one, so that rules know what a sentence is about.

use super::piece::{Builder, Kind, Piece, ends_on_purpose, width};
use crate::clauses::label::{Label, leading};
use crate::markdown::{Block, BlockKind, Document, Inline, InlineKind, SourceMap};

#[derive(Debug, Default)]
pub struct Prose {
    pub pieces: Vec<Piece>,
    /// The first has no heading: what stands before any.
    pub sections: Vec<Section>,
    /// Code blocks, which are no prose: nothing but their place.
    pub tables: usize,
}

#[derive(Debug, Default)]
pub struct Section {
    /// In lower case, without its number.
    pub title: String,
    pub number: Option<String>,
    /// True if the number was typed, so that nothing keeps it right.
    pub typed: bool,
    pub level: u8,
    /// The section around it.
    pub parent: Option<usize>,
    /// Index of the heading among the pieces.
    pub piece: Option<usize>,
}

impl Prose {
    pub fn new(document: &Document) -> Prose {
        let mut reading = Reading {
            prose: Prose { sections: vec![Section::default()], ..Prose::default() },
            quoted: false,
            summary: false,
            group: 0,
            groups: 0,
        };
        reading.blocks(&document.blocks, Place::Top);
        for note in &document.footnotes {
            reading.blocks(&note.blocks, Place::Top);
        }
        reading.prose
    }

    pub fn section(&self, piece: &Piece) -> &Section {
        &self.sections[piece.section]
    }

    /// True if the section of a piece, or one around it, is about this.
    pub fn is_about(&self, piece: &Piece, topic: &regex::Regex) -> bool {
        let mut next = Some(piece.section);
        while let Some(section) = next.map(|at| &self.sections[at]) {
            if topic.is_match(&section.title) {
                return true;
            }
            next = section.parent;
        }
        false
    }

    /// The content of a section, up to the next heading.
    pub fn of_section(&self, section: usize) -> &[Piece] {
        let start = self.sections[section].piece.map_or(0, |at| at + 1);
        let end = self.sections.get(section + 1).and_then(|next| next.piece).unwrap_or(self.pieces.len());
        self.pieces.get(start..end).unwrap_or(&[])
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Top,
    /// Item of a list, with its number if it has one.
    Item(Option<usize>),
    /// The last item of a list that something follows; those before were headings.
    Lone(Option<usize>),
}

struct Reading {
    prose: Prose,
    quoted: bool,
    summary: bool,
    group: usize,
    groups: usize,
}

impl Reading {
    fn blocks(&mut self, blocks: &[Block], place: Place) {
        for (index, block) in blocks.iter().enumerate() {
            let next = blocks.get(index + 1);
            match &block.kind {
                BlockKind::Heading(heading) => {
                    let mut piece = piece(&heading.content, Kind::Heading);
                    piece.number = None;
                    self.heading(piece, heading.level, heading.number.clone(), false);
                }
                BlockKind::Paragraph(inlines) => {
                    let kind = if place == Place::Top { Kind::Paragraph } else { Kind::Item };
                    let mut piece = piece(inlines, kind);
                    if let (Place::Item(number) | Place::Lone(number), 0) = (place, index) {
                        piece.number = number;
                    }
                    let followed = match next {
                        Some(next) => !matches!(next.kind, BlockKind::Heading(_)),
                        None => index == 0 && matches!(place, Place::Lone(_)),
                    };
                    self.lines(piece, followed);
                }
                BlockKind::List(list) => {
                    let outer = self.open_group();
                    // “4. How we use it” and a list behind: the pasted heading of a section.
                    let before = self.prose.sections.len();
                    for (index, item) in list.items.iter().enumerate() {
                        let number = list.start.map(|start| start.saturating_add(index));
                        let headings = self.prose.sections.len() >= before + index;
                        let lone = index + 1 == list.items.len() && headings && next.is_some() && number.is_some();
                        self.blocks(&item.blocks, if lone { Place::Lone(number) } else { Place::Item(number) });
                    }
                    self.group = outer;
                }
                BlockKind::Table(table) => {
                    self.prose.tables += 1;
                    // What stands in a register's table stands in no text.
                    if table.register.is_some() {
                        continue;
                    }
                    let outer = self.open_group();
                    for cell in &table.head {
                        let piece = piece(cell, Kind::Term);
                        self.push(piece);
                    }
                    for row in &table.rows {
                        for (column, cell) in row.cells.iter().enumerate() {
                            let mut piece = piece(cell, Kind::Cell);
                            piece.column = column;
                            self.push(piece);
                        }
                    }
                    self.group = outer;
                }
                BlockKind::Quote(blocks) => {
                    let outer = std::mem::replace(&mut self.quoted, true);
                    self.blocks(blocks, Place::Top);
                    self.quoted = outer;
                }
                BlockKind::Alert { blocks, .. } => self.blocks(blocks, Place::Top),
                BlockKind::Summary(blocks) => {
                    let outer = std::mem::replace(&mut self.summary, true);
                    self.blocks(blocks, Place::Top);
                    self.summary = outer;
                }
                BlockKind::Element { blocks, .. } => self.blocks(blocks, place),
                BlockKind::Definitions(definitions) => {
                    let outer = self.open_group();
                    for definition in definitions {
                        let term = piece(&definition.term, Kind::Term);
                        self.push(term);
                        for details in &definition.details {
                            self.blocks(details, Place::Item(None));
                        }
                    }
                    self.group = outer;
                }
                BlockKind::Html { content, .. } => self.html(content),
                // Inside an item it is shown as code, and so it is none of our words.
                BlockKind::Code { text, map, indented: true, .. } if place == Place::Top => self.indented(text, map),
                BlockKind::Code { .. } | BlockKind::Rule => {}
            }
        }
    }

    fn open_group(&mut self) -> usize {
        self.groups += 1;
        std::mem::replace(&mut self.group, self.groups)
    }

    /// Raw HTML: what stands between its tags.
    fn html(&mut self, content: &[Inline]) {
        for inline in content.iter().filter(|inline| matches!(inline.kind, InlineKind::Text { .. })) {
            let piece = piece(std::slice::from_ref(inline), Kind::Cell);
            self.push(piece);
        }
    }

    /// Pasted text that Markdown took for code because of its indent.
    fn indented(&mut self, text: &str, map: &SourceMap) {
        let mut start = 0;
        for chunk in text.split("\n\n") {
            let mut builder = Builder::default();
            builder.words(chunk.trim_end(), |part| map.span(start + part.start..start + part.end));
            start += chunk.len() + 2;
            if !chunk.trim().is_empty() {
                self.lines(builder.finish(Kind::Paragraph), false);
            }
        }
    }

    fn push(&mut self, mut piece: Piece) {
        if piece.text.trim().is_empty() {
            return;
        }
        piece.section = self.prose.sections.len() - 1;
        piece.quoted = self.quoted;
        piece.summary = self.summary;
        piece.group = self.group;
        self.prose.pieces.push(piece);
    }

    fn heading(&mut self, mut piece: Piece, level: u8, number: Option<String>, guessed: bool) {
        let typed = number.is_none() || guessed;
        let (written, rest) = typed_number(&piece.text);
        let title = piece.lower[piece.text.len() - rest.len()..].trim().to_string();
        let number = number.or(written);
        piece.section = self.prose.sections.len();
        piece.quoted = self.quoted;
        let at = Some(self.prose.pieces.len());
        self.prose.pieces.push(piece);
        let typed = typed && number.is_some();
        let mut parent = self.prose.sections.len().checked_sub(1);
        while let Some(outer) = parent.map(|at| &self.prose.sections[at]).filter(|outer| outer.level >= level) {
            parent = outer.parent;
        }
        self.prose.sections.push(Section { title, number, typed, level, piece: at, parent });
    }

    /// A paragraph, parted at lines that are headings by their looks.
    fn lines(&mut self, piece: Piece, followed: bool) {
        let mut start = 0;
        let mut lines = Vec::new();
        for line in piece.text.split_inclusive('\n') {
            let end = start + line.trim_end_matches('\n').len();
            lines.push(start..end);
            start += line.len();
        }
        let list_number = piece.number;
        let width = width(&piece.text);
        let mut done = 0;
        for (index, line) in lines.iter().enumerate() {
            let text = &piece.text[line.clone()];
            let numbered = list_number.is_some() || typed_number(text).0.is_some();
            let typed = lines.len() > 1 && typed_number(text).0.is_some();
            let more = index + 1 < lines.len() || (followed && (numbered || lines.len() > 1)) || typed;
            let number = (index == 0).then_some(list_number).flatten();
            // A line that was broken because it was full is no title.
            let next = lines.get(index + 1).map(|next| &piece.text[next.clone()]);
            let full = !numbered && next.is_some_and(|next| !ends_on_purpose(text, next, width));
            if self.quoted || !more || full || !looks_like_heading(text, number.is_some()) {
                continue;
            }
            // The first line of a list's item is a label, unless the list is numbered.
            if index == 0 && number.is_none() && piece.kind == Kind::Item {
                continue;
            }
            if done < line.start {
                self.push(piece.slice(done..line.start, piece.kind));
            }
            let mut heading = piece.slice(line.clone(), Kind::Heading);
            let depth = typed_number(text).0.map_or(0, |number| number.matches('.').count());
            heading.number = number;
            self.heading(heading, 2 + depth as u8, number.map(|number| number.to_string()), true);
            done = line.end;
        }
        if done == 0 {
            self.push(piece);
        } else if done < piece.text.len() {
            self.push(piece.slice(done..piece.text.len(), piece.kind));
        }
    }
}

fn piece(inlines: &[Inline], kind: Kind) -> Piece {
    let mut builder = Builder::default();
    builder.inlines(inlines);
    builder.finish(kind)
}

/// The number that a heading begins with, and what follows.
pub fn typed_number(text: &str) -> (Option<String>, &str) {
    let counts = |label: &Label<'_>| label.spaced && label.typed.starts_with(|c: char| c.is_ascii_digit());
    match leading(text).filter(counts) {
        Some(label) => (Some(label.number.to_string()), &text[label.len..]),
        None => (None, text),
    }
}

/// A short line that ends in no mark and begins like a title.
fn looks_like_heading(line: &str, numbered: bool) -> bool {
    let line = line.trim();
    let (number, rest) = typed_number(line);
    let words = rest.split_whitespace().count();
    let starts = rest.chars().next().is_some_and(|c| c.is_uppercase() || (numbered && c.is_ascii_digit()));
    let ends = line.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | '?'));
    let longest = if numbered || number.is_some() { 80 } else { 48 };
    starts && ends && line.chars().count() <= longest && words <= 10
}
