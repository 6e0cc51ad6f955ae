//! What contradicts itself: rules over the center and its timeline, one file for each family.
//!
//! In: [`Center`], [`Timeline`], or a single file; for links the plan. Out: findings, the texts that were read, what was not
//! run. Must not know: how they are shown, what is done about them.

pub mod coverage;
mod dates;
pub mod embeds;
pub mod links;
pub mod lone;
mod outline;
mod processors;
mod product;
pub mod record;
mod registers;
pub mod texts;
mod translations;
pub mod waivers;

use crate::center::Center;
use crate::diagnostic::{Diagnostic, Skipped};
use crate::timeline::Timeline;
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
    pub texts: Vec<Text>,
    /// What was not run, and why.
    pub skipped: Vec<Skipped>,
}

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) -> Checked {
    record::check(center, findings);
    dates::check(center, timeline, findings);
    let checked = Checked { texts: texts::drafts(center, timeline, findings), skipped: Vec::new() };
    let registers = waivers::registers(center, &checked.texts);
    outline::check(&checked.texts, findings);
    registers::check(center, &registers, findings);
    processors::check(center, timeline, &checked.texts, &registers, findings);
    translations::check(center, &checked.texts, findings);
    coverage::undeclared(center, &checked.texts, findings);
    checked
}
