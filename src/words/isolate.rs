//! Texts whose letters run the other way than the sentence around them.
//!
//! In: a language, a text. Out: the text as it may stand in a sentence. Must not know: markup.

use super::Language;
use std::borrow::Cow;

/// The text between U+2068 and U+2069 if some of it runs against the language, so that it does not carry the stops and
/// numbers around it along (Unicode Standard Annex #9, isolates); else as it is.
pub fn isolated<'t>(language: &Language, text: &'t str) -> Cow<'t, str> {
    let to_left = language.direction() == "rtl";
    match text.chars().any(|letter| letter.is_alphabetic() && runs_left(letter) != to_left) {
        true => Cow::Owned(format!("\u{2068}{text}\u{2069}")),
        false => Cow::Borrowed(text),
    }
}

/// The blocks whose letters are written from right to left: Hebrew, Arabic, Syriac, Thaana and the like.
fn runs_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_the_other_way_is_set_apart() {
        let language = |tag: &str| Language::parse(tag).expect("a language");
        assert_eq!(isolated(&language("en"), "Your rights, 2"), "Your rights, 2");
        assert_eq!(isolated(&language("en"), "حقوقك"), "\u{2068}حقوقك\u{2069}");
        assert_eq!(isolated(&language("ar"), "حقوقك 2"), "حقوقك 2");
        assert_eq!(isolated(&language("ar"), "Cookies"), "\u{2068}Cookies\u{2069}");
    }
}
