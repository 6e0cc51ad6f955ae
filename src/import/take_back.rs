//! An import that was not published can be taken back.
//!
//! In: the site's folder and the receipt of its latest import. Out: the site as it was, but for what was edited since.
//! Must not know: formats, documents.

use super::git;
use crate::center::ledger::PATH as LEDGER;
use crate::error::{Error, Result};
use crate::release::NewFile;
use crate::source::Digest;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Beside the settings; commands do not read it.
pub const FILE: &str = ".fineprint-import.json";

/// Files that an import wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub document: String,
    /// Paths with the SHA-256 of what was written.
    pub files: Vec<(String, String)>,
    /// Starter texts that made room.
    pub starters: Vec<String>,
    /// Bytes of the ledger before, and its SHA-256 before and after.
    pub ledger: Option<(usize, String, String)>,
}

/// Result of undoing an import.
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
        }
    }

    pub fn write(&self, site: &Path) -> Result<()> {
        let files: Vec<Value> =
            self.files.iter().map(|(path, digest)| json!({ "path": path, "sha256": digest })).collect();
        let ledger = self
            .ledger
            .as_ref()
            .map(|(length, before, after)| json!({ "length": length, "before": before, "after": after }));
        let value = json!({ "document": self.document, "files": files, "starters": self.starters, "ledger": ledger });
        let path = site.join(FILE);
        let text = format!("{value:#}\n");
        fs::write(&path, text).map_err(|error| Error::io("write", &path, error))
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
            files: list("files").iter().map(|file| (string(&file["path"]), string(&file["sha256"]))).collect(),
            starters: list("starters").iter().map(string).collect(),
            ledger: value["ledger"].is_object().then(|| {
                let ledger = &value["ledger"];
                (ledger["length"].as_u64().unwrap_or(0) as usize, string(&ledger["before"]), string(&ledger["after"]))
            }),
        })
    }
}

/// Removes starter texts that nobody has touched, so that a text of one's own can take their place.
pub fn make_room(site: &Path, starters: &[(String, &'static str)]) -> Result<()> {
    for (path, starter) in starters {
        let full = site.join(path);
        if !fs::read_to_string(&full).is_ok_and(|text| text == *starter) {
            return Err(Error::refused(format!("`{path}` was changed a moment ago; run this again")));
        }
        fs::remove_file(&full).map_err(|error| Error::io("remove", &full, error))?;
    }
    Ok(())
}

/// Takes the latest import back. Nothing that was edited since is touched, and nothing that is on record stays half.
pub fn take_back(site: &Path) -> Result<TakenBack> {
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
        shorten(site, *length, before, after)?;
    }
    for path in gone {
        let full = site.join(path);
        fs::remove_file(&full).map_err(|error| Error::io("remove", &full, error))?;
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
            let parent = full.parent().unwrap_or(site);
            fs::create_dir_all(parent).map_err(|error| Error::io("create the folder", parent, error))?;
            fs::write(&full, text).map_err(|error| Error::io("write", &full, error))?;
            taken.restored.push(path.clone());
        }
    }
    let path = site.join(FILE);
    fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error))?;
    Ok(taken)
}

/// The ledger as it was before, while the import is its end and nobody else can have it.
fn shorten(site: &Path, length: usize, before: &str, after: &str) -> Result<()> {
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
        return fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error));
    }
    let staged = path.with_extension("toml.new");
    fs::write(&staged, &bytes[..length]).map_err(|error| Error::io("write", &staged, error))?;
    fs::rename(&staged, &path).map_err(|error| Error::io("move into place", &path, error))
}
