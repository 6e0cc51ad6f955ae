//! Raw HTML as one document, and facts in a text from right to left.

use super::tests::{Known, codes, keeps_law, read, simple, written};
use super::*;
use proptest::prelude::*;

/// What the text says, and the outline of its sections.
fn outline(text: &str) -> (String, Vec<String>) {
    let (parsed, _) = read(text, false, &Known::default());
    keeps_law(text, false, &Known::default()).expect("the same tree");
    keeps_law(text, true, &Known::default()).expect("the same tree with numbers");
    let titles =
        toc(&parsed.document).into_iter().map(|entry| format!("{} {} #{}", entry.level, entry.title, entry.id));
    (written(&parsed), titles.collect())
}

#[test]
fn raw_headings_begin_sections_wherever_no_list_or_table_is_around_them() {
    let (html, titles) =
        outline("<h2>Sharing</h2>\n\nWe share.\n\n<h3 id=\"who\">With <em>whom</em> &amp; why</h3>\n<p>Nobody.</p>\n");
    assert_eq!(titles, ["2 Sharing #sharing", "3 With whom & why #who"]);
    assert!(html.contains("<h2 id=\"sharing\">Sharing</h2>\n<p>We share.</p>\n<h3 id=\"who\">"), "{html}");
    assert!(html.contains("With <em>whom</em> &amp; why</h3>\n<p>Nobody.</p>"), "{html}");
    // An export: everything inside of elements that only set looks.
    let (html, titles) = outline(
        "<div data-custom-class=\"body\"><h1 style=\"font-size:26px\">NOTICE</h1>\n<div><h2 style=\"color:red\">1. WHAT WE COLLECT</h2>\n<p style=\"x\">We collect names.</p></div></div>\n",
    );
    assert_eq!(titles, ["2 NOTICE #notice", "2 1. WHAT WE COLLECT #what-we-collect"]);
    assert_eq!(html.matches("<div>").count(), html.matches("</div>").count(), "{html}");
    assert!(html.contains("<p>We collect names.</p>"), "{html}");
    // Over lines, not closed, in capitals, with a line break.
    let (_, titles) = outline("<H2>\n  Data<br>we keep\n</H2>\n\n<h2>Rest\n");
    assert_eq!(titles, ["2 Data we keep #data-we-keep", "2 Rest #rest"]);
    // Among the items of a list or the cells of a table it is a line in bold, and its words are apart.
    let (html, titles) = outline("<ul><li><h3>One</h3>two</li></ul>\n\n<table><tr><td><h3>A</h3>b</td></tr></table>\n");
    assert!(titles.is_empty(), "{titles:?}");
    assert!(html.contains("<li><p><strong>One</strong></p>two</li>"), "{html}");
    let (html, titles) = outline("<details><summary><h3>More</h3></summary>\n\nHidden.\n\n</details>\n");
    assert!(titles.is_empty() && html.contains("<summary><strong>More</strong></summary>"), "{html}");
}

#[test]
fn a_heading_can_be_linked_to_and_named() {
    let text = "<h2>Sharing</h2>\n\nSee [sharing](#sharing) and {{ section.sharing }}.\n\n<h2>{{ a.b }} keeps</h2>\n";
    let facts = Known::with(&[("a.b", "Acme")]);
    let (parsed, findings) = read(text, true, &facts);
    assert_eq!(codes(&findings), [""; 0]);
    keeps_law(text, true, &facts).expect("the same tree");
    let html = written(&parsed);
    assert!(
        html.contains("<a href=\"#sharing\">1. Sharing</a>") || html.contains("<a href=\"#sharing\">Sharing</a>"),
        "{html}"
    );
    assert!(html.contains("<h2 id=\"acme-keeps\"><span class=\"number\">2.</span> Acme keeps</h2>"), "{html}");
}

#[test]
fn tables_and_lists_go_on_over_blank_lines() {
    let (html, titles) = outline(
        "<table>\n<tr><th>Cookie</th><th>Days</th></tr>\n\n<tr><td>sid</td><td>30</td></tr>\n\n\n    <tr>\n\n    <td>lang</td><td>7</td></tr>\n</table>\n\n## After\n",
    );
    assert_eq!(html.matches("<tr>").count(), 3, "{html}");
    assert_eq!(html.matches("<table>").count(), 1, "{html}");
    assert_eq!(titles, ["2 After #after"]);
    // Markdown in a cell is Markdown.
    let (html, _) = outline(
        "<table><tr><td>\n\n**Bold** and [link](/x)\n\n- a\n- b\n\n</td><td>plain</td></tr></table>\n\nAfter\n",
    );
    assert!(html.contains("<strong>Bold</strong> and <a href=\"/x\">link</a>"), "{html}");
    assert!(html.contains("<li>a</li>") && html.ends_with("<p>After</p>\n"), "{html}");
    let (html, _) = outline("<ul>\n<li>one</li>\n\n<li>two</li>\n</ul>\n<h2>Next</h2>\n");
    assert!(html.starts_with("<ul>\n<li>one</li>") && html.contains("<li>two</li>\n</ul>\n<h2"), "{html}");
    // What is never closed takes no section along.
    let (html, findings) = simple("<table><tr><td>a\n\n## Section\n\nWords\n");
    assert!(html.contains("<h2 id=\"section\">Section</h2>"), "{html}");
    assert_eq!(codes(&findings), ["raw-html-dropped"]);
}

#[test]
fn words_of_raw_blocks_never_run_together() {
    let (parsed, _) =
        read("<table><tr><td>a</td><td>b<br>c</td></tr></table>\n<div>d</div><div>e</div>\n", false, &Known::default());
    let mut words = String::new();
    for block in &parsed.document.blocks {
        for_each_run(block, &mut |run, _| words.push_str(&plain_text(run)));
    }
    assert_eq!(words.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
}

#[test]
fn looks_are_said_once_for_a_text() {
    let (_, findings) =
        simple("<div class=\"a\">x</div>\n\n<p style=\"b\" data-x=\"c\">y</p>\n\n<p onclick=\"z\">w</p>\n");
    let mut said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            "attribute `class` of `<div>` and 2 more that set looks were left out",
            "attribute `onclick` of `<p>` was left out"
        ]
    );
}

#[test]
fn cells_hold_lists_and_paragraphs() {
    for (cell, wanted) in [
        ("<p>One</p><p>Two</p>", "<p>One</p> <p>Two</p>"),
        ("a<ol><li>b<li>c</ol>d", "a <ol><li>b</li> <li>c</li></ol> d"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a <ul><li>b</li></ul></li></ul>"),
        ("<ul><li>**a**</li></ul>", "<ul><li><strong>a</strong></li></ul>"),
        ("<p>One<p>Two", "<p>One</p> <p>Two</p>"),
    ] {
        let text = format!("| a |\n|---|\n| {cell} |\n");
        let (html, findings) = simple(&text);
        assert_eq!(codes(&findings), [""; 0], "{cell}");
        assert!(html.contains(&format!("<td>{wanted}</td>")), "{cell}: {html}");
        keeps_law(&text, false, &Known::default()).expect("the same tree");
    }
    let (html, findings) = simple("| a |\n|---|\n| <li>x</li><li>y</li> |\n");
    assert!(html.contains("<td>x y</td>"), "{html}");
    assert_eq!(codes(&findings), ["raw-html-dropped"; 2]);
}

#[test]
fn facts_are_set_apart_in_a_text_from_right_to_left() {
    let facts = Known::with(&[("a.phone", "+1 (855) 411-2372"), ("a.days", "14"), ("a.name", "Acme (Ireland) Ltd.")]);
    let text =
        "اتصل على {{ a.phone }} خلال {{ a.days }} يوما. **{{ a.name }}**\n\n| اسم |\n|---|\n| Acme (Ireland) Ltd. |\n";
    let (parsed, _) = read(text, false, &facts);
    let html = written(&parsed);
    assert!(html.contains("<bdi>+1 (855) 411-2372</bdi> خلال 14 يوما"), "{html}");
    assert!(html.contains("<strong><bdi>Acme (Ireland) Ltd.</bdi></strong>"), "{html}");
    assert!(html.contains("<td><bdi>Acme (Ireland) Ltd.</bdi></td>"), "{html}");
    keeps_law(text, false, &facts).expect("the same tree");
    let (parsed, _) = read("Call {{ a.phone }}", false, &facts);
    assert_eq!(written(&parsed), "<p>Call +1 (855) 411-2372</p>\n");
}

#[test]
fn a_number_that_is_not_the_one_shown_is_found_at_its_place() {
    let text = "3. x\n5. y\n";
    let (_, findings) = simple(text);
    assert_eq!(codes(&findings), ["list-number-mismatch"]);
    for text in ["1. a\n1. b\n1. c\n", "3. a\n4. b\n", "- a\n- b\n"] {
        assert_eq!(codes(&simple(text).1), [""; 0], "{text}");
    }
}

const PIECES: &[&str] = &[
    "<h2>",
    "</h2>",
    "<h3 id=\"x\">",
    "<div>",
    "</div>",
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "word",
    "two words",
    "**bold**",
    "## Title",
    "- item",
    "{{ a.b }}",
    "&amp;",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "    ",
    " ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Whatever tags stand wherever: no word is lost, and the resolved text reads the same.
    #[test]
    fn raw_html_keeps_its_words(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..24), numbering in any::<bool>()) {
        let text = pieces.concat();
        let facts = Known::with(&[("a.b", "fact")]);
        let (parsed, _) = read(&text, numbering, &facts);
        let html = written(&parsed);
        let mut shown = String::new();
        for (at, part) in html.split('<').enumerate() {
            shown.push_str(if at == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) });
        }
        for word in ["word", "bold", "item"] {
            prop_assert_eq!(shown.matches(word).count(), text.matches(word).count(), "{} in {:?}: {}", word, text, html);
        }
        keeps_law(&text, numbering, &facts)?;
    }
}
