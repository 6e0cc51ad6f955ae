//! `fineprint init`: a new site. In: a folder, and a policy to start with. Out: files to be filled in; facts are asked for,
//! never made up. Must not know: how a site is built, how a policy is read.

use super::Outcome;
use crate::center::settings;
use crate::cli::{CodeHost, Import, Init, Recording};
use crate::command::console::eprintln;
use crate::error::{Error, Result};
use crate::import::Source;
use crate::render::pretty;
use crate::schema;
use crate::starter::FILES;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

pub fn run(arguments: Init) -> Result<Outcome> {
    let dir = arguments.dir.as_path();
    if let (Some(host), None, true) = (arguments.ci, &arguments.from, dir.join(settings::PATH).exists()) {
        workflow(dir, host)?;
        return Ok(Outcome::Done);
    }
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
    let url = arguments.base_url.as_deref().map(address).transpose()?;
    let zone = arguments.timezone.as_deref().map(zone).transpose()?;
    // Looked at before anything is written.
    let language = match &arguments.from {
        Some(source) => {
            Source::find(source, arguments.history)?;
            crate::import::language_of(source, arguments.history)?
        }
        None => None,
    };
    for (name, text) in FILES {
        let path = dir.join(name);
        if name.starts_with(".git") && path.symlink_metadata().is_ok() {
            continue;
        }
        // A text of one's own takes the place of the starter's.
        if arguments.from.is_some() && (name.contains("/privacy/") || name.ends_with("processors.toml")) {
            continue;
        }
        let mut text = (*text).to_string();
        if *name == settings::PATH {
            text = filled(&text, url.as_deref(), zone.as_deref(), language.as_deref());
        }
        create(&path, text.as_bytes())?;
    }
    for name in schema::names() {
        let path = dir.join(SCHEMAS).join(format!("{name}.json"));
        if let (Some(schema), false) = (schema::schema(name), path.exists()) {
            create(&path, &pretty(&schema))?;
        }
    }
    let here = dir == Path::new(".");
    let place = if here { "this folder".into() } else { format!("`{}`", dir.display()) };
    eprintln!("Started a site in {place}.\n");
    let missing: Vec<&str> = [("base_url", url.is_none()), ("timezone", zone.is_none())]
        .into_iter()
        .filter(|(_, missing)| *missing)
        .map(|(key, _)| key)
        .collect();
    let outcome = match &arguments.from {
        Some(source) => super::import::run(
            dir,
            Import {
                source: Some(source.clone()),
                document: arguments.document.clone(),
                history: arguments.history,
                keep_unchanged: false,
                file_days: false,
                language: None,
                recording: Recording { dry_run: false, confirm: false, clock_justification: None },
                undo: false,
            },
        )?,
        None => {
            eprintln!("Next:");
            if !here {
                eprintln!("  cd {}", dir.display());
            }
            if repository(dir)?.is_none() {
                eprintln!("  git init                    keeps its history; every release is a commit");
            }
            eprintln!("  fineprint serve --open      shows it, with what is still to be filled in");
            eprintln!("  fineprint status            says what is in force and what is coming");
            Outcome::Done
        }
    };
    if let Some(host) = arguments.ci {
        workflow(dir, host)?;
    }
    if !missing.is_empty() {
        eprintln!("\nBefore you publish: set {} in {}.", missing.join(" and "), dir.join("fineprint.toml").display());
    }
    Ok(outcome)
}

/// Where `init` puts the schemas that editors read. The first line of each file of a new site names its own.
const SCHEMAS: &str = ".fineprint";

/// Creates a file that does not exist yet, and the directories above it.
fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| Error::io("create the directory", parent, error))?;
    let mut file = fs::File::create_new(path).map_err(|error| Error::io("create", path, error))?;
    file.write_all(bytes).map_err(|error| Error::io("write", path, error))
}

/// Returns the directory of the git repository that contains a directory, and the way from there to it.
fn repository(dir: &Path) -> Result<Option<(PathBuf, String)>> {
    let real = dir.canonicalize().map_err(|error| Error::io("open the directory", dir, error))?;
    let root = real.ancestors().find(|above| above.join(".git").exists());
    Ok(root.map(|root| {
        let inside = real.strip_prefix(root).map(|inside| inside.to_string_lossy().replace('\\', "/"));
        (root.to_path_buf(), inside.unwrap_or_default())
    }))
}

/// Writes the workflow of a code host at the root of the repository.
fn workflow(dir: &Path, host: CodeHost) -> Result<()> {
    let (root, inside) = repository(dir)?.unwrap_or_else(|| (dir.to_path_buf(), String::new()));
    let (name, template) = match host {
        CodeHost::Github => (".github/workflows/privacy-center.yml", include_str!("starter/ci/github.yml")),
        CodeHost::Gitlab => (".gitlab-ci.yml", include_str!("starter/ci/gitlab.yml")),
    };
    let path = root.join(name);
    if path.symlink_metadata().is_ok() {
        return Err(Error::refused(format!(
            "`{}` exists; move it elsewhere and run this again, since existing files are never overwritten",
            path.display()
        )));
    }
    let site = if inside.is_empty() { "." } else { &inside };
    let text = template.replace("@VERSION@", env!("CARGO_PKG_VERSION")).replace("@SITE@", site);
    create(&path, text.as_bytes())?;
    eprintln!("Wrote `{}`.", path.display());
    Ok(())
}

/// An address that a site can have.
fn address(typed: &str) -> Result<String> {
    match crate::center::settings::BaseUrl::parse(typed) {
        Some(_) => Ok(typed.to_string()),
        None => Err(Error::refused(format!(
            "`{typed}` is not a web address; write one such as https://privacy.example.com"
        ))),
    }
}

fn zone(typed: &str) -> Result<String> {
    match jiff::tz::TimeZone::get(typed) {
        Ok(_) => Ok(typed.to_string()),
        Err(_) => Err(Error::refused(format!("there is no time zone `{typed}`; write one such as Europe/Madrid"))),
    }
}

/// The starter's settings with what is known; what is not stays to be filled in.
fn filled(starter: &str, url: Option<&str>, zone: Option<&str>, language: Option<&str>) -> String {
    let mut out = starter.to_string();
    let mut set = |key: &str, value: Option<&str>| {
        let Some(value) = value else { return };
        let Some(start) =
            out.find(&format!("# {key} = ")).or_else(|| out.find(&format!("\n{key} = ")).map(|at| at + 1))
        else {
            return;
        };
        let end = out[start..].find('\n').map_or(out.len(), |at| start + at);
        out.replace_range(start..end, &format!("{key} = {value}"));
    };
    let quoted = |value: &str| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    set("base_url", url.map(quoted).as_deref());
    set("timezone", zone.map(quoted).as_deref());
    set("languages", language.map(|tag| format!("[\"{tag}\"]")).as_deref());
    out
}
