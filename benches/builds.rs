//! Builds synthetic centers of 200, 2,000 and 10,000 version pages and prints wall time, processor time and peak memory.
//!
//! `cargo bench --bench builds` runs all sizes, `cargo bench --bench builds -- 200 2000` some. Machines differ and are noisy:
//! the last columns set each size against the smallest, page for page.

#[path = "../examples/seal.rs"]
mod seal;

use fineprint::source::SourceTree;
use seal::seal;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Documents and versions of each.
pub const SIZES: &[(usize, usize)] = &[(20, 10), (100, 20), (500, 20)];
const BYTES: usize = 12_600;
const RUNS: usize = 3;

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    println!(
        "{:>7}  {:<12} {:>8} {:>8} {:>8}  {:>12} {:>12}",
        "pages", "build", "wall s", "cpu s", "peak MB", "cpu ms/page", "× smallest"
    );
    let mut smallest = [None; 3];
    for (documents, versions) in SIZES {
        let pages = documents * versions;
        if !asked.is_empty() && !asked.contains(&pages) {
            continue;
        }
        let site = target().join(format!("bench/{pages}"));
        generate(&site, *documents, *versions);
        // Each cold build has a folder of its own: a file system is slow to fill a place that was emptied just before.
        let out = |run: usize| site.join(format!("out-{}-{run}", std::process::id()));
        let extra = site.join("static/new.txt");
        for (index, build) in ["cold", "unchanged", "one file new"].iter().enumerate() {
            let mut best: Option<Usage> = None;
            for run in 0..RUNS {
                if index == 2 {
                    fs::write(&extra, run.to_string()).expect("write a file");
                }
                let usage = run_build(&site, &out(if index == 0 { run } else { 0 }));
                if best.as_ref().is_none_or(|best| usage.wall < best.wall) {
                    best = Some(usage);
                }
            }
            let best = best.expect("at least one run");
            let per_page = best.cpu * 1000.0 / pages as f64;
            let first = *smallest[index].get_or_insert(per_page);
            println!(
                "{pages:>7}  {build:<12} {:>8.3} {:>8.3} {:>8.1}  {per_page:>12.3} {:>12.2}",
                best.wall,
                best.cpu,
                best.peak,
                per_page / first,
            );
        }
        fs::remove_file(&extra).expect("remove a file");
        for run in 0..RUNS {
            fs::remove_dir_all(out(run)).expect("remove what was built");
        }
    }
}

pub fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

struct Usage {
    wall: f64,
    cpu: f64,
    /// Megabytes.
    peak: f64,
}

/// Runs a build and takes the operating system's own account of the finished process.
#[expect(clippy::zombie_processes, reason = "wait4 waits for it")]
#[expect(unsafe_code, reason = "the system's account of a process")]
fn run_build(site: &Path, out: &Path) -> Usage {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fineprint"));
    command
        .args(["build", "--as-of", "2026-11-21", "--out"])
        .arg(out)
        .current_dir(site)
        .stderr(Stdio::null())
        .process_group(0);
    let child = command.spawn().expect("start a build");
    let mut status = 0;
    // SAFETY: zeroed integers are a valid rusage, both pointers live across the call, and nobody else waits for the child.
    let usage = unsafe {
        let mut usage = std::mem::zeroed::<libc::rusage>();
        assert_eq!(libc::wait4(child.id() as libc::pid_t, &mut status, 0, &mut usage), child.id() as libc::pid_t);
        usage
    };
    assert_eq!(status, 0, "the build of {} failed", site.display());
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    Usage {
        wall: start.elapsed().as_secs_f64(),
        cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peak: usage.ru_maxrss as f64 / 1024.0,
    }
}

/// A generator of numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "account", "address", "agree", "answer", "archive", "ask", "backup", "because", "before", "billing", "browser",
    "choose", "company", "contact", "contract", "copy", "country", "customer", "data", "date", "delete", "describe",
    "device", "each", "error", "export", "for", "from", "give", "hold", "in", "inform", "invoice", "keep", "law",
    "letter", "limit", "list", "log", "mail", "means", "month", "name", "need", "never", "notice", "number", "object",
    "of", "only", "our", "password", "payment", "people", "period", "policy", "privacy", "process", "protect",
    "provider", "purpose", "reason", "receive", "record", "request", "right", "secure", "send", "server", "service",
    "share", "support", "tell", "that", "the", "these", "time", "to", "until", "use", "user", "version", "visit", "we",
    "when", "which", "with", "write", "year", "you", "your",
];

fn sentence(numbers: &mut Numbers) -> String {
    let length = 8 + numbers.below(14);
    let mut out = String::new();
    for index in 0..length {
        let word = WORDS[numbers.below(WORDS.len())];
        if index > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
    out[..1].make_ascii_uppercase();
    out.push('.');
    out
}

/// Blocks of a policy: headings with ids, paragraphs, lists, links.
fn blocks(numbers: &mut Numbers) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut size = 0;
    let mut section = 0;
    while size < BYTES {
        section += 1;
        blocks.push(format!("## Section {} {{#s{section}}}", WORDS[numbers.below(WORDS.len())]));
        for _ in 0..2 {
            let sentences: Vec<String> = (0..2 + numbers.below(4)).map(|_| sentence(numbers)).collect();
            blocks.push(sentences.join(" "));
        }
        let items: Vec<String> =
            (0..4).map(|_| format!("- **{}**: {}", WORDS[numbers.below(WORDS.len())], sentence(numbers))).collect();
        blocks.push(items.join("\n"));
        blocks.push(format!("See {{{{ section.s1 }}}} and the [terms of a partner](https://example.com/{section})."));
        size = blocks.iter().map(|block| block.len() + 2).sum();
    }
    blocks.push("## Who receives data {#recipients}\n\n:::register processors\n:::".to_string());
    blocks
}

pub fn generate(site: &Path, documents: usize, versions: usize) {
    if fs::read_to_string(site.join("content/ledger.toml")).is_ok_and(|ledger| ledger.contains("digest = ")) {
        return;
    }
    put(
        site,
        "fineprint.toml",
        "base_url = \"https://privacy.acme.example\"\ntitle = \"Acme\"\ntimezone = \"UTC\"\nlanguages = [\"en\"]\n",
    );
    let organization = "legal_name = \"Acme Ltd\"\n[contacts]\nprivacy = \"privacy@acme.example\"\n";
    put(site, "content/organization.toml", organization);
    fs::create_dir_all(site.join("static")).expect("create a folder");
    let first = jiff::civil::date(2019, 1, 1);
    let day = |version: usize| first.saturating_add(jiff::Span::new().days(30 * version as i64));
    let mut entries: Vec<(jiff::civil::Date, String)> = Vec::new();
    for document in 0..documents {
        let numbers = &mut Numbers(0x9e37_79b9 + document as u64);
        let mut text = blocks(numbers);
        let mut rows: Vec<(usize, String)> = (0..9).map(|row| (row, sentence(numbers))).collect();
        let slug = format!("doc-{document:04}");
        for version in 0..versions {
            for _ in 0..5 {
                let at = numbers.below(text.len() - 1);
                if !text[at].starts_with('#') {
                    let added = sentence(numbers);
                    write!(text[at], " {added}").expect("writing to memory");
                }
            }
            let row = numbers.below(rows.len());
            rows[row].1 = sentence(numbers);
            let effective = day(version);
            let folder = format!("content/{slug}/versions/{effective}");
            let body = text.join("\n\n");
            put(
                site,
                &format!("{folder}/policy.md"),
                &format!("+++\ntitle = \"Policy {document}\"\nnotice = \"14 days\"\n+++\n\n{body}\n"),
            );
            put(site, &format!("{folder}/organization.toml"), organization);
            let register: String = rows
                .iter()
                .map(|(row, purpose)| format!("[[row]]\nid = \"p{row}\"\nname = \"Provider {row}\"\npurpose = \"{purpose}\"\ndata = [\"Name\", \"Address\"]\nlocation = [\"DE\"]\n\n"))
                .collect();
            put(site, &format!("{folder}/processors.toml"), &register);
            let published = if version == 0 { effective } else { effective.saturating_sub(jiff::Span::new().days(20)) };
            let significance =
                if version == 0 { "" } else { "significance = \"material\"\nsummary = \"Some things changed.\"\n" };
            entries.push((
                published,
                format!("[[entry]]\naction = \"release\"\ndocument = \"{slug}\"\nversion = \"{effective}\"\nlanguage = \"en\"\npublished = {published}\neffective = {effective}\n{significance}"),
            ));
        }
    }
    entries.sort_by_key(|(published, _)| *published);
    let ledger: Vec<String> = entries.into_iter().map(|(_, entry)| entry).collect();
    put(site, "content/ledger.toml", &ledger.join("\n"));
    let tree = SourceTree::scan(site, &mut Vec::new()).expect("read the site");
    for (path, text) in seal(tree, false) {
        put(site, &path, &text);
    }
}

fn put(site: &Path, path: &str, text: &str) {
    let full = site.join(path);
    fs::create_dir_all(full.parent().expect("a file has a folder")).expect("create a folder");
    fs::write(full, text).expect("write a file");
}
