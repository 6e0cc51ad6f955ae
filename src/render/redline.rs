//! What changed from one version to another: the page of a redline, and the same change inside changelogs and feeds.
//!
//! In: pairs of versions of the plan. Out: pages in every language; sentences on changes of facts. Must not know: how texts
//! are compared.

use super::phrases::Phrases;
use super::texts::Text;
use super::{OutputFiles, Renderer};
use crate::center::VersionFacts;
use crate::change::html::{self, Unchanged};
use crate::change::{outline, redline};
use crate::error::Result;
use crate::memo::Memo;
use crate::plan::address;
use crate::plan::redlines::{Pair, Target};
use crate::plan::view::*;
use crate::plan::views::Place;
use crate::promise::edition;
use crate::promise::facts::{self, FactChanges};
use crate::text::Texts;
use crate::timeline::Notice;
use crate::words::Language;
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// A longer redline is left out of feeds; its page has it.
const FEED_BYTES: usize = 24_000;

#[derive(Serialize)]
struct RedlinePage {
    document: DocumentView,
    from: NeighbourView,
    to: NeighbourView,
    /// `None` for a draft.
    version: Option<VersionView>,
    translation: TranslationView,
    /// Sentences without a full stop.
    facts: Vec<String>,
    outline: Vec<SectionChangeView>,
    /// Of a long outline, what it comes to.
    total: Option<String>,
    /// Places to go to, one after the other.
    changes: usize,
    content: String,
    content_lang: String,
    content_dir: &'static str,
    older: Option<NeighbourView>,
    newer: Option<NeighbourView>,
}

/// The change as feeds carry it.
#[derive(Clone, Default)]
pub struct FeedChange {
    pub outline: Vec<String>,
    /// Without what did not change; nothing if it is too long.
    pub html: Option<String>,
}

/// Changes told already, by document, version and language.
#[derive(Default)]
pub struct FeedChangeCache(Memo<(usize, usize, usize), FeedChange>);

/// A list with more lines than this is folded below a line that tells their sum.
const MANY: usize = 16;

/// One side of a comparison.
pub(super) struct Side {
    pub tag: String,
    pub text: Arc<Text>,
}

impl Renderer<'_, '_> {
    pub(super) fn redline(&self, document: usize, pair: Pair) -> Result<OutputFiles> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let place = plan.redline_address(document, pair);
        let mut made = OutputFiles::new();
        for language in plan.every_language() {
            let own = plan.languages()[language].tag();
            let Some((old, new)) = self.sides(document, pair, own)? else { continue };
            let phrases = self.phrases(language);
            let redline = redline(&old.text.parsed.document, &new.text.parsed.document);
            let link = self.redline_link(language, document, pair, &new.text);
            let content = phrases.html(|words| {
                let options = html::Options { words, link: &link, prefix: "c", unchanged: Unchanged::Folded };
                html::html(&redline, &options)
            });
            let told = outline::outline(&redline);
            let lines = outline::lines(&told, &phrases);
            let total = (lines.len() > MANY).then(|| told.total(&phrases));
            let outline = lines.into_iter().map(|line| SectionChangeView {
                name: line.name,
                sentence: line.sentence,
                href: line.first.map(|first| format!("#c{first}")),
            });
            let document_view = plan.document(language, document);
            let from = plan.neighbour(language, document, pair.from);
            let to = match pair.to {
                Target::Version(version) | Target::InForce(version) => plan.neighbour(language, document, version),
                Target::Draft => NeighbourView {
                    id: "draft".into(),
                    href: plan.href(language, &address::draft(&entry.slug)),
                    effective: DateView {
                        iso: plan.timeline.date.to_string(),
                        text: self.text(language, "state-name-draft", &[])?,
                    },
                },
            };
            let args = [
                ("title", document_view.title.as_str()),
                ("from", from.effective.text.as_str()),
                ("to", to.effective.text.as_str()),
            ];
            let title = self.text(language, "redline-title", &args)?;
            let mut page = plan.page("redline", Place { language, address: &place }, title, &[]);
            page.robots = Some("noindex, follow");
            let version = match pair.to {
                Target::Version(version) => Some(plan.version(language, document, version, None)),
                _ => None,
            };
            let changes = self.fact_changes(language, document, pair)?;
            let own_page = RedlinePage {
                translation: self.translation(language, &new.tag, &self.authoritative(document, pair.to), &place),
                facts: facts::sentences(&changes, &phrases),
                outline: outline.collect(),
                total,
                changes: redline.counts.changes,
                content,
                content_dir: Language::parse(&new.tag).map_or("ltr", |language| language.direction()),
                content_lang: new.tag.clone(),
                older: self.older(language, document, pair.from),
                newer: self.newer(language, document, pair.to),
                document: document_view,
                from,
                to,
                version,
            };
            let bytes = self.html("redline.html", language, &address::document(&entry.slug), page, own_page)?;
            made.push((plan.page_path(language, &place), bytes));
        }
        Ok(made)
    }

    pub(super) fn phrases(&self, language: usize) -> Phrases<'_> {
        Phrases::new(self.theme, &self.plan.languages()[language])
    }

    /// What a version changed, for feeds. A first version changed nothing.
    pub(super) fn told(&self, language: usize, document: usize, version: usize) -> Result<Arc<FeedChange>> {
        self.told.0.get((document, version, language), || {
            let Some(from) = self.plan.base(document, version) else { return Ok(FeedChange::default()) };
            let pair = Pair { from, to: Target::Version(version) };
            let own = self.plan.languages()[language].tag();
            let Some((old, new)) = self.sides(document, pair, own)? else { return Ok(FeedChange::default()) };
            let phrases = self.phrases(language);
            let redline = redline(&old.text.parsed.document, &new.text.parsed.document);
            // A feed is read elsewhere: its links are whole.
            let origin = &self.plan.center.settings.base_url.origin;
            let link = self.redline_link(language, document, pair, &new.text);
            let link = |url: &str| match link(url) {
                url if url.starts_with('/') && !url.starts_with("//") => format!("{origin}{url}"),
                url => url,
            };
            let html = phrases.html(|words| {
                let options = html::Options { words, link: &link, prefix: "c", unchanged: Unchanged::Omitted };
                html::html(&redline, &options)
            });
            Ok(FeedChange {
                outline: outline::lines(&outline::outline(&redline), &phrases)
                    .iter()
                    .map(|line| line.to_string())
                    .collect(),
                html: Some(html).filter(|html| !redline.is_empty() && html.len() <= FEED_BYTES),
            })
        })
    }

    /// Links inside a text lead to its own page: the newer one, or the older one for sections that are gone.
    pub(super) fn redline_link(
        &self,
        language: usize,
        document: usize,
        pair: Pair,
        new: &Text,
    ) -> impl Fn(&str) -> String {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let page = |version: usize| plan.href(language, &address::version(&entry.slug, &entry.versions[version].id));
        let from = page(pair.from);
        let to = match pair.to {
            Target::Version(version) | Target::InForce(version) => page(version),
            Target::Draft => plan.href(language, &address::draft(&entry.slug)),
        };
        let ids: HashSet<String> = crate::markdown::ids(&new.parsed.document).into_iter().collect();
        move |url: &str| match url.strip_prefix('#') {
            Some(id) if ids.contains(id) => format!("{to}{url}"),
            Some(_) => format!("{from}{url}"),
            None => self.link(language, url),
        }
    }

    /// Changes of facts that a version brought, a sentence each.
    pub(super) fn facts_told(&self, language: usize, (document, version): (usize, usize)) -> Result<Vec<String>> {
        let Some(from) = self.plan.base(document, version) else { return Ok(Vec::new()) };
        let changes = self.fact_changes(language, document, Pair { from, to: Target::Version(version) })?;
        Ok(facts::sentences(&changes, &self.phrases(language)))
    }

    /// The same of one register.
    pub(super) fn register_told(
        &self,
        language: usize,
        (document, version): (usize, usize),
        register: &str,
    ) -> Result<Vec<String>> {
        let Some(from) = self.plan.base(document, version) else { return Ok(Vec::new()) };
        let mut changes = self.fact_changes(language, document, Pair { from, to: Target::Version(version) })?;
        changes.organization.clear();
        changes.registers.retain(|change| change.register == register);
        Ok(facts::sentences(&changes, &self.phrases(language)))
    }

    /// A notice with what changes.
    pub(super) fn notice(&self, language: usize, notice: &Notice) -> Result<NoticeView> {
        let facts = self.facts_told(language, (notice.document, notice.version))?;
        Ok(NoticeView { facts, ..self.plan.notice(language, notice) })
    }

    /// Both texts in the same language: the reader's if both have it, else each in its authoritative one.
    pub(super) fn sides(&self, document: usize, pair: Pair, own: &str) -> Result<Option<(Side, Side)>> {
        let entry = &self.plan.center.documents[document];
        let old = &entry.versions[pair.from];
        // A translation that lags does not show what changed.
        let has =
            |version: usize| entry.versions[version].texts.contains_key(own) && entry.lags(version, own).is_none();
        let both = has(pair.from)
            && match pair.to {
                Target::Version(version) | Target::InForce(version) => has(version),
                Target::Draft => {
                    let texts = entry.draft.as_ref().map(|draft| &draft.texts);
                    let authoritative = self.plan.center.settings.authoritative().tag();
                    texts.is_some_and(|texts| texts.contains_key(own)) && entry.draft_lags(own, authoritative).is_none()
                }
            };
        let tag = |authoritative: &str| if both { own.to_string() } else { authoritative.to_string() };
        let frozen = |version: usize| -> Result<Option<Side>> {
            let version = &entry.versions[version];
            let Some((tag, text)) = self.version_text(version, &tag(&version.language))? else { return Ok(None) };
            Ok(Some(Side { tag, text }))
        };
        let new = match pair.to {
            Target::Version(version) | Target::InForce(version) => frozen(version)?,
            Target::Draft => {
                let text = self.draft_text(document, &tag(&old.language))?;
                text.map(|(tag, text)| Side { tag, text: Arc::new(text) })
            }
        };
        Ok(frozen(pair.from)?.zip(new))
    }

    fn fact_changes(&self, language: usize, document: usize, pair: Pair) -> Result<FactChanges> {
        let center = self.plan.center;
        let entry = &center.documents[document];
        let frozen = |version: usize| VersionFacts::of_version(center, &entry.versions[version], &self.facts);
        let new = match pair.to {
            Target::Version(version) | Target::InForce(version) => frozen(version)?,
            Target::Draft => {
                let draft = Texts::small().draft(center, entry, self.plan.timeline.draft_day(center, document))?;
                let Some(draft) = draft else { return Ok(FactChanges::default()) };
                draft.facts()
            }
        };
        Ok(edition::fact_changes(&frozen(pair.from)?, &new, &self.plan.languages()[language]))
    }

    fn authoritative(&self, document: usize, to: Target) -> String {
        match to {
            Target::Version(version) | Target::InForce(version) => {
                self.plan.center.documents[document].versions[version].language.clone()
            }
            Target::Draft => self.plan.center.settings.authoritative().tag().to_string(),
        }
    }

    /// The change that led to the older of two versions.
    fn older(&self, language: usize, document: usize, from: usize) -> Option<NeighbourView> {
        let href = self.plan.redline_href(language, document, from)?;
        Some(NeighbourView { href, ..self.plan.neighbour(language, document, from) })
    }

    /// The change that came after the newer of two versions.
    fn newer(&self, language: usize, document: usize, to: Target) -> Option<NeighbourView> {
        let Target::Version(version) = to else { return None };
        let next = self.plan.next(document, version)?;
        let href = self.plan.redline_href(language, document, next)?;
        Some(NeighbourView { href, ..self.plan.neighbour(language, document, next) })
    }
}
