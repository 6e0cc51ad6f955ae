//! The coverage report: what the declared jurisdictions and profiles ask a center to say, and where it says it.
//!
//! In: a center, its texts, the findings. Out: for each item of the table *found, missing, contradictory, unclear, not
//! applicable* or *not checked*, with its citation and its answer. Apart from the findings: nothing here stops a build, nothing
//! is added up, and *found* means that something speaks of it, not that it is enough. Must not know: how it is printed.
//!
//! Evidence is looked for in this order, and the first hit decides: what the settings name (`[check.answers]`), facts and
//! registers that a text tells, the id of a section, words.

mod conditions;
mod facts;
mod layers;
mod stretch;
mod table;

use super::CheckedDraft;
use crate::center::Center;
use crate::center::register::{Register, Row};
use crate::diagnostic::{Diagnostic, Lines, did_you_mean};
use crate::text::{Text, Texts};
use crate::timeline::Timeline;
use conditions::Applies;
use facts::Fact;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use stretch::{Place, Stretch};
pub use table::{Item, Mark, table};

/// Said in every report.
pub const NOTE: &str = "Found means that something speaks of it, not that it is enough, and missing that none of the places and words looked for is there. Nothing is added up, and nothing here is a legal assessment. Citations are as known on the day that the report names.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Found,
    Missing,
    Contradictory,
    Unclear,
    NotApplicable,
    NotChecked,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Found => "found",
            Outcome::Missing => "missing",
            Outcome::Contradictory => "contradictory",
            Outcome::Unclear => "unclear",
            Outcome::NotApplicable => "not applicable",
            Outcome::NotChecked => "not checked",
        }
    }
}

/// One line of the report.
pub struct Line {
    pub item: &'static Item,
    pub outcome: Outcome,
    pub answer: Option<Place>,
    /// What was found or would be, in few words.
    pub detail: String,
}

/// Everything that may hold an answer.
pub struct Look<'l> {
    pub center: &'l Center,
    pub timeline: &'l Timeline,
    pub texts: &'l [Arc<Text>],
    pub stretches: Vec<Stretch>,
    registers: Vec<Arc<Register>>,
}

impl Look<'_> {
    /// The rows of every register of a name.
    fn rows(&self, name: &str) -> Vec<(Arc<Register>, &Row)> {
        let named = self.registers.iter().filter(|register| register.name == name);
        named.flat_map(|register| register.rows.iter().map(|row| (register.clone(), row))).collect()
    }

    fn tags(&self) -> Vec<&str> {
        vec![self.center.settings.authoritative().tag()]
    }
}

/// The report: items in the order of the table, each of a declared jurisdiction or profile.
pub fn report(center: &Center, timeline: &Timeline, texts: &Texts, findings: &[Diagnostic]) -> Vec<Line> {
    let texts = &all_texts(center, timeline, texts);
    let checked: Vec<_> = texts.iter().map(|text| text.checked()).collect();
    let look = Look {
        center,
        timeline,
        texts,
        stretches: stretch::stretches(texts),
        registers: super::suppressions::registers(center, &checked),
    };
    let settings = &center.settings;
    let declared = |scope: &String| settings.jurisdictions.contains(scope) || settings.profiles.contains(scope);
    let wanted = table().items.iter().filter(|item| item.scope.iter().any(declared));
    wanted.map(|item| line(&look, item, findings)).collect()
}

/// Every draft in every language, then for each document without a draft the version that stands.
fn all_texts(center: &Center, timeline: &Timeline, texts: &Texts) -> Vec<Arc<Text>> {
    let drafts = center.documents.iter().enumerate().filter_map(|(index, document)| {
        // What is wrong with them was found when they were checked.
        texts.draft(center, document, timeline.draft_day(center, index)).ok().flatten()
    });
    let mut out: Vec<Arc<Text>> = drafts.flat_map(|draft| draft.texts.into_values()).collect();
    for (document, states) in center.documents.iter().zip(&timeline.documents) {
        let Some(index) = states.standing().next_back().filter(|_| document.draft.is_none()) else { continue };
        // A frozen file that cannot be read is reported where the record is checked.
        out.extend(texts.authoritative(center, &document.versions[index]).ok().flatten());
    }
    out
}

fn line(look: &Look, item: &'static Item, findings: &[Diagnostic]) -> Line {
    let (outcome, answer, detail) = evaluate(look, item, findings);
    Line { item, outcome, answer, detail }
}

type ItemStatus = (Outcome, Option<Place>, String);

fn evaluate(look: &Look, item: &Item, findings: &[Diagnostic]) -> ItemStatus {
    if let Some(why) = &item.unseen {
        return (Outcome::NotChecked, None, why.clone());
    }
    if look.texts.is_empty() {
        return (Outcome::NotChecked, None, "there is no text to read".into());
    }
    let applies = item.when.as_ref().map_or(Applies::Yes, |name| conditions::applies(look, name));
    if let Applies::No(why) = applies {
        return (Outcome::NotApplicable, None, why);
    }
    if let Some((answer, span)) = look.center.settings.answers.get(&item.id) {
        return named(look, answer, span.clone());
    }
    let against =
        findings.iter().find(|found| found.suppressed.is_none() && item.against.iter().any(|code| code == found.code));
    if let Some(finding) = against {
        let place = finding.primary.as_ref().map(|label| Place {
            path: label.path.clone(),
            span: label.span.clone(),
            title: String::new(),
        });
        return (Outcome::Contradictory, place, finding.message.clone());
    }
    let MissingFacts { hint, lacking, partly } = match by_facts(look, item) {
        Ok(found) => return found,
        Err(lacks) => lacks,
    };
    // Where some facts are there and others not, a section that is there proves little.
    let told = if partly { Outcome::Unclear } else { Outcome::Found };
    let rest = if partly { more(&lacking) } else { String::new() };
    if let Some(stretch) = look.stretches.iter().find(|stretch| item.ids.contains(&stretch.id)) {
        return (told, Some(stretch.place()), format!("section `{}`{rest}", stretch.id));
    }
    if let Some((stretch, words)) = by_words(look, &item.cues) {
        return (told, Some(stretch.place()), format!("by its words: {words}{rest}"));
    }
    if let Some((stretch, words)) = by_words(look, &item.weak) {
        return (Outcome::Unclear, Some(stretch.place()), format!("only words point to it: {words}{}", more(&lacking)));
    }
    if let Some(hint) = hint {
        return (Outcome::Unclear, None, hint);
    }
    if let Applies::Unknown(why) = applies {
        return (Outcome::NotChecked, None, why);
    }
    let tag = look.center.settings.authoritative().tag();
    if item.facts.is_empty() && item.ids.is_empty() && !item.cues.contains_key(base(tag)) {
        return (Outcome::NotChecked, None, format!("no words are known for it in `{tag}`"));
    }
    (Outcome::Missing, None, missing(item, &lacking, tag))
}

fn more(lacking: &[String]) -> String {
    if lacking.is_empty() { String::new() } else { format!("; not there: {}", lacking.join("; ")) }
}

/// What would answer an item.
fn missing(item: &Item, lacking: &[String], tag: &str) -> String {
    let mut ways = Vec::new();
    if !lacking.is_empty() {
        ways.push(format!("not there: {}", lacking.join("; ")));
    }
    if let Some(id) = item.ids.first() {
        ways.push(format!("no section `{{#{id}}}`"));
    }
    if let Some(cues) = item.cues.get(base(tag)) {
        let shown: Vec<String> = cues.iter().take(3).map(|cue| format!("“{}”", cue.replace(" + ", " … "))).collect();
        ways.push(format!("no such words as {}", shown.join(", ")));
    }
    format!("{}. If a section answers it: [check.answers] \"{}\" = \"DOCUMENT#SECTION\"", ways.join("; "), item.id)
}

/// `pt` of `pt-BR`.
fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// An answer that the settings name: `privacy#rights`.
fn named(look: &Look, answer: &str, span: std::ops::Range<usize>) -> ItemStatus {
    let (document, id) = answer.split_once('#').unwrap_or((answer, ""));
    let there = |stretch: &&Stretch| stretch.document == document && (id.is_empty() || stretch.id == id);
    match look.stretches.iter().find(there) {
        Some(stretch) => (Outcome::Found, Some(stretch.place()), "named in [check.answers]".into()),
        None => {
            let place = Place { path: crate::center::settings::PATH.into(), span, title: "[check.answers]".into() };
            let known = look.stretches.iter().filter(|stretch| stretch.document == document);
            let near = did_you_mean(id, known.map(|stretch| stretch.id.as_str()));
            let help = near.map(|near| format!("; did you mean `{document}#{near}`?")).unwrap_or_default();
            (
                Outcome::Contradictory,
                Some(place),
                format!("[check.answers] names `{answer}`, which is no section{help}"),
            )
        }
    }
}

/// What facts leave open.
struct MissingFacts {
    /// The fact is known, and no text tells it.
    hint: Option<String>,
    lacking: Vec<String>,
    /// Others are there.
    partly: bool,
}

/// All facts there; else what hints at an answer, and what is lacking.
fn by_facts(look: &Look, item: &Item) -> Result<ItemStatus, MissingFacts> {
    let (mut place, mut details, mut hint, mut lacking) = (None, Vec::new(), None, Vec::new());
    let mut partly = false;
    for name in &item.facts {
        match facts::fact(look, name) {
            Fact::There(found, detail) => {
                partly = true;
                place = place.or(found);
                details.extend(Some(detail).filter(|detail| !detail.is_empty()));
            }
            Fact::SaidNone(why) => return Ok((Outcome::NotApplicable, None, why)),
            Fact::Untold(why) => {
                hint.get_or_insert(why.clone());
                lacking.push(why);
            }
            Fact::Lacking(what) => lacking.push(what),
        }
    }
    if item.facts.is_empty() || !lacking.is_empty() {
        // What is half there is not untold.
        return Err(MissingFacts { hint: hint.filter(|_| lacking.len() == 1), lacking, partly });
    }
    // A section of its own is the better place to read on.
    let section = look.stretches.iter().find(|stretch| item.ids.contains(&stretch.id)).map(Stretch::place);
    Ok((Outcome::Found, section.or(place), details.join("; ")))
}

/// The first stretch that says one of the alternatives for its language.
fn by_words<'l>(look: &'l Look, cues: &'l BTreeMap<String, Vec<String>>) -> Option<(&'l Stretch, String)> {
    look.stretches.iter().find_map(|stretch| {
        let cue = cues.get(base(&stretch.tag))?.iter().find(|cue| stretch::says(&stretch.words, cue))?;
        Some((stretch, format!("“{}”", cue.replace(" + ", " … "))))
    })
}

/// Laws that a text names and that were not declared: one finding for each.
pub fn undeclared(center: &Center, drafts: &[Arc<CheckedDraft>], findings: &mut Vec<Diagnostic>) {
    let settings = &center.settings;
    let declared = |scope: &String| settings.jurisdictions.contains(scope) || settings.profiles.contains(scope);
    for (index, law) in table().laws.iter().enumerate().filter(|(_, law)| !law.scope.iter().any(declared)) {
        let named = drafts.iter().find_map(|draft| {
            let text = draft.authoritative()?;
            Some((text, draft.laws.iter().find(|named| named.law == index)?))
        });
        let Some((text, named)) = named else { continue };
        let scopes: Vec<String> = law.scope.iter().map(|scope| format!("\"{scope}\"")).collect();
        findings.push(
            Diagnostic::new(
                "undeclared-law",
                format!("a text speaks of `{}`, and no jurisdiction of it is declared", &text.source[named.span.clone()]),
            )
            .at(&text.path, named.span.clone())
            .help(format!("if that law is meant for you, add {} to `jurisdictions` or `profiles` of `[check]` in fineprint.toml: `check --coverage` then says what it asks for", scopes.join(" or "))),
        );
    }
}

/// A law that a text names.
pub struct Named {
    /// Its place in the table.
    law: usize,
    span: Range<usize>,
}

/// The laws that a text names, each at its first place.
pub fn laws_in(text: &Text) -> Vec<Named> {
    let Some(body) = text.source.get(text.body..) else { return Vec::new() };
    let first = |(law, known): (usize, &table::Law)| {
        let (name, at) = known.names.iter().find_map(|name| Some((name, text.body + alone(body, name)?)))?;
        Some(Named { law, span: at..at + name.len() })
    };
    table().laws.iter().enumerate().filter_map(first).collect()
}

/// Where a name stands as a word, and not as part of a longer name of another law.
fn alone(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, after) = (&text[..*at], &text[at + name.len()..]);
        let inside = before.ends_with(|c: char| c.is_alphanumeric() || c == '/' || c == '-' || c == '.')
            || after.starts_with(|c: char| c.is_alphanumeric())
            || (name == "GDPR" && before.ends_with("UK "));
        !inside
    })
}

/// The report for programs, by `docs/check.schema.json`.
pub fn to_json(center: &Center, lines: &[Line], text: impl Fn(&str) -> Option<Arc<str>>) -> Value {
    let settings = &center.settings;
    let declared = |item: &Item| {
        let scope =
            item.scope.iter().find(|scope| settings.jurisdictions.contains(scope) || settings.profiles.contains(scope));
        scope.cloned().unwrap_or_default()
    };
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "id": line.item.id,
                "scope": declared(line.item),
                "title": line.item.title,
                "citation": line.item.cite,
                "source": line.item.mark.name(),
                "outcome": line.outcome.name(),
                "answer": line.answer.as_ref().map(|place| answer(place, &text)),
                "detail": line.detail,
            })
        })
        .collect();
    json!({
        "law_as_of": table().law_as_of,
        "jurisdictions": settings.jurisdictions,
        "profiles": settings.profiles,
        "note": NOTE,
        "items": items,
    })
}

fn answer(place: &Place, text: &impl Fn(&str) -> Option<Arc<str>>) -> Value {
    let mut out = json!({ "path": &*place.path });
    if !place.title.is_empty() {
        out["message"] = place.title.clone().into();
    }
    if let Some(text) = text(&place.path).filter(|_| place.span != (0..0)) {
        let (lines, span) = (Lines::new(&text), Lines::clamp_in(&text, &place.span));
        let point = |at: usize| {
            let (line, column) = lines.position(at, |_| 1);
            json!({ "line": line, "column": column })
        };
        out["start"] = point(span.start);
        out["end"] = point(span.end);
        out["bytes"] = json!({ "start": span.start, "end": span.end });
        let words: Vec<&str> = text[span].split_whitespace().collect();
        out["excerpt"] = words.join(" ").chars().take(120).collect::<String>().into();
    }
    out
}
