//! A report for programs, by the schema in `docs/check.schema.json`.
//!
//! In: a report. Out: a value. Must not know: who reads it.

use super::report::DISCLAIMER;
use super::{Diagnostic, Label, Lines, Report, Severity};
use serde_json::{Map, Value, json as value};
use std::collections::BTreeMap;

/// The format's version: a field is added without notice, none changes its meaning.
const VERSION: u32 = 1;
/// Characters of an excerpt.
const EXCERPT: usize = 120;

pub fn json(report: &Report) -> Value {
    let mut lines = BTreeMap::new();
    for (path, text) in report.texts {
        lines.insert(&**path, Lines::new(text));
    }
    let findings: Vec<Value> = report
        .findings
        .iter()
        .zip(report.fingerprints())
        .map(|(finding, fingerprint)| one(finding, fingerprint, &lines))
        .collect();
    let mut out = value!({
        "version": VERSION,
        "tool": { "name": "fineprint", "version": env!("CARGO_PKG_VERSION") },
        "as_of": report.date,
        "findings": findings,
        "summary": {
            "errors": report.count(Severity::Error),
            "warnings": report.count(Severity::Warning),
            "infos": report.count(Severity::Info),
            "suppressed": report.suppressed().count(),
            "rules_run": report.rules_run(),
            "rules_off": report.off,
            "not_run": report.skipped,
        },
        "disclaimer": DISCLAIMER,
    });
    if let (Some(coverage), Some(out)) = (&report.coverage, out.as_object_mut()) {
        out.insert("coverage".into(), coverage.clone());
    }
    out
}

fn one(finding: &Diagnostic, fingerprint: String, lines: &BTreeMap<&str, Lines>) -> Value {
    let own = finding.suppressed.as_ref().map_or(finding.severity, |(_, own)| *own);
    let related: Vec<Value> = finding
        .secondary
        .iter()
        .map(|label| {
            let mut place = place(label, lines);
            place["message"] = label.text.clone().into();
            place
        })
        .collect();
    value!({
        "rule": finding.code,
        "severity": own,
        "message": finding.message,
        "location": finding.primary.as_ref().map(|label| place(label, lines)),
        "related": related,
        "help": finding.help,
        "fingerprint": fingerprint,
        "suppression": finding.suppressed.as_ref().map(|(suppressed, _)| value!({
            "reason": suppressed.reason,
            "until": suppressed.until,
            "path": &*suppressed.path,
            "in_source": suppressed.in_source,
        })),
    })
}

/// Lines and columns count from 1, columns in characters; bytes count from 0.
fn place(label: &Label, lines: &BTreeMap<&str, Lines>) -> Value {
    let mut out = Map::new();
    out.insert("path".into(), (*label.path).into());
    if let Some(lines) = lines.get(&*label.path).filter(|_| label.span != (0..0)) {
        let span = Lines::clamp_in(lines.text(), &label.span);
        let point = |at: usize| {
            let (line, column) = lines.position(at, |_| 1);
            value!({ "line": line, "column": column })
        };
        out.insert("start".into(), point(span.start));
        out.insert("end".into(), point(span.end));
        out.insert("bytes".into(), value!({ "start": span.start, "end": span.end }));
        let words: Vec<&str> = lines.text()[span].split_whitespace().collect();
        out.insert("excerpt".into(), words.join(" ").chars().take(EXCERPT).collect::<String>().into());
    }
    Value::Object(out)
}
