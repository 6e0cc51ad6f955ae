//! `fineprint verify`: whether a live site, a folder or an evidence pack is what the record says.
//!
//! In: an address, a folder or an archive; the record at hand, a noted digest, another copy. Out: what was confirmed and what does
//! not fit. It reads and never writes. Must not know: how digests are taken.

use super::{Outcome, read_site};
use crate::cli::{AsOf, Verify};
use crate::command::console::{eprintln, println};
use crate::compiler::Purpose;
use crate::error::{Error, Result};
#[cfg(feature = "external-links")]
use crate::online::PublishedSite;
use crate::published::PublishedRecord;
use crate::render::Renderer;
use crate::source::{Digest, published_paths, read_published};
use crate::verify::{self, Problem, PublishedFiles, Verification};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Most problems that are printed; JSON has all.
const PRINTED: usize = 50;

/// A site that was built into a folder.
struct PublishedFolder {
    folder: PathBuf,
    name: String,
}

impl PublishedFiles for PublishedFolder {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str, limit: u64) -> std::result::Result<Option<Vec<u8>>, String> {
        read_published(&self.folder, path, limit)
    }
}

/// A site on a host.
#[cfg(feature = "external-links")]
struct HostedFiles {
    site: PublishedSite,
    name: String,
}

#[cfg(feature = "external-links")]
impl PublishedFiles for HostedFiles {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str, limit: u64) -> std::result::Result<Option<Vec<u8>>, String> {
        self.site.read(path, limit)
    }
}

fn is_address(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://")
}

/// Opens the site at an address or in a folder.
fn open(target: &str) -> Result<Box<dyn PublishedFiles>> {
    let name = target.to_string();
    if is_address(target) {
        #[cfg(feature = "external-links")]
        {
            let site = PublishedSite::new(target).map_err(Error::refused)?;
            return Ok(Box::new(HostedFiles { site, name }));
        }
        #[cfg(not(feature = "external-links"))]
        return Err(Error::refused(
            "this build of fineprint cannot read a site on a host; install it with all features, for instance with \
             `cargo install --locked --path .`, or give the directory of the built site",
        ));
    }
    let folder = PathBuf::from(target);
    if !folder.is_dir() {
        return Err(Error::refused(format!(
            "`{target}` is neither an address that begins with https:// nor a directory or an evidence pack that exists"
        )));
    }
    Ok(Box::new(PublishedFolder { folder, name }))
}

/// Reads the record that a site publishes; a site without one is an error.
fn record_of(files: &dyn PublishedFiles) -> Result<PublishedRecord> {
    match verify::published_record(files) {
        Ok(Some(record)) => Ok(record),
        Ok(None) => Err(Error::refused(format!(
            "`{}` publishes no record: there is no {} below it",
            files.name(),
            crate::plan::outputs::LEDGER
        ))),
        Err(error) => Err(Error::refused(format!("`{}`: {error}", files.name()))),
    }
}

pub fn run(site_folder: &Path, arguments: Verify) -> Result<Outcome> {
    let mut out = Verification::default();
    let target = arguments.target.clone();
    let repository = !arguments.no_repository && site_folder.join(crate::center::settings::PATH).is_file();
    match target.as_deref() {
        Some(pack) if !is_address(pack) && Path::new(pack).is_file() => {
            pack_file(Path::new(pack), &arguments, &mut out)?
        }
        Some(target) => {
            let files = open(target)?;
            let record = record_of(&*files)?;
            verify::chain_of(&record, &mut out);
            verify::texts(&*files, &record, &mut out);
            #[cfg(feature = "anchors")]
            anchors(&*files, &record, &arguments, &mut out)?;
            if repository {
                against_repository(site_folder, &record, (!is_address(target)).then(|| Path::new(target)), &mut out)?;
            }
            against_others(&record, &arguments, &mut out)?;
        }
        None if repository => {
            let site = read_site(site_folder, &AsOf { as_of: None })?;
            let broken = site.findings.iter().filter(|finding| crate::check::record::is_broken(finding));
            out.problems.extend(broken.map(|finding| {
                let place = finding.primary.as_ref().map_or("record", |label| &*label.path);
                Problem::new(place, format!("{} ({})", finding.message, finding.code))
            }));
            let record = PublishedRecord::of(&site.center, &site.timeline);
            verify::chain_of(&record, &mut out);
            against_others(&record, &arguments, &mut out)?;
        }
        None => {
            return Err(Error::refused(
                "name what to verify: the address of a site, a directory, or an evidence pack; inside a site's directory `fineprint verify` verifies its record",
            ));
        }
    }
    report(&out, arguments.json)
}

/// Verifies signatures and time stamps with what the verifier trusts.
#[cfg(feature = "anchors")]
fn anchors(
    files: &dyn PublishedFiles,
    record: &PublishedRecord,
    arguments: &Verify,
    out: &mut Verification,
) -> Result<()> {
    let trust = verify::Trust {
        allowed_signers: arguments.allowed_signers.as_deref().map(crate::source::read_text).transpose()?,
        authorities: match &arguments.authorities {
            Some(path) => Some(crate::source::read_text(path)?.into_bytes()),
            None => None,
        },
    };
    verify::anchors(files, record, &trust, jiff::Timestamp::now(), out);
    Ok(())
}

fn pack_file(path: &Path, arguments: &Verify, out: &mut Verification) -> Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let bytes = read_published(folder, name, verify::LARGEST_PACK).map_err(Error::refused)?.unwrap_or_default();
    let record = crate::evidence::verify(&bytes, out);
    match record {
        Some(record) => against_others(&record, arguments, out),
        None => Ok(()),
    }
}

/// A digest that somebody noted, and another copy.
fn against_others(record: &PublishedRecord, arguments: &Verify, out: &mut Verification) -> Result<()> {
    for typed in &arguments.digest {
        let digest = Digest::parse(typed.trim())
            .ok_or_else(|| Error::refused(format!("`{typed}` is not a SHA-256 of 64 hexadecimal digits")))?;
        verify::noted(record, &digest, out);
    }
    for copy in &arguments.copy {
        let files = open(copy)?;
        let other = record_of(&*files)?;
        let mut chain = Verification::default();
        verify::chain_of(&other, &mut chain);
        let broken = chain.problems.into_iter();
        out.problems.extend(broken.map(|problem| Problem::new(format!("{copy}, {}", problem.place), problem.message)));
        verify::compare(&other.digests(), &format!("`{copy}`"), record, out);
    }
    Ok(())
}

/// Compares a copy with the repository at hand; a folder also with what it would build.
fn against_repository(
    site_folder: &Path,
    record: &PublishedRecord,
    folder: Option<&Path>,
    out: &mut Verification,
) -> Result<()> {
    let mut site = read_site(site_folder, &AsOf { as_of: Some(record.as_of) })?;
    let ledger = &site.center.ledger;
    let ours: Vec<Digest> = ledger.entries.iter().map(|entry| entry.digest.unwrap_or(entry.actual)).collect();
    verify::compare(&ours, "this repository", record, out);
    let Some(folder) = folder.filter(|_| out.problems.is_empty()) else { return Ok(()) };
    let compared =
        site.compiler.render(&site.compiled, Purpose::Site { drafts: false }, &mut site.findings, |renderer| {
            compare_files(renderer, folder)
        })?;
    match compared {
        Some((count, problems, others)) => {
            if problems.is_empty() {
                out.confirm(format!("All {count} files are as this repository builds them as of {}.", record.as_of));
            }
            out.problems.extend(problems);
            if !others.is_empty() {
                let shown: Vec<&str> = others.iter().map(String::as_str).take(5).collect();
                out.note(format!("Files that the build does not make: {} ({}…).", others.len(), shown.join(", ")));
            }
        }
        None => out.note("This repository cannot be built, so pages were not compared with it."),
    }
    Ok(())
}

/// Renders every output and compares it with the file in the folder. Returns how many there are, those that differ, and files
/// that nothing makes.
fn compare_files(renderer: &Renderer, folder: &Path) -> Result<(usize, Vec<Problem>, Vec<String>)> {
    let mut problems = Vec::new();
    for wave in renderer.plan.order() {
        let stretch = |stretch: &std::ops::Range<usize>| -> Result<Vec<Problem>> {
            let mut problems = Vec::new();
            for task in stretch.clone() {
                for (path, bytes) in renderer.make(task)? {
                    problems.extend(difference(folder, path, &bytes));
                }
            }
            Ok(problems)
        };
        let found: Vec<Vec<Problem>> = wave.par_iter().map(stretch).collect::<Result<_>>()?;
        problems.extend(found.into_iter().flatten());
    }
    problems.sort();
    let made: BTreeSet<&str> = renderer.plan.claims.keys().map(String::as_str).collect();
    let others = published_paths(folder)
        .into_iter()
        .filter(|path| !made.contains(path.as_str()) && !path.starts_with(".fineprint-"))
        .collect();
    Ok((made.len(), problems, others))
}

fn difference(folder: &Path, path: String, bytes: &[u8]) -> Option<Problem> {
    let limit = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    match read_published(folder, &path, limit) {
        Ok(Some(there)) if there == bytes => None,
        Ok(Some(there)) => {
            let same = bytes.iter().zip(&there).take_while(|(a, b)| a == b).count();
            let line = bytes[..same].iter().filter(|byte| **byte == b'\n').count() + 1;
            Some(Problem::new(path, format!("it differs from what the repository builds, first in line {line}")))
        }
        Ok(None) => Some(Problem::new(path, "it is missing")),
        Err(error) => Some(Problem::new(path, format!("it differs from what the repository builds: {error}"))),
    }
}

fn report(out: &Verification, json: bool) -> Result<Outcome> {
    if json {
        println!("{}", serde_json::to_string_pretty(out).unwrap_or_default());
    } else {
        for sentence in &out.confirmed {
            eprintln!("{sentence}");
        }
        for note in &out.notes {
            eprintln!("Note: {note}");
        }
        for problem in out.problems.iter().take(PRINTED) {
            eprintln!("WRONG  {problem}");
        }
        if out.problems.len() > PRINTED {
            eprintln!("… and {} more; `--json` prints all.", out.problems.len() - PRINTED);
        }
        eprintln!(
            "{}",
            match out.problems.len() {
                0 => "Everything that was looked at fits.".to_string(),
                1 => "One thing does not fit.".to_string(),
                many => format!("{many} things do not fit."),
            }
        );
    }
    Ok(if out.problems.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// Refuses to replace a published site whose record the site does not continue. True if it may be replaced.
pub(super) fn continues(
    center: &crate::center::Center,
    timeline: &crate::timeline::Timeline,
    target: &str,
) -> Result<bool> {
    let files = open(target)?;
    let live = record_of(&*files).map_err(|error| {
        Error::refused(format!("{error}; leave out `--against` for the first publication with a record"))
    })?;
    let mut chain = Verification::default();
    verify::chain_of(&live, &mut chain);
    let ours = PublishedRecord::of(center, timeline).digests();
    let refused = verify::refused_continuation(&ours, &live);
    for problem in chain.problems.iter().chain(&refused) {
        eprintln!("WRONG  {target}, {problem}");
    }
    if chain.problems.is_empty() && refused.is_none() {
        eprintln!("The record continues that of {target} ({} entries).", live.entries.len());
        return Ok(true);
    }
    Ok(false)
}
