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
            "notice" => Ok("14 days".into()),
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
    read(slug, tag, title, text).0
}

fn read(slug: &str, tag: &str, title: &str, text: &str) -> (Vec<Diagnostic>, ComparableClaims) {
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
    let said = check(&work, &mut findings);
    (findings, said)
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
    let text = "We, {{ organization.brand }}, give {{ notice }}, {{ unknown.path }}.\r\nAnd on.\r\n";
    let prose = prose(text);
    let piece = &prose.pieces[0];
    assert_eq!(piece.text, "We, Répique & Söhne, give 14 days, {{ unknown.path }}.\nAnd on.");
    let place = |word: &str| {
        let at = piece.text.find(word).expect("the word is there");
        &text[piece.span(at..at + word.len())]
    };
    assert_eq!(place("Söhne"), "{{ organization.brand }}");
    assert_eq!(place("give 14 days"), "give {{ notice }}");
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

/// Language, a promise in prose, what it is read as: a period, `?` for one that no date can be computed from, or nothing.
const PROMISES: &[(&str, &str, &str)] = &[
    ("en", "We announce changes to this policy at least one month before they take effect.", "1 month"),
    ("en", "We announce changes to this policy with a month's notice.", "1 month"),
    ("en", "You get two weeks' prior written notice of changes to these terms.", "2 weeks"),
    ("en", "Changes to this policy take effect 30 days after we email you.", "30 days"),
    ("en", "Changes to these terms take effect no earlier than 45 days from the date of our message.", "45 days"),
    ("en", "We tell you of changes to this policy ten (10) business days before they apply.", "10 business days"),
    ("en", "We announce changes to this policy twenty-one days before they apply.", "21 days"),
    ("en", "We announce changes to this policy thirty-five days in advance.", "35 days"),
    ("en", "We give a notice period of 60 days before we change these terms.", "60 days"),
    ("en", "We announce changes to this policy a year in advance.", "12 months"),
    ("en", "We tell you 20 days before changes to these terms apply; if you disagree, cancel before then.", "20 days"),
    ("en", "We announce changes to this policy a fortnight before they take effect.", "?"),
    ("en", "We announce changes to this policy a few days in advance.", "?"),
    ("en", "We announce changes to this policy 14 to 30 days in advance.", "?"),
    ("en", "We announce changes to this policy 1.5 months in advance.", "?"),
    ("en", "We announce changes to this policy 72 hours before they take effect.", "?"),
    ("en", "If you do not accept changes to these terms, tell us within 30 days of our notice.", ""),
    ("en", "We change our prices with 30 days' notice to the terms.", ""),
    ("en", "We delete logs 30 days before an audit.", ""),
    ("es", "Avisamos de los cambios de esta política con un mes de antelación.", "1 month"),
    ("es", "Los cambios de estas condiciones se anuncian dos semanas antes.", "2 weeks"),
    ("es", "Anunciamos los cambios de esta política diez días hábiles antes.", "10 business days"),
    ("es", "Los cambios de esta política surten efecto treinta y un días después de que la anunciemos.", "31 days"),
    ("es", "Anunciamos los cambios de esta política con veintiún días de preaviso.", "21 days"),
    ("es", "Anunciamos los cambios de esta política un trimestre antes.", "?"),
    ("fr", "Nous annonçons les modifications de cette politique un mois avant.", "1 month"),
    ("fr", "Les modifications des conditions sont annoncées deux semaines à l'avance.", "2 weeks"),
    ("fr", "Nous annonçons les modifications de cette politique dix jours ouvrés avant.", "10 business days"),
    ("fr", "Les modifications de la politique entrent en vigueur vingt et un jours après notre message.", "21 days"),
    ("fr", "Nous annonçons les modifications de cette politique une quinzaine avant.", "?"),
    ("de", "Änderungen dieser Erklärung kündigen wir einen Monat vor Inkrafttreten an.", "1 month"),
    ("de", "Änderungen der Bedingungen kündigen wir zwei Wochen vorher an.", "2 weeks"),
    ("de", "Änderungen dieser Erklärung kündigen wir zehn Arbeitstage vorher an.", "10 business days"),
    ("de", "Änderungen der Bedingungen werden 30 Tage nach der Mitteilung wirksam.", "30 days"),
    ("de", "Änderungen dieser Erklärung kündigen wir mit einer Frist von einundzwanzig Tagen an.", "21 days"),
    ("de", "Änderungen dieser Erklärung kündigen wir einige Tage vorher an.", "?"),
];

#[test]
fn a_promise_of_notice_is_read_in_whatever_unit_or_said_to_be_unreadable() {
    for (tag, text, expected) in PROMISES {
        let (findings, said) = read("", tag, "Terms", text);
        let unreadable = findings.iter().any(|finding| finding.code == "unreadable-notice-period");
        let read = said.notice.map(|(period, _)| period.to_string()).unwrap_or_default();
        let got = if unreadable { "?" } else { read.as_str() };
        assert_eq!(got, *expected, "{text}");
    }
}

#[test]
fn every_number_up_to_a_hundred_is_one_word_or_several_of_its_language() {
    for lexicon in Lexicon::all() {
        let mut seen = std::collections::BTreeSet::new();
        for (word, number) in lexicon.numbers {
            assert_eq!(lexicon.number(word), Some(*number), "{word}");
            seen.insert(*number);
        }
        assert_eq!(seen, (1..=100).collect(), "{}", lexicon.tag);
    }
}
