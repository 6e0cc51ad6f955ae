//! `fineprint retire`: the end of a document is announced. In: a site, a document, a day, a reason. Out: a request, words about
//! what was done. Must not know: how files reach the site whole.

use super::record::{Verb, finished, perform, words};
use super::{Outcome, tell};
use crate::cli::Retire;
use crate::error::{Error, Result};
use crate::record::{EXEMPTIONS, RecordAct};
use crate::release::{ActRequest, Said};
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Retire) -> Result<Outcome> {
    let command = format!("retire {}", arguments.document);
    let verb = Verb { command: &command, done: "retired", needs_drafts: false };
    let done = perform(site_folder, &verb, &arguments.recording, |site, _| {
        let document = arguments.document.clone();
        let name = std::slice::from_ref(&document);
        if let Some(successor) = arguments.successor.as_deref()
            && (successor == document || site.center.document(successor).is_none())
        {
            return Err(Error::refused(format!(
                "there is no other document `{successor}` to have the place of `{document}`"
            )));
        }
        let said = Said {
            reason: words(&site.center, name, &arguments.reason)?.remove(&document),
            exemption_reason: words(&site.center, name, &arguments.exemption_reason)?.remove(&document),
            successor: arguments.successor.clone(),
            ..Said::default()
        };
        let kind = arguments.exemption.as_ref();
        let act = RecordAct::Retire {
            document: document.clone(),
            on: arguments.on,
            exemption: kind.and_then(|kind| EXEMPTIONS.iter().find(|known| *known == kind).copied()),
            reasoned: said.exemption_reason.as_ref().is_some_and(|reason| !reason.is_empty()),
        };
        Ok(ActRequest { act, said: [(document, said)].into(), clock_justification: None })
    })?;
    if let Some((prepared, site)) = &done {
        tell::tell(prepared, &site.center, arguments.recording.dry_run);
    }
    Ok(finished(done.is_some()))
}
