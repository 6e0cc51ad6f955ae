//! A text as it was kept elsewhere → a frozen `policy.md`: the same words in this program's Markdown.
//!
//! In: the text of a file. Out: the file to be, its resolved text's digest, what it says, what was dropped.
//! Must not know: dates, files, other texts.
//!
//! Words are never dropped. What means something else here than where the text comes from is rewritten so that it means the
//! same: front matter, the heading that is the title, attribute lists, braces, and line ends.

use super::foreign_marks::escape;
use super::front::{self, Front};
use super::lines::TypedLines;
use super::model::{Loss, Manuscript, Part, PartKind, plain_parts, squeezed};
use super::words;
use crate::diagnostic::Diagnostic;
use crate::markdown::{self, FactError, Facts, Parsed, RegisterTable};
use crate::release::{anchors, entry::quoted};
use crate::source::Digest;
use std::collections::BTreeSet;
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
    /// What the text does not say as the source did, with places.
    pub losses: Vec<Loss>,
    pub resolved: Digest,
    pub anchors: Vec<String>,
    pub says: Says,
    /// What was rewritten or dropped, in words.
    pub notes: BTreeSet<String>,
}

/// What a text says to its reader.
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

/// What another format's reader understood.
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
    raise_headings(&mut manuscript.parts);
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

/// Sections begin at level 2, right below the title, wherever the source began to count.
fn raise_headings(parts: &mut [Part]) {
    let levels = parts.iter().filter_map(|part| match part.kind {
        PartKind::Heading { level, .. } => Some(level.max(2)),
        _ => None,
    });
    let Some(above) = levels.min().map(|least| least - 2).filter(|above| *above > 0) else { return };
    for part in parts {
        if let PartKind::Heading { level, .. } = &mut part.kind {
            *level -= above;
        }
    }
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

/// What a text without a title calls itself in its first sentences: "This Privacy Policy describes …".
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
pub fn plain(heading: &str) -> String {
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
