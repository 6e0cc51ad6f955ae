//! Describes what an act did, or would do. In: what was prepared. Out: lines on standard error. Must not know: how it was done.

use crate::center::{Center, ledger};
use crate::command::console::eprintln;
use crate::notice::{Counting, NoticePeriod};
use crate::release::{ActOutcome, PreparedAct, Promised, window};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub fn tell(prepared: &PreparedAct, center: &Center, dry_run: bool) {
    let verb = |done: &str, would: &str| if dry_run { format!("Would {would}") } else { done.to_string() };
    for outcome in &prepared.outcomes {
        match outcome {
            ActOutcome::Version(promised) => version(promised, center, &verb),
            ActOutcome::Withdrawn { document, version, effective } => eprintln!(
                "{} {document} {version}, which would have taken effect on {effective}. It stays on the record as withdrawn, with its reason.",
                verb("Withdrew", "withdraw")
            ),
            ActOutcome::Corrected { document, version, significance, missed } => {
                let what = match significance {
                    Some(significance) => format!("it is {} now", significance.name()),
                    None => "its summary".to_string(),
                };
                eprintln!(
                    "{} {document} {version}: {what}. Its frozen words stay, and the correction stands beside them.",
                    verb("Corrected", "correct")
                );
                if *missed {
                    eprintln!(
                        "  It took effect without the notice of a material change, and its page says so from now on."
                    );
                }
            }
            ActOutcome::Renamed { document, name } => {
                eprintln!(
                    "{} {document}: its name is {name} now, and its old addresses keep working.",
                    verb("Renamed", "rename")
                );
            }
            ActOutcome::Ends { document, on } => {
                eprintln!(
                    "{} that {document} ends on {on}. Until then it stays in force.",
                    verb("Announced", "announce")
                );
            }
            ActOutcome::KeptOn { document } => eprintln!("{} the end of {document}.", verb("Took back", "take back")),
            ActOutcome::Translated { document, version, language } => {
                eprintln!("{} a text in {language} to {document} {version}.", verb("Added", "add"));
            }
        }
    }
    for note in &prepared.notes {
        eprintln!("{note}");
    }
    if dry_run {
        eprintln!("Nothing was written.");
        return;
    }
    next(prepared);
}

fn version(promised: &Promised, center: &Center, verb: &dyn Fn(&str, &str) -> String) {
    let (document, id) = (&promised.document, &promised.version);
    let kind = match promised.significance {
        _ if promised.again => "the same change with the fix around it".to_string(),
        Some(significance) => format!("a {} change", significance.name()).replace("a editorial", "an editorial"),
        None if promised.imported => "from the past".to_string(),
        None => "the first version".to_string(),
    };
    match &promised.amends {
        Some(amended) if promised.again => {
            eprintln!("{} {document} {amended} again as {id}, {kind}.", verb("Froze", "freeze"));
        }
        Some(amended) => eprintln!("{} {document} {amended}: {id} has its place, {kind}.", verb("Amended", "amend")),
        None if promised.imported => eprintln!("{} {document} {id}.", verb("Imported", "import")),
        None => eprintln!("{} {document} {id}, {kind}.", verb("Released", "release")),
    }
    if promised.imported {
        return;
    }
    if promised.scheduled {
        eprintln!("  Scheduled: nothing of it appears before {}.", promised.published);
    }
    let start = if promised.at_once { "at once".to_string() } else { format!("on {} at 00:00", promised.effective) };
    eprintln!("  Published on {}, takes effect {start} ({}).", promised.published, promised.zone);
    if promised.notice_from < promised.published {
        eprintln!("  Its change has been announced since {}; nobody needs a second message.", promised.notice_from);
    }
    notice(promised);
    statutory(promised);
    if promised.again {
        return;
    }
    for signal in &promised.signals {
        eprintln!("  Noticed: {}", signal.sentence);
    }
    let missing: Vec<&str> = center
        .settings
        .languages
        .iter()
        .skip(1)
        .map(|language| language.tag())
        .filter(|tag| !promised.languages.iter().any(|has| has == tag))
        .collect();
    if !missing.is_empty() {
        eprintln!("  Not translated: its readers in {} get the authoritative text.", missing.join(", "));
    }
}

fn notice(promised: &Promised) {
    let Some((period, earliest)) = promised.notice else { return };
    if let Some(kind) = promised.exemption {
        eprintln!("  Exempt from its notice ({kind}); otherwise {period} would be needed, until {earliest}.");
        return;
    }
    match window(promised) {
        Some((first, last)) if period != NoticePeriod::NONE => {
            let counted = match promised.reckoning.counting {
                Counting::ClearDays => "the day of the announcement is not counted, the last day counts whole",
                Counting::DateDifference => "counted as the difference of the dates",
            };
            eprintln!("  Notice: {period}, from {first} to {last} ({counted}).");
            if let Some(day) = promised.last_dispatch.filter(|_| promised.notice_from == promised.published) {
                eprintln!("  Send the announcement on {day} at the latest; later, the date would have to move.");
            }
        }
        _ => eprintln!("  Notice: none is promised."),
    }
}

/// Prints the day that the law of online platforms allows, if it is later than the promise of the terms.
fn statutory(promised: &Promised) {
    let Some(day) = promised.statutory else { return };
    let Ok(last) = day.yesterday() else { return };
    let ends = format!("the 15 days of Regulation (EU) 2019/1150, Art. 3(2) end with {last}");
    match promised.effective < day {
        true => eprintln!("  Profile p2b: {ends}, so {day} is the first day after them (`--effective {day}`)."),
        false => eprintln!("  Profile p2b: {ends}."),
    }
}

fn next(prepared: &PreparedAct) {
    let commands = |promised: &Promised| {
        // A change that was announced before needs no second message.
        let new = !promised.again && promised.notice_from == promised.published;
        let open = !promised.scheduled && !promised.at_once && promised.notice.is_some() && new;
        open.then(|| format!("fineprint announce {} {}", promised.document, promised.version))
    };
    let promised: Vec<&Promised> = prepared
        .outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            ActOutcome::Version(promised) if !promised.imported => Some(&**promised),
            _ => None,
        })
        .collect();
    eprintln!("\nNext:");
    eprintln!("  git add content && git commit    puts it on record");
    eprintln!("  fineprint build                  publishes it");
    for command in promised.iter().filter_map(|promised| commands(promised)) {
        eprintln!("  {command:<32} writes what you tell people");
    }
    let mut days: BTreeSet<Date> = BTreeSet::new();
    for promised in &promised {
        days.extend(promised.scheduled.then_some(promised.published));
        days.extend((!promised.at_once).then_some(promised.effective));
    }
    days.extend(prepared.outcomes.iter().filter_map(|outcome| match outcome {
        ActOutcome::Ends { on, .. } => Some(*on),
        _ => None,
    }));
    if !days.is_empty() {
        let days: Vec<String> = days.iter().map(Date::to_string).collect();
        eprintln!("  build again on {}", days.join(" and on "));
    }
    for promised in promised.iter().filter(|promised| !promised.at_once && !promised.again) {
        let (document, version) = (&promised.document, &promised.version);
        eprintln!("  fineprint withdraw {document} {version} --reason \"…\"");
        eprintln!("                                   takes it back, until it takes effect");
    }
    let undo = |command: String, what: &str| {
        eprintln!("  {command}");
        eprintln!("                                   {what}");
    };
    for outcome in &prepared.outcomes {
        match outcome {
            ActOutcome::Renamed { document, name } => {
                undo(format!("fineprint rename {name} {document}"), "gives it the old name again");
            }
            ActOutcome::Ends { document, on } => {
                undo(
                    format!("fineprint withdraw {document} retirement --reason \"…\""),
                    &format!("takes it back, until {on}"),
                );
            }
            _ => {}
        }
    }
    let alone = |outcome: &ActOutcome| {
        matches!(outcome, ActOutcome::Corrected { .. } | ActOutcome::KeptOn { .. } | ActOutcome::Withdrawn { .. })
    };
    if prepared.outcomes.iter().all(alone) {
        let changed = std::iter::once(ledger::PATH).chain(prepared.drafts.iter().map(|draft| draft.path.as_str()));
        let changed: Vec<&str> = changed.collect();
        undo(
            format!("git restore {}", changed.join(" ")),
            "undoes it, as long as it is neither committed nor published",
        );
    }
    if promised.iter().any(|promised| promised.at_once) {
        let folders: Vec<String> = promised
            .iter()
            .map(|promised| format!("content/{}/versions/{}", promised.document, promised.version))
            .collect();
        undo(
            format!("git restore content/ledger.toml && rm -r {}", folders.join(" ")),
            "undoes it, as long as it is neither committed nor published",
        );
    }
}
