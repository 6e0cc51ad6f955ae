//! A text as it was kept elsewhere → a frozen `policy.md`: the same words in this program's Markdown.
//!
//! In: the text of a file. Out: the file to be, its resolved text's digest, what it says, what was dropped.
//! Must not know: dates, files, other texts.
//!
//! Words are never dropped. What means something else here than where the text comes from is rewritten so that it means the
//! same: front matter, the heading that is the title, attribute lists, braces, and line ends.

use super::front::{self, Front};
use super::model::{Loss, Manuscript, plain_parts, squeezed};
use super::words;
use crate::diagnostic::Diagnostic;
use crate::markdown::{self, Block, BlockKind, FactError, Facts, Parsed, RegisterTable};
use crate::release::{anchors, entry::quoted};
use crate::source::Digest;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// An imported text.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The whole `policy.md`.
    pub text: String,
    pub title: String,
    /// Where its body starts.
    pub body: usize,
    /// The language that the source declares.
    pub language: Option<String>,
    /// Days that the source states for machines.
    pub machine_days: Vec<String>,
    /// Differences between the text and its source, with places.
    pub losses: Vec<Loss>,
    pub resolved: Digest,
    pub anchors: Vec<String>,
    pub says: Says,
    /// Parts that were rewritten or dropped, in words.
    pub notes: BTreeSet<String>,
}

/// The words of a text.
#[derive(Clone, Debug)]
pub struct Says {
    /// The heading that stood in the text; a title that only the front matter knew is none.
    heading: Option<String>,
    body: String,
}

impl Says {
    pub fn prose(&self) -> &str {
        &self.body
    }
}

impl PartialEq for Says {
    fn eq(&self, other: &Says) -> bool {
        let headings = self.heading.is_none() || other.heading.is_none() || self.heading == other.heading;
        headings && self.body == other.body
    }
}

/// Findings that mean: this brace or colon was no expression and no directive where the text comes from.
const NOT_OURS: &[&str] = &[
    "invalid-expression",
    "directive-argument",
    "unclosed-directive",
    "unknown-directive",
    "unknown-fact",
    "unknown-register",
    "unknown-section",
    "unmatched-brace",
    "unnamed-directive",
];

/// A Markdown text: rewritten in place, never formatted anew.
pub fn convert(typed: &str, slug: &str) -> Converted {
    let mut notes = BTreeSet::new();
    let mut losses = Vec::new();
    let text = typed.strip_prefix('\u{feff}').unwrap_or(typed).replace("\r\n", "\n").replace('\r', "\n");
    let (mut front, body) = front::split(&text);
    let first_line = 1 + text[..text.len() - body.len()].matches('\n').count();
    if !front.dropped.is_empty() {
        notes.extend(front.dropped.drain(..).map(|key| format!("`{key}` of the front matter was left out")));
    }
    if front.was_open {
        notes.insert("front matter without its first `---` was read as front matter".into());
    }
    let mut machine_days = std::mem::take(&mut front.days);
    machine_days.extend(MACHINE_DAY.captures_iter(body).map(|found| found[1].to_string()));
    if let Some(mut manuscript) = whole_html(body).or_else(|| typed_only(body)) {
        notes.insert(match manuscript.1 {
            true => "the text is HTML as a whole and was read as a page".into(),
            false => "the text has no Markdown headings and was read as plain text".to_string(),
        });
        manuscript.0.title = manuscript.0.title.or(front.title);
        manuscript.0.description = front.description.or(manuscript.0.description);
        manuscript.0.machine_days.extend(machine_days);
        let mut converted = from_manuscript(manuscript.0, slug);
        converted.notes.extend(notes);
        return converted;
    }
    let mut lines = TypedLines::of(body, first_line);
    super::dialect::translate(&mut lines, &mut losses);
    lines.attributes(&mut notes);
    let chapters = lines.chapters(front.title.as_deref());
    let heading = if chapters { None } else { lines.take_title() };
    if lines.has_level_one() {
        lines.demote();
        notes.insert(match chapters {
            true => "headings of the first level are chapters: all headings are one level down below the front matter's title".into(),
            false => "headings were put one level down, because the title is the page's only heading of level 1".to_string(),
        });
    }
    let body = lines.0.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    let heading = heading.map(|typed| plain(&typed)).filter(|title| !title.is_empty());
    if let (Some(heading), Some(title)) = (&heading, &front.title)
        && squeezed(heading) != squeezed(title)
    {
        notes.insert("the first heading is the title; the front matter had another".into());
    }
    front.title = heading.clone().or(front.title.take());
    if front.title.is_none() {
        let parsed = parse(&body, 0, &mut Vec::new());
        front.title =
            markdown::toc(&parsed.document).first().map(|entry| entry.title.clone()).filter(|title| !title.is_empty());
        notes.insert("the title was made from the first heading or the document's name".into());
    }
    let mut converted = finish(front, heading, &body, slug, notes);
    converted.losses.extend(losses);
    converted.machine_days = machine_days;
    converted
}

/// The structure that another format's reader recognized.
pub fn from_manuscript(mut manuscript: Manuscript, slug: &str) -> Converted {
    let mut notes = BTreeSet::new();
    super::plain::drop_empty_labels(&mut manuscript.parts, &mut manuscript.losses);
    let heading = manuscript.title.take().map(|title| squeezed(&title)).filter(|title| !title.is_empty());
    let front = Front { title: heading.clone(), description: manuscript.description.take(), ..Front::default() };
    let words = plain_parts(&manuscript.parts);
    let mut front = front;
    if heading.is_none() {
        front.title = self_named(&words);
        notes.insert(match &front.title {
            Some(title) => format!("the title is what the text calls itself: \"{title}\""),
            None => "the title was made from the document's name".into(),
        });
    }
    let body = super::write::body(&manuscript);
    let expected = words + &manuscript.notes.iter().map(|(_, parts)| plain_parts(parts)).collect::<Vec<_>>().join("\n");
    let mut converted = finish(front, heading, &body, slug, notes);
    for word in super::audit::missing(&expected, &converted.says.body) {
        converted.losses.push(Loss::new(0, "a word did not reach the draft", &word));
    }
    converted.language = manuscript.language;
    converted.machine_days = manuscript.machine_days;
    converted.losses.extend(manuscript.losses);
    converted.losses.sort();
    converted
}

/// Front matter and body become the file.
fn finish(mut front: Front, heading: Option<String>, body: &str, slug: &str, mut notes: BTreeSet<String>) -> Converted {
    front.title.get_or_insert_with(|| named(slug));
    let mut text = head(&front);
    // Where everybody else will find the body, too.
    let start = text.len() - 1;
    text.push_str(body.trim_matches('\n'));
    text.push('\n');
    if escape(&mut text, start) {
        notes.insert("double braces stand as typed: they were expressions of another program".into());
    }
    if text.contains("{%") {
        notes.insert("`{% … %}` stands as typed: it was an instruction for another program".into());
    }
    let Parsed { document, .. } = parse(&text, start, &mut Vec::new());
    let mut losses = Vec::new();
    if super::anchors::resolve(&mut text, &document, &mut losses) {
        notes.insert("links within the text lead to the headings that they meant".into());
    }
    let Parsed { document, resolved, .. } = parse(&text, start, &mut Vec::new());
    Converted {
        says: Says { heading: heading.map(|heading| squeezed(&heading)), body: words::says(&document) },
        resolved: Digest::of(resolved.as_bytes()),
        anchors: anchors(&document),
        title: front.title.clone().unwrap_or_default(),
        body: start,
        language: None,
        machine_days: Vec::new(),
        losses,
        text,
        notes,
    }
}

/// Returns the name that a text without a title gives itself in its first sentences: "This Privacy Policy describes …".
fn self_named(words: &str) -> Option<String> {
    static NAME: LazyLock<regex::Regex> = LazyLock::new(|| {
        regex::Regex::new(r"\b(?:[Tt]his|[Tt]hese|[Oo]ur|[Dd]iese|[Ee]sta|[Cc]ette) ((?:Privacy|Cookie|Data Protection) (?:Policy|Notice|Statement)|Terms (?:of (?:Service|Use)|and Conditions)|Data Processing (?:Agreement|Addendum)|Acceptable Use Policy|Datenschutzerklärung|Política de Privacidad|Politique de Confidentialité)\b")
            .expect("a constant")
    });
    let start = words.char_indices().nth(1500).map_or(words, |(end, _)| &words[..end]);
    Some(NAME.captures(start)?[1].to_string())
}

/// A day that a text states for machines.
static MACHINE_DAY: LazyLock<regex::Regex> =
    LazyLock::new(|| regex::Regex::new(r#"datetime=["']?(\d{4}-\d\d-\d\d)"#).expect("a constant"));

/// The manuscript of a text that holds HTML and nothing else.
fn whole_html(body: &str) -> Option<(Manuscript, bool)> {
    let trimmed = body.trim();
    let blocks =
        ["<p", "<h1", "<h2", "<h3", "<div", "<li", "<td"].iter().map(|tag| trimmed.matches(tag).count()).sum::<usize>();
    let starts = ["<!doctype", "<html", "<body", "<div", "<section", "<article", "<main", "<h1", "<h2", "<p"];
    let lower: String = trimmed.chars().take(12).collect::<String>().to_lowercase();
    let html = starts.iter().any(|start| lower.starts_with(start)) && trimmed.ends_with('>') && blocks >= 3;
    let markdown = trimmed.lines().any(|line| {
        line.starts_with("# ") || line.starts_with("## ") || line.starts_with("- ") || line.starts_with("|")
    });
    (html && !markdown).then(|| (super::html::manuscript(body), true))
}

/// The manuscript of a text that was never Markdown: numbered headings with their sections right below them.
fn typed_only(body: &str) -> Option<(Manuscript, bool)> {
    let lines: Vec<&str> = body.lines().collect();
    let marks = |line: &&str| {
        line.starts_with('#')
            || line.starts_with("```")
            || line.starts_with('<')
            || line.contains("](")
            || line.contains("**")
    };
    let underlined = lines.windows(2).any(|pair| {
        !pair[0].trim().is_empty()
            && pair[1].len() >= 3
            && pair[1].trim_end().bytes().all(|byte| matches!(byte, b'=' | b'-'))
    });
    if lines.iter().any(marks) || underlined {
        return None;
    }
    let numbered = |line: &str| {
        super::recognize::number_depth(line) == Some(1)
            && line.len() < 100
            && !line.trim_end().ends_with(['.', ';', ','])
    };
    let glued =
        lines.windows(2).filter(|pair| numbered(pair[0]) && !pair[1].trim().is_empty() && !numbered(pair[1])).count();
    (glued >= 2).then(|| (super::plain::manuscript(body), false))
}

/// Front matter as this program writes it.
fn head(front: &Front) -> String {
    let mut head = String::from("+++\n");
    for (key, value) in [("title", &front.title), ("description", &front.description)] {
        if let Some(value) = value {
            head.push_str(&format!("{key} = {}\n", quoted(&squeezed(value))));
        }
    }
    head.push_str("+++\n\n");
    head
}

/// `privacy-policy` → `Privacy policy`.
fn named(slug: &str) -> String {
    let mut words = slug.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The words of a heading without its markup.
fn plain(heading: &str) -> String {
    let parsed = parse(&format!("## {heading}\n"), 0, &mut Vec::new());
    markdown::toc(&parsed.document).first().map(|entry| entry.title.trim().to_string()).unwrap_or_default()
}

/// An imported text has no facts: it says what it says.
struct NoFacts;

impl Facts for NoFacts {
    fn lookup(&self, path: &str) -> Result<String, FactError> {
        Err(FactError { code: "unknown-fact", message: format!("there is no fact `{path}`"), help: Vec::new() })
    }

    fn register(&self, name: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Err(FactError { code: "unknown-register", message: format!("there is no register `{name}`"), help: Vec::new() })
    }
}

pub fn parse(text: &str, body: usize, findings: &mut Vec<Diagnostic>) -> Parsed {
    let path: Arc<str> = "policy.md".into();
    markdown::parse(&path, text, body, false, &NoFacts, findings)
}

/// Escapes each brace and colon that the parser would take for one of ours; it alone knows what is code.
fn escape(text: &mut String, body: usize) -> bool {
    let mut escaped = false;
    for own in ["{{ section.", "{{section."] {
        // The one expression that needs no facts.
        if text[body..].contains(own) {
            *text = format!("{}{}", &text[..body], text[body..].replace(own, &format!("\\{own}")));
            escaped = true;
        }
    }
    // The parser reports so many of one code and no more; every round takes those away.
    for _ in 0..200 {
        let mut findings = Vec::new();
        let parsed = parse(text, body, &mut findings);
        let places: BTreeSet<usize> = findings
            .iter()
            .filter(|finding| NOT_OURS.contains(&finding.code))
            .filter_map(|finding| finding.primary.as_ref())
            .filter_map(|place| mark(text, place.span.start))
            .collect();
        if places.is_empty() {
            break;
        }
        let mut raw = Vec::new();
        raw_html(&parsed.document.blocks, &mut raw);
        for at in places.into_iter().rev() {
            // In raw HTML a backslash would be read.
            if raw.iter().any(|span| span.contains(&at)) || in_tag(text, at) {
                let letter = format!("&#{};", text.as_bytes()[at]);
                text.replace_range(at..at + 1, &letter);
            } else {
                text.insert(at, '\\');
            }
        }
        escaped = true;
    }
    escaped
}

/// The places of blocks of raw HTML.
fn raw_html(blocks: &[Block], spans: &mut Vec<Range<usize>>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Html { .. } => spans.push(block.span.clone()),
            BlockKind::List(list) => list.items.iter().for_each(|item| raw_html(&item.blocks, spans)),
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => raw_html(inner, spans),
            BlockKind::Definitions(definitions) => {
                definitions.iter().flat_map(|definition| &definition.details).for_each(|inner| raw_html(inner, spans));
            }
            _ => {}
        }
    }
}

/// True if a place lies between `<name` and its `>` on one line.
fn in_tag(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line..at];
    before.rfind('<').is_some_and(|open| {
        before[open + 1..].starts_with(|letter: char| letter.is_ascii_alphabetic()) && !before[open..].contains('>')
    })
}

/// The brace or colon at a place, or just before it.
fn mark(text: &str, at: usize) -> Option<usize> {
    let here =
        |at: usize| text.get(at..).is_some_and(|rest| ["{{", "}}", ":::"].iter().any(|mark| rest.starts_with(mark)));
    if here(at) {
        return Some(at);
    }
    let line = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    text[line..at].rfind("{{").or_else(|| text[line..at].rfind(":::")).map(|found| line + found)
}

/// A line as it was typed.
#[derive(Clone, Debug)]
pub struct TypedLine {
    pub text: String,
    /// Inside a fenced block of code.
    pub code: bool,
    /// Its number in the source, from 1.
    pub number: usize,
}

pub struct TypedLines(pub Vec<TypedLine>);

impl TypedLines {
    fn of(body: &str, first: usize) -> TypedLines {
        let mut fence: Option<(char, usize)> = None;
        let lines = body.split('\n').enumerate().map(|(index, text)| {
            let trimmed = text.trim_start();
            let mark = trimmed.chars().next().filter(|mark| matches!(mark, '`' | '~'));
            let run = mark.map_or(0, |mark| trimmed.chars().take_while(|letter| *letter == mark).count());
            let mut code = fence.is_some();
            match (fence, mark) {
                (None, Some(mark)) if run >= 3 && !(mark == '`' && trimmed[run..].contains('`')) => {
                    fence = Some((mark, run));
                    code = true;
                }
                (Some((open, length)), Some(mark))
                    if open == mark && run >= length && trimmed[run..].trim().is_empty() =>
                {
                    fence = None
                }
                _ => {}
            }
            TypedLine { text: text.to_string(), code, number: first + index }
        });
        TypedLines(lines.collect())
    }

    fn blank(&self, at: usize) -> bool {
        self.0.get(at).is_none_or(|line| line.text.trim().is_empty())
    }

    /// The level of a heading `# …` on a line.
    fn atx(&self, at: usize) -> Option<usize> {
        let line = self.0.get(at).filter(|line| !line.code)?;
        let inside = line.text.trim_start_matches(' ');
        if line.text.len() - inside.len() > 3 {
            return None;
        }
        let level = inside.bytes().take_while(|byte| *byte == b'#').count();
        let rest = &inside[level..];
        ((1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(level)
    }

    /// The level of a heading on a line of its own that the next line underlines.
    fn setext(&self, at: usize) -> Option<usize> {
        let line = self.0.get(at).filter(|line| !line.code)?;
        let under = self.0.get(at + 1)?.text.trim_end();
        let level = match under.trim_start_matches(' ').as_bytes().first()? {
            b'=' => 1,
            b'-' => 2,
            _ => return None,
        };
        let rule = under.trim_start_matches(' ');
        let plain = rule.bytes().all(|byte| byte == rule.as_bytes()[0]) && under.len() - rule.len() <= 3;
        let alone = at == 0 || self.blank(at - 1);
        let words = !line.text.trim().is_empty()
            && !line.text.starts_with("    ")
            && !line.text.trim_start().starts_with(['#', '>', '|', '-', '*', '+', '<']);
        (plain && alone && words).then_some(level)
    }

    /// kramdown's `{: #id .class key="value" }`: the id of a heading becomes its id here, that of a paragraph an anchor at
    /// its end; the rest has no meaning here.
    fn attributes(&mut self, notes: &mut BTreeSet<String>) {
        let mut at = 0;
        while at < self.0.len() {
            let Some((start, list)) = (!self.0[at].code).then(|| attribute_list(&self.0[at].text)).flatten() else {
                at += 1;
                continue;
            };
            let mut id = None;
            for attribute in attributes_of(&list) {
                match attribute.strip_prefix('#') {
                    Some(named) if is_id(named) => id = Some(named.to_string()),
                    _ => {
                        let name = attribute.split('=').next().unwrap_or(&attribute);
                        notes.insert(format!("the attribute `{name}` was left out"));
                    }
                }
            }
            let own_line = self.0[at].text[..start].trim().is_empty();
            self.0[at].text.truncate(start);
            let kept = self.0[at].text.trim_end().len();
            self.0[at].text.truncate(kept);
            let of = match own_line {
                true if at > 0 && !self.blank(at - 1) => {
                    self.0.remove(at);
                    Some(at - 1)
                }
                true => {
                    self.0.remove(at);
                    None
                }
                false => {
                    at += 1;
                    Some(at - 1)
                }
            };
            if let (Some(of), Some(id)) = (of, id) {
                self.anchor(of, &id, notes);
            }
        }
    }

    fn anchor(&mut self, at: usize, id: &str, notes: &mut BTreeSet<String>) {
        let under = at > 0 && self.setext(at - 1).is_some();
        let of = if under { at - 1 } else { at };
        let line = self.0[of].text.trim_end().to_string();
        if self.atx(of).is_some() || under || self.setext(of).is_some() {
            if !line.contains("{#") {
                self.0[of].text = format!("{line} {{#{id}}}");
            }
        } else if line.trim_start().starts_with(['|', '<']) || self.0[of].code {
            notes.insert(format!("the id `{id}` was left out: nothing there can take it"));
        } else {
            self.0[of].text = format!("{line}<span id=\"{id}\"></span>");
        }
    }

    /// A heading of level 1 before anything else is the title; it leaves the text.
    fn take_title(&mut self) -> Option<String> {
        let first = (0..self.0.len()).find(|at| !self.blank(*at))?;
        if self.atx(first) == Some(1) {
            let line = self.0.remove(first).text;
            let words = line.trim().trim_start_matches('#').trim();
            return Some(words.to_string());
        }
        if self.setext(first) == Some(1) {
            let line = self.0.remove(first).text;
            self.0.remove(first);
            return Some(line.trim().to_string());
        }
        None
    }

    /// True if several headings of level 1 are chapters below a title that the front matter has.
    fn chapters(&self, title: Option<&str>) -> bool {
        let firsts: Vec<usize> =
            (0..self.0.len()).filter(|at| self.atx(*at) == Some(1) || self.setext(*at) == Some(1)).collect();
        let Some((first, title)) = firsts.first().filter(|_| firsts.len() > 1).zip(title) else { return false };
        let words = self.0[*first].text.trim().trim_start_matches('#').trim();
        squeezed(&plain(words)).to_lowercase() != squeezed(title).to_lowercase()
    }

    fn has_level_one(&self) -> bool {
        (0..self.0.len()).any(|at| self.atx(at) == Some(1) || self.setext(at) == Some(1))
    }

    /// Every heading one level down.
    fn demote(&mut self) {
        for at in 0..self.0.len() {
            match (self.atx(at), self.setext(at)) {
                (Some(level), _) if level < 6 => {
                    let hash = self.0[at].text.find('#').unwrap_or(0);
                    self.0[at].text.insert(hash, '#');
                }
                (None, Some(1)) => self.0[at + 1].text = self.0[at + 1].text.replace('=', "-"),
                (None, Some(2)) => {
                    self.0[at].text.insert_str(0, "### ");
                    self.0[at + 1].text.clear();
                }
                _ => {}
            }
        }
    }
}

/// An attribute list at the end of a line: where it starts, and what it holds.
fn attribute_list(line: &str) -> Option<(usize, String)> {
    let trimmed = line.trim_end();
    let inside = trimmed.strip_suffix('}')?;
    let start = inside.rfind("{:")?;
    let list = &inside[start + 2..];
    // `{::options}` is another thing, and braces inside are none of ours.
    (!list.starts_with([':', '/']) && !list.contains(['{', '}']) && !list.contains('`'))
        .then(|| (start, list.to_string()))
}

/// `#id .class key="two words"` → its parts.
fn attributes_of(list: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quote = None;
    for letter in list.chars() {
        match (quote, letter) {
            (None, letter) if letter.is_whitespace() => {
                parts.extend((!part.is_empty()).then(|| std::mem::take(&mut part)));
                continue;
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        part.push(letter);
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

pub fn is_id(id: &str) -> bool {
    id.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
