//! Verification of a pack: its frozen bytes have the digests of the record, and everything else is made from them again.
//!
//! In: the bytes of an archive, or the files of an unpacked pack. Out: what fits and what does not, with its place. Must not know:
//! which site the pack is from.

use super::{PackContents, PackFiles, archive};
use crate::center::Ledger;
use crate::center::ledger::{Act, Entry, Release};
use crate::published::PublishedRecord;
use crate::source::Digest;
use crate::verify::{Verification, chain_of};
use std::collections::BTreeMap;

/// Verifies an archive. Returns the record in it, as far as it can be read.
pub fn verify(zip: &[u8], out: &mut Verification) -> Option<PublishedRecord> {
    let (name, files) = match archive::read(zip) {
        Ok(read) => read,
        Err(error) => {
            out.problem("archive", error);
            return None;
        }
    };
    let contents = verify_files(&files, out)?;
    if out.problems.is_empty() {
        // Every byte of the archive is accounted for, also between the files.
        match archive::write(&contents.name(), &files) {
            Ok(made) if made == zip && name == contents.name() => {}
            Ok(made) => {
                let at = made.iter().zip(zip).take_while(|(a, b)| a == b).count();
                out.problem(
                    format!("archive, byte {at}"),
                    "the files fit, but the archive around them is not as fineprint writes it; if it was packed again, verify the unpacked directory",
                );
            }
            Err(error) => out.problem("archive", format!("it cannot be made again: {error}")),
        }
    }
    Some(contents.record)
}

/// Verifies the files of an unpacked pack.
pub fn verify_files(files: &PackFiles, out: &mut Verification) -> Option<PackContents> {
    let contents = match PackContents::parse(files) {
        Ok(contents) => contents,
        Err(error) => {
            out.problem("pack", error);
            return None;
        }
    };
    let before = out.problems.len();
    chain_of(&contents.record, out);
    frozen(&contents, out);
    let made = contents.files();
    for (path, bytes) in &made {
        match files.get(path) {
            Some(there) if there == bytes => {}
            Some(_) => out.problem(
                path,
                format!(
                    "it is not what fineprint {} makes from the frozen files; if another version made the pack, verify it with that one",
                    env!("CARGO_PKG_VERSION")
                ),
            ),
            None => out.problem(path, "it is missing"),
        }
    }
    for path in files.keys().filter(|path| !made.contains_key(*path)) {
        out.problem(path, "it does not belong to the pack");
    }
    if out.problems.len() == before {
        out.confirm(format!(
            "{} {}: the frozen files have the digests of entry {}, and README, notice and redline are made from them.",
            contents.document, contents.version, contents.entry
        ));
    }
    out.note("A pack does not show that its whole record was not rewritten: compare its head with a digest that was noted elsewhere (`--digest`), or with the site (`--copy`).");
    Some(contents)
}

/// The frozen files have the digests of their entries, and all that the entries name is there.
fn frozen(contents: &PackContents, out: &mut Verification) {
    let Some((ledger, numbers)) = contents.record.ledger() else {
        out.problem("record", "an entry cannot be read");
        return;
    };
    let entry_at = |number: usize| {
        let index = numbers.binary_search(&number).ok()?;
        let entry = &ledger.entries[index];
        match &entry.act {
            Act::Release(release) => Some((entry, &**release)),
            _ => None,
        }
    };
    let Some((entry, release)) = entry_at(contents.entry)
        .filter(|(entry, _)| entry.version == contents.version && ledger.name(&entry.document) == contents.document)
    else {
        out.problem(
            "pack.json",
            format!("entry {} is not the release of `{}` {}", contents.entry, contents.document, contents.version),
        );
        return;
    };
    let named = named_files(&ledger, entry, release);
    compare("frozen", &contents.frozen, &named, true, out);
    match (contents.base_entry, &release.base) {
        (None, None) => {}
        (Some(number), Some(base)) => match entry_at(number).filter(|(known, _)| known.version == *base) {
            Some((entry, release)) => {
                compare("before", &contents.before, &named_files(&ledger, entry, release), false, out);
            }
            None => out.problem("pack.json", format!("entry {number} is not the release of {base}")),
        },
        (None, Some(base)) => out.problem("pack.json", format!("the version follows {base}, which is not in the pack")),
        (Some(_), None) => out.problem("pack.json", "the version follows no other"),
    }
}

/// The digest of each file of a version, those of languages that joined it later included.
fn named_files(ledger: &Ledger, entry: &Entry, release: &Release) -> BTreeMap<String, Digest> {
    let joined = ledger.of(&entry.document).filter(|joined| joined.version == entry.version);
    let joined = joined.filter_map(|joined| match &joined.act {
        Act::Translate(translation) => Some(translation.files.iter()),
        _ => None,
    });
    let all = release.files.iter().chain(joined.flatten());
    all.map(|(name, digest)| (name.to_string(), *digest)).collect()
}

fn compare(folder: &str, files: &PackFiles, named: &BTreeMap<String, Digest>, whole: bool, out: &mut Verification) {
    for (name, bytes) in files {
        let place = format!("{folder}/{name}");
        match named.get(name) {
            Some(digest) if *digest == Digest::of(bytes) => {}
            Some(digest) => out.problem(
                place,
                format!("its SHA-256 is {}, but the entry names {}", Digest::of(bytes).hex(), digest.hex()),
            ),
            None => out.problem(place, "the entry does not name it"),
        }
    }
    // Of the version before, the texts alone are packed.
    for name in named.keys().filter(|name| whole || name.starts_with("text.")) {
        if !files.contains_key(name) {
            out.problem(format!("{folder}/{name}"), "the entry names it, but it is missing");
        }
    }
}
