//! A [`Manuscript`] → Markdown in this program's dialect that says the same words.
//!
//! In: parts and footnotes. Out: the body of a `policy.md`. Must not know: formats, files, registers.

use super::anchors::ALIASES;
use super::model::{Grid, Manuscript, Part, PartKind, Run, plain, squeezed};
use std::collections::HashSet;

/// Containers inside containers that Markdown still shows; what is deeper becomes paragraphs.
const MAX_DEPTH: usize = 8;

/// The body of a document: parts, then footnotes.
pub fn body(manuscript: &Manuscript) -> String {
    let mut writer = Writer { out: String::new(), ids: HashSet::new() };
    writer.parts(&manuscript.parts, "", 0);
    for (label, parts) in &manuscript.notes {
        let start = writer.out.len();
        writer.out.push_str(&format!("[^{label}]: "));
        let mut inner = Writer { out: String::new(), ids: HashSet::new() };
        inner.parts(parts, "", MAX_DEPTH);
        let words = inner.out.trim_end().replace('\n', "\n    ");
        writer.out.push_str(words.trim_start());
        if words.trim().is_empty() {
            writer.out.truncate(start);
        }
        writer.out.push_str("\n\n");
    }
    let lines: Vec<&str> = writer.out.split('\n').map(|line| line.trim_end_matches(' ')).collect();
    lines.join("\n").trim_matches('\n').to_string()
}

struct Writer {
    out: String,
    /// Ids that headings have been given.
    ids: HashSet<String>,
}

impl Writer {
    fn parts(&mut self, parts: &[Part], indent: &str, depth: usize) {
        let (mut last_list, mut other_mark) = (None, false);
        for part in parts {
            if let PartKind::Itemized { start, items } = &part.kind {
                // Two lists of one kind in a row would become one, but for another mark.
                other_mark = last_list == Some(start.is_some()) && !other_mark;
                last_list = Some(start.is_some());
                self.list(*start, items, other_mark, indent, depth);
            } else {
                (last_list, other_mark) = (None, false);
                self.part(part, indent, depth);
            }
        }
    }

    fn line(&mut self, indent: &str, text: &str) {
        if !text.is_empty() {
            self.out.push_str(indent);
            self.out.push_str(text);
        }
        self.out.push('\n');
    }

    fn part(&mut self, part: &Part, indent: &str, depth: usize) {
        match &part.kind {
            PartKind::Heading { level, anchors, words } => {
                let text = inline(words, Place::Heading).replace("\\\n", " ").replace('\n', " ");
                if depth > 0 {
                    // A heading inside a list or a quotation is no section.
                    let strong = inline(&[Run::Strong(words.clone())], Place::Line).replace("\\\n", " ");
                    self.line(indent, &strong);
                } else {
                    let mut anchors = anchors.iter().filter(|id| self.ids.insert((*id).clone()));
                    let mut attributes = anchors.next().map_or(String::new(), |id| format!(" {{#{id}"));
                    let more: Vec<&str> = anchors.map(String::as_str).collect();
                    if !more.is_empty() {
                        attributes.push_str(&format!(" {ALIASES}=\"{}\"", more.join(" ")));
                    }
                    if !attributes.is_empty() {
                        attributes.push('}');
                    }
                    let hashes = "#".repeat(usize::from((*level).clamp(2, 6)));
                    // A `#` at the end would be taken for a closing one.
                    let text = match text.strip_suffix('#') {
                        Some(rest) if attributes.is_empty() => format!("{rest}\\#"),
                        _ => text,
                    };
                    self.line(indent, &format!("{hashes} {}{attributes}", text.trim()));
                }
                self.out.push('\n');
            }
            PartKind::Paragraph(runs) => {
                let text = inline(runs, Place::Line);
                if text.trim().is_empty() {
                    return;
                }
                for line in text.trim().split('\n') {
                    self.line(indent, line.trim_start());
                }
                self.out.push('\n');
            }
            PartKind::Itemized { start, items } => self.list(*start, items, false, indent, depth),
            PartKind::Glossary(entries) => {
                for (term, details) in entries {
                    if depth > 0 {
                        self.line(indent, &inline(&[Run::Strong(term.clone())], Place::Line).replace("\\\n", " "));
                        self.out.push('\n');
                        self.parts(details, indent, depth + 1);
                        continue;
                    }
                    self.line(indent, inline(term, Place::Line).replace("\\\n", " ").trim());
                    self.out.push('\n');
                    let mut inner = Writer { out: String::new(), ids: HashSet::new() };
                    inner.parts(details, "", depth + 1);
                    let words = inner.out.trim().replace('\n', &format!("\n{indent}  "));
                    self.line(indent, &format!(": {words}"));
                    self.out.push('\n');
                }
            }
            PartKind::Grid(grid) => self.grid(grid, indent),
            PartKind::Quoted(inner) => {
                if depth >= MAX_DEPTH {
                    return self.parts(inner, indent, depth);
                }
                self.parts(inner, &format!("{indent}> "), depth + 1);
                self.out.push('\n');
            }
            PartKind::Preformatted(text) => {
                let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat((longest + 1).max(3));
                self.line(indent, &fence);
                for line in text.trim_end_matches('\n').split('\n') {
                    self.out.push_str(indent);
                    self.out.push_str(line);
                    self.out.push('\n');
                }
                self.line(indent, &fence);
                self.out.push('\n');
            }
            PartKind::Divider => {
                self.line(indent, "---");
                self.out.push('\n');
            }
        }
    }

    fn list(&mut self, start: Option<usize>, items: &[Vec<Part>], other_mark: bool, indent: &str, depth: usize) {
        if depth >= MAX_DEPTH {
            for item in items {
                self.parts(item, indent, depth);
            }
            return;
        }
        // Items of one paragraph, with at most a list below it, stand close together.
        let tight = items.iter().all(|item| {
            let paragraphs = item.iter().filter(|part| matches!(part.kind, PartKind::Paragraph(_))).count();
            let lists = item.iter().filter(|part| matches!(part.kind, PartKind::Itemized { .. })).count();
            paragraphs <= 1 && paragraphs + lists == item.len()
        });
        for (index, item) in items.iter().enumerate() {
            let marker = match start {
                Some(first) => format!("{}{} ", first + index, if other_mark { ')' } else { '.' }),
                None => if other_mark { "* " } else { "- " }.to_string(),
            };
            let mut inner = Writer { out: String::new(), ids: HashSet::new() };
            inner.parts(item, "", depth + 1);
            let words = inner.out.trim_matches('\n');
            if words.is_empty() {
                self.line(indent, marker.trim_end());
                continue;
            }
            let below = format!("{indent}{}", " ".repeat(marker.len()));
            for (row, line) in words.split('\n').enumerate() {
                if line.is_empty() {
                    // In a tight list the blank line before an inner list goes.
                    if !tight {
                        self.out.push('\n');
                    }
                    continue;
                }
                self.out.push_str(if row == 0 { indent } else { &below });
                if row == 0 {
                    self.out.push_str(&marker);
                }
                self.out.push_str(line);
                self.out.push('\n');
            }
            if !tight && index + 1 < items.len() {
                self.out.push('\n');
            }
        }
        self.out.push('\n');
    }

    fn grid(&mut self, grid: &Grid, indent: &str) {
        let row = |cells: &[Vec<Run>]| {
            let cells: Vec<String> = cells.iter().map(|cell| inline(cell, Place::Cell).trim().to_string()).collect();
            format!("| {} |", cells.join(" | "))
        };
        self.line(indent, &row(&grid.head));
        self.line(indent, &format!("|{}", "---|".repeat(grid.head.len())));
        for cells in &grid.rows {
            self.line(indent, &row(cells));
        }
        self.out.push('\n');
    }
}

/// Where runs are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Line,
    /// Nothing at its start is taken for a list or a rule.
    Heading,
    Cell,
}

fn inline(runs: &[Run], place: Place) -> String {
    let mut out = String::new();
    push_runs(runs, place, &mut out);
    out
}

fn push_runs(runs: &[Run], place: Place, out: &mut String) {
    for (index, run) in runs.iter().enumerate() {
        let next = runs.get(index + 1..).map(plain).and_then(|words| words.chars().next());
        match run {
            Run::Words(words) => push_words(words, place, out),
            Run::Strong(inner) => push_marked(inner, "**", ("<strong>", "</strong>"), place, next, out),
            Run::Emphasized(inner) => push_marked(inner, "*", ("<em>", "</em>"), place, next, out),
            Run::Struck(inner) => push_marked(inner, "~~", ("<del>", "</del>"), place, next, out),
            Run::Raised(inner) => push_tagged(inner, "sup", place, out),
            Run::Lowered(inner) => push_tagged(inner, "sub", place, out),
            Run::Code(text) => {
                let text = squeezed(text);
                let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let ticks = "`".repeat(longest + 1);
                let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
                let text = if place == Place::Cell { text.replace('|', "\\|") } else { text };
                if !text.is_empty() {
                    out.push_str(&format!("{ticks}{pad}{text}{pad}{ticks}"));
                }
            }
            Run::Link { url, words } => {
                let text = inline(words, place);
                let words = text.trim();
                if words.is_empty() {
                    continue;
                }
                let bare = squeezed(&plain(std::slice::from_ref(run)));
                // Addresses become links by themselves.
                if *url == bare || *url == format!("mailto:{bare}") {
                    push_words(&bare, place, out);
                    continue;
                }
                out.push_str(&text[..text.len() - text.trim_start().len()]);
                out.push_str(&format!("[{}]({})", words.replace("\\\n", " "), target(url)));
                out.push_str(&text[text.trim_end().len()..]);
            }
            Run::Anchor(id) => out.push_str(&format!("<span id=\"{id}\"></span>")),
            Run::NoteMark(label) => out.push_str(&format!("[^{label}]")),
            Run::Break => {
                let kept = out.trim_end_matches(' ').len();
                out.truncate(kept);
                match place {
                    Place::Cell => out.push_str("<br>"),
                    _ if out.is_empty() || out.ends_with('\n') => {}
                    _ => out.push_str("\\\n"),
                }
            }
        }
    }
    // A break at the end separates nothing.
    while let Some(kept) = out.strip_suffix("\\\n").or_else(|| out.strip_suffix("<br>")) {
        out.truncate(kept.len());
    }
}

fn push_tagged(inner: &[Run], tag: &str, place: Place, out: &mut String) {
    let text = inline(inner, place);
    if !text.trim().is_empty() {
        out.push_str(&format!("<{tag}>{text}</{tag}>"));
    }
}

/// Emphasis by marks, or by tags where the marks would not be read as such.
fn push_marked(inner: &[Run], mark: &str, tags: (&str, &str), place: Place, next: Option<char>, out: &mut String) {
    let text = inline(inner, place);
    let words = text.trim();
    if words.is_empty() {
        out.push_str(&text);
        return;
    }
    let (lead, tail) = (&text[..text.len() - text.trim_start().len()], &text[text.trim_end().len()..]);
    out.push_str(lead);
    let letter = |c: char| c.is_alphanumeric();
    let plain_first = words.chars().next().is_some_and(letter);
    let plain_last = words.chars().next_back().is_some_and(letter);
    let before = out.chars().next_back().filter(|c| !c.is_whitespace());
    let after = if tail.is_empty() { next.filter(|c| !c.is_whitespace()) } else { None };
    // CommonMark: beside a letter a mark must not have punctuation on its other side; beside another mark nothing is sure.
    let opens = before.is_none_or(|before| plain_first && !matches!(before, '*' | '~' | '_' | '\\'));
    let closes = after.is_none_or(|after| plain_last && !matches!(after, '*' | '~' | '_'));
    if opens && closes && !words.contains("\\\n") && !words.starts_with('*') && !words.ends_with('*') {
        out.push_str(&format!("{mark}{words}{mark}"));
    } else {
        out.push_str(&format!("{}{words}{}", tags.0, tags.1));
    }
    out.push_str(tail);
}

/// A link's target as it can stand in parentheses.
fn target(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for letter in url.trim().chars() {
        match letter {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '{' => out.push_str("%7B"),
            '}' => out.push_str("%7D"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Words that Markdown reads back as the same words.
fn push_words(words: &str, place: Place, out: &mut String) {
    let letters: Vec<char> = words.chars().collect();
    for (index, &letter) in letters.iter().enumerate() {
        let at_start = out.is_empty() || out.ends_with('\n');
        let before = if index > 0 { Some(letters[index - 1]) } else { out.chars().next_back() };
        let after = letters.get(index + 1).copied();
        match letter {
            '\n' | '\r' | '\t' if at_start => {}
            ' ' if at_start => {}
            '\n' | '\r' | '\t' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => push_escaped(letter, out),
            '{' | '}' => push_escaped(letter, out),
            '|' => push_escaped(letter, out),
            '_' if !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)) => {
                push_escaped(letter, out);
            }
            '&' if entity(&letters[index..]) => out.push_str("&amp;"),
            '#' | '>' | '+' | '-' | '=' | ':' if at_start && place == Place::Line => push_escaped(letter, out),
            '.' | ')' if place == Place::Line && after.is_none_or(char::is_whitespace) && only_digits(out) => {
                push_escaped(letter, out)
            }
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
}

fn push_escaped(letter: char, out: &mut String) {
    out.push('\\');
    out.push(letter);
}

/// True if the line so far is a number that a dot would make a list of.
fn only_digits(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or("");
    !line.is_empty() && line.len() < 10 && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// True if `&…` might be read as a character reference.
fn entity(letters: &[char]) -> bool {
    let name = letters[1..].iter().take(40).take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
    name > 0 && letters.get(name + 1) == Some(&';')
}
