//! What a company already has → a draft, registers, and, if asked for, a document's past; never over anything.
//!
//! In: files or a history, the center. Out: [`Prepared`]: files and ledger entries to be written, and what can be said about
//! them. Must not know: a clock, where words are printed.
//!
//! Each format has a reader that makes a [`model::Manuscript`] of it: [`html`], [`docx`], [`plain`]; [`recognize`] finds
//! structure that was only typed, and [`write`] turns the result into Markdown. A text that is Markdown already is rewritten
//! in place ([`convert`], [`dialect`]), so that a history keeps its words. Tables become [`registers`] in a draft ([`draft`]).
//! [`past`] finds the texts of a history.

mod anchors;
mod audit;
mod bytes;
mod cells;
mod columns;
mod convert;
mod datatable;
mod dialect;
mod docx;
mod draft;
mod foreign_marks;
mod front;
mod git;
mod html;
mod lines;
mod locate;
mod model;
mod past;
mod plain;
mod reading;
mod recognize;
mod registers;
mod runs;
mod take_back;
mod title;
mod words;
mod write;

#[cfg(test)]
mod reader_tests;
#[cfg(test)]
mod tests;

pub use convert::{Converted, convert};
pub use draft::Draft;
pub use git::GitFile;
pub use locate::Source;
pub use model::Loss;
pub use reading::{guessed_document, language_of};
pub use take_back::{Receipt, recover, take_back, write_import};

use crate::center::Center;
use crate::check::prose::StatedDay;
use crate::error::{Error, Result};
use crate::record::{Moment, RecordAct};
use crate::release::{self, DraftChange, NewFile, Said, Sources};
use crate::source::Digest;
use bytes::Format;
use jiff::civil::Date;
use past::Past;
use rayon::prelude::*;
use reading::{Reading, read, read_bytes, single};
use registers::NewRegister;
use std::collections::BTreeMap;
use std::path::Path;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub source: Source,
    /// The document to be; guessed from the text if it is not said.
    pub document: Option<String>,
    /// Of the texts; the site's authoritative one if it is not said.
    pub language: Option<String>,
    /// True if the past goes onto the ledger.
    pub history: bool,
    /// True if a text that says the same as the one before it becomes a version of its own.
    pub keep_unchanged: bool,
    /// True if the days that texts state are left aside.
    pub file_days: bool,
    /// Texts of later days are no history.
    pub today: Date,
}

/// A version of the past, with what its text says about its day.
#[derive(Clone, Debug)]
pub struct PastVersion {
    pub id: String,
    pub name: String,
    pub published: Date,
    pub effective: Date,
    converted: Converted,
    /// Days that the text states and that differ from its file's.
    pub disagreement: Option<String>,
}

/// Everything that an import will write, and what can be said about it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The document, or the register if only rows were imported.
    pub document: String,
    pub language: String,
    /// What was read: the name of the file with its format and encoding.
    pub read: String,
    pub draft: Draft,
    /// Path of the draft, if there will be a new one.
    pub draft_path: Option<String>,
    /// Why there will be none.
    pub no_draft: Option<String>,
    /// Registers with the paths that they get.
    pub registers: Vec<(String, NewRegister)>,
    /// Starter texts that make room.
    pub starters: Vec<(String, &'static str)>,
    /// Older texts, oldest first: on the ledger if the past was asked for.
    pub past: Vec<PastVersion>,
    /// What was left out, by file or as a whole, with the reason.
    pub skipped: Vec<(String, String)>,
    /// What was changed or dropped inside the texts of the past: in words, with the number of texts.
    pub notes: Vec<(String, usize)>,
    pub files: Vec<NewFile>,
    /// What goes on the record, with the draft and the registers; none without `history`.
    pub act: Option<release::PreparedAct>,
}

impl Request {
    /// `moment` is needed for a past alone.
    pub fn prepare(&self, center: &Center, moment: Option<&Moment>) -> Result<Prepared> {
        if let Source::Rows(path) = &self.source {
            return self.rows(path, center);
        }
        let mut skipped = Vec::new();
        let zone = &center.settings.zone;
        let past = match &self.source {
            Source::File(path) => vec![single(path, self.today)?],
            Source::Dated(folder) => past::dated(folder, self.today, &mut skipped)?,
            Source::History(file) => past::of_file(file, zone, self.today, &mut skipped)?,
            Source::Rows(_) => Vec::new(),
        };
        let slug = self.document.clone().unwrap_or_else(|| {
            let name = past.last().map_or("", |past| past.name.as_str());
            guessed_document("", name.rsplit('/').next().unwrap_or(name))
        });
        let read: Vec<(Past, Result<Reading>)> = past
            .into_par_iter()
            .map(|past| {
                let reading = read(&past.name, &past.bytes, past.format, &slug);
                (past, reading)
            })
            .collect();
        let mut kept: Vec<(Past, Reading)> = Vec::new();
        let mut failed = None;
        for (past, reading) in read {
            match reading {
                Ok(reading) => match kept.last() {
                    Some((before, same)) if !self.keep_unchanged && same.converted.says == reading.converted.says => {
                        skipped.push((past.name.clone(), format!("says the same to a reader as {}", before.name)));
                    }
                    _ => kept.push((past, reading)),
                },
                // One bad file does not stop the others.
                Err(error) => {
                    skipped.push((past.name.clone(), error.to_string()));
                    failed = Some(error);
                }
            }
        }
        let Some((latest, reading)) = kept.last() else {
            return Err(match failed {
                Some(error) if matches!(self.source, Source::File(_)) => error,
                _ => {
                    let reasons: Vec<String> =
                        skipped.iter().take(12).map(|(name, reason)| format!("\n  {name}: {reason}")).collect();
                    Error::refused(format!("no text could be imported:{}", reasons.concat()))
                }
            });
        };
        let draft = draft::understand(&reading.converted, true);
        let stem = latest.name.rsplit('/').next().unwrap_or(&latest.name);
        let document = match &self.document {
            Some(slug) => slug.clone(),
            None => guessed_document(&draft.title, stem),
        };
        let language = self.language_of(center, &draft)?;
        let mut prepared = Prepared {
            read: format!("{stem}: {}", reading.how),
            draft_path: None,
            no_draft: None,
            registers: Vec::new(),
            starters: Vec::new(),
            past: Vec::new(),
            skipped,
            notes: Vec::new(),
            files: Vec::new(),
            act: None,
            document,
            language,
            draft,
        };
        let latest_text = reading.converted.text.clone();
        let single_text = matches!(self.source, Source::File(_));
        if !single_text {
            prepared.past = self.dated_versions(kept, &prepared.language);
            prepared.notes = notes(prepared.past.iter().map(|version| &version.converted));
        }
        is_slug(&prepared.document)?;
        let wants_past = self.history && !single_text;
        if wants_past {
            has_no_past(&prepared.document, center)?;
        }
        prepared.place_draft(center, latest_text, wants_past)?;
        if wants_past {
            prepared.write_past(center, moment)?;
        }
        Ok(prepared)
    }

    fn language_of(&self, center: &Center, _: &Draft) -> Result<String> {
        match &self.language {
            Some(tag) => {
                crate::words::Language::parse(tag).map(|language| language.tag().to_string()).ok_or_else(|| {
                    Error::refused(format!("`{tag}` is not a language tag; write one such as `en` or `pt-BR`"))
                })
            }
            None => Ok(center.settings.authoritative().tag().to_string()),
        }
    }

    /// Each text with the days on which it was published and took effect.
    fn dated_versions(&self, kept: Vec<(Past, Reading)>, language: &str) -> Vec<PastVersion> {
        let mut out: Vec<PastVersion> = Vec::new();
        let nexts: Vec<Option<Date>> = kept.iter().skip(1).map(|(past, _)| Some(past.date)).chain([None]).collect();
        let mut stated_before: Vec<StatedDay> = Vec::new();
        for ((past, reading), next) in kept.into_iter().zip(nexts) {
            let converted = reading.converted;
            let stated = draft::days(&converted, language, converted.says.prose());
            let own = stated.iter().find(|day| day.effective).or(stated.first()).cloned();
            let stale = own.as_ref().is_some_and(|day| stated_before.iter().any(|known| known.date == day.date));
            let mut version = PastVersion {
                id: past.id,
                name: past.name,
                published: past.date,
                effective: past.date,
                converted,
                disagreement: None,
            };
            if let Some(day) = own.filter(|day| day.date != past.date) {
                let after_last = out.last().is_none_or(|before| day.date > before.effective);
                let reason = if self.file_days {
                    Some("the file's day was asked for")
                } else if stale {
                    Some("an older text states the same day")
                } else if !day.effective {
                    Some("it does not say that the text takes effect then")
                } else if day.date > self.today || next.is_some_and(|next| day.date > next) {
                    Some("a later text was there by then")
                } else if !after_last {
                    Some("an older text was in force by then")
                } else {
                    None
                };
                let said = format!("the text says \"{}\", its file {}", day.words, past.date);
                if reason.is_none() {
                    version.effective = day.date;
                    version.published = version.published.min(day.date);
                }
                version.disagreement = Some(match reason {
                    None => format!("{said}; in force from {}", day.date),
                    Some(reason) => format!("{said}; the file's day stands: {reason}"),
                });
            }
            stated_before = stated;
            out.push(version);
        }
        out
    }

    /// Rows from a file of their own.
    fn rows(&self, path: &Path, center: &Center) -> Result<Prepared> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let format = bytes::format_of(&name).unwrap_or(Format::Csv);
        let bytes = read_bytes(path)?;
        bytes::sniff(&name, &bytes)?;
        let decoded = bytes::decode(&name, &bytes, format)?;
        let table = datatable::table(&name, &decoded.text, format)?;
        let stem = registers::id_of(name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem));
        let wanted = self.document.as_deref();
        let mut register = match table.register() {
            Some(register) if wanted.is_none_or(|wanted| wanted == register.name) => register,
            _ => table.free_register(wanted.unwrap_or(&stem)),
        };
        if let Some(wanted) = wanted {
            register.name = wanted.to_string();
        }
        let mut prepared = Prepared {
            document: register.name.clone(),
            language: center.settings.authoritative().tag().to_string(),
            read: format!(
                "{name}: {} {}{}",
                register.rows,
                if register.rows == 1 { "row" } else { "rows" },
                decoded.encoding.map(|encoding| format!(", {encoding}")).unwrap_or_default()
            ),
            draft: Draft::default(),
            draft_path: None,
            no_draft: Some("a table has no text".into()),
            registers: Vec::new(),
            starters: Vec::new(),
            past: Vec::new(),
            skipped: Vec::new(),
            notes: register.notes.iter().map(|note| (note.clone(), 1)).collect(),
            files: Vec::new(),
            act: None,
        };
        let path = format!("content/{}.toml", register.name);
        if !prepared.makes_room(center, &path) {
            return Err(Error::refused(format!(
                "`{path}` has rows already, and nothing is written over them; name another register with `--as`"
            )));
        }
        prepared.files.push(NewFile { path: path.clone(), bytes: register.text.clone().into_bytes() });
        prepared.registers.push((path, register));
        Ok(prepared)
    }
}

impl Prepared {
    /// True if nothing is at a path but what `init` has put there.
    fn makes_room(&mut self, center: &Center, path: &str) -> bool {
        match center.tree.kept(path) {
            None => center.tree.get(path).is_none(),
            Some(text) => {
                match crate::starter::FILES.iter().find(|(name, starter)| *name == path && *starter == text) {
                    Some((_, starter)) => {
                        self.starters.push((path.to_string(), starter));
                        true
                    }
                    None => false,
                }
            }
        }
    }

    fn place_draft(&mut self, center: &Center, frozen: String, past: bool) -> Result<()> {
        let authoritative = center.settings.authoritative().tag();
        let listed = center.settings.languages.iter().any(|known| known.tag() == self.language);
        let path = match self.language == authoritative {
            true => format!("content/{}/policy.md", self.document),
            false => format!("content/{}/policy.{}.md", self.document, self.language),
        };
        if self.language != authoritative && (past || !listed) {
            self.no_draft = Some(format!("a draft would be in `{authoritative}`, the site's first language"));
            if !past {
                return Err(Error::refused(format!(
                    "the site does not list `{}`: add it to `languages` in fineprint.toml",
                    self.language
                )));
            }
            return Ok(());
        }
        if !self.makes_room(center, &path) {
            if past {
                self.no_draft = Some(format!("`{path}` has a text of your own and is left as it is"));
                return Ok(());
            }
            return Err(Error::refused(format!(
                "`{path}` has a text of your own, and nothing is written over it; move it away, or name another document with `--as`"
            )));
        }
        // Registers belong to the text in the authoritative language.
        let mut text = self.draft.text.clone();
        if self.language != authoritative {
            (text, self.draft.registers) = (frozen, Vec::new());
        }
        let mut placed = Vec::new();
        for register in std::mem::take(&mut self.draft.registers) {
            let own = format!("content/{}/{}.toml", self.document, register.name);
            let shared = format!("content/{}.toml", register.name);
            let choices = if register.name == "processors" { [shared, own] } else { [own, shared] };
            match choices.into_iter().find(|path| self.makes_room(center, path)) {
                Some(path) => placed.push((path, register)),
                None => {
                    return Err(Error::refused(format!(
                        "the text has a table of {0}, and the site has `{0}.toml` already; move that away, or import the text under another name with `--as`",
                        register.name
                    )));
                }
            }
        }
        for (path, register) in &placed {
            self.files.push(NewFile { path: path.clone(), bytes: register.text.clone().into_bytes() });
        }
        self.registers = placed;
        self.files.push(NewFile { path: path.clone(), bytes: text.into_bytes() });
        self.draft_path = Some(path);
        Ok(())
    }

    /// The past as one act, with the draft and the registers beside it.
    fn write_past(&mut self, center: &Center, moment: Option<&Moment>) -> Result<()> {
        let moment = moment.ok_or_else(|| Error::refused("a past goes onto the record at a moment"))?;
        let versions = self.past.iter().map(|version| {
            let sources = [("policy.md".to_string(), version.converted.text.clone())];
            (Some(version.id.clone()), version.effective, Sources::new(sources.into()))
        });
        let act = RecordAct::Import { document: self.document.clone(), versions: versions.collect() };
        let said = Said { language: Some(self.language.clone()), ..Said::default() };
        let said = [(self.document.clone(), said)].into();
        let mut act = release::ActRequest { act, said, clock_justification: None }.prepare(center, moment)?;
        for file in &self.files {
            let starter = self.starters.iter().find(|(path, _)| *path == file.path);
            let old = starter.map(|(_, text)| Digest::of(text.as_bytes()));
            act.drafts.push(DraftChange { path: file.path.clone(), old, bytes: file.bytes.clone() });
        }
        self.act = Some(act);
        Ok(())
    }
}

fn is_slug(slug: &str) -> Result<()> {
    let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || !slug.chars().all(shape) {
        return Err(Error::refused(format!(
            "`{slug}` cannot be part of an address; name the document with lower-case letters, digits and hyphens"
        )));
    }
    Ok(())
}

/// A past is given to a document that has none.
fn has_no_past(slug: &str, center: &Center) -> Result<()> {
    let known = center.ledger.entries.iter().any(|entry| entry.document == slug);
    if known || center.tree.below(&format!("content/{slug}/versions/")).next().is_some() {
        return Err(Error::refused(format!(
            "`{slug}` has a history already, and nothing is put before or over it; name another document with `--as`"
        )));
    }
    Ok(())
}

fn notes<'c>(converted: impl Iterator<Item = &'c Converted>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for converted in converted {
        let mut own: Vec<&str> = converted.notes.iter().map(String::as_str).collect();
        own.extend(converted.losses.iter().map(|loss| loss.what.as_str()));
        own.sort_unstable();
        own.dedup();
        for note in own {
            *counts.entry(note).or_default() += 1;
        }
    }
    counts.into_iter().map(|(note, count)| (note.to_string(), count)).collect()
}
