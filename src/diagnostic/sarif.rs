//! A report for code hosts: SARIF 2.1.0, as OASIS published it on 27 March 2020.
//!
//! In: a report. Out: a value. Must not know: which host reads it.

use super::report::DISCLAIMER;
use super::{Diagnostic, Label, Lines, RULES, Report, Rule, Severity};
use serde_json::{Value, json as value};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub fn sarif(report: &Report) -> Value {
    let mut lines = BTreeMap::new();
    for (path, text) in report.texts {
        lines.insert(&**path, Lines::new(text));
    }
    let results: Vec<Value> = report
        .findings
        .iter()
        .zip(report.fingerprints())
        .map(|(finding, fingerprint)| result(finding, fingerprint, &lines))
        .collect();
    let notes: Vec<Value> = report
        .skipped
        .iter()
        .map(|skipped| value!({ "level": "note", "message": { "text": format!("not run: {}: {}", skipped.what, skipped.why) } }))
        .collect();
    value!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fineprint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "fullDescription": { "text": DISCLAIMER },
                "rules": RULES.iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": { "SITE": { "description": { "text": "the folder that holds fineprint.toml, or the one where the check was run" } } },
            "invocations": [{
                "executionSuccessful": true,
                "toolConfigurationNotifications": notes,
            }],
            "results": results,
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    value!({
        "id": rule.code,
        "shortDescription": { "text": rule.headline() },
        "fullDescription": { "text": rule.explanation },
        "help": {
            "text": format!("{}\n\nfineprint explain {}", rule.explanation, rule.code),
            "markdown": format!("{}\n\n`fineprint explain {}`", rule.explanation, rule.code),
        },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": if rule.is_protected { vec!["guard"] } else { Vec::new() } },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Diagnostic, fingerprint: String, lines: &BTreeMap<&str, Lines>) -> Value {
    let own = finding.suppressed.as_ref().map_or(finding.severity, |(_, own)| *own);
    let mut text = finding.message.clone();
    for help in &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut out = value!({
        "ruleId": finding.code,
        "level": level(own),
        "message": { "text": text },
        "partialFingerprints": { "fineprint/v1": fingerprint },
    });
    if let Some(index) = RULES.iter().position(|rule| rule.code == finding.code) {
        out["ruleIndex"] = index.into();
    }
    // Code hosts ask for a place; what has none belongs to the settings.
    let nowhere = Label { path: crate::center::settings::PATH.into(), span: 0..0, text: String::new() };
    let primary = finding.primary.as_ref().unwrap_or(&nowhere);
    out["locations"] = vec![location(primary, lines)].into();
    if !finding.secondary.is_empty() {
        let related = finding.secondary.iter().enumerate().map(|(index, label)| {
            let mut place = location(label, lines);
            place["id"] = (index + 1).into();
            place["message"] = value!({ "text": label.text });
            place
        });
        out["relatedLocations"] = related.collect::<Vec<_>>().into();
    }
    if let Some((suppressed, _)) = &finding.suppressed {
        out["suppressions"] = value!([{
            "kind": if suppressed.in_source { "inSource" } else { "external" },
            "status": "accepted",
            "justification": format!("{} (until {})", suppressed.reason, suppressed.until),
        }]);
    }
    out
}

fn location(label: &Label, lines: &BTreeMap<&str, Lines>) -> Value {
    // A file outside the folder of the check is named by its whole path.
    let artifact = match label.path.strip_prefix('/') {
        Some(path) => value!({ "uri": format!("file:///{}", uri(path)) }),
        None => value!({ "uri": uri(&label.path), "uriBaseId": "SITE" }),
    };
    let mut physical = value!({ "artifactLocation": artifact });
    physical["region"] = match lines.get(&*label.path) {
        Some(lines) if label.span != (0..0) => {
            let span = Lines::clamp_in(lines.text(), &label.span);
            let (start_line, start_column) = lines.position(span.start, char::len_utf16);
            let (end_line, end_column) = lines.position(span.end, char::len_utf16);
            value!({
                "startLine": start_line,
                "startColumn": start_column,
                "endLine": end_line,
                "endColumn": end_column,
                "byteOffset": span.start,
                "byteLength": span.len(),
            })
        }
        // The file as a whole.
        _ => value!({ "startLine": 1 }),
    };
    value!({ "physicalLocation": physical })
}

/// A path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    // A colon in the first part would look like a scheme; it is escaped above.
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("content/privacy/policy.md"), "content/privacy/policy.md");
        assert_eq!(uri("a b/ü:x.md"), "a%20b/%C3%BC%3Ax.md");
    }
}
