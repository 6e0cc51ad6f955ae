//! What a text may say and what becomes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::law::comparable;
use super::*;
use crate::diagnostic::Diagnostic;

/// Facts of a test: words by path, and one register.
#[derive(Default)]
pub(super) struct Known {
    words: BTreeMap<String, String>,
    table: RegisterTable,
}

impl Known {
    pub fn with(pairs: &[(&str, &str)]) -> Self {
        let words = pairs.iter().map(|(path, words)| ((*path).to_owned(), (*words).to_owned())).collect();
        Known { words, table: RegisterTable::default() }
    }

    fn row(mut self, id: &str, cells: &[&str]) -> Self {
        if self.table.head.is_empty() {
            self.table.head = (0..cells.len()).map(|column| format!("Column {}", column + 1)).collect();
        }
        let cells = cells.iter().map(|text| RegisterCell { text: (*text).to_owned(), href: None }).collect();
        self.table.rows.push((id.to_owned(), cells));
        self
    }
}

impl Facts for Known {
    fn lookup(&self, path: &str) -> Result<String, FactError> {
        self.words.get(path).cloned().ok_or_else(|| FactError {
            code: "unknown-fact",
            message: format!("there is no `{path}`"),
            help: vec!["look again".into()],
        })
    }

    fn register(&self, name: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        if name == "processors" {
            Ok(self.table.clone())
        } else {
            Err(FactError { code: "unknown-register", message: format!("there is no `{name}`"), help: Vec::new() })
        }
    }
}

pub(super) fn read(text: &str, numbering: bool, facts: &Known) -> (Parsed, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let path: Arc<str> = "policy.md".into();
    let parsed = parse(&path, text, 0, numbering, facts, &mut findings);
    (parsed, findings)
}

fn words() -> HtmlWords {
    HtmlWords {
        footnotes: "Footnotes".into(),
        footnote: "Note".into(),
        back: "Back to the text".into(),
        note: "Note".into(),
        tip: "Tip".into(),
        important: "Important".into(),
        warning: "Warning".into(),
        caution: "Caution".into(),
        task_done: "Done:".into(),
        task_open: "Open:".into(),
        summary: "In short".into(),
        table: "Table".into(),
    }
}

pub(super) fn written(parsed: &Parsed) -> String {
    html(&parsed.document, &HtmlOptions { link: &str::to_owned, words: &words() })
}

/// HTML and findings of a text without facts.
pub(super) fn simple(text: &str) -> (String, Vec<Diagnostic>) {
    let (parsed, findings) = read(text, false, &Known::default());
    (written(&parsed), findings)
}

pub(super) fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

pub(super) fn keeps_law(text: &str, numbering: bool, facts: &Known) -> Result<(), TestCaseError> {
    let (first, _) = read(text, numbering, facts);
    let (second, _) = read(&first.resolved, false, facts);
    prop_assert_eq!(comparable(&first.document), comparable(&second.document), "resolved: {}", first.resolved);
    prop_assert_eq!(&first.resolved, &second.resolved);
    Ok(())
}

const PIECES: &[&str] = &[
    "{{ a }}",
    "{{ b }}",
    "{{a.b}}",
    "{{cc}}",
    "{{ d }}",
    "{{ unknown }}",
    "{{ section.one }}",
    "{{ section.two }}",
    " ",
    " ",
    "\n",
    "\n\n",
    "word",
    "**",
    "*",
    "_",
    "~~",
    "`",
    "[",
    "](",
    ")",
    "](https://example.org/",
    "[x]: /y ",
    "[^n]",
    "\n\n[^n]: ",
    "<b>",
    "</b>",
    "<i title=\"",
    "\">",
    "<",
    ">",
    "&",
    ";",
    "&amp",
    "|",
    "\n| ",
    "\n|---|---|\n| ",
    "\n# ",
    "\n## ",
    " {#one}",
    " {#two aliases=\"old\"}",
    "\n> ",
    "\n- ",
    "\n1. ",
    "\n  ",
    "\n    ",
    "\n\n    ",
    "\n: ",
    "!",
    "\\",
    "1",
    ".",
    ":::summary\n",
    "\n:::\n",
    "\n\n:::register processors\n:::\n\n",
    "\n:::register processors\ntext\n:::\n",
    "\n- :::register processors\n  text\n  :::\n",
    "<https://example.org/",
    "<details>\n\n",
    "\n\n</details>\n\n",
    "\n---\n",
    "\n===\n",
    "```",
    "\n```\n",
    "> [!NOTE] ",
    "- [ ] ",
    "- [",
    "<!-- ",
    " -->",
    "\"",
    "'",
    "(",
    "#",
    "{",
    "}",
    "é",
    "。",
    "\r\n",
    "privacy@example.org",
    "https://example.org/x",
    "www.example.org",
];

fn value() -> impl Strategy<Value = String> {
    let letters = prop::sample::select(vec![
        "a", "B", "7", "12", " ", "*", "_", "`", "[", "]", "(", ")", "<", ">", "&", "#", "!", "|", "\\", "~", "{", "}",
        "\"", "'", ".", ":", "-", "+", "=", "/", "@", "é", "™", "“", "\n", "\t", "x", "amp;", "b", "NOTE", "https://",
        "www.",
    ]);
    prop::collection::vec(letters, 1..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn resolved_text_reads_as_the_same_tree(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..24),
        values in prop::collection::vec(value(), 4),
        rows in prop::collection::vec((value(), value(), prop::option::of(value())), 0..3),
        numbering in any::<bool>(),
    ) {
        let mut facts = Known::default();
        for (path, value) in ["a", "b", "a.b", "cc"].iter().zip(values) {
            facts.words.insert((*path).to_owned(), value);
        }
        facts.words.insert("d".into(), "Acme".into());
        facts.table.head = vec!["One".into(), "Two | *three*".into()];
        for (id, (one, two, href)) in rows.into_iter().enumerate() {
            let cells = vec![RegisterCell { text: one, href: None }, RegisterCell { text: two, href }];
            facts.table.rows.push((id.to_string(), cells));
        }
        keeps_law(&pieces.concat(), numbering, &facts)?;
    }

    #[test]
    fn a_value_comes_back_as_the_same_words(value in value(), around in prop::sample::select(vec![
        ("", ""), ("a ", " b"), ("**", "**"), ("- ", ""), ("> ", "."), ("| h |\n|---|\n| ", " |"), ("# ", ""), ("[", "](x)"), ("*a", "*"), ("a", "b"), ("(", ")"),
    ])) {
        let facts = Known::with(&[("v", &value)]);
        let words = escape::plain(&value).into_owned();
        prop_assume!(!words.is_empty());
        let text = format!("{}{{{{ v }}}}{}", around.0, around.1);
        let (parsed, findings) = read(&text, false, &facts);
        prop_assert!(findings.iter().all(|finding| matches!(finding.code, "heading-level-one" | "heading-level-skipped" | "stray-attributes")), "{:?}", findings);
        let all = text_of(&parsed.document.blocks);
        prop_assert!(all.contains(&words), "{all:?} lacks {words:?}");
        let (again, _) = read(&parsed.resolved, false, &Known::default());
        prop_assert!(text_of(&again.document.blocks).contains(&words), "{:?}", parsed.resolved);
    }

    #[test]
    fn anything_can_be_read(text in "\\PC{0,80}|[\\x00-\\x7f]{0,80}") {
        keeps_law(&text, true, &Known::default())?;
    }
}

fn text_of(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(content) => out.push_str(&plain_text(content)),
            BlockKind::Heading(heading) => out.push_str(&plain_text(&heading.content)),
            BlockKind::Quote(blocks) => out.push_str(&text_of(blocks)),
            BlockKind::List(list) => list.items.iter().for_each(|item| out.push_str(&text_of(&item.blocks))),
            BlockKind::Table(table) => {
                table
                    .head
                    .iter()
                    .chain(table.rows.iter().flat_map(|row| &row.cells))
                    .for_each(|cell| out.push_str(&plain_text(cell)));
            }
            _ => {}
        }
    }
    out
}

#[test]
fn indented_text_is_prose_and_line_ends_that_were_meant_are_shown() {
    let source = "## A\n\n    We collect the following:\n\n    • Account data: your name.\n    • Billing data: **plan** and {{ organization.name }}.\n";
    let html = simple(source).0;
    assert!(!html.contains("<pre"), "{html}");
    assert!(html.contains("<p>• Account data: your name.<br>• Billing data: <strong>plan</strong> and"), "{html}");
    let wrapped = "A sentence that an editor has wrapped at some width goes\non in the next line and ends there. Another sentence goes\non as well.\n";
    assert!(!simple(wrapped).0.contains("<br>"));
}

/// The text of the file at a finding's place.
fn place<'a>(text: &'a str, finding: &Diagnostic) -> &'a str {
    finding.primary.as_ref().and_then(|label| text.get(label.span.clone())).unwrap_or_default()
}

#[test]
fn facts_stand_where_they_were_asked_for() {
    let facts = Known::with(&[
        ("organization.brand", "Lumen *Row*"),
        ("organization.website", "https://lumen.example/a b"),
        ("notice", "14 days"),
    ]);
    let text = "We, **{{ organization.brand }}**, wait {{notice}}: [site]({{ organization.website }} \"{{ organization.brand }}\").\n\n| Who |\n|---|\n| {{ organization.brand }} |\n";
    let (parsed, findings) = read(text, false, &facts);
    assert_eq!(codes(&findings), Vec::<&str>::new());
    let html = written(&parsed);
    assert!(html.contains("We, <strong>Lumen *Row*</strong>, wait 14 days: <a href=\"https://lumen.example/a%20b\" title=\"Lumen *Row*\">site</a>."), "{html}");
    assert!(html.contains("<td>Lumen *Row*</td>"), "{html}");
    assert_eq!(
        parsed.resolved,
        "We, **Lumen \\*Row\\***, wait 14 days: [site](https://lumen.example/a%20b \"Lumen &#42;Row&#42;\").\n\n| Who |\n|---|\n| Lumen \\*Row\\* |\n"
    );
}

#[test]
fn code_keeps_its_braces() {
    let facts = Known::with(&[("a.b", "no")]);
    let text = "`{{ a.b }}` and `{{` and `}}`\n\n```\n{{ a.b }} {{ c\n```\n";
    let (parsed, findings) = read(text, false, &facts);
    assert_eq!(codes(&findings), Vec::<&str>::new());
    assert_eq!(parsed.resolved, text);
    assert!(written(&parsed).contains("<code>{{ a.b }}</code> and <code>{{</code>"));
}

#[test]
fn a_backslash_makes_braces_mean_nothing() {
    let (parsed, findings) = read("Write \\{{ a.b }} so.", false, &Known::default());
    assert_eq!(codes(&findings), Vec::<&str>::new());
    assert_eq!(written(&parsed), "<p>Write {{ a.b }} so.</p>\n");
    assert_eq!(parsed.resolved, "Write \\{{ a.b }} so.");
}

#[test]
fn a_value_that_ends_in_a_brace_does_not_join_those_behind_it() {
    for text in ["{{ a }}{{{ a }}", "{{ a }}{ {{ a }}", "{{{ a }}{{ a }}{"] {
        keeps_law(text, false, &Known::with(&[("a", "{")])).unwrap();
    }
}

#[test]
fn what_cannot_be_expanded_is_said_at_its_place() {
    let text = "\u{feff}One {{ a.c }},\r\ntwo {{ not a path }}, three {{ open\r\nand }} four, [x]({{ a.d }}) <b title=\"{{ a.e }}\">b</b>.";
    let (parsed, mut findings) = read(text, false, &Known::default());
    Diagnostic::sort(&mut findings);
    let said: Vec<_> = findings.iter().map(|finding| (finding.code, place(text, finding))).collect();
    let expected = [
        ("unknown-fact", "{{ a.c }}"),
        ("invalid-expression", "{{ not a path }}"),
        ("unmatched-brace", "{{"),
        ("unmatched-brace", "}}"),
        ("unknown-fact", "{{ a.d }}"),
        ("unknown-fact", "{{ a.e }}"),
    ];
    for finding in expected {
        assert!(said.contains(&finding), "{finding:?} not in {said:?}");
    }
    assert_eq!(said.len(), expected.len());
    assert!(parsed.resolved.starts_with("One {{ a.c }},\ntwo {{ not a path }}"));
    assert!(written(&parsed).contains("<p>One {{ a.c }},"));
}

#[test]
fn an_empty_fact_is_not_nothing() {
    let (_, findings) = read("{{ a.b }}", false, &Known::with(&[("a.b", " \n")]));
    assert_eq!(codes(&findings), ["empty-fact"]);
}

#[test]
fn sections_are_linked_by_number_and_title() {
    let facts = Known::with(&[("brand", "Acme")]);
    let text = "See {{ section.kept }}.\n\n## Data {{ brand }} keeps {#kept}\n\n### As in {{ section.kept }}\n\n## Last {#last}\n\n{{ section.lost }} {{ section.lsat }}";
    let (parsed, findings) = read(text, true, &facts);
    assert_eq!(codes(&findings), ["unknown-section", "unknown-section"]);
    assert_eq!(findings[1].help[0], "did you mean `section.last`?");
    let html = written(&parsed);
    assert!(html.contains("<p>See <a href=\"#kept\">1. Data Acme keeps</a>.</p>"), "{html}");
    assert!(html.contains("<h2 id=\"kept\"><span class=\"number\">1.</span> Data Acme keeps</h2>"), "{html}");
    assert!(
        html.contains(
            "id=\"as-in-1-data-acme-keeps\"><span class=\"number\">1.1.</span> As in 1. Data Acme keeps</h3>"
        ),
        "{html}"
    );
    assert!(parsed.resolved.starts_with(
        "See [1. Data Acme keeps](#kept).\n\n## 1. Data Acme keeps {#kept}\n\n### 1.1. As in 1. Data Acme keeps\n"
    ));
}

#[test]
fn a_heading_cannot_name_itself() {
    let (parsed, findings) = read(
        "## A {{ section.a }} {#a}\n\n## B {{ section.c }} {#b}\n\n## C {{ section.b }} {#c}\n",
        false,
        &Known::default(),
    );
    assert_eq!(codes(&findings), ["section-loop", "section-loop"]);
    let titles: Vec<_> = toc(&parsed.document).into_iter().map(|entry| entry.title).collect();
    assert_eq!(titles, ["A {{ section.a }}", "B C {{ section.b }}", "C {{ section.b }}"]);
}

#[test]
fn ids_are_unique_and_former_ones_kept() {
    let text = "## 1. Data\n\n## Data {#data}\n\n## Data\n\n## More {#data aliases=\"old older\"}\n\n<span id=\"old\">x</span>\n";
    let (parsed, findings) = read(text, false, &Known::default());
    assert_eq!(codes(&findings), ["duplicate-id", "duplicate-id"]);
    assert_eq!(place(text, &findings[0]), "## More {#data aliases=\"old older\"}");
    assert_eq!(text.get(findings[0].secondary[0].span.clone()), Some("## Data {#data}"));
    assert_eq!(ids(&parsed.document), ["data-2", "data", "data-3", "more", "old", "older"]);
    assert!(written(&parsed).contains("<h2 id=\"more\"><span id=\"old\"></span><span id=\"older\"></span>More</h2>"));
}

#[test]
fn headings_start_below_the_title() {
    let text = "# One\n\n#### Four\n\nTwo\n---\n";
    let (parsed, findings) = read(text, true, &Known::default());
    assert_eq!(codes(&findings), ["heading-level-one", "heading-level-skipped"]);
    let entries: Vec<_> =
        toc(&parsed.document).into_iter().map(|entry| (entry.level, entry.number, entry.id)).collect();
    let entry = |level, number: &str, id: &str| (level, Some(number.to_owned()), id.to_owned());
    assert_eq!(entries, [entry(2, "1", "one"), entry(4, "1.0.1", "four"), entry(2, "2", "two")]);
    assert_eq!(parsed.resolved, "# 1. One\n\n#### 1.0.1. Four\n\n2\\. Two\n---\n");
}

#[test]
fn a_register_becomes_a_table() {
    let mut facts = Known::default().row("stripe", &["Stripe | Inc.", "pay_ments"]).row("mail", &["Post", "*mail*"]);
    facts.table.rows[1].1[1].href = Some("https://mail.example/(a)".into());
    let text = "Before\n:::register processors columns=\"name, purpose\"\nNone.\n:::\nAfter\n";
    let (parsed, findings) = read(text, false, &facts);
    assert_eq!(codes(&findings), Vec::<&str>::new());
    let table = "| Column 1 | Column 2 |\n| --- | --- |\n| Stripe \\| Inc. | pay_ments |\n| Post | [\\*mail\\*](https://mail.example/%28a%29) |";
    assert_eq!(parsed.resolved, format!("Before\n\n{table}\n\nAfter\n"));
    let html = written(&parsed);
    assert!(
        html.contains("<thead>\n<tr><th scope=\"col\">Column 1</th><th scope=\"col\">Column 2</th></tr>\n</thead>"),
        "{html}"
    );
    assert!(
        html.contains(
            "<tr><th scope=\"row\">Post</th><td><a href=\"https://mail.example/%28a%29\">*mail*</a></td></tr>"
        ),
        "{html}"
    );
    let BlockKind::Table(table) = &parsed.document.blocks[1].kind else { panic!("no table") };
    assert_eq!(table.register.as_deref(), Some("processors"));
    assert_eq!(table.rows[0].key.as_deref(), Some("stripe"));
}

#[test]
fn a_register_without_rows_gives_way() {
    let text = "Before\n\n:::register processors\nWe use *none*.\n:::\n\nAfter\n";
    let (parsed, findings) = read(text, false, &Known::default());
    assert_eq!(codes(&findings), Vec::<&str>::new());
    assert_eq!(written(&parsed), "<p>Before</p>\n<p>We use <em>none</em>.</p>\n<p>After</p>\n");
    assert!(!parsed.resolved.contains(":::"));
}

#[test]
fn a_register_in_a_list_stays_in_its_item() {
    let facts = Known::default().row("a", &["A"]);
    for text in [
        "- one\n  :::register processors\n  :::\n- two\n",
        "- :::register processors\n  :::\n- two\n",
        "> 1. one\n>\n>    :::register processors\n>    :::\n>    more\n",
    ] {
        keeps_law(text, false, &facts).unwrap();
        let (parsed, _) = read(text, false, &facts);
        assert!(written(&parsed).contains("<table>"), "{text}");
    }
}

#[test]
fn summaries_are_marked_and_kept() {
    let text = ":::summary\nIn short: *little*.\n:::\n";
    let (parsed, findings) = read(text, false, &Known::default());
    assert_eq!(codes(&findings), Vec::<&str>::new());
    assert_eq!(parsed.resolved, text);
    assert_eq!(
        written(&parsed),
        "<div class=\"summary\" role=\"note\">\n<p class=\"title\">In short</p>\n<p>In short: <em>little</em>.</p>\n</div>\n"
    );
}

#[test]
fn broken_directives_are_named() {
    let cases = [
        (":::sumary\nx\n:::\n", "unknown-directive", "sumary"),
        (":::summary\nx\n", "unclosed-directive", ":::summary"),
        ("x\n\n:::\n\ny\n", "unnamed-directive", ":::"),
        (":::summary loud\nx\n:::\n", "directive-argument", "loud"),
        (":::register\nx\n:::\n", "directive-argument", "register"),
        (":::register processors colums=\"a\"\nx\n:::\n", "directive-argument", "colums=\"a\""),
        (":::register prosessors\nx\n:::\n", "unknown-register", "register prosessors"),
    ];
    for (text, code, at) in cases {
        let (parsed, findings) = read(text, false, &Known::default());
        assert_eq!(codes(&findings), [code], "{text}");
        assert_eq!(place(text, &findings[0]), at);
        assert!(!parsed.document.blocks.is_empty());
    }
    let nested = "::::summary\nx\n:::summary\ny\n::::\n";
    let (_, findings) = read(nested, false, &Known::default());
    assert_eq!(codes(&findings), ["unclosed-directive"]);
    assert_eq!(place(nested, &findings[0]), ":::summary");
}

#[test]
fn dangerous_links_are_only_text() {
    for url in [
        "javascript:x",
        "JaVa&#x53;cript:x",
        "java&Tab;script:x",
        "data:text/html,x",
        "vbscript:x",
        "<\u{1}javascript:x>",
    ] {
        let (html, findings) = simple(&format!("[*a*]({url}) ![b]({url})"));
        // A control character in it is a finding of its own.
        let links = codes(&findings).into_iter().filter(|code| *code != "hidden-character");
        assert_eq!(links.collect::<Vec<_>>(), ["unsafe-link", "unsafe-link"], "{url}");
        assert_eq!(html, "<p><em>a</em> b</p>\n");
    }
    let (html, findings) = simple("![chart](https://other.example/a.png) ![own](/a.png)");
    assert_eq!(codes(&findings), ["remote-image"]);
    assert_eq!(html, "<p>chart <img src=\"/a.png\" alt=\"own\"></p>\n");
}

#[test]
fn addresses_become_links() {
    let (html, _) = simple(
        "Write to privacy@example.org, see https://example.org/a_b?x=(1)&y. Or (www.example.org/x), not a@b or `c@d.org`. [e@f.org](/x)",
    );
    assert_eq!(
        html,
        "<p>Write to <a href=\"mailto:privacy@example.org\">privacy@example.org</a>, see <a href=\"https://example.org/a_b?x=(1)&amp;y\">https://example.org/a_b?x=(1)&amp;y</a>. Or (<a href=\"https://www.example.org/x\">www.example.org/x</a>), not a@b or <code>c@d.org</code>. <a href=\"/x\">e@f.org</a></p>\n"
    );
}

#[test]
fn raw_tags_come_in_pairs() {
    let (html, findings) = simple(
        "H<sub>2</sub>O<br>and <abbr title=\"a &quot;b&quot;\" class=x>c *d*</abbr> <a href=\"/x\">e</a> <a name=\"old\"></a><!-- gone -->",
    );
    assert_eq!(codes(&findings), ["raw-html-dropped"]);
    assert_eq!(
        html,
        "<p>H<sub>2</sub>O<br>and <abbr title=\"a &quot;b&quot;\">c <em>d</em></abbr> <a href=\"/x\">e</a> <a id=\"old\"></a></p>\n"
    );
    let text = "a <b>c</i> <script>d <font color=red>e</font> <div>f</div>";
    let (html, findings) = simple(text);
    assert_eq!(html, "<p>a c d e f</p>\n");
    let mut said: Vec<_> = findings.iter().map(|finding| place(text, finding)).collect();
    said.sort_unstable();
    assert_eq!(said, ["</i>", "<b>", "<div>", "<font color=red>", "<script>"]);
}

#[test]
fn raw_blocks_pass_the_sanitizer() {
    let text = "<table style=\"x\">\n<tr><th scope=col>A<td onclick=\"x\">B</table>\n\n<script>\nevil()\n</script>\n\n<!-- note -->\n\n<p><a href=\"javascript:x\">c</a> <a href=\"/in\">d</a> <img src=//other.example/x>\n";
    let (parsed, findings) = read(text, false, &Known::default());
    let html = html(&parsed.document, &HtmlOptions { link: &|url| format!("/base{url}"), words: &words() });
    assert_eq!(
        html,
        "<div class=\"scroll\" tabindex=\"0\"><table>\n<tbody><tr><th scope=\"col\">A</th><td>B</td></tr></tbody></table></div>\n<p><a>c</a> <a href=\"/base/in\">d</a> <img></p>\n"
    );
    assert_eq!(
        codes(&findings),
        ["raw-html-dropped", "raw-html-dropped", "unsafe-link", "remote-image", "raw-html-dropped"]
    );
    assert_eq!(
        place(text, findings.iter().find(|finding| finding.message.contains("`style`")).unwrap()),
        "style=\"x\""
    );
}

#[test]
fn details_may_hold_markdown() {
    let text = "<details open>\n<summary>More</summary>\n\n## In *it*\n\n<div>\n\n- a\n\n</div>\n</details>\n\nAfter\n";
    let (parsed, findings) = read(text, false, &Known::default());
    assert_eq!(codes(&findings), Vec::<&str>::new());
    assert_eq!(
        written(&parsed),
        "<details open=\"\">\n<summary>More</summary>\n<h2 id=\"in-it\">In <em>it</em></h2>\n<div>\n<ul>\n<li>a</li>\n</ul>\n</div>\n</details>\n<p>After</p>\n"
    );
    assert_eq!(toc(&parsed.document).len(), 1);
    let (html, findings) = simple("<details>\n\na\n\n<div>\n\nb\n\n</details>\n\n</div>\n");
    assert_eq!(codes(&findings), ["raw-html-dropped", "raw-html-dropped"]);
    assert_eq!(html, "<details>\n<p>a</p>\n<p>b</p>\n</details>\n");
}

#[test]
fn notes_come_last_and_lead_back() {
    let text = "One[^a] and[^b] again[^a].\n\n[^a]: First\n[^b]: Second[^c]\n[^c]: Third\n[^d]: Nobody\n";
    let (parsed, findings) = read(text, false, &Known::default());
    assert_eq!(codes(&findings), ["unused-footnote"]);
    assert_eq!(place(text, &findings[0]), "[^d]: Nobody");
    let labels: Vec<_> = parsed.document.footnotes.iter().map(|note| (note.label.as_str(), note.references)).collect();
    assert_eq!(labels, [("a", 2), ("b", 1), ("c", 1)]);
    let html = written(&parsed);
    assert!(
        html.starts_with("<p>One<sup><a href=\"#fn-1\" id=\"fnref-1\" aria-label=\"Note 1\">1</a></sup> and"),
        "{html}"
    );
    assert!(html.contains("<li id=\"fn-1\">First <a href=\"#fnref-1\" aria-label=\"Back to the text\">↩</a> <a href=\"#fnref-1-2\" aria-label=\"Back to the text (2)\">↩</a></li>"), "{html}");
    assert!(ids(&parsed.document).contains(&"fnref-1-2".to_owned()));
}

#[test]
fn blocks_are_written_accessibly() {
    let text = "> [!WARNING] Mind {{ a.b }}\n> this\n\n- [x] done\n- [ ] not\n\nTerm\n: One\n: Two\n\n## T\n\n| a | |\n|--:|---|\n| 1 | 2 |\n\n| b |\n|---|\n\n3. three\n\n   more\n";
    let (parsed, findings) = read(text, false, &Known::with(&[("a.b", "<it>")]));
    assert_eq!(codes(&findings), Vec::<&str>::new());
    let html = written(&parsed);
    for part in [
        "<div role=\"note\" class=\"alert warning\">\n<p class=\"title\">Mind &lt;it&gt;</p>\n<p>this</p>\n</div>",
        "<li class=\"task\"><span aria-hidden=\"true\">☑</span> <span class=\"visually-hidden\">Done:</span> done</li>",
        "<dl>\n<dt>Term</dt>\n<dd>One</dd>\n<dd>Two</dd>\n</dl>",
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: T\">\n<table>\n<thead>\n<tr><th scope=\"col\" class=\"right\">a</th><td></td></tr>\n</thead>\n<tbody>\n<tr><td class=\"right\">1</td><td>2</td></tr>\n</tbody>\n</table>\n</div>",
        "aria-label=\"Table: T (2)\"",
        "<ol start=\"3\">\n<li>\n<p>three</p>\n<p>more</p>\n</li>\n</ol>",
    ] {
        assert!(html.contains(part), "{part} not in {html}");
    }
}

#[test]
fn spans_speak_of_the_whole_file() {
    let text = "+++\r\ntitle = \"x\"\r\n+++\r\n\r\nÄ *b*\r\nc\r\n\r\n## D é\r\n\r\n| a |\r\n|---|\r\n| b |\r\n";
    let body = text.rfind("+++\r\n").unwrap() + 5;
    let mut findings = Vec::new();
    let path: Arc<str> = "policy.md".into();
    let parsed = parse(&path, text, body, false, &Known::default(), &mut findings);
    let spans: Vec<_> = parsed.document.blocks.iter().map(|block| &text[block.span.clone()]).collect();
    assert_eq!(spans, ["Ä *b*\r\nc", "## D é", "| a |\r\n|---|\r\n| b |"]);
    let BlockKind::Table(table) = &parsed.document.blocks[2].kind else { panic!("no table") };
    assert_eq!(&text[table.rows[0].span.clone()], "| b |");
}

#[test]
fn nothing_nests_without_end() {
    for text in [
        format!("{}a", "> ".repeat(10_000)),
        format!("{}a{}", "*a **".repeat(3_000), "** a*".repeat(3_000)),
        format!("{}a{}", "![".repeat(10_000), "](b)".repeat(10_000)),
        "<b>".repeat(10_000),
        "<details>\n\n".repeat(3_000),
        "<div>".repeat(10_000),
        ":::summary\n".repeat(3_000),
        "+ ".repeat(10_000),
        (0..300).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect(),
    ] {
        let (parsed, findings) = read(&text, true, &Known::default());
        assert!(!findings.is_empty(), "{}", &text[..20]);
        let _ = (written(&parsed), ids(&parsed.document), toc(&parsed.document), parsed.clone() == parsed);
    }
}

#[test]
fn comments_stay_in_the_repository() {
    for text in [
        "a <!-- secret --> b",
        "<!-- secret\nsecret -->\n\nb",
        "> <!-- secret\n> secret --> a\n> b",
        "- a\n  <!-- secret -->\n- b",
        "<div>\n<!-- secret -->\nb</div>",
        "| a <!-- secret --> |\n|---|\n| b |",
        "a\n\n<!-- secret",
    ] {
        let (parsed, _) = read(text, false, &Known::default());
        assert!(!parsed.resolved.contains("secret"), "{text:?}: {:?}", parsed.resolved);
        keeps_law(text, false, &Known::default()).expect("the same tree");
    }
    let (parsed, _) = read("`<!-- shown -->`\n\n```\n<!-- shown -->\n```\n", false, &Known::default());
    assert_eq!(parsed.resolved.matches("shown").count(), 2);
}

#[test]
fn lists_in_cells_keep_their_items_apart() {
    let (html, _) = simple("| a |\n|---|\n| <ul><li>Knowledge base</li><li>Mail</li></ul> |\n");
    assert!(html.contains("<td><ul><li>Knowledge base</li> <li>Mail</li></ul></td>"), "{html}");
}

#[test]
fn emphasis_needs_no_blanks_beside_it_where_nobody_writes_them() {
    for text in ["**「個人情報」**とは", "**重要：**必ず", "**개인정보(이름)**를"] {
        assert!(simple(text).0.contains("<strong>"), "{text}");
    }
}

#[test]
fn hostile_characters_are_harmless() {
    let text = "a\0b\u{7}c\u{FDD0}d\u{1FFFF}e\u{85}f \u{F0000} {{ a.b }}";
    let (parsed, findings) = read(text, false, &Known::with(&[("a.b", "g")]));
    assert_eq!(codes(&findings), ["hidden-character"; 3]);
    assert_eq!(written(&parsed), "<p>a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f \u{F0000} <bdi>g</bdi></p>\n");
    let (_, findings) = read("\u{F0000}\u{100000} {{ a.b }}", false, &Known::with(&[("a.b", "g")]));
    assert_eq!(codes(&findings), ["too-many-expressions"]);
}
