//! The outline of a text: sections with nothing in them, tables without rows, a company without its name.
//!
//! In: texts with their trees. Out: findings at headings and blocks. Must not know: what words mean.

use super::texts::Text;
use crate::diagnostic::Diagnostic;
use crate::markdown::{Block, BlockKind, plain_text};
use std::sync::Arc;

/// Words from which on a center is more than a beginning.
const ENOUGH: usize = 100;

pub fn check(texts: &[Arc<Text>], findings: &mut Vec<Diagnostic>) {
    for text in texts {
        sections(text, findings);
        tables(text, &text.parsed.document.blocks, findings);
    }
    controller(texts, findings);
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
        // The title once more, as pasted policies have it: something else speaks of that.
        let repeated = index == 0 && text.title.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(title.trim()));
        if below && !repeated {
            findings.push(
                Diagnostic::new("empty-section", format!("nothing stands under the heading `{}`", short(&title)))
                    .at(&text.path, block.span.clone())
                    .help("write what the section promises, or remove its heading")
                    .help(match heading.explicit {
                        true => format!(
                            "if `{{#{}}}` was published before, links to it lead to the last version that had it",
                            heading.id
                        ),
                        false => "if it is the title of a group of sections, make those one level deeper".to_string(),
                    }),
            );
        }
    }
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
                let message = "a table has a head and no rows";
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

/// Whether any text names who answers for it.
fn controller(texts: &[Arc<Text>], findings: &mut Vec<Diagnostic>) {
    let Some(first) = texts.iter().find(|text| text.authoritative) else { return };
    let Some(organization) = first.facts.as_ref().map(|facts| &facts.organization) else { return };
    let Some(legal) = &organization.legal_name else { return };
    let names = |text: &Arc<Text>| {
        let words = text.parsed.resolved.to_lowercase();
        let tags = text.language.fallbacks();
        [Some(legal), organization.brand.as_ref()]
            .into_iter()
            .flatten()
            .any(|name| words.contains(&name.get(tags.iter().map(String::as_str)).to_lowercase()))
    };
    let all = || texts.iter().filter(|text| text.authoritative);
    // A beginning is no policy yet.
    let words: usize = all().map(|text| text.parsed.resolved.split_whitespace().take(ENOUGH).count()).sum();
    if words < ENOUGH || all().any(names) {
        return;
    }
    let name = legal.get(first.language.fallbacks().iter().map(String::as_str));
    findings.push(
        Diagnostic::new("controller-not-named", format!("no text says that it is the promise of `{name}`"))
            .at(&first.path, first.body..first.body)
            .help("say who “we” is: {{ organization.legal_name }}, {{ organization.address }}"),
    );
}

fn short(title: &str) -> String {
    if title.chars().count() <= 60 { title.to_string() } else { title.chars().take(59).chain(['…']).collect() }
}
