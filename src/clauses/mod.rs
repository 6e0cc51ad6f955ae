//! The clauses of a text as a reader cites them: numbered headings, numbered items, numbers typed before a paragraph.
//!
//! In: a parsed document. Out: [`Clauses`]: every number under which a reader finds something, and how the text counts.
//! Must not know: languages of rules, findings, versions.
//!
//! A clause answers to several numbers: the second item under "3. Fees" is cited as 3.2, as 2 inside its section, and as
//! whatever was typed before it. All of them are kept, because a number is called missing only if no reading of the text has it.

pub mod label;
pub mod numerals;

use crate::markdown::{Block, BlockKind, Document, Heading, Inline, InlineKind, List, plain_text};
use label::{Label, leading_or_alone};
use std::collections::BTreeMap;

/// A numbered passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Every number that it answers to, its own first.
    pub numbers: Vec<String>,
    /// The words after the number, of a heading or of a run-in head; in lower case.
    pub title: String,
    /// True for a heading.
    pub heading: bool,
    /// The word that the author typed before the number, in lower case: `section`, `§`.
    pub word: String,
    /// Items of the longest list directly in it.
    pub items: usize,
    /// Index of the schedule or annex that it is in; 0 for the main text.
    pub part: usize,
}

/// Every clause of a text, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    pub list: Vec<Clause>,
    /// Schedules and annexes.
    pub parts: usize,
    by_number: BTreeMap<String, Vec<usize>>,
}

impl Clauses {
    pub fn of(document: &Document) -> Clauses {
        let mut reading = Reading::default();
        reading.blocks(&document.blocks);
        for note in &document.footnotes {
            reading.blocks(&note.blocks);
        }
        let mut by_number: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, clause) in reading.list.iter().enumerate() {
            for number in &clause.numbers {
                by_number.entry(number.clone()).or_default().push(at);
            }
        }
        Clauses { list: reading.list, parts: reading.part, by_number }
    }

    /// The clauses that answer to a number.
    pub fn numbered(&self, number: &str) -> impl Iterator<Item = &Clause> {
        self.by_number.get(&normal(number)).into_iter().flatten().map(|at| &self.list[*at])
    }

    /// The last number of the main text, if it counts from 1 without a gap: by its headings, or, where these have no numbers,
    /// by its clauses.
    pub fn last(&self) -> Option<usize> {
        let count = |headings: bool| {
            let own = self.list.iter().filter(|clause| clause.part == 0 && clause.heading == headings);
            let mut last = 0;
            for number in own.filter_map(|clause| clause.numbers.first()?.parse::<usize>().ok()) {
                match number {
                    _ if number == last + 1 => last = number,
                    // A sequence that begins again, or has a gap, says nothing about which numbers there are.
                    _ => return None,
                }
            }
            Some(last)
        };
        let last = if self.list.iter().any(|clause| clause.heading) { count(true) } else { count(false) };
        last.filter(|last| *last >= 3)
    }

    /// The last number directly below a clause, if those below it are counted from 1 without a gap.
    pub fn last_below(&self, number: &str) -> Option<usize> {
        let prefix = format!("{}.", normal(number));
        let mut below: Vec<usize> =
            self.by_number.keys().filter_map(|known| known.strip_prefix(&prefix)?.parse().ok()).collect();
        below.sort_unstable();
        let last = below.len();
        (last >= 2 && below == (1..=last).collect::<Vec<_>>()).then_some(last)
    }
}

/// One spelling for a number: no zeros before it, capitals, no dot at its end.
fn normal(number: &str) -> String {
    let groups = number.trim_end_matches('.').split('.').map(|group| match group.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    });
    groups.collect::<Vec<_>>().join(".").to_uppercase()
}

#[derive(Default)]
struct Reading {
    list: Vec<Clause>,
    part: usize,
    /// Levels and numbers of the headings around.
    headings: Vec<(u8, Option<String>)>,
    /// Numbers of the items around, outermost first; none for a bullet.
    items: Vec<Option<usize>>,
    /// The number typed before the last paragraph outside of lists.
    typed: Option<String>,
}

impl Reading {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading(heading) => self.heading(heading),
            BlockKind::Paragraph(content) => self.paragraph(content),
            BlockKind::List(list) => self.items(list),
            BlockKind::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                table.head.iter().chain(cells).for_each(|cell| self.paragraph(cell));
            }
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => self.blocks(inner),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    self.paragraph(&definition.term);
                    definition.details.iter().for_each(|details| self.blocks(details));
                }
            }
            BlockKind::Html { content, .. } => {
                content.iter().for_each(|inline| self.paragraph(std::slice::from_ref(inline)));
            }
            BlockKind::Code { text, .. } => text.lines().for_each(|line| self.line(line.trim_start())),
            BlockKind::Rule => {}
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let title = plain_text(&heading.content);
        let title = title.trim();
        while self.headings.last().is_some_and(|(level, _)| *level >= heading.level) {
            self.headings.pop();
        }
        self.typed = None;
        if label::part(title).is_some() {
            self.part += 1;
            self.headings.clear();
        }
        let label = leading_or_alone(title);
        let own = heading.number.clone().or_else(|| label.as_ref().map(|label| label.number.to_string()));
        if let Some(own) = &own {
            let words = label.as_ref().filter(|_| heading.number.is_none()).map_or(title, |label| &title[label.len..]);
            let word = label.as_ref().map_or("", |label| label.word);
            self.push(own, words, word, true);
        }
        self.headings.push((heading.level, own.as_deref().map(normal)));
    }

    fn paragraph(&mut self, content: &[Inline]) {
        let mut lines = vec![String::new()];
        lines_of(content, &mut lines);
        for line in &lines {
            self.line(line.trim());
        }
    }

    /// A line may begin with a number of its own, also in a paragraph that was pasted or wrapped by hand.
    fn line(&mut self, line: &str) {
        let Some(label) = leading_or_alone(line).filter(|label| label.closed || label.number.len() < 3) else { return };
        let Label { number, word, len, .. } = label;
        let end = line[len..].find(['.', ':', ';']).map_or(line.len(), |end| len + end);
        let head = &line[len..end];
        let head = if head.chars().count() <= 80 { head } else { "" };
        self.push(number, head, word, false);
        if self.items.is_empty() {
            self.typed = Some(normal(number));
        }
    }

    fn items(&mut self, list: &List) {
        if let Some(last) = self.list.last_mut() {
            last.items = last.items.max(list.items.len());
        }
        for (at, item) in list.items.iter().enumerate() {
            let number = list.start.map(|start| start.saturating_add(at));
            self.items.push(number);
            if let Some(number) = number {
                let head = item.blocks.first().map(|block| run_in_head(&block.kind)).unwrap_or_default();
                self.push(&number.to_string(), &head, "", false);
            }
            self.blocks(&item.blocks);
            self.items.pop();
        }
    }

    fn push(&mut self, own: &str, title: &str, word: &str, heading: bool) {
        let own = normal(own);
        let mut numbers = vec![own.clone()];
        // A letter may be a Roman numeral, and either is cited by its number, too.
        let as_number = numerals::of_roman(&own).or_else(|| numerals::of_letter(&own)).map(|number| number.to_string());
        let owns: Vec<&String> = [&own].into_iter().chain(&as_number).collect();
        let around: Vec<String> = match self.items.split_last() {
            Some((_, around)) if !heading => around.iter().flatten().map(usize::to_string).collect(),
            _ => Vec::new(),
        };
        let above: Vec<&str> = if heading {
            self.headings.iter().filter_map(|(_, number)| number.as_deref()).collect()
        } else {
            let headings = self.headings.iter().filter_map(|(_, number)| number.as_deref());
            headings.chain(self.typed.as_deref().filter(|_| !self.items.is_empty())).collect()
        };
        // An item that is typed "(a)" inside of the item 2 is 2.a as well.
        let item =
            self.items.last().copied().flatten().filter(|item| item.to_string() != own).map(|item| item.to_string());
        for own in owns {
            let nested = around.iter().map(String::as_str).chain([own.as_str()]).collect::<Vec<_>>().join(".");
            numbers.push(own.clone());
            numbers.push(nested.clone());
            numbers.extend(above.iter().map(|above| format!("{above}.{own}")));
            numbers.extend(above.iter().map(|above| format!("{above}.{nested}")));
            numbers.extend(item.as_ref().map(|item| format!("{item}.{own}")));
        }
        let mut seen = Vec::with_capacity(numbers.len());
        for number in numbers {
            if !seen.contains(&number) {
                seen.push(number);
            }
        }
        self.list.push(Clause {
            numbers: seen,
            title: title.trim().to_lowercase(),
            heading,
            word: word.to_lowercase(),
            items: 0,
            part: self.part,
        });
    }
}

/// The words in bold or italics with which an item begins, or its first words up to a colon.
fn run_in_head(block: &BlockKind) -> String {
    let BlockKind::Paragraph(content) = block else { return String::new() };
    match content.first().map(|first| &first.kind) {
        Some(InlineKind::Strong(words) | InlineKind::Emphasis(words)) => {
            plain_text(words).trim().trim_end_matches(['.', ':']).to_string()
        }
        _ => String::new(),
    }
}

fn lines_of(content: &[Inline], lines: &mut Vec<String>) {
    for inline in content {
        match &inline.kind {
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Link { children, .. }
            | InlineKind::Element { children, .. } => lines_of(children, lines),
            InlineKind::SoftBreak | InlineKind::HardBreak => lines.push(String::new()),
            _ => {
                let words = plain_text(std::slice::from_ref(inline));
                if let Some(line) = lines.last_mut() {
                    line.push_str(&words);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
