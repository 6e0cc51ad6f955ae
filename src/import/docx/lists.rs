//! Paragraphs that are items → lists.
//!
//! In: parts with the level of their list. Out: parts with lists in lists. Must not know: XML.

use crate::import::model::{Part, PartKind};

/// A part, and the level of the list that it is an item of.
pub struct Placed {
    pub part: Part,
    pub item: Option<(usize, Option<usize>)>,
    /// Belongs to the item before it, if there is one.
    pub indented: bool,
}

/// Paragraphs of lists → lists.
pub fn gather(placed: Vec<Placed>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut open = false;
    for Placed { part, item, indented } in placed {
        match item {
            Some((level, number)) => {
                add_item(&mut out, level, number, part, open);
                open = true;
            }
            None if open && indented && matches!(part.kind, PartKind::Paragraph(_)) => {
                // What is indented below an item belongs to it.
                if let Some(Part { kind: PartKind::Itemized { items, .. }, .. }) = out.last_mut()
                    && let Some(item) = items.last_mut()
                {
                    item.push(part);
                }
            }
            None => {
                open = false;
                out.push(part);
            }
        }
    }
    out
}

fn add_item(out: &mut Vec<Part>, level: usize, number: Option<usize>, part: Part, open: bool) {
    let place = part.place;
    if let Some(Part { kind: PartKind::Itemized { start, items }, .. }) = out.last_mut().filter(|_| open) {
        if level > 0
            && let Some(item) = items.last_mut()
        {
            let inner_open = matches!(item.last(), Some(Part { kind: PartKind::Itemized { .. }, .. }));
            return add_item(item, level - 1, number, part, inner_open);
        }
        let goes_on = match (&start, number) {
            (None, None) => true,
            (Some(first), Some(number)) => *first + items.len() == number,
            _ => false,
        };
        if goes_on {
            items.push(vec![part]);
            return;
        }
    }
    out.push(Part { place, kind: PartKind::Itemized { start: number, items: vec![vec![part]] } });
}
