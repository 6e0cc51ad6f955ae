//! Links and pictures: that what a text leads to is an address of the site, and the section is there.
//!
//! In: texts with their trees, frozen ones too, and the plan, which knows every address. Out: findings at links; the addresses
//! on other hosts. Must not know: the network.

use super::texts::Text;
use crate::center::facts::FactsMemo;
use crate::center::{Center, VersionFacts};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::markdown::{self, Block, BlockKind, Document, Inline};
use crate::online::Answer;
use crate::plan::{Options, Plan};
use crate::render::Theme;
use crate::words::Language;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// A link or a picture in a text.
struct Link {
    url: String,
    /// Of the block that holds it, or of the address itself if it stands there as it is.
    span: Range<usize>,
    picture: bool,
}

/// Where an address leads.
enum Way<'u> {
    /// A path below the site's root, without `/`, and a fragment.
    Ours(String, Option<&'u str>),
    /// A section of the text itself.
    Here(&'u str),
    /// Relative to whatever page shows the text.
    Relative,
    Elsewhere,
}

/// Checks the links of drafts for a build, whatever it publishes: a draft may lead to what is itself a draft.
pub fn of_drafts(plan: &Plan, texts: &[Arc<Text>], theme: &Theme, findings: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    check(plan, texts, false, &mut found);
    if !found.is_empty() && !plan.drafts {
        found.clear();
        let whole = Plan::new(plan.center, plan.timeline, Options::new(true, theme), &mut Vec::new());
        check(&whole, texts, false, &mut found);
    }
    findings.extend(found);
}

/// Checks the links of drafts, and of frozen versions if they are wanted.
pub fn check(plan: &Plan, texts: &[Arc<Text>], frozen: bool, findings: &mut Vec<Diagnostic>) {
    let addresses = Addresses::new(plan, texts);
    for text in texts {
        let own: BTreeSet<String> = markdown::ids(&text.parsed.document).into_iter().collect();
        for link in links(&text.parsed.document, &text.source) {
            drafted(&addresses, text, &own, &link, findings);
        }
    }
    if frozen {
        findings.extend(record(&addresses, plan.center));
    }
    plan.center.settings.weigh(findings);
}

fn drafted(addresses: &Addresses, text: &Text, own: &BTreeSet<String>, link: &Link, findings: &mut Vec<Diagnostic>) {
    let what = if link.picture { "the picture" } else { "the link" };
    let finding = |code, message: String| Diagnostic::new(code, message).at(&text.path, link.span.clone());
    match addresses.way(&link.url) {
        Way::Elsewhere => {}
        Way::Relative => findings.push(
            finding(
                "broken-link",
                format!("{what} `{}` is relative to the page, and a text has several pages", link.url),
            )
            .help(format!("write the address from the site's root on: `/{}`", link.url.trim_start_matches(['.', '/']))),
        ),
        Way::Here(id) if id.is_empty() || own.contains(id) => {}
        Way::Here(id) => findings.push(
            finding("broken-anchor", format!("the link leads to `#{id}`, and the text has no such section"))
                .help(nearest(id, own.iter().map(String::as_str), "#")),
        ),
        Way::Ours(path, fragment) => match addresses.find(&path, &text.tag) {
            None => {
                let known = addresses.known.iter().map(String::as_str);
                findings.push(
                    finding("broken-link", format!("{what} `{}` leads to no address of the site", link.url))
                        .help(nearest(&path, known, "/")),
                );
            }
            Some(page) => {
                let Some((id, ids)) =
                    fragment.filter(|id| !id.is_empty()).and_then(|id| Some((id, addresses.ids(&page)?)))
                else {
                    return;
                };
                if !ids.contains(id) {
                    findings.push(
                        finding(
                            "broken-anchor",
                            format!("the link leads to `#{id}` of `/{path}`, which has no such section"),
                        )
                        .help(nearest(id, ids.iter().map(String::as_str), "#")),
                    );
                }
            }
        },
    }
}

fn nearest<'k>(typed: &str, known: impl Iterator<Item = &'k str>, mark: &str) -> String {
    match did_you_mean(typed, known) {
        Some(near) => format!("did you mean `{mark}{near}`?"),
        None if mark == "#" => {
            "name the id of a section that is there: what stands in `{#…}` behind its heading".to_string()
        }
        None => "correct the address; addresses of documents are `/privacy/`, files in `static/` keep their path"
            .to_string(),
    }
}

/// Links of frozen versions, which nobody can change.
fn record(addresses: &Addresses, center: &Center) -> Vec<Diagnostic> {
    let memo = FactsMemo::default();
    let mut versions = Vec::new();
    for (document, states) in center.documents.iter().zip(&addresses.plan.timeline.documents) {
        versions.extend(states.visible().map(|index| &document.versions[index]));
    }
    versions
        .into_par_iter()
        .flat_map_iter(|version| {
            let mut found = Vec::new();
            // A frozen file that cannot be read is reported where the record is checked.
            let Ok(facts) = VersionFacts::of_version(center, version, &memo) else { return found.into_iter() };
            for (tag, file) in &version.texts {
                let Ok(source) = center.tree.text(&file.path) else { continue };
                let language = Language::parse(tag).unwrap_or_else(Language::english);
                let facts = facts.for_language(&language);
                let numbering = version.front.numbering;
                let parsed = markdown::parse(&file.path, &source, file.body, numbering, &facts, &mut Vec::new());
                let own: BTreeSet<String> = markdown::ids(&parsed.document).into_iter().collect();
                for link in links(&parsed.document, &source) {
                    found.extend(in_record(addresses, &file.path, tag, &own, &link));
                }
            }
            found.into_iter()
        })
        .collect()
}

fn in_record(
    addresses: &Addresses,
    path: &Arc<str>,
    tag: &str,
    own: &BTreeSet<String>,
    link: &Link,
) -> Option<Diagnostic> {
    let anchor = |id: &str| {
        Diagnostic::new("broken-anchor-in-record", format!("a frozen text links to `#{id}`, which is not there"))
            .at(path, link.span.clone())
            .help("leave the frozen text as it is: see that the draft does not say it again")
    };
    match addresses.way(&link.url) {
        Way::Elsewhere | Way::Relative => None,
        Way::Here(id) => (!id.is_empty() && !own.contains(id)).then(|| anchor(id)),
        Way::Ours(page, fragment) => match addresses.find(&page, tag) {
            None => Some(
                Diagnostic::new(
                    "broken-link-in-record",
                    format!("a frozen text leads to `/{page}`, which is no address of the site"),
                )
                .at(path, link.span.clone())
                .help(format!(
                    "leave the frozen text as it is; keep the link alive with a redirect in fineprint.toml: [[redirect]] from = \"/{page}\", to = \"/…\""
                )),
            ),
            Some(found) => {
                let id = fragment.filter(|id| !id.is_empty())?;
                (!addresses.ids(&found)?.contains(id)).then(|| anchor(id))
            }
        },
    }
}

/// Every address of the site, and the ids of those that are texts.
struct Addresses<'p, 'c> {
    plan: &'p Plan<'c>,
    /// Pages without `index.html`, for suggestions.
    known: Vec<String>,
    redirects: BTreeSet<String>,
    /// By slug: every id that a document has or had.
    ids: BTreeMap<&'c str, BTreeSet<String>>,
}

impl<'p, 'c> Addresses<'p, 'c> {
    fn new(plan: &'p Plan<'c>, texts: &[Arc<Text>]) -> Self {
        let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for document in &plan.center.documents {
            let own = ids.entry(&document.slug).or_default();
            let mut before: Option<&Arc<[String]>> = None;
            for version in &document.versions {
                // Most versions share their anchors with the one before.
                if !before.is_some_and(|before| Arc::ptr_eq(before, &version.anchors)) {
                    own.extend(version.anchors.iter().cloned());
                }
                before = Some(&version.anchors);
            }
            for text in texts.iter().filter(|text| text.document == document.slug) {
                own.extend(markdown::ids(&text.parsed.document));
            }
        }
        let known = plan.claims.keys().filter_map(|path| path.strip_suffix("index.html")).map(str::to_string).collect();
        let redirects = plan.redirects.iter().map(|redirect| redirect.path.clone()).collect();
        Addresses { plan, known, redirects, ids }
    }

    fn way<'u>(&self, url: &'u str) -> Way<'u> {
        let base = &self.plan.center.settings.base_url;
        if let Some(id) = url.strip_prefix('#') {
            return Way::Here(id);
        }
        let inside = if let Some(rest) = url.strip_prefix(&format!("{}{}", base.origin, base.path)) {
            rest
        } else if url.starts_with("//") {
            return Way::Elsewhere;
        } else if let Some(rest) = url.strip_prefix('/') {
            rest
        } else {
            // A scheme is letters before the first colon, with nothing of a path before it.
            let scheme = url.split_once(':').is_some_and(|(scheme, _)| {
                !scheme.is_empty()
                    && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
            });
            // Braces are a fact that is not there, which is told already.
            return if scheme || url.contains("{{") { Way::Elsewhere } else { Way::Relative };
        };
        let (path, fragment) = match inside.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (inside, None),
        };
        let path = path.split('?').next().unwrap_or(path);
        if path.contains("{{") {
            return Way::Elsewhere;
        }
        Way::Ours(decoded(path), fragment)
    }

    /// The output that an address leads to, for a reader of a language.
    fn find(&self, path: &str, tag: &str) -> Option<String> {
        let languages = self.plan.languages();
        let index = languages.iter().position(|language| language.tag() == tag).unwrap_or(0);
        let folder = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            format!("{path}/index.html")
        };
        for prefix in [self.plan.prefix(index), String::new()] {
            for candidate in [format!("{prefix}{folder}"), format!("{prefix}{path}")] {
                if self.plan.claims.contains_key(&candidate) || self.redirects.contains(&candidate) {
                    return Some(candidate);
                }
            }
        }
        None
    }

    /// The ids on a page, if they are known here: of pages that show a document's text.
    fn ids(&self, output: &str) -> Option<&BTreeSet<String>> {
        let languages = self.plan.languages().iter().skip(1);
        let prefixes = languages.map(|language| format!("{}/", language.tag()));
        let path = prefixes.into_iter().find_map(|prefix| output.strip_prefix(prefix.as_str())).unwrap_or(output);
        let (slug, rest) = path.split_once('/')?;
        (rest == "index.html" || rest.starts_with("v/")).then(|| self.ids.get(slug))?
    }
}

/// `%20` and its like as the letters that they stand for.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| path.to_string())
}

/// An address on another host, and the first place that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    pub url: String,
    pub path: Arc<str>,
    pub span: Range<usize>,
}

/// Every address on another host that drafts and registers lead to, once.
pub fn external(plan: &Plan, texts: &[Arc<Text>]) -> Vec<External> {
    let addresses = Addresses::new(plan, texts);
    let mut out: BTreeMap<String, External> = BTreeMap::new();
    let mut add = |url: &str, path: &Arc<str>, span: Range<usize>| {
        let there = url.starts_with("https://") || url.starts_with("http://");
        if there && matches!(addresses.way(url), Way::Elsewhere) {
            let bare = url.split('#').next().unwrap_or(url).to_string();
            out.entry(bare.clone()).or_insert(External { url: bare, path: path.clone(), span });
        }
    };
    for text in texts {
        for link in links(&text.parsed.document, &text.source) {
            add(&link.url, &text.path, link.span);
        }
    }
    for register in super::waivers::registers(plan.center, texts) {
        for row in &register.rows {
            for (_, value) in &row.fields {
                if let crate::center::register::Value::Url(url) = value {
                    add(url, &register.path, row.span.clone());
                }
            }
        }
    }
    out.into_values().collect()
}

/// Findings for addresses on other hosts that gave no answer, or the answer that nothing is there.
pub fn answered(links: &[External], answers: &BTreeMap<String, Answer>) -> Vec<Diagnostic> {
    let told = |link: &External| {
        let (message, help) = match answers.get(&link.url)? {
            Answer::There | Answer::TurnedAway(_) => return None,
            Answer::Gone(status) => (
                format!("`{}` answers that nothing is there ({status})", link.url),
                "open it in a browser; if it is gone, write the new address, or take the link out",
            ),
            Answer::Silent(why) => (
                format!("`{}` gives no answer: {why}", link.url),
                "open it in a browser; if it works there, check again later",
            ),
        };
        Some(Diagnostic::new("unreachable-link", message).at(&link.path, link.span.clone()).help(help))
    };
    links.iter().filter_map(told).collect()
}

/// Every link and picture of a text; what comes from a register is left out, because it is the register's.
fn links(document: &Document, source: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let notes = document.footnotes.iter().flat_map(|note| &note.blocks);
    for block in document.blocks.iter().chain(notes) {
        in_block(block, source, &mut out);
    }
    out
}

fn in_block(block: &Block, source: &str, out: &mut Vec<Link>) {
    let span = &block.span;
    match &block.kind {
        BlockKind::Heading(heading) => in_line(&heading.content, span, source, out),
        BlockKind::Paragraph(content) => in_line(content, span, source, out),
        BlockKind::List(list) => {
            list.items.iter().flat_map(|item| &item.blocks).for_each(|block| in_block(block, source, out));
        }
        BlockKind::Table(table) if table.register.is_none() => {
            table.head.iter().for_each(|cell| in_line(cell, span, source, out));
            for row in &table.rows {
                row.cells.iter().for_each(|cell| in_line(cell, &row.span, source, out));
            }
        }
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                in_line(&definition.term, span, source, out);
                definition.details.iter().flatten().for_each(|block| in_block(block, source, out));
            }
        }
        BlockKind::Quote(inner)
        | BlockKind::Summary(inner)
        | BlockKind::Alert { blocks: inner, .. }
        | BlockKind::Element { blocks: inner, .. } => inner.iter().for_each(|block| in_block(block, source, out)),
        BlockKind::Html(html) => {
            for (attribute, picture) in [(" href=\"", false), (" src=\"", true)] {
                for (at, _) in html.match_indices(attribute) {
                    let value = html[at + attribute.len()..].split('"').next().unwrap_or("");
                    out.push(Link { url: value.replace("&amp;", "&"), span: place(value, span, source), picture });
                }
            }
        }
        BlockKind::Table(_) | BlockKind::Code { .. } | BlockKind::Rule => {}
    }
}

fn in_line(content: &[Inline], span: &Range<usize>, source: &str, out: &mut Vec<Link>) {
    for inline in content {
        match inline {
            Inline::Link { url, children, .. } => {
                out.push(Link { url: url.clone(), span: place(url, span, source), picture: false });
                in_line(children, span, source, out);
            }
            Inline::Image { url, .. } => {
                out.push(Link { url: url.clone(), span: place(url, span, source), picture: true });
            }
            Inline::Emphasis(children)
            | Inline::Strong(children)
            | Inline::Strike(children)
            | Inline::Element { children, .. } => in_line(children, span, source, out),
            Inline::Text(_) | Inline::Code(_) | Inline::SoftBreak | Inline::HardBreak | Inline::FootnoteRef { .. } => {}
        }
    }
}

/// The bytes of an address inside a block, or the block.
fn place(url: &str, block: &Range<usize>, source: &str) -> Range<usize> {
    let found = source.get(block.clone()).filter(|_| !url.is_empty()).and_then(|text| text.find(url));
    found.map_or_else(|| block.clone(), |at| block.start + at..block.start + at + url.len())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn percent_signs_stand_for_bytes() {
        assert_eq!(decoded("a%20b/%C3%BC"), "a b/ü");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%ff%é"), "%ff%é");
    }
}
