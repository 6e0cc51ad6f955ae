//! The words that rules look for, by language, as patterns.
//!
//! In: the lists of [`crate::lexicon`]. Out: [`Lexicon`]. Must not know: texts, findings.
//!
//! A blank in a pattern stands for any white space, and patterns are matched on lower-case words. `hints` are pieces of
//! words without one of which a pattern cannot match; they are looked for all at once.

use crate::lexicon::LanguageFile;
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// A pattern that is compiled when it is first needed: most texts need few.
pub struct Pattern {
    source: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn new(source: String) -> Pattern {
        Pattern { source, compiled: OnceLock::new() }
    }

    pub fn get(&self) -> &Regex {
        self.compiled.get_or_init(|| exact(&self.source))
    }
}

/// Words whose mere presence is the finding.
pub struct Phrase {
    pub rule: String,
    pub find: Pattern,
    /// In the same sentence: the phrase means something else.
    pub unless: Option<Pattern>,
}

pub struct Lexicon {
    pub tag: &'static str,
    pub numbers: &'static BTreeMap<String, u32>,
    pub units: &'static BTreeMap<String, Vec<String>>,
    /// Words before a vendor's name that is an everyday word too.
    pub leads: &'static [String],
    /// January first, each with its names.
    pub months: Vec<Vec<String>>,
    patterns: ByWord<Pattern>,
    pub phrases: Vec<Phrase>,
    pub variants: Vec<Vec<Pattern>>,
    hints: AhoCorasick,
    /// The phrase that each hint belongs to.
    hinted: Vec<usize>,
}

static ALL: LazyLock<Vec<Lexicon>> = LazyLock::new(|| LanguageFile::all().iter().map(Lexicon::read).collect());

type ByWord<T> = FxHashMap<String, T>;

static STOP_WORDS: LazyLock<ByWord<u8>> = LazyLock::new(|| {
    let mut out = ByWord::default();
    for (index, file) in LanguageFile::all().iter().enumerate() {
        for word in &file.stop_words {
            *out.entry(word.clone()).or_insert(0) |= 1 << index;
        }
    }
    out
});

impl Lexicon {
    /// The words of a language, by its first subtag.
    pub fn of(tag: &str) -> Option<&'static Lexicon> {
        let plain = tag.split('-').next().unwrap_or(tag);
        ALL.iter().find(|lexicon| lexicon.tag == plain)
    }

    pub fn all() -> &'static [Lexicon] {
        &ALL
    }

    /// Which of [`Lexicon::all`] have this among their commonest words, a bit for each.
    pub fn stop_word(word: &str) -> u8 {
        STOP_WORDS.get(word).copied().unwrap_or(0)
    }

    fn read(file: &'static LanguageFile) -> Lexicon {
        let tag = file.tag;
        let mut hints: Vec<String> = Vec::new();
        let mut hinted = Vec::new();
        let mut phrases = Vec::new();
        for (index, phrase) in file.phrase.iter().enumerate() {
            hinted.extend(phrase.hints.iter().map(|_| index));
            hints.extend(phrase.hints.iter().cloned());
            phrases.push(Phrase {
                find: one_of(&phrase.find),
                unless: (!phrase.unless.is_empty()).then(|| one_of(&phrase.unless)),
                rule: phrase.rule.clone(),
            });
        }
        let hints = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&hints);
        let units_pattern: Vec<String> = file.units.values().flatten().cloned().collect();
        // The longest first: “twenty-one” is not “twenty”.
        let mut numbers_pattern: Vec<String> = file.numbers.keys().cloned().collect();
        numbers_pattern.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let fill = |pattern: &str| {
            pattern
                .replace("{number}", &format!(r"(?:\d{{1,3}}|{})", numbers_pattern.join("|")))
                .replace("{unit}", &format!("(?:{})", units_pattern.join("|")))
        };
        Lexicon {
            tag,
            variants: file.variants.iter().map(|names| names.iter().map(|name| words_of(name)).collect()).collect(),
            numbers: &file.numbers,
            units: &file.units,
            leads: &file.vendor_leads,
            months: file.months.iter().map(|names| names.split('|').map(String::from).collect()).collect(),
            patterns: file.patterns.iter().map(|(name, pattern)| (name.clone(), words_of(&fill(pattern)))).collect(),
            phrases,
            hints: hints.unwrap_or_else(|error| panic!("hints of data/{tag}.toml: {error}")),
            hinted,
        }
    }

    /// A pattern of the language by name. Every language has every name; a test sees to it.
    pub fn pattern(&self, name: &str) -> &Regex {
        self.patterns.get(name).unwrap_or_else(|| panic!("data/{}.toml has no pattern `{name}`", self.tag)).get()
    }

    /// The phrases that may stand in these lower-case words.
    pub fn hinted(&self, lower: &str) -> Vec<&Phrase> {
        let mut found = vec![false; self.phrases.len()];
        for hit in self.hints.find_overlapping_iter(lower) {
            found[self.hinted[hit.pattern().as_usize()]] = true;
        }
        self.phrases.iter().zip(found).filter(|(_, found)| *found).map(|(phrase, _)| phrase).collect()
    }

    /// A whole number in digits or words.
    pub fn number(&self, word: &str) -> Option<u32> {
        let word = word.trim();
        let spaced = || word.split_whitespace().collect::<Vec<_>>().join(" ");
        word.parse().ok().or_else(|| self.numbers.get(&spaced()).copied())
    }
}

fn one_of(patterns: &[String]) -> Pattern {
    words_of(&patterns.iter().map(|pattern| format!("(?:{pattern})")).collect::<Vec<_>>().join("|"))
}

/// A blank is any white space, one or more; ` ?` is any or none.
pub fn compile(pattern: &str) -> Regex {
    exact(&spaced(pattern))
}

fn spaced(pattern: &str) -> String {
    let spaced = pattern.replace(" ?", r"[ \n]*").replace(' ', r"[ \n]+");
    spaced.replace(r"[[ \n]+", r"[ \n")
}

/// Where no word of the pattern begins or ends with another letter, its edges are those of ASCII, which are told faster.
fn words_of(pattern: &str) -> Pattern {
    let mut edge = false;
    let mut before = ' ';
    for c in pattern.replace(r"\b", "\u{1}").chars() {
        edge |= !c.is_ascii() && matches!(before, '|' | '(' | ':' | '\u{1}' | ' ');
        edge |= !before.is_ascii() && matches!(c, '|' | ')' | '\u{1}');
        before = c;
    }
    let spaced = spaced(pattern);
    Pattern::new(if edge { spaced } else { spaced.replace(r"\b", r"(?-u:\b)") })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotesFile {
    hints: Vec<String>,
    cues: Vec<String>,
    weak: Vec<String>,
    signs: Vec<String>,
    markers: String,
    weak_markers: String,
    marker_things: String,
    marker_before: String,
    marker_after: String,
    fillers: String,
    open_ends: String,
    placeholder: PlaceholderFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceholderFile {
    capitals: String,
    words: String,
    template: String,
    blank: String,
    names: String,
    hosts: String,
    reserved: String,
    meant: String,
    form_words: String,
    interface: String,
    form_titles: String,
    variables: String,
}

/// Notes that authors leave behind, in any language.
pub struct Notes {
    pub cues: Vec<Pattern>,
    /// Cues that count beside another one only.
    pub weak: Vec<Pattern>,
    hints: AhoCorasick,
    pub signs: Vec<String>,
    pub markers: Regex,
    /// Markers that a text may also mean.
    pub weak_markers: Regex,
    pub marker_things: Regex,
    pub marker_before: Regex,
    pub marker_after: Regex,
    pub fillers: Regex,
    pub open_ends: Regex,
    pub capitals: Regex,
    pub bracket_words: Regex,
    pub template: Regex,
    pub blank: Regex,
    pub names: Regex,
    pub hosts: Regex,
    pub reserved: Regex,
    pub meant: Regex,
    pub form_words: Regex,
    pub interface: Regex,
    pub form_titles: Regex,
    pub variables: Regex,
}

impl Notes {
    /// A quick no for most stretches: one pass for all cues.
    pub fn may_be_note(&self, lower: &str) -> bool {
        self.hints.is_match(lower)
    }
}

static NOTES: LazyLock<Notes> = LazyLock::new(|| {
    let file: NotesFile =
        toml::from_str(include_str!("data/notes.toml")).unwrap_or_else(|error| panic!("data/notes.toml: {error}"));
    let mark = &file.placeholder;
    Notes {
        hints: AhoCorasick::new(&file.hints).unwrap_or_else(|error| panic!("hints of data/notes.toml: {error}")),
        cues: file.cues.iter().map(|cue| line_pattern(cue)).collect(),
        weak: file.weak.iter().map(|cue| line_pattern(cue)).collect(),
        signs: file.signs,
        markers: compile(&file.markers),
        weak_markers: compile(&file.weak_markers),
        marker_things: exact(&file.marker_things),
        marker_before: exact(&file.marker_before),
        marker_after: exact(&file.marker_after),
        fillers: compile(&file.fillers),
        open_ends: compile(&file.open_ends),
        capitals: exact(&mark.capitals),
        bracket_words: exact(&mark.words),
        template: exact(&mark.template),
        blank: exact(&mark.blank),
        names: exact(&mark.names),
        hosts: exact(&mark.hosts),
        reserved: exact(&mark.reserved),
        meant: exact(&mark.meant),
        form_words: exact(&mark.form_words),
        interface: exact(&mark.interface),
        form_titles: exact(&mark.form_titles),
        variables: exact(&mark.variables),
    }
});

pub fn notes() -> &'static Notes {
    &NOTES
}

/// `^` is the beginning of any line.
fn line_pattern(pattern: &str) -> Pattern {
    Pattern::new(format!("(?m){}", words_of(pattern).source))
}

/// Blanks as they are.
fn exact(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("`{pattern}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_pattern_and_every_rule() {
        let english = &ALL[0];
        for lexicon in ALL.iter() {
            let names = |lexicon: &Lexicon| lexicon.patterns.keys().cloned().collect::<std::collections::BTreeSet<_>>();
            assert_eq!(names(lexicon), names(english));
            assert_eq!(lexicon.months.len(), 12, "{}", lexicon.tag);
            assert_eq!(lexicon.units.keys().collect::<Vec<_>>(), ["day", "hour", "month", "week", "year"]);
            for pattern in lexicon.patterns.values().chain(lexicon.variants.iter().flatten()) {
                pattern.get();
            }
            for phrase in &lexicon.phrases {
                phrase.find.get();
                phrase.unless.as_ref().map(Pattern::get);
                assert!(crate::diagnostic::rule(&phrase.rule).is_some(), "{}: {}", lexicon.tag, phrase.rule);
            }
            for phrase in &english.phrases {
                let there = lexicon.phrases.iter().any(|other| other.rule == phrase.rule);
                assert!(there || phrase.rule == "inconsistent-terminology", "{} lacks {}", lexicon.tag, phrase.rule);
            }
        }
    }
}
