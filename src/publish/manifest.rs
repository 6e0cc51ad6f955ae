//! The list of files that are ours, in a form that `sha256sum -c` reads too.
//!
//! In: text or entries. Out: entries or text. Must not know: the disk.

use crate::source::{Digest, Hasher};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

pub const NAME: &str = ".fineprint-manifest";
/// The last line binds the others to the build that wrote them: whatever was typed into the list afterwards, no file is taken
/// for what it should be because the list says so.
const SEAL: &str = "# seal ";
const HEADER: &str = "# fineprint manifest 1: the files that this program made here, and may replace or remove";

const INPUTS: &str = "# made from ";

#[derive(Debug, Default)]
pub struct Manifest {
    /// The day as of which the site was built.
    pub date: String,
    /// Digest of everything that the site was made from; none if something was found that would have to be told again.
    pub inputs: Option<Digest>,
    pub files: BTreeMap<String, Digest>,
    /// Fingerprint of each job → its files. Empty if the list is not as it was written.
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
        let sealed = text.rsplit_once(SEAL).is_some_and(|(list, seal_line)| seal_line.trim_end() == seal(list));
        for line in lines {
            if line.starts_with(SEAL) {
                continue;
            } else if let Some(date) = line.strip_prefix("# as of ") {
                manifest.date = date.to_string();
            } else if let Some(inputs) = line.strip_prefix(INPUTS) {
                manifest.inputs = Digest::parse(inputs);
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
        if !sealed {
            manifest.tasks.clear();
            manifest.inputs = None;
        }
        Some(manifest)
    }

    /// The list as it is written to the disk.
    pub fn file(&self) -> String {
        let list = self.to_string();
        format!("{list}{SEAL}{}\n", seal(&list))
    }
}

/// Digest of a list and of the program that wrote it.
fn seal(list: &str) -> String {
    let mut hasher = Hasher::default();
    hasher.part(env!("FINEPRINT_BUILD").as_bytes()).part(list.as_bytes());
    hasher.finish().hex()
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        writeln!(f, "# as of {}", self.date)?;
        if let Some(inputs) = &self.inputs {
            writeln!(f, "{INPUTS}{}", inputs.hex())?;
        }
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
