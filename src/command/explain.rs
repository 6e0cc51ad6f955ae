//! `fineprint explain`: a rule in a paragraph. In: a code. Out: text. Must not know: any site.

use super::Outcome;
use crate::command::console::println;
use crate::diagnostic::{RULES, did_you_mean, rule};
use crate::error::{Error, Result};

pub fn run(code: Option<&str>) -> Result<Outcome> {
    let Some(code) = code else {
        let width = RULES.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
        for rule in RULES {
            println!("{:<width$} {:<8} {}", rule.code, rule.severity.name(), rule.headline());
        }
        return Ok(Outcome::Done);
    };
    match rule(code) {
        Some(rule) => {
            println!("{} ({})\n\n{}", rule.code, rule.severity.name(), rule.explanation);
            Ok(Outcome::Done)
        }
        None => {
            let near = did_you_mean(code, RULES.iter().map(|rule| rule.code));
            let help = near
                .map_or("run `fineprint explain` for the list".to_string(), |near| format!("did you mean `{near}`?"));
            Err(Error::refused(format!("there is no rule `{code}`; {help}")))
        }
    }
}
