//! `fineprint withdraw`: an announced version is taken back. In: a site, a version, a reason. Out: a ledger entry.
//! Must not know: how files reach the site whole.

use super::release::{by_language, say_taken_back};
use super::{Outcome, Site, read_site, report, today};
use crate::check::record;
use crate::cli::{AsOf, Withdraw};
use crate::compiler::Compilation;
use crate::error::{Error, Result};
use crate::release::{FaultInjectingFs, LedgerTransaction, withdraw};
use anstream::eprintln;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Withdraw) -> Result<Outcome> {
    let disk = FaultInjectingFs::default();
    let who =
        format!("`fineprint withdraw {} {}` (process {})", arguments.document, arguments.version, std::process::id());
    let transaction = if arguments.dry_run { None } else { Some(LedgerTransaction::open(site_folder, &who, &disk)?) };
    say_taken_back(transaction.as_ref());
    let Site { compiled, mut findings, .. } = read_site(site_folder, &AsOf { as_of: arguments.as_of })?;
    let Compilation { center, timeline, .. } = compiled;
    // A draft that is being worked on is no reason to keep an announcement standing.
    findings.retain(record::is_broken);
    if !findings.is_empty() {
        report(&findings, &center);
        eprintln!("Nothing was withdrawn.");
        return Ok(Outcome::Findings);
    }
    let Some(reason) = by_language(&center, &arguments.reason)? else {
        return Err(Error::refused("a withdrawal is published with its reason; add `--reason \"…\"`"));
    };
    let today = today(&AsOf { as_of: None })?(&center.settings);
    let date = timeline.date;
    let (document, version) = (&arguments.document, &arguments.version);
    let withdrawal = withdraw(&center, document, version, date, today, &reason)?;
    let done = transaction.is_some();
    if let Some(transaction) = transaction {
        transaction.commit(&[], &withdrawal.ledger, withdrawal.last)?;
    }
    eprintln!(
        "{} {document} {version} as of {date}; it would have taken effect on {}.",
        if done { "Withdrew" } else { "Would withdraw" },
        withdrawal.effective
    );
    if !done {
        eprintln!("Nothing was written.");
        return Ok(Outcome::Done);
    }
    eprintln!("It stays on the record as withdrawn, with its reason.");
    eprintln!(
        "\nNext:\n  git add content && git commit    puts it on record\n  fineprint build                  publishes it"
    );
    Ok(Outcome::Done)
}
