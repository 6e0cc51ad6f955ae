//! Dates in prose: labels without one, dates that mean two days, dates that are not yet or long ago.
//!
//! In: a text and the day. Out: findings at dates and labels. Must not know: the ledger, which has its own dates.

use super::lexicon::Lexicon;
use super::piece::{Kind, Piece};
use super::{Text, quote, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use jiff::ToSpan;
use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static NUMERIC: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})([/.-])(\d{1,2})([/.-])(\d{4}|\d{2})\b").expect("a constant"));
static ISO: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(20\d\d)-(0\d|1[0-2])-([0-3]\d)\b").expect("a constant"));
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<month>\p{L}{3,10}|\d{1,2})(?:\.?,? (?:del? )?|[/.-])(?P<year>20\d\d)\b").expect("a constant")
});

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let pieces: Vec<&Piece> = text.pieces().collect();
    let mut labelled = false;
    for (index, piece) in pieces.iter().enumerate() {
        labelled |= labels(text, &pieces, index, findings);
        ambiguous(text, piece, findings);
        labelled |= stated(text, piece, findings);
    }
    // A date at the top needs no label.
    let bare = pieces.iter().take(6).any(|piece| {
        ISO.is_match(&piece.text) || (piece.text.len() < 80 && text.words.pattern("date").is_match(&piece.lower))
    });
    if !labelled && !bare {
        dangling(text, findings);
    }
}

/// A line that is a label alone. Whether a label with a date was seen.
fn labels(text: &Text<'_>, pieces: &[&Piece], index: usize, findings: &mut Vec<Diagnostic>) -> bool {
    let piece = pieces[index];
    if !matches!(piece.kind, Kind::Paragraph | Kind::Item | Kind::Heading | Kind::Cell) {
        return false;
    }
    let mut at = 0;
    let mut seen = false;
    for line in piece.lower.split_inclusive('\n') {
        let range = at..at + line.trim_end().len();
        at += line.len();
        if line.len() > 80 || !text.words.pattern("date_label").is_match(line.trim()) {
            continue;
        }
        // The date may stand in the next line, cell or block.
        let rest = piece.lower[at..].lines().next().unwrap_or("");
        let next = pieces.get(index + 1).map_or("", |next| next.lower.as_str());
        let has_date = |words: &str| {
            let words = words.get(..words.len().min(40)).unwrap_or(words);
            words.chars().any(|c| c.is_ascii_digit()) || words.contains(super::piece::OBJECT)
        };
        if has_date(rest) || (rest.is_empty() && has_date(next)) || piece.text[range.clone()].trim().is_empty() {
            seen = true;
            continue;
        }
        // A heading, the head of a column and a term that is defined have words below them, no date.
        let introduces = piece.kind == Kind::Heading || piece.kind == Kind::Cell && !line.trim().ends_with(':');
        if introduces || index > 12 && !line.trim().ends_with(':') {
            continue;
        }
        let start = range.start + line.len() - line.trim_start().len();
        findings.push(
            text.at(
                "date-label-empty",
                piece,
                start..range.end,
                format!("`{}` has no date", quote(&piece.text[range.clone()])),
            )
            .help("remove the line: the page of each version shows since when it is in force"),
        );
    }
    seen
}

/// 04/05/2026: April in one country, May in another.
fn ambiguous(text: &Text<'_>, piece: &Piece, findings: &mut Vec<Diagnostic>) {
    if !piece.text.contains('/') {
        return;
    }
    for hit in NUMERIC.captures_iter(&piece.text) {
        let part = |index: usize| hit.get(index).and_then(|part| part.as_str().parse::<u32>().ok()).unwrap_or(99);
        let (whole, first, second) = (hit.get(0), part(1), part(3));
        let Some(whole) = whole else { continue };
        let slashes = &hit[2] == "/" && &hit[4] == "/";
        let inside =
            piece.text[..whole.start()].ends_with(['/', '.', '-']) || piece.text[whole.end()..].starts_with(['/', '-']);
        if !slashes || inside || first == second || !(1..=12).contains(&first) || !(1..=12).contains(&second) {
            continue;
        }
        let year = if hit[5].len() == 2 { format!("20{}", &hit[5]) } else { hit[5].to_string() };
        findings.push(
            text.at(
                "date-ambiguous",
                piece,
                whole.range(),
                format!("`{}` is one day in Europe and another in America", whole.as_str()),
            )
            .help(format!("write the month as a word, or {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}, whichever is meant")),
        );
    }
}

/// “Last updated: 19 April 2026”: neither to come nor long ago. Whether one was seen.
fn stated(text: &Text<'_>, piece: &Piece, findings: &mut Vec<Diagnostic>) -> bool {
    let mut seen = false;
    for label in text.words.pattern("date_labelled").find_iter(&piece.lower) {
        let exact = date_at(text.words, &piece.lower, label.end());
        // “Last updated: December 2025” is a date, if not a day.
        let Some((date, range)) = exact.or_else(|| month_at(text, &piece.lower, label.end())) else {
            let rest: String = piece.lower[label.end()..].chars().take(24).collect();
            seen |= rest.chars().any(|c| c.is_ascii_digit());
            continue;
        };
        seen = true;
        let today = text.work.date;
        let named = quote(&piece.text[label.start()..range.end]);
        if date > today {
            findings.push(
                text.at("stated-date-in-future", piece, label.start()..range.end, format!("`{named}`, but today is {today}"))
                    .help("remove the line: the page of each version shows since when it is in force, and until when readers have notice"),
            );
        } else if today.checked_sub(1.year()).is_ok_and(|year_ago| date < year_ago) {
            findings.push(
                text.at("stated-date-old", piece, label.start()..range.end, format!("`{named}`: more than a year ago"))
                    .help("check that the text is still true, then remove the line: the page of each version shows its dates"),
            );
        } else if !text.work.slug.is_empty() {
            findings.push(by_hand(text, piece, label.start()..range.end));
        }
    }
    if !text.work.slug.is_empty() {
        effective(text, piece, findings);
    }
    seen
}

/// “04.02.2022”, “13/02/2022”: the day first, unless English leaves it open.
fn in_figures(words: &Lexicon, rest: &str) -> Option<(Date, usize)> {
    let hit = NUMERIC.captures(rest)?;
    let whole = hit.get(0).filter(|whole| whole.start() <= 1 && hit[5].len() == 4 && hit[2] == hit[4])?;
    let part = |index: usize| hit[index].parse::<i8>().ok();
    let (first, second) = (part(1)?, part(3)?);
    let open = words.tag == "en" && &hit[2] != "." && first <= 12 && second <= 12 && first != second;
    let (day, month) = if second > 12 { (second, first) } else { (first, second) };
    let date = Date::new(hit[5].parse().ok()?, month, day).ok()?;
    (!open).then(|| (date, whole.end()))
}

/// “Effective date: 1 May 2026” on a line of its own. It may lie before the day or behind it.
fn effective(text: &Text<'_>, piece: &Piece, findings: &mut Vec<Diagnostic>) {
    let label = text.words.pattern("date_effective").find_iter(&piece.lower).find(|label| {
        // Nothing but marks lies between the line's beginning and the label.
        let before = piece.lower[..label.start()].chars().rev().find(|c| *c == '\n' || c.is_alphanumeric());
        before.is_none_or(|c| c == '\n')
    });
    let dated = label.and_then(|label| Some((label.start(), date_at(text.words, &piece.lower, label.end())?.1.end)));
    findings.extend(dated.map(|(start, end)| by_hand(text, piece, start..end)));
}

fn by_hand(text: &Text<'_>, piece: &Piece, range: Range<usize>) -> Diagnostic {
    let named = quote(&piece.text[range.clone()]);
    let message = format!("`{named}` is typed and does not change with the next release");
    let finding = text.at("hard-coded-date", piece, range, message);
    weighing(finding.help("remove the line: the page of each version shows since when it is in force"), Severity::Info)
}

/// The last day of the month that begins at a byte: “May 2023”, “mayo de 2023”, “05/2023”.
fn month_at(text: &Text<'_>, lower: &str, at: usize) -> Option<(Date, Range<usize>)> {
    let hit = MONTH.captures(&lower[at..]).filter(|hit| hit.get(0).is_some_and(|whole| whole.start() == 0))?;
    let (name, year) = (hit.name("month")?.as_str(), hit.name("year")?);
    let named = text.words.months.iter().position(|names| names.iter().any(|known| known == name));
    let month = named.map(|at| at as i8 + 1).or_else(|| name.parse().ok())?;
    let first = Date::new(year.as_str().parse().ok()?, month, 1).ok()?;
    Some((first.last_of_month(), at..at + year.end()))
}

/// Length in letters of the longest date.
const LONGEST: usize = 40;

/// The date that begins at a byte.
fn date_at(words: &Lexicon, lower: &str, at: usize) -> Option<(Date, Range<usize>)> {
    let rest = &lower[at..];
    let rest = rest.char_indices().nth(LONGEST).map_or(rest, |(end, _)| &rest[..end]);
    let (date, end) = date_in(words, rest)?;
    Some((date, at..at + end))
}

/// The date that a stretch begins with, and where it ends.
fn date_in(words: &Lexicon, rest: &str) -> Option<(Date, usize)> {
    if let Some(hit) = ISO.captures(rest).filter(|hit| hit.get(0).is_some_and(|whole| whole.start() == 0)) {
        let part = |index: usize| hit[index].parse::<i16>().ok();
        let date = Date::new(part(1)?, part(2)? as i8, part(3)? as i8).ok()?;
        return Some((date, hit.get(0)?.end()));
    }
    if let Some(found) = in_figures(words, rest) {
        return Some(found);
    }
    let hit = words.pattern("date").captures(rest)?;
    let whole = hit.get(0).filter(|whole| whole.start() <= 2)?;
    let first = |names: [&str; 2]| names.iter().find_map(|name| hit.name(name)).map(|part| part.as_str());
    let names = |plain: &'static str, other: &'static str| {
        if words.pattern("date").capture_names().flatten().any(|name| name == other) {
            [plain, other]
        } else {
            [plain, plain]
        }
    };
    let month = first(names("m", "m2"))?;
    let month = words.months.iter().position(|names| names.iter().any(|name| name == month))? + 1;
    let day = first(names("d", "d2"))?.parse().ok()?;
    let year = first(names("y", "y2"))?.parse().ok()?;
    Some((Date::new(year, month as i8, day).ok()?, whole.end()))
}

/// “The ‘Last updated’ date at the top”, where no line has that label.
fn dangling(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    for piece in text.sayings() {
        if let Some(hit) = text.words.pattern("date_reference").find(&piece.lower) {
            findings.push(
                text.at("reference-dangling", piece, hit.range(), format!("`{}`: the text has no such date", quote(&piece.text[hit.range()])))
                    .help("remove it, or write “the dates at the top of this page”: the page of each version shows since when it is in force"),
            );
        }
    }
}

/// A day that a document states about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedDay {
    /// The label and the date as they are written.
    pub words: String,
    pub date: Date,
    /// True if the document says that it takes effect on that day; false if it was changed then.
    pub effective: bool,
}

/// The days that a document states with a label, such as "Last updated: 19 April 2026". Only the languages that have a
/// lexicon are read.
pub fn stated_days(tag: &str, prose: &str) -> Vec<StatedDay> {
    let Some(words) = Lexicon::of(tag) else { return Vec::new() };
    let lower = prose.to_lowercase();
    // Letters that change their length in lower case would shift every place.
    let written = if lower.len() == prose.len() { prose } else { &lower };
    let mut found: Vec<(usize, StatedDay)> = Vec::new();
    for (pattern, effective) in [("date_effective", true), ("date_labelled", false)] {
        for label in words.pattern(pattern).find_iter(&lower) {
            let Some((date, range)) = date_at(words, &lower, label.end()) else { continue };
            let said = written.get(label.start()..range.end).unwrap_or_default().split_whitespace();
            let said = said.collect::<Vec<_>>().join(" ");
            if !found.iter().any(|(_, known)| known.date == date && known.effective == effective) {
                found.push((label.start(), StatedDay { words: said, date, effective }));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, day)| day).collect()
}

/// The language of prose by its commonest words; none if they are few or belong to no language that has a lexicon.
pub fn language_of(prose: &str) -> Option<&'static str> {
    let mut votes = vec![0usize; Lexicon::all().len()];
    let mut count = 0usize;
    for word in prose.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(4000) {
        count += 1;
        let languages = Lexicon::stop_word(&word.to_lowercase());
        votes.iter_mut().enumerate().for_each(|(index, votes)| *votes += usize::from(languages >> index & 1));
    }
    let (best, most) = votes.iter().enumerate().max_by_key(|(_, votes)| **votes)?;
    let second = votes.iter().enumerate().filter(|(index, _)| *index != best).map(|(_, votes)| *votes).max()?;
    (count >= 8 && most * 6 >= count && *most > second).then(|| Lexicon::all()[best].tag)
}
