//! Hosts that a browser may contact or did contact: a Content-Security-Policy, a HAR file, a saved page.
//!
//! In: a file's name and text. Out: its hosts, each with its place. Must not know: vendors.

use super::{Trace, TraceKind};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::collections::BTreeSet;
use std::ops::Range;
use url::Url;

/// Returns the hosts of a file; `None` for a file that is of no known kind.
pub fn read(name: &str, text: &str) -> Option<Vec<Trace>> {
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if ends(&[".har"]) {
        return har(text);
    }
    if ends(&[".html", ".htm", ".xhtml"]) {
        return Some(page(text));
    }
    let is_policy = text.contains("-src ") || text.to_ascii_lowercase().contains("content-security-policy");
    let is_text = !ends(&[".md", ".markdown", ".json", ".docx", ".pdf", ".zip", ".lock"]) && !text.contains('\0');
    (is_policy && is_text).then(|| policy(text, 0))
}

fn har(text: &str) -> Option<Vec<Trace>> {
    let archive: serde_json::Value = serde_json::from_str(text).ok()?;
    let entries = archive.get("log")?.get("entries")?.as_array()?;
    let urls = entries.iter().filter_map(|entry| entry.get("request")?.get("url")?.as_str());
    let mut out = Vec::new();
    let mut known = BTreeSet::new();
    for url in urls {
        let Some(host) = host(url).filter(|host| known.insert(host.clone())) else { continue };
        let at = text.find(&host).map_or(0..0, |at| at..at + host.len());
        out.push(Trace { kind: TraceKind::Host, name: host, span: at });
    }
    Some(out)
}

fn host(url: &str) -> Option<String> {
    let url = if let Some(rest) = url.strip_prefix("//") { format!("https://{rest}") } else { url.to_string() };
    let parsed = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "ws" | "wss"))?;
    parsed.host_str().map(str::to_string)
}

/// Hosts of the sources of a policy; `at` is where the text begins in its file.
fn policy(text: &str, at: usize) -> Vec<Trace> {
    let mut out = Vec::new();
    let mut start = 0;
    let separates = |c: char| c.is_whitespace() || matches!(c, ';' | '"' | ',' | '\'' | '`');
    for word in text.split(separates) {
        let from = start;
        start += word.len() + text[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        let bare = word.rsplit_once("://").map_or(word, |(_, rest)| rest);
        let bare = bare.strip_prefix("*.").unwrap_or(bare);
        let end = bare.find(['/', ':']).unwrap_or(bare.len());
        let name = &bare[..end];
        let is_host = name.contains('.')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            && name.rsplit('.').next().is_some_and(|top| top.len() > 1 && top.chars().all(|c| c.is_ascii_alphabetic()));
        if is_host {
            let from = at + from + word.len() - bare.len();
            out.push(Trace { kind: TraceKind::Host, name: name.to_ascii_lowercase(), span: from..from + name.len() });
        }
    }
    out
}

/// Elements that load what their attribute names. A link that people follow loads nothing.
const LOADS: &[(&[u8], &[u8])] = &[
    (b"script", b"src"),
    (b"img", b"src"),
    (b"iframe", b"src"),
    (b"embed", b"src"),
    (b"object", b"data"),
    (b"source", b"src"),
    (b"video", b"src"),
    (b"audio", b"src"),
    (b"track", b"src"),
    (b"link", b"href"),
    (b"form", b"action"),
];

/// Relations of a `link` that make a browser ask another host.
const LOADING: &[&str] =
    &["stylesheet", "preconnect", "dns-prefetch", "preload", "modulepreload", "prefetch", "icon", "manifest"];

/// Hosts from which a saved page loads, and those of its policy and of addresses in its scripts.
pub fn page(html: &str) -> Vec<Trace> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut out: Vec<Trace> = Vec::new();
    let mut script = false;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Ok(Token::StartTag(tag)) => {
                let name: &[u8] = &tag.name;
                script = name == b"script";
                let span = tag.span.start..tag.span.end;
                let value = |wanted: &[u8]| {
                    let found = tag.attributes.iter().find(|(known, _)| known.as_slice() == wanted)?;
                    Some(String::from_utf8_lossy(found.1).trim().to_string())
                };
                if name == b"meta"
                    && value(b"http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy"))
                {
                    let hosts = policy(&value(b"content").unwrap_or_default(), 0);
                    out.extend(hosts.into_iter().map(|trace| Trace { span: span.clone(), ..trace }));
                }
                let loads =
                    LOADS.iter().find(|(element, _)| *element == name).and_then(|(_, attribute)| value(attribute));
                let rel = value(b"rel").unwrap_or_default().to_ascii_lowercase();
                let asked = name != b"link" || rel.split_whitespace().any(|rel| LOADING.contains(&rel));
                out.extend(loads.filter(|_| asked).and_then(|url| host(&url)).map(|name| at(name, span)));
            }
            Ok(Token::EndTag(_)) => script = false,
            Ok(Token::String(text)) if script => {
                let words = String::from_utf8_lossy(&text);
                let start = text.span.start;
                for (from, _) in words.match_indices("https://") {
                    let end = words[from..]
                        .find(['"', '\'', '`', ' ', '\\', '\n', ')', '<'])
                        .map_or(words.len(), |end| from + end);
                    let url = &words[from..end];
                    out.extend(host(url).map(|name| at(name, start + from..start + end)));
                }
            }
            _ => {}
        }
    }
    out
}

fn at(name: String, span: Range<usize>) -> Trace {
    Trace { kind: TraceKind::Host, name, span }
}
