//! Vendors that a text names in passing and no register lists.
//!
//! In: a text, its registers, the site's own vendors. Out: one finding for each vendor, where it is named first.
//! Must not know: what a vendor does with the data.

use super::piece::{Above, Kind, Piece};
use super::{Genre, Text, quote, unnamed};
use crate::center::register::{Texts, Value};
use crate::diagnostic::Diagnostic;
use crate::law::Practice;
use aho_corasick::{AhoCorasick, MatchKind};
use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

/// A vendor that is known by name.
#[derive(Debug)]
pub struct Vendor {
    pub name: String,
    /// payment, hosting, analytics, ads, email, ai …
    pub category: String,
    /// Whose product it is.
    provider: Option<String>,
    names: Vec<String>,
    domains: Vec<String>,
    /// The name is a word of everyday language, too.
    everyday: bool,
}

pub struct Directory {
    vendors: Vec<Vendor>,
    names: AhoCorasick,
    /// The vendor and whether it is the everyday name, by pattern.
    named: Vec<(usize, bool)>,
}

static KNOWN: LazyLock<Directory> = LazyLock::new(|| {
    let list = |cell: &str| cell.split("; ").filter(|name| *name != "-").map(String::from).collect::<Vec<_>>();
    let rows = include_str!("data/vendors.tsv").lines().filter(|line| !line.starts_with('#'));
    let vendors = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('\t').collect();
            let name = cells[0].trim_end_matches('?').to_string();
            let mut names = vec![name.clone()];
            names.extend(list(cells[3]));
            Vendor {
                name,
                category: cells[1].to_string(),
                provider: list(cells[2]).pop(),
                names,
                domains: list(cells[4]),
                everyday: cells[0].ends_with('?'),
            }
        })
        .collect();
    Directory::new(vendors)
});

impl Directory {
    fn new(vendors: Vec<Vendor>) -> Directory {
        let mut names = Vec::new();
        let mut named = Vec::new();
        for (index, vendor) in vendors.iter().enumerate() {
            for (at, name) in vendor.names.iter().enumerate() {
                names.push(name.clone());
                named.push((index, vendor.everyday && at == 0));
            }
        }
        let names = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names);
        Directory { vendors, names: names.expect("names are short"), named }
    }

    /// Vendors named in a piece, with their places.
    pub(super) fn in_piece<'d>(&'d self, piece: &Piece) -> Vec<(&'d Vendor, Range<usize>, bool)> {
        self.names
            .find_iter(&piece.text)
            .filter(|hit| is_word(&piece.text, &hit.range()))
            .map(|hit| {
                let (vendor, everyday) = self.named[hit.pattern().as_usize()];
                (&self.vendors[vendor], hit.range(), everyday)
            })
            .collect()
    }
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '@');
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let (next, second) = (after.next(), after.next());
    // `stripe.com` is an address, `Stripe.` the end of a sentence.
    let domain = next == Some('.') && second.is_some_and(|c| c.is_ascii_lowercase());
    !before.is_some_and(|c| part(c) || matches!(c, '.' | '/' | '-')) && !next.is_some_and(part) && !domain
}

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let vendors = text.work.settings.map(|settings| settings.vendors.as_slice()).filter(|vendors| !vendors.is_empty());
    let own = vendors.map(own_directory);
    let directories: Vec<&Directory> = own.iter().chain([&*KNOWN]).collect();
    let listed = Listed::new(text);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found: Vec<VendorMention<'_>> = Vec::new();
    // Lists and tables that name a vendor.
    let mut naming: BTreeSet<usize> = BTreeSet::new();
    let mut above = Above::default();
    // Headings count: a section may be about one vendor.
    for piece in text.pieces().filter(|piece| !piece.quoted) {
        let intro = above.of(piece);
        // “We use:” above a list says it of every item.
        let introduced = LazyCell::new(|| intro.is_some_and(|intro| says_use(text, intro)));
        // “We do not use:” denies it of every item, and “What we do not use” of all below it.
        let denied = LazyCell::new(|| {
            intro.is_some_and(|intro| denies(text, &intro.lower[intro.sentences.last().cloned().unwrap_or_default()]))
                || denies(text, &text.prose.section(piece).title)
        });
        for directory in &directories {
            for (vendor, range, everyday) in directory.in_piece(piece) {
                if *denied {
                    continue;
                }
                naming.insert(piece.group);
                if told.contains(vendor.name.as_str()) || listed.has(vendor) || is_ourselves(text, vendor) {
                    continue;
                }
                if !is_used(text, piece, &range, everyday, *introduced) {
                    continue;
                }
                told.insert(&vendor.name);
                found.push((vendor, piece, range));
            }
        }
    }
    // “Google” beside “Google Analytics” is the same one; “Twilio” beside “SendGrid” has a product of its own.
    let product = |vendor: &Vendor| {
        vendor.category == "company" && found.iter().any(|(other, ..)| other.provider.as_deref() == Some(&vendor.name))
    };
    let found: Vec<_> = found.iter().filter(|(vendor, ..)| !product(vendor)).collect();
    // Nobody knows the registers of a file outside a site.
    if listed.any {
        findings.extend(found.iter().map(|(vendor, piece, range)| unlisted(text, vendor, piece, range.clone())));
    } else if let Some((first, others)) = found.split_first().filter(|_| text.work.facts.is_some()) {
        findings.push(no_register(text, first, others));
    }
    unnamed::check(text, &directories, &naming, findings);
    no_sale(text, findings);
}

/// A vendor and where it is named.
type VendorMention<'a> = (&'a Vendor, &'a Piece, Range<usize>);

fn unlisted(text: &Text<'_>, vendor: &Vendor, piece: &Piece, range: Range<usize>) -> Diagnostic {
    let named = &piece.text[range.clone()];
    text.at("vendor-not-listed", piece, range, format!("the text names `{named}`, which no register lists"))
        .help(format!(
            "add a row to content/processors.toml: id = \"{}\", name = \"{}\", with its purpose, data and location",
            id(vendor),
            vendor.name
        ))
        .help(format!("if a row lists it under another name, add aka = [\"{named}\"] to that row"))
}

/// One finding for all of them: what is missing is the list.
fn no_register(text: &Text<'_>, first: &VendorMention<'_>, others: &[&VendorMention<'_>]) -> Diagnostic {
    const SHOWN: usize = 5;
    let (vendor, piece, range) = first;
    let named = &piece.text[range.clone()];
    let message = match others.len() {
        0 => format!("the text names `{named}`, but there is no register of processors"),
        1 => format!("the text names `{named}` and one more vendor, but there is no register of processors"),
        more => format!("the text names `{named}` and {more} more vendors, but there is no register of processors"),
    };
    let mut finding = text.at("vendor-not-listed", piece, range.clone(), message);
    for (_, piece, range) in others.iter().take(SHOWN) {
        finding = finding.also(text.work.path, piece.span(range.clone()), "this one too");
    }
    let names: Vec<&str> = others.iter().map(|(vendor, ..)| vendor.name.as_str()).collect();
    finding = finding.help(format!(
        "write content/processors.toml with a `[[row]]` for each: id = \"{}\", name = \"{}\", purpose, data and location",
        id(vendor),
        vendor.name
    ));
    match names.is_empty() {
        true => finding,
        false => finding.help(format!("the others: {}", names.join(", "))),
    }
}

fn id(vendor: &Vendor) -> String {
    let plain = vendor.name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    plain.trim_matches('-').to_string()
}

fn own_directory(vendors: &[crate::center::settings::Vendor]) -> Directory {
    let own = vendors.iter().map(|vendor| Vendor {
        name: vendor.name.clone(),
        category: vendor.category.clone().unwrap_or_default(),
        provider: vendor.provider.clone(),
        names: std::iter::once(vendor.name.clone()).chain(vendor.aka.iter().cloned()).collect(),
        domains: Vec::new(),
        everyday: false,
    });
    Directory::new(own.collect())
}

/// Names that the registers list.
struct Listed {
    names: Vec<String>,
    hosts: Vec<String>,
    /// True if there is a register of processors at all.
    any: bool,
}

impl Listed {
    fn new(text: &Text<'_>) -> Listed {
        let mut listed = Listed { names: Vec::new(), hosts: Vec::new(), any: text.register("processors").is_some() };
        let Some(facts) = text.work.facts else { return listed };
        for register in facts.registers.values() {
            for row in &register.rows {
                for (field, value) in &row.fields {
                    match (field.as_str(), value) {
                        ("website" | "privacy" | "dpa", Value::Url(url)) => {
                            listed
                                .hosts
                                .extend(url::Url::parse(url).ok().and_then(|url| url.host_str().map(String::from)));
                        }
                        ("aka", Value::Texts(Texts::ByLanguage(by))) => {
                            listed.names.extend(by.values().flatten().cloned())
                        }
                        ("aka", Value::Texts(Texts::Each(texts))) => {
                            listed.names.extend(texts.iter().map(|text| text.get([]).to_string()));
                        }
                        ("name" | "provider" | "aka", value) => {
                            listed.names.push(register.words(text.work.language, field, value));
                        }
                        _ => {}
                    }
                }
            }
        }
        listed
    }

    fn has(&self, vendor: &Vendor) -> bool {
        let names = vendor.names.iter().chain(&vendor.provider);
        names.into_iter().any(|name| self.names.iter().any(|listed| contains_word(listed, name)))
            || vendor.domains.iter().any(|domain| {
                self.hosts.iter().any(|host| {
                    host == domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
                })
            })
    }
}

fn contains_word(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    text.match_indices(&name).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(text[..at].chars().next_back()) && !letter(text[at + name.len()..].chars().next())
    })
}

/// GitHub's own policy names GitHub.
fn is_ourselves(text: &Text<'_>, vendor: &Vendor) -> bool {
    let Some(facts) = text.work.facts else { return false };
    let own = [&facts.organization.brand, &facts.organization.legal_name];
    let tags = text.work.language.fallbacks();
    own.into_iter().flatten().any(|name| {
        let name = name.get(tags.iter().map(String::as_str));
        if name.trim().is_empty() {
            return false;
        }
        vendor
            .names
            .iter()
            .chain(&vendor.provider)
            .any(|known| contains_word(name, known) || contains_word(known, name))
    })
}

/// True if the last sentence of a stretch says that others are used.
fn says_use(text: &Text<'_>, piece: &Piece) -> bool {
    let last = piece.sentences.last().cloned().unwrap_or(0..piece.lower.len());
    let lower = &piece.lower[last];
    text.words.pattern("sharing_verb").is_match(lower) && !text.words.pattern("negation").is_match(lower)
}

/// Number of bytes before and after a name that are examined.
const NEAR: usize = 60;

fn denies(text: &Text<'_>, words: &str) -> bool {
    text.words.pattern("negation").is_match(words)
}

/// True if a sentence says that data goes there, rather than speak of the name.
fn is_used(text: &Text<'_>, piece: &Piece, range: &Range<usize>, everyday: bool, introduced: bool) -> bool {
    let words = text.words;
    let sentence = piece.sentence(range.start);
    let lower = &piece.lower[sentence.clone()];
    let before = &piece.lower[sentence.start..range.start];
    if piece.kind == Kind::Heading {
        return titles_section(text, piece, range, everyday);
    }
    let alone = piece.kind == Kind::Cell && piece.text.trim() == &piece.text[range.clone()];
    if everyday && !alone {
        let last = before.trim_end().rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
        if !super::lexicon::Lexicon::all().iter().any(|lexicon| lexicon.leads.iter().any(|lead| lead == last)) {
            return false;
        }
        // “With Claude Martin” speaks of a person.
        let surname = piece.text[range.end..].strip_prefix(' ').and_then(|rest| rest.chars().next());
        if surname.is_some_and(char::is_uppercase) {
            return false;
        }
    }
    let cell = matches!(piece.kind, Kind::Cell) || (piece.kind == Kind::Item && range.start == 0);
    let about_sharing = text.prose.is_about(piece, words.pattern("sharing_topic"));
    let negated = words.pattern("negation").is_match(lower);
    // A long enumeration may end with “and courts, if the law asks for it”: only what is near speaks of the name.
    let near = &lower[lower.floor_char_boundary((range.start - sentence.start).saturating_sub(NEAR))
        ..lower.floor_char_boundary(range.end - sentence.start + NEAR)];
    let aside = words.pattern("sharing_not").is_match(near) || text.prose.is_about(piece, words.pattern("links_topic"));
    if negated || aside || is_contract(text, piece) || piece.in_quotes(range) {
        return false;
    }
    // “such as Apple's identifier”: a thing of theirs, not they.
    let owned = piece.lower[range.end..].strip_prefix("'s ").is_some();
    let example =
        ["such as", "e.g.", "like"].iter().any(|word| before.trim_end().trim_end_matches('(').ends_with(word));
    if owned && (example || before.trim_end().ends_with(" or")) {
        return false;
    }
    // Only the address of a page is named: “Google's privacy policy”.
    if piece
        .links
        .iter()
        .any(|(link, _)| link.start <= range.start && range.end < link.end && link.len() > 2 * range.len() + 12)
    {
        return false;
    }
    (introduced && range.start == 0)
        || (cell && about_sharing)
        || words.pattern("sharing_verb").is_match(before)
        || (about_sharing && words.pattern("sharing_verb").is_match(lower))
        || (!everyday && words.pattern("vendor_acts").is_match(&piece.lower[range.end..]))
}

/// A section below “Who receives data” that is called by the vendor's name.
fn titles_section(text: &Text<'_>, piece: &Piece, range: &Range<usize>, everyday: bool) -> bool {
    let words = text.words;
    let (_, title) = super::view::typed_number(&piece.text);
    let begins = range.start == piece.text.len() - title.len();
    let outer = text.prose.section(piece).parent.map(|parent| &text.prose.sections[parent]);
    let among = outer.is_some_and(|outer| {
        words.pattern("sharing_topic").is_match(&outer.title) && !words.pattern("links_topic").is_match(&outer.title)
    });
    let aside = words.pattern("negation").is_match(&piece.lower) || words.pattern("sharing_not").is_match(&piece.lower);
    begins && among && !everyday && !aside && !is_contract(text, piece)
}

/// Terms name others for many reasons, but for the list of sub-processors of an agreement on processing.
pub(super) fn is_contract(text: &Text<'_>, piece: &Piece) -> bool {
    text.genre == Genre::Terms && !text.prose.is_about(piece, text.words.pattern("processors_topic"))
}

/// “We do not sell your data” above a register with an advertising network, or against what the organisation says of itself.
fn no_sale(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let words = text.words;
    let Some((piece, range)) = text.sayings().find_map(|piece| {
        let hit = words.pattern("no_sale").find(&piece.lower)?;
        let sentence = piece.sentence(hit.start());
        words.pattern("no_sale_ads").is_match(&piece.lower[sentence]).then_some((piece, hit.range()))
    }) else {
        return;
    };
    let own = text.work.facts.and_then(|facts| facts.organization.practices.answer(Practice::SellsOrShares));
    if own.or_else(|| text.work.settings?.practices.answer(Practice::SellsOrShares)) == Some(true) {
        findings.push(
            text.at(
                "no-sale-claim-contradicted",
                piece,
                range.clone(),
                format!("`{}`, but `sells_or_shares` is true", quote(&piece.text[range])),
            )
            .help("say what you sell or share for advertising, or correct `sells_or_shares`"),
        );
        return;
    }
    let Some(register) = text.register("processors") else { return };
    for row in &register.rows {
        let name = text.field(register, row, "name").unwrap_or_default();
        let ads = KNOWN
            .vendors
            .iter()
            .find(|vendor| vendor.category == "ads" && vendor.names.iter().any(|known| contains_word(&name, known)));
        if ads.is_some() && row.date("until").is_none_or(|until| until > text.work.date) {
            findings.push(
                text.at("no-sale-claim-contradicted", piece, range.clone(), format!("`{}`, but `processors.{}` is an advertising network", quote(&piece.text[range.clone()]), row.id))
                    .also(&register.path, row.span.clone(), "the register")
                    .help("several laws treat data passed on for advertising as sold or shared: say what you pass on, or end the row with `until`"),
            );
        }
    }
}
