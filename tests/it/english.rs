//! The style of English: words that no user reads, and openings that no doc comment has.
//!
//! A machine cannot tell good prose from bad. These lists hold habits that were dropped once and must not come back.

use crate::harness::repository;
use regex::Regex;
use std::path::{Path, PathBuf};

/// Words and turns that are banned where users read, each with what to write instead.
const BANNED: &[(&str, &str)] = &[
    (r"\bmend(?:ed|s|ing)?\b", "fix"),
    (r"\banew\b", "again"),
    (r"\bfor ever\b", "permanently"),
    (r"\bwhoever\b", "name the person"),
    (r"\bsomebody\b", "name the person"),
    (r"\binfos\b", "notes"),
    (r"\b(?:is|are) to be\b", "must be, or an imperative"),
    (r"(?:^|[^{])\bowe[sd]?\b", "promised, or must"),
    (r"\bdearer\b", "more expensive"),
    (r"\bbelongs? into\b", "belongs in"),
    (r"\bleads? (?:nowhere|to no)\b", "points to, or does not exist"),
    (r"\bstands? (?:there|in|under|below|above|nowhere)\b", "is, or appears"),
    (r"\bby (?:itself|themselves)\b", "automatically"),
    (r"[^e] is no (?:fact|page|address|value|key|date|plural|placeholder|proof|language|folder|section)\b", "is not a"),
    (r"\bwaive(?:d|s|r|rs)?\b", "suppress"),
    (r"\be-mails?\b", "email"),
    (r"\blog-in\b", "sign in"),
    (r"\bcolours?\b", "color"),
    (r"\b(?:re)?organis(?:e|ed|ation)s?\b", "organization"),
    (r"\bcentres?\b", "center"),
    (r"\bbehaviours?\b", "behavior"),
    (r"\benquir(?:y|ies)\b", "inquiry"),
    (r"\bfavourable\b", "favorable"),
    (r"\bsimply\b", "nothing"),
    (r"\(s\)", "write both numbers of the noun"),
];

/// Where a banned word is right: in these files, the text around it.
const RIGHT: &[(&str, &str)] = &[
    // Fixed by the format of ledgers.
    ("src/center/ledger.rs", "favourable"),
    ("src/center/ledger.rs", "waived"),
    ("src/command/release.rs", "waived"),
    ("src/words/data/labels/en.toml", "favourable"),
    ("src/words/data/labels/en.toml", "waived"),
    ("release", "favourable"),
    ("release", "waived"),
];

/// Rooms whose strings and comments were edited by this style. The rest follows.
const EDITED: &[&str] = &[
    "announce",
    "center",
    "change",
    "check",
    "cli.rs",
    "command",
    "comparison.rs",
    "compiler.rs",
    "diagnostic",
    "error.rs",
    "evidence",
    "html.rs",
    "import",
    "lexicon.rs",
    "lib.rs",
    "main.rs",
    "markdown",
    "memo.rs",
    "online",
    "plan",
    "promise",
    "publish",
    "render",
    "serve",
    "source",
    "starter.rs",
    "text",
    "theme",
    "timeline",
    "view",
    "words",
];

/// Pages of the docs, and texts of the theme, that were edited by this style.
const PAGES: &[&str] = &[
    "README.md",
    "docs/announce.md",
    "docs/check.md",
    "docs/embeds.md",
    "docs/output.md",
    "docs/prose.md",
    "docs/serve.md",
    "docs/writing.md",
    "themes/default/strings/en.toml",
    "src/words/data/labels/en.toml",
];

/// Openings of doc comments that make no sense alone in an index.
const OPENINGS: &[&str] = &["What ", "Whether ", "Of ", "So long ", "So many ", "The same", "From so many "];

fn banned() -> Vec<(Regex, &'static str)> {
    BANNED.iter().map(|(word, instead)| (Regex::new(&format!("(?i){word}")).expect("a pattern"), *instead)).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(path) = rest.pop() {
        if path.is_dir() {
            rest.extend(std::fs::read_dir(path).expect("a directory").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|found| found == extension) {
            let name = path.strip_prefix(repository()).expect("a file of the repository");
            out.push((name.to_string_lossy().into_owned(), std::fs::read_to_string(&path).expect("a text")));
        }
    }
    out.sort();
    out
}

/// Files of the edited rooms, without their tests.
fn sources() -> Vec<(String, String)> {
    let edited = |name: &str| EDITED.iter().any(|room| name[4..].split('/').next() == Some(room));
    let files = files(&repository().join("src"), "rs").into_iter();
    let files = files.filter(|(name, _)| edited(name) && !name.ends_with("tests.rs"));
    files.map(|(name, text)| (name, text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().into())).collect()
}

/// String literals with their lines. Good enough for this source: no literal holds an unescaped quote.
fn literals(text: &str) -> Vec<(usize, String)> {
    let literal = Regex::new(r#""((?:[^"\\]|\\.)*)""#).expect("a pattern");
    let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.flat_map(|(index, line)| {
        literal.captures_iter(line).map(move |found| (index + 1, found[1].to_string())).collect::<Vec<_>>()
    })
    .collect()
}

fn faults(name: &str, line: usize, words: &str, banned: &[(Regex, &'static str)]) -> Vec<String> {
    let right = |found: &str| RIGHT.iter().any(|(file, words)| *file == name && found.eq_ignore_ascii_case(words));
    let found = banned.iter().filter_map(|(word, instead)| Some((word.find(words)?.as_str(), instead)));
    found
        .filter(|(found, _)| !right(found))
        .map(|(found, instead)| format!("{name}:{line}: “{found}” ({instead}): {words}"))
        .collect()
}

#[test]
fn no_string_of_the_program_has_a_banned_word() {
    let banned = banned();
    let mut problems = Vec::new();
    for (name, text) in sources() {
        for (line, words) in literals(&text).iter().filter(|(_, words)| words.contains(' ')) {
            problems.extend(faults(&name, *line, words, &banned));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_page_of_the_theme_and_of_the_docs_has_a_banned_word() {
    let banned = banned();
    let mut problems = Vec::new();
    for name in PAGES {
        let text = std::fs::read_to_string(repository().join(name)).expect("a text");
        for (index, line) in text.lines().enumerate() {
            problems.extend(faults(name, index + 1, line, &banned));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_help_text_has_a_banned_word() {
    use clap::CommandFactory;
    let banned = banned();
    let mut command = fineprint::cli::Cli::command();
    let mut problems = Vec::new();
    for command in command.get_subcommands_mut() {
        let help = command.render_long_help().to_string();
        for (index, line) in help.lines().enumerate() {
            problems.extend(faults(command.get_name(), index + 1, line, &banned));
        }
        for argument in command.get_arguments() {
            let help = argument.get_help().map(|help| help.to_string()).unwrap_or_default();
            if help.is_empty() || help.starts_with("The same") || help.ends_with('.') {
                problems.push(format!("{} {}: “{help}”", command.get_name(), argument.get_id()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_doc_comment_opens_with_a_sentence_of_its_own() {
    let mut problems = Vec::new();
    for (name, text) in sources() {
        let mut before = "";
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let opens = |mark: &str| {
                let words = line.strip_prefix(mark).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
                !before.starts_with(mark) && OPENINGS.iter().any(|opening| words.starts_with(opening))
            };
            if opens("///") || opens("//!") {
                problems.push(format!("{name}:{}: {line}", index + 1));
            }
            before = line;
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The lists find what they are for, and leave ordinary words alone.
#[test]
fn the_lists_find_what_they_are_for() {
    let banned = banned();
    for wrong in ["Mend what is named below", "`x` is no fact", "two infos", "the organisation", "1 change(s)"] {
        assert!(!faults("a", 1, wrong, &banned).is_empty(), "{wrong}");
    }
    for right in ["This is not a fact", "It is no longer listed", "an amendment", "followed by", "1 change"] {
        assert!(faults("a", 1, right, &banned).is_empty(), "{right}");
    }
}
