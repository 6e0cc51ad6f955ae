//! Tables of a Word file.
//!
//! In: a table's element. Out: a grid, or the parts of its cells where the table only places things. Must not know: archives.

use super::lists::gather;
use super::read::Word;
use super::xml::Xml;
use crate::import::model::{Grid, Loss, Part, PartKind, Run, plain};
use crate::import::runs::{cell_runs, unstyled};

impl Word {
    pub(super) fn table(&mut self, xml: &Xml, depth: usize) -> Vec<Part> {
        let place = self.paragraph + 1;
        let mut rows: Vec<Vec<Vec<Run>>> = Vec::new();
        let mut repeated = false;
        let mut flat: Vec<Part> = Vec::new();
        for row in xml.children.iter().filter(|row| row.name == "tr") {
            let mut cells: Vec<Vec<Run>> = Vec::new();
            for cell in row
                .children
                .iter()
                .flat_map(|cell| {
                    if cell.name == "sdt" {
                        cell.child("sdtContent").map_or(&[][..], |inner| &inner.children[..])
                    } else {
                        std::slice::from_ref(cell)
                    }
                })
                .filter(|cell| cell.name == "tc")
            {
                let properties = cell.child("tcPr");
                let mut placed = Vec::new();
                self.blocks(cell, &mut placed, depth + 1);
                let parts = gather(placed);
                let merged = properties.and_then(|pr| pr.child("vMerge"));
                let goes_on = merged.is_some_and(|merge| merge.attribute("val") != Some("restart"));
                let above = rows.last().and_then(|row| row.get(cells.len())).cloned().unwrap_or_default();
                if goes_on && parts.is_empty() {
                    repeated = true;
                    cells.push(above);
                } else {
                    flat.extend(parts.iter().cloned());
                    cells.push(cell_runs(parts));
                }
                let across = properties
                    .and_then(|pr| pr.value("gridSpan"))
                    .and_then(|span| span.parse::<usize>().ok())
                    .unwrap_or(1);
                for _ in 1..across.min(60) {
                    cells.push(Vec::new());
                }
            }
            rows.push(cells);
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if width <= 1 || rows.len() <= 1 {
            return flat;
        }
        if repeated {
            self.out.losses.push(Loss::new(place, "a cell that spanned several rows is repeated in each", ""));
        }
        rows.iter_mut().for_each(|row| row.resize(width, Vec::new()));
        let head = rows.remove(0).into_iter().map(unstyled).collect();
        rows.retain(|row| row.iter().any(|cell| !plain(cell).trim().is_empty()));
        vec![Part { place, kind: PartKind::Grid(Grid { head, rows }) }]
    }
}
