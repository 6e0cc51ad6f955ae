//! Suppressions: findings that may stand for a while, for a reason that is written down.
//!
//! In: `[[check.suppression]]` of the settings, or what a comment in a text says. Out: [`SuppressionEntry`], and whether one speaks for a
//! finding. Must not know: today, what was found.

use super::reader::{Keys, Reader};
use crate::diagnostic::{Diagnostic, RULES, Rule, Suppression, did_you_mean, rule};
use std::ops::Range;
use std::sync::Arc;

/// A suppression as it is written.
#[derive(Clone, Debug)]
pub struct SuppressionEntry {
    pub rule: &'static Rule,
    pub target: Target,
    pub suppressed: Arc<Suppression>,
}

/// What a suppression speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A document or a file, and the id of a section or row in it.
    Named { what: String, part: Option<String> },
    /// Bytes of a file: the block behind a comment.
    Block { path: Arc<str>, span: Range<usize> },
}

/// A suppression whose target was found and whose day has not passed.
#[derive(Clone, Debug)]
pub struct ActiveSuppression {
    pub rule: &'static str,
    pub suppressed: Arc<Suppression>,
    pub places: Vec<Place>,
}

/// A file or a folder, which ends with `/`; of a file perhaps a part.
#[derive(Clone, Debug)]
pub struct Place {
    pub path: Arc<str>,
    pub range: Option<Range<usize>>,
}

impl ActiveSuppression {
    pub fn speaks_for(&self, finding: &Diagnostic) -> bool {
        let Some(label) = finding.primary.as_ref().filter(|_| finding.code == self.rule) else { return false };
        self.places.iter().any(|place| {
            let there =
                if place.path.ends_with('/') { label.path.starts_with(&*place.path) } else { label.path == place.path };
            let inside = |range: &Range<usize>| range.start <= label.span.start && label.span.start < range.end.max(1);
            there && place.range.as_ref().is_none_or(inside)
        })
    }
}

/// The rule that a suppression names, if it may be suppressed; else what is wrong and what to do.
pub fn suppressible(code: &str) -> Result<&'static Rule, (&'static str, String, String)> {
    let Some(rule) = rule(code) else {
        let help = match did_you_mean(code, RULES.iter().map(|rule| rule.code)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the code in brackets of the finding; `fineprint explain` lists all".to_string(),
        };
        return Err(("invalid-suppression", format!("there is no rule `{code}`"), help));
    };
    if rule.is_protected {
        let help = format!(
            "remove the suppression, and mend what `{code}` finds; `fineprint explain {code}` says why it matters"
        );
        return Err(("suppression-not-allowed", format!("`{code}` cannot be suppressed"), help));
    }
    Ok(rule)
}

/// `[[check.suppression]]`.
pub(super) fn read(reader: &mut Reader, mut keys: Keys<'_>) -> Option<SuppressionEntry> {
    let code = keys.string(reader, "rule");
    let target = keys.string(reader, "target");
    let reason = keys.string(reader, "reason");
    let until = keys.date(reader, "until");
    for key in ["rule", "target", "reason", "until"] {
        if !keys.has(key) {
            keys.missing(reader, key, "a suppression");
        }
    }
    let span = reader.at(keys.span());
    keys.finish(reader);
    let (code, target, reason, until) = (code?, target?, reason?, until?);
    let rule = match suppressible(code.get_ref()) {
        Ok(rule) => rule,
        Err((problem, message, help)) => {
            reader.problem(problem, code.span(), message, help);
            return None;
        }
    };
    if reason.get_ref().trim().is_empty() {
        reader.problem(
            "invalid-suppression",
            reason.span(),
            format!("the suppression of `{}` gives no reason", rule.code),
            "say in a sentence why the finding may stand: whoever reads the report wants to know",
        );
        return None;
    }
    let suppressed = Suppression {
        reason: reason.into_inner(),
        until: until.into_inner(),
        path: reader.path.clone(),
        span,
        in_source: false,
    };
    let target = target.into_inner();
    let (what, part) = match target.split_once('#') {
        Some((what, part)) => (what.to_string(), Some(part.to_string())),
        None => (target, None),
    };
    Some(SuppressionEntry { rule, target: Target::Named { what, part }, suppressed: Arc::new(suppressed) })
}
