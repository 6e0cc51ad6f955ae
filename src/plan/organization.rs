//! The organization as the center's own pages name it: header, footer, home, feeds, API.
//!
//! In: a center and the state of it on a day. Out: the facts that were frozen with the version that came into force last. Must not
//! know: pages.

use crate::center::{Center, Organization, Version};
use crate::timeline::Timeline;
use jiff::Timestamp;
use std::sync::Arc;

/// Returns the released facts about the organization. A center that has released none shows those that it is working on.
pub fn released(center: &Center, timeline: &Timeline) -> Arc<Organization> {
    let mut shown: Vec<(bool, Timestamp, Timestamp, &Version)> = Vec::new();
    for (document, states) in center.documents.iter().zip(&timeline.documents) {
        let Some(life) = &states.life else { continue };
        for (index, version) in document.versions.iter().enumerate().filter(|(index, _)| states.is_visible(*index)) {
            let Some(known) = life.version(&version.id) else { continue };
            let begun = states.stands(index) && !states.upcoming.contains(&index);
            // Until anything is in force, what was announced first.
            let begins = known.begins_at();
            shown.push((begun, if begun { begins } else { Timestamp::MIN }, version.recorded, version));
        }
    }
    shown.sort_by_key(|(begun, begins, recorded, _)| (*begun, *begins, *recorded));
    let facts = |version: &Version| {
        let path = format!("{}/organization.toml", version.folder);
        let file = center.tree.get(&path)?;
        let text = center.tree.text(&path).ok()?;
        // What a frozen file says was checked when it was frozen.
        Some(Arc::new(Organization::read(&file.path, &text, &mut Vec::new())))
    };
    shown.iter().rev().find_map(|(.., version)| facts(version)).unwrap_or_else(|| center.organization.clone())
}
