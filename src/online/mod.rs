//! Requests links to other hosts. This is the only module that contacts a host, and only when the user asks for it.
//!
//! In: addresses, and where answers are remembered. Out: an answer for each. Must not know: sites, texts, findings.
//!
//! Politely: one request to a host at a time with a pause between, `HEAD` before `GET`, a name that says who asks, and as
//! long a wait as a busy host asks for, if that is short. An address that answered is not asked again for a week.

#[cfg(feature = "external-links")]
mod cache;
#[cfg(feature = "external-links")]
mod fetch;
#[cfg(feature = "external-links")]
mod requests;

#[cfg(feature = "external-links")]
pub use fetch::PublishedSite;

#[cfg(feature = "external-links")]
pub use requests::ask;

#[cfg(not(feature = "external-links"))]
use crate::error::{Error, Result};
#[cfg(not(feature = "external-links"))]
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

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

/// Refuses, because this program was compiled without the code for requests.
#[cfg(not(feature = "external-links"))]
pub fn ask(_: &[String], _: &Options) -> Result<BTreeMap<String, Answer>> {
    Err(Error::refused(
        "this build of fineprint cannot request links; install it with all features, for instance with \
         `cargo install --locked --path .`",
    ))
}
