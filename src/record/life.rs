//! The life of one document: which versions stand on each other, which have left the chain, and their states at any instant.

use super::entry::{RecordCorrection, RecordEntry, RecordEvent, RecordRetirement};
use super::{RecordVersion, Significance, day_of};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Where a version is in its life at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not published yet: nothing of it appears but the digest of its entry.
    Scheduled,
    Upcoming,
    InForce,
    Superseded,
    /// Canceled before it took effect.
    Withdrawn,
    /// Changed before it took effect; another version has its place.
    Amended,
    /// Withdrawn or amended before it was published.
    NeverShown,
    /// The last version of a document that has ended.
    Retired,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Scheduled => "scheduled",
            State::Upcoming => "upcoming",
            State::InForce => "in-force",
            State::Superseded => "superseded",
            State::Withdrawn => "withdrawn",
            State::Amended => "amended",
            State::NeverShown => "never-shown",
            State::Retired => "retired",
        }
    }

    /// True if readers may see that the version exists.
    pub fn is_visible(self) -> bool {
        !matches!(self, State::Scheduled | State::NeverShown)
    }

    /// True if the version applied, applies or will apply.
    pub fn stands(self) -> bool {
        matches!(self, State::Upcoming | State::InForce | State::Superseded | State::Retired)
    }
}

/// How a version left the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub at: Timestamp,
    /// The version that has its place; none if it was withdrawn.
    pub heir: Option<String>,
}

/// A document as the entries up to some instant tell of it.
#[derive(Clone, Debug)]
pub struct Lifecycle<T> {
    /// Its names with the instants from which it had them; the last is the present one.
    pub names: Vec<(String, Timestamp)>,
    versions: BTreeMap<String, RecordVersion<T>>,
    /// Names in the order of the record.
    pub order: Vec<String>,
    /// Names of the versions that stand, each on the one before it.
    pub chain: Vec<String>,
    pub gone: BTreeMap<String, Gone>,
    pub retirement: Option<RecordRetirement>,
    /// Languages that joined a version later.
    pub translations: Vec<(String, String, Timestamp)>,
    pub corrections: Vec<(Timestamp, RecordCorrection)>,
}

impl<T: Clone> Lifecycle<T> {
    /// A document without any entry yet.
    pub fn new(name: &str, at: Timestamp) -> Lifecycle<T> {
        Lifecycle {
            names: vec![(name.to_string(), at)],
            versions: BTreeMap::new(),
            order: Vec::new(),
            chain: Vec::new(),
            gone: BTreeMap::new(),
            retirement: None,
            translations: Vec::new(),
            corrections: Vec::new(),
        }
    }

    /// The document as of an instant: from the entries recorded by then. Only an import speaks of days before it was entered.
    pub fn at<'e>(entries: impl IntoIterator<Item = &'e RecordEntry<T>>, at: Timestamp) -> Option<Lifecycle<T>>
    where
        T: 'e,
    {
        let mut life: Option<Lifecycle<T>> = None;
        for entry in entries.into_iter().filter(|entry| entry.recorded <= at || entry.is_import()) {
            life.get_or_insert_with(|| Lifecycle::new(&entry.document, entry.recorded)).apply(entry);
        }
        life
    }

    /// Adds an entry. Entries that do not fit what came before, as an edited ledger may hold them, change as little as can be.
    pub fn apply(&mut self, entry: &RecordEntry<T>) {
        match &entry.event {
            RecordEvent::Version(version) => self.enter(version, entry.recorded),
            RecordEvent::Withdraw(id) => {
                self.chain.retain(|standing| standing != id);
                self.gone.insert(id.clone(), Gone { at: entry.recorded, heir: None });
            }
            RecordEvent::Correct(correction) => self.correct(correction, entry.recorded),
            RecordEvent::Rename(name) => self.names.push((name.clone(), entry.recorded)),
            RecordEvent::Retire(retirement) => self.retirement = retirement.clone(),
            RecordEvent::Translate { version, language } => {
                self.translations.push((version.clone(), language.clone(), entry.recorded));
            }
        }
    }

    fn enter(&mut self, version: &RecordVersion<T>, recorded: Timestamp) {
        let mut version = version.clone();
        version.announced_at = version.public_at();
        version.noticed = version.significance == Some(Significance::Material) && !version.imported;
        let amended = version.amends.as_ref().and_then(|id| self.versions.get(id));
        if let Some(amended) = amended {
            let anew = version.amendment.is_some_and(|amendment| amendment != Significance::Editorial)
                && version.significance == Some(Significance::Material)
                && amended.public_at() <= recorded;
            version.announced_at = if anew { recorded } else { amended.announced_at };
            version.noticed |= amended.noticed;
        }
        let id = version.id.clone();
        let place = version.amends.as_ref().and_then(|amended| self.place(amended));
        match place {
            Some(place) => {
                let amended = std::mem::replace(&mut self.chain[place], id.clone());
                self.gone.insert(amended, Gone { at: recorded, heir: Some(id.clone()) });
            }
            None => {
                let after = version.base.as_ref().and_then(|base| self.place(base));
                self.chain.insert(after.map_or(0, |base| base + 1), id.clone());
            }
        }
        self.order.push(id.clone());
        self.versions.insert(id, version);
    }

    fn correct(&mut self, correction: &RecordCorrection, recorded: Timestamp) {
        self.corrections.push((recorded, correction.clone()));
        let Some(version) = self.versions.get_mut(&correction.version) else { return };
        let Some(significance) = correction.significance else { return };
        version.significance = Some(significance);
        if significance == Significance::Material && !version.imported && !version.noticed {
            if version.begins_at() <= recorded {
                version.missed = version.exemption.is_none();
            } else {
                version.noticed = true;
                version.announced_at = version.public_at().max(recorded);
            }
        }
    }

    /// The name that the document has now.
    pub fn name(&self) -> &str {
        self.names.last().map_or("", |(name, _)| name)
    }

    pub fn version(&self, id: &str) -> Option<&RecordVersion<T>> {
        self.versions.get(id)
    }

    pub fn has_versions(&self) -> bool {
        !self.order.is_empty()
    }

    /// All versions ever, in the order of the record.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &RecordVersion<T>> {
        self.order.iter().filter_map(|id| self.versions.get(id))
    }

    /// The versions that stand, in the order in which they apply.
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &RecordVersion<T>> + ExactSizeIterator {
        self.chain.iter().map(|id| &self.versions[id])
    }

    /// The version on which a version stands, or stood when it left the chain.
    pub fn top(&self) -> Option<&RecordVersion<T>> {
        self.live().next_back()
    }

    pub fn place(&self, id: &str) -> Option<usize> {
        self.chain.iter().position(|standing| standing == id)
    }

    pub fn has_ended(&self, at: Timestamp) -> bool {
        self.retirement.as_ref().is_some_and(|retirement| retirement.ends_at() <= at)
    }

    /// The last version of the chain that has begun.
    pub fn in_force(&self, at: Timestamp) -> Option<&RecordVersion<T>> {
        if self.has_ended(at) {
            return None;
        }
        self.live().rev().find(|version| version.begins_at() <= at)
    }

    pub fn state(&self, id: &str, at: Timestamp) -> Option<State> {
        let version = self.versions.get(id)?;
        if let Some(gone) = self.gone.get(id) {
            return Some(match &gone.heir {
                _ if version.public_at() > gone.at => State::NeverShown,
                None => State::Withdrawn,
                Some(_) => State::Amended,
            });
        }
        Some(match () {
            _ if !version.imported && at < version.public_at() => State::Scheduled,
            _ if at < version.begins_at() => State::Upcoming,
            _ if self.has_ended(at) && self.chain.last().is_some_and(|last| last == id) => State::Retired,
            _ if self.in_force(at).is_some_and(|in_force| in_force.id == id) => State::InForce,
            _ => State::Superseded,
        })
    }

    /// True if the version was entered later than it was in force, as an import is.
    pub fn entered_later(&self, id: &str) -> bool {
        self.versions.get(id).is_some_and(|version| day_of(version.recorded, &version.zone) > version.published)
    }
}
