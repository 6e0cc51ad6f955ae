//! The date that a draft states about itself, compared with the version that it replaces and with the day of its release.
//!
//! In: a draft, its baseline. Out: a finding where the date was not moved, went back, or names another year. Must not know:
//! how dates are written in a language.

use super::prose::{StatedDay, stated_days};
use crate::center::Center;
use crate::diagnostic::Diagnostic;
use crate::text::{Text, Texts};
use crate::timeline::Timeline;

/// A release is announced at most about this many days before or after the day that its text states.
const NEAR: i32 = 200;

pub fn check(
    texts: &Texts,
    center: &Center,
    timeline: &Timeline,
    document: usize,
    text: &Text,
    findings: &mut Vec<Diagnostic>,
) {
    let stated = stated_days(&text.tag, &text.parsed.resolved);
    if stated.is_empty() {
        return;
    }
    let Some(baseline) = timeline.documents[document].baseline() else { return };
    let version = &center.documents[document].versions[baseline];
    // A frozen file that cannot be read is reported where the record is checked.
    let Ok(Some(before)) = texts.authoritative(center, version) else { return };
    if before.digest == text.digest {
        return;
    }
    let old = stated_days(&before.tag, &before.parsed.resolved);
    for effective in [false, true] {
        let first = |days: &[StatedDay]| days.iter().find(|day| day.effective == effective).cloned();
        let Some(day) = first(&stated) else { continue };
        let words = &day.words;
        let message = match first(&old) {
            Some(old) if old.date == day.date => {
                Some(format!("`{words}` is the date of version {}, and the text has changed since", version.id))
            }
            Some(old) if day.date < old.date => {
                Some(format!("`{words}` is earlier than {}, the date that version {} states", old.date, version.id))
            }
            _ => {
                let today = timeline.date;
                let apart = (day.date - today).get_days().abs();
                (day.date.year() != today.year() && apart > NEAR)
                    .then(|| format!("`{words}` names another year than a release today, {today}"))
            }
        };
        let Some(message) = message else { continue };
        let at = text.source.find(words.as_str()).map_or(text.body..text.body, |at| at..at + words.len());
        findings.push(
            Diagnostic::new("stated-date-mismatch", message)
                .at(&text.path, at)
                .help("write the date of the release, or remove the line: the page of each version shows its dates"),
        );
        return;
    }
}
