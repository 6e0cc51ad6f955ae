//! The published record: the ledger as the site shows it to everybody, and any copy of it, read back.
//!
//! In: a ledger and what is public on a day, or the bytes of a published `ledger.json`. Out: entries as text with their digests,
//! and how two records relate: the same, one the beginning of the other, or forked. Must not know: files, hosts, pages.
//!
//! An entry is published as its canonical form ([`chain::canonical`]), so that `sha256sum` of that text gives the digest. An
//! entry about a version that nobody may see yet is published as its digest alone, and opened when its day has come: the chain
//! can be followed at any time, and nothing is known too early.

mod read;

pub use read::Problem;

use crate::center::{Center, chain};
use crate::record::end_of_day;
use crate::source::Digest;
use crate::timeline::Timeline;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::HashSet;

/// Where signatures and time stamps over the record are kept, to be copied to the site.
const ANCHORS: &str = "static/record/anchors/";

/// One copy of the record, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRecord {
    /// The day as of which the site was built.
    pub as_of: Date,
    /// Digest of the last entry, as the copy states it.
    pub head: Digest,
    pub entries: Vec<PublishedEntry>,
    /// Names of the files in `record/anchors/`.
    pub anchors: Vec<String>,
}

/// One entry of a published record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedEntry {
    #[serde(serialize_with = "hex")]
    pub digest: Digest,
    #[serde(serialize_with = "hex")]
    pub previous_digest: Digest,
    /// The text whose SHA-256 is the digest. None while nobody may know more of the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
}

fn hex<S: serde::Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&digest.hex())
}

impl PublishedRecord {
    /// The record as it may be published on the timeline's day: entries recorded by its end.
    pub fn of(center: &Center, timeline: &Timeline) -> PublishedRecord {
        let hidden = hidden(center, timeline);
        let end = end_of_day(timeline.date, &center.settings.zone);
        let source = center.tree.kept(crate::center::ledger::PATH).unwrap_or("");
        let texts = chain::texts(source);
        let ledger = &center.ledger;
        // A beginning of the ledger: where a clock was set back, what stands after a later entry is later, too.
        let public = ledger.entries.iter().take_while(|entry| entry.recorded <= end).count().min(texts.len());
        let entries: Vec<PublishedEntry> = ledger.entries[..public]
            .par_iter()
            .zip(&texts[..public])
            .map(|(entry, text)| {
                let about = (ledger.key(&entry.document), entry.version.as_str());
                let open = !hidden.contains(&about);
                PublishedEntry {
                    digest: entry.digest.unwrap_or(entry.actual),
                    previous_digest: entry.previous.unwrap_or(chain::START),
                    canonical: open.then(|| chain::canonical(&source[text.clone()])),
                }
            })
            .collect();
        let head = entries.last().map_or(chain::START, |entry| entry.digest);
        PublishedRecord { as_of: timeline.date, head, entries, anchors: anchors(center) }
    }

    /// The digests of all entries, in order.
    pub fn digests(&self) -> Vec<Digest> {
        self.entries.iter().map(|entry| entry.digest).collect()
    }

    /// The bytes of `ledger.json`: an entry on each line, so that two copies can be compared by eye.
    pub fn json(&self, schema: &str) -> Vec<u8> {
        let lines: Vec<Vec<u8>> = self
            .entries
            .par_chunks(256)
            .map(|entries| {
                let mut out = Vec::with_capacity(entries.len() * 1_500);
                for entry in entries {
                    if !out.is_empty() {
                        out.extend_from_slice(b",\n");
                    }
                    // Plain data with string keys always serializes.
                    let _ = serde_json::to_writer(&mut out, entry);
                }
                out
            })
            .collect();
        let schema = serde_json::Value::from(schema);
        let head = format!(
            "{{\n\"$schema\": {schema},\n\"as_of\": \"{}\",\n\"head\": \"{}\",\n\"anchors\": {},\n\"entries\": [\n",
            self.as_of,
            self.head.hex(),
            serde_json::Value::from(self.anchors.clone())
        );
        let mut out = head.into_bytes();
        out.reserve(lines.iter().map(|lines| lines.len() + 2).sum());
        for (index, lines) in lines.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(b",\n");
            }
            out.extend_from_slice(lines);
        }
        out.extend_from_slice(if self.entries.is_empty() { b"]\n}\n" } else { b"\n]\n}\n" });
        out
    }
}

/// Anchors that the site publishes, by name.
fn anchors(center: &Center) -> Vec<String> {
    let files = center.tree.below(ANCHORS);
    files.map(|file| file.path[ANCHORS.len()..].to_string()).filter(|name| is_anchor(name)).collect()
}

/// True for `<digest>.sig` and `<digest>.tsr`.
fn is_anchor(name: &str) -> bool {
    let digest = name.strip_suffix(".sig").or_else(|| name.strip_suffix(".tsr"));
    digest.is_some_and(|digest| Digest::parse(digest).is_some())
}

/// Versions of which only a digest is public: scheduled ones, and those that were taken back before their day.
fn hidden<'c>(center: &'c Center, timeline: &Timeline) -> HashSet<(&'c str, &'c str)> {
    let documents = center.documents.iter().zip(&timeline.documents);
    let versions = documents.flat_map(|(document, states)| {
        let key = center.ledger.key(&document.slug);
        let hidden = (0..document.versions.len()).filter(|version| !states.is_visible(*version));
        hidden.map(move |version| (key, document.versions[version].id.as_str()))
    });
    versions.collect()
}

/// How another copy of a record relates to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// The copy is a beginning of ours, which has so many entries more.
    Beginning(usize),
    /// The copy goes on where ours ends, with so many entries more.
    Continuation(usize),
    /// Both begin with so many equal entries and then differ.
    Fork(usize),
}

/// Compares a copy with our record, entry by entry.
///
/// ```
/// use fineprint::published::{Relation, relation};
/// use fineprint::source::Digest;
/// let [a, b, c] = ["a", "b", "c"].map(|text| Digest::of(text.as_bytes()));
/// assert_eq!(relation(&[a, b], &[a, b]), Relation::Same);
/// assert_eq!(relation(&[a, b], &[a]), Relation::Beginning(1));
/// assert_eq!(relation(&[a], &[a, b, c]), Relation::Continuation(2));
/// assert_eq!(relation(&[a, b], &[a, c]), Relation::Fork(1));
/// ```
pub fn relation(ours: &[Digest], copy: &[Digest]) -> Relation {
    let common = ours.iter().zip(copy).take_while(|(a, b)| a == b).count();
    match (ours.len() - common, copy.len() - common) {
        (0, 0) => Relation::Same,
        (more, 0) => Relation::Beginning(more),
        (0, more) => Relation::Continuation(more),
        _ => Relation::Fork(common),
    }
}

#[cfg(test)]
mod tests;
