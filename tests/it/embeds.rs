//! What products include: the snippets match the site that prints them, the frozen bytes pass through nothing.

use crate::harness::{Files, build, check_product, codes, fineprint, repository, stderr, write_site};
use fineprint::plan::outputs::SCRIPT;
use fineprint::view::embeds::integrity;
use jiff::civil::{Date, date};

const SITE: &str = r#"-- fineprint.toml --
base_url = "https://acme.example/legal"
title = "Acme"
timezone = "Pacific/Auckland"
languages = ["en", "de", "ar"]
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
-- content/privacy/versions/2026-12-10/policy.md --
+++
title = "Privacy & more"
notice = "14 days"
+++
## Data {#data}
We keep less.
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
version = "2026-12-10"
language = "en"
published = 2026-11-20
effective = 2026-12-10
significance = "material"
summary = "We keep <less>."
"#;

const BEFORE: Date = date(2026, 11, 1);
const DURING: Date = date(2026, 11, 21);
const AFTER: Date = date(2026, 12, 10);

fn built(day: Date) -> Files {
    let (files, findings) = build(SITE, day, false);
    files.unwrap_or_else(|| panic!("{findings:?}"))
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    std::str::from_utf8(&files[path]).expect("text")
}

fn found(page: &str, day: Date) -> Vec<&'static str> {
    codes(&check_product(&format!("{SITE}-- product.html --\n{page}"), day))
}

#[test]
fn a_footer_matches_the_site_on_its_day_and_no_longer_once_a_version_follows() {
    for language in ["en", "de", "ar"] {
        let path = format!("embed/footer.{language}.html");
        for day in [BEFORE, DURING, AFTER] {
            let files = built(day);
            let footer = text(&files, &path);
            assert!(footer.contains("Privacy &amp; more"), "{footer}");
            assert!(!footer.contains("href=\"/"), "addresses are absolute: {footer}");
            for other in [BEFORE, DURING, AFTER] {
                let codes = found(footer, other);
                assert_eq!(codes.is_empty(), day == other, "{language}, of {day}, on {other}: {codes:?}");
                assert!(codes.iter().all(|code| *code == "embed-date-outdated"), "{codes:?}");
            }
        }
    }
}

#[test]
fn nothing_of_a_scheduled_version_is_in_a_footer_or_in_the_notices() {
    for (path, bytes) in built(BEFORE) {
        assert!(!String::from_utf8_lossy(&bytes).contains("2026-12-10"), "{path}");
    }
}

#[test]
fn a_notice_names_both_ends_as_instants_in_the_centers_zone() {
    let files = built(DURING);
    let json: serde_json::Value = serde_json::from_str(text(&files, "api/v1/notices.json")).expect("JSON");
    let notice = &json["open"][0];
    // Auckland is 13 hours ahead in its summer.
    assert_eq!(notice["starts"], "2026-11-19T11:00:00Z");
    assert_eq!(notice["ends"], "2026-12-09T11:00:00Z");
    assert_eq!(json["languages"], serde_json::json!(["en", "de", "ar"]));
    assert_eq!(notice["display"]["ar"]["dir"], "rtl");
    assert_eq!(notice["display"]["en"]["message"][1], "We keep <less>.", "text, not markup");
    assert_eq!(notice["display"]["de"]["links"][0]["url"], "https://acme.example/legal/de/privacy/v/2026-12-10/");
    let after = built(AFTER);
    let json: serde_json::Value = serde_json::from_str(text(&after, "api/v1/notices.json")).expect("JSON");
    assert_eq!(json["open"], serde_json::json!([]));
    assert_eq!(json.get("past"), None, "products fetch open notices alone");
    let past = json["past_url"].as_str().and_then(|url| url.strip_prefix("https://acme.example/legal/"));
    let json: serde_json::Value = serde_json::from_str(text(&after, past.expect("an address"))).expect("JSON");
    assert_eq!(json["past"][0]["version"], "2026-12-10");
    assert!(json["past"][0].get("display").is_none());
}

#[test]
fn the_script_is_the_file_in_the_repository_in_every_build_and_no_theme_reaches_it() {
    let frozen = repository().join("embeds/v1");
    let themed = format!(
        "{}-- themes/mine/assets/update.js --\nalert(1)\n-- themes/mine/assets/embed/v1/update.js --\nalert(1)\n-- themes/mine/embed/v1/update.js --\nalert(1)\n",
        SITE.replace("languages =", "theme = \"mine\"\nlanguages =")
    );
    let (files, findings) = build(&themed, DURING, false);
    let themed = files.unwrap_or_else(|| panic!("{findings:?}"));
    for files in [built(BEFORE), built(DURING), themed] {
        for name in ["update.js", "update.src.js"] {
            let bytes = std::fs::read(frozen.join(name)).expect("the frozen file");
            assert!(files[&format!("embed/v1/{name}")] == bytes, "{name}");
        }
        assert!(text(&files, "embed/index.html").contains(&integrity()));
        assert!(text(&files, "_headers").contains("/legal/embed/*\n  Access-Control-Allow-Origin: *\n"));
    }
}

#[test]
fn nothing_of_the_users_takes_its_place() {
    let (files, findings) = build(&format!("{SITE}-- static/{SCRIPT} --\nalert(1)\n"), DURING, false);
    assert!(files.is_none());
    assert_eq!(codes(&findings), ["output-collision"]);
    let (_, findings) =
        build(&SITE.replace("content/privacy", "content/embed").replace("\"privacy\"", "\"embed\""), DURING, false);
    assert!(codes(&findings).contains(&"output-collision"), "{findings:?}");
}

#[test]
fn the_command_prints_what_its_own_check_accepts() {
    let folder = tempfile::tempdir().expect("a folder");
    write_site(folder.path(), SITE);
    let output = fineprint(folder.path(), &["embed", "--language", "DE", "--as-of", "2026-11-21"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let printed = String::from_utf8(output.stdout).expect("text");
    let policy = "script-src https://acme.example/legal/embed/v1/update.js; connect-src https://acme.example/legal/api/v1/notices.json";
    assert!(printed.contains(policy) && printed.contains(&integrity()), "{printed}");
    let page = format!("<meta http-equiv=content-security-policy content=\"default-src 'none'; {policy}\">{printed}");
    std::fs::write(folder.path().join("page.html"), page).expect("write the page");
    for (day, code) in [("2026-11-21", 0), ("2026-12-10", 1)] {
        let output = fineprint(folder.path(), &["embed", "--check", "page.html", "--as-of", day]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
    for arguments in [&["embed", "--language", "fr"][..], &["embed", "--check", "gone.html"]] {
        assert_eq!(fineprint(folder.path(), arguments).status.code(), Some(2));
    }
}

#[test]
fn any_page_can_be_checked() {
    let pieces = [
        "<a href=",
        "//acme.example/legal/",
        "\"",
        "'",
        ">",
        "<time datetime=2026",
        "<script src=",
        "&#x0;",
        "é",
        "<meta http-equiv=content-security-policy content=';;x'",
        "<!--",
        "</",
    ];
    let mut everything = String::new();
    for first in pieces {
        for second in pieces {
            found(&format!("{first}{second}{first}"), DURING);
            for third in pieces {
                everything.push_str(&format!("{first}{second}{third}"));
            }
        }
    }
    found(&everything, DURING);
}
