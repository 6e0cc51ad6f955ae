//! Pages that list: the center, changelogs, notices, the page for what is not there, and old addresses.
//!
//! In: a plan. Out: pages, and each document's feeds and list of versions. Must not know: texts of versions.

use super::{OutputFiles, Renderer, api, calendar, feeds, hosting};
use crate::error::Result;
use crate::plan::address;
use crate::plan::view::*;
use crate::plan::views::{Place, escape};
use serde::Serialize;

/// The center's changelog shows so many; each document's own has all.
const CENTER_CHANGES: usize = 100;
/// On the center's first page.
const LATEST_CHANGES: usize = 5;

#[derive(Serialize)]
struct CenterPage {
    documents: Vec<DocumentEntryView>,
    registers: Vec<RegisterEntryView>,
    notices: Vec<NoticeView>,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct ChangesPage {
    document: Option<DocumentView>,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct NoticesPage {
    open: Vec<NoticeView>,
    past: Vec<NoticeView>,
}

#[derive(Serialize)]
struct Nothing {}

impl Renderer<'_, '_> {
    /// The center's own outputs, or of them the one that is wanted.
    pub(super) fn center(&self, only: Option<&str>) -> Result<OutputFiles> {
        let mut made = OutputFiles::new();
        let wanted = |path: &str| only.is_none_or(|only| only == path);
        for language in self.plan.every_language() {
            self.center_pages(language, &wanted, &mut made)?;
        }
        if wanted("calendar.ics") {
            made.push(("calendar.ics".into(), calendar::calendar(self)?));
        }
        if only.is_none_or(|only| only.starts_with("api/")) {
            made.extend(api::center(self)?);
        }
        made.extend(hosting::files(self));
        made.retain(|(path, _)| wanted(path));
        Ok(made)
    }

    fn center_pages(&self, language: usize, wanted: &dyn Fn(&str) -> bool, made: &mut OutputFiles) -> Result<()> {
        let plan = self.plan;
        let everywhere = plan.every_language();
        let prefix = plan.prefix(language);
        let feeds = [format!("{prefix}feed.xml"), format!("{prefix}feed.json")];
        let changes = |most: usize| -> Result<Vec<ChangeView>> {
            let mut changes = plan.changes(language, None, most);
            self.tell(language, &mut changes)?;
            Ok(changes)
        };
        let notices = |open: bool| -> Result<Vec<NoticeView>> {
            let notices = plan.timeline.notices.iter().filter(|notice| notice.open == open);
            notices.map(|notice| self.notice(language, notice)).collect()
        };
        if feeds.iter().any(|path| wanted(path)) {
            let feed = feeds::Feed::of_center(self, language, &changes(CENTER_CHANGES)?)?;
            let [atom, json] = feeds;
            made.push((atom, feed.atom()));
            made.push((json, feed.json()));
        }
        let path = plan.page_path(language, "");
        if wanted(&path) {
            let title = self.chromes[language].site.title.clone();
            let mut page = plan.page("center", Place { language, address: "" }, title, &everywhere);
            page.links = self.feed_links(language);
            let own = CenterPage {
                documents: plan.document_entries(language),
                registers: plan.register_entries(language),
                notices: notices(true)?,
                changes: changes(LATEST_CHANGES)?,
            };
            made.push((path, self.html("center.html", language, "", page, own)?));
        }
        let path = plan.page_path(language, "changes/");
        if wanted(&path) {
            let title = self.text(language, "all-changes", &[])?;
            let mut page = plan.page("changes", Place { language, address: "changes/" }, title, &everywhere);
            page.links = self.feed_links(language);
            let own = ChangesPage { document: None, changes: changes(CENTER_CHANGES)? };
            made.push((path, self.html("changes.html", language, "changes/", page, own)?));
        }
        let path = plan.page_path(language, "notices/");
        if wanted(&path) {
            let title = self.text(language, "notices", &[])?;
            let mut page = plan.page("notices", Place { language, address: "notices/" }, title, &everywhere);
            page.links = self.feed_links(language);
            let own = NoticesPage { open: notices(true)?, past: notices(false)? };
            made.push((path, self.html("notices.html", language, "notices/", page, own)?));
        }
        let path = format!("{prefix}404.html");
        if wanted(&path) {
            let title = self.text(language, "not-found", &[])?;
            let mut page = plan.page("404", Place { language, address: "" }, title, &[]);
            page.robots = Some("noindex, follow");
            made.push((path, self.html("404.html", language, "", page, Nothing {})?));
        }
        Ok(())
    }

    pub(super) fn document(&self, document: usize) -> Result<OutputFiles> {
        let plan = self.plan;
        let slug = &plan.center.documents[document].slug;
        let everywhere = plan.every_language();
        let mut made = OutputFiles::new();
        for language in plan.every_language() {
            let prefix = plan.prefix(language);
            let mut changes = plan.changes(language, Some(document), usize::MAX);
            self.tell(language, &mut changes)?;
            let feed = feeds::Feed::of_document(self, language, document, &changes)?;
            made.push((format!("{prefix}{slug}/feed.xml"), feed.atom()));
            made.push((format!("{prefix}{slug}/feed.json"), feed.json()));
            let title = self.text(language, "changes-of", &[("title", &plan.title(language, document))])?;
            let place = address::changes(slug);
            let mut page = plan.page("changes", Place { language, address: &place }, title, &everywhere);
            page.links = vec![feed_link("application/atom+xml", plan.href(language, &format!("{slug}/feed.xml")))];
            let own = ChangesPage { document: Some(plan.document(language, document)), changes };
            let bytes = self.html("changes.html", language, &address::document(slug), page, own)?;
            made.push((plan.page_path(language, &place), bytes));
        }
        made.push(api::versions(self, document)?);
        Ok(made)
    }

    /// Fills in which facts changed.
    pub(super) fn tell(&self, language: usize, changes: &mut [ChangeView]) -> Result<()> {
        for change in changes {
            change.facts = self.facts_told(language, change.at)?;
        }
        Ok(())
    }

    fn feed_links(&self, language: usize) -> Vec<LinkView> {
        let site = &self.chromes[language].site;
        vec![
            feed_link("application/atom+xml", site.feed_href.clone()),
            feed_link("application/feed+json", site.json_feed_href.clone()),
        ]
    }

    /// A page for hosts that know no redirects: it leads on by itself, and says where to.
    pub(super) fn redirects(&self) -> Result<OutputFiles> {
        let base = &self.plan.center.settings.base_url;
        let mut made = OutputFiles::new();
        for redirect in &self.plan.redirects {
            let first = redirect.path.split('/').next().unwrap_or("");
            let language = self.plan.languages().iter().position(|language| language.tag() == first).unwrap_or(0);
            let moved = self.text(language, "moved-title", &[])?;
            let to = escape(&redirect.to);
            let canonical = if redirect.to.starts_with('/') { format!("{}{to}", base.origin) } else { to.clone() };
            let chrome = &self.chromes[language];
            let html = format!(
                "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{moved}</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex, follow\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n<link rel=\"canonical\" href=\"{canonical}\">\n<link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body class=\"moved\">\n<main>\n<h1>{moved}</h1>\n<p><a href=\"{to}\">{}</a></p>\n</main>\n</body>\n</html>\n",
                chrome.lang,
                chrome.dir,
                chrome.assets.css,
                canonical,
                moved = escape(&moved),
            );
            made.push((redirect.path.clone(), html.into_bytes()));
        }
        Ok(made)
    }
}

pub(super) fn feed_link(media_type: &'static str, href: String) -> LinkView {
    LinkView { rel: "alternate", href, media_type: Some(media_type), title: None }
}
