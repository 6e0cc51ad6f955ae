//! What a theme may not do: show other words than were released, on the page of a version.
//!
//! In: a page as a template made it, and what it was made from. Out: an error where the frozen words, the title or the effective
//! date are not on it. Labels around them are the theme's own affair. Must not know: templates.

use crate::error::{Error, Result};
use crate::html;
use crate::view::{DocumentPage, FromTexts};

/// Elements whose content no reader sees.
const UNSEEN: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("<template", "</template"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<noscript", "</noscript"),
    ("<textarea", "</textarea"),
];

/// Fails where the page does not show the version as it was released. Drafts can look as they like.
pub(super) fn shows_what_was_released(template: &str, page: &DocumentPage, html: &str) -> Result<()> {
    let version = &page.version;
    let (Some(effective), FromTexts::Words(article)) = (&version.effective, &page.article) else { return Ok(()) };
    let lacks = |what: &str, way_out: &str| {
        Err(Error::refused(format!(
            "the theme's `{template}` does not show {what} of `{}` {} as it was released; {way_out}",
            page.document.slug, version.id
        )))
    };
    let Some(at) = html.find(&article.content).filter(|at| is_seen(&html[..*at])) else {
        return lacks("the text", "print `{{ content | safe }}` unchanged, and only change what is around it");
    };
    let around = words(&html[..at]) + &words(&html[at + article.content.len()..]);
    if !around.contains(&squeezed(&page.document.title)) {
        return lacks("the title", "print `{{ document.title }}` unchanged");
    }
    if !around.contains(&squeezed(&effective.text)) {
        return lacks("the effective date", "print the strings of `partials/state.html` with their dates");
    }
    Ok(())
}

/// True if what follows a beginning of a page is not inside something that no reader sees.
fn is_seen(before: &str) -> bool {
    UNSEEN.iter().all(|(opens, closes)| match before.rfind(opens) {
        Some(open) => before.rfind(closes).is_some_and(|close| close > open),
        None => true,
    })
}

/// The words of a piece of a page, without its tags.
fn words(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        out.push(' ');
        rest = rest[open..].find('>').map_or("", |close| &rest[open + close + 1..]);
    }
    out.push_str(rest);
    squeezed(&html::decode(&out))
}

/// White space does not matter.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_without_tags_and_references() {
        assert_eq!(words("<h1 class=\"a\">Terms &amp;\n use</h1><p>13 December 2026"), "Terms & use 13 December 2026");
    }

    #[test]
    fn what_is_in_a_comment_or_a_template_is_not_seen() {
        assert!(is_seen("<!-- a --><article>"));
        assert!(!is_seen("<!-- a <article>"));
        assert!(!is_seen("<template><article>"));
    }
}
