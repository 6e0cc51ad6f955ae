//! A page → a manuscript: what a reader reads of it, without what stands around it.
//!
//! In: HTML as text. Out: a [`Manuscript`], with what was left out and where. Must not know: files, Markdown.

mod blocks;
mod content;
mod head;
mod line;
mod read;
mod tree;

pub use read::manuscript;

/// Deeper nesting is no page that anybody wrote, and the parser's time grows with its square.
const MAX_NESTING: usize = 3_000;

/// True if elements that are closed by hand are nested deeper than in any page.
pub fn is_too_deep(html: &str) -> bool {
    const NESTED: &[&str] =
        &["div", "span", "section", "b", "i", "u", "em", "strong", "font", "blockquote", "ul", "ol", "table", "a"];
    let mut depth = 0usize;
    for part in html.split('<').skip(1) {
        let (closes, rest) = match part.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, part),
        };
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).take(12).count();
        if !NESTED.contains(&rest[..length].to_ascii_lowercase().as_str()) {
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        if depth > MAX_NESTING {
            return true;
        }
    }
    false
}
