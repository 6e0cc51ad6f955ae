//! Acceptance: since which version an acceptance of a document counts, and whether a receipt is what the record says.
//!
//! In: the record of a document. Out: for each version, the oldest one whose acceptance still counts; the verdict on a receipt.
//! Must not know: who accepted, where receipts are kept.
//!
//! An acceptance is of a meaning, and versions with the same meaning form a group. An editorial change never begins a new group, a
//! material one always does, and a minor one does where the document says so (`acceptance = "minor"`). So nobody is asked again
//! for a comma, and nobody is let past a material change.

mod receipt;

pub use receipt::{Receipt, Verdict};

use crate::center::ledger::Significance;
use crate::center::{Center, Document};
use std::collections::BTreeMap;

/// What a version is to acceptance: what it was made from, and whether its change asks anew.
#[derive(Clone, Debug)]
pub struct AcceptanceStep {
    pub version: String,
    pub base: Option<String>,
    pub asks: bool,
    /// The version whose place it took, and whether the difference between the two asks anew.
    pub amends: Option<(String, bool)>,
}

/// Returns for each version the oldest one of its group, which is where acceptance counts from. Steps are in the order of the record.
///
/// ```
/// use fineprint::acceptance::{AcceptanceStep, accept_since};
/// let step = |version: &str, base: Option<&str>, asks| AcceptanceStep {
///     version: version.into(), base: base.map(Into::into), asks, amends: None,
/// };
/// let since = accept_since(&[step("1", None, true), step("2", Some("1"), false), step("3", Some("2"), true)]);
/// assert_eq!([&since["1"], &since["2"], &since["3"]], ["1", "1", "3"]);
/// ```
pub fn accept_since(steps: &[AcceptanceStep]) -> BTreeMap<String, String> {
    let mut since: BTreeMap<String, String> = BTreeMap::new();
    for step in steps {
        let same = match &step.amends {
            Some((amended, asks)) => (!asks).then_some(amended),
            None => step.base.as_ref().filter(|_| !step.asks),
        };
        let oldest = same.and_then(|same| since.get(same)).unwrap_or(&step.version).clone();
        since.insert(step.version.clone(), oldest);
    }
    since
}

/// Returns the steps of a document, in the order of the record.
pub fn steps(center: &Center, document: &Document) -> Vec<AcceptanceStep> {
    let releases: Vec<_> = center.ledger.releases(&document.slug).collect();
    let asks = |id: &str, significance: Option<Significance>| match significance {
        Some(Significance::Editorial) => false,
        Some(Significance::Minor) => document.version(id).is_none_or(|version| version.front.asks_for_minor),
        // A first version, or an imported one of which nobody has said what it changed.
        Some(Significance::Material) | None => true,
    };
    let step = |(entry, release): &(&crate::center::ledger::Entry, &crate::center::Release)| {
        let id = entry.version.as_str();
        let corrected = document.version(id).map_or(release.significance, |version| version.significance);
        let amends = release.amends.as_ref().map(|amended| {
            // Words frozen again around the same change differ by what the rest of the act released, or by what it took away.
            let fix = releases.iter().find(|(other, fix)| other.number == entry.number && fix.amends.is_none());
            let difference = match (release.amendment, fix) {
                (Some(amendment), _) => Some(amendment),
                (None, Some((fixed, fix))) => {
                    document.version(&fixed.version).map_or(fix.significance, |fix| fix.significance)
                }
                (None, None) => None,
            };
            (amended.clone(), asks(id, difference))
        });
        AcceptanceStep { version: id.to_string(), base: release.base.clone(), asks: asks(id, corrected), amends }
    };
    releases.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// An act of a made-up history: on which version it stands or which it amends, by a number, and what it means.
    #[derive(Clone, Copy, Debug)]
    enum MadeUp {
        Release {
            asks: bool,
        },
        Amend {
            which: usize,
            asks: bool,
        },
        /// A fix under everything that is announced, which is frozen again.
        Backport {
            asks: bool,
        },
    }

    fn made_up() -> impl Strategy<Value = MadeUp> {
        prop_oneof![
            3 => any::<bool>().prop_map(|asks| MadeUp::Release { asks }),
            2 => (0usize..4, any::<bool>()).prop_map(|(which, asks)| MadeUp::Amend { which, asks }),
            1 => any::<bool>().prop_map(|asks| MadeUp::Backport { asks }),
        ]
    }

    /// Plays a history. Returns its steps and, for each version, the changes that ask which its text contains.
    fn play(acts: &[MadeUp]) -> (Vec<AcceptanceStep>, BTreeMap<String, BTreeSet<usize>>) {
        let mut steps: Vec<AcceptanceStep> = Vec::new();
        let mut meaning: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut chain: Vec<String> = Vec::new();
        let mut token = 0;
        let add = |base: Option<String>,
                   amends: Option<(String, bool)>,
                   asks: bool,
                   steps: &mut Vec<AcceptanceStep>,
                   meaning: &mut BTreeMap<String, BTreeSet<usize>>,
                   token: &mut usize,
                   shared: Option<usize>| {
            let version = format!("v{:03}", steps.len());
            let from = amends.as_ref().map(|(amended, _)| amended).or(base.as_ref());
            let mut own = from.and_then(|from| meaning.get(from)).cloned().unwrap_or_default();
            let asked = amends.as_ref().map_or(asks, |(_, asks)| *asks);
            if asked {
                *token += 1;
                own.insert(shared.unwrap_or(*token));
            }
            meaning.insert(version.clone(), own);
            steps.push(AcceptanceStep { version: version.clone(), base, asks, amends });
            version
        };
        for act in acts {
            match *act {
                MadeUp::Release { asks } => {
                    let base = chain.last().cloned();
                    let asks = asks || base.is_none();
                    chain.push(add(base, None, asks, &mut steps, &mut meaning, &mut token, None));
                }
                MadeUp::Amend { which, asks } if chain.len() > 1 => {
                    let at = chain.len() - 1 - which % (chain.len() - 1);
                    let (base, amended) = (chain[at - 1].clone(), chain[at].clone());
                    chain[at] =
                        add(Some(base), Some((amended, asks)), true, &mut steps, &mut meaning, &mut token, None);
                    // What stands on it is frozen again with the amendment.
                    for above in at + 1..chain.len() {
                        let (base, amended) = (chain[above - 1].clone(), chain[above].clone());
                        chain[above] =
                            add(Some(base), Some((amended, asks)), true, &mut steps, &mut meaning, &mut token, None);
                    }
                }
                MadeUp::Backport { asks } if chain.len() > 1 => {
                    let at = 1;
                    let base = chain[at - 1].clone();
                    let fix = add(Some(base), None, asks, &mut steps, &mut meaning, &mut token, None);
                    chain.insert(at, fix);
                    for above in at + 1..chain.len() {
                        let (base, amended) = (chain[above - 1].clone(), chain[above].clone());
                        chain[above] =
                            add(Some(base), Some((amended, asks)), true, &mut steps, &mut meaning, &mut token, None);
                    }
                }
                MadeUp::Amend { .. } | MadeUp::Backport { .. } => {}
            }
        }
        (steps, meaning)
    }

    proptest! {
        /// Nobody is asked twice for the same meaning, and nobody is let past a change that asks.
        #[test]
        fn a_group_is_a_meaning(acts in prop::collection::vec(made_up(), 1..30)) {
            let (steps, meaning) = play(&acts);
            let since = accept_since(&steps);
            for (one, own) in &meaning {
                for (other, theirs) in &meaning {
                    prop_assert_eq!(since[one] == since[other], own == theirs, "{} and {}: {:#?}", one, other, steps);
                }
            }
        }

        /// Acceptance never counts from a later version.
        #[test]
        fn it_counts_from_an_earlier_version_or_itself(acts in prop::collection::vec(made_up(), 1..30)) {
            let (steps, _) = play(&acts);
            for (version, since) in accept_since(&steps) {
                prop_assert!(since <= version);
            }
        }
    }
}
