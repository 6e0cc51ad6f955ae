//! What a feed says, whatever its format: Atom (RFC 4287) and JSON Feed 1.1 are made from the same entries.
//!
//! In: versions, newest first. Out: a feed with so many entries at most; ids are tag URIs (RFC 4151) that never change.
//! Must not know: formats.

use super::from_texts::FromTexts;
use super::model::*;
use super::{Output, Views};
use crate::error::Result;
use crate::plan::{RegisterPage, outputs};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Readers want what is new; the whole history is on the pages and in the API.
const ENTRIES: usize = 20;
/// Of these, the newest carry the change itself; the page of each is a link away.
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
    /// Digest of the last entry of the record, in the feed of the whole center.
    pub record_head: Option<RecordHead>,
    /// What an empty feed says of its age.
    pub since: Option<String>,
}

/// The end of the record, so that whoever keeps a feed keeps a digest that no later rewriting can explain away.
#[derive(Serialize)]
pub struct RecordHead {
    pub digest: String,
    pub url: String,
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
        let mut feed = Feed::new(views, language, title, "", published.iter().copied())?;
        let url = views.plan.absolute(0, outputs::LEDGER);
        feed.record_head = views.record_head().map(|digest| RecordHead { digest, url });
        Ok(feed)
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
        let moment_in = |zone: &TimeZone, date: Date| {
            date.to_zoned_datetime(zone.clone()).map_or_else(
                |_| format!("{date}T00:00:00Z"),
                |moment| moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            )
        };
        let moment = |date: Date| moment_in(&settings.zone, date);
        // Ids of the first language carry no mark, so that adding a language changes none.
        let mark = if language == 0 { String::new() } else { format!("/{tag}") };
        let mut entries = Vec::new();
        for (document, version) in published.take(ENTRIES) {
            let change = views.change(language, document, version);
            let frozen = &plan.center.documents[document].versions[version];
            let args = [("title", change.document.title.as_str()), ("date", &change.effective.text)];
            let withdrawn = change.withdrawn.as_ref().and(frozen.withdrawn.as_ref()).map(|act| act.date);
            let amended = change.amended.as_ref().and(frozen.amended.as_ref()).map(|act| act.date);
            let corrected = frozen.corrections.iter().map(|made| made.date).filter(|date| *date <= plan.timeline.date);
            let updated = corrected.chain(withdrawn).chain(amended).max().unwrap_or(frozen.published);
            let told = match views.change_of(document, version) {
                Some(pair) if entries.len() < TOLD => FromTexts::Source(views.pair_source(language, document, pair)),
                _ => FromTexts::Words(FeedChange::default()),
            };
            // The first name of the document stays in its ids when it gets another.
            let slug = plan.center.ledger.key(&change.document.slug);
            entries.push(Entry {
                id: format!("tag:{host},{}:{slug}/{}{mark}", change.published.iso, change.version),
                title: views.text(language, "feed-entry-title", &args)?,
                url: format!("{}{}", settings.base_url.origin, change.href),
                published: moment_in(&frozen.zone, frozen.published),
                updated: moment_in(&frozen.zone, updated),
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
            record_head: None,
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
