//! The words of a line of a page, with their links and emphasis.
//!
//! In: elements within a line. Out: runs. Must not know: blocks.

use super::content;
use super::read::{BLOCKS, MAX_DEPTH, Reader};
use super::tree::{Data, NodeId, Tree};
use crate::import::model::{Run, plain, squeezed};

impl Reader<'_> {
    /// The words below an element, as one line.
    pub(super) fn runs(&mut self, node: NodeId, depth: usize) -> Vec<Run> {
        let mut out = Vec::new();
        for child in self.tree.nodes[node].children.clone() {
            self.inline(child, &mut out, depth);
            if BLOCKS.contains(&self.tree.name(child)) {
                out.push(Run::Words(" ".into()));
            }
        }
        out
    }

    pub(super) fn inline(&mut self, node: NodeId, out: &mut Vec<Run>, depth: usize) {
        let tree = self.tree;
        if self.left_out.contains(&node) {
            // Words on both sides of what was left out stay apart.
            if matches!(tree.name(node), "button" | "input" | "select" | "svg") {
                push(out, " ");
            }
            return;
        }
        if depth > MAX_DEPTH {
            return push(out, &content::text(tree, node, &self.left_out));
        }
        if let Data::Text(words) = &tree.nodes[node].data {
            return push(out, words);
        }
        if let Some(code) = tree.attribute(node, "data-cfemail") {
            return push(out, &unobfuscated(code));
        }
        let deeper = depth + 1;
        let inner = |reader: &mut Self| reader.runs(node, deeper);
        let wrapped = |runs: Vec<Run>, wrap: fn(Vec<Run>) -> Run, out: &mut Vec<Run>| {
            if !runs.is_empty() {
                out.push(wrap(runs));
            }
        };
        match tree.name(node) {
            "br" => out.push(Run::Break),
            "wbr" => {}
            "strong" | "b" => wrapped(inner(self), Run::Strong, out),
            "em" | "i" | "cite" | "dfn" | "var" => wrapped(inner(self), Run::Emphasized, out),
            "s" | "strike" | "del" => wrapped(inner(self), Run::Struck, out),
            "sub" => wrapped(inner(self), Run::Lowered, out),
            "sup" => match inner(self) {
                // A footnote's mark is raised by itself.
                runs if runs.iter().any(|run| matches!(run, Run::NoteMark(_))) => out.extend(runs),
                runs => wrapped(runs, Run::Raised, out),
            },
            "code" | "kbd" | "samp" | "tt" => {
                let text = raw_text(tree, node);
                out.push(Run::Code(text));
            }
            "img" => {
                let alt = tree.attribute(node, "alt").unwrap_or("").to_string();
                self.lose(
                    node,
                    if alt.trim().is_empty() {
                        "a picture was left out"
                    } else {
                        "a picture was left out; its description is kept in this list"
                    },
                    &alt,
                );
            }
            "a" => self.link(node, out, deeper),
            "q" => {
                push(out, "“");
                out.extend(inner(self));
                push(out, "”");
            }
            _ => {
                let mark = self.anchors.len();
                self.take_anchor(node);
                let passed: Vec<String> = self.anchors.drain(mark..).collect();
                out.extend(passed.into_iter().filter(|id| self.wanted.contains(id)).map(Run::Anchor));
                out.extend(inner(self));
            }
        }
    }

    pub(super) fn link(&mut self, node: NodeId, out: &mut Vec<Run>, depth: usize) {
        let tree = self.tree;
        let runs = self.runs(node, depth);
        let words = squeezed(&plain(&runs));
        let mark = self.anchors.len();
        self.take_anchor(node);
        let passed: Vec<String> = self.anchors.drain(mark..).collect();
        let in_heading =
            tree.has_ancestor(node, |above| matches!(tree.name(above), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
        if !in_heading {
            out.extend(passed.into_iter().filter(|id| self.wanted.contains(id)).map(Run::Anchor));
        }
        let href = tree.attribute(node, "href").unwrap_or("").trim().to_string();
        if let Some(id) = fragment(tree, node) {
            // The mark beside a heading that links to the heading itself, and the way back from a footnote.
            let symbol = !words.chars().any(char::is_alphanumeric);
            if symbol && in_heading || self.marks.contains(&id) {
                return;
            }
            if let Some(&target) = self.targets.get(&id) {
                let mut holder = Some(target);
                while let Some(at) = holder {
                    if let Some(label) = self.notes.get(&at).cloned() {
                        out.push(Run::NoteMark(label));
                        return;
                    }
                    holder = tree.nodes[at].parent.filter(|_| !BLOCKS.contains(&tree.name(at)));
                }
                if !self.left_out.contains(&target) && is_id(&id) {
                    out.push(Run::Link { url: format!("#{id}"), words: runs });
                    return;
                }
            }
            if !words.is_empty() {
                self.lose(node, "a link to a place that is not on the page lost its target", &words);
            }
            out.extend(runs);
            return;
        }
        if words.is_empty() {
            out.extend(runs);
            return;
        }
        let known =
            url::Url::parse(&href).ok().or_else(|| self.base.as_ref()?.join(&href).ok()).filter(|_| !href.is_empty());
        match known {
            Some(url) if href.contains("/cdn-cgi/l/email-protection") => {
                let mail = url.fragment().map(unobfuscated).filter(|mail| mail.contains('@'));
                match mail {
                    Some(mail) => out.push(Run::Link { url: format!("mailto:{mail}"), words: runs }),
                    None => out.extend(runs),
                }
            }
            Some(url) if matches!(url.scheme(), "http" | "https" | "mailto" | "tel") => {
                // As typed where it is whole: a parser would add a slash.
                let url = if href.contains(':') { href } else { url.to_string() };
                out.push(Run::Link { url, words: runs });
            }
            _ => {
                if !href.is_empty() {
                    let what =
                        format!("a link to `{href}` lost its target, because the page does not say its own address");
                    self.lose(
                        node,
                        if href.starts_with("javascript:") { "a link that runs a script became words" } else { &what },
                        &words,
                    );
                }
                out.extend(runs);
            }
        }
    }
}

/// The id that a link on the page leads to.
pub fn fragment(tree: &Tree, node: NodeId) -> Option<String> {
    let href = tree.attribute(node, "href").filter(|_| tree.name(node) == "a")?.trim();
    let id = href.strip_prefix('#').filter(|id| !id.is_empty())?;
    let id = percent_decoded(id);
    Some(id.strip_prefix("user-content-").unwrap_or(&id).to_string())
}

pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_string())
}

/// An address that a protection against harvesters has hidden: the first byte is the key of the others.
pub fn unobfuscated(code: &str) -> String {
    let bytes: Option<Vec<u8>> =
        (0..code.len() / 2).map(|at| u8::from_str_radix(code.get(at * 2..at * 2 + 2)?, 16).ok()).collect();
    let Some((key, rest)) = bytes.as_deref().and_then(<[u8]>::split_first) else { return String::new() };
    String::from_utf8_lossy(&rest.iter().map(|byte| byte ^ key).collect::<Vec<u8>>()).into_owned()
}

pub fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && id.starts_with(|c: char| c.is_alphabetic())
}

/// Adds words as a browser shows them: white space is one blank.
pub fn push(out: &mut Vec<Run>, words: &str) {
    let mut text = String::with_capacity(words.len());
    for letter in words.chars() {
        if matches!(letter, ' ' | '\n' | '\t' | '\r' | '\u{c}') {
            if !text.ends_with(' ') {
                text.push(' ');
            }
        } else {
            text.push(letter);
        }
    }
    match out.last_mut() {
        Some(Run::Words(known)) => {
            let text = if known.ends_with(' ') { text.trim_start_matches(' ') } else { &text };
            known.push_str(text);
        }
        _ if text.is_empty() => {}
        _ => out.push(Run::Words(text)),
    }
}

/// Text with its line breaks.
pub fn raw_text(tree: &Tree, node: NodeId) -> String {
    let mut out = String::new();
    for node in tree.below(node) {
        match &tree.nodes[node].data {
            Data::Text(words) => out.push_str(words),
            _ if tree.name(node) == "br" => out.push('\n'),
            _ => {}
        }
    }
    out
}

/// Two breaks in a row end a paragraph.
pub fn paragraphs(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let mut out: Vec<Vec<Run>> = vec![Vec::new()];
    let mut breaks = 0;
    for run in runs {
        match &run {
            Run::Break => breaks += 1,
            Run::Words(words) if words.trim().is_empty() && breaks > 0 => {}
            _ => {
                if breaks > 1 {
                    out.push(Vec::new());
                } else if breaks == 1
                    && let Some(last) = out.last_mut().filter(|last| !last.is_empty())
                {
                    last.push(Run::Break);
                }
                breaks = 0;
                if let Some(last) = out.last_mut() {
                    last.push(run);
                }
            }
        }
    }
    out
}
