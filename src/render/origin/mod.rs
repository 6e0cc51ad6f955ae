//! No page of the center contacts another host or runs code of its own: what would is an error.
//!
//! In: a finished HTML, SVG or CSS file, and the file of the site that it comes from. Out: findings for everything that a
//! browser would load from elsewhere, and for everything that the site's Content-Security-Policy blocks. Must not know: how
//! the file was made.
//!
//! Files are read as browsers read them: character references, backslashes and escapes do not hide an address.

mod markup;
mod style;

use crate::diagnostic::Diagnostic;
use std::ops::Range;
use std::sync::Arc;
use url::Url;

/// Something that a browser would load, open or run.
struct Use {
    /// As a browser understands it: references and escapes are decoded.
    value: String,
    span: Range<usize>,
    /// Element and attribute, or the CSS function.
    by: String,
    kind: UseKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum UseKind {
    /// An address that is loaded when the page is shown.
    Address,
    /// A script or style in the page itself.
    Code,
}

/// Returns findings for a file. `source` is the file of the site whose bytes these are, if there is one.
pub fn foreign(path: &str, source: Option<&Arc<str>>, bytes: &[u8], origin: &str) -> Vec<Diagnostic> {
    let suffix = path.rsplit_once('.').map_or("", |(_, suffix)| suffix).to_ascii_lowercase();
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let Ok(base) = Url::parse(&format!("{origin}/{path}")) else { return Vec::new() };
    let mut findings = Vec::new();
    let mut judge = |used: Use| match used.kind {
        UseKind::Address => {
            if loads_elsewhere(&used.value, &base, origin) {
                let shown = text.get(used.span.clone()).unwrap_or(&used.value).escape_debug().to_string();
                let message = format!("`/{path}` would load `{shown}` from another host, by {}", used.by);
                let mut finding = Diagnostic::new("third-party-resource", message);
                finding = match source {
                    Some(source) => finding.at(source, used.span),
                    None => finding.help(format!("search themes/ and static/ for `{shown}`")),
                };
                findings.push(finding.help("put what it loads into static/ and refer to it there"));
            }
        }
        UseKind::Code => {
            let message = format!("`/{path}` contains {}, which the site's Content-Security-Policy blocks", used.by);
            let mut finding = Diagnostic::new("inline-code", message);
            if let Some(source) = source {
                finding = finding.at(source, used.span);
            }
            findings.push(finding.help("put it into a .js or .css file of its own in static/ and refer to it there"));
        }
    };
    match suffix.as_str() {
        "html" | "htm" | "xhtml" => markup::read(text, markup::Language::Html, &mut judge),
        "svg" => markup::read(text, markup::Language::Svg, &mut judge),
        "css" => style::read(text, 0, &mut judge),
        _ => {}
    }
    findings
}

/// True if a browser that is told to load the address would contact another origin.
fn loads_elsewhere(address: &str, base: &Url, origin: &str) -> bool {
    let elsewhere = |base: &Url, own: &str| {
        base.join(address).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp") && url.origin().ascii_serialization() != own
        })
    };
    // `https:/cdn.example/a` is a path on a page that came by HTTPS, and another host on one that did not.
    let mut other = base.clone();
    let scheme = if base.scheme() == "https" { "http" } else { "https" };
    elsewhere(base, origin)
        || (!address.contains("://")
            && other.set_scheme(scheme).is_ok()
            && elsewhere(&other, &other.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(&'static str, String)> {
        let findings = foreign(path, Some(&"static/x".into()), text.as_bytes(), "https://privacy.acme.example");
        findings
            .into_iter()
            .map(|finding| {
                (finding.code, text[finding.primary.as_ref().map_or(0..0, |label| label.span.clone())].to_string())
            })
            .collect()
    }

    fn addresses(path: &str, text: &str) -> Vec<String> {
        let all = found(path, text).into_iter().filter(|(code, _)| *code == "third-party-resource");
        all.map(|(_, address)| address).collect()
    }

    #[test]
    fn what_loads_from_elsewhere_is_found() {
        for (bad, address) in [
            (r#"<img src="https://cdn.example/a.png">"#, "https://cdn.example/a.png"),
            (r#"<img alt="x" src=//cdn.example/a.png>"#, "//cdn.example/a.png"),
            (r#"<script src='https://cdn.example/a.js'></script>"#, "https://cdn.example/a.js"),
            (r#"<link rel="stylesheet" href="https://cdn.example/a.css">"#, "https://cdn.example/a.css"),
            (r#"<link rel=stylesheet href="https:/cdn.example/a.css">"#, "https:/cdn.example/a.css"),
            (r#"<link href="https://cdn.example" rel=preconnect>"#, "https://cdn.example"),
            (r#"<iframe src="https://cdn.example/"></iframe>"#, "https://cdn.example/"),
            (r#"<svg><image href="https://cdn.example/a.png"/></svg>"#, "https://cdn.example/a.png"),
            (r#"<img src="https:&#47;&#47;cdn.example/a">"#, "https:&#47;&#47;cdn.example/a"),
            (r#"<img src="\\cdn.example\a">"#, r"\\cdn.example\a"),
            (r#"<img src="/&#92;cdn.example/a">"#, "/&#92;cdn.example/a"),
            ("<img src=\"ht\ttps://cdn.example/a\">", "ht\ttps://cdn.example/a"),
            (r#"<IMG SRC="HTTPS://CDN.example/a">"#, "HTTPS://CDN.example/a"),
            (
                r#"<img src="a.png" srcset="/a.png 1x, https://cdn.example/b.png 2x">"#,
                "/a.png 1x, https://cdn.example/b.png 2x",
            ),
            (r#"<meta http-equiv="refresh" content="0; url='https://cdn.example/'">"#, "0; url='https://cdn.example/'"),
            (r#"<base href="https://cdn.example/">"#, "https://cdn.example/"),
            (r#"<a href="/x" ping="https://cdn.example/p">x</a>"#, "https://cdn.example/p"),
            (r#"<video poster="//cdn.example/p"></video>"#, "//cdn.example/p"),
            (r#"<object data="//cdn.example/p"></object>"#, "//cdn.example/p"),
        ] {
            assert_eq!(addresses("a/index.html", bad), [address], "{bad}");
        }
        for (bad, address) in [
            ("a{background:url(https://cdn.example/a.png)}", "https://cdn.example/a.png"),
            ("a{background:url( '//cdn.example/a.png' )}", "//cdn.example/a.png"),
            ("@import '//cdn.example/a.css';", "//cdn.example/a.css"),
            ("a{background:image-set(\"https://cdn.example/a\" 1x)}", "https://cdn.example/a"),
            (r"a{background:url(\68ttps://cdn.example/a)}", r"\68ttps://cdn.example/a"),
            (r"a{background:url(/\\cdn.example/a)}", r"/\\cdn.example/a"),
            ("a{background:url(https:/cdn.example/a)}", "https:/cdn.example/a"),
            ("@media print{@font-face{src:url(//cdn.example/f)}}", "//cdn.example/f"),
            ("a{background:UR\\4c(//cdn.example/f)}", "//cdn.example/f"),
        ] {
            assert_eq!(addresses("a.css", bad), [address], "{bad}");
        }
        let svg = r#"<?xml-stylesheet href="https://cdn.example/a.css"?><svg xmlns="http://www.w3.org/2000/svg"><use xlink:href="https://cdn.example/a.svg#b"/></svg>"#;
        assert_eq!(addresses("a.svg", svg), ["https://cdn.example/a.css", "https://cdn.example/a.svg#b"]);
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
            r#"<meta http-equiv="refresh" content="0; url=/privacy/">"#,
            r#"<script type="application/ld+json">{"url": "https://other.example/"}</script>"#,
            r#"<!-- <img src="https://cdn.example/a.png"> <script>1</script> -->"#,
            r#"<textarea><script>alert(1)</script></textarea>"#,
        ] {
            assert_eq!(found("a/index.html", good), [], "{good}");
        }
        for good in [
            "a{background:url(data:image/png;base64,AA==)}",
            "a::after{content:\"https://cdn.example\"}",
            "a[href^=\"https://cdn.example\"]{color:red}",
            "@namespace svg url(http://www.w3.org/2000/svg);",
            "/* url(https://cdn.example/a) */",
            "a{background:url(#b)}",
        ] {
            assert_eq!(found("a.css", good), [], "{good}");
        }
        assert_eq!(found("a.svg", "<svg><style>a{fill:red}</style><path style=\"fill:red\"/></svg>"), []);
    }

    #[test]
    fn code_in_a_page_is_found() {
        for bad in [
            "<script>alert(1)</script>",
            "<script type=module>alert(1)</script>",
            "<body onload=\"alert(1)\">",
            "<a href=\"java&#115;cript:alert(1)\">x</a>",
            "<style>p{color:red}</style>",
            "<p style=\"color:red\">x</p>",
            "<iframe srcdoc=\"&lt;script>1&lt;/script>\"></iframe>",
        ] {
            let codes: Vec<&str> = found("a/index.html", bad).into_iter().map(|(code, _)| code).collect();
            assert_eq!(codes, ["inline-code"], "{bad}");
        }
        assert_eq!(found("a.svg", "<svg onload=\"alert(1)\"/>").len(), 1);
        assert_eq!(found("a.svg", "<svg><script>alert(1)</script></svg>").len(), 1);
    }
}
