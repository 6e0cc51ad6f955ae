//! Imported texts: what becomes of them, which of them are one version, what is never touched.

use super::*;
use crate::center::ledger::{Act, PATH};
use crate::center::{Ledger, chain};
use crate::check::Depth;
use crate::compiler::Compiler;
use crate::record::Moment;
use crate::release::{FaultInjectingFs, LedgerTransaction};
use crate::source::{Digest, SourceTree};
use jiff::civil::date;
use std::fs;
use std::sync::Arc;

const SETTINGS: &str = "base_url = \"https://privacy.acme.example\"\ntitle = \"Center\"\ntimezone = \"Europe/Madrid\"\nlanguages = [\"en\", \"de\"]\n";

struct Folders {
    site: tempfile::TempDir,
    past: tempfile::TempDir,
}

fn folders(past: &[(&str, &str)]) -> Folders {
    let folders = Folders { site: tempfile::tempdir().unwrap(), past: tempfile::tempdir().unwrap() };
    fs::write(folders.site.path().join("fineprint.toml"), SETTINGS).unwrap();
    fs::create_dir(folders.site.path().join("content")).unwrap();
    for (name, text) in past {
        fs::write(folders.past.path().join(name), text).unwrap();
    }
    folders
}

impl Folders {
    fn request(&self) -> Request {
        Request {
            source: Source::Dated(self.past.path().to_path_buf()),
            document: Some("privacy".into()),
            language: None,
            history: true,
            keep_unchanged: false,
            file_days: false,
            today: date(2026, 11, 21),
        }
    }

    fn load(&self) -> (Arc<Center>, Vec<crate::diagnostic::Diagnostic>) {
        let mut findings = Vec::new();
        let tree = SourceTree::scan(self.site.path(), &mut findings).unwrap();
        let site = Compiler::default().compile(tree, |_| date(2026, 11, 21), Depth::Drafts, &mut findings);
        (site.center, findings)
    }

    fn import(&self, request: &Request) -> Result<Prepared> {
        let disk = FaultInjectingFs::default();
        let transaction = LedgerTransaction::open(self.site.path(), "a test", &disk)?;
        let prepared = self.prepare(request)?;
        let act = prepared.act.clone().expect("a past was asked for");
        transaction.commit(&act.files, &act.drafts, &act.ledger, act.last)?;
        Ok(prepared)
    }

    fn prepare(&self, request: &Request) -> Result<Prepared> {
        let (center, _) = self.load();
        let moment = Moment {
            now: "2026-11-21T10:00:00Z".parse().unwrap(),
            zone: center.settings.zone.clone(),
            reckoning: center.settings.reckoning.clone(),
            trace: None,
            clock_justified: false,
            confirmed: false,
        };
        request.prepare(&center, Some(&moment))
    }
}

fn ids(prepared: &Prepared) -> Vec<&str> {
    prepared.past.iter().map(|version| version.id.as_str()).collect()
}

#[test]
fn a_folder_becomes_a_document_with_its_past() {
    let folders = folders(&[
        ("2024-03-01.md", "# Privacy\n\nOne.\n"),
        ("2024-03-01-2.md", "# Privacy\n\nTwo.\n"),
        ("2024-03-01-10.md", "# Privacy\n\nTen.\n"),
        ("2025-01-01.md", "---\ntitle: Privacy\n---\n\u{a0}**Ten.**\r\n"),
        ("2027-01-01.md", "# Privacy\n\nTo come.\n"),
        ("notes.txt", "x"),
        ("2024-13-01.md", "x"),
    ]);
    let prepared = folders.import(&folders.request()).unwrap();
    assert_eq!(ids(&prepared), ["2024-03-01", "2024-03-01-2", "2024-03-01-10"]);
    let left_out: Vec<(&str, bool)> = prepared
        .skipped
        .iter()
        .map(|(name, reason)| (name.as_str(), reason.contains("says the same to a reader as 2024-03-01-10.md")))
        .collect();
    assert_eq!(
        left_out,
        [("2024-13-01.md", false), ("2027-01-01.md", false), ("notes.txt", false), ("2025-01-01.md", true)]
    );
    let (center, findings) = folders.load();
    assert!(findings.is_empty(), "{findings:#?}");
    let document = center.document("privacy").unwrap();
    assert_eq!(
        document.versions.iter().map(|version| version.id.as_str()).collect::<Vec<_>>(),
        ["2024-03-01", "2024-03-01-2", "2024-03-01-10"]
    );
    assert!(document.versions.iter().all(|version| version.imported && version.published == version.effective));
    assert_eq!(document.draft.as_ref().unwrap().front.title.as_deref(), Some("Privacy"));
    assert_eq!(center.tree.kept("content/privacy/policy.md"), Some("+++\ntitle = \"Privacy\"\n+++\n\nTen.\n"));
    // A second time, there is a history already.
    assert!(folders.import(&folders.request()).unwrap_err().to_string().contains("history already"));
}

#[test]
fn a_register_that_all_documents_share_is_imported_with_the_past() {
    let page = |days: u8| {
        format!(
            "# Privacy\n\nWe keep data for {days} days.\n\n## Processors\n\n| Provider | Purpose | Country |\n|---|---|---|\n| Example Mail | Sends mail | IE |\n| Example Host | Hosting | DE |\n"
        )
    };
    let (old, new) = (page(30), page(60));
    let folders = folders(&[("2024-03-01.md", &old), ("2024-03-02.md", &new)]);
    let prepared = folders.import(&folders.request()).unwrap();
    let drafts: Vec<&str> = prepared.act.iter().flat_map(|act| &act.drafts).map(|draft| draft.path.as_str()).collect();
    assert!(drafts.iter().any(|path| path.matches('/').count() == 1), "no shared register: {drafts:?}");
    let written = |path: &&str| folders.site.path().join(path).is_file();
    assert!(drafts.iter().all(written), "{drafts:?}");
    assert!(!folders.site.path().join("content/.fineprint-release").exists(), "the work space is left behind");
}

#[test]
fn the_recorded_text_is_the_one_that_is_published() {
    let folders = folders(&[
        ("2024-03-01.md", "# T\n\n## A\n\nOne {{ x }}.\n"),
        ("2024-03-02.md", "---\ntitle: T\n---\n\n\nTwo.\r\n"),
    ]);
    folders.import(&folders.request()).unwrap();
    let (center, _) = folders.load();
    for version in &center.document("privacy").unwrap().versions {
        let frozen = fs::read(folders.site.path().join(format!("{}/text.en.md", version.folder))).unwrap();
        assert_eq!(Some(&Digest::of(&frozen)), version.resolved.get("en"));
    }
}

#[test]
fn equal_texts_are_kept_when_asked_for() {
    let folders = folders(&[
        ("2024-03-01.md", "One.\n"),
        ("2024-03-02.md", "One. \n"),
        ("2024-03-03.md", "Two.\n"),
        ("2024-03-04.md", "One.\n"),
    ]);
    assert_eq!(ids(&folders.prepare(&folders.request()).unwrap()), ["2024-03-01", "2024-03-03", "2024-03-04"]);
    let all = Request { keep_unchanged: true, ..folders.request() };
    assert_eq!(folders.prepare(&all).unwrap().past.len(), 4);
}

#[test]
fn a_draft_is_left_alone_and_another_language_makes_none() {
    let folders = folders(&[("2024-03-01.md", "Eins.\n")]);
    let german = Request { language: Some("de".into()), ..folders.request() };
    assert_eq!(folders.prepare(&german).unwrap().draft_path, None);
    let draft = folders.site.path().join("content/privacy/policy.md");
    fs::create_dir(draft.parent().unwrap()).unwrap();
    fs::write(&draft, "+++\ntitle = \"Mine\"\n+++\n").unwrap();
    folders.import(&folders.request()).unwrap();
    assert_eq!(fs::read_to_string(draft).unwrap(), "+++\ntitle = \"Mine\"\n+++\n");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let folders = folders(&[("2024-03-01.md", "x\n")]);
    for (request, says) in [
        (Request { document: Some("Privacy Policy".into()), ..folders.request() }, "address"),
        (Request { language: Some("".into()), ..folders.request() }, "language tag"),
        (
            Request { source: Source::Dated(folders.site.path().join("content")), ..folders.request() },
            "no text could be imported",
        ),
    ] {
        let error = folders.import(&request).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert_eq!(fs::read_dir(folders.site.path().join("content")).unwrap().count(), 0);
}

#[test]
fn the_ledger_holds_and_goes_on() {
    let folders = folders(&[("2024-03-01.md", "One {{ site.mail }}.\n"), ("2024-03-02.md", "Two.\n")]);
    folders.import(&folders.request()).unwrap();
    folders.import(&Request { document: Some("terms".into()), ..folders.request() }).unwrap();
    let ledger = fs::read_to_string(folders.site.path().join(PATH)).unwrap();
    let mut findings = Vec::new();
    let read = Ledger::read(&ledger, &mut findings);
    chain::verify(&ledger, &read, &mut findings);
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(read.entries.len(), 4);
    assert!(read.entries.iter().all(|entry| matches!(&entry.act, Act::Release(release) if release.imported)));
}

#[test]
fn front_matter_is_understood() {
    let cases = [
        (
            "---\ntitle: Privacy\ndescription: \"It's \\\"ours\\\"\"\nlayout: policy\n---\nText.\n",
            "title = \"Privacy\"\ndescription = \"It's \\\"ours\\\"\"",
            &["layout"][..],
        ),
        ("---\ntitle: 'It''s'\nredirect_from:\n  - /a\n  - /b\n---\n\nText.\n", "title = \"It's\"", &["redirect_from"]),
        ("\u{feff}---\r\ntitle: >-\r\n  Two\r\n  lines\r\n---\r\nText.\r\n", "title = \"Two lines\"", &[]),
        ("+++\ntitle = \"Privacy\"\nweight = 3\n+++\nText.\n", "title = \"Privacy\"", &["weight"]),
        ("---\ntitle: Terms # of old\n---\nText.\n", "title = \"Terms\"", &[]),
        ("Text.\n", "title = \"A document\"", &[]),
    ];
    for (typed, head, dropped) in cases {
        let converted = convert(typed, "a-document");
        assert_eq!(converted.text, format!("+++\n{head}\n+++\n\nText.\n"), "{typed}");
        let found: Vec<&str> = dropped
            .iter()
            .copied()
            .filter(|key| converted.notes.iter().any(|note| note.starts_with(&format!("`{key}`"))))
            .collect();
        assert_eq!(found, dropped, "{:?}", converted.notes);
    }
}

#[test]
fn the_body_says_the_same_in_this_programs_markdown() {
    let cases = [
        // The heading on top is the title, whatever its markup.
        ("# The *best* policy #\n\nText.\n", "The best policy", "Text.\n"),
        ("Policy\n======\n\nText.\n", "Policy", "Text.\n"),
        ("## First\n\nText.\n", "First", "## First\n\nText.\n"),
        // Further headings of level 1 go one level down, and the others with them.
        ("# T\n\n# A\n\n## B\n\nC\n===\n\nD\n---\n", "T", "## A\n\n### B\n\nC\n---\n\n### D\n"),
        ("# T\n\n```\n# no heading\n```\n", "T", "```\n# no heading\n```\n"),
        // Expressions of others are words here, but code needs no escape.
        ("# T\n\nWrite to {{ site.mail }} or `{{ code }}`.\n", "T", "Write to \\{{ site.mail }} or `{{ code }}`.\n"),
        (
            "# T\n\n[x]({{ site.url }}/y) {{ section.a }} {{ organization.name }}\n",
            "T",
            "[x](\\{{ site.url }}/y) \\{{ section.a }} \\{{ organization.name }}\n",
        ),
        (
            "# T\n\n<ul>\n<li><a href=\"{{ x }}\">{{ y }}</a></li>\n</ul>\n\nAn <a href=\"{{ x }}\">{{ y }}</a>.\n",
            "T",
            "<ul>\n<li><a href=\"&#123;{ x &#125;}\">&#123;{ y &#125;}</a></li>\n</ul>\n\nAn <a href=\"&#123;{ x &#125;}\">\\{{ y }}</a>.\n",
        ),
        ("# T\n\n::: thing\nText.\n:::\n", "T", "\\::: thing\nText.\n\\:::\n"),
        (
            "# T\n\n```\n{{ code }}\n```\n\n{% if a %}b{% endif %}\n",
            "T",
            "```\n{{ code }}\n```\n\n{% if a %}b{% endif %}\n",
        ),
        // Attribute lists.
        (
            "# T\n{: datetime=\"2026-05-04\" }\n\n## A\n{: #a .wide }\n\nText.\n{: #b }\n",
            "T",
            "## A {#a}\n\nText.<span id=\"b\"></span>\n",
        ),
        ("# T\n\n## A {: #a }\n\nA\n---\n{: #c }\n\nText {#no}\n", "T", "## A {#a}\n\nA {#c}\n---\n\nText {#no}\n"),
        ("# T\n\n```\n{: #a }\n```\n", "T", "```\n{: #a }\n```\n"),
    ];
    for (typed, title, body) in cases {
        let converted = convert(typed, "doc");
        assert_eq!(converted.text, format!("+++\ntitle = \"{title}\"\n+++\n\n{body}"), "{typed}");
    }
}

#[test]
fn a_reader_sees_no_difference_or_does() {
    let same = |a: &str, b: &str| convert(a, "doc").says == convert(b, "doc").says;
    for (a, b) in [
        ("# T\n\nSome *words*.\n", "\u{feff}# T\r\n\r\nSome\r\n**words**.\r\n"),
        ("---\ntitle: A\n---\nText.\n", "---\ntitle: B\nlayout: c\n---\nText.\n"),
        ("* a\n* b\n", "- a\n\n- b\n"),
        ("---\ntitle: T\n---\nText.\n", "# T\n\nText.\n"),
        ("a\u{a0}b\u{200b}\n", "a b\n"),
        ("## A\n", "## A {#a}\n"),
    ] {
        assert!(same(a, b), "{a:?} and {b:?}");
    }
    for (a, b) in [
        ("# T\n\nText.\n", "# U\n\nText.\n"),
        ("Text.\n", "text.\n"),
        ("[a](https://example.org/1)\n", "[a](https://example.org/2)\n"),
        ("| a |\n|---|\n| 1 |\n", "| a |\n|---|\n| 2 |\n"),
    ] {
        assert!(!same(a, b), "{a:?} and {b:?}");
    }
}

#[test]
fn fifty_versions_take_less_than_a_second() {
    let body: String = (0..200)
        .map(|n| format!("## Section {n}\n\nWords about {n} and about what is kept for {n} days.\n\n"))
        .collect();
    let texts: Vec<(String, String)> =
        (0..50).map(|n| (format!("2024-01-01-{}.md", n + 1), format!("# T\n\n{body}Edition {n}.\n"))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folders = folders(&texts);
    assert_eq!(folders.import(&folders.request()).unwrap().past.len(), 50);
}

/// Every file of a site.
fn files(site: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(site).into_iter().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().is_file() && entry.file_name() != ".fineprint-lock");
    files
        .map(|entry| (entry.path().strip_prefix(site).unwrap().display().to_string(), fs::read(entry.path()).unwrap()))
        .collect()
}

const PAGE: &str = "<html lang=\"en\"><body><main><h1>Privacy policy</h1><h2>Recipients</h2><p>These recipients get some of your data from us.</p><table><tr><th>Recipient</th><th>Purpose</th><th>Country</th></tr><tr><td>Host Ltd</td><td>Servers</td><td>Germany</td></tr></table></main></body></html>";

/// A site with the untouched starter text of its policy, and a page to import.
fn with_starter() -> Folders {
    let folders = folders(&[("page.html", PAGE)]);
    let (path, starter) = crate::starter::FILES.iter().find(|(path, _)| *path == "content/privacy/policy.md").unwrap();
    fs::create_dir_all(folders.site.path().join("content/privacy")).unwrap();
    fs::write(folders.site.path().join(path), starter).unwrap();
    folders
}

fn import_page(folders: &Folders, disk: &FaultInjectingFs) -> Result<()> {
    let request =
        Request { source: Source::File(folders.past.path().join("page.html")), history: false, ..folders.request() };
    let (center, _) = folders.load();
    let prepared = request.prepare(&center, None)?;
    assert_eq!((prepared.files.len(), prepared.starters.len()), (2, 1));
    let starters = prepared.starters.iter().map(|(path, _)| path.clone()).collect();
    let receipt = Receipt::new(&prepared.document, &prepared.files, starters, "", None);
    write_import(folders.site.path(), receipt, &prepared.starters, &prepared.files, disk)
}

#[test]
fn an_import_that_stops_at_any_step_is_taken_back_by_the_next_run() {
    let disk = FaultInjectingFs::default();
    let whole = with_starter();
    let before = files(whole.site.path());
    import_page(&whole, &disk).unwrap();
    let after = files(whole.site.path());
    assert!(after.contains_key("content/processors.toml") && before != after, "a register of a single row");
    let mut steps = 0;
    loop {
        let folders = with_starter();
        let done = import_page(&folders, &FaultInjectingFs::dying_after(steps)).is_ok();
        let recovered = recover(folders.site.path(), &disk).unwrap();
        let mut now = files(folders.site.path());
        now.remove(".fineprint-import.new");
        assert_eq!(now, if done { after.clone() } else { before.clone() }, "after {steps} steps: {recovered:?}");
        if done {
            break;
        }
        import_page(&folders, &disk).unwrap();
        assert_eq!(files(folders.site.path()), after, "after {steps} steps and another run");
        steps += 1;
    }
    assert!(steps > 10, "{steps}");
}

#[test]
fn taking_an_import_back_can_stop_at_any_step() {
    let disk = FaultInjectingFs::default();
    let mut steps = 0;
    loop {
        let folders = with_starter();
        let before = files(folders.site.path());
        import_page(&folders, &disk).unwrap();
        let done = take_back(folders.site.path(), &FaultInjectingFs::dying_after(steps)).is_ok();
        if !done {
            take_back(folders.site.path(), &disk).unwrap();
        }
        assert_eq!(files(folders.site.path()), before, "after {steps} steps");
        if done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 5, "{steps}");
    // With a past: the ledger and the frozen files go, whatever was gone already.
    let past = [("2025-01-01.md", "# Privacy\n\nOne.\n"), ("2026-01-01.md", "# Privacy\n\nTwo.\n")];
    let mut steps = 0;
    loop {
        let folders = folders(&past);
        let before = files(folders.site.path());
        let prepared = folders.prepare(&folders.request()).unwrap();
        let act = prepared.act.clone().unwrap();
        let mut written = prepared.files.clone();
        written.extend(act.files.clone());
        let mut receipt = Receipt::new("privacy", &written, Vec::new(), "", Some(act.ledger.as_str()));
        receipt.write(folders.site.path(), &disk).unwrap();
        folders.import(&folders.request()).unwrap();
        // Stopped before it could say so: it is on the record all the same.
        assert_eq!(recover(folders.site.path(), &disk).unwrap(), None);
        receipt.finish(folders.site.path(), &disk).unwrap();
        let done = take_back(folders.site.path(), &FaultInjectingFs::dying_after(steps)).is_ok();
        if !done {
            take_back(folders.site.path(), &disk).unwrap();
        }
        assert_eq!(files(folders.site.path()), before, "after {steps} steps");
        if done {
            break;
        }
        steps += 1;
    }
}

#[test]
fn what_was_never_filled_in_is_named_with_its_line() {
    let converted = convert(
        "# Privacy\n\nWe are [COMPANY NAME] of [FULL ADDRESS].\n\nYou hear of changes 15 days before.\n",
        "privacy",
    );
    let draft = draft::understand(&converted, true);
    let words: Vec<&str> = draft.blanks.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(words, ["[COMPANY NAME]", "[FULL ADDRESS]"]);
    let line = draft.text.lines().position(|line| line.contains("[COMPANY NAME]")).unwrap() + 1;
    assert!(draft.blanks.iter().all(|(own, _)| *own == line), "{:?}", draft.blanks);
}
