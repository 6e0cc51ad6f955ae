//! Small pieces of WordprocessingML: fields, content controls, text boxes, neighboring runs.
//!
//! In: elements. Out: what they hold. Must not know: paragraphs.

use super::xml::{Xml, words_of};
use crate::import::model::Run;

pub fn list_of(xml: &Xml) -> Option<(String, usize)> {
    let level = xml.value("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((xml.value("numId")?.to_string(), level))
}

/// The target in a field's instruction: `HYPERLINK "https://…"`, `HYPERLINK \l "place"`.
pub fn field_link(code: &str) -> Option<String> {
    let rest = code.trim().strip_prefix("HYPERLINK")?;
    let inside = rest.split('"').nth(1)?;
    Some(if rest.trim_start().starts_with("\\l") { format!("#{inside}") } else { inside.to_string() })
}

/// True if a content control holds the list of contents.
pub fn is_contents(xml: &Xml) -> bool {
    let gallery =
        xml.child("sdtPr").and_then(|pr| pr.child("docPartObj")).and_then(|part| part.value("docPartGallery"));
    gallery.is_some_and(|gallery| gallery.contains("Table of Contents"))
}

pub fn text_boxes(xml: &Xml) -> String {
    let mut out = String::new();
    if xml.name == "txbxContent" {
        return words_of(xml);
    }
    for child in &xml.children {
        out.push_str(&text_boxes(child));
    }
    out
}

/// Adds a run; neighbors that look alike are one.
pub fn merge(out: &mut Vec<Run>, run: Run) {
    match (out.last_mut(), run) {
        (Some(Run::Words(known)), Run::Words(words)) => known.push_str(&words),
        (Some(Run::Strong(known)), Run::Strong(inner)) => inner.into_iter().for_each(|run| merge(known, run)),
        (Some(Run::Emphasized(known)), Run::Emphasized(inner)) => inner.into_iter().for_each(|run| merge(known, run)),
        (_, run) => out.push(run),
    }
}
