//! An announcement in one language: the words of the notice, changes, dates, links and contacts.
//!
//! In: a version of the plan that is announced, the theme's words. Out: the announcement as data, and as HTML for a mail.
//! Must not know: who receives it, how it is sent.

use super::Views;
use crate::center::organization::is_email;
use crate::center::{Organization, Text, VersionFacts};
use crate::error::Result;
use crate::plan::address;
use crate::promise::facts::row_name;
use crate::words;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// A longer list of changed sections is left to the redline.
const OUTLINE: usize = 12;

/// One language of an announcement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Announcement {
    /// Id of the notice: `privacy-2026-12-02`.
    pub id: String,
    pub lang: String,
    pub dir: &'static str,
    pub subject: String,
    /// Shown by mail programs beside the subject, in lists.
    pub preheader: String,
    /// The change and its date, in a sentence.
    pub title: String,
    pub greeting: String,
    /// Dates, and why no notice period applied if none did.
    pub opening: Vec<String>,
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

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub items: Vec<String>,
    pub links: Vec<Link>,
}

/// To a page, whose text is its address; or to somebody, by mail.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    pub label: String,
    pub text: String,
    pub url: String,
}

/// Parts of an announcement that come from texts and their facts.
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
        let (published, effective) = (day(announced.published), day(announced.effective));
        let title = announced.title(own.tag());
        let AnnouncedChange { facts, before, changed, outline } = change;
        let organization = if facts.recorded { &*facts.organization } else { &plan.center.organization };
        let words_of = |text: &Option<Text>| text.as_ref().map(|text| self.say(language, text));
        let legal_name = words_of(&organization.legal_name);
        let name = words_of(&organization.brand).or_else(|| legal_name.clone());
        let name = name.unwrap_or_else(|| self.say(language, &plan.center.settings.title));

        let headline = say("embed-message", &[("title", &title), ("effective", &effective)])?;
        let mut opening = vec![say("announce-published", &[("published", &published), ("effective", &effective)])?];
        if let Some(in_force) = timeline.in_force {
            let since = day(entry.versions[in_force].effective);
            opening.push(say("announce-until", &[("since", &since)])?);
        }
        if let Some(exemption) = self.exemption(language, &announced.exemption) {
            opening.push(say("exemption", &[("kind", &exemption.label), ("reason", &exemption.reason)])?);
        }

        let summary = words_of(&announced.summary);
        let section = |key: &str| -> Result<Section> {
            let heading = say(key, &[])?;
            Ok(Section { heading, paragraphs: Vec::new(), items: Vec::new(), links: Vec::new() })
        };
        let mut sections = Vec::new();
        if !changed.is_empty() {
            sections.push(Section { items: changed, ..section("announce-facts")? });
        }
        if !outline.is_empty() && outline.len() <= OUTLINE {
            sections.push(Section { items: outline, ..section("announce-text")? });
        }
        let page = |label: String, url: String| Link { label, text: url.clone(), url };
        let url = plan.absolute(language, &address::version(&entry.slug, &announced.id));
        let mut links = vec![page(say("read-upcoming", &[])?, url.clone())];
        if let Some(href) = self.redline_href(language, document, version) {
            links.push(page(say("see-changes", &[])?, format!("{}{href}", plan.center.settings.base_url.origin)));
        }
        if let Some(in_force) = timeline.in_force {
            let version = &entry.versions[in_force];
            let label = say("read-in-force", &[("effective", &day(version.effective))])?;
            links.push(page(label, plan.absolute(language, &address::version(&entry.slug, &version.id))));
        }
        sections.push(Section { links, ..section("announce-read")? });
        let paragraphs = self.objections(language, announced.published, &facts, before.as_deref())?;
        let links = self.contacts(language, organization)?;
        if !(paragraphs.is_empty() && links.is_empty()) {
            sections.push(Section { paragraphs, links, ..section("announce-contact")? });
        }

        let address = words_of(&organization.address).unwrap_or_default();
        let imprint = legal_name.into_iter().chain(address.lines().map(str::to_string)).collect();
        Ok(Announcement {
            id: format!("{}-{}", entry.slug, announced.id),
            lang: own.tag().to_string(),
            dir: own.direction(),
            subject: say("announce-subject", &[("organization", &name), ("title", &title), ("effective", &effective)])?,
            preheader: summary.clone().unwrap_or_else(|| opening[0].clone()),
            title: headline,
            greeting: say("announce-greeting", &[])?,
            opening,
            what: say("announce-what", &[])?,
            summary,
            sections,
            imprint,
            sender: (name, contact(organization).map(|(_, email)| email.to_string())),
            published: announced.published,
            url,
        })
    }

    /// Until when somebody may object to a processor that the version adds.
    fn objections(
        &self,
        language: usize,
        published: Date,
        facts: &VersionFacts,
        before: Option<&VersionFacts>,
    ) -> Result<Vec<String>> {
        let own = &self.plan.languages()[language];
        let mut sentences = Vec::new();
        let Some(register) = facts.registers.get("processors") else { return Ok(sentences) };
        for row in &register.rows {
            let known = before.and_then(|before| before.registers.get("processors")?.row(&row.id));
            let until = row.date("objection_deadline").filter(|until| *until >= published);
            let Some(until) =
                until.filter(|until| known.and_then(|row| row.date("objection_deadline")) != Some(*until))
            else {
                continue;
            };
            let args = [("name", row_name(register, row, own)), ("until", words::date(own, until))];
            let args = args.each_ref().map(|(key, value)| (*key, value.as_str()));
            sentences.push(self.text(language, "announce-object", &args)?);
        }
        Ok(sentences)
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
fn contact(organization: &Organization) -> Option<(&str, &str)> {
    let mut mails = organization.contacts.iter().filter(|(_, value)| is_email(value));
    let privacy = mails.clone().find(|(role, _)| role == "privacy");
    privacy.or_else(|| mails.next()).map(|(role, value)| (role.as_str(), value.as_str()))
}
