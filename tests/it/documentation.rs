//! The documentation: every link between its pages leads somewhere, and the book lists every page.

use crate::harness::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Markdown files that people read in the repository.
fn pages() -> BTreeMap<PathBuf, String> {
    let root = repository();
    let mut pages = BTreeMap::new();
    for folder in ["", "docs", "embeds", "packaging", "tests", "themes/default"] {
        for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                pages.insert(path.clone(), std::fs::read_to_string(&path).expect("a page"));
            }
        }
    }
    assert!(pages.len() > 15, "{}", pages.len());
    pages
}

/// The text without code, in which brackets are no links.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut out = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if !fenced {
            let words = line.split('`').step_by(2);
            out.extend(words);
            out.push('\n');
        }
    }
    out
}

/// Targets of `[words](target)`.
fn links(text: &str) -> Vec<String> {
    let parts = text.split("](").skip(1);
    parts.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_string()).collect()
}

/// Ids of headings, as code hosts make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let pages = pages();
    let mut problems = Vec::new();
    for (path, text) in &pages {
        for target in links(&prose(text)) {
            if target.contains("://") || target.starts_with("mailto:") || target.starts_with('/') {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let to = match file {
                "" => path.clone(),
                file => normal(&path.parent().expect("a folder").join(file)),
            };
            if !to.exists() {
                problems.push(format!("{}: no file at {target}", path.display()));
            } else if let Some(page) = pages.get(&to)
                && !anchor.is_empty()
                && !anchors(page).contains(anchor)
            {
                problems.push(format!("{}: no section at {target}", path.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            std::path::Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

#[test]
fn the_book_lists_every_page_once() {
    let folder = repository().join("docs");
    let summary = std::fs::read_to_string(folder.join("SUMMARY.md")).expect("the table of contents");
    let listed = links(&summary);
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "a page is listed twice");
    let there: BTreeSet<String> = pages()
        .keys()
        .filter(|path| path.parent() == Some(folder.as_path()) && !path.ends_with("SUMMARY.md"))
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(unique.into_iter().cloned().collect::<BTreeSet<_>>(), there);
}
