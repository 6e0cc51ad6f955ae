//! `/api/v1/acceptance.json`: which version people are asked to accept, and whose acceptance still counts for it.
//!
//! In: a plan. Out: for each document the version in force and those that are announced, with the digest of each text. Must not
//! know: who accepts, where receipts are kept.

use super::{Renderer, pretty};
use crate::acceptance::{accept_since, steps};
use crate::error::Result;
use crate::plan::{address, outputs};
use crate::record::start_of_day;
use crate::view::Output;
use crate::words;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Acceptance {
    #[serde(rename = "$schema")]
    schema: String,
    as_of: Date,
    documents: Vec<AcceptedDocument>,
}

#[derive(Serialize)]
struct AcceptedDocument {
    document: String,
    versions: Vec<AcceptedVersion>,
}

#[derive(Serialize)]
struct AcceptedVersion {
    version: String,
    effective: Date,
    /// From this instant on, this is the version to ask for.
    starts_at: String,
    /// The oldest version whose acceptance counts for this one.
    accept_since: String,
    /// Every version whose acceptance counts for this one.
    accepts: Vec<String>,
    texts: BTreeMap<String, AcceptedText>,
}

#[derive(Serialize)]
struct AcceptedText {
    sha256: String,
    url: String,
    dir: &'static str,
    label: String,
    read: String,
}

pub fn acceptance(renderer: &Renderer) -> Result<Output> {
    let plan = renderer.plan;
    let mut documents = Vec::new();
    for (index, (document, timeline)) in plan.center.documents.iter().zip(&plan.timeline.documents).enumerate() {
        let asked: Vec<usize> = timeline.in_force.into_iter().chain(timeline.upcoming.iter().copied()).collect();
        if asked.is_empty() {
            continue;
        }
        let since = accept_since(&steps(plan.center, document));
        let visible: Vec<&str> = timeline.visible().map(|version| document.versions[version].id.as_str()).collect();
        let versions = asked.into_iter().map(|version| {
            let frozen = &document.versions[version];
            let own = since.get(&frozen.id).unwrap_or(&frozen.id).clone();
            let accepts = visible.iter().filter(|id| since.get(**id) == Some(&own)).map(|id| id.to_string()).collect();
            let life = timeline.life.as_ref().and_then(|life| life.version(&frozen.id));
            let begins =
                life.map_or_else(|| start_of_day(frozen.effective, &frozen.zone), |version| version.begins_at());
            Ok(AcceptedVersion {
                version: frozen.id.clone(),
                effective: frozen.effective,
                starts_at: begins.to_string(),
                accept_since: own,
                accepts,
                texts: renderer.accepted_texts(index, version)?,
            })
        });
        documents
            .push(AcceptedDocument { document: document.slug.clone(), versions: versions.collect::<Result<_>>()? });
    }
    let schema = plan.absolute(0, &outputs::schema("acceptance"));
    let acceptance = Acceptance { schema, as_of: plan.timeline.date, documents };
    Ok(Output::file(outputs::ACCEPTANCE, pretty(&acceptance)))
}

impl Renderer<'_, '_> {
    fn accepted_texts(&self, document: usize, version: usize) -> Result<BTreeMap<String, AcceptedText>> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let frozen = &entry.versions[version];
        let mut texts = BTreeMap::new();
        for language in plan.every_language() {
            let own = &plan.languages()[language];
            let Some(digest) = frozen.resolved.get(own.tag()) else { continue };
            let (title, effective) = (frozen.title(own.tag()), words::date(own, frozen.effective));
            let text = AcceptedText {
                sha256: digest.hex(),
                url: plan.absolute(language, &address::version(&entry.slug, &frozen.id)),
                dir: own.direction(),
                label: self.views.text(language, "accept-label", &[("title", &title), ("effective", &effective)])?,
                read: self.views.text(language, "accept-read", &[])?,
            };
            texts.insert(own.tag().to_string(), text);
        }
        Ok(texts)
    }
}
