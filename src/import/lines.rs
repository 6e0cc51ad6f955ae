//! The lines of a Markdown text, with code told apart: titles, levels of headings, attribute lists.
//!
//! In: a body. Out: its lines, rewritten. Must not know: front matter, dialects.

use super::convert::plain;
use super::model::squeezed;
use std::collections::BTreeSet;

/// A line as it was typed.
#[derive(Clone, Debug)]
pub struct TypedLine {
    pub text: String,
    /// Inside a fenced block of code.
    pub code: bool,
    /// Its number in the source, from 1.
    pub number: usize,
}

pub struct TypedLines(pub Vec<TypedLine>);

impl TypedLines {
    pub fn of(body: &str, first: usize) -> TypedLines {
        let mut fence: Option<(char, usize)> = None;
        let lines = body.split('\n').enumerate().map(|(index, text)| {
            let trimmed = text.trim_start();
            let mark = trimmed.chars().next().filter(|mark| matches!(mark, '`' | '~'));
            let run = mark.map_or(0, |mark| trimmed.chars().take_while(|letter| *letter == mark).count());
            let mut code = fence.is_some();
            match (fence, mark) {
                (None, Some(mark)) if run >= 3 && !(mark == '`' && trimmed[run..].contains('`')) => {
                    fence = Some((mark, run));
                    code = true;
                }
                (Some((open, length)), Some(mark))
                    if open == mark && run >= length && trimmed[run..].trim().is_empty() =>
                {
                    fence = None
                }
                _ => {}
            }
            TypedLine { text: text.to_string(), code, number: first + index }
        });
        TypedLines(lines.collect())
    }

    fn blank(&self, at: usize) -> bool {
        self.0.get(at).is_none_or(|line| line.text.trim().is_empty())
    }

    /// The level of a heading `# …` on a line.
    fn atx(&self, at: usize) -> Option<usize> {
        let line = self.0.get(at).filter(|line| !line.code)?;
        let inside = line.text.trim_start_matches(' ');
        if line.text.len() - inside.len() > 3 {
            return None;
        }
        let level = inside.bytes().take_while(|byte| *byte == b'#').count();
        let rest = &inside[level..];
        ((1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(level)
    }

    /// The level of a heading on a line of its own that the next line underlines.
    fn setext(&self, at: usize) -> Option<usize> {
        let line = self.0.get(at).filter(|line| !line.code)?;
        let under = self.0.get(at + 1)?.text.trim_end();
        let level = match under.trim_start_matches(' ').as_bytes().first()? {
            b'=' => 1,
            b'-' => 2,
            _ => return None,
        };
        let rule = under.trim_start_matches(' ');
        let plain = rule.bytes().all(|byte| byte == rule.as_bytes()[0]) && under.len() - rule.len() <= 3;
        let alone = at == 0 || self.blank(at - 1);
        let words = !line.text.trim().is_empty()
            && !line.text.starts_with("    ")
            && !line.text.trim_start().starts_with(['#', '>', '|', '-', '*', '+', '<']);
        (plain && alone && words).then_some(level)
    }

    /// kramdown's `{: #id .class key="value" }`: the id of a heading becomes its id here, that of a paragraph an anchor at
    /// its end; the rest has no meaning here.
    pub fn attributes(&mut self, notes: &mut BTreeSet<String>) {
        let mut at = 0;
        while at < self.0.len() {
            let Some((start, list)) = (!self.0[at].code).then(|| attribute_list(&self.0[at].text)).flatten() else {
                at += 1;
                continue;
            };
            let mut id = None;
            for attribute in attributes_of(&list) {
                match attribute.strip_prefix('#') {
                    Some(named) if is_id(named) => id = Some(named.to_string()),
                    _ => {
                        let name = attribute.split('=').next().unwrap_or(&attribute);
                        notes.insert(format!("the attribute `{name}` was left out"));
                    }
                }
            }
            let own_line = self.0[at].text[..start].trim().is_empty();
            self.0[at].text.truncate(start);
            let kept = self.0[at].text.trim_end().len();
            self.0[at].text.truncate(kept);
            let of = match own_line {
                true if at > 0 && !self.blank(at - 1) => {
                    self.0.remove(at);
                    Some(at - 1)
                }
                true => {
                    self.0.remove(at);
                    None
                }
                false => {
                    at += 1;
                    Some(at - 1)
                }
            };
            if let (Some(of), Some(id)) = (of, id) {
                self.anchor(of, &id, notes);
            }
        }
    }

    fn anchor(&mut self, at: usize, id: &str, notes: &mut BTreeSet<String>) {
        let under = at > 0 && self.setext(at - 1).is_some();
        let of = if under { at - 1 } else { at };
        let line = self.0[of].text.trim_end().to_string();
        if self.atx(of).is_some() || under || self.setext(of).is_some() {
            if !line.contains("{#") {
                self.0[of].text = format!("{line} {{#{id}}}");
            }
        } else if line.trim_start().starts_with(['|', '<']) || self.0[of].code {
            notes.insert(format!("the id `{id}` was left out: nothing there can take it"));
        } else {
            self.0[of].text = format!("{line}<span id=\"{id}\"></span>");
        }
    }

    /// A heading of level 1 before anything else is the title; it leaves the text.
    pub fn take_title(&mut self) -> Option<String> {
        let first = (0..self.0.len()).find(|at| !self.blank(*at))?;
        if self.atx(first) == Some(1) {
            let line = self.0.remove(first).text;
            let words = line.trim().trim_start_matches('#').trim();
            return Some(words.to_string());
        }
        if self.setext(first) == Some(1) {
            let line = self.0.remove(first).text;
            self.0.remove(first);
            return Some(line.trim().to_string());
        }
        None
    }

    /// True if several headings of level 1 are chapters below a title that the front matter has.
    pub fn chapters(&self, title: Option<&str>) -> bool {
        let firsts: Vec<usize> =
            (0..self.0.len()).filter(|at| self.atx(*at) == Some(1) || self.setext(*at) == Some(1)).collect();
        let Some((first, title)) = firsts.first().filter(|_| firsts.len() > 1).zip(title) else { return false };
        let words = self.0[*first].text.trim().trim_start_matches('#').trim();
        squeezed(&plain(words)).to_lowercase() != squeezed(title).to_lowercase()
    }

    pub fn has_level_one(&self) -> bool {
        (0..self.0.len()).any(|at| self.atx(at) == Some(1) || self.setext(at) == Some(1))
    }

    /// Every heading one level down.
    pub fn demote(&mut self) {
        for at in 0..self.0.len() {
            match (self.atx(at), self.setext(at)) {
                (Some(level), _) if level < 6 => {
                    let hash = self.0[at].text.find('#').unwrap_or(0);
                    self.0[at].text.insert(hash, '#');
                }
                (None, Some(1)) => self.0[at + 1].text = self.0[at + 1].text.replace('=', "-"),
                (None, Some(2)) => {
                    self.0[at].text.insert_str(0, "### ");
                    self.0[at + 1].text.clear();
                }
                _ => {}
            }
        }
    }
}

/// An attribute list at the end of a line: where it starts, and what it holds.
fn attribute_list(line: &str) -> Option<(usize, String)> {
    let trimmed = line.trim_end();
    let inside = trimmed.strip_suffix('}')?;
    let start = inside.rfind("{:")?;
    let list = &inside[start + 2..];
    // `{::options}` is another thing, and braces inside are none of ours.
    (!list.starts_with([':', '/']) && !list.contains(['{', '}']) && !list.contains('`'))
        .then(|| (start, list.to_string()))
}

/// `#id .class key="two words"` → its parts.
fn attributes_of(list: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quote = None;
    for letter in list.chars() {
        match (quote, letter) {
            (None, letter) if letter.is_whitespace() => {
                parts.extend((!part.is_empty()).then(|| std::mem::take(&mut part)));
                continue;
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        part.push(letter);
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

fn is_id(id: &str) -> bool {
    id.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
