//! The outline of a text: sections with nothing in them, tables without rows, conflicts that git left, a company without
//! its name.
//!
//! In: texts with their trees. Out: findings at headings and blocks. Must not know: what words mean.

use super::CheckedDraft;
use crate::center::Center;
use crate::clauses::label;
use crate::diagnostic::{Diagnostic, Severity};
use crate::markdown::{Block, BlockKind, plain_text};
use crate::text::Text;
use std::sync::Arc;

/// Words from which on a center is more than a beginning.
const ENOUGH: usize = 100;

pub fn check(text: &Text, findings: &mut Vec<Diagnostic>) {
    conflicts(text, findings);
    sections(text, findings);
    tables(text, &text.parsed.document.blocks, findings);
}

/// Finds the conflict markers that Git leaves in a file after a failed merge.
fn conflicts(text: &Text, findings: &mut Vec<Diagnostic>) {
    let mut start = 0;
    for line in text.source.split_inclusive('\n') {
        let at = start..start + line.trim_end().len();
        start += line.len();
        let is_mark = |mark: &str| line.strip_prefix(mark).is_some_and(|rest| rest.starts_with([' ', '\n', '\r']));
        if is_mark("<<<<<<<") || is_mark(">>>>>>>") {
            findings.push(
                Diagnostic::new("merge-conflict", "a Git merge conflict is unresolved")
                    .at(&text.path, at)
                    .help("keep one side of `=======` and remove the three marker lines"),
            );
        }
    }
}

fn sections(text: &Text, findings: &mut Vec<Diagnostic>) {
    let blocks = &text.parsed.document.blocks;
    for (index, block) in blocks.iter().enumerate() {
        let BlockKind::Heading(heading) = &block.kind else { continue };
        let below = match blocks.get(index + 1).map(|next| (&next.kind, next)) {
            Some((BlockKind::Heading(next), place)) => {
                level(text, place, next.level) <= level(text, block, heading.level)
            }
            Some(_) => false,
            None => true,
        };
        let title = plain_text(&heading.content);
        let title = title.trim();
        // The title once more, as pasted policies have it: something else speaks of that.
        let repeated = text.title.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(title));
        let next = match blocks.get(index + 1).map(|next| &next.kind) {
            Some(BlockKind::Heading(next)) => plain_text(&next.content),
            _ => String::new(),
        };
        if repeated || says_it_all(title) || is_title_of(title, next.trim()) {
            continue;
        }
        if below {
            // A heading of the first level may be the title of all that follows at the same level.
            let certain = level(text, block, heading.level) > 1;
            let mut finding = Diagnostic::new("empty-section", format!("section `{}` is empty", short(title)));
            if !certain {
                finding.severity = Severity::Warning;
            }
            findings.push(
                finding
                    .at(&text.path, block.span.clone())
                    .help("write what the section promises, or remove its heading")
                    .help(match heading.explicit {
                        true => format!(
                            "if `{{#{}}}` was published before, links to it go to the last version that had it",
                            heading.id
                        ),
                        false => "if it is the title of several sections, move them one level down".to_string(),
                    }),
            );
        }
    }
}

/// True if a heading is itself what its section says: that it is left out on purpose, an address, a whole sentence.
fn says_it_all(title: &str) -> bool {
    const LEFT_OUT: &[&str] = &[
        "reserved",
        "omitted",
        "left blank",
        "not applicable",
        "deleted",
        "repealed",
        "n/a",
        "reservado",
        "suprimid",
        "derogad",
        "réservé",
        "supprimé",
        "abrogé",
        "weggefallen",
        "entfällt",
        "aufgehoben",
        "nicht belegt",
    ];
    let lower = title.to_lowercase();
    let sentence = title.ends_with(['.', '!', ';']) && title.split_whitespace().count() > 3;
    sentence || title.contains('@') || lower.contains("://") || LEFT_OUT.iter().any(|words| lower.contains(words))
}

/// True if a heading is the title of those after it, at their level: "Schedule 1" above "Details of the processing", "Part
/// One" above "1. Scope".
fn is_title_of(title: &str, next: &str) -> bool {
    if next.is_empty() {
        return false;
    }
    let begins = label::leading(next).is_some_and(|label| matches!(label.number, "1" | "1.1" | "I" | "A" | "a" | "i"));
    let numbered = label::leading(title).is_some_and(|label| label.word.is_empty());
    let capitals = title.chars().any(char::is_alphabetic) && !title.chars().any(char::is_lowercase);
    label::is_alone(title)
        || label::part(title).is_some()
        || begins && !numbered
        || capitals && next.chars().any(char::is_lowercase)
}

/// The level as it is typed: `#` and `##` are one level to readers of the page, but not to the author.
fn level(text: &Text, block: &Block, level: u8) -> u8 {
    let source = text.source.get(block.span.clone()).unwrap_or("");
    let line = source.trim_start();
    let setext = line.lines().nth(1).is_some_and(|under| under.trim_start().starts_with('='));
    if (line.starts_with('#') && !line.starts_with("##")) || setext { 1 } else { level }
}

fn tables(text: &Text, blocks: &[Block], findings: &mut Vec<Diagnostic>) {
    for block in blocks {
        match &block.kind {
            // A register without rows shows what stands between its lines instead.
            BlockKind::Table(table) if table.rows.is_empty() && table.register.is_none() => {
                let message = "a table has a header row but no other rows";
                let help = "add its rows, or say in a sentence that there are none";
                findings.push(Diagnostic::new("empty-table", message).at(&text.path, block.span.clone()).help(help));
            }
            BlockKind::Quote(inner)
            | BlockKind::Summary(inner)
            | BlockKind::Alert { blocks: inner, .. }
            | BlockKind::Element { blocks: inner, .. } => tables(text, inner, findings),
            BlockKind::List(list) => list.items.iter().for_each(|item| tables(text, &item.blocks, findings)),
            _ => {}
        }
    }
}

/// True if a text names who answers for it, and how much it says.
#[derive(Default)]
pub struct Controller {
    named: bool,
    /// At most [`ENOUGH`].
    words: usize,
}

impl Controller {
    pub fn of(text: &Text) -> Controller {
        let resolved = &text.parsed.resolved;
        let organization = text.facts.as_ref().map(|facts| &facts.organization);
        let tags = text.language.fallbacks();
        let names: Vec<String> = organization
            .into_iter()
            .flat_map(|organization| [&organization.legal_name, &organization.brand])
            .flatten()
            .map(|name| name.get(tags.iter().map(String::as_str)).to_lowercase())
            .collect();
        let lower = if names.is_empty() { String::new() } else { resolved.to_lowercase() };
        Controller {
            named: names.iter().any(|name| lower.contains(name.as_str())),
            words: resolved.split_whitespace().take(ENOUGH).count(),
        }
    }
}

/// True if any draft names who answers for it.
pub fn controller(center: &Center, drafts: &[Arc<CheckedDraft>], findings: &mut Vec<Diagnostic>) {
    let Some(legal) = &center.organization.legal_name else { return };
    let Some(first) = drafts.iter().find_map(|draft| draft.authoritative()) else { return };
    // A beginning is no policy yet.
    let words: usize = drafts.iter().map(|draft| draft.controller.words).sum();
    if words < ENOUGH || drafts.iter().any(|draft| draft.controller.named) {
        return;
    }
    let name = legal.get(first.language.fallbacks().iter().map(String::as_str));
    findings.push(
        Diagnostic::new("controller-not-named", format!("no text names `{name}` as the controller"))
            .at(&first.path, first.body..first.body)
            .help("state who “we” is: {{ organization.legal_name }}, {{ organization.address }}"),
    );
}

fn short(title: &str) -> String {
    if title.chars().count() <= 60 { title.to_string() } else { title.chars().take(59).chain(['…']).collect() }
}
