//! Faults of a theme, each at its place.
//!
//! In: errors of the template engine. Out: [`ThemeError`]. Must not know: which pages were being made.

use super::files::BUILTIN;
use tera::ErrorKind;

/// A problem in a theme, with its place. Line and column start at 1; line 0 means the whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ThemeError {
    /// Below the theme's folder; files of the default theme start with `builtin/`.
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Line and column, both from 1, of a byte.
pub(super) fn place(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

pub(super) fn file_of(template: &str) -> String {
    match template.strip_prefix(BUILTIN) {
        Some(name) => format!("{BUILTIN}templates/{name}"),
        None => format!("templates/{template}"),
    }
}

/// At least one error, with its place if Tera says it.
pub(super) fn from_tera(error: &tera::Error) -> Vec<ThemeError> {
    let whole = |template: &str, message: String| ThemeError { file: file_of(template), line: 0, column: 0, message };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => vec![ThemeError {
            file: file_of(report.filename()),
            line: report.span().start_line,
            column: report.span().start_col + 1,
            message: report.message().to_string(),
        }],
        ErrorKind::MissingParent { current, parent } => {
            vec![whole(current, format!("extends `{parent}`, which does not exist"))]
        }
        ErrorKind::CircularExtend { tpl, .. } => vec![whole(tpl, "extends itself, in a circle".to_string())],
        ErrorKind::CircularInclude { tpl, .. } => vec![whole(tpl, "includes itself, in a circle".to_string())],
        ErrorKind::TemplateNotFound(name) => vec![whole(name, "the theme has no such template".to_string())],
        ErrorKind::Msg(reports) => from_reports(reports),
        other => vec![ThemeError { file: String::new(), line: 0, column: 0, message: other.to_string() }],
    }
}

/// Unknown names come as text, one rustc-like report after the other: `error: …` and ` --> file:line:column` below it.
fn from_reports(reports: &str) -> Vec<ThemeError> {
    let mut errors = Vec::new();
    let mut lines = reports.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let Some((_, place)) = lines.peek().and_then(|next| next.split_once("--> ")) else { continue };
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next().and_then(|column| column.parse().ok()).unwrap_or(0);
        let line = parts.next().and_then(|line| line.parse().ok()).unwrap_or(0);
        let file = file_of(parts.next().unwrap_or_default());
        errors.push(ThemeError { file, line, column, message: message.to_string() });
    }
    if errors.is_empty() {
        errors.push(ThemeError { file: String::new(), line: 0, column: 0, message: reports.to_string() });
    }
    errors
}
