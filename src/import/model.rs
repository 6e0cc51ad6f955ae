//! The neutral document that every reader of a format produces.
//!
//! In: nothing. Out: types. Must not know: where a document came from, how Markdown is written.

/// A document as it was understood, before it becomes Markdown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manuscript {
    pub title: Option<String>,
    pub description: Option<String>,
    /// The language that the source declares, as it declares it.
    pub language: Option<String>,
    pub parts: Vec<Part>,
    /// Footnotes by their label.
    pub notes: Vec<(String, Vec<Part>)>,
    /// Days that the source states for machines, such as `<time datetime>`: ISO dates.
    pub machine_days: Vec<String>,
    pub losses: Vec<Loss>,
}

/// Something that the draft does not say as the source did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Line or paragraph of the source, from 1; 0 if the whole source is meant.
    pub place: usize,
    pub what: String,
    /// The first words that are concerned.
    pub words: String,
}

impl Loss {
    pub fn new(place: usize, what: impl Into<String>, words: &str) -> Loss {
        Loss { place, what: what.into(), words: excerpt(words) }
    }
}

/// The first words of a passage, for a report.
pub fn excerpt(words: &str) -> String {
    let squeezed = squeezed(words);
    match squeezed.char_indices().nth(70) {
        Some((cut, _)) => format!("{}…", squeezed[..cut].trim_end()),
        None => squeezed,
    }
}

/// Words with one blank between two.
pub fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One block of a manuscript.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Line or paragraph of the source.
    pub place: usize,
    pub kind: PartKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PartKind {
    Heading {
        level: u8,
        /// Anchors that led here.
        anchors: Vec<String>,
        words: Vec<Run>,
    },
    Paragraph(Vec<Run>),
    Itemized {
        /// The first number, if the list is numbered.
        start: Option<usize>,
        items: Vec<Vec<Part>>,
    },
    Glossary(Vec<(Vec<Run>, Vec<Part>)>),
    Grid(Grid),
    Quoted(Vec<Part>),
    Preformatted(String),
    Divider,
}

/// A table whose rows all have as many cells as its head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    pub head: Vec<Vec<Run>>,
    pub rows: Vec<Vec<Vec<Run>>>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Run {
    Words(String),
    Strong(Vec<Run>),
    Emphasized(Vec<Run>),
    Struck(Vec<Run>),
    Code(String),
    Raised(Vec<Run>),
    Lowered(Vec<Run>),
    Link {
        url: String,
        words: Vec<Run>,
    },
    /// A place that links lead to.
    Anchor(String),
    NoteMark(String),
    Break,
}

impl Part {
    pub fn paragraph(place: usize, words: impl Into<String>) -> Part {
        Part { place, kind: PartKind::Paragraph(vec![Run::Words(words.into())]) }
    }
}

/// The words of runs as a reader sees them.
pub fn plain(runs: &[Run]) -> String {
    let mut out = String::new();
    push_plain(runs, &mut out);
    out
}

fn push_plain(runs: &[Run], out: &mut String) {
    for run in runs {
        match run {
            Run::Words(words) | Run::Code(words) => out.push_str(words),
            Run::Strong(inner)
            | Run::Emphasized(inner)
            | Run::Struck(inner)
            | Run::Raised(inner)
            | Run::Lowered(inner)
            | Run::Link { words: inner, .. } => push_plain(inner, out),
            Run::Break => out.push('\n'),
            Run::Anchor(_) | Run::NoteMark(_) => {}
        }
    }
}

/// The words of parts, one line for each paragraph, heading, item and cell.
pub fn plain_parts(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        push_part(part, &mut out);
    }
    out
}

fn push_part(part: &Part, out: &mut String) {
    let mut line = |runs: &[Run]| {
        push_plain(runs, out);
        out.push('\n');
    };
    match &part.kind {
        PartKind::Heading { words, .. } | PartKind::Paragraph(words) => line(words),
        PartKind::Itemized { items, .. } => items.iter().flatten().for_each(|part| push_part(part, out)),
        PartKind::Glossary(entries) => {
            for (term, details) in entries {
                push_plain(term, out);
                out.push('\n');
                details.iter().for_each(|part| push_part(part, out));
            }
        }
        PartKind::Grid(grid) => {
            grid.head.iter().chain(grid.rows.iter().flatten()).for_each(|cell| line(cell));
        }
        PartKind::Quoted(inner) => inner.iter().for_each(|part| push_part(part, out)),
        PartKind::Preformatted(text) => {
            out.push_str(text);
            out.push('\n');
        }
        PartKind::Divider => {}
    }
}
