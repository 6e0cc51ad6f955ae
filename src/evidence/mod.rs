//! An evidence pack: a version with all that shows what it said, when it was recorded, and that nothing was changed since.
//!
//! In: frozen bytes alone: the published record, the files of the version and the texts of the one before it. Out: a zip archive,
//! the same every time. Whatever else is in it (README, notice, redline) is made from these bytes, so that it can be made again
//! and compared: nothing in a pack is believed because it is there. Must not know: today's settings, themes or facts; where the
//! pack is put; whether anybody received anything.

mod archive;
mod contents;
mod readme;
mod redlines;
mod verify;

pub use contents::PackContents;
pub use verify::{verify, verify_files};

use crate::center::Center;
use crate::center::ledger::{Act, Entry};
use crate::error::{Error, Result};
use crate::published::PublishedRecord;
use crate::source::Digest;
use crate::timeline::Timeline;
use std::collections::BTreeMap;

/// Files of a pack, by their path in it.
pub type PackFiles = BTreeMap<String, Vec<u8>>;

/// A pack and what is said to the person who hands it out.
pub struct Pack {
    /// `privacy-2026-03-30`: the folder in the archive.
    pub name: String,
    pub zip: Vec<u8>,
    pub files: usize,
    /// The digest of the last entry in it.
    pub head: Digest,
}

/// Packs a version as of the timeline's day.
pub fn pack(center: &Center, timeline: &Timeline, document: usize, version: usize) -> Result<Pack> {
    let entry = &center.documents[document];
    let frozen = &entry.versions[version];
    let record = PublishedRecord::of(center, timeline);
    let end = crate::record::end_of_day(timeline.date, &center.settings.zone);
    let number = |id: &str| {
        let key = center.ledger.key(&entry.slug);
        let released = |known: &Entry| {
            matches!(known.act, Act::Release(_)) && known.version == id && center.ledger.key(&known.document) == key
        };
        center.ledger.entries.iter().take_while(|known| known.recorded <= end).position(released).map(|at| at + 1)
    };
    let Some(release) = number(&frozen.id) else {
        return Err(Error::refused(format!(
            "the ledger has no entry for `{}` {} by {}; run `fineprint status`",
            entry.slug, frozen.id, timeline.date
        )));
    };
    let base = frozen.base.as_deref().and_then(|base| Some((entry.version(base)?, number(base)?)));
    let read = |folder: &str, wanted: &dyn Fn(&str) -> bool| -> Result<PackFiles> {
        let prefix = format!("{folder}/");
        let files = center.tree.below(&prefix).filter(|file| wanted(&file.path[prefix.len()..]));
        files.map(|file| Ok((file.path[prefix.len()..].to_string(), center.tree.bytes(&file.path)?))).collect()
    };
    let contents = PackContents {
        document: entry.slug.clone(),
        version: frozen.id.clone(),
        as_of: timeline.date,
        site: center.settings.base_url.absolute(""),
        entry: release,
        base_entry: base.map(|(_, number)| number),
        frozen: read(&frozen.folder, &|_| true)?,
        before: match base {
            Some((base, _)) => read(&base.folder, &|name| name.starts_with("text."))?,
            None => PackFiles::new(),
        },
        record,
    };
    let files = contents.files();
    let name = contents.name();
    let zip =
        archive::write(&name, &files).map_err(|error| Error::refused(format!("cannot create the archive: {error}")))?;
    Ok(Pack { name, zip, files: files.len(), head: contents.record.head })
}
