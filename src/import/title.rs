//! Which heading is the title. In: a manuscript. Out: the same without it. Must not know: formats.

use super::model::{Loss, Manuscript, Part, PartKind, plain, squeezed};
use super::recognize::names_document;

/// Takes the title out of the parts. One heading of the first level is the title; several are chapters, unless one of them
/// is what the page calls itself, or says what the heading right above it only began to say ("Privacy", "Privacy policy").
pub fn take_title(out: &mut Manuscript, page_title: Option<&str>) {
    let words = |part: &Part| match &part.kind {
        PartKind::Heading { level: 1, words, .. } => Some(squeezed(&plain(words))),
        _ => None,
    };
    let firsts: Vec<(usize, String)> =
        out.parts.iter().enumerate().filter_map(|(at, part)| Some((at, words(part)?))).collect();
    let within = |short: &str, long: &str| long.to_lowercase().contains(&short.to_lowercase());
    let called = |text: &str| page_title.is_some_and(|title| title.to_lowercase().starts_with(&text.to_lowercase()));
    let chosen = match &firsts[..] {
        [] => return,
        [(at, _)] => Some(*at),
        several => {
            let repeated = several.windows(2).find(|pair| {
                pair[1].0 == pair[0].0 + 1 && names_document(&pair[1].1) && within(&pair[0].1, &pair[1].1)
            });
            let named = several.iter().filter(|(_, text)| called(text) && names_document(text));
            repeated.map(|pair| pair[1].0).or(named.max_by_key(|(_, text)| text.len()).map(|(at, _)| *at))
        }
    };
    if let Some(at) = chosen {
        let title = words(&out.parts.remove(at)).unwrap_or_default();
        let mut losses = Vec::new();
        out.parts.retain(|part| {
            let again = words(part).filter(|words| within(words, &title));
            losses.extend(
                again
                    .as_ref()
                    .map(|words| Loss::new(part.place, "a heading that says the title again was left out", words)),
            );
            again.is_none()
        });
        out.losses.extend(losses);
        out.title = Some(title).filter(|title| !title.is_empty());
    }
    if out.parts.iter().any(|part| words(part).is_some()) {
        for part in &mut out.parts {
            if let PartKind::Heading { level, .. } = &mut part.kind {
                *level += 1;
            }
        }
    }
}
