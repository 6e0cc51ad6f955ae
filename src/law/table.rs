//! The files of law: one for each jurisdiction or profile, embedded and read once.
//!
//! In: `data/*.toml`. Out: [`Jurisdiction`]. Must not know: how anything is looked for.

use super::item::Item;
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::LazyLock;

/// One file, in the order in which reports list them.
const FILES: &[(&str, &str)] = &[
    ("eu", include_str!("data/eu.toml")),
    ("es", include_str!("data/es.toml")),
    ("fr", include_str!("data/fr.toml")),
    ("de", include_str!("data/de.toml")),
    ("uk", include_str!("data/uk.toml")),
    ("ch", include_str!("data/ch.toml")),
    ("us", include_str!("data/us.toml")),
    ("us-ca", include_str!("data/us-ca.toml")),
    ("us-co", include_str!("data/us-co.toml")),
    ("us-ct", include_str!("data/us-ct.toml")),
    ("us-de", include_str!("data/us-de.toml")),
    ("us-mn", include_str!("data/us-mn.toml")),
    ("us-mt", include_str!("data/us-mt.toml")),
    ("us-ne", include_str!("data/us-ne.toml")),
    ("us-nh", include_str!("data/us-nh.toml")),
    ("us-nj", include_str!("data/us-nj.toml")),
    ("us-or", include_str!("data/us-or.toml")),
    ("us-ri", include_str!("data/us-ri.toml")),
    ("us-tx", include_str!("data/us-tx.toml")),
    ("us-va", include_str!("data/us-va.toml")),
    ("ca", include_str!("data/ca.toml")),
    ("ca-qc", include_str!("data/ca-qc.toml")),
    ("br", include_str!("data/br.toml")),
    ("p2b", include_str!("data/p2b.toml")),
    ("data-act", include_str!("data/data-act.toml")),
    ("dsa", include_str!("data/dsa.toml")),
    ("ai-act", include_str!("data/ai-act.toml")),
    ("coppa", include_str!("data/coppa.toml")),
    ("google-play", include_str!("data/google-play.toml")),
    ("app-store", include_str!("data/app-store.toml")),
];

static ALL: LazyLock<Vec<Jurisdiction>> = LazyLock::new(|| {
    // A test reads every file, so that no user ever meets a fault in one.
    let read = |(code, text): &(&str, &str)| {
        let file: Jurisdiction = toml::from_str(text).unwrap_or_else(|error| panic!("law/data/{code}.toml: {error}"));
        assert_eq!(file.code, *code, "law/data/{code}.toml has the code of its name");
        file
    };
    let mut files: Vec<Jurisdiction> = FILES.iter().map(read).collect();
    let models: Vec<Item> = files.iter().flat_map(|file| &file.items).cloned().collect();
    for item in files.iter_mut().flat_map(|file| &mut file.items) {
        let Some(id) = &item.like else { continue };
        let model = models.iter().find(|model| model.id == *id).unwrap_or_else(|| panic!("{}: no `{id}`", item.id));
        item.follow(model);
    }
    files
});

/// Every file, in the order of reports.
pub fn all() -> &'static [Jurisdiction] {
    &ALL
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    pub code: String,
    pub name: String,
    #[serde(default, rename = "profile")]
    pub is_profile: bool,
    /// The code whose law applies beside it: the European Union for Spain.
    pub under: Option<String>,
    /// Whom its law concerns, where that depends on numbers that no file tells.
    pub concerns: Option<String>,
    pub transfers: Option<Transfers>,
    #[serde(default, rename = "name_in_text")]
    pub names: Vec<LawName>,
    #[serde(default, rename = "source")]
    pub sources: Vec<LawSource>,
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
    #[serde(default, rename = "note")]
    pub notes: Vec<RuleNote>,
    #[serde(default)]
    pub outdated: Vec<Outdated>,
}

/// Something that was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawSource {
    pub id: String,
    pub title: String,
    pub address: String,
    pub mark: Mark,
    #[serde(deserialize_with = "super::item::date")]
    pub read: Date,
    /// Where the words were read, if not at the address itself.
    pub read_in: Option<String>,
}

/// How a source relates to the law that it is cited for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The words of the law or the guideline.
    Primary,
    /// What somebody else writes about them.
    Secondary,
}

impl Mark {
    pub fn name(self) -> &'static str {
        match self {
            Mark::Primary => "primary",
            Mark::Secondary => "secondary",
        }
    }
}

/// A sentence about a source, for rules that are no items.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleNote {
    pub says: String,
    pub cite: String,
    pub source: String,
    pub rules: Vec<String>,
}

/// A reference that was right once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outdated {
    pub name: String,
    /// Words of which one is in every match, so that few texts are searched with a pattern.
    pub hints: Vec<String>,
    pub find: String,
    /// Looked for in the sentence: then the text knows.
    pub unless: Option<String>,
    /// The day from which the reference is out of date.
    #[serde(deserialize_with = "super::item::date")]
    pub since: Date,
    /// What happened, and what is there instead.
    pub now: String,
    pub source: String,
}

/// Names by which a text speaks of a law.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawName {
    pub words: Vec<String>,
    /// Codes of which one is enough; none if no file knows the law.
    pub codes: Vec<String>,
}

/// Where data are at home under a law, and what it lets leave.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfers {
    /// Name of the home, for messages.
    pub home_name: String,
    pub home: Vec<String>,
    /// Countries that the law holds adequate, for some or all recipients.
    pub adequate: Vec<String>,
    /// Values of `transfer_mechanism` that belong to this law.
    pub tools: Vec<String>,
    pub source: String,
}
