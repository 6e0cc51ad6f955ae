//! Plain text → a manuscript: lines, wrapped or one for each paragraph, with the structure that was typed.
//!
//! In: text. Out: a [`Manuscript`]. Must not know: files, Markdown.

use super::model::{Grid, Loss, Manuscript, Part, PartKind, Run, plain, squeezed};
use super::recognize::{self, Typed, Wanted, names_document, number_depth};
use regex::Regex;
use std::sync::LazyLock;

/// A label of a date that has none.
static EMPTY_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:last (?:updated|modified|revised|changed)|effective(?: date)?|updated|date of last (?:update|revision)|última actualización|letzte aktualisierung|stand|dernière mise à jour)\s*(?:on)?\s*:?$")
        .expect("a constant")
});
/// "01Information": a number that a style sheet set apart.
static GLUED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(\d{1,2})([.)])[\s\u{a0}]+0?(\d{1,2})(\p{Lu}.*)$").expect("a constant"));

pub fn manuscript(text: &str) -> Manuscript {
    let mut out = Manuscript::default();
    let mut lines = lines(text, 0, &mut out.losses);
    take_title(&mut lines, &mut out);
    out.parts = recognize::structure_lines(lines, Wanted { headings: true, labels: true }, &mut out.losses);
    out
}

/// The parts of a text inside another document.
pub fn parts(text: &str, place: usize) -> Vec<Part> {
    let mut losses = Vec::new();
    let lines = lines(text, place.saturating_sub(1), &mut losses);
    recognize::structure_lines(lines, Wanted { headings: true, labels: true }, &mut losses)
}

type Line = Result<Typed, Part>;

/// Paragraphs, tables and rules, with the line on which each begins.
fn lines(text: &str, offset: usize, losses: &mut Vec<Loss>) -> Vec<Line> {
    let all: Vec<String> = text.lines().map(|line| line.replace('\t', "    ").trim_end().to_string()).collect();
    let raw: Vec<&str> = text.lines().collect();
    let width = wrapped(&all);
    let mut out: Vec<Line> = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    while at < all.len() {
        let line = all[at].as_str();
        if line.trim().is_empty() {
            after_blank = true;
            at += 1;
            continue;
        }
        if let Some((grid, end)) = table(&all, &raw, at) {
            out.push(Err(Part { place: offset + at + 1, kind: PartKind::Grid(grid) }));
            (at, after_blank) = (end, true);
            continue;
        }
        let rule = |line: &str| {
            let line = line.trim();
            line.len() >= 3 && ["=", "-", "*", "_", "~"].iter().any(|mark| line.replace(mark, "").is_empty())
        };
        if rule(line) {
            // Below a short line it underlines a heading.
            let heading = match out.last() {
                Some(Ok(typed)) if !after_blank && typed.place == offset + at => Some(typed.clone()),
                _ => None,
            };
            match heading {
                Some(typed) => {
                    let level = if line.trim().starts_with('=') { 1 } else { 2 };
                    out.pop();
                    let kind = PartKind::Heading { level, anchors: Vec::new(), words: typed.runs };
                    out.push(Err(Part { place: typed.place, kind }));
                }
                None => out.push(Err(Part { place: offset + at + 1, kind: PartKind::Divider })),
            }
            at += 1;
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let words = unglued(line.trim(), offset + at + 1, losses);
        let joins = match (width, out.last()) {
            (Some(width), Some(Ok(last))) if !after_blank && !starts_item(&words) => {
                // A line was broken because the next word did not fit.
                let before = all[at - 1].chars().count();
                let first = words.split_whitespace().next().map_or(0, |word| word.chars().count());
                let goes_on = words.starts_with(char::is_lowercase)
                    && !all[at - 1].trim_end().ends_with(['.', ':', ';', '!', '?']);
                (goes_on || before + 1 + first + 6 > width) && indent + 12 > last.indent
            }
            _ => false,
        };
        if joins {
            if let Some(Ok(last)) = out.last_mut() {
                last.runs.push(Run::Words(format!(" {words}")));
            }
        } else {
            out.push(Ok(Typed { place: offset + at + 1, indent, runs: vec![Run::Words(words)] }));
        }
        after_blank = false;
        at += 1;
    }
    // One line of words is one run.
    for typed in out.iter_mut().flatten() {
        typed.runs = vec![Run::Words(plain(&typed.runs))];
    }
    out
}

/// The width at which the lines of a text were broken; none if each line is a paragraph.
fn wrapped(lines: &[String]) -> Option<usize> {
    let longest = lines.iter().map(|line| line.chars().count()).max()?;
    if !(40..=130).contains(&longest) {
        return None;
    }
    let (mut full, mut inner) = (0, 0);
    for pair in lines.windows(2) {
        if !pair[0].trim().is_empty() && !pair[1].trim().is_empty() && !starts_item(pair[1].trim()) {
            inner += 1;
            full += usize::from(pair[0].chars().count() * 4 >= longest * 3);
        }
    }
    (inner >= 3 && full * 2 >= inner).then_some(longest)
}

fn starts_item(words: &str) -> bool {
    number_depth(words).is_some()
        || words.starts_with(['-', '*', '•', '◦', '▪', '·', '●', '–', '—', '|'])
            && words.chars().nth(1).is_some_and(char::is_whitespace)
        || words.starts_with('(') && words.chars().take(6).any(|c| c == ')')
}

/// "1. 01Information" → "1. Information", if both are the same number.
fn unglued(words: &str, place: usize, losses: &mut Vec<Loss>) -> String {
    match GLUED.captures(words) {
        Some(found) if found[1].trim_start_matches('0') == found[3].trim_start_matches('0') => {
            losses.push(Loss::new(place, "a number that stood twice is kept once", words));
            format!("{}{} {}", &found[1], &found[2], &found[4])
        }
        _ => words.to_string(),
    }
}

/// A table with pipes, or of cells between tabs.
fn table(lines: &[String], raw: &[&str], at: usize) -> Option<(Grid, usize)> {
    let pipes = |line: &str| line.trim().starts_with('|') && line.trim().len() > 2 && line.trim()[1..].contains('|');
    let tabs = |line: &str| line.trim().contains('\t');
    let split: fn(&str) -> Vec<String> = if pipes(&lines[at]) {
        |line| {
            line.trim()
                .trim_matches('|')
                .replace("\\|", "\u{1}")
                .split('|')
                .map(|cell| cell.replace('\u{1}', "|").trim().to_string())
                .collect()
        }
    } else if tabs(raw[at]) {
        |line| line.trim_end().split('\t').map(|cell| cell.trim().to_string()).collect()
    } else {
        return None;
    };
    let by_pipes = pipes(&lines[at]);
    let end = (at..lines.len())
        .find(|at| if by_pipes { !pipes(&lines[*at]) } else { !tabs(raw[*at]) })
        .unwrap_or(lines.len());
    let ruled = |cells: &Vec<String>| {
        cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | '=' | '+')))
    };
    let rows: Vec<Vec<String>> = raw[at..end].iter().map(|line| split(line)).filter(|row| !ruled(row)).collect();
    let width = rows.iter().map(Vec::len).max()?;
    let even = rows.iter().all(|row| row.len() == width) || by_pipes;
    if rows.len() < 2 || width < 2 || !even {
        return None;
    }
    let mut rows = rows.into_iter().map(|row| {
        let mut cells: Vec<Vec<Run>> = row.into_iter().map(|cell| vec![Run::Words(cell)]).collect();
        cells.resize(width, Vec::new());
        cells
    });
    let head = rows.next()?;
    Some((Grid { head, rows: rows.collect() }, end))
}

fn line_words(line: &Line) -> Option<String> {
    line.as_ref().ok().map(|typed| squeezed(&plain(&typed.runs)))
}

fn is_empty_label(words: &str) -> bool {
    EMPTY_LABEL.is_match(words)
}

/// True if a line is short and has figures, as a date has.
fn is_date(words: &str) -> bool {
    words.chars().count() <= 40 && words.chars().any(|c| c.is_ascii_digit())
}

fn lost_label(place: usize, words: &str) -> Loss {
    Loss::new(place, "the label of a date that is missing was left out", words)
}

/// Paragraphs that are the label of a date and nothing else, where no date follows, leave the parts.
pub fn drop_empty_labels(parts: &mut Vec<Part>, losses: &mut Vec<Loss>) {
    let words = |part: &Part| match &part.kind {
        PartKind::Paragraph(runs) => squeezed(&plain(runs)),
        _ => String::new(),
    };
    let mut at = 0;
    while at < parts.len() {
        let dated = parts.get(at + 1).is_some_and(|next| is_date(&words(next)));
        if is_empty_label(&words(&parts[at])) && !dated {
            let part = parts.remove(at);
            losses.push(lost_label(part.place, &words(&part)));
        } else {
            at += 1;
        }
    }
}

/// The title, its kicker and its subtitle leave the lines.
fn take_title(lines: &mut Vec<Line>, out: &mut Manuscript) {
    // A label without its date is no subtitle; it is taken out later.
    if lines.len() > 3 && lines.iter().take(3).any(|line| line_words(line).is_some_and(|words| is_empty_label(&words)))
    {
        let at =
            lines.iter().position(|line| line_words(line).is_some_and(|words| is_empty_label(&words))).unwrap_or(0);
        let dated = lines.get(at + 1).and_then(line_words).is_some_and(|words| is_date(&words));
        if !dated {
            let label = lines.remove(at);
            out.losses.extend(label.map(|typed| lost_label(typed.place, &plain(&typed.runs))));
        }
    }
    if let Some(Err(Part { kind: PartKind::Heading { level: 1, words, .. }, .. })) = lines.first() {
        out.title = Some(squeezed(&plain(words)));
        lines.drain(..1);
        return;
    }
    let title_like = |line: Option<&Line>| match line {
        Some(Ok(typed)) => {
            let words = squeezed(&plain(&typed.runs));
            let fits = words.chars().count() <= 90
                && words.split_whitespace().count() <= 12
                && number_depth(&words).is_none()
                && !starts_item(&words)
                && !words.ends_with(['.', ';', ':', ','])
                && !(words.contains(": ") && words.chars().any(|c| c.is_ascii_digit()));
            fits.then_some(words)
        }
        _ => None,
    };
    let Some(first) = title_like(lines.first()) else { return };
    let second = title_like(lines.get(1));
    let third = title_like(lines.get(2));
    match second {
        // "Privacy" above "Privacy Policy": the name of the part of a site.
        Some(second) if names_document(&second) && second.to_lowercase().contains(&first.to_lowercase()) => {
            out.losses.push(Loss::new(1, "a line above the title that says less was left out", &first));
            out.title = Some(second);
            lines.drain(..2);
        }
        // A line between the title and the first heading.
        Some(second) if third.is_some() && names_document(&first) && !names_document(&second) => {
            out.title = Some(first);
            out.description = Some(second);
            lines.drain(..2);
        }
        _ if names_document(&first) || second.is_some() || lines.len() > 3 => {
            out.title = Some(first);
            lines.drain(..1);
        }
        _ => {}
    }
}
