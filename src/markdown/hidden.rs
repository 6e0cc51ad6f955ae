//! Characters that nobody sees, and letters that look like others: what makes a text say something else than it shows.
//!
//! In: a text. Out: where such characters are, and what they are. Must not know: Markdown, files.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// Turns the order of the letters around it, or cannot be shown at all.
    Control(char),
    /// Has no width and parts a word.
    Invisible(char),
    /// A word of letters from two scripts that look alike.
    Mixed,
}

/// Every such place in a text, in order.
pub(super) fn hidden(text: &str) -> Vec<(Range<usize>, Hidden)> {
    let mut found = Vec::new();
    // Texts that run from right to left set apart what does not, as they should.
    let mut isolates = None;
    let mut start = 0;
    // A line end parts words, so that each line speaks for itself, and most have nothing but plain letters.
    for line in text.split_inclusive('\n') {
        if !is_plain(line) {
            let isolates = *isolates.get_or_insert_with(|| !text.chars().any(runs_left));
            hidden_in(line, start, isolates, &mut found);
        }
        start += line.len();
    }
    found
}

fn is_plain(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0x0C))
}

fn hidden_in(line: &str, start: usize, isolates: bool, found: &mut Vec<(Range<usize>, Hidden)>) {
    let mut word = Word::default();
    let mut before = '\n';
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let span = start + at..start + at + letter.len_utf8();
        let after = letters.peek().map_or('\n', |(_, after)| *after);
        match letter {
            '\t' | '\n' | '\r' | '\u{c}' => {}
            '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}' => found.push((span.clone(), Hidden::Control(letter))),
            '\u{2066}'..='\u{2069}' if isolates => found.push((span.clone(), Hidden::Control(letter))),
            letter if letter.is_control() => found.push((span.clone(), Hidden::Control(letter))),
            '\u{feff}' if span.start > 0 => found.push((span.clone(), Hidden::Invisible(letter))),
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' if is_latin(before) && is_latin(after) => {
                found.push((span.clone(), Hidden::Invisible(letter)));
            }
            _ => {}
        }
        if letter.is_alphabetic() {
            word.add(span, letter);
        } else {
            word.end(found);
        }
        before = letter;
    }
    word.end(found);
}

/// A word while its letters are read.
#[derive(Default)]
struct Word {
    span: Option<Range<usize>>,
    latin: bool,
    alike: bool,
}

impl Word {
    fn add(&mut self, span: Range<usize>, letter: char) {
        let start = self.span.as_ref().map_or(span.start, |word| word.start);
        self.span = Some(start..span.end);
        self.latin |= is_latin(letter);
        self.alike |= looks_latin(letter);
    }

    fn end(&mut self, found: &mut Vec<(Range<usize>, Hidden)>) {
        let word = std::mem::take(self);
        if let Some(span) = word.span.filter(|_| word.latin && word.alike) {
            found.push((span, Hidden::Mixed));
        }
    }
}

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic() || matches!(letter, '\u{c0}'..='\u{24f}' if letter.is_alphabetic())
}

/// Cyrillic letters, and Greek ones that are drawn like Latin ones.
fn looks_latin(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{52f}')
        || matches!(
            letter,
            'Α' | 'Β'
                | 'Ε'
                | 'Ζ'
                | 'Η'
                | 'Ι'
                | 'Κ'
                | 'Μ'
                | 'Ν'
                | 'Ο'
                | 'Ρ'
                | 'Τ'
                | 'Υ'
                | 'Χ'
                | 'ο'
                | 'ν'
                | 'ι'
                | 'κ'
        )
}

pub(super) fn runs_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x1_0800..=0x1_0FFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found() {
        let kinds =
            |text: &str| hidden(text).into_iter().map(|(span, kind)| (text[span].to_owned(), kind)).collect::<Vec<_>>();
        assert_eq!(
            kinds("We will \u{202e}ton\u{202c} sell"),
            [
                ("\u{202e}".to_owned(), Hidden::Control('\u{202e}')),
                ("\u{202c}".to_owned(), Hidden::Control('\u{202c}'))
            ]
        );
        assert_eq!(kinds("Pay\u{200b}Pal"), [("\u{200b}".to_owned(), Hidden::Invisible('\u{200b}'))]);
        assert_eq!(kinds("\u{410}cme says"), [("\u{410}cme".to_owned(), Hidden::Mixed)]);
        assert_eq!(kinds("a\u{9b}b\u{1b}c").len(), 2);
    }

    #[test]
    fn what_a_script_needs_is_left_alone() {
        for text in [
            "نص \u{2066}Acme\u{2069} هنا",
            "می\u{200c}خواهم",
            "👩\u{200d}💻 works",
            "ภาษา\u{200b}ไทย",
            "Привет, Acme; 5 kΩ, µs",
            "Straße naïve\u{a0}x\r\n\ty",
            "\u{feff}At the start",
        ] {
            assert_eq!(hidden(text), [], "{text}");
        }
    }
}
