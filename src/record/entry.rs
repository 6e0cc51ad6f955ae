//! What an act leaves on the record.

use super::{Significance, Version};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// One entry of the record. Several entries of one act share its number and its instant.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    pub act: u32,
    pub recorded: Timestamp,
    /// The first name of the document, which stays its key when it is renamed.
    pub document: String,
    pub event: Event<T>,
}

#[derive(Clone, Debug)]
pub enum Event<T> {
    /// A release, an import, an amendment, or words frozen again.
    Version(Arc<Version<T>>),
    Withdraw(String),
    Correct(Correction),
    Rename(String),
    /// None takes an announced end back.
    Retire(Option<Retirement>),
    Translate { version: String, language: String },
}

/// A correction of a summary or of a significance. Frozen words are never corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub version: String,
    /// None corrects the summary alone.
    pub significance: Option<Significance>,
}

/// The announced end of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Retirement {
    pub on: Date,
    pub announced_at: Timestamp,
    pub zone: TimeZone,
    pub exemption: Option<&'static str>,
}

impl Retirement {
    pub fn ends_at(&self) -> Timestamp {
        super::start_of_day(self.on, &self.zone)
    }
}

impl<T> Entry<T> {
    /// True for what may speak of days before it was entered.
    pub fn is_import(&self) -> bool {
        matches!(&self.event, Event::Version(version) if version.imported)
    }
}
