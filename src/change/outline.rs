//! The changes of a redline as a list: section by section, in words that the caller may choose.
//!
//! In: a redline. Out: for each section with changes its number, title and counts; sentences by a set of phrases.
//! Must not know: languages, HTML.

use super::flat::{Flat, LeafKind};
use super::html::snippet;
use super::phrases::{Count, Phrases};
use super::{EntryKind, Op, Redline, tidy};

#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Outline {
    pub sections: Vec<SectionChanges>,
}

/// What happened to one section. Sections come in reading order; removed ones stand where they stood.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct SectionChanges {
    /// As in the new document, or in the old one if the section is gone.
    pub number: Option<String>,
    /// Of the section around it, where its own number says nothing of it: `B` of "1. Account controls" in "B. Accounts".
    pub above: Option<String>,
    /// None before the first heading.
    pub title: Option<String>,
    pub was_number: Option<String>,
    pub was_title: Option<String>,
    pub fate: Fate,
    pub insertions: usize,
    pub deletions: usize,
    pub words_inserted: usize,
    pub words_deleted: usize,
    /// Paragraphs, items and rows that moved here from other sections.
    pub moved: usize,
    /// The same, to other sections.
    pub left: usize,
    /// Paragraphs and items, and rows, that stand in another order inside the section.
    pub reordered: usize,
    pub rows: usize,
    pub split: usize,
    pub merged: usize,
    /// Blocks whose formatting alone changed.
    pub formatting: usize,
    /// Links that lead elsewhere now.
    pub links: Vec<LinkChange>,
    /// The number of the first change here: its id in the HTML.
    pub first: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    #[default]
    Kept,
    /// All of it is new, all of it is gone.
    Added,
    Removed,
    /// Only the title is new, or gone: what stands below it was there before, or still is.
    Titled,
    Untitled,
    Moved,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LinkChange {
    pub old: String,
    pub new: String,
}

/// Number and words of a heading.
pub fn title(flat: &Flat, leaf: usize) -> String {
    let here = &flat.leaves[leaf];
    let text = tidy(&flat.text[here.text.clone()]);
    match &here.number {
        Some(number) => format!("{number} {text}"),
        None => text,
    }
}

pub fn outline(redline: &Redline) -> Outline {
    let mut sections: Vec<SectionChanges> = vec![SectionChanges::default()];
    let mut last: Option<(Op, usize)> = None;
    // The entry of the last title, and by move the sections that it left and came to.
    let mut titled = None;
    // Levels and full numbers of the titles above.
    let mut above: Vec<(u8, Option<String>)> = Vec::new();
    let mut places = vec![(0, 0); redline.moves.len()];
    for (at, entry) in redline.entries.iter().enumerate() {
        let (old, leaves) = redline.shown(entry);
        let leaf = leaves.start;
        let flat = redline.flat(old);
        let away = matches!(entry.kind, EntryKind::Away(_));
        if !away && matches!(flat.leaves[leaf].kind, LeafKind::Heading(_)) && starts_section(flat, leaf) {
            let fate = match (entry.kind, entry.within) {
                (EntryKind::Inserted, _) => Fate::Added,
                (EntryKind::Deleted, _) => Fate::Removed,
                (_, Some(moved)) if redline.moves[moved].section => Fate::Moved,
                _ => Fate::Kept,
            };
            let linked = matches!(entry.kind, EntryKind::Same | EntryKind::Changed);
            let text = |flat: &Flat, leaf: usize| tidy(flat.leaf_text(leaf));
            let number = flat.leaves[leaf].number.clone();
            let level = match flat.leaves[leaf].kind {
                LeafKind::Heading(level) => level,
                _ => 0,
            };
            above.retain(|(other, _)| *other < level);
            let around = above.iter().rev().find_map(|(_, number)| number.clone());
            let own = number.as_deref().unwrap_or("");
            let qualified = around.filter(|around| !own.is_empty() && !own.starts_with(around.as_str()));
            let full = match &qualified {
                Some(around) => Some(format!("{around}.{own}")),
                None => number.clone(),
            };
            above.push((level, full.map(|number| number.trim_end_matches('.').to_string())));
            let was = linked.then(|| &redline.old.leaves[entry.old.start]);
            sections.push(SectionChanges {
                was_number: was.and_then(|was| was.number.clone()).filter(|was| Some(was) != number.as_ref()),
                was_title: was.map(|_| text(&redline.old, entry.old.start)).filter(|was| *was != text(flat, leaf)),
                number,
                above: qualified,
                title: Some(text(flat, leaf)),
                fate,
                first: entry.within.filter(|_| fate == Fate::Moved).map(|moved| redline.moves[moved].change),
                ..SectionChanges::default()
            });
            (last, titled) = (None, Some(at));
        }
        let here = sections.len() - 1;
        let section = &mut sections[here];
        if let EntryKind::Away(moved) = entry.kind {
            places[moved].0 = here;
        }
        if let Some(moved) =
            entry.within.filter(|moved| redline.moves[*moved].entries.start == at && !redline.moves[*moved].section)
        {
            places[moved].1 = here;
            section.first = section.first.or(Some(redline.moves[moved].change));
            last = None;
        }
        section.fate = match (section.fate, entry.kind) {
            (Fate::Added, EntryKind::Same | EntryKind::Changed) => Fate::Titled,
            (Fate::Removed, EntryKind::Same | EntryKind::Changed) => Fate::Untitled,
            (Fate::Added, EntryKind::Deleted) if entry.change > 0 => Fate::Titled,
            (Fate::Removed, EntryKind::Inserted) if entry.change > 0 => Fate::Untitled,
            (fate, _) => fate,
        };
        if entry.change > 0 {
            section.first = section.first.or(Some(entry.change));
        }
        match entry.kind {
            EntryKind::Inserted | EntryKind::Deleted if entry.change > 0 => {
                let op = if entry.kind == EntryKind::Inserted { Op::Inserted } else { Op::Deleted };
                // A title is told of by itself.
                let title = titled == Some(at);
                section.count(op, entry.words, !title && last != Some((op, entry.change)));
                last = Some((op, entry.change)).filter(|_| !title);
                continue;
            }
            EntryKind::Changed => {
                let (mut split, mut merged) = (false, false);
                // "Formerly titled" tells of a title's words.
                let titles = section.was_title.is_some() && titled == Some(at);
                for span in redline.spans(entry) {
                    match span.op {
                        Op::Same => {}
                        op if span.paragraph => {
                            split |= op == Op::Inserted;
                            merged |= op == Op::Deleted;
                        }
                        _ if titles => {}
                        op => section.count(op, span.words, true),
                    }
                }
                section.split += usize::from(split);
                section.merged += usize::from(merged);
            }
            EntryKind::Same => section.formatting += usize::from(entry.formatting.any()),
            _ => {}
        }
        last = None;
        section
            .links
            .extend(redline.links(entry).into_iter().map(|(old, new)| LinkChange { old: old.into(), new: new.into() }));
    }
    for (moved, (from, to)) in redline.moves.iter().zip(places).filter(|(moved, _)| !moved.section) {
        let (old, leaves) = redline.shown(&redline.entries[moved.entries.start]);
        let row = matches!(redline.flat(old).leaves[leaves.start].kind, LeafKind::Row { .. });
        match (from == to || moved.inside, row) {
            (true, true) => sections[to].rows += 1,
            (true, false) => sections[to].reordered += 1,
            (false, _) => {
                sections[from].left += 1;
                sections[to].moved += 1;
            }
        }
    }
    sections.retain(SectionChanges::any);
    Outline { sections }
}

impl Outline {
    /// What all sections have together: "213 insertions, 208 deletions".
    pub fn total(&self, phrases: &dyn Phrases) -> String {
        let sum = |of: fn(&SectionChanges) -> usize| self.sections.iter().map(of).sum::<usize>();
        let titles = |fate: Fate| self.sections.iter().filter(|section| section.fate == fate).count();
        let counts = [
            (Count::Insertions, sum(|section| section.insertions) + titles(Fate::Added) + titles(Fate::Titled)),
            (Count::Deletions, sum(|section| section.deletions) + titles(Fate::Removed) + titles(Fate::Untitled)),
        ];
        let parts: Vec<String> =
            counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| phrases.count(*what, *count)).collect();
        phrases.join(&parts)
    }
}

fn starts_section(flat: &Flat, leaf: usize) -> bool {
    let section = &flat.sections[flat.leaves[leaf].section as usize];
    section.heading.is_some() && section.leaves.start == leaf
}

impl SectionChanges {
    fn count(&mut self, op: Op, words: usize, stretch: bool) {
        if op == Op::Inserted {
            self.insertions += usize::from(stretch);
            self.words_inserted += words;
        } else {
            self.deletions += usize::from(stretch);
            self.words_deleted += words;
        }
    }

    /// True if there is anything to say.
    pub fn any(&self) -> bool {
        self.fate != Fate::Kept
            || self.was_number.is_some()
            || self.was_title.is_some()
            || self.insertions
                + self.deletions
                + self.moved
                + self.left
                + self.reordered
                + self.rows
                + self.split
                + self.merged
                + self.formatting
                + self.links.len()
                > 0
    }

    fn only_renumbered(&self) -> bool {
        let bare = SectionChanges { was_number: None, formatting: 0, ..self.clone() };
        self.was_number.is_some() && self.number.is_some() && !bare.any()
    }

    fn only_formatted(&self) -> bool {
        self.formatting > 0 && !SectionChanges { formatting: 0, ..self.clone() }.any()
    }

    fn full_number(&self) -> Option<String> {
        let own = self.number.as_deref()?.trim_end_matches('.');
        Some(self.above.as_ref().map_or_else(|| own.to_string(), |above| format!("{above}.{own}")))
    }

    /// How the section is called in a sentence.
    pub fn name(&self, phrases: &dyn Phrases) -> String {
        match (self.full_number(), &self.title) {
            (Some(number), Some(title)) => phrases.section(Some(&number), &snippet(title)),
            (None, Some(title)) => phrases.section(None, &snippet(title)),
            (_, None) => phrases.opening(),
        }
    }

    /// One sentence, without the section's name: "3 insertions, 1 deletion".
    pub fn sentence(&self, phrases: &dyn Phrases) -> String {
        let mut parts = Vec::new();
        match self.fate {
            Fate::Kept => {}
            Fate::Added => parts.push(phrases.added(self.words_inserted)),
            Fate::Removed => parts.push(phrases.removed(self.words_deleted)),
            Fate::Titled => parts.push(phrases.title_added()),
            Fate::Untitled => parts.push(phrases.title_removed()),
            Fate::Moved => parts.push(phrases.moved()),
        }
        if let Some(was) = &self.was_number {
            parts.push(phrases.renumbered(was.trim_end_matches('.')));
        }
        if let Some(was) = &self.was_title {
            parts.push(phrases.retitled(was));
        }
        let told = matches!(self.fate, Fate::Added | Fate::Removed);
        let counts = [
            (Count::Insertions, if told { 0 } else { self.insertions }),
            (Count::Deletions, if told { 0 } else { self.deletions }),
            (Count::Moved, self.moved),
            (Count::Left, self.left),
            (Count::Reordered, self.reordered),
            (Count::Rows, self.rows),
            (Count::Split, self.split),
            (Count::Merged, self.merged),
            (Count::Links, self.links.len()),
            (Count::Formatting, self.formatting.saturating_sub(usize::from(!self.links.is_empty()))),
        ];
        parts.extend(counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| phrases.count(*what, *count)));
        phrases.join(&parts)
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of the section; none where several are told together.
    pub name: Option<String>,
    pub sentence: String,
    /// The number of the first change in the section.
    pub first: Option<usize>,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name}: {}", self.sentence),
            None => f.write_str(&self.sentence),
        }
    }
}

/// The list in words: "Section 4, “Sharing”: 3 insertions, 1 deletion". Sections that only got another number, because
/// something came or went before them, share one line, and so do those of which only the formatting changed.
pub fn lines(outline: &Outline, phrases: &dyn Phrases) -> Vec<Line> {
    let many = |only: fn(&SectionChanges) -> bool| outline.sections.iter().filter(|section| only(section)).count() > 1;
    let (numbers, looks) = (many(SectionChanges::only_renumbered), many(SectionChanges::only_formatted));
    let mut lines = Vec::new();
    let (mut renumbered, mut formatted) = (Vec::new(), 0);
    for section in &outline.sections {
        match (section.full_number(), &section.was_number) {
            (Some(number), Some(was)) if numbers && section.only_renumbered() => {
                renumbered.push(format!("{number} ({})", was.trim_end_matches('.')));
            }
            _ if looks && section.only_formatted() => formatted += 1,
            _ => lines.push(Line {
                name: Some(section.name(phrases)),
                sentence: section.sentence(phrases),
                first: section.first,
            }),
        }
    }
    if !renumbered.is_empty() {
        lines.push(Line { name: None, sentence: phrases.only_renumbered(&renumbered), first: None });
    }
    if formatted > 0 {
        lines.push(Line { name: None, sentence: phrases.only_formatted(formatted), first: None });
    }
    lines
}
