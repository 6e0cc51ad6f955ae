//! The coverage report: what the declared jurisdictions and profiles ask a center to say, and where it says it.
//!
//! In: a center, its texts, the findings. Out: for each item of law *found, missing, not seen, contradictory, unclear, not
//! applicable* or *not checked*, with its citation and its answer. Apart from the findings: nothing here stops a build, nothing
//! is added up, and *found* means that something speaks of it, not that it is enough. Must not know: how it is printed.
//!
//! Evidence is looked for in this order, and the first hit decides: what the settings name (`[check.answers]`), findings that
//! contradict, facts and registers that a text tells, sentences. The id of a section and single words are a hint, never an
//! answer. Only what a text must say can be missing.

mod answers;
mod conditions;
mod facts;
mod json;
mod lengths;
mod matching;
mod names;
mod stretch;

use super::prose::{Sentence, sentences};
use crate::center::Center;
use crate::center::register::{Register, Row};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::law::{self, Item, ItemKind, Transfers};
use crate::markdown::{BlockKind, plain_text};
use crate::text::{Text, Texts};
use crate::timeline::Timeline;
use conditions::Applies;
use jiff::civil::Date;
pub use json::to_json;
pub use names::{Named, laws_in, undeclared};
use std::sync::Arc;
use stretch::{Place, Stretch};

/// Said in every report.
pub const NOTE: &str = "Found means that a text or fact speaks of the item, not that it is sufficient. Missing means that none of the expected facts and sentences were seen. Items are not added up. This is not a legal assessment. Each item names the source of its citation and the day on which the source was read.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Found,
    Missing,
    /// Nothing speaks of what is only advice.
    NotSeen,
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
            Outcome::NotSeen => "not seen",
            Outcome::Contradictory => "contradictory",
            Outcome::Unclear => "unclear",
            Outcome::NotApplicable => "not applicable",
            Outcome::NotChecked => "not checked",
        }
    }
}

/// One line of the report.
pub struct Line<'r> {
    pub item: &'r Item,
    /// The declared code under which it is asked; `own` for an item of the settings.
    pub scope: &'r str,
    pub reference: Reference<'r>,
    pub outcome: Outcome,
    pub answer: Option<Place>,
    /// Short description of what was found or is missing.
    pub detail: String,
}

/// Where the citation of an item was read.
pub struct Reference<'r> {
    pub address: &'r str,
    /// `primary`, `secondary`, or `own`.
    pub mark: &'static str,
    pub read: Date,
}

/// Everything that may hold an answer.
pub struct Look<'l> {
    pub center: &'l Center,
    pub timeline: &'l Timeline,
    pub texts: &'l [Arc<Text>],
    pub stretches: Vec<Stretch>,
    spoken: Vec<Spoken>,
    registers: Vec<Arc<Register>>,
}

/// A sentence of an authoritative text.
struct Spoken {
    /// Index of its text.
    text: usize,
    /// False for terms, where there is a notice.
    is_notice: bool,
    sentence: Sentence,
}

impl<'l> Look<'l> {
    fn new(center: &'l Center, timeline: &'l Timeline, texts: &'l [Arc<Text>]) -> Look<'l> {
        let checked: Vec<_> = texts.iter().map(|text| text.checked()).collect();
        let notices: Vec<*const Text> = stretch::notices(texts).into_iter().map(|text| text as *const Text).collect();
        let mut spoken: Vec<Spoken> = Vec::new();
        for (index, text) in texts.iter().enumerate().filter(|(_, text)| text.authoritative) {
            let is_notice = notices.contains(&Arc::as_ptr(text));
            let own = sentences(&text.parsed.document, &text.tag).into_iter();
            spoken.extend(own.map(|sentence| Spoken { text: index, is_notice, sentence }));
        }
        // Terms answer only where nothing else does.
        spoken.sort_by_key(|spoken| !spoken.is_notice);
        Look {
            center,
            timeline,
            texts,
            stretches: stretch::stretches(texts),
            spoken,
            registers: super::suppressions::registers(center, &checked),
        }
    }

    /// The rows of every register of a name.
    fn rows(&self, name: &str) -> Vec<(Arc<Register>, &Row)> {
        let named = self.registers.iter().filter(|register| register.name == name);
        named.flat_map(|register| register.rows.iter().map(|row| (register.clone(), row))).collect()
    }

    fn tags(&self) -> Vec<&str> {
        vec![self.center.settings.authoritative().tag()]
    }

    /// The rules on transfers of a code.
    fn transfers(&self, code: &str) -> Option<&'static Transfers> {
        law::transfers(&[code.to_string()])
    }

    /// The countries in which data are at home under the law of a code.
    fn home(&self, code: &str) -> &'static [String] {
        self.transfers(code).map(|rules| rules.home.as_slice()).unwrap_or_default()
    }

    /// Where a sentence stands.
    fn place(&self, spoken: &Spoken) -> Place {
        let text = &self.texts[spoken.text];
        let before =
            text.parsed.document.blocks.iter().take_while(|block| block.span.start < spoken.sentence.span.start);
        let title = before.filter_map(|block| match &block.kind {
            BlockKind::Heading(heading) => Some(plain_text(&heading.content)),
            _ => None,
        });
        Place { path: text.path.clone(), span: spoken.sentence.span.clone(), title: title.last().unwrap_or_default() }
    }
}

/// The report: items in the order of the files of law, each of a declared jurisdiction or profile, then those of the settings.
pub fn report<'c>(center: &'c Center, timeline: &Timeline, texts: &Texts, findings: &[Diagnostic]) -> Vec<Line<'c>> {
    let texts = &all_texts(center, timeline, texts);
    let look = Look::new(center, timeline, texts);
    let settings = &center.settings;
    let declared: Vec<&str> = settings.jurisdictions.iter().chain(&settings.profiles).map(String::as_str).collect();
    let of_law = law::items().filter_map(|item| {
        let file = law::home_of(item)?;
        let scope = std::iter::once(file.code.as_str()).chain(item.also.iter().map(String::as_str));
        let scope = scope.into_iter().find(|code| declared.contains(code))?;
        let source = law::source(&item.source)?;
        let reference = Reference { address: &source.address, mark: source.mark.name(), read: source.read };
        Some(line(&look, item, scope, reference, findings))
    });
    let own = settings.own_items.iter().map(|own| {
        let reference = Reference { address: &own.address, mark: "own", read: own.read };
        line(&look, &own.item, "own", reference, findings)
    });
    of_law.chain(own).collect()
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

fn line<'r>(
    look: &Look,
    item: &'r Item,
    scope: &'r str,
    reference: Reference<'r>,
    findings: &[Diagnostic],
) -> Line<'r> {
    let (outcome, answer, detail) = evaluate(look, item, scope, findings);
    Line { item, scope, reference, outcome, answer, detail }
}

type ItemStatus = (Outcome, Option<Place>, String);

fn evaluate(look: &Look, item: &Item, code: &str, findings: &[Diagnostic]) -> ItemStatus {
    if let Some(why) = &item.unseen {
        return (Outcome::NotChecked, None, why.clone());
    }
    if look.texts.is_empty() {
        return (Outcome::NotChecked, None, "there is no text to read".into());
    }
    let today = look.timeline.date;
    if let Some(from) = item.from.filter(|from| *from > today) {
        return (Outcome::NotApplicable, None, format!("applies from {from}"));
    }
    if let Some(until) = item.until.filter(|until| *until < today) {
        return (Outcome::NotApplicable, None, format!("applied until {until}"));
    }
    let applies = conditions::apply(look, &item.when, code);
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
    let lacking = match answers::answer(look, item, code) {
        Ok(status) => return status,
        Err(lacking) => lacking,
    };
    if let Applies::Unknown(why) = applies {
        return (Outcome::NotChecked, None, why);
    }
    let tag = look.center.settings.authoritative().tag();
    if !item.says.is_empty() && !item.says.contains_key(base(tag)) {
        return (Outcome::NotChecked, None, format!("no sentences to look for are known in `{tag}`"));
    }
    let outcome = match item.kind {
        ItemKind::MustSay => Outcome::Missing,
        ItemKind::Advice => Outcome::NotSeen,
        ItemKind::Duty => {
            return (Outcome::NotChecked, None, "a duty outside the text, of which nothing here tells".into());
        }
    };
    (outcome, None, missing(item, &lacking, tag))
}

/// Describes what would answer an item.
fn missing(item: &Item, lacking: &[String], tag: &str) -> String {
    let mut ways = Vec::new();
    if !lacking.is_empty() {
        ways.push(format!("not there: {}", lacking.join("; ")));
    }
    if let Some(says) = item.says.get(base(tag)) {
        let shown: Vec<String> = says.iter().take(2).map(|pattern| answers::shown(pattern)).collect();
        ways.push(format!("no sentence with {}", shown.join(", or with ")));
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
                format!("[check.answers] names `{answer}`, which is not a section{help}"),
            )
        }
    }
}
