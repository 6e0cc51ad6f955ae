//! A decision → its entry on the ledger: TOML that reads back as the same words, whatever they hold.
//!
//! In: what was decided, digests. Out: text to append. Must not know: the disk, whether the decision may be taken.

use crate::center::Text;
use crate::center::chain;
use crate::center::ledger::{Digests, Exemption, Significance};
use crate::source::Digest;
use jiff::civil::Date;
use std::fmt::Write;

/// The first lines of a new ledger.
const HEADER: &str = "\
# The record of what was published. Written by `fineprint release`, `withdraw` and `import` only: entries are added at the
# end and never changed. Each holds the SHA-256 of its files, of its texts, of itself and of the entry before it.
";

/// An entry being written, line by line.
struct Lines(String);

/// What goes on the ledger for a release or an import.
#[derive(Clone, Debug)]
pub struct ReleaseEntry<'a> {
    pub imported: bool,
    pub document: &'a str,
    pub version: &'a str,
    pub language: &'a str,
    pub published: Date,
    pub effective: Date,
    pub significance: Option<Significance>,
    pub summary: Option<&'a Text>,
    pub exemption: Option<&'a Exemption>,
    pub signals: Vec<&'a str>,
    pub because: Option<&'a Text>,
    pub anchors: &'a [String],
    pub files: Digests,
    pub text: Digests,
}

impl ReleaseEntry<'_> {
    /// The entry's text, and its digest for the next one.
    pub fn write(&self, previous: Digest) -> (String, Digest) {
        let mut lines = Lines::new(if self.imported { "import" } else { "release" }, self.document, self.version);
        lines.string("language", self.language);
        lines.line("published", self.published);
        lines.line("effective", self.effective);
        if let Some(significance) = self.significance {
            lines.string("significance", significance.name());
        }
        if let Some(summary) = self.summary {
            lines.line("summary", text(summary, self.language));
        }
        if let Some(exemption) = self.exemption {
            let (kind, reason) = (quoted(exemption.kind), text(&exemption.reason, self.language));
            lines.line("exemption", format_args!("{{ kind = {kind}, reason = {reason} }}"));
        }
        if !self.signals.is_empty() {
            lines.line("signals", list(self.signals.iter().copied()));
        }
        if let Some(because) = self.because {
            lines.line("because", text(because, self.language));
        }
        lines.line("anchors", list(self.anchors.iter().map(String::as_str)));
        lines.string("previous", &previous.hex());
        lines.digests("files", &self.files);
        lines.digests("text", &self.text);
        lines.seal()
    }
}

/// The entry of a withdrawal, and its digest.
pub fn withdrawal(
    document: &str,
    version: &str,
    date: Date,
    reason: &Text,
    language: &str,
    previous: Digest,
) -> (String, Digest) {
    let mut lines = Lines::new("withdraw", document, version);
    lines.line("date", date);
    lines.line("reason", text(reason, language));
    lines.string("previous", &previous.hex());
    lines.seal()
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
    fn new(action: &str, document: &str, version: &str) -> Lines {
        let mut lines = Lines("[[entry]]\n".to_string());
        lines.string("action", action);
        lines.string("document", document);
        lines.string("version", version);
        lines
    }

    fn line(&mut self, key: &str, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn string(&mut self, key: &str, value: &str) {
        self.line(key, quoted(value));
    }

    fn digests(&mut self, name: &str, digests: &Digests) {
        let _ = writeln!(self.0, "[entry.{name}]");
        for (key, digest) in digests.iter() {
            let key = if name == "files" { quoted(key) } else { key_of(key) };
            self.line(&key, quoted(&digest.hex()));
        }
    }

    /// The digest stands behind `previous`, above the tables; where it stands is not part of what it is made from.
    fn seal(self) -> (String, Digest) {
        let digest = chain::digest(&self.0);
        let line = format!("digest = \"{}\"\n", digest.hex());
        let at = self.0.find("\nprevious = ").map_or(self.0.len(), |at| {
            let start = at + 1;
            self.0[start..].find('\n').map_or(self.0.len(), |end| start + end + 1)
        });
        let mut text = self.0;
        text.insert_str(at, &line);
        (text, digest)
    }
}

/// A text by language; one for all is said to be in the authoritative language.
fn text(text: &Text, language: &str) -> String {
    let parts: Vec<String> = match text {
        Text::One(words) => vec![format!("{} = {}", key_of(language), quoted(words))],
        Text::ByLanguage(by) => {
            by.iter().map(|(language, words)| format!("{} = {}", key_of(language), quoted(words))).collect()
        }
    };
    format!("{{ {} }}", parts.join(", "))
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
}

fn key_of(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare { key.to_string() } else { quoted(key) }
}

/// A TOML basic string on one line.
pub fn quoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 2);
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::center::ledger::{Act, Ledger};
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

    fn withdrawn(words: &str) -> Option<Text> {
        let (entry, _) =
            withdrawal("privacy", "2026-12-08", jiff::civil::date(2026, 11, 25), &by(words), "en", chain::START);
        let ledger = read(&append("", &[entry]));
        match &ledger.entries[0].act {
            Act::Withdraw { reason, .. } => reason.clone(),
            Act::Release(_) => None,
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
            assert_eq!(withdrawn(words), Some(by(words)), "{words:?}");
        }
    }

    proptest! {
        #[test]
        fn any_words_survive(words in any::<String>()) {
            prop_assert_eq!(withdrawn(&words), Some(by(&words)));
        }
    }

    #[test]
    fn what_is_there_stays_as_it_is() {
        let reason = by("because");
        let (first, digest) =
            withdrawal("a", "2026-01-01", jiff::civil::date(2025, 12, 1), &reason, "en", chain::START);
        let (second, _) = withdrawal("b", "2026-01-01", jiff::civil::date(2025, 12, 2), &reason, "en", digest);
        let old = format!("# mine\r\n\r\n{}# no new line at the end", first.replace('\n', "\r\n"));
        // A comment belongs to the entry that it follows, so this one breaks the first entry's digest.
        let new = append(&old, std::slice::from_ref(&second));
        assert!(new.starts_with(&old));
        let plain = append(&first.replace('\n', "\r\n"), &[second]);
        assert_eq!(read(&plain).entries.len(), 2);
    }
}
