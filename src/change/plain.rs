//! The words of a document, block by block: what the laws of redlines are stated in.
//!
//! In: a document. Out: a text for each block that has words, in reading order. Walks the tree itself, so that it can bear
//! witness about redlines. Must not know: how redlines are made.

use super::flat::{Numbering, tag_end};
use super::references::decoded;
use super::token::fold;
use crate::markdown::{Block, BlockKind, Document, Inline, InlineKind, plain_text};

/// One text for each heading, paragraph, table row (cells apart by tabs), piece of code.
pub fn plain(document: &Document) -> Vec<String> {
    let mut witness = Witness::default();
    witness.document(document);
    witness.out.into_iter().map(|(_, text)| text).collect()
}

/// Returns the texts as they are compared, each with its lists, numbers, boxes and quotations, and with struck words. Two
/// documents of one shape read the same but for emphasis, links and levels of headings.
pub fn shape(document: &Document) -> Vec<String> {
    let mut witness = Witness { struck: true, ..Witness::default() };
    witness.document(document);
    witness.out.into_iter().map(|(place, text)| format!("{place} {}", fold(&text))).collect()
}

/// Blanks as one space, none at the edges; marks without words left out.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace()).filter(|word| !word.is_empty()) {
        let start = out.len();
        if start > 0 {
            out.push(' ');
        }
        let words = out.len();
        out.extend(word.chars().filter(|letter| *letter != super::flat::ATOM));
        if out.len() == words {
            out.truncate(start);
        }
    }
    out
}

/// The first words of a text.
pub fn snippet(text: &str) -> String {
    let text = tidy(text);
    let mut out = String::new();
    for word in text.split(' ') {
        if out.chars().count() + word.chars().count() > 48 {
            if out.is_empty() {
                out.extend(word.chars().take(47));
            }
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[derive(Default)]
struct Witness {
    out: Vec<(String, String)>,
    /// A sign for each list item and quotation around.
    path: String,
    /// Text before the next words: a number, a bullet or a box.
    label: String,
    /// Marks what the author struck.
    struck: bool,
}

impl Witness {
    fn document(&mut self, document: &Document) {
        self.blocks(&document.blocks);
        for note in &document.footnotes {
            self.blocks(&note.blocks);
        }
    }

    fn push(&mut self, text: String) {
        if !text.trim().is_empty() {
            self.out.push((format!("{}{}", self.path, std::mem::take(&mut self.label)), text));
        }
    }

    fn inside(&mut self, sign: &str, label: String, walk: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(sign);
        if !label.is_empty() {
            self.label = label;
        }
        walk(self);
        self.path.truncate(length);
    }

    fn blocks(&mut self, list: &[Block]) {
        for block in list {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading(heading) => {
                let title = self.words(&heading.content);
                self.push(tidy(&match &heading.number {
                    Some(number) => format!("{number}. {title}"),
                    None => title,
                }));
            }
            BlockKind::Paragraph(content) => {
                let text = tidy(&self.words(content));
                self.push(text);
            }
            BlockKind::List(list) => {
                for (at, item) in list.items.iter().enumerate() {
                    let number = list.start.map(|start| format!("{}.", start + at));
                    let task = item.task.map_or("", |done| if done { "[x]" } else { "[ ]" });
                    let sign = if number.is_some() { "#" } else { "-" };
                    let label = format!("{}{task}", number.as_deref().unwrap_or("*"));
                    self.inside(sign, label, |inner| inner.blocks(&item.blocks));
                    self.label.clear();
                }
            }
            BlockKind::Table(table) => {
                self.row(&table.head);
                table.rows.iter().for_each(|row| self.row(&row.cells));
            }
            BlockKind::Quote(inner) => self.inside(">", String::new(), |walk| walk.blocks(inner)),
            BlockKind::Element { name, blocks, .. } if name == "blockquote" => {
                self.inside(">", String::new(), |walk| walk.blocks(blocks));
            }
            BlockKind::Summary(inner) => self.inside("S", String::new(), |walk| walk.blocks(inner)),
            BlockKind::Element { blocks, .. } => self.blocks(blocks),
            BlockKind::Alert { kind, title, blocks } => self.inside(kind, String::new(), |walk| {
                if let Some(title) = title {
                    walk.push(tidy(title));
                }
                walk.blocks(blocks);
            }),
            BlockKind::Code { text, .. } => self.push(tidy(text)),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    let term = tidy(&self.words(&definition.term));
                    self.push(term);
                    for details in &definition.details {
                        self.inside("D", String::new(), |walk| walk.blocks(details));
                    }
                }
            }
            BlockKind::Html { html, .. } => self.html(html),
            BlockKind::Rule => {}
        }
    }

    fn row(&mut self, cells: &[Vec<Inline>]) {
        let cells: Vec<String> = cells.iter().map(|cell| tidy(&self.words(cell))).collect();
        self.push(cells.join("\t"));
    }

    fn words(&self, content: &[Inline]) -> String {
        if self.struck { with_strokes(content) } else { plain_text(content) }
    }

    /// Raw HTML, whose tags are whole and nest.
    fn html(&mut self, html: &str) {
        let mut open: Vec<(&str, usize, usize)> = Vec::new();
        let (mut text, mut cells, mut at) = (String::new(), None::<Vec<String>>, 0);
        while at < html.len() {
            let rest = &html[at..];
            if !rest.starts_with('<') {
                let end = rest.find('<').map_or(html.len(), |end| at + end);
                let is_cell = open.iter().any(|(name, ..)| matches!(*name, "td" | "th"));
                if cells.is_none() || is_cell {
                    text.push_str(&decoded(&html[at..end]));
                }
                at = end;
                continue;
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                at = comment.find("-->").map_or(html.len(), |end| at + end + 7);
                continue;
            }
            let end = tag_end(html, at);
            let name = html[at + 1..end].trim_end_matches(['>', '/']);
            let tag = &html[at..end];
            at = end;
            let closes = name.starts_with('/');
            let name = name.trim_start_matches('/').split_ascii_whitespace().next().unwrap_or("");
            if is_inline(name) {
                text.push_str(match name {
                    "br" => " ",
                    "img" => value(tag, "alt").unwrap_or_default(),
                    "del" | "s" if self.struck => "\u{336}",
                    _ => "",
                });
                continue;
            }
            match (&mut cells, name, closes) {
                (Some(row), "td" | "th", true) => row.push(tidy(&std::mem::take(&mut text))),
                (Some(row), "tr", true) => {
                    let row = row.join("\t");
                    cells = None;
                    self.push(row);
                }
                (Some(_), _, _) => text.push(' '),
                (None, _, _) => {
                    let bare = matches!(open.last(), Some(("ul" | "ol", ..)));
                    let text = tidy(&std::mem::take(&mut text));
                    self.inside(if bare && !text.is_empty() { "-" } else { "" }, String::new(), |walk| walk.push(text));
                }
            }
            if closes {
                while let Some((last, path, _)) = open.pop() {
                    self.path.truncate(path);
                    if last == "li" {
                        self.label.clear();
                    }
                    if last == name {
                        break;
                    }
                }
                continue;
            }
            let start = value(tag, "start").and_then(|start| start.parse().ok()).unwrap_or(1);
            match name {
                "hr" => continue,
                "tr" if cells.is_none() => cells = Some(Vec::new()),
                _ => {}
            }
            open.push((name, self.path.len(), start));
            if cells.is_some() {
                continue;
            }
            match name {
                "blockquote" => self.path.push('>'),
                "dd" => self.path.push('D'),
                "li" => {
                    let list = open.iter_mut().rev().find(|(name, ..)| matches!(*name, "ol" | "ul"));
                    match list {
                        Some(("ol", _, next)) => {
                            self.path.push('#');
                            self.label = format!("{}.", Numbering::Decimal.label(*next));
                            *next += 1;
                        }
                        _ => {
                            self.path.push('-');
                            self.label = "*".into();
                        }
                    }
                }
                _ => {}
            }
        }
        let text = tidy(&text);
        self.push(text);
        if let Some((_, path, _)) = open.first() {
            self.path.truncate(*path);
        }
    }
}

fn is_inline(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "blockquote",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    !BLOCKS.contains(&name)
}

fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let value = tag.split_once(&format!(" {name}=\""))?.1;
    value.split('"').next()
}

/// The words of inline content, with a mark where the author's strokes begin and end.
fn with_strokes(content: &[Inline]) -> String {
    content
        .iter()
        .map(|inline| match &inline.kind {
            InlineKind::Strike(children) => format!("\u{336}{}\u{336}", with_strokes(children)),
            InlineKind::Element { name, children, .. } if matches!(name.as_str(), "del" | "s") => {
                format!("\u{336}{}\u{336}", with_strokes(children))
            }
            InlineKind::Emphasis(children) | InlineKind::Strong(children) => with_strokes(children),
            InlineKind::Link { children, .. } | InlineKind::Element { children, .. } => with_strokes(children),
            _ => plain_text(std::slice::from_ref(inline)),
        })
        .collect()
}
