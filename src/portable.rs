//! Paths as the least careful system compares them.
//!
//! In: output paths and names of files. Out: keys that are equal for paths that some host, or some computer on which the site
//! is checked out, takes for one; what is wrong with a name. Must not know: what claims a path.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

/// Names that Windows reserves for devices, whatever suffix follows.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com", "lpt"];

/// Returns a key that is equal for two files of one directory on some file system: case and Unicode form do not count.
pub fn file_key(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    // Upper case first, so that letters whose capitals are equal, such as `ß` and `ss`, are equal.
    path.nfc().collect::<String>().to_uppercase().to_lowercase().nfc().collect()
}

/// Returns a key that is equal for two files that some host serves at one address: in addition to [`file_key`], percent
/// signs are decoded, and a page is `name`, `name.html` or `name/index.html`.
pub fn address_key(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8().map(|path| file_key(&path)).unwrap_or_else(|_| file_key(path));
    let page = match decoded.strip_suffix(".html").or_else(|| decoded.strip_suffix(".htm")) {
        Some("index") => "",
        Some(name) => name.strip_suffix("/index").unwrap_or(name),
        None => &decoded,
    };
    page.split('/').map(|part| part.trim_end_matches(['.', ' '])).collect::<Vec<_>>().join("/")
}

/// Returns what keeps a name, a file's or a directory's, from existing on every system; none if nothing does.
pub fn problem(name: &str) -> Option<String> {
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        return Some(format!("contains the control character U+{:04X}", u32::from(control)));
    }
    if let Some(letter) = name.chars().find(|c| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\')) {
        return Some(format!("contains `{letter}`, which Windows does not allow"));
    }
    if name.ends_with(['.', ' ']) {
        return Some("ends with a period or a space, which Windows removes".into());
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    is_device(&stem).then(|| format!("is `{stem}`, which Windows reserves for a device"))
}

fn is_device(stem: &str) -> bool {
    DEVICES.iter().any(|device| match stem.strip_prefix(device) {
        Some("") => !matches!(*device, "com" | "lpt"),
        Some(rest) => {
            matches!(*device, "com" | "lpt")
                && matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_on_some_host_has_one_key() {
        for (one, other) in [
            ("privacy/index.html", "PRIVACY/index.html"),
            ("privacy/v/2026-03-30/index.html", "privacy/v/2026-03-30.html"),
            ("privacy/v/2026-03-30/index.html", "privacy/v/2026%2D03-30/index.html"),
            ("privacy/index.html", "privacy"),
            ("index.html", "INDEX.HTM"),
            ("pol\u{ed}tica/index.html", "poli\u{301}tica/index.html"),
            ("stra\u{df}e.txt", "STRASSE.txt"),
            ("notes./index.html", "notes/index.html"),
        ] {
            assert_eq!(address_key(one), address_key(other), "{one} and {other}");
        }
        for (one, other) in [
            ("privacy/index.html", "terms/index.html"),
            ("feed.xml", "feed/index.html"),
            ("privacy/policy.md", "privacy/index.html"),
            ("a/b.html", "ab.html"),
        ] {
            assert_ne!(address_key(one), address_key(other), "{one} and {other}");
        }
    }

    #[test]
    fn names_that_no_system_refuses_are_fine() {
        for fine in ["privacy", "logo.svg", ".well-known", "console", "com", "lpt", "com10", "auxiliary", "política.md"]
        {
            assert_eq!(problem(fine), None, "{fine}");
        }
        for bad in ["con", "CON.txt", "aux", "nul.tar.gz", "com1", "lpt9.md", "a\nb", "a:b", "end.", "end ", "a\\b"] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }
}
