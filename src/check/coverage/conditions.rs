//! When an item is asked: by facts, and by what the company answered; never by a guess.
//!
//! In: a typed condition, and what is known. Out: yes, no with the reason, or what would settle it. Must not know: items.

use super::Look;
use crate::center::Known;
use crate::center::register::Value;
use crate::check::processors::{mechanisms, outside};
use crate::law::{Condition, Practice, Zone};
use crate::markdown::{Block, BlockKind};

pub enum Applies {
    Yes,
    No(String),
    Unknown(String),
}

use Applies::{No, Unknown, Yes};

/// All conditions: the first that does not hold decides, then the first that nobody knows.
pub fn apply(look: &Look, conditions: &[Condition], code: &str) -> Applies {
    let mut unknown = None;
    for condition in conditions {
        match applies(look, condition, code) {
            No(why) => return No(why),
            Unknown(why) => drop(unknown.get_or_insert(why)),
            Yes => {}
        }
    }
    unknown.map_or(Yes, Unknown)
}

fn applies(look: &Look, condition: &Condition, code: &str) -> Applies {
    match condition {
        Condition::Practice(question) => asked(look, *question, true),
        Condition::NotPractice(question) => match look.center.practice(*question) {
            // The relief is for those who say that they have it.
            None => Yes,
            Some(_) => asked(look, *question, false),
        },
        Condition::AnyPractice(questions) => {
            let answers: Vec<Option<bool>> = questions.iter().map(|question| look.center.practice(*question)).collect();
            match () {
                () if answers.contains(&Some(true)) => Yes,
                () if answers.contains(&None) => {
                    let open: Vec<String> = questions.iter().map(|question| question.how_to_answer()).collect();
                    Unknown(open.join("; "))
                }
                () => {
                    let keys: Vec<String> =
                        questions.iter().map(|question| format!("`{} = false`", question.key())).collect();
                    No(keys.join(", "))
                }
            }
        }
        Condition::Basis(basis) => purposes(look, basis),
        Condition::Cookies(categories) => cookies(look, categories),
        Condition::Transfers => transfers(look, code, |_, _| true, ""),
        Condition::TransfersBy(tools) => {
            let by = |own: &[&str], _: &[String]| own.iter().any(|tool| tools.iter().any(|wanted| wanted == tool));
            transfers(look, code, by, &tools.join(", "))
        }
        Condition::Outside(zone) => {
            let (home, name): (&[String], &str) = match zone {
                Zone::Eea => (look.home("eu"), "the European Economic Area"),
                Zone::UnitedKingdom => (look.home("uk"), "the United Kingdom"),
            };
            match look.center.organization.country.as_ref() {
                Some(country) if home.contains(country) => No(format!("the organization is in {name}")),
                Some(_) => Yes,
                None => Unknown("content/organization.toml does not state the organization's `country`".into()),
            }
        }
        Condition::Officer => match &look.center.organization.dpo {
            Known::Is(_) => Yes,
            Known::None => No("content/organization.toml says that there is none".into()),
            _ => No("no officer is named in content/organization.toml".into()),
        },
        Condition::SubProcessors => match look.rows("processors") {
            rows if rows.is_empty() => Unknown("there is no register `processors`".into()),
            rows if rows.iter().any(|(_, row)| row.value("role") == Some(&Value::Terms(vec!["sub-processor"]))) => Yes,
            _ => No("no row of `processors` is a sub-processor".into()),
        },
        Condition::Summaries => {
            let summed = |block: &Block| matches!(block.kind, BlockKind::Summary(_));
            let any = look.texts.iter().any(|text| text.parsed.document.blocks.iter().any(summed));
            if any { Yes } else { No("no text has a `:::summary`".into()) }
        }
    }
}

fn asked(look: &Look, question: Practice, wanted: bool) -> Applies {
    match look.center.practice(question) {
        Some(answer) if answer == wanted => Yes,
        Some(answer) => No(format!("`{} = {answer}`", question.key())),
        None => Unknown(question.how_to_answer()),
    }
}

fn purposes(look: &Look, basis: &str) -> Applies {
    let rows = look.rows("purposes");
    if rows.is_empty() {
        return Unknown("there is no register `purposes` that lists the legal bases".into());
    }
    let there =
        rows.iter().any(|(_, row)| matches!(row.value("basis"), Some(Value::Terms(terms)) if terms.contains(&basis)));
    if there { Yes } else { No(format!("no row of `purposes` is based on {}", basis.replace('-', " "))) }
}

fn cookies(look: &Look, wanted: &[String]) -> Applies {
    let rows = look.rows("cookies");
    if rows.is_empty() {
        return match look.center.practice(Practice::DeviceStorage) {
            Some(false) => No("`device_storage = false`".into()),
            _ => Unknown("there is no register `cookies`; set `device_storage = false` under [check] in fineprint.toml if nothing is stored on devices".into()),
        };
    }
    let there = rows.iter().any(
        |(_, row)| matches!(row.value("category"), Some(Value::Terms(terms)) if terms.iter().any(|term| wanted.iter().any(|own| own == term))),
    );
    if there { Yes } else { No(format!("no row of `cookies` is of the category {}", wanted.join(" or "))) }
}

fn transfers(look: &Look, code: &str, fits: impl Fn(&[&str], &[String]) -> bool, tools: &str) -> Applies {
    let Some(rules) = look.transfers(code) else { return Unknown("no rules on transfers are known".into()) };
    let rows = look.rows("processors");
    if rows.is_empty() {
        return Unknown("there is no register `processors` that lists where data goes".into());
    }
    let leaving: Vec<_> = rows.iter().filter_map(|(_, row)| Some((row, outside(row, &rules.home)?))).collect();
    if leaving.is_empty() {
        return No(format!("every row of `processors` is in {}", rules.home_name));
    }
    match leaving.iter().any(|(row, places)| fits(&mechanisms(row).unwrap_or_default(), places)) {
        true => Yes,
        false => No(format!("no transfer rests on {tools}")),
    }
}
