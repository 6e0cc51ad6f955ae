//! A single file, outside any site or with only its folder known: what can be told of it alone.
//!
//! In: a path, for its name, and the text. Out: findings, and what could not be run without a site. Must not know: the disk.

use super::{outline, suppressions};
use crate::center::{Ledger, Organization, Register, Settings};
use crate::diagnostic::{Diagnostic, Skipped};
use crate::markdown::{FactError, Facts, RegisterTable};
use crate::text::{CheckedText, language_of, single};
use jiff::civil::Date;
use std::sync::Arc;

/// Rules that cannot find anything in a single file, or that speak of how this program would publish it.
pub const NEED_A_SITE: &[&str] = &[
    "announcement-not-recorded",
    "announcement-unknown-version",
    "announcement-too-late",
    "broken-anchor",
    "broken-anchor-in-record",
    "broken-link",
    "broken-link-in-record",
    "category-without-retention",
    "controller-not-named",
    "date-in-future",
    "deadline-mismatch",
    "deadline-differs-from-cited-period",
    "dates-reversed",
    "duplicate-version",
    "effective-before-published",
    "empty-fact",
    "unexpected-frozen-file",
    "file-name-not-text",
    "folder-without-policy",
    "third-party-resource",
    "frozen-file-edited",
    "heading-level-one",
    "missing-legitimate-interest",
    "invalid-alias",
    "invalid-document-name",
    "invalid-theme",
    "language-not-listed",
    "ledger-entry-missing",
    "ledger-forked",
    "ledger-reordered",
    "link-not-followed",
    "missing-authoritative-text",
    "missing-document",
    "missing-frozen-file",
    "missing-settings",
    "missing-title",
    "missing-version",
    "similar-hostnames",
    "notice-channel-not-listed",
    "notice-days-across-mismatch",
    "notice-period-too-short",
    "output-collision",
    "conflicting-practice",
    "deleted-processor",
    "ended-processor-listed",
    "processor-role-missing",
    "processor-starts-too-soon",
    "duplicate-processor",
    "processor-unnamed",
    "raw-html-dropped",
    "reference-retargeted",
    "register-mismatch",
    "register-not-released",
    "release-interrupted",
    "resolved-text-changed",
    "retention-mismatch",
    "right-missing-from-register",
    "right-missing-from-text",
    "no-sale-claim-contradicted",
    "security-txt-expired",
    "several-legal-bases",
    "significance-missing",
    "missing-justification",
    "stray-attributes",
    "transfer-contradicts-location",
    "missing-transfer-mechanism",
    "translation-outdated",
    "translation-missing",
    "translation-numbers-differ",
    "translation-sections-differ",
    "undeclared-law",
    "unknown-attribute",
    "unknown-column",
    "unknown-register",
    "unknown-theme",
    "unreachable-link",
    "unused-file",
    "unused-suppression",
    "version-name-differs",
    "version-not-on-ledger",
    "withdrawn-too-late",
    "yaml-front-matter",
    "yearly-update-due",
];

/// Checks one file. Suppressions in it hold.
pub fn check(path: &Arc<str>, source: &Arc<str>, date: Date, findings: &mut Vec<Diagnostic>) -> Vec<Skipped> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let mut found = Vec::new();
    let mut skipped = Vec::new();
    let mut texts: Vec<Arc<CheckedText>> = Vec::new();
    match name.strip_suffix(".toml") {
        Some("fineprint") => drop(Settings::read(Some(source), &mut found)),
        Some("organization") => drop(Organization::read(path, source, &mut found)),
        Some("ledger") => drop(Ledger::read(source, &mut found)),
        Some(register) => drop(Register::read(register, path, source, &mut found)),
        None => {
            let text = single(path, source.clone(), language_of(path, source), &OnTrust);
            found.extend(text.findings.iter().cloned());
            outline::check(&text, &mut found);
            found.extend(super::prosaic(&text, None, date).1);
            texts.push(text.checked());
        }
    }
    found.retain(|finding| !NEED_A_SITE.contains(&finding.code));
    // Readers of settings and of the ledger know one path; here the file has its own.
    for finding in &mut found {
        if let Some(label) = &mut finding.primary {
            label.path = path.clone();
        }
    }
    let active_suppressions = suppressions::settle(None, &texts, date, &mut found);
    let settings = Settings::single_file(active_suppressions);
    settings.settle(&mut found);
    findings.extend(found);
    skipped.push(Skipped {
        rule: "rules that need a site".to_string(),
        reason: format!(
            "`{path}` is outside any site, so its facts, registers, translations and addresses are unknown"
        ),
    });
    skipped
}

/// Outside a site nobody knows the facts: an expression with the shape of a fact is taken on trust, the rest is unfilled.
struct OnTrust;

impl Facts for OnTrust {
    fn lookup(&self, path: &str) -> Result<String, FactError> {
        let parts = path.split('.').count();
        if matches!(path, "notice" | "notice_subprocessors") || path.starts_with("organization.") || parts == 3 {
            return Ok(path.to_string());
        }
        Err(FactError {
            code: "unknown-fact",
            message: format!("`{path}` cannot be a fact"),
            help: vec!["write the words themselves, or a path such as `{{ organization.legal_name }}`".to_string()],
        })
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Ok(RegisterTable::default())
    }
}
