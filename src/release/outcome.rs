//! What an entry of an act means, for the preview and for what is said when it is done.

use super::{Signal, Sources};
use crate::notice::{NoticePeriod, Reckoning};
use crate::record::{Lifecycle, RecordEvent, RecordVersion, Significance};
use jiff::Timestamp;
use jiff::civil::Date;

/// One step of an act.
#[derive(Clone, Debug)]
pub enum ActOutcome {
    Version(Box<Promised>),
    Withdrawn { document: String, version: String, effective: Date },
    Corrected { document: String, version: String, significance: Option<Significance>, missed: bool },
    Renamed { document: String, name: String },
    Ends { document: String, on: Date },
    KeptOn { document: String },
    Translated { document: String, version: String, language: String },
}

/// A version to be, with what it promises.
#[derive(Clone, Debug)]
pub struct Promised {
    pub document: String,
    pub version: String,
    pub base: Option<String>,
    pub amends: Option<String>,
    /// Only the words around the change were frozen again.
    pub again: bool,
    pub imported: bool,
    pub published: Date,
    /// In force from the minute of its release.
    pub at_once: bool,
    pub scheduled: bool,
    pub notice_from: Date,
    pub effective: Date,
    pub zone: String,
    pub reckoning: Reckoning,
    pub significance: Option<Significance>,
    pub exemption: Option<&'static str>,
    /// The notice that is kept, and the first day that it allows.
    pub notice: Option<(NoticePeriod, Date)>,
    pub last_dispatch: Option<Date>,
    /// The first day that the law of online platforms allows, where the center declared it.
    pub statutory: Option<Date>,
    pub languages: Vec<String>,
    pub signals: Vec<Signal>,
}

impl ActOutcome {
    pub fn of(
        event: &RecordEvent<Sources>,
        life: &Lifecycle<Sources>,
        name: &str,
        at: Timestamp,
        signals: Vec<Signal>,
        statutory: Option<Date>,
    ) -> ActOutcome {
        let document = name.to_string();
        match event {
            RecordEvent::Version(version) => {
                let known = life.version(&version.id).unwrap_or(version);
                ActOutcome::Version(Box::new(Promised {
                    statutory,
                    ..Promised::of(known, life, document, at, signals)
                }))
            }
            RecordEvent::Withdraw(id) => {
                let effective = life.version(id).map_or(Date::MAX, |version| version.effective);
                ActOutcome::Withdrawn { document, version: id.clone(), effective }
            }
            RecordEvent::Correct(correction) => ActOutcome::Corrected {
                document,
                significance: correction.significance,
                missed: life.version(&correction.version).is_some_and(|version| version.missed),
                version: correction.version.clone(),
            },
            RecordEvent::Rename(name) => ActOutcome::Renamed { document, name: name.clone() },
            RecordEvent::Retire(Some(end)) => ActOutcome::Ends { document, on: end.on },
            RecordEvent::Retire(None) => ActOutcome::KeptOn { document },
            RecordEvent::Translate { version, language } => {
                ActOutcome::Translated { document, version: version.clone(), language: language.clone() }
            }
        }
    }
}

impl Promised {
    fn of(
        version: &RecordVersion<Sources>,
        life: &Lifecycle<Sources>,
        document: String,
        at: Timestamp,
        signals: Vec<Signal>,
    ) -> Promised {
        let material = version.significance == Some(Significance::Material);
        let languages = version.text.files().keys().filter_map(|name| super::frozen::language_of(name, ""));
        Promised {
            document,
            version: version.id.clone(),
            base: version.base.clone(),
            amends: version.amends.clone(),
            again: version.amends.is_some() && version.amendment.is_none(),
            imported: version.imported,
            published: version.published,
            at_once: version.begins_at() <= at,
            scheduled: version.public_at() > at,
            notice_from: version.notice_from(),
            effective: version.effective,
            zone: super::zone_name(&version.zone),
            reckoning: version.reckoning.clone(),
            significance: version.significance,
            exemption: version.exemption,
            notice: life.promise(&version.id).filter(|_| material && version.noticed),
            last_dispatch: life.last_dispatch(&version.id),
            statutory: None,
            languages: languages.collect(),
            signals,
        }
    }
}

/// Both ends of a notice: the first day after the announcement, and the last day before the version applies.
pub fn window(promised: &Promised) -> Option<(Date, Date)> {
    let first = promised.notice_from.tomorrow().ok()?;
    let last = promised.effective.yesterday().ok()?;
    (first <= last).then_some((first, last))
}
