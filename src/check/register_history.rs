//! Registers against what was released: processors that start too soon, that were deleted instead of ended, or that a text
//! still lists; documents that show one register in different states.
//!
//! In: the registers that drafts place, and the facts that versions froze. Out: findings at rows. Must not know: prose.
//!
//! A shared register is one file, and each document freezes it on its own day, so each rule looks at every document that
//! places the register.

use super::CheckedDraft;
use super::registers::name;
use crate::center::register::{Register, Row};
use crate::center::{Center, Document, Version};
use crate::diagnostic::Diagnostic;
use crate::text::Texts;
use crate::timeline::Timeline;
use crate::timeline::notice::{owed_before_processor, owed_by_draft};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document that places a register.
struct Placing<'a> {
    document: &'a Document,
    /// The register as versions froze it: the one in force and the last two that stand, the last one last.
    frozen: Vec<(&'a Version, Arc<Register>)>,
}

impl Placing<'_> {
    fn last(&self) -> Option<(&Version, &Register)> {
        self.frozen.last().map(|(version, register)| (*version, &**register))
    }
}

/// Everything that the rules read.
struct History<'a> {
    texts: &'a Texts,
    center: &'a Center,
    today: Date,
    /// As it is being worked on.
    register: &'a Register,
    placings: Vec<Placing<'a>>,
}

pub fn check(
    texts: &Texts,
    center: &Center,
    timeline: &Timeline,
    drafts: &[Arc<CheckedDraft>],
    findings: &mut Vec<Diagnostic>,
) {
    // By file: a document's own register is not the shared register of the same name.
    let mut by_file: BTreeMap<&str, (&Register, Vec<&Document>)> = BTreeMap::new();
    for draft in drafts {
        let Some(document) = draft.authoritative().and_then(|text| center.document(&text.document)) else { continue };
        for register in &draft.placed {
            by_file.entry(&register.path).or_insert((register, Vec::new())).1.push(document);
        }
    }
    for (register, documents) in by_file.into_values() {
        let placings = documents.into_iter().map(|document| Placing {
            document,
            frozen: frozen(texts, center, timeline.date, document, &register.name),
        });
        let history = History { texts, center, today: timeline.date, register, placings: placings.collect() };
        history.mismatch(findings);
        if register.name == "processors" {
            for row in &register.rows {
                findings.extend(history.starts(row));
                history.ended(row, findings);
            }
            history.deleted(findings);
        }
    }
}

fn standing(document: &Document) -> impl DoubleEndedIterator<Item = &Version> {
    document.versions.iter().filter(|version| version.withdrawn.is_none())
}

fn frozen<'a>(
    texts: &Texts,
    center: &Center,
    today: Date,
    document: &'a Document,
    register: &str,
) -> Vec<(&'a Version, Arc<Register>)> {
    let in_force = standing(document).rfind(|version| version.effective <= today);
    let mut last: Vec<&Version> = standing(document).rev().take(2).collect();
    last.reverse();
    let in_force = in_force.into_iter().filter(|version| last.iter().all(|other| other.id != version.id));
    let versions: Vec<&Version> = in_force.chain(last.iter().copied()).collect();
    // A frozen file that cannot be read is reported where the record is checked.
    let read = |version: &'a Version| {
        let facts = texts.version_facts(center, version).ok()?;
        Some((version, facts.registers.get(register)?.clone()))
    };
    versions.into_iter().filter_map(read).collect()
}

impl<'a> History<'a> {
    /// The first version of a document that lists a row.
    fn first_listing(&self, document: &'a Document, id: &str) -> Option<&'a Version> {
        standing(document).find(|version| {
            let facts = self.texts.version_facts(self.center, version);
            let register = facts.as_ref().ok().and_then(|facts| facts.registers.get(&self.register.name));
            register.is_some_and(|register| register.row(id).is_some())
        })
    }

    /// A new processor starts on the day that its row names, or with the first version that names it. Every document that
    /// places the register has promised people so much time before that day.
    fn starts(&self, row: &Row) -> Option<Diagnostic> {
        let today = self.today;
        let since = row.date("since");
        if since.is_some_and(|since| since <= today) || row.date("until").is_some_and(|until| until <= today) {
            return None;
        }
        // Few rows are new, and only for those is it worth reading everything that was released.
        let lacks = |placing: &Placing| placing.last().is_some_and(|(_, frozen)| frozen.row(&row.id).is_none());
        if !self.placings.iter().any(lacks) {
            return None;
        }
        let reckoning = &self.center.settings.reckoning;
        let next = |placing: &Placing| owed_by_draft(placing.document, today, reckoning).earliest;
        let listings = self.placings.iter().map(|placing| self.first_listing(placing.document, &row.id));
        let listings: Vec<Option<&Version>> = listings.collect();
        let named = self.placings.iter().zip(&listings);
        let first = named.clone().filter_map(|(placing, listing)| Some((placing, (*listing)?)));
        let first = first.min_by_key(|(_, version)| version.effective);
        if since.is_none() && first.is_some_and(|(_, version)| version.effective <= today) {
            return None;
        }
        let released = self.placings.iter().filter(|placing| !placing.document.versions.is_empty());
        let start = since.or(first.map(|(_, version)| version.effective)).or_else(|| released.map(next).min())?;
        // The document that can name it last decides.
        let unnamed = named.filter(|(placing, listing)| listing.is_none() && placing.last().is_some());
        let (placing, owed, day) = unnamed
            .map(|(placing, _)| {
                let owed = owed_before_processor(placing.document, today, reckoning);
                (placing, owed, owed.earliest.max(next(placing)))
            })
            .max_by_key(|(_, _, day)| *day)?;
        if start >= day {
            return None;
        }
        let (row_name, slug) = (name(self.register, row), &placing.document.slug);
        let when = match (since, first) {
            (Some(since), _) => format!("`{row_name}` starts on {since}"),
            (None, Some((first, version))) => {
                format!("`{row_name}` has no `since` and starts with `{}` {}", first.document.slug, version.id)
            }
            (None, None) => format!("`{row_name}` has no `since` and could start on {start}"),
        };
        let why = match start < owed.earliest {
            true => format!("`{slug}` promises {} of notice", owed.period),
            false => format!("`{slug}` cannot name it before {day}"),
        };
        Some(
            Diagnostic::new("processor-starts-too-soon", format!("{when}; {why}"))
                .at(&self.register.path, row.span.clone())
                .help(format!("let it start on {day} or later (since = {day}), and release `{slug}` today")),
        )
    }

    /// A processor that has ended, or will, and that the last version lists for as long as it is in force.
    fn ended(&self, row: &Row, findings: &mut Vec<Diagnostic>) {
        let Some(until) = row.date("until") else { return };
        for placing in &self.placings {
            let Some((version, frozen)) = placing.last() else { continue };
            let lists = |row: &Row| row.date("until").is_none_or(|until| until > version.effective);
            if !frozen.row(&row.id).is_some_and(lists) {
                continue;
            }
            let (named, slug) = (name(self.register, row), &placing.document.slug);
            let (message, help) = match until <= self.today {
                true => (
                    format!("`{named}` ended on {until}, and `{slug}` {} still lists it", version.id),
                    format!("release `{slug}` again: its list leaves out processors that have ended"),
                ),
                false => (
                    format!("`{named}` ends on {until}, and `{slug}` {} will still list it", version.id),
                    format!("release `{slug}` to take effect on {until}: its list then leaves the processor out"),
                ),
            };
            findings.push(
                Diagnostic::new("ended-processor-listed", message).at(&self.register.path, row.span.clone()).help(help),
            );
        }
    }

    /// A processor that was published and whose row is gone.
    fn deleted(&self, findings: &mut Vec<Diagnostic>) {
        let mut gone: BTreeMap<String, (String, String)> = BTreeMap::new();
        for placing in &self.placings {
            for (version, frozen) in &placing.frozen {
                let lives = |row: &&Row| row.date("until").is_none_or(|until| until > self.today);
                for row in frozen.rows.iter().filter(|row| self.register.row(&row.id).is_none()).filter(lives) {
                    let published = format!("`{}` {}", placing.document.slug, version.id);
                    gone.entry(row.id.clone()).or_insert_with(|| (name(frozen, row), published));
                }
            }
        }
        for (id, (named, version)) in gone {
            findings.push(
                Diagnostic::new("deleted-processor", format!("{version} lists `{named}`, and its row `{id}` is gone"))
                    .at(&self.register.path, 0..0)
                    .help(format!(
                        "put the row back with until = {}, or with the day on which it really ended",
                        self.today
                    )),
            );
        }
    }

    /// Documents whose last versions show the register with other rows.
    fn mismatch(&self, findings: &mut Vec<Diagnostic>) {
        let last: Vec<(&Document, &Version, &Register)> = self
            .placings
            .iter()
            .filter_map(|placing| placing.last().map(|(version, frozen)| (placing.document, version, frozen)))
            .collect();
        for (document, version, own) in &last {
            // Rows that another document lists and this one does not, unless they were deleted since.
            let mut lacking: BTreeMap<&str, (&Document, Date)> = BTreeMap::new();
            for (other, newer, frozen) in &last {
                let rows = frozen.rows.iter().filter(|row| own.row(&row.id).is_none());
                for row in rows.filter(|row| self.register.row(&row.id).is_some()) {
                    lacking.entry(&row.id).or_insert((other, newer.effective.max(version.effective)));
                }
            }
            let Some((id, (other, day))) = lacking.first_key_value() else { continue };
            let more = match lacking.len() {
                1 => String::new(),
                several => format!(" and {} more", several - 1),
            };
            let (listing, slug) = (&other.slug, &document.slug);
            let span = self.register.row(id).map_or(0..0, |row| row.span.clone());
            findings.push(
                Diagnostic::new(
                    "register-mismatch",
                    format!("from {day} on, `{listing}` lists `{id}`{more}, and `{slug}` does not"),
                )
                .at(&self.register.path, span)
                .help(format!("release `{slug}`, too: both documents place {}", self.register.path)),
            );
        }
    }
}
