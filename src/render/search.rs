//! The index that a page of the site searches: sections of texts, each with its words.
//!
//! In: which texts and what else is found. Out: JSON. Must not know: how a browser searches.

use super::Renderer;
use crate::error::Result;
use crate::markdown::{Block, BlockKind, for_each_run, plain_text};
use crate::view::search::{SearchEntry, SearchIndex};

impl Renderer<'_, '_> {
    pub(super) fn search_index(&self, index: SearchIndex) -> Result<Vec<u8>> {
        let mut entries = Vec::new();
        for (title, href, source) in index.texts {
            let first = entries.len();
            let entry = |title: &str, href: String, within: &str| SearchEntry {
                title: title.to_string(),
                within: within.to_string(),
                href,
                text: String::new(),
            };
            entries.push(entry(&title, href.clone(), &title));
            let Some(text) = self.text(&source)? else { continue };
            for_each_section(&text.parsed.document.blocks, &mut |block| match &block.kind {
                BlockKind::Heading(heading) => {
                    let words = plain_text(&heading.content);
                    entries.push(entry(&words, format!("{href}#{}", heading.id), &title));
                }
                _ => for_each_run(block, &mut |run, _| {
                    // The document itself is the first entry, and has what comes before its first section.
                    let last = entries.len() - 1;
                    let into = &mut entries[last.max(first)].text;
                    if !into.is_empty() {
                        into.push(' ');
                    }
                    into.push_str(&plain_text(run));
                }),
            });
        }
        entries.extend(index.entries);
        // Plain data always serializes.
        Ok(serde_json::to_vec(&entries).unwrap_or_default())
    }
}

/// Headings, and the blocks between them, in the order of reading.
fn for_each_section(blocks: &[Block], visit: &mut impl FnMut(&Block)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Element { blocks, .. } => for_each_section(blocks, visit),
            _ => visit(block),
        }
    }
}
