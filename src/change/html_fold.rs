//! Which stretches of a redline nobody needs to see at once.
//!
//! In: a redline. Out: runs of entries to fold. Headings and one block on either side of a change stay visible.
//! Must not know: HTML.

use super::Redline;
use super::flat::LeafKind;
use super::tree::Step;
use std::ops::Range;

/// Fewer bytes in one block are not worth folding.
const LONG: usize = 240;

/// A block at the top level: a paragraph, a whole list or a whole table.
struct Unit {
    entries: Range<usize>,
    changed: bool,
    heading: bool,
    bytes: usize,
}

/// Runs of entries, each with how many blocks of text it holds. To be folded, a run leaves a block on either side of a change, and
/// every heading, in sight; to be `omitted`, it leaves only the headings of sections in which something changed.
pub fn folds(redline: &Redline, omitted: bool) -> Vec<(Range<usize>, usize)> {
    let mut units: Vec<Unit> = Vec::new();
    let mut last: Option<(Step, Option<usize>)> = None;
    let mut path = Vec::new();
    for (at, entry) in redline.entries.iter().enumerate() {
        let (side, leaves) = redline.shown(entry);
        redline.path(side, leaves.start, &mut path);
        let root = path.first().map(|step| (*step, entry.within));
        let changed = entry.is_changed();
        let bytes = redline.flat(side).leaves[leaves.start].text.len();
        let edge = entry.within.is_some_and(|moved| redline.moves[moved].entries.start == at);
        match units.last_mut().filter(|_| root.is_some() && root == last && !edge) {
            Some(unit) => {
                unit.entries.end = at + 1;
                unit.changed |= changed;
                unit.bytes += bytes;
            }
            None => {
                let heading =
                    root.is_none() && matches!(redline.flat(side).leaves[leaves.start].kind, LeafKind::Heading(_));
                units.push(Unit { entries: at..at + 1, changed, heading, bytes });
            }
        }
        last = root;
    }
    let seen = |at: usize| !omitted && units.get(at).is_some_and(|unit| unit.changed);
    let untouched = |at: usize| {
        let below = units[at + 1..].iter().take_while(|unit| !unit.heading);
        omitted && below.into_iter().all(|unit| !unit.changed)
    };
    let mut out: Vec<(Range<usize>, usize)> = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let from = at;
        let within = redline.entries[units[at].entries.start].within;
        let quiet = |at: usize| {
            let unit = &units[at];
            let entry = &redline.entries[unit.entries.start];
            // A move begins a stretch of its own.
            let begins = entry.within.is_some_and(|moved| redline.moves[moved].entries.start == unit.entries.start);
            let changed = unit.changed || seen(at + 1) || (at > 0 && seen(at - 1));
            !changed && (!unit.heading || untouched(at)) && entry.within == within && (at == from || !begins)
        };
        while at < units.len() && quiet(at) {
            at += 1;
        }
        let run = &units[from..at];
        if run.len() > 1 || (omitted && !run.is_empty()) || run.first().is_some_and(|unit| unit.bytes >= LONG) {
            let entries = run[0].entries.start..run[run.len() - 1].entries.end;
            out.push((entries.clone(), entries.len()));
        }
        at = at.max(from + 1);
    }
    out
}
