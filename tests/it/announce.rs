//! Announcements: whole, the same every time, only while there is something to announce.

use crate::harness::{fineprint, read_all, repository, stderr, write_site};
use std::path::Path;

const SITE: &str = r#"-- fineprint.toml --
base_url = "https://acme.example/legal"
title = "Acme"
timezone = "Europe/Berlin"
languages = ["en", "de", "ar"]
-- content/organization.toml --
legal_name = "Acme <Ltd> & \"Sons\""
brand = """Acme
Bcc: victim@example.org"""
address = "1 Road\nTown"

[contacts]
privacy = "privacy@acme.example"
-- content/processors.toml --
[[row]]
id = "one"
name = "One Ltd"
purpose = "Hosting"
data = ["names"]
location = ["DE"]
-- content/privacy/policy.md --
+++
title = "Privacy & more"
notice = "14 days"
+++
## Data {#data}
We keep little.
-- content/privacy/versions/2026-01-01/policy.md --
+++
title = "Privacy & more"
notice = "14 days"
+++
## Data {#data}
We keep little.
-- content/privacy/versions/2026-01-01/organization.toml --
legal_name = "Acme <Ltd> & \"Sons\""
-- content/privacy/versions/2026-01-01/processors.toml --
[[row]]
id = "one"
name = "One Ltd"
purpose = "Hosting"
data = ["names"]
location = ["DE"]
-- content/privacy/versions/2026-11-25/policy.md --
+++
title = "Privacy & more"
notice = "14 days"
+++
## Data {#data}
We keep less.
-- content/privacy/versions/2026-11-25/organization.toml --
legal_name = "Acme <Ltd> & \"Sons\""
brand = """Acme
Bcc: victim@example.org"""
address = "1 Road\nTown"

[contacts]
privacy = "privacy@acme.example"
-- content/privacy/versions/2026-11-25/processors.toml --
[[row]]
id = "one"
name = "One Ltd"
purpose = "Hosting"
data = ["names"]
location = ["DE"]

[[row]]
id = "two"
name = "Two SA"
purpose = "Mail"
data = ["names"]
location = ["FR"]
objection_deadline = 2026-11-24
-- content/ledger.toml --
[[entry]]
action = "release"
document = "privacy"
version = "2026-01-01"
language = "en"
published = 2026-01-01
effective = 2026-01-01

[[entry]]
action = "release"
document = "privacy"
version = "2026-11-25"
language = "en"
published = 2026-11-20
effective = 2026-11-25
significance = "material"
summary = "We keep <b>less</b>."
exemption = { kind = "security", reason = "A leak had to be closed." }
"#;

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write_site(folder.path(), SITE);
    folder
}

fn announced(folder: &Path, more: &[&str]) -> String {
    let output = fineprint(folder, &[&["announce", "privacy", "--as-of", "2026-11-21"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn it_says_what_changes_when_why_where_and_whom_to_ask() {
    let folder = site();
    let text = announced(folder.path(), &[]);
    for part in [
        "has announced a new version of “Privacy & more”. It takes effect on 25 November 2026.",
        "Announced on 20 November 2026.",
        "What you can do",
        "in force since 1 January 2026",
        "A leak had to be closed.",
        "We keep <b>less</b>.",
        "Two SA",
        "https://acme.example/legal/privacy/v/2026-11-25/",
        "https://acme.example/legal/privacy/changes/2026-01-01..2026-11-25/",
        "You can object to Two SA until 24 November 2026.",
        "privacy@acme.example",
        "Acme <Ltd> & \"Sons\"\n1 Road\nTown",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains("object to One"), "{text}");
    let html = announced(folder.path(), &["--format", "html", "--language", "ar"]);
    assert!(
        html.contains("<html lang=\"ar\" dir=\"rtl\">") && html.contains("We keep &lt;b&gt;less&lt;/b&gt;."),
        "{html}"
    );
    for loads in ["<img", "<script", "<link", "url(", "@import", "src="] {
        assert!(!html.contains(loads), "{loads}");
    }
    for short in ["chat", "in-app"] {
        let text = announced(folder.path(), &["--format", short]);
        assert!(
            text.contains("25 November 2026") && text.contains("We keep <b>less</b>.") && text.len() < 300,
            "{text}"
        );
    }
}

#[test]
fn a_message_has_no_header_that_a_fact_smuggled_in_and_is_the_same_every_time() {
    let folder = site();
    let mail = announced(folder.path(), &["--format", "eml"]);
    let (headers, _) = mail.split_once("\r\n\r\n").expect("headers and a body");
    for line in headers.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
        assert!(!line.starts_with("Bcc"), "{headers}");
    }
    assert!(headers.contains("\r\nMessage-ID: <privacy-2026-11-25.en@acme.example>\r\n"), "{headers}");
    assert!(headers.contains("\r\nDate: Fri, 20 Nov 2026 11:00:00 +0000\r\n"), "{headers}");
    assert!(mail.lines().all(|line| line.len() < 998), "RFC 5322, 2.1.1");
    assert_eq!(mail, announced(folder.path(), &["--format", "eml"]));
}

#[test]
fn an_outbox_has_every_language_and_format_and_nothing_of_anybodys_is_overwritten() {
    let folder = site();
    announced(folder.path(), &["--out", "outbox"]);
    let first = read_all(&folder.path().join("outbox"));
    assert_eq!(first.len(), 15, "{:?}", first.keys());
    assert_eq!(first["privacy-2026-11-25.en.txt"], announced(folder.path(), &[]).into_bytes());
    assert_eq!(
        first["privacy-2026-11-25.de.eml"],
        announced(folder.path(), &["--language", "de", "--format", "eml"]).into_bytes()
    );
    announced(folder.path(), &["--out", "outbox"]);
    assert!(read_all(&folder.path().join("outbox")) == first);
    // Somebody has added a greeting: the next run writes nothing at all.
    std::fs::write(folder.path().join("outbox/privacy-2026-11-25.de.txt"), "Liebe Leute").expect("write");
    std::fs::remove_file(folder.path().join("outbox/privacy-2026-11-25.ar.txt")).expect("remove");
    let output = fineprint(folder.path(), &["announce", "privacy", "--as-of", "2026-11-21", "--out", "outbox"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("privacy-2026-11-25.de.txt"), "{}", stderr(&output));
    assert!(!folder.path().join("outbox/privacy-2026-11-25.ar.txt").exists());
    let output = fineprint(folder.path(), &["announce", "privacy", "--as-of", "2026-11-21", "--out", "content/outbox"]);
    assert_eq!(output.status.code(), Some(2), "never among the texts");
}

#[test]
fn where_nothing_is_announced_it_says_what_to_do() {
    let folder = site();
    for (arguments, said) in [
        (&["announce", "privacy", "--as-of", "2026-11-19"][..], "fineprint release privacy --material"),
        (&["announce", "privacy", "--as-of", "2026-11-25"], "fineprint release privacy --material"),
        (&["announce", "privacy", "2026-11-25", "--as-of", "2026-11-19"], "--as-of 2026-11-20"),
        (&["announce", "privacy", "2026-11-25", "--as-of", "2026-12-01"], "took effect on 2026-11-25"),
        (&["announce", "privacy", "2026-11-26", "--as-of", "2026-11-21"], "it has 2026-01-01, 2026-11-25"),
        (&["announce", "terms", "--as-of", "2026-11-21"], "the site has privacy"),
        (&["announce", "privacy", "--language", "fr", "--as-of", "2026-11-21"], "it has en, de, ar"),
    ] {
        let output = fineprint(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn every_announced_version_of_the_sample_sites_has_words_in_every_language() {
    let folder = repository().join("tests/sites");
    for (site, day) in [("gateway", "2026-11-20"), ("image-api", "2026-11-20"), ("scheduler", "2026-11-20")] {
        let out = tempfile::tempdir().expect("a folder");
        let path = out.path().to_string_lossy().into_owned();
        let input = folder.join(site).join("input");
        let output = fineprint(&input, &["announce", "privacy", "--as-of", day, "--out", &path]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        for (name, bytes) in read_all(out.path()) {
            let text = String::from_utf8(bytes).expect("text");
            assert!(!text.contains("{{") && !text.trim().is_empty(), "{name}");
        }
    }
}
