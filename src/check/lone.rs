//! A single file, outside any site or with only its folder known: what can be told of it alone.
//!
//! In: a path, for its name, and the text. Out: findings, and what could not be run without a site. Must not know: the disk.

use super::texts::{Text, language_of, lone};
use super::{outline, waivers};
use crate::center::{Ledger, Organization, Register, Settings};
use crate::diagnostic::{Diagnostic, Skipped};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Checks one file. Waivers in it hold.
pub fn check(path: &Arc<str>, source: &Arc<str>, date: Date, findings: &mut Vec<Diagnostic>) -> Vec<Skipped> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let mut found = Vec::new();
    let mut skipped = Vec::new();
    let mut texts: Vec<Text> = Vec::new();
    match name.strip_suffix(".toml") {
        Some("fineprint") => drop(Settings::read(Some(source), &mut found)),
        Some("organization") => drop(Organization::read(path, source, &mut found)),
        Some("ledger") => drop(Ledger::read(source, &mut found)),
        Some(register) => drop(Register::read(register, path, source, &mut found)),
        None => {
            let text = lone(path, source.clone(), language_of(path, source), &mut found);
            texts.push(text);
            outline::check(&texts, &mut found);
        }
    }
    // Readers of settings and of the ledger know one path; here the file has its own.
    for finding in &mut found {
        if let Some(label) = &mut finding.primary {
            label.path = path.clone();
        }
    }
    let waiving = waivers::settle(None, &texts, date, &mut found);
    let settings = Settings::lone(waiving);
    settings.weigh(&mut found);
    found.extend(waivers::unused(&settings.waiving, &found, &BTreeSet::new()));
    findings.extend(found);
    skipped.push(Skipped {
        what: "rules that need a site".to_string(),
        why: format!("`{path}` is outside any site: its facts, registers, translations and addresses are not known"),
    });
    skipped
}
