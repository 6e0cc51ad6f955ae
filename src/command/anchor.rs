//! `fineprint anchor`: signatures and time stamps over the last entry of the record, to be published with it.
//!
//! In: a key, or the answer of a time-stamping authority. Out: a file in `static/record/anchors/`. Private keys and the network are
//! left to `ssh-keygen` and `curl`. Must not know: how an anchor is verified.

use super::{Outcome, read_site, report};
use crate::anchor::{self, AnchorKind, FOLDER, NAMESPACE};
use crate::check::record::is_broken;
use crate::cli::{Anchor, AnchorCommand, AsOf};
use crate::command::console::eprintln;
use crate::diagnostic::stops;
use crate::error::{Error, Result};
use crate::publish::hand_out;
use crate::published::PublishedRecord;
use crate::source::{Digest, read_published};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Largest answer of an authority that is read.
const LARGEST: u64 = 1 << 20;

pub fn run(site_folder: &Path, arguments: Anchor) -> Result<Outcome> {
    let site = read_site(site_folder, &AsOf { as_of: None })?;
    let broken: Vec<_> = site.findings.iter().filter(|finding| is_broken(finding)).cloned().collect();
    if stops(&broken) {
        report(&broken, &site.center);
        eprintln!("Nothing was anchored: the record must be whole first.");
        return Ok(Outcome::Findings);
    }
    let record = PublishedRecord::of(&site.center, &site.timeline);
    if record.entries.is_empty() {
        return Err(Error::refused("nothing is recorded yet; release a document first: fineprint release DOCUMENT"));
    }
    match arguments.command {
        AnchorCommand::Sign { key } => sign(site_folder, &record.head, &key),
        AnchorCommand::Request { out } => {
            let request = anchor::time_stamp::request(&record.head).map_err(Error::refused)?;
            let name = out.unwrap_or_else(|| format!("{}.tsq", record.head.hex()).into());
            write(&name, &request)?;
            eprintln!(
                "Wrote the request to {}. Send it to an authority that you trust, and add its answer:",
                name.display()
            );
            eprintln!(
                "  curl -sH 'Content-Type: application/timestamp-query' --data-binary @{} https://AUTHORITY > answer.tsr",
                name.display()
            );
            eprintln!("  fineprint anchor add answer.tsr --authorities authority.pem");
            Ok(Outcome::Done)
        }
        AnchorCommand::Add { answer, authorities } => add(site_folder, &record, &answer, &authorities),
    }
}

/// Lets `ssh-keygen` sign, which knows agents, passphrases and security keys.
fn sign(site_folder: &Path, head: &Digest, key: &Path) -> Result<Outcome> {
    let signature = ssh_sign(key, NAMESPACE, &anchor::message(head))?;
    store(site_folder, head, AnchorKind::Signature, &signature)
}

fn add(site_folder: &Path, record: &PublishedRecord, answer: &Path, authorities: &Path) -> Result<Outcome> {
    let read = |path: &Path| -> Result<Vec<u8>> {
        let bytes = read_published(Path::new(""), &path.to_string_lossy(), LARGEST)
            .map_err(|error| Error::refused(format!("`{}`: {error}", path.display())))?;
        bytes.ok_or_else(|| Error::refused(format!("`{}` does not exist", path.display())))
    };
    let (bytes, trusted) = (read(answer)?, read(authorities)?);
    let mut why = String::new();
    // The record may have grown while the authority answered.
    for entry in record.entries.iter().rev() {
        match anchor::time_stamp::verify(&bytes, &entry.digest, &trusted) {
            Ok(stamp) => {
                eprintln!("{} saw the record at {}.", stamp.authority, stamp.at);
                return store(site_folder, &entry.digest, AnchorKind::TimeStamp, &bytes);
            }
            Err(error) if why.is_empty() => why = error,
            Err(_) => {}
        }
    }
    Err(Error::refused(format!("`{}` was not added: {why}", answer.display())))
}

fn store(site_folder: &Path, digest: &Digest, kind: AnchorKind, bytes: &[u8]) -> Result<Outcome> {
    let folder = site_folder.join("static").join(FOLDER);
    let name = format!("{}.{}", digest.hex(), kind.ending());
    hand_out(&folder, &[(name.clone(), bytes.to_vec())])?;
    eprintln!("Wrote static/{FOLDER}{name}. Commit it and build: it is published with the record.");
    Ok(Outcome::Done)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("request.tsq");
    hand_out(folder, &[(name.to_string(), bytes.to_vec())]).map(drop)
}

/// Signs a message with a key of SSH: `ssh-keygen` reads it from standard input and writes the signature to standard output.
pub fn ssh_sign(key: &Path, namespace: &str, message: &[u8]) -> Result<Vec<u8>> {
    let failed = |why: String| Error::refused(format!("ssh-keygen could not sign with `{}`: {why}", key.display()));
    let mut child = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-n", namespace, "-f"])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("{error}; it comes with OpenSSH")))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(message).map_err(|error| failed(error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    match output.status.success() && output.stdout.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
        true => Ok(output.stdout),
        false => Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_string())),
    }
}
