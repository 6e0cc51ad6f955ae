//! One stretch of prose as rules match it: normalised words, and where each of them stands in the file.
//!
//! In: characters with their bytes. Out: [`Piece`]. Must not know: Markdown, rules.
//!
//! Normalised: composed letters, plain hyphens, blanks and quotation marks, nothing invisible. `lower` has the same
//! offsets as `text`, so that a pattern without regard to case runs on plain bytes.

use crate::markdown::{Inline, InlineKind, SourceMap};
use std::ops::Range;
use unicode_normalization::char::{compose, is_combining_mark};

/// Kind of a passage of prose, as a reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Heading,
    Paragraph,
    Item,
    Cell,
    Term,
}

/// Stands for a code span, a picture or a note's mark: no letter of any word.
pub const OBJECT: char = '\u{fffc}';

#[derive(Clone, Debug)]
pub struct Piece {
    pub kind: Kind,
    pub text: String,
    pub lower: String,
    map: SourceMap,
    /// Index of its section.
    pub section: usize,
    /// Inside a block quotation.
    pub quoted: bool,
    /// Inside a summary.
    pub summary: bool,
    /// Index of the list or table it belongs to, counted through the text; 0 for none.
    pub group: usize,
    /// The column of a cell, from 0.
    pub column: usize,
    /// The number before an item of an ordered list.
    pub number: Option<usize>,
    /// Links and where they lead.
    pub links: Vec<(Range<usize>, String)>,
    /// Code spans and what they hold.
    pub codes: Vec<(Range<usize>, String)>,
    /// Sentences, in order, the blanks between them left out.
    pub sentences: Vec<Range<usize>>,
}

#[derive(Debug, Default)]
pub struct Builder {
    text: String,
    lower: String,
    map: SourceMap,
    links: Vec<(Range<usize>, String)>,
    codes: Vec<(Range<usize>, String)>,
}

impl Builder {
    /// Appends what stands in a line.
    pub fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text { words, .. } => self.words(words, |part| inline.place(part)),
                InlineKind::Emphasis(children)
                | InlineKind::Strong(children)
                | InlineKind::Strike(children)
                | InlineKind::Element { children, .. } => self.inlines(children),
                InlineKind::Code(code) => {
                    let start = self.text.len();
                    self.write(OBJECT, inline.span.clone());
                    self.codes.push((start..self.text.len(), code.clone()));
                }
                InlineKind::Link { url, children, .. } => {
                    let start = self.text.len();
                    self.inlines(children);
                    self.links.push((start..self.text.len(), url.clone()));
                }
                InlineKind::Image { .. } => self.write(OBJECT, inline.span.clone()),
                InlineKind::SoftBreak | InlineKind::HardBreak => self.push('\n', inline.span.clone()),
                InlineKind::FootnoteRef { .. } => {}
            }
        }
    }

    /// Appends words; `place` says where a part of them is written.
    pub fn words(&mut self, words: &str, place: impl Fn(Range<usize>) -> Range<usize>) {
        for (at, c) in words.char_indices() {
            self.push(c, place(at..at + c.len_utf8()));
        }
    }

    /// Appends a character that stands for these bytes of the file.
    fn push(&mut self, c: char, from: Range<usize>) {
        let c = match c {
            '\u{2010}'..='\u{2012}' | '\u{2212}' => '-',
            '\u{a0}' | '\u{2007}' | '\u{202f}' | '\t' => ' ',
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
            '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => return,
            c => c,
        };
        if c >= '\u{300}'
            && is_combining_mark(c)
            && let Some(composed) = self.text.chars().next_back().and_then(|base| compose(base, c))
        {
            self.compose(composed, from);
            return;
        }
        self.write(c, from);
    }

    fn write(&mut self, c: char, from: Range<usize>) {
        let len = c.len_utf8();
        let at = self.text.len();
        match from.len() == len {
            true => self.map.push(at, from),
            false => self.map.push_whole(at, from),
        }
        self.text.push(c);
        if c.is_ascii() {
            self.lower.push(c.to_ascii_lowercase());
            return;
        }
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(small), None) if small.len_utf8() == len => self.lower.push(small),
            _ => self.lower.push(c),
        }
    }

    /// Replaces the last character by the one that a mark makes of it.
    fn compose(&mut self, c: char, mark: Range<usize>) {
        let Some(base) = self.text.pop() else { return };
        self.lower.pop();
        if let Some(start) = self.map.pop(self.text.len(), base.len_utf8()) {
            self.write(c, start..mark.end.max(start));
        }
    }

    pub fn finish(self, kind: Kind) -> Piece {
        let sentences = sentences(&self.text);
        Piece {
            kind,
            text: self.text,
            lower: self.lower,
            map: self.map,
            section: 0,
            quoted: false,
            summary: false,
            group: 0,
            column: 0,
            number: None,
            links: self.links,
            codes: self.codes,
            sentences,
        }
    }
}

impl Piece {
    /// Bytes of the file for bytes of the words.
    pub fn span(&self, range: Range<usize>) -> Range<usize> {
        self.map.span(range)
    }

    /// The sentence around a byte of the words.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let next = self.sentences.partition_point(|sentence| sentence.start <= at);
        self.sentences.get(next.saturating_sub(1)).cloned().unwrap_or(0..self.text.len())
    }

    /// The link around a byte of the words.
    pub fn link(&self, at: usize) -> Option<&str> {
        self.links.iter().find(|(range, _)| range.contains(&at)).map(|(_, url)| url.as_str())
    }

    /// True if the bytes stand between quotation marks of their sentence: words that are spoken about, not said.
    pub fn in_quotes(&self, range: &Range<usize>) -> bool {
        let sentence = self.sentence(range.start);
        let before = self.text[sentence.start..range.start].matches('"').count();
        before % 2 == 1 && self.text[range.end.min(self.text.len())..].contains('"')
    }

    /// The part of it that stands in `range`.
    pub fn slice(&self, range: Range<usize>, kind: Kind) -> Piece {
        let shift = |inner: &Range<usize>| inner.start - range.start..inner.end - range.start;
        let inside = |inner: &Range<usize>| range.start <= inner.start && inner.end <= range.end;
        let mut map = SourceMap::default();
        map.append(0, &self.map, range.clone());
        let text = self.text[range.clone()].to_string();
        Piece {
            kind,
            sentences: sentences(&text),
            lower: self.lower[range.clone()].to_string(),
            text,
            map,
            links: self.links.iter().filter(|(at, _)| inside(at)).map(|(at, url)| (shift(at), url.clone())).collect(),
            codes: self.codes.iter().filter(|(at, _)| inside(at)).map(|(at, code)| (shift(at), code.clone())).collect(),
            ..*self
        }
    }
}

/// The words with a colon above a list, while its items are read in order.
#[derive(Default)]
pub struct Above<'a> {
    intro: Option<&'a Piece>,
    group: usize,
}

impl<'a> Above<'a> {
    /// The text above the list of this piece, if the piece is a list item.
    pub fn of(&mut self, piece: &'a Piece) -> Option<&'a Piece> {
        if piece.group != self.group || piece.group == 0 {
            let opens = piece.text.trim_end().ends_with(':');
            if piece.group < self.group || piece.group == 0 || opens {
                self.intro = opens.then_some(piece);
            }
            self.group = piece.group;
        }
        self.intro.filter(|_| piece.kind == Kind::Item)
    }
}

/// Words before a dot that does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "art", "arts", "abs", "al", "approx", "bzgl", "bzw", "ca", "cf", "co", "corp", "dr", "e.g", "ej", "etc", "evtl",
    "ggf", "i.e", "inc", "incl", "inkl", "ltd", "max", "mr", "mrs", "ms", "nr", "no", "núm", "num", "p.ej", "pág",
    "pp", "sec", "sect", "sog", "st", "u.a", "u.s", "usw", "vgl", "vs", "z.b",
];

/// Letters of the longest line: the width at which a text that is wrapped by hand breaks.
pub fn width(text: &str) -> usize {
    text.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or(0)
}

/// True if a line ends before the next word would have been too long for it: its author ended it on purpose.
pub fn ends_on_purpose(line: &str, next: &str, width: usize) -> bool {
    let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
    line.trim_end().chars().count() + 1 + word <= width
}

fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let width = width(text);
    let mut push = |range: Range<usize>| {
        let part = &text[range.clone()];
        let from = range.start + part.len() - part.trim_start().len();
        let to = range.start + part.trim_end().len();
        if from < to {
            out.push(from..to);
        }
    };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        // A label on a line of its own: “Encryption”, and the sentence below it.
        if c == '\n' {
            let line = text[start..at].trim();
            let next = text[at..].trim_start().chars().next();
            let short = line.len() < 48 && line.ends_with(char::is_alphanumeric);
            if short && next.is_some_and(char::is_uppercase) && ends_on_purpose(line, &text[at..], width) {
                push(start..at);
                start = at;
            }
        }
        if !matches!(c, '.' | '!' | '?' | '。') {
            continue;
        }
        while chars.next_if(|(_, c)| matches!(c, '"' | '\'' | ')' | ']' | '.')).is_some() {}
        let Some(&(next, blank)) = chars.peek() else { break };
        let opens = |c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '(' | '[' | OBJECT | '¿' | '¡');
        let follows = text[next..].chars().find(|c| !c.is_whitespace());
        if blank.is_whitespace() && follows.is_some_and(opens) && !(c == '.' && abbreviated(&text[start..at])) {
            push(start..next);
            start = next;
        }
    }
    push(start..text.len());
    out
}

/// True if what stands before a dot is an abbreviation or an initial.
fn abbreviated(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"')).next().unwrap_or("");
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}
