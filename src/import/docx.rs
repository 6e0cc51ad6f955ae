//! A Word file → a manuscript.
//!
//! In: the bytes of a .docx. Out: a [`Manuscript`] with headings, lists, tables, links and footnotes, and the numbers that Word
//! computes and shows. Must not know: other formats, Markdown.

#[cfg(feature = "docx")]
mod fields;
#[cfg(feature = "docx")]
mod lists;
#[cfg(feature = "docx")]
mod numbering;
#[cfg(feature = "docx")]
mod read;
#[cfg(feature = "docx")]
mod table;
#[cfg(feature = "docx")]
mod xml;

use super::model::Manuscript;
use crate::error::{Error, Result};

/// The document of a Word file. `name` is for messages.
#[cfg(feature = "docx")]
pub fn manuscript(name: &str, bytes: &[u8]) -> Result<Manuscript> {
    read::manuscript(bytes).map_err(|what| {
        Error::refused(format!(
            "`{name}` is {what}; save the document as Word (.docx) again, or as a web page, and import that"
        ))
    })
}

#[cfg(not(feature = "docx"))]
pub fn manuscript(name: &str, _: &[u8]) -> Result<Manuscript> {
    Err(Error::refused(format!(
        "`{name}` is a Word file, and this build of fineprint does not read them; save it as a web page, and import that"
    )))
}
