//! `content/ledger.toml` → [`Ledger`]: what was released and withdrawn, in order, as it was written down.
//!
//! In: the text of the file. Out: entries. Must not know: whether the frozen files are there.

use super::chain;
use super::reader::{Keys, Reader};
use super::text::Text;
use crate::diagnostic::Diagnostic;
use crate::notice::{Counting, Reckoning};
use crate::source::Digest;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

pub use crate::record::{EXEMPTIONS, Significance};

pub const PATH: &str = "content/ledger.toml";

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    /// Where the entries of each document are, by its first name.
    by_document: BTreeMap<String, Vec<usize>>,
    /// The first name of a document by each other name that it had, and its present name by the first.
    keys: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

/// One entry: who did what to which document is for git to say; what was done, and when, is said here.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The place of the entry in the ledger's file.
    pub span: Range<usize>,
    /// The number of the act, which the entries that it made share.
    pub number: u32,
    /// Which of the act's entries this is, and how many there are.
    pub part: (u32, u32),
    pub document: String,
    /// Empty where the act concerns the document as a whole.
    pub version: String,
    /// When it was entered, by the clock of the machine that made it.
    pub recorded: Timestamp,
    /// Why the clock may be behind the entry before.
    pub clock_justification: Option<Text>,
    pub act: Act,
    /// The digest of the entry before, as written.
    pub previous: Option<Digest>,
    /// The entry's own digest, as written and as it is; see [`chain`].
    pub digest: Option<Digest>,
    pub actual: Digest,
}

#[derive(Clone, Debug)]
pub enum Act {
    /// A release, an import, an amendment, or words frozen again.
    Release(Box<Release>),
    Withdraw {
        reason: Option<Text>,
    },
    Correct(Box<Correction>),
    Rename {
        name: String,
    },
    /// The announced end of the document; none takes it back.
    Retire(Option<Box<Retirement>>),
    Translate(Box<Translation>),
}

#[derive(Clone, Debug)]
pub struct Release {
    /// Brought in from a past that this ledger did not see.
    pub imported: bool,
    /// The version that it follows. None for a first one.
    pub base: Option<String>,
    /// The version whose place it takes.
    pub amends: Option<String>,
    /// The significance of the amendment alone. None if only the words around the change were frozen again.
    pub amendment: Option<Significance>,
    /// The authoritative language.
    pub language: String,
    pub published: Date,
    pub published_span: Range<usize>,
    /// The day on which this change was first announced: kept when it is frozen again.
    pub notice_from: Date,
    pub effective: Date,
    pub effective_span: Range<usize>,
    /// Where its days begin.
    pub zone: TimeZone,
    pub zone_name: String,
    pub reckoning: Reckoning,
    /// None for a document's first version.
    pub significance: Option<Significance>,
    pub summary: Option<Text>,
    pub exemption: Option<Exemption>,
    /// Why a change with material signals was released as less.
    pub justification: Option<Text>,
    /// SHA-256 of each frozen file, by its name in the version's folder.
    pub files: Digests,
    /// SHA-256 of the resolved text, by language.
    pub text: Arc<Digests>,
    /// Where the version can be read on the site, by language, below its root.
    pub addresses: Arc<BTreeMap<String, String>>,
    /// Every id in the authoritative text that a link may lead to.
    pub anchors: Arc<[String]>,
    /// Codes of the signals of a material change that were found.
    pub signals: Vec<String>,
}

/// A correction of what was recorded about a version. Its frozen words stay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    pub significance: Option<Significance>,
    pub summary: Option<Text>,
    pub reason: Option<Text>,
}

#[derive(Clone, Debug)]
pub struct Retirement {
    pub on: Date,
    pub zone: TimeZone,
    pub zone_name: String,
    pub reason: Option<Text>,
    pub exemption: Option<Exemption>,
    /// The document that has its place.
    pub successor: Option<String>,
}

/// A language that joined a standing version.
#[derive(Clone, Debug)]
pub struct Translation {
    pub language: String,
    pub files: Digests,
    pub text: Arc<Digests>,
    pub address: String,
}

/// Digests by name, in order. A map makes room for many, and most of thousands of versions have one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digests(Box<[(Box<str>, Digest)]>);

impl Digests {
    pub fn get(&self, name: &str) -> Option<&Digest> {
        let index = self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(&self.0[index].1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Digest)> {
        self.0.iter().map(|(name, digest)| (&**name, digest))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<Box<str>>> FromIterator<(N, Digest)> for Digests {
    fn from_iter<I: IntoIterator<Item = (N, Digest)>>(digests: I) -> Self {
        let sorted: BTreeMap<Box<str>, Digest> =
            digests.into_iter().map(|(name, digest)| (name.into(), digest)).collect();
        Digests(sorted.into_iter().collect())
    }
}

/// Why a material change may take effect before its notice has run.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    pub kind: &'static str,
    pub reason: Text,
}

/// Entries that are parsed together: the tree of a parsed ledger is many times its text.
const TOGETHER: usize = 64;

impl Ledger {
    pub fn read(source: &str, findings: &mut Vec<Diagnostic>) -> Ledger {
        let path: Arc<str> = PATH.into();
        let texts = chain::texts(source);
        // A text over several lines could hold a line that looks like an entry's first: then nothing is taken apart.
        let together = if source.contains("\"\"\"") || source.contains("'''") { texts.len().max(1) } else { TOGETHER };
        let groups: Vec<&[Range<usize>]> = if texts.is_empty() { vec![&[]] } else { texts.chunks(together).collect() };
        let read: Vec<Group> = groups
            .par_iter()
            .enumerate()
            .map(|(index, group)| {
                // What stands before the first entry is read with it.
                let start = if index == 0 { 0 } else { group.first().map_or(0, |range| range.start) };
                let end = group.last().map_or(source.len(), |range| range.end);
                read_group(&path, source, start..end, group)
            })
            .collect();
        let mut ledger = Ledger::default();
        let mut orderly = true;
        // Most versions have the anchors of the one before.
        let mut anchors: HashMap<String, Arc<[String]>> = HashMap::new();
        for mut group in read {
            for entry in &mut group.entries {
                let Act::Release(release) = &mut entry.act else { continue };
                match anchors.get(&entry.document).filter(|before| **before == release.anchors) {
                    Some(before) => release.anchors = before.clone(),
                    None => drop(anchors.insert(entry.document.clone(), release.anchors.clone())),
                }
            }
            for entry in group.entries {
                let key = ledger.key(&entry.document).to_string();
                if let Act::Rename { name } = &entry.act {
                    ledger.keys.insert(name.clone(), key.clone());
                    ledger.names.insert(key.clone(), name.clone());
                }
                ledger.by_document.entry(key).or_default().push(ledger.entries.len());
                ledger.entries.push(entry);
            }
            findings.extend(group.findings);
            orderly &= group.orderly;
        }
        if !orderly {
            findings.push(
                Diagnostic::new("ledger-entry-edited", "the ledger does not have the layout that fineprint writes")
                    .at(&path, 0..0)
                    .help("restore it from Git: git checkout -- content/ledger.toml; each entry begins with a line `[[entry]]`"),
            );
        }
        ledger
    }

    /// The present names of all documents that were ever released.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.by_document.keys().map(|key| self.name(key))
    }

    /// The first name of a document by any name that it ever had.
    pub fn key<'l>(&'l self, document: &'l str) -> &'l str {
        self.keys.get(document).map_or(document, String::as_str)
    }

    /// The present name of a document, which is that of its folder.
    pub fn name<'l>(&'l self, document: &'l str) -> &'l str {
        let key = self.key(document);
        self.names.get(key).map_or(key, String::as_str)
    }

    /// The entries of a document, by any of its names, oldest first.
    pub fn of(&self, document: &str) -> impl Iterator<Item = &Entry> {
        self.by_document.get(self.key(document)).into_iter().flatten().map(|index| &self.entries[*index])
    }

    /// The releases of a document, oldest first.
    pub fn releases(&self, document: &str) -> impl Iterator<Item = (&Entry, &Release)> {
        self.of(document).filter_map(|entry| match &entry.act {
            Act::Release(release) => Some((entry, &**release)),
            _ => None,
        })
    }
}

struct Group {
    entries: Vec<Entry>,
    findings: Vec<Diagnostic>,
    /// True if each table begins where an entry's text does.
    orderly: bool,
}

fn read_group(path: &Arc<str>, source: &str, range: Range<usize>, texts: &[Range<usize>]) -> Group {
    let mut findings = Vec::new();
    let reader = &mut Reader::new(path, range.start, &mut findings);
    let table = reader.parse(&source[range]);
    let mut keys = Keys::new(&table);
    let tables = keys.tables(reader, "entry");
    let orderly = texts.len() == tables.len();
    let mut entries = Vec::new();
    for (index, entry) in tables.into_iter().enumerate() {
        let text = texts.get(index).map_or("", |range| &source[range.clone()]);
        entries.extend(read_entry(reader, entry, chain::digest(text)));
    }
    keys.finish(reader);
    Group { entries, findings, orderly }
}

const ACTIONS: &[&str] = &["release", "import", "withdraw", "correct", "rename", "retire", "translate"];

fn read_entry(reader: &mut Reader, mut keys: Keys<'_>, actual: Digest) -> Option<Entry> {
    let span = reader.at(keys.span());
    let mut complete = true;
    for key in ["act", "part", "action", "document", "recorded"] {
        if !keys.has(key) {
            keys.missing(reader, key, "a ledger entry");
            complete = false;
        }
    }
    let number = keys.integer(reader, "act", 1..i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok());
    let part = part(reader, &mut keys);
    let action = keys.word(reader, "action", ACTIONS);
    let document = keys.string(reader, "document");
    let version = keys.string(reader, "version").map(|version| version.into_inner());
    let recorded = instant(reader, &mut keys, "recorded");
    let clock_justification = keys.text(reader, "clock_justification");
    if !complete {
        return None;
    }
    let (number, part, action) = (number?, part?, action?);
    let (document, recorded) = (document?.into_inner(), recorded?);
    if version.is_none() && !matches!(action, "rename" | "retire") {
        keys.missing(reader, "version", "a ledger entry");
        return None;
    }
    let previous = digest(reader, &mut keys, "previous_digest");
    let digest = digest(reader, &mut keys, "digest");
    let act = match action {
        "withdraw" => Act::Withdraw { reason: keys.text(reader, "reason") },
        "correct" => Act::Correct(Box::new(Correction {
            significance: significance(reader, &mut keys, "significance"),
            summary: keys.text(reader, "summary"),
            reason: keys.text(reader, "reason"),
        })),
        "rename" => Act::Rename { name: required(reader, &mut keys, "name", "the new name")? },
        "retire" => Act::Retire(read_retirement(reader, &mut keys)),
        "translate" => Act::Translate(Box::new(Translation {
            language: required(reader, &mut keys, "language", "the translation")?,
            address: required(reader, &mut keys, "address", "the translation")?,
            files: digests(reader, &mut keys, "file_sha256"),
            text: digests(reader, &mut keys, "text_sha256").into(),
        })),
        action => Act::Release(Box::new(read_release(reader, &mut keys, action == "import")?)),
    };
    keys.finish(reader);
    let version = version.unwrap_or_default();
    Some(Entry { span, number, part, document, version, recorded, clock_justification, act, previous, digest, actual })
}

/// `2 of 3`.
fn part(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<(u32, u32)> {
    let typed = keys.string(reader, "part")?;
    let parsed =
        typed.get_ref().split_once(" of ").and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    if parsed.is_none() {
        restore(reader, typed.span(), "`part` is not written as \"1 of 2\"");
    }
    parsed
}

fn instant(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<Timestamp> {
    let value = keys.value(key)?;
    let instant = value.get_ref().as_datetime().and_then(|typed| typed.to_string().parse().ok());
    if instant.is_none() {
        reader.wrong_type(value, key, "an instant such as 2026-11-28T10:00:00Z");
    }
    instant
}

fn required(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str, whose: &str) -> Option<String> {
    let typed = keys.string(reader, key).map(|typed| typed.into_inner());
    if typed.is_none() && !keys.has(key) {
        keys.missing(reader, key, whose);
    }
    typed
}

fn significance(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<Significance> {
    keys.word(reader, key, Significance::NAMES).and_then(Significance::named)
}

/// The zone in which days begin, under its name.
fn zone(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<(TimeZone, String)> {
    let Some(typed) = keys.string(reader, "timezone") else {
        if !keys.has("timezone") {
            keys.missing(reader, "timezone", "a ledger entry");
        }
        return None;
    };
    let zone = TimeZone::get(typed.get_ref()).ok();
    if zone.is_none() {
        restore(reader, typed.span(), &format!("`{}` is not a time zone of the IANA database", typed.get_ref()));
    }
    Some((zone?, typed.into_inner()))
}

fn exemption(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<Exemption> {
    let mut exemption = keys.table(reader, "exemption")?;
    let kind = exemption.word(reader, "kind", EXEMPTIONS);
    let reason = exemption.text(reader, "reason");
    if reason.as_ref().is_none_or(Text::is_empty) {
        exemption.missing(reader, "reason", "the exemption");
    }
    exemption.finish(reader);
    Some(Exemption { kind: kind?, reason: reason? })
}

fn read_retirement(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<Box<Retirement>> {
    let on = keys.date(reader, "on")?.into_inner();
    let (zone, zone_name) = zone(reader, keys)?;
    let (reason, exemption) = (keys.text(reader, "reason"), exemption(reader, keys));
    let successor = keys.string(reader, "successor").map(|name| name.into_inner());
    Some(Box::new(Retirement { on, zone, zone_name, reason, exemption, successor }))
}

fn read_release(reader: &mut Reader, keys: &mut Keys<'_>, imported: bool) -> Option<Release> {
    let mut string = |key| keys.string(reader, key).map(|typed| typed.into_inner());
    let (base, amends, language) = (string("base"), string("amends"), string("language"));
    let amendment = significance(reader, keys, "amendment");
    let published = keys.date(reader, "published");
    let notice_from = keys.date(reader, "notice_from");
    let effective = keys.date(reader, "effective");
    for key in ["language", "published", "notice_from", "effective"] {
        if !keys.has(key) {
            keys.missing(reader, key, "the release");
        }
    }
    let zone = zone(reader, keys);
    let counting = keys.word(reader, "counting", Counting::NAMES).and_then(Counting::named);
    let holidays = holidays(reader, keys);
    let significance = significance(reader, keys, "significance");
    let summary = keys.text(reader, "summary");
    let justification = keys.text(reader, "justification");
    let mut words =
        |key| -> Vec<String> { keys.strings(reader, key).into_iter().map(|word| word.into_inner()).collect() };
    let signals = words("signals");
    let anchors = words("anchors");
    let exemption = exemption(reader, keys);
    let addresses = addresses(reader, keys);
    let files = digests(reader, keys, "file_sha256");
    let text = digests(reader, keys, "text_sha256");
    let (published, effective) = (published?, effective?);
    let (zone, zone_name) = zone?;
    Some(Release {
        imported,
        base,
        amends,
        amendment,
        language: language?,
        published_span: reader.at(published.span()),
        published: published.into_inner(),
        notice_from: notice_from?.into_inner(),
        effective_span: reader.at(effective.span()),
        effective: effective.into_inner(),
        zone,
        zone_name,
        reckoning: Reckoning::new(counting?, holidays),
        significance,
        summary,
        exemption,
        justification,
        files,
        text: text.into(),
        addresses: addresses.into(),
        anchors: anchors.into(),
        signals,
    })
}

fn holidays(reader: &mut Reader, keys: &mut Keys<'_>) -> Vec<Date> {
    let Some(value) = keys.value("holidays") else { return Vec::new() };
    match value.get_ref().as_array() {
        Some(days) => days.iter().filter_map(|day| super::reader::date(reader, "holidays", day)).collect(),
        None => {
            reader.wrong_type(value, "holidays", "a list of dates");
            Vec::new()
        }
    }
}

fn addresses(reader: &mut Reader, keys: &mut Keys<'_>) -> BTreeMap<String, String> {
    match keys.text(reader, "address") {
        Some(Text::ByLanguage(by)) => by,
        _ => BTreeMap::new(),
    }
}

fn restore(reader: &mut Reader, span: Range<usize>, message: &str) {
    let help = "restore the ledger from git: git checkout -- content/ledger.toml";
    reader.problem("wrong-type", span, message.to_string(), help);
}

fn digest(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<Digest> {
    let typed = keys.string(reader, key)?;
    let digest = Digest::parse(typed.get_ref());
    if digest.is_none() {
        restore(reader, typed.span(), &format!("`{key}` is not a SHA-256"));
    }
    digest
}

fn digests(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Digests {
    let mut out = Vec::new();
    let Some(table) = keys.table(reader, key) else { return Digests::default() };
    for (name, _, value) in table.iter() {
        match value.get_ref().as_str().and_then(Digest::parse) {
            Some(digest) => out.push((name, digest)),
            None => reader.wrong_type(value, name, "a SHA-256 of 64 hexadecimal digits"),
        }
    }
    out.into_iter().collect()
}
