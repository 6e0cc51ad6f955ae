//! What another copy of a record shows: a live site, a folder, a single file, an evidence pack.
//!
//! In: a way to read the published files of a site, by path; or the bytes of a pack. Out: what was confirmed, and each thing that
//! does not fit, with its place. Must not know: how files are fetched, today. Nothing here writes, and nothing that is read is
//! believed: sizes are limited, paths stay below the site, and a text counts only if its digest is on the chain.

#[cfg(feature = "anchors")]
mod anchors;
mod texts;

#[cfg(feature = "anchors")]
pub use anchors::{Trust, anchors};

pub use crate::published::Problem;
pub use texts::texts;

use crate::center::chain;
use crate::plan::outputs;
use crate::published::{PublishedRecord, Relation, relation};
use crate::source::Digest;

/// Largest record that is read: 100,000 entries have about half of that.
const LARGEST_RECORD: u64 = 512 << 20;
/// Largest evidence pack that is read.
pub const LARGEST_PACK: u64 = 1 << 30;
/// Largest text that is read.
const LARGEST_TEXT: u64 = 32 << 20;

/// The published files of a site, wherever they are.
pub trait PublishedFiles: Sync {
    /// What people call it: an address or a folder.
    fn name(&self) -> &str;

    /// The bytes of a file; none if it does not exist. A file with more than `limit` bytes is an error.
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String>;
}

/// Result of a verification.
#[derive(Debug, Default, serde::Serialize)]
pub struct Verification {
    /// What fits, a sentence each.
    pub confirmed: Vec<String>,
    /// What was not looked at, or does not matter.
    pub notes: Vec<String>,
    pub problems: Vec<Problem>,
}

impl Verification {
    pub fn confirm(&mut self, sentence: impl Into<String>) {
        self.confirmed.push(sentence.into());
    }

    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    pub fn problem(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::new(place, message));
    }
}

/// Reads the record that a site publishes. None if the site has none.
pub fn published_record(files: &dyn PublishedFiles) -> Result<Option<PublishedRecord>, String> {
    match files.read(outputs::LEDGER, LARGEST_RECORD)? {
        Some(bytes) => {
            PublishedRecord::parse(&bytes).map(Some).map_err(|error| format!("{}: {error}", outputs::LEDGER))
        }
        None => Ok(None),
    }
}

/// Checks that a record vouches for itself.
pub fn chain_of(record: &PublishedRecord, out: &mut Verification) {
    let problems = record.problems();
    if !problems.is_empty() {
        out.problems.extend(problems);
        return;
    }
    let closed = record.entries.iter().filter(|entry| entry.canonical.is_none()).count();
    out.confirm(format!("The chain of {} entries holds; its head is {}.", record.entries.len(), record.head.hex()));
    if closed > 0 {
        out.note(format!("Entries published as a digest alone, because their day has not come: {closed}."));
    }
}

/// Compares a copy of the record with another one, which is called `ours` in sentences.
pub fn compare(ours: &[Digest], whose: &str, copy: &PublishedRecord, out: &mut Verification) {
    let digests = copy.digests();
    match relation(ours, &digests) {
        Relation::Same => out.confirm(format!("It is the record of {whose}, entry for entry.")),
        Relation::Beginning(more) => {
            out.confirm(format!("It is the beginning of the record of {whose}, which has {more} more."));
        }
        Relation::Continuation(more) => {
            out.confirm(format!("It continues the record of {whose} with {more} more."));
        }
        Relation::Fork(at) => {
            let (ours, theirs) = (ours[at].hex(), digests[at].hex());
            out.problem(
                entry_name(copy, at),
                format!("the record of {whose} is another one from here on: it has {ours}, this one {theirs}"),
            );
        }
    }
}

/// Why a site must not be replaced by one with the record `ours`; none if it may.
pub fn refused_continuation(ours: &[Digest], live: &PublishedRecord) -> Option<Problem> {
    match relation(ours, &live.digests()) {
        Relation::Same | Relation::Beginning(_) => None,
        Relation::Continuation(more) => Some(Problem::new(
            entry_name(live, ours.len()),
            format!(
                "the published record has {more} more than this repository; fetch the branch that was published, and build again"
            ),
        )),
        Relation::Fork(at) => Some(Problem::new(
            entry_name(live, at),
            format!(
                "the published record and this repository differ from here on: published is {}, here it is {}; start from the branch that was published, and record your acts after it (`fineprint ledger merge` after a merge in Git)",
                live.entries[at].digest.hex(),
                ours[at].hex()
            ),
        )),
    }
}

/// Finds a digest that somebody noted.
pub fn noted(record: &PublishedRecord, noted: &Digest, out: &mut Verification) {
    match record.entries.iter().position(|entry| entry.digest == *noted) {
        Some(at) => {
            let after = record.entries.len() - at - 1;
            out.confirm(format!(
                "The noted digest is {}; everything up to it is as it was then, and {after} more came since.",
                entry_name(record, at)
            ));
        }
        None if *noted == chain::START => out.confirm("The noted digest is that of an empty record.".to_string()),
        None => out.problem(
            "record",
            format!("no entry has the noted digest {}: the record was rewritten, or it is another one", noted.hex()),
        ),
    }
}

/// `entry 3 (the release of `privacy` 2026-03-30)`, counted from 1.
pub fn entry_name(record: &PublishedRecord, at: usize) -> String {
    let what = record.ledger().and_then(|(ledger, numbers)| {
        let index = numbers.binary_search(&(at + 1)).ok()?;
        Some(format!(" ({})", chain::named(&ledger.entries[index])))
    });
    format!("entry {}{}", at + 1, what.unwrap_or_default())
}

#[cfg(test)]
mod tests;
