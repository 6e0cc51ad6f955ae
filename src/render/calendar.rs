//! `/calendar.ics`: the days on which versions take effect, as RFC 5545 (and 7986) events.
//!
//! In: a plan. Out: the calendar in the site's first language. Must not know: a clock; a stamp is the day of publication.

use super::Renderer;
use crate::error::Result;
use crate::plan::{address, outputs};
use crate::timeline::State;
use crate::view::Output;
use jiff::civil::Date;

/// Days in the past that the calendar still has; every version's page tells its own.
const EVENTS: usize = 100;
/// Octets in a line, RFC 5545 section 3.1.
const LINE: usize = 75;

pub fn calendar(renderer: &Renderer) -> Result<Output> {
    let (plan, views) = (renderer.plan, &renderer.views);
    let settings = &plan.center.settings;
    let mut out = Lines::default();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fineprint//privacy center//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        out.line(line);
    }
    out.text("NAME", &renderer.views.chromes[0].site.title);
    out.text("X-WR-CALNAME", &renderer.views.chromes[0].site.title);
    out.line(&format!("URL:{}", plan.absolute(0, "")));
    out.line("REFRESH-INTERVAL;VALUE=DURATION:P1D");
    for (index, version_index) in newest(renderer) {
        let (document, timeline) = (&plan.center.documents[index], &plan.timeline.documents[index]);
        let version = &document.versions[version_index];
        // What was withdrawn or amended never takes effect.
        let state = timeline.states[version_index];
        let canceled = match state {
            State::Withdrawn => version.withdrawn.as_ref().map(|act| act.date),
            State::Amended => version.amended.as_ref().map(|act| act.date),
            _ => None,
        };
        let withdrawn = matches!(state, State::Withdrawn | State::Amended);
        let stamp = canceled.unwrap_or(version.published);
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}-{}@{}", plan.center.ledger.key(&document.slug), version.id, settings.base_url.host));
        out.line(&format!("DTSTAMP:{}T000000Z", compact(stamp)));
        out.line(&format!("DTSTART;VALUE=DATE:{}", compact(version.effective)));
        let title = version.title(plan.languages()[0].tag());
        out.text("SUMMARY", &views.text(0, "calendar-takes-effect", &[("title", &title)])?);
        if let Some(summary) = &version.summary {
            out.text("DESCRIPTION", &views.say(0, summary));
        }
        out.line(&format!("URL:{}", plan.absolute(0, &address::version(&document.slug, &version.id))));
        out.line(if withdrawn { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        out.line(if withdrawn { "SEQUENCE:1" } else { "SEQUENCE:0" });
        out.line("TRANSP:TRANSPARENT");
        out.line("END:VEVENT");
    }
    out.line("END:VCALENDAR");
    Ok(Output::file(outputs::CALENDAR, out.0))
}

/// The versions that the calendar tells of: all that are to come, and those that were the last to take effect.
fn newest(renderer: &Renderer) -> Vec<(usize, usize)> {
    let plan = renderer.plan;
    let effective =
        |(document, version): &(usize, usize)| plan.center.documents[*document].versions[*version].effective;
    let mut all = renderer.views.published(None);
    all.sort_by_key(|at| std::cmp::Reverse(effective(at)));
    let to_come = all.iter().filter(|at| effective(at) > plan.timeline.date).count();
    all.truncate(to_come + EVENTS);
    all.sort_unstable();
    all
}

fn compact(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn text(&mut self, name: &str, text: &str) {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\\' | ';' | ',' => {
                    escaped.push('\\');
                    escaped.push(c);
                }
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.line(&format!("{name}:{escaped}"));
    }

    /// A content line, folded between characters.
    fn line(&mut self, line: &str) {
        let mut room = LINE;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_fold_at_75_octets_and_unfold_to_what_they_were(text in "[\\PC]{0,300}") {
            let mut lines = Lines::default();
            lines.line(&text);
            let folded = lines.0;
            for line in folded.split("\r\n") {
                prop_assert!(line.len() <= LINE);
            }
            let unfolded = folded.replace("\r\n ", "");
            prop_assert_eq!(unfolded.trim_end_matches("\r\n"), text.as_str());
        }
    }
}
