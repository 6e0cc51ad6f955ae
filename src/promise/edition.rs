//! One side of a comparison: a version or a draft, with its text read and its facts beside it.
//!
//! In: a center and which text is meant. Out: [`Edition`]; fact changes and signals between two. Must not know: how they are shown.

use super::disclosures::disclosures;
use super::facts::{English, FactChanges, FactSet, facts, sentences};
use super::signals::{Promises, Signal, signals};
use super::wording::wording;
use crate::center::{Center, Document, VersionFacts};
use crate::error::Result;
use crate::markdown;
use crate::text::{Text, Texts};
use crate::words::Language;
use jiff::civil::Date;
use std::sync::Arc;

/// A text in its authoritative language, with what was promised beside it.
pub struct Edition {
    /// `2026-03-30`, or `draft`.
    pub name: String,
    pub text: Arc<Text>,
    facts: VersionFacts,
}

impl Edition {
    pub fn of_version(texts: &Texts, center: &Center, document: &Document, index: usize) -> Result<Option<Edition>> {
        let version = &document.versions[index];
        let Some(text) = texts.authoritative(center, version)? else { return Ok(None) };
        let facts = VersionFacts::clone(&*texts.version_facts(center, version)?);
        Ok(Some(Edition { name: version.id.clone(), text, facts }))
    }

    /// The working text, with its facts as of the day on which it might be released.
    pub fn of_draft(texts: &Texts, center: &Center, document: &Document, on: Date) -> Result<Option<Edition>> {
        let Some(draft) = texts.draft(center, document, on)? else { return Ok(None) };
        let Some(text) = draft.authoritative().cloned() else { return Ok(None) };
        Ok(Some(Edition { name: "draft".into(), text, facts: draft.facts() }))
    }

    /// The facts that its texts use, as a release would freeze them.
    fn facts(&self) -> FactSet<'_> {
        FactSet { organization: &self.facts.organization, registers: &self.facts.registers }
    }

    /// Returns the changes of the organization and registers in the words of a language.
    pub fn fact_changes(&self, new: &Edition, language: &Language) -> FactChanges {
        fact_changes(&self.facts, &new.facts, language)
    }

    /// Signs that the change to the new edition may be material. Finding none proves nothing.
    pub fn signals(&self, new: &Edition) -> Vec<Signal> {
        let (kept, old) = (markdown::ids(&new.text.parsed.document), markdown::ids(&self.text.parsed.document));
        let sections = markdown::toc(&new.text.parsed.document);
        let mut fresh: Vec<_> = sections.into_iter().filter(|section| !old.contains(&section.id)).collect();
        let (mut removed, mut renamed) = (Vec::new(), Vec::new());
        for section in markdown::toc(&self.text.parsed.document) {
            if kept.contains(&section.id) {
                continue;
            }
            // A heading that only grew is the same section under a longer name.
            match fresh.iter().position(|other| has_grown(&section.title, &other.title)) {
                Some(at) => renamed.push((section, fresh.remove(at).title)),
                None => removed.push((section.id, section.title)),
            }
        }
        let mut out = signals(
            Promises { facts: self.facts(), notice: self.text.front.notice() },
            Promises { facts: new.facts(), notice: new.text.front.notice() },
            &removed,
        );
        out.extend(disclosures(&self.text.parsed.document, &new.text.parsed.document, &new.text.language));
        out.extend(renamed.into_iter().map(|(section, title)| Signal {
            code: "heading-renamed",
            sentence: format!(
                "the heading “{}” is now “{title}”, and links to `#{id}` lose their section: write `{title} {{#{id}}}`",
                section.title,
                id = section.id
            ),
            target: section.id,
        }));
        out.extend(self.non_editorial_changes(new));
        out
    }

    /// Signs that more than spelling and style changed (guidelines on transparency, WP260 rev.01, paragraph 29).
    fn non_editorial_changes(&self, new: &Edition) -> Vec<Signal> {
        let signal = |code, sentence: String, target: &str| Signal { code, sentence, target: target.to_string() };
        let english = Language::english();
        let changes = self.fact_changes(new, &english);
        let mut out = Vec::new();
        if let Some(first) = sentences(&changes, &English).into_iter().next() {
            let more =
                changes.organization.len() + changes.registers.iter().map(|changed| changed.rows.len()).sum::<usize>();
            let others = if more > 1 { format!(", and {} more", more - 1) } else { String::new() };
            out.push(signal("facts-changed", format!("facts used by the text changed: {first}{others}"), "facts"));
        }
        let wording = wording(&self.text.parsed.document, &new.text.parsed.document, &new.text.language);
        out.extend(wording.of_numbers().map(|sentence| signal("numbers-changed", sentence, "text")));
        out.extend(wording.of_words().map(|sentence| signal("obligation-words-changed", sentence, "text")));
        out
    }
}

/// True if a title has all words of another in their order, and more.
fn has_grown(old: &str, new: &str) -> bool {
    let [old, new] = [old, new].map(str::to_lowercase);
    let words = |title: &str| -> Vec<String> {
        let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(String::from).collect()
    };
    let (old, mut new) = (words(&old), words(&new).into_iter());
    !old.is_empty() && old.iter().all(|word| new.any(|other| other == *word))
}

/// Returns the changes between the facts of two texts in the words of a language.
pub fn fact_changes(old: &VersionFacts, new: &VersionFacts, language: &Language) -> FactChanges {
    // An imported text came without facts: that they were not written down says nothing about them.
    if !old.recorded {
        return FactChanges::default();
    }
    let [old, new] = [old, new].map(|facts| FactSet { organization: &facts.organization, registers: &facts.registers });
    facts(old, new, language)
}

#[cfg(test)]
mod tests {
    use super::has_grown;

    #[test]
    fn a_heading_that_only_grew_has_all_its_words_in_order() {
        assert!(has_grown("Data", "Data and logs"));
        assert!(has_grown("Your rights", "Your data protection rights"));
        assert!(!has_grown("Your rights", "Rights, and yours"));
        assert!(!has_grown("Data", "Database"));
        assert!(!has_grown("", "Data"));
    }
}
