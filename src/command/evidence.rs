//! `fineprint evidence`: a pack that shows what a version said and when.
//!
//! In: a document, a version, where to. Out: an archive. Must not know: what is in it.

use super::{Outcome, counted, read_site, report};
use crate::cli::Evidence;
use crate::error::{Error, Result};
use crate::evidence;
use crate::plan::{Options, Plan};
use crate::publish::hand_out;
use crate::render::{Renderer, load_theme};
use crate::timeline::State;
use anstream::eprintln;
use std::path::{Path, PathBuf};

pub fn run(site_folder: &Path, arguments: Evidence) -> Result<Outcome> {
    let mut site = read_site(site_folder, &arguments.as_of)?;
    let theme = load_theme(&site.center, &mut site.findings);
    let Some(theme) = theme.filter(|_| !crate::stops(&site.findings)) else {
        report(&site.findings, &site.center);
        eprintln!("Nothing was written: the record has to be whole before it can show anything.");
        return Ok(Outcome::Findings);
    };
    let document = super::document(&site.center, &arguments.document)?;
    let version = super::version(&site.center, document, &arguments.version)?;
    let date = site.timeline.date;
    if site.timeline.documents[document].states[version] == State::Scheduled {
        return Err(Error::refused(format!(
            "`{}` {} is not published before {}; as of {date} there is nothing to show",
            arguments.document, arguments.version, site.center.documents[document].versions[version].published
        )));
    }
    let plan = Plan::new(&site.center, &site.timeline, Options::new(false, &theme), &mut site.findings);
    let renderer = Renderer::new(&plan, &theme)?;
    let pack = evidence::pack(&renderer, document, version)?;
    if renderer.failed() {
        report(&renderer.findings(), &site.center);
        return Ok(Outcome::Findings);
    }
    let out = arguments.out.unwrap_or_else(|| PathBuf::from(format!("{}.zip", pack.name)));
    let Some(name) = out.file_name().and_then(|name| name.to_str()) else {
        return Err(Error::refused(format!("`{}` names no file; name one with `--out`", out.display())));
    };
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let new = hand_out(parent, &[(name.to_string(), pack.zip)])?;
    let what = if new == 0 { "was there already" } else { "has" };
    eprintln!(
        "{} {what} {}, as of {date}. The last entry of its ledger is {}.",
        out.display(),
        counted(pack.files, "file", "files"),
        pack.last.hex()
    );
    for early in &pack.early {
        eprintln!("Mind before you hand it out: its ledger names {early}, which is not announced yet.");
    }
    Ok(Outcome::Done)
}
