//! The two ways across the border between text and HTML: escaping and decoding.
//!
//! In: words, or HTML that was written by a sanitizer. Out: the same on the other side. Must not know: what is being written.

use entities::ENTITIES;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Appends words as the content of an element.
pub fn push_text(out: &mut String, text: &str) {
    push(out, text, false);
}

/// Appends words that are safe in content and between quotation marks of either kind.
pub fn push_attribute(out: &mut String, text: &str) {
    push(out, text, true);
}

/// Appends ` name="value"`.
pub fn push_named(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_attribute(out, value);
    out.push('"');
}

/// Returns words that are safe in content and between quotation marks of either kind.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push_attribute(&mut out, text);
    out
}

fn push(out: &mut String, text: &str, quotes: bool) {
    let mut rest = text;
    while let Some((at, length, instead)) = special(rest, quotes) {
        out.push_str(&rest[..at]);
        out.push_str(instead);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
}

/// Bytes that cannot simply be copied, or that begin a character which cannot.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        marks[at] = at != 0x09 && at != 0x0A;
        at += 1;
    }
    let more = b"&<>\"'\x7F\xC2\xEF\xF0\xF1\xF2\xF3\xF4";
    at = 0;
    while at < more.len() {
        marks[more[at] as usize] = true;
        at += 1;
    }
    marks
};

/// Finds the first character that HTML reads as its own or forbids: its place, its length, and what to write for it.
pub fn special(text: &str, quotes: bool) -> Option<(usize, usize, &'static str)> {
    const FORBIDDEN: &str = "\u{FFFD}";
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(skip) = bytes[from..].iter().position(|byte| MARKS[usize::from(*byte)]) {
        let at = from + skip;
        from = at + 1;
        let (length, instead) = match &bytes[at] {
            b'&' => (1, "&amp;"),
            b'<' => (1, "&lt;"),
            b'>' => (1, "&gt;"),
            b'"' if quotes => (1, "&quot;"),
            b'\'' if quotes => (1, "&#39;"),
            0..=0x1F | 0x7F => (1, FORBIDDEN),
            0xC2 if matches!(bytes.get(at + 1), Some(0x80..=0x9F)) => (2, FORBIDDEN),
            0xEF if matches!(&bytes[at..at + 3], b"\xEF\xBF\xBE" | b"\xEF\xBF\xBF") => (3, FORBIDDEN),
            0xEF if bytes[at + 1] == 0xB7 && (0x90..=0xAF).contains(&bytes[at + 2]) => (3, FORBIDDEN),
            // The last two characters of every plane.
            0xF0..=0xF4
                if bytes[at + 2] == 0xBF && matches!(bytes[at + 3], 0xBE | 0xBF) && bytes[at + 1] & 0x0F == 0x0F =>
            {
                (4, FORBIDDEN)
            }
            _ => continue,
        };
        return Some((at, length, instead));
    }
    None
}

/// Returns HTML without tags as words. References that are not closed by `;` stay as they are.
pub fn decode(html: &str) -> Cow<'_, str> {
    let Some(first) = html.find('&') else { return Cow::Borrowed(html) };
    let mut out = String::with_capacity(html.len());
    out.push_str(&html[..first]);
    let mut rest = &html[first..];
    while let Some(letter) = rest.chars().next() {
        let length = match reference(rest) {
            Some((length, words)) => {
                out.push_str(&words);
                length
            }
            None => {
                out.push(letter);
                letter.len_utf8()
            }
        };
        let next = rest[length..].find('&').map_or(rest.len(), |at| length + at);
        out.push_str(&rest[length..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

static NAMED: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| ENTITIES.iter().map(|entity| (entity.entity, entity.characters)).collect());

/// The longest name of a character, with `&` and `;`.
const MAX_NAME: usize = 33;

/// Reads the character reference at the beginning: its length and what it stands for.
pub fn reference(text: &str) -> Option<(usize, Cow<'static, str>)> {
    if !text.starts_with('&') {
        return None;
    }
    let length = 1 + text.bytes().take(MAX_NAME).position(|byte| byte == b';')?;
    let name = &text[1..length - 1];
    let code = match name.strip_prefix('#') {
        None => return NAMED.get(&text[..length]).map(|words| (length, Cow::Borrowed(*words))),
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) if is_number(digits, 6, u8::is_ascii_hexdigit) => u32::from_str_radix(digits, 16),
            None if is_number(number, 7, u8::is_ascii_digit) => number.parse(),
            _ => return None,
        },
    };
    let letter = code.ok().filter(|code| *code != 0).and_then(char::from_u32).unwrap_or('\u{FFFD}');
    Some((length, Cow::Owned(letter.to_string())))
}

fn is_number(digits: &str, longest: usize, digit: impl Fn(&u8) -> bool) -> bool {
    (1..=longest).contains(&digits.len()) && digits.bytes().all(|byte| digit(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn references_are_read_by_name_and_number() {
        assert_eq!(decode("a &amp;&lt; &eacute;&NotEqualTilde; &#39;&#x1F642; &#0;"), "a &< é≂̸ '🙂 \u{FFFD}");
        assert_eq!(decode("&amp &nothing; & &; &#; &#x; &#12345678;"), "&amp &nothing; & &; &#; &#x; &#12345678;");
    }

    #[test]
    fn what_html_forbids_is_replaced() {
        assert_eq!(
            escape("a\u{1}\u{7F}\u{85}\u{FDD0}\u{FFFE}\u{1FFFF}é'\""),
            "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}é&#39;&quot;"
        );
        let mut text = String::new();
        push_text(&mut text, "'\" <b>");
        assert_eq!(text, "'\" &lt;b&gt;");
    }

    proptest! {
        #[test]
        fn what_was_escaped_is_decoded(text in "[ -~\u{a0}-\u{24f}🙂\n]{0,40}") {
            let escaped = escape(&text);
            prop_assert_eq!(decode(&escaped), text.as_str());
        }
    }
}
