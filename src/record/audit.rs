//! The one check after every act: each version that has not begun is judged against what will really precede it.

use super::life::Lifecycle;
use super::{RecordVersion, Refusal, Wording, day_of};
use jiff::Timestamp;

impl<T: Wording> Lifecycle<T> {
    pub(super) fn audit(&self, now: Timestamp) -> Result<(), Refusal> {
        let mut before: Option<&RecordVersion<T>> = None;
        for version in self.live() {
            if !version.imported && version.begins_at() >= now {
                self.follows(version, before)?;
            }
            before = Some(version);
        }
        self.ends(now)
    }

    fn follows(&self, version: &RecordVersion<T>, before: Option<&RecordVersion<T>>) -> Result<(), Refusal> {
        let (name, id) = (self.name(), &version.id);
        if let Some(before) = before {
            let appears = !before.imported && version.public_at() < before.public_at();
            if version.begins_at() < before.begins_at() || appears {
                let verb = if appears { "appear" } else { "take effect" };
                return Err(Refusal::new(
                    "order",
                    format!(
                        "`{name}` {id} would {verb} before {}, on which it stands; choose a later day with `--effective`, or withdraw {}",
                        before.id, before.id
                    ),
                ));
            }
        }
        if version.base.as_deref() != before.map(|before| before.id.as_str()) || !self.brings_what_it_announced(version)
        {
            return Err(Refusal::new(
                "other-change",
                format!(
                    "`{name}` {id} would bring more or less than it announced; withdraw it, too (`--dependants withdraw`), or take the change out of it (`--dependants rebase`)"
                ),
            ));
        }
        if let Some(earliest) = self.earliest(id).filter(|earliest| version.effective < *earliest) {
            return Err(Refusal::new(
                "notice-too-short",
                format!(
                    "`{name}` {id} cannot take effect on {}: the earliest effective date is {earliest}",
                    version.effective
                ),
            ));
        }
        Ok(())
    }

    /// Words frozen again around the same change bring just that change.
    fn brings_what_it_announced(&self, version: &RecordVersion<T>) -> bool {
        let Some(amended) = version.amends.as_deref().and_then(|id| self.version(id)) else { return true };
        if version.amendment.is_some() {
            return true;
        }
        let text = |id: &Option<String>| id.as_deref().and_then(|id| self.version(id)).map(|version| &version.text);
        let announced = T::change(text(&amended.base), &amended.text);
        announced == T::change(text(&version.base), &version.text)
    }

    fn ends(&self, now: Timestamp) -> Result<(), Refusal> {
        let Some(end) = self.retirement.as_ref().filter(|end| now < end.ends_at()) else { return Ok(()) };
        let name = self.name();
        if let Some(last) = self.top().filter(|last| last.begins_at() >= end.ends_at()) {
            return Err(Refusal::new(
                "after-retirement",
                format!(
                    "`{name}` {} would take effect when the document has ended on {}; withdraw the one or the other: fineprint withdraw {name} {}, or fineprint withdraw {name} retirement",
                    last.id, end.on, last.id
                ),
            ));
        }
        let announced = day_of(end.announced_at, &end.zone);
        let earliest = self.window(self.chain.len(), end.announced_at).map(|version| version.promises(announced)).max();
        match earliest.filter(|earliest| end.exemption.is_none() && end.on < *earliest) {
            Some(earliest) => Err(Refusal::new(
                "notice-too-short",
                format!("`{name}` cannot end on {}: the earliest day is {earliest}", end.on),
            )),
            None => Ok(()),
        }
    }
}
