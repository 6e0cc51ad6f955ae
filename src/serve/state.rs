//! State for the bar: a session as one tab sees it.
//!
//! In: a session, the address that the tab shows, and the files that its page loaded. Out: one value, ready to be JSON: what the
//! page is known by now, findings with their places, the draft's consequence. Must not know: how it looks.

use super::answer::{Asked, Reached, decoded, reach, short};
use super::session::{Generation, Session};
use super::view::View;
use super::{draft, place, preview_pages};
use crate::diagnostic::{Diagnostic, Lines, position};
use crate::plan::address;
use crate::source::Digest;
use serde::Serialize;
use std::collections::BTreeMap;

/// Maximum number of findings that are sent with their excerpts. The total number is always sent.
const FINDINGS: usize = 100;
const EXCERPT: usize = 3;
const WIDTH: usize = 200;
const DRAFTS: usize = 50;

#[derive(Serialize)]
pub struct State {
    instance: String,
    generation: u64,
    /// The day that is looked at, and the one on which it would be looked at without asking.
    day: Option<String>,
    today: Option<String>,
    timezone: Option<String>,
    drafts: bool,
    /// Pages are those of an earlier generation.
    behind: bool,
    trouble: Option<String>,
    page: Page,
    /// Digest of all files that pages load under names that stay.
    statics: String,
    /// Digest of each file that was asked for, by its address.
    files: BTreeMap<String, Option<String>>,
    findings: Vec<Finding>,
    errors: usize,
    warnings: usize,
    languages: Vec<LanguageOption>,
    document: Option<About>,
    /// Documents whose draft says something else than the last version.
    changed: Vec<Changed>,
    next_rebuild: Option<String>,
}

#[derive(Serialize, Default)]
struct Page {
    status: u16,
    digest: String,
    frame: String,
    sheets: Vec<String>,
    /// Why the page could not be made.
    error: Option<String>,
}

#[derive(Serialize)]
pub struct Finding {
    pub severity: &'static str,
    pub code: &'static str,
    pub message: String,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub excerpt: Vec<Line>,
    pub help: Vec<String>,
    pub explanation: &'static str,
    pub href: Option<String>,
}

#[derive(Serialize)]
pub struct Line {
    pub number: usize,
    pub text: String,
    /// The characters that are meant, from and to.
    pub mark: Option<(usize, usize)>,
}

#[derive(Serialize)]
struct LanguageOption {
    code: String,
    name: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct About {
    slug: String,
    title: String,
    href: String,
    draft: Option<String>,
    /// The tab shows the draft itself, or its redline.
    on_draft: bool,
    redline: Option<String>,
    effect: Option<draft::Effect>,
    differs: bool,
}

#[derive(Serialize)]
struct Changed {
    title: String,
    href: String,
}

/// `page` is the address that the tab shows, with its query; `files` are addresses that its page loaded.
pub fn state(session: &Session, page: &str, files: &[String]) -> State {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let asked = Asked::of(query);
    let path = decoded(path).unwrap_or_default();
    // Findings come a moment after the first pages.
    session.checked();
    let (generation, reached) = reach(session, &path, asked);
    let views = generation.views.as_ref();
    let view = views.and_then(|views| views.on(asked.day.unwrap_or(views.today), asked.drafts).ok());
    let own_page = |instead: &preview_pages::Instead| {
        let digest = short(preview_pages::page_digest(&generation, instead));
        Page { status: instead.status, digest: digest.clone(), frame: digest, ..Page::default() }
    };
    let page = match &reached {
        Ok(Reached::Output { status, output, .. }) => Page {
            status: *status,
            digest: short(output.digest),
            frame: short(output.frame),
            sheets: view.iter().flat_map(|view| view.style_sheets()).collect(),
            error: None,
        },
        Ok(Reached::Redirect { status, location }) => {
            let digest = short(Digest::of(location.as_bytes()));
            Page { status: *status, digest: digest.clone(), frame: digest, ..Page::default() }
        }
        Ok(Reached::Nothing) => own_page(&preview_pages::NOTHING),
        Ok(Reached::NoSite) => own_page(&preview_pages::NO_SITE),
        Err(error) => Page {
            error: Some(preview_pages::why(&generation, error)),
            ..own_page(&preview_pages::failed(&generation, error))
        },
    };
    let all = all_findings(&generation, view.as_deref());
    let count = |name: &str| all.iter().filter(|finding| finding.severity.name() == name).count();
    State {
        instance: session.instance.clone(),
        generation: generation.number,
        day: view.as_ref().map(|view| view.plan().timeline.date.to_string()),
        today: views.map(|views| views.today.to_string()),
        timezone: view.as_ref().map(|view| view.center().settings.zone_name.clone()),
        drafts: asked.drafts,
        behind: generation.behind,
        trouble: generation.trouble.clone(),
        page,
        statics: short(generation.statics()),
        files: digests(session, files, asked),
        findings: told(&generation, view.as_deref(), &all),
        errors: count("error"),
        warnings: count("warning"),
        languages: view.as_ref().map(|view| languages(view, &path)).unwrap_or_default(),
        document: view.as_ref().and_then(|view| about(view, &path)),
        changed: view.as_ref().map(|view| changed(view)).unwrap_or_default(),
        next_rebuild: view.as_ref().and_then(|view| view.plan().timeline.next_change()).map(|day| day.to_string()),
    }
}

fn digests(session: &Session, files: &[String], asked: Asked) -> BTreeMap<String, Option<String>> {
    let digest = |file: &String| {
        let path = decoded(file.split(['?', '#']).next().unwrap_or("")).unwrap_or_default();
        match reach(session, &path, asked).1 {
            Ok(Reached::Output { status: 200, output, .. }) => Some(short(output.digest)),
            _ => None,
        }
    };
    files.iter().take(64).map(|file| (file.clone(), digest(file))).collect()
}

/// The findings of a generation, and of the pages that a view has made; each once, the gravest first.
fn all_findings(generation: &Generation, view: Option<&View>) -> Vec<Diagnostic> {
    let mut all = generation.findings.clone();
    // What pages of an earlier generation had is told no more.
    for finding in view.filter(|_| !generation.behind).map(View::findings).unwrap_or_default() {
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all.sort_by_key(|finding| finding.severity);
    all
}

pub fn findings(generation: &Generation, view: Option<&View>) -> Vec<Finding> {
    told(generation, view, &all_findings(generation, view))
}

fn told(generation: &Generation, view: Option<&View>, all: &[Diagnostic]) -> Vec<Finding> {
    all.iter().take(FINDINGS).map(|finding| tell(generation, view, finding)).collect()
}

fn tell(generation: &Generation, view: Option<&View>, finding: &Diagnostic) -> Finding {
    let text = finding.primary.as_ref().and_then(|label| generation.tree.kept(&label.path));
    let whole = finding.primary.as_ref().is_none_or(|label| label.span == (0..0));
    let at =
        finding.primary.as_ref().zip(text).filter(|_| !whole).map(|(label, text)| position(text, label.span.start));
    let excerpt = match (&finding.primary, text) {
        (Some(label), Some(text)) if !whole => excerpt(text, label.span.start, label.span.end),
        _ => Vec::new(),
    };
    Finding {
        severity: finding.severity.name(),
        code: finding.code,
        message: finding.message.clone(),
        file: finding.primary.as_ref().map(|label| label.path.to_string()),
        line: at.map(|(line, _)| line),
        column: at.map(|(_, column)| column),
        excerpt,
        // What was suppressed is told in every report.
        help: match &finding.suppressed {
            Some((suppressed, _)) => vec![format!("suppressed until {}: {}", suppressed.until, suppressed.reason)],
            None => finding.help.clone(),
        },
        explanation: crate::diagnostic::rule(finding.code).map_or("", |rule| rule.explanation),
        href: finding
            .primary
            .as_ref()
            .zip(view)
            .and_then(|(label, view)| place::address_of(view, &label.path, label.span.start)),
    }
}

/// The line of a place and those beside it, long ones cut.
fn excerpt(text: &str, start: usize, end: usize) -> Vec<Line> {
    // Lines are counted once: a report has many findings, and a file many lines.
    let span = Lines::clamp_in(text, &(start..end.max(start)));
    let (line, column) = position(text, span.start);
    let last = line + text[span.clone()].matches('\n').count();
    let start_of_line = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let last_column = 1 + text[start_of_line(span.end)..span.end].chars().count();
    let own = start_of_line(span.start);
    let above = start_of_line(own.saturating_sub(1));
    let (first, from) = if text[above..own].trim().is_empty() { (line, own) } else { (line - 1, above) };
    text[from..]
        .lines()
        .zip(first..)
        .take(EXCERPT)
        .filter(|(text, number)| *number <= line || !text.trim().is_empty())
        .map(|(text, number)| {
            let length = text.chars().count();
            let mark = (line..=last).contains(&number).then(|| {
                let from = if number == line { column - 1 } else { 0 };
                let to = if number == last { last_column - 1 } else { length };
                (from, to.max(from + 1))
            });
            // A paragraph may be one line: what is meant stays in sight.
            let skip = mark.map_or(0, |(from, _)| from.saturating_sub(WIDTH / 2)).min(length.saturating_sub(WIDTH));
            let shown: String = text.chars().skip(skip).take(WIDTH).collect();
            let width = shown.chars().count();
            let mark = mark.map(|(from, to)| ((from - skip).min(width), (to - skip).min(width)));
            Line { number, text: shown, mark }
        })
        .collect()
}

/// The language of an address, and the rest of it.
fn split<'a>(view: &View, path: &'a str) -> Option<(usize, &'a str)> {
    let below = path.strip_prefix(view.center().settings.base_url.path.as_str())?;
    let languages = view.plan().languages();
    let other = languages.iter().enumerate().skip(1).find_map(|(index, language)| {
        let rest = below.strip_prefix(language.tag())?;
        Some((index, rest.strip_prefix('/')?))
    });
    Some(other.unwrap_or((0, below)))
}

fn languages(view: &View, path: &str) -> Vec<LanguageOption> {
    let plan = view.plan();
    let Some((current, address)) = split(view, path) else { return Vec::new() };
    if plan.languages().len() < 2 {
        return Vec::new();
    }
    plan.every_language()
        .into_iter()
        .map(|index| {
            let language = &plan.languages()[index];
            let there = plan.claims.contains_key(&plan.page_path(index, address));
            LanguageOption {
                code: language.tag().to_string(),
                name: language.autonym(),
                href: plan.href(index, if there { address } else { "" }),
                current: index == current,
            }
        })
        .collect()
}

fn about(view: &View, path: &str) -> Option<About> {
    let plan = view.plan();
    let (language, below) = split(view, path)?;
    let slug = below.split('/').next()?;
    let index = plan.center.documents.iter().position(|document| document.slug == slug)?;
    let document = &plan.center.documents[index];
    let shows = plan.shows_draft(index);
    Some(About {
        slug: slug.to_string(),
        title: view.renderer().views.title(language, index),
        href: plan.href(language, &address::document(slug)),
        draft: shows.then(|| plan.href(language, &address::draft(slug))),
        on_draft: below.ends_with("..draft/")
            || below == address::draft(slug)
            || (shows && below == address::document(slug) && plan.timeline.documents[index].shown().is_none()),
        redline: if shows { draft::redline_address(view, language, index) } else { None },
        effect: if shows { draft::effect(view, index).ok().flatten() } else { None },
        differs: document.draft_differs(),
    })
}

fn changed(view: &View) -> Vec<Changed> {
    let plan = view.plan();
    let drafts = (0..plan.center.documents.len()).filter(|index| plan.shows_draft(*index));
    drafts
        .filter(|index| plan.center.documents[*index].draft_differs())
        .take(DRAFTS)
        .map(|index| Changed {
            title: view.renderer().views.title(0, index),
            href: plan.href(0, &address::draft(&plan.center.documents[index].slug)),
        })
        .collect()
}
