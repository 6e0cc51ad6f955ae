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
/// Anywhere: links of a wiki, marked words, classes, links and notes whose definition is missing.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"!?\[\[[^\[\]]*\p{L}[^\[\]]*\]\]|==[^\s=](?:[^=]*[^\s=])?==|\]\{[.#:][^}]*\}|\[[^\[\]]+\]\[[^\[\]]*\p{L}[^\[\]]*\]|\[\^[\w-]+\]")
        .expect("a pattern")
});

/// What to write instead of a foreign mark.
pub(super) fn cure(mark: &str) -> &'static str {
    let starts = |starts: &[&str]| starts.iter().any(|start| mark.starts_with(start));
    if starts(&["!!!", "???"]) {
        "write `> [!NOTE]`, with `> ` before each of its lines"
    } else if starts(&["==="]) {
        "write a heading for each tab: a policy shows all of its words"
    } else if starts(&["[[toc", "[[_toc"]) {
        "take it out: the page has a table of contents"
    } else if starts(&["\\newpage", "\\pagebreak"]) {
        "take it out: pages of paper are made by the browser"
    } else if starts(&["import ", "export ", "{/*"]) {
        "take it out: it is code of another program"
    } else if starts(&["+-", "+="]) {
        "write a table with `|` between its columns and `|---|` below its head"
    } else if starts(&["|", ":-", "-"]) {
        "give the line below the head as many columns as the head has"
    } else if starts(&["=="]) {
        "write `<mark>words</mark>`, or put a backslash before the mark if you mean it"
    } else if starts(&["[^"]) {
        "write the note: `[^name]: its words` on a line of its own"
    } else if starts(&["]{"]) {
        "take the braces out: looks are the theme's"
    } else if starts(&["[[", "![["]) {
        "write a link: `[words](/path/)`"
    } else if starts(&["["]) {
        "write where the link leads, `[words](/path/)`, or put a backslash before the bracket if you mean it"
    } else {
        "write it in CommonMark, or put a backslash before the mark if you mean it"
    }
}

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
