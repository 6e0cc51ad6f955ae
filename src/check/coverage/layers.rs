//! Answers of first layers, of accounts, of recipients and of lifetimes: what summaries say, how long bills are kept, what data is for.
//!
//! In: what is known. Out: where it is told, or what is lacking. Must not know: items.

use super::Look;
use super::facts::Fact::{self, Lacking, There, Untold};
use super::stretch::{Place, begins, folded};
use crate::center::register::{KeepFact, Value};
use crate::check::registers::items;
use crate::markdown::{Block, BlockKind, plain_text};
use crate::words::{Duration, Language, Unit, duration};

/// The first layer names the controller, what data is for, and the rights (WP260 rev.01, paragraph 36).
pub fn first_layer(look: &Look) -> Fact {
    let organization = &look.center.organization;
    let names: Vec<String> = [&organization.brand, &organization.legal_name]
        .into_iter()
        .flatten()
        .map(|name| folded(name.get(look.center.settings.authoritative().fallbacks().iter().map(String::as_str))))
        .collect();
    let parts: [(&str, &[&str]); 2] = [
        ("what data is for", &["for ", "to ", "para ", "pour ", "afin", "um ", "zu ", "purpose", "finalidad", "zweck"]),
        ("the rights", &["right", "access", "delet", "object", "derecho", "droit", "recht"]),
    ];
    let mut best: Option<(Place, Vec<&str>)> = None;
    for text in look.texts.iter().filter(|text| text.authoritative && text.document.starts_with("privacy")) {
        let Some(block) = text.parsed.document.blocks.iter().find(|block| matches!(block.kind, BlockKind::Summary(_)))
        else {
            continue;
        };
        let mut words = String::new();
        push(block, &mut words);
        let words = folded(&words);
        let mut lacking = Vec::new();
        if !names.iter().any(|name| words.contains(name.as_str())) {
            lacking.push("who the controller is");
        }
        for (name, stems) in &parts {
            if !stems.iter().any(|stem| begins(&words, stem)) {
                lacking.push(name);
            }
        }
        let place = Place { path: text.path.clone(), span: block.span.clone(), title: ":::summary".into() };
        if best.as_ref().is_none_or(|(_, known)| lacking.len() < known.len()) {
            best = Some((place, lacking));
        }
    }
    match best {
        Some((place, lacking)) if lacking.is_empty() => There(Some(place), "the first summary, by its words".into()),
        Some((_, lacking)) => {
            Lacking(format!("in the first `:::summary` of the privacy policy: {}", lacking.join(", ")))
        }
        None => Lacking("a `:::summary` at the top of the privacy policy".into()),
    }
}

/// True if cookies that count visits live for 13 months at most (CNIL, exemption for the measurement of audiences). A lifetime
/// that is no plain length of time is for a person to compare.
pub fn lifetimes(look: &Look) -> Fact {
    let english = Language::english();
    let counts = |value: Option<&Value>| matches!(value, Some(Value::Terms(terms)) if terms.contains(&"statistics"));
    let (mut longer, mut unclear) = (Vec::new(), Vec::new());
    for (register, row) in look.rows("cookies").into_iter().filter(|(_, row)| counts(row.value("category"))) {
        let told = row.value("lifetime").map(|value| register.words(&english, "lifetime", value)).unwrap_or_default();
        let months = told.parse::<Duration>().ok().map(|length| match length.unit {
            Unit::Hour | Unit::Day if length.count <= 390 => 1,
            Unit::Hour => length.count / 24 / 30,
            Unit::Day => length.count / 30,
            Unit::Week => length.count * 7 / 30,
            Unit::Month => length.count,
            Unit::Year => length.count * 12,
        });
        match months {
            Some(months) if months > 13 => longer.push(format!("`{}` lives {told}", row.id)),
            None if told != "session" => unclear.push(format!("`{}` says “{told}”", row.id)),
            _ => {}
        }
    }
    match (longer.as_slice(), unclear.as_slice()) {
        ([], []) => There(None, "the lifetimes of the register `cookies`".into()),
        ([], unclear) => Untold(format!("not a plain period: {}", unclear.join(", "))),
        (longer, _) => Lacking(format!("13 months at most, unless it is set with consent: {}", longer.join(", "))),
    }
}

/// True if some purpose collects what each recipient gets. Names are free text, so that other names are a hint and no more.
pub fn processors_used(look: &Look) -> Fact {
    let known: Vec<String> = ["purposes", "retention"]
        .iter()
        .flat_map(|name| look.rows(name))
        .flat_map(|(register, row)| items(&register, row, "data"))
        .map(|item| folded(&item))
        .collect();
    let rows = look.rows("processors");
    if known.is_empty() || rows.is_empty() {
        return Lacking("rows in the registers `processors` and `purposes`".into());
    }
    let used = |item: &String| {
        let item = folded(item);
        known.iter().any(|known| known.contains(&item) || item.contains(known.as_str()))
    };
    let lost: Vec<String> = rows
        .iter()
        .filter(|(_, row)| row.date("until").is_none_or(|until| until > look.timeline.date))
        .filter(|(register, row)| !items(register, row, "data").iter().any(used))
        .map(|(_, row)| format!("`{}`", row.id))
        .collect();
    match lost.is_empty() {
        true => There(None, "the names of data in `processors` are those of `purposes` or `retention`".into()),
        false => Untold(format!("`data` of {} has other names than `purposes` and `retention`", lost.join(", "))),
    }
}

fn push(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Paragraph(content) => out.push_str(&plain_text(content)),
        BlockKind::List(list) => list.items.iter().flat_map(|item| &item.blocks).for_each(|block| push(block, out)),
        BlockKind::Summary(inner) => inner.iter().for_each(|block| push(block, out)),
        _ => {}
    }
    out.push('\n');
}

/// How long accounts are kept, beside the years that commercial law speaks of. Which of several laws governs a bill is not
/// for a program: another period is a hint, never a contradiction.
pub fn accounting(look: &Look, years: u32) -> Fact {
    const WORDS: &[&str] =
        &["billing", "invoice", "accounting", "tax", "factur", "contab", "fiscal", "rechnung", "buchhalt"];
    let english = Language::english();
    for (register, row) in look.rows("retention") {
        let data = row.value("data").map(|value| register.words(&english, "data", value)).unwrap_or_default();
        let data = folded(&format!("{data} {}", row.id));
        if !WORDS.iter().any(|word| begins(&data, word)) {
            continue;
        }
        let Some(Value::Keep(keep)) = row.value("keep") else { continue };
        let own = match keep {
            KeepFact::Exact(own) | KeepFact::AtMost(own) | KeepFact::Range(_, own) => Some(own),
            KeepFact::Event { offset, .. } => Some(offset),
            KeepFact::Criterion { plus, .. } => plus.as_ref(),
            KeepFact::Indefinite => None,
        };
        let law = Duration { count: years, unit: Unit::Year };
        let same = own.is_some_and(|own| match own.unit {
            Unit::Year => own.count == years,
            Unit::Month => own.count == years * 12,
            _ => false,
        });
        let place =
            Place { path: register.path.clone(), span: row.span.clone(), title: format!("retention.{}", row.id) };
        let kept = register.words(&english, "keep", row.value("keep").unwrap_or(&Value::Unknown));
        return match same {
            true => There(Some(place), format!("`retention.{}`: {kept}", row.id)),
            false => Untold(format!(
                "`retention.{}` says {kept}, and that law speaks of {}; both can be right",
                row.id,
                duration(&english, &law)
            )),
        };
    }
    Lacking("a row of `retention` about billing or accounts".into())
}
