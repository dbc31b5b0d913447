//! Encrypted parts of OpenDocument packages (ODF 1.2 part 3 §3.4 and §4.8; LibreOffice's package
//! encryption of ODF 1.4): what the manifest says and a password in, the part as it was before
//! it was encrypted out.
//!
//! A part is compressed, then encrypted, with a key of its own.

use std::collections::BTreeMap;
use std::io::{self, Read};

use aes_gcm::aead::{Aead, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use blowfish::Blowfish;
use blowfish::cipher::{Array, BlockCipherEncrypt as _};
use flate2::read::DeflateDecoder;
use sha1::Sha1;

use super::{Aes, Effort, Hash, unpad};
use crate::chunk::Limits;
use crate::error::{Problem, ProblemKind};
use crate::extract::part::fill;
use crate::extract::unpacked::{Packed, Unpacked};

/// Bytes of a part's beginning over which its checksum is.
const CHECKED: usize = 1024;
/// Bytes decrypted at a time; more than are checked.
const STEP: usize = 16 << 10;
/// Most memory for hashing a password, in KiB: what LibreOffice asks for.
const MOST_MEMORY: u32 = 64 << 10;
/// Largest part that must be decrypted as a whole, in bytes: twice this is in memory, in a process
/// that has 192 MiB.
const MOST_WHOLE: u64 = 64 << 20;
/// Bytes of the vector before the data, and of the code behind it.
const NONCE: usize = 12;
const TAG: usize = 16;

/// How a part is encrypted, as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract) struct Encryption {
    /// Length of the plain, unpacked part in bytes.
    pub(in crate::extract) size: Option<u64>,
    pub(in crate::extract) cipher: Cipher,
    pub(in crate::extract) vector: Vec<u8>,
    /// Of the packed part's beginning.
    pub(in crate::extract) checksum: Option<(Hash, Vec<u8>)>,
    pub(in crate::extract) derivation: Derivation,
}

/// The ciphers that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Cipher {
    BlowfishCfb,
    AesCbc,
    AesGcm,
}

/// How a password becomes a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::extract) struct Derivation {
    /// The password's own hash: SHA-256, else SHA-1.
    pub(in crate::extract) sha256: bool,
    pub(in crate::extract) salt: Vec<u8>,
    /// Bytes of the key.
    pub(in crate::extract) length: usize,
    pub(in crate::extract) rounds: Rounds,
}

/// How often and how a password is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::extract) enum Rounds {
    Pbkdf2(u32),
    /// Passes, KiB of memory, lanes.
    Argon2id(u32, u32, u32),
}

/// Keys of a package: a password that has opened one part is tried first on the others.
pub(in crate::extract) struct Keys {
    passwords: Option<Vec<String>>,
    made: BTreeMap<(Derivation, String), Vec<u8>>,
    effort: Effort,
    /// May a key be made that takes much memory?
    lavish: bool,
}

impl Keys {
    /// Keys that take little memory to make.
    pub(in crate::extract) fn frugal() -> Keys {
        Keys { passwords: None, made: BTreeMap::new(), effort: Effort::new(), lavish: false }
    }

    /// Keys of all kinds, to be made in a process of its own.
    pub(in crate::extract) fn lavish() -> Keys {
        Keys { lavish: true, ..Keys::frugal() }
    }

    /// The plain part, unpacked; `ask` is asked for passwords once.
    pub(in crate::extract) fn open<'p>(
        &mut self,
        how: &Encryption,
        packed: &'p mut dyn Read,
        limits: &'p Limits,
        ask: impl FnOnce() -> Vec<String>,
    ) -> Result<Plain<'p>, Problem> {
        let mut packed = Packed::new(packed);
        let taken = packed.taken();
        let mut passwords = self.passwords.take().unwrap_or_else(ask);
        let opened = match how.cipher {
            Cipher::AesGcm => self.whole(how, &mut packed, &passwords),
            Cipher::AesCbc | Cipher::BlowfishCfb => self.chained(how, packed, &passwords),
        };
        let (right, source) = match opened {
            Ok((right, source)) => (right, Ok(source)),
            Err(problem) => (0, Err(problem)),
        };
        if right < passwords.len() {
            passwords[..=right].rotate_right(1);
        }
        self.passwords = Some(passwords);
        let unpacked = Unpacked::new(DeflateDecoder::new(source?), taken, limits, "odf");
        Ok(Plain { unpacked, wanted: how.size, read: 0 })
    }

    /// A part that a code at its end authenticates.
    fn whole<'p>(
        &mut self,
        how: &Encryption,
        packed: &mut dyn Read,
        passwords: &[String],
    ) -> Result<(usize, Box<dyn Read + 'p>), Problem> {
        let mut data = Vec::new();
        packed.take(MOST_WHOLE + 1).read_to_end(&mut data).map_err(|e| Problem::from_io(&e))?;
        if data.len() as u64 > MOST_WHOLE {
            return Err(Problem::new(ProblemKind::Limit, format!("bytes in memory > {MOST_WHOLE}")));
        }
        let (nonce, data) = data.split_at_checked(NONCE).filter(|(_, data)| data.len() >= TAG).ok_or_else(damaged)?;
        let nonce = Nonce::try_from(nonce).map_err(|_| damaged())?;
        for (i, password) in passwords.iter().enumerate() {
            let cipher = Aes256Gcm::new_from_slice(&self.key(&how.derivation, password)?).map_err(|_| damaged())?;
            if let Ok(plain) = cipher.decrypt(&nonce, data) {
                return Ok((i, Box::new(io::Cursor::new(plain))));
            }
        }
        Err(shut())
    }

    /// A part whose beginning has a checksum.
    fn chained<'p>(
        &mut self,
        how: &Encryption,
        mut packed: Packed<&'p mut dyn Read>,
        passwords: &[String],
    ) -> Result<(usize, Box<dyn Read + 'p>), Problem> {
        let mut first = vec![0; STEP];
        let n = fill(&mut packed, &mut first)?;
        first.truncate(n);
        let ended = n < STEP;
        for (i, password) in passwords.iter().enumerate() {
            let key = self.key(&how.derivation, password)?;
            let Some(mut cipher) = Chain::new(how, &key) else { return Err(damaged()) };
            let mut plain = first.clone();
            cipher.decrypt(&mut plain);
            if fits(how, &plain, ended) {
                let source = packed;
                return Ok((i, Box::new(Chained { source, cipher, plain, used: 0, ended })));
            }
        }
        Err(shut())
    }

    /// The key that a password makes.
    fn key(&mut self, how: &Derivation, password: &str) -> Result<Vec<u8>, Problem> {
        let index = (how.clone(), password.to_owned());
        if let Some(key) = self.made.get(&index) {
            return Ok(key.clone());
        }
        let hash = if how.sha256 { Hash::Sha256 } else { Hash::Sha1 };
        let start = hash.of(&[password.as_bytes()]);
        let mut key = vec![0; how.length];
        match how.rounds {
            Rounds::Pbkdf2(rounds) => {
                // Each block of the key takes two runs of the hash a round.
                self.effort.spend(u64::from(rounds) * 2 * how.length.div_ceil(20) as u64)?;
                pbkdf2::pbkdf2_hmac::<Sha1>(&start, &how.salt, rounds, &mut key);
            }
            // LibreOffice has it for whole packages only.
            Rounds::Argon2id(..) if !self.lavish => {
                return Err(Problem::new(ProblemKind::Unsupported, "odf (Argon2 for a single part)"));
            }
            Rounds::Argon2id(passes, memory, lanes) => {
                if memory > MOST_MEMORY {
                    return Err(Problem::new(ProblemKind::Limit, format!("KiB for a password > {MOST_MEMORY}")));
                }
                // Each KiB takes the time of some rounds.
                self.effort.spend(u64::from(passes) * u64::from(memory) * 4)?;
                let params = Params::new(memory, passes, lanes, Some(how.length)).map_err(|_| damaged())?;
                let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                argon.hash_password_into(&start, &how.salt, &mut key).map_err(|_| damaged())?;
            }
        }
        self.made.insert(index, key.clone());
        Ok(key)
    }
}

/// Does the checksum fit a decrypted beginning? Where there is none, it must begin a compressed
/// stream.
fn fits(how: &Encryption, plain: &[u8], ended: bool) -> bool {
    let padded = how.cipher == Cipher::AesCbc;
    let end = if ended && padded { unpad(plain).unwrap_or(plain.len()) } else { plain.len() };
    match &how.checksum {
        Some((hash, checksum)) => {
            // Whether padding counts where a part is short, programs do not agree.
            let within = |end: usize| hash.of(&[&plain[..end.min(CHECKED)]]) == *checksum;
            within(end) || within(plain.len())
        }
        None => {
            let mut some = [0; 64];
            DeflateDecoder::new(&plain[..end]).read(&mut some).is_ok_and(|n| n > 0)
        }
    }
}

/// A cipher under way.
enum Chain {
    Aes(Aes, [u8; 16]),
    Blowfish(Box<Blowfish>, [u8; 8]),
}

impl Chain {
    fn new(how: &Encryption, key: &[u8]) -> Option<Chain> {
        Some(match how.cipher {
            Cipher::BlowfishCfb => {
                let cipher = Blowfish::new_from_slice(key).ok()?;
                Chain::Blowfish(Box::new(cipher), how.vector.as_slice().try_into().ok()?)
            }
            _ => Chain::Aes(Aes::new(key)?, how.vector.as_slice().try_into().ok()?),
        })
    }

    /// Decrypts what comes next: whole blocks, except at the end.
    fn decrypt(&mut self, data: &mut [u8]) {
        match self {
            Chain::Aes(aes, before) => aes.decrypt_chained(before, data),
            // Cipher feedback of whole blocks, NIST SP 800-38A §6.3.
            Chain::Blowfish(cipher, before) => {
                for block in data.chunks_mut(8) {
                    let mut mask = Array::from(*before);
                    cipher.encrypt_block(&mut mask);
                    before[..block.len()].copy_from_slice(block);
                    block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
                }
            }
        }
    }
}

/// A packed part while it is decrypted.
struct Chained<R> {
    source: R,
    cipher: Chain,
    plain: Vec<u8>,
    used: usize,
    ended: bool,
}

impl<R: Read> Read for Chained<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == self.plain.len() && !self.ended {
            self.plain.resize(STEP, 0);
            let n = fill(&mut self.source, &mut self.plain)?;
            self.plain.truncate(n);
            self.ended = n < STEP;
            self.cipher.decrypt(&mut self.plain);
            self.used = 0;
        }
        // Padding stands behind the end of the compressed stream, where nobody reads it.
        let n = buffer.len().min(self.plain.len() - self.used);
        buffer[..n].copy_from_slice(&self.plain[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}

/// A plain part. Fails at its end if it is shorter or longer than the manifest says.
pub(in crate::extract) struct Plain<'p> {
    unpacked: Unpacked<'p, DeflateDecoder<Box<dyn Read + 'p>>>,
    wanted: Option<u64>,
    read: u64,
}

impl Read for Plain<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.unpacked.read(buffer)?;
        self.read += n as u64;
        if n == 0 && !buffer.is_empty() && self.wanted.is_some_and(|wanted| wanted != self.read) {
            return Err(damaged().into());
        }
        Ok(n)
    }
}

fn shut() -> Problem {
    Problem::new(ProblemKind::Encrypted, "odf")
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "odf encryption")
}
