//! What a release of a draft would mean today.
//!
//! In: a document's version in force and its draft. Out: what changed between them, signs of a material change, and the first
//! day on which it could take effect. Must not know: how either is shown, what is decided.

use crate::center::{Center, Document};
use crate::error::Result;
use crate::notice::NoticePeriod;
use crate::promise::edition::Edition;
use crate::promise::facts::{English, sentences};
use crate::promise::signals::{Signal, is_material};
use crate::text::Texts;
use crate::timeline::Timeline;
use crate::timeline::notice::{first_day_of_draft, owed_by_draft};
use crate::words::Language;
use jiff::civil::Date;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReleaseImpact {
    /// Signs of a material change.
    pub signals: Vec<Signal>,
    /// Signs that it is more than spelling and style.
    pub more_than_editorial: Vec<Signal>,
    /// The notice that an announcement as material would have to keep.
    pub notice: NoticePeriod,
    pub announced: Date,
    pub earliest_effective: Date,
}

/// A draft held against a version: what changed, and what its release would mean.
pub struct DraftComparison {
    pub old: Edition,
    pub new: Edition,
    /// Changes of facts in English, a sentence each.
    pub facts: Vec<String>,
    pub consequence: ReleaseImpact,
}

impl DraftComparison {
    /// None where there is no draft, or no text to hold it against.
    pub fn of(
        texts: &Texts,
        center: &Center,
        timeline: &Timeline,
        document: usize,
        version: usize,
    ) -> Result<Option<DraftComparison>> {
        let entry = &center.documents[document];
        let old = Edition::of_version(texts, center, entry, version)?;
        let new = Edition::of_draft(texts, center, entry, timeline.draft_day(center, document))?;
        Ok(old.zip(new).map(|(old, new)| DraftComparison {
            facts: sentences(&old.fact_changes(&new, &Language::english()), &English),
            consequence: consequence(center, entry, timeline.date, &old, &new),
            old,
            new,
        }))
    }
}

/// What it means to release `new` in the place of `old` on a day.
pub fn consequence(center: &Center, document: &Document, on: Date, old: &Edition, new: &Edition) -> ReleaseImpact {
    let owed = owed_by_draft(document, on, &center.settings.reckoning);
    let (signals, more_than_editorial) = old.signals(new).into_iter().partition(|signal| is_material(signal.code));
    let earliest_effective = first_day_of_draft(document, on, &center.settings.reckoning);
    ReleaseImpact { signals, more_than_editorial, notice: owed.period, announced: on, earliest_effective }
}

impl ReleaseImpact {
    /// One sentence: "material: 2 processors added, a retention period lengthened; earliest effective date …".
    pub fn sentence(&self) -> String {
        let told = told(&self.signals);
        if told.is_empty() {
            let none = "no sign of a material change was found in the facts, which proves nothing";
            let more = self::told(&self.more_than_editorial);
            return if more.is_empty() {
                none.into()
            } else {
                format!("{none}; more than editorial: {}", more.join(", "))
            };
        }
        format!(
            "material: {}; earliest effective date {} ({} of notice, announced on {})",
            told.join(", "),
            self.earliest_effective,
            self.notice,
            self.announced
        )
    }
}

/// Each kind of signal once, counted.
fn told(signals: &[Signal]) -> Vec<String> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for signal in signals {
        match counted.iter_mut().find(|(code, _)| *code == signal.code) {
            Some((_, count)) => *count += 1,
            None => counted.push((signal.code, 1)),
        }
    }
    counted.into_iter().map(|(code, count)| words(code, count)).collect()
}

fn words(code: &str, count: usize) -> String {
    let (one, many) = match code {
        "controller-changed" => ("the controller changed", "facts of the controller changed"),
        "purpose-added" => ("a purpose added", "purposes added"),
        "purpose-changed" => ("a purpose changed", "purposes changed"),
        "legal-basis-changed" => ("a legal basis changed", "legal bases changed"),
        "data-category-added" => ("a category of data added", "categories of data added"),
        "processor-added" => ("a processor added", "processors added"),
        "processor-location-changed" => ("a processor's location changed", "processors' locations changed"),
        "processor-data-changed" => ("a processor's data changed", "processors' data changed"),
        "processor-role-changed" => ("a processor's role changed", "processors' roles changed"),
        "retention-lengthened" => ("a retention period lengthened", "retention periods lengthened"),
        "retention-unclear" => ("a retention period no longer comparable", "retention periods no longer comparable"),
        "retention-added" => ("a retention period added", "retention periods added"),
        "retention-removed" => ("a retention period removed", "retention periods removed"),
        "right-channel-changed" => ("the way to use a right changed", "the ways to use rights changed"),
        "right-removed" => ("a right removed", "rights removed"),
        "deadline-lengthened" => ("a deadline lengthened", "deadlines lengthened"),
        "notice-shortened" => ("the notice shortened", "the notice shortened"),
        "privacy-contact-changed" => ("the privacy contact changed", "privacy contacts changed"),
        "cookie-added" => ("a cookie added", "cookies added"),
        "practice-changed" => ("a practice changed", "practices changed"),
        "facts-changed" => ("facts changed", "facts changed"),
        "numbers-changed" => ("numbers of the text changed", "numbers of the text changed"),
        "denials-changed" => ("words that deny or permit changed", "words that deny or permit changed"),
        "retention-number-changed" => {
            ("a retention period in the text changed", "retention periods in the text changed")
        }
        "heading-renamed" => ("a heading renamed", "headings renamed"),
        "section-removed" => ("a section removed", "sections removed"),
        other => return format!("{count} × {other}"),
    };
    if count == 1 { one.to_string() } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::promise::signals::CODES;

    #[test]
    fn every_signal_has_words_of_its_own() {
        for code in CODES {
            assert!(!words(code, 1).contains('×'), "{code}");
        }
    }
}
