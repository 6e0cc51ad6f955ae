//! Processors: rows without a name, transfers that are not told or cannot be as told, lives that run backwards.
//!
//! In: registers of processors. Out: findings at rows. Must not know: prose, versions.

use super::registers::name;
use crate::center::Center;
use crate::center::register::{Register, Row, Value};
use crate::diagnostic::{Diagnostic, Severity};
use crate::law::{self, Transfers};
use jiff::civil::Date;

/// One register; those of other names are left alone.
pub fn check(center: &Center, register: &Register, date: Date, findings: &mut Vec<Diagnostic>) {
    if register.name != "processors" {
        return;
    }
    let (regimes, mut without_role) = (regimes(center), Vec::new());
    for (index, row) in register.rows.iter().enumerate() {
        unnamed(register, row, findings);
        life(register, row, findings);
        transfer(center, &regimes, register, row, findings);
        twice(register, index, findings);
        if row.value("role").is_none() && row.date("until").is_none_or(|until| until > date) {
            without_role.push(row);
        }
    }
    if let Some(first) = without_role.first() {
        let ids: Vec<String> = without_role.iter().map(|row| format!("`{}`", row.id)).collect();
        findings.push(
            Diagnostic::new("processor-role-missing", format!("no `role` for {}", ids.join(", ")))
                .at(&register.path, first.span.clone())
                .help("add role = \"processor\", \"sub-processor\" or \"independent-controller\", whichever is true"),
        );
    }
}

fn unnamed(register: &Register, row: &Row, findings: &mut Vec<Diagnostic>) {
    let blank = match row.value("name") {
        Some(Value::Text(text)) => text.is_empty(),
        Some(Value::Unknown | Value::None) => true,
        _ => false,
    };
    if blank {
        findings.push(
            Diagnostic::new("processor-unnamed", format!("processor `{}` has no name", row.id))
                .at(&register.path, row.span.clone())
                .help("add the company's legal name, so that readers can contact it"),
        );
    }
}

fn life(register: &Register, row: &Row, findings: &mut Vec<Diagnostic>) {
    let Some(since) = row.date("since") else { return };
    let named = name(register, row);
    if let Some(until) = row.date("until").filter(|until| *until <= since) {
        findings.push(
            Diagnostic::new("dates-reversed", format!("`{named}` ends on {until}, not after its start on {since}"))
                .at(&register.path, row.span.clone())
                .help("correct `since` or `until`"),
        );
    }
    if let Some(objection) = row.date("objection_deadline").filter(|objection| *objection > since) {
        findings.push(
            Diagnostic::new(
                "dates-reversed",
                format!("the objection deadline for `{named}`, {objection}, is after its start on {since}"),
            )
            .at(&register.path, row.span.clone())
            .help(format!("set `objection_deadline` to {since} at the latest, or choose a later start")),
        );
    }
}

/// The rules on transfers of the declared jurisdictions, each once.
fn regimes(center: &Center) -> Vec<&'static Transfers> {
    let mut out: Vec<&Transfers> = Vec::new();
    for code in &center.settings.jurisdictions {
        let known = law::transfers(std::slice::from_ref(code));
        out.extend(known.filter(|known| !out.iter().any(|other| other.source == known.source)));
    }
    out
}

/// The terms of a row's `transfer_mechanism`.
pub fn mechanisms(row: &Row) -> Option<Vec<&'static str>> {
    match row.value("transfer_mechanism") {
        Some(Value::Terms(terms)) => Some(terms.clone()),
        Some(Value::None) => Some(vec!["not-applicable"]),
        _ => None,
    }
}

/// The places of a row that are not at home; none if there are none, or if nobody knows.
pub fn outside(row: &Row, home: &[String]) -> Option<Vec<String>> {
    let Some(Value::Places(places)) = row.value("location") else { return None };
    let codes = places.iter().map(|place| &place.code);
    let away: Vec<String> = codes.filter(|code| !home.contains(code)).cloned().collect();
    (!away.is_empty()).then_some(away)
}

fn transfer(center: &Center, regimes: &[&Transfers], register: &Register, row: &Row, findings: &mut Vec<Diagnostic>) {
    let Some((rules, away)) = regimes.iter().find_map(|rules| Some((rules, outside(row, &rules.home)?))) else {
        return;
    };
    let (named, places) = (name(register, row), away.join(", "));
    let Some(mechanisms) = mechanisms(row) else {
        if row.value("transfer_mechanism").is_none() {
            // Consent is for single cases, and nothing to propose for a row that stands for all.
            let mut ways: Vec<String> = Vec::new();
            for tool in regimes.iter().flat_map(|rules| &rules.tools).filter(|tool| *tool != "consent") {
                let way = format!("[\"{tool}\"]");
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
            findings.push(
                Diagnostic::new(
                    "missing-transfer-mechanism",
                    format!("`{named}` is in {places}, outside {}, but has no `transfer_mechanism`", rules.home_name),
                )
                .at(&register.path, row.span.clone())
                .help(format!("add the one that applies: transfer_mechanism = {}", ways.join(" or "))),
            );
        }
        return;
    };
    let at_home = center.organization.country.as_ref().is_some_and(|country| rules.home.contains(country));
    let known = |place: &String| rules.adequate.is_empty() || rules.adequate.contains(place);
    let (severity, why) = match mechanisms.as_slice() {
        ["not-applicable"] if at_home => {
            (Severity::Warning, format!("says that there is no transfer, but its `location` is {places}"))
        }
        ["adequacy"] if !away.iter().any(known) => {
            (Severity::Warning, format!("says that there is an adequacy decision, but none is known here for {places}"))
        }
        ["dpf"] if !away.iter().any(|place| place == "US") => (
            Severity::Info,
            format!(
                "names the EU-US Data Privacy Framework, but its `location` is {places}; `onward` tells of a parent in the United States"
            ),
        ),
        _ => return,
    };
    let message = format!("`transfer_mechanism` of `{named}` {why}");
    let mut finding = Diagnostic::new("transfer-contradicts-location", message).at(&register.path, row.span.clone());
    finding.severity = severity;
    findings.push(finding.help("correct `transfer_mechanism` or `location`, if one of them is wrong"));
}

/// Finds a company that is listed twice at the same time.
fn twice(register: &Register, index: usize, findings: &mut Vec<Diagnostic>) {
    let row = &register.rows[index];
    let key = |row: &Row| (name(register, row).trim().to_lowercase(), row.value("purpose").cloned());
    let apart = |a: &Row, b: &Row| match (a.date("until"), b.date("since")) {
        (Some(until), Some(since)) => until <= since,
        _ => false,
    };
    let same = |other: &&Row| key(other).0 == key(row).0 && key(other).1 == key(row).1;
    let Some(first) = register.rows[..index].iter().find(same) else { return };
    if apart(first, row) || apart(row, first) {
        return;
    }
    findings.push(
        Diagnostic::new(
            "duplicate-processor",
            format!("`{}` is listed twice for the same purpose", name(register, row)),
        )
        .at(&register.path, row.span.clone())
        .also(&register.path, first.span.clone(), "the first is here")
        .help(format!("remove `{}`, or state the difference in `purpose`", row.id)),
    );
}
