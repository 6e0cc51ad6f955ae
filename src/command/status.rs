//! `fineprint status`: what is in force, what is coming, when a rebuild is due. In: a site, a day. Out: a table or JSON.
//! Must not know: pages.

use super::build::happening;
use super::{Outcome, Site, read_site, report};
use crate::center::Center;
use crate::change::redline;
use crate::cli::AsOf;
use crate::command::console::{print, println};
use crate::error::Result;
use crate::notice::NoticePeriod;
use crate::promise::{DraftComparison, ReleaseImpact};
use crate::render::pretty;
use crate::text::Texts;
use crate::timeline::notice::owed_by_draft;
use crate::timeline::{Event, Owed, Timeline};
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
    version_count: usize,
    /// `none`, `same` as the latest version, or `changed`.
    draft: &'static str,
    /// Changes of the draft compared with the newest version, announced or in force.
    draft_changes: Option<DraftStatus>,
    /// Translations of an older version than the text beside them, by language: the version that they translate.
    outdated_translations: BTreeMap<String, String>,
    /// The first day on which a material change could take effect if it were announced today.
    earliest_effective: Date,
    notice: NoticePeriod,
}

#[derive(Serialize)]
struct DraftStatus {
    compared_with: String,
    words_added: usize,
    words_removed: usize,
    facts_changed: usize,
    if_released: ReleaseImpact,
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
            let authoritative = center.settings.authoritative().tag();
            let lags = |tag: &String| {
                let source = document.draft_lags(tag, authoritative)?;
                Some((tag.clone(), document.versions[source].id.clone()))
            };
            let outdated_translations =
                document.draft.iter().flat_map(|draft| draft.texts.keys()).filter_map(lags).collect();
            let draft_changes = draft_changes(&site.compiler.texts, center, timeline, index)?;
            let changed = document.draft_differs() || draft_changes.as_ref().is_some_and(DraftStatus::any);
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
                version_count: document.versions.len(),
                draft,
                earliest_effective: owed.earliest,
                notice: owed.period,
                draft_changes,
                outdated_translations,
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

fn draft_changes(texts: &Texts, center: &Center, timeline: &Timeline, index: usize) -> Result<Option<DraftStatus>> {
    let comparison = DraftComparison::of(texts, center, timeline, index)?;
    Ok(comparison.map(|comparison| {
        let counts = redline(&comparison.old.text.parsed.document, &comparison.new.text.parsed.document).counts;
        DraftStatus {
            compared_with: comparison.old.name,
            words_added: counts.words_added,
            words_removed: counts.words_removed,
            facts_changed: comparison.facts.len(),
            if_released: comparison.consequence,
        }
    }))
}

impl DraftStatus {
    fn any(&self) -> bool {
        self.words_added + self.words_removed + self.facts_changed + self.if_released.signals.len() > 0
    }
}

fn show(status: &Status) {
    println!("As of {} ({})\n", status.as_of, status.timezone);
    let width = status.documents.iter().map(|document| document.document.len()).max().unwrap_or(0).max(8);
    for document in &status.documents {
        let in_force = match &document.in_force {
            Some(version) => format!("in force from {version}"),
            None if document.version_count == 0 => "never released".to_string(),
            None => "no version in force".to_string(),
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
        if document.draft == "changed" && document.version_count > 0 {
            println!(
                "{:width$}  the draft differs; a material change announced today takes effect on {} at the earliest ({} notice)",
                "",
                document.earliest_effective,
                document.notice.possessive()
            );
        }
        if let Some(changes) = document.draft_changes.as_ref().filter(|changes| changes.any()) {
            println!(
                "{:width$}  the draft compared with {}: {} words added, {} removed, {} facts changed; {}",
                "",
                changes.compared_with,
                changes.words_added,
                changes.words_removed,
                changes.facts_changed,
                changes.if_released.sentence()
            );
        }
        for (language, version) in &document.outdated_translations {
            println!("{:width$}  the translation into `{language}` still matches {version}", "");
        }
    }
    println!();
    match status.events.first() {
        Some(event) => println!("Next rebuild due on {} ({})", event.date, happening(event)),
        None => println!("No rebuild is due: nothing is scheduled"),
    }
}
