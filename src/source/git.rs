//! The user's own `git`, which alone knows how a repository is stored.
//!
//! In: a folder of a repository, arguments. Out: what git answers, in bytes. Must not know: what the files mean.

use crate::error::{Error, Result};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs git, with `input` as its standard input. What git complains of is the error.
pub fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::refused("the history of a file needs the program `git`, which was not found; install it")
        }
        _ => Error::io("run git in", folder, error),
    };
    let mut child = Command::new("git")
        .args(["--no-pager", "--no-optional-locks", "--literal-pathspecs"])
        .args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"])
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut stdin = child.stdin.take();
    // Written beside the reading: git answers before it has read all.
    let Output { status, stdout, stderr } = std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(stdin) = &mut stdin {
                // A git that stopped early says why itself.
                let _ = stdin.write_all(input);
            }
            drop(stdin);
        });
        child.wait_with_output()
    })
    .map_err(failed)?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        return Err(Error::refused(format!("git says: {}", said.trim().trim_start_matches("fatal: "))));
    }
    Ok(stdout)
}

/// The bytes of objects, each under a name that git knows: an id, or `<commit>:<path>`.
pub fn blobs(folder: &Path, names: &[String]) -> Result<Vec<Vec<u8>>> {
    let input: String = names.iter().map(|name| format!("{name}\n")).collect();
    let batch = git(folder, &["cat-file", "--batch"], input.as_bytes())?;
    let mut rest = &batch[..];
    let mut blobs = Vec::with_capacity(names.len());
    for name in names {
        // "<id> blob <size>", a line end, the bytes, a line end.
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size =
            head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok()).filter(|_| head.contains(" blob "));
        let Some(bytes) = size.and_then(|size| rest.get(end + 1..end + 1 + size)) else {
            return Err(Error::refused(format!("git did not give `{name}`: {head}")));
        };
        blobs.push(bytes.to_vec());
        rest = rest.get(end + 2 + bytes.len()..).unwrap_or_default();
    }
    Ok(blobs)
}
