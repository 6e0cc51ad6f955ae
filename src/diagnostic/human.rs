//! Findings as a person reads them: headline, excerpt of the place, what to do.
//!
//! In: findings and a way to read the files that they name. Out: text with terminal styles. Must not know: the disk.

use super::lines::line_ends;
use super::{Diagnostic, Label, Lines, Severity};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;

/// One finding for the terminal, styled; `text` gives the content of a file by its path.
pub fn human<'t>(finding: &Diagnostic, text: &dyn Fn(&str) -> Option<&'t str>, styled: bool) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code));
    let labels = finding.primary.iter().map(|label| (label, AnnotationKind::Primary));
    let others = finding.secondary.iter().map(|label| (label, AnnotationKind::Context));
    for (label, kind) in labels.chain(others) {
        group = group.element(place(label, kind, text(&label.path)));
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group = group.element(Level::HELP.message(format!("`fineprint explain {}`", finding.code)));
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

fn place<'a>(label: &'a Label, kind: AnnotationKind, text: Option<&'a str>) -> Element<'a> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Element::from(Origin::path(&*label.path));
    };
    let span = Lines::clamp_in(text, &label.span);
    let (window, first_line) = excerpt(text, &span);
    let inside = span.start - window.start..span.end - window.start;
    let mut annotation: Annotation = kind.span(inside);
    if !label.text.is_empty() {
        annotation = annotation.label(label.text.as_str());
    }
    Element::from(
        Snippet::source(&text[window]).path(&*label.path).line_start(first_line).fold(true).annotation(annotation),
    )
}

/// The lines of a span, at most four, cut behind a very long one; and the number of the first.
fn excerpt(text: &str, span: &Range<usize>) -> (Range<usize>, usize) {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let mut end = span.start;
    for _ in 0..4 {
        end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        if end >= span.end {
            break;
        }
    }
    let limit = text.ceil_char_boundary((span.end + 300).min(end));
    let first_line = 1 + line_ends(&text.as_bytes()[..start]);
    (start..limit.max(span.end), first_line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_finding_names_file_line_column_and_help() {
        let path: Arc<str> = "content/privacy/policy.md".into();
        let text = "+++\ntitle = \"P\"\n+++\n\nWrite to {{ organisation.name }}.\n";
        let at = text.find("organisation").unwrap();
        let finding = Diagnostic::new("unknown-fact", "no fact `organisation.name`")
            .at(&path, at..at + 17)
            .help("did you mean `organization`?");
        let shown = human(&finding, &|_| Some(text), false);
        assert!(shown.contains("error[unknown-fact]"), "{shown}");
        assert!(shown.contains("content/privacy/policy.md:5:13"), "{shown}");
        assert!(shown.contains("did you mean"), "{shown}");
    }

    #[test]
    fn a_place_outside_the_text_or_inside_a_character_does_not_panic() {
        let path: Arc<str> = "a.md".into();
        for text in ["", "é", "é\n\n", "x"] {
            for start in 0..5 {
                for end in 0..5 {
                    let finding = Diagnostic::new("unknown-fact", "x").at(&path, start..end);
                    human(&finding, &|_| Some(text), false);
                }
            }
        }
    }
}
