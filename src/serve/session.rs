//! A site under somebody's hands: numbered generations, each swapped in whole.
//!
//! In: a folder, a way to tell the time. Out: the newest generation to whoever asks, at once or when there is a newer one.
//! A site that cannot be read keeps the pages of the last one that could, beside what is wrong now. Must not know: requests.

use super::poller::{PollRequest, poller};
use super::view::{Memory, Site, View};
use super::watch::{RescanScope, WatchEvent, Watcher};
use crate::center::{Settings, settings};
use crate::check::Depth;
use crate::compiler::{Compilation, Compiler};
use crate::diagnostic::{Diagnostic, Severity, rule};
use crate::error::Result;
use crate::source::{Digest, Dirty, Hasher, Scanner, SourceTree};
use crate::timeline::Timeline;
use jiff::civil::Date;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long a change is kept back while others are told.
const KEPT_BACK: Duration = Duration::from_millis(400);
/// How soon a folder that had just come to be is looked at once more.
const ONCE_MORE: Duration = Duration::from_millis(100);
/// How often it is asked whether midnight has passed.
const CLOCK: Duration = Duration::from_secs(1);
/// Maximum wait for the first check of all drafts. After it, the session reports the findings that it has.
const FIRST_CHECK: Duration = Duration::from_secs(20);
/// Days other than today that are kept ready.
const DAYS: usize = 6;

/// Functions that a session gets from outside: the clock and the folder's state.
pub struct SessionContext {
    pub now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// The day for which to show the site, in its time zone.
    pub today: Box<dyn Fn(&Settings) -> Date + Send + Sync>,
    /// Findings about the directory itself, such as an interrupted release.
    pub also: Also,
}

pub type Also = Box<dyn Fn(&mut Vec<Diagnostic>) + Send + Sync>;
/// A day, and whether drafts are shown.
type Which = (Date, bool);

/// The site as it was read at one moment.
pub struct Generation {
    pub number: u64,
    /// None when there never was a site as somebody meant it.
    pub views: Option<Arc<Views>>,
    /// Pages are those of an earlier generation, because this one cannot be shown.
    pub behind: bool,
    /// Drafts are still to be checked; the next generation has what is wrong with them.
    pub pending: bool,
    /// Findings of this generation. Findings of pages are added when the pages are made.
    pub findings: Vec<Diagnostic>,
    /// Failure outside the user's text.
    pub trouble: Option<String>,
    /// The files as they were read, for excerpts.
    pub tree: SourceTree,
    /// How long it took to read and check them.
    pub took: Duration,
}

impl Generation {
    /// True if everything was looked at, because nothing hides the site.
    pub fn is_whole(&self) -> bool {
        self.views.is_some() && !self.behind
    }

    /// Digest of the files that pages load under names that stay when they change.
    pub fn statics(&self) -> Digest {
        let mut hasher = Hasher::default();
        for file in self.tree.below("static/") {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
        hasher.finish()
    }

    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// A site on several days, with and without drafts.
pub struct Views {
    pub site: Arc<Site>,
    pub today: Date,
    made: Mutex<Vec<(Which, Arc<View>)>>,
}

impl Views {
    /// The site on a day.
    pub fn on(&self, day: Date, drafts: bool) -> Result<Arc<View>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, view)) = made.iter().find(|(key, _)| *key == (day, drafts)) {
            return Ok(view.clone());
        }
        let timeline = Timeline::at(&self.site.center, day);
        let view = Arc::new(View::new(self.site.clone(), timeline, drafts, &Memory::default(), &mut Vec::new())?);
        if made.len() > DAYS {
            // The first is today's.
            made.remove(1);
        }
        made.push(((day, drafts), view.clone()));
        Ok(view)
    }
}

pub struct Session {
    /// Differs from any other session's, so that a page knows that the program was started anew.
    pub instance: String,
    current: Mutex<Arc<Generation>>,
    changed: Condvar,
    wake: Sender<WatchEvent>,
    ask: Sender<PollRequest>,
    /// Held while a generation is made.
    rebuild_lock: Mutex<()>,
    pub root: PathBuf,
    pub surroundings: SessionContext,
}

impl Session {
    pub fn current(&self) -> Arc<Generation> {
        self.lock().clone()
    }

    /// Waits for a generation other than the one with a number, so long at most.
    pub fn other_than(&self, number: u64, patience: Duration) -> Arc<Generation> {
        let guard = self.lock();
        let (guard, _) = self
            .changed
            .wait_timeout_while(guard, patience, |generation| generation.number == number)
            .unwrap_or_else(PoisonError::into_inner);
        guard.clone()
    }

    /// The newest generation, after a wait for the first check of all drafts.
    pub fn checked(&self) -> Arc<Generation> {
        let guard = self.lock();
        let (guard, _) = self
            .changed
            .wait_timeout_while(guard, FIRST_CHECK, |generation| generation.pending)
            .unwrap_or_else(PoisonError::into_inner);
        guard.clone()
    }

    /// Asks for a look at the whole folder.
    pub fn look(&self) {
        // A session that has ended needs no look.
        let _ = self.ask.send(PollRequest::Now);
    }

    /// Tells what was found to be other than in the newest generation.
    pub fn wake(&self, wake: WatchEvent) {
        // Nor does it need to know.
        let _ = self.wake.send(wake);
    }

    /// Returns when no generation is being made.
    pub fn wait_until_idle(&self) {
        drop(self.rebuild_lock.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Generation>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn swap(&self, generation: Generation) {
        *self.lock() = Arc::new(generation);
        self.changed.notify_all();
    }
}

/// The hand that makes generations.
pub struct Rebuilder {
    session: Arc<Session>,
    watch: Watcher,
    scanner: Scanner,
    compiler: Compiler,
    views: Memory,
    /// Digest of the last theme with which no page failed, and the findings of its files.
    tried: Option<(Digest, Vec<Diagnostic>)>,
    /// Since when there is something that the newest generation does not show.
    kept_back: Option<Instant>,
    /// Receiver of requests to the poller, until it starts.
    asked: Option<Receiver<PollRequest>>,
}

impl Rebuilder {
    /// Reads a site for the first time. What is wrong with it is in the generation; it starts whatever is wrong.
    pub fn start(root: &Path, poll: bool, surroundings: SessionContext) -> Rebuilder {
        let started = (surroundings.now)();
        let mut scanner = Scanner::new(root);
        let ((mut watch, wake), scanned) = std::thread::scope(|scope| {
            // Watches are set while files are read; what changed in between shows when it is looked at once more.
            let watch = scope.spawn(|| Watcher::new(root, poll));
            let scanned = scanner.scan(&Dirty::All, Some(started));
            (watch.join().unwrap_or_else(|_| Watcher::new(root, true)), scanned)
        });
        let (ask, asked) = channel();
        let seconds = started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        let empty = Generation {
            number: 0,
            views: None,
            behind: false,
            pending: true,
            findings: Vec::new(),
            trouble: None,
            tree: SourceTree::default(),
            took: Duration::ZERO,
        };
        let session = Arc::new(Session {
            instance: format!("{seconds:x}"),
            current: Mutex::new(Arc::new(empty)),
            changed: Condvar::new(),
            wake,
            ask,
            rebuild_lock: Mutex::default(),
            root: root.to_path_buf(),
            surroundings,
        });
        if poll {
            watch.silent = None;
        }
        let mut rebuilder = Rebuilder {
            session,
            watch,
            scanner,
            compiler: Compiler::default(),
            views: Memory::default(),
            tried: None,
            kept_back: None,
            asked: Some(asked),
        };
        // Pages can be shown before every draft was checked.
        rebuilder.next(scanned.err().map(|error| error.to_string()), Depth::Record);
        rebuilder
    }

    pub fn session(&self) -> Arc<Session> {
        self.session.clone()
    }

    /// Why the system does not tell of changes, if it should.
    pub fn silent(&self) -> Option<&str> {
        self.watch.silent.as_deref()
    }

    /// Follows the folder for as long as the program lives.
    pub fn keep(mut self) -> ! {
        if let Some(asked) = self.asked.take() {
            let session = self.session.clone();
            // Without a thread for it there is what the system tells.
            drop(std::thread::Builder::new().name("poller".into()).spawn(move || poller(&session, &asked)));
        }
        let session = self.session.clone();
        let rebuild_lock = || session.rebuild_lock.lock().unwrap_or_else(PoisonError::into_inner);
        if session.current().pending {
            let _rebuilding = rebuild_lock();
            self.next(None, Depth::Drafts);
        }
        let mut often = false;
        loop {
            if !self.watch.notifies() && !often {
                often = true;
                // The poller ends with the program.
                let _ = session.ask.send(PollRequest::Often);
            }
            let patience = if self.watch.pending() { ONCE_MORE } else { CLOCK };
            let scanner = &self.scanner;
            let told = self.watch.wait(patience, &|name| scanner.holds(name));
            let _rebuilding = rebuild_lock();
            self.round(told);
        }
    }

    /// Reads what was told, and makes a generation of it if it differs.
    fn round(&mut self, told: Option<RescanScope>) {
        let dirty = match told {
            Some(RescanScope::Read(dirty)) => Some(dirty),
            Some(RescanScope::Lost) => {
                self.session.look();
                None
            }
            None => None,
        };
        let current = self.session.current();
        let now = (self.session.surroundings.now)();
        match dirty.map(|dirty| self.scanner.scan(&dirty, Some(now))) {
            Some(Err(error)) => {
                let trouble = error.to_string();
                if current.trouble.as_ref() != Some(&trouble) {
                    self.next(Some(trouble), Depth::Drafts);
                }
            }
            Some(Ok(_)) if current.trouble.is_some() => {
                // Another folder may stand in the root's place.
                self.watch.rewatch();
                self.next(None, Depth::Drafts);
            }
            Some(Ok(true)) => self.next(None, Depth::Drafts),
            // Midnight is a change, too.
            _ if self.kept_back.is_some() || self.another_day(&current) => self.next(None, Depth::Drafts),
            _ => {}
        }
    }

    fn another_day(&self, current: &Generation) -> bool {
        current
            .views
            .as_ref()
            .is_some_and(|views| (self.session.surroundings.today)(&views.site.center.settings) != views.today)
    }

    fn next(&mut self, trouble: Option<String>, depth: Depth) {
        let start = Instant::now();
        let before = self.session.current();
        let number = before.number + 1;
        if trouble.is_some() {
            let generation = Generation {
                number,
                views: before.views.clone(),
                behind: true,
                pending: false,
                findings: Vec::new(),
                trouble,
                tree: before.tree.clone(),
                took: start.elapsed(),
            };
            self.kept_back = None;
            return self.session.swap(generation);
        }
        let tree = self.scanner.tree();
        // A fault of the program must not end the session.
        let read = catch_unwind(AssertUnwindSafe(|| self.read(tree.clone(), depth)));
        let (mut findings, views, trouble) = match read {
            Ok(read) => read,
            Err(_) => {
                let trouble = "fineprint failed while it read the site; please report this";
                (Vec::new(), None, Some(trouble.to_string()))
            }
        };
        // One change seldom comes alone: what others already follow would be seen for a moment only, or half.
        let since = *self.kept_back.get_or_insert(start);
        if !before.pending && self.watch.has_pending_events() && since.elapsed() < KEPT_BACK {
            return;
        }
        self.kept_back = None;
        (self.session.surroundings.also)(&mut findings);
        Diagnostic::sort(&mut findings);
        let hidden = trouble.is_some() || views.is_none() || findings.iter().any(blocks_preview);
        // What else was found may only follow from it.
        if let Some(cause) = [is_protected, blocks_preview].into_iter().find(|cause| findings.iter().any(cause)) {
            findings.retain(cause);
        }
        let behind = hidden && before.views.is_some();
        let views = if hidden { before.views.clone() } else { views };
        let pending = depth == Depth::Record;
        let took = start.elapsed();
        self.session.swap(Generation { number, views, behind, pending, findings, trouble, tree, took });
    }

    fn read(&mut self, tree: SourceTree, depth: Depth) -> (Vec<Diagnostic>, Option<Arc<Views>>, Option<String>) {
        let mut findings: Vec<Diagnostic> = self.scanner.findings().collect();
        let today = &self.session.surroundings.today;
        let compiled = self.compiler.compile(tree, |settings| today(settings), depth, &mut findings);
        let Compilation { center, timeline, checked } = compiled;
        let today = timeline.date;
        let Some(theme) = self.compiler.theme(&center, &mut findings) else { return (findings, None, None) };
        let (texts, comparisons) = (self.compiler.texts.clone(), self.compiler.comparisons.clone());
        let drafts = checked.texts().into_iter().map(|text| (text.path.clone(), text)).collect();
        let site = Arc::new(Site { center, theme, texts, comparisons, drafts });
        match View::new(site.clone(), timeline, true, &self.views, &mut findings) {
            Ok(view) => {
                if depth == Depth::Drafts {
                    findings.extend(self.tried(&view));
                }
                // What was found in the plan and on the theme's pages is settled with this.
                self.compiler.check_links(view.plan(), &checked, &view.site().theme, &mut findings);
                let made = Mutex::new(vec![((today, true), Arc::new(view))]);
                (findings, Some(Arc::new(Views { site, today, made })), None)
            }
            Err(error) => (findings, None, Some(error.to_string())),
        }
    }

    /// Returns the findings of trying the theme. It is tried once if its pages can be made, and otherwise again after every
    /// edit, because the content may be the cause.
    fn tried(&mut self, view: &View) -> Vec<Diagnostic> {
        let mut hasher = Hasher::default();
        hasher.digest(&view.site().theme.digest());
        hasher.digest(&view.center().tree.get(settings::PATH).map_or(Digest::ZERO, |file| file.digest));
        let digest = hasher.finish();
        if let Some((known, found)) = &self.tried
            && *known == digest
        {
            return found.clone();
        }
        let (mut found, failed) = view.try_theme();
        self.tried = failed.is_empty().then(|| (digest, found.clone()));
        let folder: Arc<str> = format!("themes/{}", view.center().settings.theme).into();
        found.extend(failed.into_iter().map(|why| {
            Diagnostic::new("invalid-theme", format!("a page cannot be made: {why}"))
                .at(&folder, 0..0)
                .help("correct the theme's file, or remove it to use the default theme's file")
        }));
        found
    }
}

/// Errors in the settings by which a site would be another one.
const OTHERWISE_SET: &[&str] = &[
    "duplicate-language",
    "invalid-url",
    "missing-key",
    "missing-settings",
    "unknown-key",
    "unknown-language",
    "unknown-theme",
    "unknown-timezone",
    "wrong-type",
];

/// An error in the record, in what is read, in the settings, or in the theme: what would be shown is not what is meant.
fn blocks_preview(finding: &Diagnostic) -> bool {
    let in_settings = finding.primary.as_ref().is_some_and(|label| &*label.path == settings::PATH);
    is_protected(finding)
        || (finding.severity == Severity::Error && in_settings && OTHERWISE_SET.contains(&finding.code))
}

fn is_protected(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && rule(finding.code).is_some_and(|rule| rule.is_protected)
}
