//! Which registers have a page of their own, and their rows on the timeline's day.
//!
//! In: the registers that released versions froze. Out: rows with their life. A register's page shows what was released,
//! never what is being worked on, unless drafts are asked for. Must not know: HTML.

use crate::center::register::{Register, Row};
use crate::center::{Center, Life};
use crate::diagnostic::Diagnostic;
use crate::source::{Digest, Hasher, SourceFile};
use crate::timeline::{State, Timeline};
use jiff::civil::Date;
use std::collections::BTreeMap;

pub struct RegisterPage {
    /// Titles, labels and the rows of the version in force, those announced added.
    pub register: Register,
    /// In the order of the register's rows.
    pub rows: Vec<LivingRow>,
    /// The document and version from which the rows come; none when drafts are shown.
    pub source: Option<(usize, usize)>,
    /// Versions that froze a different register than the one before, oldest first.
    pub history: Vec<(usize, usize)>,
}

pub struct LivingRow {
    pub row: Row,
    pub life: Life,
    /// When it starts, for announced rows; when it ended, for former ones.
    pub date: Option<Date>,
}

/// A version that froze a register.
struct Frozen<'c> {
    document: usize,
    version: usize,
    published: Date,
    effective: Date,
    state: State,
    file: &'c SourceFile,
}

/// Digest of everything from which the pages are made.
pub fn depend_on(center: &Center, timeline: &Timeline, drafts: bool) -> Digest {
    let mut hasher = Hasher::default();
    hasher.part(timeline.date.to_string().as_bytes()).part(&[u8::from(drafts)]);
    for document in &center.documents {
        hasher.part(document.slug.as_bytes()).digest(&document.history);
    }
    for register in center.registers.values() {
        hasher.part(register.path.as_bytes()).part(&[u8::from(register.page)]);
        // What is being worked on is shown only among drafts.
        if let Some(file) = center.tree.get(&register.path).filter(|_| drafts) {
            hasher.digest(&file.digest);
        }
    }
    hasher.finish()
}

pub fn pages(center: &Center, timeline: &Timeline, drafts: bool, findings: &mut Vec<Diagnostic>) -> Vec<RegisterPage> {
    let mut frozen = frozen(center, timeline);
    let mut pages = Vec::new();
    let live = center.registers.values().filter(|register| register.page);
    if drafts {
        for register in live {
            let history = frozen.remove(&register.name).map(|frozen| history(&frozen)).unwrap_or_default();
            pages.push(page(Register::clone(register), None, timeline.date, history));
        }
    } else {
        for register in live.filter(|register| !frozen.contains_key(&register.name)) {
            findings.push(
                Diagnostic::new(
                    "register-not-released",
                    format!("`{}` asks for a page, but no released version has it", register.path),
                )
                .at(&register.path, 0..0)
                .help(format!("place it with `:::register {}` in a document and release that", register.name)),
            );
        }
    }
    for (name, frozen) in frozen {
        if let Some(page) = frozen_page(center, &name, &frozen, timeline.date) {
            pages.push(page);
        }
    }
    pages.sort_by(|a, b| a.register.name.cmp(&b.register.name));
    pages
}

/// Registers by name, in every version that stands and is published, oldest publication first.
fn frozen<'c>(center: &'c Center, timeline: &Timeline) -> BTreeMap<String, Vec<Frozen<'c>>> {
    let mut by_name: BTreeMap<String, Vec<Frozen>> = BTreeMap::new();
    for (document, (entry, states)) in center.documents.iter().zip(&timeline.documents).enumerate() {
        for version in states.standing() {
            let frozen = &entry.versions[version];
            let prefix = format!("{}/", frozen.folder);
            for file in center.tree.below(&prefix) {
                let Some(name) = file.path[prefix.len()..].strip_suffix(".toml").filter(|name| *name != "organization")
                else {
                    continue;
                };
                by_name.entry(name.to_string()).or_default().push(Frozen {
                    document,
                    version,
                    published: frozen.published,
                    effective: frozen.effective,
                    state: states.states[version],
                    file,
                });
            }
        }
    }
    for frozen in by_name.values_mut() {
        frozen.sort_by_key(|frozen| (frozen.published, frozen.effective, frozen.document));
    }
    by_name
}

fn frozen_page(center: &Center, name: &str, frozen: &[Frozen], date: Date) -> Option<RegisterPage> {
    let applying = frozen
        .iter()
        .filter(|frozen| frozen.effective <= date)
        .max_by_key(|frozen| (frozen.published, frozen.effective));
    let coming = frozen.iter().rfind(|frozen| frozen.state == State::Upcoming);
    let read = |frozen: &Frozen| {
        let text = center.tree.text(&frozen.file.path).ok()?;
        Some(Register::read(name, &frozen.file.path, &text, &mut Vec::new()))
    };
    let base = applying.or(coming)?;
    let mut register = read(base)?;
    let coming = coming.filter(|coming| coming.published >= base.published && coming.file.digest != base.file.digest);
    let coming_register = coming.and_then(read);
    let latest = coming_register.as_ref().unwrap_or(&register);
    if !latest.page {
        return None;
    }
    let mut starts = BTreeMap::new();
    if let (Some(coming), Some(coming_register)) = (coming, coming_register) {
        for row in coming_register.rows {
            match register.rows.iter_mut().find(|old| old.id == row.id) {
                // What applies today stays as it is; the end that is announced for it is told at once.
                Some(old) => {
                    if let (None, Some(until)) = (old.value("until"), row.value("until")) {
                        old.fields.push(("until".to_string(), until.clone()));
                    }
                }
                None => {
                    starts.insert(row.id.clone(), coming.effective);
                    register.rows.push(row);
                }
            }
        }
    }
    let mut page = page(register, Some((base.document, base.version)), date, history(frozen));
    for living in &mut page.rows {
        if let Some(start) = starts.get(&living.row.id) {
            let start = living.row.date("since").map_or(*start, |since| since.max(*start));
            living.life = Life::Announced;
            living.date = Some(start);
        }
    }
    Some(page)
}

fn page(register: Register, source: Option<(usize, usize)>, date: Date, history: Vec<(usize, usize)>) -> RegisterPage {
    let rows = register
        .rows
        .iter()
        .map(|row| {
            let life = row.life(date);
            let day = match life {
                Life::Announced => row.date("since"),
                Life::Active => row.date("since"),
                Life::Former => row.date("until"),
            };
            LivingRow { row: row.clone(), life, date: day }
        })
        .collect();
    RegisterPage { register, rows, source, history }
}

fn history(frozen: &[Frozen]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut before = None;
    for frozen in frozen {
        if before != Some(frozen.file.digest) {
            out.push((frozen.document, frozen.version));
        }
        before = Some(frozen.file.digest);
    }
    out
}
