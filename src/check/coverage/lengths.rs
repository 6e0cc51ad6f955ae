//! Answers of lifetimes: how long cookies live.
//!
//! In: what is known. Out: where it is told, or what is lacking. Must not know: items.

use super::Look;
use super::facts::Fact::{self, Lacking, There, Untold};
use crate::center::register::Value;
use crate::words::{Duration, Language, Unit};

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
