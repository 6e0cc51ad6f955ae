//! Turns a text into our tree: raw HTML as one document, with the Markdown in it and around it.
//!
//! In: HTML blocks as typed. Out: headings, elements around Markdown, and what the sanitizer let pass, with the places of its
//! words. An element that goes on over blank lines is one piece, and the Markdown inside is part of it.
//! Must not know: the allow-list.

use std::collections::HashSet;
use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::blocks::{Frame, Gathered};
use super::place::read_words;
use super::raw::{self, Change, Dropped, Why};
use super::raw_parts::{self, Around, Part, Read};
use super::reader::{Reader, Scope, excerpt, key};
use super::resolve::Splice;
use super::{Block, BlockKind, Inline, InlineKind, MAX_DEPTH, SourceMap, escape, for_each_run};
use crate::diagnostic::Diagnostic;

/// Blocks of raw HTML in one text.
const MAX_RAW_BLOCKS: usize = 2000;
/// Blocks in which the end of an element is looked for.
const MAX_LOOKAHEAD: usize = 400;

impl<'n> Reader<'n, '_> {
    pub fn html_block(&mut self, node: Node<'n>, literal: String, scope: Scope, out: &mut Gathered) {
        let span = self.span(node);
        if literal.trim_start().starts_with("<!--") {
            self.code.push(span.clone());
        }
        let map = self.lines_of(node, &literal, 0);
        for comment in comments(&literal) {
            self.empty_comment(map.span(comment));
        }
        let (mut html, mut map) = self.expand_html(literal, map);
        let mut sections = self.sections.in_html(key(node)).to_vec();
        if let Some(mut piece) = out.unfinished.take() {
            let blocks = out.blocks.split_off(piece.start.min(out.blocks.len()));
            piece.add_blocks(blocks);
            let Some(end) = piece.add_html(&html, &map) else {
                out.unfinished = Some(piece);
                return;
            };
            let own = raw_parts::headings(&html[..end], &mut Vec::new()).len();
            sections.drain(..own.min(sections.len()));
            self.finish_piece(piece, out);
            let mut rest = SourceMap::default();
            rest.append(0, &map, end..html.len());
            (html, map) = (html[end..].to_owned(), rest);
            if html.trim().is_empty() {
                return;
            }
        }
        let read = RawHtml { html, map, sections, span, chunks: Vec::new() };
        self.raw_html(read, &|reader, name, depth| reader.closes_later(node, name, depth), scope, out);
    }

    /// True if a later block of raw HTML closes elements that are open, with no heading between.
    pub fn closes_later(&self, node: Node<'n>, name: &str, mut depth: usize) -> bool {
        let end = format!("</{name}");
        let mut next = node.next_sibling();
        for _ in 0..MAX_LOOKAHEAD {
            let Some(sibling) = next else { return false };
            let data = sibling.data();
            if matches!(data.value, NodeValue::Heading(_)) {
                return false;
            }
            let html = html_of(&data.value);
            if let Some(html) = html.filter(|html| depth > 1 || html.to_ascii_lowercase().contains(&end)) {
                match raw_parts::close_of(html, name, depth) {
                    Ok(_) => return true,
                    Err(open) => depth = open,
                }
            }
            next = sibling.next_sibling();
        }
        false
    }

    fn raw_html(
        &mut self,
        raw: RawHtml,
        closes: &dyn Fn(&Self, &str, usize) -> bool,
        scope: Scope,
        out: &mut Gathered,
    ) {
        let RawHtml { html, map, sections, span, chunks } = raw;
        self.raw_blocks += 1;
        let mut dropped = Vec::new();
        let parts = if self.raw_blocks > MAX_RAW_BLOCKS {
            dropped.push(Dropped { span: 0..html.len(), why: Why::TooMuch });
            Vec::new()
        } else {
            let frames = &out.frames;
            let around = Around {
                inside: &|name| frames.iter().any(|frame| frame.name == name),
                closes: &|name, depth| closes(self, name, depth),
                begins_section: &|index| sections.get(index).copied().flatten().is_some(),
            };
            raw_parts::parts(&html, &around, &mut dropped)
        };
        for part in parts {
            match part {
                Part::Html(clean, read) => {
                    let mut content = Vec::with_capacity(read.len());
                    for read in read {
                        self.read(read, &html, &map, &chunks, &mut content);
                    }
                    let html = filled(self.claim_ids(clean, &span), &chunks);
                    out.blocks.push(Block { span: self.file(span.clone()), kind: BlockKind::Html { html, content } });
                }
                Part::Heading { index, whole, content } => {
                    let Some(section) = sections.get(index).copied().flatten() else { continue };
                    let content = self.raw_line(&html, content, &map, Scope { heading: true, ..scope });
                    let heading = self.heading_of(section, content);
                    let span = self.file(map.span(whole));
                    out.blocks.push(Block { span, kind: BlockKind::Heading(heading) });
                }
                Part::Open { name, open, span: tag } => {
                    let tag = map.span(tag);
                    if self.depth >= MAX_DEPTH {
                        self.too_deep(tag);
                        continue;
                    }
                    self.depth += 1;
                    let open = self.claim_ids(open, &tag);
                    out.frames.push(Frame { name, open, span: tag, start: out.blocks.len() });
                }
                Part::Close { name, span: tag } => {
                    let tag = map.span(tag);
                    if !self.close_frame(&name, tag, out) {
                        dropped.push(Dropped { span: 0..0, why: Why::Unpaired(name) });
                    }
                }
                Part::Rest { name, span: tag } => {
                    let mut piece = Unfinished {
                        name,
                        tag: map.span(tag.clone()),
                        start: out.blocks.len(),
                        ..Unfinished::default()
                    };
                    let mut rest = SourceMap::default();
                    rest.append(0, &map, tag.start..html.len());
                    piece.add_html(&html[tag.start..], &rest);
                    out.unfinished = Some(piece);
                }
            }
        }
        for what in dropped {
            let span = if what.span.is_empty() { span.clone() } else { map.span(what.span) };
            self.find_dropped(what.why, span);
        }
    }

    /// Puts the blocks since an element's start tag into it; false if no such element is open.
    fn close_frame(&mut self, name: &str, tag: Range<usize>, out: &mut Gathered) -> bool {
        let Some(at) = out.frames.iter().rposition(|frame| frame.name == name) else { return false };
        while out.frames.len() > at + 1 {
            self.depth -= 1;
            if let Some(frame) = out.frames.pop() {
                let finding = self.unpaired(&frame.name, frame.span);
                self.find(finding);
            }
        }
        if let Some(frame) = out.frames.pop() {
            self.depth -= 1;
            let blocks = out.blocks.split_off(frame.start.min(out.blocks.len()));
            let span = self.file(frame.span.start..tag.end.max(frame.span.end));
            let kind = BlockKind::Element { open: frame.open, name: frame.name, blocks };
            out.blocks.push(Block { span, kind });
        }
        true
    }

    /// Reads an element that went on over several blocks as one piece of raw HTML.
    pub fn finish_piece(&mut self, piece: Unfinished, out: &mut Gathered) {
        let end = piece.map.span(0..piece.html.len()).end.max(piece.tag.end);
        let read = RawHtml {
            html: piece.html,
            map: piece.map,
            sections: Vec::new(),
            span: piece.tag.start..end,
            chunks: piece.chunks,
        };
        self.raw_html(read, &|_, _, _| false, Scope::default(), out);
    }

    pub fn unpaired(&self, name: &str, span: Range<usize>) -> Diagnostic {
        self.finding("raw-html-dropped", span, format!("`<{name}>` has no partner in the same part of the text"))
            .help(format!("write `<{name}>` and `</{name}>` around the same blocks"))
    }

    pub fn find_dropped(&mut self, why: Why, span: Range<usize>) {
        let finding = match why {
            Why::Element(name) => self
                .finding("raw-html-dropped", span, format!("`<{name}>` is not allowed in a text and was left out"))
                .help("write it in Markdown, or leave it to the theme"),
            Why::BlockInLine(name) => self
                .finding("raw-html-dropped", span, format!("`<{name}>` inside a paragraph was left out"))
                .help(format!("start `<{name}>` on a line of its own after a blank line")),
            Why::Attribute { element, name } if raw::sets_looks(&name) => {
                self.looks.get_or_insert((span, element, name, 0)).3 += 1;
                return;
            }
            Why::Attribute { element, name } => self
                .finding("raw-html-dropped", span, format!("attribute `{name}` of `<{element}>` was left out"))
                .help("leave looks to the theme's style sheet"),
            Why::Link(url) => self.unsafe_link(&url, span),
            Why::RemoteImage(url) => self.remote_image(&url, span),
            Why::Unpaired(name) => self.unpaired(&name, span),
            Why::TooMuch => self
                .finding("raw-html-dropped", span, "this raw HTML is too large or too deeply nested and was left out")
                .help("write it in Markdown"),
        };
        self.find(finding);
    }

    /// Says once for the whole text that looks are the theme's.
    pub fn report_looks(&mut self) {
        let Some((span, element, name, count)) = self.looks.take() else { return };
        let message = match count {
            1 => format!("attribute `{name}` of `<{element}>` was left out"),
            _ => format!("attribute `{name}` of `<{element}>` and {} more that set looks were left out", count - 1),
        };
        let finding = self.finding("raw-html-dropped", span, message).help("leave looks to the theme's style sheet");
        self.find(finding);
    }

    pub fn unsafe_link(&self, url: &str, span: Range<usize>) -> Diagnostic {
        self.finding("unsafe-link", span, format!("a link to `{}` is not published", excerpt(url)))
            .help("link to a page: `https://…`, `mailto:…`, `tel:…` or a path of this site")
    }

    pub fn remote_image(&self, url: &str, span: Range<usize>) -> Diagnostic {
        self.finding("remote-image", span, format!("the image `{}` would contact another host", excerpt(url)))
            .help("put the image into `static/` and name it by its path there")
    }

    /// Keeps ids in raw HTML unique and names anchors the modern way.
    pub fn claim_ids(&mut self, html: String, span: &Range<usize>) -> String {
        if !html.contains(" id=\"") && !html.contains(" name=\"") {
            return html;
        }
        let mut twice = Vec::new();
        let ids = &mut self.ids;
        let named: HashSet<String> = raw::values(&html, "id").into_iter().collect();
        let html = raw::rewrite(&html, |_, attribute, value| match attribute {
            "id" | "name" => {
                if attribute == "name" && named.contains(value) {
                    Change::Drop
                } else if ids.insert(value.to_owned()) {
                    Change::Set("id", value.to_owned())
                } else {
                    twice.push(value.to_owned());
                    Change::Drop
                }
            }
            _ => Change::Keep,
        });
        for id in twice {
            let finding = self
                .finding("duplicate-id", span.clone(), format!("the id `{id}` is already taken"))
                .help("give each place of a document an id of its own");
            self.find(finding);
        }
        html
    }

    /// Puts values into raw HTML.
    pub fn expand_html(&mut self, html: String, map: SourceMap) -> (String, SourceMap) {
        self.expand_mapped(html, map, |reader, index, before| {
            let unquoted = before.ends_with('=');
            let words = escape::html(&reader.plain_words(index)?, unquoted);
            Some((words.clone(), words))
        })
    }

    /// Takes the words of a comment out of the resolved text: they are for those who write, and that text is published.
    pub fn empty_comment(&mut self, span: Range<usize>) {
        const EMPTY: &str = "<!-- -->";
        if self.scan.text[span.clone()] != *EMPTY {
            self.splices.push(Splice { range: span, text: EMPTY.to_owned() });
        }
    }

    /// What is read in raw HTML, as in a line of text.
    fn read(&self, read: Read, html: &str, map: &SourceMap, chunks: &[Vec<Block>], out: &mut Vec<Inline>) {
        match read {
            Read::Words(words, span) if words.contains(CHUNK) => {
                for (at, part) in words.split(CHUNK).enumerate() {
                    match part.parse().ok().and_then(|chunk: usize| chunks.get(chunk)).filter(|_| at % 2 == 1) {
                        Some(blocks) => push_runs(blocks, out),
                        None if part.trim().is_empty() => {}
                        None => out.push(Inline::whole(part.to_owned(), self.file(map.span(span.clone())))),
                    }
                }
            }
            Read::Words(words, span) => {
                let place = match read_words(html, span.start, &words, false) {
                    Some((own, _)) => own.through(map),
                    None => SourceMap::of(words.len(), map.span(span.clone())),
                };
                let kind = InlineKind::Text { words, map: self.file_map(&place) };
                out.push(Inline { span: self.file(map.span(span)), kind });
            }
            Read::Link(raw::Link { url, title, target }) => {
                let target = self.file(map.span(target));
                let kind = InlineKind::Link { url, title, target: target.clone(), children: Vec::new() };
                out.push(Inline { span: target, kind });
            }
            Read::Image(raw::Link { url, title, target }, alt) => {
                let target = self.file(map.span(target));
                out.push(Inline { span: target.clone(), kind: InlineKind::Image { url, title, target, alt } });
            }
        }
    }
}

/// Raw HTML that is being read.
struct RawHtml {
    html: String,
    /// To bytes of the body.
    map: SourceMap,
    /// For each heading the section that it begins.
    sections: Vec<Option<usize>>,
    span: Range<usize>,
    /// Markdown inside of it.
    chunks: Vec<Vec<Block>>,
}

/// Stands around the number of a chunk of Markdown inside raw HTML; no letter of any language.
const CHUNK: char = '\u{10fffc}';

/// An element of raw HTML that goes on over blank lines: the HTML and the Markdown in it so far.
#[derive(Default)]
pub(super) struct Unfinished {
    pub name: String,
    /// Bytes of its start tag in the body.
    pub tag: Range<usize>,
    html: String,
    map: SourceMap,
    chunks: Vec<Vec<Block>>,
    depth: usize,
    /// The number of blocks that were gathered before it.
    pub start: usize,
}

impl Unfinished {
    fn add_blocks(&mut self, blocks: Vec<Block>) {
        if !blocks.is_empty() {
            self.html.push_str(&format!("{CHUNK}{}{CHUNK}\n", self.chunks.len()));
            self.chunks.push(blocks);
        }
    }

    /// Adds HTML, up to the end tag of the element if it is in it. Returns where that is.
    fn add_html(&mut self, html: &str, map: &SourceMap) -> Option<usize> {
        let end = match raw_parts::close_of(html, &self.name, self.depth) {
            Ok(end) => Some(end),
            Err(depth) => {
                self.depth = depth;
                None
            }
        };
        let own = &html[..end.unwrap_or(html.len())];
        self.map.append(self.html.len(), map, 0..own.len());
        // As long as what it stands for.
        self.html.push_str(&own.replace(CHUNK, "\u{10fffe}"));
        end
    }
}

/// Sanitized HTML with the Markdown that stood inside.
fn filled(html: String, chunks: &[Vec<Block>]) -> String {
    if chunks.is_empty() {
        return html;
    }
    let mut out = String::with_capacity(html.len() * 2);
    for (at, part) in html.split(CHUNK).enumerate() {
        match part.parse().ok().and_then(|chunk: usize| chunks.get(chunk)).filter(|_| at % 2 == 1) {
            Some(blocks) => out.push_str(super::html::fragment(blocks).trim_end()),
            None => out.push_str(part),
        }
    }
    out
}

/// The runs of some blocks, apart from each other and from what is before them.
fn push_runs(blocks: &[Block], out: &mut Vec<Inline>) {
    for block in blocks {
        for_each_run(block, &mut |run, _| {
            if let Some(before) = out.last() {
                let place = before.span.end..before.span.end;
                out.push(Inline::whole(" ".to_owned(), place));
            }
            out.extend(run.iter().cloned());
        });
    }
}

/// The raw HTML of a block: also of one that is indented so far that Markdown would show it as code.
pub(super) fn html_of(value: &NodeValue) -> Option<&str> {
    match value {
        NodeValue::HtmlBlock(html) => Some(&html.literal),
        NodeValue::CodeBlock(code) if !code.fenced && raw_parts::begins_block(&code.literal) => Some(&code.literal),
        _ => None,
    }
}

/// The bytes of every comment in raw HTML; one that is never closed goes on to the end.
fn comments(html: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find("<!--").map(|start| at + start) {
        at = html[start..].find("-->").map_or(html.trim_end().len(), |end| start + end + 3);
        found.push(start..at);
    }
    found
}
