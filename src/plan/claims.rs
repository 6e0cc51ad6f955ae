//! Claims: each output path belongs to one task, and a second claim is a finding.
//!
//! In: a plan without tasks, the names of the theme's assets. Out: its tasks, paths and redirects. Must not know: what is made
//! from which text.

use super::outputs::{self, Paging};
use super::redlines::{Pair, Target};
use super::task::{Redirect, Task, TaskKind};
use super::{Plan, address, special};
use crate::center::Document;
use crate::diagnostic::Diagnostic;
use crate::portable;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What claims a path, and where to change it.
pub(super) struct Source {
    /// As a finding names it.
    pub(super) name: String,
    /// What to rename, if anything can be.
    pub(super) rename: Option<String>,
    place: Option<Arc<str>>,
}

pub(super) struct Claims<'p, 'c, 'f> {
    pub(super) plan: &'p mut Plan<'c>,
    pub(super) sources: Vec<Source>,
    /// By task: the source that it is made from.
    pub(super) by_task: Vec<usize>,
    /// Pairs of sources whose collision has been reported.
    collided: BTreeSet<(usize, usize)>,
    /// Claimed paths by the address that some host may serve them at.
    pub(super) addresses: HashMap<String, String>,
    pub(super) findings: &'f mut Vec<Diagnostic>,
}

impl<'p, 'c, 'f> Claims<'p, 'c, 'f> {
    pub(super) fn new(plan: &'p mut Plan<'c>, findings: &'f mut Vec<Diagnostic>) -> Self {
        Claims {
            plan,
            sources: Vec::new(),
            by_task: Vec::new(),
            collided: BTreeSet::new(),
            addresses: HashMap::new(),
            findings,
        }
    }

    pub(super) fn everything(&mut self, assets: &[(String, String)]) {
        for (name, path) in assets {
            let source = self.source(format!("the theme's `{name}`"), None, None);
            self.task(TaskKind::Asset(name.clone()), vec![path.clone()], source);
        }
        let statics: Vec<Arc<str>> = self.plan.center.tree.below("static/").map(|file| file.path.clone()).collect();
        for path in statics {
            let output = path["static/".len()..].to_string();
            if self.is_unportable(&path, &output) {
                continue;
            }
            self.findings.extend(special::finding(&path, &output));
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
        self.files_and_directories();
    }

    /// Names in `static` that some system cannot hold, or that would break a line of a host's configuration.
    fn is_unportable(&mut self, path: &Arc<str>, output: &str) -> bool {
        let problem = output.split('/').find_map(|name| Some((name, portable::problem(name)?)));
        let Some((name, problem)) = problem else { return false };
        self.findings.push(
            Diagnostic::new("unportable-file-name", format!("the name `{}` {problem}", name.escape_debug()))
                .at(path, 0..0)
                .help("rename it: use letters, digits, hyphens, underscores and periods"),
        );
        true
    }

    /// No path is a file for one source and a directory for another.
    fn files_and_directories(&mut self) {
        let files: HashMap<String, usize> =
            self.plan.claims.iter().map(|(path, task)| (portable::file_key(path), *task)).collect();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut collisions = Vec::new();
        for (path, task) in &self.plan.claims {
            for (slash, _) in path.match_indices('/').rev() {
                let folder = &path[..slash];
                if !seen.insert(folder) {
                    break;
                }
                if let Some(file) = files.get(&portable::file_key(folder)) {
                    collisions.push((folder.to_string(), self.by_task[*file], self.by_task[*task]));
                }
            }
        }
        for (folder, file, directory) in collisions {
            if self.collided.insert((file, directory)) {
                let message = format!(
                    "`/{folder}` is a file of {} and a directory of {}",
                    self.sources[file].name, self.sources[directory].name
                );
                self.collision(message, file, directory);
            }
        }
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
            pages.extend(["", "changes/", "search/"].map(|address| self.plan.page_path(language, address)));
            pages.extend(["404.html", "feed.xml", "feed.json", "search.json"].map(|file| format!("{prefix}{file}")));
            let lists = list_addresses(address::NOTICES, paging);
            notices.extend(lists.map(|address| self.plan.page_path(language, &address)));
        }
        notices.extend([outputs::NOTICES, outputs::CALENDAR].map(String::from));
        notices.extend(list_addresses(outputs::PAST_NOTICES, paging));
        let mut api: Vec<String> = [outputs::CENTER, outputs::DOCUMENTS, outputs::ACCEPTANCE].map(String::from).into();
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
        hosting.extend(self.plan.hosts.iter().flat_map(|host| host.paths()).map(|path| path.to_string()));
        self.task(TaskKind::Home, pages, source);
        self.task(TaskKind::Notices, notices, source);
        let mut record = vec![outputs::LEDGER.to_string(), outputs::PACK_RECIPE.to_string()];
        record.extend((0..self.plan.languages().len()).map(|language| self.plan.page_path(language, address::RECORD)));
        self.task(TaskKind::Record, record, source);
        self.task(TaskKind::Api, api, source);
        self.task(TaskKind::Hosting, hosting, source);
    }

    fn embeds(&mut self) {
        let languages = self.plan.languages();
        let mut outputs: Vec<String> = languages.iter().map(|language| outputs::footer(language.tag())).collect();
        outputs.extend(
            [outputs::EXAMPLE, outputs::SCRIPT, outputs::SCRIPT_SOURCE, outputs::ACCEPT_SCRIPT].map(String::from),
        );
        for language in 0..languages.len() {
            outputs.push(self.plan.page_path(language, "embed/"));
        }
        let source = self.source("the center's embeds".to_string(), None, None);
        self.task(TaskKind::Embeds, outputs, source);
    }

    /// Names that would stand between the center's own addresses. One finding says it, instead of one for each address.
    fn reserved(&mut self, name: &str, what: &str, place: Arc<str>) -> bool {
        if let Some(problem) = portable::problem(name) {
            self.findings.push(
                Diagnostic::new("unportable-file-name", format!("the name `{name}` {problem}"))
                    .at(&place, 0..0)
                    .help(format!("choose another name for {what}")),
            );
            return true;
        }
        let own = address::RESERVED.contains(&name);
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

    pub(super) fn source(&mut self, name: String, rename: Option<String>, place: Option<Arc<str>>) -> usize {
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
                    for name in std::iter::once(slug.as_str()).chain(entry.former_names()) {
                        outputs.push(format!("{prefix}{}policy.md", address::version(name, id)));
                    }
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
            for name in std::iter::once(slug.as_str()).chain(entry.former_names()) {
                outputs.extend(["feed.xml", "feed.json"].map(|file| format!("{prefix}{name}/{file}")));
            }
        }
        for name in std::iter::once(slug.as_str()).chain(entry.former_names()) {
            outputs.extend(list_addresses(&outputs::versions(name), paging));
        }
        self.task(TaskKind::Document { document }, outputs, owner);
        self.former_pages(entry);
        let aliases = entry.front().map(|front| front.aliases.clone()).unwrap_or_default();
        let to = base.href(&address::document(&slug));
        for (alias, span) in aliases {
            self.redirect_from(&alias, to.clone(), &path, span);
        }
    }

    /// Under each name that the document had before, every page leads to the one that it is now.
    fn former_pages(&mut self, entry: &Document) {
        for name in entry.former_names() {
            for language in 0..self.plan.languages().len() {
                let prefix = self.plan.prefix(language);
                let own = format!("{prefix}{}/", entry.slug);
                let pages = self.plan.claims.range(own.clone()..).map(|(path, _)| path.as_str());
                let pages = pages.take_while(|path| path.starts_with(&own)).chain(
                    self.plan
                        .redirects
                        .iter()
                        .map(|redirect| redirect.path.as_str())
                        .filter(|path| path.starts_with(&own)),
                );
                let rest = pages.filter_map(|path| path[own.len()..].strip_suffix("index.html"));
                let rest: BTreeSet<String> = rest.map(str::to_string).collect();
                for rest in rest {
                    let (from, to) = (format!("{name}/{rest}"), format!("{}/{rest}", entry.slug));
                    let redirect = Redirect {
                        path: self.plan.page_path(language, &from),
                        from: self.plan.href(language, &from),
                        to: self.plan.href(language, &to),
                        permanent: true,
                    };
                    self.plan.redirects.push(redirect);
                }
            }
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

    pub(super) fn task(&mut self, kind: TaskKind, outputs: Vec<String>, source: usize) {
        let index = self.plan.tasks.len();
        let mut kept = Vec::with_capacity(outputs.len());
        for path in outputs {
            let key = portable::address_key(&path);
            let known = self.addresses.get(&key);
            if let Some((known, task)) = known.and_then(|known| Some((known, self.plan.claims.get(known)?))) {
                let other = self.by_task[*task];
                if self.collided.insert((other, source)) {
                    let (first, second) = (&self.sources[other].name, &self.sources[source].name);
                    let message = match *known == path {
                        true => format!("`/{path}` is claimed by {first} and by {second}"),
                        false => {
                            format!("`/{known}` of {first} and `/{path}` of {second} are one address for some hosts")
                        }
                    };
                    self.collision(message, other, source);
                }
                continue;
            }
            self.addresses.insert(key, path.clone());
            self.plan.claims.insert(path.clone(), index);
            kept.push(path);
        }
        self.plan.tasks.push(Task { kind, outputs: kept });
        self.by_task.push(source);
    }

    fn collision(&mut self, message: String, first: usize, second: usize) {
        let (first, second) = (&self.sources[first], &self.sources[second]);
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
