//! Files for people to take away: an outbox, an evidence pack.
//!
//! In: a folder, names and bytes. Out: the files, each whole. What is there and says the same stays; what is there and says
//! something else is somebody's, and then nothing is written. Must not know: what the files are for.

use crate::error::{Error, Result};
use std::fs;
use std::path::Path;

/// Says how many files were written; those that were there already are not.
pub fn hand_out(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<usize> {
    let mut missing = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(known) if known == *bytes => {}
            Ok(_) => {
                return Err(Error::refused(format!(
                    "`{}` exists with other content; move it, or choose another directory with `--out`",
                    path.display()
                )));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing.push((path, bytes)),
            Err(error) => return Err(Error::io("read", &path, error)),
        }
    }
    fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    for (path, bytes) in &missing {
        let mut waiting = path.clone().into_os_string();
        waiting.push(".part");
        let moved = fs::write(&waiting, bytes).and_then(|()| fs::rename(&waiting, path));
        if moved.is_err() {
            // What a full disk cut off is of no use to anyone.
            let _ = fs::remove_file(&waiting);
        }
        moved.map_err(|error| Error::io("write", path, error))?;
    }
    Ok(missing.len())
}
