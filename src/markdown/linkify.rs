//! Makes links of bare addresses.
//!
//! In: the words of a text. Out: where web and mail addresses stand in it, and where they lead.
//! Must not know: the tree, Markdown. It works on words as a reader sees them, so that an address out of a fact
//! becomes a link like one that was typed.

use std::ops::Range;

/// Addresses in `text`, in order.
pub(super) fn addresses(text: &str) -> Vec<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while at < bytes.len() {
        let address = match bytes[at] {
            b':' if bytes[at..].starts_with(b"://") => web(text, at, done),
            b'@' => mail(text, at, done),
            b'w' if bytes[at..].starts_with(b"www.") => bare_web(text, at),
            _ => None,
        };
        match address {
            Some((range, url)) => {
                done = range.end;
                at = range.end;
                found.push((range, url));
            }
            None => at += 1,
        }
    }
    found
}

/// A quick no for most texts.
pub(super) fn may_have_address(text: &str) -> bool {
    text.contains('@') || text.contains("://") || text.contains("www.")
}

fn web(text: &str, colon: usize, done: usize) -> Option<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let scheme = bytes[done..colon].iter().rev().take(6).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let start = colon - scheme;
    if !matches!(text[start..colon].to_ascii_lowercase().as_str(), "http" | "https") {
        return None;
    }
    if text[..start].chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let host = colon + 3;
    if !text[host..].chars().next()?.is_alphanumeric() {
        return None;
    }
    let end = end_of_address(text, host);
    Some((start..end, text[start..end].to_owned()))
}

fn bare_web(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let before = text[..start].chars().next_back();
    if before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '/' | '-' | '_' | '@')) {
        return None;
    }
    let end = end_of_address(text, start);
    let host = text[start..end].split(['/', '?', '#', ':']).next().unwrap_or_default();
    let labels = host.split('.').skip(1);
    let whole = labels.clone().count() >= 2 && labels.into_iter().all(|label| !label.is_empty());
    whole.then(|| (start..end, format!("https://{}", &text[start..end])))
}

/// Where the address ends: before white space, brackets of a tag, quotes; and not with what ends a sentence.
fn end_of_address(text: &str, start: usize) -> usize {
    let stops = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '<' | '>' | '"' | '|' | '`' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '…')
            || matches!(letter, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
    };
    let end = text[start..].find(stops).map_or(text.len(), |length| start + length);
    let mut address = &text[start..end];
    // Brackets that the address itself opens may close at its end.
    let mut balance = [(b'(', b')', 0i32), (b'[', b']', 0), (b'{', b'}', 0)];
    for byte in address.bytes() {
        for (open, close, depth) in &mut balance {
            *depth += i32::from(byte == *open) - i32::from(byte == *close);
        }
    }
    while let Some(last) = address.chars().next_back() {
        let ends_sentence = matches!(last, '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '’' | '‘');
        let unopened = balance.iter_mut().find(|(_, close, depth)| last == char::from(*close) && *depth < 0);
        match unopened {
            Some((.., depth)) => *depth += 1,
            None if ends_sentence => {}
            None => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    start + address.len()
}

fn mail(text: &str, at: usize, done: usize) -> Option<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let local = bytes[done..at]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
        .count();
    let start = at - local;
    let domain = bytes[at + 1..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        .count();
    let end = at + 1 + text[at + 1..at + 1 + domain].trim_end_matches(['.', '-', '_']).len();
    let host = &text[at + 1..end];
    let last = host.rsplit('.').next()?;
    let whole = local > 0
        && !matches!(bytes[start], b'.')
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && last.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && last.len() >= 2
        && bytes.get(end) != Some(&b'@');
    if !whole {
        return None;
    }
    let scheme = text[done..start].ends_with("mailto:");
    let start = if scheme { start - "mailto:".len() } else { start };
    let url = if scheme { text[start..end].to_owned() } else { format!("mailto:{}", &text[start..end]) };
    Some((start..end, url))
}
