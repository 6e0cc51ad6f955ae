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

/// Every `t(key="…")` that is written out names a string. Keys put together at rendering are checked there.
fn check_keys(name: &str, source: &str, known: &BTreeSet<&str>, errors: &mut Vec<ThemeError>) {
    for (at, _) in source.match_indices("t(key=\"") {
        let start = at + "t(key=\"".len();
        let Some(length) = source[start..].find('"') else { continue };
        let key = &source[start..start + length];
        let whole = source[start + length + 1..].trim_start().starts_with([',', ')']);
        let called = source[..at].ends_with(|c: char| !c.is_alphanumeric() && c != '_');
        if whole && called && !known.contains(key) {
            let (line, column) = place(source, start);
            errors.push(ThemeError { file: file_of(name), line, column, message: unknown_key(key) });
        }
    }
}
