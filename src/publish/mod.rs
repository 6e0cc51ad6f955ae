//! Artifacts → disk: the only writer of the output folder.
//!
//! In: jobs with the paths that they make, a way to make them, the folder. Out: a folder in which every file is whole, those
//! that did not change were not touched, and nobody else's file is gone. New files are made apart first; only when all are
//! there are they moved into place, assets first and indexes last. Killed at any moment, the next build completes it.
//! Must not know: what the files mean.

mod handout;
mod manifest;

pub use handout::hand_out;

use crate::error::{Error, Result};
use crate::source::Digest;
use manifest::Manifest;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Where files are made before they are moved into place.
const STAGING: &str = ".fineprint-staging";
const NEW: &str = "new";
/// Large folders are slow to write to.
const PER_FOLDER: u64 = 512;

/// Outputs that are made together.
pub struct Job {
    /// Lower phases are moved into place first.
    pub phase: u8,
    pub outputs: Vec<String>,
}

/// Makes the outputs of jobs.
pub trait Maker: Sync {
    type View;
    /// Everything that the outputs of a job say, with its digest: the same digest gives the same bytes.
    fn view(&self, job: usize) -> Result<(Digest, Self::View)>;
    /// None for a job that must not be published; then nothing is.
    fn make(&self, job: usize, view: Self::View) -> Result<Option<OutputFiles>>;
    /// Digest of everything that all jobs are made from, for [`up_to_date`]; none if something was found that another build
    /// has to find again. Asked for when all jobs are made.
    fn inputs(&self) -> Option<Digest>;
}

/// Path and bytes of each output of a job.
pub type OutputFiles = Vec<(String, Vec<u8>)>;

#[derive(Debug, Default)]
pub struct Report {
    pub files: usize,
    /// Those of them that a browser shows.
    pub pages: usize,
    pub written: usize,
    pub removed: usize,
    /// Our files that somebody has changed and that are no longer part of the site: left alone.
    pub left: Vec<String>,
}

/// Brings the folder to what the jobs make. `order` has every job once: of each wave the stretches are made side by side, the
/// jobs of a stretch one after the other, so that what they have in common is at hand.
pub fn publish(
    out: &Path,
    date: &str,
    jobs: &[Job],
    order: &[Vec<Range<usize>>],
    maker: &impl Maker,
) -> Result<Option<Report>> {
    let folder = Folder::open(out)?;
    folder.keeps_permalinks(jobs, date)?;
    let stretch = |stretch: &Range<usize>| -> Result<Vec<StagedJob>> {
        stretch.clone().map(|job| folder.stage_job(job, &jobs[job], maker)).collect()
    };
    let mut staged = Vec::with_capacity(jobs.len());
    for wave in order {
        let made: Vec<Vec<StagedJob>> =
            wave.par_iter().map(stretch).collect::<Result<_>>().inspect_err(|_| folder.clean())?;
        staged.extend(made.into_iter().flatten());
    }
    if staged.iter().any(|job| job.files.is_none()) {
        folder.clean();
        return Ok(None);
    }
    staged.sort_unstable_by_key(|job| job.job);
    let report = folder.bring_in(date, maker.inputs(), jobs, staged);
    folder.clean();
    report.map(Some)
}

/// What is in the folder, if it was made from just these inputs and nobody has touched it since. Nothing is read but the
/// manifest and files that are too young to be trusted by their time, and nothing is written.
pub fn up_to_date(out: &Path, inputs: Digest) -> Result<Option<Report>> {
    let path = out.join(manifest::NAME);
    // What a killed build left is cleared away by a whole build.
    if out.join(STAGING).exists() {
        return Ok(None);
    }
    let Some(old) = fs::read_to_string(&path).ok().and_then(|text| Manifest::parse(&text)) else { return Ok(None) };
    if old.inputs != Some(inputs) {
        return Ok(None);
    }
    let written = fs::metadata(&path).ok().map(|meta| changed(&meta));
    let whole = old.files.par_iter().all(|(path, digest)| holds(&out.join(path), *digest, written));
    Ok(whole.then(|| Report { files: old.files.len(), pages: pages(old.files.keys()), ..Report::default() }))
}

fn pages<'p>(paths: impl Iterator<Item = &'p String>) -> usize {
    paths.filter(|path| path.ends_with(".html")).count()
}

/// True if a file has these bytes, which it had at the time `written`.
fn holds(full: &Path, digest: Digest, written: Option<SystemTime>) -> bool {
    let Ok(meta) = fs::symlink_metadata(full) else { return false };
    if !meta.is_file() {
        return false;
    }
    let untouched = written.is_some_and(|written| changed(&meta) < written);
    untouched || fs::read(full).is_ok_and(|bytes| Digest::of(&bytes) == digest)
}

/// The files of a job; none if it must not be published.
struct StagedJob {
    job: usize,
    fingerprint: Digest,
    files: Option<Vec<Staged>>,
}

/// Pages of versions, and of what changed between two; a draft's pages come and go.
fn is_permalink(path: &str) -> bool {
    let Some(folder) = path.strip_suffix("/index.html") else { return false };
    let last = folder.rsplit('/').next().unwrap_or("");
    folder.contains("/v/") || (folder.contains("/changes/") && last.contains("..") && !last.ends_with("..draft"))
}

/// A file that belongs into the folder: in place already, or waiting beside it.
struct Staged {
    phase: u8,
    path: String,
    digest: Digest,
    waiting: Option<PathBuf>,
}

struct Folder {
    out: PathBuf,
    staging: PathBuf,
    old: Manifest,
    /// Files touched at or after this moment are looked into before they are believed.
    written: Option<SystemTime>,
    next: AtomicU64,
    /// Nothing of ours is in the folder yet.
    new: bool,
    /// True if the folder did not exist.
    created: bool,
    /// Folders that were made to wait in.
    made: Mutex<HashSet<PathBuf>>,
    _lock: fs::File,
}

impl Folder {
    fn open(out: &Path) -> Result<Folder> {
        let manifest_path = out.join(manifest::NAME);
        let old = match fs::read_to_string(&manifest_path) {
            Ok(text) => Manifest::parse(&text).ok_or_else(|| {
                Error::refused(format!(
                    "`{}` is not a manifest that fineprint wrote; remove the directory and build again",
                    manifest_path.display()
                ))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                refuse_foreign(out)?;
                Manifest::default()
            }
            Err(error) => return Err(Error::io("read", &manifest_path, error)),
        };
        let created = fs::symlink_metadata(out).is_err();
        let staging = out.join(STAGING);
        fs::create_dir_all(&staging).map_err(|error| Error::io("create the directory", &staging, error))?;
        let lock_path = staging.join("lock");
        let lock = fs::File::create(&lock_path).map_err(|error| Error::io("create", &lock_path, error))?;
        if lock.try_lock().is_err() {
            return Err(Error::refused(format!("another build is writing to `{}`; wait for it to end", out.display())));
        }
        // What a killed build left waiting was made from another state.
        for entry in fs::read_dir(&staging).into_iter().flatten().flatten().filter(|entry| entry.file_name() != "lock")
        {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
        // A manifest without tasks was written in between: of its files nobody knows which are old and which are new.
        let written = fs::metadata(&manifest_path).ok().filter(|_| !old.tasks.is_empty()).map(|meta| changed(&meta));
        let new = old.files.is_empty();
        let (next, made) = (AtomicU64::new(0), Mutex::default());
        Ok(Folder { out: out.to_path_buf(), staging, old, written, next, new, created, made, _lock: lock })
    }

    /// A permalink that was published is never taken away.
    fn keeps_permalinks(&self, jobs: &[Job], date: &str) -> Result<()> {
        if self.new {
            return Ok(());
        }
        let coming: BTreeSet<&str> = jobs.iter().flat_map(|job| job.outputs.iter().map(String::as_str)).collect();
        let lost = self.old.files.keys().find(|path| is_permalink(path) && !coming.contains(path.as_str()));
        let Some(lost) = lost else { return Ok(()) };
        self.clean();
        let address = lost.trim_end_matches("index.html");
        let built = &self.old.date;
        Err(Error::refused(if built.as_str() > date {
            format!(
                "`{}` contains the site as of {built}; building it as of {date} would remove `/{address}`, which was published; build into another directory with `--out`",
                self.out.display()
            )
        } else {
            format!(
                "the permalink `/{address}` would disappear from `{}`; restore the version in `content`, since published versions are permanent",
                self.out.display()
            )
        }))
    }

    fn stage_job(&self, index: usize, job: &Job, maker: &impl Maker) -> Result<StagedJob> {
        let (fingerprint, view) = maker.view(index)?;
        let files = match self.unchanged(job, &fingerprint) {
            Some(files) => Some(files),
            None => match maker.make(index, view)? {
                Some(made) => {
                    let stage = |(path, bytes): (String, Vec<u8>)| self.stage(job.phase, path, &bytes);
                    Some(made.into_iter().map(stage).collect::<Result<_>>()?)
                }
                None => None,
            },
        };
        Ok(StagedJob { job: index, fingerprint, files })
    }

    /// The files of a job that was made from the same before, if they are still as they were.
    fn unchanged(&self, job: &Job, fingerprint: &Digest) -> Option<Vec<Staged>> {
        let paths = self.old.tasks.get(fingerprint)?;
        if paths != &job.outputs {
            return None;
        }
        paths
            .iter()
            .map(|path| {
                let digest = *self.old.files.get(path)?;
                self.holds(path, digest).then(|| Staged { phase: job.phase, path: path.clone(), digest, waiting: None })
            })
            .collect()
    }

    /// True if the file in place has these bytes.
    fn holds(&self, path: &str, digest: Digest) -> bool {
        let written = self.written.filter(|_| self.old.files.get(path) == Some(&digest));
        holds(&self.out.join(path), digest, written)
    }

    fn stage(&self, phase: u8, path: String, bytes: &[u8]) -> Result<Staged> {
        let digest = Digest::of(bytes);
        let ours = self.old.files.contains_key(&path);
        if ours && self.holds(&path, digest) {
            return Ok(Staged { phase, path, digest, waiting: None });
        }
        let full = self.out.join(&path);
        // A folder without a manifest was empty.
        let occupied = fs::symlink_metadata(&full).is_ok_and(|meta| !meta.is_dir());
        if !ours && !self.new && occupied && !self.holds(&path, digest) {
            return Err(Error::refused(format!(
                "`{}` was not made by fineprint and is in the way; move it elsewhere, since your files are never overwritten",
                full.display()
            )));
        }
        let waiting = self.waiting_place(&path)?;
        fs::write(&waiting, bytes).map_err(|error| Error::io("write", &waiting, error))?;
        Ok(Staged { phase, path, digest, waiting: Some(waiting) })
    }

    /// Where a file waits: in a new folder at its own path, so that whole folders can be moved; else under a number.
    fn waiting_place(&self, path: &str) -> Result<PathBuf> {
        let place = if self.new {
            self.staging.join(NEW).join(path)
        } else {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            self.staging.join((number / PER_FOLDER).to_string()).join((number % PER_FOLDER).to_string())
        };
        let folder = place.parent().unwrap_or(&self.staging);
        // Under the lock only the names of folders are kept, which are whole at any moment; a folder made twice does no harm.
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if !made().contains(folder) {
            fs::create_dir_all(folder).map_err(|error| Error::io("create the folder", folder, error))?;
            made().insert(folder.to_path_buf());
        }
        Ok(place)
    }

    /// Moves a new site into place by its topmost folders, pages of the center last.
    fn move_in(&self) -> Result<()> {
        let from = self.staging.join(NEW);
        let list = |error| Error::io("read the directory", &from, error);
        let mut entries: Vec<_> = fs::read_dir(&from).map_err(list)?.collect::<std::io::Result<_>>().map_err(list)?;
        entries.sort_by_key(|entry| (!entry.path().is_dir(), entry.file_name() == "index.html", entry.file_name()));
        for entry in entries {
            let to = self.out.join(entry.file_name());
            fs::rename(entry.path(), &to).map_err(|error| Error::io("write", &to, error))?;
        }
        Ok(())
    }

    fn bring_in(&self, date: &str, inputs: Option<Digest>, jobs: &[Job], staged: Vec<StagedJob>) -> Result<Report> {
        let mut new = Manifest { date: date.to_string(), inputs, ..Manifest::default() };
        for staged in &staged {
            let files = staged.files.iter().flatten();
            new.tasks.insert(staged.fingerprint, jobs[staged.job].outputs.clone());
            new.files.extend(files.map(|file| (file.path.clone(), file.digest)));
        }
        let mut report = Report { files: new.files.len(), pages: pages(new.files.keys()), ..Report::default() };
        let mut waiting: BTreeMap<u8, Vec<Staged>> = BTreeMap::new();
        for file in staged.into_iter().filter_map(|job| job.files).flatten().filter(|file| file.waiting.is_some()) {
            report.written += 1;
            waiting.entry(file.phase).or_default().push(file);
        }
        let blocking = self.clear_the_way(&waiting.values().flatten().collect::<Vec<_>>(), &new)?;
        if !waiting.is_empty() {
            // From here on a file may be old or new: both are ours, whatever happens.
            let between = Manifest {
                files: merged(&self.old.files, &new.files),
                date: self.old.date.clone(),
                ..Manifest::default()
            };
            self.write_manifest(&between)?;
        }
        for path in &blocking {
            self.remove(path, self.old.files[path], &mut report)?;
        }
        if self.new {
            self.move_in()?;
        }
        for files in waiting.values().filter(|_| !self.new) {
            let parents: BTreeSet<PathBuf> =
                files.iter().filter_map(|file| Some(self.out.join(&file.path).parent()?.to_path_buf())).collect();
            for parent in parents {
                fs::create_dir_all(&parent).map_err(|error| Error::io("create the directory", &parent, error))?;
            }
            files.par_iter().try_for_each(|file| {
                let to = self.out.join(&file.path);
                let from = file.waiting.as_ref().unwrap_or(&to);
                fs::rename(from, &to).map_err(|error| Error::io("write", &to, error))
            })?;
        }
        for (path, digest) in &self.old.files {
            if !new.files.contains_key(path) {
                self.remove(path, *digest, &mut report)?;
            }
        }
        self.write_manifest(&new)?;
        Ok(report)
    }

    /// Removes a file of ours that is no longer part of the site, unless somebody has made it theirs.
    fn remove(&self, path: &str, digest: Digest, report: &mut Report) -> Result<()> {
        let full = self.out.join(path);
        if fs::symlink_metadata(&full).is_err() {
            return Ok(());
        }
        if !self.is_inside(path) || !self.holds(path, digest) {
            report.left.push(path.to_string());
            return Ok(());
        }
        fs::remove_file(&full).map_err(|error| Error::io("remove", &full, error))?;
        report.removed += 1;
        let mut parent = full.parent();
        while let Some(folder) = parent.filter(|folder| *folder != self.out) {
            // Fails, as it should, while anything is in it.
            if fs::remove_dir(folder).is_err() {
                break;
            }
            parent = folder.parent();
        }
        Ok(())
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<()> {
        let path = self.out.join(manifest::NAME);
        let text = manifest.file();
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        let waiting = self.staging.join("manifest");
        fs::write(&waiting, text).map_err(|error| Error::io("write", &waiting, error))?;
        fs::rename(&waiting, &path).map_err(|error| Error::io("write", &path, error))
    }

    /// Everything in the staging folder is ours.
    fn clean(&self) {
        // Left-overs do no harm: the next build begins by overwriting them and ends here again.
        let _ = fs::remove_dir_all(&self.staging);
        if self.created {
            // Fails, as it should, unless the build failed before anything was in it.
            let _ = fs::remove_dir(&self.out);
        }
    }

    /// Returns our old files that are in the way of new ones, because a file is now a directory or the other way around.
    /// Refuses when something that is not ours is in the way: then nothing has been changed yet.
    fn clear_the_way(&self, coming: &[&Staged], new: &Manifest) -> Result<Vec<String>> {
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for file in coming {
            folders.extend(file.path.match_indices('/').map(|(slash, _)| &file.path[..slash]));
        }
        let ours = |path: &str| self.old.files.contains_key(path) && !new.files.contains_key(path);
        let mut blocking = Vec::new();
        for folder in folders {
            let full = self.out.join(folder);
            match fs::symlink_metadata(&full) {
                Ok(meta) if meta.is_dir() => {}
                Ok(_) if ours(folder) => blocking.push(folder.to_string()),
                Ok(_) => return Err(in_the_way(&full, "where the site needs a directory")),
                Err(_) => {}
            }
        }
        for file in coming {
            let full = self.out.join(&file.path);
            if !fs::symlink_metadata(&full).is_ok_and(|meta| meta.is_dir()) {
                continue;
            }
            let prefix = format!("{}/", file.path);
            let below: Vec<&String> = self.old.files.keys().filter(|path| path.starts_with(&prefix)).collect();
            if below.is_empty() || !below.iter().all(|path| ours(path)) || foreign_file(&full, &below, &self.out) {
                return Err(in_the_way(&full, "where the site needs a file"));
            }
            blocking.extend(below.into_iter().cloned());
        }
        Ok(blocking)
    }

    /// True if every directory on the way to the file is one, and not a link to somewhere else.
    fn is_inside(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(slash, _)| self.out.join(&path[..slash]));
        folders.all(|folder| fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir()))
    }
}

fn in_the_way(path: &Path, what: &str) -> Error {
    Error::refused(format!(
        "`{}` is in the way, {what}; move it elsewhere, since your files are never overwritten or removed",
        path.display()
    ))
}

/// True if a directory contains a file that is not in the list.
fn foreign_file(folder: &Path, known: &[&String], out: &Path) -> bool {
    let files = walkdir::WalkDir::new(folder).into_iter();
    files.filter_map(|entry| entry.ok()).filter(|entry| !entry.file_type().is_dir()).any(|entry| {
        let path = entry.path().strip_prefix(out).map(|path| path.to_string_lossy().replace('\\', "/"));
        !path.is_ok_and(|path| known.iter().any(|known| **known == path))
    })
}

fn merged(old: &BTreeMap<String, Digest>, new: &BTreeMap<String, Digest>) -> BTreeMap<String, Digest> {
    let mut all = old.clone();
    all.extend(new.iter().map(|(path, digest)| (path.clone(), *digest)));
    all
}

/// A folder without our manifest must be empty: what stands there is somebody else's.
fn refuse_foreign(out: &Path) -> Result<()> {
    match fs::read_dir(out) {
        Ok(entries) => {
            let foreign = entries.flatten().find(|entry| entry.file_name() != STAGING);
            match foreign {
                Some(entry) => Err(Error::refused(format!(
                    "`{}` was not made by fineprint (it contains `{}`); choose an empty or new directory with `--out`",
                    out.display(),
                    entry.file_name().to_string_lossy()
                ))),
                None => Ok(()),
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("open the output directory", out, error)),
    }
}

/// When the file was last written, renamed or had its times set.
#[cfg(unix)]
fn changed(meta: &fs::Metadata) -> SystemTime {
    use std::os::unix::fs::MetadataExt;
    let seconds = std::time::Duration::from_secs(meta.ctime().max(0) as u64);
    SystemTime::UNIX_EPOCH + seconds + std::time::Duration::from_nanos(meta.ctime_nsec().max(0) as u64)
}

#[cfg(not(unix))]
fn changed(meta: &fs::Metadata) -> SystemTime {
    meta.modified().unwrap_or(SystemTime::now())
}
