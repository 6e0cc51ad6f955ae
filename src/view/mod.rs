//! ([`Plan`], [`Theme`]'s words) → views: everything that outputs say, complete before anything is rendered.
//!
//! In: a plan, the strings of a theme. Out: for each task its outputs as data. Words that come from texts stand in it as the digest
//! of what they come from, so that a view costs no reading; the digest of a view is therefore the fingerprint of its output.
//! Must not know: templates, HTML of texts, the output folder.

pub mod announcement;
mod chrome;
mod documents;
pub mod embeds;
pub mod feed;
pub mod from_texts;
mod lists;
pub mod model;
mod phrases;
mod redline;
mod register;
mod version;

pub use chrome::{Chrome, Place};
pub use from_texts::{FromTexts, PairSource, TextSource};
pub use lists::{CenterPage, ChangesPage, NoticesPage};
pub use phrases::Phrases;
pub use redline::{ComparisonView, RedlinePage};
pub use register::RegisterPage;
pub use version::{Article, DocumentPage};

use crate::center::Version;
use crate::error::{Error, Result};
use crate::plan::redlines::{Pair, Target};
use crate::plan::{Plan, TaskKind};
use crate::source::{Digest, Hasher};
use crate::theme::{Theme, ThemeError};
use embeds::EmbedPage;
use feed::Feed;
use model::{NavView, PageView};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// Makes views. Holds what every page of a language has in common.
pub struct Views<'p, 'c> {
    pub plan: &'p Plan<'c>,
    pub theme: &'p Theme,
    /// By language.
    pub chromes: Vec<Chrome>,
    /// Targets of the navigation, by language.
    ways: Vec<Vec<(String, NavView)>>,
    /// First parts of addresses that exist in every language.
    ours: HashSet<String>,
    /// Digest of all that every page shares.
    base: Digest,
}

/// One output, or several that are the same in two formats.
pub enum Output {
    Page(Box<Page>),
    /// The resolved source of a text.
    Source {
        path: String,
        text: TextSource,
    },
    /// Atom and JSON.
    Feed {
        atom: String,
        json: String,
        feed: Box<Feed>,
    },
    /// A file of the site as it is.
    Copy {
        path: String,
        source: Arc<str>,
        digest: Digest,
    },
    /// Bytes that cost no more than a view of them.
    File {
        path: String,
        bytes: Vec<u8>,
    },
}

/// A page for a template.
#[derive(Serialize)]
pub struct Page {
    pub path: String,
    pub template: &'static str,
    pub language: usize,
    /// The address that the navigation marks.
    pub current: String,
    pub page: PageView,
    pub own: Own,
}

/// The part of a page's context that its kind of page alone has.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Own {
    Document(Box<DocumentPage>),
    Redline(Box<RedlinePage>),
    Center(CenterPage),
    Changes(ChangesPage),
    Notices(NoticesPage),
    Register(RegisterPage),
    Embed(EmbedPage),
    Nothing {},
}

impl Output {
    pub fn file(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Output {
        Output::File { path: path.into(), bytes: bytes.into() }
    }

    /// True if the output at `path` is made from this.
    pub fn makes(&self, path: &str) -> bool {
        match self {
            Output::Page(page) => page.path == path,
            Output::Source { path: own, .. } | Output::Copy { path: own, .. } | Output::File { path: own, .. } => {
                own == path
            }
            Output::Feed { atom, json, .. } => atom == path || json == path,
        }
    }

    fn digest_into(&self, hasher: &mut Hasher, buffer: &mut Vec<u8>) {
        buffer.clear();
        // Plain data with string keys always serializes.
        let _ = match self {
            Output::Page(page) => serde_json::to_writer(&mut *buffer, page),
            Output::Source { path, text } => serde_json::to_writer(&mut *buffer, &(path, text)),
            Output::Feed { atom, feed, .. } => serde_json::to_writer(&mut *buffer, &(atom, feed)),
            Output::Copy { path, digest, .. } => {
                hasher.part(path.as_bytes()).digest(digest);
                return;
            }
            Output::File { path, bytes } => {
                hasher.part(path.as_bytes()).part(bytes);
                return;
            }
        };
        hasher.part(buffer);
    }
}

impl<'p, 'c> Views<'p, 'c> {
    pub fn new(plan: &'p Plan<'c>, theme: &'p Theme) -> Views<'p, 'c> {
        let mut views =
            Views { plan, theme, chromes: Vec::new(), ways: Vec::new(), ours: HashSet::new(), base: Digest::ZERO };
        let languages = plan.every_language();
        views.chromes = languages.iter().map(|language| views.chrome(*language)).collect();
        views.ways = languages.iter().map(|language| views.ways(*language)).collect();
        let first = |address: &str| address.trim_end_matches('/').to_string();
        views.ours = views.ways.iter().flatten().map(|(address, _)| first(address)).collect();
        let mut hasher = Hasher::default();
        hasher.part(env!("FINEPRINT_BUILD").as_bytes()).digest(&theme.digest());
        let shared = (&views.chromes, &views.ways);
        hasher.part(&serde_json::to_vec(&shared).unwrap_or_default());
        views.base = hasher.finish();
        views
    }

    /// The outputs of a task that are made from views of this room; none of other tasks.
    pub fn outputs(&self, kind: &TaskKind) -> Result<Vec<Output>> {
        match kind {
            TaskKind::Version { document, version } => self.version_outputs(*document, *version),
            TaskKind::Draft { document } => self.draft_outputs(*document),
            TaskKind::Redline { document, pair } => self.redline_outputs(*document, *pair),
            TaskKind::Document { document } => self.document_outputs(*document),
            TaskKind::Register { page } => self.register_outputs(*page),
            TaskKind::Embeds => self.embed_outputs(),
            TaskKind::Home => self.home_outputs(),
            TaskKind::Notices => self.notices_outputs(),
            TaskKind::Asset(_) | TaskKind::Static(_) | TaskKind::Redirects | TaskKind::Api | TaskKind::Hosting => {
                Ok(Vec::new())
            }
        }
    }

    /// Digest of everything that outputs are made from.
    pub fn fingerprint(&self, outputs: &[Output]) -> Digest {
        let mut hasher = Hasher::default();
        hasher.digest(&self.base);
        let mut buffer = Vec::with_capacity(8 * 1024);
        for output in outputs {
            output.digest_into(&mut hasher, &mut buffer);
        }
        hasher.finish()
    }

    pub fn nav(&self, page: &Page) -> Vec<NavView> {
        Self::nav_at(&self.ways[page.language], &page.current)
    }

    /// A string of the theme in a language.
    pub fn text(&self, language: usize, key: &str, args: &[(&str, &str)]) -> Result<String> {
        self.theme.text(self.plan.languages()[language].tag(), key, args).map_err(theme_error)
    }

    pub fn phrases(&self, language: usize) -> Phrases<'p> {
        Phrases::new(self.theme, &self.plan.languages()[language])
    }

    /// An address in prose: from the site's root on, it gets the site's path and the page's language.
    pub fn link(&self, language: usize, url: &str) -> String {
        let Some(rest) = url.strip_prefix('/').filter(|rest| !rest.starts_with('/')) else { return url.to_string() };
        let first = rest.split(['/', '#', '?']).next().unwrap_or("");
        let ours = matches!(first, "" | "changes" | "notices" | "embed") || self.ours.contains(first);
        self.plan.href(if ours { language } else { 0 }, rest)
    }

    /// The text of a version for readers of a language: in it, or else in the version's authoritative one.
    pub fn text_source(&self, document: usize, version: usize, own: &str) -> Option<TextSource> {
        let frozen = &self.plan.center.documents[document].versions[version];
        let tag = shown_in(frozen, own)?.to_string();
        Some(TextSource { document, version: Some(version), tag, key: frozen.frozen })
    }

    /// The working text in the same way.
    pub fn draft_source(&self, document: usize, own: &str) -> Option<TextSource> {
        let texts = &self.plan.center.documents[document].draft.as_ref()?.texts;
        let authoritative = self.plan.center.settings.authoritative().tag();
        let tag = [own, authoritative].into_iter().find(|tag| texts.contains_key(*tag))?.to_string();
        Some(TextSource { document, version: None, tag, key: self.draft_key(document) })
    }

    pub fn pair_source(&self, language: usize, document: usize, pair: Pair) -> PairSource {
        let entry = &self.plan.center.documents[document];
        let mut hasher = Hasher::default();
        hasher.digest(&entry.versions[pair.from].frozen);
        hasher.digest(&match pair.to {
            Target::Version(version) | Target::InForce(version) => entry.versions[version].frozen,
            Target::Draft => self.draft_key(document),
        });
        // A pair of which a text is missing is compared by its facts alone.
        let tags = self.pair_tags(document, pair, self.plan.languages()[language].tag()).unwrap_or_default();
        PairSource { document, pair, language, tags, key: hasher.finish() }
    }

    /// Both texts in the same language: the reader's if both have it, else each in its authoritative one.
    fn pair_tags(&self, document: usize, pair: Pair, own: &str) -> Option<(String, String)> {
        let entry = &self.plan.center.documents[document];
        let old = &entry.versions[pair.from];
        let site = self.plan.center.settings.authoritative().tag();
        // A translation that lags does not show what changed.
        let has =
            |version: usize| entry.versions[version].texts.contains_key(own) && entry.lags(version, own).is_none();
        let both = has(pair.from)
            && match pair.to {
                Target::Version(version) | Target::InForce(version) => has(version),
                Target::Draft => {
                    let texts = entry.draft.as_ref().map(|draft| &draft.texts);
                    texts.is_some_and(|texts| texts.contains_key(own)) && entry.draft_lags(own, site).is_none()
                }
            };
        let frozen =
            |version: &Version| shown_in(version, if both { own } else { &version.language }).map(String::from);
        let new = match pair.to {
            Target::Version(version) | Target::InForce(version) => frozen(&entry.versions[version]),
            Target::Draft => self.draft_source(document, if both { own } else { &old.language }).map(|text| text.tag),
        };
        frozen(old).zip(new)
    }

    /// A draft is read with every fact of the center.
    fn draft_key(&self, document: usize) -> Digest {
        let plan = self.plan;
        let mut hasher = Hasher::default();
        hasher.part(plan.timeline.draft_day(plan.center, document).to_string().as_bytes());
        for file in plan.center.tree.below("content/").filter(|file| !file.path.contains("/versions/")) {
            hasher.part(file.path.as_bytes()).digest(&file.digest);
        }
        hasher.finish()
    }
}

/// The language in which a version is shown to readers of another.
fn shown_in<'v>(version: &'v Version, own: &'v str) -> Option<&'v str> {
    [own, &version.language].into_iter().find(|tag| version.texts.contains_key(*tag))
}

pub fn theme_error(error: ThemeError) -> Error {
    Error::refused(format!("the theme's `{}` cannot be used: {}", error.file, error.message))
}

/// Text as HTML, in content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    crate::change::html::push_escaped(&mut out, text);
    out
}
