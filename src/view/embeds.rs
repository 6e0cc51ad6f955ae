//! `/embed/`: what a product on another origin includes, and the page that shows how.
//!
//! In: a plan, the theme's words, the frozen scripts of `embeds/`. Out: snippets as text; the files below `/embed/`.
//! Must not know: whose page includes them. The frozen bytes pass through no theme.

use super::{Output, Own, Place, Views, escape};
use crate::center::Version;
use crate::error::Result;
use crate::plan::address;
use crate::plan::outputs::{self, EXAMPLE, NOTICES, SCRIPT, SCRIPT_SOURCE};
use crate::timeline::Notice;
use crate::words;
use base64::prelude::{BASE64_STANDARD, Engine};
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha384};
use std::collections::BTreeMap;

pub const ELEMENT: &str = "fineprint-update";

/// Published under these names for as long as there are centers: the bytes never change.
const FROZEN: &[(&str, &[u8])] = &[
    (SCRIPT, include_bytes!("../../embeds/v1/update.js")),
    (SCRIPT_SOURCE, include_bytes!("../../embeds/v1/update.src.js")),
];

/// Subresource Integrity of the script (W3C SRI, SHA-384).
pub fn integrity() -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(FROZEN[0].1)))
}

/// RFC 6903 has a relation for two kinds of documents, told by their usual names.
pub fn relation(slug: &str) -> Option<&'static str> {
    match slug {
        "privacy" | "privacy-policy" | "privacy-notice" | "privacy-statement" => Some("privacy-policy"),
        "terms" | "terms-of-service" | "terms-of-use" | "terms-and-conditions" | "tos" => Some("terms-of-service"),
        _ => None,
    }
}

/// One language of a notice, as a page of another origin shows it.
#[derive(Serialize)]
pub struct Display {
    dir: &'static str,
    /// Paragraphs, the first being the title.
    message: Vec<String>,
    links: Vec<DisplayLink>,
    dismiss: String,
}

#[derive(Serialize)]
struct DisplayLink {
    text: String,
    url: String,
}

#[derive(Serialize)]
pub struct EmbedPage {
    footer: String,
    footer_href: String,
    footer_url: String,
    element: String,
    policy: String,
    integrity: String,
    script_href: String,
    source_href: String,
    example_href: String,
    example_url: String,
    notices_href: String,
    schema_href: String,
}

impl Views<'_, '_> {
    /// Tier 0: plain links with dates.
    pub fn footer(&self, language: usize) -> Result<String> {
        let plan = self.plan;
        let own = &plan.languages()[language];
        let mut out = format!("<ul lang=\"{}\" dir=\"{}\">\n", own.tag(), own.direction());
        for (index, document) in plan.center.documents.iter().enumerate() {
            let timeline = &plan.timeline.documents[index];
            let Some(shown) = timeline.shown() else { continue };
            let rel = relation(&document.slug).map(|rel| format!(" rel=\"{rel}\"")).unwrap_or_default();
            let href = escape(&plan.absolute(language, &address::document(&document.slug)));
            let title = escape(&self.title(language, index));
            let from = self.dated(language, "embed-in-force", document.versions[shown].effective)?;
            out.push_str(&format!("<li><a{rel} href=\"{href}\">{title}</a> <small>{from}</small>"));
            let upcoming = timeline.upcoming.first().filter(|_| timeline.in_force.is_some());
            if let Some(upcoming) = upcoming {
                let href = escape(&plan.absolute(language, &address::upcoming(&document.slug)));
                let from = self.dated(language, "embed-new-version", document.versions[*upcoming].effective)?;
                out.push_str(&format!(" <small><a href=\"{href}\">{from}</a></small>"));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
        Ok(out)
    }

    /// A string of the theme with a `{date}`, as HTML.
    fn dated(&self, language: usize, key: &str, date: Date) -> Result<String> {
        let own = &self.plan.languages()[language];
        let text = escape(&self.text(language, key, &[("date", "\u{e000}")])?);
        Ok(text.replace('\u{e000}', &format!("<time datetime=\"{date}\">{}</time>", escape(&words::date(own, date)))))
    }

    /// Tier 1: the script and its element.
    pub fn element(&self) -> String {
        format!(
            "<script src=\"{}\" integrity=\"{}\" crossorigin=\"anonymous\" defer></script>\n<{ELEMENT}></{ELEMENT}>\n",
            escape(&self.plan.absolute(0, SCRIPT)),
            integrity()
        )
    }

    /// The least that the element needs from a Content-Security-Policy.
    pub fn policy(&self) -> String {
        format!("script-src {}; connect-src {}", self.plan.absolute(0, SCRIPT), self.plan.absolute(0, NOTICES))
    }

    /// Text of a notice for the element, by language.
    pub fn display(&self, notice: &Notice) -> Result<BTreeMap<String, Display>> {
        let plan = self.plan;
        let document = &plan.center.documents[notice.document];
        let version: &Version = &document.versions[notice.version];
        let mut by = BTreeMap::new();
        for language in plan.every_language() {
            let own = &plan.languages()[language];
            let view = self.notice(language, notice);
            let mut message = vec![self.text(
                language,
                "embed-message",
                &[("title", &version.title(own.tag())), ("effective", &view.effective.text)],
            )?];
            message.extend(view.summary);
            if let Some(exemption) = &view.exemption {
                let reason = [("kind", exemption.label.as_str()), ("reason", &exemption.reason)];
                message.push(self.text(language, "exemption", &reason)?);
            }
            let origin = &plan.center.settings.base_url.origin;
            let mut links = vec![DisplayLink {
                text: self.text(language, "read-upcoming", &[])?,
                url: plan.absolute(language, &address::version(&document.slug, &version.id)),
            }];
            if let Some(href) = view.redline_href {
                links.push(DisplayLink {
                    text: self.text(language, "see-changes", &[])?,
                    url: format!("{origin}{href}"),
                });
            }
            let dismiss = self.text(language, "embed-dismiss", &[])?;
            by.insert(own.tag().to_string(), Display { dir: own.direction(), message, links, dismiss });
        }
        Ok(by)
    }

    /// The example notice, with the members of an open notice of the API. It is always within its notice period.
    pub fn example(&self) -> Result<Example> {
        let plan = self.plan;
        let mut display = BTreeMap::new();
        for language in plan.every_language() {
            let own = &plan.languages()[language];
            let link = DisplayLink {
                text: self.text(language, "read-upcoming", &[])?,
                url: plan.absolute(language, address::NOTICES),
            };
            let message =
                vec![self.text(language, "embed-example", &[])?, self.text(language, "embed-example-text", &[])?];
            let dismiss = self.text(language, "embed-dismiss", &[])?;
            display
                .insert(own.tag().to_string(), Display { dir: own.direction(), message, links: vec![link], dismiss });
        }
        let notice =
            ExampleNotice { id: "example", starts: "1970-01-01T00:00:00Z", ends: "9999-12-31T00:00:00Z", display };
        let languages = plan.languages().iter().map(|language| language.tag().to_string()).collect();
        Ok(Example { languages, open: [notice] })
    }

    pub(super) fn embed_outputs(&self) -> Result<Vec<Output>> {
        let plan = self.plan;
        let base = &plan.center.settings.base_url;
        let everywhere = plan.every_language();
        let mut made: Vec<Output> = FROZEN.iter().map(|(path, bytes)| Output::file(*path, *bytes)).collect();
        for language in plan.every_language() {
            let footer = self.footer(language)?;
            let path = outputs::footer(plan.languages()[language].tag());
            let own = EmbedPage {
                footer: footer.clone(),
                footer_href: base.href(&path),
                footer_url: base.absolute(&path),
                element: self.element(),
                policy: self.policy(),
                integrity: integrity(),
                script_href: base.href(SCRIPT),
                source_href: base.href(SCRIPT_SOURCE),
                example_href: base.href(EXAMPLE),
                example_url: base.absolute(EXAMPLE),
                notices_href: base.href(NOTICES),
                schema_href: base.href(&outputs::schema("notices")),
            };
            let title = self.text(language, "embed", &[])?;
            let mut page = self.page("embed", Place { language, address: "embed/" }, title, &everywhere);
            page.robots = Some("noindex, follow");
            made.push(self.list_page(language, "embed.html", "embed/", "embed/", page, Own::Embed(own)));
            made.push(Output::file(path, footer));
        }
        Ok(made)
    }
}

/// A feed of notices with one that is always open.
#[derive(Serialize)]
pub struct Example {
    languages: Vec<String>,
    open: [ExampleNotice; 1],
}

#[derive(Serialize)]
struct ExampleNotice {
    id: &'static str,
    starts: &'static str,
    ends: &'static str,
    display: BTreeMap<String, Display>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Products hold this hash in their pages. If this test fails, restore the file: a fix is a new folder.
    #[test]
    fn the_bytes_of_version_1_never_change() {
        assert_eq!(integrity(), "sha384-bBI4X8/zru2Hiam2kLEP9kSVW5oz5gdNN/WzqKKa+GB2yr4AV19yoZzgmjSfSVK6");
        let hex: String = sha2::Sha256::digest(FROZEN[1].1).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "a86880aa4d8efdf3c9eecabeb19bb6a64e4347e3b8e81cf666cfafe6d4601dfc");
    }

    #[test]
    fn its_names_are_none_that_content_blockers_hide() {
        for word in ["cookie", "consent", "notice", "notification", "banner", "gdpr"] {
            assert!(!SCRIPT.contains(word) && !ELEMENT.contains(word));
            assert!(!std::str::from_utf8(FROZEN[0].1).unwrap_or("").contains(&format!("-{word}")));
        }
    }
}
