//! Evidence packs: what is in them holds together by common tools, and anything that was changed shows.

use crate::harness::{fineprint, read_all, repository, stderr};
use fineprint::evidence::{PackFiles, verify, verify_files};
use fineprint::source::Digest;
use fineprint::verify::Verification;
use std::collections::{BTreeMap, BTreeSet};
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

/// The recipe of the site, which no pack brings along.
fn recipe(pack: &Path, noted: Option<&str>) -> (Option<i32>, String) {
    let script = repository().join("src/evidence/verify.sh");
    let output = Command::new("sh").arg(script).arg(pack).args(noted).output().expect("run sh");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn files_of(pack: &Path) -> PackFiles {
    read_all(pack)
}

/// What `fineprint verify` finds in the files of a pack, as it prints it.
fn found(files: &PackFiles) -> Vec<String> {
    let mut out = Verification::default();
    verify_files(files, &mut out);
    out.problems.iter().map(|problem| problem.to_string()).collect()
}

/// Whoever forges a file writes its sum anew as well.
fn with_sums(mut files: PackFiles) -> PackFiles {
    files.remove("SHA256SUMS");
    let sums: String = files.iter().map(|(path, bytes)| format!("{}  {path}\n", Digest::of(bytes).hex())).collect();
    files.insert("SHA256SUMS".to_string(), sums.into_bytes());
    files
}

#[test]
fn every_version_of_the_sample_is_packed_and_verified() {
    let mut heads = BTreeSet::new();
    for (document, version) in [
        ("privacy", "2025-02-17"),
        ("privacy", "2025-06-02"),
        ("privacy", "2026-12-02"),
        ("terms", "2026-09-21"),
        ("subprocessors", "2026-03-30"),
    ] {
        let (folder, inside) = pack(&repository(), document, version, "2026-12-05");
        let zip = folder.path().join("pack.zip").to_string_lossy().into_owned();
        let output = fineprint(folder.path(), &["verify", &zip]);
        assert_eq!(output.status.code(), Some(0), "{document} {version}: {}", stderr(&output));
        let head = stderr(&output).split("its head is ").nth(1).map(|rest| rest[..64].to_string()).expect("a head");
        let (code, said) = recipe(&inside, Some(&head));
        assert_eq!(code, Some(0), "{document} {version}: {said}");
        assert_eq!(recipe(&inside, Some(&"0a".repeat(32))).0, Some(1));
        heads.insert(head);
        let readme = std::fs::read_to_string(inside.join("README.txt")).expect("a README");
        assert!(readme.contains(&format!("Takes effect    {version} at 00:00 in Europe/Madrid")), "{readme}");
        let without = readme.find("What this pack does not show").expect("what it does not vouch for");
        assert!(without < readme.find("What it shows").expect("what it shows"));
        let html: Vec<_> = read_all(&inside).into_keys().filter(|name| name.ends_with(".html")).collect();
        assert_eq!(html.is_empty(), version == "2025-02-17", "a first version has nothing before it: {html:?}");
        for name in html {
            let page = std::fs::read_to_string(inside.join(&name)).expect("a redline");
            for needs in ["src=", "<link", "<script", "@import", "url(", "href=\"/"] {
                assert!(!page.contains(needs), "{name} needs the site: {needs}");
            }
        }
    }
    assert_eq!(heads.len(), 1, "all packs of a day have the same record");
}

/// A bit of every file, with and without sums that were written anew, and of the archive around the files.
#[test]
fn every_flipped_bit_of_a_pack_fails_with_its_place() {
    let (folder, inside) = pack(&repository(), "privacy", "2026-03-30", "2026-11-21");
    let whole = files_of(&inside);
    assert_eq!(found(&whole), Vec::<String>::new());
    for (place, (name, bytes)) in whole.iter().enumerate() {
        // The chain is followed entry by entry; a few of them stand for all.
        if name.starts_with("record/") && place % 5 != 0 {
            continue;
        }
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = whole.clone();
            changed.get_mut(name).expect("the file")[at] ^= 1 << (place % 8);
            for files in [changed.clone(), with_sums(changed)] {
                if files == whole {
                    continue;
                }
                let problems = found(&files);
                let named = |problem: &String| {
                    problem.starts_with(name.as_str())
                        || name.starts_with("record/") && (problem.starts_with("entry ") || problem.contains("record"))
                        || name == "pack.json"
                };
                assert!(problems.iter().any(named), "{name} at {at}: {problems:?}");
            }
        }
    }
    let zip = std::fs::read(folder.path().join("pack.zip")).expect("the pack");
    for at in (0..zip.len()).step_by(zip.len() / 150).chain(zip.len() - 30..zip.len()) {
        let mut changed = zip.clone();
        changed[at] ^= 1 << (at % 8);
        let mut out = Verification::default();
        verify(&changed, &mut out);
        assert!(!out.problems.is_empty(), "byte {at}");
    }
    for end in [0, 1, 100, zip.len() / 2, zip.len() - 1] {
        let mut out = Verification::default();
        verify(&zip[..end], &mut out);
        assert!(!out.problems.is_empty(), "the first {end} bytes");
    }
}

/// What a court reads first: the forger writes the sums anew, and adds or removes files.
#[test]
fn forged_parts_of_a_pack_are_reported() {
    let (_folder, inside) = pack(&repository(), "privacy", "2026-03-30", "2026-11-21");
    let whole = files_of(&inside);
    let names: Vec<&str> = whole.keys().map(String::as_str).collect();
    for name in ["README.txt", "notice/notice.en.txt", "redline/redline.en.html", "redline/redline.es.txt"] {
        assert!(names.contains(&name), "{names:?}");
        let mut forged = whole.clone();
        forged.get_mut(name).expect("the file").extend_from_slice(b"We sent everyone a registered letter.\n");
        let problems = found(&with_sums(forged));
        assert!(problems.iter().any(|problem| problem.starts_with(name)), "{problems:?}");
    }
    for name in ["consent-of-user.txt", "frozen/policy.fr.md", "record/x", "before/text.de.md", "notice/notice.de.txt"]
    {
        let mut forged = whole.clone();
        forged.insert(name.to_string(), b"I agree.\n".to_vec());
        let problems = found(&with_sums(forged.clone()));
        assert!(problems.iter().any(|problem| problem.contains(name)), "{name}: {problems:?}");
        std::fs::write(inside.join(name), b"I agree.\n").expect("write");
        assert_eq!(recipe(&inside, None).0, Some(1), "{name}");
        std::fs::remove_file(inside.join(name)).expect("remove");
    }
    for name in &names {
        let mut less = whole.clone();
        less.remove(*name);
        assert!(!found(&with_sums(less)).is_empty() || *name == "SHA256SUMS", "without {name}");
    }
    assert_eq!(recipe(&inside, None).0, Some(0));
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
    assert_eq!(inside["frozen/text.en.md"], files["privacy/v/2026-12-02/policy.md"]);
    assert_eq!(inside["frozen/text.es.md"], files["es/privacy/v/2026-12-02/policy.md"]);
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
    for (on, said) in [("2025-02-16", "the first took effect on 2025-02-17"), ("2026-12-02", "is in the future")] {
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
        ("privacy", "2026-12-02", "2026-11-15", "not published until 2026-11-16"),
        ("privacy", "2026-12-03", "2026-11-21", "it has 2025-02-17"),
        ("imprint", "2026-12-02", "2026-11-21", "the site has"),
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
