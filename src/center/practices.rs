//! What the company does with data as a whole, answered by the company and by nobody else.
//!
//! In: a table of TOML, `[practices]` of the organisation or `[check]` of the settings. Out: [`Practices`]. Must not know: any
//! rule, any law.
//!
//! As facts of the organisation they are frozen with every version, so that a later version that says otherwise is a signal;
//! in the settings they are answers to the coverage report alone.

use super::reader::{Keys, Reader};

/// `None` when nobody answered: nothing is a default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Practices {
    /// Whether personal data are sold, or shared for advertising across contexts (Cal. Civ. Code 1798.140).
    pub sells_or_shares: Option<bool>,
    /// Whether the service is directed to children.
    pub child_directed: Option<bool>,
    /// Whether decisions with legal or similar effect are taken by machines alone (GDPR Art. 22).
    pub automated_decisions: Option<bool>,
    /// Whether personal data train large language models.
    pub trains_ai_models: Option<bool>,
    /// The age in years from which people may use the service by themselves.
    pub minimum_age: Option<u32>,
}

/// Answers of yes and no, in the order in which they are told.
pub const ANSWERS: &[&str] = &["sells_or_shares", "child_directed", "automated_decisions", "trains_ai_models"];

impl Practices {
    /// The answers of yes and no; the age stays for whoever reads the organisation.
    pub fn read_answers(reader: &mut Reader, keys: &mut Keys<'_>) -> Practices {
        Practices {
            sells_or_shares: keys.boolean(reader, "sells_or_shares"),
            child_directed: keys.boolean(reader, "child_directed"),
            automated_decisions: keys.boolean(reader, "automated_decisions"),
            trains_ai_models: keys.boolean(reader, "trains_ai_models"),
            minimum_age: None,
        }
    }

    /// `[practices]` of `organization.toml`.
    pub fn read(reader: &mut Reader, mut keys: Keys<'_>) -> Practices {
        let mut practices = Practices::read_answers(reader, &mut keys);
        practices.minimum_age = keys.integer(reader, "minimum_age", 1..100).map(|age| age as u32);
        keys.finish(reader);
        practices
    }

    pub fn answer(&self, name: &str) -> Option<bool> {
        match name {
            "sells_or_shares" => self.sells_or_shares,
            "child_directed" => self.child_directed,
            "automated_decisions" => self.automated_decisions,
            "trains_ai_models" => self.trains_ai_models,
            _ => None,
        }
    }
}

impl super::Center {
    /// What was answered: by the organisation's facts, else in the settings.
    pub fn practice(&self, name: &str) -> Option<bool> {
        self.organization.practices.answer(name).or_else(|| self.settings.practices.answer(name))
    }
}
