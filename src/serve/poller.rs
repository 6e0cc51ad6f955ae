//! Looks at the whole folder now and then: what a system forgot to tell shows then, and all where it tells nothing.
//!
//! In: a session, whose files are compared with the disk. Out: names of files that are others by now, to whoever follows the
//! site; an edit that is being read goes first. Must not know: what files mean, what is done about them.

use super::session::Session;
use super::watch::WatchEvent;
use crate::source::ChangeDetector;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often a folder that notifies is looked at nevertheless, at least.
const SELDOM: Duration = Duration::from_secs(10);
/// How often one that does not notify is looked at, at most, and one that cannot be opened.
const OFTEN: Duration = Duration::from_millis(200);
/// A look may take so small a part of the time.
const SHARE: u32 = 20;
/// And one that is not waited for rests so many times as long as it looks.
const RESTS: u32 = 3;

/// What a poller is asked for.
pub enum PollRequest {
    /// A look as soon as can be.
    Now,
    /// The system tells nothing.
    Often,
}

/// Looks for as long as somebody may ask.
pub fn poller(session: &Arc<Session>, asked: &Receiver<PollRequest>) {
    let mut change_detector = ChangeDetector::new(&session.root);
    let mut usual = SELDOM;
    loop {
        let start = Instant::now();
        // Before the look: a file that is written after it is young at the next.
        let now = (session.surroundings.now)();
        let generation = session.current();
        let mut looking = start;
        let differing = change_detector.differing(&generation.tree, now, &mut || {
            if usual == SELDOM {
                std::thread::sleep(looking.elapsed() * RESTS);
            }
            session.wait_until_idle();
            looking = Instant::now();
        });
        let between = if differing.is_ok() { usual } else { OFTEN };
        match differing {
            Ok(names) if generation.trouble.is_none() && names.is_empty() => {}
            Ok(names) if generation.trouble.is_none() => session.wake(WatchEvent::Differing(names)),
            // The root is away, or was: there is more to be done than to read files.
            _ => session.wake(WatchEvent::Everything),
        }
        drop(generation);
        match asked.recv_timeout(between.max(start.elapsed() * SHARE)) {
            Ok(PollRequest::Often) => usual = OFTEN,
            // One look answers all who asked before it.
            Ok(PollRequest::Now) => while asked.try_recv().is_ok_and(|ask| matches!(ask, PollRequest::Now)) {},
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
