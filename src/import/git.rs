//! A file's history in git, asked of the user's own `git`.
//!
//! In: a file in a working tree, or a path in a bare repository. Out: its texts by commit, oldest first, renames followed.
//! Must not know: documents.

use crate::error::{Error, Result};
use crate::source::{blobs, git};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// A file in a repository.
#[derive(Clone, Debug)]
pub struct GitFile {
    /// A folder in the working tree, or the bare repository.
    pub folder: PathBuf,
    /// The path from that folder, with `/`.
    pub path: String,
}

/// A commit that changed the file.
#[derive(Clone, Debug)]
pub struct Commit {
    pub id: String,
    pub at: Timestamp,
    pub subject: String,
    pub path: String,
    /// None where the commit removed the file.
    pub bytes: Option<Vec<u8>>,
}

impl Commit {
    /// True if a collection of Open Terms Archive says that its own way of reading changed.
    pub fn is_technical(&self) -> bool {
        ["Refilter ", "Apply technical or declaration upgrade", "Re-extract "]
            .iter()
            .any(|start| self.subject.starts_with(start))
    }
}

/// True if git knows the file.
pub fn is_tracked(file: &GitFile) -> bool {
    git(&file.folder, &["ls-files", "--error-unmatch", "--", &file.path], b"").is_ok()
        // Also a file that was removed since.
        || git(&file.folder, &["log", "-1", "--format=%H", "--", &file.path], b"").is_ok_and(|said| !said.is_empty())
}

/// Files that a commit removed: where a text may come from that was renamed and rewritten at once.
pub fn removed_by(folder: &Path, commit: &str) -> Vec<String> {
    let listing = git(
        folder,
        &["show", "--first-parent", "-m", "--diff-filter=D", "--name-only", "-z", "--format=", commit],
        b"",
    );
    let listing = listing.unwrap_or_default();
    let names = listing.split(|byte| *byte == 0).map(|name| String::from_utf8_lossy(name).trim().to_string());
    names.filter(|name| !name.is_empty()).collect()
}

/// The text of a file as it stands in the last commit; none if there is no repository or no such file.
pub fn committed(folder: &Path, path: &str) -> Option<Vec<u8>> {
    git(folder, &["show", &format!("HEAD:./{path}")], b"").ok()
}

/// The texts of a file along the first parents of the branch that is checked out.
pub fn history(file: &GitFile) -> Result<Vec<Commit>> {
    let listing = git(
        &file.folder,
        &[
            "log",
            "--first-parent",
            "-m",
            "--follow",
            "--name-status",
            "-z",
            "--format=%x01%H%x00%ct%x00%s",
            "--",
            &file.path,
        ],
        b"",
    )?;
    let mut commits = Vec::new();
    let mut wanted = Vec::new();
    for entry in listing.split(|byte| *byte == 1).skip(1) {
        let mut fields = entry.split(|byte| *byte == 0).map(|field| String::from_utf8_lossy(field).into_owned());
        let mut next = || fields.next().unwrap_or_default();
        let (id, seconds, subject) = (next(), next(), next());
        // "\n\nM", path; or "R090", old path, new path.
        let status = next().trim().to_string();
        let mut path = next();
        if status.starts_with(['R', 'C']) {
            path = next();
        }
        if path.is_empty() {
            continue;
        }
        let at = seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let Some(at) = at else { continue };
        let removed = status.starts_with('D');
        if !removed {
            wanted.push(format!("{id}:{path}"));
        }
        commits.push((Commit { id, at, subject: subject.trim().to_string(), path, bytes: None }, removed));
    }
    if commits.is_empty() {
        return Err(Error::refused(format!("git has no history of `{}` in `{}`", file.path, file.folder.display())));
    }
    let mut texts = blobs(&file.folder, &wanted)?.into_iter();
    for (commit, _) in commits.iter_mut().filter(|(_, removed)| !removed) {
        commit.bytes = texts.next();
    }
    commits.reverse();
    Ok(commits.into_iter().map(|(commit, _)| commit).collect())
}
