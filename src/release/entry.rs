//! The text of a ledger entry, and its digest.
//!
//! In: an entry. Out: the lines that [`crate::center::chain`] reads, always in the same order, a value on a line.
//! Must not know: where it is written, what was decided.

use crate::center::ledger::{Act, Digests, Entry, Exemption, Release};
use crate::center::{Text, chain};
use crate::source::Digest;
use std::fmt::Write;

pub use crate::text::quoted;

/// The first lines of a new ledger.
const HEADER: &str = "\
# The record of what was published. Only `fineprint` writes it: each act adds entries at the end, and none is ever changed.
# An entry holds the SHA-256 of its files, of its texts, of the entry before it and of itself.
";

/// An entry being written, line by line.
struct Lines(String);

/// The entry's text after another entry, and its digest for the next one.
pub fn write(entry: &Entry, previous: Digest) -> (String, Digest) {
    let mut lines = Lines("[[entry]]\n".to_string());
    lines.line("act", entry.number);
    lines.string("part", &format!("{} of {}", entry.part.0, entry.part.1));
    lines.string("action", action(&entry.act));
    lines.string("document", &entry.document);
    if !entry.version.is_empty() {
        lines.string("version", &entry.version);
    }
    lines.line("recorded", entry.recorded);
    lines.text("clock_justification", entry.clock_justification.as_ref());
    let mut tables = Vec::new();
    match &entry.act {
        Act::Release(release) => {
            write_release(&mut lines, release);
            tables.extend([("file_sha256", &release.files), ("text_sha256", &*release.text)]);
        }
        Act::Withdraw { reason } => lines.text("reason", reason.as_ref()),
        Act::Correct(correction) => {
            lines.word("significance", correction.significance.map(|significance| significance.name()));
            lines.text("summary", correction.summary.as_ref());
            lines.text("reason", correction.reason.as_ref());
        }
        Act::Rename { name } => lines.string("name", name),
        Act::Retire(Some(end)) => {
            lines.line("on", end.on);
            lines.string("timezone", &end.zone_name);
            lines.text("reason", end.reason.as_ref());
            lines.exemption(end.exemption.as_ref());
            lines.word("successor", end.successor.as_deref());
        }
        Act::Retire(None) => {}
        Act::Translate(translation) => {
            lines.string("language", &translation.language);
            lines.string("address", &translation.address);
            tables.extend([("file_sha256", &translation.files), ("text_sha256", &*translation.text)]);
        }
    }
    lines.string("previous_digest", &previous.hex());
    let at = lines.0.len();
    for (name, digests) in tables {
        lines.digests(name, digests);
    }
    let digest = chain::digest(&lines.0);
    // Where the line is does not matter for the digest; above the tables it belongs to the entry.
    lines.0.insert_str(at, &format!("digest = \"{}\"\n", digest.hex()));
    (lines.0, digest)
}

fn action(act: &Act) -> &'static str {
    match act {
        Act::Release(release) if release.imported => "import",
        Act::Release(_) => "release",
        Act::Withdraw { .. } => "withdraw",
        Act::Correct(_) => "correct",
        Act::Rename { .. } => "rename",
        Act::Retire(_) => "retire",
        Act::Translate(_) => "translate",
    }
}

fn write_release(lines: &mut Lines, release: &Release) {
    lines.word("base", release.base.as_deref());
    lines.word("amends", release.amends.as_deref());
    lines.word("amendment", release.amendment.map(|significance| significance.name()));
    lines.line("published", release.published);
    lines.line("notice_from", release.notice_from);
    lines.line("effective", release.effective);
    lines.string("timezone", &release.zone_name);
    lines.string("counting", release.reckoning.counting.name());
    let holidays = release.reckoning.holidays();
    if !holidays.is_empty() {
        let days: Vec<String> = holidays.iter().map(|day| day.to_string()).collect();
        lines.line("holidays", format_args!("[{}]", days.join(", ")));
    }
    lines.string("language", &release.language);
    lines.word("significance", release.significance.map(|significance| significance.name()));
    lines.text("summary", release.summary.as_ref());
    lines.exemption(release.exemption.as_ref());
    if !release.signals.is_empty() {
        lines.line("signals", list(release.signals.iter().map(String::as_str)));
    }
    lines.text("justification", release.justification.as_ref());
    lines.line("anchors", list(release.anchors.iter().map(String::as_str)));
    if !release.addresses.is_empty() {
        lines.line("address", by_language(release.addresses.iter()));
    }
}

/// The ledger with entries behind what is there; nothing that is there changes.
pub fn append(ledger: &str, entries: &[String]) -> String {
    let mut out = String::with_capacity(ledger.len() + entries.iter().map(String::len).sum::<usize>() + HEADER.len());
    out.push_str(if ledger.is_empty() { HEADER } else { ledger });
    if !out.ends_with('\n') {
        out.push('\n');
    }
    for entry in entries {
        out.push('\n');
        out.push_str(entry);
    }
    out
}

impl Lines {
    fn line(&mut self, key: &str, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn string(&mut self, key: &str, value: &str) {
        self.line(key, quoted(value));
    }

    fn word(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.string(key, value);
        }
    }

    fn text(&mut self, key: &str, text: Option<&Text>) {
        if let Some(text) = text {
            self.line(key, words(text));
        }
    }

    fn exemption(&mut self, exemption: Option<&Exemption>) {
        if let Some(exemption) = exemption {
            let (kind, reason) = (quoted(exemption.kind), words(&exemption.reason));
            self.line("exemption", format_args!("{{ kind = {kind}, reason = {reason} }}"));
        }
    }

    fn digests(&mut self, name: &str, digests: &Digests) {
        let _ = writeln!(self.0, "[entry.{name}]");
        for (key, digest) in digests.iter() {
            let key = if name == "file_sha256" { quoted(key) } else { key_of(key) };
            self.line(&key, quoted(&digest.hex()));
        }
    }
}

fn words(text: &Text) -> String {
    match text {
        Text::One(words) => quoted(words),
        Text::ByLanguage(by) => by_language(by.iter()),
    }
}

fn by_language<'a>(by: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let parts: Vec<String> = by.map(|(language, words)| format!("{} = {}", key_of(language), quoted(words))).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
}

fn key_of(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare { key.to_string() } else { quoted(key) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::center::ledger::Ledger;
    use proptest::prelude::*;

    fn read(ledger: &str) -> Ledger {
        let mut findings = Vec::new();
        let read = Ledger::read(ledger, &mut findings);
        chain::verify(ledger, &read, &mut findings);
        assert!(findings.is_empty(), "{findings:#?}\n{ledger}");
        read
    }

    fn by(words: &str) -> Text {
        Text::ByLanguage([("en".to_string(), words.to_string()), ("zh-Hant".to_string(), "語".to_string())].into())
    }

    fn withdrawal(number: u32, document: &str, reason: &str) -> Entry {
        Entry {
            span: 0..0,
            number,
            part: (1, 1),
            document: document.into(),
            version: "2026-12-08".into(),
            recorded: "2026-11-25T10:00:00Z".parse().unwrap(),
            clock_justification: None,
            act: Act::Withdraw { reason: Some(by(reason)) },
            previous: None,
            digest: None,
            actual: Digest::ZERO,
        }
    }

    fn reason(words: &str) -> Option<Text> {
        let (entry, _) = write(&withdrawal(1, "privacy", words), chain::START);
        match &read(&append("", &[entry])).entries[0].act {
            Act::Withdraw { reason } => reason.clone(),
            _ => None,
        }
    }

    #[test]
    fn words_survive_whatever_they_hold() {
        for words in [
            "plain",
            "\"quoted\" \\ and \u{7f}\u{0}\u{1b}\t",
            "two\r\nlines\n[[entry]]\n\ndigest = \"x\"",
            "'''\"\"\"",
            "\u{2028}\u{85}🦀",
        ] {
            assert_eq!(reason(words), Some(by(words)), "{words:?}");
        }
    }

    proptest! {
        #[test]
        fn any_words_survive(words in any::<String>()) {
            prop_assert_eq!(reason(&words), Some(by(&words)));
        }
    }

    #[test]
    fn what_is_there_stays_as_it_is() {
        let (first, digest) = write(&withdrawal(1, "a", "because"), chain::START);
        let (second, _) = write(&withdrawal(2, "b", "because"), digest);
        let old = format!("# mine\r\n\r\n{}# no new line at the end", first.replace('\n', "\r\n"));
        // A comment belongs to the entry that it follows, so this one breaks the first entry's digest.
        let new = append(&old, std::slice::from_ref(&second));
        assert!(new.starts_with(&old));
        let plain = append(&first.replace('\n', "\r\n"), &[second]);
        assert_eq!(read(&plain).entries.len(), 2);
    }

    /// A table at the end of an entry may hold a key of that name; only the entry's own line is left out.
    #[test]
    fn the_canonical_form_leaves_out_one_line() {
        let typed =
            "[[entry]]\nprevious_digest = \"0\"\ndigest = \"1\"\ndigest = \"2\"\n[entry.text_sha256]\ndigest = \"3\"\n";
        let left = "[[entry]]\nprevious_digest = \"0\"\ndigest = \"2\"\n[entry.text_sha256]\ndigest = \"3\"\n";
        assert_eq!(chain::canonical(typed), left);
        let late = "[[entry]]\n[entry.text_sha256]\ndigest = \"3\"\n";
        assert_eq!(chain::canonical(late), late);
    }
}
