//! Releases: on top of what is announced, or of the version in force and everything above it.

use super::acts::{PendingAct, carried};
use super::entry::RecordEvent;
use super::life::Lifecycle;
use super::{EXEMPTIONS, RecordVersion, Refusal, Significance, Wording, existing, start_of_day};
use crate::notice::Reckoning;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What was decided about one document.
#[derive(Clone, Debug)]
pub struct ReleaseDecision<T> {
    pub document: String,
    /// The draft.
    pub text: T,
    /// None for first versions.
    pub significance: Option<Significance>,
    /// None: as soon as it may.
    pub effective: Option<Date>,
    /// None: now.
    pub publish_on: Option<Date>,
    pub exemption: Option<&'static str>,
    /// True if the exemption comes with its reason.
    pub reasoned: bool,
    pub route: Route,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// After everything that is announced.
    OnTop,
    /// Into the version in force as well.
    Backport,
    /// Into an announced version, which keeps its place.
    Amends(String),
}

impl<T: Wording> PendingAct<'_, T> {
    pub(super) fn release(&mut self, release: &ReleaseDecision<T>) -> Result<(), Refusal> {
        let key = self.record.key(&release.document).unwrap_or(&release.document).to_string();
        let life = match self.record.lives.contains_key(&key) {
            true => Some(self.unended(&key)?),
            false => None,
        };
        let top = life.as_ref().and_then(Lifecycle::top);
        let name = release.document.as_str();
        let changed = T::change(top.map(|top| &top.text), &release.text).is_some();
        let significance = self.significance(name, top, release)?;
        if let Some(kind) = release.exemption {
            if significance != Some(Significance::Material) {
                return Err(Refusal::new(
                    "exemption",
                    "only a material change has a notice to be exempt from; leave out `--exemption`, or release with `--material`",
                ));
            }
            if !EXEMPTIONS.contains(&kind) || !release.reasoned {
                return Err(Refusal::new(
                    "exemption",
                    "an exemption is published with its reason; add `--exemption-reason \"…\"`",
                ));
            }
        }
        let asked = release.effective.map(|day| self.near(day)).transpose()?;
        if let Route::Amends(id) = &release.route {
            let Some(life) = &life else {
                return Err(Refusal::new("unknown-document", format!("`{name}` has not been released")));
            };
            return self.amend(&key, life, id, changed, significance, release, asked);
        }
        if let Some(top) = top.filter(|_| !changed) {
            return Err(Refusal::new(
                "nothing-changed",
                format!(
                    "the draft of `{name}` is the same as version {}; to correct its summary: fineprint correct {name} {}",
                    top.id, top.id
                ),
            ));
        }
        match &life {
            Some(life) if release.route == Route::Backport && top.is_some_and(|top| top.begins_at() > self.now) => {
                self.backport(&key, life, significance, release)
            }
            _ => self.on_top(&key, top, significance, release, asked),
        }
    }

    /// What was said about the change, held against the promise of notice itself.
    fn significance(
        &self,
        name: &str,
        top: Option<&RecordVersion<T>>,
        release: &ReleaseDecision<T>,
    ) -> Result<Option<Significance>, Refusal> {
        let Some(top) = top else { return Ok(None) };
        let Some(significance) = release.significance else {
            return Err(Refusal::new(
                "significance",
                format!("say how much `{name}` changes for its readers: `--material`, `--minor` or `--editorial`"),
            ));
        };
        let (old, new) = (top.text.notice(), release.text.notice());
        let shorter = new.is_shorter_on(old, self.today, &Reckoning::default());
        let allowed = match significance {
            _ if old.is_same_as(new) => true,
            Significance::Material => true,
            Significance::Minor => !shorter,
            Significance::Editorial => false,
        };
        if allowed {
            return Ok(Some(significance));
        }
        let flag = if shorter { "`--material`" } else { "`--minor` or `--material`" };
        Err(Refusal::new(
            "promise",
            format!(
                "`{name}` promises a notice of {new} (was {old}), and all other promises rest on it; release it with {flag}"
            ),
        ))
    }

    fn on_top(
        &mut self,
        key: &str,
        top: Option<&RecordVersion<T>>,
        significance: Option<Significance>,
        release: &ReleaseDecision<T>,
        asked: Option<Date>,
    ) -> Result<(), Refusal> {
        let name = &release.document;
        let published = release.publish_on.map_or(Ok(self.today), |day| self.near(day))?;
        if published < self.today {
            return Err(Refusal::new(
                "backdated",
                format!(
                    "`{name}` cannot be published on {published}, which has passed: the earliest day is {}; a past is brought in with `fineprint import`",
                    self.today
                ),
            ));
        }
        let zone = self.moment.zone.clone();
        let public = start_of_day(published, &zone).max(self.now);
        if let Some(top) = top.filter(|top| public < top.public_at() && !top.imported) {
            return Err(Refusal::new(
                "under-a-schedule",
                format!(
                    "`{name}` {} is scheduled for {}, and this would appear before it; choose `--publish-on {}`, put the change into the version in force with `--backport`, or withdraw it: fineprint withdraw {name} {}",
                    top.id, top.published, top.published, top.id
                ),
            ));
        }
        let mut version = RecordVersion {
            id: String::new(),
            base: top.map(|top| top.id.clone()),
            amends: None,
            amendment: None,
            recorded: self.now,
            published,
            effective: published,
            zone,
            reckoning: self.moment.reckoning.clone(),
            significance,
            exemption: release.exemption,
            imported: false,
            text: release.text.clone(),
            announced_at: public,
            noticed: false,
            missed: false,
        };
        let mut earliest = published;
        if let Some(top) = top {
            if release.exemption.is_some() && asked.is_none() && top.begins_at() > public {
                return Err(Refusal::new(
                    "waits",
                    format!(
                        "on top of {} this would wait until {}; put it into the version in force at once with `--backport`, or wait with `--effective {}`",
                        top.id, top.effective, top.effective
                    ),
                ));
            }
            earliest = self.earliest_on_top(key, &version).unwrap_or(published);
            if top.begins_at() > public {
                earliest = first_day_from(earliest, |day| start_of_day(day, &version.zone) >= top.begins_at());
            }
        }
        earliest = existing(earliest, &version.zone);
        if let Some(asked) = asked.filter(|asked| *asked < earliest) {
            return Err(self.too_early(release, significance, asked, earliest));
        }
        version.effective = asked.unwrap_or(earliest);
        version.id = self.new_id(key, version.effective);
        self.add(key, RecordEvent::Version(version.into()));
        Ok(())
    }

    fn too_early(
        &self,
        release: &ReleaseDecision<T>,
        significance: Option<Significance>,
        asked: Date,
        earliest: Date,
    ) -> Refusal {
        let name = &release.document;
        let said = format!("`{name}` cannot take effect on {asked}: the earliest effective date is {earliest}");
        if significance == Some(Significance::Material) && release.exemption.is_none() {
            let kinds = EXEMPTIONS.join("|");
            return Refusal::new(
                "notice-too-short",
                format!("{said}; choose it, or name an exemption with its reason (`--exemption {kinds}`)"),
            );
        }
        Refusal::new("too-early", said)
    }

    /// The earliest day of a version that would be the top of the chain.
    fn earliest_on_top(&self, key: &str, version: &RecordVersion<T>) -> Option<Date> {
        let mut trial = self.record.lives.get(key)?.clone();
        trial.apply(&super::RecordEntry {
            act: 0,
            recorded: self.now,
            document: key.to_string(),
            event: RecordEvent::Version(version.clone().into()),
        });
        trial.earliest(&version.id)
    }

    fn backport(
        &mut self,
        key: &str,
        life: &Lifecycle<T>,
        significance: Option<Significance>,
        release: &ReleaseDecision<T>,
    ) -> Result<(), Refusal> {
        let name = &release.document;
        let (Some(base), Some(top)) = (life.in_force(self.now), life.top()) else {
            return Err(Refusal::new(
                "nothing-in-force",
                format!("no version of `{name}` is in force yet; change the announced one with `--amends`"),
            ));
        };
        if release.effective.is_some() || release.publish_on.is_some() {
            return Err(Refusal::new(
                "today",
                "`--backport` changes the version in force now; leave out `--effective` and `--publish-on`",
            ));
        }
        let place = life.place(&base.id).unwrap_or_default();
        let above: Vec<RecordVersion<T>> = life.live().skip(place + 1).cloned().collect();
        let owes = |version: &RecordVersion<T>| version.promises(self.today) > self.today;
        let material = significance == Some(Significance::Material) && release.exemption.is_none();
        if material && std::iter::once(base).chain(&above).any(owes) {
            return Err(Refusal::new(
                "fix-owes-notice",
                format!(
                    "a material change of the version in force needs its own notice; release it on top without `--backport`, or name an exemption with its reason (`--exemption {}`)",
                    EXEMPTIONS.join("|")
                ),
            ));
        }
        let text = carried(&base.text, &top.text, &release.text, &base.id)?;
        let id = self.new_id(key, self.today);
        let version = RecordVersion {
            id: id.clone(),
            base: Some(base.id.clone()),
            amends: None,
            amendment: None,
            recorded: self.now,
            published: self.today,
            effective: self.today,
            zone: self.moment.zone.clone(),
            reckoning: self.moment.reckoning.clone(),
            significance,
            exemption: release.exemption,
            imported: false,
            text,
            announced_at: self.now,
            noticed: false,
            missed: false,
        };
        self.add(key, RecordEvent::Version(version.into()));
        let mut base = id;
        for announced in &above {
            let text = carried(&announced.text, &top.text, &release.text, &announced.id)?;
            base = self.freeze_again(key, announced, text, Some(&base), |_| {});
        }
        Ok(())
    }

    pub(super) fn together(
        &mut self,
        releases: &[ReleaseDecision<T>],
        effective: Option<Date>,
        same_day: bool,
    ) -> Result<(), Refusal> {
        let routes: BTreeSet<bool> = releases.iter().map(|release| release.route == Route::Backport).collect();
        if releases.iter().any(|release| matches!(release.route, Route::Amends(_))) || routes.len() > 1 {
            return Err(Refusal::new(
                "mixed",
                "several documents are released together or fixed together; amend them one by one with `--amends`",
            ));
        }
        let mut seen = BTreeSet::new();
        for release in releases {
            if !seen.insert(self.record.key(&release.document).unwrap_or(&release.document).to_string()) {
                return Err(Refusal::new("twice", format!("`{}` is named twice", release.document)));
            }
        }
        if routes.contains(&true) || !same_day {
            return releases.iter().try_for_each(|release| self.release(release));
        }
        // Each alone first, to learn its date; then all with the latest.
        let mut latest: Option<Date> = effective;
        for release in releases {
            let mut trial = PendingAct { record: self.record.clone(), ..*self };
            trial.release(&ReleaseDecision { effective, ..release.clone() })?;
            let Some(RecordEvent::Version(version)) = trial.record.entries.last().map(|entry| &entry.event) else {
                continue;
            };
            latest = latest.max(Some(version.effective));
        }
        for release in releases {
            self.release(&ReleaseDecision { effective: latest, ..release.clone() })?;
        }
        Ok(())
    }
}

/// The first day from one on for which something holds. The calendar's last day ends the search.
pub(super) fn first_day_from(day: Date, holds: impl Fn(Date) -> bool) -> Date {
    let mut day = day;
    while !holds(day) {
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    day
}
