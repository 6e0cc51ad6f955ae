//! The files of a theme: the built-in one inside the binary, and a site's own laid over it, file by file.
//!
//! In: the site's files. Out: each file once, and the built-in ones that a site's file hides. Must not know: what is in them.

use super::ThemeFile;
use super::errors::ThemeError;
use crate::source::{Digest, Hasher};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;

pub(super) static DEFAULT: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Where a site's template finds the default one that it replaces: `{% extends "builtin/base.html" %}`.
pub(super) const BUILTIN: &str = "builtin/";

/// Every file of the theme once: the site's, else the default one.
pub(super) struct Files<'a> {
    /// By path; the flag says that it is the site's.
    pub(super) effective: BTreeMap<&'a str, (&'a [u8], bool)>,
    /// Default files that a site's file hides, which its templates may still extend.
    pub(super) default: BTreeMap<&'a str, &'a [u8]>,
}

impl<'a> Files<'a> {
    pub(super) fn new(overrides: &[ThemeFile<'a>], errors: &mut Vec<ThemeError>) -> Files<'a> {
        let mut default = BTreeMap::new();
        collect(&DEFAULT, &mut default);
        default.retain(|path, _| belongs(path));
        let mut effective: BTreeMap<_, _> = default.iter().map(|(path, bytes)| (*path, (*bytes, false))).collect();
        for file in overrides.iter().filter(|file| belongs(file.path)) {
            if !file.path.starts_with("assets/") && std::str::from_utf8(file.bytes).is_err() {
                let message = "is not UTF-8 text".to_string();
                errors.push(ThemeError { file: file.path.to_string(), line: 0, column: 0, message });
                continue;
            }
            effective.insert(file.path, (file.bytes, true));
        }
        Files { effective, default }
    }

    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = (&'a str, &'a [u8], bool)> {
        self.effective
            .iter()
            .filter_map(move |(path, (bytes, own))| path.strip_prefix(folder).map(|name| (name, *bytes, *own)))
    }

    pub(super) fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        for (path, (bytes, _)) in &self.effective {
            hasher.part(path.as_bytes()).part(bytes);
        }
        hasher.finish()
    }
}

fn collect<'a>(folder: &'a Dir<'a>, into: &mut BTreeMap<&'a str, &'a [u8]>) {
    for file in folder.files() {
        if let Some(path) = file.path().to_str() {
            into.insert(path, file.contents());
        }
    }
    folder.dirs().for_each(|dir| collect(dir, into));
}

fn belongs(path: &str) -> bool {
    path.starts_with("assets/")
        || (path.starts_with("templates/") && path.ends_with(".html"))
        || (path.starts_with("strings/") && path.ends_with(".toml"))
}

pub(super) fn text(bytes: &[u8]) -> &str {
    // Checked when the files were gathered; the default theme is text by a test.
    std::str::from_utf8(bytes).unwrap_or_default()
}
