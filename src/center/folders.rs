//! Folders below `content` → documents, each read again only when its bytes have changed.
//!
//! In: a tree and the ledger; what an earlier reading left. Out: documents, and a [`Memory`] for the next reading.
//! Must not know: what stands in a draft or a version.

use super::document::{self, Document, Draft};
use super::ledger::{self, Act, Ledger};
use super::settings::Settings;
use super::{Promise, draft, history};
use crate::diagnostic::Diagnostic;
use crate::memo::GenerationalCache;
use crate::portable;
use crate::record::RecordEntry;
use crate::source::{Digest, Frozen, Hasher, Node, SourceFile, SourceTree};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cache that one loading leaves for the next: the ledger, and the history and draft of each document, by the bytes from
/// which they were read.
#[derive(Default)]
pub struct Memory {
    pub(super) ledgers: GenerationalCache<Digest, Record>,
    pub(super) histories: GenerationalCache<(String, Digest), History>,
    pub(super) drafts: GenerationalCache<(String, Digest), LoadedDraft>,
}

/// A ledger, with the digest of each document's entries.
#[derive(Default)]
pub(super) struct Record {
    pub ledger: Arc<Ledger>,
    digests: BTreeMap<String, Digest>,
    pub findings: Vec<Diagnostic>,
}

pub(super) struct History {
    versions: document::Versions,
    entries: Arc<[RecordEntry<Promise>]>,
    findings: Vec<Diagnostic>,
}

pub(super) struct LoadedDraft {
    draft: Option<Arc<Draft>>,
    findings: Vec<Diagnostic>,
}

impl Record {
    pub fn read(text: &str) -> Record {
        let mut findings = Vec::new();
        let ledger = Arc::new(Ledger::read(text, &mut findings));
        let mut digests = BTreeMap::new();
        for slug in ledger.documents() {
            let mut hasher = Hasher::default();
            for entry in ledger.of(slug) {
                // The text of an entry without its blank lines, and where it and what it holds stand.
                hasher.digest(&entry.actual).part(&entry.span.start.to_le_bytes()).part(&entry.span.end.to_le_bytes());
                if let Act::Release(release) = &entry.act {
                    hasher.part(&release.effective_span.start.to_le_bytes());
                    hasher.part(&release.published_span.start.to_le_bytes());
                }
                hasher.part(entry.digest.as_ref().map_or(&[], |digest| &digest.bytes()[..]));
            }
            digests.insert(slug.to_string(), hasher.finish());
        }
        Record { ledger, digests, findings }
    }
}

/// A folder below `content`: its files, sorted into draft and versions.
#[derive(Default)]
struct Folder<'a> {
    own: Vec<&'a SourceFile>,
    frozen: Option<&'a Arc<Frozen>>,
}

impl<'a> Folder<'a> {
    /// Frozen files, each with its version's name: the folder that it stands in below `versions`.
    fn frozen(&self, slug: &str) -> impl Iterator<Item = (Option<&'a str>, &'a SourceFile)> + use<'a> {
        let skip = "content/".len() + slug.len() + "/versions/".len();
        let files = self.frozen.into_iter().flat_map(|frozen| frozen.files());
        files.map(move |file| (file.path[skip..].split_once('/').map(|(version, _)| version), file))
    }
}

pub(super) fn documents(
    tree: &SourceTree,
    settings: &Settings,
    record: &Record,
    memory: &Memory,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let mut folders: BTreeMap<&str, Folder> = BTreeMap::new();
    for (path, node) in tree.nodes("content/") {
        let inside = &path["content/".len()..];
        let Some((slug, _)) = inside.split_once('/') else {
            if let Some(help) = unused(inside) {
                let finding = Diagnostic::new("unused-file", format!("nothing uses `{path}`")).at(path, 0..0);
                findings.push(finding.help(help));
            }
            continue;
        };
        let folder = folders.entry(slug).or_default();
        match node {
            Node::File(file) => folder.own.push(file),
            Node::Frozen(frozen) => folder.frozen = Some(frozen),
        }
    }
    let path: Arc<str> = ledger::PATH.into();
    for slug in record.digests.keys() {
        if folders.contains_key(slug.as_str()) {
            continue;
        }
        if let Some(former) = folders.keys().find(|name| record.ledger.name(name) == slug.as_str()) {
            findings.push(
                Diagnostic::new(
                    "release-interrupted",
                    format!("`{former}` is called `{slug}` on the ledger, and its folder still has the old name"),
                )
                .at(&format!("content/{former}").into(), 0..0)
                .help(format!("finish it: fineprint rename {former} {slug}")),
            );
        } else {
            findings.push(
                Diagnostic::new(
                    "missing-document",
                    format!("the ledger lists document `{slug}`, but `content/{slug}/` is missing"),
                )
                .at(&path, record.ledger.of(slug).next().map_or(0..0, |first| first.span.clone()))
                .help(format!("restore it: git checkout -- content/{slug}"))
                .help(format!("to give it another name, put its folder back, then: fineprint rename {slug} NEW")),
            );
        }
    }
    let results: Vec<(Option<Document>, Vec<Diagnostic>)> = folders
        .into_par_iter()
        .map(|(slug, folder)| {
            let mut findings = Vec::new();
            (document(tree, settings, slug, folder, record, memory, &mut findings), findings)
        })
        .collect();
    let mut documents = Vec::new();
    for (document, found) in results {
        documents.extend(document);
        findings.extend(found);
    }
    documents
}

/// Returns what to do with a file of `content` itself that is not a register; none for registers.
fn unused(name: &str) -> Option<String> {
    let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    match suffix {
        "toml" => None,
        "md" => Some(format!("a document needs its own directory: move it to content/{stem}/policy.md")),
        "yaml" | "yml" | "json" | "csv" | "tsv" => Some(super::as_toml(name)),
        _ => Some("registers are `*.toml`, documents are directories; pictures go to `static`".into()),
    }
}

fn document(
    tree: &SourceTree,
    settings: &Settings,
    slug: &str,
    folder: Folder,
    record: &Record,
    memory: &Memory,
    findings: &mut Vec<Diagnostic>,
) -> Option<Document> {
    let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let here: Arc<str> = format!("content/{slug}").into();
    if !slug.chars().all(shape) || slug.starts_with('-') {
        findings.push(
            Diagnostic::new("invalid-document-name", format!("`{slug}` cannot be part of an address"))
                .at(&here, 0..0)
                .help("use lower-case letters, digits and hyphens, and begin with a letter or digit"),
        );
        return None;
    }
    if let Some(problem) = portable::problem(slug) {
        findings.push(
            Diagnostic::new("unportable-file-name", format!("the name `{slug}` {problem}"))
                .at(&here, 0..0)
                .help("choose another name for the directory"),
        );
        return None;
    }
    let present = record.ledger.name(slug);
    if present != slug {
        // Before the folder of a renamed document was moved, that is said of it.
        if tree.below(&format!("content/{present}/")).next().is_some() {
            findings.push(
                Diagnostic::new("invalid-document-name", format!("`{slug}` is a former name of `{present}`"))
                    .at(&here, 0..0)
                    .help("its old addresses lead there; choose another name for this directory"),
            );
        }
        return None;
    }
    // A file that stands beside the versions' folders is nobody's, and said to be so.
    let stray = folder.frozen.into_iter().flat_map(|frozen| frozen.stray());
    let own: Vec<&SourceFile> = folder.own.iter().copied().chain(stray).collect();
    let mut hasher = Hasher::default();
    for language in &settings.languages {
        hasher.part(language.tag().as_bytes());
    }
    for file in &own {
        hasher.part(file.path.as_bytes()).digest(&file.digest);
    }
    let draft_digest = hasher.finish();
    let digest = history_digest(slug, &folder, record);
    let history = memory.histories.get((slug.to_string(), digest), || {
        let mut findings = Vec::new();
        let entries: Vec<&ledger::Entry> = record.ledger.of(slug).collect();
        let mut frozen: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
        for (version, file) in folder.frozen(slug) {
            frozen.entry(version.unwrap_or("")).or_default().push(file);
        }
        frozen.remove("");
        let past = history::read(tree, slug, &frozen, &entries, &mut findings);
        History { versions: past.versions.into(), entries: past.entries.into(), findings }
    });
    let draft = memory.drafts.get((slug.to_string(), draft_digest), || {
        let mut findings = Vec::new();
        let draft = draft(tree, settings, slug, &own, &mut findings).map(Arc::new);
        LoadedDraft { draft, findings }
    });
    findings.extend(draft.findings.iter().cloned());
    // What the ledger lists is missed whether or not anything else of the document is there.
    findings.extend(history.findings.iter().cloned());
    if draft.draft.is_none() && !folder.frozen.is_some_and(|frozen| frozen.has_versions()) {
        findings.push(
            Diagnostic::new("folder-without-policy", format!("`content/{slug}/` has no `policy.md`"))
                .at(&here, 0..0)
                .help(format!("write content/{slug}/policy.md, or move the directory elsewhere")),
        );
        return None;
    }
    Some(Document {
        slug: slug.to_string(),
        draft: draft.draft.clone(),
        versions: history.versions.clone(),
        entries: history.entries.clone(),
        history: digest,
    })
}

/// Digest of everything from which a document's versions are read.
fn history_digest(slug: &str, folder: &Folder, record: &Record) -> Digest {
    let mut hasher = Hasher::default();
    hasher.digest(&folder.frozen.map_or(Digest::ZERO, |frozen| frozen.digest()));
    hasher.digest(&record.digests.get(slug).copied().unwrap_or(Digest::ZERO));
    hasher.finish()
}
