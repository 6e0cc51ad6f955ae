//! Which column of a table became which.
//!
//! In: two tables as containers. Out: the columns of both in one order. Must not know: rows that changed.

use super::flat::{ContainerKind, Flat};
use super::plain::tidy;
use super::token::FastMap;
use super::words::common;
use crate::markdown::{Inline, Table, plain_text};

/// The columns of an old and a new table (containers), each there on one side or both.
#[derive(Clone, Debug)]
pub struct Columns {
    pub old: u32,
    pub new: u32,
    pub columns: Vec<(Option<usize>, Option<usize>)>,
}

/// Rows that are looked at to tell columns by what stands in them.
const SAMPLE: usize = 40;

pub fn columns(old: &Flat, new: &Flat, old_table: u32, new_table: u32) -> Columns {
    let table = |flat: &Flat<'_>, container: u32| match flat.containers[container as usize].kind {
        ContainerKind::Table(table) => (table.head.clone(), cells_by_column(table)),
        _ => (Vec::new(), Vec::new()),
    };
    let ((old_head, old_cells), (new_head, new_cells)) = (table(old, old_table), table(new, new_table));
    let mut ids: FastMap<String, u32> = FastMap::default();
    let mut number = |cells: &[Vec<Inline>]| -> Vec<u32> {
        let titles = cells.iter().map(|cell| tidy(&plain_text(cell)).to_lowercase());
        titles
            .map(|title| {
                let next = super::flat::index(ids.len());
                *ids.entry(title).or_insert(next)
            })
            .collect()
    };
    let (x, y) = (number(&old_head), number(&new_head));
    let mut columns = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (a, b) in common(&x, &y, |_| 1).into_iter().chain([(x.len(), y.len())]) {
        // As many as before: renamed. Else those whose cells are partly the same.
        let renamed = a - i == b - j;
        while i < a || j < b {
            if i < a && j < b && (renamed || alike(&old_cells, &new_cells, i, j)) {
                columns.push((Some(i), Some(j)));
                (i, j) = (i + 1, j + 1);
            } else if i < a && !(j < b && (j + 1..b).any(|j| alike(&old_cells, &new_cells, i, j))) {
                columns.push((Some(i), None));
                i += 1;
            } else {
                columns.push((None, Some(j)));
                j += 1;
            }
        }
        if a < x.len() && b < y.len() {
            columns.push((Some(a), Some(b)));
        }
        (i, j) = (a + 1, b + 1);
    }
    Columns { old: old_table, new: new_table, columns }
}

fn cells_by_column(table: &Table) -> Vec<Vec<String>> {
    let column = |at: usize| {
        let cells = table.rows.iter().take(SAMPLE).filter_map(|row| row.cells.get(at));
        let mut cells: Vec<String> =
            cells.map(|cell| tidy(&plain_text(cell))).filter(|cell| !cell.is_empty()).collect();
        cells.sort_unstable();
        cells
    };
    (0..table.head.len()).map(column).collect()
}

fn alike(old: &[Vec<String>], new: &[Vec<String>], i: usize, j: usize) -> bool {
    let (Some(old), Some(new)) = (old.get(i), new.get(j)) else { return false };
    let both = old.iter().filter(|cell| new.binary_search(cell).is_ok()).count();
    both * 3 > old.len().max(new.len())
}
