//! Every text of a site, compared with its digest on the chain.

use super::{LARGEST_TEXT, PublishedFiles, Verification};
use crate::center::Ledger;
use crate::center::ledger::{Act, Entry};
use crate::published::{Problem, PublishedRecord};
use crate::source::Digest;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A text that the record names.
struct Named {
    /// Where it was published, and where it is if the document has another name now.
    paths: Vec<String>,
    digest: Digest,
}

/// Reads every text that the open entries of a record name, and compares it with its digest.
pub fn texts(files: &dyn PublishedFiles, record: &PublishedRecord, out: &mut Verification) {
    let Some((ledger, numbers)) = record.ledger() else {
        out.problem("record", "an entry cannot be read, so the texts were not compared");
        return;
    };
    let mut named: BTreeMap<String, Named> = BTreeMap::new();
    for (entry, number) in ledger.entries.iter().zip(&numbers) {
        for (path, text) in texts_of(&ledger, entry) {
            match text {
                Some(text) => drop(named.insert(path, text)),
                None => out.problem(format!("entry {number}"), format!("it has no digest for the text at `{path}`")),
            }
        }
    }
    let problems: Vec<Option<Problem>> = named.par_iter().map(|(_, text)| problem(files, text)).collect();
    let wrong = problems.iter().flatten().count();
    out.problems.extend(problems.into_iter().flatten());
    if wrong == 0 {
        out.confirm(format!("Texts that have the digest on the chain: {}.", named.len()));
    }
}

fn texts_of(ledger: &Ledger, entry: &Entry) -> Vec<(String, Option<Named>)> {
    let named = |address: &str, digest: Option<&Digest>| {
        let path = format!("{address}policy.md");
        let now = format!("{}/v/", ledger.name(&entry.document));
        let moved = path.replacen(&format!("{}/v/", entry.document), &now, 1);
        let mut paths = vec![path.clone(), moved];
        paths.dedup();
        (path, digest.map(|digest| Named { paths, digest: *digest }))
    };
    match &entry.act {
        Act::Release(release) => {
            release.addresses.iter().map(|(tag, address)| named(address, release.text.get(tag))).collect()
        }
        Act::Translate(translation) => {
            vec![named(&translation.address, translation.text.get(&translation.language))]
        }
        _ => Vec::new(),
    }
}

fn problem(files: &dyn PublishedFiles, text: &Named) -> Option<Problem> {
    let place = &text.paths[0];
    for path in &text.paths {
        if !stays_below(path) {
            return Some(Problem::new(place, "it is not an address below the site"));
        }
        match files.read(path, LARGEST_TEXT) {
            Ok(Some(bytes)) => {
                let actual = Digest::of(&bytes);
                return (actual != text.digest).then(|| {
                    let message = format!(
                        "its SHA-256 is {}, but the record names {}: it is not the text that was released",
                        actual.hex(),
                        text.digest.hex()
                    );
                    Problem::new(path, message)
                });
            }
            Ok(None) => {}
            Err(error) => return Some(Problem::new(path, error)),
        }
    }
    Some(Problem::new(place, "the record names it, but it is not there"))
}

/// True for a path that cannot lead out of the folder or to another host.
fn stays_below(path: &str) -> bool {
    !path.starts_with('/')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(['\\', ':', '?', '#'])
        && !path.chars().any(char::is_control)
}
