//! The coverage report: what it says of each kind of evidence, and what it never says.

use crate::harness::{fineprint, repository, stderr, tree, write_site};
use fineprint::check::Depth;
use fineprint::check::coverage::{Line, Outcome, report};
use fineprint::compiler::Compiler;
use fineprint::law::{self, ItemKind};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// Outcome and detail of every item of a center with these settings and files.
fn outcomes(check: &str, files: &str) -> BTreeMap<String, (Outcome, String)> {
    outcomes_in("en", check, files, date(2026, 11, 21))
}

/// The same in a language and on a day.
pub fn outcomes_in(language: &str, check: &str, files: &str, day: Date) -> BTreeMap<String, (Outcome, String)> {
    let settings = format!(
        "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"{language}\"]\n[check]\n{check}\n"
    );
    let mut findings = Vec::new();
    let compiler = Compiler::default();
    let tree = tree(&format!("{settings}{files}"));
    let site = compiler.compile(tree, |_| day, Depth::Drafts, &mut findings);
    let lines: Vec<Line> = report(&site.center, &site.timeline, &compiler.texts, &findings);
    lines.into_iter().map(|line| (line.item.id.clone(), (line.outcome, line.detail))).collect()
}

fn policy(body: &str) -> String {
    format!("-- content/privacy/policy.md --\n+++\ntitle = \"Privacy policy\"\n+++\n\n{body}\n")
}

const EU: &str = "jurisdictions = [\"eu\"]";

#[test]
fn only_what_was_declared_is_looked_for() {
    let text = policy("We obey the GDPR and the CCPA.");
    assert!(outcomes("", &text).is_empty());
    for scope in ["eu", "uk", "es", "us-ca", "br", "ca-qc"] {
        let lines = outcomes(&format!("jurisdictions = [\"{scope}\"]"), &text);
        let wanted: Vec<&String> = law::asked_by(scope).map(|item| &item.id).collect();
        assert_eq!(lines.len(), wanted.len());
        assert!(wanted.iter().all(|id| lines.contains_key(*id)), "{scope}");
    }
}

#[test]
fn an_empty_policy_answers_nothing() {
    let lines = outcomes(EU, &policy("Hello."));
    // What does not depend on the text: that versions keep their addresses and are one page, and what the title says.
    let found: Vec<&String> =
        lines.iter().filter(|(_, (outcome, _))| *outcome == Outcome::Found).map(|(id, _)| id).collect();
    assert_eq!(found, ["gdpr/7-1", "wp/8-separate"]);
    for id in ["gdpr/13-1-c", "gdpr/13-1-e", "gdpr/13-2-a", "gdpr/13-2-b", "gdpr/13-2-d"] {
        assert_eq!(lines[id].0, Outcome::Missing, "{id}: {}", lines[id].1);
        assert!(lines[id].1.contains("[check.answers]"), "{id} says what would satisfy it");
    }
    for (id, (outcome, detail)) in &lines {
        let item = law::item(id).expect("an item of law");
        if item.unseen.is_some() {
            assert_eq!(*outcome, Outcome::NotChecked, "{id}: {detail}");
        }
        // Only what a text must say can be missing from it.
        assert!(*outcome != Outcome::Missing || item.kind == ItemKind::MustSay, "{id}: {detail}");
    }
}

#[test]
fn each_kind_of_evidence_has_its_outcome() {
    let lines = |check: &str, files: &str| outcomes(&format!("{EU}\n{check}"), files);
    let outcome = |check: &str, files: &str, id: &str| lines(check, files)[id].0;
    // Words.
    let words = policy("You may lodge a complaint with a supervisory authority.");
    assert_eq!(outcome("", &words, "gdpr/13-2-d"), Outcome::Found);
    // A section.
    let section = policy("## What you have to give us {#required}\n\nOnly an address.");
    // Its id is a hint, and no answer.
    assert_eq!(outcome("", &section, "gdpr/13-2-e"), Outcome::Unclear);
    // The settings, right and wrong.
    let other = policy("## Must I? {#must}\n\nOnly an address.");
    assert_eq!(outcome("", &other, "gdpr/13-2-e"), Outcome::Missing);
    let answer = |place: &str| format!("[check.answers]\n\"gdpr/13-2-e\" = \"{place}\"");
    assert_eq!(outcome(&answer("privacy#must"), &other, "gdpr/13-2-e"), Outcome::Found);
    assert_eq!(outcome(&answer("privacy#musts"), &other, "gdpr/13-2-e"), Outcome::Contradictory);
    // Facts that a text tells, and facts that none does.
    let organization = "-- content/organization.toml --\nlegal_name = \"Acme Ltd\"\naddress = \"1 Main Street, Dublin\"\ncountry = \"US\"\ndpo = \"none\"\n[contacts]\nprivacy = \"privacy@acme.example\"\n";
    let told = policy("{{ organization.legal_name }}, {{ organization.address }}, {{ organization.contacts.privacy }}");
    assert_eq!(outcome("", &format!("{organization}{told}"), "gdpr/13-1-a"), Outcome::Found);
    assert_eq!(
        outcome("", &format!("{organization}{}", policy("Acme Ltd, 1 Main Street.")), "gdpr/13-1-a"),
        Outcome::Unclear
    );
    // Conditions: known, answered, and not answered.
    assert_eq!(outcome("", organization, "gdpr/13-1-b"), Outcome::NotChecked, "there is no text");
    assert_eq!(outcome("", &format!("{organization}{told}"), "gdpr/13-1-b"), Outcome::NotApplicable);
    assert_eq!(outcome("", &format!("{organization}{told}"), "gdpr/27"), Outcome::Missing);
    assert_eq!(outcome("", &told, "gdpr/22"), Outcome::NotChecked);
    assert_eq!(outcome("automated_decisions = false", &told, "gdpr/22"), Outcome::NotApplicable);
    assert_eq!(outcome("automated_decisions = true", &told, "gdpr/22"), Outcome::NotChecked);
    // A register that is placed, one that is not, and one that contradicts.
    let rows = |rest: &str| {
        format!(
            "-- content/processors.toml --\n[[row]]\nid = \"a\"\nname = \"A\"\npurpose = \"b\"\ndata = [\"c\"]\nlocation = [\"US\"]\n{rest}\n"
        )
    };
    let placed = policy(":::register processors\n:::\n");
    assert_eq!(outcome("", &format!("{}{placed}", rows("")), "gdpr/13-1-e"), Outcome::Found);
    assert_eq!(outcome("", &format!("{}{}", rows(""), policy("Hello.")), "gdpr/13-1-e"), Outcome::Unclear);
    assert_eq!(outcome("", &format!("{}{placed}", rows("")), "gdpr/13-1-f"), Outcome::Contradictory);
    assert_eq!(
        outcome("", &format!("{}{placed}", rows("transfer_mechanism = \"scc\"")), "gdpr/13-1-f"),
        Outcome::Found
    );
    // Some rights, and all.
    let some = policy("You have the right of access, to correct and to delete your data.");
    let all = policy("You have the right of access, to correct, to delete, to restrict, to object and to portability.");
    let (outcome_some, detail) = lines("", &some)["gdpr/13-2-b"].clone();
    assert_ne!(outcome_some, Outcome::Found);
    assert!(detail.contains("restriction, objection, portability") && !detail.contains("access"), "{detail}");
    assert_eq!(outcome("", &all, "gdpr/13-2-b"), Outcome::Found);
}

#[test]
fn a_document_without_a_draft_answers_by_the_version_that_stands() {
    let version = "-- content/ledger.toml --\n[[entry]]\naction = \"release\"\ndocument = \"privacy\"\nversion = \"2026-03-01\"\nlanguage = \"en\"\npublished = 2026-03-01\neffective = 2026-03-01\n-- content/privacy/versions/2026-03-01/policy.md --\n+++\ntitle = \"Privacy policy\"\n+++\n\nYou may lodge a complaint with a supervisory authority.\n";
    assert_eq!(outcomes(EU, version)["gdpr/13-2-d"].0, Outcome::Found);
    // What is being worked on goes before what was said.
    let both = format!("{version}{}", policy("Hello."));
    assert_eq!(outcomes(EU, &both)["gdpr/13-2-d"].0, Outcome::Missing);
}

#[test]
fn practices_are_facts_before_they_are_settings() {
    let facts = |uses: bool| {
        format!("-- content/organization.toml --\n[practices]\nautomated_decisions = {uses}\n{}", policy("Hello."))
    };
    assert_eq!(outcomes(EU, &facts(false))["gdpr/22"].0, Outcome::NotApplicable);
    assert_eq!(outcomes(&format!("{EU}\nautomated_decisions = false"), &facts(true))["gdpr/22"].0, Outcome::NotChecked);
}

#[test]
fn lifetimes_of_cookies_that_count_visits_are_compared() {
    let of = |lifetime: &str, category: &str| {
        let row = format!(
            "-- content/cookies.toml --\n[[row]]\nid = \"visits\"\nname = \"visits\"\nprovider = \"Us\"\npurpose = \"Counting\"\nlifetime = \"{lifetime}\"\ncategory = \"{category}\"\n"
        );
        outcomes("jurisdictions = [\"fr\"]", &format!("{row}{}", policy("Hello.")))["cookie/fr-durations"].0
    };
    assert_eq!(of("13 months", "statistics"), Outcome::Found);
    assert_eq!(of("2 years", "statistics"), Outcome::NotSeen);
    assert_eq!(of("until we say so", "statistics"), Outcome::Unclear);
    assert_eq!(of("2 years", "marketing"), Outcome::NotApplicable);
}

#[test]
fn a_sentence_that_contradicts_the_company_is_a_contradiction() {
    let of = |sells: bool, text: &str| {
        let facts =
            format!("-- content/organization.toml --\n[practices]\nsells_or_shares = {sells}\n{}", policy(text));
        outcomes("jurisdictions = [\"us-ca\"]", &facts)["ca/sold-shared-list"].0
    };
    let (denies, admits) = ("We do not sell or share personal information.", "We sold identifiers and shared them.");
    assert_eq!((of(false, denies), of(true, admits)), (Outcome::Found, Outcome::Found));
    assert_eq!((of(true, denies), of(false, admits)), (Outcome::Contradictory, Outcome::Contradictory));
}

#[test]
fn the_home_of_data_is_that_of_the_declared_law() {
    let of = |code: &str, place: &str, tool: &str| {
        let row = format!(
            "-- content/processors.toml --\n[[row]]\nid = \"a\"\nname = \"A\"\npurpose = \"b\"\ndata = [\"c\"]\nlocation = [\"{place}\"]\n{tool}\n"
        );
        let lines = outcomes(
            &format!("jurisdictions = [\"{code}\"]"),
            &format!("{row}{}", policy(":::register processors\n:::\n")),
        );
        lines[if code == "uk" { "uk/13-1-f" } else { "gdpr/13-1-f" }].0
    };
    assert_eq!((of("uk", "GB", ""), of("eu", "IE", "")), (Outcome::NotApplicable, Outcome::NotApplicable));
    assert_eq!((of("uk", "IE", ""), of("eu", "GB", "")), (Outcome::Contradictory, Outcome::Contradictory));
    assert_eq!(of("uk", "IN", "transfer_mechanism = \"idta\""), Outcome::Found);
    assert_ne!(of("eu", "IN", "transfer_mechanism = \"idta\""), Outcome::Found);
}

#[test]
fn items_of_the_site_are_looked_for_like_items_of_law() {
    let item = "[[check.item]]\nid = \"own/parking\"\ntitle = \"where customers park\"\ncite = \"House rules, 3\"\naddress = \"https://acme.example/rules\"\nread = 2026-11-01\nsays.en = [\"park|parking + behind|beside\"]";
    let of = |text: &str| outcomes(item, &policy(text))["own/parking"].0;
    assert_eq!((of("Park behind the house."), of("We like parks.")), (Outcome::Found, Outcome::Missing));
}

#[test]
fn law_that_is_not_yet_in_force_is_not_asked_for() {
    let lines =
        |day| outcomes_in("en", "jurisdictions = [\"us-ca\"]\nautomated_decisions = true", &policy("Hello."), day);
    assert_eq!(lines(date(2026, 11, 21))["ca/admt-policy"].1, "applies from 2027-01-01");
    assert_eq!(lines(date(2027, 1, 1))["ca/admt-policy"].0, Outcome::Missing);
}

#[test]
fn a_language_without_words_is_not_checked() {
    let settings = "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"UTC\"\nlanguages = [\"pl\"]\n[check]\njurisdictions = [\"eu\"]\n";
    let text = policy("Masz prawo wniesienia skargi.");
    let compiler = Compiler::default();
    let tree = tree(&format!("{settings}{text}"));
    let site = compiler.compile(tree, |_| date(2026, 11, 21), Depth::Drafts, &mut Vec::new());
    let lines = report(&site.center, &site.timeline, &compiler.texts, &[]);
    let free = lines.iter().find(|line| line.item.id == "gdpr/13-2-d").expect("the item");
    assert_eq!(free.outcome, Outcome::NotChecked, "{}", free.detail);
    assert!(free.detail.contains("`pl`"), "{}", free.detail);
}

#[test]
fn the_report_is_a_result_marks_its_sources_and_judges_nothing() {
    let shown = fineprint(&repository(), &["check", "--coverage", "--as-of", "2026-11-21"]);
    assert!(shown.status.success(), "{}", stderr(&shown));
    let text = String::from_utf8_lossy(&shown.stdout).to_lowercase();
    for needed in [
        "read on 2026-11-28",
        "primary source",
        "secondary source",
        "gdpr art. 13(1)(a)",
        "this is not a legal assessment",
    ] {
        assert!(text.contains(needed), "{needed}");
    }
    for never in [concat!("compl", "iant"), "score", "passed", "✓", "✔", " %"] {
        assert!(!text.contains(never), "{never}");
    }
    // What is missing stops nothing.
    let folder = tempfile::tempdir().unwrap();
    let settings = "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntimezone = \"UTC\"\nlanguages = [\"en\"]\n[check]\njurisdictions = [\"eu\"]\n";
    write_site(folder.path(), &format!("{settings}{}", policy("Hello.")));
    let shown = fineprint(folder.path(), &["check", "--coverage", "--as-of", "2026-11-21"]);
    assert!(shown.status.success(), "{}", stderr(&shown));
    assert!(String::from_utf8_lossy(&shown.stdout).contains("missing         gdpr/13-1-c"));
}
