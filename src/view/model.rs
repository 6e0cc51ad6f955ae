//! View models: what templates and feeds may see.
//!
//! In: nothing. Out: plain data that serializes in a fixed order. Must not know: how it is shown.

use super::from_texts::{FromTexts, PairSource};
use crate::center::{Life, Version};
use crate::timeline::State;
use crate::words::{self, Language};
use jiff::civil::Date;
use serde::Serialize;

/// Changes of facts, a sentence each without a full stop.
pub type FactsView = FromTexts<PairSource, Vec<String>>;

/// Until when readers may object to what a version adds.
pub type ObjectionsView = FromTexts<PairSource, Vec<ObjectionView>>;

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

/// What surrounds every page of one language.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    pub title: String,
    pub base_url: String,
    pub base_path: String,
    pub home_href: String,
    pub languages: Vec<LanguageView>,
    pub many_languages: bool,
    pub changes_href: String,
    pub search_href: String,
    pub search_index_href: String,
    pub notices_href: String,
    pub record_href: String,
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
    pub search: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct NavView {
    pub title: String,
    pub href: String,
    /// `document` or `register`.
    pub kind: &'static str,
    /// The title of the group that it is in.
    pub group: String,
    /// The relation that RFC 6903 gives it.
    pub rel: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    pub kind: &'static str,
    pub title: String,
    pub description: Option<String>,
    pub href: String,
    /// The address that the navigation marks.
    pub current: String,
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
    /// Its draft, in a build that shows drafts.
    pub draft_href: Option<String>,
}

/// A document in the list on the center's first page.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentEntryView {
    pub slug: String,
    /// The title of its group.
    pub group: String,
    pub title: String,
    pub description: Option<String>,
    pub href: String,
    pub changes_href: String,
    /// `in-force`, `upcoming`, `retired`, `withdrawn` or `draft`.
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

/// An announced version was changed before it took effect, and another has its place.
#[derive(Clone, Debug, Serialize)]
pub struct AmendmentView {
    pub date: DateView,
    pub heir: Option<NeighbourView>,
}

/// The announced end of a document.
#[derive(Clone, Debug, Serialize)]
pub struct EndView {
    pub date: DateView,
    pub announced: DateView,
    pub reason: Option<String>,
    pub exemption: Option<ExemptionView>,
    pub successor: Option<TitleView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CorrectionView {
    pub date: DateView,
    /// What it was corrected to: `material`, `minor` or `editorial`; none if only its summary was.
    pub significance: Option<&'static str>,
    pub summary: bool,
    /// It took effect without the notice of a material change.
    pub missed: bool,
    pub reason: Option<String>,
}

/// A version that applies until an announced one takes effect.
#[derive(Clone, Debug, Serialize)]
pub struct AppliesView {
    pub version: String,
    pub href: String,
    pub effective: DateView,
    /// The day on which the next one takes over.
    pub until: DateView,
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
    /// The promised period in words.
    pub promised: String,
    /// What was given instead, where an exemption or a correction shortened it.
    pub given: Option<String>,
    pub notice_days_promised: u32,
    pub notice_days_given: u32,
    pub summary: Option<String>,
    /// The summary that was announced, where it was corrected since.
    pub announced_summary: Option<String>,
    pub significance: &'static str,
    pub exemption: Option<ExemptionView>,
    pub open: bool,
    pub withdrawn: Option<DateView>,
    pub amended: Option<AmendmentView>,
    /// Every version that applies until then, in order.
    pub applies: Vec<AppliesView>,
    pub facts: FactsView,
    pub objections: ObjectionsView,
    pub contact: Option<WayView>,
    /// Where to leave, if the organization names such a contact.
    pub leave: Option<WayView>,
}

/// A new recipient to whom readers may object, and the last day for it.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectionView {
    pub name: String,
    pub until: DateView,
}

#[derive(Clone, Debug, Serialize)]
pub struct WayView {
    pub href: String,
    pub text: String,
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
    /// The first day on which it does not apply any more, as far as it is known.
    pub until: Option<DateView>,
    /// True if the document ends on that day, and no other version follows.
    pub ends: bool,
    pub redline_href: Option<String>,
    pub withdrawn: Option<WithdrawalView>,
    pub amended: Option<AmendmentView>,
    pub corrections: Vec<CorrectionView>,
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
    pub effective: DateView,
}

/// A comparison that leads from a version to the one in force.
#[derive(Clone, Debug, Serialize)]
pub struct CompareView {
    pub effective: DateView,
    pub href: String,
}

/// What changed in one section.
#[derive(Clone, Debug, Serialize)]
pub struct SectionChangeView {
    /// None where several sections are told together.
    pub name: Option<String>,
    pub sentence: String,
    /// Of the first change in it.
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
    pub amended: Option<AmendmentView>,
    pub ends: Option<EndView>,
    /// What was corrected about it, oldest first; its frozen words stay.
    pub corrections: Vec<CorrectionView>,
    /// The day on which it was entered, where that was after the day on which it took effect.
    pub entered_later: Option<DateView>,
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
    /// Of a translation that lags: what it lacks.
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
    /// The day from which the last version that had it was in force.
    pub effective: DateView,
    /// That version, by index, until its title of the section is put here.
    #[serde(skip)]
    pub at: usize,
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
    /// True if rows can be filtered by its values.
    pub filter: bool,
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
    /// Values to filter by, one to a line, for each cell of a column that has some.
    pub values: Vec<Option<String>>,
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

/// The significance of a version. A later one that nobody has classified comes from an import.
pub fn significance(version: &Version) -> &'static str {
    match version.significance {
        Some(significance) => significance.name(),
        None if version.imported && version.base.is_some() => "unclassified",
        None => "first",
    }
}

pub fn life(life: Life) -> &'static str {
    match life {
        Life::Announced => "announced",
        Life::Active => "active",
        Life::Former => "former",
    }
}
