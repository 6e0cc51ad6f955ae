//! `fineprint diff`: the redline in the terminal or for other programs.
//!
//! In: two files, or a document and two of its versions. Out: the redline on standard output; for a draft also what a release
//! of it would mean, on standard error. Must not know: how texts are compared.

use super::{Outcome, read_site};
use crate::center::{Center, Document};
use crate::change::{Redline, html, json, markdown as as_markdown, outline, phrases, redline, text};
use crate::cli::{Diff, Format};
use crate::command::console::{eprintln, print, println};
use crate::error::{Error, Result};
use crate::promise::edition::Edition;
use crate::promise::{ReleaseImpact, consequence, facts};
use crate::render::pretty;
use crate::text::{NoFacts, Text, Texts, single};
use crate::words::Language;
use jiff::civil::Date;
use std::io::IsTerminal;
use std::path::Path;

pub fn run(site: &Path, arguments: Diff) -> Result<Outcome> {
    let is_file = |name: &str| name.ends_with(".md") || name.ends_with(".markdown");
    if is_file(&arguments.subject) {
        let Some(new) = &arguments.old else {
            return Err(Error::refused("name the new file too: `fineprint diff OLD.md NEW.md`"));
        };
        let (old, new) = (file(Path::new(&arguments.subject))?, file(Path::new(new))?);
        show(&redline(&old.parsed.document, &new.parsed.document), arguments.format);
        return Ok(Outcome::Done);
    }
    let read = read_site(site, &arguments.as_of)?;
    let subject = read.center.ledger.name(&arguments.subject);
    let document = read.center.documents.iter().position(|document| document.slug == subject);
    let Some(index) = document else {
        let known: Vec<&str> = read.center.documents.iter().map(|document| document.slug.as_str()).collect();
        return Err(Error::refused(format!(
            "there is no document `{}`; the site has {}",
            arguments.subject,
            known.join(", ")
        )));
    };
    let (center, timeline, texts) = (&read.center, &read.timeline, &*read.compiler.texts);
    let document = &center.documents[index];
    let baseline = timeline.documents[index].baseline();
    let day = timeline.draft_day(center, index);
    let old = match (&arguments.against, &arguments.old, baseline) {
        (Some(revision), _, _) => at_revision(texts, site, document, day, revision)?,
        (None, Some(name), _) => edition(texts, center, day, document, name)?,
        (None, None, Some(version)) => edition(texts, center, day, document, &document.versions[version].id)?,
        (None, None, None) => {
            return Err(Error::refused(format!("`{}` has no version to compare with", document.slug)));
        }
    };
    let new = edition(texts, center, day, document, arguments.new.as_deref().unwrap_or("draft"))?;
    let meaning = match baseline.filter(|_| new.name == "draft") {
        Some(version) => Edition::of_version(texts, center, document, version)?
            .map(|latest| (latest.name.clone(), consequence(center, document, timeline.date, &latest, &new))),
        None => None,
    };
    let facts = facts::sentences(&old.fact_changes(&new, &Language::english()), &facts::English);
    let redline = redline(&old.text.parsed.document, &new.text.parsed.document);
    if let Format::Markdown = arguments.format {
        review(document, &old, &new, meaning.as_ref().map(|(_, meaning)| meaning), &facts);
        show(&redline, arguments.format);
        return Ok(Outcome::Done);
    }
    show(&redline, arguments.format);
    eprintln!("{}: {} compared with {}.", document.slug, named(&new), named(&old));
    for sentence in facts {
        eprintln!("{sentence}");
    }
    if let Some((latest, meaning)) = meaning {
        // The other versions that a reader may want are one step away.
        let other = timeline.documents[index].in_force.map(|version| document.versions[version].id.clone());
        if let Some(other) = other.filter(|other| *other != old.name && arguments.against.is_none()) {
            eprintln!("The version in force is {other}: `fineprint diff {} {other}`", document.slug);
        }
        if latest != old.name {
            eprintln!("A release is judged against {latest}, the newest version:");
        }
        for signal in &meaning.signals {
            eprintln!("Signal of a material change: {}", signal.sentence);
        }
        for signal in &meaning.non_editorial_changes {
            eprintln!("More than editorial: {}", signal.sentence);
        }
        eprintln!("{}: {}.", document.slug, meaning.sentence());
    }
    Ok(Outcome::Done)
}

/// How an edition is called in a sentence.
fn named(edition: &Edition) -> String {
    if edition.name == "draft" { "the draft".to_string() } else { edition.name.clone() }
}

/// Prints the introduction of a redline in a comment on a pull request.
fn review(document: &Document, old: &Edition, new: &Edition, meaning: Option<&ReleaseImpact>, facts: &[String]) {
    println!("### {}: from {} to {}\n", document.slug, old.name, new.name);
    if let Some(meaning) = meaning {
        println!("**{}.**\n", as_markdown::escaped(&meaning.sentence()));
    }
    for sentence in facts {
        println!("- {}", as_markdown::escaped(sentence));
    }
    if !facts.is_empty() {
        println!();
    }
}

/// The draft as it stood at a revision in git.
fn at_revision(texts: &Texts, site: &Path, document: &Document, day: Date, revision: &str) -> Result<Edition> {
    let tree = crate::source::at_revision(site, revision)?;
    // What was wrong with an old draft is not the question.
    let then = Center::load(tree, &mut Vec::new());
    let draft = match then.document(&document.slug) {
        Some(document) => Edition::of_draft(texts, &then, document, day)?,
        None => None,
    };
    let mut draft = draft
        .ok_or_else(|| Error::refused(format!("`{}` has no draft at `{revision}` to compare with", document.slug)))?;
    draft.name = revision.to_string();
    Ok(draft)
}

fn edition(texts: &Texts, center: &Center, day: Date, document: &Document, name: &str) -> Result<Edition> {
    let found = if name == "draft" {
        Edition::of_draft(texts, center, document, day)?
    } else {
        match document.versions.iter().position(|version| version.id == name) {
            Some(index) => Edition::of_version(texts, center, document, index)?,
            None => None,
        }
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = document.versions.iter().map(|version| version.id.as_str()).collect();
        Error::refused(format!("`{}` has no version `{name}`; it has {}, and `draft`", document.slug, known.join(", ")))
    })
}

/// A file outside any site. Two texts are compared as they are: their facts stay as they are typed, and what is wrong with
/// either is not the question.
fn file(path: &Path) -> Result<Text> {
    let source = crate::source::read_text(path)?;
    Ok(single(&path.to_string_lossy().into(), source.into(), Language::english(), &NoFacts))
}

fn show(redline: &Redline, format: Format) {
    match format {
        Format::Text => {
            let lines = outline::lines(&outline::outline(redline), &phrases::English);
            if redline.is_empty() {
                println!("{}", nothing(!lines.is_empty()));
            }
            for line in lines {
                println!("{line}");
            }
            let color = std::io::stdout().is_terminal()
                && anstream::ColorChoice::global() != anstream::ColorChoice::Never
                || anstream::ColorChoice::global() == anstream::ColorChoice::Always;
            let text = text::text(redline, color);
            if !text.trim().is_empty() {
                print!("\n{text}");
            }
        }
        Format::Html => {
            let words = html::Words::english();
            let options =
                html::Options { words: &words, link: &str::to_string, prefix: "c", unchanged: html::Unchanged::Folded };
            let nothing = if redline.is_empty() { format!("<p>{}</p>\n", nothing(true)) } else { String::new() };
            println!(
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                 <meta name=\"viewport\" content=\"width=device-width\">\n<title>Redline</title>\n\
                 <style>{STYLE}</style>\n</head>\n<body>\n{nothing}{}</body>\n</html>",
                html::html(redline, &options)
            );
        }
        Format::Markdown if redline.is_empty() => println!("{}", nothing(redline.counts.formatting > 0)),
        Format::Markdown => print!("{}", as_markdown::markdown(redline)),
        Format::Json => print!("{}", String::from_utf8_lossy(&pretty(&json::json(redline)))),
    }
}

/// Returns the sentence for a redline that shows nothing although the files may differ.
fn nothing(formatting: bool) -> &'static str {
    match formatting {
        true => "Nothing changed for a reader but formatting or links.",
        false => {
            "Nothing changed for a reader. The files differ at most in white space, front matter, or how they are typed."
        }
    }
}

/// The page contains everything that it needs. Additions and removals are distinguishable without color.
const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color-scheme:light dark}\
ins{text-decoration:underline;background:#2e7d3226}del{text-decoration:line-through;background:#c6282826}\
table{border-collapse:collapse}th,td{padding:.25rem .75rem .25rem 0;text-align:start;vertical-align:top;border-bottom:1px solid #8888}\
.looks,.note,.away,.renumbered{font-size:.875rem;opacity:.8}\
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}";
