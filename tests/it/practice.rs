//! `check --compare-with`: what a product uses, against what the registers list, in both directions.

use crate::harness::{fineprint, stderr, write_site};
use std::fs;

const SITE: &str = "\
-- content/processors.toml --
[[row]]
id = \"stripe\"
name = \"Stripe\"
purpose = \"payments\"
data = [\"names\"]
location = [\"IE\"]

[[row]]
id = \"hotjar\"
name = \"Hotjar\"
purpose = \"visits\"
data = [\"clicks\"]
location = [\"IE\"]

[[row]]
id = \"office\"
name = \"Holm & Daughters\"
purpose = \"books\"
data = [\"invoices\"]
location = [\"IE\"]
-- content/privacy/policy.md --
+++
title = \"Privacy policy\"
+++

We share data with these companies.

:::register processors columns=\"name\"
None.
:::
";

#[test]
fn vendors_of_a_product_that_no_register_lists_and_rows_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    write_site(folder.path(), SITE);
    let app = folder.path().join("app");
    fs::create_dir(&app).unwrap();
    fs::write(app.join("package.json"), "{ \"dependencies\": {\n  \"stripe\": \"1\",\n  \"@sentry/node\": \"8\"\n} }")
        .unwrap();
    let run = |paths: &[&str]| {
        let mut all = vec!["check", "--as-of", "2026-11-21", "--compare-with"];
        let paths: Vec<String> = paths.iter().map(|path| folder.path().join(path).to_string_lossy().into()).collect();
        all.extend(paths.iter().map(String::as_str));
        fineprint(folder.path(), &all)
    };
    // A folder is read for the manifests in it.
    let done = run(&["app"]);
    let said = stderr(&done);
    assert!(said.contains("[vendor-not-listed]: the product uses the package `@sentry/node` of Sentry"), "{said}");
    assert!(said.contains("package.json:3:4"), "{said}");
    assert!(said.contains("[processor-not-in-product]: `processors.hotjar` is in no file"), "{said}");
    assert!(!said.contains("processors.stripe` is in") && !said.contains("processors.office` is in"), "{said}");
    // A page, and a file that is of no kind.
    fs::write(app.join("page.html"), "<script src=https://static.hotjar.com/c.js></script>").unwrap();
    let both = stderr(&run(&["app", "app/page.html"]));
    assert!(!both.contains("processor-not-in-product"), "{both}");
    fs::write(app.join("policy.docx"), b"PK\x03\x04").unwrap();
    let refused = run(&["app/policy.docx"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("policy.docx"), "{}", stderr(&refused));
}

#[test]
fn a_file_that_is_neither_policy_nor_register_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, says) in [
        ("policy.docx", &b"PK\x03\x04\0\0"[..], "import"),
        ("package.json", b"{}", "--compare-with"),
        ("processors.yaml", b"- id: a", "TOML"),
        ("policy.md", b"a\0b", "not text"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let refused = fineprint(folder.path(), &["check", &path.to_string_lossy()]);
        let said = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(name) && said.contains(says), "{said}");
    }
}
