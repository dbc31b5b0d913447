//! "Agile" encryption of Office 2010 and later (MS-OFFCRYPTO §2.3.4.10–§2.3.4.15): an XML
//! descriptor names cipher, hash and rounds.

use super::{Aes, Effort, Hash, utf16};
use crate::error::{Problem, ProblemKind};
use crate::extract::mail::base64;
use crate::extract::xml::{Event, Tag, Xml};

// What is hashed into the keys of the three encrypted values, §2.3.4.13.
const VERIFIER: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
const VERIFIER_HASH: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
const KEY_VALUE: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];
/// Bytes of an AES block, and so of every initialisation vector.
const BLOCK: usize = 16;
/// Keys and salts are padded with this byte.
const PADDING: u8 = 0x36;

/// What the descriptor says.
pub(super) struct Agile {
    package: Parameters,
    password: Parameters,
    rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key_value: Vec<u8>,
}

/// How something is encrypted.
struct Parameters {
    salt: Vec<u8>,
    hash: Hash,
    /// Bytes of the key.
    length: usize,
}

impl Agile {
    /// Reads the descriptor.
    pub(super) fn read(xml: &[u8]) -> Result<Agile, Problem> {
        let mut xml = Xml::new(xml);
        let (mut package, mut found) = (None, None);
        loop {
            match xml.next().map_err(|_| damaged())? {
                Event::End => break,
                Event::Open(tag) if tag.name == "keyData" => package = Some(Parameters::read(&tag)?),
                // Keys may be encrypted for certificates as well; a password opens only this.
                Event::Open(tag) if tag.name == "encryptedKey" && tag.get("spinCount").is_some() => {
                    let bytes = |name| Ok(base64(tag.get(name).ok_or_else(damaged)?.as_bytes()));
                    found = Some((
                        Parameters::read(&tag)?,
                        tag.get("spinCount").and_then(|n| n.parse().ok()).ok_or_else(damaged)?,
                        bytes("encryptedVerifierHashInput")?,
                        bytes("encryptedVerifierHashValue")?,
                        bytes("encryptedKeyValue")?,
                    ));
                }
                _ => {}
            }
        }
        let package = package.ok_or_else(damaged)?;
        let Some((password, rounds, verifier, verifier_hash, key_value)) = found else {
            return Err(Problem::new(ProblemKind::Unsupported, "office (encrypted for a certificate)"));
        };
        Ok(Agile { package, password, rounds, verifier, verifier_hash, key_value })
    }

    /// The package's key, if the password is the right one.
    pub(super) fn key(&self, password: &str, effort: &mut Effort) -> Result<Option<Aes>, Problem> {
        effort.spend(self.rounds.into())?;
        let Parameters { salt, hash, length } = &self.password;
        let base = hash.spun(&[salt, &utf16(password)], self.rounds);
        let decrypt = |value: &[u8], kind: &[u8]| {
            let mut key = hash.of(&[&base, kind]);
            key.resize(*length, PADDING);
            let mut value = value.to_vec();
            Aes::new(&key).ok_or_else(damaged)?.decrypt_chained(&mut vector(salt.clone()), &mut value);
            Ok::<_, Problem>(value)
        };
        let verifier = decrypt(&self.verifier, &VERIFIER)?;
        let wanted = decrypt(&self.verifier_hash, &VERIFIER_HASH)?;
        let found = hash.of(&[verifier.get(..salt.len()).unwrap_or(&verifier)]);
        if !wanted.starts_with(&found) {
            return Ok(None);
        }
        let key = decrypt(&self.key_value, &KEY_VALUE)?;
        key.get(..self.package.length).and_then(Aes::new).map(Some).ok_or_else(damaged)
    }

    /// What the first block of a segment of the package is chained to, §2.3.4.15.
    pub(super) fn begin(&self, segment: u32) -> [u8; BLOCK] {
        vector(self.package.hash.of(&[&self.package.salt, &segment.to_le_bytes()]))
    }
}

impl Parameters {
    fn read(tag: &Tag<'_>) -> Result<Parameters, Problem> {
        let unknown = || Problem::new(ProblemKind::Unsupported, "office (unknown cipher)");
        let says = |name, value: &str| tag.get(name).is_some_and(|found| found == value);
        if !says("cipherAlgorithm", "AES") || !says("cipherChaining", "ChainingModeCBC") {
            return Err(unknown());
        }
        let bits: usize = tag.get("keyBits").and_then(|n| n.parse().ok()).ok_or_else(damaged)?;
        Ok(Parameters {
            salt: base64(tag.get("saltValue").ok_or_else(damaged)?.as_bytes()),
            hash: tag.get("hashAlgorithm").and_then(|name| Hash::named(&name)).ok_or_else(unknown)?,
            length: Some(bits / 8).filter(|length| matches!(length, 16 | 24 | 32)).ok_or_else(unknown)?,
        })
    }
}

fn vector(mut bytes: Vec<u8>) -> [u8; BLOCK] {
    bytes.resize(BLOCK, PADDING);
    std::array::from_fn(|i| bytes[i])
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "office encryption")
}
