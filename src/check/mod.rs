//! What contradicts itself: rules over the center and its timeline, one file for each family.
//!
//! In: [`Center`], [`Timeline`], or a single file; for links the plan. Out: findings, the texts that were read, what was not
//! run. Must not know: how they are shown, what is done about them.

mod across;
mod announced;
pub mod coverage;
mod dates;
pub mod embeds;
pub mod links;
pub mod lone;
mod outgoing;
mod outline;
mod processors;
mod product;
pub mod prose;
pub mod record;
mod registers;
mod renumbered;
pub mod texts;
mod translations;
pub mod waivers;

use crate::center::{Center, Document, Register, Settings};
use crate::diagnostic::{Diagnostic, Skipped};
use crate::memo::Passes;
use crate::notice::Reckoning;
use crate::source::Digest;
use crate::timeline::Timeline;
use jiff::civil::Date;
use outgoing::Outgoing;
use rayon::prelude::*;
use std::sync::Arc;
use texts::{Gist, Text};

/// Rules that look at built pages, at frozen texts or at other hosts, and so are not run for single files of a site.
pub const NEED_THE_WHOLE: &[&str] = &[
    "broken-anchor-in-record",
    "broken-link-in-record",
    "foreign-resource",
    "register-not-released",
    "resolved-text-changed",
    "unreachable-link",
];

/// What a check leaves behind beside its findings.
#[derive(Default)]
pub struct Checked {
    pub drafts: Vec<Arc<Draft>>,
    /// What was not run, and why.
    pub skipped: Vec<Skipped>,
}

impl Checked {
    /// Every draft in every language.
    pub fn texts(&self) -> Vec<Arc<Gist>> {
        self.drafts.iter().flat_map(|draft| draft.texts.iter().cloned()).collect()
    }
}

/// A document's draft in every language, and all that can be said of it before it is held against other drafts.
#[derive(Default)]
pub struct Draft {
    /// What it was read from.
    digest: Digest,
    pub texts: Vec<Arc<Gist>>,
    findings: Vec<Diagnostic>,
    /// Of each text.
    links: Vec<Outgoing>,
    controller: outline::Controller,
    laws: Vec<coverage::Named>,
    /// What its authoritative text says that other texts may say otherwise.
    said: prose::Said,
}

/// What one check leaves for the next: what was found, by the bytes that it was found in.
#[derive(Default)]
pub struct Memory {
    chain: Passes<Digest, Vec<Diagnostic>>,
    frozen: Passes<(String, Digest), Vec<Diagnostic>>,
    dates: Passes<(String, Digest, Reckoning), Vec<Diagnostic>>,
    shared: Passes<Digest, Vec<Diagnostic>>,
    drafts: Passes<Digest, Draft>,
    pub links: links::Memory,
}

/// How much is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What is on record and the facts that documents share: enough to show pages.
    Record,
    /// Drafts, too.
    Everything,
}

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) -> Checked {
    check_again(center, timeline, &Memory::default(), Depth::Everything, findings)
}

/// The same, verifying and reading only what was not verified or read before.
///
/// A rule stands where as little as possible makes it run again: with the drafts if one document decides it, with what they
/// share if no text does. Those that hold drafts against each other run each time, on what was gathered with each draft.
pub fn check_again(
    center: &Center,
    timeline: &Timeline,
    memory: &Memory,
    depth: Depth,
    findings: &mut Vec<Diagnostic>,
) -> Checked {
    record::check(center, memory, findings);
    dates::check(center, timeline, &memory.dates, findings);
    let shared = texts::shared(center, timeline.date);
    let of_shared = memory.shared.get(shared, || of_shared(center, timeline.date));
    findings.extend(of_shared.iter().cloned());
    announced::check(center, timeline, findings);
    if depth == Depth::Record {
        memory.end();
        return Checked::default();
    }
    let drafts: Vec<Arc<Draft>> = center
        .documents
        .par_iter()
        .filter(|document| document.draft.is_some())
        .map(|document| {
            let digest = texts::depends_on(&shared, center, document);
            memory.drafts.get(digest, || draft(center, timeline, document, digest))
        })
        .collect();
    memory.end();
    findings.extend(drafts.iter().flat_map(|draft| &draft.findings).cloned());
    processors::tell_once(findings);
    outline::controller(center, &drafts, findings);
    translations::missing(center, &drafts, findings);
    across::check(&drafts, findings);
    coverage::undeclared(center, &drafts, findings);
    Checked { drafts, skipped: Vec::new() }
}

impl Memory {
    fn end(&self) {
        self.chain.end();
        self.frozen.end();
        self.dates.end();
        self.shared.end();
        self.drafts.end();
    }
}

/// What is wrong with the facts that documents share.
fn of_shared(center: &Center, date: Date) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for register in center.registers.values() {
        facts(center, register, date, &mut findings);
    }
    registers::together(&center.registers, &mut findings);
    registers::organization(center, &mut findings);
    findings
}

fn facts(center: &Center, register: &Register, date: Date, findings: &mut Vec<Diagnostic>) {
    registers::check(center, register, findings);
    processors::check(center, register, date, findings);
}

/// A document's draft, read and judged by itself.
fn draft(center: &Center, timeline: &Timeline, document: &Document, digest: Digest) -> Draft {
    let mut findings = Vec::new();
    let texts = texts::read(center, document, timeline.date, &mut findings);
    let judged = texts.par_iter().map(|text| {
        let (said, mut findings) = prosaic(text, Some(&center.settings), timeline.date);
        outline::check(text, &mut findings);
        (said, findings, Outgoing::of(text))
    });
    let (mut links, mut said) = (Vec::new(), prose::Said::default());
    for (text, (says, found, outgoing)) in texts.iter().zip(judged.collect::<Vec<_>>()) {
        findings.extend(found);
        links.push(outgoing);
        if text.authoritative {
            said = says;
        }
    }
    // Registers are the same in every language.
    let all = texts.first().and_then(|text| text.facts.as_ref()).map(|facts| &facts.registers);
    let own = |register: &&Arc<Register>| !center.registers.values().any(|shared| shared.path == register.path);
    for register in all.iter().flat_map(|all| all.values()).filter(own) {
        facts(center, register, timeline.date, &mut findings);
    }
    if let Some(all) = all {
        // Shared ones alone were held against each other already.
        if registers::TOGETHER.iter().filter_map(|name| all.get(*name)).any(|register| own(&register)) {
            registers::together(all, &mut findings);
        }
    }
    processors::starts(center, timeline, document, &texts, &mut findings);
    translations::check(center, document, &texts, &mut findings);
    let authoritative = texts::authoritative(&texts);
    if let Some(text) = authoritative {
        renumbered::check(center, timeline, document, text, &said.numbered, &mut findings);
    }
    Draft {
        digest,
        controller: authoritative.map(outline::Controller::of).unwrap_or_default(),
        laws: authoritative.map(coverage::laws_in).unwrap_or_default(),
        said,
        links,
        texts: texts.iter().map(Text::gist).collect(),
        findings,
    }
}

/// What the rules that read prose find in a text, and what it says beside.
fn prosaic(text: &Text, settings: Option<&Settings>, date: Date) -> (prose::Said, Vec<Diagnostic>) {
    let work = prose::Work {
        path: &text.path,
        source: &text.source,
        slug: &text.document,
        title: text.title.as_deref(),
        language: &text.language,
        front: &text.front,
        document: &text.parsed.document,
        facts: text.facts.as_ref(),
        settings,
        date,
    };
    let mut findings = Vec::new();
    let said = prose::check(&work, &mut findings);
    (said, findings)
}
