//! Whatever the bytes, reading ends with findings that name the place, never with a panic.

use crate::harness::{build, codes, fineprint, stderr, write_site};
use fineprint::diagnostic::Diagnostic;
use fineprint::source::SourceTree;
use jiff::civil::date;
use proptest::prelude::*;
use std::path::Path;

const DAY: jiff::civil::Date = date(2026, 11, 21);

fn scan(root: &Path) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let tree = SourceTree::scan(root, &mut findings).unwrap();
    fineprint::compiler::Compiler::default().artifacts(tree, DAY, true, &mut findings).unwrap();
    findings
}

#[test]
fn invalid_utf8_is_named_at_its_byte_and_the_rest_is_read() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), "-- content/privacy/policy.md --\n+++\ntitle = \"P\"\n+++\n\nText {{ nothing }}\n");
    let path = site.path().join("content/privacy/policy.md");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() - 20;
    bytes[at] = 0xff;
    std::fs::write(&path, &bytes).unwrap();
    let findings = scan(site.path());
    let found = findings.iter().find(|finding| finding.code == "invalid-utf8").unwrap();
    assert_eq!(found.primary.as_ref().unwrap().span.start, at);
    assert!(codes(&findings).contains(&"unknown-fact"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_of_the_site_only() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    write_site(&root, "-- content/privacy/policy.md --\n+++\ntitle = \"P\"\n+++\n\nText\n");
    std::fs::create_dir_all(root.join("static")).unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    symlink(folder.path().join("secret.txt"), root.join("static/out.txt")).unwrap();
    symlink("loop.txt", root.join("static/loop.txt")).unwrap();
    symlink("..", root.join("content/up")).unwrap();
    symlink("../fineprint.toml", root.join("static/inside.txt")).unwrap();
    let findings = scan(&root);
    let named: Vec<_> = findings
        .iter()
        .filter(|finding| finding.code == "link-not-followed")
        .filter_map(|finding| finding.primary.as_ref().map(|label| label.path.to_string()))
        .collect();
    assert_eq!(named, ["content/up", "static/loop.txt", "static/out.txt"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_and_a_name_that_is_no_text_are_findings() {
    use std::os::unix::ffi::OsStrExt;
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), "-- content/privacy/policy.md --\n+++\ntitle = \"P\"\n+++\n\nText\n");
    std::fs::create_dir_all(site.path().join("static")).unwrap();
    std::fs::write(site.path().join("static").join(std::ffi::OsStr::from_bytes(b"a\xff.txt")), "x").unwrap();
    // A socket is a file that nobody can read, root or not.
    let _socket = std::os::unix::net::UnixListener::bind(site.path().join("static/socket")).unwrap();
    let findings = scan(site.path());
    assert!(codes(&findings).contains(&"file-name-not-text"), "{findings:?}");
    assert!(codes(&findings).contains(&"unreadable-file"), "{findings:?}");
}

#[test]
fn three_faults_in_one_file_are_three_findings() {
    let settings = "-- fineprint.toml --\nbase_url = \"nowhere\"\ntimezone = \"Europe/Madrit\"\nlanguages = [\"en\", 3]\ntitel = \"x\"\n";
    let (files, findings) = build(settings, DAY, false);
    assert!(files.is_none());
    for code in ["invalid-url", "unknown-timezone", "wrong-type", "unknown-key"] {
        assert!(codes(&findings).contains(&code), "{code}: {findings:?}");
    }
    let help: Vec<&String> = findings.iter().flat_map(|finding| &finding.help).collect();
    assert!(help.iter().any(|help| help.contains("Europe/Madrid")), "{help:?}");
    assert!(help.iter().any(|help| help.contains("`title`")), "{help:?}");
}

#[test]
fn toml_broken_in_three_places_is_three_findings() {
    let (_, findings) = build(
        "-- content/organization.toml --\nlegal_name = \nbrand = \"A\"\naddress = [\"a\"\ncountry == \"DE\"\n",
        DAY,
        false,
    );
    let broken = findings.iter().filter(|finding| finding.code == "invalid-toml").count();
    assert!(broken >= 2, "{findings:?}");
}

#[test]
fn a_line_of_five_megabytes_is_read_and_shown_in_reasonable_time() {
    let long = "word ".repeat(1_000_000);
    let site = format!("-- content/privacy/policy.md --\n+++\ntitle = \"P\"\n+++\n\n{long}{{{{ nothing }}}}\n");
    let (_, findings) = build(&site, DAY, true);
    let finding = findings.iter().find(|finding| finding.code == "unknown-fact").unwrap();
    let files = crate::harness::files(&site);
    let shown = fineprint::diagnostic::human(finding, &|path| files.get(path).map(String::as_str), false);
    assert!(shown.len() < 3_000, "{} bytes", shown.len());
}

#[test]
fn errors_are_exit_code_1_and_usage_is_2() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), "-- content/privacy/policy.md --\n+++\ntitle = \"P\"\n+++\n\n{{ nothing }}\n");
    let built = fineprint(site.path(), &["build", "--drafts"]);
    assert_eq!(built.status.code(), Some(1));
    assert!(stderr(&built).contains("content/privacy/policy.md:5:1"), "{}", stderr(&built));
    assert!(!site.path().join("public").exists());
    assert_eq!(fineprint(site.path(), &["biuld"]).status.code(), Some(2));
    assert_eq!(fineprint(site.path(), &["--site", "nowhere", "build"]).status.code(), Some(2));
    assert_eq!(fineprint(site.path(), &["build", "--as-of", "2026-13-01"]).status.code(), Some(2));
}

#[test]
fn init_makes_a_site_that_says_what_to_fill_in_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let made = fineprint(
        folder.path(),
        &["init", "legal", "--base-url", "https://privacy.acme.example", "--timezone", "Europe/Madrid"],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    let again = fineprint(folder.path(), &["init", "legal"]);
    assert_eq!(again.status.code(), Some(2), "{}", stderr(&again));
    let site = folder.path().join("legal");
    let built = fineprint(&site, &["build", "--drafts"]);
    assert_eq!(built.status.code(), Some(1));
    for fact in ["organization.legal_name", "organization.address", "organization.contacts.privacy"] {
        assert!(stderr(&built).contains(fact), "{}", stderr(&built));
    }
    let filled =
        "legal_name = \"Acme Ltd\"\naddress = \"1 Main Street\"\n[contacts]\nprivacy = \"privacy@acme.example\"\n";
    std::fs::write(site.join("content/organization.toml"), filled).unwrap();
    let built = fineprint(&site, &["build", "--drafts"]);
    assert_eq!(built.status.code(), Some(1), "sections are still empty");
    let policy = site.join("content/privacy/policy.md");
    let text = std::fs::read_to_string(&policy)
        .unwrap()
        .replace("}\n\n#", "}\n\nWritten.\n\n#")
        .replace(":::register retention\n", ":::register retention\nNothing is kept.\n");
    std::fs::write(policy, text).unwrap();
    let built = fineprint(&site, &["build", "--drafts"]);
    assert!(built.status.success(), "{}", stderr(&built));
    assert!(std::fs::read_to_string(site.join("public/privacy/index.html")).unwrap().contains("Acme Ltd"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_in_any_file_ends_without_a_panic(
        file in prop::sample::select(vec![
            "fineprint.toml", "content/organization.toml", "content/ledger.toml", "content/processors.toml",
            "content/privacy/policy.md", "content/privacy/retention.toml", "content/privacy/versions/2026-01-01/policy.md",
        ]),
        parts in prop::collection::vec(prop::sample::select(vec![
            "+++\n", "title = \"x\"\n", "[[row]]\n", "[[entry]]\n", "id = \"a\"\n", "{{ ", " }}", "organization.legal_name",
            "section.a", ":::register processors\n", ":::\n", "## A {#a}\n", "| a | b |\n|---|---|\n", "[x](javascript:1)",
            "<b>", "</b>", "<!--", "[^1]", "\n[^1]: x\n", "> [!NOTE]\n", "- [ ] t\n", "\\", "`", "\u{feff}", "\r\n", "\0",
            "=", "2026-02-30", "\"", "é", "\u{202e}", "\u{f0000}", "action = \"release\"\n", "version = \"2026-01-01\"\n",
        ]), 0..40),
    ) {
        let site = format!("-- no seal --\n-- {file} --\n{}\n", parts.concat());
        build(&site, DAY, true);
    }
}
