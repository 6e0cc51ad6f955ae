//! [`SourceTree`] → [`Center`]: what was written, typed.
//!
//! In: the files. Out: settings, organisation, documents with their versions, registers, ledger; and findings.
//! Must not know: today, the output, HTML.

pub mod brand;
pub mod chain;
pub mod checks;
pub mod document;
pub mod facts;
mod folders;
pub mod history;
pub mod ledger;
pub mod organization;
pub mod own_item;
pub mod practices;
mod reader;
pub mod register;
pub mod schema;
pub mod settings;
pub mod suppression;
mod text;
mod translation;

pub use document::{Amended, Corrected, Document, Draft, FrontMatter, TextFile, Version, Withdrawal};
pub use facts::VersionFacts;
pub use history::Promise;
pub use ledger::{Act, Exemption, Ledger, Release, Significance};
pub use organization::{Known, Organization};
pub use practices::Practices;
pub use reader::parse_date;
pub use register::{Life, Register};
pub use settings::Settings;
pub use text::Text;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::record::{Lifecycle, RecordEvent};
use crate::source::{Digest, Hasher, Node, SourceFile, SourceTree};
use crate::words::Language;
use document::front_matter;
pub use folders::Memory;
use folders::Record;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that a company has written down.
#[derive(Debug)]
pub struct Center {
    pub settings: Settings,
    pub organization: Arc<Organization>,
    /// Sorted by `order`, then by slug.
    pub documents: Vec<Document>,
    /// Registers shared by documents, as they are being worked on.
    pub registers: BTreeMap<String, Arc<Register>>,
    /// Digest of the files of those registers and of the organization.
    pub shared_facts: Digest,
    pub ledger: Arc<Ledger>,
    /// Languages in which the site has pages, in the order of their addresses: the one at the root, the others that are
    /// listed, then those in which versions were published before they were taken off the list.
    pub languages: Vec<Language>,
    pub tree: SourceTree,
}

impl Center {
    /// Loads a center once.
    pub fn load(tree: SourceTree, findings: &mut Vec<Diagnostic>) -> Center {
        Center::load_with(tree, &Memory::default(), findings)
    }

    /// Loads a center with what an earlier loading left: only what has changed since is read.
    pub fn load_with(tree: SourceTree, memory: &Memory, findings: &mut Vec<Diagnostic>) -> Center {
        let settings = Settings::read(tree.kept(settings::PATH), findings);
        let organization = match tree.kept("content/organization.toml") {
            Some(text) => Arc::new(Organization::read(&"content/organization.toml".into(), text, findings)),
            None => Arc::default(),
        };
        let record = match (tree.get(ledger::PATH), tree.kept(ledger::PATH)) {
            (Some(file), Some(text)) => memory.ledgers.get(file.digest, || Record::read(text)),
            _ => Arc::default(),
        };
        findings.extend(record.findings.iter().cloned());
        let (registers, shared_facts) = shared_registers(&tree, findings);
        let mut documents = folders::documents(&tree, &settings, &record, memory, findings);
        documents.sort_by(|a, b| (a.order(), &a.slug).cmp(&(b.order(), &b.slug)));
        tree.forget_heads();
        memory.ledgers.end();
        memory.histories.end();
        memory.drafts.end();
        let (ledger, languages) = (record.ledger.clone(), addressed(&settings, &record.ledger));
        Center { settings, organization, documents, registers, shared_facts, ledger, languages, tree }
    }

    pub fn document(&self, slug: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.slug == slug)
    }
}

/// Addresses that were published stay, whatever `languages` says now: the language that has the root keeps it, and one that was
/// dropped keeps its pages.
fn addressed(settings: &Settings, ledger: &Ledger) -> Vec<Language> {
    let published = ledger.entries.iter().flat_map(|entry| -> Vec<(&str, &str)> {
        match &entry.act {
            Act::Release(release) => release.addresses.iter().map(|(tag, at)| (tag.as_str(), at.as_str())).collect(),
            Act::Translate(translation) => vec![(translation.language.as_str(), translation.address.as_str())],
            _ => Vec::new(),
        }
    });
    let published: Vec<(&str, &str)> = published.collect();
    let below_its_tag = |tag: &str, at: &str| at.strip_prefix(tag).is_some_and(|rest| rest.starts_with('/'));
    let root = published.iter().find(|(tag, at)| !below_its_tag(tag, at)).map(|(tag, _)| *tag);
    let listed = settings.languages.iter().map(Language::tag);
    let mut languages: Vec<Language> = Vec::new();
    for tag in root.into_iter().chain(listed).chain(published.iter().map(|(tag, _)| *tag)) {
        if languages.iter().all(|known| known.tag() != tag) {
            let known = settings.languages.iter().find(|known| known.tag() == tag).cloned();
            languages.extend(known.or_else(|| Language::parse(tag)));
        }
    }
    languages
}

impl Document {
    /// Names that the document had before the one that it has now, without repetition.
    pub fn former_names(&self) -> Vec<&str> {
        let first = self.entries.first().map(|entry| entry.document.as_str());
        let later = self.entries.iter().filter_map(|entry| match &entry.event {
            RecordEvent::Rename(name) => Some(name.as_str()),
            _ => None,
        });
        let mut names: Vec<&str> = Vec::new();
        for name in first.into_iter().chain(later) {
            if name != self.slug && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The front matter that speaks for the document today: the draft's, else the last version's.
    pub fn front(&self) -> Option<&FrontMatter> {
        let last = self.versions.last().map(|version| &version.front);
        self.draft.as_ref().map(|draft| &draft.front).or(last)
    }

    fn order(&self) -> i64 {
        self.front().and_then(|front| front.order).unwrap_or(i64::MAX)
    }

    /// The last version that stands: the one on which a release is based.
    pub fn newest(&self) -> Option<usize> {
        self.versions.iter().rposition(Version::stands)
    }

    /// Everything that the record says about the document.
    pub fn life(&self) -> Option<Lifecycle<Promise>> {
        Lifecycle::at(self.entries.iter(), Timestamp::MAX)
    }

    /// True if the texts of its draft are other than those of the last version that stands.
    pub fn draft_differs(&self) -> bool {
        let Some(draft) = &self.draft else { return false };
        let Some(latest) = self.newest().map(|index| &self.versions[index]) else { return true };
        let same =
            |tag: &String, text: &TextFile| latest.texts.get(tag).is_some_and(|frozen| frozen.digest == text.digest);
        !draft.texts.iter().all(|(tag, text)| same(tag, text))
    }

    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }
}

fn shared_registers(tree: &SourceTree, findings: &mut Vec<Diagnostic>) -> (BTreeMap<String, Arc<Register>>, Digest) {
    let mut registers = BTreeMap::new();
    let mut hasher = Hasher::default();
    for (_, node) in tree.nodes("content/") {
        let Node::File(file) = node else { continue };
        let Some(name) = file.path.strip_prefix("content/").and_then(|name| name.strip_suffix(".toml")) else {
            continue;
        };
        if name.contains('/') || name == "ledger" {
            continue;
        }
        hasher.part(name.as_bytes()).digest(&file.digest);
        if name == "organization" {
            continue;
        }
        findings.extend(similar_name(name, &file.path));
        let text = tree.kept(&file.path).unwrap_or("");
        registers.insert(name.to_string(), Arc::new(Register::read(name, &file.path, text, findings)));
    }
    (registers, hasher.finish())
}

/// Returns what to do with a table in another format.
fn as_toml(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match stem {
        "organization" => "fineprint reads TOML: write it as content/organization.toml".to_string(),
        _ => format!("fineprint reads TOML: turn it into {stem}.toml with `fineprint import {name}`"),
    }
}

/// A register whose name is nearly one that the product knows.
fn similar_name(name: &str, path: &Arc<str>) -> Option<Diagnostic> {
    let known: Vec<&str> =
        schema::SCHEMAS.iter().map(|schema| schema.register).chain(["organization", "ledger"]).collect();
    if known.contains(&name) {
        return None;
    }
    let meant = did_you_mean(name, known).filter(|meant| meant.len().abs_diff(name.len()) <= 2)?;
    Some(
        Diagnostic::new("similar-register-name", format!("`{name}` is a register of your own, not `{meant}`"))
            .at(path, 0..0)
            .help(format!("rename it to {meant}.toml, or give it a name that cannot be mistaken")),
    )
}

/// `policy.md` → the authoritative language, `policy.es.md` → `es`.
pub fn language_of(name: &str, authoritative: &str) -> Option<String> {
    let rest = name.strip_prefix("policy")?.strip_suffix(".md")?;
    match rest.strip_prefix('.') {
        None if rest.is_empty() => Some(authoritative.to_string()),
        Some(tag) => Some(Language::parse(tag)?.tag().to_string()),
        None => None,
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn draft(
    tree: &SourceTree,
    settings: &Settings,
    slug: &str,
    files: &[&SourceFile],
    findings: &mut Vec<Diagnostic>,
) -> Option<Draft> {
    let authoritative = settings.authoritative().tag();
    let mut texts = BTreeMap::new();
    let mut front = None;
    for file in files {
        let name = file_name(&file.path);
        if name.ends_with(".toml") {
            continue;
        }
        let Some(language) = language_of(name, authoritative).filter(|_| file.path.matches('/').count() == 2) else {
            findings.push(
                Diagnostic::new("unused-file", format!("nothing uses `{}`", file.path))
                    .at(&file.path, 0..0)
                    .help(match did_you_mean(name, ["policy.md"]) {
                        _ if [".yaml", ".yml", ".json", ".csv", ".tsv"].iter().any(|suffix| name.ends_with(suffix)) => {
                            as_toml(name)
                        }
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a document is `policy.md`, a translation `policy.es.md`, a register `*.toml`; pictures go to `static`".into(),
                    }),
            );
            continue;
        };
        if !settings.languages.iter().any(|known| known.tag() == language) {
            findings.push(
                Diagnostic::new(
                    "language-not-listed",
                    format!("`{}` is in `{language}`, which is not a language of the site", file.path),
                )
                .at(&file.path, 0..0)
                .help(format!("add \"{language}\" to `languages` in fineprint.toml")),
            );
        }
        let text = tree.kept(&file.path).unwrap_or("");
        let (own, body) = front_matter(&file.path, text, findings);
        if let Some(other) = BTreeMap::<String, Box<TextFile>>::get(&texts, &language).map(|text| &text.path) {
            findings.push(
                Diagnostic::new("unused-file", format!("`{}` and `{other}` are both in `{language}`", file.path))
                    .at(&file.path, 0..0)
                    .help("keep one of them"),
            );
        }
        texts.insert(language.clone(), Box::new(TextFile::new(file, &own, body)));
        if language == authoritative {
            if own.title.is_none() {
                findings.push(
                    Diagnostic::new("missing-title", format!("`{}` has no title", file.path))
                        .at(&file.path, 0..body.min(3))
                        .help(
                            "begin the file with front matter: a line `+++`, title = \"Privacy policy\", a line `+++`",
                        ),
                );
            }
            front = Some(own);
        }
    }
    match front {
        Some(front) => Some(Draft { texts, front }),
        None => {
            if let Some(text) = texts.values().next() {
                findings.push(
                    Diagnostic::new(
                        "missing-authoritative-text",
                        format!("`content/{slug}/` has a translation but no `policy.md`"),
                    )
                    .at(&text.path, 0..0)
                    .help(format!("write content/{slug}/policy.md in `{authoritative}`, the first of `languages`")),
                );
            }
            None
        }
    }
}
