//! `fineprint init`: a new site. In: a folder. Out: files to be filled in; facts are asked for, never made up.
//! Must not know: how a site is built.

use super::Outcome;
use crate::error::{Error, Result};
use anstream::eprintln;
use std::fs;
use std::io::Write;
use std::path::Path;

const FILES: &[(&str, &str)] = &[
    ("fineprint.toml", include_str!("starter/fineprint.toml")),
    ("content/organization.toml", include_str!("starter/organization.toml")),
    ("content/processors.toml", include_str!("starter/processors.toml")),
    ("content/privacy/policy.md", include_str!("starter/privacy.md")),
    ("content/privacy/retention.toml", include_str!("starter/retention.toml")),
    (".gitignore", "/public\n"),
    // What was released is frozen to the byte, on every system that checks it out.
    (".gitattributes", "content/ledger.toml text eol=lf\ncontent/**/versions/** -text\n"),
];

pub fn run(dir: &Path) -> Result<Outcome> {
    let taken: Vec<&str> = FILES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !name.starts_with(".git"))
        .filter(|name| dir.join(name).symlink_metadata().is_ok())
        .collect();
    if !taken.is_empty() || dir.join("content").exists() {
        let what = taken.first().copied().unwrap_or("content");
        return Err(Error::refused(format!(
            "`{}` already contains `{what}`; choose a new directory, since existing files are never overwritten",
            dir.display()
        )));
    }
    for (name, text) in FILES {
        let path = dir.join(name);
        if name.starts_with(".git") && path.symlink_metadata().is_ok() {
            continue;
        }
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent).map_err(|error| Error::io("create the directory", parent, error))?;
        let mut file = fs::File::create_new(&path).map_err(|error| Error::io("create", &path, error))?;
        file.write_all(text.as_bytes()).map_err(|error| Error::io("write", &path, error))?;
    }
    let here = dir == Path::new(".");
    eprintln!("Created a site in {}.", if here { "this folder".into() } else { format!("`{}`", dir.display()) });
    eprintln!("\nNext:");
    if !here {
        eprintln!("  cd {}", dir.display());
    }
    eprintln!("  fineprint serve --open      preview it; the bar lists the values to fill in");
    eprintln!("  fineprint status            show what is in force and what is upcoming");
    Ok(Outcome::Done)
}
