//! Numbers as lists show them: letters and Roman numerals. In: a number. Out: its mark. Must not know: lists.

/// `3` → "c." or "iii.", as the list's style says.
pub fn letters(number: usize, style: &str) -> String {
    let lower = style.starts_with('a') || style.starts_with('i') || style.contains("lower");
    let text = if style.to_ascii_lowercase().contains("roman") || style.eq_ignore_ascii_case("i") {
        roman(number)
    } else {
        alphabetic(number)
    };
    format!("{}.", if lower { text } else { text.to_uppercase() })
}

pub fn alphabetic(mut number: usize) -> String {
    let mut out = Vec::new();
    while number > 0 {
        out.push(b'a' + ((number - 1) % 26) as u8);
        number = (number - 1) / 26;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

pub fn roman(mut number: usize) -> String {
    let mut out = String::new();
    for (value, letters) in [
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
    ] {
        while number >= value {
            out.push_str(letters);
            number -= value;
        }
    }
    out
}
