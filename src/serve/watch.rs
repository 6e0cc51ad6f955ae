//! What may have changed on disk.
//!
//! In: the folders of a site. Out: names to read again, or that some may be missing; never what happened to them, for that
//! is read from the disk itself. Must not know: what files mean, what is done about them.

use crate::source::Dirty;
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// An edit is read at once. A file that is gone may be on its way back: git and some editors take the old one away first.
const GONE: Duration = Duration::from_millis(60);
/// So long nothing may happen before an edit of many files, such as a checkout of another branch, counts as done.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(20);
/// A file that is being written is waited for.
const WRITING: Duration = Duration::from_millis(25);
/// Nobody waits longer than this for an end of changes.
const LONGEST: Duration = Duration::from_millis(400);
/// More paths than these are an edit of many files; an editor touches the file, a temporary one and a backup.
const MANY: usize = 3;

/// What a session waits for.
pub enum WatchEvent {
    Touched(Touch),
    /// Names below the root of what was found to differ.
    Differing(BTreeSet<String>),
    /// Notifications were lost.
    Lost,
    Everything,
}

pub struct Touch {
    path: PathBuf,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// It was opened for writing, and its end will be told.
    Writing,
    Written,
    /// A folder came to be: what was put into it at once may not have been told.
    Folder,
    Other,
}

pub struct Watcher {
    root: PathBuf,
    /// None while nothing notifies: then only polling tells.
    watcher: Option<RecommendedWatcher>,
    wakes: Receiver<WatchEvent>,
    /// Why nothing notifies.
    pub silent: Option<String>,
    /// Folders to look at once more, because they had just come to be.
    again: BTreeSet<String>,
    /// What was told while something else was done.
    early: VecDeque<WatchEvent>,
}

/// What to do about what was told.
pub enum RescanScope {
    Read(Dirty),
    /// Nobody knows what.
    Lost,
}

impl Watcher {
    /// Watches a site; where the system cannot notify, or `poll` is asked for, nothing is told.
    pub fn new(root: &Path, poll: bool) -> (Watcher, Sender<WatchEvent>) {
        let (sender, wakes) = channel();
        // Touched paths are told from the root of the file system on.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
        let mut watch =
            Watcher { root, watcher: None, wakes, silent: None, again: BTreeSet::new(), early: VecDeque::new() };
        if !poll {
            let tell = sender.clone();
            let config = Config::default().with_follow_symlinks(false);
            match RecommendedWatcher::new(move |event| told(event, &tell), config) {
                Ok(watcher) => {
                    watch.watcher = Some(watcher);
                    watch.rewatch();
                    // All of it is looked at anyhow.
                    watch.again.clear();
                }
                Err(error) => watch.silent = Some(error.to_string()),
            }
        }
        (watch, sender)
    }

    pub fn notifies(&self) -> bool {
        self.watcher.is_some()
    }

    /// Waits so long at most. None when nothing happened. `known` says whether a name is that of a file or folder which was
    /// there when it was last read.
    pub fn wait(&mut self, patience: Duration, known: &dyn Fn(&str) -> bool) -> Option<RescanScope> {
        let first = match self.next(patience) {
            Ok(wake) => wake,
            Err(RecvTimeoutError::Timeout) => return self.once_more(),
            // The sender lives in the watcher and the session.
            Err(RecvTimeoutError::Disconnected) => return None,
        };
        let start = Instant::now();
        let (mut paths, mut writing, mut everything, mut lost) = (BTreeSet::new(), BTreeSet::new(), false, false);
        let mut next = Some(first);
        loop {
            match next.take() {
                Some(WatchEvent::Everything) => everything = true,
                Some(WatchEvent::Lost) => lost = true,
                Some(WatchEvent::Differing(names)) => paths.extend(names),
                Some(WatchEvent::Touched(touch)) => self.note(touch, &mut paths, &mut writing),
                None => {}
            }
            if start.elapsed() > LONGEST {
                break;
            }
            // What was told already waits for nobody.
            let told = self.next(Duration::ZERO).or_else(|_| match () {
                _ if paths.iter().any(|path| known(path) && !self.root.join(path).exists()) => self.next(GONE),
                _ if paths.len() > MANY => self.next(QUIET_AFTER_MANY),
                _ if !writing.is_empty() => self.next(WRITING),
                _ => Err(RecvTimeoutError::Timeout),
            });
            match told {
                Ok(wake) => next = Some(wake),
                Err(_) => break,
            }
        }
        self.follow(&paths);
        match (everything, paths.is_empty()) {
            (true, _) => Some(RescanScope::Read(Dirty::All)),
            (false, false) => Some(RescanScope::Read(Dirty::Paths(paths))),
            (false, true) => lost.then_some(RescanScope::Lost),
        }
    }

    /// Whether something of the site was told since.
    pub fn has_pending_events(&mut self) -> bool {
        while let Ok(wake) = self.wakes.try_recv() {
            self.early.push_back(wake);
        }
        self.early.iter().any(|wake| match wake {
            WatchEvent::Touched(touch) => Dirty::name(&self.root, &touch.path).is_some(),
            WatchEvent::Differing(_) | WatchEvent::Lost | WatchEvent::Everything => false,
        })
    }

    /// Whether something waits to be looked at.
    pub fn pending(&self) -> bool {
        !self.again.is_empty()
    }

    /// Watches all that is read, because the root may be another folder by now.
    pub fn rewatch(&mut self) {
        self.follow(&BTreeSet::from([String::new()]));
    }

    fn next(&mut self, patience: Duration) -> Result<WatchEvent, RecvTimeoutError> {
        match self.early.pop_front() {
            Some(wake) => Ok(wake),
            None => self.wakes.recv_timeout(patience),
        }
    }

    fn once_more(&mut self) -> Option<RescanScope> {
        let again = std::mem::take(&mut self.again);
        (!again.is_empty()).then_some(RescanScope::Read(Dirty::Paths(again)))
    }

    fn note(&mut self, touch: Touch, paths: &mut BTreeSet<String>, writing: &mut BTreeSet<String>) {
        let Some(name) = Dirty::name(&self.root, &touch.path) else { return };
        match touch.how {
            How::Writing => drop(writing.insert(name.clone())),
            How::Written => drop(writing.remove(&name)),
            How::Folder => drop(self.again.insert(name.clone())),
            How::Other => {}
        }
        paths.insert(name);
    }

    /// Watches the folders that are read, again when one of them was touched: it may be another one now.
    fn follow(&mut self, paths: &BTreeSet<String>) {
        let Some(watcher) = &mut self.watcher else { return };
        let mut failed = None;
        if paths.contains("") {
            // Only for the names in it: what else lies beside the site is nobody's business.
            failed = watcher.watch(&self.root, RecursiveMode::NonRecursive).err();
        }
        for top in ["content", "themes", "static"] {
            let folder = self.root.join(top);
            if (paths.contains("") || paths.contains(top)) && folder.is_dir() {
                // It may not have been watched before.
                let _ = watcher.unwatch(&folder);
                failed = failed.or(watcher.watch(&folder, RecursiveMode::Recursive).err());
                self.again.insert(top.to_string());
            }
        }
        // The root may be gone for a moment; what is too much for the system stays so.
        if let Some(error) = failed.filter(|error| !matches!(error.kind, notify::ErrorKind::PathNotFound)) {
            self.silent = Some(error.to_string());
            self.watcher = None;
        }
    }
}

/// Reading a file is told, too; it is no change.
fn told(event: notify::Result<Event>, tell: &Sender<WatchEvent>) {
    let wakes: Vec<WatchEvent> = match event {
        Err(_) => vec![WatchEvent::Lost],
        Ok(event) if event.need_rescan() => vec![WatchEvent::Lost],
        Ok(event) => {
            let ends_are_told = cfg!(target_os = "linux");
            let how = match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => How::Written,
                EventKind::Access(_) => return,
                EventKind::Create(CreateKind::Folder) => How::Folder,
                EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)) if ends_are_told => {
                    How::Writing
                }
                EventKind::Modify(ModifyKind::Name(_)) => How::Folder,
                _ => How::Other,
            };
            event.paths.into_iter().map(|path| WatchEvent::Touched(Touch { path, how })).collect()
        }
    };
    for wake in wakes {
        // Nobody listens any more when the session has ended.
        let _ = tell.send(wake);
    }
}
