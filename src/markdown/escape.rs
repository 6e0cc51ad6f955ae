//! Writes a value so that Markdown reads back the same words.
//!
//! In: words and what stands around them in the source. Out: Markdown for text, link targets, titles, raw HTML.
//! Must not know: the tree, the facts.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// The words of a value as they can stand on one line: no edges of blanks, no line ends, no control characters.
pub(super) fn plain(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    if !value.chars().any(breaks) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    for part in value.split(breaks).map(str::trim).filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    }
    Cow::Owned(out)
}

fn breaks(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{F0000}'..='\u{10FFFF}')
}

/// True if Markdown takes the value's first character for a letter (and not for punctuation) beside `*` or `_`.
pub(super) fn starts_as_word(value: &str) -> bool {
    value.chars().next().is_some_and(is_word)
}

pub(super) fn ends_as_word(value: &str) -> bool {
    value.chars().next_back().is_some_and(is_word)
}

fn is_word(letter: char) -> bool {
    // Circled letters are alphabetic and symbols at once.
    letter.is_alphanumeric() && !matches!(letter, '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F189}')
}

/// The text before and after a value in the source.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub before: &'a str,
    pub after: &'a str,
    /// The text may define references, so that words in brackets may name one.
    pub definitions: bool,
    /// Both edges stood for punctuation when the text was parsed.
    pub punctuation: bool,
}

/// How far back an unclosed `<` or `[` can matter.
const WINDOW: usize = 1024;

pub(super) fn text(value: &str, around: Around) -> String {
    let before = around.before.as_bytes();
    let after = around.after.as_bytes();
    let previous = before.last().copied();
    let next = after.first().copied();
    let in_tag = in_open_tag(before) || in_open_target(before);
    let line_start = at_line_start(before);
    let delimiter = |byte: Option<u8>| matches!(byte, Some(b'*' | b'_' | b'~'));

    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let number_alone = digits == value.len()
        && line_start
        && matches!(previous, None | Some(b'\n' | b' ' | b'\t' | b'>' | b'0'..=b'9'))
        && matches!(next, Some(b'.' | b')' | b'{'));
    let as_reference = in_tag || number_alone || in_entity(before) || in_label(before, after, around.definitions);
    // Beside `*` the first character must stay a letter, and any other does as well.
    let broken =
        if delimiter(previous) && starts_as_word(value) { value.chars().next().map_or(0, char::len_utf8) } else { 0 };
    let first_as_punctuation = delimiter(previous) && (around.punctuation || !starts_as_word(value));
    let last_as_punctuation = delimiter(next) && (around.punctuation || !ends_as_word(value));

    let last = value.char_indices().next_back().map_or(0, |(at, _)| at);
    let mut out = String::with_capacity(value.len() + 8);
    let mut earlier = None;
    let mut letters = value.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let following = letters.peek().map(|(_, letter)| *letter);
        let reference = (at == broken && as_reference)
            || (in_tag && letter.is_ascii_punctuation())
            || (at == 0 && first_as_punctuation && !letter.is_ascii_punctuation())
            || (at == last && last_as_punctuation && !letter.is_ascii_punctuation())
            // A backslash before it would take the brace behind it, too.
            || (at == last && letter == '{' && next == Some(b'{'));
        if reference {
            push_reference(&mut out, letter);
        } else {
            match letter {
                '&' => out.push_str("&amp;"),
                '`' => out.push_str("&#96;"),
                // Before a cell's end even an escaped backslash would escape.
                '\\' => push_reference(&mut out, letter),
                '*' | '{' | '}' | '[' | ']' | '<' | '|' | '~' => push_escaped(&mut out, letter),
                '_' if !(earlier.is_some_and(is_word) && following.is_some_and(is_word)) => {
                    push_escaped(&mut out, letter)
                }
                '#' if at == 0 || earlier == Some(' ') => push_escaped(&mut out, letter),
                ':' if at == 0 && previous == Some(b']') => push_escaped(&mut out, letter),
                '>' | '-' | '+' | '=' | ':' if at == 0 && line_start => push_escaped(&mut out, letter),
                '.' | ')' if at == digits && at > 0 && line_start => push_escaped(&mut out, letter),
                '.' | ')' if at == 0 && line_start => push_escaped(&mut out, letter),
                '!' if at == last && next == Some(b'[') => push_escaped(&mut out, letter),
                _ => out.push(letter),
            }
        }
        earlier = Some(letter);
    }
    out
}

/// Text that nothing touches: cells and link texts of our own.
pub(super) fn text_alone(value: &str) -> String {
    text(value, Around { before: "[", after: " ", definitions: false, punctuation: false })
}

/// The text of a link of our own in the middle of a text.
pub(super) fn link_text(value: &str, before: &str) -> String {
    let open = in_open_tag(before.as_bytes()) || in_open_target(before.as_bytes());
    let before = if open { "<a " } else { "[" };
    text(value, Around { before, after: " ", definitions: false, punctuation: false })
}

fn push_escaped(out: &mut String, letter: char) {
    out.push('\\');
    out.push(letter);
}

fn push_reference(out: &mut String, letter: char) {
    // Writing to a string cannot fail.
    let _ = write!(out, "&#{};", letter as u32);
}

/// Only what opens containers stands between the line's start, or a footnote's label, and here.
fn at_line_start(before: &[u8]) -> bool {
    let container = |byte: &u8| {
        matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b'.' | b')' | b':' | b'=' | b'#' | b'0'..=b'9')
    };
    let other = before.iter().rposition(|byte| !container(byte));
    other.is_none_or(|at| before[at] == b'\n' || before[at..].starts_with(b"]:"))
}

fn window(before: &[u8]) -> &[u8] {
    &before[before.len().saturating_sub(WINDOW)..]
}

/// A `<` that might begin a tag is still open, as far as can be told without reading the paragraph.
fn in_open_tag(before: &[u8]) -> bool {
    let near = window(before);
    let begins = |at: usize| {
        near.get(at + 1).is_none_or(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
    };
    if near.iter().rposition(|byte| matches!(byte, b'<' | b'>')).is_some_and(|at| near[at] == b'<' && begins(at)) {
        return true;
    }
    // A `>` in quotes does not close.
    let (mut open, mut quote) = (false, None);
    for (at, &byte) in near.iter().enumerate() {
        match (open, quote, byte) {
            (true, Some(mark), _) if mark == byte => quote = None,
            (true, None, b'"' | b'\'') => quote = Some(byte),
            (true, None, b'>') => open = false,
            (false, _, b'<') => open = begins(at),
            _ => {}
        }
    }
    open
}

/// `](` without its `)`: what stands here may be a link's target or title but for the value.
fn in_open_target(before: &[u8]) -> bool {
    let near = window(before);
    let open = near.windows(2).rposition(|pair| pair == b"](");
    open.is_some_and(|at| !near[at..].contains(&b')'))
}

/// `&` and a part of a name stand just before.
fn in_entity(before: &[u8]) -> bool {
    let name = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').take(40).count();
    before.len().checked_sub(name + 1).is_some_and(|at| before[at] == b'&')
}

/// The words stand in brackets which might be the name of a reference, or a task's box.
fn in_label(before: &[u8], after: &[u8], definitions: bool) -> bool {
    let tight = [&b"["[..], b"[!", b"[^"].iter().any(|open| before.ends_with(open)) && after.first() == Some(&b']');
    let loose = definitions && {
        let near = window(before);
        near.iter().rposition(|byte| matches!(byte, b'[' | b']')).is_some_and(|at| near[at] == b'[')
    };
    if !tight && !loose {
        return false;
    }
    let close = after.iter().take(WINDOW).position(|byte| *byte == b']');
    close.is_some_and(|at| after.get(at + 1) != Some(&b'('))
}

/// A value inside a link target: the characters that a URL cannot hold are percent-encoded.
pub(super) fn url(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '"' | '<' | '>' | '`' | '{' | '}' | '|' | '\\' | '^' | '(' | ')' | '[' | ']' | ';' => {
                push_percents(&mut out, letter);
            }
            _ if letter.is_whitespace() => push_percents(&mut out, letter),
            _ => out.push(letter),
        }
    }
    out
}

/// A letter as the bytes that it has in a URL.
pub(super) fn push_percents(out: &mut String, letter: char) {
    out.extend(percent_encode(letter.encode_utf8(&mut [0; 4]).as_bytes(), NON_ALPHANUMERIC));
}

/// A link target, made by [`url`], as Markdown.
pub(super) fn url_source(url: &str) -> String {
    url.replace('&', "&amp;")
}

/// A whole link target of our own, as Markdown: bare where it can be.
pub(super) fn target(url: &str) -> String {
    if url.is_empty() { "<>".to_owned() } else { url_source(url) }
}

/// A value inside a link's title.
pub(super) fn title(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '.' | ',' | ';' | ':' | '-' | '/' | '@' | '!' | '?' | '+' | '#' | '%' | '=' => out.push(letter),
            _ if letter.is_ascii_punctuation() => push_reference(&mut out, letter),
            _ => out.push(letter),
        }
    }
    out
}

/// A value inside an alert's title, which is read for character references and backslashes only.
pub(super) fn alert_title(value: &str, before: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '\\' | '{' | '}' => push_escaped(&mut out, letter),
            _ if out.is_empty() && in_entity(before.as_bytes()) => push_reference(&mut out, letter),
            _ => out.push(letter),
        }
    }
    out
}

/// A value inside raw HTML: text or an attribute's value, quoted or not.
pub(super) fn html(value: &str, unquoted: bool) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '&' | '<' | '>' | '"' | '\'' | '`' | '=' | '{' | '}' | '|' | '\\' => push_reference(&mut out, letter),
            _ if unquoted && letter.is_whitespace() => push_reference(&mut out, letter),
            _ => out.push(letter),
        }
    }
    out
}
