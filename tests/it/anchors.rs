//! Every id that was ever published keeps working on the document's page.

use crate::harness::{build, codes};
use jiff::civil::date;

const SITE: &str = "
-- content/privacy/versions/2026-01-01/policy.md --
+++
title = \"Privacy policy\"
+++

## Data {#data}

We keep data.

## Beta {#beta}

We test.
-- content/privacy/versions/2026-06-01/policy.md --
+++
title = \"Privacy policy\"
+++

## What we keep {#kept aliases=\"data\"}

We keep data.
-- content/ledger.toml --
[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-01-01\"
language = \"en\"
published = 2026-01-01
effective = 2026-01-01

[[entry]]
action = \"release\"
document = \"privacy\"
version = \"2026-06-01\"
language = \"en\"
published = 2026-05-01
effective = 2026-06-01
significance = \"material\"
summary = \"We no longer test.\"
";

#[test]
fn a_removed_section_leads_to_the_last_version_that_had_it_and_a_renamed_one_keeps_its_old_id() {
    let (files, findings) = build(SITE, date(2026, 11, 21), false);
    assert!(files.is_some(), "{:?}", codes(&findings));
    let page = String::from_utf8(files.unwrap().remove("privacy/index.html").unwrap()).unwrap();
    for id in ["data", "kept", "beta"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(page.contains("href=\"/privacy/v/2026-01-01/#beta\""));
}
