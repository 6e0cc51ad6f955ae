//! What a version is made of: its sources as they are, and what the program resolves from them.
//!
//! In: sources. Out: the files of the version's folder, with their digests and the addresses inside the text.
//! Must not know: dates of other versions, what was decided.

use super::sources::Sources;
use crate::center::document::front_matter;
use crate::center::{Center, Document, VersionFacts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::{Error, Result};
use crate::markdown;
use crate::source::{Digest, SourceTree};
use crate::text::{Texts, is_made, text_file, text_name};
use crate::words::Language;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A version's folder.
pub struct Frozen {
    pub files: BTreeMap<String, Vec<u8>>,
    /// SHA-256 of the resolved text, by language.
    pub text: BTreeMap<String, Digest>,
    pub anchors: Vec<String>,
}

/// `policy.md` is in the authoritative language, `policy.es.md` in another.
pub fn language_of(name: &str, authoritative: &str) -> Option<String> {
    crate::center::language_of(name, authoritative)
}

impl Frozen {
    /// Resolves the sources of a version. `slug` names the document where a text has no title.
    pub fn of(slug: &str, sources: &Sources, language: &str, effective: Date) -> Result<Frozen> {
        let (frozen, error) = Frozen::resolve(slug, sources, language, effective);
        match error {
            Some(error) => Err(Error::refused(format!(
                "the text of `{slug}` that would be frozen has an error: {}; nothing was written",
                error.message
            ))),
            None => Ok(frozen),
        }
    }

    /// The same whatever the texts hold, with the first error in them.
    pub fn resolve(slug: &str, sources: &Sources, language: &str, effective: Date) -> (Frozen, Option<Diagnostic>) {
        let mut error = None;
        let source = sources.files().get("policy.md").map_or("", String::as_str);
        let (front, _) = front_matter(&"policy.md".into(), source, &mut Vec::new());
        let facts = VersionFacts::of_sources(sources.files(), language, &front, effective);
        let files = sources.files().iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
        let mut frozen = Frozen { files, text: BTreeMap::new(), anchors: Vec::new() };
        for (name, source) in sources.files() {
            let Some(tag) = language_of(name, language) else { continue };
            let path: Arc<str> = name.as_str().into();
            let (own, body) = front_matter(&path, source, &mut Vec::new());
            let facts = facts.for_language(&Language::parse(&tag).unwrap_or_else(Language::english));
            let mut findings = Vec::new();
            let parsed = markdown::parse(&path, source, body, front.numbering, &facts, &mut findings);
            error = error.or(findings.into_iter().find(|finding| finding.severity == Severity::Error));
            let title = own.title.as_ref().or(front.title.as_ref()).map_or(slug, String::as_str);
            let description = own.description.as_ref().or(front.description.as_ref()).map(String::as_str);
            let text = text_file(title, description, &parsed.resolved).into_bytes();
            frozen.text.insert(tag.clone(), Digest::of(&text));
            frozen.files.insert(text_name(&tag), text);
            if tag == language {
                frozen.anchors = anchors(&parsed.document);
            }
        }
        (frozen, error)
    }

    pub fn digests(&self) -> BTreeMap<String, Digest> {
        self.files.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes))).collect()
    }
}

/// Every id in the text that a link may lead to, once; those of notes are made anew with each text.
pub fn anchors(document: &markdown::Document) -> Vec<String> {
    let without_notes = markdown::Document { blocks: document.blocks.clone(), footnotes: Vec::new() };
    let mut seen = BTreeSet::new();
    markdown::ids(&without_notes).into_iter().filter(|id| seen.insert(id.clone())).collect()
}

/// Where the sources of a draft are: its texts, the organization's facts, and the registers that the texts use.
pub fn draft_paths(center: &Center, document: &Document, on: Date) -> Result<BTreeMap<String, String>> {
    let mut paths = BTreeMap::new();
    let Some(draft) = &document.draft else { return Ok(paths) };
    for file in draft.texts.values() {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        paths.insert(name.to_string(), file.path.to_string());
    }
    let mut used = Texts::default().draft(center, document, on)?.map(|draft| draft.used).unwrap_or_default();
    used.insert("organization".to_string());
    for name in used {
        let own = format!("content/{}/{name}.toml", document.slug);
        let shared = format!("content/{name}.toml");
        let organization = name == "organization";
        let found =
            [own, shared].into_iter().skip(usize::from(organization)).find(|path| center.tree.get(path).is_some());
        paths.extend(found.map(|path| (format!("{name}.toml"), path)));
    }
    Ok(paths)
}

pub fn draft_sources(center: &Center, document: &Document, on: Date) -> Result<Sources> {
    let paths = draft_paths(center, document, on)?;
    let read = |(name, path): (String, String)| Ok((name, text(&center.tree, &path)?));
    Ok(Sources::new(paths.into_iter().map(read).collect::<Result<_>>()?))
}

/// The sources of a version that is frozen in a folder.
pub fn version_sources(tree: &SourceTree, folder: &str) -> Result<Sources> {
    let mut files = BTreeMap::new();
    for file in tree.below(&format!("{folder}/")) {
        let name = &file.path[folder.len() + 1..];
        if !is_made(name) {
            files.insert(name.to_string(), text(tree, &file.path)?);
        }
    }
    Ok(Sources::new(files))
}

/// A file to the byte.
fn text(tree: &SourceTree, path: &str) -> Result<String> {
    String::from_utf8(tree.bytes(path)?)
        .map_err(|_| Error::refused(format!("`{path}` is not UTF-8; save it as UTF-8, so that no word is lost")))
}
