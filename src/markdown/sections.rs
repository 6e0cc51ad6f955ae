//! The headings of a text: ids, numbers, titles.
//!
//! In: comrak's nodes before they are turned into our tree. Out: what each heading will be, so that any part of the text
//! can refer to any section; registers and notes are looked up on the same walk. Must not know: HTML.

use std::collections::HashMap;
use std::mem;
use std::ops::Range;

use comrak::nodes::{Node, NodeHeading, NodeValue};

use super::raw;
use super::reader::{Reader, key};
use super::scan::Value;
use crate::diagnostic::did_you_mean;

/// References to sections inside headings, one leading to the next.
const MAX_CHAIN: usize = 4;

#[derive(Default)]
pub(super) struct Sections {
    list: Vec<Section>,
    by_node: HashMap<usize, usize>,
    by_id: HashMap<String, usize>,
    /// Texts of references inside titles.
    in_titles: HashMap<usize, Option<String>>,
}

pub(super) struct Section {
    pub id: String,
    /// The id as typed.
    pub explicit: Option<String>,
    pub was: Vec<String>,
    pub level: u8,
    pub number: Option<String>,
    pub setext: bool,
    /// First byte of the title in the body.
    pub content: usize,
    span: Range<usize>,
    /// It stands among the document's own blocks, not in a quote or a list, so that it may have a number.
    top: bool,
    title: Title,
}

enum Title {
    /// Words, with tokens where the title refers to sections.
    Open(String),
    /// Being closed: whoever refers to it now goes round in a circle.
    Closing,
    Done(String),
}

impl Sections {
    pub fn of(&self, node: usize) -> Option<&Section> {
        Some(&self.list[*self.by_node.get(&node)?])
    }
}

impl<'n> Reader<'n, '_> {
    /// Walks over all blocks once, before any is read.
    pub fn gather(&mut self, root: Node<'n>) {
        let mut stack: Vec<Node<'n>> = root.reverse_children().collect();
        while let Some(node) = stack.pop() {
            let descend = match &node.data().value {
                NodeValue::Heading(heading) => {
                    self.gather_heading(node, *heading);
                    false
                }
                NodeValue::FootnoteDefinition(note) if note.total_references == 0 => {
                    let span = self.span(node);
                    let end = span.start + self.scan.text[span.clone()].find('\n').unwrap_or(span.len());
                    let finding = self
                        .finding(
                            "unused-footnote",
                            span.start..end,
                            format!("nothing refers to the note `[^{}]`", note.name),
                        )
                        .help(format!("write `[^{}]` where it belongs, or take the note out", note.name));
                    self.find(finding);
                    false
                }
                NodeValue::FootnoteDefinition(note) => {
                    self.definitions.insert(note.name.clone(), node);
                    true
                }
                NodeValue::BlockDirective(directive) => !self.gather_directive(node, directive.fence_length),
                NodeValue::BlockQuote
                | NodeValue::Alert(_)
                | NodeValue::List(_)
                | NodeValue::Item(_)
                | NodeValue::TaskItem(_)
                | NodeValue::DescriptionList
                | NodeValue::DescriptionItem(_)
                | NodeValue::DescriptionDetails => true,
                _ => false,
            };
            if descend {
                stack.extend(node.reverse_children());
            }
        }
        self.check_levels();
        self.give_ids();
    }

    /// Readers who jump from heading to heading stumble over a missing level.
    fn check_levels(&mut self) {
        let mut above = 1;
        for index in 0..self.sections.list.len() {
            let Section { level, span, .. } = &self.sections.list[index];
            let (level, span) = (*level, span.clone());
            if level > above + 1 {
                let message = format!("a heading of level {level} follows one of level {above}");
                let hashes = "#".repeat(usize::from(above) + 1);
                let finding = self
                    .finding("heading-level-skipped", span, message)
                    .help(format!("write `{hashes}`, or a heading between"));
                self.find(finding);
            }
            above = level;
        }
    }

    fn gather_heading(&mut self, node: Node<'n>, heading: NodeHeading) {
        let span = self.span(node);
        let mut section = Section {
            id: String::new(),
            explicit: None,
            was: Vec::new(),
            level: heading.level.max(2),
            number: None,
            setext: heading.setext,
            content: self.content_start(&span, heading.setext),
            // With a number before it, what is nearly a table might become one, and a definition's line would be shown.
            top: !(heading.setext && self.scan.text[span.clone()].contains(['|', '[']))
                && node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document)),
            title: Title::Open(self.raw_title(node)),
            span: span.clone(),
        };
        if heading.level == 1 {
            let finding = self
                .finding("heading-level-one", span.clone(), "a heading of level 1 inside the text")
                .help("the document's title is the page's only heading of level 1: start sections at `##`");
            self.find(finding);
        }
        if let Some(attributes) = &node.data().attrs {
            section.explicit.clone_from(&attributes.id);
            if let Some(id) = section.explicit.take_if(|id| !raw::is_id(id)) {
                let finding = self
                    .finding("invalid-id", span.clone(), format!("`{id}` cannot be an id"))
                    .help("use letters, digits and hyphens");
                self.find(finding);
            }
            for (name, value) in &attributes.pairs {
                if name == "aliases" {
                    section.was.extend(value.split_whitespace().map(str::to_owned));
                } else {
                    self.find_attribute(name, &span);
                }
            }
            for class in &attributes.classes {
                self.find_attribute(&format!(".{class}"), &span);
            }
        }
        self.sections.by_node.insert(key(node), self.sections.list.len());
        self.sections.list.push(section);
    }

    fn find_attribute(&mut self, name: &str, span: &Range<usize>) {
        let finding = self
            .finding("unknown-attribute", span.clone(), format!("a heading has no attribute `{name}`"))
            .help("headings take an id and their former ids: `{#retention aliases=\"keeping\"}`");
        self.find(finding);
    }

    /// Where a heading's words start.
    fn content_start(&self, span: &Range<usize>, setext: bool) -> usize {
        if setext {
            return span.start;
        }
        let typed = &self.scan.text[span.clone()];
        let rest = typed.trim_start_matches('#').trim_start_matches([' ', '\t']);
        span.end - rest.len()
    }

    /// A title's words, with tokens only where it refers to sections.
    fn raw_title(&mut self, node: Node<'n>) -> String {
        let mut words = String::new();
        for part in node.descendants() {
            match &part.data().value {
                NodeValue::Text(text) => {
                    // `<https://…>` shows its target as it is written there.
                    let link = part.parent().is_some_and(|parent| match &parent.data().value {
                        NodeValue::Link(link) => link.url == **text,
                        _ => false,
                    });
                    let start = words.len();
                    words.push_str(text);
                    if link {
                        self.encode(&mut words, start);
                    }
                }
                NodeValue::Code(code) => words.push_str(&self.scan.as_typed(code.literal.clone())),
                NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
                NodeValue::HtmlInline(html) if html.len() < 8 && html.to_ascii_lowercase().starts_with("<br") => {
                    words.push(' ')
                }
                _ => {}
            }
        }
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

    /// Puts values into the target that starts at byte `start` of `words`.
    fn encode(&self, words: &mut String, start: usize) {
        let mut from = start;
        while let Some((index, range)) = self.scan.next_token(words, from) {
            let Value::Words(value) = &self.scan.expressions[index].value else {
                from = range.end;
                continue;
            };
            let url = super::escape::url(value);
            from = range.start + url.len();
            words.replace_range(range, &url);
        }
    }

    /// Explicit ids first; the others give way to them.
    fn give_ids(&mut self) {
        let mut first: HashMap<String, usize> = HashMap::new();
        for index in 0..self.sections.list.len() {
            let explicit = self.sections.list[index].explicit.clone();
            if let Some(id) = explicit
                && !self.claim(&id, index, &mut first)
            {
                self.sections.list[index].explicit = None;
            }
        }
        for index in 0..self.sections.list.len() {
            let was = mem::take(&mut self.sections.list[index].was);
            let was = was.into_iter().filter(|id| self.claim(id, index, &mut first)).collect();
            self.sections.list[index].was = was;
        }
        self.give_numbers();
        self.close_titles();
        let mut next: HashMap<String, usize> = HashMap::new();
        for index in 0..self.sections.list.len() {
            let id = match (self.sections.list[index].explicit.clone(), &self.sections.list[index].title) {
                (Some(id), _) => id,
                (None, title) => {
                    let title = if let Title::Done(title) = title { title } else { "" };
                    let base = slug(title);
                    let count = next.entry(base.clone()).or_insert(1);
                    let mut id = if *count == 1 { base.clone() } else { format!("{base}-{count}") };
                    while !self.ids.insert(id.clone()) {
                        *count += 1;
                        id = format!("{base}-{count}");
                    }
                    *count += 1;
                    id
                }
            };
            self.sections.list[index].id = id;
        }
        self.sections.by_id =
            self.sections.list.iter().enumerate().rev().map(|(index, section)| (section.id.clone(), index)).collect();
    }

    /// Titles that refer to sections can refer to explicit ids and to titles that do not refer to any.
    fn close_titles(&mut self) {
        let scan = &self.scan;
        let refers = |title: &Title| matches!(title, Title::Open(title) if scan.next_token(title, 0).is_some());
        let list = &self.sections.list;
        if list.iter().any(|section| refers(&section.title)) {
            let mut by_id = HashMap::new();
            for (index, section) in list.iter().enumerate() {
                let id = match (&section.explicit, &section.title) {
                    (Some(id), _) => id.clone(),
                    (None, Title::Open(title)) if !refers(&section.title) => slug(title),
                    _ => continue,
                };
                by_id.entry(id).or_insert(index);
            }
            self.sections.by_id = by_id;
        }
        for index in 0..self.sections.list.len() {
            self.close_title(index, 0);
        }
    }

    /// Takes an id, or says who has it.
    fn claim(&mut self, id: &str, index: usize, first: &mut HashMap<String, usize>) -> bool {
        if self.ids.insert(id.to_owned()) {
            first.insert(id.to_owned(), index);
            return true;
        }
        let span = self.sections.list[index].span.clone();
        let mut finding = self
            .finding("duplicate-id", span, format!("the id `{id}` is already taken"))
            .help("give each section an id of its own");
        if let Some(other) = first.get(id) {
            let other = self.file(self.sections.list[*other].span.clone());
            finding = finding.also(self.path, other, "first taken here");
        }
        self.find(finding);
        false
    }

    fn give_numbers(&mut self) {
        if !self.numbering {
            return;
        }
        let mut counters = [0usize; 8];
        for section in &mut self.sections.list {
            let empty = match &section.title {
                Title::Open(title) | Title::Done(title) => title.trim().is_empty(),
                Title::Closing => true,
            };
            if !section.top || empty {
                continue;
            }
            let depth = usize::from(section.level.clamp(2, 6)) - 2;
            counters[depth] += 1;
            counters[depth + 1..].fill(0);
            let parts: Vec<String> = counters[..=depth].iter().map(usize::to_string).collect();
            section.number = Some(parts.join("."));
        }
    }

    /// Puts the titles of other sections into a title.
    fn close_title(&mut self, index: usize, chain: usize) {
        if !matches!(self.sections.list[index].title, Title::Open(_)) {
            return;
        }
        let Title::Open(title) = mem::replace(&mut self.sections.list[index].title, Title::Closing) else { return };
        if self.scan.next_token(&title, 0).is_none() {
            self.sections.list[index].title = Title::Done(title);
            return;
        }
        let mut out = String::with_capacity(title.len());
        let mut done = 0;
        while let Some((expression, range)) = self.scan.next_token(&title, done) {
            out.push_str(&title[done..range.start]);
            done = range.end;
            let words = self.section_in_title(expression, chain);
            match &words {
                Some(words) => out.push_str(words),
                None => out.push_str(self.typed(expression)),
            }
            self.sections.in_titles.insert(expression, words);
        }
        out.push_str(&title[done..]);
        self.sections.list[index].title = Title::Done(out);
    }

    fn section_in_title(&mut self, expression: usize, chain: usize) -> Option<String> {
        let Value::Section(id) = &self.scan.expressions[expression].value else { return None };
        let index = *self.sections.by_id.get(id)?;
        if chain < MAX_CHAIN {
            self.close_title(index, chain + 1);
        }
        let words = self.named(index)?;
        self.section_bytes = self.section_bytes.checked_sub(words.len())?;
        Some(words)
    }

    /// Number and title, once they are known.
    fn named(&self, index: usize) -> Option<String> {
        let section = &self.sections.list[index];
        let Title::Done(title) = &section.title else { return None };
        if title.len() > self.section_bytes {
            return None;
        }
        let words = match &section.number {
            Some(number) => format!("{number}. {title}"),
            None => title.clone(),
        };
        let words = super::escape::plain(&words).into_owned();
        (!words.is_empty()).then_some(words)
    }

    /// Returns the words and the id for a `section.ID`, and reports a wrong one.
    pub fn section_words(&mut self, expression: usize) -> Option<(String, String)> {
        let Value::Section(id) = &self.scan.expressions[expression].value else {
            self.report_unknown(expression);
            return None;
        };
        let id = id.clone();
        let span = self.scan.expressions[expression].span.clone();
        let Some(index) = self.sections.by_id.get(&id).copied() else {
            if !mem::replace(&mut self.reported[expression], true) {
                let mut finding = self.finding("unknown-section", span, format!("no section has the id `{id}`"));
                let ids = self.sections.list.iter().map(|section| section.id.as_str());
                let renamed = self.sections.list.iter().find(|section| section.was.contains(&id));
                if let Some(near) = renamed.map(|section| section.id.as_str()).or_else(|| did_you_mean(&id, ids)) {
                    finding = finding.help(format!("did you mean `section.{near}`?"));
                }
                finding = finding.help(format!("write `{{#{id}}}` at the end of the heading that is meant"));
                self.find(finding);
            }
            return None;
        };
        let words = match self.sections.in_titles.get(&expression) {
            Some(words) => words.clone(),
            None => self.named(index),
        };
        let words = words.filter(|words| words.len() <= self.section_bytes);
        let Some(words) = words else {
            if !mem::replace(&mut self.reported[expression], true) {
                let finding =
                    self.finding("section-loop", span, format!("the title of `{id}` cannot be inserted here")).help(
                        "a heading may not refer to itself, not even by way of others, or to a section without a title",
                    );
                self.find(finding);
            }
            return None;
        };
        self.section_bytes -= words.len();
        Some((words, id))
    }
}

/// An id out of a title: lower case, letters and digits of any script, hyphens between; no manual number.
fn slug(title: &str) -> String {
    let words = without_number(title);
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        if letter.is_alphanumeric() {
            out.extend(letter.to_lowercase());
        } else if is_mark(letter) {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('-') && !matches!(letter, '\'' | '’') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    if out.is_empty() { "section".to_owned() } else { out }
}

/// Vowel signs and the like, which belong to the letter before them.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{064B}'..='\u{065F}' | '\u{0900}'..='\u{0DFF}' | '\u{0E31}'..='\u{0E4E}')
}

/// Takes "1. ", "3.1 " or "4) " off the front, as often as it stands there.
fn without_number(title: &str) -> &str {
    let mut rest = title.trim();
    loop {
        let digits =
            rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').len();
        let (number, after) = rest.split_at(digits);
        let (closed, after) = match after.strip_prefix(')') {
            Some(after) => (true, after),
            None => (number.contains('.'), after),
        };
        let number = number.starts_with(|letter: char| letter.is_ascii_digit()) && closed && !number.contains("..");
        let trimmed = after.trim_start();
        if !number || trimmed.is_empty() || trimmed.len() == after.len() {
            return rest;
        }
        rest = trimmed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_leave_out_numbers_and_marks_of_punctuation() {
        assert_eq!(slug("Data retention"), "data-retention");
        assert_eq!(slug("1. Data we collect"), "data-we-collect");
        assert_eq!(slug("3.1 Account"), "account");
        assert_eq!(slug("8. 1. Account"), "account");
        assert_eq!(slug("2 factor authentication"), "2-factor-authentication");
        assert_eq!(slug("2026."), "2026");
        assert_eq!(slug("What’s “new”?"), "whats-new");
        assert_eq!(slug("Datos que conservamos: años"), "datos-que-conservamos-años");
        assert_eq!(slug("個人情報"), "個人情報");
        assert_eq!(slug("???"), "section");
    }
}
