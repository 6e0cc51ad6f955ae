//! `fineprint check` as people, editors and programs run it.

use crate::harness::{Files, fineprint, found, read_all, review, stderr, write_site};
use fineprint::diagnostic::Severity;
use jiff::civil::date;
use proptest::prelude::*;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const POLICY: &str = "+++\ntitle = \"Privacy policy\"\n+++\n\n## Use {#use}\n\n## Rights {#rights}\n\nWrite to us.\n";

fn check(folder: &Path, arguments: &[&str]) -> Output {
    fineprint(folder, &[&["check", "--as-of", "2026-11-21"], arguments].concat())
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

fn site(archive: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write_site(folder.path(), archive);
    folder
}

#[test]
fn a_report_ends_with_what_was_run_and_claims_nothing() {
    let clean = site("-- content/privacy/policy.md --\n+++\ntitle = \"Privacy\"\n+++\n\nWrite to us.\n");
    let done = check(clean.path(), &[]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(done.stdout.is_empty());
    let said = stderr(&done);
    assert!(said.contains("Found 0 errors, 0 warnings, 0 notes, 0 suppressed; ran "), "{said}");
    assert!(said.contains("Not run: unreachable-link"), "{said}");
    assert!(said.contains("A clean report does not prove that nothing is wrong"), "{said}");
    let bad = site(&format!("-- content/privacy/policy.md --\n{POLICY}"));
    let done = check(bad.path(), &[]);
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("content/privacy/policy.md:5:1"), "{}", stderr(&done));
    assert_eq!(check(bad.path(), &["missing.md"]).status.code(), Some(2));
}

#[test]
fn nothing_is_written_anywhere() {
    let folder = site(&format!("-- content/privacy/policy.md --\n{POLICY}"));
    let before: Files = read_all(folder.path());
    for arguments in [&[][..], &["--format", "json"], &["--coverage"], &["content/privacy/policy.md"]] {
        check(folder.path(), arguments);
    }
    assert_eq!(before, read_all(folder.path()));
}

#[test]
fn a_suppression_turns_an_error_into_a_line_of_the_report() {
    let suppression = "<!-- fineprint-suppress empty-section reason=\"counsel writes it\" until=2026-12-31 -->\n";
    let text = POLICY.replace("## Use", &format!("{suppression}## Use"));
    let folder = site(&format!("-- content/privacy/policy.md --\n{text}"));
    let done = check(folder.path(), &[]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("Suppressed until 2026-12-31: error[empty-section]"), "{}", stderr(&done));
    assert!(stderr(&done).contains("counsel writes it"), "{}", stderr(&done));
    let report = json(&check(folder.path(), &["--format", "json"]));
    assert_eq!(report["summary"]["suppressed"], 1);
    assert_eq!(report["findings"][0]["severity"], "error");
    assert_eq!(report["findings"][0]["suppression"]["in_source"], true);
    // It is a comment to nobody but the check.
    let built = fineprint(folder.path(), &["build", "--drafts", "--as-of", "2026-11-21"]);
    assert!(built.status.success(), "{}", stderr(&built));
    for (path, bytes) in read_all(&folder.path().join("public")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("fineprint-suppress"), "{path}");
    }
    let late = fineprint(folder.path(), &["check", "--as-of", "2027-01-01"]);
    assert_eq!(late.status.code(), Some(1));
    assert!(stderr(&late).contains("expired-suppression"), "{}", stderr(&late));
}

#[test]
fn a_suppression_in_the_settings_speaks_for_a_document_a_section_or_a_row() {
    let settings = |target: &str| {
        format!(
            "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"en\"]\n[[check.suppression]]\nrule = \"empty-section\"\ntarget = \"{target}\"\nreason = \"soon\"\nuntil = 2026-12-31\n-- content/privacy/policy.md --\n{POLICY}"
        )
    };
    let errors = |archive: &str| {
        let findings = review(archive, date(2026, 11, 21));
        let unused = findings.iter().any(|finding| finding.code == "unused-suppression");
        (findings.iter().filter(|finding| finding.severity == Severity::Error).count(), unused)
    };
    for target in ["privacy", "privacy#use", "content/privacy/policy.md", "content/privacy/policy.md#use"] {
        assert_eq!(errors(&settings(target)), (0, false), "{target}");
    }
    for target in ["privacy#rights", "terms", "content/processors.toml"] {
        assert_eq!(errors(&settings(target)), (1, true), "{target}");
    }
    let row = settings("content/processors.toml#post")
        .replace("empty-section", "processor-role-missing")
        .replace("## Use {#use}\n\n", "")
        + "-- content/processors.toml --\n[[row]]\nid = \"post\"\nname = \"Post\"\npurpose = \"delivery\"\ndata = [\"name\"]\nlocation = [\"ES\"]\n";
    assert_eq!(errors(&row), (0, false));
}

#[test]
fn an_error_of_the_record_is_never_suppressed() {
    let ledger = "-- content/ledger.toml --\nother = 1\n";
    let settings = "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"en\"]\n[[check.suppression]]\nrule = \"unknown-key\"\ntarget = \"content/ledger.toml\"\nreason = \"x\"\nuntil = 2030-01-01\n";
    let findings = review(&format!("{settings}{ledger}"), date(2026, 11, 21));
    let told = findings.iter().find(|finding| finding.code == "unknown-key").expect("it is found");
    assert_eq!((told.severity, told.suppressed.is_none()), (Severity::Error, true));
}

#[test]
fn single_files_are_checked_in_their_site_or_alone() {
    let folder = site(&format!(
        "-- content/privacy/policy.md --\n{}-- content/terms/policy.md --\n{POLICY}",
        POLICY.replace("Write to us.", "Write to {{ organization.contacts.privacy }}, see [terms](/terms/#nowhere).")
    ));
    let done = check(folder.path(), &["--format", "json", "content/privacy/policy.md"]);
    let report = json(&done);
    let rules: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(rules, ["empty-section", "broken-anchor"], "{report}");
    let lone = tempfile::tempdir().unwrap();
    std::fs::write(
        lone.path().join("notice.md"),
        POLICY.replace("Write to us.", "{{ organization.legal_name }} {{ company }}"),
    )
    .unwrap();
    let report = json(&check(lone.path(), &["--format", "json", "notice.md"]));
    let rules: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(
        rules,
        ["empty-section", "unknown-fact"],
        "a fact that a site might have is not held against it: {report}"
    );
    assert!(report["summary"]["skipped"].to_string().contains("outside any site"), "{report}");
    std::fs::write(lone.path().join("processors.toml"), "[[row]]\nid = \"A\"\n").unwrap();
    let report = json(&check(lone.path(), &["--format", "json", "processors.toml"]));
    assert_eq!(report["findings"][0]["location"]["path"], "processors.toml", "{report}");
}

#[test]
fn standard_input_stands_in_for_a_file() {
    let folder = site(&format!("-- content/privacy/policy.md --\n{POLICY}"));
    let mended = POLICY.replace("{#use}\n", "{#use}\n\nTo send orders.\n");
    for (name, text, code) in [
        ("content/privacy/policy.md", mended.as_str(), 0),
        ("content/privacy/policy.md", POLICY, 1),
        ("/nowhere/at/all.md", POLICY, 1),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fineprint"))
            .args(["check", "--as-of", "2026-11-21", "-", "--stdin-filename", name])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(code), "{name}: {}", stderr(&done));
    }
}

#[test]
fn columns_are_utf_16_in_sarif_and_characters_in_json() {
    let text = "+++\ntitle = \"P\"\n+++\n\n🙂é {{ organization.nothing }}\n";
    let folder = site(&format!("-- content/privacy/policy.md --\n{text}"));
    let report = json(&check(folder.path(), &["--format", "json"]));
    assert_eq!(report["findings"][0]["location"]["start"], serde_json::json!({ "line": 5, "column": 4 }));
    let log = json(&check(folder.path(), &["--format", "sarif"]));
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&5.into(), &5.into()), "{region}");
    assert_eq!(log["runs"][0]["columnKind"], "utf16CodeUnits");
}

#[test]
fn the_sample_center_has_no_findings() {
    let done = check(&crate::harness::repository(), &[]);
    assert!(stderr(&done).contains("Found 0 errors, 0 warnings, 0 notes"), "{}", stderr(&done));
}

#[test]
fn a_build_with_drafts_stops_on_the_same_errors_and_one_without_does_not() {
    let text = POLICY.replace("## Use {#use}\n\n", "").replace("Write", "[Write](/nowhere/)");
    let folder = site(&format!("-- content/privacy/policy.md --\n{text}"));
    for arguments in [&["build", "--drafts", "--as-of", "2026-11-21"][..], &["check", "--as-of", "2026-11-21"]] {
        let done = fineprint(folder.path(), arguments);
        assert_eq!(done.status.code(), Some(1));
        assert!(stderr(&done).contains("error[broken-link]"), "{}", stderr(&done));
    }
    assert!(!folder.path().join("public").exists());
    // What was published can always be built, whatever somebody is writing.
    let done = fineprint(folder.path(), &["build", "--as-of", "2026-11-21"]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("error[broken-link]"), "{}", stderr(&done));
    assert!(folder.path().join("public/index.html").exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_site_and_any_file_end_without_a_panic(
        name in prop::sample::select(vec!["a.md", "fineprint.toml", "ledger.toml", "organization.toml", "processors.toml", "x.toml", "y"]),
        parts in prop::collection::vec(prop::sample::select(vec![
            "+++\n", "title = \"x\"\n", "[[row]]\n", "[[entry]]\n", "id = \"a\"\n", "{{ a }}", "{{ section.a }}", "[a](#a)",
            "[b](/b/%zz?#)", "![](../x)", "[c](https://privacy.acme.example/#)", ":::register processors\n", ":::\n", "## A {#a}\n",
            "## A {#a}\n\n## B\n", "| a |\n|---|\n", "\r\n", "\r", "\u{feff}", "é🙂", "```\n", "<details>\n\n", "\n\n</details>\n",
            "<!-- fineprint-suppress empty-section reason=\"x\" until=2027-01-01 -->\n", "<!-- fineprint-suppress", "-->\n", "until=", "“",
            "[check]\n", "[[check.suppression]]\n", "rule = \"empty-section\"\ntarget = \"privacy#a\"\nreason = \"r\"\nuntil = 2027-01-01\n",
            "location = [\"US\"]\n", "since = 2026-12-01\n", "until = 2026-11-30\n", "name = \"\"\n", "data = [\"a\"]\n",
        ]), 0..30),
    ) {
        let text = parts.concat();
        let path: std::sync::Arc<str> = name.into();
        let source: std::sync::Arc<str> = text.as_str().into();
        fineprint::check::single_file::check(&path, &source, date(2026, 11, 21), &mut Vec::new());
        let place = match name {
            "fineprint.toml" => name.to_string(),
            "a.md" => "content/privacy/policy.md".to_string(),
            other => format!("content/{other}"),
        };
        if !text.lines().any(|line| line.starts_with("-- ")) {
            review(&format!("-- no seal --\n-- {place} --\n{text}\n"), date(2026, 11, 21));
        }
    }
}

/// Each of these makes some rule speak or fall silent, in the file itself or in another.
const IN_TEXTS: &[&str] = &[
    "\n## More {#more}\n\n",
    LINKS,
    ALIAS,
    "\nUnder the LGPD and the UK GDPR, within 30 days.\n\n",
    "\n<!-- fineprint-suppress broken-link reason=\"soon\" until=2027-01-01 -->\n\n",
    "\n{{ organization.brand }} {{ retention.account.keep }}\n\n",
    "\n:::register processors\n:::\n\n",
];
/// For the front matter.
const ALIAS: &str = "aliases = [\"/nowhere/\"]";
const LINKS: &str = "\n[x](/privacy/#more) [y](/terms/#nothing) [z](#here) [w](/nowhere/)\n\n";
const IN_FACTS: &[&str] = &[
    "\n[[row]]\nid = \"new\"\nname = \"New\"\npurpose = \"x\"\ndata = [\"x\"]\nlocation = [\"US\"]\nsince = 2026-11-25\n",
    "legal_name = \"Other\"\n",
    "data = [\"Dreams\"]\n",
];
const IN_SETTINGS: &[&str] = &[
    "\n[[redirect]]\nfrom = \"/nowhere/\"\nto = \"/privacy/\"\n",
    "\n[[check.suppression]]\nrule = \"broken-link\"\ntarget = \"terms\"\nreason = \"r\"\nuntil = 2027-01-01\n",
];

/// A file of the sample, and what is put somewhere into it; nothing for a line that is taken out.
fn edits() -> impl Strategy<Value = (&'static str, usize, Option<&'static str>)> {
    let some = |files: &'static [&'static str], puts: &'static [&'static str]| {
        (prop::sample::select(files), any::<usize>(), prop::option::weighted(0.7, prop::sample::select(puts)))
    };
    prop_oneof![
        3 => some(
            &[
                "content/privacy/policy.md",
                "content/privacy/policy.es.md",
                "content/terms/policy.md",
                "content/subprocessors/policy.md",
                "content/cookies/policy.md",
            ],
            IN_TEXTS,
        ),
        2 => some(
            &[
                "content/processors.toml",
                "content/privacy/purposes.toml",
                "content/privacy/retention.toml",
                "content/organization.toml",
            ],
            IN_FACTS,
        ),
        1 => some(&["fineprint.toml"], IN_SETTINGS),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// What is remembered from one check to the next never changes what is found.
    #[test]
    fn remembering_changes_no_finding(
        edits in prop::collection::vec(edits(), 12),
    ) {
        let mut tree = fineprint::source::SourceTree::scan(&crate::harness::repository(), &mut Vec::new()).expect("the sample");
        let compiler = fineprint::compiler::Compiler::default();
        // Texts that lead to what the edits make and break.
        for file in ["content/terms/policy.md", "content/privacy/policy.es.md"] {
            let text = tree.text(file).expect("a file of the sample").to_string() + LINKS;
            tree.put(file, text);
        }
        found(tree.clone(), date(2026, 11, 21), &compiler);
        for (file, at, put) in edits {
            let before = tree.clone();
            let text = tree.text(file).expect("a file of the sample");
            let mut lines: Vec<&str> = text.lines().collect();
            let line = if put == Some(ALIAS) { 1 } else { at % (lines.len() + 1) };
            match put {
                Some(put) => lines.insert(line, put),
                None if line < lines.len() => drop(lines.remove(line)),
                None => {}
            }
            tree.put(file, lines.join("\n") + "\n");
            let (warm, cold) = (
                found(tree.clone(), date(2026, 11, 21), &compiler),
                found(tree.clone(), date(2026, 11, 21), &fineprint::compiler::Compiler::default()),
            );
            prop_assert_eq!(&warm, &cold, "{} line {}: {:?}", file, line, put);
            // Half of the time an edit is taken back, and what was there before is found again.
            if at % 2 == 0 {
                tree = before;
            }
        }
    }
}

/// The default's templates are not on the user's disk: what does not fit them is said at the file that does not.
#[test]
fn a_theme_that_takes_something_from_the_default_is_said_once_at_its_own_file() {
    let theme = "-- themes/default/templates/base.html --\n<p>Nothing</p>\n";
    let (files, findings) =
        crate::harness::build(&format!("-- content/privacy/policy.md --\n{POLICY}{theme}"), date(2026, 11, 21), false);
    assert!(files.is_none());
    let faults: Vec<_> = findings.iter().filter(|finding| finding.code == "invalid-theme").collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    let place = faults[0].primary.as_ref().expect("a place");
    assert_eq!(&*place.path, "themes/default/templates/base.html");
    assert!(faults[0].help[0].contains("`templates/base.html`"));
}
