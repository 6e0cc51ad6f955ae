//! Marks of other dialects that this one does not read, so that they would be published as they are typed.
//!
//! In: a tree. Out: the places of such marks. Must not know: findings, files.

use super::{Block, Inline, InlineKind, for_each_run};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// At the beginning of a line: admonitions, tabs, tables of contents, page breaks, modules, comments, grids.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"^(?:!!!\+? \w+|\?\?\?\+? \w+|=== "[^"]*"|\[\[_?toc_?\]\]|\\(?:newpage|pagebreak)\b|import .+ from ['"].+|export (?:const|default|function) .+|\{/\*.*|\+[-=]{3,}\+[-=+]*|\|? *:?-{3,}:? *\|[-:| ]*)"#,
    )
    .expect("a pattern")
});
/// Anywhere: marked words, classes, links and notes whose definition is missing.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"==[^\s=](?:[^=]*[^\s=])?==|\]\{[.#:][^}]*\}|\[[^\[\]]+\]\[[^\[\]]*\p{L}[^\[\]]*\]|\[\^[\w-]+\]")
        .expect("a pattern")
});

/// The places of foreign marks in some blocks, in order.
pub(super) fn marks(blocks: &[Block]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for block in blocks {
        for_each_run(block, &mut |run, register| {
            if register.is_none() {
                in_line(run, &mut found);
            }
        });
    }
    found
}

fn in_line(run: &[Inline], found: &mut Vec<Range<usize>>) {
    let mut starts = true;
    for inline in run {
        match &inline.kind {
            InlineKind::Text { words, .. } => {
                let line = LINE.find(words).filter(|_| starts);
                let inside = INSIDE.find_iter(words).filter(|_| line.is_none());
                // Escapes and facts are longer or shorter than their words: those are meant.
                let marks = line.into_iter().chain(inside).map(|mark| (inline.place(mark.range()), mark.len()));
                found.extend(marks.filter(|(place, length)| place.len() == *length).map(|(place, _)| place));
                starts = false;
            }
            InlineKind::SoftBreak | InlineKind::HardBreak => starts = true,
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Strike(children)
            | InlineKind::Element { children, .. } => {
                in_line(children, found);
                starts = false;
            }
            _ => starts = false,
        }
    }
}
