//! `[[check.item]]`: items of the coverage report that a site adds for itself.
//!
//! In: the table. Out: an [`OwnItem`], or findings that say what the files of law would be refused for, too: no citation, no
//! source, no day of reading, an id that is taken, nothing to look for. Must not know: how an item is looked for.

use super::reader::{Keys, Reader};
use crate::law::{self, Item, ItemKind, LookIn};
use jiff::civil::Date;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct OwnItem {
    pub item: Item,
    /// Address of the source, and the day on which somebody read it there.
    pub address: String,
    pub read: Date,
}

pub fn read(reader: &mut Reader, mut keys: Keys<'_>, others: &[OwnItem]) -> Option<OwnItem> {
    let id = keys.string(reader, "id");
    let title = keys.string(reader, "title");
    let cite = keys.string(reader, "cite");
    let address = keys.string(reader, "address");
    let day = keys.date(reader, "read");
    for (key, what) in [
        ("id", "a name such as \"own/retention\""),
        ("title", "what is asked for"),
        ("cite", "the citation"),
        ("address", "the address where the source can be read"),
        ("read", "the day on which the source was read"),
    ] {
        if !keys.has(key) {
            keys.missing(reader, key, what);
        }
    }
    let kind = match keys.word(reader, "kind", &["must-say", "advice", "duty"]) {
        Some("advice") => ItemKind::Advice,
        Some("duty") => ItemKind::Duty,
        _ => ItemKind::MustSay,
    };
    let sections = keys.strings(reader, "sections").into_iter().map(|id| id.into_inner()).collect();
    let says = says(reader, &mut keys);
    let from = keys.date(reader, "from").map(|date| date.into_inner());
    let span = keys.span();
    keys.finish(reader);
    let (id, title, cite, address, day) = (id?, title?, cite?, address?, day?);
    let taken = |id: &str| law::item(id).is_some() || others.iter().any(|other| other.item.id == id);
    if taken(id.get_ref()) {
        let help = "choose an id that begins with a name of your own, such as \"own/\"";
        reader.problem("duplicate-id", id.span(), format!("the item `{}` is already there", id.get_ref()), help);
        return None;
    }
    if says.is_empty() {
        let help = "add says.en = [\"retain|keep + #duration\"]: groups of words that one sentence has to contain";
        reader.problem("missing-key", span, format!("item `{}` has no `says`", id.get_ref()), help);
        return None;
    }
    let item = Item {
        id: id.into_inner(),
        kind,
        title: title.into_inner(),
        cite: cite.into_inner(),
        source: String::new(),
        like: None,
        also: Vec::new(),
        from,
        until: None,
        when: Vec::new(),
        facts: Vec::new(),
        states: None,
        says,
        or_none: false,
        within: None,
        sections,
        hints: BTreeMap::new(),
        place: LookIn::Notice,
        against: Vec::new(),
        rules: Vec::new(),
        unseen: None,
    };
    Some(OwnItem { item, address: address.into_inner(), read: day.into_inner() })
}

/// Sentences by language, in lower case, as they are compared.
fn says(reader: &mut Reader, keys: &mut Keys<'_>) -> BTreeMap<String, Vec<String>> {
    let Some(table) = keys.table(reader, "says") else { return BTreeMap::new() };
    let mut out = BTreeMap::new();
    for (language, _, value) in table.iter() {
        let Some(list) = value.get_ref().as_array() else {
            reader.wrong_type(value, language, "a list of sentences");
            continue;
        };
        let sentences = list.iter().filter_map(|sentence| match sentence.get_ref().as_str() {
            Some(words) if !words.trim().is_empty() => Some(words.to_lowercase()),
            _ => {
                reader.wrong_type(sentence, language, "words of a sentence");
                None
            }
        });
        let sentences: Vec<String> = sentences.collect();
        if !sentences.is_empty() {
            out.insert(language.to_string(), sentences);
        }
    }
    out
}
