//! When an item applies: by facts, by what the company answered in the settings, never by a guess.
//!
//! In: the name of a condition, and what is known. Out: yes, no with the reason, or why nobody knows. Must not know: items.

use super::Look;
use super::stretch::begins;
use crate::center::Known;
use crate::center::register::Value;
use crate::check::processors::{EEA, is_outside};
use crate::markdown::{Block, BlockKind};

#[cfg(test)]
pub const NAMES: &[&str] = &[
    "adm",
    "child",
    "consent",
    "dpo",
    "indirect",
    "joint",
    "legitimate-interests",
    "marketing",
    "no-child",
    "optional-cookies",
    "outside-eea",
    "sells",
    "statistics",
    "sub-processors",
    "summaries",
    "transfer",
];

pub enum Applies {
    Yes,
    No(String),
    Unknown(String),
}

use Applies::{No, Unknown, Yes};

pub fn applies(look: &Look, name: &str) -> Applies {
    let asked = |wanted: bool, key: &str| match look.center.practice(key) {
        Some(answer) if answer == wanted => Yes,
        Some(answer) => No(format!("`{key} = {answer}`")),
        None => Unknown(format!("say `{key} = true` or `false` under [practices] in content/organization.toml")),
    };
    match name {
        "adm" => asked(true, "automated_decisions"),
        "child" => asked(true, "child_directed"),
        "no-child" => asked(false, "child_directed"),
        "sells" => asked(true, "sells_or_shares"),
        "consent" | "legitimate-interests" => basis(look, name),
        "dpo" => match &look.center.organization.dpo {
            Known::Is(_) => Yes,
            Known::None => No("content/organization.toml says that there is none".into()),
            _ => No("no officer is named in content/organization.toml".into()),
        },
        "indirect" => Unknown("it is not known whether data comes from anyone but the people themselves".into()),
        "joint" => {
            let words = ["joint controller", "corresponsable", "responsables conjoints", "gemeinsam verantwortlich"];
            let told = look.stretches.iter().any(|stretch| words.iter().any(|word| begins(&stretch.words, word)));
            if told { Yes } else { Unknown("it is not known whether there are joint controllers".into()) }
        }
        "marketing" => {
            let words =
                ["newsletter", "marketing", "boletín", "promocion", "lettre d'information", "prospection", "werbung"];
            let told = look.stretches.iter().any(|stretch| words.iter().any(|word| begins(&stretch.words, word)));
            if told { Yes } else { Unknown("it is not known whether there is direct marketing".into()) }
        }
        "optional-cookies" => {
            cookies(look, |category| category != "necessary", "every cookie of the register is necessary")
        }
        "statistics" => cookies(look, |category| category == "statistics", "no cookie of the register counts visits"),
        "outside-eea" => match look.center.organization.country.as_deref() {
            Some(country) if EEA.contains(&country) => No(format!("the organization is in {country}")),
            Some(_) => Yes,
            None => Unknown("content/organization.toml does not state the organization's `country`".into()),
        },
        "sub-processors" => match look.rows("processors") {
            rows if rows.is_empty() => Unknown("there is no register `processors`".into()),
            rows if rows.iter().any(|(_, row)| row.value("role") == Some(&Value::Terms(vec!["sub-processor"]))) => Yes,
            _ => No("no row of `processors` is a sub-processor".into()),
        },
        "summaries" => {
            let summed = |block: &Block| matches!(block.kind, BlockKind::Summary(_));
            let any = look.texts.iter().any(|text| text.parsed.document.blocks.iter().any(summed));
            if any { Yes } else { No("no text has a `:::summary`".into()) }
        }
        "transfer" => match look.rows("processors") {
            rows if rows.is_empty() => Unknown("there is no register `processors` that lists where data goes".into()),
            rows => {
                let outside = |value: Option<&Value>| match value {
                    Some(Value::Places(places)) => places.iter().any(|place| is_outside(&place.code)),
                    _ => false,
                };
                let any = rows.iter().any(|(_, row)| outside(row.value("location")));
                if any { Yes } else { No("every row of `processors` is in the European Economic Area".into()) }
            }
        },
        other => Unknown(format!("no condition `{other}`")),
    }
}

fn basis(look: &Look, name: &str) -> Applies {
    let rows = look.rows("purposes");
    if rows.is_empty() {
        return Unknown("there is no register `purposes` that lists the legal bases".into());
    }
    let there =
        rows.iter().any(|(_, row)| matches!(row.value("basis"), Some(Value::Terms(terms)) if terms.contains(&name)));
    if there { Yes } else { No(format!("no row of `purposes` is based on {}", name.replace('-', " "))) }
}

fn cookies(look: &Look, wanted: impl Fn(&str) -> bool, none: &str) -> Applies {
    let rows = look.rows("cookies");
    if rows.is_empty() {
        return Unknown("there is no register `cookies`".into());
    }
    let there = rows.iter().any(
        |(_, row)| matches!(row.value("category"), Some(Value::Terms(terms)) if terms.iter().any(|term| wanted(term))),
    );
    if there { Yes } else { No(none.to_string()) }
}
