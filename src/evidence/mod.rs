//! An evidence pack: a version with all that shows what it said, when it was published, and that nothing was changed since.
//!
//! In: a version, what [`Renderer::evidence`] tells of it, its frozen files, the ledger. Out: a zip archive, the same every
//! time for the same day and program. Must not know: where it is put; whether anybody received anything.

mod readme;

use crate::center::ledger::{self, Act};
use crate::center::{Center, chain};
use crate::error::{Error, Result};
use crate::record::end_of_day;
use crate::render::Renderer;
use crate::source::Digest;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The recipe, to be read and run: the steps of the README with common tools.
const VERIFY: &str = include_str!("verify.sh");

/// A pack and what somebody should know who hands it out.
pub struct Pack {
    /// `privacy-2026-03-30`: the folder in the archive.
    pub name: String,
    pub zip: Vec<u8>,
    pub files: usize,
    /// The digest of the last entry in it.
    pub last: Digest,
    /// Versions that the chain names and that are not public yet.
    pub early: Vec<String>,
}

/// Part of the ledger: from its first line to the last entry that concerns a version.
struct Extract {
    text: String,
    last: Digest,
    early: Vec<String>,
}

pub fn pack(renderer: &Renderer, document: usize, version: usize) -> Result<Pack> {
    let plan = renderer.plan;
    let center = plan.center;
    let entry = &center.documents[document];
    let frozen = &entry.versions[version];
    let name = format!("{}-{}", entry.slug, frozen.id);
    let extract = extract(center, &entry.slug, &frozen.id, plan.timeline.date)?;

    let mut files = renderer.evidence(document, version)?;
    let folder = format!("{}/", frozen.folder);
    for file in center.tree.below(&folder) {
        files.push((format!("frozen/{}", &file.path[folder.len()..]), center.tree.bytes(&file.path)?));
    }
    files.push(("ledger.toml".into(), extract.text.clone().into_bytes()));
    let script = VERIFY.replace("@DOCUMENT@", &entry.slug).replace("@VERSION@", &frozen.id);
    files.push(("verify.sh".into(), script.into_bytes()));
    files.sort();
    let readme = readme::readme(renderer, document, version, &files, extract.last);
    files.push(("README.txt".into(), readme.into_bytes()));
    files.sort();
    let sums: String = files.iter().map(|(path, bytes)| format!("{}  {path}\n", Digest::of(bytes).hex())).collect();
    files.push(("SHA256SUMS".into(), sums.into_bytes()));
    files.sort();
    let zip = archive(&name, &files).map_err(|error| Error::refused(format!("cannot create the archive: {error}")))?;
    Ok(Pack { name, zip, files: files.len(), last: extract.last, early: extract.early })
}

fn extract(center: &Center, slug: &str, id: &str, date: jiff::civil::Date) -> Result<Extract> {
    let source = center.tree.text(ledger::PATH)?;
    let texts = chain::texts(&source);
    let entries = &center.ledger.entries;
    let end = end_of_day(date, &center.settings.zone);
    let key = center.ledger.key(slug);
    let concerns = |entry: &ledger::Entry| {
        center.ledger.key(&entry.document) == key && entry.version == id && entry.recorded <= end
    };
    let last = entries.iter().rposition(concerns).filter(|last| *last < texts.len());
    let Some(last) = last else {
        return Err(Error::refused(format!("the ledger has no entry for `{slug}` {id}; run `fineprint status`")));
    };
    let early = entries[..last]
        .iter()
        .filter(|entry| matches!(&entry.act, Act::Release(release) if release.published > date))
        .map(|entry| format!("{} {}", entry.document, entry.version))
        .collect();
    let known = &entries[last];
    Ok(Extract { text: source[..texts[last].end].to_string(), last: known.digest.unwrap_or(known.actual), early })
}

/// Stored, not compressed: no library's next version makes other bytes of it.
fn archive(name: &str, files: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No clock: the earliest moment that the format knows.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(zip::System::Unix);
    for (path, bytes) in files {
        let mode = if path.ends_with(".sh") { 0o755 } else { 0o644 };
        zip.start_file(format!("{name}/{path}"), options.unix_permissions(mode))?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
