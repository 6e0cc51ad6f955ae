//! The sample center's past: releasing its frozen texts one after the other, as a user would, gives its ledger again.

use crate::harness::{fineprint, repository, stderr};
use fineprint::center::{Act, Center, Release};
use fineprint::source::SourceTree;
use std::fs;
use std::path::Path;

/// Puts the frozen files of a version where drafts are.
fn edit(site: &Path, sample: &Path, document: &str, version: &str) {
    let frozen = sample.join(format!("content/{document}/versions/{version}"));
    for file in fs::read_dir(&frozen).unwrap().map(Result::unwrap) {
        let name = file.file_name().into_string().unwrap();
        let shared = sample.join("content").join(&name).exists();
        let folder = if shared { site.join("content") } else { site.join("content").join(document) };
        fs::create_dir_all(&folder).unwrap();
        fs::copy(file.path(), folder.join(name)).unwrap();
    }
}

fn arguments(documents: &[&str], release: &Release) -> Vec<String> {
    let mut all: Vec<String> = vec!["release".into()];
    all.extend(documents.iter().map(|document| document.to_string()));
    all.extend(["--as-of".into(), release.published.to_string(), "--effective".into(), release.effective.to_string()]);
    all.extend(release.significance.map(|significance| format!("--{}", significance.name())));
    let mut texts = |flag: &str, text: &fineprint::center::Text| {
        for tag in ["en", "es"] {
            let words = text.get([tag]).to_string();
            all.extend([format!("--{flag}"), if tag == "en" { words } else { format!("{tag}={words}") }]);
        }
    };
    if let Some(summary) = &release.summary {
        texts("summary", summary);
    }
    if let Some(exemption) = &release.exemption {
        texts("exemption-reason", &exemption.reason);
        all.extend(["--exemption".into(), exemption.kind.to_string()]);
    }
    if let Some(because) = &release.because {
        all.extend(["--because".into(), because.get(["en"]).to_string()]);
    }
    all
}

#[test]
fn the_sample_center_was_made_with_release_and_withdraw_alone() {
    let sample = repository();
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    fs::copy(sample.join("fineprint.toml"), site.join("fineprint.toml")).unwrap();
    let tree = SourceTree::scan(&sample, &mut Vec::new()).unwrap();
    let center = Center::load(tree, &mut Vec::new());
    let mut entries = center.ledger.entries.iter().peekable();
    while let Some(entry) = entries.next() {
        let mut documents = vec![entry.document.as_str()];
        let arguments = match &entry.act {
            Act::Release(release) => {
                edit(site, &sample, &entry.document, &entry.version);
                // First versions of the same day were released together.
                while let Some(next) = entries.next_if(|next| {
                    matches!(&next.act, Act::Release(other) if other.significance.is_none()
                        && release.significance.is_none() && other.published == release.published)
                }) {
                    edit(site, &sample, &next.document, &next.version);
                    documents.push(&next.document);
                }
                arguments(&documents, release)
            }
            Act::Withdraw { date, reason } => {
                let reason = reason.as_ref().unwrap();
                let mut all: Vec<String> =
                    ["withdraw", &entry.document, &entry.version, "--reason", reason.get(["en"])]
                        .map(str::to_string)
                        .into();
                all.extend(["--reason".into(), format!("es={}", reason.get(["es"]))]);
                all.extend(["--as-of".into(), date.to_string()]);
                all
            }
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let done = fineprint(site, &arguments);
        assert!(done.status.success(), "{arguments:?}\n{}", stderr(&done));
    }
    let read = |root: &Path| fs::read_to_string(root.join("content/ledger.toml")).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(sample.join("content/ledger.toml"), read(site)).unwrap();
    }
    assert_eq!(read(site), read(&sample));
}
