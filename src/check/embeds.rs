//! Compares a product's saved page with the center: links, dates, the script and its hash, the page's policy.
//!
//! In: a plan, the page. Out: findings at their places in the page. Must not know: where the page came from.

use super::product::{Link, Page, Script, read};
use crate::diagnostic::Diagnostic;
use crate::plan::outputs::{NOTICES, SCRIPT};
use crate::plan::{Plan, address};
use crate::view::embeds::{integrity, relation};
use std::ops::Range;
use std::sync::Arc;
use url::Url;

/// Counts of what the page contains, besides findings.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PageScan {
    pub links: usize,
    pub dates: usize,
    pub elements: usize,
}

/// Where a link into the center leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Document(usize),
    Upcoming(usize),
    Other,
    Nothing,
}

pub fn check(plan: &Plan, path: &Arc<str>, html: &str, findings: &mut Vec<Diagnostic>) -> PageScan {
    let page = read(html);
    let mut check = Check { plan, path, page: &page, findings: Vec::new() };
    let links = check.links();
    let scripts = check.scripts();
    if links.is_empty() && scripts == 0 && page.elements.is_empty() {
        check
            .find("embed-missing", 0..0, "the page has neither a link to this center nor its element")
            .push("paste the output of `fineprint embed`; if JavaScript builds the page, save it from the browser");
    }
    let mut found = check.findings;
    plan.center.settings.settle(&mut found);
    findings.extend(found);
    let dates = links.iter().filter(|(link, _)| link.date.is_some()).count();
    PageScan { links: links.len(), dates, elements: page.elements.len() }
}

struct Check<'a, 'c> {
    plan: &'a Plan<'c>,
    path: &'a Arc<str>,
    page: &'a Page,
    findings: Vec<Diagnostic>,
}

impl<'a> Check<'a, '_> {
    /// A new finding; what is returned takes its help.
    fn find(&mut self, code: &'static str, span: Range<usize>, message: impl Into<String>) -> Help<'_> {
        self.findings.push(Diagnostic::new(code, message).at(self.path, span));
        let last = self.findings.len() - 1;
        Help(&mut self.findings[last])
    }

    /// Links into the center, with where they lead.
    fn links(&mut self) -> Vec<(&'a Link, Target)> {
        let base = &self.plan.center.settings.base_url;
        let mut known = Vec::new();
        for link in &self.page.links {
            let kind = link.rel.iter().find(|rel| matches!(rel.as_str(), "privacy-policy" | "terms-of-service"));
            let inside = inside(&base.absolute(""), &link.href);
            let Some((secure, inside)) = inside else {
                if let Some((kind, document)) = kind.and_then(|kind| Some((kind, self.of_kind(kind)?))) {
                    let right = self.address(document);
                    let message =
                        format!("the link with `rel=\"{kind}\"` points to `{}`, not to this center", link.href);
                    self.find("embed-link-wrong", link.span.clone(), message).push(format!("write href=\"{right}\""));
                }
                continue;
            };
            let target = self.target(&inside);
            if !secure {
                let message = format!("`{}` does not have the center's scheme", link.href);
                let right = base.absolute(&inside);
                self.find("embed-link-wrong", link.span.clone(), message).push(format!("write href=\"{right}\""));
            }
            match (target, kind.and_then(|kind| self.of_kind(kind))) {
                (Target::Nothing, right) => {
                    let right = right.map_or_else(|| base.absolute(""), |document| self.address(document));
                    let message = format!("`{}` is not a page of the center", link.href);
                    self.find("embed-link-broken", link.span.clone(), message).push(format!("link to {right} instead"));
                }
                (Target::Document(document) | Target::Upcoming(document), Some(right)) if document != right => {
                    let slug = &self.plan.center.documents[document].slug;
                    let message = format!("the link to `{slug}` says that it is the {}", kind.map_or("", |kind| kind));
                    let right = self.address(right);
                    self.find("embed-link-wrong", link.span.clone(), message).push(format!("write href=\"{right}\""));
                }
                _ => {}
            }
            known.push((link, target));
        }
        if !known.is_empty() {
            self.missing(&known);
            self.dates(&known);
        }
        known
    }

    /// A page that links to the center at all links to what has a relation of its own.
    fn missing(&mut self, links: &[(&Link, Target)]) {
        for index in 0..self.plan.center.documents.len() {
            let slug = self.plan.center.documents[index].slug.clone();
            let Some(rel) = relation(&slug).filter(|_| self.plan.timeline.documents[index].shown().is_some()) else {
                continue;
            };
            if !links.iter().any(|(_, target)| *target == Target::Document(index)) {
                let right = self.address(index);
                let message = format!("the page links to the center, but not to `{slug}`");
                self.find("embed-link-missing", 0..0, message).push(format!(
                    "add <a rel=\"{rel}\" href=\"{right}\">, or paste the links of `fineprint embed` again"
                ));
            }
        }
    }

    fn dates(&mut self, links: &[(&Link, Target)]) {
        const ANEW: &str = "paste the links of `fineprint embed` again, or include the footer on the server";
        for (link, target) in links {
            let Some((span, date)) = &link.date else { continue };
            let (index, expected) = match target {
                Target::Document(index) => (*index, self.plan.timeline.documents[*index].shown()),
                Target::Upcoming(index) => (*index, self.plan.timeline.documents[*index].upcoming.first().copied()),
                _ => continue,
            };
            let document = &self.plan.center.documents[index];
            let expected = expected.map(|version| document.versions[version].effective.to_string());
            let message = match (&expected, target) {
                (Some(expected), _) if expected == date => {
                    self.untold(links, link, *target, index);
                    continue;
                }
                (Some(expected), Target::Upcoming(_)) => {
                    format!("the page states {date} for the upcoming version of `{}`; it is {expected}", document.slug)
                }
                (Some(expected), _) => {
                    format!("the page states {date} for `{}`; the version in force is {expected}", document.slug)
                }
                (None, _) => format!("the page announces `{}` for {date}, but no version is announced", document.slug),
            };
            self.find("embed-date-outdated", span.clone(), message).push(ANEW);
        }
    }

    /// A footer with dates that leaves out what is announced.
    fn untold(&mut self, links: &[(&Link, Target)], link: &Link, target: Target, index: usize) {
        let timeline = &self.plan.timeline.documents[index];
        let Some(version) = timeline.upcoming.first().filter(|_| timeline.in_force.is_some()) else { return };
        let told = links.iter().any(|(_, other)| *other == Target::Upcoming(index));
        if told || target != Target::Document(index) {
            return;
        }
        let document = &self.plan.center.documents[index];
        let effective = document.versions[*version].effective;
        let message =
            format!("the page does not announce the version of `{}` that takes effect on {effective}", document.slug);
        self.find("embed-date-outdated", link.span.clone(), message)
            .push("paste the links of `fineprint embed` again, or include the footer on the server");
    }

    /// How many scripts of the center there are.
    fn scripts(&mut self) -> usize {
        let base = &self.plan.center.settings.base_url;
        let right = base.absolute(SCRIPT);
        let ours = |script: &&Script| {
            inside(&base.absolute(""), &script.src).is_some_and(|(_, path)| path.starts_with("embed/"))
        };
        let mut count = 0;
        for script in
            self.page.scripts.iter().filter(|script| ours(script) || script.src.ends_with("/embed/v1/update.js"))
        {
            count += 1;
            let named = inside(&base.absolute(""), &script.src);
            if named != Some((true, SCRIPT.to_string())) {
                let message = format!("`{}` is not the script of this center", script.src);
                self.find("embed-script-wrong", script.span.clone(), message).push(format!("write src=\"{right}\""));
                continue;
            }
            match &script.integrity {
                None => self
                    .find("embed-script-wrong", script.span.clone(), "the script has no `integrity`")
                    .push(format!("add integrity=\"{}\" crossorigin=\"anonymous\"", integrity())),
                Some(known) if !known.split_whitespace().any(|hash| hash == integrity()) => self
                    .find(
                        "embed-script-wrong",
                        script.span.clone(),
                        "the `integrity` does not match the script: browsers refuse it",
                    )
                    .push(format!("write integrity=\"{}\"", integrity())),
                Some(_) if !script.crossorigin => self
                    .find(
                        "embed-script-wrong",
                        script.span.clone(),
                        "the script has no `crossorigin`: browsers refuse it",
                    )
                    .push("add crossorigin=\"anonymous\""),
                Some(_) => {}
            }
        }
        match (self.page.elements.first(), count) {
            (Some((span, _)), 0) => self
                .find("embed-script-missing", span.clone(), "the page has the element, but not its script")
                .push("paste the script of `fineprint embed` beside it"),
            (None, 1..) => {
                let span = self.page.scripts.iter().find(ours).map_or(0..0, |script| script.span.clone());
                self.find("embed-script-missing", span, "the page has the script, but not its element")
                    .push("add <fineprint-update></fineprint-update>");
            }
            _ => {}
        }
        if let Some((span, Some(src))) = self.page.elements.iter().find(|(_, src)| src.is_some()) {
            let message = format!("the element reads `{src}` instead of the center's notices");
            self.find("embed-element-src", span.clone(), message).push("remove `src` after the trial");
        }
        if count > 0 {
            self.policies(&right);
        }
        count
    }

    fn policies(&mut self, script: &str) {
        let notices = self.plan.absolute(0, NOTICES);
        for (span, policy) in &self.page.policies {
            for (directive, url) in [("script-src", script), ("connect-src", notices.as_str())] {
                if !allows(policy, directive, url) {
                    let message = format!("the page's Content-Security-Policy does not allow `{url}`");
                    self.find("embed-policy", span.clone(), message).push(format!("add {url} to {directive}"));
                }
            }
        }
    }

    fn of_kind(&self, kind: &str) -> Option<usize> {
        let shown = |index: usize| self.plan.timeline.documents[index].shown().is_some();
        let documents = &self.plan.center.documents;
        documents
            .iter()
            .enumerate()
            .position(|(index, document)| relation(&document.slug) == Some(kind) && shown(index))
    }

    fn address(&self, document: usize) -> String {
        self.plan.absolute(0, &address::document(&self.plan.center.documents[document].slug))
    }

    fn target(&self, inside: &str) -> Target {
        let file = match inside {
            "" => "index.html".to_string(),
            folder if folder.ends_with('/') => format!("{folder}index.html"),
            file if self.plan.claims.contains_key(file) => file.to_string(),
            folder => format!("{folder}/index.html"),
        };
        if !self.plan.claims.contains_key(&file) {
            return Target::Nothing;
        }
        let place = file.strip_suffix("index.html").unwrap_or(&file);
        let languages = self.plan.languages().iter().skip(1);
        let place = languages
            .filter_map(|language| place.strip_prefix(language.tag())?.strip_prefix('/'))
            .next()
            .unwrap_or(place);
        for (index, document) in self.plan.center.documents.iter().enumerate() {
            if place == address::document(&document.slug) {
                return Target::Document(index);
            }
            if place == address::upcoming(&document.slug) {
                return Target::Upcoming(index);
            }
        }
        Target::Other
    }
}

struct Help<'f>(&'f mut Diagnostic);

impl Help<'_> {
    fn push(self, help: impl Into<String>) {
        self.0.help.push(help.into());
    }
}

/// The part of an address below the center, and whether its scheme is the center's; none for addresses elsewhere.
fn inside(base: &str, href: &str) -> Option<(bool, String)> {
    let base = Url::parse(base).ok()?;
    let url = match href.strip_prefix("//") {
        Some(rest) => Url::parse(&format!("{}://{rest}", base.scheme())).ok()?,
        None => Url::parse(href).ok()?,
    };
    let same = matches!(url.scheme(), "http" | "https") && url.host_str() == base.host_str();
    let ports = url.port() == base.port() || url.scheme() != base.scheme();
    // `/legal` is the center at `/legal/`, too.
    let path =
        url.path().strip_prefix(base.path()).or_else(|| (format!("{}/", url.path()) == base.path()).then_some(""))?;
    (same && ports).then(|| (url.scheme() == base.scheme(), path.to_string()))
}

/// True if a policy lets an address through for a directive (CSP Level 3, matching of sources by address).
fn allows(policy: &str, directive: &str, url: &str) -> bool {
    let find = |wanted: &str| {
        policy.split(';').find_map(|part| {
            let (name, sources) = part.trim().split_once(char::is_whitespace).unwrap_or((part.trim(), ""));
            name.eq_ignore_ascii_case(wanted).then_some(sources)
        })
    };
    let elements = (directive == "script-src").then(|| find("script-src-elem")).flatten();
    let Some(sources) = elements.or_else(|| find(directive)).or_else(|| find("default-src")) else { return true };
    let Ok(url) = Url::parse(url) else { return false };
    sources.split_whitespace().any(|source| matches(source, &url))
}

fn matches(source: &str, url: &Url) -> bool {
    // Nonces, hashes and trust that is passed on are settled in the browser, not by the address.
    let by_other = ["'nonce-", "'sha256-", "'sha384-", "'sha512-", "'strict-dynamic'"];
    if source == "*" || by_other.iter().any(|start| source.starts_with(start)) {
        return true;
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return scheme.eq_ignore_ascii_case(url.scheme());
    }
    let (scheme, rest) = source.split_once("://").map_or((None, source), |(scheme, rest)| (Some(scheme), rest));
    if scheme.is_some_and(|scheme| !scheme.eq_ignore_ascii_case(url.scheme())) {
        return false;
    }
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let (host, port) = host.rsplit_once(':').map_or((host, None), |(host, port)| (host, Some(port)));
    let own = url.host_str().unwrap_or("").to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    let hosts = match host.strip_prefix("*.") {
        Some(parent) => own.strip_suffix(parent).is_some_and(|sub| sub.ends_with('.')),
        None => host == own,
    };
    let ports = match port {
        Some("*") => true,
        Some(port) => url.port_or_known_default().is_some_and(|own| own.to_string() == port),
        None => url.port().is_none(),
    };
    let paths = path.is_empty() || path == url.path() || path.ends_with('/') && url.path().starts_with(path);
    hosts && ports && paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_match_as_in_a_browser() {
        let url = "https://privacy.acme.example/embed/v1/update.js";
        for good in [
            "",
            "img-src 'none'",
            "script-src *",
            "default-src https:",
            "script-src https://privacy.acme.example",
            "SCRIPT-SRC privacy.acme.example/embed/v1/update.js",
            "script-src 'self' https://*.acme.example:443/embed/",
            "script-src 'none'; script-src-elem https://privacy.acme.example",
            "script-src 'nonce-abc'",
        ] {
            assert!(allows(good, "script-src", url), "{good}");
        }
        for bad in [
            "default-src 'none'",
            "script-src 'self'",
            "script-src https://acme.example",
            "script-src https://*.privacy.acme.example",
            "script-src http://privacy.acme.example",
            "script-src https://privacy.acme.example/embed",
            "script-src https://privacy.acme.example:8443",
            "default-src *; script-src 'none'",
        ] {
            assert!(!allows(bad, "script-src", url), "{bad}");
        }
    }

    #[test]
    fn addresses_below_the_center_are_told_from_others() {
        let base = "https://acme.example/legal/";
        assert_eq!(inside(base, "https://acme.example/legal/privacy/?a#b"), Some((true, "privacy/".into())));
        assert_eq!(inside(base, "//acme.example/legal"), Some((true, String::new())));
        assert_eq!(inside(base, "http://acme.example/legal/x"), Some((false, "x".into())));
        for other in [
            "/legal/privacy/",
            "https://acme.example/legalese/",
            "https://evil.example/legal/",
            "mailto:a@acme.example",
            "",
        ] {
            assert_eq!(inside(base, other), None, "{other}");
        }
    }
}
