//! The list of files that are ours, in a form that `sha256sum -c` reads too.
//!
//! In: text or entries. Out: entries or text. Must not know: the disk.

use crate::source::Digest;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

pub const NAME: &str = ".fineprint-manifest";
const HEADER: &str = "# fineprint manifest 1: the files that this program made here, and may replace or remove";

#[derive(Debug, Default)]
pub struct Manifest {
    /// The day as of which the site was built.
    pub date: String,
    pub files: BTreeMap<String, Digest>,
    /// Fingerprint of each job → its files.
    pub tasks: HashMap<Digest, Vec<String>>,
}

impl Manifest {
    pub fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.lines();
        if lines.next()? != HEADER {
            return None;
        }
        let mut manifest = Manifest::default();
        let mut task = None;
        for line in lines {
            if let Some(date) = line.strip_prefix("# as of ") {
                manifest.date = date.to_string();
            } else if let Some(fingerprint) = line.strip_prefix("# from ") {
                task = Digest::parse(fingerprint);
                if let Some(task) = task {
                    manifest.tasks.insert(task, Vec::new());
                }
            } else {
                let (digest, path) = line.split_once("  ")?;
                let safe = !path.starts_with('/') && !path.split('/').any(|part| matches!(part, "" | "." | ".."));
                manifest.files.insert(path.to_string(), Digest::parse(digest).filter(|_| safe)?);
                if let Some(paths) = task.and_then(|task| manifest.tasks.get_mut(&task)) {
                    paths.push(path.to_string());
                }
            }
        }
        Some(manifest)
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        writeln!(f, "# as of {}", self.date)?;
        let mut rest: BTreeMap<&str, &Digest> =
            self.files.iter().map(|(path, digest)| (path.as_str(), digest)).collect();
        let mut tasks: Vec<_> = self.tasks.iter().collect();
        tasks.sort_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
        for (fingerprint, paths) in tasks {
            writeln!(f, "# from {}", fingerprint.hex())?;
            for path in paths {
                if let Some(digest) = rest.remove(path.as_str()) {
                    writeln!(f, "{}  {path}", digest.hex())?;
                }
            }
        }
        if self.tasks.is_empty() {
            for (path, digest) in rest {
                writeln!(f, "{}  {path}", digest.hex())?;
            }
        }
        Ok(())
    }
}
