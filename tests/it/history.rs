//! The sample center's past: performing its acts one after the other through the library, each at its own instant, gives its
//! ledger again.

use crate::harness::repository;
use fineprint::center::{Act, Center, Release};
use fineprint::command::freeze_announcements;
use fineprint::record::{Moment, RecordAct, ReleaseDecision, Route, day_of};
use fineprint::release::frozen::draft_sources;
use fineprint::release::{ActRequest, FaultInjectingFs, LedgerTransaction, Said, Signal};
use fineprint::source::SourceTree;
use fineprint::text::is_made;
use std::fs;
use std::path::Path;

/// Puts the frozen sources of a version where drafts are.
fn edit(site: &Path, sample: &Path, document: &str, version: &str) {
    let frozen = sample.join(format!("content/{document}/versions/{version}"));
    for file in fs::read_dir(&frozen).unwrap().map(Result::unwrap) {
        let name = file.file_name().into_string().unwrap();
        if is_made(&name) {
            continue;
        }
        let shared = sample.join("content").join(&name).exists();
        let folder = if shared { site.join("content") } else { site.join("content").join(document) };
        fs::create_dir_all(&folder).unwrap();
        fs::copy(file.path(), folder.join(name)).unwrap();
    }
}

fn said(release: &Release) -> Said {
    let signal = |code: &String| Signal { code: code.clone(), sentence: code.clone() };
    Said {
        summary: release.summary.clone(),
        exemption_reason: release.exemption.as_ref().map(|exemption| exemption.reason.clone()),
        justification: release.justification.clone(),
        signals: release.signals.iter().map(signal).collect(),
        ..Said::default()
    }
}

fn load(root: &Path) -> Center {
    let tree = SourceTree::scan(root, &mut Vec::new()).unwrap();
    Center::load(tree, &mut Vec::new())
}

#[test]
fn the_sample_center_was_made_with_release_and_withdraw_alone() {
    let sample = repository();
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    fs::copy(sample.join("fineprint.toml"), site.join("fineprint.toml")).unwrap();
    fs::create_dir(site.join("content")).unwrap();
    // The logo and the icon that the settings name.
    fs::create_dir(site.join("static")).unwrap();
    for file in fs::read_dir(sample.join("static")).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), site.join("static").join(file.file_name())).unwrap();
    }
    let past = load(&sample);
    for entry in &past.ledger.entries {
        let name = entry.document.clone();
        if let Act::Release(_) = &entry.act {
            edit(site, &sample, &name, &entry.version);
        }
        let disk = FaultInjectingFs::default();
        let transaction = LedgerTransaction::open(site, "a test", &disk).unwrap();
        let center = load(site);
        let settings = &center.settings;
        let moment = Moment {
            now: entry.recorded,
            zone: settings.zone.clone(),
            reckoning: settings.reckoning.clone(),
            trace: None,
            clock_justified: false,
            confirmed: false,
        };
        let (act, said) = match &entry.act {
            Act::Release(release) => {
                let document = center.document(&name).unwrap();
                let decision = ReleaseDecision {
                    document: name.clone(),
                    text: draft_sources(&center, document, day_of(entry.recorded, &settings.zone)).unwrap(),
                    significance: release.significance,
                    effective: Some(release.effective),
                    publish_on: (release.published > day_of(entry.recorded, &settings.zone))
                        .then_some(release.published),
                    exemption: release.exemption.as_ref().map(|exemption| exemption.kind),
                    reasoned: release.exemption.is_some(),
                    route: Route::OnTop,
                };
                (RecordAct::Release(decision), said(release))
            }
            Act::Withdraw { reason } => {
                let act =
                    RecordAct::Withdraw { document: name.clone(), version: entry.version.clone(), dependants: None };
                (act, Said { reason: reason.clone(), ..Said::default() })
            }
            other => panic!("the sample has no {other:?}"),
        };
        let request = ActRequest { act, said: [(name, said)].into(), clock_justification: None };
        let mut prepared =
            request.prepare(&center, &moment).unwrap_or_else(|error| panic!("{}: {error}", entry.version));
        freeze_announcements(&center, &mut prepared).unwrap();
        transaction.commit(&prepared.files, &prepared.drafts, &prepared.ledger, prepared.last).unwrap();
    }
    let read = |root: &Path| fs::read_to_string(root.join("content/ledger.toml")).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(sample.join("content/ledger.toml"), read(site)).unwrap();
    }
    assert_eq!(read(site), read(&sample));
}
