//! Lists, definition lists and tables of a page.
//!
//! In: their elements. Out: parts. Must not know: which part of the page the content is.

use super::read::{BLOCKS, Reader};
use super::tree::NodeId;
use crate::clauses::numerals::{letters, roman};
use crate::import::model::{Grid, Part, PartKind, Run, plain};
use crate::import::runs::{cell_runs, mark, unstyled};
use std::collections::HashMap;

impl Reader<'_> {
    pub(super) fn list(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        let tree = self.tree;
        let ordered = tree.name(node) == "ol";
        let style = tree.attribute(node, "type").unwrap_or("").to_string()
            + tree.attribute(node, "style").filter(|style| style.contains("list-style")).unwrap_or("");
        let unnumbered = style.contains("none");
        let lettered =
            matches!(style.as_str(), "a" | "A" | "i" | "I") || style.contains("alpha") || style.contains("roman");
        let first = tree.attribute(node, "start").and_then(|start| start.trim().parse::<usize>().ok()).unwrap_or(1);
        let mut number = first;
        let mut start = first;
        let mut items: Vec<Vec<Part>> = Vec::new();
        let mut loose: Vec<Run> = Vec::new();
        for child in tree.nodes[node].children.clone() {
            if self.left_out.contains(&child) {
                continue;
            }
            match tree.name(child) {
                "li" => {
                    if let Some(value) =
                        tree.attribute(child, "value").and_then(|value| value.trim().parse::<usize>().ok())
                        && ordered
                        && value != number
                    {
                        if !items.is_empty() {
                            parts.push(self.itemized(node, ordered, start, std::mem::take(&mut items)));
                        }
                        (start, number) = (value, value);
                    }
                    if self.notes.contains_key(&child) {
                        self.left_out.insert(child);
                        continue;
                    }
                    self.take_anchor(child);
                    let mut inner = self.blocks(child, depth + 1);
                    if inner.is_empty() {
                        continue;
                    }
                    if ordered && lettered {
                        mark(&mut inner, &shown(number, &style));
                    }
                    items.push(inner);
                    number += 1;
                }
                // A list right in a list belongs to the item before it.
                "ul" | "ol" => {
                    let mut inner = Vec::new();
                    self.list(child, depth + 1, &mut inner);
                    match items.last_mut() {
                        Some(item) => item.extend(inner),
                        None if inner.is_empty() => {}
                        None => items.push(inner),
                    }
                }
                "" => self.inline(child, &mut loose, depth),
                _ => {
                    let mut inner = Vec::new();
                    self.flush(&mut loose, child, &mut inner);
                    if BLOCKS.contains(&tree.name(child)) || self.has_blocks.contains(&child) {
                        self.block(child, depth + 1, &mut inner);
                    } else {
                        let mut runs = Vec::new();
                        self.inline(child, &mut runs, depth);
                        self.flush(&mut runs, child, &mut inner);
                    }
                    if !inner.is_empty() {
                        items.push(inner);
                    }
                }
            }
        }
        let mut inner = Vec::new();
        self.flush(&mut loose, node, &mut inner);
        if !inner.is_empty() {
            items.push(inner);
        }
        // Sections inside the items of a list: the list is only the way in which they were numbered.
        let sections =
            items.iter().filter(|item| item.iter().any(|part| matches!(part.kind, PartKind::Heading { .. }))).count();
        if sections > 0 && sections * 2 >= items.len() {
            for (index, mut item) in items.into_iter().enumerate() {
                if let Some(Part { kind: PartKind::Heading { words, .. }, .. }) = item.first_mut()
                    && ordered
                    && !unnumbered
                    && crate::import::recognize::number_depth(&plain(words)).is_none()
                {
                    words.insert(0, Run::Words(format!("{}. ", start + index)));
                }
                parts.extend(item);
            }
            return;
        }
        if !items.is_empty() {
            parts.push(self.itemized(node, ordered && !lettered && !unnumbered, start, items));
        }
    }

    pub(super) fn itemized(&self, node: NodeId, numbered: bool, start: usize, items: Vec<Vec<Part>>) -> Part {
        Part { place: self.line(node), kind: PartKind::Itemized { start: numbered.then_some(start), items } }
    }

    pub(super) fn glossary(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        let tree = self.tree;
        let mut entries: Vec<(Vec<Run>, Vec<Part>)> = Vec::new();
        let mut open = true;
        let mut stack: Vec<NodeId> = tree.nodes[node].children.iter().rev().copied().collect();
        while let Some(child) = stack.pop() {
            if self.left_out.contains(&child) {
                continue;
            }
            match tree.name(child) {
                "dt" => {
                    let mut runs = unstyled(self.runs(child, depth));
                    match entries.last_mut() {
                        // Two terms with one definition.
                        Some((term, details)) if details.is_empty() && !open => {
                            term.push(Run::Words(" / ".into()));
                            term.append(&mut runs);
                        }
                        _ => entries.push((runs, Vec::new())),
                    }
                    open = false;
                }
                "dd" => {
                    let details = self.blocks(child, depth + 1);
                    match entries.last_mut() {
                        Some((_, known)) => known.extend(details),
                        None => entries.push((Vec::new(), details)),
                    }
                    open = true;
                }
                "div" => stack.extend(tree.nodes[child].children.iter().rev()),
                _ => {
                    let mut runs = Vec::new();
                    self.inline(child, &mut runs, depth);
                    let mut inner = Vec::new();
                    self.flush(&mut runs, child, &mut inner);
                    if let Some((_, details)) = entries.last_mut() {
                        details.extend(inner);
                    } else {
                        parts.extend(inner);
                    }
                }
            }
        }
        if entries.iter().any(|(term, details)| plain(term).trim().is_empty() || details.is_empty()) {
            // Half a definition cannot be written as one.
            for (term, details) in entries {
                if !plain(&term).trim().is_empty() {
                    parts.push(Part { place: self.line(node), kind: PartKind::Paragraph(vec![Run::Strong(term)]) });
                }
                parts.extend(details);
            }
        } else if !entries.is_empty() {
            parts.push(Part { place: self.line(node), kind: PartKind::Glossary(entries) });
        }
    }

    pub(super) fn table(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        let tree = self.tree;
        let mut rows: Vec<(bool, Vec<NodeId>)> = Vec::new();
        let mut stack: Vec<NodeId> = tree.nodes[node].children.iter().rev().copied().collect();
        let mut caption = Vec::new();
        while let Some(child) = stack.pop() {
            if self.left_out.contains(&child) {
                continue;
            }
            match tree.name(child) {
                "thead" | "tbody" | "tfoot" => stack.extend(tree.nodes[child].children.iter().rev()),
                "caption" => caption = self.blocks(child, depth + 1),
                "tr" => {
                    let in_head = tree.nodes[child].parent.is_some_and(|above| tree.name(above) == "thead");
                    let cells = tree.nodes[child]
                        .children
                        .iter()
                        .copied()
                        .filter(|cell| matches!(tree.name(*cell), "td" | "th"));
                    rows.push((in_head, cells.collect()));
                }
                _ => {}
            }
        }
        parts.extend(caption);
        let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let layout = matches!(tree.attribute(node, "role"), Some("presentation" | "none"));
        if width <= 1
            || layout
            || rows.len() <= 1 && !rows.iter().any(|(_, cells)| cells.iter().any(|cell| tree.name(*cell) == "th"))
        {
            // A table that only places things.
            for cell in rows.into_iter().flat_map(|(_, cells)| cells) {
                parts.extend(self.blocks(cell, depth + 1));
            }
            return;
        }
        let mut filled: Vec<Vec<Vec<Run>>> = Vec::new();
        let mut spans: HashMap<(usize, usize), Vec<Run>> = HashMap::new();
        let (mut merged, mut repeated) = (false, false);
        for (row, (_, cells)) in rows.iter().enumerate() {
            let mut out: Vec<Vec<Run>> = Vec::new();
            for &cell in cells {
                while let Some(above) = spans.remove(&(row, out.len())) {
                    out.push(above);
                }
                let number = |name: &str| {
                    tree.attribute(cell, name).and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1).clamp(1, 100)
                };
                let inner = self.blocks(cell, depth + 1);
                let runs = cell_runs(inner);
                let (across, down) = (number("colspan"), number("rowspan"));
                for below in 1..down {
                    spans.insert((row + below, out.len()), runs.clone());
                    repeated = true;
                }
                out.push(runs);
                for _ in 1..across {
                    out.push(Vec::new());
                    merged = true;
                }
            }
            while let Some(above) = spans.remove(&(row, out.len())) {
                out.push(above);
            }
            filled.push(out);
        }
        if merged {
            self.lose(node, "cells that spanned several columns became one cell and empty ones", "");
        }
        if repeated {
            self.lose(node, "a cell that spanned several rows is repeated in each", "");
        }
        let width = filled.iter().map(Vec::len).max().unwrap_or(0);
        filled.iter_mut().for_each(|row| row.resize(width, Vec::new()));
        let is_head = |row: &(bool, Vec<NodeId>)| {
            row.0 || (!row.1.is_empty() && row.1.iter().all(|cell| tree.name(*cell) == "th"))
        };
        let any_head = rows.iter().any(|(_, cells)| cells.iter().any(|cell| tree.name(*cell) == "th"));
        let mut head = vec![Vec::new(); width];
        if rows.first().is_some_and(is_head) || !any_head {
            head = filled.remove(0).into_iter().map(unstyled).collect();
        }
        // Further rows of a head are rows here.
        filled.retain(|row| row.iter().any(|cell| !plain(cell).trim().is_empty()));
        parts.push(Part { place: self.line(node), kind: PartKind::Grid(Grid { head, rows: filled }) });
    }
}

/// The number of an item as the style of its list shows it: `3` is "c." or "iii.".
fn shown(number: usize, style: &str) -> String {
    let lower = style.starts_with('a') || style.starts_with('i') || style.contains("lower");
    let is_roman = style.to_ascii_lowercase().contains("roman") || style.eq_ignore_ascii_case("i");
    let text = if is_roman { roman(number) } else { letters(number) };
    format!("{}.", if lower { text } else { text.to_uppercase() })
}
