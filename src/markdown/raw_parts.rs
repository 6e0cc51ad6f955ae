//! Cuts a block of raw HTML into what our tree knows.
//!
//! In: a block of HTML as typed. Out: headings, elements that go on around Markdown, and whole pieces as the sanitizer let
//! them pass, in order, with the places of their words; and what was dropped. Must not know: the tree, Markdown.

use std::ops::Range;

use html5gum::Token;

use super::raw::{
    Dropped, FRAMES, GATHERED, IMPLIED, Link, VOID, Why, attributes, clean, heading_level, holds_no_sections,
    is_block_element, is_id, is_phrasing, known, tokens,
};

/// Tags inside tags of one block of raw HTML.
const MAX_NESTING: usize = 32;
/// Bytes of one block of raw HTML: the HTML parser is not linear on hostile input.
const MAX_BLOCK: usize = 256 * 1024;

/// A part of a block of raw HTML.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    /// Whole elements, and what is read in them.
    Html(String, Vec<Read>),
    /// A heading that begins a section, by its position among all headings of the block.
    Heading { index: usize, whole: Range<usize>, content: Range<usize> },
    /// The start of an element which may go on around Markdown.
    Open { name: String, open: String, span: Range<usize> },
    /// Its end.
    Close { name: String, span: Range<usize> },
    /// The block from this element on goes on in a later block.
    Rest { name: String, span: Range<usize> },
}

/// Something in a block of raw HTML that a reader sees or follows, and its bytes.
#[derive(Debug, PartialEq)]
pub(super) enum Read {
    Words(String, Range<usize>),
    Link(Link),
    Image(Link, String),
}

impl Read {
    fn start(&self) -> usize {
        match self {
            Read::Words(_, span) => span.start,
            Read::Link(link) | Read::Image(link, _) => link.target.start,
        }
    }
}

/// A heading in a block of raw HTML.
#[derive(Debug, PartialEq)]
pub(super) struct RawHeading {
    pub level: u8,
    pub id: Option<String>,
    pub words: String,
    /// Bytes from its start tag to its end tag, both included.
    pub whole: Range<usize>,
    pub content: Range<usize>,
    /// False inside of a list, a table and the like.
    pub begins_section: bool,
}

/// The headings of a block of raw HTML. `open` names the elements that are open before it, and afterwards behind it.
pub(super) fn headings(html: &str, open: &mut Vec<String>) -> Vec<RawHeading> {
    let mut found: Vec<RawHeading> = Vec::new();
    let mut current: Option<RawHeading> = None;
    for token in tokens(html).flatten() {
        match token {
            Token::StartTag(start) => {
                let name = String::from_utf8_lossy(&start.name).into_owned();
                if let Some(level) = heading_level(&name) {
                    found.extend(current.take().map(|heading| ended(heading, start.span.start..start.span.start)));
                    let id = start.attributes.get(&b"id"[..]).map(|id| String::from_utf8_lossy(id).into_owned());
                    current = Some(RawHeading {
                        level,
                        id: id.filter(|id| is_id(id)),
                        words: String::new(),
                        whole: start.span.start..html.len(),
                        content: start.span.end..html.len(),
                        begins_section: !open.iter().any(|name| holds_no_sections(name)),
                    });
                } else if is_block_element(&name) && !VOID.contains(&name.as_str()) {
                    open.push(name);
                } else if let Some(heading) = current.as_mut().filter(|_| name == "br") {
                    heading.words.push(' ');
                }
            }
            Token::EndTag(end) => {
                let name = String::from_utf8_lossy(&end.name).into_owned();
                if heading_level(&name).is_some() {
                    found.extend(current.take().map(|heading| ended(heading, end.span.start..end.span.end)));
                } else if let Some(at) = open.iter().rposition(|other| *other == name) {
                    open.truncate(at);
                }
            }
            Token::String(words) => {
                if let Some(heading) = &mut current {
                    heading.words.push_str(&String::from_utf8_lossy(&words.value));
                }
            }
            _ => {}
        }
    }
    let end = html.trim_end().len();
    found.extend(current.map(|heading| ended(heading, end..end)));
    found
}

fn ended(mut heading: RawHeading, end: Range<usize>) -> RawHeading {
    heading.whole.end = end.end.max(heading.content.start);
    heading.content.end = end.start.max(heading.content.start);
    heading.words = heading.words.split_whitespace().collect::<Vec<_>>().join(" ");
    heading.begins_section &= !heading.words.is_empty();
    heading
}

/// True if a text begins with a tag of an element that stands for a block.
pub(super) fn begins_block(text: &str) -> bool {
    let Some(tag) = text.trim_start().strip_prefix('<') else { return false };
    let name = tag.trim_start_matches('/').split(|letter: char| !letter.is_ascii_alphanumeric()).next();
    is_block_element(&name.unwrap_or_default().to_ascii_lowercase())
}

/// Where elements of a name that are open this deep are all closed, or how deep they are open behind the HTML.
pub(super) fn close_of(html: &str, name: &str, mut depth: usize) -> Result<usize, usize> {
    if html.len() > MAX_BLOCK {
        return Err(depth);
    }
    for token in tokens(html).flatten() {
        match token {
            Token::StartTag(start) if start.name[..] == *name.as_bytes() => depth += 1,
            Token::EndTag(end) if end.name[..] == *name.as_bytes() => {
                depth -= 1;
                if depth == 0 {
                    return Ok(end.span.end);
                }
            }
            _ => {}
        }
    }
    Err(depth)
}

/// How a block of raw HTML is read, by what is around it.
pub(super) struct Around<'a> {
    /// True if an element of this name is open around the block.
    pub inside: &'a dyn Fn(&str) -> bool,
    /// True if elements of this name, open so many times at the end of the block, are closed in a later one.
    pub closes: &'a dyn Fn(&str, usize) -> bool,
    /// True if the heading at this position begins a section.
    pub begins_section: &'a dyn Fn(usize) -> bool,
}

/// An element that is open.
struct OpenElement {
    name: String,
    span: Range<usize>,
    /// The opening tag of an element that may stand around Markdown.
    frame: Option<String>,
    /// A heading inside has made it one that stands around blocks.
    cut: bool,
}

/// Reads a block of raw HTML.
pub(super) fn parts(html: &str, around: &Around, dropped: &mut Vec<Dropped>) -> Vec<Part> {
    let mut cutter = Cutter::new(html, around);
    let before = dropped.len();
    if html.len() > MAX_BLOCK || !cutter.read(dropped) {
        dropped.truncate(before);
        dropped.push(Dropped { span: 0..html.len(), why: Why::TooMuch });
        return Vec::new();
    }
    cutter.end(dropped, before);
    cutter.parts()
}

struct Cutter<'h, 'a> {
    html: &'h str,
    around: &'h Around<'a>,
    headings: Vec<RawHeading>,
    open: Vec<OpenElement>,
    /// End tags without a start in this block.
    closes: Vec<(String, Range<usize>)>,
    read: Vec<Read>,
    /// Between whole pieces of HTML.
    cuts: Vec<(Range<usize>, Option<Part>)>,
    /// What the sanitizer reads instead of some tags.
    edits: Vec<(Range<usize>, &'static str)>,
}

impl<'h, 'a> Cutter<'h, 'a> {
    fn new(html: &'h str, around: &'h Around<'a>) -> Self {
        let bytes = html.as_bytes();
        let heading = |pair: &[u8]| matches!(pair, [b'<', b'h' | b'H', b'1'..=b'6']);
        let headings = if bytes.windows(3).any(heading) { headings(html, &mut Vec::new()) } else { Vec::new() };
        Cutter {
            html,
            around,
            headings,
            open: Vec::new(),
            closes: Vec::new(),
            read: Vec::new(),
            cuts: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// Reads all tags and words; false if too many tags are inside one another.
    fn read(&mut self, dropped: &mut Vec<Dropped>) -> bool {
        // What stands in a script or a style sheet is dropped with it.
        let mut silent = false;
        // A heading's own words and tags are read apart.
        let mut apart = 0;
        let mut count = 0;
        for token in tokens(self.html).flatten() {
            match token {
                Token::StartTag(start) => {
                    let name = String::from_utf8_lossy(&start.name).into_owned();
                    let span = start.span.start..start.span.end;
                    if let Some(level) = heading_level(&name) {
                        // An attribute that is left out is said for the heading's own tag as for any other.
                        let element = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level) - 1];
                        attributes(self.html, element, &start, dropped);
                        apart = self.heading(count, span).unwrap_or(apart);
                        count += 1;
                        continue;
                    }
                    if span.start < apart {
                        continue;
                    }
                    let Some(known) = known(&name) else {
                        silent |= matches!(name.as_str(), "script" | "style");
                        // What stands inside is looked at on its own.
                        dropped.push(Dropped { span, why: Why::Element(name) });
                        continue;
                    };
                    self.part_words(known, &span);
                    let kept = attributes(self.html, known, &start, dropped);
                    self.read.extend(kept.link("href").map(Read::Link));
                    self.read.extend(kept.link("src").map(|image| Read::Image(image, kept.value("alt"))));
                    if !VOID.contains(&known) {
                        let frame = FRAMES.contains(&known).then(|| kept.opening(known));
                        self.open.push(OpenElement { name, span, frame, cut: false });
                        if self.open.len() > MAX_NESTING {
                            return false;
                        }
                    }
                }
                Token::EndTag(end) if end.span.start >= apart => {
                    let name = String::from_utf8_lossy(&end.name).into_owned();
                    let span = end.span.start..end.span.end;
                    silent &= !matches!(name.as_str(), "script" | "style");
                    self.part_words(&name, &span);
                    self.close(name, span);
                }
                Token::String(words) if !silent && words.span.start >= apart => {
                    let span = words.span.start..words.span.end;
                    self.read.push(Read::Words(String::from_utf8_lossy(&words.value).into_owned(), span));
                }
                _ => {}
            }
        }
        true
    }

    /// Words of two blocks or lines are apart, whatever white space is between the tags.
    fn part_words(&mut self, name: &str, tag: &Range<usize>) {
        let parts = is_block_element(name) || name == "br";
        if parts && matches!(self.read.last(), Some(Read::Words(words, _)) if !words.ends_with(char::is_whitespace)) {
            self.read.push(Read::Words(" ".into(), tag.clone()));
        }
    }

    /// Cuts at a heading that begins a section, and returns where it ends; any other one becomes a line in bold.
    fn heading(&mut self, index: usize, tag: Range<usize>) -> Option<usize> {
        let heading = self.headings.get(index)?;
        let (whole, content) = (heading.whole.clone(), heading.content.clone());
        if !heading.begins_section || !(self.around.begins_section)(index) {
            let line =
                self.open.last().is_some_and(|open| matches!(open.name.as_str(), "caption" | "figcaption" | "summary"));
            let (start, end) = if line { ("<strong>", "</strong>") } else { ("<p><strong>", "</strong></p>") };
            self.part_words("p", &tag);
            self.edits.push((tag, start));
            self.edits.push((content.end..whole.end, end));
            return None;
        }
        for element in self.open.iter_mut().filter(|element| !element.cut) {
            // Elements that cannot stand around blocks end before the heading, as they do in a browser.
            if let Some(open) = element.frame.clone() {
                element.cut = true;
                let (name, span) = (element.name.clone(), element.span.clone());
                self.cuts.push((span.clone(), Some(Part::Open { name, open, span })));
            }
        }
        self.cuts.push((whole.clone(), Some(Part::Heading { index, whole: whole.clone(), content })));
        Some(whole.end)
    }

    fn close(&mut self, name: String, span: Range<usize>) {
        if heading_level(&name).is_some() {
            return;
        }
        match self.open.iter().rposition(|open| open.name == name) {
            Some(at) => {
                for element in self.open.drain(at..).rev().filter(|element| element.cut) {
                    let own = if element.name == name { span.clone() } else { span.start..span.start };
                    self.cuts.push((own.clone(), Some(Part::Close { name: element.name, span: own })));
                }
            }
            None if is_phrasing(&name) || is_block_element(&name) => self.closes.push((name, span)),
            // Already said at its start.
            None => {}
        }
    }

    /// Decides about elements that are still open, and end tags that closed none.
    fn end(&mut self, dropped: &mut Vec<Dropped>, before: usize) {
        let gathered = self.open.iter().position(|open| GATHERED.contains(&open.name.as_str()));
        if let Some(at) = gathered {
            let name = self.open[at].name.clone();
            let depth = self.open.iter().filter(|open| open.name == name).count();
            if (self.around.closes)(&name, depth) {
                let span = self.open[at].span.clone();
                self.open.truncate(at);
                self.read.retain(|read| read.start() < span.start);
                self.closes.retain(|(_, own)| own.start < span.start);
                self.cuts.retain(|(own, _)| own.start < span.start);
                self.edits.retain(|(own, _)| own.start < span.start);
                let mut index = 0;
                dropped.retain(|dropped| {
                    index += 1;
                    index <= before || dropped.span.start < span.start
                });
                self.cuts.push((span.start..self.html.len(), Some(Part::Rest { name, span })));
            }
        }
        for (name, span) in std::mem::take(&mut self.closes) {
            let part = (self.around.inside)(&name).then(|| Part::Close { name: name.clone(), span: span.clone() });
            if part.is_none() {
                dropped.push(Dropped { span: span.clone(), why: Why::Unpaired(name) });
            }
            self.cuts.push((span, part));
        }
        for OpenElement { name, span, frame, cut } in std::mem::take(&mut self.open) {
            match frame {
                Some(_) if cut => {}
                Some(open) => self.cuts.push((span.clone(), Some(Part::Open { name, open, span }))),
                None if IMPLIED.contains(&name.as_str()) => {}
                None => dropped.push(Dropped { span, why: Why::Unpaired(name) }),
            }
        }
    }

    fn parts(mut self) -> Vec<Part> {
        self.cuts.sort_by_key(|(span, _)| span.start);
        self.edits.sort_by_key(|(span, _)| span.start);
        let cuts = std::mem::take(&mut self.cuts);
        let mut read = std::mem::take(&mut self.read).into_iter().peekable();
        let mut parts = Vec::with_capacity(cuts.len() * 2 + 1);
        let mut done = 0;
        for (span, part) in cuts {
            let own = std::iter::from_fn(|| read.next_if(|read| read.start() < span.start));
            self.push_clean(done..span.start, own.collect(), &mut parts);
            parts.extend(part);
            done = span.end.max(done);
        }
        self.push_clean(done..self.html.len(), read.collect(), &mut parts);
        parts
    }

    fn push_clean(&self, range: Range<usize>, read: Vec<Read>, parts: &mut Vec<Part>) {
        if range.is_empty() {
            return;
        }
        let mut html = String::with_capacity(range.len());
        let mut done = range.start;
        for (span, text) in self.edits.iter().filter(|(span, _)| span.start >= range.start && span.end <= range.end) {
            html.push_str(&self.html[done..span.start]);
            html.push_str(text);
            done = span.end;
        }
        html.push_str(&self.html[done..range.end]);
        let html = html.trim();
        let comment = html.starts_with("<!--") && html.find("-->").is_none_or(|end| end + 3 == html.len());
        if html.is_empty() || comment {
            return;
        }
        let clean = clean(html);
        // Around a heading, tags without words are what is left of elements that it ended.
        let cut = range != (0..self.html.len()) && !self.headings.is_empty();
        let blank = cut && read.iter().all(|read| matches!(read, Read::Words(words, _) if words.trim().is_empty()));
        let says_something = !blank || clean.contains(" id=\"") || clean.contains("<hr");
        if !clean.is_empty() && says_something {
            parts.push(Part::Html(clean, read));
        }
    }
}
