//! Which part of a saved page is the document.
//!
//! In: a tree. Out: the element that holds the document, and the elements that are left out, each with the reason.
//! Must not know: how what is kept becomes a manuscript.

use super::tree::{Data, NodeId, Tree};
use crate::import::model::Loss;
use std::collections::HashSet;

/// The document within its page.
pub struct Content {
    pub root: NodeId,
    pub left_out: HashSet<NodeId>,
    pub losses: Vec<Loss>,
}

/// Elements that hold no words of a document.
const SILENT: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "audio", "video", "canvas", "head",
    "link", "meta", "datalist",
];
/// No page nests what is around its document deeper; looking further would take long on a page that was made to be slow.
const MAX_DEPTH: usize = 60;
/// Words in ids and classes by which authors name the parts around a document.
const AROUND: &[(&str, &str)] = &[
    (
        "navigation",
        "nav navbar navigation topnav sidenav menu topbar breadcrumb breadcrumbs crumbs sidebar pagination pager toolbar skiplink skiplinks",
    ),
    ("footer", "footer sitefooter pagefooter colophon"),
    (
        "cookie banner",
        "cookiebanner cookieconsent cookiebar onetrust cybotcookiebotdialog cookiepopup consentbanner gdprbanner",
    ),
    ("advertising or sharing", "sharebuttons sharelinks socialshare sociallinks socialicons newslettersignup addtoany"),
    ("dialog", "modal lightbox"),
];

pub fn find(tree: &Tree) -> Content {
    let body = tree.below(0).into_iter().find(|node| tree.name(*node) == "body").unwrap_or(0);
    let mut content = Content { root: body, left_out: HashSet::new(), losses: Vec::new() };
    let total = words(tree, body, &content.left_out).max(1);
    let marked = main_element(tree, body, total);
    content.root = marked.unwrap_or(body);
    if marked.is_some() {
        content.report_outside(tree, body);
    }
    content.prune(tree, total);
    content
}

/// The element that the page itself marks as its content.
fn main_element(tree: &Tree, body: NodeId, total: usize) -> Option<NodeId> {
    let all = tree.below(body);
    let role = |node: &NodeId| tree.attribute(*node, "role") == Some("main");
    let shown = |node: &NodeId| hidden(tree, *node).is_none();
    for test in [
        &(|node: &NodeId| tree.name(*node) == "main" || role(node)) as &dyn Fn(&NodeId) -> bool,
        &|node: &NodeId| tree.name(*node) == "article",
        &|node: &NodeId| tree.attribute(*node, "data-custom-class") == Some("body"),
    ] {
        let found: Vec<NodeId> = all.iter().copied().filter(|node| test(node) && shown(node)).collect();
        if let [only] = found[..]
            && words(tree, only, &HashSet::new()) * 5 >= total * 2
        {
            return Some(only);
        }
    }
    None
}

/// Words in the text below a node.
fn words(tree: &Tree, node: NodeId, left_out: &HashSet<NodeId>) -> usize {
    text(tree, node, left_out).split_whitespace().count()
}

/// The text below a node, with a blank between any two pieces.
pub fn text(tree: &Tree, node: NodeId, left_out: &HashSet<NodeId>) -> String {
    let mut out = String::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if left_out.contains(&node) || SILENT.contains(&tree.name(node)) {
            continue;
        }
        if let Data::Text(words) = &tree.nodes[node].data {
            out.push_str(words);
            out.push(' ');
        }
        stack.extend(tree.nodes[node].children.iter().rev());
    }
    out
}

/// Why a reader does not see an element, if so.
fn hidden(tree: &Tree, node: NodeId) -> Option<&'static str> {
    let style = tree.attribute(node, "style").unwrap_or("").to_ascii_lowercase().replace(' ', "");
    let class = tree.attribute(node, "class").unwrap_or("");
    let classes = || class.split_whitespace();
    (tree.attribute(node, "hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || classes().any(|class| matches!(class, "sr-only" | "visually-hidden" | "screen-reader-text")))
    .then_some("hidden words were left out")
}

impl Content {
    /// Says what stands outside the main element.
    fn report_outside(&mut self, tree: &Tree, body: NodeId) {
        let root = self.root;
        let mut stack = vec![body];
        while let Some(node) = stack.pop() {
            if node == root || SILENT.contains(&tree.name(node)) {
                continue;
            }
            let around = node == body || tree.has_ancestor(root, |above| above == node);
            if around {
                stack.extend(tree.nodes[node].children.iter().rev());
                continue;
            }
            self.leave_out(tree, node, "text outside the page's main content was left out");
        }
    }

    fn leave_out(&mut self, tree: &Tree, node: NodeId, what: &str) {
        let words = text(tree, node, &self.left_out);
        let count = words.split_whitespace().count();
        if count > 0 {
            let what = if count == 1 { what.to_string() } else { format!("{what} ({count} words)") };
            self.losses.push(Loss::new(tree.nodes[node].line, what, &words));
        }
        self.left_out.insert(node);
    }

    /// Leaves out what is not the document within the content.
    fn prune(&mut self, tree: &Tree, total: usize) {
        let mut stack = vec![(self.root, 0usize)];
        let only_chrome_has_title = !tree.below(self.root).iter().any(|node| tree.name(*node) == "h1");
        while let Some((node, depth)) = stack.pop() {
            if node != self.root {
                if SILENT.contains(&tree.name(node)) {
                    self.left_out.insert(node);
                    continue;
                }
                if depth < MAX_DEPTH
                    && let Some(what) = self.reason(tree, node, total, only_chrome_has_title)
                {
                    self.leave_out(tree, node, &what);
                    continue;
                }
            }
            stack.extend(tree.nodes[node].children.iter().rev().map(|child| (*child, depth + 1)));
        }
    }

    fn reason(&self, tree: &Tree, node: NodeId, total: usize, headless: bool) -> Option<String> {
        if !matches!(tree.nodes[node].data, Data::Element { .. }) {
            return None;
        }
        if let Some(what) = hidden(tree, node) {
            return Some(what.into());
        }
        let name = tree.name(node);
        let role = tree.attribute(node, "role").unwrap_or("");
        let below = tree.below(node);
        let has = |names: &[&str]| below.iter().any(|node| names.contains(&tree.name(*node)));
        let left_out = |what: &str| Some(format!("the {what} was left out"));
        let inside_title = tree.has_ancestor(node, |above| {
            matches!(tree.name(above), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "dt")
        });
        let holds_title = has(&["h1"]) || (headless && has(&["h2"]));
        match (name, role) {
            ("nav", _) | (_, "navigation" | "search" | "menubar" | "toolbar") => return left_out("navigation"),
            ("header", _) | (_, "banner")
                if !holds_title
                    && !tree
                        .has_ancestor(node, |above| tree.name(above) == "article" || tree.name(above) == "main") =>
            {
                return left_out("page header");
            }
            ("footer", _) | (_, "contentinfo") => return left_out("footer"),
            ("aside", _) | (_, "complementary") if !has(&["h2"]) => return left_out("side note"),
            ("dialog", _) | (_, "dialog" | "alertdialog") => return left_out("dialog"),
            ("button" | "input" | "select" | "textarea" | "label" | "option" | "form", _) if !inside_title => {
                // A form around the whole page is the way of some servers.
                let share = words(tree, node, &self.left_out) * 3;
                if name != "form" || share < total {
                    return left_out("form or button");
                }
            }
            _ => {}
        }
        let names = |attribute: &str| {
            let value = tree.attribute(node, attribute).unwrap_or("").to_ascii_lowercase();
            value
                .split(|c: char| c.is_whitespace())
                .flat_map(|name| {
                    let whole = name.replace(['-', '_'], "");
                    name.split(['-', '_']).map(str::to_string).chain([whole]).collect::<Vec<_>>()
                })
                .collect::<Vec<String>>()
        };
        if !matches!(name, "div" | "section" | "ul" | "ol" | "p" | "aside" | "form") || inside_title {
            return None;
        }
        let has_heading = has(&["h1", "h2", "h3", "h4"]);
        let own: Vec<String> = names("class").into_iter().chain(names("id")).collect();
        for (what, marks) in AROUND {
            let named = marks.split(' ').any(|mark| own.iter().any(|name| name == mark));
            let banner = *what == "cookie banner"
                && own.iter().any(|name| name.contains("cookie") || name.contains("consent"))
                && own
                    .iter()
                    .any(|name| matches!(name.as_str(), "banner" | "bar" | "popup" | "overlay" | "dialog" | "window"));
            if !(named || banner) || holds_title || (has_heading && *what != "cookie banner") {
                continue;
            }
            // A policy may be about what its container is named for.
            let count = words(tree, node, &self.left_out);
            let linked = below
                .iter()
                .filter(|node| tree.name(**node) == "a")
                .map(|node| words(tree, *node, &self.left_out))
                .sum::<usize>();
            if count * 4 < total && (count < 40 || linked * 2 > count || banner || *what == "footer") {
                return left_out(what);
            }
        }
        // A list of links that lead elsewhere, and nothing but links.
        if matches!(name, "ul" | "ol" | "div" | "section") {
            let links: Vec<NodeId> = below.iter().copied().filter(|node| tree.name(*node) == "a").collect();
            let elsewhere = |node: &NodeId| tree.attribute(*node, "href").is_some_and(|href| href.starts_with('/'));
            let count = words(tree, node, &self.left_out);
            let linked: usize = links.iter().map(|node| words(tree, *node, &self.left_out)).sum();
            if links.len() >= 3 && links.iter().all(elsewhere) && linked == count && count < 60 {
                return left_out("list of links to other pages of the site");
            }
        }
        None
    }
}
