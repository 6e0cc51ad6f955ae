//! `check --external-links` against a host of its own on this machine: what it asks, how often, and what it makes of the answers.

use crate::harness::{stderr, write_site};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A host that writes down every request; it ends with the test's process.
struct Host {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Host {
    fn new() -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let book = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let book = book.clone();
                std::thread::spawn(move || answer(stream, &book));
            }
        });
        Host { address, asked }
    }

    fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(line, _)| line.clone()).collect()
    }
}

fn answer(stream: TcpStream, book: &Mutex<Vec<(String, Instant)>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    if reader.read_line(&mut first).is_err() || first.is_empty() {
        return;
    }
    let mut agent = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        if let Some(name) = line.to_lowercase().strip_prefix("user-agent:") {
            agent = name.trim().to_string();
        }
    }
    assert!(agent.starts_with("fineprint/"), "{agent}");
    let request: Vec<&str> = first.split_whitespace().take(2).collect();
    let line = request.join(" ");
    let before = {
        let mut book = book.lock().unwrap();
        let before = book.iter().filter(|(known, _)| *known == line).count();
        book.push((line.clone(), Instant::now()));
        before
    };
    let (status, extra) = match line.as_str() {
        "HEAD /no-head" => ("405 Method Not Allowed", ""),
        "HEAD /gone" | "GET /gone" => ("404 Not Found", ""),
        "HEAD /busy" if before == 0 => ("429 Too Many Requests", "Retry-After: 1\r\n"),
        "HEAD /closed" | "GET /closed" => ("403 Forbidden", ""),
        "HEAD /moved" => ("301 Moved Permanently", "Location: /there\r\n"),
        "HEAD /loop" | "GET /loop" => ("302 Found", "Location: /loop\r\n"),
        _ => ("200 OK", ""),
    };
    let _ = write!(&stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n{extra}Connection: close\r\n\r\n");
}

fn check(folder: &std::path::Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fineprint"))
        .args(["--site", "site", "check", "--external-links", "--as-of", "2026-11-21"])
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env_remove("http_proxy")
        .env_remove("HTTP_PROXY")
        .env_remove("all_proxy")
        .env_remove("ALL_PROXY")
        .output()
        .unwrap()
}

#[test]
fn other_hosts_are_asked_politely_and_remembered() {
    let host = Host::new();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let link = |name: &str| format!("[{name}](http://{}/{name})\n", host.address);
    let names = ["there", "no-head", "gone", "busy", "closed", "moved", "loop"];
    let text: String = names.iter().map(|name| link(name)).collect();
    let text = format!(
        "+++\ntitle = \"P\"\n+++\n\n{text}\n[there again](http://{}/there#part) [nobody](http://{nobody}/)\n",
        host.address
    );
    write_site(&folder.path().join("site"), &format!("-- content/privacy/policy.md --\n{text}"));
    let done = check(folder.path());
    let said = stderr(&done);
    assert_eq!(done.status.code(), Some(0), "warnings stop nothing: {said}");
    assert_eq!(said.matches("warning[unreachable-link]").count(), 3, "{said}");
    for (name, why) in [("gone", "nothing is there (404)"), ("loop", "without end")] {
        assert!(said.contains(&format!("/{name}` ")) && said.contains(why), "{name}: {said}");
    }
    assert!(said.contains(&format!("`http://{nobody}/` gives no answer")), "{said}");
    assert!(said.contains("/closed (its host answered a program with 403"), "{said}");
    let requests = host.requests();
    assert_eq!(
        requests.iter().filter(|line| *line == "HEAD /there").count(),
        2,
        "once itself, once from /moved: {requests:?}"
    );
    assert!(!requests.contains(&"GET /there".to_string()), "{requests:?}");
    for expected in ["HEAD /no-head", "GET /no-head", "HEAD /gone", "GET /gone"] {
        assert_eq!(requests.iter().filter(|line| *line == expected).count(), 1, "{expected}: {requests:?}");
    }
    let book = host.asked.lock().unwrap().clone();
    let busy: Vec<Instant> = book.iter().filter(|(line, _)| line == "HEAD /busy").map(|(_, at)| *at).collect();
    assert_eq!(busy.len(), 2, "{requests:?}");
    assert!(busy[1] - busy[0] >= Duration::from_secs(1), "a busy host is given the time that it asks for");
    assert!(book.windows(2).all(|pair| pair[1].1 >= pair[0].1), "one after the other");
    // What answered is remembered, what did not is asked again; nothing is written into the site.
    let before = requests.len();
    let again = stderr(&check(folder.path()));
    assert_eq!(again.matches("warning[unreachable-link]").count(), 3, "{again}");
    let later = host.requests()[before..].to_vec();
    assert!(
        later.iter().all(|line| ["/gone", "/closed", "/loop"].iter().any(|path| line.ends_with(path))),
        "{later:?}"
    );
    assert!(folder.path().join("cache/fineprint/links.json").exists());
    assert_eq!(std::fs::read_dir(folder.path().join("site")).unwrap().count(), 2, "fineprint.toml and content");
}

#[test]
fn without_the_flag_nobody_is_asked() {
    let host = Host::new();
    let folder = tempfile::tempdir().unwrap();
    write_site(
        folder.path(),
        &format!("-- content/privacy/policy.md --\n+++\ntitle = \"P\"\n+++\n\n[a](http://{}/a)\n", host.address),
    );
    let done = crate::harness::fineprint(folder.path(), &["check", "--as-of", "2026-11-21"]);
    assert!(done.status.success());
    assert_eq!(host.requests(), Vec::<String>::new());
}
