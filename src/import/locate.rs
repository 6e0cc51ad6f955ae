//! What lies at a path: a text, rows, dated texts, or a file with a history.
//!
//! In: a path. Out: a [`Source`], or why there is none. Must not know: what texts say.

use super::bytes::{self, Format};
use super::git::{self, GitFile};
use super::past;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// Where a document comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// One text.
    File(PathBuf),
    /// Rows for a register: CSV, JSON, YAML.
    Rows(PathBuf),
    /// Texts named by the day from which they applied: `2024-03-01.md`, `2024-03-01-2.md`.
    Dated(PathBuf),
    /// What a file said in each commit.
    History(GitFile),
}

impl Source {
    /// What lies at a path. With `history`, a file's past is looked for in git.
    pub fn find(path: &Path, history: bool) -> Result<Source> {
        if path.is_dir() {
            if past::is_dated(path) {
                return Ok(Source::Dated(path.to_path_buf()));
            }
            return only_file(path, history);
        }
        if !path.exists() {
            // `policies.git:privacy.md` names a file in a bare repository.
            let typed = path.to_string_lossy();
            if let Some((repository, inside)) =
                typed.rsplit_once(':').filter(|(repository, _)| Path::new(repository).is_dir())
            {
                let file = GitFile { folder: repository.into(), path: inside.into() };
                if git::is_tracked(&file) {
                    return Ok(Source::History(file));
                }
                return Err(Error::refused(format!("the repository `{repository}` has no file `{inside}`")));
            }
            return Err(Error::refused(format!("there is no file or folder `{}`", path.display())));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if matches!(bytes::format_of(&name), Some(Format::Csv | Format::Json | Format::Yaml)) {
            return Ok(Source::Rows(path.to_path_buf()));
        }
        if !history {
            return Ok(Source::File(path.to_path_buf()));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = GitFile { folder: folder.to_path_buf(), path: name };
        match git::is_tracked(&file) {
            true => Ok(Source::History(file)),
            false => Err(Error::refused(format!(
                "`{}` is not in a git repository, so it has no history to import; leave out `--history`, or name a folder of dated texts",
                path.display()
            ))),
        }
    }
}

/// The one text of a folder, or why there is none to choose.
fn only_file(folder: &Path, history: bool) -> Result<Source> {
    let mut names = past::dated_names(folder)?;
    names.retain(|(name, _)| !name.starts_with('.'));
    let texts: Vec<&(String, PathBuf)> = names
        .iter()
        .filter(|(name, path)| {
            path.is_file()
                && !name.starts_with('.')
                && matches!(
                    bytes::format_of(name),
                    Some(Format::Markdown | Format::Html | Format::Plain | Format::Word)
                )
        })
        .collect();
    let show = folder.display();
    match &texts[..] {
        [(_, path)] => Source::find(path, history),
        [] => {
            let reasons: Vec<String> = names
                .iter()
                .take(5)
                .map(|(name, path)| {
                    format!(
                        "`{name}` is {}",
                        if path.is_dir() { "a folder" } else { "of a kind that cannot be imported" }
                    )
                })
                .collect();
            let why = if reasons.is_empty() { "it is empty".to_string() } else { reasons.join(", ") };
            Err(Error::refused(format!(
                "there is no text in `{show}`: {why}; name a file in Markdown, HTML, plain text or Word"
            )))
        }
        several => {
            let listed: Vec<&str> = several.iter().take(8).map(|(name, _)| name.as_str()).collect();
            Err(Error::refused(format!(
                "`{show}` holds several texts, none with a day in its name ({}); name one of them, or put the day into each name, such as 2024-03-01.md",
                listed.join(", ")
            )))
        }
    }
}
