//! One side of a comparison: a version or a draft, with its text read and its facts beside it.
//!
//! In: a center and which text is meant. Out: [`Edition`]; fact changes and signals between two. Must not know: how they are shown.

use super::facts::{English, FactChanges, FactSet, facts, sentences};
use super::signals::{Promises, Signal, signals};
use super::wording::wording;
use crate::center::facts::{FactsMemo, Noting};
use crate::center::{Center, Document, VersionFacts};
use crate::error::Result;
use crate::markdown::{self, Parsed};
use crate::notice::NoticePeriod;
use crate::words::Language;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A text in its authoritative language.
pub struct Edition {
    /// `2026-03-30`, or `draft`.
    pub name: String,
    pub parsed: Parsed,
    facts: VersionFacts,
    notice: NoticePeriod,
    language: Language,
}

impl Edition {
    pub fn of_version(center: &Center, document: &Document, index: usize) -> Result<Option<Edition>> {
        let version = &document.versions[index];
        let Some(file) = version.authoritative() else { return Ok(None) };
        let facts = VersionFacts::of_version(center, version, &FactsMemo::default())?;
        let source = center.tree.text(&file.path)?;
        let parsed = markdown::parse(&file.path, &source, file.body, version.front.numbering, &facts, &mut Vec::new());
        let language = Language::parse(&version.language).unwrap_or_else(Language::english);
        let notice = version.front.notice();
        Ok(Some(Edition { name: version.id.clone(), parsed, facts, notice, language }))
    }

    /// The working text, with its facts as of the day on which it might be released.
    pub fn of_draft(center: &Center, document: &Document, on: Date) -> Result<Option<Edition>> {
        let Some(draft) = &document.draft else { return Ok(None) };
        let Reading { facts, mut texts, .. } = Reading::of_draft(center, document, on)?;
        let language = center.settings.authoritative().clone();
        let Some(parsed) = texts.remove(language.tag()) else { return Ok(None) };
        Ok(Some(Edition { name: "draft".into(), parsed, facts, notice: draft.front.notice(), language }))
    }

    /// What its texts use of the facts, as in a release.
    fn facts(&self) -> FactSet<'_> {
        FactSet { organization: &self.facts.organization, registers: &self.facts.registers }
    }

    /// What changes in organisation and registers, told in a language.
    pub fn fact_changes(&self, new: &Edition, language: &Language) -> FactChanges {
        fact_changes(&self.facts, &new.facts, language)
    }

    /// Signs that the change to the new edition may be material. Finding none proves nothing.
    pub fn signals(&self, new: &Edition) -> Vec<Signal> {
        let kept = markdown::ids(&new.parsed.document);
        let removed: Vec<(String, String)> = markdown::toc(&self.parsed.document)
            .into_iter()
            .filter(|section| !kept.contains(&section.id))
            .map(|section| (section.id, section.title))
            .collect();
        let mut out = signals(
            Promises { facts: self.facts(), notice: self.notice },
            Promises { facts: new.facts(), notice: new.notice },
            &removed,
        );
        out.extend(self.more_than_editorial(new));
        out
    }

    /// Signs that more than spelling and style changed (guidelines on transparency, WP260 rev.01, paragraph 29).
    fn more_than_editorial(&self, new: &Edition) -> Vec<Signal> {
        let signal = |code, sentence: String, target: &str| Signal { code, sentence, target: target.to_string() };
        let english = Language::english();
        let changes = self.fact_changes(new, &english);
        let mut out = Vec::new();
        if let Some(first) = sentences(&changes, &English).into_iter().next() {
            let more =
                changes.organization.len() + changes.registers.iter().map(|changed| changed.rows.len()).sum::<usize>();
            let others = if more > 1 { format!(", and {} more", more - 1) } else { String::new() };
            out.push(signal("facts-changed", format!("facts beside the text changed: {first}{others}"), "facts"));
        }
        let wording = wording(&self.parsed.document, &new.parsed.document, &new.language);
        out.extend(wording.of_numbers().map(|sentence| signal("numbers-changed", sentence, "text")));
        out.extend(wording.of_words().map(|sentence| signal("denials-changed", sentence, "text")));
        out
    }
}

/// What changes from the facts beside one text to those beside another, told in a language.
pub fn fact_changes(old: &VersionFacts, new: &VersionFacts, language: &Language) -> FactChanges {
    // An imported text came without facts: that they were not written down says nothing about them.
    if !old.recorded {
        return FactChanges::default();
    }
    let [old, new] = [old, new].map(|facts| FactSet { organization: &facts.organization, registers: &facts.registers });
    facts(old, new, language)
}

/// A draft as a release would freeze it, read once.
pub struct Reading {
    /// With the registers that the texts use, and no others.
    pub facts: VersionFacts,
    /// Names of fact files that the texts use.
    pub used: BTreeSet<String>,
    /// By language.
    pub texts: BTreeMap<String, Parsed>,
}

impl Reading {
    /// A draft on the day on which it might take effect. What is wrong with it is told when the center is checked.
    pub fn of_draft(center: &Center, document: &Document, on: Date) -> Result<Reading> {
        let mut facts = VersionFacts::of_draft(center, document, on, &mut Vec::new());
        let (mut used, mut texts) = (BTreeSet::new(), BTreeMap::new());
        if let Some(draft) = &document.draft {
            for (tag, file) in &draft.texts {
                let language = Language::parse(tag).unwrap_or_else(Language::english);
                let noting = Noting::new(facts.for_language(&language));
                let source = center.tree.text(&file.path)?;
                let numbering = draft.front.numbering;
                let parsed = markdown::parse(&file.path, &source, file.body, numbering, &noting, &mut Vec::new());
                used.append(&mut noting.used());
                texts.insert(tag.clone(), parsed);
            }
        }
        facts.registers.retain(|name, _| used.contains(name));
        Ok(Reading { facts, used, texts })
    }
}
