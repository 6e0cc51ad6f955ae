//! A request → its answer.
//!
//! In: a session and a request. Out: what the site's host would answer, with the bar's script put into pages; or one of the
//! server's own addresses below `/-/fineprint/`. Must not know: sockets, threads.

use super::hosting::{ResolvedAddress, allowing, media_type};
use super::http::{Body, Piece, Request, Response, is_our_host};
use super::session::{Generation, Session};
use super::view::{Output, View};
use super::{events, preview_pages, state};
use crate::error::{Error, Result};
use crate::plan::TaskKind;
use crate::source::Digest;
use jiff::civil::Date;
use percent_encoding::percent_decode_str;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// The server's own addresses. No document can have such a name.
pub const RESERVED: &str = "/-/fineprint/";
/// How often a page is made again when a file changed under its hands, and how long a newer generation is waited for.
const TRIES: usize = 4;
const NEWER: Duration = Duration::from_millis(500);

pub fn answer(session: &Arc<Session>, request: &Request) -> Response {
    let host = request.header("host").unwrap_or("");
    if !is_our_host(host) {
        let text = "This preview answers only to the addresses of this machine, such as http://localhost/, not to the name \
                    a page elsewhere could read drafts through one.\n";
        return Response::text(421, text);
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Response::text(405, "The preview supports GET and HEAD only.\n").with("Allow", "GET, HEAD");
    }
    let Some(path) = decoded(request.path()) else { return Response::text(400, "Not an address of the preview.\n") };
    let answered = catch_unwind(AssertUnwindSafe(|| match path.strip_prefix(RESERVED) {
        Some(rest) => own_address(session, request, rest),
        None => site(session, request, &path),
    }));
    answered.unwrap_or_else(|_| Response::text(500, "fineprint failed while it made this page; please report this.\n"))
}

/// A path as text; none when it cannot be one of a site.
pub fn decoded(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    let whole = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if !path.split('%').skip(1).all(whole) {
        return None;
    }
    let text = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let odd = text.contains(['\0', '\\']) || text.split('/').any(|part| part == ".." || part == ".");
    (!odd).then_some(text)
}

fn own_address(session: &Arc<Session>, request: &Request, rest: &str) -> Response {
    // Another site's page has no business here.
    if request.header("sec-fetch-site") == Some("cross-site") || request.is_for_another_origin() {
        return Response::text(403, "Only the pages of this preview may request this.\n");
    }
    let answer = match rest {
        "events" => events::stream(session),
        "state" => {
            let page = parameter(request.query(), "page").unwrap_or_default();
            let resources: Vec<String> = parameters(request.query(), "file").collect();
            let json = state::state(session, &page, &resources);
            let bytes = serde_json::to_vec(&json).unwrap_or_default();
            Response { status: 200, headers: Vec::new(), body: Body::Bytes(bytes) }
                .with("Content-Type", "application/json")
        }
        "day.js" => preview_pages::script(&preview_pages::day_script(request.query())),
        "bar.js" => preview_pages::script(&preview_pages::bar_script()),
        "page.css" => Response { status: 200, headers: Vec::new(), body: Body::Bytes(preview_pages::STYLE.into()) }
            .with("Content-Type", "text/css; charset=utf-8"),
        _ => Response::text(404, "Not found.\n"),
    };
    answer
        .with("Cache-Control", "no-store")
        .with("X-Content-Type-Options", "nosniff")
        .with("Cross-Origin-Resource-Policy", "same-origin")
}

/// Which of the possible sites a tab looks at, by its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub day: Option<Date>,
    pub drafts: bool,
}

impl Asked {
    /// The site as anybody sees it today.
    const PUBLISHED: Asked = Asked { day: None, drafts: false };

    pub fn of(query: &str) -> Asked {
        Asked {
            day: parameter(query, "fp-day").and_then(|day| crate::center::parse_date(&day)),
            drafts: parameter(query, "fp-drafts").as_deref() != Some("off"),
        }
    }
}

fn parameters<'q>(query: &'q str, name: &'q str) -> impl Iterator<Item = String> + use<'q> {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(move |(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub fn parameter(query: &str, name: &str) -> Option<String> {
    parameters(query, name).next()
}

/// Answer to a path of the site in one generation.
pub enum Reached {
    Output {
        status: u16,
        path: String,
        output: Arc<Output>,
        view: Arc<View>,
    },
    Redirect {
        status: u16,
        location: String,
    },
    /// No such address, nor a page that says so.
    Nothing,
    /// There never was a site to show.
    NoSite,
}

/// Where an address leads. A page whose source changes while it is made is made again from the next generation.
pub fn reach(session: &Session, path: &str, asked: Asked) -> (Arc<Generation>, Result<Reached>) {
    let mut generation = session.current();
    let mut reached = reach_in(&generation, path, asked);
    for _ in 1..TRIES {
        if !reached.as_ref().is_err_and(Error::is_change) {
            break;
        }
        session.look();
        let newer = session.other_than(generation.number, NEWER);
        if newer.number == generation.number {
            break;
        }
        generation = newer;
        reached = reach_in(&generation, path, asked);
    }
    (generation, reached)
}

fn reach_in(generation: &Generation, path: &str, asked: Asked) -> Result<Reached> {
    let Some(views) = &generation.views else { return Ok(Reached::NoSite) };
    let view = views.on(asked.day.unwrap_or(views.today), asked.drafts)?;
    match view.host.find(path, |output| view.plan().claims.contains_key(output)) {
        ResolvedAddress::Redirect { status, location } => Ok(Reached::Redirect { status, location }),
        ResolvedAddress::Nothing => Ok(Reached::Nothing),
        ResolvedAddress::Output { status, path } => Ok(match view.output(&path)? {
            Some(output) => Reached::Output { status, path, output, view },
            None => Reached::Nothing,
        }),
    }
}

fn site(session: &Session, request: &Request, path: &str) -> Response {
    // What anybody may read of a published site, a page elsewhere may read here: no draft, no other day.
    let asked = if request.is_for_another_origin() { Asked::PUBLISHED } else { Asked::of(request.query()) };
    let (generation, reached) = reach(session, path, asked);
    let host = request.header("host").unwrap_or("localhost");
    match reached {
        Ok(Reached::Output { status, path: name, output, view }) => {
            let mut headers = view.host.headers(path);
            let fingerprinted = view
                .plan()
                .claims
                .get(&name)
                .is_some_and(|task| matches!(view.plan().tasks[*task].kind, TaskKind::Asset(_)));
            // The page that says what is missing is no feed, whatever was asked for.
            set(&mut headers, "Content-Type", media_type(&name), status != 200);
            if !fingerprinted {
                // A host lets browsers keep some answers for a while; whoever edits wants each as it is now.
                set(&mut headers, "Cache-Control", "no-cache", true);
            }
            if let Some((_, policy)) =
                headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"))
            {
                *policy = allowing(policy, &format!("http://{host}{RESERVED}"));
            }
            let pieces = match name.ends_with(".html") {
                true => with_bar(session, &generation, &view, asked, status, output),
                false => {
                    let all = 0..output.bytes.len();
                    vec![Piece::Shared(output, all)]
                }
            };
            let tag = tag(&pieces);
            headers.push(("ETag".into(), tag.clone()));
            let known = request.header("if-none-match").is_some_and(|tags| {
                tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
            });
            if known && status == 200 {
                return Response { status: 304, headers, body: Body::Bytes(Vec::new()) };
            }
            Response { status, headers, body: Body::Pieces(pieces) }
        }
        Ok(Reached::Redirect { status, location }) => {
            let location = match (request.query(), location.starts_with('/')) {
                ("", _) | (_, false) => location,
                (query, true) => {
                    // What the tab looks at goes with it.
                    let (address, section) = location.split_once('#').unwrap_or((&location, ""));
                    let section = if section.is_empty() { String::new() } else { format!("#{section}") };
                    format!("{address}?{query}{section}")
                }
            };
            // A browser would remember a permanent one for ever, and another site may be served here tomorrow.
            Response::text(status, "").with("Location", location).with("Cache-Control", "no-store")
        }
        Ok(Reached::Nothing) => preview_pages::page(session, &generation, &preview_pages::NOTHING),
        Ok(Reached::NoSite) => preview_pages::page(session, &generation, &preview_pages::NO_SITE),
        Err(error) => preview_pages::page(session, &generation, &preview_pages::failed(&generation, &error)),
    }
}

fn set(headers: &mut Vec<(String, String)>, name: &str, value: &str, always: bool) {
    match headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, known)) if always => *known = value.to_string(),
        Some(_) => {}
        None => headers.push((name.to_string(), value.to_string())),
    }
}

/// The page's bytes, and the preview's scripts between them: each is an element with the attribute
/// `data-fineprint-preview`. Without these the answer is the page, byte for byte.
fn with_bar(
    session: &Session,
    generation: &Generation,
    view: &View,
    asked: Asked,
    status: u16,
    output: Arc<Output>,
) -> Vec<Piece> {
    let text = &output.bytes;
    let end = last(text, b"</body>").unwrap_or(text.len());
    let bar = preview_pages::bar_tag(session, generation, status, output.digest, output.frame);
    let today = generation.views.as_ref().map(|views| views.today);
    let clock = asked.day.filter(|day| Some(*day) != today).and_then(|day| preview_pages::clock_tag(view, day));
    let mut pieces = Vec::with_capacity(5);
    let mut from = 0;
    if let (Some(clock), Some(end)) = (clock, head(text)) {
        from = end;
        pieces.push(Piece::Shared(output.clone(), 0..from));
        pieces.push(Piece::Owned(clock.into_bytes()));
    }
    let all = text.len();
    pieces.push(Piece::Shared(output.clone(), from..end.max(from)));
    pieces.push(Piece::Owned(bar.into_bytes()));
    pieces.push(Piece::Shared(output, end.max(from)..all));
    pieces
}

/// Where the start tag of the page's head ends.
fn head(text: &[u8]) -> Option<usize> {
    let is_start =
        |window: &[u8]| window.starts_with(b"<head") && matches!(window[5], b'>' | b' ' | b'\t' | b'\n' | b'\r');
    let start = text.windows(6).position(is_start)?;
    text[start..].iter().position(|byte| *byte == b'>').map(|end| start + end + 1)
}

fn last(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).rposition(|window| window == what)
}

/// Entity tag of a response: the page's digest and the digest of what was inserted.
fn tag(pieces: &[Piece]) -> String {
    let mut hasher = crate::source::Hasher::default();
    for piece in pieces {
        match piece {
            Piece::Owned(bytes) => drop(hasher.part(bytes)),
            Piece::Shared(output, range) if range.start == 0 => drop(hasher.digest(&output.digest)),
            Piece::Shared(..) => {}
        }
    }
    format!("\"{}\"", short(hasher.finish()))
}

/// Enough of a digest to tell two apart.
pub fn short(digest: Digest) -> String {
    digest.hex()[..20].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_leave_the_site_are_none() {
        for odd in [
            "x",
            "",
            "/..",
            "/a/../b",
            "/%2e%2e/x",
            "/a%00",
            "/a\\b",
            "/%5c",
            "/%",
            "/%zz",
            "/%ff",
            "http://evil/",
            "/./a",
        ] {
            assert_eq!(decoded(odd), None, "{odd}");
        }
        assert_eq!(decoded("/privac%79/%C3%A9").as_deref(), Some("/privacy/é"));
        assert_eq!(decoded("/a..b/").as_deref(), Some("/a..b/"));
    }

    #[test]
    fn a_tab_says_what_it_looks_at() {
        let asked = Asked::of("a=b&fp-day=2026-12-02&fp-drafts=off");
        assert_eq!(asked, Asked { day: Some(jiff::civil::date(2026, 12, 2)), drafts: false });
        assert_eq!(Asked::of("fp-day=soon"), Asked { day: None, drafts: true });
    }
}
