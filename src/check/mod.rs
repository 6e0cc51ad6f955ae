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

use crate::center::{Center, Settings};
use crate::diagnostic::{Diagnostic, Skipped};
use crate::memo::Passes;
use crate::source::Digest;
use crate::timeline::Timeline;
use jiff::civil::Date;
use std::sync::Arc;
use texts::Text;

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
    /// Every draft in every language.
    pub texts: Vec<Arc<Text>>,
    /// What was not run, and why.
    pub skipped: Vec<Skipped>,
}

/// What one check leaves for the next: what was found, by the bytes that it was found in.
#[derive(Default)]
pub struct Memory {
    chain: Passes<Digest, Vec<Diagnostic>>,
    frozen: Passes<(String, Digest), Vec<Diagnostic>>,
    drafts: Passes<Digest, texts::Draft>,
    renumbered: Passes<(Digest, Digest, usize), Vec<Diagnostic>>,
}

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) -> Checked {
    check_again(center, timeline, &Memory::default(), findings)
}

/// The same, verifying and reading only what was not verified or read before.
pub fn check_again(center: &Center, timeline: &Timeline, memory: &Memory, findings: &mut Vec<Diagnostic>) -> Checked {
    record::check(center, memory, findings);
    memory.chain.end();
    memory.frozen.end();
    dates::check(center, timeline, findings);
    let judge = |text: &Text| prosaic(text, Some(&center.settings), timeline.date);
    let mut checked = Checked::default();
    for draft in texts::drafts(center, timeline, &memory.drafts, judge) {
        checked.texts.extend(draft.texts.iter().cloned());
        findings.extend(draft.findings.iter().cloned());
    }
    let registers = waivers::registers(center, &checked.texts);
    outline::check(&checked.texts, findings);
    across::check(&checked.texts, findings);
    announced::check(center, timeline, findings);
    renumbered::check(center, timeline, &checked.texts, memory, findings);
    registers::check(center, &registers, findings);
    processors::check(center, timeline, &checked.texts, &registers, findings);
    translations::check(center, &checked.texts, findings);
    coverage::undeclared(center, &checked.texts, findings);
    checked
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
