//! Assets of a theme under names made from their bytes.
//!
//! In: the theme's files. Out: output paths and bytes; style sheets name other assets by these paths. Must not know: pages.

use super::files::Files;
use crate::source::Digest;
use std::collections::BTreeMap;

/// Appended to `site.css`, so that a site can set colours and type without copying the style sheet.
const STYLE: &str = "assets/site.css";
const CUSTOM_STYLE: &str = "assets/custom.css";
/// Made from `[brand]`, and appended first.
pub(super) const BRAND_STYLE: &str = "assets/brand.css";

pub(super) struct Asset {
    pub(super) output: String,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn assets(files: &Files) -> BTreeMap<String, Asset> {
    let mut assets = BTreeMap::new();
    let is_style = |name: &str| name.ends_with(".css");
    for (name, bytes, _) in files.below("assets/").filter(|(name, ..)| !is_style(name)) {
        assets.insert(name.to_string(), Asset { output: fingerprinted(name, bytes), bytes: bytes.to_vec() });
    }
    let appended = [BRAND_STYLE, CUSTOM_STYLE].map(|path| files.effective.get(path).map(|(bytes, _)| *bytes));
    for (name, bytes, _) in files.below("assets/").filter(|(name, ..)| is_style(name)) {
        let path = format!("assets/{name}");
        if path == CUSTOM_STYLE || path == BRAND_STYLE {
            continue;
        }
        let mut style = bytes.to_vec();
        for appended in appended.iter().flatten().filter(|_| path == STYLE) {
            style.push(b'\n');
            style.extend_from_slice(appended);
        }
        let style = refer(&String::from_utf8_lossy(&style), &assets).into_bytes();
        assets.insert(name.to_string(), Asset { output: fingerprinted(name, &style), bytes: style });
    }
    assets
}

/// Style sheets name other assets as they are called in the theme: `url(fonts/text.woff2)`.
fn refer(style: &str, assets: &BTreeMap<String, Asset>) -> String {
    let mut style = style.to_string();
    for (name, asset) in assets {
        let output = asset.output.trim_start_matches("assets/");
        for (open, close) in [("url(", ")"), ("url(\"", "\")"), ("url('", "')")] {
            style = style.replace(&format!("{open}{name}{close}"), &format!("url({output})"));
        }
    }
    style
}

/// `site.css` → `assets/site.0a1b2c3d.css`.
fn fingerprinted(name: &str, bytes: &[u8]) -> String {
    let digest = &Digest::of(bytes).hex()[..8];
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("assets/{stem}.{digest}.{extension}"),
        _ => format!("assets/{name}.{digest}"),
    }
}
