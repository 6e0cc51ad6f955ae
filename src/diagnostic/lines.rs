//! Where lines start: bytes to lines and columns, for many findings in one text.
//!
//! In: a text. Out: positions. Must not know: findings.

use std::ops::Range;

/// The starts of a text's lines.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Lines<'t> {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        Lines { text, starts }
    }

    /// Line from 1, and column from 1 in the units that `width` gives for a letter.
    pub fn position(&self, at: usize, width: impl Fn(char) -> usize) -> (usize, usize) {
        let at = self.text.floor_char_boundary(at);
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        (line, 1 + self.text[start..at].chars().map(width).sum::<usize>())
    }

    /// The bytes of a span, on boundaries of letters, whatever it was.
    pub fn clamp_in(text: &str, span: &Range<usize>) -> Range<usize> {
        let start = text.floor_char_boundary(span.start);
        start..text.ceil_char_boundary(span.end.clamp(start, text.len()))
    }

    pub fn text(&self) -> &'t str {
        self.text
    }
}

/// Line and column of one byte, both from 1, the column in characters.
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    (1 + line_ends(&text.as_bytes()[..start]), 1 + text[start..at].chars().count())
}

/// How many lines end in these bytes. Counted in blocks that a processor counts at once: a report counts often.
pub(super) fn line_ends(bytes: &[u8]) -> usize {
    bytes.chunks(255).map(|block| usize::from(block.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_counted_across_blocks() {
        assert_eq!(line_ends("\n".repeat(1000).as_bytes()), 1000);
        assert_eq!(line_ends(b"a\nb"), 1);
        assert_eq!(line_ends(b""), 0);
    }

    #[test]
    fn columns_count_in_the_units_asked_for() {
        let lines = Lines::new("a\n🙂é x\n");
        let at = "a\n🙂é ".len();
        assert_eq!(lines.position(at, |_| 1), (2, 4));
        assert_eq!(lines.position(at, char::len_utf16), (2, 5));
        assert_eq!(lines.position(at, char::len_utf8), (2, 8));
        assert_eq!(lines.position(3, |_| 1), (2, 1), "inside a letter");
        assert_eq!(lines.position(999, |_| 1), (3, 1));
    }
}
