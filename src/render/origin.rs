//! No page of the center contacts another host: what would is an error.
//!
//! In: a finished HTML or CSS file, and whose it is. Out: findings for every resource that a browser would load from elsewhere.
//! Must not know: how the file was made.

use crate::diagnostic::Diagnostic;
use std::sync::Arc;

/// Relations whose target a browser never loads by itself.
const QUIET: &[&str] = &[
    "alternate",
    "author",
    "canonical",
    "help",
    "license",
    "next",
    "prev",
    "privacy-policy",
    "search",
    "terms-of-service",
    "latest-version",
    "predecessor-version",
    "successor-version",
    "version-history",
    "me",
    "describedby",
    "self",
];

/// `source` is the file of the site whose bytes these are, if they are one's.
pub fn foreign(path: &str, source: Option<&Arc<str>>, bytes: &[u8], origin: &str) -> Vec<Diagnostic> {
    let markup = path.ends_with(".html") || path.ends_with(".htm") || path.ends_with(".svg");
    if !markup && !path.ends_with(".css") {
        return Vec::new();
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let mut findings = Vec::new();
    for (at, _) in text.match_indices("//") {
        let before = &text[..at];
        let address_start =
            before.strip_suffix("https:").or_else(|| before.strip_suffix("http:")).unwrap_or(before).len();
        if text[address_start..].starts_with(origin) {
            continue;
        }
        let loads = if markup { loads_from_tag(text, address_start) } else { loads_from_css(text, address_start) };
        if let Some(what) = loads {
            let end = text[at..].find(['"', '\'', ')', ' ', '>', '\n']).map_or(text.len(), |end| at + end);
            let address = &text[address_start..end];
            let message = format!("`/{path}` would load `{address}` from another host, by {what}");
            let mut finding = Diagnostic::new("third-party-resource", message);
            finding = match source {
                Some(source) => finding.at(source, address_start..end),
                None => finding.help(format!("search themes/ and static/ for `{address}`")),
            };
            findings.push(finding.help("put what it loads into static/ and refer to it there"));
        }
    }
    findings
}

/// The tag whose attribute holds the address, if it is one that loads.
fn loads_from_tag(text: &str, at: usize) -> Option<String> {
    let open = text[..at].rfind('<')?;
    let inside = &text[open + 1..at];
    let name: String =
        inside.chars().take_while(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    if name.is_empty() || closed(inside) || !inside.trim_end().ends_with(['"', '\'', '=', '(', ',']) {
        return None;
    }
    let attribute = inside.rsplit('=').nth(1).and_then(|left| left.split_whitespace().next_back()).unwrap_or("");
    let quiet = match name.as_str() {
        "a" | "area" | "blockquote" | "q" | "del" | "ins" | "meta" => true,
        "html" | "svg" => attribute.starts_with("xmlns"),
        "link" => {
            let end = text[at..].find('>').map_or(text.len(), |end| at + end);
            let tag = &text[open..end];
            let rel = tag.split("rel=").nth(1).map(|rel| rel.trim_start_matches(['"', '\'']));
            let rel = rel.and_then(|rel| rel.split(['"', '\'', '>']).next()).unwrap_or("");
            !rel.is_empty() && rel.split_whitespace().all(|word| QUIET.contains(&word))
        }
        _ => {
            attribute == "title"
                || attribute == "alt"
                || attribute.starts_with("data-")
                || attribute.starts_with("aria-")
        }
    };
    (!quiet).then(|| format!("`<{name} {attribute}>`"))
}

/// Whether the tag that opens at the beginning of `inside` ends before its end, quotes heeded.
fn closed(inside: &str) -> bool {
    let mut quote = None;
    for c in inside.chars() {
        match (quote, c) {
            (None, '>') => return true,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    false
}

fn loads_from_css(text: &str, at: usize) -> Option<String> {
    let before = text[..at].trim_end_matches(['"', '\'']).trim_end();
    if before.ends_with("url(") {
        return Some("`url()`".into());
    }
    before.ends_with("@import").then(|| "`@import`".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        foreign(path, None, text.as_bytes(), "https://privacy.acme.example").len()
    }

    #[test]
    fn what_loads_from_elsewhere_is_found() {
        for bad in [
            r#"<img src="https://cdn.example/a.png">"#,
            r#"<img alt="x" src=//cdn.example/a.png>"#,
            r#"<script src='https://cdn.example/a.js'></script>"#,
            r#"<link rel="stylesheet" href="https://cdn.example/a.css">"#,
            r#"<link href="https://cdn.example" rel=preconnect>"#,
            r#"<iframe src="https://cdn.example/"></iframe>"#,
            r#"<svg><image href="https://cdn.example/a.png"/></svg>"#,
        ] {
            assert_eq!(count("a/index.html", bad), 1, "{bad}");
        }
        assert_eq!(count("a.css", "a{background:url(https://cdn.example/a.png)} @import '//x.example/a.css';"), 2);
    }

    #[test]
    fn what_does_not_load_is_left_alone() {
        for good in [
            r#"<a href="https://cdn.example/a.png">https://cdn.example</a>"#,
            r#"<link rel="canonical" href="https://other.example/">"#,
            r#"<img src="/a.png" alt="see https://x.example">"#,
            r#"<script src="https://privacy.acme.example/a.js"></script>"#,
            r#"<p title="a > b">// comment</p>"#,
            r#"<svg xmlns="http://www.w3.org/2000/svg"></svg>"#,
            r#"<meta property="x" content="https://other.example">"#,
        ] {
            assert_eq!(count("a/index.html", good), 0, "{good}");
        }
    }
}
