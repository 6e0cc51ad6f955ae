//! `fineprint evidence`: a pack that shows what a version said and when.
//!
//! In: a document, a version, where to. Out: an archive. Must not know: what is in it.

use super::{Outcome, counted, read_site, report};
use crate::center::Center;
use crate::check::record::is_broken;
use crate::cli::Evidence;
use crate::command::console::eprintln;
use crate::diagnostic::stops;
use crate::error::{Error, Result};
use crate::evidence;
use crate::publish::hand_out;
use crate::timeline::{State, Timeline};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

pub fn run(site_folder: &Path, arguments: Evidence) -> Result<Outcome> {
    let site = read_site(site_folder, &arguments.as_of)?;
    let broken: Vec<_> = site.findings.iter().filter(|finding| is_broken(finding)).cloned().collect();
    if stops(&broken) {
        report(&broken, &site.center);
        eprintln!("Nothing was written: the record must be whole before anything of it is packed.");
        return Ok(Outcome::Findings);
    }
    let (document, version) = named(&site.center, &site.timeline, &arguments)?;
    let pack = evidence::pack(&site.center, &site.timeline, document, version)?;
    let date = site.timeline.date;
    let out = arguments.out.unwrap_or_else(|| PathBuf::from(format!("{}.zip", pack.name)));
    let Some(name) = out.file_name().and_then(|name| name.to_str()) else {
        return Err(Error::refused(format!("`{}` is not a file name; use another one with `--out`", out.display())));
    };
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let new = hand_out(parent, &[(name.to_string(), pack.zip)])?;
    let what = if new == 0 { "existed already" } else { "has" };
    eprintln!(
        "{} {what} {}, as of {date}. The last entry of its record is {}.",
        out.display(),
        counted(pack.files, "file", "files"),
        pack.head.hex()
    );
    Ok(Outcome::Done)
}

/// The version that was named, or that was in force on a day.
fn named(center: &Center, timeline: &Timeline, arguments: &Evidence) -> Result<(usize, usize)> {
    let document = super::document(center, &arguments.document)?;
    let date = timeline.date;
    let version = match (&arguments.version, arguments.on) {
        (Some(id), _) => super::version(center, document, id)?,
        (None, on) => in_force(center, document, date, on.unwrap_or(date))?,
    };
    let own = &center.documents[document].versions[version];
    if timeline.documents[document].states[version] == State::Scheduled {
        return Err(Error::refused(format!(
            "`{}` {} is not published until {}; as of {date} there is nothing to show",
            arguments.document, own.id, own.published
        )));
    }
    Ok((document, version))
}

/// The version that was in force on a day that has come.
fn in_force(center: &Center, document: usize, date: Date, on: Date) -> Result<usize> {
    let slug = &center.documents[document].slug;
    if on > date {
        return Err(Error::refused(format!(
            "{on} is in the future as of {date}, and the version in force then may change"
        )));
    }
    Timeline::at(center, on).documents[document].in_force.ok_or_else(|| {
        let first = center.documents[document].versions.first().map(|version| version.effective.to_string());
        let first = first.unwrap_or_else(|| "no day".into());
        Error::refused(format!("no version of `{slug}` was in force on {on}; the first took effect on {first}"))
    })
}
