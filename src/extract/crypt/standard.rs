//! "Standard" encryption of Office 2007 (MS-OFFCRYPTO §2.3.4.5–§2.3.4.9): AES block by block, a
//! key out of SHA-1.

use super::{Aes, Effort, Hash, u32_at, utf16};
use crate::error::{Problem, ProblemKind};

/// Rounds of hashing, §2.3.4.7.
const ROUNDS: u32 = 50_000;
/// `AlgID`s of AES-128, -192 and -256, §2.3.2.
const AES: std::ops::RangeInclusive<u32> = 0x660E..=0x6610;

/// What the file says.
pub(super) struct Standard<'i> {
    /// Bytes of the key.
    length: usize,
    salt: &'i [u8],
    verifier: &'i [u8],
    verifier_hash: &'i [u8],
}

impl<'i> Standard<'i> {
    /// Reads what stands behind the version.
    pub(super) fn read(info: &'i [u8]) -> Result<Standard<'i>, Problem> {
        let header = Header::read(info).ok_or_else(damaged)?;
        if !AES.contains(&header.algorithm) {
            return Err(Problem::new(ProblemKind::Unsupported, "office (unknown cipher)"));
        }
        let Verifier { salt, verifier, hash } = Verifier::read(header.rest, 32).ok_or_else(damaged)?;
        Ok(Standard { length: header.bits as usize / 8, salt, verifier, verifier_hash: hash })
    }

    /// The key, if the password is the right one.
    pub(super) fn key(&self, password: &str, effort: &mut Effort) -> Result<Option<Aes>, Problem> {
        effort.spend(ROUNDS.into())?;
        let hash = Hash::Sha1.spun(&[self.salt, &utf16(password)], ROUNDS);
        let hash = Hash::Sha1.of(&[&hash, &[0; 4]]);
        let half = |mask: u8| {
            let mut block = [mask; 64];
            block.iter_mut().zip(&hash).for_each(|(byte, hash)| *byte ^= hash);
            Hash::Sha1.of(&[&block])
        };
        let derived = [half(0x36), half(0x5C)].concat();
        let aes = derived.get(..self.length).and_then(Aes::new).ok_or_else(damaged)?;
        let (mut verifier, mut wanted) = (self.verifier.to_vec(), self.verifier_hash.to_vec());
        aes.decrypt(&mut verifier);
        aes.decrypt(&mut wanted);
        Ok((Hash::Sha1.of(&[&verifier]) == wanted[..20]).then_some(aes))
    }
}

/// `EncryptionHeader` (§2.3.2) behind its flags and size.
pub(super) struct Header<'i> {
    pub(super) algorithm: u32,
    /// Bits of the key.
    pub(super) bits: u32,
    /// What follows: the verifier.
    pub(super) rest: &'i [u8],
}

impl<'i> Header<'i> {
    pub(super) fn read(info: &'i [u8]) -> Option<Header<'i>> {
        let size = u32_at(info, 4)? as usize;
        let rest = info.get(8..)?;
        let (header, rest) = rest.split_at_checked(size)?;
        Some(Header { algorithm: u32_at(header, 8)?, bits: u32_at(header, 16)?, rest })
    }
}

/// `EncryptionVerifier` (§2.3.3): something encrypted, and its hash encrypted.
pub(super) struct Verifier<'i> {
    pub(super) salt: &'i [u8],
    pub(super) verifier: &'i [u8],
    pub(super) hash: &'i [u8],
}

impl<'i> Verifier<'i> {
    /// `hash` is the number of bytes of the encrypted hash.
    pub(super) fn read(data: &'i [u8], hash: usize) -> Option<Verifier<'i>> {
        // Salts of any other length are not allowed.
        (u32_at(data, 0)? == 16).then_some(())?;
        Some(Verifier { salt: data.get(4..20)?, verifier: data.get(20..36)?, hash: data.get(40..40 + hash)? })
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "office encryption")
}
