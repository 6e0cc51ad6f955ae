//! What a draft would change, if it were released on the day that is looked at.
//!
//! In: a view and a document. Out: the draft against the version in force: what changed in words and facts, signals of a
//! material change, the earliest day on which that could take effect. Must not know: pages, requests.

use super::view::View;
use crate::change::outline;
use crate::error::Result;
use crate::plan::redlines::{Pair, Target};
use crate::promise::edition::Edition;
use crate::promise::{DraftComparison, ReleaseImpact};
use crate::words::Language;
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
pub struct Effect {
    /// The version that it is compared with; none for a document that was never released.
    pub compared: Option<String>,
    pub in_force: bool,
    /// The announced version that says the same: nothing is left to release.
    pub announced_as: Option<String>,
    /// Sections and what happened in them.
    pub changes: Vec<String>,
    pub facts: Vec<String>,
    pub release: Option<ReleaseImpact>,
    /// What a release would mean, in a sentence.
    pub sentence: Option<String>,
    pub on: Date,
    pub words_inserted: usize,
    pub words_deleted: usize,
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
        announced_as: None,
        changes: Vec::new(),
        facts: Vec::new(),
        release: None,
        sentence: None,
        on: timeline.date,
        words_inserted: 0,
        words_deleted: 0,
    };
    let Some(shown) = timeline.documents[document].shown() else { return Ok(Some(out)) };
    if let Some(drift) = DraftComparison::of(&view.site().texts, center, timeline, document, shown)? {
        let comparison = view.site().comparisons.get(&drift.old.text, &drift.new.text);
        out.announced_as = announced_as(view, document, &drift.new)?;
        out.compared = Some(drift.old.name.clone());
        out.in_force = timeline.documents[document].in_force.is_some();
        let lines = outline::lines(comparison.outline(), &crate::change::phrases::English);
        out.changes = lines.iter().map(|line| line.to_string()).collect();
        let counts = &comparison.redline().counts;
        out.words_inserted = counts.words_inserted;
        out.words_deleted = counts.words_deleted;
        out.facts = drift.facts;
        out.sentence = Some(drift.consequence.sentence());
        out.release = Some(drift.consequence);
    }
    Ok(Some(out))
}

/// The announced version whose words and facts are those of the draft.
fn announced_as(view: &View, document: usize, draft: &Edition) -> Result<Option<String>> {
    let entry = &view.center().documents[document];
    let Some(last) = view.plan().timeline.documents[document].upcoming.last() else { return Ok(None) };
    let Some(announced) = Edition::of_version(&view.site().texts, view.center(), entry, *last)? else {
        return Ok(None);
    };
    let words = view.site().comparisons.get(&announced.text, &draft.text);
    let same = words.redline().is_empty() && announced.fact_changes(draft, &Language::english()).is_empty();
    Ok(same.then(|| announced.name.clone()))
}

/// The page that shows a draft beside what it would replace.
pub fn redline_address(view: &View, language: usize, document: usize) -> Option<String> {
    let plan = view.plan();
    let from = plan.timeline.documents[document].shown()?;
    let address = plan.redline_address(document, Pair { from, to: Target::Draft });
    plan.claims.contains_key(&plan.page_path(language, &address)).then(|| plan.href(language, &address))
}
