//! The comparison of two versions, as a page.
//!
//! In: a pair of versions of the plan. Out: pages in every language. Must not know: how texts are compared.

use super::from_texts::{FromTexts, PairSource};
use super::model::*;
use super::version::direction;
use super::{Output, Own, Page, Place, Views};
use crate::error::Result;
use crate::plan::address;
use crate::plan::redlines::{Pair, Target};
use serde::Serialize;

#[derive(Serialize)]
pub struct RedlinePage {
    pub document: DocumentView,
    pub from: NeighbourView,
    pub to: NeighbourView,
    /// None for a draft, and for the version in force at the address that follows it.
    pub version: Option<VersionView>,
    pub translation: TranslationView,
    #[serde(flatten)]
    pub comparison: FromTexts<PairSource, ComparisonView>,
    pub content_lang: String,
    pub content_dir: &'static str,
    pub older: Option<NeighbourView>,
    pub newer: Option<NeighbourView>,
}

/// The view of a comparison.
#[derive(Clone, Serialize)]
pub struct ComparisonView {
    /// Changes of facts, a sentence each without a full stop.
    pub facts: Vec<String>,
    pub outline: Vec<SectionChangeView>,
    /// Summary of a long outline.
    pub total: Option<String>,
    /// Places to go to, one after the other.
    pub changes: usize,
    pub content: String,
}

impl Views<'_, '_> {
    pub(super) fn redline_outputs(&self, document: usize, pair: Pair) -> Result<Vec<Output>> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let place = plan.redline_address(document, pair);
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            let source = self.pair_source(language, document, pair);
            let tag = source.tags.1.clone();
            if tag.is_empty() {
                continue;
            }
            let document_view = self.document(language, document);
            let from = self.neighbour(language, document, pair.from);
            let to = match pair.to {
                Target::Version(version) | Target::InForce(version) => self.neighbour(language, document, version),
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
            let mut page = self.page("redline", Place { language, address: &place }, title, &[]);
            page.robots = Some("noindex, follow");
            let version = match pair.to {
                Target::Version(version) => Some(self.version(language, document, version)),
                _ => None,
            };
            let authoritative = match pair.to {
                Target::Version(version) | Target::InForce(version) => entry.versions[version].language.as_str(),
                Target::Draft => plan.center.settings.authoritative().tag(),
            };
            let own = RedlinePage {
                translation: self.translation(language, &tag, authoritative, &place),
                comparison: FromTexts::Source(source),
                content_dir: direction(&tag),
                content_lang: tag,
                older: self.older(language, document, pair.from),
                newer: self.newer(language, document, pair.to),
                document: document_view,
                from,
                to,
                version,
            };
            outputs.push(Output::Page(Box::new(Page {
                path: plan.page_path(language, &place),
                template: "redline.html",
                language,
                current: address::document(&entry.slug),
                page,
                own: Own::Redline(Box::new(own)),
            })));
        }
        Ok(outputs)
    }

    /// The change that led to the older of two versions.
    fn older(&self, language: usize, document: usize, from: usize) -> Option<NeighbourView> {
        let href = self.redline_href(language, document, from)?;
        Some(NeighbourView { href, ..self.neighbour(language, document, from) })
    }

    /// The change that came after the newer of two versions.
    fn newer(&self, language: usize, document: usize, to: Target) -> Option<NeighbourView> {
        let Target::Version(version) = to else { return None };
        let next = self.plan.next(document, version)?;
        let href = self.redline_href(language, document, next)?;
        Some(NeighbourView { href, ..self.neighbour(language, document, next) })
    }
}
