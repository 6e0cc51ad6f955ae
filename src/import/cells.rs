//! A cell's words → the TOML of a typed field.
//!
//! In: a field and words. Out: TOML, or nothing if the field does not take them. Must not know: tables.

use super::model::squeezed;
use super::registers::CellWords;
use crate::center::schema::{Field, Kind};
use crate::release::entry::quoted;
use crate::words::{Duration, Language, country_code};
use std::collections::BTreeMap;

/// A cell as the TOML of a typed field; none if it cannot be.
pub fn typed(field: &Field, cell: &CellWords, notes: &mut BTreeMap<String, usize>) -> Option<String> {
    let text = squeezed(&cell.text);
    if text.is_empty() && cell.href.is_none() || matches!(text.as_str(), "-" | "–" | "—" | "?" | "tbd" | "TBD") {
        return None;
    }
    let list =
        |values: &[String]| format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "));
    match field.kind {
        Kind::Text => Some(quoted(&text)),
        Kind::Texts => Some(list(&pieces(&cell.text))),
        Kind::Places => {
            let mut codes: Vec<String> = Vec::new();
            for place in places(&cell.text) {
                let code = country_code(&Language::english(), &place)?;
                if code != place {
                    *notes.entry(format!("\"{place}\" is written as `{code}`")).or_default() += 1;
                }
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            (!codes.is_empty()).then(|| list(&codes))
        }
        Kind::Term(words) => term(&text, words).map(quoted),
        Kind::Terms(words) => {
            let found: Option<Vec<String>> =
                pieces(&text).iter().map(|piece| term(piece, words).map(str::to_string)).collect();
            found.filter(|found| !found.is_empty()).map(|found| list(&found))
        }
        Kind::Date => crate::center::parse_date(&text).map(|date| date.to_string()),
        Kind::Url => {
            let address = cell
                .href
                .clone()
                .or_else(|| (text.starts_with("http") || text.starts_with("www.")).then(|| text.clone()))?;
            let address = if address.starts_with("www.") { format!("https://{address}") } else { address };
            url::Url::parse(&address).ok().filter(|url| url.scheme().starts_with("http")).map(|_| quoted(&address))
        }
        Kind::Duration => text.parse::<Duration>().ok().map(|_| quoted(&text)),
        Kind::Keep => {
            let exact = text.parse::<Duration>().is_ok();
            Some(if exact { quoted(&text) } else { format!("{{ criterion = {} }}", quoted(&text)) })
        }
    }
}

/// The parts of a list in a cell: lines, else what commas and semicolons part outside of parentheses.
fn pieces(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out = Vec::new();
    for line in lines {
        let line = line.trim().trim_start_matches(['•', '-', '*', '–']).trim();
        let by = if line.contains(';') { ';' } else { ',' };
        let (mut depth, mut start) = (0usize, 0);
        for (at, letter) in line.char_indices() {
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                letter if letter == by && depth == 0 => {
                    out.push(line[start..at].trim().to_string());
                    start = at + letter.len_utf8();
                }
                _ => {}
            }
        }
        out.push(line[start..].trim().trim_end_matches('.').to_string());
    }
    out.retain(|piece| !piece.is_empty());
    out
}

/// The places in a cell.
fn places(text: &str) -> Vec<String> {
    let whole = squeezed(text);
    if country_code(&Language::english(), &whole).is_some() {
        return vec![whole];
    }
    let apart =
        text.replace(" and ", ",").replace(" & ", ",").replace(" / ", ",").replace(['/', ';', '\n', '|', '+'], ",");
    apart
        .split(',')
        .map(|place| squeezed(place).trim_matches(['.', '*']).to_string())
        .filter(|place| !place.is_empty())
        .collect()
}

/// One of a schema's words for what people write.
fn term<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = text.to_lowercase();
    if let Some(word) = words.iter().find(|word| **word == lower) {
        return Some(word);
    }
    const SAID: &[(&str, &[&str])] = &[
        ("necessary", &["necessary", "essential", "required", "notwendig", "essenziell", "necesaria", "nécessaire"]),
        ("preferences", &["preference", "functional", "functionality", "funktional", "preferencia", "préférence"]),
        ("statistics", &["statistic", "analytic", "performance", "statistik", "estadística", "mesure"]),
        ("marketing", &["marketing", "advertis", "targeting", "tracking", "werbung", "publicidad", "publicité"]),
        ("scc", &["scc", "standard contractual clause"]),
        ("dpf", &["dpf", "data privacy framework"]),
        ("bcr", &["bcr", "binding corporate rules"]),
        ("adequacy", &["adequacy"]),
    ];
    let (said, _) = SAID.iter().find(|(_, names)| names.iter().any(|name| lower.contains(name)))?;
    words.iter().find(|word| *word == said).copied()
}
