//! Existing policies → a draft, registers and, on request, a version history. Existing files are never overwritten.
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
mod convert;
mod datatable;
mod dialect;
mod docx;
mod draft;
mod front;
mod git;
mod html;
mod model;
mod past;
mod plain;
mod recognize;
mod registers;
mod take_back;
mod words;
mod write;

#[cfg(test)]
mod reader_tests;
#[cfg(test)]
mod tests;

pub use convert::{Converted, convert};
pub use draft::Draft;
pub use git::GitFile;
pub use model::Loss;
pub use take_back::{Receipt, make_room, take_back};

use crate::center::Center;
use crate::check::prose::StatedDay;
use crate::error::{Error, Result};
use crate::release::entry::{self, ReleaseEntry};
use crate::release::{NewFile, last_digest, ledger_text};
use crate::source::Digest;
use bytes::Format;
use jiff::civil::Date;
use past::Past;
use rayon::prelude::*;
use registers::NewRegister;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a document comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// One text.
    File(PathBuf),
    /// Rows for a register: CSV, JSON, YAML.
    Rows(PathBuf),
    /// Texts named by the day from which they applied: `2024-03-01.md`, `2024-03-01-2.md`.
    Dated(PathBuf),
    /// Contents of a file in each commit.
    History(GitFile),
}

impl Source {
    /// Reads the sources at a path. With `history`, it also reads a file's past from Git.
    pub fn find(path: &Path, history: bool) -> Result<Source> {
        if path.is_dir() {
            if past::is_dated(path) {
                return Ok(Source::Dated(path.to_path_buf()));
            }
            return only_file(path, history);
        }
        if !path.exists() {
            // `policies.git:privacy.md` names a file in a bare repository.
            let typed = path.to_string_lossy();
            if let Some((repository, inside)) =
                typed.rsplit_once(':').filter(|(repository, _)| Path::new(repository).is_dir())
            {
                let file = GitFile { folder: repository.into(), path: inside.into() };
                if git::is_tracked(&file) {
                    return Ok(Source::History(file));
                }
                return Err(Error::refused(format!("the repository `{repository}` has no file `{inside}`")));
            }
            return Err(Error::refused(format!("there is no file or folder `{}`", path.display())));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if matches!(bytes::format_of(&name), Some(Format::Csv | Format::Json | Format::Yaml)) {
            return Ok(Source::Rows(path.to_path_buf()));
        }
        if !history {
            return Ok(Source::File(path.to_path_buf()));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = GitFile { folder: folder.to_path_buf(), path: name };
        match git::is_tracked(&file) {
            true => Ok(Source::History(file)),
            false => Err(Error::refused(format!(
                "`{}` is not in a git repository, so it has no history to import; leave out `--history`, or name a folder of dated texts",
                path.display()
            ))),
        }
    }
}

/// The one text of a folder, or why there is none to choose.
fn only_file(folder: &Path, history: bool) -> Result<Source> {
    let names = past::dated_names(folder)?;
    let texts: Vec<&(String, PathBuf)> = names
        .iter()
        .filter(|(name, path)| {
            path.is_file()
                && !name.starts_with('.')
                && matches!(
                    bytes::format_of(name),
                    Some(Format::Markdown | Format::Html | Format::Plain | Format::Word)
                )
        })
        .collect();
    let show = folder.display();
    match &texts[..] {
        [(_, path)] => Source::find(path, history),
        [] => {
            let reasons: Vec<String> = names
                .iter()
                .take(5)
                .map(|(name, path)| {
                    format!(
                        "`{name}` is {}",
                        if path.is_dir() { "a folder" } else { "of a kind that cannot be imported" }
                    )
                })
                .collect();
            let why = if reasons.is_empty() { "it is empty".to_string() } else { reasons.join(", ") };
            Err(Error::refused(format!(
                "there is no text in `{show}`: {why}; name a file in Markdown, HTML, plain text or Word"
            )))
        }
        several => {
            let listed: Vec<&str> = several.iter().take(8).map(|(name, _)| name.as_str()).collect();
            Err(Error::refused(format!(
                "`{show}` holds several texts, none with a day in its name ({}); name one of them, or put the day into each name, such as 2024-03-01.md",
                listed.join(", ")
            )))
        }
    }
}

/// A request to import.
#[derive(Clone, Debug)]
pub struct Request {
    pub source: Source,
    /// The document to be; guessed from the text if it is not said.
    pub document: Option<String>,
    /// Language of the texts; by default the site's authoritative language.
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
    /// Sources that were read: each file's name with its format and encoding.
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
    /// Parts that were left out, by file or as a whole, with the reason.
    pub skipped: Vec<(String, String)>,
    /// Changes inside the past texts, in words, with the number of texts.
    pub notes: Vec<(String, usize)>,
    pub files: Vec<NewFile>,
    /// The ledger's new text, if it gets entries.
    pub ledger: Option<(String, Digest)>,
}

/// A text that was read.
struct Reading {
    converted: Converted,
    how: String,
}

impl Request {
    pub fn prepare(&self, center: &Center) -> Result<Prepared> {
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
            ledger: None,
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
            prepared.write_past(center)?;
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
                "{name}: {} rows{}",
                register.rows,
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
            ledger: None,
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

    fn write_past(&mut self, center: &Center) -> Result<()> {
        let mut entries = Vec::new();
        let mut last = last_digest(center);
        for version in &self.past {
            let bytes = version.converted.text.clone().into_bytes();
            let (text, digest) = ReleaseEntry {
                imported: true,
                document: &self.document,
                version: &version.id,
                language: &self.language,
                published: version.published,
                effective: version.effective,
                significance: None,
                summary: None,
                exemption: None,
                signals: Vec::new(),
                because: None,
                anchors: &version.converted.anchors,
                files: [("policy.md", Digest::of(&bytes))].into_iter().collect(),
                text: [(self.language.as_str(), version.converted.resolved)].into_iter().collect(),
            }
            .write(last);
            entries.push(text);
            last = digest;
            self.files
                .push(NewFile { path: format!("content/{}/versions/{}/policy.md", self.document, version.id), bytes });
        }
        self.ledger = Some((entry::append(&ledger_text(center)?, &entries), last));
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

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let size = path.metadata().map_err(|error| Error::io("read", path, error))?.len();
    if size > bytes::MAX_BYTES {
        return Err(Error::refused(format!(
            "`{}` has {} MB, which no policy has; import the text alone",
            path.display(),
            size / 1_000_000
        )));
    }
    std::fs::read(path).map_err(|error| Error::io("read", path, error))
}

fn single(path: &Path, today: Date) -> Result<Past> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = bytes::format_of(&name).unwrap_or(Format::Plain);
    Ok(Past { id: today.to_string(), date: today, bytes: read_bytes(path)?, name, format })
}

/// Reads a text in whatever format and encoding it is.
fn read(name: &str, bytes: &[u8], named: Format, slug: &str) -> Result<Reading> {
    let sniffed = bytes::sniff(name, bytes)?;
    // What git calls a name may say less than the path that was asked for.
    let format = if sniffed == Format::Plain { named } else { sniffed };
    if format == Format::Word {
        let manuscript = docx::manuscript(name, bytes)?;
        let converted = convert::from_manuscript(manuscript, slug);
        has_words(name, &converted, format)?;
        return Ok(Reading { converted, how: "Word".into() });
    }
    let decoded = bytes::decode(name, bytes, format)?;
    let (converted, how) = match format {
        Format::Html => (convert::from_manuscript(html::manuscript(&decoded.text), slug), "HTML"),
        Format::Markdown => (convert(&decoded.text, slug), "Markdown"),
        _ => (convert::from_manuscript(plain::manuscript(&decoded.text), slug), "plain text"),
    };
    has_words(name, &converted, format)?;
    let how = match decoded.encoding {
        Some(encoding) => format!("{how} in {encoding}"),
        None => how.to_string(),
    };
    Ok(Reading { converted, how })
}

/// A page that scripts fill has no words of its own.
fn has_words(name: &str, converted: &Converted, format: Format) -> Result<()> {
    let words = converted.says.prose().split_whitespace().count();
    if format == Format::Html && words < 5 {
        return Err(Error::refused(format!(
            "`{name}` has next to no words: scripts may have to fill the page first; open it in a browser, save it as a complete page or copy its text, and import that"
        )));
    }
    if words == 0 {
        return Err(Error::refused(format!("`{name}` has no words; nothing was imported")));
    }
    Ok(())
}

/// The document that a title, or else a file's name, is about.
pub fn guessed_document(title: &str, name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    for words in [title.to_lowercase(), stem.to_lowercase().replace(['-', '_'], " ")] {
        let has = |marks: &[&str]| marks.iter().any(|mark| words.contains(mark));
        if has(&["subprocessor", "sub-processor", "sub processor", "unterauftrag", "subencargad", "sous-traitant"]) {
            return "subprocessors".into();
        }
        if has(&["data processing a", "processing addendum", "auftragsverarbeitung"]) {
            return "dpa".into();
        }
        if has(&["cookie"]) && !has(&["privacy"]) {
            return "cookies".into();
        }
        if has(&[
            "privacy",
            "datenschutz",
            "privacidad",
            "confidentialité",
            "vie privée",
            "données personnelles",
            "protección de datos",
        ]) {
            return "privacy".into();
        }
        if has(&["acceptable use"]) {
            return "acceptable-use".into();
        }
        if has(&[
            "terms",
            "conditions",
            "agb",
            "geschäftsbedingungen",
            "nutzungsbedingungen",
            "condiciones",
            "conditions générales",
        ]) {
            return "terms".into();
        }
    }
    let slug: String = registers::id_of(stem).replace('_', "-");
    if slug == "row" || slug == "index" || past::day_of(stem).is_some() { "privacy".into() } else { slug }
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

/// The language of a source, as it says or by its words, as the tag of a language without a region.
pub fn language_of(path: &Path, history: bool) -> Result<Option<String>> {
    let today = Date::MAX;
    let past = match Source::find(path, history)? {
        Source::File(path) => vec![single(&path, today)?],
        Source::Dated(folder) => past::dated(&folder, today, &mut Vec::new())?,
        Source::History(file) => past::of_file(&file, &jiff::tz::TimeZone::UTC, today, &mut Vec::new())?,
        Source::Rows(_) => Vec::new(),
    };
    let Some(latest) = past.last() else { return Ok(None) };
    let reading = read(&latest.name, &latest.bytes, latest.format, "")?;
    let draft = draft::understand(&reading.converted, false);
    Ok(draft.language.map(|(tag, _)| tag.split('-').next().unwrap_or(&tag).to_string()))
}

/// Writes files where none are; takes back what it wrote if one cannot be written.
pub fn write_new(site: &Path, files: &[NewFile]) -> Result<()> {
    use std::io::Write;
    for file in files {
        let full = site.join(&file.path);
        let parent = full.parent().unwrap_or(site);
        std::fs::create_dir_all(parent).map_err(|error| Error::io("create the folder", parent, error))?;
        let mut open = std::fs::File::create_new(&full).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Error::refused(format!("`{}` is already there; nothing of yours is overwritten", file.path))
            }
            _ => Error::io("create", &full, error),
        })?;
        open.write_all(&file.bytes).map_err(|error| Error::io("write", &full, error))?;
    }
    Ok(())
}
