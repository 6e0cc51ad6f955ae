//! `fineprint build`: the site on disk. In: the site's folder, where to, the day. Out: the folder, a summary.
//! Must not know: how pages are made.

use super::{Outcome, counted, read_site};
use crate::cli::Build;
use crate::compiler::Purpose;
use crate::diagnostic::stops;
use crate::error::{Error, Result};
use crate::plan::Task;
use crate::publish::{self, Job};
use crate::timeline::{Event, EventKind};
use anstream::eprintln;
use rayon::prelude::*;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// From so many tasks on, a build says how far it is.
const LONG: usize = 1500;

pub fn run(site_folder: &Path, arguments: Build) -> Result<Outcome> {
    let start = Instant::now();
    let out = output_folder(site_folder, &arguments.out)?;
    let mut site = read_site(site_folder, &arguments.as_of)?;
    let date = site.timeline.date;
    let done = site.render(Purpose::Site { drafts: arguments.drafts }, |renderer| {
        let tasks = &renderer.plan.tasks;
        let job = |(index, task): (usize, &Task)| Job {
            phase: task.kind.phase(),
            outputs: task.outputs.clone(),
            fingerprint: renderer.fingerprint(index),
        };
        let jobs: Vec<Job> = tasks.par_iter().enumerate().map(job).collect();
        let progress = Progress::new(jobs.len());
        let done = publish::publish(&out, &date.to_string(), &jobs, |index| {
            let made = renderer.make(index)?;
            progress.step();
            Ok((!renderer.failed()).then_some(made))
        });
        progress.end();
        let pages = renderer.plan.claims.keys().filter(|path| path.ends_with(".html")).count();
        Ok(done?.map(|done| (done, pages)))
    })?;
    let Some((done, pages)) = done.flatten() else {
        eprintln!("Nothing was written.");
        return Ok(Outcome::Findings);
    };
    let (center, timeline) = (&site.center, &site.timeline);
    eprintln!(
        "Built {} ({}, {} new or changed, {} removed) into {} in {:.2} s, as of {date}.",
        counted(pages, "page", "pages"),
        counted(done.files, "file", "files"),
        done.written,
        done.removed,
        arguments.out.display(),
        start.elapsed().as_secs_f64(),
    );
    if stops(&site.findings) {
        eprintln!("Drafts are not published, so their errors do not stop a build; they stop `fineprint release`.");
    }
    for left in &done.left {
        eprintln!("Left alone, because somebody changed it: {left}");
    }
    for notice in timeline.open_notices() {
        let document = &center.documents[notice.document];
        eprintln!(
            "Open notice: {} {}, announced on {}, takes effect on {}.",
            document.slug, document.versions[notice.version].id, notice.published, notice.effective
        );
    }
    for (index, document) in center.documents.iter().enumerate() {
        if timeline.documents[index].states.is_empty() && document.draft.is_some() && !arguments.drafts {
            eprintln!("Not published: {} has a draft and no released version; see it with --drafts.", document.slug);
        }
    }
    match timeline.events.first() {
        Some(event) => eprintln!("Next rebuild due: {} ({}).", event.date, happening(event)),
        None => eprintln!("No rebuild is due: nothing more is scheduled."),
    }
    Ok(Outcome::Done)
}

/// What happens on a day, in a few words.
pub fn happening(event: &Event) -> String {
    let of = match &event.version {
        Some(version) => format!("{} {version}", event.of),
        None => event.of.clone(),
    };
    let what = match event.what {
        EventKind::Announced => "is announced",
        EventKind::TakesEffect => "takes effect",
        EventKind::Withdrawn => "is withdrawn",
        EventKind::ProcessorStarts => "starts",
        EventKind::ProcessorEnds => "ends",
    };
    format!("{of} {what}")
}

/// The output folder, relative to the site; never the site itself, nor a part of it that is read.
pub(super) fn output_folder(site: &Path, out: &Path) -> Result<PathBuf> {
    let full = site.join(out);
    let real_site = site.canonicalize().map_err(|error| Error::io("open the site's folder", site, error))?;
    let mut known = full.clone();
    let mut rest = Vec::new();
    // The part that exists, made absolute, and the part that does not.
    let real = loop {
        match known.canonicalize() {
            Ok(real) => break rest.iter().rev().fold(real, |path: PathBuf, part| path.join(part)),
            Err(_) => match (known.file_name().map(|name| name.to_os_string()), known.parent()) {
                (Some(name), Some(parent)) => {
                    rest.push(name);
                    known = if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_path_buf() };
                }
                _ => break full.clone(),
            },
        }
    };
    let read = ["content", "themes", "static"].iter().any(|part| real.starts_with(real_site.join(part)));
    if read || real_site.starts_with(&real) {
        return Err(Error::refused(format!(
            "the output folder `{}` is part of the site; name another with `--out`",
            out.display()
        )));
    }
    Ok(full)
}

/// How far a long build is, on a terminal only.
struct Progress {
    total: usize,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    fn new(total: usize) -> Progress {
        Progress { total, done: AtomicUsize::new(0), shown: total >= LONG && std::io::stderr().is_terminal() }
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && done.is_multiple_of((self.total / 50).max(1)) {
            // A lost progress line is no reason to stop.
            let _ = write!(std::io::stderr(), "\rBuilding: {} %", done * 100 / self.total);
        }
    }

    fn end(&self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r              \r");
        }
    }
}
