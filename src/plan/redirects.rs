//! Old addresses: each leads to one page of the site, or to another site over https, and none leads in a circle.
//!
//! In: the claims of everything else. Out: the plan's redirects, and findings. Must not know: in which syntax a host is told.

use super::Plan;
use super::claims::Claims;
use super::task::{Redirect, TaskKind};
use crate::center::settings;
use crate::diagnostic::Diagnostic;
use crate::portable;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Characters that a path cannot hold as they are (the path percent-encode set of the URL standard, and `%`).
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Claims<'_, '_, '_> {
    pub(super) fn redirects(&mut self) {
        let settings = &self.plan.center.settings;
        let base = settings.base_url.clone();
        for redirect in settings.redirects.clone() {
            let to = match redirect.to.strip_prefix('/') {
                Some(rest) => base.href(rest),
                None => redirect.to.clone(),
            };
            self.redirect_from(&redirect.from, to, &settings::PATH.into(), redirect.span);
        }
        let outputs: Vec<String> = self.plan.redirects.iter().map(|redirect| redirect.path.clone()).collect();
        if !outputs.is_empty() {
            let source = self.source("a redirect that the build makes".to_string(), None, None);
            self.task(TaskKind::Redirects, outputs, source);
        }
        self.targets();
    }

    /// An old address of the user's: a folder, or a file that ends in `.html`.
    pub(super) fn redirect_from(&mut self, from: &str, to: String, path: &Arc<str>, span: Range<usize>) {
        let decoded = percent_decode_str(from).decode_utf8().unwrap_or_else(|_| from.into());
        if let Some((why, help)) = not_redirected(&decoded) {
            let message = format!("the old address `{}` {why}", from.escape_debug());
            self.findings.push(Diagnostic::new("invalid-alias", message).at(path, span).help(help));
            return;
        }
        let plain = decoded.trim_start_matches('/');
        let output = if plain.ends_with(".html") || plain.ends_with(".htm") {
            plain.to_string()
        } else {
            format!("{}/index.html", plain.trim_end_matches('/'))
        };
        let key = portable::address_key(&output);
        let claimed = self.addresses.get(&key).and_then(|known| self.plan.claims.get(known));
        if let Some(other) = claimed.map(|task| &self.sources[self.by_task[*task]]) {
            self.findings.push(
                Diagnostic::new(
                    "output-collision",
                    format!("the old address `{from}` is in use: {} is there", other.name),
                )
                .at(path, span)
                .help(match &other.rename {
                    Some(rename) => format!("remove the old address, or rename {rename}"),
                    None => "remove the old address".to_string(),
                }),
            );
            return;
        }
        let same = |redirect: &&Redirect| portable::address_key(&redirect.path) == key;
        if let Some(other) = self.plan.redirects.iter().find(same) {
            let message = match other.permanent {
                true => format!("the old address `{from}` is redirected twice, first to `{}`", other.to),
                false => format!("the old address `{from}` is in use: it leads to `{}` for now", other.to),
            };
            self.findings.push(
                Diagnostic::new("output-collision", message)
                    .at(path, span)
                    .help("remove this old address, or the other"),
            );
            return;
        }
        let from = self.plan.center.settings.base_url.href(&utf8_percent_encode(plain, PATH).to_string());
        self.plan.redirects.push(Redirect { path: output, from, to, permanent: true });
    }

    /// Finds redirects of the settings that lead to no page, or in a circle.
    fn targets(&mut self) {
        let by_path: BTreeMap<&str, &Redirect> =
            self.plan.redirects.iter().map(|redirect| (redirect.path.as_str(), redirect)).collect();
        let base = &self.plan.center.settings.base_url.path;
        let mut found = Vec::new();
        for redirect in &self.plan.center.settings.redirects {
            let mut seen = BTreeSet::new();
            let mut to = redirect.to.clone();
            while let Some(address) = to.strip_prefix('/') {
                let Some(path) = output_at(self.plan, address) else {
                    if !is_unreleased(self.plan, address) {
                        found.push(
                            Diagnostic::new(
                                "missing-redirect-target",
                                format!("no page at `{to}`, where `{}` leads", redirect.from),
                            )
                            .at(&settings::PATH.into(), redirect.span.clone())
                            .help("write the address of a page of this site, such as \"/privacy/\""),
                        );
                    }
                    break;
                };
                let Some(next) = by_path.get(path.as_str()) else { break };
                if !seen.insert(path) {
                    found.push(
                        Diagnostic::new(
                            "redirect-loop",
                            format!("`{}` leads in a circle, through `{to}`", redirect.from),
                        )
                        .at(&settings::PATH.into(), redirect.span.clone())
                        .help("let one of the redirects lead to a page"),
                    );
                    break;
                }
                to = next.to.strip_prefix(base.as_str()).map_or_else(|| next.to.clone(), |rest| format!("/{rest}"));
            }
        }
        self.findings.extend(found);
    }
}

/// Returns the output that a host serves at an address below the site's root.
fn output_at(plan: &Plan, address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or("");
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let candidates = match path.strip_suffix('/') {
        Some(folder) => vec![format!("{folder}/index.html")],
        None if path.is_empty() => vec!["index.html".to_string()],
        None => vec![path.to_string(), format!("{path}/index.html"), format!("{path}.html")],
    };
    candidates.into_iter().find(|path| plan.claims.contains_key(path))
}

/// True if the address belongs to a document that has not been published yet: its page comes with its first release.
fn is_unreleased(plan: &Plan, address: &str) -> bool {
    let mut parts = address.split('/');
    let first = parts.next().unwrap_or("");
    let language = plan.languages().iter().any(|language| language.tag() == first);
    let slug = if language { parts.next().unwrap_or("") } else { first };
    plan.center.documents.iter().any(|document| document.slug == slug) && output_at(plan, &format!("{slug}/")).is_none()
}

/// Returns why an old address cannot be redirected, and what to write.
fn not_redirected(from: &str) -> Option<(String, &'static str)> {
    let from_root = "write the old address from the site's root on, such as \"/legal/privacy/\"";
    let path_only = "write the path alone: nothing behind it reaches a static host";
    let plain = from.trim_start_matches('/');
    if !from.starts_with('/') {
        return Some(("does not begin with `/`".to_string(), from_root));
    }
    if plain.is_empty() {
        return Some(("is the home page, which is in use".to_string(), "remove it"));
    }
    if plain.trim_end_matches('/').split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Some(("has an empty part, `.` or `..`".to_string(), from_root));
    }
    let odd = plain.chars().find(|c| matches!(c, '\\' | '*' | '?' | '#' | ':') || c.is_whitespace() || c.is_control());
    if let Some(odd) = odd {
        return Some(match odd {
            '?' | '#' => (format!("contains `{odd}`"), path_only),
            '*' => ("contains `*`".to_string(), "write each old address by itself: patterns are not known"),
            ' ' => ("contains a space".to_string(), "remove it: old addresses with spaces are not redirected"),
            odd if odd.is_whitespace() || odd.is_control() => {
                ("contains an invisible character".to_string(), from_root)
            }
            odd => (format!("contains `{odd}`"), from_root),
        });
    }
    let problem = plain.trim_end_matches('/').split('/').find_map(portable::problem)?;
    Some((
        format!("cannot be a directory on every system: a part of it {problem}"),
        "leave this old address to your host",
    ))
}
