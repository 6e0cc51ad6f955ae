//! Whether a folder still holds what was read from it.
//!
//! In: a tree, the time. Out: names of the files that may be others by now; the scanner reads those again. One file after the
//! other, so that whoever has something better to do can make it wait. Must not know: who wants to know, what files mean.

use super::scan::{READ, Walked, nanoseconds, parts, real_root, stamp, walk};
use super::tree::Stamp;
use super::{Digest, SourceTree};
use crate::error::Result;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Files between two rests.
const BETWEEN_RESTS: usize = 32;

pub struct ChangeDetector {
    root: PathBuf,
    /// Files that were read once more because the tree's own stamp could not vouch for them, and what they held.
    vouched: HashMap<Arc<str>, (Stamp, Digest)>,
    /// Where the last look found what is no file of a site.
    odd: BTreeSet<Arc<str>>,
}

impl ChangeDetector {
    pub fn new(root: &Path) -> ChangeDetector {
        ChangeDetector { root: root.to_path_buf(), vouched: HashMap::new(), odd: BTreeSet::new() }
    }

    /// Names of files that are not as a tree has them: other ones, new ones, gone ones. `now` is the time by the clock of the
    /// file system; `rest` returns when the look may go on. Fails when the root cannot be opened.
    pub fn differing(
        &mut self,
        tree: &SourceTree,
        now: SystemTime,
        rest: &mut dyn FnMut(),
    ) -> Result<BTreeSet<String>> {
        let root = self.root.clone();
        let real_root = real_root(&root)?;
        let now = nanoseconds(now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());
        let mut differing = BTreeSet::new();
        let mut met: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut odd = BTreeSet::new();
        // Small parts: the longer a part, the longer somebody waits who needs the processor.
        let starts = READ.iter().flat_map(|top| parts(&root, top).into_iter().map(move |part| (top, part)));
        for (top, start) in starts {
            rest();
            let Walked { files, findings } = walk(&real_root, &root, top, &start);
            for (number, file) in files.into_iter().enumerate() {
                if number % BETWEEN_RESTS == BETWEEN_RESTS - 1 {
                    rest();
                }
                if !self.is_as_known(tree, &file.name, &file.path, now) {
                    differing.insert(file.name.to_string());
                }
                met.insert(file.name);
            }
            odd.extend(findings.into_iter().map(|(name, _)| name));
        }
        let gone = tree.files().filter(|file| !met.contains(&file.path));
        differing.extend(gone.map(|file| file.path.to_string()));
        self.vouched.retain(|name, _| met.contains(name));
        // Not every such name can be asked for by itself, its folder can.
        let changed = odd.symmetric_difference(&self.odd);
        differing.extend(changed.map(|name| name.rsplit_once('/').map_or("", |(folder, _)| folder).to_string()));
        self.odd = odd;
        Ok(differing)
    }

    fn is_as_known(&mut self, tree: &SourceTree, name: &Arc<str>, path: &Path, now: i64) -> bool {
        let (Some(known), Ok(meta)) = (tree.get(name), std::fs::metadata(path)) else { return false };
        let found = stamp(&meta, Some(now));
        if known.stamp.vouches(found) {
            return true;
        }
        if let Some((stamp, digest)) = self.vouched.get(name)
            && stamp.vouches(found)
        {
            return *digest == known.digest;
        }
        let Ok(bytes) = std::fs::read(path) else { return false };
        let digest = Digest::of(&bytes);
        self.vouched.insert(name.clone(), (found, digest));
        digest == known.digest
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dirty, Scanner};
    use super::*;
    use std::fs;
    use std::time::Duration;

    /// Long after whatever was written.
    fn later() -> SystemTime {
        SystemTime::now() + Duration::from_secs(60)
    }

    fn look(change_detector: &mut ChangeDetector, scanner: &Scanner) -> Vec<String> {
        let differing = change_detector.differing(&scanner.tree(), later(), &mut || ());
        differing.expect("the root is there").into_iter().collect()
    }

    #[test]
    fn what_differs_is_told_until_it_was_read_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let write = |name: &str, text: &str| {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("make it");
            fs::write(path, text).expect("write it");
        };
        write("fineprint.toml", "a");
        write("content/a/policy.md", "one");
        write("content/a/versions/1/policy.md", "frozen");
        write("content/b/policy.md", "two");
        write("static/x.css", "x");
        write("beside.txt", "nobody reads this");
        write("content/a/policy.md~", "nor this");
        let mut scanner = Scanner::new(root);
        scanner.scan(&Dirty::All, Some(SystemTime::now())).expect("it is read");
        let mut change_detector = ChangeDetector::new(root);
        assert_eq!(look(&mut change_detector, &scanner), [""; 0]);
        // As long and, for all that the file system's clock can say, as old.
        write("content/a/policy.md", "ONE");
        write("content/a/versions/2/policy.md", "new");
        write("content/c/policy.md", "new");
        fs::remove_file(root.join("content/b/policy.md")).expect("remove it");
        fs::remove_file(root.join("fineprint.toml")).expect("remove it");
        let changed = [
            "content/a/policy.md",
            "content/a/versions/2/policy.md",
            "content/b/policy.md",
            "content/c/policy.md",
            "fineprint.toml",
        ];
        assert_eq!(look(&mut change_detector, &scanner), changed);
        assert_eq!(look(&mut change_detector, &scanner), changed, "nobody has read it yet");
        let dirty = changed.iter().map(|name| name.to_string()).collect();
        assert!(scanner.scan(&Dirty::Paths(dirty), Some(SystemTime::now())).expect("it is read"));
        assert_eq!(look(&mut change_detector, &scanner), [""; 0]);
        // Touched, and the same.
        write("static/x.css", "x");
        assert_eq!(look(&mut change_detector, &scanner), [""; 0]);
    }

    #[test]
    fn a_long_look_rests_again_and_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let versions = folder.path().join("content/a/versions/1");
        fs::create_dir_all(&versions).expect("make it");
        for file in 0..10 * BETWEEN_RESTS {
            fs::write(versions.join(format!("{file}.md")), "x").expect("write it");
        }
        let mut rests = 0;
        let mut change_detector = ChangeDetector::new(folder.path());
        let tree = Scanner::new(folder.path()).tree();
        let differing = change_detector.differing(&tree, later(), &mut || rests += 1).expect("the root is there");
        assert_eq!(differing.len(), 10 * BETWEEN_RESTS);
        assert!(rests >= 10, "{rests}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_of_a_site_is_told_by_its_folder_when_it_comes_and_goes() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("content/a")).expect("make it");
        let mut scanner = Scanner::new(root);
        let mut change_detector = ChangeDetector::new(root);
        let other = std::ffi::OsStr::from_bytes(b"content/a/\xff.md");
        std::os::unix::fs::symlink("/etc/hostname", root.join("content/a/out.md")).expect("link it");
        fs::write(root.join(other), "x").expect("write it");
        assert_eq!(look(&mut change_detector, &scanner), ["content/a"]);
        scanner.scan(&Dirty::Paths(["content/a".to_string()].into()), Some(SystemTime::now())).expect("it is read");
        assert_eq!(scanner.findings().count(), 2);
        assert_eq!(look(&mut change_detector, &scanner), [""; 0]);
        fs::remove_file(root.join("content/a/out.md")).expect("remove it");
        fs::remove_file(root.join(other)).expect("remove it");
        assert_eq!(look(&mut change_detector, &scanner), ["content/a"]);
        assert_eq!(look(&mut change_detector, &scanner), [""; 0]);
    }
}
