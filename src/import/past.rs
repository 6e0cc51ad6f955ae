//! Where a document's past comes from: files named by their day, or a file's history in git.
//!
//! In: a folder or a repository. Out: texts with their days, oldest first, and what was left out with the true reason.
//! Must not know: what becomes of the texts.

use super::bytes::{self, Format};
use super::git;
use crate::error::{Error, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A text of the past.
#[derive(Clone, Debug)]
pub struct Past {
    /// The version to be: its day, with a number if it is not the first of the day.
    pub id: String,
    pub date: Date,
    /// The file's name, or the commit.
    pub name: String,
    pub bytes: Vec<u8>,
    pub format: Format,
}

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9])((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])([-_.]?)(0[1-9]|[12]\d|3[01])(?:[^0-9]|$)")
        .expect("a constant")
});

/// The day in a file's name, and what orders several of one day. `2024-03-01-2`, `privacy-2024-03-01`, `20240301`,
/// `2024-03-01T10-30-00Z`.
pub fn day_of(stem: &str) -> Option<(Date, Order)> {
    let found: Vec<regex::Captures<'_>> = DAY.captures_iter(stem).filter(|found| found[2] == found[4]).collect();
    let [found] = &found[..] else { return None };
    let part = |index: usize| found[index].parse::<i16>().ok();
    let date = Date::new(part(1)?, part(3)? as i8, part(5)? as i8).ok()?;
    let end = found.get(5)?.end();
    let rest = &stem[end..];
    let number = rest.strip_prefix('-').filter(|digits| {
        !digits.starts_with('0')
            && digits.len() < 8
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let order = match number.and_then(|digits| digits.parse().ok()) {
        Some(number) => Order::Number(number),
        None if rest.is_empty() => Order::Number(0),
        None => Order::Rest(rest.to_string()),
    };
    Some((date, order))
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    Number(u32),
    Rest(String),
}

/// The importable files of a folder that are named by a day.
pub fn dated_names(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let failed = |error| Error::io("open the folder", folder, error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    names.sort();
    Ok(names)
}

fn stem_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// True if some file of the folder is named by a day and can be imported.
pub fn is_dated(folder: &Path) -> bool {
    dated_names(folder).is_ok_and(|names| {
        names
            .iter()
            .any(|(name, path)| path.is_file() && bytes::format_of(name).is_some() && day_of(stem_of(name)).is_some())
    })
}

/// The texts of a folder in order: by day, then by number.
pub fn dated(folder: &Path, today: Date, skipped: &mut Vec<(String, String)>) -> Result<Vec<Past>> {
    let mut found: BTreeMap<(Date, Order), (String, PathBuf, Format)> = BTreeMap::new();
    for (name, path) in dated_names(folder)? {
        let mut skip = |reason: String| skipped.push((name.clone(), reason));
        if path.is_dir() {
            skip("a folder".into());
            continue;
        }
        let day = day_of(stem_of(&name));
        let format = bytes::format_of(&name);
        match (format, day) {
            (None, Some(_)) => skip(format!(
                "its kind, `{}`, cannot be imported: Markdown, HTML, plain text and Word can",
                name.rsplit_once('.').map_or("no ending", |(_, end)| end)
            )),
            (_, None) => skip("no day in its name, such as 2024-03-01.md or 2024-03-01-2.md".into()),
            (Some(Format::Csv | Format::Json | Format::Yaml), Some(_)) => {
                skip("a table, not a text; import it separately".into())
            }
            (Some(_), Some((date, _))) if date > today => {
                skip(format!("{date} is in the future; write it as a draft and release it"))
            }
            (Some(format), Some((date, order))) => {
                if let Some((other, ..)) = found.get(&(date, order.clone())) {
                    return Err(Error::refused(format!(
                        "`{other}` and `{name}` name the same day; number them: {date}-1, {date}-2"
                    )));
                }
                found.insert((date, order), (name, path, format));
            }
        }
    }
    let mut past: Vec<Past> = Vec::new();
    for ((date, order), (name, path, format)) in found {
        let size = path.metadata().map(|meta| meta.len()).unwrap_or(0);
        if size > bytes::MAX_BYTES {
            skipped.push((name, format!("{} MB is too large for a policy", size / 1_000_000)));
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
        let taken = |id: &str| past.iter().any(|other| other.id == id);
        let mut id = match order {
            Order::Number(number) if number > 0 => format!("{date}-{number}"),
            _ => date.to_string(),
        };
        let mut number = 1;
        while taken(&id) {
            number += 1;
            id = format!("{date}-{number}");
        }
        past.push(Past { id, date, name, bytes, format });
    }
    Ok(past)
}

/// The texts that a file had in git, in the order in which they became the branch's.
pub fn of_file(
    file: &git::GitFile,
    zone: &TimeZone,
    today: Date,
    skipped: &mut Vec<(String, String)>,
) -> Result<Vec<Past>> {
    let mut past: Vec<Past> = Vec::new();
    let commits = git::history(file)?;
    if let Some(first) = commits.first() {
        let removed = git::removed_by(&file.folder, &first.id);
        let alike: Vec<&String> = removed.iter().filter(|name| bytes::format_of(name).is_some()).take(3).collect();
        if !alike.is_empty() {
            let names = alike.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let reason = format!(
                "git sees the file begin in {}, which removed {names}: if the text came from there, its earlier past is under that name",
                &first.id[..first.id.len().min(9)]
            );
            skipped.push(("what came before".into(), reason));
        }
    }
    for commit in commits {
        let name = format!("{} {}", &commit.id[..commit.id.len().min(9)], commit.path);
        let Some(bytes) = commit.bytes.clone() else {
            skipped.push((name, "the file was removed in this commit".into()));
            continue;
        };
        let date = commit.at.to_zoned(zone.clone()).date();
        if date > today {
            skipped.push((name, format!("{date} is in the future")));
            continue;
        }
        if commit.is_technical() {
            skipped.push((
                name,
                format!(
                    "the archive changed how it reads the page, not the publisher the text (\"{}\")",
                    commit.subject
                ),
            ));
            continue;
        }
        // A clock that was set back does not turn the order around.
        let date = past.last().map_or(date, |before| before.date.max(date));
        let count = past.iter().filter(|other| other.date == date).count();
        let id = if count == 0 { date.to_string() } else { format!("{date}-{}", count + 1) };
        let format = bytes::format_of(&commit.path).unwrap_or(Format::Plain);
        past.push(Past { id, date, name, bytes, format });
    }
    Ok(past)
}
