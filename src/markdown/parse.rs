//! Turns a text into our tree: the blocks.
//!
//! In: a file's text and the facts. Out: the tree, the resolved text, findings. Must not know: HTML pages, files.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{AlertType, ListType, Node, NodeValue, Sourcepos, TableAlignment};
use comrak::{Arena, Options};

use super::directive::Directive;
use super::raw::{self, Change, Dropped, Part, Why};
use super::resolve::{self, Splice};
use super::scan::Scan;
use super::sections::Sections;
use super::suppress;
use super::{
    Align, Block, BlockKind, Definition, Document, Facts, Footnote, Heading, Item, List, MAX_DEPTH, Parsed, Row,
    SuppressionComment, Table, escape,
};
use crate::diagnostic::Diagnostic;

/// Stands for four blanks at the beginning of a line; four bytes long, and no letter of any language.
pub(super) const INDENT: char = '\u{10fffd}';
/// Findings of one code in one text: after so many, more of them help nobody.
const MAX_FINDINGS: usize = 100;
/// Blocks of raw HTML in one text.
const MAX_RAW_BLOCKS: usize = 2000;

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
    let expressions = scan.expressions.len();
    let mut reader = Reader {
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
        base: start,
        origins,
        scan,
        path,
        facts,
        findings,
    };
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
    reader.report_scan();
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
        if !matches!(&data.value, NodeValue::CodeBlock(code) if !code.fenced) {
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
    options
}

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
}

/// Identity of a node.
pub(super) fn key(node: Node) -> usize {
    std::ptr::from_ref(node) as usize
}

/// Blocks being gathered, with the raw elements that are open around them.
#[derive(Default)]
pub(super) struct Gathered {
    pub blocks: Vec<Block>,
    frames: Vec<Frame>,
}

struct Frame {
    name: String,
    open: String,
    /// Bytes of the opening tag.
    span: Range<usize>,
    start: usize,
}

impl<'n> Reader<'n, '_> {
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
            let mut at = (line + column).min(text.len());
            while !text.is_char_boundary(at) {
                at += 1;
            }
            at
        };
        let start = byte(start.line, start.column.saturating_sub(1));
        start..byte(end.line, end.column).max(start)
    }

    /// What is wrong with braces and depth; after the tree is read, because braces in code are none of our business.
    fn report_scan(&mut self) {
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

    pub fn too_deep(&mut self, span: Range<usize>) {
        let finding = self
            .finding("too-deeply-nested", span, format!("more than {MAX_DEPTH} elements inside one another"))
            .help("nest lists, quotes and emphasis less deeply");
        self.find(finding);
    }

    pub fn blocks(&mut self, parent: Node<'n>, scope: Scope) -> Vec<Block> {
        let mut gathered = Gathered::default();
        self.gather_blocks(parent, scope, &mut gathered);
        for frame in gathered.frames.drain(..) {
            self.depth -= 1;
            let finding = self.unpaired(&frame.name, frame.span);
            self.find(finding);
        }
        gathered.blocks
    }

    /// Reads the children of `parent` into `out`.
    pub fn gather_blocks(&mut self, parent: Node<'n>, scope: Scope, out: &mut Gathered) {
        if self.depth >= MAX_DEPTH {
            let span = self.span(parent);
            self.too_deep(span.clone());
            let words = self.flat_text(parent);
            if !words.is_empty() {
                let kind = BlockKind::Paragraph(vec![super::Inline::Text(words)]);
                out.blocks.push(Block { span: self.file(span), kind });
            }
            return;
        }
        self.depth += 1;
        for node in parent.children() {
            self.block(node, scope, out);
        }
        self.depth -= 1;
    }

    fn block(&mut self, node: Node<'n>, scope: Scope, out: &mut Gathered) {
        let value = mem::replace(&mut node.data_mut().value, NodeValue::SoftBreak);
        let in_list = Scope { list: true, ..scope };
        let kind = match value {
            NodeValue::Paragraph => {
                let content = self.inlines(node, scope);
                if content.is_empty() {
                    return;
                }
                self.check_kramdown(&content, node);
                BlockKind::Paragraph(content)
            }
            NodeValue::Heading(_) => {
                let Some(heading) = self.heading(node, scope) else { return };
                BlockKind::Heading(heading)
            }
            NodeValue::List(list) => BlockKind::List(List {
                start: (list.list_type == ListType::Ordered).then_some(list.start),
                tight: list.tight || self.is_tight(node),
                items: node.children().map(|item| self.item(item, in_list)).collect(),
            }),
            NodeValue::Table(table) => {
                let align = table.alignments.iter().map(|align| match align {
                    TableAlignment::None => Align::None,
                    TableAlignment::Left => Align::Left,
                    TableAlignment::Center => Align::Center,
                    TableAlignment::Right => Align::Right,
                });
                BlockKind::Table(self.table(node, align.collect(), scope))
            }
            NodeValue::BlockQuote => BlockKind::Quote(self.blocks(node, scope)),
            NodeValue::Alert(alert) => {
                let kind = match alert.alert_type {
                    AlertType::Note => "note",
                    AlertType::Tip => "tip",
                    AlertType::Important => "important",
                    AlertType::Warning => "warning",
                    AlertType::Caution => "caution",
                };
                let title = alert.title.map(|title| self.expand_alert_title(title));
                BlockKind::Alert { kind, title, blocks: self.blocks(node, scope) }
            }
            NodeValue::CodeBlock(code) => {
                let span = self.span(node);
                self.code.push(span);
                BlockKind::Code { info: self.scan.as_typed(code.info), text: self.scan.as_typed(code.literal) }
            }
            NodeValue::DescriptionList => BlockKind::Definitions(self.definitions(node, in_list)),
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::HtmlBlock(html) => return self.html_block(node, html.literal, out),
            NodeValue::BlockDirective(_) => return self.directive(node, scope, out),
            // Read when something refers to it.
            NodeValue::FootnoteDefinition(_) => return,
            _ => return self.gather_blocks(node, scope, out),
        };
        let span = self.span(node);
        out.blocks.push(Block { span: self.file(span), kind });
    }

    /// comrak takes the end of an empty directive's opening line for a blank line.
    fn is_tight(&self, list: Node<'n>) -> bool {
        let empty_directive =
            |node: Node| matches!(node.data().value, NodeValue::BlockDirective(_)) && node.first_child().is_none();
        let line = |node: Node<'n>| self.scan.line_of(self.span(node).start);
        let after_blank = |node: Node<'n>| line(node) > 0 && self.blank_line(line(node) - 1);
        let loose = |item: Node<'n>| {
            (item.previous_sibling().is_some() && after_blank(item))
                || item.children().any(|child| line(child) > line(item) && after_blank(child))
        };
        list.children().any(|item| item.children().any(empty_directive)) && !list.children().any(loose)
    }

    fn item(&mut self, node: Node<'n>, scope: Scope) -> Item {
        let task = match node.data().value {
            NodeValue::TaskItem(ref task) => Some(task.symbol.is_some()),
            _ => None,
        };
        let span = self.span(node);
        Item { span: self.file(span), task, blocks: self.blocks(node, scope) }
    }

    fn table(&mut self, node: Node<'n>, align: Vec<Align>, scope: Scope) -> Table {
        let mut table = Table { register: None, align, head: Vec::new(), rows: Vec::new() };
        for row in node.children() {
            let head = matches!(row.data().value, NodeValue::TableRow(true));
            let cells = row.children().map(|cell| self.inlines(cell, scope)).collect();
            if head {
                table.head = cells;
            } else {
                let span = self.span(row);
                table.rows.push(Row { span: self.file(span), key: None, cells });
            }
        }
        table
    }

    fn definitions(&mut self, node: Node<'n>, scope: Scope) -> Vec<Definition> {
        let mut definitions: Vec<Definition> = Vec::new();
        for item in node.children() {
            for part in item.children() {
                let is_term = matches!(part.data().value, NodeValue::DescriptionTerm);
                if is_term {
                    let mut term = Vec::new();
                    for paragraph in part.children() {
                        term.append(&mut self.inlines(paragraph, scope));
                    }
                    definitions.push(Definition { term, details: Vec::new() });
                } else {
                    let details = self.blocks(part, scope);
                    if definitions.is_empty() {
                        definitions.push(Definition { term: Vec::new(), details: Vec::new() });
                    }
                    if let Some(definition) = definitions.last_mut() {
                        definition.details.push(details);
                    }
                }
            }
        }
        definitions
    }

    fn heading(&mut self, node: Node<'n>, scope: Scope) -> Option<Heading> {
        let section = self.sections.of(key(node))?;
        let (id, explicit, level) = (section.id.clone(), section.explicit.is_some(), section.level);
        let (was, number) = (section.was.clone(), section.number.clone());
        let at = section.content;
        let setext = section.setext;
        let content = self.inlines(node, Scope { heading: true, ..scope });
        self.check_kramdown(&content, node);
        if let Some(number) = &number {
            let dot = if setext && !number.contains('.') { "\\." } else { "." };
            self.splices.push(Splice { range: at..at, text: format!("{number}{dot} ") });
        }
        Some(Heading { level, id, explicit, was, number, content })
    }

    /// Attribute lists of another dialect, and ids that did not work, would be printed.
    fn check_kramdown(&mut self, content: &[super::Inline], node: Node) {
        let typed = match (content.first(), content.last()) {
            (Some(super::Inline::Text(first)), _) if first.starts_with("{:") => first,
            (_, Some(super::Inline::Text(last)))
                if last.ends_with('}') && (last.contains("{:") || last.contains("{#")) =>
            {
                last
            }
            _ => return,
        };
        let at = typed.rfind("{:").or_else(|| typed.rfind("{#")).unwrap_or(0);
        let message = format!("`{}` is printed as it stands", excerpt(&typed[at..]));
        let mut span = self.span(node);
        if let Some(found) = self.scan.text[span.clone()].rfind(&typed[at..]) {
            span = span.start + found..span.start + found + typed[at..].len();
        }
        let finding = self
            .finding("stray-attributes", span, message)
            .help("write `{#id}`, in ASCII letters, digits and hyphens, at the end of the heading's line");
        self.find(finding);
    }

    fn html_block(&mut self, node: Node<'n>, literal: String, out: &mut Gathered) {
        let span = self.span(node);
        if literal.trim_start().starts_with("<!--") {
            self.code.push(span.clone());
        }
        let html = self.expand_html(literal);
        self.raw_blocks += 1;
        let mut dropped = Vec::new();
        let parts = if self.raw_blocks > MAX_RAW_BLOCKS {
            dropped.push(Dropped { span: 0..html.len(), why: Why::TooMuch });
            Vec::new()
        } else {
            let frames = &out.frames;
            raw::block(&html, &|name| frames.iter().any(|frame| frame.name == name), &mut dropped)
        };
        let place = Place { html: &html, span: span.clone() };
        for part in parts {
            match part {
                Part::Html(html) => {
                    let html = self.claim_ids(html, &span);
                    out.blocks.push(Block { span: self.file(span.clone()), kind: BlockKind::Html(html) });
                }
                Part::Open { name, open, span: tag } => {
                    let tag = place.of(self, &tag);
                    if self.depth >= MAX_DEPTH {
                        self.too_deep(tag);
                        continue;
                    }
                    self.depth += 1;
                    let open = self.claim_ids(open, &tag);
                    out.frames.push(Frame { name, open, span: tag, start: out.blocks.len() });
                }
                Part::Close { name, span: tag } => {
                    let tag = place.of(self, &tag);
                    let Some(at) = out.frames.iter().rposition(|frame| frame.name == name) else {
                        dropped.push(Dropped { span: 0..0, why: Why::Unpaired(name) });
                        continue;
                    };
                    while out.frames.len() > at + 1 {
                        self.depth -= 1;
                        if let Some(frame) = out.frames.pop() {
                            let finding = self.unpaired(&frame.name, frame.span);
                            self.find(finding);
                        }
                    }
                    if let Some(frame) = out.frames.pop() {
                        self.depth -= 1;
                        let blocks = out.blocks.split_off(frame.start);
                        let span = self.file(frame.span.start..tag.end.max(frame.span.end));
                        let kind = BlockKind::Element { open: frame.open, name: frame.name, blocks };
                        out.blocks.push(Block { span, kind });
                    }
                }
            }
        }
        for what in dropped {
            let span = place.of(self, &what.span);
            self.find_dropped(what.why, span);
        }
    }

    fn unpaired(&self, name: &str, span: Range<usize>) -> Diagnostic {
        self.finding("raw-html-dropped", span, format!("`<{name}>` has no partner in the same part of the text"))
            .help(format!("put `<{name}>` and `</{name}>` around the same blocks, with no blank line inside unless it is a `details`, `div`, `figure` or `blockquote`"))
    }

    pub fn find_dropped(&mut self, why: Why, span: Range<usize>) {
        let finding = match why {
            Why::Element(name) => self
                .finding("raw-html-dropped", span, format!("`<{name}>` is not allowed in a text and was left out"))
                .help("write it in Markdown, or leave it to the theme"),
            Why::BlockInLine(name) => self
                .finding("raw-html-dropped", span, format!("`<{name}>` inside a paragraph was left out"))
                .help(format!("start `<{name}>` on a line of its own after a blank line")),
            Why::Attribute { element, name } => self
                .finding("raw-html-dropped", span, format!("attribute `{name}` of `<{element}>` was left out"))
                .help("leave looks to the theme's style sheet"),
            Why::Link(url) => self.unsafe_link(&url, span),
            Why::RemoteImage(url) => self.remote_image(&url, span),
            Why::Unpaired(name) => self.unpaired(&name, span),
            Why::TooMuch => self
                .finding("raw-html-dropped", span, "this raw HTML is too large or too deeply nested and was left out")
                .help("write it in Markdown"),
        };
        self.find(finding);
    }

    pub fn unsafe_link(&self, url: &str, span: Range<usize>) -> Diagnostic {
        self.finding("unsafe-link", span, format!("a link to `{}` is not published", excerpt(url)))
            .help("link to a page: `https://…`, `mailto:…`, `tel:…` or a path of this site")
    }

    pub fn remote_image(&self, url: &str, span: Range<usize>) -> Diagnostic {
        self.finding("remote-image", span, format!("the image `{}` would contact another host", excerpt(url)))
            .help("put the image into `static/` and name it by its path there")
    }

    /// Keeps ids in raw HTML unique and names anchors the modern way.
    pub fn claim_ids(&mut self, html: String, span: &Range<usize>) -> String {
        if !html.contains(" id=\"") && !html.contains(" name=\"") {
            return html;
        }
        let mut twice = Vec::new();
        let ids = &mut self.ids;
        let named: HashSet<String> = raw::values(&html, "id").into_iter().collect();
        let html = raw::rewrite(&html, |_, attribute, value| match attribute {
            "id" | "name" => {
                if attribute == "name" && named.contains(value) {
                    Change::Drop
                } else if ids.insert(value.to_owned()) {
                    Change::Set("id", value.to_owned())
                } else {
                    twice.push(value.to_owned());
                    Change::Drop
                }
            }
            _ => Change::Keep,
        });
        for id in twice {
            let finding = self
                .finding("duplicate-id", span.clone(), format!("the id `{id}` is already taken"))
                .help("give each place of a document an id of its own");
            self.find(finding);
        }
        html
    }

    /// Puts values into raw HTML.
    pub fn expand_html(&mut self, html: String) -> String {
        self.expand(html, |reader, index, before| {
            let unquoted = before.ends_with('=');
            let words = escape::html(&reader.plain_words(index)?, unquoted);
            Some((words.clone(), words))
        })
    }
}

/// Finds the bytes of the body for bytes of a block's HTML, whose lines lack what contains them.
struct Place<'a> {
    html: &'a str,
    span: Range<usize>,
}

impl Place<'_> {
    fn of(&self, reader: &Reader, range: &Range<usize>) -> Range<usize> {
        let typed = self.html.get(range.clone()).unwrap_or_default();
        let first = typed.lines().next().unwrap_or_default();
        if first.is_empty() {
            return self.span.clone();
        }
        // The same words may stand there several times: count those before.
        let earlier = self.html[..range.start].matches(first).take(64).count();
        let source = &reader.scan.text[self.span.clone()];
        match source.match_indices(first).nth(earlier) {
            Some((at, _)) => self.span.start + at..self.span.start + at + first.len(),
            None => self.span.clone(),
        }
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
