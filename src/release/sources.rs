//! The sources of a version: the files that a person wrote, from which its texts are resolved.
//!
//! In: files by their name in the version's folder. Out: how two versions differ, and a change carried into another version.
//! Must not know: what the program adds to the folder.

use crate::center::document::front_matter;
use crate::change::merge::{Replaced, carry, carry_rows, changes, row_changes};
use crate::notice::NoticePeriod;
use crate::record::{PromiseText, Wording};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    files: BTreeMap<String, String>,
    notice: NoticePeriod,
}

impl Sources {
    pub fn new(files: BTreeMap<String, String>) -> Sources {
        let source = files.get("policy.md").map_or("", String::as_str);
        let (front, _) = front_matter(&"policy.md".into(), source, &mut Vec::new());
        let notice = front.notice();
        Sources(Arc::new(Inner { files, notice }))
    }

    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.0.files
    }
}

/// True for a list of facts, which is compared row by row.
fn is_register(name: &str) -> bool {
    name.ends_with(".toml") && name != "organization.toml"
}

impl PromiseText for Sources {
    fn notice(&self) -> NoticePeriod {
        self.0.notice
    }
}

impl Wording for Sources {
    type Change = BTreeMap<String, Vec<Replaced>>;

    fn change(old: Option<&Self>, new: &Self) -> Option<Self::Change> {
        let none = BTreeMap::new();
        let (old, new) = (old.map_or(&none, Sources::files), new.files());
        let mut out = BTreeMap::new();
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let text = |files: &BTreeMap<String, String>| files.get(name).cloned().unwrap_or_default();
            let changed =
                if is_register(name) { row_changes(&text(old), &text(new)) } else { changes(&text(old), &text(new)) };
            if old.get(name) != new.get(name) && !changed.is_empty() {
                out.insert(name.clone(), changed);
            }
        }
        (!out.is_empty()).then_some(out)
    }

    fn with_change(&self, old: &Self, new: &Self) -> Result<Self, String> {
        let (old, new, own) = (old.files(), new.files(), self.files());
        let mut out = own.clone();
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (old.get(name), new.get(name));
            if before == after {
                continue;
            }
            let passage = |passage: String| format!("`{name}`: “{passage}”");
            match (before, after, own.get(name)) {
                (before, Some(after), own) if before == own => {
                    out.insert(name.clone(), after.clone());
                }
                (before, None, own) if before == own => {
                    out.remove(name);
                }
                (Some(before), Some(after), Some(own)) => {
                    let carry = if is_register(name) { carry_rows } else { carry };
                    out.insert(name.clone(), carry(before, after, own).map_err(passage)?);
                }
                _ => return Err(format!("`{name}` is not the same file there")),
            }
        }
        Ok(Sources::new(out))
    }
}
