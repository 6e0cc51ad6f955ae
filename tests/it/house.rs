//! The house rules of the source: which module may know what, and words that the product never says.

use crate::harness::repository;
use std::collections::BTreeSet;
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
    (&["notify::", "httparse", "TcpListener", "TcpStream"], &["serve/"]),
    (&["ammonia"], &["markdown/"]),
    (&["sha2::"], &["digest.rs", "render/", "theme/", "view/"]),
    (&["entities::"], &["html.rs"]),
    (&["strsim"], &["diagnostic/"]),
    (&["annotate_snippets"], &["diagnostic/"]),
    (&["include_dir"], &["render/", "theme/", "command/"]),
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

/// Which rooms a room may name. A room is a folder of `src`, or a file beside them; each names only what stands before it in
/// the line of stages, and the ground.
const ROOMS: &[(&str, &[&str])] = &[
    // The ground, which names nothing.
    ("digest", &[]),
    ("error", &[]),
    ("html", &[]),
    ("memo", &["digest", "source"]),
    ("words", &[]),
    // Data that several rooms read: the words of the rules' languages, and the files of a new site.
    ("lexicon", &["words"]),
    ("starter", &[]),
    ("notice", &["words"]),
    ("record", &["notice", "words"]),
    // Findings, and the texts that they are found in.
    ("diagnostic", &["digest"]),
    ("source", &["diagnostic", "digest", "error"]),
    ("markdown", &["diagnostic", "html"]),
    ("change", &["html", "markdown"]),
    // The line of stages.
    ("center", &["diagnostic", "digest", "error", "markdown", "memo", "notice", "record", "source", "words"]),
    ("timeline", &["center", "digest", "memo", "notice", "record", "source", "words"]),
    (
        "text",
        &[
            "center",
            "diagnostic",
            "digest",
            "error",
            "lexicon",
            "markdown",
            "memo",
            "notice",
            "record",
            "source",
            "words",
        ],
    ),
    ("comparison", &["center", "change", "digest", "error", "memo", "source", "text"]),
    (
        "promise",
        &[
            "lexicon",
            "center",
            "change",
            "comparison",
            "digest",
            "error",
            "markdown",
            "notice",
            "record",
            "source",
            "text",
            "timeline",
            "words",
        ],
    ),
    ("plan", &["center", "diagnostic", "digest", "memo", "notice", "record", "source", "timeline", "words", "render"]),
    (
        "view",
        &[
            "center",
            "change",
            "comparison",
            "diagnostic",
            "digest",
            "error",
            "html",
            "markdown",
            "memo",
            "notice",
            "plan",
            "promise",
            "record",
            "source",
            "text",
            "timeline",
            "words",
            "render",
            "theme",
        ],
    ),
    ("theme", &["center", "diagnostic", "digest", "error", "html", "source", "words", "plan", "view", "render"]),
    (
        "render",
        &[
            "center",
            "change",
            "comparison",
            "diagnostic",
            "digest",
            "error",
            "html",
            "markdown",
            "memo",
            "notice",
            "plan",
            "promise",
            "record",
            "source",
            "text",
            "theme",
            "timeline",
            "view",
            "words",
        ],
    ),
    (
        "check",
        &[
            "lexicon",
            "center",
            "change",
            "comparison",
            "diagnostic",
            "digest",
            "error",
            "html",
            "markdown",
            "memo",
            "notice",
            "online",
            "plan",
            "promise",
            "record",
            "render",
            "source",
            "text",
            "theme",
            "timeline",
            "view",
            "words",
        ],
    ),
    ("online", &["digest", "error"]),
    (
        "compiler",
        &[
            "center",
            "check",
            "comparison",
            "diagnostic",
            "digest",
            "error",
            "memo",
            "plan",
            "promise",
            "render",
            "source",
            "text",
            "theme",
            "timeline",
            "view",
            "words",
        ],
    ),
    // Acts and outputs beside the line.
    ("announce", &["center", "digest", "html", "render", "source", "view", "words"]),
    (
        "evidence",
        &[
            "center", "digest", "error", "html", "plan", "record", "render", "source", "text", "theme", "timeline",
            "view", "words",
        ],
    ),
    (
        "release",
        &[
            "center",
            "diagnostic",
            "digest",
            "error",
            "notice",
            "record",
            "render",
            "source",
            "text",
            "timeline",
            "view",
            "words",
        ],
    ),
    (
        "import",
        &[
            "center",
            "check",
            "starter",
            "diagnostic",
            "digest",
            "error",
            "html",
            "markdown",
            "notice",
            "record",
            "release",
            "source",
            "text",
            "words",
        ],
    ),
    ("publish", &["digest", "error", "source"]),
    (
        "serve",
        &[
            "center",
            "change",
            "check",
            "comparison",
            "compiler",
            "diagnostic",
            "digest",
            "error",
            "html",
            "markdown",
            "memo",
            "notice",
            "plan",
            "promise",
            "record",
            "render",
            "source",
            "text",
            "theme",
            "timeline",
            "view",
            "words",
        ],
    ),
    ("cli", &["center", "notice", "record"]),
];

/// Rooms that name any other: they order the steps.
const ABOVE: &[&str] = &["command", "lib", "main"];

/// Lines of a file without its tests.
const LONGEST: usize = 500;
/// Tables, which are read by the entry, and files that are to be cut.
const LONGER: &[&str] = &[
    "import/convert.rs",
    "import/docx/read.rs",
    "import/mod.rs",
    "import/recognize.rs",
    "import/registers.rs",
    "diagnostic/rules.rs",
    "center/register.rs",
    "change/compose.rs",
    "plan/mod.rs",
    "plan/views.rs",
    "promise/signals.rs",
    "render/engine.rs",
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

#[test]
fn rooms_name_only_rooms_below_them() {
    let rooms: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).chain(ABOVE.iter().copied()).collect();
    let mut problems = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| !name.ends_with("tests.rs")) {
        let room = name.split(['/', '.']).next().unwrap_or(name);
        if ABOVE.contains(&room) {
            continue;
        }
        let Some((_, below)) = ROOMS.iter().find(|(other, _)| *other == room) else {
            problems.push(format!("src/{name} is in a room that the table does not have"));
            continue;
        };
        for named in named_rooms(&code(text)).into_iter().filter(|named| rooms.contains(&named.as_str())) {
            if named != room && !below.contains(&named.as_str()) {
                problems.push(format!("src/{name} names `{named}`, which `{room}` must not know"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What stands after `crate::`, also in braces.
fn named_rooms(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => drop(named.insert(first_name(rest))),
            Some(list) => {
                let mut depth = 0usize;
                for part in list.split_inclusive([',', '{', '}']) {
                    if depth == 0 {
                        named.insert(first_name(part.trim_start()));
                    }
                    depth += usize::from(part.ends_with('{'));
                    if part.ends_with('}') && depth == 0 {
                        break;
                    }
                    depth -= usize::from(part.ends_with('}'));
                }
            }
        }
    }
    named
}

fn first_name(path: &str) -> String {
    path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_string()
}

#[test]
fn files_are_of_one_thought() {
    for (name, text) in sources().iter().filter(|(name, _)| !name.ends_with("tests.rs")) {
        let lines = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text).lines().count();
        assert!(lines <= LONGEST || LONGER.contains(&name.as_str()), "src/{name} has {lines} lines");
    }
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
