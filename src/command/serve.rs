//! `fineprint serve`: the site in a browser while it is being edited.
//!
//! In: the site's folder, where to listen. Out: a line for each generation, on standard error. Must not know: how it is served.

use super::{Outcome, report_with, say_interrupted, today};
use crate::center::Settings;
use crate::cli::{AsOf, Serve};
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::{Error, Result};
use crate::serve::{self, Generation, Keeper, Surroundings};
use anstream::eprintln;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// What shells give for a program that an interrupt ended.
const INTERRUPTED: i32 = 130;

/// A wait of any length would do.
const LONG: Duration = Duration::from_secs(3600);

pub fn run(site: &Path, arguments: Serve) -> Result<Outcome> {
    let start = Instant::now();
    if !site.is_dir() {
        return Err(Error::refused(format!(
            "there is no folder `{}`; name the site's folder with `--site`",
            site.display()
        )));
    }
    // Nothing is written, so there is nothing to tidy up: an interrupt ends it here and now. A background job of a shell
    // is born with interrupts ignored, hence a handler of our own. Where there can be none, the system's way stays.
    let _ = ctrlc::set_handler(|| std::process::exit(INTERRUPTED));
    // Before anything else: whoever has to choose another port should not wait for a large site.
    let listener = serve::listen(arguments.host, arguments.port).map_err(|(error, free)| {
        let place = std::net::SocketAddr::new(arguments.host, arguments.port);
        let mut message = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("port {} is in use", arguments.port),
            _ => format!("cannot listen on {place}: {error}"),
        };
        if let Some(free) = free {
            message.push_str(&format!("; {free} is free: fineprint serve --port {free}"));
        }
        Error::refused(message)
    })?;
    let address = listener.local_addr().map_err(|error| Error::io("listen for", site, error))?;
    // Fails at once on a bad SOURCE_DATE_EPOCH.
    drop(today(&arguments.as_of)?);
    let keeper = Keeper::start(site, arguments.poll, surroundings(site, arguments.as_of));
    let session = keeper.session();
    let first = session.current();
    if let Some(reason) = keeper.silent() {
        eprintln!("The system does not tell of changes here ({reason}); the folder is looked at again and again.");
    }
    let base = first.views.as_ref().map_or("/", |views| &views.site.center.settings.base_url.path);
    let url = format!("http://{address}{base}");
    eprintln!("Serving {url} after {:.2} s; Ctrl-C ends it.", start.elapsed().as_secs_f64());
    if !address.ip().is_loopback() {
        eprintln!("Everybody who can reach {address} can read the drafts.");
    }
    if arguments.open {
        open(&url);
    }
    drop(first);
    std::thread::spawn(move || keeper.keep());
    let told = session.clone();
    // By itself: a terminal that was stopped must not stop the site.
    std::thread::spawn(move || {
        let mut said = None;
        let mut generation = told.checked();
        loop {
            tell(&generation, &mut said);
            let number = generation.number;
            while generation.number == number {
                generation = told.other_than(number, LONG);
            }
        }
    });
    serve::answer_all(&listener, session)
}

fn surroundings(site: &Path, as_of: AsOf) -> Surroundings {
    let folder: PathBuf = site.to_path_buf();
    Surroundings {
        now: Box::new(SystemTime::now),
        today: Box::new(move |settings: &Settings| match today(&as_of) {
            Ok(today) => today(settings),
            // It was readable when the program began, and nobody can change it since.
            Err(_) => jiff::civil::Date::default(),
        }),
        also: Box::new(move |findings| {
            // What cannot be looked into is said by the scan.
            let _ = say_interrupted(&folder, findings);
        }),
    }
}

fn say(generation: &Generation) {
    report_with(&generation.findings, &|path| generation.tree.kept(path));
    if let Some(trouble) = &generation.trouble {
        eprintln!("{trouble}");
    }
}

/// One line for a generation; findings only when they are others than before.
fn tell(generation: &Generation, said: &mut Option<Vec<Diagnostic>>) {
    let first = said.is_none();
    if said.as_ref() != Some(&generation.findings) || generation.trouble.is_some() {
        say(generation);
        *said = Some(generation.findings.clone());
    }
    let shown = if generation.behind { "; the last good pages stay" } else { "" };
    let count = |severity| generation.findings.iter().filter(|finding| finding.severity == severity).count();
    let done = if first { "Checked" } else { "Read anew" };
    eprintln!(
        "{done} in {:.1} ms: {}, {}{shown}.",
        generation.took.as_secs_f64() * 1000.0,
        super::counted(count(Severity::Error), "error", "errors"),
        super::counted(count(Severity::Warning), "warning", "warnings"),
    );
}

/// The browser of whoever works here; that there is none is no reason to stop.
fn open(url: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let started = std::process::Command::new(program)
        .args(arguments)
        .arg(url)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if started.is_err() {
        eprintln!("No browser could be started; open {url} yourself.");
    }
}
