//! An announcement with what it takes from texts, and as HTML for a mail.
//!
//! In: a version of the plan that is announced. Out: the announcement in a language. Must not know: who receives it.

use super::Renderer;
use crate::error::Result;
use crate::view::announcement::{AnnouncedChange, Announcement};
use crate::view::theme_error;

impl Renderer<'_, '_> {
    /// The announcement as it was frozen with the version; composed only for a version that was released without one.
    pub fn announcement(&self, document: usize, version: usize, language: usize) -> Result<Announcement> {
        match self.views.frozen_announcement(language, document, version) {
            Some(frozen) => Ok(frozen),
            None => self.compose_announcement(document, version, language),
        }
    }

    /// Composes the announcement from today's words.
    pub fn compose_announcement(&self, document: usize, version: usize, language: usize) -> Result<Announcement> {
        let mut change = AnnouncedChange {
            facts: self.version_facts(document, version)?,
            before: None,
            changed: Vec::new(),
            outline: Vec::new(),
        };
        if let Some(pair) = self.views.change_of(document, version) {
            let source = self.views.pair_source(language, document, pair);
            change.before = Some(self.version_facts(document, pair.from)?);
            change.changed = self.fact_sentences(&source)?;
            change.outline = self.feed_change(&source)?.outline;
        }
        self.views.announcement(language, (document, version), change)
    }

    /// The announcement as one HTML file for mail programs: tables, inline style, nothing that loads.
    pub fn announcement_html(&self, announcement: &Announcement) -> Result<String> {
        let language = self.plan.languages().iter().position(|language| language.tag() == announcement.lang);
        let shared = &self.shared[language.unwrap_or(0)];
        let html = self.views.theme.render_with("announcement.html", &announcement.lang, shared, announcement);
        html.map_err(theme_error)
    }
}
