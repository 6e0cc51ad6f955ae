//! What pages say and where they lead: states on lists, notices, the company's own look, ways through many documents.

use crate::harness::{Files, build, codes};
use jiff::civil::date;
use std::fmt::Write;

const SETTINGS: &str = r##"
-- fineprint.toml --
base_url = "https://legal.acme.example/docs/"
title = "Acme"
timezone = "Europe/Madrid"
languages = ["en", "es", "sv"]

[brand]
logo = "logo.svg"
icon = "icon.svg"
accent = "#0a7d4f"
surface = "#101828"
product = "https://acme.example/app"
description = "Our policies."

[[brand.header]]
text = { en = "Status", es = "Estado" }
href = "https://status.acme.example"

[[brand.footer]]
text = "Terms"
href = "/doc-2/"
-- static/logo.svg --
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20"/>
-- static/icon.svg --
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>
-- content/organization.toml --
legal_name = "Acme Ltd."
brand = "Acme"
address = ["1 Road"]
country = "ES"
website = "https://acme.example"
[contacts]
privacy = "privacy@acme.example"
leave = "https://acme.example/close"
"##;

/// A center with so many documents, in two groups, the first with a past and an announced version.
fn center(documents: usize) -> Files {
    let mut archive = SETTINGS.to_string();
    let mut ledger = String::from("-- content/ledger.toml --\n");
    let rows = |keep: &str| format!("[[row]]\nid = \"logs\"\ndata = \"Logs\"\nkeep = \"{keep}\"\n");
    let processors = "[[row]]\nid = \"two\"\nname = \"Two SA\"\npurpose = \"Email\"\ndata = [\"addresses\"]\nlocation = [\"US\"]\ntransfer_mechanism = [\"scc\"]\nsince = 2026-12-10\nobjection_deadline = 2026-12-08\n";
    for document in 1..=documents {
        let versions: &[(&str, &str, &str)] = match document {
            1 => &[
                ("2026-01-01", "2026-01-01", "90"),
                ("2026-06-01", "2026-05-01", "60"),
                ("2026-12-10", "2026-11-20", "30"),
            ],
            _ => &[("2026-01-01", "2026-01-01", "90")],
        };
        for (version, published, days) in versions {
            let folder = format!("content/doc-{document}/versions/{version}");
            let group = if document % 2 == 1 { "Privacy" } else { "Terms" };
            let _ = write!(
                archive,
                "-- {folder}/policy.md --\n+++\ntitle = \"Document {document}\"\norder = {document}\ngroup = \"{group}\"\nat_a_glance = true\n+++\n\n## Logs {{#logs}}\n\nKept for {days} days.\n\n:::register retention\n:::\n\n<table><tr><td>raw</td></tr></table>\n"
            );
            let _ = write!(archive, "-- {folder}/retention.toml --\n{}", rows(&format!("{days} days")));
            if *version == "2026-12-10" {
                let _ = write!(archive, "-- {folder}/processors.toml --\n{processors}");
            }
            let _ = write!(
                ledger,
                "[[entry]]\naction = \"release\"\ndocument = \"doc-{document}\"\nversion = \"{version}\"\nlanguage = \"en\"\npublished = {published}\neffective = {version}\n"
            );
            if *version != "2026-01-01" {
                ledger.push_str("significance = \"material\"\nsummary = \"Logs go sooner.\"\n");
            }
            ledger.push('\n');
        }
    }
    let (files, findings) = build(&(archive + &ledger), date(2026, 11, 28), false);
    files.unwrap_or_else(|| panic!("{:?}", codes(&findings)))
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("{path} is not there"));
    std::str::from_utf8(bytes).expect("text")
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
}

#[test]
fn a_center_of_thirty_documents_says_what_holds_and_leads_everywhere() {
    let files = center(30);
    let changelog = text(&files, "doc-1/changes/index.html");
    has(
        changelog,
        &[
            "<span class=\"status upcoming\" data-until=\"2026-12-10\">Upcoming</span>",
            "<span class=\"status in-force\" data-until=\"2026-12-10\">In force</span><span class=\"status\" data-from=\"2026-12-10\" hidden>Replaced</span>",
            "<span class=\"status superseded\">Replaced</span>",
            "What changed since",
            "href=\"/docs/doc-1/changes/2026-06-01..2026-12-10/\"",
            "data-since=\"2026-01-01\"",
        ],
    );
    // The notice, wherever it is shown.
    for path in ["index.html", "doc-1/index.html", "notices/index.html"] {
        let page = text(&files, path);
        has(
            page,
            &["What you can do", "Object to Two SA until", "mailto:privacy@acme.example", "https://acme.example/close"],
        );
        let (see, read) = (page.find(">See what changes<"), page.find(">Read the new version<"));
        assert!(see.is_some() && see < read, "{path}: the first button shows the changes");
    }
    // Old and announced versions say so before everything else.
    has(text(&files, "doc-1/v/2026-01-01/index.html"), &["<p class=\"strip\">Old version, replaced on"]);
    has(text(&files, "doc-1/upcoming/index.html"), &["<p class=\"strip\" data-until=\"2026-12-10\">"]);
    // Every document is in the navigation of each, in its group.
    let page = text(&files, "doc-15/index.html");
    has(
        page,
        &[
            "<p>Privacy</p>",
            "<p>Terms</p>",
            "href=\"/docs/doc-30/\"",
            "rel=\"prev\"",
            "rel=\"next\"",
            "class=\"scroll\" tabindex=\"0\"><table><tr><td>raw",
        ],
    );
    has(page, &["At a glance", "<dt><a href=\"#logs\">How long we keep it</a></dt><dd>Logs: 90 days</dd>"]);
    // The contents of an old version need no script.
    has(text(&files, "doc-1/v/2026-01-01/index.html"), &["<a href=\"#logs\">Logs</a>"]);
    // Everything can be found.
    let found: serde_json::Value = serde_json::from_str(text(&files, "search.json")).expect("JSON");
    let found = found.as_array().expect("a list");
    assert!(found.iter().any(|entry| entry["u"] == "/docs/doc-7/#logs" && entry["x"].as_str().unwrap().contains("Kept for 90 days")));
    assert!(found.iter().any(|entry| entry["u"] == "/docs/doc-1/v/2026-12-10/"));
    has(text(&files, "search/index.html"), &["href=\"/docs/doc-30/#logs\"", "data-index=\"/docs/search.json\""]);
}

#[test]
fn the_company_is_recognized_on_every_page() {
    let files = center(2);
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with("doc-1/index.html")) {
        let page = std::str::from_utf8(page).expect("text");
        has(
            page,
            &[
                "<img src=\"/docs/logo.svg\" alt=\"Acme\" width=\"140\" height=\"28\">",
                "<link rel=\"icon\" href=\"/docs/icon.svg\">",
                "<meta name=\"theme-color\" content=\"#101828\"",
                "<meta property=\"og:title\" content=\"Document 1\">",
                "href=\"https://acme.example/app\"",
                "https://status.acme.example",
                "application/ld+json",
            ],
        );
        assert_eq!(page.contains(">Estado<"), path.starts_with("es/"), "{path}");
    }
    let style = files.iter().find(|(path, _)| path.starts_with("assets/site.") && path.ends_with(".css"));
    let style = std::str::from_utf8(style.expect("a style sheet").1).expect("text");
    has(style, &["--accent: #0a7d4f; --on-accent: #ffffff;", "--bar: #101828; --on-bar: #ffffff;"]);
    // Words that Swedish lacks are marked, and so are their dates.
    let swedish = text(&files, "sv/doc-2/index.html");
    has(
        swedish,
        &["<span lang=\"en\" dir=\"ltr\">In force from <time datetime=\"2026-01-01\">1 January 2026</time></span>"],
    );
}
