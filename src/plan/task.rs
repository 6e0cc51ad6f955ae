//! A task: outputs that are made together.
//!
//! In: nothing. Out: which kinds of tasks there are, and the order in which their outputs appear. Must not know: how they are made.

use super::redlines::Pair;
use std::sync::Arc;

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
    /// The comparison of two versions, in every language.
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
    /// Files that products on other origins include, and the page that describes them.
    Embeds,
    /// The center's own pages, its changelog and its feeds.
    Home,
    /// Notices as pages, for programs and as a calendar.
    Notices,
    /// The API's index of the center, with the schemas of all files.
    Api,
    /// Files for hosts and crawlers.
    Hosting,
}

impl TaskKind {
    /// Assets first and indexes last: whoever reads the folder while it is being written finds what pages refer to.
    pub fn phase(&self) -> u8 {
        match self {
            TaskKind::Asset(_) | TaskKind::Static(_) => 0,
            TaskKind::Version { .. } | TaskKind::Draft { .. } | TaskKind::Redline { .. } => 1,
            TaskKind::Document { .. } | TaskKind::Register { .. } | TaskKind::Redirects | TaskKind::Embeds => 2,
            TaskKind::Home | TaskKind::Notices | TaskKind::Api | TaskKind::Hosting => 3,
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
