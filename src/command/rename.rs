//! `fineprint rename`: a document gets another name and keeps its history. In: a site, two names. Out: a request, words about
//! what was done. Must not know: how files reach the site whole.

use super::record::{Verb, finished, perform};
use super::{Outcome, tell};
use crate::cli::Rename;
use crate::error::{Error, Result};
use crate::plan::address;
use crate::record::RecordAct;
use crate::release::ActRequest;
use std::collections::BTreeMap;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Rename) -> Result<Outcome> {
    let name = &arguments.name;
    let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(shape) {
        return Err(Error::refused(format!(
            "`{name}` cannot be part of an address; name the document with lower-case letters, digits and hyphens"
        )));
    }
    let command = format!("rename {} {name}", arguments.document);
    let verb = Verb { command: &command, done: "renamed", needs_drafts: false };
    let done = perform(site_folder, &verb, &arguments.recording, |site, _| {
        let center = &site.center;
        let language = center.languages.iter().any(|language| language.tag().eq_ignore_ascii_case(name));
        let register = center.registers.contains_key(name);
        if address::RESERVED.contains(&name.as_str()) || language || register {
            return Err(Error::refused(format!(
                "`/{name}/` is an address of the site itself; choose another name for the document"
            )));
        }
        let known = center.ledger.of(name).next().is_some();
        if !known && center.tree.below(&format!("content/{name}/")).next().is_some() {
            return Err(Error::refused(format!(
                "`content/{name}/` is already there; move it elsewhere, or choose another name"
            )));
        }
        let act = RecordAct::Rename { document: arguments.document.clone(), name: name.clone() };
        Ok(ActRequest { act, said: BTreeMap::new(), clock_justification: None })
    })?;
    if let Some((prepared, site)) = &done {
        tell::tell(prepared, &site.center, arguments.recording.dry_run);
    }
    Ok(finished(done.is_some()))
}
