//! Writes the tree as HTML.
//!
//! In: a document, a way to rewrite links, the words that are not the author's. Out: valid, accessible HTML without
//! classes beyond a handful, without scripts and styles. Must not know: Markdown, pages, themes.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::html::{push_named, push_text};

use super::escape::push_percents;
use super::ids::{prefix, reference};
use super::raw::{self, Change};
use super::{
    Align, Block, BlockKind, Definition, Document, Heading, Inline, InlineKind, Item, List, Table, plain_text,
};

/// Words on the page that the author did not write, in the page's language.
#[derive(Clone, Debug, Default)]
pub struct HtmlWords {
    /// Heading of the notes: "Footnotes".
    pub footnotes: String,
    /// Before a note's number: "Note".
    pub footnote: String,
    /// Label of the links from a note to the text: "Back to the text".
    pub back: String,
    pub note: String,
    pub tip: String,
    pub important: String,
    pub warning: String,
    pub caution: String,
    /// Label of a checked task: "Done:".
    pub task_done: String,
    pub task_open: String,
    /// Label of a summary: "In short".
    pub summary: String,
    /// Label of a table that scrolls: "Table".
    pub table: String,
}

pub struct HtmlOptions<'a> {
    /// Rewrites the target of a link or an image for the page.
    pub link: &'a dyn Fn(&str) -> String,
    pub words: &'a HtmlWords,
}

/// The document as HTML, to stand below a heading of level 1.
pub fn html(document: &Document, options: &HtmlOptions) -> String {
    let mut writer = Writer {
        out: String::with_capacity(16 * 1024),
        options,
        notes: prefix(document),
        heading: None,
        tables: HashMap::new(),
        lines: super::lines::meant(document),
    };
    writer.blocks(&document.blocks);
    writer.footnotes(document);
    writer.out
}

struct Writer<'a> {
    out: String,
    options: &'a HtmlOptions<'a>,
    /// Prefix of the ids of notes.
    notes: &'static str,
    /// The heading above.
    heading: Option<&'a Heading>,
    /// How often a table had this label: regions of one page need different ones.
    tables: HashMap<String, usize>,
    /// True if line ends inside paragraphs are shown.
    lines: bool,
}

impl<'a> Writer<'a> {
    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &'a Block) {
        match &block.kind {
            BlockKind::Heading(heading) => self.heading(heading),
            BlockKind::Paragraph(content) => {
                self.out.push_str("<p>");
                self.inlines(content);
                self.out.push_str("</p>\n");
            }
            BlockKind::List(list) => self.list(list),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Quote(blocks) => {
                self.out.push_str("<blockquote>\n");
                self.blocks(blocks);
                self.out.push_str("</blockquote>\n");
            }
            BlockKind::Alert { kind, title, blocks } => {
                let words = self.options.words;
                let name = match *kind {
                    "tip" => &words.tip,
                    "important" => &words.important,
                    "warning" => &words.warning,
                    "caution" => &words.caution,
                    _ => &words.note,
                };
                self.out.push_str("<div role=\"note\" class=\"alert ");
                self.out.push_str(kind);
                self.out.push_str("\">\n<p class=\"title\">");
                push_text(&mut self.out, title.as_deref().unwrap_or(name));
                self.out.push_str("</p>\n");
                self.blocks(blocks);
                self.out.push_str("</div>\n");
            }
            BlockKind::Code { text, .. } => {
                self.out.push_str("<pre tabindex=\"0\"><code>");
                push_text(&mut self.out, text);
                self.out.push_str("</code></pre>\n");
            }
            BlockKind::Definitions(definitions) => self.definitions(definitions),
            BlockKind::Summary(blocks) => {
                self.out.push_str("<div class=\"summary\" role=\"note\">\n<p class=\"title\">");
                push_text(&mut self.out, &self.options.words.summary);
                self.out.push_str("</p>\n");
                self.blocks(blocks);
                self.out.push_str("</div>\n");
            }
            BlockKind::Html { html, .. } => {
                let html = self.links_of(html);
                self.out.push_str(&html);
                self.out.push('\n');
            }
            BlockKind::Element { open, name, blocks } => {
                self.out.push_str(open);
                self.out.push('\n');
                self.blocks(blocks);
                let _ = writeln!(self.out, "</{name}>");
            }
            BlockKind::Rule => self.out.push_str("<hr>\n"),
        }
    }

    fn heading(&mut self, heading: &'a Heading) {
        self.heading = Some(heading);
        let _ = write!(self.out, "<h{}", heading.level);
        push_named(&mut self.out, "id", &heading.id);
        self.out.push('>');
        for id in &heading.was {
            self.out.push_str("<span");
            push_named(&mut self.out, "id", id);
            self.out.push_str("></span>");
        }
        if let Some(number) = &heading.number {
            let _ = write!(self.out, "<span class=\"number\">{number}.</span> ");
        }
        self.inlines(&heading.content);
        let _ = writeln!(self.out, "</h{}>", heading.level);
    }

    fn list(&mut self, list: &'a List) {
        let name = match list.start {
            None => "ul",
            Some(_) => "ol",
        };
        match list.start {
            Some(start) if start != 1 => {
                let _ = writeln!(self.out, "<ol start=\"{start}\">");
            }
            _ => {
                let _ = writeln!(self.out, "<{name}>");
            }
        }
        for item in &list.items {
            self.item(item, list.tight);
        }
        let _ = writeln!(self.out, "</{name}>");
    }

    fn item(&mut self, item: &'a Item, tight: bool) {
        let words = self.options.words;
        match item.task {
            None => self.out.push_str("<li>"),
            Some(done) => {
                let (glyph, word) = if done { ('☑', &words.task_done) } else { ('☐', &words.task_open) };
                let _ = write!(
                    self.out,
                    "<li class=\"task\"><span aria-hidden=\"true\">{glyph}</span> <span class=\"visually-hidden\">"
                );
                push_text(&mut self.out, word);
                self.out.push_str("</span> ");
            }
        }
        self.flow(&item.blocks, tight);
        self.out.push_str("</li>\n");
    }

    /// Blocks, without `p` around the paragraphs of a tight list.
    fn flow(&mut self, blocks: &'a [Block], tight: bool) {
        for (index, block) in blocks.iter().enumerate() {
            match &block.kind {
                BlockKind::Paragraph(content) if tight => {
                    if index > 0 && !self.out.ends_with('\n') {
                        self.out.push('\n');
                    }
                    self.inlines(content);
                }
                _ => {
                    if !self.out.ends_with('\n') {
                        self.out.push('\n');
                    }
                    self.block(block);
                }
            }
        }
    }

    fn definitions(&mut self, definitions: &'a [Definition]) {
        self.out.push_str("<dl>\n");
        for definition in definitions {
            self.out.push_str("<dt>");
            self.inlines(&definition.term);
            self.out.push_str("</dt>\n");
            for details in &definition.details {
                self.out.push_str("<dd>");
                let single = matches!(details.as_slice(), [Block { kind: BlockKind::Paragraph(_), .. }]);
                self.flow(details, single);
                self.out.push_str("</dd>\n");
            }
        }
        self.out.push_str("</dl>\n");
    }

    fn table(&mut self, table: &'a Table) {
        let mut label = self.options.words.table.clone();
        if let Some(heading) = self.heading {
            label.push_str(": ");
            label.push_str(plain_text(&heading.content).trim());
        }
        let count = self.tables.entry(label.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            let _ = write!(label, " ({count})");
        }
        self.out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
        push_named(&mut self.out, "aria-label", &label);
        self.out.push_str(">\n<table>\n<thead>\n<tr>");
        for (column, cell) in table.head.iter().enumerate() {
            let align = table.align.get(column).copied().unwrap_or_default();
            // A header without words would be announced as one.
            let name = if plain_text(cell).trim().is_empty() { "td" } else { "th scope=\"col\"" };
            self.cell(name, cell, align);
        }
        self.out.push_str("</tr>\n</thead>\n");
        if !table.rows.is_empty() {
            self.out.push_str("<tbody>\n");
            for row in &table.rows {
                self.out.push_str("<tr>");
                for (column, cell) in row.cells.iter().enumerate() {
                    let align = table.align.get(column).copied().unwrap_or_default();
                    let heads = table.register.is_some() && column == 0 && !cell.is_empty();
                    self.cell(if heads { "th scope=\"row\"" } else { "td" }, cell, align);
                }
                self.out.push_str("</tr>\n");
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n</div>\n");
    }

    fn cell(&mut self, name: &str, content: &'a [Inline], align: Align) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(match align {
            Align::None => ">",
            Align::Left => " class=\"left\">",
            Align::Center => " class=\"center\">",
            Align::Right => " class=\"right\">",
        });
        self.inlines(content);
        self.out.push_str("</");
        self.out.push_str(&name[..2]);
        self.out.push('>');
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        match &inline.kind {
            InlineKind::Text { words, .. } => push_text(&mut self.out, words),
            InlineKind::Emphasis(children) => self.wrapped("em", children),
            InlineKind::Strong(children) => self.wrapped("strong", children),
            InlineKind::Strike(children) => self.wrapped("del", children),
            InlineKind::Code(text) => {
                self.out.push_str("<code>");
                push_text(&mut self.out, text);
                self.out.push_str("</code>");
            }
            InlineKind::Link { url, title, children, .. } => {
                self.out.push_str("<a");
                push_named(&mut self.out, "href", &href(&(self.options.link)(url)));
                if !title.is_empty() {
                    push_named(&mut self.out, "title", title);
                }
                self.out.push('>');
                self.inlines(children);
                self.out.push_str("</a>");
            }
            InlineKind::Image { url, title, alt, .. } => {
                self.out.push_str("<img");
                push_named(&mut self.out, "src", &href(&(self.options.link)(url)));
                push_named(&mut self.out, "alt", alt);
                if !title.is_empty() {
                    push_named(&mut self.out, "title", title);
                }
                self.out.push('>');
            }
            InlineKind::SoftBreak if self.lines => self.out.push_str("<br>"),
            InlineKind::SoftBreak => self.out.push('\n'),
            InlineKind::HardBreak => self.out.push_str("<br>"),
            InlineKind::FootnoteRef { note, occurrence } => {
                let prefix = self.notes;
                let number = note + 1;
                let _ = write!(
                    self.out,
                    "<sup><a href=\"#{prefix}-{number}\" id=\"{}\"",
                    reference(prefix, *note, *occurrence)
                );
                push_named(&mut self.out, "aria-label", &format!("{} {number}", self.options.words.footnote));
                let _ = write!(self.out, ">{number}</a></sup>");
            }
            InlineKind::Element { open, name, children } => {
                self.out.push_str(open);
                if name != "wbr" {
                    self.inlines(children);
                    let _ = write!(self.out, "</{name}>");
                }
            }
        }
    }

    fn wrapped(&mut self, name: &str, children: &'a [Inline]) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        self.inlines(children);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn footnotes(&mut self, document: &'a Document) {
        if document.footnotes.is_empty() {
            return;
        }
        let words = self.options.words;
        let prefix = self.notes;
        self.heading = None;
        self.out.push_str("<section class=\"footnotes\">\n<h2>");
        push_text(&mut self.out, &words.footnotes);
        self.out.push_str("</h2>\n<ol>\n");
        for (note, footnote) in document.footnotes.iter().enumerate() {
            let _ = write!(self.out, "<li id=\"{prefix}-{}\">", note + 1);
            self.flow(&footnote.blocks, footnote.blocks.len() == 1);
            for occurrence in 0..footnote.references {
                let _ = write!(self.out, " <a href=\"#{}\"", reference(prefix, note, occurrence));
                let count = if occurrence > 0 { format!(" ({})", occurrence + 1) } else { String::new() };
                push_named(&mut self.out, "aria-label", &format!("{}{count}", words.back));
                self.out.push_str(">↩</a>");
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol>\n</section>\n");
    }

    /// Raw HTML with its links rewritten.
    fn links_of(&self, html: &str) -> String {
        if !html.contains("href=\"") && !html.contains("src=\"") {
            return html.to_owned();
        }
        raw::rewrite(html, |_, attribute, value| match attribute {
            "href" => Change::Set("href", href(&(self.options.link)(value))),
            "src" => Change::Set("src", href(&(self.options.link)(value))),
            _ => Change::Keep,
        })
    }
}

/// Spaces and the like in a target would make it invalid.
fn href(url: &str) -> String {
    let fine = |letter: char| {
        !letter.is_control()
            && !matches!(letter, ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '[' | ']')
    };
    let whole_percents = !url.contains('%') || percents_are_whole(url);
    if url.chars().all(fine) && whole_percents {
        return url.to_owned();
    }
    // Brackets belong around the address of a host, and nowhere else.
    let host = url
        .find("://")
        .map_or(0..0, |at| at + 3..url[at + 3..].find(['/', '?', '#']).map_or(url.len(), |end| at + 3 + end));
    let mut out = String::with_capacity(url.len() + 8);
    for (at, letter) in url.char_indices() {
        let bracket = matches!(letter, '[' | ']') && host.contains(&at);
        let percent = letter == '%' && !percent_is_whole(&url.as_bytes()[at..]);
        if (fine(letter) || bracket) && !percent {
            out.push(letter);
        } else {
            push_percents(&mut out, letter);
        }
    }
    out
}

fn percents_are_whole(url: &str) -> bool {
    url.bytes().enumerate().filter(|(_, byte)| *byte == b'%').all(|(at, _)| percent_is_whole(&url.as_bytes()[at..]))
}

fn percent_is_whole(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && bytes[1].is_ascii_hexdigit() && bytes[2].is_ascii_hexdigit()
}
