//! A revision in git → [`SourceTree`]: the working texts and facts as they stood there.
//!
//! In: the site's root and a name that git knows. Out: settings and `content` without frozen versions, which never change.
//! Must not know: what the files mean.

use super::git::{blobs, git};
use super::{SourceTree, lossy_same_length};
use crate::error::{Error, Result};
use jiff::Timestamp;
use std::path::Path;

/// The texts that a draft depends on, as they stood at a revision.
pub fn at_revision(root: &Path, revision: &str) -> Result<SourceTree> {
    if revision.is_empty() || revision.starts_with('-') {
        return Err(Error::refused(format!("`{revision}` is not a Git revision; use a commit, a branch or a tag")));
    }
    let listing = git(root, &["ls-tree", "-r", "-z", revision, "--", "fineprint.toml", "content"], b"")?;
    let mut wanted: Vec<(String, String)> = Vec::new();
    for entry in listing.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        // "100644 blob <id>\t<path>", the path from the site's folder on.
        let entry = String::from_utf8_lossy(entry);
        let Some((about, path)) = entry.split_once('\t') else { continue };
        let id = about.split(' ').nth(2).unwrap_or_default();
        let is_file = about.starts_with("100");
        if is_file && !path.contains("/versions/") && path != "content/ledger.toml" {
            wanted.push((path.to_string(), id.to_string()));
        }
    }
    if !wanted.iter().any(|(path, _)| path.starts_with("content/")) {
        return Err(Error::refused(format!("there is no `content` in `{}` at `{revision}`", root.display())));
    }
    let (paths, ids): (Vec<String>, Vec<String>) = wanted.into_iter().unzip();
    let texts = blobs(root, &ids)?;
    let texts: Vec<String> = texts.iter().map(|bytes| lossy_same_length(bytes)).collect();
    Ok(SourceTree::from_texts(paths.iter().map(String::as_str).zip(texts.iter().map(String::as_str))))
}

/// The instant of the last commit that changed a file; none where git does not know it.
pub fn last_commit_of(root: &Path, path: &str) -> Option<Timestamp> {
    let said = git(root, &["log", "-1", "--format=%ct", "--", path], b"").ok()?;
    Timestamp::from_second(String::from_utf8_lossy(&said).trim().parse().ok()?).ok()
}
