//! Suppressions in a text: `<!-- fineprint-suppress RULE reason="…" until=2027-06-01 -->` on lines of its own.
//!
//! In: the body of a text. Out: what the suppressions say and where, and the lines that are taken out before Markdown is read,
//! so that a suppression is never published and never changes the resolved text. Must not know: rules, findings, dates.

use super::{Block, BlockKind, Document};
use std::ops::Range;

/// A suppression as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressionComment {
    /// The text between `fineprint-suppress` and `-->`.
    pub text: String,
    /// Bytes of the comment in the file.
    pub span: Range<usize>,
    /// Bytes of the file that it speaks for: the block behind it, or the paragraph around it.
    pub of: Range<usize>,
}

const WORD: &str = "fineprint-suppress";
/// A comment over more lines than this was most likely never closed.
const MAX_LINES: usize = 12;

/// The suppressions of a text, and the bytes of it that are left out: whole lines, in order.
pub(super) fn take(text: &str, base: usize) -> (Vec<SuppressionComment>, Vec<Range<usize>>) {
    if !text.contains(WORD) {
        return (Vec::new(), Vec::new());
    }
    let lines: Vec<Range<usize>> = lines(text);
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    let mut fence: Option<(char, usize)> = None;
    let mut blank_before = true;
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let words = text[line.clone()].trim();
        if let Some((mark, length)) = fence {
            if closes(words, mark, length) {
                fence = None;
            }
        } else if let Some(opened) = opens(words) {
            fence = Some(opened);
        } else if let Some((inside, last)) = suppression(text, &lines, index) {
            let start = line.start + text[line.clone()].find("<!--").unwrap_or(0);
            let end = lines[last].start + text[lines[last].clone()].trim_end().len();
            found.push(SuppressionComment { text: inside, span: base + start..base + end, of: base..base });
            let mut next = last + 1;
            let blank = |at: usize| lines.get(at).is_none_or(|line| text[line.clone()].trim().is_empty());
            if blank_before && blank(next) && next < lines.len() {
                next += 1;
            }
            gone.push(line.start..lines.get(next).map_or(text.len(), |line| line.start));
            index = next;
            continue;
        }
        blank_before = words.is_empty();
        index += 1;
    }
    (found, gone)
}

/// The words of a suppression that begins on this line and the line on which it ends, if nothing else stands on them.
fn suppression(text: &str, lines: &[Range<usize>], first: usize) -> Option<(String, usize)> {
    let line = text[lines[first].clone()].trim_start();
    let rest = line.strip_prefix("<!--")?.trim_start().strip_prefix(WORD)?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
        return None;
    }
    let start = lines[first].end - rest.len();
    for (last, line) in lines.iter().enumerate().skip(first).take(MAX_LINES) {
        let from = start.max(line.start);
        if let Some(at) = text[from..line.end].find("-->") {
            let inside = text[start..from + at].trim().to_string();
            return text[from + at + 3..line.end].trim().is_empty().then_some((inside, last));
        }
    }
    None
}

/// The bytes of each line with its end.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = match text[start..].find(['\r', '\n']) {
            Some(at) if text[start + at..].starts_with("\r\n") => start + at + 2,
            Some(at) => start + at + 1,
            None => text.len(),
        };
        out.push(start..end);
        start = end;
    }
    out
}

fn opens(line: &str) -> Option<(char, usize)> {
    let line = line.trim_start_matches(['-', '*', '+', '>', ' ', '\t']);
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    // A line of code in backticks is no fence.
    (length >= 3 && (mark == '~' || !line[length..].contains('`'))).then_some((mark, length))
}

fn closes(line: &str, mark: char, length: usize) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t']);
    line.chars().count() >= length && line.chars().all(|c| c == mark)
}

/// Finds what each suppression speaks for.
pub(super) fn place(document: &Document, suppression_comments: &mut [SuppressionComment]) {
    if suppression_comments.is_empty() {
        return;
    }
    let mut units = Vec::new();
    gather(&document.blocks, &mut units);
    for note in &document.footnotes {
        gather(&note.blocks, &mut units);
    }
    units.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    for suppression_comment in suppression_comments {
        let at = suppression_comment.span.clone();
        let around = units.iter().find(|(span, leaf)| *leaf && span.start < at.start && span.end > at.end);
        let behind = || units.iter().find(|(span, _)| span.start >= at.end);
        if let Some((span, _)) = around.or_else(behind) {
            suppression_comment.of = span.clone();
        }
    }
}

/// Blocks, items and rows with their places, and whether nothing stands inside that has a place of its own.
fn gather(blocks: &[Block], units: &mut Vec<(Range<usize>, bool)>) {
    for block in blocks {
        let leaf = matches!(
            block.kind,
            BlockKind::Paragraph(_) | BlockKind::Heading(_) | BlockKind::Code { .. } | BlockKind::Html { .. }
        );
        units.push((block.span.clone(), leaf));
        match &block.kind {
            BlockKind::List(list) => {
                for item in &list.items {
                    units.push((item.span.clone(), false));
                    gather(&item.blocks, units);
                }
            }
            BlockKind::Table(table) if table.register.is_none() => {
                units.extend(table.rows.iter().map(|row| (row.span.clone(), true)));
            }
            BlockKind::Definitions(definitions) => {
                definitions.iter().flat_map(|definition| &definition.details).for_each(|inner| gather(inner, units));
            }
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => gather(inner, units),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        let mut out = String::new();
        let mut done = 0;
        for gone in take(text, 0).1 {
            out.push_str(&text[done..gone.start]);
            done = gone.end;
        }
        out + &text[done..]
    }

    #[test]
    fn a_text_with_a_suppression_is_the_text_without_it() {
        let suppression = "<!-- fineprint-suppress empty-section reason=\"so\" until=2027-01-01 -->";
        assert_eq!(without(&format!("One.\n\n{suppression}\nTwo.\n")), "One.\n\nTwo.\n");
        assert_eq!(without(&format!("One.\n\n{suppression}\n\nTwo.\n")), "One.\n\nTwo.\n");
        assert_eq!(without(&format!("- one\n{suppression}\n- two\n")), "- one\n- two\n");
        assert_eq!(without(&format!("One.\r\n\r\n{suppression}\r\nTwo.")), "One.\r\n\r\nTwo.");
        assert_eq!(without(suppression), "");
        assert_eq!(without("a\n<!-- fineprint-suppress x\nreason=\"y\"\n-->\nb"), "a\nb");
    }

    #[test]
    fn code_other_comments_and_halves_stay() {
        for text in [
            "```\n<!-- fineprint-suppress x -->\n```\n",
            "~~~~\n<!-- fineprint-suppress x -->\n~~~\n<!-- fineprint-suppress x -->\n~~~~\n",
            "<!-- fineprint-suppression x -->\n",
            "<!-- fineprint-suppress x\nnever closed\n",
            "Words <!-- fineprint-suppress x --> words\n",
            "<!-- a comment -->\n",
        ] {
            assert_eq!(without(text), text);
        }
    }
}
