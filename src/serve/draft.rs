//! The changes of a draft, as if it were released on the day being viewed.
//!
//! In: a view and a document. Out: the draft compared with its baseline: what changed in words and facts, signals of a
//! material change, the earliest day on which that could take effect. Must not know: pages, requests.

use super::view::View;
use crate::change::outline;
use crate::error::Result;
use crate::plan::redlines::{Pair, Target};
use crate::promise::{DraftComparison, ReleaseImpact};
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
pub struct Effect {
    /// The version that it is compared with; none for a document that was never released.
    pub compared: Option<String>,
    pub in_force: bool,
    /// True if that version is announced and not yet in force.
    pub announced: bool,
    /// Sections and what happened in them.
    pub changes: Vec<String>,
    pub facts: Vec<String>,
    pub release: Option<ReleaseImpact>,
    /// The impact of a release in a sentence.
    pub sentence: Option<String>,
    pub on: Date,
    pub words_added: usize,
    pub words_removed: usize,
}

pub fn effect(view: &View, document: usize) -> Result<Option<Effect>> {
    let (center, timeline) = (view.center(), view.plan().timeline);
    let entry = &center.documents[document];
    if entry.draft.is_none() {
        return Ok(None);
    }
    let mut out = Effect {
        compared: None,
        in_force: false,
        announced: false,
        changes: Vec::new(),
        facts: Vec::new(),
        release: None,
        sentence: None,
        on: timeline.date,
        words_added: 0,
        words_removed: 0,
    };
    if let Some(comparison) = DraftComparison::of(&view.site().texts, center, timeline, document)? {
        let words = view.site().comparisons.get(&comparison.old.text, &comparison.new.text);
        let states = &timeline.documents[document];
        out.compared = Some(comparison.old.name.clone());
        out.in_force = states.in_force.is_some();
        out.announced = states.baseline() != states.in_force;
        let lines = outline::lines(words.outline(), &crate::change::phrases::English);
        out.changes = lines.iter().map(|line| line.to_string()).collect();
        let counts = &words.redline().counts;
        out.words_added = counts.words_added;
        out.words_removed = counts.words_removed;
        out.facts = comparison.facts;
        out.sentence = Some(comparison.consequence.sentence());
        out.release = Some(comparison.consequence);
    }
    Ok(Some(out))
}

/// The page that shows a draft beside what it would replace.
pub fn redline_address(view: &View, language: usize, document: usize) -> Option<String> {
    let plan = view.plan();
    let from = plan.draft_baseline(document)?;
    let address = plan.redline_address(document, Pair { from, to: Target::Draft });
    plan.claims.contains_key(&plan.page_path(language, &address)).then(|| plan.href(language, &address))
}
