//! CSV, JSON and YAML → a table of words.
//!
//! In: a text and its format. Out: heads and rows. Must not know: registers.

use super::bytes::Format;
use super::registers::{CellWords, TableWords};
use crate::error::{Error, Result};
use serde_json::Value;

pub fn table(name: &str, text: &str, format: Format) -> Result<TableWords> {
    let stem = name.rsplit('/').next().unwrap_or(name).rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut table = match format {
        Format::Csv => csv_table(name, text)?,
        Format::Json => {
            let value =
                serde_json::from_str(text).map_err(|error| Error::refused(format!("`{name}` is not JSON: {error}")))?;
            rows_of(name, &value)?
        }
        _ => rows_of(name, &yaml(name, text)?)?,
    };
    table.about = stem.replace(['-', '_'], " ");
    Ok(table)
}

fn csv_table(name: &str, text: &str) -> Result<TableWords> {
    let first = text.lines().next().unwrap_or("");
    let count = |mark: char| first.matches(mark).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|mark| count(char::from(*mark))).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    if text.matches('"').count() % 2 == 1 {
        return Err(Error::refused(format!(
            "`{name}` has a quotation mark without its other half, so that rows run into each other; close it, or write `\"\"` for one inside a cell"
        )));
    }
    let failed = |error: csv::Error| Error::refused(format!("`{name}` is not CSV: {error}"));
    let head: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_string).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let mut row: Vec<CellWords> =
            record.iter().map(|cell| CellWords { text: cell.to_string(), href: None }).collect();
        if row.len() > head.len() {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(Error::refused(format!(
                "line {line} of `{name}` has more cells than the head; quote cells that contain a comma"
            )));
        }
        row.resize(head.len(), CellWords::default());
        if row.iter().any(|cell| !cell.text.trim().is_empty()) {
            rows.push(row);
        }
    }
    Ok(TableWords { about: String::new(), head, rows })
}

#[cfg(feature = "yaml")]
fn yaml(name: &str, text: &str) -> Result<Value> {
    use saphyr::{LoadableYamlNode, Scalar, Yaml};
    fn value(node: &Yaml<'_>) -> Value {
        match node {
            Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect()),
            Yaml::Mapping(pairs) => {
                Value::Object(pairs.iter().map(|(key, inner)| (words(&value(key)), value(inner))).collect())
            }
            Yaml::Value(Scalar::Boolean(yes)) => Value::Bool(*yes),
            Yaml::Value(Scalar::Integer(number)) => Value::from(*number),
            Yaml::Value(Scalar::FloatingPoint(number)) => Value::from(**number),
            Yaml::Value(Scalar::String(text)) => Value::String(text.to_string()),
            _ => Value::Null,
        }
    }
    let documents =
        Yaml::load_from_str(text).map_err(|error| Error::refused(format!("`{name}` is not YAML: {error}")))?;
    Ok(documents.first().map_or(Value::Null, value))
}

#[cfg(not(feature = "yaml"))]
fn yaml(name: &str, _: &str) -> Result<Value> {
    Err(Error::refused(format!(
        "`{name}` is YAML, and this build of fineprint does not read it; save it as JSON or CSV"
    )))
}

/// A list of objects, at the top or below one key; or an object of objects, whose keys are names.
fn rows_of(name: &str, value: &Value) -> Result<TableWords> {
    let none =
        || Error::refused(format!("`{name}` holds no list of rows; write a list of objects, each with the same keys"));
    let rows: Vec<Value> = match value {
        Value::Array(rows) => rows.clone(),
        Value::Object(object) => match object.values().find(|inner| inner.is_array()) {
            Some(Value::Array(rows)) => rows.clone(),
            _ if object.values().all(Value::is_object) => object
                .iter()
                .map(|(key, inner)| {
                    let mut row = inner.as_object().cloned().unwrap_or_default();
                    row.entry("name").or_insert_with(|| Value::String(key.clone()));
                    Value::Object(row)
                })
                .collect(),
            _ => return Err(none()),
        },
        _ => return Err(none()),
    };
    let mut head: Vec<String> = Vec::new();
    for row in &rows {
        for key in row.as_object().ok_or_else(none)?.keys() {
            if !head.contains(key) {
                head.push(key.clone());
            }
        }
    }
    if head.is_empty() {
        return Err(none());
    }
    let cell = |row: &Value, key: &String| CellWords { text: row.get(key).map(words).unwrap_or_default(), href: None };
    let rows = rows.iter().map(|row| head.iter().map(|key| cell(row, key)).collect()).collect();
    let head = head.into_iter().map(|key| key.replace(['_', '-'], " ")).collect();
    Ok(TableWords { about: String::new(), head, rows })
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}
