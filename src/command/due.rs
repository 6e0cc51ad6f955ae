//! `fineprint status --due`: must the site be built again? In: a site, a day, the schedule of a build. Out: an answer as the exit
//! code. Must not know: what has changed in the site's files.

use super::{Outcome, read_site};
use crate::cli::AsOf;
use crate::command::console::eprintln;
use crate::error::{Error, Result};
use jiff::civil::Date;
use serde::Deserialize;
use std::path::Path;

/// The part of `schedule.json` that answers the question.
#[derive(Deserialize)]
struct Schedule {
    as_of: Date,
    next_rebuild: Option<Date>,
}

pub fn run(site_folder: &Path, out: &Path, as_of: &AsOf) -> Result<Outcome> {
    let path = site_folder.join(out).join("schedule.json");
    if !path.exists() {
        eprintln!("A build is due: there is none in `{}`.", out.display());
        return Ok(Outcome::Findings);
    }
    let text = crate::source::read_text(&path)?;
    let schedule: Schedule = serde_json::from_str(&text).map_err(|error| {
        Error::refused(format!("`{}` is not the schedule of a build ({error}); build the site again", path.display()))
    })?;
    let today = read_site(site_folder, as_of)?.timeline.date;
    match schedule.next_rebuild {
        Some(day) if day <= today => {
            eprintln!("A rebuild is due since {day}: the build is as of {}.", schedule.as_of);
            Ok(Outcome::Findings)
        }
        Some(day) => {
            eprintln!("No rebuild is due before {day}.");
            Ok(Outcome::Done)
        }
        None => {
            eprintln!("No rebuild is due: nothing is scheduled.");
            Ok(Outcome::Done)
        }
    }
}
