//! What an act leaves on the record.

use super::{RecordVersion, Significance};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// One entry of the record. Several entries of one act share its number and its instant.
#[derive(Clone, Debug)]
pub struct RecordEntry<T> {
    pub act: u32,
    pub recorded: Timestamp,
    /// The first name of the document, which stays its key when it is renamed.
    pub document: String,
    pub event: RecordEvent<T>,
}

#[derive(Clone, Debug)]
pub enum RecordEvent<T> {
    /// A release, an import, an amendment, or words frozen again.
    Version(Arc<RecordVersion<T>>),
    Withdraw(String),
    Correct(RecordCorrection),
    Rename(String),
    /// None takes an announced end back.
    Retire(Option<RecordRetirement>),
    Translate {
        version: String,
        language: String,
    },
}

/// A correction of a summary or of a significance. Frozen words are never corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCorrection {
    pub version: String,
    /// None corrects the summary alone.
    pub significance: Option<Significance>,
}

/// The announced end of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordRetirement {
    pub on: Date,
    pub announced_at: Timestamp,
    pub zone: TimeZone,
    pub exemption: Option<&'static str>,
}

impl RecordRetirement {
    pub fn ends_at(&self) -> Timestamp {
        super::start_of_day(self.on, &self.zone)
    }
}

impl<T> RecordEntry<T> {
    /// True for what may speak of days before it was entered.
    pub fn is_import(&self) -> bool {
        matches!(&self.event, RecordEvent::Version(version) if version.imported)
    }
}
