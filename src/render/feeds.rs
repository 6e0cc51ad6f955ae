//! Atom (RFC 4287) and JSON Feed 1.1 with the change inside the entry.
//!
//! In: a feed with its words. Out: both formats. Must not know: which versions are in it.

use crate::error::Result;
use crate::view::feed::{Entry, Feed};
use crate::view::{FromTexts, Views, escape};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde::Serialize;

/// Data about an entry for programs: `_fineprint` in the JSON Feed.
#[derive(Clone, Serialize)]
struct EntryFacts<'a> {
    document: &'a str,
    version: &'a str,
    published: &'a str,
    effective: &'a str,
    significance: &'a str,
    state: &'static str,
}

/// The feed as Atom and as JSON.
pub fn write(views: &Views, feed: &Feed) -> Result<(Vec<u8>, Vec<u8>)> {
    let contents: Vec<String> =
        feed.entries.iter().map(|entry| entry_html(views, feed.language, entry)).collect::<Result<_>>()?;
    Ok((atom(feed, &contents), json(feed, &contents)))
}

fn atom(feed: &Feed, contents: &[String]) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    // Writing to memory does not fail.
    let _ = write_atom(&mut writer, feed, contents);
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

fn write_atom(writer: &mut Writer<Vec<u8>>, feed: &Feed, contents: &[String]) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let element_of_feed = writer
        .create_element("feed")
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
        .with_attribute(("xml:lang", feed.tag.as_str()));
    element_of_feed.write_inner_content(|writer| {
        element(writer, "id", &feed.atom)?;
        element(writer, "title", &feed.title)?;
        let updated = feed.entries.iter().map(|entry| &entry.updated).chain(&feed.since).max();
        element(writer, "updated", updated.map_or("", String::as_str))?;
        link(writer, "self", "application/atom+xml", &feed.atom)?;
        link(writer, "alternate", "text/html", &feed.home)?;
        writer.create_element("author").write_inner_content(|writer| element(writer, "name", &feed.author))?;
        writer
            .create_element("generator")
            .with_attribute(("version", env!("CARGO_PKG_VERSION")))
            .write_text_content(BytesText::new("fineprint"))?;
        for (entry, content) in feed.entries.iter().zip(contents) {
            writer.create_element("entry").write_inner_content(|writer| {
                element(writer, "id", &entry.id)?;
                element(writer, "title", &entry.title)?;
                element(writer, "published", &entry.published)?;
                element(writer, "updated", &entry.updated)?;
                link(writer, "alternate", "text/html", &entry.url)?;
                writer.create_element("category").with_attribute(("term", entry.change.significance)).write_empty()?;
                writer
                    .create_element("content")
                    .with_attribute(("type", "html"))
                    .write_text_content(BytesText::new(&clean(content)))?;
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn json(feed: &Feed, contents: &[String]) -> Vec<u8> {
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
        _fineprint: EntryFacts<'a>,
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
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: &feed.json,
        language: &feed.tag,
        authors: [Author { name: &feed.author }],
        items: feed
            .entries
            .iter()
            .zip(contents)
            .map(|(entry, content)| Item {
                id: &entry.id,
                url: &entry.url,
                title: &entry.title,
                content_html: content,
                date_published: &entry.published,
                date_modified: &entry.updated,
                tags: [entry.change.significance],
                _fineprint: EntryFacts {
                    document: &entry.change.document.slug,
                    version: &entry.change.version,
                    published: &entry.change.published.iso,
                    effective: &entry.change.effective.iso,
                    significance: entry.change.significance,
                    state: entry.change.state.name(),
                },
            })
            .collect(),
    })
}

/// The change in words: summary, dates, significance, exemption, withdrawal; then facts and the redline.
fn entry_html(views: &Views, language: usize, entry: &Entry) -> Result<String> {
    let change = &entry.change;
    let say = |key: &str, args: &[(&str, &str)]| views.text(language, key, args).map(|text| escape(&text));
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
    let (FromTexts::Words(facts), FromTexts::Words(told)) = (&change.facts, &entry.told) else { return Ok(html) };
    for items in [facts, &told.outline] {
        if !items.is_empty() {
            html.push_str("<ul>");
            html.extend(items.iter().map(|item| format!("<li>{}</li>", escape(item))));
            html.push_str("</ul>");
        }
    }
    if let Some(href) = &change.redline_href {
        let origin = &views.plan.center.settings.base_url.origin;
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
