//! `fineprint diff` as another program sees it: the laws from its JSON alone, and a draft against a revision in git.

use crate::harness::{fineprint, fineprint_at, stderr, write_site};
use fineprint::change::{plain, redline};
use fineprint::markdown::{self, FactError, Facts, RegisterTable};
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

struct NoFacts;

impl Facts for NoFacts {
    fn lookup(&self, _: &str) -> Result<String, FactError> {
        Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() })
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Err(FactError { code: "unknown-register", message: String::new(), help: Vec::new() })
    }
}

fn document(text: &str) -> markdown::Document {
    markdown::parse(&"a.md".into(), text, 0, false, &NoFacts, &mut Vec::new()).document
}

/// Only letters and digits, in order: what any reader of the JSON would compare.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of blocks, without those of one operation, each word as the side has it.
fn words(blocks: &[&Value], without: &str, old: bool) -> String {
    let mut out = String::new();
    for word in blocks.iter().flat_map(|block| block["words"].as_array().into_iter().flatten()) {
        if word["op"] == without {
            continue;
        }
        let was = word["was"].as_str().filter(|_| old);
        out.push_str(&letters(was.or(word["text"].as_str()).unwrap_or("")));
    }
    out
}

/// The blocks of the new text, as docs/diff.md says to find them.
fn accepted(json: &Value) -> Vec<&Value> {
    let blocks = json["blocks"].as_array().unwrap().iter();
    blocks.filter(|block| block["op"] != "deleted" && block["op"] != "away").collect()
}

/// The blocks of the old text: what moved away is at its old place again.
fn rejected(json: &Value) -> Vec<&Value> {
    fn within<'j>(all: &'j [Value], moved: &Value, out: &mut Vec<&'j Value>) {
        for block in all.iter().filter(|block| block["moved_in"] == *moved) {
            match block["op"].as_str() {
                Some("away") => within(all, &block["away"], out),
                Some("inserted") => {}
                _ => out.push(block),
            }
        }
    }
    let mut out = Vec::new();
    within(json["blocks"].as_array().unwrap(), &Value::Null, &mut out);
    out
}

/// Depth and label of every item of a list that has words, in order, from the places in the JSON.
fn items(blocks: &[&Value], old: bool) -> Vec<(u64, String)> {
    let (place, parts) = if old { ("old_place", "old_parts") } else { ("place", "parts") };
    let mut places: Vec<&Value> = Vec::new();
    for block in blocks {
        match block[parts].as_array() {
            Some(parts) => places.extend(parts.iter().map(|part| &part["place"])),
            None => places.push(&block[place]),
        }
    }
    let item = |place: &Value| Some((place["depth"].as_u64()?, place["item"].as_str()?.to_string()));
    places.into_iter().filter_map(item).collect()
}

/// The same from the document itself.
fn listed(blocks: &[markdown::Block], depth: u64, out: &mut Vec<(u64, String)>) {
    for block in blocks {
        if let markdown::BlockKind::List(list) = &block.kind {
            for (at, item) in list.items.iter().enumerate() {
                let label = list.start.map_or("•".to_string(), |start| format!("{}.", start + at));
                if !item.blocks.is_empty() {
                    out.push((depth + 1, label));
                }
                listed(&item.blocks, depth + 1, out);
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "we", "keep", "data", "for", "ninety", "days", "and", "nights", "orders", "数据", "b.",
    ]);
    let sentence = prop::collection::vec(word, 1..9).prop_map(|words| words.join(" "));
    let block = (0..8u8, sentence).prop_map(|(kind, sentence)| match kind {
        0 => format!("## {sentence}\n\n"),
        1 => format!("- {sentence}\n"),
        2 => format!("\n| a | b |\n|---|---|\n| {sentence} | x |\n\n"),
        3 => format!("- {sentence}\n  - {sentence}\n"),
        4 => format!("\n3. {sentence}\n4. {sentence}\n\n"),
        _ => format!("\n{sentence}\n\n"),
    });
    prop::collection::vec(block, 0..9).prop_map(|blocks| blocks.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Accepting all changes in the JSON gives the new words in the new lists, rejecting them the old ones.
    #[test]
    fn the_json_alone_gives_back_both_texts(old in text(), new in text()) {
        let (a, b) = (document(&old), document(&new));
        let json = serde_json::to_value(fineprint::change::json::json(&redline(&a, &b))).unwrap();
        let (after, before) = (accepted(&json), rejected(&json));
        prop_assert_eq!(words(&after, "deleted", false), letters(&plain(&b).concat()), "new\n{}\n---\n{}", old, new);
        prop_assert_eq!(words(&before, "inserted", true), letters(&plain(&a).concat()), "old\n{}\n---\n{}", old, new);
        for (document, blocks, old) in [(&a, &before, true), (&b, &after, false)] {
            let mut expected = Vec::new();
            listed(&document.blocks, 0, &mut expected);
            prop_assert_eq!(items(blocks, old), expected);
        }
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git is installed");
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_draft_is_compared_with_what_it_was_in_git_and_the_consequence_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // The site may lie below the root of the repository.
    let site = folder.path().join("legal");
    let row = |id: &str| {
        format!(
            "[[row]]\nid = \"{id}\"\nname = \"{id} Ltd\"\npurpose = \"letters\"\ndata = [\"names\"]\nlocation = [\"ES\"]\n"
        )
    };
    let archive = |days: &str, rows: &str| {
        format!(
            "-- content/processors.toml --\n{rows}-- content/privacy/policy.md --\n+++\ntitle = \"Privacy\"\nnotice = \"15 days\"\n+++\n\nWe keep it for {days} days.\n\n:::register processors columns=\"name\"\nNone.\n:::\n"
        )
    };
    write_site(&site, &archive("ninety", &row("mailer")));
    let released = fineprint_at(&site, "2026-01-01 10:00", &["release", "privacy"]);
    assert!(released.status.success(), "{}", stderr(&released));
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "one"]);
    write_site(&site, &archive("sixty", &(row("mailer") + &row("host") + &row("safe"))));
    // `write_site` brings its own settings, and no ledger.
    let diff = |arguments: &[&str]| {
        let mut all = vec!["diff", "privacy", "--as-of", "2026-11-21"];
        all.extend(arguments);
        fineprint(&site, &all)
    };
    let done = diff(&["--against", "HEAD", "--format", "markdown"]);
    let out = String::from_utf8(done.stdout.clone()).unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    let named = "material: 2 processors added; earliest effective date 2026-12-07 (15 days' notice, if announced on 2026-11-21)";
    assert!(out.contains(named), "{out}");
    assert!(out.contains("~~ninety~~") && out.contains("**sixty**") && out.contains("- Added: host Ltd"), "{out}");
    let text = diff(&["--against", "HEAD"]);
    assert!(stderr(&text).contains(named), "{}", stderr(&text));
    for (revision, says) in [("nosuch", "git says"), ("--help", "revision"), ("", "revision")] {
        let refused = diff(&[&format!("--against={revision}")]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains(says), "{revision}: {}", stderr(&refused));
    }
}
