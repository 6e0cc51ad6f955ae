//! The texts of a center as the coverage report reads them: block by block, each with its section.
//!
//! In: texts. Out: stretches in lower case, to be searched. Must not know: items, laws.

use crate::markdown::{BlockKind, for_each_run, plain_text};
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;

/// A block of a text.
pub struct Stretch {
    pub document: String,
    pub tag: String,
    /// The id and the title of the section; empty before the first.
    pub id: String,
    pub title: String,
    pub path: Arc<str>,
    /// Place of the section's heading, or of the block if there is none.
    pub span: Range<usize>,
    /// In lower case, blanks folded; the title of its section in front.
    pub words: String,
    /// Registers that are placed here.
    pub registers: Vec<String>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: Arc<str>,
    pub span: Range<usize>,
    /// The title of the section.
    pub title: String,
}

impl Stretch {
    pub fn place(&self) -> Place {
        Place { path: self.path.clone(), span: self.span.clone(), title: self.title.clone() }
    }
}

/// The blocks of the authoritative texts, privacy policies first. Terms answer only where nothing else does.
pub fn stretches(texts: &[Arc<Text>]) -> Vec<Stretch> {
    let mut out = Vec::new();
    for text in notices(texts) {
        of_text(text, &mut out);
    }
    out
}

/// The authoritative texts in which a notice is looked for, privacy policies first.
pub fn notices(texts: &[Arc<Text>]) -> Vec<&Text> {
    let mut chosen: Vec<&Text> = texts.iter().map(Arc::as_ref).filter(|text| text.authoritative).collect();
    let rank = |text: &&Text| match text.document.as_str() {
        name if name.starts_with("privacy") => 0,
        name if name.starts_with("cookie") => 1,
        name if name.starts_with("terms") => 3,
        _ => 2,
    };
    chosen.sort_by_key(rank);
    if chosen.iter().any(|text| rank(text) < 3) {
        chosen.retain(|text| rank(text) < 3);
    }
    chosen
}

fn of_text(text: &Text, out: &mut Vec<Stretch>) {
    // Title, ids and place of every section that is open; what stands in a subsection stands in its section.
    let (mut id, mut title, mut heading) = (String::new(), String::new(), None);
    for block in &text.parsed.document.blocks {
        if let BlockKind::Heading(own) = &block.kind {
            id.clone_from(&own.id);
            title = plain_text(&own.content);
            heading = Some(block.span.clone());
            continue;
        }
        let (mut words, mut registers) = (title.clone(), Vec::new());
        words.push('\n');
        for_each_run(block, &mut |run, register| {
            words.push_str(&plain_text(run));
            words.push('\n');
            registers.extend(register.map(str::to_string));
        });
        registers.dedup();
        out.push(Stretch {
            document: text.document.clone(),
            tag: text.tag.clone(),
            id: id.clone(),
            title: title.clone(),
            path: text.path.clone(),
            span: heading.clone().unwrap_or_else(|| block.span.clone()),
            words: folded(&words),
            registers,
        });
    }
}

/// Lower case, one blank between words, straight apostrophes.
pub fn folded(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', 'ʼ'], "'").replace(['\u{2010}', '\u{2011}'], "-");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True if a word, or a phrase, begins somewhere at the beginning of a word.
pub fn begins(text: &str, word: &str) -> bool {
    begins_at(text, word).is_some()
}

/// The first place at which a word, or a phrase, begins at the beginning of a word.
pub fn begins_at(text: &str, word: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find(word) {
        let at = from + at;
        if !text[..at].ends_with(char::is_alphanumeric) {
            return Some(at);
        }
        from = text.ceil_char_boundary(at + word.len().max(1));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_where_words_begin() {
        assert!(begins("you may withdraw your consent", "consent"));
        assert!(!begins("a handpainted sign", "paint"));
        assert!(begins("réclamation auprès de la cnil", "cnil"));
        assert!(!begins("", "a") && !begins("éa", "a"));
        assert_eq!(folded("  L’Accord\u{2011}Type  "), "l'accord-type");
    }
}
