//! `content/ledger.toml` → [`Ledger`]: what was released and withdrawn, in order, as it was written down.
//!
//! In: the text of the file. Out: entries. Must not know: whether the frozen files are there.

use super::reader::{Keys, Reader};
use super::text::Text;
use crate::diagnostic::Diagnostic;
use crate::source::Digest;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub const PATH: &str = "content/ledger.toml";

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    /// The place of the entry in the ledger's file.
    pub span: Range<usize>,
    pub document: String,
    pub version: String,
    pub act: Act,
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
    pub files: BTreeMap<String, Digest>,
    /// SHA-256 of the resolved text, by language.
    pub text: BTreeMap<String, Digest>,
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

impl Ledger {
    pub fn read(source: &str, findings: &mut Vec<Diagnostic>) -> Ledger {
        let path: Arc<str> = PATH.into();
        let reader = &mut Reader::new(&path, 0, findings);
        let table = reader.parse(source);
        let mut keys = Keys::new(&table);
        let mut entries = Vec::new();
        for entry in keys.tables(reader, "entry") {
            entries.extend(read_entry(reader, entry));
        }
        keys.finish(reader);
        Ledger { entries }
    }
}

fn read_entry(reader: &mut Reader, mut keys: Keys<'_>) -> Option<Entry> {
    let span = keys.span();
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
    let _ = keys.value("previous");
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
    Some(Entry { span, document, version, act })
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
    let _ = keys.value("signals");
    let _ = keys.value("anchors");
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
        published_span: published.span(),
        published: published.into_inner(),
        effective_span: effective.span(),
        effective: effective.into_inner(),
        significance,
        summary,
        exemption,
        because,
        files,
        text,
    })
}

fn digests(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> BTreeMap<String, Digest> {
    let mut out = BTreeMap::new();
    let Some(table) = keys.table(reader, key) else { return out };
    for (name, _, value) in table.iter() {
        match value.get_ref().as_str().and_then(Digest::parse) {
            Some(digest) => {
                out.insert(name.to_string(), digest);
            }
            None => reader.wrong_type(value, name, "a SHA-256 of 64 hexadecimal digits"),
        }
    }
    out
}
