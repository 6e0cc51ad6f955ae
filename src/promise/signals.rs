//! Signals that a change may be material, computed from facts.
//!
//! In: what two versions promise. Out: signals, each with a code and a sentence. No signal proves nothing, and a signal
//! is no judgement: it asks for a reason. Must not know: releases, the ledger, how they are shown.

use super::facts::{FactSet, items, row_name};
use crate::center::register::{KeepFact, Row, Value};
use crate::center::{Organization, Practices, Register, Text};
use crate::law::Practice;
use crate::notice::NoticePeriod;
use crate::words::{Duration, Language, Unit, duration};
use std::cmp::Ordering;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Signal {
    /// Kebab-case, one of [`CODES`].
    pub code: &'static str,
    /// Short, in English, without a full stop.
    pub sentence: String,
    /// `processors.stripe`, `organization.legal_name`, the id of a section.
    pub target: String,
}

pub const CODES: &[&str] = &[
    "controller-changed",
    "purpose-added",
    "purpose-changed",
    "legal-basis-changed",
    "data-category-added",
    "processor-added",
    "processor-location-changed",
    "processor-data-changed",
    "processor-role-changed",
    "retention-lengthened",
    "retention-unclear",
    "retention-added",
    "retention-removed",
    "right-removed",
    "right-channel-changed",
    "deadline-lengthened",
    "notice-shortened",
    "privacy-contact-changed",
    "cookie-added",
    "practice-changed",
    "section-removed",
    "listed-item-added",
    "listed-item-removed",
    "listed-item-changed",
    "disclosure-added",
    "period-changed",
    "heading-renamed",
    "facts-changed",
    "numbers-changed",
    "obligation-words-changed",
];

/// Signs that a change is more than editorial, and no sign that it is material.
const MORE_THAN_EDITORIAL: &[&str] =
    &["facts-changed", "numbers-changed", "obligation-words-changed", "heading-renamed"];

/// True if a signal of this code asks for a reason where a change is released as minor; all of them do where it is
/// released as editorial.
pub fn is_material(code: &str) -> bool {
    !MORE_THAN_EDITORIAL.contains(&code)
}

/// The promises of one version.
#[derive(Clone, Copy)]
pub struct Promises<'f> {
    pub facts: FactSet<'f>,
    pub notice: NoticePeriod,
}

/// `removed`: id and title of every section that the new version no longer has.
pub fn signals(old: Promises, new: Promises, removed: &[(String, String)]) -> Vec<Signal> {
    let mut found = SignalCollector { out: Vec::new(), english: Language::english() };
    found.controller(old.facts.organization, new.facts.organization);
    found.purposes(old.facts, new.facts);
    found.processors(old.facts, new.facts);
    found.retention(old.facts, new.facts);
    found.rights(old.facts, new.facts);
    if new.notice.can_be_shorter_than(old.notice) {
        found.add(
            "notice-shortened",
            format!("notice of changes is now {} (was {})", new.notice, old.notice),
            "notice",
        );
    }
    found.contact(old.facts.organization, new.facts.organization);
    found.cookies(old.facts, new.facts);
    found.practices(&old.facts.organization.practices, &new.facts.organization.practices);
    for (id, title) in removed {
        found.add("section-removed", format!("the section “{title}” was removed"), id);
    }
    found.out
}

struct SignalCollector {
    out: Vec<Signal>,
    english: Language,
}

/// A row of the new facts beside the one of the old that has its id.
type Pair<'f> = (&'f Register, Option<&'f Row>, &'f Row);

fn rows<'f>(old: FactSet<'f>, new: FactSet<'f>, name: &str) -> Vec<Pair<'f>> {
    let before = old.registers.get(name).map(|before| before.by_id()).unwrap_or_default();
    let Some(after) = new.registers.get(name) else { return Vec::new() };
    after.rows.iter().map(|row| (&**after, before.get(row.id.as_str()).copied(), row)).collect()
}

impl SignalCollector {
    fn add(&mut self, code: &'static str, sentence: String, target: &str) {
        self.out.push(Signal { code, sentence, target: target.to_string() });
    }

    fn say(&self, text: &Text) -> String {
        text.get(["en"]).to_string()
    }

    fn controller(&mut self, old: &Organization, new: &Organization) {
        let texts = [
            ("legal_name", "legal name", &old.legal_name, &new.legal_name),
            ("form", "legal form", &old.form, &new.form),
            ("tax_id", "tax id", &old.tax_id, &new.tax_id),
            ("registration", "registration", &old.registration, &new.registration),
        ];
        for (field, label, before, after) in texts {
            // A fact that was not written down before is no change of controller.
            if let (Some(before), Some(after)) = (before, after)
                && before != after
            {
                let sentence =
                    format!("the controller's {label} is now {} (was {})", self.say(after), self.say(before));
                self.add("controller-changed", sentence, &format!("organization.{field}"));
            }
        }
        if let (Some(before), Some(after)) = (&old.country, &new.country)
            && before != after
        {
            self.add(
                "controller-changed",
                format!("the controller's country is now {after} (was {before})"),
                "organization.country",
            );
        }
    }

    fn purposes(&mut self, old: FactSet, new: FactSet) {
        for (register, before, row) in rows(old, new, "purposes") {
            let name = row_name(register, row, &self.english);
            let target = format!("purposes.{}", row.id);
            let Some(before) = before else {
                if old.registers.contains_key("purposes") {
                    self.add("purpose-added", format!("the purpose “{name}” was added"), &target);
                }
                continue;
            };
            // EDPB Guidelines 05/2020, paragraph 110: what people consented to is what they were told then.
            let consented = matches!(before.value("basis"), Some(Value::Terms(bases)) if bases.contains(&"consent"));
            let again = if consented { "; it was based on consent, which does not cover a new purpose" } else { "" };
            if before.value("purpose") != row.value("purpose") {
                let was = row_name(register, before, &self.english);
                self.add("purpose-changed", format!("the purpose is now “{name}” (was “{was}”){again}"), &target);
            }
            if before.value("basis") != row.value("basis") {
                let sentence = format!(
                    "the legal basis of “{name}” is now {} (was {})",
                    self.words(register, row, "basis"),
                    self.words(register, before, "basis")
                );
                self.add("legal-basis-changed", sentence, &target);
            }
        }
        let known = self.categories(old);
        if known.is_empty() {
            return;
        }
        for (category, (name, target)) in self.categories(new) {
            if !known.iter().any(|(known, _)| *known == category) {
                self.add("data-category-added", format!("the category of data “{name}” was added"), &target);
            }
        }
    }

    /// Every category of data that purposes and retention name, as it is compared, as it is written, and where.
    fn categories(&self, facts: FactSet) -> Vec<(String, (String, String))> {
        let mut out: Vec<(String, (String, String))> = Vec::new();
        for name in ["purposes", "retention"] {
            let Some(register) = facts.registers.get(name) else { continue };
            for row in &register.rows {
                let named = match row.value("data") {
                    Some(Value::Text(text)) => vec![self.say(text)],
                    Some(value) => items(register, "data", value, &self.english).unwrap_or_default(),
                    None => Vec::new(),
                };
                for category in named {
                    let key = category.trim().to_lowercase();
                    if !key.is_empty() && !out.iter().any(|(known, _)| *known == key) {
                        out.push((key, (category, format!("{name}.{}", row.id))));
                    }
                }
            }
        }
        out
    }

    fn words(&self, register: &Register, row: &Row, field: &str) -> String {
        row.value(field).map_or_else(|| "not stated".into(), |value| register.words(&self.english, field, value))
    }

    fn processors(&mut self, old: FactSet, new: FactSet) {
        let listed = old.registers.contains_key("processors");
        for (register, before, row) in rows(old, new, "processors") {
            let name = row_name(register, row, &self.english);
            let target = format!("processors.{}", row.id);
            let Some(before) = before else {
                if listed {
                    let purpose = self.words(register, row, "purpose");
                    self.add("processor-added", format!("{name} was added: {purpose}"), &target);
                }
                continue;
            };
            for (field, code) in [
                ("location", "processor-location-changed"),
                ("role", "processor-role-changed"),
                ("transfer_mechanism", "processor-location-changed"),
            ] {
                if before.value(field) != row.value(field) {
                    let sentence = format!(
                        "the {field} of {name} is now {} (was {})",
                        self.words(register, row, field),
                        self.words(register, before, field)
                    );
                    self.add(code, sentence, &target);
                }
            }
            if before.value("data") != row.value("data") {
                let list = |row: &Row| {
                    row.value("data")
                        .and_then(|value| items(register, "data", value, &self.english))
                        .unwrap_or_default()
                };
                let (was, is) = (list(before), list(row));
                let known: BTreeSet<String> = was.iter().map(|item| item.trim().to_lowercase()).collect();
                let more: Vec<&String> =
                    is.iter().filter(|item| !known.contains(&item.trim().to_lowercase())).collect();
                // Less data is no reason to tell anybody; data that cannot be compared is.
                if !more.is_empty() || was.is_empty() || is.is_empty() {
                    let sentence = format!(
                        "the data of {name} is now {} (was {})",
                        self.words(register, row, "data"),
                        self.words(register, before, "data")
                    );
                    self.add("processor-data-changed", sentence, &target);
                }
            }
        }
    }

    fn retention(&mut self, old: FactSet, new: FactSet) {
        self.retention_rows(old, new);
        for (register, before, row) in rows(old, new, "retention") {
            let Some(before) = before else { continue };
            let (was, is) = (before.value("keep"), row.value("keep"));
            if was == is {
                continue;
            }
            let code = match longer(was, is) {
                Some(Ordering::Greater) => "retention-lengthened",
                Some(_) => continue,
                None => "retention-unclear",
            };
            let name = row_name(register, row, &self.english);
            let note = if code == "retention-unclear" { "; the two cannot be compared" } else { "" };
            let sentence = format!(
                "{name}: now kept for {} (was {}){note}",
                self.words(register, row, "keep"),
                self.words(register, before, "keep")
            );
            self.add(code, sentence, &format!("retention.{}", row.id));
        }
    }

    /// Periods that are told for the first time or no longer. A category that nobody knew is a signal of its own.
    fn retention_rows(&mut self, old: FactSet, new: FactSet) {
        let known = self.categories(old);
        for (register, before, row) in rows(old, new, "retention") {
            let name = row_name(register, row, &self.english);
            let told = known.iter().any(|(category, _)| *category == name.trim().to_lowercase());
            if before.is_none() && told && old.registers.contains_key("retention") {
                let sentence = format!("{name}: now kept for {} (no period before)", self.words(register, row, "keep"));
                self.add("retention-added", sentence, &format!("retention.{}", row.id));
            }
        }
        // A period may go with its data: then nothing was taken from anybody.
        let kept = self.categories(new);
        let told_elsewhere = new.registers.contains_key("purposes");
        for (register, after, row) in rows(new, old, "retention") {
            let name = row_name(register, row, &self.english);
            let still = kept.iter().any(|(category, _)| *category == name.trim().to_lowercase());
            if after.is_none() && (still || !told_elsewhere) {
                let sentence = format!("{name}: no period stated (was {})", self.words(register, row, "keep"));
                self.add("retention-removed", sentence, &format!("retention.{}", row.id));
            }
        }
    }

    fn rights(&mut self, old: FactSet, new: FactSet) {
        for (register, after, row) in rows(new, old, "rights") {
            let name = row_name(register, row, &self.english);
            let target = format!("rights.{}", row.id);
            let Some(after) = after else {
                self.add("right-removed", format!("the right “{name}” was removed"), &target);
                continue;
            };
            if let Some(was) = row.value("how").filter(|was| Some(*was) != after.value("how")) {
                let sentence = format!(
                    "the way to use “{name}” is now {} (was {})",
                    self.words(register, after, "how"),
                    register.words(&self.english, "how", was)
                );
                self.add("right-channel-changed", sentence, &target);
            }
            match (row.value("deadline"), after.value("deadline")) {
                (Some(Value::Duration(was)), Some(Value::Duration(is))) if compare(is, was) == Ordering::Greater => {
                    let sentence = format!(
                        "the deadline for “{name}” is now {} (was {})",
                        duration(&self.english, is),
                        duration(&self.english, was)
                    );
                    self.add("deadline-lengthened", sentence, &target);
                }
                (Some(Value::Duration(was)), None | Some(Value::Unknown | Value::None)) => {
                    let sentence =
                        format!("the deadline for “{name}” is no longer stated (was {})", duration(&self.english, was));
                    self.add("deadline-lengthened", sentence, &target);
                }
                _ => {}
            }
        }
        if old.registers.contains_key("rights") && !new.registers.contains_key("rights") {
            self.add("right-removed", "the register of rights was removed".into(), "rights");
        }
    }

    fn contact(&mut self, old: &Organization, new: &Organization) {
        let address = |organization: &Organization| {
            organization.contacts.iter().find(|(role, _)| role == "privacy").map(|(_, address)| address.clone())
        };
        if let (Some(before), after) = (address(old), address(new))
            && Some(&before) != after.as_ref()
        {
            let sentence = match after {
                Some(after) => format!("the privacy contact is now {after} (was {before})"),
                None => format!("the privacy contact {before} was removed"),
            };
            self.add("privacy-contact-changed", sentence, "organization.contacts.privacy");
        }
        let officer = |organization: &Organization| organization.dpo.is().and_then(|dpo| dpo.email.clone());
        if let (Some(before), after) = (officer(old), officer(new))
            && Some(&before) != after.as_ref()
        {
            let sentence = match after {
                Some(after) => format!("the data protection officer's address is now {after} (was {before})"),
                None => format!("the data protection officer's address {before} was removed"),
            };
            self.add("privacy-contact-changed", sentence, "organization.dpo.email");
        }
    }

    /// Statements about a practice as a whole that changed or were removed.
    fn practices(&mut self, old: &Practices, new: &Practices) {
        for question in Practice::FACTS {
            let name = question.key();
            let (before, after) = (old.answer(*question), new.answer(*question));
            let Some(before) = before.filter(|before| Some(*before) != after) else { continue };
            let now = after.map_or_else(|| "no longer stated".into(), |after| after.to_string());
            let sentence = format!("`{name}` is now {now} (was {before})");
            self.add("practice-changed", sentence, &format!("organization.practices.{name}"));
        }
        if let Some(before) = old.minimum_age.filter(|before| Some(*before) != new.minimum_age) {
            let now = new.minimum_age.map_or_else(|| "no longer stated".into(), |age| age.to_string());
            let sentence = format!("the minimum age is now {now} (was {before})");
            self.add("practice-changed", sentence, "organization.practices.minimum_age");
        }
    }

    fn cookies(&mut self, old: FactSet, new: FactSet) {
        if !old.registers.contains_key("cookies") {
            return;
        }
        let necessary =
            |row: &Row| matches!(row.value("category"), Some(Value::Terms(terms)) if terms == &["necessary"]);
        for (register, before, row) in rows(old, new, "cookies") {
            if necessary(row) || before.is_some_and(|before| !necessary(before)) {
                continue;
            }
            let name = row_name(register, row, &self.english);
            let category = self.words(register, row, "category");
            let sentence = match before {
                None => format!("the cookie {name} was added: {category}"),
                Some(_) => format!("the cookie {name} is no longer necessary but {category}"),
            };
            self.add("cookie-added", sentence, &format!("cookies.{}", row.id));
        }
    }
}

/// True if the second is kept longer than the first; `None` when that cannot be told.
fn longer(was: Option<&Value>, is: Option<&Value>) -> Option<Ordering> {
    let (Some(Value::Keep(was)), Some(Value::Keep(is))) = (was, is) else { return None };
    match (was, is) {
        (KeepFact::Indefinite, KeepFact::Indefinite) => Some(Ordering::Equal),
        (_, KeepFact::Indefinite) => Some(Ordering::Greater),
        (KeepFact::Indefinite, _) => Some(Ordering::Less),
        (KeepFact::Event { after: event, offset: was }, KeepFact::Event { after, offset: is }) => {
            (event == after).then(|| compare(is, was))
        }
        (KeepFact::Criterion { text: old, plus: was }, KeepFact::Criterion { text: new, plus: is }) => {
            let order = match (was, is) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(was), Some(is)) => compare(is, was),
            };
            (old == new).then_some(order)
        }
        _ => Some(compare(most(is)?, most(was)?)),
    }
}

/// The longest that a plain length of time can be.
fn most(keep: &KeepFact) -> Option<&Duration> {
    match keep {
        KeepFact::Exact(length) | KeepFact::AtMost(length) | KeepFact::Range(_, length) => Some(length),
        KeepFact::Event { .. } | KeepFact::Criterion { .. } | KeepFact::Indefinite => None,
    }
}

/// By days, months and years of mean length: three months are a little longer than ninety days, and may be.
fn compare(a: &Duration, b: &Duration) -> Ordering {
    // In units of 1/48 day, so that a month (30.4375 days) is a whole number.
    let units = |length: &Duration| {
        u64::from(length.count)
            * match length.unit {
                Unit::Hour => 2,
                Unit::Day => 48,
                Unit::Week => 7 * 48,
                Unit::Month => 1461,
                Unit::Year => 12 * 1461,
            }
    };
    units(a).cmp(&units(b))
}

#[cfg(test)]
mod tests {
    use super::super::facts::{English, facts, sentences};
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    type Registers = BTreeMap<String, Arc<Register>>;

    fn registers(files: &[(&str, &str)]) -> Registers {
        let read = |(name, source): &(&str, &str)| {
            let mut findings = Vec::new();
            let register = Register::read(name, &Arc::from("test.toml"), source, &mut findings);
            assert!(findings.is_empty(), "{findings:?}");
            ((*name).to_string(), Arc::new(register))
        };
        files.iter().map(read).collect()
    }

    fn organization(source: &str) -> Organization {
        Organization::read(&Arc::from("test.toml"), source, &mut Vec::new())
    }

    fn codes(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<&'static str> {
        let (old, new) = (registers(old), registers(new));
        let organization = Organization::default();
        let promises = |registers| Promises {
            facts: FactSet { organization: &organization, registers },
            notice: NoticePeriod::DEFAULT,
        };
        signals(promises(&old), promises(&new), &[]).into_iter().map(|signal| signal.code).collect()
    }

    const PROCESSORS: &str = r#"
        [[row]]
        id = "north"
        name = "Northwind Hosting"
        purpose = "servers"
        data = ["account data"]
        location = ["DE"]
    "#;

    fn keep(length: &str) -> String {
        format!("[[row]]\nid = \"logs\"\ndata = \"Access logs\"\nkeep = {length}\n")
    }

    #[test]
    fn processors() {
        assert!(codes(&[("processors", PROCESSORS)], &[("processors", PROCESSORS)]).is_empty());
        let moved = PROCESSORS.replace("[\"DE\"]", "[\"DE\", \"US\"]");
        assert_eq!(codes(&[("processors", PROCESSORS)], &[("processors", &moved)]), ["processor-location-changed"]);
        let more = PROCESSORS.replace("[\"account data\"]", "[\"account data\", \"messages\"]");
        assert_eq!(codes(&[("processors", PROCESSORS)], &[("processors", &more)]), ["processor-data-changed"]);
        assert!(codes(&[("processors", &more)], &[("processors", PROCESSORS)]).is_empty(), "less data is no signal");
        let second = format!("{PROCESSORS}\n{}", PROCESSORS.replace("north", "blue"));
        assert_eq!(codes(&[("processors", PROCESSORS)], &[("processors", &second)]), ["processor-added"]);
        assert!(codes(&[], &[("processors", PROCESSORS)]).is_empty(), "a list that is written down for the first time");
    }

    #[test]
    fn retention() {
        let signal = |old: &str, new: &str| codes(&[("retention", &keep(old))], &[("retention", &keep(new))]);
        assert_eq!(signal("\"90 days\"", "\"180 days\""), ["retention-lengthened"]);
        assert_eq!(signal("\"90 days\"", "\"at most 3 months\""), ["retention-lengthened"]);
        assert!(signal("\"12 months\"", "\"1 year\"").is_empty());
        assert!(signal("\"90 days\"", "\"7 to 30 days\"").is_empty());
        assert_eq!(signal("\"90 days\"", "\"indefinite\""), ["retention-lengthened"]);
        assert_eq!(signal("\"90 days\"", "{ after = \"closure\", for = \"30 days\" }"), ["retention-unclear"]);
        assert_eq!(
            signal("{ after = \"closure\", for = \"30 days\" }", "{ after = \"closure\", for = \"60 days\" }"),
            ["retention-lengthened"]
        );
        assert_eq!(signal("\"90 days\"", "\"unknown\""), ["retention-unclear"]);
    }

    #[test]
    fn rights_and_cookies() {
        let right = |deadline: &str| {
            format!("[[row]]\nid = \"access\"\ntitle = \"Access\"\ntext = \"A copy.\"\ndeadline = \"{deadline}\"\n")
        };
        assert_eq!(codes(&[("rights", &right("30 days"))], &[("rights", &right("45 days"))]), ["deadline-lengthened"]);
        assert_eq!(codes(&[("rights", &right("30 days"))], &[("rights", "")]), ["right-removed"]);
        let cookie = |id: &str, category: &str| {
            format!(
                "[[row]]\nid = \"{id}\"\nname = \"{id}\"\nprovider = \"us\"\npurpose = \"p\"\nlifetime = \"1 day\"\ncategory = \"{category}\"\n"
            )
        };
        let (session, ads) = (cookie("session", "necessary"), cookie("ads", "marketing"));
        assert_eq!(codes(&[("cookies", &session)], &[("cookies", &format!("{session}{ads}"))]), ["cookie-added"]);
        assert_eq!(codes(&[("cookies", &session)], &[("cookies", &cookie("session", "statistics"))]), ["cookie-added"]);
        assert!(codes(&[("cookies", &ads)], &[("cookies", &session)]).is_empty());
    }

    #[test]
    fn purposes() {
        let purpose = |basis: &str, data: &str| {
            format!("[[row]]\nid = \"mail\"\npurpose = \"Newsletter\"\ndata = [\"{data}\"]\nbasis = \"{basis}\"\n")
        };
        assert_eq!(
            codes(
                &[("purposes", &purpose("consent", "e-mail"))],
                &[("purposes", &purpose("legitimate-interests", "e-mail"))]
            ),
            ["legal-basis-changed"]
        );
        assert_eq!(
            codes(&[("purposes", &purpose("consent", "e-mail"))], &[("purposes", &purpose("consent", "location"))]),
            ["data-category-added"]
        );
    }

    #[test]
    fn periods_and_ways_that_come_and_go() {
        let two = format!("{}\n[[row]]\nid = \"bills\"\ndata = \"Bills\"\nkeep = \"6 years\"\n", keep("\"90 days\""));
        let one = keep("\"90 days\"");
        assert_eq!(codes(&[("retention", &two)], &[("retention", &one)]), ["retention-removed"]);
        assert_eq!(codes(&[("retention", &one)], &[("retention", &two)]), ["data-category-added"]);
        let again = one.replace("\"logs\"", "\"more\"").replace("90", "30");
        let both = format!("{one}\n{again}");
        assert_eq!(codes(&[("retention", &one)], &[("retention", &both)]), ["retention-added"]);
        assert_eq!(codes(&[("retention", &one)], &[]), ["retention-removed"]);
        let right = |how: &str| format!("[[row]]\nid = \"access\"\ntitle = \"Access\"\ntext = \"A copy.\"\n{how}");
        let (mail, form) = (right("how = \"Write to us\""), right("how = \"Use the form\""));
        assert_eq!(codes(&[("rights", &mail)], &[("rights", &form)]), ["right-channel-changed"]);
        assert_eq!(codes(&[("rights", &mail)], &[("rights", &right(""))]), ["right-channel-changed"]);
        assert!(codes(&[("rights", &right(""))], &[("rights", &mail)]).is_empty(), "a way that is told at last");
    }

    #[test]
    fn controller_contact_and_notice() {
        let old = organization("legal_name = \"Lumen Row, S.L.\"\n[contacts]\nprivacy = \"privacy@example.org\"");
        let new = organization("legal_name = \"Lumen Row Inc.\"\n[contacts]\nprivacy = \"legal@example.org\"");
        let none = Registers::new();
        let promises = |organization, notice| Promises { facts: FactSet { organization, registers: &none }, notice };
        let found = signals(
            promises(&old, NoticePeriod::days(15)),
            promises(&new, NoticePeriod::days(14)),
            &[("surveys".into(), "Surveys".into())],
        );
        let codes: Vec<&str> = found.iter().map(|signal| signal.code).collect();
        assert_eq!(codes, ["controller-changed", "notice-shortened", "privacy-contact-changed", "section-removed"]);
        assert!(codes.iter().all(|code| CODES.contains(code)) && codes.iter().all(|code| is_material(code)));
        assert_eq!(found[1].sentence, "notice of changes is now 14 days (was 15 days)");
    }

    #[test]
    fn practices() {
        let none = Registers::new();
        let signal = |old: &str, new: &str| {
            let (old, new) = (organization(old), organization(new));
            let promises = |organization| Promises {
                facts: FactSet { organization, registers: &none },
                notice: NoticePeriod::DEFAULT,
            };
            let found = signals(promises(&old), promises(&new), &[]);
            found.into_iter().map(|signal| signal.sentence).collect::<Vec<_>>()
        };
        let (off, on) =
            ("[practices]\ntrains_ai_models = false\nminimum_age = 18\n", "[practices]\ntrains_ai_models = true\n");
        assert_eq!(
            signal(off, on),
            ["`trains_ai_models` is now true (was false)", "the minimum age is now no longer stated (was 18)"]
        );
        assert!(signal("", on).is_empty(), "what is written down for the first time");
        assert!(signal(off, off).is_empty());
    }

    #[test]
    fn sentences_of_facts() {
        let old = registers(&[("retention", &keep("\"90 days\"")), ("processors", "")]);
        let new = registers(&[("retention", &keep("\"180 days\"")), ("processors", PROCESSORS)]);
        let organization = Organization::default();
        let set = |registers| FactSet { organization: &organization, registers };
        let changes = facts(set(&old), set(&new), &Language::english());
        let said = sentences(&changes, &English);
        assert_eq!(said[0], "Added: Northwind Hosting (servers, Germany)");
        assert!(said[1].starts_with("Access logs: ") && said[1].ends_with("180 days (was 90 days)"), "{said:?}");
        assert_eq!(facts(set(&new), set(&new), &Language::english()), super::super::facts::FactChanges::default());
    }
}
