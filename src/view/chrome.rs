//! The frame of every page: the site, its organization and the navigation.
//!
//! In: a plan, the addresses of the theme's assets. Out: views that are the same on every page of a language, and a page's own
//! facts. Must not know: what a page is about.

use super::Views;
use super::model::*;
use crate::center::{Known, Text, facts::contact_label, organization::Party};
use crate::plan::address;

/// More documents than this, and the navigation names only the one that is open.
const NAV_LIMIT: usize = 8;

/// The parts that all pages of a language share.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Chrome {
    pub site: SiteView,
    pub lang: String,
    pub dir: &'static str,
    pub organization: OrganizationView,
    pub assets: AssetsView,
    pub drafts: bool,
}

/// An address and the language that it is in.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub language: usize,
    pub address: &'a str,
}

impl Views<'_, '_> {
    pub fn chrome(&self, language: usize) -> Chrome {
        let settings = &self.plan.center.settings;
        let own = &self.plan.languages()[language];
        let asset = |name: &str| settings.base_url.href(self.theme.asset_path(name).unwrap_or_default());
        let site = SiteView {
            title: self.say(language, &settings.title),
            base_url: settings.base_url.absolute(""),
            base_path: settings.base_url.path.clone(),
            home_href: self.plan.href(language, ""),
            languages: self
                .plan
                .languages()
                .iter()
                .map(|language| LanguageView {
                    code: language.tag().to_string(),
                    name: language.autonym(),
                    dir: language.direction(),
                })
                .collect(),
            many_languages: self.plan.languages().len() > 1,
            changes_href: self.plan.href(language, "changes/"),
            notices_href: self.plan.href(language, "notices/"),
            feed_href: self.plan.href(language, "feed.xml"),
            json_feed_href: self.plan.href(language, "feed.json"),
            calendar_href: settings.base_url.href("calendar.ics"),
            embed_href: Some(self.plan.href(language, "embed/")),
            zone: settings.zone_name.clone(),
            generator: format!("fineprint {}", env!("CARGO_PKG_VERSION")),
        };
        Chrome {
            site,
            lang: own.tag().to_string(),
            dir: own.direction(),
            organization: self.organization(language),
            assets: AssetsView { css: asset("site.css"), js: asset("site.js") },
            drafts: self.plan.drafts,
        }
    }

    /// The words of a text for readers of a language, else in the authoritative one.
    pub fn say(&self, language: usize, text: &Text) -> String {
        let own = self.plan.languages()[language].fallbacks();
        let authoritative = self.plan.center.settings.authoritative().tag();
        text.get(own.iter().map(String::as_str).chain([authoritative])).to_string()
    }

    fn organization(&self, language: usize) -> OrganizationView {
        let facts = &self.plan.center.organization;
        let own = &self.plan.languages()[language];
        let say = |text: &Option<Text>| text.as_ref().map(|text| self.say(language, text));
        let party = |party: &Known<Party>| {
            party.is().map(|party| PartyView {
                name: say(&party.name),
                email: party.email.clone(),
                website: party.website.clone(),
            })
        };
        OrganizationView {
            name: say(&facts.brand).or_else(|| say(&facts.legal_name)),
            legal_name: say(&facts.legal_name),
            address: say(&facts.address).map(|lines| lines.lines().map(str::to_string).collect()).unwrap_or_default(),
            tax_id: say(&facts.tax_id),
            registration: say(&facts.registration),
            website: say(&facts.website),
            contacts: facts
                .contacts
                .iter()
                .map(|(role, value)| ContactView {
                    role: role.clone(),
                    label: contact_label(own, role),
                    value: value.clone(),
                    href: contact_href(value),
                })
                .collect(),
            dpo: party(&facts.dpo),
            representative: party(&facts.representative),
            authority: party(&facts.authority),
        }
    }

    /// Targets of the navigation with their addresses, made once for each language.
    pub(super) fn ways(&self, language: usize) -> Vec<(String, NavView)> {
        let documents =
            (0..self.plan.center.documents.len()).filter(|document| self.plan.shows(*document)).map(|document| {
                let slug = &self.plan.center.documents[document].slug;
                (self.title(language, document), address::document(slug), "document")
            });
        let registers = self.plan.registers.iter().map(|page| {
            let name = &page.register.name;
            (page.register.title(&self.plan.languages()[language]), address::register(name), "register")
        });
        documents
            .chain(registers)
            .map(|(title, address, kind)| {
                let href = self.plan.href(language, &address);
                (address, NavView { title, href, current: false, kind })
            })
            .collect()
    }

    /// The navigation of a page: every way, or among many only the one that is open.
    pub(super) fn nav_at(ways: &[(String, NavView)], current: &str) -> Vec<NavView> {
        let many = ways.len() > NAV_LIMIT;
        ways.iter()
            .filter(|(address, _)| !many || address == current)
            .map(|(address, way)| NavView { current: address == current, ..way.clone() })
            .collect()
    }

    /// A page's own facts. `alternates` are the languages in which the same content stands at the same address.
    pub fn page(&self, kind: &'static str, place: Place, title: String, alternates: &[usize]) -> PageView {
        let languages = self.plan.languages();
        let mut hreflang = Vec::new();
        if alternates.len() > 1 {
            for other in alternates {
                let lang = languages[*other].tag().to_string();
                hreflang.push(AlternateView { lang, href: self.plan.absolute(*other, place.address) });
            }
            hreflang.push(AlternateView {
                lang: "x-default".into(),
                href: self.plan.absolute(alternates[0], place.address),
            });
        }
        let menu = if languages.len() > 1 {
            languages
                .iter()
                .enumerate()
                .map(|(index, language)| PageLanguageView {
                    code: language.tag().to_string(),
                    name: language.autonym(),
                    href: self.plan.href(index, place.address),
                    current: index == place.language,
                })
                .collect()
        } else {
            Vec::new()
        };
        PageView {
            kind,
            title,
            description: None,
            href: self.plan.href(place.language, place.address),
            canonical: self.plan.absolute(place.language, place.address),
            robots: None,
            alternates: hreflang,
            links: Vec::new(),
            languages: menu,
            json_ld: None,
        }
    }
}

fn contact_href(value: &str) -> Option<String> {
    if value.starts_with("https://") || value.starts_with("http://") || value.starts_with("mailto:") {
        return Some(value.to_string());
    }
    if crate::center::organization::is_email(value) {
        return Some(format!("mailto:{value}"));
    }
    let digits: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (value.starts_with('+') && digits.len() > 6).then(|| format!("tel:{digits}"))
}
