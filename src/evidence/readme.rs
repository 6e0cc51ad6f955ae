//! The README of an evidence pack. In: a version, the pack's files. Out: text that somebody can follow who has never heard of
//! this program. Must not know: archives.

use crate::plan::address;
use crate::render::Renderer;
use crate::source::Digest;
use crate::timeline::State;
use crate::view::model::significance;

pub fn readme(
    renderer: &Renderer,
    document: usize,
    version: usize,
    files: &[(String, Vec<u8>)],
    last: Digest,
) -> String {
    let plan = renderer.plan;
    let center = plan.center;
    let entry = &center.documents[document];
    let frozen = &entry.versions[version];
    let timeline = &plan.timeline.documents[document];
    let date = plan.timeline.date;
    let state = timeline.states[version];
    let until = timeline.until(entry, version).filter(|_| state != State::Withdrawn);
    let applied = match (state, until) {
        (State::Withdrawn, _) => "never: it was withdrawn before it took effect".to_string(),
        (State::Upcoming, _) => format!("from {}; on {date} it was announced but not in force", frozen.effective),
        (_, Some(until)) => format!("from {} until {until}, when the next version takes effect", frozen.effective),
        (_, None) => format!("from {}; on {date} no later version was known", frozen.effective),
    };
    let title = renderer.views.title(0, document);
    let organization = center.organization.legal_name.as_ref().map(|text| renderer.views.say(0, text));
    let organization = organization.unwrap_or_else(|| renderer.views.say(0, &center.settings.title));
    let mut out = format!(
        "{title}, version {}\n{}\n\n",
        frozen.id,
        "=".repeat(title.chars().count() + frozen.id.len() + ", version ".len())
    );
    let mut fact = |name: &str, value: &str| out.push_str(&format!("{name:<16}{value}\n"));
    fact("Organization", &organization);
    fact("Document", &entry.slug);
    fact("Address", &plan.absolute(0, &address::version(&entry.slug, &frozen.id)));
    fact("Published", &frozen.published.to_string());
    fact("Takes effect", &format!("{} at 00:00 in {}", frozen.effective, center.settings.zone_name));
    fact("Applies", &applied);
    fact("Change", significance(frozen.significance));
    if let Some(withdrawal) = frozen.withdrawn.as_ref().filter(|_| state == State::Withdrawn) {
        fact("Withdrawn", &withdrawal.date.to_string());
    }
    if frozen.imported {
        fact("Imported", "entered in the record later, from a history that this ledger did not see");
    }
    fact("State as of", &date.to_string());
    fact("Made by", &format!("fineprint {}, build {}", env!("CARGO_PKG_VERSION"), env!("FINEPRINT_BUILD")));

    let has = |folder: &str| files.iter().any(|(path, _)| path.starts_with(folder));
    out.push_str("\nWhat is in it\n-------------\n\n");
    let mut part = |name: &str, what: &str| out.push_str(&format!("{name:<16}{what}\n"));
    part("text/", "the text in each language, with every fact and table filled in, as readers saw it");
    part("frozen/", "the files from which it was made, as released");
    if has("notice/") {
        part("notice/", "the notice of the change, in the words of the site");
    }
    if has("redline/") {
        part("redline/", "the changes from the previous version; the HTML needs no network");
    }
    part("ledger.toml", "the record of releases, from its first entry to the last that concerns this version");
    part("SHA256SUMS", "the SHA-256 of each file in this archive");
    part("verify.sh", "the steps below as a script");
    if !has("notice/") {
        out.push_str("\nNo notice was required or recorded for this version.\n");
    }
    if !has("redline/") {
        out.push_str("\nThis is the first version, so there is no comparison.\n");
    }

    out.push_str(&format!(
        "\nHow to verify it\n----------------\n\n\
         1. The files are as they were packed:\n\n    sha256sum -c SHA256SUMS\n\n\
         2. The chain of the ledger. Each entry states its own SHA-256 (`digest`) and that of the entry before it\n   \
         (`previous_digest`, 64 zeros in the first). What is hashed are the entry's lines without blank ones and without the\n   \
         first line `digest` above its tables. For the third entry:\n\n    \
         tr -d '\\r' < ledger.toml | awk '\n      /^\\[\\[entry\\]\\]/ {{n++; own=1}}  /^\\[entry\\./ {{own=0}}\n      \
         n==3 && NF {{if (own && /^digest = /) own=0; else print}}' | sha256sum\n\n\
         3. The entry with document = \"{}\" and version = \"{}\" names the SHA-256 of each file in frozen/\n   \
         (`entry.file_sha256`) and of each text in text/ (`entry.text_sha256`):\n\n    sha256sum frozen/* text/*\n\n\
         All three at once, for every entry:\n\n    sh verify.sh\n\n\
         4. That nobody wrote the whole ledger anew is not in this pack: compare the digest of its last entry with one\n   \
         that was kept elsewhere, such as the history of the repository, or an older pack. It is\n\n    {}\n",
        entry.slug,
        frozen.id,
        last.hex()
    ));
    out.push_str(
        "\nWhat it does not show\n---------------------\n\n\
         That anybody received or read a notice, that the site could be reached, or that a text meets any law.\n",
    );
    out
}
