//! Which text a translation translates.
//!
//! In: a document's versions and draft. Out: the version whose words a translation still has. Must not know: dates, pages.
//!
//! A translation may say it itself, with the digest of the text that it translates. If it does not, a file that stayed the
//! same while the text it translates was released with another meaning is taken to translate the older one. Editorial
//! versions do not count: what they change need not change in another language.

use super::document::{Document, TextFile};
use super::ledger::Significance;

/// Fewer digits of a digest do not tell two texts apart.
pub const DIGITS: usize = 8;

impl Document {
    /// The version that a version's translation was made from, if that is an earlier one.
    pub fn lags(&self, version: usize, tag: &str) -> Option<usize> {
        let own = &self.versions[version];
        if tag == own.language {
            return None;
        }
        self.older_source(own.texts.get(tag)?, own.authoritative()?, tag, version, own.significance)
    }

    /// The version that the draft's translation was made from, if the draft says something else by now.
    pub fn draft_lags(&self, tag: &str, authoritative: &str) -> Option<usize> {
        let texts = &self.draft.as_ref()?.texts;
        if tag == authoritative {
            return None;
        }
        self.older_source(texts.get(tag)?, texts.get(authoritative)?, tag, self.versions.len(), None)
    }

    /// The last version that says what the translation says, if the source says something else by now.
    /// `before`: versions from this one on are no source.
    fn older_source(
        &self,
        translation: &TextFile,
        source: &TextFile,
        tag: &str,
        before: usize,
        significance: Option<Significance>,
    ) -> Option<usize> {
        let standing: Vec<usize> = (0..before).filter(|index| self.versions[*index].stands()).collect();
        let made_from = match &translation.source_digest {
            Some(digits) if source.digest.hex().starts_with(digits) => return None,
            Some(digits) => standing.iter().rposition(|index| {
                let text = self.versions[*index].authoritative();
                text.is_some_and(|text| text.digest.hex().starts_with(digits))
            })?,
            None => {
                let same = |index: &usize| {
                    let text = self.versions[*index].texts.get(tag);
                    text.is_some_and(|text| text.digest == translation.digest)
                };
                standing.len() - standing.iter().rev().take_while(|index| same(index)).count()
            }
        };
        let said = |at: usize| match standing.get(at) {
            Some(index) => {
                let version = &self.versions[*index];
                (version.authoritative().map(|text| text.digest), version.significance)
            }
            None => (Some(source.digest), significance),
        };
        let changed = (made_from..standing.len()).find(|at| {
            let ((old, _), (new, significance)) = (said(*at), said(at + 1));
            old != new && significance != Some(Significance::Editorial)
        })?;
        Some(standing[changed])
    }
}
