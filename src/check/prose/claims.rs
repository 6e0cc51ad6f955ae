//! Phrases whose mere presence is the finding: promises that nobody can keep, consent taken from silence, readers sent to
//! look again. And how often a text says “may”.
//!
//! In: a text. Out: findings at the phrases. Must not know: which pattern belongs to which language; the lexicon does.

use super::piece::Piece;
use super::{Genre, Text, quote, whole_words};
use crate::diagnostic::Diagnostic;

/// Rules about phrases that only a notice should not have; terms are agreed to.
const ONLY_IN_NOTICES: &[&str] = &["liability-disclaimed", "consent-by-use", "acceptance-by-silence"];

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    for piece in text.sayings() {
        for phrase in text.words.hinted(&piece.lower) {
            let Some((code, say)) = SAYINGS.iter().find(|(code, _)| *code == phrase.rule) else { continue };
            if ONLY_IN_NOTICES.contains(code) && text.genre != Genre::Notice {
                continue;
            }
            for hit in phrase.find.get().find_iter(&piece.lower) {
                let sentence = piece.sentence(hit.start());
                let words = &piece.lower[sentence.clone()];
                if phrase.unless.as_ref().is_some_and(|unless| unless.get().is_match(words))
                    || piece.in_quotes(&hit.range())
                    || (*code == "vague-security" && measures_follow(text, piece, words))
                {
                    continue;
                }
                let range = whole_words(piece, hit.range());
                let named = quote(&piece.text[range.clone()]);
                let (message, help) = say;
                findings.push(text.at(code, piece, range, message.replace("{}", &named)).help(*help));
                break;
            }
        }
    }
    measures(text, findings);
    qualifiers(text, findings);
}

/// “Appropriate measures”, in a notice that names none.
fn measures(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    if text.genre != Genre::Notice {
        return;
    }
    let words = text.words;
    let mut first = None;
    for piece in text.pieces().filter(|piece| !piece.quoted) {
        // Any measure, wherever it stands, is more than nothing.
        if words.pattern("security_concrete").is_match(&piece.lower) {
            return;
        }
        if first.is_some() || piece.kind == super::piece::Kind::Heading {
            continue;
        }
        first = piece.sentences.iter().find_map(|sentence| {
            let lower = &piece.lower[sentence.clone()];
            let hit = words.pattern("measures").find(lower)?;
            let about =
                words.pattern("measures_topic").is_match(lower) && !words.pattern("measures_not").is_match(lower);
            let range = sentence.start + hit.start()..sentence.start + hit.end();
            // A link leads to the measures.
            (about && piece.link(range.start).is_none()).then_some((piece, range))
        });
    }
    let Some((piece, range)) = first else { return };
    let (_, (message, help)) = SAYINGS.iter().find(|(code, _)| *code == "vague-security").expect("it is in the table");
    let named = quote(&piece.text[range.clone()]);
    findings.push(text.at("vague-security", piece, range, message.replace("{}", &named)).help(*help));
}

/// Rule, message, help.
const SAYINGS: &[(&str, (&str, &str))] = &[
    (
        "absolute-security",
        (
            "`{}` promises what nobody can keep",
            "say what is done instead: which data is encrypted, who may see it, how it is tested",
        ),
    ),
    (
        "vague-security",
        (
            "`{}` names no measure",
            "name the measures, such as “TLS 1.3 in transit, AES-256 at rest”, or leave the sentence out",
        ),
    ),
    (
        "compliance-claimed",
        (
            "`{}` is a claim about the law that you will be held to",
            "say what you do for the reader; that the law is kept is for others to find",
        ),
    ),
    (
        "liability-disclaimed",
        (
            "`{}` stands in a notice, which cannot take away what the law gives",
            "take it out; whatever liability terms can limit belongs into the terms",
        ),
    ),
    (
        "consent-by-use",
        (
            "`{}` takes mere use for consent",
            "say on which basis each purpose rests; where it is consent, ask for it with a clear act of its own",
        ),
    ),
    (
        "acceptance-by-silence",
        (
            "`{}` takes silence for agreement to a notice",
            "a notice informs: say how and how long before readers will be told, and leave the acceptance out",
        ),
    ),
    (
        "check-back-clause",
        (
            "`{}` leaves it to readers to find out what changed",
            "promise to tell them: by which channel, and how many days before it takes effect",
        ),
    ),
];

/// So far down a section a list of measures is looked for.
const MOST_MEASURES: usize = 64;

/// Concrete measures in the next stretches of the same section.
fn measures_follow(text: &Text<'_>, piece: &Piece, sentence: &str) -> bool {
    let concrete = text.words.pattern("security_concrete");
    if concrete.is_match(sentence) {
        return true;
    }
    let listed = text.prose.of_section(piece.section).iter().take(MOST_MEASURES);
    piece.text.trim_end().ends_with(':') && listed.into_iter().any(|other| concrete.is_match(&other.lower))
}

/// Words that leave it open whether something is done, in every hundred.
const QUALIFIERS_PER_HUNDRED: f64 = 3.0;
/// So many of them at least, and a text of so many words.
const FEWEST: usize = 12;
const SHORTEST: usize = 300;

fn qualifiers(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    if text.genre != Genre::Notice {
        return;
    }
    let pattern = text.words.pattern("qualifier");
    let (mut words, mut hits) = (0usize, 0usize);
    let mut worst: Option<(usize, &Piece)> = None;
    for piece in text.sayings() {
        words += piece.text.split_whitespace().count();
        let here = pattern.find_iter(&piece.lower).count();
        hits += here;
        if here > worst.map_or(0, |(count, _)| count) {
            worst = Some((here, piece));
        }
    }
    let density = hits as f64 * 100.0 / words.max(1) as f64;
    let Some((count, piece)) =
        worst.filter(|_| words >= SHORTEST && hits >= FEWEST && density >= QUALIFIERS_PER_HUNDRED)
    else {
        return;
    };
    findings.push(
        text.at(
            "vague-qualifiers",
            piece,
            0..piece.text.len(),
            format!("{hits} of {words} words are “may”, “some”, “certain” and the like; here {count}"),
        )
        .help("say what is done, and when; where it depends on something, say on what"),
    );
}
