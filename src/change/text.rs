//! A redline for a terminal.
//!
//! In: a redline. Out: plain text, or text with ANSI colours: `[-removed-]{+added+}`. Unchanged stretches are left out
//! but for a block on either side. Must not know: terminals.

use super::flat::{ATOM, BREAK, ContainerKind, LeafKind};
use super::{Entry, EntryKind, Move, Op, Redline, Span, html::snippet, outline, tidy};

/// How marks are written.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    pub deleted: (&'static str, &'static str),
    pub inserted: (&'static str, &'static str),
    pub note: (&'static str, &'static str),
    pub paragraph: &'static str,
}

pub const PLAIN: Marks = Marks { deleted: ("[-", "-]"), inserted: ("{+", "+}"), note: ("(", ")"), paragraph: "¶" };
/// Red and struck, green and underlined: told apart without colour, too.
pub const COLOUR: Marks = Marks {
    deleted: ("\x1b[31;9m", "\x1b[0m"),
    inserted: ("\x1b[32;4m", "\x1b[0m"),
    note: ("\x1b[36m(", ")\x1b[0m"),
    paragraph: "¶",
};

pub fn text(redline: &Redline, colour: bool) -> String {
    write(redline, if colour { &COLOUR } else { &PLAIN }, &|text, out| out.push_str(text))
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
        entry.is_some_and(|entry| entry.kind != EntryKind::Same || entry.formatting.links || moved(at, entry))
    };
    let mut shown: Vec<bool> =
        (0..entries.len()).map(|at| changed(at) || changed(at + 1) || at > 0 && changed(at - 1)).collect();
    let mut heading = None;
    for at in 0..entries.len() {
        let (old, leaves) = redline.shown(&entries[at]);
        if matches!(redline.flat(old).leaves[leaves.start].kind, LeafKind::Heading(_))
            && entries[at].kind != EntryKind::Deleted
        {
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
    let (old, leaves) = redline.shown(entry);
    let flat = redline.flat(old);
    if let EntryKind::Away(_) = entry.kind {
        let leaf = &flat.leaves[leaves.start];
        let words = match leaf.kind {
            LeafKind::Heading(_) => outline::title(flat, leaves.start),
            _ => snippet(flat.leaf_text(leaves.start)),
        };
        return note(out, marks, &format!("moved from here: “{words}”"));
    }
    let by_leaf = redline.by_leaf(entry);
    for (at, leaf) in leaves.enumerate() {
        let here = &flat.leaves[leaf];
        match here.kind {
            LeafKind::Rule => return,
            // The empty head of a table.
            LeafKind::Row { .. } if entry.kind != EntryKind::Changed && flat.leaf_text(leaf).trim().is_empty() => {
                continue;
            }
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
                let depth = flat
                    .path(here.container)
                    .iter()
                    .filter(|container| {
                        matches!(flat.containers[**container as usize].kind, ContainerKind::Item { .. })
                    })
                    .count();
                if depth > 0 {
                    out.extend(std::iter::repeat_n(' ', (depth - 1) * 2));
                    out.push_str("- ");
                }
            }
        }
        match entry.kind {
            EntryKind::Changed => spans_text(redline, by_leaf.get(at).copied().unwrap_or(&[]), marks, escape, out),
            kind => {
                let mark = match kind {
                    EntryKind::Inserted => marks.inserted,
                    EntryKind::Deleted => marks.deleted,
                    _ => ("", ""),
                };
                let words = shown_words(&flat.text[here.text.clone()]);
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
        out.push_str("\n\n");
    }
    for (was, is) in redline.links(entry) {
        note(out, marks, &format!("link to {is}, formerly to {was}"));
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
        if span.paragraph {
            match span.op {
                Op::Same => {}
                Op::Deleted => out.extend([marks.deleted.0, marks.paragraph, marks.deleted.1, " "]),
                Op::Inserted => out.extend([marks.inserted.0, marks.paragraph, marks.inserted.1]),
            }
            continue;
        }
        let (flat, range, mark) = match span.op {
            Op::Same => (&redline.new, &span.new, ("", "")),
            Op::Deleted => (&redline.old, &span.old, marks.deleted),
            Op::Inserted => (&redline.new, &span.new, marks.inserted),
        };
        let text = flat.text[range.clone()].replace(ATOM, "").replace(BREAK, " ");
        // A blank after the words stays outside of the mark.
        let words = text.trim_end();
        out.push_str(mark.0);
        escape(words, out);
        out.push_str(mark.1);
        out.push_str(&text[words.len()..]);
    }
}

fn shown_words(text: &str) -> String {
    text.split('\t').map(tidy).collect::<Vec<_>>().join(" | ").trim_matches([' ', '|']).to_string()
}
