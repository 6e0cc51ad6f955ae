//! Statements of several documents about one thing. A difference must be declared.
//!
//! In: what each draft says, kept with it. Out: findings at the text that differs. Must not know: patterns.

use super::CheckedDraft;
use crate::diagnostic::Diagnostic;
use crate::text::CheckedText;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days of notice: each document states one number, and two numbers are declared in the front matter of both.
pub fn check(drafts: &[Arc<CheckedDraft>], findings: &mut Vec<Diagnostic>) {
    let stating = drafts.iter().filter_map(|draft| {
        let text = draft.authoritative()?;
        Some((text, draft.said.notice.as_ref()?))
    });
    let stating: Vec<_> = stating.collect();
    let declared = |text: &CheckedText, days: u32| text.front.notice_days == Some(days);
    // What most of them say, the privacy policy's number where they are even, is what the others differ from.
    let mut weight: BTreeMap<u32, u32> = BTreeMap::new();
    for (text, (days, _)) in &stating {
        *weight.entry(*days).or_default() += if text.document.starts_with("privacy") { 3 } else { 2 };
    }
    let Some((first, (usual, place))) =
        stating.iter().max_by_key(|(_, (days, _))| (weight.get(days), std::cmp::Reverse(*days)))
    else {
        return;
    };
    for (text, (days, here)) in &stating {
        let on_purpose = declared(text, *days) && declared(first, *usual);
        if days == usual || on_purpose {
            continue;
        }
        let undeclared: Vec<String> = [(text, *days), (first, *usual)]
            .into_iter()
            .filter(|(text, days)| !declared(text, *days))
            .map(|(text, days)| format!("`notice_days = {days}` in {}", text.path))
            .collect();
        findings.push(
            Diagnostic::new(
                "notice-days-across-mismatch",
                format!("`{}` promises {days} days' notice, but `{}` promises {usual}", text.document, first.document),
            )
            .at(&text.path, here.clone())
            .also(&first.path, place.clone(), format!("{usual} here"))
            .help(format!("if the difference is intended, declare it: {}", undeclared.join(", ")))
            .help(format!("or promise {usual} days in both")),
        );
    }
}
