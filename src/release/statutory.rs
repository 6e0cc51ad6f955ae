//! The notice that the law of online platforms asks for beside the promise of the terms (Regulation (EU) 2019/1150, Art. 3(2)).
//!
//! In: an act, for a center that declared the profile `p2b`. Out: the same act with the first day that this law allows, where
//! nobody chose a day. It is a proposal: the promise of the texts is what a release is held to. Must not know: files.

use super::Sources;
use crate::center::Center;
use crate::error::Result;
use crate::notice::p2b;
use crate::record::{Moment, Record, RecordAct, RecordEvent, ReleaseDecision, Route, Significance};
use jiff::civil::Date;

/// The profile that a center declares in `[check]`.
const PROFILE: &str = "p2b";

/// True if the law is about the document: terms, by the name that they have.
fn concerns(center: &Center, document: &str) -> bool {
    center.settings.profiles.iter().any(|profile| profile == PROFILE) && document.starts_with("terms")
}

/// The first day that the law allows for a material change of terms that is announced now.
pub(super) fn day(center: &Center, document: &str, event: &RecordEvent<Sources>) -> Option<Date> {
    let RecordEvent::Version(version) = event else { return None };
    let material = version.significance == Some(Significance::Material) && version.exemption.is_none();
    let own = version.amends.is_none() || version.amendment.is_some();
    (material && own && concerns(center, document))
        .then(|| p2b::earliest_effective(version.published, &version.reckoning))
}

/// The act with proposed days.
pub(super) fn proposed(
    act: &RecordAct<Sources>,
    center: &Center,
    before: &Record<Sources>,
    moment: &Moment,
) -> Result<RecordAct<Sources>> {
    let propose = |release: &ReleaseDecision<Sources>| -> Result<ReleaseDecision<Sources>> {
        let mut release = release.clone();
        let open = release.effective.is_none() && release.route == Route::OnTop;
        if open && concerns(center, &release.document) {
            // Released alone first, to learn the day that the promise gives.
            let alone = before.act(moment, &RecordAct::Release(release.clone()))?;
            let made = alone.entries.last().map(|entry| &entry.event);
            if let Some(RecordEvent::Version(version)) = made {
                let lawful = day(center, &release.document, &RecordEvent::Version(version.clone()));
                release.effective = lawful.filter(|lawful| *lawful > version.effective);
            }
        }
        Ok(release)
    };
    Ok(match act {
        RecordAct::Release(release) => RecordAct::Release(propose(release)?),
        RecordAct::Together { releases, effective: None, same_day } => {
            let proposed: Vec<_> = releases.iter().map(propose).collect::<Result<_>>()?;
            let latest = proposed.iter().filter_map(|release| release.effective).max();
            match same_day {
                // One day for all: the latest that any of them proposes, unless a promise asks for more.
                true => RecordAct::Together {
                    releases: releases.clone(),
                    effective: latest.filter(|latest| {
                        let all = RecordAct::Together {
                            releases: releases.clone(),
                            effective: Some(*latest),
                            same_day: true,
                        };
                        before.act(moment, &all).is_ok()
                    }),
                    same_day: true,
                },
                false => RecordAct::Together { releases: proposed, effective: None, same_day: false },
            }
        }
        act => act.clone(),
    })
}
