//! Announcements that were frozen with their versions.
//!
//! In: a version's folder. Out: the announcement in a language as it was published, whatever the program, the theme and the facts
//! say today. Must not know: how an announcement is composed.

use super::Views;
use super::announcement::{Announcement, SectionKind};
use crate::text::announcement_name;

impl Views<'_, '_> {
    /// The announcement that was frozen with a version; none if it was never announced, or not in this language.
    pub fn frozen_announcement(&self, language: usize, document: usize, version: usize) -> Option<Announcement> {
        let tree = &self.plan.center.tree;
        let frozen = &self.plan.center.documents[document].versions[version];
        let tag = self.plan.languages()[language].tag();
        let path = format!("{}/{}", frozen.folder, announcement_name(tag));
        tree.get(&path)?;
        // A file that cannot be read any more was edited, which is an error of the record.
        Announcement::parse(&tree.bytes(&path).ok()?)
    }

    /// The sentences about facts that were announced with a version.
    pub(super) fn announced_facts(&self, announcement: &Announcement) -> Vec<String> {
        let facts = announcement.sections.iter().filter(|section| section.kind == SectionKind::Facts);
        facts.flat_map(|section| section.items.iter().cloned()).collect()
    }
}
