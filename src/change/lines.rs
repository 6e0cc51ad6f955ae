//! The list of changes line by line, in words that the caller may choose.
//!
//! In: an outline and a set of phrases. Out: a line for each section, or for several that changed in one way. Must not know:
//! redlines, HTML.

use super::outline::{Outline, SectionChanges};
use super::phrases::Phrases;

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
