//! The files of a site in memory.
//!
//! In: what a scan read. Out: files by path, in order; the frozen ones of a document as one node that trees share, so that
//! a tree in which one draft changed costs as little with ten thousand versions as with ten. Must not know: what they mean.

use super::{Digest, Hasher, blank_bom, lossy_same_length};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Below the root, with `/`.
    pub path: Arc<str>,
    pub digest: Digest,
    pub len: usize,
    pub(super) text: Kept,
    pub(super) stamp: Stamp,
}

#[derive(Clone, Debug)]
pub(super) enum Kept {
    Whole(Arc<str>),
    /// Not a text, or read again when it is needed.
    No,
}

/// By what a file is known to be as it was, without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub inode: u64,
    pub len: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
    pub changed: i64,
    /// So young when it was read that a later write might have left the same stamp.
    pub young: bool,
}

impl Stamp {
    /// True if a file that has another stamp now must hold what it held.
    pub(super) fn vouches(self, now: Stamp) -> bool {
        !self.young && Stamp { young: self.young, ..now } == self
    }
}

/// All files below `content/<document>/versions/`.
#[derive(Debug, Default)]
pub struct Frozen {
    files: BTreeMap<Arc<str>, SourceFile>,
    /// Digest of all paths and contents.
    digest: Digest,
    /// Files that stand beside the versions' folders.
    stray: Vec<Arc<str>>,
    /// Beginnings of texts, until the center has read their front matter: of thousands of versions they would be the larger
    /// part of what is in memory.
    heads: Mutex<BTreeMap<Arc<str>, Box<str>>>,
}

impl Frozen {
    pub(super) fn new(files: BTreeMap<Arc<str>, SourceFile>, heads: BTreeMap<Arc<str>, Box<str>>) -> Frozen {
        let mut hasher = Hasher::default();
        let mut stray = Vec::new();
        for (path, file) in &files {
            hasher.part(path.as_bytes()).digest(&file.digest);
            if frozen_key(path).is_some_and(|key| !path[key.len()..].contains('/')) {
                stray.push(path.clone());
            }
        }
        Frozen { files, digest: hasher.finish(), stray, heads: Mutex::new(heads) }
    }

    /// Files that belong to no version.
    pub fn stray(&self) -> impl Iterator<Item = &SourceFile> {
        self.stray.iter().filter_map(|path| self.files.get(path))
    }

    /// True if any file belongs to a version.
    pub fn has_versions(&self) -> bool {
        self.files.len() > self.stray.len()
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    pub(super) fn map(&self) -> &BTreeMap<Arc<str>, SourceFile> {
        &self.files
    }

    fn head(&self, path: &str) -> Option<Box<str>> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }
}

/// A file, or all the frozen files of a document.
#[derive(Clone, Debug)]
pub enum Node {
    File(SourceFile),
    Frozen(Arc<Frozen>),
}

impl Node {
    fn files(&self) -> impl Iterator<Item = &SourceFile> {
        let (file, frozen) = match self {
            Node::File(file) => (Some(file), None),
            Node::Frozen(frozen) => (None, Some(frozen.files.values())),
        };
        file.into_iter().chain(frozen.into_iter().flatten())
    }
}

/// The files of a site, read once.
#[derive(Clone, Debug, Default)]
pub struct SourceTree {
    root: PathBuf,
    /// By path; frozen files by the folder that holds them all, with its `/`.
    nodes: Arc<BTreeMap<Arc<str>, Node>>,
}

/// The beginning `content/<document>/versions/` of a path below it.
pub(super) fn frozen_key(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("content/")?;
    let (document, rest) = rest.split_once('/')?;
    rest.strip_prefix("versions/")?;
    Some(&path[.."content/".len() + document.len() + "/versions/".len()])
}

impl SourceTree {
    pub(super) fn new(root: &Path, nodes: Arc<BTreeMap<Arc<str>, Node>>) -> SourceTree {
        SourceTree { root: root.to_path_buf(), nodes }
    }

    /// Reads `fineprint.toml`, `content`, `themes` and `static` below `root`. Files that cannot be read become findings.
    pub fn scan(root: &Path, findings: &mut Vec<Diagnostic>) -> Result<SourceTree> {
        let mut scanner = super::Scanner::new(root);
        scanner.scan(&super::Dirty::All, None)?;
        findings.extend(scanner.findings());
        Ok(scanner.into_tree())
    }

    /// A tree from strings, as tests have it.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> SourceTree {
        let mut frozen: BTreeMap<Arc<str>, BTreeMap<Arc<str>, SourceFile>> = BTreeMap::new();
        let mut nodes = BTreeMap::new();
        for (path, text) in texts {
            let path: Arc<str> = path.into();
            let file = SourceFile {
                path: path.clone(),
                digest: Digest::of(text.as_bytes()),
                len: text.len(),
                text: Kept::Whole(blank_bom(text.to_string()).into()),
                stamp: Stamp::default(),
            };
            match frozen_key(&path) {
                Some(key) => drop(frozen.entry(key.into()).or_default().insert(path, file)),
                None => drop(nodes.insert(path, Node::File(file))),
            }
        }
        for (key, files) in frozen {
            nodes.insert(key, Node::Frozen(Arc::new(Frozen::new(files, BTreeMap::new()))));
        }
        SourceTree { root: PathBuf::new(), nodes: Arc::new(nodes) }
    }

    /// Another text in the place of a file's, as an editor has it before it is saved.
    pub fn put(&mut self, path: &str, text: String) {
        let path: Arc<str> = path.into();
        let digest = Digest::of(text.as_bytes());
        let len = text.len();
        let text = Kept::Whole(blank_bom(text).into());
        let file = SourceFile { path: path.clone(), digest, len, text, stamp: Stamp::default() };
        match frozen_key(&path) {
            Some(key) => {
                let mut files = self.frozen(key).map(|frozen| frozen.files.clone()).unwrap_or_default();
                let key: Arc<str> = key.into();
                files.insert(path, file);
                Arc::make_mut(&mut self.nodes).insert(key, Node::Frozen(Arc::new(Frozen::new(files, BTreeMap::new()))));
            }
            None => drop(Arc::make_mut(&mut self.nodes).insert(path, Node::File(file))),
        }
    }

    /// Takes everything below a folder out of the tree.
    pub fn remove_below(&mut self, prefix: &str) {
        Arc::make_mut(&mut self.nodes).retain(|path, _| !path.starts_with(prefix));
    }

    /// The tree as it would be if a folder had another name. Files that are not texts stay behind.
    pub fn rename_folder(&mut self, from: &str, to: &str) {
        let files: Vec<(String, Vec<u8>)> = self
            .below(from)
            .filter_map(|file| Some((format!("{to}{}", &file.path[from.len()..]), self.bytes(&file.path).ok()?)))
            .collect();
        self.remove_below(from);
        for (path, bytes) in files {
            if let Ok(text) = String::from_utf8(bytes) {
                self.put(&path, text);
            }
        }
    }

    /// Digest of all paths and contents.
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        for (path, node) in self.nodes.iter() {
            hasher.part(path.as_bytes()).digest(&match node {
                Node::File(file) => file.digest,
                Node::Frozen(frozen) => frozen.digest,
            });
        }
        hasher.finish()
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        match frozen_key(path) {
            Some(key) => self.frozen(key)?.files.get(path),
            None => match self.nodes.get(path)? {
                Node::File(file) => Some(file),
                Node::Frozen(_) => None,
            },
        }
    }

    fn frozen(&self, key: &str) -> Option<&Arc<Frozen>> {
        match self.nodes.get(key)? {
            Node::Frozen(frozen) => Some(frozen),
            Node::File(_) => None,
        }
    }

    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.nodes.values().flat_map(Node::files)
    }

    /// Single files, and the frozen ones of a document as one, by path; below a folder, `folder/` included in the prefix.
    pub fn nodes<'a>(&'a self, prefix: &str) -> impl Iterator<Item = (&'a Arc<str>, &'a Node)> + use<'a> {
        let prefix: Box<str> = prefix.into();
        self.nodes
            .range::<str, _>((Bound::Included(&*prefix), Bound::Unbounded))
            .take_while(move |(path, _)| path.starts_with(&*prefix))
    }

    /// The files below a folder, `folder/` included in the prefix.
    pub fn below<'a>(&'a self, prefix: &str) -> impl Iterator<Item = &'a SourceFile> + use<'a> {
        let inside = frozen_key(prefix).filter(|key| key.len() < prefix.len()).and_then(|key| self.frozen(key));
        let deep = inside.map(|frozen| {
            let prefix: Box<str> = prefix.into();
            frozen
                .files
                .range::<str, _>((Bound::Included(&*prefix), Bound::Unbounded))
                .map(|(_, file)| file)
                .take_while(move |file| file.path.starts_with(&*prefix))
        });
        deep.into_iter().flatten().chain(self.nodes(prefix).flat_map(|(_, node)| node.files()))
    }

    /// The files in a folder, given with its `/`, without those of folders in it.
    pub fn beside<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a SourceFile> + use<'a> {
        self.nodes(folder).filter_map(move |(path, node)| match node {
            Node::File(file) if !path[folder.len()..].contains('/') => Some(file),
            _ => None,
        })
    }

    /// The text of a file that was kept whole.
    pub fn kept(&self, path: &str) -> Option<&str> {
        match &self.get(path)?.text {
            Kept::Whole(text) => Some(text),
            Kept::No => None,
        }
    }

    /// The beginning of a frozen file, the whole if it was kept.
    pub fn head(&self, path: &str) -> Option<Box<str>> {
        let frozen = frozen_key(path).and_then(|key| self.frozen(key));
        self.kept(path).map(Box::from).or_else(|| frozen?.head(path))
    }

    /// Gives up the beginnings that were kept for their front matter.
    pub fn forget_heads(&self) {
        for node in self.nodes.values() {
            if let Node::Frozen(frozen) = node {
                std::mem::take(&mut *frozen.heads.lock().unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// The whole text, read again if it was not kept. Fails when the file has changed since the scan.
    pub fn text(&self, path: &str) -> Result<Arc<str>> {
        let Some(file) = self.get(path) else {
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
        // What was put into the tree is not on the disk yet.
        if let Some(SourceFile { text: Kept::Whole(text), stamp, digest, .. }) = self.get(path)
            && *stamp == Stamp::default()
            && Digest::of(text.as_bytes()) == *digest
        {
            return Ok(text.as_bytes().to_vec());
        }
        let full = self.root.join(path);
        let bytes = std::fs::read(&full).map_err(|error| Error::io("read", &full, error))?;
        match self.get(path) {
            Some(file) if file.digest == Digest::of(&bytes) => Ok(bytes),
            _ => Err(Error::Changed(path.to_string())),
        }
    }
}
