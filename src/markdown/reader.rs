//! The state of one reading: places, findings, and what is known of the whole text.
//!
//! In: the scanned text. Out: bytes of the file for bytes of the body, findings there. Must not know: blocks, inlines.

use std::collections::{HashMap, HashSet};
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{Node, Sourcepos};

use super::directive::Directive;
use super::foreign::marks;
use super::hidden::{Hidden, hidden};
use super::resolve::Splice;
use super::scan::Scan;
use super::sections::Sections;
use super::{Block, Facts, Footnote, MAX_DEPTH};
use crate::diagnostic::{Diagnostic, Severity};

/// Findings of one code in one text: after so many, more of them help nobody.
const MAX_FINDINGS: usize = 100;

/// Where a piece of text stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Scope {
    /// Inside a link: no link may stand here.
    pub link: bool,
    /// Inside a heading: references to sections are words only.
    pub heading: bool,
    /// Inside a list or a note, where a blank line is not only a blank line.
    pub list: bool,
}

/// The state of one reading. `'n` is the life of comrak's nodes.
pub(super) struct Reader<'n, 't> {
    pub scan: Scan<'t>,
    /// Byte of the file at which the scanned text starts.
    pub base: usize,
    /// Where each line starts before CRLF became LF; empty if nothing changed.
    pub origins: Vec<usize>,
    pub path: &'t Arc<str>,
    /// The whole file.
    pub file_text: &'t str,
    pub facts: &'t dyn Facts,
    pub findings: &'t mut Vec<Diagnostic>,
    pub counts: Vec<(&'static str, usize)>,
    pub numbering: bool,
    pub sections: Sections,
    /// Every id that is taken.
    pub ids: HashSet<String>,
    pub directives: HashMap<usize, Directive>,
    pub definitions: HashMap<String, Node<'n>>,
    pub footnotes: Vec<Footnote>,
    pub note_of: HashMap<String, usize>,
    /// The definitions of `footnotes`.
    pub waiting: Vec<Node<'n>>,
    /// For each expression what replaces it in the source.
    pub uses: Vec<Option<String>>,
    pub reported: Vec<bool>,
    pub splices: Vec<Splice>,
    pub depth: usize,
    pub raw_blocks: usize,
    /// How many bytes references to sections may still add.
    pub section_bytes: usize,
    /// Bytes of code and comments, where braces mean nothing.
    pub code: Vec<Range<usize>>,
    pub line: Line,
}

/// How far the words of a paragraph, a heading or a cell have been found in the body.
#[derive(Default)]
pub(super) struct Line {
    /// Where the next piece of it can begin.
    pub at: usize,
    pub end: usize,
    /// Backslashes before `|` in a cell, which comrak takes out before it counts columns.
    pub pipes: Vec<usize>,
}

impl Line {
    /// The byte of the body for a byte that was counted after backslashes before `|` were taken out.
    fn unescaped(&self, at: usize) -> usize {
        self.pipes.iter().fold(at, |at, pipe| if at >= *pipe { at + 1 } else { at })
    }
}

/// Identity of a node.
pub(super) fn key(node: Node) -> usize {
    std::ptr::from_ref(node) as usize
}

impl<'n, 't> Reader<'n, 't> {
    pub fn new(
        scan: Scan<'t>,
        base: usize,
        origins: Vec<usize>,
        path: &'t Arc<str>,
        file_text: &'t str,
        numbering: bool,
        facts: &'t dyn Facts,
        findings: &'t mut Vec<Diagnostic>,
    ) -> Self {
        let expressions = scan.expressions.len();
        Reader {
            uses: vec![None; expressions],
            reported: vec![false; expressions],
            sections: Sections::default(),
            numbering,
            ids: HashSet::new(),
            directives: HashMap::new(),
            definitions: HashMap::new(),
            footnotes: Vec::new(),
            note_of: HashMap::new(),
            waiting: Vec::new(),
            splices: Vec::new(),
            depth: 0,
            raw_blocks: 0,
            section_bytes: 8 << 20,
            code: Vec::new(),
            counts: Vec::new(),
            line: Line::default(),
            base,
            origins,
            scan,
            path,
            file_text,
            facts,
            findings,
        }
    }

    pub fn find(&mut self, finding: Diagnostic) {
        let at = match self.counts.iter().position(|(code, _)| *code == finding.code) {
            Some(at) => at,
            None => {
                self.counts.push((finding.code, 0));
                self.counts.len() - 1
            }
        };
        self.counts[at].1 += 1;
        if self.counts[at].1 <= MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// A finding at bytes of the body.
    pub fn finding(&self, code: &'static str, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.path, self.file(span))
    }

    /// Bytes of the file for bytes of the body.
    pub fn file(&self, span: Range<usize>) -> Range<usize> {
        self.origin(span.start)..self.origin(span.end)
    }

    fn origin(&self, at: usize) -> usize {
        if self.origins.is_empty() {
            return self.base + at;
        }
        let line = self.scan.line_of(at);
        self.base + self.origins[line] + at - self.scan.lines[line]
    }

    /// Bytes of the body that a node covers.
    pub fn span(&self, node: Node) -> Range<usize> {
        let Sourcepos { start, end } = node.data().sourcepos;
        let text = self.scan.text;
        let byte = |line: usize, column: usize| {
            let line = self.scan.lines.get(line.saturating_sub(1)).copied().unwrap_or(text.len());
            text.ceil_char_boundary(self.line.unescaped(line + column).min(text.len()))
        };
        let start = byte(start.line, start.column.saturating_sub(1));
        start..byte(end.line, end.column).max(start)
    }

    /// Finds problems with braces and depth. It runs after the tree is read, because braces in code do not count.
    pub fn report_scan(&mut self) {
        self.code.sort_by_key(|span| span.start);
        for stray in mem::take(&mut self.scan.strays) {
            let before = self.code.partition_point(|span| span.start <= stray.span.start);
            if before > 0 && self.code[before - 1].end >= stray.span.end {
                continue;
            }
            let typed = &self.scan.text[stray.span.clone()];
            let finding = if stray.closed {
                self.finding("invalid-expression", stray.span.clone(), format!("`{}` is not a path", excerpt(typed)))
                    .help("write a dotted path such as `{{ organization.legal_name }}`")
                    .help("write `\\{{` for braces that mean nothing")
            } else {
                self.finding(
                    "unmatched-brace",
                    stray.span.clone(),
                    format!("`{typed}` without its other half on this line"),
                )
                .help(if typed == "{{" {
                    "close the expression with `}}`, or write `\\{{`"
                } else {
                    "open the expression with `{{`, or write `\\}}`"
                })
            };
            self.find(finding);
        }
        for span in mem::take(&mut self.scan.too_deep) {
            let end = span.end.min(span.start + 80);
            self.too_deep(span.start..end);
        }
        if let Some(span) = self.scan.no_tokens.take() {
            let finding = self
                .finding("too-many-expressions", span, "no expression from here on can be expanded")
                .help("take private-use characters (U+F0000 and above) out of the text, or use fewer than 65,000 expressions");
            self.find(finding);
        }
    }

    /// Characters that make the text say something else than it shows; in the front matter as well, which has titles.
    pub fn report_hidden(&mut self, text: &str) {
        for (span, hidden) in hidden(text) {
            let (severity, message) = match hidden {
                Hidden::Control(letter) => {
                    (Severity::Error, format!("the invisible character U+{:04X}", u32::from(letter)))
                }
                Hidden::Invisible(letter) => {
                    (Severity::Warning, format!("the invisible character U+{:04X} inside a word", u32::from(letter)))
                }
                Hidden::Mixed => {
                    (Severity::Warning, format!("`{}` mixes letters of two alphabets", excerpt(&text[span.clone()])))
                }
            };
            let mut finding = Diagnostic::new("hidden-character", message).at(self.path, span);
            finding = finding.help(match hidden {
                Hidden::Mixed => "type the word again with letters of one alphabet",
                _ => "delete the character",
            });
            finding.severity = severity;
            self.find(finding);
        }
    }

    /// Marks that would be published as they are typed.
    pub fn report_foreign(&mut self, blocks: &[Block]) {
        let notes = self.footnotes.iter().flat_map(|note| marks(&note.blocks));
        for span in marks(blocks).into_iter().chain(notes).collect::<Vec<_>>() {
            let typed = self.file_text.get(span.clone()).unwrap_or_default();
            let message = format!("`{}` is published as it is typed", excerpt(typed).replace('`', "'"));
            let finding = Diagnostic::new("foreign-markup", message).at(self.path, span).help(
                "write it in CommonMark (`> [!NOTE]` for a note), or put a backslash before the mark if you mean it",
            );
            self.find(finding);
        }
    }

    pub fn too_deep(&mut self, span: Range<usize>) {
        let finding = self
            .finding("too-deeply-nested", span, format!("more than {MAX_DEPTH} elements inside one another"))
            .help("nest lists, quotes and emphasis less deeply");
        self.find(finding);
    }
}

/// A piece of the text short enough for a message.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 48 {
        return line.to_owned();
    }
    line.chars().take(47).chain(['…']).collect()
}
