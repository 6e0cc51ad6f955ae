//! Links and pictures: that what a text leads to is an address of the site, and the section is there.
//!
//! In: texts with their trees, frozen ones too, and the plan, which knows every address. Out: findings at links; the addresses
//! on other hosts. Must not know: the network.

use super::outgoing::{Link, Outgoing};
use super::{Checked, CheckedDraft};
use crate::center::{Center, TextFile, Version};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::memo::GenerationalCache;
use crate::online::Answer;
use crate::plan::{Options, Plan};
use crate::source::Digest;
use crate::text::{CheckedText, Texts};
use crate::theme::Theme;
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Where an address leads.
enum LinkTarget<'u> {
    /// A path below the site's root, without `/`, and a fragment.
    Internal(String, Option<&'u str>),
    /// A section of the text itself.
    SameDocument(&'u str),
    /// Relative to whatever page shows the text.
    Relative,
    External,
}

/// Cache that one check leaves for the next.
#[derive(Default)]
pub struct Memory {
    /// By a draft and the addresses that there are.
    led: GenerationalCache<(Digest, Digest), LinkCheck>,
    /// Every id that a document ever had, by its history.
    ids: GenerationalCache<Digest, BTreeSet<String>>,
}

/// Where the links of a draft lead.
#[derive(Default)]
struct LinkCheck {
    findings: Vec<Diagnostic>,
    /// Sections of other documents, whose drafts may lose them at any time.
    wanted: Vec<Wanted>,
}

struct Wanted {
    slug: String,
    id: String,
    /// As it is written, without the host.
    address: String,
    path: Arc<str>,
    span: Range<usize>,
}

/// Checks the links of drafts for a build, whatever it publishes: a draft may lead to what is itself a draft.
pub fn of_drafts(plan: &Plan, checked: &Checked, theme: &Theme, memory: &Memory, findings: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    drafts(plan, checked, memory, &mut found);
    if !found.is_empty() && !plan.drafts {
        found.clear();
        let options = Options::new(true, theme.asset_paths());
        let whole = Plan::new(plan.center, plan.timeline, options, &Default::default(), &mut Vec::new());
        drafts(&whole, checked, memory, &mut found);
    }
    findings.extend(found);
}

/// Checks the links of drafts and of frozen versions.
pub fn of_everything(plan: &Plan, checked: &Checked, texts: &Texts, findings: &mut Vec<Diagnostic>) {
    let memory = Memory::default();
    drafts(plan, checked, &memory, findings);
    findings.extend(record(&Addresses::new(plan, &checked.drafts, &memory), plan.center, texts));
}

fn drafts(plan: &Plan, checked: &Checked, memory: &Memory, findings: &mut Vec<Diagnostic>) {
    let addresses = Addresses::new(plan, &checked.drafts, memory);
    for draft in &checked.drafts {
        let led = memory.led.get((draft.digest, plan.shape), || {
            let mut led = LinkCheck::default();
            for (text, outgoing) in draft.texts.iter().zip(&draft.links) {
                outgoing.links.iter().for_each(|link| follow(&addresses, text, &outgoing.ids, link, &mut led));
            }
            led
        });
        findings.extend(led.findings.iter().cloned());
        for wanted in led.wanted.iter().filter(|wanted| !addresses.has(&wanted.slug, &wanted.id)) {
            let known = addresses.ids(&wanted.slug);
            findings.push(
                Diagnostic::new("broken-anchor", format!("no section `#{}` at `/{}`", wanted.id, wanted.address))
                    .at(&wanted.path, wanted.span.clone())
                    .help(nearest(&wanted.id, known.iter().map(String::as_str), "#")),
            );
        }
    }
    memory.led.end();
    memory.ids.end();
}

fn follow(addresses: &Addresses, text: &CheckedText, own: &BTreeSet<String>, link: &Link, led: &mut LinkCheck) {
    let (what, target) = if link.picture { ("the image", "file") } else { ("the link", "page") };
    let finding = |code, message: String| Diagnostic::new(code, message).at(&text.path, link.span.clone());
    match addresses.way(&link.url) {
        LinkTarget::External => {}
        LinkTarget::Relative => led.findings.push(
            finding(
                "broken-link",
                format!("{what} `{}` is relative to the page, but a text appears on several pages", link.url),
            )
            .help(format!("write the address from the site's root: `/{}`", link.url.trim_start_matches(['.', '/']))),
        ),
        LinkTarget::SameDocument(id) if id.is_empty() || own.contains(id) => {}
        LinkTarget::SameDocument(id) => {
            led.findings.push(finding("broken-anchor", format!("no section `#{id}` in this text")).help(nearest(
                id,
                own.iter().map(String::as_str),
                "#",
            )))
        }
        LinkTarget::Internal(address, fragment) => match addresses.find(&address, &text.tag) {
            None => {
                // Pages without `index.html`.
                let known = addresses.plan.claims.keys().filter_map(|path| path.strip_suffix("index.html"));
                led.findings.push(
                    finding("broken-link", format!("no {target} at `{}`", link.url))
                        .help(nearest(&address, known, "/")),
                );
            }
            Some(page) => {
                let id = fragment.filter(|id| !id.is_empty());
                if let Some((id, slug)) = id.and_then(|id| Some((id, addresses.document(&page)?))) {
                    let (slug, id) = (slug.to_string(), id.to_string());
                    led.wanted.push(Wanted { slug, id, address, path: text.path.clone(), span: link.span.clone() });
                }
            }
        },
    }
}

fn nearest<'k>(typed: &str, known: impl Iterator<Item = &'k str>, mark: &str) -> String {
    match did_you_mean(typed, known) {
        Some(near) => format!("did you mean `{mark}{near}`?"),
        None if mark == "#" => "use the id of an existing section, from `{#…}` after its heading".to_string(),
        None => {
            "correct the address; a document's address is like `/privacy/`, and files in `static/` keep their paths"
                .to_string()
        }
    }
}

/// Links of frozen versions, which nobody can change.
fn record(addresses: &Addresses, center: &Center, texts: &Texts) -> Vec<Diagnostic> {
    let mut versions = Vec::new();
    for (document, states) in center.documents.iter().zip(&addresses.plan.timeline.documents) {
        versions.extend(states.visible().map(|index| &document.versions[index]));
    }
    versions
        .into_par_iter()
        .flat_map_iter(|version| {
            let mut found = Vec::new();
            for (tag, file) in &version.texts {
                // A frozen file that cannot be read is reported where the record is checked.
                if !needs_reading(center, version, tag, file) {
                    continue;
                }
                let Ok(Some(text)) = texts.version(center, version, tag) else { continue };
                found.extend(text.changed.clone());
                let outgoing = Outgoing::of(&text);
                let found_here =
                    outgoing.links.iter().filter_map(|link| in_record(addresses, &text, &outgoing.ids, link));
                found.extend(found_here);
            }
            found.into_iter()
        })
        .collect()
}

/// True if a frozen text has to be read as Markdown to know that it is published as it was released and leads nowhere inside
/// the site. Most imported texts need not be; when in doubt, one is read.
fn needs_reading(center: &Center, version: &Version, tag: &str, file: &TextFile) -> bool {
    let Ok(source) = center.tree.text(&file.path) else { return false };
    let Some(body) = source.get(file.body..) else { return true };
    let resolves = version.front.numbering || ["{{", ":::", "<!--", "\r"].iter().any(|mark| body.contains(mark));
    let released = version.resolved.get(tag).is_none_or(|released| *released == Digest::of(body.as_bytes()));
    resolves || !released || may_lead_inside(body, &center.settings.base_url.host)
}

/// True if a text may hold a link to a section, or to an address of the site.
fn may_lead_inside(body: &str, host: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    // What begins with a character that only reading can explain is in doubt.
    let inside = |rest: &str| {
        let address = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '<');
        address.starts_with(['/', '#', '&', '\\', '{'])
    };
    let opened = |opener: &str| lower.match_indices(opener).any(|(at, _)| inside(&lower[at + opener.len()..]));
    lower.contains(&host.to_ascii_lowercase())
        || ["href", "src"].iter().any(|attribute| lower.contains(attribute))
        || ["](", "]:"].iter().any(|opener| opened(opener))
}

fn in_record(addresses: &Addresses, text: &CheckedText, own: &BTreeSet<String>, link: &Link) -> Option<Diagnostic> {
    let anchor = |id: &str| {
        Diagnostic::new("broken-anchor-in-record", format!("a frozen text links to `#{id}`, which does not exist"))
            .at(&text.path, link.span.clone())
            .help("leave the frozen text unchanged; fix the link in the draft")
    };
    match addresses.way(&link.url) {
        LinkTarget::External | LinkTarget::Relative => None,
        LinkTarget::SameDocument(id) => (!id.is_empty() && !own.contains(id)).then(|| anchor(id)),
        LinkTarget::Internal(page, fragment) => match addresses.find(&page, &text.tag) {
            None => Some(
                Diagnostic::new(
                    "broken-link-in-record",
                    format!("a frozen text links to `/{page}`, which does not exist"),
                )
                .at(&text.path, link.span.clone())
                .help(format!(
                    "leave the frozen text unchanged; add a redirect to fineprint.toml: [[redirect]] from = \"/{page}\", to = \"/…\""
                )),
            ),
            Some(found) => {
                let id = fragment.filter(|id| !id.is_empty())?;
                (!addresses.has(addresses.document(&found)?, id)).then(|| anchor(id))
            }
        },
    }
}

/// Every address of the site, and the ids of those that are texts.
struct Addresses<'p, 'c> {
    plan: &'p Plan<'c>,
    redirects: BTreeSet<&'p str>,
    /// By the slug of its document.
    drafts: BTreeMap<&'p str, &'p CheckedDraft>,
    memory: &'p Memory,
}

impl<'p, 'c> Addresses<'p, 'c> {
    fn new(plan: &'p Plan<'c>, drafts: &'p [Arc<CheckedDraft>], memory: &'p Memory) -> Self {
        let slug = |draft: &'p Arc<CheckedDraft>| Some((draft.texts.first()?.document.as_str(), &**draft));
        let drafts = drafts.iter().filter_map(slug).collect();
        let redirects = plan.redirects.iter().map(|redirect| redirect.path.as_str()).collect();
        Addresses { plan, redirects, drafts, memory }
    }

    /// True if a document has or had an id.
    fn has(&self, slug: &str, id: &str) -> bool {
        let drafted = self.drafts.get(slug).is_some_and(|draft| draft.links.iter().any(|text| text.ids.contains(id)));
        drafted || self.past_ids(slug).is_some_and(|ids| ids.contains(id))
    }

    /// Every id that a document has or had.
    fn ids(&self, slug: &str) -> BTreeSet<String> {
        let drafted = self.drafts.get(slug).into_iter().flat_map(|draft| &draft.links).flat_map(|text| &text.ids);
        let past = self.past_ids(slug);
        drafted.chain(past.iter().flat_map(|ids| ids.iter())).cloned().collect()
    }

    fn past_ids(&self, slug: &str) -> Option<Arc<BTreeSet<String>>> {
        let document = self.plan.center.document(slug)?;
        Some(self.memory.ids.get(document.history, || {
            let mut ids = BTreeSet::new();
            let mut before: Option<&Arc<[String]>> = None;
            for version in &document.versions {
                // Most versions share their anchors with the one before.
                if !before.is_some_and(|before| Arc::ptr_eq(before, &version.anchors)) {
                    ids.extend(version.anchors.iter().cloned());
                }
                before = Some(&version.anchors);
            }
            ids
        }))
    }

    fn way<'u>(&self, url: &'u str) -> LinkTarget<'u> {
        let base = &self.plan.center.settings.base_url;
        if let Some(id) = url.strip_prefix('#') {
            return LinkTarget::SameDocument(id);
        }
        let inside = if let Some(rest) = url.strip_prefix(&format!("{}{}", base.origin, base.path)) {
            rest
        } else if url.starts_with("//") {
            return LinkTarget::External;
        } else if let Some(rest) = url.strip_prefix('/') {
            rest
        } else {
            // A scheme is letters before the first colon, with nothing of a path before it.
            let scheme = url.split_once(':').is_some_and(|(scheme, _)| {
                !scheme.is_empty()
                    && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
            });
            // Braces are a fact that is not there, which is told already.
            return if scheme || url.contains("{{") { LinkTarget::External } else { LinkTarget::Relative };
        };
        let (path, fragment) = match inside.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (inside, None),
        };
        let path = path.split('?').next().unwrap_or(path);
        if path.contains("{{") {
            return LinkTarget::External;
        }
        LinkTarget::Internal(decoded(path).into_owned(), fragment)
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
                if self.plan.claims.contains_key(&candidate) || self.redirects.contains(candidate.as_str()) {
                    return Some(candidate);
                }
            }
        }
        None
    }

    /// The document whose text a page shows; none for pages that show none.
    fn document<'o>(&self, output: &'o str) -> Option<&'o str> {
        let languages = self.plan.languages().iter().skip(1);
        let below = languages.filter_map(|language| output.strip_prefix(language.tag())?.strip_prefix('/')).next();
        let (slug, rest) = below.unwrap_or(output).split_once('/')?;
        ((rest == "index.html" || rest.starts_with("v/")) && self.plan.center.document(slug).is_some()).then_some(slug)
    }
}

/// `%20` and its like as the letters that they stand for.
fn decoded(path: &str) -> Cow<'_, str> {
    percent_decode_str(path).decode_utf8().unwrap_or(Cow::Borrowed(path))
}

/// An address on another host, and the first place that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    pub url: String,
    pub path: Arc<str>,
    pub span: Range<usize>,
}

/// Every address on another host that drafts and registers lead to, once.
pub fn external(plan: &Plan, checked: &Checked) -> Vec<External> {
    let memory = Memory::default();
    let addresses = Addresses::new(plan, &checked.drafts, &memory);
    let mut out: BTreeMap<String, External> = BTreeMap::new();
    let mut add = |url: &str, path: &Arc<str>, span: Range<usize>| {
        let there = url.starts_with("https://") || url.starts_with("http://");
        if there && matches!(addresses.way(url), LinkTarget::External) {
            let bare = url.split('#').next().unwrap_or(url).to_string();
            out.entry(bare.clone()).or_insert(External { url: bare, path: path.clone(), span });
        }
    };
    for draft in &checked.drafts {
        for (text, outgoing) in draft.texts.iter().zip(&draft.links) {
            outgoing.links.iter().for_each(|link| add(&link.url, &text.path, link.span.clone()));
        }
    }
    for register in super::suppressions::registers(plan.center, &checked.texts()) {
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
                format!("`{}` does not exist ({status})", link.url),
                "open it in a browser; if it is gone, use the new address or remove the link",
            ),
            Answer::Silent(why) => (
                format!("`{}` does not answer: {why}", link.url),
                "open it in a browser; if it works there, check again later",
            ),
        };
        Some(Diagnostic::new("unreachable-link", message).at(&link.path, link.span.clone()).help(help))
    };
    links.iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::{decoded, may_lead_inside};

    #[test]
    fn a_text_that_may_lead_inside_is_read() {
        let host = "privacy.acme.example";
        for inside in [
            "[a](/terms/)",
            "[a]( </terms/>)",
            "[a](#data)",
            "[a]: /terms/",
            "[a](&#47;terms/)",
            "[a](\\/terms/)",
            "<A HREF=/terms/>a</A>",
            "<https://Privacy.acme.example/terms/>",
        ] {
            assert!(may_lead_inside(inside, host), "{inside}");
        }
        assert!(!may_lead_inside("[a](https://other.example/#b), 1/2 [b] (c)", host));
    }

    #[test]
    fn percent_signs_stand_for_bytes() {
        assert_eq!(decoded("a%20b/%C3%BC"), "a b/ü");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%ff%é"), "%ff%é");
    }
}
