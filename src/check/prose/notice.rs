//! The notice that prose promises, against the notice that the front matter gives.
//!
//! In: a text and its front matter. Out: findings where lengths or channels differ, or where a length cannot be read. Must not
//! know: the ledger.
//!
//! The words are the promise that a release is held to, so a length that no rule can read is an error and not passed over.

use super::numbers::{Length, lengths};
use super::piece::Piece;
use super::{Genre, Text, quote};
use crate::diagnostic::Diagnostic;
use crate::notice::{NoticePeriod, NoticeUnit};
use crate::words::Unit;
use std::ops::Range;

/// A length of notice as it is written.
struct Promise {
    /// Bytes of the piece.
    range: Range<usize>,
    /// None where it is a length that no date can be computed from.
    period: Option<NoticePeriod>,
}

/// The two kinds of notice that a document can promise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Change,
    Subprocessor,
}

impl Subject {
    fn key(self) -> &'static str {
        match self {
            Subject::Change => "notice",
            Subject::Subprocessor => "notice_subprocessors",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Subject::Change => "of notice",
            Subject::Subprocessor => "of notice before a new sub-processor",
        }
    }
}

/// Also returns the notice of changes that the text promises first, and where.
pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) -> Option<(NoticePeriod, Range<usize>)> {
    let mut stated: [Option<(NoticePeriod, Range<usize>)>; 2] = [None, None];
    for piece in text.sayings() {
        for sentence in &piece.sentences {
            let Some(subject) = subject(text, piece, &piece.lower[sentence.clone()]) else { continue };
            let Some(promise) = promised(text, piece, sentence.clone(), subject) else { continue };
            let Some(period) = promise.period else {
                findings.push(unreadable(text, piece, promise.range));
                continue;
            };
            let place = piece.span(promise.range.clone());
            let known = &mut stated[subject as usize];
            match known {
                Some((other, before)) if !other.is_same_as(period) => {
                    let named = quote(&piece.text[promise.range.clone()]);
                    findings.push(
                        text.at(
                            "notice-days-mismatch",
                            piece,
                            promise.range,
                            format!("`{named}` {} here, {other} elsewhere in this text", subject.what()),
                        )
                        .also(text.work.path, before.clone(), format!("{other} here"))
                        .help(format!("promise one length, and write it as `{{{{ {} }}}}`", subject.key())),
                    );
                    continue;
                }
                Some(_) => continue,
                None => *known = Some((period, place)),
            }
            against_front(text, piece, promise.range, period, subject, findings);
            if subject == Subject::Change {
                channels(text, piece, sentence, findings);
            }
        }
    }
    let [of_changes, _] = stated;
    of_changes
}

/// Returns the subject of a sentence that promises a notice.
fn subject(text: &Text<'_>, piece: &Piece, lower: &str) -> Option<Subject> {
    let words = text.words;
    if words.pattern("notice_subprocessor").is_match(lower) {
        return words.pattern("notice_new").is_match(lower).then_some(Subject::Subprocessor);
    }
    let context = words.pattern("notice_context").is_match(lower);
    let about = || text.prose.is_about(piece, words.pattern("changes_topic"));
    (context && (words.pattern("notice_subject").is_match(lower) || about())).then_some(Subject::Change)
}

/// The first length in a sentence that the words around it call a notice.
fn promised(text: &Text<'_>, piece: &Piece, sentence: Range<usize>, subject: Subject) -> Option<Promise> {
    let words = text.words;
    let lower = &piece.lower[sentence.clone()];
    let takes_effect = words.pattern("notice_effect").is_match(lower);
    // “15 days before”: the words around the number say that it is notice.
    let is_notice = |range: &Range<usize>| {
        let (from, to) = (range.start - sentence.start, range.end - sentence.start);
        let before = &lower[lower.floor_char_boundary(from.saturating_sub(48))..from];
        let around = &lower[lower.floor_char_boundary(from.saturating_sub(48))..lower.floor_char_boundary(to + 40)];
        let clause = &lower[..to + lower[to..].find([',', ';', ':', '(', '—']).unwrap_or(lower.len() - to)];
        let other = subject == Subject::Change && words.pattern("notice_other").is_match(clause);
        let lead = words.pattern("notice_lead").is_match(around)
            || (takes_effect && words.pattern("notice_after").is_match(around));
        lead && !other && !words.pattern("notice_within").is_match(before)
    };
    let found = lengths(text, piece, sentence.clone());
    let read = found.iter().find(|length| is_notice(&length.range)).map(|length| {
        let before = &lower[..length.range.start - sentence.start];
        // “14 to 30 days”, “1.5 months”: the last number alone is not what is promised.
        let part = words.pattern("notice_range").find(before).map(|hit| hit.start());
        let part = part.or_else(|| before.ends_with(['.', ',']).then(|| before.len() - 1));
        match part {
            Some(at) => Promise { range: sentence.start + at..length.range.end, period: None },
            None => Promise { range: length.range.clone(), period: period(length) },
        }
    });
    if read.is_some() {
        return read;
    }
    let at = |range: Range<usize>| sentence.start + range.start..sentence.start + range.end;
    let one = words.pattern("notice_one").captures_iter(lower).find_map(|hit| {
        let (whole, unit) = (hit.get(0)?, hit.name("unit")?);
        let range = at(whole.range());
        let kind = hit.name("kind").map_or("", |kind| kind.as_str());
        let length = super::numbers::named(words, 1, unit.as_str(), kind, range.clone())?;
        is_notice(&range).then(|| Promise { period: period(&length), range })
    });
    one.or_else(|| {
        let hit = words.pattern("notice_unreadable").find_iter(lower).map(|hit| at(hit.range())).find(|hit| {
            // Their unit is not one of those that the lead knows, so its words alone have to follow.
            let rest = &lower[hit.end - sentence.start..];
            let (rest, clause) = (&rest[..rest.floor_char_boundary(24)], &lower[..hit.end - sentence.start]);
            words.pattern("notice_word").is_match(rest)
                && !(subject == Subject::Change && words.pattern("notice_other").is_match(clause))
        })?;
        Some(Promise { range: hit, period: None })
    })
}

/// The length as a notice. Working days of six a week (Werktage, jours ouvrables) are promised to run no longer than business
/// days, so that a release that keeps business days keeps them.
fn period(length: &Length) -> Option<NoticePeriod> {
    let count = length.duration.count;
    let unit = match length.duration.unit {
        Unit::Day if length.working => NoticeUnit::BusinessDay,
        Unit::Day => NoticeUnit::Day,
        Unit::Week => NoticeUnit::Week,
        Unit::Month => NoticeUnit::Month,
        Unit::Year => return Some(NoticePeriod::new(count * 12, NoticeUnit::Month)),
        // A notice has whole days.
        Unit::Hour => return None,
    };
    Some(NoticePeriod::new(count, unit))
}

fn unreadable(text: &Text<'_>, piece: &Piece, range: Range<usize>) -> Diagnostic {
    let named = quote(&piece.text[range.clone()]);
    text.at("unreadable-notice-period", piece, range, format!("no date can be computed from `{named}` of notice"))
        .help("promise days, business days, weeks or months, such as \"14 days\"")
        .help("if the release date is checked by hand, write above it: `<!-- fineprint-suppress unreadable-notice-period reason=\"…\" until=2027-06-01 -->`")
}

fn against_front(
    text: &Text<'_>,
    piece: &Piece,
    range: Range<usize>,
    period: NoticePeriod,
    subject: Subject,
    findings: &mut Vec<Diagnostic>,
) {
    let front = text.work.front;
    let (set, declared) = match subject {
        Subject::Change => (front.notice(), front.notice.is_some()),
        Subject::Subprocessor => (front.notice_subprocessors(), front.notice_subprocessors.is_some()),
    };
    let other_kind = subject == Subject::Change && text.genre == Genre::Other;
    if text.work.facts.is_none() || set.is_same_as(period) || other_kind {
        return;
    }
    let key = subject.key();
    let from = match declared {
        true => format!("the front matter says {set}"),
        false => format!("without `{key}` it is {set}"),
    };
    let named = quote(&piece.text[range.clone()]);
    let what = subject.what();
    findings.push(
        text.at("notice-days-mismatch", piece, range, format!("the text promises `{named}` {what}, and {from}"))
            .help(format!("add {key} = \"{period}\" to the front matter, and write `{{{{ {key} }}}}` here"))
            .help(format!("or promise {set}")),
    );
}

/// Ways of telling people that the document's notices do not list.
fn channels(text: &Text<'_>, piece: &Piece, sentence: &Range<usize>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    if text.work.facts.is_none() {
        return;
    }
    let lower = &piece.lower[sentence.clone()];
    for (pattern, channel) in [("channel_email", "email"), ("channel_app", "in-app")] {
        let Some(hit) = words.pattern(pattern).find(lower) else { continue };
        // The banner of the center's own snippet is shown inside the product.
        let banner = channel == "in-app" && text.work.front.notice_channels.contains(&"banner");
        if banner || text.work.front.notice_channels.contains(&channel) {
            continue;
        }
        let range = sentence.start + hit.start()..sentence.start + hit.end();
        let mut all: Vec<&str> = text.work.front.notice_channels.clone();
        all.push(channel);
        let listed = all.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        findings.push(
            text.at(
                "notice-channel-not-listed",
                piece,
                range.clone(),
                format!(
                    "the text promises notice by `{}`, which `notice_channels` does not list",
                    quote(&piece.text[range])
                ),
            )
            .help(format!("write notice_channels = [{listed}] into the front matter"))
            .help("or remove the channel from the text"),
        );
    }
}
