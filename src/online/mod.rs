//! Requests links to other hosts. This is the only module that contacts a host, and only when the user asks for it.
//!
//! In: addresses, and where answers are remembered. Out: an answer for each. Must not know: sites, texts, findings.
//!
//! Politely: one request to a host at a time with a pause between, `HEAD` before `GET`, a name that says who asks, and as
//! long a wait as a busy host asks for, if that is short. An address that answered is not asked again for a week.

mod cache;
mod fetch;

pub use fetch::PublishedSite;

use cache::Cache;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use ureq::Agent;

/// Hosts that are asked at the same time.
const HOSTS: usize = 8;
/// Requests for one address: the first, and again when the host is busy.
const TRIES: usize = 3;

#[derive(Clone, Debug)]
pub struct Options {
    /// The file in which answers are remembered; none to ask anew.
    pub cache: Option<PathBuf>,
    /// Seconds since 1970.
    pub now: i64,
    /// Between two requests to one host.
    pub pause: Duration,
    /// For one request, from its beginning to the end of its answer's head.
    pub patience: Duration,
    /// The longest wait that a busy host may ask for.
    pub longest_wait: Duration,
}

impl Options {
    pub fn polite(cache: Option<PathBuf>, now: i64) -> Options {
        Options {
            cache,
            now,
            pause: Duration::from_millis(300),
            patience: Duration::from_secs(20),
            longest_wait: Duration::from_secs(30),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Something is there.
    There,
    /// Nothing is there, and the host says so: 404 or 410.
    Gone(u16),
    /// The host answered, and not to us: it wants a browser, a name, or less haste. That says nothing of the address.
    TurnedAway(u16),
    /// No answer: no such host, no connection, no valid certificate, no end in time.
    Silent(String),
}

/// Asks for every address once.
pub fn ask(urls: &[String], options: &Options) -> BTreeMap<String, Answer> {
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
    answers
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
