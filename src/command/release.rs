//! `fineprint release`: drafts become versions. In: a site, a decision. Out: frozen files, ledger entries, words about them.
//! Must not know: how files reach the site whole.

use super::{Outcome, Site, read_site, report, today};
use crate::center::ledger::{Exemption, Significance};
use crate::center::{Center, Text};
use crate::cli::{AsOf, Release};
use crate::compiler::Compilation;
use crate::error::{Error, Result};
use crate::notice::Counting;
use crate::promise::edition::Edition;
use crate::release::{Decision, Desk, Disk, Prepared, Prospect, Signal, Signals, window};
use crate::text::Texts;
use anstream::eprintln;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Release) -> Result<Outcome> {
    let disk = Disk::default();
    let who = format!("`fineprint release {}` (process {})", arguments.documents.join(" "), std::process::id());
    // Read under the lock: what is decided upon is what is there.
    let desk = if arguments.dry_run { None } else { Some(Desk::open(site_folder, &who, &disk)?) };
    say_taken_back(desk.as_ref());
    let Site { compiler, compiled, findings } = read_site(site_folder, &AsOf { as_of: arguments.as_of })?;
    let Compilation { center, timeline, .. } = compiled;
    if crate::diagnostic::stops(&findings) {
        report(&findings, &center);
        eprintln!("Nothing was released.");
        return Ok(Outcome::Findings);
    }
    let today = today(&AsOf { as_of: None })?(&center.settings);
    let decision = decision(&arguments, &center, timeline.date, today)?;
    let signals = signals(&compiler.texts, &center, &arguments.documents, timeline.date)?;
    let prepared = decision.prepare(&center, &signals)?;
    let done = desk.is_some();
    if let Some(desk) = desk {
        desk.commit(&prepared.files, &prepared.ledger, prepared.last)?;
    }
    tell(&prepared, &center, today, done);
    Ok(Outcome::Done)
}

/// Signs of a material change in each draft against the latest version that was not withdrawn.
fn signals(texts: &Texts, center: &Center, documents: &[String], on: Date) -> Result<Signals> {
    let mut signals = Signals::new();
    for slug in documents {
        let Some(document) = center.document(slug) else { continue };
        let Some(latest) = document.versions.iter().rposition(|version| version.withdrawn.is_none()) else { continue };
        let (Some(old), Some(new)) =
            (Edition::of_version(texts, center, document, latest)?, Edition::of_draft(texts, center, document, on)?)
        else {
            continue;
        };
        let found = old.signals(&new).into_iter();
        let found = found.map(|signal| Signal { code: signal.code.to_string(), sentence: signal.sentence }).collect();
        signals.insert(slug.clone(), found);
    }
    Ok(signals)
}

pub fn say_taken_back(desk: Option<&Desk>) {
    let Some(desk) = desk.filter(|desk| !desk.taken_back.is_empty()) else { return };
    eprintln!("Took back what an interrupted run had left:");
    for path in &desk.taken_back {
        eprintln!("  {path}");
    }
}

fn decision(arguments: &Release, center: &Center, published: Date, today: Date) -> Result<Decision> {
    let language = center.settings.authoritative().tag();
    let significance = match (arguments.material, arguments.minor, arguments.editorial) {
        (true, ..) => Some(Significance::Material),
        (_, true, _) => Some(Significance::Minor),
        (.., true) => Some(Significance::Editorial),
        _ => None,
    };
    let exemption =
        match (&arguments.exemption, by_language(center, arguments.reason.as_deref(), &arguments.reason_in)?) {
            (Some(kind), reason) => Some(Exemption {
                kind: crate::center::ledger::EXEMPTIONS
                    .iter()
                    .find(|known| *known == kind)
                    .copied()
                    .unwrap_or("waived"),
                reason: reason.unwrap_or(Text::One(String::new())),
            }),
            (None, Some(_)) => {
                return Err(Error::refused(
                    "`--reason` says why a change is exempt from notice; name the exemption with `--exemption`",
                ));
            }
            (None, None) => None,
        };
    Ok(Decision {
        documents: arguments.documents.clone(),
        significance,
        summary: by_language(center, arguments.summary.as_deref(), &arguments.summary_in)?,
        published,
        today,
        effective: arguments.effective,
        exemption,
        because: arguments
            .because
            .as_ref()
            .map(|words| Text::ByLanguage([(language.to_string(), words.clone())].into())),
    })
}

/// Words in the authoritative language, and in others: pairs of a language and its words.
pub fn by_language(center: &Center, words: Option<&str>, others: &[String]) -> Result<Option<Text>> {
    let authoritative = center.settings.authoritative().tag();
    let mut by = BTreeMap::new();
    by.extend(words.map(|words| (authoritative.to_string(), words.to_string())));
    for pair in others.chunks(2) {
        let [language, words] = pair else { continue };
        if !center.settings.languages.iter().any(|known| known.tag() == language) {
            return Err(Error::refused(format!(
                "the site does not speak `{language}`; add it to `languages` in fineprint.toml, or leave its words out"
            )));
        }
        if by.insert(language.clone(), words.clone()).is_some() {
            return Err(Error::refused(format!("there are two texts in `{language}`")));
        }
    }
    if !by.is_empty() && !by.contains_key(authoritative) {
        return Err(Error::refused(format!(
            "there is no text in `{authoritative}`, the site's first language, which the others translate"
        )));
    }
    Ok((!by.is_empty()).then_some(Text::ByLanguage(by)))
}

fn tell(prepared: &Prepared, center: &Center, today: Date, done: bool) {
    for release in &prepared.releases {
        let kind = match release.significance {
            Some(significance) => format!("a {} change", significance.name()).replace("a editorial", "an editorial"),
            None => "the first version".to_string(),
        };
        let verb = if done { "Released" } else { "Would release" };
        eprintln!("{verb} {} {}, {kind}.", release.document, release.version);
        if release.published > today {
            eprintln!("  Scheduled: nothing of it appears before {}.", release.published);
        }
        eprintln!(
            "  Published on {}, takes effect on {} at 00:00 ({}).",
            release.published, release.effective, center.settings.zone_name
        );
        notice(release, center.settings.reckoning.counting);
        for signal in &release.signals {
            eprintln!("  Noticed: {}", signal.sentence);
        }
        eprintln!(
            "  Frozen in content/{}/versions/{}: {}.",
            release.document,
            release.version,
            release.files.join(", ")
        );
        let missing: Vec<&str> = center
            .settings
            .languages
            .iter()
            .map(|language| language.tag())
            .filter(|tag| !release.languages.iter().any(|has| has == tag))
            .collect();
        if !missing.is_empty() {
            eprintln!("  Not translated: its readers in {} get the authoritative text.", missing.join(", "));
        }
    }
    if !done {
        eprintln!("Nothing was written.");
        return;
    }
    eprintln!("\nNext:");
    eprintln!("  git add content && git commit    puts it on record");
    eprintln!("  fineprint build                  publishes it");
    let announced = |release: &&Prospect| release.published <= today && release.effective > today;
    for release in prepared.releases.iter().filter(announced) {
        let command = format!("fineprint announce {}", release.document);
        eprintln!("  {command:<32} writes what you tell people");
    }
    let days: std::collections::BTreeSet<Date> = prepared
        .releases
        .iter()
        .flat_map(|release| [release.published, release.effective])
        .filter(|day| *day > today)
        .collect();
    if !days.is_empty() {
        let days: Vec<String> = days.iter().map(Date::to_string).collect();
        eprintln!("  build again on {}", days.join(" and on "));
    }
}

fn notice(release: &Prospect, counting: Counting) {
    let Some((promised, earliest)) = release.notice else { return };
    if let Some(kind) = release.exemption {
        eprintln!(
            "  Exempt from its notice ({kind}); otherwise {promised} of notice is promised, and the earliest effective date is {earliest}."
        );
        return;
    }
    match window(release) {
        Some((first, last)) if !promised.is_none() => {
            let counted = match counting {
                Counting::ClearDays => "the day of the announcement is not counted, the last day counts whole",
                Counting::DateDifference => "counted as the difference of the dates",
            };
            eprintln!("  Notice: {promised}, from {first} to {last} ({counted}).");
        }
        _ => eprintln!("  Notice: none is promised."),
    }
}
