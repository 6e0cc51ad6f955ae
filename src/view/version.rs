//! The pages of one version: its permalink, the document's address while it is shown there, the announced page; and a draft's.
//!
//! In: a version or a draft of the plan. Out: pages in every language and the resolved text. Must not know: texts.

use super::from_texts::{FromTexts, TextSource};
use super::model::*;
use super::{Output, Own, Page, Place, Views};
use crate::error::Result;
use crate::plan::address;
use crate::plan::redlines::{Pair, Target};
use crate::timeline::State;
use crate::words::Language;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Clone, Serialize)]
pub struct DocumentPage {
    pub document: DocumentView,
    pub version: VersionView,
    pub notice: Option<NoticeView>,
    pub translation: TranslationView,
    #[serde(flatten)]
    pub article: FromTexts<TextSource, Article>,
    pub content_lang: String,
    pub content_dir: &'static str,
    /// Sections of earlier versions, of which those stay that the text does not have.
    pub former: Vec<FormerView>,
}

/// The view of a text.
#[derive(Clone, Serialize)]
pub struct Article {
    pub toc: Vec<TocView>,
    pub content: String,
}

impl Views<'_, '_> {
    pub(super) fn version_outputs(&self, document: usize, version: usize) -> Result<Vec<Output>> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let id = &entry.versions[version].id;
        let timeline = &plan.timeline.documents[document];
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            let own = plan.languages()[language].tag();
            let Some(text) = self.text_source(document, version, own) else { continue };
            if text.tag == own || language == 0 {
                let path = format!("{}{}policy.md", plan.prefix(language), address::version(&entry.slug, id));
                outputs.push(Output::Source { path, text: text.clone() });
            }
            let mut page = |kind: &'static str, template: &'static str, address: String| {
                outputs.push(self.version_page(language, (document, version), &text, (kind, template), &address));
            };
            page("version", "version.html", address::version(&entry.slug, id));
            if timeline.shown() == Some(version) {
                page("document", "document.html", address::document(&entry.slug));
            }
            if timeline.upcoming.first() == Some(&version) {
                page("upcoming", "upcoming.html", address::upcoming(&entry.slug));
            }
        }
        Ok(outputs)
    }

    fn version_page(
        &self,
        language: usize,
        (document, version): (usize, usize),
        text: &TextSource,
        (kind, template): (&'static str, &'static str),
        address: &str,
    ) -> Output {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let frozen = &entry.versions[version];
        let own = plan.languages()[language].tag();
        let tag = text.tag.as_str();
        let state = plan.timeline.documents[document].states[version];
        let translated: Vec<usize> = (0..plan.languages().len())
            .filter(|other| frozen.texts.contains_key(plan.languages()[*other].tag()))
            .collect();
        let mut page = self.page(kind, Place { language, address }, frozen.title(tag), &translated);
        page.description = frozen.description(tag);
        if tag != own {
            // The same words stand at the authoritative address.
            page.canonical = plan.absolute(0, address);
            page.alternates.clear();
        }
        if kind == "version" && matches!(state, State::Superseded | State::Withdrawn) {
            page.robots = Some("noindex, follow");
        }
        let view = self.version(language, document, version);
        page.links = self.version_links(language, document, &view, kind != "version");
        // Only what is announced has an open notice.
        let announced = !plan.timeline.documents[document].upcoming.is_empty();
        let mut notices = plan.timeline.notices[..if announced { plan.timeline.notices.len() } else { 0 }].iter();
        let notice = notices
            .find(|notice| {
                notice.open && notice.document == document && (kind == "document" || notice.version == version)
            })
            .map(|notice| self.notice(language, notice));
        let lacks = (tag == own).then(|| self.lacks_href(document, version, tag)).flatten();
        let own_page = DocumentPage {
            document: self.document(language, document),
            version: view,
            notice,
            translation: self.translation(language, tag, &frozen.language, address).lacking(lacks),
            article: FromTexts::Source(text.clone()),
            content_lang: tag.to_string(),
            content_dir: direction(tag),
            former: if kind == "version" { Vec::new() } else { self.former(language, document, version) },
        };
        self.document_page(language, document, template, address, page, own_page)
    }

    pub(super) fn draft_outputs(&self, document: usize) -> Result<Vec<Output>> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let Some(draft) = &entry.draft else { return Ok(Vec::new()) };
        let authoritative = plan.center.settings.authoritative().tag();
        let shown = plan.timeline.documents[document].shown();
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            let Some(text) = self.draft_source(document, plan.languages()[language].tag()) else { continue };
            let tag = text.tag.as_str();
            let file = &draft.texts[tag];
            let addresses =
                [Some(address::draft(&entry.slug)), shown.is_none().then(|| address::document(&entry.slug))];
            for address in addresses.into_iter().flatten() {
                let title =
                    file.title.clone().or_else(|| draft.front.title.clone()).unwrap_or_else(|| entry.slug.clone());
                let mut page = self.page("document", Place { language, address: &address }, title, &[]);
                page.description = file.description.clone().or_else(|| draft.front.description.clone());
                page.robots = Some("noindex, follow");
                let own_page = DocumentPage {
                    document: self.document(language, document),
                    version: self.draft_view(language, &address),
                    notice: None,
                    translation: self.translation(language, tag, authoritative, &address),
                    article: FromTexts::Source(text.clone()),
                    content_lang: tag.to_string(),
                    content_dir: direction(tag),
                    former: Vec::new(),
                };
                outputs.push(self.document_page(language, document, "document.html", &address, page, own_page));
            }
        }
        Ok(outputs)
    }

    fn document_page(
        &self,
        language: usize,
        document: usize,
        template: &'static str,
        address: &str,
        page: PageView,
        own: DocumentPage,
    ) -> Output {
        Output::Page(Box::new(Page {
            path: self.plan.page_path(language, address),
            template,
            language,
            current: address::document(&self.plan.center.documents[document].slug),
            page,
            own: Own::Document(Box::new(own)),
        }))
    }

    fn draft_view(&self, language: usize, address: &str) -> VersionView {
        VersionView {
            id: "draft".into(),
            state: "draft",
            published: None,
            effective: None,
            until: None,
            significance: "first",
            imported: false,
            summary: None,
            permalink: self.plan.absolute(language, address),
            source_href: None,
            digest: None,
            exemption: None,
            withdrawn: None,
            previous: None,
            next: None,
            in_force: None,
            redlines: Vec::new(),
        }
    }

    pub(super) fn translation(
        &self,
        language: usize,
        tag: &str,
        authoritative: &str,
        address: &str,
    ) -> TranslationView {
        let plan = self.plan;
        let own = &plan.languages()[language];
        let kind = match () {
            _ if own.tag() == authoritative => "authoritative",
            _ if tag == own.tag() => "translation",
            _ => "missing",
        };
        let index = plan.languages().iter().position(|language| language.tag() == authoritative).unwrap_or(0);
        let name = |tag: &str| Language::parse(tag).map_or_else(|| tag.to_string(), |language| language.name_in(own));
        TranslationView {
            lang: own.tag().to_string(),
            name: name(own.tag()),
            authoritative: AuthoritativeView {
                lang: authoritative.to_string(),
                name: name(authoritative),
                href: plan.href(index, address),
            },
            kind,
            lacks_href: None,
        }
    }

    /// For an outdated translation: the change that it is missing, in the language that has it.
    fn lacks_href(&self, document: usize, version: usize, tag: &str) -> Option<String> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let from = entry.lags(version, tag)?;
        let own = &entry.versions[version].language;
        let language = plan.languages().iter().position(|language| language.tag() == own).unwrap_or(0);
        if plan.timeline.documents[document].in_force == Some(version) && plan.base(document, version) != Some(from) {
            let pair = Pair { from, to: Target::InForce(version) };
            return Some(plan.href(language, &plan.comparison_address(document, pair)));
        }
        self.redline_href(language, document, version)
    }

    /// Sections of earlier versions: each id leads to the last version that had it, so that no link into the document ever
    /// breaks.
    fn former(&self, language: usize, document: usize, version: usize) -> Vec<FormerView> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let mut known: BTreeSet<&str> = BTreeSet::new();
        let mut former = Vec::new();
        for index in plan.timeline.documents[document].visible().rev().filter(|index| *index < version) {
            let earlier = &entry.versions[index];
            for id in earlier.anchors.iter().filter(|id| known.insert(id)) {
                let href = plan.href(language, &format!("{}#{id}", address::version(&entry.slug, &earlier.id)));
                former.push(FormerView { id: id.clone(), title: None, href, version: earlier.id.clone() });
            }
        }
        former.sort_by(|a, b| a.id.cmp(&b.id));
        former
    }

    /// RFC 5829 relations between versions.
    fn version_links(&self, language: usize, document: usize, version: &VersionView, with_feed: bool) -> Vec<LinkView> {
        let plan = self.plan;
        let slug = &plan.center.documents[document].slug;
        let link = |rel: &'static str, href: String| LinkView { rel, href, media_type: None, title: None };
        let mut links = vec![
            link("latest-version", plan.href(language, &address::document(slug))),
            link("version-history", plan.href(language, &address::changes(slug))),
        ];
        if let Some(previous) = &version.previous {
            links.push(link("predecessor-version", previous.href.clone()));
        }
        if let Some(next) = &version.next {
            links.push(link("successor-version", next.href.clone()));
        }
        if let Some(source) = &version.source_href {
            links.push(LinkView {
                rel: "alternate",
                href: source.clone(),
                media_type: Some("text/markdown"),
                title: None,
            });
        }
        links.extend(with_feed.then(|| LinkView {
            rel: "alternate",
            href: plan.href(language, &format!("{slug}/feed.xml")),
            media_type: Some("application/atom+xml"),
            title: Some(self.title(language, document)),
        }));
        links
    }
}

pub(super) fn direction(tag: &str) -> &'static str {
    Language::parse(tag).map_or("ltr", |language| language.direction())
}
