//! The page of the record, and the record itself for programs.
//!
//! In: the published record of the plan's day. Out: a page in every language, `ledger.json`, and the recipe for evidence packs.
//! Must not know: how an entry is hashed.

use super::model::*;
use super::{Output, Own, Place, Views};
use crate::center::chain;
use crate::center::ledger::{Act, Entry};
use crate::error::Result;
use crate::plan::{address, outputs};
use crate::published::PublishedRecord;
use crate::words;
use serde::Serialize;

/// The page lists so many entries, newest first; the file has all.
const LISTED: usize = 100;

/// Checks an evidence pack with common tools; it lies on the site, because a recipe inside a pack could be forged with it.
const PACK_RECIPE: &str = include_str!("../evidence/verify.sh");

#[derive(Serialize)]
pub struct RecordPage {
    /// Digest of the last entry, which vouches for everything before it. None if the record is empty.
    pub head: Option<String>,
    pub as_of: DateView,
    /// How many entries there are, and how many of them the page lists.
    pub total: usize,
    pub listed: usize,
    pub entries: Vec<RecordEntryView>,
    pub ledger_href: String,
    pub schema_href: String,
    pub pack_recipe_href: String,
    /// Commands that verify the record with common tools.
    pub recipe: String,
}

#[derive(Serialize)]
pub struct RecordEntryView {
    /// From 1.
    pub number: usize,
    pub digest: String,
    /// None while the entry is published as a digest alone.
    pub open: Option<OpenEntryView>,
}

#[derive(Serialize)]
pub struct OpenEntryView {
    /// The string of the theme that names the act: `record-release`.
    pub act_key: &'static str,
    pub document: String,
    pub version: Option<String>,
    /// Where the version can be read.
    pub href: Option<String>,
    /// The day of the act in the site's time zone, and the instant.
    pub recorded: DateView,
    pub recorded_at: String,
}

impl Views<'_, '_> {
    pub(super) fn record_outputs(&self) -> Result<Vec<Output>> {
        let plan = self.plan;
        let record = PublishedRecord::of(plan.center, plan.timeline);
        let schema = plan.absolute(0, &outputs::schema("ledger"));
        let mut made =
            vec![Output::file(outputs::LEDGER, record.json(&schema)), Output::file(outputs::PACK_RECIPE, PACK_RECIPE)];
        let everywhere = plan.every_language();
        for language in plan.every_language() {
            let title = self.text(language, "record", &[])?;
            let page = self.page("record", Place { language, address: address::RECORD }, title, &everywhere);
            let own = Own::Record(Box::new(self.record_page(language, &record)));
            made.push(self.list_page(language, "record.html", address::RECORD, address::RECORD, page, own));
        }
        Ok(made)
    }

    /// The digest of the last published entry; none while nothing is recorded.
    pub(super) fn record_head(&self) -> Option<String> {
        let end = crate::record::end_of_day(self.plan.timeline.date, &self.plan.center.settings.zone);
        let entries = &self.plan.center.ledger.entries;
        let last = entries.iter().take_while(|entry| entry.recorded <= end).last()?;
        Some(last.digest.unwrap_or(last.actual).hex())
    }

    fn record_page(&self, language: usize, record: &PublishedRecord) -> RecordPage {
        let plan = self.plan;
        let base = &plan.center.settings.base_url;
        let entries = plan.center.ledger.entries.iter().zip(&record.entries).enumerate().rev();
        let entries: Vec<RecordEntryView> = entries
            .take(LISTED)
            .map(|(index, (entry, published))| RecordEntryView {
                number: index + 1,
                digest: published.digest.hex(),
                open: published.canonical.is_some().then(|| self.open_entry(language, entry)),
            })
            .collect();
        RecordPage {
            head: (record.head != chain::START).then(|| record.head.hex()),
            as_of: DateView::new(&plan.languages()[language], record.as_of),
            total: record.entries.len(),
            listed: entries.len(),
            entries,
            ledger_href: base.href(outputs::LEDGER),
            schema_href: base.href(&outputs::schema("ledger")),
            pack_recipe_href: base.href(outputs::PACK_RECIPE),
            recipe: recipe(&base.absolute(outputs::LEDGER)),
        }
    }

    fn open_entry(&self, language: usize, entry: &Entry) -> OpenEntryView {
        let plan = self.plan;
        let settings = &plan.center.settings;
        let slug = plan.center.ledger.name(&entry.document);
        let version = (!entry.version.is_empty()).then(|| entry.version.clone());
        let href = version.as_ref().map(|id| plan.href(language, &address::version(slug, id)));
        let day = crate::record::day_of(entry.recorded, &settings.zone);
        OpenEntryView {
            act_key: match &entry.act {
                Act::Release(release) if release.imported => "record-import",
                Act::Release(release) if release.amends.is_some() => "record-amend",
                Act::Release(_) => "record-release",
                Act::Withdraw { .. } => "record-withdraw",
                Act::Correct(_) => "record-correct",
                Act::Rename { .. } => "record-rename",
                Act::Retire(Some(_)) => "record-retire",
                Act::Retire(None) => "record-keep",
                Act::Translate(_) => "record-translate",
            },
            document: entry.document.clone(),
            version,
            href,
            recorded: DateView { iso: day.to_string(), text: words::date(&plan.languages()[language], day) },
            recorded_at: entry.recorded.to_string(),
        }
    }
}

/// Common tools, and what they show. The same commands are in docs/verify.md, and a test runs them.
fn recipe(ledger: &str) -> String {
    format!(
        "curl -sO {ledger}\n\
         # The digest of an entry, here the first: both commands print the same\n\
         jq -r '.entries[0].digest' ledger.json\n\
         jq -j '.entries[0].canonical' ledger.json | sha256sum\n\
         # Each entry names the digest of the one before it\n\
         jq -r '.entries[] | .previous_digest + \" \" + .digest' ledger.json |\n  \
         awk 'NR > 1 && $1 != before {{ print \"entry \" NR \" does not follow\"; exit 1 }} {{ before = $2 }}'\n\
         # The head: compare it with a digest that was noted earlier\n\
         jq -r '.head' ledger.json\n"
    )
}
