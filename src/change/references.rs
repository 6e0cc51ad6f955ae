//! Character references of raw HTML.
//!
//! In: HTML as the sanitizer wrote it, which knows few references. Out: the characters. Must not know: tags.

use std::borrow::Cow;

const KNOWN: &[(&str, &str)] =
    &[("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{A0}"), ("&#39;", "'")];

/// Replaces the references that the sanitizer writes; others stay as typed.
pub fn decoded(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (reference, character) = KNOWN.iter().find(|(name, _)| rest.starts_with(name)).unwrap_or(&("&", "&"));
        out.push_str(character);
        rest = &rest[reference.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}
