//! The files of law: every item has a source that was read, and sentences that answer it, or only seem to.

use crate::coverage::outcomes_in;
use crate::harness::repository;
use fineprint::diagnostic::{RULES, rule};
use fineprint::law::{self, ItemKind};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn every_item_has_a_source_and_something_to_look_for() {
    let (mut ids, mut problems) = (BTreeSet::new(), Vec::new());
    for item in law::items() {
        if !ids.insert(&item.id) {
            problems.push(format!("{} twice", item.id));
        }
        if law::source(&item.source).is_none() {
            problems.push(format!("{}: no source `{}`", item.id, item.source));
        }
        let asks =
            !item.facts.is_empty() || !item.says.is_empty() || !item.hints.is_empty() || !item.sections.is_empty();
        if !asks && item.unseen.is_none() {
            problems.push(format!("{}: nothing to look for, and no reason", item.id));
        }
        if item.kind == ItemKind::MustSay && item.unseen.is_some() {
            problems.push(format!("{}: a text must say it, and nothing looks for it", item.id));
        }
        for code in item.against.iter().chain(&item.rules).filter(|code| rule(code).is_none()) {
            problems.push(format!("{}: no rule `{code}`", item.id));
        }
        let words = item.says.values().chain(item.hints.values()).flatten();
        for words in words.filter(|words| **words != words.to_lowercase()) {
            problems.push(format!("{}: not in lower case: {words}", item.id));
        }
        for code in item.also.iter().filter(|code| law::jurisdiction(code).is_none()) {
            problems.push(format!("{}: no file `{code}`", item.id));
        }
    }
    for file in law::all() {
        let sources = file.notes.iter().map(|note| &note.source).chain(file.outdated.iter().map(|known| &known.source));
        for id in sources.chain(file.transfers.iter().map(|rules| &rules.source)) {
            if law::source(id).is_none() {
                problems.push(format!("{}: no source `{id}`", file.code));
            }
        }
        for code in file.notes.iter().flat_map(|note| &note.rules).filter(|code| rule(code).is_none()) {
            problems.push(format!("{}: no rule `{code}`", file.code));
        }
        for source in file.sources.iter().filter(|source| !source.address.starts_with("http")) {
            problems.push(format!("{}: `{}` has no address", file.code, source.id));
        }
        for code in file.names.iter().flat_map(|name| &name.codes).filter(|code| law::jurisdiction(code).is_none()) {
            problems.push(format!("{}: a name stands for `{code}`, which has no file", file.code));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// `tests/law/cases.tsv`: for each item a sentence that answers it and one that only seems to. That a text without any such
/// sentence answers nothing is seen in `coverage.rs`.
#[test]
fn sentences_answer_or_only_seem_to() {
    let cases = std::fs::read_to_string(repository().join("tests/law/cases.tsv")).expect("the cases");
    let (mut problems, mut seen) = (Vec::new(), BTreeMap::<&str, BTreeSet<bool>>::new());
    for line in cases.lines().skip(1) {
        let [id, language, wanted, sentence] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}")
        };
        let item = law::item(id).unwrap_or_else(|| panic!("no item `{id}`"));
        let file = law::home_of(item).expect("the file of the item");
        let key = if file.is_profile { "profiles" } else { "jurisdictions" };
        let text = format!("-- content/privacy/policy.md --\n+++\ntitle = \"Acme\"\n+++\n\n{sentence}\n");
        let lines = outcomes_in(language, &format!("{key} = [\"{}\"]", file.code), &text, date(2027, 2, 1));
        let (outcome, detail) = &lines[id];
        if outcome.name() != wanted {
            problems.push(format!("{id}: {} instead of {wanted}: {sentence}\n    {detail}", outcome.name()));
        }
        if language == "en" {
            seen.entry(id).or_default().insert(wanted == "found");
        }
    }
    let known: Vec<_> =
        seen.iter().filter(|(_, seen)| seen.len() == 2).map(|(id, _)| &law::item(id).unwrap().says).collect();
    for item in law::items().filter(|item| !item.says.is_empty() && !known.contains(&&item.says)) {
        problems.push(format!("{}: no case that answers it, or none that only seems to", item.id));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Law has one home: neither an explanation nor a message cites it by itself.
#[test]
fn only_the_files_of_law_cite_law() {
    let cites = ["Art.", "Arts.", "Civ. Code", "WP260", "CalOPPA", "Directive (", "Regulation (E"];
    let mut problems: Vec<String> = Vec::new();
    for rule in RULES {
        problems.extend(
            cites.iter().filter(|cite| rule.explanation.contains(**cite)).map(|cite| format!("{}: {cite}", rule.code)),
        );
    }
    each_source(&repository().join("src/check"), &mut |path, line| {
        let code = line.trim_start();
        if !code.starts_with("//") && cites.iter().any(|cite| code.contains(cite)) {
            problems.push(format!("{path}: {code}"));
        }
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The program says what it sees and what a source says. It never says that something is or is not lawful.
#[test]
fn no_text_of_the_program_gives_a_verdict() {
    let verdicts = [
        "is lawful",
        "is unlawful",
        "are unlawful",
        "is illegal",
        "is compliant",
        "not compliant",
        "non-compliant",
        "is legally",
        "complies with",
        "violates the",
        "is void",
        "cannot be taken away",
        "is enough for the law",
        "satisfies the law",
        "satisfy the law",
        "the law allows",
        "law allows",
        "you are obliged",
        "you must by law",
        "legally required",
        "is sufficient",
    ];
    let verdict = |text: &str| verdicts.iter().find(|words| text.to_lowercase().contains(**words)).copied();
    let mut problems: Vec<String> = Vec::new();
    for rule in RULES {
        problems.extend(verdict(rule.explanation).map(|words| format!("{}: {words}", rule.code)));
    }
    for item in law::items() {
        let texts = [item.title.as_str(), item.unseen.as_deref().unwrap_or_default()];
        problems.extend(texts.iter().filter_map(|text| verdict(text)).map(|words| format!("{}: {words}", item.id)));
    }
    for file in law::all() {
        let notes = file.notes.iter().map(|note| &note.says).chain(file.outdated.iter().map(|known| &known.now));
        problems.extend(notes.filter_map(|text| verdict(text)).map(|words| format!("{}: {words}", file.code)));
    }
    each_source(&repository().join("src"), &mut |path, line| {
        let quoted: String = line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
        // “Not that it is sufficient” is the report's own reservation.
        if let Some(words) = verdict(&quoted.replace("not that it is sufficient", "")) {
            problems.push(format!("{path}: {words}"));
        }
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn each_source(folder: &Path, look: &mut impl FnMut(&str, &str)) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            each_source(&path, look);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            text.lines().for_each(|line| look(&path.to_string_lossy(), line));
        }
    }
}

/// `docs/law.md` is written by `UPDATE=1 cargo test page_of_law`.
#[test]
fn the_page_of_law_is_complete() {
    let mut page = String::from(
        "# Law\n\nWhat fineprint knows of law, and where and when it was read. Each file of `src/law/data/` is one jurisdiction or profile, which `[check]` declares by its code. A *primary* source is the text of the law or guideline; a *secondary* source is what another author writes about it. Law that was not read is not here, so a law that a file does not list may still apply. None of this is legal advice.\n\nA *must say* item can be missing from a text. *Advice* is only not seen. A *duty outside the text* shows in a text when it does, and is otherwise not checked.\n\n`tests/run.sh law` fails when a source was read more than nine months ago.\n",
    );
    for file in law::all() {
        let kind = if file.is_profile { "profile" } else { "jurisdiction" };
        page.push_str(&format!("\n## {}\n\nCode `{}`, a {kind}.", file.name, file.code));
        if let Some(union) = &file.under {
            page.push_str(&format!(" Declare `{union}` as well: this file has only what the country adds."));
        }
        if let Some(concerns) = &file.concerns {
            page.push_str(&format!(" It concerns {}.", concerns.trim_end_matches('.')));
        }
        page.push_str("\n\n| read | where | mark |\n|---|---|---|\n");
        for source in &file.sources {
            let way = source.read_in.as_ref().map(|way| format!(", read in {way}")).unwrap_or_default();
            page.push_str(&format!(
                "| {} | [{}]({}){way} | {} |\n",
                source.read,
                source.title,
                source.address,
                source.mark.name()
            ));
        }
        if !file.items.is_empty() {
            page.push_str("\n| item | kind | what | citation |\n|---|---|---|---|\n");
        }
        for item in &file.items {
            let from = item.from.map(|from| format!("; from {from}")).unwrap_or_default();
            page.push_str(&format!(
                "| `{}` | {} | {} | {}{from} |\n",
                item.id,
                item.kind.name(),
                item.title,
                item.cite
            ));
        }
    }
    let path = repository().join("docs/law.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("write docs/law.md");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/law.md is not up to date: UPDATE=1 cargo test page_of_law");
}
