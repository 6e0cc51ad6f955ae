//! Words as tokens, each with the white space that follows it, as numbers that are equal when the words are.
//!
//! In: a text. Out: tokens. Typographic quotes, invisible characters and white space make no different word.
//! Must not know: documents, what is compared with what.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;

/// A word, a number, an address or a sign; it ends where the next begins.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub start: u32,
    pub id: u32,
    /// How much it says: signs 1, short words 2, long ones 8.
    pub weight: u8,
    /// Closes a sentence.
    pub end: bool,
    /// Counts as a word.
    pub word: bool,
}

/// The mark between two leaves.
pub const PARAGRAPH: u32 = 0;
/// The mark between two cells of a row that is compared with paragraphs or with other rows.
pub const CELL: u32 = 1;

/// Multiplies as it goes: text is short here and nobody chooses it to collide.
#[derive(Default)]
pub struct Fast(u64);

impl Fast {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Fast {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.add(chunk.try_into().map_or(0, u64::from_le_bytes));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            self.add(rest.iter().rev().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// Returns a number for a text, the same in every run.
pub fn number(text: &str) -> u64 {
    let mut hasher = Fast::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<Fast>>;

/// Gives equal words equal numbers.
#[derive(Default)]
pub struct Interner<'t> {
    ids: FastMap<Cow<'t, str>, u32>,
    struck: FastMap<u32, u32>,
    last: u32,
}

impl<'t> Interner<'t> {
    /// Returns the number of a word, from 2 on: [`PARAGRAPH`] and [`CELL`] come first.
    pub fn id(&mut self, text: Cow<'t, str>) -> u32 {
        let next = self.last.max(CELL) + 1;
        let id = *self.ids.entry(text).or_insert(next);
        self.last = self.last.max(id);
        id
    }

    /// Returns the number of the same word, struck by the author.
    pub fn struck(&mut self, id: u32) -> u32 {
        let next = self.last + 1;
        let id = *self.struck.entry(id).or_insert(next);
        self.last = self.last.max(id);
        id
    }
}

/// Returns a text by which two are compared: blanks as one space, quotation marks straight, letters and their accents as
/// one, without characters that nobody sees.
pub fn fold(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let odd = |at: usize| match bytes[at] {
        0xC2 | 0xCC..=0xF4 | b'\t' | b'\n' => true,
        b' ' => at == 0 || at + 1 == bytes.len() || bytes[at + 1] == b' ',
        b'.' => bytes[at..].starts_with(b"..."),
        _ => false,
    };
    if !(0..bytes.len()).any(odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if let Some(letter) = plain_letter(letter) {
            out.push(letter);
            if out.ends_with("...") {
                out.truncate(out.len() - 3);
                out.push('…');
            }
        }
    }
    out.truncate(out.trim_end().len());
    Cow::Owned(composed(out))
}

/// Composes letters and accents that were typed apart.
fn composed(text: String) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => text.nfc().collect(),
    }
}

/// The letter that a typist would have struck; none for a character that nobody sees.
fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201F}' | '\u{2033}' => '"',
        '\u{2010}' | '\u{2011}' => '-',
        letter if is_invisible(letter) => return None,
        letter => letter,
    })
}

/// True for a character that leaves the look of a text as it is: a soft hyphen, a place where a line may break.
pub fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// The name of a character that makes a text read other than it is written, and that is shown by name for that reason: it
/// turns the direction of what follows, or it hides letters that only a program reads.
pub fn control(letter: char) -> Option<String> {
    let turns = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let hides = matches!(letter, '\u{E0000}'..='\u{E007F}');
    (turns || hides).then(|| format!("U+{:04X}", u32::from(letter)))
}

/// Appends the tokens of a text that starts at `base` of its document.
pub fn tokenize<'t>(text: &'t str, base: usize, interner: &mut Interner<'t>, out: &mut Vec<Token>) {
    let first = out.len();
    let mut at = 0;
    while at < text.len() {
        let chunk = text[at..].find(|letter: char| !letter.is_whitespace()).map_or(text.len(), |blank| at + blank);
        let end = text[chunk..].find(char::is_whitespace).map_or(text.len(), |end| chunk + end);
        if chunk < end {
            push_chunk(&text[chunk..end], base + chunk, interner, out);
        }
        at = end;
    }
    // White space before the first word belongs to it.
    if let Some(token) = out.get_mut(first) {
        token.start = super::flat::index(base);
    }
}

fn push_chunk<'t>(chunk: &'t str, base: usize, interner: &mut Interner<'t>, out: &mut Vec<Token>) {
    let first = out.len();
    if chunk.is_ascii() || !chunk.contains(is_invisible) {
        pieces(chunk, |piece| push(Cow::Borrowed(&chunk[piece.clone()]), base + piece.start, interner, out));
    } else {
        // A word goes on across what nobody sees.
        let (seen, places): (String, Vec<(usize, usize)>) = seen(chunk);
        let place = |at: usize| match places.binary_search_by_key(&at, |(seen, _)| *seen) {
            Ok(found) => places[found].1,
            Err(_) => chunk.len(),
        };
        pieces(&seen, |piece| {
            let at = if piece.start == 0 { 0 } else { place(piece.start) };
            push(Cow::Owned(seen[piece].to_string()), base + at, interner, out);
        });
    }
    // A full stop, then perhaps closing brackets and quotes, then a blank: the sentence is over.
    let mut from_end = chunk.chars().rev();
    let closes =
        from_end.find(|letter| !matches!(letter, ')' | '"' | '\'' | '”' | '’' | ']' | '»')).is_some_and(ends_sentence);
    if closes
        && out.len() > first
        && let Some(last) = out.last_mut()
    {
        last.end = true;
    }
}

/// The characters that are seen, and for each its place there and in the text.
fn seen(chunk: &str) -> (String, Vec<(usize, usize)>) {
    let mut seen = String::with_capacity(chunk.len());
    let mut places = Vec::with_capacity(chunk.len());
    for (at, letter) in chunk.char_indices().filter(|(_, letter)| !is_invisible(*letter)) {
        places.push((seen.len(), at));
        seen.push(letter);
    }
    (seen, places)
}

fn ends_sentence(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '。' | '！' | '？' | '।' | '؟' | '．')
}

/// The web or e-mail address in a chunk, without signs around it.
fn address(chunk: &str) -> Option<Range<usize>> {
    if !chunk.contains("://") && !chunk.contains('@') && !chunk.starts_with("www.") {
        return None;
    }
    let inside = chunk.trim_start_matches(['(', '<', '"', '\'', '[', '“', '‘']);
    let start = chunk.len() - inside.len();
    let inside =
        inside.trim_end_matches(['.', ',', ';', ':', ')', '>', '"', '\'', ']', '!', '?', '”', '’', '。', '、', '）']);
    (!inside.is_empty() && inside.is_ascii()).then(|| start..start + inside.len())
}

/// The words and signs of a chunk that has no blanks; an address is one word.
fn pieces(chunk: &str, mut push: impl FnMut(Range<usize>)) {
    let mut at = 0;
    if let Some(address) = address(chunk) {
        words(&chunk[..address.start], 0, &mut push);
        push(address.clone());
        at = address.end;
    }
    words(&chunk[at..], at, &mut push);
}

fn words(chunk: &str, base: usize, push: &mut impl FnMut(Range<usize>)) {
    if chunk.is_ascii() {
        let bytes = chunk.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let mut end = at + 1;
            if bytes[at].is_ascii_alphanumeric() {
                while end < bytes.len() && (bytes[end].is_ascii_alphanumeric() || joins(bytes, end)) {
                    end += 1;
                }
            } else if bytes[at..].starts_with(b"...") {
                end = at + 3;
            }
            push(base + at..base + end);
            at = end;
        }
        return;
    }
    let mut pieces = chunk.split_word_bound_indices().peekable();
    while let Some((at, piece)) = pieces.next() {
        let mut end = at + piece.len();
        if chunk[at..].starts_with("...") {
            end = at + 3;
            while pieces.next_if(|(next, _)| *next < end).is_some() {}
        }
        // "E-Mail-Adresse" is one word, as "e-mail" is above.
        while let Some(&(hyphen, "-" | "\u{2010}" | "\u{2011}")) = pieces.peek() {
            let after = &chunk[hyphen..];
            let next = after.chars().nth(1);
            let glue = chunk[..end].chars().next_back().is_some_and(in_word) && next.is_some_and(in_word);
            if !glue {
                break;
            }
            pieces.next();
            end = pieces.next().map_or(chunk.len(), |(at, piece)| at + piece.len());
        }
        push(base + at..base + end);
    }
}

/// `'`, `-` and the like between letters, separators between digits.
fn joins(bytes: &[u8], at: usize) -> bool {
    let (Some(before), Some(after)) = (bytes.get(at.wrapping_sub(1)), bytes.get(at + 1)) else { return false };
    match bytes[at] {
        b'\'' | b'-' | b'.' | b'_' => before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric(),
        b',' | b':' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

/// Letters of scripts that put blanks between words.
fn in_word(letter: char) -> bool {
    letter.is_alphanumeric() && !is_ideograph(letter)
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn push<'t>(piece: Cow<'t, str>, at: usize, interner: &mut Interner<'t>, out: &mut Vec<Token>) {
    let mut weight = 1;
    let start = super::flat::index(at);
    if piece.is_ascii() {
        let bytes = piece.as_bytes();
        let word = bytes.iter().any(u8::is_ascii_alphanumeric);
        if word {
            weight = match bytes.len() {
                _ if bytes.iter().any(u8::is_ascii_digit) => 8,
                0..=3 => 2,
                4 => 4,
                _ => 8,
            };
        }
        let piece = if &*piece == "..." { Cow::Borrowed("…") } else { piece };
        out.push(Token { start, id: interner.id(piece), weight, end: false, word });
        return;
    }
    let mut letters = 0;
    let (mut word, mut end, mut odd) = (false, false, false);
    // One sign of Hiragana is an ending or a particle: alike by chance more often than not.
    let ending = matches!(piece.as_bytes(), [0xE3, 0x81 | 0x82, _]);
    for letter in piece.chars() {
        word |= letter.is_alphanumeric();
        letters += match letter {
            '\u{3040}'..='\u{309F}' => 1,
            letter if is_ideograph(letter) => 3,
            letter if letter.is_numeric() => 5,
            _ => 1,
        };
        end |= matches!(letter, '。' | '！' | '？' | '।');
        odd |= letter > '\u{2FF}' || plain_letter(letter) != Some(letter);
    }
    if word && !ending {
        weight = match letters {
            0..=3 => 2,
            4 => 4,
            _ => 8,
        };
    }
    let folded = if odd { Cow::Owned(composed(piece.chars().filter_map(plain_letter).collect())) } else { piece };
    out.push(Token { start, id: interner.id(folded), weight, end, word });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        tokenize(text, 0, &mut Interner::default(), &mut tokens);
        let ends = tokens.iter().skip(1).map(|token| token.start as usize).chain([text.len()]);
        tokens.iter().zip(ends).map(|(token, end)| &text[token.start as usize..end]).collect()
    }

    #[test]
    fn white_space_belongs_to_the_word_before() {
        assert_eq!(words(" We keep  it. "), [" We ", "keep  ", "it", ". "]);
    }

    #[test]
    fn compounds_numbers_and_addresses_are_one_word() {
        assert_eq!(
            words("opt-out, 1,000.50 at (a.b@example.org)."),
            ["opt-out", ", ", "1,000.50 ", "at ", "(", "a.b@example.org", ")", "."]
        );
        assert_eq!(words("see https://example.org/a?b."), ["see ", "https://example.org/a?b", "."]);
        assert_eq!(words("E-Mail-Bestätigung"), ["E-Mail-Bestätigung"]);
        assert_eq!(words("user’s"), ["user’s"]);
    }

    #[test]
    fn scripts_without_blanks_go_by_character() {
        assert_eq!(words("保留30天。"), ["保", "留", "30", "天", "。"]);
    }

    #[test]
    fn quotes_and_invisible_characters_make_no_difference() {
        let mut interner = Interner::default();
        let mut ids = |text: &'static str| {
            let mut tokens = Vec::new();
            tokenize(text, 0, &mut interner, &mut tokens);
            tokens.iter().map(|token| token.id).collect::<Vec<_>>()
        };
        assert_eq!(ids("the user’s “data”"), ids("the  user's \"data\""));
        assert_eq!(ids("co\u{AD}operate"), ids("cooperate"));
        assert_eq!(ids("Me\u{301}xico and M\u{E9}\u{200B}xico"), ids("M\u{E9}xico and M\u{E9}xico"));
        assert_eq!(ids("wait… and see..."), ids("wait... and see…"));
        assert_ne!(ids("\u{202E}ton"), ids("ton"));
        assert_eq!(fold("a\u{A0}b  “c” "), "a b \"c\"");
        assert_eq!(fold("Me\u{301}xico..."), "M\u{E9}xico…");
    }
}
