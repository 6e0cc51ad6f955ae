//! Runs the rules that read prose over single files, each as the draft of a bare site, and prints what they find.
//!
//! `cargo run --release --example prose -- FILE…`; `--brand NAME` says whose texts they are, `--language TAG` in which
//! language, `--title TITLE` what they are called, `--registers` that there are registers without rows. One line for each finding: file, line, rule, level, the words, the message. It is how the
//! figures on precision in tests/README.md are measured.

use fineprint::center::document::front_matter;
use fineprint::center::{Center, VersionFacts};
use fineprint::check::prose::{Work, check};
use fineprint::diagnostic::Diagnostic;
use fineprint::markdown;
use fineprint::source::SourceTree;
use fineprint::words::Language;
use jiff::civil::date;
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let (mut brand, mut language, mut title, mut files) = (String::new(), Language::english(), None, Vec::new());
    let mut registers = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--brand" => brand = arguments.next().unwrap_or_default(),
            "--registers" => registers = true,
            "--title" => title = arguments.next(),
            "--language" => {
                language = arguments.next().and_then(|tag| Language::parse(&tag)).unwrap_or_else(Language::english);
            }
            _ => files.push(argument),
        }
    }
    for file in files {
        let text = match std::fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                eprintln!("{file}: {error}");
                continue;
            }
        };
        for (finding, text) in findings(&text, &brand, &language, title.as_deref(), registers) {
            let span = finding.primary.as_ref().map_or(0..0, |label| label.span.clone());
            let line = text[..span.start].matches('\n').count() + 1;
            let words = text[span].split_whitespace().collect::<Vec<_>>().join(" ");
            let words: String = words.chars().take(160).collect();
            println!("{file}:{line}\t{}\t{}\t{words}\t{}", finding.code, finding.severity.name(), finding.message);
        }
    }
}

fn findings(
    text: &str,
    brand: &str,
    language: &Language,
    title: Option<&str>,
    registers: bool,
) -> Vec<(Diagnostic, String)> {
    let path: Arc<str> = "content/text/policy.md".into();
    let organization = format!("legal_name = {brand:?}\n");
    let mut sources = vec![("content/organization.toml", organization.as_str()), (&*path, text)];
    if registers {
        sources.extend([("content/processors.toml", ""), ("content/cookies.toml", "")]);
    }
    let tree = SourceTree::from_texts(sources);
    let center = Center::load(tree, &mut Vec::new());
    let (front, body) = front_matter(&path, text, &mut Vec::new());
    let Some(document) = center.documents.first() else { return Vec::new() };
    let facts = VersionFacts::of_draft(&center, document, date(2026, 11, 21), &mut Vec::new());
    let parsed = markdown::parse(&path, text, body, front.numbering, &facts, &mut Vec::new());
    let yaml = text[..body].lines().find_map(|line| line.strip_prefix("title:")).map(|title| title.trim().to_string());
    let mut found = Vec::new();
    let started = Instant::now();
    let work = Work {
        path: &path,
        source: text,
        slug: "",
        title: title.or(front.title.as_deref()).or(yaml.as_deref()),
        language,
        front: &front,
        document: &parsed.document,
        facts: Some(&facts),
        settings: None,
        date: date(2026, 11, 21),
    };
    check(&work, &mut found);
    eprintln!("{} bytes checked in {:?}", text.len(), started.elapsed());
    Diagnostic::sort(&mut found);
    found.into_iter().map(|finding| (finding, text.to_string())).collect()
}
