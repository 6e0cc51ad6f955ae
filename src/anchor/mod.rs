//! Outside anchors of the record: signatures and time stamps over the digest of an entry.
//!
//! In: a digest, the bytes of an anchor that anybody may have made, the keys and certificates that a verifier trusts. Out: who
//! signed, or when an authority saw the digest; or what does not fit. Must not know: files, today's clock, the network.
//!
//! The digest of an entry vouches for everything before it, so one anchor over the head anchors the whole record. An anchor is
//! published at `/record/anchors/<digest>.sig` or `.tsr`, and common tools verify it:
//!
//! ```text
//! printf '%s\n' DIGEST | ssh-keygen -Y verify -f allowed_signers -I NAME -n fineprint-record -s DIGEST.sig
//! openssl ts -verify -digest DIGEST -in DIGEST.tsr -CAfile authority.pem
//! ```

mod key;
pub mod ssh;
pub mod time_stamp;

use crate::source::Digest;

/// Where anchors are, below `static` and below the site.
pub const FOLDER: &str = "record/anchors/";
/// What a signature over the record is for: a signature for anything else does not count.
pub const NAMESPACE: &str = "fineprint-record";

/// The message that is signed for an entry: its digest as one line, so that it can be typed.
pub fn message(digest: &Digest) -> Vec<u8> {
    format!("{}\n", digest.hex()).into_bytes()
}

/// The kind of an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorKind {
    Signature,
    TimeStamp,
}

impl AnchorKind {
    pub fn ending(self) -> &'static str {
        match self {
            AnchorKind::Signature => "sig",
            AnchorKind::TimeStamp => "tsr",
        }
    }
}

/// The entry and the kind that the name of an anchor says, such as `4f2a….sig`.
pub fn parse_name(name: &str) -> Option<(Digest, AnchorKind)> {
    let (digest, ending) = name.split_once('.')?;
    let kind = [AnchorKind::Signature, AnchorKind::TimeStamp].into_iter().find(|kind| kind.ending() == ending)?;
    Some((Digest::parse(digest)?, kind))
}
