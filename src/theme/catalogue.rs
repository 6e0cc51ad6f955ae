//! The strings of every language that a theme knows, each language completed from those that it falls back to.
//!
//! In: the theme's files of strings. Out: messages by language and key; faults at their places. Must not know: templates.

use super::errors::{ThemeError, place};
use super::files::{BUILTIN, DEFAULT, Files, text};
use super::strings::{self, Message};
use std::collections::{BTreeMap, BTreeSet};

/// The strings of every language that the theme knows.
pub(super) struct Catalogue(BTreeMap<String, BTreeMap<String, Message>>);

impl Catalogue {
    pub(super) fn new(files: &Files, errors: &mut Vec<ThemeError>) -> Catalogue {
        let mut languages: BTreeMap<String, BTreeMap<String, Message>> = BTreeMap::new();
        let mut read = |path: &str, bytes: &[u8], own: bool| {
            let source = text(bytes);
            let code = path.trim_end_matches(".toml");
            let (messages, faults) = strings::parse(code, source);
            let file = if own { format!("strings/{path}") } else { format!("{BUILTIN}strings/{path}") };
            errors.extend(faults.into_iter().map(|fault| {
                let (line, column) = place(source, fault.offset);
                ThemeError { file: file.clone(), line, column, message: fault.message }
            }));
            // A site's file changes single texts: what it leaves out stays.
            languages.entry(code.to_string()).or_default().extend(messages);
        };
        for (path, bytes) in &files.default {
            if let Some(name) = path.strip_prefix("strings/") {
                read(name, bytes, false);
            }
        }
        for (name, bytes, own) in files.below("strings/").filter(|(_, _, own)| *own) {
            read(name, bytes, own);
        }
        let catalogue = Catalogue(languages);
        for (name, bytes, _) in files.below("strings/").filter(|(_, _, own)| *own) {
            catalogue.check_placeholders(name, text(bytes), errors);
        }
        catalogue
    }

    /// Every key that some language has.
    pub(super) fn keys(&self) -> BTreeSet<&str> {
        self.0.values().flat_map(|messages| messages.keys().map(String::as_str)).collect()
    }

    /// A placeholder that nothing fills would stop the build at some page; say it at its place instead.
    fn check_placeholders(&self, file: &str, source: &str, errors: &mut Vec<ThemeError>) {
        let (messages, _) = strings::parse(file.trim_end_matches(".toml"), source);
        let (default, _) = DEFAULT
            .get_file("strings/en.toml")
            .map(|file| strings::parse(strings::REFERENCE, text(file.contents())))
            .unwrap_or_default();
        for (key, message) in &messages {
            let Some(known) = default.get(key) else { continue };
            for name in message.placeholders() {
                if name != "n" && !known.placeholders().any(|known| known == name) {
                    let line_start = |start: &usize| *start == 0 || source.as_bytes()[start - 1] == b'\n';
                    let offset = source.match_indices(key.as_str()).map(|(at, _)| at).find(line_start).unwrap_or(0);
                    let (line, column) = place(source, offset);
                    let message = format!("`{key}` is never given a value for `{{{name}}}`");
                    errors.push(ThemeError { file: format!("strings/{file}"), line, column, message });
                }
            }
        }
    }

    /// The strings of a language and of those it falls back to, and the keys that came from these.
    pub(super) fn complete(&self, language: &str) -> (BTreeMap<String, Message>, Vec<String>) {
        let mut messages = BTreeMap::new();
        for code in strings::chain(language).into_iter().rev() {
            if let Some(own) = self.0.get(code) {
                messages.extend(own.iter().map(|(key, message)| (key.clone(), message.clone())));
            }
        }
        let chain = strings::chain(language);
        let own: Vec<&BTreeMap<String, Message>> =
            chain.iter().filter(|code| same_language(code, language)).filter_map(|code| self.0.get(*code)).collect();
        let borrowed = messages.keys().filter(|key| !own.iter().any(|own| own.contains_key(*key))).cloned().collect();
        (messages, borrowed)
    }
}

pub(super) fn same_language(a: &str, b: &str) -> bool {
    a.split('-').next() == b.split('-').next()
}

pub(super) fn unknown_key(key: &str) -> String {
    format!("no string is called `{key}`")
}

pub(super) fn missing_value(key: &str, name: &str) -> String {
    format!("the string `{key}` needs a value for `{{{name}}}`")
}
