//! The company's own record of what it sent, against what its versions promised.
//!
//! In: documents with their versions, the register `announcements` where one is kept, the day. Out: findings at versions and rows.
//! Must not know: whether anything was delivered; only that somebody wrote down that it was sent.
//!
//! Nothing is asked of a center that keeps no such record. The page of a version is no message: the notice of which nobody was
//! told begins with the last message that was promised (guidelines on transparency, WP260 rev.01, paragraph 29).

use crate::center::register::{Register, Row, Value};
use crate::center::{Center, Document, Significance, Version, ledger};
use crate::diagnostic::Diagnostic;
use crate::timeline::Timeline;
use crate::timeline::notice::owed;
use std::sync::Arc;

/// Channels that somebody has to use; a banner is shown by the site's own script.
const ACTIVE: &[&str] = &["email", "in-app"];

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) {
    let Some(register) = center.registers.get("announcements") else { return };
    for row in &register.rows {
        unknown(center, register, row, findings);
    }
    for (document, states) in center.documents.iter().zip(&timeline.documents) {
        // What was superseded is past mending.
        let Some(index) = states.standing().next_back() else { continue };
        let version = &document.versions[index];
        let owes =
            version.significance == Some(Significance::Material) && version.exemption.is_none() && !version.imported;
        if owes && version.published <= timeline.date {
            promised(register, document, index, findings);
        }
    }
}

fn is_of(register: &Register, row: &Row, document: &Document, version: &Version) -> bool {
    text(register, row, "document") == document.slug && text(register, row, "version") == version.id
}

fn text(register: &Register, row: &Row, field: &str) -> String {
    row.value(field).map(|value| register.words(&crate::words::Language::english(), field, value)).unwrap_or_default()
}

fn promised(register: &Register, document: &Document, index: usize, findings: &mut Vec<Diagnostic>) {
    let version = &document.versions[index];
    let rows: Vec<&Row> = register.rows.iter().filter(|row| is_of(register, row, document, version)).collect();
    let reckoning = &version.reckoning;
    let owed = owed(document, index).period;
    for channel in version.front.notice_channels.iter().filter(|channel| ACTIVE.contains(channel)) {
        let by = |row: &&&Row| matches!(row.value("channel"), Some(Value::Terms(terms)) if terms.contains(channel));
        let Some(row) = rows.iter().find(by) else {
            let finding = Diagnostic::new(
                "announcement-not-recorded",
                format!(
                    "`{}` {} promises notice by `{channel}`, but no row records that it was sent",
                    document.slug, version.id
                ),
            );
            findings.push(
                finding
                    .at(&Arc::from(ledger::PATH), version.entry_span.clone())
                    .help(format!(
                        "after sending it, add a row to {}: document = \"{}\", version = \"{}\", channel = \"{channel}\", sent = its day",
                        register.path, document.slug, version.id
                    ))
                    .help(format!("`fineprint announce {}` writes the announcement", document.slug)),
            );
            continue;
        };
        let Some(sent) = row.date("sent") else { continue };
        let earliest = reckoning.earliest_effective(sent, owed);
        if version.effective < earliest {
            findings.push(
                Diagnostic::new(
                    "announcement-too-late",
                    format!("`{}` {} was sent by `{channel}` on {sent}; {owed} from then end after it takes effect", document.slug, version.id),
                )
                .at(&register.path, row.span.clone())
                .also(&Arc::from(ledger::PATH), version.effective_span.clone(), "takes effect here")
                .help(format!("counted from {sent}, the earliest effective date is {earliest}: withdraw the version before it takes effect and release it again, or correct `sent`")),
            );
        }
    }
}

/// A row about a version that is not there.
fn unknown(center: &Center, register: &Register, row: &Row, findings: &mut Vec<Diagnostic>) {
    let known = center
        .documents
        .iter()
        .any(|document| document.versions.iter().any(|version| is_of(register, row, document, version)));
    if known {
        return;
    }
    let (document, version) = (text(register, row, "document"), text(register, row, "version"));
    let help = match center.document(&document) {
        Some(document) => {
            let ids: Vec<&str> = document.versions.iter().map(|version| version.id.as_str()).collect();
            format!("`{}` has the versions {}", document.slug, ids.join(", "))
        }
        None => format!("use the name of a directory under content; `{document}` does not exist"),
    };
    findings.push(
        Diagnostic::new(
            "announcement-unknown-version",
            format!("row `{}` names `{document}` {version}, which was never released", row.id),
        )
        .at(&register.path, row.span.clone())
        .help(help),
    );
}
