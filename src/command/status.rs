//! `fineprint status`: what is in force, what is coming, when a rebuild is due. In: a site, a day. Out: a table or JSON.
//! Must not know: pages.

use super::build::happening;
use super::{Outcome, Site, read_site, report};
use crate::center::Center;
use crate::change::redline;
use crate::cli::AsOf;
use crate::error::Result;
use crate::notice::NoticePeriod;
use crate::promise::{DraftComparison, ReleaseImpact};
use crate::render::pretty;
use crate::text::Texts;
use crate::timeline::notice::{first_day_of_draft, owed_by_draft};
use crate::timeline::{Event, Owed, Timeline};
use anstream::{print, println};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct Status {
    as_of: Date,
    timezone: String,
    documents: Vec<DocumentStatus>,
    open_notices: Vec<NoticeStatus>,
    next_rebuild: Option<Date>,
    events: Vec<Event>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct DocumentStatus {
    document: String,
    in_force: Option<String>,
    upcoming: Vec<UpcomingStatus>,
    scheduled: Vec<UpcomingStatus>,
    versions: usize,
    /// `none`, `same` as the latest version, or `changed`.
    draft: &'static str,
    /// How far the draft is from the latest version, in force or announced.
    drift: Option<DraftStatus>,
    /// Translations whose text says something else by now, by language: the version that they translate.
    lagging: BTreeMap<String, String>,
    /// The first day on which a material change could take effect if it were announced today.
    earliest_effective: Date,
    notice: NoticePeriod,
}

#[derive(Serialize)]
struct DraftStatus {
    from: String,
    words_inserted: usize,
    words_deleted: usize,
    facts_changed: usize,
    consequence: ReleaseImpact,
}

#[derive(Serialize)]
struct UpcomingStatus {
    version: String,
    published: Date,
    effective: Date,
}

#[derive(Serialize)]
struct NoticeStatus {
    document: String,
    version: String,
    published: Date,
    effective: Date,
    notice: NoticePeriod,
    notice_days_promised: u32,
    notice_days_given: u32,
}

pub fn run(site: &Path, json: bool, as_of: AsOf) -> Result<Outcome> {
    let site = read_site(site, &as_of)?;
    let status = status(&site)?;
    if json {
        print!("{}", String::from_utf8_lossy(&pretty(&status)));
    } else {
        show(&status);
    }
    report(&site.findings, &site.center);
    Ok(if crate::diagnostic::stops(&site.findings) { Outcome::Findings } else { Outcome::Done })
}

fn status(site: &Site) -> Result<Status> {
    let (center, timeline, findings) = (&*site.center, &site.timeline, &site.findings);
    let date = timeline.date;
    let documents = center
        .documents
        .iter()
        .zip(&timeline.documents)
        .enumerate()
        .map(|(index, (document, states))| {
            let brief = |index: usize| {
                let version = &document.versions[index];
                UpcomingStatus {
                    version: version.id.clone(),
                    published: version.published,
                    effective: version.effective,
                }
            };
            let scheduled = (0..document.versions.len())
                .filter(|index| states.states[*index] == crate::timeline::State::Scheduled)
                .map(brief)
                .collect();
            let owed = match document.versions.is_empty() {
                true => Owed { period: NoticePeriod::NONE, earliest: date },
                false => owed_by_draft(document, date, &center.settings.reckoning),
            };
            let earliest = match document.versions.is_empty() {
                true => date,
                false => first_day_of_draft(document, date, &center.settings.reckoning),
            };
            let authoritative = center.settings.authoritative().tag();
            let lags = |tag: &String| {
                let source = document.draft_lags(tag, authoritative)?;
                Some((tag.clone(), document.versions[source].id.clone()))
            };
            let lagging = document.draft.iter().flat_map(|draft| draft.texts.keys()).filter_map(lags).collect();
            let drift = match states.standing().next_back() {
                Some(latest) => drift(&site.compiler.texts, center, timeline, index, latest)?,
                None => None,
            };
            let changed = document.draft_differs() || drift.as_ref().is_some_and(DraftStatus::any);
            let draft = match document.draft {
                None => "none",
                Some(_) if changed => "changed",
                Some(_) => "same",
            };
            Ok(DocumentStatus {
                document: document.slug.clone(),
                in_force: states.in_force.map(|index| document.versions[index].id.clone()),
                upcoming: states.upcoming.iter().map(|index| brief(*index)).collect(),
                scheduled,
                versions: document.versions.len(),
                draft,
                earliest_effective: earliest,
                notice: owed.period,
                drift,
                lagging,
            })
        })
        .collect::<Result<_>>()?;
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    Ok(Status {
        as_of: date,
        timezone: center.settings.zone_name.clone(),
        documents,
        open_notices: timeline
            .open_notices()
            .map(|notice| {
                let document = &center.documents[notice.document];
                NoticeStatus {
                    document: document.slug.clone(),
                    version: document.versions[notice.version].id.clone(),
                    published: notice.published,
                    effective: notice.effective,
                    notice: notice.promised,
                    notice_days_promised: notice.days_promised,
                    notice_days_given: notice.days_given,
                }
            })
            .collect(),
        next_rebuild: timeline.next_change(),
        events: timeline.events.clone(),
        errors: count(crate::diagnostic::Severity::Error),
        warnings: count(crate::diagnostic::Severity::Warning),
    })
}

fn drift(
    texts: &Texts,
    center: &Center,
    timeline: &Timeline,
    index: usize,
    latest: usize,
) -> Result<Option<DraftStatus>> {
    let drift = DraftComparison::of(texts, center, timeline, index, latest)?;
    Ok(drift.map(|drift| {
        let counts = redline(&drift.old.text.parsed.document, &drift.new.text.parsed.document).counts;
        DraftStatus {
            from: drift.old.name,
            words_inserted: counts.words_inserted,
            words_deleted: counts.words_deleted,
            facts_changed: drift.facts.len(),
            consequence: drift.consequence,
        }
    }))
}

impl DraftStatus {
    fn any(&self) -> bool {
        self.words_inserted + self.words_deleted + self.facts_changed + self.consequence.signals.len() > 0
    }
}

fn show(status: &Status) {
    println!("As of {} ({})\n", status.as_of, status.timezone);
    let width = status.documents.iter().map(|document| document.document.len()).max().unwrap_or(0).max(8);
    for document in &status.documents {
        let in_force = match &document.in_force {
            Some(version) => format!("in force from {version}"),
            None if document.versions == 0 => "never released".to_string(),
            None => "nothing in force".to_string(),
        };
        println!("{:width$}  {in_force}", document.document);
        for version in &document.upcoming {
            println!("{:width$}  announced on {}, takes effect on {}", "", version.published, version.effective);
        }
        for version in &document.scheduled {
            println!(
                "{:width$}  scheduled: announced on {}, takes effect on {}",
                "", version.published, version.effective
            );
        }
        if document.draft == "changed" && document.versions > 0 {
            println!(
                "{:width$}  the draft differs; a material change announced today takes effect on {} at the earliest ({} of notice)",
                "", document.earliest_effective, document.notice
            );
        }
        if let Some(drift) = document.drift.as_ref().filter(|drift| drift.any()) {
            println!(
                "{:width$}  since {}: {} words added, {} removed, {} facts changed; {}",
                "",
                drift.from,
                drift.words_inserted,
                drift.words_deleted,
                drift.facts_changed,
                drift.consequence.sentence()
            );
        }
        for (language, version) in &document.lagging {
            println!("{:width$}  the text in `{language}` still translates {version}", "");
        }
    }
    println!();
    match status.events.first() {
        Some(event) => println!("Next rebuild due: {} ({})", event.date, happening(event)),
        None => println!("No rebuild is due: nothing more is scheduled"),
    }
}
