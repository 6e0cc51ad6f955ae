//! The record of what was published: the ledger's chain holds, and every frozen file is as it was frozen.
//!
//! In: the ledger, the digests of the files below `versions`. Out: a finding for each thing that differs, which says how to
//! undo it; nothing is mended. Must not know: what the files say, today.

use super::Memory;
use crate::center::ledger::{self, Act, Digests, Entry, Release};
use crate::center::{Center, chain};
use crate::diagnostic::Diagnostic;
use crate::source::{Digest, SourceFile};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Findings after which nothing may be added to the record: it would be built on sand.
pub const CODES: &[&str] = &[
    "duplicate-version",
    "unexpected-frozen-file",
    "frozen-file-edited",
    "ledger-act-incomplete",
    "ledger-entry-edited",
    "ledger-entry-missing",
    "ledger-entry-repeated",
    "ledger-forked",
    "ledger-reordered",
    "ledger-without-digests",
    "missing-document",
    "missing-frozen-file",
    "missing-version",
    "version-name-differs",
    "version-not-on-ledger",
    "withdrawn-too-late",
];

/// True if a finding says that the record is not as it was written.
pub fn is_broken(finding: &Diagnostic) -> bool {
    let in_ledger = finding.primary.as_ref().is_some_and(|place| &*place.path == ledger::PATH);
    CODES.contains(&finding.code) || (in_ledger && finding.severity == crate::diagnostic::Severity::Error)
}

pub fn check(center: &Center, memory: &Memory, findings: &mut Vec<Diagnostic>) {
    let (Some(file), Some(source)) = (center.tree.get(ledger::PATH), center.tree.kept(ledger::PATH)) else { return };
    let chain = memory.chain.get(file.digest, || {
        let mut findings = Vec::new();
        chain::verify(source, &center.ledger, &mut findings);
        findings
    });
    findings.extend(chain.iter().cloned());
    let check = |slug: &str| {
        let mut findings = Vec::new();
        let name = center.ledger.name(slug);
        for (entry, release) in center.ledger.releases(slug) {
            frozen(center, name, entry, release, &mut findings);
        }
        findings
    };
    let mut there = HashSet::new();
    for document in &center.documents {
        let slug = document.slug.as_str();
        there.insert(slug);
        let found = memory.frozen.get((slug.to_string(), document.history), || check(slug));
        findings.extend(found.iter().cloned());
    }
    for slug in center.ledger.documents().filter(|slug| !there.contains(slug)) {
        findings.extend(check(slug));
    }
}

fn frozen(center: &Center, name: &str, entry: &Entry, release: &Release, findings: &mut Vec<Diagnostic>) {
    if release.files.is_empty() {
        return;
    }
    let folder = format!("content/{name}/versions/{}/", entry.version);
    let joined = center.ledger.of(name).filter(|joined| joined.version == entry.version);
    let joined: Vec<&Digests> = joined
        .filter_map(|joined| match &joined.act {
            Act::Translate(translation) => Some(&translation.files),
            _ => None,
        })
        .collect();
    let there: BTreeMap<&str, &SourceFile> =
        center.tree.below(&folder).map(|file| (&file.path[folder.len()..], file)).collect();
    // A folder that is gone as a whole is one finding, and not this one.
    if there.is_empty() {
        return;
    }
    let ledger_path: Arc<str> = ledger::PATH.into();
    for (name, digest) in release.files.iter().chain(joined.iter().flat_map(|files| files.iter())) {
        let path = format!("{folder}{name}");
        let Some(file) = there.get(name) else {
            findings.push(
                Diagnostic::new("missing-frozen-file", format!("`{path}` is missing, but the ledger lists it"))
                    .at(&ledger_path, entry.span.clone())
                    .help(restore(&path)),
            );
            continue;
        };
        if file.digest == *digest {
            continue;
        }
        let mut finding = Diagnostic::new("frozen-file-edited", format!("`{path}` was changed after it was released"))
            .at(&file.path, 0..0)
            .help(restore(&path));
        finding = match only_line_ends(center, file, *digest) {
            true => finding.help("only its line endings differ; keep Git from changing them with a line in .gitattributes: content/**/versions/** -text"),
            false => finding.help("make the change in the draft and release it with `fineprint release`"),
        };
        findings.push(finding);
    }
    for (name, file) in &there {
        if release.files.get(name).is_none() && joined.iter().all(|files| files.get(name).is_none()) {
            findings.push(
                Diagnostic::new("unexpected-frozen-file", format!("`{}` was not part of the release", file.path))
                    .at(&file.path, 0..0)
                    .help(format!("move it away: git rm --cached {path}; rm {path}", path = file.path)),
            );
        }
    }
}

fn restore(path: &str) -> String {
    format!("restore it: git checkout -- {path} (if the change is committed: git log -- {path})")
}

/// True if a file is as it was but for line ends, which git may change when it checks out.
fn only_line_ends(center: &Center, file: &SourceFile, released: Digest) -> bool {
    let Ok(bytes) = center.tree.bytes(&file.path) else { return false };
    let lf = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Digest::of(lf.as_bytes()) == released || Digest::of(lf.replace('\n', "\r\n").as_bytes()) == released
}
