//! What each reader understands, what it reports, and that no word is lost on the way to a draft.

use super::bytes::{self, Format};
use super::model::Manuscript;
use super::registers::{CellWords, TableWords};
use super::{Converted, convert, docx, draft, html, plain};
use proptest::prelude::*;

fn body(converted: &Converted) -> &str {
    converted.text[converted.body..].trim()
}

fn draft_of(manuscript: Manuscript) -> Converted {
    convert::from_manuscript(manuscript, "privacy")
}

fn lost(converted: &Converted) -> Vec<String> {
    converted.losses.iter().map(|loss| format!("{}: {}: {}", loss.place, loss.what, loss.words)).collect()
}

const PLAIN: &str = "ACME PRIVACY POLICY
Last updated: 3 May 2026

1. What we collect
We collect the following:
Account data: your name and email address.
Usage data: the pages that you open.
2. Who helps us
- Hosting
The company that runs our servers and their backups.
- Mail
The company that delivers our messages to you.
2.1 Transfers
We transfer nothing.
3. Contact
Write to us.
";

#[test]
fn plain_text_gets_the_structure_that_was_typed() {
    let converted = draft_of(plain::manuscript(PLAIN));
    assert_eq!(converted.title, "ACME PRIVACY POLICY");
    assert_eq!(
        body(&converted),
        "Last updated: 3 May 2026

## 1. What we collect

We collect the following:

- **Account data:** your name and email address.
- **Usage data:** the pages that you open.

## 2. Who helps us

- **Hosting**

  The company that runs our servers and their backups.

- **Mail**

  The company that delivers our messages to you.

### 2.1 Transfers

We transfer nothing.

## 3. Contact

Write to us."
    );
    assert!(converted.losses.is_empty(), "{:?}", lost(&converted));
    let draft = draft::understand(&converted, true);
    assert_eq!(draft.days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(), ["2026-05-03"]);
    assert_eq!(draft.language, Some(("en".into(), false)));
}

#[test]
fn text_that_was_never_markdown_is_read_as_plain_text() {
    let converted = convert(PLAIN, "privacy");
    assert_eq!(body(&converted), body(&draft_of(plain::manuscript(PLAIN))));
    assert!(converted.notes.iter().any(|note| note.contains("plain text")));
    // A list with its items one below the other is Markdown as it stands.
    let list = "# T\n\n1. One\n2. Two\n\nText.\n";
    assert_eq!(body(&convert(list, "privacy")), "1. One\n2. Two\n\nText.");
}

#[test]
fn wrapped_lines_are_one_paragraph() {
    let text = "Terms of use\n\nThese terms govern how you may use the service that we offer to\nyou and to the people who work with you, wherever you\nare.\n\n  * The first rule is that you pay for what you use, each month, in\n    advance.\n  * The second rule is short.\n\nWe may change these terms, and will say so before we do, in a message\nthat we send to you.\n";
    assert_eq!(
        body(&draft_of(plain::manuscript(text))),
        "These terms govern how you may use the service that we offer to you and to the people who work with you, wherever you are.\n\n- The first rule is that you pay for what you use, each month, in advance.\n- The second rule is short.\n\nWe may change these terms, and will say so before we do, in a message that we send to you."
    );
}

const PAGE: &str = r##"<!doctype html><html lang="en-GB"><head><title>Privacy notice | Acme</title>
<link rel="canonical" href="https://acme.example/legal/privacy"></head><body>
<nav><a href="/">Home</a> <a href="/pricing">Pricing</a></nav>
<div class="cookie-banner"><p>We use cookies.</p><button>Accept</button></div>
<main><h1>Privacy notice</h1>
<p>Effective date: <time datetime="2026-05-01">1 May 2026</time><br>Version 3</p>
<h2 id="data">Data<a class="hash-link" href="#data">#</a></h2>
<p>See <a href="/terms">our terms</a>, <a href="#who">who helps us</a> and a note.<sup><a href="#fn1" id="r1">1</a></sup></p>
<dl><dt>Account</dt><dd>Your name.</dd></dl>
<div id="who"><h2>Who helps us</h2></div>
<table><thead><tr><th>Vendor</th><th>Purpose</th><th>Country</th></tr></thead>
<tr><td><a href="https://host.example">Host</a></td><td>Servers<ul><li>Europe</li><li>Backups</li></ul></td><td>Germany</td></tr>
<tr><td>Mail</td><td>Messages</td><td>USA, Ireland</td></tr></table>
<ol type="a"><li>first</li><li>second</li></ol>
<p id="fn1">The note itself. <a href="#r1">back</a></p>
<a href="/cdn-cgi/l/email-protection#1a3b"><span class="__cf_email__" data-cfemail="0d6c4d6c2368756c607d6168">[email protected]</span></a>
</main><footer>© Acme</footer></body></html>"##;

#[test]
fn a_saved_page_becomes_a_draft_without_what_is_around_it() {
    let converted = draft_of(html::manuscript(PAGE));
    assert_eq!(converted.title, "Privacy notice");
    assert_eq!(converted.language.as_deref(), Some("en-GB"));
    assert_eq!(converted.machine_days, ["2026-05-01"]);
    assert_eq!(
        body(&converted),
        "Effective date: 1 May 2026\\
Version 3

## Data {#data}

See [our terms](https://acme.example/terms), [who helps us](#who) and a note.[^1]

Account

: Your name.

## Who helps us {#who}

| Vendor | Purpose | Country |
|---|---|---|
| [Host](https://host.example) | Servers<br>• Europe<br>• Backups | Germany |
| Mail | Messages | USA, Ireland |

- a. first
- b. second

a@a.example

[^1]: The note itself."
    );
    let lost = lost(&converted);
    for what in ["Home Pricing", "We use cookies", "© Acme"] {
        assert!(lost.iter().any(|loss| loss.contains(what)), "{lost:#?}");
    }
}

#[test]
fn a_table_of_processors_becomes_a_register_with_codes_of_countries() {
    let converted = draft_of(html::manuscript(PAGE));
    let draft = draft::understand(&converted, true);
    let [register] = &draft.registers[..] else { panic!("{:?}", draft.registers) };
    assert_eq!((register.name.as_str(), register.rows), ("processors", 2));
    assert!(draft.text.contains(":::register processors columns=\"name, purpose, location\"\n:::\n"), "{}", draft.text);
    let mut findings = Vec::new();
    let path = "content/processors.toml".into();
    let read = crate::center::Register::read("processors", &path, &register.text, &mut findings);
    assert!(findings.is_empty(), "{findings:#?}\n{}", register.text);
    assert_eq!(read.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["host", "mail"]);
    assert!(register.text.contains("location = [\"US\", \"IE\"]"), "{}", register.text);
    assert!(register.text.contains("website = \"https://host.example\""));
    assert!(register.notes.iter().any(|note| note.contains("`data` is not stated")), "{:?}", register.notes);
}

#[test]
fn what_cannot_be_typed_is_a_column_of_its_own_and_is_named() {
    let cells = |row: &[&str]| row.iter().map(|text| CellWords { text: (*text).into(), href: None }).collect();
    let table = TableWords {
        about: "Sub-processors".into(),
        head: ["Vendor", "Purpose", "Country", "Team"].map(String::from).to_vec(),
        rows: vec![cells(&["Host", "Servers", "Mars", "Platform"]), cells(&["Host", "Mail", "France", ""])],
    };
    let register = table.register().unwrap();
    assert_eq!(register.columns, ["name", "purpose", "location", "location_as_written", "team"]);
    assert!(register.text.contains("location_as_written = \"Mars\""));
    assert!(register.text.contains("id = \"host-2\""));
    assert!(register.text.contains("team = \"Platform\""));
    assert!(register.notes.iter().any(|note| note.contains("Mars")));
    let mut findings = Vec::new();
    let path = "content/processors.toml".into();
    let read = crate::center::Register::read("processors", &path, &register.text, &mut findings);
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(register.columns.iter().all(|column| read.fields().contains(column)), "{:?}", read.fields());
    assert!(register.notes.iter().any(|note| note.contains("\"Team\"")));
}

#[test]
fn headings_that_are_only_set_like_headings_are_headings() {
    let page = r#"<div data-custom-class="body"><div><strong><span style="font-size: 26px"><span data-custom-class="title">PRIVACY NOTICE</span></span></strong></div>
<div><span data-custom-class="body_text">This notice is ours, and it says what we do with data.</span></div><div><br></div>
<div data-custom-class="heading_1"><strong><span style="font-size: 19px">1. WHAT WE COLLECT</span></strong></div>
<div><span data-custom-class="body_text">We collect <strong>names</strong>.</span></div>
<div><strong><span style="font-size: 15px">1.1 Names</span></strong></div><div>Only first names.</div></div>"#;
    let converted = draft_of(html::manuscript(page));
    assert_eq!(converted.title, "PRIVACY NOTICE");
    assert_eq!(
        body(&converted),
        "This notice is ours, and it says what we do with data.\n\n## 1. WHAT WE COLLECT\n\nWe collect **names**.\n\n### 1.1 Names\n\nOnly first names."
    );
    // The same, kept in a file that calls itself Markdown.
    assert_eq!(body(&convert(page, "privacy")), body(&converted));
}

#[test]
fn several_headings_of_the_first_level_are_chapters() {
    let typed = "---\ntitle: Practice statement\n---\n\n# 1. Introduction\n\nWe issue.\n\n# 2. Duties\n\n## 2.1 Ours\n\nWe keep.\n";
    let converted = convert(typed, "cps");
    assert_eq!(converted.title, "Practice statement");
    assert_eq!(body(&converted), "## 1. Introduction\n\nWe issue.\n\n## 2. Duties\n\n### 2.1 Ours\n\nWe keep.");
    let page = "<title>Practice statement</title><body><h1>Introduction</h1><p>We issue things.</p><h1>Duties</h1><h2>Ours</h2><p>We keep them.</p>";
    let converted = draft_of(html::manuscript(page));
    assert_eq!(converted.title, "Practice statement");
    assert_eq!(body(&converted), "## Introduction\n\nWe issue things.\n\n## Duties\n\n### Ours\n\nWe keep them.");
}

#[test]
fn marks_of_other_dialects_become_ours_or_are_named() {
    let cases = [
        (":::note\nRead this.\n:::\n", "> [!NOTE]\n> Read this."),
        (":::warning[Mind]\nRead this.\n:::\n", "> [!WARNING] Mind\n> Read this."),
        ("!!! tip \"Hint\"\n    One.\n\n    Two.\n\nAfter.\n", "> [!TIP] Hint\n> One.\n>\n> Two.\n\n\nAfter."),
        ("{% hint style=\"danger\" %}\nStop.\n{% endhint %}\n", "> [!CAUTION]\n> Stop."),
        ("=== \"EU\"\n    In the EU.\n", "**EU**\n\nIn the EU."),
        ("Text.\n\n[[toc]]\n\n\\newpage\n", "Text."),
        ("import Tabs from '@theme/Tabs';\n\n<Tabs>\n\nText {/* not this */}here.\n\n</Tabs>\n", "Text here."),
        ("A ==marked== word and [this]{.underline}.\n", "A <mark>marked</mark> word and this."),
        ("## Data {#data .unnumbered}\n\nText.\n", "## Data {#data}\n\nText."),
        (
            "+----+-----+\n| A  | B   |\n+====+=====+\n| 1  | 2   |\n|    | x   |\n+----+-----+\n",
            "| A | B |\n|---|---|\n| 1 | 2 x |",
        ),
        ("```\n:::note\n==x==\n```\n", "```\n:::note\n==x==\n```"),
    ];
    for (typed, wanted) in cases {
        let converted = convert(&format!("# T\n\n{typed}"), "t");
        let squeezed: Vec<&str> = body(&converted).lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let wanted: Vec<&str> = wanted.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(squeezed, wanted, "{typed}");
    }
}

#[test]
fn anchors_that_other_programs_would_have_given_lead_to_their_headings() {
    let typed = "# T\n\nSee [a](#1-data-we-collect), [b](#your-rights), [c](#no-such-place).\n\n## 1. Data we collect\n\nText.\n\n## 2. Your rights\n\nText.\n";
    let converted = convert(typed, "t");
    assert!(body(&converted).contains("## 1. Data we collect {#1-data-we-collect}"), "{}", converted.text);
    assert!(converted.anchors.iter().any(|id| id == "your-rights"));
    assert_eq!(lost(&converted), ["0: a link leads to a place that the text does not have: #no-such-place"]);
}

#[test]
fn front_matter_without_its_first_fence_is_front_matter() {
    let converted = convert("title: Security\ndate: 2024-02-03\n---\n\nText.\n", "t");
    assert_eq!((converted.title.as_str(), body(&converted)), ("Security", "Text."));
    assert_eq!(converted.machine_days, ["2024-02-03"]);
    assert_eq!(body(&convert("# T\n\nNote: this.\n\n---\n\nText.\n", "t")), "Note: this.\n\n---\n\nText.");
}

#[test]
fn encodings_are_told_and_read() {
    let decode = |bytes: &[u8], format| bytes::decode("x", bytes, format).unwrap();
    let wide = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let text = "Über die Daten: “gut” – 5 €";
    for (bytes, named) in [
        (text.as_bytes().to_vec(), false),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), false),
        ([b"\xff\xfe".to_vec(), wide(text, false)].concat(), true),
        ([b"\xfe\xff".to_vec(), wide(text, true)].concat(), true),
        (wide(text, false), true),
        (wide(text, true), true),
        (b"\xdcber die Daten: \x93gut\x94 \x96 5 \x80".to_vec(), true),
    ] {
        let decoded = decode(&bytes, Format::Plain);
        assert_eq!(decoded.text, text, "{bytes:x?}");
        assert_eq!(decoded.encoding.is_some(), named, "{:?}", decoded.encoding);
    }
    let page = b"<meta charset=windows-1251><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>";
    if cfg!(feature = "encodings") {
        assert!(decode(page, Format::Html).text.contains("Привет"));
    }
}

#[test]
fn what_is_no_policy_is_told_by_its_name_and_with_a_cure() {
    let cases: [(&str, &[u8], &str); 8] = [
        ("a.pdf", b"%PDF-1.7 x", "a PDF"),
        ("a.html", b"\x89PNG\r\n", "a picture"),
        ("a.md", b"  \n", "empty"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1", "an old Word file"),
        ("a.txt", b"{\\rtf1", "rich text"),
        ("a.docx", b"no zip", "not a Word file"),
        ("a.txt", b"ab\x00\x01\x02\x00\x07", "not a text"),
        ("a.gz", b"\x1f\x8b\x08", "an archive"),
    ];
    for (name, bytes, says) in cases {
        let error = bytes::sniff(name, bytes).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(name), "{error}");
    }
    let zip = zip_of(&[("readme.txt", "x")]);
    assert!(docx::manuscript("a.zip", &zip).unwrap_err().to_string().contains("no Word file"));
    assert!(docx::manuscript("a.docx", &zip[..zip.len() / 2]).unwrap_err().to_string().contains("damaged"));
}

#[test]
fn a_page_that_is_nested_to_be_slow_is_told_from_one_that_is_only_long() {
    assert!(html::is_too_deep(&"<div>".repeat(4_000)));
    assert!(html::is_too_deep(&"<B><i>x".repeat(2_000)));
    assert!(!html::is_too_deep(&"<div class=\"a\"><p>x</div>".repeat(20_000)));
}

fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[cfg(feature = "docx")]
#[test]
// The parts of the document read in its order.
#[expect(clippy::format_in_format_args)]
fn a_word_file_keeps_headings_numbers_lists_tables_and_notes() {
    let p = |style: &str, extra: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{extra}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"
        )
    };
    let list = |id: u8, level: u8| format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>");
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let document = format!(
        "<w:document xmlns:w=\"w\" xmlns:r=\"r\"><w:body>{}{}{}{}{}{}{}{}{}{}</w:body></w:document>",
        p("Title", "", "Privacy policy"),
        p("H1", "", "Data"),
        "<w:p><w:r><w:t xml:space=\"preserve\">We keep </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>na</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>mes</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:del><w:r><w:delText> and more</w:delText></w:r></w:del><w:r><w:t> &amp; no more.</w:t></w:r></w:p>",
        p("Normal", &list(1, 0), "first"),
        p("Normal", &list(1, 1), "inner"),
        p("Normal", &list(1, 0), "second"),
        p("H1", "", "Sharing"),
        p("Normal", &list(2, 0), "lettered"),
        format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
            cell("Name"),
            cell("Days"),
            cell("Log"),
            cell("30")
        ),
        "<w:p><w:hyperlink r:id=\"l\"><w:r><w:t>our site</w:t></w:r></w:hyperlink></w:p>",
    );
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"Title\"><w:name w:val=\"Title\"/></w:style><w:style w:styleId=\"H1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style></w:styles>";
    let level = |level: u8, format: &str, text: &str| {
        format!("<w:lvl w:ilvl=\"{level}\"><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>")
    };
    let numbering = format!(
        "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"0\">{}{}</w:abstractNum><w:abstractNum w:abstractNumId=\"1\">{}</w:abstractNum><w:abstractNum w:abstractNumId=\"2\">{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num><w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num><w:num w:numId=\"3\"><w:abstractNumId w:val=\"2\"/></w:num></w:numbering>",
        level(0, "bullet", "•"),
        level(1, "bullet", "o"),
        level(0, "lowerLetter", "(%1)"),
        level(0, "decimal", "%1."),
    );
    let notes = "<w:footnotes xmlns:w=\"w\"><w:footnote w:id=\"2\"><w:p><w:r><w:t>First names.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let links = "<Relationships><Relationship Id=\"l\" Target=\"https://acme.example\"/></Relationships>";
    let bytes = zip_of(&[
        ("word/document.xml", &document),
        ("word/styles.xml", styles),
        ("word/numbering.xml", &numbering),
        ("word/footnotes.xml", notes),
        ("word/_rels/document.xml.rels", links),
    ]);
    let converted = draft_of(docx::manuscript("a.docx", &bytes).unwrap());
    assert_eq!(converted.title, "Privacy policy");
    assert_eq!(
        body(&converted),
        "## 1. Data

We keep **names**[^2] & no more.

- first
  - inner
- second

## 2. Sharing

- (a) lettered

| Name | Days |
|---|---|
| Log | 30 |

[our site](https://acme.example)

[^2]: First names."
    );
    assert_eq!(lost(&converted), ["3: words that a tracked change deletes were left out: and more"]);
}

proptest! {
    /// Whatever words a document has, the draft that is made of them says the same words.
    #[test]
    fn no_word_is_lost_or_changed_on_the_way_to_markdown(words in proptest::collection::vec("[ -~äé„“•€]{1,30}", 1..6)) {
        let text: Vec<String> = words.iter().map(|line| format!("Word {} end.", line.trim())).collect();
        let page = text.iter().map(|line| format!("<p>{}</p>", line.replace('&', "&amp;").replace('<', "&lt;"))).collect::<String>();
        let converted = draft_of(html::manuscript(&format!("<title>T</title><main><h2>Start</h2>{page}</main>")));
        prop_assert_eq!(lost(&converted), Vec::<String>::new());
        let said = converted.says.prose().replace(['<', '>'], "");
        for line in &text {
            for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
                prop_assert!(said.contains(word), "{} lacks {}: {}", said, word, converted.text);
            }
        }
    }

    /// Broken pages and texts of any bytes are read without a fault.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), tags in "[<>/a-z =\"#&;0-9]{0,200}") {
        if let Ok(format) = bytes::sniff("x", &bytes) && format != Format::Word {
            let text = bytes::decode("x", &bytes, format).unwrap().text;
            let _ = draft_of(plain::manuscript(&text));
            let _ = draft_of(html::manuscript(&text));
        }
        let _ = draft_of(html::manuscript(&tags));
        let _ = convert(&tags, "t");
    }
}

#[test]
fn bold_labels_in_items_stay_labels_and_sections_begin_at_level_two() {
    let converted = draft_of(html::manuscript(
        "<html><body><main><h1>Privacy policy</h1><h3>What we collect</h3><ul><li><p><strong>Account data</strong></p><p>Your name and your email address.</p></li><li><p><strong>Usage data</strong></p><p>The pages that you open.</p></li></ul><h4>Details</h4><p>None of this is sold to anybody at all.</p></main></body></html>",
    ));
    let text = body(&converted);
    assert!(text.starts_with("## What we collect\n\n- **Account data**\n\n  Your name"), "{text}");
    assert!(text.contains("- **Usage data**\n\n  The pages") && text.contains("\n### Details\n"), "{text}");
}
