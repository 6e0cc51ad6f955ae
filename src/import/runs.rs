//! Runs of words in the places that several readers have: headings, cells, marked items.
//!
//! In: runs and parts. Out: runs. Must not know: formats.

use super::model::{Part, PartKind, Run, plain_parts, squeezed};

/// The words of a heading or of a table's head, which are bold anyway.
pub fn unstyled(runs: Vec<Run>) -> Vec<Run> {
    runs.into_iter()
        .flat_map(|run| match run {
            Run::Strong(inner) => unstyled(inner),
            Run::Break => vec![Run::Words(" ".into())],
            Run::Anchor(_) => Vec::new(),
            other => vec![other],
        })
        .collect()
}

/// What a cell holds, on one line with breaks.
pub fn cell_runs(parts: Vec<Part>) -> Vec<Run> {
    let mut out = Vec::new();
    for part in parts {
        if !out.is_empty() {
            out.push(Run::Break);
        }
        match part.kind {
            PartKind::Paragraph(runs) => out.extend(runs),
            PartKind::Heading { words, .. } => out.push(Run::Strong(words)),
            PartKind::Itemized { start, items } => {
                for (index, item) in items.into_iter().enumerate() {
                    if index > 0 {
                        out.push(Run::Break);
                    }
                    out.push(Run::Words(match start {
                        Some(first) => format!("{}. ", first + index),
                        None => "• ".to_string(),
                    }));
                    out.extend(cell_runs(item));
                }
            }
            kind => {
                let words = plain_parts(&[Part { place: 0, kind }]);
                for (index, line) in words.lines().filter(|line| !line.trim().is_empty()).enumerate() {
                    if index > 0 {
                        out.push(Run::Break);
                    }
                    out.push(Run::Words(squeezed(line)));
                }
            }
        }
    }
    out
}

/// Puts the mark of a lettered list before its item's words.
pub fn mark(item: &mut [Part], label: &str) {
    if let Some(Part { kind: PartKind::Paragraph(runs) | PartKind::Heading { words: runs, .. }, .. }) = item.first_mut()
    {
        runs.insert(0, Run::Words(format!("{label} ")));
    }
}
