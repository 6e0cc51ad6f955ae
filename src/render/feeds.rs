//! Atom (RFC 4287) and JSON Feed 1.1 with the change inside the entry.
//!
//! In: changes, newest first. Out: both feeds from the same entries; ids are tag URIs (RFC 4151) that never change.
//! Must not know: pages.

use super::Renderer;
use crate::error::Result;
use crate::plan::view::{ChangeView, RegisterView};
use crate::plan::views::escape;
use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde::Serialize;

/// Readers want what is new; the whole history is on the pages and in the API.
const ENTRIES: usize = 50;

pub struct Feed {
    id: String,
    title: String,
    language: String,
    author: String,
    home: String,
    own_atom: String,
    own_json: String,
    entries: Vec<Entry>,
    /// What an empty feed says of its age.
    since: String,
}

struct Entry {
    id: String,
    title: String,
    url: String,
    published: String,
    updated: String,
    category: String,
    html: String,
    facts: EntryFacts,
}

/// What programs may want to know of an entry; `_fineprint` in the JSON Feed.
#[derive(Clone, Serialize)]
struct EntryFacts {
    document: String,
    version: String,
    published: String,
    effective: String,
    significance: String,
    state: &'static str,
}

impl Feed {
    pub fn of_center(renderer: &Renderer, language: usize, changes: &[ChangeView]) -> Result<Feed> {
        let title = renderer.chromes[language].site.title.clone();
        Feed::new(renderer, language, title, "", changes)
    }

    pub fn of_document(renderer: &Renderer, language: usize, document: usize, changes: &[ChangeView]) -> Result<Feed> {
        let slug = renderer.plan.center.documents[document].slug.clone();
        let title = renderer.text(language, "changes-of", &[("title", &renderer.plan.title(language, document))])?;
        Feed::new(renderer, language, title, &format!("{slug}/"), changes)
    }

    /// The versions that changed the register.
    pub fn of_register(renderer: &Renderer, language: usize, view: &RegisterView) -> Result<Feed> {
        let plan = renderer.plan;
        let page = plan.registers.iter().find(|page| page.register.name == view.name);
        let mut changes: Vec<ChangeView> = page
            .into_iter()
            .flat_map(|page| page.history.iter().rev())
            .map(|(document, version)| plan.change(language, *document, *version))
            .collect();
        changes.truncate(ENTRIES);
        renderer.tell(language, &mut changes)?;
        let title = renderer.text(language, "changes-of", &[("title", &view.title)])?;
        Feed::new(renderer, language, title, &format!("{}/", view.name), &changes)
    }

    fn new(renderer: &Renderer, language: usize, title: String, folder: &str, changes: &[ChangeView]) -> Result<Feed> {
        let plan = renderer.plan;
        let settings = &plan.center.settings;
        let chrome = &renderer.chromes[language];
        let host = &settings.base_url.host;
        let tag = plan.languages()[language].tag();
        let moment = |date: Date| {
            date.to_zoned(settings.zone.clone()).map_or_else(
                |_| format!("{date}T00:00:00Z"),
                |moment| moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            )
        };
        let day = |iso: &str| crate::center::parse_date(iso).map(moment).unwrap_or_default();
        let mut entries = Vec::new();
        for change in changes.iter().take(ENTRIES) {
            let slug = &change.document.slug;
            let heading = renderer.text(
                language,
                "feed-entry-title",
                &[("title", &change.document.title), ("date", &change.effective.text)],
            )?;
            let updated = change.withdrawn.as_ref().map_or(&change.published.iso, |withdrawal| &withdrawal.date.iso);
            entries.push(Entry {
                id: format!(
                    "tag:{host},{}:{slug}/{}{}",
                    change.published.iso,
                    change.version,
                    language_mark(language, tag)
                ),
                title: heading,
                url: format!("{}{}", settings.base_url.origin, change.href),
                published: day(&change.published.iso),
                updated: day(updated),
                category: change.significance.to_string(),
                html: entry_html(renderer, language, change)?,
                facts: EntryFacts {
                    document: slug.clone(),
                    version: change.version.clone(),
                    published: change.published.iso.clone(),
                    effective: change.effective.iso.clone(),
                    significance: change.significance.to_string(),
                    state: change.state.name(),
                },
            });
        }
        Ok(Feed {
            id: plan.absolute(language, &format!("{folder}feed.xml")),
            title,
            language: tag.to_string(),
            author: chrome.organization.name.clone().unwrap_or_else(|| chrome.site.title.clone()),
            home: plan.absolute(language, folder),
            own_atom: plan.absolute(language, &format!("{folder}feed.xml")),
            own_json: plan.absolute(language, &format!("{folder}feed.json")),
            entries,
            since: moment(plan.timeline.date),
        })
    }

    pub fn atom(&self) -> Vec<u8> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        // Writing to memory does not fail.
        let _ = self.write_atom(&mut writer);
        let mut bytes = writer.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn write_atom(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let feed = writer
            .create_element("feed")
            .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
            .with_attribute(("xml:lang", self.language.as_str()));
        feed.write_inner_content(|writer| {
            element(writer, "id", &self.id)?;
            element(writer, "title", &self.title)?;
            let updated = self.entries.iter().map(|entry| &entry.updated).max().unwrap_or(&self.since);
            element(writer, "updated", updated)?;
            link(writer, "self", "application/atom+xml", &self.own_atom)?;
            link(writer, "alternate", "text/html", &self.home)?;
            writer.create_element("author").write_inner_content(|writer| element(writer, "name", &self.author))?;
            writer
                .create_element("generator")
                .with_attribute(("version", env!("CARGO_PKG_VERSION")))
                .write_text_content(BytesText::new("fineprint"))?;
            for entry in &self.entries {
                writer.create_element("entry").write_inner_content(|writer| {
                    element(writer, "id", &entry.id)?;
                    element(writer, "title", &entry.title)?;
                    element(writer, "published", &entry.published)?;
                    element(writer, "updated", &entry.updated)?;
                    link(writer, "alternate", "text/html", &entry.url)?;
                    writer
                        .create_element("category")
                        .with_attribute(("term", entry.category.as_str()))
                        .write_empty()?;
                    writer
                        .create_element("content")
                        .with_attribute(("type", "html"))
                        .write_text_content(BytesText::new(&clean(&entry.html)))?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    }

    pub fn json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Author<'a> {
            name: &'a str,
        }
        #[derive(Serialize)]
        struct Item<'a> {
            id: &'a str,
            url: &'a str,
            title: &'a str,
            content_html: &'a str,
            date_published: &'a str,
            date_modified: &'a str,
            tags: [&'a str; 1],
            _fineprint: &'a EntryFacts,
        }
        #[derive(Serialize)]
        struct JsonFeed<'a> {
            version: &'a str,
            title: &'a str,
            home_page_url: &'a str,
            feed_url: &'a str,
            language: &'a str,
            authors: [Author<'a>; 1],
            items: Vec<Item<'a>>,
        }
        super::api::pretty(&JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title: &self.title,
            home_page_url: &self.home,
            feed_url: &self.own_json,
            language: &self.language,
            authors: [Author { name: &self.author }],
            items: self
                .entries
                .iter()
                .map(|entry| Item {
                    id: &entry.id,
                    url: &entry.url,
                    title: &entry.title,
                    content_html: &entry.html,
                    date_published: &entry.published,
                    date_modified: &entry.updated,
                    tags: [&entry.category],
                    _fineprint: &entry.facts,
                })
                .collect(),
        })
    }
}

/// Ids of the first language carry no mark, so that adding a language changes none.
fn language_mark(language: usize, tag: &str) -> String {
    if language == 0 { String::new() } else { format!("/{tag}") }
}

/// The change in words: summary, dates, significance, exemption, withdrawal; then facts and the redline.
fn entry_html(renderer: &Renderer, language: usize, change: &ChangeView) -> Result<String> {
    let say = |key: &str, args: &[(&str, &str)]| renderer.text(language, key, args).map(|text| escape(&text));
    let mut html = String::new();
    let mut paragraph = |text: String| {
        html.push_str("<p>");
        html.push_str(&text);
        html.push_str("</p>");
    };
    if let Some(summary) = &change.summary {
        paragraph(escape(summary));
    }
    let significance = say(&format!("significance-{}", change.significance), &[])?;
    let dates =
        say("feed-entry-dates", &[("published", &change.published.text), ("effective", &change.effective.text)])?;
    paragraph(format!("{significance}. {dates}"));
    if let Some(exemption) = &change.exemption {
        paragraph(format!("{}: {}", escape(&exemption.label), escape(&exemption.reason)));
    }
    if let Some(withdrawal) = &change.withdrawn {
        let text = say("withdrawn-on", &[("date", &withdrawal.date.text)])?;
        let reason = withdrawal.reason.as_deref().map(|reason| format!(" {}", escape(reason))).unwrap_or_default();
        paragraph(format!("{text}{reason}"));
    }
    let told = renderer.told(language, change.at.0, change.at.1)?;
    for items in [&change.facts, &told.outline] {
        if !items.is_empty() {
            html.push_str("<ul>");
            html.extend(items.iter().map(|item| format!("<li>{}</li>", escape(item))));
            html.push_str("</ul>");
        }
    }
    if let Some(href) = &change.redline_href {
        let origin = &renderer.plan.center.settings.base_url.origin;
        let see = say("see-changes", &[])?;
        html.push_str(&format!("<p><a href=\"{origin}{}\">{see}</a></p>", escape(href)));
    }
    html.push_str(told.html.as_deref().unwrap_or(""));
    Ok(html)
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> std::io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(&clean(text))).map(|_| ())
}

fn link(writer: &mut Writer<Vec<u8>>, rel: &str, media_type: &str, href: &str) -> std::io::Result<()> {
    writer
        .create_element("link")
        .with_attribute(("rel", rel))
        .with_attribute(("type", media_type))
        .with_attribute(("href", href))
        .write_empty()
        .map(|_| ())
}

/// Without the characters that XML 1.0 does not allow.
pub(super) fn clean(text: &str) -> String {
    let allowed =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}
