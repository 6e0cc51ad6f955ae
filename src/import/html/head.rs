//! What the head of a page states: its address, title, description, language and days.
//!
//! In: a tree. Out: the fields of a manuscript. Must not know: the content.

use super::content;
use super::tree::{Data, Tree};
use crate::import::model::{Manuscript, squeezed};
use std::collections::HashSet;

/// The page's own address, which relative links start from.
pub fn base(tree: &Tree) -> Option<url::Url> {
    let mut found = None;
    for node in tree.below(0) {
        let address = match (tree.name(node), &tree.nodes[node].data) {
            ("base", _) => tree.attribute(node, "href"),
            ("link", _) if tree.attribute(node, "rel") == Some("canonical") => tree.attribute(node, "href"),
            ("meta", _) if tree.attribute(node, "property") == Some("og:url") => tree.attribute(node, "content"),
            // Browsers write it at the top of what they save.
            (_, Data::Comment(text)) => {
                text.trim().strip_prefix("saved from url=").and_then(|rest| Some(rest.split_once(')')?.1))
            }
            _ => None,
        };
        if let Some(address) = address
            .and_then(|address| url::Url::parse(address.trim()).ok())
            .filter(|url| url.scheme().starts_with("http"))
            && found.is_none()
        {
            found = Some(address);
        }
    }
    found
}

/// Title, description, language and days that the head states.
pub fn head(tree: &Tree, out: &mut Manuscript) {
    let mut page_title = None;
    for node in tree.below(0) {
        let content = || tree.attribute(node, "content").map(squeezed).filter(|words| !words.is_empty());
        match tree.name(node) {
            "html" => out.language = tree.attribute(node, "lang").map(str::to_string).filter(|tag| !tag.is_empty()),
            "title" if page_title.is_none() && !tree.has_ancestor(node, |above| tree.name(above) == "svg") => {
                page_title = Some(squeezed(&content::text(tree, node, &HashSet::new())));
            }
            "meta" => match tree.attribute(node, "name").or(tree.attribute(node, "property")) {
                Some("description") => out.description = out.description.take().or(content()),
                Some("article:modified_time" | "last-modified" | "dcterms.modified" | "og:updated_time") => {
                    out.machine_days.extend(content());
                }
                _ => {}
            },
            _ => {}
        }
    }
    crate::import::title::take_title(out, page_title.as_deref());
    if out.title.is_none() {
        out.title = page_title.map(|title| without_site(&title)).filter(|title| !title.is_empty());
    }
}

/// "Privacy policy | Acme" → "Privacy policy".
fn without_site(title: &str) -> String {
    for mark in [" | ", " – ", " — ", " · ", " - ", " :: ", " « "] {
        if let Some((first, rest)) = title.split_once(mark) {
            let about = crate::import::recognize::names_document;
            return if !about(first) && about(rest) { without_site(rest) } else { first.trim().to_string() };
        }
    }
    title.to_string()
}
