//! `fineprint import`: a history becomes a document with its past. In: a folder of texts, a site. Out: versions and a draft.
//! Must not know: how texts are converted, how files reach the site whole.

use super::release::say_taken_back;
use super::{Outcome, Site, counted, read_site, report, today};
use crate::check::record;
use crate::cli::{AsOf, Import};
use crate::error::Result;
use crate::import::{Request, Source};
use crate::release::{FaultInjectingFs, LedgerTransaction};
use anstream::eprintln;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Import) -> Result<Outcome> {
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint import --as {}` (process {})", arguments.document, std::process::id());
    let transaction = if arguments.dry_run { None } else { Some(LedgerTransaction::open(site_folder, &who, &disk)?) };
    say_taken_back(transaction.as_ref());
    let Site { compiled, mut findings, .. } = read_site(site_folder, &AsOf { as_of: None })?;
    let center = compiled.center;
    findings.retain(record::is_broken);
    if !findings.is_empty() {
        report(&findings, &center);
        eprintln!("Nothing was imported.");
        return Ok(Outcome::Findings);
    }
    let request = Request {
        source: Source::Dated(arguments.folder.clone()),
        document: arguments.document.clone(),
        language: arguments.language.clone(),
        keep_unchanged: arguments.keep_unchanged,
        today: today(&AsOf { as_of: None })?(&center.settings),
    };
    let prepared = request.prepare(&center)?;
    let done = transaction.is_some();
    if let Some(transaction) = transaction {
        transaction.commit(&prepared.files, &prepared.ledger, prepared.last)?;
    }
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
