//! The requests themselves, for builds that have them.

use super::cache::Cache;
use super::{Answer, Options};
use crate::error::Result;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use ureq::Agent;

/// Hosts that are asked at the same time.
const HOSTS: usize = 8;
/// Requests for one address: the first, and again when the host is busy.
const TRIES: usize = 3;

/// Requests each address once.
pub fn ask(urls: &[String], options: &Options) -> Result<BTreeMap<String, Answer>> {
    let mut cache = Cache::open(options.cache.clone(), options.now);
    let mut answers = BTreeMap::new();
    let mut by_host: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for url in urls {
        if cache.knows(url) {
            answers.insert(url.clone(), Answer::There);
            continue;
        }
        let host = url::Url::parse(url)
            .ok()
            .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
        match host {
            Some(host) => by_host.entry(host).or_default().push(url),
            None => drop(answers.insert(url.clone(), Answer::Silent("it is not a complete address".into()))),
        }
    }
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(options.patience))
        .http_status_as_error(false)
        .max_redirects(8)
        .max_redirects_will_error(true)
        .user_agent(concat!("fineprint/", env!("CARGO_PKG_VERSION"), " (checks links of a privacy center)"))
        .build()
        .into();
    let workers = by_host.len().min(HOSTS);
    let waiting: Mutex<VecDeque<Vec<&String>>> = Mutex::new(by_host.into_values().collect());
    let done: Mutex<Vec<(String, Answer)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let Some(urls) = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front() else { break };
                    for (index, url) in urls.into_iter().enumerate() {
                        if index > 0 {
                            std::thread::sleep(options.pause);
                        }
                        let answer = patiently(&agent, url, options);
                        done.lock().unwrap_or_else(PoisonError::into_inner).push((url.clone(), answer));
                    }
                }
            });
        }
    });
    for (url, answer) in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if answer == Answer::There {
            cache.remember(&url);
        }
        answers.insert(url, answer);
    }
    cache.close();
    Ok(answers)
}

/// Outcome of one request to a host.
enum LinkStatus {
    Status(u16),
    /// Busy, and when to come back.
    Later(u16, Duration),
    Nothing(String),
}

fn patiently(agent: &Agent, url: &str, options: &Options) -> Answer {
    let mut get = false;
    let mut tries = 0;
    loop {
        match once(agent, url, get) {
            LinkStatus::Status(200..=399) => return Answer::There,
            // Many hosts know no `HEAD`, or answer it as they please.
            LinkStatus::Status(_) if !get => get = true,
            LinkStatus::Status(status @ (404 | 410)) => return Answer::Gone(status),
            LinkStatus::Status(status) => return Answer::TurnedAway(status),
            LinkStatus::Later(status, wait) => {
                tries += 1;
                if tries >= TRIES || wait > options.longest_wait {
                    return Answer::TurnedAway(status);
                }
                std::thread::sleep(wait.max(options.pause));
                continue;
            }
            LinkStatus::Nothing(_) if !get => get = true,
            LinkStatus::Nothing(why) => return Answer::Silent(why),
        }
        std::thread::sleep(options.pause);
    }
}

fn once(agent: &Agent, url: &str, get: bool) -> LinkStatus {
    let answered = if get { agent.get(url).call() } else { agent.head(url).call() };
    match answered {
        Ok(response) => {
            let status = response.status().as_u16();
            if status != 429 && status != 503 {
                return LinkStatus::Status(status);
            }
            let after =
                response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
            // A date, or nothing: a little later.
            LinkStatus::Later(status, Duration::from_secs(after.unwrap_or(5)))
        }
        Err(ureq::Error::TooManyRedirects) => LinkStatus::Nothing("it redirects without end".into()),
        Err(error) => LinkStatus::Nothing(error.to_string()),
    }
}
