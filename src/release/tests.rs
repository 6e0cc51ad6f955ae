//! Releases on a disk of their own: what is frozen, what is refused, and what a stopped one leaves behind.

use super::*;
use crate::center::ledger::{Act, Ledger};
use crate::check::Depth;
use crate::compiler::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::SourceTree;
use jiff::civil::date;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const SITE: &[(&str, &str)] = &[
    (
        "fineprint.toml",
        "base_url = \"https://privacy.example.org\"\ntitle = \"Center\"\ntimezone = \"UTC\"\nlanguages = [\"en\", \"es\"]\n",
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

    fn prepare(&self, decision: &Decision) -> Result<Prepared> {
        let (center, findings) = self.load();
        assert!(!crate::diagnostic::stops(&findings), "{findings:#?}");
        decision.prepare(&center, &Signals::new())
    }

    fn release_on(&self, decision: &Decision, disk: &FaultInjectingFs) -> Result<Prepared> {
        let transaction = LedgerTransaction::open(self.root(), "a test", disk)?;
        let prepared = self.prepare(decision)?;
        transaction.commit(&prepared.files, &prepared.ledger, prepared.last)?;
        Ok(prepared)
    }

    fn release(&self, decision: Decision) -> Prepared {
        self.release_on(&decision, &FaultInjectingFs::default()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn refusal(&self, decision: Decision) -> String {
        match self.prepare(&decision) {
            Ok(prepared) => panic!("was not refused: {:#?}", prepared.releases),
            Err(error) => error.to_string(),
        }
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

fn first(documents: &[&str], published: Date) -> Decision {
    Decision {
        documents: documents.iter().map(|slug| slug.to_string()).collect(),
        significance: None,
        summary: None,
        published,
        today: date(2026, 11, 21),
        effective: None,
        exemption: None,
        because: None,
    }
}

fn change(significance: Significance, published: Date) -> Decision {
    Decision {
        significance: Some(significance),
        summary: Some(text("Something changes.")),
        ..first(&["privacy"], published)
    }
}

fn text(words: &str) -> Text {
    Text::ByLanguage([("en".to_string(), words.to_string())].into())
}

#[test]
fn a_first_version_is_in_force_at_once_and_holds_what_it_uses() {
    let site = Site::new();
    let prepared = site.release(first(&["privacy"], date(2026, 1, 5)));
    assert_eq!(prepared.releases[0].effective, date(2026, 1, 5));
    assert_eq!(
        prepared.releases[0].files,
        ["organization.toml", "policy.es.md", "policy.md", "processors.toml"],
        "neither cookies.toml nor the ledger"
    );
    for name in &prepared.releases[0].files {
        let source = ["privacy/", ""]
            .into_iter()
            .map(|folder| format!("content/{folder}{name}"))
            .find(|path| site.root().join(path).exists());
        assert_eq!(site.read(&format!("content/privacy/versions/2026-01-05/{name}")), site.read(&source.unwrap()));
    }
    let (center, findings) = site.load();
    assert!(findings.iter().all(|finding| finding.severity != crate::diagnostic::Severity::Error), "{findings:#?}");
    let Act::Release(entry) = &center.ledger.entries[0].act else { panic!() };
    assert_eq!(entry.anchors[..], ["who", "us", "processors"]);
    assert_eq!(entry.text.iter().map(|(tag, _)| tag).collect::<Vec<_>>(), ["en", "es"]);
    assert_eq!(center.ledger.entries[0].previous, Some(chain::START));
    assert!(!site.root().join(transaction::FOLDER).exists());
}

#[test]
fn the_recorded_text_is_the_one_that_is_published() {
    let site = Site::new();
    site.first();
    let (center, _) = site.load();
    for version in center.documents.iter().flat_map(|document| &document.versions) {
        for tag in version.texts.keys() {
            let text = Texts::default().version(&center, version, tag).unwrap().unwrap();
            assert_eq!(Some(&text.digest), version.resolved.get(tag), "{}", text.path);
        }
    }
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
    assert_eq!(prepared.releases[0].effective, date(2026, 12, 6));
    assert_eq!(window(&prepared.releases[0]), Some((date(2026, 11, 22), date(2026, 12, 5))));
    let early = Decision { effective: Some(date(2026, 12, 5)), ..change(Significance::Material, date(2026, 11, 21)) };
    let refusal = site.refusal(early.clone());
    assert!(
        refusal.contains("13 days of notice, and 14 days are promised") && refusal.contains("2026-12-06"),
        "{refusal}"
    );
    let exempt = Exemption { kind: "security", reason: text("A leak had to be closed.") };
    let prepared = site.prepare(&Decision { exemption: Some(exempt.clone()), ..early }).unwrap();
    assert_eq!(prepared.releases[0].effective, date(2026, 12, 5));
    let late = Decision {
        effective: Some(date(2026, 12, 6)),
        exemption: Some(exempt),
        ..change(Significance::Material, date(2026, 11, 21))
    };
    assert!(site.refusal(late).contains("needs no exemption"));
    let later = Decision { effective: Some(date(2027, 1, 1)), ..change(Significance::Material, date(2026, 11, 21)) };
    assert_eq!(site.prepare(&later).unwrap().releases[0].effective, date(2027, 1, 1));
}

#[test]
fn a_shortened_promise_owes_the_longer_notice_and_a_longer_one_owes_itself() {
    for (days, effective) in [("7", date(2026, 12, 6)), ("30", date(2026, 12, 22))] {
        let site = Site::new();
        site.first();
        site.replace("content/privacy/policy.md", "notice = \"14 days\"", &format!("notice = \"{days} days\""));
        let prepared = site.prepare(&change(Significance::Material, date(2026, 11, 21))).unwrap();
        assert_eq!(prepared.releases[0].effective, effective);
    }
}

#[test]
fn minor_changes_apply_on_the_day_and_effective_dates_increase() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Material, date(2026, 11, 20)));
    site.replace("content/privacy/policy.md", "New words", "Newer words");
    let refusal = site
        .refusal(Decision { effective: Some(date(2026, 12, 5)), ..change(Significance::Minor, date(2026, 11, 21)) });
    assert!(refusal.contains("2026-12-06"), "{refusal}");
    let prepared = site.release(change(Significance::Editorial, date(2026, 11, 21)));
    assert_eq!(prepared.releases[0].effective, date(2026, 12, 6), "the day after the announced version");
    site.replace("content/terms/policy.md", "well", "wisely");
    let terms = Decision { documents: vec!["terms".into()], ..change(Significance::Minor, date(2026, 11, 21)) };
    assert_eq!(site.release(terms).releases[0].effective, date(2026, 11, 21));
    assert_eq!(site.codes(), [] as [&str; 0]);
}

#[test]
fn nothing_is_backdated_and_the_future_keeps_nobody_waiting() {
    let site = Site::new();
    site.release(first(&["privacy"], date(2026, 11, 10)));
    assert!(site.refusal(first(&["terms"], date(2026, 11, 9))).contains("the earliest day is 2026-11-10"));
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    site.release(change(Significance::Minor, date(2027, 2, 1)));
    site.release(first(&["terms"], date(2026, 11, 21)));
    site.replace("content/privacy/policy.md", "New words", "Newer words");
    assert!(site.refusal(change(Significance::Minor, date(2027, 1, 31))).contains("2027-02-01"));
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let site = Site::new();
    assert!(site.refusal(change(Significance::Minor, date(2026, 1, 5))).contains("for the first time"));
    assert!(site.refusal(first(&["privcy"], date(2026, 1, 5))).contains("did you mean `privacy`?"));
    assert!(site.refusal(first(&["privacy", "privacy"], date(2026, 1, 5))).contains("named twice"));
    site.first();
    assert!(site.refusal(first(&["privacy"], date(2026, 2, 1))).contains("`--material`, `--minor` or `--editorial`"));
    assert!(site.refusal(change(Significance::Minor, date(2026, 2, 1))).contains("nothing has changed"));
    assert!(
        site.refusal(Decision { summary: None, ..change(Significance::Minor, date(2026, 2, 1)) }).contains("--summary")
    );
    let exempt = Exemption { kind: "waived", reason: text("x") };
    assert!(
        site.refusal(Decision { exemption: Some(exempt), ..change(Significance::Minor, date(2026, 2, 1)) })
            .contains("owes notice")
    );
}

#[test]
fn signals_need_a_reason_below_material_and_go_on_the_record() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let (center, _) = site.load();
    let signal = Signal { code: "processor-added".into(), sentence: "Hetzner was added".into() };
    let signals: Signals = [("privacy".to_string(), vec![signal])].into();
    let minor = change(Significance::Minor, date(2026, 2, 1));
    let refusal = minor.prepare(&center, &signals).unwrap_err().to_string();
    assert!(refusal.contains("Hetzner was added") && refusal.contains("--because"), "{refusal}");
    let because = Decision { because: Some(text("It moved within the group.")), ..minor };
    let prepared = because.prepare(&center, &signals).unwrap();
    let ledger = Ledger::read(&prepared.ledger, &mut Vec::new());
    let Act::Release(entry) = &ledger.entries[2].act else { panic!() };
    assert_eq!(
        (entry.because.clone(), entry.signals.as_slice()),
        (Some(text("It moved within the group.")), &["processor-added".to_string()][..])
    );
    assert!(change(Significance::Material, date(2026, 2, 1)).prepare(&center, &signals).is_ok());
}

#[test]
fn a_withdrawn_version_stays_and_its_day_is_taken() {
    let site = Site::new();
    site.first();
    site.replace("content/privacy/policy.md", "## Who", "New words.\n\n## Who");
    let announced = site.release(change(Significance::Material, date(2026, 11, 10)));
    let id = announced.releases[0].version.clone();
    let today = date(2026, 11, 21);
    let (center, _) = site.load();
    for (day, expected) in [(date(2026, 11, 25), "has taken effect"), (date(2026, 11, 9), "backdated")] {
        let error = withdraw(&center, "privacy", &id, day, today, &text("Too soon.")).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(
        withdraw(&center, "privacy", "2026-01-05", today, today, &text("x"))
            .unwrap_err()
            .to_string()
            .contains("applies to people")
    );
    let withdrawal = withdraw(&center, "privacy", &id, date(2026, 11, 20), today, &text("Too \"soon\".\n")).unwrap();
    let disk = FaultInjectingFs::default();
    LedgerTransaction::open(site.root(), "a test", &disk)
        .unwrap()
        .commit(&[], &withdrawal.ledger, withdrawal.last)
        .unwrap();
    assert_eq!(site.codes(), [] as [&str; 0]);
    let (center, _) = site.load();
    assert!(center.document("privacy").unwrap().version(&id).unwrap().withdrawn.is_some());
    // The same draft may be announced again, on another day.
    let again = site.release(change(Significance::Minor, date(2026, 11, 25)));
    assert_eq!(again.releases[0].version, "2026-11-26", "{id} is taken");
    assert_eq!(site.codes(), [] as [&str; 0]);
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
        let visible: BTreeMap<_, _> =
            site.files().into_iter().filter(|(path, _)| !path.starts_with(transaction::FOLDER)).collect();
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
        if result.is_ok() && state == "after" && !site.root().join(transaction::FOLDER).exists() && steps > 60 {
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
        while interrupted(site.root()).unwrap().is_none_or(|found| found.files.len() < 4) {
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
    assert!(!site.root().join(transaction::FOLDER).exists());
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let site = Site::new();
    let prepared = site.prepare(&first(&["terms"], date(2026, 1, 5))).unwrap();
    site.write("content/terms/versions/2026-01-05/policy.md", "somebody's");
    let before = site.files();
    let disk = FaultInjectingFs::default();
    let transaction = LedgerTransaction::open(site.root(), "a test", &disk).unwrap();
    let error = transaction.commit(&prepared.files, &prepared.ledger, prepared.last).unwrap_err().to_string();
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

#[test]
fn under_the_profile_of_platforms_the_day_after_the_statutory_period_is_proposed() {
    let site = Site::new();
    site.first();
    let settings = site.read("fineprint.toml");
    site.write("fineprint.toml", &format!("{settings}\n[check]\nprofiles = [\"p2b\"]\n"));
    for document in ["privacy", "terms"] {
        let path = format!("content/{document}/policy.md");
        let text = site.read(&path);
        site.write(&path, &format!("{text}\nMore words.\n"));
    }
    // 13 December 2026 is a Sunday, so the fifteen days end with Monday.
    let of = |document: &str| Decision {
        documents: vec![document.to_string()],
        ..change(Significance::Material, date(2026, 11, 28))
    };
    assert_eq!(site.prepare(&of("terms")).unwrap().releases[0].effective, date(2026, 12, 15));
    assert_eq!(site.prepare(&of("privacy")).unwrap().releases[0].effective, date(2026, 12, 13));
    // It is a proposal: the promise of the terms themselves is what a release is held to.
    let earlier = Decision { effective: Some(date(2026, 12, 14)), ..of("terms") };
    let planned = site.prepare(&earlier).unwrap().releases.remove(0);
    assert_eq!((planned.effective, planned.statutory), (date(2026, 12, 14), Some(date(2026, 12, 15))));
}
