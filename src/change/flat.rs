//! A document as a row of leaves: headings, paragraphs, table rows, code. Containers become the path to a leaf.
//!
//! In: nothing; [`super::flatten`] fills it. Out: one text, the places of the leaves in it, the formatting of each stretch.
//! Two texts that differ only in lists, quotations and other containers have the same leaves, which is how a paragraph
//! that became a list is found. Must not know: the other document.

use super::token::{Fast, fold};
use std::borrow::Cow;
use std::hash::Hasher;
use std::ops::Range;

/// Represents content without words in the text: a reference to a note, an image without a description.
pub const ATOM: char = '\u{FFFC}';
/// Represents a line break inside a paragraph.
pub const BREAK: char = '\u{2028}';
/// Marks the absence of a wrapper, a container, a link.
pub const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    Heading(u8),
    Paragraph,
    /// The author's own title of an alert.
    Title,
    /// The term of a definition.
    Term,
    Code,
    Row {
        head: bool,
    },
    Rule,
}

impl LeafKind {
    /// Leaves of one class can continue each other. A paragraph may become a heading, never a table row.
    pub fn class(self) -> u8 {
        match self {
            LeafKind::Heading(_) | LeafKind::Paragraph | LeafKind::Title | LeafKind::Term => 0,
            LeafKind::Code => 1,
            LeafKind::Row { head: false } => 2,
            LeafKind::Row { head: true } => 3,
            LeafKind::Rule => 4,
        }
    }

    pub fn is_row(self) -> bool {
        matches!(self, LeafKind::Row { .. })
    }

    pub fn is_heading(self) -> bool {
        matches!(self, LeafKind::Heading(_))
    }
}

#[derive(Clone, Debug)]
pub struct Leaf<'a> {
    pub kind: LeafKind,
    pub container: u32,
    pub text: Range<usize>,
    /// Into [`Flat::parts`]: one for most leaves, one for each cell of a row.
    pub parts: Range<usize>,
    /// The number of a heading: "7." as typed or given.
    pub number: Option<String>,
    /// The list item that begins with this leaf, so that its number or bullet is shown before it.
    pub item: u32,
    /// Into [`Flat::sections`].
    pub section: u32,
    /// The id of a row in its register.
    pub row_id: Option<&'a str>,
}

#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub text: Range<usize>,
    pub pieces: Range<usize>,
    /// The opening tag of a cell of raw HTML, which may span columns and rows; empty for others.
    pub tag: &'a str,
}

/// A stretch of text with one formatting.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    pub text: Range<usize>,
    /// Innermost wrapper.
    pub wrap: u32,
    pub form: Form<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Form<'a> {
    Text,
    Code,
    Image { url: Cow<'a, str>, title: Cow<'a, str> },
    Note { note: usize },
}

#[derive(Clone, Debug)]
pub struct Wrap<'a> {
    pub parent: u32,
    pub style: Style<'a>,
}

/// Formatting that surrounds words.
#[derive(Clone, Debug, PartialEq)]
pub enum Style<'a> {
    Emphasis,
    Strong,
    Strike,
    Link { url: Cow<'a, str>, title: Cow<'a, str> },
    Element { open: &'a str, name: &'a str },
}

impl Style<'_> {
    /// True if the words inside are struck by the author: they do not count as said.
    pub fn strikes(&self) -> bool {
        matches!(self, Style::Strike | Style::Element { name: "del" | "s", .. })
    }
}

#[derive(Clone, Debug)]
pub struct Container<'a> {
    pub parent: u32,
    pub kind: ContainerKind<'a>,
    /// Equal for containers that nest in the same kinds of lists and quotations.
    pub shape: u64,
    /// The number of list items around what is inside.
    pub depth: u32,
    /// The number of quotations around what is inside.
    pub quotes: u32,
}

#[derive(Clone, Copy, Debug)]
pub enum ContainerKind<'a> {
    List {
        /// The first number of an ordered list.
        start: Option<usize>,
        numbering: Numbering,
    },
    Item {
        /// In an ordered list.
        number: Option<usize>,
        numbering: Numbering,
        /// The box of a task: ticked or not.
        task: Option<bool>,
        tight: bool,
    },
    Quote,
    Alert {
        kind: &'static str,
        titled: bool,
    },
    Summary,
    Element {
        open: &'a str,
        name: &'a str,
    },
    Definitions,
    Details {
        single: bool,
    },
    /// The leaves of its rows.
    Table {
        first: usize,
        end: usize,
    },
    Notes,
    Note {
        note: usize,
        label: &'a str,
        single: bool,
    },
}

/// How an ordered list counts, as `type` of an `<ol>` says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    #[default]
    Decimal,
    LowerLetters,
    UpperLetters,
    LowerRoman,
    UpperRoman,
}

/// A heading and what follows it up to the next heading of any level; the first has no heading.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    pub leaves: Range<usize>,
    pub heading: Option<&'a crate::markdown::Heading>,
}

#[derive(Debug, Default)]
pub struct Flat<'a> {
    pub text: String,
    pub leaves: Vec<Leaf<'a>>,
    pub parts: Vec<Part<'a>>,
    pub pieces: Vec<Piece<'a>>,
    pub wraps: Vec<Wrap<'a>>,
    pub containers: Vec<Container<'a>>,
    pub sections: Vec<Section<'a>>,
    /// Bytes of the text that the author struck, in order, apart from each other.
    pub struck: Vec<Range<usize>>,
    /// By leaf: its words as they are compared.
    pub comparable: Vec<Comparable>,
}

/// The words of a leaf as they are compared with another's.
#[derive(Debug)]
pub struct Comparable {
    /// Equal for equal words in leaves of one class.
    pub number: u64,
    /// None if they are the words as they stand.
    pub folded: Option<Box<str>>,
}

impl<'a> Flat<'a> {
    /// The wrappers around a piece, outermost first.
    pub fn chain(&self, wrap: u32) -> Vec<u32> {
        let mut chain = Vec::new();
        self.push_chain(wrap, &mut chain);
        chain
    }

    pub fn push_chain(&self, mut wrap: u32, chain: &mut Vec<u32>) {
        let from = chain.len();
        while wrap != NONE {
            chain.push(wrap);
            wrap = self.wraps[wrap as usize].parent;
        }
        chain[from..].reverse();
    }

    /// The containers around a leaf, outermost first.
    pub fn path(&self, container: u32) -> Vec<u32> {
        let mut path: Vec<u32> = self.ancestors(container).collect();
        path.reverse();
        path
    }

    /// A container and those around it, innermost first.
    pub fn ancestors(&self, container: u32) -> impl Iterator<Item = u32> {
        let up = |at: u32| Some(at).filter(|at| *at != NONE);
        std::iter::successors(up(container), move |at| up(self.containers[*at as usize].parent))
    }

    /// The author's label of the note that a leaf is in; a number is not a label.
    pub fn note_label(&self, leaf: usize) -> Option<&'a str> {
        self.ancestors(self.leaves[leaf].container)
            .find_map(|at| match self.containers[at as usize].kind {
                ContainerKind::Note { label, .. } => Some(label),
                _ => None,
            })
            .filter(|label| !label.bytes().all(|byte| byte.is_ascii_digit()))
    }

    pub fn leaf_text(&self, leaf: usize) -> &str {
        &self.text[self.leaves[leaf].text.clone()]
    }

    /// The words of a leaf as they are compared: blanks, quotation marks and accents make no difference, and a stroke
    /// through some of them makes other words.
    pub fn comparable(&self, leaf: usize) -> &str {
        self.comparable[leaf].folded.as_deref().unwrap_or_else(|| self.leaf_text(leaf))
    }

    pub(super) fn number_leaves(&mut self) {
        self.comparable = (0..self.leaves.len())
            .map(|leaf| {
                let (words, mut hasher) = (self.folded(leaf), Fast::default());
                hasher.write_u8(self.leaves[leaf].kind.class());
                hasher.write(words.as_bytes());
                let folded = match words {
                    Cow::Borrowed(words) if words.len() == self.leaf_text(leaf).len() => None,
                    words => Some(words.into_owned().into_boxed_str()),
                };
                Comparable { number: hasher.finish(), folded }
            })
            .collect();
    }

    fn folded(&self, leaf: usize) -> Cow<'_, str> {
        let text = self.leaves[leaf].text.clone();
        let mut struck = self.struck_in(&text).peekable();
        if struck.peek().is_none() {
            return fold(&self.text[text]);
        }
        let mut out = String::new();
        let mut at = text.start;
        for stretch in struck {
            out.push_str(&fold(&self.text[at..stretch.start]));
            out.push('\u{336}');
            out.push_str(&fold(&self.text[stretch.clone()]));
            out.push('\u{336}');
            at = stretch.end;
        }
        out.push_str(&fold(&self.text[at..text.end]));
        Cow::Owned(out)
    }

    /// The stretches of a range of the text that the author struck.
    pub fn struck_in(&self, range: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'_, 'a> {
        let first = self.struck.partition_point(|struck| struck.end <= range.start);
        let (start, end) = (range.start, range.end);
        self.struck[first..]
            .iter()
            .take_while(move |struck| struck.start < end)
            .map(move |struck| struck.start.max(start)..struck.end.min(end))
    }
}

/// Narrows an index: the parser refuses texts that come near 4 GB.
pub fn index(at: usize) -> u32 {
    at as u32
}

/// Returns the end of the tag that starts at `at`; quotes may hide a `>`.
pub fn tag_end(html: &str, at: usize) -> usize {
    let mut quote = 0;
    for (offset, byte) in html.as_bytes()[at..].iter().enumerate() {
        match byte {
            b'"' | b'\'' if quote == 0 => quote = *byte,
            byte if quote == *byte => quote = 0,
            b'>' if quote == 0 => return at + offset + 1,
            _ => {}
        }
    }
    html.len()
}
