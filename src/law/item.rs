//! What is asked: the kinds of items, the conditions under which they are asked, and the questions that answer them.
//!
//! In: tables of the files of law. Out: typed items. Must not know: any center, any text.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Something that a law, or guidelines about one, ask of a company.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    pub kind: ItemKind,
    pub title: String,
    pub cite: String,
    /// Id of the source; empty for an item of a site's own.
    pub source: String,
    /// Id of an item whose conditions and answer this one shares, wherever it has none of its own.
    pub like: Option<String>,
    /// Further codes under which it is asked.
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// All of these have to hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// All of these have to be there. They are asked before sentences.
    #[serde(default)]
    pub facts: Vec<Question>,
    /// A question of yes or no that the text has to answer as the company does.
    pub states: Option<Practice>,
    /// By language: alternatives, each a sentence. Groups are separated by ` + `, the first is the act; words of a group by
    /// `|`; a group that begins with `!` must not be there; `#duration` is a length of time, and `@` an address.
    #[serde(default)]
    pub says: BTreeMap<String, Vec<String>>,
    /// True if a sentence that denies the act answers, too: the law lets there be none.
    #[serde(default)]
    pub or_none: bool,
    /// The longest time that a sentence may name.
    pub within: Option<String>,
    /// Ids of sections that are likely to answer. They are a hint, never an answer.
    #[serde(default)]
    pub sections: Vec<String>,
    /// By language: words that point to an answer. They are a hint, never an answer.
    #[serde(default)]
    pub hints: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub place: LookIn,
    /// Rules whose findings contradict an answer.
    #[serde(default)]
    pub against: Vec<String>,
    /// Rules that rest on this item.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What a program cannot see about it.
    pub unseen: Option<String>,
}

impl Item {
    /// Takes over conditions and answer of another item, where this one has none.
    pub(super) fn follow(&mut self, other: &Item) {
        fn take<T: Clone>(own: &mut Vec<T>, other: &[T]) {
            if own.is_empty() {
                own.extend_from_slice(other);
            }
        }
        let asks = !self.facts.is_empty() || !self.says.is_empty();
        take(&mut self.when, &other.when);
        take(&mut self.sections, &other.sections);
        take(&mut self.against, &other.against);
        if !asks {
            take(&mut self.facts, &other.facts);
            self.says.clone_from(&other.says);
            self.hints.clone_from(&other.hints);
            self.states = self.states.or(other.states);
            self.or_none |= other.or_none;
            self.within = self.within.take().or_else(|| other.within.clone());
        }
    }
}

/// Only what a text must say can be missing from it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// The law lists it among what a notice or a site states.
    MustSay,
    /// Guidelines or authorities advise it.
    Advice,
    /// A duty outside the text, which shows here.
    Duty,
}

impl ItemKind {
    pub fn name(self) -> &'static str {
        match self {
            ItemKind::MustSay => "must say",
            ItemKind::Advice => "advice",
            ItemKind::Duty => "duty outside the text",
        }
    }
}

/// The documents in which an answer is looked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LookIn {
    /// Everything but terms, unless there is nothing else.
    #[default]
    Notice,
    /// Terms, agreements and everything else.
    Anywhere,
}

/// A question of yes or no that only the company can answer.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Practice {
    SellsOrShares,
    ChildDirected,
    AutomatedDecisions,
    TrainsAiModels,
    SellsSensitiveData,
    SellsBiometricData,
    TargetedAdvertising,
    DirectMarketing,
    IndirectSources,
    JointControllers,
    DeviceStorage,
    SmallProcessingAgent,
}

impl Practice {
    /// Questions whose answers are facts of the organization, in the order in which they are told.
    pub const FACTS: &[Practice] =
        &[Practice::SellsOrShares, Practice::ChildDirected, Practice::AutomatedDecisions, Practice::TrainsAiModels];

    /// Every question; those that are no facts are answered under `[check]` of the settings.
    pub const ALL: &[Practice] = &[
        Practice::SellsOrShares,
        Practice::ChildDirected,
        Practice::AutomatedDecisions,
        Practice::TrainsAiModels,
        Practice::SellsSensitiveData,
        Practice::SellsBiometricData,
        Practice::TargetedAdvertising,
        Practice::DirectMarketing,
        Practice::IndirectSources,
        Practice::JointControllers,
        Practice::DeviceStorage,
        Practice::SmallProcessingAgent,
    ];

    /// The line that answers the question, for messages.
    pub fn how_to_answer(self) -> String {
        let place = if Practice::FACTS.contains(&self) {
            "[practices] in content/organization.toml"
        } else {
            "[check] in fineprint.toml"
        };
        format!("set `{} = true` or `false` under {place}", self.key())
    }

    /// The key under `[practices]` or `[check]`.
    pub fn key(self) -> &'static str {
        match self {
            Practice::SellsOrShares => "sells_or_shares",
            Practice::ChildDirected => "child_directed",
            Practice::AutomatedDecisions => "automated_decisions",
            Practice::TrainsAiModels => "trains_ai_models",
            Practice::SellsSensitiveData => "sells_sensitive_data",
            Practice::SellsBiometricData => "sells_biometric_data",
            Practice::TargetedAdvertising => "targeted_advertising",
            Practice::DirectMarketing => "direct_marketing",
            Practice::IndirectSources => "indirect_sources",
            Practice::JointControllers => "joint_controllers",
            Practice::DeviceStorage => "device_storage",
            Practice::SmallProcessingAgent => "small_processing_agent",
        }
    }
}

/// Whom an item concerns. A condition that nobody answered makes the item a question, never a guess.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The company answered yes.
    Practice(Practice),
    /// The company answered no.
    NotPractice(Practice),
    /// One of these was answered yes, or none was answered no.
    AnyPractice(Vec<Practice>),
    /// A row of `purposes` has this legal basis.
    Basis(String),
    /// A row of `cookies` is of one of these categories.
    Cookies(Vec<String>),
    /// A row of `processors` is outside the home of the declared law.
    Transfers,
    /// Such a row is where the law holds nothing adequate, or rests on one of these tools.
    TransfersBy(Vec<String>),
    /// The organization is outside.
    Outside(Zone),
    /// A data protection officer is named.
    Officer,
    /// A row of `processors` is a sub-processor.
    SubProcessors,
    /// A text has a summary.
    Summaries,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    Eea,
    UnitedKingdom,
}

/// A fact that answers, and that some text has to state.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    LegalName,
    Address,
    TaxId,
    Registration,
    /// An address under `[contacts]`: of this role.
    Contact(String),
    /// Any address for e-mail.
    Email,
    Officer,
    Representative,
    Authority,
    /// The authority of a country.
    AuthorityOf(String),
    /// A field of every row of a register that some text places: `purposes.basis`.
    Every(String),
    /// Every purpose with a legitimate interest says which.
    Interests,
    /// Every transfer has a mechanism of the declared law.
    TransferMechanisms,
    /// No transfer rests on consent alone.
    TransfersNotByConsent,
    /// No transfer rests on the EU-US Data Privacy Framework alone.
    FrameworkFallback,
    /// No cookie that counts visits lives for more than so many months.
    StatisticsLifetimes(u32),
    /// Every deadline of the register `rights` is at most this long.
    Deadlines(String),
    /// Rights that one text names, by the names of the lexicon.
    Rights(Vec<String>),
    /// A text in this language.
    Language(String),
    /// An active channel among the channels of notice.
    ActiveChannel,
    /// Terms that promise so many days.
    NoticeDays(u32),
    PrivacyTitle,
    /// The built-in theme shows it on every page.
    Theme,
    Permalinks,
    OnePage,
    /// Numbers in summaries are those of the text.
    LayersCompared,
    UpdatedWithinMonths(u32),
    SubProcessorPage,
    /// Retention that ends.
    RetentionEnds,
}

pub fn date<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    let date = written.date.ok_or_else(|| serde::de::Error::custom("no date"))?;
    Date::new(date.year as i16, date.month as i8, date.day as i8).map_err(serde::de::Error::custom)
}

fn optional_date<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    date(deserializer).map(Some)
}
