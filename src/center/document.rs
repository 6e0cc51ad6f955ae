//! A document with its history: the draft, the frozen versions, the words at the top of each file.
//!
//! In: files of one folder below `content` and the ledger's entries about it. Out: [`Document`].
//! Must not know: dates other than those written, HTML, the output.

use super::history::Promise;
use super::ledger::{Correction, Digests, Exemption, Significance};
use super::reader::{Keys, Reader};
use super::text::Text;
use super::translation::DIGITS;
use crate::diagnostic::Diagnostic;
use crate::notice::{NoticePeriod, NoticePeriodError, Reckoning};
use crate::record::RecordEntry;
use crate::source::{Digest, SourceFile};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::de::DeValue;

#[derive(Clone, Debug)]
pub struct Document {
    /// The folder's name and the first part of its address.
    pub slug: String,
    /// Shared, like its versions, by the centers that read it from the same bytes.
    pub draft: Option<Arc<Draft>>,
    /// In order of taking effect.
    pub versions: Versions,
    /// Entries of the record that concern the document, for the rules.
    pub entries: Arc<[RecordEntry<Promise>]>,
    /// Digest of the frozen files and ledger entries from which the versions were read.
    pub history: Digest,
}

/// The frozen versions of a document, shared by the centers that read them from the same bytes.
#[derive(Clone, Debug, Default)]
pub struct Versions(Arc<Vec<Version>>);

impl From<Vec<Version>> for Versions {
    fn from(versions: Vec<Version>) -> Self {
        Versions(Arc::new(versions))
    }
}

impl std::ops::Deref for Versions {
    type Target = [Version];

    fn deref(&self) -> &[Version] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Versions {
    type Item = &'a Version;
    type IntoIter = std::slice::Iter<'a, Version>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The working text, never published by `build`.
#[derive(Clone, Debug)]
pub struct Draft {
    /// By language tag; the authoritative one is always there.
    pub texts: BTreeMap<String, Box<TextFile>>,
    pub front: FrontMatter,
}

#[derive(Clone, Debug)]
pub struct TextFile {
    pub path: Arc<str>,
    pub digest: Digest,
    /// Where the front matter ends.
    pub body: usize,
    pub title: Option<String>,
    pub description: Option<String>,
    pub group: Option<String>,
    /// First digits of the digest of the file that a translation translates.
    pub source_digest: Option<String>,
}

impl TextFile {
    /// `body` is where the front matter ends.
    pub fn new(file: &SourceFile, front: &FrontMatter, body: usize) -> TextFile {
        TextFile {
            path: file.path.clone(),
            digest: file.digest,
            body,
            title: front.title.clone(),
            description: front.description.clone(),
            group: front.group.clone(),
            source_digest: front.source_digest.clone(),
        }
    }
}

/// A frozen release.
#[derive(Clone, Debug)]
pub struct Version {
    /// The folder's name: the day on which it takes effect, with a number where an imported day has several.
    pub id: String,
    pub folder: String,
    pub entry_span: Range<usize>,
    pub published_span: Range<usize>,
    pub effective_span: Range<usize>,
    pub imported: bool,
    pub language: String,
    /// When it was entered.
    pub recorded: Timestamp,
    /// The version that it follows and with which its announcement compared it.
    pub base: Option<String>,
    /// The version whose place it took.
    pub amends: Option<String>,
    /// The first day on which its words can be seen.
    pub published: Date,
    /// The day on which its change was first announced.
    pub notice_from: Date,
    pub effective: Date,
    /// Where its days begin, whatever the settings say today.
    pub zone: TimeZone,
    pub zone_name: String,
    /// How its notice is counted, whatever the settings say today.
    pub reckoning: Reckoning,
    pub significance: Option<Significance>,
    pub summary: Option<Text>,
    pub exemption: Option<Exemption>,
    pub withdrawn: Option<Withdrawal>,
    pub amended: Option<Amended>,
    /// In order; significance and summary are the corrected ones.
    pub corrections: Vec<Corrected>,
    pub front: FrontMatter,
    /// In boxes: a map makes room for more texts than most versions have.
    pub texts: BTreeMap<String, Box<TextFile>>,
    /// Digest of its files and of the ledger's statements about how to read them.
    pub frozen: Digest,
    /// SHA-256 of the resolved text by language, as recorded at the release.
    pub resolved: Arc<Digests>,
    /// Where it can be read, by language, below the site's root.
    pub addresses: Arc<BTreeMap<String, String>>,
    /// Every id that a link into the text may lead to; shared with the version before while they are the same.
    pub anchors: Arc<[String]>,
}

#[derive(Clone, Debug)]
pub struct Withdrawal {
    pub date: Date,
    pub reason: Option<Text>,
}

/// An announced version was changed before it took effect.
#[derive(Clone, Debug)]
pub struct Amended {
    pub date: Date,
    /// The version that has its place.
    pub heir: String,
}

#[derive(Clone, Debug)]
pub struct Corrected {
    pub date: Date,
    pub correction: Correction,
}

/// The front matter of the authoritative text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    pub title: Option<String>,
    pub description: Option<String>,
    pub order: Option<i64>,
    /// The title of the group of documents that the navigation puts it in.
    pub group: Option<String>,
    /// True if the page begins with what the document says at a glance.
    pub at_a_glance: bool,
    /// The notice that the document promises before a material change.
    pub notice: Option<NoticePeriod>,
    /// The notice that it promises before a new sub-processor starts, where that is another one.
    pub notice_subprocessors: Option<NoticePeriod>,
    pub notice_channels: Vec<&'static str>,
    /// True if a minor change asks again for an acceptance, and not only a material one.
    pub asks_for_minor: bool,
    /// True if sections are numbered automatically.
    pub numbering: bool,
    pub aliases: Vec<(String, Range<usize>)>,
    /// See [`TextFile::source_digest`].
    pub source_digest: Option<String>,
}

impl FrontMatter {
    /// Returns the notice promised before a material change, also where the file leaves it to the default.
    pub fn notice(&self) -> NoticePeriod {
        self.notice.unwrap_or_default()
    }

    /// Returns the notice promised before a new sub-processor starts.
    pub fn notice_subprocessors(&self) -> NoticePeriod {
        self.notice_subprocessors.unwrap_or_else(|| self.notice())
    }
}

impl Version {
    /// True if it was neither withdrawn nor amended.
    pub fn stands(&self) -> bool {
        self.withdrawn.is_none() && self.amended.is_none()
    }

    pub fn title(&self, language: &str) -> String {
        let own = self.texts.get(language).and_then(|text| text.title.clone());
        own.or_else(|| self.front.title.clone()).unwrap_or_else(|| self.id.clone())
    }

    pub fn description(&self, language: &str) -> Option<String> {
        let own = self.texts.get(language).and_then(|text| text.description.clone());
        own.or_else(|| self.front.description.clone())
    }

    pub fn authoritative(&self) -> Option<&TextFile> {
        self.texts.get(&self.language).map(Box::as_ref)
    }
}

/// The front matter of a text and where its body starts. A text without any is all body.
pub fn front_matter(path: &Arc<str>, text: &str, findings: &mut Vec<Diagnostic>) -> (FrontMatter, usize) {
    let start = text.len() - text.trim_start_matches([' ', '\u{feff}', '\r', '\n', '\t']).len();
    let rest = &text[start..];
    let Some(first) = rest.split_inclusive('\n').next().filter(|line| line.trim_end() == "+++") else {
        if rest.starts_with("---") && rest[3..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']) {
            findings.push(
                Diagnostic::new("yaml-front-matter", "the front matter is YAML, between `---` lines")
                    .at(path, start..start + 3)
                    .help("write TOML between `+++` lines: title = \"…\""),
            );
            let end = rest[3..].find("\n---").map_or(0, |at| start + 3 + at + 4);
            let body = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
            return (FrontMatter::default(), body);
        }
        return (FrontMatter::default(), start);
    };
    let inside = start + first.len();
    let mut at = inside;
    for line in text[inside..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let front = read_front_matter(path, inside, &text[inside..at], findings);
            return (front, at + line.len());
        }
        at += line.len();
    }
    findings.push(
        Diagnostic::new("unclosed-front-matter", "the front matter is not closed")
            .at(path, start..start + 3)
            .help("add a line `+++` after it"),
    );
    (FrontMatter::default(), text.len())
}

fn read_front_matter(path: &Arc<str>, offset: usize, source: &str, findings: &mut Vec<Diagnostic>) -> FrontMatter {
    let reader = &mut Reader::new(path, offset, findings);
    let table = reader.parse(source);
    let mut keys = Keys::new(&table);
    let front = FrontMatter {
        title: keys.string(reader, "title").map(|title| title.into_inner()),
        description: keys.string(reader, "description").map(|text| text.into_inner()),
        order: keys.integer(reader, "order", -1_000_000..1_000_001),
        group: keys.string(reader, "group").map(|group| group.into_inner()),
        at_a_glance: keys.boolean(reader, "at_a_glance") == Some(true),
        notice: notice(reader, &mut keys, "notice"),
        notice_subprocessors: notice(reader, &mut keys, "notice_subprocessors"),
        notice_channels: channels(reader, &mut keys),
        asks_for_minor: keys.word(reader, "acceptance", &["material", "minor"]) == Some("minor"),
        numbering: keys.word(reader, "numbering", &["none", "decimal"]) == Some("decimal"),
        aliases: keys
            .strings(reader, "aliases")
            .into_iter()
            .filter_map(|alias| {
                let span = reader.at(alias.span());
                if alias.get_ref().starts_with('/') {
                    return Some((alias.into_inner(), span));
                }
                reader.problem(
                    "invalid-alias",
                    alias.span(),
                    format!("the alias `{}` does not start with `/`", alias.get_ref()),
                    "write the old address from the site's root, such as \"/legal/privacy/\"",
                );
                None
            })
            .collect(),
        source_digest: translates(reader, &mut keys),
    };
    keys.finish(reader);
    front
}

fn notice(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<NoticePeriod> {
    let value = keys.value(key)?;
    let written = match value.get_ref() {
        DeValue::String(text) => text.parse(),
        _ => Err(NoticePeriodError::NotALength),
    };
    match written {
        Ok(period) => Some(period),
        Err(error) => {
            let typed = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.as_str().to_string(),
                DeValue::Float(number) => number.as_str().to_string(),
                other => other.type_str().to_string(),
            };
            let help = match (value.get_ref(), &error) {
                // A number alone had a unit once, which is the one that is most likely meant.
                (DeValue::Integer(number), _) if number.as_str().parse::<u16>().is_ok_and(|days| days < 3_661) => {
                    let days = NoticePeriod::days(number.as_str().parse().unwrap_or(0));
                    format!("write the unit, too: {key} = \"{days}\"")
                }
                _ => error.to_string(),
            };
            let code =
                if matches!(error, NoticePeriodError::TooLong(_)) { "value-out-of-range" } else { "invalid-duration" };
            reader.problem(code, value.span(), format!("`{key}` is not a notice period: `{typed}`"), help);
            None
        }
    }
}

fn translates(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<String> {
    let digits = keys.string(reader, "source_digest")?;
    let hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if (DIGITS..=64).contains(&digits.get_ref().len()) && hex(digits.get_ref()) {
        return Some(digits.into_inner());
    }
    reader.problem(
        "wrong-type",
        digits.span(),
        format!("`source_digest` must be the start of a digest, not `{}`", digits.get_ref()),
        "use the first digits that `sha256sum` prints for the translated text; eight are enough",
    );
    None
}

fn channels(reader: &mut Reader, keys: &mut Keys<'_>) -> Vec<&'static str> {
    let Some(value) = keys.value("notice_channels") else { return Vec::new() };
    match value.get_ref().as_array() {
        Some(items) => items
            .iter()
            .filter_map(|item| super::reader::word(reader, "notice_channels", item, &["banner", "email", "in-app"]))
            .collect(),
        None => {
            reader.wrong_type(value, "notice_channels", "a list such as [\"banner\", \"email\"]");
            Vec::new()
        }
    }
}
