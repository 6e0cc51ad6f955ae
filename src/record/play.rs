//! A small language for histories, in which a text is a set of named clauses. `notice=14` is its promise: days, or with `b`,
//! `w` or `m` business days, weeks or months.

use super::*;
use crate::notice::{Counting, NoticeUnit, Reckoning};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses(pub BTreeMap<String, String>);

impl PromiseText for Clauses {
    fn notice(&self) -> NoticePeriod {
        let Some(words) = self.0.get("notice") else { return NoticePeriod::days(0) };
        let (unit, digits) = match words.strip_suffix(['b', 'w', 'm']) {
            None => (NoticeUnit::Day, words.as_str()),
            Some(digits) if words.ends_with('b') => (NoticeUnit::BusinessDay, digits),
            Some(digits) if words.ends_with('w') => (NoticeUnit::Week, digits),
            Some(digits) => (NoticeUnit::Month, digits),
        };
        NoticePeriod { count: digits.parse().unwrap(), unit }
    }
}

impl Wording for Clauses {
    type Change = BTreeMap<String, (Option<String>, Option<String>)>;

    fn change(old: Option<&Self>, new: &Self) -> Option<Self::Change> {
        let none = BTreeMap::new();
        let (old, new) = (old.map_or(&none, |old| &old.0), &new.0);
        let changed = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name));
        let out: Self::Change =
            changed.map(|name| (name.clone(), (old.get(name).cloned(), new.get(name).cloned()))).collect();
        (!out.is_empty()).then_some(out)
    }

    fn with_change(&self, old: &Self, new: &Self) -> Result<Self, String> {
        let mut out = self.clone();
        for (name, (before, after)) in Clauses::change(Some(old), new).into_iter().flatten() {
            if out.0.get(&name) != before.as_ref() {
                return Err(name);
            }
            match after {
                Some(words) => out.0.insert(name, words),
                None => out.0.remove(&name),
            };
        }
        Ok(out)
    }
}

impl Clauses {
    pub fn edited(&self, name: &str, words: Option<&str>) -> Clauses {
        let mut edited = self.clone();
        match words {
            Some(words) => edited.0.insert(name.into(), words.into()),
            None => edited.0.remove(name),
        };
        edited
    }
}

/// A record with the settings of its center.
#[derive(Clone)]
pub struct Center {
    pub record: Record<Clauses>,
    pub zone: TimeZone,
    pub counting: Counting,
    pub trace: Option<Timestamp>,
}

impl Center {
    pub fn new(zone: &str) -> Center {
        Center {
            record: Record::default(),
            zone: TimeZone::get(zone).unwrap(),
            counting: Counting::ClearDays,
            trace: None,
        }
    }

    /// What the draft is before anybody edits it.
    pub fn newest(&self, document: &str) -> Clauses {
        self.record.life(document).and_then(Lifecycle::top).map(|top| top.text.clone()).unwrap_or_default()
    }

    pub fn moment(&self, now: Timestamp) -> Moment {
        Moment {
            now,
            zone: self.zone.clone(),
            reckoning: Reckoning::new(self.counting, []),
            trace: self.trace,
            clock_justified: false,
            confirmed: false,
        }
    }

    /// Plays a line such as `2026-11-28T15:00 release privacy material logs=180d`; it is 10:00 unless a time is given. Several
    /// releases in one act are joined: `2026-11-28 release privacy material a=1 + release terms material b=2`.
    pub fn play(&mut self, line: &str) -> Result<(), Refusal> {
        let (at, rest) = line.split_once(' ').unwrap();
        let at = if at.contains('T') { at.to_string() } else { format!("{at}T10:00") };
        let now = self.zone.to_timestamp(at.parse::<DateTime>().unwrap()).unwrap();
        let mut moment = self.moment(now);
        let mut acts: Vec<RecordAct<Clauses>> =
            rest.split(" + ").filter_map(|words| self.read(words, now, &mut moment)).collect();
        let act = match acts.len() {
            0 => return Ok(()),
            1 => acts.remove(0),
            _ => {
                let releases = acts.into_iter().filter_map(|act| match act {
                    RecordAct::Release(release) => Some(release),
                    _ => None,
                });
                RecordAct::Together { releases: releases.collect(), effective: None, same_day: true }
            }
        };
        self.record = self.record.act(&moment, &act)?;
        Ok(())
    }

    /// None for a line that sets the scene.
    fn read(&mut self, words: &str, now: Timestamp, moment: &mut Moment) -> Option<RecordAct<Clauses>> {
        let words: Vec<&str> = words.split_whitespace().collect();
        let document = words.get(1).copied().unwrap_or("").to_string();
        let (mut options, mut flags) = (BTreeMap::new(), Vec::new());
        for word in words.get(2..).unwrap_or_default() {
            match word.split_once('=') {
                Some((name, value)) => drop(options.insert(name, value)),
                None => flags.push(*word),
            }
        }
        let mut take = |name: &str| options.remove(name);
        moment.clock_justified |= take("clock").is_some();
        moment.confirmed |= take("confirm").is_some();
        let date = |text: &str| -> Date { text.parse().unwrap() };
        let kind = |text: &str| *EXEMPTIONS.iter().find(|known| **known == text).unwrap();
        let significance = flags.iter().find_map(|flag| Significance::named(flag));
        Some(match words[0] {
            "settings" => {
                if let Some(zone) = take("zone") {
                    self.zone = TimeZone::get(zone).unwrap();
                }
                self.counting = take("counting").and_then(Counting::named).unwrap_or(self.counting);
                return None;
            }
            "commit" => {
                self.trace = self.trace.max(Some(now));
                return None;
            }
            "release" => {
                let release = ReleaseDecision {
                    significance,
                    effective: take("effective").map(date),
                    publish_on: take("publish-on").map(date),
                    exemption: take("exemption").map(kind),
                    reasoned: take("reason").is_some(),
                    route: match take("amends") {
                        Some(id) => Route::Amends(id.to_string()),
                        None if flags.contains(&"backport") => Route::Backport,
                        None => Route::OnTop,
                    },
                    text: Clauses::default(),
                    document,
                };
                let mut text = self.newest(&release.document);
                for (name, value) in options {
                    text = text.edited(name, Some(value).filter(|value| !value.is_empty()));
                }
                RecordAct::Release(ReleaseDecision { text, ..release })
            }
            "withdraw" if flags == ["retirement"] => RecordAct::KeepOn { document },
            "withdraw" => {
                let dependants = take("dependants").map(|word| match word {
                    "withdraw" => Dependants::Withdraw,
                    _ => Dependants::Rebase,
                });
                RecordAct::Withdraw { document, version: flags[0].into(), dependants }
            }
            "correct" => RecordAct::Correct {
                document,
                version: flags[0].into(),
                significance,
                reasoned: take("reason").is_some(),
            },
            "rename" => RecordAct::Rename { document, name: flags[0].into() },
            "retire" => RecordAct::Retire {
                document,
                on: date(flags[0]),
                exemption: take("exemption").map(kind),
                reasoned: take("reason").is_some(),
            },
            "translate" => RecordAct::Translate { document, version: flags[0].into(), language: flags[1].into() },
            "import" => {
                let past = |day: &&str| (None, date(day), Clauses::default().edited("of", Some(day)));
                RecordAct::Import { document, versions: flags.iter().map(past).collect() }
            }
            other => panic!("there is no act `{other}`"),
        })
    }

    /// The state of a document at the end of a day, from what was recorded by then.
    pub fn on(&self, document: &str, day: &str) -> Option<Lifecycle<Clauses>> {
        let key = self.record.key(document)?;
        let entries = self.record.entries.iter().filter(|entry| entry.document == key);
        Lifecycle::at(entries, self.end(day))
    }

    pub fn end(&self, day: &str) -> Timestamp {
        end_of_day(day.parse().unwrap(), &self.zone)
    }
}
