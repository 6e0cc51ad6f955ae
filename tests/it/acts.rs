//! Acts on the record as people type them, and what the pages say of them afterwards.

use crate::harness::{fineprint, fineprint_at, read_all, stderr, write_site};
use std::fs;
use std::path::Path;
use std::process::Command;

const SITE: &str = "\
-- fineprint.toml --
base_url = \"https://privacy.acme.example\"
title = \"Acme\"
timezone = \"Europe/Madrid\"
languages = [\"en\", \"es\"]
-- content/privacy/policy.md --
+++
title = \"Privacy policy\"
notice = \"14 days\"
+++

## Who {#who}

{{ organization.legal_name }} keeps orders for six years.
-- content/privacy/policy.es.md --
+++
title = \"Política de privacidad\"
+++

## Quién {#who}

{{ organization.legal_name }} conserva los pedidos seis años.
-- content/terms/policy.md --
+++
title = \"Terms\"
notice = \"30 days\"
+++

## Use {#use}

Use it well.
";

struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Site {
        let site = Site(tempfile::tempdir().expect("a folder"));
        write_site(site.root(), SITE);
        site
    }

    /// Both documents in force since January.
    fn released() -> Site {
        let site = Site::new();
        site.at("2026-01-05", 0, &["release", "privacy", "terms"]);
        site
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    /// Runs a command when the clock says ten in the morning of a day.
    fn at(&self, day: &str, code: i32, arguments: &[&str]) -> String {
        let output = fineprint_at(self.root(), &format!("{day} 10:00"), arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{from} in {path}");
        fs::write(self.root().join(path), text.replacen(from, to, 1)).expect("write a file");
    }

    /// The site as of a day, built into a new folder; pages below it by path.
    fn build(&self, day: &str) -> impl Fn(&str) -> String {
        let out = tempfile::tempdir().expect("a folder");
        let folder = out.path().join("public");
        let built = fineprint(self.root(), &["build", "--as-of", day, "--out", &folder.to_string_lossy()]);
        assert!(built.status.success(), "{}", stderr(&built));
        let files = read_all(&folder);
        move |path: &str| {
            let bytes = files.get(path).unwrap_or_else(|| panic!("{path} is not there: {:?}", files.keys()));
            String::from_utf8_lossy(bytes).into_owned()
        }
    }

    fn git(&self, arguments: &[&str]) -> bool {
        let done = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(self.root())
            .env("GIT_COMMITTER_DATE", "2026-01-06T00:00:00Z")
            .output()
            .expect("git is installed");
        done.status.success()
    }
}

#[test]
fn documents_released_together_share_the_later_day_and_have_a_summary_each() {
    let site = Site::released();
    site.edit("content/privacy/policy.md", "six", "seven");
    site.edit("content/terms/policy.md", "well", "wisely");
    let both = ["release", "privacy", "terms", "--together", "--material", "--summary", "privacy:Seven years."];
    let refused = site.at("2026-11-28", 2, &[&both[..], &["--summary", "privacy:es=Siete años."]].concat());
    assert!(refused.contains("`terms`") && refused.contains("--summary"), "{refused}");
    let refused = site.at("2026-11-28", 2, &[&both[..], &["--summary", "terms:Wisely."]].concat());
    assert!(refused.contains("--summary es="), "{refused}");
    let words = ["--summary", "privacy:es=Siete años.", "--summary", "terms:Wisely."];
    let said = site.at("2026-11-28", 0, &[&both[..], &words].concat());
    assert!(said.contains("Released privacy 2026-12-29") && said.contains("Released terms 2026-12-29"), "{said}");
    let page = site.build("2026-12-01");
    let notices = page("notices/index.html");
    assert!(notices.contains("Seven years.") && notices.contains("Wisely."), "{notices}");
    assert!(page("es/notices/index.html").contains("Siete años."));
    let json: serde_json::Value = serde_json::from_str(&page("api/v1/documents/terms/versions.json")).unwrap();
    // Nobody wrote it in Spanish, so it is not given as Spanish.
    assert_eq!(json["versions"][1]["summary"], serde_json::json!({ "en": "Wisely." }));
}

#[test]
fn a_translation_joins_the_version_that_it_translates() {
    let site = Site::released();
    let none = site.at("2026-03-01", 2, &["release", "terms", "--translation", "es"]);
    assert!(none.contains("content/terms/policy.es.md"), "{none}");
    fs::write(
        site.root().join("content/terms/policy.es.md"),
        "+++\ntitle = \"Condiciones\"\n+++\n\n## Uso {#use}\n\nÚsalo bien.\n",
    )
    .unwrap();
    let said = site.at("2026-03-01", 0, &["release", "terms", "--translation", "es", "--dry-run"]);
    assert!(said.contains("Would add a text in es to terms 2026-01-05"), "{said}");
    site.at("2026-03-01", 0, &["release", "terms", "--translation", "es"]);
    let page = site.build("2026-03-02");
    assert!(page("es/terms/v/2026-01-05/index.html").contains("Úsalo bien."));
    assert!(page("es/terms/v/2026-01-05/policy.md").contains("Condiciones"));
    assert!(page("terms/v/2026-01-05/index.html").contains("Use it well."));
    let again = site.at("2026-03-03", 2, &["release", "terms", "--translation", "es"]);
    assert!(again.contains("frozen"), "{again}");
}

#[test]
fn a_day_far_away_asks_first_and_a_schedule_holds_nothing_back() {
    let site = Site::released();
    site.edit("content/terms/policy.md", "well", "wisely");
    let release = ["release", "terms", "--material", "--summary", "Wisely.", "--publish-on"];
    let refused = site.at("2026-11-28", 2, &[&release[..], &["2926-11-28"]].concat());
    assert!(refused.contains("--confirm"), "{refused}");
    let refused = site.at("2026-11-28", 2, &[&release[..], &["2026-11-27"]].concat());
    assert!(refused.contains("has passed"), "{refused}");
    let said = site.at("2026-11-28", 0, &[&release[..], &["2027-03-01"]].concat());
    assert!(said.contains("nothing of it appears before 2027-03-01") && said.contains("fineprint withdraw"), "{said}");
    let page = site.build("2026-12-01");
    assert!(!page("terms/changes/index.html").contains("Wisely."));
    // An urgent fix goes under it, and afterwards nobody is told of what never appeared.
    site.edit("content/terms/policy.md", "## Use", "Call us.\n\n## Use");
    site.at("2026-11-29", 0, &["release", "terms", "--editorial", "--summary", "A lead-in.", "--backport"]);
    let page = site.build("2026-11-30");
    assert!(page("terms/index.html").contains("Call us.") && !page("terms/index.html").contains("wisely"));
    let refused = site.at("2026-12-01", 2, &["withdraw", "terms", "2027-04-01", "--reason", "No."]);
    assert!(refused.contains("2027-04-01-2"), "{refused}");
    site.at("2026-12-01", 0, &["withdraw", "terms", "2027-04-01-2", "--reason", "No."]);
    let page = site.build("2027-03-05");
    for path in ["terms/changes/index.html", "notices/index.html", "api/v1/notices/past.json", "calendar.ics"] {
        assert!(!page(path).contains("Wisely."), "{path}: {}", page(path));
    }
}

#[test]
fn what_was_amended_corrected_or_ended_is_said_on_its_page() {
    let site = Site::released();
    site.edit("content/terms/policy.md", "well", "wisely");
    site.at("2026-11-01", 0, &["release", "terms", "--material", "--summary", "Wron."]);
    let corrected = site.at("2026-11-02", 0, &["correct", "terms", "2026-12-02", "--summary", "Wisely."]);
    assert!(corrected.contains("git restore content/ledger.toml"), "{corrected}");
    site.edit("content/terms/policy.md", "wisely", "wisely, always");
    site.at(
        "2026-11-03",
        0,
        &["release", "terms", "--editorial", "--summary", "A word.", "--amends", "2026-12-02", "--justification", "x"],
    );
    let page = site.build("2026-11-04");
    let amended = page("terms/v/2026-12-02/index.html");
    assert!(amended.contains("Amended on") && amended.contains("/terms/v/2026-12-02-2/"), "{amended}");
    assert!(!amended.contains("has not been published"), "{amended}");
    assert!(amended.contains("Its summary was corrected on"), "{amended}");
    assert!(page("calendar.ics").contains("STATUS:CANCELLED"));
    let json: serde_json::Value = serde_json::from_str(&page("api/v1/documents/terms/versions.json")).unwrap();
    let of = |id: &str| json["versions"].as_array().unwrap().iter().find(|version| version["version"] == id).unwrap();
    assert_eq!(of("2026-12-02")["amended"]["by"], "2026-12-02-2");
    assert_eq!(of("2026-12-02")["corrections"][0]["date"], "2026-11-02");
    assert_eq!(of("2026-12-02")["effective_until"], serde_json::Value::Null);
    // The end of a document, with the notice that it promised.
    let early = site.at("2026-12-10", 2, &["retire", "terms", "--on", "2027-01-09", "--reason", "Over."]);
    assert!(early.contains("2027-01-10"), "{early}");
    let ends = ["retire", "terms", "--on", "2027-01-10", "--reason", "The beta is over.", "--successor", "privacy"];
    let said = site.at("2026-12-10", 0, &ends);
    assert!(said.contains("fineprint withdraw terms retirement"), "{said}");
    let page = site.build("2026-12-11");
    assert!(page("terms/index.html").contains("This document ends on"), "{}", page("terms/index.html"));
    let page = site.build("2027-01-10");
    let ended = page("terms/index.html");
    assert!(ended.contains("Ended on") && ended.contains("The beta is over."), "{ended}");
    assert!(ended.contains("Privacy policy") && !ended.contains("has not been published"), "{ended}");
    let refused = site.at("2027-01-11", 2, &["release", "terms", "--minor", "--summary", "x"]);
    assert!(refused.contains("has ended"), "{refused}");
}

#[test]
fn a_stacked_notice_names_every_version_that_applies_until_then() {
    let site = Site::released();
    site.edit("content/terms/policy.md", "well", "wisely");
    site.at("2026-11-01", 0, &["release", "terms", "--material", "--summary", "Wisely."]);
    site.edit("content/terms/policy.md", "## Use", "Call us.\n\n## Use");
    site.at("2026-11-05", 0, &["release", "terms", "--material", "--summary", "Call us."]);
    let page = site.build("2026-11-06");
    let json: serde_json::Value = serde_json::from_str(&page("api/v1/notices.json")).unwrap();
    let notice = json["open"].as_array().unwrap().iter().find(|notice| notice["version"] == "2026-12-06").unwrap();
    let until: Vec<(&str, &str)> = notice["until_then"]
        .as_array()
        .unwrap()
        .iter()
        .map(|applies| (applies["version"].as_str().unwrap(), applies["effective_until"].as_str().unwrap()))
        .collect();
    assert_eq!(until, [("2026-01-05", "2026-12-02"), ("2026-12-02", "2026-12-06")]);
    let notices = page("notices/index.html");
    assert!(notices.contains("applies until"), "{notices}");
}

#[test]
fn a_renamed_document_keeps_every_address() {
    let site = Site::released();
    site.edit("content/privacy/policy.md", "six", "seven");
    let summary = ["--summary", "Seven.", "--summary", "es=Siete."];
    site.at("2026-11-28", 0, &[&["release", "privacy", "--material"], &summary[..]].concat());
    let old = site.build("2026-12-01");
    let before = old("privacy/v/2026-01-05/policy.md");
    for (name, why) in [("terms", "another document"), ("notices", "address of the site"), ("Privacy", "lower-case")] {
        let refused = site.at("2026-12-01", 2, &["rename", "privacy", name]);
        assert!(refused.contains(why), "{refused}");
    }
    site.at("2026-12-01", 0, &["rename", "privacy", "privacy-notice", "--dry-run"]);
    assert!(site.root().join("content/privacy/policy.md").exists());
    let said = site.at("2026-12-01", 0, &["rename", "privacy", "privacy-notice"]);
    assert!(said.contains("fineprint rename privacy-notice privacy"), "{said}");
    assert!(site.root().join("content/privacy-notice/policy.md").exists());
    let page = site.build("2026-12-02");
    for path in ["v/2026-01-05/policy.md", "v/2026-12-13/policy.md"] {
        assert_eq!(page(&format!("privacy/{path}")), page(&format!("privacy-notice/{path}")));
    }
    assert_eq!(page("privacy/v/2026-01-05/policy.md"), before);
    for path in ["privacy/", "privacy/upcoming/", "privacy/v/2026-01-05/", "privacy/changes/", "es/privacy/"] {
        let to = path.replace("privacy", "privacy-notice");
        assert!(page(&format!("{path}index.html")).contains(&format!("/{to}")), "{path}");
    }
    for path in ["privacy/feed.xml", "privacy/feed.json", "api/v1/documents/privacy/versions.json"] {
        assert!(page(path).contains("2026-12-13"), "{path}");
    }
    // Its notice, its entries in feeds and the calendar are the same ones as before.
    for (path, list) in [("feed.json", "items"), ("api/v1/notices.json", "open")] {
        let ids = |text: &str| -> Vec<String> {
            let json: serde_json::Value = serde_json::from_str(text).unwrap();
            json[list].as_array().unwrap().iter().map(|entry| entry["id"].to_string()).collect()
        };
        assert!(!ids(&old(path)).is_empty(), "{path}");
        assert_eq!(ids(&page(path)), ids(&old(path)), "{path}");
    }
    // Commands understand both names, and the old one is taken.
    let said = fineprint(site.root(), &["diff", "privacy", "2026-01-05", "2026-12-13"]);
    assert!(said.status.success(), "{}", stderr(&said));
    site.edit("content/privacy-notice/policy.md", "seven", "eight");
    let both = ["--minor", "--summary", "Eight.", "--summary", "es=Ocho.", "--justification", "x"];
    let said = site.at("2026-12-20", 0, &[&["release", "privacy"], &both[..]].concat());
    assert!(said.contains("privacy-notice 2026-12-20"), "{said}");
    let refused = site.at("2026-12-21", 2, &["rename", "terms", "privacy"]);
    assert!(refused.contains("is or was the name"), "{refused}");
}

#[test]
fn two_branches_that_both_released_are_merged() {
    let site = Site::released();
    assert!(site.git(&["init", "-q"]) && site.git(&["add", "-A"]) && site.git(&["commit", "-qm", "one"]));
    assert!(site.git(&["checkout", "-qb", "feature"]));
    site.edit("content/terms/policy.md", "well", "wisely");
    site.at("2026-11-01", 0, &["release", "terms", "--material", "--summary", "Wisely."]);
    assert!(site.git(&["add", "-A"]) && site.git(&["commit", "-qm", "two"]) && site.git(&["checkout", "-q", "main"]));
    site.edit("content/privacy/policy.md", "six", "seven");
    let summary = ["--summary", "Seven.", "--summary", "es=Siete."];
    site.at("2026-11-02", 0, &[&["release", "privacy", "--material"], &summary[..]].concat());
    assert!(site.git(&["add", "-A"]) && site.git(&["commit", "-qm", "three"]));
    let ledger = site.read("content/ledger.toml");
    assert!(!site.git(&["merge", "-q", "feature"]), "git reports the conflict");
    let check = fineprint(site.root(), &["check"]);
    let said = stderr(&check) + &String::from_utf8_lossy(&check.stdout);
    assert!(said.contains("fineprint ledger merge"), "{said}");
    let asked = site.at("2026-11-10", 2, &["ledger", "merge"]);
    assert!(asked.contains("--published ours") && asked.contains("the release of `terms` 2026-12-02"), "{asked}");
    let refused = site.at("2026-11-10", 2, &["ledger", "merge", "--published", "ours"]);
    assert!(refused.contains("--move-dates"), "{refused}");
    let merge = ["ledger", "merge", "--published", "ours", "--move-dates"];
    let preview = site.at("2026-11-10", 0, &[&merge[..], &["--dry-run"]].concat());
    assert!(preview.contains("Would release terms 2026-12-11"), "{preview}");
    site.at("2026-11-10", 0, &merge);
    assert!(site.read("content/ledger.toml").starts_with(&ledger));
    let page = site.build("2026-11-11");
    assert!(page("terms/v/2026-12-11/index.html").contains("Use it wisely."));
    assert!(!site.root().join("content/terms/versions/2026-12-02").exists());
    assert!(site.git(&["add", "-A"]) && site.git(&["commit", "-qm", "merged"]));
}
