//! The bytes of a file → what they are, and their text.
//!
//! In: bytes and a file's name. Out: the format and the text in UTF-8, or a sentence that says what it is instead.
//! Must not know: what becomes of it.

use crate::error::{Error, Result};

/// Larger files are no policy.
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Html,
    Plain,
    Word,
    Csv,
    Json,
    Yaml,
}

/// A text with the name of the encoding that it was in, unless that is plain UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub encoding: Option<String>,
}

/// The format that a file's name promises; none for names that promise nothing that can be imported.
pub fn format_of(name: &str) -> Option<Format> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match extension.as_str() {
        "md" | "markdown" | "mdown" | "mkd" | "mdx" | "qmd" | "rmd" => Format::Markdown,
        "html" | "htm" | "xhtml" | "mhtml" | "mht" => Format::Html,
        "txt" | "text" => Format::Plain,
        "docx" | "docm" | "dotx" => Format::Word,
        "csv" | "tsv" => Format::Csv,
        "json" => Format::Json,
        "yaml" | "yml" => Format::Yaml,
        _ => return None,
    })
}

/// Returns the kind of a file, from its bytes first and its name second.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<Format> {
    let refused = |what: &str, cure: &str| Err(Error::refused(format!("`{name}` is {what}; {cure}")));
    let starts = |marks: &[&[u8]]| marks.iter().any(|mark| bytes.starts_with(mark));
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refused("empty", "nothing was imported");
    }
    if starts(&[b"%PDF-"]) {
        return refused(
            "a PDF",
            "save the document that it was made from as Word (.docx) or as a web page, and import that",
        );
    }
    if starts(&[b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x00", b"RIFF", b"\x00\x00\x01\x00", b"II*\x00", b"MM\x00*"])
    {
        return refused("a picture", "import the text itself");
    }
    if starts(&[b"\xd0\xcf\x11\xe0"]) {
        return refused("an old Word file (.doc)", "open it in a word processor, save it as .docx, and import that");
    }
    if starts(&[b"{\\rtf"]) {
        return refused("a rich text file (.rtf)", "open it in a word processor, save it as .docx, and import that");
    }
    if starts(&[b"bplist", b"WEBARCHIVE"]) {
        return refused("a web archive of one browser", "save the page as HTML, and import that");
    }
    if starts(&[b"PK\x03\x04", b"PK\x05\x06"]) {
        return Ok(Format::Word);
    }
    if starts(&[b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!"]) {
        return refused("an archive", "unpack it, and import the folder or the file in it");
    }
    let named = format_of(name);
    if starts(&[b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"]) || utf16(bytes).is_some() {
        // Text, whatever zeros it has.
    } else if bytes.contains(&0) {
        return refused("not a text", "import Markdown, HTML, plain text or Word (.docx)");
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.starts_with("mime-version:") || head.starts_with("from: <saved by") {
        return refused("a page saved as one MHTML file", "save it as \"Webpage, HTML only\", and import that");
    }
    if head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<?xml") && head.contains("<html")
    {
        return Ok(Format::Html);
    }
    match named {
        Some(Format::Word) => refused("not a Word file, although its name says so", "save the document as .docx again"),
        Some(format) => Ok(format),
        None if head.starts_with('<') && head.contains("</") => Ok(Format::Html),
        None => Ok(Format::Plain),
    }
}

/// The byte order of UTF-16 without a mark: text in it has a zero in every other byte.
fn utf16(bytes: &[u8]) -> Option<bool> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= pairs * 6 && even * 10 < pairs {
        return Some(false);
    }
    (even * 10 >= pairs * 6 && odd * 10 < pairs).then_some(true)
}

/// The text of bytes in the encoding that they are in.
pub fn decode(name: &str, bytes: &[u8], format: Format) -> Result<Decoded> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Ok(Decoded { text: String::from_utf8_lossy(rest).into_owned(), encoding: None });
    }
    let wide = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, false, "UTF-16")),
        [0xfe, 0xff, rest @ ..] => Some((rest, true, "UTF-16")),
        _ => utf16(bytes).map(|big| (bytes, big, "UTF-16 without a byte order mark")),
    };
    if let Some((rest, big, label)) = wide {
        let units = rest.chunks_exact(2).map(|pair| {
            if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) }
        });
        let text = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
        return Ok(Decoded { text, encoding: Some(label.into()) });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Decoded { text: text.into(), encoding: None });
    }
    let declared = (format == Format::Html).then(|| declared(bytes)).flatten();
    if let Some(label) = declared.filter(|label| !label.eq_ignore_ascii_case("utf-8")) {
        match by_label(&label, bytes) {
            Some(text) => return Ok(Decoded { text, encoding: Some(format!("{label}, as the page says")) }),
            None => {
                return Err(Error::refused(format!(
                    "`{name}` is in `{label}`, which this program does not read; save it as UTF-8"
                )));
            }
        }
    }
    // Some bytes that are not UTF-8 in a text that otherwise is: damaged, not another encoding.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.matches('\u{fffd}').count();
    let wide = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if wide > broken * 4 {
        return Ok(Decoded {
            text: lossy.into_owned(),
            encoding: Some(format!("UTF-8 with {broken} broken bytes, shown as \u{fffd}")),
        });
    }
    let label =
        if bytes.iter().any(|byte| (0x80..0xa0).contains(byte)) { "Windows-1252" } else { "Latin-1 (ISO 8859-1)" };
    Ok(Decoded {
        text: bytes.iter().map(|byte| windows_1252(*byte)).collect(),
        encoding: Some(format!("{label}, as its bytes suggest")),
    })
}

#[cfg(feature = "encodings")]
fn by_label(label: &str, bytes: &[u8]) -> Option<String> {
    Some(encoding_rs::Encoding::for_label(label.as_bytes())?.decode_without_bom_handling(bytes).0.into_owned())
}

/// Without the tables of other encodings, the one that most old pages are in.
#[cfg(not(feature = "encodings"))]
fn by_label(label: &str, bytes: &[u8]) -> Option<String> {
    let label = label.to_ascii_lowercase();
    matches!(label.as_str(), "iso-8859-1" | "latin1" | "windows-1252" | "us-ascii" | "cp1252")
        .then(|| bytes.iter().map(|byte| windows_1252(*byte)).collect())
}

/// The encoding that a page declares in its first bytes.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let at = head.find("charset=").map(|at| at + 8).or_else(|| head.find("encoding=").map(|at| at + 9))?;
    let label: String = head[at..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!label.is_empty()).then_some(label)
}

/// A byte as the letter that it is in Windows-1252, which browsers also take Latin-1 for.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
