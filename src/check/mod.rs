//! Rules over the center and its timeline, one file for each family.
//!
//! In: [`Center`], [`Timeline`], or a single file; for links the plan. Out: findings, the texts that were read, what was not
//! run. Must not know: how they are shown, what is done about them.

mod announced;
pub mod coverage;
mod cross_document;
mod dates;
pub mod embeds;
pub mod links;
mod listed;
mod outgoing;
mod outline;
pub mod practice;
mod processors;
mod product;
pub mod prose;
pub mod record;
mod register_history;
mod registers;
mod renumbered;
pub mod single_file;
mod stated_dates;
pub mod suppressions;
mod translations;

use crate::center::settings::PATH as SETTINGS;
use crate::center::{Center, Document, Register, Settings};
use crate::diagnostic::{Diagnostic, Skipped};
use crate::markdown::places_register;
use crate::memo::GenerationalCache;
use crate::source::{Digest, Hasher};
use crate::text::{CheckedText, Text, Texts};
use crate::timeline::Timeline;
use jiff::civil::Date;
use outgoing::Outgoing;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rules that look at built pages, at frozen texts or at other hosts, and so are not run for single files of a site.
pub const NEED_THE_WHOLE: &[&str] = &[
    "broken-anchor-in-record",
    "broken-link-in-record",
    "processor-not-in-product",
    "third-party-resource",
    "register-not-released",
    "resolved-text-changed",
    "unreachable-link",
];

/// Result of a check besides its findings.
#[derive(Default)]
pub struct Checked {
    pub drafts: Vec<Arc<CheckedDraft>>,
    /// Rules that were not run, and why.
    pub skipped: Vec<Skipped>,
}

impl Checked {
    /// Every draft in every language.
    pub fn texts(&self) -> Vec<Arc<CheckedText>> {
        self.drafts.iter().flat_map(|draft| draft.texts.iter().cloned()).collect()
    }
}

/// A document's draft in every language, and all that can be said of it before it is held against other drafts.
#[derive(Default)]
pub struct CheckedDraft {
    /// Digest of its sources.
    digest: Digest,
    pub texts: Vec<Arc<CheckedText>>,
    findings: Vec<Diagnostic>,
    /// Links of each text.
    links: Vec<Outgoing>,
    controller: outline::Controller,
    laws: Vec<coverage::Named>,
    /// Claims of its authoritative text that are compared with other texts.
    said: prose::ComparableClaims,
    /// The registers that its authoritative text places.
    placed: Vec<Arc<Register>>,
}

/// Cache that one check leaves for the next: findings by the bytes in which they were found.
#[derive(Default)]
pub struct Memory {
    chain: GenerationalCache<Digest, Vec<Diagnostic>>,
    frozen: GenerationalCache<(String, Digest), Vec<Diagnostic>>,
    dates: GenerationalCache<(String, Digest), Vec<Diagnostic>>,
    shared: GenerationalCache<Digest, Vec<Diagnostic>>,
    drafts: GenerationalCache<Digest, CheckedDraft>,
    pub links: links::Memory,
}

/// How much is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The record and the shared facts alone: enough to show pages.
    Record,
    /// Drafts, too.
    Drafts,
}

/// Runs the rules, verifying and reading only what was not verified or read before.
///
/// A rule stands where as little as possible makes it run again: with the drafts if one document decides it, with what they
/// share if no text does. Those that hold drafts against each other run each time, on what was gathered with each draft.
pub fn check(
    center: &Center,
    timeline: &Timeline,
    texts: &Texts,
    memory: &Memory,
    depth: Depth,
    findings: &mut Vec<Diagnostic>,
) -> Checked {
    record::check(center, memory, findings);
    dates::check(center, timeline, &memory.dates, findings);
    let shared = shared(center, timeline.date);
    let of_shared = memory.shared.get(shared, || of_shared(center, timeline.date));
    findings.extend(of_shared.iter().cloned());
    announced::check(center, timeline, findings);
    if depth == Depth::Record {
        memory.end();
        return Checked::default();
    }
    let drafts: Vec<Arc<CheckedDraft>> = center
        .documents
        .par_iter()
        .enumerate()
        .filter(|(_, document)| document.draft.is_some())
        .map(|(index, document)| {
            let digest = depends_on(&shared, center, document);
            memory.drafts.get(digest, || draft(center, timeline, texts, index, digest))
        })
        .collect();
    memory.end();
    findings.extend(drafts.iter().flat_map(|draft| &draft.findings).cloned());
    register_history::check(texts, center, timeline, &drafts, findings);
    outline::controller(center, &drafts, findings);
    translations::missing(center, &drafts, findings);
    cross_document::check(&drafts, findings);
    coverage::undeclared(center, &drafts, findings);
    Checked { drafts, skipped: Vec::new() }
}

impl CheckedDraft {
    /// The text that the others translate.
    fn authoritative(&self) -> Option<&Arc<CheckedText>> {
        self.texts.iter().find(|text| text.authoritative)
    }
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

/// Returns the digest of everything on which every draft depends: the day, the settings, and the shared facts.
fn shared(center: &Center, date: Date) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(date.to_string().as_bytes()).digest(&center.shared_facts);
    hasher.digest(&center.tree.get(SETTINGS).map_or(Digest::ZERO, |file| file.digest));
    hasher.finish()
}

/// Returns the digest of everything on which one draft depends: the shared digest, its own files, and its history.
fn depends_on(shared: &Digest, center: &Center, document: &Document) -> Digest {
    let mut hasher = Hasher::default();
    hasher.digest(shared).part(document.slug.as_bytes()).digest(&document.history);
    for file in center.tree.beside(&format!("content/{}/", document.slug)) {
        hasher.part(file.path.as_bytes()).digest(&file.digest);
    }
    hasher.finish()
}

/// Checks the facts that documents share.
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
fn draft(center: &Center, timeline: &Timeline, texts: &Texts, index: usize, digest: Digest) -> CheckedDraft {
    let document = &center.documents[index];
    let mut findings = Vec::new();
    // A draft is kept whole when the site is scanned, so reading it cannot fail.
    let Ok(Some(draft)) = texts.draft(center, document, timeline.draft_day(center, index)) else {
        return CheckedDraft::default();
    };
    findings.extend(draft.findings.iter().cloned());
    findings.extend(draft.texts.values().flat_map(|text| text.findings.iter().cloned()));
    let all: Vec<&Arc<Text>> = draft.texts.values().collect();
    let judged = all.par_iter().map(|text| {
        let (said, mut findings) = prosaic(text, Some(&center.settings), timeline.date);
        outline::check(text, &mut findings);
        (said, findings, Outgoing::of(text))
    });
    let (mut links, mut said) = (Vec::new(), prose::ComparableClaims::default());
    for (text, (says, found, outgoing)) in all.iter().zip(judged.collect::<Vec<_>>()) {
        findings.extend(found);
        links.push(outgoing);
        if text.authoritative {
            said = says;
        }
    }
    // Registers are the same in every language.
    let registers = &draft.available.registers;
    let own = |register: &&Arc<Register>| !center.registers.values().any(|shared| shared.path == register.path);
    for register in registers.values().filter(own) {
        facts(center, register, timeline.date, &mut findings);
    }
    // Shared registers alone were compared with each other already.
    if registers::TOGETHER.iter().filter_map(|name| registers.get(*name)).any(|register| own(&register)) {
        registers::together(registers, &mut findings);
    }
    translations::check(center, document, &draft, &mut findings);
    let authoritative = draft.authoritative();
    if let Some(text) = authoritative {
        renumbered::check(texts, center, timeline, document, text, &said.numbered, &mut findings);
        stated_dates::check(texts, center, timeline, index, text, &mut findings);
    }
    CheckedDraft {
        digest,
        controller: authoritative.map(|text| outline::Controller::of(text)).unwrap_or_default(),
        laws: authoritative.map(|text| coverage::laws_in(text)).unwrap_or_default(),
        said,
        placed: authoritative.map(|text| placed(text, registers)).unwrap_or_default(),
        links,
        texts: draft.texts.values().map(|text| text.checked()).collect(),
        findings,
    }
}

fn placed(text: &Text, registers: &BTreeMap<String, Arc<Register>>) -> Vec<Arc<Register>> {
    let blocks = &text.parsed.document.blocks;
    registers.values().filter(|register| places_register(blocks, &register.name)).cloned().collect()
}

/// Runs the rules that read prose, and returns the text's comparable claims.
fn prosaic(text: &Text, settings: Option<&Settings>, date: Date) -> (prose::ComparableClaims, Vec<Diagnostic>) {
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
