//! The words of a document, block by block: what the laws of redlines are told in.
//!
//! In: a document. Out: a text for each block that has words, in reading order. Walks the tree by itself, so that it
//! can bear witness about redlines. Must not know: how redlines are made.

use crate::markdown::{Block, BlockKind, Document, Inline, plain_text};

/// One text for each heading, paragraph, table row (cells apart by tabs), piece of code.
pub fn plain(document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    blocks(&document.blocks, &mut out);
    for note in &document.footnotes {
        blocks(&note.blocks, &mut out);
    }
    out.retain(|text| !text.is_empty());
    out
}

fn blocks(list: &[Block], out: &mut Vec<String>) {
    for block in list {
        match &block.kind {
            BlockKind::Heading(heading) => {
                let title = plain_text(&heading.content);
                out.push(tidy(&match &heading.number {
                    Some(number) => format!("{number}. {title}"),
                    None => title,
                }));
            }
            BlockKind::Paragraph(content) => out.push(tidy(&plain_text(content))),
            BlockKind::List(list) => list.items.iter().for_each(|item| blocks(&item.blocks, out)),
            BlockKind::Table(table) => {
                out.push(row(&table.head));
                out.extend(table.rows.iter().map(|cells| row(&cells.cells)));
            }
            BlockKind::Quote(inner) | BlockKind::Summary(inner) | BlockKind::Element { blocks: inner, .. } => {
                blocks(inner, out)
            }
            BlockKind::Alert { title, blocks: inner, .. } => {
                out.extend(title.as_deref().map(tidy));
                blocks(inner, out);
            }
            BlockKind::Code { text, .. } => out.push(tidy(text)),
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    out.push(tidy(&plain_text(&definition.term)));
                    definition.details.iter().for_each(|details| blocks(details, out));
                }
            }
            BlockKind::Html { html, .. } => out.push(tidy(&between_tags(html))),
            BlockKind::Rule => {}
        }
    }
}

fn row(cells: &[Vec<Inline>]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| tidy(&plain_text(cell))).collect();
    let row = cells.join("\t");
    if row.trim().is_empty() { String::new() } else { row }
}

/// Blanks as one space, none at the edges; marks without words left out.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace()).filter(|word| !word.is_empty()) {
        let word = word.replace(super::flat::ATOM, "");
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

fn between_tags(html: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let end = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.find("-->").map_or(html.len(), |end| at + end + 7)
        } else if rest.starts_with('<') {
            super::flat::tag_end(html, at)
        } else {
            let end = rest.find('<').map_or(html.len(), |end| at + end);
            text.push_str(&rest[..end - at]);
            text.push(' ');
            end
        };
        at = end;
    }
    for (reference, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&#39;", "'"), ("&amp;", "&")]
    {
        text = text.replace(reference, letter);
    }
    text
}
