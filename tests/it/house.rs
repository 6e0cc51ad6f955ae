//! The house rules of the source: which module may know what, and words that the product never says.

use crate::harness::repository;
use std::path::{Path, PathBuf};

/// What may be named only in some places, below `src`.
const DOORS: &[(&[&str], &[&str])] = &[
    (
        &["std::fs", "fs::read", "fs::write", "File::open", "File::create"],
        &["source/", "publish/", "release/", "import/", "command/init.rs", "online/cache.rs"],
    ),
    (&["Timestamp::now", "SystemTime::now", "Zoned::now", "env::var"], &["command/", "publish/"]),
    (&["ureq::", "ToSocketAddrs", "UdpSocket"], &["online/"]),
    (&["online::"], &["online/", "command/check.rs", "check/links.rs"]),
    (&["notify::", "tiny_http", "TcpListener", "TcpStream"], &["serve/"]),
    (&["comrak::"], &["markdown/"]),
    (&["tera::", "Tera::"], &["theme/"]),
    (&["imara_diff"], &["change/"]),
    (
        &["toml::"],
        &[
            "center/",
            "release/",
            "import/",
            "words/",
            "theme/strings.rs",
            "check/coverage/table.rs",
            "lexicon.rs",
            "check/prose/lexicon.rs",
            "check/prose/outdated.rs",
        ],
    ),
    (&["icu_"], &["words/"]),
    (&["mail_builder"], &["announce/mail.rs"]),
    (&["zip::"], &["evidence/mod.rs", "import/docx/read.rs"]),
    (&["html5ever"], &["import/html/tree.rs"]),
    (&["encoding_rs"], &["import/bytes.rs"]),
    (&["saphyr", "csv::"], &["import/datatable.rs"]),
    (&["base64::"], &["view/embeds.rs"]),
    (&["html5gum"], &["markdown/raw.rs", "check/product.rs"]),
    (&["println!", "eprintln!", "print!(", "eprint!("], &["command/", "diagnostic/"]),
    (&["serve::", "is_serving"], &["serve/", "command/", "lib.rs"]),
];

fn sources() -> Vec<(String, String)> {
    let root = repository().join("src");
    let mut out = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(out.len() > 30);
    out
}

/// Code without tests and comments.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_library_and_each_power_has_one_door() {
    let mut problems = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| !name.ends_with("tests.rs")) {
        let code = code(text);
        for (words, places) in DOORS {
            if places.iter().any(|place| name.starts_with(place)) {
                continue;
            }
            for word in words.iter().filter(|word| names(&code, word)) {
                problems.push(format!("src/{name} names `{word}`, which belongs to {places:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// True if the word stands there as a path of its own, not as the end of another.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '.'))
}

#[test]
fn every_module_says_what_it_is_for() {
    for (name, text) in sources() {
        assert!(text.starts_with("//!"), "src/{name} does not open with what it is for");
    }
}

#[test]
fn nothing_says_that_anything_is_compliant() {
    let word = concat!("compl", "iant");
    let mut files: Vec<PathBuf> = vec![repository().join("README.md"), repository().join("CHANGELOG.md")];
    for folder in ["src", "content", "themes", "docs"] {
        collect(&repository().join(folder), &mut files);
    }
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        assert!(!text.to_lowercase().contains(word), "{}", path.display());
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
