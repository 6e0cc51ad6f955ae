//! Where each word of the tree stands in its file.
//!
//! In: the file's text, inline content in order. Out: characters with their bytes, into a [`Builder`].
//! Must not know: blocks, rules.
//!
//! The tree says what a reader reads; the file has the same characters in the same order with markup, link targets and
//! facts in braces between them. So one cursor walks through the file beside the words and steps over what they lack.

use super::piece::Builder;
use crate::markdown::Inline;
use std::collections::HashMap;
use std::ops::Range;

/// Maximum number of bytes of markup between two characters of prose.
const MAX_MARKUP: usize = 8192;

pub struct Walk<'a> {
    source: &'a str,
    at: usize,
    end: usize,
    /// The block, which is where words belong whose own place was lost.
    block: Range<usize>,
    lost: bool,
    /// Text for each path in braces.
    values: &'a mut HashMap<String, Option<String>>,
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Walk<'a> {
    pub fn new(
        source: &'a str,
        values: &'a mut HashMap<String, Option<String>>,
        lookup: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        Walk { source, at: 0, end: 0, block: 0..0, lost: false, values, lookup }
    }

    /// Begins a block; one that lies in the block before goes on where that ended.
    pub fn enter(&mut self, span: &Range<usize>) {
        let end = floor(self.source, span.end.min(self.source.len()));
        let start = floor(self.source, span.start.min(end));
        let inside = start == self.block.start && end == self.block.end && self.at >= start;
        if !inside {
            self.at = start;
            self.lost = false;
        }
        self.end = end;
        self.block = start..end;
    }

    /// True if a block of code has no fence.
    pub fn is_indented(&self, span: &Range<usize>) -> bool {
        let block = self.source.get(span.clone()).unwrap_or("").trim_start();
        !block.starts_with("```") && !block.starts_with("~~~")
    }

    pub fn inlines(&mut self, inlines: &[Inline], out: &mut Builder) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text, out),
                Inline::Emphasis(children) | Inline::Strong(children) | Inline::Strike(children) => {
                    self.inlines(children, out);
                }
                Inline::Element { children, .. } => self.inlines(children, out),
                Inline::Code(code) => self.code(code, out),
                Inline::Link { url, children, .. } => {
                    let start = out.len();
                    // An address that became a link by itself has no brackets of its own to step over.
                    let here = self.source[self.at..self.end].trim_start();
                    let bracketed = here.trim_start_matches(['*', '_', '~', '\\']).starts_with('[');
                    self.inlines(children, out);
                    out.link(start, url.clone());
                    if bracketed || self.lost {
                        self.close_link();
                    }
                }
                Inline::Image { .. } => {
                    if let Some(found) = self.source[self.at..self.end].find("![") {
                        let start = self.at + found;
                        if let Some(close) = self.source[start..self.end].find("](") {
                            self.at = start + close;
                            self.close_link();
                        }
                        out.object(start..self.at.max(start));
                    }
                }
                Inline::SoftBreak | Inline::HardBreak => out.push('\n', self.at..self.at),
                Inline::FootnoteRef { .. } => {}
            }
        }
    }

    pub fn text(&mut self, words: &str, out: &mut Builder) {
        let mut rest = words;
        while let Some(c) = rest.chars().next() {
            if self.lost {
                out.push(c, self.block.clone());
                rest = &rest[c.len_utf8()..];
                continue;
            }
            match self.find(rest, c) {
                Some(Step::One(from)) => {
                    out.push(c, from);
                    rest = &rest[c.len_utf8()..];
                }
                Some(Step::Fact(from, length)) => {
                    for c in rest[..length].chars() {
                        out.push(c, from.clone());
                    }
                    rest = &rest[length..];
                }
                None => self.lost = true,
            }
        }
    }

    /// The next place in the file that `c`, the first character of `rest`, stands at.
    fn find(&mut self, rest: &str, c: char) -> Option<Step> {
        let limit = (self.at + MAX_MARKUP).min(self.end);
        let mut at = self.at;
        while at < limit {
            let here = &self.source[at..self.end];
            let s = here.chars().next()?;
            if let Some(path) = braces(here).filter(|_| !rest.starts_with("{{")) {
                let from = at..at + path.len() + 4;
                match self.value(path.trim()).filter(|value| !value.is_empty() && rest.starts_with(value.as_str())) {
                    Some(value) => {
                        self.at = from.end;
                        return Some(Step::Fact(from, value.len()));
                    }
                    None => {
                        at = from.end;
                        continue;
                    }
                }
            }
            if s == c || (s.is_whitespace() && c.is_whitespace()) {
                self.at = at + s.len_utf8();
                return Some(Step::One(at..self.at));
            }
            if s == '&'
                && let Some(length) = entity(here)
            {
                self.at = at + length;
                return Some(Step::One(at..self.at));
            }
            at += match s {
                '<' => tag(here),
                _ => s.len_utf8(),
            };
        }
        None
    }

    fn value(&mut self, path: &str) -> Option<String> {
        if let Some(known) = self.values.get(path) {
            return known.clone();
        }
        let value = (self.lookup)(path);
        self.values.insert(path.to_string(), value.clone());
        value
    }

    fn code(&mut self, code: &str, out: &mut Builder) {
        let here = &self.source[self.at..self.end];
        let ticks = here.find('`').filter(|open| *open < MAX_MARKUP).and_then(|open| {
            let run = here[open..].bytes().take_while(|byte| *byte == b'`').count();
            let close = here[open + run..].find(&here[open..open + run])?;
            Some(self.at + open..self.at + open + run + close + run)
        });
        let from = ticks.unwrap_or(self.at..self.at);
        self.at = from.end;
        out.code(code.to_string(), from);
    }

    /// Steps over `](target)` or `][label]`, behind the words of a link.
    fn close_link(&mut self) {
        let here = &self.source[self.at..self.end];
        let markup = here.len() - here.trim_start_matches(['*', '_', '~', '`', '\\', ' ']).len();
        let Some(rest) = here[markup..].strip_prefix(']') else { return };
        let mut length = markup + 1;
        let (open, close) = match rest.chars().next() {
            Some('(') => ('(', ')'),
            Some('[') => ('[', ']'),
            _ => {
                self.at += length;
                return;
            }
        };
        let mut depth = 0usize;
        for (at, c) in rest.char_indices() {
            if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
            }
            if depth == 0 {
                length += at + c.len_utf8();
                break;
            }
        }
        self.at += length;
    }
}

enum Step {
    One(Range<usize>),
    /// A fact in braces stands for so many bytes of the words.
    Fact(Range<usize>, usize),
}

/// Returns the text between the double braces at the beginning, on one line.
fn braces(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{")?;
    let line = inside.split('\n').next().unwrap_or(inside);
    line.find("}}").map(|close| &line[..close])
}

/// The length of a character reference, `&amp;`, at the beginning.
fn entity(text: &str) -> Option<usize> {
    let end = text.bytes().take(33).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    is_name.then_some(end + 1)
}

/// The length of a tag or a comment at the beginning; a lone `<` is one byte.
fn tag(text: &str) -> usize {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.find("-->").map_or(text.len(), |end| 4 + end + 3);
    }
    let is_tag = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    // `<https://…>` and `<a@b>` are read, not tags.
    let address = |end: usize| {
        text[..end].contains("://") && !text[..end].contains('"')
            || text[..end].contains('@') && !text[..end].contains(' ')
    };
    match text.find('>').filter(|end| is_tag && *end < MAX_MARKUP && !address(*end)) {
        Some(end) => end + 1,
        None => 1,
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
