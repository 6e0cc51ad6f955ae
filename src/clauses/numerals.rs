//! Letters and Roman numerals, as lists and clauses are numbered with them.
//!
//! In: a number, or a mark. Out: the other. Must not know: lists, texts.

const SIGNS: &[(usize, &str)] = &[
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

/// Returns the letters of a number: a, b … z, aa, ab …
pub fn letters(mut number: usize) -> String {
    if number == 0 {
        return "0".into();
    }
    let mut out = Vec::new();
    while number > 0 {
        number -= 1;
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    out.iter().rev().collect()
}

/// Returns the Roman numeral of a number in lower case, or its digits where there is no usual one.
pub fn roman(mut number: usize) -> String {
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= *value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}

/// Returns the number that a Roman numeral stands for, in upper or lower case; `None` for any other word.
pub fn of_roman(word: &str) -> Option<usize> {
    let lower = word.to_ascii_lowercase();
    let mut rest = lower.as_str();
    let mut number = 0;
    for (value, sign) in SIGNS {
        while let Some(after) = rest.strip_prefix(sign) {
            number += value;
            rest = after;
        }
    }
    (!word.is_empty() && rest.is_empty() && roman(number) == lower).then_some(number)
}

/// Returns the number of a single letter: 1 for `a`.
pub fn of_letter(word: &str) -> Option<usize> {
    match word.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(usize::from(letter.to_ascii_lowercase() - b'a') + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_as_they_are_written() {
        for number in 1..200 {
            assert_eq!(of_roman(&roman(number)), Some(number));
        }
        assert_eq!([1, 4, 26, 27].map(letters), ["a", "d", "z", "aa"]);
        assert_eq!([of_roman("IX"), of_roman("iiii"), of_roman("mild"), of_roman("")], [Some(9), None, None, None]);
        assert_eq!([of_letter("C"), of_letter("ab"), of_letter("3")], [Some(3), None, None]);
    }
}
