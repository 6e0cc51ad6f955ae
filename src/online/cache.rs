//! Answers that are remembered, in the user's own folder for such things and never in a site.
//!
//! In: a file, the time. Out: whether an address answered within the week. A cache that cannot be read or written is as if
//! there were none. Must not know: how hosts are asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Seconds for which an answer holds.
const FRESH: i64 = 7 * 24 * 60 * 60;
/// Addresses that are remembered.
const MOST: usize = 20_000;

pub(super) struct Cache {
    file: Option<PathBuf>,
    now: i64,
    /// When each address last answered.
    there: BTreeMap<String, i64>,
    changed: bool,
}

impl Cache {
    pub fn open(file: Option<PathBuf>, now: i64) -> Cache {
        let read = file.as_ref().and_then(|file| serde_json::from_slice(&fs::read(file).ok()?).ok());
        let mut there: BTreeMap<String, i64> = read.unwrap_or_default();
        there.retain(|_, asked| (0..FRESH).contains(&(now - *asked)));
        Cache { file, now, there, changed: false }
    }

    pub fn knows(&self, url: &str) -> bool {
        self.there.contains_key(url)
    }

    pub fn remember(&mut self, url: &str) {
        if self.there.len() < MOST {
            self.there.insert(url.to_string(), self.now);
            self.changed = true;
        }
    }

    /// Writes the file whole or not at all.
    pub fn close(self) {
        let Some(file) = self.file.filter(|_| self.changed) else { return };
        let Some(folder) = file.parent() else { return };
        let Ok(bytes) = serde_json::to_vec(&self.there) else { return };
        let temporary = file.with_extension(format!("{}.tmp", std::process::id()));
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&temporary, bytes))
            .and_then(|()| fs::rename(&temporary, &file));
        if written.is_err() {
            // Nobody misses a cache.
            let _ = fs::remove_file(temporary);
        }
    }
}
