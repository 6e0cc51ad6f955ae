//! Turns a text into our tree: what stands for expressions.
//!
//! In: words with tokens. Out: words with values, and for each expression how its value is written in Markdown at that place.
//! Must not know: blocks, comrak.

use std::mem;

use super::reader::Reader;
use super::scan::Value;
use super::{SourceMap, escape};

impl Reader<'_, '_> {
    /// The bytes of an expression as typed.
    pub fn typed(&self, index: usize) -> &str {
        &self.scan.text[self.scan.expressions[index].span.clone()]
    }

    /// Returns the text that replaces an expression, and records how it is written.
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

    pub fn use_section_link(&mut self, index: usize, title: &str, id: &str) {
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
        self.expand_mapped(text, SourceMap::default(), value).0
    }

    /// Splits a text with a map, and splits the map with it.
    pub fn expand_mapped(
        &mut self,
        text: String,
        map: SourceMap,
        value: impl Fn(&mut Self, usize, &str) -> Option<(String, String)>,
    ) -> (String, SourceMap) {
        if self.scan.next_token(&text, 0).is_none() {
            return (text, map);
        }
        let mut out = String::with_capacity(text.len() + 32);
        let mut moved = SourceMap::default();
        let mut done = 0;
        while let Some((index, range)) = self.scan.next_token(&text, done) {
            moved.append(out.len(), &map, done..range.start);
            out.push_str(&text[done..range.start]);
            done = range.end;
            moved.push_whole(out.len(), self.scan.expressions[index].span.clone());
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
        moved.append(out.len(), &map, done..text.len());
        out.push_str(&text[done..]);
        (out, moved)
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

    pub fn expand_url(&mut self, url: String) -> String {
        self.expand(url, |reader, index, _| {
            let url = match &reader.scan.expressions[index].value {
                Value::Words(words) => escape::url(words),
                _ => format!("#{}", reader.section_words(index)?.1),
            };
            let source = escape::url_source(&url);
            Some((url, source))
        })
    }

    pub fn expand_title(&mut self, title: String) -> String {
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
}
