//! `content/ledger.toml` → [`Ledger`]: what was released and withdrawn, in order, as it was written down.
//!
//! In: the text of the file. Out: entries. Must not know: whether the frozen files are there.

use super::chain;
use super::reader::{Keys, Reader};
use super::text::Text;
use crate::diagnostic::Diagnostic;
use crate::source::Digest;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

pub const PATH: &str = "content/ledger.toml";

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    /// Where the entries of each document stand.
    by_document: BTreeMap<String, Vec<usize>>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    /// The place of the entry in the ledger's file.
    pub span: Range<usize>,
    pub document: String,
    pub version: String,
    pub act: Act,
    /// The digest of the entry before, as written.
    pub previous: Option<Digest>,
    /// The entry's own digest, as written and as it is; see [`chain`].
    pub digest: Option<Digest>,
    pub actual: Digest,
}

impl Entry {
    /// The day on which it became public.
    pub fn date(&self) -> Date {
        match &self.act {
            Act::Release(release) => release.published,
            Act::Withdraw { date, .. } => *date,
        }
    }
}

#[derive(Clone, Debug)]
pub enum Act {
    Release(Box<Release>),
    Withdraw { date: Date, reason: Option<Text> },
}

#[derive(Clone, Debug)]
pub struct Release {
    /// Brought in from a past that this ledger did not see.
    pub imported: bool,
    /// The authoritative language.
    pub language: String,
    pub published: Date,
    pub published_span: Range<usize>,
    pub effective: Date,
    pub effective_span: Range<usize>,
    /// None for a document's first version.
    pub significance: Option<Significance>,
    pub summary: Option<Text>,
    pub exemption: Option<Exemption>,
    /// Why a change with material signals was released as less.
    pub because: Option<Text>,
    /// SHA-256 of each frozen file, by its name in the version's folder.
    pub files: Digests,
    /// SHA-256 of the resolved text, by language.
    pub text: Arc<Digests>,
    /// Every id in the authoritative text that a link may lead to.
    pub anchors: Arc<[String]>,
    /// Codes of the signals of a material change that were found.
    pub signals: Vec<String>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Significance {
    Material,
    /// The meaning changes, not materially.
    Minor,
    /// Typos and style.
    Editorial,
}

impl Significance {
    pub fn name(self) -> &'static str {
        match self {
            Significance::Material => "material",
            Significance::Minor => "minor",
            Significance::Editorial => "editorial",
        }
    }
}

/// Why a material change may take effect before its notice has run.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    pub kind: &'static str,
    pub reason: Text,
}

pub const EXEMPTIONS: &[&str] = &["legal-duty", "security", "favourable", "waived"];

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
                match ledger.by_document.get_mut(&entry.document) {
                    Some(known) => known.push(ledger.entries.len()),
                    None => drop(ledger.by_document.insert(entry.document.clone(), vec![ledger.entries.len()])),
                }
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

    /// The names of all documents that were ever released.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.by_document.keys().map(String::as_str)
    }

    /// The entries of a document, oldest first.
    pub fn of(&self, document: &str) -> impl Iterator<Item = &Entry> {
        self.by_document.get(document).into_iter().flatten().map(|index| &self.entries[*index])
    }

    /// The releases of a document, oldest first.
    pub fn releases(&self, document: &str) -> impl Iterator<Item = (&Entry, &Release)> {
        self.of(document).filter_map(|entry| match &entry.act {
            Act::Release(release) => Some((entry, &**release)),
            Act::Withdraw { .. } => None,
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

fn read_entry(reader: &mut Reader, mut keys: Keys<'_>, actual: Digest) -> Option<Entry> {
    let span = reader.at(keys.span());
    let mut complete = true;
    for key in ["action", "document", "version"] {
        if !keys.has(key) {
            keys.missing(reader, key, "a ledger entry");
            complete = false;
        }
    }
    let action = keys.word(reader, "action", &["release", "withdraw", "import"]);
    let document = keys.string(reader, "document");
    let version = keys.string(reader, "version");
    if !complete {
        return None;
    }
    let (action, document, version) = (action?, document?.into_inner(), version?.into_inner());
    let previous = digest(reader, &mut keys, "previous");
    let digest = digest(reader, &mut keys, "digest");
    let act = if action == "withdraw" {
        let date = keys.date(reader, "date");
        if date.is_none() && !keys.has("date") {
            keys.missing(reader, "date", "the withdrawal");
        }
        let reason = keys.text(reader, "reason");
        Act::Withdraw { date: date?.into_inner(), reason }
    } else {
        Act::Release(Box::new(read_release(reader, &mut keys, action == "import")?))
    };
    keys.finish(reader);
    Some(Entry { span, document, version, act, previous, digest, actual })
}

fn read_release(reader: &mut Reader, keys: &mut Keys<'_>, imported: bool) -> Option<Release> {
    let language = keys.string(reader, "language").map(|language| language.into_inner());
    let published = keys.date(reader, "published");
    let effective = keys.date(reader, "effective");
    for key in ["language", "published", "effective"] {
        if !keys.has(key) {
            keys.missing(reader, key, "the release");
        }
    }
    let significance = keys.word(reader, "significance", &["material", "minor", "editorial"]).map(|word| match word {
        "material" => Significance::Material,
        "minor" => Significance::Minor,
        _ => Significance::Editorial,
    });
    let summary = keys.text(reader, "summary");
    let because = keys.text(reader, "because");
    let mut words =
        |key| -> Vec<String> { keys.strings(reader, key).into_iter().map(|word| word.into_inner()).collect() };
    let signals = words("signals");
    let anchors = words("anchors");
    let exemption = keys.table(reader, "exemption").and_then(|mut exemption| {
        let kind = exemption.word(reader, "kind", EXEMPTIONS);
        let reason = exemption.text(reader, "reason");
        if reason.as_ref().is_none_or(Text::is_empty) {
            exemption.missing(reader, "reason", "the exemption");
        }
        exemption.finish(reader);
        Some(Exemption { kind: kind?, reason: reason? })
    });
    let files = digests(reader, keys, "files");
    let text = digests(reader, keys, "text");
    let (published, effective) = (published?, effective?);
    Some(Release {
        imported,
        language: language?,
        published_span: reader.at(published.span()),
        published: published.into_inner(),
        effective_span: reader.at(effective.span()),
        effective: effective.into_inner(),
        significance,
        summary,
        exemption,
        because,
        files,
        text: text.into(),
        anchors: anchors.into(),
        signals,
    })
}

fn digest(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<Digest> {
    let typed = keys.string(reader, key)?;
    let digest = Digest::parse(typed.get_ref());
    if digest.is_none() {
        reader.problem(
            "wrong-type",
            typed.span(),
            format!("`{key}` is not a SHA-256"),
            "restore the ledger from Git: git checkout -- content/ledger.toml",
        );
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
