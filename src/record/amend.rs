//! Amendments: an announced version is changed or postponed before it takes effect.

use super::acts::{PendingAct, carried};
use super::entry::RecordEvent;
use super::life::Lifecycle;
use super::release::{ReleaseDecision, first_day_from};
use super::{RecordEntry, RecordVersion, Refusal, Significance, Wording, start_of_day};
use jiff::Timestamp;
use jiff::civil::Date;

impl<T: Wording> PendingAct<'_, T> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn amend(
        &mut self,
        key: &str,
        life: &Lifecycle<T>,
        id: &str,
        changed: bool,
        significance: Option<Significance>,
        release: &ReleaseDecision<T>,
        asked: Option<Date>,
    ) -> Result<(), Refusal> {
        let name = &release.document;
        let version = self.not_begun(life, id)?;
        let place = life.place(id).unwrap_or_default();
        let before = place.checked_sub(1).and_then(|before| life.live().nth(before));
        let above: Vec<RecordVersion<T>> = life.live().skip(place + 1).cloned().collect();
        if !changed && asked.is_none_or(|asked| asked <= version.effective) {
            return Err(Refusal::new(
                "nothing-changed",
                format!("the draft of `{name}` is the announced text; a later `--effective` postpones {id}"),
            ));
        }
        if release.publish_on.is_some() {
            return Err(Refusal::new(
                "publish-on",
                "an amendment appears when the amended version does, or now; leave out `--publish-on`",
            ));
        }
        if asked.is_some_and(|asked| asked < version.effective) {
            return Err(Refusal::new(
                "earlier",
                format!(
                    "what was announced for {} does not take effect sooner; choose that day or a later one, or withdraw it: fineprint withdraw {name} {id}",
                    version.effective
                ),
            ));
        }
        let top = life.top().map_or(&release.text, |top| &top.text);
        let text = carried(&version.text, top, &release.text, id)?;
        if T::change(before.map(|before| &before.text), &text).is_none() {
            return Err(Refusal::new(
                "nothing-left",
                format!("nothing of the announced change is left; withdraw it: fineprint withdraw {name} {id}"),
            ));
        }
        // What was once announced as material stays material.
        let announced = if version.noticed { Some(Significance::Material) } else { version.significance };
        let gravest = match (announced, significance) {
            (Some(announced), Some(own)) if changed => Some(announced.graver(own)),
            (announced, _) => announced,
        };
        let restarts = changed
            && significance.is_some_and(|own| own != Significance::Editorial)
            && version.public_at() <= self.now
            && gravest == Some(Significance::Material);
        let mut amended = RecordVersion {
            significance: gravest,
            effective: asked.unwrap_or(version.effective),
            amendment: significance.filter(|_| changed).or(Some(Significance::Editorial)),
            ..version.clone()
        };
        if restarts {
            amended.zone = self.moment.zone.clone();
            amended.reckoning = self.moment.reckoning.clone();
            amended.exemption = release.exemption;
            let needed = self.needed(key, life, &amended, &text, version.begins_at());
            if let Some(asked) = asked.filter(|asked| *asked < needed) {
                return Err(Refusal::new(
                    "notice-too-short",
                    format!(
                        "the notice of `{name}` {id} starts again, so it cannot take effect on {asked}: the earliest effective date is {needed}"
                    ),
                ));
            }
            amended.effective = needed.max(asked.unwrap_or(needed));
        }
        let (base, today) = (before.map(|before| before.id.clone()), self.today);
        let mut below = self.freeze_again(key, version, text, base.as_deref(), |frozen| {
            *frozen = RecordVersion {
                id: String::new(),
                recorded: frozen.recorded,
                // A notice that starts again is counted from today, in today's zone.
                published: if restarts { today } else { frozen.published },
                base: frozen.base.clone(),
                amends: frozen.amends.clone(),
                text: frozen.text.clone(),
                ..amended
            }
        });
        for dependant in &above {
            let text = carried(&dependant.text, top, &release.text, &dependant.id)?;
            below = self.freeze_again(key, dependant, text, Some(&below), |_| {});
        }
        Ok(())
    }

    /// The earliest day for an amended version whose notice starts again, no sooner than it would have begun.
    fn needed(&self, key: &str, life: &Lifecycle<T>, amended: &RecordVersion<T>, text: &T, begins: Timestamp) -> Date {
        let trial_version = RecordVersion {
            id: "amended".into(),
            amends: Some(amended.id.clone()),
            recorded: self.now,
            published: self.today,
            text: text.clone(),
            ..amended.clone()
        };
        let mut trial = life.clone();
        trial.apply(&RecordEntry {
            act: 0,
            recorded: self.now,
            document: key.to_string(),
            event: RecordEvent::Version(trial_version.into()),
        });
        let needed = trial.earliest("amended").unwrap_or(self.today);
        first_day_from(needed, |day| start_of_day(day, &amended.zone) >= begins)
    }
}
