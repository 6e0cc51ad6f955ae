//! Turns a text into our tree: the blocks.
//!
//! In: comrak's block nodes. Out: our own. Must not know: what is inside a line, HTML.

use std::mem;
use std::ops::Range;

use comrak::nodes::{AlertType, ListType, Node, NodeValue, TableAlignment};

use super::raw_block::{Unfinished, html_of};
use super::reader::{Reader, Scope, excerpt, key};
use super::resolve::Splice;
use super::{Align, Block, BlockKind, Definition, Heading, Inline, InlineKind, Item, List, MAX_DEPTH, Row, Table};
use crate::diagnostic::Diagnostic;

/// Blocks being gathered, with the raw elements that are open around them.
#[derive(Default)]
pub(super) struct Gathered {
    pub blocks: Vec<Block>,
    pub frames: Vec<Frame>,
    /// A raw element that goes on over blank lines, and is one piece of HTML with all that is inside.
    pub unfinished: Option<Unfinished>,
}

/// A raw element that is open, and may go on around Markdown.
pub(super) struct Frame {
    pub name: String,
    pub open: String,
    /// Bytes of the opening tag.
    pub span: Range<usize>,
    /// How many blocks were gathered before it.
    pub start: usize,
}

impl<'n> Reader<'n, '_> {
    pub fn blocks(&mut self, parent: Node<'n>, scope: Scope) -> Vec<Block> {
        let mut gathered = Gathered::default();
        self.gather_blocks(parent, scope, &mut gathered);
        if let Some(piece) = gathered.unfinished.take() {
            let finding = self.unpaired(&piece.name, piece.tag.clone());
            self.find(finding);
            let blocks = gathered.blocks.split_off(piece.start.min(gathered.blocks.len()));
            self.finish_piece(piece, &mut gathered);
            gathered.blocks.extend(blocks);
        }
        for frame in gathered.frames.drain(..) {
            self.depth -= 1;
            let finding = self.unpaired(&frame.name, frame.span);
            self.find(finding);
        }
        gathered.blocks
    }

    /// Reads the children of `parent` into `out`.
    pub fn gather_blocks(&mut self, parent: Node<'n>, scope: Scope, out: &mut Gathered) {
        if self.depth >= MAX_DEPTH {
            let span = self.span(parent);
            self.too_deep(span.clone());
            let words = self.flat_text(parent);
            if !words.is_empty() {
                let span = self.file(span);
                let kind = BlockKind::Paragraph(vec![Inline::whole(words, span.clone())]);
                out.blocks.push(Block { span, kind });
            }
            return;
        }
        self.depth += 1;
        for node in parent.children() {
            self.block(node, scope, out);
        }
        self.depth -= 1;
    }

    fn block(&mut self, node: Node<'n>, scope: Scope, out: &mut Gathered) {
        let value = mem::replace(&mut node.data_mut().value, NodeValue::SoftBreak);
        if let Some(html) = html_of(&value) {
            return self.html_block(node, html.to_owned(), scope, out);
        }
        let in_list = Scope { list: true, ..scope };
        let kind = match value {
            NodeValue::Paragraph => {
                let content = self.content(node, scope);
                if content.is_empty() {
                    return;
                }
                self.check_kramdown(&content);
                BlockKind::Paragraph(content)
            }
            NodeValue::Heading(_) => {
                let Some(heading) = self.heading(node, scope) else { return };
                BlockKind::Heading(heading)
            }
            NodeValue::List(list) if list.list_type == ListType::Ordered => {
                self.check_numbers(node, list.start);
                BlockKind::List(self.list(node, Some(list.start), list.tight, in_list))
            }
            NodeValue::List(list) => BlockKind::List(self.list(node, None, list.tight, in_list)),
            NodeValue::Table(table) => {
                let align = table.alignments.iter().map(|align| match align {
                    TableAlignment::None => Align::None,
                    TableAlignment::Left => Align::Left,
                    TableAlignment::Center => Align::Center,
                    TableAlignment::Right => Align::Right,
                });
                BlockKind::Table(self.table(node, align.collect(), scope))
            }
            NodeValue::BlockQuote => BlockKind::Quote(self.blocks(node, scope)),
            NodeValue::Alert(alert) => {
                let kind = match alert.alert_type {
                    AlertType::Note => "note",
                    AlertType::Tip => "tip",
                    AlertType::Important => "important",
                    AlertType::Warning => "warning",
                    AlertType::Caution => "caution",
                };
                let title = alert.title.map(|title| self.expand_alert_title(title));
                BlockKind::Alert { kind, title, blocks: self.blocks(node, scope) }
            }
            NodeValue::CodeBlock(code) => {
                let map = self.lines_of(node, &code.literal, usize::from(code.fenced));
                let span = self.span(node);
                self.code.push(span);
                BlockKind::Code {
                    info: self.scan.as_typed(code.info),
                    text: self.scan.as_typed(code.literal),
                    indented: !code.fenced,
                    map: self.file_map(&map),
                }
            }
            NodeValue::DescriptionList => BlockKind::Definitions(self.definitions(node, in_list)),
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::BlockDirective(_) => return self.directive(node, scope, out),
            // Read when something refers to it.
            NodeValue::FootnoteDefinition(_) => return,
            _ => return self.gather_blocks(node, scope, out),
        };
        let span = self.span(node);
        out.blocks.push(Block { span: self.file(span), kind });
    }

    fn list(&mut self, node: Node<'n>, start: Option<usize>, tight: bool, scope: Scope) -> List {
        List {
            start,
            tight: tight || self.is_tight(node),
            items: node.children().map(|item| self.item(item, scope)).collect(),
        }
    }

    /// Items count on from the first number, whatever number is typed. The same number at each item is a custom.
    fn check_numbers(&mut self, list: Node<'n>, start: usize) {
        let mut typed = Vec::new();
        for item in list.children() {
            let span = self.span(item);
            let text = &self.scan.text[span.clone()];
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let Ok(number) = text[..digits].parse::<usize>() else { return };
            typed.push((span.start..(span.start + digits + 1).min(span.end), number));
        }
        if typed.iter().all(|(_, number)| *number == start) {
            return;
        }
        let wrong = typed.into_iter().enumerate().find(|(at, (_, number))| *number != start + at);
        if let Some((at, (span, number))) = wrong {
            let shown = start + at;
            let finding = self
                .finding("list-number-mismatch", span, format!("this item is typed as {number} and shown as {shown}"))
                .help(format!(
                    "write `{shown}.`, start a new list, or write `{number}\\.` to keep the number as typed"
                ));
            self.find(finding);
        }
    }

    /// comrak takes the end of an empty directive's opening line for a blank line.
    fn is_tight(&self, list: Node<'n>) -> bool {
        let empty_directive =
            |node: Node| matches!(node.data().value, NodeValue::BlockDirective(_)) && node.first_child().is_none();
        let line = |node: Node<'n>| self.scan.line_of(self.span(node).start);
        let after_blank = |node: Node<'n>| line(node) > 0 && self.blank_line(line(node) - 1);
        let loose = |item: Node<'n>| {
            (item.previous_sibling().is_some() && after_blank(item))
                || item.children().any(|child| line(child) > line(item) && after_blank(child))
        };
        list.children().any(|item| item.children().any(empty_directive)) && !list.children().any(loose)
    }

    fn item(&mut self, node: Node<'n>, scope: Scope) -> Item {
        let task = match node.data().value {
            NodeValue::TaskItem(ref task) => Some(task.symbol.is_some()),
            _ => None,
        };
        let span = self.span(node);
        Item { span: self.file(span), task, blocks: self.blocks(node, scope) }
    }

    fn table(&mut self, node: Node<'n>, align: Vec<Align>, scope: Scope) -> Table {
        let mut table = Table { register: None, align, head: Vec::new(), rows: Vec::new() };
        for row in node.children() {
            let head = matches!(row.data().value, NodeValue::TableRow(true));
            let cells = row.children().map(|cell| self.cell_content(cell, scope)).collect();
            if head {
                table.head = cells;
            } else {
                let span = self.span(row);
                self.check_width(&span, table.align.len());
                table.rows.push(Row { span: self.file(span), key: None, cells });
            }
        }
        table
    }

    /// Cells beyond the columns of the head would vanish without a word.
    fn check_width(&mut self, row: &Range<usize>, columns: usize) {
        let typed = &self.scan.text[row.clone()];
        let bytes = typed.as_bytes();
        let mut start = usize::from(typed.starts_with('|'));
        let (mut at, mut count) = (start, 0);
        while at < bytes.len() && count < columns {
            match bytes[at] {
                b'\\' => at += 1,
                b'|' => {
                    count += 1;
                    start = at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        let rest = typed.get(start..).filter(|_| count == columns).unwrap_or_default();
        let words = rest.trim_end().trim_end_matches('|').trim();
        if !words.is_empty() {
            let from = row.start + start + rest.find(words).unwrap_or(0);
            let message = format!("the cell `{}` is beyond the last column and is left out", excerpt(words));
            let finding = self
                .finding("dropped-table-cell", from..from + words.len(), message)
                .help("add a column to the table's head, or write `\\|` for a bar inside a cell");
            self.find(finding);
        }
    }

    fn definitions(&mut self, node: Node<'n>, scope: Scope) -> Vec<Definition> {
        let mut definitions: Vec<Definition> = Vec::new();
        for item in node.children() {
            for part in item.children() {
                let is_term = matches!(part.data().value, NodeValue::DescriptionTerm);
                if is_term {
                    let mut term = Vec::new();
                    for paragraph in part.children() {
                        term.append(&mut self.content(paragraph, scope));
                    }
                    definitions.push(Definition { term, details: Vec::new() });
                } else {
                    let details = self.blocks(part, scope);
                    if definitions.is_empty() {
                        definitions.push(Definition { term: Vec::new(), details: Vec::new() });
                    }
                    if let Some(definition) = definitions.last_mut() {
                        definition.details.push(details);
                    }
                }
            }
        }
        definitions
    }

    fn heading(&mut self, node: Node<'n>, scope: Scope) -> Option<Heading> {
        let section = self.sections.of(key(node))?;
        let content = self.content(node, Scope { heading: true, ..scope });
        self.check_kramdown(&content);
        Some(self.heading_of(section, content))
    }

    /// The heading of a section, whose number is written into the source.
    pub fn heading_of(&mut self, section: usize, content: Vec<Inline>) -> Heading {
        let section = self.sections.get(section);
        let (id, explicit, level) = (section.id.clone(), section.explicit.is_some(), section.level);
        let (was, number) = (section.was.clone(), section.number.clone());
        let at = section.content;
        let setext = section.setext;
        if let Some(number) = &number {
            let dot = if setext && !number.contains('.') { "\\." } else { "." };
            self.splices.push(Splice { range: at..at, text: format!("{number}{dot} ") });
        }
        Heading { level, id, explicit, was, number, content }
    }

    /// Attribute lists of another dialect, and ids that did not work, would be printed.
    fn check_kramdown(&mut self, content: &[Inline]) {
        let words = |inline: Option<&Inline>| match inline.map(|inline| &inline.kind) {
            Some(InlineKind::Text { words, .. }) => words.clone(),
            _ => String::new(),
        };
        let (first, last) = (words(content.first()), words(content.last()));
        let (typed, inline) = if first.starts_with("{:") {
            (first, content.first())
        } else if last.ends_with('}') && (last.contains("{:") || last.contains("{#")) {
            (last, content.last())
        } else {
            return;
        };
        let at = typed.rfind("{:").or_else(|| typed.rfind("{#")).unwrap_or(0);
        let Some(inline) = inline else { return };
        let message = format!("`{}` is printed as it stands", excerpt(&typed[at..]));
        let finding = Diagnostic::new("stray-attributes", message)
            .at(self.path, inline.place(at..typed.len()))
            .help("write `{#id}`, in ASCII letters, digits and hyphens, at the end of the heading's line");
        self.find(finding);
    }
}
