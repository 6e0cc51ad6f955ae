//! Disk → [`SourceTree`]: the only reader of a site's folder.
//!
//! In: the site's root. Out: every file that a build may depend on, with its digest; the text of those that are edited by
//! hand. Frozen versions are many and large, so of them only the digest and the head are kept, and the whole is read again,
//! and compared, when it is rendered. Must not know: what the files mean.

mod digest;
mod revision;

pub use digest::{Digest, Hasher};
pub use revision::at_revision;

use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Of a file that is not kept whole, so much stays in memory: front matter fits into it.
const HEAD: usize = 1024;

#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Below the root, with `/`.
    pub path: Arc<str>,
    pub digest: Digest,
    pub len: usize,
    text: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Whole(Arc<str>),
    Head(Box<str>),
    /// Not a text, or not needed: static files.
    No,
}

/// The files of a site, read once.
#[derive(Clone, Debug, Default)]
pub struct SourceTree {
    root: PathBuf,
    files: BTreeMap<Arc<str>, SourceFile>,
}

impl SourceTree {
    /// Reads `fineprint.toml`, `content`, `themes` and `static` below `root`. Files that cannot be read become findings.
    pub fn scan(root: &Path, findings: &mut Vec<Diagnostic>) -> Result<SourceTree> {
        let real_root = root.canonicalize().map_err(|error| Error::io("open the site's folder", root, error))?;
        let mut paths = Vec::new();
        if root.join("fineprint.toml").exists() {
            paths.push((Arc::from("fineprint.toml"), root.join("fineprint.toml")));
        }
        for top in ["content", "themes", "static"] {
            walk(&real_root, root, top, &mut paths, findings);
        }
        let read: Vec<_> = paths.into_par_iter().map(|(name, path)| (read(&name, &path), name)).collect();
        let mut files = BTreeMap::new();
        for (result, name) in read {
            match result {
                Ok((file, finding)) => {
                    findings.extend(finding);
                    files.insert(name, file);
                }
                Err(error) => findings.push(
                    Diagnostic::new("unreadable-file", format!("cannot read `{name}`: {error}"))
                        .at(&name, 0..0)
                        .help("make the file readable, or remove it"),
                ),
            }
        }
        Ok(SourceTree { root: root.to_path_buf(), files })
    }

    /// A tree from strings, as tests have it.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> SourceTree {
        let files = texts
            .into_iter()
            .map(|(path, text)| {
                let path: Arc<str> = path.into();
                let file = SourceFile {
                    path: path.clone(),
                    digest: Digest::of(text.as_bytes()),
                    len: text.len(),
                    text: Kept::Whole(blank_bom(text.to_string()).into()),
                };
                (path, file)
            })
            .collect();
        SourceTree { root: PathBuf::new(), files }
    }

    /// Another text in the place of a file's, as an editor has it before it is saved.
    pub fn put(&mut self, path: &str, text: String) {
        let path: Arc<str> = path.into();
        let digest = Digest::of(text.as_bytes());
        let file =
            SourceFile { path: path.clone(), digest, len: text.len(), text: Kept::Whole(blank_bom(text).into()) };
        self.files.insert(path, file);
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }

    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    /// The files below a folder, `folder/` included in the prefix.
    pub fn below<'a>(&'a self, prefix: &str) -> impl Iterator<Item = &'a SourceFile> + use<'a> {
        let prefix: Box<str> = prefix.into();
        self.files
            .range::<str, _>((std::ops::Bound::Included(&*prefix), std::ops::Bound::Unbounded))
            .map(|(_, file)| file)
            .take_while(move |file| file.path.starts_with(&*prefix))
    }

    /// The text of a file that was kept whole.
    pub fn kept(&self, path: &str) -> Option<&str> {
        match &self.files.get(path)?.text {
            Kept::Whole(text) => Some(text),
            _ => None,
        }
    }

    /// The beginning of a file, the whole if it was kept.
    pub fn head(&self, path: &str) -> Option<&str> {
        match &self.files.get(path)?.text {
            Kept::Whole(text) => Some(text),
            Kept::Head(text) => Some(text),
            Kept::No => None,
        }
    }

    /// Gives up the beginnings that were kept for their front matter: of thousands of versions they are the larger part
    /// of what is in memory.
    pub fn forget_heads(&mut self) {
        for file in self.files.values_mut().filter(|file| matches!(file.text, Kept::Head(_))) {
            file.text = Kept::No;
        }
    }

    /// The whole text, read again if it was not kept. Fails when the file has changed since the scan.
    pub fn text(&self, path: &str) -> Result<Arc<str>> {
        let Some(file) = self.files.get(path) else {
            return Err(Error::refused(format!("`{path}` is not part of the site")));
        };
        if let Kept::Whole(text) = &file.text {
            return Ok(text.clone());
        }
        let bytes = self.bytes(path)?;
        Ok(blank_bom(lossy_same_length(&bytes)).into())
    }

    /// The bytes of any file, as they are on disk. Fails when the file has changed since the scan.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        if let (true, Some(text)) = (self.root.as_os_str().is_empty(), self.kept(path)) {
            return Ok(text.as_bytes().to_vec());
        }
        let full = self.root.join(path);
        let bytes = std::fs::read(&full).map_err(|error| Error::io("read", &full, error))?;
        match self.files.get(path) {
            Some(file) if file.digest == Digest::of(&bytes) => Ok(bytes),
            _ => Err(Error::refused(format!("`{path}` changed while it was being built; build again"))),
        }
    }
}

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

fn walk(
    real_root: &Path,
    root: &Path,
    top: &str,
    paths: &mut Vec<(Arc<str>, PathBuf)>,
    findings: &mut Vec<Diagnostic>,
) {
    let start = root.join(top);
    if !start.exists() {
        return;
    }
    let hidden_belong = top == "static";
    let walker = walkdir::WalkDir::new(&start).sort_by_file_name().into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let editor = name.ends_with('~') || name == ".git" || name == ".DS_Store";
        entry.depth() == 0 || !(editor || (name.starts_with('.') && !hidden_belong))
    });
    for entry in walker {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(&start);
                let name: Arc<str> = name_of(root, path).unwrap_or_else(|| top.to_string()).into();
                findings.push(
                    Diagnostic::new("unreadable-file", format!("cannot read `{name}`: {error}"))
                        .at(&name, 0..0)
                        .help("make it readable, or remove it"),
                );
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let Some(name) = name_of(root, entry.path()) else {
            let shown: Arc<str> = entry.path().to_string_lossy().into();
            findings.push(
                Diagnostic::new("file-name-not-text", format!("the name `{shown}` is not valid UTF-8"))
                    .at(&shown, 0..0)
                    .help("rename the file"),
            );
            continue;
        };
        let name: Arc<str> = name.into();
        if entry.file_type().is_symlink() {
            let problem = match entry.path().canonicalize() {
                Err(error) => Some(format!("the link `{name}` leads nowhere: {error}")),
                Ok(target) if !target.starts_with(real_root) => {
                    Some(format!("the link `{name}` leads out of the site, to `{}`", target.display()))
                }
                Ok(target) if target.is_dir() => Some(format!("the link `{name}` leads to a folder")),
                Ok(_) => None,
            };
            if let Some(problem) = problem {
                findings.push(
                    Diagnostic::new("link-not-followed", problem)
                        .at(&name, 0..0)
                        .help("put the file itself there, or remove the link"),
                );
                continue;
            }
        }
        paths.push((name, entry.path().to_path_buf()));
    }
}

fn name_of(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

fn read(name: &Arc<str>, path: &Path) -> std::io::Result<(SourceFile, Option<Diagnostic>)> {
    let bytes = std::fs::read(path)?;
    let digest = Digest::of(&bytes);
    let len = bytes.len();
    let mut finding = None;
    // A theme may hold pictures and fonts.
    let binary = name.starts_with("themes/") && std::str::from_utf8(&bytes).is_err();
    let text = if binary || name.starts_with("static/") {
        Kept::No
    } else {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = lossy_same_length(error.as_bytes());
                finding = Some(
                    Diagnostic::new("invalid-utf8", format!("`{name}` is not valid UTF-8"))
                        .at(name, at..at + 1)
                        .label("this byte is not text")
                        .help("save the file as UTF-8"),
                );
                text
            }
        };
        let text = blank_bom(text);
        if name.contains("/versions/") && text.len() > HEAD {
            Kept::Head(head(&text).into())
        } else {
            Kept::Whole(text.into())
        }
    };
    Ok((SourceFile { path: name.clone(), digest, len, text }, finding))
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

fn head(text: &str) -> &str {
    let mut end = HEAD;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
