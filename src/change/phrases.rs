//! The words of the list of changes in some language, and in English.
//!
//! In: counts, titles. Out: words. Must not know: redlines, themes.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Insertions,
    Deletions,
    /// Blocks that came from other sections, that went to others.
    MovedIn,
    MovedOut,
    /// Blocks, and rows, in another order.
    MovedWithin,
    RowsMoved,
    Split,
    Merged,
    /// List items at another level, or with a number instead of a bullet.
    Levels,
    /// List items with another number.
    Numbers,
    /// Boxes of tasks.
    Boxes,
    /// Blocks that became quotations, notes or tables, or are such no more.
    Frames,
    /// Tables whose columns changed places.
    Columns,
    Links,
    Formatting,
}

/// Words of the list, in some language.
pub trait Phrases {
    fn section(&self, number: Option<&str>, title: &str) -> String;
    /// Name of the part before the first heading.
    fn opening(&self) -> String;
    fn added(&self, words: usize) -> String;
    fn removed(&self, words: usize) -> String;
    /// The title alone is new, or gone.
    fn title_added(&self) -> String;
    fn title_removed(&self) -> String;
    fn moved(&self) -> String;
    fn renumbered(&self, was: &str) -> String;
    /// Sections that changed in nothing else: their numbers, each with the former one in brackets.
    fn only_renumbered(&self, numbers: &[String]) -> String;
    /// How many sections changed in nothing but formatting.
    fn only_formatted(&self, sections: usize) -> String;
    fn retitled(&self, was: &str) -> String;
    fn count(&self, what: Count, count: usize) -> String;
    fn join(&self, parts: &[String]) -> String;
}

pub struct English;

impl Phrases for English {
    fn section(&self, number: Option<&str>, title: &str) -> String {
        match number {
            Some(number) if number.starts_with(|letter: char| letter.is_ascii_digit()) => {
                format!("Section {number}, “{title}”")
            }
            Some(number) => format!("{number} “{title}”"),
            None => format!("“{title}”"),
        }
    }

    fn opening(&self) -> String {
        "Opening".into()
    }

    fn added(&self, words: usize) -> String {
        format!("new ({})", plural(words, "word", "words"))
    }

    fn removed(&self, words: usize) -> String {
        format!("removed ({})", plural(words, "word", "words"))
    }

    fn title_added(&self) -> String {
        "new title".into()
    }

    fn title_removed(&self) -> String {
        "title removed".into()
    }

    fn moved(&self) -> String {
        "moved".into()
    }

    fn renumbered(&self, was: &str) -> String {
        format!("formerly number {was}")
    }

    fn only_renumbered(&self, numbers: &[String]) -> String {
        format!("Only numbers changed, the former ones in brackets: {}", numbers.join(", "))
    }

    fn only_formatted(&self, sections: usize) -> String {
        format!("Only formatting changed in {}", plural(sections, "section", "sections"))
    }

    fn retitled(&self, was: &str) -> String {
        format!("formerly titled “{was}”")
    }

    fn count(&self, what: Count, count: usize) -> String {
        let (one, many) = match what {
            Count::Insertions => ("insertion", "insertions"),
            Count::Deletions => ("deletion", "deletions"),
            Count::MovedIn => ("block moved here", "blocks moved here"),
            Count::MovedOut => ("block moved elsewhere", "blocks moved elsewhere"),
            Count::MovedWithin => ("block moved within the section", "blocks moved within the section"),
            Count::RowsMoved => ("row moved within the table", "rows moved within the table"),
            Count::Split => ("paragraph split", "paragraphs split"),
            Count::Merged => ("group of paragraphs merged", "groups of paragraphs merged"),
            Count::Levels => ("block changed its list level or bullet", "blocks changed their list level or bullet"),
            Count::Numbers => ("list item renumbered", "list items renumbered"),
            Count::Boxes => ("box ticked or cleared", "boxes ticked or cleared"),
            Count::Frames => ("block set apart differently", "blocks set apart differently"),
            Count::Columns => ("table with columns in another order", "tables with columns in another order"),
            Count::Links => ("link leads elsewhere", "links lead elsewhere"),
            Count::Formatting => ("block reformatted", "blocks reformatted"),
        };
        plural(count, one, many)
    }

    fn join(&self, parts: &[String]) -> String {
        parts.join(", ")
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
