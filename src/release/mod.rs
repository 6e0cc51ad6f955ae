//! Acts on the record: a decision → frozen files and ledger entries, all or nothing.
//!
//! In: the center, an act, the instant at which it happens, and the words that go on the record with it. Out: [`PreparedAct`], which
//! says what will happen and is then committed by [`LedgerTransaction`]. The rules are those of [`crate::record`]; here they meet
//! files. Must not know: a clock, where words are printed, how signals are found.

pub mod entry;
pub mod frozen;
pub mod merge;
mod outcome;
pub mod sources;
mod statutory;
pub mod transaction;

#[cfg(test)]
mod tests;

pub use frozen::anchors;
pub use outcome::{ActOutcome, Promised, window};
pub use sources::Sources;
pub use transaction::{DraftChange, FaultInjectingFs, Interrupted, LedgerTransaction, NewFile, interrupted};

use crate::center::ledger::{self, Correction, Digests, Exemption, PATH, Release, Retirement, Translation};
use crate::center::{Center, Document, Text, chain, history};
use crate::error::{Error, Result};
use crate::plan::address;
use crate::promise::signals::is_material;
use crate::record::{Moment, Record, RecordAct, RecordEvent, RecordVersion, Refusal, Significance, day_of};
use crate::source::Digest;
use frozen::{Frozen, draft_paths, draft_sources, version_sources};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A sign, computed from facts, that a change may be material. Finding none proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Goes on the record, such as `processor-added`.
    pub code: String,
    /// Shown to the person who releases.
    pub sentence: String,
}

/// Words that go on the record with an act on a document.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub summary: Option<Text>,
    /// Why a change is exempt from its notice.
    pub exemption_reason: Option<Text>,
    /// Why a version is withdrawn or corrected, or a document ends.
    pub reason: Option<Text>,
    /// Why a change with signs of a material one is released as less.
    pub justification: Option<Text>,
    pub signals: Vec<Signal>,
    /// The document that has the place of one that ends.
    pub successor: Option<String>,
    /// The language of the texts, where it is not the site's first: an imported past may be in another.
    pub language: Option<String>,
}

/// An act with everything that is said about it.
#[derive(Clone, Debug)]
pub struct ActRequest {
    pub act: RecordAct<Sources>,
    /// By the names of the documents in the act.
    pub said: BTreeMap<String, Said>,
    pub clock_justification: Option<Text>,
}

/// Everything that an act will write, and what can be said about it.
#[derive(Clone, Debug)]
pub struct PreparedAct {
    pub outcomes: Vec<ActOutcome>,
    pub entries: Vec<ledger::Entry>,
    pub files: Vec<NewFile>,
    pub drafts: Vec<DraftChange>,
    /// What the person should know about the draft.
    pub notes: Vec<String>,
    /// The ledger as it will be.
    pub ledger: String,
    /// Digest of its last entry.
    pub last: Digest,
    pub recorded: Timestamp,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::refused(refusal.message)
    }
}

impl ActRequest {
    /// Checks the act against the record and makes everything that will be written.
    pub fn prepare(&self, center: &Center, moment: &Moment) -> Result<PreparedAct> {
        self.says_enough()?;
        let documents = documents_of(&self.act);
        let before = record(center, &documents)?;
        let act = statutory::proposed(&self.act, center, &before, moment)?;
        let after = before.act(moment, &act)?;
        let new = &after.entries[before.entries.len()..];
        let parts = u32::try_from(new.len()).unwrap_or(u32::MAX);
        let mut prepared = PreparedAct {
            outcomes: Vec::new(),
            entries: Vec::new(),
            files: Vec::new(),
            drafts: Vec::new(),
            notes: Vec::new(),
            ledger: String::new(),
            last: chain::START,
            recorded: new.first().map_or(moment.now, |entry| entry.recorded),
        };
        for (part, entry) in (1..).zip(new) {
            let life = &after.lives[&entry.document];
            let name = match &entry.event {
                // The entry that renames a document is the last under its old name.
                RecordEvent::Rename(_) => before.lives[&entry.document].name().to_string(),
                _ => life.name().to_string(),
            };
            let said = life.names.iter().find_map(|(name, _)| self.said.get(name)).cloned().unwrap_or_default();
            let known = center.document(&name);
            let (version, act) = match &entry.event {
                RecordEvent::Version(version) => {
                    let announced = life.version(&version.id).map_or(version.published, RecordVersion::notice_from);
                    let release = self.freeze(center, known, &name, version, announced, &said, &mut prepared)?;
                    (version.id.clone(), ledger::Act::Release(Box::new(release)))
                }
                RecordEvent::Withdraw(id) => (id.clone(), ledger::Act::Withdraw { reason: said.reason.clone() }),
                RecordEvent::Correct(correction) => {
                    let (significance, summary) = (correction.significance, said.summary.clone());
                    let correction_act = Correction { significance, summary, reason: said.reason.clone() };
                    (correction.version.clone(), ledger::Act::Correct(Box::new(correction_act)))
                }
                RecordEvent::Rename(name) => (String::new(), ledger::Act::Rename { name: name.clone() }),
                RecordEvent::Retire(end) => {
                    let end = end.as_ref().map(|end| {
                        Box::new(Retirement {
                            on: end.on,
                            zone: end.zone.clone(),
                            zone_name: zone_name(&end.zone),
                            reason: said.reason.clone(),
                            exemption: exemption(end.exemption, said.exemption_reason.as_ref()),
                            successor: said.successor.clone(),
                        })
                    });
                    (String::new(), ledger::Act::Retire(end))
                }
                RecordEvent::Translate { version, language } => {
                    let translation = translate(center, known, &name, version, language, &mut prepared)?;
                    (version.clone(), ledger::Act::Translate(Box::new(translation)))
                }
            };
            let (clock_justification, recorded) = (self.clock_justification.clone(), entry.recorded);
            prepared.entries.push(ledger::Entry {
                span: 0..0,
                number: entry.act,
                part: (part, parts),
                document: name.clone(),
                version,
                recorded,
                clock_justification,
                act,
                previous: None,
                digest: None,
                actual: Digest::ZERO,
            });
            let statutory = statutory::day(center, &name, &entry.event);
            prepared.outcomes.push(ActOutcome::of(&entry.event, life, &name, recorded, said.signals, statutory));
        }
        take_back_drafts(center, &before, &after, &mut prepared)?;
        prepared.seal(center)?;
        Ok(prepared)
    }

    /// What is published with its words has words.
    fn says_enough(&self) -> Result<()> {
        let (releases, significances): (Vec<&str>, Vec<Option<Significance>>) = match &self.act {
            RecordAct::Release(release) => (vec![&release.document], vec![release.significance]),
            RecordAct::Together { releases, .. } => {
                releases.iter().map(|release| (release.document.as_str(), release.significance)).unzip()
            }
            RecordAct::Withdraw { document, .. } | RecordAct::Retire { document, .. } => {
                let said = self.said.get(document).and_then(|said| said.reason.as_ref());
                return match said.is_none_or(Text::is_empty) {
                    true => Err(Error::refused("the reason is published with it; add `--reason \"…\"`")),
                    false => Ok(()),
                };
            }
            _ => return Ok(()),
        };
        for (name, significance) in releases.into_iter().zip(significances) {
            let said = self.said.get(name).cloned().unwrap_or_default();
            said.suits(name, significance)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn freeze(
        &self,
        center: &Center,
        document: Option<&Document>,
        name: &str,
        version: &RecordVersion<Sources>,
        notice_from: jiff::civil::Date,
        said: &Said,
        prepared: &mut PreparedAct,
    ) -> Result<Release> {
        let amended = version.amends.as_deref().and_then(|id| document?.version(id));
        let recorded = version.amends.as_deref().and_then(|id| {
            let releases = center.ledger.releases(name);
            releases.filter(|(entry, _)| entry.version == id).map(|(_, release)| release).last()
        });
        // Words frozen again around the same change keep what was said about it.
        let own = version.amends.is_none() || version.amendment.is_some();
        let language = match recorded.filter(|_| !own) {
            Some(release) => release.language.clone(),
            None => said.language.clone().unwrap_or_else(|| center.settings.authoritative().tag().to_string()),
        };
        let frozen = Frozen::of(name, &version.text, &language, version.effective)?;
        let base = version.base.as_deref().and_then(|id| document?.version(id)).filter(|_| own);
        if version.significance == Some(Significance::Editorial)
            && let Some(base) = base
        {
            let dropped = base.texts.keys().find(|tag| !frozen.text.contains_key(*tag));
            if dropped.is_some() || base.language != language {
                let what = match dropped {
                    Some(tag) => format!("has no text in `{tag}` any more, which {} has", base.id),
                    None => format!("is authoritative in `{language}`, and {} in `{}`", base.id, base.language),
                };
                return Err(Error::refused(format!(
                    "`{name}` {what}; that is more than spelling and style: release it with `--minor` or `--material`"
                )));
            }
        }
        let mut signals: Vec<String> = recorded.map(|release| release.signals.clone()).unwrap_or_default();
        if own {
            let codes = said.concerning(version.significance).map(|signal| signal.code.clone());
            for code in codes.collect::<Vec<_>>() {
                if !signals.contains(&code) {
                    signals.push(code);
                }
            }
        }
        let summary =
            said.summary.clone().filter(|_| own).or_else(|| amended.and_then(|amended| amended.summary.clone()));
        let justification =
            said.justification.clone().filter(|_| own).or_else(|| recorded.and_then(|old| old.justification.clone()));
        let kept = amended.and_then(|amended| amended.exemption.as_ref()).map(|exemption| &exemption.reason);
        let reason = said.exemption_reason.as_ref().filter(|_| own).or(kept);
        let id = version.id.as_str();
        let release = Release {
            imported: version.imported,
            base: version.base.clone(),
            amends: version.amends.clone(),
            amendment: version.amendment,
            published: version.published,
            published_span: 0..0,
            notice_from,
            effective: version.effective,
            effective_span: 0..0,
            zone: version.zone.clone(),
            zone_name: zone_name(&version.zone),
            reckoning: version.reckoning.clone(),
            significance: version.significance,
            summary,
            exemption: exemption(version.exemption, reason),
            justification,
            files: frozen.digests().into_iter().collect(),
            addresses: addresses(center, name, id, frozen.text.keys()).into(),
            text: Digests::from_iter(frozen.text).into(),
            anchors: frozen.anchors.into(),
            signals,
            language,
        };
        let place = |(file, bytes)| NewFile { path: format!("content/{name}/versions/{id}/{file}"), bytes };
        prepared.files.extend(frozen.files.into_iter().map(place));
        Ok(release)
    }
}

impl Said {
    /// Signals that ask about a change of this significance: numbers and denials concern only an editorial one.
    fn concerning(&self, significance: Option<Significance>) -> impl Iterator<Item = &Signal> {
        let editorial = significance == Some(Significance::Editorial);
        self.signals.iter().filter(move |signal| editorial || is_material(&signal.code))
    }

    fn suits(&self, name: &str, significance: Option<Significance>) -> Result<()> {
        let Some(significance) = significance else { return Ok(()) };
        if self.summary.as_ref().is_none_or(Text::is_empty) {
            return Err(Error::refused(format!(
                "say in a sentence or two what changes in `{name}`: `--summary \"…\"`"
            )));
        }
        if self.justification.as_ref().is_some_and(Text::is_empty) {
            return Err(Error::refused("`--justification` is empty; say why the change is not material"));
        }
        if significance == Significance::Material {
            return match self.justification {
                Some(_) => {
                    Err(Error::refused("`--justification` says why a change is less than material; leave it out"))
                }
                None => Ok(()),
            };
        }
        let asking: Vec<&Signal> = self.concerning(Some(significance)).collect();
        if asking.is_empty() || self.justification.is_some() {
            return Ok(());
        }
        let sentences: String = asking.iter().map(|signal| format!("\n  - {}", signal.sentence)).collect();
        if !asking.iter().any(|signal| is_material(&signal.code)) {
            return Err(Error::refused(format!(
                "`{name}` changes in more than spelling and style:{sentences}\nrelease it with `--minor` or `--material`, or say why it is editorial with `--justification \"…\"`, which goes on the record"
            )));
        }
        Err(Error::refused(format!(
            "`{name}` changes in ways that are often material:{sentences}\nrelease it with `--material`, or say why it is {} with `--justification \"…\"`, which goes on the record",
            significance.name()
        )))
    }
}

impl PreparedAct {
    /// Writes the entries after those that are there.
    fn seal(&mut self, center: &Center) -> Result<()> {
        let mut previous = last_digest(center);
        let mut texts = Vec::new();
        for entry in &self.entries {
            let (text, digest) = entry::write(entry, previous);
            texts.push(text);
            previous = digest;
        }
        self.ledger = entry::append(&ledger_text(center)?, &texts);
        self.last = previous;
        Ok(())
    }

    /// Adds files to the version of an entry, such as its announcement, and seals the entries again.
    pub fn add_files(&mut self, center: &Center, index: usize, files: Vec<(String, Vec<u8>)>) -> Result<()> {
        let entry = &mut self.entries[index];
        let ledger::Act::Release(release) = &mut entry.act else { return Ok(()) };
        let known = release.files.iter().map(|(name, digest)| (name.to_string(), *digest));
        release.files = known.chain(files.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes)))).collect();
        let folder = format!("content/{}/versions/{}", entry.document, entry.version);
        let place = |(name, bytes)| NewFile { path: format!("{folder}/{name}"), bytes };
        self.files.extend(files.into_iter().map(place));
        self.seal(center)
    }
}

fn exemption(kind: Option<&'static str>, reason: Option<&Text>) -> Option<Exemption> {
    Some(Exemption { kind: kind?, reason: reason?.clone() })
}

fn zone_name(zone: &jiff::tz::TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_string()
}

/// Where a version can be read, by language: only in languages that the site has.
fn addresses<'t>(
    center: &Center,
    name: &str,
    id: &str,
    tags: impl Iterator<Item = &'t String>,
) -> BTreeMap<String, String> {
    let languages = &center.languages;
    let place = |tag: &str| languages.iter().position(|language| language.tag() == tag);
    tags.filter_map(|tag| {
        let prefix = match place(tag)? {
            0 => String::new(),
            _ => format!("{tag}/"),
        };
        Some((tag.clone(), format!("{prefix}{}", address::version(name, id))))
    })
    .collect()
}

fn translate(
    center: &Center,
    document: Option<&Document>,
    name: &str,
    id: &str,
    language: &str,
    prepared: &mut PreparedAct,
) -> Result<Translation> {
    let missing = || {
        Error::refused(format!(
            "there is no translation of `{name}` in `{language}`; write it in content/{name}/policy.{language}.md"
        ))
    };
    let document = document.ok_or_else(missing)?;
    let version = document.version(id).ok_or_else(missing)?;
    let file = document.draft.as_ref().and_then(|draft| draft.texts.get(language)).ok_or_else(missing)?;
    if version.texts.contains_key(language) {
        return Err(Error::refused(format!(
            "`{name}` {id} has a text in `{language}`, which is frozen; release a new version instead"
        )));
    }
    let mut sources = version_sources(&center.tree, &version.folder)?.files().clone();
    let own = format!("policy.{language}.md");
    sources.insert(own.clone(), center.tree.text(&file.path)?.to_string());
    let frozen = Frozen::of(name, &Sources::new(sources), &version.language, version.effective)?;
    let text = crate::text::text_name(language);
    let files: Vec<(String, Vec<u8>)> =
        frozen.files.into_iter().filter(|(name, _)| *name == own || *name == text).collect();
    let address = addresses(center, name, id, std::iter::once(&language.to_string())).remove(language);
    let address = address.ok_or_else(|| {
        Error::refused(format!("the site does not list `{language}`; add it to `languages` in fineprint.toml"))
    })?;
    let translation = Translation {
        language: language.to_string(),
        files: files.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes))).collect(),
        text: Digests::from_iter(frozen.text.into_iter().filter(|(tag, _)| tag == language)).into(),
        address,
    };
    let place = |(file, bytes)| NewFile { path: format!("{}/{file}", version.folder), bytes };
    prepared.files.extend(files.into_iter().map(place));
    Ok(translation)
}

fn documents_of(act: &RecordAct<Sources>) -> BTreeSet<String> {
    match act {
        RecordAct::Release(release) => [release.document.clone()].into(),
        RecordAct::Together { releases, .. } => releases.iter().map(|release| release.document.clone()).collect(),
        RecordAct::Withdraw { document, .. }
        | RecordAct::KeepOn { document }
        | RecordAct::Correct { document, .. }
        | RecordAct::Rename { document, .. }
        | RecordAct::Retire { document, .. }
        | RecordAct::Translate { document, .. }
        | RecordAct::Import { document, .. } => [document.clone()].into(),
    }
}

/// The record with the sources of the documents that an act concerns.
pub fn record(center: &Center, documents: &BTreeSet<String>) -> Result<Record<Sources>> {
    let keys: BTreeSet<&str> = documents.iter().map(|name| center.ledger.key(name)).collect();
    let mut record = Record::default();
    for entry in &center.ledger.entries {
        let key = center.ledger.key(&entry.document);
        let text = match &entry.act {
            ledger::Act::Release(_) if keys.contains(key) => {
                let slug = center.ledger.name(key);
                version_sources(&center.tree, &format!("content/{slug}/versions/{}", entry.version))?
            }
            _ => Sources::new(BTreeMap::new()),
        };
        let (act, recorded, document) = (entry.number, entry.recorded, key.to_string());
        record.push(crate::record::RecordEntry { act, recorded, document, event: history::event(entry, text) });
    }
    Ok(record)
}

/// Where the newest text of a document was taken back, its draft follows: the withdrawn change does not wait in it for the next
/// release. Only files of the document's own folder are changed; facts that other documents share are named.
fn take_back_drafts(
    center: &Center,
    before: &Record<Sources>,
    after: &Record<Sources>,
    prepared: &mut PreparedAct,
) -> Result<()> {
    let withdrawn = prepared.entries.iter().filter(|entry| matches!(entry.act, ledger::Act::Withdraw { .. }));
    let names: BTreeSet<String> = withdrawn.map(|entry| entry.document.clone()).collect();
    for name in names {
        let (Some(document), Some(old), Some(new)) = (center.document(&name), before.life(&name), after.life(&name))
        else {
            continue;
        };
        let (Some(old), Some(new)) = (old.top(), new.top()) else { continue };
        if document.draft.is_none() || old.text == new.text {
            continue;
        }
        let day = day_of(prepared.recorded, &new.zone);
        let draft = draft_sources(center, document, day)?;
        let restored = match crate::record::Wording::with_change(&draft, &old.text, &new.text) {
            Ok(restored) => restored,
            Err(passage) => {
                prepared.notes.push(format!(
                    "The draft of {name} was left alone, because it was edited where the withdrawn change is: {passage}. See `fineprint diff {name}` before the next release."
                ));
                continue;
            }
        };
        let paths = draft_paths(center, document, day)?;
        for (file, text) in restored.files() {
            let own = format!("content/{name}/{file}");
            let path = paths.get(file).unwrap_or(&own);
            if draft.files().get(file) == Some(text) {
                continue;
            }
            if *path != own {
                prepared.notes.push(format!(
                    "`{path}` still has what was withdrawn; other documents share it, so it was left alone."
                ));
                continue;
            }
            let old = center.tree.get(path).map(|file| file.digest);
            prepared.drafts.push(DraftChange { path: own, old, bytes: text.clone().into_bytes() });
        }
        if prepared.drafts.iter().any(|change| change.path.starts_with(&format!("content/{name}/"))) {
            prepared.notes.push(format!("The withdrawn change was taken out of the draft of {name}, too."));
        }
    }
    Ok(())
}

/// The digest of the ledger's last entry, which the next one names.
pub fn last_digest(center: &Center) -> Digest {
    center.ledger.entries.last().and_then(|entry| entry.digest).unwrap_or(chain::START)
}

/// The ledger as it is on the disk, to the byte.
pub fn ledger_text(center: &Center) -> Result<String> {
    if center.tree.get(PATH).is_none() {
        return Ok(String::new());
    }
    let bytes = center.tree.bytes(PATH)?;
    String::from_utf8(bytes).map_err(|_| Error::refused(format!("`{PATH}` is not UTF-8; restore it from git")))
}
