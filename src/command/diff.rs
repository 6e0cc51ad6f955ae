//! `fineprint diff`: the redline in the terminal or for other programs.
//!
//! In: two files, or a document and two of its versions. Out: the redline on standard output; for a draft also what a release
//! of it would mean, on standard error. Must not know: how texts are compared.

use super::{Outcome, read_site};
use crate::center::document::front_matter;
use crate::center::{Center, Document};
use crate::change::edition::Edition;
use crate::change::{Redline, facts, html, json, markdown as as_markdown, outline, redline, text};
use crate::cli::{Diff, Format};
use crate::error::{Error, Result};
use crate::markdown::{self, FactError, Facts, Parsed, RegisterTable};
use crate::render::pretty;
use crate::timeline::{Timeline, earliest_effective, notice::promised_on};
use crate::words::Language;
use anstream::{eprintln, print, println};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

pub fn run(site: &Path, arguments: Diff) -> Result<Outcome> {
    let is_file = |name: &str| name.ends_with(".md") || name.ends_with(".markdown");
    if is_file(&arguments.what) {
        let Some(new) = &arguments.a else {
            return Err(Error::refused("name the new file, too: `fineprint diff OLD.md NEW.md`"));
        };
        let (old, new) = (lone(Path::new(&arguments.what))?, lone(Path::new(new))?);
        show(&redline(&old.document, &new.document), arguments.format);
        return Ok(Outcome::Done);
    }
    let site = read_site(site, &arguments.as_of)?;
    let document = site.center.documents.iter().position(|document| document.slug == arguments.what);
    let Some(index) = document else {
        let known: Vec<&str> = site.center.documents.iter().map(|document| document.slug.as_str()).collect();
        return Err(Error::refused(format!(
            "there is no document `{}`; known are {}",
            arguments.what,
            known.join(", ")
        )));
    };
    let document = &site.center.documents[index];
    let in_force = site.timeline.documents[index].shown().map(|version| document.versions[version].id.clone());
    let Some(a) = arguments.a.clone().or(in_force) else {
        return Err(Error::refused(format!("`{}` has no version yet to compare with", document.slug)));
    };
    let old = edition(&site.center, &site.timeline, document, &a)?;
    let new = edition(&site.center, &site.timeline, document, arguments.b.as_deref().unwrap_or("draft"))?;
    show(&redline(&old.parsed.document, &new.parsed.document), arguments.format);
    let language = Language::english();
    for sentence in facts::sentences(&old.fact_changes(&new, &language), &facts::English) {
        eprintln!("{sentence}");
    }
    if new.name == "draft" {
        consequence(&site.center, &site.timeline, document, &old, &new);
    }
    Ok(Outcome::Done)
}

/// What a release of the draft would mean.
fn consequence(center: &Center, timeline: &Timeline, document: &Document, old: &Edition, new: &Edition) {
    let signals = old.signals(new);
    if signals.is_empty() {
        eprintln!("No signal of a material change was found in the facts; that proves nothing.");
        return;
    }
    let stated = document.draft.as_ref().map_or(0, |draft| draft.front.notice_days());
    let days = promised_on(document, timeline.date, None).max(stated);
    let earliest = earliest_effective(timeline.date, days, center.settings.counting);
    eprintln!("Signals of a material change:");
    for signal in signals {
        eprintln!("  {}", signal.sentence);
    }
    eprintln!("Earliest effective date as material, announced on {}: {earliest}.", timeline.date);
}

fn edition(center: &Center, timeline: &Timeline, document: &Document, name: &str) -> Result<Edition> {
    let found = if name == "draft" {
        Edition::of_draft(center, document, timeline.date)?
    } else {
        match document.versions.iter().position(|version| version.id == name) {
            Some(index) => Edition::of_version(center, document, index)?,
            None => None,
        }
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = document.versions.iter().map(|version| version.id.as_str()).collect();
        Error::refused(format!("`{}` has no version `{name}`; it has {}, and `draft`", document.slug, known.join(", ")))
    })
}

/// A file outside any site: its facts stay as they are typed.
struct Alone;

impl Facts for Alone {
    fn lookup(&self, _: &str) -> std::result::Result<String, FactError> {
        Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() })
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> std::result::Result<RegisterTable, FactError> {
        Err(FactError { code: "unknown-register", message: String::new(), help: Vec::new() })
    }
}

fn lone(path: &Path) -> Result<Parsed> {
    let text = crate::source::read_text(path)?;
    let name: Arc<str> = path.to_string_lossy().into();
    // Two texts are compared as they are; what is wrong with either is not the question.
    let (front, body) = front_matter(&name, &text, &mut Vec::new());
    Ok(markdown::parse(&name, &text, body, front.numbering, &Alone, &mut Vec::new()))
}

fn show(redline: &Redline, format: Format) {
    match format {
        Format::Text => {
            for line in outline::lines(&outline::outline(redline), &outline::English) {
                println!("{line}");
            }
            println!();
            let colour = std::io::stdout().is_terminal()
                && anstream::ColorChoice::global() != anstream::ColorChoice::Never
                || anstream::ColorChoice::global() == anstream::ColorChoice::Always;
            print!("{}", text::text(redline, colour));
        }
        Format::Html => {
            let words = html::Words::english();
            let options =
                html::Options { words: &words, link: &str::to_string, prefix: "c", unchanged: html::Unchanged::Folded };
            println!("{}", html::html(redline, &options));
        }
        Format::Markdown => print!("{}", as_markdown::markdown(redline)),
        Format::Json => print!("{}", String::from_utf8_lossy(&pretty(&json::json(redline)))),
    }
}
