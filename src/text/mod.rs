//! Every text, read once, for everybody who needs its words.
//!
//! In: a version or a draft of a center, or a single file. Out: one shared [`Text`] with its tree, its resolved words and their
//! digest, the facts beside it, and the findings of reading it. Must not know: rules, pages.
//!
//! A text costs a parse when it is first asked for. Asked for again, it is found by the digest of everything that it was
//! read from: its file, the facts that it may look up, its language. So an edit of one draft parses that draft alone.

mod frozen;
mod language;
mod single;

pub use frozen::{announcement_name, is_made, quoted, text_file, text_name};
pub use language::language_of;
pub use single::{NoFacts, single};

use crate::center::document::front_matter;
use crate::center::facts::{FactsMemo, TrackedFacts};
use crate::center::{Center, Document, FrontMatter, TextFile, Version, VersionFacts};
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::markdown::{self, BlockKind, Facts, Parsed, SuppressionComment};
use crate::memo::Memo;
use crate::source::{Digest, Hasher};
use crate::words::Language;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many texts are kept. Whoever works through a document asks for a version, the one before it and the one in force, and
/// documents are worked through side by side; a preview shows a few pages at a time. More would only fill memory.
const TEXTS: usize = 16;

/// One text, ready to be checked, compared and put on pages.
pub struct Text {
    info: Arc<CheckedText>,
    pub parsed: Parsed,
    /// Digest of everything from which the text was read: two texts with the same key are equal.
    pub key: Digest,
    /// Digest of [`Text::file`]: the title, the description and the resolved words.
    pub digest: Digest,
    /// Registers that it names.
    pub used: BTreeSet<String>,
    /// Findings of reading a draft. A frozen text cannot be fixed, so it has none.
    pub findings: Vec<Diagnostic>,
    /// Set for a frozen text that would be published with other words than when it was released.
    pub changed: Option<Diagnostic>,
}

/// A text after its rules have run: everything but its tree, which is much larger.
pub struct CheckedText {
    /// The slug of its document; empty for a single file outside a site.
    pub document: String,
    pub language: Language,
    /// The tag of that language.
    pub tag: String,
    /// True if it is the text that the others translate.
    pub authoritative: bool,
    pub path: Arc<str>,
    /// The whole file.
    pub source: Arc<str>,
    /// The byte at which the body starts.
    pub body: usize,
    /// The front matter of the authoritative text.
    pub front: FrontMatter,
    /// Its own title, or that of the authoritative text.
    pub title: Option<String>,
    /// Its own description, or that of the authoritative text.
    pub description: Option<String>,
    /// The facts that it may look up; none outside a site.
    pub facts: Option<VersionFacts>,
    /// Comments that suppress a rule.
    pub suppression_comments: Vec<SuppressionComment>,
    /// Sections by id, each with its level and the byte at which it starts.
    pub sections: Vec<(String, u8, usize)>,
}

impl Text {
    /// The resolved text as the site publishes it beside the page.
    pub fn file(&self) -> String {
        self.info.file(&self.parsed.resolved)
    }

    pub fn checked(&self) -> Arc<CheckedText> {
        self.info.clone()
    }
}

impl CheckedText {
    fn file(&self, resolved: &str) -> String {
        text_file(self.title.as_deref().unwrap_or(&self.document), self.description.as_deref(), resolved)
    }
}

impl Deref for Text {
    type Target = CheckedText;

    fn deref(&self) -> &CheckedText {
        &self.info
    }
}

/// A draft in every language, as a release would freeze it.
pub struct DraftTexts {
    /// All facts that its texts may look up.
    pub available: VersionFacts,
    /// Names of registers that its texts use.
    pub used: BTreeSet<String>,
    /// By language tag.
    pub texts: BTreeMap<String, Arc<Text>>,
    /// Findings in the registers of the document.
    pub findings: Vec<Diagnostic>,
}

impl DraftTexts {
    /// The facts that would be frozen beside the texts: only registers that they use.
    pub fn facts(&self) -> VersionFacts {
        let mut facts = self.available.clone();
        facts.registers.retain(|name, _| self.used.contains(name));
        facts
    }

    /// The text that the others translate.
    pub fn authoritative(&self) -> Option<&Arc<Text>> {
        self.texts.values().find(|text| text.authoritative)
    }
}

/// Every text that was read, shared by all who ask. A bounded number is kept.
pub struct Texts {
    facts: FactsMemo,
    beside: Memo<Digest, VersionFacts>,
    drafted: Memo<Digest, (VersionFacts, Vec<Diagnostic>)>,
    texts: Memo<Digest, Text>,
    parsed: AtomicUsize,
}

impl Default for Texts {
    fn default() -> Self {
        Texts {
            facts: FactsMemo::default(),
            beside: Memo::default(),
            drafted: Memo::default(),
            texts: Memo::holding(TEXTS),
            parsed: AtomicUsize::new(0),
        }
    }
}

impl Texts {
    /// How many texts have been parsed so far.
    pub fn parsed(&self) -> usize {
        self.parsed.load(Ordering::Relaxed)
    }

    /// The facts that were frozen beside a version.
    pub fn version_facts(&self, center: &Center, version: &Version) -> Result<Arc<VersionFacts>> {
        self.beside.get(version.frozen, || VersionFacts::of_version(center, version, &self.facts))
    }

    /// A frozen text in exactly this language; none if the version has no text in it.
    pub fn version(&self, center: &Center, version: &Version, tag: &str) -> Result<Option<Arc<Text>>> {
        let Some(file) = version.texts.get(tag) else { return Ok(None) };
        let mut key = Hasher::default();
        key.digest(&version.frozen).part(tag.as_bytes());
        let key = key.finish();
        let text = self.texts.get(key, || {
            let facts = self.version_facts(center, version)?;
            let text = Source {
                document: version.folder.split('/').nth(1).unwrap_or_default(),
                tag,
                authoritative: tag == version.language,
                file,
                front: &version.front,
            };
            let mut text = self.read(center, text, &facts, key)?;
            if version.resolved.get(tag).is_some_and(|released| *released != text.digest) {
                text = self.frozen(center, version, tag, text)?;
            }
            // What a frozen text says was checked when it was released.
            text.findings.clear();
            text.changed = changed(version, &text);
            Ok::<Text, crate::error::Error>(text)
        })?;
        Ok(Some(text))
    }

    /// The words that were frozen, where this program would write a fact or a table in another way than the one that released
    /// them: the bytes beside the sources are what was published.
    fn frozen(&self, center: &Center, version: &Version, tag: &str, read: Text) -> Result<Text> {
        let path = format!("{}/{}", version.folder, text_name(tag));
        let Some(file) = center.tree.get(&path) else { return Ok(read) };
        let path = file.path.clone();
        let source = center.tree.text(&path)?;
        let (own, body) = front_matter(&path, &source, &mut Vec::new());
        let (facts, key) = (read.facts.clone(), read.key);
        let info = CheckedText {
            document: read.document.clone(),
            language: read.language.clone(),
            tag: read.tag.clone(),
            authoritative: read.authoritative,
            path,
            source,
            body,
            // Numbers of headings are part of the frozen words.
            front: FrontMatter { numbering: false, ..read.front.clone() },
            title: own.title,
            description: own.description,
            facts: None,
            suppression_comments: Vec::new(),
            sections: Vec::new(),
        };
        self.parsed.fetch_add(1, Ordering::Relaxed);
        let mut text = parse(info, &NoFacts, key);
        if let Some(info) = Arc::get_mut(&mut text.info) {
            info.facts = facts;
        }
        text.used = read.used;
        // The file is what was published, whatever it comes to when it is written again.
        text.digest = file.digest;
        Ok(text)
    }

    /// The text of a version that its translations translate; none if it is not there.
    pub fn authoritative(&self, center: &Center, version: &Version) -> Result<Option<Arc<Text>>> {
        self.version(center, version, &version.language)
    }

    /// A draft in every language, none if the document has no draft; `on` is the day on which it might take effect.
    pub fn draft(&self, center: &Center, document: &Document, on: Date) -> Result<Option<DraftTexts>> {
        let Some(draft) = &document.draft else { return Ok(None) };
        let authoritative = center.settings.authoritative().tag();
        let key = facts_key(center, document, &draft.front, on);
        let drafted = self.drafted.get(key, || {
            let mut findings = Vec::new();
            let facts = VersionFacts::of_draft(center, document, on, &mut findings);
            Ok::<_, crate::error::Error>((facts, findings))
        })?;
        let mut out = DraftTexts {
            available: drafted.0.clone(),
            used: BTreeSet::new(),
            texts: BTreeMap::new(),
            findings: drafted.1.clone(),
        };
        for (tag, file) in &draft.texts {
            let mut own = Hasher::default();
            own.digest(&key).digest(&file.digest).part(file.path.as_bytes()).part(tag.as_bytes());
            let key = own.finish();
            let text = self.texts.get(key, || {
                let text = Source {
                    document: &document.slug,
                    tag,
                    authoritative: tag == authoritative,
                    file,
                    front: &draft.front,
                };
                self.read(center, text, &drafted.0, key)
            })?;
            out.used.extend(text.used.iter().cloned());
            out.texts.insert(tag.clone(), text);
        }
        Ok(Some(out))
    }

    fn read(&self, center: &Center, text: Source, facts: &VersionFacts, key: Digest) -> Result<Text> {
        let Source { document, tag, authoritative, file, front } = text;
        let language = Language::parse(tag).unwrap_or_else(Language::english);
        let source = center.tree.text(&file.path)?;
        let facts = TrackedFacts::new(facts.for_language(&language));
        let info = CheckedText {
            document: document.to_string(),
            language,
            tag: tag.to_string(),
            authoritative,
            path: file.path.clone(),
            source,
            body: file.body,
            front: front.clone(),
            title: file.title.clone().or_else(|| front.title.clone()),
            description: file.description.clone().or_else(|| front.description.clone()),
            facts: None,
            suppression_comments: Vec::new(),
            sections: Vec::new(),
        };
        self.parsed.fetch_add(1, Ordering::Relaxed);
        let mut text = parse(info, &facts, key);
        let (facts, used) = facts.into_parts();
        if let Some(info) = Arc::get_mut(&mut text.info) {
            info.facts = Some(facts);
        }
        text.used = used;
        Ok(text)
    }
}

/// Which file is read, and how.
struct Source<'a> {
    document: &'a str,
    tag: &'a str,
    authoritative: bool,
    file: &'a TextFile,
    front: &'a FrontMatter,
}

/// The one place at which the text of a file becomes a tree.
fn parse(mut info: CheckedText, facts: &dyn Facts, key: Digest) -> Text {
    let mut findings = Vec::new();
    let numbering = info.front.numbering;
    let mut parsed = markdown::parse(&info.path, &info.source, info.body, numbering, facts, &mut findings);
    info.suppression_comments = std::mem::take(&mut parsed.suppression_comments);
    let sections = parsed.document.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Heading(heading) => Some((heading.id.clone(), heading.level, block.span.start)),
        _ => None,
    });
    info.sections = sections.collect();
    let digest = Digest::of(info.file(&parsed.resolved).as_bytes());
    Text { info: Arc::new(info), parsed, key, digest, used: BTreeSet::new(), findings, changed: None }
}

/// Returns the digest of everything that a draft can look up and of its front matter.
fn facts_key(center: &Center, document: &Document, front: &FrontMatter, on: Date) -> Digest {
    let mut hasher = Hasher::default();
    hasher.digest(&center.shared_facts).part(document.slug.as_bytes());
    for file in center.tree.beside(&format!("content/{}/", document.slug)) {
        if file.path.ends_with(".toml") {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
    }
    hasher.part(center.settings.authoritative().tag().as_bytes());
    hasher.part(format!("{on} {} {} {}", front.notice(), front.notice_subprocessors(), front.numbering).as_bytes());
    hasher.finish()
}

/// A word that differs from the one that was released.
fn changed(version: &Version, text: &Text) -> Option<Diagnostic> {
    let released = version.resolved.get(&text.tag).filter(|released| **released != text.digest)?;
    let finding = Diagnostic::new(
        "resolved-text-changed",
        format!("`{}` would be published with different words than when it was released", text.path),
    );
    Some(
        finding
            .at(&text.path, 0..0)
            .help(format!("released: {}", released.hex()))
            .help(format!("now: {}", text.digest.hex()))
            .help("build with the version of fineprint that released it, and report the difference"),
    )
}
