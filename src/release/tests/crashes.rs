//! Every act, stopped after every step: the next run finds the site as before, or finishes it.

use super::*;
use crate::release::merge::{Fork, Side};

impl Site {
    fn copy(&self) -> Site {
        let site = Site(tempfile::tempdir().unwrap());
        for (path, bytes) in self.files() {
            let full = site.root().join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, bytes).unwrap();
        }
        site
    }

    /// Finishes or takes back what a stopped run left.
    fn settle(&self) -> BTreeMap<String, Vec<u8>> {
        drop(LedgerTransaction::open(self.root(), "a test", &FaultInjectingFs::default()).unwrap());
        assert!(!self.root().join(FOLDER).exists());
        self.files()
    }
}

/// A document with a version in force, one that is announced, and one on top of it.
fn stacked() -> Site {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Material, date(2026, 11, 10)));
    site.replace("content/privacy/policy.md", "## Processors", "Call us.\n\n## Processors");
    site.release(change(Significance::Minor, date(2026, 11, 11)));
    site
}

fn request(act: RecordAct<Sources>) -> ActRequest {
    let words = || Some(text("Because."));
    let said = Said { reason: words(), summary: words(), ..Said::default() };
    ActRequest { act, said: [("privacy".into(), said)].into(), clock_justification: None }
}

type NamedAct = (&'static str, fn(&Center) -> ActRequest);

fn acts() -> [NamedAct; 7] {
    fn fix(center: &Center, route: Route) -> ActRequest {
        Decision { route, ..change(Significance::Editorial, date(2026, 11, 12)) }.request(center)
    }
    [
        ("withdraw what others stand on", |_| {
            request(RecordAct::Withdraw {
                document: "privacy".into(),
                version: "2026-11-25".into(),
                dependants: Some(Dependants::Rebase),
            })
        }),
        ("withdraw all of it", |_| {
            request(RecordAct::Withdraw {
                document: "privacy".into(),
                version: "2026-11-25".into(),
                dependants: Some(Dependants::Withdraw),
            })
        }),
        ("fix the version in force", |center| fix(center, Route::Backport)),
        ("amend", |center| fix(center, Route::Amends("2026-11-25-2".into()))),
        ("correct", |_| {
            request(RecordAct::Correct {
                document: "privacy".into(),
                version: "2026-11-25".into(),
                significance: None,
                reasoned: true,
            })
        }),
        ("rename", |_| request(RecordAct::Rename { document: "privacy".into(), name: "privacy-policy".into() })),
        ("retire", |_| {
            request(RecordAct::Retire {
                document: "terms".into(),
                on: date(2027, 1, 5),
                exemption: None,
                reasoned: false,
            })
        }),
    ]
}

#[test]
fn any_act_stopped_after_any_step_is_as_before_or_done() {
    let start = stacked();
    // The draft has a fix, which some of the acts release and the others leave alone.
    start.replace("content/privacy/policy.md", "notice = \"14 days\"\n+++\n", "notice = \"14 days\"\n+++\n\nHello.\n");
    let before = start.files();
    for (name, request) in acts() {
        let perform = |site: &Site, disk: &FaultInjectingFs| {
            site.perform("2026-11-12T10:00:00Z", disk, |center| {
                let mut request = request(center);
                // What ends is another document, and needs its reason, too.
                let said = request.said.values().next().cloned().unwrap_or_default();
                request.said.insert("terms".into(), said);
                request
            })
        };
        let done = start.copy();
        perform(&done, &FaultInjectingFs::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let after = done.settle();
        assert_ne!(before, after, "{name}");
        assert_eq!(done.codes(), [] as [&str; 0], "{name}");
        let mut seen = BTreeSet::new();
        for steps in 0.. {
            assert!(steps < 400, "{name} never ends");
            let site = start.copy();
            let result = perform(&site, &FaultInjectingFs::dying_after(steps));
            let tidy = !site.root().join(FOLDER).exists();
            let files = site.settle();
            assert!(files == before || files == after, "{name}, stopped after {steps} steps");
            assert!(result.is_err() || files == after, "{name}: done after {steps} steps, and taken back");
            seen.insert(files == after);
            if result.is_ok() && tidy {
                break;
            }
        }
        assert_eq!(seen.len(), 2, "{name}");
    }
}

/// Two copies of a site, in each of which something was released, with the conflict that git leaves in the ledger.
fn branches() -> (Site, Site) {
    let start = Site::new();
    start.first();
    let shared = start.read(PATH);
    let ours = start.copy();
    ours.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    ours.release(change(Significance::Material, date(2026, 11, 10)));
    let theirs = start.copy();
    theirs.replace("content/terms/policy.md", "well", "wisely");
    theirs.release(Decision { documents: vec!["terms".into()], ..change(Significance::Material, date(2026, 11, 11)) });
    let tail = |site: &Site| site.read(PATH)[shared.len()..].to_string();
    let merged = ours.copy();
    for (path, bytes) in theirs.files().into_iter().filter(|(path, _)| path.contains("terms/")) {
        merged.write(&path, &String::from_utf8(bytes).unwrap());
    }
    let conflict = format!("{shared}<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n", tail(&ours), tail(&theirs));
    merged.write(PATH, &conflict);
    (merged, ours)
}

fn merge(site: &Site, published: Side, move_dates: bool, disk: &FaultInjectingFs) -> Result<()> {
    let transaction = LedgerTransaction::open(site.root(), "a test", disk)?;
    let fork = Fork::read(&site.read(PATH))?.expect("a conflict");
    let tree = SourceTree::scan(site.root(), &mut Vec::new())?;
    let center = Center::load(tree.clone(), &mut Vec::new());
    let merged = fork.merge(&tree, published, move_dates, &moment(&center, "2026-11-20T10:00:00Z"), |_, _| Ok(()))?;
    let prepared = merged.prepared;
    transaction.commit_replacing(&prepared.files, &prepared.drafts, &merged.left, &prepared.ledger, prepared.last)
}

#[test]
fn two_branches_become_one_chain_and_what_was_not_published_is_announced_now() {
    let (site, ours) = branches();
    let refused = merge(&site, Side::Ours, false, &FaultInjectingFs::default()).unwrap_err().to_string();
    assert!(refused.contains("2026-12-05") && refused.contains("--move-dates"), "{refused}");
    merge(&site, Side::Ours, true, &FaultInjectingFs::default()).unwrap();
    assert_eq!(site.codes(), [] as [&str; 0]);
    // What was published stays, byte for byte.
    let published = ours.read(PATH);
    assert!(site.read(PATH).starts_with(&published));
    let (center, _) = site.load();
    let terms = center.document("terms").unwrap();
    let ids: Vec<&str> = terms.versions.iter().map(|version| version.id.as_str()).collect();
    assert_eq!(ids, ["2026-01-05", "2026-12-05"]);
    let version = terms.version("2026-12-05").unwrap();
    assert_eq!((version.notice_from, version.published), (date(2026, 11, 20), date(2026, 11, 20)));
    assert!(!site.root().join("content/terms/versions/2026-11-26").exists());
    // The other way round.
    let (site, _) = branches();
    merge(&site, Side::Theirs, true, &FaultInjectingFs::default()).unwrap();
    assert_eq!(site.codes(), [] as [&str; 0]);
    let (center, _) = site.load();
    let version = center.document("privacy").unwrap().version("2026-12-05").unwrap();
    assert_eq!(version.notice_from, date(2026, 11, 20));
}

#[test]
fn a_merge_stopped_after_any_step_is_as_before_or_done() {
    let (start, _) = branches();
    let before = start.files();
    let done = start.copy();
    merge(&done, Side::Ours, true, &FaultInjectingFs::default()).unwrap();
    let after = done.settle();
    for steps in 0.. {
        assert!(steps < 400);
        let site = start.copy();
        let result = merge(&site, Side::Ours, true, &FaultInjectingFs::dying_after(steps));
        let tidy = !site.root().join(FOLDER).exists();
        let files = site.settle();
        assert!(files == before || files == after, "stopped after {steps} steps: {:?}", files.keys());
        if result.is_ok() && tidy {
            break;
        }
    }
}

/// A journal that came with a repository takes nothing away that is not a new file below `versions`, and moves nothing else.
#[test]
fn a_hostile_journal_changes_nothing() {
    let site = stacked();
    let digest = |path: &str| Digest::of(site.read(path).as_bytes()).hex();
    let mut journal = String::new();
    for path in [
        "content/ledger.toml",
        "content/organization.toml",
        "content/privacy/policy.md",
        "content/privacy/versions/2026-01-05/policy.md",
        "fineprint.toml",
    ] {
        journal += &format!("{}  {path}\ndraft {} {path}\n", digest(path), digest(path));
    }
    for folder in ["content/privacy", "content", "content/privacy/versions/../..", "themes"] {
        journal += &format!("left {folder}\n");
    }
    journal += &format!("entry {}\n", "0".repeat(64));
    let before = site.files();
    site.write(&format!("{FOLDER}/journal"), &journal);
    site.write(&format!("{FOLDER}/draft-0"), "forged");
    site.write(&format!("{FOLDER}/left-0/policy.md"), "forged");
    drop(LedgerTransaction::open(site.root(), "a test", &FaultInjectingFs::default()).unwrap());
    let visible: BTreeMap<_, _> = site.files().into_iter().filter(|(path, _)| !path.starts_with(FOLDER)).collect();
    assert_eq!(visible, before);
}

#[test]
fn the_folder_of_a_renamed_document_moves_with_its_name_and_its_old_name_stays_taken() {
    let site = stacked();
    let rename = |from: &str, to: &str| request(RecordAct::Rename { document: from.into(), name: to.into() });
    site.perform("2026-11-12T10:00:00Z", &FaultInjectingFs::default(), |_| rename("privacy", "notice")).unwrap();
    assert!(!site.root().join("content/privacy").exists());
    assert_eq!(site.codes(), [] as [&str; 0]);
    let (center, _) = site.load();
    assert_eq!(center.document("notice").unwrap().former_names(), ["privacy"]);
    // A new directory of the old name is not a new document.
    site.write("content/privacy/policy.md", "+++\ntitle = \"Other\"\n+++\n\nText.\n");
    assert_eq!(site.codes(), ["invalid-document-name"]);
    fs::remove_dir_all(site.root().join("content/privacy")).unwrap();
    // Back again, and the ledger tells both.
    site.perform("2026-11-13T10:00:00Z", &FaultInjectingFs::default(), |_| rename("notice", "privacy")).unwrap();
    assert_eq!(site.codes(), [] as [&str; 0]);
    let (center, _) = site.load();
    assert_eq!(center.document("privacy").unwrap().former_names(), ["notice"]);
}

/// 13 December 2026 is a Sunday, so the fifteen days of the law end with Monday.
#[test]
fn under_the_profile_of_platforms_the_day_after_the_statutory_period_is_proposed() {
    let site = Site::new();
    site.first();
    let settings = site.read("fineprint.toml");
    site.write("fineprint.toml", &format!("{settings}\n[check]\nprofiles = [\"p2b\"]\n"));
    for document in ["privacy", "terms"] {
        let path = format!("content/{document}/policy.md");
        let draft = site.read(&path);
        site.write(&path, &format!("{draft}\nMore words.\n"));
    }
    let of = |document: &str| Decision {
        documents: vec![document.to_string()],
        ..change(Significance::Material, date(2026, 11, 28))
    };
    let terms = site.prepare(&of("terms")).unwrap();
    assert_eq!((made(&terms).effective, made(&terms).statutory), (date(2026, 12, 15), Some(date(2026, 12, 15))));
    assert_eq!(made(&site.prepare(&of("privacy")).unwrap()).effective, date(2026, 12, 13));
    // It is a proposal: the promise of the terms themselves is what a release is held to.
    let earlier = Decision { effective: Some(date(2026, 12, 14)), ..of("terms") };
    let earlier = site.prepare(&earlier).unwrap();
    assert_eq!((made(&earlier).effective, made(&earlier).statutory), (date(2026, 12, 14), Some(date(2026, 12, 15))));
    let both = Decision { documents: vec!["privacy".into(), "terms".into()], ..of("terms") };
    let both = site.prepare(&both).unwrap();
    assert_eq!(made(&both).effective, date(2026, 12, 15));
}

/// An upgrade that would write a fact differently changes no word of what was published.
#[test]
fn words_are_those_that_were_frozen_whatever_the_program_makes_of_the_sources() {
    let site = Site::new();
    site.first();
    let path = "content/terms/versions/2026-01-05/text.en.md";
    let (old, new) = (site.read(path), site.read(path).replace("Use it well.", "Use it nicely."));
    assert_ne!(old, new);
    site.write(path, &new);
    let digest = |text: &str| Digest::of(text.as_bytes()).hex();
    // The text alone: its source, which says the same here, is another file.
    let mut ledger = site.read(PATH);
    for key in ["\"text.en.md\"", "\nen"] {
        let line = |text: &str| format!("{key} = \"{}\"", digest(text));
        ledger = ledger.replace(&line(&old), &line(&new));
    }
    // The chain over the changed entry, as the other program would have written it.
    let texts = chain::texts(&ledger);
    let last = &ledger[texts.last().unwrap().clone()];
    let written = last.lines().find(|line| line.starts_with("digest = ")).unwrap();
    let ledger = ledger.replace(written, &format!("digest = \"{}\"", chain::digest(last).hex()));
    site.write(PATH, &ledger);
    assert_eq!(site.codes(), [] as [&str; 0]);
    let (center, _) = site.load();
    let version = center.document("terms").unwrap().version("2026-01-05").unwrap();
    let text = crate::text::Texts::default().version(&center, version, "en").unwrap().unwrap();
    assert!(text.changed.is_none());
    assert!(text.file().contains("Use it nicely."), "{}", text.file());
}
