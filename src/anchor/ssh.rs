//! Signatures of SSH keys (PROTOCOL.sshsig of OpenSSH), as `ssh-keygen -Y sign` makes them.
//!
//! In: the armored signature, a message, a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS). Out: who signed. Must not
//! know: private keys; `ssh-keygen` signs.

use super::key::{self, Hash};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::public::{EcdsaPublicKey, KeyData};
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

/// Who made a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// As the file of allowed signers names the person.
    pub name: String,
    /// `SHA256:…`
    pub fingerprint: String,
}

/// A line of a file of allowed signers.
struct AllowedSigner {
    name: String,
    key: KeyData,
    namespaces: Option<Vec<String>>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
}

/// Verifies a signature over a message, made for `namespace` by a key that is allowed at an instant.
pub fn verify(
    signature: &str,
    allowed_signers: &str,
    namespace: &str,
    message: &[u8],
    at: Timestamp,
) -> Result<Signer, String> {
    let signature =
        SshSig::from_pem(signature.trim()).map_err(|error| format!("it is not a signature of an SSH key: {error}"))?;
    if signature.namespace() != namespace {
        return Err(format!("it was made for `{}`, not for `{namespace}`", signature.namespace()));
    }
    let fingerprint = signature.public_key().fingerprint(HashAlg::Sha256).to_string();
    if !is_made_by(&signature, message)? {
        return Err(format!("the key {fingerprint} did not sign this"));
    }
    let signers = allowed(allowed_signers)?;
    let mut known = signers.into_iter().filter(|signer| signer.key == *signature.public_key()).peekable();
    if known.peek().is_none() {
        return Err(format!("the key {fingerprint} is not among the allowed signers"));
    }
    let mut why = String::new();
    for signer in known {
        why = match (&signer.namespaces, signer.valid_after, signer.valid_before) {
            (Some(namespaces), ..) if !namespaces.iter().any(|known| known == namespace) => {
                format!("`{}` is not allowed to sign for `{namespace}`", signer.name)
            }
            (_, Some(after), _) if at < after => format!("the key of `{}` is valid from {after} on", signer.name),
            (.., Some(before)) if at >= before => format!("the key of `{}` expired at {before}", signer.name),
            _ => return Ok(Signer { name: signer.name, fingerprint }),
        };
    }
    Err(why)
}

/// True if the key in the signature made it.
fn is_made_by(signature: &SshSig, message: &[u8]) -> Result<bool, String> {
    let signed = SshSig::signed_data(signature.namespace(), signature.hash_alg(), message)
        .map_err(|error| format!("it cannot be read: {error}"))?;
    let bytes = signature.signature_bytes();
    Ok(match (signature.public_key(), signature.algorithm()) {
        (KeyData::Ed25519(public), Algorithm::Ed25519) => key::ed25519(public.as_ref(), &signed, bytes),
        (KeyData::Rsa(public), Algorithm::Rsa { hash: Some(hash) }) => {
            let hash = if hash == HashAlg::Sha512 { Hash::Sha512 } else { Hash::Sha256 };
            match (public.n.as_positive_bytes(), public.e.as_positive_bytes()) {
                (Some(modulus), Some(exponent)) => key::rsa(modulus, exponent, hash, &signed, bytes),
                _ => false,
            }
        }
        (KeyData::Ecdsa(public), Algorithm::Ecdsa { .. }) => {
            let (length, hash) = match public {
                EcdsaPublicKey::NistP256(_) => (32, Hash::Sha256),
                EcdsaPublicKey::NistP384(_) => (48, Hash::Sha384),
                EcdsaPublicKey::NistP521(_) => return Err("keys of the curve P-521 are not supported".to_string()),
            };
            let fixed = two_numbers(bytes, length);
            fixed.is_some_and(|fixed| key::ecdsa(public.as_sec1_bytes(), hash, true, &signed, &fixed))
        }
        (_, algorithm) => return Err(format!("keys of the kind `{algorithm}` are not supported")),
    })
}

/// The two numbers of an ECDSA signature, each with its length before it, as numbers of fixed length.
fn two_numbers(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(2 * length);
    let mut rest = bytes;
    for _ in 0..2 {
        let (head, tail) = rest.split_first_chunk::<4>()?;
        let (number, tail) = tail.split_at_checked(usize::try_from(u32::from_be_bytes(*head)).ok()?)?;
        let number = &number[number.iter().take_while(|byte| **byte == 0).count()..];
        out.resize(out.len() + length.checked_sub(number.len())?, 0);
        out.extend_from_slice(number);
        rest = tail;
    }
    rest.is_empty().then_some(out)
}

/// Reads a file of allowed signers. A line that cannot be read is an error: it may be the one that takes a right away.
fn allowed(file: &str) -> Result<Vec<AllowedSigner>, String> {
    let lines = (1..).zip(file.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with('#'));
    lines
        .map(|(number, line)| {
            signer(line.trim()).ok_or_else(|| format!("line {number} of the allowed signers cannot be read"))
        })
        .collect()
}

fn signer(line: &str) -> Option<AllowedSigner> {
    let (name, rest) = word(line)?;
    let (first, after) = word(rest)?;
    let is_key = |word: &str| word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-");
    let (options, rest) = if is_key(&first) { (String::new(), rest) } else { (first, after) };
    let mut parts = rest.split_whitespace();
    let key: PublicKey = format!("{} {}", parts.next()?, parts.next()?).parse().ok()?;
    let mut signer = AllowedSigner {
        name: name.trim_matches('"').to_string(),
        key: key.key_data().clone(),
        namespaces: None,
        valid_after: None,
        valid_before: None,
    };
    for option in split_options(&options) {
        let (name, value) = option.split_once('=').unwrap_or((&option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => signer.namespaces = Some(value.split(',').map(str::to_string).collect()),
            "valid-after" => signer.valid_after = Some(instant(value)?),
            "valid-before" => signer.valid_before = Some(instant(value)?),
            // Certificates of an authority are another kind of trust, which is not offered.
            _ => return None,
        }
    }
    Some(signer)
}

/// The first word of a line, in which quotes may hold blanks, and what is after it.
fn word(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start();
    let mut quoted = false;
    let end = line.find(|letter: char| {
        quoted ^= letter == '"';
        !quoted && letter.is_whitespace()
    });
    let end = end.unwrap_or(line.len());
    (end > 0).then(|| (line[..end].to_string(), line[end..].trim_start()))
}

/// Options between commas, in which quotes may hold commas.
fn split_options(options: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = options.split(|letter: char| {
        quoted ^= letter == '"';
        !quoted && letter == ','
    });
    parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
}

/// `YYYYMMDD[HHMM[SS]][Z]`; without `Z` it is read as UTC, too.
fn instant(typed: &str) -> Option<Timestamp> {
    let digits = typed.trim_end_matches('Z');
    let format = match digits.len() {
        8 => {
            return Some(
                jiff::civil::Date::strptime("%Y%m%d", digits).ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp(),
            );
        }
        12 => "%Y%m%d%H%M",
        14 => "%Y%m%d%H%M%S",
        _ => return None,
    };
    Some(DateTime::strptime(format, digits).ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}
