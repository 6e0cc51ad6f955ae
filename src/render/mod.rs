//! [`Views`] → artifacts: the bytes of every output.
//!
//! In: a plan with the views of its outputs, a theme, texts. Out: for each task its files, and the fingerprint of its view. This is
//! where HTML is written. Must not know: the output folder, whether anybody serves.

mod announcement;
mod api;
mod calendar;
mod comparison;
mod evidence;
mod feeds;
mod hosting;
mod origin;
mod page;
mod register;

pub use api::pretty;
pub use hosting::{headers, redirects};
pub use origin::foreign;

use crate::comparison::Comparisons;
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::markdown::HtmlWords;
use crate::plan::{Plan, Task, TaskKind};
use crate::source::Digest;
use crate::text::Texts;
use crate::theme::{Shared, Theme};
use crate::view::{Output, Views, theme_error};
use std::sync::{Arc, Mutex, PoisonError};

/// Path and bytes of each output of a task.
pub type OutputFiles = Vec<(String, Vec<u8>)>;

pub struct Renderer<'p, 'c> {
    pub views: Views<'p, 'c>,
    pub plan: &'p Plan<'c>,
    /// By language: what all pages share, and the words around content.
    shared: Vec<Shared>,
    words: Vec<HtmlWords>,
    texts: Arc<Texts>,
    comparisons: Arc<Comparisons>,
    changes: comparison::Changes,
    findings: Mutex<Vec<Diagnostic>>,
}

impl<'p, 'c> Renderer<'p, 'c> {
    pub fn new(
        plan: &'p Plan<'c>,
        theme: &'p Theme,
        texts: &Arc<Texts>,
        comparisons: &Arc<Comparisons>,
    ) -> Result<Self> {
        let views = Views::new(plan, theme);
        let languages = plan.every_language();
        let words = languages.iter().map(|language| page::words(&views, *language)).collect::<Result<_>>()?;
        let shared =
            views.chromes.iter().map(|chrome| theme.share(chrome).map_err(theme_error)).collect::<Result<_>>()?;
        Ok(Renderer {
            changes: comparison::Changes::new(&views),
            views,
            plan,
            shared,
            words,
            texts: texts.clone(),
            comparisons: comparisons.clone(),
            findings: Mutex::default(),
        })
    }

    /// Returns what was found while rendering, in the order of files and places.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let mut findings = std::mem::take(&mut *self.findings.lock().unwrap_or_else(PoisonError::into_inner));
        Diagnostic::sort(&mut findings);
        findings
    }

    /// True if something was found that must not be published.
    pub fn failed(&self) -> bool {
        crate::diagnostic::stops(&self.findings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn found(&self, findings: impl IntoIterator<Item = Diagnostic>) {
        let mut findings: Vec<Diagnostic> = findings.into_iter().collect();
        if findings.is_empty() {
            return;
        }
        self.plan.center.settings.apply_levels(&mut findings);
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).extend(findings);
    }

    /// Everything that the outputs of a task say.
    pub fn view(&self, task: usize) -> Result<Vec<Output>> {
        let kind = &self.plan.tasks[task].kind;
        let mut outputs = self.views.outputs(kind)?;
        match kind {
            TaskKind::Asset(name) => {
                let asset = self.views.theme.assets().find(|(known, _, _)| known == name);
                outputs.extend(asset.map(|(_, path, bytes)| Output::file(path, bytes)));
            }
            TaskKind::Static(source) => outputs.extend(self.plan.center.tree.get(source).map(|file| {
                let path = source.trim_start_matches("static/").to_string();
                Output::Copy { path, source: source.clone(), digest: file.digest }
            })),
            TaskKind::Document { document } => outputs.extend(api::versions(self, *document)),
            TaskKind::Register { page } => outputs.extend(register::files(self, *page)),
            TaskKind::Redirects => outputs.extend(hosting::redirect_pages(self)?),
            TaskKind::Embeds => {
                outputs.push(Output::file(crate::plan::outputs::EXAMPLE, pretty(&self.views.example()?)));
            }
            TaskKind::Notices => {
                outputs.extend(api::notices(self)?);
                outputs.push(calendar::calendar(self)?);
            }
            TaskKind::Api => outputs.extend(api::center(self)),
            TaskKind::Hosting => outputs.extend(hosting::files(self)),
            TaskKind::Version { .. } | TaskKind::Draft { .. } | TaskKind::Redline { .. } | TaskKind::Home => {}
        }
        Ok(outputs)
    }

    /// Digest of everything that a view's outputs are made from.
    pub fn fingerprint(&self, view: &[Output]) -> Digest {
        self.views.fingerprint(view)
    }

    /// The bytes of every output of a task.
    pub fn make(&self, task: usize) -> Result<OutputFiles> {
        self.make_from(task, self.view(task)?)
    }

    /// Renders a task from its view.
    pub fn make_from(&self, task: usize, view: Vec<Output>) -> Result<OutputFiles> {
        let mut made = OutputFiles::with_capacity(self.plan.tasks[task].outputs.len());
        for output in view {
            self.write(output, &mut made)?;
        }
        let task = &self.plan.tasks[task];
        self.only_claimed(task, &mut made)?;
        if let Some(missing) = task.outputs.iter().find(|path| !made.iter().any(|(made, _)| made == *path)) {
            return Err(Error::refused(format!("`{missing}` is planned, but nothing makes it; please report this")));
        }
        self.found(self.foreign(task, &made));
        Ok(made)
    }

    /// The bytes of an output, and of those that come with it at no cost. None when nothing claims the path.
    pub fn make_one(&self, path: &str) -> Result<Option<OutputFiles>> {
        let Some(task) = self.plan.claims.get(path).copied() else { return Ok(None) };
        let mut made = OutputFiles::new();
        for output in self.view(task)?.into_iter().filter(|output| output.makes(path)) {
            self.write(output, &mut made)?;
        }
        let task = &self.plan.tasks[task];
        self.only_claimed(task, &mut made)?;
        self.found(self.foreign(task, &made));
        Ok(Some(made))
    }

    /// Drops what another task has claimed, which is a finding already. What nobody has claimed is a fault of the program.
    fn only_claimed(&self, task: &Task, made: &mut OutputFiles) -> Result<()> {
        if let Some((path, _)) = made.iter().find(|(path, _)| !self.plan.claims.contains_key(path)) {
            return Err(Error::refused(format!("`{path}` is made, but not planned; please report this")));
        }
        made.retain(|(path, _)| task.outputs.contains(path));
        Ok(())
    }

    /// Finds references that would make a browser contact another host.
    fn foreign(&self, task: &Task, made: &OutputFiles) -> Vec<Diagnostic> {
        let base = &self.plan.center.settings.base_url;
        let source = match &task.kind {
            TaskKind::Static(path) => Some(path),
            _ => None,
        };
        made.iter().flat_map(|(path, bytes)| origin::foreign(path, source, bytes, &base.origin)).collect()
    }

    fn write(&self, output: Output, made: &mut OutputFiles) -> Result<()> {
        match output {
            Output::File { path, bytes } => made.push((path, bytes)),
            Output::Copy { path, source, .. } => made.push((path, self.plan.center.tree.bytes(&source)?)),
            Output::Source { path, text } => {
                if let Some(text) = self.text(&text)? {
                    made.push((path, text.parsed.resolved.clone().into_bytes()));
                }
            }
            Output::Feed { atom, json, mut feed } => {
                self.fill_feed(&mut feed)?;
                let (atom_bytes, json_bytes) = feeds::write(&self.views, &feed)?;
                made.extend([(atom, atom_bytes), (json, json_bytes)]);
            }
            Output::Page(page) => {
                let path = page.path.clone();
                made.push((path, self.page(*page)?));
            }
        }
        Ok(())
    }
}
