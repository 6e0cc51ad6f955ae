//! The changes of a redline as a list: section by section, in words that the caller may choose.
//!
//! In: a redline. Out: for each section with changes its number, title and counts; sentences by a set of phrases.
//! Must not know: languages, HTML.

use super::flat::{Flat, LeafKind};
use super::formatting::targets;
use super::html::snippet;
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
    /// None before the first heading.
    pub title: Option<String>,
    pub was_number: Option<String>,
    pub was_title: Option<String>,
    pub fate: Fate,
    pub insertions: usize,
    pub deletions: usize,
    pub words_inserted: usize,
    pub words_deleted: usize,
    /// Paragraphs, items and rows that moved here from elsewhere.
    pub moved: usize,
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
    Added,
    Removed,
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
            let was = linked.then(|| &redline.old.leaves[entry.old.start]);
            sections.push(SectionChanges {
                was_number: was.and_then(|was| was.number.clone()).filter(|was| Some(was) != number.as_ref()),
                was_title: was.map(|_| text(&redline.old, entry.old.start)).filter(|was| *was != text(flat, leaf)),
                number,
                title: Some(text(flat, leaf)),
                fate,
                first: entry.within.filter(|_| fate == Fate::Moved).map(|moved| redline.moves[moved].change),
                ..SectionChanges::default()
            });
            last = None;
        }
        let Some(section) = sections.last_mut() else { break };
        if let Some(moved) =
            entry.within.filter(|moved| redline.moves[*moved].entries.start == at && !redline.moves[*moved].section)
        {
            section.moved += 1;
            section.first = section.first.or(Some(redline.moves[moved].change));
            last = None;
        }
        if entry.change > 0 {
            section.first = section.first.or(Some(entry.change));
        }
        match entry.kind {
            EntryKind::Inserted | EntryKind::Deleted if entry.change > 0 => {
                let op = if entry.kind == EntryKind::Inserted { Op::Inserted } else { Op::Deleted };
                section.count(op, entry.words, last != Some((op, entry.change)));
                last = Some((op, entry.change));
                continue;
            }
            EntryKind::Changed => {
                let (mut split, mut merged) = (false, false);
                for span in redline.spans(entry) {
                    match span.op {
                        Op::Same => {}
                        op if span.paragraph => {
                            split |= op == Op::Inserted;
                            merged |= op == Op::Deleted;
                        }
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
        if entry.formatting.links {
            let (olds, news) = (targets(&redline.old, entry.old.clone()), targets(&redline.new, entry.new.clone()));
            if olds.len() == news.len() {
                let pairs = olds.iter().zip(&news).filter(|(a, b)| a != b);
                section
                    .links
                    .extend(pairs.map(|(old, new)| LinkChange { old: (*old).to_string(), new: (*new).to_string() }));
            }
        }
    }
    sections.retain(SectionChanges::any);
    Outline { sections }
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

    /// Whether there is anything to say.
    pub fn any(&self) -> bool {
        self.fate != Fate::Kept
            || self.was_number.is_some()
            || self.was_title.is_some()
            || self.insertions
                + self.deletions
                + self.moved
                + self.split
                + self.merged
                + self.formatting
                + self.links.len()
                > 0
    }

    fn only_renumbered(&self) -> bool {
        let bare = SectionChanges { was_number: None, ..self.clone() };
        self.was_number.is_some() && self.number.is_some() && !bare.any()
    }

    /// How the section is called in a sentence.
    pub fn name(&self, phrases: &dyn Phrases) -> String {
        match (&self.number, &self.title) {
            (Some(number), Some(title)) => phrases.section(Some(number.trim_end_matches('.')), &snippet(title)),
            (None, Some(title)) => phrases.section(None, &snippet(title)),
            (_, None) => phrases.opening(),
        }
    }

    /// One sentence, without the section's name: "3 insertions, 1 deletion".
    pub fn sentence(&self, phrases: &dyn Phrases) -> String {
        let mut parts = Vec::new();
        match self.fate {
            Fate::Kept => {}
            Fate::Added => return phrases.added(self.words_inserted),
            Fate::Removed => return phrases.removed(self.words_deleted),
            Fate::Moved => parts.push(phrases.moved()),
        }
        if let Some(was) = &self.was_number {
            parts.push(phrases.renumbered(was.trim_end_matches('.')));
        }
        if let Some(was) = &self.was_title {
            parts.push(phrases.retitled(was));
        }
        let counts = [
            (Count::Insertions, self.insertions),
            (Count::Deletions, self.deletions),
            (Count::Moved, self.moved),
            (Count::Split, self.split),
            (Count::Merged, self.merged),
            (Count::Links, self.links.len()),
            (Count::Formatting, self.formatting.saturating_sub(usize::from(!self.links.is_empty()))),
        ];
        parts.extend(counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| phrases.count(*what, *count)));
        phrases.join(&parts)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Insertions,
    Deletions,
    /// Blocks that moved.
    Moved,
    Split,
    Merged,
    Links,
    Formatting,
}

/// What the list says, in some language.
pub trait Phrases {
    fn section(&self, number: Option<&str>, title: &str) -> String;
    /// What stands before the first heading.
    fn opening(&self) -> String;
    fn added(&self, words: usize) -> String;
    fn removed(&self, words: usize) -> String;
    fn moved(&self) -> String;
    fn renumbered(&self, was: &str) -> String;
    /// Sections that changed in nothing else: their numbers, each with the former one in brackets.
    fn only_renumbered(&self, numbers: &[String]) -> String;
    fn retitled(&self, was: &str) -> String;
    fn count(&self, what: Count, count: usize) -> String;
    fn join(&self, parts: &[String]) -> String;
}

pub struct English;

impl Phrases for English {
    fn section(&self, number: Option<&str>, title: &str) -> String {
        match number {
            Some(number) if number.starts_with(|letter: char| letter.is_ascii_digit()) => {
                format!("Section {number}, “{title}”")
            }
            Some(number) => format!("{number} “{title}”"),
            None => format!("“{title}”"),
        }
    }

    fn opening(&self) -> String {
        "Opening".into()
    }

    fn added(&self, words: usize) -> String {
        format!("new ({})", plural(words, "word", "words"))
    }

    fn removed(&self, words: usize) -> String {
        format!("removed ({})", plural(words, "word", "words"))
    }

    fn moved(&self) -> String {
        "moved".into()
    }

    fn renumbered(&self, was: &str) -> String {
        format!("formerly number {was}")
    }

    fn only_renumbered(&self, numbers: &[String]) -> String {
        format!("Only numbers changed, the former ones in brackets: {}", numbers.join(", "))
    }

    fn retitled(&self, was: &str) -> String {
        format!("formerly titled “{was}”")
    }

    fn count(&self, what: Count, count: usize) -> String {
        let (one, many) = match what {
            Count::Insertions => ("insertion", "insertions"),
            Count::Deletions => ("deletion", "deletions"),
            Count::Moved => ("block moved here", "blocks moved here"),
            Count::Split => ("paragraph split", "paragraphs split"),
            Count::Merged => ("group of paragraphs merged", "groups of paragraphs merged"),
            Count::Links => ("link leads elsewhere", "links lead elsewhere"),
            Count::Formatting => ("block reformatted", "blocks reformatted"),
        };
        plural(count, one, many)
    }

    fn join(&self, parts: &[String]) -> String {
        parts.join(", ")
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
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
/// something came or went before them, share one line.
pub fn lines(outline: &Outline, phrases: &dyn Phrases) -> Vec<Line> {
    let alone = outline.sections.iter().filter(|section| section.only_renumbered()).count() == 1;
    let mut lines = Vec::new();
    let mut renumbered = Vec::new();
    for section in &outline.sections {
        match (&section.number, &section.was_number) {
            (Some(number), Some(was)) if !alone && section.only_renumbered() => {
                renumbered.push(format!("{} ({})", number.trim_end_matches('.'), was.trim_end_matches('.')));
            }
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
    lines
}
