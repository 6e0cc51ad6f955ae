//! `/api/v1/*.json`: what the pages say, for programs, with a JSON Schema beside each.
//!
//! In: a plan. Out: JSON in a fixed order of fields. Fields are only ever added: a program written today works for years.
//! Must not know: pages.

use super::Renderer;
use crate::center::register::{Texts, Value};
use crate::center::{Exemption, Text};
use crate::error::Result;
use crate::plan::address;
use crate::plan::outputs::{self, Paging, list_address};
use crate::timeline::{Notice, State};
use crate::view::embeds::Display;
use crate::view::{Output, model};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::ops::Range;

/// The schemas of [`outputs::SCHEMAS`], in its order.
const SCHEMAS: [&str; outputs::SCHEMAS.len()] = [
    include_str!("schemas/center.schema.json"),
    include_str!("schemas/documents.schema.json"),
    include_str!("schemas/notices.schema.json"),
    include_str!("schemas/register.schema.json"),
    include_str!("schemas/versions.schema.json"),
];

/// JSON as it is written everywhere: indented, one line end at the end.
pub fn pretty(value: &impl Serialize) -> Vec<u8> {
    // Plain data with string keys always serialises.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

type ByLanguage = BTreeMap<String, String>;

#[derive(Serialize)]
struct CenterJson {
    #[serde(rename = "$schema")]
    schema: String,
    title: ByLanguage,
    url: String,
    timezone: String,
    /// The day as of which the site was built.
    as_of: Date,
    languages: Vec<String>,
    organization: OrganizationJson,
    documents_url: String,
    notices_url: String,
    registers: BTreeMap<String, String>,
    feed_url: String,
    calendar_url: String,
}

#[derive(Serialize)]
struct OrganizationJson {
    legal_name: Option<ByLanguage>,
    brand: Option<ByLanguage>,
    address: Option<ByLanguage>,
    country: Option<String>,
    contacts: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Documents {
    #[serde(rename = "$schema")]
    schema: String,
    as_of: Date,
    documents: Vec<DocumentJson>,
}

#[derive(Serialize)]
struct DocumentJson {
    document: String,
    title: ByLanguage,
    url: ByLanguage,
    in_force: Option<Brief>,
    upcoming: Vec<Brief>,
    versions_url: String,
    feed_url: String,
}

#[derive(Serialize)]
struct Brief {
    version: String,
    published: Date,
    effective: Date,
    url: String,
}

#[derive(Serialize)]
struct Versions {
    #[serde(rename = "$schema")]
    schema: String,
    document: String,
    /// The newest ones come last, and the oldest are in files of their own.
    versions: Vec<VersionJson>,
    #[serde(flatten)]
    around: Around,
}

#[derive(Serialize)]
struct VersionJson {
    version: String,
    state: State,
    published: Date,
    effective: Date,
    /// First day on which a later version is in force, so exclusive; null while none is known.
    effective_until: Option<Date>,
    significance: &'static str,
    imported: bool,
    language: String,
    summary: Option<ByLanguage>,
    url: ByLanguage,
    source: ByLanguage,
    /// SHA-256 of the resolved text by language, as recorded on the release.
    sha256: BTreeMap<String, String>,
    exemption: Option<ExemptionJson>,
    withdrawn: Option<WithdrawnJson>,
}

#[derive(Serialize)]
struct ExemptionJson {
    kind: &'static str,
    reason: ByLanguage,
}

#[derive(Serialize)]
struct WithdrawnJson {
    date: Date,
    reason: Option<ByLanguage>,
}

#[derive(Serialize)]
struct Notices {
    #[serde(rename = "$schema")]
    schema: String,
    as_of: Date,
    timezone: String,
    /// The first is the authoritative one.
    languages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Vec<NoticeJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    past: Option<Vec<NoticeJson>>,
    /// Address of the past notices, beside the open ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    past_url: Option<String>,
    #[serde(flatten)]
    around: Around,
}

/// The files of a list beside one of them.
#[derive(Default, Serialize)]
struct Around {
    #[serde(skip_serializing_if = "Option::is_none")]
    newer_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    older_url: Option<String>,
}

#[derive(Serialize)]
struct NoticeJson {
    id: String,
    document: String,
    version: String,
    title: ByLanguage,
    published: Date,
    /// The first day on which the version applies and the notice is over.
    effective: Date,
    /// Both ends as instants: the days begin in the center's time zone, wherever the reader is.
    starts: String,
    ends: String,
    days: u32,
    summary: Option<ByLanguage>,
    url: ByLanguage,
    permalink: ByLanguage,
    exemption: Option<ExemptionJson>,
    withdrawn: Option<Date>,
    /// Text of an open notice for pages of other origins.
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<BTreeMap<String, Display>>,
}

impl Renderer<'_, '_> {
    /// The files before and after a file of a list.
    fn around(&self, list: &str, paging: Paging, number: usize) -> Around {
        let (newer, older) = paging.around(number);
        let url = |number: usize| self.plan.absolute(0, &list_address(list, number));
        Around { newer_url: newer.map(url), older_url: older.map(url) }
    }

    fn schema(&self, name: &str) -> String {
        self.plan.absolute(0, &outputs::schema(name))
    }

    fn by_language(&self, say: impl Fn(usize) -> String) -> ByLanguage {
        let languages = self.plan.languages();
        languages.iter().enumerate().map(|(index, language)| (language.tag().to_string(), say(index))).collect()
    }

    fn urls(&self, address: &str) -> ByLanguage {
        self.by_language(|language| self.plan.absolute(language, address))
    }

    fn texts(&self, text: &Option<Text>) -> Option<ByLanguage> {
        text.as_ref().map(|text| self.by_language(|language| self.views.say(language, text)))
    }

    fn exemption_json(&self, exemption: &Option<Exemption>) -> Option<ExemptionJson> {
        exemption.as_ref().map(|exemption| ExemptionJson {
            kind: exemption.kind,
            reason: self.by_language(|language| self.views.say(language, &exemption.reason)),
        })
    }

    /// The instant at which a day begins in the center's time zone (RFC 3339).
    fn begins(&self, date: Date) -> String {
        let zone = &self.plan.center.settings.zone;
        // Beyond the last day that a time zone can be worked out for, the day itself is near enough.
        date.to_zoned(zone.clone()).map_or_else(|_| format!("{date}T00:00:00Z"), |begin| begin.timestamp().to_string())
    }

    fn notice_json(&self, notice: &Notice) -> Result<NoticeJson> {
        let document = &self.plan.center.documents[notice.document];
        let version = &document.versions[notice.version];
        Ok(NoticeJson {
            id: format!("{}-{}", document.slug, version.id),
            document: document.slug.clone(),
            version: version.id.clone(),
            title: self.by_language(|language| self.views.title(language, notice.document)),
            published: notice.published,
            effective: notice.effective,
            starts: self.begins(notice.published),
            ends: self.begins(notice.effective),
            days: notice.days,
            summary: self.texts(&version.summary),
            url: self.urls(&address::upcoming(&document.slug)),
            permalink: self.urls(&address::version(&document.slug, &version.id)),
            exemption: self.exemption_json(&version.exemption),
            withdrawn: notice.withdrawn,
            display: notice.open.then(|| self.views.display(notice)).transpose()?,
        })
    }
}

pub fn center(renderer: &Renderer) -> Vec<Output> {
    let plan = renderer.plan;
    let center = plan.center;
    let settings = &center.settings;
    let as_of = plan.timeline.date;
    let organization = &center.organization;
    let about = CenterJson {
        schema: renderer.schema("center"),
        title: renderer.by_language(|language| renderer.views.say(language, &settings.title)),
        url: plan.absolute(0, ""),
        timezone: settings.zone_name.clone(),
        as_of,
        languages: plan.languages().iter().map(|language| language.tag().to_string()).collect(),
        organization: OrganizationJson {
            legal_name: renderer.texts(&organization.legal_name),
            brand: renderer.texts(&organization.brand),
            address: renderer.texts(&organization.address),
            country: organization.country.clone(),
            contacts: organization.contacts.iter().cloned().collect(),
        },
        documents_url: plan.absolute(0, "api/v1/documents.json"),
        notices_url: plan.absolute(0, "api/v1/notices.json"),
        registers: plan
            .registers
            .iter()
            .map(|page| {
                let name = page.register.name.clone();
                let url = plan.absolute(0, &format!("api/v1/registers/{name}.json"));
                (name, url)
            })
            .collect(),
        feed_url: plan.absolute(0, "feed.xml"),
        calendar_url: plan.absolute(0, "calendar.ics"),
    };
    let documents = center
        .documents
        .iter()
        .zip(&plan.timeline.documents)
        .enumerate()
        .filter(|(_, (_, timeline))| timeline.visible().next().is_some())
        .map(|(index, (document, timeline))| {
            let brief = |version: usize| {
                let version = &document.versions[version];
                Brief {
                    version: version.id.clone(),
                    published: version.published,
                    effective: version.effective,
                    url: plan.absolute(0, &address::version(&document.slug, &version.id)),
                }
            };
            DocumentJson {
                document: document.slug.clone(),
                title: renderer.by_language(|language| renderer.views.title(language, index)),
                url: renderer.urls(&address::document(&document.slug)),
                in_force: timeline.in_force.map(brief),
                upcoming: timeline.upcoming.iter().map(|version| brief(*version)).collect(),
                versions_url: plan.absolute(0, &format!("api/v1/documents/{}/versions.json", document.slug)),
                feed_url: plan.absolute(0, &format!("{}/feed.xml", document.slug)),
            }
        })
        .collect();
    let documents = Documents { schema: renderer.schema("documents"), as_of, documents };
    let mut outputs =
        vec![Output::file(outputs::CENTER, pretty(&about)), Output::file(outputs::DOCUMENTS, pretty(&documents))];
    outputs
        .extend(outputs::SCHEMAS.iter().zip(SCHEMAS).map(|(name, schema)| Output::file(outputs::schema(name), schema)));
    outputs
}

/// Open notices in one file, which products ask for on every page; those that are over in others.
pub fn notices(renderer: &Renderer) -> Result<Vec<Output>> {
    let plan = renderer.plan;
    let file = |open, past, past_url, around| Notices {
        schema: renderer.schema("notices"),
        as_of: plan.timeline.date,
        timezone: plan.center.settings.zone_name.clone(),
        languages: plan.languages().iter().map(|language| language.tag().to_string()).collect(),
        open,
        past,
        past_url,
        around,
    };
    let json = |notices: &mut dyn Iterator<Item = &Notice>| -> Result<Vec<NoticeJson>> {
        notices.map(|notice| renderer.notice_json(notice)).collect()
    };
    let open = json(&mut plan.timeline.open_notices())?;
    let past_url = plan.absolute(0, outputs::PAST_NOTICES);
    let open = file(Some(open), None, Some(past_url), Around::default());
    let mut outputs = vec![Output::file(outputs::NOTICES, pretty(&open))];
    let past = renderer.views.past_notices();
    let paging = Paging { entries: past.len() };
    for (number, range) in paging.pages().enumerate() {
        let notices = json(&mut past[range].iter().copied())?;
        let around = renderer.around(outputs::PAST_NOTICES, paging, number);
        let path = list_address(outputs::PAST_NOTICES, number);
        outputs.push(Output::file(path, pretty(&file(None, Some(notices), None, around))));
    }
    Ok(outputs)
}

/// Every version with its range of dates: which text applied on a day?
pub fn versions(renderer: &Renderer, document: usize) -> Vec<Output> {
    let plan = renderer.plan;
    let entry = &plan.center.documents[document];
    let timeline = &plan.timeline.documents[document];
    let json = |index: usize| {
        let version = &entry.versions[index];
        let state = timeline.states[index];
        let place = address::version(&entry.slug, &version.id);
        let source = plan
            .languages()
            .iter()
            .enumerate()
            .filter(|(index, language)| *index == 0 || version.texts.contains_key(language.tag()))
            .map(|(index, language)| (language.tag().to_string(), plan.absolute(index, &format!("{place}policy.md"))))
            .collect();
        VersionJson {
            version: version.id.clone(),
            state,
            published: version.published,
            effective: version.effective,
            effective_until: timeline.until(entry, index).filter(|_| state != State::Withdrawn),
            significance: model::significance(version.significance),
            imported: version.imported,
            language: version.language.clone(),
            summary: renderer.texts(&version.summary),
            url: renderer.urls(&place),
            source,
            sha256: version.resolved.iter().map(|(language, digest)| (language.to_string(), digest.hex())).collect(),
            exemption: renderer.exemption_json(&version.exemption),
            withdrawn: version
                .withdrawn
                .as_ref()
                .filter(|_| state == State::Withdrawn)
                .map(|act| WithdrawnJson { date: act.date, reason: renderer.texts(&act.reason) }),
        }
    };
    let visible: Vec<usize> = timeline.visible().collect();
    let paging = Paging { entries: visible.len() };
    let list = outputs::versions(&entry.slug);
    let file = |(number, newest_first): (usize, Range<usize>)| {
        let range = visible.len() - newest_first.end..visible.len() - newest_first.start;
        let versions = Versions {
            schema: renderer.schema("versions"),
            document: entry.slug.clone(),
            versions: visible[range].iter().map(|index| json(*index)).collect(),
            around: renderer.around(&list, paging, number),
        };
        Output::file(list_address(&list, number), pretty(&versions))
    };
    paging.pages().enumerate().map(file).collect()
}

/// The rows of a register: codes and dates as they are, texts in the language of the file.
pub fn register(renderer: &Renderer, language: usize, page: usize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Register {
        #[serde(rename = "$schema")]
        schema: String,
        name: String,
        title: String,
        language: String,
        url: String,
        rows: Vec<Map<String, Json>>,
    }
    let plan = renderer.plan;
    let page = &plan.registers[page];
    let own = &plan.languages()[language];
    let register = &page.register;
    let rows = page
        .rows
        .iter()
        .map(|row| {
            let mut json = Map::new();
            json.insert("id".into(), Json::from(row.row.id.as_str()));
            json.insert("status".into(), Json::from(model::life(row.life)));
            for (field, value) in &row.row.fields {
                json.insert(field.clone(), value_json(renderer, language, register, field, value));
            }
            json
        })
        .collect();
    pretty(&Register {
        schema: renderer.schema("register"),
        name: register.name.clone(),
        title: register.title(own),
        language: own.tag().to_string(),
        url: plan.absolute(language, &address::register(&register.name)),
        rows,
    })
}

fn value_json(
    renderer: &Renderer,
    language: usize,
    register: &crate::center::Register,
    field: &str,
    value: &Value,
) -> Json {
    let own = &renderer.plan.languages()[language];
    let words = || Json::from(register.words(own, field, value));
    match value {
        Value::Texts(Texts::Each(texts)) => {
            texts.iter().map(|text| Json::from(renderer.views.say(language, text))).collect()
        }
        Value::Texts(Texts::ByLanguage(by)) => {
            let list = own.fallbacks().iter().find_map(|tag| by.get(tag)).or_else(|| by.values().next()).cloned();
            list.unwrap_or_default().into_iter().map(Json::from).collect()
        }
        Value::Countries(codes) => codes.iter().map(|code| Json::from(code.as_str())).collect(),
        Value::Terms(terms) => terms.iter().map(|term| Json::from(*term)).collect(),
        Value::Date(date) => Json::from(date.to_string()),
        Value::Url(url) => Json::from(url.as_str()),
        Value::Yes(yes) => Json::from(*yes),
        Value::Unknown => Json::from("unknown"),
        Value::None => Json::from("none"),
        Value::Text(text) => Json::from(renderer.views.say(language, text)),
        Value::Duration(_) | Value::Keep(_) | Value::Number(_) => words(),
    }
}
