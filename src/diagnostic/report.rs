//! A report: what was found, what was suppressed, what was not run.
//!
//! In: findings after they were weighed, and the texts of the files that they name. Out: counts, fingerprints.
//! Must not know: how the findings came about, in which form the report is written.

use super::{Diagnostic, Label, Lines, RULES, Severity};
use crate::source::Digest;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that was not run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Skipped {
    /// A rule, or what some rules do: `unreachable-link`, `rules that read prose`.
    pub what: String,
    pub why: String,
}

pub struct Report<'r> {
    pub findings: &'r [Diagnostic],
    pub skipped: &'r [Skipped],
    /// Rules that had no chance to find anything.
    pub not_run: BTreeSet<&'r str>,
    /// Rules that the settings turn off.
    pub off: BTreeSet<&'r str>,
    /// The day for which was checked.
    pub date: Date,
    /// The texts of files, by path, for excerpts and columns.
    pub texts: &'r BTreeMap<Arc<str>, Arc<str>>,
    /// The coverage report, if it was asked for.
    pub coverage: Option<Value>,
}

/// Said once in every report.
pub const DISCLAIMER: &str =
    "No finding is no proof: rules see what they are written for. Nothing here is a legal assessment.";

impl Report<'_> {
    /// Findings that are not suppressed.
    pub fn open(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    pub fn suppressed(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.suppressed.is_some())
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.open().filter(|finding| finding.severity == severity).count()
    }

    /// Rules that had the chance to find something.
    pub fn rules_run(&self) -> usize {
        RULES.iter().filter(|rule| !self.off.contains(rule.code) && !self.not_run.contains(rule.code)).count()
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(|text| &**text)
    }

    /// For each finding a name that stays the same when lines are added or removed elsewhere.
    pub fn fingerprints(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        self.findings
            .iter()
            .map(|finding| {
                let (path, words) = match &finding.primary {
                    Some(label) => (&*label.path, self.words(label)),
                    None => ("", String::new()),
                };
                let words = if words.is_empty() { finding.message.clone() } else { words };
                let name = format!("{}\n{path}\n{words}", finding.code);
                let count = seen.entry(name.clone()).or_default();
                *count += 1;
                Digest::of(format!("{name}\n{count}").as_bytes()).hex()[..32].to_string()
            })
            .collect()
    }

    /// The words of a place, blanks folded.
    fn words(&self, label: &Label) -> String {
        let Some(text) = self.text(&label.path) else { return String::new() };
        let span = Lines::clamp_in(text, &label.span);
        text[span].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The last line of a report.
    pub fn summary(&self) -> String {
        let number = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let mut parts = vec![
            number(self.count(Severity::Error), "error", "errors"),
            number(self.count(Severity::Warning), "warning", "warnings"),
            number(self.count(Severity::Info), "info", "infos"),
        ];
        parts.push(format!("{} suppressed", self.suppressed().count()));
        let mut line = format!("Found {}; ran {} rules", parts.join(", "), self.rules_run());
        if !self.off.is_empty() {
            line.push_str(&format!(", {} off in the settings", self.off.len()));
        }
        if !self.not_run.is_empty() {
            line.push_str(&format!(", {} not run", self.not_run.len()));
        }
        format!("{line}; as of {}.", self.date)
    }
}
