//! A place in a file → the page that shows it.
//!
//! In: a view, a file of the site, a byte of it. Out: an address with the section's id. Must not know: findings.

use super::view::View;
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
    let document = center.document(slug)?;
    if let Some((version, _)) = rest.strip_prefix("versions/").and_then(|rest| rest.split_once('/')) {
        return there(0, &address::version(slug, version));
    }
    let draft = document.draft.as_ref()?;
    let text = draft.texts.iter().find(|(_, text)| &*text.path == path);
    let language =
        text.and_then(|(tag, _)| plan.languages().iter().position(|language| language.tag() == tag)).unwrap_or(0);
    let page = there(language, &address::draft(slug))?;
    let section = section(view, path, at);
    Some(section.map_or(page.clone(), |id| format!("{page}#{id}")))
}

/// The id of the section in which a byte of a draft stands; none before the draft was checked.
fn section(view: &View, path: &str, at: usize) -> Option<String> {
    let sections = &view.site().drafts.get(path)?.sections;
    sections.iter().take_while(|(_, _, start)| *start <= at).last().map(|(id, _, _)| id.clone())
}
