//! Waivers: which hold, which have ended, which waive nothing.
//!
//! In: what the settings and the texts waive, and the day. Out: the waivers that hold, with the places that they speak for;
//! findings about the others. Must not know: how a waiver weighs (one door does: the settings).

use crate::center::waiver::{InEffect, Place, Target, Waiver, waivable};
use crate::center::{Center, Register, parse_date};
use crate::diagnostic::{Diagnostic, Waived};
use crate::markdown::Allowance;
use crate::text::CheckedText;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// The waivers that hold on a day.
pub fn settle(
    center: Option<&Center>,
    texts: &[Arc<CheckedText>],
    date: Date,
    findings: &mut Vec<Diagnostic>,
) -> Vec<InEffect> {
    let mut written: Vec<Waiver> = center.map(|center| center.settings.waivers.clone()).unwrap_or_default();
    for text in texts {
        for allowance in &text.allowances {
            written.extend(read(&text.path, allowance, findings));
        }
    }
    let mut out = Vec::new();
    for waiver in written {
        if waiver.waived.until < date {
            let code = waiver.rule.code;
            findings.push(
                Diagnostic::new("expired-waiver", format!("the waiver of `{code}` ended on {}", waiver.waived.until))
                    .at(&waiver.waived.path, waiver.waived.span.clone())
                    .help(format!("mend what `{code}` finds, then remove the waiver"))
                    .help(format!("or, if it still holds that “{}”, write a later day", waiver.waived.reason)),
            );
            continue;
        }
        let places = match &waiver.target {
            Target::Block { path, span } => vec![Place { path: path.clone(), range: Some(span.clone()) }],
            Target::Named { what, part } => places(center, texts, what, part.as_deref()),
        };
        out.push(InEffect { rule: waiver.rule.code, waived: waiver.waived, places });
    }
    out
}

/// Every waiver that waived nothing, of the rules that were run.
pub fn unused(waiving: &[InEffect], findings: &[Diagnostic], not_run: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let used: BTreeSet<(&str, usize)> = findings
        .iter()
        .filter_map(|finding| finding.waived.as_ref())
        .map(|(waived, _)| (&*waived.path, waived.span.start))
        .collect();
    waiving
        .iter()
        .filter(|waiver| !not_run.contains(waiver.rule))
        .filter(|waiver| !used.contains(&(&*waiver.waived.path, waiver.waived.span.start)))
        .map(|waiver| {
            let mut finding =
                Diagnostic::new("unused-waiver", format!("the waiver of `{}` waives nothing", waiver.rule))
                    .at(&waiver.waived.path, waiver.waived.span.clone());
            if waiver.places.is_empty() {
                finding = finding.help("its target names no document, file, section or row of the site: correct it");
            }
            finding.help("remove the waiver")
        })
        .collect()
}

/// A comment in a text.
fn read(path: &Arc<str>, allowance: &Allowance, findings: &mut Vec<Diagnostic>) -> Option<Waiver> {
    let problem = |code, message: String, help: String| {
        Diagnostic::new(code, message).at(path, allowance.span.clone()).help(help)
    };
    let how = "write <!-- fineprint-allow RULE reason=\"why it may stand\" until=2027-06-01 -->";
    let text = allowance.text.trim();
    let (code, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rule = match waivable(code) {
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
            let message = format!("the waiver of `{code}` holds `{rest}`, which is no key with a value");
            findings.push(problem("invalid-waiver", message, how.to_string()));
            return None;
        };
        match key {
            "reason" => reason = Some(value.to_string()),
            "until" => match parse_date(value) {
                Some(date) => until = Some(date),
                None => {
                    let message = format!("`{value}` is no date until which `{code}` could be waived");
                    findings.push(problem("invalid-waiver", message, "write until=2027-06-01".to_string()));
                    return None;
                }
            },
            other => {
                let message = format!("the waiver of `{code}` has a key `{other}`, which means nothing");
                findings.push(problem("invalid-waiver", message, how.to_string()));
                return None;
            }
        }
        rest = next.trim();
    }
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let (Some(reason), Some(until)) = (reason.clone(), until) else {
        let lacks = if reason.is_none() { "reason" } else { "last day" };
        findings.push(problem("invalid-waiver", format!("the waiver of `{code}` gives no {lacks}"), how.to_string()));
        return None;
    };
    let waived = Waived { reason, until, path: path.clone(), span: allowance.span.clone(), in_source: true };
    let target = Target::Block { path: path.clone(), span: allowance.of.clone() };
    Some(Waiver { rule, target, waived: Arc::new(waived) })
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
