//! The impact that releasing a draft would have today.
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
use crate::timeline::notice::owed_by_draft;
use crate::words::Language;
use jiff::civil::Date;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReleaseImpact {
    /// Signals of a material change.
    pub signals: Vec<Signal>,
    /// Signals that the change is more than spelling and style.
    pub non_editorial_changes: Vec<Signal>,
    /// Notice that an announcement as material would need.
    pub notice: NoticePeriod,
    /// Day of the announcement that the dates assume.
    pub if_announced_on: Date,
    pub earliest_effective: Date,
}

/// A draft compared with a version: what changed, and the impact of its release.
pub struct DraftComparison {
    pub old: Edition,
    pub new: Edition,
    /// Changes of facts in English, a sentence each.
    pub facts: Vec<String>,
    pub consequence: ReleaseImpact,
}

impl DraftComparison {
    /// Compares a draft with its baseline. `None` where there is no draft, or no text to compare it with.
    pub fn of(texts: &Texts, center: &Center, timeline: &Timeline, document: usize) -> Result<Option<DraftComparison>> {
        let entry = &center.documents[document];
        let Some(version) = timeline.documents[document].baseline() else { return Ok(None) };
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

/// Returns the impact of releasing `new` in place of `old` on a day.
pub fn consequence(center: &Center, document: &Document, on: Date, old: &Edition, new: &Edition) -> ReleaseImpact {
    let owed = owed_by_draft(document, on, &center.settings.reckoning);
    let (signals, non_editorial_changes) = old.signals(new).into_iter().partition(|signal| is_material(signal.code));
    ReleaseImpact {
        signals,
        non_editorial_changes,
        notice: owed.period,
        if_announced_on: on,
        earliest_effective: owed.earliest,
    }
}

impl ReleaseImpact {
    /// One sentence: "material: 2 processors added, a retention period lengthened; earliest effective date …".
    pub fn sentence(&self) -> String {
        let told = told(&self.signals);
        if told.is_empty() {
            let none = "the facts show no signal of a material change, which does not prove that there is none";
            let more = self::told(&self.non_editorial_changes);
            return if more.is_empty() {
                none.into()
            } else {
                format!("{none}; more than editorial: {}", more.join(", "))
            };
        }
        format!(
            "material: {}; earliest effective date {} ({} notice, if announced on {})",
            told.join(", "),
            self.earliest_effective,
            self.notice.possessive(),
            self.if_announced_on
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
        "processor-transfer-changed" => {
            ("the transfer mechanism of a processor changed", "transfer mechanisms of processors changed")
        }
        "vendor-named" => ("a vendor newly named in the text", "vendors newly named in the text"),
        "country-named" => ("a country newly named in the text", "countries newly named in the text"),
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
        "listed-item-added" => ("an item added to a list", "items added to lists"),
        "listed-item-removed" => ("an item removed from a list", "items removed from lists"),
        "listed-item-changed" => ("an item of a list changed", "items of lists changed"),
        "disclosure-added" => ("a disclosure added", "disclosures added"),
        "period-changed" => ("a period in the text changed", "periods in the text changed"),
        "facts-changed" => ("facts changed", "facts changed"),
        "numbers-changed" => ("numbers in the text changed", "numbers in the text changed"),
        "heading-renamed" => ("a heading renamed", "headings renamed"),
        "obligation-words-changed" => ("words of obligation changed", "words of obligation changed"),
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
