//! Structure that was only typed: headings, lists and labels among lines that are all paragraphs.
//!
//! In: paragraphs in order. Out: parts with headings and lists. Must not know: formats, Markdown.

use super::model::{Loss, Manuscript, Part, PartKind, Run, plain, squeezed};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words that name the kinds of documents that a center publishes.
static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)privacy|cookie|terms|conditions|processor|polic(?:y|ies)|notice|agreement|datenschutz|impressum|agb|privacidad|condiciones|confidentialité|mentions|processing|acceptable use|retention|privatsphäre|nutzungsbedingungen")
        .expect("a constant")
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?i:article|section|clause|artikel|abschnitt|artículo|apartado|sección|§)\s*)?(\d{1,3}(?:\.\d{1,3})*)([.):]?)[\s\u{a0}]+(\S.*)$")
        .expect("a constant")
});
static WORD_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:article|section|clause|artikel|abschnitt|artículo|apartado|sección|§)\s*\d").expect("a constant")
});
static ROMAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[IVX]{1,6}[.)][\s\u{a0}]+\S").expect("a constant"));
static BULLET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[-*•◦▪▸►‣⁃∙·●○■□–—][\s\u{a0}]+").expect("a constant"));
static LETTER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})\)[\s\u{a0}]+\S").expect("a constant"));
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(\p{Lu}[^:.;!?]{1,60}):[\s\u{a0}]+\S").expect("a constant"));
static ABOUT_DATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)updated|effective|version|date|revised|stand|fecha|actualiza").expect("a constant")
});

/// True if the words name a kind of document, such as a privacy policy.
pub fn names_document(words: &str) -> bool {
    DOCUMENT.is_match(words)
}

/// Takes the title out of the parts. One heading of the first level is the title; several are chapters, unless one of them
/// is what the page calls itself, or says what the heading right above it only began to say ("Privacy", "Privacy policy").
pub fn take_title(out: &mut Manuscript, page_title: Option<&str>) {
    let words = |part: &Part| match &part.kind {
        PartKind::Heading { level: 1, words, .. } => Some(squeezed(&plain(words))),
        _ => None,
    };
    let firsts: Vec<(usize, String)> =
        out.parts.iter().enumerate().filter_map(|(at, part)| Some((at, words(part)?))).collect();
    let within = |short: &str, long: &str| long.to_lowercase().contains(&short.to_lowercase());
    let called = |text: &str| page_title.is_some_and(|title| title.to_lowercase().starts_with(&text.to_lowercase()));
    let chosen = match &firsts[..] {
        [] => return,
        [(at, _)] => Some(*at),
        several => {
            let repeated = several.windows(2).find(|pair| {
                pair[1].0 == pair[0].0 + 1 && names_document(&pair[1].1) && within(&pair[0].1, &pair[1].1)
            });
            let named = several.iter().filter(|(_, text)| called(text) && names_document(text));
            repeated.map(|pair| pair[1].0).or(named.max_by_key(|(_, text)| text.len()).map(|(at, _)| *at))
        }
    };
    if let Some(at) = chosen {
        let title = words(&out.parts.remove(at)).unwrap_or_default();
        let mut losses = Vec::new();
        out.parts.retain(|part| {
            let again = words(part).filter(|words| within(words, &title));
            losses.extend(
                again
                    .as_ref()
                    .map(|words| Loss::new(part.place, "a heading that says the title again was left out", words)),
            );
            again.is_none()
        });
        out.losses.extend(losses);
        out.title = Some(title).filter(|title| !title.is_empty());
    }
    if out.parts.iter().any(|part| words(part).is_some()) {
        for part in &mut out.parts {
            if let PartKind::Heading { level, .. } = &mut part.kind {
                *level += 1;
            }
        }
    }
}

/// `3.1 Account` → 2; none if the words carry no number of a section.
pub fn number_depth(text: &str) -> Option<usize> {
    numbered(text.trim()).map(|numbered| numbered.depth)
}

struct Numbered {
    depth: usize,
    /// The first number.
    first: usize,
    /// Bytes up to the words.
    words: usize,
}

fn numbered(text: &str) -> Option<Numbered> {
    let found = NUMBER.captures(text)?;
    let depth = found[1].split('.').count();
    let first = found[1].split('.').next()?.parse().ok()?;
    // "30 days after" is no number of a section, and neither is a year.
    let marked = !found[2].is_empty() || depth > 1 || WORD_NUMBER.is_match(text);
    let words = found.get(3)?.start();
    (marked && depth <= 5).then_some(Numbered { depth, first, words })
}

/// One paragraph that may be more.
#[derive(Clone, Debug)]
pub struct Typed {
    pub place: usize,
    pub indent: usize,
    pub runs: Vec<Run>,
}

/// Patterns to look for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Headings, because nothing is marked as one.
    pub headings: bool,
    /// Lines such as "Account data: your name" as lists, and lines below a colon.
    pub labels: bool,
}

#[derive(Clone, Debug)]
enum Entry {
    Typed(Typed, String),
    Other(Part),
}

/// Finds the structure of parts; paragraphs that are nothing else stay paragraphs.
pub fn structure(parts: Vec<Part>, wanted: Wanted, losses: &mut Vec<Loss>) -> Vec<Part> {
    let entries = parts.into_iter().map(|part| match part.kind {
        PartKind::Paragraph(runs) => Typed { place: part.place, indent: 0, runs }.entry(),
        _ => Entry::Other(part),
    });
    Structurer::new(entries.collect(), wanted).run(losses)
}

/// Recognizes lines whose indents are known.
pub fn structure_lines(lines: Vec<Result<Typed, Part>>, wanted: Wanted, losses: &mut Vec<Loss>) -> Vec<Part> {
    let entries = lines.into_iter().map(|line| match line {
        Ok(typed) => typed.entry(),
        Err(part) => Entry::Other(part),
    });
    Structurer::new(entries.collect(), wanted).run(losses)
}

impl Typed {
    fn entry(self) -> Entry {
        let text = squeezed(&plain(&self.runs));
        Entry::Typed(self, text)
    }
}

struct Structurer {
    entries: Vec<Entry>,
    wanted: Wanted,
    /// Numbered short lines are headings.
    numbered: bool,
    out: Vec<Part>,
    /// The number that the next numbered heading has to have.
    expected: Option<usize>,
}

/// True if a line is short and does not end like a sentence.
fn short(text: &str) -> bool {
    text.chars().count() <= 100
        && text.split_whitespace().count() <= 14
        && !text.ends_with(['.', ';', ',', ':', '!'])
        && text.chars().any(char::is_alphabetic)
}

fn shouts(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 3
        && !text.chars().any(char::is_lowercase)
        && text.chars().any(char::is_uppercase)
}

impl Structurer {
    fn new(entries: Vec<Entry>, wanted: Wanted) -> Structurer {
        let mut structurer = Structurer { entries, wanted, numbered: false, out: Vec::new(), expected: None };
        structurer.numbered = wanted.headings && structurer.has_numbered_headings();
        structurer
    }

    fn text(&self, at: usize) -> &str {
        match self.entries.get(at) {
            Some(Entry::Typed(_, text)) => text,
            _ => "",
        }
    }

    fn short_number(&self, at: usize) -> Option<Numbered> {
        let text = self.text(at);
        numbered(text).filter(|_| short(text))
    }

    fn has_numbered_headings(&self) -> bool {
        let firsts: Vec<usize> =
            (0..self.entries.len()).filter(|at| self.short_number(*at).is_some_and(|n| n.depth == 1)).collect();
        let opening = firsts.iter().filter(|at| **at + 1 < self.entries.len() && !firsts.contains(&(**at + 1))).count();
        firsts.len() >= 2 && opening >= 2
    }

    fn run(mut self, losses: &mut Vec<Loss>) -> Vec<Part> {
        self.drop_contents(losses);
        let mut at = 0;
        while at < self.entries.len() {
            at = self.step(at);
        }
        self.out
    }

    /// A list of contents repeats the headings below it; the page has its own.
    fn drop_contents(&mut self, losses: &mut Vec<Loss>) {
        if !self.numbered {
            return;
        }
        let mut last: HashMap<String, usize> = HashMap::new();
        for at in 0..self.entries.len() {
            if self.short_number(at).is_some() {
                last.insert(self.text(at).to_lowercase(), at);
            }
        }
        let mut at = 0;
        while at < self.entries.len() {
            let repeats = |at: usize| {
                self.short_number(at).is_some()
                    && last.get(&self.text(at).to_lowercase()).is_some_and(|later| *later > at)
            };
            let end = (at..self.entries.len()).find(|at| !repeats(*at)).unwrap_or(self.entries.len());
            if end - at >= 3 {
                let place = self.place(at);
                let words = (at..end).map(|at| self.text(at).to_string()).collect::<Vec<_>>().join(" ");
                losses.push(Loss::new(place, "the list of contents was left out: the page has its own", &words));
                self.entries.drain(at..end);
            } else {
                at = end.max(at + 1);
            }
        }
    }

    fn place(&self, at: usize) -> usize {
        match &self.entries[at] {
            Entry::Typed(typed, _) => typed.place,
            Entry::Other(part) => part.place,
        }
    }

    fn step(&mut self, at: usize) -> usize {
        let (typed, text) = match &self.entries[at] {
            Entry::Other(part) => {
                self.out.push(part.clone());
                return at + 1;
            }
            Entry::Typed(typed, text) => (typed.clone(), text.clone()),
        };
        if BULLET.is_match(&text) && text.chars().count() > 2 {
            return self.bullets(at);
        }
        if let Some(level) = self.heading(at) {
            self.out.push(Part {
                place: typed.place,
                kind: PartKind::Heading { level, anchors: Vec::new(), words: typed.runs },
            });
            return at + 1;
        }
        if let Some(number) = numbered(&text).filter(|number| number.depth == 1 && !WORD_NUMBER.is_match(&text)) {
            return self.numbers(at, number.first);
        }
        if self.wanted.labels
            && let Some(end) = self.lines_below_colon(at).or_else(|| self.labelled(at))
        {
            let items = (at..end).map(|at| vec![self.labelled_item(at)]).collect();
            self.out.push(Part { place: typed.place, kind: PartKind::Itemized { start: None, items } });
            return end;
        }
        self.out.push(Part { place: typed.place, kind: PartKind::Paragraph(typed.runs) });
        at + 1
    }

    /// The level of the heading that a line is.
    fn heading(&mut self, at: usize) -> Option<u8> {
        if !self.wanted.headings {
            return None;
        }
        let text = self.text(at).to_string();
        if !short(&text) || at + 1 >= self.entries.len() && self.out.is_empty() {
            return None;
        }
        if let Some(number) = numbered(&text) {
            if !self.numbered && !WORD_NUMBER.is_match(&text) {
                return None;
            }
            if number.depth > 1 {
                return self.numbered.then_some((number.depth + 1).min(4) as u8);
            }
            let next = self.expected.is_none_or(|expected| number.first == expected);
            let alone = self.short_number(at + 1).is_none_or(|next| next.depth > 1 || next.first != number.first + 1)
                || self.expected.is_some() && next;
            if next && alone {
                self.expected = Some(number.first + 1);
                return Some(2);
            }
            return None;
        }
        if ROMAN.is_match(&text) {
            return Some(2);
        }
        if BULLET.is_match(&text) || LETTER.is_match(&text) || text.starts_with(char::is_lowercase) {
            return None;
        }
        if shouts(&text) && text.split_whitespace().count() <= 10 && !self.numbered {
            return Some(2);
        }
        // Lines without a number are headings where none has a number.
        let follows = match self.entries.get(at + 1) {
            Some(Entry::Typed(_, next)) => {
                !(short(next) && !BULLET.is_match(next) && numbered(next).is_none() && !LABEL.is_match(next))
                    || shouts(&text)
            }
            Some(Entry::Other(_)) => true,
            None => false,
        };
        let words = text.split_whitespace().count();
        (!self.numbered && follows && words <= 10 && !LABEL.is_match(&text) && !text.contains('@')).then_some(2)
    }

    /// Where a run of lines that lack the end of a sentence, below a line that ends with a colon, ends.
    fn lines_below_colon(&self, at: usize) -> Option<usize> {
        let introduced = match self.out.last() {
            Some(Part { kind: PartKind::Paragraph(runs), .. }) => plain(runs).trim_end().ends_with(':'),
            _ => false,
        };
        if !introduced {
            return None;
        }
        let fits = |at: &usize| {
            let text = self.text(*at);
            let label = LABEL.is_match(text);
            (!text.is_empty() && !BULLET.is_match(text) && numbered(text).is_none())
                && (label || short(text) || text.ends_with(';'))
                && text.chars().count() <= 400
        };
        let end = (at..self.entries.len()).find(|at| !fits(at)).unwrap_or(self.entries.len());
        (end - at >= 2).then_some(end)
    }

    /// Where a run of lines with labels ends.
    fn labelled(&self, at: usize) -> Option<usize> {
        let fits = |at: &usize| {
            LABEL
                .captures(self.text(*at))
                .is_some_and(|found| found[1].split_whitespace().count() <= 8 && !ABOUT_DATES.is_match(&found[1]))
        };
        let end = (at..self.entries.len()).find(|at| !fits(at)).unwrap_or(self.entries.len());
        (end - at >= 2).then_some(end)
    }

    fn labelled_item(&self, at: usize) -> Part {
        let Entry::Typed(typed, _) = &self.entries[at] else { unreachable!("only lines are items") };
        Part { place: typed.place, kind: PartKind::Paragraph(with_label(typed.runs.clone())) }
    }

    fn bullet_at(&self, at: usize) -> Option<(usize, Typed)> {
        let Some(Entry::Typed(typed, text)) = self.entries.get(at) else { return None };
        let mark = BULLET.find(text)?;
        let runs = without_start(typed.runs.clone(), mark.as_str().trim_end().chars().count());
        Some((typed.indent, Typed { runs, ..typed.clone() }))
    }

    fn bullets(&mut self, start: usize) -> usize {
        let base = self.bullet_at(start).map_or(0, |(indent, _)| indent);
        let titled = self.titled_items(start);
        let mut items: Vec<Vec<Part>> = Vec::new();
        let mut at = start;
        let place = self.place(start);
        while at < self.entries.len() {
            if let Some((indent, typed)) = self.bullet_at(at) {
                if indent < base {
                    break;
                }
                if indent > base && !items.is_empty() {
                    let kept = std::mem::take(&mut self.out);
                    at = self.bullets(at);
                    let inner = std::mem::replace(&mut self.out, kept);
                    items.last_mut().expect("there is one").extend(inner);
                    continue;
                }
                let runs = if titled { vec![Run::Strong(typed.runs)] } else { with_label(typed.runs) };
                items.push(vec![Part { place: typed.place, kind: PartKind::Paragraph(runs) }]);
                at += 1;
                if titled
                    && let Some(Entry::Typed(body, text)) = self.entries.get(at)
                    && !BULLET.is_match(text)
                    && !short(text)
                {
                    let part = Part { place: body.place, kind: PartKind::Paragraph(body.runs.clone()) };
                    items.last_mut().expect("there is one").push(part);
                    at += 1;
                }
                continue;
            }
            // What is indented below an item belongs to it.
            match self.entries.get(at) {
                Some(Entry::Typed(typed, text))
                    if typed.indent > base + 1 && numbered(text).is_none() && !items.is_empty() =>
                {
                    let part = Part { place: typed.place, kind: PartKind::Paragraph(typed.runs.clone()) };
                    items.last_mut().expect("there is one").push(part);
                    at += 1;
                }
                _ => break,
            }
        }
        self.out.push(Part { place, kind: PartKind::Itemized { start: None, items } });
        at
    }

    /// True if the items from here on are titles, each with a paragraph on the next line.
    fn titled_items(&self, start: usize) -> bool {
        let mut at = start;
        let mut count = 0;
        while let Some((_, typed)) = self.bullet_at(at) {
            if !short(&squeezed(&plain(&typed.runs))) || plain(&typed.runs).split_whitespace().count() > 8 {
                return false;
            }
            match self.entries.get(at + 1) {
                Some(Entry::Typed(below, text))
                    if !BULLET.is_match(text) && !short(text) && below.indent <= typed.indent + 8 => {}
                _ => return false,
            }
            count += 1;
            at += 2;
        }
        count >= 2
    }

    fn numbers(&mut self, start: usize, first: usize) -> usize {
        let base = match &self.entries[start] {
            Entry::Typed(typed, _) => typed.indent,
            Entry::Other(_) => 0,
        };
        let place = self.place(start);
        let mut items: Vec<Vec<Part>> = Vec::new();
        let mut at = start;
        while let Some(Entry::Typed(typed, text)) = self.entries.get(at).cloned() {
            let own = numbered(&text).filter(|number| number.depth == 1 && number.first == first + items.len());
            if let Some(number) = own {
                let skip = text[..number.words].chars().filter(|c| !c.is_whitespace()).count();
                let runs = with_label(without_start(typed.runs, skip));
                items.push(vec![Part { place: typed.place, kind: PartKind::Paragraph(runs) }]);
                at += 1;
            } else if !items.is_empty() && self.bullet_at(at).is_some_and(|(indent, _)| indent > base) {
                let kept = std::mem::take(&mut self.out);
                at = self.bullets(at);
                let inner = std::mem::replace(&mut self.out, kept);
                items.last_mut().expect("there is one").extend(inner);
            } else if !items.is_empty()
                && typed.indent > base + 1
                && !BULLET.is_match(&text)
                && numbered(&text).is_none()
            {
                let part = Part { place: typed.place, kind: PartKind::Paragraph(typed.runs) };
                items.last_mut().expect("there is one").push(part);
                at += 1;
            } else {
                break;
            }
        }
        self.out.push(Part { place, kind: PartKind::Itemized { start: Some(first), items } });
        at
    }
}

/// The first so many letters that are not blank, and the blanks behind them, taken off.
pub fn without_start(runs: Vec<Run>, mut letters: usize) -> Vec<Run> {
    let mut out = Vec::new();
    let mut trimming = true;
    for run in runs {
        if !trimming {
            out.push(run);
            continue;
        }
        match run {
            Run::Words(words) => {
                let cut = words
                    .char_indices()
                    .find(|(_, letter)| {
                        if letter.is_whitespace() {
                            return false;
                        }
                        if letters == 0 {
                            return true;
                        }
                        letters -= 1;
                        false
                    })
                    .map_or(words.len(), |(at, _)| at);
                if cut < words.len() {
                    trimming = false;
                    out.push(Run::Words(words[cut..].to_string()));
                }
            }
            Run::Strong(inner) => {
                let count = plain(&inner).chars().filter(|c| !c.is_whitespace()).count();
                let rest = without_start(inner, letters);
                letters = letters.saturating_sub(count);
                if !rest.is_empty() {
                    trimming = false;
                    out.push(Run::Strong(rest));
                }
            }
            Run::Break => {}
            Run::Anchor(_) => out.push(run),
            other => {
                trimming = false;
                out.push(other);
            }
        }
    }
    out
}

/// "Account data: your name" with its label in bold.
fn with_label(mut runs: Vec<Run>) -> Vec<Run> {
    let Some(Run::Words(words)) = runs.first() else { return runs };
    let words = words.trim_start().to_string();
    let Some(found) = LABEL.captures(&words).filter(|found| found[1].split_whitespace().count() <= 8) else {
        return runs;
    };
    let end = found[1].len() + 1;
    let (label, rest) = (words[..end].to_string(), words[end..].to_string());
    runs.splice(0..1, [Run::Strong(vec![Run::Words(label)]), Run::Words(rest)]);
    runs
}
