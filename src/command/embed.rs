//! `fineprint embed`: the snippets for a product's pages, and whether a page that was saved still matches the site.
//!
//! In: the site's folder, perhaps a page. Out: snippets on standard output, or findings. Must not know: how either is made.

use super::{Outcome, counted, read_site};
use crate::check::embeds;
use crate::cli::Embed;
use crate::command::console::{eprintln, print};
use crate::compiler::Purpose;
use crate::diagnostic::human;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::render::Renderer;
use crate::source::read_text;
use crate::words::Language;
use std::path::Path;
use std::sync::Arc;

pub fn run(site: &Path, arguments: Embed) -> Result<Outcome> {
    let mut site = read_site(site, &arguments.as_of)?;
    let done = site.render(Purpose::Version, |renderer| match &arguments.check {
        Some(file) => check(renderer.plan, file),
        None => snippets(renderer, &arguments),
    })?;
    Ok(done.unwrap_or(Outcome::Findings))
}

fn snippets(renderer: &Renderer, arguments: &Embed) -> Result<Outcome> {
    let plan = renderer.plan;
    let language = match &arguments.language {
        Some(tag) => language(plan.languages(), tag)?,
        None => 0,
    };
    print!(
        "<!-- Links with dates; they need no JavaScript. To include on the server: {} -->\n{}\n\
         <!-- Announced changes, shown while they are announced. Content-Security-Policy: {} -->\n{}",
        plan.absolute(0, &crate::plan::outputs::footer(plan.languages()[language].tag())),
        renderer.views.footer(language)?,
        renderer.views.policy(),
        renderer.views.element(),
    );
    Ok(Outcome::Done)
}

/// The place of a language among the site's.
pub fn language(languages: &[Language], tag: &str) -> Result<usize> {
    languages.iter().position(|language| language.tag().eq_ignore_ascii_case(tag)).ok_or_else(|| {
        let known: Vec<&str> = languages.iter().map(|language| language.tag()).collect();
        Error::refused(format!("`{tag}` is not a language of the site; it has {}", known.join(", ")))
    })
}

fn check(plan: &Plan, file: &Path) -> Result<Outcome> {
    let html = read_text(file)?;
    let path: Arc<str> = file.to_string_lossy().into();
    let mut findings = Vec::new();
    let found = embeds::check(plan, &path, &html, &mut findings);
    for finding in findings.iter().rev() {
        eprintln!("{}\n", human(finding, &|_| Some(&*html), true));
    }
    let seen = format!(
        "{} to the center ({} with a date), {}",
        counted(found.links, "link", "links"),
        found.dates,
        counted(found.elements, "element", "elements")
    );
    let date = plan.timeline.date;
    if findings.is_empty() {
        eprintln!("{path} matches the site as of {date}: {seen}.");
        return Ok(Outcome::Done);
    }
    eprintln!(
        "{path} compared with the site as of {date}: {seen}, {}.",
        counted(findings.len(), "finding", "findings")
    );
    Ok(if crate::diagnostic::stops(&findings) { Outcome::Findings } else { Outcome::Done })
}
