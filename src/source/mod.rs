//! Disk → [`SourceTree`]: the only reader of a site's folder.
//!
//! In: the site's root. Out: every file that a build may depend on, with its digest; the text of those that are edited by
//! hand. Frozen versions are many and large, so of them only the digest and, until they were loaded, the head are kept, and
//! the whole is read again, and compared, when it is rendered. Must not know: what the files mean.

mod change_detector;
mod copy;
mod git;
mod revision;
mod scan;
mod tree;

pub use crate::digest::{Digest, Hasher};
pub use change_detector::ChangeDetector;
pub use copy::{published_paths, read_published};
pub use git::{blobs, git};
pub use revision::{at_revision, last_commit_of};
pub use scan::{Dirty, Scanner};
pub use tree::{Frozen, Node, SourceFile, SourceTree};

use crate::error::{Error, Result};
use std::path::Path;

/// The text on standard input. Bytes that are no text become question marks.
pub fn read_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)
        .map_err(|error| Error::io("read", "standard input", error))?;
    Ok(blank_bom(lossy_same_length(&bytes)))
}

/// A text file outside any site. Bytes that are no text become question marks.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| Error::io("read", path, error))?;
    Ok(blank_bom(lossy_same_length(&bytes)))
}

/// A byte order mark as blanks, so that every place in the file keeps its number.
fn blank_bom(mut text: String) -> String {
    if text.starts_with('\u{feff}') {
        text.replace_range(0..3, "   ");
    }
    text
}

/// Bytes that are not UTF-8 as question marks, one for one, so that findings behind them keep their place.
fn lossy_same_length(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    out
}
