//! Facts that contradict each other or say less than they must: purposes, rights, retention, addresses.
//!
//! In: registers and the organisation as they are being worked on. Out: findings at rows. Must not know: prose.

use crate::center::register::{Register, Row, Value};
use crate::center::{Center, organization};
use crate::diagnostic::Diagnostic;
use crate::law::{self, Item, Practice, Question};
use crate::promise::facts;
use crate::words::{Duration, Language, Unit, duration};
use std::collections::BTreeMap;
use std::sync::Arc;

pub fn check(center: &Center, register: &Register, findings: &mut Vec<Diagnostic>) {
    match register.name.as_str() {
        "purposes" => purposes(center, register, findings),
        "rights" => rights(center, register, findings),
        _ => {}
    }
}

/// Registers that speak of the same data.
pub const TOGETHER: &[&str] = &["purposes", "retention"];

/// Registers that a text sees together, held against each other.
pub fn together(registers: &BTreeMap<String, Arc<Register>>, findings: &mut Vec<Diagnostic>) {
    uncovered(registers, findings);
}

/// Checks the organization's statements about itself.
pub fn organization(center: &Center, findings: &mut Vec<Diagnostic>) {
    practices(center, findings);
    addresses(center, findings);
}

/// True if a declared jurisdiction asks an item of its own or shares it.
fn asks(center: &Center, id: &str) -> bool {
    let own = |item: &Item| item.id == id || item.like.as_deref() == Some(id);
    law::with_unions(&center.settings.jurisdictions).any(|code| law::asked_by(code).any(own))
}

/// Returns the display name of a row.
pub fn name(register: &Register, row: &Row) -> String {
    let english = Language::english();
    ["name", "title", "purpose", "data"]
        .iter()
        .find_map(|field| Some(register.words(&english, field, row.value(field)?)))
        .filter(|words| !words.trim().is_empty())
        .unwrap_or_else(|| row.id.clone())
}

/// The items of a field in English, or in whatever language there is.
pub fn items(register: &Register, row: &Row, field: &str) -> Vec<String> {
    let english = Language::english();
    match row.value(field) {
        Some(value @ Value::Text(_)) => vec![register.words(&english, field, value)],
        Some(value) => facts::items(register, field, value, &english).unwrap_or_default(),
        None => Vec::new(),
    }
}

fn purposes(center: &Center, register: &Register, findings: &mut Vec<Diagnostic>) {
    for row in &register.rows {
        let Some(Value::Terms(bases)) = row.value("basis") else { continue };
        let named = name(register, row);
        let interest = row.value("interest").is_some_and(|value| !is_blank(value));
        if bases.contains(&"legitimate-interests") && !interest && asks(center, "gdpr/13-1-d") {
            findings.push(
                Diagnostic::new(
                    "missing-legitimate-interest",
                    format!("purpose `{named}` is based on a legitimate interest but does not state it"),
                )
                .at(&register.path, row.span.clone())
                .help(format!("add `interest = \"…\"` to row `{}`: what you or a third party gain from it", row.id)),
            );
        }
        if bases.len() > 1 && asks(center, "gdpr/13-1-c") {
            findings.push(
                Diagnostic::new(
                    "several-legal-bases",
                    format!("purpose `{named}` has {} legal bases: {}", bases.len(), bases.join(", ")),
                )
                .at(&register.path, row.span.clone())
                .help("split the row, so that each purpose has one basis"),
            );
        }
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        Value::Unknown | Value::None => true,
        _ => false,
    }
}

/// Deadlines longer than the longest that a declared law names for the first answer. A row that says whose right it is, is
/// held against that law alone.
fn rights(center: &Center, register: &Register, findings: &mut Vec<Diagnostic>) {
    let asked = || law::with_unions(&center.settings.jurisdictions).flat_map(law::asked_by);
    for row in &register.rows {
        let Some(Value::Duration(deadline)) = row.value("deadline") else { continue };
        let laws = items(register, row, "laws");
        let under = |item: &Item| laws.is_empty() || laws.iter().any(|law| speaks_of(law, item));
        let shorter = |item: &&Item| longest(item).is_some_and(|limit| !at_most(deadline, &limit)) && under(item);
        let Some(item) = asked().find(shorter) else { continue };
        let Some(limit) = longest(item) else { continue };
        let english = Language::english();
        let (length, limit) = (duration(&english, deadline), duration(&english, &limit));
        findings.push(
            Diagnostic::new(
                "deadline-differs-from-cited-period",
                format!(
                    "the deadline for `{}`, {length}, is longer than the {limit} of {}",
                    name(register, row),
                    item.cite
                ),
            )
            .at(&register.path, row.span.clone())
            .help(
                "shorten `deadline`; if it includes an extension, leave the extension out and explain it in the text",
            ),
        );
    }
}

/// The period for an answer that an item names.
fn longest(item: &Item) -> Option<Duration> {
    item.facts.iter().find_map(|fact| match fact {
        Question::Deadlines(longest) => longest.parse().ok(),
        _ => None,
    })
}

/// True if a row that names a law, or a code, means the law of an item: `GDPR` or `eu`, `CCPA` or `us-ca`.
fn speaks_of(law: &str, item: &Item) -> bool {
    let law = law.to_lowercase();
    let Some(file) = law::home_of(item) else { return false };
    let named = file.names.iter().flat_map(|name| &name.words).any(|word| word.to_lowercase() == law);
    named || file.code == law || (law == "us" && file.code.starts_with("us-"))
}

/// True if one length of time is not longer than another. A month may have 31 days.
pub fn at_most(length: &Duration, limit: &Duration) -> bool {
    let months = |length: &Duration| match length.unit {
        Unit::Month => Some(length.count),
        Unit::Year => Some(length.count.saturating_mul(12)),
        _ => None,
    };
    match (months(length), months(limit)) {
        (Some(length), Some(limit)) => length <= limit,
        _ => longest_hours(length) <= longest_hours(limit),
    }
}

fn longest_hours(length: &Duration) -> u64 {
    let hours = match length.unit {
        Unit::Hour => 1,
        Unit::Day => 24,
        Unit::Week => 7 * 24,
        Unit::Month => 31 * 24,
        Unit::Year => 366 * 24,
    };
    u64::from(length.count) * hours
}

/// Categories of data that some purpose collects and that no row of `retention` speaks of. Names that nobody uses in
/// both places prove nothing: only where most are shared does one that is missing stand out.
fn uncovered(registers: &BTreeMap<String, Arc<Register>>, findings: &mut Vec<Diagnostic>) {
    let (Some(purposes), Some(retention)) = (registers.get("purposes"), registers.get("retention")) else { return };
    let kept: Vec<String> =
        retention.rows.iter().flat_map(|row| items(retention, row, "data")).map(|item| plain(&item)).collect();
    let mut seen: Vec<(String, String, &Row)> = Vec::new();
    for row in &purposes.rows {
        for item in items(purposes, row, "data") {
            let key = plain(&item);
            if !key.is_empty() && !seen.iter().any(|(known, _, _)| *known == key) {
                seen.push((key, item, row));
            }
        }
    }
    let covered = |key: &str| kept.iter().any(|kept| kept.contains(key) || key.contains(kept.as_str()));
    let missing: Vec<_> = seen.iter().filter(|(key, _, _)| !covered(key)).collect();
    if missing.is_empty() || missing.len() * 3 > seen.len() {
        return;
    }
    for (_, item, row) in missing {
        findings.push(
            Diagnostic::new("category-without-retention", format!("no row of `retention` covers `{item}`"))
                .at(&purposes.path, row.span.clone())
                .help(format!("add a row with data = \"{item}\" to {}, or use the same name in both", retention.path)),
        );
    }
}

/// One question with two answers.
fn practices(center: &Center, findings: &mut Vec<Diagnostic>) {
    for question in Practice::FACTS {
        let answer = question.key();
        let (facts, settings) =
            (center.organization.practices.answer(*question), center.settings.practices.answer(*question));
        let (Some(fact), Some(other)) = (facts, settings) else { continue };
        if fact == other {
            continue;
        }
        let place = |path: &str| {
            let source = center.tree.kept(path).unwrap_or("");
            let at = source.find(answer).unwrap_or(0);
            at..(at + answer.len()).min(source.len())
        };
        let (facts, settings) = ("content/organization.toml", crate::center::settings::PATH);
        findings.push(
            Diagnostic::new("conflicting-practice", format!("`{answer}` is {fact} here and {other} in the settings"))
                .at(&Arc::from(facts), place(facts))
                .also(&Arc::from(settings), place(settings), format!("{other} here"))
                .help("keep it in content/organization.toml, which versions freeze, and remove it from fineprint.toml"),
        );
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Addresses whose hosts differ by one slip of the finger.
fn addresses(center: &Center, findings: &mut Vec<Diagnostic>) {
    let organization = &center.organization;
    let mut hosts: Vec<(String, String)> = Vec::new();
    let parties = [&organization.dpo, &organization.representative];
    let own = organization.contacts.iter().map(|(_, address)| address.as_str());
    let others = parties.iter().filter_map(|party| party.is()?.email.as_deref());
    for address in own.chain(others).filter(|address| organization::is_email(address)) {
        if let Some((_, host)) = address.rsplit_once('@') {
            hosts.push((host.to_lowercase(), address.to_string()));
        }
    }
    let path: Arc<str> = "content/organization.toml".into();
    let source = center.tree.kept(&path).unwrap_or("");
    for (index, (host, address)) in hosts.iter().enumerate() {
        let Some((other, known)) = hosts[..index].iter().find(|(other, _)| other != host && one_slip(other, host))
        else {
            continue;
        };
        let at = source.find(address.as_str()).unwrap_or(0);
        findings.push(
            Diagnostic::new(
                "similar-hostnames",
                format!("the hosts of `{address}` and `{known}` differ by one letter"),
            )
            .at(&path, at..at + address.len().min(source.len()))
            .help(format!("use `{other}` in both if one is a typo")),
        );
    }
}

/// True if one letter was left out, added, replaced or swapped with its neighbour.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let same = short.iter().zip(long.iter()).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => {
            short[same + 1..] == long[same + 1..] || {
                same + 2 <= short.len()
                    && short[same] == long[same + 1]
                    && short[same + 1] == long[same]
                    && short[same + 2..] == long[same + 2..]
            }
        }
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter() {
        for (a, b) in
            [("acme.example", "acmee.example"), ("acme.example", "acne.example"), ("acme.example", "amce.example")]
        {
            assert!(one_slip(a, b) && one_slip(b, a), "{a} {b}");
        }
        assert!(!one_slip("acme.example", "acme-legal.example"));
        assert!(!one_slip("abcd", "badc"));
    }

    #[test]
    fn lengths_of_different_units_are_compared_at_their_longest() {
        let at_most = |length: &str, limit: &str| at_most(&length.parse().unwrap(), &limit.parse().unwrap());
        for (length, limit) in
            [("31 days", "1 month"), ("1 month", "1 month"), ("12 months", "1 year"), ("24 hours", "1 day")]
        {
            assert!(at_most(length, limit), "{length} {limit}");
        }
        for (length, limit) in
            [("32 days", "1 month"), ("2 months", "1 month"), ("46 days", "45 days"), ("7 weeks", "45 days")]
        {
            assert!(!at_most(length, limit), "{length} {limit}");
        }
    }
}
