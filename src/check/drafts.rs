//! Working texts: every fact that they name is there, every directive is closed, no translation stays behind.
//!
//! In: drafts. Out: the findings of reading them. Must not know: frozen versions, which nobody can mend.

use crate::center::{Center, Document, TextFile, VersionFacts};
use crate::diagnostic::Diagnostic;
use crate::markdown;
use crate::timeline::Timeline;
use crate::words::Language;

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) {
    for document in &center.documents {
        let Some(draft) = &document.draft else { continue };
        let facts = VersionFacts::of_draft(center, document, timeline.date, findings);
        for (tag, file) in &draft.texts {
            findings.extend(behind(center, document, tag, file));
            let language = Language::parse(tag).unwrap_or_else(Language::english);
            let text = center.tree.kept(&file.path).unwrap_or("");
            let parsed = markdown::parse(
                &file.path,
                text,
                file.body,
                draft.front.numbering,
                &facts.for_language(&language),
                findings,
            );
            let work = super::prose::Work {
                path: &file.path,
                source: text,
                slug: &document.slug,
                title: file.title.as_deref().or(draft.front.title.as_deref()),
                language: &language,
                front: &draft.front,
                document: &parsed.document,
                facts: Some(&facts.for_language(&language)),
                settings: Some(&center.settings),
                date: timeline.date,
            };
            super::prose::check(&work, findings);
        }
    }
}

/// A translation that still says what an earlier version said.
fn behind(center: &Center, document: &Document, tag: &str, file: &TextFile) -> Option<Diagnostic> {
    let authoritative = center.settings.authoritative().tag();
    let made_from = &document.versions[document.draft_lags(tag, authoritative)?].id;
    let source = document.draft.as_ref()?.texts.get(authoritative)?;
    let digits = &source.digest.hex()[..12];
    Some(
        Diagnostic::new("translation-behind", format!("`{}` still translates the text of {made_from}", file.path))
            .at(&file.path, 0..0)
            .help(format!("see what it lacks: fineprint diff {} {made_from}", document.slug))
            .help(format!("or, if nothing has to change in it, say so in its front matter: translates = \"{digits}\""))
            .help("released as it is, its page says that it is older, and leads to what it lacks"),
    )
}
