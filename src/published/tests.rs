//! Cases of the record that a site publishes.

use super::*;
use proptest::prelude::*;

/// A record of made-up entries; those in `closed` are published as digests alone.
fn record(acts: &[(String, bool)]) -> PublishedRecord {
    let mut before = chain::START;
    let mut entries = Vec::new();
    for (number, (reason, closed)) in acts.iter().enumerate() {
        let text = format!(
            "[[entry]]\nact = {}\npart = \"1 of 1\"\naction = \"withdraw\"\ndocument = \"privacy\"\nversion = \"2026-12-13\"\nrecorded = 2026-11-28T10:00:00Z\nreason = {}\nprevious_digest = \"{}\"\n",
            number + 1,
            crate::text::quoted(reason),
            before.hex()
        );
        let digest = Digest::of(text.as_bytes());
        entries.push(PublishedEntry { digest, previous_digest: before, canonical: (!closed).then_some(text) });
        before = digest;
    }
    PublishedRecord { as_of: jiff::civil::date(2026, 11, 28), head: before, entries, anchors: Vec::new() }
}

fn acts() -> impl Strategy<Value = Vec<(String, bool)>> {
    prop::collection::vec((any::<String>(), prop::bool::weighted(0.2)), 0..12)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(acts in acts()) {
        let record = record(&acts);
        prop_assert_eq!(record.problems(), Vec::new());
        let read = PublishedRecord::parse(&record.json("https://x.example/ledger.schema.json")).unwrap();
        prop_assert_eq!(&read, &record);
        prop_assert!(read.ledger().is_some_and(|(ledger, numbers)| ledger.entries.len() == numbers.len()));
    }

    /// No bit of an entry can be flipped without a trace: the file is not JSON any more, or something does not fit.
    #[test]
    fn every_flipped_bit_of_an_entry_shows(acts in acts(), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        prop_assume!(!acts.is_empty());
        let record = record(&acts);
        let mut json = record.json("https://x.example/ledger.schema.json");
        let start = json.windows(11).position(|text| text == b"\"entries\": ").unwrap() + 11;
        let at = start + at.index(json.len() - start);
        json[at] ^= 1 << bit;
        let fits = PublishedRecord::parse(&json).is_ok_and(|read| read != record && read.problems().is_empty());
        prop_assert!(!fits, "{}", String::from_utf8_lossy(&json));
    }

    #[test]
    fn relations_are_what_their_names_say(common in acts(), ours in acts(), theirs in acts()) {
        let chain = |more: &[(String, bool)]| {
            let all: Vec<(String, bool)> = common.iter().chain(more).cloned().collect();
            record(&all).digests()
        };
        let (ours, theirs) = (chain(&ours), chain(&theirs));
        match relation(&ours, &theirs) {
            Relation::Same => prop_assert_eq!(&ours, &theirs),
            Relation::Beginning(more) => prop_assert_eq!(&ours[..ours.len() - more], &theirs[..]),
            Relation::Continuation(more) => prop_assert_eq!(&ours[..], &theirs[..theirs.len() - more]),
            Relation::Fork(at) => {
                prop_assert_eq!(&ours[..at], &theirs[..at]);
                prop_assert_ne!(ours[at], theirs[at]);
            }
        }
    }
}

#[test]
fn an_entry_that_hides_another_is_found() {
    let mut record = record(&[("one".into(), false), ("two".into(), false)]);
    let text = record.entries[1].canonical.as_mut().unwrap();
    text.push_str("[[entry]]\nact = 9\n");
    record.entries[1].digest = Digest::of(record.entries[1].canonical.as_ref().unwrap().as_bytes());
    record.head = record.entries[1].digest;
    let problems = record.problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].to_string(), "entry 2: its text is not one entry in canonical form");
}

#[test]
fn what_is_not_a_record_is_said_to_be_none() {
    for bytes in [
        &b"<!doctype html>"[..],
        b"",
        b"{}",
        b"[]",
        b"{\"as_of\":\"2026-11-28\",\"head\":\"x\",\"entries\":[]}",
        b"\xff\xfe",
    ] {
        assert!(PublishedRecord::parse(bytes).is_err(), "{bytes:?}");
    }
    let whole = record(&[("one".into(), false)]).json("s");
    assert!((0..whole.len() - 2).all(|end| PublishedRecord::parse(&whole[..end]).is_err()));
    assert_eq!(record(&[]).json("s").last(), Some(&b'\n'));
}
