//! The preview over a real socket: it waits on the event stream, never a while.

use crate::harness::{Files, fineprint, found, repository, stderr, write_site};
use fineprint::source::SourceTree;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than anything takes on a slow machine; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);
const TODAY: Date = date(2026, 11, 21);

const SITE: &str = "
-- content/privacy/policy.md --
+++
title = \"Privacy policy\"
+++

## Data {#data}

We keep {{ retention.account.keep }}.

:::register processors
:::
-- content/privacy/retention.toml --
[[row]]
id = \"account\"
data = \"Account data\"
keep = \"90 days\"
-- content/processors.toml --
page = true
[[row]]
id = \"host\"
name = \"Hostery\"
purpose = \"Hosting\"
data = [\"Everything\"]
location = [\"DE\"]
-- static/robots-note.txt --
Hello.
-- static/brand/brand.css --
body { color: teal }
";

struct Server {
    child: Child,
    port: u16,
    said: BufReader<std::process::ChildStderr>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    #[expect(clippy::zombie_processes, reason = "the end of a test waits for it")]
    fn start(site: &Path, arguments: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fineprint"))
            .current_dir(site)
            .args(["serve", "--port", "0"])
            .args(arguments)
            .env_remove("SOURCE_DATE_EPOCH")
            .stderr(Stdio::piped())
            .spawn()
            .expect("start the server");
        let mut said = BufReader::new(child.stderr.take().expect("it was piped"));
        let mut heard = String::new();
        loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).expect("read what it says") > 0, "it ended: {heard}");
            heard.push_str(&line);
            if let Some(rest) = line.split("http://127.0.0.1:").nth(1) {
                let port = rest.split('/').next().and_then(|port| port.parse().ok()).expect("a port");
                return Server { child, port, said };
            }
        }
    }

    fn on(site: &Path) -> Server {
        Server::start(site, &["--as-of", "2026-11-21"])
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connect");
        stream.set_read_timeout(Some(PATIENCE)).expect("set a timeout");
        stream
    }

    fn raw(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("send");
        Answer::read(&mut BufReader::new(stream), request.starts_with("HEAD"))
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let port = self.port;
        self.raw(&format!("{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{headers}\r\n"))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    fn events(&self) -> Events {
        let mut stream = self.connect();
        let port = self.port;
        let request = format!("GET /-/fineprint/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("send");
        Events { lines: BufReader::new(stream) }
    }

    fn state(&self, page: &str) -> serde_json::Value {
        let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
        serde_json::from_slice(&self.get(&format!("/-/fineprint/state?page={page}")).body).expect("JSON")
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn read(stream: &mut impl BufRead, is_head: bool) -> Answer {
        let mut line = String::new();
        stream.read_line(&mut line).expect("a status line");
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).expect("a header");
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_string());
        }
        let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; if is_head { 0 } else { length }];
        stream.read_exact(&mut body).expect("a body");
        Answer { status, headers, body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The page without what the preview put into it.
    fn page(&self) -> Vec<u8> {
        let text = String::from_utf8(self.body.clone()).expect("a page is text");
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("<script data-fineprint-preview ") {
            out.push_str(before);
            rest = after.split_once("></script>").expect("the element ends").1;
        }
        out.push_str(rest);
        out.into_bytes()
    }
}

struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    /// The number of the next generation.
    fn next(&mut self) -> u64 {
        let start = Instant::now();
        loop {
            // A silent stream says that it is there, again and again.
            assert!(start.elapsed() < PATIENCE, "no event came");
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).expect("an event") > 0, "the stream ended");
            if let Some(data) = line.strip_prefix("data: ") {
                let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
                return data["generation"].as_u64().expect("a number");
            }
        }
    }

    /// Waits for events until something holds.
    fn until(&mut self, what: &str, mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < PATIENCE, "{what}");
            self.next();
        }
    }
}

fn fresh(site: &Path, day: Date, drafts: bool) -> Option<Files> {
    let mut findings = Vec::new();
    let tree = SourceTree::scan(site, &mut findings).expect("read the site");
    fineprint::compiler::Compiler::default().artifacts(tree, day, drafts, &mut findings).expect("build the site")
}

/// The first path at which what is served differs from a fresh build; `gone` are paths that were there once.
fn difference(server: &Server, site: &Path, gone: &mut BTreeSet<String>) -> Option<String> {
    let files = fresh(site, TODAY, true)?;
    gone.extend(files.keys().cloned());
    for path in gone.iter().filter(|path| !path.starts_with('_')) {
        let answer = server.get(&format!("/{path}"));
        let served = if path.ends_with(".html") { answer.page() } else { answer.body.clone() };
        match files.get(path) {
            Some(bytes) if answer.status == 200 && served == *bytes => {}
            None if answer.status == 404 => {}
            // An address that is gone may have become an old one that leads elsewhere.
            None if answer.status == 301 => {}
            _ => return Some(format!("{path}: {}", answer.status)),
        }
    }
    None
}

/// What the bar lists otherwise than a fresh reading of the site finds.
fn otherwise_found(server: &Server, site: &Path) -> Option<String> {
    let mut findings = Vec::new();
    let tree = SourceTree::scan(site, &mut findings).expect("read the site");
    findings.extend(found(tree, TODAY, &fineprint::compiler::Compiler::default()));
    let told = server.state("/");
    let told = told["findings"].as_array().expect("a list").iter();
    let told: BTreeSet<String> = told.map(|finding| format!("{} {}", finding["code"], finding["message"])).collect();
    let fresh = findings.iter().map(|finding| format!("{:?} {}", finding.code, serde_json::json!(finding.message)));
    let fresh: BTreeSet<String> = fresh.collect();
    told.symmetric_difference(&fresh).next().cloned()
}

fn small_site() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    write_site(site.path(), SITE);
    site
}

fn sample() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    for part in ["content", "static", "fineprint.toml"] {
        copy(&repository().join(part), &site.path().join(part));
    }
    site
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("create a folder");
        for entry in std::fs::read_dir(from).expect("read a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).expect("copy a file");
    }
}

#[test]
fn what_is_served_is_what_is_built() {
    let site = sample();
    let server = Server::on(site.path());
    for (day, drafts) in [("2026-11-21", true), ("2026-11-21", false), ("2026-12-02", true), ("2026-11-15", false)] {
        let files = fresh(site.path(), day.parse().unwrap(), drafts).expect("the sample builds");
        let query = format!("?fp-day={day}{}", if drafts { "" } else { "&fp-drafts=off" });
        for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with('_')) {
            let answer = server.get(&format!("/{path}{query}"));
            if answer.status == 301 {
                // The page at an old address is for hosts that know no redirects.
                assert!(String::from_utf8_lossy(&files["_redirects"]).contains(&format!("/{path} ")), "{path}");
                continue;
            }
            assert_eq!(answer.status, 200, "{path}{query}");
            let served = if path.ends_with(".html") { answer.page() } else { answer.body };
            assert!(served == *bytes, "{path}{query} differs");
        }
    }
}

#[test]
fn http_as_a_host_speaks_it() {
    let site = sample();
    let server = Server::on(site.path());
    let page = server.get("/privacy/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' http://localhost:"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let head = server.ask("HEAD", "/privacy/", "");
    assert_eq!((head.status, head.header("content-length")), (200, page.header("content-length")));
    let tag = page.header("etag").to_string();
    let same = server.ask("GET", "/privacy/", &format!("If-None-Match: \"x\", W/{tag}\r\n"));
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert_eq!(server.ask("GET", "/privacy/", "If-None-Match: \"x\"\r\n").status, 200);
    assert_eq!(server.get("/privacy").header("location"), "/privacy/");
    assert_eq!(server.get("/privacy?fp-day=2026-12-02").header("location"), "/privacy/?fp-day=2026-12-02");
    let old = server.get("/legal/privacy.html");
    assert_eq!((old.status, old.header("location")), (301, "/privacy/"));
    assert_eq!(old.header("cache-control"), "no-store");
    let missing = server.get("/es/nothing/");
    assert_eq!(missing.status, 404);
    assert!(String::from_utf8_lossy(&missing.body).contains("lang=\"es\""));
    assert_eq!(server.get("/_headers").status, 404);
    assert_eq!(server.get("/api/v1/notices.json").header("access-control-allow-origin"), "*");
    assert_eq!(server.get("/api/v1/notices.json").header("cache-control"), "no-cache");
    assert_eq!(server.get("/feed.xml").header("content-type"), "application/atom+xml; charset=utf-8");
    let post = server.ask("POST", "/privacy/", "Content-Length: 3\r\n");
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
}

#[test]
fn no_request_leaves_the_site_or_comes_from_another() {
    let site = small_site();
    let server = Server::on(site.path());
    for path in
        ["/../fineprint.toml", "/%2e%2e/fineprint.toml", "/static/../../etc/passwd", "/a%00b", "/..%5cx", "/%zz"]
    {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
    for path in ["/fineprint.toml", "/content/privacy/policy.md", "//etc/passwd", "/-/fineprint/../x"] {
        let status = server.get(path).status;
        assert!(status == 404 || status == 400, "{path}: {status}");
    }
    for host in ["evil.example", "evil.example:4000", "localhost.evil.example"] {
        let answer = server.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert_eq!(answer.status, 421, "{host}");
    }
    assert_eq!(server.raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").status, 421);
    let whole = |host: &str| server.raw(&format!("GET http://{host}/ HTTP/1.1\r\nHost: localhost\r\n\r\n")).status;
    assert_eq!((whole("evil.example"), whole("localhost:1")), (421, 200));
    assert_eq!(server.raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n").status, 400);
    assert_eq!(server.raw("GET / HTTP/1.1\r\nHost: [::1]; script-src *\r\n\r\n").status, 421);
    assert_eq!(server.raw("nonsense\r\n\r\n").status, 400);
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    let mut stream = server.connect();
    // It may be refused before all of it was sent.
    let _ = stream.write_all(long.as_bytes());
    let mut status = [0; 12];
    if stream.read_exact(&mut status).is_ok() {
        assert_eq!(&status, b"HTTP/1.1 431");
    }
    assert_eq!(server.ask("GET", "/-/fineprint/state", "Sec-Fetch-Site: cross-site\r\n").status, 403);
}

#[test]
fn slow_and_stuck_clients_stop_nobody() {
    let site = small_site();
    let server = Server::on(site.path());
    // Begun requests that never end, listeners, and clients that take nothing of what they asked for.
    let mut held: Vec<TcpStream> = Vec::new();
    for index in 0..200 {
        let mut stream = server.connect();
        let request = match index % 4 {
            0 => "GET / HT".to_string(),
            1 => "GET /-/fineprint/events HTTP/1.1\r\nHost: localhost\r\n\r\n".to_string(),
            2 => "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2_000),
            _ => String::new(),
        };
        // The server may not take all of it while nobody takes its answers.
        stream.set_write_timeout(Some(Duration::from_millis(20))).expect("set a timeout");
        let _ = stream.write_all(request.as_bytes());
        held.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(server.get("/privacy/").status, 200);
    }
    // And requests one after the other on each of two hundred connections.
    let mut open: Vec<TcpStream> = (0..200).map(|_| server.connect()).collect();
    for _ in 0..3 {
        for stream in &mut open {
            stream.write_all(b"GET /privacy/ HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("send");
        }
        for stream in &mut open {
            assert_eq!(Answer::read(&mut BufReader::new(&mut *stream), false).status, 200);
        }
    }
    drop(held);
}

#[test]
fn several_requests_in_one_packet_are_answered_in_order() {
    let site = small_site();
    let server = Server::on(site.path());
    let mut stream = server.connect();
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let all = request("/privacy/") + &request("/nothing/") + &request("/robots-note.txt");
    let (first, second) = all.split_at(all.len() / 2 + 3);
    stream.write_all(first.as_bytes()).expect("send");
    stream.write_all(second.as_bytes()).expect("send");
    let mut reader = BufReader::new(stream);
    let statuses: Vec<u16> = (0..3).map(|_| Answer::read(&mut reader, false).status).collect();
    assert_eq!(statuses, [200, 404, 200]);
}

#[test]
fn a_broken_site_starts_says_why_and_recovers() {
    let site = tempfile::tempdir().unwrap();
    let server = Server::on(site.path());
    let mut events = server.events();
    events.next();
    // Nothing is there at all.
    let state = server.state("/");
    assert_eq!(state["findings"][0]["code"], "missing-settings");
    let page = server.get("/privacy/");
    assert_eq!(page.status, 503);
    assert!(String::from_utf8_lossy(&page.body).contains("<code>fineprint.toml</code> is missing"));
    write_site(site.path(), SITE);
    events.until("the site appears", || server.get("/privacy/").status == 200);
    events.until("and is as built", || difference(&server, site.path(), &mut BTreeSet::new()).is_none());
    // Settings that cannot be read keep the last good pages.
    let settings = std::fs::read_to_string(site.path().join("fineprint.toml")).unwrap();
    std::fs::write(site.path().join("fineprint.toml"), "base_url = \"https://").unwrap();
    events.until("it says what is wrong", || server.state("/privacy/")["behind"] == true);
    assert_eq!(server.get("/privacy/").status, 200);
    assert_eq!(server.state("/")["findings"][0]["file"], "fineprint.toml");
    std::fs::remove_file(site.path().join("fineprint.toml")).unwrap();
    events.until("missing is another finding", || server.state("/")["findings"][0]["code"] == "missing-settings");
    assert_eq!((server.get("/privacy/").status, &server.state("/")["behind"]), (200, &true.into()));
    // What follows from a cause is not told beside it.
    std::fs::write(site.path().join("fineprint.toml"), settings.replace("timezone =", "timezone")).unwrap();
    events.until("a line cannot be parsed", || server.state("/")["findings"][0]["code"] == "invalid-toml");
    assert_eq!(server.state("/")["findings"].as_array().map(Vec::len), Some(1));
    // Nor is a half of them a site.
    std::fs::write(site.path().join("fineprint.toml"), settings.replace("timezone", "timezonee")).unwrap();
    events.until("a key is unknown", || server.state("/")["findings"].to_string().contains("unknown-key"));
    assert_eq!((server.get("/privacy/").status, &server.state("/")["behind"]), (200, &true.into()));
    std::fs::write(site.path().join("fineprint.toml"), settings).unwrap();
    events.until("it recovers", || server.state("/")["behind"] == false);
    // A whole folder goes and comes back.
    std::fs::rename(site.path().join("content"), site.path().join("elsewhere")).unwrap();
    events.until("it is gone", || server.get("/privacy/").status == 404);
    std::fs::rename(site.path().join("elsewhere"), site.path().join("content")).unwrap();
    events.until("it is back", || server.get("/privacy/").status == 200);
    // A theme that cannot be read, and one that fails on a page only.
    let templates = site.path().join("themes/default/templates");
    std::fs::create_dir_all(&templates).unwrap();
    std::fs::write(templates.join("404.html"), "{% if %}").unwrap();
    events.until("the theme is wrong", || server.state("/")["behind"] == true);
    std::fs::remove_file(templates.join("404.html")).unwrap();
    events.until("the theme is right again", || server.state("/")["behind"] == false);
    std::fs::write(templates.join("404.html"), "{{ nothing.of.the.kind.is_known }}").unwrap();
    events.until("a page would fail", || server.state("/")["behind"] == true);
    let message = server.state("/")["findings"][0]["message"].to_string();
    assert!(message.contains("404.html"), "{message}");
    assert_eq!(
        (server.get("/privacy/").status, server.get("/nothing/").status),
        (200, 404),
        "the last good pages stay"
    );
    std::fs::remove_dir_all(site.path().join("themes")).unwrap();
    events.until("the theme is the default again", || server.get("/nothing/").status == 404);
    events.until("and is as built", || difference(&server, site.path(), &mut BTreeSet::new()).is_none());
}

#[test]
fn an_error_in_a_draft_shows_the_draft_and_the_finding_at_its_place() {
    let site = small_site();
    let server = Server::on(site.path());
    let mut events = server.events();
    let path = site.path().join("content/privacy/policy.md");
    let text = std::fs::read_to_string(&path).unwrap() + "\n## New {#new}\n\nSee {{ retention.acount.keep }}.\n";
    std::fs::write(&path, text).unwrap();
    events.until("the draft is shown", || {
        String::from_utf8_lossy(&server.get("/privacy/draft/").body).contains("id=\"new\"")
    });
    let state = server.state("/privacy/draft/");
    let finding = &state["findings"][0];
    assert_eq!(finding["code"], "unknown-fact");
    assert_eq!(finding["file"], "content/privacy/policy.md");
    assert_eq!(finding["href"], "/privacy/draft/#new");
    assert_eq!(finding["line"], 14, "{finding}");
    assert!(finding["excerpt"].as_array().unwrap().iter().any(|line| !line["mark"].is_null()));
    assert_eq!(state["behind"], false);
}

#[test]
fn what_is_suppressed_is_told_with_its_reason_and_counts_as_nothing() {
    let site = small_site();
    let suppression = "<!-- fineprint-suppress empty-section reason=\"counsel writes it\" until=2027-01-01 -->";
    let text = format!("+++\ntitle = \"Terms\"\n+++\n\nSome words.\n\n{suppression}\n## Later {{#later}}\n");
    std::fs::create_dir_all(site.path().join("content/terms")).unwrap();
    std::fs::write(site.path().join("content/terms/policy.md"), text).unwrap();
    let server = Server::on(site.path());
    let state = server.state("/terms/draft/");
    let findings = state["findings"].as_array().unwrap();
    let suppressed = findings.iter().find(|finding| finding["code"] == "empty-section").expect("it is told");
    assert_eq!((&suppressed["severity"], &state["errors"]), (&"info".into(), &0.into()), "{state}");
    assert_eq!(suppressed["help"][0], "suppressed until 2027-01-01: counsel writes it");
}

/// Addresses that look like forms have their own state, or a page would reload for ever.
#[test]
fn a_page_is_known_by_its_whole_address() {
    let site = small_site();
    for name in ["x=y.html", "a&b.html", "ä+ö.html"] {
        std::fs::write(site.path().join("static").join(name), "<!doctype html><title>t</title><p>hi").unwrap();
    }
    let server = Server::on(site.path());
    for path in ["/x=y.html", "/a&b.html", "/%C3%A4+%C3%B6.html", "/=", "/&x"] {
        let page = String::from_utf8(server.get(path).body).unwrap();
        let digest = page.split("data-digest=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the bar's");
        assert_eq!(server.state(path)["page"]["digest"], digest, "{path}");
    }
}

/// A page elsewhere reads what anybody may read of a published site, and no draft.
#[test]
fn scripts_of_other_sites_see_no_draft() {
    let site = small_site();
    let row = "[[row]]\nid = \"secret\"\nname = \"Secretary\"\npurpose = \"Post\"\ndata = [\"Letters\"]\nlocation = [\"DE\"]\n";
    let path = site.path().join("content/processors.toml");
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap() + row).unwrap();
    let server = Server::on(site.path());
    let read = |headers: &str| String::from_utf8(server.ask("GET", "/privacy/draft/", headers).body).unwrap();
    assert!(read("").contains("draft"));
    assert_eq!(
        server.ask("GET", "/privacy/draft/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n").status,
        404
    );
    // A link from a mail or a ticket leads to it.
    assert_eq!(
        server.ask("GET", "/privacy/draft/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n").status,
        200
    );
    let register = |headers: &str| {
        String::from_utf8(server.ask("GET", "/api/v1/registers/processors.json", headers).body).unwrap()
    };
    assert!(register("").contains("Secretary"));
    assert!(!register("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n").contains("Secretary"));
}

/// Nobody has to come by the file or the page first, and what was mended is told no more.
#[test]
fn faults_of_a_theme_show_at_once_and_no_longer_than_they_last() {
    let site = small_site();
    let server = Server::on(site.path());
    let mut events = server.events();
    let theme = site.path().join("themes/default");
    let has = |code: &str| server.state("/api/v1/index.json")["findings"].to_string().contains(code);
    std::fs::create_dir_all(theme.join("assets")).unwrap();
    std::fs::write(theme.join("assets/custom.css"), "body { background: url(https://elsewhere.example/a.png) }")
        .unwrap();
    events.until("the file of another host is told", || has("third-party-resource"));
    std::fs::write(theme.join("assets/custom.css"), "body { background: teal }").unwrap();
    events.until("and told no more", || !has("third-party-resource"));
    // A template that stumbles over a text is well again when the text is.
    let path = site.path().join("content/privacy/policy.md");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("Privacy policy", "Stone")).unwrap();
    events.until("the text is there", || server.get("/privacy/draft/").page().windows(5).any(|part| part == b"Stone"));
    let partials = repository().join("themes/default/templates/partials/record.html");
    let record = std::fs::read_to_string(partials).unwrap();
    std::fs::create_dir_all(theme.join("templates/partials")).unwrap();
    let stumbles = "{% if \"Stone\" in page.title %}{{ nothing.of.the.kind }}{% endif %}";
    std::fs::write(theme.join("templates/partials/record.html"), format!("{stumbles}{record}")).unwrap();
    events.until("a page fails", || has("invalid-theme"));
    std::fs::write(&path, &text).unwrap();
    events.until("it is well again", || !has("invalid-theme"));
    events.until("and as built", || difference(&server, site.path(), &mut BTreeSet::new()).is_none());
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_files_holds_up_nobody() {
    let site = small_site();
    let pipe = site.path().join("static/pipe");
    let server = Server::on(site.path());
    let mut events = server.events();
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("make a pipe").success());
    events.until("it is told", || server.state("/")["findings"].to_string().contains("static/pipe"));
    std::fs::remove_file(&pipe).unwrap();
    events.until("it is gone", || !server.state("/")["findings"].to_string().contains("static/pipe"));
}

/// As git and some editors save: the file is away for a moment, and nobody sees that.
#[test]
fn a_file_that_is_away_for_a_moment_is_never_missed() {
    let site = small_site();
    let server = Server::on(site.path());
    let mut events = server.events();
    events.next();
    let path = site.path().join("content/privacy/policy.md");
    let text = std::fs::read_to_string(&path).unwrap();
    for round in 0..20 {
        std::fs::remove_file(&path).unwrap();
        // The system has told of it by then.
        std::thread::yield_now();
        let word = format!("Round{round}");
        std::fs::write(&path, format!("{text}\n{word}\n")).unwrap();
        events.next();
        let page = server.get("/privacy/draft/");
        assert_eq!(page.status, 200, "round {round}");
        assert!(String::from_utf8_lossy(&page.body).contains(&word), "round {round}");
    }
}

#[test]
fn the_day_of_a_tab_is_its_own() {
    let site = sample();
    let server = Server::on(site.path());
    let on = |day: &str| server.state(&format!("/privacy/?fp-day={day}"))["day"].clone();
    assert_eq!((on("2026-12-02"), on("2026-11-15")), ("2026-12-02".into(), "2026-11-15".into()));
    assert_eq!(server.state("/privacy/")["day"], "2026-11-21");
    let page = String::from_utf8(server.get("/privacy/?fp-day=2026-12-02").body).unwrap();
    assert!(page.contains("/-/fineprint/day.js?at="), "the page's own scripts see the day");
    assert!(!String::from_utf8(server.get("/privacy/").body).unwrap().contains("day.js"));
}

/// Were the system not heard, each edit would show only with the next look at the whole folder, ten seconds later.
#[cfg(target_os = "linux")]
#[test]
fn edits_show_because_the_system_tells_of_them() {
    let site = small_site();
    let server = Server::on(site.path());
    let mut events = server.events();
    let start = Instant::now();
    for round in 0..20 {
        std::fs::write(site.path().join("static/robots-note.txt"), format!("Round {round}.")).unwrap();
        events.until("the file is new", || server.get("/robots-note.txt").body == format!("Round {round}.").as_bytes());
    }
    assert!(start.elapsed() < Duration::from_secs(100), "{:?}", start.elapsed());
}

#[test]
fn a_site_that_was_away_is_followed_when_it_is_back_or_another_is_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (site, away, other) = (folder.path().join("site"), folder.path().join("away"), folder.path().join("other"));
    write_site(&site, SITE);
    write_site(&other, SITE);
    // From elsewhere, as a script would.
    let server =
        Server::start(Path::new("/"), &["--as-of", "2026-11-21", "--site", site.to_str().expect("a path is text")]);
    let mut events = server.events();
    std::fs::rename(&site, &away).unwrap();
    events.until("it says that the site is gone", || !server.state("/")["trouble"].is_null());
    assert_eq!(server.get("/privacy/").status, 200, "the last good pages stay");
    std::fs::rename(&away, &site).unwrap();
    events.until("it is back", || server.state("/")["trouble"].is_null());
    // Gone and replaced in one breath, as by a script that swaps folders.
    std::fs::rename(&site, &away).unwrap();
    std::fs::rename(&other, &site).unwrap();
    let start = Instant::now();
    let note = |round: usize| {
        std::fs::write(site.join("static/robots-note.txt"), format!("Round {round}.")).unwrap();
    };
    for round in 0..20 {
        note(round);
        events.until("the file is new", || server.get("/robots-note.txt").body == format!("Round {round}.").as_bytes());
    }
    // By looks at the whole folder alone, each would take ten seconds.
    assert!(start.elapsed() < Duration::from_secs(100), "{:?}", start.elapsed());
    events.until("and is as built", || difference(&server, &site, &mut BTreeSet::new()).is_none());
}

#[test]
fn a_port_in_use_is_said_with_a_free_one() {
    let site = small_site();
    let server = Server::on(site.path());
    let second = fineprint(site.path(), &["serve", "--port", &server.port.to_string()]);
    assert_eq!(second.status.code(), Some(2));
    let said = stderr(&second);
    assert!(said.contains(&format!("port {} is in use", server.port)), "{said}");
    let free: u16 = said.trim_end().rsplit(' ').next().and_then(|port| port.parse().ok()).expect("a port to try");
    assert!(free > server.port, "{said}");
}

#[cfg(unix)]
#[test]
#[expect(unsafe_code, reason = "a signal is sent as the terminal sends it")]
fn an_interrupt_ends_it_at_once_and_leaves_nothing() {
    let site = small_site();
    let before = crate::harness::read_all(site.path());
    let mut server = Server::on(site.path());
    let mut listeners: Vec<Events> = (0..3).map(|_| server.events()).collect();
    for events in &mut listeners {
        events.next();
    }
    assert_eq!(server.get("/privacy/").status, 200);
    // SAFETY: a signal to a process that was started here and not yet waited for.
    unsafe { libc::kill(server.child.id() as libc::pid_t, libc::SIGINT) };
    let status = server.child.wait().expect("it ends");
    assert!(!status.success());
    for events in &mut listeners {
        let mut rest = String::new();
        // The connection is closed or reset.
        let _ = events.lines.read_to_string(&mut rest);
    }
    assert!(crate::harness::read_all(site.path()) == before);
    let mut said = String::new();
    server.said.read_to_string(&mut said).expect("what it said");
    assert!(!said.contains("panicked"), "{said}");
}

/// Numbers that are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// One random edit of a kind that editors, shells and git make.
fn edit(site: &Path, dice: &mut Dice, number: usize) {
    let content = site.join("content");
    let document = |name: usize| content.join(format!("doc-{name}"));
    let text = |number: usize| {
        format!(
            "+++\ntitle = \"Document {number}\"\n+++\n\n## Data {{#data}}\n\nEdit {number}. See {{{{ notice }}}} and [more](/doc-{}/#data).\n",
            number % 5
        )
    };
    let which = dice.below(4);
    let folder = document(which);
    let policy = folder.join("policy.md");
    let put = |path: PathBuf, text: String| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    match dice.below(15) {
        0..=3 => put(policy, text(number)),
        // The way of careful editors: a new file takes the place of the old one.
        4 | 5 => {
            let temporary = folder.join(format!(".policy.md.{number}.tmp"));
            put(temporary.clone(), text(number));
            std::fs::rename(temporary, policy).unwrap();
        }
        // The way of others: the old one becomes a backup.
        6 => {
            if policy.exists() {
                std::fs::rename(&policy, folder.join("policy.md~")).unwrap();
            }
            put(policy, text(number));
        }
        7 => drop(std::fs::remove_dir_all(&folder)),
        8 => {
            let other = document((which + 1) % 4);
            if folder.exists() && !other.exists() {
                std::fs::rename(&folder, other).unwrap();
            }
        }
        9 => {
            let outside = site.join("outside");
            if outside.exists() && !folder.exists() {
                std::fs::rename(outside, &folder).unwrap();
            } else if folder.exists() && !outside.exists() {
                std::fs::rename(&folder, outside).unwrap();
            }
        }
        // Many files at once, in new folders.
        10 => {
            for file in 0..12 {
                let path = site.join(format!("static/deep/{}/{}/{file}.txt", dice.below(3), dice.below(3)));
                put(path, format!("{number} {file}"));
            }
        }
        11 => drop(std::fs::remove_dir_all(site.join(format!("static/deep/{}", dice.below(3))))),
        12 => {
            let css = site.join("themes/default/assets/custom.css");
            match css.exists() {
                true => std::fs::remove_dir_all(site.join("themes")).unwrap(),
                false => put(css, format!("body {{ margin: {number}px }}")),
            }
        }
        13 => {
            let settings = std::fs::read_to_string(site.join("fineprint.toml")).unwrap();
            let line = settings.lines().find(|line| line.starts_with("title")).unwrap().to_string();
            put(site.join("fineprint.toml"), settings.replace(&line, &format!("title = \"Center {number}\"")));
        }
        _ => {
            // Broken for a moment, in one breath or for longer.
            let processors = content.join("processors.toml");
            let whole = std::fs::read_to_string(&processors).unwrap();
            put(processors.clone(), whole[..whole.len() / 2].to_string());
            if dice.below(2) == 0 {
                put(site.join("static/between.txt"), number.to_string());
            }
            put(processors, whole);
        }
    }
}

/// Edits a site at random and holds what is served against what is built, every twentieth time.
fn follow_edits(arguments: &[&str], edits: usize) {
    let site = small_site();
    // Texts that lead to documents that come and go have findings, and are built nevertheless.
    let levels = "\n[check.levels]\nbroken-link = \"warning\"\nbroken-anchor = \"warning\"\n";
    let settings = std::fs::read_to_string(site.path().join("fineprint.toml")).unwrap() + levels;
    std::fs::write(site.path().join("fineprint.toml"), settings).unwrap();
    let server = Server::start(site.path(), arguments);
    let mut events = server.events();
    let mut dice = Dice(0x5eed);
    let mut gone = BTreeSet::new();
    for number in 0..edits {
        edit(site.path(), &mut dice, number);
        // Sometimes many edits run into each other, sometimes each is waited for.
        if dice.below(3) == 0 {
            let marker = format!("{number}");
            std::fs::write(site.path().join("static/marker.txt"), &marker).unwrap();
            events.until("the edit is served", || server.get("/marker.txt").body == marker.as_bytes());
        }
        if number % 20 == 19 {
            assert!(fresh(site.path(), TODAY, true).is_some(), "edits leave a site that builds");
            let mut last = None;
            let start = Instant::now();
            // What had just come to be is looked at once more, and told.
            while let Some(path) =
                difference(&server, site.path(), &mut gone).or_else(|| otherwise_found(&server, site.path()))
            {
                assert!(start.elapsed() < PATIENCE, "edit {number}: {path}, before that {last:?}");
                eprintln!("edit {number}: {path}");
                last = Some(path);
                events.next();
            }
        }
    }
}

#[test]
fn after_a_thousand_edits_what_is_served_is_what_is_built() {
    follow_edits(&["--as-of", "2026-11-21"], 1000);
}

#[test]
fn a_folder_that_is_polled_is_followed_too() {
    follow_edits(&["--as-of", "2026-11-21", "--poll"], 60);
}
