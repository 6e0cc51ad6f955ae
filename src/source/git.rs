//! Asks the user's own `git`, which alone knows how a repository is stored.
//!
//! In: a folder and what to ask. Out: what `git` wrote. Must not know: what it means. Nothing is fetched, no prompt waits for
//! anybody, and paths are taken as they are typed.

use crate::error::{Error, Result};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Returns what `git` writes to its standard output.
pub fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::refused("this needs the program `git`, which was not found; install it"),
        _ => Error::io("run git in", folder, error),
    };
    let mut child = Command::new("git")
        .args([
            "--no-pager",
            "--no-optional-locks",
            "--literal-pathspecs",
            "-c",
            "core.quotePath=false",
            "-c",
            "core.fsmonitor=false",
        ])
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
