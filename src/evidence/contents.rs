//! The frozen bytes of a pack, and everything that is made from them.

use super::{PackFiles, readme, redlines};
use crate::announce;
use crate::published::{PublishedEntry, PublishedRecord};
use crate::source::Digest;
use crate::view::announcement::Announcement;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const DESCRIPTION: &str = "pack.json";

/// Everything that a pack is made from.
#[derive(Clone, Debug)]
pub struct PackContents {
    pub document: String,
    pub version: String,
    /// The day for which the pack speaks: entries recorded later are not in it.
    pub as_of: Date,
    /// The address of the site, to which links in texts lead.
    pub site: String,
    /// The number, from 1, of the entry that released the version, and of the one that released the version before it.
    pub entry: usize,
    pub base_entry: Option<usize>,
    /// The files of the version's folder, by name, and the texts of the version before it.
    pub frozen: PackFiles,
    pub before: PackFiles,
    pub record: PublishedRecord,
}

/// `pack.json`: what the other files are about.
#[derive(Serialize, Deserialize)]
struct Description {
    document: String,
    version: String,
    as_of: Date,
    site: String,
    entry: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_entry: Option<String>,
}

fn padded(number: usize) -> String {
    format!("{number:06}")
}

impl PackContents {
    /// `privacy-2026-03-30`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.document, self.version)
    }

    /// Every file of the pack.
    pub fn files(&self) -> PackFiles {
        let mut files = PackFiles::new();
        let description = Description {
            document: self.document.clone(),
            version: self.version.clone(),
            as_of: self.as_of,
            site: self.site.clone(),
            entry: padded(self.entry),
            base_entry: self.base_entry.map(padded),
        };
        files.insert(DESCRIPTION.to_string(), crate::render::pretty(&description));
        for (number, entry) in (1..).zip(&self.record.entries) {
            let (ending, bytes) = match &entry.canonical {
                Some(text) => ("toml", text.clone().into_bytes()),
                None => ("closed", format!("{}\n", entry.digest.hex()).into_bytes()),
            };
            files.insert(format!("record/{}.{ending}", padded(number)), bytes);
        }
        let place = |folder: &str, from: &PackFiles| -> PackFiles {
            from.iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes.clone())).collect()
        };
        files.extend(place("frozen", &self.frozen));
        files.extend(place("before", &self.before));
        for (name, announcement) in self.announcements() {
            let text = announce::text(&announcement);
            files.insert(format!("notice/notice.{name}.txt"), text.into_bytes());
        }
        files.extend(redlines::redlines(self));
        files.insert("README.txt".to_string(), readme::readme(self, &files).into_bytes());
        let sums: String = files.iter().map(|(path, bytes)| format!("{}  {path}\n", Digest::of(bytes).hex())).collect();
        files.insert("SHA256SUMS".to_string(), sums.into_bytes());
        files
    }

    /// The frozen announcements, by language.
    fn announcements(&self) -> Vec<(String, Announcement)> {
        let named = self.frozen.iter().filter_map(|(name, bytes)| {
            let tag = name.strip_prefix("announcement.")?.strip_suffix(".json")?;
            Some((tag.to_string(), Announcement::parse(bytes)?))
        });
        named.collect()
    }

    /// Reads the frozen bytes of a pack that anybody may have made. What is made from them is not looked at.
    pub fn parse(files: &PackFiles) -> Result<PackContents, String> {
        let description = files.get(DESCRIPTION).ok_or_else(|| format!("it has no {DESCRIPTION}"))?;
        let description: Description =
            serde_json::from_slice(description).map_err(|error| format!("{DESCRIPTION} cannot be read: {error}"))?;
        let number =
            |typed: &str| typed.parse::<usize>().map_err(|_| format!("`{typed}` is not the number of an entry"));
        let below = |folder: &str| -> PackFiles {
            let named =
                files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(folder)?.to_string(), bytes.clone())));
            named.collect()
        };
        let mut entries: Vec<PublishedEntry> = Vec::new();
        for (name, bytes) in below("record/") {
            let text = String::from_utf8(bytes).map_err(|_| format!("record/{name} is not UTF-8"))?;
            let previous_digest = entries.last().map_or(Digest::ZERO, |entry| entry.digest);
            let entry = if name.ends_with(".closed") {
                let digest = Digest::parse(text.trim_end()).ok_or_else(|| format!("record/{name} is not a SHA-256"))?;
                PublishedEntry { digest, previous_digest, canonical: None }
            } else {
                PublishedEntry { digest: Digest::of(text.as_bytes()), previous_digest, canonical: Some(text) }
            };
            entries.push(entry);
        }
        let head = entries.last().map_or(Digest::ZERO, |entry| entry.digest);
        Ok(PackContents {
            entry: number(&description.entry)?,
            base_entry: description.base_entry.as_deref().map(number).transpose()?,
            document: description.document,
            version: description.version,
            as_of: description.as_of,
            site: description.site,
            frozen: below("frozen/"),
            before: below("before/"),
            record: PublishedRecord { as_of: description.as_of, head, entries, anchors: Vec::new() },
        })
    }
}
