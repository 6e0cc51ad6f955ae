//! Completes the ledgers of made-up sites: `cargo run --example seal -- tests/sites/*/input .`
//!
//! For test sites and the sample, after their made-up past was changed. Their ledgers may be short: an entry needs no more than
//! its action, document, version and dates. What is missing is what `fineprint` would have written on the day of its
//! publication at 10:00 (UTC): the act's number, the base, zone and counting of the settings, the resolved texts, all digests.
//! A real ledger is never rewritten: its entries are added by commands, and stay.

use fineprint::center::ledger::{
    Act, Correction, Digests, EXEMPTIONS, Entry, Exemption, PATH, Release, Retirement, Significance,
};
use fineprint::center::{Ledger, Settings, Text, chain};
use fineprint::check::Depth;
use fineprint::compiler::Compiler;
use fineprint::notice::{Counting, Reckoning};
use fineprint::release::entry::{append, write};
use fineprint::release::frozen::{Frozen, version_sources};
use fineprint::source::{Digest, SourceTree};
use fineprint::text::is_made;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use toml::{Table, Value};

// The tests use the rest of this file.
#[allow(dead_code)]
fn main() -> Result<(), Box<dyn Error>> {
    for site in std::env::args().skip(1) {
        let mut tree = SourceTree::scan(Path::new(&site), &mut Vec::new())?;
        for (path, text) in seal(tree.clone(), false) {
            tree.put(&path, text);
        }
        let announcements = announcements(&tree)?;
        let mut files = announcements.clone();
        for (path, text) in announcements {
            tree.put(&path, text);
        }
        files.extend(seal(tree, false));
        for (path, text) in files {
            std::fs::write(Path::new(&site).join(&path), text)?;
            println!("sealed {site}/{path}");
        }
    }
    Ok(())
}

/// The announcement of every version that people were told about, as a release would have frozen it on the day of publication.
fn announcements(tree: &SourceTree) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let compiler = Compiler::default();
    let ledger = Ledger::read(tree.kept(PATH).unwrap_or_default(), &mut Vec::new());
    let mut out = BTreeMap::new();
    for entry in &ledger.entries {
        let Act::Release(release) = &entry.act else { continue };
        let told = release.effective > release.published || release.significance == Some(Significance::Material);
        if release.imported || !told {
            continue;
        }
        let (slug, day, mut findings) = (ledger.name(&entry.document), release.published, Vec::new());
        let site = compiler.compile(tree.clone(), |_| day, Depth::Drafts, &mut findings);
        let files = compiler.announcement_files(&site, slug, &entry.version, &mut findings)?;
        let files = files.ok_or_else(|| format!("{slug} {}: {findings:#?}", entry.version))?;
        for (name, bytes) in files {
            out.insert(format!("content/{slug}/versions/{}/{name}", entry.version), String::from_utf8(bytes)?);
        }
    }
    Ok(out)
}

/// The ledger of a site with everything that belongs in it, and the resolved texts of its versions, by path. With `keep`,
/// digests that are written down stay, right or wrong, and so do resolved texts: a test may want them wrong.
pub fn seal(tree: SourceTree, keep: bool) -> BTreeMap<String, String> {
    let source = tree.kept(PATH).unwrap_or_default().to_string();
    let typed: Table = source.parse().expect("a ledger that can be read");
    let settings = Settings::read(tree.kept("fineprint.toml"), &mut Vec::new());
    let typed: Vec<&Table> =
        typed.get("entry").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table).collect();
    let mut out = BTreeMap::new();
    let mut previous = chain::START;
    let mut texts = Vec::new();
    let mut chains: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for table in &typed {
        if let (Some("rename"), Some(old), Some(new)) =
            (string(table, "action"), string(table, "document"), string(table, "name"))
        {
            names.insert(old.to_string(), new.to_string());
        }
    }
    for (index, table) in typed.into_iter().enumerate() {
        let entry = entry(&tree, &settings, table, index, &mut chains, &names, keep, &mut out);
        let (text, digest) = write(&entry, previous);
        texts.push(text);
        previous = digest;
    }
    out.insert(PATH.to_string(), append("", &texts));
    out
}

#[allow(clippy::too_many_arguments)]
fn entry(
    tree: &SourceTree,
    settings: &Settings,
    table: &Table,
    index: usize,
    chains: &mut BTreeMap<String, Vec<String>>,
    names: &BTreeMap<String, String>,
    keep: bool,
    out: &mut BTreeMap<String, String>,
) -> Entry {
    let word = |key: &str| string(table, key).unwrap_or_default().to_string();
    let (action, document, version) = (word("action"), word("document"), word("version"));
    let chain = chains.entry(document.clone()).or_default();
    let number = table.get("act").and_then(Value::as_integer).unwrap_or(index as i64 + 1);
    let part = string(table, "part").and_then(|part| {
        let (part, parts) = part.split_once(" of ")?;
        Some((part.parse().ok()?, parts.parse().ok()?))
    });
    let day = date(table, "published").or(date(table, "date")).unwrap_or(Date::constant(2026, 1, 1));
    let recorded = table.get("recorded").map(|instant| instant.to_string().parse().expect("an instant"));
    let recorded = recorded.unwrap_or_else(|| ten_o_clock(day));
    let act = match action.as_str() {
        "withdraw" => {
            chain.retain(|id| *id != version);
            Act::Withdraw { reason: text(table, "reason").or(Some(Text::One(String::new()))) }
        }
        "correct" => Act::Correct(Box::new(Correction {
            significance: string(table, "significance").and_then(Significance::named),
            summary: text(table, "summary"),
            reason: text(table, "reason"),
        })),
        "rename" => {
            let chain = chain.clone();
            chains.insert(word("name"), chain);
            Act::Rename { name: word("name") }
        }
        "retire" => Act::Retire(date(table, "on").map(|on| {
            Box::new(Retirement {
                on,
                zone: settings.zone.clone(),
                zone_name: settings.zone_name.clone(),
                reason: text(table, "reason"),
                exemption: exemption(table),
                successor: string(table, "successor").map(str::to_string),
            })
        })),
        _ => {
            let base = string(table, "base").map(str::to_string).or_else(|| chain.last().cloned());
            let amends = string(table, "amends").map(str::to_string);
            let place = amends.as_ref().and_then(|amended| chain.iter().position(|id| id == amended));
            let after = base.as_ref().and_then(|base| chain.iter().position(|id| id == base));
            let base = match place {
                Some(place) => string(table, "base")
                    .map(str::to_string)
                    .or_else(|| place.checked_sub(1).map(|at| chain[at].clone())),
                None => base,
            };
            match place {
                Some(place) => chain[place] = version.clone(),
                None => chain.insert(after.map_or(0, |after| after + 1), version.clone()),
            }
            let mut release = release(tree, settings, table, &document, &version, names, keep, out);
            (release.base, release.amends) = (base, amends);
            Act::Release(Box::new(Release { imported: action == "import", ..release }))
        }
    };
    let clock_justification = text(table, "clock_justification");
    let (previous, digest) = (None, None);
    Entry {
        span: 0..0,
        number: u32::try_from(number).expect("a number"),
        part: part.unwrap_or((1, 1)),
        document,
        version,
        recorded,
        clock_justification,
        act,
        previous,
        digest,
        actual: Digest::ZERO,
    }
}

#[allow(clippy::too_many_arguments)]
fn release(
    tree: &SourceTree,
    settings: &Settings,
    table: &Table,
    document: &str,
    version: &str,
    names: &BTreeMap<String, String>,
    keep: bool,
    out: &mut BTreeMap<String, String>,
) -> Release {
    let language = string(table, "language").unwrap_or(settings.authoritative().tag()).to_string();
    let published = date(table, "published").expect("a day of publication");
    let effective = date(table, "effective").unwrap_or(published);
    let slug = names.get(document).map_or(document, String::as_str);
    let folder = format!("content/{slug}/versions/{version}");
    let sources = version_sources(tree, &folder).expect("sources that can be read");
    // A test may want errors in a frozen text.
    let (frozen, _) = Frozen::resolve(slug, &sources, &language, effective);
    let (mut files, mut text_digests) = (frozen.digests(), frozen.text);
    for (name, bytes) in frozen.files.into_iter().filter(|(name, _)| is_made(name)) {
        let path = format!("{folder}/{name}");
        match tree.get(&path).filter(|_| keep) {
            Some(file) => drop(files.insert(name, file.digest)),
            // A version that a test lets be missing has no folder that a text could be put in.
            None if sources.files().is_empty() => {}
            None => drop(out.insert(path, String::from_utf8(bytes).expect("text"))),
        }
    }
    // Announcements are composed elsewhere; those that are there belong to the version.
    for file in tree.below(&format!("{folder}/announcement.")) {
        files.insert(file.path[folder.len() + 1..].to_string(), file.digest);
    }
    let digests = |key: &str| table.get(key).and_then(Value::as_table);
    if let Some(known) = digests("file_sha256").filter(|_| keep) {
        let made: Vec<(String, Digest)> = files.into_iter().filter(|(name, _)| is_made(name)).collect();
        files =
            known.iter().filter_map(|(name, digest)| Some((name.clone(), Digest::parse(digest.as_str()?)?))).collect();
        for (name, digest) in made {
            files.entry(name).or_insert(digest);
        }
    }
    if let Some(known) = digests("text_sha256").filter(|_| keep) {
        text_digests =
            known.iter().filter_map(|(name, digest)| Some((name.clone(), Digest::parse(digest.as_str()?)?))).collect();
    }
    let counting = string(table, "counting").and_then(Counting::named);
    let reckoning = match counting {
        Some(counting) => Reckoning::new(counting, []),
        None => settings.reckoning.clone(),
    };
    let zone_name = string(table, "timezone").unwrap_or(&settings.zone_name).to_string();
    Release {
        imported: false,
        base: None,
        amends: None,
        amendment: string(table, "amendment").and_then(Significance::named),
        published,
        published_span: 0..0,
        notice_from: date(table, "notice_from").unwrap_or(published),
        effective,
        effective_span: 0..0,
        zone: TimeZone::get(&zone_name).expect("a zone"),
        zone_name,
        reckoning,
        significance: string(table, "significance").and_then(Significance::named),
        summary: text(table, "summary").map(|text| told(text, &language)),
        exemption: exemption(table),
        justification: text(table, "justification").map(|text| told(text, &language)),
        files: Digests::from_iter(files),
        addresses: addresses(settings, document, version, text_digests.keys()).into(),
        text: Digests::from_iter(text_digests).into(),
        anchors: frozen.anchors.into(),
        signals: strings(table, "signals"),
        language,
    }
}

fn addresses<'t>(
    settings: &Settings,
    document: &str,
    version: &str,
    tags: impl Iterator<Item = &'t String>,
) -> BTreeMap<String, String> {
    let place = |tag: &str| settings.languages.iter().position(|language| language.tag() == tag);
    tags.filter_map(|tag| {
        let prefix = if place(tag)? == 0 { String::new() } else { format!("{tag}/") };
        Some((tag.clone(), format!("{prefix}{document}/v/{version}/")))
    })
    .collect()
}

/// Ten in the morning, when a company is at work.
pub fn ten_o_clock(day: Date) -> Timestamp {
    format!("{day}T10:00:00Z").parse().expect("an instant")
}

fn string<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key)?.as_str()
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    let items = table.get(key).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_string)).collect()
}

fn date(table: &Table, key: &str) -> Option<Date> {
    table.get(key)?.to_string().trim_matches('"').parse().ok()
}

fn text(table: &Table, key: &str) -> Option<Text> {
    match table.get(key)? {
        Value::String(words) => Some(Text::One(words.clone())),
        Value::Table(by) => Some(Text::ByLanguage(
            by.iter().filter_map(|(language, words)| Some((language.clone(), words.as_str()?.to_string()))).collect(),
        )),
        _ => None,
    }
}

/// Words for all languages are said to be in the authoritative one.
fn told(text: Text, language: &str) -> Text {
    match text {
        Text::One(words) => Text::ByLanguage([(language.to_string(), words)].into()),
        by => by,
    }
}

fn exemption(table: &Table) -> Option<Exemption> {
    let typed = table.get("exemption")?.as_table()?;
    let kind = EXEMPTIONS.iter().find(|kind| Some(**kind) == string(typed, "kind")).copied()?;
    Some(Exemption { kind, reason: told(text(typed, "reason")?, "en") })
}
