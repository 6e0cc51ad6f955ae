//! A redline for a terminal.
//!
//! In: a redline. Out: plain text, or text with ANSI colors: `[-removed-]{+added+}`. Unchanged stretches are left out
//! but for a block on either side. Must not know: terminals.

use super::flat::{ATOM, BREAK, Flat, LeafKind};
use super::html_words::structure_english;
use super::plain::snippet;
use super::token::control;
use super::{Entry, EntryKind, Mark, Move, Op, Redline, Span, outline, tidy};
use std::ops::Range;

/// How marks are written.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    pub deleted: (&'static str, &'static str),
    pub inserted: (&'static str, &'static str),
    pub note: (&'static str, &'static str),
    pub paragraph: &'static str,
}

pub const PLAIN: Marks = Marks { deleted: ("[-", "-]"), inserted: ("{+", "+}"), note: ("(", ")"), paragraph: "¶" };
/// Red and struck, green and underlined: distinguishable without color, too.
pub const COLOR: Marks = Marks {
    deleted: ("\x1b[31;9m", "\x1b[0m"),
    inserted: ("\x1b[32;4m", "\x1b[0m"),
    note: ("\x1b[36m(", ")\x1b[0m"),
    paragraph: "¶",
};

pub fn text(redline: &Redline, color: bool) -> String {
    write(redline, if color { &COLOR } else { &PLAIN }, &|text, out| out.push_str(text))
}

/// Blocks with their marks; `escape` writes the author's words.
pub(super) fn write(redline: &Redline, marks: &Marks, escape: &dyn Fn(&str, &mut String)) -> String {
    let mut out = String::new();
    let shown: Vec<bool> = visible(redline);
    let mut skipped = 0;
    for (at, entry) in redline.entries.iter().enumerate() {
        if !shown[at] {
            skipped += 1;
            continue;
        }
        if skipped > 0 {
            out.push_str("…\n\n");
            skipped = 0;
        }
        if let Some(moved) = entry.within.filter(|moved| redline.moves[*moved].entries.start == at) {
            let from = redline.origin(moved).map_or_else(|| "the beginning".to_string(), |title| format!("“{title}”"));
            let words = match &redline.moves[moved] {
                Move { section: true, .. } => format!("moved here; it stood after {from}"),
                Move { inside: true, .. } => "moved within this section".to_string(),
                _ => format!("moved here from {from}"),
            };
            note(&mut out, marks, &words);
        }
        entry_text(redline, entry, marks, escape, &mut out);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn note(out: &mut String, marks: &Marks, words: &str) {
    out.push_str(marks.note.0);
    out.push_str(words);
    out.push_str(marks.note.1);
    out.push_str("\n\n");
}

/// Changes, a block on either side of them, and the headings above.
fn visible(redline: &Redline) -> Vec<bool> {
    let entries = &redline.entries;
    let moved = |at: usize, entry: &Entry| entry.within.is_some_and(|moved| redline.moves[moved].entries.start == at);
    let changed = |at: usize| {
        let entry = entries.get(at);
        entry.is_some_and(|entry| entry.is_changed() || entry.formatting.links || moved(at, entry))
    };
    let mut shown: Vec<bool> =
        (0..entries.len()).map(|at| changed(at) || changed(at + 1) || at > 0 && changed(at - 1)).collect();
    let mut heading = None;
    for at in 0..entries.len() {
        let (side, leaves) = redline.shown(&entries[at]);
        if redline.flat(side).leaves[leaves.start].kind.is_heading() && entries[at].kind != EntryKind::Deleted {
            heading = Some(at);
        }
        if shown[at]
            && let Some(heading) = heading.take()
        {
            shown[heading] = true;
        }
    }
    shown
}

fn entry_text(redline: &Redline, entry: &Entry, marks: &Marks, escape: &dyn Fn(&str, &mut String), out: &mut String) {
    let (side, leaves) = redline.shown(entry);
    let flat = redline.flat(side);
    if let EntryKind::Away(_) = entry.kind {
        let leaf = &flat.leaves[leaves.start];
        let words = match leaf.kind {
            LeafKind::Heading(_) => outline::title(flat, leaves.start),
            _ => snippet(flat.leaf_text(leaves.start)),
        };
        return note(out, marks, &format!("moved from here: “{words}”"));
    }
    let by_leaf = redline.by_leaf(entry);
    for (at, leaf) in leaves.clone().enumerate() {
        let here = &flat.leaves[leaf];
        match here.kind {
            LeafKind::Rule => return,
            // The empty head of a table.
            LeafKind::Row { .. } if entry.kind != EntryKind::Changed && flat.leaf_text(leaf).trim().is_empty() => {
                continue;
            }
            _ => before(flat, leaf, out),
        }
        match entry.kind {
            EntryKind::Changed => spans_text(redline, by_leaf.get(at).copied().unwrap_or(&[]), marks, escape, out),
            kind => {
                let mark = match kind {
                    EntryKind::Inserted => marks.inserted,
                    EntryKind::Deleted => marks.deleted,
                    _ => ("", ""),
                };
                let words = shown_words(flat, here.text.clone());
                if !words.is_empty() {
                    out.push_str(mark.0);
                    escape(&words, out);
                    out.push_str(mark.1);
                }
            }
        }
        if let Some((Some(was), _)) = redline.renumbered(entry) {
            out.push_str(&format!(" {}formerly {was}{}", marks.note.0, marks.note.1));
        }
        let notes: Vec<String> = redline.structure_notes(entry).iter().map(structure_english).collect();
        if !notes.is_empty() && leaf + 1 == leaves.end {
            out.push_str(&format!(" {}{}{}", marks.note.0, notes.join("; "), marks.note.1));
        }
        out.push_str("\n\n");
    }
    for (was, is) in redline.links(entry) {
        note(out, marks, &format!("link to {is}, formerly to {was}"));
    }
}

/// Returns the text before the words of a leaf, much as Markdown writes it: levels, bullets, numbers, boxes, quotation marks.
fn before(flat: &Flat, leaf: usize, out: &mut String) {
    let here = &flat.leaves[leaf];
    match here.kind {
        LeafKind::Heading(level) => {
            out.extend(std::iter::repeat_n('#', usize::from(level)));
            out.push(' ');
            if let Some(number) = &here.number {
                out.push_str(number);
                out.push(' ');
            }
        }
        LeafKind::Row { .. } => out.push_str("| "),
        _ => {
            let place = flat.place(leaf);
            out.extend(std::iter::repeat_n("> ", place.quotes as usize));
            let depth = (place.depth as usize).saturating_sub(usize::from(place.item.is_some()));
            out.extend(std::iter::repeat_n(' ', depth * 2));
            if let Some(item) = place.item {
                out.push_str(item.typed().as_deref().unwrap_or("-"));
                out.push_str(match item.task {
                    Some(true) => " [x] ",
                    Some(false) => " [ ] ",
                    None => " ",
                });
            }
        }
    }
}

fn spans_text(redline: &Redline, spans: &[Span], marks: &Marks, escape: &dyn Fn(&str, &mut String), out: &mut String) {
    let mut cell = 0;
    for (at, span) in spans.iter().enumerate() {
        if redline.lost_blank(spans, at) {
            out.push(' ');
        }
        while cell < span.cell {
            out.push_str(" | ");
            cell += 1;
        }
        match (span.mark, span.op) {
            (Mark::Words, _) => {}
            (_, Op::Same) | (Mark::Cell, _) => continue,
            (Mark::Paragraph, Op::Deleted) => {
                out.extend([marks.deleted.0, marks.paragraph, marks.deleted.1, " "]);
                continue;
            }
            (Mark::Paragraph, Op::Inserted) => {
                out.extend([marks.inserted.0, marks.paragraph, marks.inserted.1]);
                continue;
            }
        }
        let (flat, range, mark) = match span.op {
            Op::Same => (&redline.new, &span.new, ("", "")),
            Op::Deleted => (&redline.old, &span.old, marks.deleted),
            Op::Inserted => (&redline.new, &span.new, marks.inserted),
        };
        let text = struck_words(flat, range.clone()).replace(ATOM, "").replace(BREAK, " ");
        // A blank after the words stays outside of the mark.
        let words = text.trim_end();
        out.push_str(mark.0);
        escape(&named_controls(words), out);
        out.push_str(mark.1);
        out.push_str(&text[words.len()..]);
    }
}

/// The words of a range, with the author's strokes as Markdown writes them.
fn struck_words(flat: &Flat, range: Range<usize>) -> String {
    let mut out = String::with_capacity(range.len());
    let mut at = range.start;
    for struck in flat.struck_in(&range) {
        out.push_str(&flat.text[at..struck.start]);
        let words = flat.text[struck.clone()].trim_end();
        out.push_str("~~");
        out.push_str(words);
        out.push_str("~~");
        at = struck.start + words.len();
    }
    out.push_str(&flat.text[at..range.end]);
    out
}

/// Names the characters that make a text read other than it is written.
fn named_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match control(letter) {
            Some(name) => out.extend(["[", &name, "]"]),
            None => out.push(letter),
        }
    }
    out
}

fn shown_words(flat: &Flat, range: Range<usize>) -> String {
    let words = struck_words(flat, range);
    let cells = words.split('\t').map(|cell| named_controls(&tidy(cell)));
    cells.collect::<Vec<_>>().join(" | ").trim_matches([' ', '|']).to_string()
}
