//! Pages of what changed: addresses that stay whatever happens later, translations that lag, feeds that carry the change.

use crate::harness::{build, codes};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn text(files: &crate::harness::Files, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no `{path}`")).clone()).unwrap()
}

/// What may happen to a document, in order: days until it happens, days of notice, whether it is a withdrawal of the
/// version announced last.
fn history() -> impl Strategy<Value = Vec<(i64, i64, bool)>> {
    prop::collection::vec((1i64..12, 15i64..40, prop::bool::weighted(0.35)), 1..9)
}

/// The center with that history, and the days on which something happens.
fn center(history: &[(i64, i64, bool)]) -> (String, Vec<Date>) {
    let mut today = date(2024, 1, 1);
    let mut ledger = String::from("-- content/ledger.toml --\n");
    let mut archive = String::new();
    let mut days = vec![today];
    // Versions that stand, by effective date.
    let mut standing: Vec<Date> = Vec::new();
    let mut used = BTreeSet::new();
    for (number, (after, notice, withdraw)) in history.iter().enumerate() {
        today += (*after).days();
        days.push(today);
        if *withdraw && standing.last().is_some_and(|effective| *effective > today) && standing.len() > 1 {
            let version = standing.pop().unwrap();
            ledger += &format!(
                "[[entry]]\naction = \"withdraw\"\ndocument = \"privacy\"\nversion = \"{version}\"\ndate = {today}\nreason = \"no\"\n\n"
            );
            continue;
        }
        let first = standing.is_empty();
        let mut effective = if first { today } else { today + (*notice).days() };
        while used.contains(&effective) || standing.last().is_some_and(|last| *last >= effective) {
            effective += 1.day();
        }
        used.insert(effective);
        standing.push(effective);
        let more = if first { "" } else { "significance = \"material\"\nsummary = \"More.\"\n" };
        ledger += &format!(
            "[[entry]]\naction = \"release\"\ndocument = \"privacy\"\nversion = \"{effective}\"\nlanguage = \"en\"\npublished = {today}\neffective = {effective}\n{more}\n"
        );
        archive += &format!(
            "-- content/privacy/versions/{effective}/policy.md --\n+++\ntitle = \"Privacy\"\n+++\n\n## Data {{#data}}\n\nWe keep {number} things.\n"
        );
        days.push(effective);
    }
    days.sort();
    days.dedup();
    (archive + &ledger, days)
}

fn permanent(files: &crate::harness::Files) -> BTreeSet<String> {
    let kept = |path: &&String| path.contains("/v/") || path.contains("..");
    files.keys().filter(kept).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// No address of a version or of a change is ever lost, whatever is released or withdrawn afterwards; and every
    /// change that a page leads to is there.
    #[test]
    fn addresses_of_changes_stay(history in history()) {
        let (archive, days) = center(&history);
        let mut before = BTreeSet::new();
        for day in days {
            let (files, findings) = build(&archive, day, false);
            let files = match files {
                Some(files) => files,
                None => panic!("{day}: {:?}\n{archive}", codes(&findings)),
            };
            let now = permanent(&files);
            let lost: Vec<&String> = before.difference(&now).collect();
            prop_assert!(lost.is_empty(), "{day} lost {lost:?}\n{archive}");
            for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
                let html = String::from_utf8_lossy(bytes);
                for part in html.split("href=\"/privacy/changes/").skip(1) {
                    let target = format!("privacy/changes/{}index.html", part.split(['"', '#']).next().unwrap());
                    prop_assert!(files.contains_key(&target), "{day}: {path} leads to {target}\n{archive}");
                }
            }
            before = now;
        }
    }
}

const RELEASED: &str = "
-- content/privacy/versions/2026-01-01/processors.toml --
[[row]]
id = \"mailer\"
name = \"Mailer Ltd\"
purpose = \"letters\"
data = [\"names\"]
-- content/privacy/versions/2026-01-01/policy.md --
+++
title = \"Privacy\"
+++

## Data {#data}

We keep it for ninety days. See [the end](#data).
-- content/privacy/versions/2026-06-01/processors.toml --
[[row]]
id = \"mailer\"
name = \"Mailer Ltd\"
purpose = \"letters\"
data = [\"names\"]
[[row]]
id = \"host\"
name = \"Host <&> Co\"
purpose = \"servers\"
data = [\"all\"]
-- content/privacy/versions/2026-06-01/policy.md --
+++
title = \"Privacy\"
+++

## Data {#data}

We keep it for sixty days. See [the end](#data).
-- content/ledger.toml --
[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-01-01\"
language = \"en\"
published = 2026-01-01
effective = 2026-01-01

[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-06-01\"
language = \"en\"
published = 2026-05-01
effective = 2026-06-01
significance = \"material\"
summary = \"Shorter.\"
";

#[test]
fn the_change_stands_on_its_page_in_the_changelog_in_the_notice_and_in_the_feeds() {
    let (files, findings) = build(RELEASED, date(2026, 5, 10), false);
    let files = files.unwrap_or_else(|| panic!("{:?}", codes(&findings)));
    let page = text(&files, "privacy/changes/2026-01-01..2026-06-01/index.html");
    assert!(page.contains("<del id=\"c1\">") && page.contains("sixty"), "{page}");
    let fact = "Added: Host &lt;&amp;&gt; Co (servers)";
    for path in ["privacy/changes/2026-01-01..2026-06-01/", "privacy/changes/", "notices/", "privacy/upcoming/"] {
        assert!(text(&files, &format!("{path}index.html")).contains(fact), "{path}");
    }
    let feed: serde_json::Value = serde_json::from_str(&text(&files, "privacy/feed.json")).unwrap();
    let entry = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(entry.contains(fact) && entry.contains("<del") && entry.contains("sixty"), "{entry}");
    let link = |to: &str| format!("href=\"https://privacy.acme.example/privacy/{to}\"");
    assert!(entry.contains(&link("changes/2026-01-01..2026-06-01/")), "{entry}");
    // A link inside the text leads to the text, not into the list of its changes.
    assert!(entry.contains(&link("v/2026-06-01/#data")), "{entry}");
    assert!(!entry.contains("href=\"#data"), "a feed is read elsewhere: {entry}");
    // Of the first version there is nothing to tell.
    assert!(!feed["items"][1]["content_html"].as_str().unwrap().contains("<ins"));
}

/// A translation at each of three versions (`a`, `b` … are texts) and of what it is said to lack at the last.
fn lag(source: [&str; 3], translation: [&str; 3], significance: &str, front: &str) -> Option<String> {
    let mut archive = String::from(
        "-- fineprint.toml --\nbase_url = \"https://privacy.acme.example\"\ntitle = \"Acme\"\ntimezone = \"UTC\"\nlanguages = [\"en\", \"es\"]\n",
    );
    let mut ledger = String::from("-- content/ledger.toml --\n");
    for (month, (source, translation)) in (1..).zip(source.into_iter().zip(translation)) {
        let id = format!("2026-0{month}-01");
        let folder = format!("content/privacy/versions/{id}");
        archive += &format!("-- {folder}/policy.md --\n+++\ntitle = \"Privacy\"\n+++\n\nThe text {source}.\n");
        archive += &format!(
            "-- {folder}/policy.es.md --\n+++\ntitle = \"Privacidad\"\n{front}+++\n\nEl texto {translation}.\n"
        );
        let more =
            if month > 1 { format!("significance = \"{significance}\"\nsummary = \"x\"\n") } else { String::new() };
        ledger += &format!(
            "[[entry]]\naction = \"release\"\ndocument = \"privacy\"\nversion = \"{id}\"\nlanguage = \"en\"\npublished = {id}\neffective = {id}\n{more}\n"
        );
    }
    let (files, findings) = build(&(archive + &ledger), date(2026, 11, 21), false);
    let files = files.unwrap_or_else(|| panic!("{:?}", codes(&findings)));
    let page = text(&files, "es/privacy/index.html");
    let lacks = page.split("Ver lo que le falta").next().filter(|before| before.len() < page.len())?;
    let href = lacks.rsplit("href=\"").next()?.split('"').next()?.to_string();
    assert!(files.contains_key(&format!("{}index.html", &href[1..])), "{href} is not there");
    Some(href)
}

#[test]
fn a_translation_that_is_older_than_its_text_says_so_and_leads_to_what_it_lacks() {
    let one = Some("/privacy/changes/2026-02-01..2026-03-01/".to_string());
    let two = Some("/privacy/changes/2026-01-01..in-force/".to_string());
    // Source, translation and significance of later versions, and what the translation lacks.
    for (source, translation, significance, lacks) in [
        (["a", "b", "c"], ["a", "b", "c"], "minor", None),
        (["a", "b", "c"], ["a", "b", "b"], "minor", one.clone()),
        (["a", "b", "c"], ["a", "a", "a"], "minor", two.clone()),
        (["a", "a", "b"], ["a", "a", "a"], "minor", one.clone()),
        (["a", "b", "b"], ["a", "a", "a"], "minor", two),
        (["a", "b", "b"], ["a", "a", "b"], "minor", None),
        // Typos need not be mended in another language.
        (["a", "b", "c"], ["a", "a", "a"], "editorial", None),
        // Changed after the text was: taken to be up to date.
        (["a", "b", "b"], ["a", "a", "c"], "minor", None),
    ] {
        assert_eq!(lag(source, translation, significance, ""), lacks, "{source:?} {translation:?} {significance}");
    }
    // It may say itself what it translates.
    let digest = |text: &str| {
        fineprint::source::Digest::of(format!("+++\ntitle = \"Privacy\"\n+++\n\nThe text {text}.\n").as_bytes()).hex()
    };
    let says = |text: &str| format!("source_digest = \"{}\"\n", &digest(text)[..12]);
    assert_eq!(lag(["a", "b", "c"], ["a", "b", "d"], "minor", &says("b")), one);
    assert_eq!(lag(["a", "b", "c"], ["a", "a", "a"], "minor", &says("c")), None);
}
