//! The files of a new site, which ask for facts and make none up. In: nothing. Out: paths and texts. Must not know: the disk.

/// Files that `init` writes, by path under the site's directory.
pub const FILES: &[(&str, &str)] = &[
    ("fineprint.toml", include_str!("command/starter/fineprint.toml")),
    ("content/organization.toml", include_str!("command/starter/organization.toml")),
    ("content/processors.toml", include_str!("command/starter/processors.toml")),
    ("content/privacy/policy.md", include_str!("command/starter/privacy.md")),
    ("content/privacy/retention.toml", include_str!("command/starter/retention.toml")),
    (".gitignore", "/public\n/.fineprint-import.json\n"),
    // What was released is frozen to the byte, on every system that checks it out.
    (".gitattributes", "content/ledger.toml text eol=lf\ncontent/**/versions/** -text\n"),
];
