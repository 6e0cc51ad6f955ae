//! Which redlines a document has, and where they stand.
//!
//! In: a plan. Out: pairs of versions with an address each. Must not know: what changed between them.
//!
//! An address that names two versions is for ever: it is made for the version that a release was announced against, whatever
//! is withdrawn later, and for neighbours that stand. `<version>..in-force` is for ever, too, but follows the version in force.

use super::view::RedlineLinkView;
use super::{Plan, address};
use crate::timeline::State;

/// What a version is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Version(usize),
    /// The version in force, under an address that follows it.
    InForce(usize),
    /// The working text, only with `--drafts`.
    Draft,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub from: usize,
    pub to: Target,
}

impl Plan<'_> {
    /// The version with which a version is compared: its neighbour among those that stand, or for a withdrawn one the
    /// version against which it was announced.
    pub fn base(&self, document: usize, version: usize) -> Option<usize> {
        let timeline = &self.timeline.documents[document];
        let before = (0..version).rev().find(|index| timeline.stands(*index));
        if timeline.stands(version) {
            return before;
        }
        self.followed(document, version).or(before)
    }

    fn followed(&self, document: usize, version: usize) -> Option<usize> {
        let versions = &self.center.documents[document].versions;
        let id = versions[version].base.as_deref()?;
        let index = versions.iter().position(|version| version.id == id)?;
        self.timeline.documents[document].is_visible(index).then_some(index)
    }

    /// Redlines that begin or end at a version: from those before it, and from it to the one in force.
    pub fn pairs(&self, document: usize, version: usize) -> Vec<Pair> {
        let base = self.base(document, version);
        let announced = self.followed(document, version).filter(|followed| Some(*followed) != base);
        let mut pairs: Vec<Pair> =
            base.into_iter().chain(announced).map(|from| Pair { from, to: Target::Version(version) }).collect();
        let timeline = &self.timeline.documents[document];
        let stands = timeline.stands(version);
        if let Some(in_force) = timeline.in_force.filter(|in_force| stands && version < *in_force) {
            pairs.push(Pair { from: version, to: Target::InForce(in_force) });
        }
        pairs
    }

    pub fn redline_address(&self, document: usize, pair: Pair) -> String {
        let entry = &self.center.documents[document];
        let to = match pair.to {
            Target::Version(version) => &entry.versions[version].id,
            Target::InForce(_) => "in-force",
            Target::Draft => "draft",
        };
        address::redline(&entry.slug, &entry.versions[pair.from].id, to)
    }

    /// Whether the pair is the same as that of two neighbours, which has an address of its own.
    pub fn is_adjacent(&self, document: usize, pair: Pair) -> bool {
        matches!(pair.to, Target::InForce(in_force) if self.base(document, in_force) == Some(pair.from))
    }

    /// The version whose change is compared with this one.
    pub fn next(&self, document: usize, version: usize) -> Option<usize> {
        let timeline = &self.timeline.documents[document];
        let mut later = (version + 1..timeline.states.len()).filter(|later| timeline.is_visible(*later));
        later.find(|later| self.base(document, *later) == Some(version))
    }

    /// The comparisons to which a version's page leads.
    pub fn redline_links(&self, language: usize, document: usize, version: usize) -> Vec<RedlineLinkView> {
        let versions = &self.center.documents[document].versions;
        let timeline = &self.timeline.documents[document];
        let link = |label_key, pair: Pair, other: usize| RedlineLinkView {
            label_key,
            href: self.href(language, &self.redline_address(document, pair)),
            id: versions[other].id.clone(),
        };
        let mut links = Vec::new();
        if let Some(from) = self.base(document, version) {
            links.push(link("redline-previous", Pair { from, to: Target::Version(version) }, from));
        }
        let next = self.next(document, version);
        if let Some(next) = next {
            let key = match timeline.states[next] {
                State::InForce => "redline-in-force",
                State::Upcoming => "redline-upcoming",
                _ => "redline-next",
            };
            links.push(link(key, Pair { from: version, to: Target::Version(next) }, next));
        }
        let in_force = self.pairs(document, version).into_iter().find(|pair| matches!(pair.to, Target::InForce(_)));
        if let Some((pair, Target::InForce(other))) = in_force.map(|pair| (pair, pair.to))
            && next != Some(other)
        {
            links.push(link("redline-in-force", pair, other));
        }
        links
    }

    /// Where the change that a version brought is shown.
    pub fn redline_href(&self, language: usize, document: usize, version: usize) -> Option<String> {
        let from = self.base(document, version)?;
        Some(self.href(language, &self.redline_address(document, Pair { from, to: Target::Version(version) })))
    }
}
