//! In: a language tag. Out: the language, its names, its direction, and where to look when it lacks a word.

use super::country::{self, country};
use super::date::Dates;
use super::labels::{self, Catalogue};
use super::rows;
use icu_locale_core::LanguageIdentifier;
use icu_plurals::{PluralCategory, PluralRules};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

/// A language that the Unicode CLDR knows well enough to write a date in. Cheap to clone; clones share what they have
/// worked out, so keep one instead of parsing its tag again.
#[derive(Clone)]
pub struct Language(Arc<Known>);

struct Known {
    tag: String,
    /// The tag and its parents.
    family: Vec<String>,
    /// The family, then English.
    fallbacks: Vec<String>,
    row: &'static Row,
    /// The region, when CLDR has the language but no row of this very tag.
    unlisted_region: Option<String>,
    catalogues: Vec<&'static Catalogue>,
    country_column: usize,
    dates: OnceLock<Dates>,
}

struct Row {
    direction: &'static str,
    parent: Option<&'static str>,
    autonym: &'static str,
}

static LANGUAGES: LazyLock<HashMap<&'static str, Row>> = LazyLock::new(|| {
    rows(include_str!("data/languages.tsv"))
        .map(|row| {
            let parent = Some(row[2]).filter(|parent| *parent != "-");
            (row[0], Row { direction: row[1], parent, autonym: row[3] })
        })
        .collect()
});

const NAMES: &str = include_str!("data/language-names.tsv");
static NAMED: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| rows(NAMES).map(|row| (row[0], row)).collect());

impl Language {
    /// `None` for what is no BCP 47 tag (`en_US`), no language (`xx`), or more than language, script, region and
    /// variant (`fa-u-nu-latn`): a tag is a folder of the site, too.
    pub fn parse(tag: &str) -> Option<Language> {
        let id: LanguageIdentifier = tag.parse().ok()?;
        let tag = id.to_string();
        let (row, unlisted_region) = match LANGUAGES.get(tag.as_str()) {
            Some(row) => (row, None),
            None => {
                let region = id.region?.to_string();
                let plain = LanguageIdentifier { region: None, ..id };
                let row = LANGUAGES.get(plain.to_string().as_str())?;
                (row, country::is_country(&region).then_some(region).map(Some)?)
            }
        };
        let mut family = vec![tag.clone()];
        let mut parent = match &unlisted_region {
            Some(region) => tag.strip_suffix(region.as_str()).and_then(|rest| rest.strip_suffix('-')),
            None => row.parent,
        };
        while let Some(next) = parent {
            family.push(next.to_string());
            parent = LANGUAGES.get(next).and_then(|row| row.parent);
        }
        let mut fallbacks = family.clone();
        if !family.iter().any(|tag| tag == "en") {
            fallbacks.push("en".to_string());
        }
        Some(Language(Arc::new(Known {
            catalogues: labels::catalogues(&fallbacks),
            country_column: country::column_of(&fallbacks),
            dates: OnceLock::new(),
            tag,
            family,
            fallbacks,
            row,
            unlisted_region,
        })))
    }

    pub fn english() -> Language {
        Language::parse("en").expect("a row of languages.tsv; tested")
    }

    /// In canonical form: `EN-us` is `en-US`.
    pub fn tag(&self) -> &str {
        &self.0.tag
    }

    /// The language's name for itself, as a menu shows it: `Español`.
    pub fn autonym(&self) -> String {
        match &self.0.unlisted_region {
            None => self.0.row.autonym.to_string(),
            Some(region) => {
                let own = self.family().iter().any(|tag| column(NAMES, tag).is_some());
                let place = if own { country(self, region) } else { None };
                self.in_parentheses(self.0.row.autonym, &place.unwrap_or_else(|| region.clone()))
            }
        }
    }

    /// The language's name in another one, as it stands in a sentence (`Spanish`, `espagnol`). The autonym where the
    /// other language has no catalogue.
    pub fn name_in(&self, other: &Language) -> String {
        let Some(column) = other.family().iter().find_map(|tag| column(NAMES, tag)) else { return self.autonym() };
        let name = |tag: &str| NAMED.get(tag).map(|row| row[column]).filter(|name| !name.is_empty());
        if let Some(name) = name(self.tag()) {
            return name.to_string();
        }
        let plain =
            self.tag().rsplit_once('-').and_then(|(plain, region)| Some((name(plain)?, country(other, region)?)));
        match plain {
            Some((name, region)) => other.in_parentheses(name, &region),
            None => self.autonym(),
        }
    }

    /// `ltr` or `rtl`.
    pub fn direction(&self) -> &'static str {
        self.0.row.direction
    }

    /// Where to look for a word, in order, this language first: `pt-BR`, `pt`, `en`. As in CLDR, `zh-Hant` has no `zh`
    /// behind it, and `es-MX` has `es-419`.
    pub fn fallbacks(&self) -> Vec<String> {
        self.0.fallbacks.clone()
    }

    pub(super) fn family(&self) -> &[String] {
        &self.0.family
    }

    pub(super) fn catalogues(&self) -> &[&'static Catalogue] {
        &self.0.catalogues
    }

    pub(super) fn country_column(&self) -> usize {
        self.0.country_column
    }

    pub(super) fn dates(&self) -> &Dates {
        self.0.dates.get_or_init(|| Dates::new(self))
    }

    fn in_parentheses(&self, name: &str, place: &str) -> String {
        match self.family().last().map(String::as_str) {
            Some("ja" | "zh" | "zh-Hant" | "yue") => format!("{name}（{place}）"),
            _ => format!("{name} ({place})"),
        }
    }
}

/// The column of a table whose comment lines name it.
pub(super) fn column(table: &str, name: &str) -> Option<usize> {
    let head = table.lines().take_while(|line| line.starts_with('#')).last()?;
    head.split('\t').skip(1).position(|column| column == name).map(|at| at + 1)
}

/// The plural category of a whole number: `zero`, `one`, `two`, `few`, `many` or `other`.
pub fn plural(language: &Language, n: u64) -> &'static str {
    category(language.tag(), n)
}

pub(super) fn category(tag: &str, n: u64) -> &'static str {
    let Ok(locale) = tag.parse::<icu_locale_core::Locale>() else { return "other" };
    match PluralRules::try_new(locale.into(), Default::default()).map(|rules| rules.category_for(n)) {
        Ok(PluralCategory::Zero) => "zero",
        Ok(PluralCategory::One) => "one",
        Ok(PluralCategory::Two) => "two",
        Ok(PluralCategory::Few) => "few",
        Ok(PluralCategory::Many) => "many",
        Ok(PluralCategory::Other) | Err(_) => "other",
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.tag() == other.tag()
    }
}

impl Eq for Language {}

impl PartialOrd for Language {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Language {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.tag().cmp(other.tag())
    }
}

impl std::hash::Hash for Language {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.tag().hash(state);
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.tag())
    }
}
