//! The output folder: nobody else's file is touched, a failing or killed build leaves every file whole.

use crate::harness::{Files, fineprint, read_all, repository, stderr};
use fineprint::error::Result;
use fineprint::publish::{Job, Maker, OutputFiles, Report};
use fineprint::source::Digest;
use std::path::Path;

fn job(output: &str) -> Job {
    Job { phase: 0, outputs: vec![output.to_string()] }
}

/// Makes one file a job from the text that is its view.
struct Texts<'t, F>(&'t [(&'t str, &'t str)], F);

impl<F: Fn(usize, &str) -> Result<Option<OutputFiles>> + Sync> Maker for Texts<'_, F> {
    type View = ();

    fn view(&self, job: usize) -> Result<(Digest, ())> {
        Ok((Digest::of(format!("{:?}", self.0[job]).as_bytes()), ()))
    }

    fn make(&self, job: usize, _: ()) -> Result<Option<OutputFiles>> {
        self.1(job, self.0[job].1)
    }

    fn inputs(&self) -> Option<Digest> {
        Some(inputs(self.0))
    }
}

fn inputs(files: &[(&str, &str)]) -> Digest {
    Digest::of(format!("{files:?}").as_bytes())
}

fn publish(
    out: &Path,
    files: &[(&str, &str)],
    make: impl Fn(usize, &str) -> Result<Option<OutputFiles>> + Sync,
) -> Result<Option<Report>> {
    let jobs: Vec<Job> = files.iter().map(|(path, _)| job(path)).collect();
    let side_by_side = (0..jobs.len()).map(|job| job..job + 1).collect();
    fineprint::publish::publish(out, "2026-11-21", &jobs, &[side_by_side], &Texts(files, make))
}

/// Publishes files of one job each.
fn put(out: &Path, files: &[(&str, &str)]) -> Result<Report> {
    let made = publish(out, files, |job, text| Ok(Some(vec![(files[job].0.to_string(), text.as_bytes().to_vec())])));
    made.map(|report| report.expect("nothing stops it"))
}

fn without_manifest(out: &Path) -> Files {
    let mut files = read_all(out);
    files.remove(".fineprint-manifest");
    files
}

#[test]
fn only_what_differs_is_written_and_only_ours_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    assert_eq!(put(&out, &[("a.html", "1"), ("b/index.html", "2")]).unwrap().written, 2);
    assert_eq!(put(&out, &[("a.html", "1"), ("b/index.html", "2")]).unwrap().written, 0);
    std::fs::write(out.join("theirs.txt"), "x").unwrap();
    std::fs::write(out.join("b/theirs.txt"), "x").unwrap();
    let report = put(&out, &[("a.html", "3")]).unwrap();
    assert_eq!((report.written, report.removed), (1, 1));
    let left = without_manifest(&out);
    assert_eq!(left.keys().collect::<Vec<_>>(), ["a.html", "b/theirs.txt", "theirs.txt"]);
    assert_eq!(left["a.html"], b"3");
}

#[test]
fn a_folder_that_was_made_from_the_same_and_left_alone_is_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let files = [("a.html", "1"), ("b/data.json", "2")];
    let up_to_date = || fineprint::publish::up_to_date(&out, inputs(&files)).unwrap();
    assert!(up_to_date().is_none(), "there is nothing yet");
    put(&out, &files).unwrap();
    let before = read_all(&out);
    let report = up_to_date().expect("nothing has changed");
    assert_eq!((report.files, report.pages, report.written, report.removed), (2, 1, 0, 0));
    assert_eq!(read_all(&out), before);
    assert!(fineprint::publish::up_to_date(&out, inputs(&files[..1])).unwrap().is_none(), "made from something else");
    // Written again with the same bytes, a file is as it was; with other bytes or gone, it is made again.
    std::fs::write(out.join("a.html"), "1").unwrap();
    assert!(up_to_date().is_some());
    std::fs::write(out.join("a.html"), "0").unwrap();
    assert!(up_to_date().is_none());
    put(&out, &files).unwrap();
    std::fs::remove_file(out.join("b/data.json")).unwrap();
    assert!(up_to_date().is_none());
    put(&out, &files).unwrap();
    std::fs::create_dir(out.join(".fineprint-staging")).unwrap();
    assert!(up_to_date().is_none(), "a killed build has left something");
}

#[test]
fn a_file_of_ours_that_somebody_changed_is_mended_while_it_is_part_of_the_site_and_left_alone_after() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    put(&out, &[("a.html", "1"), ("b.html", "2")]).unwrap();
    std::fs::write(out.join("a.html"), "tampered").unwrap();
    std::fs::remove_file(out.join("b.html")).unwrap();
    put(&out, &[("a.html", "1"), ("b.html", "2")]).unwrap();
    assert_eq!(std::fs::read(out.join("a.html")).unwrap(), b"1");
    assert_eq!(std::fs::read(out.join("b.html")).unwrap(), b"2");
    std::fs::write(out.join("b.html"), "mine now").unwrap();
    let report = put(&out, &[("a.html", "1")]).unwrap();
    assert_eq!(report.left, ["b.html"]);
    assert_eq!(std::fs::read(out.join("b.html")).unwrap(), b"mine now");
}

#[test]
fn a_foreign_folder_and_a_foreign_file_in_the_way_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("theirs");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("thesis.txt"), "years of work").unwrap();
    let error = put(&out, &[("a.html", "1")]).unwrap_err().to_string();
    assert!(error.contains("thesis.txt"), "{error}");
    assert_eq!(read_all(&out).len(), 1);
    let out = folder.path().join("ours");
    put(&out, &[("a.html", "1")]).unwrap();
    std::fs::write(out.join("b.html"), "not yours").unwrap();
    let error = put(&out, &[("a.html", "1"), ("b.html", "2")]).unwrap_err().to_string();
    assert!(error.contains("b.html"), "{error}");
    assert_eq!(std::fs::read(out.join("b.html")).unwrap(), b"not yours");
}

#[test]
fn a_permalink_about_to_vanish_stops_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    put(&out, &[("privacy/v/2026-01-01/index.html", "1"), ("index.html", "1")]).unwrap();
    let before = read_all(&out);
    let error = put(&out, &[("index.html", "2")]).unwrap_err().to_string();
    assert!(error.contains("privacy/v/2026-01-01/"), "{error}");
    assert!(read_all(&out) == before);
}

#[test]
fn a_job_that_fails_leaves_the_old_site_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    put(&out, &[("a.html", "1"), ("b.html", "1")]).unwrap();
    let before = read_all(&out);
    let files = [("a.html", "2"), ("b.html", "2")];
    let stopped =
        publish(&out, &files, |index, _| Ok((index == 0).then(|| vec![("a.html".to_string(), b"2".to_vec())])));
    assert!(stopped.unwrap().is_none());
    assert!(read_all(&out) == before);
    let failed = publish(&out, &files, |index, _| match index {
        0 => Ok(Some(vec![("a.html".to_string(), b"2".to_vec())])),
        _ => Err(fineprint::error::Error::refused("the machine fails")),
    });
    assert!(failed.is_err());
    assert!(read_all(&out) == before);
}

/// Stops as a kill would, after each number of files that were moved into place: the next build completes it.
#[test]
fn killed_while_files_are_moved_every_file_is_whole_and_the_next_build_completes_it() {
    let old: Vec<(String, String)> = (0..6).map(|i| (format!("p{i}/index.html"), format!("old {i}"))).collect();
    let new: Vec<(String, String)> = (2..9).map(|i| (format!("p{i}/index.html"), format!("new {i}"))).collect();
    let refs = |files: &[(String, String)]| files.iter().map(|(a, b)| (a.clone(), b.clone())).collect::<Vec<_>>();
    for moved in 0..=7usize {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("public");
        let as_slice = refs(&old);
        put(&out, &as_slice.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>()).unwrap();
        std::fs::write(out.join("theirs.txt"), "x").unwrap();
        // What a kill leaves: the manifest of both, some files moved, the rest still waiting.
        let manifest = std::fs::read_to_string(out.join(".fineprint-manifest")).unwrap();
        let mut both: String =
            manifest.lines().filter(|line| !line.starts_with("# from")).map(|line| format!("{line}\n")).collect();
        for (path, text) in &new {
            both.push_str(&format!("{}  {path}\n", Digest::of(text.as_bytes()).hex()));
        }
        std::fs::write(out.join(".fineprint-manifest"), both).unwrap();
        std::fs::create_dir_all(out.join(".fineprint-staging")).unwrap();
        for (index, (path, text)) in new.iter().enumerate() {
            let to = if index < moved { out.join(path) } else { out.join(format!(".fineprint-staging/{index}")) };
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, text).unwrap();
        }
        let as_slice = refs(&new);
        put(&out, &as_slice.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>()).unwrap();
        let mut files = without_manifest(&out);
        assert_eq!(files.remove("theirs.txt").unwrap(), b"x");
        let expected: Files = new.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
        assert!(files == expected, "after {moved} files: {:?}", files.keys());
    }
}

/// A real kill, at moments spread over a real build.
#[cfg(unix)]
#[test]
fn a_killed_build_is_completed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    let site = repository();
    let arguments = |out: &Path| {
        vec![
            "--site".to_string(),
            site.display().to_string(),
            "build".into(),
            "--as-of".into(),
            "2026-11-21".into(),
            "--out".into(),
            out.display().to_string(),
        ]
    };
    let whole = folder.path().join("whole");
    let built = fineprint(folder.path(), &arguments(&whole).iter().map(String::as_str).collect::<Vec<_>>());
    assert!(built.status.success(), "{}", stderr(&built));
    let expected = read_all(&whole);
    for round in 0..6u64 {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_fineprint"))
            .args(arguments(&out))
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // The moment does not matter for the result, only that it is another each time.
        let start = std::time::Instant::now();
        while start.elapsed() < std::time::Duration::from_millis(round * 17) {
            std::hint::spin_loop();
        }
        let _ = child.kill();
        child.wait().unwrap();
        if !out.exists() {
            continue;
        }
        for (path, bytes) in read_all(&out).iter().filter(|(path, _)| !path.starts_with(".fineprint")) {
            assert!(expected.get(path) == Some(bytes), "{path} is not whole");
        }
        let _ = std::fs::create_dir_all(&out);
    }
    let built = fineprint(folder.path(), &arguments(&out).iter().map(String::as_str).collect::<Vec<_>>());
    assert!(built.status.success(), "{}", stderr(&built));
    assert!(read_all(&out) == expected);
}

#[test]
fn the_output_folder_is_never_part_of_the_site() {
    let site = tempfile::tempdir().unwrap();
    crate::harness::write_site(site.path(), "");
    for out in [".", "..", "content", "static/public", "content/../content/x", "themes"] {
        let built = fineprint(site.path(), &["build", "--out", out]);
        assert_eq!(built.status.code(), Some(2), "{out}: {}", stderr(&built));
    }
}
