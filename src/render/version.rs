//! The pages of one version: its permalink, the document's address while it is shown there, the announced page; and its source.
//!
//! In: frozen files and the facts beside them, or a draft's. Out: pages in every language and the resolved text.
//! Must not know: other versions' texts.

use super::texts::{Text, published};
use super::{OutputFiles, Renderer, theme_error};
use crate::error::Result;
use crate::markdown::{self, HtmlOptions, HtmlWords, Parsed};
use crate::plan::address;
use crate::plan::redlines::{Pair, Target};
use crate::plan::view::*;
use crate::plan::views::Place;
use crate::render::Theme;
use crate::source::Digest;
use crate::timeline::State;
use serde::Serialize;
use std::collections::HashSet;

/// The words around content in one language.
pub struct Words(pub HtmlWords);

impl Words {
    pub fn new(theme: &Theme, tag: &str) -> Result<Words> {
        let say = |key: &str| theme.text(tag, key, &[]).map_err(theme_error);
        Ok(Words(HtmlWords {
            footnotes: say("footnotes")?,
            footnote: say("footnote")?,
            back: say("footnote-back")?,
            note: say("alert-note")?,
            tip: say("alert-tip")?,
            important: say("alert-important")?,
            warning: say("alert-warning")?,
            caution: say("alert-caution")?,
            task_done: say("task-done")?,
            task_open: say("task-open")?,
            summary: say("summary")?,
            table: say("table")?,
        }))
    }
}

#[derive(Serialize)]
struct DocumentPage<'a> {
    document: DocumentView,
    version: VersionView,
    notice: Option<NoticeView>,
    translation: TranslationView,
    toc: Vec<TocView>,
    content: &'a str,
    content_lang: String,
    content_dir: &'static str,
    former: Vec<FormerView>,
}

impl Renderer<'_, '_> {
    pub(super) fn version(&self, document: usize, version: usize) -> Result<OutputFiles> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let frozen = &entry.versions[version];
        let timeline = &plan.timeline.documents[document];
        let mut made = OutputFiles::new();
        for language in plan.every_language() {
            let own = plan.languages()[language].tag();
            let Some((tag, text)) = self.version_text(frozen, own)? else { continue };
            let tag = tag.as_str();
            if tag == own || language == 0 {
                self.found(text.finding.clone());
            }
            let source_address =
                format!("{}{}policy.md", plan.prefix(language), address::version(&entry.slug, &frozen.id));
            if tag == own || language == 0 {
                made.push((source_address, published(frozen, tag, &text.parsed.resolved).into_bytes()));
            }
            let content = self.content(language, &text.parsed);
            let state = timeline.states[version];
            let view = plan.version(language, document, version, Some(text.digest.clone()));
            let lacks = (tag == own).then(|| self.lacks_href(document, version, tag)).flatten();
            let mut page = |kind: &'static str, address: String| -> Result<()> {
                let lacks = lacks.clone();
                let translated: Vec<usize> = (0..plan.languages().len())
                    .filter(|other| frozen.texts.contains_key(plan.languages()[*other].tag()))
                    .collect();
                let mut page = plan.page(kind, Place { language, address: &address }, frozen.title(tag), &translated);
                page.description = frozen.description(tag);
                if tag != own {
                    // The same words stand at the authoritative address.
                    page.canonical = plan.absolute(0, &address);
                    page.alternates.clear();
                }
                if kind == "version" && matches!(state, State::Superseded | State::Withdrawn) {
                    page.robots = Some("noindex, follow");
                }
                page.links = self.version_links(language, document, &view);
                let notice = plan
                    .timeline
                    .open_notices()
                    .find(|notice| notice.document == document && (kind == "document" || notice.version == version))
                    .map(|notice| self.notice(language, notice))
                    .transpose()?;
                let own_page = DocumentPage {
                    document: plan.document(language, document),
                    version: view.clone(),
                    notice,
                    translation: self.translation(language, tag, &frozen.language, &address).lacking(lacks),
                    toc: toc(&text.parsed),
                    content: &content,
                    content_lang: tag.to_string(),
                    content_dir: crate::words::Language::parse(tag).map_or("ltr", |language| language.direction()),
                    former: if kind == "version" {
                        Vec::new()
                    } else {
                        self.former(language, document, version, &text.parsed)
                    },
                };
                let template = format!("{kind}.html");
                let path = plan.page_path(language, &address);
                let bytes = self.html(&template, language, &address::document(&entry.slug), page, own_page)?;
                made.push((path, bytes));
                Ok(())
            };
            page("version", address::version(&entry.slug, &frozen.id))?;
            if timeline.shown() == Some(version) {
                page("document", address::document(&entry.slug))?;
            }
            if timeline.upcoming.first() == Some(&version) {
                page("upcoming", address::upcoming(&entry.slug))?;
            }
        }
        Ok(made)
    }

    pub(super) fn draft(&self, document: usize) -> Result<OutputFiles> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let Some(draft) = &entry.draft else { return Ok(OutputFiles::new()) };
        let authoritative = plan.center.settings.authoritative().tag();
        let shown = plan.timeline.documents[document].shown();
        let mut made = OutputFiles::new();
        for language in plan.every_language() {
            let own = plan.languages()[language].tag();
            let Some((tag, Text { parsed, .. })) = self.draft_text(document, own)? else { continue };
            let (tag, file) = (tag.as_str(), &draft.texts[tag.as_str()]);
            let spoken = crate::words::Language::parse(tag).unwrap_or_else(crate::words::Language::english);
            let content = self.content(language, &parsed);
            let addresses =
                [Some(address::draft(&entry.slug)), shown.is_none().then(|| address::document(&entry.slug))];
            for address in addresses.into_iter().flatten() {
                let title =
                    file.title.clone().or_else(|| draft.front.title.clone()).unwrap_or_else(|| entry.slug.clone());
                let mut page = plan.page("document", Place { language, address: &address }, title, &[]);
                page.description = file.description.clone().or_else(|| draft.front.description.clone());
                page.robots = Some("noindex, follow");
                let own_page = DocumentPage {
                    document: plan.document(language, document),
                    version: self.draft_view(language, &address, &parsed),
                    notice: None,
                    translation: self.translation(language, tag, authoritative, &address),
                    toc: toc(&parsed),
                    content: &content,
                    content_lang: tag.to_string(),
                    content_dir: spoken.direction(),
                    former: Vec::new(),
                };
                let path = plan.page_path(language, &address);
                made.push((
                    path,
                    self.html("document.html", language, &address::document(&entry.slug), page, own_page)?,
                ));
            }
        }
        Ok(made)
    }

    fn draft_view(&self, language: usize, address: &str, parsed: &Parsed) -> VersionView {
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
            digest: Some(Digest::of(parsed.resolved.as_bytes()).hex()),
            exemption: None,
            withdrawn: None,
            previous: None,
            next: None,
            in_force: None,
            redlines: Vec::new(),
        }
    }

    fn content(&self, language: usize, parsed: &Parsed) -> String {
        let link = |url: &str| self.link(language, url);
        markdown::html(&parsed.document, &HtmlOptions { link: &link, words: &self.words[language].0 })
    }

    /// An address in prose: from the site's root on, it gets the site's path and the page's language.
    pub(super) fn link(&self, language: usize, url: &str) -> String {
        let plan = self.plan;
        let Some(rest) = url.strip_prefix('/').filter(|rest| !rest.starts_with('/')) else { return url.to_string() };
        let first = rest.split(['/', '#', '?']).next().unwrap_or("");
        let ours = matches!(first, "" | "changes" | "notices" | "embed") || self.ours.contains(first);
        plan.href(if ours { language } else { 0 }, rest)
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
        let name = |tag: &str| {
            crate::words::Language::parse(tag).map_or_else(|| tag.to_string(), |language| language.name_in(own))
        };
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

    /// Of a translation that lags: the change that it lacks, in the language that has it.
    fn lacks_href(&self, document: usize, version: usize, tag: &str) -> Option<String> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let from = entry.lags(version, tag)?;
        let own = &entry.versions[version].language;
        let language = plan.languages().iter().position(|language| language.tag() == own).unwrap_or(0);
        if plan.timeline.documents[document].in_force == Some(version) && plan.base(document, version) != Some(from) {
            let pair = Pair { from, to: Target::InForce(version) };
            return Some(plan.href(language, &plan.redline_address(document, pair)));
        }
        plan.redline_href(language, document, version)
    }

    /// Sections of earlier versions that this text no longer has: each id leads to the last version that had it, so that
    /// no link into the document ever breaks.
    fn former(&self, language: usize, document: usize, version: usize, parsed: &Parsed) -> Vec<FormerView> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let mut known: HashSet<String> = markdown::ids(&parsed.document).into_iter().collect();
        let mut former = Vec::new();
        for index in plan.timeline.documents[document].visible().rev().filter(|index| *index < version) {
            let earlier = &entry.versions[index];
            for id in earlier.anchors.iter().filter(|id| !known.contains(*id)).cloned().collect::<Vec<_>>() {
                let href = plan.href(language, &format!("{}#{id}", address::version(&entry.slug, &earlier.id)));
                former.push(FormerView { id: id.clone(), title: None, href, version: earlier.id.clone() });
                known.insert(id);
            }
        }
        former.sort_by(|a, b| a.id.cmp(&b.id));
        former
    }

    /// RFC 5829 relations between versions, RFC 6903 for the documents that have a relation of their own.
    fn version_links(&self, language: usize, document: usize, version: &VersionView) -> Vec<LinkView> {
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
        links.push(LinkView {
            rel: "alternate",
            href: plan.href(language, &format!("{slug}/feed.xml")),
            media_type: Some("application/atom+xml"),
            title: Some(plan.title(language, document)),
        });
        links
    }
}

/// Sections and their subsections.
fn toc(parsed: &Parsed) -> Vec<TocView> {
    let mut out: Vec<TocView> = Vec::new();
    for entry in markdown::toc(&parsed.document) {
        let view = TocView { id: entry.id, number: entry.number, title: entry.title, children: Vec::new() };
        match (entry.level, out.last_mut()) {
            (0..=2, _) | (3, None) => out.push(view),
            (3, Some(section)) => section.children.push(view),
            _ => {}
        }
    }
    out
}
