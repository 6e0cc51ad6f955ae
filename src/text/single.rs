//! A single file of Markdown, outside any site.
//!
//! In: its path and its text. Out: a [`Text`] of which no facts are known. Must not know: the disk.

use super::{CheckedText, Text, parse};
use crate::center::document::front_matter;
use crate::markdown::{FactError, Facts, RegisterTable};
use crate::source::{Digest, Hasher};
use crate::words::Language;
use std::sync::Arc;

/// Reads a single file. What `facts` has no words for stays as it is typed.
pub fn single(path: &Arc<str>, source: Arc<str>, language: Language, facts: &dyn Facts) -> Text {
    let mut findings = Vec::new();
    let (front, body) = front_matter(path, &source, &mut findings);
    let mut key = Hasher::default();
    key.part(path.as_bytes()).digest(&Digest::of(source.as_bytes()));
    let info = CheckedText {
        document: String::new(),
        tag: language.tag().to_string(),
        language,
        authoritative: true,
        path: path.clone(),
        body,
        title: front.title.clone().or_else(|| yaml_title(&source[..body])),
        description: front.description.clone(),
        source,
        front,
        facts: None,
        suppression_comments: Vec::new(),
        sections: Vec::new(),
    };
    let mut text = parse(info, facts, key.finish());
    findings.append(&mut text.findings);
    Text { findings, ..text }
}

/// The title in the front matter of other generators, which is YAML.
fn yaml_title(front: &str) -> Option<String> {
    let title = front.lines().find_map(|line| line.strip_prefix("title:"))?;
    let title = title.trim().trim_matches(['"', '\'']).trim();
    (!title.is_empty()).then(|| title.to_string())
}

/// Nothing can be looked up, so every expression stays as it is typed.
pub struct NoFacts;

impl Facts for NoFacts {
    fn lookup(&self, _: &str) -> Result<String, FactError> {
        Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() })
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Err(FactError { code: "unknown-register", message: String::new(), help: Vec::new() })
    }
}
