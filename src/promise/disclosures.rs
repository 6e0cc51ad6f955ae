//! Signs of a material change in the text itself: rows of tables and lists on recipients, data, countries, periods and
//! cookies; words of sharing, selling and training; periods.
//!
//! In: two documents and their language. Out: signals, each with what it rests on. Counted over the whole text, so that what
//! only moved is no signal. Registers are left out: their rows are compared as facts. Must not know: facts, releases.

use super::signals::Signal;
use super::wording::words_of;
use crate::change::tidy;
use crate::markdown::{Block, BlockKind, Document, Table, plain_text};
use crate::words::Language;
use std::collections::BTreeMap;

/// Words of one language for the things that this file looks for.
struct Words {
    tag: &'static str,
    /// Beginnings of words in the title of a section or a column: what the table or list is about.
    topics: &'static [&'static str],
    /// Beginnings of words in the title of a column whose every cell matters.
    columns: &'static [&'static str],
    /// Beginnings of words for giving data to others, selling them, or training with them.
    verbs: &'static [&'static str],
    /// Beginnings of words for giving notice, whose length is compared apart.
    notice: &'static [&'static str],
    /// Beginnings of units of time, with what they are called in a finding.
    units: &'static [(&'static str, &'static str)],
}

const WORDS: &[Words] = &[
    Words {
        tag: "en",
        topics: &[
            "processor",
            "sub-processor",
            "subprocessor",
            "recipient",
            "provider",
            "vendor",
            "third part",
            "partner",
            "cookie",
            "data we",
            "information we",
            "retention",
            "how long",
            "country",
            "countries",
        ],
        columns: &["country", "location", "region", "retention", "period", "expir", "duration", "how long"],
        verbs: &["share", "sharing", "disclos", "sell", "sold", "train"],
        notice: &["announc", "notice", "notif"],
        units: &[("hour", "hours"), ("day", "days"), ("week", "weeks"), ("month", "months"), ("year", "years")],
    },
    Words {
        tag: "es",
        topics: &[
            "encargad",
            "destinatari",
            "proveedor",
            "tercero",
            "socio",
            "cookie",
            "datos que",
            "conserva",
            "país",
        ],
        columns: &["país", "ubicación", "región", "plazo", "conserva", "duración", "caduc"],
        verbs: &["compart", "comunicamos", "cedemos", "vendemos", "vender", "vendid", "entren"],
        notice: &["anunci", "aviso", "avis", "notific"],
        units: &[("hora", "horas"), ("día", "días"), ("semana", "semanas"), ("mes", "meses"), ("año", "años")],
    },
    Words {
        tag: "fr",
        topics: &[
            "sous-traitant",
            "destinataire",
            "prestataire",
            "fournisseur",
            "tiers",
            "partenaire",
            "cookie",
            "données que",
            "conserv",
            "pays",
        ],
        columns: &["pays", "lieu", "région", "durée", "conserv", "expir"],
        verbs: &["partag", "divulg", "communiquons", "vendons", "vendre", "vendu", "cédons", "entraîn"],
        notice: &["annonc", "préavis", "inform"],
        units: &[("heure", "heures"), ("jour", "jours"), ("semaine", "semaines"), ("mois", "mois"), ("an", "ans")],
    },
    Words {
        tag: "de",
        topics: &[
            "auftragsverarbeit",
            "empfänger",
            "anbieter",
            "dienstleister",
            "dritte",
            "partner",
            "cookie",
            "daten, die",
            "speicherdauer",
            "aufbewahr",
            "länder",
            "land",
        ],
        columns: &["land", "ort", "region", "speicherdauer", "dauer", "frist", "ablauf"],
        verbs: &["weitergeben", "weitergegeben", "geben", "teilen", "offenleg", "verkauf", "trainier"],
        notice: &["ankünd", "angekünd", "mitteil"],
        units: &[("stunde", "Stunden"), ("tag", "Tage"), ("woche", "Wochen"), ("monat", "Monate"), ("jahr", "Jahre")],
    },
];

/// The most signals of one kind.
const MOST: usize = 8;

pub fn disclosures(old: &Document, new: &Document, language: &Language) -> Vec<Signal> {
    let tag = language.tag().split('-').next().unwrap_or_default();
    let Some(words) = WORDS.iter().find(|words| words.tag == tag) else { return Vec::new() };
    let mut out = lists(old, new, words);
    out.extend(verbs(old, new, words));
    out.extend(periods(old, new, words));
    out
}

/// A row of a table, or an item of a list, on a topic that matters.
#[derive(Debug)]
struct Entry {
    section: String,
    name: String,
    whole: String,
    /// The cells of columns in which every word matters.
    weighty: Vec<String>,
}

/// Entries of one name, in whatever order: a provider may have several rows.
type Named<'e> = BTreeMap<String, Vec<&'e Entry>>;

fn lists(old: &Document, new: &Document, words: &Words) -> Vec<Signal> {
    let (before, after) = (entries(old, words), entries(new, words));
    let (before, after) = (by_name(&before), by_name(&after));
    let (old_text, new_text) = (words_of(old).to_lowercase(), words_of(new).to_lowercase());
    let weighty = |entries: &[&Entry]| {
        let mut cells: Vec<Vec<String>> = entries.iter().map(|entry| entry.weighty.clone()).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    };
    let mut out = Vec::new();
    for (name, entries) in &after {
        match before.get(name) {
            Some(was) if weighty(was) != weighty(entries) => {
                out.push(signal("listed-item-changed", "changed", entries[0]));
            }
            Some(_) => {}
            // Words that were elsewhere in the text are not new.
            None if old_text.contains(name) || is_rewording(entries[0], &before, &after) => {}
            None => out.push(signal("listed-item-added", "added", entries[0])),
        }
    }
    for (name, entries) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        if !new_text.contains(name) && !is_rewording(entries[0], &after, &before) {
            out.push(signal("listed-item-removed", "removed", entries[0]));
        }
    }
    out.truncate(MOST);
    out
}

fn by_name(entries: &[Entry]) -> Named<'_> {
    let mut out = Named::new();
    for entry in entries {
        out.entry(entry.name.to_lowercase()).or_default().push(entry);
    }
    out
}

fn signal(code: &'static str, verb: &str, entry: &Entry) -> Signal {
    let section = match entry.section.as_str() {
        "" => String::new(),
        section => format!(" in “{section}”"),
    };
    Signal { code, sentence: format!("“{}”{section} was {verb}", entry.name), target: "text".into() }
}

/// True if most words of an entry are those of one without a partner on the other side: it was worded differently.
fn is_rewording(entry: &Entry, others: &Named, own: &Named) -> bool {
    let words = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_string).collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    let mine = words(&entry.whole);
    let alone = others.iter().filter(|(name, _)| !own.contains_key(*name)).flat_map(|(_, entries)| entries);
    alone.into_iter().any(|other| {
        let theirs = words(&other.whole);
        let both = mine.iter().filter(|word| theirs.binary_search(word).is_ok()).count();
        both * 2 > mine.len().max(theirs.len()) && entry.weighty == other.weighty
    })
}

fn entries(document: &Document, words: &Words) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut section = String::new();
    blocks(&document.blocks, &mut section, words, &mut out);
    out
}

fn blocks(list: &[Block], section: &mut String, words: &Words, out: &mut Vec<Entry>) {
    let begins = |text: &str, stems: &[&str]| {
        let text = text.to_lowercase();
        stems.iter().any(|stem| {
            text.match_indices(stem).any(|(at, _)| !text[..at].ends_with(|letter: char| letter.is_alphanumeric()))
        })
    };
    for block in list {
        match &block.kind {
            BlockKind::Heading(heading) => *section = tidy(&plain_text(&heading.content)),
            BlockKind::Table(table) if table.register.is_none() => {
                let titles: Vec<String> = table.head.iter().map(|cell| tidy(&plain_text(cell))).collect();
                if begins(section, words.topics) || titles.iter().any(|title| begins(title, words.topics)) {
                    let weighty: Vec<bool> = titles.iter().map(|title| begins(title, words.columns)).collect();
                    rows(table, section, &weighty, out);
                }
            }
            BlockKind::List(list) if begins(section, words.topics) => {
                for item in &list.items {
                    let Some(BlockKind::Paragraph(content)) = item.blocks.first().map(|block| &block.kind) else {
                        continue;
                    };
                    let whole = tidy(&plain_text(content));
                    // A name, or a few words; a sentence is compared by its verbs.
                    if whole.split_whitespace().count() <= 12 {
                        let name = whole.trim_end_matches(['.', ';', ',']).to_string();
                        out.push(Entry { section: section.clone(), name, whole, weighty: Vec::new() });
                    }
                }
            }
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => blocks(inner, section, words, out),
            _ => {}
        }
    }
}

fn rows(table: &Table, section: &str, weighty: &[bool], out: &mut Vec<Entry>) {
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.cells.iter().map(|cell| tidy(&plain_text(cell))).collect()).collect();
    // The first column that tells nearly all rows apart names them: in a table of cookies, not their provider.
    let tells = |column: usize| {
        let mut names: Vec<&String> = rows.iter().filter_map(|row| row.get(column)).collect();
        names.sort_unstable();
        names.dedup();
        names.len() * 4 >= rows.len() * 3
    };
    let naming = (0..table.head.len().min(4)).find(|column| tells(*column)).unwrap_or(0);
    for cells in rows {
        let Some(name) = cells.get(naming).filter(|cell| !cell.is_empty()).cloned() else { continue };
        let counted = cells.iter().zip(weighty).filter(|(_, weighty)| **weighty);
        let weighty = counted.map(|(cell, _)| cell.to_lowercase()).collect();
        out.push(Entry { section: section.to_string(), name, whole: cells.join(" "), weighty });
    }
}

/// Sentences in which data are shared, sold or used to train, if there are more of them than before.
fn verbs(old: &Document, new: &Document, words: &Words) -> Option<Signal> {
    let saying = |document: &Document| -> Vec<String> {
        let mut out = Vec::new();
        for block in words_of(document).lines() {
            for sentence in block.split_inclusive(['.', ';', '!', '?']) {
                let lower = sentence.to_lowercase();
                let says = says(&lower, words.verbs);
                if says && sentence.split_whitespace().count() >= 4 {
                    out.push(tidy(sentence));
                }
            }
        }
        out
    };
    let (before, after) = (saying(old), saying(new));
    if after.len() <= before.len() {
        return None;
    }
    let added = after.iter().find(|sentence| !before.contains(sentence))?;
    let sentence = format!("the text says more of sharing, selling or training: “{}”", cut(added));
    Some(Signal { code: "disclosure-added", sentence, target: "text".into() })
}

/// True if somebody else than the reader shares, sells or trains: "any data you share with us" is no disclosure.
fn says(sentence: &str, verbs: &[&str]) -> bool {
    const READER: &[&str] = &["you", "please", "users", "usted", "ustedes", "vous", "veuillez", "sie", "bitte"];
    const SUBJECT: &[&str] = &["we", "our", "us", "data", "information", "datos", "données", "daten"];
    let mut before = "";
    let mut verb = false;
    let mut subject = false;
    for word in sentence.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        verb |= !READER.contains(&before) && verbs.iter().any(|verb| word.starts_with(verb));
        // In the other languages the verb itself says who does it.
        subject |= SUBJECT.contains(&word) || verbs.iter().any(|verb| word.starts_with(verb) && word.ends_with("mos"));
        subject |= verbs.iter().any(|verb| word.starts_with(verb) && word.ends_with("ons")) || word == "wir";
        before = word;
    }
    verb && subject
}

fn cut(sentence: &str) -> String {
    let mut out: String = sentence.chars().take(120).collect();
    if out.len() < sentence.len() {
        out.truncate(out.rfind(' ').unwrap_or(out.len()));
        out.push('…');
    }
    out
}

/// Periods that the text names more or less often than before.
fn periods(old: &Document, new: &Document, words: &Words) -> Option<Signal> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (document, is_new) in [(old, false), (new, true)] {
        let text = words_of(document).to_lowercase();
        for sentence in text.lines().flat_map(|block| block.split_inclusive(". ")) {
            let tokens = || {
                let parts = sentence.split(|letter: char| !letter.is_alphanumeric() && letter != '.' && letter != ',');
                parts.map(|word| word.trim_matches(['.', ',']))
            };
            if tokens().any(|word| words.notice.iter().any(|stem| word.starts_with(stem))) {
                continue;
            }
            let mut last: Option<&str> = None;
            for word in tokens() {
                let unit = words.units.iter().find(|(unit, _)| word.starts_with(unit) && word.len() <= unit.len() + 3);
                if let (Some(number), Some((_, unit))) = (last, unit) {
                    let count = counts.entry(format!("{number} {unit}")).or_default();
                    *(if is_new { &mut count.1 } else { &mut count.0 }) += 1;
                }
                last = Some(word).filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
    }
    let list = |wanted: fn(&(usize, usize)) -> bool| -> Vec<&str> {
        counts.iter().filter(|(_, count)| wanted(count)).map(|(period, _)| period.as_str()).take(MOST).collect()
    };
    // A period that is only named once more or once less says nothing by itself.
    let (added, removed) = (list(|(old, new)| *old == 0 && *new > 0), list(|(old, new)| *new == 0 && *old > 0));
    let told = match (added.is_empty(), removed.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("{} added", added.join(", ")),
        (true, false) => format!("{} removed", removed.join(", ")),
        (false, false) => format!("{} added, {} removed", added.join(", "), removed.join(", ")),
    };
    Some(Signal {
        code: "period-changed",
        sentence: format!("periods in the text changed: {told}"),
        target: "text".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use crate::text::NoFacts;

    fn codes(old: &str, new: &str) -> Vec<&'static str> {
        let read = |text: &str| parse(&"policy.md".into(), text, 0, false, &NoFacts, &mut Vec::new()).document;
        disclosures(&read(old), &read(new), &Language::english()).into_iter().map(|signal| signal.code).collect()
    }

    const TABLE: &str =
        "## Our processors\n\n| Name | Country |\n|---|---|\n| North Post | Norway |\n| Blue Desk | Chile |\n";

    #[test]
    fn rows_of_recipients() {
        assert!(codes(TABLE, &format!("{TABLE}| Red Cloud | Peru |\n")).contains(&"listed-item-added"));
        assert!(codes(TABLE, &TABLE.replace("| Blue Desk | Chile |\n", "")).contains(&"listed-item-removed"));
        assert!(codes(TABLE, &TABLE.replace("Norway", "Peru")).contains(&"listed-item-changed"));
        let turned =
            "## Our processors\n\n| Name | Country |\n|---|---|\n| Blue Desk | Chile |\n| North Post | Norway |\n";
        assert!(codes(TABLE, turned).is_empty());
        assert!(codes(TABLE, &TABLE.replace("Our processors", "The processors")).is_empty());
    }

    #[test]
    fn words_of_sharing_and_periods() {
        let old = "We keep your orders for 90 days. We answer your letters.\n";
        assert_eq!(codes(old, &format!("{old}\nWe share your data with advertisers.\n")), ["disclosure-added"]);
        assert_eq!(codes(old, &old.replace("90", "180")), ["period-changed"]);
        assert!(codes(old, &old.replace("answer your letters", "reply to your letters")).is_empty());
        let notice = "We announce changes 14 days before they take effect.";
        assert!(codes(notice, &notice.replace("14", "15")).is_empty());
        assert!(codes(old, &format!("{old}\nPlease share your thoughts with us.\n")).is_empty());
    }
}
