//! Answers of accounts and of lifetimes: how long bills are kept and cookies live.
//!
//! In: what is known. Out: where it is told, or what is lacking. Must not know: items.

use super::Look;
use super::facts::Fact::{self, Lacking, There, Untold};
use super::stretch::{Place, begins, folded};
use crate::center::register::{KeepFact, Value};
use crate::words::{Duration, Language, Unit, duration};

/// True if no cookie that counts visits lives longer than so many months. A lifetime that is no plain length of time is for a
/// person to compare.
pub fn lifetimes(look: &Look, most: u32) -> Fact {
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
            Some(months) if months > most => longer.push(format!("`{}` lives {told}", row.id)),
            None if told != "session" => unclear.push(format!("`{}` says “{told}”", row.id)),
            _ => {}
        }
    }
    match (longer.as_slice(), unclear.as_slice()) {
        ([], []) => There(None, "the lifetimes of the register `cookies`".into()),
        ([], unclear) => Untold(format!("not a plain period: {}", unclear.join(", "))),
        (longer, _) => Lacking(format!("{most} months at most, unless it is set with consent: {}", longer.join(", "))),
    }
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
