//! `organization.toml` → [`Organization`]: who makes the promises. Nothing is required and nothing is made up.

use super::practices::Practices;
use super::reader::{Keys, Reader, Value, text, unknown_key};
use super::text::Text;
use crate::diagnostic::{Diagnostic, did_you_mean};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::de::DeValue;

/// A fact that may be absent, known to be none, known to be unknown, or there.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Known<T> {
    #[default]
    Absent,
    None,
    Unknown,
    Is(T),
}

impl<T> Known<T> {
    pub fn is(&self) -> Option<&T> {
        match self {
            Known::Is(value) => Some(value),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organization {
    pub legal_name: Option<Text>,
    pub brand: Option<Text>,
    pub form: Option<Text>,
    /// Lines, one below the other.
    pub address: Option<Text>,
    pub country: Option<String>,
    pub tax_id: Option<Text>,
    pub registration: Option<Text>,
    pub website: Option<Text>,
    /// By role, in the order of the file.
    pub contacts: Vec<(String, String)>,
    pub dpo: Known<Party>,
    pub representative: Known<Party>,
    pub authority: Known<Party>,
    pub practices: Practices,
    /// The site's own facts.
    pub facts: BTreeMap<String, Text>,
    /// Fields that are `none` or `unknown`.
    pub marked: BTreeMap<&'static str, &'static str>,
}

/// Somebody to turn to: a data protection officer, a representative, an authority.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Party {
    pub name: Option<Text>,
    pub email: Option<String>,
    pub website: Option<String>,
    /// Lines, one below the other.
    pub address: Option<Text>,
    pub country: Option<String>,
}

const KEYS: &[&str] = &[
    "legal_name",
    "brand",
    "form",
    "address",
    "country",
    "tax_id",
    "registration",
    "website",
    "contacts",
    "dpo",
    "representative",
    "authority",
    "practices",
    "facts",
];

/// Keys that hold further keys.
const GROUPS: &[&str] = &["contacts", "dpo", "representative", "authority", "practices", "facts"];

const PARTIES: &[&str] = &["dpo", "representative", "authority"];

const PARTY: &[&str] = &["name", "email", "website", "address", "country"];

impl Organization {
    pub fn read(path: &Arc<str>, source: &str, findings: &mut Vec<Diagnostic>) -> Organization {
        let reader = &mut Reader::new(path, 0, findings);
        let table = reader.parse(source);
        let mut keys = Keys::new(&table);
        let mut organization = Organization {
            address: address(reader, &mut keys),
            country: country(reader, &mut keys),
            dpo: party(reader, &mut keys, "dpo"),
            representative: party(reader, &mut keys, "representative"),
            authority: party(reader, &mut keys, "authority"),
            ..Organization::default()
        };
        organization.legal_name = organization.marked_text(reader, &mut keys, "legal_name");
        organization.brand = organization.marked_text(reader, &mut keys, "brand");
        organization.form = organization.marked_text(reader, &mut keys, "form");
        organization.tax_id = organization.marked_text(reader, &mut keys, "tax_id");
        organization.registration = organization.marked_text(reader, &mut keys, "registration");
        organization.website = organization.marked_text(reader, &mut keys, "website");
        if let Some(word) = organization.address.as_ref().and_then(mark) {
            organization.marked.insert("address", word);
            organization.address = None;
        }
        if let Some(contacts) = keys.table(reader, "contacts") {
            for (role, _, value) in contacts.iter() {
                match value.get_ref() {
                    DeValue::String(address) => {
                        if address.contains('@') && !is_email(address) {
                            reader.problem(
                                "invalid-email",
                                value.span(),
                                format!("`{address}` is not an email address"),
                                "write it as name@domain",
                            );
                        }
                        organization.contacts.push((role.to_string(), address.to_string()));
                    }
                    _ => reader.wrong_type(value, role, "an email address, a web address or a telephone number"),
                }
            }
        }
        if let Some(practices) = keys.table(reader, "practices") {
            organization.practices = Practices::read(reader, practices);
        }
        if let Some(facts) = keys.table(reader, "facts") {
            for (name, _, value) in facts.iter() {
                let fact = match value.get_ref() {
                    DeValue::Integer(number) => Some(Text::One(number.as_str().to_string())),
                    DeValue::Boolean(value) => Some(Text::One(value.to_string())),
                    DeValue::Float(number) => Some(Text::One(number.as_str().to_string())),
                    DeValue::Datetime(date) => Some(Text::One(date.to_string())),
                    _ => text(reader, name, value),
                };
                if let Some(fact) = fact {
                    organization.facts.insert(name.to_string(), fact);
                }
            }
        }
        for (key, span, _) in keys.iter() {
            if !KEYS.contains(&key) {
                unknown_key(reader, key, span, KEYS);
            }
        }
        organization
    }

    /// A text, unless it says that there is none or that it is unknown.
    fn marked_text(&mut self, reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<Text> {
        let text = keys.text(reader, key)?;
        let Some(word) = mark(&text) else { return Some(text) };
        self.marked.insert(key, word);
        None
    }

    /// The name that readers know.
    pub fn name<'a>(&'a self, languages: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
        self.brand.as_ref().or(self.legal_name.as_ref()).map(|name| name.get(languages))
    }

    /// The words of `organization.<path>`, if it has any.
    pub fn fact(&self, path: &str, languages: &[&str]) -> Option<String> {
        let say = |text: &Text| text.get(languages.iter().copied()).to_string();
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let own = match first {
            "legal_name" => self.legal_name.as_ref().map(say),
            "brand" => self.brand.as_ref().map(say),
            "form" => self.form.as_ref().map(say),
            "address" => self.address.as_ref().map(|address| on_one_line(&say(address))),
            "country" => self.country.as_ref().map(|code| country_name(code, languages)),
            "tax_id" => self.tax_id.as_ref().map(say),
            "registration" => self.registration.as_ref().map(say),
            "website" => self.website.as_ref().map(say),
            "contacts" => {
                let role = rest.unwrap_or("");
                return self.contacts.iter().find(|(name, _)| name == role).map(|(_, address)| address.clone());
            }
            "practices" if rest == Some("minimum_age") => return self.practices.minimum_age.map(|age| age.to_string()),
            "facts" => return self.facts.get(rest.unwrap_or("")).map(say),
            "dpo" => return party_fact(self.dpo.is(), rest, languages),
            "representative" => return party_fact(self.representative.is(), rest, languages),
            "authority" => return party_fact(self.authority.is(), rest, languages),
            _ => None,
        };
        own.filter(|_| rest.is_none())
    }

    /// The first part of a path below `organization` and the word, if it is said to be `none` or `unknown`.
    pub fn marked_at<'p>(&self, path: &'p str) -> Option<(&'p str, &'static str)> {
        let first = path.split('.').next().unwrap_or(path);
        let word = |party: &Known<Party>| match party {
            Known::None => Some("none"),
            Known::Unknown => Some("unknown"),
            Known::Absent | Known::Is(_) => None,
        };
        let word = match first {
            "dpo" => word(&self.dpo),
            "representative" => word(&self.representative),
            "authority" => word(&self.authority),
            _ => self.marked.get(first).copied(),
        };
        word.map(|word| (first, word))
    }

    /// How to begin a group of facts.
    pub fn how_to_fill(group: &str) -> Option<String> {
        if group == "practices" {
            return Some("add `minimum_age = 16`, with your minimum age, under `[practices]` in content/organization.toml, then use `organization.practices.minimum_age`".to_string());
        }
        let key = if PARTIES.contains(&group) { "name" } else { "NAME" };
        let fill = || {
            format!(
                "add `{key} = \"…\"` under `[{group}]` in content/organization.toml, then use `organization.{group}.{key}`"
            )
        };
        GROUPS.contains(&group).then(fill)
    }

    /// How to write a fact that is not there, if `organization.toml` has a place for it.
    pub fn how_to_add(path: &str) -> Option<String> {
        let whole =
            |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let file = "content/organization.toml";
        match path.split_once('.') {
            None if GROUPS.contains(&path) => None,
            None if path == "country" => Some(format!("add `country = \"ES\"`, with your country's code, to {file}")),
            None => KEYS.contains(&path).then(|| format!("add `{path} = \"…\"` to {file}")),
            Some((group, key)) => {
                let open = matches!(group, "contacts" | "facts") && whole(key);
                let party = PARTIES.contains(&group) && PARTY.contains(&key);
                (open || party).then(|| format!("add `{key} = \"…\"` below `[{group}]` in {file}"))
            }
        }
    }

    /// Every path that the file has a key for, whether it is filled in or not.
    pub fn possible() -> Vec<String> {
        let simple = KEYS.iter().filter(|key| !GROUPS.contains(key)).map(|key| format!("organization.{key}"));
        simple
            .chain(PARTIES.iter().flat_map(|group| PARTY.iter().map(move |key| format!("organization.{group}.{key}"))))
            .collect()
    }

    /// Every path that has a value.
    pub fn paths(&self) -> Vec<String> {
        let simple = [
            ("legal_name", self.legal_name.is_some()),
            ("brand", self.brand.is_some()),
            ("form", self.form.is_some()),
            ("address", self.address.is_some()),
            ("country", self.country.is_some()),
            ("tax_id", self.tax_id.is_some()),
            ("registration", self.registration.is_some()),
            ("website", self.website.is_some()),
        ];
        let mut out: Vec<String> =
            simple.iter().filter(|(_, there)| *there).map(|(name, _)| format!("organization.{name}")).collect();
        out.extend(self.contacts.iter().map(|(role, _)| format!("organization.contacts.{role}")));
        out.extend(self.practices.minimum_age.map(|_| "organization.practices.minimum_age".to_string()));
        out.extend(self.facts.keys().map(|name| format!("organization.facts.{name}")));
        for (name, party) in
            [("dpo", &self.dpo), ("representative", &self.representative), ("authority", &self.authority)]
        {
            if let Known::Is(_) = party {
                for field in PARTY {
                    if party_fact(party.is(), Some(field), &[]).is_some() {
                        out.push(format!("organization.{name}.{field}"));
                    }
                }
            }
        }
        out
    }
}

fn party_fact(party: Option<&Party>, field: Option<&str>, languages: &[&str]) -> Option<String> {
    let party = party?;
    match field.unwrap_or("name") {
        "name" => party.name.as_ref().map(|name| name.get(languages.iter().copied()).to_string()),
        "email" => party.email.clone(),
        "website" => party.website.clone(),
        "address" => party.address.as_ref().map(|address| on_one_line(address.get(languages.iter().copied()))),
        "country" => party.country.as_ref().map(|code| country_name(code, languages)),
        _ => None,
    }
}

fn country_name(code: &str, languages: &[&str]) -> String {
    languages
        .iter()
        .find_map(|tag| crate::words::country(&crate::words::Language::parse(tag)?, code))
        .unwrap_or_else(|| code.to_string())
}

fn on_one_line(address: &str) -> String {
    address.lines().collect::<Vec<_>>().join(", ")
}

/// `none` and `unknown` are values of their own.
fn mark(text: &Text) -> Option<&'static str> {
    match text {
        Text::One(word) if word == "none" => Some("none"),
        Text::One(word) if word == "unknown" => Some("unknown"),
        _ => None,
    }
}

/// One string, a list of lines, or either by language.
fn address(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<Text> {
    let value = keys.value("address")?;
    let lines = |reader: &mut Reader, value: &Value<'_>| match value.get_ref() {
        DeValue::String(text) => {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            Some(lines.join("\n"))
        }
        DeValue::Array(items) => {
            let mut lines = Vec::new();
            for item in items.iter() {
                match item.get_ref().as_str() {
                    Some(line) => lines.push(line.trim()),
                    None => reader.wrong_type(item, "address", "a string"),
                }
            }
            Some(lines.join("\n"))
        }
        _ => {
            reader.wrong_type(value, "address", "a string or a list of lines, or a table of these by language");
            None
        }
    };
    match value.get_ref() {
        DeValue::Table(by) => {
            let mut out = BTreeMap::new();
            for (language, value) in by {
                if let Some(address) = lines(reader, value) {
                    out.insert(language.get_ref().to_string(), address);
                }
            }
            Some(Text::ByLanguage(out))
        }
        _ => lines(reader, value).map(Text::One),
    }
}

fn country(reader: &mut Reader, keys: &mut Keys<'_>) -> Option<String> {
    let code = keys.string(reader, "country")?;
    check_country(reader, code.get_ref(), code.span());
    Some(code.into_inner())
}

pub fn check_country(reader: &mut Reader, code: &str, span: std::ops::Range<usize>) {
    let english = crate::words::Language::parse("en");
    if english.is_none_or(|english| crate::words::country(&english, code).is_none()) {
        reader.problem(
            "unknown-country",
            span,
            format!("`{code}` is not a country code"),
            match country_meant(code) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "use a two-letter ISO 3166-1 code, such as \"DE\"".to_string(),
            },
        );
    }
}

/// The code of a country that was written in another way: `es`, `UK`, `Spain`, `España`.
fn country_meant(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let habits = [("uk", "GB"), ("great britain", "GB"), ("england", "GB"), ("el", "GR"), ("usa", "US")];
    if let Some((_, code)) = habits.iter().find(|(habit, _)| *habit == typed) {
        return Some(code.to_string());
    }
    let english = crate::words::Language::english();
    let codes: Vec<String> = ('A'..='Z')
        .flat_map(|a| ('A'..='Z').map(move |b| format!("{a}{b}")))
        .filter(|code| crate::words::country(&english, code).is_some())
        .collect();
    if typed.chars().count() < 4 {
        // Too short to be near to a name.
        return codes.into_iter().find(|code| code.to_lowercase() == typed);
    }
    let languages = crate::words::supported().iter().filter_map(|tag| crate::words::Language::parse(tag));
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    for language in languages {
        for code in &codes {
            if let Some(name) = crate::words::country(&language, code) {
                named.entry(name.to_lowercase()).or_insert(code);
            }
        }
    }
    did_you_mean(&typed, named.keys().map(String::as_str)).map(|name| named[name].to_string())
}

fn party(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Known<Party> {
    let Some(value) = keys.value(key) else { return Known::Absent };
    match value.get_ref() {
        DeValue::String(word) if word == "none" => Known::None,
        DeValue::String(word) if word == "unknown" => Known::Unknown,
        DeValue::Table(table) => {
            let mut keys = Keys::of(table, value.span());
            let party = Party {
                name: keys.text(reader, "name"),
                email: keys.string(reader, "email").map(|email| {
                    if !is_email(email.get_ref()) {
                        reader.problem(
                            "invalid-email",
                            email.span(),
                            format!("`{}` is not an email address", email.get_ref()),
                            "write it as name@domain",
                        );
                    }
                    email.into_inner()
                }),
                website: keys.string(reader, "website").map(|website| website.into_inner()),
                address: address(reader, &mut keys),
                country: country(reader, &mut keys),
            };
            keys.finish(reader);
            Known::Is(party)
        }
        _ => {
            reader.wrong_type(value, key, "a table with name and email, or \"none\" or \"unknown\"");
            Known::Absent
        }
    }
}

/// The shape of an address, not a promise that it works.
pub fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    !name.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';'))
}
