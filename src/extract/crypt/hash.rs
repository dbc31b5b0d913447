//! The hashes that documents name.

use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By its name in an agile descriptor (MS-OFFCRYPTO §2.3.4.10).
    pub(super) fn named(name: &str) -> Option<Hash> {
        Some(match name {
            "MD5" => Hash::Md5,
            "SHA1" | "SHA-1" => Hash::Sha1,
            "SHA256" | "SHA-256" => Hash::Sha256,
            "SHA384" | "SHA-384" => Hash::Sha384,
            "SHA512" | "SHA-512" => Hash::Sha512,
            _ => return None,
        })
    }

    /// The hash of the parts, one after another.
    pub(in crate::extract) fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Hash::Md5 => of::<Md5>(parts),
            Hash::Sha1 => of::<Sha1>(parts),
            Hash::Sha256 => of::<Sha256>(parts),
            Hash::Sha384 => of::<Sha384>(parts),
            Hash::Sha512 => of::<Sha512>(parts),
        }
    }

    /// The hash of the parts, hashed again and again together with the number of the round
    /// (MS-OFFCRYPTO §2.3.4.7, §2.3.4.11).
    pub(super) fn spun(self, parts: &[&[u8]], rounds: u32) -> Vec<u8> {
        match self {
            Hash::Md5 => spun::<Md5>(parts, rounds),
            Hash::Sha1 => spun::<Sha1>(parts, rounds),
            Hash::Sha256 => spun::<Sha256>(parts, rounds),
            Hash::Sha384 => spun::<Sha384>(parts, rounds),
            Hash::Sha512 => spun::<Sha512>(parts, rounds),
        }
    }
}

fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(D::new(), |digest, part| digest.chain_update(part)).finalize().to_vec()
}

fn spun<D: Digest>(parts: &[&[u8]], rounds: u32) -> Vec<u8> {
    let mut hash = parts.iter().fold(D::new(), |digest, part| digest.chain_update(part)).finalize();
    for round in 0..rounds {
        hash = D::new().chain_update(round.to_le_bytes()).chain_update(&hash).finalize();
    }
    hash.to_vec()
}
