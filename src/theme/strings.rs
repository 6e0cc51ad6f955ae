//! The theme's words: one TOML table per language, with placeholders and plural forms.
//!
//! In: the text of `strings/<lang>.toml`. Out: messages by key, each language completed from those it falls back to.
//! Must not know: templates, HTML beyond escaping, where the text came from.

use crate::html;
use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

/// The language whose keys and placeholders all others share.
pub const REFERENCE: &str = "en";

/// Chooses `zero`, `one`, `two`, `few`, `many` or `other` for a language and a number.
pub type Plural = fn(&str, u64) -> &'static str;

const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A fault of a file of strings: byte offset and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub offset: usize,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The language it is written in, whose plural rules apply.
    language: Arc<str>,
    forms: Forms,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Forms {
    One(Pattern),
    /// By category; `other` is always there.
    Many(BTreeMap<&'static str, Pattern>),
}

type Pattern = Vec<Part>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text { plain: String, html: String },
    Placeholder(String),
}

impl Message {
    /// The whole message as HTML, if nothing has to be filled in.
    pub fn fixed(&self) -> Option<&str> {
        match &self.forms {
            Forms::One(pattern) => match pattern.as_slice() {
                [] => Some(""),
                [Part::Text { html, .. }] => Some(html),
                _ => None,
            },
            Forms::Many(_) => None,
        }
    }

    /// The tag of the language that it is written in.
    pub fn language(&self) -> &str {
        &self.language
    }

    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        let patterns: Vec<&Pattern> = match &self.forms {
            Forms::One(pattern) => vec![pattern],
            Forms::Many(forms) => forms.values().collect(),
        };
        patterns.into_iter().flatten().filter_map(|part| match part {
            Part::Placeholder(name) => Some(name.as_str()),
            Part::Text { .. } => None,
        })
    }

    #[cfg(test)]
    /// The categories that the message tells apart; none when it has no plural.
    pub fn categories(&self) -> Vec<&'static str> {
        match &self.forms {
            Forms::One(_) => Vec::new(),
            Forms::Many(forms) => forms.keys().copied().collect(),
        }
    }

    /// Fills the placeholders: `fill` writes the value of a name, or says that there is none.
    pub fn write<E>(
        &self,
        out: &mut String,
        html: bool,
        n: Option<u64>,
        plural: Plural,
        mut fill: impl FnMut(&str, &mut String) -> Result<(), E>,
    ) -> Result<(), E> {
        let pattern = match &self.forms {
            Forms::One(pattern) => pattern,
            Forms::Many(forms) => {
                n.and_then(|n| forms.get(plural(&self.language, n))).unwrap_or_else(|| &forms["other"])
            }
        };
        for part in pattern {
            match part {
                Part::Text { plain, html: escaped } => out.push_str(if html { escaped } else { plain }),
                Part::Placeholder(name) => fill(name, out)?,
            }
        }
        Ok(())
    }
}

/// Reads one file. What is faulty is left out and reported.
pub fn parse(language: &str, text: &str) -> (BTreeMap<String, Message>, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<Fault> = errors
        .into_iter()
        .map(|error| Fault { offset: error.span().map_or(0, |span| span.start), message: error.message().to_string() })
        .collect();
    let language: Arc<str> = language.into();
    let mut messages = BTreeMap::new();
    for (key, value) in table.into_inner() {
        let offset = value.span().start;
        let name = key.get_ref().to_string();
        match forms(value.get_ref()) {
            Ok(forms) => {
                messages.insert(name, Message { language: language.clone(), forms });
            }
            Err(message) => faults.push(Fault { offset, message: format!("`{name}`: {message}") }),
        }
    }
    (messages, faults)
}

fn forms(value: &DeValue) -> Result<Forms, String> {
    match value {
        DeValue::String(text) => Ok(Forms::One(pattern(text)?)),
        DeValue::Table(table) => {
            let mut forms = BTreeMap::new();
            for (category, text) in table {
                let name = category.get_ref();
                let Some(known) = CATEGORIES.into_iter().find(|known| *known == name.as_ref()) else {
                    return Err(format!("`{name}` is not a plural form; use {}", CATEGORIES.join(", ")));
                };
                let DeValue::String(text) = text.get_ref() else {
                    return Err(format!("`{name}` must be a text in quotes"));
                };
                forms.insert(known, pattern(text)?);
            }
            if !forms.contains_key("other") {
                return Err("the plural form `other` is missing".to_string());
            }
            Ok(Forms::Many(forms))
        }
        _ => Err("must be a text in quotes, or a table of plural forms".to_string()),
    }
}

/// `Published {date}` → text, placeholder.
fn pattern(text: &str) -> Result<Pattern, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        if rest[open..].starts_with('}') {
            return Err("a `}` without its `{`".to_string());
        }
        let Some(length) = rest[open..].find('}') else {
            return Err("a `{` without its `}`".to_string());
        };
        let name = &rest[open + 1..open + length];
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(format!("`{{{name}}}` is not a placeholder; names have lower-case letters, digits and `_`"));
        }
        push_text(&mut parts, &rest[..open]);
        parts.push(Part::Placeholder(name.to_string()));
        rest = &rest[open + length + 1..];
    }
    push_text(&mut parts, rest);
    Ok(parts)
}

fn push_text(parts: &mut Pattern, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text { plain: text.to_string(), html: html::escape(text) });
    }
}

/// `pt-BR` → `pt-BR`, `pt`, `en`.
pub fn chain(language: &str) -> Vec<&str> {
    let mut chain = vec![language];
    let mut rest = language;
    while let Some((shorter, _)) = rest.rsplit_once('-') {
        chain.push(shorter);
        rest = shorter;
    }
    if !chain.contains(&REFERENCE) {
        chain.push(REFERENCE);
    }
    chain
}
