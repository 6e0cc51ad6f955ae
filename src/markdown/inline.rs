//! Turns a text into our tree: what stands inside a line.
//!
//! In: comrak's inline nodes. Out: our own, with values where expressions stood, raw tags in pairs, addresses as links.
//! Must not know: blocks.

use std::mem;
use std::ops::Range;

use comrak::nodes::{Node, NodeLink, NodeValue};

use super::parse::{INDENT, Reader, Scope};
use super::raw::{self, Tag};
use super::scan::Value;
use super::{Footnote, Inline, MAX_DEPTH, escape, linkify, plain_text};

/// Inlines being gathered, with the raw tags that are open around them.
#[derive(Default)]
struct Line {
    out: Vec<Inline>,
    open: Vec<OpenTag>,
}

struct OpenTag {
    name: &'static str,
    open: String,
    link: Option<(String, String)>,
    span: Range<usize>,
    start: usize,
}

impl<'n> Reader<'n, '_> {
    pub fn inlines(&mut self, parent: Node<'n>, scope: Scope) -> Vec<Inline> {
        let mut line = Line::default();
        self.gather_inlines(parent, scope, &mut line);
        for tag in line.open.drain(..) {
            self.depth -= 1;
            self.find_dropped(raw::Why::Unpaired(tag.name.to_owned()), tag.span);
        }
        finish(line.out, scope.link)
    }

    fn gather_inlines(&mut self, parent: Node<'n>, scope: Scope, line: &mut Line) {
        if self.depth >= MAX_DEPTH {
            let span = self.span(parent);
            self.too_deep(span);
            let words = self.flat_text(parent);
            if !words.is_empty() {
                line.out.push(Inline::Text(words));
            }
            return;
        }
        self.depth += 1;
        for node in parent.children() {
            let scope = Scope { link: scope.link || line.open.iter().any(|tag| tag.link.is_some()), ..scope };
            self.inline(node, scope, line);
        }
        self.depth -= 1;
    }

    fn inline(&mut self, node: Node<'n>, scope: Scope, line: &mut Line) {
        let value = mem::replace(&mut node.data_mut().value, NodeValue::SoftBreak);
        let inline = match value {
            NodeValue::Text(text) => return self.text(text.into_owned(), scope, &mut line.out),
            NodeValue::SoftBreak => Inline::SoftBreak,
            NodeValue::LineBreak => Inline::HardBreak,
            NodeValue::Code(code) => {
                let span = self.span(node);
                self.code.push(span);
                Inline::Code(self.scan.as_typed(code.literal))
            }
            NodeValue::Emph => Inline::Emphasis(self.inlines(node, scope)),
            NodeValue::Strong => Inline::Strong(self.inlines(node, scope)),
            NodeValue::Strikethrough => Inline::Strike(self.inlines(node, scope)),
            NodeValue::Link(link) => return self.link(node, *link, scope, line),
            NodeValue::Image(image) => self.image(node, *image, scope),
            NodeValue::FootnoteReference(reference) => match self.note(&reference.name) {
                Some(reference) => reference,
                None => return,
            },
            NodeValue::HtmlInline(html) => return self.raw_tag(node, html, scope, line),
            _ => return self.gather_inlines(node, scope, line),
        };
        line.out.push(inline);
    }

    /// Text with its expressions.
    fn text(&mut self, text: String, scope: Scope, out: &mut Vec<Inline>) {
        let text = without_indent(text);
        if self.scan.next_token(&text, 0).is_none() {
            out.push(Inline::Text(text));
            return;
        }
        let mut words = String::with_capacity(text.len() + 32);
        let mut done = 0;
        while let Some((index, range)) = self.scan.next_token(&text, done) {
            words.push_str(&text[done..range.start]);
            done = range.end;
            if scope.heading || scope.link || !matches!(self.scan.expressions[index].value, Value::Section(_)) {
                let expanded = self.words_of(index);
                words.push_str(&expanded);
                continue;
            }
            match self.section_words(index) {
                Some((title, id)) => {
                    self.use_section_link(index, &title, &id);
                    if !words.is_empty() {
                        out.push(Inline::Text(mem::take(&mut words)));
                    }
                    let children = vec![Inline::Text(title)];
                    out.push(Inline::Link { url: format!("#{id}"), title: String::new(), children });
                }
                None => words.push_str(self.typed(index)),
            }
        }
        words.push_str(&text[done..]);
        if !words.is_empty() {
            out.push(Inline::Text(words));
        }
    }

    /// The bytes of an expression as typed.
    pub fn typed(&self, index: usize) -> &str {
        &self.scan.text[self.scan.expressions[index].span.clone()]
    }

    /// What stands for an expression in text; notes how it is written.
    pub fn words_of(&mut self, index: usize) -> String {
        let words = match &self.scan.expressions[index].value {
            Value::Words(words) => Some((words.clone(), false)),
            _ => self.section_words(index).map(|(words, _)| (words, true)),
        };
        match words {
            Some((words, punctuation)) => {
                if self.uses[index].is_none() {
                    self.uses[index] = Some(escape::text(&words, self.around(index, punctuation)));
                }
                words
            }
            None => {
                self.report_unknown(index);
                self.typed(index).to_owned()
            }
        }
    }

    fn around(&self, index: usize, punctuation: bool) -> escape::Around<'_> {
        let span = &self.scan.expressions[index].span;
        escape::Around {
            before: &self.scan.text[..span.start],
            after: &self.scan.text[span.end..],
            definitions: self.scan.definitions,
            punctuation,
        }
    }

    fn use_section_link(&mut self, index: usize, title: &str, id: &str) {
        if self.uses[index].is_some() {
            return;
        }
        let before = &self.scan.text[..self.scan.expressions[index].span.start];
        // After `!` a link would be an image.
        let apart = if before.ends_with('!') { "<!-- -->" } else { "" };
        let link = format!("{apart}[{}](#{})", escape::link_text(title, before), escape::url_source(id));
        self.uses[index] = Some(link);
    }

    /// Replaces tokens by what `value` gives: for the tree and for the source.
    pub fn expand(
        &mut self,
        text: String,
        value: impl Fn(&mut Self, usize, &str) -> Option<(String, String)>,
    ) -> String {
        if self.scan.next_token(&text, 0).is_none() {
            return text;
        }
        let mut out = String::with_capacity(text.len() + 32);
        let mut done = 0;
        while let Some((index, range)) = self.scan.next_token(&text, done) {
            out.push_str(&text[done..range.start]);
            done = range.end;
            match value(self, index, &text[..range.start]) {
                Some((words, source)) => {
                    out.push_str(&words);
                    self.uses[index] = Some(source);
                }
                None => {
                    self.report_unknown(index);
                    let typed = self.typed(index);
                    out.push_str(typed);
                }
            }
        }
        out.push_str(&text[done..]);
        out
    }

    pub fn expand_alert_title(&mut self, title: String) -> String {
        self.expand(title, |reader, index, _| {
            let words = reader.plain_words(index)?;
            let before = &reader.scan.text[..reader.scan.expressions[index].span.start];
            let source = escape::alert_title(&words, before);
            Some((words, source))
        })
    }

    /// The words of an expression where no link can stand.
    pub fn plain_words(&mut self, index: usize) -> Option<String> {
        match &self.scan.expressions[index].value {
            Value::Words(words) => Some(words.clone()),
            _ => Some(self.section_words(index)?.0),
        }
    }

    fn expand_url(&mut self, url: String) -> String {
        self.expand(url, |reader, index, _| {
            let url = match &reader.scan.expressions[index].value {
                Value::Words(words) => escape::url(words),
                _ => format!("#{}", reader.section_words(index)?.1),
            };
            let source = escape::url_source(&url);
            Some((url, source))
        })
    }

    fn expand_title(&mut self, title: String) -> String {
        self.expand(title, |reader, index, _| {
            let words = reader.plain_words(index)?;
            let source = escape::title(&words);
            Some((words, source))
        })
    }

    /// A finding for a path that leads nowhere, once.
    pub fn report_unknown(&mut self, index: usize) {
        if mem::replace(&mut self.reported[index], true) {
            return;
        }
        let expression = &self.scan.expressions[index];
        if let Value::Unknown(error) = &expression.value {
            let mut finding = self.finding(error.code, expression.span.clone(), error.message.clone());
            finding.help.extend(error.help.iter().cloned());
            self.find(finding);
        }
    }

    fn link(&mut self, node: Node<'n>, link: NodeLink, scope: Scope, line: &mut Line) {
        // `<https://…>` shows its own target.
        let bare = node.first_child().is_some_and(|child| {
            child.next_sibling().is_none() && child.data().value.text().is_some_and(|text| text == link.url)
        });
        let same = self.scan.next_token(&link.url, 0).filter(|_| bare).map(|(index, _)| index);
        let url = self.expand_url(link.url);
        let title = self.expand_title(link.title);
        if raw::unsafe_link(&url) {
            let span = self.span(node);
            let finding = self.unsafe_link(&url, span);
            self.find(finding);
            return self.gather_inlines(node, scope, line);
        }
        let children = match same {
            Some(_) => vec![Inline::Text(url.clone())],
            None => self.inlines(node, Scope { link: true, ..scope }),
        };
        line.out.push(Inline::Link { url, title, children });
    }

    fn image(&mut self, node: Node<'n>, image: NodeLink, scope: Scope) -> Inline {
        let url = self.expand_url(image.url);
        let title = self.expand_title(image.title);
        let alt = plain_text(&self.inlines(node, Scope { link: true, ..scope }));
        let span = self.span(node);
        self.checked_image(url, title, alt, span)
    }

    fn checked_image(&mut self, url: String, title: String, alt: String, span: Range<usize>) -> Inline {
        let finding = if raw::unsafe_link(&url) {
            self.unsafe_link(&url, span)
        } else if raw::remote(&url) {
            self.remote_image(&url, span)
        } else {
            return Inline::Image { url, title, alt };
        };
        self.find(finding);
        Inline::Text(alt)
    }

    fn note(&mut self, name: &str) -> Option<Inline> {
        let note = match self.note_of.get(name) {
            Some(note) => *note,
            None => {
                let node = *self.definitions.get(name)?;
                let note = self.footnotes.len();
                let label = self.scan.as_typed(name.to_owned());
                self.footnotes.push(Footnote { label, references: 0, blocks: Vec::new() });
                self.waiting.push(node);
                self.note_of.insert(name.to_owned(), note);
                note
            }
        };
        let occurrence = self.footnotes[note].references;
        self.footnotes[note].references += 1;
        Some(Inline::FootnoteRef { note, occurrence })
    }

    fn raw_tag(&mut self, node: Node<'n>, html: String, scope: Scope, line: &mut Line) {
        let span = self.span(node);
        if html.starts_with("<!--") {
            self.code.push(span);
            return;
        }
        let html = self.expand_html(html);
        let mut dropped = Vec::new();
        let tag = raw::tag(&html, &mut dropped);
        for what in dropped {
            // Places inside the tag are right only if nothing in it was expanded.
            let exact = self.scan.text.get(span.clone()) == Some(html.as_str());
            let place = if exact { span.start + what.span.start..span.start + what.span.end } else { span.clone() };
            self.find_dropped(what.why, place);
        }
        match tag {
            Tag::Nothing => {}
            Tag::Break => line.out.push(Inline::HardBreak),
            Tag::WordBreak => {
                line.out.push(Inline::Element { open: "<wbr>".into(), name: "wbr".into(), children: Vec::new() })
            }
            Tag::Image { url, title, alt } => {
                let image = self.checked_image(url, title, alt, span);
                line.out.push(image);
            }
            Tag::Open { name, open, link } => {
                if self.depth >= MAX_DEPTH {
                    self.too_deep(span);
                } else if name == "a" && link.is_some() && scope.link {
                    self.find_dropped(raw::Why::BlockInLine("a".into()), span);
                } else {
                    let open = self.claim_ids(open, &span);
                    self.depth += 1;
                    line.open.push(OpenTag { name, open, link, span, start: line.out.len() });
                }
            }
            Tag::Close(name) => self.close_tag(&name, span, scope, line),
        }
    }

    fn close_tag(&mut self, name: &str, span: Range<usize>, scope: Scope, line: &mut Line) {
        let Some(at) = line.open.iter().rposition(|tag| tag.name == name) else {
            // If its start was left out, that has been said.
            if raw::is_phrasing(name) {
                self.find_dropped(raw::Why::Unpaired(name.to_owned()), span);
            }
            return;
        };
        while line.open.len() > at {
            self.depth -= 1;
            let Some(tag) = line.open.pop() else { return };
            if line.open.len() > at {
                self.find_dropped(raw::Why::Unpaired(tag.name.to_owned()), tag.span);
                continue;
            }
            let in_link = scope.link || tag.link.is_some();
            let children = finish(line.out.split_off(tag.start), in_link);
            line.out.push(match tag.link {
                Some((url, title)) => Inline::Link { url, title, children },
                None => Inline::Element { open: tag.open, name: tag.name.to_owned(), children },
            });
        }
    }

    /// All words below a node, where it nests too deeply for a tree. Without recursion.
    pub fn flat_text(&self, node: Node<'n>) -> String {
        let mut words = String::new();
        for node in node.descendants() {
            match &node.data().value {
                NodeValue::Text(text) => words.push_str(text),
                NodeValue::Code(code) => words.push_str(&code.literal),
                NodeValue::CodeBlock(code) => words.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
                NodeValue::Paragraph | NodeValue::Item(_) if !words.is_empty() => words.push(' '),
                _ => {}
            }
        }
        self.scan.as_typed(words)
    }
}

/// The words without what stands for their indent, and without blanks behind it.
fn without_indent(text: String) -> String {
    match text.strip_prefix(INDENT) {
        Some(rest) => rest.trim_start().to_string(),
        None => text,
    }
}

/// Joins neighbouring texts and makes links of bare addresses.
fn finish(inlines: Vec<Inline>, in_link: bool) -> Vec<Inline> {
    let untouched = inlines.windows(2).all(|pair| !matches!(pair, [Inline::Text(_), Inline::Text(_)]))
        && (in_link
            || !inlines.iter().any(|inline| matches!(inline, Inline::Text(text) if linkify::may_have_address(text))));
    if untouched {
        return inlines;
    }
    let mut joined: Vec<Inline> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match (joined.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
            (_, inline) => joined.push(inline),
        }
    }
    if in_link {
        return joined;
    }
    let mut out = Vec::with_capacity(joined.len() + 2);
    for inline in joined {
        let Inline::Text(text) = inline else {
            out.push(inline);
            continue;
        };
        let mut done = 0;
        for (range, url) in linkify::addresses(&text) {
            if range.start > done {
                out.push(Inline::Text(text[done..range.start].to_owned()));
            }
            done = range.end;
            let children = vec![Inline::Text(text[range].to_owned())];
            out.push(Inline::Link { url, title: String::new(), children });
        }
        if done == 0 {
            out.push(Inline::Text(text));
        } else if done < text.len() {
            out.push(Inline::Text(text[done..].to_owned()));
        }
    }
    out
}

/// Words of our own, with addresses as links, as a text of the user would have them.
pub(super) fn words(text: String) -> Vec<Inline> {
    if text.is_empty() { Vec::new() } else { finish(vec![Inline::Text(text)], false) }
}
