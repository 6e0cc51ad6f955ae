//! View models: what templates and feeds may see.
//!
//! In: nothing. Out: plain data that serializes in a fixed order. Must not know: how it is shown.

use super::from_texts::{FromTexts, PairSource};
use crate::center::{Life, Significance};
use crate::timeline::State;
use crate::words::{self, Language};
use jiff::civil::Date;
use serde::Serialize;

/// Changes of facts, a sentence each without a full stop.
pub type FactsView = FromTexts<PairSource, Vec<String>>;

/// A calendar date for machines and for readers.
#[derive(Clone, Debug, Serialize)]
pub struct DateView {
    pub iso: String,
    pub text: String,
}

impl DateView {
    pub fn new(language: &Language, date: Date) -> DateView {
        DateView { iso: date.to_string(), text: words::date(language, date) }
    }
}

/// The frame of every page of one language.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    pub title: String,
    pub base_url: String,
    pub base_path: String,
    pub home_href: String,
    pub languages: Vec<LanguageView>,
    pub many_languages: bool,
    pub changes_href: String,
    pub notices_href: String,
    pub feed_href: String,
    pub json_feed_href: String,
    pub calendar_href: String,
    pub embed_href: Option<String>,
    pub zone: String,
    pub generator: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct LanguageView {
    pub code: String,
    pub name: String,
    pub dir: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrganizationView {
    pub name: Option<String>,
    pub legal_name: Option<String>,
    pub address: Vec<String>,
    pub tax_id: Option<String>,
    pub registration: Option<String>,
    pub website: Option<String>,
    pub contacts: Vec<ContactView>,
    pub dpo: Option<PartyView>,
    pub representative: Option<PartyView>,
    pub authority: Option<PartyView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ContactView {
    pub role: String,
    pub label: String,
    pub value: String,
    pub href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PartyView {
    pub name: Option<String>,
    pub email: Option<String>,
    pub website: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AssetsView {
    pub css: String,
    pub js: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct NavView {
    pub title: String,
    pub href: String,
    pub current: bool,
    pub kind: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    pub kind: &'static str,
    pub title: String,
    pub description: Option<String>,
    pub href: String,
    pub canonical: String,
    pub robots: Option<&'static str>,
    pub alternates: Vec<AlternateView>,
    pub links: Vec<LinkView>,
    pub languages: Vec<PageLanguageView>,
    pub json_ld: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AlternateView {
    pub lang: String,
    pub href: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct LinkView {
    pub rel: &'static str,
    pub href: String,
    #[serde(rename = "type")]
    pub media_type: Option<&'static str>,
    pub title: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PageLanguageView {
    pub code: String,
    pub name: String,
    pub href: String,
    pub current: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct DocumentView {
    pub slug: String,
    pub title: String,
    pub description: Option<String>,
    pub href: String,
    pub changes_href: String,
    pub feed_href: String,
}

/// A document in the list on the center's first page.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentEntryView {
    pub slug: String,
    pub title: String,
    pub description: Option<String>,
    pub href: String,
    pub changes_href: String,
    /// `in-force`, `upcoming`, `withdrawn` or `draft`.
    pub state: &'static str,
    pub published: Option<DateView>,
    pub effective: Option<DateView>,
    pub versions: usize,
    pub upcoming: Option<UpcomingView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct UpcomingView {
    pub effective: DateView,
    pub published: DateView,
    pub href: String,
    pub significance: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct RegisterEntryView {
    pub name: String,
    pub title: String,
    pub description: Option<String>,
    pub href: String,
    pub rows: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct ExemptionView {
    pub kind: &'static str,
    pub label: String,
    pub reason: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct WithdrawalView {
    pub date: DateView,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TitleView {
    pub slug: String,
    pub title: String,
    pub href: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct NoticeView {
    pub document: TitleView,
    pub version: String,
    pub href: String,
    pub upcoming_href: String,
    pub redline_href: Option<String>,
    pub published: DateView,
    pub effective: DateView,
    pub days: u32,
    pub summary: Option<String>,
    pub significance: &'static str,
    pub exemption: Option<ExemptionView>,
    pub open: bool,
    pub withdrawn: Option<DateView>,
    pub facts: FactsView,
}

#[derive(Clone, Debug, Serialize)]
pub struct ChangeView {
    pub document: TitleView,
    pub version: String,
    pub href: String,
    pub published: DateView,
    pub effective: DateView,
    /// `first`, `material`, `minor` or `editorial`.
    pub significance: &'static str,
    pub imported: bool,
    pub summary: Option<String>,
    pub state: State,
    pub redline_href: Option<String>,
    pub withdrawn: Option<WithdrawalView>,
    pub exemption: Option<ExemptionView>,
    pub facts: FactsView,
}

#[derive(Clone, Debug, Serialize)]
pub struct NeighbourView {
    pub id: String,
    pub href: String,
    pub effective: DateView,
}

#[derive(Clone, Debug, Serialize)]
pub struct RedlineLinkView {
    pub label_key: &'static str,
    pub href: String,
    pub id: String,
}

/// Changes in one section.
#[derive(Clone, Debug, Serialize)]
pub struct SectionChangeView {
    /// None where several sections are told together.
    pub name: Option<String>,
    pub sentence: String,
    /// Id of its first change.
    pub href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct VersionView {
    pub id: String,
    /// A state of the timeline, or `draft`.
    pub state: &'static str,
    pub published: Option<DateView>,
    pub effective: Option<DateView>,
    pub until: Option<DateView>,
    pub significance: &'static str,
    pub imported: bool,
    pub summary: Option<String>,
    pub permalink: String,
    pub source_href: Option<String>,
    /// SHA-256 of the resolved text, which is put here when the page is made.
    pub digest: Option<String>,
    pub exemption: Option<ExemptionView>,
    pub withdrawn: Option<WithdrawalView>,
    pub previous: Option<NeighbourView>,
    pub next: Option<NeighbourView>,
    pub in_force: Option<NeighbourView>,
    pub redlines: Vec<RedlineLinkView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TranslationView {
    pub lang: String,
    pub name: String,
    pub authoritative: AuthoritativeView,
    /// `authoritative`, `translation`, `outdated` or `missing`.
    pub kind: &'static str,
    /// For an outdated translation: link to the changes that it is missing.
    pub lacks_href: Option<String>,
}

impl TranslationView {
    /// A translation that lacks what `href` shows.
    pub fn lacking(mut self, href: Option<String>) -> TranslationView {
        if href.is_some() {
            self.kind = "outdated";
            self.lacks_href = href;
        }
        self
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct AuthoritativeView {
    pub lang: String,
    pub name: String,
    pub href: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct TocView {
    pub id: String,
    pub number: Option<String>,
    pub title: String,
    pub children: Vec<TocView>,
}

/// A section of an earlier version that this one no longer has.
#[derive(Clone, Debug, Serialize)]
pub struct FormerView {
    pub id: String,
    pub title: Option<String>,
    pub href: String,
    pub version: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct RegisterView {
    pub name: String,
    pub title: String,
    pub description: Option<String>,
    pub csv_href: String,
    pub json_href: String,
    pub feed_href: String,
    pub columns: Vec<ColumnView>,
    pub has_life: bool,
    pub groups: Vec<GroupView>,
    pub as_of_version: Option<AsOfView>,
    pub history: Vec<RegisterChangeView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ColumnView {
    pub key: String,
    pub label: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    /// `announced`, `active`, `former` or `all`.
    pub status: &'static str,
    pub rows: Vec<RegisterRowView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RegisterRowView {
    pub id: String,
    /// Safe HTML.
    pub cells: Vec<String>,
    pub date: Option<DateView>,
    /// Safe HTML, shown below the first cell.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AsOfView {
    pub title: String,
    pub href: String,
    pub effective: DateView,
}

#[derive(Clone, Debug, Serialize)]
pub struct RegisterChangeView {
    pub published: DateView,
    pub effective: DateView,
    pub href: String,
    pub document_title: String,
    pub sentences: FactsView,
}

pub fn significance(significance: Option<Significance>) -> &'static str {
    significance.map_or("first", Significance::name)
}

pub fn life(life: Life) -> &'static str {
    match life {
        Life::Announced => "announced",
        Life::Active => "active",
        Life::Former => "former",
    }
}
