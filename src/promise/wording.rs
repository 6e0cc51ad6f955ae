//! What an editorial change leaves alone: the numbers of a text, and its words that deny or permit.
//!
//! In: two documents and their language. Out: which numbers came and went, which such words are more or fewer. Counted over
//! the whole text, so that what only moved is no change. Must not know: facts, releases.
//!
//! A change of spelling or style is no change of a promise (guidelines on transparency, WP260 rev.01, paragraph 29); one
//! number, or one “not”, may be. Names are not compared: a capital letter proves no name.

use crate::markdown::{Block, BlockKind, Document, Inline};
use crate::words::Language;
use std::collections::BTreeMap;

/// Words that deny or permit, by language.
const WEIGHTY: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "not", "no", "never", "none", "neither", "nor", "without", "cannot", "can't", "don't", "doesn't", "won't",
            "isn't", "aren't", "must", "shall", "may", "will", "only", "except", "unless",
        ],
    ),
    ("es", &["no", "nunca", "ningún", "ninguna", "ninguno", "tampoco", "sin", "solo", "sólo", "salvo", "excepto"]),
    ("fr", &["pas", "jamais", "aucun", "aucune", "ni", "sans", "seulement", "uniquement", "sauf", "excepté"]),
    (
        "de",
        &[
            "nicht", "nie", "niemals", "kein", "keine", "keinen", "keiner", "keinem", "ohne", "nur", "außer", "muss",
            "darf",
        ],
    ),
];

/// Numbers in words, as what they are in digits: from two on, because “one” is more than a number.
const NUMBERS: &[(&str, &[(&str, &str)])] = &[
    (
        "en",
        &[
            ("two", "2"),
            ("three", "3"),
            ("four", "4"),
            ("five", "5"),
            ("six", "6"),
            ("seven", "7"),
            ("eight", "8"),
            ("nine", "9"),
            ("ten", "10"),
            ("twelve", "12"),
            ("fourteen", "14"),
            ("fifteen", "15"),
            ("thirty", "30"),
            ("sixty", "60"),
            ("ninety", "90"),
        ],
    ),
    (
        "es",
        &[
            ("dos", "2"),
            ("tres", "3"),
            ("cuatro", "4"),
            ("cinco", "5"),
            ("seis", "6"),
            ("siete", "7"),
            ("ocho", "8"),
            ("nueve", "9"),
            ("diez", "10"),
            ("doce", "12"),
            ("catorce", "14"),
            ("quince", "15"),
            ("treinta", "30"),
            ("sesenta", "60"),
            ("noventa", "90"),
        ],
    ),
    (
        "fr",
        &[
            ("deux", "2"),
            ("trois", "3"),
            ("quatre", "4"),
            ("cinq", "5"),
            ("six", "6"),
            ("sept", "7"),
            ("huit", "8"),
            ("dix", "10"),
            ("douze", "12"),
            ("quatorze", "14"),
            ("quinze", "15"),
            ("trente", "30"),
            ("soixante", "60"),
        ],
    ),
    (
        "de",
        &[
            ("zwei", "2"),
            ("drei", "3"),
            ("vier", "4"),
            ("fünf", "5"),
            ("sechs", "6"),
            ("sieben", "7"),
            ("acht", "8"),
            ("neun", "9"),
            ("zehn", "10"),
            ("zwölf", "12"),
            ("vierzehn", "14"),
            ("fünfzehn", "15"),
            ("dreißig", "30"),
            ("sechzig", "60"),
            ("neunzig", "90"),
        ],
    ),
];

/// Beginnings of words that say how long something is kept, by language.
const RETENTION: &[(&str, &[&str])] = &[
    ("en", &["keep", "kept", "retain", "retention", "store", "storage", "delet", "eras", "purge"]),
    ("es", &["conserv", "guard", "almacen", "elimin", "borr", "suprim", "supresión"]),
    ("fr", &["conserv", "gard", "stock", "supprim", "suppression", "effac"]),
    ("de", &["aufbewahr", "speicher", "gespeichert", "behalt", "lösch", "gelöscht", "vorgehalten"]),
];

/// How often something stands in the old text and in the new, where that differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wording {
    pub numbers: BTreeMap<String, (usize, usize)>,
    /// Numbers in sentences that say how long something is kept.
    pub retention: BTreeMap<String, (usize, usize)>,
    pub words: BTreeMap<String, (usize, usize)>,
}

pub fn wording(old: &Document, new: &Document, language: &Language) -> Wording {
    let tag = language.tag().split('-').next().unwrap_or_default();
    let weighty = WEIGHTY.iter().find(|(known, _)| *known == tag).map_or(&[][..], |(_, words)| words);
    let spelled = NUMBERS.iter().find(|(known, _)| *known == tag).map_or(&[][..], |(_, words)| words);
    let keeps = RETENTION.iter().find(|(known, _)| *known == tag).map_or(&[][..], |(_, words)| words);
    let mut out = Wording::default();
    for (document, is_new) in [(old, false), (new, true)] {
        let mut text = String::new();
        document.blocks.iter().for_each(|block| push_block(block, &mut text));
        document.footnotes.iter().flat_map(|note| &note.blocks).for_each(|block| push_block(block, &mut text));
        count(&text, weighty, spelled, keeps, is_new, &mut out);
    }
    out.numbers.retain(|_, (old, new)| old != new);
    out.retention.retain(|_, (old, new)| old != new);
    out.words.retain(|_, (old, new)| old != new);
    out
}

impl Wording {
    /// The numbers that changed, in a sentence without a full stop.
    pub fn of_numbers(&self) -> Option<String> {
        let list = |wanted: &dyn Fn(usize, usize) -> bool| {
            let numbers = self.numbers.iter().filter(|(_, (old, new))| wanted(*old, *new));
            numbers.map(|(number, _)| number.as_str()).take(MOST).collect::<Vec<_>>().join(", ")
        };
        let (came, went) = (list(&|old, new| new > old), list(&|old, new| new < old));
        match (came.is_empty(), went.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("numbers came into the text: {came}")),
            (true, false) => Some(format!("numbers left the text: {went}")),
            (false, false) => Some(format!("numbers of the text changed: {came} came, {went} went")),
        }
    }

    /// The numbers beside words about retention that changed, unless each became smaller: what is kept for a shorter time
    /// burdens nobody. A sentence without a full stop.
    pub fn of_retention(&self) -> Option<String> {
        let side = |wanted: fn(usize, usize) -> bool| -> Vec<&str> {
            let numbers = self.retention.iter().filter(|(_, (old, new))| wanted(*old, *new));
            numbers.map(|(number, _)| number.as_str()).collect()
        };
        let (added, removed) = (side(|old, new| new > old), side(|old, new| new < old));
        let value = |number: &&str| number.replace(',', ".").parse::<f64>().unwrap_or(f64::MAX);
        let largest = added.iter().map(value).fold(f64::MIN, f64::max);
        let smallest = removed.iter().map(value).fold(f64::MAX, f64::min);
        if added.len() == removed.len() && largest < smallest || added.is_empty() && removed.is_empty() {
            return None;
        }
        let told = [(added, "added"), (removed, "removed")].into_iter().filter(|(numbers, _)| !numbers.is_empty());
        let told: Vec<String> =
            told.map(|(numbers, what)| format!("{} {what}", numbers[..numbers.len().min(MOST)].join(", "))).collect();
        Some(format!("numbers that say how long something is kept changed: {}", told.join("; ")))
    }

    /// The weighty words that changed, in a sentence without a full stop.
    pub fn of_words(&self) -> Option<String> {
        let told: Vec<String> = self
            .words
            .iter()
            .take(MOST)
            .map(|(word, (old, new))| format!("“{word}” {new} times, before {old}").replace(" 1 times", " once"))
            .collect();
        (!told.is_empty()).then(|| format!("words that deny or permit changed: {}", told.join("; ")))
    }
}

/// So many of them are named.
const MOST: usize = 8;

fn count(text: &str, weighty: &[&str], spelled: &[(&str, &str)], keeps: &[&str], is_new: bool, out: &mut Wording) {
    let add = |map: &mut BTreeMap<String, (usize, usize)>, key: &str| {
        let entry = map.entry(key.to_string()).or_default();
        *(if is_new { &mut entry.1 } else { &mut entry.0 }) += 1;
    };
    let text = text.to_lowercase().replace('’', "'");
    for sentence in text.split('\n').flat_map(|line| line.split(". ")) {
        let words = || {
            let words = sentence.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '.' | ','));
            words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        };
        let keeping = words().any(|word| keeps.iter().any(|stem| word.starts_with(stem)));
        for word in words() {
            let spelled = spelled.iter().find(|(name, _)| *name == word).map(|(_, digits)| *digits);
            let digits = word.starts_with(|c: char| c.is_ascii_digit()).then_some(word).or(spelled);
            if let Some(number) = digits {
                add(&mut out.numbers, number);
                if keeping {
                    add(&mut out.retention, number);
                }
            } else if weighty.contains(&word) {
                add(&mut out.words, word);
            }
        }
    }
}

/// The words of a block. Registers are left out: what changes in them is told as a change of facts.
fn push_block(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Heading(heading) => push_inlines(&heading.content, out),
        BlockKind::Paragraph(content) => push_inlines(content, out),
        BlockKind::Table(table) if table.register.is_none() => {
            for cell in table.head.iter().chain(table.rows.iter().flat_map(|row| &row.cells)) {
                push_inlines(cell, out);
                out.push(' ');
            }
        }
        BlockKind::List(list) => {
            list.items.iter().flat_map(|item| &item.blocks).for_each(|inner| push_block(inner, out))
        }
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                push_inlines(&definition.term, out);
                out.push(' ');
                definition.details.iter().flatten().for_each(|inner| push_block(inner, out));
            }
        }
        BlockKind::Quote(inner)
        | BlockKind::Summary(inner)
        | BlockKind::Alert { blocks: inner, .. }
        | BlockKind::Element { blocks: inner, .. } => inner.iter().for_each(|inner| push_block(inner, out)),
        BlockKind::Code { text, .. } => out.push_str(text),
        BlockKind::Html(html) => out.push_str(html),
        BlockKind::Table(_) | BlockKind::Rule => {}
    }
    out.push('\n');
}

/// A link inside the text is left out: the number and the title of a section follow it by themselves.
fn push_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Link { url, .. } if url.starts_with('#') => out.push(' '),
            Inline::Emphasis(children)
            | Inline::Strong(children)
            | Inline::Strike(children)
            | Inline::Link { children, .. }
            | Inline::Element { children, .. } => push_inlines(children, out),
            Inline::SoftBreak | Inline::HardBreak => out.push(' '),
            Inline::Image { alt, .. } => out.push_str(alt),
            Inline::FootnoteRef { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{FactError, Facts, RegisterTable, parse};

    struct NoFacts;

    impl Facts for NoFacts {
        fn lookup(&self, path: &str) -> Result<String, FactError> {
            Ok(path.to_string())
        }

        fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
            Ok(RegisterTable::default())
        }
    }

    fn changed(old: &str, new: &str) -> (Option<String>, Option<String>) {
        let read = |text: &str| parse(&"policy.md".into(), text, 0, false, &NoFacts, &mut Vec::new()).document;
        let found = wording(&read(old), &read(new), &Language::english());
        (found.of_numbers(), found.of_words())
    }

    #[test]
    fn spelling_order_and_references_are_no_change() {
        let old =
            "## Keeping {#keeping}\n\nWe keep the logs 30 days and do not sell them.\n\nSee [4. Rights](#rights).\n";
        let new =
            "## Keeping {#keeping}\n\nSee [5. Rights](#rights).\n\nWe keep logs 30 days, and we do not sell them.\n";
        assert_eq!(changed(old, new), (None, None));
    }

    #[test]
    fn a_number_beside_a_word_about_retention_is_told_unless_it_shrinks() {
        let read = |text: &str| parse(&"policy.md".into(), text, 0, false, &NoFacts, &mut Vec::new()).document;
        let told = |tag: &str, old: &str, new: &str| {
            wording(&read(old), &read(new), &Language::parse(tag).unwrap()).of_retention()
        };
        let grown = told("en", "We keep logs for 90 days. Call 555.", "We keep logs for 365 days. Call 666.");
        assert_eq!(
            grown.as_deref(),
            Some("numbers that say how long something is kept changed: 365 added; 90 removed")
        );
        assert_eq!(told("en", "We keep logs for 90 days.", "We keep logs for 30 days."), None);
        assert_eq!(told("en", "We answer within 10 days.", "We answer within 20 days."), None);
        assert!(told("en", "Logs are deleted after 90 days.", "Logs are deleted.").is_some());
        assert!(told("es", "Conservamos los registros 90 días.", "Conservamos los registros 365 días.").is_some());
        assert!(told("fr", "Nous gardons les journaux 90 jours.", "Nous gardons les journaux 365 jours.").is_some());
        assert!(told("de", "Wir speichern Protokolle 90 Tage.", "Wir speichern Protokolle 365 Tage.").is_some());
        let table = |days: u32| format!("| Data | Kept for |\n|---|---|\n| Logs | {days} days |\n");
        assert!(told("en", &table(90), &table(180)).is_some());
    }

    #[test]
    fn a_number_and_a_denial_are() {
        let (numbers, words) =
            changed("We keep logs 30 days and do not sell them.", "We keep logs 90 days and sell them.");
        assert_eq!(numbers.as_deref(), Some("numbers of the text changed: 90 came, 30 went"));
        assert_eq!(words.as_deref(), Some("words that deny or permit changed: “not” 0 times, before 1"));
        assert_eq!(changed("Kept ninety days.", "Kept 90 days.").0, None);
        assert!(changed("Kept for six years.", "Kept for seven years.").0.is_some());
        let (numbers, words) = changed("We may share it.", "We will share it within 1.5 days.");
        assert_eq!(numbers.as_deref(), Some("numbers came into the text: 1.5"));
        assert!(words.is_some_and(|words| words.contains("“may”") && words.contains("“will” once")));
    }
}
