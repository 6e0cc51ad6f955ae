//! A register as a page shows it.
//!
//! In: a register page of the plan. Out: its view in a language. Must not know: where the rows come from.

use super::feed::{Feed, feed_link};
use super::glance::values;
use super::model::*;
use super::{Output, Own, Place, Views};
use crate::center::Life;
use crate::center::register::{Register, Value};
use crate::error::Result;
use crate::html::escape;
use crate::plan::registers::LivingRow;
use crate::plan::{self, address};
use crate::words::{self, Language};

#[derive(serde::Serialize)]
pub struct RegisterPage {
    pub register: RegisterView,
}

/// Changes that a register's page lists; the changelogs of its documents have all.
pub const CHANGES: usize = 50;

impl Views<'_, '_> {
    pub(super) fn register_outputs(&self, page: usize) -> Result<Vec<Output>> {
        let plan = self.plan;
        let register_page = &plan.registers[page];
        let name = &register_page.register.name;
        let everywhere = plan.every_language();
        let place = address::register(name);
        let mut outputs = Vec::new();
        for language in plan.every_language() {
            let view = self.register(language, register_page);
            let feed = Feed::of_register(self, language, register_page, &view.title)?;
            outputs.push(feed.output(format!("{}{name}/", plan.prefix(language))));
            let mut page = self.page("register", Place { language, address: &place }, view.title.clone(), &everywhere);
            page.description = view.description.clone().or_else(|| Some(view.title.clone()));
            page.links = vec![feed_link("application/atom+xml", view.feed_href.clone())];
            let own = Own::Register(RegisterPage { register: view });
            outputs.push(self.list_page(language, "register.html", &place, &place, page, own));
        }
        Ok(outputs)
    }

    pub fn register_entries(&self, language: usize) -> Vec<RegisterEntryView> {
        let own = &self.plan.languages()[language];
        self.plan
            .registers
            .iter()
            .map(|page| RegisterEntryView {
                name: page.register.name.clone(),
                title: page.register.title(own),
                description: page.register.description.as_ref().map(|text| self.say(language, text)),
                href: self.plan.href(language, &address::register(&page.register.name)),
                rows: page.rows.iter().filter(|row| row.life != Life::Former).count(),
            })
            .collect()
    }

    pub fn register(&self, language: usize, page: &plan::RegisterPage) -> RegisterView {
        let own = &self.plan.languages()[language];
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
                    values: columns
                        .iter()
                        .map(|column| {
                            let value = row.row.value(column).filter(|_| is_filter(column))?;
                            Some(values(register, column, value, own).join("\n"))
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
            let entry = &self.plan.center.documents[document];
            let version = &entry.versions[version];
            (
                version.title(own.tag()),
                self.plan.href(language, &address::version(&entry.slug, &version.id)),
                DateView::new(own, version.published),
                DateView::new(own, version.effective),
            )
        };
        RegisterView {
            name: name.clone(),
            title: register.title(own),
            description: register.description.as_ref().map(|text| self.say(language, text)),
            csv_href: self.plan.href(language, &format!("{name}/{name}.csv")),
            json_href: self.plan.href(language, &format!("{name}/{name}.json")),
            feed_href: self.plan.href(language, &format!("{name}/feed.xml")),
            columns: columns
                .iter()
                .map(|column| ColumnView {
                    key: column.clone(),
                    label: register.label(own, column),
                    filter: is_filter(column),
                })
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
                .take(CHANGES)
                .map(|at| {
                    let (document_title, href, published, effective) = describe(*at);
                    let sentences = self.facts_from(language, at.0, at.1);
                    RegisterChangeView { published, effective, href, document_title, sentences }
                })
                .collect(),
        }
    }
}

/// Columns whose values readers choose among.
fn is_filter(column: &str) -> bool {
    matches!(column, "location" | "role" | "group" | "transfer_mechanism" | "category" | "basis" | "storage" | "laws")
}

/// The end of the time to object, for rows that are announced, and the company's own pages.
fn row_notes(language: &Language, register: &Register, row: &LivingRow) -> Vec<String> {
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

fn cell(language: &Language, register: &Register, column: &str, value: Option<&Value>, link: Option<&Value>) -> String {
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
