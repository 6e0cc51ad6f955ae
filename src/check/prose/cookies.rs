//! Cookies that prose names, and claims about all of them.
//!
//! In: a text and the register of cookies. Out: findings where one says what the other does not. Must not know: what a site sets.

use super::piece::Above;
use super::{Text, quote, weighing};
use crate::center::register::Value;
use crate::diagnostic::{Diagnostic, Severity};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// `_ga`, `__stripe_mid`: names of that shape are cookies.
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s(,;'\x22])(_{1,2}[A-Za-z][A-Za-z0-9_-]{1,40})(?:$|[\s),;.'\x22:*])").expect("a constant")
});
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[A-Za-z_][A-Za-z0-9_.*-]{1,48}$").expect("a constant"));

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    // Nobody knows the registers of a file outside a site.
    if text.work.facts.is_some() {
        unlisted(text, findings);
    }
    claim(text, findings);
}

fn unlisted(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let register = text.register("cookies");
    for row in register.into_iter().flat_map(|register| &register.rows) {
        listed.insert(row.id.clone());
        if let Some(name) = register.and_then(|register| text.field(register, row, "name")) {
            listed.extend(name.split([',', ' ', '/']).filter(|name| !name.is_empty()).map(String::from));
        }
    }
    // `_ga_*` in the register stands for every `_ga_…`.
    let covers = |name: &str| {
        listed.iter().any(|known| match known.split_once('*') {
            Some((start, _)) => name.starts_with(start),
            None => known.eq_ignore_ascii_case(name),
        })
    };
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for piece in text.sayings() {
        if !piece.lower.contains("cookie") && !section_about_cookies(text, piece) {
            continue;
        }
        let shaped =
            SHAPE.captures_iter(&piece.text).filter_map(|hit| hit.get(1)).map(|name| (name.range(), name.as_str()));
        let coded = piece.codes.iter().map(|(range, code)| (range.clone(), code.as_str()));
        let coded = coded.filter(|(_, code)| NAME.is_match(code) && code.contains('_'));
        for (range, name) in shaped.chain(coded) {
            if !covers(name) && told.insert(name.to_string()) {
                found.push((name.to_string(), piece, range));
            }
        }
    }
    if register.is_some() {
        findings.extend(found.into_iter().map(|(name, piece, range)| {
            text.at("cookie-not-listed", piece, range, format!("the text names the cookie `{name}`, and the register does not list it")).help(
                format!("add a row to content/cookies.toml: name = \"{name}\", with its provider, purpose, lifetime and category"),
            )
        }));
        return;
    }
    // One finding for all of them: what is missing is the list.
    let Some(((name, piece, range), others)) = found.split_first() else { return };
    let message = match others.len() {
        0 => format!("the text names the cookie `{name}`, and there is no register of cookies"),
        more => format!("the text names the cookie `{name}` and {more} more, and there is no register of cookies"),
    };
    let mut finding = text.at("cookie-not-listed", piece, range.clone(), message);
    for (_, piece, range) in others.iter().take(5) {
        finding = finding.also(text.work.path, piece.span(range.clone()), "this one too");
    }
    findings.push(finding.help(format!(
        "write content/cookies.toml with a `[[row]]` for each: name = \"{name}\", provider, purpose, lifetime and category"
    )));
}

fn section_about_cookies(text: &Text<'_>, piece: &super::piece::Piece) -> bool {
    text.prose.section(piece).title.contains("cookie")
}

/// “Only necessary cookies” above a register with others, or above words about analytics.
fn claim(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let found =
        text.sayings().find_map(|piece| Some((piece, words.pattern("only_necessary").find(&piece.lower)?.range())));
    let Some((piece, range)) = found else { return };
    let named = quote(&piece.text[range.clone()]);
    if let Some(register) = text.register("cookies") {
        let other = register
            .rows
            .iter()
            .find(|row| matches!(row.value("category"), Some(Value::Terms(terms)) if !terms.contains(&"necessary")));
        if let Some(row) = other {
            findings.push(
                text.at(
                    "necessary-cookies-claim-contradicted",
                    piece,
                    range.clone(),
                    format!("`{named}`, and `cookies.{}` is another kind", row.id),
                )
                .also(&register.path, row.span.clone(), "the register")
                .help("name the kinds that are used, or correct the category of that row"),
            );
            return;
        }
    }
    let mut above = Above::default();
    for other in text.sayings() {
        let intro = above.of(other).map_or("", |intro| intro.lower.as_str());
        let Some(hit) = words.pattern("analytics_use").find(&other.lower) else { continue };
        // “We do not use:” above a list, “Cookies we do not use” above a section.
        if words.pattern("negation").is_match(intro)
            || words.pattern("negation").is_match(&text.prose.section(other).title)
        {
            continue;
        }
        let sentence = other.sentence(hit.start());
        let lower = &other.lower[sentence];
        if words.pattern("negation").is_match(lower)
            || super::lexicon::notes().cues.iter().any(|cue| cue.get().is_match(lower))
        {
            continue;
        }
        findings.push(weighing(
            text.at(
                "necessary-cookies-claim-contradicted",
                piece,
                range.clone(),
                format!("`{named}`, and elsewhere `{}`", quote(&other.text[hit.range()])),
            )
            .also(text.work.path, other.span(hit.range()), "collected how?")
            .help("say how that is collected without a cookie, or name the cookies"),
            Severity::Info,
        ));
        return;
    }
}
