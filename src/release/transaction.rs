//! Files into a site and entries onto its ledger, all or nothing.
//!
//! In: new files with their bytes, the ledger's new text, drafts that change with it. Out: the site with all of it or none.
//! Must not know: what an act is.
//!
//! The order of steps, each on the disk before the next begins:
//! 1. `content/.fineprint-release/` is made, with a lock in it that lasts as long as the process; scans do not see it;
//! 2. every new file, the new ledger and the changed drafts are written there;
//! 3. the journal, which lists the new files with their digests and the digest of the last entry to come, appears there
//!    under its name at once; up to here, nothing else has changed;
//! 4. version folders are moved into place, whole, then files that join a folder;
//! 5. the new ledger is moved over the old: **this is the act**; before it, nothing of it counts;
//! 6. drafts are moved over the old ones, each only if nobody has changed it since;
//! 7. the folder of step 1 is removed.
//!
//! Stopped before 3, the site is as before. Stopped between 3 and 5, the journal's last entry is not on the ledger:
//! [`interrupted`] finds that out and says so, and the next act takes the files back, by the journal and only if they still
//! have the bytes that it lists. Only files below `versions/` that no entry of the ledger lists are ever taken back, whatever a
//! journal says that came with a repository. Stopped after 5, the act is done, and the next one finishes step 6.

use crate::center::ledger::{Act, Entry, Ledger};
use crate::error::{Error, Result};
use crate::source::Digest;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The work space, below the site's root.
pub const FOLDER: &str = "content/.fineprint-release";
/// Files that are on their way to the disk at the same time.
const WORKERS: usize = 24;
/// A test stops at every step, but never pulls the plug.
const SYNC: bool = !cfg!(test);
const LEDGER: &str = crate::center::ledger::PATH;

/// The few ways in which releases and imports change the disk. A test can let it die after any of them, and it stays dead.
#[derive(Debug)]
pub struct FaultInjectingFs {
    steps: AtomicUsize,
}

impl Default for FaultInjectingFs {
    fn default() -> Self {
        FaultInjectingFs { steps: AtomicUsize::new(usize::MAX) }
    }
}

impl FaultInjectingFs {
    /// A disk that does so many steps and then nothing any more.
    pub fn dying_after(steps: usize) -> FaultInjectingFs {
        FaultInjectingFs { steps: AtomicUsize::new(steps) }
    }

    fn step(&self) -> Result<()> {
        let left = self.steps.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |steps| steps.checked_sub(1));
        left.map(|_| ()).map_err(|_| Error::refused("the disk is dead"))
    }

    pub fn create_dir_all(&self, path: &Path) -> Result<()> {
        self.step()?;
        fs::create_dir_all(path).map_err(|error| Error::io("create the directory", path, error))
    }

    /// A new file; half of it may be on the disk when the machine stops.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let failed = |error| Error::io("write", path, error);
        self.step()?;
        let mut file = fs::File::create_new(path).map_err(failed)?;
        let (first, second) = bytes.split_at(bytes.len() / 2);
        file.write_all(first).map_err(failed)?;
        self.step()?;
        file.write_all(second).map_err(failed)?;
        if SYNC { file.sync_all().map_err(failed) } else { Ok(()) }
    }

    /// Moves to where nothing is.
    pub fn place(&self, from: &Path, to: &Path) -> Result<()> {
        if to.symlink_metadata().is_ok() {
            return Err(Error::refused(format!(
                "`{}` is already there; nothing of yours is overwritten",
                to.display()
            )));
        }
        self.replace(from, to)
    }

    pub fn replace(&self, from: &Path, to: &Path) -> Result<()> {
        self.step()?;
        fs::rename(from, to).map_err(|error| Error::io("move into place", to, error))
    }

    pub fn remove_file(&self, path: &Path) -> Result<()> {
        self.step()?;
        fs::remove_file(path).map_err(|error| Error::io("remove", path, error))
    }

    fn remove_dir_all(&self, path: &Path) -> Result<()> {
        self.step()?;
        fs::remove_dir_all(path).map_err(|error| Error::io("remove", path, error))
    }

    /// Names in a folder reach the disk with the folder.
    fn sync_dir(&self, path: &Path) -> Result<()> {
        self.step()?;
        // Where a folder cannot be opened as a file, its names are the system's business.
        if SYNC && cfg!(unix) {
            let folder = fs::File::open(path).map_err(|error| Error::io("open the folder", path, error))?;
            folder.sync_all().map_err(|error| Error::io("write to the disk", path, error))?;
        }
        Ok(())
    }
}

/// A file to come: where it belongs below the site's root, and its bytes.
#[derive(Clone, Debug)]
pub struct NewFile {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// A working file that changes with an act.
#[derive(Clone, Debug)]
pub struct DraftChange {
    pub path: String,
    /// The bytes that it has now. None if there is no such file yet.
    pub old: Option<Digest>,
    pub bytes: Vec<u8>,
}

/// What was found of a release that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// Files that are in place and do not count.
    pub files: Vec<String>,
    /// Somebody is at it at this moment.
    pub running: bool,
}

/// The right to write to a site's record, held by one process at a time.
#[derive(Debug)]
pub struct LedgerTransaction<'d> {
    root: PathBuf,
    disk: &'d FaultInjectingFs,
    _lock: fs::File,
    /// Files that an earlier, interrupted run had left and that were taken back.
    pub taken_back: Vec<String>,
}

impl<'d> LedgerTransaction<'d> {
    /// Takes the lock, or says who has it; takes back what an interrupted run has left. `who` is told to others.
    pub fn open(root: &Path, who: &str, disk: &'d FaultInjectingFs) -> Result<LedgerTransaction<'d>> {
        if !root.join("content").is_dir() {
            return Err(Error::refused(format!(
                "directory `{}` does not exist; pass the site's directory with `--site`",
                root.join("content").display()
            )));
        }
        let lock = lock(root, who, disk)?;
        let mut desk = LedgerTransaction { root: root.to_path_buf(), disk, _lock: lock, taken_back: Vec::new() };
        desk.recover()?;
        Ok(desk)
    }

    /// Brings new files and the new ledger into the site. `last` is the digest of the ledger's last entry to be.
    pub fn commit(self, files: &[NewFile], drafts: &[DraftChange], ledger: &str, last: Digest) -> Result<()> {
        self.commit_replacing(files, drafts, &[], ledger, last)
    }

    /// The same, where folders of versions leave the site with the act: those of a branch whose acts happen again.
    pub fn commit_replacing(
        self,
        files: &[NewFile],
        drafts: &[DraftChange],
        left: &[String],
        ledger: &str,
        last: Digest,
    ) -> Result<()> {
        let done = self.write(files, drafts, left, ledger, last);
        if done.is_err() {
            // The machine failed, not this process: put things back now. What cannot be, the next run will.
            let _ = self.recover_quietly();
        }
        done
    }

    fn write(
        &self,
        files: &[NewFile],
        drafts: &[DraftChange],
        left: &[String],
        ledger: &str,
        last: Digest,
    ) -> Result<()> {
        let (root, disk) = (&self.root, self.disk);
        let folder = root.join(FOLDER);
        let leaves = |path: &str| left.iter().any(|folder| version_folder(path) == Some(folder));
        for file in files.iter().filter(|file| !leaves(&file.path)) {
            let to = root.join(&file.path);
            if to.symlink_metadata().is_ok() {
                return Err(Error::refused(format!(
                    "`{}` is already there; nothing of yours is overwritten",
                    file.path
                )));
            }
        }
        let before = read_if_there(&root.join(LEDGER))?.unwrap_or_default();
        if let Some((_, to)) = renames(ledger)
            .into_iter()
            .filter(|pair| !renames(&before).contains(pair))
            .find(|(_, to)| root.join(format!("content/{to}")).symlink_metadata().is_ok())
        {
            return Err(Error::refused(format!("`content/{to}` is already there; nothing of yours is overwritten")));
        }
        let staged = |path: &str| folder.join("new").join(path);
        let folders: BTreeSet<PathBuf> =
            files.iter().filter_map(|file| Some(staged(&file.path).parent()?.to_path_buf())).collect();
        for folder in &folders {
            disk.create_dir_all(folder)?;
        }
        at_once(files, |file| disk.write(&staged(&file.path), &file.bytes))?;
        at_once(&Vec::from_iter(&folders), |folder| disk.sync_dir(folder))?;
        disk.write(&folder.join("ledger.toml"), ledger.as_bytes())?;
        for (number, draft) in drafts.iter().enumerate() {
            disk.write(&folder.join(format!("draft-{number}")), &draft.bytes)?;
        }
        disk.write(&folder.join("journal.new"), journal(files, drafts, left, last).as_bytes())?;
        disk.replace(&folder.join("journal.new"), &folder.join("journal"))?;
        disk.sync_dir(&folder)?;

        for (number, leaving) in left.iter().enumerate() {
            disk.replace(&root.join(leaving), &folder.join(format!("left-{number}")))?;
        }
        let (versions, single): (Vec<&NewFile>, Vec<&NewFile>) =
            files.iter().partition(|file| version_folder(&file.path).is_some_and(|folder| !root.join(folder).exists()));
        let versions: BTreeSet<&str> = versions.iter().filter_map(|file| version_folder(&file.path)).collect();
        let mut parents = BTreeSet::new();
        for path in versions.into_iter().chain(single.into_iter().map(|file| file.path.as_str())) {
            let to = root.join(path);
            if let Some(parent) = to.parent().filter(|parent| parents.insert(parent.to_path_buf())) {
                disk.create_dir_all(parent)?;
            }
            disk.place(&staged(path), &to)?;
        }
        for parent in &parents {
            disk.sync_dir(parent)?;
            // A document's folder may be new, too.
            for above in parent.ancestors().skip(1).take_while(|above| *above != root.as_path()) {
                disk.sync_dir(above)?;
            }
        }
        disk.replace(&folder.join("ledger.toml"), &root.join(LEDGER))?;
        // From here on it is released, whatever the disk says.
        let _ = disk.sync_dir(&root.join("content"));
        // What could not be moved now is moved by the next act.
        let _ = self.finish_renames();
        if let Ok(Some(journal)) = Journal::read(root) {
            let _ = self.finish_drafts(&journal);
        }
        Ok(())
    }

    /// Moves drafts of a finished act into place, each only if it still has the bytes that were replaced.
    fn finish_drafts(&self, journal: &Journal) -> Result<()> {
        for (number, (path, old)) in journal.drafts.iter().enumerate() {
            let staged = self.root.join(FOLDER).join(format!("draft-{number}"));
            let full = self.root.join(path);
            let now = match fs::read(&full) {
                Ok(bytes) => Some(Digest::of(&bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(Error::io("read", &full, error)),
            };
            if now != *old || !staged.exists() {
                continue;
            }
            if let Some(parent) = full.parent() {
                self.disk.create_dir_all(parent)?;
            }
            self.disk.replace(&staged, &full)?;
        }
        Ok(())
    }

    fn recover(&mut self) -> Result<()> {
        self.taken_back = self.recover_quietly()?;
        self.finish_renames()
    }

    /// Gives the folder of a renamed document the name that the ledger says. That follows from the ledger alone, so it needs no
    /// journal: a folder moves only if it has the document's former name and nothing has the present one.
    fn finish_renames(&self) -> Result<()> {
        let ledger = read_if_there(&self.root.join(LEDGER))?.unwrap_or_default();
        for (from, to) in renames(&ledger) {
            let folder = |name: &str| self.root.join(format!("content/{name}"));
            if folder(&from).is_dir() && folder(&to).symlink_metadata().is_err() {
                self.disk.replace(&folder(&from), &folder(&to))?;
                let _ = self.disk.sync_dir(&self.root.join("content"));
            }
        }
        Ok(())
    }

    /// Takes back what the journal lists, unless it is on the ledger; then empties the work space but for the lock.
    fn recover_quietly(&self) -> Result<Vec<String>> {
        let mut taken_back = Vec::new();
        let (mut left, mut put_back): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        if let Some(journal) = Journal::read(&self.root)? {
            let done = journal.is_done(&self.root)?;
            if done {
                self.finish_drafts(&journal)?;
            }
            match done {
                true => left.extend((0..journal.left.len()).map(|number| format!("left-{number}"))),
                // What is put back is not there any more; what cannot be is kept.
                false => put_back = journal.left.clone(),
            }
            for (path, digest) in journal.loose(&self.root)? {
                let full = self.root.join(&path);
                let bytes = fs::read(&full).map_err(|error| Error::io("read", &full, error))?;
                if Digest::of(&bytes) != digest {
                    return Err(Error::refused(format!(
                        "`{path}` comes from an interrupted release and was edited since; move it elsewhere, then run this again"
                    )));
                }
                self.disk.remove_file(&full)?;
                // Fails, as it should, while anything is in it.
                for parent in full.ancestors().skip(1).take(3).take_while(|parent| *parent != self.root.join("content"))
                {
                    if fs::remove_dir(parent).is_err() {
                        break;
                    }
                }
                taken_back.push(path);
            }
        }
        for (number, folder) in put_back.iter().enumerate() {
            let (from, to) = (self.root.join(FOLDER).join(format!("left-{number}")), self.root.join(folder));
            if from.is_dir() && to.symlink_metadata().is_err() {
                if let Some(parent) = to.parent() {
                    self.disk.create_dir_all(parent)?;
                }
                self.disk.replace(&from, &to)?;
            }
        }
        // The journal last: as long as it is there, the rest can be done again.
        self.clear(&["new", "ledger.toml", "journal.new"])?;
        // Drafts that a run wrote before it had a journal are there, too.
        let there = fs::read_dir(self.root.join(FOLDER)).into_iter().flatten().flatten();
        let names = there.filter_map(|entry| entry.file_name().into_string().ok());
        left.extend(names.filter(|name| name.starts_with("draft-")));
        self.clear(&left.iter().map(String::as_str).collect::<Vec<_>>())?;
        self.clear(&["journal"])?;
        Ok(taken_back)
    }

    fn clear(&self, names: &[&str]) -> Result<()> {
        for name in names {
            let path = self.root.join(FOLDER).join(name);
            match path.symlink_metadata() {
                Ok(meta) if meta.is_dir() => self.disk.remove_dir_all(&path)?,
                Ok(_) => self.disk.remove_file(&path)?,
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// True if the journal lists files that are in place and do not count.
    fn owes(&self) -> bool {
        match Journal::read(&self.root) {
            Ok(Some(journal)) => journal.loose(&self.root).is_ok_and(|loose| !loose.is_empty()),
            Ok(None) => false,
            Err(_) => true,
        }
    }
}

impl Drop for LedgerTransaction<'_> {
    /// The work space goes while the lock is still held, the lock's file last: whoever opened it before finds it held.
    /// What cannot be removed does no harm.
    fn drop(&mut self) {
        if !self.owes() && self.recover_quietly().is_ok() && self.clear(&[".gitignore", "lock"]).is_ok() {
            // Fails, as it should, when the next run is already in it.
            let _ = fs::remove_dir(self.root.join(FOLDER));
        }
    }
}

/// The wait for the disk is shared: it writes many things in the time of one.
fn at_once<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(item)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..items.len().min(WORKERS)).map(|_| scope.spawn(worker)).collect();
        // A worker that panicked says so here, too.
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// `content/privacy/versions/2026-12-08/policy.md` → its folder.
fn version_folder(path: &str) -> Option<&str> {
    let at = path.find("/versions/")? + "/versions/".len();
    let end = path[at..].find('/')? + at;
    Some(&path[..end])
}

/// Two runs: one gets the lock, the other is told who has it.
fn lock(root: &Path, who: &str, disk: &FaultInjectingFs) -> Result<fs::File> {
    let folder = root.join(FOLDER);
    let path = folder.join("lock");
    loop {
        disk.create_dir_all(&folder)?;
        let opened = fs::OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = match opened {
            Ok(file) => file,
            // The run before is just tidying up.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::io("create", &path, error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                let holder = match holder.trim() {
                    "" => "another process".to_string(),
                    holder => holder.to_string(),
                };
                return Err(Error::refused(format!(
                    "{holder} is writing to this site's record; wait for it to end, then run this again"
                )));
            }
            Err(fs::TryLockError::Error(error)) => return Err(Error::io("lock", &path, error)),
        }
        // The run before may have removed the file between our opening and locking it.
        if !is_same(&file, &path) {
            continue;
        }
        file.set_len(0)
            .and_then(|()| file.write_all(who.as_bytes()))
            .map_err(|error| Error::io("write", &path, error))?;
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, "*\n").map_err(|error| Error::io("write", &ignore, error))?;
        }
        return Ok(file);
    }
}

#[cfg(unix)]
fn is_same(file: &fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(_: &fs::File, path: &Path) -> bool {
    path.exists()
}

/// `<sha256>  <path>` for each file, as `sha256sum` writes it; drafts with the digest that they have; then the digest of the
/// last entry.
fn journal(files: &[NewFile], drafts: &[DraftChange], left: &[String], last: Digest) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&format!("{}  {}\n", Digest::of(&file.bytes).hex(), file.path));
    }
    for draft in drafts {
        let old = draft.old.map_or("new".to_string(), |old| old.hex());
        text.push_str(&format!("draft {old} {}\n", draft.path));
    }
    for folder in left {
        text.push_str(&format!("left {folder}\n"));
    }
    text.push_str(&format!("entry {}\n", last.hex()));
    text
}

struct Journal {
    files: Vec<(String, Digest)>,
    drafts: Vec<(String, Option<Digest>)>,
    /// Folders of versions that leave with the act.
    left: Vec<String>,
    last: String,
}

impl Journal {
    fn read(root: &Path) -> Result<Option<Journal>> {
        let Some(text) = read_if_there(&root.join(FOLDER).join("journal"))? else { return Ok(None) };
        let mut journal = Journal { files: Vec::new(), drafts: Vec::new(), left: Vec::new(), last: String::new() };
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("entry", digest)) => journal.last = digest.to_string(),
                Some(("left", folder)) => journal.left.push(folder.to_string()),
                Some(("draft", rest)) => {
                    let Some((old, path)) = rest.split_once(' ') else { continue };
                    journal.drafts.push((path.to_string(), Digest::parse(old)));
                }
                Some((digest, path)) => {
                    let path = path.trim_start();
                    if let Some(digest) = Digest::parse(digest) {
                        journal.files.push((path.to_string(), digest));
                    }
                }
                None => {}
            }
        }
        // A journal that came with a repository can name anything.
        journal.files.retain(|(path, _)| is_inside(path) && version_folder(path).is_some());
        // A working file belongs to a document, or is a register that all documents share.
        let is_draft = |path: &str| {
            is_inside(path)
                && path != LEDGER
                && version_folder(path).is_none()
                && matches!(path.matches('/').count(), 1 | 2)
        };
        let is_version = |folder: &str| is_inside(folder) && version_folder(&format!("{folder}/file")) == Some(folder);
        if !journal.left.iter().all(|folder| is_version(folder)) {
            journal.left.clear();
        }
        if !journal.drafts.iter().all(|(path, _)| is_draft(path)) {
            journal.drafts.clear();
        }
        Ok(Some(journal))
    }

    /// True if the last entry that the journal announces is on the ledger.
    fn is_done(&self, root: &Path) -> Result<bool> {
        let ledger = read_if_there(&root.join(LEDGER))?.unwrap_or_default();
        let line = format!("digest = \"{}\"", self.last);
        Ok(ledger.lines().any(|typed| typed.trim_end() == line))
    }

    /// The files that are in place although their release is not on the ledger.
    fn loose(&self, root: &Path) -> Result<Vec<(String, Digest)>> {
        if self.files.is_empty() || self.is_done(root)? {
            return Ok(Vec::new());
        }
        let ledger = Ledger::read(&read_if_there(&root.join(LEDGER))?.unwrap_or_default(), &mut Vec::new());
        let recorded = |path: &str| ledger.entries.iter().any(|entry| names(entry, path));
        let loose = |(path, _): &&(String, Digest)| root.join(path).symlink_metadata().is_ok() && !recorded(path);
        Ok(self.files.iter().filter(loose).cloned().collect())
    }
}

/// The last former name and the present name of each document that was renamed, if both can be folders.
fn renames(ledger: &str) -> Vec<(String, String)> {
    // Most ledgers have none, and are not read for it.
    if !ledger.contains("\naction = \"rename\"") {
        return Vec::new();
    }
    let ledger = Ledger::read(ledger, &mut Vec::new());
    let is_folder = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let last = |name: &str| {
        let entry = ledger.of(name).filter(|entry| matches!(entry.act, Act::Rename { .. })).last()?;
        (entry.document != name).then(|| (entry.document.clone(), name.to_string()))
    };
    let pairs = ledger.documents().filter_map(last);
    pairs.filter(|(from, to)| is_folder(from) && is_folder(to)).collect()
}

fn read_if_there(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path, error)),
    }
}

fn is_inside(path: &str) -> bool {
    path.starts_with("content/") && !path.split('/').any(|part| matches!(part, ".." | "." | "")) && !path.contains('\\')
}

/// True if an entry lists a frozen file, under whatever name its document had.
fn names(entry: &Entry, path: &str) -> bool {
    let Some(name) = version_folder(path).and_then(|folder| {
        let (_, version) = folder.rsplit_once('/')?;
        (version == entry.version).then(|| &path[folder.len() + 1..])
    }) else {
        return false;
    };
    match &entry.act {
        Act::Release(release) => release.files.get(name).is_some(),
        Act::Translate(translation) => translation.files.get(name).is_some(),
        _ => false,
    }
}

/// True if files of a release that does not count are in place; changes nothing.
pub fn interrupted(root: &Path) -> Result<Option<Interrupted>> {
    let Some(journal) = Journal::read(root)? else { return Ok(None) };
    let files: Vec<String> = journal.loose(root)?.into_iter().map(|(path, _)| path).collect();
    if files.is_empty() {
        return Ok(None);
    }
    let lock = fs::File::open(root.join(FOLDER).join("lock"));
    let running = lock.is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)));
    Ok(Some(Interrupted { files, running }))
}
