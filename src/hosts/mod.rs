//! What a host needs to serve a built site as the site expects: headers, types, redirects, pages for errors.
//!
//! In: the site's path on its host, its languages, redirects and output paths. Out: configuration files by path below the
//! output folder. Must not know: pages, the disk, what a redirect is for.
//!
//! One table of header rules ([`rules`]) is written in the syntax of each host. Files that a host reads from the output
//! folder lie at its root; configuration that a server includes lies in `.hosting/`, which no server gives out.

mod apache;
mod caddy;
mod nginx;
mod platforms;
mod s3;

/// Hosts for which a build can write configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Host {
    /// nginx: `.hosting/nginx.conf`, included in a server block
    Nginx,
    /// Caddy: `.hosting/Caddyfile`, imported in a site block
    Caddy,
    /// Apache HTTP Server: `.htaccess`
    Apache,
    /// Netlify: `_headers`, and `_redirects` with error pages by language
    Netlify,
    /// Cloudflare Pages: `_headers` and `_redirects`
    Cloudflare,
    /// GitHub Pages: `.nojekyll`
    GithubPages,
    /// Vercel: `vercel.json`
    Vercel,
    /// S3-compatible storage behind a CDN: `.hosting/s3-upload.sh` and CloudFront's policy and function
    S3,
}

/// A redirect from one address of the host to another address.
pub struct Redirect<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub permanent: bool,
}

/// What the configuration is made from.
pub struct HostedSite<'a> {
    /// The path of the site on its host; begins and ends with `/`.
    pub base: &'a str,
    /// Prefixes of the pages in each language after the first, such as `es/`.
    pub language_prefixes: Vec<String>,
    pub redirects: Vec<Redirect<'a>>,
    /// Every output path of the build, sorted.
    pub outputs: Vec<&'a str>,
}

/// Headers for addresses that match a pattern.
pub struct Rule {
    /// A path below the site's root; `*` at its end stands for the rest, at its beginning for any folders.
    pub pattern: &'static str,
    pub headers: &'static [(&'static str, &'static str)],
}

/// Content-Security-Policy of every response: no inline script or style, and nothing from another host.
/// `frame-ancestors` works in a header only, so pages carry the policy without it.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Returns the policy as an element of a page. Directives that work in a header only are left out, because browsers would
/// complain about them.
pub fn policy_element() -> String {
    let policy: Vec<&str> = CSP.split("; ").filter(|directive| !directive.starts_with("frame-ancestors")).collect();
    format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy.join("; "))
}

const IMMUTABLE: (&str, &str) = ("Cache-Control", "public, max-age=31536000, immutable");
const SHORT: (&str, &str) = ("Cache-Control", "public, max-age=300, must-revalidate");
const ANY_ORIGIN: (&str, &str) = ("Access-Control-Allow-Origin", "*");

/// Header rules of every site. Hosts join the values of all rules that match, so no two rules set one header for one address.
pub const RULES: &[Rule] = &[
    Rule {
        pattern: "*",
        headers: &[
            ("Content-Security-Policy", CSP),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ],
    },
    Rule { pattern: "assets/*", headers: &[IMMUTABLE] },
    Rule { pattern: "api/*", headers: &[ANY_ORIGIN, SHORT] },
    Rule { pattern: "embed/*", headers: &[ANY_ORIGIN] },
    Rule { pattern: "embed/v1/*", headers: &[IMMUTABLE] },
    Rule { pattern: "calendar.ics", headers: &[("Content-Type", "text/calendar; charset=utf-8")] },
    Rule { pattern: "feed.xml", headers: &[("Content-Type", "application/atom+xml; charset=utf-8")] },
    Rule { pattern: "*/feed.xml", headers: &[("Content-Type", "application/atom+xml; charset=utf-8")] },
    Rule { pattern: "*/policy.md", headers: &[("Content-Type", "text/markdown; charset=utf-8")] },
];

/// Files that no visitor needs, although they lie in the output folder.
const PRIVATE: &[&str] = &["_headers", "_redirects", ".fineprint-manifest"];

impl Host {
    /// Paths of the files that a build writes for the host, besides those that every build writes.
    pub fn paths(self) -> &'static [&'static str] {
        match self {
            Host::Nginx => &[".hosting/nginx.conf"],
            Host::Caddy => &[".hosting/Caddyfile"],
            Host::Apache => &[".htaccess"],
            Host::Netlify | Host::Cloudflare => &[],
            Host::GithubPages => &[".nojekyll"],
            Host::Vercel => &["vercel.json"],
            Host::S3 => {
                &[".hosting/cloudfront-function.js", ".hosting/cloudfront-headers.json", ".hosting/s3-upload.sh"]
            }
        }
    }

    /// The host's files, in the order of [`Host::paths`].
    pub fn files(self, site: &HostedSite) -> Vec<(String, Vec<u8>)> {
        let contents = match self {
            Host::Nginx => vec![nginx::configuration(site)],
            Host::Caddy => vec![caddy::configuration(site)],
            Host::Apache => vec![apache::configuration(site)],
            Host::Netlify | Host::Cloudflare => Vec::new(),
            Host::GithubPages => vec![String::new()],
            Host::Vercel => vec![platforms::vercel(site)],
            Host::S3 => vec![s3::function(site), s3::headers(), s3::upload(site)],
        };
        self.paths().iter().zip(contents).map(|(path, text)| (path.to_string(), text.into_bytes())).collect()
    }
}

/// `_headers`, as Netlify and Cloudflare Pages read it.
pub fn headers(base: &str) -> Vec<u8> {
    let mut out = String::new();
    for rule in RULES {
        out.push_str(&format!("{base}{}\n", rule.pattern));
        for (name, value) in rule.headers {
            out.push_str(&format!("  {name}: {value}\n"));
        }
    }
    out.into_bytes()
}

/// `_redirects`, as Netlify and Cloudflare Pages read it. Permanent ones come first, because hosts read a limited number
/// of lines; an address whose line is not read leads on by its page. Netlify is told which page answers for a missing
/// address in another language; Cloudflare Pages looks for the nearest `404.html` itself.
pub fn redirects(site: &HostedSite, hosts: &[Host]) -> Vec<u8> {
    let mut out = String::new();
    for permanent in [true, false] {
        let status = if permanent { 301 } else { 302 };
        for redirect in site.redirects.iter().filter(|redirect| redirect.permanent == permanent) {
            out.push_str(&format!("{} {} {status}\n", redirect.from, redirect.to));
        }
    }
    if hosts.contains(&Host::Netlify) {
        for prefix in &site.language_prefixes {
            out.push_str(&format!("{0}{prefix}* {0}{prefix}404.html 404\n", site.base));
        }
    }
    out.into_bytes()
}

/// Rules for addresses below a folder, with everything that holds there: `(folder, headers)`, longest folder first.
fn folder_rules() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let mut folders: Vec<&str> = RULES.iter().filter_map(|rule| rule.pattern.strip_suffix('*')).collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
    let headers = |folder: &str| {
        let of_rule = |rule: &&Rule| rule.pattern.strip_suffix('*').is_some_and(|parent| folder.starts_with(parent));
        RULES.iter().filter(of_rule).flat_map(|rule| rule.headers.iter().copied()).collect()
    };
    folders.into_iter().map(|folder| (folder, headers(folder))).collect()
}

/// Rules for single files: `(true if in any folder as well, name, content type)`.
fn type_rules() -> Vec<(bool, &'static str, &'static str)> {
    let mut types: Vec<(bool, &str, &str)> = Vec::new();
    for rule in RULES.iter().filter(|rule| !rule.pattern.ends_with('*')) {
        let (anywhere, name) = match rule.pattern.strip_prefix("*/") {
            Some(name) => (true, name),
            None => (false, rule.pattern),
        };
        let Some((_, value)) = rule.headers.iter().find(|(header, _)| *header == "Content-Type") else { continue };
        match types.iter_mut().find(|(_, known, _)| *known == name) {
            Some(known) => known.0 |= anywhere,
            None => types.push((anywhere, name, value)),
        }
    }
    types
}

/// The path of an address with its percent signs decoded, as servers compare it; `None` if that is not UTF-8.
fn decoded(address: &str) -> Option<String> {
    percent_encoding::percent_decode_str(address).decode_utf8().ok().map(|path| path.into_owned())
}

/// A literal path as a regular expression.
fn literal(path: &str) -> String {
    regex::escape(path)
}

#[cfg(test)]
mod tests;
