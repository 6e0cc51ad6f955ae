//! The changes of a redline as a list: section by section, in words that the caller may choose.
//!
//! In: a redline. Out: for each section with changes its number, title and counts; sentences by a set of phrases.
//! Must not know: languages, HTML.

use super::flat::{Flat, LeafKind};
use super::phrases::{Count, Phrases};
use super::plain::snippet;
use super::{EntryKind, Mark, Op, Redline, Span, tidy};
use std::ops::Range;

#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Outline {
    pub sections: Vec<SectionChanges>,
}

/// Changes of one section. Sections are in reading order; removed ones keep their old position.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct SectionChanges {
    /// As in the new document, or in the old one if the section is gone.
    pub number: Option<String>,
    /// Number of the section around it, if its own number does not include it: `B` of "1. Account controls" in "B. Accounts".
    pub parent: Option<String>,
    /// None before the first heading.
    pub title: Option<String>,
    pub old_number: Option<String>,
    pub old_title: Option<String>,
    pub status: SectionStatus,
    pub insertions: usize,
    pub deletions: usize,
    pub words_added: usize,
    pub words_removed: usize,
    /// Paragraphs, items and rows that moved here from other sections.
    pub moved_in: usize,
    /// Blocks that moved to other sections.
    pub moved_out: usize,
    /// Paragraphs and items, and rows, that stand in another order inside the section.
    pub moved_within: usize,
    pub rows_moved: usize,
    pub split: usize,
    pub merged: usize,
    /// Blocks at another level of a list, or with a number in place of a bullet.
    pub levels_changed: usize,
    /// List items with another number.
    pub items_renumbered: usize,
    /// Boxes that were ticked or cleared.
    pub boxes_changed: usize,
    /// Blocks that became quotations, notes, tables, or are such no more.
    pub frames_changed: usize,
    /// Tables whose columns changed places.
    pub columns_moved: usize,
    /// Blocks whose formatting alone changed.
    pub formatting: usize,
    /// Links that lead elsewhere now.
    pub links: Vec<LinkChange>,
    /// The number of the first change here: its id in the HTML.
    pub first_change: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionStatus {
    #[default]
    Unchanged,
    /// All of it is new, all of it is gone.
    Added,
    Removed,
    /// Only the title is new, or gone: what stands below it was there before, or still is.
    HeadingAdded,
    HeadingRemoved,
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

/// Lists the changes of a redline, section by section.
pub fn outline(redline: &Redline) -> Outline {
    let mut outliner = Outliner {
        redline,
        sections: vec![SectionChanges::default()],
        gone: Vec::new(),
        last: None,
        titled: None,
        above: Vec::new(),
        places: vec![(0, 0); redline.moves.len()],
    };
    for at in 0..redline.entries.len() {
        outliner.entry(at);
    }
    outliner.moves();
    let Outliner { mut sections, gone, .. } = outliner;
    for (place, section) in gone.into_iter().rev() {
        sections.insert(place, section);
    }
    sections.retain(SectionChanges::any);
    Outline { sections }
}

struct Outliner<'r, 'a> {
    redline: &'r Redline<'a>,
    sections: Vec<SectionChanges>,
    /// Sections whose title became words of another, and where they stood.
    gone: Vec<(usize, SectionChanges)>,
    last: Option<(Op, usize)>,
    /// The entry of the last title.
    titled: Option<usize>,
    /// Levels and full numbers of the titles above.
    above: Vec<(u8, Option<String>)>,
    /// By move: the sections that it left and came to.
    places: Vec<(usize, usize)>,
}

impl Outliner<'_, '_> {
    fn entry(&mut self, at: usize) {
        let redline = self.redline;
        let entry = &redline.entries[at];
        let (side, leaves) = redline.shown(entry);
        let flat = redline.flat(side);
        let stays = matches!(entry.kind, EntryKind::Same | EntryKind::Changed);
        let titles = |flat: &Flat, leaves: &Range<usize>| -> Vec<usize> {
            leaves.clone().filter(|leaf| starts_section(flat, *leaf)).collect()
        };
        let mut was = if stays { titles(&redline.old, &entry.old) } else { Vec::new() }.into_iter();
        let is_title = |leaf: usize| !matches!(entry.kind, EntryKind::Away(_)) && starts_section(flat, leaf);
        if is_title(leaves.start) {
            self.title(at, leaves.start, was.next());
        }
        self.begin(at);
        for (leaf, spans) in leaves.clone().zip(redline.by_leaf(entry)) {
            if leaf > leaves.start && is_title(leaf) {
                self.title(at, leaf, was.next());
            }
            self.words(at, spans);
        }
        for leaf in was {
            let flat = &redline.old;
            let section = SectionChanges {
                number: flat.leaves[leaf].number.clone(),
                title: Some(tidy(flat.leaf_text(leaf))),
                status: SectionStatus::HeadingRemoved,
                first_change: Some(entry.change).filter(|change| *change > 0),
                ..SectionChanges::default()
            };
            self.gone.push((self.sections.len(), section));
        }
        self.end(at);
    }

    /// Begins a section; `was` is the title that it had.
    fn title(&mut self, at: usize, leaf: usize, was: Option<usize>) {
        let redline = self.redline;
        let entry = &redline.entries[at];
        let (side, _) = redline.shown(entry);
        let flat = redline.flat(side);
        let stays = matches!(entry.kind, EntryKind::Same | EntryKind::Changed);
        let status = match (entry.kind, entry.within) {
            (EntryKind::Inserted, _) => SectionStatus::Added,
            (EntryKind::Deleted, _) => SectionStatus::Removed,
            (_, Some(moved)) if redline.moves[moved].section => SectionStatus::Moved,
            _ if stays && was.is_none() => SectionStatus::HeadingAdded,
            _ => SectionStatus::Unchanged,
        };
        let text = |flat: &Flat, leaf: usize| tidy(flat.leaf_text(leaf));
        let number = flat.leaves[leaf].number.clone();
        let level = match flat.leaves[leaf].kind {
            LeafKind::Heading(level) => level,
            _ => 0,
        };
        self.above.retain(|(other, _)| *other < level);
        let around = self.above.iter().rev().find_map(|(_, number)| number.clone());
        let own = number.as_deref().unwrap_or("");
        let parent = around.filter(|around| !own.is_empty() && !own.starts_with(around.as_str()));
        let full = match &parent {
            Some(parent) => Some(format!("{parent}.{own}")),
            None => number.clone(),
        };
        self.above.push((level, full.map(|number| number.trim_end_matches('.').to_string())));
        let old = was.map(|was| &redline.old.leaves[was]);
        let old_title = was.map(|was| text(&redline.old, was));
        self.sections.push(SectionChanges {
            old_number: old.and_then(|old| old.number.clone()).filter(|old| Some(old) != number.as_ref()),
            old_title: old_title.filter(|old| *old != text(flat, leaf)),
            number,
            parent,
            title: Some(text(flat, leaf)),
            status,
            first_change: entry
                .within
                .filter(|_| status == SectionStatus::Moved)
                .map(|moved| redline.moves[moved].change),
            ..SectionChanges::default()
        });
        (self.last, self.titled) = (None, Some(at));
    }

    /// Counts an entry for its section.
    fn begin(&mut self, at: usize) {
        let redline = self.redline;
        let entry = &redline.entries[at];
        let here = self.sections.len() - 1;
        let section = &mut self.sections[here];
        if let EntryKind::Away(moved) = entry.kind {
            self.places[moved].0 = here;
        }
        if let Some(moved) =
            entry.within.filter(|moved| redline.moves[*moved].entries.start == at && !redline.moves[*moved].section)
        {
            self.places[moved].1 = here;
            section.first_change = section.first_change.or(Some(redline.moves[moved].change));
            self.last = None;
        }
        section.status = match (section.status, entry.kind) {
            (SectionStatus::Added, EntryKind::Same | EntryKind::Changed) => SectionStatus::HeadingAdded,
            (SectionStatus::Removed, EntryKind::Same | EntryKind::Changed) => SectionStatus::HeadingRemoved,
            (SectionStatus::Added, EntryKind::Deleted) if entry.change > 0 => SectionStatus::HeadingAdded,
            (SectionStatus::Removed, EntryKind::Inserted) if entry.change > 0 => SectionStatus::HeadingRemoved,
            (status, _) => status,
        };
        if entry.change > 0 {
            section.first_change = section.first_change.or(Some(entry.change));
        }
    }

    /// Counts the words of one leaf.
    fn words(&mut self, at: usize, spans: &[Span]) {
        let entry = &self.redline.entries[at];
        let Some(section) = self.sections.last_mut() else { return };
        match entry.kind {
            EntryKind::Inserted | EntryKind::Deleted if entry.change > 0 => {
                let op = if entry.kind == EntryKind::Inserted { Op::Inserted } else { Op::Deleted };
                // A title is told of on its own.
                let title = self.titled == Some(at);
                section.count(op, entry.words, !title && self.last != Some((op, entry.change)));
                self.last = Some((op, entry.change)).filter(|_| !title);
            }
            EntryKind::Changed => {
                // "Formerly titled" tells of a title's words.
                let titles = section.old_title.is_some() && self.titled == Some(at);
                for span in spans.iter().filter(|span| span.mark == Mark::Words && span.op != Op::Same && !titles) {
                    section.count(span.op, span.words, true);
                }
            }
            EntryKind::Same => section.formatting += usize::from(entry.formatting.any()),
            _ => {}
        }
    }

    /// Counts what an entry as a whole went through.
    fn end(&mut self, at: usize) {
        let redline = self.redline;
        let entry = &redline.entries[at];
        let Some(section) = self.sections.last_mut() else { return };
        if matches!(entry.kind, EntryKind::Inserted | EntryKind::Deleted) && entry.change > 0 {
            return;
        }
        self.last = None;
        let ends = |op: Op| redline.spans(entry).iter().any(|span| span.mark == Mark::Paragraph && span.op == op);
        section.split += usize::from(ends(Op::Inserted));
        section.merged += usize::from(ends(Op::Deleted));
        let structure = entry.structure;
        section.levels_changed += usize::from(structure.level || structure.list);
        section.items_renumbered += usize::from(structure.number);
        section.boxes_changed += usize::from(structure.task);
        section.frames_changed += usize::from(structure.quotation || structure.frame);
        section.columns_moved += usize::from(structure.columns);
        let links = redline.links(entry).into_iter();
        section.links.extend(links.map(|(old, new)| LinkChange { old: old.into(), new: new.into() }));
    }

    fn moves(&mut self) {
        let redline = self.redline;
        for (moved, (from, to)) in redline.moves.iter().zip(&self.places).filter(|(moved, _)| !moved.section) {
            let (side, leaves) = redline.shown(&redline.entries[moved.entries.start]);
            let row = redline.flat(side).leaves[leaves.start].kind.is_row();
            match (from == to || moved.inside, row) {
                (true, true) => self.sections[*to].rows_moved += 1,
                (true, false) => self.sections[*to].moved_within += 1,
                (false, _) => {
                    self.sections[*from].moved_out += 1;
                    self.sections[*to].moved_in += 1;
                }
            }
        }
    }
}

impl Outline {
    /// Returns the totals of all sections: "213 insertions, 208 deletions".
    pub fn total(&self, phrases: &dyn Phrases) -> String {
        let sum = |of: fn(&SectionChanges) -> usize| self.sections.iter().map(of).sum::<usize>();
        let titles = |status: SectionStatus| self.sections.iter().filter(|section| section.status == status).count();
        let counts = [
            (
                Count::Insertions,
                sum(|section| section.insertions) + titles(SectionStatus::Added) + titles(SectionStatus::HeadingAdded),
            ),
            (
                Count::Deletions,
                sum(|section| section.deletions)
                    + titles(SectionStatus::Removed)
                    + titles(SectionStatus::HeadingRemoved),
            ),
        ];
        let parts: Vec<String> =
            counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| phrases.count(*what, *count)).collect();
        phrases.join(&parts)
    }
}

fn starts_section(flat: &Flat, leaf: usize) -> bool {
    if !flat.leaves[leaf].kind.is_heading() {
        return false;
    }
    let section = &flat.sections[flat.leaves[leaf].section as usize];
    section.heading.is_some() && section.leaves.start == leaf
}

impl SectionChanges {
    fn count(&mut self, op: Op, words: usize, stretch: bool) {
        if op == Op::Inserted {
            self.insertions += usize::from(stretch);
            self.words_added += words;
        } else {
            self.deletions += usize::from(stretch);
            self.words_removed += words;
        }
    }

    /// True if there is anything to say.
    pub fn any(&self) -> bool {
        self.status != SectionStatus::Unchanged
            || self.old_number.is_some()
            || self.old_title.is_some()
            || self.insertions
                + self.deletions
                + self.moved_in
                + self.moved_out
                + self.moved_within
                + self.rows_moved
                + self.split
                + self.merged
                + self.levels_changed
                + self.items_renumbered
                + self.boxes_changed
                + self.frames_changed
                + self.columns_moved
                + self.formatting
                + self.links.len()
                > 0
    }

    fn only_renumbered(&self) -> bool {
        let bare = SectionChanges { old_number: None, formatting: 0, ..self.clone() };
        self.old_number.is_some() && self.number.is_some() && !bare.any()
    }

    fn only_formatted(&self) -> bool {
        self.formatting > 0 && !SectionChanges { formatting: 0, ..self.clone() }.any()
    }

    fn full_number(&self) -> Option<String> {
        let own = self.number.as_deref()?.trim_end_matches('.');
        Some(self.parent.as_ref().map_or_else(|| own.to_string(), |parent| format!("{parent}.{own}")))
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
        match self.status {
            SectionStatus::Unchanged => {}
            SectionStatus::Added => parts.push(phrases.added(self.words_added)),
            SectionStatus::Removed => parts.push(phrases.removed(self.words_removed)),
            SectionStatus::HeadingAdded => parts.push(phrases.title_added()),
            SectionStatus::HeadingRemoved => parts.push(phrases.title_removed()),
            SectionStatus::Moved => parts.push(phrases.moved()),
        }
        if let Some(was) = &self.old_number {
            parts.push(phrases.renumbered(was.trim_end_matches('.')));
        }
        if let Some(was) = &self.old_title {
            parts.push(phrases.retitled(was));
        }
        let told = matches!(self.status, SectionStatus::Added | SectionStatus::Removed);
        let counts = [
            (Count::Insertions, if told { 0 } else { self.insertions }),
            (Count::Deletions, if told { 0 } else { self.deletions }),
            (Count::MovedIn, self.moved_in),
            (Count::MovedOut, self.moved_out),
            (Count::MovedWithin, self.moved_within),
            (Count::RowsMoved, self.rows_moved),
            (Count::Split, self.split),
            (Count::Merged, self.merged),
            (Count::Levels, self.levels_changed),
            (Count::Numbers, self.items_renumbered),
            (Count::Boxes, self.boxes_changed),
            (Count::Frames, self.frames_changed),
            (Count::Columns, self.columns_moved),
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
    /// Id of the section; none if the line is about several sections.
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
        match (section.full_number(), &section.old_number) {
            (Some(number), Some(was)) if numbers && section.only_renumbered() => {
                renumbered.push(format!("{number} ({})", was.trim_end_matches('.')));
            }
            _ if looks && section.only_formatted() => formatted += 1,
            _ => lines.push(Line {
                name: Some(section.name(phrases)),
                sentence: section.sentence(phrases),
                first: section.first_change,
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
