//! `fineprint withdraw`: an announced version is taken back, or the announced end of a document. In: a site, a version, a reason.
//! Out: a request, words about what was done. Must not know: how files reach the site whole.

use super::record::{Verb, finished, perform, words};
use super::{Outcome, tell};
use crate::cli::{DependantsHow, Withdraw};
use crate::error::Result;
use crate::record::{Dependants, RecordAct};
use crate::release::{ActRequest, Said};
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Withdraw) -> Result<Outcome> {
    let command = format!("withdraw {} {}", arguments.document, arguments.version);
    // A draft that is being worked on is no reason to keep an announcement standing.
    let verb = Verb { command: &command, done: "withdrawn", needs_drafts: false };
    let done = perform(site_folder, &verb, &arguments.recording, |site, _| {
        let document = arguments.document.clone();
        let reason = words(&site.center, std::slice::from_ref(&document), &arguments.reason)?.remove(&document);
        let dependants = arguments.dependants.map(|how| match how {
            DependantsHow::Withdraw => Dependants::Withdraw,
            DependantsHow::Rebase => Dependants::Rebase,
        });
        let act = match arguments.version.as_str() {
            "retirement" => RecordAct::KeepOn { document: document.clone() },
            version => RecordAct::Withdraw { document: document.clone(), version: version.to_string(), dependants },
        };
        let said = [(document, Said { reason, ..Said::default() })].into();
        Ok(ActRequest { act, said, clock_justification: None })
    })?;
    if let Some((prepared, site)) = &done {
        tell::tell(prepared, &site.center, arguments.recording.dry_run);
    }
    Ok(finished(done.is_some()))
}
