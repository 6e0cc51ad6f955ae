//! Writes an import's files, and takes them back until they are published.
//!
//! In: the site's folder, the files, and the receipt of the latest import. Out: the site with the files, or as it was but for
//! what was edited since. The receipt is on the disk before anything else, so that the next run can take back what an
//! interrupted one has left. Must not know: formats, documents.

use super::git;
use crate::center::ledger::PATH as LEDGER;
use crate::error::{Error, Result};
use crate::release::{FaultInjectingFs, NewFile};
use crate::source::Digest;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Beside the settings; commands do not read it.
pub const FILE: &str = ".fineprint-import.json";
/// A file on its way to its place.
const STAGED: &str = ".fineprint-import.new";

/// What an import has written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub document: String,
    /// Paths with the SHA-256 of what was written.
    pub files: Vec<(String, String)>,
    /// Starter texts that made room.
    pub starters: Vec<String>,
    /// Bytes of the ledger before, and its SHA-256 before and after.
    pub ledger: Option<(usize, String, String)>,
    /// True if everything was written.
    pub finished: bool,
}

/// What taking back has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    pub document: String,
    pub removed: Vec<String>,
    pub restored: Vec<String>,
    /// Edited since the import.
    pub kept: Vec<String>,
}

impl Receipt {
    pub fn new(document: &str, files: &[NewFile], starters: Vec<String>, before: &str, after: Option<&str>) -> Receipt {
        let digest = |bytes: &[u8]| Digest::of(bytes).hex();
        Receipt {
            document: document.into(),
            files: files.iter().map(|file| (file.path.clone(), digest(&file.bytes))).collect(),
            starters,
            ledger: after.map(|after| (before.len(), digest(before.as_bytes()), digest(after.as_bytes()))),
            finished: false,
        }
    }

    /// Says on the disk that everything was written.
    pub fn finish(&mut self, site: &Path, disk: &FaultInjectingFs) -> Result<()> {
        self.finished = true;
        self.write(site, disk)
    }

    pub fn write(&self, site: &Path, disk: &FaultInjectingFs) -> Result<()> {
        let files: Vec<Value> =
            self.files.iter().map(|(path, digest)| json!({ "path": path, "sha256": digest })).collect();
        let ledger = self
            .ledger
            .as_ref()
            .map(|(length, before, after)| json!({ "length": length, "before": before, "after": after }));
        let value = json!({
            "document": self.document,
            "finished": self.finished,
            "files": files,
            "starters": self.starters,
            "ledger": ledger,
        });
        let staged = stage(site, format!("{value:#}\n").as_bytes(), disk)?;
        disk.replace(&staged, &site.join(FILE))
    }

    fn read(site: &Path) -> Result<Receipt> {
        let path = site.join(FILE);
        let none =
            || Error::refused("there is no import to take back: none was made here, or it was taken back already");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(none()),
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        let value: Value = serde_json::from_str(&text)
            .map_err(|_| Error::refused(format!("`{FILE}` is damaged; take the import back with git")))?;
        let string = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
        Ok(Receipt {
            document: string(&value["document"]),
            finished: value["finished"].as_bool().unwrap_or(true),
            files: list("files").iter().map(|file| (string(&file["path"]), string(&file["sha256"]))).collect(),
            starters: list("starters").iter().map(string).collect(),
            ledger: value["ledger"].is_object().then(|| {
                let ledger = &value["ledger"];
                (ledger["length"].as_u64().unwrap_or(0) as usize, string(&ledger["before"]), string(&ledger["after"]))
            }),
        })
    }
}

/// Writes an import without a past: its receipt first, then its files in place of untouched starter texts.
pub fn write_import(
    site: &Path,
    mut receipt: Receipt,
    starters: &[(String, &'static str)],
    files: &[NewFile],
    disk: &FaultInjectingFs,
) -> Result<()> {
    receipt.write(site, disk)?;
    make_room(site, starters, disk)?;
    for file in files {
        let full = site.join(&file.path);
        disk.create_dir_all(full.parent().unwrap_or(site))?;
        let staged = stage(site, &file.bytes, disk)?;
        disk.place(&staged, &full)?;
    }
    receipt.finish(site, disk)
}

/// Takes back an import that did not come to its end; none if there was no such one.
pub fn recover(site: &Path, disk: &FaultInjectingFs) -> Result<Option<TakenBack>> {
    let Ok(mut receipt) = Receipt::read(site) else { return Ok(None) };
    if receipt.finished {
        return Ok(None);
    }
    let recorded = receipt
        .ledger
        .as_ref()
        .is_some_and(|(_, _, after)| fs::read(site.join(LEDGER)).is_ok_and(|bytes| Digest::of(&bytes).hex() == *after));
    if recorded {
        // It was on the record before the run stopped: only its receipt lacks a word.
        receipt.finish(site, disk)?;
        return Ok(None);
    }
    take_back(site, disk).map(Some)
}

/// Removes starter texts that nobody has touched, so that a text of one's own can take their place.
fn make_room(site: &Path, starters: &[(String, &'static str)], disk: &FaultInjectingFs) -> Result<()> {
    for (path, starter) in starters {
        let full = site.join(path);
        if !fs::read_to_string(&full).is_ok_and(|text| text == *starter) {
            return Err(Error::refused(format!("`{path}` was changed a moment ago; run this again")));
        }
        disk.remove_file(&full)?;
    }
    Ok(())
}

/// A whole file that is not in its place yet.
fn stage(site: &Path, bytes: &[u8], disk: &FaultInjectingFs) -> Result<std::path::PathBuf> {
    let staged = site.join(STAGED);
    if staged.symlink_metadata().is_ok() {
        // An interrupted run has left it.
        disk.remove_file(&staged)?;
    }
    disk.write(&staged, bytes)?;
    Ok(staged)
}

/// Takes the latest import back. Nothing that was edited since is touched, and nothing that is on record stays half.
pub fn take_back(site: &Path, disk: &FaultInjectingFs) -> Result<TakenBack> {
    let receipt = Receipt::read(site)?;
    let inside = |path: &str| path.starts_with("content/") && !path.split('/').any(|part| part == "..");
    let mut taken = TakenBack { document: receipt.document.clone(), ..TakenBack::default() };
    let mut gone: Vec<&str> = Vec::new();
    for (path, digest) in receipt.files.iter().filter(|(path, _)| inside(path)) {
        match fs::read(site.join(path)) {
            Ok(bytes) if Digest::of(&bytes).hex() == *digest => gone.push(path),
            Ok(_) if path.contains("/versions/") => {
                return Err(Error::refused(format!(
                    "`{path}` was changed since the import; restore it with git, then run this again"
                )));
            }
            Ok(_) => taken.kept.push(path.clone()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("read", site.join(path), error)),
        }
    }
    if let Some((length, before, after)) = &receipt.ledger {
        shorten(site, *length, before, after, disk)?;
    }
    for path in gone {
        let full = site.join(path);
        disk.remove_file(&full)?;
        taken.removed.push(path.into());
        // Fails, as it should, while anything is in it.
        for parent in full.ancestors().skip(1).take_while(|parent| *parent != site.join("content")).take(3) {
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
    }
    for path in &receipt.starters {
        let Some((name, text)) = crate::starter::FILES.iter().find(|(name, _)| name == path) else { continue };
        let full = site.join(name);
        if full.symlink_metadata().is_err() {
            disk.create_dir_all(full.parent().unwrap_or(site))?;
            let staged = stage(site, text.as_bytes(), disk)?;
            disk.place(&staged, &full)?;
            taken.restored.push(path.clone());
        }
    }
    if site.join(STAGED).symlink_metadata().is_ok() {
        disk.remove_file(&site.join(STAGED))?;
    }
    disk.remove_file(&site.join(FILE))?;
    Ok(taken)
}

/// The ledger as it was before, while the import is its end and nobody else can have it.
fn shorten(site: &Path, length: usize, before: &str, after: &str, disk: &FaultInjectingFs) -> Result<()> {
    let path = site.join(LEDGER);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        // An earlier run came as far as this.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && length == 0 => return Ok(()),
        Err(error) => return Err(Error::io("read", &path, error)),
    };
    let digest = Digest::of(&bytes).hex();
    if digest == before {
        return Ok(());
    }
    if digest != after {
        return Err(Error::refused("something was recorded after the import, so that it stays on the record"));
    }
    if git::committed(site, LEDGER).is_some_and(|committed| committed == bytes) {
        return Err(Error::refused(
            "the import is committed to git, so that others may have it: it stays on the record",
        ));
    }
    if length == 0 {
        return disk.remove_file(&path);
    }
    let staged = stage(site, &bytes[..length], disk)?;
    disk.replace(&staged, &path)
}
