//! The elements of a page → the parts of a manuscript.
//!
//! In: a tree and its content. Out: parts and runs. Must not know: which part of the page the content is.

use super::content;
use super::tree::{Data, NodeId, Tree};
use crate::import::model::{Grid, Loss, Manuscript, Part, PartKind, Run, plain, plain_parts, squeezed};
use std::collections::{HashMap, HashSet};

/// Elements that begin a line of their own.
const BLOCKS: &[&str] = &[
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
const MAX_DEPTH: usize = 150;

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

/// The page's own address, which relative links start from.
fn base(tree: &Tree) -> Option<url::Url> {
    let mut found = None;
    for node in tree.below(0) {
        let address = match (tree.name(node), &tree.nodes[node].data) {
            ("base", _) => tree.attribute(node, "href"),
            ("link", _) if tree.attribute(node, "rel") == Some("canonical") => tree.attribute(node, "href"),
            ("meta", _) if tree.attribute(node, "property") == Some("og:url") => tree.attribute(node, "content"),
            // Browsers write it at the top of what they save.
            (_, Data::Comment(text)) => {
                text.trim().strip_prefix("saved from url=").and_then(|rest| Some(rest.split_once(')')?.1))
            }
            _ => None,
        };
        if let Some(address) = address
            .and_then(|address| url::Url::parse(address.trim()).ok())
            .filter(|url| url.scheme().starts_with("http"))
            && found.is_none()
        {
            found = Some(address);
        }
    }
    found
}

/// Title, description, language and days that the head states.
fn head(tree: &Tree, out: &mut Manuscript) {
    let mut page_title = None;
    for node in tree.below(0) {
        let content = || tree.attribute(node, "content").map(squeezed).filter(|words| !words.is_empty());
        match tree.name(node) {
            "html" => out.language = tree.attribute(node, "lang").map(str::to_string).filter(|tag| !tag.is_empty()),
            "title" if page_title.is_none() && !tree.has_ancestor(node, |above| tree.name(above) == "svg") => {
                page_title = Some(squeezed(&content::text(tree, node, &HashSet::new())));
            }
            "meta" => match tree.attribute(node, "name").or(tree.attribute(node, "property")) {
                Some("description") => out.description = out.description.take().or(content()),
                Some("article:modified_time" | "last-modified" | "dcterms.modified" | "og:updated_time") => {
                    out.machine_days.extend(content());
                }
                _ => {}
            },
            _ => {}
        }
    }
    crate::import::recognize::take_title(out, page_title.as_deref());
    if out.title.is_none() {
        out.title = page_title.map(|title| without_site(&title)).filter(|title| !title.is_empty());
    }
}

/// "Privacy policy | Acme" → "Privacy policy".
fn without_site(title: &str) -> String {
    for mark in [" | ", " – ", " — ", " · ", " - ", " :: ", " « "] {
        if let Some((first, rest)) = title.split_once(mark) {
            let about = crate::import::recognize::names_document;
            return if !about(first) && about(rest) { without_site(rest) } else { first.trim().to_string() };
        }
    }
    title.to_string()
}

struct Reader<'t> {
    tree: &'t Tree,
    left_out: HashSet<NodeId>,
    /// Elements with a block somewhere below them.
    has_blocks: HashSet<NodeId>,
    base: Option<url::Url>,
    /// Elements by their id or name.
    targets: HashMap<String, NodeId>,
    /// Footnotes: the element that holds one, and its label.
    notes: HashMap<NodeId, String>,
    /// Ids of the marks of footnotes, which their notes link back to.
    marks: HashSet<String>,
    /// Ids that were passed and belong to what comes next.
    anchors: Vec<String>,
    /// Ids that links on this page lead to.
    wanted: HashSet<String>,
    out: Manuscript,
    /// Font sizes of the lines that look like headings, largest first.
    sizes: Vec<u32>,
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

    fn line(&self, node: NodeId) -> usize {
        self.tree.nodes[node].line
    }

    fn lose(&mut self, node: NodeId, what: &str, words: &str) {
        let place = self.line(node);
        self.out.losses.push(Loss::new(place, what, words));
    }

    /// The blocks below an element.
    fn blocks(&mut self, node: NodeId, depth: usize) -> Vec<Part> {
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
    fn flush(&mut self, line: &mut Vec<Run>, node: NodeId, parts: &mut Vec<Part>) {
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

    fn take_anchor(&mut self, node: NodeId) {
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

    fn block(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
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
        if !short || !self.all_bold(node) || !text.starts_with(|c: char| !c.is_lowercase()) {
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

    fn list(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        let tree = self.tree;
        let ordered = tree.name(node) == "ol";
        let style = tree.attribute(node, "type").unwrap_or("").to_string()
            + tree.attribute(node, "style").filter(|style| style.contains("list-style")).unwrap_or("");
        let unnumbered = style.contains("none");
        let lettered =
            matches!(style.as_str(), "a" | "A" | "i" | "I") || style.contains("alpha") || style.contains("roman");
        let first = tree.attribute(node, "start").and_then(|start| start.trim().parse::<usize>().ok()).unwrap_or(1);
        let mut number = first;
        let mut start = first;
        let mut items: Vec<Vec<Part>> = Vec::new();
        let mut loose: Vec<Run> = Vec::new();
        for child in tree.nodes[node].children.clone() {
            if self.left_out.contains(&child) {
                continue;
            }
            match tree.name(child) {
                "li" => {
                    if let Some(value) =
                        tree.attribute(child, "value").and_then(|value| value.trim().parse::<usize>().ok())
                        && ordered
                        && value != number
                    {
                        if !items.is_empty() {
                            parts.push(self.itemized(node, ordered, start, std::mem::take(&mut items)));
                        }
                        (start, number) = (value, value);
                    }
                    if self.notes.contains_key(&child) {
                        self.left_out.insert(child);
                        continue;
                    }
                    self.take_anchor(child);
                    let mut inner = self.blocks(child, depth + 1);
                    if inner.is_empty() {
                        continue;
                    }
                    if ordered && lettered {
                        mark(&mut inner, &letters(number, &style));
                    }
                    items.push(inner);
                    number += 1;
                }
                // A list right in a list belongs to the item before it.
                "ul" | "ol" => {
                    let mut inner = Vec::new();
                    self.list(child, depth + 1, &mut inner);
                    match items.last_mut() {
                        Some(item) => item.extend(inner),
                        None if inner.is_empty() => {}
                        None => items.push(inner),
                    }
                }
                "" => self.inline(child, &mut loose, depth),
                _ => {
                    let mut inner = Vec::new();
                    self.flush(&mut loose, child, &mut inner);
                    if BLOCKS.contains(&tree.name(child)) || self.has_blocks.contains(&child) {
                        self.block(child, depth + 1, &mut inner);
                    } else {
                        let mut runs = Vec::new();
                        self.inline(child, &mut runs, depth);
                        self.flush(&mut runs, child, &mut inner);
                    }
                    if !inner.is_empty() {
                        items.push(inner);
                    }
                }
            }
        }
        let mut inner = Vec::new();
        self.flush(&mut loose, node, &mut inner);
        if !inner.is_empty() {
            items.push(inner);
        }
        // Sections inside the items of a list: the list is only the way in which they were numbered.
        let sections =
            items.iter().filter(|item| item.iter().any(|part| matches!(part.kind, PartKind::Heading { .. }))).count();
        if sections > 0 && sections * 2 >= items.len() {
            for (index, mut item) in items.into_iter().enumerate() {
                if let Some(Part { kind: PartKind::Heading { words, .. }, .. }) = item.first_mut()
                    && ordered
                    && !unnumbered
                    && crate::import::recognize::number_depth(&plain(words)).is_none()
                {
                    words.insert(0, Run::Words(format!("{}. ", start + index)));
                }
                parts.extend(item);
            }
            return;
        }
        if !items.is_empty() {
            parts.push(self.itemized(node, ordered && !lettered && !unnumbered, start, items));
        }
    }

    fn itemized(&self, node: NodeId, numbered: bool, start: usize, items: Vec<Vec<Part>>) -> Part {
        Part { place: self.line(node), kind: PartKind::Itemized { start: numbered.then_some(start), items } }
    }

    fn glossary(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        let tree = self.tree;
        let mut entries: Vec<(Vec<Run>, Vec<Part>)> = Vec::new();
        let mut open = true;
        let mut stack: Vec<NodeId> = tree.nodes[node].children.iter().rev().copied().collect();
        while let Some(child) = stack.pop() {
            if self.left_out.contains(&child) {
                continue;
            }
            match tree.name(child) {
                "dt" => {
                    let mut runs = unstyled(self.runs(child, depth));
                    match entries.last_mut() {
                        // Two terms with one definition.
                        Some((term, details)) if details.is_empty() && !open => {
                            term.push(Run::Words(" / ".into()));
                            term.append(&mut runs);
                        }
                        _ => entries.push((runs, Vec::new())),
                    }
                    open = false;
                }
                "dd" => {
                    let details = self.blocks(child, depth + 1);
                    match entries.last_mut() {
                        Some((_, known)) => known.extend(details),
                        None => entries.push((Vec::new(), details)),
                    }
                    open = true;
                }
                "div" => stack.extend(tree.nodes[child].children.iter().rev()),
                _ => {
                    let mut runs = Vec::new();
                    self.inline(child, &mut runs, depth);
                    let mut inner = Vec::new();
                    self.flush(&mut runs, child, &mut inner);
                    if let Some((_, details)) = entries.last_mut() {
                        details.extend(inner);
                    } else {
                        parts.extend(inner);
                    }
                }
            }
        }
        if entries.iter().any(|(term, details)| plain(term).trim().is_empty() || details.is_empty()) {
            // Half a definition cannot be written as one.
            for (term, details) in entries {
                if !plain(&term).trim().is_empty() {
                    parts.push(Part { place: self.line(node), kind: PartKind::Paragraph(vec![Run::Strong(term)]) });
                }
                parts.extend(details);
            }
        } else if !entries.is_empty() {
            parts.push(Part { place: self.line(node), kind: PartKind::Glossary(entries) });
        }
    }

    fn table(&mut self, node: NodeId, depth: usize, parts: &mut Vec<Part>) {
        let tree = self.tree;
        let mut rows: Vec<(bool, Vec<NodeId>)> = Vec::new();
        let mut stack: Vec<NodeId> = tree.nodes[node].children.iter().rev().copied().collect();
        let mut caption = Vec::new();
        while let Some(child) = stack.pop() {
            if self.left_out.contains(&child) {
                continue;
            }
            match tree.name(child) {
                "thead" | "tbody" | "tfoot" => stack.extend(tree.nodes[child].children.iter().rev()),
                "caption" => caption = self.blocks(child, depth + 1),
                "tr" => {
                    let in_head = tree.nodes[child].parent.is_some_and(|above| tree.name(above) == "thead");
                    let cells = tree.nodes[child]
                        .children
                        .iter()
                        .copied()
                        .filter(|cell| matches!(tree.name(*cell), "td" | "th"));
                    rows.push((in_head, cells.collect()));
                }
                _ => {}
            }
        }
        parts.extend(caption);
        let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let layout = matches!(tree.attribute(node, "role"), Some("presentation" | "none"));
        if width <= 1
            || layout
            || rows.len() <= 1 && !rows.iter().any(|(_, cells)| cells.iter().any(|cell| tree.name(*cell) == "th"))
        {
            // A table that only places things.
            for cell in rows.into_iter().flat_map(|(_, cells)| cells) {
                parts.extend(self.blocks(cell, depth + 1));
            }
            return;
        }
        let mut filled: Vec<Vec<Vec<Run>>> = Vec::new();
        let mut spans: HashMap<(usize, usize), Vec<Run>> = HashMap::new();
        let (mut merged, mut repeated) = (false, false);
        for (row, (_, cells)) in rows.iter().enumerate() {
            let mut out: Vec<Vec<Run>> = Vec::new();
            for &cell in cells {
                while let Some(above) = spans.remove(&(row, out.len())) {
                    out.push(above);
                }
                let number = |name: &str| {
                    tree.attribute(cell, name).and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1).clamp(1, 100)
                };
                let inner = self.blocks(cell, depth + 1);
                let runs = cell_runs(inner);
                let (across, down) = (number("colspan"), number("rowspan"));
                for below in 1..down {
                    spans.insert((row + below, out.len()), runs.clone());
                    repeated = true;
                }
                out.push(runs);
                for _ in 1..across {
                    out.push(Vec::new());
                    merged = true;
                }
            }
            while let Some(above) = spans.remove(&(row, out.len())) {
                out.push(above);
            }
            filled.push(out);
        }
        if merged {
            self.lose(node, "cells that spanned several columns became one cell and empty ones", "");
        }
        if repeated {
            self.lose(node, "a cell that spanned several rows is repeated in each", "");
        }
        let width = filled.iter().map(Vec::len).max().unwrap_or(0);
        filled.iter_mut().for_each(|row| row.resize(width, Vec::new()));
        let is_head = |row: &(bool, Vec<NodeId>)| {
            row.0 || (!row.1.is_empty() && row.1.iter().all(|cell| tree.name(*cell) == "th"))
        };
        let any_head = rows.iter().any(|(_, cells)| cells.iter().any(|cell| tree.name(*cell) == "th"));
        let mut head = vec![Vec::new(); width];
        if rows.first().is_some_and(is_head) || !any_head {
            head = filled.remove(0).into_iter().map(unstyled).collect();
        }
        // Further rows of a head are rows here.
        filled.retain(|row| row.iter().any(|cell| !plain(cell).trim().is_empty()));
        parts.push(Part { place: self.line(node), kind: PartKind::Grid(Grid { head, rows: filled }) });
    }

    /// The words below an element, as one line.
    fn runs(&mut self, node: NodeId, depth: usize) -> Vec<Run> {
        let mut out = Vec::new();
        for child in self.tree.nodes[node].children.clone() {
            self.inline(child, &mut out, depth);
            if BLOCKS.contains(&self.tree.name(child)) {
                out.push(Run::Words(" ".into()));
            }
        }
        out
    }

    fn inline(&mut self, node: NodeId, out: &mut Vec<Run>, depth: usize) {
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

    fn link(&mut self, node: NodeId, out: &mut Vec<Run>, depth: usize) {
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
fn fragment(tree: &Tree, node: NodeId) -> Option<String> {
    let href = tree.attribute(node, "href").filter(|_| tree.name(node) == "a")?.trim();
    let id = href.strip_prefix('#').filter(|id| !id.is_empty())?;
    let id = percent_decoded(id);
    Some(id.strip_prefix("user-content-").unwrap_or(&id).to_string())
}

fn percent_decoded(text: &str) -> String {
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
fn unobfuscated(code: &str) -> String {
    let bytes: Option<Vec<u8>> =
        (0..code.len() / 2).map(|at| u8::from_str_radix(code.get(at * 2..at * 2 + 2)?, 16).ok()).collect();
    let Some((key, rest)) = bytes.as_deref().and_then(<[u8]>::split_first) else { return String::new() };
    String::from_utf8_lossy(&rest.iter().map(|byte| byte ^ key).collect::<Vec<u8>>()).into_owned()
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && id.starts_with(|c: char| c.is_alphabetic())
}

/// Adds words as a browser shows them: white space is one blank.
fn push(out: &mut Vec<Run>, words: &str) {
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
fn raw_text(tree: &Tree, node: NodeId) -> String {
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
fn paragraphs(runs: Vec<Run>) -> Vec<Vec<Run>> {
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

/// The words of a heading or of a table's head, which are bold anyway.
pub fn unstyled(runs: Vec<Run>) -> Vec<Run> {
    runs.into_iter()
        .flat_map(|run| match run {
            Run::Strong(inner) => unstyled(inner),
            Run::Break => vec![Run::Words(" ".into())],
            Run::Anchor(_) => Vec::new(),
            other => vec![other],
        })
        .collect()
}

/// Returns the content of a cell, on one line with breaks.
pub fn cell_runs(parts: Vec<Part>) -> Vec<Run> {
    let mut out = Vec::new();
    for part in parts {
        if !out.is_empty() {
            out.push(Run::Break);
        }
        match part.kind {
            PartKind::Paragraph(runs) => out.extend(runs),
            PartKind::Heading { words, .. } => out.push(Run::Strong(words)),
            PartKind::Itemized { start, items } => {
                for (index, item) in items.into_iter().enumerate() {
                    if index > 0 {
                        out.push(Run::Break);
                    }
                    out.push(Run::Words(match start {
                        Some(first) => format!("{}. ", first + index),
                        None => "• ".to_string(),
                    }));
                    out.extend(cell_runs(item));
                }
            }
            kind => {
                let words = plain_parts(&[Part { place: 0, kind }]);
                for (index, line) in words.lines().filter(|line| !line.trim().is_empty()).enumerate() {
                    if index > 0 {
                        out.push(Run::Break);
                    }
                    out.push(Run::Words(squeezed(line)));
                }
            }
        }
    }
    out
}

/// Puts the mark of a lettered list before its item's words.
pub fn mark(item: &mut [Part], label: &str) {
    if let Some(Part { kind: PartKind::Paragraph(runs) | PartKind::Heading { words: runs, .. }, .. }) = item.first_mut()
    {
        runs.insert(0, Run::Words(format!("{label} ")));
    }
}

/// `3` → "c." or "iii.", as the list's style says.
fn letters(number: usize, style: &str) -> String {
    let lower = style.starts_with('a') || style.starts_with('i') || style.contains("lower");
    let text = if style.to_ascii_lowercase().contains("roman") || style.eq_ignore_ascii_case("i") {
        roman(number)
    } else {
        alphabetic(number)
    };
    format!("{}.", if lower { text } else { text.to_uppercase() })
}

pub fn alphabetic(mut number: usize) -> String {
    let mut out = Vec::new();
    while number > 0 {
        out.push(b'a' + ((number - 1) % 26) as u8);
        number = (number - 1) / 26;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

pub fn roman(mut number: usize) -> String {
    let mut out = String::new();
    for (value, letters) in [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ] {
        while number >= value {
            out.push_str(letters);
            number -= value;
        }
    }
    out
}
