//! Signatures by the keys of SSH and of certificates. Parsing is done elsewhere; the arithmetic is ring's.

use ring::signature::{self, RsaPublicKeyComponents, VerificationAlgorithm};

/// Digests that signatures are made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Hash::Sha256 => &ring::digest::SHA256,
            Hash::Sha384 => &ring::digest::SHA384,
            Hash::Sha512 => &ring::digest::SHA512,
        };
        ring::digest::digest(algorithm, bytes).as_ref().to_vec()
    }
}

pub fn ed25519(key: &[u8], message: &[u8], signed: &[u8]) -> bool {
    verified(&signature::ED25519, key, message, signed)
}

/// RSA with PKCS #1 v1.5 padding and keys from 2048 bits.
pub fn rsa(modulus: &[u8], exponent: &[u8], hash: Hash, message: &[u8], signed: &[u8]) -> bool {
    let parameters = match hash {
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    };
    RsaPublicKeyComponents { n: modulus, e: exponent }.verify(parameters, message, signed).is_ok()
}

/// RSA, the key as certificates hold it.
pub fn rsa_der(key: &[u8], hash: Hash, message: &[u8], signed: &[u8]) -> bool {
    let algorithm: &dyn VerificationAlgorithm = match hash {
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    };
    verified(algorithm, key, message, signed)
}

/// ECDSA with the curve that a point of this length is on; `fixed` for two numbers of fixed length, else DER.
pub fn ecdsa(point: &[u8], hash: Hash, fixed: bool, message: &[u8], signed: &[u8]) -> bool {
    let algorithm: &dyn VerificationAlgorithm = match (point.len(), hash, fixed) {
        (65, Hash::Sha256, false) => &signature::ECDSA_P256_SHA256_ASN1,
        (65, Hash::Sha384, false) => &signature::ECDSA_P256_SHA384_ASN1,
        (97, Hash::Sha256, false) => &signature::ECDSA_P384_SHA256_ASN1,
        (97, Hash::Sha384, false) => &signature::ECDSA_P384_SHA384_ASN1,
        (65, Hash::Sha256, true) => &signature::ECDSA_P256_SHA256_FIXED,
        (97, Hash::Sha384, true) => &signature::ECDSA_P384_SHA384_FIXED,
        _ => return false,
    };
    verified(algorithm, point, message, signed)
}

fn verified(algorithm: &dyn VerificationAlgorithm, key: &[u8], message: &[u8], signed: &[u8]) -> bool {
    algorithm.verify(key.into(), message.into(), signed.into()).is_ok()
}
