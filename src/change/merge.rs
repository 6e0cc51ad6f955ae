//! Carries the change between two sources into a third one: a three-way merge by passages and by rows.
//!
//! In: sources as they are written. Out: the third source with the change, or the passage that reads differently there; and
//! the change itself, independent of where it is. A passage is a sentence of a line; a row is a row of a register. A change is
//! carried only if the passages that it touches are the same in both texts: what is merged was never read by anybody as a
//! whole, so nothing is guessed. Must not know: documents, versions.

use imara_diff::{Algorithm, Diff, InternedInput};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a change replaces by what, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub old: String,
    pub new: String,
}

struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
}

/// A shorter sentence ("1. ", "Inc. ") is joined with what follows.
const SENTENCE: usize = 12;

/// The change between two texts.
pub fn changes(old: &str, new: &str) -> Vec<Replaced> {
    let (old, new) = (passages(old), passages(new));
    let replaced = |hunk: Hunk| Replaced { old: old[hunk.old].concat(), new: new[hunk.new].concat() };
    hunks(&old, &new).into_iter().map(replaced).collect()
}

/// `text` with the change from `old` to `new`. The error is the passage that the change touches and that `text` changed, too.
pub fn carry(old: &str, new: &str, text: &str) -> Result<String, String> {
    if text == old {
        return Ok(new.to_string());
    }
    let (old, new, text) = (passages(old), passages(new), passages(text));
    let (ours, theirs) = (hunks(&old, &text), hunks(&old, &new));
    let mut out = String::new();
    // The passages of `old` up to here are done.
    let mut at = 0;
    let mut ours = ours.iter().peekable();
    for hunk in &theirs {
        while let Some(own) =
            ours.next_if(|own| own.old.end < hunk.old.start || (own.old.end == hunk.old.start && !meet(own, hunk)))
        {
            out.extend(old[at..own.old.start].iter().copied());
            out.extend(text[own.new.clone()].iter().copied());
            at = own.old.end;
        }
        if let Some(own) = ours.peek().filter(|own| meet(own, hunk)) {
            return Err(text[own.new.clone()].concat().trim().to_string());
        }
        out.extend(old[at..hunk.old.start].iter().copied());
        out.extend(new[hunk.new.clone()].iter().copied());
        at = hunk.old.end;
    }
    for own in ours {
        out.extend(old[at..own.old.start].iter().copied());
        out.extend(text[own.new.clone()].iter().copied());
        at = own.old.end;
    }
    out.extend(old[at..].iter().copied());
    Ok(out)
}

/// True if two changes of one text touch the same passage, or insert at the same place.
fn meet(a: &Hunk, b: &Hunk) -> bool {
    let inside = |point: usize, range: &Range<usize>| range.start < point && point < range.end;
    match (a.old.is_empty(), b.old.is_empty()) {
        (true, true) => a.old.start == b.old.start,
        (true, false) => inside(a.old.start, &b.old),
        (false, true) => inside(b.old.start, &a.old),
        (false, false) => a.old.start < b.old.end && b.old.start < a.old.end,
    }
}

fn hunks(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let range = |range: Range<u32>| range.start as usize..range.end as usize;
    diff.hunks().map(|hunk| Hunk { old: range(hunk.before), new: range(hunk.after) }).collect()
}

/// Lines with their ends, those of prose cut after each sentence.
fn passages(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for line in text.split_inclusive('\n') {
        let (mut start, mut before) = (0, ' ');
        for (at, letter) in line.char_indices() {
            let ends = letter == ' ' && matches!(before, '.' | '!' | '?' | '。' | '؟' | '।');
            if ends && at + 1 - start >= SENTENCE && line[at + 1..].chars().any(|letter| !letter.is_whitespace()) {
                out.push(&line[start..=at]);
                start = at + 1;
            }
            before = letter;
        }
        out.push(&line[start..]);
    }
    out
}

/// A register as it is written: what is above its rows, and its rows by id.
struct Rows<'t> {
    head: &'t str,
    rows: Vec<(String, &'t str)>,
}

impl<'t> Rows<'t> {
    /// None if a row has no id of its own.
    fn of(text: &'t str) -> Option<Rows<'t>> {
        let mut starts = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if line.trim_end() == "[[row]]" {
                starts.push(at);
            }
            at += line.len();
        }
        let head = &text[..starts.first().copied().unwrap_or(text.len())];
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let mut rows: Vec<(String, &str)> = Vec::new();
        for (start, end) in starts.iter().copied().zip(ends) {
            let row = text[start..end].trim_end();
            let id = row.lines().find_map(|line| line.strip_prefix("id").map(str::trim_start)?.strip_prefix('='))?;
            let id = id.trim().to_string();
            if rows.iter().any(|(known, _)| *known == id) {
                return None;
            }
            rows.push((id, row));
        }
        Some(Rows { head, rows })
    }

    fn get(&self, id: &str) -> Option<&'t str> {
        self.rows.iter().find(|(known, _)| known == id).map(|(_, row)| *row)
    }

    /// True if the rows that both have come in the same order.
    fn in_order_of(&self, other: &Rows) -> bool {
        let shared = |a: &Rows, b: &Rows| -> Vec<String> {
            a.rows.iter().filter(|(id, _)| b.get(id).is_some()).map(|(id, _)| id.clone()).collect()
        };
        shared(self, other) == shared(other, self)
    }
}

/// The change between two registers, row by row; by passages where rows have no ids or change their order.
pub fn row_changes(old: &str, new: &str) -> Vec<Replaced> {
    let (Some(before), Some(after)) = (Rows::of(old), Rows::of(new)) else { return changes(old, new) };
    if !before.in_order_of(&after) {
        return changes(old, new);
    }
    let mut out = changes(before.head.trim_end(), after.head.trim_end());
    let mut ids: BTreeMap<&str, ()> = BTreeMap::new();
    ids.extend(before.rows.iter().chain(&after.rows).map(|(id, _)| (id.as_str(), ())));
    for id in ids.into_keys() {
        let (old, new) = (before.get(id).unwrap_or(""), after.get(id).unwrap_or(""));
        if old != new {
            out.push(Replaced { old: old.to_string(), new: new.to_string() });
        }
    }
    out
}

/// `text` with the change from `old` to `new`, row by row. The error names the row.
pub fn carry_rows(old: &str, new: &str, text: &str) -> Result<String, String> {
    if text == old {
        return Ok(new.to_string());
    }
    let (Some(before), Some(after), Some(ours)) = (Rows::of(old), Rows::of(new), Rows::of(text)) else {
        return carry(old, new, text);
    };
    if !before.in_order_of(&after) {
        return carry(old, new, text);
    }
    let mut out = carry(before.head, after.head, ours.head)?;
    let push = |out: &mut String, row: &str| {
        if !out.is_empty() && !out.ends_with("\n\n") {
            out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
        }
        out.push_str(row);
        out.push('\n');
    };
    for (id, own) in &ours.rows {
        let (old, new) = (before.get(id), after.get(id));
        match (old, new) {
            _ if old == new => push(&mut out, own),
            (Some(old), Some(new)) if old == *own => push(&mut out, new),
            (Some(old), None) if old == *own => {}
            _ => return Err(format!("the row {id}")),
        }
    }
    for (id, new) in &after.rows {
        match (before.get(id), ours.get(id)) {
            (None, None) => push(&mut out, new),
            (Some(old), None) if old != *new => return Err(format!("the row {id}")),
            _ => {}
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_of_one_paragraph_are_passages_of_their_own() {
        let old = "We keep activity logs for 90 days. Write to us at any time.\n";
        let announced = "We keep activity logs for 180 days. Write to us at any time.\n";
        let fixed = "We keep activity logs for 90 days. Please write to us at any time.\n";
        let both = "We keep activity logs for 180 days. Please write to us at any time.\n";
        assert_eq!(carry(old, fixed, announced).as_deref(), Ok(both));
        assert_eq!(carry(announced, old, both).as_deref(), Ok(fixed));
        let clash = "We keep activity logs for 91 days. Write to us at any time.\n";
        assert_eq!(carry(old, clash, announced), Err("We keep activity logs for 180 days.".into()));
    }

    #[test]
    fn rows_are_carried_by_their_ids() {
        let row = |id: &str, name: &str| format!("[[row]]\nid = \"{id}\"\nname = \"{name}\"\n");
        let old = row("a", "A");
        let announced = format!("{}\n{}", row("a", "A"), row("b", "B"));
        let fixed = format!("{}\n{}", row("a", "A"), row("c", "C"));
        let both = format!("{}\n{}\n{}", row("a", "A"), row("b", "B"), row("c", "C"));
        assert_eq!(carry_rows(&old, &fixed, &announced), Ok(both.clone()));
        assert_eq!(row_changes(&old, &fixed), row_changes(&announced, &both));
        let renamed = row("a", "Other");
        let elsewhere = format!("{}\n{}", row("a", "Another"), row("b", "B"));
        assert_eq!(carry_rows(&old, &renamed, &elsewhere), Err("the row \"a\"".into()));
    }

    proptest! {
        #[test]
        fn a_change_is_carried_whole_or_not_at_all(
            base in "([a-d]{1,3}\\. ?\n?){0,12}",
            new in "([a-d]{1,3}\\. ?\n?){0,12}",
            text in "([a-d]{1,3}\\. ?\n?){0,12}",
        ) {
            prop_assert_eq!(carry(&base, &new, &base), Ok(new.clone()));
            prop_assert_eq!(carry(&base, &base, &text), Ok(text.clone()));
            if let (Ok(one), Ok(other)) = (carry(&base, &new, &text), carry(&base, &text, &new)) {
                prop_assert_eq!(one, other);
            }
        }
    }
}
