//! Evidence packs: what is in them holds together by common tools, and anything that was changed shows.

use crate::harness::{fineprint, read_all, repository, stderr};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

fn pack(site: &Path, document: &str, version: &str, day: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("pack.zip");
    let path = out.to_string_lossy().into_owned();
    let output = fineprint(site, &["evidence", document, version, "--as-of", day, "--out", &path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&out).expect("the pack")).expect("an archive");
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("a file of the archive");
        let to = folder.path().join(file.enclosed_name().expect("a name inside"));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("create a folder");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("read");
        std::fs::write(to, bytes).expect("write");
    }
    let inside = folder.path().join(format!("{document}-{version}"));
    (folder, inside)
}

/// The recipe of the pack, as its README says.
fn verify(pack: &Path) -> (Option<i32>, String) {
    let output = Command::new("sh").arg("verify.sh").current_dir(pack).output().expect("run sh");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_recipe_accepts_every_version_of_the_sample() {
    for (document, version) in [
        ("privacy", "2025-02-17"),
        ("privacy", "2025-06-02"),
        ("privacy", "2026-12-02"),
        ("terms", "2026-09-21"),
        ("subprocessors", "2026-03-30"),
    ] {
        let (_folder, inside) = pack(&repository(), document, version, "2026-12-05");
        let (code, said) = verify(&inside);
        assert_eq!(code, Some(0), "{document} {version}: {said}");
        let readme = std::fs::read_to_string(inside.join("README.txt")).expect("a README");
        assert!(readme.contains(&format!("Takes effect    {version} at 00:00 in Europe/Madrid")), "{readme}");
        let html: Vec<_> = read_all(&inside).into_keys().filter(|name| name.ends_with(".html")).collect();
        assert_eq!(html.is_empty(), version == "2025-02-17", "a first version has nothing before it: {html:?}");
        for name in html {
            let page = std::fs::read_to_string(inside.join(&name)).expect("a redline");
            for needs in ["src=", "<link", "<script", "@import", "url(", "href=\"/"] {
                assert!(!page.contains(needs), "{name} needs the site: {needs}");
            }
            for at in page.match_indices("href=\"#").map(|(at, found)| at + found.len()) {
                let id = page[at..].split('"').next().unwrap_or("");
                assert!(page.contains(&format!("id=\"{id}\"")), "{name}: nothing has the id {id}");
            }
        }
    }
}

#[test]
fn whatever_is_changed_in_a_pack_shows() {
    let (_folder, inside) = pack(&repository(), "privacy", "2026-03-30", "2026-11-21");
    let whole = read_all(&inside);
    assert_eq!(verify(&inside).0, Some(0));
    for name in whole.keys().filter(|name| !matches!(name.as_str(), "verify.sh" | "SHA256SUMS")) {
        let mut bytes = whole[name].clone();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        std::fs::write(inside.join(name), &bytes).expect("write");
        // Whoever changes a file can write its sum anew; the chain still tells for what was released.
        assert_eq!(verify(&inside).0, Some(1), "{name}");
        if name.starts_with("frozen/") || name.starts_with("text/") || name == "ledger.toml" {
            let mut all = read_all(&inside);
            all.remove("SHA256SUMS");
            let sums: String = all
                .iter()
                .map(|(name, bytes)| format!("{}  {name}\n", fineprint::source::Digest::of(bytes).hex()))
                .collect();
            std::fs::write(inside.join("SHA256SUMS"), sums).expect("write");
            assert_eq!(verify(&inside).0, Some(1), "{name}, with sums written anew");
            std::fs::write(inside.join("SHA256SUMS"), &whole["SHA256SUMS"]).expect("write");
        }
        std::fs::write(inside.join(name), &whole[name]).expect("write");
    }
    assert_eq!(verify(&inside).0, Some(0));
    std::fs::remove_file(inside.join("text/policy.es.md")).expect("remove");
    assert_eq!(verify(&inside).0, Some(1));
}

#[test]
fn the_same_day_gives_the_same_bytes_and_the_pack_is_what_the_site_publishes() {
    let (first, inside) = pack(&repository(), "privacy", "2026-12-02", "2026-11-21");
    let (second, _) = pack(&repository(), "privacy", "2026-12-02", "2026-11-21");
    let bytes = |folder: &tempfile::TempDir| std::fs::read(folder.path().join("pack.zip")).expect("the pack");
    assert!(bytes(&first) == bytes(&second));
    let day = jiff::civil::date(2026, 11, 21);
    let tree = fineprint::source::SourceTree::scan(&repository(), &mut Vec::new()).expect("read the site");
    let files = fineprint::compiler::Compiler::default()
        .artifacts(tree, day, false, &mut Vec::new())
        .expect("build")
        .expect("the site builds");
    let inside: BTreeMap<_, _> = read_all(&inside);
    assert_eq!(inside["text/policy.en.md"], files["privacy/v/2026-12-02/policy.md"]);
    assert_eq!(inside["text/policy.es.md"], files["es/privacy/v/2026-12-02/policy.md"]);
}

#[test]
fn a_day_names_the_version_that_was_in_force_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let ask = |on: &str, day: &str| {
        let out = folder.path().join(format!("{on}.zip")).to_string_lossy().into_owned();
        fineprint(&repository(), &["evidence", "privacy", "--on", on, "--as-of", day, "--out", &out])
    };
    for (on, version) in [("2025-06-01", "2025-02-17"), ("2025-06-02", "2025-06-02"), ("2026-12-01", "2026-03-30")] {
        let output = ask(on, "2026-12-01");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let zip = std::fs::File::open(folder.path().join(format!("{on}.zip"))).expect("the pack");
        let zip = zip::ZipArchive::new(zip).expect("an archive");
        assert!(
            zip.file_names().all(|name| name.is_ok_and(|name| name.starts_with(&format!("privacy-{version}/")))),
            "{on}"
        );
    }
    for (on, said) in [("2025-02-16", "the first took effect on 2025-02-17"), ("2026-12-02", "has not come")] {
        let output = ask(on, "2026-12-01");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn what_is_not_public_or_not_there_is_not_packed() {
    let site = repository();
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("x.zip").to_string_lossy().into_owned();
    for (document, version, day, said) in [
        ("privacy", "2026-12-02", "2026-11-15", "not published before 2026-11-16"),
        ("privacy", "2026-12-03", "2026-11-21", "it has 2025-02-17"),
        ("imprint", "2026-12-02", "2026-11-21", "known are"),
    ] {
        let output = fineprint(&site, &["evidence", document, version, "--as-of", day, "--out", &out]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    assert!(read_all(folder.path()).is_empty());
    // Another pack is there under the name: it is somebody's.
    std::fs::write(&out, "mine").expect("write");
    let output = fineprint(&site, &["evidence", "privacy", "2026-12-02", "--as-of", "2026-11-21", "--out", &out]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(std::fs::read(&out).expect("read"), b"mine");
}
