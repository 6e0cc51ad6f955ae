//! Files for hosts and crawlers: headers, redirects, sitemap, robots, the schedule, well-known statements.
//!
//! In: a plan. Out: the files. Must not know: which host will serve them.

use super::{OutputFiles, Renderer, api};
use crate::center::settings::Security;
use crate::plan::address;
use crate::plan::views::escape;
use crate::timeline::{Event, State};
use jiff::civil::Date;
use serde::Serialize;

/// No inline script or style, nothing from elsewhere; `frame-ancestors` works in a header only.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn files(renderer: &Renderer) -> OutputFiles {
    let settings = &renderer.plan.center.settings;
    let mut made = vec![
        ("sitemap.xml".to_string(), sitemap(renderer)),
        ("robots.txt".to_string(), robots(renderer)),
        ("_headers".to_string(), headers(renderer)),
        ("_redirects".to_string(), redirects(renderer)),
        ("schedule.json".to_string(), schedule(renderer)),
    ];
    if let Some(gpc) = &settings.gpc {
        #[derive(Serialize)]
        struct Statement {
            gpc: bool,
            #[serde(rename = "lastUpdate", skip_serializing_if = "Option::is_none")]
            last_update: Option<String>,
        }
        let statement = Statement { gpc: gpc.supported, last_update: gpc.updated.map(|date| date.to_string()) };
        made.push((".well-known/gpc.json".into(), api::pretty(&statement)));
    }
    if let Some(security) = &settings.security {
        made.push((".well-known/security.txt".into(), security_txt(renderer, security)));
    }
    made
}

/// `_headers`.
pub fn headers(renderer: &Renderer) -> Vec<u8> {
    let base = &renderer.plan.center.settings.base_url.path;
    // Rules are disjoint for each header: hosts join the values of all rules that match.
    format!(
        "{base}*\n  Content-Security-Policy: {CSP}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n\
         {base}assets/*\n  Cache-Control: public, max-age=31536000, immutable\n\
         {base}api/*\n  Access-Control-Allow-Origin: *\n  Cache-Control: public, max-age=300, must-revalidate\n\
         {base}embed/*\n  Access-Control-Allow-Origin: *\n\
         {base}embed/v1/*\n  Cache-Control: public, max-age=31536000, immutable\n\
         {base}calendar.ics\n  Content-Type: text/calendar; charset=utf-8\n\
         {base}*/feed.xml\n  Content-Type: application/atom+xml; charset=utf-8\n\
         {base}feed.xml\n  Content-Type: application/atom+xml; charset=utf-8\n\
         {base}*/policy.md\n  Content-Type: text/markdown; charset=utf-8\n",
    )
    .into_bytes()
}

/// `_redirects`.
pub fn redirects(renderer: &Renderer) -> Vec<u8> {
    let mut out = String::new();
    for redirect in &renderer.plan.redirects {
        let status = if redirect.permanent { 301 } else { 302 };
        out.push_str(&format!("{} {} {status}\n", redirect.from, redirect.to));
    }
    out.into_bytes()
}

fn robots(renderer: &Renderer) -> Vec<u8> {
    // Old versions carry `noindex`; a crawler that may not read them would never see it.
    format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", renderer.plan.absolute(0, "sitemap.xml")).into_bytes()
}

fn sitemap(renderer: &Renderer) -> Vec<u8> {
    let plan = renderer.plan;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut add = |language: usize, address: &str, modified: Option<Date>| {
        let modified = modified.map(|date| format!("<lastmod>{date}</lastmod>")).unwrap_or_default();
        out.push_str(&format!("<url><loc>{}</loc>{modified}</url>\n", escape(&plan.absolute(language, address))));
    };
    for language in plan.every_language() {
        for address in ["", "changes/", "notices/"] {
            add(language, address, None);
        }
        for (document, timeline) in plan.center.documents.iter().zip(&plan.timeline.documents) {
            let published = |index: usize| document.versions[index].published;
            let newest = timeline.visible().map(published).max();
            if let Some(shown) = timeline.shown() {
                add(language, &address::document(&document.slug), Some(published(shown)));
            }
            if newest.is_some() {
                add(language, &address::changes(&document.slug), newest);
            }
            if let Some(upcoming) = timeline.upcoming.first() {
                add(language, &address::upcoming(&document.slug), Some(published(*upcoming)));
            }
            for index in timeline.visible() {
                if matches!(timeline.states[index], State::InForce | State::Upcoming) {
                    add(
                        language,
                        &address::version(&document.slug, &document.versions[index].id),
                        Some(published(index)),
                    );
                }
            }
        }
        for page in plan.registers.iter() {
            add(language, &address::register(&page.register.name), None);
        }
    }
    out.push_str("</urlset>\n");
    out.into_bytes()
}

fn schedule(renderer: &Renderer) -> Vec<u8> {
    #[derive(Serialize)]
    struct Schedule<'a> {
        /// The day as of which the site was built.
        built: Date,
        timezone: &'a str,
        /// The next day on which a rebuild shows something else.
        next_rebuild: Option<Date>,
        events: &'a [Event],
    }
    let plan = renderer.plan;
    // What is not announced yet is not named; that a rebuild is due then says nothing about it.
    let announced: Vec<Event> = plan
        .timeline
        .events
        .iter()
        .filter(|event| {
            event.version.as_ref().is_none_or(|id| {
                let index = plan.center.documents.iter().position(|document| document.slug == event.of);
                index.is_some_and(|index| {
                    let timeline = &plan.timeline.documents[index];
                    timeline.visible().any(|version| &plan.center.documents[index].versions[version].id == id)
                })
            })
        })
        .filter(|event| event.what != crate::timeline::EventKind::Withdrawn)
        .cloned()
        .collect();
    api::pretty(&Schedule {
        built: plan.timeline.date,
        timezone: &plan.center.settings.zone_name,
        next_rebuild: plan.timeline.next_change(),
        events: &announced,
    })
}

/// RFC 9116.
fn security_txt(renderer: &Renderer, security: &Security) -> Vec<u8> {
    let settings = &renderer.plan.center.settings;
    let mut out = String::new();
    for contact in &security.contact {
        out.push_str(&format!("Contact: {contact}\n"));
    }
    let expires = security.expires.to_zoned(settings.zone.clone());
    let moment = expires.map_or_else(
        |_| format!("{}T00:00:00Z", security.expires),
        |moment| moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    );
    out.push_str(&format!("Expires: {moment}\n"));
    for (field, value) in &security.fields {
        out.push_str(&format!("{field}: {value}\n"));
    }
    if !security.languages.is_empty() {
        out.push_str(&format!("Preferred-Languages: {}\n", security.languages.join(", ")));
    }
    out.push_str(&format!("Canonical: {}\n", renderer.plan.absolute(0, ".well-known/security.txt")));
    out.into_bytes()
}
