//! Texts of versions and drafts, read and resolved.
//!
//! In: which text is meant. Out: its tree, its resolved source and the digest of that; a frozen text is read once, however
//! many pages show it. Must not know: pages.

use super::Renderer;
use crate::center::{TextFile, Version, VersionFacts};
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::markdown::{self, Parsed};
use crate::memo::Memo;
use crate::source::{Digest, Hasher};
use crate::words::Language;
use std::sync::Arc;

/// A version's neighbours are asked for soon after it; more would only fill memory.
const TEXTS: usize = 48;
/// Whoever renders on request asks for few.
const FEW: usize = 12;

/// One text, ready to be put on pages.
pub(super) struct Text {
    pub parsed: Parsed,
    /// SHA-256 of the resolved source, in hexadecimal digits.
    pub digest: String,
    /// Words that differ from those released.
    pub(super) finding: Option<Diagnostic>,
}

pub struct Texts(Memo<Digest, Text>);

impl Default for Texts {
    fn default() -> Self {
        Texts(Memo::holding(TEXTS))
    }
}

impl Texts {
    pub fn small() -> Texts {
        Texts(Memo::holding(FEW))
    }
}

/// The resolved text of a version as the site publishes it beside the page.
pub(super) fn published(version: &Version, tag: &str, resolved: &str) -> String {
    let slug = version.folder.split('/').nth(1).unwrap_or_default();
    let file = version.texts.get(tag);
    let title = file.and_then(|file| file.title.as_deref()).or(version.front.title.as_deref());
    crate::text::text_file(title.unwrap_or(slug), version.description(tag).as_deref(), resolved)
}

impl Renderer<'_, '_> {
    /// The text of a version for readers of a language: in it, or else in the version's authoritative one. With its tag.
    pub(super) fn version_text(&self, version: &Version, own: &str) -> Result<Option<(String, Arc<Text>)>> {
        let texts = &version.texts;
        let Some((tag, file)) = texts.get_key_value(own).or_else(|| texts.get_key_value(&version.language)) else {
            return Ok(None);
        };
        Ok(Some((tag.clone(), self.frozen_text(version, tag, file)?)))
    }

    /// A frozen text, resolved; a word that differs from the one released is an error.
    pub(super) fn frozen_text(&self, version: &Version, tag: &str, file: &TextFile) -> Result<Arc<Text>> {
        let tree = &self.plan.center.tree;
        let mut hasher = Hasher::default();
        hasher.part(version.folder.as_bytes()).part(tag.as_bytes());
        for file in tree.below(&format!("{}/", version.folder)) {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
        let text = self.texts.0.get(hasher.finish(), || {
            let source = tree.text(&file.path)?;
            let facts = VersionFacts::of_version(self.plan.center, version, &self.facts)?;
            let language = Language::parse(tag).unwrap_or_else(Language::english);
            let facts = facts.for_language(&language);
            // What a frozen text says was checked when it was released.
            let mut ignored = Vec::new();
            let parsed = markdown::parse(&file.path, &source, file.body, version.front.numbering, &facts, &mut ignored);
            let digest = Digest::of(published(version, tag, &parsed.resolved).as_bytes());
            let released = version.resolved.get(tag).filter(|released| **released != digest);
            let finding = released.map(|released| {
                Diagnostic::new(
                    "resolved-text-changed",
                    format!("`{}` would be published with other words than on its release", file.path),
                )
                .at(&file.path, 0..0)
                .help(format!("released: {}", released.hex()))
                .help(format!("now: {}", digest.hex()))
                .help("build with the version of this program that released it, and report the difference")
            });
            Ok::<Text, crate::error::Error>(Text { parsed, digest: digest.hex(), finding })
        })?;
        self.found(text.finding.clone());
        Ok(text)
    }

    /// The working text, in a language or else in the authoritative one, with its tag and the facts as of the plan's day.
    pub(super) fn draft_text(&self, document: usize, own: &str) -> Result<Option<(String, Text)>> {
        let center = self.plan.center;
        let entry = &center.documents[document];
        let Some(draft) = &entry.draft else { return Ok(None) };
        let authoritative = center.settings.authoritative().tag();
        let texts = &draft.texts;
        let Some((tag, file)) = texts.get_key_value(own).or_else(|| texts.get_key_value(authoritative)) else {
            return Ok(None);
        };
        // What is wrong with facts and text was reported when the center was checked.
        let mut ignored = Vec::new();
        let facts = VersionFacts::of_draft(center, entry, self.plan.timeline.draft_day(center, document), &mut ignored);
        let language = Language::parse(tag).unwrap_or_else(Language::english);
        let facts = facts.for_language(&language);
        let source = center.tree.text(&file.path)?;
        let parsed = markdown::parse(&file.path, &source, file.body, draft.front.numbering, &facts, &mut ignored);
        let digest = Digest::of(parsed.resolved.as_bytes()).hex();
        Ok(Some((tag.clone(), Text { parsed, digest, finding: None })))
    }
}
