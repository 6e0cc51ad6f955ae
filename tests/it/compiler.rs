//! Work is counted: each text is read once and each pair compared once, however many stages need it.

use crate::harness::tree;
use fineprint::check::Depth;
use fineprint::compiler::{Compilation, Compiler};
use fineprint::diagnostic::Diagnostic;
use fineprint::source::SourceTree;
use jiff::civil::date;

/// Two documents in two languages, and two versions in two languages; their texts use facts and refer to each other.
const SITE: &str = "
-- fineprint.toml --
base_url = \"https://privacy.acme.example\"
title = \"Acme\"
timezone = \"Europe/Madrid\"
languages = [\"en\", \"es\"]
-- content/privacy/policy.md --
+++
title = \"Privacy policy\"
+++

## Who {#who}

{{ organization.legal_name }}. See section 1 and the [terms](/terms/#uses).
-- content/privacy/policy.es.md --
+++
title = \"Privacidad\"
+++

## Quién {#who}

{{ organization.legal_name }}.
-- content/terms/policy.md --
+++
title = \"Terms\"
+++

## Uses {#uses}

Use it with [care](/privacy/#who).
-- content/terms/policy.es.md --
+++
title = \"Condiciones\"
+++

## Usos {#uses}

Úselo con cuidado.
-- content/ledger.toml --
[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-03-01\"
language = \"en\"
published = 2026-03-01
effective = 2026-03-01

[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-06-01\"
language = \"en\"
published = 2026-05-01
effective = 2026-06-01
significance = \"minor\"
summary = { en = \"One word.\", es = \"Una palabra.\" }

-- content/privacy/versions/2026-03-01/policy.md --
+++
title = \"Privacy policy\"
+++

## Who {#who}

We are {{ organization.legal_name }}. See section 1.
-- content/privacy/versions/2026-03-01/policy.es.md --
+++
title = \"Privacidad\"
+++

## Quién {#who}

Somos {{ organization.legal_name }}.
-- content/privacy/versions/2026-03-01/organization.toml --
legal_name = \"Acme Ltd\"
-- content/privacy/versions/2026-06-01/policy.md --
+++
title = \"Privacy policy\"
+++

## Who {#who}

It is {{ organization.legal_name }}. See section 1.
-- content/privacy/versions/2026-06-01/policy.es.md --
+++
title = \"Privacidad\"
+++

## Quién {#who}

Es {{ organization.legal_name }}.
-- content/privacy/versions/2026-06-01/organization.toml --
legal_name = \"Acme Ltd\"
";

const DRAFTS: usize = 4;
const FROZEN: usize = 4;

fn compile(compiler: &Compiler, tree: SourceTree) -> (Compilation, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let site = compiler.compile(tree, |_| date(2026, 11, 21), Depth::Drafts, &mut findings);
    (site, findings)
}

#[test]
fn a_check_reads_each_text_once() {
    let compiler = Compiler::default();
    let (site, mut findings) = compile(&compiler, tree(SITE));
    compiler.review(&site, &mut findings).expect("the machine works");
    assert_eq!(compiler.texts.parsed(), DRAFTS + FROZEN, "{findings:#?}");
}

#[test]
fn an_edit_reads_one_text() {
    let compiler = Compiler::default();
    let mut tree = tree(SITE);
    compile(&compiler, tree.clone());
    let before = compiler.texts.parsed();
    for (edit, word) in ["care", "great care", "care"].into_iter().enumerate() {
        let text =
            tree.text("content/terms/policy.md").expect("the draft").replace("Use it", &format!("{word}: use it"));
        tree.put("content/terms/policy.md", text);
        compile(&compiler, tree.clone());
        assert_eq!(compiler.texts.parsed(), before + edit + 1);
    }
    // A fact that every draft may use is another matter: each draft is read again, and no frozen text.
    tree.put("content/organization.toml", "legal_name = \"Acme Limited\"\n".to_string());
    compile(&compiler, tree);
    assert_eq!(compiler.texts.parsed(), before + 3 + DRAFTS);
}

#[test]
fn a_pair_is_compared_once_for_all_who_ask() {
    let compiler = Compiler::default();
    let (site, _) = compile(&compiler, tree(SITE));
    let versions = &site.center.document("privacy").expect("the document").versions;
    let text = |version: usize, tag: &str| {
        compiler.texts.version(&site.center, &versions[version], tag).expect("readable").expect("there")
    };
    for _ in 0..3 {
        for tag in ["en", "es"] {
            let comparison = compiler.comparisons.get(&text(0, tag), &text(1, tag));
            assert_eq!(comparison.redline().counts.changes, 1);
            assert_eq!((&*comparison.old_text().tag, &*comparison.new_text().tag), (tag, tag));
        }
    }
    assert_eq!(compiler.comparisons.compared(), 2);
}
