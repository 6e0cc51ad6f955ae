//! What a style sheet makes a browser load.
//!
//! In: CSS, and where it begins in its file. Out: addresses with their places. Must not know: whose they are.

use super::{Use, UseKind};
use cssparser::{ParseError, Parser, Token};

/// Functions in which a string is an address.
const LOADING: &[&str] = &["url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"];

/// Reads CSS that begins at `offset` of its file.
pub fn read(text: &str, offset: usize, found: &mut dyn FnMut(Use)) {
    walk(&mut Parser::new(text), text, offset, false, found);
}

/// `loading` is true inside a function in which strings are addresses.
fn walk(parser: &mut Parser, text: &str, offset: usize, loading: bool, found: &mut dyn FnMut(Use)) {
    let (mut import, mut namespace) = (false, false);
    loop {
        let start = parser.position().byte_index();
        let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
        let end = parser.position().byte_index();
        let mut address = |value: &str, by: &str| {
            let span = inside(text, start, end);
            let span = span.start + offset..span.end + offset;
            found(Use { value: value.to_string(), span, by: format!("`{by}`"), kind: UseKind::Address });
        };
        match token {
            Token::UnquotedUrl(value) if !namespace => address(&value, if import { "@import" } else { "url()" }),
            Token::QuotedString(value) if import => address(&value, "@import"),
            Token::QuotedString(value) if loading => address(&value, "url()"),
            Token::AtKeyword(name) => {
                import = name.eq_ignore_ascii_case("import");
                namespace = name.eq_ignore_ascii_case("namespace");
            }
            Token::Semicolon => (import, namespace) = (false, false),
            Token::Function(name) => {
                let loading = !namespace && (loading || LOADING.iter().any(|known| name.eq_ignore_ascii_case(known)));
                nested(parser, text, offset, loading, found);
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock => nested(parser, text, offset, false, found),
            Token::CurlyBracketBlock => {
                (import, namespace) = (false, false);
                nested(parser, text, offset, false, found);
            }
            _ => {}
        }
    }
}

fn nested(parser: &mut Parser, text: &str, offset: usize, loading: bool, found: &mut dyn FnMut(Use)) {
    // What is nested more deeply than the parser goes is skipped by browsers as well.
    let _: Result<(), ParseError<()>> = parser.parse_nested_block(|parser| {
        walk(parser, text, offset, loading, found);
        Ok(())
    });
}

/// The part of a token between its quotation marks, or between `url(` and `)`.
fn inside(text: &str, start: usize, end: usize) -> std::ops::Range<usize> {
    let token = &text[start..end];
    let open = match token.starts_with(['"', '\'']) {
        true => 1,
        false => token.find('(').map_or(0, |at| at + 1),
    };
    let body = token[open..].trim_end_matches(['"', '\'', ')']);
    let trimmed = body.trim();
    let start = start + open + (body.len() - body.trim_start().len());
    start..start + trimmed.len()
}
