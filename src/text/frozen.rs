//! The files that a version's folder holds beside what people wrote: the resolved text of each language, with its title and
//! description, and the announcement in each language.
//!
//! In: a title, words. Out: the bytes that are frozen, published and vouched for by a digest. Must not know: who froze them.

use std::fmt::Write;

/// The name of the resolved text in a version's folder.
pub fn text_name(tag: &str) -> String {
    format!("text.{tag}.md")
}

/// The name of the announcement in a version's folder.
pub fn announcement_name(tag: &str) -> String {
    format!("announcement.{tag}.json")
}

/// True for what the program adds to a version's folder, beside the sources that people wrote.
pub fn is_made(name: &str) -> bool {
    (name.starts_with("text.") && name.ends_with(".md"))
        || (name.starts_with("announcement.") && name.ends_with(".json"))
}

/// The resolved text as a file: what the site publishes beside the page.
///
/// ```
/// use fineprint::text::text_file;
/// assert_eq!(text_file("Terms", None, "\n\nUse it well.\n"), "+++\ntitle = \"Terms\"\n+++\n\nUse it well.\n");
/// ```
pub fn text_file(title: &str, description: Option<&str>, resolved: &str) -> String {
    let mut out = format!("+++\ntitle = {}\n", quoted(title));
    if let Some(description) = description {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "description = {}", quoted(description));
    }
    out.push_str("+++\n\n");
    out.push_str(resolved.trim_start_matches(['\r', '\n']));
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A TOML basic string on one line.
pub fn quoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 2);
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
