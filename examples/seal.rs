//! Records the digests of made-up sites anew: `cargo run --example seal -- tests/sites/*/input .`
//!
//! For test sites, after their made-up past was changed. A real ledger is never rewritten: its entries are added by
//! `fineprint release`, `withdraw` and `import`, and stay.

use fineprint::center::facts::FactsMemo;
use fineprint::center::ledger::{Act, Digests, Entry, PATH, Release};
use fineprint::center::{Center, Text, VersionFacts, chain};
use fineprint::markdown;
use fineprint::release::anchors;
use fineprint::release::entry::{ReleaseEntry, append, withdrawal};
use fineprint::source::{Digest, SourceTree};
use fineprint::words::Language;
use std::error::Error;
use std::path::Path;

// The tests use the rest of this file.
#[allow(dead_code)]
fn main() -> Result<(), Box<dyn Error>> {
    for site in std::env::args().skip(1) {
        let tree = SourceTree::scan(Path::new(&site), &mut Vec::new())?;
        std::fs::write(Path::new(&site).join(PATH), seal(tree, false))?;
        println!("sealed {site}/{PATH}");
    }
    Ok(())
}

/// The ledger of a site with all its digests. With `keep`, digests of files and texts that are written down stay, right or
/// wrong: a test may want them wrong.
pub fn seal(tree: SourceTree, keep: bool) -> String {
    let center = Center::load(tree, &mut Vec::new());
    let mut previous = chain::START;
    let mut entries = Vec::new();
    for entry in &center.ledger.entries {
        let (text, digest) = match &entry.act {
            Act::Withdraw { date, reason } => {
                let reason = reason.clone().unwrap_or(Text::One(String::new()));
                withdrawal(&entry.document, &entry.version, *date, &reason, "en", previous)
            }
            Act::Release(release) => sealed(&center, entry, release, keep, previous),
        };
        entries.push(text);
        previous = digest;
    }
    append("", &entries)
}

fn sealed(center: &Center, entry: &Entry, release: &Release, keep: bool, previous: Digest) -> (String, Digest) {
    let folder = format!("content/{}/versions/{}/", entry.document, entry.version);
    let mut files = center.tree.below(&folder).map(|file| (&file.path[folder.len()..], file.digest)).collect();
    let (mut texts, mut ids) = (Digests::default(), Vec::new());
    if let Some(version) = center.document(&entry.document).and_then(|document| document.version(&entry.version)) {
        let facts = VersionFacts::of_version(center, version, &FactsMemo::default()).expect("the facts can be read");
        let mut resolved = Vec::new();
        for (tag, file) in &version.texts {
            let facts = facts.for_language(&Language::parse(tag).expect("a tag that was read"));
            let source = center.tree.text(&file.path).expect("the text can be read");
            let numbering = version.front.numbering;
            let parsed = markdown::parse(&file.path, &source, file.body, numbering, &facts, &mut Vec::new());
            resolved.push((tag.as_str(), Digest::of(parsed.resolved.as_bytes())));
            if *tag == version.language {
                ids = anchors(&parsed.document);
            }
        }
        texts = resolved.into_iter().collect();
    }
    if keep && !release.files.is_empty() {
        files = release.files.clone();
    }
    if keep && !release.text.is_empty() {
        texts = Digests::clone(&release.text);
    }
    ReleaseEntry {
        imported: release.imported,
        document: &entry.document,
        version: &entry.version,
        language: &release.language,
        published: release.published,
        effective: release.effective,
        significance: release.significance,
        summary: release.summary.as_ref(),
        exemption: release.exemption.as_ref(),
        signals: release.signals.iter().map(String::as_str).collect(),
        because: release.because.as_ref(),
        anchors: &ids,
        files,
        text: texts,
    }
    .write(previous)
}
