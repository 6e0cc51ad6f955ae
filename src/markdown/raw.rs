//! Which raw HTML may stand in a text.
//!
//! In: a tag or a block of HTML as typed. Out: the same as far as the allow-list lets it pass, and what it dropped.
//! Must not know: the tree, Markdown, where the text came from.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use crate::html;
use html5gum::{DefaultEmitter, StartTag, StringReader, Token, Tokenizer};

/// Elements that may stand in a line of text.
const PHRASING: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];
/// Elements that may only stand in blocks of raw HTML.
const BLOCKS: &[&str] = &[
    "blockquote",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements whose end tag may be left out.
const IMPLIED: &[&str] = &["dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"];
/// Elements that may stand around Markdown.
const FRAMES: &[&str] = &["blockquote", "details", "div", "figure"];
const VOID: &[&str] = &["br", "hr", "img", "wbr"];
/// Attributes of any element, and those of some.
const GLOBAL: &[&str] = &["dir", "id", "lang", "title"];
const OWN: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang", "name"]),
    ("details", &["open"]),
    ("img", &["alt", "src"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start", "type"]),
    ("td", &["colspan", "headers", "rowspan"]),
    ("th", &["colspan", "headers", "rowspan", "scope"]),
    ("time", &["datetime"]),
    ("del", &["datetime"]),
    ("ins", &["datetime"]),
];
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
/// Tags inside tags of one block of raw HTML.
const MAX_NESTING: usize = 32;
/// Bytes of one block of raw HTML: the HTML parser is not linear on hostile input.
const MAX_BLOCK: usize = 256 * 1024;

/// Something that did not pass.
#[derive(Debug, PartialEq)]
pub(super) struct Dropped {
    /// Bytes of the HTML as given.
    pub span: Range<usize>,
    pub why: Why,
}

#[derive(Debug, PartialEq)]
pub(super) enum Why {
    Element(String),
    /// The element is known, but not in a line of text.
    BlockInLine(String),
    Attribute {
        element: String,
        name: String,
    },
    /// A link that leads nowhere good.
    Link(String),
    /// An image of another host.
    RemoteImage(String),
    /// An end tag without its start, or the reverse.
    Unpaired(String),
    TooMuch,
}

/// One tag in a line of text.
#[derive(Debug, PartialEq)]
pub(super) enum Tag {
    Break,
    WordBreak,
    Open {
        name: &'static str,
        open: String,
        link: Option<Link>,
    },
    Close(String),
    Image {
        image: Link,
        alt: String,
    },
    /// Comments, and what did not pass.
    Nothing,
}

/// Where something leads, and the bytes in which the address is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub url: String,
    pub title: String,
    pub target: Range<usize>,
}

/// Reads one inline tag.
pub(super) fn tag(html: &str, dropped: &mut Vec<Dropped>) -> Tag {
    let whole = 0..html.len();
    if let Some(simple) = simple_tag(html) {
        return simple;
    }
    let first = tokens(html).flatten().find(|token| !matches!(token, Token::Error(_)));
    match first {
        Some(Token::StartTag(start)) => {
            let name = String::from_utf8_lossy(&start.name).into_owned();
            let Some(name) = PHRASING.iter().copied().find(|known| *known == name) else {
                let why = if BLOCKS.contains(&name.as_str()) { Why::BlockInLine(name) } else { Why::Element(name) };
                dropped.push(Dropped { span: whole, why });
                return Tag::Nothing;
            };
            let kept = attributes(html, name, &start, dropped);
            match name {
                "br" => Tag::Break,
                "wbr" => Tag::WordBreak,
                "img" => match kept.link("src") {
                    Some(image) => Tag::Image { image, alt: kept.value("alt") },
                    None => Tag::Nothing,
                },
                _ => Tag::Open { name, open: kept.opening(name), link: kept.link("href") },
            }
        }
        Some(Token::EndTag(end)) => Tag::Close(String::from_utf8_lossy(&end.name).into_owned()),
        _ => {
            // Declarations, processing instructions, CDATA.
            if !html.starts_with("<!--") {
                let word = html.trim_start_matches(['<', '!', '?', '[']);
                let word = word.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
                dropped.push(Dropped { span: whole, why: Why::Element(word.to_lowercase()) });
            }
            Tag::Nothing
        }
    }
}

/// Tags without attributes, which are nearly all, need no HTML parser.
fn simple_tag(html: &str) -> Option<Tag> {
    let name = html.strip_prefix('<')?.strip_suffix('>')?;
    if let Some(name) = name.strip_prefix('/') {
        return name.bytes().all(|byte| byte.is_ascii_lowercase()).then(|| Tag::Close(name.to_owned()));
    }
    let name = name.strip_suffix('/').unwrap_or(name).trim_end();
    let name = PHRASING.iter().copied().find(|known| *known == name)?;
    Some(match name {
        "br" => Tag::Break,
        "wbr" => Tag::WordBreak,
        "img" => Tag::Nothing,
        _ => Tag::Open { name, open: format!("<{name}>"), link: None },
    })
}

/// A part of a block of raw HTML.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    /// Whole elements, and what is read in them.
    Html(String, Vec<Read>),
    /// The start of an element which may go on around Markdown.
    Open { name: String, open: String, span: Range<usize> },
    /// Its end.
    Close { name: String, span: Range<usize> },
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

/// Reads a block of raw HTML. `inside` says whether an element of this name is open around the block.
pub(super) fn block(html: &str, inside: &dyn Fn(&str) -> bool, dropped: &mut Vec<Dropped>) -> Vec<Part> {
    if html.len() > MAX_BLOCK {
        dropped.push(Dropped { span: 0..html.len(), why: Why::TooMuch });
        return Vec::new();
    }
    // Open tags by name, with what would stand for them; then the cuts between whole pieces.
    let mut open: Vec<(String, Range<usize>, Option<String>)> = Vec::new();
    let mut closes: Vec<(String, Range<usize>)> = Vec::new();
    let mut deepest = 0;
    let mut read = Vec::new();
    // What stands in a script or a style sheet is dropped with it.
    let mut silent = false;
    for token in tokens(html) {
        match token {
            Ok(Token::StartTag(start)) => {
                let name = String::from_utf8_lossy(&start.name).into_owned();
                let span = start.span.start..start.span.end;
                let known = PHRASING.iter().chain(BLOCKS).copied().find(|known| *known == name);
                let Some(known) = known else {
                    silent |= matches!(name.as_str(), "script" | "style");
                    // What stands inside is looked at on its own.
                    dropped.push(Dropped { span, why: Why::Element(name) });
                    continue;
                };
                let kept = attributes(html, known, &start, dropped);
                read.extend(kept.link("href").map(Read::Link));
                read.extend(kept.link("src").map(|image| Read::Image(image, kept.value("alt"))));
                if !VOID.contains(&known) {
                    let frame = FRAMES.contains(&known).then(|| kept.opening(known));
                    open.push((name, span, frame));
                    deepest = deepest.max(open.len());
                }
            }
            Ok(Token::EndTag(end)) => {
                let name = String::from_utf8_lossy(&end.name).into_owned();
                let span = end.span.start..end.span.end;
                silent &= !matches!(name.as_str(), "script" | "style");
                match open.iter().rposition(|(other, ..)| *other == name) {
                    Some(at) => open.truncate(at),
                    None if PHRASING.contains(&name.as_str()) || BLOCKS.contains(&name.as_str()) => {
                        closes.push((name, span))
                    }
                    // Already said at its start.
                    None => {}
                }
            }
            Ok(Token::String(words)) if !silent => {
                let span = words.span.start..words.span.end;
                read.push(Read::Words(String::from_utf8_lossy(&words.value).into_owned(), span));
            }
            _ => {}
        }
        if deepest > MAX_NESTING {
            dropped.push(Dropped { span: 0..html.len(), why: Why::TooMuch });
            return Vec::new();
        }
    }
    let mut cuts: Vec<(Range<usize>, Option<Part>)> = Vec::new();
    for (name, span) in closes {
        if inside(&name) {
            cuts.push((span.clone(), Some(Part::Close { name, span })));
        } else {
            cuts.push((span.clone(), None));
            dropped.push(Dropped { span, why: Why::Unpaired(name) });
        }
    }
    for (name, span, frame) in open {
        match frame {
            Some(open) => cuts.push((span.clone(), Some(Part::Open { name, open, span }))),
            None if IMPLIED.contains(&name.as_str()) => {}
            None => dropped.push(Dropped { span, why: Why::Unpaired(name) }),
        }
    }
    cuts.sort_by_key(|(span, _)| span.start);
    let mut parts = Vec::with_capacity(cuts.len() * 2 + 1);
    let mut done = 0;
    let mut read = read.into_iter().peekable();
    for (span, part) in cuts {
        push_clean(
            &html[done..span.start],
            std::iter::from_fn(|| read.next_if(|read| read.start() < span.start)),
            &mut parts,
        );
        parts.extend(part);
        done = span.end;
    }
    push_clean(&html[done..], read, &mut parts);
    parts
}

fn push_clean(html: &str, read: impl Iterator<Item = Read>, parts: &mut Vec<Part>) {
    let read = read.collect();
    let html = html.trim();
    let comment = html.starts_with("<!--") && html.find("-->").is_none_or(|end| end + 3 == html.len());
    if html.is_empty() || comment {
        return;
    }
    let clean = CLEANER.clean(html).to_string();
    let clean = clean.trim();
    if !clean.is_empty() {
        parts.push(Part::Html(clean.to_owned(), read));
    }
}

/// Attributes that pass, in the order of their names, with the bytes of their values.
struct Attributes(Vec<(&'static str, String, Range<usize>)>);

impl Attributes {
    fn value(&self, wanted: &str) -> String {
        self.0.iter().find(|(name, ..)| *name == wanted).map(|(_, value, _)| value.clone()).unwrap_or_default()
    }

    fn link(&self, attribute: &str) -> Option<Link> {
        let (_, url, target) = self.0.iter().find(|(name, ..)| *name == attribute)?;
        Some(Link { url: url.clone(), title: self.value("title"), target: target.clone() })
    }

    fn opening(&self, name: &str) -> String {
        let mut out = format!("<{name}");
        for (name, value, _) in &self.0 {
            html::push_named(&mut out, name, value);
        }
        out.push('>');
        out
    }
}

fn attributes(html: &str, name: &'static str, tag: &StartTag<usize>, dropped: &mut Vec<Dropped>) -> Attributes {
    let own = OWN.iter().find(|(element, _)| *element == name).map_or(&[][..], |(_, own)| own);
    let mut kept = Attributes(Vec::new());
    for (attribute, value) in &tag.attributes {
        let typed = String::from_utf8_lossy(attribute).into_owned();
        let span = value.span.start..value.span.end;
        let text = String::from_utf8_lossy(value).into_owned();
        let known = GLOBAL.iter().chain(own).copied().find(|known| *known == typed);
        let why = match known {
            Some("href") if !link_passes(&text) => Why::Link(text),
            Some("src") if unsafe_link(&text) => Why::Link(text),
            Some("src") if remote(&text) => Why::RemoteImage(text),
            Some("id" | "name") if !is_id(&text) => Why::Attribute { element: name.to_owned(), name: typed },
            Some("name") if tag.attributes.contains_key(&b"id"[..]) => continue,
            // The old way of naming an anchor.
            Some("name") => {
                kept.0.push(("id", text, value_of(html, span)));
                continue;
            }
            Some(known) => {
                kept.0.push((known, text, value_of(html, span)));
                continue;
            }
            None => Why::Attribute { element: name.to_owned(), name: typed },
        };
        dropped.push(Dropped { span, why });
    }
    kept
}

/// The bytes of an attribute's value, without quotation marks.
fn value_of(html: &str, attribute: Range<usize>) -> Range<usize> {
    let typed = html.get(attribute.clone()).unwrap_or_default();
    let Some(equals) = typed.find('=') else { return attribute };
    let quotes: &[char] = &['"', '\''];
    let value = typed[equals + 1..].trim_end();
    let inner = value.trim_start().trim_start_matches(quotes);
    let start = attribute.start + equals + 1 + value.len() - inner.len();
    start..start + inner.trim_end_matches(quotes).len()
}

fn tokens(html: &str) -> Tokenizer<StringReader<'_>, DefaultEmitter<usize>> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter)
}

pub(super) fn is_phrasing(name: &str) -> bool {
    PHRASING.contains(&name)
}

pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// True if a text can be an `id` to which links can point.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().any(|letter| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '"' | '\'' | '<' | '>' | '&')
        })
}

/// The scheme of a link, lower case, as a browser would see it: white space and control characters do not hide it.
fn scheme(url: &str) -> Option<String> {
    let mut scheme = String::new();
    for letter in url.chars() {
        match letter {
            ':' => return Some(scheme),
            '/' | '?' | '#' => return None,
            _ if letter.is_whitespace() || letter.is_control() => {}
            _ if scheme.len() > 32 => return None,
            _ => scheme.push(letter.to_ascii_lowercase()),
        }
    }
    None
}

/// A link that runs a program or holds a page of its own.
pub(super) fn unsafe_link(url: &str) -> bool {
    matches!(scheme(url).as_deref(), Some("javascript" | "data" | "vbscript"))
}

fn link_passes(url: &str) -> bool {
    scheme(url).is_none_or(|scheme| SCHEMES.contains(&scheme.as_str()))
}

/// A resource of another host, or of none.
pub(super) fn remote(url: &str) -> bool {
    if scheme(url).is_some() {
        return true;
    }
    let mut letters = url.chars().filter(|letter| !letter.is_whitespace() && !letter.is_control());
    matches!((letters.next(), letters.next()), (Some('/' | '\\'), Some('/' | '\\')))
}

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(PHRASING.iter().chain(BLOCKS).copied().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(GLOBAL.iter().copied().collect())
        .tag_attributes(
            OWN.iter()
                .map(|(element, own)| (*element, own.iter().copied().collect()))
                .collect::<HashMap<_, HashSet<_>>>(),
        )
        .url_schemes(SCHEMES.iter().copied().collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if remote(value) || unsafe_link(value) => None,
            ("a", "href") if !link_passes(value) => None,
            (_, "id" | "name") if !is_id(value) => None,
            _ => Some(value.into()),
        });
    builder
});

/// Decision about an attribute in sanitized HTML.
pub(super) enum Change {
    Keep,
    Drop,
    /// Another name and another value, the latter as plain text.
    Set(&'static str, String),
}

/// Walks over the tags of sanitized HTML and lets `change` see element, attribute and value (plain text).
pub(super) fn rewrite(html: &str, mut change: impl FnMut(&str, &str, &str) -> Change) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // The sanitizer wrote every `<` of the text as a reference and every value in double quotes.
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name_end = rest.find([' ', '>']).unwrap_or(rest.len());
        let name = rest[1..name_end].to_owned();
        out.push_str(&rest[..name_end]);
        rest = &rest[name_end..];
        while let Some(attribute) = rest.strip_prefix(' ') {
            let Some((key, value)) = attribute.split_once("=\"") else { break };
            let Some((value, after)) = value.split_once('"') else { break };
            match change(&name, key, &html::decode(value)) {
                Change::Keep => out.push_str(&rest[..rest.len() - after.len()]),
                Change::Drop => {}
                Change::Set(key, value) => html::push_named(&mut out, key, &value),
            }
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The values of an attribute in sanitized HTML.
pub(super) fn values(html: &str, attribute: &str) -> Vec<String> {
    let mut found = Vec::new();
    if html.contains(attribute) {
        rewrite(html, |_, name, value| {
            if name == attribute {
                found.push(value.to_owned());
            }
            Change::Keep
        });
    }
    found
}
