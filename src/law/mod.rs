//! Law as data: what statutes and guidelines ask a privacy center to state, whom they ask, and where that was read.
//!
//! In: one embedded file for each jurisdiction or profile. Out: [`Item`]s, [`LawSource`]s, [`Outdated`] references, and the
//! citations of rules. Must not know: any center, any text, any rule.
//!
//! Every statement of law in the program has its only home here, with the address of its source, how the source was read and
//! on which day. What nobody has read is not here. `fineprint explain` and the coverage report print what these files say, and
//! `tests/run.sh law` fails when a source has not been read for nine months.

mod item;
mod table;

pub use item::{Condition, Item, ItemKind, LookIn, Practice, Question, Zone};
pub use table::{Jurisdiction, LawName, LawSource, Mark, Outdated, RuleNote, Transfers, all};

use jiff::civil::Date;

/// Jurisdictions that `[check]` may declare.
pub fn jurisdictions() -> impl Iterator<Item = &'static str> {
    all().iter().filter(|file| !file.is_profile).map(|file| file.code.as_str())
}

/// Profiles that `[check]` may declare.
pub fn profiles() -> impl Iterator<Item = &'static str> {
    all().iter().filter(|file| file.is_profile).map(|file| file.code.as_str())
}

pub fn jurisdiction(code: &str) -> Option<&'static Jurisdiction> {
    all().iter().find(|file| file.code == code)
}

/// The items of every file, in the order of the files.
pub fn items() -> impl Iterator<Item = &'static Item> {
    all().iter().flat_map(|file| &file.items)
}

/// The items that a code asks: those of its file, and those of others that name it.
pub fn asked_by(code: &str) -> impl Iterator<Item = &'static Item> {
    let own = move |file: &Jurisdiction, item: &Item| file.code == code || item.also.iter().any(|also| also == code);
    all().iter().flat_map(move |file| file.items.iter().filter(move |item| own(file, item)))
}

/// These codes and those whose law applies beside them.
pub fn with_unions<'c>(codes: &'c [String]) -> impl Iterator<Item = &'c str> {
    let union = |code: &'c String| jurisdiction(code).and_then(|file| file.under.as_deref());
    codes
        .iter()
        .map(String::as_str)
        .chain(codes.iter().filter_map(union).filter(|union| !codes.iter().any(|code| code == union)))
}

/// The file of an item.
pub fn home_of(item: &Item) -> Option<&'static Jurisdiction> {
    all().iter().find(|file| file.items.iter().any(|own| own.id == item.id))
}

pub fn item(id: &str) -> Option<&'static Item> {
    items().find(|item| item.id == id)
}

/// The citation of an item, for messages.
pub fn cite(id: &str) -> &'static str {
    item(id).map(|item| item.cite.as_str()).unwrap_or_default()
}

/// The source of an item or a note of the same file.
pub fn source(id: &str) -> Option<&'static LawSource> {
    all().iter().flat_map(|file| &file.sources).find(|source| source.id == id)
}

/// References to law and services that are no longer in force, of every file.
pub fn outdated() -> impl Iterator<Item = &'static Outdated> {
    all().iter().flat_map(|file| &file.outdated)
}

/// Names by which texts speak of laws, with the codes for which they stand.
pub fn names() -> impl Iterator<Item = &'static LawName> {
    all().iter().flat_map(|file| &file.names)
}

/// What a rule rests on: a sentence about a source, and the source.
pub struct Citation {
    pub says: &'static str,
    pub cite: &'static str,
    pub source: &'static LawSource,
}

/// Returns every citation of a rule: notes first, then items.
pub fn citations(rule: &str) -> Vec<Citation> {
    let own = |rules: &[String]| rules.iter().any(|code| code == rule);
    let notes = all().iter().flat_map(|file| &file.notes).filter(|note| own(&note.rules));
    let notes = notes.map(|note| (note.says.as_str(), note.cite.as_str(), note.source.as_str()));
    let items = items().filter(|item| own(&item.rules));
    let items = items.map(|item| (item.title.as_str(), item.cite.as_str(), item.source.as_str()));
    let cited = notes.chain(items);
    cited.filter_map(|(says, cite, id)| Some(Citation { says, cite, source: source(id)? })).collect()
}

/// Returns the oldest day on which a source of these items was read.
pub fn oldest_reading<'i>(items: impl IntoIterator<Item = &'i Item>) -> Option<Date> {
    items.into_iter().filter_map(|item| Some(source(&item.source)?.read)).min()
}

/// The rules on transfers of the first code that has some, among these.
pub fn transfers(codes: &[String]) -> Option<&'static Transfers> {
    codes.iter().find_map(|code| {
        let file = jurisdiction(code)?;
        file.transfers.as_ref().or_else(|| jurisdiction(file.under.as_deref()?)?.transfers.as_ref())
    })
}
