//! Working texts: every fact that they name is there, every directive is closed.
//!
//! In: drafts. Out: the findings of reading them. Must not know: frozen versions, which nobody can mend.

use crate::center::{Center, VersionFacts};
use crate::diagnostic::Diagnostic;
use crate::markdown;
use crate::timeline::Timeline;
use crate::words::Language;

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) {
    for document in &center.documents {
        let Some(draft) = &document.draft else { continue };
        let facts = VersionFacts::of_draft(center, document, timeline.date, findings);
        for (tag, file) in &draft.texts {
            let language = Language::parse(tag).unwrap_or_else(Language::english);
            let text = center.tree.kept(&file.path).unwrap_or("");
            markdown::parse(
                &file.path,
                text,
                file.body,
                draft.front.numbering,
                &facts.for_language(&language),
                findings,
            );
        }
    }
}
