//! Which redlines a document has, and where they stand.
//!
//! In: a plan. Out: pairs of versions with an address each. Must not know: what changed between them.
//!
//! An address that names two versions is for ever: it is made for the version that a release was announced against, whatever
//! is withdrawn later, and for neighbours that stand. `<version>..in-force` is for ever, too, but follows the version in force.

use super::{Plan, address};
use crate::center::Version;

/// Target with which a version is compared.
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
        let id = versions[version].follows.as_deref()?;
        // Nearly always the one before.
        let before = versions[..version].iter().rposition(|version| version.id == id);
        let index = before.or_else(|| versions.iter().position(|version| version.id == id))?;
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

    /// Where a pair is shown: at its own address, unless another page says the same. That is the page of two neighbors, or
    /// the version in force itself when nothing is different in it.
    pub fn comparison_address(&self, document: usize, pair: Pair) -> String {
        let Target::InForce(in_force) = pair.to else { return self.redline_address(document, pair) };
        let versions = &self.center.documents[document].versions;
        if self.says_the_same(&versions[pair.from], &versions[in_force]) {
            return address::version(&self.center.documents[document].slug, &versions[in_force].id);
        }
        match self.base(document, in_force) {
            Some(base) if base == pair.from || self.says_the_same(&versions[pair.from], &versions[base]) => {
                self.redline_address(document, Pair { from: base, to: Target::Version(in_force) })
            }
            _ => self.redline_address(document, pair),
        }
    }

    /// True if two versions hold the same words and facts.
    fn says_the_same(&self, one: &Version, other: &Version) -> bool {
        let facts = |version: &Version| {
            let prefix = version.folder.len();
            let files = self.center.tree.below(&format!("{}/", version.folder));
            let facts = files.filter(|file| file.path.ends_with(".toml"));
            facts.map(|file| (file.path[prefix..].to_string(), file.digest)).collect::<Vec<_>>()
        };
        let titles = |version: &Version| {
            let texts =
                version.texts.iter().map(|(tag, text)| (tag.clone(), text.title.clone(), text.description.clone()));
            texts.collect::<Vec<_>>()
        };
        let recorded = !one.resolved.is_empty() && one.resolved == other.resolved;
        recorded && titles(one) == titles(other) && facts(one) == facts(other)
    }

    /// The version whose change is compared with this one.
    pub fn next(&self, document: usize, version: usize) -> Option<usize> {
        let timeline = &self.timeline.documents[document];
        let mut later = (version + 1..timeline.states.len()).filter(|later| timeline.is_visible(*later));
        later.find(|later| self.base(document, *later) == Some(version))
    }

    /// Where the change that a version brought is shown.
    pub fn redline_href(&self, language: usize, document: usize, version: usize) -> Option<String> {
        let from = self.base(document, version)?;
        Some(self.href(language, &self.redline_address(document, Pair { from, to: Target::Version(version) })))
    }
}
