//! Numbers that an author typed before a title.
//!
//! In: a title. Out: its number apart from its words. Must not know: documents.

/// A number typed before a title, and how many bytes it and the blank after it take: "7.", "3.1", "(2)", "Section 4.",
/// "A.", "IV.". A bare number is a word ("30 days").
pub fn leading_number(title: &str) -> Option<(String, usize)> {
    let word = ["Section ", "Article ", "§ ", "§"].into_iter().find(|word| title.starts_with(word)).unwrap_or("");
    let rest = &title[word.len()..];
    let open = usize::from(rest.starts_with('('));
    let body = &rest[open..];
    let digits = body.len() - body.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').len();
    let (label, closed) = if digits > 0 && body.as_bytes()[0].is_ascii_digit() {
        (digits, body[..digits].contains('.') || !word.is_empty())
    } else {
        let letters = body.bytes().take_while(|byte| matches!(byte, b'I' | b'V' | b'X' | b'L')).count();
        let letters = if letters > 0 {
            letters
        } else {
            usize::from(body.starts_with(|letter: char| letter.is_ascii_uppercase()))
        };
        if letters == 0 || letters > 6 {
            return None;
        }
        let dot = usize::from(body[letters..].starts_with('.'));
        (letters + dot, dot > 0)
    };
    let after = &body[label..];
    let paren = usize::from(after.starts_with([')', ':']));
    let after = &after[paren..];
    let blank = after.len() - after.trim_start().len();
    if !(closed || paren > 0) || (blank == 0) || blank == after.len() {
        return None;
    }
    let end = word.len() + open + label + paren;
    Some((title[..end].trim().to_string(), end + blank))
}

#[cfg(test)]
mod tests {
    use super::leading_number;

    #[test]
    fn numbers_before_titles() {
        let number = |title| leading_number(title).map(|(number, skip)| (number, &title[skip..]));
        assert_eq!(number("7. Security"), Some(("7.".into(), "Security")));
        assert_eq!(number("3.1 Scope"), Some(("3.1".into(), "Scope")));
        assert_eq!(number("(2) Scope"), Some(("(2)".into(), "Scope")));
        assert_eq!(number("A. Terms"), Some(("A.".into(), "Terms")));
        assert_eq!(number("IV. Terms"), Some(("IV.".into(), "Terms")));
        assert_eq!(number("Section 4: Terms"), Some(("Section 4:".into(), "Terms")));
        assert_eq!(number("30 days of notice"), None);
        assert_eq!(number("A promise"), None);
        assert_eq!(number("2026."), None);
        assert_eq!(number("I agree"), None);
    }
}
