//! The folder of a site, read once and then only where it changed.
//!
//! In: the site's root; what may have changed, and the time, so that a file is known to be old enough to be trusted by its
//! stamp. Out: a tree, the findings of reading it, and whether anything differs. Must not know: who tells of changes.

use super::tree::{Frozen, Kept, Node, SourceFile, SourceTree, Stamp, frozen_key};
use super::{Digest, blank_bom, lossy_same_length};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io::Read;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Of a frozen text, so much is kept until it was loaded: front matter fits into it.
const HEAD: usize = 1024;
/// Nanoseconds in which a file system may give two writes the same time; generous, for network drives.
const YOUNG: i64 = 2_000_000_000;
const SETTINGS: &str = "fineprint.toml";
/// The folders and the file that are read.
pub(super) const READ: [&str; 4] = ["content", "themes", "static", SETTINGS];

/// What may have changed since the last scan.
#[derive(Clone, Debug)]
pub enum Dirty {
    All,
    /// Below the root, with `/`: files, or folders with all that is in them.
    Paths(BTreeSet<String>),
}

impl Dirty {
    /// The name below a root of a path that was touched, if a build may depend on it.
    pub fn name(root: &Path, path: &Path) -> Option<String> {
        let name = name_of(root, path)?;
        let top = name.split('/').next().unwrap_or("");
        let ours = name == SETTINGS || (top != SETTINGS && READ.contains(&top) && belongs(&name));
        // The root itself may have been replaced.
        (ours || name.is_empty()).then_some(name)
    }
}

pub struct Scanner {
    root: PathBuf,
    /// Shared with the trees that were made of it.
    nodes: Arc<BTreeMap<Arc<str>, Node>>,
    /// By the path that they are about.
    findings: BTreeMap<Arc<str>, Vec<Diagnostic>>,
}

/// A file that a walk came by.
pub(super) struct Met {
    pub name: Arc<str>,
    pub path: PathBuf,
}

/// What a walk came by.
#[derive(Default)]
pub(super) struct Walked {
    pub files: Vec<Met>,
    pub findings: Vec<(Arc<str>, Diagnostic)>,
}

/// Frozen files of a document, and beginnings of those that were read.
#[derive(Default)]
struct Group {
    files: BTreeMap<Arc<str>, SourceFile>,
    heads: BTreeMap<Arc<str>, Box<str>>,
}

enum Reading {
    /// By its stamp the file is as it was.
    Same,
    New(Box<(SourceFile, Option<Box<str>>, Option<Diagnostic>)>),
    Gone,
    Failed(std::io::Error),
}

impl Scanner {
    pub fn new(root: &Path) -> Scanner {
        Scanner { root: root.to_path_buf(), nodes: Arc::default(), findings: BTreeMap::new() }
    }

    /// Brings the tree to what is on disk; `now` is the time by the clock of the file system, none when nothing will be
    /// scanned again. Says whether anything differs from before. Fails when the root itself cannot be opened.
    pub fn scan(&mut self, dirty: &Dirty, now: Option<SystemTime>) -> Result<bool> {
        let root = &self.root;
        let real_root = real_root(root)?;
        let (paths, forced) = match dirty {
            Dirty::All => (everything(), None),
            Dirty::Paths(paths) => (outermost(paths), Some(paths)),
        };
        let mut walked = Walked::default();
        for path in &paths {
            self.walk(&real_root, path, &mut walked);
        }
        let now = now.map(|now| nanoseconds(now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()));
        let read: Vec<Reading> = walked
            .files
            .par_iter()
            .map(|met| {
                let known = self.file(&met.name).filter(|_| forced.is_none_or(|forced| !forced.contains(&*met.name)));
                read(met, known.map(|file| file.stamp), now)
            })
            .collect();
        Ok(self.take(&paths, walked, read))
    }

    pub fn tree(&self) -> SourceTree {
        SourceTree::new(&self.root, self.nodes.clone())
    }

    pub fn into_tree(self) -> SourceTree {
        SourceTree::new(&self.root, self.nodes)
    }

    pub fn findings(&self) -> impl Iterator<Item = Diagnostic> {
        self.findings.values().flatten().cloned()
    }

    /// Whether there is a file of that name, or below it.
    pub fn holds(&self, name: &str) -> bool {
        let below = format!("{name}/");
        let first = self.nodes.range::<str, _>((Bound::Included(&*below), Bound::Unbounded)).next();
        self.file(name).is_some() || first.is_some_and(|(path, _)| path.starts_with(&below))
    }

    fn file(&self, path: &str) -> Option<&SourceFile> {
        match (frozen_key(path), self.nodes.get(frozen_key(path).unwrap_or(path))?) {
            (Some(_), Node::Frozen(frozen)) => frozen.map().get(path),
            (None, Node::File(file)) => Some(file),
            _ => None,
        }
    }

    /// Every file at or below a path.
    fn walk(&self, real_root: &Path, path: &str, out: &mut Walked) {
        let parts = parts(&self.root, path);
        let walked: Vec<Walked> = parts.par_iter().map(|part| walk(real_root, &self.root, path, part)).collect();
        for part in walked {
            out.files.extend(part.files);
            out.findings.extend(part.findings);
        }
    }

    /// Puts what was met in the place of what was known below the walked paths.
    fn take(&mut self, paths: &BTreeSet<String>, walked: Walked, read: Vec<Reading>) -> bool {
        let within = |name: &str| paths.iter().any(|path| is_at_or_below(name, path));
        let mut findings: BTreeMap<Arc<str>, Vec<Diagnostic>> = BTreeMap::new();
        for (name, finding) in walked.findings {
            findings.entry(name).or_default().push(finding);
        }
        let mut changed = false;
        let mut single: BTreeMap<Arc<str>, SourceFile> = BTreeMap::new();
        let mut frozen: BTreeMap<Arc<str>, Group> = BTreeMap::new();
        for (met, read) in walked.files.into_iter().zip(read) {
            let known = self.file(&met.name);
            let (file, head) = match read {
                Reading::Gone => continue,
                Reading::Failed(error) => {
                    let finding = Diagnostic::new("unreadable-file", format!("cannot read `{}`: {error}", met.name))
                        .at(&met.name, 0..0)
                        .help("make the file readable, or remove it");
                    findings.entry(met.name).or_default().push(finding);
                    continue;
                }
                Reading::Same => {
                    // What was found in it is still there.
                    if let Some(found) = self.findings.get(&met.name) {
                        findings.entry(met.name.clone()).or_default().extend(found.iter().cloned());
                    }
                    match known {
                        Some(file) => (file.clone(), None),
                        None => continue,
                    }
                }
                Reading::New(new) => {
                    let (file, head, finding) = *new;
                    if let Some(finding) = finding {
                        findings.entry(met.name.clone()).or_default().push(finding);
                    }
                    (file, head)
                }
            };
            changed |= known.is_none_or(|known| known.digest != file.digest);
            match frozen_key(&file.path) {
                Some(key) => {
                    let group = match frozen.get_mut(key) {
                        Some(group) => group,
                        None => frozen.entry(key.into()).or_default(),
                    };
                    group.heads.extend(head.map(|head| (file.path.clone(), head)));
                    group.files.insert(file.path.clone(), file);
                }
                None => drop(single.insert(file.path.clone(), file)),
            }
        }
        changed |= self.put(paths, single, frozen);
        let kept = self.findings.iter().filter(|(name, _)| !within(name));
        findings.extend(kept.map(|(name, found)| (name.clone(), found.clone())));
        changed |= findings != self.findings;
        self.findings = findings;
        changed
    }

    /// Whether a file is gone.
    fn put(
        &mut self,
        paths: &BTreeSet<String>,
        mut single: BTreeMap<Arc<str>, SourceFile>,
        mut frozen: BTreeMap<Arc<str>, Group>,
    ) -> bool {
        let within = |name: &str| paths.iter().any(|path| is_at_or_below(name, path));
        let mut gone = false;
        let nodes = Arc::make_mut(&mut self.nodes);
        nodes.retain(|name, node| match node {
            Node::File(file) if within(name) => match single.remove(name) {
                Some(new) => {
                    *file = new;
                    true
                }
                None => {
                    gone = true;
                    false
                }
            },
            Node::File(_) => true,
            Node::Frozen(old) => {
                let met = frozen.remove(name);
                let folder = name.trim_end_matches('/');
                let touched = met.is_some() || within(folder) || paths.iter().any(|path| is_at_or_below(path, folder));
                if !touched {
                    return true;
                }
                let Group { mut files, heads } = met.unwrap_or_default();
                gone |= old.map().keys().any(|path| within(path) && !files.contains_key(path));
                let rest = old.map().iter().filter(|(path, _)| !within(path));
                files.extend(rest.map(|(path, file)| (path.clone(), file.clone())));
                let new = Frozen::new(files, heads);
                if new.map().is_empty() {
                    return false;
                }
                *old = Arc::new(new);
                true
            }
        });
        nodes.extend(single.into_iter().map(|(name, file)| (name, Node::File(file))));
        let new: Vec<_> = frozen
            .into_par_iter()
            .map(|(name, group)| (name, Node::Frozen(Arc::new(Frozen::new(group.files, group.heads)))))
            .collect();
        nodes.extend(new);
        gone
    }
}

fn is_at_or_below(name: &str, path: &str) -> bool {
    path.is_empty() || name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn everything() -> BTreeSet<String> {
    READ.iter().map(|name| name.to_string()).collect()
}

/// Paths without those that lie below another; everything for the root.
fn outermost(paths: &BTreeSet<String>) -> BTreeSet<String> {
    if paths.contains("") {
        return everything();
    }
    let covered = |path: &str| path.match_indices('/').any(|(slash, _)| paths.contains(&path[..slash]));
    paths.iter().filter(|path| !covered(path)).cloned().collect()
}

/// Editors' and the version control system's own files are no part of a site; hidden ones only of `static`.
fn belongs(name: &str) -> bool {
    let hidden_belong = name.starts_with("static/");
    name.split('/').all(|part| {
        let editor = part.ends_with('~') || part == ".git" || part == ".DS_Store";
        !(editor || (part.starts_with('.') && !hidden_belong))
    })
}

/// The root without links, if it can be looked into: what cannot be read must not be taken for what is not there.
pub(super) fn real_root(root: &Path) -> Result<PathBuf> {
    let opened = std::fs::read_dir(root).and_then(|_| root.canonicalize());
    opened.map_err(|error| Error::io("open the site's folder", root, error))
}

/// What has to be walked to meet every file at or below a path: a folder of many documents is one part for each.
pub(super) fn parts(root: &Path, path: &str) -> Vec<PathBuf> {
    let start = root.join(path);
    match std::fs::read_dir(&start) {
        Ok(entries) if path == "content" => entries.flatten().map(|entry| entry.path()).collect(),
        // A folder of that name holds no settings.
        _ if path == SETTINGS && !start.is_file() => Vec::new(),
        _ => vec![start],
    }
}

pub(super) fn walk(real_root: &Path, root: &Path, top: &str, start: &Path) -> Walked {
    let mut out = Walked::default();
    if start.symlink_metadata().is_err() {
        return out;
    }
    // `content` itself may be a link; what is in it may be a link to a file of the site only.
    let is_top = start.parent() == Some(root);
    let walker = walkdir::WalkDir::new(start).follow_root_links(is_top).sort_by_file_name();
    let walker = walker.into_iter().filter_entry(|entry| {
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        below.components().count() < 2 || belongs(&below.to_string_lossy())
    });
    let mut found = |name: Arc<str>, finding: Diagnostic| out.findings.push((name, finding));
    for entry in walker {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let gone = error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound);
                if gone {
                    continue;
                }
                let path = error.path().unwrap_or(start);
                let name: Arc<str> = name_of(root, path).unwrap_or_else(|| top.to_string()).into();
                let finding = Diagnostic::new("unreadable-file", format!("cannot read `{name}`: {error}"))
                    .at(&name, 0..0)
                    .help("make it readable, or remove it");
                found(name, finding);
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let Some(name) = name_of(root, entry.path()) else {
            let shown: Arc<str> = entry.path().to_string_lossy().into();
            let place: Arc<str> = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().into();
            let finding = Diagnostic::new("file-name-not-text", format!("the name `{shown}` is not valid UTF-8"))
                .at(&shown, 0..0)
                .help("rename the file");
            found(place, finding);
            continue;
        };
        let name: Arc<str> = name.into();
        if entry.file_type().is_symlink()
            && let Some(problem) = link_problem(real_root, &name, entry.path())
        {
            let finding = Diagnostic::new("link-not-followed", problem)
                .at(&name, 0..0)
                .help("put the file itself there, or remove the link");
            found(name, finding);
            continue;
        }
        // Reading a pipe waits for somebody who writes into it.
        if !(entry.file_type().is_file() || entry.file_type().is_symlink()) {
            let finding = Diagnostic::new("unreadable-file", format!("`{name}` is a pipe or a device and no file"))
                .at(&name, 0..0)
                .help("move it away");
            found(name, finding);
            continue;
        }
        out.files.push(Met { name, path: entry.into_path() });
    }
    out
}

fn link_problem(real_root: &Path, name: &str, path: &Path) -> Option<String> {
    match path.canonicalize() {
        Err(error) => Some(format!("the link `{name}` leads nowhere: {error}")),
        Ok(target) if !target.starts_with(real_root) => {
            Some(format!("the link `{name}` leads out of the site, to `{}`", target.display()))
        }
        Ok(target) if target.is_dir() => Some(format!("the link `{name}` leads to a folder")),
        Ok(target) if !target.is_file() => Some(format!("the link `{name}` leads to a pipe or a device")),
        Ok(_) => None,
    }
}

fn name_of(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

pub(super) fn nanoseconds(since: std::time::Duration) -> i64 {
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

pub(super) fn stamp(meta: &Metadata, now: Option<i64>) -> Stamp {
    let modified = meta.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let modified = modified.map_or(0, nanoseconds);
    #[cfg(unix)]
    let (inode, changed) = {
        use std::os::unix::fs::MetadataExt;
        (meta.ino(), meta.ctime().saturating_mul(1_000_000_000).saturating_add(meta.ctime_nsec()))
    };
    #[cfg(not(unix))]
    let (inode, changed) = (0, modified);
    let young = now.is_some_and(|now| modified.max(changed) > now - YOUNG);
    Stamp { inode, len: meta.len(), modified, changed, young }
}

/// Reads a file unless its stamp is the known one, and old enough to vouch for it.
fn read(met: &Met, known: Option<Stamp>, now: Option<i64>) -> Reading {
    let same = |meta: &Metadata| known.is_some_and(|known| known.vouches(stamp(meta, now)));
    if known.is_some() {
        match std::fs::metadata(&met.path) {
            Ok(meta) if same(&meta) => return Reading::Same,
            _ => {}
        }
    }
    let opened = File::open(&met.path).and_then(|file| {
        let meta = file.metadata()?;
        Ok((file, meta))
    });
    let (mut file, meta) = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Reading::Gone,
        Err(error) => return Reading::Failed(error),
    };
    let mut bytes = Vec::with_capacity(meta.len() as usize + 1);
    match file.read_to_end(&mut bytes) {
        Ok(_) => Reading::New(Box::new(take_in(&met.name, bytes, stamp(&meta, now)))),
        Err(error) => Reading::Failed(error),
    }
}

fn take_in(name: &Arc<str>, bytes: Vec<u8>, stamp: Stamp) -> (SourceFile, Option<Box<str>>, Option<Diagnostic>) {
    let digest = Digest::of(&bytes);
    let len = bytes.len();
    let mut finding = None;
    let mut beginning = None;
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
        if frozen_key(name).is_some() && text.len() > HEAD {
            // Only texts begin with what is needed soon.
            beginning = name.ends_with(".md").then(|| head(&text).into());
            Kept::No
        } else {
            Kept::Whole(text.into())
        }
    };
    (SourceFile { path: name.clone(), digest, len, text, stamp }, beginning, finding)
}

fn head(text: &str) -> &str {
    let mut end = HEAD;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
