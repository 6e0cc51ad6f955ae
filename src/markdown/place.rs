//! Where each piece of a line is written.
//!
//! In: comrak's positions and the words that they stand for. Out: bytes of the body, exact to the letter.
//! Must not know: what the pieces mean.
//!
//! comrak says where a piece begins. It does not count lines inside a link's target, and it says nothing about escapes and
//! references inside a text. So its word is checked: a text begins where its words can be read from the source, never
//! before the end of the piece before it.

use std::ops::Range;

use comrak::nodes::Node;

use super::SourceMap;
use super::reader::Reader;
use crate::html;

/// Bytes of markup that may stand between two pieces of a line.
const MAX_MARKUP: usize = 8192;

impl<'n> Reader<'n, '_> {
    /// The bytes of a node that begins with one of these marks.
    pub fn piece(&mut self, node: Node<'n>, marks: &[u8]) -> Range<usize> {
        let mut span = self.span(node);
        let text = &*self.scan.parsed;
        let begins = |at: usize| text.as_bytes().get(at).is_some_and(|byte| marks.contains(byte));
        if span.start < self.line.at || !begins(span.start) {
            let (from, length) = (self.line.at, span.len());
            if let Some(start) = (from..self.line.end.min(from + MAX_MARKUP)).find(|at| begins(*at)) {
                span = start..text.ceil_char_boundary((start + length).min(text.len()));
            }
        }
        self.line.at = span.end;
        span
    }

    /// The bytes of code between backticks.
    pub fn code_place(&mut self, node: Node<'n>) -> Range<usize> {
        let span = self.piece(node, b"`");
        let rest = &self.scan.parsed.as_bytes()[span.start..];
        let ticks = |at: usize| rest[at..].iter().take_while(|byte| **byte == b'`').count();
        let width = ticks(0);
        let mut at = width;
        while let Some(skip) = rest[at..].iter().position(|byte| *byte == b'`') {
            at += skip;
            let run = ticks(at);
            at += run;
            if run == width {
                break;
            }
        }
        self.line.at = span.start + at;
        span.start..self.line.at
    }

    /// The bytes of a line's end, with the backslash or the blanks that make it a hard one.
    pub fn break_place(&mut self, node: Node<'n>) -> Range<usize> {
        let start = self.piece(node, b"\n\\ ").start;
        let end = self.scan.parsed[start..].find('\n').map_or(start, |end| start + end + 1);
        self.line.at = end;
        start..end
    }

    /// The bytes of a reference to a note.
    pub fn note_place(&mut self, node: Node<'n>) -> Range<usize> {
        let span = self.piece(node, b"[");
        let close = self.scan.parsed[span.start..].find(']').map_or(span.end, |close| span.start + close + 1);
        self.line.at = close;
        span.start..close
    }

    /// The places of a text's words.
    pub fn written(&mut self, node: Node<'n>, words: &str) -> SourceMap {
        let claimed = self.span(node).start;
        let from = self.line.at;
        let source = self.scan.parsed.as_bytes();
        if claimed >= from {
            // A text that begins with an escaped character is said to begin behind its backslash.
            let backslashes = source[from..claimed].iter().rev().take_while(|byte| **byte == b'\\').count();
            for start in [claimed - backslashes % 2, claimed] {
                if let Some(map) = self.written_at(words, start, true) {
                    return map;
                }
            }
        }
        let first = words.as_bytes().first().copied();
        for start in from..self.line.end.min(from + MAX_MARKUP) {
            let byte = self.scan.parsed.as_bytes()[start];
            if (Some(byte) == first || matches!(byte, b'\\' | b'&' | 0))
                && let Some(map) = self.written_at(words, start, true)
            {
                return map;
            }
        }
        let mut map = SourceMap::default();
        map.push_whole(0, from..self.line.end.max(from));
        map
    }

    /// Returns the place, if the words begin at this byte.
    pub fn written_at(&mut self, words: &str, start: usize, escapes: bool) -> Option<SourceMap> {
        let (map, end) = read_words(&self.scan.parsed, start, words, escapes)?;
        self.line.at = end;
        Some(map)
    }

    /// The bytes of `<address>` and of the address in it, if a link begins so.
    pub fn pointed(&self, start: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let rest = self.scan.parsed[start.start..].strip_prefix('<')?;
        let inside = start.start + 1..start.start + 1 + rest.find('>')?;
        Some((start.start..inside.end + 1, inside))
    }

    /// The bytes of a link or an image whose words have been read, and of its address: all of it if that is written
    /// elsewhere.
    pub fn target(&self, claimed: Range<usize>) -> (Range<usize>, Range<usize>) {
        let source = self.scan.parsed.as_bytes();
        let closing = |from: usize, mark: u8| {
            let mut at = from;
            while let Some(byte) = source.get(at) {
                match byte {
                    b'\\' => at += 2,
                    byte if *byte == mark => return Some(at),
                    _ => at += 1,
                }
            }
            None
        };
        let Some(close) = closing(self.line.at, b']') else { return (claimed.clone(), claimed) };
        // A reference that ends here may be followed by words in brackets.
        if let Some((target, end)) = self.destination(close + 1).filter(|_| claimed.end != close + 1) {
            return (claimed.start..end, target);
        }
        let labelled = source.get(close + 1) == Some(&b'[') && claimed.end != close + 1;
        let end = if labelled { closing(close + 2, b']').unwrap_or(close) } else { close };
        let span = claimed.start..end + 1;
        (span.clone(), span)
    }

    /// Reads `(address "title")` at a byte: the address and the end.
    fn destination(&self, open: usize) -> Option<(Range<usize>, usize)> {
        let source = self.scan.parsed.as_bytes();
        // A line's end, and what contains the next line.
        let skip = |mut at: usize| {
            let mut ended = false;
            while source.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || ended && *byte == b'>') {
                ended |= source[at] == b'\n';
                at += 1;
            }
            at
        };
        if source.get(open) != Some(&b'(') {
            return None;
        }
        let mut at = skip(open + 1);
        let target = if source.get(at) == Some(&b'<') {
            let start = at + 1;
            at = start;
            while *source.get(at)? != b'>' {
                at += if source[at] == b'\\' { 2 } else { 1 };
            }
            at += 1;
            start..at - 1
        } else {
            let start = at;
            let mut depth = 0usize;
            loop {
                match source.get(at)? {
                    b'\\' if source.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
                    b'(' => depth += 1,
                    b')' if depth == 0 => break,
                    b')' => depth -= 1,
                    byte if byte.is_ascii_whitespace() => break,
                    _ => {}
                }
                at += 1;
            }
            start..at
        };
        at = skip(at);
        if let Some(mark) = source.get(at).filter(|mark| matches!(mark, b'"' | b'\'' | b'(')) {
            let mark = if *mark == b'(' { b')' } else { *mark };
            at += 1;
            while *source.get(at)? != mark {
                at += if source[at] == b'\\' { 2 } else { 1 };
            }
            at = skip(at + 1);
        }
        (source.get(at) == Some(&b')')).then_some((target, at + 1))
    }

    /// The bytes of a raw tag, and the places of its bytes.
    pub fn tag_place(&mut self, node: Node<'n>, html: &str) -> (Range<usize>, SourceMap) {
        let span = self.piece(node, b"<");
        let mut map = SourceMap::default();
        let mut at = span.start;
        // The lines of a tag lack what contains them.
        for line in html.split_inclusive('\n') {
            let words = line.trim_start();
            let skip = line.len() - words.len();
            let Some(found) = self.scan.parsed[at..].find(words) else { break };
            let start = (at + found).saturating_sub(skip).max(at);
            map.push_whole(html.len().min(line.as_ptr() as usize - html.as_ptr() as usize), start..at + found);
            at += found + words.len();
            map.push(line.as_ptr() as usize - html.as_ptr() as usize + skip, at - words.len()..at);
        }
        self.line.at = at.max(span.start + 1);
        (span.start..self.line.at, map)
    }

    /// The backslashes before `|` in a cell.
    pub fn pipes(&self, cell: Range<usize>) -> Vec<usize> {
        let source = self.scan.parsed.as_bytes();
        let mut pipes = Vec::new();
        let mut at = cell.start;
        while at + 1 < source.len() && at < cell.end {
            if source[at] == b'\\' {
                pipes.extend((source[at + 1] == b'|').then_some(at));
                at += 1;
            }
            at += 1;
        }
        pipes
    }

    /// The places of a block's lines, which lack what contains them; the first `skip` lines of the block are not in it.
    pub fn lines_of(&self, node: Node<'n>, literal: &str, skip: usize) -> SourceMap {
        let first = self.scan.line_of(self.span(node).start) + skip;
        let mut map = SourceMap::default();
        let mut at = 0;
        for (index, line) in literal.split_inclusive('\n').enumerate() {
            let Some(start) = self.scan.lines.get(first + index).copied() else { break };
            let end = self.scan.lines.get(first + index + 1).copied().unwrap_or(self.scan.parsed.len());
            let typed = &self.scan.parsed[start..end];
            let words = line.trim_end_matches('\n');
            match typed.trim_end_matches('\n').strip_suffix(words) {
                Some(before) => {
                    let start = start + before.len();
                    map.push(at, start..(start + line.len()).min(end));
                }
                // A tab that is partly a container's.
                None => {
                    let words = words.trim_start();
                    let blank = typed.trim_end_matches('\n').strip_suffix(words).map_or(0, str::len);
                    map.push_whole(at, start..start + blank);
                    map.push(at + line.trim_end_matches('\n').len() - words.len(), start + blank..end);
                }
            }
            at += line.len();
        }
        map
    }

    /// A map to bytes of the file for a map to bytes of the body.
    pub fn file_map(&self, map: &SourceMap) -> SourceMap {
        let mut out = SourceMap::default();
        for (at, from, linear) in map.runs() {
            if !linear {
                out.push_whole(at, self.file(from));
                continue;
            }
            let mut start = from.start;
            while start < from.end {
                // Line ends of two bytes are one in the body.
                let next = self.scan.lines.get(self.scan.line_of(start) + 1).copied();
                let end = next.filter(|_| !self.origins.is_empty()).map_or(from.end, |next| next.min(from.end));
                let place = self.file(start..start);
                out.push(at + start - from.start, place.start..place.start + end - start);
                start = end;
            }
        }
        out
    }
}

/// Reads words from a source at a byte, with its escapes and references: their places and their end.
pub(super) fn read_words(source: &str, start: usize, words: &str, escapes: bool) -> Option<(SourceMap, usize)> {
    let mut map = SourceMap::default();
    let (mut at, mut done) = (start, 0);
    while done < words.len() {
        let (rest, wanted) = (source.get(at..)?, &words[done..]);
        let bytes = rest.as_bytes();
        let escaped = escapes && bytes.first() == Some(&b'\\') && bytes.get(1).is_some_and(u8::is_ascii_punctuation);
        let (length, read) = if escaped {
            (2, wanted.starts_with(char::from(bytes[1])).then_some(1)?)
        } else if bytes.first() == Some(&0) {
            (1, wanted.starts_with('\u{FFFD}').then_some(3)?)
        } else if let Some((length, letters)) = html::reference(rest) {
            // HTML and Markdown differ in a few numbers.
            let number = rest.starts_with("&#").then(|| wanted.chars().next().map_or(0, char::len_utf8));
            (length, number.or_else(|| wanted.starts_with(&*letters).then_some(letters.len()))?)
        } else {
            let plain = bytes[1.min(bytes.len())..].iter().position(|byte| matches!(byte, b'\\' | b'&' | 0));
            let length = plain.map_or(bytes.len(), |plain| 1 + plain).min(wanted.len());
            if length == 0 || bytes[..length] != wanted.as_bytes()[..length] {
                return None;
            }
            map.push(done, at..at + length);
            at += length;
            done += length;
            continue;
        };
        map.push_whole(done, at..at + length);
        at += length;
        done += read;
    }
    Some((map, at))
}

#[cfg(test)]
mod tests {
    use super::super::{Document, FactError, Facts, Inline, InlineKind, RegisterTable, for_each_run, parse};
    use crate::html;
    use proptest::prelude::*;
    use std::ops::Range;

    /// Every path but one is a fact.
    struct Known;

    const FACT: &str = "Acme & Sons *Ltd*";

    impl Facts for Known {
        fn lookup(&self, path: &str) -> Result<String, FactError> {
            match path {
                "a.b" => Ok(FACT.to_owned()),
                _ => Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() }),
            }
        }

        fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
            Ok(RegisterTable::default())
        }
    }

    /// Returns the bytes of the source that a reader reads, without comments.
    fn decoded(source: &str) -> String {
        let mut out = String::new();
        let mut rest = source;
        while let Some(letter) = rest.chars().next() {
            let length = if let Some(comment) = rest.strip_prefix("<!--") {
                4 + comment.find("-->").map_or(comment.len(), |end| end + 3)
            } else if rest.starts_with("</b>") {
                // Without its start it is left out.
                4
            } else if rest.starts_with("{{ a.b }}") {
                out.push_str(FACT);
                9
            } else if letter == '\\' && rest[1..].starts_with(|next: char| next.is_ascii_punctuation()) {
                out.push_str(&rest[1..2]);
                2
            } else if let Some((length, words)) = html::reference(rest) {
                out.push_str(&words);
                length
            } else {
                out.push(letter);
                letter.len_utf8()
            };
            rest = &rest[length..];
        }
        out
    }

    fn check(source: &str, inlines: &[Inline], outer: &Range<usize>) -> Result<usize, TestCaseError> {
        let mut count = 0;
        let mut before = outer.start;
        for inline in inlines {
            let Inline { span, kind } = inline;
            prop_assert!(span.start >= before && span.end <= outer.end, "{:?} in {:?} of {:?}", inline, outer, source);
            before = span.end;
            let typed = &source[span.clone()];
            match kind {
                InlineKind::Text { words, .. } => {
                    prop_assert_eq!(&decoded(typed), words, "{:?} of {:?}", span, source);
                    for (at, letter) in words.char_indices() {
                        let place = inline.place(at..at + letter.len_utf8());
                        let read = decoded(&source[place.clone()]);
                        prop_assert!(read == letter.to_string() || read == FACT, "{letter} at {place:?} of {source:?}");
                    }
                    count += 1;
                }
                InlineKind::Emphasis(children) | InlineKind::Strong(children) | InlineKind::Strike(children) => {
                    let mark = typed.as_bytes()[0];
                    prop_assert!(b"*_~".contains(&mark) && typed.as_bytes()[typed.len() - 1] == mark, "{typed:?}");
                    count += check(source, children, span)?;
                }
                InlineKind::Code(_) => prop_assert!(typed.starts_with('`') && typed.ends_with('`'), "{typed:?}"),
                InlineKind::Link { url, target, children, .. } => {
                    let address = decoded(&source[target.clone()]);
                    let bare = url.trim_start_matches("mailto:");
                    let elsewhere = target == span && typed.starts_with('[') && typed.ends_with(']');
                    prop_assert!(elsewhere || address == bare, "{:?} for {:?} of {:?}", address, url, source);
                    count += check(source, children, span)?;
                }
                InlineKind::Image { url, target, .. } => {
                    prop_assert!(typed.starts_with("![") && typed.ends_with(')'), "{typed:?}");
                    prop_assert_eq!(&decoded(&source[target.clone()]), url);
                }
                InlineKind::Element { children, .. } => {
                    prop_assert!(typed.starts_with('<') && typed.ends_with('>'), "{typed:?}");
                    count += check(source, children, span)?;
                }
                InlineKind::SoftBreak => prop_assert!(matches!(typed, "\n" | "\r\n"), "{typed:?} of {source:?}"),
                InlineKind::HardBreak => prop_assert!(typed.ends_with('\n'), "{typed:?} of {source:?}"),
                InlineKind::FootnoteRef { .. } => prop_assert_eq!(typed, "[^n]"),
            }
        }
        Ok(count)
    }

    fn check_document(source: &str, document: &Document) -> Result<usize, TestCaseError> {
        let mut count = 0;
        let notes = document.footnotes.iter().flat_map(|note| &note.blocks);
        for block in document.blocks.iter().chain(notes) {
            let mut result = Ok(());
            for_each_run(block, &mut |run, _| {
                if result.is_ok() {
                    result = check(source, run, &(0..source.len())).map(|found| count += found);
                }
            });
            result?;
        }
        Ok(count)
    }

    const PIECES: &[&str] = &[
        "word",
        "two words",
        "é🙂",
        ".",
        "a",
        "&amp;",
        "R&D &eacute;",
        "&#169;",
        "\\*",
        "\\\\",
        "\\&amp;",
        "x \\[y\\]",
        "`code`",
        "``a ` b``",
        "**bold**",
        "*em **strong** em*",
        "_a_",
        "***both***",
        "~~gone~~",
        "* x",
        "2 * 3",
        "[link](/url)",
        "[once](/url) and [once](/url)",
        "[t](</a b> \"ti\\\"tle\")",
        "[l](/a\\(b)",
        "[](/empty)",
        "![alt](/img.png)",
        "[![alt](/img.png)](/to)",
        "[*em*](/x 'y')",
        "<https://x.example/a?b&amp;c>",
        "<me@acme.example>",
        "https://example.org/x.",
        "mail me@acme.example",
        "{{ a.b }}",
        "({{ a.b }})",
        "[^n]",
        "[ref][r]",
        "[r]",
        "[r][]",
        "<b>raw</b>",
        "a<!-- c -->b",
        "[bracket]",
        "[a] (b)",
        "!",
        "<i>*x*</i>",
        "<a href=\"/raw\">x</a>",
    ];
    /// These go on on the next line.
    const LONG: &[&str] =
        &["[two\nlines](/url)", "[l](\n/url)", "[l](/url\n\"title\")", "`a\nb`", "**a\nb**", "<b\nid=\"x\">c</b>"];
    const CONTAINERS: &[(&str, &str)] = &[
        ("", ""),
        ("> ", "> "),
        (">", ">"),
        ("- ", "  "),
        ("1. ", "   "),
        ("> - ", ">   "),
        ("- > ", "  > "),
        ("## ", ""),
        ("  ", "  "),
        ("Term\n: ", "  "),
        ("> [!NOTE]\n> ", "> "),
        ("- [x] ", "  "),
        ("[^n]: ", "    "),
        ("-\t", "\t"),
    ];

    fn line() -> impl Strategy<Value = String> {
        let piece = prop_oneof![12 => prop::sample::select(PIECES), 1 => prop::sample::select(LONG)];
        prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.join(" "))
    }

    fn block() -> impl Strategy<Value = String> {
        let prose = (
            prop::sample::select(CONTAINERS),
            prop::collection::vec((line(), prop::sample::select(&["", "  ", "\\"])), 1..4),
        )
            .prop_map(|((first, next), lines)| {
                let last = lines.len() - 1;
                let lines: Vec<_> = lines
                    .iter()
                    .enumerate()
                    .map(|(at, (line, end))| format!("{line}{}", if at < last { end } else { &"" }))
                    .collect();
                format!("{first}{}\n", lines.join("\n").replace('\n', &format!("\n{next}")))
            });
        let cell = prop_oneof![line(), Just("a \\| b".to_owned()), Just("`x \\| y` [l](/a\\|b)".to_owned())]
            .prop_map(|cell| cell.replace('\n', " "));
        let table = prop::collection::vec((cell.clone(), cell), 2..4).prop_map(|rows| {
            let rows: Vec<_> = rows.iter().map(|(a, b)| format!("| {a} |  {b}|\n")).collect();
            format!("{}|---|---|\n{}", rows[0], rows[1..].concat())
        });
        prop_oneof![4 => prose, 1 => table]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        /// The bytes at the place of a text are its words.
        #[test]
        fn places_are_exact(
            blocks in prop::collection::vec(block(), 1..5),
            windows in any::<bool>(),
            suppressed in any::<bool>(),
        ) {
            let comment = "<!-- fineprint-suppress x reason=\"y\" until=2027-01-01 -->\n\n";
            let body = blocks.join(if suppressed { "\n" } else { "\n\n" }).replacen("\n\n", &format!("\n\n{}", if suppressed { comment } else { "" }), 1);
            let mut source = format!("+++\ntitle = \"x\"\n+++\n\u{feff}\n{body}\n\n[^n]: Note.\n\nSee [^n].\n\n[r]: /reference\n");
            if windows {
                source = source.replace('\n', "\r\n");
            }
            let start = source.find('\u{feff}').unwrap_or(0);
            let parsed = parse(&"policy.md".into(), &source, start, false, &Known, &mut Vec::new());
            prop_assert!(check_document(&source, &parsed.document)? > 0);
        }
    }
}
