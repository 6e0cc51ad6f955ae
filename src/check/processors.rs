//! Processors: rows without a name, transfers that are not told or cannot be as told, lives that run backwards.
//!
//! In: registers of processors. Out: findings at rows. Must not know: prose, versions.

use super::registers::{european, name};
use crate::center::Center;
use crate::center::register::{Register, Row, Value};
use crate::diagnostic::Diagnostic;
use jiff::civil::Date;

/// The European Economic Area.
pub const EEA: &[&str] = &[
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IE", "IT", "LV", "LI", "LT",
    "LU", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
];

/// True if a place lies outside the European Economic Area, or may.
pub fn is_outside(code: &str) -> bool {
    !EEA.contains(&code) && !matches!(code, "EU" | "EEA")
}

/// Countries with a decision of the Commission under GDPR Art. 45, for some or all recipients, as known in November 2026;
/// the list of the Commission is the truth.
const ADEQUATE: &[&str] =
    &["AD", "AR", "BR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "US", "UY"];

/// One register; those of other names are left alone.
pub fn check(center: &Center, register: &Register, date: Date, findings: &mut Vec<Diagnostic>) {
    if register.name != "processors" {
        return;
    }
    let mut without_role = Vec::new();
    for (index, row) in register.rows.iter().enumerate() {
        unnamed(register, row, findings);
        life(register, row, findings);
        if european(center) {
            transfer(center, register, row, findings);
        }
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

fn transfer(center: &Center, register: &Register, row: &Row, findings: &mut Vec<Diagnostic>) {
    let Some(Value::Places(places)) = row.value("location") else { return };
    let places: Vec<&str> = places.iter().map(|place| place.code.as_str()).collect();
    let outside: Vec<&str> = places.iter().copied().filter(|code| is_outside(code)).collect();
    let named = name(register, row);
    let mechanisms: &[&str] = match row.value("transfer_mechanism") {
        Some(Value::Terms(terms)) => terms,
        Some(Value::None) => &["not-applicable"],
        Some(_) => return,
        None => {
            if !outside.is_empty() {
                findings.push(
                    Diagnostic::new(
                        "missing-transfer-mechanism",
                        format!("`{named}` is in {}, but has no `transfer_mechanism`", outside.join(", ")),
                    )
                    .at(&register.path, row.span.clone())
                    .help("add the one that applies: transfer_mechanism = [\"adequacy\"], [\"dpf\"], [\"scc\"], [\"bcr\"] or [\"consent\"]"),
                );
            }
            return;
        }
    };
    let at_home = center.organization.country.as_deref().is_some_and(|country| EEA.contains(&country));
    let why = match mechanisms {
        ["not-applicable"] if at_home && !outside.is_empty() => {
            format!("it needs no transfer mechanism, but it is in {}", outside.join(", "))
        }
        ["adequacy"] if !outside.is_empty() && !outside.iter().any(|place| ADEQUATE.contains(place)) => {
            format!("there is an adequacy decision, but none is known for {}", outside.join(", "))
        }
        ["dpf"] if !places.contains(&"US") => {
            format!("it relies on the EU-US Data Privacy Framework, but it is in {}", places.join(", "))
        }
        _ => return,
    };
    findings.push(
        Diagnostic::new("transfer-contradicts-location", format!("`transfer_mechanism` of `{named}` says that {why}"))
            .at(&register.path, row.span.clone())
            .help("correct `transfer_mechanism` or `location`, whichever is wrong"),
    );
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
