//! The same input, date and binary give the same bytes: in another folder, another order, another environment; warm or cold.

use crate::harness::{fineprint, read_all, repository, stderr, write_site};
use std::path::Path;
use std::process::Command;

const SITE: &str = "
-- content/privacy/policy.md --
+++
title = \"Privacy policy\"
+++

## Data {#data}

We keep {{ retention.account.keep }}.

:::register processors
:::
-- content/privacy/retention.toml --
[[row]]
id = \"account\"
data = \"Account data\"
keep = \"90 days\"
-- content/processors.toml --
page = true
[[row]]
id = \"host\"
name = \"Hostery\"
purpose = \"Hosting\"
data = [\"Everything\"]
location = [\"DE\"]
";

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in read_all(from) {
        let full = to.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, bytes).unwrap();
    }
}

fn sample(to: &Path) {
    for part in ["content", "static"] {
        copy(&repository().join(part), &to.join(part));
    }
    std::fs::copy(repository().join("fineprint.toml"), to.join("fineprint.toml")).unwrap();
}

#[test]
fn two_folders_and_two_environments_give_the_same_bytes() {
    let one = tempfile::tempdir().unwrap();
    let two = tempfile::tempdir().unwrap();
    let deep = two.path().join("a folder with blanks/über");
    sample(one.path());
    sample(&deep);
    let plain = fineprint(one.path(), &["build", "--as-of", "2026-11-21"]);
    assert!(plain.status.success(), "{}", stderr(&plain));
    let other = Command::new(env!("CARGO_BIN_EXE_fineprint"))
        .current_dir("/")
        .args(["--site", deep.to_str().unwrap(), "build", "--as-of", "2026-11-21", "--out", "elsewhere"])
        .env("TZ", "Pacific/Kiritimati")
        .env("LANG", "ar_EG.UTF-8")
        .env("LC_ALL", "C")
        .env("RAYON_NUM_THREADS", "1")
        .env("HOME", "/nonexistent")
        .output()
        .unwrap();
    assert!(other.status.success(), "{}", stderr(&other));
    assert!(read_all(&one.path().join("public")) == read_all(&deep.join("elsewhere")));
}

#[test]
fn the_day_comes_from_source_date_epoch_in_the_sites_time_zone() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), SITE);
    // 2026-11-20 23:30 UTC is the 21st in Madrid.
    let output = Command::new(env!("CARGO_BIN_EXE_fineprint"))
        .current_dir(site.path())
        .args(["status", "--json"])
        .env("SOURCE_DATE_EPOCH", "1795217400")
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["as_of"], "2026-11-21");
}

/// After every edit, a build over the old output equals a build from nothing.
#[test]
fn warm_equals_cold_after_every_edit() {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    sample(root);
    type Edit<'a> = (&'a str, &'a dyn Fn(&Path));
    let edits: &[Edit] = &[
        ("nothing", &|_| {}),
        ("a static file", &|root| std::fs::write(root.join("static/new.txt"), "new").unwrap()),
        ("the settings", &|root| replace(root, "fineprint.toml", "Repique", "Repique's")),
        ("the organisation", &|root| replace(root, "content/organization.toml", "repique.example", "repique2.example")),
        ("a file less", &|root| std::fs::remove_file(root.join("static/new.txt")).unwrap()),
        ("a draft", &|root| {
            let path = root.join("content/privacy/policy.md");
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, text + "\nOne more sentence.\n").unwrap();
        }),
        ("a theme file", &|root| {
            std::fs::create_dir_all(root.join("themes/default/assets")).unwrap();
            std::fs::write(root.join("themes/default/assets/custom.css"), "body { color: teal }").unwrap();
        }),
    ];
    for date in ["2026-11-15", "2026-11-21", "2026-12-02"] {
        for (name, edit) in edits.iter().filter(|_| date == "2026-11-21").chain(&edits[..1]) {
            edit(root);
            for (arguments, out) in
                [(&["build", "--as-of", date][..], "public"), (&["build", "--as-of", date, "--out", "cold"], "cold")]
            {
                if out == "cold" {
                    let _ = std::fs::remove_dir_all(root.join("cold"));
                }
                let built = fineprint(root, arguments);
                assert!(built.status.success(), "{name}: {}", stderr(&built));
            }
            let (warm, cold) = (read_all(&root.join("public")), read_all(&root.join("cold")));
            for path in warm.keys().chain(cold.keys()) {
                assert!(warm.get(path) == cold.get(path), "{path} differs after an edit of {name} as of {date}");
            }
        }
    }
}

fn replace(root: &Path, path: &str, from: &str, to: &str) {
    let full = root.join(path);
    let text = std::fs::read_to_string(&full).unwrap();
    assert!(text.contains(from));
    std::fs::write(full, text.replace(from, to)).unwrap();
}

#[test]
fn line_ends_and_a_byte_order_mark_change_no_word() {
    use crate::harness::build;
    use jiff::civil::date;
    let unix = SITE.to_string();
    let windows = unix
        .replace("\n", "\\x0d\n")
        .replace(" --\\x0d\n", " --\n")
        .replace("+++\\x0d\ntitle", "\\xfeff+++\\x0d\ntitle");
    let (one, findings) = build(&unix, date(2026, 11, 21), true);
    assert!(one.is_some(), "{findings:?}");
    let (two, findings) = build(&windows, date(2026, 11, 21), true);
    assert!(two.is_some(), "{findings:?}");
    let page = |files: Option<crate::harness::Files>| files.unwrap()["privacy/index.html"].clone();
    assert!(page(one) == page(two));
}

/// A history, act by act. Each entry is written into the ledger on its day, with the files that it froze.
const ENTRIES: &[(&str, &str, &str)] = &[
    ("2026-10-01", "2026-10-01", "action = \"release\"\npublished = 2026-10-01\neffective = 2026-10-01\n"),
    (
        "2026-11-05",
        "2026-12-05",
        "action = \"release\"\npublished = 2026-11-05\neffective = 2026-12-05\nsignificance = \"minor\"\nsummary = \"One.\"\n",
    ),
    (
        "2026-11-05",
        "2026-12-10",
        "action = \"release\"\npublished = 2026-11-05\neffective = 2026-12-10\nsignificance = \"material\"\nsummary = \"Two.\"\n",
    ),
    (
        "2026-11-05",
        "2026-12-20",
        "action = \"release\"\npublished = 2026-11-05\neffective = 2026-12-20\nsignificance = \"minor\"\nsummary = \"Three.\"\n",
    ),
    ("2026-11-10", "2026-12-10", "action = \"withdraw\"\ndate = 2026-11-10\nreason = \"No.\"\n"),
    (
        "2026-11-12",
        "2027-01-05",
        "action = \"release\"\npublished = 2026-11-12\neffective = 2027-01-05\nsignificance = \"material\"\nsummary = \"Four.\"\n",
    ),
    ("2026-11-13", "2027-01-05", "action = \"withdraw\"\ndate = 2026-11-13\nreason = \"Not yet.\"\n"),
];

/// The center after so many acts. Texts that came before differ by a word; the last one says again what the first said.
fn the_record_after(acts: usize) -> String {
    let mut archive = String::new();
    let mut ledger = String::from("-- content/ledger.toml --\n");
    for (index, (_, version, entry)) in ENTRIES[..acts].iter().enumerate() {
        if entry.starts_with("action = \"release\"") {
            let word = ["one", "two", "three", "four", "", "one"][index];
            archive.push_str(&format!(
                "-- content/privacy/versions/{version}/policy.md --\n+++\ntitle = \"Privacy policy\"\n+++\n\n## Data {{#data}}\n\nWe keep {word} of it.\n\n## Section {word} {{#s-{word}}}\n\nWords.\n-- content/privacy/versions/{version}/organization.toml --\nlegal_name = \"Acme Ltd\"\n"
            ));
            ledger.push_str(&format!(
                "[[entry]]\ndocument = \"privacy\"\nversion = \"{version}\"\nlanguage = \"en\"\n{entry}\n"
            ));
        } else {
            ledger.push_str(&format!("[[entry]]\ndocument = \"privacy\"\nversion = \"{version}\"\n{entry}\n"));
        }
    }
    archive + &ledger
}

#[test]
fn warm_equals_cold_after_every_act_and_on_every_day() {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    let mut cold = 0;
    let mut days: Vec<(usize, &str)> = ENTRIES.iter().enumerate().map(|(index, (day, ..))| (index + 1, *day)).collect();
    days.extend(["2026-11-14", "2026-12-05", "2026-12-20", "2026-12-21"].map(|day| (ENTRIES.len(), day)));
    for (acts, day) in days {
        write_site(root, &the_record_after(acts));
        cold += 1;
        let cold = format!("cold-{cold}");
        for out in ["public", &cold] {
            let built = fineprint(root, &["build", "--as-of", day, "--out", out]);
            assert!(built.status.success(), "{day}: {}", stderr(&built));
        }
        let (warm, cold) = (read_all(&root.join("public")), read_all(&root.join(&cold)));
        for path in warm.keys().chain(cold.keys()) {
            assert!(warm.get(path) == cold.get(path), "{path} differs after {acts} acts as of {day}");
        }
    }
}

/// On a day on which nothing is due, only files that name the day are written.
#[test]
fn the_next_day_changes_only_what_names_the_day() {
    let site = tempfile::tempdir().unwrap();
    let root = site.path();
    write_site(root, &the_record_after(ENTRIES.len()));
    let files = |day: &str| {
        let built = fineprint(root, &["build", "--as-of", day]);
        assert!(built.status.success(), "{day}: {}", stderr(&built));
        read_all(&root.join("public"))
    };
    let (before, next) = (files("2026-11-15"), files("2026-11-16"));
    for (path, bytes) in &before {
        let text = String::from_utf8_lossy(&next[path]).replace("2026-11-16", "2026-11-15");
        let text =
            text.replace("16 November 2026", "15 November 2026").replace("November 16, 2026", "November 15, 2026");
        // The page of the record says as of which day its digest is the last.
        let names_the_day = path == "schedule.json"
            || path.starts_with("api/v1/")
            || path.ends_with("record/index.html")
            || path == ".fineprint-manifest";
        assert!(
            bytes == &next[path] || (names_the_day && path.starts_with('.')) || text.as_bytes() == bytes.as_slice(),
            "{path}"
        );
        assert!(bytes == &next[path] || names_the_day, "{path} is another file on the next day");
    }
}
