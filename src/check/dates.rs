//! Dates: windows that are too short, histories that run backwards, promises with a day that has passed.
//!
//! In: documents with their versions, settings, the day. Out: findings at the ledger's entries and at settings. Must not know: a clock.

use crate::center::{Center, Document, Promise, Release, Significance, Version, ledger, settings};
use crate::diagnostic::Diagnostic;
use crate::memo::GenerationalCache;
use crate::promise::signals::is_material;
use crate::record::Lifecycle;
use crate::source::Digest;
use crate::timeline::Timeline;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

pub fn check(
    center: &Center,
    timeline: &Timeline,
    memory: &GenerationalCache<(String, Digest), Vec<Diagnostic>>,
    findings: &mut Vec<Diagnostic>,
) {
    settings(center, timeline.date, findings);
    yearly(center, timeline, findings);
    for document in &center.documents {
        let key = (document.slug.clone(), document.history);
        let found = memory.get(key, || history(center, document));
        findings.extend(found.iter().cloned());
    }
}

/// Checks a document's versions, independent of the day.
fn history(center: &Center, document: &Document) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let releases: HashMap<&str, &Release> =
        center.ledger.releases(&document.slug).map(|(entry, release)| (entry.version.as_str(), release)).collect();
    let path: Arc<str> = ledger::PATH.into();
    let life = document.life();
    for version in document.versions.iter().filter(|version| !version.imported) {
        order(document, version, &path, &mut findings);
        if let Some(release) = releases.get(version.id.as_str()) {
            signals(document, version, release, &path, &mut findings);
        }
        significance(document, version, &path, &mut findings);
        window(document, life.as_ref(), version, &path, &mut findings);
    }
    findings
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
    let day = version.effective.to_string();
    let number = version.id.strip_prefix(&day).and_then(|rest| rest.strip_prefix('-'));
    if version.id != day && number.is_none_or(|number| number.parse::<u32>().is_err()) {
        findings.push(
            Diagnostic::new("version-name-differs", format!("{named} takes effect on {}", version.effective))
                .at(path, version.effective_span.clone())
                .help("restore the ledger from Git: a version is named after the day on which it takes effect"),
        );
    }
}

/// A first version owes no notice; every later one says what kind of change it is.
fn significance(document: &Document, version: &Version, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    if version.significance.is_none() && version.base.is_some() {
        findings.push(
            Diagnostic::new(
                "significance-missing",
                format!("`{}` {} does not state the significance of its changes", document.slug, version.id),
            )
            .at(path, version.entry_span.clone())
            .help("add significance = \"material\", \"minor\" or \"editorial\""),
        );
    }
}

fn window(
    document: &Document,
    life: Option<&Lifecycle<Promise>>,
    version: &Version,
    path: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(life) = life else { return };
    let Some(earliest) = life.earliest(&version.id).filter(|earliest| version.effective < *earliest) else { return };
    // That a notice was missed is said with the correction that found it.
    let Some(known) = life.version(&version.id).filter(|known| !known.missed) else { return };
    let Some((promised, _)) = life.promise(&version.id) else { return };
    let given = version.reckoning.given(known.notice_from(), version.effective, promised.unit);
    findings.push(
        Diagnostic::new(
            "notice-period-too-short",
            format!("`{}` {} gives {given} of notice; the promise is {promised}", document.slug, version.id),
        )
        .at(path, version.effective_span.clone())
        .also(path, version.published_span.clone(), "announced here")
        .help(format!("the earliest effective date is {earliest}"))
        .help("or name an exemption with its reason: exemption = { kind = \"legal-obligation\", reason = \"…\" }"),
    );
}

/// Checks the dates of the files that are published under `/.well-known/`.
fn settings(center: &Center, date: Date, findings: &mut Vec<Diagnostic>) {
    let path: Arc<str> = settings::PATH.into();
    let source = center.tree.kept(settings::PATH).unwrap_or("");
    let place = |word: &str| source.find(word).map_or(0..0, |at| at..at + word.len());
    if let Some(security) = center.settings.security.as_ref().filter(|security| security.expires <= date) {
        findings.push(
            Diagnostic::new("security-txt-expired", format!("`security.txt` expired on {}", security.expires))
                .at(&path, place("expires"))
                .help("check its contacts, then set `expires` to a day less than a year from now"),
        );
    }
    let updated = center.settings.gpc.as_ref().and_then(|gpc| gpc.updated);
    if let Some(updated) = updated.filter(|updated| *updated > date) {
        findings.push(
            Diagnostic::new(
                "date-in-future",
                format!("`gpc.json` says that it was updated on {updated}, after {date}"),
            )
            .at(&path, place("updated"))
            .help(format!("use the day of its last change, {date} at the latest")),
        );
    }
}

/// California wants a privacy policy updated every twelve months.
fn yearly(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) {
    if !center.settings.jurisdictions.iter().any(|name| name == "us-ca") {
        return;
    }
    for (document, states) in center.documents.iter().zip(&timeline.documents) {
        let latest = states.standing().next_back().map(|index| &document.versions[index]);
        let Some(latest) = latest.filter(|_| document.slug.starts_with("privacy")) else { continue };
        let due = latest.published.saturating_add(12.months());
        if due > timeline.date {
            continue;
        }
        findings.push(
            Diagnostic::new(
                "yearly-update-due",
                format!("`{}` was last updated on {}, at least twelve months ago", document.slug, latest.published),
            )
            .at(&ledger::PATH.into(), latest.published_span.clone())
            .help("compare it with your current practice, then release it, even if only the lists of the last twelve months change"),
        );
    }
}

/// A release that the facts called material and its author did not owes a reason.
fn signals(document: &Document, version: &Version, release: &Release, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    let asks = |code: &&String| match release.significance {
        Some(Significance::Minor) => is_material(code),
        Some(Significance::Editorial) => true,
        _ => false,
    };
    let asking: Vec<&str> = release.signals.iter().filter(asks).map(String::as_str).collect();
    if asking.is_empty() || release.justification.is_some() {
        return;
    }
    findings.push(
        Diagnostic::new(
            "missing-justification",
            format!(
                "`{}` {} was released as less than material without a justification; signals: {}",
                document.slug,
                version.id,
                asking.join(", ")
            ),
        )
        .at(path, version.entry_span.clone())
        .help("restore the ledger from git: a release asks for `--justification` and writes it down"),
    );
}
