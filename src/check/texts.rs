//! Every working text, read once for all rules.
//!
//! In: a document of a center and a day, or the text of a single file. Out: texts with their trees and their facts, and the
//! findings of reading them; what they depend on. Must not know: any rule.

use crate::center::document::front_matter;
use crate::center::facts::FactsMemo;
use crate::center::ledger::PATH as LEDGER;
use crate::center::settings::PATH as SETTINGS;
use crate::center::{Center, Document, FrontMatter, VersionFacts};
use crate::diagnostic::Diagnostic;
use crate::markdown::{self, Allowance, BlockKind, FactError, Facts, Parsed, RegisterTable};
use crate::source::{Digest, Hasher};
use crate::words::Language;
use jiff::civil::Date;
use rayon::prelude::*;
use std::ops::Deref;
use std::sync::Arc;

/// A text as the rules see it.
pub struct Text {
    gist: Arc<Gist>,
    pub parsed: Parsed,
}

/// What is remembered of a text when its own rules have run: all but its tree, which is much larger.
pub struct Gist {
    /// The slug of its document; empty for a single file outside a site.
    pub document: String,
    /// Its language, and the tag of it.
    pub language: Language,
    pub tag: String,
    /// Whether it is the text that translations translate.
    pub authoritative: bool,
    pub path: Arc<str>,
    /// The whole file.
    pub source: Arc<str>,
    /// The byte at which the body starts.
    pub body: usize,
    /// Of the authoritative text.
    pub front: FrontMatter,
    /// Its own title, or that of the authoritative text.
    pub title: Option<String>,
    /// What it looks up; none outside a site.
    pub facts: Option<VersionFacts>,
    /// Comments that waive a rule.
    pub allowances: Vec<Allowance>,
    /// Sections by id, each with its level and the byte at which it starts.
    pub sections: Vec<(String, u8, usize)>,
}

impl Text {
    pub fn gist(&self) -> Arc<Gist> {
        self.gist.clone()
    }
}

/// What is kept of a tree that is not: waivers, and sections.
fn kept(parsed: &mut Parsed) -> (Vec<Allowance>, Vec<(String, u8, usize)>) {
    let sections = parsed.document.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Heading(heading) => Some((heading.id.clone(), heading.level, block.span.start)),
        _ => None,
    });
    let sections = sections.collect();
    (std::mem::take(&mut parsed.allowances), sections)
}

impl Deref for Text {
    type Target = Gist;

    fn deref(&self) -> &Gist {
        &self.gist
    }
}

impl AsRef<Gist> for Text {
    fn as_ref(&self) -> &Gist {
        &self.gist
    }
}

impl AsRef<Gist> for Gist {
    fn as_ref(&self) -> &Gist {
        self
    }
}

/// Of the texts of one document, the one that the others translate.
pub fn authoritative<T: AsRef<Gist>>(texts: &[T]) -> Option<&T> {
    texts.iter().find(|text| text.as_ref().authoritative)
}

/// What every draft depends on: the day, the settings, the facts that documents share.
pub fn shared(center: &Center, date: Date) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(date.to_string().as_bytes());
    let files = center.tree.get(SETTINGS).into_iter().chain(center.tree.beside("content/"));
    for file in files.filter(|file| &*file.path != LEDGER) {
        hasher.part(file.path.as_bytes()).digest(&file.digest);
    }
    hasher.finish()
}

/// What the draft of one document depends on: that, its own files, and its history.
pub fn depends_on(shared: &Digest, center: &Center, document: &Document) -> Digest {
    let mut hasher = Hasher::default();
    hasher.digest(shared).part(document.slug.as_bytes()).digest(&document.history);
    for file in center.tree.beside(&format!("content/{}/", document.slug)) {
        hasher.part(file.path.as_bytes()).digest(&file.digest);
    }
    hasher.finish()
}

/// The draft of a document in every language.
pub fn read(center: &Center, document: &Document, date: Date, findings: &mut Vec<Diagnostic>) -> Vec<Text> {
    let Some(draft) = &document.draft else { return Vec::new() };
    let authoritative = center.settings.authoritative().tag();
    let facts = VersionFacts::of_draft(center, document, date, findings);
    let texts: Vec<(Text, Vec<Diagnostic>)> = draft
        .texts
        .par_iter()
        .filter_map(|(tag, file)| {
            let language = Language::parse(tag).unwrap_or_else(Language::english);
            let facts = facts.for_language(&language);
            // A draft is kept whole when the site is scanned.
            let source = center.tree.text(&file.path).ok()?;
            let mut found = Vec::new();
            let numbering = draft.front.numbering;
            let mut parsed = markdown::parse(&file.path, &source, file.body, numbering, &facts, &mut found);
            let (allowances, sections) = kept(&mut parsed);
            let gist = Gist {
                document: document.slug.clone(),
                language,
                tag: tag.clone(),
                authoritative: tag == authoritative,
                path: file.path.clone(),
                source,
                body: file.body,
                front: draft.front.clone(),
                title: file.title.clone().or_else(|| draft.front.title.clone()),
                facts: Some(facts),
                allowances,
                sections,
            };
            Some((Text { gist: Arc::new(gist), parsed }, found))
        })
        .collect();
    let mut out = Vec::new();
    for (text, found) in texts {
        out.push(text);
        findings.extend(found);
    }
    out
}

/// A version as it was frozen, in its authoritative language; none if it has no text.
pub fn frozen(center: &Center, document: &Document, index: usize) -> crate::error::Result<Option<Text>> {
    let version = &document.versions[index];
    let Some(file) = version.authoritative() else { return Ok(None) };
    let language = Language::parse(&version.language).unwrap_or_else(Language::english);
    let facts = VersionFacts::of_version(center, version, &FactsMemo::default())?;
    let source = center.tree.text(&file.path)?;
    let mut parsed = markdown::parse(&file.path, &source, file.body, version.front.numbering, &facts, &mut Vec::new());
    let (allowances, sections) = kept(&mut parsed);
    let gist = Gist {
        document: document.slug.clone(),
        tag: version.language.clone(),
        language,
        authoritative: true,
        path: file.path.clone(),
        source,
        body: file.body,
        title: file.title.clone().or_else(|| version.front.title.clone()),
        front: version.front.clone(),
        facts: Some(facts),
        allowances,
        sections,
    };
    Ok(Some(Text { gist: Arc::new(gist), parsed }))
}

/// A single file of Markdown, of which no facts are known.
pub fn lone(path: &Arc<str>, source: Arc<str>, language: Language, findings: &mut Vec<Diagnostic>) -> Text {
    let (front, body) = front_matter(path, &source, findings);
    let mut parsed = markdown::parse(path, &source, body, front.numbering, &Alone, findings);
    let (allowances, sections) = kept(&mut parsed);
    let gist = Gist {
        document: String::new(),
        tag: language.tag().to_string(),
        language,
        authoritative: true,
        path: path.clone(),
        source,
        body,
        title: front.title.clone(),
        front,
        facts: None,
        allowances,
        sections,
    };
    Text { gist: Arc::new(gist), parsed }
}

/// Outside a site nobody knows the facts: what has the shape of one is taken on trust, the rest is unfilled.
struct Alone;

impl Facts for Alone {
    fn lookup(&self, path: &str) -> Result<String, FactError> {
        let parts = path.split('.').count();
        if matches!(path, "notice" | "notice_subprocessors") || path.starts_with("organization.") || parts == 3 {
            return Ok(path.to_string());
        }
        Err(FactError {
            code: "unknown-fact",
            message: format!("`{path}` is no fact that a site could have"),
            help: vec!["write the words themselves, or a path such as `{{ organization.legal_name }}`".to_string()],
        })
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Ok(RegisterTable::default())
    }
}

/// The language of a single file: by its name (`policy.es.md`), else by its commonest words, else English.
pub fn language_of(path: &str, source: &str) -> Language {
    let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown")).unwrap_or(path);
    let named = stem.rsplit('/').next().and_then(|name| name.split_once('.')).and_then(|(_, tag)| Language::parse(tag));
    if let Some(language) = named {
        return language;
    }
    let votes = COMMON.map(|(tag, words)| {
        let count = source
            .split(|c: char| !c.is_alphabetic())
            .take(4000)
            .filter(|word| words.iter().any(|common| common.eq_ignore_ascii_case(word)))
            .count();
        (count, tag)
    });
    let winner = votes.iter().max_by_key(|(count, tag)| (*count, *tag == "en")).map_or("en", |(_, tag)| *tag);
    Language::parse(winner).unwrap_or_else(Language::english)
}

/// Words that are frequent in one of these languages and rare in the others.
const COMMON: [(&str, &[&str]); 4] = [
    ("en", &["the", "and", "of", "you", "your", "we", "this", "with", "may", "or"]),
    ("es", &["el", "los", "las", "y", "usted", "para", "por", "una", "del", "sus"]),
    ("fr", &["le", "les", "et", "vous", "nous", "des", "une", "dans", "sont", "votre"]),
    ("de", &["der", "die", "das", "und", "wir", "sie", "ist", "werden", "mit", "für"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_a_file_is_its_names_then_its_words() {
        let tag = |path: &str, text: &str| language_of(path, text).tag().to_string();
        assert_eq!(tag("a/policy.fr.md", "the and of"), "fr");
        assert_eq!(tag("policy.md", "Los datos del usuario y las cookies que usted acepta"), "es");
        assert_eq!(tag("policy.md", "Wir verarbeiten die Daten und das ist alles"), "de");
        assert_eq!(tag("policy.md", ""), "en");
    }
}
