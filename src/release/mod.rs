//! A decision → frozen files and ledger entries, all or nothing.
//!
//! In: the center, what was decided, the day. Out: [`Prepared`], which says what will happen and is then committed by
//! [`LedgerTransaction`]. Must not know: a clock, where words are printed, how signals are found.

pub mod entry;
pub mod transaction;

#[cfg(test)]
mod tests;

pub use transaction::{FaultInjectingFs, Interrupted, LedgerTransaction, NewFile, interrupted};

use crate::center::ledger::{EXEMPTIONS, Exemption, PATH, Significance};
use crate::center::{Center, Document, Draft, Text, Version, chain};
use crate::error::{Error, Result};
use crate::markdown;
use crate::notice::{NoticePeriod, p2b};
use crate::promise::signals::is_material;
use crate::source::Digest;
use crate::text::Texts;
use crate::timeline::notice::{on_top, owed_by_draft};
use entry::ReleaseEntry;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What was decided about one or more documents.
#[derive(Clone, Debug)]
pub struct Decision {
    pub documents: Vec<String>,
    /// None for first versions.
    pub significance: Option<Significance>,
    pub summary: Option<Text>,
    /// The day of publication.
    pub published: Date,
    /// Today, which the day of publication may not lie before where the ledger has gone on since.
    pub today: Date,
    /// None: as soon as it may.
    pub effective: Option<Date>,
    pub exemption: Option<Exemption>,
    pub because: Option<Text>,
}

/// A sign, computed from facts, that a change may be material. Finding none proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Goes on the record, such as `processor-added`.
    pub code: String,
    /// Said to whoever releases.
    pub sentence: String,
}

/// Signals by document: the one place where they come in.
pub type Signals = BTreeMap<String, Vec<Signal>>;

/// Everything that a release will write, and what can be said about it.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub releases: Vec<PlannedRelease>,
    pub files: Vec<NewFile>,
    /// The ledger as it will be.
    pub ledger: String,
    /// Digest of its last entry.
    pub last: Digest,
}

/// One version to be.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRelease {
    pub document: String,
    pub version: String,
    pub published: Date,
    pub effective: Date,
    pub significance: Option<Significance>,
    pub exemption: Option<&'static str>,
    /// The notice that a material change has to keep, and the first day that it allows.
    pub notice: Option<(NoticePeriod, Date)>,
    /// The first day that the law of online platforms allows, where the center declared the profile `p2b`.
    pub statutory: Option<Date>,
    pub files: Vec<String>,
    pub languages: Vec<String>,
    pub signals: Vec<Signal>,
}

impl Decision {
    /// Checks the decision against the documents and their past, and makes everything that will be written.
    pub fn prepare(&self, center: &Center, signals: &Signals) -> Result<Prepared> {
        self.is_sound()?;
        let mut previous = last_digest(center);
        let mut prepared = Prepared { releases: Vec::new(), files: Vec::new(), ledger: String::new(), last: previous };
        let mut entries = Vec::new();
        for slug in &self.documents {
            let (document, draft) = released(center, slug)?;
            // Numbers and denials concern only whoever takes a change for editorial.
            let concerns =
                |signal: &&Signal| self.significance == Some(Significance::Editorial) || is_material(&signal.code);
            let found: Vec<Signal> = signals.get(slug).into_iter().flatten().filter(concerns).cloned().collect();
            let mut codes: Vec<&str> = Vec::new();
            for signal in &found {
                if !codes.contains(&signal.code.as_str()) {
                    codes.push(&signal.code);
                }
            }
            self.suits(document, &found)?;
            self.is_not_backdated(center, document)?;
            let (effective, notice) = self.effective_date(center, document)?;
            let frozen = Frozen::of(center, document, draft, effective)?;
            if let Some(latest) = standing(document).last().filter(|latest| frozen.is(center, latest)) {
                return Err(Error::refused(format!(
                    "nothing has changed in `{slug}`: the draft is the version {}, to the byte",
                    latest.id
                )));
            }
            let version = effective.to_string();
            let (text, digest) = ReleaseEntry {
                imported: false,
                document: slug,
                version: &version,
                language: center.settings.authoritative().tag(),
                published: self.published,
                effective,
                significance: self.significance,
                summary: self.summary.as_ref(),
                exemption: self.exemption.as_ref(),
                signals: codes,
                because: self.because.as_ref(),
                anchors: &frozen.anchors,
                files: frozen.files.iter().map(|(name, bytes)| (name.as_str(), Digest::of(bytes))).collect(),
                text: frozen.text.iter().map(|(tag, digest)| (tag.as_str(), *digest)).collect(),
            }
            .write(previous);
            entries.push(text);
            previous = digest;
            prepared.releases.push(PlannedRelease {
                document: slug.clone(),
                published: self.published,
                effective,
                significance: self.significance,
                exemption: self.exemption.as_ref().map(|exemption| exemption.kind),
                notice,
                statutory: self.statutory_day(center, document),
                files: frozen.files.keys().cloned().collect(),
                languages: frozen.text.keys().cloned().collect(),
                signals: found.clone(),
                version: version.clone(),
            });
            prepared.files.extend(
                frozen
                    .files
                    .into_iter()
                    .map(|(name, bytes)| NewFile { path: format!("content/{slug}/versions/{version}/{name}"), bytes }),
            );
        }
        prepared.ledger = entry::append(&ledger_text(center)?, &entries);
        prepared.last = previous;
        Ok(prepared)
    }

    /// What can be said without looking at any document.
    fn is_sound(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.documents.iter().find(|slug| !seen.insert(slug.as_str())) {
            return Err(Error::refused(format!("`{twice}` is named twice")));
        }
        if let Some(exemption) = &self.exemption {
            if self.significance != Some(Significance::Material) {
                return Err(Error::refused(
                    "only a material change owes notice and can be exempt from it; leave out `--exemption`, or release with `--material`",
                ));
            }
            if exemption.reason.is_empty() {
                return Err(Error::refused(
                    "an exemption is printed on the notice with its reason; add `--exemption-reason \"…\"`",
                ));
            }
        }
        if self.because.as_ref().is_some_and(Text::is_empty) {
            return Err(Error::refused("`--because` is empty; say why the change is not material"));
        }
        if self.because.is_some() && !matches!(self.significance, Some(Significance::Minor | Significance::Editorial)) {
            return Err(Error::refused("`--because` says why a change is less than material; leave it out"));
        }
        if self.effective.is_some_and(|effective| effective < self.published) {
            return Err(Error::refused(format!(
                "a version cannot take effect before it is published; the earliest effective date is {}",
                self.published
            )));
        }
        Ok(())
    }

    /// A first version owes nothing and says nothing about changes; every later one does.
    fn suits(&self, document: &Document, signals: &[Signal]) -> Result<()> {
        let slug = &document.slug;
        if document.versions.is_empty() {
            if self.significance.is_some() || self.summary.is_some() {
                return Err(Error::refused(format!(
                    "`{slug}` is released for the first time, so nothing has changed: leave out `--material`, `--minor`, `--editorial` and `--summary`{}",
                    if self.documents.len() > 1 { ", and release it apart from the others" } else { "" }
                )));
            }
            return Ok(());
        }
        let Some(significance) = self.significance else {
            return Err(Error::refused(format!(
                "`{slug}` has versions already: say how much changes for its readers with `--material`, `--minor` or `--editorial`"
            )));
        };
        if self.summary.as_ref().is_none_or(Text::is_empty) {
            return Err(Error::refused(format!(
                "say in a sentence or two what changes in `{slug}`: `--summary \"…\"`"
            )));
        }
        if significance != Significance::Material && !signals.is_empty() && self.because.is_none() {
            let sentences: Vec<String> = signals.iter().map(|signal| format!("\n  - {}", signal.sentence)).collect();
            if !signals.iter().any(|signal| is_material(&signal.code)) {
                return Err(Error::refused(format!(
                    "`{slug}` changes in more than spelling and style:{}\nrelease it with `--minor` or `--material`, or say why it is editorial with `--because \"…\"`, which goes on the record",
                    sentences.concat(),
                )));
            }
            return Err(Error::refused(format!(
                "`{slug}` changes in ways that are often material:{}\nrelease it with `--material`, or say why it is {} with `--because \"…\"`, which goes on the record",
                sentences.concat(),
                significance.name()
            )));
        }
        Ok(())
    }

    /// What became public before cannot become public after: not for this document, and for none that is public today.
    fn is_not_backdated(&self, center: &Center, document: &Document) -> Result<()> {
        let own = document.versions.iter().map(|version| version.published).max();
        match own.max(gone_on_to(center, self.today)) {
            Some(last) if self.published < last => Err(Error::refused(format!(
                "`{}` cannot be published on {}: the ledger has gone on to {last}, and nothing is backdated; the earliest day is {last}",
                document.slug, self.published
            ))),
            _ => Ok(()),
        }
    }

    /// The day on which the version takes effect; and for a material change the notice owed and the day that it allows.
    fn effective_date(&self, center: &Center, document: &Document) -> Result<(Date, Option<(NoticePeriod, Date)>)> {
        let slug = &document.slug;
        let notice = (self.significance == Some(Significance::Material)).then(|| {
            let owed = owed_by_draft(document, self.published, &center.settings.reckoning);
            (owed.period, owed.earliest)
        });
        let by_notice = match notice {
            Some((_, earliest)) if self.exemption.is_none() => {
                self.statutory_day(center, document).map_or(earliest, |day| earliest.max(day))
            }
            _ => self.published,
        };
        let last = standing(document).last();
        // Of two versions, the later one takes effect later.
        let earliest = on_top(document, by_notice);
        let Some(effective) = self.effective else { return Ok((earliest, notice)) };
        if let (Some((owed, by_notice)), None) = (notice, &self.exemption)
            && effective < by_notice
        {
            let given = center.settings.reckoning.given(self.published, effective, owed.unit);
            return Err(Error::refused(format!(
                "`{slug}` cannot take effect on {effective}: that gives {given} of notice, and {owed} are promised; the earliest effective date is {earliest}, or name an exemption with its reason (`--exemption {}`)",
                EXEMPTIONS.join("|")
            )));
        }
        if let (Some((_, by_notice)), Some(_)) = (notice, &self.exemption)
            && effective >= by_notice
        {
            return Err(Error::refused(format!(
                "`{slug}` needs no exemption to take effect on {effective}: its notice has run by {by_notice}; leave out `--exemption`"
            )));
        }
        if let Some(last) = last.filter(|last| effective <= last.effective) {
            return Err(Error::refused(format!(
                "`{slug}` cannot take effect on {effective}: the version {} takes effect then or later; the earliest effective date is {earliest}",
                last.id
            )));
        }
        if document.version(&effective.to_string()).is_some() {
            return Err(Error::refused(format!(
                "`{slug}` has a version {effective} already, which was withdrawn; the earliest effective date is {earliest}"
            )));
        }
        Ok((effective, notice))
    }
}

impl Decision {
    /// Returns the first day on which the law of online platforms lets a material change of terms apply, for a center that
    /// declared the profile `p2b`. It is proposed, and a release may name an earlier day that keeps the promise.
    pub fn statutory_day(&self, center: &Center, document: &Document) -> Option<Date> {
        let applies = self.significance == Some(Significance::Material)
            && self.exemption.is_none()
            && center.settings.profiles.iter().any(|profile| profile == "p2b")
            && document.slug.starts_with("terms")
            && !document.versions.is_empty();
        applies.then(|| p2b::earliest_effective(self.published, &center.settings.reckoning))
    }
}

/// The last day on the ledger that is not to come: what is scheduled does not keep anything else from being published.
fn gone_on_to(center: &Center, today: Date) -> Option<Date> {
    center.ledger.entries.iter().map(|entry| entry.date()).filter(|date| *date <= today).max()
}

/// Versions that were not withdrawn, in order.
fn standing(document: &Document) -> impl DoubleEndedIterator<Item = &Version> {
    document.versions.iter().filter(|version| version.withdrawn.is_none())
}

fn released<'c>(center: &'c Center, slug: &str) -> Result<(&'c Document, &'c Draft)> {
    let Some(document) = center.document(slug) else {
        let near =
            crate::diagnostic::did_you_mean(slug, center.documents.iter().map(|document| document.slug.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its text belongs into content/{slug}/policy.md"),
        };
        return Err(Error::refused(format!("there is no document `{slug}`; {help}")));
    };
    match &document.draft {
        Some(draft) => Ok((document, draft)),
        None => Err(Error::refused(format!("`{slug}` has no draft; its text belongs into content/{slug}/policy.md"))),
    }
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

/// What a version is made of.
struct Frozen {
    files: BTreeMap<String, Vec<u8>>,
    text: BTreeMap<String, Digest>,
    anchors: Vec<String>,
}

impl Frozen {
    /// The draft's files, the organisation's facts, and the registers that the texts use, as they are on the disk.
    fn of(center: &Center, document: &Document, draft: &Draft, effective: Date) -> Result<Frozen> {
        let read = Texts::small().draft(center, document, effective)?;
        let (mut used, texts) = read.map(|read| (read.used, read.texts)).unwrap_or_default();
        let authoritative = center.settings.authoritative().tag();
        let mut frozen = Frozen { files: BTreeMap::new(), text: BTreeMap::new(), anchors: Vec::new() };
        for (tag, text) in &texts {
            frozen.text.insert(tag.clone(), text.digest);
            if tag == authoritative {
                frozen.anchors = anchors(&text.parsed.document);
            }
        }
        for file in draft.texts.values() {
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            frozen.files.insert(name.to_string(), center.tree.bytes(&file.path)?);
        }
        used.insert("organization".to_string());
        for name in used {
            let own = format!("content/{}/{name}.toml", document.slug);
            let shared = format!("content/{name}.toml");
            let organization = name == "organization";
            let found =
                [own, shared].into_iter().skip(usize::from(organization)).find(|path| center.tree.get(path).is_some());
            if let Some(path) = found {
                frozen.files.insert(format!("{name}.toml"), center.tree.bytes(&path)?);
            }
        }
        Ok(frozen)
    }

    /// Whether a version consists of just these files.
    fn is(&self, center: &Center, version: &Version) -> bool {
        let folder = format!("{}/", version.folder);
        let there: BTreeMap<&str, Digest> =
            center.tree.below(&folder).map(|file| (&file.path[folder.len()..], file.digest)).collect();
        there.len() == self.files.len()
            && self.files.iter().all(|(name, bytes)| there.get(name.as_str()) == Some(&Digest::of(bytes)))
    }
}

/// Every id in the text that a link may lead to, once; those of notes are made anew with each text.
pub fn anchors(document: &markdown::Document) -> Vec<String> {
    let without_notes = markdown::Document { blocks: document.blocks.clone(), footnotes: Vec::new() };
    let mut seen = BTreeSet::new();
    markdown::ids(&without_notes).into_iter().filter(|id| seen.insert(id.clone())).collect()
}

/// A withdrawal to be: the ledger with it, and the version's day.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    pub effective: Date,
    pub ledger: String,
    pub last: Digest,
}

/// An announced version is taken back before it takes effect; it stays on the record.
pub fn withdraw(center: &Center, slug: &str, id: &str, date: Date, today: Date, reason: &Text) -> Result<Withdrawal> {
    let Some(document) = center.document(slug) else {
        return Err(Error::refused(format!("there is no document `{slug}`")));
    };
    let Some(version) = document.version(id) else {
        let open: Vec<&str> =
            standing(document).filter(|version| version.effective > date).map(|version| version.id.as_str()).collect();
        let help = match open.as_slice() {
            [] => "none of its versions is still to take effect".to_string(),
            open => format!("still to take effect: {}", open.join(", ")),
        };
        return Err(Error::refused(format!("`{slug}` has no version `{id}`; {help}")));
    };
    if let Some(withdrawal) = &version.withdrawn {
        return Err(Error::refused(format!("`{slug}` {id} was withdrawn on {}", withdrawal.date)));
    }
    if date >= version.effective {
        return Err(Error::refused(format!(
            "`{slug}` {id} has taken effect on {} and applies to people; release a new version instead",
            version.effective
        )));
    }
    if reason.is_empty() {
        return Err(Error::refused("a withdrawal is published with its reason; add `--reason \"…\"`"));
    }
    if let Some(last) = gone_on_to(center, today).filter(|last| *last > date) {
        return Err(Error::refused(format!(
            "`{slug}` {id} cannot be withdrawn on {date}: the ledger has gone on to {last}, and nothing is backdated"
        )));
    }
    let (text, last) = entry::withdrawal(slug, id, date, reason, &version.language, last_digest(center));
    Ok(Withdrawal { effective: version.effective, ledger: entry::append(&ledger_text(center)?, &[text]), last })
}

/// Both ends of a notice: the first day after the announcement, and the last day before the version applies.
pub fn window(prospect: &PlannedRelease) -> Option<(Date, Date)> {
    let first = prospect.published.tomorrow().ok()?;
    let last = prospect.effective.yesterday().ok()?;
    (first <= last).then_some((first, last))
}
