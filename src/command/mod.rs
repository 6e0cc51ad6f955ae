//! One file per verb: the only place that orders reading and writing, prints, and reads the clock.
//!
//! In: typed arguments. Out: text on standard error, results on standard output, an exit code.
//! Must not know: how any step works.

#[cfg(feature = "anchors")]
mod anchor;
mod announce;
mod build;
mod check;
mod console;
mod correct;
mod diff;
mod due;
mod embed;
mod evidence;
mod explain;
mod import;
mod init;
mod ledger;
mod receipts;
mod record;
mod release;
mod rename;
mod retire;
mod schema;
mod serve;
mod status;
mod tell;
mod verify;
mod withdraw;

pub use record::freeze_announcements;

use crate::center::{Center, Settings, settings};
use crate::check::Depth;
use crate::cli::{AsOf, Cli, Color, Command, LedgerCommand};
use crate::command::console::{eprint, eprintln};
use crate::compiler::{Compilation, Compiler, Purpose};
use crate::diagnostic::{Diagnostic, Severity, human};
use crate::error::{Error, Result};
use crate::render::Renderer;
use crate::source::SourceTree;
use clap::CommandFactory;
use jiff::Timestamp;
use jiff::civil::Date;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Findings of severity error.
    Findings,
}

/// Runs a command: 0 done, 1 findings of severity error, 2 usage or a failing machine.
pub fn run(cli: Cli) -> ExitCode {
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let site = nearest(&cli.site);
    let result = match cli.command {
        Command::Init(arguments) => init::run(arguments),
        Command::Build(arguments) => build::run(&site, arguments),
        Command::Check(arguments) => check::run(&site, arguments),
        Command::Serve(arguments) => serve::run(&site, arguments),
        Command::Status { due: true, out, as_of, .. } => due::run(&site, &out, &as_of),
        Command::Status { json, as_of, .. } => status::run(&site, json, as_of),
        Command::Release(arguments) => release::run(&site, arguments),
        Command::Withdraw(arguments) => withdraw::run(&site, arguments),
        Command::Correct(arguments) => correct::run(&site, arguments),
        Command::Rename(arguments) => rename::run(&site, arguments),
        Command::Retire(arguments) => retire::run(&site, arguments),
        Command::Ledger { command: LedgerCommand::Merge(arguments) } => ledger::merge(&site, &arguments),
        Command::Import(arguments) => import::run(&site, arguments),
        Command::Diff(arguments) => diff::run(&site, arguments),
        Command::Announce(arguments) => announce::run(&site, arguments),
        Command::Embed(arguments) => embed::run(&site, arguments),
        Command::Evidence(arguments) => evidence::run(&site, arguments),
        Command::Receipts(arguments) => receipts::run(&site, arguments),
        #[cfg(feature = "anchors")]
        Command::Anchor(arguments) => anchor::run(&site, arguments),
        Command::Verify(arguments) => verify::run(&site, arguments),
        Command::Explain { rule } => explain::run(rule.as_deref()),
        Command::Schema { name } => schema::run(name.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "fineprint", &mut script);
            console::bytes(&script).map(|()| Outcome::Done)
        }
        Command::Man => {
            let mut page = Vec::new();
            let made = clap_mangen::Man::new(Cli::command()).render(&mut page);
            made.map_err(|error| Error::io("write", "standard output", error))
                .and_then(|()| console::bytes(&page))
                .map(|()| Outcome::Done)
        }
    };
    console::finish();
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{}error{}: {error}", style(Severity::Error), anstyle_reset());
            ExitCode::from(2)
        }
    }
}

/// Returns the site's directory: the one that was given, or for the current directory the nearest one above it with
/// settings, so that commands work anywhere in a site.
fn nearest(given: &Path) -> PathBuf {
    let here = given.to_path_buf();
    if given != Path::new(".") || here.join(settings::PATH).exists() {
        return here;
    }
    let depth = std::env::current_dir().map_or(0, |path| path.components().count());
    let mut above = PathBuf::new();
    for _ in 1..depth {
        above.push("..");
        if above.join(settings::PATH).is_file() {
            return above;
        }
    }
    here
}

fn style(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\x1b[1;31m",
        Severity::Warning => "\x1b[1;33m",
        Severity::Info => "\x1b[1;34m",
    }
}

fn anstyle_reset() -> &'static str {
    "\x1b[0m"
}

/// A site that was read and checked.
struct Site {
    compiler: Compiler,
    compiled: Compilation,
    findings: Vec<Diagnostic>,
}

impl Deref for Site {
    type Target = Compilation;

    fn deref(&self) -> &Compilation {
        &self.compiled
    }
}

impl Site {
    /// Hands a renderer of the site to `work`. None when a finding stops it: then the findings have been printed.
    fn render<T>(&mut self, purpose: Purpose, work: impl FnOnce(&Renderer) -> Result<T>) -> Result<Option<T>> {
        let done = self.compiler.render(&self.compiled, purpose, &mut self.findings, work)?;
        if done.is_none() || matches!(purpose, Purpose::Site { .. }) {
            report(&self.findings, &self.center);
        }
        Ok(done)
    }
}

/// Reads a site and runs the rules over its drafts.
fn read_site(site: &Path, as_of: &AsOf) -> Result<Site> {
    read_changed_site(site, as_of, |_| {})
}

/// A site as it is on the disk, but for what `change` does to it.
fn read_changed_site(site: &Path, as_of: &AsOf, change: impl FnOnce(&mut SourceTree)) -> Result<Site> {
    let now = today(as_of)?;
    read_site_at(site, now, change)
}

/// A site as it is on the disk, on a day that nobody typed.
fn read_site_on(site: &Path, day: impl FnOnce(&Settings) -> Date) -> Result<Site> {
    read_site_at(site, day, |_| {})
}

fn read_site_at(
    site: &Path,
    day: impl FnOnce(&Settings) -> Date,
    change: impl FnOnce(&mut SourceTree),
) -> Result<Site> {
    if !site.is_dir() {
        return Err(Error::refused(format!(
            "directory `{}` does not exist; pass the site's directory with `--site`",
            site.display()
        )));
    }
    let mut findings = Vec::new();
    let mut tree = SourceTree::scan(site, &mut findings)?;
    change(&mut tree);
    let compiler = Compiler::default();
    let compiled = compiler.compile(tree, day, Depth::Drafts, &mut findings);
    say_interrupted(site, &mut findings)?;
    Ok(Site { compiler, compiled, findings })
}

/// Version folders that an interrupted release has left are that, and nothing that was cut off the ledger.
fn say_interrupted(site: &Path, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(interrupted) = crate::release::interrupted(site)? else { return Ok(()) };
    findings.retain(|finding| {
        let place = finding.primary.as_ref().map(|label| &*label.path);
        finding.code != "version-not-on-ledger" || !interrupted.files.iter().any(|file| Some(file.as_str()) == place)
    });
    let first: std::sync::Arc<str> = interrupted.files[0].as_str().into();
    findings.push(
        Diagnostic::new(
            "release-interrupted",
            "a release was interrupted before it was recorded in the ledger; none of it counts",
        )
        .at(&first, 0..0)
        .help(if interrupted.running {
            "another command is writing it now: try again when that has finished"
        } else {
            "run it again: it removes the leftover files first, then does the whole work"
        }),
    );
    Ok(())
}

/// The day for which to answer: asked for, else `SOURCE_DATE_EPOCH`, else the clock; in the site's time zone.
fn today(as_of: &AsOf) -> Result<impl FnOnce(&Settings) -> Date + use<>> {
    let asked = as_of.as_of;
    let moment = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => {
            seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(|| {
                Error::refused(format!("SOURCE_DATE_EPOCH is `{seconds}`; it must be seconds since 1970"))
            })?
        }
        Err(_) => Timestamp::now(),
    };
    Ok(move |settings: &Settings| asked.unwrap_or_else(|| moment.to_zoned_datetime(settings.zone.clone()).date()))
}

/// The document that was named.
fn document(center: &Center, slug: &str) -> Result<usize> {
    // Names that a document had before are understood, too.
    let slug = center.ledger.name(slug);
    center.documents.iter().position(|document| document.slug == slug).ok_or_else(|| {
        let known: Vec<&str> = center.documents.iter().map(|document| document.slug.as_str()).collect();
        Error::refused(format!("there is no document `{slug}`; the site has {}", known.join(", ")))
    })
}

/// The released version that was named.
fn version(center: &Center, document: usize, id: &str) -> Result<usize> {
    let document = &center.documents[document];
    document.versions.iter().position(|version| version.id == id).ok_or_else(|| {
        let known: Vec<&str> = document.versions.iter().map(|version| version.id.as_str()).collect();
        Error::refused(format!("`{}` has no version `{id}`; it has {}", document.slug, known.join(", ")))
    })
}

/// Prints findings, the gravest last, where the eye rests; says how many there are.
fn report(findings: &[Diagnostic], center: &Center) {
    show(findings, &|path| center.tree.kept(path));
    let count = |severity: Severity, one: &str| {
        let counts = |finding: &&Diagnostic| finding.severity == severity && finding.suppressed.is_none();
        let count = findings.iter().filter(counts).count();
        (count > 0).then(|| format!("{count} {one}{}", if count == 1 { "" } else { "s" }))
    };
    let counts: Vec<String> =
        [count(Severity::Error, "error"), count(Severity::Warning, "warning")].into_iter().flatten().collect();
    if !counts.is_empty() {
        eprint!("Found {}.", counts.join(" and "));
        eprintln!();
    }
}

/// Findings, the gravest last, where an eye falls first; then those that are suppressed.
fn show<'t>(findings: &[Diagnostic], text: &dyn Fn(&str) -> Option<&'t str>) {
    for severity in [Severity::Info, Severity::Warning, Severity::Error] {
        for finding in findings.iter().filter(|finding| finding.severity == severity && finding.suppressed.is_none()) {
            eprintln!("{}\n", human(finding, text, true));
        }
    }
    say_suppressed(findings);
}

/// Prints the suppressed findings, which every report lists.
fn say_suppressed(findings: &[Diagnostic]) {
    for finding in findings {
        let Some((suppressed, own)) = &finding.suppressed else { continue };
        let place = finding.primary.as_ref().map_or(String::new(), |label| format!(" in {}", label.path));
        eprintln!(
            "Suppressed until {}: {}[{}]{place}: {}; reason: {}",
            suppressed.until,
            own.name(),
            finding.code,
            finding.message,
            suppressed.reason
        );
    }
}

/// `1 page`, `2 pages`, `10,000 pages`.
fn counted(count: usize, one: &str, many: &str) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out} {}", if count == 1 { one } else { many })
}
