//! Addresses of a document and of its versions, without language and base path.
//!
//! In: names. Out: addresses that end in `/`. Must not know: what stands there.

/// First parts of the center's own addresses, which no document or register can have.
pub const RESERVED: &[&str] = &["changes", "notices", "record", "api", "assets", "embed", "search"];
/// The list of notices.
pub const NOTICES: &str = "notices/";
/// The changelog of the whole center.
pub const CHANGES: &str = "changes/";
/// The record of what was published.
pub const RECORD: &str = "record/";

pub fn document(slug: &str) -> String {
    format!("{slug}/")
}

pub fn version(slug: &str, id: &str) -> String {
    format!("{slug}/v/{id}/")
}

pub fn upcoming(slug: &str) -> String {
    format!("{slug}/upcoming/")
}

pub fn draft(slug: &str) -> String {
    format!("{slug}/draft/")
}

pub fn changes(slug: &str) -> String {
    format!("{slug}/changes/")
}

pub fn redline(slug: &str, from: &str, to: &str) -> String {
    format!("{slug}/changes/{from}..{to}/")
}

pub fn register(name: &str) -> String {
    format!("{name}/")
}
