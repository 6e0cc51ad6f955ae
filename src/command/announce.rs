//! `fineprint announce`: the announcement of a version that is announced and not in force yet.
//!
//! In: a document, perhaps a version, a format and a language, or a folder. Out: the announcement on standard output, or an
//! outbox. Must not know: how it is worded.

use super::{Outcome, counted, embed, read_site};
use crate::announce;
use crate::center::Center;
use crate::cli::{Announce, AnnounceFormat};
use crate::command::console::{self, eprintln};
use crate::compiler::Purpose;
use crate::error::{Error, Result};
use crate::publish::hand_out;
use crate::render::Renderer;
use crate::timeline::{State, Timeline};
use crate::view::announcement::Announcement;
use std::path::Path;

const EVERY: &[(AnnounceFormat, &str)] = &[
    (AnnounceFormat::Text, "txt"),
    (AnnounceFormat::Html, "html"),
    (AnnounceFormat::Eml, "eml"),
    (AnnounceFormat::Chat, "chat.txt"),
    (AnnounceFormat::InApp, "in-app.txt"),
];

pub fn run(site_folder: &Path, arguments: Announce) -> Result<Outcome> {
    let mut site = read_site(site_folder, &arguments.as_of)?;
    let files = site.render(Purpose::Version, |renderer| written(renderer, &arguments))?;
    let Some(files) = files else { return Ok(Outcome::Findings) };
    if let Some(out) = &arguments.out {
        let folder = super::build::output_folder(site_folder, out)?;
        let written = hand_out(&folder, &files)?;
        eprintln!(
            "Wrote {} to {} ({written} new). Nothing was sent: send them yourself and keep the proof.",
            counted(files.len(), "file", "files"),
            out.display()
        );
        return Ok(Outcome::Done);
    }
    for (_, bytes) in files {
        console::bytes(&bytes)?;
    }
    Ok(Outcome::Done)
}

/// The files of an outbox, or the one announcement that was asked for.
fn written(renderer: &Renderer, arguments: &Announce) -> Result<Vec<(String, Vec<u8>)>> {
    let plan = renderer.plan;
    let (document, version) = announced(plan.center, plan.timeline, arguments)?;
    say_last_day(plan.timeline, document, version);
    let one = [(arguments.format.unwrap_or(AnnounceFormat::Text), "")];
    let (languages, formats) = match (&arguments.out, &arguments.language) {
        (Some(_), _) => (plan.every_language(), EVERY),
        (None, Some(tag)) => (vec![embed::language(plan.languages(), tag)?], &one[..]),
        (None, None) => (vec![0], &one[..]),
    };
    let mut files = Vec::new();
    for language in languages {
        let announcement = renderer.announcement(document, version, language)?;
        for (format, extension) in formats {
            let name = format!("{}.{}.{extension}", announcement.id, announcement.lang);
            files.push((name, bytes(renderer, &announcement, *format)?));
        }
    }
    Ok(files)
}

/// Says until when the message may leave: later, the notice would end after the version takes effect.
fn say_last_day(timeline: &Timeline, document: usize, version: usize) {
    let mut notices = timeline.notices.iter();
    let notice = notices.find(|notice| (notice.document, notice.version) == (document, version));
    let Some(day) = notice.and_then(|notice| notice.last_dispatch) else { return };
    if timeline.date <= day {
        eprintln!("Send it on {day} at the latest; later, the version would have to take effect later, too.");
    } else {
        eprintln!(
            "The last day to send it was {day}. Sent later, the notice ends after the version takes effect: postpone it with `fineprint release --amends`."
        );
    }
}

fn bytes(renderer: &Renderer, announcement: &Announcement, format: AnnounceFormat) -> Result<Vec<u8>> {
    Ok(match format {
        AnnounceFormat::Text => announce::text(announcement).into_bytes(),
        AnnounceFormat::Chat => announce::chat(announcement).into_bytes(),
        AnnounceFormat::InApp => announce::in_app(announcement).into_bytes(),
        AnnounceFormat::Html => renderer.announcement_html(announcement)?.into_bytes(),
        AnnounceFormat::Eml => {
            let settings = &renderer.plan.center.settings;
            // Noon of the day of the announcement: the day is the same in every mail program near the center.
            let noon = announcement.published.at(12, 0, 0, 0).to_zoned_datetime(settings.zone.clone());
            let seconds = noon.map_or(0, |noon| noon.timestamp().as_second());
            let html = renderer.announcement_html(announcement)?;
            announce::mail(announcement, &announce::text(announcement), &html, seconds, &settings.base_url.host)
        }
    })
}

/// The version that is announced: the one named, else the next to take effect.
fn announced(center: &Center, timeline: &Timeline, arguments: &Announce) -> Result<(usize, usize)> {
    let slug = &arguments.document;
    let document = super::document(center, slug)?;
    let states = &timeline.documents[document];
    let versions = &center.documents[document].versions;
    let date = timeline.date;
    let Some(id) = &arguments.version else {
        if states.upcoming.len() > 1 {
            let ids: Vec<&str> = states.upcoming.iter().map(|version| versions[*version].id.as_str()).collect();
            eprintln!(
                "{} versions of {slug} are announced: {}. This is the announcement of {}; name another one after the document.",
                ids.len(),
                ids.join(", "),
                ids[0]
            );
        }
        return states.upcoming.first().map(|version| (document, *version)).ok_or_else(|| {
            Error::refused(format!(
                "`{slug}` has no announced version as of {date}; announce one with `fineprint release {slug} --material --summary \"…\"`, or choose another day with `--as-of`"
            ))
        });
    };
    let version = super::version(center, document, id)?;
    let effective = versions[version].effective;
    match states.states[version] {
        State::Upcoming => Ok((document, version)),
        State::Scheduled | State::NeverShown => Err(Error::refused(format!(
            "`{slug}` {id} is not announced before {}; write the announcement with `--as-of {}`",
            versions[version].published, versions[version].published
        ))),
        State::Withdrawn => Err(Error::refused(format!("`{slug}` {id} was withdrawn: there is nothing to announce"))),
        State::Amended => {
            let heir = versions[version].amended.as_ref().map_or("another version", |amended| amended.heir.as_str());
            Err(Error::refused(format!("`{slug}` {id} was amended: {heir} has its place; announce that one")))
        }
        State::InForce | State::Superseded | State::Retired => Err(Error::refused(format!(
            "`{slug}` {id} took effect on {effective}; for what was announced before, write `--as-of {}`",
            versions[version].published
        ))),
    }
}
