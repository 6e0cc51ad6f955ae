//! `fineprint release`: drafts become versions. In: a site, a decision. Out: the decision as a request, words about what was done.
//! Must not know: how files reach the site whole.

use super::record::{Verb, finished, perform, words};
use super::{Outcome, Site, tell};
use crate::center::ledger::Significance;
use crate::center::{Center, Document, Draft, Text};
use crate::cli::Release;
use crate::error::{Error, Result};
use crate::promise::edition::Edition;
use crate::record::{self, EXEMPTIONS, RecordAct, Route};
use crate::release::frozen::draft_sources;
use crate::release::{ActRequest, Said, Signal};
use crate::text::Texts;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Release) -> Result<Outcome> {
    let command = format!("release {}", arguments.documents.join(" "));
    let verb = Verb { command: &command, done: "released", needs_drafts: true };
    let done = perform(site_folder, &verb, &arguments.recording, |site, today| match &arguments.translation {
        Some(language) => translation(&site.center, &arguments, language),
        None => request(site, &arguments, today),
    })?;
    if let Some((prepared, site)) = &done {
        tell::tell(prepared, &site.center, arguments.recording.dry_run);
    }
    Ok(finished(done.is_some()))
}

fn request(site: &Site, arguments: &Release, today: Date) -> Result<ActRequest> {
    let center = &site.center;
    let significance = match (arguments.material, arguments.minor, arguments.editorial) {
        (true, ..) => Some(Significance::Material),
        (_, true, _) => Some(Significance::Minor),
        (.., true) => Some(Significance::Editorial),
        _ => None,
    };
    let exemption =
        arguments.exemption.as_ref().and_then(|kind| EXEMPTIONS.iter().find(|known| *known == kind).copied());
    let documents = &arguments.documents;
    let mut summaries = words(center, documents, &arguments.summary)?;
    let mut reasons = words(center, documents, &arguments.exemption_reason)?;
    let mut justifications = words(center, documents, &arguments.justification)?;
    let (mut releases, mut said) = (Vec::new(), BTreeMap::new());
    for name in documents {
        let document = released(center, name)?;
        let first = document.newest().is_none();
        let words = Said {
            summary: summaries.remove(name),
            exemption_reason: reasons.remove(name),
            justification: justifications.remove(name),
            signals: signals(&site.compiler.texts, center, document, today)?,
            ..Said::default()
        };
        if let (Some(summary), Some(draft)) = (&words.summary, &document.draft) {
            says_it_in_every_language(center, name, summary, draft)?;
        }
        if first && (significance.is_some() || words.summary.is_some()) && documents.len() == 1 {
            return Err(Error::refused(format!(
                "`{name}` is released for the first time, so nothing has changed: leave out `--material`, `--minor`, `--editorial` and `--summary`"
            )));
        }
        releases.push(record::ReleaseDecision {
            document: name.clone(),
            text: draft_sources(center, document, today)?,
            significance: significance.filter(|_| !first),
            effective: arguments.effective,
            publish_on: arguments.publish_on,
            exemption: exemption.filter(|_| !first),
            reasoned: words.exemption_reason.as_ref().is_some_and(|reason| !reason.is_empty()),
            route: match &arguments.amends {
                Some(id) => Route::Amends(id.clone()),
                None if arguments.backport => Route::Backport,
                None => Route::OnTop,
            },
        });
        said.insert(name.clone(), words);
    }
    let act = match releases.len() {
        1 => RecordAct::Release(releases.remove(0)),
        _ => RecordAct::Together { releases, effective: arguments.effective, same_day: arguments.together },
    };
    Ok(ActRequest { act, said, clock_justification: None })
}

/// A changelog in Spanish does not tell of a change in English.
fn says_it_in_every_language(center: &Center, name: &str, summary: &Text, draft: &Draft) -> Result<()> {
    let Text::ByLanguage(said) = summary else { return Ok(()) };
    let listed = center.settings.languages.iter().map(|language| language.tag());
    let lacks = listed.into_iter().find(|tag| draft.texts.contains_key(*tag) && !said.contains_key(*tag));
    match lacks {
        Some(tag) => Err(Error::refused(format!(
            "`{name}` has a text in `{tag}`, so its readers need the summary in it, too: add `--summary {tag}=\"…\"`"
        ))),
        None => Ok(()),
    }
}

/// A translation joins the version whose text the draft still has.
fn translation(center: &Center, arguments: &Release, language: &str) -> Result<ActRequest> {
    let [name] = arguments.documents.as_slice() else {
        return Err(Error::refused("a translation joins one document at a time; name one"));
    };
    let document = released(center, name)?;
    let authoritative = center.settings.authoritative().tag();
    let digest = document.draft.as_ref().and_then(|draft| draft.texts.get(authoritative)).map(|text| text.digest);
    let same = |version: &&crate::center::Version| {
        version.stands() && version.authoritative().map(|text| text.digest) == digest
    };
    let Some(version) = document.versions.iter().rev().find(same) else {
        return Err(Error::refused(format!(
            "content/{name}/policy.md is not the text of any version that stands, so it is not clear what is translated; release it first: fineprint release {name}"
        )));
    };
    let act =
        RecordAct::Translate { document: name.clone(), version: version.id.clone(), language: language.to_string() };
    Ok(ActRequest { act, said: BTreeMap::new(), clock_justification: None })
}

/// Signs of a material change in a draft, compared with the latest version that stands.
fn signals(texts: &Texts, center: &Center, document: &Document, on: Date) -> Result<Vec<Signal>> {
    let Some(latest) = document.newest() else { return Ok(Vec::new()) };
    let (Some(old), Some(new)) =
        (Edition::of_version(texts, center, document, latest)?, Edition::of_draft(texts, center, document, on)?)
    else {
        return Ok(Vec::new());
    };
    let signal =
        |signal: crate::promise::signals::Signal| Signal { code: signal.code.to_string(), sentence: signal.sentence };
    Ok(old.signals(&new).into_iter().map(signal).collect())
}

fn released<'c>(center: &'c Center, name: &str) -> Result<&'c Document> {
    let Some(document) = center.document(center.ledger.name(name)) else {
        let near =
            crate::diagnostic::did_you_mean(name, center.documents.iter().map(|document| document.slug.as_str()));
        if let Some(named) = super::named_by_path(center, name) {
            return Err(Error::refused(format!("`{name}` is a path; write the name of the document: `{named}`")));
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if name.contains(['/', '\\', '.']) => {
                "write its name, which is that of its directory in content/, such as `privacy`".to_string()
            }
            None => format!("put its text in content/{name}/policy.md"),
        };
        return Err(Error::refused(format!("there is no document `{name}`; {help}")));
    };
    match &document.draft {
        Some(_) => Ok(document),
        None => Err(Error::refused(format!("`{name}` has no draft; put its text in content/{name}/policy.md"))),
    }
}
