//! Marks of other Markdown dialects → what means the same here.
//!
//! In: the lines of a text, with code told apart. Out: the same lines rewritten; what has no counterpart is named.
//! Must not know: front matter, titles, files.

use super::convert::{TypedLine, TypedLines};
use super::model::Loss;
use regex::Regex;
use std::sync::LazyLock;

static ADMONITION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^(?:!!!|\?\?\?\+?)\s+([A-Za-z]+)(?:\s+"([^"]*)")?\s*$"#).expect("a constant"));
static TAB: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"^===\+?!?\s+"([^"]+)"\s*$"#).expect("a constant"));
static CONTAINER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(:{3,})\s*\{?\.?([A-Za-z]+)\}?\s*(?:\[([^\]]*)\]|(.*))$").expect("a constant"));
static HINT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^\s*\{%\s*hint\s+style="([a-z]+)"\s*%\}\s*$"#).expect("a constant"));
static CONTENTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:\[\[_?toc_?\]\]|\[toc\]|\{:toc\}|\\tableofcontents|@\[toc\].*|\$\{toc\})\s*$")
        .expect("a constant")
});
static PAGE_BREAK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*\\(?:newpage|pagebreak|clearpage)\s*$").expect("a constant"));
static MDX_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"^(?:import\s.+\sfrom\s+['"].+['"];?|import\s+['"].+['"];?|export\s+(?:const|default|let|function)\s.*)\s*$"#,
    )
    .expect("a constant")
});
static MDX_COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{/\*.*?\*/\}").expect("a constant"));
static COMPONENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"</?([A-Z][A-Za-z0-9.]*)(?:\s+[^<>]*)?/?>"#).expect("a constant"));
static MARKED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"==([^=\s](?:[^=]*[^=\s])?)==").expect("a constant"));
static SPAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[([^\]\[]+)\]\{[.#][^}]*\}").expect("a constant"));
static HEADING_CLASSES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(#{1,6}\s.*?)\s*\{([^{}]*)\}\s*$").expect("a constant"));

/// Returns the kind of note that a name means.
fn kind(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "note" | "info" | "information" | "abstract" | "seealso" | "quote" | "example" | "question" => "NOTE",
        "tip" | "hint" | "success" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "attention" => "WARNING",
        "caution" | "danger" | "error" | "failure" | "bug" => "CAUTION",
        _ => return None,
    })
}

pub fn translate(lines: &mut TypedLines, losses: &mut Vec<Loss>) {
    let typed = std::mem::take(&mut lines.0);
    let mut out: Vec<TypedLine> = Vec::with_capacity(typed.len());
    let mut at = 0;
    while at < typed.len() {
        let line = &typed[at];
        let mut lose = |what: &str, words: &str| losses.push(Loss::new(line.number, what, words));
        if line.code {
            out.push(line.clone());
            at += 1;
            continue;
        }
        let text = line.text.trim_start_matches('\u{feff}').to_string();
        if let Some(found) = ADMONITION.captures(&text) {
            let (inner, end) = indented(&typed, at + 1);
            let title = found.get(2).map_or("", |title| title.as_str());
            note(&mut out, line, kind(&found[1]).unwrap_or("NOTE"), title, &inner);
            at = end;
        } else if let Some(found) = TAB.captures(&text) {
            let (inner, end) = indented(&typed, at + 1);
            lose("a tab became a passage under its name", &found[1]);
            push(&mut out, line, format!("**{}**", &found[1]));
            push(&mut out, line, String::new());
            out.extend(inner);
            at = end;
        } else if let Some(found) = CONTAINER.captures(&text).filter(|found| kind(&found[2]).is_some()) {
            let fence = &found[1];
            let end = (at + 1..typed.len())
                .find(|at| !typed[*at].code && typed[*at].text.trim() == fence)
                .filter(|end| *end > at);
            let Some(end) = end else {
                out.push(line.clone());
                at += 1;
                continue;
            };
            let title = found.get(3).or(found.get(4)).map_or("", |title| title.as_str().trim());
            note(&mut out, line, kind(&found[2]).unwrap_or("NOTE"), title, &typed[at + 1..end]);
            at = end + 1;
        } else if let Some(found) = HINT.captures(&text) {
            let end = (at + 1..typed.len()).find(|at| typed[*at].text.replace(' ', "") == "{%endhint%}");
            let Some(end) = end else {
                out.push(line.clone());
                at += 1;
                continue;
            };
            note(&mut out, line, kind(&found[1]).unwrap_or("NOTE"), "", &typed[at + 1..end]);
            at = end + 1;
        } else if CONTENTS.is_match(&text) {
            // kramdown's list of contents hangs on an item that it replaces.
            if text.trim() == "{:toc}"
                && out.last().is_some_and(|last| last.text.trim_start().starts_with(['*', '-', '1']))
            {
                out.pop();
            }
            lose("the mark for a list of contents was left out: the page has its own", &text);
            at += 1;
        } else if PAGE_BREAK.is_match(&text) {
            lose("a page break was left out", &text);
            at += 1;
        } else if MDX_CODE.is_match(&text) {
            lose("code of MDX was left out", &text);
            at += 1;
        } else if text.starts_with('+') && text.trim_end().ends_with('+') && text.contains("-+") {
            match grid(&typed, at) {
                Some((table, end)) => {
                    table.into_iter().for_each(|row| push(&mut out, line, row));
                    at = end;
                }
                None => {
                    out.push(line.clone());
                    at += 1;
                }
            }
        } else {
            let text = inline(&text, &mut lose);
            push(&mut out, line, text);
            at += 1;
        }
    }
    lines.0 = out;
}

fn push(out: &mut Vec<TypedLine>, line: &TypedLine, text: String) {
    out.push(TypedLine { text, code: false, number: line.number });
}

/// Marks within a line.
fn inline(text: &str, lose: &mut impl FnMut(&str, &str)) -> String {
    let mut text = text.to_string();
    if text.contains("{/*") && MDX_COMMENT.is_match(&text) {
        text = MDX_COMMENT.replace_all(&text, "").into_owned();
        lose("a comment was left out", "");
    }
    if text.contains('<') {
        let code = |at: usize, text: &str| text[..at].matches('`').count() % 2 == 1;
        let components: Vec<(std::ops::Range<usize>, String)> = COMPONENT
            .captures_iter(&text)
            .filter_map(|found| Some((found.get(0)?.range(), found[1].to_string())))
            .filter(|(range, _)| !code(range.start, &text))
            .collect();
        for (range, name) in components.into_iter().rev() {
            let closing = text[range.clone()].starts_with("</");
            text.replace_range(range, "");
            if !closing {
                lose("a component was left out; the words inside it stay", &name);
            }
        }
    }
    if text.contains("==") {
        text = MARKED.replace_all(&text, "<mark>$1</mark>").into_owned();
    }
    if text.contains("]{") {
        text = SPAN.replace_all(&text, "$1").into_owned();
    }
    if text.starts_with('#')
        && let Some(found) = HEADING_CLASSES.captures(&text)
    {
        let attributes = &found[2];
        let id = attributes.split_whitespace().find(|attribute| attribute.starts_with('#'));
        let others = attributes.split_whitespace().any(|attribute| attribute.starts_with('.') || attribute == "-");
        if others && !attributes.starts_with(':') {
            text = match id {
                Some(id) => format!("{} {{{id}}}", &found[1]),
                None => found[1].to_string(),
            };
        }
    }
    text
}

/// The lines that are indented below a mark, without their indent.
fn indented(lines: &[TypedLine], start: usize) -> (Vec<TypedLine>, usize) {
    let mut inner = Vec::new();
    let mut at = start;
    while let Some(line) = lines.get(at) {
        match line.text.strip_prefix("    ").or_else(|| line.text.strip_prefix('\t')) {
            Some(rest) => inner.push(TypedLine { text: rest.to_string(), ..line.clone() }),
            None if line.text.trim().is_empty() => inner.push(TypedLine { text: String::new(), ..line.clone() }),
            None => break,
        }
        at += 1;
    }
    while inner.last().is_some_and(|line| line.text.is_empty()) {
        inner.pop();
        at -= 1;
    }
    (inner, at)
}

fn note(out: &mut Vec<TypedLine>, line: &TypedLine, kind: &str, title: &str, inner: &[TypedLine]) {
    if out.last().is_some_and(|last| !last.text.trim().is_empty()) {
        push(out, line, String::new());
    }
    push(out, line, format!("> [!{kind}] {title}").trim_end().to_string());
    for line in inner {
        out.push(TypedLine { text: format!("> {}", line.text).trim_end().to_string(), ..line.clone() });
    }
    push(out, line, String::new());
}

/// A grid table as one with pipes.
fn grid(lines: &[TypedLine], start: usize) -> Option<(Vec<String>, usize)> {
    let rule =
        |text: &str| text.starts_with('+') && text.trim_end().chars().all(|c| matches!(c, '+' | '-' | '=' | ':'));
    let columns: Vec<usize> = lines[start].text.trim_end().match_indices('+').map(|(at, _)| at).collect();
    let width = columns.len().checked_sub(1).filter(|width| *width >= 1)?;
    let mut rows: Vec<Vec<String>> = vec![vec![String::new(); width]];
    let mut at = start + 1;
    while let Some(line) = lines.get(at) {
        let text = line.text.trim_end();
        if rule(text) {
            rows.push(vec![String::new(); width]);
        } else if text.starts_with('|') {
            let cells: Vec<&str> = text.trim_matches('|').split('|').collect();
            if cells.len() != width {
                return None;
            }
            for (cell, words) in rows.last_mut()?.iter_mut().zip(cells) {
                let words = words.trim();
                if !words.is_empty() {
                    if !cell.is_empty() {
                        cell.push(' ');
                    }
                    cell.push_str(words);
                }
            }
        } else {
            break;
        }
        at += 1;
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    if rows.len() < 2 {
        return None;
    }
    let write = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut out = vec![write(&rows[0]), format!("|{}", "---|".repeat(width))];
    out.extend(rows[1..].iter().map(|row| write(row)));
    Some((out, at))
}
