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
use crate::release::{
    Decision, FaultInjectingFs, LedgerTransaction, PlannedRelease, Prepared, Signal, Signals, window,
};
use crate::text::Texts;
use anstream::eprintln;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Release) -> Result<Outcome> {
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint release {}` (process {})", arguments.documents.join(" "), std::process::id());
    // Read under the lock: what is decided upon is what is there.
    let transaction = if arguments.dry_run { None } else { Some(LedgerTransaction::open(site_folder, &who, &disk)?) };
    say_taken_back(transaction.as_ref());
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
    let done = transaction.is_some();
    if let Some(transaction) = transaction {
        transaction.commit(&prepared.files, &prepared.ledger, prepared.last)?;
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

pub fn say_taken_back(transaction: Option<&LedgerTransaction>) {
    let Some(transaction) = transaction.filter(|transaction| !transaction.taken_back.is_empty()) else { return };
    eprintln!("Took back what an interrupted run had left:");
    for path in &transaction.taken_back {
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
    let exemption = match (&arguments.exemption, by_language(center, &arguments.exemption_reason)?) {
        (Some(kind), reason) => Some(Exemption {
            kind: crate::center::ledger::EXEMPTIONS.iter().find(|known| *known == kind).copied().unwrap_or("waived"),
            reason: reason.unwrap_or(Text::One(String::new())),
        }),
        (None, Some(_)) => {
            return Err(Error::refused("`--exemption-reason` needs an exemption; add `--exemption KIND`"));
        }
        (None, None) => None,
    };
    Ok(Decision {
        documents: arguments.documents.clone(),
        significance,
        summary: by_language(center, &arguments.summary)?,
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

/// Reads values of the form `TEXT`, in the authoritative language, or `LANG=TEXT`.
pub fn by_language(center: &Center, values: &[String]) -> Result<Option<Text>> {
    let authoritative = center.settings.authoritative().tag();
    let mut by = BTreeMap::new();
    for value in values {
        let (language, words) = split_language(value).unwrap_or((authoritative, value));
        let Some(language) = center.settings.languages.iter().find(|known| known.tag().eq_ignore_ascii_case(language))
        else {
            return Err(Error::refused(format!(
                "the site has no language `{language}`; add it to `languages` in fineprint.toml, or leave that text out \
                 (a text in `{authoritative}` that begins this way is written `{authoritative}={language}=…`)"
            )));
        };
        if by.insert(language.tag().to_string(), words.to_string()).is_some() {
            return Err(Error::refused(format!("there are two texts in `{}`; keep one", language.tag())));
        }
    }
    if !by.is_empty() && !by.contains_key(authoritative) {
        return Err(Error::refused(format!(
            "there is no text in `{authoritative}`, the site's first language, which the others translate"
        )));
    }
    Ok((!by.is_empty()).then_some(Text::ByLanguage(by)))
}

/// Splits `es=Texto` into a language tag and the text. The part before the first `=` must have the shape of a tag.
fn split_language(value: &str) -> Option<(&str, &str)> {
    let (tag, words) = value.split_once('=')?;
    let mut parts = tag.split('-');
    let is_language = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (parts.next().is_some_and(is_language) && parts.all(is_subtag)).then_some((tag, words))
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
        statutory(release);
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
    let announced = |release: &&PlannedRelease| release.published <= today && release.effective > today;
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

/// What the law of online platforms asks for beside the promise of the terms.
fn statutory(release: &PlannedRelease) {
    let Some((day, last)) = release.statutory.and_then(|day| Some((day, day.yesterday().ok()?))) else { return };
    let ends = format!(
        "the 15 days of Regulation (EU) 2019/1150, Art. 3(2), end with {last} (counted by Regulation 1182/71, Art. 3)"
    );
    match release.effective < day {
        true => eprintln!("  Profile p2b: {ends}, so {day} is the first day after them: --effective {day}"),
        false => eprintln!("  Profile p2b: {ends}."),
    }
}

fn notice(release: &PlannedRelease, counting: Counting) {
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
