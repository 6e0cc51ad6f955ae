//! The report for programs, by `docs/check.schema.json`.
//!
//! In: lines of the report. Out: JSON. Must not know: how an item is evaluated.

use super::stretch::Place;
use super::{Line, NOTE};
use crate::center::Center;
use crate::diagnostic::Lines;
use crate::law;
use serde_json::{Map, Value, json};
use std::sync::Arc;

pub fn to_json(center: &Center, lines: &[Line], text: impl Fn(&str) -> Option<Arc<str>>) -> Value {
    let settings = &center.settings;
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "id": line.item.id,
                "scope": line.scope,
                "kind": line.item.kind.name(),
                "title": line.item.title,
                "citation": line.item.cite,
                "source": line.reference.mark,
                "address": line.reference.address,
                "read": line.reference.read.to_string(),
                "outcome": line.outcome.name(),
                "answer": line.answer.as_ref().map(|place| answer(place, &text)),
                "detail": line.detail,
            })
        })
        .collect();
    let declared = settings.jurisdictions.iter().chain(&settings.profiles);
    let concerns: Map<String, Value> =
        declared.filter_map(|code| Some((code.clone(), law::jurisdiction(code)?.concerns.clone()?.into()))).collect();
    json!({
        "oldest_reading": lines.iter().map(|line| line.reference.read).min().map(|day| day.to_string()),
        "jurisdictions": settings.jurisdictions,
        "profiles": settings.profiles,
        "concerns": concerns,
        "note": NOTE,
        "items": items,
    })
}

fn answer(place: &Place, text: &impl Fn(&str) -> Option<Arc<str>>) -> Value {
    let mut out = json!({ "path": &*place.path });
    if !place.title.is_empty() {
        out["message"] = place.title.clone().into();
    }
    if let Some(text) = text(&place.path).filter(|_| place.span != (0..0)) {
        let (lines, span) = (Lines::new(&text), Lines::clamp_in(&text, &place.span));
        let point = |at: usize| {
            let (line, column) = lines.position(at, |_| 1);
            json!({ "line": line, "column": column })
        };
        out["start"] = point(span.start);
        out["end"] = point(span.end);
        out["bytes"] = json!({ "start": span.start, "end": span.end });
        let words: Vec<&str> = text[span].split_whitespace().collect();
        out["excerpt"] = words.join(" ").chars().take(120).collect::<String>().into();
    }
    out
}
