//! A page: its view with the words of its texts put in, handed to a template.
//!
//! In: a page of a task's view. Out: its HTML. Must not know: which pages there are.

use super::{Renderer, guard};
use crate::error::Result;
use crate::markdown::{self, HtmlOptions, HtmlWords, Parsed};
use crate::text::Text;
use crate::view::model::*;
use crate::view::{Article, FromTexts, Own, Page, TextSource, Views, theme_error};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// A page's context beside what all pages share.
#[derive(Serialize)]
struct Context {
    nav: Vec<NavView>,
    page: PageView,
    #[serde(flatten)]
    own: Own,
}

/// The words around content in one language.
pub(super) fn words(views: &Views, language: usize) -> Result<HtmlWords> {
    let say = |key: &str| views.text(language, key, &[]);
    Ok(HtmlWords {
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
    })
}

impl Renderer<'_, '_> {
    pub(super) fn page(&self, mut page: Page) -> Result<Vec<u8>> {
        self.fill(&mut page)?;
        let nav = self.views.nav(&page);
        let Page { template, language, page, own, .. } = page;
        let tag = self.plan.languages()[language].tag();
        let context = Context { nav, page, own };
        let html = self.views.theme.render_with(template, tag, &self.shared[language], &context);
        let html = html.map_err(theme_error)?;
        if let Own::Document(own) = &context.own {
            guard::shows_what_was_released(template, own, &html)?;
        }
        Ok(html.into_bytes())
    }

    /// Puts the words of texts in the place of their sources.
    fn fill(&self, page: &mut Page) -> Result<()> {
        match &mut page.own {
            Own::Document(own) => {
                if let FromTexts::Source(source) = &own.article
                    && let Some(text) = self.text(source)?
                {
                    own.version.digest = Some(text.digest.hex());
                    if !own.former.is_empty() {
                        let known: HashSet<String> = markdown::ids(&text.parsed.document).into_iter().collect();
                        own.former.retain(|section| !known.contains(&section.id));
                    }
                    own.article = FromTexts::Words(Article {
                        toc: toc(&text.parsed),
                        content: self.content(page.language, &text.parsed),
                    });
                }
                if let Some(notice) = &mut own.notice {
                    self.fill_facts(&mut notice.facts)?;
                }
            }
            Own::Redline(own) => own.comparison.fill(|source| self.comparison(source))?,
            Own::Center(own) => {
                own.notices.iter_mut().try_for_each(|notice| self.fill_facts(&mut notice.facts))?;
                own.changes.iter_mut().try_for_each(|change| self.fill_facts(&mut change.facts))?;
            }
            Own::Changes(own) => own.changes.iter_mut().try_for_each(|change| self.fill_facts(&mut change.facts))?,
            Own::Notices(own) => {
                let all = own.open.iter_mut().flatten().chain(&mut own.past);
                all.into_iter().try_for_each(|notice| self.fill_facts(&mut notice.facts))?;
            }
            Own::Register(own) => {
                let name = &own.register.name;
                for change in &mut own.register.history {
                    change.sentences.fill(|source| self.register_facts(source, name))?;
                }
            }
            Own::Embed(_) | Own::Record(_) | Own::Nothing {} => {}
        }
        Ok(())
    }

    pub(super) fn fill_facts(&self, facts: &mut FactsView) -> Result<()> {
        facts.fill(|source| self.fact_sentences(source))
    }

    /// The text that a source names.
    pub(super) fn text(&self, source: &TextSource) -> Result<Option<Arc<Text>>> {
        match source.version {
            Some(version) => self.version_text(source.document, version, &source.tag),
            None => self.draft_text(source.document, &source.tag),
        }
    }

    /// A frozen text. A word that differs from the one released is an error.
    pub(super) fn version_text(&self, document: usize, version: usize, tag: &str) -> Result<Option<Arc<Text>>> {
        let center = self.plan.center;
        let text = self.texts.version(center, &center.documents[document].versions[version], tag)?;
        self.found(text.iter().filter_map(|text| text.changed.clone()));
        Ok(text)
    }

    /// The working text in a language. What is wrong with it was found when the center was checked.
    pub(super) fn draft_text(&self, document: usize, tag: &str) -> Result<Option<Arc<Text>>> {
        let center = self.plan.center;
        let day = self.plan.timeline.draft_day(center, document);
        let draft = self.texts.draft(center, &center.documents[document], day)?;
        Ok(draft.and_then(|mut draft| draft.texts.remove(tag)))
    }

    fn content(&self, language: usize, parsed: &Parsed) -> String {
        let link = |url: &str| self.views.link(language, url);
        markdown::html(&parsed.document, &HtmlOptions { link: &link, words: &self.words[language] })
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
