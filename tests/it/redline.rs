//! Redlines: cases to read, and the laws over random edits.
//!
//! Each file of `tests/redline/` says in prose what matters, then gives an old and a new text and the redline that is
//! expected as text, with the list of changes below it. `UPDATE=1` writes what came out.

use fineprint::change::{self, Redline, flat, html, outline, phrases, plain, redline, shape, text};
use fineprint::markdown::{Document, FactError, Facts, RegisterTable, parse};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::sync::Arc;

struct NoFacts;

impl Facts for NoFacts {
    fn lookup(&self, _: &str) -> Result<String, FactError> {
        Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() })
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() })
    }
}

fn document(source: &str, numbering: bool) -> Document {
    parse(&Arc::from("case.md"), source, 0, numbering, &NoFacts, &mut Vec::new()).document
}

fn as_html(redline: &Redline) -> String {
    let words = html::Words::english();
    html::html(
        redline,
        &html::Options { words: &words, link: &str::to_string, prefix: "c", unchanged: html::Unchanged::Folded },
    )
}

#[test]
fn cases() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/redline"))
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for path in files {
        let case = std::fs::read_to_string(&path).expect("a case");
        let (old, new, expected) = (part(&case, "Old"), part(&case, "New"), part(&case, "Redline"));
        let numbering = case.contains("\nnumbering: decimal\n");
        let (old, new) = (document(old, numbering), document(new, numbering));
        let redline = redline(&old, &new);
        laws(&redline, &old, &new);
        let mut shown = text::text(&redline, false);
        for line in outline::lines(&outline::outline(&redline), &phrases::English) {
            let _ = write!(shown, "\n* {line}");
        }
        let shown = shown.trim().to_string() + "\n";
        if shown != expected {
            if update {
                let at = case.find("## Redline").expect("a redline");
                std::fs::write(&path, format!("{}## Redline\n````\n{shown}````\n", &case[..at]))
                    .expect("a case that can be written");
            } else {
                wrong.push(format!("{}\n--- expected\n{expected}--- came out\n{shown}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fenced text below a title.
fn part<'c>(case: &'c str, title: &str) -> &'c str {
    let after = case.split_once(&format!("## {title}\n")).unwrap_or_else(|| panic!("no `## {title}`")).1;
    let body = after.split_once("````").expect("a fence").1;
    let body = body.split_once('\n').expect("a line").1;
    body.split_once("````").map_or("", |(body, _)| body)
}

fn laws(redline: &Redline, old: &Document, new: &Document) {
    assert_eq!(redline.accept(), plain(new), "accepting gives the new text");
    assert_eq!(redline.reject(), plain(old), "rejecting gives the old text");
    if redline.is_empty() {
        assert_eq!(shape(old), shape(new), "what is not shown is not there");
    }
    let html = as_html(redline);
    nested(&html);
    for change in 1..=redline.counts.changes {
        assert_eq!(html.matches(&format!(" id=\"c{change}\"")).count(), 1, "change {change} can be gone to");
    }
    change::json::json(redline);
    change::markdown::markdown(redline);
}

/// Every end tag closes what is open; marks stand where words may stand, and hold no blocks.
fn nested(html: &str) {
    const BLOCKS: &[&str] = &[
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "li",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "blockquote",
        "section",
        "details",
    ];
    const FRAMES: &[&str] = &["ul", "ol", "dl", "table", "thead", "tbody", "tr"];
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|start| at + start) {
        let end = flat::tag_end(html, start);
        let tag = &html[start + 1..end - 1];
        at = end;
        let closing = tag.starts_with('/');
        let name =
            tag.trim_start_matches('/').split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or("");
        if closing {
            assert_eq!(open.pop(), Some(name), "in {html}");
        } else if !["br", "hr", "img", "wbr", "input"].contains(&name) {
            let parent = open.last().copied().unwrap_or("");
            assert!(!(["ins", "del"].contains(&name) && FRAMES.contains(&parent)), "{name} in {parent}: {html}");
            assert!(
                !(BLOCKS.contains(&name) && open.iter().any(|name| ["p", "ins", "del"].contains(name))),
                "{name} in {open:?}: {html}"
            );
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn nothing_changed_nothing_marked() {
    let source = "Opening.\n\n## One\n\nText with *emphasis*.\n\n- item\n- item\n\n| A | B |\n|---|---|\n| 1 | 2 |\n";
    let (old, new) = (document(source, false), document(source, false));
    let redline = redline(&old, &new);
    assert!(redline.is_empty());
    assert!(!as_html(&redline).contains("<ins"));
}

#[test]
fn whole_sentences_stay_unmarked() {
    let old =
        document("We keep logs for a month. We delete mail at once. You may ask for a copy of everything.", false);
    let new = document(
        "We keep logs for a year. We delete mail at once. Backups go after a week. You may ask for a copy of everything.",
        false,
    );
    let html = as_html(&redline(&old, &new));
    assert!(html.contains("We delete mail at once. "), "{html}");
    assert!(html.contains("You may ask for a copy of everything."), "{html}");
}

/// A small generator: what it writes depends on its seed alone.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn words(&mut self, most: usize) -> String {
        const WORDS: &[&str] = &[
            "we",
            "keep",
            "personal",
            "data",
            "for",
            "30",
            "days",
            "to",
            "provide",
            "the",
            "service",
            "may",
            "share",
            "with",
            "processors",
            "in",
            "Germany",
            "you",
            "can",
            "object",
            "**bold**",
            "*soft*",
            "[link](https://example.org/a)",
            "`code`",
            "e-mail",
            "user’s",
            "数据",
            "保留",
            "&",
            "<",
            "a\\|b",
            "1,000",
            "note[^n]",
        ];
        let count = 1 + self.roll(most);
        let mut out = String::new();
        for at in 0..count {
            let word = WORDS[self.roll(WORDS.len())];
            out.push_str(word);
            out.push_str(if at + 1 == count || self.roll(9) == 0 { ". " } else { " " });
        }
        out.trim_end().to_string()
    }

    fn block(&mut self) -> String {
        match self.roll(12) {
            0 | 1 => format!(
                "{} {}{}",
                if self.roll(3) == 0 { "###" } else { "##" },
                ["", "3. ", "A. "][self.roll(3)],
                self.words(4).replace("[^n]", "")
            ),
            2 | 3 => (0..1 + self.roll(5)).map(|_| format!("- {}\n", self.words(9))).collect(),
            4 => (0..2 + self.roll(3))
                .map(|_| format!("1. {}\n   - {}\n\n     {}\n", self.words(6), self.words(4), self.words(5)))
                .collect(),
            5 => {
                let width = 2 + self.roll(3);
                let row = |dice: &mut Dice| {
                    format!("|{}\n", (0..width).map(|_| format!(" {} |", dice.words(3))).collect::<String>())
                };
                let head = row(self);
                let rows: String = (0..1 + self.roll(5)).map(|_| row(self)).collect();
                format!("{head}|{}\n{rows}", "---|".repeat(width))
            }
            6 => format!("> {}\n>\n> - {}", self.words(8), self.words(5)),
            7 => format!("> [!NOTE]\n> {}", self.words(9)),
            8 => format!("{}\n: {}", self.words(2).trim_end_matches('.'), self.words(8)),
            9 => [
                "---".into(),
                format!("```\n{}\n```", self.words(6)),
                format!(
                    "<div><p>{}</p><ul><li>x</li></ul></div>",
                    self.words(6).replace(['*', '`', '[', ']', '<', '&'], "")
                ),
            ][self.roll(3)]
            .clone(),
            _ => self.words(40),
        }
    }

    fn edit(&mut self, blocks: &mut Vec<String>) {
        let at = self.roll(blocks.len());
        match self.roll(9) {
            0 => blocks.insert(at, self.block()),
            1 if blocks.len() > 1 => {
                blocks.remove(at);
            }
            2 => {
                let moved = blocks.remove(at);
                let to = self.roll(blocks.len() + 1);
                blocks.insert(to, moved);
            }
            3 => {
                // A run moves, perhaps a section.
                let end = (at + 1 + self.roll(4)).min(blocks.len());
                let run: Vec<String> = blocks.drain(at..end).collect();
                let to = self.roll(blocks.len() + 1);
                blocks.splice(to..to, run);
            }
            4 => {
                let split = blocks[at].replacen(". ", ".\n\n", 1);
                blocks[at] = split;
            }
            5 if at + 1 < blocks.len() => {
                let next = blocks.remove(at + 1);
                blocks[at] = format!("{} {next}", blocks[at]);
            }
            6 => blocks[at] = format!("{} {}", blocks[at].trim_end(), self.words(6)),
            _ => {
                let words: Vec<&str> = blocks[at].split(' ').collect();
                let place = self.roll(words.len());
                let mut words: Vec<String> = words.into_iter().map(str::to_string).collect();
                words[place] = self.words(2).replace('\n', " ");
                blocks[at] = words.join(" ");
            }
        }
    }
}

fn source(blocks: &[String]) -> String {
    blocks.join("\n\n") + "\n\n[^n]: A note.\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laws_hold_for_random_edits(seed in any::<u64>(), size in 1usize..40, edits in 0usize..12, numbering: bool) {
        let dice = &mut Dice(seed);
        let mut blocks: Vec<String> = (0..size).map(|_| dice.block()).collect();
        let before = source(&blocks);
        for _ in 0..edits {
            dice.edit(&mut blocks);
        }
        let (old, new) = (document(&before, numbering), document(&source(&blocks), numbering));
        laws(&redline(&old, &new), &old, &new);
    }

    #[test]
    fn laws_hold_for_unrelated_texts(one in any::<u64>(), other in any::<u64>(), size in 0usize..25) {
        let text = |seed| source(&{ let dice = &mut Dice(seed); (0..size).map(|_| dice.block()).collect::<Vec<_>>() });
        let (old, new) = (document(&text(one), false), document(&text(other), false));
        laws(&redline(&old, &new), &old, &new);
    }
}

#[test]
fn looks_and_links_are_told_at_their_place() {
    let old = document("We call it **data**. See [the form](/old-form/) and [the desk](/desk/).\n", false);
    let new = document("We call it data. See [the form](/form/) and [the desk](/desk/).\n", false);
    let html = as_html(&redline(&old, &new));
    assert!(
        html.contains("<small class=\"looks\">(link, formerly to /old-form/; formatting changed)</small></p>"),
        "{html}"
    );
    assert!(!html.contains("formerly to /desk/"), "{html}");
}

#[test]
fn a_stroke_ends_with_its_word() {
    let html = |old: &str, new: &str| as_html(&redline(&document(old, false), &document(new, false)));
    let strokes = |html: &str| {
        let mut out = String::new();
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("<span class=\"visually-hidden\">") {
            out += before;
            rest = after.split_once("</span>").expect("an end").1;
        }
        (out + rest).replace(" id=\"c1\"", "")
    };
    let changed = strokes(&html("We keep it for thirty days.\n", "We keep it for ninety days.\n"));
    assert!(changed.contains("for <del>thirty</del> <ins>ninety</ins> days."), "{changed}");
    // The old text had a blank where the new one has none.
    let changed = strokes(&html("We keep it here and there.\n", "We keep it here.\n"));
    assert!(changed.contains("here<del> and there</del>."), "{changed}");
}
