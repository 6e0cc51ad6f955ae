//! A whole center in one string: `-- content/privacy/policy.md --` begins a file.
//!
//! A ledger is written short, and what is missing is added here, together with the resolved texts of its versions, unless the
//! string holds `-- no seal --`.

use crate::seal::seal;
use fineprint::center::ledger;
use fineprint::check::Depth;
use fineprint::compiler::{Compiler, Purpose};
use fineprint::diagnostic::Diagnostic;
use fineprint::source::SourceTree;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub type Files = BTreeMap<String, Vec<u8>>;

/// Files that a case need not repeat: it may name its own.
const USUAL: &[(&str, &str)] = &[
    (
        "fineprint.toml",
        "base_url = \"https://privacy.acme.example\"\ntitle = \"Acme privacy center\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"en\"]\n",
    ),
    ("content/organization.toml", "legal_name = \"Acme Ltd\"\n\n[contacts]\nprivacy = \"privacy@acme.example\"\n"),
];

/// Path and text of each file; `\r` and BOM can be written as `\x0d` and `\xfeff`.
pub fn files(archive: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        USUAL.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    let mut current: Option<String> = None;
    for line in archive.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (name, &current) {
            (Some(name), _) => {
                let name = name.trim();
                if let Some(gone) = name.strip_prefix("no ") {
                    files.remove(gone);
                    current = None;
                } else {
                    files.insert(name.to_string(), String::new());
                    current = Some(name.to_string());
                }
            }
            (None, Some(path)) => {
                let line = line.replace("\\x0d", "\r").replace("\\xfeff", "\u{feff}");
                files.entry(path.clone()).or_default().push_str(&line);
            }
            (None, None) => {}
        }
    }
    let bare =
        files.get(ledger::PATH).is_some_and(|ledger| ledger.contains("[[entry]]") && !ledger.contains("digest = "));
    if bare && !archive.contains("-- no seal --") {
        let sealed =
            seal(SourceTree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))), true);
        files.extend(sealed);
    }
    files
}

pub fn tree(archive: &str) -> SourceTree {
    let files = files(archive);
    SourceTree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// Builds a center in memory.
pub fn build(archive: &str, date: Date, drafts: bool) -> (Option<Files>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let files = Compiler::default().artifacts(tree(archive), date, drafts, &mut findings).expect("the machine works");
    (files, findings)
}

/// Everything that `fineprint check` finds.
pub fn review(archive: &str, date: Date) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let compiler = Compiler::default();
    let site = compiler.compile(tree(archive), |_| date, Depth::Drafts, &mut findings);
    compiler.review(&site, &mut findings).expect("the machine works");
    let unused = fineprint::check::suppressions::unused(
        &site.center.settings.active_suppressions,
        &findings,
        &Default::default(),
    );
    findings.extend(unused);
    findings
}

/// The findings as a session has them: of drafts, and of their links as if drafts were published.
pub fn found(tree: SourceTree, date: Date, compiler: &Compiler) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let site = compiler.compile(tree, |_| date, Depth::Drafts, &mut findings);
    compiler.check_paths(&site, &mut findings);
    Diagnostic::sort(&mut findings);
    findings
}

/// What `embed --check` finds on the archive's `product.html`, in which `{{integrity}}` stands for the script's hash.
pub fn check_product(archive: &str, date: Date) -> Vec<Diagnostic> {
    let Some(page) = files(archive).remove("product.html") else { return Vec::new() };
    let page = page.replace("{{integrity}}", &fineprint::view::embeds::integrity());
    let compiler = Compiler::default();
    let site = compiler.compile(tree(archive), |_| date, Depth::Drafts, &mut Vec::new());
    let mut findings = Vec::new();
    let checked = compiler.render(&site, Purpose::Version, &mut Vec::new(), |renderer| {
        fineprint::check::embeds::check(renderer.plan, &"product.html".into(), &page, &mut findings);
        Ok(())
    });
    checked.expect("the machine works").expect("nothing stops the site");
    findings
}

pub fn write_site(root: &Path, archive: &str) {
    for (path, text) in files(archive) {
        let full = root.join(path);
        std::fs::create_dir_all(full.parent().expect("a file has a folder")).expect("create a folder");
        std::fs::write(full, text).expect("write a file");
    }
}

/// The program itself, in a folder.
pub fn fineprint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fineprint"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("run the program")
}

/// The program itself, with a clock that says another time, such as `2026-01-05 10:00` (UTC). It is moved from outside, by
/// Debian's `faketime`: the program has no switch for it.
pub fn fineprint_at(folder: &Path, clock: &str, arguments: &[&str]) -> Output {
    Command::new("faketime")
        .current_dir(folder)
        .args(["-f", &format!("{clock}:00")])
        .arg(env!("CARGO_BIN_EXE_fineprint"))
        .args(arguments)
        .env("TZ", "UTC")
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("run the program under faketime (Debian package `faketime`)")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file below a folder with its bytes, by path.
pub fn read_all(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("read a folder") {
            let path = entry.expect("read an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).expect("read a file"));
            }
        }
    }
    files
}

pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}
