//! The words that every center needs, in the language of its reader: dates, durations, countries, labels, lists.
//!
//! In: a language tag, and facts that are typed already. Out: text. The words are part of the binary, because they stand
//! in the resolved text that digests cover, and no theme may change them. The data under `data/` is the Unicode CLDR's,
//! the catalogues of labels are our own. Only this module knows `icu`.
//!
//! It must not know what a register or a document is, nor read a file, a clock or the environment.
//!
//! Plain `en` is international English: day before month, no comma before the last `and`. `en-US` has both its own way.

mod country;
mod country_names;
mod date;
mod duration;
mod isolate;
mod labels;
mod language;
mod list;

pub use country::country;
pub use country_names::{country_code, named_countries};
pub use date::date;
pub use duration::{Duration, DurationError, Keep, Unit, duration, keep, length};
pub use isolate::isolated;
pub use labels::{find_label, inside, label, supported};
pub use language::{Language, plural};
pub use list::list;

#[cfg(test)]
mod tests;

/// The rows of one of our tables: tab-separated, `#` opens a comment line.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// A pattern with its `{name}` placeholders filled. One pass: a value that looks like a placeholder stays as it is.
fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + values.iter().map(|(_, value)| value.len()).sum::<usize>());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let known = after
            .split_once('}')
            .and_then(|(name, tail)| Some((values.iter().find(|(known, _)| *known == name)?.1, tail)));
        rest = match known {
            Some((value, tail)) => {
                out.push_str(value);
                tail
            }
            None => {
                out.push('{');
                after
            }
        };
    }
    out.push_str(rest);
    out
}
