//! `fineprint evidence`: a pack that shows what a version said and when.
//!
//! In: a document, a version, where to. Out: an archive. Must not know: what is in it.

use super::{Outcome, Site, counted, read_site, report};
use crate::cli::Evidence;
use crate::error::{Error, Result};
use crate::evidence;
use crate::plan::{Options, Plan};
use crate::publish::hand_out;
use crate::render::Renderer;
use crate::theme::load_theme;
use crate::timeline::{State, Timeline};
use anstream::eprintln;
use jiff::civil::Date;
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
    let date = site.timeline.date;
    let version = match (&arguments.version, arguments.on) {
        (Some(id), _) => super::version(&site.center, document, id)?,
        (None, on) => in_force(&site, document, on.unwrap_or(date))?,
    };
    let id = &site.center.documents[document].versions[version].id;
    if site.timeline.documents[document].states[version] == State::Scheduled {
        return Err(Error::refused(format!(
            "`{}` {} is not published before {}; as of {date} there is nothing to show",
            arguments.document, id, site.center.documents[document].versions[version].published
        )));
    }
    let plan = Plan::new(
        &site.center,
        &site.timeline,
        Options { drafts: false, assets: theme.asset_paths() },
        &mut site.findings,
    );
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

/// The version that was in force on a day that has come.
fn in_force(site: &Site, document: usize, on: Date) -> Result<usize> {
    let (slug, date) = (&site.center.documents[document].slug, site.timeline.date);
    if on > date {
        return Err(Error::refused(format!("{on} has not come as of {date}: what will be in force then may change")));
    }
    Timeline::at(&site.center, on).documents[document].in_force.ok_or_else(|| {
        let first = site.center.documents[document].versions.first().map(|version| version.effective.to_string());
        let first = first.unwrap_or_else(|| "no day".into());
        Error::refused(format!("no version of `{slug}` was in force on {on}; the first took effect on {first}"))
    })
}
