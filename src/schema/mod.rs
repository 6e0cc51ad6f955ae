//! JSON Schemas of the files that people write, for editors.
//!
//! In: the name of a kind of file. Out: its schema (draft 7, which Taplo and editors read). Must not know: any site.
//!
//! Schemas of registers are made from the table by which registers are read. The others are written beside this file, and
//! tests compare their keys with those that are read.

use crate::center::schema::{Field, Kind, SCHEMAS, Schema};
use serde_json::{Map, Value, json};

/// Files whose schema is written by hand.
const WRITTEN: &[(&str, &str)] = &[
    ("settings", include_str!("settings.json")),
    ("organization", include_str!("organization.json")),
    ("front-matter", include_str!("front-matter.json")),
];

/// A register of the site's own.
const OWN: &str = "register";

/// Returns the name of every schema.
pub fn names() -> Vec<&'static str> {
    let written = WRITTEN.iter().map(|(name, _)| *name);
    written.chain(SCHEMAS.iter().map(|schema| schema.register)).chain([OWN]).collect()
}

/// Returns the schema of a kind of file; none if there is no such kind.
pub fn schema(name: &str) -> Option<Value> {
    if let Some((_, text)) = WRITTEN.iter().find(|(known, _)| *known == name) {
        let mut schema: Value = serde_json::from_str(text).ok()?;
        if let Some(Value::Object(definitions)) = schema.get_mut("definitions") {
            definitions.extend(definitions_of_words());
        }
        return Some(schema);
    }
    let known = SCHEMAS.iter().find(|schema| schema.register == name);
    (known.is_some() || name == OWN).then(|| register(known))
}

/// Definitions that several schemas use.
fn definitions_of_words() -> Map<String, Value> {
    let duration = "^[0-9]+ (seconds?|minutes?|hours?|days?|weeks?|months?|years?)$";
    let definitions = json!({
        "text": {
            "description": "One text for every language, or a table of texts by language.",
            "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "string" } }],
        },
        // TOML has dates of its own, which validators see as strings.
        "date": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date" },
        "duration": { "type": "string", "pattern": duration },
    });
    match definitions {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn register(schema: Option<&Schema>) -> Value {
    let name = schema.map_or("your own register", |schema| schema.register);
    let mut row = Map::new();
    row.insert(
        "id".into(),
        json!({ "type": "string", "pattern": "^[a-z0-9_-]+$", "description": "Permanent name of the row." }),
    );
    let mut required = vec!["id"];
    for field in schema.map_or(&[][..], |schema| schema.fields) {
        row.insert(field.name.into(), of_field(field));
        required.extend(field.required.then_some(field.name));
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": format!("Register: {name}"),
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "title": { "$ref": "#/definitions/text", "description": "Heading of the register's page." },
            "description": { "$ref": "#/definitions/text" },
            "page": { "type": "boolean", "description": "Publish the register on a page of its own." },
            "columns": {
                "type": "object",
                "additionalProperties": { "$ref": "#/definitions/text" },
                "description": "Columns of your own, with their labels, in the order in which they are shown.",
            },
            "row": {
                "type": "array",
                "items": { "type": "object", "required": required, "properties": row },
            },
        },
        "definitions": definitions_of_words(),
    })
}

fn of_field(field: &Field) -> Value {
    let text = json!({ "$ref": "#/definitions/text" });
    let own = match field.kind {
        Kind::Text => return text,
        Kind::Texts => json!({
            "anyOf": [
                { "type": "array", "items": text },
                { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } },
            ]
        }),
        Kind::Places => json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        Kind::Term(words) => json!({ "enum": words }),
        Kind::Terms(words) => json!({ "anyOf": [{ "enum": words }, { "type": "array", "items": { "enum": words } }] }),
        Kind::Date => json!({ "$ref": "#/definitions/date" }),
        Kind::Url => json!({ "type": "string", "pattern": "^https?://" }),
        Kind::Duration => json!({ "$ref": "#/definitions/duration" }),
        Kind::Keep => json!({
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "after": text,
                        "for": { "$ref": "#/definitions/duration" },
                        "criterion": text,
                        "plus": { "$ref": "#/definitions/duration" },
                    },
                },
            ]
        }),
    };
    json!({ "anyOf": [own, { "enum": ["unknown", "none"] }] })
}

#[cfg(test)]
mod tests;
