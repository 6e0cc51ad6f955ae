//! The words of comparisons, change lists and key changes in a language, from the theme's strings.
//!
//! In: a theme and a language. Out: the phrases that [`crate::change`] asks for. Must not know: what changed.

use crate::change::html;
use crate::change::phrases::{self, Count};
use crate::change::structure::StructureNote;
use crate::promise::facts::FactPhrases;
use crate::theme::Theme;
use crate::words::{self, Language};

/// The phrases of one language.
#[derive(Clone, Copy)]
pub struct Phrases<'t> {
    theme: &'t Theme,
    language: &'t Language,
}

impl<'t> Phrases<'t> {
    pub fn new(theme: &'t Theme, language: &'t Language) -> Phrases<'t> {
        Phrases { theme, language }
    }

    /// A theme is refused when it is loaded if one of its strings asks for other placeholders than ours; what is missing
    /// comes from the theme inside the program.
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.theme.text(self.language.tag(), key, args).unwrap_or_else(|error| error.message)
    }

    fn count(&self, key: &str, n: usize) -> String {
        self.say(key, &[("n", &n.to_string())])
    }

    fn list(&self, items: &[String]) -> String {
        words::list(self.language, items)
    }

    /// A label inside a sentence.
    fn label(&self, label: &str) -> String {
        words::inside(self.language, label)
    }

    /// Lets `show` write HTML with the words of this language.
    pub fn html<T>(&self, show: impl FnOnce(&html::Words) -> T) -> T {
        let say = |key: &str| self.say(key, &[]);
        let unchanged = |n: usize| self.count("redline-unchanged", n);
        let alert = |kind: &str| self.say(&format!("alert-{kind}"), &[]);
        let structure = |note: &StructureNote| match note {
            StructureNote::Level(0) => say("redline-was-outside"),
            StructureNote::Level(level) => self.say("redline-was-level", &[("level", &level.to_string())]),
            StructureNote::Continued => say("redline-was-continued"),
            StructureNote::Item => say("redline-was-item"),
            StructureNote::Bullet => say("redline-was-bullet"),
            StructureNote::Number(number) => self.say("redline-was-number", &[("number", number)]),
            StructureNote::Task(Some(true)) => say("redline-was-ticked"),
            StructureNote::Task(Some(false)) => say("redline-was-cleared"),
            StructureNote::Task(None) => say("redline-had-no-box"),
            StructureNote::Quoted => say("redline-was-quoted"),
            StructureNote::NotQuoted => say("redline-was-not-quoted"),
            StructureNote::Frame => say("redline-was-framed"),
            StructureNote::Columns => say("redline-columns-moved"),
        };
        show(&html::Words {
            structure: &structure,
            added: say("redline-added"),
            added_end: say("redline-added-end"),
            removed: say("redline-removed"),
            removed_end: say("redline-removed-end"),
            split: say("redline-split"),
            merged: say("redline-merged"),
            away: say("redline-moved-from"),
            here: say("redline-moved-to"),
            here_after: say("redline-moved-after"),
            here_within: say("redline-moved-within"),
            beginning: say("redline-beginning"),
            formerly: say("redline-formerly"),
            formatted: say("redline-formatted"),
            link_was: say("redline-link-was"),
            unchanged: &unchanged,
            footnotes: say("footnotes"),
            summary: say("summary"),
            table: say("table"),
            alert: &alert,
            task_done: say("task-done"),
            task_open: say("task-open"),
        })
    }
}

impl phrases::Phrases for Phrases<'_> {
    fn section(&self, number: Option<&str>, title: &str) -> String {
        let title = &words::isolated(self.language, title);
        match number {
            Some(number) if number.starts_with(|letter: char| letter.is_ascii_digit()) => {
                self.say("outline-section-number", &[("number", number), ("title", title)])
            }
            Some(number) => format!("{number} {}", self.say("outline-section", &[("title", title)])),
            None => self.say("outline-section", &[("title", title)]),
        }
    }

    fn opening(&self) -> String {
        self.say("outline-opening", &[])
    }

    fn added(&self, words: usize) -> String {
        self.count("outline-added", words)
    }

    fn removed(&self, words: usize) -> String {
        self.count("outline-removed", words)
    }

    fn title_added(&self) -> String {
        self.say("outline-title-added", &[])
    }

    fn title_removed(&self) -> String {
        self.say("outline-title-removed", &[])
    }

    fn moved(&self) -> String {
        self.say("outline-moved", &[])
    }

    fn renumbered(&self, was: &str) -> String {
        self.say("outline-renumbered", &[("was", was)])
    }

    fn only_renumbered(&self, numbers: &[String]) -> String {
        self.say("outline-only-renumbered", &[("numbers", &numbers.join(&self.say("outline-comma", &[])))])
    }

    fn only_formatted(&self, sections: usize) -> String {
        self.count("outline-only-formatted", sections)
    }

    fn retitled(&self, was: &str) -> String {
        self.say("outline-retitled", &[("was", &words::isolated(self.language, was))])
    }

    fn count(&self, what: Count, count: usize) -> String {
        let key = match what {
            Count::Insertions => "outline-insertions",
            Count::Deletions => "outline-deletions",
            Count::MovedIn => "outline-blocks-moved",
            Count::MovedOut => "outline-blocks-moved-out",
            Count::MovedWithin => "outline-blocks-reordered",
            Count::RowsMoved => "outline-rows-reordered",
            Count::Split => "outline-split",
            Count::Merged => "outline-merged",
            Count::Levels => "outline-levels",
            Count::Numbers => "outline-items-renumbered",
            Count::Boxes => "outline-boxes",
            Count::Frames => "outline-frames",
            Count::Columns => "outline-columns",
            Count::Links => "outline-links",
            Count::Formatting => "outline-formatting",
        };
        Phrases::count(self, key, count)
    }

    fn join(&self, parts: &[String]) -> String {
        parts.join(&self.say("outline-comma", &[]))
    }
}

impl FactPhrases for Phrases<'_> {
    fn added(&self, name: &str, details: &[&str]) -> String {
        if details.is_empty() {
            return self.say("fact-added", &[("name", name)]);
        }
        let details = details.join(&self.say("outline-comma", &[]));
        self.say("fact-added-with", &[("name", name), ("details", &details)])
    }

    fn removed(&self, name: &str) -> String {
        self.say("fact-removed", &[("name", name)])
    }

    fn quoted(&self, words: &str) -> String {
        self.say("outline-section", &[("title", words)])
    }

    fn changed(&self, name: &str, label: &str, old: Option<&str>, new: Option<&str>) -> String {
        let change = self.fact(&self.label(label), old, new);
        self.say("fact-of", &[("name", name), ("change", &change)])
    }

    fn listed(&self, name: &str, label: &str, added: &[String], removed: &[String]) -> String {
        let mut parts = Vec::new();
        for (key, items) in [("fact-gained", added), ("fact-lost", removed)] {
            if !items.is_empty() {
                parts.push(self.say(key, &[("items", &self.list(items))]));
            }
        }
        let change = parts.join(&self.say("outline-comma", &[]));
        let change = self.say("fact-list", &[("label", &self.label(label)), ("change", &change)]);
        self.say("fact-of", &[("name", name), ("change", &change)])
    }

    fn fact(&self, label: &str, old: Option<&str>, new: Option<&str>) -> String {
        match (old, new) {
            (Some(old), Some(new)) => self.say("fact-changed", &[("label", label), ("old", old), ("new", new)]),
            (None, Some(new)) => self.say("fact-stated", &[("label", label), ("new", new)]),
            (Some(old), None) => self.say("fact-dropped", &[("label", label), ("old", old)]),
            (None, None) => String::new(),
        }
    }
}
