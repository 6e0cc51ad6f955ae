//! Reads one text, whatever its format and encoding.
//!
//! In: bytes and a name. Out: a converted text, and how it was read. Must not know: the center, versions.

use super::bytes::{self, Format};
use super::convert::{self, Converted, convert};
use super::locate::Source;
use super::past::Past;
use super::{docx, draft, html, past, plain, registers};
use crate::error::{Error, Result};
use jiff::civil::Date;
use std::path::Path;

/// A text that was read.
pub struct Reading {
    pub converted: Converted,
    pub how: String,
}

pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let size = path.metadata().map_err(|error| Error::io("read", path, error))?.len();
    if size > bytes::MAX_BYTES {
        return Err(Error::refused(format!(
            "`{}` has {} MB, which no policy has; import the text alone",
            path.display(),
            size / 1_000_000
        )));
    }
    std::fs::read(path).map_err(|error| Error::io("read", path, error))
}

pub fn single(path: &Path, today: Date) -> Result<Past> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = bytes::format_of(&name).unwrap_or(Format::Plain);
    Ok(Past { id: today.to_string(), date: today, bytes: read_bytes(path)?, name, format })
}

/// Reads a text in whatever format and encoding it is.
pub fn read(name: &str, bytes: &[u8], named: Format, slug: &str) -> Result<Reading> {
    let sniffed = bytes::sniff(name, bytes)?;
    // What git calls a name may say less than the path that was asked for.
    let format = if sniffed == Format::Plain { named } else { sniffed };
    if format == Format::Word {
        let manuscript = docx::manuscript(name, bytes)?;
        let converted = convert::from_manuscript(manuscript, slug);
        has_words(name, &converted, format)?;
        return Ok(Reading { converted, how: "Word".into() });
    }
    let decoded = bytes::decode(name, bytes, format)?;
    if matches!(format, Format::Html | Format::Markdown) && html::is_too_deep(&decoded.text) {
        return Err(Error::refused(format!(
            "`{name}` nests its elements thousands deep, which no page does; copy its text, and import that"
        )));
    }
    let (converted, how) = match format {
        Format::Html => (convert::from_manuscript(html::manuscript(&decoded.text), slug), "HTML"),
        Format::Markdown => (convert(&decoded.text, slug), "Markdown"),
        _ => (convert::from_manuscript(plain::manuscript(&decoded.text), slug), "plain text"),
    };
    has_words(name, &converted, format)?;
    let how = match decoded.encoding {
        Some(encoding) => format!("{how} in {encoding}"),
        None => how.to_string(),
    };
    Ok(Reading { converted, how })
}

/// A page that scripts fill has no words of its own.
fn has_words(name: &str, converted: &Converted, format: Format) -> Result<()> {
    let words = converted.says.prose().split_whitespace().count();
    if format == Format::Html && words < 5 {
        return Err(Error::refused(format!(
            "`{name}` has next to no words: scripts may have to fill the page first; open it in a browser, save it as a complete page or copy its text, and import that"
        )));
    }
    if words == 0 {
        return Err(Error::refused(format!("`{name}` has no words; nothing was imported")));
    }
    Ok(())
}

/// The document that a title, or else a file's name, is about.
pub fn guessed_document(title: &str, name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    for words in [title.to_lowercase(), stem.to_lowercase().replace(['-', '_'], " ")] {
        let has = |marks: &[&str]| marks.iter().any(|mark| words.contains(mark));
        if has(&["subprocessor", "sub-processor", "sub processor", "unterauftrag", "subencargad", "sous-traitant"]) {
            return "subprocessors".into();
        }
        if has(&["data processing a", "processing addendum", "auftragsverarbeitung"]) {
            return "dpa".into();
        }
        if has(&["cookie"]) && !has(&["privacy"]) {
            return "cookies".into();
        }
        if has(&[
            "privacy",
            "datenschutz",
            "privacidad",
            "confidentialité",
            "vie privée",
            "données personnelles",
            "protección de datos",
        ]) {
            return "privacy".into();
        }
        if has(&["acceptable use"]) {
            return "acceptable-use".into();
        }
        if has(&[
            "terms",
            "conditions",
            "agb",
            "geschäftsbedingungen",
            "nutzungsbedingungen",
            "condiciones",
            "conditions générales",
        ]) {
            return "terms".into();
        }
    }
    let slug: String = registers::id_of(stem).replace('_', "-");
    if slug == "row" || slug == "index" || past::day_of(stem).is_some() { "privacy".into() } else { slug }
}

/// The language of a source, as it says or by its words, as the tag of a language without a region.
pub fn language_of(path: &Path, history: bool) -> Result<Option<String>> {
    let today = Date::MAX;
    let past = match Source::find(path, history)? {
        Source::File(path) => vec![single(&path, today)?],
        Source::Dated(folder) => past::dated(&folder, today, &mut Vec::new())?,
        Source::History(file) => past::of_file(&file, &jiff::tz::TimeZone::UTC, today, &mut Vec::new())?,
        Source::Rows(_) => Vec::new(),
    };
    let Some(latest) = past.last() else { return Ok(None) };
    let reading = read(&latest.name, &latest.bytes, latest.format, "")?;
    let draft = draft::understand(&reading.converted, false);
    Ok(draft.language.map(|(tag, _)| tag.split('-').next().unwrap_or(&tag).to_string()))
}
