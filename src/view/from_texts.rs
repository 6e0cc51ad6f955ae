//! Words that a page takes from texts, known by the digest of what they come from until the page is made.
//!
//! In: which texts are meant. Out: a value that is a digest in a fingerprint and words in a page. Must not know: how words are read.

use crate::plan::redlines::Pair;
use crate::source::Digest;
use serde::{Serialize, Serializer};

/// Words, or where they will come from. A view is complete in either form: equal sources give equal words.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum FromTexts<S, W> {
    Source(S),
    Words(W),
}

/// A text of a version, or of a draft, in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSource {
    pub document: usize,
    /// None for the draft.
    pub version: Option<usize>,
    pub tag: String,
    /// Digest of everything that the text is read from.
    pub key: Digest,
}

/// Two texts of a document, compared for the readers of a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairSource {
    pub document: usize,
    pub pair: Pair,
    /// Language of the site, by index.
    pub language: usize,
    /// In which languages the old and the new text are.
    pub tags: (String, String),
    pub key: Digest,
}

impl<W> FromTexts<PairSource, W> {
    /// Puts the words in the place of their source.
    pub fn fill<E>(&mut self, words: impl FnOnce(&PairSource) -> Result<W, E>) -> Result<(), E> {
        if let FromTexts::Source(source) = self {
            *self = FromTexts::Words(words(source)?);
        }
        Ok(())
    }
}

impl Serialize for TextSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.tag, self.key.bytes()).serialize(serializer)
    }
}

impl Serialize for PairSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.tags, self.key.bytes()).serialize(serializer)
    }
}
