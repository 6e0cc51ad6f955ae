//! The rules of the record: what each act does, what it refuses, and what the record answers on any day.
//!
//! In: entries, each with the instant at which it was made, and an act with its own instant. Out: the entries of the act, or a
//! [`Refusal`] with the way out; for any instant, the state of every version, the notices and the dates. Must not know: files,
//! languages, pages, a clock. What a text is, only its traits say: a notice period ([`PromiseText`]), and for acts also how two texts
//! differ and how a change is carried into a third one ([`Wording`]).
//!
//! Two principles decide where a rule is missing: nobody is bound by a material change without the notice that the texts in
//! force promised or a stated exemption, and nothing that was shown on a day is ever contradicted later.

mod acts;
mod amend;
mod audit;
mod entry;
mod life;
mod notices;
mod release;
mod version;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod play;
#[cfg(test)]
mod properties;

pub use acts::{Dependants, Moment, Record, RecordAct};
pub use entry::{RecordCorrection, RecordEntry, RecordEvent, RecordRetirement};
pub use life::{Gone, Lifecycle, State};
pub use notices::{Applied, NoticeWindow, Occurrence};
pub use release::{ReleaseDecision, Route};
pub use version::{EXEMPTIONS, RecordVersion, Significance, day_of, end_of_day, existing, start_of_day};

use crate::notice::NoticePeriod;

/// What the rules need to know of a text to say what it promises.
pub trait PromiseText: Clone {
    fn notice(&self) -> NoticePeriod;
}

/// What acts need besides: how texts differ, and how a change is carried into another text.
pub trait Wording: PromiseText {
    /// The difference of two texts, independent of where in them it is.
    type Change: PartialEq;

    /// What leads from one text to another; from nothing for a first version. None if they are the same.
    fn change(old: Option<&Self>, new: &Self) -> Option<Self::Change>;

    /// This text with the change that leads from `old` to `new`. An error names the passage that reads differently here.
    fn with_change(&self, old: &Self, new: &Self) -> Result<Self, String>;
}

/// Why an act was refused, as a code for programs, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    pub fn new(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
