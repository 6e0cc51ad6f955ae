//! A place in a file → the page that shows it.
//!
//! In: a view, a file of the site, a byte of it. Out: an address with the section's id. Must not know: findings.

use super::view::View;
use crate::markdown::{self, BlockKind};
use crate::plan::address;

/// The address of the page on which the place shows; none when it shows nowhere.
pub fn address_of(view: &View, path: &str, at: usize) -> Option<String> {
    let plan = view.plan();
    let center = view.center();
    let there = |language: usize, address: &str| {
        plan.claims.contains_key(&plan.page_path(language, address)).then(|| plan.href(language, address))
    };
    let inside = path.strip_prefix("content/")?;
    let Some((slug, rest)) = inside.split_once('/') else {
        let name = inside.strip_suffix(".toml")?;
        return there(0, &address::register(name)).or_else(|| there(0, ""));
    };
    let document = center.documents.iter().find(|document| document.slug == slug)?;
    if let Some((version, _)) = rest.strip_prefix("versions/").and_then(|rest| rest.split_once('/')) {
        return there(0, &address::version(slug, version));
    }
    let draft = document.draft.as_ref()?;
    let text = draft.texts.iter().find(|(_, text)| &*text.path == path);
    let language =
        text.and_then(|(tag, _)| plan.languages().iter().position(|language| language.tag() == tag)).unwrap_or(0);
    let page = there(language, &address::draft(slug))?;
    let section = text.and_then(|(_, text)| section(center.tree.kept(path)?, text.body, path, at));
    Some(section.map_or(page.clone(), |id| format!("{page}#{id}")))
}

/// The id of the section in which a byte of a text stands.
fn section(text: &str, body: usize, path: &str, at: usize) -> Option<String> {
    /// What the facts say does not matter here.
    struct Nothing;
    impl markdown::Facts for Nothing {
        fn lookup(&self, path: &str) -> Result<String, markdown::FactError> {
            Ok(path.to_string())
        }
        fn register(&self, _: &str, _: Option<&[String]>) -> Result<markdown::RegisterTable, markdown::FactError> {
            Ok(markdown::RegisterTable::default())
        }
    }
    let parsed = markdown::parse(&path.into(), text, body, false, &Nothing, &mut Vec::new());
    let headings = parsed.document.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Heading(heading) => Some((block.span.start, &heading.id)),
        _ => None,
    });
    headings.take_while(|(start, _)| *start <= at).last().map(|(_, id)| id.clone())
}
