//! The site's theme: the default with the site's files over it.
//!
//! In: a center. Out: a theme, or findings at the places of its faults. Must not know: templates' contents.

use super::{Theme, ThemeFile};
use crate::center::Center;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::words::{self, Language};

pub fn load_theme(center: &Center, findings: &mut Vec<Diagnostic>) -> Option<Theme> {
    let (tree, name) = (&center.tree, &center.settings.theme);
    let languages: Vec<&str> = center.settings.languages.iter().map(|language| language.tag()).collect();
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
        let mut finding = Diagnostic::new("unknown-theme", format!("there is no theme `{name}`"))
            .at(&crate::center::settings::PATH.into(), center.settings.theme_span.clone());
        if let Some(near) = did_you_mean(name, there.map(|(theme, _)| theme).chain(["default"])) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        findings.push(
            finding.help(format!("put its files into themes/{name}/, or remove `theme` to use the built-in one")),
        );
    }
    let overrides: Vec<ThemeFile> = files.iter().map(|(path, bytes)| ThemeFile { path, bytes }).collect();
    let plural = |tag: &str, n| words::plural(&Language::parse(tag).unwrap_or_else(Language::english), n);
    let loaded = match Theme::load(&overrides, &languages, plural) {
        Ok(theme) => Some(theme),
        Err(errors) => {
            for error in errors {
                let what = if error.file.contains("templates/") { "the template" } else { "the theme's file" };
                let path: std::sync::Arc<str> = format!("{prefix}{}", error.file).into();
                let at = tree.kept(&path).map_or(0, |text| offset(text, error.line, error.column));
                findings.push(
                    Diagnostic::new("invalid-theme", format!("{what} cannot be read: {}", error.message))
                        .at(&path, at..at)
                        .help("correct the theme's file, or remove it to use the default theme's"),
                );
            }
            None
        }
    };
    center.settings.weigh(findings);
    loaded
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}
