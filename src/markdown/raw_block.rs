//! Turns a text into our tree: blocks of raw HTML, and elements around Markdown.
//!
//! In: an HTML block as typed. Out: what the sanitizer let pass, with the places of its words. Must not know: the allow-list.

use std::collections::HashSet;
use std::ops::Range;

use comrak::nodes::Node;

use super::blocks::{Frame, Gathered};
use super::place::read_words;
use super::raw::{self, Change, Dropped, Part, Read, Why};
use super::reader::{Reader, excerpt};
use super::resolve::Splice;
use super::{Block, BlockKind, Inline, InlineKind, MAX_DEPTH, SourceMap, escape};
use crate::diagnostic::Diagnostic;

/// Blocks of raw HTML in one text.
const MAX_RAW_BLOCKS: usize = 2000;

impl<'n> Reader<'n, '_> {
    pub fn html_block(&mut self, node: Node<'n>, literal: String, out: &mut Gathered) {
        let span = self.span(node);
        if literal.trim_start().starts_with("<!--") {
            self.code.push(span.clone());
        }
        let map = self.lines_of(node, &literal, 0);
        for comment in comments(&literal) {
            self.empty_comment(map.span(comment));
        }
        let (html, map) = self.expand_html(literal, map);
        self.raw_blocks += 1;
        let mut dropped = Vec::new();
        let parts = if self.raw_blocks > MAX_RAW_BLOCKS {
            dropped.push(Dropped { span: 0..html.len(), why: Why::TooMuch });
            Vec::new()
        } else {
            let frames = &out.frames;
            raw::block(&html, &|name| frames.iter().any(|frame| frame.name == name), &mut dropped)
        };
        for part in parts {
            match part {
                Part::Html(clean, read) => {
                    let content = read.into_iter().map(|read| self.read(read, &html, &map)).collect();
                    let html = self.claim_ids(clean, &span);
                    out.blocks.push(Block { span: self.file(span.clone()), kind: BlockKind::Html { html, content } });
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
                    let Some(at) = out.frames.iter().rposition(|frame| frame.name == name) else {
                        dropped.push(Dropped { span: 0..0, why: Why::Unpaired(name) });
                        continue;
                    };
                    while out.frames.len() > at + 1 {
                        self.depth -= 1;
                        if let Some(frame) = out.frames.pop() {
                            let finding = self.unpaired(&frame.name, frame.span);
                            self.find(finding);
                        }
                    }
                    if let Some(frame) = out.frames.pop() {
                        self.depth -= 1;
                        let blocks = out.blocks.split_off(frame.start);
                        let span = self.file(frame.span.start..tag.end.max(frame.span.end));
                        let kind = BlockKind::Element { open: frame.open, name: frame.name, blocks };
                        out.blocks.push(Block { span, kind });
                    }
                }
            }
        }
        for what in dropped {
            let span = if what.span.is_empty() { span.clone() } else { map.span(what.span) };
            self.find_dropped(what.why, span);
        }
    }

    pub fn unpaired(&self, name: &str, span: Range<usize>) -> Diagnostic {
        self.finding("raw-html-dropped", span, format!("`<{name}>` has no partner in the same part of the text"))
            .help(format!("put `<{name}>` and `</{name}>` around the same blocks, with no blank line inside unless it is a `details`, `div`, `figure` or `blockquote`"))
    }

    pub fn find_dropped(&mut self, why: Why, span: Range<usize>) {
        let finding = match why {
            Why::Element(name) => self
                .finding("raw-html-dropped", span, format!("`<{name}>` is not allowed in a text and was left out"))
                .help("write it in Markdown, or leave it to the theme"),
            Why::BlockInLine(name) => self
                .finding("raw-html-dropped", span, format!("`<{name}>` inside a paragraph was left out"))
                .help(format!("start `<{name}>` on a line of its own after a blank line")),
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

    /// Reads raw HTML like a line of text.
    fn read(&self, read: Read, html: &str, map: &SourceMap) -> Inline {
        match read {
            Read::Words(words, span) => {
                let place = match read_words(html, span.start, &words, false) {
                    Some((own, _)) => own.through(map),
                    None => SourceMap::of(words.len(), map.span(span.clone())),
                };
                Inline { span: self.file(map.span(span)), kind: InlineKind::Text { words, map: self.file_map(&place) } }
            }
            Read::Link(raw::Link { url, title, target }) => {
                let target = self.file(map.span(target));
                let kind = InlineKind::Link { url, title, target: target.clone(), children: Vec::new() };
                Inline { span: target, kind }
            }
            Read::Image(raw::Link { url, title, target }, alt) => {
                let target = self.file(map.span(target));
                Inline { span: target.clone(), kind: InlineKind::Image { url, title, target, alt } }
            }
        }
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
