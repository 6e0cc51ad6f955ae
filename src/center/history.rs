//! A document's past: frozen folders and the ledger's entries about them → versions, and what the rules of the record see.
//!
//! In: the tree, the entries of one document in order. Out: [`Version`]s in the order in which they apply, the same entries for
//! [`crate::record`], and findings where folders and entries do not fit each other. Must not know: today.

use super::document::{Amended, Corrected, FrontMatter, TextFile, Version, Withdrawal, front_matter};
use super::ledger::{self, Act, Release};
use super::{file_name, language_of};
use crate::diagnostic::Diagnostic;
use crate::notice::NoticePeriod;
use crate::record::{
    self, Lifecycle, RecordCorrection, RecordEntry, RecordEvent, RecordRetirement, RecordVersion, day_of,
};
use crate::source::{Digest, Hasher, SourceFile, SourceTree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All that states and notices need to know of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise(pub NoticePeriod);

impl record::PromiseText for Promise {
    fn notice(&self) -> NoticePeriod {
        self.0
    }
}

/// The past of a document, read.
#[derive(Default)]
pub(super) struct Past {
    pub versions: Vec<Version>,
    pub entries: Vec<RecordEntry<Promise>>,
}

/// Reads the past of the document in the folder `content/<slug>`.
pub(super) fn read(
    tree: &SourceTree,
    slug: &str,
    frozen: &BTreeMap<&str, Vec<&SourceFile>>,
    entries: &[&ledger::Entry],
    findings: &mut Vec<Diagnostic>,
) -> Past {
    let ledger_path: Arc<str> = ledger::PATH.into();
    let mut past = Past::default();
    let mut named = BTreeSet::new();
    let key = entries.first().map_or(slug, |entry| entry.document.as_str());
    let mut life: Lifecycle<Promise> =
        Lifecycle::new(key, entries.first().map_or_else(Default::default, |entry| entry.recorded));
    for entry in entries {
        let at = |code, message: String| Diagnostic::new(code, message).at(&ledger_path, entry.span.clone());
        let id = entry.version.as_str();
        let version = past.versions.iter_mut().find(|version| version.id == id);
        let day = version.as_ref().map(|version| day_of(entry.recorded, &version.zone));
        match (&entry.act, version, day) {
            (Act::Release(_), Some(_), _) => {
                findings.push(
                    at("duplicate-version", format!("`{slug}` {id} is released twice"))
                        .help("restore the ledger from git; entries are only ever added"),
                );
                continue;
            }
            (Act::Release(release), None, _) => {
                named.insert(id);
                let name = format!("content/{slug}/versions/{id}");
                let Some(files) = frozen.get(id) else {
                    findings.push(
                        at("missing-version", format!("`{slug}` {id} is on the ledger, but its folder is not there"))
                            .help(format!("restore it: git checkout -- {name}")),
                    );
                    continue;
                };
                let read = version_of(tree, entry, release, name, files, findings);
                if let Some(amended) = &release.amends
                    && let Some(amended) = past.versions.iter_mut().find(|version| version.id == *amended)
                {
                    let date = day_of(entry.recorded, &amended.zone);
                    amended.amended = Some(Amended { date, heir: id.to_string() });
                }
                past.versions.push(read);
            }
            (Act::Withdraw { reason }, Some(version), Some(date)) => {
                let begun = life.version(id).is_some_and(|version| version.begins_at() <= entry.recorded);
                if begun {
                    findings.push(
                        at(
                            "withdrawn-too-late",
                            format!("`{slug}` {id} was withdrawn on {date}, after it had taken effect"),
                        )
                        .help("release a new version instead"),
                    );
                    continue;
                }
                version.withdrawn = Some(Withdrawal { date, reason: reason.clone() });
            }
            (Act::Correct(correction), Some(version), Some(date)) => {
                version.significance = correction.significance.or(version.significance);
                version.summary = correction.summary.clone().or(version.summary.take());
                version.corrections.push(Corrected { date, correction: (**correction).clone() });
            }
            (Act::Translate(translation), Some(version), Some(_)) => {
                version.addresses = Arc::new({
                    let mut addresses = BTreeMap::clone(&version.addresses);
                    addresses.insert(translation.language.clone(), translation.address.clone());
                    addresses
                });
                let digests = version.resolved.iter().chain(translation.text.iter());
                version.resolved =
                    Arc::new(digests.map(|(language, digest)| (language.to_string(), *digest)).collect());
            }
            (Act::Rename { .. } | Act::Retire(_), ..) => {}
            (Act::Withdraw { .. } | Act::Correct(_) | Act::Translate(_), ..) => {
                if !named.contains(id) {
                    findings.push(
                        at("missing-version", format!("{}, which was never released", super::chain::named(entry)))
                            .help("restore the ledger from git; entries are only ever added"),
                    );
                }
                continue;
            }
        }
        let entry = for_the_rules(entry, key, past.versions.last());
        life.apply(&entry);
        past.entries.push(entry);
    }
    for (id, files) in frozen {
        if !named.contains(id) {
            findings.push(
                Diagnostic::new(
                    "version-not-on-ledger",
                    format!("`content/{slug}/versions/{id}` is not on the ledger"),
                )
                .at(&files[0].path, 0..0)
                .help("restore the ledger's end: git checkout -- content/ledger.toml")
                .help(format!("or, if nobody released it, move the folder away: content/{slug}/versions/{id}")),
            );
        }
    }
    // The sort is stable: what begins at one instant stays in the order of the record, which is that of the chain.
    past.versions.sort_by_key(|version| life.version(&version.id).map(RecordVersion::begins_at));
    past
}

/// An entry as the rules see it. A version's text is what was just read.
fn for_the_rules(entry: &ledger::Entry, key: &str, version: Option<&Version>) -> RecordEntry<Promise> {
    let notice = version.map_or(NoticePeriod::DEFAULT, |version| version.front.notice());
    RecordEntry {
        act: entry.number,
        recorded: entry.recorded,
        document: key.to_string(),
        event: event(entry, Promise(notice)),
    }
}

/// Turns an entry into what the rules read, with the text of its version if it has one.
pub fn event<T>(entry: &ledger::Entry, text: T) -> RecordEvent<T> {
    match &entry.act {
        Act::Release(release) => RecordEvent::Version(Arc::new(RecordVersion {
            id: entry.version.clone(),
            base: release.base.clone(),
            amends: release.amends.clone(),
            amendment: release.amendment,
            recorded: entry.recorded,
            published: release.published,
            effective: release.effective,
            zone: release.zone.clone(),
            reckoning: release.reckoning.clone(),
            significance: release.significance,
            exemption: release.exemption.as_ref().map(|exemption| exemption.kind),
            imported: release.imported,
            text,
            // What follows from the entries before is found out when this one joins them.
            announced_at: entry.recorded,
            noticed: false,
            missed: false,
        })),
        Act::Withdraw { .. } => RecordEvent::Withdraw(entry.version.clone()),
        Act::Correct(correction) => RecordEvent::Correct(RecordCorrection {
            version: entry.version.clone(),
            significance: correction.significance,
        }),
        Act::Rename { name } => RecordEvent::Rename(name.clone()),
        Act::Retire(end) => RecordEvent::Retire(end.as_ref().map(|end| RecordRetirement {
            on: end.on,
            announced_at: entry.recorded,
            zone: end.zone.clone(),
            exemption: end.exemption.as_ref().map(|exemption| exemption.kind),
        })),
        Act::Translate(translation) => {
            RecordEvent::Translate { version: entry.version.clone(), language: translation.language.clone() }
        }
    }
}

fn version_of(
    tree: &SourceTree,
    entry: &ledger::Entry,
    release: &Release,
    folder: String,
    files: &[&SourceFile],
    findings: &mut Vec<Diagnostic>,
) -> Version {
    let mut texts = BTreeMap::new();
    let mut front = None;
    for file in files {
        let Some(language) = language_of(file_name(&file.path), &release.language) else { continue };
        // What a frozen file says was checked when it was frozen; nobody can mend it now.
        let mut ignored = Vec::new();
        let head = tree.head(&file.path).unwrap_or_default();
        let (own, body) = match front_matter(&file.path, &head, &mut ignored) {
            (_, body) if body >= head.len() && file.len > head.len() => match tree.text(&file.path) {
                Ok(text) => front_matter(&file.path, &text, &mut ignored),
                Err(_) => (FrontMatter::default(), 0),
            },
            found => found,
        };
        texts.insert(language.clone(), Box::new(TextFile::new(file, &own, body)));
        if language == release.language {
            front = Some(own);
        }
    }
    // A file that the ledger lists is missed by the check of the record.
    if front.is_none() && release.files.is_empty() {
        findings.push(
            Diagnostic::new("missing-frozen-file", format!("`{folder}/policy.md` is not there"))
                .at(&ledger::PATH.into(), entry.span.clone())
                .help(format!("restore it: git checkout -- {folder}")),
        );
    }
    Version {
        id: entry.version.clone(),
        frozen: frozen_digest(&folder, release, files),
        folder,
        entry_span: entry.span.clone(),
        published_span: release.published_span.clone(),
        effective_span: release.effective_span.clone(),
        imported: release.imported,
        language: release.language.clone(),
        recorded: entry.recorded,
        base: release.base.clone(),
        amends: release.amends.clone(),
        published: release.published,
        notice_from: release.notice_from,
        effective: release.effective,
        zone: release.zone.clone(),
        zone_name: release.zone_name.clone(),
        reckoning: release.reckoning.clone(),
        significance: release.significance,
        summary: release.summary.clone(),
        exemption: release.exemption.clone(),
        withdrawn: None,
        amended: None,
        corrections: Vec::new(),
        front: front.unwrap_or_default(),
        texts,
        resolved: release.text.clone(),
        addresses: release.addresses.clone(),
        anchors: release.anchors.clone(),
    }
}

/// Digest of a version's files and of everything that determines how they are read.
fn frozen_digest(folder: &str, release: &Release, files: &[&SourceFile]) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(folder.as_bytes()).part(release.language.as_bytes()).part(release.effective.to_string().as_bytes());
    for file in files {
        hasher.part(file.path.as_bytes()).digest(&file.digest);
    }
    for (tag, digest) in release.text.iter() {
        hasher.part(tag.as_bytes()).digest(digest);
    }
    hasher.finish()
}
