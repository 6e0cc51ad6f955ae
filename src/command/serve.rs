//! `fineprint serve`: the site in a browser while it is being edited.
//!
//! In: the site's folder, where to listen. Out: a line for each generation, on standard error. Must not know: how it is served.

use super::{Outcome, say_interrupted, show, today};
use crate::center::Settings;
use crate::cli::{AsOf, Serve};
use crate::command::console::eprintln;
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::{Error, Result};
use crate::serve::{self, Generation, Rebuilder, SessionContext};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Exit code that shells report for a program ended by an interrupt.
const INTERRUPTED: i32 = 130;

/// Findings that are told at once.
const SHOWN: usize = 50;
/// A wait of any length would do.
const LONG: Duration = Duration::from_secs(3600);

pub fn run(site: &Path, arguments: Serve) -> Result<Outcome> {
    let start = Instant::now();
    if !site.is_dir() {
        return Err(Error::refused(format!(
            "directory `{}` does not exist; pass the site's directory with `--site`",
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
            message.push_str(&format!("; use --port {free}"));
        }
        Error::refused(message)
    })?;
    let address = listener.local_addr().map_err(|error| Error::io("listen for", site, error))?;
    // Fails at once on a bad SOURCE_DATE_EPOCH.
    drop(today(&arguments.as_of)?);
    let rebuilder = Rebuilder::start(site, arguments.poll, surroundings(site, arguments.as_of));
    let session = rebuilder.session();
    let first = session.current();
    if let Some(reason) = rebuilder.silent() {
        eprintln!("The system does not report changes here ({reason}); polling the directory instead.");
    }
    let base = first.views.as_ref().map_or("/", |views| &views.site.center.settings.base_url.path);
    // No browser goes to the address that stands for all of them.
    let url = match address.ip().is_unspecified() {
        true => format!("http://localhost:{}{base}", address.port()),
        false => format!("http://{address}{base}"),
    };
    eprintln!("Serving {url} after {:.2} s. Stop with Ctrl-C.", start.elapsed().as_secs_f64());
    if !address.ip().is_loopback() {
        eprintln!("Anyone who can reach {address} can read the drafts.");
    }
    if arguments.open {
        open(&url);
    }
    drop(first);
    std::thread::spawn(move || rebuilder.keep());
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

fn surroundings(site: &Path, as_of: AsOf) -> SessionContext {
    let folder: PathBuf = site.to_path_buf();
    SessionContext {
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

/// Prints the new findings, then one line for the generation.
fn tell(generation: &Generation, said: &mut Option<Vec<Diagnostic>>) {
    let first = said.is_none();
    let shown = if generation.behind { "; the last good pages stay" } else { "" };
    if let Some(trouble) = &generation.trouble {
        // Nothing could be read, so nothing is known to be mended.
        eprintln!("{trouble}{shown}");
        said.get_or_insert_default();
    } else {
        let before = said.take().unwrap_or_default();
        let new = beyond(&generation.findings, &before);
        let gone = if generation.is_whole() { beyond(&before, &generation.findings) } else { Vec::new() };
        show_some(&new, generation);
        // While a site is hidden, the rest was not looked at: it is neither gone nor new when it comes back.
        *said = Some(match generation.is_whole() {
            true => generation.findings.clone(),
            false => before.into_iter().chain(new.iter().cloned()).collect(),
        });
        let (new, gone) = (counting(&new), counting(&gone));
        let done = if first { "Checked" } else { "Read again" };
        let count = |severity| generation.findings.iter().filter(|finding| finding.severity == severity).count();
        let parts = [(new, "new"), (gone, "gone")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        let change = if first || parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        eprintln!(
            "{done} in {:.1} ms: {}, {}{change}{shown}.",
            generation.took.as_secs_f64() * 1000.0,
            super::counted(count(Severity::Error), "error", "errors"),
            super::counted(count(Severity::Warning), "warning", "warnings"),
        );
    }
}

/// The gravest of them, so many as can be read.
fn show_some(findings: &[Diagnostic], generation: &Generation) {
    let mut shown = findings.to_vec();
    shown.sort_by_key(|finding| finding.severity);
    let more = shown.len().saturating_sub(SHOWN);
    shown.truncate(SHOWN);
    show(&shown, &|path| generation.tree.kept(path));
    if more > 0 {
        eprintln!("And {} more; `fineprint check` lists all of them.", super::counted(more, "finding", "findings"));
    }
}

/// Returns the findings that are new, wherever their places have moved.
fn beyond(some: &[Diagnostic], others: &[Diagnostic]) -> Vec<Diagnostic> {
    fn key(finding: &Diagnostic) -> (&str, Severity, Option<&str>, &str) {
        let path = finding.primary.as_ref().map(|label| &*label.path);
        (finding.code, finding.severity, path, finding.message.as_str())
    }
    let mut known: HashMap<_, usize> = HashMap::new();
    for other in others {
        *known.entry(key(other)).or_default() += 1;
    }
    let mut out = Vec::new();
    for finding in some {
        match known.get_mut(&key(finding)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => out.push(finding.clone()),
        }
    }
    out
}

/// Hints are no news.
fn counting(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|finding| finding.severity != Severity::Info).count()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_moved_is_no_news_and_what_came_twice_is() {
        let at = |code, message: &str, at: usize| Diagnostic::new(code, message).at(&"a.md".into(), at..at + 1);
        let before = [at("unknown-fact", "one", 5), at("unknown-fact", "two", 9)];
        let after = [at("unknown-fact", "one", 7), at("unknown-fact", "one", 8), at("broken-anchor", "one", 9)];
        let spans = |findings: Vec<Diagnostic>| -> Vec<usize> {
            findings.iter().filter_map(|finding| finding.primary.as_ref()).map(|label| label.span.start).collect()
        };
        assert_eq!(spans(beyond(&after, &before)), [8, 9]);
        assert_eq!(spans(beyond(&before, &after)), [9]);
        assert_eq!(spans(beyond(&before, &before)), [0; 0]);
    }
}
