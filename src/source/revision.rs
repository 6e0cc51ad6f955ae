//! A revision in git → [`SourceTree`]: the working texts and facts as they stood there.
//!
//! In: the site's root and a name that git knows. Out: settings and `content` without frozen versions, which never change.
//! Must not know: what the files mean.

use super::git::git;
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
    let ids: String = wanted.iter().map(|(_, id)| format!("{id}\n")).collect();
    let batch = git(root, &["cat-file", "--batch"], ids.as_bytes())?;
    let mut rest = &batch[..];
    let mut texts = Vec::with_capacity(wanted.len());
    for (path, _) in wanted {
        // "<id> blob <size>", a line end, the bytes, a line end.
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let head = String::from_utf8_lossy(&rest[..end]);
        let size = head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
        let bytes = size.and_then(|size| rest.get(end + 1..end + 1 + size));
        let Some(bytes) = bytes else {
            return Err(Error::refused(format!("Git did not return `{path}` of `{revision}`")));
        };
        rest = rest.get(end + 1 + bytes.len() + 1..).unwrap_or_default();
        texts.push((path, lossy_same_length(bytes)));
    }
    Ok(SourceTree::from_texts(texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))))
}

/// The instant of the last commit that changed a file; none where git does not know it.
pub fn last_commit_of(root: &Path, path: &str) -> Option<Timestamp> {
    let said = git(root, &["log", "-1", "--format=%ct", "--", path], b"").ok()?;
    Timestamp::from_second(String::from_utf8_lossy(&said).trim().parse().ok()?).ok()
}
