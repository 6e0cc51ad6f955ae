//! The record through the program itself: a release, its traces, two at once, and the digests by common tools.

use crate::harness::{Files, fineprint, read_all, stderr, write_site};
use std::fs;
use std::path::Path;
use std::process::Command;

const SITE: &str = "\
-- content/privacy/policy.md --
+++
title = \"Privacy policy\"
+++

## Who {#who}

{{ organization.legal_name }} keeps orders for six years.
";

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write_site(folder.path(), SITE);
    folder
}

fn run(site: &Path, code: i32, arguments: &[&str]) -> String {
    let output = fineprint(site, arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

fn content(site: &Path) -> Files {
    read_all(&site.join("content"))
}

fn edit(site: &Path, path: &str, from: &str, to: &str) {
    let path = site.join(path);
    let text = fs::read_to_string(&path).expect("read a file");
    assert!(text.contains(from), "{from} in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("write a file");
}

/// WP260 rev.01, paragraph 29: spelling and style are editorial, a number is not.
#[test]
fn a_number_or_a_denial_asks_whoever_takes_a_change_for_editorial() {
    let site = site();
    let site = site.path();
    run(site, 0, &["release", "privacy", "--as-of", "2026-01-05"]);
    let release = |kind: &'static str, more: &[&'static str]| {
        [&["release", "privacy", "--as-of", "2026-11-21", kind, "--summary", "Words.", "--dry-run"], more].concat()
    };
    edit(site, "content/privacy/policy.md", "keeps orders", "keeps the orders");
    run(site, 0, &release("--editorial", &[]));
    edit(site, "content/privacy/policy.md", "six years", "seven years and does not sell them");
    let refused = run(site, 2, &release("--editorial", &[]));
    assert!(refused.contains("7 added, 6 removed") && refused.contains("“not” once (was 0)"), "{refused}");
    run(site, 0, &release("--minor", &[]));
    let said = run(site, 0, &release("--editorial", &["--because", "The number was a slip of ours."]));
    assert!(said.contains("Noticed: numbers in the text changed"), "{said}");
}

#[test]
fn a_release_says_what_it_did_and_when_it_takes_effect() {
    let site = site();
    let site = site.path();
    let said = run(site, 0, &["release", "privacy", "--as-of", "2026-01-05", "--dry-run"]);
    assert!(said.contains("Would release privacy 2026-01-05") && said.contains("Nothing was written"), "{said}");
    assert!(!site.join("content/ledger.toml").exists());
    run(site, 0, &["release", "privacy", "--as-of", "2026-01-05"]);
    edit(site, "content/privacy/policy.md", "six", "seven");
    let before = content(site);
    let material = ["release", "privacy", "--as-of", "2026-11-21", "--material", "--summary", "Seven \"years\"."];
    let early = run(site, 2, &[&material[..], &["--effective", "2026-12-05"]].concat());
    assert!(early.contains("the earliest effective date is 2026-12-06"), "{early}");
    assert_eq!(content(site), before);
    let said = run(site, 0, &material);
    for words in
        ["Released privacy 2026-12-06", "takes effect on 2026-12-06", "from 2026-11-22 to 2026-12-05", "git commit"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = run(site, 0, &["withdraw", "privacy", "2026-12-06", "--as-of", "2026-11-23", "--reason", "Too soon."]);
    assert!(said.contains("Withdrew privacy 2026-12-06"), "{said}");
    run(site, 0, &["build", "--as-of", "2026-12-24"]);
}

#[test]
fn a_site_with_errors_is_not_released() {
    let site = site();
    let site = site.path();
    edit(site, "content/privacy/policy.md", "legal_name", "legal_nam");
    let before = content(site);
    let said = run(site, 1, &["release", "privacy", "--as-of", "2026-01-05"]);
    assert!(said.contains("unknown-fact") && said.contains("Nothing was released"), "{said}");
    assert_eq!(content(site), before);
}

#[test]
fn an_interrupted_release_is_said_and_the_next_one_takes_it_back() {
    let site = site();
    let site = site.path();
    run(site, 0, &["release", "privacy", "--as-of", "2026-01-05"]);
    let after = content(site);
    // As the machine left it just before the last step: the folder is in place, the entry is not.
    let ledger = fs::read_to_string(site.join("content/ledger.toml")).expect("the ledger");
    let last = ledger.lines().find_map(|line| line.strip_prefix("digest = \"")?.strip_suffix('"')).expect("a digest");
    let text = fs::read(site.join("content/privacy/versions/2026-01-05/policy.md")).expect("the frozen text");
    let digest = fineprint::source::Digest::of(&text).hex();
    fs::create_dir(site.join("content/.fineprint-release")).expect("create a folder");
    let journal = format!("{digest}  content/privacy/versions/2026-01-05/policy.md\nentry {last}\n");
    fs::write(site.join("content/.fineprint-release/journal"), journal).expect("write the journal");
    fs::remove_file(site.join("content/ledger.toml")).expect("remove the ledger");
    fs::remove_file(site.join("content/privacy/versions/2026-01-05/organization.toml")).expect("remove a file");
    for command in [&["build"][..], &["status"]] {
        let said = run(site, 1, command);
        assert!(said.contains("error[release-interrupted]") && said.contains("run it again"), "{said}");
        assert!(!said.contains("version-not-on-ledger"), "{said}");
    }
    let said = run(site, 0, &["release", "privacy", "--as-of", "2026-01-05"]);
    assert!(said.contains("Took back what an interrupted run had left"), "{said}");
    assert_eq!(content(site), after);
}

#[test]
fn of_many_releases_at_once_one_wins_and_the_others_say_so() {
    let site = site();
    let site = site.path();
    let running: Vec<_> = (0..6)
        .map(|_| {
            Command::new(env!("CARGO_BIN_EXE_fineprint"))
                .current_dir(site)
                .args(["release", "privacy", "--as-of", "2026-01-05"])
                .stderr(std::process::Stdio::piped())
                .spawn()
                .expect("run the program")
        })
        .collect();
    let mut won = 0;
    for child in running {
        let output = child.wait_with_output().expect("wait for the program");
        let said = stderr(&output);
        match output.status.code() {
            Some(0) => won += 1,
            _ => assert!(said.contains("is writing to this site's record") || said.contains("already"), "{said}"),
        }
    }
    assert_eq!(won, 1);
    assert!(!site.join("content/.fineprint-release").exists());
    run(site, 0, &["build", "--as-of", "2026-01-06"]);
}

#[cfg(unix)]
#[test]
fn the_digest_of_an_entry_can_be_had_by_common_tools() {
    let site = site();
    let site = site.path();
    run(site, 0, &["release", "privacy", "--as-of", "2026-01-05"]);
    edit(site, "content/privacy/policy.md", "six", "seven");
    run(site, 0, &["release", "privacy", "--as-of", "2026-02-05", "--minor", "--summary", "Seven."]);
    let recipe =
        "tr -d '\\r' < content/ledger.toml | awk '/^\\[\\[entry\\]\\]/{n++} n==2 && NF && !/^digest = /' | sha256sum";
    let output = Command::new("sh").current_dir(site).args(["-c", recipe]).output().expect("run the tools");
    let digest = String::from_utf8_lossy(&output.stdout).split(' ').next().expect("a digest").to_string();
    let ledger = fs::read_to_string(site.join("content/ledger.toml")).expect("the ledger");
    assert_eq!(ledger.lines().filter(|line| *line == format!("digest = \"{digest}\"")).count(), 1, "{ledger}");
}

#[test]
fn an_import_brings_a_past_that_builds() {
    let site = site();
    let site = site.path();
    let past = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("2024-03-01.md", "# Terms\n\nOne.\n"),
        ("2024-03-02.md", "# Terms\n\n*One.*\n"),
        ("2025-03-01.md", "# Terms\n\nTwo.\n"),
    ] {
        fs::write(past.path().join(name), text).expect("write a text");
    }
    let folder = past.path().to_string_lossy().into_owned();
    let said = run(site, 0, &["import", &folder, "--as", "terms", "--history"]);
    assert!(said.contains("Imported 2 versions of terms"), "{said}");
    assert!(said.contains("Left out 2024-03-02.md: says the same to a reader as 2024-03-01.md"), "{said}");
    let again = run(site, 2, &["import", &folder, "--as", "terms", "--history"]);
    assert!(again.contains("has a history already"), "{again}");
    run(site, 0, &["build", "--as-of", "2026-12-24"]);
    edit(site, "content/terms/policy.md", "Two", "Three");
    let said = run(site, 0, &["release", "terms", "--minor", "--summary", "Three.", "--as-of", "2026-11-21"]);
    assert!(said.contains("Released terms 2026-11-21"), "{said}");
}
