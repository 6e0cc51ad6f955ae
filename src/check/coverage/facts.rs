//! Answers that stand in facts: the organisation, registers, settings, the record. A fact that no text tells is only a hint.
//!
//! In: the name of a fact, and what is known. Out: where it is told, or what is lacking. Must not know: items.

use super::Look;
use super::layers::{accounting, first_layer, lifetimes, processors_used};
use super::stretch::{Place, begins, folded};
use crate::center::register::{KeepFact, Register, Row, Value};
use crate::center::{Known, organization::Party};
use crate::check::processors::is_outside;
use crate::lexicon::{LanguageFile, RightStems};
use crate::notice::NoticePeriod;
use crate::text::Text;
use jiff::ToSpan;
use std::sync::Arc;

#[cfg(test)]
pub const NAMES: &[&str] = &[
    "accounting_es",
    "accounting_fr",
    "active_channel",
    "address",
    "any_email",
    "authority",
    "authority_es",
    "authority_fr",
    "bases",
    "california_rights",
    "categories",
    "cookies",
    "deadlines",
    "dpf_fallback",
    "dpo",
    "dpo_address",
    "first_layer",
    "interests",
    "language_es",
    "language_fr",
    "language_pt",
    "layers_compared",
    "legal_name",
    "local_storage",
    "locations",
    "notice_15",
    "one_page",
    "own_theme",
    "permalinks",
    "privacy_contact",
    "privacy_title",
    "processors",
    "processors_used",
    "registration",
    "representative",
    "retention",
    "retention_ends",
    "six_rights",
    "statistics_lifetimes",
    "statistics_provider",
    "subprocessor_page",
    "tax_id",
    "trains_ai_models",
    "transfers",
    "transfers_not_by_consent",
    "updated_within_a_year",
    "withdrawal_channel",
];

pub enum Fact {
    There(Option<Place>, String),
    /// Somebody wrote down that there is none.
    SaidNone(String),
    /// Known, and nothing that is published tells it.
    Untold(String),
    Lacking(String),
}

use Fact::{Lacking, SaidNone, There, Untold};

type RowMatch<'f> = (Arc<Register>, &'f Row);

pub fn fact(look: &Look, name: &str) -> Fact {
    let organization = &look.center.organization;
    match name {
        "layers_compared" => There(None, "times in summaries are compared with the text; other words are not".into()),
        "one_page" => There(None, "every version is one page in each language".into()),
        "legal_name" | "address" | "tax_id" | "registration" => own(look, name),
        "privacy_contact" => contact(look, &["privacy"]),
        "any_email" => contact(look, &[]),
        "dpo" => party(look, "dpo", &organization.dpo),
        "dpo_address" => match organization.dpo.is().and_then(|dpo| dpo.email.as_deref()) {
            Some(address) => match organization.contacts.iter().find(|(_, other)| other == address) {
                Some((role, _)) => Lacking(format!("{address} is the address for `{role}`, too")),
                None => told(look, address, "the officer's address"),
            },
            None => Lacking("`email` under `[dpo]` in content/organization.toml".into()),
        },
        "representative" => party(look, "representative", &organization.representative),
        "authority" => party(look, "authority", &organization.authority),
        "accounting_es" => accounting(look, 6),
        "accounting_fr" => accounting(look, 10),
        "authority_es" => authority(look, "ES"),
        "authority_fr" => authority(look, "FR"),
        "bases" => every(look, "purposes", "basis", |value| matches!(value, Value::Terms(_))),
        "interests" => interests(look),
        "categories" => every(look, "purposes", "data", |value| !matches!(value, Value::Unknown | Value::None)),
        "processors" => {
            every(look, "processors", "name", |value| matches!(value, Value::Text(text) if !text.is_empty()))
        }
        "processors_used" => processors_used(look),
        "locations" => every(look, "processors", "location", |value| matches!(value, Value::Places(_))),
        "transfers" => transfers(look, |_| true),
        "dpf_fallback" => transfers(look, |terms| terms != ["dpf"]),
        "first_layer" => first_layer(look),
        "transfers_not_by_consent" => transfers(look, |terms| terms != ["consent"]),
        "retention" => every(look, "retention", "keep", |value| matches!(value, Value::Keep(_))),
        "retention_ends" => every(
            look,
            "retention",
            "keep",
            |value| matches!(value, Value::Keep(keep) if *keep != KeepFact::Indefinite),
        ),
        "deadlines" => every(look, "rights", "deadline", |value| matches!(value, Value::Duration(_))),
        "withdrawal_channel" => withdrawal(look),
        "cookies" => every(look, "cookies", "lifetime", |value| matches!(value, Value::Text(_))),
        "local_storage" => local_storage(look),
        "statistics_lifetimes" => lifetimes(look),
        "statistics_provider" => statistics(look),
        "six_rights" => rights(look, &six_rights()),
        "california_rights" => rights(look, &california_rights()),
        "language_es" => language(look, "es"),
        "language_fr" => language(look, "fr"),
        "language_pt" => language(look, "pt"),
        "active_channel" => channel(look),
        "notice_15" => notice(look, 15),
        "privacy_title" => title(look),
        "own_theme" | "permalinks" => theme(look, name == "permalinks"),
        "updated_within_a_year" => updated(look),
        "subprocessor_page" => page(look),
        "trains_ai_models" => match look.center.practice("trains_ai_models") {
            Some(answer) => Untold(format!("`trains_ai_models = {answer}` is known, but no text states it")),
            None => {
                Lacking("`trains_ai_models = true` or `false` under [practices] in content/organization.toml".into())
            }
        },
        other => Lacking(format!("`{other}`")),
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

fn contact(look: &Look, roles: &[&str]) -> Fact {
    let contacts = &look.center.organization.contacts;
    let wanted: Vec<_> = contacts
        .iter()
        .filter(|(role, address)| (roles.is_empty() && address.contains('@')) || roles.contains(&role.as_str()))
        .collect();
    let Some((role, address)) = wanted.first() else {
        return Lacking(format!(
            "`{}` under `[contacts]` in content/organization.toml",
            roles.first().unwrap_or(&"an address")
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

fn transfers(look: &Look, fits: impl Fn(&[&str]) -> bool) -> Fact {
    let outside = |row: &Row| match row.value("location") {
        Some(Value::Places(places)) => places.iter().any(|place| is_outside(&place.code)),
        _ => false,
    };
    let rows: Vec<RowMatch> = look.rows("processors").into_iter().filter(|(_, row)| outside(row)).collect();
    let without: Vec<String> = rows
        .iter()
        .filter(|(_, row)| !matches!(row.value("transfer_mechanism"), Some(Value::Terms(terms)) if fits(terms)))
        .map(|(_, row)| format!("`{}`", row.id))
        .collect();
    match (rows.is_empty(), without.is_empty()) {
        (true, _) => Lacking("rows of `processors`".into()),
        (_, false) => Lacking(format!("a `transfer_mechanism` that says so for {}", without.join(", "))),
        _ => placed(look, "processors"),
    }
}

fn withdrawal(look: &Look) -> Fact {
    let rows = look.rows("rights");
    let withdraws = |row: &Row| ["withdraw", "consent"].iter().any(|word| row.id.contains(word));
    match rows.iter().find(|(_, row)| withdraws(row)) {
        Some((_, row)) if row.value("how").is_some() => placed(look, "rights"),
        Some((_, row)) => Lacking(format!("`how` of `{}` in `rights`", row.id)),
        None => Lacking("a row `withdrawal` with `how` in `rights`".into()),
    }
}

fn local_storage(look: &Look) -> Fact {
    let kept = |row: &Row| matches!(row.value("storage"), Some(Value::Terms(terms)) if terms.iter().any(|term| *term != "cookie"));
    match look.rows("cookies").iter().any(|(_, row)| kept(row)) {
        true => placed(look, "cookies"),
        false => Lacking("a row of `cookies` with storage = \"local\" or \"session\"".into()),
    }
}

fn statistics(look: &Look) -> Fact {
    let counts =
        |row: &Row| matches!(row.value("category"), Some(Value::Terms(terms)) if terms.contains(&"statistics"));
    let rows: Vec<RowMatch> = look.rows("cookies").into_iter().filter(|(_, row)| counts(row)).collect();
    let named = |row: &Row| matches!(row.value("provider"), Some(Value::Text(text)) if !text.is_empty());
    match rows.iter().all(|(_, row)| named(row)) && !rows.is_empty() {
        true => placed(look, "cookies"),
        false => Lacking("`provider` of each row of `cookies` that counts visits".into()),
    }
}

/// A right, and the beginnings of the words by which a text names it.
type Right = (&'static str, Vec<&'static str>);

fn six_rights() -> Vec<Right> {
    let stems = |list: fn(&'static RightStems) -> &'static Vec<String>| {
        LanguageFile::all().iter().flat_map(|file| list(&file.right_stems)).map(String::as_str).collect()
    };
    vec![
        ("access", stems(|stems| &stems.access)),
        ("rectification", stems(|stems| &stems.rectification)),
        ("erasure", stems(|stems| &stems.erasure)),
        ("restriction", stems(|stems| &stems.restriction)),
        ("objection", stems(|stems| &stems.objection)),
        ("portability", stems(|stems| &stems.portability)),
    ]
}

/// Beginnings in English alone.
fn california_rights() -> Vec<Right> {
    vec![
        ("know", vec!["right to know", "know what", "access"]),
        ("delete", vec!["delet"]),
        ("correct", vec!["correct"]),
        ("opt out of sale or sharing", vec!["opt out", "opt-out"]),
        ("limit the use of sensitive data", vec!["limit"]),
        ("no retaliation", vec!["discriminat", "retaliat"]),
    ]
}

fn rights(look: &Look, wanted: &[Right]) -> Fact {
    let mut first: Option<Place> = None;
    let mut lacking = Vec::new();
    // A text that speaks of rights, or the register where it is placed.
    let speaks =
        |words: &str| LanguageFile::all().iter().flat_map(|file| &file.right_words).any(|word| words.contains(&**word));
    for (name, stems) in wanted {
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
fn theme(look: &Look, permalinks: bool) -> Fact {
    if permalinks {
        return There(None, "every version has its own permanent address, with the SHA-256 of its text".into());
    }
    match look.center.settings.theme.as_str() {
        "default" => There(None, "the built-in theme does; your own theme files are not examined".into()),
        other => Lacking(format!("the built-in theme does; the theme `{other}` is not examined")),
    }
}

fn updated(look: &Look) -> Fact {
    let center = look.center;
    for (document, states) in center.documents.iter().zip(&look.timeline.documents) {
        let latest = states.standing().next_back().map(|index| &document.versions[index]);
        let Some(latest) = latest.filter(|_| document.slug.starts_with("privacy")) else { continue };
        let due = latest.published.saturating_add(12.months());
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
