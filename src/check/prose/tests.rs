//! Laws of prose: spans are exact, whatever the text; what is wrong is found in each of the four languages.

use super::piece::OBJECT;
use super::*;
use crate::markdown::{FactError, Facts, RegisterTable, parse};
use proptest::prelude::*;

/// Knows one fact.
struct One;

impl Facts for One {
    fn lookup(&self, path: &str) -> Result<String, FactError> {
        match path {
            "organization.brand" => Ok("Répique & Söhne".into()),
            "notice_days" => Ok("14".into()),
            _ => Err(FactError { code: "unknown-fact", message: String::new(), help: Vec::new() }),
        }
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Ok(RegisterTable::default())
    }
}

fn prose(text: &str) -> Prose {
    let parsed = parse(&"policy.md".into(), text, 0, false, &One, &mut Vec::new());
    Prose::new(&parsed.document)
}

fn found(tag: &str, title: &str, text: &str) -> Vec<Diagnostic> {
    found_in("", tag, title, text)
}

fn found_in(slug: &str, tag: &str, title: &str, text: &str) -> Vec<Diagnostic> {
    let path: Arc<str> = "policy.md".into();
    let parsed = parse(&path, text, 0, false, &One, &mut Vec::new());
    let language = Language::parse(tag).expect("a language");
    let mut findings = Vec::new();
    let tree = crate::source::SourceTree::from_texts([("content/text/policy.md", text)]);
    let center = crate::center::Center::load(tree, &mut Vec::new());
    let date = jiff::civil::date(2026, 11, 21);
    let facts =
        center.documents.first().map(|document| VersionFacts::of_draft(&center, document, date, &mut Vec::new()));
    let work = Work {
        path: &path,
        source: text,
        slug,
        title: Some(title),
        language: &language,
        front: &FrontMatter::default(),
        document: &parsed.document,
        facts: facts.as_ref(),
        settings: None,
        date,
    };
    check(&work, &mut findings);
    findings
}

/// Every word of the prose, cut out of the file by its span.
fn words_by_span(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for piece in &prose(text).pieces {
        for (start, part) in piece.text.match_indices(|c: char| c.is_alphanumeric()) {
            out.push((part.to_string(), text[piece.span(start..start + part.len())].to_string()));
        }
    }
    out
}

#[test]
fn each_letter_is_where_its_span_says_between_all_kinds_of_markup() {
    let text = "## Kéep *it* {#keep aliases=\"old\"}\n\na **b**_c_ `code` [link](https://a.example/b) &amp; d\\*e\\* <b>f</b> <!-- no --> g\nh  \n> i [j][k]\n\n| l | m |\n|---|---|\n| n | o\u{a0}p |\n\n1. q ![r](/s.png) t <u@v.example>\n\nw\n: x ~~y~~\n\n[k]: https://z.example\n";
    for (word, there) in words_by_span(text) {
        assert_eq!(word, there);
    }
    let said: String = prose(text).pieces.iter().map(|piece| piece.text.replace(OBJECT, "#") + "/").collect();
    assert_eq!(said, "Kéep it/a bc # link & d*e* f  g\nh/i j/l/m/n/o p/q # t u@v.example/w/x y/");
}

#[test]
fn a_fact_is_its_words_and_its_place_is_the_braces() {
    let text = "We, {{ organization.brand }}, give {{ notice_days }} days, {{ unknown.path }}.\r\nAnd on.\r\n";
    let prose = prose(text);
    let piece = &prose.pieces[0];
    assert_eq!(piece.text, "We, Répique & Söhne, give 14 days, {{ unknown.path }}.\nAnd on.");
    let place = |word: &str| {
        let at = piece.text.find(word).expect("the word is there");
        &text[piece.span(at..at + word.len())]
    };
    assert_eq!(place("Söhne"), "{{ organization.brand }}");
    assert_eq!(place("give 14 days"), "give {{ notice_days }} days");
    assert_eq!(place("And on"), "And on");
    assert_eq!(place("unknown"), "unknown");
}

#[test]
fn brackets_around_an_address_keep_their_places() {
    let text = "Write to [help@acme.example], [since 2026](/s), or **[us](/u)** and <a@b.example> [x].\n";
    for (word, there) in words_by_span(text) {
        assert_eq!(word, there);
    }
    let prose = prose(text);
    let piece = &prose.pieces[0];
    let at = piece.text.find("], since").expect("the bracket is there");
    assert_eq!(&text[piece.span(at..at + 1)], "]");
    assert_eq!(piece.span(at..at + 1).start, text.find(']').expect("it is there"));
}

#[test]
fn normalised_words_keep_their_places() {
    let text = "Cafe\u{301} de\u{2011}identified \u{201c}a\u{200b}b\u{201d} x\u{a0}y\n";
    let prose = prose(text);
    let piece = &prose.pieces[0];
    assert_eq!(piece.text, "Café de-identified \"ab\" x y");
    assert_eq!(&text[piece.span(0..5)], "Cafe\u{301}");
    assert_eq!(&text[piece.span(6..19)], "de\u{2011}identified");
    assert_eq!(&text[piece.span(21..23)], "a\u{200b}b");
}

#[test]
fn pasted_lines_have_sections() {
    let text = "1. What we store\nYour name.\n2. How long\nNinety days, as told in Section 9.\n3. Who sees it\n- Drivers\n- Stripe\n";
    let prose = prose(text);
    let titles: Vec<&str> = prose.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["", "what we store", "how long", "who sees it"]);
    let codes: Vec<&str> = found("en", "Privacy policy", text).iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&"unknown-section-number"), "{codes:?}");
}

/// Only a draft of a site has a page that shows its dates.
#[test]
fn a_date_of_effect_is_typed_by_hand_where_it_opens_a_line() {
    for (text, there) in [
        ("**Effective date:** 1 May 2031", true),
        ("Acme\nEffective: 1 May 2026", true),
        ("New fares, effective 1 May 2026", false),
    ] {
        let codes: Vec<&str> =
            found_in("privacy", "en", "Privacy policy", text).iter().map(|found| found.code).collect();
        assert_eq!(codes.contains(&"hard-coded-date"), there, "{text}: {codes:?}");
    }
}

/// `+` a rule that has to find it, `-` one that must not; language, title, text.
#[test]
fn each_language_finds_what_is_wrong_in_it() {
    let mut problems = Vec::new();
    for line in include_str!("../../../tests/prose/cases.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [sign, code, tag, title, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        assert!(crate::diagnostic::rule(code).is_some(), "{code}");
        let findings = found(tag, title, &text.replace("\\n", "\n"));
        let there = findings.iter().any(|finding| finding.code == code);
        if there != (sign == "+") {
            let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
            problems.push(format!("{line}\n  found {codes:?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Texts that hold what the rules look for, in any order and broken anywhere.
fn shreds() -> impl Strategy<Value = String> {
    let shred = prop_oneof![
        Just("Section 9".to_string()),
        Just("[COMPANY NAME]".to_string()),
        Just("⚠️ Pendiente: ".to_string()),
        Just("Last updated: 3 März 2031 04/05/26".to_string()),
        Just("we will notify users within 72 hours of a breach; ".to_string()),
        Just("retained as long as necessary. ".to_string()),
        Just("{{ organization.brand }}".to_string()),
        Just("{{ x".to_string()),
        Just("| a | __stripe_mid |\n|---|---|\n".to_string()),
        Just("\n\n1. 01Information\n".to_string()),
        Just("\n- via Stripe, Inc. and payment processor".to_string()),
        Just("a@b.example ab@b.example https://x.example/y".to_string()),
        Just("<b>e\u{301}</b>&amp;&nbsp;".to_string()),
        Just("**[x](y \"z\")** ![q](r)`\u{ad}`".to_string()),
        "\\PC{0,12}",
        any::<char>().prop_map(String::from),
        Just("\n".to_string()),
        Just("\r\n\r\n".to_string()),
        Just("\n    indented\n\n    text\n\n".to_string()),
    ];
    proptest::collection::vec(shred, 0..40).prop_map(|shreds| shreds.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_a_rule_panic_and_every_span_can_be_cut_out(text in shreds(), language in 0usize..5) {
        let tag = ["en", "es", "fr", "de", "ja"][language];
        for finding in found(tag, "Privacy policy", &text) {
            for label in finding.primary.iter().chain(&finding.secondary) {
                prop_assert!(text.get(label.span.clone()).is_some(), "{} at {:?}", finding.code, label.span);
            }
            prop_assert!(!finding.help.is_empty(), "{}", finding.code);
        }
    }

    #[test]
    fn plain_words_are_exactly_where_they_are(words in proptest::collection::vec("[a-zà-ü]{1,9}", 1..60)) {
        let text = words.join(" ");
        for piece in &prose(&text).pieces {
            for sentence in &piece.sentences {
                prop_assert_eq!(&text[piece.span(sentence.clone())], &piece.text[sentence.clone()]);
            }
        }
    }
}
