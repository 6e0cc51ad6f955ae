//! The entries of a feed, independent of its format: Atom (RFC 4287) and JSON Feed 1.1 share them.
//!
//! In: versions, newest first. Out: a feed with so many entries at most; ids are tag URIs (RFC 4151) that never change.
//! Must not know: formats.

use super::from_texts::FromTexts;
use super::model::*;
use super::{Output, Views};
use crate::error::Result;
use crate::plan::RegisterPage;
use jiff::civil::Date;
use serde::Serialize;

/// Readers want what is new; the whole history is on the pages and in the API.
const ENTRIES: usize = 20;
/// Number of entries that include the change itself; the others link to its page.
pub const TOLD: usize = 6;

#[derive(Serialize)]
pub struct Feed {
    pub language: usize,
    pub title: String,
    /// `en`.
    pub tag: String,
    pub author: String,
    pub home: String,
    /// Addresses of the feed itself; the first is its id, too.
    pub atom: String,
    pub json: String,
    pub entries: Vec<Entry>,
    /// Date of an empty feed.
    pub since: Option<String>,
}

#[derive(Serialize)]
pub struct Entry {
    pub id: String,
    pub title: String,
    pub url: String,
    pub published: String,
    pub updated: String,
    pub change: ChangeView,
    pub told: FeedChangeView,
}

/// The change itself, as a feed carries it.
pub type FeedChangeView = FromTexts<super::PairSource, FeedChange>;

#[derive(Clone, Debug, Default, Serialize)]
pub struct FeedChange {
    pub outline: Vec<String>,
    /// Without what did not change; nothing if it is too long.
    pub html: Option<String>,
}

impl Feed {
    pub fn of_center(views: &Views, language: usize, published: &[(usize, usize)]) -> Result<Feed> {
        let title = views.chromes[language].site.title.clone();
        Feed::new(views, language, title, "", published.iter().copied())
    }

    pub fn of_document(views: &Views, language: usize, document: usize, published: &[(usize, usize)]) -> Result<Feed> {
        let slug = &views.plan.center.documents[document].slug;
        let title = views.text(language, "changes-of", &[("title", &views.title(language, document))])?;
        Feed::new(views, language, title, &format!("{slug}/"), published.iter().copied())
    }

    /// The versions that changed the register.
    pub fn of_register(views: &Views, language: usize, page: &RegisterPage, title: &str) -> Result<Feed> {
        let title = views.text(language, "changes-of", &[("title", title)])?;
        let folder = format!("{}/", page.register.name);
        Feed::new(views, language, title, &folder, page.history.iter().rev().copied())
    }

    fn new(
        views: &Views,
        language: usize,
        title: String,
        folder: &str,
        published: impl Iterator<Item = (usize, usize)>,
    ) -> Result<Feed> {
        let plan = views.plan;
        let settings = &plan.center.settings;
        let chrome = &views.chromes[language];
        let host = &settings.base_url.host;
        let tag = plan.languages()[language].tag();
        let moment = |date: Date| {
            date.to_zoned(settings.zone.clone()).map_or_else(
                |_| format!("{date}T00:00:00Z"),
                |moment| moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            )
        };
        // Ids of the first language carry no mark, so that adding a language changes none.
        let mark = if language == 0 { String::new() } else { format!("/{tag}") };
        let mut entries = Vec::new();
        for (document, version) in published.take(ENTRIES) {
            let change = views.change(language, document, version);
            let frozen = &plan.center.documents[document].versions[version];
            let args = [("title", change.document.title.as_str()), ("date", &change.effective.text)];
            let withdrawn = change.withdrawn.as_ref().and(frozen.withdrawn.as_ref());
            let told = match views.change_of(document, version) {
                Some(pair) if entries.len() < TOLD => FromTexts::Source(views.pair_source(language, document, pair)),
                _ => FromTexts::Words(FeedChange::default()),
            };
            let slug = &change.document.slug;
            entries.push(Entry {
                id: format!("tag:{host},{}:{slug}/{}{mark}", change.published.iso, change.version),
                title: views.text(language, "feed-entry-title", &args)?,
                url: format!("{}{}", settings.base_url.origin, change.href),
                published: moment(frozen.published),
                updated: moment(withdrawn.map_or(frozen.published, |act| act.date)),
                told,
                change,
            });
        }
        Ok(Feed {
            language,
            title,
            tag: tag.to_string(),
            author: chrome.organization.name.clone().unwrap_or_else(|| chrome.site.title.clone()),
            home: plan.absolute(language, folder),
            atom: plan.absolute(language, &format!("{folder}feed.xml")),
            json: plan.absolute(language, &format!("{folder}feed.json")),
            since: entries.is_empty().then(|| moment(plan.timeline.date)),
            entries,
        })
    }

    /// Both formats in a folder, given with its `/`.
    pub fn output(self, folder: String) -> Output {
        Output::Feed { atom: format!("{folder}feed.xml"), json: format!("{folder}feed.json"), feed: Box::new(self) }
    }
}

pub fn feed_link(media_type: &'static str, href: String) -> LinkView {
    LinkView { rel: "alternate", href, media_type: Some(media_type), title: None }
}
