//! Pages that list: the center, changelogs, notices, and the page for what is not there.
//!
//! In: a plan. Out: pages and feeds in every language; lists that grow are cut into pages. Must not know: texts of versions.

use super::feed::{Feed, feed_link};
use super::model::*;
use super::{Output, Own, Page, Place, Views};
use crate::error::Result;
use crate::plan::address;
use crate::plan::outputs::{Paging, list_address};
use crate::timeline::Notice;
use serde::Serialize;

/// The center's changelog shows so many; each document's own has all.
const CENTER_CHANGES: usize = 100;
/// On the center's first page.
const LATEST_CHANGES: usize = 5;

#[derive(Serialize)]
pub struct CenterPage {
    pub documents: Vec<DocumentEntryView>,
    pub registers: Vec<RegisterEntryView>,
    pub notices: Vec<NoticeView>,
    pub changes: Vec<ChangeView>,
}

#[derive(Serialize)]
pub struct ChangesPage {
    pub document: Option<DocumentView>,
    pub changes: Vec<ChangeView>,
    /// From every version that applied before the one in force to that one, newest first.
    pub compare: Vec<CompareView>,
    /// From the version in force to the one that comes next.
    pub compare_upcoming: Option<CompareView>,
    #[serde(flatten)]
    pub around: AroundView,
}

#[derive(Serialize)]
pub struct NoticesPage {
    /// None on pages of older notices, which are all past.
    pub open: Option<Vec<NoticeView>>,
    pub past: Vec<NoticeView>,
    #[serde(flatten)]
    pub around: AroundView,
}

/// The pages of a list beside one of them.
#[derive(Default, Serialize)]
pub struct AroundView {
    pub newer_href: Option<String>,
    pub older_href: Option<String>,
}

impl Views<'_, '_> {
    pub(super) fn home_outputs(&self) -> Result<Vec<Output>> {
        let plan = self.plan;
        let everywhere = plan.every_language();
        let published = self.published(None);
        let newest = |most: usize| &published[..published.len().min(most)];
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            let site = &self.chromes[language].site;
            let feed = Feed::of_center(self, language, newest(CENTER_CHANGES))?;
            outputs.push(feed.output(plan.prefix(language)));
            let mut page = self.page("center", Place { language, address: "" }, site.title.clone(), &everywhere);
            page.links = self.feed_links(language);
            let brand = &self.chromes[language].brand;
            page.description = brand.description.clone().or(Some(self.text(language, "search-lede", &[])?));
            page.json_ld = Some(self.about_organization(language));
            let notices = plan.timeline.open_notices();
            let own = CenterPage {
                documents: self.document_entries(language),
                registers: self.register_entries(language),
                notices: notices.map(|notice| self.notice(language, notice)).collect(),
                changes: self.changes(language, newest(LATEST_CHANGES)),
            };
            outputs.push(self.list_page(language, "center.html", "", "", page, Own::Center(own)));
            let title = self.text(language, "all-changes", &[])?;
            let place = Place { language, address: address::CHANGES };
            let mut page = self.page("changes", place, title, &everywhere);
            page.links = self.feed_links(language);
            let changes = self.changes(language, newest(CENTER_CHANGES));
            page.description = Some(self.text(language, "changes-lede", &[])?);
            let own = Own::Changes(ChangesPage {
                document: None,
                changes,
                compare: Vec::new(),
                compare_upcoming: None,
                around: AroundView::default(),
            });
            outputs.push(self.list_page(language, "changes.html", address::CHANGES, address::CHANGES, page, own));
            outputs.extend(self.search_outputs(language)?);
            let title = self.text(language, "not-found", &[])?;
            let mut page = self.page("404", Place { language, address: "" }, title, &[]);
            page.robots = Some("noindex, follow");
            outputs.push(Output::Page(Box::new(Page {
                path: format!("{}404.html", plan.prefix(language)),
                template: "404.html",
                language,
                current: String::new(),
                page,
                own: Own::Nothing {},
            })));
        }
        Ok(outputs)
    }

    /// Notices that are over, newest first.
    pub fn past_notices(&self) -> Vec<&Notice> {
        self.plan.timeline.notices.iter().filter(|notice| !notice.open).collect()
    }

    pub(super) fn notices_outputs(&self) -> Result<Vec<Output>> {
        let plan = self.plan;
        let everywhere = plan.every_language();
        let past = self.past_notices();
        let paging = Paging { entries: past.len() };
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            for (number, range) in paging.pages().enumerate() {
                let list = list_address(address::NOTICES, number);
                let title = self.text(language, "notices", &[])?;
                let mut page = self.page("notices", Place { language, address: &list }, title, &everywhere);
                page.links = self.feed_links(language);
                page.description = Some(self.text(language, "notices-lede", &[])?);
                let open = (number == 0)
                    .then(|| plan.timeline.open_notices().map(|notice| self.notice(language, notice)).collect());
                let past = past[range].iter().map(|notice| self.notice(language, notice)).collect();
                let around = self.around(language, address::NOTICES, paging, number);
                let own = Own::Notices(NoticesPage { open, past, around });
                outputs.push(self.list_page(language, "notices.html", &list, address::NOTICES, page, own));
            }
        }
        Ok(outputs)
    }

    pub(super) fn document_outputs(&self, document: usize) -> Result<Vec<Output>> {
        let plan = self.plan;
        let slug = &plan.center.documents[document].slug;
        let everywhere = plan.every_language();
        let published = self.published(Some(document));
        let paging = Paging { entries: published.len() };
        let current = address::document(slug);
        let changes = address::changes(slug);
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            for name in std::iter::once(slug.as_str()).chain(plan.center.documents[document].former_names()) {
                let feed = Feed::of_document(self, language, document, &published)?;
                outputs.push(feed.output(format!("{}{name}/", plan.prefix(language))));
            }
            let title = self.text(language, "changes-of", &[("title", &self.title(language, document))])?;
            for (number, range) in paging.pages().enumerate() {
                let list = list_address(&changes, number);
                let mut page = self.page("changes", Place { language, address: &list }, title.clone(), &everywhere);
                page.links = vec![feed_link("application/atom+xml", plan.href(language, &format!("{slug}/feed.xml")))];
                page.description = Some(self.text(language, "changes-lede", &[])?);
                let own = Own::Changes(ChangesPage {
                    document: Some(self.document(language, document)),
                    changes: self.changes(language, &published[range]),
                    compare: if number == 0 { self.compare(language, document) } else { Vec::new() },
                    compare_upcoming: self.compare_upcoming(language, document).filter(|_| number == 0),
                    around: self.around(language, &changes, paging, number),
                });
                outputs.push(self.list_page(language, "changes.html", &list, &current, page, own));
            }
        }
        Ok(outputs)
    }

    /// The pages before and after a page of a list; `number` is 0 for the list's own address, then counts from the oldest.
    fn around(&self, language: usize, list: &str, paging: Paging, number: usize) -> AroundView {
        let (newer, older) = paging.around(number);
        let href = |number: usize| self.plan.href(language, &list_address(list, number));
        AroundView { newer_href: newer.map(href), older_href: older.map(href) }
    }

    pub(super) fn list_page(
        &self,
        language: usize,
        template: &'static str,
        address: &str,
        current: &str,
        page: PageView,
        own: Own,
    ) -> Output {
        let path = self.plan.page_path(language, address);
        Output::Page(Box::new(Page { path, template, language, current: current.to_string(), page, own }))
    }

    fn feed_links(&self, language: usize) -> Vec<LinkView> {
        let site = &self.chromes[language].site;
        vec![
            feed_link("application/atom+xml", site.feed_href.clone()),
            feed_link("application/feed+json", site.json_feed_href.clone()),
        ]
    }
}
