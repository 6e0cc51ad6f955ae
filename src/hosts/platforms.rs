//! Vercel: `vercel.json` at the root of the output folder.

use super::{HostedSite, RULES};
use serde_json::{Value, json};

/// `vercel.json`: the same headers and redirects, and addresses of folders with their slash.
pub fn vercel(site: &HostedSite) -> String {
    let headers: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            let pairs: Vec<Value> =
                rule.headers.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
            json!({ "source": source(site.base, rule.pattern), "headers": pairs })
        })
        .collect();
    let redirects: Vec<Value> = site
        .redirects
        .iter()
        .map(|redirect| {
            let status = if redirect.permanent { 301 } else { 302 };
            json!({ "source": escaped(redirect.from), "destination": redirect.to, "statusCode": status })
        })
        .collect();
    let value = json!({
        "$schema": "https://openapi.vercel.sh/vercel.json",
        "trailingSlash": true,
        "headers": headers,
        "redirects": redirects,
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// A pattern in the syntax of path-to-regexp.
fn source(base: &str, pattern: &str) -> String {
    match (pattern.strip_prefix("*/"), pattern.strip_suffix('*')) {
        (Some(name), _) => format!("{}(.*)/{}", escaped(base), escaped(name)),
        (None, Some(folder)) => format!("{}(.*)", escaped(&format!("{base}{folder}"))),
        (None, None) => escaped(&format!("{base}{pattern}")),
    }
}

fn escaped(path: &str) -> String {
    let special = |c: char| matches!(c, '(' | ')' | ':' | '*' | '?' | '+' | '{' | '}' | '\\' | '.');
    path.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}
