//! ([`Center`], [`Timeline`]) → [`Plan`]: every output path, claimed once, and the task that makes it.
//!
//! In: what was written, and the state of it on a day. Out: tasks, each with the paths that it makes together;
//! registers as they stand on that day. Must not know: what a page says, themes, how a path is written or served.

pub mod address;
mod claims;
pub mod outputs;
pub mod redlines;
pub mod registers;
mod task;

pub use registers::RegisterPage;
pub use task::{Redirect, Task, TaskKind};

use crate::center::{Center, FrontMatter};
use crate::diagnostic::Diagnostic;
use crate::memo::GenerationalCache;
use crate::source::{Digest, Hasher};
use crate::timeline::Timeline;
use crate::words::Language;
use claims::Claims;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut, Range};

use std::sync::Arc;

/// Versions of a document whose outputs are made one after the other.
const STRETCH: usize = 32;

/// Every output of a build.
pub struct Plan<'c> {
    pub center: &'c Center,
    pub timeline: &'c Timeline,
    pub drafts: bool,
    pub registers: Arc<Vec<RegisterPage>>,
    claimed: Arc<Claimed>,
    /// Digest of everything that determines the output paths.
    pub shape: Digest,
}

/// Tasks and paths; the same as long as no text is added, removed, or moved in time, so that plans share them.
#[derive(Clone, Default)]
pub struct Claimed {
    pub tasks: Vec<Task>,
    /// Path below the output folder → index of the task that makes it.
    pub claims: BTreeMap<String, usize>,
    pub redirects: Vec<Redirect>,
}

impl Deref for Plan<'_> {
    type Target = Claimed;

    fn deref(&self) -> &Claimed {
        &self.claimed
    }
}

impl DerefMut for Plan<'_> {
    fn deref_mut(&mut self) -> &mut Claimed {
        Arc::make_mut(&mut self.claimed)
    }
}

/// Cache that one plan leaves for the next, by the digest of its sources.
#[derive(Default)]
pub struct Memory {
    registers: GenerationalCache<Digest, (Arc<Vec<RegisterPage>>, Vec<Diagnostic>)>,
    claimed: GenerationalCache<Digest, (Arc<Claimed>, Vec<Diagnostic>)>,
}

pub struct Options {
    pub drafts: bool,
    /// Fingerprinted output path of each asset, by its name in the theme.
    pub assets: Vec<(String, String)>,
}

impl<'c> Plan<'c> {
    pub fn new(
        center: &'c Center,
        timeline: &'c Timeline,
        options: Options,
        findings: &mut Vec<Diagnostic>,
    ) -> Plan<'c> {
        Plan::new_again(center, timeline, options, &Memory::default(), findings)
    }

    /// Makes a plan, claiming paths again only if something was added, removed or moved in time.
    pub fn new_again(
        center: &'c Center,
        timeline: &'c Timeline,
        options: Options,
        memory: &Memory,
        findings: &mut Vec<Diagnostic>,
    ) -> Plan<'c> {
        let drafts = options.drafts;
        let registers = memory.registers.get(registers::depend_on(center, timeline, drafts), || {
            let mut findings = Vec::new();
            (Arc::new(registers::pages(center, timeline, drafts, &mut findings)), findings)
        });
        findings.extend(registers.1.iter().cloned());
        let mut plan = Plan {
            center,
            timeline,
            drafts,
            registers: registers.0.clone(),
            claimed: Arc::default(),
            shape: Digest::ZERO,
        };
        plan.shape = plan.shaped_by(&options.assets);
        let claimed = memory.claimed.get(plan.shape, || {
            let mut findings = Vec::new();
            Claims::new(&mut plan, &mut findings).everything(&options.assets);
            (std::mem::take(&mut plan.claimed), findings)
        });
        plan.claimed = claimed.0.clone();
        findings.extend(claimed.1.iter().cloned());
        memory.registers.end();
        memory.claimed.end();
        center.settings.apply_levels(findings);
        plan
    }

    /// Everything but what the texts and registers say.
    fn shaped_by(&self, assets: &[(String, String)]) -> Digest {
        let mut hasher = Hasher::default();
        hasher.part(self.timeline.date.to_string().as_bytes()).part(&[u8::from(self.drafts)]);
        let settings = self.center.tree.get(crate::center::settings::PATH);
        hasher.digest(&settings.map_or(Digest::ZERO, |file| file.digest));
        for (name, path) in assets {
            hasher.part(name.as_bytes()).part(path.as_bytes());
        }
        for (path, _) in self.center.tree.nodes("static/") {
            hasher.part(path.as_bytes());
        }
        for document in &self.center.documents {
            hasher.part(document.slug.as_bytes()).digest(&document.history);
            for text in document.draft.iter().flat_map(|draft| draft.texts.values()) {
                hasher.part(text.path.as_bytes());
            }
            for (alias, span) in document.front().iter().flat_map(|front| &front.aliases) {
                hasher.part(alias.as_bytes()).part(&span.start.to_le_bytes()).part(&span.end.to_le_bytes());
            }
        }
        for page in self.registers.iter() {
            hasher.part(page.register.name.as_bytes()).part(page.register.path.as_bytes());
        }
        hasher.finish()
    }

    pub fn every_language(&self) -> Vec<usize> {
        (0..self.languages().len()).collect()
    }

    pub fn languages(&self) -> &'c [Language] {
        &self.center.settings.languages
    }

    /// The output path of a page: `es/privacy/index.html`.
    pub fn page_path(&self, language: usize, address: &str) -> String {
        format!("{}{address}index.html", self.prefix(language))
    }

    /// `` for the first language, `es/` for another.
    pub fn prefix(&self, language: usize) -> String {
        match language {
            0 => String::new(),
            other => format!("{}/", self.languages()[other].tag()),
        }
    }

    /// The address of something below the host, ready for `href`.
    pub fn href(&self, language: usize, address: &str) -> String {
        self.center.settings.base_url.href(&format!("{}{address}", self.prefix(language)))
    }

    pub fn absolute(&self, language: usize, address: &str) -> String {
        self.center.settings.base_url.absolute(&format!("{}{address}", self.prefix(language)))
    }

    /// True if the document has anything to show: a version, or its draft.
    pub fn shows(&self, document: usize) -> bool {
        self.timeline.documents[document].visible().next().is_some() || self.shows_draft(document)
    }

    pub fn shows_draft(&self, document: usize) -> bool {
        self.drafts && self.center.documents[document].draft.is_some()
    }

    /// The front matter of what is shown at the document's address.
    pub fn shown_front(&self, document: usize) -> Option<&FrontMatter> {
        let entry = &self.center.documents[document];
        let timeline = &self.timeline.documents[document];
        let shown = timeline.naming();
        match shown {
            Some(version) => Some(&entry.versions[version].front),
            None => entry.draft.as_ref().filter(|_| self.drafts).map(|draft| &draft.front),
        }
    }

    /// In which order tasks are best made: in waves, each of stretches that need nothing of each other. The tasks of a document
    /// belong together, because they show the same texts and comparisons.
    pub fn order(&self) -> Vec<Vec<Range<usize>>> {
        let mut documents: Vec<Range<usize>> = Vec::new();
        let mut rest = Vec::new();
        let mut versions = 0;
        let mut last = None;
        for (index, task) in self.tasks.iter().enumerate() {
            let document = match task.kind {
                TaskKind::Version { document, .. }
                | TaskKind::Draft { document }
                | TaskKind::Redline { document, .. }
                | TaskKind::Document { document } => Some(document),
                _ => None,
            };
            // A long history is made in several stretches, and then its lists.
            let begins = matches!(task.kind, TaskKind::Version { .. }) && versions >= STRETCH;
            match document {
                Some(_) if document == last && !begins => {
                    if let Some(stretch) = documents.last_mut() {
                        stretch.end = index + 1;
                    }
                }
                Some(_) => {
                    documents.push(index..index + 1);
                    versions = 0;
                }
                None => rest.push(index..index + 1),
            }
            versions += usize::from(matches!(task.kind, TaskKind::Version { .. }));
            last = document;
        }
        vec![documents, rest]
    }
}
