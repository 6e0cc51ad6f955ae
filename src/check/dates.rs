//! Dates on the ledger: windows that are too short, histories that run backwards.
//!
//! In: documents with their versions. Out: findings at the ledger's entries. Must not know: today.

use crate::center::{Center, Counting, Document, Significance, Version, ledger};
use crate::diagnostic::Diagnostic;
use crate::timeline::notice::{days_given, earliest_effective, owed_days};
use std::sync::Arc;

pub fn check(center: &Center, findings: &mut Vec<Diagnostic>) {
    let path: Arc<str> = ledger::PATH.into();
    for document in &center.documents {
        for (index, version) in document.versions.iter().enumerate().filter(|(_, version)| !version.imported) {
            order(document, version, &path, findings);
            significance(document, version, &path, findings);
            window(document, index, version, center.settings.counting, &path, findings);
        }
    }
}

fn order(document: &Document, version: &Version, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    let named = format!("`{}` {}", document.slug, version.id);
    if version.effective < version.published {
        findings.push(
            Diagnostic::new("effective-before-published", format!("{named} takes effect before it was published"))
                .at(path, version.effective_span.clone())
                .help(format!("the earliest effective date is {}", version.published)),
        );
    }
    if version.id != version.effective.to_string() {
        findings.push(
            Diagnostic::new("version-name-differs", format!("{named} takes effect on {}", version.effective))
                .at(path, version.effective_span.clone())
                .help("restore the ledger from git: a version is named after the day on which it takes effect"),
        );
    }
}

/// A first version owes no notice; every later one says what kind of change it is.
fn significance(document: &Document, version: &Version, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    let first = document.versions.iter().min_by_key(|version| (version.published, version.effective));
    let is_first = first.is_some_and(|first| first.id == version.id);
    if version.significance.is_none() && !is_first {
        findings.push(
            Diagnostic::new(
                "significance-missing",
                format!("`{}` {} does not say how significant its changes are", document.slug, version.id),
            )
            .at(path, version.entry_span.clone())
            .help("add significance = \"material\", \"minor\" or \"editorial\""),
        );
    }
}

fn window(
    document: &Document,
    index: usize,
    version: &Version,
    counting: Counting,
    path: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) {
    if version.significance != Some(Significance::Material)
        || version.exemption.is_some()
        || version.withdrawn.is_some()
    {
        return;
    }
    let owed = owed_days(document, index);
    let earliest = earliest_effective(version.published, owed, counting);
    if version.effective >= earliest {
        return;
    }
    let given = days_given(version.published, version.effective, counting);
    let days = if given == 1 { "day" } else { "days" };
    findings.push(
        Diagnostic::new(
            "notice-window-too-short",
            format!("`{}` {} gives {given} {days} of notice; {owed} are promised", document.slug, version.id),
        )
        .at(path, version.effective_span.clone())
        .also(path, version.published_span.clone(), "announced here")
        .help(format!("the earliest effective date is {earliest}"))
        .help("or name an exemption with its reason: exemption = { kind = \"legal-duty\", reason = \"…\" }"),
    );
}
