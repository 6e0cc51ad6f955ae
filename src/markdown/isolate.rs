//! Facts whose letters or figures run against a text from right to left.
//!
//! In: the words of a text, a value. Out: whether the value needs an element of its own, so that its figures, stops and
//! brackets are not turned around (Unicode Standard Annex #9). Must not know: the tree.

use super::hidden::runs_left;

/// The element that sets words apart, as it is written in Markdown.
pub(super) const START: &str = "<bdi>";
pub(super) const END: &str = "</bdi>";

/// True if a text runs from right to left: at least a third of its words do. Names, links and markup are Latin in any text.
pub(super) fn runs_to_left(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let (mut left, mut right) = (0, 0);
    for word in text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)) {
        *if word.chars().any(runs_left) { &mut left } else { &mut right } += 1;
    }
    left > 0 && left * 2 >= right
}

/// True if a value in a text from right to left has to be set apart: letters of the other direction, or figures with
/// signs between them, such as a telephone number.
pub(super) fn is_apart(value: &str) -> bool {
    let figures = value.chars().any(|letter| letter.is_ascii_digit());
    let signs = value.chars().any(|letter| !letter.is_alphanumeric());
    value.chars().any(|letter| letter.is_alphabetic() && !runs_left(letter)) || figures && signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_the_other_way_is_set_apart() {
        assert!(runs_to_left("اتصل على https://acme.example"));
        assert!(!runs_to_left("We trade as אקמה"));
        assert!(!runs_to_left("Voilà"));
        for value in ["+1 (855) 411-2372", "Acme (Ireland) Ltd.", "privacy@acme.example", "2026-11-28"] {
            assert!(is_apart(value), "{value}");
        }
        for value in ["14", "أكمي", "شركة أكمي."] {
            assert!(!is_apart(value), "{value}");
        }
    }
}
