//! Outside anchors of a site's record, verified with what the verifier trusts.

use super::{PublishedFiles, Verification, entry_name};
use crate::anchor::{AnchorKind, FOLDER, NAMESPACE, message, parse_name, ssh, time_stamp};
use crate::published::PublishedRecord;
use jiff::{SignedDuration, Timestamp};

/// Largest anchor that is read.
const LARGEST_ANCHOR: u64 = 1 << 20;
/// Clocks of authorities and of the machine that recorded may differ by so much.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// What a verifier trusts.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// A file of allowed signers, as `ssh-keygen -Y verify` reads it.
    pub allowed_signers: Option<String>,
    /// Certificates of time-stamping authorities (PEM).
    pub authorities: Option<Vec<u8>>,
}

/// Verifies every anchor that a site publishes. An anchor over an entry that the record does not have is a problem: the record was
/// another one when it was anchored.
pub fn anchors(
    files: &dyn PublishedFiles,
    record: &PublishedRecord,
    trust: &Trust,
    now: Timestamp,
    out: &mut Verification,
) {
    let mut without = 0;
    for name in &record.anchors {
        let place = format!("{FOLDER}{name}");
        let Some((digest, kind)) = parse_name(name) else {
            out.problem(place, "it is not the name of an anchor");
            continue;
        };
        let Some(at) = record.entries.iter().position(|entry| entry.digest == digest) else {
            out.problem(place, "it anchors an entry that the record does not have: the record was rewritten");
            continue;
        };
        let bytes = match files.read(&place, LARGEST_ANCHOR) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                out.problem(place, "the record lists it, but it is not there");
                continue;
            }
            Err(error) => {
                out.problem(place, error);
                continue;
            }
        };
        let entry = entry_name(record, at);
        let verified = match (kind, &trust.allowed_signers, &trust.authorities) {
            (AnchorKind::Signature, Some(allowed), _) => {
                let text = String::from_utf8_lossy(&bytes);
                let signer = ssh::verify(&text, allowed, NAMESPACE, &message(&digest), now);
                signer.map(|signer| format!("{} signed {entry} ({}).", signer.name, signer.fingerprint))
            }
            (AnchorKind::TimeStamp, _, Some(authorities)) => {
                time_stamp::verify(&bytes, &digest, authorities).and_then(|stamp| {
                    if stamp.at > now + TOLERANCE {
                        return Err(format!("its time, {}, is in the future", stamp.at));
                    }
                    Ok(format!("{} saw {entry} at {}: everything up to it existed then.", stamp.authority, stamp.at))
                })
            }
            _ => {
                without += 1;
                continue;
            }
        };
        match verified {
            Ok(sentence) => out.confirm(sentence),
            Err(error) => out.problem(place, error),
        }
    }
    if without > 0 {
        out.note(format!(
            "Anchors that were not verified: {without}. Name what you trust: `--allowed-signers FILE` for signatures, `--authorities FILE` for time stamps."
        ));
    }
    if record.anchors.is_empty() && (trust.allowed_signers.is_some() || trust.authorities.is_some()) {
        out.problem("record", "no anchor is published, so nobody outside vouches for it");
    }
}
