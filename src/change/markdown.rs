//! A redline for a comment on a pull request.
//!
//! In: a redline. Out: Markdown: ~~removed~~ and **added** in the sentences where they stand, which reads better than a
//! fenced diff once lines are as long as paragraphs. Must not know: code hosts.

use super::Redline;
use super::text::{Marks, write};

const MARKS: Marks = Marks { deleted: ("~~", "~~"), inserted: ("**", "**"), note: ("_", "_"), paragraph: "¶" };

pub fn markdown(redline: &Redline) -> String {
    write(redline, &MARKS, &escape)
}

pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

/// The author's words must not become marks.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '@') {
            out.push('\\');
        }
        out.push(letter);
    }
}
