//! The manifest of an OpenDocument package (ODF 1.2 part 3 §4): which parts are encrypted, how.

use std::collections::HashMap;

use super::package;
use crate::error::{Problem, ProblemKind};
use crate::extract::crypt::{Cipher, Derivation, Encryption, Hash, Rounds};
use crate::extract::mail::base64;
use crate::extract::xml::{Event, Tag, Xml};

/// Longest list of encrypted parts.
const MOST_PARTS: usize = 100_000;

/// Encrypted parts by their names; what is not known of one is its problem.
pub(super) type Encrypted = HashMap<String, Result<Encryption, Problem>>;

/// Reads a manifest.
pub(super) fn encrypted(manifest: &[u8]) -> Result<Encrypted, Problem> {
    let mut xml = Xml::new(manifest);
    let mut parts = Encrypted::new();
    let mut part = Part::default();
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => return Ok(parts),
            Event::Open(tag) => match tag.name {
                "file-entry" => {
                    part = Part { size: number(&tag, "size"), ..Part::default() };
                    part.name = tag.get("full-path").unwrap_or_default().trim_start_matches('/').to_owned();
                }
                "encryption-data" => {
                    part.encrypted = true;
                    part.checksum = tag.get("checksum").map(|sum| base64(sum.as_bytes()));
                    part.sum_is_sha256 = says(&tag, "checksum-type", "sha256");
                }
                "algorithm" => {
                    part.cipher = tag.get("algorithm-name").and_then(|name| cipher(&name));
                    part.vector = bytes(&tag, "initialisation-vector");
                }
                "start-key-generation" => part.sha256 = says(&tag, "start-key-generation-name", "sha256"),
                "key-derivation" => part.derivation(&tag),
                _ => {}
            },
            Event::Close("file-entry") if part.encrypted && parts.len() < MOST_PARTS => {
                let part = std::mem::take(&mut part);
                parts.insert(part.name.clone(), part.finish());
            }
            _ => {}
        }
    }
}

/// An entry under way.
#[derive(Default)]
struct Part {
    name: String,
    size: Option<u64>,
    encrypted: bool,
    checksum: Option<Vec<u8>>,
    sum_is_sha256: bool,
    cipher: Option<Cipher>,
    vector: Vec<u8>,
    sha256: bool,
    salt: Vec<u8>,
    length: Option<u64>,
    rounds: Option<Rounds>,
}

impl Part {
    fn derivation(&mut self, tag: &Tag<'_>) {
        self.salt = bytes(tag, "salt");
        self.length = number(tag, "key-size");
        let small = |name| number(tag, name).and_then(|n| u32::try_from(n).ok());
        self.rounds = if says(tag, "key-derivation-name", "argon2id") {
            let [passes, memory, lanes] = ["argon2-iterations", "argon2-memory", "argon2-lanes"].map(small);
            passes.zip(memory).zip(lanes).map(|((passes, memory), lanes)| Rounds::Argon2id(passes, memory, lanes))
        } else if says(tag, "key-derivation-name", "pbkdf2") {
            small("iteration-count").map(Rounds::Pbkdf2)
        } else {
            None
        };
    }

    fn finish(self) -> Result<Encryption, Problem> {
        let unknown = || Problem::new(ProblemKind::Unsupported, "odf (unknown encryption)");
        let cipher = self.cipher.ok_or_else(unknown)?;
        // ODF 1.2 part 3 §4.8.9: 16 unless it is said.
        let length = self.length.unwrap_or(16);
        let length = usize::try_from(length).ok().filter(|n| (4..=56).contains(n)).ok_or_else(unknown)?;
        let hash = if self.sum_is_sha256 { Hash::Sha256 } else { Hash::Sha1 };
        Ok(Encryption {
            size: self.size,
            cipher,
            vector: self.vector,
            checksum: self.checksum.map(|sum| (hash, sum)),
            derivation: Derivation {
                sha256: self.sha256,
                salt: self.salt,
                length,
                rounds: self.rounds.ok_or_else(unknown)?,
            },
        })
    }
}

/// A cipher by its name, which is a URI or, of old, plain words.
fn cipher(name: &str) -> Option<Cipher> {
    let name = name.to_ascii_lowercase();
    Some(match () {
        () if name.contains("blowfish") => Cipher::BlowfishCfb,
        () if name.contains("aes256-gcm") => Cipher::AesGcm,
        () if name.contains("aes") && name.ends_with("-cbc") => Cipher::AesCbc,
        () => return None,
    })
}

fn says(tag: &Tag<'_>, name: &str, what: &str) -> bool {
    tag.get(name).is_some_and(|value| value.to_ascii_lowercase().contains(what))
}

fn number(tag: &Tag<'_>, name: &str) -> Option<u64> {
    tag.get(name)?.parse().ok()
}

fn bytes(tag: &Tag<'_>, name: &str) -> Vec<u8> {
    tag.get(name).map(|value| base64(value.as_bytes())).unwrap_or_default()
}
