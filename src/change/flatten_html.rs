//! Lays raw HTML out as the leaves that Markdown would have made.
//!
//! In: a piece of raw HTML as the sanitizer let it pass, so that its tags are whole and nest. Out: leaves, containers,
//! formatting. A row of a table is one leaf, and whatever its cells hold is read as their words.
//! Must not know: which elements are allowed.

use super::flat::{BREAK, ContainerKind, Flat, Form, LeafKind, NONE, Numbering, Style, tag_end};
use super::references::decoded;
use crate::markdown::is_block_element;
use std::borrow::Cow;

/// Adds the leaves of `html` to a document.
pub fn flatten<'a>(flat: &mut Flat<'a>, html: &'a str, container: u32) {
    let mut reader = Reader { flat, open: Vec::new(), container, wrap: NONE, leaf: None, blank: None, row: None };
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at = comment.find("-->").map_or(html.len(), |end| at + end + 7);
        } else if rest.starts_with('<') {
            let end = tag_end(html, at);
            reader.tag(&html[at..end]);
            at = end;
        } else {
            let end = rest.find('<').map_or(html.len(), |end| at + end);
            reader.text(&html[at..end]);
            at = end;
        }
    }
    while reader.close().is_some() {}
    reader.end_leaf();
}

/// An element that is open.
struct Open<'a> {
    name: &'a str,
    tag: &'a str,
    /// The container and the wrapper around it.
    container: u32,
    wrap: u32,
    /// The number of leaves and of parts before it.
    leaves: usize,
    parts: usize,
    /// The number of the next item of a list.
    next: usize,
}

struct Reader<'f, 'a> {
    flat: &'f mut Flat<'a>,
    open: Vec<Open<'a>>,
    container: u32,
    wrap: u32,
    /// Where the text and the pieces begin of the leaf or cell that is being read.
    leaf: Option<(usize, usize)>,
    /// White space came after the last word, inside this wrapper.
    blank: Option<u32>,
    /// The element of the row that is open: its depth in `open`.
    row: Option<usize>,
}

impl<'a> Reader<'_, 'a> {
    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    fn text(&mut self, html: &'a str) {
        let text = decoded(html);
        if self.is_in("pre") && self.row.is_none() {
            self.begin_leaf();
            return self.flat.plain(&text, self.wrap, Form::Text);
        }
        let white = |letter: char| letter.is_ascii_whitespace();
        if text.starts_with(white) {
            self.blank = self.blank.or(Some(self.wrap));
        }
        let mut words = text.split(white).filter(|word| !word.is_empty()).peekable();
        // Between the cells of a row there are no words.
        if words.peek().is_none() || self.row.is_some() && self.leaf.is_none() {
            return;
        }
        self.begin_leaf();
        self.push_blank();
        let mut out = String::with_capacity(text.len());
        for word in words {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        self.blank = text.ends_with(white).then_some(self.wrap);
        let form = if self.is_in("code") { Form::Code } else { Form::Text };
        self.flat.plain(&out, self.wrap, form);
    }

    /// Adds the white space that came after the last word, unless a line begins.
    fn push_blank(&mut self) {
        let words = self.leaf.is_some_and(|(from, _)| self.flat.text.len() > from && !self.flat.text.ends_with(BREAK));
        if let Some(wrap) = self.blank.take().filter(|_| words) {
            self.flat.plain(" ", wrap, Form::Text);
        }
    }

    fn kind_around(&self) -> Option<ContainerKind<'a>> {
        self.flat.containers.get(self.container as usize).map(|container| container.kind)
    }

    fn begin_leaf(&mut self) {
        if self.leaf.is_some() {
            return;
        }
        // Words directly in a list belong to an item that nobody opened.
        match self.kind_around() {
            Some(ContainerKind::List { numbering, .. }) => {
                let kind = ContainerKind::Item { number: None, numbering, task: None, tight: true };
                self.container = self.flat.open(self.container, kind);
            }
            Some(ContainerKind::Definitions) if !self.is_in("dt") => {
                self.container = self.flat.open(self.container, ContainerKind::Details { single: true });
            }
            _ => {}
        }
        self.leaf = Some((self.flat.text.len(), self.flat.pieces.len()));
        self.blank = None;
    }

    /// Ends the paragraph that is open, if one is. A cell is one text, whatever blocks it holds.
    fn end_leaf(&mut self) {
        self.blank = Some(self.wrap);
        if self.row.is_some() {
            return;
        }
        let Some((text, pieces)) = self.leaf.take() else { return };
        let kind = match self.open.last().map(|open| open.name) {
            Some("pre") => LeafKind::Code,
            Some("dt") => LeafKind::Term,
            _ => LeafKind::Paragraph,
        };
        let part = self.flat.part_from("", text, pieces);
        self.flat.leaf(kind, self.container, part..part + 1);
    }

    fn tag(&mut self, tag: &'a str) {
        let inside = tag[1..].trim_end_matches('>').trim_end_matches('/');
        if let Some(name) = inside.strip_prefix('/') {
            if self.is_in(name.trim()) {
                while self.close() != Some(name.trim()) {}
            }
            return;
        }
        let name = inside.split(|letter: char| letter.is_ascii_whitespace()).next().unwrap_or("");
        match name {
            "br" | "img" if self.row.is_some() && self.leaf.is_none() => {}
            "br" => {
                self.begin_leaf();
                self.flat.plain("\u{2028}", self.wrap, Form::Text);
                self.blank = None;
            }
            "img" => {
                self.begin_leaf();
                self.push_blank();
                let value = |name| attribute(tag, name).unwrap_or_default();
                self.flat.image(value("src"), value("title"), &value("alt"), self.wrap);
            }
            "hr" => {
                self.end_leaf();
                if self.row.is_none() {
                    self.flat.rule(self.container);
                }
            }
            "wbr" | "" => {}
            _ => self.element(name, tag),
        }
    }

    fn element(&mut self, name: &'a str, tag: &'a str) {
        let block = is_block_element(name);
        if block {
            self.end_leaf();
        }
        let start = attribute(tag, "start").and_then(|start| start.trim().parse().ok());
        self.open.push(Open {
            name,
            tag,
            container: self.container,
            wrap: self.wrap,
            leaves: self.flat.leaves.len(),
            parts: self.flat.parts.len(),
            next: start.unwrap_or(1),
        });
        match name {
            "td" | "th" if self.row.is_some() => {
                self.leaf = Some((self.flat.text.len(), self.flat.pieces.len()));
                self.blank = None;
            }
            _ if block && self.row.is_none() => self.block(name, tag),
            _ if !block => self.inline(name, tag),
            _ => {}
        }
    }

    fn block(&mut self, name: &'a str, tag: &'a str) {
        let kind = match name {
            "ul" => ContainerKind::List { start: None, numbering: Numbering::Decimal },
            "ol" => ContainerKind::List { start: self.open.last().map(|open| open.next), numbering: numbering(tag) },
            "li" => self.item(),
            "blockquote" => ContainerKind::Quote,
            "dl" => ContainerKind::Definitions,
            "dd" => ContainerKind::Details { single: true },
            "table" => ContainerKind::Table { first: self.flat.leaves.len(), end: self.flat.leaves.len() },
            "div" if matches!(self.kind_around(), Some(ContainerKind::Definitions)) => return,
            "div" | "details" | "summary" | "figure" | "figcaption" => ContainerKind::Element { open: tag, name },
            "tr" => {
                self.row = Some(self.open.len());
                return;
            }
            _ => return,
        };
        self.container = self.flat.open(self.container, kind);
    }

    fn item(&mut self) -> ContainerKind<'a> {
        let (ordered, numbering) = match self.kind_around() {
            Some(ContainerKind::List { start, numbering }) => (start.is_some(), numbering),
            _ => (false, Numbering::Decimal),
        };
        let list = self.open.iter_mut().rev().find(|open| matches!(open.name, "ol" | "ul"));
        let number = list.filter(|_| ordered).map(|list| {
            list.next += 1;
            list.next - 1
        });
        ContainerKind::Item { number, numbering, task: None, tight: true }
    }

    fn inline(&mut self, name: &'a str, tag: &'a str) {
        let bare = !tag.contains('=');
        let style = match name {
            "strong" | "b" if bare => Style::Strong,
            "em" | "i" if bare => Style::Emphasis,
            "code" if bare => return,
            "a" if tag.contains("href=") => {
                let value = |name| attribute(tag, name).unwrap_or_default();
                Style::Link { url: value("href"), title: value("title") }
            }
            _ => Style::Element { open: tag, name },
        };
        self.wrap = self.flat.wrap(self.wrap, style);
    }

    /// Closes the innermost element and returns its name.
    fn close(&mut self) -> Option<&'a str> {
        let name = self.open.last()?.name;
        if is_block_element(name) {
            self.end_leaf();
        }
        let open = self.open.pop()?;
        match name {
            "td" | "th" => {
                if let Some((text, pieces)) = self.leaf.take() {
                    self.flat.end_cell(open.tag, text, pieces);
                }
            }
            "tr" if self.row == Some(self.open.len() + 1) => {
                self.row = None;
                self.row(&open);
            }
            "li" if self.row.is_none() => {
                let item = self.container;
                self.flat.begins_item(open.leaves, item);
            }
            "table" if self.row.is_none() => {
                let table = self.container;
                self.flat.ends_table(table);
            }
            _ => {}
        }
        (self.container, self.wrap) = (open.container, open.wrap);
        Some(name)
    }

    fn row(&mut self, open: &Open<'a>) {
        let parts = open.parts..self.flat.parts.len();
        if parts.is_empty() {
            return;
        }
        let first = matches!(self.kind_around(), Some(ContainerKind::Table { first, .. }) if first == open.leaves);
        let heads = self.flat.parts[parts.clone()].iter().all(|part| part.tag.starts_with("<th"));
        let head = first && (heads || self.is_in("thead"));
        self.flat.push_leaf(LeafKind::Row { head }, self.container, parts);
    }
}

fn numbering(tag: &str) -> Numbering {
    match attribute(tag, "type").as_deref() {
        Some("a") => Numbering::LowerLetters,
        Some("A") => Numbering::UpperLetters,
        Some("i") => Numbering::LowerRoman,
        Some("I") => Numbering::UpperRoman,
        _ => Numbering::Decimal,
    }
}

/// The value of an attribute, decoded. The sanitizer writes every value in double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut at = 0;
    while let Some(found) = tag[at..].find(name).map(|found| at + found) {
        at = found + name.len();
        let value = tag[at..].strip_prefix("=\"");
        if let Some(value) = value.filter(|_| tag[..found].ends_with([' ', '\n', '\t'])) {
            return Some(decoded(&value[..value.find('"').unwrap_or(value.len())]));
        }
    }
    None
}
