//! Turns a text into our tree: what stands inside a line.
//!
//! In: comrak's inline nodes. Out: our own, with values where expressions stood, raw tags in pairs, addresses as links.
//! Must not know: blocks.

use std::mem;
use std::ops::Range;

use comrak::nodes::{Node, NodeLink, NodeValue};

use super::parse::INDENT;
use super::raw::{self, Tag};
use super::reader::{Line, Reader, Scope};
use super::scan::Value;
use super::{Footnote, Inline, InlineKind, MAX_DEPTH, SourceMap, linkify, plain_text};

/// Inlines being gathered, with the raw tags that are open around them.
#[derive(Default)]
struct Gathered {
    out: Vec<Inline>,
    open: Vec<OpenTag>,
}

struct OpenTag {
    name: &'static str,
    open: String,
    link: Option<raw::Link>,
    /// Bytes of the body.
    span: Range<usize>,
    start: usize,
}

impl<'n> Reader<'n, '_> {
    /// The content of a paragraph, a heading or a term.
    pub fn content(&mut self, node: Node<'n>, scope: Scope) -> Vec<Inline> {
        let span = self.span(node);
        self.line = Line { at: span.start, end: span.end, pipes: Vec::new() };
        self.inlines(node, scope)
    }

    /// The content of a table's cell.
    pub fn cell_content(&mut self, node: Node<'n>, scope: Scope) -> Vec<Inline> {
        let span = self.span(node);
        let pipes = self.pipes(span.clone());
        self.line = Line { at: span.start, end: span.end, pipes };
        let content = self.inlines(node, scope);
        self.line.pipes.clear();
        content
    }

    fn inlines(&mut self, parent: Node<'n>, scope: Scope) -> Vec<Inline> {
        let mut gathered = Gathered::default();
        self.gather_inlines(parent, scope, &mut gathered);
        finish(self.closed(gathered), scope.link)
    }

    fn gather_inlines(&mut self, parent: Node<'n>, scope: Scope, gathered: &mut Gathered) {
        if self.depth >= MAX_DEPTH {
            let span = self.span(parent);
            self.too_deep(span.clone());
            let words = self.flat_text(parent);
            if !words.is_empty() {
                gathered.out.push(Inline::whole(words, self.file(span)));
            }
            return;
        }
        self.depth += 1;
        for node in parent.children() {
            let scope = Scope { link: scope.link || gathered.open.iter().any(|tag| tag.link.is_some()), ..scope };
            self.inline(node, scope, gathered);
        }
        self.depth -= 1;
    }

    fn inline(&mut self, node: Node<'n>, scope: Scope, gathered: &mut Gathered) {
        let value = mem::replace(&mut node.data_mut().value, NodeValue::SoftBreak);
        let (span, kind) = match value {
            NodeValue::Text(text) => {
                let written = self.written(node, &text);
                return self.text(&text, written, scope, &mut gathered.out);
            }
            NodeValue::SoftBreak => (self.break_place(node), InlineKind::SoftBreak),
            NodeValue::LineBreak => (self.break_place(node), InlineKind::HardBreak),
            NodeValue::Code(code) => {
                let span = self.code_place(node);
                self.code.push(span.clone());
                (span, InlineKind::Code(self.scan.as_typed(code.literal)))
            }
            NodeValue::Emph => {
                let (span, children) = self.marked(node, b"*_", 1, scope);
                (span, InlineKind::Emphasis(children))
            }
            NodeValue::Strong => {
                let (span, children) = self.marked(node, b"*_", 2, scope);
                (span, InlineKind::Strong(children))
            }
            NodeValue::Strikethrough => {
                let (span, children) = self.marked(node, b"~", 2, scope);
                (span, InlineKind::Strike(children))
            }
            NodeValue::Link(link) => return self.link(node, *link, scope, gathered),
            NodeValue::Image(image) => self.image(node, *image, scope),
            NodeValue::FootnoteReference(reference) => {
                let span = self.note_place(node);
                match self.note(&reference.name) {
                    Some(reference) => (span, reference),
                    None => return,
                }
            }
            NodeValue::HtmlInline(html) => return self.raw_tag(node, html, scope, gathered),
            _ => return self.gather_inlines(node, scope, gathered),
        };
        gathered.out.push(Inline { span: self.file(span), kind });
    }

    /// Content between marks, each one or two letters: emphasis and the like.
    fn marked(&mut self, node: Node<'n>, marks: &[u8], most: usize, scope: Scope) -> (Range<usize>, Vec<Inline>) {
        let span = self.piece(node, marks);
        let run = |reader: &Self, at: usize| {
            let rest = &reader.scan.parsed.as_bytes()[at..];
            rest.iter().take(most).take_while(|byte| Some(*byte) == rest.first() && marks.contains(byte)).count()
        };
        self.line.at = span.start + run(self, span.start);
        let children = self.inlines(node, scope);
        self.line.at += run(self, self.line.at);
        (span.start..self.line.at, children)
    }

    /// Text with its expressions.
    fn text(&mut self, text: &str, written: SourceMap, scope: Scope, out: &mut Vec<Inline>) {
        let skip = indent(text);
        let place = self.file_map(&written);
        if self.scan.next_token(text, skip).is_none() {
            out.push(mapped(text[skip..].to_owned(), &place, skip..text.len()));
            return;
        }
        let mut words = String::with_capacity(text.len() + 32);
        let mut map = SourceMap::default();
        let mut done = skip;
        while let Some((index, range)) = self.scan.next_token(text, done) {
            map.append(words.len(), &place, done..range.start);
            words.push_str(&text[done..range.start]);
            done = range.end;
            let here = self.file(self.scan.expressions[index].span.clone());
            let linked =
                !scope.heading && !scope.link && matches!(self.scan.expressions[index].value, Value::Section(_));
            if linked && let Some((title, id)) = self.section_words(index) {
                self.use_section_link(index, &title, &id);
                push_words(mem::take(&mut words), mem::take(&mut map), out);
                let children = vec![Inline::whole(title, here.clone())];
                let kind =
                    InlineKind::Link { url: format!("#{id}"), title: String::new(), target: here.clone(), children };
                out.push(Inline { span: here, kind });
                continue;
            }
            let value = if linked { self.typed(index).to_owned() } else { self.words_of(index) };
            match value == self.typed(index) {
                true => map.push(words.len(), here),
                false => map.push_whole(words.len(), here),
            }
            words.push_str(&value);
        }
        map.append(words.len(), &place, done..text.len());
        words.push_str(&text[done..]);
        push_words(words, map, out);
    }

    fn link(&mut self, node: Node<'n>, link: NodeLink, scope: Scope, gathered: &mut Gathered) {
        // `<https://…>` shows its own target.
        let bare = node.first_child().is_some_and(|child| {
            child.next_sibling().is_none() && child.data().value.text().is_some_and(|text| text == link.url)
        });
        let same = self.scan.next_token(&link.url, 0).filter(|_| bare).map(|(index, _)| index);
        let url = self.expand_url(link.url);
        let title = self.expand_title(link.title);
        let start = self.piece(node, b"[<");
        let passes = !raw::unsafe_link(&url);
        let inner = Scope { link: scope.link || passes, ..scope };
        let mut children = Gathered::default();
        let (span, target) = match self.pointed(&start) {
            Some((span, target)) => {
                let text = node.first_child().and_then(|child| child.data().value.text().map(|text| text.to_string()));
                match text {
                    _ if same.is_some() => children.out.push(Inline::whole(url.clone(), self.file(target.clone()))),
                    Some(text) => {
                        let written = self.written_at(&text, target.start, false).unwrap_or_default();
                        self.text(&text, written, inner, &mut children.out);
                    }
                    None => {}
                }
                (span, target)
            }
            None => {
                self.line.at = start.start + 1;
                self.gather_inlines(node, inner, &mut children);
                self.target(start)
            }
        };
        self.line.at = span.end;
        if !passes {
            let finding = self.unsafe_link(&url, span);
            self.find(finding);
            gathered.out.append(&mut self.closed(children));
            return;
        }
        let children = finish(self.closed(children), true);
        let (span, target) = (self.file(span), self.file(target));
        gathered.out.push(Inline { span, kind: InlineKind::Link { url, title, target, children } });
    }

    /// Returns the collected inlines, with a finding for each tag that is still open.
    fn closed(&mut self, mut gathered: Gathered) -> Vec<Inline> {
        for tag in gathered.open.drain(..) {
            self.depth -= 1;
            self.find_dropped(raw::Why::Unpaired(tag.name.to_owned()), tag.span);
        }
        // Nothing follows the element that was left out.
        let blank = |inline: &Inline| matches!(&inline.kind, InlineKind::Text { words, .. } if words == " ");
        gathered.out.pop_if(|last| blank(last) && last.span.len() > 1);
        gathered.out
    }

    fn image(&mut self, node: Node<'n>, image: NodeLink, scope: Scope) -> (Range<usize>, InlineKind) {
        let url = self.expand_url(image.url);
        let title = self.expand_title(image.title);
        let start = self.piece(node, b"!");
        self.line.at = start.start + 2;
        let alt = plain_text(&self.inlines(node, Scope { link: true, ..scope }));
        let (span, target) = self.target(start);
        self.line.at = span.end;
        let kind = self.checked_image(raw::Link { url, title, target }, alt, span.clone());
        (span, kind)
    }

    fn checked_image(&mut self, image: raw::Link, alt: String, span: Range<usize>) -> InlineKind {
        let raw::Link { url, title, target } = image;
        let finding = if raw::unsafe_link(&url) {
            self.unsafe_link(&url, span)
        } else if raw::remote(&url) {
            self.remote_image(&url, span)
        } else {
            return InlineKind::Image { url, title, target: self.file(target), alt };
        };
        self.find(finding);
        InlineKind::Text { words: alt, map: SourceMap::default() }
    }

    fn note(&mut self, name: &str) -> Option<InlineKind> {
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
        Some(InlineKind::FootnoteRef { note, occurrence })
    }

    fn raw_tag(&mut self, node: Node<'n>, html: String, scope: Scope, gathered: &mut Gathered) {
        let (span, map) = self.tag_place(node, &html);
        self.line.at = span.end;
        if html.starts_with("<!--") {
            self.empty_comment(span.clone());
            self.code.push(span);
            return;
        }
        let (html, map) = self.expand_html(html, map);
        let mut dropped = Vec::new();
        let tag = raw::tag(&html, &mut dropped);
        let place = self.file(span.clone());
        for what in dropped {
            if matches!(what.why, raw::Why::BlockInLine(_)) {
                part_words(&mut gathered.out, &place);
            }
            self.find_dropped(what.why, map.span(what.span));
        }
        match tag {
            Tag::Nothing => {}
            Tag::Break => gathered.out.push(Inline { span: place, kind: InlineKind::HardBreak }),
            Tag::WordBreak => {
                let kind = InlineKind::Element { open: "<wbr>".into(), name: "wbr".into(), children: Vec::new() };
                gathered.out.push(Inline { span: place, kind });
            }
            Tag::Image { image, alt } => {
                let image = raw::Link { target: map.span(image.target), ..image };
                let kind = self.checked_image(image, alt, span);
                gathered.out.push(Inline { span: place, kind });
            }
            Tag::Open { name, open, link } => {
                if self.depth >= MAX_DEPTH {
                    self.too_deep(span);
                } else if name == "a" && link.is_some() && scope.link {
                    self.find_dropped(raw::Why::BlockInLine("a".into()), span);
                } else {
                    let open = self.claim_ids(open, &span);
                    let link = link.map(|link| raw::Link { target: map.span(link.target), ..link });
                    self.depth += 1;
                    gathered.open.push(OpenTag { name, open, link, span, start: gathered.out.len() });
                }
            }
            Tag::Close(name) => self.close_tag(&name, span, scope, gathered),
        }
    }

    fn close_tag(&mut self, name: &str, span: Range<usize>, scope: Scope, gathered: &mut Gathered) {
        let Some(at) = gathered.open.iter().rposition(|tag| tag.name == name) else {
            // If its start was left out, that has been said.
            if raw::is_phrasing(name) {
                self.find_dropped(raw::Why::Unpaired(name.to_owned()), span);
            } else if raw::is_block(name) {
                part_words(&mut gathered.out, &self.file(span));
            }
            return;
        };
        while gathered.open.len() > at {
            self.depth -= 1;
            let Some(tag) = gathered.open.pop() else { return };
            if gathered.open.len() > at {
                self.find_dropped(raw::Why::Unpaired(tag.name.to_owned()), tag.span);
                continue;
            }
            let in_link = scope.link || tag.link.is_some();
            let children = finish(gathered.out.split_off(tag.start), in_link);
            let kind = match tag.link {
                Some(raw::Link { url, title, target }) => {
                    InlineKind::Link { url, title, target: self.file(target), children }
                }
                None => InlineKind::Element { open: tag.open, name: tag.name.to_owned(), children },
            };
            gathered.out.push(Inline { span: self.file(tag.span.start..span.end), kind });
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

/// The bytes of what stands for an indent, and of the blanks behind it.
fn indent(text: &str) -> usize {
    text.strip_prefix(INDENT).map_or(0, |rest| text.len() - rest.trim_start().len())
}

/// Puts a blank where an element was left out that would have parted the words around it.
fn part_words(out: &mut Vec<Inline>, place: &Range<usize>) {
    let parted = match out.last().map(|last| &last.kind) {
        None | Some(InlineKind::SoftBreak | InlineKind::HardBreak) => true,
        Some(InlineKind::Text { words, .. }) => words.ends_with(char::is_whitespace),
        _ => false,
    };
    if !parted {
        out.push(Inline::whole(" ".to_owned(), place.clone()));
    }
}

fn push_words(words: String, map: SourceMap, out: &mut Vec<Inline>) {
    if !words.is_empty() {
        let length = words.len();
        out.push(mapped(words, &map, 0..length));
    }
}

/// A text whose words are a part of a map.
fn mapped(words: String, map: &SourceMap, part: Range<usize>) -> Inline {
    let span = map.span(part.clone());
    let mut own = SourceMap::default();
    own.append(0, map, part);
    if own.is_plain(words.len()) {
        own = SourceMap::default();
    }
    Inline { span, kind: InlineKind::Text { words, map: own } }
}

/// The map of a text, written out.
fn map_of(span: &Range<usize>, words: &str, map: SourceMap) -> SourceMap {
    match map.is_empty() {
        true => SourceMap::of(words.len(), span.clone()),
        false => map,
    }
}

/// Joins neighbouring texts and makes links of bare addresses.
fn finish(inlines: Vec<Inline>, in_link: bool) -> Vec<Inline> {
    let words = |inline: &Inline| matches!(inline.kind, InlineKind::Text { .. });
    let linked =
        |inline: &Inline| matches!(&inline.kind, InlineKind::Text { words, .. } if linkify::may_have_address(words));
    let untouched = inlines.windows(2).all(|pair| !(words(&pair[0]) && words(&pair[1])))
        && (in_link || !inlines.iter().any(linked));
    if untouched {
        return inlines;
    }
    let mut joined: Vec<Inline> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        let Inline { span, kind } = inline;
        match (joined.last_mut(), kind) {
            (
                Some(Inline { span: before, kind: InlineKind::Text { words, map } }),
                InlineKind::Text { words: more, map: next },
            ) => {
                let mut both = map_of(before, words, mem::take(map));
                both.append(words.len(), &map_of(&span, &more, next), 0..more.len());
                words.push_str(&more);
                before.end = span.end.max(before.end);
                *map = both;
            }
            (_, kind) => joined.push(Inline { span, kind }),
        }
    }
    if in_link {
        return joined;
    }
    let mut out = Vec::with_capacity(joined.len() + 2);
    for inline in joined {
        let InlineKind::Text { words, map } = &inline.kind else {
            out.push(inline);
            continue;
        };
        let found = linkify::addresses(words);
        if found.is_empty() {
            out.push(inline);
            continue;
        }
        let map = map_of(&inline.span, words, map.clone());
        let part = |range: Range<usize>| mapped(words[range.clone()].to_owned(), &map, range);
        let mut done = 0;
        for (range, url) in found {
            if range.start > done {
                out.push(part(done..range.start));
            }
            done = range.end;
            let child = part(range);
            let (span, target) = (child.span.clone(), child.span.clone());
            out.push(Inline {
                span,
                kind: InlineKind::Link { url, title: String::new(), target, children: vec![child] },
            });
        }
        if done < words.len() {
            out.push(part(done..words.len()));
        }
    }
    out
}

/// Words of our own, with addresses as links, as a text of the user would have them.
pub(super) fn words(text: String, place: &Range<usize>) -> Vec<Inline> {
    if text.is_empty() { Vec::new() } else { finish(vec![Inline::whole(text, place.clone())], false) }
}
