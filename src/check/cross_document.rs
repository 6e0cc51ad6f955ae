//! What documents say of one thing: where they differ, they say so on purpose.
//!
//! In: what each draft says, kept with it. Out: findings at the text that differs. Must not know: patterns.

use super::CheckedDraft;
use crate::diagnostic::Diagnostic;
use crate::notice::NoticePeriod;
use crate::text::CheckedText;
use std::sync::Arc;

/// The notice of changes: each document states one period, and two periods are declared in the front matter of both.
pub fn check(drafts: &[Arc<CheckedDraft>], findings: &mut Vec<Diagnostic>) {
    let stating = drafts.iter().filter_map(|draft| {
        let text = draft.authoritative()?;
        Some((text, draft.said.notice.as_ref()?))
    });
    let stating: Vec<_> = stating.collect();
    let declared =
        |text: &CheckedText, period: NoticePeriod| text.front.notice.is_some_and(|set| set.is_same_as(period));
    // What most of them say is what the others differ from; where they are even, what the privacy policy says.
    let weight = |period: NoticePeriod| -> u32 {
        let same = stating.iter().filter(|(_, (other, _))| other.is_same_as(period));
        same.map(|(text, _)| if text.document.starts_with("privacy") { 3 } else { 2 }).sum()
    };
    let heaviest = stating.iter().rev().max_by_key(|(_, (period, _))| weight(*period));
    let Some((first, (usual, place))) = heaviest else { return };
    for (text, (period, here)) in &stating {
        let on_purpose = declared(text, *period) && declared(first, *usual);
        if period.is_same_as(*usual) || on_purpose {
            continue;
        }
        let undeclared: Vec<String> = [(text, *period), (first, *usual)]
            .into_iter()
            .filter(|(text, period)| !declared(text, *period))
            .map(|(text, period)| format!("`notice = \"{period}\"` in {}", text.path))
            .collect();
        findings.push(
            Diagnostic::new(
                "notice-days-across-mismatch",
                format!("`{}` promises {period} of notice, and `{}` promises {usual}", text.document, first.document),
            )
            .at(&text.path, here.clone())
            .also(&first.path, place.clone(), format!("{usual} here"))
            .help(format!("if they are meant to differ, declare it: {}", undeclared.join(", ")))
            .help(format!("or promise {usual} in both")),
        );
    }
}
