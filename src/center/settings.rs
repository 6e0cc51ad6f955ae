//! `fineprint.toml` → [`Settings`]: how the site is built, never what it promises.

use super::brand::Brand;
use super::own_item::OwnItem;
use super::practices::Practices;
use super::reader::{Keys, Reader};
use super::suppression::{ActiveSuppression, SuppressionEntry};
use super::text::Text;
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::notice::{Counting, Reckoning};
use crate::words::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::de::DeValue;

pub const PATH: &str = "fineprint.toml";

#[derive(Clone, Debug)]
pub struct Settings {
    pub base_url: BaseUrl,
    pub title: Text,
    pub zone: TimeZone,
    pub zone_name: String,
    /// Never empty; the first is authoritative.
    pub languages: Vec<Language>,
    /// Where the languages are listed.
    pub languages_span: Range<usize>,
    pub brand: Brand,
    pub theme: String,
    /// Where the theme is named.
    pub theme_span: Range<usize>,
    /// How a notice is counted that is announced now.
    pub reckoning: Reckoning,
    pub jurisdictions: Vec<String>,
    pub profiles: Vec<String>,
    /// Levels by rule; `None` turns a rule off.
    pub levels: BTreeMap<String, Option<Severity>>,
    /// As they are written in the settings.
    pub suppressions: Vec<SuppressionEntry>,
    /// Those that hold on the day of the check, whose targets were found, those in texts included.
    pub active_suppressions: Vec<ActiveSuppression>,
    /// Answers that only the company knows, for the coverage report. They are never guessed.
    pub practices: Practices,
    /// Where an item of the coverage report is answered, by the item's id.
    pub answers: BTreeMap<String, (String, Range<usize>)>,
    /// Items of the site's own for the coverage report: `[[check.item]]`.
    pub own_items: Vec<OwnItem>,
    /// Vendors that the prose rules know beside their own: the site's `[[check.vendor]]`.
    pub vendors: Vec<Vendor>,
    pub gpc: Option<Gpc>,
    pub security: Option<Security>,
    pub redirects: Vec<Redirect>,
}

/// Where the site will live: `https://host` and a path that starts and ends with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    pub origin: String,
    pub host: String,
    pub path: String,
}

impl BaseUrl {
    pub fn parse(typed: &str) -> Option<BaseUrl> {
        let url = url::Url::parse(typed).ok()?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
            return None;
        }
        let host = url.host_str()?.to_string();
        let mut path = url.path().to_string();
        if !path.ends_with('/') {
            path.push('/');
        }
        Some(BaseUrl { origin: url.origin().ascii_serialization(), host, path })
    }

    /// The absolute address of a path below the site's root (without leading `/`).
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.path)
    }

    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }
}

#[derive(Clone, Debug)]
pub struct Gpc {
    pub supported: bool,
    pub updated: Option<Date>,
}

/// RFC 9116.
#[derive(Clone, Debug)]
pub struct Security {
    pub contact: Vec<String>,
    pub expires: Date,
    /// Optional fields in the order in which they are written.
    pub fields: Vec<(&'static str, String)>,
    pub languages: Vec<String>,
}

/// A vendor that prose may name, so that a register has to list it.
#[derive(Clone, Debug)]
pub struct Vendor {
    pub name: String,
    /// Other names: products, legal names.
    pub aka: Vec<String>,
    /// payment, hosting, analytics, ads …
    pub category: Option<String>,
    /// The company whose product it is. A row that lists the company covers the product.
    pub provider: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Redirect {
    pub from: String,
    pub to: String,
    /// Place of the old address.
    pub span: Range<usize>,
}

impl Settings {
    /// Settings for a site without `fineprint.toml`: enough to show a page.
    fn fallback() -> Settings {
        Settings {
            base_url: BaseUrl { origin: "http://localhost".into(), host: "localhost".into(), path: "/".into() },
            title: Text::One("Privacy center".into()),
            zone: TimeZone::UTC,
            zone_name: "UTC".into(),
            languages: Language::parse("en").into_iter().collect(),
            languages_span: 0..0,
            brand: Brand::default(),
            theme: "default".into(),
            theme_span: 0..0,
            reckoning: Reckoning::default(),
            jurisdictions: Vec::new(),
            profiles: Vec::new(),
            levels: BTreeMap::new(),
            suppressions: Vec::new(),
            active_suppressions: Vec::new(),
            practices: Practices::default(),
            own_items: Vec::new(),
            answers: BTreeMap::new(),
            vendors: Vec::new(),
            gpc: None,
            security: None,
            redirects: Vec::new(),
        }
    }

    /// For a file outside any site: nothing is known but what it suppresses itself.
    pub fn single_file(active_suppressions: Vec<ActiveSuppression>) -> Settings {
        Settings { active_suppressions, ..Settings::fallback() }
    }

    pub fn authoritative(&self) -> &Language {
        &self.languages[0]
    }

    pub fn read(text: Option<&str>, findings: &mut Vec<Diagnostic>) -> Settings {
        let path: Arc<str> = PATH.into();
        let mut settings = Settings::fallback();
        let Some(text) = text else {
            findings.push(
                Diagnostic::new("missing-settings", "`fineprint.toml` is missing")
                    .at(&path, 0..0)
                    .help("run `fineprint init` to create a site, or pass the site's directory with `--site`"),
            );
            return settings;
        };
        let reader = &mut Reader::new(&path, 0, findings);
        let table = reader.parse(text);
        let mut keys = Keys::new(&table);
        match keys.string(reader, "base_url") {
            Some(url) => match BaseUrl::parse(url.get_ref()) {
                Some(base) => {
                    if is_placeholder(&base.host) {
                        reader.problem(
                            "placeholder-address",
                            url.span(),
                            format!("`{}` is a placeholder", url.get_ref()),
                            "write the address at which the site is served",
                        );
                    }
                    settings.base_url = base;
                }
                None => reader.problem(
                    "invalid-url",
                    url.span(),
                    format!("`{}` is not a web address", url.get_ref()),
                    "use the site's address, such as \"https://privacy.example.com\"",
                ),
            },
            None if !keys.has("base_url") => reader.problem(
                "missing-site-setting",
                0..0,
                "`fineprint.toml` has no `base_url`".into(),
                "add base_url = \"https://…\", the site's address",
            ),
            None => {}
        }
        if let Some(title) = keys.text(reader, "title") {
            settings.title = title;
        }
        match keys.string(reader, "timezone") {
            Some(name) => match TimeZone::get(name.get_ref()) {
                Ok(zone) => {
                    if name.get_ref().eq_ignore_ascii_case("UTC") {
                        reader.problem(
                            "utc-timezone",
                            name.span(),
                            "days begin and end at midnight UTC".into(),
                            "name the zone of your office, such as \"Europe/Madrid\", unless you mean UTC",
                        );
                    }
                    settings.zone = zone;
                    settings.zone_name = name.get_ref().clone();
                }
                Err(_) => reader.problem(
                    "unknown-timezone",
                    name.span(),
                    format!("no time zone `{}`", name.get_ref()),
                    zone_meant(name.get_ref()),
                ),
            },
            None if !keys.has("timezone") => reader.problem(
                "missing-site-setting",
                0..0,
                "`fineprint.toml` has no `timezone`".into(),
                "add timezone = \"Europe/Madrid\", the zone of your office",
            ),
            None => {}
        }
        let listed = table.get_ref().get("languages");
        settings.languages_span = listed.map_or(0..0, |value| value.span());
        if listed.is_none_or(|value| is_empty_list(value.get_ref())) {
            let span = listed.map_or(0..0, |value| value.span());
            let message = match listed {
                Some(_) => "`languages` is empty",
                None => "`fineprint.toml` has no `languages`",
            };
            let help = "add languages = [\"en\"], with the tag of each language; the first is authoritative";
            reader.problem("missing-key", span, message.into(), help);
        }
        let mut languages: Vec<Language> = Vec::new();
        for tag in keys.strings(reader, "languages") {
            match Language::parse(tag.get_ref()) {
                Some(language) if languages.iter().any(|other| other.tag() == language.tag()) => reader.problem(
                    "duplicate-language",
                    tag.span(),
                    format!("language `{}` is listed twice", language.tag()),
                    "remove one",
                ),
                Some(language) => languages.push(language),
                None => reader.problem(
                    "unknown-language",
                    tag.span(),
                    format!("`{}` is not a language tag", tag.get_ref()),
                    match language_meant(tag.get_ref()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => "use a BCP 47 tag such as \"en\", \"es\" or \"pt-BR\"".to_string(),
                    },
                ),
            }
        }
        if !languages.is_empty() {
            settings.languages = languages;
        }
        if let Some(theme) = keys.string(reader, "theme") {
            settings.theme_span = theme.span();
            settings.theme = theme.into_inner();
        }
        if let Some(brand) = keys.table(reader, "brand") {
            settings.brand = Brand::read(reader, brand);
        }
        let counting = keys.word(reader, "notice_counting", Counting::NAMES).and_then(Counting::named);
        settings.reckoning = Reckoning::new(counting.unwrap_or_default(), keys.dates(reader, "notice_holidays"));
        if let Some(check) = keys.table(reader, "check") {
            settings.read_check(reader, check);
        }
        if let Some(well_known) = keys.table(reader, "well_known") {
            if let (path, Some((key, span, _))) = (&settings.base_url.path, well_known.iter().next())
                && path != "/"
            {
                reader.problem(
                    "well-known-under-path",
                    span,
                    format!("`{key}` would be at `{path}.well-known/`, where nobody looks for it"),
                    "copy it to the root of the host after each build, or remove it here",
                );
            }
            settings.read_well_known(reader, well_known);
        }
        for mut redirect in keys.tables(reader, "redirect") {
            let from = redirect.string(reader, "from");
            let to = redirect.string(reader, "to");
            for key in ["from", "to"] {
                if !redirect.has(key) {
                    redirect.missing(reader, key, "the redirect");
                }
            }
            let to = to.filter(|to| {
                let fine = is_redirect_target(to.get_ref());
                if !fine {
                    reader.problem(
                        "invalid-url",
                        to.span(),
                        format!("the redirect's target `{}` is not an address", to.get_ref().escape_debug()),
                        "use an address from the site's root, such as \"/privacy/\", or a complete https address",
                    );
                }
                fine
            });
            if let (Some(from), Some(to)) = (from, to) {
                let span = from.span();
                settings.redirects.push(Redirect { from: from.into_inner(), to: to.into_inner(), span });
            }
            redirect.finish(reader);
        }
        keys.finish(reader);
        settings
    }

    fn read_well_known(&mut self, reader: &mut Reader, mut keys: Keys<'_>) {
        if let Some(value) = keys.value("gpc") {
            match value.get_ref() {
                DeValue::Table(table) => {
                    let mut gpc = Keys::of(table, value.span());
                    let supported = gpc.boolean(reader, "supported");
                    let updated = gpc.date(reader, "updated").map(|date| date.into_inner());
                    match supported {
                        Some(supported) => self.gpc = Some(Gpc { supported, updated }),
                        None if !gpc.has("supported") => gpc.missing(reader, "supported", "`gpc`"),
                        None => {}
                    }
                    gpc.finish(reader);
                }
                _ => reader.wrong_type(value, "gpc", "a table such as { supported = true }"),
            }
        }
        if let Some(mut security) = keys.table(reader, "security_txt") {
            let contact: Vec<String> =
                security.strings(reader, "contact").into_iter().map(|s| s.into_inner()).collect();
            let expires = security.date(reader, "expires");
            let mut fields = Vec::new();
            for (key, field) in [
                ("encryption", "Encryption"),
                ("acknowledgments", "Acknowledgments"),
                ("policy", "Policy"),
                ("hiring", "Hiring"),
            ] {
                if let Some(value) = security.string(reader, key) {
                    fields.push((field, value.into_inner()));
                }
            }
            let languages = security.strings(reader, "languages").into_iter().map(|s| s.into_inner()).collect();
            match expires {
                Some(expires) if !contact.is_empty() => {
                    self.security = Some(Security { contact, expires: expires.into_inner(), fields, languages });
                }
                _ => {
                    for key in ["contact", "expires"] {
                        if !security.has(key) {
                            security.missing(reader, key, "`security_txt`");
                        }
                    }
                    if let Some(value) = security.value("contact").filter(|value| is_empty_list(value.get_ref())) {
                        reader.problem(
                            "missing-key",
                            value.span(),
                            "`contact` of `security_txt` is empty".into(),
                            "add a contact, such as contact = [\"mailto:security@example.com\"]",
                        );
                    }
                }
            }
            security.finish(reader);
        }
        keys.finish(reader);
    }
}

/// True for hosts that are reserved for examples, and for this machine.
fn is_placeholder(host: &str) -> bool {
    let reserved =
        ["example.com", "example.net", "example.org", "example.edu", "localhost", "invalid", "test", "local"];
    let of = |domain: &&str| host.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    reserved.iter().any(of) || host.starts_with("127.") || matches!(host, "0.0.0.0" | "[::1]")
}

/// True if a redirect may lead there: a path of this site, or another site over https. Anything else could run a script, or
/// end the line on which a host's configuration names it.
fn is_redirect_target(to: &str) -> bool {
    if to.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>')) {
        return false;
    }
    match to.strip_prefix('/') {
        Some(rest) => !rest.starts_with('/'),
        None => url::Url::parse(to).is_ok_and(|url| {
            url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()
        }),
    }
}

fn is_empty_list(value: &DeValue<'_>) -> bool {
    value.as_array().is_some_and(|items| items.is_empty())
}

/// Suggests a time zone: people know the city, but not the continent before it.
fn zone_meant(typed: &str) -> String {
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let city = typed.trim().rsplit('/').next().unwrap_or("").replace(' ', "_");
    let same: Vec<String> = known
        .iter()
        .filter(|name| name.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&city)))
        .map(|name| format!("`{name}`"))
        .take(3)
        .collect();
    if !same.is_empty() {
        return format!("did you mean {}?", same.join(" or "));
    }
    match did_you_mean(typed, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "use an IANA name such as \"Europe/Madrid\"".to_string(),
    }
}

/// The tag of a language that was named instead: `Spanish`, `español`, `en_US`.
fn language_meant(typed: &str) -> Option<String> {
    if let Some(language) = Language::parse(&typed.trim().replace('_', "-")) {
        return Some(language.tag().to_string());
    }
    let typed = typed.trim().to_lowercase();
    if typed.chars().count() < 4 {
        // Too short to tell a name from a tag.
        return None;
    }
    let english = Language::english();
    let tags = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}")));
    let named: BTreeMap<String, String> = tags
        .filter_map(|tag| Language::parse(&tag).filter(|language| language.tag() == tag))
        .flat_map(|language| {
            [language.name_in(&english), language.autonym()]
                .map(|name| (name.to_lowercase(), language.tag().to_string()))
        })
        .collect();
    did_you_mean(&typed, named.keys().map(String::as_str)).map(|name| named[name].clone())
}
