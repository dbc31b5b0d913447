//! The two ciphers of encrypted zip entries: PKWARE's traditional one (APPNOTE 6.1) and
//! WinZip's AES (<https://www.winzip.com/en/support/aes-encryption/>).
//!
//! Encrypted bytes and a password in, the (still compressed) bytes out. Whether a password is
//! the right one shows in a check of one or two bytes, and at the end of the content.

use std::io::{self, BufRead, Read};

use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::header::Entry;
use crate::error::{Problem, ProblemKind};

/// The plain bytes of an encrypted entry.
pub(super) enum Decrypted<R> {
    Traditional { source: R, cipher: traditional::Keys },
    Aes(Box<AesReader<R>>),
}

impl<R: BufRead> Decrypted<R> {
    /// `None` if the password is certainly wrong.
    pub(super) fn new(mut source: R, entry: &Entry, password: &[u8]) -> io::Result<Option<Decrypted<R>>> {
        if let Some((strength, _)) = entry.aes {
            return Ok(AesReader::new(source, strength, entry.packed, password)?.map(|r| Decrypted::Aes(Box::new(r))));
        }
        let mut cipher = traditional::Keys::new(password);
        let mut head = [0; 12];
        source.read_exact(&mut head)?;
        cipher.decrypt(&mut head);
        Ok((head[11] == entry.password_check()).then_some(Decrypted::Traditional { source, cipher }))
    }
}

impl<R: BufRead> Read for Decrypted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Decrypted::Traditional { source, cipher } => {
                let n = source.read(buffer)?;
                cipher.decrypt(&mut buffer[..n]);
                Ok(n)
            }
            Decrypted::Aes(reader) => reader.read(buffer),
        }
    }
}

/// PKWARE's stream cipher.
mod traditional {
    /// Its state.
    pub(in super::super) struct Keys([u32; 3]);

    impl Keys {
        pub(super) fn new(password: &[u8]) -> Keys {
            let mut keys = Keys([0x1234_5678, 0x2345_6789, 0x3456_7890]);
            password.iter().for_each(|&byte| keys.update(byte));
            keys
        }

        fn update(&mut self, byte: u8) {
            let [a, b, c] = &mut self.0;
            *a = crc(*a, byte);
            *b = b.wrapping_add(*a & 0xFF).wrapping_mul(134_775_813).wrapping_add(1);
            *c = crc(*c, (*b >> 24) as u8);
        }

        pub(super) fn decrypt(&mut self, bytes: &mut [u8]) {
            for byte in bytes {
                let word = self.0[2] | 2;
                *byte ^= (word.wrapping_mul(word ^ 1) >> 8) as u8;
                self.update(*byte);
            }
        }
    }

    fn crc(crc: u32, byte: u8) -> u32 {
        crc >> 8 ^ TABLE[(crc as u8 ^ byte) as usize]
    }

    /// CRC-32 (IEEE 802.3), one byte at a time.
    static TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let mut crc = i as u32;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
                bit += 1;
            }
            table[i] = crc;
            i += 1;
        }
        table
    };
}

/// AES in counter mode, authenticated at the end with HMAC-SHA1.
pub(super) struct AesReader<R> {
    source: R,
    cipher: Cipher,
    counter: u128,
    pad: [u8; 16],
    /// Bytes of `pad` that are used up.
    used: usize,
    /// Encrypted bytes left.
    left: u64,
    mac: Hmac<Sha1>,
    checked: bool,
}

enum Cipher {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Box<Aes256>),
}

/// Bytes of the authentication code at the end.
const CODE: u64 = 10;

impl<R: BufRead> AesReader<R> {
    fn new(mut source: R, strength: u8, packed: u64, password: &[u8]) -> io::Result<Option<AesReader<R>>> {
        let length = match strength {
            1 => 16,
            2 => 24,
            3 => 32,
            _ => return Err(Problem::new(ProblemKind::Unsupported, "zip (AES of unknown strength)").into()),
        };
        let mut salt = [0; 16];
        let salt = &mut salt[..length / 2];
        source.read_exact(salt)?;
        let mut check = [0; 2];
        source.read_exact(&mut check)?;
        let mut derived = [0; 66];
        let derived = &mut derived[..2 * length + 2];
        pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, 1000, derived);
        let (key, rest) = derived.split_at(length);
        let (mac, expected) = rest.split_at(length);
        if expected != check {
            return Ok(None);
        }
        let never = |_| io::Error::from(io::ErrorKind::InvalidInput);
        let cipher = match strength {
            1 => Cipher::Aes128(Aes128::new_from_slice(key).map_err(never)?),
            2 => Cipher::Aes192(Aes192::new_from_slice(key).map_err(never)?),
            _ => Cipher::Aes256(Box::new(Aes256::new_from_slice(key).map_err(never)?)),
        };
        Ok(Some(AesReader {
            source,
            cipher,
            counter: 0,
            pad: [0; 16],
            used: 16,
            left: packed.saturating_sub(length as u64 / 2 + 2 + CODE),
            mac: Hmac::new_from_slice(mac).map_err(never)?,
            checked: false,
        }))
    }

    fn next_pad(&mut self) {
        self.counter += 1;
        let mut block: Block<Aes128> = self.counter.to_le_bytes().into();
        match &self.cipher {
            Cipher::Aes128(aes) => aes.encrypt_block(&mut block),
            Cipher::Aes192(aes) => aes.encrypt_block(&mut block),
            Cipher::Aes256(aes) => aes.encrypt_block(&mut block),
        }
        self.pad = block.into();
        self.used = 0;
    }

    fn check(&mut self) -> io::Result<()> {
        let mut code = [0; CODE as usize];
        self.source.read_exact(&mut code)?;
        self.checked = true;
        match self.mac.clone().verify_truncated_left(&code) {
            Ok(()) => Ok(()),
            Err(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

impl<R: BufRead> Read for AesReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            if self.left == 0 && !self.checked {
                self.check()?;
            }
            return Ok(0);
        }
        let n = self.source.read(&mut buffer[..most])?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= n as u64;
        self.mac.update(&buffer[..n]);
        for byte in &mut buffer[..n] {
            if self.used == 16 {
                self.next_pad();
            }
            *byte ^= self.pad[self.used];
            self.used += 1;
        }
        Ok(n)
    }
}
