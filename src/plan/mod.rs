//! ([`Center`], [`Timeline`]) → [`Plan`]: every output path, claimed once, and the task that makes it.
//!
//! In: what was written, and the state of it on a day. Out: tasks, each with the paths that it makes together; the view
//! models that templates may see. Must not know: templates, how a path is written or served, whether anybody serves.

pub mod redlines;
pub mod registers;
pub mod view;
pub mod views;

pub use registers::RegisterPage;

use crate::center::{Center, Document, FrontMatter};
use crate::diagnostic::Diagnostic;
use crate::memo::GenerationalCache;
use crate::source::{Digest, Hasher};
use crate::timeline::Timeline;
use crate::words::Language;
use redlines::{Pair, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

/// Every output of a build.
pub struct Plan<'c> {
    pub center: &'c Center,
    pub timeline: &'c Timeline,
    pub drafts: bool,
    pub registers: Arc<Vec<RegisterPage>>,
    claimed: Arc<Claimed>,
    /// Of all that decides which paths there are.
    pub shape: Digest,
    pub assets: views::Assets,
}

/// Tasks and paths; the same as long as no text is added, removed, or moved in time, so that plans share them.
#[derive(Clone, Default)]
pub struct Claimed {
    pub tasks: Vec<Task>,
    /// Path below the output folder → index of the task that makes it.
    pub claims: BTreeMap<String, usize>,
    pub redirects: Vec<Redirect>,
}

impl Deref for Plan<'_> {
    type Target = Claimed;

    fn deref(&self) -> &Claimed {
        &self.claimed
    }
}

impl DerefMut for Plan<'_> {
    fn deref_mut(&mut self) -> &mut Claimed {
        Arc::make_mut(&mut self.claimed)
    }
}

/// What one plan leaves for the next, by what it was made from.
#[derive(Default)]
pub struct Memory {
    registers: GenerationalCache<Digest, (Arc<Vec<RegisterPage>>, Vec<Diagnostic>)>,
    claimed: GenerationalCache<Digest, (Arc<Claimed>, Vec<Diagnostic>)>,
}

/// Outputs that are made together, from the same input.
#[derive(Clone, Debug)]
pub struct Task {
    pub kind: TaskKind,
    pub outputs: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// A file of the theme, by its name in the theme.
    Asset(String),
    /// A file of `static`, by its path in the site.
    Static(Arc<str>),
    /// The pages and the source text of one version in every language.
    Version {
        document: usize,
        version: usize,
    },
    /// The working text as a page, only with `--drafts`.
    Draft {
        document: usize,
    },
    /// What changed from one version to another, in every language.
    Redline {
        document: usize,
        pair: Pair,
    },
    /// A document's changelog, feeds and list of versions.
    Document {
        document: usize,
    },
    Register {
        page: usize,
    },
    /// Where nothing is announced, `/<doc>/upcoming/` leads to the document.
    Redirects,
    /// What products on other origins include, and the page that shows how.
    Embeds,
    /// Lists, feeds and files for hosts and programs.
    Center,
}

impl TaskKind {
    /// Assets first and indexes last: whoever reads the folder while it is being written finds what pages refer to.
    pub fn phase(&self) -> u8 {
        match self {
            TaskKind::Asset(_) | TaskKind::Static(_) => 0,
            TaskKind::Version { .. } | TaskKind::Draft { .. } | TaskKind::Redline { .. } => 1,
            TaskKind::Document { .. } | TaskKind::Register { .. } | TaskKind::Redirects | TaskKind::Embeds => 2,
            TaskKind::Center => 3,
        }
    }
}

/// A page that leads elsewhere: an old address, or one that waits for an announcement.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// Output path of the page that stands there for hosts without `_redirects`.
    pub path: String,
    /// From and to, as addresses below the host.
    pub from: String,
    pub to: String,
    pub permanent: bool,
}

pub struct Options {
    pub drafts: bool,
    /// Fingerprinted output path of each asset, by its name in the theme.
    pub assets: Vec<(String, String)>,
}

impl Options {
    pub fn new(drafts: bool, theme: &crate::render::Theme) -> Options {
        let assets = theme.assets().map(|(name, path, _)| (name.to_string(), path.to_string())).collect();
        Options { drafts, assets }
    }
}

impl<'c> Plan<'c> {
    pub fn new(
        center: &'c Center,
        timeline: &'c Timeline,
        options: Options,
        findings: &mut Vec<Diagnostic>,
    ) -> Plan<'c> {
        Plan::new_again(center, timeline, options, &Memory::default(), findings)
    }

    /// The same, claiming anew only when something is added, removed, or moved in time.
    pub fn new_again(
        center: &'c Center,
        timeline: &'c Timeline,
        options: Options,
        memory: &Memory,
        findings: &mut Vec<Diagnostic>,
    ) -> Plan<'c> {
        let drafts = options.drafts;
        let registers = memory.registers.get(registers::depend_on(center, timeline, drafts), || {
            let mut findings = Vec::new();
            (Arc::new(registers::pages(center, timeline, drafts, &mut findings)), findings)
        });
        findings.extend(registers.1.iter().cloned());
        let mut plan = Plan {
            center,
            timeline,
            drafts,
            registers: registers.0.clone(),
            claimed: Arc::default(),
            shape: Digest::ZERO,
            assets: views::Assets::new(&options.assets),
        };
        plan.shape = plan.shaped_by(&options.assets);
        let claimed = memory.claimed.get(plan.shape, || {
            let mut findings = Vec::new();
            let mut claims = Claims {
                plan: &mut plan,
                sources: Vec::new(),
                owners: BTreeMap::new(),
                collided: BTreeSet::new(),
                findings: &mut findings,
            };
            claims.everything(&options.assets);
            (std::mem::take(&mut plan.claimed), findings)
        });
        plan.claimed = claimed.0.clone();
        findings.extend(claimed.1.iter().cloned());
        memory.registers.end();
        memory.claimed.end();
        center.settings.apply_levels(findings);
        plan
    }

    /// Everything but what the texts and registers say.
    fn shaped_by(&self, assets: &[(String, String)]) -> Digest {
        let mut hasher = Hasher::default();
        hasher.part(self.timeline.date.to_string().as_bytes()).part(&[u8::from(self.drafts)]);
        let settings = self.center.tree.get(crate::center::settings::PATH);
        hasher.digest(&settings.map_or(Digest::ZERO, |file| file.digest));
        for (name, path) in assets {
            hasher.part(name.as_bytes()).part(path.as_bytes());
        }
        for (path, _) in self.center.tree.nodes("static/") {
            hasher.part(path.as_bytes());
        }
        for document in &self.center.documents {
            hasher.part(document.slug.as_bytes()).digest(&document.history);
            for text in document.draft.iter().flat_map(|draft| draft.texts.values()) {
                hasher.part(text.path.as_bytes());
            }
            for (alias, span) in document.front().iter().flat_map(|front| &front.aliases) {
                hasher.part(alias.as_bytes()).part(&span.start.to_le_bytes()).part(&span.end.to_le_bytes());
            }
        }
        for page in self.registers.iter() {
            hasher.part(page.register.name.as_bytes()).part(page.register.path.as_bytes());
        }
        hasher.finish()
    }

    pub fn languages(&self) -> &'c [Language] {
        &self.center.settings.languages
    }

    /// The output path of a page: `es/privacy/index.html`.
    pub fn page_path(&self, language: usize, address: &str) -> String {
        format!("{}{address}index.html", self.prefix(language))
    }

    /// `` for the first language, `es/` for another.
    pub fn prefix(&self, language: usize) -> String {
        match language {
            0 => String::new(),
            other => format!("{}/", self.languages()[other].tag()),
        }
    }

    /// The address of something below the host, ready for `href`.
    pub fn href(&self, language: usize, address: &str) -> String {
        self.center.settings.base_url.href(&format!("{}{address}", self.prefix(language)))
    }

    pub fn absolute(&self, language: usize, address: &str) -> String {
        self.center.settings.base_url.absolute(&format!("{}{address}", self.prefix(language)))
    }

    /// Whether the document has anything to show: a version, or its draft.
    pub fn shows(&self, document: usize) -> bool {
        self.timeline.documents[document].visible().next().is_some() || self.shows_draft(document)
    }

    pub fn shows_draft(&self, document: usize) -> bool {
        self.drafts && self.center.documents[document].draft.is_some()
    }

    /// The front matter of what is shown at the document's address.
    pub fn shown_front(&self, document: usize) -> Option<&FrontMatter> {
        let entry = &self.center.documents[document];
        let timeline = &self.timeline.documents[document];
        let shown = timeline.naming();
        match shown {
            Some(version) => Some(&entry.versions[version].front),
            None => entry.draft.as_ref().filter(|_| self.drafts).map(|draft| &draft.front),
        }
    }
}

/// Addresses of a document, without language and base path.
pub mod address {
    pub fn document(slug: &str) -> String {
        format!("{slug}/")
    }

    pub fn version(slug: &str, id: &str) -> String {
        format!("{slug}/v/{id}/")
    }

    pub fn upcoming(slug: &str) -> String {
        format!("{slug}/upcoming/")
    }

    pub fn draft(slug: &str) -> String {
        format!("{slug}/draft/")
    }

    pub fn changes(slug: &str) -> String {
        format!("{slug}/changes/")
    }

    pub fn redline(slug: &str, from: &str, to: &str) -> String {
        format!("{slug}/changes/{from}..{to}/")
    }

    pub fn register(name: &str) -> String {
        format!("{name}/")
    }
}

/// What claims a path, and where to change it.
struct Source {
    /// As a finding names it.
    name: String,
    /// What to rename, if anything can be.
    rename: Option<String>,
    place: Option<Arc<str>>,
}

struct Claims<'p, 'c, 'f> {
    plan: &'p mut Plan<'c>,
    sources: Vec<Source>,
    /// Output path → the source that claims it.
    owners: BTreeMap<String, usize>,
    /// Pairs of sources of which it was said already.
    collided: BTreeSet<(usize, usize)>,
    findings: &'f mut Vec<Diagnostic>,
}

impl Claims<'_, '_, '_> {
    fn everything(&mut self, assets: &[(String, String)]) {
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
        let mut outputs = Vec::new();
        for language in 0..self.plan.languages().len() {
            for address in ["", "changes/", "notices/"] {
                outputs.push(self.plan.page_path(language, address));
            }
            let prefix = self.plan.prefix(language);
            for file in ["404.html", "feed.xml", "feed.json"] {
                outputs.push(format!("{prefix}{file}"));
            }
        }
        for file in [
            "calendar.ics",
            "api/v1/center.json",
            "api/v1/documents.json",
            "api/v1/notices.json",
            "sitemap.xml",
            "robots.txt",
            "_headers",
            "_redirects",
            "schedule.json",
        ] {
            outputs.push(file.to_string());
        }
        outputs.extend(crate::render::schema_paths());
        let settings = &self.plan.center.settings;
        if settings.gpc.is_some() {
            outputs.push(".well-known/gpc.json".into());
        }
        if settings.security.is_some() {
            outputs.push(".well-known/security.txt".into());
        }
        let source = self.source("the center itself".to_string(), None, None);
        self.task(TaskKind::Center, outputs, source);
    }

    fn embeds(&mut self) {
        let languages = self.plan.languages();
        let mut outputs = crate::render::embeds::embed_paths(languages.iter().map(|language| language.tag()));
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
        for language in 0..languages {
            let prefix = self.plan.prefix(language);
            outputs.push(self.plan.page_path(language, &address::changes(&slug)));
            outputs.push(format!("{prefix}{slug}/feed.xml"));
            outputs.push(format!("{prefix}{slug}/feed.json"));
        }
        outputs.push(format!("api/v1/documents/{slug}/versions.json"));
        self.task(TaskKind::Document { document }, outputs, owner);
        let aliases = entry.front().map(|front| front.aliases.clone()).unwrap_or_default();
        let to = base.href(&address::document(&slug));
        for (alias, span) in aliases {
            self.redirect_from(&alias, to.clone(), &path, span);
        }
    }

    fn redline(&mut self, document: usize, pair: Pair, owner: usize) {
        let place = self.plan.redline_address(document, pair);
        let languages = 0..self.plan.languages().len();
        if let (Target::InForce(in_force), true) = (pair.to, self.plan.is_adjacent(document, pair)) {
            let same = self.plan.redline_address(document, Pair { from: pair.from, to: Target::Version(in_force) });
            let redirects: Vec<Redirect> = languages
                .map(|language| Redirect {
                    path: self.plan.page_path(language, &place),
                    from: self.plan.href(language, &place),
                    to: self.plan.href(language, &same),
                    permanent: false,
                })
                .collect();
            self.plan.redirects.extend(redirects);
            return;
        }
        let outputs = languages.map(|language| self.plan.page_path(language, &place)).collect();
        self.task(TaskKind::Redline { document, pair }, outputs, owner);
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
        outputs.push(format!("api/v1/registers/{name}.json"));
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
        if let Some(other) = self.owners.get(&output) {
            let other = &self.sources[*other];
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
            if let Some(other) = self.owners.get(&path).copied() {
                if self.collided.insert((other, source)) {
                    self.collision(&path, other, source);
                }
                continue;
            }
            self.owners.insert(path.clone(), source);
            self.plan.claims.insert(path.clone(), index);
            kept.push(path);
        }
        self.plan.tasks.push(Task { kind, outputs: kept });
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
        '*' => ("holds `*`".to_string(), "write each old address by itself: patterns are not known"),
        ' ' => ("holds a blank".to_string(), "remove it: old addresses with blanks are not redirected"),
        odd if odd.is_whitespace() || odd.is_control() => ("holds an invisible character".to_string(), from_root),
        odd => (format!("holds `{odd}`"), from_root),
    })
}
