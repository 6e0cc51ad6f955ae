//! Which column of a table became which.
//!
//! In: two tables as containers. Out: the columns of both in one order. Must not know: rows that changed.

use super::flat::{ContainerKind, Flat, LeafKind};
use super::plain::tidy;
use super::token::FastMap;
use super::words::common;

/// The columns of an old and a new table (containers), each there on one side or both.
#[derive(Clone, Debug)]
pub struct Columns {
    pub old: u32,
    pub new: u32,
    pub columns: Vec<(Option<usize>, Option<usize>)>,
    /// True if columns that stayed changed places.
    pub moved: bool,
}

/// Rows that are looked at to tell columns by their cells.
const SAMPLE: usize = 40;

/// Titles of columns, in lower case, and a sample of the cells below each, sorted.
struct Table {
    titles: Vec<String>,
    cells: Vec<Vec<String>>,
}

pub fn columns(old: &Flat, new: &Flat, old_table: u32, new_table: u32) -> Columns {
    let (a, b) = (Table::new(old, old_table), Table::new(new, new_table));
    let (x, y) = numbers(&a.titles, &b.titles);
    let known = |title: &str, others: &[String]| !title.is_empty() && others.iter().any(|other| other == title);
    let mut columns = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (to_i, to_j) in common(&x, &y, |_| 1).into_iter().chain([(x.len(), y.len())]) {
        // As many as before: renamed. Else those whose cells are partly the same.
        let renamed = to_i - i == to_j - j;
        while i < to_i || j < to_j {
            let stays = i < to_i && j < to_j && !known(&a.titles[i], &b.titles) && !known(&b.titles[j], &a.titles);
            if stays && (renamed || alike(&a, &b, i, j)) {
                columns.push((Some(i), Some(j)));
                (i, j) = (i + 1, j + 1);
            } else if i < to_i && !(j < to_j && (j + 1..to_j).any(|j| alike(&a, &b, i, j))) {
                columns.push((Some(i), None));
                i += 1;
            } else {
                columns.push((None, Some(j)));
                j += 1;
            }
        }
        if to_i < x.len() && to_j < y.len() {
            columns.push((Some(to_i), Some(to_j)));
        }
        (i, j) = (to_i + 1, to_j + 1);
    }
    let moved = join_moved(&mut columns, &x, &y);
    Columns { old: old_table, new: new_table, columns, moved }
}

/// Makes one column of a column that left its place and the one of the same title that came to another.
fn join_moved(columns: &mut Vec<(Option<usize>, Option<usize>)>, x: &[u32], y: &[u32]) -> bool {
    let mut moved = false;
    for at in 0..columns.len() {
        let Some((None, Some(j))) = columns.get(at).copied() else { continue };
        let old = columns.iter().position(|column| matches!(column, (Some(i), None) if x[*i] == y[j]));
        if let Some(from) = old {
            columns[at].0 = columns[from].0;
            columns[from] = (None, None);
            moved = true;
        }
    }
    columns.retain(|column| *column != (None, None));
    moved
}

/// Equal numbers for equal titles; titles without words are all different.
fn numbers(old: &[String], new: &[String]) -> (Vec<u32>, Vec<u32>) {
    let mut ids: FastMap<&str, u32> = FastMap::default();
    let mut all = Vec::new();
    for title in old.iter().chain(new) {
        let next = super::flat::index(all.len());
        all.push(if title.is_empty() { next } else { *ids.entry(title).or_insert(next) });
    }
    let new = all.split_off(old.len());
    (all, new)
}

impl Table {
    fn new(flat: &Flat, table: u32) -> Table {
        let ContainerKind::Table { first, end } = flat.containers[table as usize].kind else {
            return Table { titles: Vec::new(), cells: Vec::new() };
        };
        let row = |leaf: usize| -> Vec<String> {
            flat.leaves[leaf].parts.clone().map(|part| tidy(&flat.text[flat.parts[part].text.clone()])).collect()
        };
        let is_head = |leaf: usize| flat.leaves[leaf].kind == LeafKind::Row { head: true };
        let head = (first..end).find(|leaf| is_head(*leaf));
        let rows: Vec<Vec<String>> = (first..end).filter(|leaf| !is_head(*leaf)).take(SAMPLE).map(row).collect();
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut titles: Vec<String> = match head {
            Some(head) => row(head).iter().map(|title| title.to_lowercase()).collect(),
            // Columns without titles go by their places.
            None => (0..width).map(|column| column.to_string()).collect(),
        };
        titles.resize(titles.len().max(width), String::new());
        let cells = (0..titles.len())
            .map(|column| {
                let mut cells: Vec<String> =
                    rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).cloned().collect();
                cells.sort_unstable();
                cells
            })
            .collect();
        Table { titles, cells }
    }
}

fn alike(old: &Table, new: &Table, i: usize, j: usize) -> bool {
    let (Some(old), Some(new)) = (old.cells.get(i), new.cells.get(j)) else { return false };
    let both = old.iter().filter(|cell| new.binary_search(cell).is_ok()).count();
    both * 3 > old.len().max(new.len())
}
