//! The view models, filled from the center and the timeline.
//!
//! In: a plan. Out: what a template may see of sites, documents, versions, notices, registers. Must not know: templates, Markdown.

use super::view::*;
use super::{Plan, RegisterPage, address};
use crate::center::register::Value;
use crate::center::{Exemption, Known, Life, Text, Version, facts::contact_label, organization::Party};
use crate::timeline::{Notice, State};
use crate::words::{self, Language};

/// More documents than this, and the navigation names only the one that is open.
const NAV_LIMIT: usize = 8;

/// Addresses of the theme's files.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    css: String,
    js: String,
}

impl Assets {
    pub fn new(assets: &[(String, String)]) -> Assets {
        let find = |name: &str| {
            assets.iter().find(|(asset, _)| asset == name).map(|(_, path)| path.clone()).unwrap_or_default()
        };
        Assets { css: find("site.css"), js: find("site.js") }
    }
}

/// What every page of a language has in common.
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

impl Plan<'_> {
    pub fn chrome(&self, language: usize) -> Chrome {
        let settings = &self.center.settings;
        let own = &self.languages()[language];
        let site = SiteView {
            title: self.say(language, &settings.title),
            base_url: settings.base_url.absolute(""),
            base_path: settings.base_url.path.clone(),
            home_href: self.href(language, ""),
            languages: self
                .languages()
                .iter()
                .map(|language| LanguageView {
                    code: language.tag().to_string(),
                    name: language.autonym(),
                    dir: language.direction(),
                })
                .collect(),
            many_languages: self.languages().len() > 1,
            changes_href: self.href(language, "changes/"),
            notices_href: self.href(language, "notices/"),
            feed_href: self.href(language, "feed.xml"),
            json_feed_href: self.href(language, "feed.json"),
            calendar_href: settings.base_url.href("calendar.ics"),
            embed_href: Some(self.href(language, "embed/")),
            zone: settings.zone_name.clone(),
            generator: format!("fineprint {}", env!("CARGO_PKG_VERSION")),
        };
        Chrome {
            site,
            lang: own.tag().to_string(),
            dir: own.direction(),
            organization: self.organization(language),
            assets: AssetsView {
                css: settings.base_url.href(&self.assets.css),
                js: settings.base_url.href(&self.assets.js),
            },
            drafts: self.drafts,
        }
    }

    /// The words of a text for readers of a language, else in the authoritative one.
    pub fn say(&self, language: usize, text: &Text) -> String {
        let own = self.languages()[language].fallbacks();
        let authoritative = self.center.settings.authoritative().tag();
        text.get(own.iter().map(String::as_str).chain([authoritative])).to_string()
    }

    fn organization(&self, language: usize) -> OrganizationView {
        let facts = &self.center.organization;
        let own = &self.languages()[language];
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

    /// What the navigation can lead to, with its address; made once for a language.
    pub fn ways(&self, language: usize) -> Vec<(String, NavView)> {
        let documents = (0..self.center.documents.len()).filter(|document| self.shows(*document)).map(|document| {
            let slug = &self.center.documents[document].slug;
            (self.title(language, document), address::document(slug), "document")
        });
        let registers = self.registers.iter().map(|page| {
            let name = &page.register.name;
            (page.register.title(&self.languages()[language]), address::register(name), "register")
        });
        documents
            .chain(registers)
            .map(|(title, address, kind)| {
                let href = self.href(language, &address);
                (address, NavView { title, href, current: false, kind })
            })
            .collect()
    }

    /// The navigation of a page: every way, or among many only the one that is open.
    pub fn nav(ways: &[(String, NavView)], current: &str) -> Vec<NavView> {
        let many = ways.len() > NAV_LIMIT;
        ways.iter()
            .filter(|(address, _)| !many || address == current)
            .map(|(address, way)| NavView { current: address == current, ..way.clone() })
            .collect()
    }

    /// A page's own facts. `alternates` are the languages in which the same content stands at the same address.
    pub fn page(&self, kind: &'static str, place: Place, title: String, alternates: &[usize]) -> PageView {
        let languages = self.languages();
        let mut hreflang = Vec::new();
        if alternates.len() > 1 {
            for other in alternates {
                let lang = languages[*other].tag().to_string();
                hreflang.push(AlternateView { lang, href: self.absolute(*other, place.address) });
            }
            hreflang
                .push(AlternateView { lang: "x-default".into(), href: self.absolute(alternates[0], place.address) });
        }
        let menu = if languages.len() > 1 {
            languages
                .iter()
                .enumerate()
                .map(|(index, language)| PageLanguageView {
                    code: language.tag().to_string(),
                    name: language.autonym(),
                    href: self.href(index, place.address),
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
            href: self.href(place.language, place.address),
            canonical: self.absolute(place.language, place.address),
            robots: None,
            alternates: hreflang,
            links: Vec::new(),
            languages: menu,
            json_ld: None,
        }
    }

    pub fn every_language(&self) -> Vec<usize> {
        (0..self.languages().len()).collect()
    }

    /// The document's title as its readers know it.
    pub fn title(&self, language: usize, document: usize) -> String {
        let entry = &self.center.documents[document];
        let tag = self.languages()[language].tag();
        let timeline = &self.timeline.documents[document];
        let shown = timeline.naming();
        match (shown, &entry.draft) {
            (Some(version), _) => entry.versions[version].title(tag),
            (None, Some(draft)) => draft
                .texts
                .get(tag)
                .and_then(|text| text.title.clone())
                .or_else(|| draft.front.title.clone())
                .unwrap_or_else(|| entry.slug.clone()),
            (None, None) => entry.slug.clone(),
        }
    }

    pub fn description(&self, language: usize, document: usize) -> Option<String> {
        let entry = &self.center.documents[document];
        let tag = self.languages()[language].tag();
        let timeline = &self.timeline.documents[document];
        let shown = timeline.naming();
        match (shown, &entry.draft) {
            (Some(version), _) => entry.versions[version].description(tag),
            (None, Some(draft)) => draft
                .texts
                .get(tag)
                .and_then(|text| text.description.clone())
                .or_else(|| draft.front.description.clone()),
            (None, None) => None,
        }
    }

    pub fn document(&self, language: usize, document: usize) -> DocumentView {
        let slug = &self.center.documents[document].slug;
        DocumentView {
            slug: slug.clone(),
            title: self.title(language, document),
            description: self.description(language, document),
            href: self.href(language, &address::document(slug)),
            changes_href: self.href(language, &address::changes(slug)),
            feed_href: self.href(language, &format!("{slug}/feed.xml")),
        }
    }

    fn title_view(&self, language: usize, document: usize) -> TitleView {
        let slug = &self.center.documents[document].slug;
        TitleView {
            slug: slug.clone(),
            title: self.title(language, document),
            href: self.href(language, &address::document(slug)),
        }
    }

    pub fn document_entries(&self, language: usize) -> Vec<DocumentEntryView> {
        let own = &self.languages()[language];
        (0..self.center.documents.len())
            .filter(|document| self.shows(*document))
            .map(|document| {
                let entry = &self.center.documents[document];
                let timeline = &self.timeline.documents[document];
                let shown = timeline.shown().map(|version| &entry.versions[version]);
                let state = match (timeline.in_force, timeline.upcoming.first()) {
                    (Some(_), _) => "in-force",
                    (None, Some(_)) => "upcoming",
                    (None, None) if timeline.visible().next().is_some() => "withdrawn",
                    (None, None) => "draft",
                };
                let upcoming = timeline.upcoming.first().filter(|_| timeline.in_force.is_some()).map(|version| {
                    let version = &entry.versions[*version];
                    UpcomingView {
                        effective: DateView::new(own, version.effective),
                        published: DateView::new(own, version.published),
                        href: self.href(language, &address::upcoming(&entry.slug)),
                        significance: significance(version.significance),
                    }
                });
                DocumentEntryView {
                    slug: entry.slug.clone(),
                    title: self.title(language, document),
                    description: self.description(language, document),
                    href: self.href(language, &address::document(&entry.slug)),
                    changes_href: self.href(language, &address::changes(&entry.slug)),
                    state,
                    published: shown.map(|version| DateView::new(own, version.published)),
                    effective: shown.map(|version| DateView::new(own, version.effective)),
                    versions: timeline.visible().count(),
                    upcoming,
                }
            })
            .collect()
    }

    pub fn register_entries(&self, language: usize) -> Vec<RegisterEntryView> {
        let own = &self.languages()[language];
        self.registers
            .iter()
            .map(|page| RegisterEntryView {
                name: page.register.name.clone(),
                title: page.register.title(own),
                description: page.register.description.as_ref().map(|text| self.say(language, text)),
                href: self.href(language, &address::register(&page.register.name)),
                rows: page.rows.iter().filter(|row| row.life != Life::Former).count(),
            })
            .collect()
    }

    pub fn exemption(&self, language: usize, exemption: &Option<Exemption>) -> Option<ExemptionView> {
        let own = &self.languages()[language];
        exemption.as_ref().map(|exemption| ExemptionView {
            kind: exemption.kind,
            label: words::label(own, &format!("exemption.{}", exemption.kind)).to_string(),
            reason: self.say(language, &exemption.reason),
        })
    }

    /// The withdrawal, once it has happened.
    fn withdrawal(&self, language: usize, version: &Version, state: State) -> Option<WithdrawalView> {
        let own = &self.languages()[language];
        version.withdrawn.as_ref().filter(|_| state == State::Withdrawn).map(|withdrawal| WithdrawalView {
            date: DateView::new(own, withdrawal.date),
            reason: withdrawal.reason.as_ref().map(|reason| self.say(language, reason)),
        })
    }

    pub fn notice(&self, language: usize, notice: &Notice) -> NoticeView {
        let own = &self.languages()[language];
        let entry = &self.center.documents[notice.document];
        let version = &entry.versions[notice.version];
        NoticeView {
            document: self.title_view(language, notice.document),
            version: version.id.clone(),
            href: self.href(language, &address::version(&entry.slug, &version.id)),
            upcoming_href: self.href(language, &address::upcoming(&entry.slug)),
            redline_href: self.redline_href(language, notice.document, notice.version),
            published: DateView::new(own, notice.published),
            effective: DateView::new(own, notice.effective),
            promised: notice.promised.words(own),
            given: notice.shortened_to.map(|given| given.words(own)),
            notice_days_promised: notice.days_promised,
            notice_days_given: notice.days_given,
            summary: version.summary.as_ref().map(|summary| self.say(language, summary)),
            significance: significance(version.significance),
            exemption: self.exemption(language, &version.exemption),
            open: notice.open,
            withdrawn: notice.withdrawn.map(|date| DateView::new(own, date)),
            facts: Vec::new(),
        }
    }

    /// What was published, newest first, so many at most: of one document, or of the whole center.
    pub fn changes(&self, language: usize, only: Option<usize>, most: usize) -> Vec<ChangeView> {
        let mut all: Vec<(usize, usize)> = (0..self.center.documents.len())
            .filter(|document| only.is_none_or(|only| only == *document))
            .flat_map(|document| self.timeline.documents[document].visible().map(move |version| (document, version)))
            .collect();
        all.sort_by_key(|(document, version)| {
            let version = &self.center.documents[*document].versions[*version];
            std::cmp::Reverse((version.published, version.effective, std::cmp::Reverse(*document)))
        });
        all.into_iter().take(most).map(|(document, version)| self.change(language, document, version)).collect()
    }

    pub fn change(&self, language: usize, document: usize, version: usize) -> ChangeView {
        let own = &self.languages()[language];
        let entry = &self.center.documents[document];
        let state = self.timeline.documents[document].states[version];
        let redline_href = self.redline_href(language, document, version);
        let at = (document, version);
        let version = &entry.versions[version];
        ChangeView {
            at,
            document: self.title_view(language, document),
            version: version.id.clone(),
            href: self.href(language, &address::version(&entry.slug, &version.id)),
            published: DateView::new(own, version.published),
            effective: DateView::new(own, version.effective),
            significance: significance(version.significance),
            imported: version.imported,
            summary: version.summary.as_ref().map(|summary| self.say(language, summary)),
            state,
            redline_href,
            withdrawn: self.withdrawal(language, version, state),
            exemption: self.exemption(language, &version.exemption),
            facts: Vec::new(),
        }
    }

    pub fn version(&self, language: usize, document: usize, version: usize, digest: Option<String>) -> VersionView {
        let own = &self.languages()[language];
        let entry = &self.center.documents[document];
        let timeline = &self.timeline.documents[document];
        let state = timeline.states[version];
        let frozen = &entry.versions[version];
        let neighbour = |index: usize| self.neighbour(language, document, index);
        let source_language = if frozen.texts.contains_key(own.tag()) { language } else { 0 };
        let source = format!("{}policy.md", address::version(&entry.slug, &frozen.id));
        let until = if state == State::Withdrawn { None } else { timeline.until(entry, version) };
        VersionView {
            id: frozen.id.clone(),
            state: state.name(),
            published: Some(DateView::new(own, frozen.published)),
            effective: Some(DateView::new(own, frozen.effective)),
            until: until.map(|date| DateView::new(own, date)),
            significance: significance(frozen.significance),
            imported: frozen.imported,
            summary: frozen.summary.as_ref().map(|summary| self.say(language, summary)),
            permalink: self.absolute(language, &address::version(&entry.slug, &frozen.id)),
            source_href: Some(self.href(source_language, &source)),
            digest,
            exemption: self.exemption(language, &frozen.exemption),
            withdrawn: self.withdrawal(language, frozen, state),
            previous: timeline.before(version).map(neighbour),
            next: timeline.after(version).map(neighbour),
            in_force: timeline.in_force.filter(|index| *index != version).map(neighbour),
            redlines: self.redline_links(language, document, version),
        }
    }

    pub fn neighbour(&self, language: usize, document: usize, version: usize) -> NeighbourView {
        let entry = &self.center.documents[document];
        let version = &entry.versions[version];
        NeighbourView {
            id: version.id.clone(),
            href: self.href(language, &address::version(&entry.slug, &version.id)),
            effective: DateView::new(&self.languages()[language], version.effective),
        }
    }

    pub fn register(&self, language: usize, page: &RegisterPage) -> RegisterView {
        let own = &self.languages()[language];
        let register = &page.register;
        let name = &register.name;
        let has_life = crate::center::schema::schema(name)
            .is_some_and(|schema| schema.fields.iter().any(|field| field.name == "since"));
        // A life and addresses stand below the name: a table with a column for each would not fit any screen.
        let below_name = ["since", "until", "objection_deadline", "website", "privacy", "dpa", "aka"];
        let hidden = |field: &String| below_name.contains(&field.as_str());
        let columns: Vec<String> =
            register.filled_fields().into_iter().filter(|field| !(has_life && hidden(field))).collect();
        let group = |status: &'static str, wanted: Option<Life>| {
            let rows: Vec<RegisterRowView> = page
                .rows
                .iter()
                .filter(|row| wanted.is_none_or(|life| row.life == life))
                .map(|row| RegisterRowView {
                    id: row.row.id.clone(),
                    cells: columns
                        .iter()
                        .map(|column| {
                            let link = (column == "name").then(|| row.row.value("website")).flatten();
                            cell(own, register, column, row.row.value(column), link)
                        })
                        .collect(),
                    date: row.date.map(|date| DateView::new(own, date)),
                    notes: if has_life { row_notes(own, register, row) } else { Vec::new() },
                })
                .collect();
            GroupView { status, rows }
        };
        let groups = if has_life {
            let mut groups = vec![
                group("announced", Some(Life::Announced)),
                group("active", Some(Life::Active)),
                group("former", Some(Life::Former)),
            ];
            groups.retain(|group| group.status == "active" || !group.rows.is_empty());
            groups
        } else {
            vec![group("all", None)]
        };
        let describe = |(document, version): (usize, usize)| {
            let entry = &self.center.documents[document];
            let version = &entry.versions[version];
            (
                version.title(own.tag()),
                self.href(language, &address::version(&entry.slug, &version.id)),
                DateView::new(own, version.published),
                DateView::new(own, version.effective),
            )
        };
        RegisterView {
            name: name.clone(),
            title: register.title(own),
            description: register.description.as_ref().map(|text| self.say(language, text)),
            csv_href: self.href(language, &format!("{name}/{name}.csv")),
            json_href: self.href(language, &format!("{name}/{name}.json")),
            feed_href: self.href(language, &format!("{name}/feed.xml")),
            columns: columns
                .iter()
                .map(|column| ColumnView { key: column.clone(), label: register.label(own, column) })
                .collect(),
            has_life,
            groups,
            as_of_version: page.source.map(|source| {
                let (title, href, _, effective) = describe(source);
                AsOfView { title, href, effective }
            }),
            history: page
                .history
                .iter()
                .rev()
                .map(|at| {
                    let (document_title, href, published, effective) = describe(*at);
                    RegisterChangeView { published, effective, href, document_title, sentences: Vec::new() }
                })
                .collect(),
        }
    }
}

/// The end of the time to object, for rows that are announced, and the company's own pages.
fn row_notes(
    language: &Language,
    register: &crate::center::Register,
    row: &super::registers::LivingRow,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Life::Announced, Some(date)) = (row.life, row.row.date("objection_deadline")) {
        let label = escape(&register.label(language, "objection_deadline"));
        notes.push(format!("{label} <time datetime=\"{date}\">{}</time>", escape(&words::date(language, date))));
    }
    for field in ["privacy", "dpa"] {
        if let Some(Value::Url(url)) = row.row.value(field) {
            notes.push(format!("<a href=\"{}\">{}</a>", escape(url), escape(&register.label(language, field))));
        }
    }
    notes
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

fn cell(
    language: &Language,
    register: &crate::center::Register,
    column: &str,
    value: Option<&Value>,
    link: Option<&Value>,
) -> String {
    let Some(value) = value else { return String::new() };
    let words = escape(&register.words(language, column, value));
    let href = match (value, link) {
        (Value::Url(url), _) | (_, Some(Value::Url(url))) => Some(url),
        _ => None,
    };
    match (href, value) {
        (Some(url), _) => format!("<a href=\"{}\">{words}</a>", escape(url)),
        (None, Value::Date(date)) => format!("<time datetime=\"{date}\">{words}</time>"),
        _ => words,
    }
}

/// Text as HTML, in content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
