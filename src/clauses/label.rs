//! The number that an author typed before a heading, a paragraph or an item: "7.", "3.1", "(a)", "IV.", "Section 4:", "§ 12".
//!
//! In: words. Out: the number apart from the rest. Must not know: documents, languages of rules.

use super::numerals::of_roman;

/// A typed number, and the words after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label<'t> {
    /// As it is typed, without the white space around it: `Section 4:`.
    pub typed: &'t str,
    /// The word before the number, such as `Section`; empty where there is none.
    pub word: &'t str,
    /// Digits and letters alone: `4`, `3.1`, `A.2`, `iv`.
    pub number: &'t str,
    /// True if a mark, or the word before it, shows that it is a number and not a quantity: `30 days` has none.
    pub closed: bool,
    /// True if white space is between it and the first word: "1.Scope" has none.
    pub spaced: bool,
    /// Bytes up to the first word after it.
    pub len: usize,
}

/// Words that announce the number of a clause, in the languages of the rules.
const WORDS: &[&str] = &[
    "section",
    "article",
    "clause",
    "chapter",
    "part",
    "rule",
    "sección",
    "apartado",
    "artículo",
    "cláusula",
    "capítulo",
    "sous-section",
    "chapitre",
    "titre",
    "rubrique",
    "abschnitt",
    "artikel",
    "ziffer",
    "kapitel",
    "teil",
    "art.",
    "sec.",
    "§",
];

/// Words that open a part with numbers of its own.
const PARTS: &[&str] = &[
    "schedule",
    "annex",
    "annexe",
    "appendix",
    "exhibit",
    "addendum",
    "attachment",
    "anexo",
    "apéndice",
    "anlage",
    "anhang",
];

/// Longest number that is read as one: years and quantities are longer.
const LONGEST: usize = 8;

/// Returns the number typed before some words, if there are words after it.
pub fn leading(text: &str) -> Option<Label<'_>> {
    leading_or_alone(text).filter(|label| label.len < text.len())
}

/// Returns the number typed before some words, or typed alone.
pub fn leading_or_alone(text: &str) -> Option<Label<'_>> {
    let word = WORDS.iter().find_map(|word| prefix(text, word)).unwrap_or("");
    let mut at = word.len() + blank(&text[word.len()..]);
    // "Sections" is no announcement, and "part" may be any word.
    if !word.is_empty() && !word.ends_with(['§', '.']) && at == word.len() {
        return None;
    }
    let opened = text[at..].starts_with('(');
    at += usize::from(opened);
    let number = number(&text[at..]).filter(|number| number.len() <= LONGEST)?;
    let end = at + number.len();
    let is_letter = number.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = &text[end..];
    // A dot may close the number, then a parenthesis or a colon: "4.", "4.)", "4:".
    let dot = usize::from(rest.starts_with('.'));
    let paren = usize::from(rest[dot..].starts_with([')', ':']));
    let mut len = end + dot + paren;
    let mut closed = dot + paren > 0 || !word.is_empty() || number.contains('.');
    // "2 — Our services".
    let after = blank(&text[len..]);
    let dash = text[len + after..].chars().next().filter(|c| matches!(c, '—' | '–' | '-'));
    if let Some(dash) = dash.filter(|_| after > 0 && !opened) {
        let behind = len + after + dash.len_utf8();
        if text[behind..].starts_with([' ', '\u{a0}']) {
            (len, closed) = (behind, true);
        }
    }
    if opened && paren == 0 || is_letter && !closed {
        return None;
    }
    let after = blank(&text[len..]);
    let spaced = after > 0 || len == text.len();
    let begins = text[len..].starts_with(char::is_uppercase) && dot + paren > 0 && !is_letter && !opened;
    if !spaced && !begins {
        return None;
    }
    Some(Label { typed: text[..len].trim(), word: word.trim(), number, closed, spaced, len: len + after })
}

/// Returns the name of the part that a heading opens: `schedule A`, `annex`.
pub fn part(title: &str) -> Option<String> {
    let word = PARTS.iter().find_map(|word| prefix(title, word))?;
    let rest = title[word.len()..].trim_start();
    if !rest.is_empty() && rest.len() == title.len() - word.len() {
        return None;
    }
    let number: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    let counts = number.starts_with(|c: char| c.is_ascii_digit()) || number.len() == 1 || of_roman(&number).is_some();
    Some(if counts { format!("{} {number}", word.to_lowercase()) } else { word.to_lowercase() })
}

/// True if a title consists of a number or the name of a part alone, so that the next heading is its subtitle.
pub fn is_alone(title: &str) -> bool {
    let title = title.trim().trim_end_matches([':', '.', '-', '–', '—']).trim_end();
    let is_part = part(title).is_some_and(|name| name.chars().count() == title.chars().count());
    is_part || leading_or_alone(title).is_some_and(|label| label.len == title.len() && !label.word.is_empty())
}

fn prefix<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut end = 0;
    let mut letters = text.chars();
    for wanted in word.chars() {
        let letter = letters.next()?;
        let same = letter == wanted || letter.to_lowercase().eq(wanted.to_lowercase());
        if !same {
            return None;
        }
        end += letter.len_utf8();
    }
    Some(&text[..end])
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Digits in groups, a Roman numeral, or one letter, also with groups of digits after it.
fn number(text: &str) -> Option<&str> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = match digits(text) {
        0 => {
            let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
            let one_case = |word: &str| word.chars().all(char::is_lowercase) || word.chars().all(char::is_uppercase);
            match letters {
                1 => 1,
                2..=6 if one_case(&text[..letters]) && of_roman(&text[..letters]).is_some() => letters,
                _ => return None,
            }
        }
        some => some,
    };
    while text[end..].starts_with('.') {
        match digits(&text[end + 1..]) {
            0 => break,
            more => end += 1 + more,
        }
    }
    Some(&text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, &str, bool, &str)> {
        leading(text).map(|label| (label.typed, label.number, label.closed, &text[label.len..]))
    }

    #[test]
    fn numbers_before_words() {
        assert_eq!(read("7. Security"), Some(("7.", "7", true, "Security")));
        assert_eq!(read("3.1 Scope"), Some(("3.1", "3.1", true, "Scope")));
        assert_eq!(read("(2) Scope"), Some(("(2)", "2", true, "Scope")));
        assert_eq!(read("(b) Scope"), Some(("(b)", "b", true, "Scope")));
        assert_eq!(read("A. Terms"), Some(("A.", "A", true, "Terms")));
        assert_eq!(read("A.2 Terms"), Some(("A.2", "A.2", true, "Terms")));
        assert_eq!(read("iv) terms"), Some(("iv)", "iv", true, "terms")));
        assert_eq!(read("IV. Terms"), Some(("IV.", "IV", true, "Terms")));
        assert_eq!(read("Section 4: Terms"), Some(("Section 4:", "4", true, "Terms")));
        assert_eq!(read("§ 12 Haftung"), Some(("§ 12", "12", true, "Haftung")));
        assert_eq!(read("Sous-section 1 : Portée").map(|label| label.1), Some("1"));
        assert_eq!(read("2 — Services"), Some(("2 —", "2", true, "Services")));
        assert_eq!(read("1.Scope"), Some(("1.", "1", true, "Scope")));
        assert_eq!(read("30 days of notice"), Some(("30", "30", false, "days of notice")));
    }

    #[test]
    fn words_that_are_no_numbers() {
        for text in
            ["A promise", "I agree", "2026.", "mild weather", "(see) there", "Section of the act", "3rd parties"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn parts_with_numbers_of_their_own() {
        assert_eq!(part("Schedule A"), Some("schedule A".into()));
        assert_eq!(part("Annex II: Measures"), Some("annex II".into()));
        assert_eq!(part("Appendix"), Some("appendix".into()));
        assert_eq!(part("Scheduled work"), None);
        assert!(is_alone("Schedule 1") && is_alone("Annex II:") && is_alone("§ 4") && is_alone("Article 7 –"));
        assert!(!is_alone("Schedule 1: Data") && !is_alone("Data") && !is_alone("4"));
    }
}
