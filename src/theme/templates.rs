//! The templates of a theme as Tera holds them, before they are bound to a language.
//!
//! In: the theme's files and the keys of its strings. Out: templates, or every fault at its place. Must not know: what a
//! page means.

use super::catalogue::unknown_key;
use super::errors::{ThemeError, file_of, from_tera, place};
use super::files::{BUILTIN, Files, text};
use super::functions;
use std::collections::BTreeSet;
use tera::{ErrorKind, Tera};

pub(super) fn templates(files: &Files, keys: &BTreeSet<&str>, errors: &mut Vec<ThemeError>) -> Option<Tera> {
    let mut sources: Vec<(String, &str)> = Vec::new();
    for (path, bytes) in &files.default {
        if let Some(name) = path.strip_prefix("templates/") {
            sources.push((format!("{BUILTIN}{name}"), text(bytes)));
        }
    }
    for (name, bytes, _) in files.below("templates/").filter(|(_, _, own)| *own) {
        sources.push((name.to_string(), text(bytes)));
    }
    let mut tera = Tera::new();
    tera.set_fallback_prefixes([BUILTIN]).ok()?;
    tera.set_escape_fn(functions::escape);
    functions::register(&mut tera);
    for (name, source) in &sources {
        check_keys(name, source, keys, errors);
    }
    let Err(error) = tera.add_raw_templates(sources.iter().map(|(name, source)| (name, source))) else {
        return Some(tera);
    };
    // Tera stops at the first file that it cannot parse; ask for each.
    let before = errors.len();
    for (name, source) in &sources {
        let alone = Tera::new().add_raw_template(name, source);
        if let Err(error) = alone
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
        {
            errors.extend(from_tera(&error));
        }
    }
    if errors.len() == before {
        errors.extend(from_tera(&error));
    }
    None
}

/// Every `t(key="…")` or `label(key="…")` that is written out names a string, and `t`, which may write markup, is in no attribute. Keys put together at rendering are checked there.
fn check_keys(name: &str, source: &str, known: &BTreeSet<&str>, errors: &mut Vec<ThemeError>) {
    for (at, opening) in source.match_indices("t(key=\"").chain(source.match_indices("label(key=\"")) {
        let start = at + opening.len();
        let Some(length) = source[start..].find('"') else { continue };
        let key = &source[start..start + length];
        let whole = source[start + length + 1..].trim_start().starts_with([',', ')']);
        let called = source[..at].ends_with(|c: char| !c.is_alphanumeric() && c != '_');
        let mut find = |message: String| {
            let (line, column) = place(source, start);
            errors.push(ThemeError { file: file_of(name), line, column, message });
        };
        if whole && called && !known.contains(key) {
            find(unknown_key(key));
        }
        if opening.starts_with("t(") && called && source[..at].trim_end().trim_end_matches("{{").ends_with("=\"") {
            find("`t` may write markup, which an attribute cannot hold: use `label`".to_string());
        }
    }
}
