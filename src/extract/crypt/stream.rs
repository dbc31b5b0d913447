//! Keys of the streams of Office 97 to 2003 (MS-OFFCRYPTO §2.3.5, §2.3.6): RC4, begun anew with
//! every block.

use super::standard::{Header, Verifier};
use super::{Hash, Rc4, first_that_fits, utf16};
use crate::error::{Problem, ProblemKind};
use crate::extract::Visit;

/// `AlgID` of RC4, §2.3.2.
const RC4: u32 = 0x6801;

/// A key from which those of the blocks are made.
#[derive(Debug)]
pub(in crate::extract) enum StreamKey {
    /// Of 40 bits, by MD5.
    Md5([u8; 5]),
    /// Of a length in bytes, by SHA-1.
    Sha1(Vec<u8>, usize),
}

impl StreamKey {
    /// Finds the key to an encryption header, which begins with its version; `format` names the
    /// document.
    pub(in crate::extract) fn open(format: &str, info: &[u8], visit: &mut dyn Visit) -> Result<StreamKey, Problem> {
        let damaged = || Problem::new(ProblemKind::Damaged, format);
        match *info {
            [1, 0, 1, 0, ref rest @ ..] => {
                let (salt, rest) = rest.split_at_checked(16).ok_or_else(damaged)?;
                let (verifier, rest) = rest.split_at_checked(16).ok_or_else(damaged)?;
                let hash = rest.get(..16).ok_or_else(damaged)?;
                first_that_fits(format, visit, |password| {
                    let key = StreamKey::of_40_bits(salt, password);
                    Ok(key.fits(verifier, hash, Hash::Md5).then_some(key))
                })
            }
            [2..=4, 0, 2, 0, ref rest @ ..] => {
                let header = Header::read(rest).ok_or_else(damaged)?;
                if header.algorithm != RC4 {
                    return Err(Problem::new(ProblemKind::Unsupported, format!("{format} (unknown cipher)")));
                }
                // No length at all is 40 bits.
                let length = if header.bits == 0 { 5 } else { header.bits as usize / 8 };
                let Verifier { salt, verifier, hash } = Verifier::read(header.rest, 20).ok_or_else(damaged)?;
                if !(5..=16).contains(&length) {
                    return Err(damaged());
                }
                first_that_fits(format, visit, |password| {
                    let key = StreamKey::Sha1(Hash::Sha1.of(&[salt, &utf16(password)]), length);
                    Ok(key.fits(verifier, hash, Hash::Sha1).then_some(key))
                })
            }
            _ => Err(Problem::new(ProblemKind::Unsupported, format!("{format} (unknown encryption)"))),
        }
    }

    /// §2.3.6.2.
    fn of_40_bits(salt: &[u8], password: &str) -> StreamKey {
        let hash = Hash::Md5.of(&[&utf16(password)]);
        let repeated = [&hash[..5], salt].concat().repeat(16);
        let hash = Hash::Md5.of(&[&repeated]);
        StreamKey::Md5(std::array::from_fn(|i| hash[i]))
    }

    /// The cipher of a block.
    pub(in crate::extract) fn block(&self, number: u32) -> Rc4 {
        let number = number.to_le_bytes();
        match self {
            StreamKey::Md5(key) => Rc4::new(&Hash::Md5.of(&[key, &number])),
            StreamKey::Sha1(hash, length) => {
                let mut key = Hash::Sha1.of(&[hash, &number]);
                key.truncate(*length);
                if *length == 5 {
                    // §2.3.5.2: 40 bits are padded to 128.
                    key.resize(16, 0);
                }
                Rc4::new(&key)
            }
        }
    }

    /// Decrypts bytes that begin at the beginning of a stream, in blocks of `size` bytes.
    pub(in crate::extract) fn decrypt(&self, data: &mut [u8], size: usize) {
        for (number, block) in (0..).zip(data.chunks_mut(size)) {
            self.block(number).apply(block);
        }
    }

    fn fits(&self, verifier: &[u8], hash: &[u8], how: Hash) -> bool {
        let mut both = [verifier, hash].concat();
        self.block(0).apply(&mut both);
        let (verifier, hash) = both.split_at(verifier.len());
        how.of(&[verifier]) == hash
    }
}
