//! Cases of published records that are verified.

use super::*;
use crate::published::PublishedEntry;
use std::collections::BTreeMap;

/// A site in memory; a file of none is an error of its host.
struct Files(BTreeMap<String, Option<Vec<u8>>>);

impl PublishedFiles for Files {
    fn name(&self) -> &str {
        "https://x.example/"
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        match self.0.get(path) {
            None => Ok(None),
            Some(None) => Err("it has too many bytes".to_string()),
            Some(Some(bytes)) if bytes.len() as u64 > limit => Err("it has too many bytes".to_string()),
            Some(Some(bytes)) => Ok(Some(bytes.clone())),
        }
    }
}

const TEXT: &[u8] = b"+++\ntitle = \"Privacy\"\n+++\n\nWe keep little.\n";

/// A record of one release whose text is at `address`.
fn record(address: &str) -> PublishedRecord {
    let text = format!(
        "[[entry]]\nact = 1\npart = \"1 of 1\"\naction = \"release\"\ndocument = \"privacy\"\nversion = \"2026-11-28\"\nrecorded = 2026-11-28T10:00:00Z\npublished = 2026-11-28\nnotice_from = 2026-11-28\neffective = 2026-11-28\ntimezone = \"Europe/Madrid\"\ncounting = \"clear-days\"\nlanguage = \"en\"\naddress = {{ en = {} }}\nprevious_digest = \"{}\"\n[entry.file_sha256]\n\"policy.md\" = \"{}\"\n[entry.text_sha256]\nen = \"{}\"\n",
        crate::text::quoted(address),
        chain::START.hex(),
        Digest::of(b"source").hex(),
        Digest::of(TEXT).hex()
    );
    let digest = Digest::of(text.as_bytes());
    let entry = PublishedEntry { digest, previous_digest: chain::START, canonical: Some(text) };
    PublishedRecord { as_of: jiff::civil::date(2026, 11, 28), head: digest, entries: vec![entry], anchors: Vec::new() }
}

fn site(files: &[(&str, Option<&[u8]>)]) -> Files {
    Files(files.iter().map(|(path, bytes)| (path.to_string(), bytes.map(<[u8]>::to_vec))).collect())
}

fn found(files: &Files, record: &PublishedRecord) -> Vec<String> {
    let mut out = Verification::default();
    chain_of(record, &mut out);
    texts(files, record, &mut out);
    out.problems.iter().map(Problem::to_string).collect()
}

const PATH: &str = "privacy/v/2026-11-28/policy.md";

#[test]
fn a_text_is_compared_with_its_digest() {
    let record = record("privacy/v/2026-11-28/");
    assert_eq!(found(&site(&[(PATH, Some(TEXT))]), &record), Vec::<String>::new());
    for (files, said) in [
        (site(&[(PATH, Some(b"We keep everything."))]), "it is not the text that was released"),
        (site(&[]), "the record names it, but it is not there"),
        (site(&[(PATH, None)]), "too many bytes"),
    ] {
        let problems = found(&files, &record);
        assert!(problems.len() == 1 && problems[0].starts_with(PATH) && problems[0].contains(said), "{problems:?}");
    }
}

#[test]
fn no_address_of_a_hostile_record_leads_out_of_the_site() {
    for address in ["../", "/etc/", "privacy/../../x/", "https://other.example/", "a\\b/", "a//", "a\u{0}/", "a?b/"] {
        let problems = found(&site(&[]), &record(address));
        assert!(
            problems.iter().any(|problem| problem.contains("not an address below the site")),
            "{address}: {problems:?}"
        );
    }
}

#[test]
fn the_place_of_a_fork_is_named() {
    let live = record("privacy/v/2026-11-28/");
    let other = record("privacy/v/other/");
    assert_eq!(refused_continuation(&live.digests(), &live), None);
    let ours = [live.digests(), vec![Digest::of(b"more")]].concat();
    assert_eq!(refused_continuation(&ours, &live), None);
    let refused = refused_continuation(&[], &live).expect("a refusal");
    assert_eq!(refused.place, "entry 1 (the release of `privacy` 2026-11-28)");
    assert!(refused.message.contains("1 more than this repository"), "{refused}");
    let refused = refused_continuation(&other.digests(), &live).expect("a refusal");
    assert!(refused.place.starts_with("entry 1 ") && refused.message.contains("differ from here on"), "{refused}");
}

#[test]
fn a_noted_digest_is_found_or_missed() {
    let record = record("privacy/v/2026-11-28/");
    let ask = |digest: Digest| {
        let mut out = Verification::default();
        noted(&record, &digest, &mut out);
        (out.confirmed, out.problems)
    };
    assert!(ask(record.head).0[0].contains("entry 1 "));
    assert!(ask(chain::START).1.is_empty());
    assert!(ask(Digest::of(b"x")).1[0].message.contains("the record was rewritten"));
}
