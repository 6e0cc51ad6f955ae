//! `:::register` and `:::summary`.
//!
//! In: a directive's node. Out: a table of the register's rows, a summary, or the directive's content as it stands.
//! Must not know: what registers are made of.

use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::blocks::Gathered;
use super::reader::{Reader, Scope, key};
use super::resolve::Splice;
use super::{Align, Block, BlockKind, Inline, InlineKind, RegisterTable, Row, Table, escape, inline};
use crate::diagnostic::did_you_mean;

const DIRECTIVES: [&str; 2] = ["register", "summary"];

/// The opening line, taken apart.
struct Opening<'t> {
    name: &'t str,
    name_span: Range<usize>,
    /// Words and `key="value"` after the name.
    arguments: Vec<Argument<'t>>,
}

struct Argument<'t> {
    span: Range<usize>,
    key: Option<&'t str>,
    value: &'t str,
}

/// Facts about a directive that are known before the text is read.
pub(super) struct Directive {
    last_line: usize,
    closed: bool,
    /// Content of the register, if it exists.
    table: Option<RegisterTable>,
}

impl Directive {
    fn has_rows(&self) -> bool {
        self.table.as_ref().is_some_and(|table| !table.rows.is_empty() && !table.head.is_empty())
    }
}

impl<'n, 't> Reader<'n, 't> {
    /// Looks at a directive. True if rows of a register take the place of what stands inside.
    pub fn gather_directive(&mut self, node: Node<'n>, length: usize) -> bool {
        let span = self.span(node);
        let last_line = self.scan.line_of(span.end.saturating_sub(1).max(span.start));
        // A fence closes only the outermost directive that it can close.
        let taken = node.ancestors().skip(1).any(|outer| {
            self.directives.get(&key(outer)).is_some_and(|outer| outer.closed && outer.last_line == last_line)
        });
        let mut directive =
            Directive { last_line, closed: !taken && self.closes(last_line, span.start, length), table: None };
        let opening = self.opening(span.start);
        if opening.name == "register" && directive.closed {
            directive.table = self.register(&opening);
        }
        let has_rows = directive.has_rows();
        self.directives.insert(key(node), directive);
        has_rows
    }

    fn register(&mut self, opening: &Opening) -> Option<RegisterTable> {
        let mut name = None;
        let mut columns = None;
        for argument in &opening.arguments {
            match argument.key {
                None if name.is_none() => name = Some(argument.value),
                Some("columns") if columns.is_none() => {
                    let list = argument.value.split(',').map(str::trim).filter(|column| !column.is_empty());
                    columns = Some(list.map(str::to_owned).collect::<Vec<_>>());
                }
                _ => {
                    self.bad_argument(argument, "`:::register` takes a register's name and `columns=\"name, purpose\"`")
                }
            }
        }
        let Some(name) = name else {
            let finding = self
                .finding("directive-argument", opening.name_span.clone(), "`:::register` without a register's name")
                .help("write `:::register processors`");
            self.find(finding);
            return None;
        };
        match self.facts.register(name, columns.as_deref()) {
            Ok(table) => Some(table),
            Err(error) => {
                let end = opening.arguments.last().map_or(opening.name_span.end, |argument| argument.span.end);
                let mut finding = self.finding(error.code, opening.name_span.start..end, error.message);
                finding.help = error.help;
                self.find(finding);
                None
            }
        }
    }

    fn bad_argument(&mut self, argument: &Argument, help: &str) {
        let message = format!("`{}` means nothing here", argument.key.unwrap_or(argument.value));
        let finding = self.finding("directive-argument", argument.span.clone(), message).help(help);
        self.find(finding);
    }

    /// The words of the line that starts with a fence at byte `start`.
    fn opening(&self, start: usize) -> Opening<'t> {
        let text: &'t str = self.scan.text;
        let line = text[start..].lines().next().unwrap_or_default().trim_end();
        let fence = line.len() - line.trim_start_matches(':').len();
        let mut words = Vec::new();
        let mut at = fence;
        while at < line.len() {
            let rest = &line[at..];
            let blank = rest.len() - rest.trim_start().len();
            if blank > 0 {
                at += blank;
                continue;
            }
            let mut quoted = false;
            let end = rest
                .find(|letter: char| {
                    quoted ^= letter == '"';
                    letter.is_whitespace() && !quoted
                })
                .unwrap_or(rest.len());
            let word = &rest[..end];
            let (key, value) = match word.split_once('=') {
                Some((key, value)) => (Some(key), value),
                None => (None, word),
            };
            words.push(Argument { span: start + at..start + at + end, key, value: value.trim_matches('"') });
            at += end;
        }
        let mut words = words.into_iter();
        let (name, name_span) = match words.next() {
            Some(word) => (&text[word.span.clone()], word.span),
            None => ("", start..start + fence),
        };
        Opening { name, name_span, arguments: words.collect() }
    }

    pub fn directive(&mut self, node: Node<'n>, scope: Scope, out: &mut Gathered) {
        let span = self.span(node);
        let opening = self.opening(span.start);
        let line = span.start..span.start + self.scan.text[span.clone()].find('\n').unwrap_or(span.len());
        let Some(directive) = self.directives.remove(&key(node)) else {
            return self.gather_blocks(node, scope, out);
        };
        if opening.name.is_empty() {
            let finding = self
                .finding("unnamed-directive", line, "a fence `:::` that opens nothing")
                .help("take it out, or name a directive after it: `:::summary`");
            self.find(finding);
            return self.gather_blocks(node, scope, out);
        }
        if !DIRECTIVES.contains(&opening.name) {
            let message = format!("there is no directive `{}`", opening.name);
            let mut finding = self.finding("unknown-directive", opening.name_span, message);
            finding = match did_you_mean(opening.name, DIRECTIVES) {
                Some(near) => finding.help(format!("did you mean `:::{near}`?")),
                None => finding.help("write `:::register NAME` or `:::summary`"),
            };
            self.find(finding);
            return self.gather_blocks(node, scope, out);
        }
        if !directive.closed {
            let finding = self
                .finding("unclosed-directive", line, format!("`:::{}` is never closed", opening.name))
                .help("close it with a line `:::`");
            self.find(finding);
        }
        if opening.name == "summary" {
            for argument in &opening.arguments {
                self.bad_argument(argument, "`:::summary` takes nothing after its name");
            }
            let blocks = self.blocks(node, scope);
            out.blocks.push(Block { span: self.file(span), kind: BlockKind::Summary(blocks) });
            return;
        }
        let has_rows = directive.has_rows();
        let last_line = directive.last_line;
        match directive.table {
            Some(table) if has_rows => {
                let name = opening.arguments.iter().find(|argument| argument.key.is_none());
                let name = name.map_or("", |argument| argument.value);
                let (table, rows) = self.register_table(name, table, &span);
                let plain_before = self.plain_before(node, out);
                let text = self.in_container(&span, last_line, scope, plain_before, &rows);
                self.splices.push(Splice { range: span.clone(), text });
                out.blocks.push(Block { span: self.file(span), kind: BlockKind::Table(table) });
            }
            known => {
                if known.is_some() {
                    self.drop_fences(node, &span, last_line, scope, out);
                }
                self.gather_blocks(node, scope, out);
            }
        }
    }

    /// True if a line is a fence that closes a directive of this length, which starts at byte `start`.
    fn closes(&self, line: usize, start: usize, length: usize) -> bool {
        if line == self.scan.line_of(start) {
            return false;
        }
        let text = self.scan.line(line).trim_end();
        let before = text.trim_end_matches(':');
        text.len() - before.len() >= length && before.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
    }

    /// The table of a register, and its lines as Markdown.
    fn register_table(&self, name: &str, register: RegisterTable, span: &Range<usize>) -> (Table, Vec<String>) {
        let width = register.head.len();
        let place = self.file(span.clone());
        let mut lines = Vec::with_capacity(register.rows.len() + 2);
        let head: Vec<String> = register.head.iter().map(|label| escape::plain(label).into_owned()).collect();
        lines.push(row(head.iter().map(|label| escape::text_alone(label))));
        lines.push(row(head.iter().map(|_| "---".to_owned())));
        let mut rows = Vec::with_capacity(register.rows.len());
        for (id, cells) in register.rows {
            let mut sources = Vec::with_capacity(width);
            let mut parsed = Vec::with_capacity(width);
            let mut cells = cells.into_iter();
            for column in 0..width {
                let cell = cells.next().unwrap_or_default();
                let words = escape::plain(&cell.text).into_owned();
                let href = cell.href.filter(|href| column > 0 && !words.is_empty() && !super::raw::unsafe_link(href));
                let source = escape::text_alone(&words);
                match href {
                    Some(href) => {
                        let url = escape::url(&escape::plain(&href));
                        sources.push(format!("[{source}]({})", escape::target(&url)));
                        let children = vec![Inline::whole(words, place.clone())];
                        let kind = InlineKind::Link { url, title: String::new(), target: place.clone(), children };
                        parsed.push(vec![Inline { span: place.clone(), kind }]);
                    }
                    None => {
                        sources.push(source);
                        parsed.push(inline::words(words, &place));
                    }
                }
            }
            lines.push(row(sources.into_iter()));
            rows.push(Row { span: place.clone(), key: Some(id), cells: parsed });
        }
        let head = head.into_iter().map(|label| inline::words(label, &place)).collect();
        (Table { register: Some(name.to_owned()), align: vec![Align::None; width], head, rows }, lines)
    }

    /// Lines in place of a directive, inside the quotes and lists that hold it.
    fn in_container(
        &self,
        span: &Range<usize>,
        last_line: usize,
        scope: Scope,
        plain_before: bool,
        lines: &[String],
    ) -> String {
        let (prefix, first) = self.prefix(span.start);
        let mut out = String::new();
        // In and after a list a blank line would change more than it shows; a comment is never shown.
        let comment = |blank: bool| if blank { "" } else { "<!-- -->" };
        if !first && !self.blank_line(self.scan.line_of(span.start).wrapping_sub(1)) {
            out.push_str(comment(!scope.list && plain_before));
            push_line(&mut out, &prefix);
        }
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                push_line(&mut out, &prefix);
            }
            out.push_str(line);
        }
        if !self.blank_line(last_line + 1) {
            push_line(&mut out, &prefix);
            out.push_str(comment(!scope.list));
        }
        out
    }

    /// The text before a node ends with its last line, whatever follows. It has been read and is in `out`, unless
    /// it is a note.
    fn plain_before(&self, node: Node<'n>, out: &Gathered) -> bool {
        match (node.previous_sibling(), out.blocks.last()) {
            (None, _) => true,
            (Some(before), Some(block)) => {
                block.span == self.file(self.span(before))
                    && matches!(
                        block.kind,
                        BlockKind::Paragraph(_) | BlockKind::Heading(_) | BlockKind::Table(_) | BlockKind::Rule
                    )
            }
            _ => false,
        }
    }

    /// Prefix of a directive's lines after the first, and whether a list marker comes before it.
    fn prefix(&self, start: usize) -> (String, bool) {
        let line = self.scan.lines[self.scan.line_of(start)];
        let typed = &self.scan.text[line..start];
        let mut first = false;
        let prefix = typed
            .chars()
            .map(|letter| match letter {
                ' ' | '\t' | '>' => letter,
                _ => {
                    first = true;
                    ' '
                }
            })
            .collect();
        (prefix, first)
    }

    /// No such line, or nothing on it but what contains it.
    pub fn blank_line(&self, line: usize) -> bool {
        self.scan.line(line).bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
    }

    /// The content takes the directive's place: its fences go.
    fn drop_fences(&mut self, node: Node<'n>, span: &Range<usize>, last_line: usize, scope: Scope, out: &Gathered) {
        let plain = |node: Node| {
            matches!(
                node.data().value,
                NodeValue::Paragraph | NodeValue::Heading(_) | NodeValue::Table(_) | NodeValue::ThematicBreak
            )
        };
        let before = self.plain_before(node, out);
        let (_, first) = self.prefix(span.start);
        // `:` after a paragraph would make it a term and its definition.
        let colon = |from: usize| self.scan.text[from..].trim_start_matches([' ', '\t', '>', '\n']).starts_with(':');
        let opening_line = self.scan.line_of(span.start);
        let end = self.scan.lines[opening_line] + self.scan.line(opening_line).len();
        let blank_before = !scope.list
            && !first
            && before
            && node.first_child().is_none_or(|node| !matches!(node.data().value, NodeValue::CodeBlock(_)))
            && !colon(end);
        let blank_after = !scope.list && node.last_child().is_none_or(plain) && !colon(span.end);
        let fence_start = {
            let start = self.scan.lines[last_line];
            let line = self.scan.line(last_line).trim_end();
            start + line.trim_end_matches(':').len()
        };
        let comment = |blank: bool| if blank { String::new() } else { "<!-- -->".to_owned() };
        self.splices.push(Splice { range: span.start..end, text: comment(blank_before) });
        self.splices.push(Splice { range: fence_start..span.end, text: comment(blank_after) });
    }
}

fn push_line(out: &mut String, prefix: &str) {
    out.truncate(out.trim_end_matches([' ', '\t']).len());
    out.push('\n');
    out.push_str(prefix);
}

fn row(cells: impl Iterator<Item = String>) -> String {
    let mut out = String::from("|");
    for cell in cells {
        out.push(' ');
        out.push_str(&cell);
        out.push_str(" |");
    }
    out
}
