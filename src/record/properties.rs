//! Laws of the record over random histories of all acts.

use super::play::{Center, Clauses};
use super::*;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

/// One step of a history: how long after the last one, which act, and what it picks.
type Step = (u8, u8, u8, u8);

const ZONES: &[&str] = &["Europe/Madrid", "Pacific/Kiritimati", "America/Havana", "UTC"];
const NOTICES: &[&str] = &["14", "30", "7", "0", "10b", "2w", "1m"];
const SIGNIFICANCES: &[Significance] = &[Significance::Material, Significance::Minor, Significance::Editorial];

/// A history being made, with the instant of its last act.
struct History {
    center: Center,
    now: Timestamp,
    seen: Vec<Seen>,
    accepted: usize,
    /// Every act that was tried, with its instant and what became of it.
    tried: Vec<(Timestamp, RecordAct<Clauses>, Result<(), &'static str>)>,
}

/// What readers could see of a document after an act.
struct Seen {
    at: Timestamp,
    document: String,
    in_force: Option<String>,
    /// Words and beginning of every visible version, and whether it applied or had applied.
    visible: BTreeMap<String, (Clauses, Timestamp, bool)>,
}

fn in_force(life: &Lifecycle<Clauses>, at: Timestamp) -> Option<String> {
    // An import may speak of days before it was entered.
    life.in_force(at).filter(|version| !version.imported).map(|version| version.id.clone())
}

fn pick<T>(items: &[T], choice: u8) -> Option<&T> {
    items.get(usize::from(choice) % items.len().max(1))
}

impl History {
    fn new(zone: u8, start: u8) -> History {
        let center = Center::new(ZONES[usize::from(zone) % ZONES.len()]);
        // From a February with a leap day on, or across changes of the clocks.
        let day = jiff::civil::date(2028, 2, 20).saturating_add(i64::from(start).days());
        let now = start_of_day(day, &center.zone);
        History { center, now, seen: Vec::new(), accepted: 0, tried: Vec::new() }
    }

    fn run(zone: u8, start: u8, steps: &[Step]) -> History {
        let mut history = History::new(zone, start);
        for step in steps {
            history.step(*step);
        }
        history
    }

    fn step(&mut self, (wait, kind, a, b): Step) {
        // Minutes, hours, days or weeks after the last act.
        let wait = match wait % 4 {
            0 => (i64::from(wait / 4) + 1).minutes(),
            1 => (i64::from(wait / 4) + 1).hours(),
            _ => (i64::from(wait / 4) * 7 + 1).hours(),
        };
        self.now = self.now.checked_add(wait).unwrap();
        let document = if a.is_multiple_of(3) { "terms" } else { "privacy" };
        let act = self.act(document, kind, a, b);
        let mut moment = self.center.moment(self.now);
        moment.confirmed = true;
        let entries = self.center.record.entries.len();
        let result = self.center.record.act(&moment, &act);
        let outcome = result.as_ref().map(|_| ()).map_err(|refusal| refusal.code);
        self.tried.push((self.now, act.clone(), outcome));
        let Ok(next) = result else { return };
        assert!(next.entries.len() > entries, "an act that was accepted leaves an entry: {act:?}");
        self.center.record = next;
        self.accepted += 1;
        for (key, life) in &self.center.record.lives {
            let visible = life.all().filter_map(|version| {
                let state = life.state(&version.id, self.now).filter(|state| state.is_visible())?;
                let applied = matches!(state, State::InForce | State::Superseded | State::Retired);
                Some((version.id.clone(), (version.text.clone(), version.begins_at(), applied)))
            });
            self.seen.push(Seen {
                at: self.now,
                document: key.clone(),
                in_force: in_force(life, self.now),
                visible: visible.collect(),
            });
        }
    }

    fn edited(&self, document: &str, a: u8, b: u8) -> Clauses {
        let draft = self.center.newest(document);
        let draft = match draft.0.is_empty() {
            true => draft.edited("notice", Some(NOTICES[usize::from(b) % 3])),
            false => draft,
        };
        match a % 8 {
            0 => draft.edited("notice", pick(NOTICES, b).copied()),
            clause => draft.edited(["logs", "mail", "phone"][usize::from(clause) % 3], Some(&format!("{b}"))),
        }
    }

    fn act(&self, document: &str, kind: u8, a: u8, b: u8) -> RecordAct<Clauses> {
        let life = self.center.record.life(document);
        let ids: Vec<String> = life.map(|life| life.order.clone()).unwrap_or_default();
        let version = pick(&ids, b).cloned().unwrap_or_else(|| "none".into());
        let name = life.map_or(document, Lifecycle::name).to_string();
        let today = day_of(self.now, &self.center.zone);
        let later = today.saturating_add(i64::from(b % 40).days());
        let release = |route: Route| ReleaseDecision {
            document: name.clone(),
            text: self.edited(document, a, b),
            significance: pick(SIGNIFICANCES, a / 4).copied().filter(|_| !ids.is_empty()),
            effective: b.is_multiple_of(5).then_some(later),
            publish_on: b.is_multiple_of(11).then(|| today.saturating_add(i64::from(b % 9).days())),
            exemption: a.is_multiple_of(13).then_some("security"),
            reasoned: true,
            route,
        };
        match kind % 16 {
            0..=4 => RecordAct::Release(release(Route::OnTop)),
            5 | 6 => RecordAct::Release(release(Route::Backport)),
            7 | 8 => RecordAct::Release(release(Route::Amends(version))),
            9 => RecordAct::Together {
                releases: vec![
                    release(Route::OnTop),
                    ReleaseDecision {
                        document: if document == "terms" { "privacy" } else { "terms" }.into(),
                        text: self.edited(if document == "terms" { "privacy" } else { "terms" }, b, a),
                        ..release(Route::OnTop)
                    },
                ],
                effective: None,
                same_day: a.is_multiple_of(2),
            },
            10 | 11 => RecordAct::Withdraw {
                document: name,
                version,
                dependants: [None, Some(Dependants::Withdraw), Some(Dependants::Rebase)][usize::from(a) % 3],
            },
            12 => RecordAct::Correct {
                document: name,
                version,
                significance: pick(SIGNIFICANCES, a).copied(),
                reasoned: a.is_multiple_of(2),
            },
            13 => RecordAct::Rename { document: name, name: format!("{document}-{}", b % 3) },
            14 if b.is_multiple_of(4) => {
                RecordAct::Retire { document: name, on: later, exemption: None, reasoned: false }
            }
            14 => RecordAct::KeepOn { document: name },
            _ if a.is_multiple_of(4) => RecordAct::Import {
                document: name,
                versions: vec![(None, jiff::civil::date(2024, 3, 1), Clauses::default().edited("of", Some("2024")))],
            },
            _ => RecordAct::Translate { document: name, version, language: "es".into() },
        }
    }

    /// Instants at which something may change, and one long after them.
    fn instants(&self) -> Vec<Timestamp> {
        let all = self.center.record.lives.values().flat_map(Lifecycle::all);
        let mut instants: Vec<Timestamp> = all.flat_map(|version| [version.begins_at(), version.public_at()]).collect();
        instants.extend(self.center.record.entries.iter().map(|entry| entry.recorded));
        let before: Vec<Timestamp> = instants.iter().map(|at| at.saturating_sub(1.second()).unwrap()).collect();
        instants.extend(before);
        instants.push(self.now.checked_add((400 * 24).hours()).unwrap());
        instants.sort();
        instants.dedup();
        instants
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// From the first version's beginning to the document's end, exactly one version is in force at any instant.
    #[test]
    fn exactly_one_version_is_in_force(zone: u8, start: u8, steps in steps()) {
        let history = History::run(zone, start, &steps);
        for life in history.center.record.lives.values() {
            let Some(first) = life.live().next().map(RecordVersion::begins_at) else { continue };
            for at in history.instants() {
                let applies = life.all().filter(|version| life.state(&version.id, at) == Some(State::InForce)).count();
                let expected = usize::from(first <= at && !life.has_ended(at));
                prop_assert_eq!(applies, expected, "{} at {}", life.name(), at);
            }
        }
    }

    /// A material change takes effect only after the notice that each text promised that applied in its window, the one that
    /// it really follows among them, unless an exemption stands beside it or the record says that no notice was given.
    #[test]
    fn no_change_takes_effect_without_its_notice(zone: u8, start: u8, steps in steps()) {
        let history = History::run(zone, start, &steps);
        for life in history.center.record.lives.values() {
            let live: Vec<&RecordVersion<Clauses>> = life.live().collect();
            for (before, version) in live.iter().zip(live.iter().skip(1)) {
                let owes = version.significance == Some(Significance::Material)
                    && version.exemption.is_none()
                    && !version.imported
                    && !version.missed;
                if !owes {
                    continue;
                }
                let announced = version.notice_from();
                for text in [*before, *version] {
                    let applies = text.begins_at() < version.begins_at() || text.id == version.id;
                    prop_assert!(
                        !applies || text.promises(announced) <= version.effective,
                        "{} {} announced on {} for {}, and {} promises more",
                        life.name(), version.id, announced, version.effective, text.id
                    );
                }
                prop_assert!(version.begins_at() >= before.begins_at());
            }
        }
    }

    /// What readers could see at one time is there at any later time, with the same words; nothing that has begun begins at
    /// another instant.
    #[test]
    fn nothing_that_was_seen_goes_or_says_other_words(zone: u8, start: u8, steps in steps()) {
        let history = History::run(zone, start, &steps);
        for Seen { at, document: key, in_force: was, visible } in &history.seen {
            let life = &history.center.record.lives[key];
            for (id, (text, begins, applied)) in visible {
                let version = life.version(id);
                prop_assert!(version.is_some(), "{} {} is gone", key, id);
                let version = version.unwrap();
                prop_assert_eq!(&version.text, text);
                prop_assert!(life.state(id, history.now).unwrap().is_visible(), "{} {} was seen and is hidden", key, id);
                if *applied {
                    prop_assert_eq!(version.begins_at(), *begins);
                    prop_assert!(!life.gone.contains_key(id), "{} {} applied and is gone", key, id);
                }
            }
            // The answer for that instant does not depend on when it is asked.
            let entries = history.center.record.entries.iter().filter(|entry| entry.document == *key);
            let then = Lifecycle::at(entries, *at).and_then(|life| in_force(&life, *at));
            prop_assert_eq!(&then, was);
        }
    }

    /// No name is used twice in a document, and every version stands on the one before it.
    #[test]
    fn versions_form_one_chain(zone: u8, start: u8, steps in steps()) {
        let history = History::run(zone, start, &steps);
        for life in history.center.record.lives.values() {
            let mut names: Vec<&String> = life.order.iter().collect();
            names.sort();
            names.dedup();
            prop_assert_eq!(names.len(), life.order.len());
            let live: Vec<&RecordVersion<Clauses>> = life.live().collect();
            for (before, version) in live.iter().zip(live.iter().skip(1)) {
                if !version.imported && version.begins_at() > history.now {
                    prop_assert_eq!(version.base.as_ref(), Some(&before.id));
                }
            }
        }
    }

    /// The same act by another route leaves the same entries, to the byte.
    #[test]
    fn the_route_to_an_act_does_not_show(zone: u8, start: u8, steps in steps(), a: u8, b: u8) {
        let history = History::run(zone, start, &steps);
        let RecordAct::Release(plain) = history.act("privacy", 0, a | 1, b) else { unreachable!() };
        let plain = ReleaseDecision { effective: None, publish_on: None, exemption: None, ..plain };
        let record = &history.center.record;
        let mut moment = history.center.moment(history.now);
        moment.confirmed = true;
        let perform = |act: RecordAct<Clauses>| {
            record.act(&moment, &act).map(|record| format!("{:?}", record.entries)).map_err(|refusal| refusal.code)
        };
        let alone = perform(RecordAct::Release(plain.clone()));
        let together = RecordAct::Together { releases: vec![plain.clone()], effective: None, same_day: true };
        prop_assert_eq!(&alone, &perform(together));
        if let Ok(released) = record.act(&moment, &RecordAct::Release(plain.clone())) {
            let Some(RecordEvent::Version(version)) = released.entries.last().map(|entry| &entry.event) else { unreachable!() };
            let said = ReleaseDecision { effective: Some(version.effective), ..plain.clone() };
            // A day that was typed has to exist; the earliest one does.
            prop_assert_eq!(&alone, &perform(RecordAct::Release(said)));
        }
        let open = record.life("privacy").is_some_and(|life| life.live().any(|version| version.begins_at() > history.now));
        if !open {
            prop_assert_eq!(&alone, &perform(RecordAct::Release(ReleaseDecision { route: Route::Backport, ..plain })));
        }
    }
}

/// Random histories are worth something only if many of their acts are accepted.
#[test]
fn histories_are_not_all_refusals() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut accepted, mut tried) = (0, 0);
    for _ in 0..100 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        tried += steps.len();
        accepted += History::run(0, 0, &steps).accepted;
    }
    assert!(accepted * 4 > tried, "{accepted} of {tried}");
}

/// Zones in which a day is missing or a midnight is.
#[test]
fn a_version_begins_on_a_day_and_at_an_hour_that_exist() {
    for (zone, day, begins) in [
        // Samoa skipped 30 December 2011; Havana's clocks skip midnight in March.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z"),
        ("Europe/Madrid", "2028-02-29", "2028-02-28T23:00:00Z"),
    ] {
        let zone = TimeZone::get(zone).unwrap();
        assert_eq!(start_of_day(day.parse().unwrap(), &zone), begins.parse::<Timestamp>().unwrap(), "{day}");
    }
}

/// What the reference model in Python is told; apart, because it writes a file.
#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Random histories with what this engine made of them, for the reference model: `tests/run.sh model` compares the two. Without
    /// a place to write them to, it only makes sure that they can be told.
    #[test]
    fn histories_are_told_to_the_reference_model() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let place = std::env::var_os("FINEPRINT_HISTORIES");
        let count = if place.is_some() { 2_000 } else { 20 };
        let mut told = Vec::new();
        for number in 0..count {
            let steps = steps().new_tree(&mut runner).unwrap().current();
            told.push(tell(&History::run((number % 4) as u8, (number / 4) as u8, &steps)));
        }
        assert!(told.iter().any(|history| history["acts"].as_array().is_some_and(|acts| acts.len() > 10)));
        if let Some(place) = place {
            std::fs::write(place, serde_json::Value::from(told).to_string()).unwrap();
        }
    }

    fn tell(history: &History) -> serde_json::Value {
        let text = |text: &Clauses| -> Value {
            let name = |name: &String| if name == "notice" { "days".to_string() } else { name.clone() };
            text.0
                .iter()
                .map(|(clause, words)| (name(clause), Value::from(words.as_str())))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let release = |release: &ReleaseDecision<Clauses>| {
            json!({
                "act": "release",
                "doc": release.document,
                "text": text(&release.text),
                "significance": release.significance.map(Significance::name),
                "effective": release.effective.map(|day| day.to_string()),
                "publish_on": release.publish_on.map(|day| day.to_string()),
                "exemption": release.exemption,
                "reason": "r",
                "backport": release.route == Route::Backport,
                "amends": match &release.route {
                    Route::Amends(id) => Some(id),
                    _ => None,
                },
            })
        };
        let acts = history.tried.iter().map(|(at, act, outcome)| {
            let mut told = match act {
                RecordAct::Release(decision) => release(decision),
                RecordAct::Together { releases, effective, same_day } => json!({
                    "act": "together",
                    "same_day": same_day,
                    "effective": effective.map(|day| day.to_string()),
                    "items": releases.iter().map(release).collect::<Vec<_>>(),
                }),
                RecordAct::Withdraw { document, version, dependants } => json!({
                    "act": "withdraw",
                    "doc": document,
                    "version": version,
                    "dependants": dependants.map(|how| if how == Dependants::Rebase { "rebase" } else { "withdraw" }),
                }),
                RecordAct::KeepOn { document } => {
                    json!({ "act": "withdraw", "doc": document, "version": "retirement" })
                }
                RecordAct::Correct { document, version, significance, reasoned } => json!({
                    "act": "correct",
                    "doc": document,
                    "version": version,
                    "significance": significance.map(Significance::name),
                    "reason": reasoned.then_some("r"),
                }),
                RecordAct::Rename { document, name } => json!({ "act": "rename", "doc": document, "new": name }),
                RecordAct::Retire { document, on, .. } => {
                    json!({ "act": "retire", "doc": document, "on": on.to_string() })
                }
                RecordAct::Translate { document, version, language } => {
                    json!({ "act": "translate", "doc": document, "version": version, "language": language })
                }
                RecordAct::Import { document, versions } => json!({
                    "act": "import",
                    "doc": document,
                    "versions": versions
                        .iter()
                        .map(|(_, day, words)| json!({ "effective": day.to_string(), "text": text(words) }))
                        .collect::<Vec<_>>(),
                }),
            };
            told["at"] = at.as_second().into();
            told["confirm"] = true.into();
            told["outcome"] = outcome.err().unwrap_or("done").into();
            told
        });
        let documents = history.center.record.lives.iter().map(|(key, life)| {
            let states = history.instants().into_iter().map(|at| {
                let state = |id: &String| life.state(id, at).map_or("", State::name);
                json!([at.as_second(), life.order.iter().map(state).collect::<Vec<_>>()])
            });
            let dates = life.all().map(|version| version.effective.to_string());
            let earliest = life.live().map(|version| life.earliest(&version.id).map(|day| day.to_string()));
            let told = json!({
                "versions": life.order,
                "chain": life.chain,
                "effective": dates.collect::<Vec<_>>(),
                "earliest": earliest.collect::<Vec<_>>(),
                "states": states.collect::<Vec<_>>(),
            });
            (key.clone(), told)
        });
        json!({
            "zone": history.center.zone.iana_name(),
            "acts": acts.collect::<Vec<_>>(),
            "documents": documents.collect::<serde_json::Map<_, _>>(),
        })
    }
}
