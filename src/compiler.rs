//! The line of stages, written once, with one memory.
//!
//! In: a tree of files and a day. Out: what was written, its state on that day and what is wrong with it; from there the plan,
//! the theme and a renderer. Must not know: the disk, who prints or serves what comes out.
//!
//! A compiler that is kept computes again only what an edit touched. Its memory never changes a result, only when it is
//! computed.

use crate::center::{self, Center, Settings};
use crate::check::{self, Checked, Depth, links, suppressions};
use crate::comparison::Comparisons;
use crate::diagnostic::{Diagnostic, Severity, rule};
use crate::error::Result;
use crate::hosts::Host;
use crate::plan::{Options, Plan, TaskKind};
use crate::render::{Renderer, foreign};
use crate::source::{Digest, Hasher, SourceTree};
use crate::text::{Texts, announcement_name};
use crate::theme::{Theme, load_theme};
use crate::timeline::{self, Timeline};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The stages, and what one compilation leaves for the next.
#[derive(Default)]
pub struct Compiler {
    pub texts: Arc<Texts>,
    pub comparisons: Arc<Comparisons>,
    /// Hosts whose configuration is part of a site.
    pub hosts: Vec<Host>,
    center: center::Memory,
    timeline: timeline::Memory,
    check: check::Memory,
    theme: Mutex<Option<(Digest, Arc<Theme>)>>,
}

/// A site on a day.
pub struct Compilation {
    pub center: Arc<Center>,
    pub timeline: Timeline,
    pub checked: Checked,
}

impl Compilation {
    /// Every output of the site.
    fn plan(&self, options: Options, findings: &mut Vec<Diagnostic>) -> Plan<'_> {
        Plan::new(&self.center, &self.timeline, options, &Default::default(), findings)
    }

    /// True if a finding is about the working text of a document or a register of that document alone, and about nothing
    /// that a build without drafts shows.
    fn is_about_a_draft(&self, finding: &Diagnostic) -> bool {
        if rule(finding.code).is_some_and(|rule| rule.is_protected) {
            return false;
        }
        let path = finding.primary.as_ref().and_then(|label| label.path.strip_prefix("content/"));
        let Some((slug, rest)) = path.and_then(|path| path.split_once('/')) else { return false };
        !rest.starts_with("versions/") && self.center.document(slug).is_some()
    }
}

/// Purpose for which a renderer is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The whole site, with or without its drafts. What is wrong with any path stops it, and what is wrong with a draft
    /// stops it if drafts are shown: what was published can always be built.
    Site { drafts: bool },
    /// One version, for a command that says something about it.
    Version,
}

/// Files by their name.
pub type NamedFiles = Vec<(String, Vec<u8>)>;

impl Compiler {
    /// The stages up to the findings: what was written, its state on a day, what is wrong with it.
    pub fn compile(
        &self,
        tree: SourceTree,
        date: impl FnOnce(&Settings) -> Date,
        depth: Depth,
        findings: &mut Vec<Diagnostic>,
    ) -> Compilation {
        let mut center = Center::load_with(tree, &self.center, findings);
        let timeline = Timeline::at_with(&center, date(&center.settings), &self.timeline);
        let checked = check::check(&center, &timeline, &self.texts, &self.check, depth, findings);
        center.settings.active_suppressions =
            suppressions::settle(Some(&center), &checked.texts(), timeline.date, findings);
        center.settings.settle(findings);
        Compilation { center: Arc::new(center), timeline, checked }
    }

    /// The site's theme, read again when one of its files or the languages have changed.
    pub fn theme(&self, center: &Center, findings: &mut Vec<Diagnostic>) -> Option<Arc<Theme>> {
        let mut hasher = Hasher::default();
        hasher.part(center.settings.theme.as_bytes());
        for language in &center.languages {
            hasher.part(language.tag().as_bytes());
        }
        for file in center.tree.below(&format!("themes/{}/", center.settings.theme)) {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
        let digest = hasher.finish();
        let mut kept = self.theme.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, theme)) = kept.as_ref().filter(|(known, _)| *known == digest) {
            return Some(theme.clone());
        }
        let loaded = load_theme(center, findings);
        center.settings.settle(findings);
        let theme = Arc::new(loaded?);
        *kept = Some((digest, theme.clone()));
        Some(theme)
    }

    /// Findings about links in drafts, independent of the plan.
    pub fn check_links(&self, plan: &Plan, checked: &Checked, theme: &Theme, findings: &mut Vec<Diagnostic>) {
        links::of_drafts(plan, checked, theme, &self.check.links, findings);
        plan.center.settings.settle(findings);
    }

    /// Findings about paths and links, as if drafts were published.
    pub fn check_paths(&self, site: &Compilation, findings: &mut Vec<Diagnostic>) {
        let Some(theme) = self.theme(&site.center, findings) else { return };
        let plan = site.plan(Options::new(true, theme.asset_paths()), findings);
        self.check_links(&plan, &site.checked, &theme, findings);
    }

    /// Plans a site and hands its renderer to `work`. None when a finding stops it.
    pub fn render<T>(
        &self,
        site: &Compilation,
        purpose: Purpose,
        findings: &mut Vec<Diagnostic>,
        work: impl FnOnce(&Renderer) -> Result<T>,
    ) -> Result<Option<T>> {
        let before = findings.len();
        let Some(theme) = self.theme(&site.center, findings) else { return Ok(None) };
        let drafts = purpose == Purpose::Site { drafts: true };
        let stopped = |findings: &[Diagnostic]| {
            let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
            errors.filter(|finding| drafts || !site.is_about_a_draft(finding)).count() > 0
        };
        if purpose == Purpose::Version && stopped(findings) {
            return Ok(None);
        }
        let mut options = Options::new(drafts, theme.asset_paths());
        if let Purpose::Site { .. } = purpose {
            options.hosts.clone_from(&self.hosts);
        }
        let plan = site.plan(options, findings);
        if let Purpose::Site { .. } = purpose {
            self.check_links(&plan, &site.checked, &theme, findings);
            if stopped(findings) {
                return Ok(None);
            }
        }
        // What was found in the plan weighs what the site says, whatever the purpose.
        site.center.settings.settle(findings);
        let mut renderer = Renderer::new(&plan, &theme, &self.texts, &self.comparisons)?;
        renderer.planned_quietly = findings.len() == before;
        let done = work(&renderer)?;
        let failed = renderer.failed();
        findings.extend(renderer.findings());
        site.center.settings.settle(findings);
        Ok((!failed).then_some(done))
    }

    /// Every output of a site as a map from path to bytes; none when something was found that must not be published.
    pub fn artifacts(
        &self,
        tree: SourceTree,
        date: Date,
        drafts: bool,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Option<BTreeMap<String, Vec<u8>>>> {
        let site = self.compile(tree, |_| date, Depth::Drafts, findings);
        self.render(&site, Purpose::Site { drafts }, findings, |renderer| {
            let mut files = BTreeMap::new();
            for task in 0..renderer.plan.tasks.len() {
                files.extend(renderer.make(task)?);
            }
            Ok(files)
        })
    }

    /// The announcement of a version in each language, as the files that are frozen with it, for a site as it will be on the day
    /// of publication. None when a finding stops it.
    pub fn announcement_files(
        &self,
        site: &Compilation,
        document: &str,
        version: &str,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Option<NamedFiles>> {
        self.render(site, Purpose::Version, findings, |renderer| {
            let documents = &site.center.documents;
            let Some(document) = documents.iter().position(|known| known.slug == document) else {
                return Ok(Vec::new());
            };
            let versions = &documents[document].versions;
            let Some(version) = versions.iter().position(|known| known.id == version) else { return Ok(Vec::new()) };
            let languages = renderer.plan.every_language().into_iter();
            languages
                .map(|language| {
                    let announcement = renderer.compose_announcement(document, version, language)?;
                    Ok((announcement_name(&announcement.lang), announcement.file()))
                })
                .collect()
        })
    }

    /// Everything that can be found in a site, as if it were built with its drafts, and in its frozen texts; and the
    /// addresses on other hosts that it leads to.
    pub fn review(&self, site: &Compilation, findings: &mut Vec<Diagnostic>) -> Result<Vec<links::External>> {
        let Some(theme) = self.theme(&site.center, findings) else { return Ok(Vec::new()) };
        // What is published, and what would be: each may collide or lack something by itself.
        let mut published = Vec::new();
        site.plan(Options::new(false, theme.asset_paths()), &mut published);
        let plan = site.plan(Options::new(true, theme.asset_paths()), findings);
        findings.extend(published);
        links::of_everything(&plan, &site.checked, &self.texts, findings);
        let renderer = Renderer::new(&plan, &theme, &self.texts, &self.comparisons)?;
        let made = samples(&plan);
        made.into_par_iter().try_for_each(|task| renderer.make(task).map(drop))?;
        let found = renderer.findings();
        findings.extend(in_templates(&site.center, &found));
        findings.extend(found);
        site.center.settings.settle(findings);
        Ok(links::external(&plan, &site.checked))
    }
}

/// Tasks whose outputs stand for all of their kind: every file that is copied, and a page of each kind of thing that a
/// template may tell apart. What texts bring into a page is checked where they are read.
fn samples(plan: &Plan) -> Vec<usize> {
    let mut kinds = BTreeSet::new();
    let mut chosen = Vec::new();
    for (index, task) in plan.tasks.iter().enumerate() {
        let kind = match &task.kind {
            TaskKind::Asset(_) | TaskKind::Static(_) => format!("{index}"),
            TaskKind::Version { document, version } => {
                let own = &plan.center.documents[*document].versions[*version];
                let state = plan.timeline.documents[*document].states[*version].name();
                let (exempt, summed) = (own.exemption.is_some(), own.summary.is_some());
                format!("version {state} {} {exempt} {summed} {:?}", own.imported, own.significance)
            }
            TaskKind::Draft { .. } => "draft".to_string(),
            TaskKind::Redline { pair, .. } => format!("redline {:?}", std::mem::discriminant(&pair.to)),
            TaskKind::Document { document } => {
                format!("document {}", plan.timeline.documents[*document].shown().is_some())
            }
            kind => format!("{:?}", std::mem::discriminant(kind)),
        };
        if kinds.insert(kind) {
            chosen.push(index);
        }
    }
    chosen
}

/// Findings about resources from other hosts that the site's templates load on pages outside the samples.
fn in_templates(center: &Center, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let templates = format!("themes/{}/templates/", center.settings.theme);
    // A mail is no page of the site: it carries its styles, and no policy of the site holds for it.
    let pages = center.tree.below(&templates).filter(|file| !file.path.ends_with("/announcement.html"));
    for file in pages {
        let Some(text) = center.tree.kept(&file.path) else { continue };
        for finding in foreign(&file.path, Some(&file.path), text.as_bytes(), &center.settings.base_url.origin) {
            let address = finding.primary.as_ref().and_then(|label| text.get(label.span.clone())).unwrap_or_default();
            let named = format!("`{address}`");
            if !known.iter().any(|other| other.code == finding.code && other.message.contains(&named)) {
                out.push(finding);
            }
        }
    }
    out
}
