//! An existing history → a document with its past on the ledger; never over anything.
//!
//! In: a folder of dated texts, the center. Out: [`Prepared`]: frozen files, ledger entries, and what was left out with the
//! reason. Must not know: a clock, where words are printed, how files reach the site.

mod convert;
mod front;
mod words;

#[cfg(test)]
mod tests;

pub use convert::{Converted, convert};

use crate::center::{Center, parse_date};
use crate::error::{Error, Result};
use crate::record::{Moment, RecordAct};
use crate::release::{self, DraftChange, Said, Sources};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a history comes from. Pages in HTML, plain texts and git histories will stand here, too.
#[derive(Clone, Debug)]
pub enum Source {
    /// Markdown files named by the day from which they applied: `2024-03-01.md`, `2024-03-01-2.md`.
    Dated(PathBuf),
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub source: Source,
    /// The document to be.
    pub document: String,
    /// Of the texts; the site's authoritative one if it is not said.
    pub language: Option<String>,
    /// Whether a text that says the same as the one before it becomes a version of its own.
    pub keep_unchanged: bool,
    /// Texts of later days are no history.
    pub today: Date,
}

/// Everything that an import will write, and what can be said about it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Ids of the versions, oldest first.
    pub versions: Vec<String>,
    /// Path of the draft, if there will be a new one.
    pub draft: Option<String>,
    pub language: String,
    /// What was left out, by file or as a whole, with the reason.
    pub skipped: Vec<(String, String)>,
    /// What was changed or dropped inside the texts: in words, with the number of texts.
    pub notes: Vec<(String, usize)>,
    /// What goes on the record.
    pub record: release::PreparedAct,
}

/// A text of the past.
struct Past {
    id: String,
    date: Date,
    name: String,
    text: String,
}

impl Request {
    pub fn prepare(&self, center: &Center, moment: &Moment) -> Result<Prepared> {
        self.is_possible(center)?;
        let mut skipped = Vec::new();
        let past = match &self.source {
            Source::Dated(folder) => dated(folder, self.today, &mut skipped)?,
        };
        let language = match &self.language {
            Some(tag) => {
                crate::words::Language::parse(tag).map(|language| language.tag().to_string()).ok_or_else(|| {
                    Error::refused(format!("`{tag}` is no language tag; write one such as `en` or `pt-BR`"))
                })?
            }
            None => center.settings.authoritative().tag().to_string(),
        };
        let converted: Vec<Converted> = past.par_iter().map(|past| convert(&past.text, &self.document)).collect();
        let mut kept: Vec<(&Past, &Converted)> = Vec::new();
        for (past, converted) in past.iter().zip(&converted) {
            match kept.last() {
                Some((before, same)) if !self.keep_unchanged && same.says == converted.says => {
                    skipped.push((past.name.clone(), format!("says the same to a reader as {}", before.name)));
                }
                _ => kept.push((past, converted)),
            }
        }
        let Some((_, latest)) = kept.last() else {
            return Err(Error::refused("no text is named by its day, such as 2024-03-01.md; nothing was imported"));
        };
        let versions = kept.iter().map(|(past, converted)| {
            let sources = [("policy.md".to_string(), converted.text.clone())];
            (Some(past.id.clone()), past.date, Sources::new(sources.into()))
        });
        let act = RecordAct::Import { document: self.document.clone(), versions: versions.collect() };
        let said = Said { language: Some(language.clone()), ..Said::default() };
        let request =
            release::ActRequest { act, said: [(self.document.clone(), said)].into(), clock_justification: None };
        let mut record = request.prepare(center, moment)?;
        let draft = format!("content/{}/policy.md", self.document);
        // The draft is in the site's first language.
        let begins = center.tree.get(&draft).is_none() && language == center.settings.authoritative().tag();
        if begins {
            let bytes = latest.text.clone().into_bytes();
            record.drafts.push(DraftChange { path: draft.clone(), old: None, bytes });
        }
        Ok(Prepared {
            versions: kept.iter().map(|(past, _)| past.id.clone()).collect(),
            draft: begins.then_some(draft),
            language,
            skipped,
            notes: notes(kept.iter().map(|(_, converted)| *converted)),
            record,
        })
    }

    /// A history is given to a document that has none.
    fn is_possible(&self, center: &Center) -> Result<()> {
        let slug = &self.document;
        let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if slug.is_empty() || !slug.chars().all(shape) {
            return Err(Error::refused(format!(
                "`{slug}` cannot be part of an address; name the document with lower-case letters, digits and hyphens"
            )));
        }
        let known = center.ledger.entries.iter().any(|entry| &entry.document == slug);
        if known || center.tree.below(&format!("content/{slug}/versions/")).next().is_some() {
            return Err(Error::refused(format!(
                "`{slug}` has a history already, and nothing is put before or over it; name another document with `--as`"
            )));
        }
        Ok(())
    }
}

/// The texts of a folder in order: by day, then by number.
fn dated(folder: &Path, today: Date, skipped: &mut Vec<(String, String)>) -> Result<Vec<Past>> {
    let failed = |error| Error::io("open the folder", folder, error);
    let mut found: BTreeMap<(Date, u32), (String, PathBuf)> = BTreeMap::new();
    let mut names: Vec<(String, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    names.sort();
    for (name, path) in names {
        let stem = name.strip_suffix(".md").or_else(|| name.strip_suffix(".markdown"));
        let Some((date, number)) = stem.and_then(day_and_number).filter(|_| path.is_file()) else {
            let reason =
                if path.is_dir() { "a folder" } else { "not named by a day, such as 2024-03-01.md or 2024-03-01-2.md" };
            skipped.push((name, reason.to_string()));
            continue;
        };
        if date > today {
            skipped.push((name, format!("{date} is still to come; write it as a draft and release it")));
            continue;
        }
        if let Some((other, _)) = found.get(&(date, number)) {
            return Err(Error::refused(format!(
                "`{other}` and `{name}` are named alike; number them: {date}-1.md, {date}-2.md"
            )));
        }
        found.insert((date, number), (name, path));
    }
    found
        .into_iter()
        .map(|((date, number), (name, path))| {
            let bytes = std::fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
            let text = String::from_utf8(bytes).map_err(|_| {
                Error::refused(format!("`{}` is not UTF-8; save it as UTF-8, so that no word is lost", path.display()))
            })?;
            let id = if number == 0 { date.to_string() } else { format!("{date}-{number}") };
            Ok(Past { id, date, name, text })
        })
        .collect()
}

/// `2024-03-01` → 0, `2024-03-01-2` → 2.
fn day_and_number(stem: &str) -> Option<(Date, u32)> {
    let date = parse_date(stem.get(..10)?)?;
    let number = match stem.get(10..)? {
        "" => 0,
        rest => {
            let digits = rest.strip_prefix('-')?;
            let whole =
                !digits.starts_with('0') && digits.len() < 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
            whole.then(|| digits.parse().ok()).flatten()?
        }
    };
    Some((date, number))
}

fn notes<'c>(converted: impl Iterator<Item = &'c Converted>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for note in converted.flat_map(|converted| &converted.notes) {
        *counts.entry(note).or_default() += 1;
    }
    counts.into_iter().map(|(note, count)| (note.to_string(), count)).collect()
}
