//! Five small centers, each built at several dates: a notice opens, runs and ends.

use crate::harness::{Files, repository};
use fineprint::center::Center;
use fineprint::diagnostic::Severity;
use fineprint::source::SourceTree;
use fineprint::timeline::Timeline;
use jiff::civil::Date;
use std::path::Path;

fn sites() -> Vec<std::path::PathBuf> {
    let mut sites: Vec<_> = std::fs::read_dir(repository().join("tests/sites"))
        .expect("the folder of sites")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("dates.toml").exists())
        .collect();
    sites.sort();
    assert_eq!(sites.len(), 5);
    sites
}

fn scan(site: &Path) -> SourceTree {
    let mut findings = Vec::new();
    let tree = SourceTree::scan(&site.join("input"), &mut findings).expect("read the site");
    assert!(findings.is_empty(), "{findings:?}");
    tree
}

fn build(site: &Path, date: Date) -> Files {
    let mut findings = Vec::new();
    let files = fineprint::compiler::Compiler::default()
        .artifacts(scan(site), date, false, &mut findings)
        .expect("the machine works");
    assert!(findings.iter().all(|finding| finding.severity != Severity::Error), "{}: {findings:?}", site.display());
    files.expect("the site builds")
}

fn dates(site: &Path) -> Vec<toml::Table> {
    let text = std::fs::read_to_string(site.join("dates.toml")).expect("read the dates");
    let table: toml::Table = text.parse().expect("dates are TOML");
    table["date"].as_array().expect("dates").iter().map(|date| date.as_table().expect("a date").clone()).collect()
}

fn day(value: &toml::Value) -> Date {
    value.to_string().trim_matches('"').parse().expect("a date")
}

#[test]
fn each_site_is_in_the_expected_state_on_each_date() {
    for site in sites() {
        let center = Center::load(scan(&site), &mut Vec::new());
        let mut checked = 0;
        for expected in dates(&site) {
            let date = day(&expected["as_of"]);
            let timeline = Timeline::at(&center, date);
            let place = format!("{} as of {date}", site.display());
            assert_eq!(timeline.next_change(), expected.get("next_rebuild").map(day), "{place}");
            for (slug, expected) in expected.iter().filter(|(_, value)| value.is_table()) {
                let index = center.documents.iter().position(|document| &document.slug == slug).expect("a document");
                let states = &timeline.documents[index];
                let id = |version: Option<usize>| {
                    version.map_or("", |version| &center.documents[index].versions[version].id)
                };
                assert_eq!(id(states.in_force), expected["in_force"].as_str().unwrap(), "{place}, {slug} in force");
                assert_eq!(
                    id(states.upcoming.first().copied()),
                    expected["upcoming"].as_str().unwrap(),
                    "{place}, {slug} upcoming"
                );
                let open = timeline.open_notices().filter(|notice| notice.document == index).count();
                assert_eq!(open as i64, expected["open_notices"].as_integer().unwrap(), "{place}, {slug} notices");
                checked += 1;
            }
        }
        assert!(checked >= 5, "{}", site.display());
    }
}

#[test]
fn what_is_scheduled_appears_nowhere_and_what_was_published_never_goes() {
    for site in sites() {
        let center = Center::load(scan(&site), &mut Vec::new());
        let mut before = Vec::new();
        for expected in dates(&site) {
            let date = day(&expected["as_of"]);
            let files = build(&site, date);
            for document in &center.documents {
                for version in &document.versions {
                    let permalink = format!("{}/v/{}/index.html", document.slug, version.id);
                    assert_eq!(files.contains_key(&permalink), version.published <= date, "{permalink} as of {date}");
                    if version.published > date {
                        // Its words are nowhere, not even its date as a version.
                        let mark = format!("{}/v/{}", document.slug, version.id);
                        let leak = files.iter().find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&mark));
                        assert!(leak.is_none(), "{mark} as of {date} leaks into {}", leak.unwrap().0);
                    }
                }
            }
            let permalinks: Vec<String> = files.keys().filter(|path| path.contains("/v/")).cloned().collect();
            for path in &before {
                assert!(permalinks.contains(path), "{path} is gone as of {date}");
            }
            before = permalinks;
        }
    }
}

#[test]
fn the_resolved_text_of_a_version_never_changes() {
    for site in sites() {
        let mut first: Files = Files::new();
        for expected in dates(&site) {
            for (path, bytes) in build(&site, day(&expected["as_of"])) {
                if path.ends_with("/policy.md") {
                    let known = first.entry(path.clone()).or_insert_with(|| bytes.clone());
                    assert_eq!(known, &bytes, "{path}");
                }
            }
        }
        assert!(!first.is_empty());
    }
}

#[test]
fn no_page_of_the_sites_carries_an_unexpanded_fact() {
    for site in sites() {
        let last = dates(&site).last().map(|date| day(&date["as_of"])).expect("a date");
        for (path, bytes) in build(&site, last).iter().filter(|(path, _)| path.ends_with(".html")) {
            let text = String::from_utf8_lossy(bytes);
            let outside_code: String =
                text.split("<code").map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest)).collect();
            for mark in ["{{ organization", "{{ notice", "{{ section", ":::register"] {
                assert!(!outside_code.contains(mark), "{path} shows {mark}");
            }
        }
    }
}
