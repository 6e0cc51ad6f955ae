//! `fineprint ledger merge`: after git reported a conflict, the acts of two branches become one record. In: a site, which branch was
//! published. Out: one chain, words about what was done. Must not know: how files reach the site whole.

use super::record::{broken, clock, say_taken_back};
use super::{Outcome, report, tell};
use crate::center::{Settings, ledger, settings};
use crate::cli::{LedgerMerge, PublishedSide};
use crate::command::console::eprintln;
use crate::error::{Error, Result};
use crate::record::{Moment, day_of};
use crate::release::merge::{Fork, Side};
use crate::release::{FaultInjectingFs, LedgerTransaction};
use crate::source::SourceTree;
use std::path::Path;

pub fn merge(site_folder: &Path, arguments: &LedgerMerge) -> Result<Outcome> {
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint ledger merge` (process {})", std::process::id());
    let recording = &arguments.recording;
    let transaction = if recording.dry_run { None } else { Some(LedgerTransaction::open(site_folder, &who, &disk)?) };
    say_taken_back(transaction.as_ref());
    let tree = SourceTree::scan(site_folder, &mut Vec::new())?;
    let conflicted = tree.kept(ledger::PATH).unwrap_or_default();
    let Some(fork) = Fork::read(conflicted)? else {
        return Err(Error::refused(format!(
            "`{}` has no conflict to resolve; run this after `git merge` or `git rebase` reported one in it",
            ledger::PATH
        )));
    };
    let (ours, theirs) = (fork.own(Side::Ours), fork.own(Side::Theirs));
    let published = match arguments.published {
        Some(PublishedSide::Ours) => Side::Ours,
        Some(PublishedSide::Theirs) => Side::Theirs,
        None if theirs.is_empty() => Side::Ours,
        None if ours.is_empty() => Side::Theirs,
        None => {
            return Err(Error::refused(format!(
                "both branches acted after the last entry that they share.\n  ours (the branch you are on): {}\n  theirs (the branch you merge): {}\nSay which one the live site was built from: `--published ours` or `--published theirs`. What it published stays; the other branch's acts happen again now, after it",
                ours.join(", "),
                theirs.join(", ")
            )));
        }
    };
    let settings = Settings::read(tree.kept(settings::PATH), &mut Vec::new());
    let now = clock();
    let moment = Moment {
        now,
        zone: settings.zone.clone(),
        reckoning: settings.reckoning.clone(),
        trace: crate::source::last_commit_of(site_folder, ledger::PATH),
        clock_justified: recording.clock_justification.is_some(),
        confirmed: recording.confirm,
    };
    let merged = fork.merge(&tree, published, arguments.move_dates, &moment, |_, _| Ok(()))?;
    let prepared = &merged.prepared;
    let (findings, center) = broken(merged.tree.clone(), day_of(now, &settings.zone));
    if !findings.is_empty() {
        report(&findings, &center);
        eprintln!("Nothing was merged: the record would not be whole afterwards.");
        return Ok(Outcome::Findings);
    }
    if let Some(transaction) = transaction {
        transaction.commit_replacing(
            &prepared.files,
            &prepared.drafts,
            &merged.left,
            &prepared.ledger,
            prepared.last,
        )?;
    }
    let kept = if published == Side::Ours { "yours" } else { "theirs" };
    eprintln!(
        "{} the record: the entries that were published ({kept}) stay as they are, and the other branch's acts follow them.",
        if recording.dry_run { "Would merge" } else { "Merged" }
    );
    tell::tell(prepared, &center, recording.dry_run);
    if !recording.dry_run {
        eprintln!("  git add content && git commit    ends the merge, once no other file has a conflict");
    }
    Ok(Outcome::Done)
}
