//! The server's own pages: the bar's script, the clock of another day, and pages for addresses that the site does not have.
//!
//! In: a generation and what happened. Out: HTML and scripts. Must not know: the site's theme; none of this is ever published.

use super::answer::{RESERVED, parameter, short};
use super::http::{Body, Response};
use super::session::{Generation, Session};
use super::state;
use super::view::View;
use crate::error::Error;
use crate::html::escape;
use crate::source::Digest;
use jiff::civil::Date;
use std::borrow::Cow;
use std::fmt::Write as _;

/// The bar's style sheet stands inside its script as a string: a shadow root loads none.
const BAR: &str = include_str!("bar.js");
const BAR_STYLE: &str = include_str!("bar.css");
pub const STYLE: &str = include_str!("page.css");

/// Page for an address that the site does not have.
pub struct Instead {
    pub status: u16,
    title: &'static str,
    text: Cow<'static, str>,
}

pub const NOTHING: Instead = Instead {
    status: 404,
    title: "Not part of the site",
    text: Cow::Borrowed("The site has no page at this address, and no page for missing addresses."),
};

pub const NO_SITE: Instead = Instead {
    status: 503,
    title: "This site cannot be shown yet",
    text: Cow::Borrowed("Fix the errors below and save. This page reloads automatically."),
};

pub fn failed(generation: &Generation, error: &Error) -> Instead {
    Instead { status: 500, title: "This page cannot be made", text: why(generation, error).into() }
}

/// Why a page cannot be made.
pub fn why(generation: &Generation, error: &Error) -> String {
    match (generation.behind, error) {
        // Pages of the last good state are made from its files, as long as these are what they were.
        (true, Error::Changed(path)) => {
            format!("`{path}` has changed and will be read again once the errors below are fixed.")
        }
        _ => error.to_string(),
    }
}

/// Nothing but the server's own files.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn bar_script() -> String {
    let style = serde_json::Value::from(BAR_STYLE).to_string();
    BAR.replacen("replaceSync(STYLE)", &format!("replaceSync({style})"), 1)
}

pub fn script(text: &str) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Bytes(text.into()) }
        .with("Content-Type", "text/javascript; charset=utf-8")
}

/// The element that loads the bar, with what the page is known by.
pub fn bar_tag(session: &Session, generation: &Generation, status: u16, digest: Digest, frame: Digest) -> String {
    format!(
        "<script data-fineprint-preview src=\"{RESERVED}bar.js\" defer data-instance=\"{}\" data-generation=\"{}\" data-statics=\"{}\" data-status=\"{status}\" data-digest=\"{}\" data-frame=\"{}\"></script>",
        escape(&session.instance),
        generation.number,
        short(generation.statics()),
        short(digest),
        short(frame),
    )
}

/// The element that lets the page's own scripts see another day: the theme hides a notice once it has ended.
pub fn clock_tag(view: &View, day: Date) -> Option<String> {
    let noon = day.at(12, 0, 0, 0).to_zoned_datetime(view.center().settings.zone.clone()).ok()?;
    let moment = noon.timestamp().as_millisecond();
    Some(format!("<script data-fineprint-preview src=\"{RESERVED}day.js?at={moment}\"></script>"))
}

pub fn day_script(query: &str) -> String {
    let moment: i64 = parameter(query, "at").and_then(|moment| moment.parse().ok()).unwrap_or(0);
    format!(
        "// The page is looked at on another day.\n(() => {{\n  const at = {moment};\n  const Real = Date;\n  globalThis.Date = class Date extends Real {{\n    constructor(...parts) {{\n      if (parts.length) super(...parts);\n      else super(at);\n    }}\n    static now() {{\n      return at;\n    }}\n  }};\n}})();\n"
    )
}

/// A page of the server's own, which says what is wrong and reloads by itself when that has changed.
pub fn page(session: &Session, generation: &Generation, instead: &Instead) -> Response {
    let body = inside(generation, instead);
    let digest = Digest::of(body.as_bytes());
    let bar = bar_tag(session, generation, instead.status, digest, digest);
    html(instead.status, instead.title, &body, &bar)
}

/// By what such a page is known, without making it.
pub fn page_digest(generation: &Generation, instead: &Instead) -> Digest {
    Digest::of(inside(generation, instead).as_bytes())
}

fn inside(generation: &Generation, instead: &Instead) -> String {
    let mut out = format!("<h1>{}</h1>\n<p>{}</p>\n", escape(instead.title), escape(&instead.text));
    if let Some(trouble) = &generation.trouble {
        let _ = writeln!(out, "<p class=\"trouble\">{}</p>", escape(trouble));
    }
    let findings = state::findings(generation, None);
    if !findings.is_empty() {
        out.push_str("<ol>\n");
        for finding in findings {
            let place = finding.file.as_ref().map(|file| match finding.line {
                Some(line) => format!("{file}:{line}:{}", finding.column.unwrap_or(1)),
                None => file.clone(),
            });
            let _ = write!(
                out,
                "<li class=\"{}\"><p><strong>{}</strong> {}</p>",
                finding.severity,
                finding.severity,
                marked(&finding.message)
            );
            if let Some(place) = place {
                let _ = write!(out, "<p class=\"place\">{}</p>", escape(&place));
            }
            if !finding.excerpt.is_empty() {
                out.push_str("<pre>");
                for line in &finding.excerpt {
                    let _ = writeln!(out, "{:>4}  {}", line.number, escape(&line.text));
                }
                out.push_str("</pre>");
            }
            for help in &finding.help {
                let _ = write!(out, "<p class=\"help\">{}</p>", marked(help));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n");
    }
    out
}

/// Returns the text between backticks as the bar shows it.
fn marked(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(escape).collect();
    if parts.len().is_multiple_of(2) {
        return parts.join("`");
    }
    let quoted = |(index, part): (usize, String)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part };
    parts.into_iter().enumerate().map(quoted).collect()
}

fn html(status: u16, title: &str, body: &str, bar: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<link rel=\"stylesheet\" href=\"{RESERVED}page.css\">\n</head>\n<body>\n<main>\n{body}</main>\n{bar}</body>\n</html>\n",
        escape(title),
    );
    Response { status, headers: Vec::new(), body: Body::Bytes(html.into_bytes()) }
        .with("Content-Type", "text/html; charset=utf-8")
        .with("Content-Security-Policy", POLICY)
        .with("Cache-Control", "no-store")
}
