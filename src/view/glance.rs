//! What a document says at a glance: its facts, a line for each kind, each with the section that says it in full.
//!
//! In: the facts beside a version, the source of its text. Out: lines in a reader's language. Must not know: pages. A kind of which
//! there are no facts has no line: nothing is made up.

use super::Views;
use crate::center::register::Value;
use crate::center::{Register, VersionFacts};
use crate::error::Result;
use crate::promise::facts::{items, row_name};
use crate::words::{self, Language};
use serde::Serialize;
use std::collections::BTreeMap;

/// More than this, and a line says how many more there are.
const NAMED: usize = 6;

/// A line of what a document says at a glance.
#[derive(Clone, Debug, Serialize)]
pub struct GlanceView {
    pub label: String,
    pub text: String,
    /// The section that says it in full.
    pub href: Option<String>,
}

impl Views<'_, '_> {
    pub fn glance(&self, language: usize, facts: &VersionFacts, source: &str) -> Result<Vec<GlanceView>> {
        let own = &self.plan.languages()[language];
        let places = sections(source);
        let register = |name: &str| facts.registers.get(name);
        let mut lines = Vec::new();
        let mut line = |key: &str, about: &str, named: Vec<String>| -> Result<()> {
            if named.is_empty() {
                return Ok(());
            }
            let mut text = words::list(own, &named[..named.len().min(NAMED)]);
            if named.len() > NAMED {
                let (shown, more) =
                    (named[..NAMED].join(&self.text(language, "outline-comma", &[])?), named.len() - NAMED);
                text = format!("{shown} {}", self.text(language, "glance-more", &[("n", &more.to_string())])?);
            }
            let href = places.get(about).map(|id| format!("#{id}"));
            lines.push(GlanceView { label: self.text(language, key, &[])?, text, href });
            Ok(())
        };
        let data = register("purposes").map(|register| column(register, "data", own));
        line(
            "glance-data",
            "purposes",
            data.filter(|data| !data.is_empty())
                .unwrap_or_else(|| register("retention").map(|register| names(register, own)).unwrap_or_default()),
        )?;
        line("glance-purposes", "purposes", register("purposes").map(|it| names(it, own)).unwrap_or_default())?;
        line("glance-recipients", "processors", register("processors").map(|it| names(it, own)).unwrap_or_default())?;
        let countries = register("processors").map(|register| column(register, "location", own));
        line("glance-countries", "processors", countries.unwrap_or_default())?;
        line("glance-retention", "retention", register("retention").map(|it| kept(it, own)).unwrap_or_default())?;
        line("glance-rights", "rights", register("rights").map(|it| names(it, own)).unwrap_or_default())?;
        let contacts = super::announcement::contact(&facts.organization);
        line("glance-contact", "organization", contacts.map(|(_, email)| email.to_string()).into_iter().collect())?;
        Ok(lines)
    }
}

fn names(register: &Register, language: &Language) -> Vec<String> {
    register.rows.iter().map(|row| row_name(register, row, language)).collect()
}

/// `Sign-in log: 180 days`, for each row.
fn kept(register: &Register, language: &Language) -> Vec<String> {
    let rows = register.rows.iter();
    rows.filter_map(|row| {
        let keep = register.words(language, "keep", row.value("keep")?);
        Some(format!("{}: {keep}", row_name(register, row, language)))
    })
    .collect()
}

/// Every different value of a column of lists, in the order in which they first occur.
fn column(register: &Register, field: &str, language: &Language) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in register.rows.iter().filter_map(|row| row.value(field)) {
        for item in values(register, field, value, language) {
            if !found.contains(&item) {
                found.push(item);
            }
        }
    }
    found
}

/// The members of a list; of places the countries alone.
pub(super) fn values(register: &Register, field: &str, value: &Value, language: &Language) -> Vec<String> {
    match value {
        Value::Places(places) => places.iter().map(|place| place.region(language)).collect(),
        _ => items(register, field, value, language).unwrap_or_else(|| {
            vec![register.words(language, field, value)].into_iter().filter(|it| !it.is_empty()).collect()
        }),
    }
}

/// By register, and `organization`: the section whose source places it, or else first looks up a fact of it.
fn sections(source: &str) -> BTreeMap<String, String> {
    let (mut placed, mut named) = (BTreeMap::new(), BTreeMap::new());
    let mut section = None;
    for line in source.lines() {
        if line.starts_with('#') {
            section = line.rsplit_once("{#").and_then(|(_, rest)| Some(rest.split_once(['}', ' '])?.0.to_string()));
        }
        let Some(id) = &section else { continue };
        if let Some(name) =
            line.trim_start().strip_prefix(":::register ").and_then(|rest| rest.split_whitespace().next())
        {
            placed.entry(name.to_string()).or_insert_with(|| id.clone());
        }
        for expression in line.split("{{").skip(1) {
            let path: String = expression
                .trim_start()
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            named.entry(path).or_insert_with(|| id.clone());
        }
    }
    named.extend(placed);
    named
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn a_register_is_in_the_section_that_places_it() {
        let source = "Intro {{ retention.a.keep }}\n\n## Data {#data}\n\n{{ retention.a.keep }}\n\n## Kept {#kept aliases=\"old\"}\n\n:::register retention\n:::\n\n## Ask {#ask}\n\n{{ organization.contacts.privacy }}\n";
        let found = sections(source);
        assert_eq!(found["retention"], "kept");
        assert_eq!(found["organization"], "ask");
    }
}
