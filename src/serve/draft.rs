//! What a draft would change, if it were released on the day that is looked at.
//!
//! In: a view and a document. Out: the draft against the version in force: what changed in words and facts, signals of a
//! material change, the earliest day on which that could take effect. Must not know: pages, requests.

use super::view::View;
use crate::center::Document;
use crate::change::edition::Edition;
use crate::change::{facts, outline, redline};
use crate::error::Result;
use crate::plan::redlines::{Pair, Target};
use crate::release::{Consequence, consequence};
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
    pub release: Option<Consequence>,
    /// What a release would mean, in a sentence.
    pub sentence: Option<String>,
    pub on: Date,
    pub words_inserted: usize,
    pub words_deleted: usize,
}

/// The two sides; none when there is no draft or nothing to compare it with.
struct Sides {
    old: Edition,
    new: Edition,
    in_force: bool,
}

fn sides(view: &View, document: usize) -> Result<Option<Sides>> {
    let (center, timeline) = (view.center(), view.plan().timeline);
    let entry = &center.documents[document];
    let Some(shown) = timeline.documents[document].shown() else { return Ok(None) };
    let old = Edition::of_version(center, entry, shown)?;
    let new = Edition::of_draft(center, entry, timeline.date)?;
    let in_force = timeline.documents[document].in_force.is_some();
    Ok(old.zip(new).map(|(old, new)| Sides { old, new, in_force }))
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
    if let Some(sides) = sides(view, document)? {
        let redline = redline(&sides.old.parsed.document, &sides.new.parsed.document);
        out.announced_as = announced_as(view, document, &sides)?;
        out.compared = Some(sides.old.name.clone());
        out.in_force = sides.in_force;
        let lines = outline::lines(&outline::outline(&redline), &crate::change::phrases::English);
        out.changes = lines.iter().map(|line| line.to_string()).collect();
        let changes = sides.old.fact_changes(&sides.new, &Language::english());
        out.facts = facts::sentences(&changes, &facts::English);
        let consequence = consequence(center, entry, timeline.date, &sides.old, &sides.new);
        out.sentence = Some(consequence.sentence());
        out.release = Some(consequence);
        out.words_inserted = redline.counts.words_inserted;
        out.words_deleted = redline.counts.words_deleted;
    }
    Ok(Some(out))
}

/// The announced version whose words and facts are those of the draft.
fn announced_as(view: &View, document: usize, sides: &Sides) -> Result<Option<String>> {
    let entry = &view.center().documents[document];
    let Some(last) = view.plan().timeline.documents[document].upcoming.last() else { return Ok(None) };
    let Some(announced) = Edition::of_version(view.center(), entry, *last)? else { return Ok(None) };
    let words = redline(&announced.parsed.document, &sides.new.parsed.document);
    let same = words.is_empty() && announced.fact_changes(&sides.new, &Language::english()).is_empty();
    Ok(same.then(|| announced.name.clone()))
}

/// Whether the texts of a draft are other than those of the last version that stands.
pub fn differs(document: &Document) -> bool {
    let latest = document.versions.iter().rev().find(|version| version.withdrawn.is_none());
    match (&document.draft, latest) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(draft), Some(latest)) => {
            let mut texts = draft.texts.iter();
            !texts.all(|(language, text)| latest.texts.get(language).is_some_and(|frozen| frozen.digest == text.digest))
        }
    }
}

/// The page that shows a draft beside what it would replace.
pub fn redline_address(view: &View, language: usize, document: usize) -> Option<String> {
    let plan = view.plan();
    let from = plan.timeline.documents[document].shown()?;
    let address = plan.redline_address(document, Pair { from, to: Target::Draft });
    plan.claims.contains_key(&plan.page_path(language, &address)).then(|| plan.href(language, &address))
}
