//! `fineprint explain`: a rule in a paragraph, and the law that it rests on. In: a code. Out: text. Must not know: any site.

use super::Outcome;
use crate::command::console::println;
use crate::diagnostic::{RULES, did_you_mean, rule};
use crate::error::{Error, Result};
use crate::law;

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
            let citations = law::citations(rule.code);
            if !citations.is_empty() {
                println!("\nSources, each with the day on which it was read:");
            }
            for citation in citations {
                let (source, mark) = (citation.source, citation.source.mark.name());
                println!("  {}: {}", citation.cite, citation.says);
                println!("      {mark} source, read on {}: {}", source.read, source.address);
            }
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
