//! Claims: each output path belongs to one task, and a second claim is a finding.
//!
//! In: a plan without tasks, the names of the theme's assets. Out: its tasks, paths and redirects. Must not know: what is made
//! from which text.

use super::outputs::{self, Paging};
use super::redlines::{Pair, Target};
use super::task::{Redirect, Task, TaskKind};
use super::{Plan, address};
use crate::center::Document;
use crate::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Source that claims a path, and the place to change it.
struct Source {
    /// As a finding names it.
    name: String,
    /// Thing to rename, if there is one.
    rename: Option<String>,
    place: Option<Arc<str>>,
}

pub(super) struct Claims<'p, 'c, 'f> {
    plan: &'p mut Plan<'c>,
    sources: Vec<Source>,
    /// By task: the source that it is made from.
    by_task: Vec<usize>,
    /// Pairs of sources of which it was said already.
    collided: BTreeSet<(usize, usize)>,
    findings: &'f mut Vec<Diagnostic>,
}

impl<'p, 'c, 'f> Claims<'p, 'c, 'f> {
    pub(super) fn new(plan: &'p mut Plan<'c>, findings: &'f mut Vec<Diagnostic>) -> Self {
        Claims { plan, sources: Vec::new(), by_task: Vec::new(), collided: BTreeSet::new(), findings }
    }

    pub(super) fn everything(&mut self, assets: &[(String, String)]) {
        for (name, path) in assets {
            let source = self.source(format!("the theme's `{name}`"), None, None);
            self.task(TaskKind::Asset(name.clone()), vec![path.clone()], source);
        }
        let statics: Vec<Arc<str>> = self.plan.center.tree.below("static/").map(|file| file.path.clone()).collect();
        for path in statics {
            let output = path["static/".len()..].to_string();
            let source = self.source(format!("`{path}`"), Some(format!("`{path}`")), Some(path.clone()));
            self.task(TaskKind::Static(path), vec![output], source);
        }
        self.center();
        self.embeds();
        for document in 0..self.plan.center.documents.len() {
            if self.plan.shows(document) {
                self.document(document);
            }
        }
        for page in 0..self.plan.registers.len() {
            self.register(page);
        }
        self.redirects();
    }

    fn center(&mut self) {
        let languages = 0..self.plan.languages().len();
        let source = self.source("the center itself".to_string(), None, None);
        let mut pages = Vec::new();
        let mut notices = Vec::new();
        let past = self.plan.timeline.notices.iter().filter(|notice| !notice.open).count();
        let paging = Paging { entries: past };
        for language in languages {
            let prefix = self.plan.prefix(language);
            pages.extend(["", "changes/"].map(|address| self.plan.page_path(language, address)));
            pages.extend(["404.html", "feed.xml", "feed.json"].map(|file| format!("{prefix}{file}")));
            let lists = list_addresses(address::NOTICES, paging);
            notices.extend(lists.map(|address| self.plan.page_path(language, &address)));
        }
        notices.extend([outputs::NOTICES, outputs::CALENDAR].map(String::from));
        notices.extend(list_addresses(outputs::PAST_NOTICES, paging));
        let mut api: Vec<String> = [outputs::CENTER, outputs::DOCUMENTS].map(String::from).into();
        api.extend(outputs::SCHEMAS.map(outputs::schema));
        let hosting = ["sitemap.xml", "robots.txt", "_headers", "_redirects", "schedule.json"];
        let mut hosting: Vec<String> = hosting.map(String::from).into();
        let settings = &self.plan.center.settings;
        if settings.gpc.is_some() {
            hosting.push(".well-known/gpc.json".into());
        }
        if settings.security.is_some() {
            hosting.push(".well-known/security.txt".into());
        }
        self.task(TaskKind::Home, pages, source);
        self.task(TaskKind::Notices, notices, source);
        self.task(TaskKind::Api, api, source);
        self.task(TaskKind::Hosting, hosting, source);
    }

    fn embeds(&mut self) {
        let languages = self.plan.languages();
        let mut outputs: Vec<String> = languages.iter().map(|language| outputs::footer(language.tag())).collect();
        outputs.extend([outputs::EXAMPLE, outputs::SCRIPT, outputs::SCRIPT_SOURCE].map(String::from));
        for language in 0..languages.len() {
            outputs.push(self.plan.page_path(language, "embed/"));
        }
        let source = self.source("the center's embeds".to_string(), None, None);
        self.task(TaskKind::Embeds, outputs, source);
    }

    /// Names that would stand between the center's own addresses. One finding says it, instead of one for each address.
    fn reserved(&mut self, name: &str, what: &str, place: Arc<str>) -> bool {
        let own = ["changes", "notices", "api", "assets", "embed"].contains(&name);
        let language = self.plan.languages().iter().skip(1).any(|language| language.tag().eq_ignore_ascii_case(name));
        if own || language {
            let whose =
                if own { "is an address of the center itself" } else { "is the address of a language of the site" };
            self.findings.push(
                Diagnostic::new("output-collision", format!("`{name}` {whose}"))
                    .at(&place, 0..0)
                    .help(format!("choose another name for {what}")),
            );
        }
        own || language
    }

    fn source(&mut self, name: String, rename: Option<String>, place: Option<Arc<str>>) -> usize {
        self.sources.push(Source { name, rename, place });
        self.sources.len() - 1
    }

    fn document(&mut self, document: usize) {
        let entry = &self.plan.center.documents[document];
        let slug = entry.slug.clone();
        let path = text_path(entry, self.plan.center.settings.authoritative().tag());
        let folder = format!("the folder `content/{slug}`");
        if self.reserved(&slug, &folder, path.clone()) {
            return;
        }
        let owner = self.source(format!("`content/{slug}`"), Some(folder), Some(path.clone()));
        let timeline = &self.plan.timeline.documents[document];
        let shown = timeline.shown();
        let upcoming = timeline.upcoming.first().copied();
        let visible: Vec<usize> = timeline.visible().collect();
        let languages = self.plan.languages().len();
        let base = self.plan.center.settings.base_url.clone();
        for version in &visible {
            let id = &entry.versions[*version].id;
            let mut outputs = Vec::new();
            for language in 0..languages {
                let prefix = self.plan.prefix(language);
                outputs.push(self.plan.page_path(language, &address::version(&slug, id)));
                if language == 0 || entry.versions[*version].texts.contains_key(self.plan.languages()[language].tag()) {
                    outputs.push(format!("{prefix}{}policy.md", address::version(&slug, id)));
                }
                if shown == Some(*version) {
                    outputs.push(self.plan.page_path(language, &address::document(&slug)));
                }
                if upcoming == Some(*version) {
                    outputs.push(self.plan.page_path(language, &address::upcoming(&slug)));
                }
            }
            self.task(TaskKind::Version { document, version: *version }, outputs, owner);
            for pair in self.plan.pairs(document, *version) {
                self.redline(document, pair, owner);
            }
        }
        for language in 0..languages {
            let from = address::upcoming(&slug);
            if upcoming.is_none() {
                let redirect = Redirect {
                    path: self.plan.page_path(language, &from),
                    from: self.plan.href(language, &from),
                    to: self.plan.href(language, &address::document(&slug)),
                    permanent: false,
                };
                self.plan.redirects.push(redirect);
            }
        }
        if self.plan.shows_draft(document) {
            let mut outputs = Vec::new();
            for language in 0..languages {
                outputs.push(self.plan.page_path(language, &address::draft(&slug)));
                if shown.is_none() {
                    outputs.push(self.plan.page_path(language, &address::document(&slug)));
                }
            }
            self.task(TaskKind::Draft { document }, outputs, owner);
            if let Some(from) = shown {
                self.redline(document, Pair { from, to: Target::Draft }, owner);
            }
        } else if shown.is_none() {
            // All that was announced was withdrawn: the address leads to the changelog, which says so.
            for language in 0..languages {
                let redirect = Redirect {
                    path: self.plan.page_path(language, &address::document(&slug)),
                    from: self.plan.href(language, &address::document(&slug)),
                    to: self.plan.href(language, &address::changes(&slug)),
                    permanent: false,
                };
                self.plan.redirects.push(redirect);
            }
        }
        let mut outputs = Vec::new();
        let paging = Paging { entries: visible.len() };
        for language in 0..languages {
            let prefix = self.plan.prefix(language);
            let list = address::changes(&slug);
            let lists = list_addresses(&list, paging);
            outputs.extend(lists.map(|address| self.plan.page_path(language, &address)));
            outputs.extend(["feed.xml", "feed.json"].map(|file| format!("{prefix}{slug}/{file}")));
        }
        outputs.extend(list_addresses(&outputs::versions(&slug), paging));
        self.task(TaskKind::Document { document }, outputs, owner);
        let aliases = entry.front().map(|front| front.aliases.clone()).unwrap_or_default();
        let to = base.href(&address::document(&slug));
        for (alias, span) in aliases {
            self.redirect_from(&alias, to.clone(), &path, span);
        }
    }

    fn redline(&mut self, document: usize, pair: Pair, owner: usize) {
        let place = self.plan.redline_address(document, pair);
        let shown = self.plan.comparison_address(document, pair);
        let languages = 0..self.plan.languages().len();
        if place == shown {
            let outputs = languages.map(|language| self.plan.page_path(language, &place)).collect();
            self.task(TaskKind::Redline { document, pair }, outputs, owner);
            return;
        }
        for language in languages {
            let redirect = Redirect {
                path: self.plan.page_path(language, &place),
                from: self.plan.href(language, &place),
                to: self.plan.href(language, &shown),
                permanent: false,
            };
            self.plan.redirects.push(redirect);
        }
    }

    fn register(&mut self, page: usize) {
        let register = &self.plan.registers[page].register;
        let (name, path) = (register.name.clone(), register.path.clone());
        let what = format!("the register `{name}`");
        if self.reserved(&name, &what, path.clone()) {
            return;
        }
        let source = self.source(what.clone(), Some(what), Some(path));
        let mut outputs = Vec::new();
        for language in 0..self.plan.languages().len() {
            let prefix = self.plan.prefix(language);
            outputs.push(self.plan.page_path(language, &address::register(&name)));
            for file in ["csv", "json"] {
                outputs.push(format!("{prefix}{name}/{name}.{file}"));
            }
            outputs.push(format!("{prefix}{name}/feed.xml"));
            outputs.push(format!("{prefix}{name}/feed.json"));
        }
        outputs.push(outputs::register_rows(&name));
        self.task(TaskKind::Register { page }, outputs, source);
    }

    fn redirects(&mut self) {
        let settings = &self.plan.center.settings;
        let base = settings.base_url.clone();
        for redirect in settings.redirects.clone() {
            let to = match redirect.to.strip_prefix('/') {
                Some(rest) => base.href(rest),
                None => redirect.to.clone(),
            };
            self.redirect_from(&redirect.from, to, &crate::center::settings::PATH.into(), redirect.span);
        }
        let outputs: Vec<String> = self.plan.redirects.iter().map(|redirect| redirect.path.clone()).collect();
        if !outputs.is_empty() {
            let source = self.source("a redirect that the build makes".to_string(), None, None);
            self.task(TaskKind::Redirects, outputs, source);
        }
    }

    /// An old address of the user's: a folder, or a file that ends in `.html`.
    fn redirect_from(&mut self, from: &str, to: String, path: &Arc<str>, span: Range<usize>) {
        if let Some((why, help)) = not_redirected(from) {
            self.findings.push(
                Diagnostic::new("invalid-alias", format!("the old address `{from}` {why}")).at(path, span).help(help),
            );
            return;
        }
        let plain = from.trim_start_matches('/');
        let output = if plain.ends_with(".html") || plain.ends_with(".htm") {
            plain.to_string()
        } else {
            format!("{}/index.html", plain.trim_end_matches('/'))
        };
        if let Some(other) = self.plan.claims.get(&output) {
            let other = &self.sources[self.by_task[*other]];
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
        if let Some(other) = self.plan.redirects.iter().find(|redirect| redirect.path == output) {
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
        let from = self.plan.center.settings.base_url.href(plain);
        self.plan.redirects.push(Redirect { path: output, from, to, permanent: true });
    }

    fn task(&mut self, kind: TaskKind, outputs: Vec<String>, source: usize) {
        let index = self.plan.tasks.len();
        let mut kept = Vec::with_capacity(outputs.len());
        for path in outputs {
            if let Some(other) = self.plan.claims.get(&path).map(|task| self.by_task[*task]) {
                if self.collided.insert((other, source)) {
                    self.collision(&path, other, source);
                }
                continue;
            }
            self.plan.claims.insert(path.clone(), index);
            kept.push(path);
        }
        self.plan.tasks.push(Task { kind, outputs: kept });
        self.by_task.push(source);
    }

    fn collision(&mut self, path: &str, first: usize, second: usize) {
        let (first, second) = (&self.sources[first], &self.sources[second]);
        let message = format!("`/{path}` is claimed by {} and by {}", first.name, second.name);
        let mut finding = Diagnostic::new("output-collision", message);
        let mut places = [first, second].into_iter().filter_map(|source| Some((source.place.as_ref()?, &source.name)));
        if let Some((place, _)) = places.next() {
            finding = finding.at(place, 0..0);
        }
        if let Some((place, name)) = places.next() {
            finding = finding.also(place, 0..0, format!("{name} is written here"));
        }
        self.findings.push(finding.help(match (&first.rename, &second.rename) {
            (Some(one), Some(other)) => format!("rename {one} or {other}"),
            (Some(one), None) | (None, Some(one)) => format!("rename or remove {one}"),
            (None, None) => "give one of them another name".to_string(),
        }));
    }
}

/// Where the pages of a list stand: its own address, then those of older entries.
fn list_addresses(list: &str, paging: Paging) -> impl Iterator<Item = String> {
    (0..=paging.older()).map(|page| outputs::list_address(list, page))
}

/// The text that a document is written in: the draft, else the last version.
fn text_path(document: &Document, authoritative: &str) -> Arc<str> {
    let draft = document.draft.as_ref().and_then(|draft| draft.texts.get(authoritative)).map(Box::as_ref);
    let text = draft.or_else(|| document.versions.last().and_then(|version| version.authoritative()));
    text.map_or_else(|| format!("content/{}", document.slug).into(), |text| text.path.clone())
}

/// Why an old address cannot be redirected, and what to write.
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
    if plain.split('/').any(|part| matches!(part, "." | "..")) {
        return Some(("holds `.` or `..` as a part".to_string(), from_root));
    }
    let odd =
        plain.chars().find(|c| matches!(c, '\\' | '*' | '?' | '#' | ':') || c.is_whitespace() || c.is_control())?;
    Some(match odd {
        '?' | '#' => (format!("holds `{odd}`"), path_only),
        '*' => ("holds `*`".to_string(), "write each old address separately: patterns are not supported"),
        ' ' => ("holds a blank".to_string(), "remove it: old addresses with blanks are not redirected"),
        odd if odd.is_whitespace() || odd.is_control() => ("holds an invisible character".to_string(), from_root),
        odd => (format!("holds `{odd}`"), from_root),
    })
}
