//! Writes values into the source.
//!
//! In: the body and what replaces which bytes. Out: the resolved text.
//! Must not know: Markdown.

use std::ops::Range;

/// `text` instead of the bytes of `range`.
pub(super) struct Splice {
    pub range: Range<usize>,
    pub text: String,
}

/// A splice inside an earlier splice disappears with it.
pub(super) fn resolve(source: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let more: usize = splices.iter().map(|splice| splice.text.len()).sum();
    let mut out = String::with_capacity(source.len() + more);
    let mut done = 0;
    for splice in splices {
        if splice.range.start < done {
            continue;
        }
        out.push_str(&source[done..splice.range.start]);
        out.push_str(&splice.text);
        done = splice.range.end;
    }
    out.push_str(&source[done..]);
    out
}
