//! A published record, read back and checked: nothing in it is believed that its digests do not vouch for.

use super::{PublishedEntry, PublishedRecord};
use crate::center::{Ledger, chain};
use crate::source::Digest;
use jiff::civil::Date;
use serde::Deserialize;
use std::fmt;

/// Something that does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Problem {
    /// A file, or an entry such as `entry 3`.
    pub place: String,
    pub message: String,
}

impl Problem {
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// More entries than any company has acts in a century.
const MOST: usize = 1_000_000;

#[derive(Deserialize)]
struct RecordJson {
    as_of: Date,
    head: String,
    #[serde(default)]
    anchors: Vec<String>,
    entries: Vec<EntryJson>,
}

/// A member that nobody knows could be a known one under a wrong name, and then an entry would seem to be closed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryJson {
    digest: String,
    previous_digest: String,
    canonical: Option<String>,
}

impl PublishedRecord {
    /// Reads the bytes of a `ledger.json` that anybody may have written.
    pub fn parse(bytes: &[u8]) -> Result<PublishedRecord, String> {
        let json: RecordJson =
            serde_json::from_slice(bytes).map_err(|error| format!("it is not a published record: {error}"))?;
        if json.entries.len() > MOST {
            return Err(format!("it has {} entries; more than {MOST} are not read", json.entries.len()));
        }
        let digest = |hex: &str| Digest::parse(hex).ok_or_else(|| format!("`{}` is not a SHA-256", shortened(hex)));
        let entry = |entry: EntryJson| {
            Ok(PublishedEntry {
                digest: digest(&entry.digest)?,
                previous_digest: digest(&entry.previous_digest)?,
                canonical: entry.canonical,
            })
        };
        let entries = json.entries.into_iter().map(entry).collect::<Result<_, String>>()?;
        Ok(PublishedRecord { as_of: json.as_of, head: digest(&json.head)?, entries, anchors: json.anchors })
    }

    /// Everything in which the record does not vouch for itself: each text has its digest, each entry names the one before it,
    /// and the head is the last.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut before = chain::START;
        for (number, entry) in (1..).zip(&self.entries) {
            let place = format!("entry {number}");
            if entry.previous_digest != before {
                let message =
                    format!("it follows {}, but the entry before it is {}", entry.previous_digest.hex(), before.hex());
                problems.push(Problem::new(&place, message));
            }
            problems.extend(entry.problems(&place));
            before = entry.digest;
        }
        if self.head != before {
            let message = format!("it is stated as {}, but the last entry is {}", self.head.hex(), before.hex());
            problems.push(Problem::new("head", message));
        }
        problems
    }

    /// The open entries as a ledger, each with its number from 1. None where one of them cannot be read.
    pub fn ledger(&self) -> Option<(Ledger, Vec<usize>)> {
        let open: Vec<(usize, &str)> = (1..)
            .zip(&self.entries)
            .filter_map(|(number, entry)| Some((number, entry.canonical.as_deref()?)))
            .collect();
        let source: String = open.iter().flat_map(|(_, text)| [*text, "\n"]).collect();
        let mut findings = Vec::new();
        let ledger = Ledger::read(&source, &mut findings);
        let numbers: Vec<usize> = open.into_iter().map(|(number, _)| number).collect();
        (findings.is_empty() && ledger.entries.len() == numbers.len()).then_some((ledger, numbers))
    }
}

impl PublishedEntry {
    fn problems(&self, place: &str) -> Vec<Problem> {
        let Some(text) = &self.canonical else { return Vec::new() };
        let mut problems = Vec::new();
        let actual = Digest::of(text.as_bytes());
        if actual != self.digest {
            let message = format!("its text has the SHA-256 {}, but it states {}", actual.hex(), self.digest.hex());
            problems.push(Problem::new(place, message));
        }
        let line = format!("previous_digest = \"{}\"", self.previous_digest.hex());
        let own = text.lines().take_while(|line| !line.starts_with("[entry."));
        if own.filter(|own| own.starts_with("previous_digest = ")).ne([line.as_str()]) {
            problems.push(Problem::new(place, format!("its text does not say `{line}`")));
        }
        // One entry, in the one form that has this digest.
        if !text.starts_with("[[entry]]\n") || chain::texts(text).len() != 1 || chain::canonical(text) != *text {
            problems.push(Problem::new(place, "its text is not one entry in canonical form"));
        }
        problems
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
