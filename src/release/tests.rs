//! Releases on a disk of their own: what is frozen, what is refused, and what a stopped one leaves behind.

use super::transaction::FOLDER;
use super::*;
use crate::center::ledger::{Act, Ledger};
use crate::check::Depth;
use crate::compiler::Compiler;
use crate::diagnostic::Diagnostic;
use crate::record::{Dependants, ReleaseDecision, Route, day_of};
use crate::source::SourceTree;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const SITE: &[(&str, &str)] = &[
    (
        "fineprint.toml",
        "base_url = \"https://privacy.acme.example\"\ntitle = \"Center\"\ntimezone = \"UTC\"\nlanguages = [\"en\", \"es\"]\n",
    ),
    ("content/organization.toml", "legal_name = \"Lumen Row, S.L.\"\n[contacts]\nprivacy = \"privacy@example.org\"\n"),
    (
        "content/processors.toml",
        "[[row]]\nid = \"stripe\"\nname = \"Stripe\"\npurpose = \"payments\"\ndata = [\"cards\"]\nlocation = [\"IE\"]\n",
    ),
    (
        "content/cookies.toml",
        "[[row]]\nid = \"sid\"\nname = \"sid\"\nprovider = \"us\"\npurpose = \"sign-in\"\nlifetime = \"1 day\"\ncategory = \"necessary\"\n",
    ),
    (
        "content/privacy/policy.md",
        "+++\ntitle = \"Privacy policy\"\nnotice = \"14 days\"\n+++\n\n## Who {#who aliases=\"us\"}\n\n{{ organization.legal_name }}\n\n## Processors {#processors}\n\n:::register processors columns=\"name, purpose\"\n:::\n",
    ),
    (
        "content/privacy/policy.es.md",
        "+++\ntitle = \"Política\"\n+++\n\n## Quién {#who}\n\n{{ organization.legal_name }}\n\n## Encargados {#processors}\n\n{{ processors.stripe.name }}\n",
    ),
    ("content/terms/policy.md", "+++\ntitle = \"Terms\"\n+++\n\n## Use {#use}\n\nUse it well.\n"),
];

/// A site in a folder of its own.
struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Site {
        let site = Site(tempfile::tempdir().unwrap());
        for (path, text) in SITE {
            site.write(path, text);
        }
        site
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let full = self.root().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{from} in {path}");
        self.write(path, &text.replacen(from, to, 1));
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    fn load(&self) -> (Arc<Center>, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let tree = SourceTree::scan(self.root(), &mut findings).unwrap();
        let site = Compiler::default().compile(tree, |_| date(2026, 11, 21), Depth::Drafts, &mut findings);
        (site.center, findings)
    }

    fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self
            .load()
            .1
            .iter()
            .filter(|finding| finding.severity == crate::diagnostic::Severity::Error)
            .map(|finding| finding.code)
            .collect();
        codes.dedup();
        codes
    }

    /// An act at an instant, under the lock.
    fn perform(
        &self,
        at: &str,
        disk: &FaultInjectingFs,
        request: impl FnOnce(&Center) -> ActRequest,
    ) -> Result<PreparedAct> {
        let transaction = LedgerTransaction::open(self.root(), "a test", disk)?;
        let (center, findings) = self.load();
        assert!(!crate::diagnostic::stops(&findings), "{findings:#?}");
        let prepared = request(&center).prepare(&center, &moment(&center, at))?;
        transaction.commit(&prepared.files, &prepared.drafts, &prepared.ledger, prepared.last)?;
        Ok(prepared)
    }

    fn prepare(&self, decision: &Decision) -> Result<PreparedAct> {
        let (center, findings) = self.load();
        assert!(!crate::diagnostic::stops(&findings), "{findings:#?}");
        decision.request(&center).prepare(&center, &moment(&center, &decision.at()))
    }

    fn release_on(&self, decision: &Decision, disk: &FaultInjectingFs) -> Result<PreparedAct> {
        self.perform(&decision.at(), disk, |center| decision.request(center))
    }

    fn release(&self, decision: Decision) -> PreparedAct {
        self.release_on(&decision, &FaultInjectingFs::default()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn refusal(&self, decision: Decision) -> String {
        match self.prepare(&decision) {
            Ok(prepared) => panic!("was not refused: {:#?}", prepared.outcomes),
            Err(error) => error.to_string(),
        }
    }

    fn withdraw(&self, at: &str, version: &str, dependants: Option<Dependants>) -> Result<PreparedAct> {
        let said = Said { reason: Some(text("Too \"soon\".\n")), ..Said::default() };
        let act = RecordAct::Withdraw { document: "privacy".into(), version: version.into(), dependants };
        let request = ActRequest { act, said: [("privacy".into(), said)].into(), clock_justification: None };
        self.perform(at, &FaultInjectingFs::default(), |_| request)
    }

    /// Every file and its bytes, the lock and its folder left out.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for entry in
            walkdir::WalkDir::new(self.root()).into_iter().flatten().filter(|entry| entry.file_type().is_file())
        {
            let path = entry.path().strip_prefix(self.root()).unwrap().to_string_lossy().into_owned();
            files.insert(path, fs::read(entry.path()).unwrap());
        }
        files
    }

    fn first(&self) {
        self.release(first(&["privacy", "terms"], date(2026, 1, 5)));
    }
}

fn moment(center: &Center, at: &str) -> Moment {
    Moment {
        now: at.parse().unwrap(),
        zone: center.settings.zone.clone(),
        reckoning: center.settings.reckoning.clone(),
        trace: None,
        clock_justified: false,
        confirmed: false,
    }
}

/// What somebody decides at ten in the morning of a day.
#[derive(Clone)]
struct Decision {
    documents: Vec<String>,
    day: Date,
    significance: Option<Significance>,
    summary: Option<Text>,
    effective: Option<Date>,
    publish_on: Option<Date>,
    route: Route,
    exemption: Option<(&'static str, Text)>,
    justification: Option<Text>,
    signals: Vec<Signal>,
}

impl Decision {
    fn at(&self) -> String {
        format!("{}T10:00:00Z", self.day)
    }

    fn request(&self, center: &Center) -> ActRequest {
        let mut releases = Vec::new();
        let mut said = BTreeMap::new();
        let today = day_of(self.at().parse().unwrap(), &TimeZone::UTC);
        for name in &self.documents {
            releases.push(ReleaseDecision {
                document: name.clone(),
                text: draft_sources(center, center.document(name).unwrap(), today).unwrap(),
                significance: self.significance,
                effective: self.effective,
                publish_on: self.publish_on,
                exemption: self.exemption.as_ref().map(|(kind, _)| *kind),
                reasoned: self.exemption.is_some(),
                route: self.route.clone(),
            });
            let words = Said {
                summary: self.summary.clone(),
                exemption_reason: self.exemption.as_ref().map(|(_, reason)| reason.clone()),
                justification: self.justification.clone(),
                signals: self.signals.clone(),
                ..Said::default()
            };
            said.insert(name.clone(), words);
        }
        let act = match releases.len() {
            1 => RecordAct::Release(releases.remove(0)),
            _ => RecordAct::Together { releases, effective: self.effective, same_day: false },
        };
        ActRequest { act, said, clock_justification: None }
    }
}

fn first(documents: &[&str], day: Date) -> Decision {
    Decision {
        documents: documents.iter().map(|slug| slug.to_string()).collect(),
        day,
        significance: None,
        summary: None,
        effective: None,
        publish_on: None,
        route: Route::OnTop,
        exemption: None,
        justification: None,
        signals: Vec::new(),
    }
}

fn change(significance: Significance, day: Date) -> Decision {
    Decision { significance: Some(significance), summary: Some(text("Something changes.")), ..first(&["privacy"], day) }
}

/// The version that an act makes, or the last of them.
fn made(prepared: &PreparedAct) -> &Promised {
    let version = |outcome: &'_ ActOutcome| matches!(outcome, ActOutcome::Version(_));
    match prepared.outcomes.iter().rev().find(|outcome| version(outcome)) {
        Some(ActOutcome::Version(promised)) => promised,
        _ => panic!("no version: {:#?}", prepared.outcomes),
    }
}

/// The names of the files in a version's folder.
fn names(prepared: &PreparedAct, folder: &str) -> Vec<String> {
    let inside = |file: &NewFile| file.path.strip_prefix(folder).map(str::to_string);
    let mut names: Vec<String> = prepared.files.iter().filter_map(inside).collect();
    names.sort();
    names
}

fn text(words: &str) -> Text {
    Text::ByLanguage([("en".to_string(), words.to_string())].into())
}

#[test]
fn a_first_version_is_in_force_at_once_and_holds_what_it_uses() {
    let site = Site::new();
    let prepared = site.release(first(&["privacy"], date(2026, 1, 5)));
    assert!(made(&prepared).at_once);
    let folder = "content/privacy/versions/2026-01-05/";
    assert_eq!(
        names(&prepared, folder),
        ["organization.toml", "policy.es.md", "policy.md", "processors.toml", "text.en.md", "text.es.md"],
        "neither cookies.toml nor the ledger"
    );
    for (name, source) in [
        ("organization.toml", "content/organization.toml"),
        ("policy.es.md", "content/privacy/policy.es.md"),
        ("policy.md", "content/privacy/policy.md"),
        ("processors.toml", "content/processors.toml"),
    ] {
        assert_eq!(site.read(&format!("{folder}{name}")), site.read(source));
    }
    let (center, findings) = site.load();
    assert!(findings.iter().all(|finding| finding.severity != crate::diagnostic::Severity::Error), "{findings:#?}");
    let entry = &center.ledger.entries[0];
    let Act::Release(release) = &entry.act else { panic!() };
    assert_eq!(release.anchors[..], ["who", "us", "processors"]);
    assert_eq!(release.text.iter().map(|(tag, _)| tag).collect::<Vec<_>>(), ["en", "es"]);
    let addresses: Vec<&str> = release.addresses.values().map(String::as_str).collect();
    assert_eq!(addresses, ["privacy/v/2026-01-05/", "es/privacy/v/2026-01-05/"]);
    assert_eq!((entry.number, entry.part, entry.previous), (1, (1, 1), Some(chain::START)));
    assert_eq!(entry.recorded.to_string(), "2026-01-05T10:00:00Z");
    assert!(!site.root().join(FOLDER).exists());
}

/// The file that the site publishes beside the page: title, description and words, under one digest.
#[test]
fn the_resolved_text_is_frozen_with_its_title() {
    let site = Site::new();
    site.first();
    let frozen = site.read("content/privacy/versions/2026-01-05/text.es.md");
    assert!(frozen.starts_with("+++\ntitle = \"Política\"\n+++\n\n## Quién {#who}\n\nLumen Row, S.L.\n"), "{frozen}");
    let (center, _) = site.load();
    let version = &center.document("privacy").unwrap().versions[0];
    assert_eq!(version.resolved.get("es"), Some(&Digest::of(frozen.as_bytes())));
}

#[test]
fn a_documents_own_register_wins() {
    let site = Site::new();
    site.write(
        "content/privacy/processors.toml",
        "[[row]]\nid = \"stripe\"\nname = \"Own\"\npurpose = \"payments\"\ndata = [\"cards\"]\nlocation = [\"IE\"]\n",
    );
    site.release(first(&["privacy"], date(2026, 1, 5)));
    assert!(site.read("content/privacy/versions/2026-01-05/processors.toml").contains("Own"));
}

#[test]
fn a_material_change_waits_for_its_notice() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let prepared = site.prepare(&change(Significance::Material, date(2026, 11, 21))).unwrap();
    assert_eq!(made(&prepared).effective, date(2026, 12, 6));
    assert_eq!(window(made(&prepared)), Some((date(2026, 11, 22), date(2026, 12, 5))));
    let early = Decision { effective: Some(date(2026, 12, 5)), ..change(Significance::Material, date(2026, 11, 21)) };
    let refusal = site.refusal(early.clone());
    assert!(
        refusal.contains("the earliest effective date is 2026-12-06") && refusal.contains("--exemption"),
        "{refusal}"
    );
    let exempt = ("security", text("A leak had to be closed."));
    let prepared = site.prepare(&Decision { exemption: Some(exempt), ..early }).unwrap();
    assert_eq!(made(&prepared).effective, date(2026, 12, 5));
    let later = Decision { effective: Some(date(2027, 1, 1)), ..change(Significance::Material, date(2026, 11, 21)) };
    assert_eq!(made(&site.prepare(&later).unwrap()).effective, date(2027, 1, 1));
}

#[test]
fn a_shortened_promise_owes_the_longer_notice_and_a_longer_one_owes_itself() {
    for (days, effective) in [("7", date(2026, 12, 6)), ("30", date(2026, 12, 22))] {
        let site = Site::new();
        site.first();
        site.replace("content/privacy/policy.md", "notice = \"14 days\"", &format!("notice = \"{days} days\""));
        let prepared = site.prepare(&change(Significance::Material, date(2026, 11, 21))).unwrap();
        assert_eq!(made(&prepared).effective, effective);
    }
}

#[test]
fn several_versions_share_a_day() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Material, date(2026, 11, 20)));
    site.replace("content/privacy/policy.md", "New words", "Newer words");
    let refusal = site
        .refusal(Decision { effective: Some(date(2026, 12, 4)), ..change(Significance::Minor, date(2026, 11, 21)) });
    assert!(refusal.contains("2026-12-05"), "{refusal}");
    let prepared = site.release(change(Significance::Editorial, date(2026, 11, 21)));
    assert_eq!(made(&prepared).version, "2026-12-05-2", "with what it stands on");
    site.replace("content/terms/policy.md", "well", "wisely");
    let terms = Decision { documents: vec!["terms".into()], ..change(Significance::Minor, date(2026, 11, 21)) };
    assert_eq!(made(&site.release(terms)).effective, date(2026, 11, 21));
    assert_eq!(site.codes(), [] as [&str; 0]);
}

#[test]
fn a_past_day_is_refused_and_a_schedule_keeps_nobody_waiting() {
    let site = Site::new();
    site.release(first(&["privacy"], date(2026, 11, 10)));
    assert!(site.refusal(first(&["terms"], date(2026, 11, 9))).contains("--clock-justification"));
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let scheduled = |day| Decision { publish_on: Some(day), ..change(Significance::Minor, date(2026, 11, 12)) };
    assert!(site.refusal(scheduled(date(2026, 11, 11))).contains("has passed"));
    assert!(site.refusal(scheduled(date(2028, 2, 1))).contains("--confirm"));
    site.release(scheduled(date(2027, 2, 1)));
    site.release(first(&["terms"], date(2026, 11, 21)));
    site.replace("content/privacy/policy.md", "New words", "Newer words");
    let refusal = site.refusal(change(Significance::Minor, date(2026, 11, 22)));
    assert!(refusal.contains("--publish-on 2027-02-01") && refusal.contains("--backport"), "{refusal}");
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let site = Site::new();
    assert!(site.refusal(first(&["privacy", "privacy"], date(2026, 1, 5))).contains("named twice"));
    site.first();
    assert!(site.refusal(first(&["privacy"], date(2026, 2, 1))).contains("`--material`, `--minor` or `--editorial`"));
    let same = site.refusal(change(Significance::Minor, date(2026, 2, 1)));
    assert!(same.contains("fineprint correct privacy 2026-01-05"), "{same}");
    assert!(
        site.refusal(Decision { summary: None, ..change(Significance::Minor, date(2026, 2, 1)) }).contains("--summary")
    );
    let exempt = Some(("waived-by-users", text("x")));
    let refusal = site.refusal(Decision { exemption: exempt, ..change(Significance::Minor, date(2026, 2, 1)) });
    assert!(refusal.contains("only a material change"), "{refusal}");
}

#[test]
fn signals_need_a_reason_below_material_and_go_on_the_record() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let signal = Signal { code: "processor-added".into(), sentence: "Hetzner was added".into() };
    let minor = Decision { signals: vec![signal.clone()], ..change(Significance::Minor, date(2026, 2, 1)) };
    let refusal = site.refusal(minor.clone());
    assert!(refusal.contains("Hetzner was added") && refusal.contains("--justification"), "{refusal}");
    let justified = Decision { justification: Some(text("It moved within the group.")), ..minor };
    let prepared = site.prepare(&justified).unwrap();
    let ledger = Ledger::read(&prepared.ledger, &mut Vec::new());
    let Act::Release(entry) = &ledger.entries[2].act else { panic!() };
    assert_eq!(
        (entry.justification.clone(), entry.signals.as_slice()),
        (Some(text("It moved within the group.")), &["processor-added".to_string()][..])
    );
    let material = Decision { signals: vec![signal], ..change(Significance::Material, date(2026, 2, 1)) };
    assert!(site.prepare(&material).is_ok());
}

#[test]
fn a_withdrawn_version_stays_and_its_name_is_taken() {
    let site = Site::new();
    site.first();
    let draft = site.read("content/privacy/policy.md");
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let announced = site.release(change(Significance::Material, date(2026, 11, 10)));
    let id = made(&announced).version.clone();
    assert_eq!(id, "2026-11-25");
    let late = site.withdraw("2026-11-25T00:00:00Z", &id, None).unwrap_err().to_string();
    assert!(late.contains("applies to people"), "{late}");
    let back = site.withdraw("2026-11-09T10:00:00Z", &id, None).unwrap_err().to_string();
    assert!(back.contains("--clock-justification"), "{back}");
    let first = site.withdraw("2026-11-20T10:00:00Z", "2026-01-05", None).unwrap_err().to_string();
    assert!(first.contains("applies to people"), "{first}");
    let withdrawal = site.withdraw("2026-11-24T23:59:59Z", &id, None).unwrap();
    assert!(withdrawal.notes.iter().any(|note| note.contains("draft of privacy")), "{:?}", withdrawal.notes);
    assert_eq!(site.read("content/privacy/policy.md"), draft, "the draft is taken back with it");
    assert_eq!(site.codes(), [] as [&str; 0]);
    let (center, _) = site.load();
    assert!(center.document("privacy").unwrap().version(&id).unwrap().withdrawn.is_some());
    // The same day gets another name.
    site.replace("content/privacy/policy.md", "## Who", "Other words.\n\n## Who");
    let again = site.release(change(Significance::Minor, date(2026, 11, 25)));
    assert_eq!(made(&again).version, "2026-11-25-2", "{id} is taken");
    assert_eq!(site.codes(), [] as [&str; 0]);
}

#[test]
fn an_edited_draft_keeps_what_is_not_withdrawn() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let id = made(&site.release(change(Significance::Material, date(2026, 11, 10)))).version.clone();
    site.replace("content/privacy/policy.md", "## Processors", "## Our processors");
    site.withdraw("2026-11-12T10:00:00Z", &id, None).unwrap();
    let draft = site.read("content/privacy/policy.md");
    assert!(!draft.contains("New words") && draft.contains("## Our processors"), "{draft}");
}

/// The announced change keeps its date and its notice, and readers get the fix now: nothing of the one is in the other.
#[test]
fn a_fix_reaches_the_version_in_force_under_an_announced_change() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Material, date(2026, 11, 10)));
    site.replace("content/privacy/policy.md", "## Processors", "Call us.\n\n## Processors");
    let fix = Decision { route: Route::Backport, ..change(Significance::Editorial, date(2026, 11, 12)) };
    let prepared = site.release(fix);
    let versions: Vec<(&str, bool)> = prepared
        .outcomes
        .iter()
        .map(|outcome| match outcome {
            ActOutcome::Version(promised) => (promised.version.as_str(), promised.again),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(versions, [("2026-11-12", false), ("2026-11-25-2", true)]);
    let text = |id: &str| site.read(&format!("content/privacy/versions/{id}/text.en.md"));
    assert!(text("2026-11-12").contains("Call us.") && !text("2026-11-12").contains("New words."));
    assert!(text("2026-11-25-2").contains("Call us.") && text("2026-11-25-2").contains("New words."));
    let (center, _) = site.load();
    let entries = &center.ledger.entries;
    assert_eq!(
        entries[3..].iter().map(|entry| (entry.number, entry.part)).collect::<Vec<_>>(),
        [(3, (1, 2)), (3, (2, 2))]
    );
    let version = center.document("privacy").unwrap().version("2026-11-25-2").unwrap();
    assert_eq!((version.notice_from, version.published), (date(2026, 11, 10), date(2026, 11, 12)));
    assert_eq!(version.base.as_deref(), Some("2026-11-12"));
    assert_eq!(site.codes(), [] as [&str; 0]);
    // A ledger that ends within an act is broken.
    let (head, parts) = parts(&site);
    site.write(PATH, &format!("{head}{}", parts[..4].concat()));
    assert!(site.codes().contains(&"ledger-act-incomplete"), "{:?}", site.codes());
}

#[test]
fn stopped_after_any_step_it_is_as_before_or_fully_released() {
    let release =
        || Decision { summary: Some(text("Both change.")), ..change(Significance::Minor, date(2026, 11, 21)) };
    let both = || Decision { documents: vec!["privacy".into(), "terms".into()], ..release() };
    let new = || {
        let site = Site::new();
        site.first();
        site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
        site.replace("content/terms/policy.md", "well", "wisely");
        site
    };
    let (before, after) = {
        let site = new();
        let before = site.files();
        site.release(both());
        (before, site.files())
    };
    assert_ne!(before, after);
    let mut states = BTreeSet::new();
    let mut steps = 0;
    loop {
        let site = new();
        let result = site.release_on(&both(), &FaultInjectingFs::dying_after(steps));
        // What a reader sees: the site as before or as after, or that a release was interrupted.
        let interrupted = interrupted(site.root()).unwrap();
        let codes = site.codes();
        let visible: BTreeMap<_, _> = site.files().into_iter().filter(|(path, _)| !path.starts_with(FOLDER)).collect();
        let state = match () {
            () if visible == before => "before",
            () if visible == after => "after",
            () => "between",
        };
        states.insert(state);
        assert_eq!(interrupted.is_some(), state == "between", "after {steps} steps: {codes:?}");
        assert_eq!(codes.is_empty(), state != "between", "after {steps} steps: {codes:?}");
        if state == "between" {
            assert_eq!(codes, ["version-not-on-ledger"]);
            assert!(!interrupted.unwrap().running);
        }
        // The next run takes back what counts for nothing, and does its work.
        if state == "after" {
            drop(LedgerTransaction::open(site.root(), "a test", &FaultInjectingFs::default()).unwrap());
        } else {
            drop(LedgerTransaction::open(site.root(), "a test", &FaultInjectingFs::default()).unwrap());
            assert_eq!(site.files(), before, "after {steps} steps");
            site.release(both());
        }
        assert_eq!(site.files(), after, "after {steps} steps");
        if result.is_ok() && state == "after" && !site.root().join(FOLDER).exists() && steps > 60 {
            break;
        }
        steps += 1;
        assert!(steps < 400);
    }
    assert_eq!(states.into_iter().collect::<Vec<_>>(), ["after", "before", "between"]);
}

#[test]
fn taking_back_stops_at_any_step_too() {
    for steps in 0..40 {
        let site = Site::new();
        let before = site.files();
        // Dies when everything is in place but the ledger.
        let mut dies = 1;
        while interrupted(site.root()).unwrap().is_none_or(|found| found.files.len() < 6) {
            let _ = site.release_on(&first(&["privacy"], date(2026, 1, 5)), &FaultInjectingFs::dying_after(dies));
            dies += 1;
            assert!(dies < 200);
        }
        let _ = LedgerTransaction::open(site.root(), "a test", &FaultInjectingFs::dying_after(steps));
        drop(LedgerTransaction::open(site.root(), "a test", &FaultInjectingFs::default()).unwrap());
        assert_eq!(site.files(), before, "after {steps} steps");
    }
}

#[test]
fn a_file_edited_after_an_interruption_is_not_taken_back() {
    let site = Site::new();
    let mut dies = 1;
    while interrupted(site.root()).unwrap().is_none() {
        let _ = site.release_on(&first(&["privacy"], date(2026, 1, 5)), &FaultInjectingFs::dying_after(dies));
        dies += 1;
    }
    site.write("content/privacy/versions/2026-01-05/policy.md", "mine now");
    let error = LedgerTransaction::open(site.root(), "a test", &FaultInjectingFs::default()).unwrap_err().to_string();
    assert!(
        error.contains("content/privacy/versions/2026-01-05/policy.md") && error.contains("edited since"),
        "{error}"
    );
}

#[test]
fn of_two_runs_one_is_told_who_is_at_it() {
    let site = Site::new();
    let disk = FaultInjectingFs::default();
    let transaction = LedgerTransaction::open(site.root(), "`fineprint release privacy` (process 7)", &disk).unwrap();
    let error = LedgerTransaction::open(site.root(), "another", &disk).unwrap_err().to_string();
    assert!(error.contains("`fineprint release privacy` (process 7) is writing"), "{error}");
    drop(transaction);
    assert!(LedgerTransaction::open(site.root(), "another", &disk).is_ok());
    assert!(!site.root().join(FOLDER).exists());
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let site = Site::new();
    let prepared = site.prepare(&first(&["terms"], date(2026, 1, 5))).unwrap();
    site.write("content/terms/versions/2026-01-05/policy.md", "somebody's");
    let before = site.files();
    let disk = FaultInjectingFs::default();
    let transaction = LedgerTransaction::open(site.root(), "a test", &disk).unwrap();
    let error =
        transaction.commit(&prepared.files, &prepared.drafts, &prepared.ledger, prepared.last).unwrap_err().to_string();
    assert!(error.contains("already there"), "{error}");
    assert_eq!(site.files(), before);
}

/// A site with four entries on its ledger: two first versions, a change of each.
fn four() -> Site {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Minor, date(2026, 3, 1)));
    site.replace("content/terms/policy.md", "well", "wisely");
    site.release(Decision { documents: vec!["terms".into()], ..change(Significance::Minor, date(2026, 4, 1)) });
    assert_eq!(site.codes(), [] as [&str; 0]);
    site
}

/// The ledger's header and its entries.
fn parts(site: &Site) -> (String, Vec<String>) {
    let ledger = site.read(PATH);
    let texts = chain::texts(&ledger);
    (ledger[..texts[0].start].to_string(), texts.into_iter().map(|range| ledger[range].to_string()).collect())
}

#[test]
fn each_way_to_tamper_has_its_own_code_and_names_the_place() {
    type Tamper = fn(&Site);
    let cases: &[(&[&str], &str, Tamper)] = &[
        (&["frozen-file-edited"], "content/privacy/versions/2026-01-05/policy.md", |site| {
            site.replace("content/privacy/versions/2026-01-05/policy.md", "legal_name", "brand");
        }),
        (&["frozen-file-edited"], "content/privacy/versions/2026-03-01/processors.toml", |site| {
            site.replace("content/privacy/versions/2026-03-01/processors.toml", "Stripe", "Stripes");
        }),
        (&["missing-frozen-file"], "content/privacy/versions/2026-01-05/policy.es.md", |site| {
            site.remove("content/privacy/versions/2026-01-05/policy.es.md");
        }),
        (&["missing-frozen-file"], "content/terms/versions/2026-04-01/policy.md", |site| {
            site.remove("content/terms/versions/2026-04-01/policy.md");
        }),
        (&["unexpected-frozen-file"], "content/terms/versions/2026-01-05/cookies.toml", |site| {
            site.write("content/terms/versions/2026-01-05/cookies.toml", "");
        }),
        (&["missing-version"], "content/terms/versions/2026-01-05", |site| {
            fs::remove_dir_all(site.root().join("content/terms/versions/2026-01-05")).unwrap();
        }),
        (&["ledger-entry-edited"], "`privacy` 2026-03-01", |site| {
            site.replace(PATH, "Something changes.", "Nothing changes.");
        }),
        (&["ledger-entry-edited"], "`terms` 2026-04-01", |site| {
            site.replace(PATH, "published = 2026-04-01", "published = 2026-03-02");
        }),
        (&["ledger-reordered"], "`privacy` 2026-03-01", |site| {
            let (head, parts) = parts(site);
            site.write(PATH, &format!("{head}{}{}\n{}{}", parts[0], parts[2], parts[1], parts[3]));
        }),
        (&["version-not-on-ledger"], "content/terms/versions/2026-04-01", |site| {
            let (head, parts) = parts(site);
            site.write(PATH, &format!("{head}{}{}{}", parts[0], parts[1], parts[2]));
        }),
        (&["ledger-entry-missing", "version-not-on-ledger"], "the release of `terms` 2026-04-01", |site| {
            let (head, parts) = parts(site);
            site.write(PATH, &format!("{head}{}{}{}", parts[0], parts[1], parts[3]));
        }),
        (&["ledger-entry-missing", "version-not-on-ledger"], "the release of `terms` 2026-01-05", |site| {
            let (head, parts) = parts(site);
            site.write(PATH, &format!("{head}{}{}{}", parts[1], parts[2], parts[3]));
        }),
        (&["ledger-without-digests"], "no digests", |site| {
            let bare: String = site
                .read(PATH)
                .lines()
                .filter(|line| !line.starts_with("previous") && !line.starts_with("digest"))
                .fold(String::new(), |text, line| text + line + "\n");
            site.write(PATH, &bare);
        }),
        (&["ledger-without-digests"], "`privacy` 2026-03-01 has no `digest`", |site| {
            let (head, parts) = parts(site);
            let third: String = parts[2]
                .lines()
                .filter(|line| !line.starts_with("digest"))
                .fold(String::new(), |text, line| text + line + "\n");
            site.write(PATH, &format!("{head}{}{}{third}\n{}", parts[0], parts[1], parts[3]));
        }),
        (&["ledger-forked"], "merge", |site| {
            let (head, parts) = parts(site);
            site.write(
                PATH,
                &format!(
                    "{head}{}{}<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n",
                    parts[0], parts[1], parts[2], parts[3]
                ),
            );
        }),
    ];
    for (index, (codes, names, tamper)) in cases.iter().enumerate() {
        let site = four();
        tamper(&site);
        let before = site.files();
        let (_, findings) = site.load();
        let mut found: Vec<&str> = findings
            .iter()
            .filter(|finding| crate::check::record::is_broken(finding))
            .map(|finding| finding.code)
            .collect();
        found.sort_unstable();
        found.dedup();
        // A merge that was not resolved is invalid TOML, too.
        found.retain(|code| *code != "invalid-toml" && !(codes[0] == "ledger-forked" && *code != "ledger-forked"));
        assert_eq!(found, *codes, "case {index}: {findings:#?}");
        let finding = findings.iter().find(|finding| finding.code == codes[0]).unwrap();
        let place = finding.primary.as_ref().map_or("", |label| &*label.path);
        let says = format!("{} {place} {}", finding.message, finding.help.join(" "));
        assert!(says.contains(names) && !finding.help.is_empty(), "case {index}: {finding:#?}");
        assert!(crate::diagnostic::stops(&findings), "case {index}");
        assert_eq!(site.files(), before, "nothing is mended");
    }
}

#[test]
fn two_branches_that_both_released_are_told_apart_and_the_way_out_works() {
    let site = Site::new();
    site.first();
    let base = site.read(PATH);
    // One branch releases privacy, later; the other terms, earlier.
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Minor, date(2026, 3, 2)));
    let (head, ours) = parts(&site);
    site.write(PATH, &base);
    fs::rename(site.root().join("content/privacy/versions/2026-03-02"), site.root().join("aside")).unwrap();
    site.replace("content/terms/policy.md", "well", "wisely");
    let terms = || Decision { documents: vec!["terms".into()], ..change(Significance::Minor, date(2026, 3, 1)) };
    site.release(terms());
    let (_, theirs) = parts(&site);
    fs::rename(site.root().join("aside"), site.root().join("content/privacy/versions/2026-03-02")).unwrap();
    // A union merge: both, in either order.
    for merged in [[&ours[2], &theirs[2]], [&theirs[2], &ours[2]]] {
        site.write(PATH, &format!("{head}{}{}{}\n{}", ours[0], ours[1], merged[0], merged[1]));
        let (_, findings) = site.load();
        let broken: Vec<&Diagnostic> =
            findings.iter().filter(|finding| crate::check::record::is_broken(finding)).collect();
        assert_eq!(broken.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["ledger-forked"], "{broken:#?}");
        let help = broken[0].help.join("\n");
        assert!(
            help.contains("the release of `privacy` 2026-03-02")
                && help.contains("rm -r content/privacy/versions/2026-03-02"),
            "{help}"
        );
        assert!(!help.contains("terms"), "what was published first stays: {help}");
    }
    // The way out, as the finding says it.
    site.write(PATH, &format!("{head}{}{}{}", theirs[0], theirs[1], theirs[2]));
    fs::remove_dir_all(site.root().join("content/privacy/versions/2026-03-02")).unwrap();
    site.release(change(Significance::Minor, date(2026, 3, 2)));
    assert_eq!(site.codes(), [] as [&str; 0]);
    assert_eq!(site.load().0.ledger.entries.len(), 4);
}

#[test]
fn a_checkout_with_other_line_ends_is_told_what_it_is() {
    let site = four();
    let path = "content/terms/versions/2026-01-05/policy.md";
    site.write(path, &site.read(path).replace('\n', "\r\n"));
    site.write(PATH, &site.read(PATH).replace('\n', "\r\n"));
    let (_, findings) = site.load();
    let broken: Vec<&Diagnostic> = findings.iter().filter(|finding| crate::check::record::is_broken(finding)).collect();
    assert_eq!(broken.len(), 1, "the chain holds: {broken:#?}");
    assert!(broken[0].help.iter().any(|help| help.contains(".gitattributes")), "{broken:#?}");
}

#[test]
fn an_entry_twice_is_one_too_many() {
    let site = four();
    let (_, parts) = parts(&site);
    site.write(PATH, &format!("{}\n{}", site.read(PATH), parts[3]));
    let (_, findings) = site.load();
    assert!(findings.iter().any(|finding| finding.code == "ledger-entry-repeated"), "{findings:#?}");
}

#[test]
fn bytes_of_the_past_stay_when_the_ledger_grows() {
    let site = four();
    let before = site.read(PATH);
    site.replace("content/terms/policy.md", "wisely", "gladly");
    site.release(Decision { documents: vec!["terms".into()], ..change(Significance::Editorial, date(2026, 5, 1)) });
    assert!(site.read(PATH).starts_with(&before));
}
