//! The text of a page → a tree of its elements, as a browser builds it.
//!
//! In: HTML, however broken. Out: nodes in one vector, each with the line on which it begins. Must not know: what elements
//! mean. The parser is the one that browsers' rules are written for; only the tree is ours, flat, so that nothing recurses.

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

pub type NodeId = usize;

#[derive(Debug)]
pub struct Node {
    pub parent: Option<NodeId>,
    pub children: Vec<NodeId>,
    pub line: usize,
    pub data: Data,
}

#[derive(Debug)]
pub enum Data {
    Document,
    Element { name: QualName, attributes: Vec<(String, String)> },
    Text(String),
    Comment(String),
}

/// A page; node 0 is the document.
#[derive(Debug)]
pub struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    pub fn parse(html: &str) -> Tree {
        let sink = Sink { nodes: RefCell::default(), line: Cell::new(1) };
        sink.add(Data::Document);
        parse_document(sink, ParseOpts::default()).one(html)
    }

    /// The element's name in lower case; empty for text and the like.
    pub fn name(&self, node: NodeId) -> &str {
        match &self.nodes[node].data {
            Data::Element { name, .. } => &name.local,
            _ => "",
        }
    }

    pub fn attribute(&self, node: NodeId, wanted: &str) -> Option<&str> {
        match &self.nodes[node].data {
            Data::Element { attributes, .. } => {
                attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
            }
            _ => None,
        }
    }

    /// Every node below this one and itself, in the order of the page.
    pub fn below(&self, node: NodeId) -> Vec<NodeId> {
        let mut out = Vec::new();
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            out.push(node);
            stack.extend(self.nodes[node].children.iter().rev());
        }
        out
    }

    pub fn has_ancestor(&self, node: NodeId, test: impl Fn(NodeId) -> bool) -> bool {
        let mut at = self.nodes[node].parent;
        while let Some(above) = at {
            if test(above) {
                return true;
            }
            at = self.nodes[above].parent;
        }
        false
    }
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    line: Cell<usize>,
}

impl Sink {
    fn add(&self, data: Data) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), line: self.line.get(), data });
        nodes.len() - 1
    }

    /// Puts a node, or text that joins the text before it, at a place among the children.
    fn insert(&self, parent: NodeId, at: usize, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(node) => {
                self.detach(node);
                let mut nodes = self.nodes.borrow_mut();
                let at = at.min(nodes[parent].children.len());
                nodes[parent].children.insert(at, node);
                nodes[node].parent = Some(parent);
            }
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|at| self.nodes.borrow()[parent].children.get(at).copied());
                if let Some(before) = before
                    && let Data::Text(words) = &mut self.nodes.borrow_mut()[before].data
                {
                    words.push_str(&text);
                    return;
                }
                let node = self.add(Data::Text(text.to_string()));
                let mut nodes = self.nodes.borrow_mut();
                nodes[parent].children.insert(at, node);
                nodes[node].parent = Some(parent);
            }
        }
    }

    fn detach(&self, node: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            nodes[parent].children.retain(|child| *child != node);
        }
    }

    fn count(&self, parent: NodeId) -> usize {
        self.nodes.borrow()[parent].children.len()
    }
}

/// The name of an element while the tree is being built.
#[derive(Debug)]
struct Name<'t>(Ref<'t, QualName>);

impl html5ever::interface::ElemName for Name<'_> {
    fn ns(&self) -> &html5ever::Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &html5ever::LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'t> = Name<'t>;

    fn finish(self) -> Tree {
        Tree { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        0
    }

    fn elem_name<'t>(&'t self, target: &'t NodeId) -> Name<'t> {
        Name(Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target].data {
            Data::Element { name, .. } => name,
            _ => unreachable!("the parser asks for names of elements only"),
        }))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> NodeId {
        let attributes = attributes
            .into_iter()
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
            .collect();
        self.add(Data::Element { name, attributes })
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.add(Data::Comment(text.to_string()))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(Data::Comment(String::new()))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, self.count(*parent), child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The content of a template is not shown, so its place does not matter.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let Some(parent) = self.nodes.borrow()[*sibling].parent else { return };
        if let NodeOrText::AppendNode(node) = &child {
            self.detach(*node);
        }
        let at = self.nodes.borrow()[parent].children.iter().position(|child| child == sibling);
        self.insert(parent, at.unwrap_or(0), child);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, new: Vec<Attribute>) {
        if let Data::Element { attributes, .. } = &mut self.nodes.borrow_mut()[*target].data {
            for attribute in new {
                let name = attribute.name.local.to_string();
                if !attributes.iter().any(|(known, _)| *known == name) {
                    attributes.push((name, attribute.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[*node].children);
        for child in children {
            self.nodes.borrow_mut()[child].parent = None;
            self.append(new_parent, NodeOrText::AppendNode(child));
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(usize::try_from(line).unwrap_or(usize::MAX));
    }
}
