//! The company's practices as a whole. Only the company can answer these questions.
//!
//! In: a table of TOML, `[practices]` of the organization or `[check]` of the settings. Out: [`Practices`]. Must not know: any
//! rule; the questions are those of the files of law.
//!
//! As facts of the organization, answers are frozen with every version, so that a later version that says otherwise is a
//! signal. In the settings they are answers to the coverage report alone.

use super::reader::{Keys, Reader};
use crate::law::Practice;
use std::collections::BTreeMap;

/// Nothing is a default: a question that nobody answered is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Practices {
    answers: BTreeMap<Practice, bool>,
    /// The age in years from which people may use the service without a parent.
    pub minimum_age: Option<u32>,
}

impl Practices {
    /// The answers of yes and no to these questions.
    pub fn read_answers(reader: &mut Reader, keys: &mut Keys<'_>, questions: &[Practice]) -> Practices {
        let answers = questions.iter().filter_map(|question| Some((*question, keys.boolean(reader, question.key())?)));
        Practices { answers: answers.collect(), minimum_age: None }
    }

    /// `[practices]` of `organization.toml`.
    pub fn read(reader: &mut Reader, mut keys: Keys<'_>) -> Practices {
        let mut practices = Practices::read_answers(reader, &mut keys, Practice::FACTS);
        practices.minimum_age = keys.integer(reader, "minimum_age", 1..100).map(|age| age as u32);
        keys.finish(reader);
        practices
    }

    pub fn answer(&self, question: Practice) -> Option<bool> {
        self.answers.get(&question).copied()
    }
}

impl super::Center {
    /// Returns the answer from the organization's facts, or else from the settings.
    pub fn practice(&self, question: Practice) -> Option<bool> {
        self.organization.practices.answer(question).or_else(|| self.settings.practices.answer(question))
    }
}
