//! Facts that contradict each other or say less than they must: purposes, rights, retention, addresses.
//!
//! In: registers and the organisation as they are being worked on. Out: findings at rows. Must not know: prose.

use crate::center::practices::ANSWERS;
use crate::center::register::{Register, Row, Value};
use crate::center::{Center, organization};
use crate::diagnostic::Diagnostic;
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

/// What the organisation says of itself.
pub fn organization(center: &Center, findings: &mut Vec<Diagnostic>) {
    practices(center, findings);
    addresses(center, findings);
}

/// Whether the law of the European Union on data was declared, directly or through a member or the United Kingdom.
pub fn european(center: &Center) -> bool {
    center.settings.jurisdictions.iter().any(|name| ["eu", "es", "fr", "de", "uk"].contains(&name.as_str()))
}

fn american(center: &Center) -> bool {
    center.settings.jurisdictions.iter().any(|name| name == "us" || name.starts_with("us-"))
}

/// What a row is called.
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
        if bases.contains(&"legitimate-interests") && !interest && european(center) {
            findings.push(
                Diagnostic::new(
                    "missing-legitimate-interest",
                    format!("the purpose `{named}` rests on a legitimate interest, and no interest is named"),
                )
                .at(&register.path, row.span.clone())
                .help(format!(
                    "add `interest = \"…\"` to the row `{}`: what you, or a third party, gain from it",
                    row.id
                )),
            );
        }
        if bases.len() > 1 && european(center) {
            findings.push(
                Diagnostic::new(
                    "several-legal-bases",
                    format!("the purpose `{named}` has {} legal bases: {}", bases.len(), bases.join(", ")),
                )
                .at(&register.path, row.span.clone())
                .help("split the row, so that each purpose has the one basis that it rests on"),
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

/// Deadlines longer than the longest that a declared law gives for the first answer.
fn rights(center: &Center, register: &Register, findings: &mut Vec<Diagnostic>) {
    for row in &register.rows {
        let Some(Value::Duration(deadline)) = row.value("deadline") else { continue };
        let laws: Vec<String> = items(register, row, "laws").iter().map(|law| law.to_lowercase()).collect();
        let under = |names: &[&str]| laws.is_empty() || laws.iter().any(|law| names.contains(&law.as_str()));
        let days = longest_days(deadline);
        let limit = if european(center) && under(&["gdpr", "eu", "uk", "rgpd", "dsgvo"]) && over_a_month(deadline) {
            "one month, which GDPR Art. 12(3) gives for the answer"
        } else if american(center) && under(&["ccpa", "us", "cpra"]) && days > 45 && !european(center) {
            "45 days, which Cal. Civ. Code 1798.130(a)(2) and like laws give for the answer"
        } else {
            continue;
        };
        let length = duration(&Language::english(), deadline);
        findings.push(
            Diagnostic::new(
                "deadline-differs-from-cited-period",
                format!("the right `{}` is answered within {length}, longer than {limit}", name(register, row)),
            )
            .at(&register.path, row.span.clone())
            .help("shorten `deadline`, or, if it includes an extension, write the deadline without it and say in the text when it is extended"),
        );
    }
}

fn over_a_month(length: &Duration) -> bool {
    match length.unit {
        Unit::Month => length.count > 1,
        Unit::Year => length.count > 0,
        _ => longest_days(length) > 31,
    }
}

fn longest_days(length: &Duration) -> u64 {
    u64::from(length.count)
        * match length.unit {
            Unit::Hour => return u64::from(length.count) / 24,
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
            Unit::Year => 366,
        }
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
            Diagnostic::new(
                "category-without-retention",
                format!("no row of `retention` says how long `{item}` is kept"),
            )
            .at(&purposes.path, row.span.clone())
            .help(format!(
                "add a row with data = \"{item}\" to {}, or use there the name that is used here",
                retention.path
            )),
        );
    }
}

/// One question with two answers.
fn practices(center: &Center, findings: &mut Vec<Diagnostic>) {
    for answer in ANSWERS {
        let (facts, settings) =
            (center.organization.practices.answer(answer), center.settings.practices.answer(answer));
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
                .help("leave it in content/organization.toml, where it is a fact that versions freeze, and out of fineprint.toml"),
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
            Diagnostic::new("similar-hostnames", format!("`{address}` and `{known}` differ by one letter in the host"))
                .at(&path, at..at + address.len().min(source.len()))
                .help(format!("write `{other}` in both, if one is a slip")),
        );
    }
}

/// Whether one letter was left out, added, replaced or swapped with its neighbour.
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
    fn a_month_is_at_most_31_days() {
        let length = |count, unit| Duration { count, unit };
        assert!(!over_a_month(&length(30, Unit::Day)) && !over_a_month(&length(1, Unit::Month)));
        assert!(over_a_month(&length(32, Unit::Day)) && over_a_month(&length(2, Unit::Month)));
    }
}
