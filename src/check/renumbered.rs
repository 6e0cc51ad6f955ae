//! References by number to a section that has another number than in the version in force.
//!
//! In: a draft, the versions before it. Out: findings at references that lead to another section now. Must not know: patterns.

use super::prosaic;
use super::prose::Numbered;
use crate::center::{Center, Document};
use crate::diagnostic::Diagnostic;
use crate::text::{Text, Texts};
use crate::timeline::Timeline;

pub fn check(
    texts: &Texts,
    center: &Center,
    timeline: &Timeline,
    document: &Document,
    text: &Text,
    now: &Numbered,
    findings: &mut Vec<Diagnostic>,
) {
    // Few texts refer by number, and only then is it worth reading what was released.
    if now.references.is_empty() {
        return;
    }
    let at = center.documents.iter().position(|other| other.slug == document.slug);
    let Some(index) = at.and_then(|at| timeline.documents[at].standing().next_back()) else { return };
    findings.extend(compare(texts, center, document, index, text, now));
}

fn compare(
    texts: &Texts,
    center: &Center,
    document: &Document,
    index: usize,
    text: &Text,
    now: &Numbered,
) -> Vec<Diagnostic> {
    // A frozen file that cannot be read is reported where the record is checked.
    let Ok(Some(before)) = texts.authoritative(center, &document.versions[index]) else { return Vec::new() };
    let old = prosaic(&before, None, document.versions[index].published).0.numbered;
    let mut out: Vec<Diagnostic> = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for (number, place) in &now.references {
        let titles = |sections: &[(String, String)]| {
            let found = sections.iter().find(|(other, _)| other == number);
            found.map(|(_, title)| title.clone())
        };
        let referred = old.references.iter().any(|(other, _)| other == number);
        let (Some(was), Some(is)) = (titles(&old.sections), titles(&now.sections)) else { continue };
        let moved = now.sections.iter().find(|(_, title)| *title == was);
        let Some((moved, _)) = moved.filter(|(other, _)| referred && was != is && other != number) else { continue };
        if told.contains(&number.as_str()) {
            continue;
        }
        told.push(number);
        out.push(
            Diagnostic::new(
                "reference-retargeted",
                format!(
                    "section {number} is now “{is}”; in {} it was “{was}”, which is now {moved}",
                    document.versions[index].id
                ),
            )
            .at(&text.path, place.clone())
            .help(format!("write {moved} if that section is still meant"))
            .help("or give the heading an id and refer to it as `{{ section.ID }}`: then it follows by itself"),
        );
    }
    out
}
