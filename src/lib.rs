//! `fineprint` turns a folder of Markdown and TOML into a versioned, static privacy center.
//!
//! It is a compiler from a folder and a date to a map of files. Read the modules in this order and you have read the story:
//!
//! 1. [`source`]: the folder is read once, into a tree of files with digests.
//! 2. [`center`]: files become settings, organisation, documents with their versions, registers, the ledger.
//! 3. [`timeline`]: the center as of a date: what is in force, what is coming, which notices are open.
//! 4. [`check`]: what contradicts itself becomes findings ([`diagnostic`]), all of them at once.
//! 5. [`markdown`] and [`words`] are the grammar and the dictionary of what a reader sees.

pub mod center;
pub mod check;
pub mod diagnostic;
pub mod error;
pub mod markdown;
pub mod memo;
pub mod source;
pub mod timeline;
pub mod words;
