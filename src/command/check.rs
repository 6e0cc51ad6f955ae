//! `fineprint check`: findings for people, programs and code hosts.
//!
//! In: a site or single files, the day. Out: a report on standard error or standard output. Must not know: any rule.

use super::{Outcome, Site, read_changed_site, read_site, say_suppressed, today};
use crate::center::{Settings, settings};
use crate::check::{NEED_THE_WHOLE, coverage, links, single_file};
use crate::cli::{AsOf, Check, ReportFormat};
use crate::command::console::{eprintln, print, println};
use crate::compiler::Compilation;
use crate::diagnostic::{DISCLAIMER, Diagnostic, RULES, Report, Severity, Skipped, human, json, sarif};
use crate::error::{Error, Result};
use crate::render::pretty;
use crate::{online, source};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The schema of `--format json`.
pub const SCHEMA: &str = include_str!("../../docs/check.schema.json");

/// Result of a check of one site or of several files.
#[derive(Default)]
struct CheckResult {
    findings: Vec<Diagnostic>,
    skipped: Vec<Skipped>,
    off: BTreeSet<String>,
    /// Rules that were not run, for each site or file.
    not_run: Vec<BTreeSet<&'static str>>,
    texts: BTreeMap<Arc<str>, Arc<str>>,
    date: Option<Date>,
    coverage: Option<Value>,
}

pub fn run(site: &Path, arguments: Check) -> Result<Outcome> {
    if arguments.schema {
        print!("{SCHEMA}");
        return Ok(Outcome::Done);
    }
    let mut found = CheckResult::default();
    if arguments.files.is_empty() {
        whole(site, &arguments, &mut found)?;
    } else {
        files(site, &arguments, &mut found)?;
    }
    Diagnostic::sort(&mut found.findings);
    found.findings.dedup();
    found.skipped.sort();
    found.skipped.dedup();
    let report = Report {
        findings: &found.findings,
        settings: settings::PATH,
        skipped: &found.skipped,
        // What one of them could find was run.
        not_run: found.not_run.into_iter().reduce(|a, b| &a & &b).unwrap_or_default(),
        off: found.off.iter().map(String::as_str).collect(),
        date: found.date.unwrap_or(Date::MIN),
        texts: &found.texts,
        coverage: found.coverage,
    };
    match arguments.format {
        ReportFormat::Text => show(&report),
        ReportFormat::Json => print!("{}", String::from_utf8_lossy(&pretty(&json(&report)))),
        ReportFormat::Sarif => print!("{}", String::from_utf8_lossy(&pretty(&sarif(&report)))),
    }
    Ok(if crate::diagnostic::stops(&found.findings) { Outcome::Findings } else { Outcome::Done })
}

/// Everything that a build would find, and what only a check looks for.
fn whole(site: &Path, arguments: &Check, found: &mut CheckResult) -> Result<()> {
    let Site { compiler, compiled, mut findings } = read_site(site, &arguments.as_of)?;
    let external = compiler.review(&compiled, &mut findings)?;
    let Compilation { center, timeline, checked } = compiled;
    found.skipped.extend(checked.skipped);
    if arguments.external_links {
        ask(&external, &mut findings, found)?;
        center.settings.settle(&mut findings);
    } else {
        found.skipped.push(Skipped {
            rule: "unreachable-link".to_string(),
            reason: "links to other hosts are requested only with --external-links".to_string(),
        });
    }
    let mut not_run = BTreeSet::from_iter((!arguments.external_links).then_some("unreachable-link"));
    not_run.extend(products(found));
    let unused = crate::check::suppressions::unused(&center.settings.active_suppressions, &findings, &not_run);
    findings.extend(unused);
    center.settings.settle(&mut findings);
    found.not_run.push(not_run);
    if arguments.coverage {
        let lines = coverage::report(&center, &timeline, &compiler.texts, &findings);
        found.coverage = Some(coverage::to_json(&center, &lines, |path| center.tree.text(path).ok()));
    }
    found.keep(findings, &center.settings, timeline.date, |path| center.tree.text(path).ok());
    Ok(())
}

/// Asks other hosts, and says what they did not tell.
fn ask(external: &[links::External], findings: &mut Vec<Diagnostic>, found: &mut CheckResult) -> Result<()> {
    let urls: Vec<String> = external.iter().map(|link| link.url.clone()).collect();
    let options = online::Options::polite(cache(), jiff::Timestamp::now().as_second());
    let answers = online::ask(&urls, &options)?;
    findings.extend(links::answered(external, &answers));
    for (url, answer) in &answers {
        if let online::Answer::TurnedAway(status) = answer {
            let why = format!("its host answered with {status}; open it in a browser");
            found.skipped.push(Skipped { rule: format!("unreachable-link: {url}"), reason: why });
        }
    }
    Ok(())
}

/// Rules for the page of a product, which another command reads.
fn products(found: &mut CheckResult) -> Vec<&'static str> {
    found.skipped.push(Skipped {
        rule: "rules for a product's page".to_string(),
        reason: "use `fineprint embed --check FILE`".to_string(),
    });
    RULES.iter().map(|rule| rule.code).filter(|code| code.starts_with("embed-")).collect()
}

/// The user's folder for what can be made again.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || folder("HOME").map(|home| home.join(".cache"));
    let folder = folder("XDG_CACHE_HOME").or_else(|| folder("LOCALAPPDATA")).or_else(home)?;
    Some(folder.join("fineprint").join("links.json"))
}

/// Single files: in their site if they belong to one, else by themselves.
fn files(site: &Path, arguments: &Check, found: &mut CheckResult) -> Result<()> {
    let mut by_site: BTreeMap<PathBuf, BTreeMap<String, Option<String>>> = BTreeMap::new();
    for file in &arguments.files {
        let stdin = file.as_os_str() == "-";
        let (name, text) = if stdin {
            (arguments.stdin_filename.as_path(), Some(source::read_stdin()?))
        } else {
            (file.as_path(), None)
        };
        if let Some((root, path)) = home(site, name) {
            by_site.entry(root).or_default().insert(path, text);
            continue;
        }
        let text = match text {
            Some(text) => text,
            None => source::read_text(name)?,
        };
        let path: Arc<str> = name.to_string_lossy().replace('\\', "/").into();
        let text: Arc<str> = text.into();
        let date = today(&arguments.as_of)?(&Settings::single_file(Vec::new()));
        found.skipped.extend(single_file::check(&path, &text, date, &mut found.findings));
        found.texts.insert(path, text);
        let not_run = products(found).into_iter().chain(single_file::NEED_A_SITE.iter().copied()).collect();
        found.not_run.push(not_run);
        found.date = Some(date);
    }
    for (root, paths) in by_site {
        in_site(&root, paths, &arguments.as_of, found)?;
    }
    Ok(())
}

fn in_site(root: &Path, paths: BTreeMap<String, Option<String>>, as_of: &AsOf, found: &mut CheckResult) -> Result<()> {
    let wanted: BTreeSet<String> = paths.keys().cloned().collect();
    let Site { compiler, compiled, mut findings } = read_changed_site(root, as_of, |tree| {
        for (path, text) in paths {
            if let Some(text) = text {
                tree.put(&path, text);
            }
        }
    })?;
    compiler.check_paths(&compiled, &mut findings);
    let Compilation { center, timeline, checked } = compiled;
    if let Some(missing) = wanted.iter().find(|path| center.tree.get(path).is_none()) {
        return Err(Error::refused(format!("`{missing}` is not a file that the site reads")));
    }
    let not_run: BTreeSet<&str> = products(found).into_iter().chain(NEED_THE_WHOLE.iter().copied()).collect();
    let unused = crate::check::suppressions::unused(&center.settings.active_suppressions, &findings, &not_run);
    findings.extend(unused);
    center.settings.settle(&mut findings);
    found.not_run.push(not_run);
    findings.retain(|finding| finding.primary.as_ref().is_some_and(|label| wanted.contains(&*label.path)));
    found.skipped.extend(checked.skipped);
    found.skipped.push(Skipped {
        rule: "rules that read built pages and frozen texts".to_string(),
        reason: "the check was limited to files; `fineprint check` without files runs everything".to_string(),
    });
    found.keep(findings, &center.settings, timeline.date, |path| center.tree.text(path).ok());
    Ok(())
}

/// The site that a file belongs to and its path there, if a site would read it.
fn home(site: &Path, file: &Path) -> Option<(PathBuf, String)> {
    let full = std::path::absolute(file).ok()?;
    let given = std::path::absolute(site).ok().filter(|site| site.join("fineprint.toml").is_file());
    let root = given.filter(|site| full.starts_with(site)).or_else(|| {
        full.ancestors().skip(1).find(|folder| folder.join("fineprint.toml").is_file()).map(Path::to_path_buf)
    })?;
    let inside = full.strip_prefix(&root).ok()?;
    let parts: Vec<String> = inside
        .components()
        .map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let read = matches!(parts.first().map(String::as_str), Some("content" | "themes" | "static"));
    (read || parts == ["fineprint.toml"]).then(|| (root, parts.join("/")))
}

impl CheckResult {
    fn keep(
        &mut self,
        findings: Vec<Diagnostic>,
        settings: &Settings,
        date: Date,
        text: impl Fn(&str) -> Option<Arc<str>>,
    ) {
        for label in findings.iter().flat_map(|finding| finding.primary.iter().chain(&finding.secondary)) {
            if !self.texts.contains_key(&label.path)
                && let Some(text) = text(&label.path)
            {
                self.texts.insert(label.path.clone(), text);
            }
        }
        self.findings.extend(findings);
        self.off.extend(settings.levels.iter().filter(|(_, level)| level.is_none()).map(|(rule, _)| rule.clone()));
        self.date = Some(date);
    }
}

/// The coverage report for people, on standard output: it is a result.
fn show_coverage(report: &Value) {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let list = |key: &str| {
        let names: Vec<String> = report[key].as_array().into_iter().flatten().map(&words).collect();
        if names.is_empty() { "none".to_string() } else { names.join(", ") }
    };
    println!("Coverage for the declared jurisdictions: {}; profiles: {}.", list("jurisdictions"), list("profiles"));
    if let Some(oldest) = report["oldest_reading"].as_str() {
        println!("Of the sources named here, the one read longest ago was read on {oldest}.");
    }
    for (code, whom) in report["concerns"].as_object().into_iter().flatten() {
        println!("`{code}` concerns {}.", words(whom).trim_end_matches('.'));
    }
    println!("{}\n", words(&report["note"]));
    let items = report["items"].as_array().map_or(&[][..], Vec::as_slice);
    if items.is_empty() {
        println!("Nothing to report: declare `jurisdictions` or `profiles` in [check] of fineprint.toml.");
    }
    for item in items {
        let (outcome, id, title) = (words(&item["outcome"]), words(&item["id"]), words(&item["title"]));
        println!("{outcome:<15} {id}: {title}");
        println!(
            "{:15}   {}; {} source, read on {}: {}",
            "",
            words(&item["citation"]),
            words(&item["source"]),
            words(&item["read"]),
            words(&item["address"])
        );
        if item["kind"] != "must say" {
            println!("{:15}   {}", "", words(&item["kind"]));
        }
        let answer = &item["answer"];
        if let Some(path) = answer["path"].as_str() {
            let line = answer["start"]["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
            let section = answer["message"].as_str().map(|title| format!(" “{title}”")).unwrap_or_default();
            println!("{:15}   → {path}{line}{section}", "");
        }
        let detail = words(&item["detail"]);
        if !detail.is_empty() {
            println!("{:15}   {detail}", "");
        }
    }
    println!();
}

/// Findings for people, the gravest last, where the eye rests.
fn show(report: &Report) {
    if let Some(coverage) = &report.coverage {
        show_coverage(coverage);
    }
    let text = |path: &str| report.text(path);
    for severity in [Severity::Info, Severity::Warning, Severity::Error] {
        for finding in report.open().filter(|finding| finding.severity == severity) {
            eprintln!("{}\n", human(finding, &text, true));
        }
    }
    say_suppressed(report.findings);
    for skipped in report.skipped {
        eprintln!("Not run: {} ({}).", skipped.rule, skipped.reason);
    }
    eprintln!("{} {DISCLAIMER}", report.summary());
}
