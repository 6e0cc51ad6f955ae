//! Time stamps (RFC 3161): the request that a time-stamping authority answers, and its answer.
//!
//! In: a digest, an answer, the certificates that a verifier trusts. Out: the instant at which the authority saw the digest. Must
//! not know: which authority, how it is reached; `curl` sends the request.

use super::key::{self, Hash};
use crate::source::Digest;
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, SubjectKeyIdentifier};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// Certificates between an authority and one that is trusted.
const LONGEST_PATH: usize = 8;

/// When an authority saw a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStamp {
    pub at: Timestamp,
    /// The name in the certificate of the authority.
    pub authority: String,
}

/// The bytes of a request for a time stamp over a digest: what `curl --data-binary` sends to an authority.
pub fn request(digest: &Digest) -> Result<Vec<u8>, String> {
    let hash_algorithm = AlgorithmIdentifierOwned { oid: SHA_256, parameters: None };
    let hashed_message = OctetString::new(digest.bytes().as_slice()).map_err(|error| error.to_string())?;
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint { hash_algorithm, hashed_message },
        req_policy: None,
        nonce: None,
        // The certificate comes with the answer, so that it can be verified offline for years.
        cert_req: true,
        extensions: None,
    };
    request.to_der().map_err(|error| error.to_string())
}

/// Verifies an answer: it is about the digest, and an authority signed it whose certificate leads to one in `trusted` (PEM).
pub fn verify(answer: &[u8], digest: &Digest, trusted: &[u8]) -> Result<TimeStamp, String> {
    let broken = |error: der::Error| format!("it is not an answer with a time stamp: {error}");
    let answer = TimeStampResp::from_der(answer).map_err(broken)?;
    let token: ContentInfo =
        answer.time_stamp_token.ok_or("the authority refused, and the answer has no time stamp")?;
    if token.content_type != SIGNED_DATA {
        return Err("it does not contain signed data".to_string());
    }
    let signed: SignedData = token.content.decode_as().map_err(broken)?;
    if signed.encap_content_info.econtent_type != TST_INFO {
        return Err("what is signed is not a time stamp".to_string());
    }
    let content = signed.encap_content_info.econtent.as_ref().ok_or("the time stamp is empty")?;
    let content: OctetString = content.decode_as().map_err(broken)?;
    let info = TstInfo::from_der(content.as_bytes()).map_err(broken)?;
    let imprint = &info.message_imprint;
    if imprint.hash_algorithm.oid != SHA_256 || imprint.hashed_message.as_bytes() != digest.bytes() {
        return Err("it is a time stamp over something else".to_string());
    }
    let seconds = info.gen_time.to_unix_duration().as_secs();
    let at = Timestamp::from_second(i64::try_from(seconds).unwrap_or(i64::MAX)).map_err(|error| error.to_string())?;

    let trusted = Certificate::load_pem_chain(trusted)
        .map_err(|error| format!("the trusted certificates cannot be read: {error}"))?;
    let choices = signed.certificates.iter().flat_map(|set| set.0.iter());
    let sent = choices.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    });
    let known: Vec<Certificate> = sent.chain(trusted.iter().cloned()).collect();
    let [signer] = signed.signer_infos.0.as_slice() else { return Err("it must have one signature".to_string()) };
    let authority = known.iter().find(|certificate| is_of(&signer.sid, certificate));
    let authority = authority.ok_or("the certificate of the authority is not in it")?;
    is_signed(signer, content.as_bytes(), authority)?;
    stamps(authority)?;
    leads_to(authority, &known, &trusted, at)?;
    Ok(TimeStamp { at, authority: authority.tbs_certificate.subject.to_string() })
}

/// The signature is by the authority, over attributes that name the content.
fn is_signed(signer: &SignerInfo, content: &[u8], authority: &Certificate) -> Result<(), String> {
    let hash = hash_of(&signer.digest_alg.oid)?;
    let attributes = signer.signed_attrs.as_ref().ok_or("it has no signed attributes")?;
    let attribute = |oid: ObjectIdentifier| {
        let mut named = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (named.next(), named.next()) {
            (Some(attribute), None) => attribute.values.get(0),
            _ => None,
        }
    };
    let named: Option<ObjectIdentifier> = attribute(CONTENT_TYPE).and_then(|value| value.decode_as().ok());
    let digest: Option<OctetString> = attribute(MESSAGE_DIGEST).and_then(|value| value.decode_as().ok());
    if named != Some(TST_INFO) || digest.is_none_or(|digest| digest.as_bytes() != hash.of(content)) {
        return Err("the signature is over another time stamp".to_string());
    }
    let signed = attributes.to_der().map_err(|error| error.to_string())?;
    let hash = hash_of(&signer.signature_algorithm.oid).unwrap_or(hash);
    match is_by(authority, hash, &signed, signer.signature.as_bytes()) {
        true => Ok(()),
        false => Err("the signature is not by the authority".to_string()),
    }
}

/// The certificate is for time stamps and for nothing else.
fn stamps(authority: &Certificate) -> Result<(), String> {
    let usage = authority.tbs_certificate.get::<ExtendedKeyUsage>().map_err(|error| error.to_string())?;
    match usage {
        Some((true, ExtendedKeyUsage(usages))) if usages == [TIME_STAMPING] => Ok(()),
        _ => Err("the certificate of the authority is not for time stamps".to_string()),
    }
}

/// The certificate leads to a trusted one, each valid at the instant of the time stamp and signed by the next.
fn leads_to(
    authority: &Certificate,
    known: &[Certificate],
    trusted: &[Certificate],
    at: Timestamp,
) -> Result<(), String> {
    let mut current = authority;
    for _ in 0..LONGEST_PATH {
        let own = &current.tbs_certificate;
        let seconds = u64::try_from(at.as_second()).unwrap_or(0);
        let (from, until) = (&own.validity.not_before, &own.validity.not_after);
        if seconds < from.to_unix_duration().as_secs() || seconds > until.to_unix_duration().as_secs() {
            return Err(format!("the certificate of {} was not valid at {at}", own.subject));
        }
        if trusted.contains(current) {
            return Ok(());
        }
        let issuer = known.iter().find(|other| {
            let issues =
                other.tbs_certificate.get::<BasicConstraints>().ok().flatten().is_some_and(|(_, basic)| basic.ca);
            // A certificate that vouches for itself is trusted, or it is not.
            issues && **other != *current && other.tbs_certificate.subject == own.issuer && is_issued(current, other)
        });
        current = issuer.ok_or_else(|| format!("no trusted certificate vouches for {}", own.subject))?;
    }
    Err("the certificates lead nowhere".to_string())
}

fn is_issued(certificate: &Certificate, issuer: &Certificate) -> bool {
    let (Ok(signed), Ok(hash)) = (certificate.tbs_certificate.to_der(), hash_of(&certificate.signature_algorithm.oid))
    else {
        return false;
    };
    certificate.signature.as_bytes().is_some_and(|signature| is_by(issuer, hash, &signed, signature))
}

fn is_by(certificate: &Certificate, hash: Hash, signed: &[u8], signature: &[u8]) -> bool {
    let public = &certificate.tbs_certificate.subject_public_key_info;
    let Some(bytes) = public.subject_public_key.as_bytes() else { return false };
    match public.algorithm.oid {
        RSA => key::rsa_der(bytes, hash, signed, signature),
        EC_KEY => key::ecdsa(bytes, hash, false, signed, signature),
        _ => false,
    }
}

fn is_of(signer: &SignerIdentifier, certificate: &Certificate) -> bool {
    let own = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(known) => {
            known.issuer == own.issuer && known.serial_number == own.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(known) => {
            own.get::<SubjectKeyIdentifier>().ok().flatten().is_some_and(|(_, own)| own == *known)
        }
    }
}

fn hash_of(algorithm: &ObjectIdentifier) -> Result<Hash, String> {
    match *algorithm {
        SHA_256 | RSA_SHA_256 | ECDSA_SHA_256 => Ok(Hash::Sha256),
        SHA_384 | RSA_SHA_384 | ECDSA_SHA_384 => Ok(Hash::Sha384),
        SHA_512 | RSA_SHA_512 => Ok(Hash::Sha512),
        other => Err(format!("the algorithm {other} is not supported")),
    }
}
