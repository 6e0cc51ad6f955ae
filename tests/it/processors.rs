//! Processors over several documents: each document that places the register has promised people so much time before a new
//! one starts, whichever of them is released first.

use crate::harness::review;
use fineprint::diagnostic::Diagnostic;
use jiff::civil::date;

/// A row of the shared register.
fn row(id: &str, more: &str) -> String {
    format!(
        "[[row]]\nid = \"{id}\"\nname = \"{id}\"\npurpose = \"p\"\ndata = [\"d\"]\nlocation = [\"ES\"]\nrole = \"sub-processor\"\n{more}\n"
    )
}

/// A privacy policy with 14 days and an agreement with 30, both released in September with one processor, and the draft
/// register. `released` are further versions of the policy: day of publication, day of effect, rows.
fn center(rows: &str, released: &[(&str, &str, &str)]) -> String {
    let text = |title: &str, notice: &str| {
        format!("+++\ntitle = \"{title}\"\nnotice = \"{notice}\"\n+++\n\n:::register processors\nNobody.\n:::\n")
    };
    let (policy, agreement) = (text("Privacy policy", "14 days"), text("Data processing agreement", "30 days"));
    let entry = |document: &str, published: &str, effective: &str, more: &str| {
        format!(
            "[[entry]]\naction = \"release\"\ndocument = \"{document}\"\nversion = \"{effective}\"\nlanguage = \"en\"\npublished = {published}\neffective = {effective}\n{more}\n"
        )
    };
    let mut ledger = entry("privacy", "2026-09-01", "2026-09-01", "") + &entry("dpa", "2026-09-01", "2026-09-01", "");
    let old = row("old", "");
    let mut out = format!(
        "-- content/privacy/policy.md --\n{policy}-- content/dpa/policy.md --\n{agreement}-- content/processors.toml --\n{rows}-- content/privacy/versions/2026-09-01/policy.md --\n{policy}-- content/privacy/versions/2026-09-01/processors.toml --\n{old}-- content/dpa/versions/2026-09-01/policy.md --\n{agreement}-- content/dpa/versions/2026-09-01/processors.toml --\n{old}"
    );
    for (published, effective, rows) in released {
        ledger += &entry("privacy", published, effective, "significance = \"material\"\nsummary = \"More.\"\n");
        let folder = format!("content/privacy/versions/{effective}");
        out += &format!("-- {folder}/policy.md --\n{policy}-- {folder}/processors.toml --\n{rows}");
    }
    out + "-- content/ledger.toml --\n" + &ledger
}

fn found(code: &str, rows: &str, released: &[(&str, &str, &str)]) -> Vec<Diagnostic> {
    let all = review(&center(rows, released), date(2026, 11, 28));
    all.into_iter().filter(|finding| finding.code == code).collect()
}

/// What the rule says of the day on which a new processor starts, and its advice.
fn too_soon(more: &str, released: &[(&str, &str, &str)]) -> Option<(String, String)> {
    let rows = row("old", "") + &row("new", more);
    let found = found("processor-starts-too-soon", &rows, released);
    assert!(found.len() < 2, "{found:?}");
    found.first().map(|finding| (finding.message.clone(), finding.help.concat()))
}

#[test]
fn the_document_that_promises_most_decides_when_a_processor_may_start() {
    let (message, help) = too_soon("since = 2026-12-16", &[]).expect("30 days have not run");
    assert!(message.contains("`new` starts on 2026-12-16") && message.contains("`dpa` promises 30 days"), "{message}");
    assert!(help.contains("2026-12-29"), "{help}");
    assert_eq!(too_soon("since = 2026-12-29", &[]), None);
}

#[test]
fn without_a_day_of_its_own_a_processor_starts_with_the_first_version_that_names_it() {
    let (message, help) = too_soon("", &[]).expect("the policy could name it after 14 days");
    assert!(message.contains("no `since`") && message.contains("2026-12-13"), "{message}");
    assert!(message.contains("`dpa` promises 30 days") && help.contains("since = 2026-12-29"), "{message} {help}");
    // Once the policy is released with it, the day is known.
    let rows = row("old", "") + &row("new", "");
    let (message, _) = too_soon("", &[("2026-11-28", "2026-12-16", &rows)]).expect("the agreement was not released");
    assert!(message.contains("starts with `privacy` 2026-12-16"), "{message}");
}

#[test]
fn the_day_that_is_advised_is_the_one_that_a_release_gets() {
    // The policy has a version announced for a day after the notice of the agreement has run.
    let announced = row("old", "");
    let released = [("2026-11-27", "2026-12-30", announced.as_str())];
    let (message, help) = too_soon("since = 2026-12-29", &released).expect("no version can name it before the 30th");
    assert!(message.contains("`privacy` cannot name it before 2026-12-30"), "{message}");
    assert!(help.contains("2026-12-30"), "{help}");
    // Several versions may take effect on one day, so the day of the announced one is early enough.
    assert_eq!(too_soon("since = 2026-12-30", &released), None);
}

#[test]
fn a_register_that_two_documents_show_differently_is_found_with_the_day() {
    let rows = row("old", "") + &row("new", "since = 2026-12-29");
    let released = [("2026-11-28", "2026-12-16", rows.as_str())];
    let found = found("register-mismatch", &rows, &released);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("from 2026-12-16 on, `privacy` lists `new`"), "{}", found[0].message);
    assert!(found[0].message.contains("`dpa` does not"), "{}", found[0].message);
}

#[test]
fn a_deleted_row_is_found_until_it_is_ended_instead() {
    let rows = row("other", "since = 2024-01-01");
    let deleted = found("deleted-processor", &rows, &[]);
    assert_eq!(deleted.len(), 1, "{deleted:?}");
    assert!(deleted[0].help.concat().contains("until = 2026-11-28"), "{deleted:?}");
    // Still after the deletion was released.
    assert_eq!(found("deleted-processor", &rows, &[("2026-11-01", "2026-11-20", &rows)]).len(), 1);
    assert!(found("deleted-processor", &(rows + &row("old", "until = 2026-11-28")), &[]).is_empty());
}

#[test]
fn a_processor_that_ends_is_found_in_the_texts_that_go_on_listing_it() {
    let rows = row("old", "until = 2026-12-31");
    let ends = found("ended-processor-listed", &rows, &[]);
    assert_eq!(ends.len(), 2, "both documents list it: {ends:?}");
    assert!(ends[0].message.contains("ends on 2026-12-31"), "{}", ends[0].message);
    // The policy takes effect on the day of the end, and only the agreement lists it then.
    let ends = found("ended-processor-listed", &rows, &[("2026-11-28", "2026-12-31", &rows)]);
    assert_eq!(ends.len(), 1, "{ends:?}");
    assert!(ends[0].message.contains("`dpa`"), "{}", ends[0].message);
}
