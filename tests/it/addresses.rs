//! What was published stays, whatever settings, themes, drafts and folders say later.

use crate::harness::{Files, build, codes, files, fineprint, read_all, repository, stderr, tree};
use fineprint::check::Depth;
use fineprint::compiler::Compiler;
use jiff::civil::date;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The sample center in a folder of its own.
fn sample() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = repository();
    for part in ["fineprint.toml", "content", "static"] {
        copy(&root.join(part), &folder.path().join(part));
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("create a folder");
        for entry in fs::read_dir(from).expect("read a folder").flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).expect("copy a file");
    }
}

fn built(site: &Path, out: &str) -> Files {
    let done = fineprint(site, &["build", "--as-of", "2026-11-28", "--out", out]);
    assert!(done.status.success(), "{}", stderr(&done));
    read_all(&site.join(out))
}

/// Texts below `/v/`, which are what people hold a company to.
fn published(files: &Files) -> BTreeMap<&String, &Vec<u8>> {
    files.iter().filter(|(path, _)| path.contains("/v/") && path.ends_with("policy.md")).collect()
}

#[test]
fn languages_that_are_reordered_or_dropped_keep_their_addresses() {
    let folder = sample();
    let site = folder.path();
    let settings = fs::read_to_string(site.join("fineprint.toml")).unwrap();
    let before = built(site, "first");
    assert!(published(&before).keys().any(|path| path.starts_with("es/")));
    let set = |languages: &str| {
        let line = settings.lines().find(|line| line.starts_with("languages = ")).unwrap();
        fs::write(site.join("fineprint.toml"), settings.replacen(line, &format!("languages = {languages}"), 1))
            .unwrap();
    };
    for (languages, out) in [("[\"es\", \"en\"]", "reordered"), ("[\"en\"]", "dropped")] {
        set(languages);
        let after = built(site, out);
        assert_eq!(published(&before), published(&after), "{languages}");
        for path in before.keys().filter(|path| path.contains("/v/")) {
            assert!(after.contains_key(path), "{languages}: {path}");
        }
    }
    // No menu leads to a language that was dropped.
    set("[\"en\"]");
    let dropped = read_all(&site.join("dropped"));
    let home = String::from_utf8_lossy(&dropped["index.html"]).into_owned();
    assert!(!home.contains("hreflang=\"es\""), "{home}");
}

#[test]
fn facts_that_were_not_released_are_on_no_page() {
    let folder = sample();
    let site = folder.path();
    let before = built(site, "first");
    let path = site.join("content/organization.toml");
    let facts = fs::read_to_string(&path).unwrap();
    let line = facts.lines().find(|line| line.starts_with("legal_name = ")).unwrap();
    fs::write(&path, facts.replacen(line, "legal_name = \"Unreleased Holding\"", 1)).unwrap();
    let after = built(site, "second");
    for (path, bytes) in &after {
        assert!(!String::from_utf8_lossy(bytes).contains("Unreleased Holding"), "{path}");
    }
    let permalinks = |files: &Files| -> Files {
        files
            .iter()
            .filter(|(path, _)| path.contains("/v/"))
            .map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect()
    };
    assert!(permalinks(&before) == permalinks(&after));
}

/// What is missing is found in a fresh clone, at any level of any rule.
#[test]
fn all_that_the_ledger_names_is_there() {
    let folder = sample();
    let site = folder.path();
    let settings = fs::read_to_string(site.join("fineprint.toml")).unwrap();
    fs::write(site.join("fineprint.toml"), format!("{settings}\n[check.levels]\nfolder-without-policy = \"off\"\n"))
        .unwrap();
    let kept = site.join("kept");
    for (gone, code) in [
        ("content/terms/versions", "missing-version"),
        ("content/terms", "missing-document"),
        ("content/privacy/versions/2025-02-17/policy.es.md", "missing-frozen-file"),
        ("content/privacy/versions/2025-02-17/text.es.md", "missing-frozen-file"),
    ] {
        fs::rename(site.join(gone), &kept).unwrap();
        let done = fineprint(site, &["build", "--as-of", "2026-11-28", "--out", "fresh"]);
        let said = stderr(&done);
        assert_eq!(done.status.code(), Some(1), "{gone}: {said}");
        assert!(said.contains(&format!("error[{code}]")), "{gone}: {said}");
        assert!(!site.join("fresh").exists(), "{gone}");
        fs::rename(&kept, site.join(gone)).unwrap();
    }
}

const TWO: &str = "\
-- content/privacy/versions/2026-01-05/policy.md --
+++
title = \"Privacy policy\"
+++

## Data {#data}

Kept for 90 days.
-- content/privacy/versions/2026-02-16/policy.md --
+++
title = \"Leaflet\"
+++

## Data {#data}

Kept for 180 days.
-- content/ledger.toml --
[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-01-05\"
language = \"en\"
published = 2026-01-05
effective = 2026-01-05

[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-02-16\"
language = \"en\"
published = 2026-02-01
effective = 2026-02-16
significance = \"material\"
summary = \"Longer.\"
";

#[test]
fn a_later_title_is_on_no_older_page() {
    let (files, findings) = build(TWO, date(2026, 3, 1), false);
    let files = files.unwrap_or_else(|| panic!("{:?}", codes(&findings)));
    let page = |path: &str| String::from_utf8_lossy(&files[path]).into_owned();
    assert!(page("privacy/v/2026-01-05/index.html").contains("<h1>Privacy policy"));
    assert!(page("privacy/v/2026-02-16/index.html").contains("<h1>Leaflet"));
}

#[test]
fn a_theme_cannot_change_or_drop_what_was_released() {
    let template = fs::read_to_string(repository().join("themes/default/templates/document.html")).unwrap();
    let content = "{{ content | safe }}";
    assert!(template.contains(content) && template.contains("{{ document.title }}</h1>"));
    let with = |template: String| {
        let mut site = files(TWO);
        site.insert("themes/default/templates/document.html".into(), template);
        let archive: String = site.iter().map(|(path, text)| format!("-- {path} --\n{text}")).collect();
        let compiler = Compiler::default();
        let site = compiler.compile(tree(&archive), |_| date(2026, 3, 1), Depth::Drafts, &mut Vec::new());
        let purpose = fineprint::compiler::Purpose::Site { drafts: false };
        let done = compiler.render(&site, purpose, &mut Vec::new(), |renderer| {
            (0..renderer.plan.tasks.len()).try_for_each(|task| renderer.make(task).map(|_| ()))
        });
        done.err().map(|error| error.to_string())
    };
    assert_eq!(with(template.clone()), None);
    // What is around the words is the theme's own affair.
    assert_eq!(with(template.replace(content, &format!("<p>Hello</p>{content}<p>Bye</p>"))), None);
    for (changed, what) in [
        ("{{ content | replace(from=\"90 days\", to=\"9 years\") | safe }}", "the text"),
        ("", "the text"),
        ("<!-- {{ content | safe }} -->", "the text"),
        ("<template>{{ content | safe }}</template>", "the text"),
    ] {
        let error = with(template.replace(content, changed)).unwrap_or_default();
        assert!(error.contains(what) && error.contains("`privacy` 2026-01-05"), "{changed}: {error}");
    }
    let error = with(template.replace("{{ document.title }}</h1>", "Ours</h1>").replace("{{ document.title }}", ""));
    assert!(error.unwrap_or_default().contains("the title"));
}

#[test]
fn words_changed_in_the_output_are_mended_even_if_the_manifest_was_edited_with_them() {
    let folder = sample();
    let site = folder.path();
    let before = built(site, "out");
    let (page, manifest) = (site.join("out/privacy/index.html"), site.join("out/.fineprint-manifest"));
    let digest = |path: &Path| fineprint::source::Digest::of(&fs::read(path).unwrap()).hex();
    let old = digest(&page);
    let text = fs::read_to_string(&page).unwrap();
    fs::write(&page, text.replace("days", "years")).unwrap();
    let list = fs::read_to_string(&manifest).unwrap();
    assert!(list.contains(&old));
    fs::write(&manifest, list.replace(&old, &digest(&page))).unwrap();
    assert!(built(site, "out") == before);
}
