//! Which rows of tables speak of the same thing.
//!
//! In: two documents as leaves. Out: a number for each row, equal when both rows have the id of one register row, or when
//! the cells that name them are the same. Must not know: which leaf belongs to which.

use super::flat::{ContainerKind, Flat, LeafKind, index};
use super::indexed::Indexed;
use super::token::{FastMap, fold};
use std::borrow::Cow;
use std::ops::Range;

/// Numbers rows by the id in their register if both documents have such ids, else by the cell that names them.
pub fn names<'f, 'a>(old: &mut Indexed<'f, 'a>, new: &mut Indexed<'f, 'a>) {
    let by_id = has_ids(old.flat) && has_ids(new.flat);
    (old.by_id, new.by_id) = (by_id, by_id);
    let mut ids: FastMap<Cow<'f, str>, u32> = FastMap::default();
    // The title of the column that names the rows of a table, by the titles of all its columns: in a table whose columns
    // changed places it is the same one.
    let mut naming: FastMap<Vec<Cow<'f, str>>, Cow<'f, str>> = FastMap::default();
    for side in [old, new] {
        let flat: &'f Flat<'a> = side.flat;
        for table in flat.tables() {
            let head = table.clone().find(|leaf| flat.leaves[*leaf].kind == LeafKind::Row { head: true });
            let titles: Vec<Cow<str>> = head.map_or_else(Vec::new, |head| {
                flat.leaves[head].parts.clone().map(|part| fold(&flat.text[flat.parts[part].text.clone()])).collect()
            });
            let rows: Vec<usize> =
                table.filter(|leaf| flat.leaves[*leaf].kind == LeafKind::Row { head: false }).collect();
            let mut sorted = titles.clone();
            sorted.sort_unstable();
            let known = naming.get(&sorted).and_then(|title| titles.iter().position(|other| other == title));
            let (column, names) = match known {
                Some(column) => (column, cells(flat, &rows, column)),
                None => naming_column(flat, &rows),
            };
            if let Some(title) = titles.get(column) {
                naming.entry(sorted).or_insert_with(|| title.clone());
            }
            for (leaf, name) in rows.into_iter().zip(names) {
                let id = flat.leaves[leaf].row_id.filter(|_| by_id);
                let name = id.map_or(name, Cow::Borrowed);
                if !name.is_empty() {
                    let next = index(ids.len());
                    side.rows[leaf] = *ids.entry(name).or_insert(next);
                }
            }
        }
    }
}

impl Flat<'_> {
    /// The leaves of each table.
    pub fn tables(&self) -> impl Iterator<Item = Range<usize>> {
        self.containers.iter().filter_map(|container| match container.kind {
            ContainerKind::Table { first, end } => Some(first..end),
            _ => None,
        })
    }
}

fn cells<'f>(flat: &'f Flat, rows: &[usize], column: usize) -> Vec<Cow<'f, str>> {
    let cell = |leaf: usize| {
        let parts = flat.leaves[leaf].parts.clone();
        let part = Some(parts.start + column).filter(|part| parts.contains(part));
        part.map(|part| name(&flat.text[flat.parts[part].text.clone()])).unwrap_or_default()
    };
    rows.iter().map(|leaf| cell(*leaf)).collect()
}

/// The first column that tells nearly every row from the others, else the first column; and its names.
fn naming_column<'f>(flat: &'f Flat, rows: &[usize]) -> (usize, Vec<Cow<'f, str>>) {
    let width = rows.iter().map(|leaf| flat.leaves[*leaf].parts.len()).max().unwrap_or(0);
    let first = cells(flat, rows, 0);
    let telling = |names: &[Cow<str>]| {
        let mut seen: Vec<&str> = names.iter().map(|name| name.as_ref()).filter(|name| !name.is_empty()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len() * 4 >= names.len() * 3
    };
    if telling(&first) {
        return (0, first);
    }
    let others = (1..width.min(4)).map(|column| (column, cells(flat, rows, column)));
    others.into_iter().find(|(_, names)| telling(names)).unwrap_or((0, first))
}

/// Returns the key of a cell, independent of the order, case and punctuation of its words: "Azure (Microsoft)", "Microsoft Azure".
fn name(cell: &str) -> Cow<'_, str> {
    if !cell.contains([' ', '.', ',', '(', ')']) && !cell.contains(char::is_uppercase) {
        return fold(cell);
    }
    let folded = fold(cell).to_lowercase();
    let mut words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| word.trim_matches(|letter| matches!(letter, '(' | ')' | '[' | ']' | ',' | '.' | ';')))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    if words.is_empty() { Cow::Owned(folded) } else { Cow::Owned(words.join(" ")) }
}

fn has_ids(flat: &Flat) -> bool {
    flat.leaves.iter().any(|leaf| leaf.row_id.is_some())
}
