//! The preview on centers of 200, 2,000 and 10,000 version pages: start, latency of an edit, memory, requests a second.
//!
//! `cargo bench --bench serve` runs all sizes, `cargo bench --bench serve -- 200 2000` some. Each document has a draft, and the
//! edit is one of a draft: the time runs from before the write until the event is in the client's hands, and until the draft's
//! page, its redline, and the list of findings with that edit have come; `cpu ms` is the server's processor time for all of that. Requests a second need `wrk`, and are left out
//! without it.

#[allow(dead_code)]
#[path = "builds.rs"]
mod builds;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const EDITS: usize = 60;

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    println!(
        "{:>7}  {:>8} {:>10} {:>22} {:>22} {:>22} {:>8} {:>8}",
        "pages",
        "start s",
        "home ms",
        "event ms med (worst)",
        "draft ms",
        "draft+redline+findings",
        "cpu ms",
        "peak MB"
    );
    for (documents, versions) in builds::SIZES {
        let pages = documents * versions;
        if asked.is_empty() || asked.contains(&pages) {
            measure(pages, *documents, *versions);
        }
    }
}

fn measure(pages: usize, documents: usize, versions: usize) {
    let site = builds::target().join(format!("bench/serve-{pages}"));
    builds::generate(&site, documents, versions);
    for document in 0..documents {
        let slug = format!("doc-{document:04}");
        let newest = newest(&site.join(format!("content/{slug}/versions")));
        let draft = site.join(format!("content/{slug}/policy.md"));
        fs::copy(newest.join("policy.md"), draft).expect("write a draft");
        fs::copy(newest.join("processors.toml"), site.join(format!("content/{slug}/processors.toml")))
            .expect("write a register");
    }
    fs::write(site.join("static/small.txt"), "x".repeat(1000)).expect("write a file");
    let mut server = Server::start(&site);
    let home = Instant::now();
    get(server.port, "/");
    let home = home.elapsed();
    let mut events = server.events();
    events.next();
    let (mut told, mut shown, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let cpu = server.cpu();
    for edit in 0..EDITS {
        let slug = format!("doc-{:04}", edit * 7 % documents);
        let path = site.join(format!("content/{slug}/policy.md"));
        let word = format!("edit-{edit}-word");
        let text = fs::read_to_string(&path).expect("a draft") + &format!("\nAnd {word}.\n");
        let start = Instant::now();
        fs::write(&path, text).expect("write a draft");
        events.next();
        told.push(start.elapsed());
        assert!(get(server.port, &format!("/{slug}/draft/")).contains(&word), "the draft is stale");
        shown.push(start.elapsed());
        let redline = newest(&site.join(format!("content/{slug}/versions")));
        let version = redline.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(get(server.port, &format!("/{slug}/changes/{version}..draft/")).contains(&word), "no redline");
        get(server.port, &format!("/-/fineprint/state?page=/{slug}/draft/"));
        all.push(start.elapsed());
    }
    // The one figure that other work on the machine does not change.
    let cpu = (server.cpu() - cpu) / EDITS as f64;
    let show = |times: &mut Vec<Duration>| {
        times.sort();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        format!("{:.1} ({:.1})", ms(times[times.len() / 2]), ms(times[times.len() - 1]))
    };
    println!(
        "{pages:>7}  {:>8.2} {:>10.1} {:>22} {:>22} {:>22} {cpu:>8.1} {:>8.1}",
        server.started.as_secs_f64(),
        home.as_secs_f64() * 1000.0,
        show(&mut told),
        show(&mut shown),
        show(&mut all),
        server.peak(),
    );
    for (path, connections) in [("/small.txt", 1), ("/small.txt", 16), ("/doc-0000/", 16)] {
        let address = format!("http://127.0.0.1:{}{path}", server.port);
        let arguments = ["-t1", &format!("-c{connections}"), "-d4", "--latency", &address];
        let Ok(output) = Command::new("wrk").args(arguments).output() else { break };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = |name: &str| said.lines().find(|line| line.contains(name)).unwrap_or("").trim().to_string();
        println!("         {path}, {connections} connections: {}; {}", line("Requests/sec"), line("99%"));
    }
    server.end();
}

fn newest(folder: &Path) -> std::path::PathBuf {
    let versions = fs::read_dir(folder).expect("versions").map(|entry| entry.expect("a version").path());
    versions.max().expect("at least one")
}

struct Server {
    child: Child,
    port: u16,
    started: Duration,
}

impl Server {
    fn start(site: &Path) -> Server {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fineprint"))
            .args(["serve", "--port", "0", "--as-of", "2026-11-21"])
            .current_dir(site)
            .stderr(Stdio::piped())
            .spawn()
            .expect("start the server");
        let mut said = BufReader::new(child.stderr.take().expect("it was piped"));
        let port = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).expect("what it says") > 0, "it ended");
            if let Some(rest) = line.split("http://127.0.0.1:").nth(1) {
                break rest.split('/').next().and_then(|port| port.parse().ok()).expect("a port");
            }
        };
        // Whatever else it says is read, so that it never waits for that.
        std::thread::spawn(move || drop(std::io::copy(&mut said, &mut std::io::sink())));
        get(port, "/doc-0000/");
        Server { child, port, started: start.elapsed() }
    }

    fn events(&self) -> Events {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connect");
        stream.write_all(b"GET /-/fineprint/events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("send");
        Events(BufReader::new(stream))
    }

    /// Megabytes.
    fn peak(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak.and_then(|peak| peak.trim().split(' ').next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }

    /// Processor time so far, in milliseconds: fields 14 and 15 of `stat`, in ticks of a hundredth of a second.
    fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) * 10.0
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    fn next(&mut self) {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("an event") > 0, "the stream ended");
            if line.starts_with("data: ") {
                return;
            }
        }
    }
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connect");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("send");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {}", answer.lines().next().unwrap_or(""));
    answer
}
