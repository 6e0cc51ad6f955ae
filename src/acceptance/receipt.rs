//! A receipt of an acceptance, and whether the record confirms it.

use super::{accept_since, steps};
use crate::center::{Act, Center};
use crate::record::start_of_day;
use crate::source::Digest;
use crate::timeline::Timeline;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// Clocks of browsers, servers and this machine may differ by so much.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// What `<fineprint-accept>` hands to the page, and what a product keeps. Other members, such as who accepted, are the product's own.
#[derive(Clone, Debug, Deserialize)]
pub struct Receipt {
    pub document: String,
    pub version: String,
    /// Of the text in the language, as the record names it.
    pub sha256: String,
    pub language: String,
    pub accepted: Timestamp,
}

/// What the record says about a receipt that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The version in force now, and whether the acceptance counts for it.
    pub in_force: Option<String>,
    pub counts: bool,
}

impl Receipt {
    /// Compares the receipt with the record. An error says what does not fit.
    pub fn verify(&self, center: &Center, timeline: &Timeline, now: Timestamp) -> Result<Verdict, String> {
        let slug = center.ledger.name(&self.document);
        let known = center.documents.iter().position(|document| document.slug == slug);
        let Some(at) = known else { return Err(format!("there is no document `{}`", self.document)) };
        let document = &center.documents[at];
        let Some(version) = document.version(&self.version) else {
            return Err(format!("`{slug}` has no version `{}`", self.version));
        };
        let Some(digest) = version.resolved.get(&self.language) else {
            return Err(format!("`{slug}` {} has no text in `{}`", version.id, self.language));
        };
        if Digest::parse(&self.sha256) != Some(*digest) {
            return Err(format!(
                "the text of `{slug}` {} in `{}` has the SHA-256 {}, and the receipt names another",
                version.id,
                self.language,
                digest.hex()
            ));
        }
        let mut public = start_of_day(version.published, &version.zone);
        if !version.imported {
            public = public.max(version.recorded);
        }
        // A translation that joined the version later could not be accepted before.
        for entry in center.ledger.of(slug).filter(|entry| entry.version == version.id) {
            if let Act::Translate(translation) = &entry.act
                && translation.language == self.language
            {
                public = public.max(entry.recorded);
            }
        }
        if self.accepted + TOLERANCE < public {
            return Err(format!("it was accepted at {}, before the text was public ({public})", self.accepted));
        }
        if self.accepted > now + TOLERANCE {
            return Err(format!("it was accepted at {}, which is in the future", self.accepted));
        }
        let since = accept_since(&steps(center, document));
        let in_force = timeline.documents[at].in_force.map(|index| document.versions[index].id.clone());
        let counts = in_force.as_ref().is_some_and(|in_force| since.get(in_force) == since.get(&version.id));
        Ok(Verdict { in_force, counts })
    }
}
