//! What can be found: every section of the documents in force, every version, every row of a list.
//!
//! In: a plan. Out: a page that lists it all, and an index that the page's script loads when it is asked. Must not know: how texts
//! are cut into sections; how a browser searches.

use super::from_texts::{FromTexts, TextSource};
use super::model::*;
use super::{Output, Own, Place, Views};
use crate::center::Life;
use crate::error::Result;
use crate::plan::address;
use crate::words;
use serde::Serialize;

#[derive(Serialize)]
pub struct SearchPage {
    pub documents: Vec<SearchDocument>,
    pub registers: Vec<RegisterEntryView>,
}

/// A document with the titles of its sections.
#[derive(Serialize)]
pub struct SearchDocument {
    pub title: String,
    pub href: String,
    pub lang: String,
    pub dir: &'static str,
    pub toc: FromTexts<TextSource, Vec<TocView>>,
    pub versions: Vec<NeighbourView>,
}

#[derive(Serialize)]
pub struct SearchIndex {
    /// Titles and addresses of documents, with the texts that are cut into sections.
    pub texts: Vec<(String, String, TextSource)>,
    pub entries: Vec<SearchEntry>,
}

/// Something to be found. The names are short because there are many.
#[derive(Serialize)]
pub struct SearchEntry {
    #[serde(rename = "t")]
    pub title: String,
    /// The document or list that it is part of.
    #[serde(rename = "d")]
    pub within: String,
    #[serde(rename = "u")]
    pub href: String,
    #[serde(rename = "x", skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Views<'_, '_> {
    pub(super) fn search_outputs(&self, language: usize) -> Result<[Output; 2]> {
        let plan = self.plan;
        let own = &plan.languages()[language];
        let mut index = SearchIndex { texts: Vec::new(), entries: Vec::new() };
        let mut documents = Vec::new();
        for (document, entry) in plan.center.documents.iter().enumerate() {
            let timeline = &plan.timeline.documents[document];
            let Some(shown) = timeline.shown() else { continue };
            let Some(text) = self.text_source(document, shown, own.tag()) else { continue };
            let (title, href) = (self.title(language, document), plan.href(language, &address::document(&entry.slug)));
            let versions: Vec<NeighbourView> =
                timeline.standing().rev().map(|version| self.neighbour(language, document, version)).collect();
            index.entries.extend(versions.iter().map(|version| SearchEntry {
                title: format!("{title}, {}", version.effective.text),
                within: title.clone(),
                href: version.href.clone(),
                text: version.id.clone(),
            }));
            documents.push(SearchDocument {
                title: title.clone(),
                href: href.clone(),
                dir: super::version::direction(&text.tag),
                lang: text.tag.clone(),
                toc: FromTexts::Source(text.clone()),
                versions,
            });
            index.texts.push((title, href, text));
        }
        for page in plan.registers.iter() {
            let register = &page.register;
            let (title, href) = (register.title(own), plan.href(language, &address::register(&register.name)));
            index.entries.extend(page.rows.iter().filter(|row| row.life != Life::Former).map(|row| {
                let values = row.row.fields.iter().map(|(field, value)| register.words(own, field, value));
                SearchEntry {
                    title: crate::promise::facts::row_name(register, &row.row, own),
                    within: title.clone(),
                    href: format!("{href}#{}", row.row.id),
                    text: words::list(own, &values.collect::<Vec<_>>()),
                }
            }));
        }
        let title = self.text(language, "search", &[])?;
        let place = Place { language, address: "search/" };
        let mut page = self.page("search", place, title, &plan.every_language());
        page.description = Some(self.text(language, "search-lede", &[])?);
        page.robots = Some("noindex, follow");
        let own = Own::Search(SearchPage { documents, registers: self.register_entries(language) });
        let path = format!("{}search.json", plan.prefix(language));
        Ok([
            self.list_page(language, "search.html", "search/", "search/", page, own),
            Output::Search { path, index: Box::new(index) },
        ])
    }
}
