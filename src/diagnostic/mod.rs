//! What is wrong with the user's text.
//!
//! In: a code, a place, a message, from any pass. Out: findings that a person, a program or a code host can read.
//! Must not know: where the text came from, what is done with it, whether anybody is looking.

mod human;
mod json;
mod lines;
mod report;
mod rules;
mod sarif;

pub use human::{human, position};
pub use json::json;
pub use lines::Lines;
pub use report::{DISCLAIMER, Report, Skipped};
pub use rules::{RULES, Rule, rule};
pub use sarif::sarif;

use jiff::civil::Date;
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

/// How much a finding weighs: an error stops `build` and `release`, the others never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// A place in a file of the site: a byte range of the whole file, front matter included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Path below the site's root, with `/`.
    pub path: Arc<str>,
    /// Empty at 0 when the finding is about the file as a whole.
    pub span: Range<usize>,
    /// Shown at the place; empty for none.
    pub text: String,
}

/// Somebody decided that a finding may stand, until a day, for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    pub reason: String,
    /// The last day on which it holds.
    pub until: Date,
    /// Where the suppression is written.
    pub path: Arc<str>,
    pub span: Range<usize>,
    /// It stands in the text that it speaks for, not in the settings.
    pub in_source: bool,
}

/// One result of reading or checking: rule, severity, and what is said. Copies share what is said: thousands of findings are
/// remembered, gathered and shown at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A code of [`RULES`].
    pub code: &'static str,
    pub severity: Severity,
    /// The suppression, and the severity that the finding would have without it: with one, it is an info that stops nothing.
    pub suppressed: Option<(Arc<Suppression>, Severity)>,
    said: Arc<DiagnosticBody>,
}

/// Message, places, help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagnosticBody {
    /// Lower case, naming the thing in backticks.
    pub message: String,
    pub primary: Option<Label>,
    pub secondary: Vec<Label>,
    /// Imperatives with the concrete value.
    pub help: Vec<String>,
}

impl Deref for Diagnostic {
    type Target = DiagnosticBody;

    fn deref(&self) -> &DiagnosticBody {
        &self.said
    }
}

impl DerefMut for Diagnostic {
    fn deref_mut(&mut self) -> &mut DiagnosticBody {
        Arc::make_mut(&mut self.said)
    }
}

impl Diagnostic {
    /// A finding of the rule's own severity.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let severity = rule(code).map_or(Severity::Error, |rule| rule.severity);
        let said = DiagnosticBody { message: message.into(), primary: None, secondary: Vec::new(), help: Vec::new() };
        Diagnostic { code, severity, suppressed: None, said: Arc::new(said) }
    }

    pub fn at(mut self, path: &Arc<str>, span: Range<usize>) -> Self {
        self.primary = Some(Label { path: path.clone(), span, text: String::new() });
        self
    }

    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    pub fn also(mut self, path: &Arc<str>, span: Range<usize>, text: impl Into<String>) -> Self {
        self.secondary.push(Label { path: path.clone(), span, text: text.into() });
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Order of a report: by file, place, code.
    pub fn sort(findings: &mut [Diagnostic]) {
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
    }

    fn order(&self) -> impl Ord + '_ {
        let place = self.primary.as_ref().map(|label| (&*label.path, label.span.start, label.span.end));
        (place, self.code, &*self.message)
    }
}

/// Whether findings stop a build or a release.
pub fn stops(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// The value of `options` nearest to what was typed, if it is near enough to be meant.
pub fn did_you_mean<'a>(typed: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + typed.chars().count() / 4;
    options
        .into_iter()
        .map(|option| (distance(typed, option), option))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, option)| option)
}

/// Edits (insert, delete, replace, swap of neighbours) between two short words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}
