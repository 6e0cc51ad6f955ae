//! Tables of processors, cookies and retention periods → registers in TOML.
//!
//! In: a table as heads and cells. Out: the text of a register, and what could not be typed. Must not know: where the table was.

use super::cells::typed;
use super::model::squeezed;
use crate::release::entry::quoted;
use std::collections::{BTreeMap, HashSet};

/// A cell as words, with the address that its words link to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellWords {
    pub text: String,
    pub href: Option<String>,
}

/// A table that may become a register.
#[derive(Clone, Debug, Default)]
pub struct TableWords {
    /// What the table is about: the headings above it, or its file's name.
    pub about: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<CellWords>>,
}

/// A register that was made of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRegister {
    pub name: String,
    /// The whole TOML file.
    pub text: String,
    /// Fields in the order of the table's columns.
    pub columns: Vec<String>,
    pub rows: usize,
    /// What was rewritten, or kept in a column of its own because it could not be typed.
    pub notes: Vec<String>,
}

impl TableWords {
    /// The register that the table is; none if it lists none of the kinds that are known.
    pub fn register(&self) -> Option<NewRegister> {
        let (schema, fields) = self.kind()?;
        let name = schema.register;
        let mut notes = BTreeMap::<String, usize>::new();
        let mut columns: Vec<String> = Vec::new();
        let mut labels: Vec<(String, String)> = Vec::new();
        for (at, head) in self.head.iter().enumerate() {
            let field = match fields[at] {
                Some(field) => field.to_string(),
                None => own_column(head, at, &columns),
            };
            if fields[at].is_none() {
                *notes
                    .entry(format!("column \"{}\" is a column of your own, `{field}`", squeezed(head)))
                    .or_default() += 1;
            }
            labels.push((field.clone(), squeezed(head)));
            columns.push(field);
        }
        let mut ids: HashSet<String> = HashSet::new();
        let mut rows = String::new();
        let key = schema.fields[0].name;
        let mut extra: Vec<(String, String)> = Vec::new();
        for row in &self.rows {
            let mut written: Vec<(String, String)> = Vec::new();
            let mut id = String::new();
            for (at, cell) in row.iter().enumerate().take(columns.len()) {
                let text = squeezed(&cell.text);
                let field = columns[at].as_str();
                if field == key || id.is_empty() && at == 0 {
                    id = id_of(&text);
                }
                if let (Some(href), true) = (&cell.href, field == "name") {
                    let known = columns.iter().any(|column| column == "website");
                    if name == "processors" && !known && href.starts_with("http") {
                        written.push(("website".into(), quoted(href)));
                    } else if !href.starts_with("http") {
                        *notes.entry(format!("link to `{href}` was left out")).or_default() += 1;
                    }
                } else if let Some(href) = &cell.href
                    && !matches!(field, "website" | "privacy" | "dpa")
                {
                    *notes
                        .entry(format!("link to `{href}` in column \"{}\" was left out", squeezed(&self.head[at])))
                        .or_default() += 1;
                }
                let kind = schema.fields.iter().find(|known| known.name == field);
                match kind {
                    Some(kind) => match typed(kind, cell, &mut notes) {
                        Some(value) => written.push((field.into(), value)),
                        None if text.is_empty() => {}
                        None => {
                            // What cannot be typed stays as it was written, in a column of its own.
                            let own = format!("{field}_as_written");
                            *notes
                                .entry(format!("\"{text}\" is no value that `{field}` takes; it is in `{own}`"))
                                .or_default() += 1;
                            if !extra.iter().any(|(known, _)| *known == own) {
                                extra.push((own.clone(), squeezed(&self.head[at])));
                            }
                            written.push((own, quoted(&text)));
                        }
                    },
                    None if text.is_empty() => {}
                    None => written.push((field.into(), quoted(&text))),
                }
            }
            if written.is_empty() {
                continue;
            }
            let base = if id.is_empty() { "row".to_string() } else { id };
            let mut id = base.clone();
            let mut count = 1;
            while !ids.insert(id.clone()) {
                count += 1;
                id = format!("{base}-{count}");
            }
            rows.push_str(&format!("\n[[row]]\nid = {}\n", quoted(&id)));
            for field in schema.fields.iter().filter(|field| field.required) {
                if !written.iter().any(|(known, _)| known == field.name) {
                    *notes
                        .entry(format!("`{}` is not stated and is written as \"unknown\"", field.name))
                        .or_default() += 1;
                    written.push((field.name.into(), "\"unknown\"".into()));
                }
            }
            let order = |field: &str| schema.fields.iter().position(|known| known.name == field).unwrap_or(usize::MAX);
            written.sort_by_key(|(field, _)| order(field));
            for (field, value) in &written {
                rows.push_str(&format!("{field} = {value}\n"));
            }
        }
        // A column that could be typed in no row is shown as it was written.
        for (own, label) in &extra {
            let field = own.trim_end_matches("_as_written");
            let at = columns.iter().position(|column| column == field);
            labels.push((own.clone(), label.clone()));
            match at {
                Some(at)
                    if !rows
                        .lines()
                        .any(|line| line.starts_with(&format!("{field} = ")) && !line.ends_with("\"unknown\"")) =>
                {
                    columns[at] = own.clone();
                }
                Some(at) => columns.insert(at + 1, own.clone()),
                None => columns.push(own.clone()),
            }
        }
        let mut text = String::from("# Made by `fineprint import`. Check each row; ids stay the same permanently.\n\n");
        if name == "processors" {
            text.push_str("page = true\n\n");
        }
        text.push_str("[columns]\n");
        let mut seen = HashSet::new();
        for (field, label) in labels.iter().filter(|(field, label)| !label.is_empty() && seen.insert(field.clone())) {
            text.push_str(&format!("{field} = {}\n", quoted(label)));
        }
        text.push_str(&rows);
        let notes =
            notes.into_iter().map(|(note, count)| if count > 1 { format!("{note} ({count} rows)") } else { note });
        Some(NewRegister { name: name.into(), text, columns, rows: ids.len(), notes: notes.collect() })
    }

    /// A register of the user's own, with free columns.
    pub fn free_register(&self, name: &str) -> NewRegister {
        let mut columns: Vec<String> = Vec::new();
        for (at, head) in self.head.iter().enumerate() {
            columns.push(own_column(head, at, &columns));
        }
        let mut text = String::from(
            "# Made by `fineprint import`. The first column names the row; ids stay the same permanently.\n\n[columns]\n",
        );
        for (column, head) in columns.iter().zip(&self.head) {
            text.push_str(&format!("{column} = {}\n", quoted(&squeezed(head))));
        }
        let mut ids = HashSet::new();
        for row in &self.rows {
            let base = id_of(&squeezed(row.first().map_or("", |cell| &cell.text)));
            let mut id = base.clone();
            let mut count = 1;
            while !ids.insert(id.clone()) {
                count += 1;
                id = format!("{base}-{count}");
            }
            text.push_str(&format!("\n[[row]]\nid = {}\n", quoted(&id)));
            for (column, cell) in columns.iter().zip(row).filter(|(_, cell)| !cell.text.trim().is_empty()) {
                text.push_str(&format!("{column} = {}\n", quoted(&squeezed(&cell.text))));
            }
        }
        NewRegister { name: name.into(), text, columns, rows: ids.len(), notes: Vec::new() }
    }
}

/// A key for a column that no schema knows.
fn own_column(head: &str, at: usize, taken: &[String]) -> String {
    let base = id_of(head).replace('-', "_");
    let base = if base.is_empty() || base == "id" || base == "row" || base.starts_with(|c: char| c.is_ascii_digit()) {
        format!("column_{}", at + 1)
    } else {
        base
    };
    let mut name = base.clone();
    let mut count = 1;
    while taken.contains(&name) {
        count += 1;
        name = format!("{base}_{count}");
    }
    name
}

/// "Hetzner Online GmbH" → `hetzner-online-gmbh`.
pub fn id_of(words: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::new();
    for letter in words.to_lowercase().nfd() {
        match letter {
            'ß' => out.push_str("ss"),
            letter if letter.is_ascii_alphanumeric() => out.push(letter),
            '\u{300}'..='\u{36f}' | '\'' | '’' | '.' => {}
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let mut out: String = out.chars().take(48).collect();
    out.truncate(out.trim_end_matches('-').len());
    if out.is_empty() { "row".into() } else { out }
}
