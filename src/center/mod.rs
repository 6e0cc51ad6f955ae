//! [`SourceTree`] → [`Center`]: what was written, typed.
//!
//! In: the files. Out: settings, organisation, documents with their versions, registers, ledger; and findings.
//! Must not know: today, the output, HTML.

pub mod chain;
pub mod checks;
pub mod document;
pub mod facts;
mod folders;
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

pub use document::{Document, Draft, FrontMatter, TextFile, Version, Withdrawal};
pub use facts::VersionFacts;
pub use ledger::{Act, Exemption, Ledger, Release, Significance};
pub use organization::{Known, Organization};
pub use practices::Practices;
pub use reader::parse_date;
pub use register::{Life, Register};
pub use settings::{Counting, Settings};
pub use text::Text;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::{Digest, Hasher, Node, SourceFile, SourceTree};
use crate::words::Language;
use document::front_matter;
pub use folders::Memory;
use folders::Record;
use std::collections::{BTreeMap, BTreeSet};
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
    pub tree: SourceTree,
}

impl Center {
    pub fn load(tree: SourceTree, findings: &mut Vec<Diagnostic>) -> Center {
        Center::load_again(tree, &Memory::default(), findings)
    }

    /// Loads a center, reusing every part that has not changed.
    pub fn load_again(tree: SourceTree, memory: &Memory, findings: &mut Vec<Diagnostic>) -> Center {
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
        Center { settings, organization, documents, registers, shared_facts, ledger: record.ledger.clone(), tree }
    }

    pub fn document(&self, slug: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.slug == slug)
    }
}

impl Document {
    /// The front matter that speaks for the document today: the draft's, else the last version's.
    pub fn front(&self) -> Option<&FrontMatter> {
        let last = self.versions.last().map(|version| &version.front);
        self.draft.as_ref().map(|draft| &draft.front).or(last)
    }

    fn order(&self) -> i64 {
        self.front().and_then(|front| front.order).unwrap_or(i64::MAX)
    }

    /// True if the texts of its draft are other than those of the last version that stands.
    pub fn draft_differs(&self) -> bool {
        let Some(draft) = &self.draft else { return false };
        let Some(latest) = self.versions.iter().rev().find(|version| version.withdrawn.is_none()) else { return true };
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
        let text = tree.kept(&file.path).unwrap_or("");
        registers.insert(name.to_string(), Arc::new(Register::read(name, &file.path, text, findings)));
    }
    (registers, hasher.finish())
}

/// `policy.md` → the authoritative language, `policy.es.md` → `es`.
fn language_of(name: &str, authoritative: &str) -> Option<String> {
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
        texts.insert(
            language.clone(),
            Box::new(TextFile {
                path: file.path.clone(),
                digest: file.digest,
                body,
                title: own.title.clone(),
                description: own.description.clone(),
                source_digest: own.source_digest.clone(),
            }),
        );
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

fn versions(
    tree: &SourceTree,
    slug: &str,
    frozen: &BTreeMap<&str, Vec<&SourceFile>>,
    entries: &[&ledger::Entry],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Version> {
    let ledger_path: Arc<str> = ledger::PATH.into();
    let mut versions: Vec<Version> = Vec::new();
    let mut named = BTreeSet::new();
    for entry in entries {
        match &entry.act {
            Act::Release(release) => {
                if !named.insert(entry.version.as_str()) {
                    findings.push(
                        Diagnostic::new("duplicate-version", format!("`{slug}` {} is released twice", entry.version))
                            .at(&ledger_path, entry.span.clone())
                            .help("restore the ledger from Git; entries are only ever added"),
                    );
                    continue;
                }
                let name = format!("content/{slug}/versions/{}", entry.version);
                let Some(files) = frozen.get(entry.version.as_str()) else {
                    findings.push(
                        Diagnostic::new(
                            "missing-version",
                            format!("`{slug}` {} is in the ledger, but its directory is missing", entry.version),
                        )
                        .at(&ledger_path, entry.span.clone())
                        .help(format!("restore it: git checkout -- {name}")),
                    );
                    continue;
                };
                let follows = versions
                    .iter()
                    .filter(|earlier| earlier.withdrawn.is_none() && earlier.effective <= release.effective)
                    .max_by_key(|earlier| (earlier.effective, sequence(&earlier.id)))
                    .map(|earlier| earlier.id.clone());
                let version = version(tree, entry, release, name, files, findings);
                versions.push(Version { follows, ..version });
            }
            Act::Withdraw { date, reason } => {
                let Some(version) = versions.iter_mut().find(|version| version.id == entry.version) else {
                    findings.push(
                        Diagnostic::new(
                            "missing-version",
                            format!("`{slug}` {} is withdrawn, but was never released", entry.version),
                        )
                        .at(&ledger_path, entry.span.clone())
                        .help("restore the ledger from Git; entries are only ever added"),
                    );
                    continue;
                };
                if *date >= version.effective {
                    findings.push(
                        Diagnostic::new(
                            "withdrawn-too-late",
                            format!("`{slug}` {} was withdrawn on {date}, after it had taken effect", entry.version),
                        )
                        .at(&ledger_path, entry.span.clone())
                        .help("release a new version instead"),
                    );
                    continue;
                }
                version.withdrawn = Some(Withdrawal { date: *date, reason: reason.clone() });
            }
        }
    }
    for (id, files) in frozen {
        if !named.contains(id) {
            findings.push(
                Diagnostic::new(
                    "version-not-on-ledger",
                    format!("`content/{slug}/versions/{id}` is not in the ledger"),
                )
                .at(&files[0].path, 0..0)
                .help("restore the end of the ledger: git checkout -- content/ledger.toml")
                .help(format!(
                    "or, if it was never released, move the directory elsewhere: content/{slug}/versions/{id}"
                )),
            );
        }
    }
    versions.sort_by(|a, b| (a.effective, sequence(&a.id), &a.id).cmp(&(b.effective, sequence(&b.id), &b.id)));
    versions
}

/// The number behind the date of an imported version: `2024-03-01-10` comes after `2024-03-01-2`.
fn sequence(id: &str) -> u32 {
    id.get(11..).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn version(
    tree: &SourceTree,
    entry: &ledger::Entry,
    release: &Release,
    folder: String,
    files: &[&SourceFile],
    findings: &mut Vec<Diagnostic>,
) -> Version {
    let mut texts = BTreeMap::new();
    let mut front = None;
    for file in files {
        let Some(language) = language_of(file_name(&file.path), &release.language) else { continue };
        // What a frozen file says was checked when it was frozen; nobody can mend it now.
        let mut ignored = Vec::new();
        let head = tree.head(&file.path).unwrap_or_default();
        let (own, body) = match front_matter(&file.path, &head, &mut ignored) {
            (_, body) if body >= head.len() && file.len > head.len() => match tree.text(&file.path) {
                Ok(text) => front_matter(&file.path, &text, &mut ignored),
                Err(_) => (FrontMatter::default(), 0),
            },
            found => found,
        };
        texts.insert(
            language.clone(),
            Box::new(TextFile {
                path: file.path.clone(),
                digest: file.digest,
                body,
                title: own.title.clone(),
                description: own.description.clone(),
                source_digest: own.source_digest.clone(),
            }),
        );
        if language == release.language {
            front = Some(own);
        }
    }
    // A file that the ledger lists is missed by the check of the record.
    if front.is_none() && release.files.is_empty() {
        findings.push(
            Diagnostic::new("missing-frozen-file", format!("`{folder}/policy.md` is missing"))
                .at(&ledger::PATH.into(), entry.span.clone())
                .help(format!("restore it: git checkout -- {folder}")),
        );
    }
    Version {
        id: entry.version.clone(),
        frozen: frozen_digest(&folder, release, files),
        folder,
        entry_span: entry.span.clone(),
        published_span: release.published_span.clone(),
        effective_span: release.effective_span.clone(),
        imported: release.imported,
        language: release.language.clone(),
        published: release.published,
        effective: release.effective,
        significance: release.significance,
        summary: release.summary.clone(),
        exemption: release.exemption.clone(),
        withdrawn: None,
        follows: None,
        front: front.unwrap_or_default(),
        texts,
        resolved: release.text.clone(),
        anchors: release.anchors.clone(),
    }
}

/// Digest of a version's files and of everything that determines how they are read.
fn frozen_digest(folder: &str, release: &Release, files: &[&SourceFile]) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(folder.as_bytes()).part(release.language.as_bytes()).part(release.effective.to_string().as_bytes());
    for file in files {
        hasher.part(file.path.as_bytes()).digest(&file.digest);
    }
    for (tag, digest) in release.text.iter() {
        hasher.part(tag.as_bytes()).digest(digest);
    }
    hasher.finish()
}
