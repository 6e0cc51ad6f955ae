//! Files for hosts and crawlers: headers, redirects, sitemap, robots, the schedule, well-known statements.
//!
//! In: a plan. Out: the files. Must not know: which host will serve them.

use super::{Renderer, api};
use crate::center::settings::Security;
use crate::error::Result;
use crate::hosts::{self, HostedSite};
use crate::html::escape;
use crate::plan::address;
use crate::timeline::{Event, State};
use crate::view::Output;
use jiff::civil::Date;
use serde::Serialize;

pub fn files(renderer: &Renderer) -> Vec<Output> {
    let settings = &renderer.plan.center.settings;
    let mut made = vec![
        Output::file("sitemap.xml", sitemap(renderer)),
        Output::file("robots.txt", robots(renderer)),
        Output::file("_headers", headers(renderer)),
        Output::file("_redirects", redirects(renderer)),
        Output::file("schedule.json", schedule(renderer)),
    ];
    if let Some(gpc) = &settings.gpc {
        #[derive(Serialize)]
        struct Statement {
            gpc: bool,
            #[serde(rename = "lastUpdate", skip_serializing_if = "Option::is_none")]
            last_update: Option<String>,
        }
        let statement = Statement { gpc: gpc.supported, last_update: gpc.updated.map(|date| date.to_string()) };
        made.push(Output::file(".well-known/gpc.json", api::pretty(&statement)));
    }
    if let Some(security) = &settings.security {
        made.push(Output::file(".well-known/security.txt", security_txt(renderer, security)));
    }
    let site = hosted_site(renderer);
    let files = renderer.plan.hosts.iter().flat_map(|host| host.files(&site));
    made.extend(files.map(|(path, bytes)| Output::file(path, bytes)));
    made
}

/// Returns the parts of a plan from which the configuration of a host is made.
fn hosted_site<'p>(renderer: &'p Renderer) -> HostedSite<'p> {
    let plan = renderer.plan;
    let redirect = |redirect: &'p crate::plan::Redirect| hosts::Redirect {
        from: &redirect.from,
        to: &redirect.to,
        permanent: redirect.permanent,
    };
    HostedSite {
        base: &plan.center.settings.base_url.path,
        language_prefixes: (1..plan.languages().len()).map(|language| plan.prefix(language)).collect(),
        redirects: plan.redirects.iter().map(redirect).collect(),
        outputs: plan.claims.keys().map(String::as_str).collect(),
    }
}

/// A page for hosts that know no redirects: it leads on by itself, and says where to.
pub fn redirect_pages(renderer: &Renderer) -> Result<Vec<Output>> {
    let views = &renderer.views;
    let base = &renderer.plan.center.settings.base_url;
    let mut made = Vec::new();
    for redirect in &renderer.plan.redirects {
        let first = redirect.path.split('/').next().unwrap_or("");
        let language = renderer.plan.languages().iter().position(|language| language.tag() == first).unwrap_or(0);
        let moved = views.text(language, "moved-title", &[])?;
        let to = escape(&redirect.to);
        let canonical = if redirect.to.starts_with('/') { format!("{}{to}", base.origin) } else { to.clone() };
        let chrome = &views.chromes[language];
        let html = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n{policy}\n<title>{moved}</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex, follow\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n<link rel=\"canonical\" href=\"{canonical}\">\n<link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body class=\"moved\">\n<main>\n<h1>{moved}</h1>\n<p><a href=\"{to}\">{}</a></p>\n</main>\n</body>\n</html>\n",
            chrome.lang,
            chrome.dir,
            chrome.assets.css,
            canonical,
            moved = escape(&moved),
            policy = hosts::policy_element(),
        );
        made.push(Output::file(redirect.path.clone(), html));
    }
    Ok(made)
}

/// Returns the content of `_headers`.
pub fn headers(renderer: &Renderer) -> Vec<u8> {
    hosts::headers(&renderer.plan.center.settings.base_url.path)
}

/// Returns the content of `_redirects`.
pub fn redirects(renderer: &Renderer) -> Vec<u8> {
    hosts::redirects(&hosted_site(renderer), &renderer.plan.hosts)
}

fn robots(renderer: &Renderer) -> Vec<u8> {
    if renderer.plan.drafts {
        return b"User-agent: *\nDisallow: /\n".to_vec();
    }
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
    // A review copy is not to be found by search engines.
    let languages = if plan.drafts { Vec::new() } else { plan.every_language() };
    for language in languages {
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
        as_of: Date,
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
                let index = plan.center.documents.iter().position(|document| document.slug == event.subject);
                index.is_some_and(|index| {
                    let timeline = &plan.timeline.documents[index];
                    timeline.visible().any(|version| &plan.center.documents[index].versions[version].id == id)
                })
            })
        })
        .filter(|event| event.kind != crate::timeline::EventKind::Withdrawn)
        .cloned()
        .collect();
    api::pretty(&Schedule {
        as_of: plan.timeline.date,
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
    let expires = security.expires.to_zoned_datetime(settings.zone.clone());
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
