//! A page: its view with the words of its texts put in, handed to a template.
//!
//! In: a page of a task's view. Out: its HTML. Must not know: which pages there are.

use super::{Renderer, guard};
use crate::error::Result;
use crate::hosts;
use crate::markdown::{self, HtmlOptions, HtmlWords, Parsed};
use crate::text::Text;
use crate::view::model::*;
use crate::view::{Article, FromTexts, GlanceView, Own, Page, TextSource, Views, theme_error};
use serde::Serialize;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A page's context beside what all pages share.
#[derive(Serialize)]
struct Context {
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

/// Puts the Content-Security-Policy into a page, whatever theme made it, so that it holds on hosts that send no headers. It
/// stands before everything that a browser could load.
fn add_policy(html: &mut String) {
    let head = html.find("<head").and_then(|at| Some(at + html[at..].find('>')? + 1));
    let Some(head) = head else { return };
    // The encoding comes first, because browsers look for it in the first kilobyte.
    let charset = "\n<meta charset=\"utf-8\">";
    let at = if html[head..].starts_with(charset) { head + charset.len() } else { head };
    html.insert_str(at, &format!("\n{}", hosts::policy_element()));
}

impl Renderer<'_, '_> {
    pub(super) fn page(&self, mut page: Page) -> Result<Vec<u8>> {
        self.fill(&mut page)?;
        let Page { template, language, mut page, own, current, .. } = page;
        page.current = self.plan.href(language, &current);
        let tag = self.plan.languages()[language].tag();
        let context = Context { page, own };
        let html = self.views.theme.render_with(template, tag, &self.shared[language], &context);
        let mut html = html.map_err(theme_error)?;
        if let Own::Document(own) = &context.own {
            guard::shows_what_was_released(template, own, &html)?;
        }
        add_policy(&mut html);
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
                        self.name_former(source, &mut own.former)?;
                    }
                    own.article = FromTexts::Words(Article {
                        toc: toc(&text.parsed),
                        content: self.content(page.language, &text.parsed),
                    });
                }
                own.notice.iter_mut().try_for_each(|notice| self.fill_notice(notice))?;
                if let FromTexts::Source(source) = &own.glance {
                    own.glance = FromTexts::Words(self.glance(page.language, source)?);
                }
            }
            Own::Redline(own) => own.comparison.fill(|source| self.comparison(source))?,
            Own::Center(own) => {
                own.notices.iter_mut().try_for_each(|notice| self.fill_notice(notice))?;
                own.changes.iter_mut().try_for_each(|change| self.fill_facts(&mut change.facts))?;
            }
            Own::Changes(own) => own.changes.iter_mut().try_for_each(|change| self.fill_facts(&mut change.facts))?,
            Own::Notices(own) => {
                let all = own.open.iter_mut().flatten().chain(&mut own.past);
                all.into_iter().try_for_each(|notice| self.fill_notice(notice))?;
            }
            Own::Register(own) => {
                let name = &own.register.name;
                for change in &mut own.register.history {
                    change.sentences.fill(|source| self.register_facts(source, name))?;
                }
            }
            Own::Search(own) => {
                for document in &mut own.documents {
                    if let FromTexts::Source(source) = &document.toc
                        && let Some(text) = self.text(source)?
                    {
                        document.toc = FromTexts::Words(toc(&text.parsed));
                    }
                }
            }
            Own::Embed(_) | Own::Record(_) | Own::Nothing {} => {}
        }
        Ok(())
    }

    pub(super) fn fill_facts(&self, facts: &mut FactsView) -> Result<()> {
        facts.fill(|source| self.fact_sentences(source))
    }

    /// Puts what a notice says of the change in place, the sentence that says most first.
    fn fill_notice(&self, notice: &mut NoticeView) -> Result<()> {
        self.fill_facts(&mut notice.facts)?;
        if let FromTexts::Words(facts) = &mut notice.facts {
            facts.sort_by_key(|sentence| std::cmp::Reverse(sentence.chars().count()));
        }
        notice.objections.fill(|source| self.objections(source))
    }

    /// Names sections of earlier versions as their last version did.
    fn name_former(&self, source: &TextSource, former: &mut [FormerView]) -> Result<()> {
        let mut titles: BTreeMap<usize, HashMap<String, String>> = BTreeMap::new();
        for section in former {
            if let Entry::Vacant(entry) = titles.entry(section.at) {
                let versions = &self.plan.center.documents[source.document].versions;
                let has = versions[section.at].texts.contains_key(&source.tag);
                let tag = if has { &source.tag } else { &versions[section.at].language };
                let text = self.version_text(source.document, section.at, tag)?;
                let titled = text.iter().flat_map(|text| markdown::toc(&text.parsed.document));
                entry.insert(titled.map(|section| (section.id, section.title)).collect());
            }
            section.title = titles[&section.at].get(&section.id).cloned();
        }
        Ok(())
    }

    /// What a text says at a glance, from the facts that were frozen with it.
    fn glance(&self, language: usize, source: &TextSource) -> Result<Vec<GlanceView>> {
        let Some(version) = source.version else { return Ok(Vec::new()) };
        let facts = self.version_facts(source.document, version)?;
        let center = self.plan.center;
        let frozen = &center.documents[source.document].versions[version];
        let Some(file) = frozen.texts.get(&source.tag) else { return Ok(Vec::new()) };
        let written = center.tree.text(&file.path)?;
        self.views.glance(language, &facts, &written)
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
