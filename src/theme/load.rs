//! The site's theme: the default with the site's files over it.
//!
//! In: a center. Out: a theme, or findings at the places of its faults. Must not know: templates' contents.

use super::{Locale, Theme, ThemeFile};
use crate::center::Center;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::words::{self, Language};
use std::sync::Arc;

pub fn load_theme(center: &Center, findings: &mut Vec<Diagnostic>) -> Option<Theme> {
    let (tree, name) = (&center.tree, &center.settings.theme);
    let languages: Vec<&str> = center.languages.iter().map(|language| language.tag()).collect();
    let prefix = format!("themes/{name}/");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for file in tree.below(&prefix) {
        match tree.bytes(&file.path) {
            Ok(bytes) => files.push((file.path[prefix.len()..].to_string(), bytes)),
            Err(error) => findings
                .push(Diagnostic::new("unreadable-file", error.to_string()).at(&file.path, 0..0).help("build again")),
        }
    }
    if files.is_empty() && name != "default" {
        let there = tree.below("themes/").filter_map(|file| file.path["themes/".len()..].split_once('/'));
        let mut finding = Diagnostic::new("unknown-theme", format!("theme `{name}` does not exist"))
            .at(&crate::center::settings::PATH.into(), center.settings.theme_span.clone());
        if let Some(near) = did_you_mean(name, there.map(|(theme, _)| theme).chain(["default"])) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        findings.push(
            finding.help(format!("put its files into themes/{name}/, or remove `theme` to use the built-in one")),
        );
    }
    super::brand::missing_files(center, findings);
    let style = super::brand::style(center);
    if !style.is_empty() {
        files.push((super::assets::BRAND_STYLE.to_string(), style.into_bytes()));
    }
    let overrides: Vec<ThemeFile> = files.iter().map(|(path, bytes)| ThemeFile { path, bytes }).collect();
    match Theme::load(&overrides, &languages, LOCALE) {
        Ok(theme) => {
            findings.extend(languages.iter().filter_map(|tag| borrowed(center, &theme, tag)));
            Some(theme)
        }
        Err(errors) => {
            let (own, defaults): (Vec<_>, Vec<_>) =
                errors.into_iter().partition(|error| tree.get(&format!("{prefix}{}", error.file)).is_some());
            // Templates of the default that lack something in the site's own: these are where it can be mended.
            if let (true, Some(first)) = (own.is_empty(), defaults.first()) {
                let templates: Vec<&String> =
                    files.iter().map(|(path, _)| path).filter(|path| path.starts_with("templates/")).collect();
                let path: Arc<str> = match templates.as_slice() {
                    [one] => format!("{prefix}{one}").into(),
                    _ => format!("{prefix}templates").into(),
                };
                findings.push(
                    Diagnostic::new(
                        "invalid-theme",
                        format!("the default templates cannot be used with the site's own: {}", first.message),
                    )
                    .at(&path, 0..0)
                    .help(format!("give {} what the default has, or remove it", listed(&templates))),
                );
            }
            for error in own {
                let what = if error.file.contains("templates/") { "the template" } else { "the theme's file" };
                let path: Arc<str> = format!("{prefix}{}", error.file).into();
                let at = tree.kept(&path).map_or(0, |text| offset(text, error.line, error.column));
                findings.push(
                    Diagnostic::new("invalid-theme", format!("{what} cannot be read: {}", error.message))
                        .at(&path, at..at)
                        .help("correct the theme's file, or remove it to use the default theme's file"),
                );
            }
            None
        }
    }
}

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap_or_else(Language::english)
}

/// Dates, plurals and directions for the strings of a theme.
pub const LOCALE: Locale = Locale {
    plural: |tag, n| words::plural(&language(tag), n),
    date: |tag, iso| Some(words::date(&language(tag), iso.parse().ok()?)),
    direction: |tag| language(tag).direction(),
};

/// A language of the site whose words the theme does not have.
fn borrowed(center: &Center, theme: &Theme, tag: &str) -> Option<Diagnostic> {
    let keys = theme.borrowed(tag);
    let first = keys.first()?;
    let many = if keys.len() == 1 { "1 string".to_string() } else { format!("{} strings", keys.len()) };
    let finding =
        Diagnostic::new("missing-theme-strings", format!("the theme lacks {many} in `{tag}`, such as `{first}`"));
    let theme = if center.settings.theme == "default" { "<name>" } else { &center.settings.theme };
    Some(
        finding
            .at(&crate::center::settings::PATH.into(), center.settings.languages_span.clone())
            .help(format!("translate them in themes/{theme}/strings/{tag}.toml; until then they are shown in English")),
    )
}

fn listed(names: &[&String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" or ")
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}
