//! The steps that every act on the record shares: take the lock, read the clock, prepare, look at the result, commit.
//!
//! In: a site and a request. Out: the act on the record, or nothing. The instant is the clock's: no flag and no variable of the
//! environment moves it. Must not know: what the act is.

use super::{Outcome, Site, read_site_on, report};
use crate::center::{Act, Center, Significance, Text};
use crate::check::Depth;
use crate::check::record::is_broken;
use crate::cli::Recording;
use crate::command::console::eprintln;
use crate::compiler::Compiler;
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::record::{Moment, day_of};
use crate::release::{ActRequest, FaultInjectingFs, LedgerTransaction, PreparedAct};
use crate::source::SourceTree;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The instant of an act, in whole seconds.
pub fn clock() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// How an act is announced to others and to the person at the terminal.
pub struct Verb<'a> {
    /// The command, such as `release privacy`.
    pub command: &'a str,
    /// The participle for a refusal, such as `released`.
    pub done: &'a str,
    /// Errors in drafts stop it, too, and not only errors in the record.
    pub needs_drafts: bool,
}

/// Performs an act and returns what was done; none if findings stopped it.
pub fn perform(
    site_folder: &Path,
    verb: &Verb<'_>,
    recording: &Recording,
    request: impl FnOnce(&Site, Date) -> Result<ActRequest>,
) -> Result<Option<(PreparedAct, Site)>> {
    perform_prepared(site_folder, verb, recording, |site, moment, today| {
        let mut request = request(site, today)?;
        let words = recording.clock_justification.as_ref();
        request.clock_justification = words.map(|words| authoritative(&site.center, words));
        request.prepare(&site.center, moment)
    })
}

/// Performs an act that is prepared elsewhere.
pub fn perform_prepared(
    site_folder: &Path,
    verb: &Verb<'_>,
    recording: &Recording,
    prepare: impl FnOnce(&Site, &Moment, Date) -> Result<PreparedAct>,
) -> Result<Option<(PreparedAct, Site)>> {
    let disk = FaultInjectingFs::default();
    let who = format!("`fineprint {}` (process {})", verb.command, std::process::id());
    // Read under the lock: what is decided upon is what is there.
    let transaction = if recording.dry_run { None } else { Some(LedgerTransaction::open(site_folder, &who, &disk)?) };
    say_taken_back(transaction.as_ref());
    let now = clock();
    let mut site = read_site_on(site_folder, |settings| day_of(now, &settings.zone))?;
    if !verb.needs_drafts {
        site.findings.retain(is_broken);
    }
    if crate::diagnostic::stops(&site.findings) {
        report(&site.findings, &site.center);
        eprintln!("Nothing was {}.", verb.done);
        return Ok(None);
    }
    let settings = &site.center.settings;
    let moment = Moment {
        now,
        zone: settings.zone.clone(),
        reckoning: settings.reckoning.clone(),
        trace: crate::source::last_commit_of(site_folder, crate::center::ledger::PATH),
        clock_justified: recording.clock_justification.is_some(),
        confirmed: recording.confirm,
    };
    let today = day_of(now, &settings.zone);
    let mut prepared = prepare(&site, &moment, today)?;
    freeze_announcements(&site.center, &mut prepared)?;
    let broken = broken_by(&site.center, &prepared, today);
    if !broken.is_empty() {
        report(&broken, &site.center);
        eprintln!("Nothing was {}: the record would not be whole afterwards.", verb.done);
        return Ok(None);
    }
    if let Some(transaction) = transaction {
        transaction.commit(&prepared.files, &prepared.drafts, &prepared.ledger, prepared.last)?;
    }
    Ok(Some((prepared, site)))
}

/// Freezes the announcement of each version that people are told about ahead of its effect, or of a material change, in the words
/// that the site has on the day of its publication.
pub fn freeze_announcements(center: &Center, prepared: &mut PreparedAct) -> Result<()> {
    let told = prepared.entries.iter().enumerate().filter_map(|(index, entry)| match &entry.act {
        Act::Release(release) if !release.imported => {
            let told = release.effective > release.published || release.significance == Some(Significance::Material);
            told.then(|| (index, entry.document.clone(), entry.version.clone(), release.published))
        }
        _ => None,
    });
    let told: Vec<(usize, String, String, Date)> = told.collect();
    for (index, document, version, published) in told {
        let mut findings = Vec::new();
        let compiler = Compiler::default();
        let site = compiler.compile(tree_after(center, prepared), |_| published, Depth::Drafts, &mut findings);
        match compiler.announcement_files(&site, &document, &version, &mut findings)? {
            Some(files) => prepared.add_files(center, index, files)?,
            None => {
                report(&findings, &site.center);
                return Err(Error::refused(format!(
                    "the announcement of {document} {version} cannot be written because of the errors above; nothing was recorded"
                )));
            }
        }
    }
    Ok(())
}

/// The site as it would be after an act.
fn tree_after(center: &Center, prepared: &PreparedAct) -> SourceTree {
    let mut tree = center.tree.clone();
    for file in &prepared.files {
        // Frozen files are texts; what is not can break nothing that is looked at here.
        if let Ok(text) = String::from_utf8(file.bytes.clone()) {
            tree.put(&file.path, text);
        }
    }
    for entry in &prepared.entries {
        if let Act::Rename { name } = &entry.act {
            tree.rename_folder(&format!("content/{}/", entry.document), &format!("content/{name}/"));
        }
    }
    tree.put(crate::center::ledger::PATH, prepared.ledger.clone());
    tree
}

/// Returns the findings that the act would cause: the site is read again as it would be.
fn broken_by(center: &Center, prepared: &PreparedAct, today: Date) -> Vec<Diagnostic> {
    broken(tree_after(center, prepared), today).0
}

/// Findings about the record of a site, with the site.
pub fn broken(tree: SourceTree, today: Date) -> (Vec<Diagnostic>, Arc<Center>) {
    let mut findings = Vec::new();
    let site = Compiler::default().compile(tree, |_| today, Depth::Drafts, &mut findings);
    findings.retain(is_broken);
    (findings, site.center)
}

pub fn say_taken_back(transaction: Option<&LedgerTransaction>) {
    let Some(transaction) = transaction.filter(|transaction| !transaction.taken_back.is_empty()) else { return };
    eprintln!("Took back what an interrupted run had left:");
    for path in &transaction.taken_back {
        eprintln!("  {path}");
    }
}

/// Words in the site's first language.
pub fn authoritative(center: &Center, words: &str) -> Text {
    Text::ByLanguage([(center.settings.authoritative().tag().to_string(), words.to_string())].into())
}

/// Words typed as `[DOCUMENT:][LANG=]TEXT`, for each of the documents: those for all, and over them those for one.
pub fn words(center: &Center, documents: &[String], typed: &[String]) -> Result<BTreeMap<String, Text>> {
    let mut out: BTreeMap<String, Text> = BTreeMap::new();
    let mut by: BTreeMap<(Option<&str>, String), &str> = BTreeMap::new();
    for typed in typed {
        let (document, rest) = match typed.split_once(':') {
            Some((name, rest)) if documents.iter().any(|document| document == name) => (Some(name), rest),
            _ => (None, typed.as_str()),
        };
        let (language, text) = language_and_text(center, rest)?;
        if by.insert((document, language.clone()), text).is_some() {
            return Err(Error::refused(format!("there are two texts in `{language}`; give each once")));
        }
    }
    let first = center.settings.authoritative().tag();
    for document in documents {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for own in [None, Some(document.as_str())] {
            let of = by.iter().filter(|((name, _), _)| *name == own);
            texts.extend(of.map(|((_, language), text)| (language.clone(), text.to_string())));
        }
        if texts.is_empty() {
            continue;
        }
        if !texts.contains_key(first) {
            return Err(Error::refused(format!(
                "there is no text in `{first}`, the site's first language, which the others translate"
            )));
        }
        out.insert(document.clone(), Text::ByLanguage(texts));
    }
    Ok(out)
}

/// `es=Texto` → its language and text; without a language it is the site's first.
fn language_and_text<'t>(center: &Center, typed: &'t str) -> Result<(String, &'t str)> {
    let listed = |tag: &str| center.settings.languages.iter().any(|language| language.tag() == tag);
    if let Some((tag, text)) = typed.split_once('=') {
        if listed(tag) {
            return Ok((tag.to_string(), text));
        }
        let looks_like_one = (2..=11).contains(&tag.len())
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && crate::words::Language::parse(tag).is_some();
        if looks_like_one {
            return Err(Error::refused(format!(
                "the site does not list `{tag}`; add it to `languages` in fineprint.toml, or leave its words out"
            )));
        }
    }
    Ok((center.settings.authoritative().tag().to_string(), typed))
}

pub fn finished(done: bool) -> Outcome {
    match done {
        true => Outcome::Done,
        false => Outcome::Findings,
    }
}
