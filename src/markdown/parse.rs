//! Reads a text: from the bytes of a file to the tree.
//!
//! In: a file's text and the facts. Out: the tree, the resolved text, findings. Must not know: HTML pages, files.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options};

use super::raw_block::html_of;
use super::reader::{Reader, Scope};
use super::resolve::{self, Splice};
use super::scan::Scan;
use super::{Document, Facts, Parsed, SuppressionComment, suppress};
use crate::diagnostic::Diagnostic;

/// Stands for four blanks at the beginning of a line; four bytes long, and no letter of any language.
pub(super) const INDENT: char = '\u{10fffd}';

/// Reads the Markdown of `text` from byte `body` on. Findings speak of the whole file.
pub fn parse(
    path: &Arc<str>,
    text: &str,
    body: usize,
    numbering: bool,
    facts: &dyn Facts,
    findings: &mut Vec<Diagnostic>,
) -> Parsed {
    let start = text.get(body..).map_or(text.len(), |rest| body + if rest.starts_with('\u{feff}') { 3 } else { 0 });
    let (body, origins, suppression_comments) = lines_of(&text[start..], start);
    let mut scan = Scan::new(&body, facts);
    let arena = Arena::new();
    let mut root = comrak::parse_document(&arena, &scan.parsed, &options());
    if let Some(prose) = indented_prose(root, &scan.parsed) {
        scan.parsed = Cow::Owned(prose);
        root = comrak::parse_document(&arena, &scan.parsed, &options());
    }
    let mut reader = Reader::new(scan, start, origins, path, text, numbering, facts, findings);
    reader.gather(root);
    let blocks = reader.blocks(root, Scope::default());
    // Notes may refer to further notes.
    let mut next = 0;
    while next < reader.waiting.len() {
        let node = reader.waiting[next];
        let blocks = reader.blocks(node, Scope { list: true, ..Scope::default() });
        reader.footnotes[next].blocks = blocks;
        next += 1;
    }
    reader.report_looks();
    reader.report_scan();
    reader.report_hidden(text);
    reader.report_foreign(&blocks);
    let Reader { scan, mut splices, uses, footnotes, .. } = reader;
    for (expression, text) in scan.expressions.iter().zip(uses) {
        if let Some(text) = text {
            splices.push(Splice { range: expression.span.clone(), text });
        }
    }
    let document = Document { blocks, footnotes };
    let mut suppression_comments = suppression_comments;
    suppress::place(&document, &mut suppression_comments);
    Parsed { document, resolved: resolve::resolve(scan.text, splices), suppression_comments }
}

/// Indented text as prose: in a policy it is pasted, not code. Each indent gives way to a character of its own length,
/// which is taken out of the words again, so that every byte keeps its place.
fn indented_prose(root: Node<'_>, text: &str) -> Option<String> {
    let mut indented = HashSet::new();
    let mut lines: Option<Vec<&str>> = None;
    for node in root.children() {
        let data = node.data();
        if !matches!(&data.value, NodeValue::CodeBlock(code) if !code.fenced) || html_of(&data.value).is_some() {
            continue;
        }
        let lines = lines.get_or_insert_with(|| text.split('\n').collect());
        let end = data.sourcepos.end.line;
        // What follows without a blank line between would become part of the paragraph.
        if lines.get(end).is_none_or(|next| next.trim().is_empty()) {
            indented.extend(data.sourcepos.start.line..=end);
        }
    }
    if indented.is_empty() || text.contains(INDENT) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        match line.strip_prefix("    ").filter(|_| indented.contains(&(index + 1))) {
            Some(rest) if !rest.trim().is_empty() => {
                out.push(INDENT);
                out.push_str(rest);
            }
            _ => out.push_str(line),
        }
    }
    Some(out)
}

/// The text with LF line ends and without suppressions, where its lines started, and the suppressions.
fn lines_of(text: &str, base: usize) -> (Cow<'_, str>, Vec<usize>, Vec<SuppressionComment>) {
    let (suppression_comments, without) = suppress::take(text, base);
    if without.is_empty() && !text.contains('\r') {
        return (Cow::Borrowed(text), Vec::new(), suppression_comments);
    }
    let mut without = without.into_iter().peekable();
    let mut out = String::with_capacity(text.len());
    let mut origins = Vec::new();
    let mut done = 0;
    while done < text.len() {
        if let Some(gone) = without.next_if(|gone| gone.start <= done) {
            done = done.max(gone.end);
            continue;
        }
        origins.push(done);
        let end = text[done..].find(['\r', '\n']).map_or(text.len(), |at| done + at);
        out.push_str(&text[done..end]);
        done = end;
        if end < text.len() {
            out.push('\n');
            done += if text[end..].starts_with("\r\n") { 2 } else { 1 };
        }
    }
    if out.is_empty() || out.ends_with('\n') {
        origins.push(done);
    }
    (Cow::Owned(out), origins, suppression_comments)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.alerts = true;
    extension.block_directive = true;
    extension.header_attributes = true;
    // A note that nothing refers to would vanish without a word.
    options.parse.leave_footnote_definitions = true;
    // Words beside emphasis have no blanks around them in Chinese, Japanese and Korean.
    options.extension.cjk_friendly_emphasis = true;
    options
}
