//! Every rule has a bad case, in which it is found, and a good one, in which it is not.

use crate::harness::{build, check_product, codes, files, repository, review};
use fineprint::diagnostic::{Diagnostic, RULES, Severity, human};
use jiff::civil::date;

/// Rules whose cases need a disk or bytes that are no text; each is tested in `hostile.rs`, `record.rs` or `online.rs` under its code.
const ON_DISK: &[&str] = &[
    "invalid-utf8",
    "unreadable-file",
    "file-name-not-text",
    "link-not-followed",
    "release-interrupted",
    "unreachable-link",
];

/// Rules of the whole check: what a build does not look for.
const CHECK_ALONE: &[&str] = &["unused-suppression", "broken-link-in-record", "broken-anchor-in-record"];

#[test]
fn every_rule_has_a_bad_and_a_good_case() {
    let folder = repository().join("tests/rules");
    let mut problems = Vec::new();
    for rule in RULES.iter().filter(|rule| !ON_DISK.contains(&rule.code)) {
        for (case, wanted) in [("bad", true), ("good", false)] {
            let path = folder.join(rule.code).join(format!("{case}.txt"));
            let Ok(archive) = std::fs::read_to_string(&path) else {
                problems.push(format!("{}: no {case}.txt", rule.code));
                continue;
            };
            // With drafts, a register's page shows what is being worked on.
            let drafts = rule.code != "register-not-released";
            let (files, mut findings) = build(&archive, date(2026, 11, 21), drafts);
            let stopped = findings.iter().any(|finding| finding.severity == Severity::Error);
            if CHECK_ALONE.contains(&rule.code) {
                findings = review(&archive, date(2026, 11, 21));
            }
            findings.extend(check_product(&archive, date(2026, 11, 21)));
            let found: Vec<_> = findings.iter().filter(|finding| finding.code == rule.code).collect();
            if found.is_empty() == wanted {
                problems.push(format!("{} {case}: found {:?}", rule.code, codes(&findings)));
            }
            if wanted && found.iter().any(|finding| finding.help.is_empty()) {
                problems.push(format!("{}: a finding does not say what to do", rule.code));
            }
            if !wanted && findings.iter().any(|finding| finding.severity == Severity::Error) {
                problems.push(format!("{} good: has errors {:?}", rule.code, codes(&findings)));
            }
            if files.is_none() != stopped {
                problems.push(format!("{} {case}: errors and output do not agree", rule.code));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// `tests/rules/<code>/bad.expected` is everything that a check of the bad case prints: place, caret, words and the number of
/// findings, so that a change of any of them shows as a diff. `UPDATE=1 cargo test reports_of_bad_cases` writes them.
#[test]
fn reports_of_bad_cases_are_as_expected() {
    let folder = repository().join("tests/rules");
    let mut problems = Vec::new();
    for rule in RULES.iter().filter(|rule| !ON_DISK.contains(&rule.code)) {
        let case = folder.join(rule.code);
        let archive = std::fs::read_to_string(case.join("bad.txt")).expect("the bad case");
        let mut findings = review(&archive, date(2026, 11, 21));
        findings.extend(check_product(&archive, date(2026, 11, 21)));
        let report = report(&archive, &findings);
        assert!(report.contains(&format!("[{}]", rule.code)), "a check does not find {}:\n{report}", rule.code);
        let path = case.join("bad.expected");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &report).expect("write the expected report");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if report != expected {
            problems.push(format!("{}: expected\n{expected}\nbut found\n{report}", rule.code));
        }
    }
    assert!(problems.is_empty(), "UPDATE=1 cargo test reports_of_bad_cases\n{}", problems.join("\n"));
}

/// Findings as the terminal shows them, without color.
fn report(archive: &str, findings: &[Diagnostic]) -> String {
    let files = files(archive);
    let text = |path: &str| files.get(path).map(String::as_str);
    let mut report = String::new();
    for finding in findings {
        report.push_str(&human(finding, &text, false));
        report.push_str("\n\n");
    }
    let count = findings.len();
    report.push_str(&format!("{count} {}\n", if count == 1 { "finding" } else { "findings" }));
    report
}

/// `docs/rules.md` is written by `UPDATE=1 cargo test page_of_rules`.
#[test]
fn the_page_of_rules_is_complete() {
    let mut page = String::from(
        "# Rules\n\nWhat `fineprint check` looks for. A rule marked with * guards the record, the reading of files, the addresses or the readers' privacy: it can be neither lowered nor suppressed. `fineprint explain RULE` prints the same text, and with each source its address and the day on which it was read; [check.md](check.md) tells of levels and suppressions.\n\n| rule | severity | why, and what to do |\n|---|---|---|\n",
    );
    for rule in RULES {
        let mut text = rule.explanation.to_string();
        let mut cites: Vec<&str> = fineprint::law::citations(rule.code).iter().map(|citation| citation.cite).collect();
        cites.dedup();
        if !cites.is_empty() {
            text.push_str(&format!(" Sources: {}.", cites.join("; ")));
        }
        let text = text.replace('|', "\\|").replace('<', "&lt;");
        page.push_str(&format!(
            "| `{}`{} | {} | {text} |\n",
            rule.code,
            if rule.is_protected { " *" } else { "" },
            rule.severity.name()
        ));
    }
    let path = repository().join("docs/rules.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("write docs/rules.md");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rules.md is not up to date: UPDATE=1 cargo test page_of_rules");
}

#[test]
fn what_is_said_not_to_run_are_rules() {
    for code in fineprint::check::single_file::NEED_A_SITE.iter().chain(fineprint::check::NEED_THE_WHOLE) {
        assert!(fineprint::diagnostic::rule(code).is_some(), "no rule `{code}`");
    }
}

/// A check renders what a build would, so that published words that would change are found before anything is built.
#[test]
fn a_check_finds_published_words_that_would_change() {
    let bad =
        std::fs::read_to_string(repository().join("tests/rules/resolved-text-changed/bad.txt")).expect("the case");
    assert!(codes(&review(&bad, date(2026, 11, 21))).contains(&"resolved-text-changed"));
}

#[test]
fn contacts_that_look_alike_are_told_once() {
    let contacts = "-- content/organization.toml --\nlegal_name = \"Acme Ltd\"\n[contacts]\nprivacy = \"privacy@acme.example\"\nsecurity = \"privacy@acmee.example\"\n";
    let text = "-- content/privacy/policy.md --\n+++\ntitle = \"Privacy policy\"\n+++\n\nWrite to {{ organization.contacts.privacy }} or {{ organization.contacts.security }}.\n";
    let (_, findings) = build(&format!("{contacts}{text}"), date(2026, 11, 21), true);
    assert_eq!(codes(&findings), ["similar-hostnames"]);
}

#[test]
fn a_deadline_in_prose_is_held_against_the_law_that_was_declared() {
    let found = |jurisdictions: &str, days: &str| {
        let settings = format!(
            "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"en\"]\n[check]\njurisdictions = [{jurisdictions}]\n"
        );
        let text = format!(
            "-- content/privacy/policy.md --\n+++\ntitle = \"Privacy policy\"\n+++\n\n## Your rights\n\nWe respond to requests within {days}.\n"
        );
        let (_, findings) = build(&format!("{settings}{text}"), date(2026, 11, 21), true);
        findings.iter().any(|finding| finding.code == "deadline-differs-from-cited-period")
    };
    assert!(found("\"eu\"", "60 days") && found("\"uk\"", "two months"));
    assert!(!found("\"eu\"", "30 days") && !found("\"eu\", \"us-ca\"", "45 days") && !found("", "60 days"));
}

#[test]
fn every_case_belongs_to_a_rule() {
    for entry in std::fs::read_dir(repository().join("tests/rules")).expect("the folder of cases") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(RULES.iter().any(|rule| rule.code == name), "no rule `{name}`");
    }
}

#[test]
fn levels_reach_what_any_pass_finds_but_never_the_record() {
    let settings = |levels: &str| {
        format!(
            "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"en\"]\n[check.levels]\n{levels}\n"
        )
    };
    let register = "-- content/vendors.toml --\npage = true\n";
    let found = |levels: &str, site: &str| {
        let (files, findings) = build(&format!("{}{site}", settings(levels)), date(2026, 11, 21), false);
        let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.severity)).collect();
        (files.is_some(), found)
    };
    // The plan finds it.
    assert_eq!(found("", register), (true, vec![("register-not-released", Severity::Info)]));
    assert_eq!(
        found("register-not-released = \"error\"", register),
        (false, vec![("register-not-released", Severity::Error)])
    );
    assert_eq!(found("register-not-released = \"off\"", register), (true, vec![]));
    // The ledger is not made light of, whichever rule speaks.
    let ledger = "-- content/ledger.toml --\nother = 1\n";
    assert_eq!(found("unknown-key = \"off\"", ledger), (false, vec![("unknown-key", Severity::Error)]));
    assert_eq!(found("unknown-key = \"off\"", "-- content/organization.toml --\nother = 1\n"), (true, vec![]));
}

#[test]
fn one_finding_tells_of_two_sources_however_many_addresses_they_share() {
    let text = "+++\ntitle = \"Vendors\"\n+++\n\nText.\n";
    let site = format!("-- content/vendors/policy.md --\n{text}-- content/vendors.toml --\npage = true\n");
    let (_, findings) = build(&site, date(2026, 11, 21), true);
    assert_eq!(codes(&findings), ["output-collision"]);
    let (_, findings) = build(&format!("-- content/changes/policy.md --\n{text}"), date(2026, 11, 21), true);
    assert_eq!(codes(&findings), ["output-collision"]);
    assert!(findings[0].message.contains("an address of the center itself"), "{findings:?}");
}
