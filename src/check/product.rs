//! A product's saved page: what of it speaks of a privacy center.
//!
//! In: HTML as it was saved, well-formed or not. Out: links with the dates beside them, scripts, elements, policies, each
//! with its place. Must not know: the center, what is right.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use std::ops::Range;

#[derive(Debug, Default)]
pub struct Page {
    pub links: Vec<Link>,
    pub scripts: Vec<Script>,
    /// Places of `<fineprint-update>`, with its `src`.
    pub elements: Vec<(Range<usize>, Option<String>)>,
    /// Each `Content-Security-Policy` of a `meta` element.
    pub policies: Vec<(Range<usize>, String)>,
}

#[derive(Debug)]
pub struct Link {
    pub span: Range<usize>,
    pub href: String,
    pub rel: Vec<String>,
    /// The first `time` in the link or after it, before another link or entry begins.
    pub date: Option<(Range<usize>, String)>,
}

#[derive(Debug)]
pub struct Script {
    pub span: Range<usize>,
    pub src: String,
    pub integrity: Option<String>,
    pub crossorigin: bool,
}

/// Where a date no longer belongs to the link before it.
const ENDS: &[&[u8]] = &[b"li", b"ul", b"ol", b"p", b"div", b"nav", b"footer", b"section", b"tr", b"td"];

pub fn read(html: &str) -> Page {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    let mut open = false;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Ok(Token::StartTag(tag)) => {
                let span = tag.span.start..tag.span.end;
                match &**tag.name {
                    b"a" | b"link" => {
                        open = &**tag.name == b"a";
                        page.links.extend(link(&tag, span));
                    }
                    b"time" if open => {
                        let last = page.links.last_mut().filter(|link| link.date.is_none());
                        if let (Some(link), Some(date)) = (last, value(&tag, "datetime")) {
                            link.date = Some((span, date));
                        }
                    }
                    b"script" => page.scripts.extend(value(&tag, "src").map(|src| Script {
                        span,
                        src,
                        integrity: value(&tag, "integrity"),
                        crossorigin: value(&tag, "crossorigin").is_some(),
                    })),
                    b"fineprint-update" => page.elements.push((span, value(&tag, "src"))),
                    b"meta" => {
                        let policy = value(&tag, "http-equiv")
                            .is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy"));
                        page.policies.extend(value(&tag, "content").filter(|_| policy).map(|content| (span, content)));
                    }
                    name if ENDS.contains(&name) => open = false,
                    _ => {}
                }
            }
            Ok(Token::EndTag(tag)) if ENDS.contains(&&**tag.name) => open = false,
            _ => {}
        }
    }
    page
}

fn link(tag: &StartTag<usize>, span: Range<usize>) -> Option<Link> {
    let rel = value(tag, "rel").unwrap_or_default();
    let rel = rel.split_whitespace().map(str::to_ascii_lowercase).collect();
    Some(Link { span, href: value(tag, "href")?, rel, date: None })
}

fn value(tag: &StartTag<usize>, name: &str) -> Option<String> {
    let (_, value) = tag.attributes.iter().find(|(known, _)| ***known == *name.as_bytes())?;
    Some(String::from_utf8_lossy(value).trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_belongs_to_the_link_before_it() {
        let page = read(
            "<ul><li><a href=1>x</a> <time datetime=2026-01-01>x</time> <a href=2><time datetime='2026-02-02'>x</time></a>\
             <time datetime=2026-03-03></time></li><li><a href=3>x</a></li></ul><time datetime=2026-04-04>x</time>",
        );
        let dates: Vec<Option<&str>> =
            page.links.iter().map(|link| link.date.as_ref().map(|(_, date)| date.as_str())).collect();
        assert_eq!(dates, [Some("2026-01-01"), Some("2026-02-02"), None]);
    }

    #[test]
    fn what_is_written_in_a_script_or_a_comment_is_no_link() {
        let page = read("<script>'<a href=1>'</script><!-- <fineprint-update> --><textarea><a href=2></textarea>");
        assert!(page.links.is_empty() && page.elements.is_empty());
    }
}
