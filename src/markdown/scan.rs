//! Finds expressions before Markdown can tear them.
//!
//! In: the body of a text, with LF line ends, and the facts. Out: the same bytes with a token of the same length for each `{{ path }}`, what
//! each one stands for, where lines start. Must not know: the tree, HTML.

use std::borrow::Cow;
use std::ops::Range;

use super::{FactError, Facts, MAX_DEPTH, escape};

/// One `{{ path }}`.
pub(super) struct Expression {
    /// Range of the braces in the body.
    pub span: Range<usize>,
    pub value: Value,
    /// The text in the body that is parsed.
    token: Range<usize>,
    /// Bytes of the token before its private character.
    lead: usize,
}

pub(super) enum Value {
    /// Words to insert; never empty.
    Words(String),
    /// `section.ID`, which this module answers itself.
    Section(String),
    /// Nothing: the text stays as typed.
    Unknown(FactError),
}

/// Braces that are no expression.
pub(super) struct Stray {
    pub span: Range<usize>,
    /// They enclose something that is not a path; else the other half is missing.
    pub closed: bool,
}

pub(super) struct Scan<'a> {
    pub text: &'a str,
    /// The text to parse. It has the same length in bytes as `text`.
    pub parsed: Cow<'a, str>,
    pub expressions: Vec<Expression>,
    pub strays: Vec<Stray>,
    /// Lines whose containers were cut off for depth.
    pub too_deep: Vec<Range<usize>>,
    /// There were more expressions than tokens, or the text uses all private characters itself.
    pub no_tokens: Option<Range<usize>>,
    /// First byte of every line.
    pub lines: Vec<usize>,
    /// First private character in use.
    first: u32,
    /// First byte of every private character in use.
    lead_byte: u8,
    /// The text may define link references or footnotes.
    pub definitions: bool,
}

/// Bytes that the scan stops at.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut at = 0;
    while at < 5 {
        marks[b"\n\\]{}"[at] as usize] = true;
        at += 1;
    }
    marks
};

const PLANES: [u32; 2] = [0xF_0000, 0x10_0000];
/// Private characters of a plane.
const TOKENS: usize = 0xFFFE;

impl<'a> Scan<'a> {
    pub fn new(text: &'a str, facts: &dyn Facts) -> Self {
        let (first, taken) = plane(text);
        let mut scan = Scan {
            text,
            parsed: Cow::Borrowed(text),
            expressions: Vec::new(),
            strays: Vec::new(),
            too_deep: Vec::new(),
            no_tokens: None,
            lines: vec![0],
            first,
            lead_byte: if first == PLANES[0] { 0xF3 } else { 0xF4 },
            definitions: false,
        };
        let mut shallow = Shallow::default();
        let bytes = text.as_bytes();
        scan.enter_line(&mut shallow, 0);
        // How many literal `\{{` still wait for their end, which needs no backslash.
        let mut literals = 0usize;
        let mut at = 0;
        while let Some(skip) = bytes[at..].iter().position(|byte| MARKS[usize::from(*byte)]) {
            at += skip;
            match bytes[at] {
                b'\n' => {
                    at += 1;
                    literals = 0;
                    scan.lines.push(at);
                    scan.enter_line(&mut shallow, at);
                }
                b'\\' => {
                    at += if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) {
                        if bytes[at + 1] == b'{' && bytes.get(at + 2) == Some(&b'{') {
                            literals += 1;
                            3
                        } else {
                            2
                        }
                    } else {
                        1
                    }
                }
                b']' if bytes.get(at + 1) == Some(&b':') => {
                    scan.definitions = true;
                    at += 2;
                }
                b'{' if bytes.get(at + 1) == Some(&b'{') => match inside(bytes, at + 2) {
                    Some(end) => {
                        let span = at..end + 2;
                        let path = text[at + 2..end].trim_matches([' ', '\t']);
                        if is_path(path) {
                            if taken || scan.expressions.len() == TOKENS {
                                scan.no_tokens.get_or_insert(span.clone());
                            } else {
                                scan.expressions.push(Expression::new(span.clone(), path, facts));
                            }
                        } else {
                            scan.strays.push(Stray { span: span.clone(), closed: true });
                        }
                        at = span.end;
                    }
                    None => {
                        scan.strays.push(Stray { span: at..at + 2, closed: false });
                        at += 2;
                    }
                },
                b'}' if bytes.get(at + 1) == Some(&b'}') => {
                    if literals > 0 {
                        literals -= 1;
                    } else {
                        scan.strays.push(Stray { span: at..at + 2, closed: false });
                    }
                    at += 2;
                }
                _ => at += 1,
            }
        }
        scan.put_tokens(&shallow.masked);
        scan
    }

    /// Notes what would nest without end: `>` in one line's containers, directives one in another.
    fn enter_line(&mut self, shallow: &mut Shallow, start: usize) {
        let bytes = self.text.as_bytes();
        let (mut at, mut quotes) = (start, 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    quotes += 1;
                    if quotes > MAX_DEPTH {
                        shallow.masked.push(at);
                    }
                }
                b' ' | b'\t' | b'-' | b'+' | b'*' | b'.' | b')' | b'0'..=b'9' => {}
                b':' => break,
                _ => break,
            }
            at += 1;
        }
        let mut deep = quotes > MAX_DEPTH;
        if bytes[at..].starts_with(b":::") {
            let rest = bytes[at..].iter().position(|byte| *byte != b':').map_or(bytes.len(), |colons| at + colons);
            let bare = bytes[rest..].iter().take_while(|byte| **byte != b'\n').all(u8::is_ascii_whitespace);
            if bare && shallow.directives > 0 {
                shallow.directives -= 1;
            } else if shallow.directives == MAX_DEPTH {
                shallow.masked.push(at);
                deep = true;
            } else {
                shallow.directives += 1;
            }
        }
        if deep {
            self.too_deep.push(start..at);
        }
    }

    fn put_tokens(&mut self, masked: &[usize]) {
        if self.expressions.is_empty() && masked.is_empty() {
            return;
        }
        let mut out = String::with_capacity(self.text.len());
        let mut done = 0;
        let mut masked = masked.iter().copied().peekable();
        let mut copy = |out: &mut String, range: Range<usize>| {
            let mut from = range.start;
            while let Some(at) = masked.next_if(|at| *at < range.end) {
                if at >= from {
                    out.push_str(&self.text[from..at]);
                    out.push(' ');
                    from = at + 1;
                }
            }
            out.push_str(&self.text[from..range.end]);
        };
        for (index, expression) in self.expressions.iter_mut().enumerate() {
            copy(&mut out, done..expression.span.start);
            let (before, after) = match &expression.value {
                Value::Words(words) => (escape::starts_as_word(words), escape::ends_as_word(words)),
                Value::Section(_) => (false, false),
                Value::Unknown(_) => (true, true),
            };
            // `{{a}}` has no room for both edges. Facts have longer names.
            expression.lead = usize::from(expression.span.len() > 5);
            if expression.lead == 1 {
                out.push(if before { 'x' } else { ',' });
            }
            out.push(char::from_u32(self.first + index as u32).unwrap_or('x'));
            for _ in expression.lead + 5..expression.span.len() {
                out.push('x');
            }
            out.push(if after { 'x' } else { ',' });
            expression.token = expression.span.clone();
            done = expression.span.end;
        }
        copy(&mut out, done..self.text.len());
        debug_assert_eq!(out.len(), self.text.len());
        self.parsed = Cow::Owned(out);
    }

    /// The first token in `text` from byte `from` on: which expression, and its bytes in `text`.
    pub fn next_token(&self, text: &str, from: usize) -> Option<(usize, Range<usize>)> {
        if self.expressions.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let mut from = from;
        loop {
            let at = from + bytes[from..].iter().position(|byte| *byte == self.lead_byte)?;
            from = at + 1;
            let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
            let Some(index) = (letter as u32).checked_sub(self.first).map(|index| index as usize) else { continue };
            let Some(expression) = self.expressions.get(index) else { continue };
            let Some(start) = at.checked_sub(expression.lead) else { continue };
            let range = start..start + expression.token.len();
            // A character reference may make the private character, but hardly the whole token.
            if text.get(range.clone()) == Some(&self.parsed[expression.token.clone()]) {
                return Some((index, range));
            }
        }
    }

    /// Puts the source back where nothing is expanded: in code.
    pub fn as_typed(&self, text: String) -> String {
        if self.next_token(&text, 0).is_none() {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        while let Some((index, range)) = self.next_token(&text, done) {
            out.push_str(&text[done..range.start]);
            out.push_str(&self.text[self.expressions[index].span.clone()]);
            done = range.end;
        }
        out.push_str(&text[done..]);
        out
    }

    /// The line at byte `at`: index into `lines`.
    pub fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The bytes of a line without its end.
    pub fn line(&self, index: usize) -> &'a str {
        let Some(&start) = self.lines.get(index) else { return "" };
        let end = self.lines.get(index + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches('\n')
    }
}

#[derive(Default)]
struct Shallow {
    directives: usize,
    masked: Vec<usize>,
}

impl Expression {
    fn new(span: Range<usize>, path: &str, facts: &dyn Facts) -> Self {
        let value = if let Some(id) = path.strip_prefix("section.") {
            Value::Section(id.to_owned())
        } else {
            match facts.lookup(path).map(|words| escape::plain(&words).into_owned()) {
                Ok(words) if words.is_empty() => Value::Unknown(FactError {
                    code: "empty-fact",
                    message: format!("`{path}` has no words to insert"),
                    help: vec![format!("give `{path}` a value, or take the expression out")],
                }),
                Ok(words) => Value::Words(words),
                Err(error) => Value::Unknown(error),
            }
        };
        Expression { token: span.clone(), span, value, lead: 0 }
    }
}

/// The private characters that the text leaves free, and whether it leaves none.
fn plane(text: &str) -> (u32, bool) {
    let mut taken = [false; 2];
    if text.bytes().any(|byte| byte >= 0xF3) {
        for letter in text.chars() {
            match letter as u32 {
                0xF_0000..0x10_0000 => taken[0] = true,
                0x10_0000.. => taken[1] = true,
                _ => {}
            }
        }
    }
    (PLANES[usize::from(taken[0])], taken == [true, true])
}

/// Where `}}` stands, if it does so on this line, before the next `{{` and before any code.
fn inside(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'\n' | b'`', _) | (b'{', Some(b'{')) => return None,
            (b'}', Some(b'}')) => return Some(at),
            _ => at += 1,
        }
    }
}

fn is_path(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}
