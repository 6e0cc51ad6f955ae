//! What an announcement says, in one language: the words of the notice, changes, dates, where to read, whom to ask.
//!
//! In: a version of the plan that is announced, the theme's words. Out: the announcement as data, which is frozen with the version
//! and from which mails, notices and evidence are made. Must not know: who receives it, how it is sent.

use super::Views;
use super::model::{DateView, ObjectionView};
use crate::center::organization::is_email;
use crate::center::{Organization, Text, VersionFacts};
use crate::error::Result;
use crate::plan::address;
use crate::promise::facts::row_name;
use crate::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A longer list of changed sections is left to the redline.
const OUTLINE: usize = 12;

/// One language of an announcement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    /// Version of this format: 1.
    pub format: u32,
    /// Of the notice: `privacy-2026-12-02`.
    pub id: String,
    pub lang: String,
    pub dir: String,
    pub subject: String,
    /// Shown by mail programs beside the subject, in lists.
    pub preheader: String,
    /// What happens and when, in a sentence.
    pub title: String,
    pub greeting: String,
    /// Dates, and why no notice period applied if none did.
    pub opening: Vec<String>,
    /// Where the change itself can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Link>,
    /// The heading of the summary.
    pub what: String,
    pub summary: Option<String>,
    pub sections: Vec<Section>,
    /// Who announces: name and address, line by line.
    pub imprint: Vec<String>,
    /// Name and e-mail address of who announces.
    pub sender: (String, Option<String>),
    pub published: Date,
    /// Where the new version can be read.
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub kind: SectionKind,
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub items: Vec<String>,
    pub links: Vec<Link>,
}

/// What a section of an announcement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionKind {
    Facts,
    Wording,
    Links,
    Contact,
}

/// To a page, whose text is its address; or to somebody, by mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub label: String,
    pub text: String,
    pub url: String,
}

impl Announcement {
    /// The bytes that are frozen with the version.
    pub fn file(&self) -> Vec<u8> {
        // Plain data with string keys always serializes.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a frozen announcement. None for what no version of this program wrote.
    pub fn parse(bytes: &[u8]) -> Option<Announcement> {
        serde_json::from_slice(bytes).ok()
    }
}

/// What an announcement takes from texts and from the facts beside them.
pub struct AnnouncedChange {
    /// Beside the version, and beside the one that it is compared with.
    pub facts: Arc<VersionFacts>,
    pub before: Option<Arc<VersionFacts>>,
    /// Changes of facts, a sentence each.
    pub changed: Vec<String>,
    /// Changes of the text, section by section.
    pub outline: Vec<String>,
}

impl Views<'_, '_> {
    pub fn announcement(
        &self,
        language: usize,
        (document, version): (usize, usize),
        change: AnnouncedChange,
    ) -> Result<Announcement> {
        let plan = self.plan;
        let own = &plan.languages()[language];
        let entry = &plan.center.documents[document];
        let announced = &entry.versions[version];
        let timeline = &plan.timeline.documents[document];
        let say = |key: &str, args: &[(&str, &str)]| self.text(language, key, args);
        let day = |date: Date| words::date(own, date);
        let (published, effective) = (day(announced.notice_from), day(announced.effective));
        let title = announced.title(own.tag());
        let AnnouncedChange { facts, before, changed, outline } = change;
        let organization = if facts.recorded { &*facts.organization } else { &plan.organization };
        let words_of = |text: &Option<Text>| text.as_ref().map(|text| self.say(language, text));
        let legal_name = words_of(&organization.legal_name);
        let name = words_of(&organization.brand).or_else(|| legal_name.clone());
        let name = name.unwrap_or_else(|| self.say(language, &plan.center.settings.title));

        let named = [("organization", name.as_str()), ("title", &title), ("effective", &effective)];
        let headline = say("announce-lead", &named)?;
        let mut opening = vec![say("announced-on", &[("published", &published)])?];
        let notice =
            plan.timeline.notices.iter().find(|notice| (notice.document, notice.version) == (document, version));
        match notice.map_or(&[][..], |notice| &notice.until_then) {
            [] | [_] => {
                if let Some(in_force) = timeline.in_force.filter(|in_force| *in_force != version) {
                    let since = day(entry.versions[in_force].effective);
                    opening.push(say("announce-until", &[("since", &since)])?);
                }
            }
            several => {
                for (applies, until) in several {
                    let since = day(entry.versions[*applies].effective);
                    opening.push(say("announce-applies", &[("since", &since), ("until", &day(*until))])?);
                }
            }
        }
        if let Some(exemption) = self.exemption(language, &announced.exemption) {
            opening.push(say("exemption", &[("kind", &exemption.label), ("reason", &exemption.reason)])?);
        }

        let summary = words_of(&announced.summary);
        let section = |kind: SectionKind, key: &str| -> Result<Section> {
            let heading = say(key, &[])?;
            Ok(Section { kind, heading, paragraphs: Vec::new(), items: Vec::new(), links: Vec::new() })
        };
        let mut sections = Vec::new();
        if !changed.is_empty() {
            sections.push(Section { items: changed, ..section(SectionKind::Facts, "announce-facts")? });
        }
        let page = |label: String, url: String| Link { label, text: url.clone(), url };
        let url = plan.absolute(language, &address::version(&entry.slug, &announced.id));
        let origin = &plan.center.settings.base_url.origin;
        let button = match self.redline_href(language, document, version) {
            Some(href) => Some(page(say("see-changes", &[])?, format!("{origin}{href}"))),
            None => None,
        };
        let mut links = vec![page(say("read-upcoming", &[])?, url.clone())];
        if let Some(in_force) = timeline.in_force.filter(|in_force| *in_force != version) {
            let version = &entry.versions[in_force];
            let label = say("read-in-force", &[("effective", &day(version.effective))])?;
            links.push(page(label, plan.absolute(language, &address::version(&entry.slug, &version.id))));
        }
        let read = Section { links, ..section(SectionKind::Links, "announce-read")? };
        let objections = self.objections(language, announced.notice_from, &facts, before.as_deref());
        let paragraphs = objections
            .iter()
            .map(|objection| say("announce-object", &[("name", &objection.name), ("until", &objection.until.text)]))
            .collect::<Result<Vec<_>>>()?;
        let links = self.contacts(language, organization)?;
        if !(paragraphs.is_empty() && links.is_empty()) {
            sections.push(Section { paragraphs, links, ..section(SectionKind::Contact, "notice-do")? });
        }
        if !outline.is_empty() && outline.len() <= OUTLINE {
            sections.push(Section { items: outline, ..section(SectionKind::Wording, "announce-text")? });
        }
        sections.push(read);

        let address = words_of(&organization.address).unwrap_or_default();
        let imprint = legal_name.into_iter().chain(address.lines().map(str::to_string)).collect();
        Ok(Announcement {
            format: 1,
            id: format!("{}-{}", entry.slug, announced.id),
            lang: own.tag().to_string(),
            dir: own.direction().to_string(),
            subject: say("announce-subject", &named)?,
            preheader: summary.clone().unwrap_or_else(|| opening[0].clone()),
            title: headline,
            greeting: say("announce-greeting", &[])?,
            opening,
            button,
            what: say("announce-what", &[])?,
            summary,
            sections,
            imprint,
            sender: (name, contact(organization).map(|(_, email)| email.to_string())),
            published: announced.notice_from,
            url,
        })
    }

    /// Processors that the version adds, each with the last day on which readers may object to it.
    pub fn objections(
        &self,
        language: usize,
        published: Date,
        facts: &VersionFacts,
        before: Option<&VersionFacts>,
    ) -> Vec<ObjectionView> {
        let own = &self.plan.languages()[language];
        let mut objections = Vec::new();
        let Some(register) = facts.registers.get("processors") else { return objections };
        for row in &register.rows {
            let known = before.and_then(|before| before.registers.get("processors")?.row(&row.id));
            let until = row.date("objection_deadline").filter(|until| *until >= published);
            let Some(until) =
                until.filter(|until| known.and_then(|row| row.date("objection_deadline")) != Some(*until))
            else {
                continue;
            };
            let name = row_name(register, row, own);
            objections.push(ObjectionView { name, until: DateView::new(own, until) });
        }
        objections
    }

    fn contacts(&self, language: usize, organization: &Organization) -> Result<Vec<Link>> {
        let own = &self.plan.languages()[language];
        let mail = |label: String, email: &str| Link { label, text: email.to_string(), url: format!("mailto:{email}") };
        let mut links: Vec<Link> = Vec::new();
        if let Some((role, email)) = contact(organization) {
            links.push(mail(crate::center::facts::contact_label(own, role), email));
        }
        let officer = organization.dpo.is().and_then(|party| party.email.as_deref());
        if let Some(email) = officer.filter(|email| links.iter().all(|link| link.text != *email)) {
            links.push(mail(self.text(language, "dpo", &[])?, email));
        }
        Ok(links)
    }
}

/// Whom to ask: the contact for privacy, else the first with an e-mail address.
pub(super) fn contact(organization: &Organization) -> Option<(&str, &str)> {
    let mut mails = organization.contacts.iter().filter(|(_, value)| is_email(value));
    let privacy = mails.clone().find(|(role, _)| role == "privacy");
    privacy.or_else(|| mails.next()).map(|(role, value)| (role.as_str(), value.as_str()))
}
