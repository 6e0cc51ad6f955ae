//! Answers that stand in facts: the organisation, registers, settings, the record. A fact that no text tells is only a hint.
//!
//! In: the name of a fact, and what is known. Out: where it is told, or what is lacking. Must not know: items.

use super::Look;
use super::lengths::lifetimes;
use super::stretch::{Place, begins, folded};
use crate::center::register::{KeepFact, Register, Row, Value};
use crate::center::{Known, organization::Party};
use crate::check::processors::{mechanisms, outside};
use crate::check::registers::at_most;
use crate::law::Question;
use crate::lexicon::{LanguageFile, RightStems};
use crate::notice::NoticePeriod;
use crate::text::Text;
use crate::words::{Duration, Language, duration};
use jiff::ToSpan;
use std::sync::Arc;

pub enum Fact {
    There(Option<Place>, String),
    /// Somebody wrote down that there is none.
    SaidNone(String),
    /// Known, and nothing that is published tells it.
    Untold(String),
    Lacking(String),
    /// Known, and other than what the item names.
    Contradicts(String),
}

use Fact::{Contradicts, Lacking, SaidNone, There, Untold};

type RowMatch<'f> = (Arc<Register>, &'f Row);

pub fn fact(look: &Look, question: &Question, code: &str) -> Fact {
    let organization = &look.center.organization;
    match question {
        Question::LegalName => own(look, "legal_name"),
        Question::Address => own(look, "address"),
        Question::TaxId => own(look, "tax_id"),
        Question::Registration => own(look, "registration"),
        Question::Contact(role) => contact(look, &[role]),
        Question::Email => contact(look, &[]),
        Question::Officer => party(look, "dpo", &organization.dpo),
        Question::Representative => party(look, "representative", &organization.representative),
        Question::Authority => party(look, "authority", &organization.authority),
        Question::AuthorityOf(country) => authority(look, country),
        Question::Every(field) => {
            let (register, field) = field.split_once('.').unwrap_or((field, "name"));
            every(look, register, field, is_told)
        }
        Question::Interests => interests(look),
        Question::TransferMechanisms => {
            let tools = look.transfers(code).map(|rules| rules.tools.as_slice()).unwrap_or_default();
            transfers(look, code, |terms| terms.iter().any(|term| tools.iter().any(|tool| tool == term)))
        }
        Question::TransfersNotByConsent => transfers(look, code, |terms| terms != ["consent"]),
        Question::FrameworkFallback => transfers(look, code, |terms| terms != ["dpf"]),
        Question::StatisticsLifetimes(months) => lifetimes(look, *months),
        Question::Deadlines(longest) => deadlines(look, longest),
        Question::Rights(names) => rights(look, names),
        Question::Language(tag) => language(look, tag),
        Question::ActiveChannel => channel(look),
        Question::NoticeDays(days) => notice(look, *days),
        Question::PrivacyTitle => title(look),
        Question::Theme => theme(look),
        Question::Permalinks => {
            There(None, "every version has its own permanent address, with the SHA-256 of its text".into())
        }
        Question::OnePage => There(None, "every version is one page in each language".into()),
        Question::LayersCompared => {
            There(None, "times in summaries are compared with the text; other words are not".into())
        }
        Question::UpdatedWithinMonths(months) => updated(look, *months),
        Question::SubProcessorPage => page(look),
        Question::RetentionEnds => every(
            look,
            "retention",
            "keep",
            |value| matches!(value, Value::Keep(keep) if *keep != KeepFact::Indefinite),
        ),
    }
}

/// True if a field of a row says something.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Unknown | Value::None => false,
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// Where words are told, whatever they are.
fn told(look: &Look, words: &str, what: &str) -> Fact {
    let wanted = folded(words);
    match look.stretches.iter().find(|stretch| stretch.words.contains(&wanted)) {
        Some(stretch) => There(Some(stretch.place()), String::new()),
        None => Untold(format!("{what} is known, but no text states it")),
    }
}

fn own(look: &Look, name: &str) -> Fact {
    let organization = &look.center.organization;
    if let Some((_, word)) = organization.marked_at(name) {
        return match word {
            "none" => SaidNone(format!("content/organization.toml says that there is no `{name}`")),
            _ => Lacking(format!("`{name}`, which content/organization.toml says is unknown")),
        };
    }
    let Some(words) = organization.fact(name, &look.tags()) else {
        return Lacking(format!("`{name}` in content/organization.toml"));
    };
    match told(look, &words, &format!("`organization.{name}`")) {
        // An address may stand there with other breaks and commas.
        Untold(why) if name == "address" => {
            let first = words.split(',').next().unwrap_or("").to_string();
            if first.len() < 6 { Untold(why) } else { told(look, &first, "`organization.address`") }
        }
        fact => fact,
    }
}

fn contact(look: &Look, roles: &[&String]) -> Fact {
    let contacts = &look.center.organization.contacts;
    let wanted: Vec<_> = contacts
        .iter()
        .filter(|(role, address)| (roles.is_empty() && address.contains('@')) || roles.contains(&role))
        .collect();
    let Some((role, address)) = wanted.first() else {
        return Lacking(format!(
            "`{}` under `[contacts]` in content/organization.toml",
            roles.first().map_or("an address", |role| role.as_str())
        ));
    };
    let found = wanted.iter().map(|(role, address)| told(look, address, &format!("the contact `{role}`")));
    found
        .into_iter()
        .find(|fact| matches!(fact, There(..)))
        .unwrap_or_else(|| told(look, address, &format!("the contact `{role}`")))
}

fn party(look: &Look, name: &str, party: &Known<Party>) -> Fact {
    match party {
        Known::None => SaidNone(format!("content/organization.toml says that there is no `{name}`")),
        Known::Unknown => Lacking(format!("`{name}`, which content/organization.toml says is unknown")),
        Known::Absent => Lacking(format!("`[{name}]` in content/organization.toml, or `{name} = \"none\"`")),
        Known::Is(_) => {
            let facts: Vec<String> = ["email", "name", "website"]
                .iter()
                .filter_map(|field| look.center.organization.fact(&format!("{name}.{field}"), &look.tags()))
                .collect();
            let mut found = facts.iter().map(|words| told(look, words, &format!("`organization.{name}`")));
            found
                .find(|fact| matches!(fact, There(..)))
                .unwrap_or_else(|| Untold(format!("`organization.{name}` is known, but no text states it")))
        }
    }
}

fn authority(look: &Look, country: &str) -> Fact {
    match look.center.organization.authority.is() {
        Some(own) if own.country.as_deref() == Some(country) => {
            party(look, "authority", &look.center.organization.authority)
        }
        _ => Lacking(format!("`[authority]` with country = \"{country}\" in content/organization.toml")),
    }
}

/// A field of every row of a register that some text places.
fn every(look: &Look, register: &str, field: &str, fits: impl Fn(&Value) -> bool) -> Fact {
    let rows = look.rows(register);
    if rows.is_empty() {
        return Lacking(format!("rows in the register `{register}`"));
    }
    let without: Vec<String> = rows
        .iter()
        .filter(|(_, row)| !row.value(field).is_some_and(&fits))
        .map(|(_, row)| format!("`{}`", row.id))
        .collect();
    if !without.is_empty() {
        return Lacking(format!("`{field}` of {} in `{register}`", without.join(", ")));
    }
    placed(look, register)
}

fn placed(look: &Look, register: &str) -> Fact {
    match look.stretches.iter().find(|stretch| stretch.registers.iter().any(|name| name == register)) {
        Some(stretch) => There(Some(stretch.place()), format!("the register `{register}`")),
        None => Untold(format!("the register `{register}` has rows, but no text includes it")),
    }
}

fn interests(look: &Look) -> Fact {
    let rests =
        |row: &Row| matches!(row.value("basis"), Some(Value::Terms(terms)) if terms.contains(&"legitimate-interests"));
    let rows: Vec<RowMatch> = look.rows("purposes").into_iter().filter(|(_, row)| rests(row)).collect();
    let unnamed: Vec<String> = rows
        .iter()
        .filter(|(_, row)| !matches!(row.value("interest"), Some(Value::Text(text)) if !text.is_empty()))
        .map(|(_, row)| format!("`{}`", row.id))
        .collect();
    match (rows.is_empty(), unnamed.is_empty()) {
        (true, _) => Lacking("rows of `purposes` with a legitimate interest".into()),
        (_, false) => Lacking(format!("`interest` of {}", unnamed.join(", "))),
        _ => placed(look, "purposes"),
    }
}

/// Every row outside the home of the declared law has a mechanism that fits.
fn transfers(look: &Look, code: &str, fits: impl Fn(&[&str]) -> bool) -> Fact {
    let Some(rules) = look.transfers(code) else { return Lacking("rules on transfers".into()) };
    let rows = look.rows("processors");
    let leaving: Vec<&RowMatch> = rows.iter().filter(|(_, row)| outside(row, &rules.home).is_some()).collect();
    let without: Vec<String> = leaving
        .iter()
        .filter(|(_, row)| !mechanisms(row).is_some_and(|terms| fits(&terms)))
        .map(|(_, row)| format!("`{}`", row.id))
        .collect();
    match (leaving.is_empty(), without.is_empty()) {
        (true, _) => Lacking("rows of `processors` with a transfer".into()),
        (_, false) => Lacking(format!("a `transfer_mechanism` that says so for {}", without.join(", "))),
        _ => placed(look, "processors"),
    }
}

/// Every deadline of the register `rights` is at most this long.
fn deadlines(look: &Look, longest: &str) -> Fact {
    let Ok(limit) = longest.parse::<Duration>() else { return Lacking(format!("`{longest}`")) };
    let rows = look.rows("rights");
    let told: Vec<(&Row, &Duration)> = rows
        .iter()
        .filter_map(|(_, row)| match row.value("deadline") {
            Some(Value::Duration(length)) => Some((*row, length)),
            _ => None,
        })
        .collect();
    if told.is_empty() {
        return Lacking("`deadline` in the register `rights`".into());
    }
    match told.iter().find(|(_, length)| !at_most(length, &limit)) {
        Some((row, length)) => {
            Contradicts(format!("`rights.{}.deadline` is {}", row.id, duration(&Language::english(), length)))
        }
        None => placed(look, "rights"),
    }
}

/// A right, and the beginnings of the words by which a text names it.
type Right<'n> = (&'n str, Vec<&'static str>);

/// The beginnings by which a text names a right: those of the GDPR in every language, those of California in English.
fn stems(right: &str) -> Vec<&'static str> {
    let lexicon = |list: fn(&'static RightStems) -> &'static Vec<String>| {
        LanguageFile::all().iter().flat_map(|file| list(&file.right_stems)).map(String::as_str).collect()
    };
    match right {
        "access" => lexicon(|stems| &stems.access),
        "rectification" => lexicon(|stems| &stems.rectification),
        "erasure" => lexicon(|stems| &stems.erasure),
        "restriction" => lexicon(|stems| &stems.restriction),
        "objection" => lexicon(|stems| &stems.objection),
        "portability" => lexicon(|stems| &stems.portability),
        "know" => vec!["right to know", "know what", "know which", "access"],
        "delete" => vec!["delet"],
        "correct" => vec!["correct"],
        "opt out of sale or sharing" => vec!["opt out", "opt-out"],
        "no retaliation" => vec!["discriminat", "retaliat"],
        _ => Vec::new(),
    }
}

fn rights(look: &Look, names: &[String]) -> Fact {
    let wanted: Vec<Right> = names.iter().map(|name| (name.as_str(), stems(name))).collect();
    let mut first: Option<Place> = None;
    let mut lacking = Vec::new();
    // A text that speaks of rights, or the register where it is placed.
    let speaks =
        |words: &str| LanguageFile::all().iter().flat_map(|file| &file.right_words).any(|word| words.contains(&**word));
    for (name, stems) in &wanted {
        let says = |words: &str| stems.iter().any(|stem| begins(words, stem));
        match look.stretches.iter().find(|stretch| says(&stretch.words) && speaks(&stretch.words)) {
            Some(stretch) => drop(first.get_or_insert_with(|| stretch.place())),
            None => lacking.push(*name),
        }
    }
    match lacking.as_slice() {
        [] => There(first, String::new()),
        all if all.len() == wanted.len() => Lacking("the rights, in a text or in the register `rights`".into()),
        some => Lacking(format!("among the rights: {}", some.join(", "))),
    }
}

fn language(look: &Look, tag: &str) -> Fact {
    let own = |text: &&Arc<Text>| text.tag == tag || text.tag.starts_with(&format!("{tag}-"));
    match look.texts.iter().find(own) {
        Some(text) => {
            let title = text.title.clone().unwrap_or_default();
            There(Some(Place { path: text.path.clone(), span: 0..0, title }), String::new())
        }
        None => Lacking(format!("a text in `{tag}`: content/<document>/policy.{tag}.md")),
    }
}

fn channel(look: &Look) -> Fact {
    let active = look.texts.iter().find(|text| {
        text.authoritative && text.front.notice_channels.iter().any(|channel| matches!(*channel, "email" | "in-app"))
    });
    match active {
        Some(text) => There(
            Some(Place { path: text.path.clone(), span: 0..0, title: "notice_channels".into() }),
            "fineprint cannot see whether a message was sent".into(),
        ),
        None => Lacking("`email` or `in-app` among `notice_channels` of a text".into()),
    }
}

fn notice(look: &Look, days: u32) -> Fact {
    let wanted = NoticePeriod::days(days);
    let terms: Vec<_> =
        look.texts.iter().filter(|text| text.authoritative && text.document.starts_with("terms")).collect();
    match terms.iter().find(|text| text.front.notice().can_be_shorter_than(wanted)) {
        _ if terms.is_empty() => Lacking("a document `terms` with `notice`".into()),
        Some(text) => Lacking(format!("{wanted}: `{}` promises {}", text.document, text.front.notice())),
        None => There(
            Some(Place { path: terms[0].path.clone(), span: 0..0, title: "notice".into() }),
            terms[0].front.notice().to_string(),
        ),
    }
}

fn title(look: &Look) -> Fact {
    let named = |text: &&Arc<Text>| {
        let title = text.title.as_deref().unwrap_or("").to_lowercase();
        LanguageFile::all().iter().flat_map(|file| &file.privacy_titles).any(|word| title.contains(&**word))
    };
    match look.texts.iter().find(named) {
        Some(text) => {
            let title = text.title.clone().unwrap_or_default();
            There(Some(Place { path: text.path.clone(), span: 0..0, title }), String::new())
        }
        None => Lacking("a text whose title says privacy policy".into()),
    }
}

/// Facts that the built-in theme shows on every page.
fn theme(look: &Look) -> Fact {
    match look.center.settings.theme.as_str() {
        "default" => There(None, "the built-in theme does; your own theme files are not examined".into()),
        other => Lacking(format!("the built-in theme does; the theme `{other}` is not examined")),
    }
}

fn updated(look: &Look, months: u32) -> Fact {
    let center = look.center;
    for (document, states) in center.documents.iter().zip(&look.timeline.documents) {
        let latest = states.standing().next_back().map(|index| &document.versions[index]);
        let Some(latest) = latest.filter(|_| document.slug.starts_with("privacy")) else { continue };
        let due = latest.published.saturating_add(i64::from(months).months());
        return match due > look.timeline.date {
            true => There(None, format!("published on {}; due again before {due}", latest.published)),
            false => Lacking(format!("a version after {}", latest.published)),
        };
    }
    Lacking("a released version of a document `privacy`".into())
}

fn page(look: &Look) -> Fact {
    match look.center.registers.get("processors") {
        Some(register) if register.page => There(
            Some(Place { path: register.path.clone(), span: 0..0, title: "page = true".into() }),
            "with a feed".into(),
        ),
        _ => Lacking("`page = true` in content/processors.toml, which makes a page with a feed".into()),
    }
}
