//! The chain that holds the ledger together: each entry names itself and the one before it by SHA-256.
//!
//! In: the text of the ledger and its entries. Out: the canonical form of an entry, its digest, and what does not fit.
//! Must not know: the frozen files, today.
//!
//! The **canonical form** of an entry is the text from its line `[[entry]]` to the line before the next one, without blank
//! lines (nothing but spaces and tabs) and without one more line: the first that begins with `digest = ` above the entry's
//! tables. Each line is ended by LF alone. `digest` holds the SHA-256 of this form, and `previous_digest` the `digest` of the
//! entry before (64 zeros in the first). The line `previous_digest` is part of the canonical form, so a digest vouches for
//! everything before it. The digest of entry 3 by common tools:
//!
//! ```text
//! tr -d '\r' < content/ledger.toml | awk '
//!   /^\[\[entry\]\]/ {n++; own=1}  /^\[entry\./ {own=0}
//!   n==3 && NF {if (own && /^digest = /) own=0; else print}' | sha256sum
//! ```
//!
//! The entries of one act share its number, and each says which part of how many it is. A ledger that ends within an act is
//! broken: its last act was cut off.

use super::ledger::{Act, Entry, Ledger, PATH};
use crate::diagnostic::Diagnostic;
use crate::source::Digest;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Digest that the first entry records as the previous one.
pub const START: Digest = Digest::ZERO;

const RESTORE: &str = "restore the ledger from Git: git checkout -- content/ledger.toml (an older state: git log -p -- content/ledger.toml)";

/// The text of each entry: from a line that begins with `[[entry]]` to the next.
pub fn texts(source: &str) -> Vec<Range<usize>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if line.starts_with("[[entry]]") {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Returns the bytes from which the digest of an entry is computed.
///
/// ```
/// use fineprint::center::chain::canonical;
/// let typed = "[[entry]]\r\naction = \"withdraw\"\r\n\r\nprevious_digest = \"00\"\r\ndigest = \"ab\"\r\n\r\n";
/// assert_eq!(canonical(typed), "[[entry]]\naction = \"withdraw\"\nprevious_digest = \"00\"\n");
/// ```
pub fn canonical(entry: &str) -> String {
    let mut out = String::with_capacity(entry.len());
    let mut own = true;
    for line in entry.split('\n') {
        let line = match line.contains('\r') {
            true => Cow::Owned(line.replace('\r', "")),
            false => Cow::Borrowed(line),
        };
        own &= !line.starts_with("[entry.");
        let digest = own && line.starts_with("digest = ");
        own &= !digest;
        if digest || line.trim_matches([' ', '\t']).is_empty() {
            continue;
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

pub fn digest(entry: &str) -> Digest {
    Digest::of(canonical(entry).as_bytes())
}

/// Tells apart what can have happened to a ledger; nothing is mended.
pub fn verify(source: &str, ledger: &Ledger, findings: &mut Vec<Diagnostic>) {
    let path: Arc<str> = PATH.into();
    if let Some(at) = conflict(source) {
        findings.push(
            Diagnostic::new("ledger-forked", "the ledger contains a Git merge conflict")
                .at(&path, at)
                .help("make one record of both branches: fineprint ledger merge --published ours (or theirs: the branch that the live site was built from)"),
        );
        return;
    }
    let entries = &ledger.entries;
    let Some(first) = entries.first() else { return };
    if entries.iter().all(|entry| entry.digest.is_none() && entry.previous.is_none()) {
        findings.push(
            Diagnostic::new("ledger-without-digests", "the ledger has no digests, so it cannot prove anything")
                .at(&path, first.span.clone())
                .help(RESTORE)
                .help("only `fineprint release`, `withdraw` and `import` write a ledger"),
        );
        return;
    }
    let before = findings.len();
    bare(entries, &path, findings);
    edited(entries, &path, findings);
    let repeated = repeated(entries, &path, findings);
    let once: Vec<&Entry> =
        entries.iter().enumerate().filter(|(index, _)| !repeated.contains(index)).map(|(_, entry)| entry).collect();
    links(&once, &path, findings);
    // Entries that are out of place break acts, too, and that is said already.
    if findings.len() == before {
        acts(entries, &path, findings);
    }
}

fn conflict(source: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            return Some(at..at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}

/// Describes an entry in a few words.
pub fn named(entry: &Entry) -> String {
    let what = match &entry.act {
        Act::Release(release) if release.imported => "the import of",
        Act::Release(_) => "the release of",
        Act::Withdraw { .. } => "the withdrawal of",
        Act::Correct(_) => "the correction of",
        Act::Translate(_) => "the translation of",
        Act::Rename { .. } => "the new name of",
        Act::Retire(Some(_)) => "the end of",
        Act::Retire(None) => "the withdrawn end of",
    };
    let version = if entry.version.is_empty() { String::new() } else { format!(" {}", entry.version) };
    format!("{what} `{}`{version}", entry.document)
}

fn bare(entries: &[Entry], path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    for entry in entries {
        let mut lacking = Vec::new();
        if entry.previous.is_none() {
            lacking.push("`previous_digest`");
        }
        if entry.digest.is_none() {
            lacking.push("`digest`");
        }
        if let Act::Release(release) = &entry.act {
            if release.files.is_empty() {
                lacking.push("`file_sha256`");
            }
            if release.text.is_empty() {
                lacking.push("`text_sha256`");
            }
        }
        if !lacking.is_empty() {
            findings.push(
                Diagnostic::new("ledger-without-digests", format!("{} has no {}", named(entry), lacking.join(", ")))
                    .at(path, entry.span.clone())
                    .help(RESTORE),
            );
        }
    }
}

/// The entries of an act stand together and are all there.
fn acts(entries: &[Entry], path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    // What the next entry has to be, where an act goes on.
    let mut expected: Option<(u32, (u32, u32))> = None;
    for entry in entries {
        let (part, parts) = entry.part;
        let begins = part == 1 && parts >= 1;
        let fits = match expected {
            Some(expected) => (entry.number, entry.part) == expected,
            None => begins,
        };
        if !fits {
            findings.push(incomplete(entry, path));
            return;
        }
        expected = (part < parts).then_some((entry.number, (part + 1, parts)));
    }
    if let (Some(_), Some(last)) = (expected, entries.last()) {
        findings.push(incomplete(last, path));
    }
}

fn incomplete(entry: &Entry, path: &Arc<str>) -> Diagnostic {
    let (part, parts) = entry.part;
    Diagnostic::new(
        "ledger-act-incomplete",
        format!("act {} is not complete: {} is part {part} of {parts}", entry.number, named(entry)),
    )
    .at(path, entry.span.clone())
    .help(RESTORE)
}

fn edited(entries: &[Entry], path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    for entry in entries {
        if entry.digest.is_some_and(|digest| digest != entry.actual) {
            findings.push(
                Diagnostic::new(
                    "ledger-entry-edited",
                    format!("{} was changed in the ledger after it was written", named(entry)),
                )
                .at(path, entry.span.clone())
                .help(RESTORE)
                .help("correct a mistake with a new release, which is recorded after it"),
            );
        }
    }
}

/// The places of entries that stand there a second time.
fn repeated(entries: &[Entry], path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut again = BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        if entry.digest.is_some_and(|digest| !seen.insert(digest)) {
            again.insert(index);
            findings.push(
                Diagnostic::new("ledger-entry-repeated", format!("{} is in the ledger twice", named(entry)))
                    .at(path, entry.span.clone())
                    .help("remove the second copy, which a merge left behind"),
            );
        }
    }
    again
}

/// Entries know each other by the digests that are written down, so that one edited entry is one finding.
fn links(entries: &[&Entry], path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    let mut expected = START;
    let mut unbroken = true;
    for entry in entries {
        unbroken &= entry.previous.is_none_or(|previous| previous == expected);
        expected = entry.digest.unwrap_or(entry.actual);
    }
    if unbroken {
        return;
    }
    let known: BTreeSet<Digest> = entries.iter().map(|entry| entry.digest.unwrap_or(entry.actual)).collect();
    let mut followers: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(previous) = entry.previous {
            followers.entry(previous).or_default().push(index);
        }
    }
    let before = findings.len();
    for (previous, after) in &followers {
        if *previous != START && !known.contains(previous) {
            let entry = entries[after[0]];
            findings.push(
                Diagnostic::new(
                    "ledger-entry-missing",
                    format!("the entry before {} is missing, or was rewritten", named(entry)),
                )
                .at(path, entry.span.clone())
                .help(format!("it follows the entry with the digest {}", previous.hex()))
                .help(RESTORE),
            );
        }
        if after.len() > 1 {
            forked(entries, &followers, after, path, findings);
        }
    }
    if findings.len() > before {
        return;
    }
    if !followers.contains_key(&START) {
        findings.push(
            Diagnostic::new("ledger-entry-missing", "the first entry of the ledger is missing")
                .at(path, entries[0].span.clone())
                .help(RESTORE),
        );
        return;
    }
    let mut expected = START;
    for entry in entries {
        if entry.previous.is_some_and(|previous| previous != expected) {
            findings.push(
                Diagnostic::new("ledger-reordered", format!("{} is out of order: entries were moved", named(entry)))
                    .at(path, entry.span.clone())
                    .help(RESTORE),
            );
            return;
        }
        expected = entry.digest.unwrap_or(entry.actual);
    }
}

/// Several entries that follow the same one: branches that were merged, each with its releases. The branch that was
/// published first stays; the others are taken off and released again on top of it.
fn forked(
    entries: &[&Entry],
    followers: &BTreeMap<Digest, Vec<usize>>,
    after: &[usize],
    path: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) {
    let stays = after.iter().copied().min_by_key(|index| (entries[*index].recorded, *index)).unwrap_or(after[0]);
    for start in after.iter().copied().filter(|index| *index != stays) {
        let (kept, entry) = (entries[stays], entries[start]);
        let mut branch = vec![start];
        let mut at = 0;
        while at < branch.len() {
            let of = entries[branch[at]];
            branch.extend(followers.get(&of.digest.unwrap_or(of.actual)).into_iter().flatten());
            at += 1;
        }
        let of_branch = branch.iter().map(|index| entries[*index]);
        let folders: Vec<String> = of_branch
            .clone()
            .filter(|entry| matches!(entry.act, Act::Release(_)))
            .map(|entry| format!("content/{}/versions/{}", entry.document, entry.version))
            .collect();
        let entries_named: Vec<String> = of_branch.map(named).collect();
        let mut finding = Diagnostic::new(
            "ledger-forked",
            format!(
                "{} and {} follow the same entry: two branches were merged, each with its own",
                named(kept),
                named(entry)
            ),
        )
        .at(path, entry.span.clone())
        .also(path, kept.span.clone(), "the other branch")
        .help(format!("remove from the ledger: {}", entries_named.join(", ")));
        if !folders.is_empty() {
            finding = finding.help(format!("remove what it froze: rm -r {}", folders.join(" ")));
        }
        findings.push(finding.help(
            "then repeat the `fineprint release` or `withdraw`: it is recorded after the other branch's entries",
        ));
    }
}
