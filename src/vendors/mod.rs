//! The directory of vendors that policies commonly name: names, hosts, packages.
//!
//! In: words, a host, or a package's name. Out: the vendor. Must not know: texts, registers, what a vendor does with data.

use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// A vendor that is known by name.
#[derive(Debug)]
pub struct Vendor {
    pub name: String,
    /// payment, hosting, analytics, ads, email, ai …
    pub category: String,
    /// The company whose product it is.
    pub provider: Option<String>,
    pub names: Vec<String>,
    pub domains: Vec<String>,
    /// `npm:@sentry/*`: an ecosystem and a name, or the beginning of several.
    pub packages: Vec<String>,
    /// The name is a word of everyday language, too.
    pub everyday: bool,
}

/// Vendors, and an index of their names.
pub struct Directory {
    pub vendors: Vec<Vendor>,
    names: AhoCorasick,
    /// The vendor and whether it is the everyday name, by pattern.
    named: Vec<(usize, bool)>,
}

static KNOWN: LazyLock<Directory> = LazyLock::new(|| {
    let list = |cell: &str| cell.split("; ").filter(|name| *name != "-").map(String::from).collect::<Vec<_>>();
    let rows = |file: &'static str| file.lines().filter(|line| !line.starts_with('#')).map(|row| row.split('\t'));
    let words = |cell: &str| cell.split(' ').filter(|word| *word != "-").map(String::from).collect::<Vec<_>>();
    let traces: HashMap<&str, (Vec<String>, Vec<String>)> = rows(include_str!("traces.tsv"))
        .map(|mut cells| {
            let mut next = || cells.next().unwrap_or("-");
            (next(), (words(next()), words(next())))
        })
        .collect();
    let vendors = rows(include_str!("vendors.tsv"))
        .map(|cells| {
            let cells: Vec<&str> = cells.collect();
            let name = cells[0].trim_end_matches('?').to_string();
            let mut names = vec![name.clone()];
            names.extend(list(cells[3]));
            let (hosts, packages) = traces.get(name.as_str()).cloned().unwrap_or_default();
            let mut domains = list(cells[4]);
            domains.extend(hosts);
            Vendor {
                name,
                category: cells[1].to_string(),
                provider: list(cells[2]).pop(),
                names,
                domains,
                packages,
                everyday: cells[0].ends_with('?'),
            }
        })
        .collect();
    Directory::new(vendors)
});

/// Returns the vendors that the program knows.
pub fn known() -> &'static Directory {
    &KNOWN
}

impl Directory {
    pub fn new(vendors: Vec<Vendor>) -> Directory {
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

    /// Returns the vendors named in some words, with their places, and whether the name may be an everyday word.
    pub fn in_words<'d>(&'d self, words: &str) -> Vec<(&'d Vendor, Range<usize>, bool)> {
        self.names
            .find_iter(words)
            .filter(|hit| is_word(words, &hit.range()))
            .map(|hit| {
                let (vendor, everyday) = self.named[hit.pattern().as_usize()];
                (&self.vendors[vendor], hit.range(), everyday)
            })
            .collect()
    }

    /// Returns the vendor to whom a host belongs: the one with the longest domain of those that it ends with.
    pub fn of_host(&self, host: &str) -> Option<&Vendor> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let belongs =
            |domain: &str| host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'));
        let longest = |vendor: &Vendor| {
            vendor.domains.iter().filter(|domain| belongs(domain)).map(String::len).max().unwrap_or(0)
        };
        // Of several with one domain, the company itself is named and none of its products.
        self.vendors
            .iter()
            .map(|vendor| (longest(vendor), vendor.provider.is_none(), vendor))
            .filter(|(length, ..)| *length > 0)
            .max_by_key(|(length, company, _)| (*length, *company))
            .map(|(.., vendor)| vendor)
    }

    /// Returns the vendor whose package this is: `of_package("npm", "@sentry/node")`.
    pub fn of_package(&self, ecosystem: &str, name: &str) -> Option<&Vendor> {
        let name = name.to_lowercase();
        let fits = |package: &String| {
            let known = package.strip_prefix(ecosystem).and_then(|rest| rest.strip_prefix(':'));
            known.is_some_and(|known| match known.strip_suffix('*') {
                Some(beginning) => name.starts_with(beginning),
                None => name == known,
            })
        };
        let longest = |vendor: &Vendor| vendor.packages.iter().filter(|package| fits(package)).map(String::len).max();
        let known = self.vendors.iter().filter_map(|vendor| Some((longest(vendor)?, vendor)));
        known.max_by_key(|(length, _)| *length).map(|(_, vendor)| vendor)
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

/// True if a name is in some words, whole and in whatever case.
pub fn contains_name(words: &str, name: &str) -> bool {
    let (words, name) = (words.to_lowercase(), name.to_lowercase());
    words.match_indices(&name).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(words[..at].chars().next_back()) && !letter(words[at + name.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_packages_belong_to_vendors() {
        let host = |host| known().of_host(host).map(|vendor| vendor.name.as_str());
        assert_eq!(host("eu-assets.i.posthog.com"), Some("PostHog"));
        assert_eq!(host("o1.ingest.sentry.io"), Some("Sentry"));
        assert_eq!(host("js.stripe.com"), Some("Stripe"));
        assert_eq!(host("fonts.gstatic.com"), Some("Google Fonts"));
        assert_eq!(host("notstripe.com"), None);
        let package = |ecosystem, name| known().of_package(ecosystem, name).map(|vendor| vendor.name.as_str());
        assert_eq!(package("npm", "@sentry/node"), Some("Sentry"));
        assert_eq!(package("pypi", "boto3"), Some("Amazon Web Services"));
        assert_eq!(package("go", "github.com/stripe/stripe-go/v79"), Some("Stripe"));
        assert_eq!(package("npm", "stripes"), None);
    }

    #[test]
    fn every_trace_belongs_to_a_vendor_of_the_directory() {
        for row in include_str!("traces.tsv").lines().filter(|line| !line.starts_with('#')) {
            let name = row.split('\t').next().unwrap_or("");
            assert!(known().vendors.iter().any(|vendor| vendor.name == name), "{name}");
            assert_eq!(row.split('\t').count(), 3, "{row}");
        }
    }
}
