//! `[check]` of the settings: what was declared, how much each rule weighs, what is suppressed.
//!
//! In: the table. Out: fields of [`Settings`], and the one door through which every finding passes. Must not know: any rule.

use super::own_item;
use super::practices::Practices;
use super::reader::{Keys, Reader, unknown_key, word};
use super::settings::{Settings, Vendor};
use super::suppression;
use crate::diagnostic::{Diagnostic, RULES, Severity, did_you_mean, rule};
use crate::law::{self, Practice};
use crate::words::{Language, country};

/// Reads a list of codes and reports those for which there is no file of law. A code of a country or a state is not a typing
/// mistake: its law is only not known here.
fn known(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str, words: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for word in keys.strings(reader, key) {
        let code = word.get_ref().as_str();
        if !words.contains(&code) {
            let place = code.split_once('-').map_or(code, |(country, _)| country).to_uppercase();
            let is_place =
                code == code.to_lowercase() && place.len() == 2 && country(&Language::english(), &place).is_some();
            let list = format!("known are: {}", words.join(", "));
            let near = did_you_mean(code, words.iter().copied()).filter(|_| !is_place);
            let message = match is_place {
                true => format!("no items are known for `{code}`"),
                false => format!("no rule knows `{code}`"),
            };
            let help = near.map_or(list.clone(), |near| format!("did you mean `{near}`? {list}"));
            reader.problem("unknown-jurisdiction", word.span(), message, help);
        }
        out.push(word.into_inner());
    }
    out
}

impl Settings {
    /// The one sink of findings: whatever was found, by any pass, weighs what the site says, stands in the order of a report, and
    /// is told once. Settling the same findings twice changes nothing.
    pub fn settle(&self, findings: &mut Vec<Diagnostic>) {
        self.apply_levels(findings);
        Diagnostic::sort(findings);
        findings.dedup();
    }

    fn apply_levels(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| {
            if finding.suppressed.is_some() {
                return true;
            }
            match self.levels.get(finding.code) {
                None => {}
                Some(level) if lowers(finding.severity, *level) && in_record(finding) => {}
                Some(Some(severity)) => finding.severity = *severity,
                Some(None) => return false,
            }
            let is_protected = rule(finding.code).is_none_or(|rule| rule.is_protected);
            if !is_protected
                && !in_record(finding)
                && let Some(suppression) =
                    self.active_suppressions.iter().find(|suppression| suppression.speaks_for(finding))
            {
                finding.suppressed = Some((suppression.suppressed.clone(), finding.severity));
                finding.severity = Severity::Info;
            }
            true
        });
    }

    pub(super) fn read_check(&mut self, reader: &mut Reader, mut check: Keys<'_>) {
        self.jurisdictions = known(reader, &mut check, "jurisdictions", &law::jurisdictions().collect::<Vec<_>>());
        self.profiles = known(reader, &mut check, "profiles", &law::profiles().collect::<Vec<_>>());
        self.practices = Practices::read_answers(reader, &mut check, Practice::ALL);
        if let Some(answers) = check.table(reader, "answers") {
            for (item, span, value) in answers.iter() {
                match value.get_ref().as_str() {
                    Some(place) => drop(self.answers.insert(item.to_string(), (place.to_string(), span))),
                    None => reader.wrong_type(value, item, "a section such as \"privacy#rights\""),
                }
            }
        }
        for item in check.tables(reader, "item") {
            let own = own_item::read(reader, item, &self.own_items);
            self.own_items.extend(own);
        }
        for suppression in check.tables(reader, "suppression") {
            self.suppressions.extend(suppression::read(reader, suppression));
        }
        for vendor in check.tables(reader, "vendor") {
            self.vendors.extend(read_vendor(reader, vendor));
        }
        if let Some(levels) = check.table(reader, "levels") {
            self.read_levels(reader, levels);
        }
        check.finish(reader);
    }

    fn read_levels(&mut self, reader: &mut Reader, levels: Keys<'_>) {
        for (code, span, value) in levels.iter() {
            let Some(known_rule) = rule(code) else {
                let known: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
                unknown_key(reader, code, span, &known);
                continue;
            };
            let level = word(reader, code, value, &["error", "warning", "info", "off"]);
            let severity = match level {
                Some("error") => Some(Severity::Error),
                Some("warning") => Some(Severity::Warning),
                Some("info") => Some(Severity::Info),
                Some(_) => None,
                None => continue,
            };
            if known_rule.is_protected && lowers(known_rule.severity, severity) {
                reader.problem(
                    "level-not-allowed",
                    value.span(),
                    format!("`{code}` cannot be lowered to `{}`", level.unwrap_or_default()),
                    format!("remove this line and fix the finding of `{code}`; see `fineprint explain {code}`"),
                );
                continue;
            }
            self.levels.insert(code.to_string(), severity);
        }
    }
}

/// `[[check.vendor]]`.
fn read_vendor(reader: &mut Reader, mut vendor: Keys<'_>) -> Option<Vendor> {
    let name = vendor.string(reader, "name");
    if !vendor.has("name") {
        vendor.missing(reader, "name", "the vendor");
    }
    let aka = vendor.strings(reader, "aka").into_iter().map(|name| name.into_inner()).collect();
    let category = vendor.string(reader, "category").map(|category| category.into_inner());
    let provider = vendor.string(reader, "provider").map(|provider| provider.into_inner());
    vendor.finish(reader);
    let name = name.map(|name| name.into_inner()).filter(|name| !name.trim().is_empty())?;
    Some(Vendor { name, aka, category, provider })
}

/// True if a level weighs less than what a finding weighs by itself. Severities are ordered from the gravest on.
fn lowers(own: Severity, level: Option<Severity>) -> bool {
    level.is_none_or(|level| level > own)
}

/// The record is the ledger and what it froze: an error there is never made light of, whichever rule finds it.
fn in_record(finding: &Diagnostic) -> bool {
    let path = finding.primary.as_ref().map_or("", |label| &*label.path);
    let there = path == super::ledger::PATH || (path.starts_with("content/") && path.contains("/versions/"));
    there && finding.severity == Severity::Error
}
