//! The record through the program itself: a release, its traces, two at once, and the digests by common tools.

use crate::harness::{Files, fineprint, fineprint_at, read_all, repository, stderr, write_site};
use fineprint::words::{Language, find_label};
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

/// The same when the clock says ten in the morning of a day.
fn at(site: &Path, day: &str, code: i32, arguments: &[&str]) -> String {
    let output = fineprint_at(site, &format!("{day} 10:00"), arguments);
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
fn an_editorial_change_of_a_number_or_a_denial_needs_a_reason() {
    let site = site();
    let site = site.path();
    at(site, "2026-01-05", 0, &["release", "privacy"]);
    let release = |kind: &'static str, more: &[&'static str]| {
        [&["release", "privacy", kind, "--summary", "Words.", "--dry-run"], more].concat()
    };
    edit(site, "content/privacy/policy.md", "keeps orders", "keeps the orders");
    at(site, "2026-11-21", 0, &release("--editorial", &[]));
    edit(site, "content/privacy/policy.md", "six years", "seven years and does not sell them");
    let refused = at(site, "2026-11-21", 2, &release("--editorial", &[]));
    assert!(refused.contains("--justification"), "{refused}");
    at(site, "2026-11-21", 0, &release("--minor", &[]));
    let said = at(site, "2026-11-21", 0, &release("--editorial", &["--justification", "The number was wrong."]));
    assert!(said.contains("Noticed: numbers in the text changed"), "{said}");
}

#[test]
fn a_release_says_what_it_did_and_when_it_takes_effect() {
    let site = site();
    let site = site.path();
    let said = at(site, "2026-01-05", 0, &["release", "privacy", "--dry-run"]);
    assert!(said.contains("Would release privacy 2026-01-05") && said.contains("Nothing was written"), "{said}");
    assert!(!site.join("content/ledger.toml").exists());
    at(site, "2026-01-05", 0, &["release", "privacy"]);
    edit(site, "content/privacy/policy.md", "six", "seven");
    let before = content(site);
    let material = ["release", "privacy", "--material", "--summary", "Seven \"years\"."];
    let early = at(site, "2026-11-21", 2, &[&material[..], &["--effective", "2026-12-05"]].concat());
    assert!(early.contains("the earliest effective date is 2026-12-06"), "{early}");
    assert_eq!(content(site), before);
    let said = at(site, "2026-11-21", 0, &material);
    for words in [
        "Released privacy 2026-12-06",
        "takes effect on 2026-12-06",
        "from 2026-11-22 to 2026-12-05",
        "on 2026-11-21 at the latest",
        "git commit",
        "fineprint withdraw privacy 2026-12-06",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = at(site, "2026-11-23", 0, &["withdraw", "privacy", "2026-12-06", "--reason", "Too soon."]);
    assert!(said.contains("Withdrew privacy 2026-12-06"), "{said}");
    run(site, 0, &["build", "--as-of", "2026-12-24"]);
}

/// No flag and no variable of the environment moves the day of an act.
#[test]
fn the_day_of_an_act_is_the_clocks() {
    let site = site();
    let site = site.path();
    for command in ["release", "withdraw", "correct", "rename", "retire", "import"] {
        let refused = run(site, 2, &[command, "privacy", "--as-of", "2026-01-10"]);
        assert!(refused.contains("--as-of"), "{refused}");
    }
    let output = std::process::Command::new("faketime")
        .current_dir(site)
        .args(["-f", "2026-11-28 10:00:00", env!("CARGO_BIN_EXE_fineprint"), "release", "privacy"])
        .envs([("SOURCE_DATE_EPOCH", "1780000000"), ("TZ", "UTC")])
        .output()
        .expect("run the program");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("Released privacy 2026-11-28"), "{}", stderr(&output));
    let ledger = fs::read_to_string(site.join("content/ledger.toml")).expect("the ledger");
    assert!(ledger.contains("recorded = 2026-11-28T10:00:00Z"), "{ledger}");
    // A clock that was set back is not believed.
    edit(site, "content/privacy/policy.md", "six", "seven");
    let again = ["release", "privacy", "--minor", "--summary", "Seven.", "--justification", "x"];
    let refused = at(site, "2026-11-27", 2, &again);
    assert!(refused.contains("--clock-justification"), "{refused}");
}

/// The whole life of a change that is fixed under, amended, stacked upon and withdrawn, as its readers see it.
#[test]
fn an_announced_change_is_fixed_under_amended_and_withdrawn() {
    let site = site();
    let site = site.path();
    at(site, "2026-01-05", 0, &["release", "privacy"]);
    edit(site, "content/privacy/policy.md", "six", "seven");
    at(site, "2026-11-21", 0, &["release", "privacy", "--material", "--summary", "Seven years."]);
    edit(site, "content/privacy/policy.md", "{#who}\n", "{#who}\n\nThe company:\n");
    let waits = at(
        site,
        "2026-11-22",
        2,
        &[
            "release",
            "privacy",
            "--material",
            "--summary",
            "x",
            "--exemption",
            "security",
            "--exemption-reason",
            "A leak.",
        ],
    );
    assert!(waits.contains("--backport"), "{waits}");
    let fixed =
        at(site, "2026-11-22", 0, &["release", "privacy", "--editorial", "--summary", "A lead-in.", "--backport"]);
    assert!(fixed.contains("Released privacy 2026-11-22") && fixed.contains("2026-12-06-2"), "{fixed}");
    assert!(fixed.contains("announced since 2026-11-21"), "{fixed}");
    edit(site, "content/privacy/policy.md", "seven years", "seven (7) years");
    let amended = at(
        site,
        "2026-11-23",
        0,
        &[
            "release",
            "privacy",
            "--editorial",
            "--summary",
            "Digits.",
            "--amends",
            "2026-12-06-2",
            "--justification",
            "The same number in digits.",
        ],
    );
    assert!(amended.contains("2026-12-06-3 has its place"), "{amended}");
    let gone = at(site, "2026-11-24", 2, &["withdraw", "privacy", "2026-12-06-2", "--reason", "x"]);
    assert!(gone.contains("2026-12-06-3"), "{gone}");
    let withdrawn = at(site, "2026-11-24", 0, &["withdraw", "privacy", "2026-12-06-3", "--reason", "Not now."]);
    assert!(withdrawn.contains("taken out of the draft"), "{withdrawn}");
    let draft = fs::read_to_string(site.join("content/privacy/policy.md")).expect("the draft");
    assert!(draft.contains("The company:") && draft.contains("six years"), "{draft}");
    run(site, 0, &["build", "--as-of", "2026-12-24"]);
    let page = fs::read_to_string(site.join("public/privacy/index.html")).expect("the page");
    assert!(page.contains("six years") && !page.contains("successor-version"), "{page}");
}

#[test]
fn a_site_with_errors_is_not_released() {
    let site = site();
    let site = site.path();
    edit(site, "content/privacy/policy.md", "legal_name", "legal_nam");
    let before = content(site);
    let said = at(site, "2026-01-05", 1, &["release", "privacy"]);
    assert!(said.contains("unknown-fact") && said.contains("Nothing was released"), "{said}");
    assert_eq!(content(site), before);
}

#[test]
fn an_interrupted_release_is_said_and_the_next_one_takes_it_back() {
    let site = site();
    let site = site.path();
    at(site, "2026-01-05", 0, &["release", "privacy"]);
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
    for name in ["organization.toml", "text.en.md"] {
        fs::remove_file(site.join("content/privacy/versions/2026-01-05").join(name)).expect("remove a file");
    }
    for command in [&["build"][..], &["status"]] {
        let said = run(site, 1, command);
        assert!(said.contains("error[release-interrupted]") && said.contains("run it again"), "{said}");
        assert!(!said.contains("version-not-on-ledger"), "{said}");
    }
    let said = at(site, "2026-01-05", 0, &["release", "privacy"]);
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
                .args(["release", "privacy"])
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
    run(site, 0, &["build"]);
}

#[cfg(unix)]
#[test]
fn the_digest_of_an_entry_can_be_had_by_common_tools() {
    let site = site();
    let site = site.path();
    at(site, "2026-01-05", 0, &["release", "privacy"]);
    edit(site, "content/privacy/policy.md", "six", "seven");
    at(site, "2026-02-05", 0, &["release", "privacy", "--minor", "--summary", "Seven."]);
    // Whatever is written below the entry's own lines is part of what the digest vouches for.
    let recipe = "tr -d '\\r' < content/ledger.toml | awk '/^\\[\\[entry\\]\\]/ {n++; own=1}  /^\\[entry\\./ {own=0}
        n==2 && NF {if (own && /^digest = /) own=0; else print}' | sha256sum";
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
    let said = at(site, "2027-11-21", 0, &["release", "terms", "--minor", "--summary", "Three."]);
    assert!(said.contains("Released terms 2027-11-21"), "{said}");
}

#[test]
fn every_state_that_is_shown_and_every_exemption_has_a_label_in_each_language_and_is_in_the_schema() {
    use fineprint::record::{EXEMPTIONS, State};
    let schema = fs::read_to_string(repository().join("src/render/schemas/versions.schema.json")).unwrap();
    let shown = [State::Upcoming, State::InForce, State::Superseded, State::Withdrawn, State::Amended, State::Retired];
    for tag in ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pt"] {
        let language = Language::parse(tag).unwrap();
        let keys = shown.iter().map(|state| format!("state.{}", state.name()));
        for key in keys.chain(EXEMPTIONS.iter().map(|kind| format!("exemption.{kind}"))) {
            let label = find_label(&language, &key);
            let english = find_label(&Language::english(), &key).filter(|_| tag != "en");
            assert!(label.is_some() && label != english, "{tag}: {key}");
            let name = key.rsplit('.').next().unwrap();
            assert!(schema.contains(&format!("\"{name}\"")), "{name}");
        }
    }
}
