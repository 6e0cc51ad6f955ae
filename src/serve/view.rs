//! The site on one day, ready to answer for any of its paths.
//!
//! In: a site, a day, with drafts or without. Out: the bytes of an output, made when they are first asked for. They are those of
//! a build: nothing of the preview is in them. Must not know: requests, generations.

use super::hosting::Host;
use crate::center::Center;
use crate::comparison::Comparisons;
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::plan::{self, Options, Plan, TaskKind};
use crate::render::{self, Renderer};
use crate::source::Digest;
use crate::text::{CheckedText, Texts};
use crate::theme::Theme;
use crate::timeline::Timeline;
use self_cell::self_cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of outputs that are kept; then all are dropped at once.
const ROOM: usize = 8 << 20;

/// The center's own pages on which a theme is tried. The other pages list everything and are long.
const CENTRAL: [&str; 2] = ["404.html", "index.html"];

/// A center that was read and can be shown.
pub struct Site {
    pub center: Arc<Center>,
    pub theme: Arc<Theme>,
    pub texts: Arc<Texts>,
    pub comparisons: Arc<Comparisons>,
    /// Drafts as they were checked, by path.
    pub drafts: HashMap<Arc<str>, Arc<CheckedText>>,
}

/// A site on a day.
struct Day {
    site: Arc<Site>,
    timeline: Timeline,
}

self_cell!(
    struct Planned {
        owner: Day,
        #[covariant]
        dependent: Plan,
    }
);

type Rendering<'p> = Renderer<'p, 'p>;

self_cell!(
    struct Ready {
        owner: Planned,
        #[covariant]
        dependent: Rendering,
    }
);

/// An output, and what it is known by.
pub struct Output {
    pub bytes: Vec<u8>,
    pub digest: Digest,
    /// Digest of the bytes without the names of style sheets: unchanged when only the style has changed.
    pub frame: Digest,
}

/// Data that one view keeps for the next view of the same day.
#[derive(Default)]
pub struct Memory {
    plans: plan::Memory,
}

pub struct View {
    ready: Ready,
    pub host: Host,
    made: Mutex<RenderedPages>,
}

#[derive(Default)]
struct RenderedPages {
    outputs: HashMap<String, Arc<Output>>,
    bytes: usize,
    findings: Vec<Diagnostic>,
}

impl View {
    pub fn new(
        site: Arc<Site>,
        timeline: Timeline,
        drafts: bool,
        memory: &Memory,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<View> {
        let planned = Planned::new(Day { site, timeline }, |day| {
            let options = Options::new(drafts, day.site.theme.asset_paths());
            Plan::new(&day.site.center, &day.timeline, options, &memory.plans, findings)
        });
        let ready = Ready::try_new(planned, |planned| {
            let site = &planned.borrow_owner().site;
            Renderer::new(planned.borrow_dependent(), &site.theme, &site.texts, &site.comparisons)
        })?;
        let renderer = ready.borrow_dependent();
        let (headers, redirects) = (render::headers(renderer), render::redirects(renderer));
        let base = &renderer.plan.center.settings.base_url.path;
        let host = Host::new(base, &String::from_utf8_lossy(&headers), &String::from_utf8_lossy(&redirects));
        Ok(View { ready, host, made: Mutex::default() })
    }

    pub fn site(&self) -> &Arc<Site> {
        &self.ready.borrow_owner().borrow_owner().site
    }

    pub fn center(&self) -> &Center {
        &self.site().center
    }

    pub fn plan(&self) -> &Plan<'_> {
        self.ready.borrow_owner().borrow_dependent()
    }

    pub fn renderer(&self) -> &Renderer<'_, '_> {
        self.ready.borrow_dependent()
    }

    /// The output at a path below the output folder; none when nothing claims it.
    pub fn output(&self, path: &str) -> Result<Option<Arc<Output>>> {
        if let Some(output) = self.made().outputs.get(path) {
            return Ok(Some(output.clone()));
        }
        if !self.plan().claims.contains_key(path) {
            return Ok(None);
        }
        let Some(outputs) = self.renderer().make_one(path)? else { return Ok(None) };
        let sheets: Vec<String> = self.style_sheets().collect();
        let mut made = self.made();
        made.findings.extend(self.renderer().findings());
        let mut wanted = None;
        for (name, bytes) in outputs {
            let digest = Digest::of(&bytes);
            let frame = if name.ends_with(".html") { frame(&bytes, &sheets) } else { digest };
            if made.bytes > ROOM {
                made.outputs.clear();
                made.bytes = 0;
            }
            made.bytes += bytes.len();
            let output = Arc::new(Output { bytes, digest, frame });
            if name == path {
                wanted = Some(output.clone());
            }
            made.outputs.insert(name, output);
        }
        Ok(wanted)
    }

    /// Makes the theme's files and a page of each kind, so that a fault of the theme shows before somebody comes by it. Gives
    /// what is found in the files, and why pages cannot be made.
    pub fn try_theme(&self) -> (Vec<Diagnostic>, BTreeSet<String>) {
        let tasks = &self.plan().tasks;
        let files = tasks.iter().filter(|task| matches!(task.kind, TaskKind::Asset(_)));
        let mut failed: BTreeSet<String> =
            files.flat_map(|task| &task.outputs).filter_map(|path| self.fails(path)).collect();
        let found = self.findings();
        let mut kinds = Vec::new();
        for task in tasks {
            let kind = std::mem::discriminant(&task.kind);
            // One language stands for all, and one page for its kind.
            let tried = match task.kind {
                TaskKind::Asset(_) | TaskKind::Static(_) | TaskKind::Notices => continue,
                TaskKind::Home => CENTRAL.to_vec(),
                _ if kinds.contains(&kind) => continue,
                _ => task.outputs.iter().map(String::as_str).filter(|path| path.ends_with(".html")).take(1).collect(),
            };
            kinds.push(kind);
            failed.extend(tried.into_iter().filter_map(|path| self.fails(path)));
        }
        (found, failed)
    }

    /// Why an output cannot be made. A file that has changed meanwhile is no fault of the theme.
    fn fails(&self, path: &str) -> Option<String> {
        self.output(path).err().filter(|error| !error.is_change()).map(|error| error.to_string())
    }

    /// Returns the findings of the outputs that were made so far.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.made().findings.clone()
    }

    /// Addresses of the theme's style sheets.
    pub fn style_sheets(&self) -> impl Iterator<Item = String> {
        let base = &self.center().settings.base_url;
        let paths = self.site().theme.assets().filter(|(name, _, _)| name.ends_with(".css"));
        paths.map(|(_, path, _)| base.href(path))
    }

    fn made(&self) -> MutexGuard<'_, RenderedPages> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn frame(bytes: &[u8], sheets: &[String]) -> Digest {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    for sheet in sheets {
        text = text.replace(sheet.as_str(), "");
    }
    Digest::of(text.as_bytes())
}
