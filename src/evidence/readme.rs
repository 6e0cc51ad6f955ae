//! The README of a pack. In: frozen bytes. Out: text that somebody can follow who has never heard of this program. Must not know:
//! archives, anything of today.

use super::{PackContents, PackFiles};
use crate::center::document::front_matter;
use crate::center::history;
use crate::center::ledger::{Act, Entry, Release};
use crate::center::{Ledger, Organization, Promise};
use crate::notice::NoticePeriod;
use crate::record::{Lifecycle, RecordEntry, State, end_of_day};

const WITHOUT: &str = "\
What this pack does not show
----------------------------

- That anybody received or read a notice, or that the site could be reached.
- That the clock of the machine was right, or that the whole record was not rewritten: compare the digest of its last
  entry (below) with one that was noted elsewhere, such as a feed reader, an archive of the site, or a time stamp.
- That nothing was recorded after the day for which the pack speaks.
- That a text meets any law, or that a change is as significant as its entry says.

";

const RECIPE: &str = "\
How to verify it
----------------

With fineprint, which makes this README, the notice and the redline again and compares every file:

    fineprint verify PACK.zip --digest DIGEST-THAT-WAS-NOTED

With common tools (sh, awk, sha256sum), download verify-pack.sh from the page of the record on the site, and run it
beside the unpacked directory. Never use a script that came with a pack:

    sh verify-pack.sh DIRECTORY DIGEST-THAT-WAS-NOTED

By hand: each file in record/ is an entry in the form of which its digest is taken, and names the digest of the entry
before it as previous_digest; a file that ends in .closed holds the digest of an entry that was not public yet. The entry
of the version names the SHA-256 of each file in frozen/:

    sha256sum record/* frozen/*
";

pub fn readme(pack: &PackContents, files: &PackFiles) -> String {
    let ledger = pack.record.ledger();
    let release = ledger.as_ref().and_then(|(ledger, numbers)| {
        let index = numbers.binary_search(&pack.entry).ok()?;
        let entry = &ledger.entries[index];
        match &entry.act {
            Act::Release(release) => Some((ledger, entry, &**release)),
            _ => None,
        }
    });
    let language = release.map_or("en", |(_, _, release)| release.language.as_str());
    let title = title(pack, language).unwrap_or_else(|| pack.document.clone());
    let heading = format!("{title}, version {}", pack.version);
    let mut out = format!("{heading}\n{}\n\n{WITHOUT}", "=".repeat(heading.chars().count()));
    out.push_str("What it shows\n-------------\n\n");
    let mut fact = |name: &str, value: &str| out.push_str(&format!("{name:<16}{value}\n"));
    if let Some(organization) = organization(pack, language) {
        fact("Organization", &organization);
    }
    fact("Document", &pack.document);
    fact("State as of", &pack.as_of.to_string());
    if let Some((ledger, entry, release)) = release {
        if let Some(address) = release.addresses.get(language) {
            fact("Address", &format!("{}/{address}", pack.site.trim_end_matches('/')));
        }
        fact("Recorded", &entry.recorded.to_string());
        fact("Published", &release.published.to_string());
        fact("Takes effect", &format!("{} at 00:00 in {}", release.effective, release.zone_name));
        fact("Applies", &applies(pack, ledger, entry, release));
        // A later version that nobody has classified comes from an import.
        let unsaid = if release.base.is_some() { "not classified" } else { "first" };
        fact("Change", release.significance.map_or(unsaid, |significance| significance.name()));
        if release.imported {
            fact("Imported", "entered in the record later, from a history that the record did not see");
        }
    }
    fact("Last entry", &pack.record.head.hex());
    fact("Made by", &format!("fineprint {}", env!("CARGO_PKG_VERSION")));

    out.push_str("\nWhat is in it\n-------------\n\n");
    let has = |folder: &str| files.keys().any(|path| path.starts_with(folder));
    let mut part = |name: &str, what: &str| out.push_str(&format!("{name:<16}{what}\n"));
    part("frozen/", "the version as it was released: sources, facts, the text in each language as readers saw it");
    part("", "(text.LANG.md), and what was announced (announcement.LANG.json)");
    part("record/", "every entry of the record up to that day, in order");
    if has("before/") {
        part("before/", "the texts of the version before it");
        part("redline/", "the changes between the two, made from these texts");
    }
    if has("notice/") {
        part("notice/", "the announcement as plain text, made from the frozen one");
    }
    part("pack.json", "which version and day this pack is about");
    part("SHA256SUMS", "the SHA-256 of each file");
    if !has("notice/") {
        out.push_str("\nNo announcement was frozen with this version.\n");
    }
    if !has("before/") {
        out.push_str("\nThis is the first version, so there is no comparison.\n");
    }
    out.push('\n');
    out.push_str(RECIPE);
    out
}

/// When the version applied, from the entries in the pack alone.
fn applies(pack: &PackContents, ledger: &Ledger, entry: &Entry, release: &Release) -> String {
    let key = ledger.key(&entry.document);
    let entries = ledger.of(&entry.document).map(|entry| RecordEntry {
        act: entry.number,
        recorded: entry.recorded,
        document: key.to_string(),
        event: history::event(entry, Promise(NoticePeriod::DEFAULT)),
    });
    let entries: Vec<RecordEntry<Promise>> = entries.collect();
    let at = end_of_day(pack.as_of, &release.zone);
    let life = Lifecycle::at(&entries, at);
    let state = life.as_ref().and_then(|life| life.state(&entry.version, at));
    let next = life.as_ref().and_then(|life| life.live().nth(life.place(&entry.version)? + 1));
    let (from, day) = (release.effective, pack.as_of);
    match (state, next) {
        (Some(State::Withdrawn | State::NeverShown), _) => "never: it was withdrawn before it took effect".to_string(),
        (Some(State::Amended), _) => "never: it was amended before it took effect".to_string(),
        (Some(State::Upcoming | State::Scheduled), _) => {
            format!("from {from}; on {day} it was announced but not in force")
        }
        (_, Some(next)) => format!("from {from} until {}, when the next version takes effect", next.effective),
        (_, None) => match life.as_ref().and_then(|life| life.retirement.as_ref()) {
            Some(end) => format!("from {from} until {}, when the document ends", end.on),
            None => format!("from {from}; on {day} no later version was known"),
        },
    }
}

/// The title that was frozen with the text.
fn title(pack: &PackContents, language: &str) -> Option<String> {
    let name = crate::text::text_name(language);
    let text = String::from_utf8_lossy(pack.frozen.get(&name)?);
    front_matter(&name.as_str().into(), &text, &mut Vec::new()).0.title
}

/// The name of the organization, from the facts that were frozen with the version.
fn organization(pack: &PackContents, language: &str) -> Option<String> {
    let text = String::from_utf8_lossy(pack.frozen.get("organization.toml")?);
    let organization = Organization::read(&"organization.toml".into(), &text, &mut Vec::new());
    let name = organization.legal_name.or(organization.brand)?;
    Some(name.get([language]).to_string())
}
