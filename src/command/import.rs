//! `fineprint import`: what a company already has becomes a draft, registers, and, if asked for, a past on the ledger.
//!
//! In: a file, a folder or a file's history, and a site. Out: what was understood and lost, on standard error; then files.
//! Must not know: how formats are read, how files reach the site whole.

use super::record::{Verb, perform_prepared, say_taken_back};
use super::{Outcome, counted, read_site, report, today};
use crate::center::Center;
use crate::check::record;
use crate::cli::{AsOf, Import};
use crate::command::console::eprintln;
use crate::error::{Error, Result};
use crate::import::{Loss, Prepared, Receipt, Request, Source, recover, take_back, write_import};
use crate::release::{FaultInjectingFs, LedgerTransaction};
use jiff::civil::Date;
use std::path::Path;

/// Losses of one kind that are listed with their places.
const LISTED: usize = 6;

pub fn run(site_folder: &Path, arguments: Import) -> Result<Outcome> {
    if arguments.undo {
        return undo(site_folder);
    }
    let source = arguments.source.as_deref().unwrap_or(Path::new("."));
    let source = Source::find(source, arguments.history)?;
    let request = |today| Request {
        source: source.clone(),
        document: arguments.document.clone(),
        language: arguments.language.clone(),
        history: arguments.history,
        keep_unchanged: arguments.keep_unchanged,
        file_days: arguments.file_days,
        today,
    };
    if arguments.history {
        return with_past(site_folder, &arguments, request);
    }
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint import` (process {})", std::process::id());
    let dry_run = arguments.recording.dry_run;
    let transaction = if dry_run { None } else { Some(LedgerTransaction::open(site_folder, &who, &disk)?) };
    say_taken_back(transaction.as_ref());
    if !dry_run {
        say_recovered(site_folder, &disk)?;
    }
    let mut site = read_site(site_folder, &AsOf { as_of: None })?;
    site.findings.retain(record::is_broken);
    if !site.findings.is_empty() {
        report(&site.findings, &site.center);
        eprintln!("Nothing was imported.");
        return Ok(Outcome::Findings);
    }
    let today = today(&AsOf { as_of: None })?(&site.center.settings);
    let prepared = request(today).prepare(&site.center, None)?;
    show(&prepared, false, &site.center);
    if dry_run {
        eprintln!("\nNothing was written.");
        return Ok(Outcome::Done);
    }
    let receipt = receipt(&prepared, &site.center)?;
    let done = write_import(site_folder, receipt, &prepared.starters, &prepared.files, &disk);
    if done.is_err() {
        // What made room comes back.
        let _ = recover(site_folder, &disk);
    }
    done?;
    print_done(&prepared);
    Ok(Outcome::Done)
}

/// An import with its past is an act on the record.
fn with_past(site_folder: &Path, arguments: &Import, request: impl Fn(Date) -> Request) -> Result<Outcome> {
    let verb = Verb { command: "import", done: "imported", needs_drafts: false };
    let disk = FaultInjectingFs::default();
    if !arguments.recording.dry_run {
        // Under the lock, which is given back before the act takes it.
        let transaction = LedgerTransaction::open(site_folder, "`fineprint import`", &disk)?;
        say_taken_back(Some(&transaction));
        say_recovered(site_folder, &disk)?;
    }
    let mut imported = None;
    let done = perform_prepared(site_folder, &verb, &arguments.recording, |site, moment, today| {
        let prepared = request(today).prepare(&site.center, Some(moment))?;
        show(&prepared, true, &site.center);
        let act = prepared.act.clone();
        let act = act.ok_or_else(|| Error::refused("a single text or a table has no past: leave out `--history`"))?;
        let receipt = receipt(&prepared, &site.center)?;
        if !arguments.recording.dry_run {
            receipt.write(site_folder, &disk)?;
        }
        imported = Some((prepared, receipt));
        Ok(act)
    })?;
    let (Some(_), Some((prepared, mut receipt))) = (done, imported) else { return Ok(Outcome::Findings) };
    if arguments.recording.dry_run {
        eprintln!("\nNothing was written.");
    } else {
        receipt.finish(site_folder, &disk)?;
        print_done(&prepared);
    }
    Ok(Outcome::Done)
}

/// Takes back what an import has left that was interrupted.
fn say_recovered(site: &Path, disk: &FaultInjectingFs) -> Result<()> {
    if let Some(taken) = recover(site, disk)? {
        eprintln!("Took back an import of {} that was interrupted.", taken.document);
    }
    Ok(())
}

/// Prints what was understood, and whether it is in the language of the site.
fn show(prepared: &Prepared, history: bool, center: &Center) {
    print(prepared, history);
    let first = center.settings.authoritative().tag();
    let other = prepared.draft.language.as_ref().filter(|(tag, _)| !same_language(tag, first));
    if let Some((tag, _)) = other.filter(|_| prepared.language == first) {
        eprintln!(
            "The text is in `{tag}`, and the site's first language is `{first}`: change `languages` in fineprint.toml, or import it with `--language {tag}`."
        );
    }
}

/// Records what is needed to take the import back.
fn receipt(prepared: &Prepared, center: &Center) -> Result<Receipt> {
    let before = crate::release::ledger_text(center)?;
    let starters: Vec<String> = prepared.starters.iter().map(|(path, _)| path.clone()).collect();
    let mut files = prepared.files.clone();
    files.extend(prepared.act.iter().flat_map(|act| act.files.clone()));
    let after = prepared.act.as_ref().map(|act| act.ledger.as_str());
    Ok(Receipt::new(&prepared.document, &files, starters, &before, after))
}

fn same_language(one: &str, other: &str) -> bool {
    one.split('-').next() == other.split('-').next()
}

fn undo(site: &Path) -> Result<Outcome> {
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint import --undo` (process {})", std::process::id());
    let transaction = LedgerTransaction::open(site, &who, &disk)?;
    let taken = take_back(site, &disk)?;
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
    if !draft.blanks.is_empty() {
        eprintln!("\nStill to fill in:");
        for (line, words) in draft.blanks.iter().take(2 * LISTED) {
            eprintln!("  the draft's line {line}: {words}");
        }
        if draft.blanks.len() > 2 * LISTED {
            eprintln!("  … and {} more", draft.blanks.len() - 2 * LISTED);
        }
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
    if prepared.act.is_some() {
        eprintln!(
            "Imported {} of {}, not classified.",
            counted(prepared.past.len(), "version", "versions"),
            prepared.document
        );
    }
    eprintln!("\nNext:\n  fineprint serve --open      shows it, with what is still missing");
    eprintln!("  fineprint import --undo     takes it back");
}
