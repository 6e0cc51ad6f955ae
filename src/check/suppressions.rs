//! Suppressions: which hold, which have ended, which suppress nothing.
//!
//! In: what the settings and the texts suppress, and the day. Out: the suppressions that hold, with the places that they speak for;
//! findings about the others. Must not know: how a suppression weighs (one door does: the settings).

use crate::center::suppression::{ActiveSuppression, Place, SuppressionEntry, Target, suppressible};
use crate::center::{Center, Register, parse_date};
use crate::diagnostic::{Diagnostic, Suppression};
use crate::markdown::SuppressionComment;
use crate::text::CheckedText;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// The suppressions that hold on a day.
pub fn settle(
    center: Option<&Center>,
    texts: &[Arc<CheckedText>],
    date: Date,
    findings: &mut Vec<Diagnostic>,
) -> Vec<ActiveSuppression> {
    let mut written: Vec<SuppressionEntry> =
        center.map(|center| center.settings.suppressions.clone()).unwrap_or_default();
    for text in texts {
        for suppression_comment in &text.suppression_comments {
            written.extend(read(&text.path, suppression_comment, findings));
        }
    }
    let mut out = Vec::new();
    for suppression in written {
        if suppression.suppressed.until < date {
            let code = suppression.rule.code;
            findings.push(
                Diagnostic::new(
                    "expired-suppression",
                    format!("the suppression of `{code}` ended on {}", suppression.suppressed.until),
                )
                .at(&suppression.suppressed.path, suppression.suppressed.span.clone())
                .help(format!("mend what `{code}` finds, then remove the suppression"))
                .help(format!("or, if it still holds that “{}”, write a later day", suppression.suppressed.reason)),
            );
            continue;
        }
        let places = match &suppression.target {
            Target::Block { path, span } => vec![Place { path: path.clone(), range: Some(span.clone()) }],
            Target::Named { what, part } => places(center, texts, what, part.as_deref()),
        };
        out.push(ActiveSuppression { rule: suppression.rule.code, suppressed: suppression.suppressed, places });
    }
    out
}

/// Every suppression that suppressed nothing, of the rules that were run.
pub fn unused(
    active_suppressions: &[ActiveSuppression],
    findings: &[Diagnostic],
    not_run: &BTreeSet<&str>,
) -> Vec<Diagnostic> {
    let used: BTreeSet<(&str, usize)> = findings
        .iter()
        .filter_map(|finding| finding.suppressed.as_ref())
        .map(|(suppressed, _)| (&*suppressed.path, suppressed.span.start))
        .collect();
    active_suppressions
        .iter()
        .filter(|suppression| !not_run.contains(suppression.rule))
        .filter(|suppression| !used.contains(&(&*suppression.suppressed.path, suppression.suppressed.span.start)))
        .map(|suppression| {
            let mut finding = Diagnostic::new(
                "unused-suppression",
                format!("the suppression of `{}` suppresses nothing", suppression.rule),
            )
            .at(&suppression.suppressed.path, suppression.suppressed.span.clone());
            if suppression.places.is_empty() {
                finding = finding.help("its target names no document, file, section or row of the site: correct it");
            }
            finding.help("remove the suppression")
        })
        .collect()
}

/// A comment in a text.
fn read(
    path: &Arc<str>,
    suppression_comment: &SuppressionComment,
    findings: &mut Vec<Diagnostic>,
) -> Option<SuppressionEntry> {
    let problem = |code, message: String, help: String| {
        Diagnostic::new(code, message).at(path, suppression_comment.span.clone()).help(help)
    };
    let how = "write <!-- fineprint-suppress RULE reason=\"why it may stand\" until=2027-06-01 -->";
    let text = suppression_comment.text.trim();
    let (code, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rule = match suppressible(code) {
        Ok(rule) => rule,
        Err((kind, message, help)) => {
            findings.push(problem(kind, message, help));
            return None;
        }
    };
    let mut reason = None;
    let mut until = None;
    let mut rest = rest.trim();
    while !rest.is_empty() {
        let Some((key, value, next)) = pair(rest) else {
            let message = format!("the suppression of `{code}` holds `{rest}`, which is no key with a value");
            findings.push(problem("invalid-suppression", message, how.to_string()));
            return None;
        };
        match key {
            "reason" => reason = Some(value.to_string()),
            "until" => match parse_date(value) {
                Some(date) => until = Some(date),
                None => {
                    let message = format!("`{value}` is not a date");
                    findings.push(problem("invalid-suppression", message, "write until=2027-06-01".to_string()));
                    return None;
                }
            },
            other => {
                let message = format!("the suppression of `{code}` has a key `{other}`, which means nothing");
                findings.push(problem("invalid-suppression", message, how.to_string()));
                return None;
            }
        }
        rest = next.trim();
    }
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let (Some(reason), Some(until)) = (reason.clone(), until) else {
        let lacks = if reason.is_none() { "reason" } else { "last day" };
        findings.push(problem(
            "invalid-suppression",
            format!("the suppression of `{code}` gives no {lacks}"),
            how.to_string(),
        ));
        return None;
    };
    let suppressed =
        Suppression { reason, until, path: path.clone(), span: suppression_comment.span.clone(), in_source: true };
    let target = Target::Block { path: path.clone(), span: suppression_comment.of.clone() };
    Some(SuppressionEntry { rule, target, suppressed: Arc::new(suppressed) })
}

/// `key=value` or `key="a value"`, and what stands behind it.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let (key, rest) = text.split_once('=')?;
    let rest = rest.trim_start();
    for (open, close) in [('"', '"'), ('\'', '\''), ('“', '”')] {
        if let Some(inside) = rest.strip_prefix(open) {
            let (value, next) = inside.split_once(close)?;
            return Some((key.trim(), value, next));
        }
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    Some((key.trim(), &rest[..end], &rest[end..]))
}

/// Where a target is: a document, a file of the site, and a section or a row in it.
fn places(center: Option<&Center>, texts: &[Arc<CheckedText>], what: &str, part: Option<&str>) -> Vec<Place> {
    let Some(center) = center else { return Vec::new() };
    let folder: Option<Arc<str>> = center.document(what).map(|document| format!("content/{}/", document.slug).into());
    let file = center.tree.get(what).map(|file| file.path.clone());
    let Some(path) = folder.or(file) else { return Vec::new() };
    let Some(part) = part else { return vec![Place { path, range: None }] };
    let mut out = Vec::new();
    let meant = |other: &str| *other == *path || (path.ends_with('/') && other.starts_with(&*path));
    for text in texts.iter().filter(|text| meant(&text.path)) {
        if let Some(range) = section(text, part) {
            out.push(Place { path: text.path.clone(), range: Some(range) });
        }
    }
    for register in registers(center, texts).into_iter().filter(|register| meant(&register.path)) {
        if let Some(at) = register.rows.iter().position(|row| row.id == part) {
            let end = register.rows.get(at + 1).map_or(usize::MAX, |next| next.span.start);
            out.push(Place { path: register.path.clone(), range: Some(register.rows[at].span.start..end) });
        }
    }
    out
}

/// The bytes of a section with its subsections.
fn section(text: &CheckedText, id: &str) -> Option<Range<usize>> {
    let mut found: Option<(u8, usize)> = None;
    for (known, depth, at) in &text.sections {
        match found {
            None if known == id => found = Some((*depth, *at)),
            Some((level, start)) if *depth <= level => return Some(start..*at),
            _ => {}
        }
    }
    found.map(|(_, start)| start..text.source.len().max(start + 1))
}

/// Every register that is being worked on: shared ones, and those of one document.
pub fn registers(center: &Center, texts: &[Arc<CheckedText>]) -> Vec<Arc<Register>> {
    let mut out: Vec<Arc<Register>> = center.registers.values().cloned().collect();
    let mut known: HashSet<Arc<str>> = out.iter().map(|register| register.path.clone()).collect();
    for register in texts.iter().filter_map(|text| text.facts.as_ref()).flat_map(|facts| facts.registers.values()) {
        if known.insert(register.path.clone()) {
            out.push(register.clone());
        }
    }
    out
}
