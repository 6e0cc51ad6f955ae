//! The headings in raw HTML, gathered with those of Markdown before any block is read.
//!
//! In: a block of raw HTML, and what is open before it. Out: the sections that its headings begin. Must not know: the tree.

use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::reader::{Reader, key};
use super::scan::Value;
use super::sections::{Section, Title};
use super::{raw, raw_parts};

impl<'n> Reader<'n, '_> {
    /// The headings of a block of raw HTML.
    pub fn gather_html(&mut self, node: Node<'n>, html: &str, open: &mut Vec<String>) {
        let headings = raw_parts::headings(html, open);
        // Of what is still open only an element counts that is closed later: anything else is no element.
        let gathered = open.iter().position(|name| raw::GATHERED.contains(&name.as_str()));
        let closed = gathered.filter(|at| {
            let name = &open[*at];
            self.closes_later(node, name, open.iter().filter(|other| *other == name).count())
        });
        open.drain(..closed.unwrap_or(open.len()));
        if headings.is_empty() {
            return;
        }
        let map = self.lines_of(node, html, 0);
        let top = node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document));
        let mut sections = Vec::with_capacity(headings.len());
        for heading in headings {
            if !heading.begins_section {
                sections.push(None);
                continue;
            }
            let span = map.span(heading.whole);
            if heading.level == 1 {
                self.find_level_one(span.clone());
            }
            sections.push(Some(self.sections.list.len()));
            let title = Title::Open(self.title(heading.words));
            let blank = html[heading.content.clone()].len() - html[heading.content.clone()].trim_start().len();
            let content = map.span(heading.content.start + blank..heading.content.end).start;
            let explicit = heading.id;
            let level = heading.level.max(2);
            self.sections.list.push(Section {
                id: String::new(),
                explicit,
                was: Vec::new(),
                level,
                number: None,
                setext: false,
                content,
                span,
                top,
                title,
            });
        }
        self.sections.in_html.insert(key(node), sections);
    }

    /// Says that the title is the only heading of level 1.
    pub fn find_level_one(&mut self, span: Range<usize>) {
        let finding = self
            .finding("heading-level-one", span, "a heading of level 1 inside the text")
            .help("the document's title is the page's only heading of level 1: start sections at `##`");
        self.find(finding);
    }

    /// The words of a title, with values for facts.
    pub fn title(&self, words: String) -> String {
        let mut out = String::with_capacity(words.len());
        let mut done = 0;
        while let Some((index, range)) = self.scan.next_token(&words, done) {
            out.push_str(&words[done..range.start]);
            match &self.scan.expressions[index].value {
                Value::Words(value) => out.push_str(value),
                Value::Section(_) => out.push_str(&words[range.clone()]),
                Value::Unknown(_) => out.push_str(&self.scan.text[self.scan.expressions[index].span.clone()]),
            }
            done = range.end;
        }
        if done == 0 {
            return words;
        }
        out.push_str(&words[done..]);
        out
    }
}
