//! A converted text → a draft: its tables of processors, cookies and periods become registers.
//!
//! In: a converted text. Out: the draft's text, registers, and what was understood of it. Must not know: files, the center.

use super::convert::{Converted, parse};
use super::model::Loss;
use super::registers::{CellWords, NewRegister, TableWords};
use crate::check::prose::{self, StatedDay};
use crate::markdown::{self, Block, BlockKind, Document, Inline, InlineKind, Table};
use std::ops::Range;

/// A draft to be, and what can be said about it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub text: String,
    pub title: String,
    /// Headings with their levels.
    pub sections: Vec<(u8, String)>,
    pub words: usize,
    /// Tables that stay tables.
    pub tables: usize,
    pub lists: usize,
    pub registers: Vec<NewRegister>,
    /// The language that the source declares, or that its commonest words are of.
    pub language: Option<(String, bool)>,
    pub days: Vec<StatedDay>,
    pub losses: Vec<Loss>,
    pub notes: Vec<String>,
    /// Placeholders that the text still has, such as `[COMPANY NAME]`, with their lines in the draft.
    pub blanks: Vec<(usize, String)>,
}

/// Reads what a converted text says; makes registers if they are wanted.
pub fn understand(converted: &Converted, registers: bool) -> Draft {
    let parsed = parse(&converted.text, converted.body, &mut Vec::new());
    let document = &parsed.document;
    let prose_words = super::words::says(document);
    let declared = converted.language.as_deref().and_then(crate::words::Language::parse);
    let detected = prose::language_of(&prose_words);
    let language = match (&declared, detected) {
        (Some(language), _) => Some((language.tag().to_string(), true)),
        (None, Some(tag)) => Some((tag.to_string(), false)),
        (None, None) => None,
    };
    let mut draft = Draft {
        text: converted.text.clone(),
        title: converted.title.clone(),
        sections: markdown::toc(document).into_iter().map(|entry| (entry.level, entry.title)).collect(),
        words: prose_words.split_whitespace().count(),
        tables: 0,
        lists: 0,
        registers: Vec::new(),
        days: days(converted, language.as_ref().map_or("en", |(tag, _)| tag.as_str()), &prose_words),
        language,
        losses: converted.losses.clone(),
        notes: converted.notes.iter().cloned().collect(),
        blanks: Vec::new(),
    };
    let promised = prose::promised_notice(draft.language.as_ref().map_or("en", |(tag, _)| tag.as_str()), &prose_words);
    let mut replaced: Vec<(Range<usize>, String)> = Vec::new();
    let mut about = converted.title.clone();
    tables(document, &mut about, &mut draft, registers.then_some(&mut replaced));
    if registers && !draft.registers.iter().any(|known| known.name == "processors") {
        draft.registers.extend(processors_in_lists(document, &converted.title, &mut draft.losses));
    }
    for (range, directive) in replaced.into_iter().rev() {
        draft.text.replace_range(range, &directive);
    }
    if let Some(notice) = promised.filter(|_| registers)
        && let Some(end) = draft.text.find("\n+++\n")
    {
        match notice.parse::<crate::notice::NoticePeriod>() {
            Ok(_) => {
                draft.text.insert_str(end + 1, &format!("notice = \"{notice}\"\n"));
                draft.notes.push(format!("the text promises {notice} of notice: the front matter says so, too"));
            }
            Err(_) => draft
                .notes
                .push(format!("the text promises {notice} of notice: set `notice` in the front matter to match")),
        }
    }
    draft.blanks = blanks(&draft.text);
    draft
}

/// What was never filled in, as the check of a draft would say.
fn blanks(text: &str) -> Vec<(usize, String)> {
    let body = text.find("\n+++\n").map_or(0, |at| at + 5);
    let parsed = parse(text, body, &mut Vec::new());
    let found = prose::placeholders(&parsed.document).into_iter();
    found.map(|place| (1 + text[..place.start].matches('\n').count(), text[place].to_string())).collect()
}

/// The days that a text states in words and for machines.
pub fn days(converted: &Converted, tag: &str, prose_words: &str) -> Vec<StatedDay> {
    let mut days = prose::stated_days(tag, prose_words);
    for typed in &converted.machine_days {
        let date = typed.get(..10).and_then(crate::center::parse_date);
        if let Some(date) = date
            && !days.iter().any(|day| day.date == date)
        {
            days.push(StatedDay { words: format!("{date}, for machines"), date, effective: false });
        }
    }
    days
}

fn tables(
    document: &Document,
    about: &mut String,
    draft: &mut Draft,
    mut replaced: Option<&mut Vec<(Range<usize>, String)>>,
) {
    let mut section = String::new();
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Heading(heading) => section = markdown::plain_text(&heading.content),
            BlockKind::List(_) | BlockKind::Definitions(_) => draft.lists += 1,
            BlockKind::Table(table) => {
                let register = replaced.as_ref().and_then(|_| register_of(table, &format!("{about} {section}")));
                match (register, &mut replaced) {
                    (Some(register), Some(replaced))
                        if !draft.registers.iter().any(|known| known.name == register.name) =>
                    {
                        let place = 1 + draft.text[..block.span.start].matches('\n').count();
                        for note in &register.notes {
                            draft.losses.push(Loss::new(0, format!("table in the draft's line {place}: {note}"), ""));
                        }
                        let directive =
                            format!(":::register {} columns=\"{}\"\n:::", register.name, register.columns.join(", "));
                        replaced.push((whole_lines(&draft.text, block), directive));
                        draft.registers.push(register);
                    }
                    _ => draft.tables += 1,
                }
            }
            _ => {}
        }
    }
}

/// Lists of processors, each item a name and what it is for, as a register; the lists stay in the text.
fn processors_in_lists(document: &Document, title: &str, losses: &mut Vec<Loss>) -> Option<NewRegister> {
    let mut table = TableWords { about: "processors".into(), ..TableWords::default() };
    let about = |words: &str| {
        let words = words.to_lowercase();
        [
            "processor",
            "vendor",
            "third-part",
            "third part",
            "service provider",
            "auftragsverarbeiter",
            "encargado",
            "sous-traitant",
        ]
        .iter()
        .any(|mark| words.contains(mark))
    };
    let mut section = String::new();
    let mut places: Vec<String> = Vec::new();
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Heading(heading) => section = markdown::plain_text(&heading.content),
            BlockKind::List(list) if about(&section) || about(title) => {
                let rows: Option<Vec<(CellWords, String)>> =
                    list.items.iter().map(|item| named_item(&item.blocks)).collect();
                let Some(rows) = rows.filter(|rows| rows.len() >= 2) else { continue };
                // A list below the name of a country.
                let country = crate::words::country_code(&crate::words::Language::english(), &section);
                places.push(section.clone());
                for (name, purpose) in rows {
                    let place = CellWords { text: country.clone().unwrap_or_default(), href: None };
                    table.rows.push(vec![name, CellWords { text: purpose, href: None }, place]);
                }
            }
            _ => {}
        }
    }
    table.head = ["name", "purpose", "location"].map(String::from).to_vec();
    if table.rows.iter().all(|row| row[2].text.is_empty()) {
        table.head.pop();
        table.rows.iter_mut().for_each(|row| row.truncate(2));
    }
    if table.rows.is_empty() {
        return None;
    }
    let register = table.register()?;
    losses.push(Loss::new(
        0,
        "the list of processors is in the text and in the register: `:::register processors` can take the list's place",
        &places.join(", "),
    ));
    Some(register)
}

/// "[Name](https://…). Purpose", "Name (purpose)", "Name: purpose".
fn named_item(blocks: &[Block]) -> Option<(CellWords, String)> {
    let [Block { kind: BlockKind::Paragraph(runs), .. }] = blocks else { return None };
    let mut words = CellWords::default();
    push_cell(runs, &mut words)?;
    let text = super::model::squeezed(&words.text);
    let (name, purpose) = [". ", ": ", " – ", " — ", " - ", " ("]
        .iter()
        .filter_map(|mark| text.split_once(mark))
        .min_by_key(|(name, _)| name.len())?;
    let named =
        name.split_whitespace().count() <= 5 && name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let purpose = purpose.trim().trim_end_matches(['.', ')']).to_string();
    let plain_name = !["the", "our", "your", "any", "other", "all", "with", "to", "when"]
        .contains(&name.split_whitespace().next()?.to_lowercase().as_str());
    (named && plain_name && !purpose.is_empty())
        .then(|| (CellWords { text: name.to_string(), href: words.href }, purpose))
}

/// The lines of a block without the line end behind it.
fn whole_lines(text: &str, block: &Block) -> Range<usize> {
    let start = text[..block.span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[block.span.end..].find('\n').map_or(text.len(), |at| block.span.end + at);
    start..end
}

fn register_of(table: &Table, about: &str) -> Option<NewRegister> {
    if table.register.is_some() || table.rows.is_empty() {
        return None;
    }
    let cell = |cell: &Vec<Inline>| {
        let mut words = CellWords::default();
        push_cell(cell, &mut words)?;
        Some(words)
    };
    let head: Option<Vec<CellWords>> = table.head.iter().map(cell).collect();
    let rows: Option<Vec<Vec<CellWords>>> = table.rows.iter().map(|row| row.cells.iter().map(cell).collect()).collect();
    let words =
        TableWords { about: about.into(), head: head?.into_iter().map(|cell| cell.text).collect(), rows: rows? };
    words.register()
}

/// The words of a cell; none if a register's cell could not keep what it holds.
fn push_cell(runs: &[Inline], out: &mut CellWords) -> Option<()> {
    for run in runs {
        match &run.kind {
            InlineKind::Text { words: text, .. } | InlineKind::Code(text) => out.text.push_str(text),
            InlineKind::Emphasis(inner) | InlineKind::Strong(inner) => push_cell(inner, out)?,
            InlineKind::Link { url, children, .. } => {
                // One link is a row's website; more have no place.
                let mail = url.strip_prefix("mailto:").is_some();
                if out.href.is_some() && !mail {
                    return None;
                }
                if !mail {
                    out.href = Some(url.clone());
                }
                push_cell(children, out)?;
            }
            InlineKind::SoftBreak => out.text.push(' '),
            InlineKind::HardBreak => out.text.push('\n'),
            InlineKind::Element { children, name, .. } if name != "del" => push_cell(children, out)?,
            InlineKind::Element { .. }
            | InlineKind::Strike(_)
            | InlineKind::Image { .. }
            | InlineKind::FootnoteRef { .. } => {
                return None;
            }
        }
    }
    Some(())
}
