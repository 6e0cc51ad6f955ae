//! [`Plan`] → artifacts: the bytes of every output.
//!
//! In: a plan and a theme. Out: for each task its files, a pure function of the plan; and a fingerprint of what they are made
//! from. Must not know: the output folder, whether anybody serves.

pub mod announcement;
mod api;
mod calendar;
pub mod embeds;
mod engine;
mod evidence;
mod feeds;
mod hosting;
mod lists;
mod origin;
mod phrases;
mod redline;
mod register;
mod strings;
mod texts;
mod theme;
mod version;

pub use api::{pretty, schema_paths};
use engine::Shared;
pub use engine::{Theme, ThemeError, ThemeFile};
pub use hosting::{headers, redirects};
pub use origin::foreign;
pub use phrases::Phrases;
pub use theme::load_theme;

use crate::center::Version;
use crate::center::facts::FactsMemo;
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::plan::redlines::{Pair, Target};
use crate::plan::view::NavView;
use crate::plan::views::Chrome;
use crate::plan::{Plan, TaskKind};
use crate::source::{Digest, Hasher};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Path and bytes of each output of a task.
pub type OutputFiles = Vec<(String, Vec<u8>)>;

pub struct Renderer<'p, 'c> {
    pub plan: &'p Plan<'c>,
    pub theme: &'p Theme,
    /// By language.
    chromes: Vec<Chrome>,
    shared: Vec<Shared>,
    /// What the navigation leads to, by language.
    ways: Vec<Vec<(String, NavView)>>,
    /// First parts of addresses that exist in every language.
    ours: HashSet<String>,
    words: Vec<version::Words>,
    /// Of everything that all pages share.
    base: Digest,
    facts: Arc<FactsMemo>,
    texts: Arc<texts::Texts>,
    told: redline::FeedChangeCache,
    findings: Mutex<Vec<Diagnostic>>,
}

/// A page's context beside what all pages share.
#[derive(Serialize)]
struct Context<T: Serialize> {
    nav: Vec<NavView>,
    page: crate::plan::view::PageView,
    #[serde(flatten)]
    own: T,
}

/// What one renderer leaves for the next: frozen facts and texts, by the bytes that they were read from.
#[derive(Default)]
pub struct Memory {
    facts: Arc<FactsMemo>,
    texts: Arc<texts::Texts>,
}

impl Memory {
    /// For one who renders a page now and then.
    pub fn small() -> Memory {
        Memory { texts: Arc::new(texts::Texts::small()), ..Memory::default() }
    }
}

impl<'p, 'c> Renderer<'p, 'c> {
    pub fn new(plan: &'p Plan<'c>, theme: &'p Theme) -> Result<Self> {
        Renderer::new_again(plan, theme, &Memory::default())
    }

    pub fn new_again(plan: &'p Plan<'c>, theme: &'p Theme, memory: &Memory) -> Result<Self> {
        let languages = plan.every_language();
        let chromes: Vec<Chrome> = languages.iter().map(|language| plan.chrome(*language)).collect();
        let words = languages
            .iter()
            .map(|language| version::Words::new(theme, plan.languages()[*language].tag()))
            .collect::<Result<_>>()?;
        let ways: Vec<_> = languages.iter().map(|language| plan.ways(*language)).collect();
        let shared = chromes.iter().map(|chrome| theme.share(chrome).map_err(theme_error)).collect::<Result<_>>()?;
        let mut hasher = Hasher::default();
        hasher.part(env!("FINEPRINT_BUILD").as_bytes()).part(theme.digest().as_bytes());
        for (language, chrome) in chromes.iter().enumerate() {
            hasher.part(format!("{chrome:?}{:?}", ways[language]).as_bytes());
        }
        Ok(Renderer {
            plan,
            theme,
            chromes,
            shared,
            ours: ways.iter().flatten().map(|(address, _)| address.trim_end_matches('/').to_string()).collect(),
            ways,
            words,
            base: hasher.finish(),
            facts: memory.facts.clone(),
            texts: memory.texts.clone(),
            told: redline::FeedChangeCache::default(),
            findings: Mutex::default(),
        })
    }

    /// What was found while rendering, in the order of files and places.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let mut findings = std::mem::take(&mut *self.findings.lock().unwrap_or_else(PoisonError::into_inner));
        Diagnostic::sort(&mut findings);
        findings
    }

    /// Whether something was found that must not be published.
    pub fn failed(&self) -> bool {
        crate::diagnostic::stops(&self.findings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn found(&self, findings: impl IntoIterator<Item = Diagnostic>) {
        let mut findings: Vec<Diagnostic> = findings.into_iter().collect();
        self.plan.center.settings.apply_levels(&mut findings);
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).extend(findings);
    }

    fn asset(&self, name: &str) -> &[u8] {
        self.theme.assets().find(|(known, _, _)| *known == name).map_or(&[], |(_, _, bytes)| bytes)
    }

    /// The bytes of every output of a task.
    pub fn make(&self, task: usize) -> Result<OutputFiles> {
        self.make_only(task, None)
    }

    /// The bytes of an output, and of those that come with it at no cost. None when nothing claims the path.
    pub fn make_one(&self, path: &str) -> Result<Option<OutputFiles>> {
        self.plan.claims.get(path).map(|task| self.make_only(*task, Some(path))).transpose()
    }

    fn make_only(&self, task: usize, only: Option<&str>) -> Result<OutputFiles> {
        let task = &self.plan.tasks[task];
        let made = match &task.kind {
            TaskKind::Asset(name) => {
                let bytes = self.asset(name).to_vec();
                task.outputs.iter().map(|path| (path.clone(), bytes.clone())).collect()
            }
            TaskKind::Static(path) => {
                let bytes = self.plan.center.tree.bytes(path)?;
                task.outputs.iter().map(|path| (path.clone(), bytes.clone())).collect()
            }
            TaskKind::Version { document, version } => self.version(*document, *version)?,
            TaskKind::Draft { document } => self.draft(*document)?,
            TaskKind::Redline { document, pair } => self.redline(*document, *pair)?,
            TaskKind::Document { document } => self.document(*document)?,
            TaskKind::Register { page } => self.register(*page)?,
            TaskKind::Redirects => self.redirects()?,
            TaskKind::Embeds => self.embeds()?,
            TaskKind::Center => self.center(only)?,
        };
        // What another task has claimed is that one's.
        let made: OutputFiles = made.into_iter().filter(|(path, _)| task.outputs.contains(path)).collect();
        let base = &self.plan.center.settings.base_url;
        let source = match &task.kind {
            TaskKind::Static(path) => Some(path),
            _ => None,
        };
        for (path, bytes) in &made {
            self.found(origin::foreign(path, source, bytes, &base.origin));
        }
        Ok(made)
    }

    /// Of everything that a task's outputs are made from.
    pub fn fingerprint(&self, task: usize) -> Digest {
        let task = &self.plan.tasks[task];
        let center = self.plan.center;
        let mut hasher = Hasher::default();
        hasher.digest(&self.base);
        for path in &task.outputs {
            hasher.part(path.as_bytes());
        }
        match &task.kind {
            TaskKind::Asset(name) => {
                hasher.part(self.asset(name));
            }
            TaskKind::Static(path) => {
                if let Some(file) = center.tree.get(path) {
                    hasher.digest(&file.digest);
                }
            }
            TaskKind::Version { document, version } => {
                self.around_version(&mut hasher, *document, *version);
            }
            TaskKind::Redline { document, pair } => self.around_redline(&mut hasher, *document, *pair),
            TaskKind::Document { document } => self.about_document(&mut hasher, *document),
            TaskKind::Register { page } => {
                let page = &self.plan.registers[*page];
                hasher.part(format!("{:?}{:?}", page.register, page.history).as_bytes());
                for row in &page.rows {
                    hasher.part(format!("{:?}{:?}{:?}", row.row, row.life, row.date).as_bytes());
                }
                if page.history.is_empty() {
                    hasher.part(self.plan.timeline.date.to_string().as_bytes());
                }
                for (document, version) in &page.history {
                    self.about_version(&mut hasher, &center.documents[*document].versions[*version]);
                }
            }
            TaskKind::Redirects => {
                hasher.part(format!("{:?}", self.plan.redirects).as_bytes());
            }
            TaskKind::Embeds => {
                for document in 0..center.documents.len() {
                    self.about_document(&mut hasher, document);
                }
            }
            TaskKind::Center => {
                hasher.part(format!("{:?}{:?}", self.plan.timeline.date, self.plan.timeline.events).as_bytes());
                hasher.part(format!("{:?}{:?}", center.settings.gpc, center.settings.security).as_bytes());
                hasher.part(format!("{:?}{:?}", self.plan.redirects, self.plan.timeline.notices).as_bytes());
                for path in self.plan.claims.keys() {
                    hasher.part(path.as_bytes());
                }
                for document in 0..center.documents.len() {
                    self.about_document(&mut hasher, document);
                }
                for page in self.plan.registers.iter() {
                    hasher.part(format!("{:?}", page.register).as_bytes());
                }
            }
            // Whatever is being edited is made anew: a draft depends on too much to be worth a fingerprint.
            TaskKind::Draft { document } => {
                hasher.part(format!("{document}").as_bytes());
                self.about_draft(&mut hasher, *document);
            }
        }
        hasher.finish()
    }

    fn about_draft(&self, hasher: &mut Hasher, document: usize) {
        let tree = &self.plan.center.tree;
        for file in tree.below("content/").filter(|file| !file.path.contains("/versions/")) {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
        hasher.part(format!("{:?}", self.plan.timeline.date).as_bytes());
        self.about_document(hasher, document);
    }

    /// Both texts with their facts, what the document is called, and which changes came before and after.
    fn around_redline(&self, hasher: &mut Hasher, document: usize, pair: Pair) {
        let entry = &self.plan.center.documents[document];
        let mut side = |version: usize| {
            let version = &entry.versions[version];
            self.about_version(hasher, version);
            for file in self.plan.center.tree.below(&format!("{}/", version.folder)) {
                hasher.part(file.path.as_bytes()).digest(&file.digest);
            }
        };
        side(pair.from);
        match pair.to {
            Target::Version(version) | Target::InForce(version) => side(version),
            Target::Draft => self.about_draft(hasher, document),
        }
        let older = self.plan.base(document, pair.from);
        let to = match pair.to {
            Target::Version(version) => Some(version),
            _ => None,
        };
        let newer = to.and_then(|version| self.plan.next(document, version));
        let id = |index: Option<usize>| index.map(|index| (&entry.versions[index].id, entry.versions[index].effective));
        let state = to.map(|version| self.plan.timeline.documents[document].states[version].name());
        let front = self.plan.shown_front(document);
        hasher.part(format!("{}{:?}{:?}{state:?}{front:?}", entry.slug, id(older), id(newer)).as_bytes());
    }

    fn about_version(&self, hasher: &mut Hasher, version: &Version) {
        hasher.part(format!("{version:?}").as_bytes());
    }

    fn about_document(&self, hasher: &mut Hasher, document: usize) {
        let entry = &self.plan.center.documents[document];
        let timeline = &self.plan.timeline.documents[document];
        hasher.part(entry.slug.as_bytes());
        if self.plan.shows_draft(document) {
            hasher.part(format!("{:?}", entry.draft).as_bytes());
        }
        if timeline.visible().next().is_none() {
            // An empty feed is as old as the build.
            hasher.part(self.plan.timeline.date.to_string().as_bytes());
        }
        for index in timeline.visible() {
            hasher.part(timeline.states[index].name().as_bytes());
            self.about_version(hasher, &entry.versions[index]);
        }
    }

    /// A version's own files, its state, its neighbours and the version in force.
    fn around_version(&self, hasher: &mut Hasher, document: usize, version: usize) {
        let center = self.plan.center;
        let entry = &center.documents[document];
        let timeline = &self.plan.timeline.documents[document];
        let own = &entry.versions[version];
        hasher.part(entry.slug.as_bytes());
        self.about_version(hasher, own);
        for file in center.tree.below(&format!("{}/", own.folder)) {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
        hasher.part(timeline.states[version].name().as_bytes());
        let brief = |index: Option<usize>| {
            index.map(|index| {
                (&entry.versions[index].id, entry.versions[index].effective, entry.versions[index].published)
            })
        };
        let previous = timeline.visible().rev().find(|index| *index < version);
        let next = timeline.visible().find(|index| *index > version);
        let until = timeline.until(entry, version);
        let front = self.plan.shown_front(document).map(|front| (&front.title, &front.description));
        hasher.part(
            format!("{:?}{:?}{:?}{until:?}{front:?}", brief(previous), brief(next), brief(timeline.in_force))
                .as_bytes(),
        );
        if timeline.shown() == Some(version) || timeline.upcoming.contains(&version) {
            for earlier in timeline.visible().filter(|index| *index < version) {
                hasher.part(format!("{}{:?}", entry.versions[earlier].id, entry.versions[earlier].anchors).as_bytes());
            }
            for notice in self.plan.timeline.notices.iter().filter(|notice| notice.document == document && notice.open)
            {
                hasher.part(format!("{notice:?}").as_bytes());
                self.about_version(hasher, &entry.versions[notice.version]);
            }
        }
    }

    fn html<T: Serialize>(
        &self,
        template: &str,
        language: usize,
        current: &str,
        page: crate::plan::view::PageView,
        own: T,
    ) -> Result<Vec<u8>> {
        let context = Context { nav: Plan::nav(&self.ways[language], current), page, own };
        let tag = self.plan.languages()[language].tag();
        let html = self.theme.render_with(template, tag, &self.shared[language], &context);
        html.map(String::into_bytes).map_err(theme_error)
    }

    /// A string of the theme in a language.
    fn text(&self, language: usize, key: &str, args: &[(&str, &str)]) -> Result<String> {
        self.theme.text(self.plan.languages()[language].tag(), key, args).map_err(theme_error)
    }
}

fn theme_error(error: ThemeError) -> Error {
    Error::refused(format!("the theme's `{}` cannot be used: {}", error.file, error.message))
}
