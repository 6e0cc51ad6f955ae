//! `fineprint` turns a folder of Markdown and TOML into a versioned, static privacy center.
//!
//! It is a compiler from a folder and a date to a map of files. Read the modules in this order and you have read the story:
//!
//! 1. [`source`]: the folder is read once, into a tree of files with digests.
//! 2. [`center`]: files become settings, organisation, documents with their versions, registers, the ledger.
//! 3. [`timeline`]: the center as of a date: what is in force, what is coming, which notices are open.
//! 4. [`check`]: what contradicts itself becomes findings ([`diagnostic`]), all of them at once.
//! 5. [`plan`]: every output path, claimed once, and what templates may see.
//! 6. [`render`]: the bytes of every output; [`markdown`] and [`words`] are its dictionary and its grammar.
//! 7. [`publish`]: the output folder is brought to that, whatever happens in between.
//!
//! [`change`] holds two texts against each other and knows nothing but their trees; [`promise`] says what a change from
//! one version to another means: which facts changed, and what notice it calls for.
//!
//! Beside the line stand [`release`], which turns a decision into frozen files and ledger entries, and [`import`], which
//! turns an existing history into them: new source files for the next reading. [`announce`] makes of a notice what a team sends,
//! [`evidence`] packs a version with all that shows what it said and when.
//!
//! [`online`] asks other hosts whether links still lead somewhere, only when a user wants that.
//!
//! A session of [`serve`] goes down the line after every edit, remembering what an edit did not touch, and renders on request.
//!
//! Between 1 and 7 nothing touches the disk, a clock or the environment: the date is an argument. What is wrong with the
//! user's text is a finding, gathered and never thrown; what is wrong with the machine is an [`error::Error`]. Only
//! [`command`] orders these steps, prints and reads the clock; [`cli`] says what can be asked for.

pub mod announce;
pub mod center;
pub mod change;
pub mod check;
pub mod cli;
pub mod command;
pub mod diagnostic;
pub mod error;
pub mod evidence;
pub mod import;
pub mod markdown;
pub mod memo;
pub mod notice;
pub mod online;
pub mod plan;
pub mod promise;
pub mod publish;
pub mod release;
pub mod render;
pub mod serve;
pub mod source;
pub mod timeline;
pub mod words;

use center::Center;
use check::{Checked, Depth};
use diagnostic::{Diagnostic, Severity};
use jiff::civil::Date;
use rayon::prelude::*;
use source::SourceTree;
use std::collections::BTreeMap;
use timeline::Timeline;

/// What one compilation leaves for the next. It changes no result, only when it is computed.
#[derive(Default)]
pub struct Memory {
    center: center::Memory,
    timeline: timeline::Memory,
    pub check: check::Memory,
}

/// The pure stages up to the findings: what was written, its state on a day, what is wrong with it.
pub fn compile(
    tree: SourceTree,
    date: impl FnOnce(&Center) -> Date,
    findings: &mut Vec<Diagnostic>,
) -> (Center, Timeline) {
    let (center, timeline, _) = examine(tree, date, findings);
    (center, timeline)
}

/// The same, with the texts that were read for it.
pub fn examine(
    tree: SourceTree,
    date: impl FnOnce(&Center) -> Date,
    findings: &mut Vec<Diagnostic>,
) -> (Center, Timeline, Checked) {
    examine_again(tree, date, &Memory::default(), Depth::Everything, findings)
}

/// The same, computing only what was not computed before.
pub fn examine_again(
    tree: SourceTree,
    date: impl FnOnce(&Center) -> Date,
    memory: &Memory,
    depth: Depth,
    findings: &mut Vec<Diagnostic>,
) -> (Center, Timeline, Checked) {
    let mut center = Center::load_again(tree, &memory.center, findings);
    let timeline = Timeline::at_again(&center, date(&center), &memory.timeline);
    let checked = check::check_again(&center, &timeline, &memory.check, depth, findings);
    center.settings.waiving = check::waivers::settle(Some(&center), &checked.texts(), timeline.date, findings);
    center.settings.weigh(findings);
    Diagnostic::sort(findings);
    (center, timeline, checked)
}

/// Every output of a site as a map from path to bytes; none when something was found that must not be published.
pub fn artifacts(
    tree: SourceTree,
    date: Date,
    drafts: bool,
    findings: &mut Vec<Diagnostic>,
) -> error::Result<Option<BTreeMap<String, Vec<u8>>>> {
    let (center, timeline, checked) = examine(tree, |_| date, findings);
    let Some(theme) = render::load_theme(&center, findings) else { return Ok(None) };
    let plan = plan::Plan::new(&center, &timeline, plan::Options::new(drafts, &theme), findings);
    check::links::of_drafts(&plan, &checked, &theme, &Default::default(), findings);
    if stops(findings) {
        return Ok(None);
    }
    let renderer = render::Renderer::new(&plan, &theme)?;
    let mut files = BTreeMap::new();
    for task in 0..plan.tasks.len() {
        files.extend(renderer.make(task)?);
    }
    findings.extend(renderer.findings());
    Ok((!stops(findings)).then_some(files))
}

/// Everything that can be found in a site, as if it were built with its drafts, and in its frozen texts; and the addresses
/// on other hosts that it leads to.
pub fn review(
    center: &Center,
    timeline: &Timeline,
    checked: &Checked,
    findings: &mut Vec<Diagnostic>,
) -> error::Result<Vec<check::links::External>> {
    let Some(theme) = render::load_theme(center, findings) else { return Ok(Vec::new()) };
    // What is published, and what would be: each may collide or lack something by itself.
    let mut published = Vec::new();
    plan::Plan::new(center, timeline, plan::Options::new(false, &theme), &mut published);
    let plan = plan::Plan::new(center, timeline, plan::Options::new(true, &theme), findings);
    findings.extend(published);
    check::links::of_everything(&plan, checked, findings);
    let renderer = render::Renderer::new(&plan, &theme)?;
    (0..plan.tasks.len()).into_par_iter().try_for_each(|task| renderer.make(task).map(drop))?;
    findings.extend(renderer.findings());
    Diagnostic::sort(findings);
    findings.dedup();
    Ok(check::links::external(&plan, checked))
}

/// Whether findings stop a build or a release.
pub fn stops(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
