//! Outputs: what is planned is made and nothing else; lists are bounded; no address that was published is lost.

use crate::harness::{Files, build, codes, tree};
use fineprint::check::Depth;
use fineprint::compiler::Compiler;
use fineprint::plan::{Options, Plan};
use fineprint::render::Renderer;
use fineprint::theme::load_theme;
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("{path} is not there"))).unwrap()
}

/// A document with so many versions, one a day, a word different in each; every third says what the first says.
fn history(versions: usize, significance: &str) -> String {
    let mut archive = String::new();
    let mut ledger = String::from("-- content/ledger.toml --\n");
    for index in 0..versions {
        let day = date(2024, 1, 1).saturating_add(jiff::Span::new().days(index as i64));
        let word = if index % 3 == 0 { "nothing".to_string() } else { format!("thing {index}") };
        archive.push_str(&format!(
            "-- content/privacy/versions/{day}/policy.md --\n+++\ntitle = \"Privacy policy\"\nnotice = \"0 days\"\n+++\n\n## Data {{#data}}\n\nWe keep {word}.\n\n## Rights {{#rights}}\n\nWrite to us.\n-- content/privacy/versions/{day}/organization.toml --\nlegal_name = \"Acme Ltd\"\n"
        ));
        let significance = if index == 0 {
            String::new()
        } else {
            format!("significance = \"{significance}\"\nsummary = \"Number {index}.\"\n")
        };
        ledger.push_str(&format!(
            "[[entry]]\naction = \"release\"\ndocument = \"privacy\"\nversion = \"{day}\"\nlanguage = \"en\"\npublished = {day}\neffective = {day}\n{significance}\n"
        ));
    }
    archive + &ledger
}

#[test]
fn what_is_planned_is_made_and_nothing_else() {
    for (archive, drafts) in [(history(4, "material"), false), (history(4, "minor"), true)] {
        let compiler = Compiler::default();
        let site = compiler.compile(tree(&archive), |_| date(2026, 11, 21), Depth::Drafts, &mut Vec::new());
        let (center, timeline) = (site.center, site.timeline);
        let theme = load_theme(&center, &mut Vec::new()).unwrap();
        let options = Options::new(drafts, theme.asset_paths());
        let mut plan = Plan::new(&center, &timeline, options, &Default::default(), &mut Vec::new());
        let made: BTreeSet<String> = {
            let renderer = Renderer::new(&plan, &theme, &compiler.texts, &compiler.comparisons).unwrap();
            let files = (0..plan.tasks.len()).flat_map(|task| renderer.make(task).unwrap());
            files.map(|(path, _)| path).collect()
        };
        assert_eq!(made, plan.claims.keys().cloned().collect());
        // A path that nobody makes, and one that nobody has claimed.
        let task = plan.claims["index.html"];
        plan.tasks[task].outputs.push("never.html".to_string());
        plan.claims.insert("never.html".to_string(), task);
        let error = Renderer::new(&plan, &theme, &compiler.texts, &compiler.comparisons)
            .unwrap()
            .make(task)
            .unwrap_err()
            .to_string();
        assert!(error.contains("`never.html`") && error.contains("nothing makes it"), "{error}");
        plan.tasks[task].outputs.retain(|path| path != "never.html" && path != "feed.xml");
        plan.claims.remove("feed.xml");
        let error = Renderer::new(&plan, &theme, &compiler.texts, &compiler.comparisons)
            .unwrap()
            .make(task)
            .unwrap_err()
            .to_string();
        assert!(error.contains("`feed.xml`") && error.contains("not planned"), "{error}");
    }
}

/// Addresses of a list's pages, from its own on, and how often each version stands in them.
fn walk(files: &Files, list: &str, rel: &str, entry: &str) -> (usize, BTreeMap<String, usize>) {
    let mut at = Some(list.to_string());
    let mut found = BTreeMap::new();
    let mut pages = 0;
    while let Some(path) = at.take() {
        let page = text(files, &path);
        pages += 1;
        assert!(page.len() < 100_000, "{path} has {} bytes", page.len());
        for part in page.split(entry).skip(1) {
            *found.entry(part[..10].to_string()).or_default() += 1;
        }
        let next = page.split(rel).next().filter(|before| before.len() < page.len());
        let next = next.and_then(|before| before.rsplit("href=\"").next()).map(|href| href.trim_end_matches("\" "));
        at = next.map(|href| format!("{}index.html", href.trim_start_matches('/')));
    }
    (pages, found)
}

#[test]
fn lists_are_cut_into_pages_and_every_version_stands_in_one() {
    let versions = 230;
    let (files, findings) = build(&history(versions, "material"), date(2026, 11, 21), false);
    let files = files.unwrap_or_else(|| panic!("{:?}", codes(&findings)));
    let (pages, found) =
        walk(&files, "privacy/changes/index.html", "rel=\"next\"", "<p class=\"date\"><a href=\"/privacy/v/");
    assert_eq!((pages, found.len()), (4, versions));
    assert!(found.values().all(|times| *times == 1));
    let (pages, found) = walk(&files, "notices/index.html", "rel=\"next\"", "<p class=\"title\"><a href=\"/privacy/v/");
    assert_eq!((pages, found.len()), (4, versions - 1));
    let mut older = Some("api/v1/documents/privacy/versions.json".to_string());
    let mut all = Vec::new();
    while let Some(path) = older.take() {
        let json: serde_json::Value = serde_json::from_str(text(&files, &path)).unwrap();
        let here = json["versions"].as_array().unwrap().iter().map(|version| version["version"].to_string());
        all.splice(0..0, here);
        older = json["older_url"].as_str().map(|url| url.replace("https://privacy.acme.example/", ""));
    }
    assert_eq!(all.len(), versions);
    assert!(all.is_sorted());
    for path in ["calendar.ics", "feed.xml", "privacy/feed.json", "api/v1/notices.json", "api/v1/notices/past.json"] {
        assert!(files[path].len() < 120_000, "{path} has {} bytes", files[path].len());
    }
}

#[test]
fn a_comparison_that_another_page_shows_leads_there_and_the_rest_leave_out_what_did_not_change() {
    let (files, _) = build(&history(9, "minor"), date(2026, 11, 21), false);
    let files = files.unwrap();
    let address = |index: i8| date(2024, 1, index + 1).to_string();
    let redirects = text(&files, "_redirects");
    let to = |from: &str| {
        let line = format!("/privacy/changes/{from}..in-force/ ");
        redirects.lines().find_map(|known| known.strip_prefix(&line)).map(|rest| rest.replace(" 302", ""))
    };
    // The ninth is in force. The eighth is its neighbor; the first, fourth and seventh say the same as each other.
    assert_eq!(to(&address(7)), Some(format!("/privacy/changes/{}..{}/", address(7), address(8))));
    assert_eq!(to(&address(0)), None);
    let page = text(&files, &format!("privacy/changes/{}..in-force/index.html", address(0)));
    assert!(page.contains("<ins") && !page.contains("Write to us."), "{page}");
    let (files, _) = build(&history(10, "minor"), date(2026, 11, 21), false);
    let files = files.unwrap();
    let redirects = text(&files, "_redirects");
    // The tenth says what the first says.
    assert!(redirects.contains(&format!("/privacy/changes/{}..in-force/ /privacy/v/{}/ 302", address(0), address(9))));
    assert!(files.contains_key(&format!("privacy/changes/{}..in-force/index.html", address(0))));
}
