//! `verify` and `build --against`: folders, hosts, hostile answers, and the recipes for common tools.

use crate::harness::{Files, fineprint, fineprint_at, read_all, repository, stderr, write_site};
use fineprint::source::Digest;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

const SITE: &str = r#"-- content/privacy/policy.md --
+++
title = "Privacy policy"
notice = "14 days"
+++

## Data {#data}

We keep activity logs for 90 days.
"#;

/// A site with two versions, the second of them announced; built as of the day of its announcement.
fn released() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    write_site(at, SITE);
    run_at(at, "2026-01-05 10:00", &["release", "privacy"], 0);
    edit(at, "90 days", "180 days");
    run_at(
        at,
        "2026-02-02 10:00",
        &["release", "privacy", "--material", "--summary", "Logs are kept for 180 days (was 90)."],
        0,
    );
    run(at, &["build", "--as-of", "2026-02-02"], 0);
    folder
}

fn edit(site: &Path, from: &str, to: &str) {
    let path = site.join("content/privacy/policy.md");
    let text = std::fs::read_to_string(&path).expect("the draft");
    assert!(text.contains(from), "{text}");
    std::fs::write(&path, text.replace(from, to)).expect("write");
}

fn checked(output: Output, arguments: &[&str], code: i32) -> String {
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

fn run(site: &Path, arguments: &[&str], code: i32) -> String {
    checked(fineprint(site, arguments), arguments, code)
}

fn run_at(site: &Path, clock: &str, arguments: &[&str], code: i32) -> String {
    checked(fineprint_at(site, clock, arguments), arguments, code)
}

fn ledger_json(site: &Path) -> serde_json::Value {
    let bytes = std::fs::read(site.join("public/api/v1/ledger.json")).expect("the published record");
    serde_json::from_slice(&bytes).expect("JSON")
}

#[test]
fn a_folder_is_verified_with_and_without_the_repository() {
    let site = released();
    let at = site.path();
    let said = run(at, &["verify", "public"], 0);
    assert!(said.contains("The chain of 2 entries holds") && said.contains("entry for entry"), "{said}");
    assert!(said.contains("are as this repository builds them as of 2026-02-02"), "{said}");
    let head = ledger_json(at)["head"].as_str().expect("a head").to_string();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let public = at.join("public").to_string_lossy().into_owned();
    let said = run(elsewhere.path(), &["verify", &public, "--digest", &head], 0);
    assert!(
        said.contains("Texts that have the digest on the chain: 2.") && said.contains("noted digest is entry 2"),
        "{said}"
    );
    run(elsewhere.path(), &["verify", &public, "--digest", &"0a".repeat(32)], 1);
    assert!(read_all(elsewhere.path()).is_empty(), "verification writes nothing");
}

/// One bit of every file of a built site, with the repository at hand; and of what the record covers, without it.
#[test]
fn every_flipped_bit_of_a_site_fails_with_its_place() {
    let site = released();
    let at = site.path();
    let public = at.join("public");
    let whole = read_all(&public);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let public_name = public.to_string_lossy().into_owned();
    let mut seed = 7usize;
    for (path, bytes) in whole.iter().filter(|(path, bytes)| !path.starts_with(".fineprint-") && !bytes.is_empty()) {
        let covered = path.ends_with("policy.md") || path.ends_with("ledger.json");
        // Every page of the same kind is compared in the same way.
        let chosen = covered || path.ends_with("index.html") && path.contains("privacy") || path.ends_with("feed.xml");
        if !chosen {
            continue;
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut changed = bytes.clone();
        let place = match covered && path.ends_with("ledger.json") {
            true => bytes.windows(11).position(|text| text == b"\"entries\": ").expect("entries") + 20 + seed % 900,
            false => seed % bytes.len(),
        };
        changed[place] ^= 1 << (seed % 8);
        std::fs::write(public.join(path), &changed).expect("write");
        let (folder, code) = if covered { (elsewhere.path(), [1, 2]) } else { (at, [1, 1]) };
        let output = fineprint(folder, &["verify", &public_name]);
        let said = stderr(&output);
        assert!(output.status.code().is_some_and(|found| code.contains(&found)), "{path}: {said}");
        assert!(said.contains(path.as_str()) || path.ends_with("ledger.json"), "{path}: {said}");
        std::fs::write(public.join(path), bytes).expect("write");
    }
}

#[test]
fn a_build_never_replaces_a_record_that_it_does_not_continue() {
    let site = released();
    let at = site.path();
    let live = at.join("live");
    std::fs::rename(at.join("public"), &live).expect("move");
    let copy = |name: &str| {
        let to = at.join(name);
        for (path, bytes) in read_all(at).into_iter().filter(|(path, _)| !path.starts_with("live/")) {
            let to = to.join(path);
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("create");
            std::fs::write(to, bytes).expect("write");
        }
        to
    };
    let (behind, fork) = (copy("behind"), copy("fork"));
    // Goes on: accepted.
    edit(at, "We keep", "We store");
    run_at(at, "2026-02-03 10:00", &["release", "privacy", "--editorial", "--summary", "Wording."], 0);
    let said = run(at, &["build", "--as-of", "2026-02-03", "--against", "live"], 0);
    assert!(said.contains("The record continues that of live (2 entries)."), "{said}");
    // Lacks the last entry: refused, and nothing is written.
    let ledger = std::fs::read_to_string(behind.join("content/ledger.toml")).expect("a ledger");
    let last = ledger.rfind("[[entry]]").expect("two entries");
    std::fs::write(behind.join("content/ledger.toml"), ledger[..last].trim_end().to_string() + "\n").expect("write");
    std::fs::remove_dir_all(behind.join("content/privacy/versions/2026-02-17")).expect("remove");
    let said = run(&behind, &["build", "--as-of", "2026-02-02", "--against", "../live"], 1);
    assert!(said.contains("entry 2 (the release of `privacy` 2026-02-17)") && said.contains("1 more than"), "{said}");
    assert!(!behind.join("public").exists());
    // Released something else instead: a fork, and where.
    let said = {
        std::fs::write(
            fork.join("content/ledger.toml"),
            std::fs::read(behind.join("content/ledger.toml")).expect("read"),
        )
        .expect("write");
        std::fs::remove_dir_all(fork.join("content/privacy/versions/2026-02-17")).expect("remove");
        run_at(&fork, "2026-02-02 11:00", &["release", "privacy", "--material", "--summary", "Other words."], 0);
        run(&fork, &["build", "--as-of", "2026-02-02", "--against", "../live"], 1)
    };
    assert!(said.contains("../live, entry 2 (the release of") && said.contains("differ from here on"), "{said}");
    let said = run(&fork, &["verify", "../live"], 1);
    assert!(said.contains("entry 2 ") && said.contains("is another one from here on"), "{said}");
    // Nothing is published there.
    std::fs::create_dir(at.join("empty")).expect("create");
    let said = run(at, &["build", "--as-of", "2026-02-03", "--against", "empty"], 2);
    assert!(said.contains("publishes no record") && said.contains("leave out `--against`"), "{said}");
}

/// What a host answers: a path, and the raw bytes after its head. It ends with the test's process.
fn host(answers: BTreeMap<String, Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answers = Arc::new(Mutex::new(answers));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answers = answers.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
                let mut first = String::new();
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 0) && !line.trim().is_empty() {
                    if first.is_empty() {
                        first = line.clone();
                    }
                    line.clear();
                }
                let path = first.split_whitespace().nth(1).unwrap_or("/").to_string();
                let answers = answers.lock().expect("answers");
                let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
                let _ = stream.write_all(answers.get(&path).unwrap_or(&missing));
            });
        }
    });
    format!("http://{address}/")
}

fn answer(bytes: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
    [head.as_bytes(), bytes].concat()
}

fn answers(files: &Files) -> BTreeMap<String, Vec<u8>> {
    files.iter().map(|(path, bytes)| (format!("/{path}"), answer(bytes))).collect()
}

#[test]
fn a_host_is_verified_whatever_it_answers() {
    let site = released();
    let at = site.path();
    let public = read_all(&at.join("public"));
    let good = answers(&public);
    let url = host(good.clone());
    let said = run(at, &["verify", &url], 0);
    assert!(said.contains("Texts that have the digest on the chain: 2.") && said.contains("entry for entry"), "{said}");
    run(at, &["build", "--as-of", "2026-02-02", "--out", "other", "--against", &url], 0);
    let (ledger, text) = ("/api/v1/ledger.json", "/privacy/v/2026-02-17/policy.md");
    let with = |path: &str, bytes: Vec<u8>| {
        let mut all = good.clone();
        all.insert(path.to_string(), bytes);
        host(all)
    };
    let truncated = |path: &str| good[path][..good[path].len() - 40].to_vec();
    let endless =
        b"HTTP/1.1 302 Found\r\nLocation: /api/v1/ledger.json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec();
    let broken = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
    for (url, code, said) in [
        (with(text, answer(b"We keep everything.")), 1, "it is not the text that was released"),
        (with(text, truncated(text)), 1, "could not be read to its end"),
        (with(text, answer(&vec![b'x'; 40 << 20])), 1, "could not be read to its end"),
        (with(text, broken.clone()), 1, "answered with status 500"),
        (with(ledger, truncated(ledger)), 2, "could not be read to its end"),
        (with(ledger, answer(b"<!doctype html><p>Home")), 2, "not a published record"),
        (with(ledger, endless), 2, "no answer"),
        (with(ledger, broken), 2, "answered with status 500"),
        (with(ledger, b"nonsense".to_vec()), 2, "no answer"),
        (host(BTreeMap::new()), 2, "publishes no record"),
        ("http://127.0.0.1:1/".to_string(), 2, "no answer"),
        ("https://".to_string(), 2, "is not an address"),
    ] {
        let output = fineprint(at, &["verify", &url]);
        let report = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{said}: {report}");
        assert!(report.contains(said), "{said}: {report}");
    }
}

/// Whoever rewrites the whole record makes a chain that holds, and fails against everything that was noted before.
#[test]
fn a_rewritten_record_fails_against_what_was_noted() {
    let site = released();
    let at = site.path();
    let noted = ledger_json(at)["head"].as_str().expect("a head").to_string();
    std::fs::rename(at.join("public"), at.join("archive")).expect("move");
    std::fs::remove_file(at.join("content/ledger.toml")).expect("remove");
    std::fs::remove_dir_all(at.join("content/privacy/versions")).expect("remove");
    edit(at, "180 days", "900 days");
    run_at(at, "2026-01-05 10:00", &["release", "privacy"], 0);
    run(at, &["build", "--as-of", "2026-02-02"], 0);
    run(at, &["verify", "public"], 0);
    let said = run(at, &["verify", "public", "--digest", &noted], 1);
    assert!(said.contains("the record was rewritten"), "{said}");
    let said = run(at, &["verify", "public", "--copy", "archive"], 1);
    assert!(said.contains("entry 1 ") && said.contains("is another one from here on"), "{said}");
    run(at, &["build", "--as-of", "2026-02-02", "--against", "archive"], 1);
}

/// The commands on the page of the record, on a record that holds what is awkward for them.
#[test]
fn the_recipe_on_the_page_and_the_program_agree() {
    let site = released();
    let at = site.path();
    let odd = "Ünï \"quoted\" \\ back\u{2028}slash\ttab [[entry]] digest = \"x\"";
    edit(at, "We keep", "We store");
    run_at(at, "2026-02-03 10:00", &["release", "privacy", "--editorial", "--summary", odd], 0);
    run(at, &["build", "--as-of", "2026-02-03"], 0);
    let page = std::fs::read_to_string(at.join("public/record/index.html")).expect("the page of the record");
    for part in ["jq -j &#39;.entries[0].canonical&#39;", "sha256sum"] {
        assert!(
            page.contains(part)
                || page.contains(&part.replace("&#39;", "'"))
                || page.contains(&part.replace("&#39;", "&#x27;")),
            "{part}: {page}"
        );
    }
    let record = ledger_json(at);
    for (index, entry) in record["entries"].as_array().expect("entries").iter().enumerate() {
        let script = format!("jq -j '.entries[{index}].canonical' public/api/v1/ledger.json | sha256sum");
        let output = Command::new("sh").args(["-c", &script]).current_dir(at).output().expect("run sh and jq");
        let digest = String::from_utf8_lossy(&output.stdout)[..64].to_string();
        assert_eq!(entry["digest"], digest.as_str(), "{entry}");
        // And the recipe of the documentation, on the ledger itself.
        let number = index + 1;
        let script = format!(
            "tr -d '\\r' < content/ledger.toml | awk '/^\\[\\[entry\\]\\]/ {{n++; own=1}}  /^\\[entry\\./ {{own=0}} n=={number} && NF {{if (own && /^digest = /) own=0; else print}}' | sha256sum"
        );
        let output = Command::new("sh").args(["-c", &script]).current_dir(at).output().expect("run sh and awk");
        assert_eq!(String::from_utf8_lossy(&output.stdout)[..64], digest);
    }
    let script = "jq -r '.entries[] | .previous_digest + \" \" + .digest' public/api/v1/ledger.json | awk 'NR > 1 && $1 != before { exit 1 } { before = $2 }'";
    assert!(Command::new("sh").args(["-c", script]).current_dir(at).status().expect("run sh").success());
}

/// Nothing of a scheduled version is known before its day but a digest, and the digest is kept when it is opened.
#[test]
fn a_scheduled_entry_is_a_digest_until_its_day() {
    let site = released();
    let at = site.path();
    edit(at, "180 days", "200 days");
    run_at(
        at,
        "2026-02-03 10:00",
        &["release", "privacy", "--material", "--summary", "Not yet known.", "--publish-on", "2026-03-01"],
        0,
    );
    run(at, &["build", "--as-of", "2026-02-03"], 0);
    let before = ledger_json(at);
    let closed = &before["entries"][2];
    assert_eq!(closed.as_object().expect("an entry").keys().collect::<Vec<_>>(), ["digest", "previous_digest"]);
    for (path, bytes) in read_all(&at.join("public")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("Not yet known."), "{path}");
    }
    run(at, &["verify", "public"], 0);
    run(at, &["build", "--as-of", "2026-03-01", "--out", "later", "--against", "public"], 0);
    let after: serde_json::Value =
        serde_json::from_slice(&std::fs::read(at.join("later/api/v1/ledger.json")).expect("read")).expect("JSON");
    assert_eq!(after["entries"][2]["digest"], closed["digest"]);
    let text = after["entries"][2]["canonical"].as_str().expect("it is open");
    assert!(text.contains("Not yet known."));
    assert_eq!(closed["digest"], Digest::of(text.as_bytes()).hex().as_str());
}

/// Words that were announced stay, whatever the theme, the facts and the title say later.
#[test]
fn an_announcement_keeps_its_words() {
    let site = released();
    let at = site.path();
    let asked: Vec<&[&str]> = vec![
        &["announce", "privacy", "--as-of", "2026-02-02"],
        &["announce", "privacy", "--as-of", "2026-02-02", "--format", "chat"],
        &["announce", "privacy", "--as-of", "2026-02-02", "--format", "eml"],
    ];
    let texts = |arguments: &[&str]| fineprint(at, arguments).stdout;
    let before: Vec<Vec<u8>> = asked.iter().map(|arguments| texts(arguments)).collect();
    let notices = |folder: &str| {
        let bytes = std::fs::read(at.join(folder).join("api/v1/notices.json")).expect("notices");
        serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")["open"][0]["title"].clone()
    };
    let title = notices("public");
    let strings = std::fs::read_to_string(repository().join("themes/default/strings/en.toml")).expect("strings");
    let strings = strings.replace("We published it on", "We sent everyone a registered letter on");
    std::fs::create_dir_all(at.join("themes/own/strings")).expect("create");
    std::fs::write(at.join("themes/own/strings/en.toml"), strings).expect("write");
    let settings = std::fs::read_to_string(at.join("fineprint.toml")).expect("settings");
    std::fs::write(at.join("fineprint.toml"), format!("theme = \"own\"\n{settings}")).expect("write");
    std::fs::write(at.join("content/organization.toml"), "legal_name = \"Other Corp\"\n").expect("write");
    edit(at, "title = \"Privacy policy\"", "title = \"Leaflet\"");
    run_at(
        at,
        "2026-02-03 10:00",
        &[
            "release",
            "privacy",
            "--minor",
            "--summary",
            "A new title.",
            "--justification",
            "The controller has a new name.",
        ],
        0,
    );
    run(at, &["build", "--as-of", "2026-02-03", "--out", "later"], 0);
    let asked: Vec<Vec<&str>> =
        asked.iter().map(|arguments| [&arguments[..2], &["2026-02-17"], &arguments[2..]].concat()).collect();
    for (arguments, before) in asked.iter().zip(&before) {
        let after = texts(arguments);
        assert!(!before.is_empty() && after == *before, "{arguments:?}: {}", String::from_utf8_lossy(&after));
    }
    assert_eq!(notices("later"), title);
}
