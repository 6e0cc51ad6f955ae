//! A page → a manuscript: what a reader reads of it, without what stands around it.
//!
//! In: HTML as text. Out: a [`Manuscript`], with what was left out and where. Must not know: files, Markdown.

mod content;
mod read;
mod tree;

pub use read::{alphabetic, cell_runs, manuscript, mark, roman, unstyled};
