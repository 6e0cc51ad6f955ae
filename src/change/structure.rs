//! Changes of structure that carry meaning: the level of a list item, bullets and numbers, boxes, quotations, columns.
//!
//! In: two leaves that belong together. Out: what differs in where they are. Must not know: words, order.

use super::flat::{ContainerKind, Flat, LeafKind, NONE, Numbering};
use super::{Entry, Redline, Side};

/// Changes around a leaf whose words may be unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Structure {
    /// The list item is at another level, or the paragraph came into a list or left one.
    pub level: bool,
    /// A bullet became a number, a number a letter.
    pub list: bool,
    /// The number of a list item.
    pub number: bool,
    /// The box of a task.
    pub task: bool,
    /// A paragraph became a quotation, or the reverse.
    pub quotation: bool,
    /// The kind of a note, a summary, a definition around the leaf.
    pub frame: bool,
    /// The columns of the table changed places.
    pub columns: bool,
}

impl Structure {
    pub fn any(self) -> bool {
        self != Structure::default()
    }
}

/// Where a leaf is: its lists and quotations, and the item that begins with it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    pub depth: u32,
    pub quotes: u32,
    pub item: Option<ItemLabel>,
    shape: u64,
}

/// Text that is shown before a list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemLabel {
    pub number: Option<usize>,
    pub numbering: Numbering,
    pub task: Option<bool>,
}

impl ItemLabel {
    /// "3.", "c.", "iii."; none for a bullet.
    pub fn typed(&self) -> Option<String> {
        self.number.map(|number| format!("{}.", self.numbering.label(number)))
    }
}

impl Flat<'_> {
    pub fn place(&self, leaf: usize) -> Place {
        let leaf = &self.leaves[leaf];
        let item = match self.containers.get(leaf.item as usize).map(|container| container.kind) {
            Some(ContainerKind::Item { number, numbering, task, .. }) => Some(ItemLabel { number, numbering, task }),
            _ => None,
        };
        match self.containers.get(leaf.container as usize) {
            Some(around) => Place { depth: around.depth, quotes: around.quotes, item, shape: around.shape },
            None => Place::default(),
        }
    }
}

pub fn compare(old: &Flat, new: &Flat, a: usize, b: usize) -> Structure {
    let mut out = Structure::default();
    let kinds = (old.leaves[a].kind, new.leaves[b].kind);
    if kinds.0 == LeafKind::Rule {
        return out;
    }
    // Words that became a row, or code.
    out.frame = kinds.0.class() != kinds.1.class() && !(kinds.0.is_row() && kinds.1.is_row());
    if old.leaves[a].container == NONE && new.leaves[b].container == NONE {
        return out;
    }
    // The rows of a table are where their table is: its first row tells for all.
    if let Some(ContainerKind::Table { first, .. }) = new.kind_around(b)
        && first != b
    {
        return out;
    }
    let (was, is) = (old.place(a), new.place(b));
    out.level = was.depth != is.depth || is.depth > 0 && was.item.is_some() != is.item.is_some();
    if let (Some(was), Some(is)) = (was.item, is.item) {
        out.list = was.number.is_some() != is.number.is_some() || was.numbering != is.numbering;
        out.number = !out.list && !out.level && was.number != is.number;
        out.task = was.task != is.task;
    }
    out.quotation = was.quotes != is.quotes;
    let nests = !out.level && !out.quotation && !out.list && around(old, a) == around(new, b);
    out.frame |= nests && was.shape != is.shape;
    out
}

/// True if both sides agree on whether the item of the list is ordered: a continuation of an item tells of the item's kind.
fn around(flat: &Flat, leaf: usize) -> Vec<bool> {
    flat.ancestors(flat.leaves[leaf].container)
        .filter_map(|at| match flat.containers[at as usize].kind {
            ContainerKind::Item { number, .. } => Some(number.is_some()),
            _ => None,
        })
        .collect()
}

impl<'a> Flat<'a> {
    pub fn kind_around(&self, leaf: usize) -> Option<ContainerKind<'a>> {
        self.containers.get(self.leaves[leaf].container as usize).map(|container| container.kind)
    }
}

impl Redline<'_> {
    /// Where the leaf of an entry was, and where it is.
    pub fn places(&self, entry: &Entry) -> (Place, Place) {
        (self.flat(Side::Old).place(entry.old.start), self.flat(Side::New).place(entry.new.start))
    }
}

/// Something to say about the structure of an entry: what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StructureNote {
    /// At this level of a list; 0 for outside of any list.
    Level(u32),
    /// A paragraph of the item before.
    Continued,
    /// An item of its own.
    Item,
    Bullet,
    /// The number as it was shown.
    Number(String),
    /// The box of a task: ticked, not ticked, none.
    Task(Option<bool>),
    Quoted,
    NotQuoted,
    Frame,
    Columns,
}

impl Redline<'_> {
    /// Returns the notes on the structure of an entry, none where an earlier entry tells for it.
    pub fn structure_notes(&self, entry: &Entry) -> Vec<StructureNote> {
        let structure = entry.structure;
        let mut out = Vec::new();
        if !structure.any() || entry.old.is_empty() || entry.new.is_empty() {
            return out;
        }
        let (was, is) = self.places(entry);
        if structure.level {
            out.push(match (was.depth == is.depth, was.item.is_some()) {
                (false, _) => StructureNote::Level(was.depth),
                (true, true) => StructureNote::Item,
                (true, false) => StructureNote::Continued,
            });
        }
        if structure.list || structure.number {
            let label = was.item.and_then(|item| item.typed());
            out.push(label.map_or(StructureNote::Bullet, StructureNote::Number));
        }
        if structure.task {
            out.push(StructureNote::Task(was.item.and_then(|item| item.task)));
        }
        if structure.quotation {
            out.push(if was.quotes > is.quotes { StructureNote::Quoted } else { StructureNote::NotQuoted });
        }
        if structure.frame {
            out.push(StructureNote::Frame);
        }
        if structure.columns {
            out.push(StructureNote::Columns);
        }
        out
    }
}

impl Numbering {
    /// A number of a list as it is shown.
    pub fn label(self, number: usize) -> String {
        match self {
            Numbering::Decimal => number.to_string(),
            Numbering::LowerLetters => letters(number),
            Numbering::UpperLetters => letters(number).to_uppercase(),
            Numbering::LowerRoman => roman(number),
            Numbering::UpperRoman => roman(number).to_uppercase(),
        }
    }

    /// The `type` of an `<ol>`; none for the usual numbers.
    pub fn html(self) -> Option<&'static str> {
        match self {
            Numbering::Decimal => None,
            Numbering::LowerLetters => Some("a"),
            Numbering::UpperLetters => Some("A"),
            Numbering::LowerRoman => Some("i"),
            Numbering::UpperRoman => Some("I"),
        }
    }
}

/// a, b … z, aa, ab …
fn letters(mut number: usize) -> String {
    let mut out = Vec::new();
    if number == 0 {
        return "0".into();
    }
    while number > 0 {
        number -= 1;
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    out.iter().rev().collect()
}

fn roman(mut number: usize) -> String {
    const SIGNS: &[(usize, &str)] = &[
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
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= *value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_lists_as_they_are_shown() {
        let all = |numbering: Numbering| [1, 4, 27].map(|number| numbering.label(number));
        assert_eq!(all(Numbering::Decimal), ["1", "4", "27"]);
        assert_eq!(all(Numbering::LowerLetters), ["a", "d", "aa"]);
        assert_eq!(all(Numbering::UpperRoman), ["I", "IV", "XXVII"]);
    }
}
