//! `fineprint import`: a history becomes a document with its past. In: a folder of texts, a site. Out: versions and a draft.
//! Must not know: how texts are converted, how files reach the site whole.

use super::record::{Verb, perform_prepared};
use super::{Outcome, counted};
use crate::cli::Import;
use crate::error::Result;
use crate::import::{Request, Source};
use anstream::eprintln;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Import) -> Result<Outcome> {
    let command = format!("import --as {}", arguments.document);
    let verb = Verb { command: &command, done: "imported", needs_drafts: false };
    let mut imported = None;
    let done = perform_prepared(site_folder, &verb, &arguments.recording, |site, moment, today| {
        let request = Request {
            source: Source::Dated(arguments.folder.clone()),
            document: arguments.document.clone(),
            language: arguments.language.clone(),
            keep_unchanged: arguments.keep_unchanged,
            today,
        };
        let prepared = request.prepare(&site.center, moment)?;
        let record = prepared.record.clone();
        imported = Some(prepared);
        Ok(record)
    })?;
    let (Some((_, site)), Some(prepared)) = (done, imported) else { return Ok(Outcome::Findings) };
    let (center, done) = (&site.center, !arguments.recording.dry_run);
    let (first, last) = (prepared.versions.first(), prepared.versions.last());
    eprintln!(
        "{} {} of {} in `{}`, from {} to {}.",
        if done { "Imported" } else { "Would import" },
        counted(prepared.versions.len(), "version", "versions"),
        arguments.document,
        prepared.language,
        first.map_or("", String::as_str),
        last.map_or("", String::as_str),
    );
    for (name, reason) in &prepared.skipped {
        eprintln!("  Left out {name}: {reason}.");
    }
    for (note, count) in &prepared.notes {
        eprintln!("  In {}: {note}.", counted(*count, "version", "versions"));
    }
    match &prepared.draft {
        Some(draft) => eprintln!("The latest text is the draft, too: {draft}."),
        None if center.document(&arguments.document).is_some_and(|document| document.draft.is_some()) => {
            eprintln!("The draft is left as it is.");
        }
        None => eprintln!(
            "There is no draft: it would be in `{}`, the site's first language.",
            center.settings.authoritative().tag()
        ),
    }
    if !center.settings.languages.iter().any(|known| known.tag() == prepared.language) {
        eprintln!("The site does not list `{}`: add it to `languages` in fineprint.toml.", prepared.language);
    }
    if !done {
        eprintln!("Nothing was written.");
        return Ok(Outcome::Done);
    }
    eprintln!(
        "\nNext:\n  fineprint build                  shows it\n  git add content && git commit    puts it on record"
    );
    Ok(Outcome::Done)
}
