//! What a static host does with the files of a build: which output answers an address, with which headers.
//!
//! In: `_headers` and `_redirects` as text, and whether an output exists. Out: the answer, as Netlify and Cloudflare Pages would
//! give it. Must not know: how outputs are made, that somebody is editing.

/// The rules of a site for its host.
pub struct Host {
    base: String,
    headers: Vec<HeaderRule>,
    redirects: Vec<RedirectRule>,
}

struct HeaderRule {
    pattern: String,
    set: Vec<(String, String)>,
}

struct RedirectRule {
    from: String,
    to: String,
    status: u16,
}

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum ResolvedAddress {
    Output {
        status: u16,
        path: String,
    },
    Redirect {
        status: u16,
        location: String,
    },
    /// Not even a page that says so.
    Nothing,
}

impl Host {
    /// `base` is the path that the site is published under: `/` or `/legal/`.
    pub fn new(base: &str, headers: &str, redirects: &str) -> Host {
        let mut rules: Vec<HeaderRule> = Vec::new();
        for line in headers.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
            match (line.starts_with([' ', '\t']), rules.last_mut()) {
                (false, _) => rules.push(HeaderRule { pattern: line.trim().to_string(), set: Vec::new() }),
                (true, Some(rule)) => {
                    if let Some((name, value)) = line.split_once(':') {
                        rule.set.push((name.trim().to_string(), value.trim().to_string()));
                    }
                }
                (true, None) => {}
            }
        }
        let redirects = redirects
            .lines()
            .filter_map(|line| {
                let mut parts = line.split_whitespace();
                let (from, to) = (parts.next()?.to_string(), parts.next()?.to_string());
                let status = parts.next().and_then(|status| status.parse().ok()).unwrap_or(302);
                (!from.starts_with('#')).then_some(RedirectRule { from, to, status })
            })
            .collect();
        Host { base: base.to_string(), headers: rules, redirects }
    }

    /// `path` is decoded and begins with `/`; `has` says whether an output exists.
    pub fn find(&self, path: &str, has: impl Fn(&str) -> bool) -> ResolvedAddress {
        if let Some(rule) = self.redirects.iter().find(|rule| rule.from == path) {
            return ResolvedAddress::Redirect { status: rule.status, location: rule.to.clone() };
        }
        let Some(below) = path.strip_prefix(self.base.as_str()) else {
            // What lies beside the site's path is somebody else's; only the way into it is shown.
            return match path == "/" || format!("{path}/") == self.base {
                true => ResolvedAddress::Redirect { status: 302, location: self.base.clone() },
                false => ResolvedAddress::Nothing,
            };
        };
        if below == "_headers" || below == "_redirects" {
            return self.missing(below, has);
        }
        let folder = below.is_empty() || below.ends_with('/');
        let output = if folder { format!("{below}index.html") } else { below.to_string() };
        if has(&output) {
            return ResolvedAddress::Output { status: 200, path: output };
        }
        if !folder && has(&format!("{below}/index.html")) {
            return ResolvedAddress::Redirect { status: 308, location: format!("{path}/") };
        }
        self.missing(below, has)
    }

    /// The nearest `404.html` up the tree.
    fn missing(&self, below: &str, has: impl Fn(&str) -> bool) -> ResolvedAddress {
        let mut folder = below;
        loop {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = if folder.is_empty() { "404.html".to_string() } else { format!("{folder}/404.html") };
            if has(&path) {
                return ResolvedAddress::Output { status: 404, path };
            }
            if folder.is_empty() {
                return ResolvedAddress::Nothing;
            }
        }
    }

    /// The headers that the rules set for a path; a name that two rules set has both values, as with the hosts.
    pub fn headers(&self, path: &str) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = Vec::new();
        for (name, value) in self.headers.iter().filter(|rule| matches(&rule.pattern, path)).flat_map(|rule| &rule.set)
        {
            match out.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some((_, known)) => {
                    known.push_str(", ");
                    known.push_str(value);
                }
                None => out.push((name.clone(), value.clone())),
            }
        }
        out
    }
}

/// A pattern with `*` for anything.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == path };
    let Some(mut left) = path.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

/// A policy with one more source for scripts and connections, and nothing else: whatever it forbids the site, it still
/// forbids.
pub fn allowing(policy: &str, source: &str) -> String {
    let directives: Vec<(&str, &str)> = policy
        .split(';')
        .map(str::trim)
        .filter(|directive| !directive.is_empty())
        .map(|directive| directive.split_once(char::is_whitespace).unwrap_or((directive, "")))
        .collect();
    let value =
        |name: &str| directives.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let mut out: Vec<String> = Vec::new();
    let with = |sources: &str| {
        let sources = if sources.trim().eq_ignore_ascii_case("'none'") { "" } else { sources.trim() };
        if sources.is_empty() { source.to_string() } else { format!("{sources} {source}") }
    };
    for (name, sources) in &directives {
        let ours = ["script-src", "script-src-elem", "connect-src"].iter().any(|ours| name.eq_ignore_ascii_case(ours));
        let sources = if ours { with(sources) } else { sources.trim().to_string() };
        out.push(if sources.is_empty() { name.to_string() } else { format!("{name} {sources}") });
    }
    // Without a directive of their own they fall back to this one; without it everything is allowed.
    if let Some(default) = value("default-src") {
        for name in ["script-src", "connect-src"] {
            if value(name).is_none() {
                out.push(format!("{name} {}", with(default)));
            }
        }
    }
    out.join("; ")
}

/// The media type of a file by its name.
pub fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "ics" => "text/calendar; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" | "eml" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "wasm" => "application/wasm",
        "mp4" => "video/mp4",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUTS: &[&str] = &["index.html", "404.html", "es/404.html", "privacy/index.html", "a.txt", "es/index.html"];

    fn find(base: &str, path: &str) -> ResolvedAddress {
        let host = Host::new(base, "", "/old.html /privacy/ 301\n/legal/old.html /legal/privacy/\n");
        host.find(path, |output| OUTPUTS.contains(&output))
    }

    fn output(status: u16, path: &str) -> ResolvedAddress {
        ResolvedAddress::Output { status, path: path.into() }
    }

    fn redirect(status: u16, location: &str) -> ResolvedAddress {
        ResolvedAddress::Redirect { status, location: location.into() }
    }

    #[test]
    fn addresses_lead_where_a_host_leads_them() {
        assert_eq!(find("/", "/"), output(200, "index.html"));
        assert_eq!(find("/", "/privacy/"), output(200, "privacy/index.html"));
        assert_eq!(find("/", "/privacy"), redirect(308, "/privacy/"));
        assert_eq!(find("/", "/a.txt"), output(200, "a.txt"));
        assert_eq!(find("/", "/a.txt/"), output(404, "404.html"));
        assert_eq!(find("/", "/es/nothing/here"), output(404, "es/404.html"));
        assert_eq!(find("/", "/old.html"), redirect(301, "/privacy/"));
        assert_eq!(find("/", "/_redirects"), output(404, "404.html"));
        assert_eq!(find("/legal/", "/"), redirect(302, "/legal/"));
        assert_eq!(find("/legal/", "/legal"), redirect(302, "/legal/"));
        assert_eq!(find("/legal/", "/legal/old.html"), redirect(302, "/legal/privacy/"));
        assert_eq!(find("/legal/", "/privacy/"), ResolvedAddress::Nothing);
    }

    #[test]
    fn rules_for_headers_are_joined() {
        let host = Host::new("/", "/*\n  A: 1\n# no\n/api/*\n  B: 2\n  a: 3\n/*/feed.xml\n  C: 4\n", "");
        assert_eq!(host.headers("/api/x"), [("A".into(), "1, 3".into()), ("B".into(), "2".into())]);
        assert_eq!(host.headers("/es/feed.xml").len(), 2);
        assert_eq!(host.headers("/feed.xml").len(), 1);
    }

    #[test]
    fn a_policy_gains_one_source_and_loses_nothing() {
        let source = "http://localhost:1/-/fineprint/";
        assert_eq!(
            allowing("default-src 'none'; script-src 'self'; img-src 'self'", source),
            format!("default-src 'none'; script-src 'self' {source}; img-src 'self'; connect-src {source}")
        );
        assert_eq!(allowing("connect-src 'none'", source), format!("connect-src {source}"));
        assert_eq!(allowing("upgrade-insecure-requests", source), "upgrade-insecure-requests");
    }
}
