//! Writes words with their formatting and their marks as HTML.
//!
//! In: stretches of either text. Out: phrasing content, well nested: a mark stands inside a link that goes on around it
//! and around formatting that is marked whole. Must not know: blocks.

use super::flat::{ATOM, BREAK, Flat, Form, NONE, Style, tag_end};
use super::formatting::alike;
use super::html::{Options, Unchanged};
use super::token::control;
use super::{Op, Redline, Side};
use crate::html::{push_named, push_text};
use std::fmt::Write as _;
use std::ops::Range;

/// Unchanged stretches of fewer bytes stay whole in an excerpt.
const EXCERPT: usize = 120;
/// Words that stay on each side of a change.
const CONTEXT: usize = 5;

/// A stretch of one of the texts.
#[derive(Clone, Debug)]
pub struct Stretch {
    pub op: Op,
    /// The text that the range is of.
    pub side: Side,
    pub range: Range<usize>,
    /// Carries the id of its change.
    pub id: Option<usize>,
    /// The mark of a split or merge.
    pub paragraph: bool,
    /// True if this mark says aloud where it begins and where it ends.
    pub says: (bool, bool),
    /// A blank stood before it in its own text, and none stands there in the other.
    pub blank: bool,
}

type Wrapper = (Side, u32);

pub struct Inlines<'w, 'a> {
    pub redline: &'w Redline<'a>,
    pub options: &'w Options<'w>,
    pub out: &'w mut String,
    open: Vec<Wrapper>,
}

impl<'w, 'a> Inlines<'w, 'a> {
    pub fn new(redline: &'w Redline<'a>, options: &'w Options<'w>, out: &'w mut String) -> Self {
        Inlines { redline, options, out, open: Vec::new() }
    }

    /// Writes stretches that stand next to each other.
    pub fn write(&mut self, stretches: &[Stretch]) {
        for (at, stretch) in stretches.iter().enumerate() {
            if stretch.op == Op::Same {
                let around = (at > 0, at + 1 < stretches.len());
                match self.excerpt(stretch, around) {
                    Some((start, end)) => {
                        self.pieces(&Stretch { range: start, ..stretch.clone() }, 0);
                        self.close_to(0);
                        self.out.push_str(" … ");
                        self.pieces(&Stretch { range: end, ..stretch.clone() }, 0);
                    }
                    None => self.pieces(stretch, 0),
                }
                continue;
            }
            let chain = self.common_chain(stretch);
            let before = self.alike_prefix(&chain, &self.open);
            let after = stretches[at + 1..].iter().find(|next| next.op == Op::Same).map_or(0, |next| {
                let next = self.first_chain(next);
                self.alike_prefix(&chain, &next)
            });
            let base = before.max(after);
            self.set(&chain[..base]);
            // A stroke ends with its last word; the blank after it stays outside where nothing reads otherwise then.
            let blank = self.redline.flat(stretch.side).text[stretch.range.clone()].ends_with(' ')
                && stretch.range.len() > 1
                && (stretch.op == Op::Inserted || self.out.ends_with(' '));
            self.open_mark(stretch);
            if stretch.blank {
                self.out.push(' ');
            }
            let end = stretch.range.end - usize::from(blank);
            self.pieces(&Stretch { range: stretch.range.start..end, ..stretch.clone() }, base);
            self.close_to(base);
            self.close_mark(stretch);
            if blank {
                self.out.push(' ');
            }
        }
        self.close_to(0);
    }

    /// The beginning and the end of an unchanged stretch that is too long for an excerpt; only what stands next to a change.
    fn excerpt(&self, stretch: &Stretch, (after, before): (bool, bool)) -> Option<(Range<usize>, Range<usize>)> {
        if self.options.unchanged != Unchanged::Excerpts || stretch.range.len() < EXCERPT || !(after || before) {
            return None;
        }
        let text = &self.redline.flat(stretch.side).text[stretch.range.clone()];
        let mut blanks = text.match_indices(' ').map(|(at, _)| at);
        let mut last = text.rmatch_indices(' ').map(|(at, _)| at + 1);
        let start = if after { blanks.nth(CONTEXT)? } else { 0 };
        let end = if before { last.nth(CONTEXT)? } else { text.len() };
        let from = stretch.range.start;
        (start + EXCERPT / 3 < end).then(|| (from..from + start, from + end..stretch.range.end))
    }

    fn open_mark(&mut self, stretch: &Stretch) {
        let (name, says) = match stretch.op {
            Op::Inserted => ("<ins", &self.options.words.added),
            _ => ("<del", &self.options.words.removed),
        };
        self.out.push_str(name);
        if let Some(id) = stretch.id {
            let _ = write!(self.out, " id=\"{}{id}\"", self.options.prefix);
        }
        if stretch.paragraph {
            self.out.push_str(" class=\"paragraph\">");
            let says = if stretch.op == Op::Inserted { &self.options.words.split } else { &self.options.words.merged };
            hidden(self.out, "", says, "");
            self.out.push_str("<span aria-hidden=\"true\">¶</span> ");
            return;
        }
        self.out.push('>');
        if stretch.says.0 {
            hidden(self.out, "[", says, ": ");
        }
    }

    fn close_mark(&mut self, stretch: &Stretch) {
        let (name, says) = match stretch.op {
            Op::Inserted => ("</ins>", &self.options.words.added_end),
            _ => ("</del>", &self.options.words.removed_end),
        };
        if stretch.says.1 && !stretch.paragraph {
            hidden(self.out, " ", says, "] ");
        }
        self.out.push_str(name);
    }

    /// The pieces of a stretch; wrappers up to `base` are open already and stay so.
    fn pieces(&mut self, stretch: &Stretch, base: usize) {
        if stretch.paragraph {
            return;
        }
        let flat = self.redline.flat(stretch.side);
        let mut chain: Vec<Wrapper> = Vec::new();
        for piece in pieces_in(flat, &stretch.range) {
            if piece.wrap != NONE || !self.open.is_empty() {
                chain.clear();
                chain.extend(flat.chain(piece.wrap).into_iter().map(|wrap| (stretch.side, wrap)));
                if base <= chain.len() {
                    // The wrappers below the mark stay, whichever document they are from.
                    let keep: Vec<Wrapper> = self.open[..base].to_vec();
                    chain.splice(..base, keep);
                    self.set(&chain);
                }
            }
            let range = piece.text.start.max(stretch.range.start)..piece.text.end.min(stretch.range.end);
            let whole = range == piece.text;
            let text = &flat.text[range];
            match &piece.form {
                Form::Image { url, title } if whole => {
                    self.out.push_str("<img");
                    push_named(self.out, "src", &(self.options.link)(url));
                    push_named(self.out, "alt", text.trim_matches(ATOM));
                    if !title.is_empty() {
                        push_named(self.out, "title", title);
                    }
                    self.out.push('>');
                }
                Form::Note { note } => {
                    let _ = write!(self.out, "<sup>[{}]</sup>", note + 1);
                }
                Form::Code => {
                    self.out.push_str("<code>");
                    push_words(self.out, text);
                    self.out.push_str("</code>");
                }
                _ => push_words(self.out, text),
            }
        }
    }

    /// The wrappers around everything in a stretch.
    fn common_chain(&self, stretch: &Stretch) -> Vec<Wrapper> {
        let flat = self.redline.flat(stretch.side);
        let mut common: Option<Vec<u32>> = None;
        for piece in pieces_in(flat, &stretch.range) {
            if piece.wrap == NONE {
                return Vec::new();
            }
            let chain = flat.chain(piece.wrap);
            common = Some(match common {
                None => chain,
                Some(mut common) => {
                    let same = common.iter().zip(&chain).take_while(|(a, b)| a == b).count();
                    common.truncate(same);
                    common
                }
            });
        }
        common.unwrap_or_default().into_iter().map(|wrap| (stretch.side, wrap)).collect()
    }

    fn first_chain(&self, stretch: &Stretch) -> Vec<Wrapper> {
        let flat = self.redline.flat(stretch.side);
        let wrap = pieces_in(flat, &stretch.range).next().map_or(NONE, |piece| piece.wrap);
        flat.chain(wrap).into_iter().map(|wrap| (stretch.side, wrap)).collect()
    }

    fn alike_prefix(&self, a: &[Wrapper], b: &[Wrapper]) -> usize {
        a.iter().zip(b).take_while(|(a, b)| self.one(**a, **b)).count()
    }

    /// One wrapper, or two that look the same in the two documents.
    fn one(&self, a: Wrapper, b: Wrapper) -> bool {
        a == b || a.0 != b.0 && alike(self.style(a), self.style(b))
    }

    fn style(&self, (side, wrap): Wrapper) -> &'w Style<'a> {
        &self.redline.flat(side).wraps[wrap as usize].style
    }

    /// Opens and closes until just these wrappers are open.
    fn set(&mut self, chain: &[Wrapper]) {
        let same = self.alike_prefix(chain, &self.open);
        self.close_to(same);
        for wrapper in &chain[same..] {
            match self.style(*wrapper) {
                Style::Emphasis => self.out.push_str("<em>"),
                Style::Strong => self.out.push_str("<strong>"),
                // The author's own strokes must not look like ours.
                Style::Strike => self.out.push_str("<s>"),
                Style::Link { url, title, .. } => {
                    self.out.push_str("<a");
                    push_named(self.out, "href", &(self.options.link)(url));
                    if !title.is_empty() {
                        push_named(self.out, "title", title);
                    }
                    self.out.push('>');
                }
                Style::Element { open, .. } => push_tag(self.out, open, self.options),
            }
            self.open.push(*wrapper);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(wrapper) = self.open.pop() else { return };
            match self.style(wrapper) {
                Style::Emphasis => self.out.push_str("</em>"),
                Style::Strong => self.out.push_str("</strong>"),
                Style::Strike => self.out.push_str("</s>"),
                Style::Link { .. } => self.out.push_str("</a>"),
                Style::Element { name, .. } => {
                    let _ = write!(self.out, "</{}>", shown_name(name));
                }
            }
        }
    }
}

/// The pieces that a range touches.
pub fn pieces_in<'f, 'a>(flat: &'f Flat<'a>, range: &Range<usize>) -> impl Iterator<Item = &'f super::flat::Piece<'a>> {
    let first = flat.pieces.partition_point(|piece| piece.text.end <= range.start);
    let end = range.end;
    flat.pieces[first..].iter().take_while(move |piece| piece.text.start < end).filter(|piece| !piece.text.is_empty())
}

/// The author's `<ins>` and `<del>` would be taken for ours.
fn shown_name(name: &str) -> &str {
    match name {
        "ins" => "u",
        "del" => "s",
        name => name,
    }
}

/// A raw tag without its id, which may be there twice, and with its links rewritten.
pub fn push_tag(out: &mut String, tag: &str, options: &Options) {
    let end = tag_end(tag, 0);
    let (tag, rest) = tag.split_at(end);
    let name_end =
        tag[1..].find(|letter: char| letter.is_whitespace() || matches!(letter, '>')).map_or(tag.len(), |at| at + 1);
    let (closing, name) = match tag[1..name_end].strip_prefix('/') {
        Some(name) => ("/", name),
        None => ("", &tag[1..name_end]),
    };
    let _ = write!(out, "<{closing}{}", shown_name(name));
    let mut at = name_end;
    while let Some(equals) = tag[at..].find('=') {
        let name = tag[at..at + equals].trim();
        let value = tag[at + equals + 1..].trim_start();
        let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let Some(quote) = quote else { break };
        let Some(length) = value[1..].find(quote) else { break };
        let start = tag.len() - value.len() + 1;
        let value = &tag[start..start + length];
        match name {
            "id" | "name" => {}
            "href" | "src" => named_raw(out, name, &(options.link)(value)),
            name => named_raw(out, name, value),
        }
        at = start + length + 1;
    }
    let bare = tag[at..].trim_end_matches(['>', '/']).trim();
    if !bare.is_empty() {
        out.push(' ');
        out.push_str(bare);
    }
    out.push('>');
    out.push_str(rest);
}

/// A value that is escaped already.
fn named_raw(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    out.push_str(&value.replace('"', "&quot;"));
    out.push('"');
}

pub fn hidden(out: &mut String, before: &str, words: &str, after: &str) {
    if words.is_empty() {
        return;
    }
    out.push_str("<span class=\"visually-hidden\">");
    out.push_str(before);
    push_text(out, words);
    out.push_str(after);
    out.push_str("</span>");
}

fn push_words(out: &mut String, text: &str) {
    let mut rest = text;
    // Most texts have none of the characters that are shown in another way.
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, 0xE2 | 0xEF | 0xF3)) {
        let mut letters = rest[at..].chars();
        let Some(letter) = letters.next() else { break };
        push_text(out, &rest[..at]);
        match letter {
            BREAK => out.push_str("<br>"),
            ATOM => {}
            letter => match control(letter) {
                Some(name) => {
                    let _ = write!(out, "<code>[{name}]</code>");
                }
                None => out.push(letter),
            },
        }
        rest = letters.as_str();
    }
    push_text(out, rest);
}
