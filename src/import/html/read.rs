//! The elements of a page → the parts of a manuscript.
//!
//! In: a tree and its content. Out: parts and runs. Must not know: which part of the page the content is.

use super::content;
use super::head::{base, head};
use super::line::{fragment, is_id, paragraphs, raw_text};
use super::tree::{Data, NodeId, Tree};
use crate::import::model::{Loss, Manuscript, Part, PartKind, Run, plain, squeezed};
use crate::import::runs::unstyled;
use std::collections::{HashMap, HashSet};

/// Elements that begin a line of their own.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];
/// Elements inside elements; what is deeper is read as words alone.
pub(super) const MAX_DEPTH: usize = 150;

/// The document of a page.
pub fn manuscript(html: &str) -> Manuscript {
    let tree = Tree::parse(html);
    let content = content::find(&tree);
    let mut reader = Reader {
        tree: &tree,
        left_out: content.left_out,
        has_blocks: HashSet::new(),
        base: base(&tree),
        targets: HashMap::new(),
        notes: HashMap::new(),
        marks: HashSet::new(),
        anchors: Vec::new(),
        wanted: HashSet::new(),
        out: Manuscript { losses: content.losses, ..Manuscript::default() },
        sizes: Vec::new(),
    };
    reader.survey(content.root);
    let parts = reader.blocks(content.root, 0);
    reader.out.parts = parts;
    reader.finish_notes();
    let mut out = reader.out;
    head(&tree, &mut out);
    out
}

pub(super) struct Reader<'t> {
    pub(super) tree: &'t Tree,
    pub(super) left_out: HashSet<NodeId>,
    /// Elements with a block somewhere below them.
    pub(super) has_blocks: HashSet<NodeId>,
    pub(super) base: Option<url::Url>,
    /// Elements by their id or name.
    pub(super) targets: HashMap<String, NodeId>,
    /// Footnotes: the element that holds one, and its label.
    pub(super) notes: HashMap<NodeId, String>,
    /// Ids of the marks of footnotes, which their notes link back to.
    pub(super) marks: HashSet<String>,
    /// Ids that were passed and belong to what comes next.
    pub(super) anchors: Vec<String>,
    /// Ids that links on this page lead to.
    pub(super) wanted: HashSet<String>,
    pub(super) out: Manuscript,
    /// Font sizes of the lines that look like headings, largest first.
    pub(super) sizes: Vec<u32>,
}

impl Reader<'_> {
    /// One walk before reading: where blocks, targets and footnotes are.
    fn survey(&mut self, root: NodeId) {
        let tree = self.tree;
        let all = tree.below(root);
        for &node in &all {
            if BLOCKS.contains(&tree.name(node)) && !self.left_out.contains(&node) {
                let mut at = tree.nodes[node].parent;
                while let Some(above) = at.filter(|above| self.has_blocks.insert(*above)) {
                    at = tree.nodes[above].parent;
                }
            }
            for id in [tree.attribute(node, "id"), tree.attribute(node, "name").filter(|_| tree.name(node) == "a")] {
                if let Some(id) = id.filter(|id| !id.is_empty()) {
                    self.targets.entry(id.to_string()).or_insert(node);
                }
            }
            if let Some(day) = tree.attribute(node, "datetime").or(tree.attribute(node, "data-date")) {
                self.out.machine_days.push(day.to_string());
            }
            if let Some(id) = fragment(tree, node) {
                self.wanted.insert(id);
            }
            if let Some(size) = self.styled_size(node) {
                self.sizes.push(size);
            }
        }
        self.sizes.sort_unstable_by(|a, b| b.cmp(a));
        self.sizes.dedup();
        for &node in &all {
            self.find_note(node);
        }
    }

    /// A link whose target links back is a footnote's mark.
    fn find_note(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(id) = fragment(tree, node) else { return };
        let mark = squeezed(&content::text(tree, node, &HashSet::new()));
        let label = mark.trim_matches(['[', ']', '(', ')', ' ']);
        let looks = !label.is_empty()
            && label.chars().count() <= 3
            && !label.chars().any(|c| c.is_alphabetic() && !c.is_ascii_lowercase());
        let Some(&target) = self.targets.get(&id).filter(|_| looks) else { return };
        // The note may be the element itself, or the line around its anchor.
        let mut holder = target;
        while !matches!(tree.name(holder), "li" | "p" | "div" | "dd" | "aside" | "body") {
            let Some(above) = tree.nodes[holder].parent else { return };
            holder = above;
        }
        let own = |id: &str| {
            let mut at = Some(node);
            let mut steps = 0;
            while let Some(above) = at.filter(|_| steps < 4) {
                if tree.attribute(above, "id") == Some(id) || tree.attribute(above, "name") == Some(id) {
                    return true;
                }
                at = tree.nodes[above].parent;
                steps += 1;
            }
            false
        };
        let inside = tree.has_ancestor(node, |above| above == holder);
        let back = tree.below(holder).iter().find_map(|node| fragment(tree, *node).filter(|id| own(id)));
        if !inside
            && let Some(back) = back
            && holder != node
            && tree.name(holder) != "body"
        {
            self.wanted.remove(&back);
            self.marks.insert(back);
            let number = self.notes.len() + 1;
            let label = if label.bytes().all(|b| b.is_ascii_digit()) { label.to_string() } else { number.to_string() };
            let taken = self.notes.values().any(|known| *known == label) && !self.notes.contains_key(&holder);
            self.notes.entry(holder).or_insert(if taken { number.to_string() } else { label });
        }
    }

    fn finish_notes(&mut self) {
        let mut holders: Vec<(NodeId, String)> = std::mem::take(&mut self.notes).into_iter().collect();
        holders.sort();
        for (holder, label) in holders {
            self.left_out.remove(&holder);
            let parts = self.blocks(holder, 0);
            self.out.notes.push((label, parts));
        }
        self.out.notes.sort_by_key(|(label, _)| label.parse::<usize>().unwrap_or(usize::MAX));
    }

    /// The size of a line that is set like a heading: all of it bold or marked as one by its generator.
    fn styled_size(&self, node: NodeId) -> Option<u32> {
        let style = self.tree.attribute(node, "style")?.to_ascii_lowercase();
        let at = style.find("font-size:")? + "font-size:".len();
        let rest = style[at..].trim_start();
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let size: f32 = digits.parse().ok()?;
        let points = rest[digits.len()..].trim_start().starts_with("pt");
        let pixels = if points { size * 4.0 / 3.0 } else { size };
        (10.0..=200.0).contains(&pixels).then_some(pixels.round() as u32)
    }

    pub(super) fn line(&self, node: NodeId) -> usize {
        self.tree.nodes[node].line
    }

    pub(super) fn lose(&mut self, node: NodeId, what: &str, words: &str) {
        let place = self.line(node);
        self.out.losses.push(Loss::new(place, what, words));
    }

    /// The blocks below an element.
    pub(super) fn blocks(&mut self, node: NodeId, depth: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut line: Vec<Run> = Vec::new();
        if depth > MAX_DEPTH {
            let words = content::text(self.tree, node, &self.left_out);
            return vec![Part::paragraph(self.line(node), squeezed(&words))];
        }
        for child in self.tree.nodes[node].children.clone() {
            let is_block = BLOCKS.contains(&self.tree.name(child)) || self.has_blocks.contains(&child);
            if self.notes.contains_key(&child) && self.left_out.contains(&child) {
                continue;
            }
            if is_block && !self.left_out.contains(&child) {
                self.flush(&mut line, child, &mut parts);
                self.block(child, depth, &mut parts);
            } else {
                self.inline(child, &mut line, depth);
            }
        }
        self.flush(&mut line, node, &mut parts);
        parts
    }

    /// Ends a line of words.
    pub(super) fn flush(&mut self, line: &mut Vec<Run>, node: NodeId, parts: &mut Vec<Part>) {
        let place = self.line(node);
        for runs in paragraphs(std::mem::take(line)) {
            if plain(&runs).trim().is_empty() && !runs.iter().any(|run| matches!(run, Run::NoteMark(_))) {
                continue;
            }
            let mut runs = runs;
            let anchors: Vec<String> =
                std::mem::take(&mut self.anchors).into_iter().filter(|id| self.wanted.contains(id)).collect();
            for id in anchors.into_iter().rev() {
                runs.insert(0, Run::Anchor(id));
            }
            parts.push(Part { place, kind: PartKind::Paragraph(runs) });
        }
    }

    pub(super) fn take_anchor(&mut self, node: NodeId) {
        for id in
            [self.tree.attribute(node, "id"), self.tree.attribute(node, "name").filter(|_| self.tree.name(node) == "a")]
        {
            if let Some(id) = id.map(|id| id.strip_prefix("user-content-").unwrap_or(id)).filter(|id| is_id(id))
                && !self.anchors.iter().any(|known| known == id)
            {
                self.anchors.push(id.to_string());
            }
        }
    }

    pub(super) fn block(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        if self.notes.contains_key(&node) && self.left_out.insert(node) {
            return;
        }
        let place = self.line(node);
        let name = self.tree.name(node).to_string();
        match name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.take_anchor(node);
                let level = name.as_bytes()[1] - b'0';
                self.heading(node, level, depth, parts);
            }
            "ul" | "ol" | "dir" | "menu" => {
                self.take_anchor(node);
                self.list(node, depth, parts);
            }
            "dl" => self.glossary(node, depth, parts),
            "table" => self.table(node, depth, parts),
            "hr" => parts.push(Part { place, kind: PartKind::Divider }),
            "blockquote" => {
                let inner = self.blocks(node, depth + 1);
                if !inner.is_empty() {
                    parts.push(Part { place, kind: PartKind::Quoted(inner) });
                }
            }
            "pre" => {
                let text = raw_text(self.tree, node);
                // Text that was only typed in this way is prose.
                let code = self.tree.below(node).iter().any(|node| self.tree.name(*node) == "code");
                if code {
                    parts.push(Part { place, kind: PartKind::Preformatted(text) });
                } else {
                    parts.extend(crate::import::plain::parts(&text, place));
                }
            }
            "summary" => {
                let runs = self.runs(node, depth);
                if !plain(&runs).trim().is_empty() {
                    parts.push(Part { place, kind: PartKind::Paragraph(vec![Run::Strong(runs)]) });
                }
            }
            _ => {
                self.take_anchor(node);
                if let Some(level) = self.heading_by_looks(node) {
                    return self.heading(node, level, depth, parts);
                }
                parts.extend(self.blocks(node, depth + 1));
            }
        }
    }

    fn heading(&mut self, node: NodeId, level: u8, depth: usize, parts: &mut Vec<Part>) {
        for below in self.tree.below(node).into_iter().skip(1) {
            if !self.left_out.contains(&below) {
                self.take_anchor(below);
            }
        }
        let words: Vec<Run> = unstyled(self.runs(node, depth));
        let anchors = std::mem::take(&mut self.anchors);
        if squeezed(&plain(&words)).is_empty() {
            self.anchors = anchors;
            return;
        }
        parts.push(Part { place: self.line(node), kind: PartKind::Heading { level, anchors, words } });
    }

    /// The level of a block that is no heading but is set like one.
    fn heading_by_looks(&self, node: NodeId) -> Option<u8> {
        let tree = self.tree;
        let marked = tree.attribute(node, "role") == Some("heading");
        let level = tree
            .attribute(node, "aria-level")
            .and_then(|level| level.parse().ok())
            .filter(|level| (1..=6).contains(level));
        if marked {
            return Some(level.unwrap_or(2));
        }
        if self.has_blocks.contains(&node) || !matches!(tree.name(node), "p" | "div" | "section" | "center") {
            return None;
        }
        let custom = tree.below(node).into_iter().find_map(|node| match tree.attribute(node, "data-custom-class") {
            Some("title") => Some(1),
            Some("heading_1") => Some(2),
            Some("heading_2") => Some(3),
            _ => None,
        });
        let class = tree.attribute(node, "class").unwrap_or("").to_ascii_lowercase();
        let named = class.split_whitespace().find_map(|class| match class {
            "title" | "msotitle" | "doc-title" => Some(1),
            "subtitle" | "msosubtitle" => None,
            "heading1" | "msoheading1" | "heading-1" => Some(2),
            "heading2" | "msoheading2" | "heading-2" => Some(3),
            "heading3" | "msoheading3" | "heading-3" => Some(4),
            _ => None,
        });
        let text = squeezed(&content::text(tree, node, &self.left_out));
        let short = (1..=100).contains(&text.chars().count()) && !text.ends_with(['.', ';', ',', ':']);
        if let Some(level) = custom.or(named).filter(|_| short || custom.is_some()) {
            return Some(level);
        }
        // A bold line in an item of a list is the item's label.
        let is_label = tree.has_ancestor(node, |above| tree.name(above) == "ul");
        if !short || is_label || !self.all_bold(node) || !text.starts_with(|c: char| !c.is_lowercase()) {
            return None;
        }
        let size = tree.below(node).into_iter().find_map(|node| self.styled_size(node));
        let rank = size.and_then(|size| self.sizes.iter().position(|known| *known == size)).unwrap_or(1);
        let number = crate::import::recognize::number_depth(&text);
        Some(number.map_or((rank + 1).clamp(2, 4) as u8, |depth| (depth + 1).min(4) as u8))
    }

    /// True if every word of a block is bold.
    fn all_bold(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let bold = |node: NodeId| {
            matches!(tree.name(node), "b" | "strong")
                || tree.attribute(node, "style").is_some_and(|style| {
                    let style = style.to_ascii_lowercase().replace(' ', "");
                    ["font-weight:bold", "font-weight:600", "font-weight:700", "font-weight:800"]
                        .iter()
                        .any(|mark| style.contains(mark))
                })
        };
        tree.below(node).into_iter().all(|inner| match &tree.nodes[inner].data {
            Data::Text(words) => {
                words.trim().is_empty()
                    || bold(node)
                    || tree.has_ancestor(inner, |above| {
                        above != node && bold(above) && tree.has_ancestor(above, |top| top == node)
                    })
            }
            _ => true,
        })
    }
}
