//! `fineprint import`: what a company already has becomes a draft, registers, and, if asked for, a past on the ledger.
//!
//! In: a file, a folder or a file's history, and a site. Out: what was understood and lost, on standard error; then files.
//! Must not know: how formats are read, how files reach the site whole.

use super::release::say_taken_back;
use super::{Outcome, Site, counted, read_site, report, today};
use crate::check::record;
use crate::cli::{AsOf, Import};
use crate::error::Result;
use crate::import::{Loss, Prepared, Receipt, Request, Source, take_back};
use crate::release::{FaultInjectingFs, LedgerTransaction};
use anstream::eprintln;
use std::path::Path;

/// Losses of one kind that are listed with their places.
const LISTED: usize = 6;

pub fn run(site_folder: &Path, arguments: Import) -> Result<Outcome> {
    if arguments.undo {
        return undo(site_folder);
    }
    let source = arguments.source.as_deref().unwrap_or(Path::new("."));
    let source = Source::find(source, arguments.history)?;
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint import` (process {})", std::process::id());
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
        source,
        document: arguments.document.clone(),
        language: arguments.language.clone(),
        history: arguments.history,
        keep_unchanged: arguments.keep_unchanged,
        file_days: arguments.file_days,
        today: today(&AsOf { as_of: None })?(&center.settings),
    };
    let prepared = request.prepare(&center)?;
    print(&prepared, arguments.history);
    let first = center.settings.authoritative().tag();
    if let Some((tag, _)) =
        prepared.draft.language.as_ref().filter(|(tag, _)| prepared.language == first && !same_language(tag, first))
    {
        eprintln!(
            "The text is in `{tag}`, and the site's first language is `{first}`: change `languages` in fineprint.toml, or import it with `--language {tag}`."
        );
    }
    let Some(transaction) = transaction else {
        eprintln!("\nNothing was written.");
        return Ok(Outcome::Done);
    };
    write(site_folder, transaction, &prepared, &center)?;
    print_done(&prepared);
    Ok(Outcome::Done)
}

fn same_language(one: &str, other: &str) -> bool {
    one.split('-').next() == other.split('-').next()
}

/// Brings an import into the site: starter texts make room, then everything comes in.
fn write(
    site: &Path,
    transaction: LedgerTransaction<'_>,
    prepared: &Prepared,
    center: &crate::center::Center,
) -> Result<()> {
    let before = crate::release::ledger_text(center)?;
    let starters: Vec<String> = prepared.starters.iter().map(|(path, _)| path.clone()).collect();
    let after = prepared.ledger.as_ref().map(|(text, _)| text.as_str());
    Receipt::new(&prepared.document, &prepared.files, starters, &before, after).write(site)?;
    crate::import::make_room(site, &prepared.starters)?;
    let done = match &prepared.ledger {
        Some((text, last)) => transaction.commit(&prepared.files, text, *last),
        None => crate::import::write_new(site, &prepared.files),
    };
    if done.is_err() {
        // What made room comes back.
        let _ = take_back(site);
    }
    done
}

fn undo(site: &Path) -> Result<Outcome> {
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint import --undo` (process {})", std::process::id());
    let transaction = LedgerTransaction::open(site, &who, &disk)?;
    let taken = take_back(site)?;
    drop(transaction);
    eprintln!("Took back the import of {}: removed {}.", taken.document, counted(taken.removed.len(), "file", "files"));
    for path in &taken.restored {
        eprintln!("  Restored the starter text {path}.");
    }
    for path in &taken.kept {
        eprintln!("  Kept {path}: it was edited since.");
    }
    Ok(Outcome::Done)
}

/// Prints what was understood and what the draft does not keep.
fn print(prepared: &Prepared, history: bool) {
    eprintln!("Read {}.", prepared.read);
    let draft = &prepared.draft;
    if !draft.title.is_empty() {
        eprintln!("  Title      {}", draft.title);
        match &draft.language {
            Some((tag, true)) => eprintln!("  Language   {tag}, as the source says"),
            Some((tag, false)) => eprintln!("  Language   {tag}, judging by its words"),
            None => eprintln!("  Language   not recognized"),
        }
        let top: Vec<&str> =
            draft.sections.iter().filter(|(level, _)| *level == 2).map(|(_, title)| title.as_str()).collect();
        let more = if top.len() > 12 { " · …" } else { "" };
        eprintln!(
            "  Sections   {}: {}{more}",
            draft.sections.len(),
            top.iter().take(12).copied().collect::<Vec<_>>().join(" · ")
        );
        let (tables, lists) = (draft.tables + prepared.registers.len(), draft.lists);
        eprintln!(
            "  Content    {}, {}, {}",
            counted(draft.words, "word", "words"),
            counted(lists, "list", "lists"),
            counted(tables, "table", "tables")
        );
        for day in &draft.days {
            let what = if day.effective { "takes effect" } else { "last changed" };
            eprintln!("  Date       {} ({what}): \"{}\"", day.date, day.words);
        }
    }
    for (path, register) in &prepared.registers {
        eprintln!("  Register   {path}: {}", counted(register.rows, "row", "rows"));
    }
    if draft.sections.is_empty() && draft.words > 300 {
        eprintln!("No sections were found: add headings (`## …`), so that readers can find and link to them.");
    }
    let mut losses: Vec<Loss> = draft.losses.clone();
    losses.extend(draft.notes.iter().map(|note| Loss::new(0, note.clone(), "")));
    if !losses.is_empty() {
        eprintln!("\nNot kept as it was:");
    }
    print_losses(&losses);
    for (note, _) in prepared.notes.iter().filter(|_| prepared.past.is_empty()) {
        eprintln!("  {note}");
    }
    if prepared.past.len() > 1 || history {
        print_past(prepared, history);
    }
    for (name, reason) in &prepared.skipped {
        eprintln!("  Left out {name}: {reason}.");
    }
}

fn print_losses(losses: &[Loss]) {
    let mut kinds: Vec<&str> = Vec::new();
    for loss in losses {
        if !kinds.contains(&loss.what.as_str()) {
            kinds.push(&loss.what);
        }
    }
    for kind in kinds {
        let own: Vec<&Loss> = losses.iter().filter(|loss| loss.what == kind).collect();
        for loss in own.iter().take(LISTED) {
            let place = if loss.place > 0 { format!("{}: ", loss.place) } else { String::new() };
            let words = if loss.words.is_empty() { String::new() } else { format!(": \"{}\"", loss.words) };
            eprintln!("  {place}{kind}{words}");
        }
        if own.len() > LISTED {
            eprintln!("  … and {} more of this kind", own.len() - LISTED);
        }
    }
}

fn print_past(prepared: &Prepared, history: bool) {
    let (first, last) = (prepared.past.first(), prepared.past.last());
    let id = |version: Option<&crate::import::PastVersion>| version.map_or(String::new(), |version| version.id.clone());
    eprintln!(
        "\nPast: {} in `{}`, from {} to {}{}.",
        counted(prepared.past.len(), "version", "versions"),
        prepared.language,
        id(first),
        id(last),
        if history { "" } else { "; add `--history` to put them on the ledger" }
    );
    for version in &prepared.past {
        if let Some(disagreement) = &version.disagreement {
            eprintln!("  {}: {disagreement}.", version.id);
        }
    }
    if history {
        for (note, count) in &prepared.notes {
            eprintln!("  In {}: {note}.", counted(*count, "version", "versions"));
        }
    }
}

fn print_done(prepared: &Prepared) {
    eprintln!();
    match (&prepared.draft_path, &prepared.no_draft) {
        (Some(path), _) => eprintln!("Draft: {path}"),
        (None, Some(why)) => eprintln!("No draft was written: {why}."),
        (None, None) => {}
    }
    for (path, _) in &prepared.starters {
        eprintln!("The untouched starter text {path} made room.");
    }
    if prepared.ledger.is_some() {
        eprintln!(
            "Imported {} of {}, not classified.",
            counted(prepared.past.len(), "version", "versions"),
            prepared.document
        );
    }
    eprintln!("\nNext:\n  fineprint serve --open      shows it, with what is still missing");
    eprintln!("  fineprint import --undo     takes it back");
}
