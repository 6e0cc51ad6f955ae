//! Links within a text that were made for the ids that other programs give to headings.
//!
//! In: a text and its tree. Out: the same text with those ids on its headings. Must not know: formats, files.

use super::model::Loss;
use crate::markdown::{self, Block, BlockKind, Document, Inline, InlineKind, for_each_run};
use std::collections::{BTreeSet, HashSet};

/// The attribute of a heading that keeps its former ids.
pub const ALIASES: &str = "aliases";

/// Gives headings the ids that links in the text mean. True if some were given.
pub fn resolve(text: &mut String, document: &Document, losses: &mut Vec<Loss>) -> bool {
    let known: HashSet<String> = markdown::ids(document).into_iter().collect();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for block in document.blocks.iter().chain(document.footnotes.iter().flat_map(|note| &note.blocks)) {
        for_each_run(block, &mut |runs, _| targets(runs, &mut wanted));
    }
    wanted.retain(|id| !known.contains(id));
    if wanted.is_empty() {
        return false;
    }
    let mut headings: Vec<(usize, Vec<String>)> = Vec::new();
    gather(&document.blocks, &mut headings);
    let mut given: Vec<(usize, Vec<String>)> = Vec::new();
    for style in 0..3 {
        let mut seen: HashSet<String> = HashSet::new();
        for (end, ids) in &headings {
            let base = ids[style].clone();
            let mut id = base.clone();
            let mut count = 0;
            while !seen.insert(id.clone()) {
                count += 1;
                id = format!("{base}-{count}");
            }
            if wanted.remove(&id) {
                match given.iter_mut().find(|(at, _)| at == end) {
                    Some((_, known)) => known.push(id),
                    None => given.push((*end, vec![id])),
                }
            }
        }
    }
    for id in wanted {
        losses.push(Loss::new(0, "a link leads to a place that the text does not have", &format!("#{id}")));
    }
    given.sort();
    let any = !given.is_empty();
    for (end, ids) in given.into_iter().rev() {
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let heading = text[line..end].trim_end().to_string();
        let written = match heading.rfind(" {#").filter(|_| heading.ends_with('}')) {
            Some(at) => {
                let inside = &heading[at + 2..heading.len() - 1];
                format!("{} {{{inside} {ALIASES}=\"{}\"}}", &heading[..at], ids.join(" "))
            }
            None if ids.len() == 1 => format!("{heading} {{#{}}}", ids[0]),
            None => format!("{heading} {{#{} {ALIASES}=\"{}\"}}", ids[0], ids[1..].join(" ")),
        };
        text.replace_range(line..end, &written);
    }
    any
}

fn targets(runs: &[Inline], wanted: &mut BTreeSet<String>) {
    for run in runs {
        match &run.kind {
            InlineKind::Link { url, children, .. } => {
                if let Some(id) = url.strip_prefix('#').filter(|id| is_anchor(id)) {
                    wanted.insert(id.to_string());
                }
                targets(children, wanted);
            }
            InlineKind::Emphasis(inner) | InlineKind::Strong(inner) | InlineKind::Strike(inner) => {
                targets(inner, wanted)
            }
            InlineKind::Element { children, .. } => targets(children, wanted),
            _ => {}
        }
    }
}

/// True if an id can be written behind a heading.
fn is_anchor(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The place where each heading's line ends, and its ids as three programs make them.
fn gather(blocks: &[Block], out: &mut Vec<(usize, Vec<String>)>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading(heading) => {
                let title = markdown::plain_text(&heading.content);
                out.push((block.span.end, vec![github(&title), pandoc(&title), docusaurus(&title)]));
            }
            BlockKind::Element { blocks, .. } => gather(blocks, out),
            _ => {}
        }
    }
}

/// GitHub: lower case, no punctuation, a hyphen for each blank.
fn github(title: &str) -> String {
    let kept = title.trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// pandoc: like GitHub's, one hyphen for blanks, nothing before the first letter.
fn pandoc(title: &str) -> String {
    let kept: String =
        title.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ')).collect();
    let joined = kept.split_whitespace().collect::<Vec<_>>().join("-");
    let start = joined.find(|c: char| c.is_alphabetic()).unwrap_or(joined.len());
    if start == joined.len() { "section".into() } else { joined[start..].to_string() }
}

/// Docusaurus: like GitHub's, without doubled hyphens at its ends.
fn docusaurus(title: &str) -> String {
    github(title).split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
