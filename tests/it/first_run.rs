//! The program as somebody meets it who has never seen it: from any directory, into any pipe, in a workflow.

use crate::harness::{fineprint, read_all, repository, stderr, write_site};
use std::path::Path;
use std::process::{Command, Stdio};

const POLICY: &str = "-- content/privacy/policy.md --\n+++\ntitle = \"Privacy policy\"\n+++\n\n## Data {#data}\n\nWe keep your address.\n";

#[test]
fn commands_find_the_site_from_any_directory_below_it() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), POLICY);
    let below = site.path().join("content/privacy");
    let status = fineprint(&below, &["status"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains("privacy"), "{}", stderr(&status));
    let built = fineprint(&below, &["build", "--drafts"]);
    assert!(built.status.success(), "{}", stderr(&built));
    assert!(site.path().join("public/index.html").exists());
    assert_eq!(std::fs::read_dir(&below).unwrap().count(), 1, "nothing is written where the command ran");
    let nowhere = tempfile::tempdir().unwrap();
    let checked = fineprint(nowhere.path(), &["check"]);
    assert!(stderr(&checked).contains("fineprint init"), "{}", stderr(&checked));
}

#[test]
fn a_closed_pipe_ends_every_command_quietly() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), POLICY);
    for arguments in [
        &["completions", "bash"][..],
        &["man"],
        &["explain"],
        &["status"],
        &["status", "--json"],
        &["schema", "settings"],
        &["check", "--format", "json"],
        &["check", "--coverage"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fineprint"))
            .current_dir(site.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = stderr(&output);
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {:?} {said}", output.status);
        assert!(!said.contains("panicked") && !said.contains("roken pipe"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_rebuild_is_due_when_something_has_happened_since_the_build() {
    let sample = repository();
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("public");
    let folder = folder.to_str().unwrap();
    let due = |day: &str| fineprint(&sample, &["status", "--due", "--out", folder, "--as-of", day]).status.code();
    assert_eq!(due("2026-11-21"), Some(1), "nothing is built yet");
    let built = fineprint(&sample, &["build", "--out", folder, "--as-of", "2026-11-21"]);
    assert!(built.status.success(), "{}", stderr(&built));
    assert_eq!(due("2026-11-21"), Some(0));
    assert_eq!(due("2026-12-01"), Some(0));
    assert_eq!(due("2026-12-02"), Some(1), "a version takes effect");
    assert_eq!(due("2026-12-24"), Some(1));
    std::fs::write(out.path().join("public/schedule.json"), "no schedule").unwrap();
    assert_eq!(due("2026-11-21"), Some(2));
}

#[test]
fn a_review_copy_is_marked_kept_from_search_engines_and_leads_to_what_each_draft_changes() {
    let sample = repository();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("review");
    let built = fineprint(&sample, &["build", "--drafts", "--out", out.to_str().unwrap(), "--as-of", "2026-11-21"]);
    assert!(built.status.success(), "{}", stderr(&built));
    let files = read_all(&out);
    let mut pages = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("index.html")) {
        let page = String::from_utf8_lossy(bytes);
        if page.contains("http-equiv=\"refresh\"") {
            continue;
        }
        pages += 1;
        assert!(page.contains("class=\"review\""), "{path} is not marked");
        assert!(page.contains("name=\"robots\" content=\"noindex"), "{path} may be indexed");
        assert!(!page.contains("rel=\"canonical\""), "{path} speaks for the published page");
    }
    assert!(pages > 20);
    assert_eq!(files["robots.txt"], b"User-agent: *\nDisallow: /\n");
    assert!(!String::from_utf8_lossy(&files["sitemap.xml"]).contains("<loc>"));
    let draft = String::from_utf8_lossy(&files["privacy/draft/index.html"]).into_owned();
    assert!(draft.contains("/privacy/changes/2026-03-30..draft/"), "{draft}");
    assert!(String::from_utf8_lossy(&files["privacy/index.html"]).contains("href=\"/privacy/draft/\""));
}

#[test]
fn every_page_carries_the_policy_of_the_headers_but_for_what_works_in_headers_alone() {
    let folder = tempfile::tempdir().unwrap();
    write_site(folder.path(), POLICY);
    let built = fineprint(folder.path(), &["build", "--drafts"]);
    assert!(built.status.success(), "{}", stderr(&built));
    for (path, bytes) in read_all(&folder.path().join("public")) {
        let page = String::from_utf8_lossy(&bytes);
        if !path.ends_with(".html") || !page.contains("<html") {
            continue;
        }
        let policy =
            page.find("http-equiv=\"Content-Security-Policy\"").unwrap_or_else(|| panic!("{path} has no policy"));
        assert!(policy < page.find("<title>").unwrap(), "{path}: something comes before the policy");
        assert!(!page.contains("frame-ancestors"), "{path}");
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=A", "-c", "user.email=a@acme.example", "-c", "init.defaultBranch=main"];
    let done = Command::new("git").current_dir(folder).args(identity).args(arguments).output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", stderr(&done));
}

/// The shell steps of a workflow, in order.
#[cfg(feature = "yaml")]
fn steps(workflow: &str, job: &str) -> Vec<(String, String)> {
    use saphyr::{LoadableYamlNode, Scalar, Yaml};
    fn text<'y>(node: Option<&'y Yaml<'_>>) -> Option<&'y str> {
        match node? {
            Yaml::Value(Scalar::String(text)) => Some(text),
            _ => None,
        }
    }
    fn member<'y, 'i>(node: &'y Yaml<'i>, key: &str) -> Option<&'y Yaml<'i>> {
        match node {
            Yaml::Mapping(pairs) => {
                pairs.iter().find(|(name, _)| text(Some(*name)) == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }
    let documents = Yaml::load_from_str(workflow).expect("YAML");
    let whole = &documents[0];
    let jobs = member(whole, "jobs").unwrap_or(whole);
    let job = member(jobs, job).expect("the job");
    match (member(job, "steps"), member(job, "script")) {
        (Some(Yaml::Sequence(steps)), _) => steps
            .iter()
            .filter_map(|step| {
                let name = text(member(step, "name")).unwrap_or("").to_string();
                Some((name, text(member(step, "run"))?.to_string()))
            })
            .collect(),
        (_, Some(Yaml::Sequence(lines))) => {
            lines.iter().filter_map(|line| Some((String::new(), text(Some(line))?.to_string()))).collect()
        }
        _ => panic!("no steps"),
    }
}

/// A repository with a site, in which a branch changes a policy.
#[cfg(feature = "yaml")]
fn reviewed(host: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("repository");
    std::fs::create_dir(&root).unwrap();
    git(&root, &["init", "-q", "-b", "main"]);
    write_site(&root.join("legal"), POLICY);
    let made = fineprint(&root, &["init", "legal", "--ci", host]);
    assert!(made.status.success(), "{}", stderr(&made));
    git(&root, &["add", "."]);
    git(&root, &["commit", "-qm", "A site"]);
    git(&root, &["clone", "-q", "--bare", ".", "../origin.git"]);
    git(&root, &["remote", "add", "origin", "../origin.git"]);
    git(&root, &["fetch", "-q", "origin"]);
    git(&root, &["checkout", "-qb", "change"]);
    let policy = root.join("legal/content/privacy/policy.md");
    let text = std::fs::read_to_string(&policy).unwrap().replace("your address", "your address for 90 days");
    std::fs::write(&policy, text).unwrap();
    git(&root, &["commit", "-qam", "A change"]);
    let name = if host == "github" { ".github/workflows/privacy-center.yml" } else { ".gitlab-ci.yml" };
    let workflow = std::fs::read_to_string(root.join(name)).unwrap();
    assert!(!workflow.contains("@SITE@") && !workflow.contains("@VERSION@"), "{workflow}");
    // Programs that need the network, as far as the steps use them.
    let tools = folder.path().join("tools");
    std::fs::create_dir(&tools).unwrap();
    let curl = "#!/bin/sh\nwhile [ $# -gt 1 ]; do case $1 in --output) out=$2 ;; esac; shift; done\ncp \"$PUBLISHED/schedule.json\" \"$out\"\n";
    for (name, script) in [("curl", curl), ("gh", "#!/bin/sh\necho \"$@\" >gh.txt\n")] {
        let path = tools.join(name);
        std::fs::write(&path, script).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    (folder, workflow)
}

/// Runs a step as a code host does, and says how it ended.
#[cfg(feature = "yaml")]
fn run(folder: &Path, step: &str, variables: &[(&str, &str)]) -> Option<i32> {
    let path = format!("{}:{}", folder.join("tools").display(), std::env::var("PATH").unwrap());
    let done = Command::new("bash")
        .current_dir(folder.join("repository/legal"))
        .args(["-eo", "pipefail", "-c", step])
        .env("PATH", path)
        .env("FINEPRINT", env!("CARGO_BIN_EXE_fineprint"))
        .env("PUBLISHED", folder.join("published"))
        .env("GITHUB_OUTPUT", folder.join("output"))
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    if !done.status.success() {
        eprintln!("{step}\n{}", stderr(&done));
    }
    done.status.code()
}

#[cfg(all(feature = "yaml", unix))]
#[test]
fn the_workflow_for_github_checks_comments_builds_and_asks_whether_a_rebuild_is_due() {
    let (folder, workflow) = reviewed("github");
    let site = folder.path().join("repository/legal");
    let review = [("GITHUB_BASE_REF", "main"), ("PULL_REQUEST", "7"), ("GITHUB_EVENT_NAME", "pull_request")];
    let all = steps(&workflow, "check");
    assert_eq!(all.len(), 4);
    for (name, step) in all {
        assert_eq!(run(folder.path(), &step, &review), Some(0), "{name}");
    }
    let comment = std::fs::read_to_string(site.join("comment.md")).unwrap();
    assert!(comment.contains("privacy: from origin/main to draft") && comment.contains("90 days"), "{comment}");
    assert!(std::fs::read_to_string(site.join("gh.txt")).unwrap().starts_with("pr comment 7 "));
    assert!(site.join("review/privacy/draft/index.html").exists());

    let published = folder.path().join("published");
    std::fs::create_dir(&published).unwrap();
    let publish = steps(&workflow, "publish");
    let due = |event: &str, next: &str| {
        std::fs::write(
            published.join("schedule.json"),
            format!("{{\"as_of\":\"2026-01-01\",\"next_rebuild\":{next}}}"),
        )
        .unwrap();
        let _ = std::fs::remove_file(folder.path().join("output"));
        assert_eq!(run(folder.path(), &publish[0].1, &[("GITHUB_EVENT_NAME", event)]), Some(0));
        std::fs::read_to_string(folder.path().join("output")).unwrap()
    };
    assert_eq!(due("push", "null"), "due=yes\n");
    assert_eq!(due("schedule", "null"), "due=no\n");
    assert_eq!(due("schedule", "\"2026-01-02\""), "due=yes\n");
    assert_eq!(run(folder.path(), &publish[1].1, &[("GITHUB_EVENT_NAME", "push")]), Some(0));
    assert!(site.join("public/.nojekyll").exists() && site.join("public/index.html").exists());
}

#[cfg(all(feature = "yaml", unix))]
#[test]
fn the_workflow_for_gitlab_checks_builds_and_stops_when_nothing_is_due() {
    let (folder, workflow) = reviewed("gitlab");
    let site = folder.path().join("repository/legal");
    for (_, step) in steps(&workflow, "check") {
        assert_eq!(run(folder.path(), &step, &[("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")]), Some(0), "{step}");
    }
    assert!(std::fs::read_to_string(site.join("redlines.md")).unwrap().contains("90 days"));
    let published = folder.path().join("published");
    std::fs::create_dir(&published).unwrap();
    std::fs::write(published.join("schedule.json"), "{\"as_of\":\"2026-01-01\",\"next_rebuild\":null}").unwrap();
    let publish = &steps(&workflow, "pages")[0].1;
    assert_eq!(run(folder.path(), publish, &[("CI_PIPELINE_SOURCE", "schedule")]), Some(75));
    assert_eq!(run(folder.path(), &steps(&workflow, "pages")[1].1, &[]), Some(0));
    assert!(site.join("public/index.html").exists());
}

#[test]
fn a_workflow_is_never_overwritten() {
    let site = tempfile::tempdir().unwrap();
    write_site(site.path(), POLICY);
    git(site.path(), &["init", "-q"]);
    assert!(fineprint(site.path(), &["init", "--ci", "gitlab"]).status.success());
    let before = read_all(site.path());
    let again = fineprint(site.path(), &["init", "--ci", "gitlab"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("never overwritten"), "{}", stderr(&again));
    assert_eq!(before, read_all(site.path()));
}
