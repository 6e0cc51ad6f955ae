//! What HTML and SVG make a browser load, open or run.
//!
//! In: markup. Out: addresses and code with their places. Must not know: whose they are.

use super::{Use, UseKind, style};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use std::convert::Infallible;
use std::ops::Range;

/// Relations whose target a browser never loads on its own.
const QUIET: &[&str] = &[
    "alternate",
    "author",
    "canonical",
    "help",
    "license",
    "next",
    "prev",
    "privacy-policy",
    "search",
    "terms-of-service",
    "latest-version",
    "predecessor-version",
    "successor-version",
    "version-history",
    "me",
    "describedby",
    "self",
];

/// Attributes whose value is loaded, on any element.
const LOADING: &[&str] = &["src", "poster", "background", "data", "ping", "manifest", "codebase", "lowsrc", "dynsrc"];

/// Elements that a reader follows by choice: their `href` is not loaded with the page.
const FOLLOWED: &[&str] = &["a", "area"];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Html,
    /// Styles in a picture belong to the picture, and browsers apply them.
    Svg,
}

/// An attribute of the tag that is being read. Its buffers are used again for the next tag.
#[derive(Default)]
struct Attribute {
    name: String,
    value: String,
    span: Range<usize>,
}

#[derive(Default)]
struct Tag {
    name: String,
    span: Range<usize>,
    attributes: Vec<Attribute>,
    used: usize,
}

impl Tag {
    fn open(&mut self, name: &[u8], span: Range<usize>) {
        set(&mut self.name, name);
        self.span = span;
        self.used = 0;
    }

    fn attribute(&mut self, name: &[u8], span: Range<usize>) {
        if self.used == self.attributes.len() {
            self.attributes.push(Attribute::default());
        }
        let attribute = &mut self.attributes[self.used];
        set(&mut attribute.name, name);
        attribute.value.clear();
        attribute.span = span;
        self.used += 1;
    }

    fn value(&mut self, value: &[u8], span: Range<usize>) {
        if let Some(attribute) = self.used.checked_sub(1).and_then(|last| self.attributes.get_mut(last)) {
            set(&mut attribute.value, value);
            attribute.span = span;
        }
    }

    fn attributes(&self) -> &[Attribute] {
        &self.attributes[..self.used]
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.attributes().iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value.as_str())
    }
}

fn set(buffer: &mut String, bytes: &[u8]) {
    buffer.clear();
    buffer.push_str(&String::from_utf8_lossy(bytes));
}

/// What the text after a tag is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Text,
    Style,
    Script,
    /// JSON and other data that a browser does not run.
    Data,
}

/// Reads markup, and hands over each use in the order of the text.
pub fn read(text: &str, language: Language, found: &mut dyn FnMut(Use)) {
    let mut tag = Tag::default();
    let mut content = Content::Text;
    let callback = |event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
        let place = span.start..span.end;
        match event {
            CallbackEvent::OpenStartTag { name } => tag.open(name, place),
            CallbackEvent::AttributeName { name } => tag.attribute(name, place),
            CallbackEvent::AttributeValue { value } => tag.value(value, place),
            CallbackEvent::CloseStartTag { self_closing } => {
                uses_of(text, &tag, language, found);
                content = match tag.name.as_str() {
                    _ if self_closing && language == Language::Svg => Content::Text,
                    "style" => Content::Style,
                    "script" if tag.get("src").is_some() => Content::Data,
                    "script" if is_code(tag.get("type").unwrap_or("")) => Content::Script,
                    "script" => Content::Data,
                    _ => Content::Text,
                };
            }
            CallbackEvent::EndTag { .. } => content = Content::Text,
            CallbackEvent::String { value } => match content {
                Content::Script if !value.trim_ascii().is_empty() => {
                    found(Use { value: String::new(), span: place, by: "a script".into(), kind: UseKind::Code });
                }
                Content::Style => {
                    let css = text.get(place.clone()).unwrap_or("");
                    style::read(css, place.start, found);
                    if language == Language::Html && !css.trim().is_empty() {
                        found(Use {
                            value: String::new(),
                            span: place,
                            by: "a style sheet".into(),
                            kind: UseKind::Code,
                        });
                    }
                }
                _ => {}
            },
            CallbackEvent::Comment { value } if value.starts_with(b"?xml-stylesheet") => {
                if let Some((value, span)) = stylesheet(text, place) {
                    found(Use { value, span, by: "`<?xml-stylesheet?>`".into(), kind: UseKind::Address });
                }
            }
            _ => {}
        }
        None
    };
    let mut emitter = CallbackEmitter::<_, Infallible, usize>::new(callback);
    emitter.naively_switch_states(true);
    // The callback does the work; the tokenizer itself yields nothing.
    Tokenizer::new_with_emitter(text, emitter).for_each(drop);
}

/// True if a browser runs a script of this type.
fn is_code(kind: &str) -> bool {
    let kind = kind.trim().to_ascii_lowercase();
    kind.is_empty()
        || kind == "module"
        || kind == "importmap"
        || kind == "speculationrules"
        || kind.contains("javascript")
        || kind.contains("ecmascript")
}

fn uses_of(text: &str, tag: &Tag, language: Language, found: &mut dyn FnMut(Use)) {
    let name = tag.name.as_str();
    for attribute in tag.attributes() {
        let (key, value) = (attribute.name.as_str(), attribute.value.as_str());
        let span = raw(text, attribute.span.clone());
        let by = || format!("`<{name} {key}>`");
        let mut address = |value: &str| {
            found(Use { value: value.to_string(), span: span.clone(), by: by(), kind: UseKind::Address });
        };
        match key {
            "srcset" | "imagesrcset" => {
                for candidate in candidates(value) {
                    address(candidate);
                }
            }
            "href" | "xlink:href" if name == "link" => {
                let relations = tag.get("rel").unwrap_or("");
                let mut words = relations.split_ascii_whitespace().peekable();
                if words.peek().is_none() || !words.all(|word| QUIET.contains(&word.to_ascii_lowercase().as_str())) {
                    address(value);
                }
            }
            "href" | "xlink:href" if !FOLLOWED.contains(&name) => address(value),
            "content"
                if name == "meta"
                    && tag.get("http-equiv").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("refresh")) =>
            {
                if let Some(target) = refresh_target(value) {
                    address(target);
                }
            }
            "style" => {
                style::read(value, 0, &mut |used| address(&used.value));
                if language == Language::Html && !value.trim().is_empty() {
                    found(Use { value: String::new(), span: span.clone(), by: by(), kind: UseKind::Code });
                }
            }
            "srcdoc" => read(value, Language::Html, &mut |used| found(Use { span: span.clone(), ..used })),
            _ if LOADING.contains(&key) => address(value),
            _ => {}
        }
        let handler = key.len() > 2 && key.starts_with("on") && key.bytes().all(|byte| byte.is_ascii_lowercase());
        if handler || is_script_address(key, value) {
            found(Use { value: String::new(), span: span.clone(), by: by(), kind: UseKind::Code });
        }
    }
}

/// True for `javascript:` addresses, however they are typed.
fn is_script_address(key: &str, value: &str) -> bool {
    let key = matches!(key, "href" | "xlink:href" | "src" | "action" | "formaction" | "data");
    key && url::Url::parse(value).is_ok_and(|url| url.scheme() == "javascript")
}

/// The addresses of a `srcset`.
fn candidates(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter_map(|candidate| candidate.split_ascii_whitespace().next())
}

/// The address of `0; url=…`.
fn refresh_target(value: &str) -> Option<&str> {
    let rest = value.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start_matches([';', ',', ' ', '\t', '\n']);
    let named = rest.get(..3).filter(|word| word.eq_ignore_ascii_case("url"));
    let target = match named.and_then(|_| rest[3..].trim_start().strip_prefix('=')) {
        Some(target) => target.trim(),
        None => rest.trim(),
    };
    Some(target.trim_matches(['"', '\''])).filter(|target| !target.is_empty())
}

/// The value of an attribute as it is typed, without its quotation marks.
fn raw(text: &str, span: Range<usize>) -> Range<usize> {
    let Some(typed) = text.get(span.clone()) else { return span };
    let open = usize::from(typed.starts_with(['"', '\'']));
    let close = usize::from(open > 0 && typed.len() > 1 && typed.ends_with(&typed[..1]));
    span.start + open..span.end - close
}

/// The address of `<?xml-stylesheet href="…"?>`.
fn stylesheet(text: &str, span: Range<usize>) -> Option<(String, Range<usize>)> {
    let instruction = text.get(span.clone())?;
    let start = instruction.find("href")? + 4;
    let open = start + instruction[start..].find(['"', '\''])?;
    let quote = &instruction[open..=open];
    let length = instruction[open + 1..].find(quote)?;
    let value = &instruction[open + 1..open + 1 + length];
    let at = span.start + open + 1;
    Some((crate::html::decode(value).into_owned(), at..at + length))
}
