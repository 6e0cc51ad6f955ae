//! `fineprint build`: the site on disk. In: the site's folder, where to, the day. Out: the folder, a summary.
//! Must not know: how pages are made.

use super::{Outcome, Site, counted, read_site, report};
use crate::cli::Build;
use crate::command::console::eprintln;
use crate::compiler::Purpose;
use crate::diagnostic::stops;
use crate::error::{Error, Result};
use crate::hosts::Host;
use crate::plan::Task;
use crate::publish::{self, Job, Maker, Report};
use crate::render::Renderer;
use crate::source::{Digest, Hasher};
use crate::timeline::{Event, EventKind};
use crate::view::Output;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Number of tasks from which a build reports its progress.
const LONG: usize = 1500;

pub fn run(site_folder: &Path, arguments: Build) -> Result<Outcome> {
    let start = Instant::now();
    let out = output_folder(site_folder, &arguments.out)?;
    let mut site = read_site(site_folder, &arguments.as_of)?;
    let date = site.timeline.date;
    site.compiler.hosts = hosts_of(&arguments);
    if let Some(target) = &arguments.against
        && !super::verify::continues(&site.center, &site.timeline, target)?
    {
        eprintln!("Nothing was written: this build would replace a record that it does not continue.");
        return Ok(Outcome::Findings);
    }
    let inputs = inputs(&site, &arguments);
    let done = match publish::up_to_date(&out, inputs)? {
        Some(done) => {
            report(&site.findings, &site.center);
            Some(done)
        }
        None => build(&mut site, &out, &arguments, inputs)?,
    };
    let Some(done) = done else {
        eprintln!("Nothing was written.");
        return Ok(Outcome::Findings);
    };
    let (center, timeline) = (&site.center, &site.timeline);
    eprintln!(
        "Built {} ({}, {} new or changed, {} removed) into {} in {:.2} s, as of {date}.",
        counted(done.pages, "page", "pages"),
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
        eprintln!("Kept, because it was changed after the last build: {left}");
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
            eprintln!("Not published: {} has a draft but no released version; use --drafts to see it.", document.slug);
        }
    }
    match timeline.events.first() {
        Some(event) => eprintln!("Next rebuild due on {} ({}).", event.date, happening(event)),
        None => eprintln!("No rebuild is due: nothing is scheduled."),
    }
    Ok(Outcome::Done)
}

/// Returns the hosts that were named, each once.
fn hosts_of(arguments: &Build) -> Vec<Host> {
    let mut hosts = arguments.host.clone();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// Brings the output folder to the site. None when a finding stops it.
fn build(site: &mut Site, out: &Path, arguments: &Build, inputs: Digest) -> Result<Option<Report>> {
    let date = site.timeline.date.to_string();
    let done = site.render(Purpose::Site { drafts: arguments.drafts }, |renderer| {
        let job = |task: &Task| Job { phase: task.kind.phase(), outputs: task.outputs.clone() };
        let jobs: Vec<Job> = renderer.plan.tasks.iter().map(job).collect();
        let maker = Pages { renderer, inputs, progress: Progress::new(jobs.len()) };
        let done = publish::publish(out, &date, &jobs, &renderer.plan.order(), &maker);
        maker.progress.end();
        done
    })?;
    Ok(done.flatten())
}

/// Digest of everything that a build is made from.
fn inputs(site: &Site, arguments: &Build) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(env!("FINEPRINT_BUILD").as_bytes()).part(format!("{arguments:?}").as_bytes());
    hasher.part(site.timeline.date.to_string().as_bytes()).digest(&site.center.tree.digest());
    hasher.finish()
}

/// Makes the outputs of tasks, and says how far it is.
struct Pages<'r, 'p, 'c> {
    renderer: &'r Renderer<'p, 'c>,
    inputs: Digest,
    progress: Progress,
}

impl Maker for Pages<'_, '_, '_> {
    type View = Vec<Output>;

    fn view(&self, job: usize) -> Result<(Digest, Vec<Output>)> {
        let view = self.renderer.view(job)?;
        Ok((self.renderer.fingerprint(&view), view))
    }

    fn make(&self, job: usize, view: Vec<Output>) -> Result<Option<publish::OutputFiles>> {
        let made = self.renderer.make_from(job, view)?;
        self.progress.step();
        Ok((!self.renderer.failed()).then_some(made))
    }

    fn inputs(&self) -> Option<Digest> {
        self.renderer.is_quiet().then_some(self.inputs)
    }
}

/// Returns a few words for what happens on a day.
pub fn happening(event: &Event) -> String {
    let subject = match &event.version {
        Some(version) => format!("{} {version}", event.subject),
        None => event.subject.clone(),
    };
    let verb = match event.kind {
        EventKind::Announced => "is announced",
        EventKind::TakesEffect => "takes effect",
        EventKind::Withdrawn => "is withdrawn",
        EventKind::Ends => "ends",
        EventKind::ProcessorStarts => "starts",
        EventKind::ProcessorEnds => "ends",
    };
    format!("{subject} {verb}")
}

/// The output folder, relative to the site; never the site itself, nor a part of it that is read.
pub(super) fn output_folder(site: &Path, out: &Path) -> Result<PathBuf> {
    let full = site.join(out);
    let real_site = site.canonicalize().map_err(|error| Error::io("open the site's directory", site, error))?;
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
            "the output directory `{}` is part of the site; choose another one with `--out`",
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
