//! Acts: each is judged by its own rules, then every version that has not begun is judged again.

use super::entry::{RecordCorrection, RecordEntry, RecordEvent, RecordRetirement};
use super::life::Lifecycle;
use super::release::ReleaseDecision;
use super::{EXEMPTIONS, RecordVersion, Refusal, Significance, Wording, day_of, existing, start_of_day};
use crate::notice::Reckoning;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Two clocks may disagree by this much without anybody being wrong.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Days that need no confirmation: a slip of the year should not publish in another one.
const FAR: i32 = 366;

/// What is done to the record.
#[derive(Clone, Debug)]
pub enum RecordAct<T> {
    Release(ReleaseDecision<T>),
    /// Several documents in one act. On the same day, all take effect on the latest of their dates.
    Together {
        releases: Vec<ReleaseDecision<T>>,
        effective: Option<Date>,
        same_day: bool,
    },
    Withdraw {
        document: String,
        version: String,
        dependants: Option<Dependants>,
    },
    /// Takes an announced end back.
    KeepOn {
        document: String,
    },
    Correct {
        document: String,
        version: String,
        significance: Option<Significance>,
        reasoned: bool,
    },
    Rename {
        document: String,
        name: String,
    },
    Retire {
        document: String,
        on: Date,
        exemption: Option<&'static str>,
        reasoned: bool,
    },
    Translate {
        document: String,
        version: String,
        language: String,
    },
    /// Versions of a past, with their days, oldest first. A name of its own keeps the number that a file had.
    Import {
        document: String,
        versions: Vec<(Option<String>, Date, T)>,
    },
}

/// What becomes of versions that stand on a withdrawn one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependants {
    Withdraw,
    /// Frozen again without the withdrawn change.
    Rebase,
}

/// When an act happens, and under which settings.
#[derive(Clone, Debug)]
pub struct Moment {
    /// By the clock of the machine.
    pub now: Timestamp,
    pub zone: TimeZone,
    pub reckoning: Reckoning,
    /// The latest instant that is known from elsewhere, such as the last commit that changed the ledger.
    pub trace: Option<Timestamp>,
    /// The other clock was the wrong one, and the record will say so.
    pub clock_justified: bool,
    /// A day more than a year ahead is meant.
    pub confirmed: bool,
}

/// An append-only list of entries with what they say about each document. Documents go by their first name.
#[derive(Clone, Debug)]
pub struct Record<T> {
    pub entries: Vec<RecordEntry<T>>,
    pub lives: BTreeMap<String, Lifecycle<T>>,
}

impl<T: Clone> Default for Record<T> {
    fn default() -> Self {
        Record { entries: Vec::new(), lives: BTreeMap::new() }
    }
}

impl<T: Clone> Record<T> {
    pub fn new(entries: impl IntoIterator<Item = RecordEntry<T>>) -> Record<T> {
        let mut record = Record::default();
        for entry in entries {
            record.push(entry);
        }
        record
    }

    pub fn push(&mut self, entry: RecordEntry<T>) {
        let life = self.lives.entry(entry.document.clone());
        life.or_insert_with(|| Lifecycle::new(&entry.document, entry.recorded)).apply(&entry);
        self.entries.push(entry);
    }

    /// The first name of a document by any name that it ever had.
    pub fn key(&self, name: &str) -> Option<&str> {
        let had = |life: &Lifecycle<T>| life.names.iter().any(|(had, _)| had == name);
        self.lives.iter().find(|(_, life)| had(life)).map(|(key, _)| key.as_str())
    }

    pub fn life(&self, name: &str) -> Option<&Lifecycle<T>> {
        self.lives.get(self.key(name)?)
    }

    pub fn last_recorded(&self) -> Option<Timestamp> {
        self.entries.last().map(|entry| entry.recorded)
    }
}

impl<T: Wording> Record<T> {
    /// The record with an act, or why it is refused. The record itself does not change.
    pub fn act(&self, moment: &Moment, act: &RecordAct<T>) -> Result<Record<T>, Refusal> {
        let now = self.settled_clock(moment)?;
        let number = self.entries.last().map_or(1, |entry| entry.act + 1);
        let mut pending = PendingAct { record: self.clone(), now, today: day_of(now, &moment.zone), number, moment };
        pending.perform(act)?;
        for life in pending.record.lives.values() {
            life.audit(now)?;
        }
        Ok(pending.record)
    }

    /// The instant of an act. Within the disagreement of clocks it is that of the last entry at least, so that order is order.
    pub fn settled_clock(&self, moment: &Moment) -> Result<Timestamp, Refusal> {
        let Some(last) = self.last_recorded().max(moment.trace).filter(|last| moment.now < *last) else {
            return Ok(moment.now);
        };
        if moment.clock_justified {
            return Ok(moment.now);
        }
        if last.duration_since(moment.now) <= SKEW {
            return Ok(last);
        }
        let what =
            if moment.trace == Some(last) { "the last commit that changed the ledger" } else { "the last entry" };
        Err(Refusal::new(
            "clock-back",
            format!(
                "the clock of this machine says {}, which is before {what} of {last}; set the clock right, or, if the other clock was wrong, say so on the record with `--clock-justification \"…\"`",
                moment.now
            ),
        ))
    }
}

/// An act in progress.
pub(super) struct PendingAct<'m, T> {
    pub record: Record<T>,
    pub now: Timestamp,
    pub today: Date,
    pub number: u32,
    pub moment: &'m Moment,
}

impl<T: Wording> PendingAct<'_, T> {
    fn perform(&mut self, act: &RecordAct<T>) -> Result<(), Refusal> {
        match act {
            RecordAct::Release(release) => self.release(release),
            RecordAct::Together { releases, effective, same_day } => self.together(releases, *effective, *same_day),
            RecordAct::Withdraw { document, version, dependants } => self.withdraw(document, version, *dependants),
            RecordAct::KeepOn { document } => self.keep_on(document),
            RecordAct::Correct { document, version, significance, reasoned } => {
                self.correct(document, version, *significance, *reasoned)
            }
            RecordAct::Rename { document, name } => self.rename(document, name),
            RecordAct::Retire { document, on, exemption, reasoned } => {
                self.retire(document, *on, *exemption, *reasoned)
            }
            RecordAct::Translate { document, version, language } => self.translate(document, version, language),
            RecordAct::Import { document, versions } => self.import(document, versions),
        }
    }

    pub fn add(&mut self, document: &str, event: RecordEvent<T>) {
        let (act, recorded) = (self.number, self.now);
        self.record.push(RecordEntry { act, recorded, document: document.to_string(), event });
    }

    /// A document that is on the record and has not ended, with its first name.
    pub fn standing(&self, name: &str) -> Result<(String, Lifecycle<T>), Refusal> {
        match self.record.key(name) {
            Some(key) => Ok((key.to_string(), self.unended(key)?)),
            None => Err(Refusal::new("unknown-document", format!("`{name}` has not been released"))),
        }
    }

    pub fn unended(&self, key: &str) -> Result<Lifecycle<T>, Refusal> {
        let life = &self.record.lives[key];
        if life.has_ended(self.now) {
            let name = life.name();
            return Err(Refusal::new(
                "retired",
                format!(
                    "`{name}` has ended and stays as it is; begin another document, such as content/{name}-2/policy.md"
                ),
            ));
        }
        Ok(life.clone())
    }

    /// A name that no version of the document ever had: its day, with a number if need be.
    pub fn new_id(&self, key: &str, effective: Date) -> String {
        let life = self.record.lives.get(key);
        let taken = |id: &str| life.is_some_and(|life| life.version(id).is_some());
        let names = (2..).map(|number| format!("{effective}-{number}"));
        std::iter::once(effective.to_string()).chain(names).find(|id| !taken(id)).unwrap_or_default()
    }

    /// A version that has begun for nobody.
    pub fn not_begun<'l>(&self, life: &'l Lifecycle<T>, id: &str) -> Result<&'l RecordVersion<T>, Refusal> {
        let name = life.name();
        let Some(version) = life.version(id) else {
            let open: Vec<&str> = life
                .live()
                .filter(|version| version.begins_at() > self.now)
                .map(|version| version.id.as_str())
                .collect();
            let help = match open[..] {
                [] => "none of its versions is still to take effect".to_string(),
                _ => format!("still to take effect: {}", open.join(", ")),
            };
            return Err(Refusal::new("unknown-version", format!("`{name}` has no version `{id}`; {help}")));
        };
        if let Some(gone) = life.gone.get(id) {
            let day = day_of(gone.at, &version.zone);
            return Err(Refusal::new(
                "gone",
                match &gone.heir {
                    Some(heir) => format!("`{name}` {id} was amended on {day}: {heir} has its place; name that one"),
                    None => format!("`{name}` {id} was withdrawn on {day}"),
                },
            ));
        }
        if version.begins_at() <= self.now || version.imported {
            return Err(Refusal::new(
                "has-begun",
                format!(
                    "`{name}` {id} has been in force since {} and applies to people; release a new version instead: fineprint release {name}",
                    version.effective
                ),
            ));
        }
        Ok(version)
    }

    /// A day that was typed: one that exists, and that is meant if it is far away.
    pub fn near(&self, day: Date) -> Result<Date, Refusal> {
        let days = (day - self.today).get_days();
        if days > FAR && !self.moment.confirmed {
            return Err(Refusal::new(
                "far-away",
                format!("{day} is more than a year ahead; if it is meant, say so with `--confirm`"),
            ));
        }
        Ok(existing(day, &self.moment.zone))
    }

    /// The same change with the same date and notice, frozen again with other words around it.
    pub fn freeze_again(
        &mut self,
        key: &str,
        version: &RecordVersion<T>,
        text: T,
        base: Option<&str>,
        change: impl FnOnce(&mut RecordVersion<T>),
    ) -> String {
        let public = version.public_at().max(self.now);
        let mut again = RecordVersion {
            text,
            base: base.map(str::to_string),
            amends: Some(version.id.clone()),
            amendment: None,
            recorded: self.now,
            published: day_of(public, &version.zone).max(version.published),
            ..version.clone()
        };
        change(&mut again);
        again.id = self.new_id(key, again.effective);
        let id = again.id.clone();
        self.add(key, RecordEvent::Version(again.into()));
        id
    }

    fn withdraw(&mut self, name: &str, id: &str, dependants: Option<Dependants>) -> Result<(), Refusal> {
        let (key, life) = self.standing(name)?;
        let version = self.not_begun(&life, id)?;
        let place = life.place(id).unwrap_or_default();
        let above: Vec<RecordVersion<T>> = life.live().skip(place + 1).cloned().collect();
        let name = life.name();
        match dependants {
            _ if above.is_empty() => {}
            None => {
                let ids: Vec<&str> = above.iter().map(|version| version.id.as_str()).collect();
                return Err(Refusal::new(
                    "dependants",
                    format!(
                        "released on top of `{name}` {id}: {}; withdraw them with it (`--dependants withdraw`), or keep their changes without this one (`--dependants rebase`)",
                        ids.join(", ")
                    ),
                ));
            }
            Some(Dependants::Withdraw) => {
                for version in above.iter().rev() {
                    self.not_begun(&life, &version.id)?;
                    self.add(&key, RecordEvent::Withdraw(version.id.clone()));
                }
            }
            Some(Dependants::Rebase) => {
                let Some(before) = place.checked_sub(1).and_then(|before| life.live().nth(before)) else {
                    return Err(Refusal::new(
                        "first",
                        format!(
                            "`{name}` {id} is the first version, so what was released on top has nothing else to stand on; withdraw it, too, with `--dependants withdraw`"
                        ),
                    ));
                };
                let mut base = before.id.clone();
                for dependant in &above {
                    let text = carried(&dependant.text, &version.text, &before.text, &dependant.id)?;
                    base = self.freeze_again(&key, dependant, text, Some(&base), |_| {});
                }
            }
        }
        self.add(&key, RecordEvent::Withdraw(id.to_string()));
        Ok(())
    }

    fn keep_on(&mut self, name: &str) -> Result<(), Refusal> {
        let (key, life) = self.standing(name)?;
        if life.retirement.is_none() {
            return Err(Refusal::new("unknown-version", format!("no end of `{name}` is announced")));
        }
        self.add(&key, RecordEvent::Retire(None));
        Ok(())
    }

    fn correct(
        &mut self,
        name: &str,
        id: &str,
        significance: Option<Significance>,
        reasoned: bool,
    ) -> Result<(), Refusal> {
        let (key, life) = self.standing(name)?;
        let Some(version) = life.version(id) else {
            return Err(Refusal::new("unknown-version", format!("`{name}` has no version `{id}`")));
        };
        if let Some(new) = significance {
            let old = version.significance;
            if old == Some(new) || (old.is_none() && !version.imported) {
                return Err(Refusal::new(
                    "significance",
                    match old {
                        Some(old) => format!("`{name}` {id} is {} already", old.name()),
                        None => format!("`{name}` {id} is the first version: it changes nothing for anybody"),
                    },
                ));
            }
            if life.gone.contains_key(id) {
                return Err(Refusal::new(
                    "gone",
                    format!("`{name}` {id} does not stand any more: only its summary can be corrected"),
                ));
            }
            if old.is_some_and(|old| new > old) && !reasoned {
                return Err(Refusal::new(
                    "reason",
                    "a change is made less significant only with a reason: add `--reason \"…\"`",
                ));
            }
        }
        let version = id.to_string();
        self.add(&key, RecordEvent::Correct(RecordCorrection { version, significance }));
        Ok(())
    }

    fn rename(&mut self, name: &str, new: &str) -> Result<(), Refusal> {
        let (key, life) = self.standing(name)?;
        if life.name() == new {
            return Err(Refusal::new("nothing-changed", format!("`{new}` is its name already")));
        }
        if self.record.key(new).is_some_and(|other| other != key) {
            return Err(Refusal::new(
                "name-taken",
                format!(
                    "`{new}` is or was the name of another document, and its old addresses lead there; choose another name"
                ),
            ));
        }
        self.add(&key, RecordEvent::Rename(new.to_string()));
        Ok(())
    }

    fn retire(&mut self, name: &str, on: Date, exemption: Option<&'static str>, reasoned: bool) -> Result<(), Refusal> {
        let (key, life) = self.standing(name)?;
        let on = self.near(on)?;
        if life.in_force(self.now).is_none() {
            return Err(Refusal::new(
                "nothing-in-force",
                format!("no version of `{name}` is in force; withdraw what is announced"),
            ));
        }
        if let Some(known) = &life.retirement {
            return Err(Refusal::new(
                "twice",
                format!(
                    "`{name}` ends on {} already; take that back first: fineprint withdraw {name} retirement",
                    known.on
                ),
            ));
        }
        if exemption.is_some_and(|kind| !EXEMPTIONS.contains(&kind) || !reasoned) {
            return Err(Refusal::new(
                "exemption",
                "an exemption is published with its reason; add `--exemption-reason \"…\"`",
            ));
        }
        if on <= self.today {
            let tomorrow = self.today.tomorrow().unwrap_or(self.today);
            return Err(Refusal::new("backdated", format!("a document ends on {tomorrow} at the earliest")));
        }
        let zone = self.moment.zone.clone();
        self.add(&key, RecordEvent::Retire(Some(RecordRetirement { on, announced_at: self.now, zone, exemption })));
        Ok(())
    }

    fn translate(&mut self, name: &str, id: &str, language: &str) -> Result<(), Refusal> {
        let (key, life) = self.standing(name)?;
        if life.place(id).is_none() {
            return Err(Refusal::new("unknown-version", format!("`{name}` has no version `{id}` that stands")));
        }
        if life.translations.iter().any(|(version, known, _)| version == id && known == language) {
            return Err(Refusal::new(
                "frozen",
                format!("`{name}` {id} has a text in `{language}`, which is frozen; release a new version instead"),
            ));
        }
        self.add(&key, RecordEvent::Translate { version: id.to_string(), language: language.to_string() });
        Ok(())
    }

    fn import(&mut self, name: &str, versions: &[(Option<String>, Date, T)]) -> Result<(), Refusal> {
        let key = self.record.key(name).unwrap_or(name).to_string();
        let life = match self.record.lives.contains_key(&key) {
            true => Some(self.unended(&key)?),
            false => None,
        };
        let Some((_, last, _)) = versions.last() else { return Ok(()) };
        if !versions.is_sorted_by_key(|(_, day, _)| *day) || *last > self.today {
            return Err(Refusal::new("order", "a past is imported in order, and none of it is in the future"));
        }
        if let Some(life) = &life {
            if life.live().next().is_some_and(|first| first.begins_at() > self.now) {
                return Err(Refusal::new(
                    "import-under-first",
                    format!(
                        "the first version of `{name}` is only announced; withdraw it, import the past, and release it again with its notice"
                    ),
                ));
            }
            let first = life.all().map(|version| version.effective).min();
            if let Some(first) = first.filter(|first| last >= first) {
                return Err(Refusal::new(
                    "import-between",
                    format!("`{name}` has versions from {first} on; only days before that can be imported"),
                ));
            }
        }
        let mut base = None;
        for (id, day, text) in versions {
            let id = id.clone().unwrap_or_else(|| self.new_id(&key, *day));
            let version = RecordVersion {
                base: base.replace(id.clone()),
                id,
                amends: None,
                amendment: None,
                recorded: self.now,
                published: *day,
                effective: *day,
                zone: self.moment.zone.clone(),
                reckoning: self.moment.reckoning.clone(),
                significance: None,
                exemption: None,
                imported: true,
                text: text.clone(),
                announced_at: start_of_day(*day, &self.moment.zone),
                noticed: false,
                missed: false,
            };
            self.add(&key, RecordEvent::Version(version.into()));
        }
        Ok(())
    }
}

/// A text with the change that leads from one to another; a conflict names the version that reads differently.
pub(super) fn carried<T: Wording>(text: &T, old: &T, new: &T, version: &str) -> Result<T, Refusal> {
    text.with_change(old, new).map_err(|passage| {
        Refusal::new(
            "conflict",
            format!(
                "{version} reads differently where the change is made: {passage}; nothing was written. Amend the announced version alone (`--amends {version}`), or withdraw it first"
            ),
        )
    })
}
