//! `import` and `init --from` as commands: what they print, write, refuse and take back.

use crate::harness::{fineprint, read_all, stderr, write_site};
use std::fs;
use std::path::Path;
use std::process::Command;

const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Privacy policy | Acme</title></head><body><nav><a href=\"/\">Home</a></nav><main><h1>Privacy policy</h1><p>Last updated: 3 May 2026</p><h2>Who helps us</h2><p>These vendors help us to run the service for you.</p><table><tr><th>Vendor</th><th>Purpose</th><th>Country</th></tr><tr><td>Host Ltd</td><td>Servers</td><td>Germany</td></tr></table></main></body></html>";

fn run(folder: &Path, code: i32, arguments: &[&str]) -> String {
    let done = fineprint(folder, arguments);
    let said = stderr(&done);
    assert_eq!(done.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

#[test]
fn a_saved_page_becomes_a_center_with_one_command() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.html"), PAGE).unwrap();
    let said = run(
        folder.path(),
        0,
        &[
            "init",
            "legal",
            "--from",
            "page.html",
            "--base-url",
            "https://privacy.acme.example",
            "--timezone",
            "Europe/Madrid",
        ],
    );
    for words in [
        "Title      Privacy policy",
        "Sections   1: Who helps us",
        "Date       2026-05-03 (last changed)",
        "Register   content/processors.toml: 1 row",
        "Home",
        "Draft: content/privacy/policy.md",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let site = folder.path().join("legal");
    let settings = fs::read_to_string(site.join("fineprint.toml")).unwrap();
    assert!(settings.contains("base_url = \"https://privacy.acme.example\"\n"), "{settings}");
    assert!(settings.contains("timezone = \"Europe/Madrid\"\n"), "{settings}");
    assert!(!site.join("content/ledger.toml").exists(), "nothing goes onto the ledger unasked");
    run(&site, 0, &["build", "--drafts", "--as-of", "2026-11-21"]);
    let page = fs::read_to_string(site.join("public/privacy/draft/index.html"))
        .or_else(|_| find(&site.join("public"), "Host Ltd"))
        .unwrap();
    assert!(page.contains("Host Ltd") && page.contains("Germany"), "{page}");
}

/// The first page that holds the words.
fn find(folder: &Path, words: &str) -> std::io::Result<String> {
    let pages = read_all(folder);
    let page =
        pages.iter().filter(|(path, _)| path.ends_with(".html") && path.contains("privacy/")).find_map(|(_, bytes)| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.contains(words).then_some(text)
        });
    page.ok_or_else(|| std::io::Error::other("no page holds it"))
}

#[test]
fn an_untouched_starter_makes_room_and_comes_back_and_a_draft_with_work_does_neither() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.html"), PAGE).unwrap();
    run(folder.path(), 0, &["init", "legal"]);
    let site = folder.path().join("legal");
    let before = read_all(&site);
    let looked = run(&site, 0, &["import", "../page.html", "--dry-run"]);
    assert!(looked.contains("Nothing was written."), "{looked}");
    assert_eq!(read_all(&site), before);
    let said = run(&site, 0, &["import", "../page.html"]);
    assert!(said.contains("starter text content/privacy/policy.md made room"), "{said}");
    assert!(fs::read_to_string(site.join("content/privacy/policy.md")).unwrap().contains("## Who helps us"));
    // A second import meets the work of the first.
    let refused = run(&site, 2, &["import", "../page.html"]);
    assert!(refused.contains("has a text of your own"), "{refused}");
    run(&site, 0, &["import", "--undo"]);
    assert_eq!(read_all(&site), before);
    let none = run(&site, 2, &["import", "--undo"]);
    assert!(none.contains("no import to take back"), "{none}");
    // What was edited since stays.
    run(&site, 0, &["import", "../page.html"]);
    fs::write(site.join("content/privacy/policy.md"), "+++\ntitle = \"Mine\"\n+++\n").unwrap();
    let said = run(&site, 0, &["import", "--undo"]);
    assert!(said.contains("Kept content/privacy/policy.md"), "{said}");
    assert!(fs::read_to_string(site.join("content/privacy/policy.md")).unwrap().contains("Mine"));
}

#[test]
fn a_past_has_the_days_that_its_texts_state_and_can_be_taken_back_until_it_is_committed() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), "");
    let past = site.path().join("old");
    fs::create_dir(&past).unwrap();
    let text = |date: &str, days: u32| {
        format!("# Terms\n\nEffective date: {date}\n\n## Data\n\nWe keep it for {days} days.\n")
    };
    fs::write(past.join("2025-03-24.md"), text("April 1, 2025", 10)).unwrap();
    fs::write(past.join("terms-20260105.txt"), "Terms\n\n1. Data\nWe keep it for 20 days.\n2. Contact\nWrite to us.\n")
        .unwrap();
    fs::write(past.join("2026-02-01.docx"), "no Word file").unwrap();
    fs::write(past.join("2026-03-01.pdf"), "%PDF-1.7").unwrap();
    fs::write(past.join("notes.md"), "x").unwrap();
    let said = run(site.path(), 0, &["import", "old", "--as", "terms"]);
    assert!(said.contains("add `--history`"), "{said}");
    assert!(!site.path().join("content/ledger.toml").exists());
    run(site.path(), 0, &["import", "--undo"]);
    let said = run(site.path(), 0, &["import", "old", "--as", "terms", "--history"]);
    for words in [
        "Imported 2 versions of terms",
        "in force from 2025-04-01",
        "Left out 2026-02-01.docx: `2026-02-01.docx` is not a Word file",
        "Left out 2026-03-01.pdf: its kind, `pdf`, cannot be imported",
        "Left out notes.md: no day in its name",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let ledger = fs::read_to_string(site.path().join("content/ledger.toml")).unwrap();
    assert!(ledger.contains("effective = 2025-04-01") && ledger.contains("published = 2025-04-01"), "{ledger}");
    run(site.path(), 0, &["build", "--as-of", "2026-11-21"]);
    let significances = || {
        let versions = fs::read_to_string(site.path().join("public/api/v1/documents/terms/versions.json")).unwrap();
        let versions: serde_json::Value = serde_json::from_str(&versions).unwrap();
        let mut found: Vec<(String, String)> = Vec::new();
        for version in versions["versions"].as_array().unwrap() {
            let member = |name: &str| version[name].as_str().unwrap().to_string();
            found.push((member("version"), member("significance")));
        }
        found.sort();
        found
    };
    let of = |version: &str, significance: &str| (version.to_string(), significance.to_string());
    assert_eq!(significances(), [of("2025-03-24", "first"), of("2026-01-05", "unclassified")]);
    let changes = fs::read_to_string(site.path().join("public/terms/changes/index.html")).unwrap();
    assert_eq!(changes.matches("First version").count(), 1, "{changes}");
    assert!(changes.contains("Not classified"), "{changes}");
    run(site.path(), 0, &["import", "--undo"]);
    assert!(!site.path().join("content/ledger.toml").exists() && !site.path().join("content/terms").exists());
    run(site.path(), 0, &["import", "old", "--as", "terms", "--history"]);
    // What a past change meant can be said later.
    run(site.path(), 0, &["correct", "terms", "2026-01-05", "--minor", "--summary", "We keep data for 20 days."]);
    run(site.path(), 0, &["build"]);
    assert_eq!(significances(), [of("2025-03-24", "first"), of("2026-01-05", "minor")]);
    let stays = run(site.path(), 2, &["import", "--undo"]);
    assert!(stays.contains("recorded after the import"), "{stays}");
    fs::remove_dir_all(site.path().join("content/terms")).unwrap();
    fs::remove_file(site.path().join("content/ledger.toml")).unwrap();
    run(site.path(), 0, &["import", "old", "--as", "terms", "--history"]);
    git(site.path(), &["init", "-q"]);
    git(site.path(), &["add", "-A"]);
    git(site.path(), &["commit", "-qm", "record"]);
    let refused = run(site.path(), 2, &["import", "--undo"]);
    assert!(refused.contains("committed to git"), "{refused}");
    assert!(site.path().join("content/terms/versions").exists());
}

#[test]
fn the_history_of_a_file_is_followed_over_its_renames() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), "");
    let repository = tempfile::tempdir().unwrap();
    let root = repository.path();
    git(root, &["init", "-q"]);
    let commit = |name: &str, text: &str, day: &str| {
        fs::write(root.join(name), text).unwrap();
        git(root, &["add", "-A"]);
        let date = format!("{day}T12:00:00Z");
        let done = Command::new("git")
            .current_dir(root)
            .args(["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "text"])
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_AUTHOR_DATE", &date)
            .status();
        assert!(done.unwrap().success());
    };
    let text = |days: u32| {
        format!("# Privacy\n\n## Data\n\nWe keep the data that you give us for {days} days, and no longer.\n")
    };
    commit("policy.md", &text(10), "2024-01-02");
    commit("policy.md", &text(20), "2024-01-02");
    fs::remove_file(root.join("policy.md")).unwrap();
    commit("privacy.md", &text(20), "2024-02-03");
    commit("privacy.md", &text(30), "2025-02-03");
    let path = root.join("privacy.md").to_string_lossy().into_owned();
    let said = run(site.path(), 0, &["import", &path, "--history"]);
    assert!(said.contains("Imported 3 versions of privacy"), "{said}");
    assert!(said.contains("says the same to a reader"), "{said}");
    let versions: Vec<String> = fs::read_dir(site.path().join("content/privacy/versions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let mut versions = versions;
    versions.sort();
    assert_eq!(versions, ["2024-01-02", "2024-01-02-2", "2025-02-03"]);
    let outside = run(site.path(), 2, &["import", "fineprint.toml", "--history"]);
    assert!(outside.contains("not in a git repository"), "{outside}");
}

#[test]
fn rows_of_a_spreadsheet_become_a_register() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), "");
    fs::write(
        site.path().join("vendors.csv"),
        "Vendor,Purpose,Data,Country\nHost Ltd,Servers,\"names, addresses\",The Netherlands\nMail Inc.,Messages,names,USA\n",
    )
    .unwrap();
    fs::write(
        site.path().join("cookies.json"),
        r#"[{"cookie": "sid", "purpose": "sign-in", "duration": "1 day", "category": "essential"}]"#,
    )
    .unwrap();
    fs::write(site.path().join("offices.yaml"), "- city: Cork\n  people: 12\n- city: Lyon\n  people: 3\n").unwrap();
    run(site.path(), 0, &["import", "vendors.csv"]);
    run(site.path(), 0, &["import", "cookies.json"]);
    let read = |path: &str| fs::read_to_string(site.path().join(path)).unwrap();
    let processors = read("content/processors.toml");
    assert!(
        processors.contains("location = [\"NL\"]") && processors.contains("data = [\"names\", \"addresses\"]"),
        "{processors}"
    );
    assert!(read("content/cookies.toml").contains("category = \"necessary\""));
    if cfg!(feature = "yaml") {
        run(site.path(), 0, &["import", "offices.yaml"]);
        assert!(read("content/offices.toml").contains("people = \"12\""), "{}", read("content/offices.toml"));
    }
    let again = run(site.path(), 2, &["import", "vendors.csv"]);
    assert!(again.contains("has rows already"), "{again}");
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .status()
        .expect("git");
    assert!(done.success(), "{arguments:?}");
}
