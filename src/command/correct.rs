//! `fineprint correct`: what was said about a version is put right; its frozen words stay. In: a site, a version, what is right.
//! Out: a request, words about what was done. Must not know: how files reach the site whole.

use super::record::{Verb, finished, perform, words};
use super::{Outcome, tell};
use crate::cli::Correct;
use crate::error::{Error, Result};
use crate::record::{RecordAct, Significance};
use crate::release::{ActRequest, Said};
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Correct) -> Result<Outcome> {
    let significance = match (arguments.material, arguments.minor, arguments.editorial) {
        (true, ..) => Some(Significance::Material),
        (_, true, _) => Some(Significance::Minor),
        (.., true) => Some(Significance::Editorial),
        _ => None,
    };
    if significance.is_none() && arguments.summary.is_empty() {
        return Err(Error::refused(
            "say what is right: `--summary \"…\"`, or `--material`, `--minor` or `--editorial`; frozen words are never corrected, release a new version for that",
        ));
    }
    let command = format!("correct {} {}", arguments.document, arguments.version);
    let verb = Verb { command: &command, done: "corrected", needs_drafts: false };
    let done = perform(site_folder, &verb, &arguments.recording, |site, _| {
        let document = arguments.document.clone();
        let name = std::slice::from_ref(&document);
        let mut summary = words(&site.center, name, &arguments.summary)?;
        let mut reason = words(&site.center, name, &arguments.reason)?;
        let said = Said { summary: summary.remove(&document), reason: reason.remove(&document), ..Said::default() };
        let act = RecordAct::Correct {
            document: document.clone(),
            version: arguments.version.clone(),
            significance,
            reasoned: said.reason.as_ref().is_some_and(|reason| !reason.is_empty()),
        };
        Ok(ActRequest { act, said: [(document, said)].into(), clock_justification: None })
    })?;
    if let Some((prepared, site)) = &done {
        tell::tell(prepared, &site.center, arguments.recording.dry_run);
    }
    Ok(finished(done.is_some()))
}
