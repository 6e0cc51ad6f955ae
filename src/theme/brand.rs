//! `[brand]` as style: colors and fonts of the company, as values of the theme's own tokens.
//!
//! In: the settings and the files of `static/`. Out: a style sheet that is laid over `site.css`, before the site's
//! `custom.css`. Must not know: pages.

use crate::center::{Center, settings};
use crate::diagnostic::{Diagnostic, did_you_mean};
use std::fmt::Write;

pub(super) fn style(center: &Center) -> String {
    let brand = &center.settings.brand;
    let mut out = String::new();
    let mut fonts = String::new();
    for (key, family, token) in [("font", "Brand", "--text"), ("heading_font", "Brand Heading", "--heading")] {
        if let Some(path) = brand.file(key) {
            // Shown only if it is there at once: a text that is set again while it is being read jumps.
            let _ = writeln!(
                out,
                "@font-face {{ font-family: \"{family}\"; src: url(../{path}); font-display: optional; font-weight: 100 900; }}"
            );
            let _ = write!(fonts, " {token}: \"{family}\", system-ui, sans-serif;");
        }
    }
    for scheme in 0..2 {
        let mut tokens = if scheme == 0 { std::mem::take(&mut fonts) } else { String::new() };
        if let Some(accent) = brand.accent[scheme] {
            let _ = write!(tokens, " --accent: {}; --on-accent: {};", accent.hex(), accent.ink().hex());
        }
        if let Some(surface) = brand.surface[scheme] {
            let _ = write!(tokens, " --bar: {}; --on-bar: {};", surface.hex(), surface.ink().hex());
        }
        let _ = match (tokens.is_empty(), scheme) {
            (true, _) => Ok(()),
            (false, 0) => writeln!(out, ":root {{{tokens} }}"),
            (false, _) => writeln!(out, "@media (prefers-color-scheme: dark) {{ :root {{{tokens} }} }}"),
        };
    }
    out
}

/// Every file that `[brand]` names is in `static/`.
pub(super) fn missing_files(center: &Center, findings: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = center.tree.below("static/").map(|file| &file.path["static/".len()..]).collect();
    for (key, path) in &center.settings.brand.files {
        let name = path.get_ref();
        if known.contains(&name.as_str()) {
            continue;
        }
        findings.push(
            Diagnostic::new("missing-brand-file", format!("`{key}` names `static/{name}`, which does not exist"))
                .at(&settings::PATH.into(), path.span())
                .help(match did_you_mean(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("put the file in static/, or remove `{key}`"),
                }),
        );
    }
}
